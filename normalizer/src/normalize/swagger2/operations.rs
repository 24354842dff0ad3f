//! Part of `swagger2`: paths and operations.
//!
//! In: §Paths Object, §Path Item Object, §Operation Object. Out: OpenAPI 3.0.3 §4.7.8 to §4.7.10.
//! Invariant: no operation is lost or added; unknown keys stay.

use serde_json::{Map, Value};

use super::media::list;
use super::parameters::Sorted;
use super::record::MovedNode;
use super::servers::Override;
use super::{Convert, Object};
use crate::normalize::pass::Weight;
use crate::structure::grammar::is_extension;

/// The operations that a path of 2.0 can have.
pub(super) const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

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
                let text = "a reference to something other than a shared object: replaced with a copy";
                self.record.note("inlined-reference", Weight::Same, place, text);
                let copy = MovedNode { before: origin, after: place.after.clone() };
                self.record.moved(&copy.before, &copy.after);
                self.path_item(target, &copy)
            }
            _ => self.path_item(item, place),
        }
    }

    fn path_item(&mut self, item: &'d Object, place: &MovedNode) -> Value {
        let (mut parameters, shared) = self.own_parameters(item, place);
        let mut new = Map::with_capacity(item.len());
        for (key, value) in item {
            match value {
                Value::Object(operation) if METHODS.contains(&key.as_str()) => {
                    let operation = self.operation(operation, &shared, &place.key(key));
                    new.insert(key.clone(), operation);
                }
                Value::Array(_) if key == "parameters" => {
                    if let Some(parameters) = parameters.take() {
                        new.insert(key.clone(), parameters);
                    }
                }
                _ => drop(new.insert(key.clone(), value.clone())),
            }
        }
        for listed in shared.bodies.iter().chain(&shared.fields) {
            let has_operation = item.keys().any(|key| METHODS.contains(&key.as_str()));
            let at = MovedNode { before: listed.at.clone(), after: place.after.clone() };
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

    /// The parameters of an operation or path that stay parameters, if there are any, and the others.
    fn own_parameters(&mut self, members: &'d Object, place: &MovedNode) -> (Option<Value>, Sorted<'d>) {
        let Some(Value::Array(list)) = members.get("parameters") else { return (None, Sorted::default()) };
        let (stay, sorted) = self.parameters(list, &place.key("parameters"));
        let stay = Some(stay).filter(|stay| !stay.is_empty() || list.is_empty());
        (stay.map(Value::Array), sorted)
    }

    fn operation(&mut self, operation: &'d Object, shared: &Sorted<'d>, place: &MovedNode) -> Value {
        let (mut parameters, own) = self.own_parameters(operation, place);
        let mut body = self.request_body(&own, shared, operation, place);
        let mut new = Map::with_capacity(operation.len());
        for (key, value) in operation {
            let place = place.key(key);
            match key.as_str() {
                "parameters" if value.is_array() => {
                    if let Some(parameters) = parameters.take() {
                        new.insert(key.clone(), parameters);
                    }
                    if let Some(body) = body.take() {
                        new.insert("requestBody".to_owned(), body);
                    }
                }
                "responses" => {
                    let produces = self.produces(operation);
                    new.insert(key.clone(), self.responses(value, &produces, &place));
                }
                "consumes" | "produces" if list(Some(value)).is_some() => {}
                "schemes" => self.schemes(value, &mut new, &place),
                "security" => drop(new.insert(key.clone(), self.requirements(value, &place))),
                _ => drop(new.insert(key.clone(), value.clone())),
            }
        }
        if let Some(body) = body.take() {
            new.insert("requestBody".to_owned(), body);
        }
        Value::Object(new)
    }

    fn schemes(&mut self, value: &Value, new: &mut Object, place: &MovedNode) {
        let Some(schemes) = list(Some(value)) else {
            new.insert("schemes".to_owned(), value.clone());
            return;
        };
        let parent = place.after.parent().unwrap_or_default();
        match self.address.override_by(schemes) {
            Override::None => {}
            Override::Keep => {
                let place = place.to(parent.key("x-schemes"));
                self.record.moved(&place.before, &place.after);
                let text = "`schemes` of an operation of an API without a host are kept as `x-schemes`";
                self.record.count("operation-schemes", Weight::Interpreted, &place, text);
                new.insert("x-schemes".to_owned(), value.clone());
            }
            Override::Servers(servers) => {
                let place = place.to(parent.key("servers"));
                self.record.moved(&place.before, &place.after);
                let text = "`schemes` of an operation became servers of its own";
                self.record.count("operation-schemes", Weight::Same, &place, text);
                new.insert("servers".to_owned(), servers);
            }
        }
    }
}
