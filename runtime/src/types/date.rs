//! A date: OpenAPI's format `date` (OpenAPI 3.0.3 §4.4; `full-date` of RFC 3339 §5.6).
//!
//! Invariants: a value is written as it was read. A string that is not a date does not make a response undecodable.

use super::cursor::Cursor;

/// A date without a time, such as `2024-05-01`.
///
/// The string is kept as read and written unchanged. Parsing accepts only valid dates of RFC 3339. In a response, any
/// string is accepted, since servers deviate from the format; conversions of such a value fail.
/// [`from_text`](Self::from_text) creates such a value.
///
/// Two values are equal if their strings are equal. The order is chronological; invalid dates come first. With the
/// features `jiff-02`, `chrono-04` and `time-03`, a `Date` converts to and from the types of these libraries.
///
/// ```
/// use clientwright_runtime::Date;
///
/// let day: Date = "2024-02-29".parse()?;
/// assert_eq!(day.as_str(), "2024-02-29");
/// assert!("2023-02-29".parse::<Date>().is_err());
/// assert_eq!(Date::from_text("29.2.2024").as_str(), "29.2.2024");
/// # Ok::<(), clientwright_runtime::InvalidDate>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Date(Box<str>);

text_type! {
    Date, parse, by |date| date;
    /// The error of a string that is not a date.
    InvalidDate: "not a date such as 2024-05-01";
}

/// Returns year, month and day.
fn parse(text: &str) -> Option<(u32, u32, u32)> {
    let mut cursor = Cursor::new(text);
    let date = cursor.date()?;
    cursor.end()?;
    Some(date)
}

#[cfg(feature = "jiff-02")]
conversions! {
    Date, InvalidDate, jiff::civil::Date;
    to |date| parse(&date.0).and_then(|_| date.0.parse().ok());
    /// Returns an error outside of the years 0 to 9999.
    from |date| date.to_string().parse().ok()
}

#[cfg(feature = "chrono-04")]
conversions! {
    Date, InvalidDate, chrono::NaiveDate;
    to |date| parse(&date.0).and_then(|_| date.0.parse().ok());
    /// Returns an error outside of the years 0 to 9999.
    from |date| date.to_string().parse().ok()
}

#[cfg(feature = "time-03")]
conversions! {
    Date, InvalidDate, time::Date;
    to |date| {
        let (year, month, day) = parse(&date.0)?;
        let month = time::Month::try_from(u8::try_from(month).ok()?).ok()?;
        time::Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok()
    };
    /// Returns an error outside of the years 0 to 9999.
    from |date| format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()).parse().ok()
}
