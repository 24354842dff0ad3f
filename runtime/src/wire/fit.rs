//! Codec, unions whose branches no single test tells apart: which of them a value fits best, found out before it is decoded.
//!
//! What a branch looks like is a table of constants. The pending value is looked over once, an array up to the JSON types of
//! its elements; then one branch decodes it. Nothing is decoded on trial. Invariant: not generic, so it is compiled once; as
//! deep as the tables are and no deeper.

use std::borrow::Cow;

use super::error::DecodeError;
use super::reader::Reader;
use super::shape::Kind;

/// What one kind of value looks like.
#[doc(hidden)]
#[derive(Debug)]
pub struct Pattern {
    /// Its JSON type, or more exactly what it is.
    pub expect: Expect,
    /// What the elements of an array, or the other properties of a map, look like; empty if they may be anything.
    pub items: &'static [Pattern],
    /// The properties of an object that make a difference.
    pub keys: &'static [Key],
}

/// What is expected of a value.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Anything.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number without fraction and exponent.
    Integer,
    /// Any number.
    Number,
    /// Any text.
    String,
    /// A text that is a UUID.
    Uuid,
    /// A text that is a date and a time.
    DateTime,
    /// A text that is an integer.
    Quoted,
    /// An array.
    Array,
    /// An object that drops the properties that it does not know.
    Object,
    /// An object that keeps all properties.
    Map,
}

/// A property of an object.
#[doc(hidden)]
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// Whether it has to be there.
    pub required: bool,
    /// If there are some: what it has to be, once it is there.
    pub constants: &'static [&'static dyn Constant],
    /// If there are some: the JSON types of which it has to be, once it is there. `null` always may.
    pub kinds: &'static [Expect],
    /// If there are some: what it has to look like, once it is there. `null` always may.
    pub looks: &'static [Pattern],
}

/// What a property may be bound to hold.
#[doc(hidden)]
pub trait Constant: std::fmt::Debug + Sync {
    /// Whether a JSON text is this value.
    fn is(&self, json: &str) -> bool;
}

impl Constant for &'static str {
    fn is(&self, json: &str) -> bool {
        let plain = json.strip_prefix('"').and_then(|json| json.strip_suffix('"'));
        match plain {
            Some(text) if !text.contains('\\') => text == *self,
            Some(_) => Reader::new(json.as_bytes()).str().is_ok_and(|text| text == *self),
            None => false,
        }
    }
}

impl Constant for i64 {
    fn is(&self, json: &str) -> bool {
        json.parse() == Ok(*self)
    }
}

impl Constant for bool {
    fn is(&self, json: &str) -> bool {
        json.parse() == Ok(*self)
    }
}

/// How well a value fits: what compares greater fits better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// Properties that are known.
    known: usize,
    /// Minus the properties that would be dropped.
    dropped: isize,
    /// Properties that are known within the values of properties.
    inner_known: usize,
    /// Minus those that would be dropped there.
    inner_dropped: isize,
    /// How exactly it is described beyond that.
    exact: usize,
}

impl Score {
    /// The score of what has no properties.
    fn plain(exact: usize) -> Self {
        Self { known: 0, dropped: 0, inner_known: 0, inner_dropped: 0, exact }
    }

    /// Adds how well the value of a property fits.
    fn add_inner(&mut self, inner: Self) {
        self.inner_known += inner.known + inner.inner_known;
        self.inner_dropped += inner.dropped + inner.inner_dropped;
        self.exact += inner.exact;
    }
}

/// The branch that a value fits best; see [`best`].
#[doc(hidden)]
#[derive(Debug)]
pub struct Best(Option<usize>);

impl Best {
    /// Whether it is the next branch, in the order of the branches.
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

/// The branch that the pending value fits best; each branch looks like one of its patterns.
#[doc(hidden)]
pub fn best(reader: &mut Reader<'_>, branches: &[&[Pattern]]) -> Result<Best, DecodeError> {
    reader.kind()?;
    let look = Look::at(reader)?;
    let mut best: Option<(Score, usize)> = None;
    for (index, patterns) in branches.iter().enumerate() {
        let score = look.fits(patterns)?;
        if let Some(score) = score.filter(|score| best.is_none_or(|(known, _)| *score > known)) {
            best = Some((score, index));
        }
    }
    Ok(Best(best.map(|(_, index)| index)))
}

/// What can be seen of a value without decoding it.
struct Look<'r, 'j> {
    reader: &'r Reader<'j>,
    kind: Kind,
    properties: Vec<(Cow<'j, str>, Kind, &'j str)>,
}

impl<'r, 'j> Look<'r, 'j> {
    /// Looks at the value before which the reader stands.
    fn at(reader: &'r Reader<'j>) -> Result<Self, DecodeError> {
        let mut ahead = reader.ahead();
        let kind = ahead.kind()?;
        let mut properties = Vec::new();
        if kind == Kind::Object {
            let mut key = ahead.object_start()?;
            while let Some(name) = key {
                let kind = ahead.kind().map_err(|error| error.in_key(&name))?;
                let json = ahead.raw().map_err(|error| error.in_key(&name))?;
                properties.push((name, kind, json));
                key = ahead.object_next()?;
            }
        }
        Ok(Self { reader, kind, properties })
    }

    /// How well the value fits the best of some patterns; `None` if it fits none.
    fn fits(&self, patterns: &[Pattern]) -> Result<Option<Score>, DecodeError> {
        let mut best = None;
        for pattern in patterns {
            best = best.max(self.fits_one(pattern)?);
        }
        Ok(best)
    }

    fn fits_one(&self, pattern: &Pattern) -> Result<Option<Score>, DecodeError> {
        let exact = usize::from(pattern.expect != Expect::Any);
        if !pattern.expect.allows(self.kind) {
            return Ok(None);
        }
        Ok(match pattern.expect {
            Expect::Integer => Some(Score::plain(2)),
            Expect::Uuid | Expect::DateTime | Expect::Quoted => {
                self.is_text(pattern.expect)?.then_some(Score::plain(2))
            }
            Expect::Object | Expect::Map => self.fits_object(pattern)?,
            Expect::Array => self.fits_array(pattern.items)?,
            _ => Some(Score::plain(exact)),
        })
    }

    fn is_text(&self, expect: Expect) -> Result<bool, DecodeError> {
        let mut ahead = self.reader.ahead();
        if self.kind != Kind::String {
            return Ok(true); // a quoted integer that is not quoted
        }
        let text = ahead.str()?;
        Ok(match expect {
            Expect::Uuid => uuid::Uuid::try_parse(text).is_ok(),
            Expect::DateTime => text.parse::<crate::DateTime>().is_ok(),
            Expect::Quoted => text.parse::<i128>().is_ok(),
            _ => true,
        })
    }

    fn fits_object(&self, pattern: &Pattern) -> Result<Option<Score>, DecodeError> {
        let mut score = Score::plain(1);
        for key in pattern.keys {
            match self.properties.iter().find(|(name, ..)| *name == key.name) {
                Some((_, kind, json)) => {
                    let Some(inner) = fits_key(key, *kind, json)? else { return Ok(None) };
                    score.add_inner(inner);
                    score.known += 1;
                }
                None if key.required => return Ok(None),
                None => {}
            }
        }
        if pattern.expect == Expect::Map {
            return Ok(self.fits_others(pattern)?.map(|others| {
                score.add_inner(others);
                score
            }));
        }
        let others = self.properties.len().saturating_sub(score.known);
        score.dropped = -isize::try_from(others).unwrap_or(isize::MAX);
        Ok(Some(score))
    }

    /// How well the properties of a map fit that are no keys: as with an array, the first speaks for all.
    fn fits_others(&self, pattern: &Pattern) -> Result<Option<Score>, DecodeError> {
        let is_other = |name: &str| pattern.keys.iter().all(|key| key.name != name);
        let mut others = self.properties.iter().filter(|(name, ..)| is_other(name)).peekable();
        let Some((name, _, json)) = others.peek().filter(|_| !pattern.items.is_empty()) else {
            return Ok(Some(Score::plain(0)));
        };
        let first = look_into(json, pattern.items).map_err(|error| error.in_key(name))?;
        let fits = |kind: Kind| pattern.items.iter().any(|item| item.expect.allows(kind));
        // What is exact about the values says nothing against an object that names its properties.
        Ok(first.filter(|_| others.all(|(_, kind, _)| fits(*kind))).map(|score| Score { exact: 0, ..score }))
    }

    /// The first element decides how well an array fits; all others have to be of a JSON type that it allows.
    fn fits_array(&self, items: &[Pattern]) -> Result<Option<Score>, DecodeError> {
        let mut score = Some(Score::plain(1));
        let mut ahead = self.reader.ahead();
        let mut more = !items.is_empty() && ahead.array_start()?;
        let mut first = true;
        while more && score.is_some() {
            if first {
                ahead.kind()?;
                score = Look::at(&ahead)?.fits(items)?;
                first = false;
            }
            let kind = ahead.kind()?;
            score = score.filter(|_| items.iter().any(|item| item.expect.allows(kind)));
            ahead.skip()?;
            more = ahead.array_next()?;
        }
        Ok(score)
    }
}

/// How well the value of a property fits; `null` always does.
fn fits_key(key: &Key, kind: Kind, json: &str) -> Result<Option<Score>, DecodeError> {
    if kind == Kind::Null {
        return Ok(Some(Score::plain(0)));
    }
    let constant = key.constants.iter().any(|constant| constant.is(json));
    let may = key.kinds.is_empty() || key.kinds.iter().any(|expect| expect.allows(kind));
    if !may || !constant && !key.constants.is_empty() {
        return Ok(None);
    }
    if key.looks.is_empty() {
        return Ok(Some(Score::plain(usize::from(constant))));
    }
    look_into(json, key.looks).map_err(|error| error.in_key(key.name))
}

/// How well a value that stands in another fits.
fn look_into(json: &str, patterns: &[Pattern]) -> Result<Option<Score>, DecodeError> {
    let mut reader = Reader::new(json.as_bytes());
    reader.kind()?;
    Look::at(&reader)?.fits(patterns)
}

impl Expect {
    /// Whether a value of that kind can be what is expected.
    fn allows(self, kind: Kind) -> bool {
        match self {
            Self::Any => true,
            Self::Null => kind == Kind::Null,
            Self::Boolean => kind == Kind::Boolean,
            Self::Integer => kind == Kind::Integer,
            Self::Number => matches!(kind, Kind::Integer | Kind::Number),
            Self::String | Self::Uuid | Self::DateTime => kind == Kind::String,
            Self::Quoted => matches!(kind, Kind::String | Kind::Integer),
            Self::Array => kind == Kind::Array,
            Self::Object | Self::Map => kind == Kind::Object,
        }
    }
}

/// The words for [`Expect`] in `fitted_union!`.
#[doc(hidden)]
pub mod expect {
    use super::Expect;

    macro_rules! words {
        ($($word:ident: $expect:ident;)*) => {$(
            #[doc = "What is expected by this word."]
            pub const fn $word() -> Expect {
                Expect::$expect
            }
        )*};
    }

    words! {
        any: Any;
        null: Null;
        boolean: Boolean;
        integer: Integer;
        number: Number;
        string: String;
        uuid: Uuid;
        date_time: DateTime;
        quoted: Quoted;
        array: Array;
        object: Object;
        map: Map;
    }
}

/// Codec of an enum whose variants no single test tells apart: the variant that the value fits best decodes it.
///
/// Behind each variant stands what its values look like, alternatives separated by `|`: `any`, `null`, `boolean`, `integer`, `number`, `string`,
/// `uuid`, `date_time`, `quoted` (an integer in quotes), `array[…]` of elements that look like one of what stands in the
/// brackets, `object` (which drops properties that it does not know) or `map[…]` (which keeps them), followed by `where` and the properties that
/// make a difference, joined by `&`: `"id"` has to be there, `"id"?` may be, `"kind" = "a" or "b"` has to be one of these, `"size"?: number or string`
/// of one of these types if it is there, `"list"? like (array[string] | object where "id")` has to look like one of these.
///
/// A variant fits only if all of that holds. Of several that fit, the one that knows most of the properties is taken, then the one
/// that drops fewest, then likewise within the properties for which it says what they look like, then the one that is described
/// more exactly (a constant that matches, a format, an integer before a number), then the first. The first element speaks for an
/// array; the others only have to be of a fitting JSON type. A value that fits none is kept by the last variant, `Unknown(UnknownJson)`.
///
/// ```
/// use clientwright_runtime::{JsonValue, UnknownJson, wire};
///
/// #[derive(Clone, PartialEq)]
/// struct ById { id: Option<i64> }
/// wire::object!(ById { "id" => id? });
///
/// #[derive(Clone, PartialEq)]
/// struct ByName { name: Option<String> }
/// wire::object!(ByName { "name" => name? });
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
/// wire::fitted_union!(Search {
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
    ($name:ident {
        $($variant:ident => $($expect:ident $([$($item:tt)*])? $(where $(
            $key:literal $(? $(@ $optional:ident)?)? $(= $constant:literal $(or $constants:literal)*)? $(: $kind:ident $(or $kinds:ident)*)? $(like ($($look:tt)*))?
        )&+)?)|+ $(as $marker:ty)?),* $(,)?
    }) => {
        $crate::__encode_union!($name { $($variant $(($marker))?)* });
        impl $crate::wire::Decode for $name {
            #[inline]
            fn decode(
                reader: &mut $crate::wire::Reader<'_>,
            ) -> ::core::result::Result<Self, $crate::wire::DecodeError> {
                const BRANCHES: &[&[$crate::wire::Pattern]] = &[$($crate::__patterns!($($expect $([$($item)*])? $(where $(
                    $key $(? $(@ $optional)?)? $(= $constant $(or $constants)*)? $(: $kind $(or $kinds)*)? $(like ($($look)*))?
                )&+)?)|+)),*];
                let mut best = $crate::wire::best(reader, BRANCHES)?;
                $(if best.is_next() {
                    return <($($marker,)?) as $crate::wire::DecodeAs<_>>::decode_as(reader).map(Self::$variant);
                })*
                ::core::result::Result::Ok(Self::Unknown($crate::wire::Decode::decode(reader)?))
            }
        }
        $crate::__deserialize!($name);
    };
}

/// The table behind a variant of [`fitted_union!`](crate::wire::fitted_union).
#[macro_export]
#[doc(hidden)]
macro_rules! __patterns {
    ($($expect:ident $([$($item:tt)*])? $(where $(
        $key:literal $(? $(@ $optional:ident)?)? $(= $constant:literal $(or $constants:literal)*)? $(: $kind:ident $(or $kinds:ident)*)? $(like ($($look:tt)*))?
    )&+)?)|*) => {
        &[$($crate::wire::Pattern {
            expect: $crate::wire::expect::$expect(),
            items: $crate::__patterns!($($($item)*)?),
            keys: &[$($($crate::wire::Key {
                name: $key,
                required: !$crate::__is_there!($(? $(@ $optional)?)?),
                constants: &[$(&$constant $(, &$constants)*)?],
                kinds: &[$($crate::wire::expect::$kind() $(, $crate::wire::expect::$kinds())*)?],
                looks: $crate::__patterns!($($($look)*)?),
            }),+)?],
        }),*]
    };
}

/// Whether there is a mark.
#[macro_export]
#[doc(hidden)]
macro_rules! __is_there {
    () => {
        false
    };
    (?) => {
        true
    };
}
