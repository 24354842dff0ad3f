//! Part of `contract`: the branch of a union that a value fits best.
//!
//! In: a value and what the branches look like. Out: the branch that the runtime decodes it as.
//!
//! Invariant: decides as `wire::fitted_union!` of the runtime does.

use serde_json::Value;

use clientwright::ir::{Constant, Expect, Key, Pattern};

/// Properties that are known, minus those that are dropped, both again within the values of properties, how exactly it is described.
type Score = (usize, isize, usize, isize, usize);

fn plain(exact: usize) -> Score {
    (0, 0, 0, 0, exact)
}

/// A score with that of a property's value.
fn with(score: Score, inner: Score) -> Score {
    (score.0, score.1, score.2 + inner.0 + inner.2, score.3 + inner.1 + inner.3, score.4 + inner.4)
}

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
    let text = |test: fn(&str) -> bool| value.as_str().is_none_or(test).then_some(plain(2));
    allows(pattern.expect, value).then_some(())?;
    match pattern.expect {
        Expect::Any => Some(plain(0)),
        Expect::Integer => Some(plain(2)),
        Expect::Uuid => text(|text| text.len() >= 32),
        Expect::DateTime => text(|text| text.starts_with(|first: char| first.is_ascii_digit())),
        Expect::Quoted => text(|text| text.parse::<i128>().is_ok()),
        Expect::Array => fits_array(&pattern.items, value),
        Expect::Object | Expect::Map => fits_object(pattern, value),
        Expect::Null | Expect::Boolean | Expect::Number | Expect::String => Some(plain(1)),
    }
}

fn fits_array(items: &[Pattern], value: &Value) -> Option<Score> {
    let values = value.as_array()?;
    let Some(first) = values.first().filter(|_| !items.is_empty()) else { return Some(plain(1)) };
    let fitting = values.iter().all(|value| items.iter().any(|item| allows(item.expect, value)));
    fits(items, first).filter(|_| fitting)
}

fn fits_object(pattern: &Pattern, value: &Value) -> Option<Score> {
    let entries = value.as_object()?;
    let mut score = plain(1);
    for key in &pattern.keys {
        match entries.get(&key.name) {
            Some(value) => {
                score = with(score, fits_key(key, value)?);
                score.0 += 1;
            }
            None if key.required => return None,
            None => {}
        }
    }
    let others = entries.iter().filter(|(name, _)| pattern.keys.iter().all(|key| key.name != **name));
    let others: Vec<&Value> = others.map(|(_, value)| value).collect();
    if pattern.expect == Expect::Map {
        let Some(first) = others.first().filter(|_| !pattern.items.is_empty()) else { return Some(score) };
        let fitting = others.iter().all(|value| pattern.items.iter().any(|item| allows(item.expect, value)));
        let (known, dropped, inner_known, inner_dropped, _) = fits(&pattern.items, first).filter(|_| fitting)?;
        return Some(with(score, (known, dropped, inner_known, inner_dropped, 0)));
    }
    score.1 = -isize::try_from(others.len()).unwrap_or(isize::MAX);
    Some(score)
}

fn fits_key(key: &Key, value: &Value) -> Option<Score> {
    let Key { constants, kinds, looks, name: _, required: _ } = key;
    if value.is_null() {
        return Some(plain(0));
    }
    let constant = constants.iter().any(|constant| is(constant, value));
    let kind = kinds.is_empty() || kinds.iter().any(|expect| allows(*expect, value));
    ((constant || constants.is_empty()) && kind).then_some(())?;
    if looks.is_empty() { Some(plain(usize::from(constant))) } else { fits(looks, value) }
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
