//! Pass of `lower`: drops unused tags and types.
//!
//! In: an API with all declared tags and types. Out: used tags, used types, components, and the owners of these types,
//! with new ids in the same order.
//!
//! Invariant: every id in the IR is valid.

use std::collections::{BTreeMap, BTreeSet};

use super::uses::{self, closure, parts_and_inline, uses};
use crate::ir::{Api, TagId, TypeId};
use crate::never::never;

/// Drops the tags that are not the first tag of any operation.
pub(super) fn tags(api: &mut Api) {
    let numbers = numbers(api.operations.iter().map(|operation| operation.tag.0).collect());
    let mut index = 0..;
    api.tags.retain(|_| index.next().is_some_and(|index| numbers.contains_key(&index)));
    for operation in &mut api.operations {
        operation.tag = TagId(renumbered(&numbers, operation.tag.0));
    }
}

/// Drops unused types.
pub(super) fn types(api: &mut Api) {
    let needed = needed(api);
    let numbers = numbers(needed.iter().map(|id| id.0).collect());
    api.types.retain(|id| needed.contains(&id));
    for of in api.types.iter_mut().filter_map(|ty| ty.owner.parent_mut()) {
        of.0 = renumbered(&numbers, of.0);
    }
    uses::redirect(api, |id| TypeId(renumbered(&numbers, id.0)));
}

fn needed(api: &mut Api) -> BTreeSet<TypeId> {
    let mut roots: Vec<TypeId> = uses(api).map(|used| used.ty.ty).collect();
    roots.extend(api.types.ids().filter(|id| api.types[*id].is_component()));
    let parts = parts_and_inline(&api.types);
    closure(roots, |id| parts(id).into_iter().chain(api.types[id].owner.parent()))
}

/// Returns the new indices of kept items, by old index.
fn numbers(kept: BTreeSet<usize>) -> BTreeMap<usize, usize> {
    kept.into_iter().zip(0..).collect()
}

fn renumbered(numbers: &BTreeMap<usize, usize>, index: usize) -> usize {
    numbers.get(&index).copied().unwrap_or_else(|| never!(index, "{index} is used, but was dropped"))
}
