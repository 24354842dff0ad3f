//! Part of `name`: method names of operations, from their ids.
//!
//! In: operations. Out: a name for each, not yet unique.
//!
//! Invariant: a name describes the action, without words that its tag, path and HTTP method imply, unless another operation of the tag
//! could have the same name.

mod id;
mod phrase;

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::rc::Rc;

use self::id::Id;
use self::phrase::Phrase;
use super::ident::{begins, is_identifier, snake, with_word};
use super::short::{Candidate, short_names_of};
use super::tags::{gloss_free, is_version, short_tag};
use super::{RESERVED_METHODS, is_among};
use crate::ir::{Api, Field, MediaKind, MediaType, Method, Object, Operation, Shape, TagId, TypeRef, Types, successes};
use crate::memo::Memo;
use clientwright_normalizer::limits::in_parallel;
use clientwright_normalizer::words::{self, is_prefix, is_several, is_verb, parameter, singular};

/// The maximum number of words of an id or a path that are compared.
const MOST: usize = 64;

/// The maximum number of words that may be written as one word.
const JOINED: usize = 4;

/// The maximum number of path segments at the end of a name.
const ENDS: usize = 8;

/// The minimum number of ids with the same first word.
const ALIKE: usize = 3;

/// The depth to which objects are searched for arrays.
const NESTED: usize = 2;

/// Prepositions before a key or an owner: `for` of `list_members_for_team`.
const PREPOSITIONS: &str = "by for from in of on per";

/// Words that frameworks append to nouns: API Platform and Flask-RESTful.
const FILLERS: &str = "collection item resource";

/// Words for quantities.
const QUANTIFIERS: &str = "a all an any every many multiple several single the";

/// Words before a verb: `batch_update`, `can_edit`.
const SEVERAL: &str = "batch bulk can";

/// HTTP methods as verbs, which add nothing to the method itself.
const HTTP: &str = "delete get head options patch post put trace";

/// Returns the base name of the types of each operation: its id without its path and without framework affixes, unless another operation
/// could have this name.
pub(super) fn type_words(api: &Api) -> BTreeMap<&str, String> {
    let words = api.operations.iter().map(|operation| {
        let whole = Candidate::strong(snake(&operation.id));
        let plain = Id::new(operation, &[]).filter(|id| id.is_stripped).map(Id::with_topic);
        let plain = plain.map(|id| [id.words, id.numbers].concat());
        let short = plain.iter().flat_map(|words| {
            let name = words.join("_");
            let ends = with_ends(&name, operation, true);
            // Type names do not include the tag, without which `list` alone is meaningless.
            let says_thing = words.iter().filter(|word| *word != "all").count() > 1;
            says_thing.then_some(Candidate::strong(name)).into_iter().chain(ends)
        });
        short.chain([whole]).collect()
    });
    let words = short_names_of(words.collect());
    api.operations.iter().map(|operation| operation.id.as_str()).zip(words).collect()
}

/// The first word of all ids of a tag, or `None` if they differ, and the number of ids.
type Namespaces = BTreeMap<TagId, (Option<String>, usize)>;

/// Returns the first words that are no part of the operations: `beta` of all `beta_list_agents` and `beta_create_agent`.
fn namespaces(api: &Api) -> Namespaces {
    let mut found = Namespaces::new();
    for operation in &api.operations {
        let id = words(&operation.id);
        let path = operation.path.split('?').next().unwrap_or_default();
        let has_verb = id.get(1).is_some_and(|verb| is_deed(verb));
        let first = id.first().filter(|first| has_verb && !is_deed(first) && !has(&words(path), first));
        let (known, count) = found.entry(operation.tag).or_insert_with(|| (first.cloned(), 0));
        *known = known.take().filter(|known| first == Some(known));
        *count += 1;
    }
    found
}

/// Returns the segment of a path that is a version.
fn version(path: &str) -> Option<&str> {
    path.split('/').find(|segment| is_version(segment))
}

/// Returns a path without its version.
fn unversioned(path: &str) -> String {
    version(path).map_or_else(|| path.to_owned(), |version| path.replacen(&format!("/{version}"), "", 1))
}

/// Returns the method name of each operation, in order.
pub(super) fn method_names(api: &Api) -> Vec<String> {
    let mut paths: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for operation in &api.operations {
        paths.entry(unversioned(&operation.path)).or_default().insert(&operation.path);
    }
    let has_twin = |path: &str| paths.get(&unversioned(path)).is_some_and(|paths| paths.len() > 1);
    let namespaces = namespaces(api);
    let namespace = |tag| namespaces.get(&tag).and_then(|(word, count)| word.as_deref().filter(|_| *count >= ALIKE));
    let patched = api.operations.iter().filter(|operation| operation.method == Method::Patch);
    let patched: BTreeSet<&str> = patched.map(|operation| operation.path.as_str()).collect();
    let keyed = api.operations.iter().filter_map(|operation| operation.path.rsplit_once("/{"));
    let keyed: BTreeSet<&str> = keyed.map(|(owner, _)| owner).collect();
    let of_tag = |operation: &Operation| {
        let replaces = patched.contains(operation.path.as_str());
        let (path, last) = (operation.path.trim_end_matches('/'), end(&operation.path));
        let has_items = keyed.contains(path) && !is_several(last) && singular(last) != last;
        let version = version(&operation.path).filter(|_| has_twin(&operation.path)).map(snake);
        let names = candidates(api, operation, replaces, has_items, namespace(operation.tag), version).into_iter();
        names.map(|Candidate { name, strength }| Candidate { name: (operation.tag.0, name), strength }).collect()
    };
    short_names_of(in_parallel(&api.operations, of_tag)).into_iter().map(|(_, name)| name).collect()
}

/// Returns the candidate names of an operation, shortest first, and its id last.
fn candidates(
    api: &Api,
    operation: &Operation,
    replaces: bool,
    has_items: bool,
    namespace: Option<&str>,
    version: Option<String>,
) -> Vec<Candidate<String>> {
    let whole = Candidate::strong(snake(&operation.id));
    let tag = api.tags.get(operation.tag.0).filter(|tag| !tag.implied);
    let tags = tag.map(|tag| [words(gloss_free(&tag.name)), words(&short_tag(&tag.name))]).unwrap_or_default();
    let Some(mut id) = Id::new(operation, &tags) else { return vec![whole] };
    let is_namespace = |first: &String| Some(first.as_str()) == namespace && !tags.iter().any(|tag| has(tag, first));
    if id.words.len() > 1 && id.words.first().is_some_and(is_namespace) {
        id.words.remove(0);
    }
    let tags: Vec<Words> = tags.iter().cloned().chain(abbreviation(&id.words, &tags)).collect();
    let context = Context {
        operation,
        tags: &tags,
        replaces,
        has_items,
        returns_one: returns(api, operation, is_one),
        returns_array: returns(api, operation, is_array),
    };
    let [short, with_keys, long] = [Form::Short, Form::WithKeys, Form::Long].map(|form| context.name(id.clone(), form));
    let with = |Candidate { name, strength }: &Candidate<String>, numbers: &[String]| {
        let name = numbers.iter().fold(name.clone(), |name, number| name + "_" + number);
        Candidate { name, strength: *strength }
    };
    let with_version = with(&with_keys, &id.numbers);
    let with_path_version = version.map(|version| with(&short, &[version]));
    let full = Context { tags: &[], ..context }.name(id.clone().with_topic(), Form::Long);
    let full = with(&full, &id.numbers);
    let ends = with_ends(&full.name, operation, id.is_stripped);
    let is_method = |name: &str| {
        begins(name, char::is_ascii_alphabetic) && is_identifier(name) && !is_among(name, &[RESERVED_METHODS])
    };
    let asynchronous = id.numbers.iter().any(|word| word == "async").then(|| with(&short, &id.numbers));
    let names = iter::once(short).chain(with_path_version).chain(asynchronous);
    let names = names.chain([with_keys, long, with_version, full]).chain(ends);
    names.filter(|candidate| is_method(&candidate.name)).chain([whole]).collect()
}

/// Returns whether all results of an operation satisfy a condition.
fn returns(api: &Api, operation: &Operation, is_so: impl Fn(&Types, &MediaType) -> bool) -> bool {
    let mut bodies = successes(&operation.responses).into_iter().flat_map(|response| &*response.media_types).peekable();
    bodies.peek().is_some() && bodies.all(|body| is_so(&api.types, body))
}

/// Returns `true` if a result is a single thing, even if its name is in plural: text, bytes, or an object without arrays and maps.
fn is_one(types: &Types, body: &MediaType) -> bool {
    matches!(body.kind, MediaKind::Text | MediaKind::Binary) || is_record(types, body.ty, NESTED)
}

fn is_array(types: &Types, body: &MediaType) -> bool {
    matches!(types.shape(body.ty), Shape::Array(_))
}

fn is_record(types: &Types, used: TypeRef, levels: usize) -> bool {
    let Shape::Object(Object { fields, additional: None }) = types.shape(used) else { return false };
    let is_one = |field: &Field| match types.shape(field.ty) {
        Shape::Object(_) => levels > 0 && is_record(types, field.ty, levels - 1),
        Shape::Boolean | Shape::Integer(_) | Shape::Number | Shape::Decimal | Shape::Text(_) | Shape::TextEnum(_) => {
            true
        }
        _ => false,
    };
    !fields.is_empty() && fields.iter().all(is_one)
}

/// The words of a text, in lower case.
type Words = Rc<[String]>;

thread_local! {
    /// A cache, because the segments of paths repeat.
    static WORDS: Memo<Words> = Memo::default();
}

/// Returns the words of a text, in lower case.
pub(super) fn words(text: &str) -> Words {
    let words = |text: &str| {
        let words = if text.is_empty() { String::new() } else { snake(text) };
        words.split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    WORDS.with(|known| known.get(text, words))
}

fn is_same(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same_word(one, other))
}

/// Returns `true` if two words are the same, ignoring singular and plural.
fn is_same_word(word: &str, other: &str) -> bool {
    // Computing singulars is slow, and never changes the first letter.
    word == other || word.as_bytes().first() == other.as_bytes().first() && singular(word) == singular(other)
}

/// Returns `true` if a word is among others, ignoring singular and plural.
fn has(words: &[String], word: &str) -> bool {
    words.iter().any(|other| is_same_word(word, other))
}

/// Returns the first word of an id if it abbreviates the tag: `repo` of `repoListTags` and `repository`.
fn abbreviation(id: &[String], tags: &[Words]) -> Option<Words> {
    let [first, verb, ..] = id else { return None };
    let is_short = |tag: &String| {
        let shared = first.bytes().zip(tag.bytes()).take_while(|(one, other)| one == other).count();
        shared > 2 && shared + 1 >= first.len()
    };
    let is_of_tag = tags.iter().any(|tag| matches!(&**tag, [tag] if is_short(tag)));
    (is_of_tag && is_deed(verb)).then(|| Rc::from([first.clone()]))
}

/// Returns `true` for a conjunction.
fn joins(word: &str) -> bool {
    matches!(word, "and" | "or")
}

/// Returns `true` if all words of a tag occur after the verb, but not next to each other.
fn is_apart(tag: &[String], words: &[String]) -> bool {
    // In `restore_backup` of the tag `Backup & Restore`, `restore` is the action.
    let things = words.split_first().filter(|(verb, _)| is_deed(verb)).map_or(words, |(_, things)| things);
    tag.len() > 1 && tag.iter().all(|word| has(things, word)) && find(words, tag).is_none()
}

/// Returns `true` for a verb after words of the path: `send` of `post_files_id_send`, but not `view` of `/views`.
fn repeats(between: &[String], verb: &str, path: &str) -> bool {
    let path = words(path);
    let is_noun = || path.iter().any(|word| word != verb && singular(word) == verb);
    words::is_deed(verb) && !between.is_empty() && between.iter().all(|word| path.contains(word)) && !is_noun()
}

/// Returns the last segment of a path.
fn end(path: &str) -> &str {
    path.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or_default()
}

/// Returns the part of a segment after its parameters: `add_role` of `{role_href}add_role` and `{role}:add_role`.
fn fixed(segment: &str) -> &str {
    let end = segment.rsplit_once('}').map_or(segment, |(_, end)| end.trim_start_matches(':'));
    if begins(end, char::is_ascii_alphabetic) || !segment.contains('{') { end } else { "" }
}

/// Returns `true` for a verb, including HTTP methods.
fn is_deed(word: &str) -> bool {
    is_verb(word) || is_among(word, &[HTTP])
}

/// Returns the position of words in others, and the number of words there. They may be written as one word or separately.
fn find(all: &[String], part: &[String]) -> Option<(usize, usize)> {
    let joined = part.concat();
    let length = part.len();
    let is_part =
        |run: &[String]| if run.len() == length { is_same(run, part) } else { is_same_word(&run.concat(), &joined) };
    let place = |length| Some((all.windows(length).position(is_part)?, length));
    if part.is_empty() { None } else { iter::once(length).chain(1..=JOINED).find_map(place) }
}

/// Moves the verb of the last part of an id to the front: `get_toys_config` of `pets.toys.getConfig`.
fn verb_first(mut words: Vec<String>, last: &[String]) -> Vec<String> {
    let length = match last {
        [verb, _, ..] if is_deed(verb) => 1,
        [several, verb, ..] if is_among(several, &[SEVERAL]) && is_deed(verb) => 2,
        _ => return words,
    };
    if words.ends_with(last)
        && let Some(at) = words.len().checked_sub(last.len())
        && let Some(front) = words.get_mut(..at + length)
    {
        front.rotate_right(length);
    }
    words
}

/// Returns the name with the end of the path: `speak_stream`. If the id's path was removed, the function may serve several paths and
/// methods. Further candidates then append the last key or, with less strength, more of the path's end or the method.
fn with_ends(name: &str, operation: &Operation, is_stripped: bool) -> Vec<Candidate<String>> {
    let by = |key: &str| format!("by_{}", words(key).join("_"));
    let key = operation.path.rsplit('/').find_map(parameter).map(by);
    let end = end(&operation.path);
    let end = parameter(end).map_or_else(|| snake(end), by);
    let with = |front: &str, end: &str| with_word(front, &format!("_{end}"));
    // The name may already end with it: `speak` of `/models/{id}/speak`.
    let is_said = format!("_{name}").ends_with(&format!("_{end}"));
    let with_end = if is_said { name.to_owned() } else { with(name, &end) };
    if !is_stripped {
        return vec![Candidate::strong(with_end)];
    }
    let with_key = key.filter(|key| *key != end).map(|key| with(&with_end, &key));
    let parts = operation.path.rsplit('/').map(fixed).filter(|part| !part.is_empty() && !is_prefix(part));
    // `create_post` would create a post.
    let method = operation.method.key().to_ascii_lowercase();
    let method = Some(method).filter(|method| name.contains('_') || matches!(method.as_str(), "patch" | "put"));
    let parts = parts.take(ENDS).map(snake).filter(|part| *part != end);
    let ends = parts.scan(String::new(), |behind, part| {
        *behind = if behind.is_empty() { part } else { format!("{part}_{behind}") };
        Some(behind.clone())
    });
    let weak = ends.chain(method).map(|end| Candidate { name: with(name, &end), strength: 0 });
    iter::once(with_end).chain(with_key).map(Candidate::strong).chain(weak).collect()
}

/// The context of a name, which determines the words that it can omit.
#[derive(Clone, Copy)]
struct Context<'a> {
    operation: &'a Operation,
    /// The words of the tag and of its short name.
    tags: &'a [Words],
    /// Whether `PATCH` changes the same resource.
    replaces: bool,
    /// Whether a singular noun has items: `/credentials` alongside `/credentials/{id}`.
    has_items: bool,
    /// Whether the result is a single thing, judging by its type.
    returns_one: bool,
    /// Whether the result is an array.
    returns_array: bool,
}

/// The words that a name omits.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// All words that the context implies.
    Short,
    /// All words that the context implies, except keys and owners.
    WithKeys,
    /// The tag.
    Long,
}

impl Context<'_> {
    /// Returns the name in a form.
    fn name(&self, id: Id, form: Form) -> Candidate<String> {
        let is_short = form != Form::Long;
        let is_whole = id.numbers.is_empty();
        let mut phrase = self.phrase(id, form);
        if is_short {
            self.without_fillers(&mut phrase);
        }
        let kept = phrase.nouns.len();
        if form == Form::Short {
            self.without_keys(&mut phrase);
        }
        self.without_open_end(&mut phrase.nouns, phrase.verb.as_deref());
        let Phrase { verb, nouns, .. } = &phrase;
        let derived = match verb.as_deref() {
            // `PUT` for `POST` is a mistake, but `delete` for `POST` is an action, and so is `put` for `POST /kv/put`.
            Some(verb) if is_short && (self.is_method(verb) || self.is_mistaken(verb)) => self.verb(&phrase),
            None if nouns.is_empty() || !phrase.tag_is_verb && self.is_read(&phrase) => self.verb(&phrase),
            _ => None,
        };
        let derived = derived.filter(|derived| Some(derived) != verb.as_ref());
        // The operation on one item has precedence for `delete`.
        let is_of_one =
            !matches!(self.operation.method, Method::Get | Method::Post) && end(&self.operation.path).ends_with('}');
        let says_all = u8::from(derived.is_none()) + 2 * u8::from(kept == nouns.len());
        let is_unversioned = version(&self.operation.path).is_none();
        let strength = says_all + 4 * u8::from(is_unversioned) + 8 * u8::from(is_whole) + 16 * u8::from(is_of_one);
        let verb = derived.or(phrase.verb).filter(|verb| !verb.is_empty());
        let name = verb.into_iter().chain(phrase.nouns).collect::<Vec<_>>().join("_");
        Candidate { name, strength }
    }

    fn is_method(&self, verb: &str) -> bool {
        verb.eq_ignore_ascii_case(self.operation.method.key())
    }

    fn is_mistaken(&self, verb: &str) -> bool {
        matches!(verb, "patch" | "post" | "put") && self.last_fixed() != verb
    }

    /// Returns `true` if words without a verb are what is read: they follow the tag, or the path contains the first one.
    fn is_read(&self, phrase: &Phrase) -> bool {
        let is_in_path = |noun: &String| {
            !phrase.without_tag && self.operation.path.split('/').any(|segment| words(segment).contains(noun))
        };
        let is_noun = |first: &String| phrase.tag_first || is_in_path(first);
        let has_verb = phrase.nouns.iter().any(|word| word.starts_with("get"));
        self.operation.method == Method::Get && !has_verb && phrase.nouns.first().is_some_and(is_noun)
    }

    /// Returns `true` if words are a verb and words of the path, in path order: `list_admin_users` of `/admin/users`.
    fn says_path(&self, words: &[String]) -> bool {
        let Some((verb, nouns)) = words.split_first() else { return false };
        let path = self::words(&self.operation.path);
        let mut path = path.iter();
        is_deed(verb) && nouns.iter().all(|noun| path.any(|word| is_same_word(word, noun)))
    }

    /// Returns the position and number of the tag's words if they can be omitted.
    fn tag_in(&self, words: &[String], has_namespace: bool, form: Form) -> Option<(usize, usize)> {
        let ((at, length), tag) = self.tags.iter().find_map(|tag| Some((find(words, tag)?, tag)))?;
        // In `refundPayment` of the tag `refunds`, the tag is the verb; likewise in `search`.
        let first = words.first().filter(|first| at == 0 && is_verb(first));
        if first.is_some_and(|first| words.get(1).is_none_or(|next| !is_verb(next) && !tag.contains(first))) {
            return None;
        }
        // A conjunction needs the tag: `list_users_and_groups`.
        let (front, behind) = (words.get(..at).unwrap_or_default(), words.get(at + length..).unwrap_or_default());
        if at > 1 && front.last().is_some_and(|word| joins(word))
            || at > 0 && behind.first().is_some_and(|word| joins(word))
        {
            return None;
        }
        // `save_tracks_user` is about tracks, unless the path also contains the other noun.
        let is_object = at == 1
            && words.first().is_some_and(|first| is_deed(first))
            && words.get(at + length - 1).is_some_and(|last| is_several(last));
        let path = self::words(&self.operation.path);
        let is_other = |next: &String| !is_among(next, &[PREPOSITIONS, FILLERS]) && !is_deed(next);
        if is_object && behind.first().is_some_and(is_other) && !behind.iter().any(|word| has(&path, word)) {
            return None;
        }
        // The words before the tag may distinguish its things: `listTeamMembers`.
        let before = front.get(1..).unwrap_or_default();
        if before.is_empty() || has_namespace || at + length < words.len() {
            return Some((at, length));
        }
        // `create_run_step` has one verb, but `create_or_replace_step` has two.
        let has_verb = words.first().is_some_and(|first| is_verb(first) && !is_among(first, &[HTTP]));
        let is_alone = has_verb && !before.iter().any(|word| joins(word));
        // A compound noun stays: `delete_pipeline_snapshot` of `/pipeline_snapshots/{id}`.
        let (known, fixed) = (self.known(), self::words(self.last_fixed()));
        let is_compound = |word: &String| find(&fixed, tag).is_some() && has(&fixed, word) && !has(tag, word);
        let is_second = |last: &String| is_deed(last) && (!is_alone || last == "list" || is_among(last, &[HTTP]));
        let is_apart =
            before.last().is_some_and(|last| is_second(last) && !is_compound(last) || is_among(last, &[PREPOSITIONS]));
        let says_path = self.says_path(words);
        let is_known = |word: &String| {
            is_among(word, &[QUANTIFIERS])
                || form == Form::Short && (says_path || has(&known, word)) && !is_compound(word)
        };
        (is_apart || before.iter().all(is_known)).then_some((at, length))
    }

    /// Returns `true` if the tag's words come first and are a verb, and the next word is a noun of the path: `search_repos` of
    /// `/search/repositories`.
    fn acts_on(&self, words: &[String], length: usize) -> bool {
        let (owner, end) = self.operation.path.trim_end_matches('/').rsplit_once('/').unwrap_or_default();
        let owner = self::words(owner.rsplit('/').next().unwrap_or_default());
        let is_below = !end.contains('{') && words.get(..length).is_some_and(|tag| is_same(&owner, tag));
        let is_thing = |word: &String| is_below || has(&self::words(self.last_fixed()), word);
        words.first().is_some_and(|first| is_verb(first)) && words.get(length).is_some_and(is_thing)
    }

    /// Splits words into a verb and nouns, without the tag.
    fn phrase(&self, id: Id, form: Form) -> Phrase {
        let mut words = id.words;
        if words.len() > 1 {
            words.retain(|word| !matches!(word.as_str(), "a" | "an" | "the"));
        }
        let before = words.len();
        let mut tag_is_verb = false;
        let has_verb = words.first().is_some_and(|first| is_deed(first));
        let mut tag_first = !id.topic.is_empty() && !words.starts_with(&id.topic);
        let mut several = None;
        let mut namespace = 0;
        if let Some((at, length)) = self.tag_in(&words, id.has_namespace, form) {
            namespace = if self.says_path(&words) { at.saturating_sub(1) } else { 0 };
            several = words.get(at + length - 1).map(|last| is_several(last));
            tag_is_verb = at == 0 && self.acts_on(&words, length);
            let is_namespace = id.has_namespace && !words.iter().take(at).any(|word| is_verb(word));
            let start = if is_namespace || at + length == id.class { 0 } else { at };
            words.drain(start..at + length);
            tag_first = start == 0;
            let is_filler = |word: &str| if tag_first { word == "api" } else { matches!(word, "private" | "public") };
            if words.len() > 1 && words.first().is_some_and(|first| is_filler(first)) {
                words.remove(0);
                tag_first |= start == 1;
            }
        } else if let Some(tag) = self.tags.iter().find(|tag| is_apart(tag, &words)) {
            several = words.iter().rfind(|word| has(tag, word)).map(|last| is_several(last));
            words.retain(|word| !has(tag, word));
        }
        self.without_open_end(&mut words, None);
        let mut phrase = Phrase {
            namespace,
            without_tag: words.len() < before,
            verb: None,
            nouns: verb_first(words, &id.last),
            tag_first,
            tag_is_verb,
            verb_last: false,
            is_generated: false,
            several,
            follows_verb: !tag_first && several.is_some(),
        };
        // The verb may be last: `projects_exports_destroy`.
        let may_be_last = (!has_verb || !phrase.without_tag)
            // An id in `camelCase` starts with its verb.
            && !self.operation.id.contains(char::is_uppercase);
        phrase.take_verb(self.operation, id.is_function, may_be_last);
        // A partial tag is removed, too: `list_attempts_by_key` of the tag `message_attempts`.
        let heads = self.tags.iter().filter(|tag| tag.len() > 1).filter_map(|tag| tag.last());
        let is_head = |noun: &String| heads.clone().any(|head| is_same_word(head, noun));
        let place = usize::from(phrase.verb.is_none());
        if phrase.nouns.get(place).is_some_and(is_head) {
            phrase.several = Some(is_several(&phrase.nouns.remove(place)));
            phrase.follows_verb = true;
            phrase.without_tag = true;
        }
        phrase
    }

    /// Removes framework suffixes, fillers, and further words of the tag.
    fn without_fillers(&self, phrase: &mut Phrase) {
        let Phrase { nouns, verb, without_tag, several, follows_verb, .. } = phrase;
        let fixed = words(self.last_fixed());
        match nouns.last().filter(|last| !has(&fixed, last)).map(String::as_str) {
            Some(kind @ ("collection" | "item")) if *without_tag && nouns.len() == 1 => {
                *several = Some(kind == "collection");
                nouns.pop();
            }
            Some("resource") if !nouns.iter().nth_back(1).is_some_and(|word| is_among(word, &[PREPOSITIONS, "to"])) => {
                nouns.pop();
            }
            _ => {}
        }
        if verb.as_deref().is_none_or(|verb| matches!(verb, "get" | "list")) {
            let fillers = nouns.iter().take_while(|word| matches!(word.as_str(), "all" | "single")).count();
            nouns.drain(..fillers);
        }
        let path = &self.operation.path;
        let last = path.rsplit('/').next().unwrap_or_default();
        let is_repeated = path.split('/').filter(|segment| *segment == last).count() > 1;
        let again = self.tags.iter().find_map(|tag| find(nouns, tag));
        let is_only = |(at, length): &(usize, usize)| *at == 0 || at + length < nouns.len();
        if let Some((at, length)) = again.filter(|place| *without_tag && !is_repeated && is_only(place)) {
            *several = nouns.get(at + length - 1).map(|last| is_several(last));
            *follows_verb = true;
            nouns.drain(at..at + length);
        }
    }

    /// Removes keys and owners, which are in the path.
    fn without_keys(&self, phrase: &mut Phrase) {
        let Phrase { nouns, verb, without_tag, namespace, is_generated, .. } = phrase;
        let known = self.known();
        let is_known = |word: &String| has(&known, word) || self.tags.iter().any(|tag| has(tag, word));
        let clause = nouns.iter().rposition(|word| is_among(word, &[PREPOSITIONS]));
        if let Some((at, [preposition, keys @ ..])) = clause.and_then(|at| Some((at, nouns.get(at..)?)))
            // `by_type_and_id`, but not `for_user_and_client`.
            && keys.iter().all(|word| is_known(word) || preposition == "by" && joins(word))
            && !keys.is_empty()
        {
            nouns.truncate(at);
        }
        let path = self.operation.path.split('/').take(MOST).map(words).collect::<Vec<_>>().concat();
        let fixed = words(self.last_fixed());
        // Generated ids contain words of the whole path.
        let is_generated = *is_generated && !self.tags.is_empty();
        // For example, `list_available_ips` of `ip_ranges_available_ips_list`.
        let owner = find(nouns, &fixed).map_or(0, |(at, _)| at);
        if is_generated && nouns.iter().take(owner).all(|word| path.contains(word)) {
            nouns.drain(..owner);
        }
        // For example, `remove_users` of `/groups/{id}/users/remove`.
        let object = words(self.object(verb.as_deref()));
        nouns.retain(|word| !is_generated || has(&fixed, word) || has(&object, word) || !path.contains(word));
        let is_namespace = nouns.len() == *namespace;
        if *without_tag && nouns.iter().all(|word| (is_namespace || has(&known, word)) && !has(&fixed, word)) {
            nouns.clear();
        }
    }

    /// Removes prepositions at the end whose noun was removed: `list_labels_on` of `list_labels_on_issue`. In `toggle_on`, `check_in` and
    /// `used_by`, the preposition stays, because the id ends with it.
    fn without_open_end(&self, nouns: &mut Vec<String>, verb: Option<&str>) {
        let is_said =
            |word: &String| [&self.operation.id, self.last_fixed()].iter().any(|text| words(text).last() == Some(word));
        let is_open = |word: &String| is_among(word, &[PREPOSITIONS, "to with"]) && !is_said(word);
        let first = verb.or(nouns.first().map(String::as_str)).unwrap_or_default();
        let least = usize::from(verb.is_none()) + usize::from(first == "check" || !is_deed(first));
        while nouns.len() > least && nouns.last().is_some_and(is_open) {
            nouns.pop();
        }
    }

    /// Returns the words of path parameters and of the segments before them.
    fn known(&self) -> Vec<String> {
        let segments = self.operation.path.split('/').take(MOST);
        let pairs = segments.clone().zip(segments.skip(1)).filter(|(_, next)| next.contains('{'));
        let names = pairs.flat_map(|(owner, key)| [owner, key.strip_suffix(fixed(key)).unwrap_or(key)]);
        names.map(words).collect::<Vec<_>>().concat()
    }

    /// Returns the last segment of the path that is not a parameter.
    fn last_fixed(&self) -> &str {
        let mut segments = self.operation.path.rsplit('/').take(MOST).map(fixed);
        segments.find(|segment| !segment.is_empty()).unwrap_or_default()
    }

    /// Returns the segment before a verb at the end of the path, unless it is a parameter.
    fn object(&self, verb: Option<&str>) -> &str {
        let mut segments = self.operation.path.trim_end_matches('/').rsplit('/');
        let is_verb = segments.next() == verb;
        segments.next().filter(|_| is_verb).map(fixed).unwrap_or_default()
    }

    /// Returns `true` if the path ends with a collection, to which an item can be added.
    fn is_collection(&self, phrase: &Phrase) -> bool {
        let last = self.last_fixed();
        let is_tag = || self.tags.iter().any(|tag| is_same(tag, &words(last)));
        // `/flags/{projectKey}` returns the flags of a project.
        let is_own = |key: Words| key.len() == 1 || key.iter().any(|word| has(&words(last), word));
        let is_item = phrase.verb.is_some() && parameter(end(&self.operation.path)).map(words).is_some_and(is_own);
        !is_item && (phrase.nouns.is_empty() || self.has_items || is_several(last) || is_tag())
    }

    /// Returns the verb that the HTTP method and the path imply.
    fn verb(&self, phrase: &Phrase) -> Option<String> {
        let Operation { method, path, .. } = self.operation;
        let last = end(path);
        let is_head = |word: &&String| !is_among(word, &[PREPOSITIONS]);
        let head = phrase.nouns.iter().take_while(is_head).last();
        let several = head.map(|noun| is_several(noun)).or(phrase.several).unwrap_or_else(|| is_several(last));
        // The path of `getPetsByOwner` may end with a key.
        let is_spoken = phrase.verb.is_some() && !phrase.verb_last && (head.is_some() || phrase.follows_verb);
        // `getLogs` of `/logs/{logs_id}` has the key of one item.
        let is_by_key = || {
            let key = parameter(last).map(words).unwrap_or_default();
            let is_tag = || self.tags.iter().any(|tag| find(&key, tag).is_some());
            let is_id = || *key == ["id"] && !self.returns_array;
            head.map_or_else(|| is_tag() || is_id(), |noun| singular(noun) != "id" && has(&key, noun))
        };
        let is_collection =
            (several || self.has_items) && !self.returns_one && (is_spoken || !last.contains('{')) && !is_by_key();
        let verb = match method {
            Method::Get if is_collection => "list",
            Method::Get => "get",
            Method::Post if phrase.nouns.first().is_some_and(|first| is_verb(first)) => "",
            Method::Post if self.is_collection(phrase) => "create",
            Method::Put if self.replaces => "replace",
            Method::Put | Method::Patch => "update",
            Method::Delete => "delete",
            _ => return None,
        };
        Some(verb.to_owned())
    }
}

#[cfg(test)]
mod tests;
