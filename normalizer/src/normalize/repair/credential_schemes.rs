//! Part of `repair`: security schemes for credentials that are only known as parameters.
//!
//! In: a document without security schemes. Out: the same with a scheme for each credential that at least half of its operations require as
//! a parameter, or that any of them takes in `Authorization`, which is no parameter (OpenAPI 3.0.3 §4.7.12.1).
//! Invariant: a document with a scheme stays as it is, and what differs from call to call, such as a token in a mail, stays a parameter.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::repairer::Repairer;
use super::security::{Place, undeclared};
use crate::json::{items, members, put};
use crate::normalize::names::{Names, legal};
use crate::normalize::pass::Interpreted;
use crate::normalize::reference::resolved;
use crate::pointer::Pointer;
use crate::spelling::squashed;
use crate::structure::grammar::{components_at, operations, path_items};

/// How the name of a header or of a query parameter ends that is a credential, without signs and case.
const CREDENTIALS: [&str; 10] = [
    "accesskey", "accesstoken", "apikey", "apisecret", "apitoken", "appkey", "appsecret", "authkey", "authtoken",
    "subscriptionkey",
];

/// Names that are a credential only where all operations require them, and so many: others have the token of a mail or of a page.
const TOKENS: [&str; 2] = ["token", "xtoken"];
const MANY: usize = 3;

/// A credential among the parameters.
#[derive(Default)]
struct Credential<'d> {
    /// Where it is declared.
    declared: Vec<(Pointer, &'d Value)>,
    /// The operations that take it, and whether they require it.
    operations: Vec<(Pointer, bool)>,
}

impl Repairer<'_> {
    /// Makes security schemes of parameters, so that the client has the credential and not each call.
    pub(super) fn credential_schemes(&mut self, document: &mut Value) {
        let schemes = components_at("securitySchemes");
        if members(schemes.get(document)).next().is_some() {
            return;
        }
        let credentials = credentials(document);
        // What requirements name without a scheme is the only credential that there is.
        let required = match (undeclared(document).as_slice(), credentials.len()) {
            ([(name, _)], 1) => Some(name.clone()),
            _ => None,
        };
        let mut made = Vec::new();
        let mut names = Names::default();
        for (place, credential) in &credentials {
            let Some((at, parameter)) = credential.declared.first() else { continue };
            let parameter_name = parameter["name"].as_str().unwrap_or_default();
            let name = names.free(&[required.clone().unwrap_or_else(|| legal(parameter_name))], "_");
            let takers = if place.is_authorization() { credential.operations.clone() } else { Vec::new() };
            made.push((name, parameter_name.to_owned(), scheme(place, &credential.declared), at.clone(), takers));
        }
        for (name, parameter, scheme, at, takers) in made {
            let home = schemes.key(&name);
            put(document, &home, scheme);
            if home.get(document).is_none() {
                return;
            }
            let text = format!("added a security scheme for the credential in the parameter `{parameter}`");
            self.record.note_from("credential-scheme", Interpreted, &at, home.clone(), text);
            for (at, is_required) in takers {
                let requirement = json!({ &name: [] });
                let security = if is_required { json!([requirement]) } else { json!([requirement, {}]) };
                put(document, &at.key("security"), security);
                let text = "required the security scheme of the parameter `Authorization`";
                self.record.count("credential-parameter", Interpreted, at.key("security"), text);
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
                    let credential = found.entry(place).or_default();
                    credential.declared.push((home.key("parameters").index(index), parameter));
                    if credential.operations.last().is_none_or(|(last, _)| *last != at) {
                        credential.operations.push((at.clone(), parameter["required"] == true));
                    }
                }
            }
        }
    }
    found.retain(|place, credential| {
        let takers = credential.operations.iter().filter(|(_, is_required)| *is_required).count();
        let may_differ = credential.declared.iter().any(|(_, parameter)| has_name(parameter, is_token));
        place.is_authorization() || if may_differ { takers == all && all >= MANY } else { takers * 2 >= all }
    });
    found
}

/// Where a credential is sent; `None` for other parameters.
fn place(parameter: &Value) -> Option<Place> {
    let place = Place::of(parameter)?;
    let kind = parameter.get("schema").and_then(|schema| schema["type"].as_str());
    let is_string = !matches!(kind, Some("array" | "boolean" | "object"));
    let is_credential = is_string
        && matches!(place.location.as_str(), "header" | "query")
        && has_name(parameter, |name| CREDENTIALS.iter().any(|end| name.ends_with(end)) || is_token(name));
    (is_credential || place.is_authorization()).then_some(place)
}

fn has_name(parameter: &Value, is: fn(&str) -> bool) -> bool {
    parameter["name"].as_str().is_some_and(|name| is(&squashed(name)))
}

fn is_token(name: &str) -> bool {
    TOKENS.contains(&name)
}

/// The scheme that sends what a parameter would, by all that is said of it.
fn scheme(place: &Place, declared: &[(Pointer, &Value)]) -> Value {
    let Some((_, first)) = declared.first() else { return Value::Null };
    let mut scheme = json!({ "type": "apiKey", "in": first["in"], "name": first["name"] });
    if place.is_authorization() {
        let said =
            declared.iter().flat_map(|(_, one)| ["description", "example", "schema"].map(|key| one[key].to_string()));
        let said = said.collect::<String>().to_ascii_lowercase();
        let mut words = said.split(|one: char| !one.is_ascii_alphanumeric());
        if let Some(kind) = words.find(|word| matches!(*word, "bearer" | "basic")) {
            scheme = json!({ "type": "http", "scheme": kind });
        }
    }
    if let Some(description) = declared.iter().find_map(|(_, one)| one.get("description")) {
        put(&mut scheme, &Pointer::root().key("description"), description.clone());
    }
    scheme
}
