//! Part of `repair`: `items` without a `type`, which need not mean an array.
//!
//! In: a schema's members. Out: `anyOf` instead of an `items` that only lists alternatives (Swagger 2.0 has no `anyOf`, so authors wrote
//! an array of `items`), or no `items` where the schema's own values are not arrays. Invariant: whatever speaks for an array keeps it one.

use serde_json::Value;

use super::repairer::Repairer;
use crate::json::{Members, has_any, items};
use crate::normalize::pass::Interpreted;
use crate::structure::extensions::PREFIX_ITEMS;

/// Keywords of arrays alone.
const OF_ARRAYS: [&str; 4] = ["minItems", "maxItems", "uniqueItems", PREFIX_ITEMS];

/// Where a schema's own values are.
const VALUES: [&str; 2] = ["default", "example"];

impl Repairer<'_> {
    /// Whether `items` of a schema without `type` was something else than the items of an array, and is gone.
    pub(super) fn untyped_items(&mut self, members: &mut Members) -> bool {
        if let Some(keyword) = only_choice(members)
            && let Some(Value::Object(mut choice)) = members.shift_remove("items")
            && let Some(branches) = choice.shift_remove(keyword)
        {
            self.moved(self.path.key(keyword), &self.path.key("items").key(keyword));
            let text = format!("replaced `items` without `type` with its own `{keyword}`");
            self.set(members, keyword, branches, ("choice-in-items", Interpreted), text);
            return true;
        }
        if may_be_array(members) {
            return false;
        }
        let text = "kept `items` as `x-items`: the schema's own values are not arrays";
        self.rename(members, ("items", "x-items"), ("items-of-no-array", Interpreted), text)
    }
}

/// The keyword of the choice that `items` is, if it is nothing else and nothing speaks for an array.
fn only_choice(members: &Members) -> Option<&'static str> {
    let choice = members.get("items")?.as_object().filter(|choice| choice.len() == 1)?;
    let keyword = ["anyOf", "oneOf"].into_iter().find(|keyword| items(choice.get(*keyword)).len() > 0)?;
    let speaks = has_any(members, &OF_ARRAYS) || values(members).any(shows_array);
    Some(keyword).filter(|_| !speaks)
}

/// Whether the schema's own values may be arrays.
fn may_be_array(members: &Members) -> bool {
    let mut shown = values(members).peekable();
    shown.peek().is_none() || shown.any(shows_array)
}

/// The schema's own values; `null` says nothing.
fn values(members: &Members) -> impl Iterator<Item = &Value> {
    let own = VALUES.into_iter().filter_map(|key| members.get(key));
    own.chain(items(members.get("x-examples"))).filter(|value| !value.is_null())
}

/// Whether a value is an array, or the text of one: JSON, or items with commas between them.
fn shows_array(value: &Value) -> bool {
    value.is_array() || value.as_str().is_some_and(|text| text.contains(['[', ',']))
}
