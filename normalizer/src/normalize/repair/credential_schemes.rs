//! Part of `repair`: security schemes for credentials that are only known as parameters.
//!
//! In: a document without security schemes. Out: the same with a scheme for each credential that at least half of its operations require as
//! a parameter, or that any of them takes in `Authorization`, which is no parameter (OpenAPI 3.0.3 §4.7.12.1).
//! Invariant: a document with a scheme stays as it is.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Repairer;
use super::security::Place;
use crate::json::{items, members, put};
use crate::normalize::names::legal;
use crate::normalize::pass::Weight;
use crate::normalize::reference::resolved;
use crate::pointer::Pointer;
use crate::spelling::squashed;
use crate::structure::grammar::{components_at, operations, path_items};

/// How the name of a header or of a query parameter ends that is a credential, without signs and case.
const CREDENTIALS: [&str; 8] =
    ["accesskey", "apikey", "apisecret", "appkey", "appsecret", "authkey", "subscriptionkey", "token"];

/// A credential among the parameters.
struct Credential<'d> {
    parameter: &'d Value,
    /// Where it is declared first.
    at: Pointer,
    /// The operations that take it, and whether they require it.
    operations: Vec<(Pointer, bool)>,
}

impl Repairer<'_> {
    /// Makes security schemes of parameters, so that the client has the credential and not each call.
    pub(super) fn credential_schemes(&mut self, document: &mut Value) {
        let schemes = components_at("securitySchemes");
        if members(document.pointer(schemes.as_str())).next().is_some() {
            return;
        }
        let mut made = Vec::new();
        for (place, credential) in credentials(document) {
            let name = credential.parameter["name"].as_str().unwrap_or_default();
            let takers = if place.is_authorization() { credential.operations } else { Vec::new() };
            made.push((name.to_owned(), scheme(name, &place, credential.parameter), credential.at, takers));
        }
        for (name, scheme, at, takers) in made {
            let home = schemes.key(&legal(&name));
            put(document, &home, scheme);
            let text = format!("operations have the credential `{name}` as a parameter: it is a security scheme");
            self.note_from("credential-scheme", &at, home.clone(), Weight::Interpreted, text);
            for (at, is_required) in takers {
                let requirement = json!({ legal(&name): [] });
                let security = if is_required { json!([requirement]) } else { json!([requirement, {}]) };
                put(document, &at.key("security"), security);
            }
        }
    }
}

/// The credentials that become schemes, each by the place in which it is sent.
fn credentials(document: &Value) -> BTreeMap<Place, Credential<'_>> {
    let mut found: BTreeMap<Place, Credential<'_>> = BTreeMap::new();
    let mut all = 0;
    for (_, item_at, item) in path_items(document) {
        for (_, below, operation) in operations(item) {
            all += 1;
            let at = item_at.join(&below);
            for (home, holder) in [(&at, operation), (&item_at, item)] {
                for (index, parameter) in items(&holder["parameters"]).enumerate() {
                    let Some(parameter) = resolved(document, parameter) else { continue };
                    let Some(place) = place(parameter) else { continue };
                    let first = || home.key("parameters").index(index);
                    let new = || Credential { parameter, at: first(), operations: Vec::new() };
                    let takers = &mut found.entry(place).or_insert_with(new).operations;
                    if takers.last().is_none_or(|(last, _)| *last != at) {
                        takers.push((at.clone(), parameter["required"] == true));
                    }
                }
            }
        }
    }
    let is_usual = |credential: &Credential<'_>| {
        credential.operations.iter().filter(|(_, is_required)| *is_required).count() * 2 >= all
    };
    found.retain(|place, credential| place.is_authorization() || is_usual(credential));
    found
}

/// Where a credential is sent; `None` for what is none.
fn place(parameter: &Value) -> Option<Place> {
    let place = Place::of(parameter)?;
    let is_named = |end: &&str| squashed(&place.name).ends_with(*end);
    let is_credential = matches!(place.location.as_str(), "header" | "query") && CREDENTIALS.iter().any(is_named);
    (is_credential || place.is_authorization()).then_some(place)
}

/// The scheme that sends what a parameter would.
fn scheme(name: &str, place: &Place, parameter: &Value) -> Value {
    let mut scheme = json!({ "type": "apiKey", "in": parameter["in"], "name": name });
    if place.is_authorization() {
        let said = [&parameter["description"], &parameter["example"], &parameter["schema"]].map(Value::to_string);
        let said = said.concat().to_ascii_lowercase();
        if let Some(kind) = ["bearer", "basic"].into_iter().find(|kind| said.contains(kind)) {
            scheme = json!({ "type": "http", "scheme": kind });
        }
    }
    if let Some(description) = parameter.get("description") {
        put(&mut scheme, &Pointer::root().key("description"), description.clone());
    }
    scheme
}
