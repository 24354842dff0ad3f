//! Dates, times and durations: kept as read, refused when they are created from invalid strings, converted exactly.

use std::fmt::Debug;
use std::str::FromStr;

use clientwright_runtime::{Date, Duration, Time, codegen, wire};
use proptest::prelude::*;

fn of<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

/// Checks which strings have the format, and that all are read and written unchanged.
fn check<T>(good: &[&str], bad: &[&str])
where
    T: FromStr<Err: Debug + std::fmt::Display> + for<'t> TryFrom<&'t str> + wire::Decode + wire::Encode + ToString,
{
    for text in good {
        assert!(text.parse::<T>().is_ok() && T::try_from(text).is_ok(), "{text}");
    }
    for text in bad {
        let Err(error) = text.parse::<T>() else { panic!("{text}") };
        assert!(error.to_string().starts_with("not a "), "{error}");
    }
    for text in good.iter().chain(bad) {
        let json = serde_json::to_string(text).unwrap();
        let read: T = wire::from_slice(json.as_bytes()).unwrap();
        assert_eq!((wire::to_string(&read), read.to_string()), (json, (*text).to_owned()));
    }
    for json in ["1", "null", "[]", "true"] {
        assert!(wire::from_slice::<T>(json.as_bytes()).is_err(), "{json}");
    }
}

#[test]
fn dates() {
    let good = ["2024-05-01", "2024-02-29", "2000-02-29", "0000-01-01", "9999-12-31"];
    let bad = [
        "", "yesterday", "2024-05-01T00:00:00Z", "2024-5-1", "20240501", "2023-02-29", "1900-02-29", "2024-04-31",
        "2024-00-01", "2024-01-00", "2024-13-01", "2024-05-01 ", "01.05.2024", "-024-05-01", "１９７０-01-01",
    ];
    check::<Date>(&good, &bad);
    assert!(of::<Date>("2024-05-01") > of("2023-12-31") && Date::from_text("soon") < of("0000-01-01"));
    assert_eq!(format!("{:?}", of::<Date>("2024-05-01")), "Date(2024-05-01)");
}

#[test]
fn times() {
    let good = [
        "12:30:00Z", "12:30:00z", "12:30", "12:30:00", "23:59:60Z", "00:00:00.123456789012", "12:30:00,5+02:00",
        "12:30:00-0230", "12:30 +02",
    ];
    let bad = [
        "", "noon", "12", "24:00:00", "12:60", "12:30:61", "12:30:00.", "12:30:00+2", "12:30:00Zx",
        "2024-05-01T12:30:00Z",
    ];
    check::<Time>(&good, &bad);
    assert!(of::<Time>("12:30Z").has_offset() && !of::<Time>("12:30").has_offset());
    assert!(of::<Time>("12:00+02:00") < of("11:00Z") && Time::from_text("late") < of("00:00Z"));
    assert!(of::<Time>("12:00:00.1") > of("12:00"));
    assert_eq!(of::<Time>("01:02:03.5+07:00").since_midnight(), Some(std::time::Duration::from_millis(3_723_500)));
    assert_eq!(of::<Time>("23:59:60").since_midnight(), Some(std::time::Duration::from_secs(86_399)));
    assert_eq!(Time::from_text("late").since_midnight(), None);
}

#[test]
fn durations() {
    let good = [
        "P1D", "P1DT2H", "PT1H30M", "P1Y2M3DT4H5M6S", "P2W", "PT0S", "PT0.5S", "PT1,5H", "-P1D", "+PT1M", "P1Y2W",
        "P1YT1S", "pt5m", "P1M", "PT1M", "P0.5W",
    ];
    let bad = [
        "", "P", "PT", "P1DT", "1D", "P1", "PT5", "P1H", "PT1D", "P1D1Y", "P1DD", "PT1M1H", "PT1.5H1M", "P0.5Y",
        "P1.5M", "PT1.H", "P1.T2H", "P1T2H", "PT1HT1M", "P-1D", "1h30m", "90", "01:30:00", "P1D ",
        "P99999999999999999999D", "P99999999999999999999T1H",
    ];
    check::<Duration>(&good, &bad);
    let ordered =
        ["-P1D", "PT0S", "PT1M", "PT61S", "PT1H", "P1D", "P1W", "P30D", "P1M", "P31D", "P365D", "P1Y", "P366D"];
    assert!(ordered.windows(2).all(|pair| of::<Duration>(pair[0]) < of(pair[1])));
    assert!(Duration::from_text("1h30m") < of("-P9999Y"));
}

#[test]
fn durations_have_a_length() {
    use std::time;
    for (text, seconds, nanoseconds) in [
        ("PT1H30M", 5_400, 0),
        ("P1DT2H", 93_600, 0),
        ("P1W", 604_800, 0),
        ("PT0.5H", 1_800, 0),
        ("PT1.000000001S", 1, 1),
        ("P0.5D", 43_200, 0),
        ("P0Y1D", 86_400, 0),
    ] {
        let length = time::Duration::new(seconds, nanoseconds);
        assert_eq!(of::<Duration>(text).to_std(), Some(length), "{text}");
        assert_eq!(Duration::from(length).to_std(), Some(length));
    }
    for text in ["P1Y", "P1M", "-PT1S", "P9223372036854775807W"] {
        assert_eq!(of::<Duration>(text).to_std(), None, "{text}");
    }
    for (length, text) in [
        (time::Duration::ZERO, "PT0S"),
        (time::Duration::from_secs(60), "PT1M"),
        (time::Duration::from_secs(3_600), "PT1H"),
        (time::Duration::from_secs(90_061), "PT25H1M1S"),
        (time::Duration::from_millis(10_500), "PT10.5S"),
        (time::Duration::from_nanos(1), "PT0.000000001S"),
        (time::Duration::MAX, "PT5124095576030431H15.999999999S"),
    ] {
        assert_eq!(Duration::from(length).as_str(), text);
    }
    assert!(time::Duration::try_from(&of::<Duration>("P1M")).is_err());
    assert_eq!(Duration::from_text("1h30m").to_std(), None);
}

#[derive(Clone, PartialEq)]
struct Shift {
    day: Date,
    start: Option<Time>,
    length: Vec<Duration>,
    pause: Duration,
}
codegen::object!(Shift {
    "day" => day,
    "start" => start?,
    "length" => length,
    "pause" => pause = Duration::from_text("PT5M"),
});

#[test]
fn in_an_object() {
    let text = r#"{"day":"2024-05-01","start":"08:00","length":["PT8H","1h"]}"#;
    let shift: Shift = wire::from_slice(text.as_bytes()).unwrap();
    assert_eq!(shift.pause.as_str(), "PT5M");
    assert_eq!(wire::to_string(&shift), text.replace("\"]}", "\"],\"pause\":\"PT5M\"}"));
}

proptest! {
    #[test]
    fn no_text_is_too_much(
        text in "\\PC{0,30}",
        time in "[0-9:.,]{0,20}[Z+ -]?[0-9:]{0,6}",
        duration in "[+-]?P([0-9]{1,22}[.]?[0-9]{0,3}[YMWD]){0,4}(T([0-9]{1,22}[.]?[0-9]{0,3}[HMS]){0,3})?",
    ) {
        for text in [&text, &time, &duration] {
            let (date, time, duration) = (Date::from_text(text.as_str()), Time::from_text(text.as_str()), Duration::from_text(text.as_str()));
            prop_assert_eq!(date.cmp(&date.clone()), std::cmp::Ordering::Equal);
            prop_assert_eq!(time.since_midnight().is_some(), text.parse::<Time>().is_ok());
            prop_assert!(duration.to_std().is_none() || text.parse::<Duration>().is_ok());
            prop_assert_eq!(duration.cmp(&duration.clone()), std::cmp::Ordering::Equal);
        }
    }

    #[test]
    fn any_length_there_and_back(seconds: u64, nanoseconds in 0_u32..1_000_000_000) {
        let length = std::time::Duration::new(seconds, nanoseconds);
        let duration = Duration::from(length);
        // The seconds of a number fit into 64 bits with a sign: hours and minutes are apart.
        prop_assert_eq!(duration.to_std(), Some(length));
        prop_assert!(duration.as_str().parse::<Duration>().is_ok());
    }
}

#[cfg(feature = "jiff-02")]
#[test]
fn jiff() {
    use jiff::civil;
    let date = civil::Date::try_from(&of::<Date>("2024-05-01")).unwrap();
    assert_eq!((date, Date::try_from(date).unwrap()), (civil::date(2024, 5, 1), of("2024-05-01")));
    assert!(civil::Date::try_from(&Date::from_text("2024-W18-3")).is_err());
    assert!(Date::try_from(civil::date(-1, 5, 1)).is_err());

    let time = civil::Time::try_from(&of::<Time>("23:59:60.25+02:00")).unwrap();
    assert_eq!((time, Time::from(time)), (civil::time(23, 59, 59, 250_000_000), of("23:59:59.25")));
    assert!(civil::Time::try_from(&Time::from_text("late")).is_err());

    let span = jiff::Span::try_from(&of::<Duration>("-P1Y2M3W4DT5H6M7.5S")).unwrap();
    assert_eq!(
        (span.get_years(), span.get_weeks(), span.get_milliseconds(), span.get_nanoseconds()),
        (-1, -3, 0, -500_000_000)
    );
    assert_eq!(Duration::from(span).as_str(), "-P1Y2M3W4DT5H6M7.5S");
    assert!(jiff::Span::try_from(&of::<Duration>("P99999Y")).is_err());
    let signed = jiff::SignedDuration::try_from(&of::<Duration>("-PT1H0.5S")).unwrap();
    assert_eq!((signed, Duration::from(signed)), (jiff::SignedDuration::new(-3_600, -500_000_000), of("-PT1H0.5S")));
    assert!(jiff::SignedDuration::try_from(&of::<Duration>("P1M")).is_err());
}

#[cfg(feature = "chrono-04")]
#[test]
fn chrono() {
    use chrono::{NaiveDate, NaiveTime, TimeDelta};
    let date = NaiveDate::try_from(&of::<Date>("2024-05-01")).unwrap();
    assert_eq!((date, Date::try_from(date).unwrap()), (NaiveDate::from_ymd_opt(2024, 5, 1).unwrap(), of("2024-05-01")));
    assert!(NaiveDate::try_from(&Date::from_text("2024-5-1")).is_err());
    assert!(Date::try_from(NaiveDate::MAX).is_err() && Date::try_from(NaiveDate::MIN).is_err());

    let time = NaiveTime::try_from(&of::<Time>("23:59:60.25Z")).unwrap();
    assert_eq!((time.to_string().as_str(), Time::from(time)), ("23:59:59.250", of("23:59:59.250")));
    assert!(NaiveTime::try_from(&Time::from_text("late")).is_err());

    let delta = TimeDelta::try_from(&of::<Duration>("-PT1H0.5S")).unwrap();
    assert_eq!((delta, Duration::from(delta)), (TimeDelta::milliseconds(-3_600_500), of("-PT1H0.5S")));
    assert_eq!(TimeDelta::try_from(&Duration::from(TimeDelta::MIN)).unwrap(), TimeDelta::MIN);
    assert!(TimeDelta::try_from(&of::<Duration>("P9223372036854775807D")).is_err());
}

#[cfg(feature = "time-03")]
#[test]
fn time_crate() {
    use ::time::Month::May;
    let date = ::time::Date::try_from(&of::<Date>("2024-05-01")).unwrap();
    assert_eq!(
        (date, Date::try_from(date).unwrap()),
        (::time::Date::from_calendar_date(2024, May, 1).unwrap(), of("2024-05-01"))
    );
    assert!(::time::Date::try_from(&Date::from_text("1.5.2024")).is_err());

    let time = ::time::Time::try_from(&of::<Time>("01:02:60Z")).unwrap();
    assert_eq!((time, Time::from(time)), (::time::Time::from_hms(1, 2, 59).unwrap(), of("01:02:59")));
    assert!(::time::Time::try_from(&Time::from_text("late")).is_err());

    let duration = ::time::Duration::try_from(&of::<Duration>("-PT1H0.5S")).unwrap();
    assert_eq!((duration, Duration::from(duration)), (::time::Duration::milliseconds(-3_600_500), of("-PT1H0.5S")));
    assert_eq!(::time::Duration::try_from(&Duration::from(::time::Duration::MIN)).unwrap(), ::time::Duration::MIN);
}
