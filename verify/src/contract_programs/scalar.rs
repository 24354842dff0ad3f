//! Part of `contract`: scalar values: strings, numbers, booleans, enumerations, and any JSON.
//!
//! In: a type and a wish. Out: the value, or the reason why no value exists.
//!
//! Invariant: examples and defaults of the document are used only if they are valid; generated values always are.

use serde_json::{Map, Number, Value, json};

use super::formats::{self, Format};
use super::pattern::Pattern;
use super::value::{Mode, ValuePlace, Wish};
use clientwright::ir::{Bounds, Integer, Shape, Text, Type};

/// Text with characters that wrong encoding loses or changes. It begins and ends with a letter.
const AWKWARD: &str = "aü/%b &c+d\"e=f?g#h:i@j\\k'l";
/// Such text in ASCII.
const AWKWARD_ASCII: &str = "a/%b &c+d\"e=f?g#h:i@j'l";
/// The character that extends short strings.
const FILLER: char = 'x';

/// The generator of one scalar value.
pub(super) struct Scalars<'a> {
    pub(super) ty: &'a Type,
    pub(super) wish: Wish,
    /// Values that the document lists for the type.
    pub(super) hints: &'a [&'a Value],
}

impl Scalars<'_> {
    /// Returns the value, or the reason why no value exists.
    pub(super) fn value(&self) -> Result<Value, String> {
        match &self.ty.shape {
            Shape::Null => Ok(Value::Null),
            Shape::Boolean => Ok(self.listed().unwrap_or_else(|| Value::Bool(self.wish.turn.is_multiple_of(2)))),
            Shape::Integer(Integer::QuotedI64) => self.text(Some("int64")),
            Shape::Integer(Integer::QuotedU64) => self.text(Some("uint64")),
            Shape::Integer(integer) => self.integer(*integer),
            // A whole number is valid both as an integer and as a number.
            Shape::Decimal => self.integer(Integer::I64).or_else(|_| self.number()),
            Shape::Number => self.number(),
            Shape::Text(text) => self.text(match text {
                Text::DateTime => Some("date-time"),
                Text::Uuid => Some("uuid"),
                Text::Base64 => Some("byte"),
                _ => self.ty.format.as_deref(),
            }),
            Shape::TextEnum(values) => {
                self.choice(values.iter().filter_map(|value| value.wire.as_str()), |text| self.is_text(text))
            }
            Shape::IntegerEnum(values) | Shape::MixedEnum(values) => {
                self.choice(values.iter().map(|value| value.wire.clone()), |_| true)
            }
            _ => Ok(self.anything()),
        }
    }

    /// Returns the values from the document, closest first.
    fn written(&self) -> impl Iterator<Item = &Value> {
        let own = self.ty.example.iter().chain(&self.ty.default);
        self.hints.iter().copied().chain(own).filter(|_| self.wish.turn == 0)
    }

    /// Returns one of the values of an `enum` whose shape is not an enumeration.
    fn listed(&self) -> Option<Value> {
        let values = &self.ty.values;
        values.get(self.wish.turn % values.len().max(1)).cloned()
    }

    /// Returns a value from the document if it is one of these, otherwise the one selected by `turn`.
    fn choice<T: Clone + Into<Value>>(
        &self,
        values: impl Iterator<Item = T>,
        accepts: impl Fn(&T) -> bool,
    ) -> Result<Value, String> {
        let values: Vec<Value> = values.filter(|value| accepts(value)).map(Into::into).collect();
        if self.wish.mode == Mode::Required
            && let Some(written) = self.written().find(|written| values.contains(written))
        {
            return Ok(written.clone());
        }
        // In full mode, the last value comes first, so that more than one value is tested.
        let shift = if self.wish.mode == Mode::Full { values.len().saturating_sub(1) } else { 0 };
        let chosen = values.get((shift + self.wish.turn) % values.len().max(1));
        chosen.cloned().ok_or_else(|| "no value of its `enum` can be sent".to_owned())
    }

    /// Returns any JSON value; in a parameter a string, which every style supports.
    pub(super) fn anything(&self) -> Value {
        if let Some(listed) = self.listed() {
            return listed;
        }
        let turn = self.wish.turn;
        let written = self.written().find(|written| !written.is_null() && self.wish.place == ValuePlace::Body);
        match (written, self.wish.place, self.wish.mode) {
            (Some(written), _, _) => written.clone(),
            (None, ValuePlace::Body, Mode::Full) => {
                json!({ "text": AWKWARD, "numbers": [turn, 0.5, -1], "null": null })
            }
            _ => Value::from(format!("text{turn}")),
        }
    }

    /// Returns the candidate selected by `turn` among those within the bounds, according to a validator.
    fn within_bounds(&self, candidates: impl Iterator<Item = Number>) -> Option<Value> {
        let Bounds { minimum, maximum, multiple_of, .. } = &self.ty.bounds;
        let mut schema = Map::new();
        for (limit, inclusive, exclusive) in
            [(minimum, "minimum", "exclusiveMinimum"), (maximum, "maximum", "exclusiveMaximum")]
        {
            let keyword = |excluded| if excluded { exclusive } else { inclusive };
            schema.extend(limit.iter().map(|(limit, excluded)| (keyword(*excluded).to_owned(), limit.clone().into())));
        }
        schema.extend(multiple_of.iter().map(|multiple| ("multipleOf".to_owned(), multiple.clone().into())));
        let validator = jsonschema::draft201909::new(&Value::Object(schema)).ok()?;
        let numbers = candidates.map(Value::Number).filter(|number| validator.is_valid(number));
        let mut fitting: Vec<Value> = numbers.take(self.wish.turn + 1).collect();
        let index = self.wish.turn.checked_rem(fitting.len())?;
        Some(fitting.swap_remove(index))
    }

    fn integer(&self, integer: Integer) -> Result<Value, String> {
        if let Some(listed) = self.listed() {
            return Ok(listed);
        }
        let (low, high) = integer.range().into_inner();
        let Bounds { minimum, maximum, multiple_of, .. } = &self.ty.bounds;
        let least = minimum.as_ref().map_or(low, |(least, _)| whole(least).max(low));
        let most =
            maximum.as_ref().map_or(high, |(most, is_exclusive)| (whole(most) - i128::from(*is_exclusive)).min(high));
        let step = multiple_of.as_ref().map_or(Some(1), step).ok_or("its `multipleOf` is too fine")?;
        let last = most - most.rem_euclid(step);
        let start = least.max(if most < 1 { last - 3 * step } else { 1 });
        let first = start + (step - start.rem_euclid(step)) % step;
        let written = self.written().filter_map(Value::as_number).filter(|number| !number.is_f64()).map(whole);
        let counted = (0..SOME + self.wish.turn as i128).map(|count| first + step * count);
        let numbers = written.chain(counted).chain([last]).filter(|number| (low..=high).contains(number));
        let found = self.within_bounds(numbers.filter_map(Number::from_i128));
        found.ok_or_else(|| "no whole number is within its bounds".to_owned())
    }

    fn number(&self) -> Result<Value, String> {
        if let Some(listed) = self.listed() {
            return Ok(listed);
        }
        let Bounds { minimum, maximum, multiple_of, .. } = &self.ty.bounds;
        let limit = |limit: &Option<(Number, bool)>| limit.as_ref().and_then(|(number, _)| number.as_f64());
        let (least, most) = (limit(minimum), limit(maximum));
        let mut wanted: Vec<f64> = self.written().filter_map(Value::as_f64).collect();
        wanted.extend(counted(1.5, 1.0).chain(counted(0.0, 1.0)));
        if let Some(multiple) = multiple_of.as_ref().and_then(Number::as_f64) {
            wanted.extend(counted((least.unwrap_or(0.0) / multiple).ceil(), 1.0).map(|count| count * multiple));
        }
        if let (Some(least), Some(most)) = (least, most) {
            wanted.extend(counted(2.0, 1.0).map(|count| least + (most - least) / count));
        }
        wanted.extend(least.into_iter().flat_map(|least| counted(least, 1.0).chain(counted(least.ceil(), 1.0))));
        wanted.extend(most.into_iter().flat_map(|most| counted(most, -1.0).chain(counted(most.floor(), -1.0))));
        let found = self.within_bounds(wanted.into_iter().filter_map(Number::from_f64));
        found.ok_or_else(|| "no number is within its bounds".to_owned())
    }
}

/// The maximum number of numbers tried in a row.
const SOME: i128 = 64;

/// Returns numbers, one step apart.
fn counted(from: f64, step: f64) -> impl Iterator<Item = f64> {
    (0..64).map(move |count| from + step * f64::from(count))
}

/// Strings.
impl Scalars<'_> {
    fn text(&self, format: Option<&str>) -> Result<Value, String> {
        let pattern = self.ty.bounds.pattern.as_deref().map(|pattern| (pattern, Pattern::new(pattern)));
        let made = format.and_then(|format| formats::texts(format, self.wish.turn));
        let free = pattern.is_none() && made.is_none();
        let checked = format.map(Format::new);
        let accepts = |text: &str| {
            let matches = match &pattern {
                Some((_, Some(pattern))) => pattern.matches(text),
                _ => true,
            };
            matches && checked.as_ref().is_none_or(|format| format.holds(text)) && self.is_text(text)
        };
        // Free text is prone to encoding errors, so in full mode an awkward value is more useful than an example.
        if !(free && self.wish.mode == Mode::Full)
            && let Some(written) = self.written().filter_map(Value::as_str).find(|text| accepts(text))
        {
            return Ok(written.into());
        }
        if let Some((pattern, None)) = pattern {
            return Err(format!("no text is found that matches `{pattern}`, and no example is given"));
        }
        if let Some((_, Some(pattern))) = &pattern {
            let least = usize::try_from(self.least()).unwrap_or(usize::MAX);
            // Many patterns only require a non-empty string.
            let anything = self.free_text(format).ok().filter(|text| text.as_str().is_some_and(accepts));
            if let Some(text) = anything.filter(|_| self.wish.mode == Mode::Full) {
                return Ok(text);
            }
            let found = made.into_iter().flatten().find(|text| accepts(text));
            let found = found.or_else(|| {
                let mut texts = pattern.texts(self.wish.turn + 1, least, accepts);
                let index = self.wish.turn.checked_rem(texts.len())?;
                Some(texts.swap_remove(index))
            });
            return found.map(Value::from).ok_or_else(|| {
                format!(
                    "no text is found that matches `{}` and its bounds",
                    self.ty.bounds.pattern.as_deref().unwrap_or_default()
                )
            });
        }
        match (made, format) {
            (Some(made), Some(format)) => {
                let found = made.into_iter().find(|text| accepts(text));
                found.map(Value::from).ok_or_else(|| format!("no text of the format `{format}` is within its bounds"))
            }
            _ => self.free_text(format),
        }
    }

    /// Returns free text with a length within the bounds.
    fn free_text(&self, format: Option<&str>) -> Result<Value, String> {
        let Wish { mode, place, turn, .. } = self.wish;
        let awkward = mode == Mode::Full && format.is_none_or(|format| format == "password");
        let base = match place {
            _ if !awkward => "text",
            ValuePlace::Header => AWKWARD_ASCII,
            _ => AWKWARD,
        };
        let own = if turn == 0 { base.to_owned() } else { format!("{turn}{base}") };
        let allowed = own.chars().filter(|found| !self.wish.separators.contains(*found));
        let most = self.ty.bounds.max_length.unwrap_or(u64::MAX);
        if self.least() > LONGEST {
            return Err(format!("a text of {} characters is asked for", self.least()));
        }
        let mut characters: Vec<char> = allowed.take(usize::try_from(most).unwrap_or(usize::MAX)).collect();
        while (characters.len() as u64) < self.least() {
            characters.push(FILLER);
        }
        // A space at the end is not sent everywhere.
        if let Some(last) = characters.last_mut()
            && last.is_whitespace()
        {
            *last = FILLER;
        }
        let text: String = characters.into_iter().collect();
        if self.is_text(&text) { Ok(text.into()) } else { Err("no text is within its bounds".to_owned()) }
    }

    fn least(&self) -> u64 {
        self.ty.bounds.min_length.unwrap_or(0)
    }

    /// Returns `true` if a string has a valid length and can be sent at its place.
    fn is_text(&self, text: &str) -> bool {
        let length = text.chars().count() as u64;
        let Wish { place, separators, .. } = self.wish;
        let can_be_sent = match place {
            ValuePlace::Body => true,
            ValuePlace::Path => !matches!(text, "" | "." | ".."),
            ValuePlace::Query | ValuePlace::Cookie => !text.is_empty(),
            ValuePlace::Header => {
                !text.is_empty() && text.chars().all(|found| matches!(found, ' '..='~')) && text.trim() == text
            }
        };
        let whole = !text.contains(|found| separators.contains(found));
        let most = self.ty.bounds.max_length.unwrap_or(u64::MAX);
        can_be_sent && whole && (self.least()..=most).contains(&length)
    }
}

/// The maximum length of a string.
const LONGEST: u64 = 10_000;

/// Returns a number rounded down.
fn whole(number: &Number) -> i128 {
    number.as_i128().unwrap_or_else(|| number.as_f64().unwrap_or(0.0).floor() as i128)
}

/// Returns the integer whose multiples are the integral multiples of `multipleOf`.
fn step(multiple: &Number) -> Option<i128> {
    if let Some(whole) = multiple.as_i64() {
        return (whole > 0).then_some(i128::from(whole));
    }
    let multiple = multiple.as_f64().filter(|multiple| *multiple > 0.0)?;
    (1..=10_000_i32)
        .find(|count| {
            let product = multiple * f64::from(*count);
            product.fract() == 0.0 && product >= 1.0
        })
        .map(|count| (multiple * f64::from(count)) as i128)
}
