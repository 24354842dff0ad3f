//! Types beyond Rust's own: dates in common server notations, absent or null, secrets.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clientwright_runtime::{Base64, DateTime, Decimal, JsonValue, Maybe, Secret, codegen, wire};
use proptest::prelude::*;

fn time(text: &str) -> DateTime {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

/// Seconds since the epoch, and nanoseconds.
fn instant(text: &str) -> (i64, u32) {
    let system = time(text).to_system_time().unwrap();
    match system.duration_since(UNIX_EPOCH) {
        Ok(after) => (after.as_secs() as i64, after.subsec_nanos()),
        Err(before) => (-(before.duration().as_secs() as i64), before.duration().subsec_nanos()),
    }
}

#[test]
fn dates_are_read_leniently_and_kept() {
    for (text, seconds, nanoseconds) in [
        ("1970-01-01T00:00:00Z", 0, 0),
        ("1970-01-01t00:00:00z", 0, 0),
        ("1970-01-01 00:00", 0, 0),
        ("1970-01-01T00:00:00.5", 0, 500_000_000),
        ("1970-01-01T00:00:00,123456789999Z", 0, 123_456_789),
        ("1970-01-01T02:00:00+02", 0, 0),
        ("1970-01-01T02:30:00+0230", 0, 0),
        ("1970-01-01 02:30:00 +02:30", 0, 0),
        ("1969-12-31T23:00:00-01:00", 0, 0),
        ("2000-02-29T23:59:60Z", 951_868_800, 0),
        ("2024-05-01T12:00:00Z", 1_714_564_800, 0),
        ("1900-03-01T00:00:00Z", -2_203_891_200, 0),
        ("0000-03-01T00:00:00Z", -62_162_035_200, 0),
        ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
    ] {
        assert_eq!(instant(text), (seconds, nanoseconds), "{text}");
        assert_eq!(wire::to_string(&time(text)), format!("{text:?}"));
        assert_eq!(time(text).to_string(), text);
    }
    assert!(time("1970-01-01T00:00:00Z").has_offset() && !time("1970-01-01T00:00:00").has_offset());
}

#[test]
fn what_is_no_date_is_refused() {
    for text in [
        "", "yesterday", "2024-05-01", "12:00:00", "2024-05-01T", "2024-05-01T12", "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z", "2024-04-31T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2024-01-00T00:00:00Z", "2024-05-01T24:00:00Z", "2024-05-01T12:60:00Z", "2024-05-01T12:00:61Z",
        "2024-05-01T12:00:00.Z", "2024-05-01T12:00:00+", "2024-05-01T12:00:00+2", "2024-05-01T12:00:00+24:00",
        "2024-05-01T12:00:00+02:60", "2024-05-01T12:00:00Zx", "2024-05-01T12:00:00 ", " 2024-05-01T12:00:00Z",
        "2024-5-1T12:00:00Z", "20240501T120000Z", "１９７０-01-01T00:00:00Z", "-024-05-01T12:00:00Z",
        "2024-05-01T12:00:00+02:00:00", "1714564800",
    ] {
        assert!(text.parse::<DateTime>().is_err(), "{text}");
        // A server may still write it.
        let kept = wire::from_slice::<DateTime>(format!("{text:?}").as_bytes()).unwrap();
        assert_eq!((kept.as_str(), kept.to_system_time(), kept.has_offset()), (text, None, false));
        assert!(kept < time("0000-01-01T00:00:00Z"));
    }
    assert!(wire::from_slice::<DateTime>(b"1714564800").is_err());
}

#[test]
fn dates_are_ordered_in_time_and_equal_in_text() {
    let (noon, also_noon, later) =
        (time("2024-05-01T12:00:00Z"), time("2024-05-01T14:00:00+02:00"), time("2024-05-01T12:00:00.1Z"));
    assert!(noon < later && also_noon < later && noon != also_noon && noon < also_noon);
}

proptest! {
    #[test]
    fn any_bytes_come_back_from_base64(bytes: Vec<u8>) {
        let encoded = Base64::encode(&bytes);
        let unpadded = encoded.as_str().trim_end_matches('=').replace('+', "-").replace('/', "_");
        prop_assert_eq!(encoded.decode().unwrap(), bytes.clone());
        prop_assert_eq!(Base64::from_text(unpadded).decode().unwrap(), bytes);
    }

    #[test]
    fn system_time_there_and_back(seconds in -62_135_596_800_i64..253_402_300_800, nanoseconds in 0_u32..1_000_000_000) {
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let whole = if seconds < 0 { UNIX_EPOCH - whole } else { UNIX_EPOCH + whole };
        let system: SystemTime = whole + Duration::from_nanos(nanoseconds.into());
        let time = DateTime::try_from(system).unwrap();
        prop_assert_eq!(time.to_system_time(), Some(system));
    }

    #[test]
    fn no_text_is_too_much(text in "\\PC{0,30}", almost in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]{0,20}[Z+ -]?[0-9:]{0,6}") {
        for text in [text, almost] {
            if let Ok(time) = text.parse::<DateTime>() {
                prop_assert_eq!(time.as_str(), text);
                prop_assert!(time.to_system_time().is_some());
            }
        }
    }
}

#[cfg(feature = "jiff-02")]
#[test]
fn jiff() {
    let timestamp = jiff::Timestamp::try_from(&time("2024-05-01 14:00:00.25+02")).unwrap();
    assert_eq!(timestamp.to_string(), "2024-05-01T12:00:00.25Z");
    assert_eq!(DateTime::try_from(timestamp).unwrap().as_str(), "2024-05-01T12:00:00.25Z");
    assert!(DateTime::try_from(jiff::Timestamp::MIN).is_err());
}

#[cfg(feature = "chrono-04")]
#[test]
fn chrono() {
    let time_ = chrono::DateTime::try_from(&time("2024-05-01 14:00:00.25+02")).unwrap();
    assert_eq!(time_.to_rfc3339(), "2024-05-01T14:00:00.250+02:00");
    assert_eq!(DateTime::try_from(time_).unwrap().as_str(), "2024-05-01T14:00:00.250+02:00");
    assert!(DateTime::try_from(chrono::DateTime::<chrono::Utc>::MAX_UTC).is_err());
}

#[cfg(feature = "time-03")]
#[test]
fn time_crate() {
    let moment = ::time::OffsetDateTime::try_from(&time("2024-05-01 14:00:00.25-02:30")).unwrap();
    assert_eq!(moment.unix_timestamp(), 1_714_581_000);
    let back = DateTime::try_from(moment).unwrap();
    assert_eq!(back.as_str(), "2024-05-01T14:00:00.250000000-02:30");
    let whole = ::time::OffsetDateTime::UNIX_EPOCH;
    assert_eq!(DateTime::try_from(whole).unwrap().to_system_time(), Some(UNIX_EPOCH));
}

#[derive(Clone, PartialEq)]
struct Price {
    amount: Decimal,
    factor: Option<Decimal>,
    cost: Option<Secret<Decimal>>,
}
codegen::object!(Price {
    "amount" => amount as codegen::Quoted,
    "factor" => factor?,
    "cost" => cost? as Option<Secret<codegen::Quoted>>,
});

#[test]
fn decimals_in_strings_are_kept_as_they_are() {
    let read = |text: &str| wire::from_slice::<Price>(text.as_bytes()).unwrap();
    for (text, amount) in [(r#"{"amount":"12.50","cost":"3"}"#, 12.5), (r#"{"amount":"-0"}"#, 0.0)] {
        assert_eq!(wire::to_string(&read(text)), text);
        assert_eq!(read(text).amount.to_f64(), amount);
    }
    assert_eq!(wire::to_string(&read(r#"{"amount":12.50}"#)), r#"{"amount":"12.50"}"#);
    assert!(!format!("{:?}", read(r#"{"amount":"1","cost":"77"}"#)).contains("77"));
    let strange = read(r#"{"amount":"1,000.00"}"#);
    assert_eq!(wire::to_string(&strange), r#"{"amount":"1,000.00"}"#);
    assert!(strange.amount.to_f64().is_nan());
    // It must not be sent as a number: `runtime/tests/http/refused.rs`.
    let number = Price { amount: 1.into(), factor: Some(strange.amount), cost: None };
    assert_eq!(wire::to_string(&number), r#"{"amount":"1","factor":null}"#);
}

#[derive(Clone, PartialEq)]
struct Update {
    name: Maybe<String>,
    secret: Option<Secret<i64>>,
}
codegen::object!(Update { "name" => name?, "secret" => secret? });

#[test]
fn absent_null_and_value() {
    for (text, name) in
        [("{}", Maybe::Absent), (r#"{"name":null}"#, Maybe::Null), (r#"{"name":"x"}"#, Maybe::from("x".to_owned()))]
    {
        let update: Update = wire::from_slice(text.as_bytes()).unwrap();
        assert_eq!(update.name, name);
        assert_eq!(wire::to_string(&update), text);
    }
    let mut maybe = Maybe::from(1);
    if let Some(value) = maybe.as_mut() {
        *value += 1;
    }
    assert_eq!(maybe.map(|value| value * 10).into_value(), Some(20));
    assert_eq!(wire::to_string(&[Maybe::from(1), Maybe::Null, Maybe::Absent]), "[1,null,null]");
    assert_eq!(Maybe::<u8>::from(None), Maybe::Null);
    assert_eq!(Maybe::<Vec<u64>>::from([1, 2]), Maybe::Value(vec![1, 2]));
    assert_eq!(Maybe::<Vec<String>>::from(["a"]), Maybe::Value(vec!["a".to_owned()]));
    let entries = Maybe::<BTreeMap<String, String>>::from([("plan", "yearly")]);
    assert_eq!(entries, Maybe::Value(BTreeMap::from([("plan".to_owned(), "yearly".to_owned())])));
}

#[derive(Clone, PartialEq)]
struct Anything(JsonValue);
codegen::newtype!(Anything);

#[derive(Clone, PartialEq)]
struct Role {
    is_premium: Option<()>,
    note: Option<JsonValue>,
    other: Option<Box<Anything>>,
    name: Option<String>,
}
codegen::object!(Role { "is_premium" => is_premium?, "note" => note?, "other" => other?, "name" => name? });

#[test]
fn null_is_kept_where_it_is_a_value() {
    for text in ["{}", r#"{"is_premium":null,"note":null,"other":null}"#, r#"{"note":[null]}"#] {
        let role: Role = wire::from_slice(text.as_bytes()).unwrap();
        assert_eq!(wire::to_string(&role), text);
    }
    let role: Role = wire::from_slice(br#"{"is_premium":null,"name":null}"#).unwrap();
    assert_eq!((role.is_premium, role.note, role.name), (Some(()), None, None));
    assert!(wire::from_slice::<Role>(br#"{"is_premium":true}"#).unwrap_err().to_string().contains("expected null"));
}

#[test]
fn secrets() {
    let update: Update = wire::from_slice(br#"{"secret":1234}"#).unwrap();
    assert_eq!(format!("{update:?}"), r#"Update {"secret":"[redacted]"}"#);
    assert_eq!(wire::to_string(&update), r#"{"secret":1234}"#);
    let secret = update.secret.unwrap();
    assert_eq!(
        (format!("{secret} {secret:?}"), *secret.expose(), secret.into_inner()),
        ("[redacted] [redacted]".to_owned(), 1234, 1234)
    );
}

#[test]
fn decimals_keep_their_digits() {
    for text in ["0", "-0.0", "1.10", "12345678901234567890123456789.5", "1E+400", "-1e-7"] {
        let number: Decimal = clientwright_runtime::wire::from_slice(text.as_bytes()).unwrap();
        assert_eq!(number.as_str(), text);
        assert_eq!(clientwright_runtime::wire::to_string(&number), text);
        assert_eq!(text.parse::<Decimal>().unwrap(), number);
    }
    assert_eq!(Decimal::try_from("12.50").unwrap().to_string(), "12.50");
    assert_eq!((Decimal::from(-5), Decimal::from(u128::MAX).as_str().len()), ("-5".parse().unwrap(), 39));
    for text in ["", "01", "1.", ".5", "+1", "1 ", " 1", "1,5", "\"1\"", "NaN", "1e", "-", "1 2"] {
        assert!(text.parse::<Decimal>().is_err() && Decimal::try_from(text).is_err(), "{text}");
    }
    assert!(clientwright_runtime::wire::from_slice::<Decimal>(b"\"1.5\"").is_err(), "a text is no number");
}

#[test]
fn base64_is_read_leniently_and_kept() {
    for (text, bytes) in [
        ("", &b""[..]),
        ("Zg==", b"f"),
        ("Zg", b"f"),
        ("Zh==", b"f"),
        ("Zm8=", b"fo"),
        ("Zm9v", b"foo"),
        ("Zm9vYg==\n", b"foob"),
        ("Zm9v\r\nYmFy", b"foobar"),
        (" Zm 9v\tYmFy ", b"foobar"),
        ("+/8=", b"\xfb\xff"),
        ("-_8", b"\xfb\xff"),
    ] {
        let json = serde_json::to_string(text).unwrap();
        let read: Base64 = wire::from_slice(json.as_bytes()).unwrap();
        assert_eq!(read.decode().unwrap(), bytes, "{text:?}");
        assert_eq!((read.as_str(), wire::to_string(&read)), (text, json), "{text:?}");
    }
    assert_ne!(Base64::from_text("Zg"), Base64::from_text("Zg=="));
}

#[test]
fn what_is_no_base64_is_kept_and_has_no_bytes() {
    for text in ["Z", "Zm9vY", "Zg=a", "Z===", "ü", "a*==", "=", "Zm9v.YmFy"] {
        let json = serde_json::to_string(text).unwrap();
        let read: Base64 = wire::from_slice(json.as_bytes()).unwrap();
        let error = read.decode().unwrap_err();
        assert_eq!((error.to_string().as_str(), wire::to_string(&read)), ("not Base64", json), "{text}");
    }
    for json in ["1", "null", "[]", "{}"] {
        assert!(wire::from_slice::<Base64>(json.as_bytes()).is_err(), "{json}");
    }
}

#[test]
fn bytes_turn_into_base64() {
    let encoded = Base64::encode(b"foo");
    let all = [
        Base64::from(b"foo".to_vec()),
        Base64::from(&b"foo".to_vec()),
        Base64::from(&b"foo"[..]),
        Base64::from(b"foo"),
        Base64::from(*b"foo"),
        Base64::from(clientwright_runtime::Bytes::from_static(b"foo")),
        "Zm9v".parse().unwrap(),
    ];
    assert!(all.iter().all(|other| *other == encoded), "{all:?}");
    assert_eq!(encoded.to_string(), "Zm9v");
}

#[test]
fn a_long_base64_is_cut_in_debug() {
    #[derive(Clone, PartialEq)]
    struct Seal {
        key: Base64,
        secret: Secret<Base64>,
    }
    codegen::object!(Seal { "key" => key, "secret" => secret });

    assert_eq!(format!("{:?}", Base64::encode(b"foo")), "Base64(Zm9v)");
    let long = Base64::encode([0; 3000]);
    let shown = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA… 4000 characters";
    assert_eq!(format!("{long:?}"), format!("Base64({shown})"));
    let seal = Seal { key: long.clone(), secret: long.clone().into() };
    assert_eq!(format!("{seal:?}"), format!(r#"Seal {{"key":"{shown}","secret":"[redacted]"}}"#));
    let json = wire::to_string(&seal);
    assert!(json.len() > 8000 && wire::from_slice::<Seal>(json.as_bytes()).unwrap() == seal);
}
