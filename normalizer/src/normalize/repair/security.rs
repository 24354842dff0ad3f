//! Part of `repair`: security requirements.
//!
//! In: the whole document. Out: the document with every required scheme declared, and with alternatives that a request can satisfy.
//! Invariant: a satisfiable requirement is unchanged.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Repairer;
use crate::json::{Members, cloned, keys, members, put, type_name};
use crate::normalize::pass::{Entry, Interpreted};
use crate::normalize::reference::target;
use crate::pointer::Pointer;
use crate::structure::grammar::{all_operations, components_at};

/// The maximum number of alternatives that one requirement is split into.
const MAX_ALTERNATIVES: usize = 16;

/// The place of a credential in a request, which can hold only one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// `header`, `query` or `cookie`.
    pub(super) location: String,
    /// The name of a header in lower case, because names of headers are case-insensitive (RFC 9110 §5.1).
    pub(super) name: String,
}

impl Place {
    /// Returns the header for tokens and passwords.
    fn authorization() -> Self {
        Self { location: "header".to_owned(), name: "authorization".to_owned() }
    }

    /// Returns the place in `in` and `name` of a parameter, or of a security scheme with a key.
    pub(super) fn of(parameter: &Value) -> Option<Self> {
        let (location, name) = (parameter["in"].as_str()?.to_owned(), parameter["name"].as_str()?);
        let name = if location == "header" { name.to_ascii_lowercase() } else { name.to_owned() };
        Some(Self { location, name })
    }

    pub(super) fn is_authorization(&self) -> bool {
        *self == Self::authorization()
    }
}

impl Repairer<'_> {
    /// Converts the scopes of each scheme (OpenAPI 3.0.3 §4.7.30) to an array. The scheme stays required even if they are malformed:
    /// without it, the requirement would mean that no credential is needed.
    pub(super) fn scopes(&mut self, requirement: &mut Members) {
        for (name, scopes) in requirement.iter_mut().filter(|(_, scopes)| !scopes.is_array()) {
            let text = format!("changed the scopes of `{name}` from {} to an array", type_name(&*scopes));
            *scopes = keys(&*scopes).map(|scope| json!(scope)).collect();
            self.count(("value-type", Interpreted), name, text);
        }
    }

    /// Declares the missing schemes that security requirements refer to (OpenAPI 3.0.3 §4.7.30): such an operation needs a credential.
    pub(super) fn security_schemes(&mut self, document: &mut Value) {
        for (name, at) in undeclared(document) {
            let scheme = if name.to_ascii_lowercase().contains("basic") { "basic" } else { "bearer" };
            let home = components_at("securitySchemes").key(&name);
            put(document, &home, json!({"type": "http", "scheme": scheme}));
            if home.get(document).is_some() {
                let text = format!("assumed the undeclared security scheme `{name}` to be `{scheme}`");
                self.record.note(("security-scheme-missing", Interpreted), at, text);
            }
        }
    }

    /// Splits requirements with several schemes in the same place of a request, such as two with a token in `Authorization`: a request
    /// cannot have both, so they are alternatives.
    pub(super) fn security_places(&mut self, document: &mut Value) {
        let places = places(document);
        each_list(document, |at, list| {
            let alternatives: Vec<Vec<Value>> = list.iter().map(|requirement| apart(requirement, &places)).collect();
            let mut apart = Vec::new();
            for (index, alternatives) in alternatives.into_iter().enumerate() {
                if alternatives.len() > 1 {
                    let text = "turned schemes that need the same place of a request into alternatives";
                    let before = self.record.provenance.origin(&at.index(index));
                    self.record.add_counted(Entry::new(("security-place", Interpreted), before, at.clone(), text));
                }
                apart.extend(alternatives);
            }
            *list = apart;
        });
    }
}

/// Returns the security scheme that a reference leads to.
pub(super) fn scheme(reference: &str) -> Option<String> {
    let at = target(reference).filter(|at| at.as_str().starts_with("/components/securitySchemes/"))?;
    at.last()
}

/// Returns all arrays of security requirements, with their pointers.
pub(super) fn requirements(document: &Value) -> Vec<(Pointer, &Vec<Value>)> {
    let operations = all_operations(document).map(|(.., at, operation)| (at, operation));
    let holders = [(Pointer::root(), document)].into_iter().chain(operations);
    holders.filter_map(|(at, holder)| Some((at.key("security"), holder.get("security")?.as_array()?))).collect()
}

/// Visits all arrays of security requirements for modification.
pub(super) fn each_list(document: &mut Value, mut visit: impl FnMut(&Pointer, &mut Vec<Value>)) {
    let places: Vec<Pointer> = requirements(document).into_iter().map(|(at, _)| at).collect();
    for at in places {
        if let Some(Value::Array(list)) = at.get_mut(document) {
            visit(&at, list);
        }
    }
}

/// Returns the required but undeclared security schemes, each with the first requirement that refers to it.
pub(super) fn undeclared(document: &Value) -> Vec<(String, Pointer)> {
    let declared = document.pointer("/components/securitySchemes");
    let mut found: Vec<(String, Pointer)> = Vec::new();
    for (at, list) in requirements(document) {
        for (index, requirement) in list.iter().enumerate() {
            for name in keys(requirement) {
                if declared.is_none_or(|declared| declared.get(name).is_none())
                    && found.iter().all(|(known, _)| known != name)
                {
                    found.push((name.clone(), at.index(index).key(name)));
                }
            }
        }
    }
    found
}

/// Returns the place of each scheme's credential.
pub(super) fn places(document: &Value) -> BTreeMap<String, Place> {
    let place = |scheme: &Value| match scheme["type"].as_str()? {
        "apiKey" => Place::of(scheme),
        "http" | "oauth2" | "openIdConnect" => Some(Place::authorization()),
        _ => None,
    };
    let schemes = members(document.pointer("/components/securitySchemes"));
    schemes.filter_map(|(name, scheme)| Some((name.clone(), place(scheme)?))).collect()
}

/// Returns the alternatives of a requirement: each has one of the schemes that are sent in the same place.
fn apart(requirement: &Value, places: &BTreeMap<String, Place>) -> Vec<Value> {
    let Value::Object(schemes) = requirement else { return vec![requirement.clone()] };
    let mut groups: BTreeMap<Result<&Place, &String>, Vec<&String>> = BTreeMap::new();
    for name in schemes.keys() {
        groups.entry(places.get(name).ok_or(name)).or_default().push(name);
    }
    if groups.values().all(|names| names.len() == 1) {
        return vec![requirement.clone()];
    }
    let mut alternatives = vec![Vec::new()];
    for names in groups.values() {
        let joined =
            alternatives.iter().flat_map(|chosen| names.iter().map(|name| [chosen.as_slice(), &[*name]].concat()));
        alternatives = joined.take(MAX_ALTERNATIVES).collect();
    }
    let written = |chosen: Vec<&String>| {
        let chosen = schemes.iter().filter(|(name, _)| chosen.contains(name));
        chosen.map(cloned).collect()
    };
    alternatives.into_iter().map(written).collect()
}
