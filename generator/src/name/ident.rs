//! Part of `name`: strings of a document → Rust identifiers.
//!
//! Invariant: any string gives a valid ASCII identifier that is not a keyword. [`Scope`] makes identifiers unique.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};

/// Keywords in some places only, or of an edition that `syn` does not know (The Rust Reference, "Keywords").
const MORE_KEYWORDS: [&str; 3] = ["gen", "macro_rules", "union"];

/// Names whose capitals do not begin words, each as one word.
const ONE_WORD: [(&str, &str); 9] = [
    ("OAuth", "Oauth"),
    ("IPv", "Ipv"),
    ("GraphQL", "Graphql"),
    ("graphQL", "graphql"),
    ("MySQL", "Mysql"),
    ("PostgreSQL", "Postgresql"),
    ("macOS", "Macos"),
    ("iOS", "Ios"),
    ("IoT", "Iot"),
];

/// `snake_case`, for fields, functions, modules and files.
pub(super) fn snake(text: &str) -> String {
    let known = ONE_WORD.iter().fold(text.to_owned(), |text, (name, word)| text.replace(name, word));
    finish(&join(&plural_capitals(&known), str::to_snake_case, "_"), '_')
}

/// The plural of capitals as one word: `userIDs` is `userIds`.
fn plural_capitals(text: &str) -> String {
    let mut written = String::new();
    let mut capitals = 0;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let ends_word = !letters.peek().is_some_and(char::is_ascii_lowercase);
        if letter == 's' && capitals > 1 && ends_word {
            let rest = written.split_off(written.len() - capitals + 1);
            written.push_str(&rest.to_ascii_lowercase());
        }
        capitals = if letter.is_ascii_uppercase() { capitals + 1 } else { 0 };
        written.push(letter);
    }
    written
}

/// `PascalCase`, for types and variants.
pub(super) fn pascal(text: &str) -> String {
    finish(&join(text, str::to_pascal_case, ""), 'V')
}

/// `PascalCase` as a part of a longer name, which cannot be a keyword.
pub(super) fn pascal_part(text: &str) -> String {
    start(&join(text, str::to_pascal_case, ""), 'V')
}

/// A name with a word appended, without the underscore that a keyword gets.
pub(super) fn with_word(name: &str, word: &str) -> String {
    format!("{}{word}", name.trim_end_matches('_'))
}

/// Splits a string into words, puts each in its case, and joins them. Digits stay apart: `1.0` is not `10`.
fn join(text: &str, case: fn(&str) -> String, separator: &str) -> String {
    let mut joined = String::new();
    for word in words(text) {
        let word = case(&word);
        let digits_meet = joined.ends_with(|last: char| last.is_ascii_digit())
            && word.starts_with(|first: char| first.is_ascii_digit());
        if !joined.is_empty() {
            joined.push_str(if digits_meet { "_" } else { separator });
        }
        joined.push_str(&word);
    }
    joined
}

/// The words of a string, in ASCII. Some signs at its start are words (`@type`, `+1`, `-1`); all are if there is nothing else.
fn words(text: &str) -> Vec<String> {
    let ascii = deunicode::deunicode(text);
    let mut words: Vec<String> = ascii
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    if words.is_empty() {
        return ascii.chars().filter_map(spoken).map(str::to_owned).collect();
    }
    let mut characters = ascii.chars();
    match (characters.next(), characters.next()) {
        (Some('@'), Some(_)) => words.insert(0, "at".to_owned()),
        (Some(sign @ ('+' | '-')), Some(next)) if next.is_ascii_digit() => {
            words.splice(0..0, spoken(sign).map(str::to_owned));
        }
        _ => {}
    }
    words.extend(comparison(&ascii).map(str::to_owned));
    words
}

/// What a sign at the end of a name means: `DateSent<` is what is sent before a date. `Page<Pet>` compares nothing.
fn comparison(text: &str) -> Option<&'static str> {
    let text = text.strip_suffix('=').unwrap_or(text);
    let name =
        text.strip_suffix(['<', '>']).filter(|name| name.ends_with(|last: char| last.is_ascii_alphanumeric()))?;
    match text.get(name.len()..)? {
        _ if name.contains(['<', '>']) => None,
        "<" => Some("before"),
        _ => Some("after"),
    }
}

/// Signs, each with its name as programmers say it.
const SIGNS: &str = "+plus -minus *star /slash \\backslash %percent &and |or !not =equal <less >greater ~tilde ^caret \
    ?question @at #hash $dollar .dot ,comma :colon ;semicolon _underscore \"quote 'quote `backtick (parenthesis \
    )parenthesis [bracket ]bracket {brace }brace";

fn spoken(sign: char) -> Option<&'static str> {
    SIGNS.split(' ').find_map(|word| word.strip_prefix(sign))
}

/// Makes an identifier of joined words: not empty, not beginning with a digit, not a keyword.
fn finish(joined: &str, before_digit: char) -> String {
    spared(start(joined, before_digit))
}

/// Makes joined words begin as an identifier has to.
fn start(joined: &str, before_digit: char) -> String {
    match joined.chars().next() {
        None if before_digit == 'V' => "Empty".to_owned(),
        None => "empty".to_owned(),
        // Only digits and underscores (clippy: `just_underscores_and_digits`).
        Some(_) if before_digit == '_' && !joined.contains(|c: char| c.is_ascii_alphabetic()) => format!("n{joined}"),
        Some(first) if first.is_ascii_digit() => format!("{before_digit}{joined}"),
        Some(_) => joined.to_owned(),
    }
}

/// The name, with an underscore if it is a keyword.
pub(super) fn spared(name: String) -> String {
    let is_keyword = MORE_KEYWORDS.contains(&name.as_str()) || syn::parse_str::<syn::Ident>(&name).is_err();
    if is_keyword { name + "_" } else { name }
}

/// The names that are taken in one namespace: the fields of a struct, the types of an API, the methods of a tag.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    taken: BTreeSet<String>,
    /// The first number that may be free behind each name that needed one.
    numbers: BTreeMap<String, usize>,
    /// How long names are before a number, at most, in bytes.
    longest: usize,
}

/// The longest identifier that is made.
const LONGEST: usize = 250;
/// The longest stem of a file: less than the 255 bytes that file systems take, so that a path has room, too.
const LONGEST_FILE: usize = 100;

impl Default for Scope {
    fn default() -> Self {
        Self::with(&[])
    }
}

impl Scope {
    /// A scope in which some names already mean something: lists of them, with spaces between names.
    pub(super) fn with(reserved: &[&str]) -> Self {
        let taken = reserved.iter().flat_map(|names| names.split(' ')).map(str::to_owned).collect();
        Self { taken, numbers: BTreeMap::new(), longest: LONGEST }
    }

    /// A scope of files, in which some stems already mean something.
    pub(super) fn of_files(reserved: &[&str]) -> Self {
        Self { longest: LONGEST_FILE, ..Self::with(reserved) }
    }

    /// Takes a name, or the first free one of `name_2`, `name_3`, … (types: `Name2`).
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let wanted = shortened(wanted, self.longest);
        let free = if self.taken.contains(&wanted) { self.numbered(&wanted) } else { wanted };
        self.taken.insert(free.clone());
        free
    }

    /// Takes a name, or the fallback if the name is taken.
    pub(super) fn take_or(&mut self, wanted: &str, fallback: &str) -> String {
        if self.taken.contains(wanted) { self.take(fallback) } else { self.take(wanted) }
    }

    fn numbered(&mut self, wanted: &str) -> String {
        let stem = wanted.trim_end_matches('_');
        // In the name of a type, an underscore stands only between digits (rustc: `non_camel_case_types`).
        let type_like = stem.starts_with(|first: char| first.is_ascii_uppercase())
            && !stem.ends_with(|last: char| last.is_ascii_digit());
        let separator = if type_like { "" } else { "_" };
        let number = self.numbers.entry(format!("{stem}{separator}")).or_insert(2);
        loop {
            let name = format!("{stem}{separator}{number}");
            if !self.taken.contains(&name) {
                return name;
            }
            *number += 1;
        }
    }
}

/// A name of so many bytes at most: of a longer one the beginning, and a hash of the whole, so that it depends on itself alone.
fn shortened(name: &str, longest: usize) -> String {
    const HASH: usize = "_x00000000".len();
    if name.len() <= longest {
        return name.to_owned();
    }
    // FNV-1a, which is the same on every machine and in every release.
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let start = name.get(..longest - HASH).unwrap_or_default().trim_end_matches('_');
    let mark = if name.starts_with(|first: char| first.is_ascii_uppercase()) { "X" } else { "_x" };
    format!("{start}{mark}{hash:08x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_a_rust_programmer_would_type() {
        for (text, expected) in [
            ("UserID", "user_id"),
            ("type", "type_"),
            ("@type", "at_type"),
            ("generateUploadURL", "generate_upload_url"),
            ("X-User-ActiveRole", "x_user_active_role"),
            ("source.properties.fileNames", "source_properties_file_names"),
            ("+1", "plus_1"),
            ("-1", "minus_1"),
            ("2fa", "_2fa"),
            ("Größe", "grosse"),
            ("", "empty"),
            ("*", "star"),
            ("<=", "less_equal"),
            ("self", "self_"),
            ("1.0", "n1_0"),
            ("userIDs", "user_ids"),
            ("URLsByName", "urls_by_name"),
            ("VMSize", "vm_size"),
            ("OAuth2Token", "oauth2_token"),
            ("publicIPv6", "public_ipv6"),
            ("DateSent<", "date_sent_before"),
            ("StartTime>=", "start_time_after"),
            ("Page<Pet>", "page_pet"),
            ("a->", "a"),
            ("a=", "a"),
        ] {
            assert_eq!(snake(text), expected, "{text:?}");
        }
        for (text, expected) in [
            ("openapiCustomCSVFormat", "OpenapiCustomCsvFormat"),
            ("READ_ONLY", "ReadOnly"),
            ("1.0", "V1_0"),
            ("self", "Self_"),
            ("", "Empty"),
            ("S3", "S3"),
            ("common_prefix", "CommonPrefix"),
        ] {
            assert_eq!(pascal(text), expected, "{text:?}");
        }
        assert_eq!(pascal_part("self"), "Self");
        assert_eq!(with_word(&pascal("self"), "Request"), "SelfRequest");
        assert_eq!(with_word(&snake("type"), "_as_yaml"), "type_as_yaml");
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let (mut files, mut types) = (Scope::of_files(&[]), Scope::default());
        let one = files.take(&"one_word_".repeat(20));
        let two = files.take(&"one_word_".repeat(21));
        assert!(one.len() <= LONGEST_FILE && two.len() <= LONGEST_FILE && one != two, "{one} {two}");
        assert_eq!(one, Scope::of_files(&[]).take(&"one_word_".repeat(20)));
        let name = types.take(&"OneWord".repeat(100));
        assert!(name.len() <= LONGEST && syn::parse_str::<syn::Ident>(&name).is_ok(), "{name}");
    }

    #[test]
    fn whoever_asks_first_keeps_the_plain_name() {
        let mut scope = Scope::with(&["new"]);
        assert_eq!(scope.take("foo"), "foo");
        assert_eq!(scope.take("foo"), "foo_2");
        assert_eq!(scope.take("foo"), "foo_3");
        assert_eq!(scope.take("Foo"), "Foo");
        assert_eq!(scope.take("Foo"), "Foo2");
        assert_eq!(scope.take("new"), "new_2");
        assert_eq!(scope.take_or("new", "new_"), "new_");
        assert_eq!(scope.take("type_"), "type_");
        assert_eq!(scope.take("type_"), "type_2");
        assert_eq!(scope.take("V1_0b"), "V1_0b");
        assert_eq!(scope.take("V1_0b"), "V1_0b2");
        assert_eq!(scope.take("V1_0"), "V1_0");
        assert_eq!(scope.take("V1_0"), "V1_0_2");
    }
}
