//! A duration: the format `duration` (RFC 3339 appendix A; ISO 8601), with more lenient parsing.
//!
//! Invariants: a value is written as it was read. A string that is not a duration does not make a response undecodable.

use super::cursor::Cursor;

/// A duration, such as `P1DT2H`.
///
/// The string is kept as read and written unchanged. In addition to RFC 3339, parsing accepts a sign, weeks with other
/// units, and omitted units between others. The last number may have decimals, unless it counts years or months.
///
/// In a response, any string is accepted, since servers deviate from the format, for example `1h30m`; conversions of
/// such a value fail. [`from_text`](Self::from_text) creates such a value.
///
/// Two values are equal if their strings are equal. The order is by length, then by string; invalid durations come
/// first. A year counts as 365.2425 days and a month as a twelfth of it. A `Duration` converts to and from
/// [`std::time::Duration`] and, with the features `jiff-02`, `chrono-04` and `time-03`, the types of these libraries.
/// Most of them cannot represent years and months, and a day has 24 hours; `jiff::Span` supports all units.
///
/// ```
/// use clientwright_runtime::Duration;
/// use std::time;
///
/// let pause: Duration = "PT1H30M".parse()?;
/// assert_eq!(pause.to_std(), Some(time::Duration::from_secs(5_400)));
/// assert_eq!(Duration::from(time::Duration::from_millis(90_500)).as_str(), "PT1M30.5S");
/// assert!("1h30m".parse::<Duration>().is_err());
/// assert_eq!(Duration::from_text("1h30m").as_str(), "1h30m");
/// # Ok::<(), clientwright_runtime::InvalidDuration>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Duration(Box<str>);

text_type! {
    Duration, parse, by Parts::length;
    /// The error of a string that is not a duration, or of units without a fixed length.
    InvalidDuration: "not a duration such as P1DT2H";
}

impl Duration {
    /// Converts into a `Duration` of the standard library, where a day has 24 hours. Returns `None` if the string is
    /// not a duration, or if the duration has years or months, is negative or too long.
    #[must_use]
    pub fn to_std(&self) -> Option<std::time::Duration> {
        let nanoseconds = self.nanoseconds()?;
        let seconds = u64::try_from(nanoseconds / SECOND).ok()?;
        let rest = u32::try_from(nanoseconds % SECOND).ok()?;
        Some(std::time::Duration::new(seconds, rest))
    }

    /// Returns the length in nanoseconds; `None` if the string is not a duration, or has years or months.
    fn nanoseconds(&self) -> Option<i128> {
        let parts = parse(&self.0)?;
        matches!(parts.units, [0, 0, ..]).then(|| parts.length())
    }

    /// Returns whole seconds, and nanoseconds of the same sign.
    #[cfg(any(feature = "jiff-02", feature = "time-03"))]
    fn seconds_and_rest(&self) -> Option<(i64, i32)> {
        let nanoseconds = self.nanoseconds()?;
        Some((i64::try_from(nanoseconds / SECOND).ok()?, i32::try_from(nanoseconds % SECOND).ok()?))
    }

    /// Creates a duration of hours, minutes and seconds.
    fn of_nanoseconds(nanoseconds: i128) -> Self {
        let (seconds, rest) = (nanoseconds.abs() / SECOND, nanoseconds.abs() % SECOND);
        let mut text = String::from(if nanoseconds < 0 { "-PT" } else { "PT" });
        for (number, unit) in [(seconds / 3600, 'H'), (seconds / 60 % 60, 'M')] {
            if number > 0 {
                text.push_str(&format!("{number}{unit}"));
            }
        }
        if nanoseconds % (60 * SECOND) != 0 || nanoseconds == 0 {
            let decimals = format!("{}.{rest:09}", seconds % 60);
            text.push_str(decimals.trim_end_matches('0').trim_end_matches('.'));
            text.push('S');
        }
        Self::from_text(text)
    }
}

/// One second, in nanoseconds.
const SECOND: i128 = 1_000_000_000;
/// The letters of the units, in their order, and their lengths in seconds.
const UNITS: [(&[u8], i64); 7] = [
    (b"Yy", 31_556_952),
    (b"Mm", 2_629_746),
    (b"Ww", 604_800),
    (b"Dd", 86_400),
    (b"Hh", 3_600),
    (b"Mm", 60),
    (b"Ss", 1),
];
/// The first unit that may have decimals.
const WEEKS: usize = 2;
/// The first unit after the `T`.
const HOURS: usize = 4;

/// The numbers of a duration.
#[derive(Default)]
struct Parts {
    negative: bool,
    /// The numbers, in the order of [`UNITS`].
    units: [i64; UNITS.len()],
    /// The decimals of the last number, in nanoseconds.
    rest: i64,
}

impl Parts {
    /// Returns the length in nanoseconds. Years and months have their average length.
    fn length(self) -> i128 {
        let seconds: i128 =
            self.units.iter().zip(UNITS).map(|(number, (_, s))| i128::from(*number) * i128::from(s)).sum();
        let length = seconds * SECOND + i128::from(self.rest);
        if self.negative { -length } else { length }
    }
}

fn parse(text: &str) -> Option<Parts> {
    let mut cursor = Cursor::new(text);
    let mut parts = Parts { negative: cursor.eat(b"+-") == Some(b'-'), ..Parts::default() };
    cursor.eat(b"Pp")?;
    // The number before the unit, and its decimals.
    let mut number: Option<(u64, Option<u32>)> = None;
    let mut complete = false;
    for (index, (slot, (letters, seconds))) in parts.units.iter_mut().zip(UNITS).enumerate() {
        if index == HOURS && cursor.end().is_none() {
            cursor.eat(b"Tt").filter(|_| number.is_none())?;
            complete = false;
        }
        if let (None, Some(whole)) = (number, cursor.whole()) {
            number = Some((whole, if cursor.eat(b".,").is_some() { Some(cursor.fraction()?) } else { None }));
        }
        let Some((whole, decimals)) = number.filter(|_| cursor.eat(letters).is_some()) else { continue };
        *slot = i64::try_from(whole).ok()?;
        if let Some(decimals) = decimals {
            cursor.end().filter(|()| index >= WEEKS)?;
            parts.rest = i64::from(decimals) * seconds;
        }
        (number, complete) = (None, true);
    }
    cursor.end().filter(|()| complete && number.is_none()).map(|()| parts)
}

conversions! {
    Duration, InvalidDuration, std::time::Duration;
    /// Returns an error if [`Duration::to_std`] returns `None`.
    to Duration::to_std;
    into |duration| {
        Duration::of_nanoseconds(i128::from(duration.as_secs()) * SECOND + i128::from(duration.subsec_nanos()))
    }
}

#[cfg(feature = "jiff-02")]
conversions! {
    Duration, InvalidDuration, jiff::Span;
    /// Has the same units. Returns an error if a unit is beyond the range of `jiff`.
    to |duration| {
        let parts = parse(&duration.0)?;
        let [years, months, weeks, days, hours, minutes, seconds] = parts.units;
        let span = jiff::Span::new().try_years(years).ok()?.try_months(months).ok()?.try_weeks(weeks).ok()?;
        let span = span.try_days(days).ok()?.try_hours(hours).ok()?.try_minutes(minutes).ok()?;
        let span = span.try_seconds(seconds).ok()?.try_nanoseconds(parts.rest).ok()?;
        Some(if parts.negative { -span } else { span })
    };
    into |span| Duration::from_text(span.to_string())
}

#[cfg(feature = "jiff-02")]
conversions! {
    Duration, InvalidDuration, jiff::SignedDuration;
    /// Returns an error for years and months. A day has 24 hours.
    to |duration| duration.seconds_and_rest().map(|(seconds, rest)| jiff::SignedDuration::new(seconds, rest));
    into |duration| Duration::of_nanoseconds(duration.as_nanos())
}

#[cfg(feature = "chrono-04")]
conversions! {
    Duration, InvalidDuration, chrono::TimeDelta;
    /// Returns an error for years and months. A day has 24 hours.
    to |duration| {
        let nanoseconds = duration.nanoseconds()?;
        let seconds = i64::try_from(nanoseconds.div_euclid(SECOND)).ok()?;
        chrono::TimeDelta::new(seconds, u32::try_from(nanoseconds.rem_euclid(SECOND)).ok()?)
    };
    into |delta| Duration::of_nanoseconds(i128::from(delta.num_seconds()) * SECOND + i128::from(delta.subsec_nanos()))
}

#[cfg(feature = "time-03")]
conversions! {
    Duration, InvalidDuration, time::Duration;
    /// Returns an error for years and months. A day has 24 hours.
    to |duration| duration.seconds_and_rest().map(|(seconds, rest)| time::Duration::new(seconds, rest));
    into |duration| Duration::of_nanoseconds(duration.whole_nanoseconds())
}
