//! Part of `swagger2`: arrays of parameters, and parameters that stay parameters.
//!
//! In: §Parameter Object, inline or as a reference. Out: OpenAPI 3.0.3 §4.7.12; bodies and form fields are separated
//! for their operations. Invariant: the object at the end of a parameter's references determines the kind of the
//! parameter.

use foldhash::HashSet;
use serde_json::{Value, json};

use super::convert::{Convert, INLINED, MovedNode};
use super::schema::Location;
use crate::json::{Members, array, has_any, set, text};
use crate::normalize::pass::{Equivalent, Interpreted};
use crate::pointer::Pointer;
use crate::structure::grammar::components_at;

/// Returns `true` if a parameter describes its values, an array, with keywords of Swagger 2.0.
pub(super) fn has_format(parameter: &Members) -> bool {
    let has = |key| parameter.contains_key(key);
    has("collectionFormat") && has("type") && !has("schema") && !has("content")
}

/// An item in an array of parameters.
#[derive(Clone)]
pub(super) struct Listed<'d> {
    /// The item, which may be a reference.
    pub(super) written: &'d Value,
    /// The pointer to the item.
    pub(super) at: Pointer,
    /// The parameter after following references.
    pub(super) members: &'d Members,
    /// The pointer to that parameter.
    pub(super) origin: Pointer,
}

impl Listed<'_> {
    pub(super) fn is_reference(&self) -> bool {
        self.at != self.origin
    }

    pub(super) fn name(&self) -> &str {
        text(self.members, "name").unwrap_or_default()
    }

    /// Records that the parameter is now at `after`, in place of the item. References to the item also lead there.
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
    /// Returns the parameters that an operation sends: its own, the form fields of its path with other names, and the body of its path if
    /// it has none.
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
    /// Returns the parameters of an operation or path that stay parameters, if there are any, and the others.
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

    /// Converts an item. A reference to a shared parameter stays one; OpenAPI 3 has no references to other places.
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

    /// Returns `true` if a parameter is shared: in OpenAPI 3, only shared parameters can be referred to.
    pub(super) fn is_shared(&self, origin: &Pointer) -> bool {
        origin.parent().is_some_and(|parent| parent == self.shared)
    }

    /// Converts a shared parameter: returns its section of `components`, and its value there. `None` for form fields.
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

    /// Converts a parameter in a path, a query or a header.
    pub(super) fn parameter(&mut self, members: &Members, place: &MovedNode) -> Value {
        self.moved(place);
        let location = match text(members, "in") {
            Some("path" | "header") => Location::Simple,
            Some("query" | "cookie") => Location::Form,
            // Reported by `structure`.
            _ => return members.clone().into(),
        };
        self.described(members, place, location).into()
    }

    /// Converts the common parts of parameters and headers: a schema, a style, examples.
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
            // There are two descriptions of one value: the other keywords are unchanged, and `structure` reports them.
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

    /// Renames `x-example` and `x-examples`, which vendors use because 2.0 has no examples of parameters.
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

/// Returns examples by name (OpenAPI 3.0.3 §4.7.19); anything except an example object is wrapped as an example's
/// value.
fn named_examples(value: &Value) -> Option<Value> {
    let members = value.as_object().filter(|members| !members.is_empty())?;
    let example = |value: &Value| match value.as_object() {
        Some(members) if has_any(members, &["value", "externalValue"]) => value.clone(),
        _ => json!({ "value": value }),
    };
    Some(Value::Object(members.iter().map(|(name, value)| (name.clone(), example(value))).collect()))
}
