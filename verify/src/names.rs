//! `cargo xtask names`: whether names stay what they are when a document changes elsewhere.
//!
//! In: successive versions of documents, a folder of files for each. Out: how many names two versions in a row both have, and each that
//! differs. Invariant: a name is compared if nothing changed of what it may depend on, all of which is part of its place.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::path::{Path, PathBuf};

use clientwright::Source;
use clientwright::generate::{Document, read_api};
use clientwright::internal::call_variants::{CallVariants, call_variants};
use clientwright::internal::name::{Names, name};
use clientwright::ir::{Api, Operation, Owner, Place, Shape, StatusMatch, Type, TypeId, Variant};
use clientwright::normalize::{is_id_of_path, normalize_files, spoken_operation_id};
use serde_json::Value;

/// What to compare.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folders, each with the versions of one document, which follow each other in the order of their names
    #[arg(required = true)]
    folders: Vec<PathBuf>,
}

/// The names in a document, by their places.
pub type Places = BTreeMap<String, Ident>;

/// A name where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ident {
    /// What else cannot have it: the types of an API, the methods of a tag, the members of a type.
    scope: String,
    /// The name.
    text: String,
    /// The name of the type that it begins with.
    of: String,
}

/// A name that is another one in the next version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamed {
    /// What has the name.
    pub place: String,
    /// Its name before.
    pub before: String,
    /// Its name after.
    pub after: String,
    /// Whether two places claim one of the names: another place has it in the other version, or wants it as the short name of a method.
    pub is_claimed: bool,
}

/// Compares the names of each two versions in a row; fails if one changed that no other item claims.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let mut faults = 0;
    for folder in &arguments.folders {
        match history(folder) {
            Ok(changed) => faults += changed,
            Err(error) => {
                eprintln!("error: {}: {error}", folder.display());
                faults += 1;
            }
        }
    }
    Ok(faults == 0)
}

fn history(folder: &Path) -> Result<usize, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    let is_document =
        |path: &PathBuf| matches!(path.extension().and_then(|one| one.to_str()), Some("json" | "yaml" | "yml"));
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_document).collect();
    files.sort();
    let mut last: Option<Places> = None;
    let (mut compared, mut claimed, mut changed) = (0, 0, 0);
    for file in &files {
        let places = of_file(file)?;
        if let Some(before) = &last {
            compared += before.keys().filter(|place| places.contains_key(*place)).count();
            for renamed in compare(before, &places) {
                let Renamed { place, before, after, is_claimed } = &renamed;
                *(if *is_claimed { &mut claimed } else { &mut changed }) += 1;
                let why = if *is_claimed { " (claimed by two)" } else { "" };
                println!("  {}: {place}: {before} -> {after}{why}", file.display());
            }
        }
        last = Some(places);
    }
    let versions = files.len();
    println!(
        "{}: {versions} versions, {compared} names compared, {changed} changed, {claimed} claimed by two",
        folder.display()
    );
    Ok(changed)
}

fn of_file(path: &Path) -> Result<Places, String> {
    let normalized = normalize_files(path, &[]).map_err(|errors| format!("{errors:#?}"))?;
    places(&normalized.value)
}

/// The names in a canonical document.
///
/// # Errors
/// The document has errors, which are listed.
pub fn places(document: &Value) -> Result<Places, String> {
    let source = Source { name: "document.json".to_owned(), text: document.to_string() };
    let read = read_api(&Document::new("document", source));
    let (api, _) = read.map_err(|errors| format!("{errors:#?}"))?;
    let calls = call_variants(&api);
    let names = name(&api, &calls);
    let wanted: Vec<String> = api.operations.iter().map(|one| wanted_name(one, document)).collect();
    let mentions = mentions(document);
    let places = api.operations.iter().zip(&wanted).map(|(operation, name)| {
        let wanting = wanted.iter().filter(|other| *other == name).count();
        // An id that is mentioned elsewhere stays, even if the path alone says it.
        let mentioned = mentions.get(operation.id.as_str()).is_some_and(|count| *count > 1);
        let wanted = format!("{name} wanted by {wanting}, mentioned: {mentioned}");
        (operation.id.as_str(), operation_place(operation, &api, &wanted))
    });
    let operations = places.collect();
    Ok(Named { document, api: &api, calls: &calls, names: &names, operations }.names())
}

/// Items in both whose names differ, ignoring the leading type name.
#[must_use]
pub fn compare(before: &Places, after: &Places) -> Vec<Renamed> {
    let held = |places: &Places| -> BTreeSet<(String, String)> {
        places.values().map(|one| (one.scope.clone(), one.text.clone())).collect()
    };
    let (held_before, held_after) = (held(before), held(after));
    let both = before.iter().filter_map(|(place, one)| Some((place, one, after.get(place)?)));
    let differ = both.filter(|(_, one, other)| rest(one) != rest(other));
    let renamed = differ.map(|(place, one, other)| Renamed {
        place: place.clone(),
        before: one.text.clone(),
        after: other.text.clone(),
        is_claimed: held_after.contains(&(other.scope.clone(), one.text.clone()))
            || held_before.contains(&(one.scope.clone(), other.text.clone()))
            || is_contested(one, other) && methods(before, &one.scope) != methods(after, &other.scope),
    });
    renamed.collect()
}

/// Whether one of two methods is a longer form of the other, which an operation has where another one of its tag wants the short one.
fn is_contested(one: &Ident, other: &Ident) -> bool {
    let (short, long) = if one.text.len() < other.text.len() { (one, other) } else { (other, one) };
    let has = |word: &str| long.text.split('_').any(|other| other == word);
    one.scope.starts_with("tag ") && short.text.split('_').all(has)
}

/// The methods of a tag, by their places.
fn methods<'p>(places: &'p Places, tag: &str) -> BTreeSet<&'p str> {
    places.iter().filter(|(_, one)| one.scope == tag).map(|(place, _)| place.as_str()).collect()
}

/// What a name adds to that of the type that it begins with.
fn rest(ident: &Ident) -> &str {
    ident.text.strip_prefix(&ident.of).unwrap_or(&ident.text)
}

/// A document and its names.
struct Named<'a> {
    document: &'a Value,
    api: &'a Api,
    calls: &'a [CallVariants],
    names: &'a Names,
    /// The place of each operation, by its id.
    operations: BTreeMap<&'a str, String>,
}

/// How often each string occurs in a document.
fn mentions(document: &Value) -> BTreeMap<&str, usize> {
    let mut mentions = BTreeMap::new();
    let mut rest = vec![document];
    while let Some(node) = rest.pop() {
        match node {
            Value::String(text) => *mentions.entry(text.as_str()).or_default() += 1,
            Value::Array(items) => rest.extend(items),
            Value::Object(members) => rest.extend(members.values()),
            _ => {}
        }
    }
    mentions
}

/// The name that an operation has in the document, or else what its path says, if what it has may be made of method and path.
fn wanted_name(operation: &Operation, document: &Value) -> String {
    let Operation { id, method, path, .. } = operation;
    let declared = document.pointer(operation.origin.as_str()).unwrap_or(&Value::Null);
    let Some(spoken) = spoken_operation_id(document, method.key(), path, declared) else { return id.clone() };
    if is_id_of_path(id, document, method.key(), path, declared) { spoken } else { id.clone() }
}

/// An operation by its method and path, and by all else that its name may depend on: the name that it wants, its tag, and its first success.
fn operation_place(operation: &Operation, api: &Api, wanted: &str) -> String {
    let Operation { method, path, responses, .. } = operation;
    let tag = api.tags.get(operation.tag.0).map_or("", |tag| tag.name.as_str());
    let mut successes = responses.iter().filter(|response| response.status.is_success());
    let creates = successes.clone().any(|response| response.status == StatusMatch::Code(201));
    let first = successes.next().and_then(|response| response.media_types.first());
    let gives_array = first.is_some_and(|body| matches!(api.types.shape(body.ty.ty), Shape::Array(_)));
    let sends = operation.body.is_some();
    format!("operation {tag}.{wanted} {method} {path} {gives_array} {creates} {sends}")
}

impl Named<'_> {
    fn names(&self) -> Places {
        let mut places = Places::new();
        let mut add = |place: String, scope: &str, text: &str, of: String| {
            places.insert(place, Ident { scope: scope.to_owned(), text: text.to_owned(), of });
        };
        for (id, ty) in self.api.types.iter().filter(|(_, ty)| ty.read || ty.sent) {
            let Some(name) = self.names.ty(id) else { continue };
            let place = self.place(id);
            for (member, ident) in self.members(&ty.shape).into_iter().zip(self.names.members(id)) {
                add(format!("{place} {} . {member}", self.branches(id)), &place, ident, String::new());
            }
            let mut around = self.api.types.owners(id).skip(1);
            let of = around.find_map(|of| self.names.ty(of)).map_or("", |name| name.ident.trim_end_matches('_'));
            add(place, "types", &name.ident, of.to_owned());
        }
        for (index, operation) in self.api.operations.iter().enumerate() {
            self.operation(index, operation, &mut add);
        }
        places
    }

    /// The way to a type from what has a name, with all that a name on the way may depend on.
    fn place(&self, id: TypeId) -> String {
        match &self.api.types[id].owner {
            Owner::Component(name) => format!("schema {name} of {}", self.prefix()),
            Owner::Part(of, Place::Variant { index, .. }) => {
                format!("{}|{index} of {}", self.place(*of), self.branches(*of))
            }
            Owner::Part(of, place) => format!("{}/{place:?}", self.place(*of)),
            Owner::Form(of, kind) => format!("{} {kind:?}", self.place(*of)),
            Owner::Operation(id, role) => format!("{} {role:?}", self.of_operation(id)),
            other => format!("{other:?}"),
        }
    }

    /// The place of an operation, or of a request of the server, by its id.
    fn of_operation<'s>(&'s self, id: &'s str) -> &'s str {
        self.operations.get(id).map_or(id, String::as_str)
    }

    /// What all components have in front, which their names go without; nothing for one component alone.
    fn prefix(&self) -> &str {
        let mut components = self.api.types.iter().filter_map(|(_, ty)| match &ty.owner {
            Owner::Component(name) => Some(name.as_str()),
            _ => None,
        });
        let first = components.next().unwrap_or_default();
        let mut components = components.peekable();
        if components.peek().is_none() {
            return "";
        }
        let mut shared = first.rfind('.').map_or("", |dot| first.get(..=dot).unwrap_or_default());
        for name in components {
            while !name.starts_with(shared) {
                let above = shared.trim_end_matches('.').rfind('.');
                shared = above.map_or("", |dot| shared.get(..=dot).unwrap_or_default());
            }
        }
        shared
    }

    /// What a union lists, which the names of its variants depend on; nothing for other types.
    fn branches(&self, id: TypeId) -> String {
        let Shape::Union(union) = &self.api.types[id].shape else { return String::new() };
        let branch = |variant: &Variant| match &self.api.types[variant.ty.ty] {
            Type { owner: Owner::Component(_), .. } => self.place(variant.ty.ty),
            ty => {
                let written = self.document.pointer(ty.origin.as_str()).map(Value::to_string).unwrap_or_default();
                // Values of a component may be a branch here, too.
                let listed = if ty.shape.is_enumeration() { self.members(&ty.shape) } else { Vec::new() };
                format!("{written} {listed:?}")
            }
        };
        let branches: Vec<String> = union.variants.iter().map(branch).collect();
        format!("{:?} {branches:?}", union.rule)
    }

    /// The fields, variants or values of a type, as the document calls them.
    fn members(&self, shape: &Shape) -> Vec<String> {
        match shape {
            Shape::Object(object) => object.fields.iter().map(|field| field.wire_name.clone()).collect(),
            Shape::TextEnum(values) | Shape::IntegerEnum(values) | Shape::MixedEnum(values) => {
                values.iter().map(|value| format!("{} {:?}", value.wire, value.name)).collect()
            }
            Shape::Union(union) => {
                let variant = |(index, variant): (usize, &Variant)| {
                    format!("{index} {} {:?}", self.place(variant.ty.ty), variant.tags)
                };
                union.variants.iter().enumerate().map(variant).collect()
            }
            _ => Vec::new(),
        }
    }

    fn operation(&self, index: usize, operation: &Operation, add: &mut impl FnMut(String, &str, &str, String)) {
        let (Some(calls), Some(names)) = (self.calls.get(index), self.names.operations.get(index)) else { return };
        let tag = self.api.tags.get(operation.tag.0).map_or("", |tag| tag.name.as_str());
        let place = self.of_operation(&operation.id).to_owned();
        for (call, name) in calls.variants.iter().zip(&names.variants) {
            add(format!("{place} {:?}", call.distinction), &format!("tag {tag}"), &name.method, String::new());
        }
        for (parameter, name) in operation.parameters.iter().zip(&names.parameters) {
            add(format!("{place} {} {}", parameter.location.key(), parameter.wire_name), &place, name, String::new());
        }
    }
}
