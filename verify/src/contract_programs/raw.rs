//! Part of `contract`: values of schemas that the IR has no type for, made from the document itself.
//!
//! In: a schema that became "any JSON value", such as a union whose branches look alike. Out: a value of it, as far as
//! it can be made out.
//!
//! Invariant: bounded like the walk that it is part of. What the IR has a type for is made from the IR.

use serde_json::{Map, Number, Value};

use super::scalar::Scalars;
use super::value::{Known, Missing, Mode, Walk, Why, Wish};
use clientwright::ir::{Api, Bounds, Integer, Number as Width, Owner, Shape, Text, Type, TypeId, TypeRef};
use clientwright_normalizer::pointer::Pointer;

/// How deep schemas are looked into.
const DEEPEST: usize = 8;
/// Keywords that a value of any kind might violate.
const STRUCTURE: [&str; 9] =
    ["$ref", "additionalProperties", "allOf", "anyOf", "enum", "items", "oneOf", "properties", "type"];

/// Makes values from schemas of the document, as a part of a walk.
pub(super) struct Raw<'r, 'w, 'a> {
    pub(super) walk: &'r mut Walk<'w, 'a>,
    pub(super) wish: Wish,
}

impl<'a> Raw<'_, '_, 'a> {
    /// A value of the schema at a place; `None` if the schema says nothing about it.
    pub(super) fn at(&mut self, at: &Pointer) -> Option<Result<Value, Missing>> {
        let schema = self.walk.values.document.pointer(at.as_str())?;
        let says = STRUCTURE.iter().any(|keyword| schema.get(keyword).is_some());
        // What comes to nothing here is either too deep or comes back to itself.
        says.then(|| self.schema(schema, 0).ok_or(Missing { at: at.clone(), why: Why::Endless }))
    }

    fn schema(&mut self, schema: &'a Value, depth: usize) -> Option<Value> {
        if depth > DEEPEST || !self.walk.counts_one_more() {
            return None;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.referenced(reference, depth);
        }
        let list = |key: &str| schema.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let values = list("enum");
        if !values.is_empty() {
            return values.get(self.wish.turn % values.len()).cloned();
        }
        let mut whole = self.own(schema, depth);
        for branches in [list("oneOf"), list("anyOf")] {
            let order = branches.iter().cycle().skip(self.wish.turn).take(branches.len());
            let chosen = order.filter_map(|branch| self.schema(branch, depth + 1)).next();
            whole = merge(whole, chosen);
        }
        for part in list("allOf") {
            let part = self.schema(part, depth + 1);
            whole = merge(whole, part);
        }
        whole
    }

    fn referenced(&mut self, reference: &str, depth: usize) -> Option<Value> {
        let at = percent_encoding::percent_decode_str(reference.strip_prefix('#')?).decode_utf8().ok()?;
        let values = self.walk.values;
        let known = component(values.api, &at).filter(|id| !values.is_any(*id));
        match known {
            Some(id) => self.walk.value(TypeRef::of(id), self.wish, &Known::default()).ok(),
            None => self.schema(values.document.pointer(&at)?, depth + 1),
        }
    }

    /// What the schema's own keywords ask for, its compositions aside.
    fn own(&mut self, schema: &'a Value, depth: usize) -> Option<Value> {
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        let shape = match text("type") {
            Some("object") => return self.object(schema, depth),
            None if schema.get("properties").is_some() => return self.object(schema, depth),
            Some("array") => {
                let count = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1).clamp(1, 64);
                let item =
                    schema.get("items").map_or(Some(Value::from("text")), |items| self.schema(items, depth + 1))?;
                return Some((0..count).map(|_| item.clone()).collect());
            }
            Some("boolean") => Shape::Boolean,
            Some("integer") => Shape::Integer(Integer::I32),
            Some("number") => Shape::Number(Width::F32),
            Some("string") => Shape::Text(Text::Plain),
            _ => return None,
        };
        let mut ty = Type::new(Pointer::root(), Owner::Component(String::new()), shape);
        ty.format = text("format").map(str::to_owned);
        ty.bounds = bounds(schema);
        ty.default = schema.get("default").cloned();
        ty.example = schema.get("example").cloned();
        ty.sent = true;
        Scalars { ty: &ty, wish: self.wish, hints: &[] }.value().ok()
    }

    fn object(&mut self, schema: &'a Value, depth: usize) -> Option<Value> {
        let required = schema.get("required").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let is_required = |name: &str| required.iter().any(|other| other == name);
        let mut entries = Map::new();
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let read_only = property.get("readOnly") == Some(&Value::Bool(true));
            if read_only || !(is_required(name) || self.wish.mode == Mode::Full) {
                continue;
            }
            match self.schema(property, depth + 1) {
                Some(value) => {
                    entries.insert(name.clone(), value);
                }
                None if property.as_object().is_some_and(Map::is_empty) => {
                    entries.insert(name.clone(), Value::from("text"));
                }
                None if is_required(name) => return None,
                None => {}
            }
        }
        Some(Value::Object(entries))
    }
}

/// Two parts of a value: objects are joined, else the later one counts.
fn merge(whole: Option<Value>, part: Option<Value>) -> Option<Value> {
    match (whole, part) {
        (Some(Value::Object(mut whole)), Some(Value::Object(part))) => {
            whole.extend(part);
            Some(Value::Object(whole))
        }
        (whole, part) => part.or(whole),
    }
}

/// The component schema at a place, if there is one.
fn component(api: &Api, at: &str) -> Option<TypeId> {
    let found = api.types.iter().find(|(_, ty)| ty.is_component() && ty.origin.as_str() == at);
    found.map(|(id, _)| id)
}

fn bounds(schema: &Value) -> Bounds {
    let number = |key: &str| schema.get(key).and_then(Value::as_number).cloned();
    let count = |key: &str| schema.get(key).and_then(Value::as_u64);
    let is_true = |key: &str| schema.get(key) == Some(&Value::Bool(true));
    let limit = |key: &str, excluded: &str| number(key).map(|limit: Number| (limit, is_true(excluded)));
    Bounds {
        minimum: limit("minimum", "exclusiveMinimum"),
        maximum: limit("maximum", "exclusiveMaximum"),
        multiple_of: number("multipleOf"),
        min_length: count("minLength"),
        max_length: count("maxLength"),
        pattern: schema.get("pattern").and_then(Value::as_str).map(str::to_owned),
        ..Bounds::default()
    }
}
