//! Documents for the codec, created from random bytes: mostly matching documents, and damage to any text.

/// A source of decisions from random bytes; zeros when they run out, which are always the simplest choice.
pub(crate) struct Dice<'d>(pub(crate) std::slice::Iter<'d, u8>);

impl Dice<'_> {
    fn roll(&mut self, sides: usize) -> usize {
        let high = usize::from(self.0.next().copied().unwrap_or_default());
        let low = if sides > 256 { usize::from(self.0.next().copied().unwrap_or_default()) } else { 0 };
        (high + low * 256) % sides
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) + 1 == sides
    }

    fn pick<'p>(&mut self, from: &[&'p str]) -> &'p str {
        from[self.roll(from.len())]
    }
}

pub(crate) const STRINGS: &[&str] = &[
    r#""""#,
    r#""ON""#,
    r#""o\"ff\ud83d\ude00""#,
    r#""plain ascii text""#,
    r#""\n\t\r\b\f\/\\\" \u00e4""#,
    "\"ä€😀\"",
    r#""a rather long text, so that the wide paths of the scanner are taken: 0123456789""#,
    r#""12""#,
    r#""-9223372036854775808""#,
    r#""18446744073709551615""#,
    r#""+5""#,
    r#"" 5""#,
    r#""\ud83d""#,
    r#""\udc00\ud83d""#,
    r#""\u12g4""#,
    r#""\x""#,
    "\"\u{7f}\"",
    "\"\u{1}\"",
    "\"tab\tinside\"",
    r#""\u0000""#,
];

pub(crate) const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "42",
    "1.0",
    "-0.0",
    "0.1",
    "1e2",
    "1E+2",
    "1e-2",
    "127",
    "128",
    "-128",
    "-129",
    "255",
    "256",
    "32767",
    "32768",
    "-32768",
    "-32769",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "999999999999999999",
    "1000000000000000000",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "-18446744073709551616",
    "340282366920938463463374607431768211456",
    "1e400",
    "-1e400",
    "1e-400",
    "3.4028235e38",
    "3.5e38",
    "1e39",
    "1.7976931348623157e308",
    "5e-324",
    "2.2250738585072011e-308",
    "0.30000000000000004",
    "123456789.123456789123456789",
    "16777217",
    "8.5e-46",
    "1e99999999999999999999",
    "1e-99999999999999999999",
    "0e99999999999999999999",
    "01",
    "-",
    "+1",
    "1.",
    ".5",
    "1e",
    "1e+",
    "0x10",
    "--1",
    "1_000",
    "Infinity",
    "-Infinity",
    "NaN",
    "1.5.5",
    "00",
];

pub(crate) const OTHERS: &[&str] = &[
    "null",
    "true",
    "false",
    "[]",
    "{}",
    "nul",
    "True",
    "tru",
    "falsee",
    "[null]",
    "[1,]",
    "[,1]",
    r#"{"a":1,}"#,
    r#"{"a" 1}"#,
    "{1:2}",
    "[1 2]",
    r#"{"a":{"b":[1,2,{"c":null}]}}"#,
    "[[[[]]]]",
    r#"{"a":1,"a":2}"#,
    "'x'",
    "/**/1",
    "",
    "[1}",
    "{\"a\":]",
    "\u{feff}1",
];

/// A value that is useful with some probability.
fn any_value(dice: &mut Dice<'_>) -> String {
    match dice.roll(4) {
        0 => dice.pick(OTHERS).to_owned(),
        1 => dice.pick(STRINGS).to_owned(),
        2 => dice.pick(NUMBERS).to_owned(),
        _ => OTHERS[dice.roll(5)].to_owned(),
    }
}

fn list(dice: &mut Dice<'_>, element: impl Fn(&mut Dice<'_>) -> String) -> String {
    let elements: Vec<String> = (0..dice.roll(4)).map(|_| element(dice)).collect();
    format!("[{}]", elements.join(dice.pick(&[",", " ,\n\t"])))
}

fn object(dice: &mut Dice<'_>, mut properties: Vec<(String, String)>) -> String {
    for _ in 0..dice.roll(4) {
        let name =
            if dice.one_in(50) { "\\ud800" } else { dice.pick(&["extra", "i128", "\\u0065xtra", "ä", "requires"]) };
        let value = or_any(dice, |dice| dice.pick(&["[1.5]", "{\"a\":[null]}", "\"text\""]).to_owned());
        let at = dice.roll(properties.len() + 1);
        properties.insert(at, (name.to_owned(), value));
    }
    if dice.one_in(4) && !properties.is_empty() {
        let at = dice.roll(properties.len());
        properties.rotate_left(at);
    }
    if dice.one_in(50) && !properties.is_empty() {
        properties.push(properties[dice.roll(properties.len())].clone());
    }
    if dice.one_in(50) && !properties.is_empty() {
        properties.remove(dice.roll(properties.len()));
    }
    let (colon, comma) = (dice.pick(&[":", " : "]), dice.pick(&[",", ",\n  ", "\r\n,"]));
    let properties: Vec<String> = properties.iter().map(|(name, value)| format!("\"{name}\"{colon}{value}")).collect();
    format!("{{{}}}", properties.join(comma))
}

/// The usual value, or occasionally any value.
fn or_any(dice: &mut Dice<'_>, usual: impl FnOnce(&mut Dice<'_>) -> String) -> String {
    if dice.one_in(60) { any_value(dice) } else { usual(dice) }
}

/// Any valid JSON, mostly.
fn free_form(dice: &mut Dice<'_>) -> String {
    or_any(dice, |dice| match dice.roll(3) {
        0 => NUMBERS[dice.roll(10)].to_owned(),
        1 => STRINGS[dice.roll(7)].to_owned(),
        _ => dice
            .pick(&[
                "null",
                "[]",
                "{}",
                "[null]",
                "{\"a\":{\"b\":[1,2,{\"c\":null}]}}",
                "[[[[]]]]",
                "{\"a\":1,\"a\":2}",
            ])
            .to_owned(),
    })
}

pub(crate) fn widths(dice: &mut Dice<'_>) -> String {
    let mut properties = Vec::new();
    let bounds = [
        ("i8", ["-128", "127"]),
        ("i16", ["-32768", "32767"]),
        ("i32", ["-2147483648", "2147483647"]),
        ("i64", ["-9223372036854775808", "9223372036854775807"]),
        ("u8", ["0", "255"]),
        ("u16", ["0", "65535"]),
        ("u32", ["0", "4294967295"]),
        ("u64", ["9223372036854775808", "18446744073709551615"]),
        ("f32", ["0.1", "3.4028235e38"]),
        ("f64", ["-0.0", "5e-324"]),
    ];
    for (name, bounds) in bounds {
        if dice.one_in(3) {
            let value = if dice.one_in(20) { dice.pick(NUMBERS) } else { dice.pick(&bounds) };
            properties.push((name.to_owned(), or_any(dice, |_| value.to_owned())));
        }
    }
    object(dice, properties)
}

/// Creates a value with at most this many levels below it.
type Generator = fn(&mut Dice<'_>, usize) -> String;

pub(crate) fn everything(dice: &mut Dice<'_>, depth: usize) -> String {
    let mut properties = vec![
        ("required".to_owned(), or_any(dice, |dice| STRINGS[dice.roll(7)].to_owned())),
        ("nullable".to_owned(), or_any(dice, |dice| dice.pick(&["null", "5"]).to_owned())),
        ("quoted".to_owned(), or_any(dice, |dice| dice.pick(&["\"7\"", "7", "\"-9223372036854775808\""]).to_owned())),
    ];
    let optional: &[(&str, Generator)] = &[
        ("optional", |dice, _| dice.pick(&["true", "null", "false"]).to_owned()),
        ("mayäbe", |dice, _| dice.pick(&["\"text\"", "null"]).to_owned()),
        ("may\\u00e4be", |_, _| "\"escaped name\"".to_owned()),
        ("quotedMaybe", |dice, _| {
            dice.pick(&["null", "\"18446744073709551615\"", "18446744073709551615", "0"]).to_owned()
        }),
        ("quotedList", |dice, _| list(dice, |dice| dice.pick(&["\"1\"", "1", "-1"]).to_owned())),
        ("widths", |dice, _| widths(dice)),
        ("state", |dice, _| STRINGS[dice.roll(8)].to_owned()),
        ("level", |dice, _| dice.pick(&["-1", "9223372036854775807", "0", "-9223372036854775808"]).to_owned()),
        ("child", everything),
        ("children", |dice, depth| list(dice, |dice| everything(dice, depth))),
        ("by\\\"name\\\\", |dice, _| {
            let (one, other) = (widths(dice), widths(dice));
            object(dice, vec![("one".to_owned(), one), ("other".to_owned(), other)])
        }),
        ("", |dice, _| free_form(dice)),
        ("object", |dice, _| {
            let value = free_form(dice);
            object(dice, vec![("inner".to_owned(), value)])
        }),
    ];
    for (name, value) in optional {
        if dice.one_in(3) && depth > 0 {
            properties.push(((*name).to_owned(), or_any(dice, |dice| value(dice, depth - 1))));
        }
    }
    object(dice, properties)
}

/// Damages the text in a few places.
pub(crate) fn damage(dice: &mut Dice<'_>, text: &mut Vec<u8>) {
    const SNIPPETS: &[&[u8]] = &[
        b"\"", b"\\", b"{", b"}", b"[", b"]", b",", b":", b"null", b"0", b"-", b".", b"e", b"\\u", b"\\ud800", b" ",
        b"\n", b"\0", b"\x1f", b"\x7f", b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
        b"\xef\xbb\xbf", b"/", b"'", b"x", b"true", b"\"a\":1,", b"\\u0000",
    ];
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(text.len() + 1);
        let until = (at + dice.roll(4)).min(text.len());
        match dice.roll(5) {
            0 => text.truncate(at),
            1 => drop(text.drain(at..until)),
            2 => drop(text.splice(at..until, SNIPPETS[dice.roll(SNIPPETS.len())].iter().copied())),
            3 => drop(text.splice(at..at, SNIPPETS[dice.roll(SNIPPETS.len())].iter().copied())),
            _ => drop(text.splice(at..at, any_value(dice).into_bytes())),
        }
    }
}
