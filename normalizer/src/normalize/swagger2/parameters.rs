//! Part of `swagger2`: arrays of parameters, and parameters that stay parameters.
//!
//! In: §Parameter Object, written or referred to. Out: OpenAPI 3.0.3 §4.7.12; bodies and form fields are set apart for
//! their operations. Invariant: the object at the end of a parameter's references decides what the parameter is.

use foldhash::HashSet;
use serde_json::{Value, json};

use super::convert::{Convert, INLINED, MovedNode};
use super::schema::Location;
use crate::json::{Members, array, has_any, set, text};
use crate::normalize::pass::{Equivalent, Interpreted};
use crate::pointer::Pointer;
use crate::structure::grammar::components_at;

/// Whether a parameter says in the words of Swagger 2.0 what its values are and how an array of them is sent.
pub(super) fn has_format(parameter: &Members) -> bool {
    let has = |key| parameter.contains_key(key);
    has("collectionFormat") && has("type") && !has("schema") && !has("content")
}

/// One item of an array of parameters.
#[derive(Clone)]
pub(super) struct Listed<'d> {
    /// The item as it is written.
    pub(super) written: &'d Value,
    /// Where it is written.
    pub(super) at: Pointer,
    /// The parameter itself.
    pub(super) members: &'d Members,
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

    /// The parameter at `after`, in the place of the item. References to the item lead there, too.
    pub(super) fn moved(&self, convert: &mut Convert<'_>, after: &Pointer) -> MovedNode {
        if self.is_reference() {
            convert.moved(&MovedNode::new(&self.at, after));
        }
        let place = MovedNode::new(&self.origin, after);
        convert.moved(&place);
        place
    }
}

/// The parameters of an array that become part of a request body.
#[derive(Default)]
pub(super) struct Sorted<'d> {
    pub(super) bodies: Vec<Listed<'d>>,
    pub(super) fields: Vec<Listed<'d>>,
}

impl Sorted<'_> {
    /// What an operation with these sends: the form fields of its path, unless it has one of the same name itself, and the body of its path,
    /// unless it has one.
    pub(super) fn with_inherited(mut self, inherited: &Self) -> Self {
        let names: HashSet<&str> = self.fields.iter().map(Listed::name).collect();
        let fields = inherited.fields.iter().filter(|field| !names.contains(field.name()));
        self.fields = fields.chain(&self.fields).cloned().collect();
        if self.bodies.is_empty() {
            self.bodies.clone_from(&inherited.bodies);
        }
        self
    }
}

impl<'d> Convert<'d> {
    /// The parameters of an operation or path that stay parameters, if there are any, and the others.
    pub(super) fn parameters(&mut self, holder: &'d Members, place: &MovedNode) -> (Option<Value>, Sorted<'d>) {
        let mut sorted = Sorted::default();
        let Some(list) = array(holder, "parameters") else { return (None, sorted) };
        let place = place.key("parameters");
        let mut stay = Vec::new();
        for (index, written) in list.iter().enumerate() {
            let at = place.before.index(index);
            let found = self.follow(written, &at);
            let to = MovedNode::new(&at, &place.after.index(stay.len()));
            let Some((members, origin)) = found else {
                self.moved(&to);
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
        let stay = Some(stay).filter(|stay| !stay.is_empty() || list.is_empty());
        (stay.map(Value::Array), sorted)
    }

    /// A reference to a shared parameter stays one. OpenAPI 3 has no references to other places.
    fn listed_parameter(&mut self, listed: &Listed<'d>, place: &MovedNode) -> Value {
        self.moved(place);
        if self.is_left_over {
            if has_format(listed.members) && !listed.is_reference() {
                return self.format_left_over(listed.members, place);
            }
            return listed.written.clone();
        }
        if !listed.is_reference() {
            return self.parameter(listed.members, place);
        }
        if self.is_shared(&listed.origin) {
            return listed.written.clone();
        }
        self.note(("inlined-reference", Equivalent), place, INLINED);
        self.parameter(listed.members, &MovedNode::new(&listed.origin, &place.after))
    }

    /// Whether a parameter is shared: in OpenAPI 3, only such can be referred to.
    pub(super) fn is_shared(&self, origin: &Pointer) -> bool {
        origin.parent().is_some_and(|parent| parent == self.shared)
    }

    /// A member of `parameters`: its section of `components`, and its value there. `None` for form fields.
    pub(super) fn shared_parameter(
        &mut self,
        value: &'d Value,
        name: &str,
        place: &MovedNode,
    ) -> Option<(&'static str, Value)> {
        let found = self.follow(value, &place.before);
        let Some((members, origin)) = found else { return Some(("parameters", value.clone())) };
        match text(members, "in") {
            Some("formData") => None,
            Some("body") => {
                let section = components_at("requestBodies");
                let to = section.key(name);
                let consumes = self.consumes.clone();
                self.moved(&place.to(to.clone()));
                self.copied(&self.shared.clone(), section);
                let listed = Listed { written: value, at: origin.clone(), members, origin };
                Some(("requestBodies", self.body(&listed, &consumes, &to)))
            }
            _ if origin != place.before => Some(("parameters", value.clone())),
            _ => Some(("parameters", self.parameter(members, place))),
        }
    }

    /// A parameter in a path, a query or a header.
    pub(super) fn parameter(&mut self, members: &Members, place: &MovedNode) -> Value {
        self.moved(place);
        let location = match text(members, "in") {
            Some("path" | "header") => Location::Simple,
            Some("query" | "cookie") => Location::Form,
            // For `structure` to name.
            _ => return members.clone().into(),
        };
        self.described(members, place, location).into()
    }

    /// What parameters and headers have in common: a schema, a style, examples.
    pub(super) fn described(&mut self, members: &Members, place: &MovedNode, location: Location) -> Members {
        let to = place.to(place.after.key("schema"));
        self.moved(place);
        self.copied(&place.before, to.after.clone());
        let written = self.written(members, &to, location);
        let mut new = written.rest;
        if let Some(schema) = new.get_mut("schema") {
            *schema = self.schema(schema, &place.key("schema"));
        }
        if let Some((style, explode)) = written.style {
            let has_format = members.contains_key("collectionFormat");
            let origin = if has_format { place.before.key("collectionFormat") } else { place.before.clone() };
            self.copied(&origin, place.after.key("style"));
            self.copied(&origin, place.after.key("explode"));
            set(&mut new, "style", style);
            set(&mut new, "explode", explode);
        }
        if new.contains_key("schema") {
            // Two descriptions of one value: the other keywords stay where they are, for `structure` to name.
            for (key, value) in written.schema {
                new.entry(key).or_insert(value);
            }
        } else if !written.schema.is_empty() {
            set(&mut new, "schema", written.schema);
        } else if !new.contains_key("content") {
            self.note(("untyped", Interpreted), place, "assumed undescribed values to be strings");
            set(&mut new, "schema", json!({ "type": "string" }));
        }
        self.examples(&mut new, place);
        new
    }

    /// `x-example` and `x-examples`, which vendors use because 2.0 has no examples of parameters.
    fn examples(&mut self, new: &mut Members, place: &MovedNode) {
        for (from, to, text) in [
            ("x-example", "example", "renamed `x-example` to `example`"),
            ("x-examples", "examples", "renamed `x-examples` to `examples`"),
        ] {
            let is_free = !has_any(new, &["example", "examples"]);
            let found = new.get(from).filter(|_| is_free);
            let found =
                found.and_then(|value| if to == "examples" { named_examples(value) } else { Some(value.clone()) });
            if let Some(found) = found {
                new.shift_remove(from);
                set(new, to, found);
                self.moved(&place.renamed(from, to));
                self.count((to, Interpreted), place, text);
            }
        }
    }
}

/// Examples by name (OpenAPI 3.0.3 §4.7.19); what is not written as an example object is an example's value.
fn named_examples(value: &Value) -> Option<Value> {
    let members = value.as_object().filter(|members| !members.is_empty())?;
    let example = |value: &Value| match value.as_object() {
        Some(members) if has_any(members, &["value", "externalValue"]) => value.clone(),
        _ => json!({ "value": value }),
    };
    Some(Value::Object(members.iter().map(|(name, value)| (name.clone(), example(value))).collect()))
}
