//! The place of a single node, from the parser that `load` uses: slow (it reads the text again for each node), and right
//! where saphyr refuses a text that `load` takes, such as a closing bracket in the column of its key.
//!
//! The parser tells a position only with an error, so the walk goes down to the node and fails there.

use std::cell::Cell;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::{ByteRange, Highlight};
use crate::pointer::Pointer;

/// The bytes of the node's key, or of the first line of its value.
pub(super) fn node(text: &str, pointer: &Pointer, place: Highlight) -> Option<ByteRange> {
    let path: Vec<String> = pointer.segments().collect();
    let document = serde_yaml::Deserializer::from_str(text).next()?;
    let arrived = Cell::new(false);
    let error = Seek { path: &path, place, arrived: &arrived }.deserialize(document).err()?;
    let start = error.location().filter(|_| arrived.get())?.index();
    let line = text.get(start..)?.lines().next()?;
    let key = path.last().filter(|_| place == Highlight::Key);
    let length = key.and_then(|key| key_length(line, key)).unwrap_or(line.trim_end().len());
    Some(start..start + length)
}

/// The length of a key that begins the line, quotes included.
fn key_length(line: &str, key: &str) -> Option<usize> {
    match line.chars().next()? {
        quote @ ('"' | '\'') => line.get(1..)?.find(quote).map(|end| end + 2),
        _ => line.starts_with(key).then_some(key.len()),
    }
}

/// The way that is left to the node.
#[derive(Clone, Copy)]
struct Seek<'p> {
    path: &'p [String],
    place: Highlight,
    arrived: &'p Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.arrived.set(self.path.is_empty());
        deserializer.deserialize_any(self)
    }
}

/// At the node, whatever there is is an error. So is a scalar on the way: there is nothing below it.
impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.path.split_first() else { return Err(A::Error::custom("the node")) };
        let Ok(index) = first.parse::<usize>() else { return Ok(()) };
        for _ in 0..index {
            if access.next_element::<IgnoredAny>()?.is_none() {
                return Ok(());
            }
        }
        access.next_element_seed(Seek { path: rest, ..self }).map(|_| ())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.path.split_first() else { return Err(A::Error::custom("the node")) };
        let wants_key = rest.is_empty() && self.place == Highlight::Key;
        while let Some(found) = access.next_key_seed(Key { name: first, ends: wants_key.then_some(self.arrived) })? {
            if found {
                return access.next_value_seed(Seek { path: rest, ..self });
            }
            access.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        if self.path.is_empty() {
            return Err(A::Error::custom("the node"));
        }
        access.variant::<IgnoredAny>()?.1.newtype_variant_seed(self)
    }
}

/// Whether a key is the one by this name. If the walk `ends` there, that is an error at its place.
struct Key<'p> {
    name: &'p str,
    ends: Option<&'p Cell<bool>>,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<bool, E> {
        match self.ends {
            Some(arrived) if value == self.name => {
                arrived.set(true);
                Err(E::custom("the key"))
            }
            _ => Ok(value == self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// saphyr stops at the bracket in the key's column.
    const TEXT: &str = "ü:\n  list: {\n    a: 1\n  }\n  'k': &x [one, two: 2]\nz: *x\n? b\n: !t {c: yes}\n";

    fn at(pointer: &str, place: Highlight) -> Option<&'static str> {
        let pointer = Pointer::parse(pointer).unwrap();
        node(TEXT, &pointer, place).map(|span| &TEXT[span])
    }

    #[test]
    fn finds_what_load_reads() {
        assert_eq!(at("/ü/k", Highlight::Key), Some("'k'"));
        assert_eq!(at("/ü/k/1/two", Highlight::Key), Some("two"));
        assert_eq!(at("/ü/k/1/two", Highlight::Value), Some("2]"));
        assert_eq!(at("/z", Highlight::Key), Some("z"));
        assert_eq!(at("/b/c", Highlight::Value), Some("yes}"));
        assert_eq!(at("/z", Highlight::Value), Some("&x [one, two: 2]"));
        assert_eq!(at("/b", Highlight::Value), Some("!t {c: yes}"));
        assert_eq!(at("/b/d", Highlight::Value), None);
        assert_eq!(at("/ü/k/0/x", Highlight::Value), None);
        assert_eq!(at("/ü/k/7", Highlight::Value), None);
    }

    #[test]
    fn helps_where_saphyr_stops() {
        let spans = crate::spans::Spans::of(TEXT);
        let span = spans.find(&Pointer::parse("/ü/k/1/two").unwrap(), Highlight::Key).unwrap();
        assert_eq!(&TEXT[span], "two");
    }
}
