//! Part of `swagger2`: schemas.
//!
//! In: §Schema Object. Out: OpenAPI 3.0.3 §4.7.24. Invariant: only `x-nullable`, `type: file` and `discriminator` are
//! rewritten; everything else is the same in both and stays in its place.

use serde_json::{Map, Value, json};

use super::convert::{Convert, MovedNode};
use crate::json::{Members, set, text};
use crate::limits::MAX_DEPTH;
use crate::normalize::discriminator_values;
use crate::normalize::pass::{Equivalent, Interpreted};
use crate::normalize::reference::local;
use crate::pointer::Pointer;
use crate::structure::grammar::Kind;
use crate::structure::slots::{Slot, Versions};

impl Convert<'_> {
    pub(super) fn definition(&mut self, name: &str, value: &Value, place: &MovedNode) -> Value {
        let mut converted = self.schema(value, place);
        if let Some(Value::Object(discriminator)) = converted.get_mut("discriminator")
            && value["discriminator"].is_string()
        {
            let mapping = self.mapping(name);
            if !mapping.is_empty() {
                let place = place.key("discriminator");
                let to = place.after.key("mapping");
                for value in mapping.keys() {
                    self.copied(&place.before, to.key(value));
                }
                self.copied(&place.before, to);
                set(discriminator, "mapping", mapping);
            }
        }
        converted
    }

    /// §Schema Object, `discriminator`: its values are the names of the definitions that extend the base. Vendors let a
    /// definition say another value.
    fn mapping(&mut self, base: &str) -> Members {
        let mut mapping = Map::new();
        for name in self.subtypes.below(base) {
            let before = Pointer::top("definitions").key(&name);
            let said = before.get(self.document).and_then(discriminator_values::stated);
            let target = local(&before);
            if let Some((key, value)) = said {
                let text = format!("set the discriminator value `{value}`, from `{key}`");
                let after = self.record.provenance.after(&before);
                self.note(("discriminator-value", Interpreted), &MovedNode { before, after }, text);
            }
            let value = said.map_or(name.as_str(), |(_, value)| value);
            set(&mut mapping, value, target);
        }
        mapping
    }

    pub(super) fn schema(&mut self, value: &Value, place: &MovedNode) -> Value {
        self.schema_at(value, place, 0)
    }

    fn schema_at(&mut self, value: &Value, place: &MovedNode, depth: usize) -> Value {
        match value {
            Value::Object(members) if depth <= MAX_DEPTH => self.schema_members(members, place, depth).into(),
            _ => value.clone(),
        }
    }

    pub(super) fn schema_members(&mut self, members: &Members, place: &MovedNode, depth: usize) -> Members {
        let is_nullable = members.get("x-nullable").is_some_and(Value::is_boolean) && !members.contains_key("nullable");
        let mut new = Map::with_capacity(members.len());
        for (key, value) in members {
            let place = place.key(key);
            let converted = match (Slot::SCHEMA.below(key, value, Versions::OpenApi3), value) {
                (Slot::Map(Kind::Schema), _) => {
                    self.members(value, &place, |convert, _, member, place| convert.schema_at(member, place, depth + 1))
                }
                // A single one may stand where an array belongs.
                (Slot::SCHEMA | Slot::List(Kind::Schema), Value::Object(_)) => self.schema_at(value, &place, depth + 1),
                (Slot::List(Kind::Schema), Value::Array(items)) => {
                    let item = |(index, item)| self.schema_at(item, &place.index(index), depth + 1);
                    items.iter().enumerate().map(item).collect()
                }
                (Slot::One(Kind::Discriminator), _) => self.discriminator(value, &place),
                _ => value.clone(),
            };
            let key = if is_nullable && key == "x-nullable" { "nullable" } else { key };
            set(&mut new, key, converted);
        }
        // `type: file` is not a type of OpenAPI 3 (§Response Object, §Parameter Object).
        if text(members, "type") == Some("file") {
            set(&mut new, "type", "string");
            set(&mut new, "format", "binary");
            self.count(("file", Equivalent), place, "replaced the type `file` with `string` and the format `binary`");
        }
        if is_nullable {
            self.moved(&place.renamed("x-nullable", "nullable"));
            self.count(("nullable", Interpreted), place, "renamed `x-nullable` to `nullable`");
        }
        new
    }

    /// In OpenAPI 3 a discriminator is an object; its mapping leads to the schemas that the definitions became.
    fn discriminator(&mut self, value: &Value, place: &MovedNode) -> Value {
        if let Value::String(property) = value {
            self.moved(&place.to(place.after.key("propertyName")));
            let text = "changed a `discriminator` into an object that maps the extending definitions";
            self.count(("discriminator", Equivalent), place, text);
            return json!({ "propertyName": property });
        }
        let mut new = value.clone();
        if let Some(Value::Object(mapping)) = new.get_mut("mapping") {
            // The name of a definition becomes a reference.
            for target in mapping.values_mut() {
                let Value::String(text) = target else { continue };
                let named = Pointer::top("definitions").key(text);
                if named.get(self.document).is_some() {
                    *text = local(&named);
                }
            }
        }
        new
    }
}
