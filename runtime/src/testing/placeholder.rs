//! Placeholder values for tests. Feature `test`.
//!
//! In: a type. Out: a value that is as empty as the type allows. Invariant: construction terminates for recursive
//! types, and the value is also valid on the wire.

mod macros;

use std::any::TypeId;
use std::collections::BTreeMap;

use serde_json::Value as JsonValue;
use uuid::Uuid;

use crate::body::File;
use crate::model::object::Optional;
use crate::types::{Base64, Date, DateTime, Decimal, Duration, Maybe, Secret, Time, UnknownJson};
use crate::wire::{self, JsonObject};

/// The maximum nesting of types.
const DEPTH: usize = 64;

/// The maximum number of values with members in one value.
const VALUES: usize = 4096;

/// A type with a placeholder value, which [`placeholder`] creates. All types of an API implement it.
pub trait Placeholder: Sized + 'static {
    /// Creates the value, or `None` if it would contain itself.
    #[doc(hidden)]
    fn placeholder(maker: &mut Maker) -> Option<Self>;
}

/// Creates a value with as little in it as the type allows, also of types that are only received and have no constructor.
///
/// | type | value |
/// |---|---|
/// | an object | placeholders for required properties, optional ones absent or their default |
/// | a string, a number, a boolean | empty, 0, `false` |
/// | an array, a map | empty |
/// | an enumeration, also of one value | the first value |
/// | a union | the first variant that can be made, with its discriminator |
/// | a nullable type | `null` |
/// | a date, a time, a duration, a UUID | 2000-01-01, midnight UTC, zero, nil |
///
/// Returns `None` for a type that requires itself, so that no JSON document is a value of it. Such schemas are rare.
///
/// ```
/// use clientwright_runtime::testing::placeholder;
/// use clientwright_runtime::{DateTime, UnknownString, codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// #[non_exhaustive]
/// struct Job { id: String, state: State, since: DateTime, tasks: Vec<Job>, parent: Option<Box<Job>> }
/// codegen::object!(Job { "id" => id, "state" => state, "since" => since, "tasks" => tasks, "parent" => parent? });
///
/// #[derive(Clone, PartialEq)]
/// #[non_exhaustive]
/// enum State { Waiting, Done, Unknown(UnknownString) }
/// codegen::string_enum!(State { Waiting => "WAITING", Done => "DONE" });
///
/// let mut job: Job = placeholder().unwrap();
/// job.id = "7".into();
/// assert_eq!(wire::to_string(&job), r#"{"id":"7","state":"WAITING","since":"2000-01-01T00:00:00Z","tasks":[]}"#);
/// ```
#[must_use]
pub fn placeholder<T: Placeholder>() -> Option<T> {
    T::placeholder(&mut Maker::new(false)).or_else(|| T::placeholder(&mut Maker::new(true)))
}

/// A builder of placeholder values.
#[doc(hidden)]
#[derive(Debug)]
pub struct Maker {
    /// The types under construction, from outer to inner.
    within: Vec<TypeId>,
    /// The number of values that may still be created.
    left: usize,
    /// Whether a union becomes `Unknown` if no variant can be created.
    with_unknown: bool,
    /// The discriminator that the next object must have: the property and its value.
    tag: Option<(&'static str, &'static str)>,
    /// The value of the next string.
    text: Option<&'static str>,
}

impl Maker {
    fn new(with_unknown: bool) -> Self {
        Self { within: Vec::new(), left: VALUES, with_unknown, tag: None, text: None }
    }

    /// Creates a value of a possibly recursive type, or `None` inside such a value.
    pub fn nested<T: 'static>(&mut self, make: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let id = TypeId::of::<T>();
        if self.within.contains(&id) || self.within.len() >= DEPTH {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        self.within.push(id);
        let made = make(self);
        self.within.pop();
        made
    }

    /// Creates the value of a property.
    pub fn field<P: PlaceholderField<T>, T>(&mut self, tag: Option<(&str, &'static str)>, name: &str) -> Option<T> {
        self.text = tag.filter(|(property, _)| *property == name).map(|(_, value)| value);
        let made = P::make(self);
        self.text = None;
        made
    }

    /// Creates a variant whose object has this discriminator.
    pub fn tagged<T: Placeholder>(&mut self, property: &'static str, tags: &[&'static str]) -> Option<T> {
        self.tag = tags.first().map(|tag| (property, *tag));
        let made = T::placeholder(self);
        self.tag = None;
        made
    }

    /// Takes the discriminator that this object must have.
    pub fn take_tag(&mut self) -> Option<(&'static str, &'static str)> {
        self.tag.take()
    }

    /// Takes the value that this string must have.
    pub fn take_text(&mut self) -> Option<&'static str> {
        self.text.take()
    }

    /// Returns the value of a union for which no variant can be created.
    pub fn unknown(&self) -> Option<UnknownJson> {
        self.with_unknown.then(|| UnknownJson::from(JsonValue::Null))
    }
}

/// How the value of a property is created: `()` if it is required, `(Optional,)` if not.
#[doc(hidden)]
pub trait PlaceholderField<T> {
    /// Creates the value.
    fn make(maker: &mut Maker) -> Option<T>;
}

impl<T: Placeholder> PlaceholderField<T> for () {
    fn make(maker: &mut Maker) -> Option<T> {
        T::placeholder(maker)
    }
}

impl<T: Default> PlaceholderField<T> for (Optional,) {
    fn make(_: &mut Maker) -> Option<T> {
        Some(T::default())
    }
}

macro_rules! default {
    ($($type:ty $(where $parameter:ident: $bound:lifetime)?),*) => {$(
        impl $(<$parameter: $bound>)? Placeholder for $type {
            fn placeholder(_: &mut Maker) -> Option<Self> {
                Some(Self::default())
            }
        }
    )*};
}

default!((), bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, Uuid, JsonValue, JsonObject);
default!(Option<T> where T: 'static, Maybe<T> where T: 'static, Vec<T> where T: 'static);
default!(BTreeMap<String, T> where T: 'static);

macro_rules! read {
    ($($type:ty: $json:literal),*) => {$(
        impl Placeholder for $type {
            fn placeholder(_: &mut Maker) -> Option<Self> {
                wire::from_slice($json).ok()
            }
        }
    )*};
}

read!(
    DateTime: br#""2000-01-01T00:00:00Z""#,
    Date: br#""2000-01-01""#,
    Time: br#""00:00:00Z""#,
    Duration: br#""PT0S""#,
    Decimal: b"0",
    Base64: br#""""#
);

impl Placeholder for String {
    fn placeholder(maker: &mut Maker) -> Option<Self> {
        Some(maker.take_text().unwrap_or_default().to_owned())
    }
}

impl Placeholder for File {
    fn placeholder(_: &mut Maker) -> Option<Self> {
        Some(Self::from(""))
    }
}

impl<T: Placeholder> Placeholder for Secret<T> {
    fn placeholder(maker: &mut Maker) -> Option<Self> {
        T::placeholder(maker).map(Self::from)
    }
}

impl<T: Placeholder> Placeholder for Box<T> {
    fn placeholder(maker: &mut Maker) -> Option<Self> {
        T::placeholder(maker).map(Self::new)
    }
}

macro_rules! tuples {
    ($(($($type:ident),*))*) => {$(
        impl<$($type: Placeholder),*> Placeholder for ($($type),*) {
            fn placeholder(maker: &mut Maker) -> Option<Self> {
                Some(($($type::placeholder(maker)?),*))
            }
        }
    )*};
}

tuples!((A, B)(A, B, C)(A, B, C, D)(A, B, C, D, E)(A, B, C, D, E, F)(A, B, C, D, E, F, G)(A, B, C, D, E, F, G, H));
