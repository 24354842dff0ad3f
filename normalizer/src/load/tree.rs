//! The walk from serde's events to a [`Value`], which notes what a plain decode would lose, and where.

use std::fmt;
use std::ops::Range;

use memchr::memchr2_iter;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_json::{Map, Number, Value};

use super::number;
use crate::certain::Certain;
use crate::limits::Budget;
use crate::pointer::Pointer;
use crate::spelling::is_among;

/// The message of a parser for a key that is an array or an object. That error can only be recognized by its message.
pub(super) const KEY_EXPECTED: &str = "expected a string";

/// A fact that the value itself cannot represent.
pub(super) enum What {
    /// A duplicate key.
    Duplicate,
    /// A YAML tag.
    Tag(String),
    /// A merge key (`<<`) with a value other than an object.
    BadMerge,
    /// The number of members removed because their pointers are too long, noted at the object with the first.
    TooLong(usize),
    /// A number that may be inexact: as a float, or `None` for NaN.
    Number(Option<f64>),
}

/// The notes of a walk, each with its pointer.
pub(super) type Notes = Vec<(Pointer, What)>;

/// The state of a walk, positioned at the node to read.
pub(super) struct Build {
    /// The node being read.
    path: Pointer,
    found: Notes,
    /// The bytes and nodes that may still be created. Aliases multiply; the budget limits them.
    budget: Budget,
    /// Whether `<<` is YAML's merge key, and not an ordinary key.
    merges: bool,
    /// The maximum length of a pointer to a node, in bytes.
    max_pointer: usize,
    /// The number of members removed because of their pointers, and the object with the first of them.
    too_long: Option<(Pointer, usize)>,
    /// Whether floats have to be compared with their text.
    is_inexact: bool,
}

impl Build {
    /// Starts a walk over this text.
    pub(super) fn new(text: &str, merges: bool, max_pointer: usize) -> Self {
        Self {
            path: Pointer::root(),
            found: Notes::new(),
            budget: Budget::of(text.len().saturating_mul(8).saturating_add(1_000_000)),
            merges,
            max_pointer,
            too_long: None,
            is_inexact: number::has_inexact(text),
        }
    }

    /// Returns `true` if the walk ended because aliases multiplied too much.
    pub(super) fn exhausted(&self) -> bool {
        !self.budget.spend(0)
    }

    pub(super) fn found(mut self) -> Notes {
        self.found.extend(self.too_long.map(|(at, count)| (at, What::TooLong(count))));
        self.found
    }

    fn note(&mut self, what: What) {
        self.found.push((self.path.clone(), what));
    }

    /// Returns `true` if the pointer to a member is too long; the member is then removed.
    fn is_too_long(&mut self, key: &str) -> bool {
        let is_too_long = self.path.as_str().len() + key.len() >= self.max_pointer;
        if is_too_long {
            self.too_long.get_or_insert_with(|| (self.path.clone(), 0)).1 += 1;
        }
        is_too_long
    }

    /// Enters the member or item `key`.
    fn inside<T>(&mut self, key: &str, visit: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.enter(key);
        let result = visit(self);
        self.path.truncate(length);
        result
    }

    fn spend<E: Error>(&mut self, cost: usize) -> Result<(), E> {
        if self.budget.spend(cost) { Ok(()) } else { Err(E::custom("aliases expand without bound")) }
    }
}

impl<'de> DeserializeSeed<'de> for &mut Build {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.spend(1)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Build {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    // serde_json reads numbers beyond 64 bits as floats only. Generators write the bounds of a double this way, and
    // those are exact.
    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        // An infinite number is rounded to the largest float; NaN has no nearest float.
        let number = Number::from_f64(value.clamp(f64::MIN, f64::MAX));
        if value.is_infinite() || number.is_none() || self.is_inexact {
            self.note(What::Number(number.as_ref().map(|_| value)));
        }
        Ok(number.map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.spend(value.len())?;
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(value) = self.inside(&items.len().to_string(), |build| access.next_element_seed(build))? {
            items.push(value);
        }
        // Most arrays and many objects have one item, but capacity for four.
        items.shrink_to_fit();
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        let mut merges = Vec::new();
        while let Some(key) = access.next_key::<String>()? {
            self.spend(key.len() + 1)?;
            if self.is_too_long(&key) {
                access.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = self.inside(&key, |build| access.next_value_seed(build))?;
            if key == "<<" && self.merges {
                merges.push(value);
                continue;
            }
            match map.get_mut(&key) {
                Some(known) => {
                    self.inside(&key, |build| build.note(What::Duplicate));
                    join(known, value);
                }
                None => drop(map.insert(key, value)),
            }
        }
        // YAML 1.1's merge key: the object's own members take precedence, then earlier merged objects.
        for value in merges {
            let mappings = match value {
                Value::Array(items) => items,
                other => vec![other],
            };
            for mapping in mappings {
                let Value::Object(members) = mapping else {
                    self.inside("<<", |build| build.note(What::BadMerge));
                    continue;
                };
                for (key, value) in members {
                    map.entry(key).or_insert(value);
                }
            }
        }
        Ok(Value::Object(if map.len() == 1 { map.into_iter().collect() } else { map }))
    }

    /// Notes the tag of a YAML node, and reads the node without it.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (tag, content) = access.variant::<String>()?;
        self.note(What::Tag(tag));
        content.newtype_variant_seed(self)
    }
}

/// Adds the second value of a duplicate key. Two objects without a common key are one object written in two places.
fn join(known: &mut Value, second: Value) {
    match (known, second) {
        (Value::Object(known), Value::Object(second)) if second.keys().all(|key| !known.contains_key(key)) => {
            known.extend(second);
        }
        (known, second) => *known = second,
    }
}

/// Returns `true` if the text may have tags or anchors that serde does not show. The check is fast; false positives are harmless.
pub(super) fn may_be_annotated(text: &str) -> bool {
    text.contains("%TAG") || memchr2_iter(b'!', b'&', text.as_bytes()).any(|at| may_annotate(text, at))
}

/// Returns `true` if the `!` or `&` at this byte may begin a tag or an anchor.
fn may_annotate(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at_checked(at).certain("a match begins at a character");
    // Not in the middle of a word or of a template such as `{id}{&page}`.
    let outer = before.strip_suffix(['{', '[']).unwrap_or(before);
    if outer.ends_with(|last: char| !last.is_whitespace() && !matches!(last, '{' | '[' | ',' | ':')) {
        return false;
    }
    let mut name = after.chars().skip(1).take(64).take_while(|c| !c.is_whitespace() && !matches!(c, ',' | ']' | '}'));
    if after.starts_with('!') {
        // The walk sees local tags (`!name`).
        return matches!(name.next(), Some('!' | '<'));
    }
    // `&quot;` is an entity in prose; anchors have no such names.
    name.next().is_some_and(|first| first != ';') && !name.any(|c| c == ';')
}

/// Returns `true` if an expanded tag is one of YAML's own tags for the types of JSON.
pub(super) fn is_core_tag(tag: &str) -> bool {
    let name = tag.strip_prefix("tag:yaml.org,2002:").unwrap_or_default();
    // The walk has already reported other local tags (`!name`).
    tag.starts_with('!') || is_among("str int float bool null map seq", name)
}

/// Returns the position of the anchor name at or right before the node that begins at `start`.
pub(super) fn anchor_name(text: &str, start: usize) -> Option<Range<usize>> {
    let sign = if text.get(start..)?.starts_with('&') { start } else { text.get(..start)?.rfind('&')? };
    let name = text.get(sign + 1..)?;
    let length = name.find(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}'));
    Some(sign + 1..sign + 1 + length.unwrap_or(name.len()))
}
