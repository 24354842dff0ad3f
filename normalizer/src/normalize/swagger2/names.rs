//! Part of `swagger2`: names of components.
//!
//! In: the names of definitions, parameters, responses and security definitions, which are any string in 2.0. Out: names
//! as OpenAPI 3.0.3 §4.7.7 allows them. Invariant: a legal name stays, and no two of a section become the same.

use std::collections::HashMap;

use serde_json::Value;

use super::record::{MovedNode, Record};
use super::{Object, SECTIONS};
use crate::normalize::names::{Names, is_component_character, is_component_name};
use crate::normalize::pass::Weight;
use crate::pointer::Pointer;

/// The names that had to change, by the place in the 2.0 document.
#[derive(Default)]
pub(super) struct NewNames(HashMap<Pointer, String>);

impl NewNames {
    /// Chooses all names.
    pub(super) fn assign(document: &Object, record: &mut Record) -> Self {
        let mut changed = HashMap::new();
        for (old, new, _) in SECTIONS {
            let Some(members) = document.get(old).and_then(Value::as_object) else { continue };
            let sections = if new == "parameters" { &["parameters", "requestBodies"][..] } else { &[new][..] };
            let components = document.get("components");
            let present = sections.iter().filter_map(|section| components?.get(section)?.as_object()).flatten();
            let mut names: Names = present.map(|(name, _)| name.clone()).collect();
            let change: Vec<_> = members.keys().filter(|name| !is_component_name(name) || !names.take(name)).collect();
            for name in change {
                let before = Pointer::root().key(old).key(name);
                let wanted = legal(name);
                let given = names.free(std::slice::from_ref(&wanted), "_");
                let (weight, why) = if given == wanted {
                    (Weight::Same, "a name holds only letters, digits, `.`, `-` and `_`")
                } else {
                    (Weight::Interpreted, "the name that it would get is in use")
                };
                let after = Pointer::root().key("components").key(new).key(&given);
                let text = format!("`{name}` is named `{given}`: {why}");
                record.note("component-name", weight, &MovedNode::new(&before, &after), text);
                changed.insert(before, given);
            }
        }
        Self(changed)
    }

    /// The name of what is at this place of the 2.0 document.
    pub(super) fn get(&self, member: &Pointer) -> String {
        self.0.get(member).cloned().or_else(|| member.last()).unwrap_or_default()
    }
}

/// `Page«User»` → `Page_User`.
fn legal(name: &str) -> String {
    if is_component_name(name) {
        return name.to_owned();
    }
    let ascii = deunicode::deunicode(name);
    let words: Vec<_> =
        ascii.split(|character| !is_component_character(character)).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { String::from("unnamed") } else { words.join("_") }
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
