//! Codec, unions whose branches no single test distinguishes: selects the best-matching branch for a value before it is
//! decoded.
//!
//! In: the next value of a reader and a table of [`Pattern`]s for each branch. Out: the index of the branch that
//! decodes the value. No value is decoded on trial. Invariant: nothing here is generic, so it is compiled once, and
//! recursion is limited by the nesting of the tables.

use super::constant::Constant;
use super::union::Preview;
use crate::types::{Date, DateTime, Duration, Time};
use crate::wire::{DecodeError, JsonType, Reader};

/// A pattern of the values that a branch accepts.
#[derive(Debug)]
pub struct Pattern<'p> {
    /// The JSON type, or a format of it.
    pub expect: Expect,
    /// Patterns of an array's elements, or of a map's other properties; empty if all are accepted. For a tuple, the
    /// pattern of each element.
    pub items: &'p [Pattern<'p>],
    /// The properties of an object that distinguish branches.
    pub keys: &'p [Key<'p>],
}

/// Defines [`Expect`], with the name that each value has in `union!` and `fitted_union!`, and the JSON types that it allows.
macro_rules! expectations {
    ($($(#[$docs:meta])+ $expect:ident $name:ident: $($json_type:ident)|+;)+) => {
        /// The type or format of a value.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Expect {$(
            $(#[$docs])+
            $expect,
        )+}

        impl Expect {
            /// Returns `true` if a value of that JSON type can match.
            pub(super) fn allows(self, json_type: JsonType) -> bool {
                match self {
                    $(Self::$expect => matches!(json_type, $(JsonType::$json_type)|+),)+
                }
            }
        }

        /// The names of [`Expect`]s in `union!` and `fitted_union!`.
        pub mod expect {
            use super::Expect;

            $(#[doc = "The type or format of that name."]
            pub const fn $name() -> Expect {
                Expect::$expect
            }
            )+
        }
    };
}

expectations! {
    /// Any value.
    Any any: Null | Boolean | Integer | Number | String | Array | Object;
    /// `null`.
    Null null: Null;
    /// `true` or `false`.
    Boolean boolean: Boolean;
    /// A number without a fraction and an exponent.
    Integer integer: Integer;
    /// Any number.
    Number number: Integer | Number;
    /// Any string.
    String string: String;
    /// A string that is a UUID.
    Uuid uuid: String;
    /// A string that is a date and time.
    DateTime date_time: String;
    /// A string; preferred if it is a date.
    Date date: String;
    /// A string; preferred if it is a time.
    Time time: String;
    /// A string; preferred if it is a duration.
    Duration duration: String;
    /// An integer, as a string or as a number.
    Quoted quoted: String | Integer;
    /// An array.
    Array array: Array;
    /// An array with as many elements as there are `items`, each of which matches the pattern at its index.
    Tuple tuple: Array;
    /// An object whose type drops unknown properties.
    Object object: Object;
    /// An object whose type keeps all properties.
    Map map: Object;
}

/// A property of an object.
#[derive(Debug)]
pub struct Key<'p> {
    /// The name of the property.
    pub name: &'p str,
    /// Whether the property is required.
    pub required: bool,
    /// The allowed values. Empty if all are allowed.
    pub constants: &'p [&'p dyn Constant],
    /// The allowed types; `null` is always allowed. Empty if all are allowed.
    pub types: &'p [Expect],
    /// Alternative patterns of the value; `null` always matches. Empty if every value matches.
    pub patterns: &'p [Pattern<'p>],
}

/// The quality of a match. A greater score is better.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// The number of known properties.
    known: usize,
    /// The negated number of properties that would be dropped.
    dropped: isize,
    /// The number of known properties in inner values.
    inner_known: usize,
    /// The negated number of properties that would be dropped in inner values.
    inner_dropped: isize,
    /// The specificity of the matching patterns.
    specificity: usize,
    /// The number of properties that the patterns require.
    required: usize,
}

/// The score of a value, if it matches. The error is about malformed JSON.
type Scored = Result<Option<Score>, DecodeError>;

impl Score {
    /// Returns the score of a value without properties.
    fn without_properties(specificity: usize) -> Self {
        Self { specificity, ..Self::default() }
    }

    /// Adds the score of a property's value.
    fn add_inner(&mut self, inner: Self) {
        self.inner_known += inner.known + inner.inner_known;
        self.inner_dropped += inner.dropped + inner.inner_dropped;
        self.specificity += inner.specificity;
        self.required += inner.required;
    }
}

/// The branch that [`best_fit`] selected, which is queried branch by branch.
#[derive(Debug)]
pub struct BestFit(Option<usize>);

impl BestFit {
    /// Returns `true` if the next branch, in their order, is the selected one.
    pub fn is_next(&mut self) -> bool {
        match self.0.as_mut() {
            None => false,
            Some(0) => true,
            Some(left) => {
                *left -= 1;
                false
            }
        }
    }
}

/// Selects the best-matching branch for the reader's next value. A branch accepts the values that match one of its
/// patterns.
pub fn best_fit(reader: &mut Reader<'_>, branches: &[&[Pattern<'_>]]) -> Result<BestFit, DecodeError> {
    let scan = Scan::of(reader)?;
    let mut best: Option<(Score, usize)> = None;
    for (index, patterns) in branches.iter().enumerate() {
        let score = scan.score(patterns)?;
        if let Some(score) = score.filter(|score| best.is_none_or(|(known, _)| *score > known)) {
            best = Some((score, index));
        }
    }
    Ok(BestFit(best.map(|(_, index)| index)))
}

/// Returns the index of the best-matching branch for a JSON text, as in `fitted_union!`. Returns `None` if no branch
/// matches or the text is not JSON.
///
/// For programs that check generated code with patterns made at run time.
#[must_use]
pub fn best_branch(json: &[u8], branches: &[&[Pattern<'_>]]) -> Option<usize> {
    best_fit(&mut Reader::new(json), branches).ok()?.0
}

/// A value that is scanned but not decoded.
struct Scan<'r, 'j> {
    reader: &'r Reader<'j>,
    /// With all properties.
    preview: Preview<'j>,
}

impl<'r, 'j> Scan<'r, 'j> {
    /// Scans the reader's next value.
    fn of(reader: &'r Reader<'j>) -> Result<Self, DecodeError> {
        Ok(Self { reader, preview: Preview::of(reader, None)? })
    }

    /// Returns the best score of several patterns. `None` if the value matches none of them.
    fn score(&self, patterns: &[Pattern<'_>]) -> Scored {
        let mut best = None;
        for pattern in patterns {
            best = best.max(self.score_one(pattern)?);
        }
        Ok(best)
    }

    fn score_one(&self, pattern: &Pattern<'_>) -> Scored {
        if !self.preview.is(pattern.expect) {
            return Ok(None);
        }
        let has_format = || self.has_format(pattern.expect);
        let specificity = match pattern.expect {
            Expect::Object | Expect::Map => return self.score_object(pattern),
            Expect::Array => return self.score_array(pattern.items),
            Expect::Tuple => return self.score_tuple(pattern.items),
            Expect::Uuid | Expect::DateTime | Expect::Quoted if !has_format()? => return Ok(None),
            // Their types accept any string.
            Expect::Date | Expect::Time | Expect::Duration if !has_format()? => 0,
            Expect::Any => 0,
            Expect::Null | Expect::Boolean | Expect::Number | Expect::String => 1,
            _ => 2,
        };
        Ok(Some(Score::without_properties(specificity)))
    }

    fn has_format(&self, expect: Expect) -> Result<bool, DecodeError> {
        if self.preview.json_type != JsonType::String {
            return Ok(true); // `Expect::Quoted` also allows a number.
        }
        let mut ahead = self.reader.ahead();
        let string = ahead.str()?;
        Ok(match expect {
            Expect::Uuid => uuid::Uuid::try_parse(string).is_ok(),
            Expect::DateTime => string.parse::<DateTime>().is_ok(),
            Expect::Date => string.parse::<Date>().is_ok(),
            Expect::Time => string.parse::<Time>().is_ok(),
            Expect::Duration => string.parse::<Duration>().is_ok(),
            Expect::Quoted => string.parse::<i128>().is_ok(),
            _ => true,
        })
    }

    fn score_object(&self, pattern: &Pattern<'_>) -> Scored {
        let mut score = Score::without_properties(1);
        for key in pattern.keys {
            match self.preview.properties.iter().find(|(name, ..)| *name == key.name) {
                Some((_, json_type, json)) => {
                    let Some(inner) = score_property(key, *json_type, json)? else { return Ok(None) };
                    score.add_inner(inner);
                    score.known += 1;
                    score.required += usize::from(key.required);
                }
                None if key.required => return Ok(None),
                None => {}
            }
        }
        if pattern.expect == Expect::Map {
            return Ok(self.score_others(pattern)?.map(|others| {
                score.add_inner(others);
                score
            }));
        }
        let others = self.preview.properties.len().saturating_sub(score.known);
        score.dropped = -isize::try_from(others).unwrap_or(isize::MAX);
        Ok(Some(score))
    }

    /// Returns the score of a map's properties that are not in the pattern. As in an array, only the first one is
    /// matched in full.
    fn score_others(&self, pattern: &Pattern<'_>) -> Scored {
        let is_other = |name: &str| pattern.keys.iter().all(|key| key.name != name);
        let mut others = self.preview.properties.iter().filter(|(name, ..)| is_other(name)).peekable();
        let Some((name, _, json)) = others.peek().filter(|_| !pattern.items.is_empty()) else {
            return Ok(Some(Score::without_properties(0)));
        };
        let first = score_text(json, pattern.items).map_err(|error| error.in_key(name))?;
        let fits = |json_type: JsonType| pattern.items.iter().any(|item| item.expect.allows(json_type));
        // A map with specific values is not more specific than an object with these properties.
        let first = first.filter(|_| others.all(|(_, json_type, _)| fits(*json_type)));
        Ok(first.map(|score| Score { specificity: 0, ..score }))
    }

    /// Returns the score of an array by its first element. The others only need an allowed JSON type.
    fn score_array(&self, items: &[Pattern<'_>]) -> Scored {
        let mut score = Some(Score::without_properties(1));
        let mut ahead = self.reader.ahead();
        let mut more = !items.is_empty() && ahead.array_start()?;
        let mut first = true;
        while more && score.is_some() {
            if first {
                score = Scan::of(&ahead)?.score(items)?;
                first = false;
            }
            let json_type = ahead.peek_type()?;
            score = score.filter(|_| items.iter().any(|item| item.expect.allows(json_type)));
            ahead.skip()?;
            more = ahead.array_next()?;
        }
        Ok(score)
    }

    fn score_tuple(&self, elements: &[Pattern<'_>]) -> Scored {
        let mut score = Score::without_properties(1);
        let mut ahead = self.reader.ahead();
        let mut more = ahead.array_start()?;
        for element in elements {
            if !more {
                return Ok(None);
            }
            let Some(inner) = Scan::of(&ahead)?.score_one(element)? else { return Ok(None) };
            score.add_inner(inner);
            ahead.skip()?;
            more = ahead.array_next()?;
        }
        Ok((!more).then_some(score))
    }
}

/// Returns the score of a property's value. `null` always matches.
fn score_property(key: &Key<'_>, json_type: JsonType, json: &str) -> Scored {
    if json_type == JsonType::Null {
        return Ok(Some(Score::without_properties(0)));
    }
    let is_constant = key.constants.iter().any(|constant| constant.equals(json));
    let is_allowed = key.types.is_empty() || key.types.iter().any(|expect| expect.allows(json_type));
    if !is_allowed || !is_constant && !key.constants.is_empty() {
        return Ok(None);
    }
    if key.patterns.is_empty() {
        return Ok(Some(Score::without_properties(usize::from(is_constant))));
    }
    score_text(json, key.patterns).map_err(|error| error.in_key(key.name))
}

/// Returns the score of a value in JSON text.
fn score_text(json: &str, patterns: &[Pattern<'_>]) -> Scored {
    Scan::of(&Reader::new(json.as_bytes()))?.score(patterns)
}

/// Implements the codec of an enum whose variants no single test distinguishes: the best-matching variant decodes a
/// value.
///
/// Each variant has patterns, separated by `|`:
///
/// | pattern | matches |
/// |---|---|
/// | `any`, `null`, `boolean`, `integer`, `number`, `string`, `uuid`, `date_time` | values of this type or format |
/// | `date`, `time`, `duration` | any string, preferably one of this format |
/// | `quoted` | an integer as a string |
/// | `array[…]` | an array, with patterns of its elements |
/// | `tuple[…]` | a tuple, with the pattern of each element |
/// | `object` | an object whose type drops unknown properties |
/// | `map[…]` | an object whose type keeps them |
///
/// `where` precedes the properties that distinguish variants, joined by `&`:
///
/// - `"id"` is required, `"id"?` is optional.
/// - `"kind" = "a" or "b"` must have one of these values.
/// - `"size"?: number or string` must have one of these types, if it is present.
/// - `"list"? like (array[string] | object where "id")` must match one of these patterns, if it is present.
///
/// A variant matches if all conditions hold. Of several matching variants, the best is chosen by these criteria, in
/// this order:
///
/// 1. the most known properties;
/// 2. the fewest dropped properties;
/// 3. the same two within properties that have patterns;
/// 4. the most specific pattern (a matching constant, a format, an integer rather than a number);
/// 5. the first variant.
///
/// Only the first element of an array is matched in full; the others must have an allowed JSON type. The last variant,
/// `Unknown(UnknownJson)`, keeps a value that no other variant matches.
///
/// ```
/// use clientwright_runtime::{JsonValue, UnknownJson, codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// struct ById { id: Option<i64> }
/// codegen::object!(ById { "id" => id? });
///
/// #[derive(Clone, PartialEq)]
/// struct ByName { name: Option<String> }
/// codegen::object!(ByName { "name" => name? });
///
/// #[derive(Clone, PartialEq)]
/// #[non_exhaustive]
/// enum Search {
///     ById(ById),
///     ByName(ByName),
///     Numbers(Vec<i64>),
///     Names(Vec<String>),
///     Unknown(UnknownJson),
/// }
/// codegen::fitted_union!(Search {
///     ById => object where "id"?,
///     ByName => object where "name"?,
///     Numbers => array[integer],
///     Names => array[string],
/// });
///
/// assert!(matches!(wire::from_slice(br#"{"name":"a"}"#)?, Search::ByName(_)));
/// assert!(matches!(wire::from_slice(br#"["a"]"#)?, Search::Names(_)));
/// assert!(matches!(wire::from_slice(b"[1, true]")?, Search::Unknown(_)));
/// # Ok::<(), wire::DecodeError>(())
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __fitted_union {
    ($name:ident { $($variants:tt)* }) => {
        $crate::__fitted_union_codec!(decode = true, $name { $($variants)* });
    };
}

/// Implements the codec of such an enum that is only written: [`fitted_union!`](crate::codegen::fitted_union) without
/// `Decode`.
///
/// ```
/// use clientwright_runtime::{UnknownJson, codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// enum Search {
///     Numbers(Vec<i64>),
///     Names(Vec<String>),
///     Unknown(UnknownJson),
/// }
/// codegen::sent_fitted_union!(Search { Numbers => array[integer], Names => array[string] });
///
/// assert_eq!(wire::to_string(&Search::Numbers(vec![7])), "[7]");
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __sent_fitted_union {
    ($name:ident { $($variants:tt)* }) => {
        $crate::__fitted_union_codec!(decode = false, $name { $($variants)* });
    };
}

/// The grammar of [`fitted_union!`](crate::codegen::fitted_union) and its impls. `decode` states whether `Decode` is
/// implemented.
#[macro_export]
#[doc(hidden)]
macro_rules! __fitted_union_codec {
    (decode = $decode:tt, $name:ident {
        $($variant:ident => $($expect:ident $([$($item:tt)*])? $(where $(
            $key:literal $(? $(@ $optional:ident)?)? $(= $constant:literal $(or $constants:literal)*)? $(: $kind:ident $(or $kinds:ident)*)? $(like ($($look:tt)*))?
        )&+)?)|+ $(as $marker:ty)?),* $(,)?
    }) => {
        $crate::__encode_union!($name { $($variant $(($marker))?)* });
        #[cfg($decode)]
        $crate::__decode!($name: reader => {
            const BRANCHES: &[&[$crate::codegen::Pattern<'static>]] = &[$($crate::__patterns!($($expect $([$($item)*])? $(where $(
                $key $(? $(@ $optional)?)? $(= $constant $(or $constants)*)? $(: $kind $(or $kinds)*)? $(like ($($look)*))?
            )&+)?)|+)),*];
            let mut best = $crate::codegen::best_fit(reader, BRANCHES)?;
            $(if best.is_next() {
                return <($($marker)?) as $crate::codegen::DecodeAs<_>>::decode_as(reader).map(Self::$variant);
            })*
            Self::Unknown($crate::wire::Decode::decode(reader)?)
        });
    };
}

/// The patterns of a variant of [`fitted_union!`](crate::codegen::fitted_union).
#[macro_export]
#[doc(hidden)]
macro_rules! __patterns {
    ($($expect:ident $([$($item:tt)*])? $(where $(
        $key:literal $(? $(@ $optional:ident)?)? $(= $constant:literal $(or $constants:literal)*)? $(: $kind:ident $(or $kinds:ident)*)? $(like ($($look:tt)*))?
    )&+)?)|*) => {
        &[$($crate::codegen::Pattern {
            expect: $crate::codegen::expect::$expect(),
            items: $crate::__patterns!($($($item)*)?),
            keys: &[$($($crate::codegen::Key {
                name: $key,
                required: true $(&& false $($optional)?)?,
                constants: &[$(&$constant $(, &$constants)*)?],
                types: &[$($crate::codegen::expect::$kind() $(, $crate::codegen::expect::$kinds())*)?],
                patterns: $crate::__patterns!($($($look)*)?),
            }),+)?],
        }),*]
    };
}
