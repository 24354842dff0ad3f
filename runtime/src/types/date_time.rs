//! A date and time: OpenAPI's format `date-time` (OpenAPI 3.0.3 §4.4; RFC 3339 §5.6), with more lenient parsing.
//!
//! Invariants: a value is written as it was read. A string that is not a date and time does not make a response
//! undecodable.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::cursor::Cursor;

const SECONDS_PER_DAY: i64 = 86_400;

/// A date and time.
///
/// The string is kept as read and written unchanged. In addition to RFC 3339, parsing accepts a space instead of `T`, a
/// time without seconds, a comma as decimal sign, and more fractional digits. The offset may be missing, have only
/// hours, have no colon or follow a space. Conversions use UTC if the offset is missing: see
/// [`has_offset`](Self::has_offset).
///
/// In a response, any string is accepted, since servers deviate from the format; conversions of such a value fail.
/// [`from_text`](Self::from_text) creates such a value.
///
/// Two values are equal if their strings are equal. The order is chronological, then by string; invalid strings come
/// first. A `DateTime` converts to and from [`SystemTime`] and, with the features `jiff-02`, `chrono-04` and `time-03`,
/// the types of these libraries.
///
/// ```
/// use clientwright_runtime::DateTime;
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let noon: DateTime = "1970-01-01 12:00".parse()?;
/// assert_eq!(noon.as_str(), "1970-01-01 12:00");
/// assert_eq!(noon.to_system_time(), Some(UNIX_EPOCH + Duration::from_secs(43_200)));
/// assert!("yesterday".parse::<DateTime>().is_err());
/// # Ok::<(), clientwright_runtime::InvalidDateTime>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DateTime(Box<str>);

text_type! {
    DateTime, parse, by |instant| (instant.seconds, instant.nanoseconds);
    /// The error of a string that is not a date and time.
    InvalidDateTime: "not a date and time such as 2024-05-01T12:00:00Z";
}

impl DateTime {
    /// Returns `true` if the value has an offset from UTC. Otherwise, conversions use UTC.
    #[must_use]
    pub fn has_offset(&self) -> bool {
        self.instant().is_some_and(|instant| instant.offset.is_some())
    }

    /// Converts into a `SystemTime`. Returns `None` if the platform cannot represent it, or if the string is not a date
    /// and time.
    #[must_use]
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let Instant { seconds, nanoseconds, .. } = self.instant()?;
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let second = if seconds < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
        second?.checked_add(Duration::from_nanos(nanoseconds.into()))
    }

    fn instant(&self) -> Option<Instant> {
        parse(&self.0)
    }
}

/// A point in time, and the offset of its notation.
struct Instant {
    /// Seconds since 1970-01-01T00:00:00Z.
    seconds: i64,
    nanoseconds: u32,
    /// The offset from UTC, in seconds. East is positive.
    offset: Option<i32>,
}

fn parse(text: &str) -> Option<Instant> {
    let mut cursor = Cursor::new(text);
    let (year, month, day) = cursor.date()?;
    cursor.eat(b"Tt ")?;
    let time = cursor.time()?;
    let offset = cursor.offset()?;
    cursor.end()?;
    let days = days_since_epoch(year, month, day);
    let seconds = days * SECONDS_PER_DAY + time.seconds() - i64::from(offset.unwrap_or(0));
    Some(Instant { seconds, nanoseconds: time.nanosecond, offset })
}

/// Returns the days since 1970-01-01 in the Gregorian calendar. Years are counted from March, so that the leap day is
/// the last day.
fn days_since_epoch(year: u32, month: u32, day: u32) -> i64 {
    let (year, month) = (i64::from(year), i64::from(month));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days_before_month = (153 * month + 2) / 5;
    365 * year + leap_days + days_before_month + i64::from(day) - 1 - 719_468
}

/// Returns the date of a day since 1970-01-01: year, month, day.
fn date_of(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let day = day.rem_euclid(146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    (era * 400 + year, month, day)
}

/// The result is in UTC. Returns an error outside of the years 0 to 9999.
impl TryFrom<SystemTime> for DateTime {
    type Error = InvalidDateTime;

    fn try_from(time: SystemTime) -> Result<Self, InvalidDateTime> {
        let nanoseconds = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()),
            Err(before) => i128::try_from(before.duration().as_nanos()).map(|before| -before),
        };
        let nanoseconds = nanoseconds.map_err(|_| InvalidDateTime)?;
        let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).map_err(|_| InvalidDateTime)?;
        let fraction = nanoseconds.rem_euclid(1_000_000_000);
        let (year, month, day) = date_of(seconds.div_euclid(SECONDS_PER_DAY));
        let time = seconds.rem_euclid(SECONDS_PER_DAY);
        let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if fraction != 0 {
            let digits = format!(".{fraction:09}");
            text.push_str(digits.trim_end_matches('0'));
        }
        text.push('Z');
        text.parse()
    }
}

#[cfg(feature = "jiff-02")]
conversions! {
    DateTime, InvalidDateTime, jiff::Timestamp;
    /// Returns an error for an instant that `jiff` cannot represent. The offset is lost.
    to |time| {
        let instant = time.instant()?;
        jiff::Timestamp::new(instant.seconds, i32::try_from(instant.nanoseconds).ok()?).ok()
    };
    /// Returns an error outside of the years 0 to 9999.
    from |time| time.to_string().parse().ok()
}

#[cfg(feature = "chrono-04")]
conversions! {
    DateTime, InvalidDateTime, chrono::DateTime<chrono::FixedOffset>;
    /// Uses UTC if the offset is missing.
    to |time| {
        let instant = time.instant()?;
        let offset = chrono::FixedOffset::east_opt(instant.offset.unwrap_or(0))?;
        Some(chrono::DateTime::from_timestamp(instant.seconds, instant.nanoseconds)?.with_timezone(&offset))
    }
}

/// Returns an error outside of the years 0 to 9999.
#[cfg(feature = "chrono-04")]
impl<Z: chrono::TimeZone> TryFrom<chrono::DateTime<Z>> for DateTime {
    type Error = InvalidDateTime;

    fn try_from(time: chrono::DateTime<Z>) -> Result<Self, InvalidDateTime> {
        time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true).parse()
    }
}

#[cfg(feature = "time-03")]
conversions! {
    DateTime, InvalidDateTime, time::OffsetDateTime;
    /// Uses UTC if the offset is missing.
    to |time| {
        let instant = time.instant()?;
        let nanoseconds = i128::from(instant.seconds) * 1_000_000_000 + i128::from(instant.nanoseconds);
        let utc = time::OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()?;
        utc.checked_to_offset(time::UtcOffset::from_whole_seconds(instant.offset.unwrap_or(0)).ok()?)
    };
    /// Returns an error outside of the years 0 to 9999. Seconds of the offset, which RFC 3339 does not support, are
    /// dropped.
    from |time| {
        let (hours, minutes, seconds) = time.offset().as_hms();
        let offset = time::UtcOffset::from_hms(hours, minutes, 0).ok()?;
        let time = if seconds == 0 { time } else { time.checked_to_offset(offset)? };
        let sign = if offset.is_negative() { '-' } else { '+' };
        let text = format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}{sign}{:02}:{:02}",
            time.year(),
            u8::from(time.month()),
            time.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.nanosecond(),
            hours.unsigned_abs(),
            minutes.unsigned_abs(),
        );
        text.parse().ok()
    }
}
