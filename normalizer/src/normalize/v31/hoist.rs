//! Part of `v31`: what a reference leads to becomes something that OpenAPI 3.0 can refer to.
//!
//! In: the document and its [`Survey`]. Out: the intermediate document, in which every reference that can be followed
//! leads to a component of its kind; and copies of what can only be written out where it is used.
//!
//! Invariant: what moves leaves a reference behind, so that nothing is there twice.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::survey::{Site, Survey, Target, is_component};
use super::track::Track;
use crate::certain::Certain;
use crate::json::{Members, array, has_any, object, object_at, object_mut, put, set};
use crate::normalize::names::{Names, legal, wanted};
use crate::normalize::pass::{Equivalent, Interpreted, Rule};
use crate::normalize::reference::{self, bare, local, refer};
use crate::normalize::trail::moved;
use crate::pointer::Pointer;
use crate::structure::grammar::{Kind, components_at};
use crate::structure::slots::Slot;

/// Copies of what is written out where it is referred to, by the address in the intermediate document that a reference
/// names. Each with its own address there, which is another one if the reference leads to a mere reference.
pub(super) type Copies = BTreeMap<Pointer, (Pointer, Value)>;

/// Where a node goes that becomes a component.
struct Hoisted {
    /// Its address in the intermediate document.
    at: Pointer,
    /// Whether the node stays where it is, too.
    copied: bool,
}

/// The nodes that become components, by their address.
#[derive(Default)]
struct Homes(BTreeMap<Pointer, Hoisted>);

/// References that become a `$ref`: the key, the rule, and what the ledger says.
const OTHER_REFERENCES: [(&str, Rule, &str); 2] = [
    (
        "$recursiveRef",
        ("recursive-reference", Interpreted),
        "assumed `$recursiveRef` to be a `$ref` to the enclosing schema with `$recursiveAnchor`",
    ),
    (
        "$dynamicRef",
        ("dynamic-reference", Equivalent),
        "replaced `$dynamicRef` with `$ref`: only one schema has its anchor",
    ),
];

/// Makes the intermediate document.
pub(super) fn hoist(document: &mut Value, track: &mut Track) -> Copies {
    let mut survey = Survey::of(document);
    // All references with what they lead to. What is in no known place may hold further references.
    let (mut references, mut seen, mut next) = (Vec::new(), BTreeSet::new(), 0);
    while let Some(site) = survey.sites.get(next).cloned() {
        next += 1;
        let Some(target) = survey.target(&site) else { continue };
        if !target.known && seen.insert(target.pointer.clone()) {
            survey.look_into(site.kind, &target.pointer);
        }
        references.push((site, target));
    }
    let Survey { definitions, faults, .. } = survey;
    let homes = Homes::find(document, &definitions, &references);
    // References that cannot be followed.
    for fault in faults {
        let (at, holder) = (homes.mid(&fault.pointer), fault.pointer.parent().certain("a reference is in an object"));
        if let Some(members) = object_at(document, &holder) {
            members.shift_remove(&fault.pointer.last().certain("a reference is in an object"));
            let before = fault.pointer.clone();
            track.record.lost(fault, before, at);
        }
    }
    homes.edit(document, &references, track);
    homes.move_home(document, track);
    // 3.0, or the generator, has no such references.
    let is_written_out = |site: &Site| site.has_words || matches!(site.kind, Kind::MediaType | Kind::PathItem);
    let written_out = references.iter().filter(|(site, _)| is_written_out(site));
    let wanted = written_out.map(|(_, target)| homes.mid(&target.pointer)).collect();
    copies(document, wanted)
}

impl Homes {
    /// Decides what becomes a component.
    fn find(document: &Value, definitions: &[Pointer], references: &[(Site, Target)]) -> Self {
        let mut targets: BTreeMap<(usize, &Pointer), (Kind, bool)> = BTreeMap::new();
        for definition in definitions {
            targets.insert((definition.depth(), definition), (Kind::Schema, true));
        }
        for (site, target) in references {
            let pointer = &target.pointer;
            if !matches!(site.kind, Kind::PathItem | Kind::MediaType) && !is_component(site.kind, pointer.as_str()) {
                targets.entry((pointer.depth(), pointer)).or_insert((site.kind, target.known));
            }
        }
        let definitions: BTreeSet<_> = definitions.iter().collect();
        let mut homes = Self::default();
        let mut names: BTreeMap<&str, Names> = BTreeMap::new();
        for ((_, pointer), (kind, known)) in targets {
            let Some(section) = kind.section().filter(|section| takes_components(document, section)) else { continue };
            let can_stay = kind == Kind::Schema && !definitions.contains(pointer) && is_steady(document, pointer);
            if can_stay && homes.mid(pointer) == *pointer {
                continue;
            }
            let section_at = components_at(section);
            let names = names.entry(section).or_insert_with(|| {
                let members = section_at.get(document).and_then(Value::as_object);
                members.into_iter().flat_map(Map::keys).cloned().collect()
            });
            let at = section_at.key(&names.free(&candidates(document, pointer), ""));
            homes.0.insert(pointer.clone(), Hoisted { at, copied: !known });
        }
        homes
    }

    /// Where a node of the document is in the intermediate document.
    fn mid(&self, pointer: &Pointer) -> Pointer {
        moved(pointer, |prefix| self.0.get(prefix).map(|home| &home.at)).unwrap_or_else(|| pointer.clone())
    }

    /// Changes the texts of references.
    fn edit(&self, document: &mut Value, references: &[(Site, Target)], track: &mut Track) {
        for (site, target) in references {
            let mid = self.mid(&target.pointer);
            if target.guessed {
                let text = format!("assumed `{}` to mean `{}`", site.text, local(&target.pointer));
                track.record.note(("reference", Interpreted), self.mid(&site.at), text);
            }
            let is_said = reference::target(&site.text).is_some_and(|said| said == mid);
            let text = Value::String(local(&mid));
            let key = site.at.last().certain("a reference is in an object");
            let rule = OTHER_REFERENCES.iter().find(|(name, ..)| *name == key && site.kind == Kind::Schema);
            if let Some((name, rule, words)) = rule {
                let holder = site.at.parent().certain("a reference is in an object");
                let Some(members) = object_at(document, &holder) else { continue };
                members.shift_remove(*name);
                set(members, "$ref", text);
                track.came_from(self.mid(&holder).key("$ref"), site.at.clone());
                track.record.note(*rule, self.mid(&holder), *words);
            } else if !is_said && let Some(place) = site.at.get_mut(document) {
                *place = text;
            }
        }
    }

    /// Moves the deepest nodes first, so that outer nodes already contain references to them.
    fn move_home(&self, document: &mut Value, track: &mut Track) {
        let mut homes: Vec<_> = self.0.iter().collect();
        homes.sort_by_key(|(pointer, home)| (home.copied, pointer.depth(), *pointer));
        for (pointer, home) in homes.into_iter().rev() {
            let Some(place) = pointer.get_mut(document) else { continue };
            let value = if home.copied { place.clone() } else { std::mem::replace(place, refer(&home.at)) };
            put(document, &home.at, value);
            track.came_from(home.at.clone(), pointer.clone());
            let name = home.at.last().certain("a component has a name");
            let text = format!("moved to the component `{name}`, so that references can target it");
            track.record.note(("component", Equivalent), home.at.clone(), text);
        }
    }
}

/// Copies of what is written out where it is used; what can stand under `components` of no 3.0 document goes.
fn copies(document: &mut Value, wanted: BTreeSet<Pointer>) -> Copies {
    let mut copies = Copies::new();
    for mid in wanted {
        if let Some((end, node)) = reference::followed(document, mid.clone(), bare) {
            copies.insert(mid, (end, node.clone()));
        }
    }
    let Some(Value::Object(components)) = document.get_mut("components") else { return copies };
    for section in ["pathItems", "mediaTypes"] {
        let Some(members) = object_mut(components, section) else { continue };
        let prefix = components_at(section);
        members.retain(|name, _| !copies.contains_key(&prefix.key(name)));
        if members.is_empty() {
            components.shift_remove(section);
        }
    }
    copies
}

/// Whether components of a section can be added: it is shaped as it should be.
pub(super) fn takes_components(document: &Value, section: &str) -> bool {
    let components = document.get("components");
    components.is_none_or(Value::is_object)
        && components.and_then(|components| components.get(section)).is_none_or(Value::is_object)
}

/// Whether a schema inside of a component stays where it is, on a way that 3.0 tools can follow.
fn is_steady(document: &Value, pointer: &Pointer) -> bool {
    let keeps = |slot, node: &Value, key: &str| {
        slot != Slot::SCHEMA || node.as_object().is_some_and(|members| keeps_its_shape(members, key))
    };
    pointer.as_str().starts_with("/components/schemas/") && Slot::at(document, pointer, keeps).is_some()
}

/// Whether what stands under `keyword` is still there after the conversion.
fn keeps_its_shape(members: &Members, keyword: &str) -> bool {
    let has_one_type = members.get("type").is_none_or(Value::is_string);
    let others = |keys: &[&str]| !has_any(members, keys);
    let follows = match keyword {
        "properties" | "allOf" | "not" => true,
        "items" => others(&["prefixItems"]) && object(members, "items").is_some(),
        "additionalProperties" => others(&["patternProperties"]),
        "anyOf" | "oneOf" => {
            let branches = array(members, keyword);
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
    let all = |key: &str| branch[key].as_array().is_some_and(|values| values.iter().all(is_null));
    one("type") || one("const") || all("type") || all("enum")
}

/// The names that say where a node was, the shortest first.
fn candidates(document: &Value, pointer: &Pointer) -> Vec<String> {
    let segments: Vec<String> = pointer.segments().collect();
    let own = match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // A section that OpenAPI does not know, or the definitions of a schema.
        [_, name] | [.., "$defs" | "definitions", name] => Some(legal(name.trim_matches('_'))),
        _ => None,
    };
    own.into_iter().chain([wanted(document, pointer, "")]).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::normalize::names::Names;

    #[test]
    fn names_say_where_it_was() {
        let document = json!({
            "components": { "schemas": { "Pet": {}, "Tag": {} } },
        });
        let mut names: Names = ["Pet", "Tag"].map(String::from).into_iter().collect();
        let mut name = |text: &str| names.free(&candidates(&document, &Pointer::parse(text).unwrap()), "");
        assert_eq!(name("/components/schemas/Pet/properties/name"), "PetName");
        assert_eq!(name("/components/schemas/Pet/properties/name"), "PetName2");
        assert_eq!(name("/components/schemas/Pet/$defs/Cat"), "Cat");
        assert_eq!(name("/components/schemas/Pet/$defs/Tag"), "PetTag");
        assert_eq!(name("/definitions/A~1B"), "A_B");
        assert_eq!(name("/x-y/Ä"), "A");
    }
}
