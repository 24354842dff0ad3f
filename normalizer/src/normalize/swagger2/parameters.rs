//! Part of `swagger2`: arrays of parameters, and parameters that stay parameters.
//!
//! In: §Parameter Object, written or referred to. Out: OpenAPI 3.0.3 §4.7.12; bodies and form fields are set apart for
//! their operations. Invariant: what a parameter is gets decided by what its reference leads to.

use serde_json::{Map, Value};

use super::items::{Location, Writing};
use super::record::MovedNode;
use super::{Convert, Object, text};
use crate::normalize::pass::Weight;
use crate::pointer::Pointer;

/// One item of an array of parameters.
#[derive(Clone, Debug)]
pub(super) struct Listed<'d> {
    /// The item as it is written.
    pub(super) written: &'d Value,
    /// Where it is written.
    pub(super) at: Pointer,
    /// The parameter itself.
    pub(super) members: &'d Object,
    /// Where that is.
    pub(super) origin: Pointer,
}

impl Listed<'_> {
    pub(super) fn is_reference(&self) -> bool {
        self.at != self.origin
    }

    pub(super) fn name(&self) -> &str {
        text(self.members, "name").unwrap_or_default()
    }
}

/// The parameters of an array that become part of a request body.
#[derive(Clone, Debug, Default)]
pub(super) struct Sorted<'d> {
    pub(super) bodies: Vec<Listed<'d>>,
    pub(super) fields: Vec<Listed<'d>>,
}

impl<'d> Convert<'d> {
    /// Converts an array of parameters; bodies and form fields are taken out of it.
    pub(super) fn parameters(&mut self, list: &'d [Value], place: &MovedNode) -> (Vec<Value>, Sorted<'d>) {
        let mut stay = Vec::new();
        let mut sorted = Sorted::default();
        for (index, written) in list.iter().enumerate() {
            let at = place.before.index(index);
            let found = written.as_object().and_then(|object| self.follow(object, &at));
            let to = MovedNode { before: at.clone(), after: place.after.index(stay.len()) };
            let Some((members, origin)) = found else {
                self.record.moved(&to.before, &to.after);
                stay.push(written.clone());
                continue;
            };
            let listed = Listed { written, at, members, origin };
            match text(members, "in") {
                Some("body") => sorted.bodies.push(listed),
                Some("formData") => sorted.fields.push(listed),
                _ => stay.push(self.listed_parameter(&listed, &to)),
            }
        }
        (stay, sorted)
    }

    /// A reference to a shared parameter stays one. OpenAPI 3 has no references to other places.
    fn listed_parameter(&mut self, listed: &Listed<'d>, place: &MovedNode) -> Value {
        if !listed.is_reference() {
            return self.parameter(listed.members, place);
        }
        if Self::member_of("parameters", &listed.origin).is_some() {
            self.record.moved(&place.before, &place.after);
            return listed.written.clone();
        }
        let text = "a reference to something other than a shared object: replaced with a copy";
        self.record.note("inlined-reference", Weight::Same, place, text);
        let copy = MovedNode { before: listed.origin.clone(), after: place.after.clone() };
        let converted = self.parameter(listed.members, &copy);
        self.record.moved(&place.before, &place.after);
        converted
    }

    /// A member of `parameters`: its section of `components`, and what it is there. `None` for form fields, which are
    /// part of the bodies of their operations.
    pub(super) fn shared_parameter(
        &mut self,
        value: &'d Value,
        name: &str,
        place: &MovedNode,
    ) -> Option<(&'static str, Value)> {
        let Some(object) = value.as_object() else { return Some(("parameters", value.clone())) };
        let is_reference = object.get("$ref").is_some_and(Value::is_string);
        let found = self.follow(object, &place.before);
        match found.and_then(|(members, _)| text(members, "in")) {
            Some("formData") => None,
            Some("body") => {
                let to = Pointer::root().key("components").key("requestBodies").key(name);
                let consumes = self.consumes.clone();
                let (members, origin) = found_or(self.follow(object, &place.before), object, place);
                let listed = Listed { written: value, at: origin.clone(), members, origin };
                self.record.moved(&place.before, &to);
                if let Some((before, after)) = place.before.parent().zip(to.parent()) {
                    self.record.copied(&before, &after);
                }
                Some(("requestBodies", self.body(&listed, &consumes, &to)))
            }
            _ if is_reference => Some(("parameters", value.clone())),
            _ => Some(("parameters", self.parameter(object, place))),
        }
    }

    /// A parameter in a path, a query or a header.
    fn parameter(&mut self, members: &Object, place: &MovedNode) -> Value {
        let location = match text(members, "in") {
            Some("path" | "header") => Location::Simple,
            Some("query" | "cookie") => Location::Form,
            // For `structure` to name.
            _ => {
                self.record.moved(&place.before, &place.after);
                return Value::Object(members.clone());
            }
        };
        let mut new = self.described(members, place, location);
        if text(members, "in") == Some("path") && members.get("required") != Some(&Value::Bool(true)) {
            let name = text(members, "name").unwrap_or_default();
            let text = format!("the path parameter `{name}` is required: a path without it is another path");
            self.record.note("path-parameter-required", Weight::Interpreted, place, text);
            self.record.copied(&place.before, &place.after.key("required"));
            new.insert("required".to_owned(), true.into());
        }
        Value::Object(new)
    }

    /// What parameters and headers have in common: a schema, a style, examples.
    pub(super) fn described(&mut self, members: &Object, place: &MovedNode, location: Location) -> Object {
        let to = place.to(place.after.key("schema"));
        self.record.moved(&place.before, &place.after);
        self.record.copied(&place.before, &to.after);
        let written = self.written(members, &to, location);
        let mut new = Map::new();
        for (key, value) in written.rest {
            let kept = match key.as_str() {
                "schema" => self.schema(&value, &place.key("schema")),
                _ => value,
            };
            new.insert(key, kept);
        }
        match written.writing {
            Writing::List(style, explode) => {
                let has_format = members.contains_key("collectionFormat");
                let origin = if has_format { place.before.key("collectionFormat") } else { place.before.clone() };
                self.record.copied(&origin, &place.after.key("style"));
                self.record.copied(&origin, &place.after.key("explode"));
                new.insert("style".to_owned(), style.into());
                new.insert("explode".to_owned(), explode.into());
            }
            Writing::Unknown(format) => drop(new.insert("collectionFormat".to_owned(), format)),
            Writing::Single | Writing::Joined(_) => {}
        }
        if new.contains_key("schema") {
            // Two descriptions of one value: the other keywords stay where they are, for `structure` to name.
            for (key, value) in written.schema {
                new.entry(key).or_insert(value);
            }
        } else if written.schema.is_empty() && !new.contains_key("content") {
            let text = "its values are not described: any string";
            self.record.note("untyped", Weight::Interpreted, place, text);
            new.insert("schema".to_owned(), serde_json::json!({ "type": "string" }));
        } else if !written.schema.is_empty() {
            new.insert("schema".to_owned(), Value::Object(written.schema));
        }
        self.examples(&mut new, place);
        new
    }

    /// `x-example` and `x-examples`, which vendors use because 2.0 has no examples of parameters.
    pub(super) fn examples(&mut self, new: &mut Object, place: &MovedNode) {
        let has_examples = |new: &Object| new.contains_key("example") || new.contains_key("examples");
        if !has_examples(new)
            && let Some(example) = new.shift_remove("x-example")
        {
            self.record.moved(&place.before.key("x-example"), &place.after.key("example"));
            self.record.count("example", Weight::Interpreted, place, "`x-example` became `example`");
            new.insert("example".to_owned(), example);
        }
        if !has_examples(new)
            && let Some(examples) = new.get("x-examples").and_then(named_examples)
        {
            new.shift_remove("x-examples");
            self.record.moved(&place.before.key("x-examples"), &place.after.key("examples"));
            self.record.count("examples", Weight::Interpreted, place, "`x-examples` became `examples`");
            new.insert("examples".to_owned(), examples);
        }
    }
}

fn found_or<'d>(found: Option<(&'d Object, Pointer)>, object: &'d Object, place: &MovedNode) -> (&'d Object, Pointer) {
    found.unwrap_or_else(|| (object, place.before.clone()))
}

/// Examples by name (OpenAPI 3.0.3 §4.7.19); what is not written as an example object is an example's value.
pub(super) fn named_examples(value: &Value) -> Option<Value> {
    let members = value.as_object().filter(|members| !members.is_empty())?;
    let example = |value: &Value| match value.as_object() {
        Some(members) if members.contains_key("value") || members.contains_key("externalValue") => value.clone(),
        _ => serde_json::json!({ "value": value }),
    };
    Some(Value::Object(members.iter().map(|(name, value)| (name.clone(), example(value))).collect()))
}
