//! Pass of `normalize`: Swagger 2.0 → OpenAPI 3.0.3.
//!
//! In: a document whose `swagger` says 2.0. Out: the same API in the words of OpenAPI 3.0.3, or every reason why its
//! meaning is not certain. Invariant: every operation and every definition is there afterwards; each reference leads to
//! what it led to before; what 3.0.3 cannot say stays as an `x-` key and is in the ledger. A node that is not shaped as
//! 2.0 asks for goes through as it is, for [`crate::structure`] to name.
//!
//! The sections cited as §x are those of the Swagger 2.0 specification's object tables, by the objects' names.

mod body;
mod form;
mod items;
mod media;
mod names;
mod operations;
mod parameters;
mod record;
mod references;
mod responses;
mod schema;
mod security;
mod servers;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::CANONICAL_VERSION;
use super::pass::{Fault, Passed, Weight};
use crate::pointer::Pointer;
use names::Names;
use record::{MovedNode, Record};
use schema::Subtypes;
use servers::Address;

type Object = Map<String, Value>;

/// Turns a Swagger 2.0 document into an OpenAPI 3.0.3 document.
///
/// # Errors
/// Operations with two bodies, or with two different form fields of one name.
pub(crate) fn pass(value: Value) -> Result<Passed, Vec<Fault>> {
    let Value::Object(document) = &value else { return Ok(Passed { value, ..Passed::default() }) };
    let mut convert = Convert::new(&value, document);
    let mut converted = convert.document(document);
    convert.rewrite_references(&mut converted);
    convert.record.finish(&value, converted)
}

/// A conversion on its way.
struct Convert<'d> {
    /// The whole document as it was.
    document: &'d Value,
    record: Record,
    names: Names,
    subtypes: Subtypes,
    address: Address,
    /// What operations consume and produce that do not say it themselves.
    consumes: Vec<String>,
    produces: Vec<String>,
    /// The definitions of shared form fields that an operation uses.
    used_fields: BTreeSet<Pointer>,
}

/// The sections that become sections of `components`, with their names there.
const SECTIONS: [(&str, &str); 4] = [
    ("definitions", "schemas"),
    ("parameters", "parameters"),
    ("responses", "responses"),
    ("securityDefinitions", "securitySchemes"),
];

impl<'d> Convert<'d> {
    fn new(value: &'d Value, document: &'d Object) -> Self {
        let mut record = Record::default();
        let names = Names::assign(document, &mut record);
        let listed = |key| media::list(document.get(key)).unwrap_or_default();
        Self {
            document: value,
            names,
            subtypes: Subtypes::of(document),
            address: Address::of(document, &mut record),
            consumes: listed("consumes"),
            produces: listed("produces"),
            used_fields: BTreeSet::new(),
            record,
        }
    }

    /// Converts each member of an object; any other value stays as it is.
    fn members<'v>(
        &mut self,
        value: &'v Value,
        place: &MovedNode,
        mut member: impl FnMut(&mut Self, &str, &'v Value, &MovedNode) -> Value,
    ) -> Value {
        let Value::Object(members) = value else { return value.clone() };
        members.iter().map(|(key, value)| (key.clone(), member(self, key, value, &place.key(key)))).collect()
    }

    /// Does something that is written down as a further copy of what has been converted before, if `is_copy`.
    fn copying<T>(&mut self, is_copy: bool, make: impl FnOnce(&mut Self) -> T) -> T {
        let was_copy = self.record.begin_copy(is_copy);
        let made = make(self);
        self.record.end_copy(was_copy);
        made
    }

    /// The schema of the media type at `media`, which the key `schema` at `place` says.
    fn media_schema(&mut self, schema: &Value, is_copy: bool, place: &MovedNode, media: &Pointer) -> Value {
        let at = place.key("schema").to(media.key("schema"));
        self.copying(is_copy, |convert| {
            convert.record.moved(&at.before, &at.after);
            convert.schema(schema, &at)
        })
    }

    /// §Swagger Object. What stands for several keys takes the place of the first of them.
    fn document(&mut self, document: &'d Object) -> Value {
        let components = self.components(document);
        let mut new = Map::new();
        for (key, value) in document {
            let place = MovedNode::same(Pointer::root().key(key));
            match key.as_str() {
                "swagger" => {
                    let place = place.to(Pointer::root().key("openapi"));
                    self.record.moved(&place.before, &place.after);
                    self.record.note("version", Weight::Same, &place, "Swagger 2.0 became OpenAPI 3.0.3");
                    new.insert("openapi".to_owned(), CANONICAL_VERSION.into());
                }
                "openapi" => {}
                "host" | "basePath" | "schemes" if self.address.has_read(key) => {
                    if let Some(servers) = self.address.servers() {
                        new.entry("servers").or_insert(servers);
                    }
                }
                "consumes" | "produces" if media::list(Some(value)).is_some() => {}
                "paths" => {
                    let paths = self.paths(value, &place);
                    new.insert(key.clone(), paths);
                }
                "security" => {
                    let requirements = self.requirements(value, &place);
                    new.insert(key.clone(), requirements);
                }
                _ if (section(key).is_some() || key == "components") && value.is_object() => {
                    new.entry("components").or_insert_with(|| Value::Object(components.clone()));
                }
                _ => {
                    new.insert(key.clone(), value.clone());
                }
            }
        }
        if self.address.is_known()
            && let Some(servers) = self.address.servers()
        {
            new.entry("servers").or_insert(servers);
        }
        self.unused_fields();
        Value::Object(new)
    }

    /// §Definitions, §Parameters Definitions, §Responses Definitions, §Security Definitions Object.
    fn components(&mut self, document: &'d Object) -> Object {
        let mut components = document.get("components").and_then(Value::as_object).cloned().unwrap_or_default();
        for (old, new) in SECTIONS {
            let Some(members) = document.get(old).and_then(Value::as_object) else { continue };
            let place =
                MovedNode { before: Pointer::root().key(old), after: Pointer::root().key("components").key(new) };
            self.record.moved(&place.before, &place.after);
            self.record.copied(&place.before, &Pointer::root().key("components"));
            if !members.is_empty() {
                self.record.count("components", Weight::Same, &place, section_text(old));
            }
            for (name, member) in members {
                let legal = self.names.get(old, name).to_owned();
                let place = MovedNode { before: place.before.key(name), after: place.after.key(&legal) };
                let converted = match old {
                    "definitions" => Some((new, self.definition(name, member, &place))),
                    "parameters" => self.shared_parameter(member, &legal, &place),
                    "responses" => Some((new, self.shared_response(member, &place))),
                    _ => Some((new, self.security_scheme(member, &place))),
                };
                // A body has gone elsewhere by now.
                if legal != *name {
                    self.record.moved(&place.before, &place.after);
                }
                if let Some((section, converted)) = converted {
                    let members = components.entry(section).or_insert_with(|| Value::Object(Map::new()));
                    if let Value::Object(members) = members {
                        members.insert(legal, converted);
                    }
                }
            }
        }
        components
    }
}

/// The section of `components` that a key of the document becomes.
fn section(key: &str) -> Option<&'static str> {
    SECTIONS.iter().find(|(old, _)| *old == key).map(|(_, new)| *new)
}

fn section_text(key: &str) -> &'static str {
    match key {
        "definitions" => "`definitions` became `components/schemas`",
        "parameters" => "`parameters` went to `components`: bodies to `requestBodies`, the others to `parameters`",
        "responses" => "`responses` became `components/responses`",
        _ => "`securityDefinitions` became `components/securitySchemes`",
    }
}

/// The string under a key.
fn text<'v>(members: &'v Object, key: &str) -> Option<&'v str> {
    members.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests;
