//! Part of `name`: the lock of names.
//!
//! In: the names of an API, and its previous lock. Out: names without renaming, and the lock for the next run.
//!
//! Invariant: a locked name changes only if its line changes. A new name that conflicts with a locked one is changed.

use std::collections::BTreeMap;
use std::iter;
use std::mem;

use clientwright_normalizer::Source;
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::extensions::RUST_NAME;

use super::entries::{Entry, Namespace};
use super::files::RESERVED_FILES;
use super::ident::{Scope, begins, is_identifier};
use super::{
    RESERVED_ACCESSORS, RESERVED_BUILDER, RESERVED_CREDENTIALS, RESERVED_EVERYWHERE, RESERVED_IN_TAG, RESERVED_METHODS,
    RESERVED_MODULES, RESERVED_SETTERS, RESERVED_TYPES, is_among,
};
use crate::never::never;

/// The first lines of a lock.
const HEADER: &str = "\
# The public names of the generated client: kind, name, place in the document. Edit a name to rename the item.
# A field, or a parameter in a path or query, with exactly its name in the document has no line.
";

/// The kind of an inline type or component.
const TYPE: &str = "type";

/// The kinds of named items, and the names that each cannot have.
const KINDS: [(&str, &[&str]); 17] = [
    ("accessor", &[RESERVED_ACCESSORS]),
    ("argument", &[]),
    ("constant", &[]),
    ("credential", &[RESERVED_CREDENTIALS]),
    ("default", &[RESERVED_BUILDER]),
    ("failure", &[RESERVED_EVERYWHERE, RESERVED_IN_TAG]),
    ("field", &["new"]),
    ("function", &[]),
    ("message", &[RESERVED_EVERYWHERE, RESERVED_TYPES]),
    ("method", &[RESERVED_METHODS]),
    ("module", &[RESERVED_MODULES, RESERVED_FILES]),
    ("operations", &[RESERVED_EVERYWHERE, RESERVED_IN_TAG]),
    ("parameter", &[RESERVED_SETTERS]),
    ("request", &[RESERVED_EVERYWHERE, RESERVED_IN_TAG]),
    ("success", &[RESERVED_EVERYWHERE, RESERVED_IN_TAG]),
    (TYPE, &[RESERVED_EVERYWHERE, RESERVED_TYPES]),
    ("variant", &["Unknown"]),
];

/// The names of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The names by place and kind ([`Entry::key`]).
    names: BTreeMap<String, Locked>,
    /// The next number for each place with several items.
    numbers: BTreeMap<String, usize>,
    /// The lines that no longer apply.
    removed: Vec<String>,
    /// Names set by the document that cannot be used: place and reason.
    faults: Vec<Fault>,
}

/// The place of a name in the document, and why it cannot be used.
pub(super) type Fault = (Pointer, String);

/// A name in a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Locked {
    name: String,
    /// Whether the document has the place.
    found: bool,
}

/// Types whose name differs from the computed name, by place.
type Renamed = BTreeMap<String, (String, String)>;

impl Lock {
    /// Reads a lock, whose lines consist of a kind, a name and a place.
    ///
    /// # Errors
    /// Returns an error for each line that is not an entry, or whose name is invalid.
    pub fn read(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        let mut names = BTreeMap::new();
        let mut faults = Vec::new();
        let lines = source.text.lines().zip(1..).filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
        for (line, number) in lines {
            let added = entry(line).and_then(|(key, name)| match names.insert(key, Locked { name, found: false }) {
                None => Ok(()),
                Some(_) => Err("this place has another name above".to_owned()),
            });
            faults.extend(added.err().map(|why| {
                let file = format!("{}:{number}", source.name);
                Diagnostic::invalid(codes::PROJECT, file, Pointer::root(), why)
                    .with_help("correct the line, or remove it to derive the name from the document")
            }));
        }
        if faults.is_empty() { Ok(Self { names, ..Self::default() }) } else { Err(faults) }
    }

    /// Gives all items their names from the document or the lock, and locks the names of the others.
    pub(super) fn apply(&mut self, mut entries: Vec<Entry<'_>>) {
        // Names set by the document take precedence.
        entries.sort_by_key(|entry| entry.set.is_none());
        let mut locked: Vec<Option<String>> = entries.iter_mut().map(|entry| self.find(entry)).collect();
        self.follow_paths(&mut entries, &mut locked);
        // Only namespaces with other than computed names need a scope.
        let names = entries.iter().zip(&locked).filter(|(entry, locked)| {
            let wanted = locked.as_deref().or(entry.spelled.as_deref());
            wanted.is_some_and(|wanted| wanted != entry.ident)
        });
        let mut scopes: BTreeMap<Namespace, Scope> =
            names.map(|(entry, _)| (entry.scope, Scope::with(entry.reserved))).collect();
        let mut renamed = Renamed::new();
        for (entry, locked) in entries.iter_mut().zip(&mut locked) {
            let (Some(name), Some(scope)) = (&locked, scopes.get_mut(&entry.scope)) else { continue };
            if !scope.is_free(name) {
                if entry.set.as_ref() == Some(name) {
                    self.fault(entry, format!("another item has the name `{name}`"));
                } else {
                    // The item was moved into a namespace where another item has its name.
                    self.removed.push(line(&entry.key, name));
                }
                self.names.remove(&entry.key);
                *locked = None;
                continue;
            }
            let computed = mem::replace(entry.ident, scope.take(name));
            if let Some(place) = entry.key.strip_suffix(TYPE) {
                renamed.insert(place.trim_end().to_owned(), (computed, entry.ident.clone()));
            }
        }
        let mut others: Vec<_> = entries.into_iter().zip(locked).filter(|(_, locked)| locked.is_none()).collect();
        others.sort_by_key(|(entry, _)| entry.spelled.is_none());
        for (entry, _) in others {
            let scope = scopes.get_mut(&entry.scope);
            self.derive(entry, scope, &renamed);
        }
    }

    /// Returns the locked name of an entry. If a previous entry has the same place, the entry's place gets a number.
    fn find(&mut self, entry: &mut Entry<'_>) -> Option<String> {
        if self.names.get(&entry.key).is_some_and(|locked| locked.found) {
            let (place, kind) = entry.key.rsplit_once(' ')?;
            let number = self.numbers.entry(entry.key.clone()).or_insert(1);
            *number += 1;
            entry.key = format!("{place}#{number} {kind}");
        }
        if let Some(name) = entry.set.clone() {
            let kind = entry.key.rsplit_once(' ').map_or("", |(_, kind)| kind);
            match check(kind, &name) {
                Ok(()) => {
                    self.names.insert(entry.key.clone(), Locked { name: name.clone(), found: true });
                    return Some(name);
                }
                Err(why) => {
                    self.fault(entry, why);
                    entry.set = None;
                }
            }
        }
        let locked = self.names.get_mut(&entry.key);
        locked.map(|locked| {
            locked.found = true;
            locked.name.clone()
        })
    }

    /// Finds the locked names below a path whose parameters were renamed. Such paths are identical (OpenAPI 3.0.3 §4.7.8.1).
    fn follow_paths(&mut self, entries: &mut [Entry<'_>], locked: &mut [Option<String>]) {
        let gone = self.names.iter().filter(|(_, locked)| !locked.found);
        let gone: BTreeMap<String, String> = gone.filter_map(|(key, _)| Some((template(key)?, key.clone()))).collect();
        if gone.is_empty() {
            return;
        }
        for (entry, locked) in entries.iter_mut().zip(locked).filter(|(_, locked)| locked.is_none()) {
            let key = template(&entry.key).and_then(|template| gone.get(&template));
            if let Some(name) = key.and_then(|key| self.names.remove(key)) {
                self.names.insert(entry.key.clone(), name);
                *locked = self.find(entry);
            }
        }
    }

    fn fault(&mut self, entry: &Entry<'_>, why: String) {
        let place = entry.key.rsplit_once(' ').and_then(|(place, _)| Pointer::parse(place));
        self.faults.push((place.unwrap_or_default().key(RUST_NAME), why));
    }

    /// Names an item without a locked name, and locks its name.
    fn derive(&mut self, mut entry: Entry<'_>, scope: Option<&mut Scope>, renamed: &Renamed) {
        let spelled = entry.spelled.take();
        if let Some(scope) = scope {
            let wanted = spelled.clone().filter(|name| scope.is_free(name));
            let wanted = wanted.or_else(|| below_renamed(&entry, renamed));
            *entry.ident = scope.take(wanted.as_ref().unwrap_or(entry.ident));
        }
        if spelled.as_ref() != Some(entry.ident) {
            self.find(&mut entry);
            self.names.insert(entry.key, Locked { name: entry.ident.clone(), found: true });
        }
    }

    /// Removes and returns the lines that no longer apply, and returns the names set by the document that cannot be used.
    pub(super) fn prune(&mut self) -> (Vec<String>, Vec<Fault>) {
        self.numbers.clear();
        let mut removed = mem::take(&mut self.removed);
        self.names.retain(|key, locked| {
            removed.extend((!locked.found).then(|| line(key, &locked.name)));
            mem::take(&mut locked.found)
        });
        (removed, mem::take(&mut self.faults))
    }

    /// Returns the text of the lock.
    pub fn text(&self) -> String {
        let lines = self.names.iter().map(|(key, locked)| line(key, &locked.name) + "\n");
        iter::once(HEADER.to_owned()).chain(lines).collect()
    }
}

/// Returns the name of a new type inside a renamed type: it begins with the owner's new name.
fn below_renamed(entry: &Entry<'_>, renamed: &Renamed) -> Option<String> {
    let mut around = iter::successors(entry.key.strip_suffix(TYPE), |place| Some(place.rsplit_once('/')?.0));
    let (computed, name) = around.find_map(|place| renamed.get(place))?;
    Some(name.clone() + entry.ident.strip_prefix(computed)?)
}

/// Returns a place below a path, without the names of path parameters; `None` for a path without parameters.
fn template(key: &str) -> Option<String> {
    let (path, below) = key.strip_prefix("/paths/")?.split_once('/')?;
    let parts: Vec<_> = path.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect();
    (parts.len() > 1).then(|| format!("{}/{below}", parts.join("{")))
}

fn line(key: &str, name: &str) -> String {
    let (place, kind) = key.rsplit_once(' ').unwrap_or_else(|| never!(("", ""), "`{key}` has no kind"));
    format!("{kind} {name} {place}")
}

/// Reads a line.
fn entry(line: &str) -> Result<(String, String), String> {
    let mut parts = line.splitn(3, ' ');
    let (Some(kind), Some(name), Some(place)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("expected a kind, a name and a place".to_owned());
    };
    check(kind, name)?;
    Ok((format!("{place} {kind}"), name.to_owned()))
}

/// Checks that an item of a kind can have a name.
fn check(kind: &str, name: &str) -> Result<(), String> {
    let Some((_, reserved)) = KINDS.iter().find(|(known, _)| *known == kind) else {
        return Err(format!("unknown kind of item `{}`", kind.escape_debug()));
    };
    let begins_upper = ["type", "operations", "request", "success", "failure", "variant", "message", "constant"];
    let is_upper = begins(name, char::is_ascii_uppercase);
    if !is_identifier(name) {
        return Err(format!("`{}` is not an ASCII identifier, or is a keyword", name.escape_debug()));
    }
    if is_among(name, reserved) {
        return Err(format!("`{name}` is reserved"));
    }
    if is_upper != begins_upper.contains(&kind) {
        let case = if is_upper { "a lower" } else { "an upper" };
        return Err(format!("the name of a {kind} must begin with {case} case letter, found `{name}`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_variants::call_variants;
    use crate::generate::{Document, read_api};
    use crate::name::name_locked;

    /// Returns the matching lines of a document's new lock, and the removed lines.
    fn relocked(document: &str, lock: &str, matching: &str) -> (Vec<String>, Vec<String>) {
        let source = |text: String| Source { name: "t".to_owned(), text };
        let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{document}");
        let (api, _) = read_api(&Document::new("t", source(text))).unwrap();
        let mut lock = Lock::read(&source(lock.to_owned())).unwrap();
        let (_, removed, _) = name_locked(&api, &call_variants(&api), &mut lock);
        let lines = lock.text().lines().filter(|line| line.contains(matching)).map(str::to_owned).collect();
        (lines, removed)
    }

    #[test]
    fn a_new_type_begins_with_the_locked_name_of_its_owner() {
        let document = "paths: {}
components: {schemas: {Pet: {type: object, properties: {
  owner: {type: object, properties: {home: {type: object, properties: {a: {type: string}}}}}}}}}";
        let lock = "type Animal /components/schemas/Pet\ntype Home /components/schemas/Pet/properties/owner\n";
        let (types, removed) = relocked(document, lock, "type ");
        let expected = [
            "type Animal /components/schemas/Pet",
            "type Home /components/schemas/Pet/properties/owner",
            "type HomeHome /components/schemas/Pet/properties/owner/properties/home",
        ];
        assert_eq!((types, removed), (expected.map(str::to_owned).into(), Vec::new()));
    }

    #[test]
    fn an_operation_that_moves_to_a_taken_name_gets_another() {
        let operation = |path: &str| {
            format!(
                "  /{path}: {{get: {{operationId: {path}, tags: [pets], responses: {{'200': {{description: d}}}}}}}}"
            )
        };
        let document = format!("paths:\n{}\n{}", operation("a"), operation("b"));
        let lock = "method list /paths/~1a/get\nmethod list /paths/~1b/get\n";
        let (methods, removed) = relocked(&document, lock, "method ");
        assert_eq!(methods, ["method list /paths/~1a/get", "method get_b /paths/~1b/get"]);
        assert_eq!(removed, ["method list /paths/~1b/get"]);
    }

    #[test]
    fn a_path_whose_parameter_is_renamed_keeps_its_names() {
        let document = |name: &str| {
            format!(
                "paths:
  /pets/{{{name}}}/toys/{{toy}}:
    post:
      operationId: throw
      tags: [pets]
      parameters:
      - {{name: {name}, in: path, required: true, schema: {{type: string}}}}
      - {{name: toy, in: path, required: true, schema: {{type: string}}}}
      responses:
        '200': {{description: d, content: {{application/json: {{schema: {{type: object, properties: {{a: {{type: string}}}}}}}}}}}}"
            )
        };
        let lock = "method hurl /paths/~1pets~1{id}~1toys~1{toy}/post
type Hurled /paths/~1pets~1{id}~1toys~1{toy}/post/responses/200/application~1json
method gone /paths/~1pets~1{id}/get
";
        let (lines, removed) = relocked(&document("petId"), lock, "url");
        let place = "/paths/~1pets~1{petId}~1toys~1{toy}/post";
        let expected = [format!("method hurl {place}"), format!("type Hurled {place}/responses/200/application~1json")];
        assert_eq!((lines, removed), (expected.into(), vec!["method gone /paths/~1pets~1{id}/get".to_owned()]));
    }

    #[test]
    fn a_name_in_the_document_takes_precedence() {
        let operation = |path: &str, name: &str| {
            format!(
                "  /{path}: {{get: {{operationId: {path}, x-rust-name: {name}, tags: [pets], responses: {{'200': {{description: d}}}}}}}}"
            )
        };
        let document = format!("paths:\n{}\n{}", operation("a", "first"), operation("b", "second"));
        let lock = "method second /paths/~1a/get\nmethod first /paths/~1b/get\n";
        let (methods, removed) = relocked(&document, lock, "method ");
        assert_eq!(methods, ["method first /paths/~1a/get", "method second /paths/~1b/get"]);
        // A conflicting name of another item in the lock is replaced.
        let document = "paths: {}\ncomponents: {schemas: {A: {type: object}, B: {type: object, x-rust-name: A}}}";
        let (types, gone) = relocked(document, "type A /components/schemas/A\n", "type ");
        assert_eq!(types, ["type A2 /components/schemas/A", "type A /components/schemas/B"]);
        assert_eq!((removed, gone), (Vec::new(), vec!["type A /components/schemas/A".to_owned()]));
    }

    #[test]
    fn items_at_one_place_are_told_apart_by_order() {
        let document = format!("paths: {{}}\nservers: [{}]", ["{url: 'https://a.b'}"; 4].join(", "));
        let (lines, _) = relocked(&document, "", "constant ");
        assert_eq!(lines.len(), 4);
        let (again, removed) = relocked(&document, &lines.join("\n"), "constant ");
        assert_eq!((&again, removed), (&lines, Vec::new()));
        // Only the first one was locked.
        let first = lines.iter().find(|line| !line.contains('#')).unwrap();
        let (some, _) = relocked(&document, first, "constant ");
        assert_eq!((relocked(&document, &some.join("\n"), "constant ")), (some, Vec::new()));
    }

    #[test]
    fn names_spelled_in_the_document_have_no_line() {
        let document = "paths: {}
components: {schemas: {A: {type: object, properties: {userId: {}, user_id: {}, type: {}, new: {}, x: {}}}}}";
        let (fields, _) = relocked(document, "field y /components/schemas/A/properties/x\n", "field ");
        let expected = [
            "field new_ /components/schemas/A/properties/new",
            "field type_ /components/schemas/A/properties/type",
            "field user_id_2 /components/schemas/A/properties/userId",
            "field y /components/schemas/A/properties/x",
        ];
        assert_eq!(fields, expected);
    }
}
