//! Part of `contract`: the branch of a union that a value fits best.
//!
//! In: a value and what the branches look like. Out: the branch that the runtime decodes it as.
//!
//! Invariant: decides as `wire::fitted_union!` of the runtime does.

use serde_json::Value;

use crate::ir::{Constant, Expect, Key, Pattern};

/// Properties that are known, minus those that are dropped, how exactly it is described.
type Score = (usize, isize, usize);

/// The branch that a value fits best.
pub(super) fn best(branches: &[Vec<Pattern>], value: &Value) -> Option<usize> {
    let mut best: Option<(Score, usize)> = None;
    for (index, patterns) in branches.iter().enumerate() {
        if let Some(score) = fits(patterns, value).filter(|score| best.is_none_or(|(known, _)| *score > known)) {
            best = Some((score, index));
        }
    }
    best.map(|(_, index)| index)
}

fn fits(patterns: &[Pattern], value: &Value) -> Option<Score> {
    patterns.iter().filter_map(|pattern| fits_one(pattern, value)).max()
}

fn fits_one(pattern: &Pattern, value: &Value) -> Option<Score> {
    let text = |test: fn(&str) -> bool| value.as_str().is_none_or(test).then_some((0, 0, 2));
    allows(pattern.expect, value).then_some(())?;
    match pattern.expect {
        Expect::Any => Some((0, 0, 0)),
        Expect::Integer => Some((0, 0, 2)),
        Expect::Uuid => text(|text| text.len() >= 32),
        Expect::DateTime => text(|text| text.starts_with(|first: char| first.is_ascii_digit())),
        Expect::Quoted => text(|text| text.parse::<i128>().is_ok()),
        Expect::Array => fits_array(&pattern.items, value),
        Expect::Object | Expect::Map => fits_object(pattern, value),
        Expect::Null | Expect::Boolean | Expect::Number | Expect::String => Some((0, 0, 1)),
    }
}

fn fits_array(items: &[Pattern], value: &Value) -> Option<Score> {
    let values = value.as_array()?;
    let Some(first) = values.first().filter(|_| !items.is_empty()) else { return Some((0, 0, 1)) };
    let fitting = values.iter().all(|value| items.iter().any(|item| allows(item.expect, value)));
    fits(items, first).filter(|_| fitting)
}

fn fits_object(pattern: &Pattern, value: &Value) -> Option<Score> {
    let entries = value.as_object()?;
    let (mut known, mut exact) = (0, 1);
    for Key { name, required, constants, kinds } in &pattern.keys {
        match entries.get(name) {
            Some(Value::Null) => known += 1,
            Some(value) => {
                let constant = constants.iter().any(|constant| is(constant, value));
                let kind = kinds.is_empty() || kinds.iter().any(|expect| allows(*expect, value));
                ((constant || constants.is_empty()) && kind).then_some(())?;
                exact += usize::from(constant);
                known += 1;
            }
            None if *required => return None,
            None => {}
        }
    }
    let mut others = entries.iter().filter(|(name, _)| pattern.keys.iter().all(|key| key.name != **name));
    if pattern.expect == Expect::Map {
        let fit = |value| pattern.items.is_empty() || pattern.items.iter().any(|item| allows(item.expect, value));
        return others.all(|(_, value)| fit(value)).then_some((known, 0, exact));
    }
    Some((known, -isize::try_from(others.count()).unwrap_or(isize::MAX), exact))
}

fn is(constant: &Constant, value: &Value) -> bool {
    match constant {
        Constant::Text(text) => value.as_str() == Some(text),
        Constant::Integer(number) => value.as_i64() == Some(*number),
        Constant::Boolean(boolean) => value.as_bool() == Some(*boolean),
    }
}

fn allows(expect: Expect, value: &Value) -> bool {
    match expect {
        Expect::Any => true,
        Expect::Null => value.is_null(),
        Expect::Boolean => value.is_boolean(),
        Expect::Integer => value.is_i64() || value.is_u64(),
        Expect::Number => value.is_number(),
        Expect::String | Expect::Uuid | Expect::DateTime => value.is_string(),
        Expect::Quoted => value.is_string() || value.is_i64() || value.is_u64(),
        Expect::Array => value.is_array(),
        Expect::Object | Expect::Map => value.is_object(),
    }
}
