//! Part of `name::methods`: the words of an id, and the verb among them.

use super::{HTTP, end, is_action, is_deed};
use crate::ir::Operation;
use crate::name::is_among;
use clientwright_normalizer::words::plural;

/// A verb, and what it is done to.
pub(super) struct Phrase {
    pub(super) verb: Option<String>,
    pub(super) nouns: Vec<String>,
    /// Whether the tag's words are missing, whether they came first, and whether they are the verb.
    pub(super) without_tag: bool,
    pub(super) tag_first: bool,
    pub(super) tag_is_verb: bool,
    /// The number of words in front that are a namespace in the path: `admin` of `/admin/users`.
    pub(super) namespace: usize,
    /// Whether the verb came last.
    pub(super) verb_last: bool,
    /// Whether the id was generated from the path.
    pub(super) is_generated: bool,
    /// Whether the tag's words are several things in the id, and whether they followed the verb there.
    pub(super) several: Option<bool>,
    pub(super) follows_verb: bool,
}

impl Phrase {
    /// Finds the verb: the first or the last word.
    pub(super) fn take_verb(&mut self, operation: &Operation, is_function: bool, may_be_last: bool) {
        let end = end(&operation.path);
        // An id in `camelCase` begins with its verb.
        let may_be_last = may_be_last && !operation.id.contains(char::is_uppercase);
        let verb = match self.nouns.as_slice() {
            // Django REST framework appends a verb to each action, and names two others itself.
            [action, create] if create == "create" && is_deed(action) && action == end => {
                self.nouns.truncate(1);
                self.nouns.pop()
            }
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
            [method, between @ .., verb] if is_among(method, &[HTTP]) && is_action(between, verb, &operation.path) => {
                (self.verb_last, self.is_generated) = (true, true);
                self.nouns.remove(0);
                self.nouns.pop()
            }
            [first, ..] if is_deed(first) => Some(self.nouns.remove(0)),
            [bulk, verb, ..] if matches!(bulk.as_str(), "batch" | "bulk" | "can") && is_deed(verb) => {
                Some(self.nouns.drain(..2).collect::<Vec<_>>().join("_"))
            }
            [.., partial, update] if partial == "partial" && update == "update" => {
                self.nouns.truncate(self.nouns.len() - 2);
                Some("partial_update".to_owned())
            }
            [.., thing, list] if list == "list" => {
                let things = plural(thing);
                self.nouns.truncate(self.nouns.len() - 2);
                self.nouns.push(things);
                Some("list".to_owned())
            }
            [.., last]
                if !is_function && (is_among(last, &[HTTP]) || is_deed(last) && (self.tag_first || may_be_last)) =>
            {
                self.is_generated = is_among(last, &[HTTP]);
                self.verb_last = true;
                self.nouns.pop()
            }
            _ => None,
        };
        self.verb = verb;
    }
}
