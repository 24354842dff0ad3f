//! A time of day: the format `time` (`full-time` of RFC 3339 §5.6), with more lenient parsing.
//!
//! Invariants: a value is written as it was read. A string that is not a time does not make a response undecodable.

use std::time::Duration;

use super::cursor::{Cursor, TimeOfDay};

/// A time of day, such as `12:30:00Z`.
///
/// The string is kept as read and written unchanged. In addition to RFC 3339, parsing accepts a time without seconds, a
/// comma as decimal sign, and any number of fractional digits. The offset may be missing, have only hours, have no
/// colon or follow a space. In a response, any string is accepted, since servers deviate from the format; conversions
/// of such a value fail. [`from_text`](Self::from_text) creates such a value.
///
/// Two values are equal if their strings are equal. The order is chronological in UTC, then by string; invalid times
/// come first. With the features `jiff-02`, `chrono-04` and `time-03`, a `Time` converts to and from the types of these
/// libraries. They have no offset, and a leap second becomes the second before it. RFC 3339 requires an offset: to send
/// one, parse a string that has it.
///
/// ```
/// use clientwright_runtime::Time;
///
/// let noon: Time = "12:00:00+02:00".parse()?;
/// assert!(noon.has_offset() && noon < "10:30Z".parse()?);
/// assert!("noon".parse::<Time>().is_err());
/// assert_eq!(Time::from_text("noon").as_str(), "noon");
/// # Ok::<(), clientwright_runtime::InvalidTime>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Time(Box<str>);

text_type! {
    Time, parse, by |(time, offset)| (time.seconds() - i64::from(offset.unwrap_or(0)), time.nanosecond);
    /// The error of a string that is not a time of day.
    InvalidTime: "not a time such as 12:30:00Z";
}

impl Time {
    /// Returns `true` if the value has an offset from UTC.
    #[must_use]
    pub fn has_offset(&self) -> bool {
        parse(&self.0).is_some_and(|(_, offset)| offset.is_some())
    }

    /// Returns the time since midnight, without regard to the offset, or `None` if the string is not a time.
    #[must_use]
    pub fn since_midnight(&self) -> Option<Duration> {
        let (TimeOfDay { hour, minute, second, nanosecond }, _) = parse(&self.0)?;
        Some(Duration::new((hour * 3600 + minute * 60 + second.min(59)).into(), nanosecond))
    }
}

/// Returns the time, and its offset from UTC in seconds.
fn parse(text: &str) -> Option<(TimeOfDay, Option<i32>)> {
    let mut cursor = Cursor::new(text);
    let time = cursor.time()?;
    let offset = cursor.offset()?;
    cursor.end()?;
    Some((time, offset))
}

#[cfg(feature = "jiff-02")]
conversions! {
    Time, InvalidTime, jiff::civil::Time;
    /// The offset is lost.
    to |time| jiff::civil::Time::midnight().checked_add(time.since_midnight()?).ok();
    /// The result has no offset.
    into |time| Time::from_text(time.to_string())
}

#[cfg(feature = "chrono-04")]
conversions! {
    Time, InvalidTime, chrono::NaiveTime;
    /// The offset is lost.
    to |time| {
        let since_midnight = time.since_midnight()?;
        let seconds = u32::try_from(since_midnight.as_secs()).ok()?;
        chrono::NaiveTime::from_num_seconds_from_midnight_opt(seconds, since_midnight.subsec_nanos())
    };
    /// The result has no offset.
    into |time| Time::from_text(time.to_string())
}

#[cfg(feature = "time-03")]
conversions! {
    Time, InvalidTime, time::Time;
    /// The offset is lost.
    // Less than a day, so this does not overflow.
    to |time| time.since_midnight().map(|since_midnight| time::Time::MIDNIGHT + since_midnight);
    /// The result has no offset.
    into |time| {
        let (hour, minute, second, nanosecond) = time.as_hms_nano();
        let text = format!("{hour:02}:{minute:02}:{second:02}.{nanosecond:09}");
        Time::from_text(text.trim_end_matches('0').trim_end_matches('.'))
    }
}
