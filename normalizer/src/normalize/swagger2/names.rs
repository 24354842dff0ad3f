//! Part of `swagger2`: names of components.
//!
//! In: the names of definitions, parameters, responses and security definitions, which are any text in 2.0. Out: names
//! as OpenAPI 3.0.3 §4.7.7 allows them. Invariant: a legal name stays, and no two of a section become the same.

use std::collections::BTreeMap;

use serde_json::Value;

use super::record::{MovedNode, Record};
use super::{Object, SECTIONS};
use crate::normalize::names::is_component_character;
use crate::normalize::pass::Weight;
use crate::pointer::Pointer;

/// The names that had to change, by section.
#[derive(Default)]
pub(super) struct Names {
    changed: BTreeMap<&'static str, BTreeMap<String, String>>,
}

impl Names {
    /// Chooses all names.
    pub(super) fn assign(document: &Object, record: &mut Record) -> Self {
        let mut names = Self::default();
        for (old, new) in SECTIONS {
            let Some(members) = document.get(old).and_then(Value::as_object) else { continue };
            let sections = if new == "parameters" { &["parameters", "requestBodies"][..] } else { &[new][..] };
            let mut taken = Taken::new();
            for section in sections {
                let present = document.get("components").and_then(|components| components.get(section));
                let present = present.and_then(Value::as_object).into_iter().flatten();
                taken.extend(present.map(|(name, _)| (name.clone(), 1)));
            }
            let (stay, change): (Vec<_>, Vec<_>) =
                members.keys().partition(|name| is_legal(name) && !taken.contains_key(*name));
            taken.extend(stay.into_iter().map(|name| (name.clone(), 1)));
            for name in change {
                let place = MovedNode::same(Pointer::root().key(old).key(name));
                let (legal, is_plain) = free(&legal(name), &mut taken);
                let place = place.to(Pointer::root().key("components").key(new).key(&legal));
                let (weight, why) = if is_plain {
                    (Weight::Same, "a name holds only letters, digits, `.`, `-` and `_`")
                } else {
                    (Weight::Interpreted, "the name that it would get is in use")
                };
                record.note("component-name", weight, &place, format!("`{name}` is named `{legal}`: {why}"));
                names.changed.entry(old).or_default().insert(name.clone(), legal);
            }
        }
        names
    }

    /// The name of a member of the section `old` of the 2.0 document.
    pub(super) fn get<'n>(&'n self, old: &'static str, name: &'n str) -> &'n str {
        self.changed.get(old).and_then(|names| names.get(name)).map_or(name, String::as_str)
    }

    /// Whether nothing of that section is renamed.
    pub(super) fn all_stay(&self, old: &str) -> bool {
        !self.changed.contains_key(old)
    }
}

fn is_legal(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_component_character)
}

/// `Page«User»` → `Page_User`.
fn legal(name: &str) -> String {
    if is_legal(name) {
        return name.to_owned();
    }
    let ascii = deunicode::deunicode(name);
    let words: Vec<_> =
        ascii.split(|character| !is_component_character(character)).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { String::from("unnamed") } else { words.join("_") }
}

/// Names in use, each with the highest number that was put behind it.
type Taken = BTreeMap<String, u64>;

/// The name, or the first of `name_2`, `name_3`, … that is free; and whether it is the name itself.
fn free(name: &str, taken: &mut Taken) -> (String, bool) {
    let Some(number) = taken.get(name).copied() else {
        taken.insert(name.to_owned(), 1);
        return (name.to_owned(), true);
    };
    let mut number = number;
    loop {
        number = number.saturating_add(1);
        let candidate = format!("{name}_{number}");
        if !taken.contains_key(&candidate) {
            taken.insert(name.to_owned(), number);
            taken.insert(candidate.clone(), 1);
            return (candidate, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_legal() {
        for (name, expected) in [
            ("Pet", "Pet"),
            ("Page«User»", "Page_User"),
            ("Map<string, List<int>>", "Map_string_List_int"),
            ("a/b~c", "a_b_c"),
            ("Größe", "Grosse"),
            ("«»", "unnamed"),
            ("", "unnamed"),
            ("_x", "_x"),
        ] {
            assert_eq!(legal(name), expected, "{name}");
        }
    }
}
