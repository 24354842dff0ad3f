//! References whose target is not an object of the expected kind.
//!
//! Pass of `normalize`: references to an object of another kind, and references where only the object itself is allowed. In: the whole
//! document. Out: an equivalent of the expected kind: the schema of a parameter, a response with the referenced schema, a header made of a
//! parameter. Invariant: the target of a reference is unchanged; if there is no equivalent, the reference stays, and later stages report
//! it.
//!
//! Phase of `normalize`: removal of references without a target. In: a document without malformed nodes. Out: a document in which every
//! reference leads to an object of its kind, and a lossy entry for each removed reference. Invariant: an operation still takes its body,
//! and returns one on success: any value, since the schema is unknown.

use foldhash::{HashMap, HashSet};
use serde_json::{Value, json};

use super::pass::{Entry, Interpreted, LEFT_OUT, Lossy, Record, fault};
use super::reference::{self, bare, refer};
use super::trail::Provenance;
use crate::certain::Certain;
use crate::diagnostic::{Diagnostic, codes};
use crate::json::{self, Members, cloned, has_any, items, keys, members, object_at, set};
use crate::limits::{Budget, MAX_COPIED};
use crate::pointer::Pointer;
use crate::structure::extensions::DEFAULT_MAPPING;
use crate::structure::grammar::Kind::{self, *};
use crate::structure::grammar::{components_at, has_no_body};
use crate::structure::is_annotation;
use crate::structure::media::is_json;
use crate::structure::slots::{Slot, Versions};
use Task::{Enter, Leave};

/// A broken reference: the fault, at the reference's text, and the kind of object that contains it.
type Broken = (Diagnostic, Slot);

/// Removes all references without a target. Returns `false` if there was no such reference.
pub(super) fn leave_out(document: &mut Value, record: &mut Record) -> bool {
    let mut broken = dangling(document);
    if broken.is_empty() {
        broken = cyclic(document);
    }
    let is_any = !broken.is_empty();
    // In reverse order, so that the other indices stay valid.
    for (fault, slot) in broken.into_iter().rev() {
        let at = fault.pointer.clone();
        let before = record.provenance.origin(&at);
        if let Some(became) = without_reference(document, &at, slot, &mut record.provenance) {
            let after = at.parent().certain("a reference is in an object");
            record.add(Entry::of_fault(fault, Lossy, before, after, became));
        }
    }
    is_any
}

/// Returns references without a target of their kind, or with a target that is removed with its own reference.
fn dangling(document: &Value) -> Vec<Broken> {
    let found = leading_nowhere(document, &HashSet::default());
    if found.is_empty() { found } else { leading_nowhere(document, &disappearing(document, &found)) }
}

/// Returns parameters and examples that consist of a broken reference, directly or indirectly: nothing would remain of them.
fn disappearing(document: &Value, broken: &[Broken]) -> HashSet<Pointer> {
    let mut referring: HashMap<Pointer, Vec<Pointer>> = HashMap::default();
    Slot::walk_all(document, Versions::All, |node, slot, at| {
        if matches!(slot, Slot::One(Parameter | Example))
            && let Some(target) = reference::text(node).and_then(reference::target)
        {
            referring.entry(target).or_default().push(at.clone());
        }
        true
    });
    let mut waiting: Vec<Pointer> = broken.iter().filter_map(|(fault, _)| fault.pointer.parent()).collect();
    let mut gone = HashSet::default();
    while let Some(at) = waiting.pop() {
        let is_reference = at.get(document).is_some_and(|node| members(node).count() == 1);
        if let Some(others) = referring.remove(&at).filter(|_| is_reference) {
            waiting.extend(others);
            gone.insert(at);
        }
    }
    gone
}

/// Returns references without a target of their kind, or with a target in `gone`.
fn leading_nowhere(document: &Value, gone: &HashSet<Pointer>) -> Vec<Broken> {
    let mut found = Vec::new();
    let is_gone = |text: &str| !gone.is_empty() && reference::target(text).is_some_and(|at| gone.contains(&at));
    Slot::walk_all(document, Versions::All, |node, slot, at| {
        if let Some(text) = reference::text(node)
            && (is_gone(text) || !leads_somewhere(document, text, slot))
        {
            let message = format!("`{text}` refers to no component");
            found.push((fault(codes::BROKEN_REFERENCE, at.key("$ref"), message), slot));
        }
        let is_mapped = |key: &str| match slot {
            Slot::Mapping => true,
            Slot::One(Discriminator) => key == DEFAULT_MAPPING,
            _ => false,
        };
        let targets = members(node).filter(|(key, _)| is_mapped(key));
        for (key, target) in targets.filter_map(|(key, target)| Some((key, target.as_str()?))) {
            if !names_schema(document, target) {
                let name = reference::target(target).and_then(|at| at.segments().nth(2));
                let name = name.unwrap_or_else(|| target.to_owned());
                let message = format!("the reference `{target}` is broken: `components/schemas` has no `{name}`");
                found.push((fault(codes::BROKEN_REFERENCE, at.key(key), message), Slot::Mapping));
            }
        }
        true
    });
    found
}

/// Returns `true` if a reference leads to a component of its kind, or from one path item to another path.
fn leads_somewhere(document: &Value, text: &str, slot: Slot) -> bool {
    // A schema at a place that is not behind a reference.
    let is_schema = |at: &Pointer| {
        let found = Slot::at(document, at, |_, node, _| reference::text(node).is_none());
        found.is_some_and(|(slot, _)| slot == Slot::SCHEMA)
    };
    let is_good = |pointer: &str| {
        let below = slot.object().and_then(|kind| reference::in_section(kind, pointer));
        let is_allowed = match slot.object() {
            Some(PathItem) => pointer.strip_prefix("/paths/").is_some_and(|path| !path.contains('/')),
            // References to schemas inside of schemas are allowed.
            Some(Schema) => below.is_some(),
            _ => below.is_some_and(|name| !name.contains('/')),
        };
        let is_inside = slot == Slot::SCHEMA && below.is_some_and(|name| name.contains('/'));
        is_allowed
            && document.pointer(pointer).is_some_and(Value::is_object)
            && (!is_inside || Pointer::parse(pointer).is_some_and(|inside| is_schema(&inside)))
    };
    // Fast path: nearly all references are not escaped.
    text.strip_prefix('#').is_some_and(is_good)
        || reference::target(text).is_some_and(|pointer| is_good(pointer.as_str()))
}

/// Returns `true` if a value of a discriminator's mapping is the name of a schema, or a reference to one (OpenAPI 3.0.3 §4.7.25.2).
fn names_schema(document: &Value, target: &str) -> bool {
    components_at("schemas").key(target).get(document).is_some() || leads_somewhere(document, target, Slot::SCHEMA)
}

/// Returns cyclic references: from reference to reference, or from schema to schema through `allOf`.
fn cyclic(document: &Value) -> Vec<Broken> {
    let (mut seen, mut starts) = (HashSet::default(), Vec::new());
    Slot::walk_all(document, Versions::All, |node, slot, _| {
        let start = reference::text(node).zip(slot.object());
        starts.extend(start.filter(|start| seen.insert(*start)));
        true
    });
    let mut search = CycleSearch { document, is_left: HashMap::default(), found: Vec::new() };
    for (text, kind) in starts {
        search.from(text, kind);
    }
    search.found.sort();
    let fault = |(at, text, kind): (Pointer, String, Kind)| {
        let message = format!("the reference `{text}` refers only to itself");
        (fault(codes::CYCLIC_REFERENCE, at, message), Slot::One(kind))
    };
    search.found.into_iter().map(fault).collect()
}

/// A depth-first search through references.
struct CycleSearch<'d> {
    document: &'d Value,
    /// The visited targets of references, and whether the search has left them.
    is_left: HashMap<Pointer, bool>,
    /// The references that close a cycle, each with its text and the kind of object that it refers to.
    found: Vec<(Pointer, String, Kind)>,
}

/// A step of the search.
enum Task {
    /// Visits the target of a reference: the place of its text, the text, and the target.
    Enter(Pointer, String, Pointer),
    Leave(Pointer),
}

impl CycleSearch<'_> {
    fn from(&mut self, start: &str, kind: Kind) {
        let Some(target) = reference::target(start) else { return };
        let mut tasks = vec![Enter(Pointer::root(), start.to_owned(), target)];
        while let Some(task) = tasks.pop() {
            let (site, text, target) = match task {
                Leave(target) => {
                    self.is_left.insert(target, true);
                    continue;
                }
                Enter(site, text, target) => (site, text, target),
            };
            match self.is_left.get(&target) {
                Some(true) => {}
                Some(false) => self.found.push((site, text, kind)),
                None => {
                    let Some(node) = target.get(self.document) else { continue };
                    let mut next = Vec::new();
                    self.same_as(node, &target, kind, &mut next);
                    self.is_left.insert(target.clone(), false);
                    tasks.push(Leave(target));
                    tasks.extend(next.into_iter().rev());
                }
            }
        }
    }

    /// Collects the references that define an object: its own, or the references of the schemas that it consists of.
    fn same_as(&self, node: &Value, at: &Pointer, kind: Kind, found: &mut Vec<Task>) {
        if let Some(text) = reference::text(node) {
            found.extend(reference::target(text).map(|target| Enter(at.key("$ref"), text.to_owned(), target)));
            return;
        }
        if kind != Schema {
            return;
        }
        let says_something = |branch: &&Value| !reference::resolved(self.document, branch).is_some_and(is_only_null);
        // A choice with one branch is not a choice; `oneOf` and `anyOf` on one schema are combined.
        let is_joined = node.get("oneOf").is_some() && node.get("anyOf").is_some();
        for keyword in ["allOf", "oneOf", "anyOf"] {
            let branches = items(node.get(keyword));
            let is_choice = keyword != "allOf" && branches.clone().filter(says_something).count() > 1;
            for (index, branch) in
                branches.enumerate().filter(|(_, branch)| !is_choice || is_joined && reference::text(branch).is_none())
            {
                self.same_as(branch, &at.key(keyword).index(index), kind, found);
            }
        }
    }
}

/// Returns `true` if `null` is the only value of a schema. OpenAPI 3.0 has no `type: null`: documents use `enum: [null]`, or only
/// `nullable: true`.
fn is_only_null(schema: &Value) -> bool {
    let is_bare = || keys(schema).all(|key| key == "nullable" || is_annotation(key));
    schema["enum"] == json!([null]) || schema["nullable"] == true && is_bare()
}

/// Removes the reference at `at` from an object of this kind, and adds what the object needs at least: an operation still takes its body,
/// and returns one on success. Returns what was done; `None` if there is no such reference.
pub(super) fn without_reference(
    document: &mut Value,
    at: &Pointer,
    slot: Slot,
    provenance: &mut Provenance,
) -> Option<&'static str> {
    let object = at.parent()?;
    // Without its value, an example would show another value.
    if slot == Slot::One(Example) {
        return provenance.remove(document, &object).then_some(LEFT_OUT);
    }
    if !provenance.remove(document, at) {
        return None;
    }
    let (key, value, text) = match slot {
        Slot::One(RequestBody) => ("content", json!({"*/*": {}}), "assumed any body"),
        Slot::One(Response) if brings_something(&object) => ("content", json!({"*/*": {}}), "assumed any body"),
        Slot::One(Header) => ("schema", json!({}), "assumed any value"),
        _ => return Some(LEFT_OUT),
    };
    if let Some(members) = object_at(document, &object) {
        members.entry(key).or_insert(value);
    }
    Some(text)
}

/// Returns `true` if the response is a success that may have a body. The body of a failure can be read in any case.
fn brings_something(response: &Pointer) -> bool {
    let status = response.last().certain("a response has a status");
    status.len() == 3 && status.starts_with('2') && !has_no_body(&status)
}

/// The replacement of a reference.
struct Meant {
    at: Pointer,
    value: Value,
    /// The target of the reference.
    target: Pointer,
    text: String,
}

/// Replaces references to objects of another kind with their equivalents.
pub(super) fn fit(document: &mut Value, record: &mut Record) {
    let mut search = ReferenceSearch { document, found: Vec::new(), budget: Budget::of(MAX_COPIED) };
    let visit = |node: &Value, slot, at: &Pointer| search.node(node, slot, at);
    Slot::walk_all(document, Versions::OpenApi3, visit);
    for Meant { at, value, target, text } in search.found {
        let Some(node) = at.get_mut(document) else { continue };
        *node = value;
        record.note(("reference-kind", Interpreted), at.clone(), text);
        record.provenance.bring(at, target);
    }
}

/// The search for references to objects of another kind.
struct ReferenceSearch<'v> {
    document: &'v Value,
    found: Vec<Meant>,
    /// The number of values that may still be copied.
    budget: Budget,
}

impl ReferenceSearch<'_> {
    /// Visits a node. Returns `false` if its children are not visited.
    fn node(&mut self, node: &Value, slot: Slot, at: &Pointer) -> bool {
        let meant = reference::text(node).and_then(|text| self.meant(node, slot, text, at));
        let Some(meant) = meant.filter(|meant| meant.value != *node) else { return true };
        if self.budget.spend(json::count_nodes(&meant.value)) {
            self.found.push(meant);
        }
        false
    }

    fn meant(&self, node: &Value, slot: Slot, reference: &str, at: &Pointer) -> Option<Meant> {
        let (target, found) = reference::followed(self.document, reference::target(reference)?, bare)?;
        if slot == Slot::Text {
            let value = Some(found).filter(|value| value.is_string())?.clone();
            let text = format!("replaced `{reference}` with its target, a string");
            return Some(Meant { at: at.clone(), value, target, text });
        }
        let members = found.as_object()?;
        let (value, text) = match slot {
            Slot::Map(_) if !at.is_at_or_below(&target) => {
                let beside = node.as_object()?.iter().filter(|(key, _)| *key != "$ref");
                let mut all = members.clone();
                all.extend(beside.map(cloned));
                (all.into(), format!("replaced `{reference}` with its target"))
            }
            Slot::One(wanted) => {
                let is = kind_of(&target, members).filter(|is| *is != wanted)?;
                let text =
                    format!("converted the target of `{reference}` from {} to {}", is.grammar().name, slot.name());
                (fitting(wanted, is, members, &target)?, text)
            }
            _ => return None,
        };
        Some(Meant { at: at.clone(), value, target, text })
    }
}

/// Returns the kind of an object: by its section of the components, else by its members.
fn kind_of(target: &Pointer, members: &Members) -> Option<Kind> {
    let keys: Vec<String> = target.segments().collect();
    if let [components, section, _] = keys.as_slice()
        && components == "components"
    {
        return match Components.member(section, &Value::Null, Versions::OpenApi3) {
            Slot::Map(kind) => Some(kind),
            _ => None,
        };
    }
    let has = |key: &str| members.contains_key(key);
    if has("in") && has("name") {
        Some(Parameter)
    } else if has("content") {
        Some(if has("description") { Response } else { RequestBody })
    } else {
        None
    }
}

/// Returns an equivalent object of the expected kind.
fn fitting(wanted: Kind, is: Kind, members: &Members, target: &Pointer) -> Option<Value> {
    let has_value = has_any(members, &["schema", "content"]);
    match wanted {
        Schema if is == Response || has_value => Some(schema_of(members, target)),
        Header if is == Parameter => {
            let of_header = members.iter().filter(|(key, _)| !matches!(key.as_str(), "name" | "in"));
            Some(of_header.map(cloned).collect())
        }
        Header if is == Schema => Some(json!({"schema": refer(target)})),
        Response | RequestBody => {
            let of_schema = || (is == Schema).then(|| json!({"application/json": {"schema": refer(target)}}));
            let content = members.get("content").cloned().or_else(of_schema)?;
            let description = json::text(members, "description").unwrap_or_default();
            let mut body = json::single("content", content);
            if wanted == Response || !description.is_empty() {
                set(&mut body, "description", description);
            }
            Some(body.into())
        }
        _ => None,
    }
}

/// Returns the schema of a parameter or header, or of the JSON in a body; by default any value.
fn schema_of(members: &Members, target: &Pointer) -> Value {
    let of_value = members.get("schema").map(|schema| (schema, target.key("schema")));
    let of_content = || {
        let content = members.get("content")?.as_object()?;
        let json = content.iter().find(|(name, _)| is_json(name));
        let (name, media_type) = json.or_else(|| content.iter().next())?;
        Some((media_type.get("schema")?, target.key("content").key(name).key("schema")))
    };
    match of_value.or_else(of_content) {
        Some((schema, _)) if bare(schema).is_some() => schema.clone(),
        Some((_, at)) => refer(&at),
        None => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_chain_is_found_at_once() {
        let reference = |name: &str| json!({"$ref": format!("#/components/parameters/{name}")});
        let mut document = json!({
            "paths": {"/a": {"get": {"parameters": [reference("A"), reference("D")]}}},
            "components": {"parameters": {"A": reference("B"), "B": reference("C"), "C": reference("X"), "D": {"name": "d"}}},
        });
        let broken = |document: &Value| -> Vec<String> {
            dangling(document).iter().map(|(fault, _)| fault.pointer.as_str().to_owned()).collect()
        };
        let chain = ["A", "B", "C"].map(|name| format!("/components/parameters/{name}/$ref"));
        let found = broken(&document);
        assert_eq!(found, [&["/paths/~1a/get/parameters/0/$ref".to_owned()], &chain[..]].concat());
        // A parameter with further properties is not removed as a whole.
        document["components"]["parameters"]["C"]["name"] = "c".into();
        assert_eq!(broken(&document), chain[2..]);
    }

    #[test]
    fn a_choice_of_null_and_itself_is_no_choice() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let is_cyclic = |branch: &Value| {
            let schemas =
                json!({"A": {"oneOf": [branch, reference("A")]}, "None": {"enum": [null]}, "Text": {"type": "string"}});
            let response = json!({"content": {"application/json": {"schema": reference("A")}}});
            let paths = json!({"/a": {"get": {"responses": {"200": response}}}});
            !cyclic(&json!({"paths": paths, "components": {"schemas": schemas}})).is_empty()
        };
        let null = [
            json!({"nullable": true}),
            json!({"nullable": true, "title": "t"}),
            json!({"enum": [null]}),
            reference("None"),
        ];
        assert!(null.iter().all(is_cyclic));
        let other = [json!({"nullable": true, "type": "string"}), json!({}), reference("Text"), reference("Missing")];
        assert!(!other.iter().any(is_cyclic));
    }
}
