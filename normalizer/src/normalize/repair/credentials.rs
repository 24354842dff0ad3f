//! Part of `repair`: credentials that are only documented as parameters, and parameters with the credential of a security scheme.
//!
//! In: a document without security schemes. Out: the document with a scheme for each credential that at least half of its operations
//! require as a parameter. A single operation suffices for `Authorization`, which cannot be a parameter (OpenAPI 3.0.3 §4.7.12.1).
//! Invariant: a document with a scheme is unchanged, and a value that differs between calls, such as a token in a mail, stays a parameter.
//!
//! In: the whole document. Out: parameters with a scheme's credential are removed, or optional if they are sent in another place, so that
//! calls need not repeat it. Each operation that required such a parameter requires the scheme. Invariant: a request still has everything
//! that was required, through the scheme.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Repairer;
use super::security::{Place, places, undeclared};
use crate::json::{Members, cloned, items, keys, members, object_at, put, set};
use crate::normalize::names::{Names, legal};
use crate::normalize::pass::{Interpreted, Rule};
use crate::normalize::reference::{self, followed_from, resolved};
use crate::pointer::Pointer;
use crate::spelling::{is_among, squashed};
use crate::structure::grammar::{components_at, operations, parameters_of, path_items};

/// The rule for parameters with credentials.
const RULE: Rule = ("credential-parameter", Interpreted);

/// Names of parameters with the token that a scheme sends in `Authorization`, without separators, and words that describe such a token.
const TOKENS: &str = "accesstoken authtoken oauthtoken token";
const TOKEN_WORDS: [&str; 4] = ["access token", "authentication token", "bearer token", "oauth token"];

impl Repairer<'_> {
    /// Removes or relaxes parameters whose credential is sent by a security scheme.
    pub(super) fn credential_parameters(&mut self, document: &mut Value) {
        let (parameters, security) = changes(document);
        for (at, security) in security {
            let Some(operation) = object_at(document, &at) else { continue };
            set(operation, "security", security);
            let text = "required the security scheme that sends required parameters";
            self.record.count(RULE, at.key("security"), text);
        }
        for (at, scheme) in parameters {
            let Some(parameter) = object_at(document, &at) else { continue };
            parameter.shift_remove("required");
            let text = format!("made a parameter optional: it is the token of the security scheme `{scheme}`");
            self.record.count(RULE, at, text);
        }
        let sent = sent_by_schemes(document);
        self.leave_out_parameters(document, |at, parameter| {
            let scheme = sent.get(at)?.get(&place(parameter)?)?;
            let text = format!("removed a parameter that the security scheme `{scheme}` sends");
            Some((RULE, text))
        });
    }
}

/// Returns required parameters with a scheme's credential in another place, and the security requirements of
/// operations.
fn changes(document: &Value) -> (BTreeMap<Pointer, String>, Vec<(Pointer, Value)>) {
    let (mut elsewhere, mut requirements) = (BTreeMap::new(), Vec::new());
    let places = places(document);
    // If several schemes have the same place, the first one is required.
    let senders: BTreeMap<&Place, &String> = places.iter().rev().map(|(scheme, place)| (place, scheme)).collect();
    for (_, item_at, item) in path_items(document) {
        for (_, below, operation) in operations(item) {
            let at = item_at.join(&below);
            let security = operation.get("security").or_else(|| document.get("security"));
            let all = required(document, &item_at, item).chain(required(document, &at, operation));
            let sender = |(_, parameter): (_, &Value)| senders.get(&place(parameter)?).copied();
            let needed: BTreeSet<&String> = all.filter_map(sender).collect();
            for (place, _) in required(document, &at, operation).filter(|(_, parameter)| is_token(parameter)) {
                if let Some(scheme) = bearer(document, security) {
                    elsewhere.entry(place).or_insert(scheme);
                }
            }
            if needed.is_empty() {
                continue;
            }
            let with_needed = joined(security, &needed, &places);
            if security != Some(&with_needed) {
                requirements.push((at, with_needed));
            }
        }
    }
    (elsewhere, requirements)
}

/// Returns the required parameters of an operation or a path item, each with its pointer.
fn required<'v>(
    document: &'v Value,
    at: &Pointer,
    holder: &'v Value,
) -> impl Iterator<Item = (Pointer, &'v Value)> + use<'v> {
    let all = parameters_of(at, holder).filter_map(|place| followed_from(document, place, reference::text));
    all.filter(|(_, parameter)| parameter["required"] == true)
}

/// Returns the place where a parameter is sent. Parameters named `Authorization` are ignored (OpenAPI 3.0.3 §4.7.12.1).
fn place(parameter: &Value) -> Option<Place> {
    Place::of(parameter).filter(|place| !place.is_authorization())
}

/// Returns the schemes of each operation, by the header, query parameter or cookie that they send. A path item has the schemes that all its
/// operations share.
fn sent_by_schemes(document: &Value) -> BTreeMap<Pointer, BTreeMap<Place, String>> {
    let places = places(document);
    let mut sent = BTreeMap::new();
    for (_, at, item) in path_items(document) {
        let mut by_all: Option<BTreeMap<Place, String>> = None;
        for (_, below, operation) in operations(item) {
            let security = operation.get("security").or_else(|| document.get("security"));
            let schemes = items(security).flat_map(keys);
            let by_this: BTreeMap<Place, String> =
                schemes.filter_map(|scheme| Some((places.get(scheme)?.clone(), scheme.clone()))).collect();
            match &mut by_all {
                Some(by_all) => by_all.retain(|place, _| by_this.contains_key(place)),
                None => by_all = Some(by_this.clone()),
            }
            sent.insert(at.join(&below), by_this);
        }
        sent.insert(at, by_all.unwrap_or_default());
    }
    sent
}

/// Returns `true` if a parameter is a token for `Authorization`, by its name and description.
fn is_token(parameter: &Value) -> bool {
    let text = |key: &str| parameter[key].as_str().unwrap_or_default();
    let description = text("description").to_ascii_lowercase();
    is_among(TOKENS, &squashed(text("name"))) && TOKEN_WORDS.iter().any(|words| description.contains(words))
}

/// Returns the scheme that sends a token, if each alternative has one.
fn bearer(document: &Value, security: Option<&Value>) -> Option<String> {
    let schemes = document.pointer("/components/securitySchemes")?;
    let has_token = |name: &str| {
        let scheme = &schemes[name];
        scheme["type"] == "oauth2"
            || scheme["type"] == "openIdConnect"
            || scheme["scheme"].as_str().is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"))
    };
    let of = |alternative| keys(alternative).find(|name| has_token(name));
    let alternatives: Option<Vec<&String>> = items(security).map(of).collect();
    alternatives?.first().map(|name| (*name).clone())
}

/// Returns the alternatives, each with the required schemes. An alternative with another scheme for the same place needs no addition.
fn joined(security: Option<&Value>, needed: &BTreeSet<&String>, places: &BTreeMap<String, Place>) -> Value {
    let none = [json!({})];
    let alternatives = items(security).as_slice();
    let mut joined: Vec<Value> = Vec::new();
    for alternative in if alternatives.is_empty() { &none } else { alternatives } {
        let mut schemes: Members = members(alternative).map(cloned).collect();
        for scheme in needed {
            let has_place = schemes.keys().any(|known| places.get(known) == places.get(*scheme));
            if !has_place {
                schemes.insert((*scheme).clone(), json!([]));
            }
        }
        let schemes = Value::Object(schemes);
        if !joined.contains(&schemes) {
            joined.push(schemes);
        }
    }
    joined.into()
}

/// The endings of names of headers and query parameters that are credentials, without separators and case.
const CREDENTIALS: &str =
    "accesskey accesstoken apikey apisecret apitoken appkey appsecret authkey authtoken subscriptionkey";

/// Names that are a credential only if all operations require them, and there are at least `MANY` operations: others are the token of a
/// mail or of a page.
const USUAL_TOKENS: &str = "token xtoken";
const MANY: usize = 3;

/// A credential that is documented as a parameter.
#[derive(Default)]
struct Credential<'d> {
    /// The declarations of the parameter.
    declared: Vec<(Pointer, &'d Value)>,
    /// The operations that take it, and whether they require it.
    operations: Vec<(Pointer, bool)>,
}

impl Repairer<'_> {
    /// Creates security schemes from parameters, so that the client has the credential and not each call.
    pub(super) fn credential_schemes(&mut self, document: &mut Value) {
        let schemes = components_at("securitySchemes");
        if members(schemes.get(document)).next().is_some() {
            return;
        }
        let credentials = credentials(document);
        // A requirement without a scheme must refer to the only credential.
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
            made.push((name, parameter_name.to_owned(), scheme_of(place, &credential.declared), at.clone(), takers));
        }
        for (name, parameter, scheme, at, takers) in made {
            let home = schemes.key(&name);
            put(document, &home, scheme);
            if home.get(document).is_none() {
                return;
            }
            let text = format!("added a security scheme for the credential in the parameter `{parameter}`");
            self.record.note_from(("credential-scheme", Interpreted), &at, home.clone(), text);
            for (at, is_required) in takers {
                let requirement = json!({ &name: [] });
                let security = if is_required { json!([requirement]) } else { json!([requirement, {}]) };
                put(document, &at.key("security"), security);
                let text = "required the security scheme of the parameter `Authorization`";
                self.record.count(RULE, at.key("security"), text);
            }
        }
    }
}

/// Returns the credentials that become schemes, each by its place in requests.
fn credentials(document: &Value) -> BTreeMap<Place, Credential<'_>> {
    let mut found: BTreeMap<Place, Credential<'_>> = BTreeMap::new();
    let mut all = 0;
    for (_, item_at, item) in path_items(document) {
        for (_, below, operation) in operations(item) {
            all += 1;
            let at = item_at.join(&below);
            for (home, parameter) in parameters_of(&at, operation).chain(parameters_of(&item_at, item)) {
                let Some(parameter) = resolved(document, parameter) else { continue };
                let Some(place) = credential_place(parameter) else { continue };
                let credential = found.entry(place).or_default();
                credential.declared.push((home, parameter));
                if credential.operations.last().is_none_or(|(last, _)| *last != at) {
                    credential.operations.push((at.clone(), parameter["required"] == true));
                }
            }
        }
    }
    found.retain(|place, credential| {
        let takers = credential.operations.iter().filter(|(_, is_required)| *is_required).count();
        let may_differ = credential.declared.iter().any(|(_, parameter)| has_name(parameter, is_usual_token));
        place.is_authorization() || if may_differ { takers == all && all >= MANY } else { takers * 2 >= all }
    });
    found
}

/// Returns the place of a credential; `None` for other parameters.
fn credential_place(parameter: &Value) -> Option<Place> {
    let place = Place::of(parameter)?;
    let kind = parameter.get("schema").and_then(|schema| schema["type"].as_str());
    let is_string = !matches!(kind, Some("array" | "boolean" | "object"));
    let is_credential = is_string
        && matches!(place.location.as_str(), "header" | "query")
        && has_name(parameter, |name| CREDENTIALS.split(' ').any(|end| name.ends_with(end)) || is_usual_token(name));
    (is_credential || place.is_authorization()).then_some(place)
}

fn has_name(parameter: &Value, is: fn(&str) -> bool) -> bool {
    parameter["name"].as_str().is_some_and(|name| is(&squashed(name)))
}

fn is_usual_token(name: &str) -> bool {
    is_among(USUAL_TOKENS, name)
}

/// Returns the scheme that replaces a parameter, based on all its declarations.
fn scheme_of(place: &Place, declared: &[(Pointer, &Value)]) -> Value {
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
        put(&mut scheme, &Pointer::top("description"), description.clone());
    }
    scheme
}
