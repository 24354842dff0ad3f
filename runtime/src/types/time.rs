//! A time of day: the format `time` (`full-time` of RFC 3339 §5.6), with more lenient parsing.
//!
//! Invariants: a value is written as it was read. A string that is not a time does not make a response undecodable.

use std::cmp::Ordering;
use std::time::Duration;

use super::cursor::{Cursor, TimeOfDay};
use super::kept::{any_text, kept_text};

/// A time of day, such as `12:30:00Z`.
///
/// The string is kept as it was read and is written unchanged. Besides RFC 3339, parsing accepts a time without seconds, any number
/// of fractional digits, also after a comma, and an offset that is missing, has only hours, has no colon or follows a space. In a
/// server's answer any string is accepted, since servers write other things, too: then conversions fail.
/// [`from_text`](Self::from_text) creates such a value.
///
/// Two values are equal if their strings are. The order is that of the times less their offsets, then that of the strings; strings
/// that are not times come first. With the features `jiff-02`, `chrono-04` and `time-03` a `Time` converts to and from the types of
/// these libraries, which have no offset; a leap second becomes the one before it. RFC 3339 asks for an offset: to send one, parse a
/// string that has it.
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

kept_text! {
    Time, parse;
    /// A string is not a time of day.
    InvalidTime: "not a time such as 12:30:00Z";
}
any_text!(Time);

impl Time {
    /// Whether the value has an offset from UTC.
    #[must_use]
    pub fn has_offset(&self) -> bool {
        parse(&self.0).is_some_and(|(_, offset)| offset.is_some())
    }

    /// How long after midnight it is, without regard to the offset. `None` if the string is not a time.
    #[must_use]
    pub fn since_midnight(&self) -> Option<Duration> {
        let (TimeOfDay { hour, minute, second, nanosecond }, _) = parse(&self.0)?;
        Some(Duration::new((hour * 3600 + minute * 60 + second.min(59)).into(), nanosecond))
    }
}

/// The time, and its offset from UTC in seconds.
fn parse(text: &str) -> Option<(TimeOfDay, Option<i32>)> {
    let mut cursor = Cursor::new(text);
    let time = cursor.time()?;
    let offset = cursor.offset()?;
    cursor.end()?;
    Some((time, offset))
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |time: &Self| {
            let (time, offset) = parse(&time.0)?;
            Some((time.seconds() - i64::from(offset.unwrap_or(0)), time.nanosecond))
        };
        key(self).cmp(&key(other)).then_with(|| self.0.cmp(&other.0))
    }
}

#[cfg(feature = "jiff-02")]
mod jiff_02 {
    use super::{InvalidTime, Time};

    /// The offset is lost.
    impl TryFrom<&Time> for jiff::civil::Time {
        type Error = InvalidTime;

        fn try_from(time: &Time) -> Result<Self, InvalidTime> {
            let since_midnight = time.since_midnight().ok_or(InvalidTime)?;
            Self::midnight().checked_add(since_midnight).map_err(|_| InvalidTime)
        }
    }

    /// The result has no offset.
    impl From<jiff::civil::Time> for Time {
        fn from(time: jiff::civil::Time) -> Self {
            Self::from_text(time.to_string())
        }
    }
}

#[cfg(feature = "chrono-04")]
mod chrono_04 {
    use super::{InvalidTime, Time};
    use chrono::NaiveTime;

    /// The offset is lost.
    impl TryFrom<&Time> for NaiveTime {
        type Error = InvalidTime;

        fn try_from(time: &Time) -> Result<Self, InvalidTime> {
            let since_midnight = time.since_midnight().ok_or(InvalidTime)?;
            let seconds = u32::try_from(since_midnight.as_secs()).map_err(|_| InvalidTime)?;
            Self::from_num_seconds_from_midnight_opt(seconds, since_midnight.subsec_nanos()).ok_or(InvalidTime)
        }
    }

    /// The result has no offset.
    impl From<NaiveTime> for Time {
        fn from(time: NaiveTime) -> Self {
            Self::from_text(time.to_string())
        }
    }
}

#[cfg(feature = "time-03")]
mod time_03 {
    use super::{InvalidTime, Time};

    /// The offset is lost.
    impl TryFrom<&Time> for time::Time {
        type Error = InvalidTime;

        fn try_from(time: &Time) -> Result<Self, InvalidTime> {
            // Less than a day, so this does not go round.
            time.since_midnight().map(|since_midnight| Self::MIDNIGHT + since_midnight).ok_or(InvalidTime)
        }
    }

    /// The result has no offset.
    impl From<time::Time> for Time {
        fn from(time: time::Time) -> Self {
            let (hour, minute, second, nanosecond) = time.as_hms_nano();
            let text = format!("{hour:02}:{minute:02}:{second:02}.{nanosecond:09}");
            Self::from_text(text.trim_end_matches('0').trim_end_matches('.'))
        }
    }
}
