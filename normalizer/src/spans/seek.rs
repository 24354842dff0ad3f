//! The place of a single node, from the parser that `load` uses: slow (it reads the text again for each node), and right
//! where saphyr refuses a text that `load` takes, such as a closing bracket in the column of its key.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::ByteRange;
use crate::pointer::Pointer;
use crate::spans::Highlight;

/// What the walk says when it has arrived; the error's position is the answer.
const FOUND: &str = "the node that is sought";

/// The bytes of the node's key, or of the first line of its value.
pub(super) fn node(text: &str, pointer: &Pointer, place: Highlight) -> Option<ByteRange> {
    let path: Vec<String> = pointer.segments().collect();
    let document = serde_yaml::Deserializer::from_str(text).next()?;
    let error = Seek { path: &path, place }.deserialize(document).err()?;
    if !error.to_string().contains(FOUND) {
        return None;
    }
    let start = error.location()?.index();
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

/// The way that is left.
#[derive(Clone, Copy)]
struct Seek<'p> {
    path: &'p [String],
    place: Highlight,
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Seek<'_> {
    /// Arrived, or at a node that has nothing below it.
    fn end<E: Error>(self) -> Result<(), E> {
        if self.path.is_empty() { Err(E::custom(FOUND)) } else { Ok(()) }
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.end()
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.end()
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.end()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.end()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.end()
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<(), E> {
        self.end()
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<(), E> {
        self.end()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.end()
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.end()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.path.split_first() else { return self.end() };
        let Ok(index) = first.parse::<usize>() else { return Ok(()) };
        for _ in 0..index {
            if access.next_element::<IgnoredAny>()?.is_none() {
                return Ok(());
            }
        }
        access.next_element_seed(Seek { path: rest, ..self })?;
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.path.split_first() else { return self.end() };
        let sought = (rest.is_empty() && self.place == Highlight::Key).then_some(first.as_str());
        while let Some(key) = access.next_key_seed(Key { sought })? {
            if key == *first {
                return access.next_value_seed(Seek { path: rest, ..self });
            }
            access.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        access.variant_seed(Key { sought: None })?.1.newtype_variant_seed(self)
    }
}

/// A mapping key; the one that is sought ends the walk.
struct Key<'p> {
    sought: Option<&'p str>,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a mapping key")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<String, E> {
        if self.sought == Some(value) { Err(E::custom(FOUND)) } else { Ok(value.to_owned()) }
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
        assert_eq!(at("/b/d", Highlight::Value), None);
        assert_eq!(at("/ü/k/7", Highlight::Value), None);
    }

    #[test]
    fn helps_where_saphyr_stops() {
        let spans = crate::spans::Spans::of(TEXT);
        let span = spans.find(&Pointer::parse("/ü/k/1/two").unwrap(), Highlight::Key).unwrap();
        assert_eq!(&TEXT[span], "two");
    }
}
