//! Part of `repair`: names of components (OpenAPI 3.0.3 §4.7.7).
//!
//! In: the whole document. Out: legal names, and references that follow them. Invariant: names stay unique.

use std::collections::HashMap;

use serde_json::Value;

use super::Repairer;
use super::security::each_list;
use crate::json::rename;
use crate::normalize::names::{Names, legal};
use crate::normalize::pass::{Equivalent, Interpreted};
use crate::normalize::reference::{each_text_mut, local};
use crate::normalize::trail;
use crate::pointer::Pointer;
use crate::structure::grammar::{components_at, is_component_name, is_extension};

impl Repairer<'_> {
    pub(super) fn component_names(&mut self, document: &mut Value) {
        let mut renamed: HashMap<Pointer, Pointer> = HashMap::new();
        let mut schemes: Vec<(String, String)> = Vec::new();
        let Some(Value::Object(components)) = document.get_mut("components") else { return };
        for (section, members) in components.iter_mut().filter(|(section, _)| !is_extension(section)) {
            let Value::Object(members) = members else { continue };
            let at = components_at(section);
            self.path = at.clone();
            let mut names: Names = members.keys().cloned().collect();
            let illegal: Vec<String> = members.keys().filter(|name| !is_component_name(name)).cloned().collect();
            for old in illegal {
                let new = names.free(&[legal(&old)], "_");
                let (kind, why) = if new == legal(&old) {
                    (Equivalent, "a name contains only letters, digits, `.`, `-` and `_`")
                } else {
                    (Interpreted, "the preferred name is in use")
                };
                let text = format!("renamed `{old}` to `{new}`: {why}");
                self.rename(members, (&old, &new), ("component-name", kind), text);
                renamed.insert(at.key(&old), at.key(&new));
                if section == "securitySchemes" {
                    schemes.push((old, new));
                }
            }
        }
        self.path = Pointer::root();
        // Security requirements name schemes by their keys.
        if !schemes.is_empty() {
            each_list(document, |_, list| {
                for requirement in list.iter_mut().filter_map(Value::as_object_mut) {
                    for (old, new) in &schemes {
                        rename(requirement, old, new);
                    }
                }
            });
        }
        if !renamed.is_empty() {
            each_text_mut(document, |text, _| {
                let Some(fragment) = text.strip_prefix('#') else { return };
                let moved = |pointer: Option<Pointer>| trail::moved(&pointer?, |prefix| renamed.get(prefix));
                if let Some(new) = moved(Pointer::from_fragment(fragment)).or_else(|| moved(Pointer::parse(fragment))) {
                    *text = local(&new);
                }
            });
            self.record.follow(|at| trail::moved(at, |prefix| renamed.get(prefix)));
        }
    }
}
