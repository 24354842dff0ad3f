//! Part of `contract`: the branch of a union that a value fits best.
//!
//! In: a value and the patterns of the branches. Out: the branch that the runtime decodes it as.
//!
//! Invariant: the runtime decides; its patterns are only made of the IR's here.

use bumpalo::Bump;
use clientwright::ir;
use clientwright_runtime::codegen::{Constant, Expect, Key, Pattern, best_branch};
use serde_json::Value;

/// The branch that a value fits best.
pub(super) fn best(branches: &[Vec<ir::Pattern>], value: &Value) -> Option<usize> {
    let arena = Bump::new();
    let branches: Vec<&[Pattern<'_>]> = branches.iter().map(|branch| patterns(&arena, branch)).collect();
    best_branch(value.to_string().as_bytes(), &branches)
}

fn patterns<'a>(arena: &'a Bump, patterns: &'a [ir::Pattern]) -> &'a [Pattern<'a>] {
    arena.alloc_slice_fill_iter(patterns.iter().map(|ir::Pattern { expect, items, keys, .. }| Pattern {
        expect: expected(*expect),
        items: self::patterns(arena, items),
        keys: arena.alloc_slice_fill_iter(keys.iter().map(|key| self::key(arena, key))),
    }))
}

fn key<'a>(arena: &'a Bump, key: &'a ir::Key) -> Key<'a> {
    let ir::Key { name, required, constants, kinds, looks, .. } = key;
    Key {
        name,
        required: *required,
        constants: arena.alloc_slice_fill_iter(constants.iter().map(|constant| self::constant(arena, constant))),
        types: arena.alloc_slice_fill_iter(kinds.iter().map(|kind| expected(*kind))),
        patterns: patterns(arena, looks),
    }
}

fn constant<'a>(arena: &'a Bump, constant: &'a ir::Constant) -> &'a dyn Constant {
    match constant {
        ir::Constant::Text(text) => arena.alloc(text.as_str()),
        ir::Constant::Integer(integer) => integer,
        ir::Constant::Boolean(boolean) => boolean,
    }
}

fn expected(expect: ir::Expect) -> Expect {
    match expect {
        ir::Expect::Any => Expect::Any,
        ir::Expect::Null => Expect::Null,
        ir::Expect::Boolean => Expect::Boolean,
        ir::Expect::Integer => Expect::Integer,
        ir::Expect::Number => Expect::Number,
        ir::Expect::String => Expect::String,
        ir::Expect::Uuid => Expect::Uuid,
        ir::Expect::DateTime => Expect::DateTime,
        ir::Expect::Date => Expect::Date,
        ir::Expect::Time => Expect::Time,
        ir::Expect::Duration => Expect::Duration,
        ir::Expect::Quoted => Expect::Quoted,
        ir::Expect::Array => Expect::Array,
        ir::Expect::Tuple => Expect::Tuple,
        ir::Expect::Object => Expect::Object,
        ir::Expect::Map => Expect::Map,
    }
}
