//! Codec, macros. In: one line per property, variant or test. Out: the impls of a type.
//!
//! A generated crate consists mostly of these expansions, so they are small: one call per field and direction, to
//! functions of [`object`](super::object). An optional part of the syntax becomes a type in parentheses: `()` if it is missing,
//! `(Marker)` or `(Optional,)` if it is present. Invariants: all paths to types and traits are absolute, because a schema
//! may be named `Option`; no generated function or tuple struct has a name such as `Some` or `Ok`. Each function is
//! `#[inline]`, so that it is compiled only where it is used.

/// Implements the codec of a struct with named fields: a JSON object.
///
/// Each property has one line, in the order of writing:
///
/// - `"key" => field` is required. An `Option` field may be `null`, and `None` is written as `null`.
/// - `"key" => field?` is optional. The field is an `Option<T>` or a [`Maybe<T>`](crate::Maybe), which distinguishes
///   absent from `null`. `null` is read as `None`, unless `null` is [a value](crate::wire::Decode::null) of `T`. `None`
///   is not written.
/// - `"key" => field = 20` has a default, for absent and for `null`. It is always written. For an `Option<T>` whose
///   `null` is a value, the line is `"key" => field =? Some(20)`.
/// - `"key" => field as Marker` and `"key" => field? as Option<Marker>` have another JSON form than their type, such as
///   [`Quoted`](crate::codegen::Quoted). The marker applies to the whole type of the field.
/// - `.. => field` is last and collects all other properties into a `BTreeMap<String, T>` or a `JsonObject`. For values
///   with a marker, it is followed by `as BTreeMap<String, Marker>`. A request with an entry of a declared
///   name is refused. Without this line, other properties are skipped.
///
/// A declared property that occurs twice is an error. In a response, its last value takes precedence.
///
/// ```
/// use std::collections::BTreeMap;
/// use clientwright_runtime::{Maybe, codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// struct Branch {
///     name: String,
///     parent: Option<String>,
///     type_: Option<String>,
///     retention: Maybe<i64>,
///     size: Option<u64>,
///     depth: u8,
///     labels: BTreeMap<String, String>,
/// }
/// codegen::object!(Branch {
///     "name" => name,
///     "parent" => parent,
///     "@type" => type_?,
///     "retention" => retention?,
///     "size" => size? as Option<codegen::Quoted>,
///     "depth" => depth = 1,
///     .. => labels,
/// });
///
/// let text = r#"{"name":"main","parent":null,"retention":null,"size":"9007199254740993","team":"core"}"#;
/// let branch: Branch = wire::from_slice(text.as_bytes())?;
/// assert!(branch.retention.is_null());
/// assert_eq!(branch.labels["team"], "core");
/// assert_eq!(branch.depth, 1);
/// assert_eq!(wire::to_string(&branch), text.replace(r#""team""#, r#""depth":1,"team""#));
/// # Ok::<(), wire::DecodeError>(())
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __object {
    ($name:ident { $($fields:tt)* }) => {
        // Adds a comma, so that the last one can be left out.
        $crate::__object_codec!(decode = true, $name { $($fields)*, });
        $crate::__deserialize!($name);
        $crate::__placeholder!($name: object { $($fields)*, });
    };
}

/// Implements the codec of a struct that is only written: [`object!`](crate::codegen::object) without `Decode`.
///
/// ```
/// use clientwright_runtime::{codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// struct Start {
///     paths: Vec<String>,
///     force: Option<bool>,
/// }
/// codegen::sent_object!(Start { "paths" => paths, "force" => force? });
///
/// assert_eq!(wire::to_string(&Start { paths: vec![], force: None }), r#"{"paths":[]}"#);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __sent_object {
    ($name:ident { $($fields:tt)* }) => {
        $crate::__object_codec!(decode = false, $name { $($fields)*, });
    };
}

/// The grammar of [`object!`](crate::codegen::object) and its impls. `decode` states whether `Decode` is implemented.
#[macro_export]
#[doc(hidden)]
macro_rules! __object_codec {
    (decode = $decode:tt, $name:ident {
        $($key:literal => $field:ident $(? $(@ $optional:ident)?)? $(as $marker:ty)? $(= $(? $(@ $null:ident)?)? $default:expr)?,)*
        $(.. => $rest:ident $(as $rest_marker:ty)?)? $(,)*
    }) => {
        impl $crate::wire::Encode for $name {
            #[inline]
            fn encode(&self, writer: &mut $crate::wire::Writer) {
                writer.begin_object();
                $(writer.field::<($($marker)?), ($($crate::codegen::Optional, $($optional)?)?), _>($key, &self.$field);)*
                $crate::__additional!(writer, [$($key),*] $(, self.$rest, ($($rest_marker)?))?);
                writer.end_object();
            }
        }
        $crate::__serialize!($name);
        $crate::__debug!($name);
        #[cfg($decode)]
        impl $crate::wire::Decode for $name {
            #[inline]
            fn decode(
                reader: &mut $crate::wire::Reader<'_>,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                $(let mut $field = None;)*
                $(let mut $rest = ::core::default::Default::default();)?
                let mut fields = $crate::codegen::Fields::begin(reader);
                while fields.more() {
                    $(fields.read::<
                        ($($marker)?),
                        ($($crate::codegen::Optional, $($optional)?)? $($crate::codegen::Defaulted, $($($null)?)?)?),
                        _,
                    >($key, &mut $field);)*
                    $(fields.capture::<($($rest_marker)?), _, _>(&mut $rest);)?
                }
                $($(let $field = $crate::codegen::fill($field $(.map(Some) $($null)?)?, || $default);)?)*
                let ($(Some($field),)* true) = ($($field,)* fields.is_whole()) else {
                    return Err(fields.into_failure());
                };
                Ok(Self { $($field,)* $($rest,)? })
            }
        }
    };
}

/// Writes the additional properties, if the type has any. A separate macro, because a repetition of the keys is not
/// allowed in the optional part of another macro.
#[macro_export]
#[doc(hidden)]
macro_rules! __additional {
    ($writer:ident, $keys:tt) => {};
    ($writer:ident, $keys:tt, $self:ident.$rest:ident, $marker:ty) => {
        $writer.additional::<$marker, _>(&$keys, &$self.$rest);
    };
}

/// Implements the codec of a struct around one value, with the JSON of that value or of a marker.
///
/// ```
/// use clientwright_runtime::{codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// struct Tags(pub Vec<String>);
/// codegen::newtype!(Tags);
///
/// #[derive(Clone, PartialEq)]
/// struct Id(pub i64);
/// codegen::newtype!(Id as codegen::Quoted);
///
/// assert_eq!(wire::to_string(&Tags(vec!["a".into()])), r#"["a"]"#);
/// assert_eq!(wire::from_slice::<Id>(b"\"7\"")?.0, 7);
/// # Ok::<(), wire::DecodeError>(())
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __newtype {
    ($name:ident $(as $marker:ty)?) => {
        $crate::__sent_newtype!($name $(as $marker)?);
        $crate::__decode!(
            $name: reader => Self(<($($marker)?) as $crate::codegen::DecodeAs<_>>::decode_as(reader)?),
            null => <($($marker)?) as $crate::codegen::DecodeAs<_>>::null().map(Self)
        );
        $crate::__placeholder!($name: newtype);
    };
}

/// Implements the codec of a struct around one value that is only written: [`newtype!`](crate::codegen::newtype)
/// without `Decode`.
///
/// ```
/// use clientwright_runtime::{codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// struct Limit(pub u32);
/// codegen::sent_newtype!(Limit);
///
/// assert_eq!(wire::to_string(&Limit(5)), "5");
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __sent_newtype {
    ($name:ident $(as $marker:ty)?) => {
        $crate::__encode!($name: self, writer => <($($marker)?) as $crate::codegen::EncodeAs<_>>::encode_as(&self.0, writer));
        $crate::__debug!($name);
    };
}

/// Implements the codec of an enum of objects with a discriminator (OpenAPI 3.0.3 §4.7.25).
///
/// The types of the variants contain the discriminator, so a variant is written as its value. A missing discriminator
/// is added, with the first value that selects the variant. A request with the discriminator of another variant is an
/// error. Several values of the discriminator can select the same variant. The last variant, `Unknown(UnknownJson)`,
/// keeps an object with another or no discriminator, unless `else` names the variant of such objects (OpenAPI 3.2
/// §4.25, `defaultMapping`). Any value other than an object is an error.
///
/// ```
/// use clientwright_runtime::{UnknownJson, codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// struct Cat { pet_type: String, lives: i32 }
/// codegen::object!(Cat { "petType" => pet_type, "lives" => lives });
///
/// #[derive(Clone, PartialEq)]
/// #[non_exhaustive]
/// enum Pet {
///     Cat(Cat),
///     Unknown(UnknownJson),
/// }
/// // `unquoted "petType"` if its values are numbers or booleans; `else Other`, or `else Other => "other"`, before the variants.
/// codegen::tagged_union!(Pet, "petType" { Cat => "cat" | "kitty" });
///
/// let text = r#"{"lives":9,"petType":"kitty"}"#;
/// assert!(matches!(wire::from_slice(text.as_bytes())?, Pet::Cat(Cat { lives: 9, .. })));
/// let text = r#"{"petType":"axolotl","gills":true}"#;
/// assert_eq!(wire::to_string(&wire::from_slice::<Pet>(text.as_bytes())?), text);
/// # Ok::<(), wire::DecodeError>(())
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __tagged_union {
    (
        $name:ident, $($unquoted:ident)? $property:literal $(else $default:ident $(=> $($own:literal)|+)?)?
        { $($variant:ident => $($tag:literal)|+),* $(,)? }
    ) => {
        $crate::__sent_tagged_union!(
            $name, $($unquoted)? $property $(else $default $(=> $($own)|+)?)? { $($variant => $($tag)|+),* }
        );
        $crate::__decode!($name: reader => match $crate::codegen::discriminator(reader, $property)?.as_deref() {
            $(Some($($tag)|+) => Self::$variant($crate::wire::Decode::decode(reader)?),)*
            _ => $crate::__other_variant!($($default)?)($crate::wire::Decode::decode(reader)?),
        });
    };
}

/// The variant of an object that no value of the discriminator selects.
#[macro_export]
#[doc(hidden)]
macro_rules! __other_variant {
    () => {
        Self::Unknown
    };
    ($default:ident) => {
        Self::$default
    };
}

/// Implements the codec of an enum with a discriminator that is only written:
/// [`tagged_union!`](crate::codegen::tagged_union) without `Decode`.
///
/// ```
/// use clientwright_runtime::{UnknownJson, codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// struct Cat { pet_type: String }
/// codegen::sent_object!(Cat { "petType" => pet_type });
///
/// #[derive(Clone, PartialEq)]
/// enum Pet {
///     Cat(Cat),
///     Unknown(UnknownJson),
/// }
/// codegen::sent_tagged_union!(Pet, "petType" { Cat => "cat" });
///
/// assert_eq!(wire::to_string(&Pet::Cat(Cat { pet_type: "cat".into() })), r#"{"petType":"cat"}"#);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __sent_tagged_union {
    ($name:ident, unquoted $property:literal $($variants:tt)*) => {
        $crate::__sent_tagged_union!(@ $name, false $property $($variants)*);
    };
    ($name:ident, $property:literal $($variants:tt)*) => {
        $crate::__sent_tagged_union!(@ $name, true $property $($variants)*);
    };
    (
        @ $name:ident, $quoted:literal $property:literal $(else $default:ident $(=> $($own:literal)|+)?)?
        { $($variant:ident => $($tag:literal)|+),* $(,)? }
    ) => {
        $crate::__encode!($name: self, writer => {
            const TAGS: &[&str] = &[$($($tag,)+)* $($($($own),+)?)?];
            match self {
                $(Self::$variant(value) => writer.tagged($property, &[$($tag),+], TAGS, $quoted, value),)*
                $(Self::$default(value) => writer.tagged($property, &[$($($own),+)?], TAGS, $quoted, value),)?
                Self::Unknown(value) => $crate::wire::Encode::encode(value, writer),
            }
        });
        $crate::__debug_union!($name $($variant)* $($default)?);
        $crate::__placeholder!($name: union maker {
            $($variant: maker.tagged($property, &[$($tag),+]);)*
            $($default: maker.tagged($property, &[$($($own),+)?]);)?
        });
    };
}

/// Implements `From` for an enum, from the payload of each variant, and from the types after it that convert into the
/// payload.
///
/// `boxed` denotes a variant with a box. `items` denotes a `Vec`, also as an array. `words` denotes a `Vec` whose items
/// are created from strings, also as `Vec` and array of `&str`. `numbers` denotes a `Vec` of decimals, also as `Vec` and
/// array of `i64` and of `f64`. `entries` denotes a map, also as an array of its entries.
///
/// ```
/// use clientwright_runtime::{UnknownString, codegen};
///
/// #[derive(Debug, PartialEq)]
/// enum Content {
///     Text(String),
///     Lines(Vec<String>),
///     Sizes(Vec<i64>),
///     Labels(std::collections::BTreeMap<String, String>),
///     Ended(Box<bool>),
/// }
/// codegen::from_payloads!(Content {
///     Text(String, &str),
///     Lines(words String),
///     Sizes(items i64),
///     Labels(entries String),
///     Ended(boxed bool),
/// });
///
/// assert_eq!(Content::from("hi"), Content::Text("hi".to_owned()));
/// assert_eq!(Content::from(["hi"]), Content::Lines(vec!["hi".to_owned()]));
/// assert_eq!(Content::from(vec!["hi"]), Content::from(vec!["hi".to_owned()]));
/// assert_eq!(Content::from([4, 5]), Content::from(vec![4, 5]));
/// assert_eq!(Content::from([("colour", "red")]), Content::Labels(codegen::map([("colour", "red")])));
/// assert_eq!(Content::from(true), Content::Ended(Box::new(true)));
///
/// #[derive(Debug, PartialEq)]
/// enum Vector {
///     Numbers(Vec<clientwright_runtime::Decimal>),
/// }
/// codegen::from_payloads!(Vector {
///     Numbers(numbers clientwright_runtime::Decimal),
/// });
/// assert_ne!(Vector::from([1.0]), Vector::from(vec![1]));
///
/// #[derive(PartialEq)]
/// enum Speed {
///     Fast,
///     Unknown(UnknownString),
/// }
/// codegen::string_enum!(Speed { Fast => "fast" });
/// #[derive(Debug, PartialEq)]
/// enum Limit {
///     Named(Speed),
///     Number(clientwright_runtime::Decimal),
/// }
/// codegen::from_payloads!(Limit { Named(Speed, &str, String), Number(clientwright_runtime::Decimal, i64, f64) });
///
/// assert_eq!(Limit::from("fast"), Limit::Named(Speed::Fast));
/// assert_eq!(Limit::from(5), Limit::Number(5.into()));
/// assert_eq!(Limit::from(0.5), Limit::Number(0.5.into()));
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __from_payloads {
    ($name:ident { $($variant:ident($($payload:tt)+)),* $(,)? }) => {
        $($crate::__from_payloads!(@one $name, $variant, $($payload)+);)*
    };
    (@one $name:ident, $variant:ident, words $item:ty) => {
        $crate::__from_payloads!(@one $name, $variant, items $item);
        $crate::__from_payloads!(@list $name, $variant, &str);
    };
    (@one $name:ident, $variant:ident, numbers $item:ty) => {
        $crate::__from_payloads!(@one $name, $variant, items $item);
        $crate::__from_payloads!(@list $name, $variant, i64);
        $crate::__from_payloads!(@list $name, $variant, f64);
    };
    (@list $name:ident, $variant:ident, $item:ty) => {
        $crate::__from!(items: ::std::vec::Vec<$item> => $name { Self::$variant($crate::codegen::list(items)) });
        $crate::__from!(items: [$item; N] => $name { Self::$variant($crate::codegen::list(items)) }, for const N: usize);
    };
    (@one $name:ident, $variant:ident, items $item:ty) => {
        $crate::__from!(items: ::std::vec::Vec<$item> => $name { Self::$variant(items) });
        $crate::__from!(items: [$item; N] => $name { Self::$variant(::core::convert::Into::into(items)) }, for const N: usize);
    };
    (@one $name:ident, $variant:ident, entries $value:ty) => {
        $crate::__from! {
            entries: ::std::collections::BTreeMap<::std::string::String, $value> => $name { Self::$variant(entries) }
        }
        $crate::__from! {
            entries: [(K, V); N] => $name { Self::$variant($crate::codegen::map(entries)) },
            for K: ::core::convert::Into<::std::string::String>, V: ::core::convert::Into<$value>, const N: usize
        }
    };
    (@one $name:ident, $variant:ident, boxed $payload:ty) => {
        $crate::__from!(value: $payload => $name { Self::$variant(::std::boxed::Box::new(value)) });
    };
    (@one $name:ident, $variant:ident, $payload:ty $(, $turned:ty)*) => {
        $crate::__from!(value: $payload => $name { Self::$variant(value) });
        $($crate::__from!(value: $turned => $name { Self::$variant(::core::convert::Into::into(value)) });)*
    };
}

/// Defines a method for each field that all variants of an enum share: `text` denotes a `String`, and `copy` a type
/// that is `Copy`.
///
/// ```
/// use clientwright_runtime::{UnknownJson, codegen, wire};
///
/// struct Cat { name: String, age: Option<i64> }
/// struct Dog { name: String, age: i64 }
/// enum Pet {
///     Cat(Cat),
///     Dog(Box<Dog>),
///     Unknown(UnknownJson),
/// }
/// codegen::shared_fields!(Pet { in Cat | Dog, name: name(text), age: age(copy i64), });
///
/// let cat = Pet::Cat(Cat { name: "Tom".to_owned(), age: None });
/// assert_eq!((cat.name(), cat.age()), (Some("Tom"), None));
/// let dog = Pet::Dog(Box::new(Dog { name: "Rex".to_owned(), age: 4 }));
/// assert_eq!((dog.name(), dog.age()), (Some("Rex"), Some(4)));
/// assert_eq!(Pet::Unknown(wire::from_slice(b"1").unwrap()).name(), None);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __shared_fields {
    ($name:ident { in $($variant:ident)|+, $($fields:tt)* }) => {
        impl $name {
            $crate::__shared_fields!(@methods [$($variant)+] $($fields)*);
        }
    };
    (@methods $variants:tt $($method:ident: $field:ident($($held:tt)+)),* $(,)?) => {
        $($crate::__shared_fields!(@method $variants $method: $field $($held)+);)*
    };
    (@method $variants:tt $method:ident: $field:ident text) => {
        $crate::__shared_fields!(
            @define $variants $method: $field, ::std::string::String, &str, .map(::std::string::String::as_str)
        );
    };
    (@method $variants:tt $method:ident: $field:ident copy $held:ty) => {
        $crate::__shared_fields!(@define $variants $method: $field, $held, $held, .copied());
    };
    (@method $variants:tt $method:ident: $field:ident $held:ty) => {
        $crate::__shared_fields!(@define $variants $method: $field, $held, &$held,);
    };
    (
        @define [$($variant:ident)*] $method:ident: $field:ident,
        $held:ty, $shown:ty, $($show:tt)*
    ) => {
        #[doc = concat!("What every variant has as `", stringify!($field), "`: `None` if it is absent, or the variant unknown.")]
        #[inline]
        #[must_use]
        pub fn $method(&self) -> ::core::option::Option<$shown> {
            let found = match self {
                $(Self::$variant(one) => ::core::option::Option::<&$held>::from(&one.$field),)*
                Self::Unknown(_) => None,
            };
            found$($show)*
        }
    };
}

/// Implements the codec of an enum whose variants are distinguished by tests.
///
/// The first variant whose test the value passes decodes it; if that fails, decoding fails. The last variant,
/// `Unknown(UnknownJson)`, keeps a value that passes no test. A test names the JSON type: `null`, `boolean`, `integer`
/// (a number without a fraction and an exponent), `number` (any), `string`, `array` or `object`. For an object, a test
/// can require properties, joined by `&`, and strings as their values.
///
/// ```
/// use clientwright_runtime::{UnknownJson, codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// struct Circle { radius: f64 }
/// codegen::object!(Circle { "radius" => radius });
///
/// #[derive(Clone, PartialEq)]
/// #[non_exhaustive]
/// enum Shape {
///     Sides(i64),
///     Name(String),
///     Sphere(Circle),
///     Circle(Circle),
///     Unknown(UnknownJson),
/// }
/// codegen::union!(Shape {
///     Sides => integer,
///     Name => string,
///     Sphere => object where "radius" & "kind" = "sphere",
///     Circle => object where "radius",
/// });
///
/// assert!(matches!(wire::from_slice(b"4")?, Shape::Sides(4)));
/// assert!(matches!(wire::from_slice(br#"{"radius":1}"#)?, Shape::Circle(_)));
/// assert!(matches!(wire::from_slice(br#"{"radius":1,"kind":"sphere"}"#)?, Shape::Sphere(_)));
/// assert!(matches!(wire::from_slice(b"[1, 2]")?, Shape::Unknown(_)));
/// # Ok::<(), wire::DecodeError>(())
/// ```
///
/// A marker, as in [`object!`](crate::codegen::object), follows the test:
///
/// ```
/// use clientwright_runtime::{UnknownJson, codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// enum SizeOrFlag {
///     Size(u64),
///     Flag(bool),
///     Unknown(UnknownJson),
/// }
/// codegen::union!(SizeOrFlag { Size => string as codegen::Quoted, Flag => boolean });
///
/// let size: SizeOrFlag = wire::from_slice(b"\"18446744073709551615\"").unwrap();
/// assert!(size == SizeOrFlag::Size(u64::MAX));
/// assert_eq!(wire::to_string(&size), "\"18446744073709551615\"");
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __union {
    ($name:ident { $($variants:tt)* }) => {
        $crate::__union_codec!(decode = true, $name { $($variants)* });
    };
}

/// Implements the codec of an enum without a discriminator that is only written: [`union!`](crate::codegen::union)
/// without `Decode`.
///
/// ```
/// use clientwright_runtime::{UnknownJson, codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// enum IdOrName {
///     Id(i64),
///     Name(String),
///     Unknown(UnknownJson),
/// }
/// codegen::sent_union!(IdOrName { Id => integer, Name => string });
///
/// assert_eq!(wire::to_string(&IdOrName::Name("main".into())), r#""main""#);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __sent_union {
    ($name:ident { $($variants:tt)* }) => {
        $crate::__union_codec!(decode = false, $name { $($variants)* });
    };
}

/// The grammar of [`union!`](crate::codegen::union) and its impls. `decode` states whether `Decode` is implemented.
#[macro_export]
#[doc(hidden)]
macro_rules! __union_codec {
    (decode = $decode:tt, $name:ident {
        $($variant:ident => $kind:ident $(where $($key:literal $(= $value:literal)?)&+)? $(as $marker:ty)?),* $(,)?
    }) => {
        $crate::__encode_union!($name { $($variant $(($marker))?)* });
        #[cfg($decode)]
        $crate::__decode!($name: reader => {
            let preview = $crate::codegen::Preview::of(reader, Some(&[$($($($key,)+)?)*]))?;
            $(if preview.is($crate::codegen::expect::$kind()) $($(&& preview.has($key, &[$($value)?]))+)? {
                return <($($marker)?) as $crate::codegen::DecodeAs<_>>::decode_as(reader).map(Self::$variant);
            })*
            Self::Unknown($crate::wire::Decode::decode(reader)?)
        });
    };
}

/// Writes the value of a variant.
#[macro_export]
#[doc(hidden)]
macro_rules! __encode_union {
    ($name:ident { $($variant:ident $(($marker:ty))?)* }) => {
        $crate::__encode!($name: self, writer => match self {
            $(Self::$variant(value) => <($($marker)?) as $crate::codegen::EncodeAs<_>>::encode_as(value, writer),)*
            Self::Unknown(value) => $crate::wire::Encode::encode(value, writer),
        });
        $crate::__debug_union!($name $($variant)*);
        $crate::__placeholder!($name: union maker { $($variant: $crate::testing::Placeholder::placeholder(maker);)* });
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! __debug {
    ($name:ident) => {
        $crate::__fmt!(Debug for $name: self, f => $crate::codegen::debug(self, stringify!($name), f));
    };
}

/// Implements `Debug`, with the name of the variant before the value.
#[macro_export]
#[doc(hidden)]
macro_rules! __debug_union {
    ($name:ident $($variant:ident)*) => {
        $crate::__fmt!(Debug for $name: self, f => {
            let name = match self {
                $(Self::$variant(_) => concat!(stringify!($name), "::", stringify!($variant)),)*
                Self::Unknown(_) => concat!(stringify!($name), "::Unknown"),
            };
            $crate::codegen::debug(self, name, f)
        });
    };
}

/// Implements `Encode` by the body of its method, and `Serialize` by `Encode`.
#[macro_export]
#[doc(hidden)]
macro_rules! __encode {
    ($name:ident: $self:ident, $writer:ident => $write:expr) => {
        impl $crate::wire::Encode for $name {
            #[inline]
            fn encode(&$self, $writer: &mut $crate::wire::Writer) {
                $write
            }
        }
        $crate::__serialize!($name);
    };
}

/// Implements `Decode` by its value and the value of `null`, and `Deserialize` by `Decode`.
#[macro_export]
#[doc(hidden)]
macro_rules! __decode {
    ($name:ident: $reader:ident => $value:expr $(, null => $null:expr)?) => {
        impl $crate::wire::Decode for $name {
            #[inline]
            fn decode(
                $reader: &mut $crate::wire::Reader<'_>,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                Ok($value)
            }

            $(#[inline]
            fn null() -> ::core::option::Option<Self> {
                $null
            })?
        }
        $crate::__deserialize!($name);
    };
}

/// Without the feature `test`, types have no placeholder value.
#[cfg(not(feature = "test"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder {
    ($name:ident: $($shape:tt)*) => {};
}
