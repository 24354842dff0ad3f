//! Part of `v31`: what a reference leads to becomes something that OpenAPI 3.0 can refer to.
//!
//! In: the document and its [`Survey`]. Out: the intermediate document, in which every reference that can be followed
//! leads to a component of its kind; and copies of what can only be written out where it is used.
//!
//! Invariant: what moves leaves a reference behind, so that nothing is there twice.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::names::Names;
use super::survey::{Siblings, Site, Survey, Target, is_component};
use super::track::Track;
use crate::json::{child, object_at};
use crate::normalize::pass::{Fault, Weight};
use crate::normalize::reference::{self, MAX_STEPS, bare, local};
use crate::normalize::trail::moved;
use crate::pointer::Pointer;
use crate::structure::grammar::Kind;
use crate::structure::slots::{Slot, Versions};

/// Copies of what is written out where it is referred to, by the address in the intermediate document that a reference
/// names. Each with its own address there, which is another one if the reference leads to a mere reference.
pub(super) type Copies = BTreeMap<Pointer, (Pointer, Value)>;

/// Where a node goes that becomes a component.
struct Home {
    section: &'static str,
    name: String,
    /// Its address in the intermediate document.
    at: Pointer,
    /// Whether the node stays where it is, too.
    copied: bool,
}

#[derive(Default)]
struct Plan {
    /// By the address of the node.
    homes: BTreeMap<Pointer, Home>,
    /// Changes of references: the place, its key, and what it leads to.
    edits: Vec<(Site, Target)>,
    names: Names,
}

/// Makes the intermediate document.
pub(super) fn hoist(document: &mut Value, track: &mut Track) -> (Copies, Vec<Fault>) {
    let mut survey = Survey::of(document);
    let edits = edits(&mut survey);
    let mut plan = Plan { edits, ..Plan::default() };
    plan.find_homes(document, &survey.definitions);
    let faults = survey.faults;
    let wanted = plan.edit(document, track);
    plan.move_home(document, track);
    (plan.copies(document, &wanted), faults)
}

/// What each reference leads to. What is in no known place may hold further references.
fn edits(survey: &mut Survey<'_>) -> Vec<(Site, Target)> {
    let mut edits = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = 0;
    while let Some(site) = survey.sites.get(next).cloned() {
        next += 1;
        let Some(target) = survey.target(&site) else { continue };
        if !target.known && seen.insert(target.pointer.clone()) {
            survey.look_into(site.kind, &target.pointer);
        }
        edits.push((site, target));
    }
    edits
}

/// How many keys a pointer has.
fn depth(pointer: &Pointer) -> usize {
    pointer.as_str().bytes().filter(|byte| *byte == b'/').count()
}

impl Plan {
    /// Decides what becomes a component.
    fn find_homes(&mut self, document: &Value, definitions: &[Pointer]) {
        let mut targets: BTreeMap<(usize, Pointer), (Kind, bool)> = BTreeMap::new();
        for definition in definitions {
            targets.insert((depth(definition), definition.clone()), (Kind::Schema, true));
        }
        for (site, target) in &self.edits {
            let pointer = &target.pointer;
            if !matches!(site.kind, Kind::PathItem | Kind::MediaType) && !is_component(site.kind, pointer.as_str()) {
                targets.entry((depth(pointer), pointer.clone())).or_insert((site.kind, target.known));
            }
        }
        let definitions: BTreeSet<_> = definitions.iter().collect();
        for ((_, pointer), (kind, known)) in targets {
            let Some(section) = kind.section().filter(|section| takes_components(document, section)) else { continue };
            let can_stay = kind == Kind::Schema && !definitions.contains(&pointer) && is_steady(document, &pointer);
            if can_stay && self.mid(&pointer) == pointer {
                continue;
            }
            let name = self.names.name(document, section, &pointer);
            let at = Pointer::root().key("components").key(section).key(&name);
            self.homes.insert(pointer, Home { section, name, at, copied: !known });
        }
    }

    /// Where a node of the document is in the intermediate document.
    fn mid(&self, pointer: &Pointer) -> Pointer {
        moved(pointer, |prefix| self.homes.get(prefix).map(|home| &home.at)).unwrap_or_else(|| pointer.clone())
    }

    /// Changes the texts of references. Returns what has to be written out where it is used.
    fn edit(&self, document: &mut Value, track: &mut Track) -> BTreeSet<Pointer> {
        let mut wanted = BTreeSet::new();
        for (site, target) in &self.edits {
            if is_written_out(site, target) {
                wanted.insert(target.pointer.clone());
            }
            let mid = self.mid(&target.pointer);
            if target.guessed {
                let text = format!("`{}` is taken for `{}`", site.text, local(target.pointer.as_str()));
                track.note("reference", Weight::Interpreted, self.mid(&site.holder.key(&site.key)), text);
            }
            let is_said = reference::target(&site.text).is_some_and(|said| said == mid);
            let Some(Value::Object(members)) = document.pointer_mut(site.holder.as_str()) else { continue };
            let text = Value::String(local(mid.as_str()));
            if site.key == "$recursiveRef" {
                members.shift_remove("$recursiveRef");
                members.insert(String::from("$ref"), text);
                let text = "`$recursiveRef` is taken for a `$ref` to the schema around it with `$recursiveAnchor`";
                track.note("recursive-reference", Weight::Interpreted, self.mid(&site.holder), text.to_owned());
            } else if !is_said {
                members.insert(site.key.clone(), text);
            }
        }
        wanted
    }

    /// Moves the deepest nodes first: what is around them then takes along the references to them.
    fn move_home(&self, document: &mut Value, track: &mut Track) {
        let mut homes: Vec<_> = self.homes.iter().collect();
        homes.sort_by_key(|(pointer, home)| (home.copied, depth(pointer), *pointer));
        for (pointer, home) in homes.into_iter().rev() {
            let Some(place) = document.pointer_mut(pointer.as_str()) else { continue };
            let stub = || json!({ "$ref": local(home.at.as_str()) });
            let value = if home.copied { place.clone() } else { std::mem::replace(place, stub()) };
            home.put(document, pointer, value, track);
        }
    }

    /// Copies of what is written out where it is used; what can stand under `components` of no 3.0 document goes.
    fn copies(&self, document: &mut Value, wanted: &BTreeSet<Pointer>) -> Copies {
        let mut copies = Copies::new();
        for pointer in wanted {
            let mid = self.mid(pointer);
            if let Some((end, value)) = end_of_chain(document, &mid) {
                copies.insert(mid, (end, value));
            }
        }
        for section in ["pathItems", "mediaTypes"] {
            let members = document.get_mut("components").and_then(|all| all.get_mut(section));
            let Some(Value::Object(members)) = members else { continue };
            let prefix = Pointer::root().key("components").key(section);
            members.retain(|name, _| !copies.contains_key(&prefix.key(name)));
            if members.is_empty()
                && let Some(Value::Object(components)) = document.get_mut("components")
            {
                components.shift_remove(section);
            }
        }
        copies
    }
}

impl Home {
    fn put(&self, document: &mut Value, pointer: &Pointer, value: Value, track: &mut Track) {
        let Some(section) = object_at(document, ["components", self.section]) else { return };
        section.insert(self.name.clone(), value);
        track.came_from(self.at.clone(), pointer.clone());
        let text = format!("became the component `{}`, so that it can be referred to", self.name);
        track.note("component", Weight::Same, self.at.clone(), text);
    }
}

/// Whether components of a section can be added: it is shaped as it should be.
pub(super) fn takes_components(document: &Value, section: &str) -> bool {
    let components = document.get("components");
    components.is_none_or(Value::is_object)
        && components.and_then(|components| components.get(section)).is_none_or(Value::is_object)
}

/// The node at `mid`, or the one that it refers to and nothing else.
fn end_of_chain(document: &Value, mid: &Pointer) -> Option<(Pointer, Value)> {
    let (mut mid, mut value) = (mid.clone(), document.pointer(mid.as_str())?);
    for _ in 0..MAX_STEPS {
        let Some(next) = bare(value).and_then(reference::target) else { break };
        let Some(found) = document.pointer(next.as_str()) else { break };
        (mid, value) = (next, found);
    }
    Some((mid, value.clone()))
}

/// Whether 3.0 has no way to refer there.
fn is_written_out(site: &Site, target: &Target) -> bool {
    match site.kind {
        Kind::MediaType => true,
        Kind::PathItem => {
            let path = target.pointer.as_str().strip_prefix("/paths/");
            site.siblings != Siblings::None || path.is_none_or(|path| path.contains('/'))
        }
        _ => site.siblings == Siblings::Words,
    }
}

/// Whether a schema inside of a component stays where it is, on a way that 3.0 tools can follow.
fn is_steady(document: &Value, pointer: &Pointer) -> bool {
    let segments: Vec<String> = pointer.segments().collect();
    let [components, schemas, name, rest @ ..] = segments.as_slice() else { return false };
    if components != "components" || schemas != "schemas" {
        return false;
    }
    let at = Pointer::root().key("components").key("schemas").key(name);
    let mut found = document.pointer(at.as_str()).map(|schema| (Slot::SCHEMA, schema));
    for key in rest {
        let Some((slot, node)) = found else { return false };
        if slot == Slot::SCHEMA && !node.as_object().is_some_and(|members| keeps_its_shape(members, key)) {
            return false;
        }
        found = child(node, key).map(|part| (slot.below(key, part, Versions::OpenApi3), part));
    }
    found.is_some()
}

/// Whether what stands under `keyword` is still there after the conversion.
fn keeps_its_shape(members: &Map<String, Value>, keyword: &str) -> bool {
    let has_one_type = members.get("type").is_none_or(Value::is_string);
    let others = |keys: &[&str]| keys.iter().all(|key| !members.contains_key(*key));
    let follows = match keyword {
        "properties" | "allOf" | "not" => true,
        "items" => others(&["prefixItems"]) && members.get("items").is_some_and(Value::is_object),
        "additionalProperties" => others(&["patternProperties"]),
        "anyOf" | "oneOf" => {
            let branches = members.get(keyword).and_then(Value::as_array);
            branches.is_some_and(|branches| !branches.iter().any(may_be_null))
        }
        _ => false,
    };
    follows && has_one_type && others(&["$ref"])
}

/// Whether a branch may turn out to say nothing but `null`.
fn may_be_null(branch: &Value) -> bool {
    let is_null = |value: &Value| value.is_null() || value == "null";
    let one = |key: &str| branch.get(key).is_some_and(is_null);
    let all = |key: &str| branch.get(key).and_then(Value::as_array).is_some_and(|values| values.iter().all(is_null));
    one("type") || one("const") || all("type") || all("enum")
}
