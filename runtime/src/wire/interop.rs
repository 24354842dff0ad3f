//! Codec, serde: the same documents through any serde format. Feature `serde`.
//!
//! Serializing writes the value as JSON and replays that into the serializer; deserializing collects what the deserializer
//! has into JSON and decodes that. So each model costs two thin impls, and both ways show exactly what the codec does.
//! Invariant: the order of properties and the precision of numbers survive; the depth is limited both ways.

use std::cell::RefCell;
use std::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};

use super::error::DecodeError;
use super::json_type::JsonType;
use super::reader::Reader;
use super::writer::Writer;
use super::{DEPTH_LIMIT, Decode, Encode, from_slice, to_vec};

/// Serializes a value as the JSON that it is written as.
pub fn serialize<S: Serializer>(value: &dyn Encode, serializer: S) -> Result<S::Ok, S::Error> {
    let json = to_vec(value);
    let replay = Replay(RefCell::new(Reader::new(&json)));
    replay.serialize(serializer)
}

/// Deserializes a value from anything that can be said in JSON.
#[inline]
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut writer = Writer::new();
    deserializer.deserialize_any(Collect { writer: &mut writer, depth: 0 })?;
    from_slice(&writer.into_bytes()).map_err(D::Error::custom)
}

/// Serializes the value that comes next. Serde hands out shared references only, hence the cell.
struct Replay<'j>(RefCell<Reader<'j>>);

impl<'j> Replay<'j> {
    fn pull<T, E: serde_core::ser::Error>(
        &self,
        read: impl FnOnce(&mut Reader<'j>) -> Result<T, DecodeError>,
    ) -> Result<T, E> {
        let mut reader = self.0.try_borrow_mut().map_err(E::custom)?;
        read(&mut reader).map_err(E::custom)
    }
}

impl Serialize for Replay<'_> {
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

/// A number in the narrowest of serde's types that holds it.
fn number<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if let Ok(value) = text.parse::<u64>() {
        serializer.serialize_u64(value)
    } else if let Ok(value) = text.parse::<i64>() {
        // An integer has no negative zero, a float has.
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

/// Writes what a deserializer has as JSON.
struct Collect<'w> {
    writer: &'w mut Writer,
    depth: u32,
}

impl Collect<'_> {
    fn deeper<E: serde_core::de::Error>(&mut self) -> Result<Collect<'_>, E> {
        if self.depth >= DEPTH_LIMIT {
            return Err(E::custom("recursion limit exceeded"));
        }
        Ok(Collect { writer: self.writer, depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Collect<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Property under which `serde_json` hands out numbers when built with `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

impl<'de> Visitor<'de> for Collect<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.writer.bool(value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.writer.i64(value);
        Ok(())
    }

    fn visit_i128<E>(self, value: i128) -> Result<(), E> {
        self.writer.raw(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.writer.u64(value);
        Ok(())
    }

    fn visit_u128<E>(self, value: u128) -> Result<(), E> {
        self.writer.raw(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.writer.f64(value);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.writer.str(value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.writer.null();
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.writer.null();
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        self.writer.begin_array();
        while elements.next_element_seed(Element(self.deeper()?))?.is_some() {}
        self.writer.end_array();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut properties: A) -> Result<(), A::Error> {
        let mut first = true;
        while let Some(name) = properties.next_key_seed(Name)? {
            if first && name == NUMBER {
                let text: String = properties.next_value()?;
                let number: serde_json::Number = text.parse().map_err(A::Error::custom)?;
                self.writer.raw(&number.to_string());
                return Ok(());
            }
            if first {
                self.writer.begin_object();
            }
            first = false;
            self.writer.key(&name);
            properties.next_value_seed(self.deeper()?)?;
        }
        if first {
            self.writer.begin_object();
        }
        self.writer.end_object();
        Ok(())
    }
}

/// An element is announced only when it turns out that there is one.
struct Element<'w>(Collect<'w>);

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.writer.element();
        deserializer.deserialize_any(self.0)
    }
}

/// Name of a property. Some formats have keys other than strings, which are written as `serde_json` writes them.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Name {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property name")
    }

    fn visit_str<E>(self, name: &str) -> Result<String, E> {
        Ok(name.to_owned())
    }

    fn visit_string<E>(self, name: String) -> Result<String, E> {
        Ok(name)
    }

    fn visit_bool<E>(self, name: bool) -> Result<String, E> {
        Ok(name.to_string())
    }

    fn visit_i64<E>(self, name: i64) -> Result<String, E> {
        Ok(name.to_string())
    }

    fn visit_u64<E>(self, name: u64) -> Result<String, E> {
        Ok(name.to_string())
    }
}
