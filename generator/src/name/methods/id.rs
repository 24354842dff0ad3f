//! Part of `name::methods`: ids without framework affixes.
//!
//! In: an operation, and the words of its tag. Out: the words of its id, and the parts that were removed.

use super::{MOST, Words, find, has, is_deed, words};
use crate::ir::Operation;
use crate::name::ident::begins;
use crate::name::is_among;
use crate::name::tags::is_number;
use clientwright_normalizer::words::is_prefix;

/// The words of an id.
#[derive(Clone)]
pub(super) struct Id {
    pub(super) words: Vec<String>,
    /// Versions and numbers, which were removed from the words.
    pub(super) numbers: Vec<String>,
    /// The words of the class, without its role.
    pub(super) topic: Words,
    /// The number of words of the class, as in `Pets_List`.
    pub(super) class: usize,
    /// The words after the last dot: `getConfig` of `pets.toys.getConfig`, but not in `pets.lock file`.
    pub(super) last: Words,
    /// Whether words before the tag are a namespace: `drive` of `drive.changes.list`.
    pub(super) has_namespace: bool,
    /// Whether affixes of a framework were removed.
    pub(super) is_stripped: bool,
    /// Whether the id is a class and a function that starts with an unknown verb: `Application_RequestExport`.
    pub(super) is_function: bool,
}

impl Id {
    /// Splits an id, without framework affixes. `None` if it has too many words.
    pub(super) fn new(operation: &Operation, tags: &[Words]) -> Option<Self> {
        let (id, path) = (operation.id.as_str(), operation.path.as_str());
        let (topic, own) = owner(id).unwrap_or(("", id));
        let segments: Vec<Words> = path.split('/').map(words).filter(|words| !words.is_empty()).collect();
        let apart = |word: &String| {
            // The path may separate words that the id writes as one.
            let same = segments.iter().find(|segment| segment.len() > 1 && segment.concat() == *word);
            same.map_or_else(|| vec![word.clone()], |segment| segment.to_vec())
        };
        let mut id_words: Vec<String> = words(own).iter().flat_map(apart).collect();
        if id_words.len() > MOST || segments.len() > MOST {
            return None;
        }
        let before = id_words.len();
        without_path(&mut id_words, operation, &segments, tags);
        without_prefixes(&mut id_words, path);
        let is_stripped = id_words.len() < before || own.len() < id.len();
        let mut numbers = Vec::new();
        // `getAsync`, but not `Operations_async`.
        let is_added = |(at, word): (usize, &String)| {
            is_number(word) || word == "async" && (at > 1 || id_words.first().is_some_and(|first| is_deed(first)))
        };
        if let Some(last) = id_words.iter().enumerate().rposition(|word| !is_added(word)) {
            // Frameworks append numbers. A version of the path may be at any position.
            let is_version = |word: &mut String| {
                segments.iter().any(|all| all.contains(word) && all.iter().all(|word| is_number(word)))
            };
            numbers = id_words.split_off(last + 1);
            numbers.splice(0..0, id_words.extract_if(.., is_version));
        }
        let has_namespace = own.contains(['.', '/']);
        let last = own.rsplit_once('.').filter(|(_, last)| !last.contains(char::is_whitespace));
        let last = words(last.map_or("", |(_, last)| last));
        let is_class = |(class, function): &(&str, &str)| {
            [class, function].iter().all(|part| begins(part, char::is_ascii_uppercase)) && !function.contains('_')
        };
        let split = own.split_once('_').filter(is_class);
        let (class, function) =
            split.map(|(class, function)| (words(class).len(), words(function))).unwrap_or_default();
        let is_function = function.len() > 1 && function.first().is_some_and(|first| !is_deed(first));
        let topic = words(topic);
        (!id_words.is_empty()).then_some(Self {
            words: id_words,
            numbers,
            topic,
            class,
            last,
            has_namespace,
            is_stripped,
            is_function,
        })
    }

    /// Prepends the topic of the class, unless the words already contain it.
    pub(super) fn with_topic(mut self) -> Self {
        if find(&self.words, &self.topic).is_none() {
            self.words.splice(0..0, self.topic.iter().cloned());
        }
        self
    }
}

/// Removes the prefixes of paths: `api` and versions.
fn without_prefixes(id: &mut Vec<String>, path: &str) {
    let prefixes = path.split('/').skip(1).take_while(|segment| is_prefix(segment));
    for prefix in prefixes {
        if id.len() > 1 && id.first().is_some_and(|first| first == prefix) {
            id.remove(0);
        }
    }
    // `api_get_settings`
    if matches!(id.as_slice(), [api, verb, _, ..] if api == "api" && is_deed(verb)) {
        id.remove(0);
    }
}

/// Removes the path and the method that frameworks append or prepend: `read_item` of `read_item_items__item_id__get`; and the method of
/// `uploadUsingPOST`.
fn without_path(id: &mut Vec<String>, operation: &Operation, segments: &[Words], tags: &[Words]) {
    let method = operation.method.key().to_ascii_lowercase();
    let number = usize::from(id.last().is_some_and(|last| last.bytes().all(|digit| digit.is_ascii_digit())));
    if let Some(rest) = id.len().checked_sub(number + 2)
        && rest > 0
        && id.get(rest..rest + 2).is_some_and(|end| end == ["using", &method])
    {
        return id.truncate(rest);
    }
    let all = segments.concat();
    for start in 0..segments.len() {
        let end = segments.get(start..).unwrap_or_default().concat();
        // Before a part of the path, a single word could be the path's topic.
        let least = if start == 0 { 1 } else { 2 };
        // One function may serve several methods, and its id ends with any of them.
        if let Some((last, before)) = id.split_last()
            && (*last == method || is_among(last, &["delete get patch post put"]))
            && let Some(rest) = before.strip_suffix(end.as_slice())
            && rest.len() >= least
            && !rest.iter().all(|word| tags.iter().any(|tag| has(tag, word)) || start > 0 && has(&all, word))
        {
            *id = rest.to_vec();
            return;
        }
    }
    // Litestar generates `UploadUploadDataset`.
    let is_class = begins(&operation.id, char::is_ascii_uppercase);
    let behind_method = id.strip_prefix(std::slice::from_ref(&method)).unwrap_or(id);
    if let Some(rest) = behind_method.strip_prefix(all.as_slice())
        && (is_class && !all.is_empty() && rest.starts_with(&all)
            || rest.len() > 1
                && (operation.path.contains('{') || is_class && rest.first().is_some_and(|first| is_deed(first))))
    {
        *id = rest.to_vec();
    }
}

/// Returns the topic of a class and the function: `User` and `index` of `AcmeWeb.UserController.index`, `UserController@index` and
/// `UserService_index`.
fn owner(id: &str) -> Option<(&str, &str)> {
    ["Controller", "Ctrl", "Service", "Api"].iter().find_map(|role| {
        let (class, rest) = id.split_once(role)?;
        let function = rest.trim_start_matches(['_', '.', '@', ':', '/', '#']);
        let is_function = function.len() < rest.len() && begins(function, char::is_ascii_alphabetic);
        is_function.then(|| (class.rsplit(['.', '\\', '/']).next().unwrap_or(class), function))
    })
}
