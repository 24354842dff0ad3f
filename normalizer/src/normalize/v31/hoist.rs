//! Part of `v31`: what a reference leads to becomes something that OpenAPI 3.0 can refer to.
//!
//! In: the document and its [`Survey`]. Out: the intermediate document, in which every reference that can be followed
//! leads to a component of its kind; and copies of what can only be written out where it is used.
//!
//! Invariant: what moves leaves a reference behind, so that nothing is there twice.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::names::Names;
use super::places::{Child, NodeKind};
use super::survey::{Siblings, Site, Survey, Target};
use super::track::Track;
use crate::normalize::pass::{Fault, Weight};
use crate::pointer::Pointer;

/// Copies of what is written out where it is referred to, by the address in the intermediate document that a reference
/// names. Each with its own address there, which is another one if the reference leads to a mere reference.
pub(super) type Copies = BTreeMap<String, (String, Value)>;

/// References that lead to references are followed this far.
const LONGEST_CHAIN: usize = 16;

/// What may not stand in the fragment of a URI (RFC 3986 §3.5).
const NOT_IN_FRAGMENTS: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'[').add(b'\\').add(b']').add(b'^');
const ESCAPED: &AsciiSet = &NOT_IN_FRAGMENTS.add(b'`').add(b'{').add(b'|').add(b'}');

/// The text of a reference to a node of the same document (RFC 6901 §6).
pub(super) fn reference_to(pointer: &str) -> String {
    format!("#{}", utf8_percent_encode(pointer, ESCAPED))
}

/// The node that a reference into the same document names.
pub(super) fn referred_to(text: &str) -> Option<Pointer> {
    let decoded = percent_decode_str(text.strip_prefix('#')?).decode_utf8().ok()?;
    Pointer::parse(&decoded)
}

/// Where a node goes that becomes a component.
struct Home {
    section: &'static str,
    name: String,
    /// Whether the node stays where it is, too.
    copied: bool,
}

#[derive(Default)]
struct Plan {
    /// By the address of the node; the shallow ones first.
    homes: BTreeMap<(usize, String), Home>,
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
fn depth(pointer: &str) -> usize {
    pointer.bytes().filter(|byte| *byte == b'/').count()
}

impl Plan {
    /// Decides what becomes a component.
    fn find_homes(&mut self, document: &Value, definitions: &[String]) {
        let mut targets: BTreeMap<(usize, String), (NodeKind, bool)> = BTreeMap::new();
        for definition in definitions {
            targets.insert((depth(definition), definition.clone()), (NodeKind::Schema, true));
        }
        for (site, target) in &self.edits {
            let pointer = target.pointer.as_str();
            if !matches!(site.kind, NodeKind::PathItem | NodeKind::MediaType) && !is_direct(site.kind, pointer) {
                targets.entry((depth(pointer), pointer.to_owned())).or_insert((site.kind, target.known));
            }
        }
        let definitions: BTreeSet<_> = definitions.iter().collect();
        for ((depth, pointer), (kind, known)) in targets {
            let (Some(section), Some(address)) = (kind.section(), Pointer::parse(&pointer)) else { continue };
            if !takes_components(document, section) {
                continue;
            }
            let can_stay = kind == NodeKind::Schema && !definitions.contains(&pointer) && is_steady(document, &address);
            if can_stay && !self.is_below_a_home(&address) {
                continue;
            }
            let name = self.names.name(document, section, &address);
            self.homes.insert((depth, pointer), Home { section, name, copied: !known });
        }
    }

    fn is_below_a_home(&self, address: &Pointer) -> bool {
        std::iter::successors(address.parent(), Pointer::parent)
            .any(|above| self.homes.contains_key(&(depth(above.as_str()), above.as_str().to_owned())))
    }

    fn home(&self, pointer: &str) -> Option<&Home> {
        self.homes.get(&(depth(pointer), pointer.to_owned()))
    }

    /// Where a node of the document is in the intermediate document.
    fn mid(&self, pointer: &Pointer) -> String {
        let mut at = Some(pointer.clone());
        while let Some(above) = at {
            if let Some(home) = self.home(above.as_str()) {
                let rest = pointer.as_str().get(above.as_str().len()..).unwrap_or_default();
                return format!("{}{rest}", home.pointer());
            }
            at = above.parent();
        }
        pointer.as_str().to_owned()
    }

    /// Changes the texts of references. What has to be written out where it is used comes back.
    fn edit(&self, document: &mut Value, track: &mut Track) -> BTreeSet<Pointer> {
        let mut wanted = BTreeSet::new();
        for (site, target) in &self.edits {
            if is_written_out(site, target) {
                wanted.insert(target.pointer.clone());
            }
            let mid = self.mid(&target.pointer);
            if target.guessed {
                let text = format!("`{}` is taken for `{}`", site.text, reference_to(target.pointer.as_str()));
                let at = Pointer::parse(&site.holder).unwrap_or_default().key(&site.key);
                track.note("reference", Weight::Interpreted, self.mid(&at), text);
            }
            let is_said = referred_to(&site.text).is_some_and(|said| said.as_str() == mid);
            let Some(Value::Object(members)) = document.pointer_mut(&site.holder) else { continue };
            if site.key == "$recursiveRef" {
                members.shift_remove("$recursiveRef");
                members.insert(String::from("$ref"), Value::String(reference_to(&mid)));
                let text = "`$recursiveRef` is taken for a `$ref` to the schema around it with `$recursiveAnchor`";
                let at = Pointer::parse(&site.holder).unwrap_or_default();
                track.note("recursive-reference", Weight::Interpreted, self.mid(&at), text.to_owned());
            } else if !is_said {
                members.insert(site.key.clone(), Value::String(reference_to(&mid)));
            }
        }
        wanted
    }

    /// Moves the deepest nodes first: what is around them then takes along the references to them.
    fn move_home(&self, document: &mut Value, track: &mut Track) {
        for ((_, pointer), home) in self.homes.iter().rev().filter(|(_, home)| home.copied) {
            if let Some(value) = document.pointer(pointer).cloned() {
                home.put(document, pointer, value, track);
            }
        }
        for ((_, pointer), home) in self.homes.iter().rev().filter(|(_, home)| !home.copied) {
            let stub = json!({ "$ref": reference_to(&home.pointer()) });
            if let Some(place) = document.pointer_mut(pointer) {
                let value = std::mem::replace(place, stub);
                home.put(document, pointer, value, track);
            }
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
            members.retain(|name, _| !copies.contains_key(prefix.key(name).as_str()));
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
    fn pointer(&self) -> String {
        Pointer::root().key("components").key(self.section).key(&self.name).as_str().to_owned()
    }

    fn put(&self, document: &mut Value, pointer: &str, value: Value, track: &mut Track) {
        let Some(document) = document.as_object_mut() else { return };
        let components = document.entry("components").or_insert_with(|| Value::Object(Map::new()));
        let Some(components) = components.as_object_mut() else { return };
        let section = components.entry(self.section).or_insert_with(|| Value::Object(Map::new()));
        let Some(section) = section.as_object_mut() else { return };
        section.insert(self.name.clone(), value);
        let mid = self.pointer();
        track.came_from(&mid, pointer);
        let text = format!("became the component `{}`, so that it can be referred to", self.name);
        track.note("component", Weight::Same, mid, text);
    }
}

/// Whether components of a section can be added: it is shaped as it should be.
pub(super) fn takes_components(document: &Value, section: &str) -> bool {
    let components = document.get("components");
    components.is_none_or(Value::is_object)
        && components.and_then(|components| components.get(section)).is_none_or(Value::is_object)
}

/// The node at `mid`, or the one that it refers to and nothing else.
fn end_of_chain(document: &Value, mid: &str) -> Option<(String, Value)> {
    let mut mid = mid.to_owned();
    let mut value = document.pointer(&mid)?;
    for _ in 0..LONGEST_CHAIN {
        let only = value.as_object().filter(|members| members.len() == 1).and_then(|members| members.get("$ref"));
        let Some(next) = only.and_then(Value::as_str).and_then(referred_to) else { break };
        let Some(found) = document.pointer(next.as_str()) else { break };
        next.as_str().clone_into(&mut mid);
        value = found;
    }
    Some((mid, value.clone()))
}

/// Whether a reference of this kind can lead there in 3.0.
fn is_direct(kind: NodeKind, pointer: &str) -> bool {
    let Some(section) = kind.section() else { return false };
    let name = pointer.strip_prefix("/components/").and_then(|rest| rest.strip_prefix(section));
    name.and_then(|rest| rest.strip_prefix('/')).is_some_and(|name| !name.contains('/'))
}

/// Whether 3.0 has no way to refer there.
fn is_written_out(site: &Site, target: &Target) -> bool {
    match site.kind {
        NodeKind::MediaType => true,
        NodeKind::PathItem => {
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
    let mut schema = document.pointer(Pointer::root().key("components").key("schemas").key(name).as_str());
    let mut rest = rest;
    while let [keyword, ..] = rest {
        let Some(members) = schema.and_then(Value::as_object).filter(|members| keeps_its_shape(members, keyword))
        else {
            return false;
        };
        let length = match NodeKind::Schema.child(keyword) {
            Child::Map(_) | Child::List(_) => 2,
            _ => 1,
        };
        let (way, further) = rest.split_at(length.min(rest.len()));
        let inner = members.get(keyword);
        schema = match way {
            [_, key] => inner.and_then(|inner| inner.get(key).or_else(|| inner.get(key.parse::<usize>().ok()?))),
            _ => inner,
        };
        rest = further;
    }
    schema.is_some()
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
