//! Part of `name`: strings of a document → Rust identifiers.
//!
//! Invariant: any string gives a valid ASCII identifier that is not a keyword. [`Scope`] makes identifiers unique.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};

use super::is_among;
use crate::memo::Memo;

/// Keywords of every edition, and contextual keywords (The Rust Reference, "Keywords").
const KEYWORDS: [&str; 54] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "macro_rules",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "Self", "self", "static", "struct",
    "super", "trait", "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use", "virtual", "where",
    "while", "yield",
];

/// Names with capitals inside a word: in `snake_case`, each is one word.
const ONE_WORD: [&str; 52] = [
    "EBay", "ECommerce", "EMail", "ETag", "GBps", "GHz", "GiB", "GitHub", "GitLab", "GraphQL", "IaaS", "ICal", "IOps",
    "IoT", "IPad", "IPhone", "IPod", "IPv", "ITunes", "JavaScript", "KBps", "KHz", "KiB", "KPa", "KWh", "LinkedIn",
    "MacOS", "MBps", "MHz", "MiB", "MongoDB", "MWh", "MySQL", "NoSQL", "OAuth", "OData", "PaaS", "PayPal",
    "PostgreSQL", "SaaS", "TiB", "TypeScript", "VCenter", "VCore", "VCpu", "VMware", "VNet", "VoIP", "VSphere",
    "WhatsApp", "WiFi", "YouTube",
];

thread_local! {
    /// A cache, because names of properties and operations repeat, and splitting them into words is slow.
    static SNAKE: Memo<String> = Memo::default();
    static PASCAL: Memo<String> = Memo::default();
}

/// Converts to `snake_case`, for fields, functions, modules and files.
pub(super) fn snake(text: &str) -> String {
    if is_snake(text) {
        return spared(text.to_owned());
    }
    let case = |word: &str| {
        if is_snake(word) { word.to_owned() } else { plural_capitals(&whole_names(word)).to_snake_case() }
    };
    SNAKE.with(|known| known.get(text, |text| spared(start(&join(text, case, "_"), '_'))))
}

/// Returns `true` if a text is already in `snake_case`, like most names of properties.
fn is_snake(text: &str) -> bool {
    begins(text, char::is_ascii_lowercase)
        && text
            .split('_')
            .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// Joins each name of [`ONE_WORD`] to one word: `EtagOfIpv6` for `ETagOfIPv6`.
fn whole_names(word: &str) -> String {
    let mut written = String::new();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let before = written.chars().last();
        // A fast check, because this runs for every letter of every name.
        let may_begin = before.is_none() || first.is_ascii_uppercase();
        let mut names = ONE_WORD.iter().filter(|name| may_begin && name.starts_with(first.to_ascii_uppercase()));
        let name = names.find(|name| begins_with(rest, name, before));
        let (name, behind) = rest.split_at(name.map_or(first.len_utf8(), |name| name.len()));
        written.push(first);
        written.extend(name.chars().skip(1).map(|letter| letter.to_ascii_lowercase()));
        rest = behind;
    }
    written
}

/// Returns `true` if a text starts with a name; its first letter may be lower case if nothing precedes it.
fn begins_with(text: &str, name: &str, before: Option<char>) -> bool {
    let (Some(first), Some(behind)) = (text.get(..1), text.get(name.len()..)) else { return false };
    let is_name = text.get(1..name.len()) == name.get(1..) && name.get(..1) == Some(&first.to_ascii_uppercase());
    // The `E` of `DELETETag` is the end of another word.
    let ends_other = |before: char| {
        before.is_ascii_uppercase() && name.get(1..).is_some_and(|rest| rest.starts_with(char::is_uppercase))
    };
    let is_start = before.is_none_or(|before| name.starts_with(first) && !ends_other(before));
    let goes_on = begins(behind.strip_prefix('s').unwrap_or(behind), char::is_ascii_lowercase);
    is_name && is_start && !goes_on
}

/// Joins a lower case letter and the following capitals: `MTLS` for `mTLS`, `PHValue` for `pHValue`. An initial `x` stays a separate word:
/// `xPosition`, `xAPIKey`.
fn small_with_capitals(word: &str) -> String {
    let behind = word.trim_start_matches(|letter: char| letter.is_ascii_lowercase());
    let capitals = behind.find(|letter: char| !letter.is_ascii_uppercase()).unwrap_or(behind.len());
    let begins_word = behind.get(capitals..).is_some_and(|rest| begins(rest, char::is_ascii_lowercase));
    let are_one = word.len() == behind.len() + 1 && capitals > usize::from(begins_word) && !word.starts_with('x');
    word.get(..1).filter(|_| are_one).map_or_else(|| word.to_owned(), |first| first.to_ascii_uppercase() + behind)
}

/// Joins plurals of capitals to one word: `userIds` for `userIDs`.
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

/// Converts to `PascalCase`, for types and variants.
pub(super) fn pascal(text: &str) -> String {
    spared(pascal_part(text))
}

/// Converts to `PascalCase` as a part of a longer name, which cannot be a keyword.
pub(super) fn pascal_part(text: &str) -> String {
    let case = |word: &str| {
        let behind = word.trim_start_matches(char::is_numeric);
        // `3DModel` has a word after its number, but `1ST` does not.
        let is_word = begins(behind, char::is_ascii_uppercase) && behind.contains(char::is_lowercase);
        let rest = if is_word { behind } else { word };
        word.strip_suffix(rest).unwrap_or_default().to_owned() + &plural_capitals(rest).to_pascal_case()
    };
    PASCAL.with(|known| known.get(text, |text| start(&join(text, case, ""), 'V')))
}

/// Returns `true` if the first character of a text satisfies a condition.
pub(super) fn begins(text: &str, is: fn(&char) -> bool) -> bool {
    text.starts_with(|first: char| is(&first))
}

/// Appends a word to a name, without the underscore of a keyword.
pub(super) fn with_word(name: &str, word: &str) -> String {
    format!("{}{word}", name.trim_end_matches('_'))
}

/// Splits a string into words, converts their case, and joins them. Digits stay separate: `1.0` is not `10`.
fn join(text: &str, case: fn(&str) -> String, separator: &str) -> String {
    let mut joined = String::new();
    for word in words(text) {
        let word = case(&small_with_capitals(&word));
        let digits_meet = joined.ends_with(|last: char| last.is_ascii_digit()) && begins(&word, char::is_ascii_digit);
        if !joined.is_empty() {
            joined.push_str(if digits_meet { "_" } else { separator });
        }
        joined.push_str(&word);
    }
    joined
}

/// Returns the words of a string, in ASCII. Signs separate words. Some signs at the start or the end of a string are words, as in `@type`,
/// `-created` and `A+`. In a string of only signs, each sign is a word.
fn words(text: &str) -> Vec<String> {
    let ascii = if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(deunicode::deunicode(text)) };
    let is_part = |character: char| character.is_ascii_alphanumeric();
    if !ascii.contains(is_part) {
        return ascii.chars().filter_map(spoken).map(str::to_owned).collect();
    }
    let mut words: Vec<String> = Vec::new();
    let mut rest: &str = &ascii;
    while let Some(start) = rest.find(is_part) {
        let (signs, word) = rest.split_at(start);
        let end = word.find(|character| !is_part(character)).unwrap_or(word.len());
        let (word, behind) = word.split_at(end);
        words.extend(sign_before(signs, word, words.is_empty()).map(str::to_owned));
        words.push(word.to_owned());
        rest = behind;
    }
    if rest.chars().all(|sign| matches!(sign, '+' | '-')) {
        words.extend(rest.chars().filter_map(spoken).map(str::to_owned));
    }
    words.extend(comparison(&ascii).map(str::to_owned));
    words
}

/// Returns the word for signs before a word: at the start as in `@type`, `-created` and `+1`; elsewhere only `+` as in `GMT+9`. The `-` of
/// `GMT-9` may be a hyphen.
fn sign_before(signs: &str, word: &str, is_first: bool) -> Option<&'static str> {
    match (signs, is_first) {
        ("@", true) => Some("at"),
        ("+", _) if is_first || begins(word, char::is_ascii_digit) => spoken('+'),
        ("-", true) => spoken('-'),
        _ => None,
    }
}

/// Words that indicate a point in time.
const TIMES: &str =
    "at created date day deleted expires modified month on received sent since time timestamp until updated year";

/// Returns the word for a comparison sign at the end of a name: `before` for `DateSent<`, `less` for `Price<`. `Page<Pet>` is not a
/// comparison.
fn comparison(text: &str) -> Option<&'static str> {
    let text = text.strip_suffix('=').unwrap_or(text);
    let name =
        text.strip_suffix(['<', '>']).filter(|name| name.ends_with(|last: char| last.is_ascii_alphanumeric()))?;
    if name.contains(['<', '>']) {
        return None;
    }
    let is_time = name.to_snake_case().split('_').any(|word| is_among(word, &[TIMES]));
    let sign = text.chars().last()?;
    match sign {
        '<' if is_time => Some("before"),
        '>' if is_time => Some("after"),
        _ => spoken(sign),
    }
}

/// Signs and their usual names.
const SIGNS: &str = "+plus -minus *star /slash \\backslash %percent &and |or !not =equal <less >greater ~tilde ^caret \
    ?question @at #hash $dollar .dot ,comma :colon ;semicolon _underscore \"quote 'quote `backtick (parenthesis \
    )parenthesis [bracket ]bracket {brace }brace";

fn spoken(sign: char) -> Option<&'static str> {
    SIGNS.split(' ').find_map(|word| word.strip_prefix(sign))
}

/// Turns joined words into the start of an identifier.
fn start(joined: &str, before_digit: char) -> String {
    match joined.chars().next() {
        None if before_digit == 'V' => "Empty".to_owned(),
        None => "empty".to_owned(),
        // Only digits and underscores would violate clippy's `just_underscores_and_digits`.
        Some(_) if before_digit == '_' && !joined.contains(|c: char| c.is_ascii_alphabetic()) => format!("n{joined}"),
        Some(first) if first.is_ascii_digit() => format!("{before_digit}{joined}"),
        Some(_) => joined.to_owned(),
    }
}

/// Returns the name, with an underscore if it is a keyword.
pub(super) fn spared(name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) { name + "_" } else { name }
}

/// Returns `true` for an ASCII identifier that is not a keyword.
pub(super) fn is_identifier(text: &str) -> bool {
    is_word(text) && !KEYWORDS.contains(&text)
}

/// Returns `true` for an ASCII identifier or a keyword.
pub(crate) fn is_word(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !matches!(text, "" | "_") && text.bytes().all(is_part) && !begins(text, char::is_ascii_digit)
}

/// The names of one namespace: the fields of a struct, the types of an API, the methods of a tag.
pub(super) struct Scope {
    taken: BTreeSet<String>,
    /// The next number to try for each numbered name.
    numbers: BTreeMap<String, usize>,
    /// The maximum length of a name without its number, in bytes.
    longest: usize,
}

/// The maximum length of an identifier: `cargo doc` writes a file `struct.NAME.html`, and a word may be appended to a name.
const LONGEST: usize = 200;
/// The maximum length of a file stem: less than the limit of file systems, 255 bytes, to leave room for the path.
const LONGEST_FILE: usize = 100;

impl Default for Scope {
    fn default() -> Self {
        Self::with(&[])
    }
}

impl Scope {
    /// Creates a scope with reserved names, each list separated by spaces.
    pub(super) fn with(reserved: &[&str]) -> Self {
        let taken = reserved.iter().flat_map(|names| names.split(' ')).map(str::to_owned).collect();
        Self { taken, numbers: BTreeMap::new(), longest: LONGEST }
    }

    /// Creates a scope of files with reserved stems.
    pub(super) fn of_files(reserved: &[&str]) -> Self {
        Self { longest: LONGEST_FILE, ..Self::with(reserved) }
    }

    /// Returns `true` if the name is free.
    pub(super) fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(name)
    }

    /// Takes a name, or the first free name of `name_2`, `name_3`, … (for types: `Name2`).
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

    /// Takes a name, or the name with a word appended if it is taken.
    pub(super) fn take_with(&mut self, wanted: &str, word: &str) -> String {
        self.take_or(wanted, &with_word(wanted, word))
    }

    fn numbered(&mut self, wanted: &str) -> String {
        let stem = wanted.trim_end_matches('_');
        // In type names, underscores are only allowed between digits (rustc: `non_camel_case_types`).
        let type_like = begins(stem, char::is_ascii_uppercase) && !stem.ends_with(|last: char| last.is_ascii_digit());
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

/// Shortens a name to a maximum length: its beginning and a hash of the whole, so that the result depends only on the name.
pub(super) fn shortened(name: &str, longest: usize) -> String {
    const HASH: usize = "_x00000000".len();
    if name.len() <= longest {
        return name.to_owned();
    }
    // FNV-1a is the same on every machine and in every release.
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    // An identifier is ASCII.
    let start: String = name.chars().take(longest - HASH).collect();
    let start = start.trim_end_matches('_');
    let mark = if begins(name, char::is_ascii_uppercase) { "X" } else { "_x" };
    format!("{start}{mark}{hash:08x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_idiomatic() {
        for (text, expected) in [
            ("UserID", "user_id"),
            ("type", "type_"),
            ("@type", "at_type"),
            ("generateUploadURL", "generate_upload_url"),
            ("X-User-ActiveRole", "x_user_active_role"),
            ("source.properties.fileNames", "source_properties_file_names"),
            ("+1", "plus_1"),
            ("-1", "minus_1"),
            ("-created_at", "minus_created_at"),
            ("mu+", "mu_plus"),
            ("AB-", "ab_minus"),
            ("C++", "c_plus_plus"),
            ("Etc/GMT+9", "etc_gmt_plus_9"),
            ("Etc/GMT-9", "etc_gmt_9"),
            ("application/problem+json", "application_problem_json"),
            ("- one - two", "one_two"),
            ("2fa", "_2fa"),
            ("Größe", "grosse"),
            ("", "empty"),
            ("*", "star"),
            ("<=", "less_equal"),
            ("self", "self_"),
            ("1.0", "n1_0"),
            ("DateSent<", "date_sent_before"),
            ("StartTime>=", "start_time_after"),
            ("createdAt<", "created_at_before"),
            ("Price<", "price_less"),
            ("Price>=", "price_greater"),
            ("Station<", "station_less"),
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
            ("GitHubId", "GitHubId"),
            ("mTLS", "Mtls"),
            ("common_prefix", "CommonPrefix"),
            ("NetworkACLsPost", "NetworkAclsPost"),
            ("userIDs", "UserIds"),
            ("404Error", "V404Error"),
            ("3DModel", "V3DModel"),
            ("2FAToken", "V2FaToken"),
            ("1ST", "V1st"),
        ] {
            assert_eq!(pascal(text), expected, "{text:?}");
        }
        assert_eq!(pascal_part("self"), "Self");
        assert_eq!(with_word(&pascal("self"), "Request"), "SelfRequest");
        assert_eq!(with_word(&snake("type"), "_as_yaml"), "type_as_yaml");
    }

    #[test]
    fn one_word_names_and_plurals_are_single_words() {
        for (text, expected) in [
            ("userIDs", "user_ids"),
            ("URLsByName", "urls_by_name"),
            ("VMSize", "vm_size"),
            ("OAuth2Token", "oauth2_token"),
            ("oAuth", "oauth"),
            ("publicIPv6", "public_ipv6"),
            ("gitHubId", "github_id"),
            ("If-Match-ETags", "if_match_etags"),
            ("DELETETag", "delete_tag"),
            ("maxKWh", "max_kwh"),
            ("kWh", "kwh"),
            ("mTLSEnabled", "mtls_enabled"),
            ("pHValue", "ph_value"),
            ("vCPUs", "vcpus"),
            ("iOS", "ios"),
            ("aS2", "as2"),
            ("xPosition", "x_position"),
            ("xURLPath", "x_url_path"),
            ("xAPIKey", "x_api_key"),
            ("SSOAuthor", "sso_author"),
            ("memoryGiB", "memory_gib"),
        ] {
            assert_eq!(snake(text), expected, "{text:?}");
        }
    }

    #[test]
    fn names_in_snake_case_stay() {
        for text in ["created_at", "ipv4", "sha_256", "line_2_3", "ids", "type"] {
            let words = join(text, |word| plural_capitals(&whole_names(word)).to_snake_case(), "_");
            assert!(is_snake(text) && words == text, "{text}: {words}");
        }
        for text in ["", "_id", "id_", "a__b", "userId", "2fa", "größe", "a-b"] {
            assert!(!is_snake(text), "{text:?}");
        }
    }

    #[test]
    fn keywords_are_not_identifiers() {
        for keyword in KEYWORDS {
            let is_contextual = ["gen", "macro_rules", "union"].contains(&keyword);
            assert!(is_contextual || syn::parse_str::<syn::Ident>(keyword).is_err(), "{keyword}");
        }
    }

    #[test]
    fn long_names_are_shortened_and_distinct() {
        let (mut files, mut types) = (Scope::of_files(&[]), Scope::default());
        let one = files.take(&"one_word_".repeat(20));
        let two = files.take(&"one_word_".repeat(21));
        assert!(one.len() <= LONGEST_FILE && two.len() <= LONGEST_FILE && one != two, "{one} {two}");
        assert_eq!(one, Scope::of_files(&[]).take(&"one_word_".repeat(20)));
        let name = types.take(&"OneWord".repeat(100));
        assert!(name.len() <= LONGEST && syn::parse_str::<syn::Ident>(&name).is_ok(), "{name}");
    }

    #[test]
    fn the_first_owner_keeps_the_plain_name() {
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
