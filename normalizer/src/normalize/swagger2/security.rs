//! Part of `swagger2`: security definitions.
//!
//! In: §Security Scheme Object. Out: OpenAPI 3.0.3 §4.7.27 to §4.7.29. Invariant: a scheme keeps its name.

use serde_json::{Map, Value, json};

use super::convert::Convert;
use super::record::MovedNode;
use crate::json::{Members, set, text};
use crate::normalize::pass::Equivalent;

impl Convert<'_> {
    pub(super) fn security_scheme(&mut self, value: &Value, place: &MovedNode) -> Value {
        let Value::Object(scheme) = value else { return value.clone() };
        let flow = match (text(scheme, "type"), text(scheme, "flow")) {
            (Some("basic"), _) => {
                self.record.count(
                    "basic",
                    Equivalent,
                    place,
                    "replaced the type `basic` with `http` and the scheme `basic`",
                );
                let mut new = scheme.clone();
                set(&mut new, "type", "http");
                new.entry("scheme").or_insert("basic".into());
                return Value::Object(new);
            }
            (Some("oauth2"), Some(flow @ ("implicit" | "password"))) => flow,
            (Some("oauth2"), Some("application")) => "clientCredentials",
            (Some("oauth2"), Some("accessCode")) => "authorizationCode",
            _ => return value.clone(),
        };
        self.oauth2(scheme, flow, place)
    }

    /// A scheme whose flow 3.0 calls `name`.
    fn oauth2(&mut self, scheme: &Members, name: &str, place: &MovedNode) -> Value {
        let (mut new, mut flow) = (Map::new(), Map::new());
        let flows = place.after.key("flows");
        let to = flows.key(name);
        for (key, value) in scheme {
            let before = place.before.key(key);
            match key.as_str() {
                "flow" => {
                    self.record.moved(&MovedNode::new(&before, &to));
                    self.record.copied(&before, flows.clone());
                }
                "authorizationUrl" | "tokenUrl" | "refreshUrl" | "scopes" => {
                    self.record.moved(&MovedNode { before, after: to.key(key) });
                    flow.insert(key.clone(), value.clone());
                }
                _ => drop(new.insert(key.clone(), value.clone())),
            }
        }
        let text = format!("moved the flow `{}` to `flows/{name}`", text(scheme, "flow").unwrap_or_default());
        self.record.note("oauth2-flow", Equivalent, &place.to(to), text);
        set(&mut new, "flows", json!({ name: flow }));
        Value::Object(new)
    }
}
