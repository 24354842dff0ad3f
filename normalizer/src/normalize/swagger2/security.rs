//! Part of `swagger2`: security definitions and requirements.
//!
//! In: §Security Scheme Object, §Security Requirement Object. Out: OpenAPI 3.0.3 §4.7.27 to §4.7.30.
//! Invariant: a requirement names the scheme that it named before.

use serde_json::{Map, Value};

use super::record::MovedNode;
use super::{Convert, Object, text};
use crate::normalize::pass::Weight;

impl Convert<'_> {
    pub(super) fn security_scheme(&mut self, value: &Value, place: &MovedNode) -> Value {
        let Value::Object(scheme) = value else { return value.clone() };
        match text(scheme, "type") {
            Some("basic") => {
                self.record.count("basic", Weight::Same, place, "type `basic` became `http` with the scheme `basic`");
                basic(scheme)
            }
            Some("oauth2") => self.oauth2(scheme, place).unwrap_or_else(|| value.clone()),
            _ => value.clone(),
        }
    }

    /// `None` if 2.0 has no such flow.
    fn oauth2(&mut self, scheme: &Object, place: &MovedNode) -> Option<Value> {
        let written = text(scheme, "flow")?;
        let name = match written {
            "implicit" | "password" => written,
            "application" => "clientCredentials",
            "accessCode" => "authorizationCode",
            _ => return None,
        };
        let mut new = Map::new();
        let mut flow = Map::new();
        let to = place.after.key("flows").key(name);
        for (key, value) in scheme {
            match key.as_str() {
                "flow" => {
                    self.record.moved(&place.before.key(key), &to);
                    self.record.copied(&place.before.key(key), &place.after.key("flows"));
                }
                "authorizationUrl" | "tokenUrl" | "refreshUrl" | "scopes" => {
                    self.record.moved(&place.before.key(key), &to.key(key));
                    flow.insert(key.clone(), value.clone());
                }
                _ => drop(new.insert(key.clone(), value.clone())),
            }
        }
        let text = format!("the flow `{written}` became `flows/{name}`");
        self.record.note("oauth2-flow", Weight::Same, &place.to(to), text);
        let flows = Map::from_iter([(name.to_owned(), Value::Object(flow))]);
        new.insert("flows".to_owned(), Value::Object(flows));
        Some(Value::Object(new))
    }

    /// Security requirements, with the new names of the schemes.
    pub(super) fn requirements(&mut self, value: &Value, place: &MovedNode) -> Value {
        let Value::Array(requirements) = value else { return value.clone() };
        if self.names.all_stay("securityDefinitions") {
            return value.clone();
        }
        let requirement = |(index, requirement)| self.requirement(requirement, &place.index(index));
        requirements.iter().enumerate().map(requirement).collect()
    }

    fn requirement(&mut self, requirement: &Value, place: &MovedNode) -> Value {
        let Value::Object(schemes) = requirement else { return requirement.clone() };
        let mut named = Map::with_capacity(schemes.len());
        for (name, scopes) in schemes {
            let legal = self.names.get("securityDefinitions", name);
            if legal != name {
                self.record.moved(&place.before.key(name), &place.after.key(legal));
            }
            named.insert(legal.to_owned(), scopes.clone());
        }
        Value::Object(named)
    }
}

fn basic(scheme: &Object) -> Value {
    let mut new = scheme.clone();
    new.insert("type".to_owned(), "http".into());
    new.entry("scheme").or_insert("basic".into());
    Value::Object(new)
}
