//! Part of `name::methods`: the words of an id, and the verb among them.

use super::{HTTP, SEVERAL, end, is_deed, repeats, words};
use crate::ir::{Method, Operation};
use crate::name::is_among;
use clientwright_normalizer::words::{is_action, is_phrase, plural};

/// The verbs that Django REST framework appends to actions.
const ACTIONS: &str = "create destroy list retrieve update";

/// The HTTP methods that modify.
const WRITING: &str = "delete patch post put";

/// A verb and its objects.
pub(super) struct Phrase {
    pub(super) verb: Option<String>,
    pub(super) nouns: Vec<String>,
    /// Whether the tag's words were removed, came first and are the verb, respectively.
    pub(super) without_tag: bool,
    pub(super) tag_first: bool,
    pub(super) tag_is_verb: bool,
    /// The number of leading words that are a namespace in the path: `admin` of `/admin/users`.
    pub(super) namespace: usize,
    /// Whether the verb came last.
    pub(super) verb_last: bool,
    /// Whether the id was generated from the path.
    pub(super) is_generated: bool,
    /// Whether the tag's words are plural in the id, and whether they followed the verb there.
    pub(super) several: Option<bool>,
    pub(super) follows_verb: bool,
}

impl Phrase {
    /// Takes the verb out of the words, usually the first or the last one.
    pub(super) fn take_verb(&mut self, operation: &Operation, is_function: bool, may_be_last: bool) {
        if may_be_last && operation.id.contains('_') {
            self.take_action(operation);
        }
        let ends_with_noun = self.ends_with_list(operation);
        let verb = match self.nouns.as_slice() {
            // In Django REST framework, these words are actions without a verb.
            [kind] if self.tag_first && matches!(kind.as_str(), "all" | "detail" | "details" | "index") => {
                self.several = if kind == "index" { self.several } else { Some(kind == "all") };
                self.nouns.clear();
                None
            }
            [get, list, ..] if get == "get" && list == "list" => {
                let of = self.nouns.get(2).is_some_and(|of| of == "of");
                self.nouns.drain(..2 + usize::from(of));
                Some("list".to_owned())
            }
            [first, or, second, ..] if or == "or" && is_deed(first) && is_deed(second) => {
                Some(self.nouns.drain(..3).collect::<Vec<_>>().join("_"))
            }
            [things @ .., first, or, second] if or == "or" && is_deed(first) && is_deed(second) => {
                self.verb_last = true;
                Some(self.nouns.split_off(things.len()).join("_"))
            }
            // The path ends with the action: `/files/{id}/send` and `/files/{id}#send_link`, but not `/getStickerSet`.
            [method, between @ .., verb]
                if (method == verb || is_among(method, &[WRITING]))
                    && words(end(&operation.path).rsplit('}').next().unwrap_or_default()).first() == Some(verb)
                    && repeats(between, verb, &operation.path) =>
            {
                (self.verb_last, self.is_generated) = (true, true);
                self.nouns.remove(0);
                self.nouns.pop()
            }
            [first, ..] if is_deed(first) => Some(self.nouns.remove(0)),
            [bulk, verb, ..] if is_among(bulk, &[SEVERAL]) && is_deed(verb) => {
                Some(self.nouns.drain(..2).collect::<Vec<_>>().join("_"))
            }
            [things @ .., partial, update] if partial == "partial" && update == "update" => {
                Some(self.nouns.split_off(things.len()).join("_"))
            }
            [.., thing, list] if list == "list" && !ends_with_noun => {
                let things = plural(thing);
                self.nouns.truncate(self.nouns.len() - 2);
                self.nouns.push(things);
                Some("list".to_owned())
            }
            [.., last]
                if !is_function
                    && !ends_with_noun
                    && (is_among(last, &[HTTP]) || is_deed(last) && (self.tag_first || may_be_last)) =>
            {
                self.is_generated |= is_among(last, &[HTTP]);
                self.verb_last = true;
                self.nouns.pop()
            }
            _ => None,
        };
        self.verb = verb;
    }

    /// Returns `true` if the last word is the noun `list`: `CommitBlockList` with `PUT`, `putEmptyList`.
    fn ends_with_list(&self, operation: &Operation) -> bool {
        let Some((last, others)) = self.nouns.split_last() else { return false };
        let may_list = matches!(operation.method, Method::Get | Method::Post);
        last == "list" && (!may_list || others.iter().any(|word| is_among(word, &[HTTP])))
    }

    /// Removes the verb that Django REST framework appends to an action: `add_toy` of `pets_add_toy_create` and `/pets/{id}/add-toy`.
    fn take_action(&mut self, operation: &Operation) {
        let [things @ .., verb] = self.nouns.as_slice() else { return };
        if is_among(verb, &[ACTIONS]) {
            self.is_generated = repeats(things, verb, &operation.path);
            let action = words(end(&operation.path));
            let is_verb = if action.len() == 1 { is_action } else { is_phrase };
            let is_said = action.first().is_some_and(|first| is_verb(first, operation.method.key()));
            if is_said && things.ends_with(&action) {
                self.nouns.pop();
                self.nouns.rotate_right(action.len());
            }
        }
    }
}
