//! Part of `swagger2`: paths and operations.
//!
//! In: §Paths Object, §Path Item Object, §Operation Object. Out: OpenAPI 3.0.3 §4.7.8 to §4.7.10.
//! Invariant: no operation is lost or added; unknown keys stay.

use serde_json::{Map, Value};

use super::media::list;
use super::parameters::Sorted;
use super::record::MovedNode;
use super::{Convert, INLINED, Object};
use crate::normalize::pass::Weight;
use crate::structure::grammar::{METHODS, is_extension};

impl<'d> Convert<'d> {
    pub(super) fn paths(&mut self, value: &'d Value, place: &MovedNode) -> Value {
        self.members(value, place, |convert, path, item, place| match item {
            Value::Object(item) if !is_extension(path) => convert.path_or_reference(item, place),
            _ => item.clone(),
        })
    }

    /// OpenAPI 3 describes paths under `paths` only.
    fn path_or_reference(&mut self, item: &'d Object, place: &MovedNode) -> Value {
        let found = if item.len() == 1 { self.follow(item, &place.before) } else { None };
        match found {
            Some((target, origin)) if origin != place.before && Self::member_of("paths", &origin).is_none() => {
                self.record.note("inlined-reference", Weight::Same, place, INLINED);
                let copy = MovedNode::new(&origin, &place.after);
                self.record.moved(&copy);
                self.path_item(target, &copy)
            }
            _ => self.path_item(item, place),
        }
    }

    fn path_item(&mut self, item: &'d Object, place: &MovedNode) -> Value {
        let (mut parameters, shared) = self.parameters(item, place);
        let mut new = Map::with_capacity(item.len());
        let mut has_operation = false;
        for (key, value) in item {
            let is_method = METHODS.contains(&key.as_str());
            has_operation |= is_method;
            let converted = match value {
                Value::Object(operation) if is_method => Some(self.operation(operation, &shared, &place.key(key))),
                Value::Array(_) if key == "parameters" => parameters.take(),
                _ => Some(value.clone()),
            };
            new.extend(converted.map(|converted| (key.clone(), converted)));
        }
        for listed in shared.bodies.iter().chain(&shared.fields) {
            let at = MovedNode::new(&listed.at, &place.after);
            if has_operation {
                let text = "a path's own body or form field went to each of its operations";
                self.record.count("path-body", Weight::Same, &at, text);
            } else {
                let text = format!("the path has no operation that could send `{}`: left out", listed.name());
                self.record.note("path-body-unused", Weight::Lossy, &at, text);
            }
        }
        Value::Object(new)
    }

    fn operation(&mut self, operation: &'d Object, shared: &Sorted<'d>, place: &MovedNode) -> Value {
        let (mut parameters, own) = self.parameters(operation, place);
        let body = self.request_body(&own, shared, operation, place);
        let mut body = body.map(|body| ("requestBody".to_owned(), body));
        let mut new = Map::with_capacity(operation.len());
        for (key, value) in operation {
            let place = place.key(key);
            let converted = match key.as_str() {
                "parameters" if value.is_array() => {
                    new.extend(parameters.take().map(|parameters| (key.clone(), parameters)));
                    new.extend(body.take());
                    continue;
                }
                "consumes" | "produces" if list(Some(value)).is_some() => continue,
                "schemes" if value.is_array() => {
                    new.extend(self.schemes(value, &place));
                    continue;
                }
                "responses" => {
                    let produces = list(operation.get("produces")).unwrap_or_else(|| self.produces.clone());
                    self.responses(value, &produces, &place)
                }
                "security" => self.requirements(value, &place),
                _ => value.clone(),
            };
            new.insert(key.clone(), converted);
        }
        new.extend(body);
        Value::Object(new)
    }

    /// The member that an operation's `schemes` become, if they say anything new.
    fn schemes(&mut self, value: &Value, place: &MovedNode) -> Option<(String, Value)> {
        let Some(schemes) = list(Some(value)) else { return Some(("schemes".to_owned(), value.clone())) };
        if schemes.is_empty() || self.address.has_schemes(&schemes) {
            return None;
        }
        let (key, converted, weight, text) = match self.address.servers_by(schemes) {
            Some(servers) => ("servers", servers, Weight::Same, "`schemes` of an operation became servers of its own"),
            None => (
                "x-schemes",
                value.clone(),
                Weight::Interpreted,
                "`schemes` of an operation of an API without a host are kept as `x-schemes`",
            ),
        };
        let place = place.to(place.after.parent().unwrap_or_default().key(key));
        self.record.moved(&place);
        self.record.count("operation-schemes", weight, &place, text);
        Some((key.to_owned(), converted))
    }
}
