//! Codec, serde: models in any serde format. Feature `serde`.
//!
//! Serializing writes the model as JSON and passes the JSON to the serializer. Deserializing writes the deserializer's
//! value as JSON and decodes it. So a model needs only two small impls, and both behave exactly like the codec.
//! Invariants: the order of properties and the precision of numbers are kept. The depth is limited both ways.

use std::cell::RefCell;
use std::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value as JsonValue;

use super::error::DecodeError;
use super::json_type::JsonType;
use super::reader::{DEPTH_LIMIT, Reader};
use super::traits::{Decode, Encode, from_slice, to_vec};
use super::writer::Writer;

/// Serializes a value as its JSON.
pub fn serialize<S: Serializer>(value: &dyn Encode, serializer: S) -> Result<S::Ok, S::Error> {
    let json = to_vec(value);
    let value = Serializable(RefCell::new(Reader::new(&json)));
    value.serialize(serializer)
}

/// Deserializes a value from any format, via JSON.
#[inline]
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut writer = Writer::new();
    deserializer.deserialize_any(JsonVisitor { writer: &mut writer, depth: 0 })?;
    from_slice(&writer.into_bytes()).map_err(D::Error::custom)
}

/// Serializes the reader's next value. Serde passes only shared references, hence the cell.
struct Serializable<'j>(RefCell<Reader<'j>>);

impl<'j> Serializable<'j> {
    fn pull<T, E: serde_core::ser::Error>(
        &self,
        read: impl FnOnce(&mut Reader<'j>) -> Result<T, DecodeError>,
    ) -> Result<T, E> {
        let mut reader = self.0.try_borrow_mut().map_err(E::custom)?;
        read(&mut reader).map_err(E::custom)
    }
}

impl Serialize for Serializable<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.pull(Reader::peek_type)? {
            JsonType::Null => {
                self.pull(Reader::null)?;
                serializer.serialize_unit()
            }
            JsonType::Boolean => serializer.serialize_bool(self.pull(Reader::bool)?),
            JsonType::Integer | JsonType::Number => number(self.pull(Reader::number)?, serializer),
            JsonType::String => serializer.serialize_str(&self.pull(|reader| reader.str().map(str::to_owned))?),
            JsonType::Array => {
                let mut elements = serializer.serialize_seq(None)?;
                let mut more = self.pull(Reader::array_start)?;
                while more {
                    elements.serialize_element(self)?;
                    more = self.pull(Reader::array_next)?;
                }
                elements.end()
            }
            JsonType::Object => {
                let mut properties = serializer.serialize_map(None)?;
                let mut key = self.pull(Reader::object_start)?;
                while let Some(name) = key {
                    properties.serialize_entry(&*name, self)?;
                    key = self.pull(Reader::object_next)?;
                }
                properties.end()
            }
        }
    }
}

/// Serializes a number as the smallest of serde's types that can represent it.
fn number<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if let Ok(value) = text.parse::<u64>() {
        serializer.serialize_u64(value)
    } else if let Ok(value) = text.parse::<i64>() {
        // A negative zero must be a float: integers have no negative zero.
        if value == 0 { serializer.serialize_f64(-0.0) } else { serializer.serialize_i64(value) }
    } else if let Ok(value) = text.parse::<i128>() {
        serializer.serialize_i128(value)
    } else {
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => serializer.serialize_f64(value),
            _ => Err(S::Error::custom("number out of range")),
        }
    }
}

/// Writes the value of a deserializer as JSON.
struct JsonVisitor<'w> {
    writer: &'w mut Writer,
    depth: u32,
}

impl JsonVisitor<'_> {
    fn deeper<E: serde_core::de::Error>(&mut self) -> Result<JsonVisitor<'_>, E> {
        if self.depth >= DEPTH_LIMIT {
            return Err(E::custom("recursion limit exceeded"));
        }
        Ok(JsonVisitor { writer: self.writer, depth: self.depth + 1 })
    }
}

/// Writes an element of an array or the value of a property. The comma is written when there is an element.
impl<'de> DeserializeSeed<'de> for JsonVisitor<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.writer.element();
        deserializer.deserialize_any(self)
    }
}

/// The property that contains a number of `serde_json` with its feature `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// The methods of a visitor for values, each with the code that writes the value.
macro_rules! visits {
    ($self:ident; $($visit:ident($($value:ident: $type:ty)?) => $written:expr;)+) => {$(
        fn $visit<E>($self $(, $value: $type)?) -> Result<(), E> {
            $written;
            Ok(())
        }
    )+};
}

impl<'de> Visitor<'de> for JsonVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    visits! { self;
        visit_bool(value: bool) => self.writer.bool(value);
        visit_i64(value: i64) => self.writer.i64(value);
        visit_i128(value: i128) => self.writer.raw(&value.to_string());
        visit_u64(value: u64) => self.writer.u64(value);
        visit_u128(value: u128) => self.writer.raw(&value.to_string());
        visit_f64(value: f64) => self.writer.by_serde(&value);
        visit_str(value: &str) => self.writer.str(value);
        visit_unit() => self.writer.null();
        visit_none() => self.writer.null();
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        self.writer.begin_array();
        while elements.next_element_seed(self.deeper()?)?.is_some() {}
        self.writer.end_array();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut properties: A) -> Result<(), A::Error> {
        let mut key = properties.next_key::<JsonValue>()?;
        if key.as_ref().is_some_and(|key| key == NUMBER) {
            let text: String = properties.next_value()?;
            let number: serde_json::Number = text.parse().map_err(A::Error::custom)?;
            self.writer.raw(&number.to_string());
            return Ok(());
        }
        self.writer.begin_object();
        while let Some(next) = key {
            self.writer.key(&name::<A::Error>(next)?);
            properties.next_value_seed(self.deeper()?)?;
            key = properties.next_key()?;
        }
        self.writer.end_object();
        Ok(())
    }
}

/// Returns the name of a property. Some formats have keys other than strings, which are written as in `serde_json`.
fn name<E: serde_core::de::Error>(key: JsonValue) -> Result<String, E> {
    match key {
        JsonValue::String(name) => Ok(name),
        JsonValue::Bool(_) => Ok(key.to_string()),
        JsonValue::Number(number) if !number.is_f64() => Ok(number.to_string()),
        _ => Err(E::custom("expected a property name")),
    }
}
