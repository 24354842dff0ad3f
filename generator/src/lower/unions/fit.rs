//! Part of the union pass: patterns of branches that no test distinguishes.
//!
//! In: the branches of a union. Out: the patterns of each, reduced to the differences between the branches.
//!
//! Invariant: a value of a branch matches one of its patterns. The work is bounded: patterns are not deeper than [`DEPTH`], and properties
//! are examined only as deep as needed ([`LEVELS`]) and at most [`EXAMINED`] in total.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::Value;

use super::{expect, expect_each, json_type};
use crate::ir::{
    Expect, Field, Key, Object, Owner, Pattern, Place, Rule, Shape, TypeId, TypeRef, Variant, is_constant, parts,
};
use crate::lower::draft::Draft;

/// The maximum depth of nested arrays or unions.
const DEPTH: usize = 4;

/// The maximum depth of nested objects, if the branches are otherwise equal.
const LEVELS: usize = 2;

/// The maximum number of examined types and properties in a union. Beyond it, objects have no properties, and other values may be anything.
const EXAMINED: usize = 16_384;

/// A discriminator that does not select all branches.
pub(super) struct Tags {
    /// The discriminator's property.
    pub(super) property: String,
    /// The strings that select a branch, by its type.
    pub(super) tags: BTreeMap<TypeId, Vec<String>>,
}

/// Moves the branches that accept any JSON value to the end, and keeps one of them.
pub(super) fn move_any_last(types: &Draft, branches: Vec<TypeRef>) -> Vec<TypeRef> {
    let is_any = |ty: &TypeRef| matches!(types.shape(*ty), Some(Shape::Any));
    let any = branches.iter().copied().find(is_any);
    branches.into_iter().filter(|ty| !is_any(ty)).chain(any).collect()
}

/// Drops inline branches, and branches that accept any object, if they equal an earlier branch apart from annotations. Of strings and
/// bytes, the bytes remain, because in a `multipart` body a file can be any string.
pub(super) fn without_repetition(types: &Draft, branches: Vec<TypeRef>) -> Vec<TypeRef> {
    let mut kept: Vec<TypeRef> = Vec::new();
    for branch in branches {
        let is_unnamed = matches!(types.types[branch.ty].owner, Owner::Part(_, Place::Variant { .. }));
        let is_free =
            || matches!(types.shape(branch), Some(Shape::Map(values)) if types.shape(*values) == Some(&Shape::Any));
        let may_drop = is_unnamed || is_free();
        match kept.iter_mut().find(|known| may_drop && same(types, **known, branch, DEPTH)) {
            Some(known) => {
                let kept = if are_binary(types, branch) { branch } else { *known };
                *known = types.with_facts_of(kept, &[*known, branch]);
            }
            None => kept.push(branch),
        }
    }
    kept
}

/// Returns `true` for bytes, and arrays of them.
fn are_binary(types: &Draft, mut ty: TypeRef) -> bool {
    for _ in 0..DEPTH {
        match types.shape(ty) {
            Some(Shape::Array(item)) => ty = *item,
            _ => break,
        }
    }
    types.resolved(ty).is_binary()
}

/// Returns `true` if two types are equal, ignoring annotations. Types beyond the maximum depth count as different.
fn same(types: &Draft, a: TypeRef, b: TypeRef, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    if types.end(a) == types.end(b) {
        return true;
    }
    let (Some(a), Some(b)) = (types.shape(a), types.shape(b)) else { return false };
    let same = |(a, b): &(TypeRef, TypeRef)| a.nullable == b.nullable && same(types, *a, *b, depth);
    !matches!(a, Shape::Union(_)) && parts(a, b).is_some_and(|parts| parts.iter().all(same))
}

/// Returns the patterns of each branch, reduced to the differences. `left` is the remaining budget of comparisons.
pub(super) fn patterns(
    types: &Draft,
    branches: &[TypeRef],
    tags: Option<&Tags>,
    left: &mut usize,
) -> Vec<Vec<Pattern>> {
    let mut read = |level| {
        let limit = EXAMINED.min(*left);
        let reader = PatternReader { types, level, left: Cell::new(limit) };
        let patterns = reader.branches(branches, tags);
        *left -= limit - reader.left.get();
        patterns
    };
    let mut best = read(0);
    for level in 1..=LEVELS {
        let alike = unreachable_branches(&best).len();
        let deeper = (alike > 0).then(|| read(level));
        best = deeper.filter(|deeper| unreachable_branches(deeper).len() < alike).unwrap_or(best);
    }
    best
}

/// Requires a property of objects to have one of these strings.
fn require_tags(patterns: &mut [Pattern], property: &str, texts: &[String]) {
    for pattern in patterns.iter_mut().filter(|pattern| is_object(pattern)) {
        let constants = texts.iter().cloned().map(Value::String).collect();
        match pattern.keys.iter_mut().find(|key| key.name == property) {
            Some(key) => key.constants = constants,
            None => {
                pattern.keys.push(Key { kinds: vec![Expect::String], ..Key::new(property, false, constants) });
            }
        }
    }
}

/// Returns the variant of a branch, with a test that all of its values pass.
pub(super) fn variant(ty: TypeRef, patterns: &[Pattern]) -> Variant {
    let json: BTreeSet<_> = patterns.iter().map(|pattern| json_type(pattern.expect)).collect();
    let json = json.first().filter(|_| json.len() == 1).copied();
    let mut variant = Variant::of(ty, json.unwrap_or(Expect::Any));
    if let [pattern] = patterns {
        for Key { name, required, constants, .. } in &pattern.keys {
            let text: Vec<_> =
                constants.iter().filter(|one| constants.len() == 1 && one.is_string()).cloned().collect();
            if *required || !text.is_empty() {
                variant.test.keys.push(Key::new(name, true, text));
            }
        }
        variant.test.keys.sort_by_key(|key| !key.constants.is_empty());
    }
    variant
}

/// The reader of patterns: the properties of a branch, and a few levels of their values.
struct PatternReader<'t> {
    types: &'t Draft,
    /// The remaining depth of nested objects.
    level: usize,
    /// The remaining number of types and properties.
    left: Cell<usize>,
}

impl PatternReader<'_> {
    fn branches(&self, branches: &[TypeRef], tags: Option<&Tags>) -> Vec<Vec<Pattern>> {
        let mut all: Vec<Vec<Pattern>> = Vec::new();
        for branch in branches {
            let mut patterns = self.of(*branch, DEPTH, self.level + 1);
            if let Some(tags) = tags
                && let Some(texts) = tags.tags.get(&self.types.end(*branch))
            {
                require_tags(&mut patterns, &tags.property, texts);
            }
            all.push(patterns);
        }
        reduce(&mut all.iter_mut().flatten().collect::<Vec<_>>(), DEPTH + 1);
        all
    }

    /// Returns the patterns of a type's values, with the properties of objects up to `levels` deep.
    fn of(&self, ty: TypeRef, depth: usize, levels: usize) -> Vec<Pattern> {
        let any = || vec![Pattern::of(Expect::Any)];
        let (Some(depth), Some(left)) = (depth.checked_sub(1), self.left.get().checked_sub(1)) else { return any() };
        self.left.set(left);
        if let Some(pending) = self.types.pending.get(&self.types.end(ty)) {
            // Of a union that contains itself, only its own branches are known.
            let inner = pending.branches.iter().flat_map(|branch| self.of(*branch, depth, levels));
            return inner.chain(ty.nullable.then(|| Pattern::of(Expect::Null))).collect();
        }
        let Some(shape) = self.types.shape(ty) else { return any() };
        let element = |element: &TypeRef| match self.of(*element, depth, levels).as_slice() {
            [only] => only.clone(),
            _ => Pattern::of(Expect::Any),
        };
        let items = match shape {
            Shape::Array(items) => self.of(*items, depth, levels),
            Shape::Tuple(elements) => elements.iter().map(element).collect(),
            Shape::Map(values) => self.rest(*values, levels),
            _ => Vec::new(),
        };
        let mut patterns = match shape {
            Shape::Object(object) => vec![self.object(object, levels)],
            Shape::Union(union) => {
                let mut patterns = Vec::new();
                for variant in &union.variants {
                    let mut inner = self.of(variant.ty, depth, levels);
                    if let Rule::Tag(property) = &union.rule
                        && !variant.is_default
                    {
                        require_tags(&mut inner, property, &variant.tags);
                    }
                    patterns.extend(inner);
                }
                patterns
            }
            Shape::MixedEnum(values) => expect_each(values).into_iter().map(Pattern::of).collect(),
            shape => match expect(shape) {
                Some(expect) => vec![Pattern { items, ..Pattern::of(expect) }],
                None => return any(),
            },
        };
        if ty.nullable {
            patterns.push(Pattern::of(Expect::Null));
        }
        patterns
    }

    /// Returns the patterns of a map's properties, with only their JSON types on the first level.
    fn rest(&self, ty: TypeRef, levels: usize) -> Vec<Pattern> {
        if let Some(levels) = levels.checked_sub(1).filter(|_| self.level > 0) {
            return self.looks(ty, levels);
        }
        let mut kinds = kinds(self.types, ty, DEPTH);
        if !kinds.is_empty() && ty.nullable {
            kinds.insert(Expect::Null);
        }
        kinds.into_iter().map(Pattern::of).collect()
    }

    fn object(&self, object: &Object, levels: usize) -> Pattern {
        let expect = if object.additional.is_some() { Expect::Map } else { Expect::Object };
        let left = self.left.get().checked_sub(object.fields.len());
        let (Some(inner), Some(left)) = (levels.checked_sub(1), left) else { return Pattern::of(expect) };
        self.left.set(left);
        let key = |field: &Field| {
            let kinds = kinds(self.types, field.ty, DEPTH);
            let nested = kinds.iter().any(|kind| matches!(kind, Expect::Array | Expect::Object));
            Key {
                name: field.wire_name.clone(),
                required: field.required_when_read,
                constants: constants(self.types, field.ty),
                looks: if nested || self.level > 0 { self.looks(field.ty, inner) } else { Vec::new() },
                kinds: kinds.into_iter().collect(),
            }
        };
        let items = object.additional.map_or_else(Vec::new, |values| self.rest(values, inner));
        Pattern { expect, items, keys: object.fields.iter().map(key).collect() }
    }

    /// Returns the patterns of a property's value; empty if it may be anything.
    fn looks(&self, ty: TypeRef, levels: usize) -> Vec<Pattern> {
        let mut looks: Vec<Pattern> = Vec::new();
        for pattern in self.of(ty, DEPTH, levels) {
            if pattern.expect == Expect::Any {
                return Vec::new();
            }
            // `null` is always allowed for a property.
            if pattern.expect != Expect::Null && !looks.contains(&pattern) {
                looks.push(pattern);
            }
        }
        looks
    }
}

/// Returns the listed values of a property.
fn constants(types: &Draft, ty: TypeRef) -> Vec<Value> {
    let found = types.resolved(ty);
    if found.shape == Shape::Boolean {
        return found.values.iter().filter(|value| value.is_boolean()).cloned().collect();
    }
    Some(found.shape.listed()).filter(|listed| listed.iter().all(is_constant)).unwrap_or_default()
}

/// Returns the JSON types of a type's values; empty if it may be anything.
fn kinds(types: &Draft, ty: TypeRef, depth: usize) -> BTreeSet<Expect> {
    if let Some(Shape::MixedEnum(values)) = types.shape(ty) {
        return expect_each(values);
    }
    let Some(branches) = types.branches(types.end(ty)) else {
        let coarse = |expect| if expect == Expect::Quoted { expect } else { json_type(expect) };
        return types.shape(ty).and_then(expect).map(coarse).into_iter().collect();
    };
    let Some(depth) = depth.checked_sub(1) else { return BTreeSet::new() };
    let all: Vec<_> = branches.into_iter().map(|branch| kinds(types, branch, depth)).collect();
    if all.iter().any(BTreeSet::is_empty) { BTreeSet::new() } else { all.into_iter().flatten().collect() }
}

/// Drops the parts that all patterns share: values, types and properties, then parts within arrays and maps.
fn reduce(all: &mut [&mut Pattern], depth: usize) {
    // A map may have the property with a value of the map's type.
    let is_in_map = all.iter().any(|pattern| pattern.expect == Expect::Map && !pattern.items.is_empty());
    let objects = all.iter().filter(|pattern| is_object(pattern)).count();
    let mut same_name: BTreeMap<String, Vec<&mut Key>> = BTreeMap::new();
    for key in all.iter_mut().flat_map(|pattern| &mut pattern.keys) {
        same_name.entry(key.name.clone()).or_default().push(key);
    }
    // A property matters either for all objects or for none.
    let mut distinguishing = BTreeSet::new();
    for (name, mut keys) in same_name {
        reduce_keys(&mut keys, is_in_map);
        let is_left = |key: &&mut Key| !key.constants.is_empty() || !key.kinds.is_empty() || !key.looks.is_empty();
        if keys.len() < objects || !are_equal(keys.iter().map(|key| key.required)) || keys.iter().any(is_left) {
            distinguishing.insert(name);
        }
    }
    // If another pattern allows any property, all known properties matter.
    if !all.iter().any(|pattern| matches!(pattern.expect, Expect::Any | Expect::Map)) {
        distinguishing = sufficient(all).map_or(distinguishing, |name| BTreeSet::from([name]));
        all.iter_mut().for_each(|pattern| pattern.keys.retain(|key| distinguishing.contains(&key.name)));
    }
    if let Some(depth) = depth.checked_sub(1) {
        reduce_items(all, depth);
    }
}

fn are_equal<T: PartialEq>(mut all: impl Iterator<Item = T>) -> bool {
    all.next().is_none_or(|first| all.all(|other| other == first))
}

/// Drops the parts that one property shares among several objects, also within its values.
fn reduce_keys(keys: &mut [&mut Key], is_in_map: bool) {
    let before: Vec<Key> = keys.iter().map(|key| (**key).clone()).collect();
    let same_kinds = !is_in_map && are_equal(before.iter().map(|key| &key.kinds));
    for key in keys.iter_mut() {
        if !selects_branch(key, &before) {
            key.constants.clear();
        }
        if same_kinds || !key.constants.is_empty() {
            key.kinds.clear();
        }
        if !key.constants.is_empty() {
            key.looks.clear();
        }
    }
    // If one property accepts anything, all known properties of the others matter.
    if keys.iter().all(|key| !key.looks.is_empty()) {
        reduce(&mut keys.iter_mut().flat_map(|key| &mut key.looks).collect::<Vec<_>>(), DEPTH + 1);
    }
    let alike = are_equal(keys.iter().map(|key| &key.looks));
    for key in keys {
        let plain = key.looks.iter().all(|pattern| pattern.items.is_empty() && pattern.keys.is_empty());
        let format =
            |expect| expect != Expect::Quoted && json_type(expect) == Expect::String && expect != Expect::String;
        let coarse = !key.looks.iter().any(|pattern| format(pattern.expect));
        if alike || plain && coarse && (key.looks.is_empty() || !key.kinds.is_empty()) {
            key.looks.clear();
        } else {
            key.kinds.clear();
        }
    }
}

/// Returns a property that is required in every object with different values, and therefore suffices to distinguish them.
fn sufficient(all: &[&mut Pattern]) -> Option<String> {
    let objects = all.iter().filter(|pattern| is_object(pattern)).map(|pattern| {
        let decisive = pattern.keys.iter().filter(|key| key.required && !key.constants.is_empty());
        decisive.map(|key| (&key.name, &key.constants)).collect::<IndexMap<_, _>>()
    });
    let objects: Vec<_> = objects.collect();
    let decides = |name: &&String| {
        let mut seen: Vec<&Value> = Vec::new();
        objects.iter().all(|object| {
            let Some(constants) = object.get(*name) else { return false };
            let own = constants.iter().all(|value| !seen.contains(&value));
            seen.extend(*constants);
            own
        })
    };
    objects.first()?.keys().copied().find(|name| objects.len() > 1 && decides(name)).cloned()
}

/// Reduces items. The contents of arrays matter only if there are several arrays, or if another branch accepts any value. The properties of
/// a map always matter, because objects may have them, too.
fn reduce_items(all: &mut [&mut Pattern], depth: usize) {
    let open = all.iter().any(|pattern| pattern.expect == Expect::Any);
    let arrays = all.iter().filter(|pattern| pattern.expect == Expect::Array).count();
    for expect in [Expect::Array, Expect::Map] {
        let holders = all.iter_mut().filter(|pattern| pattern.expect == expect);
        if expect == Expect::Array && arrays < 2 && !open {
            holders.for_each(|pattern| pattern.items.clear());
        } else {
            reduce(&mut holders.flat_map(|pattern| &mut pattern.items).collect::<Vec<_>>(), depth);
        }
    }
}

fn is_object(pattern: &Pattern) -> bool {
    matches!(pattern.expect, Expect::Object | Expect::Map)
}

/// Returns `true` if the listed values of a property identify its branch. Enumerations are open, so several values count only if no other
/// branch shares them.
fn selects_branch(key: &Key, same_name: &[Key]) -> bool {
    let others = || same_name.iter().filter(|other| *other != key);
    let differs =
        |other: &Key| !other.constants.is_empty() && other.constants.iter().all(|value| !key.constants.contains(value));
    match key.constants.as_slice() {
        [] => false,
        [_] => others().next().is_some() || same_name.len() == 1,
        _ => others().all(differs) && others().next().is_some(),
    }
}

/// Returns the unreachable branches, each with an earlier branch that matches the same values.
pub(super) fn unreachable_branches(all: &[Vec<Pattern>]) -> Vec<(usize, usize)> {
    let hides = |earlier: &[Pattern], patterns: &[Pattern]| {
        patterns.iter().all(|pattern| earlier.iter().any(|earlier| covers(earlier, pattern)))
    };
    let unreachable_branches = all.iter().enumerate().filter_map(|(index, patterns)| {
        Some((index, all.iter().take(index).position(|earlier| hides(earlier, patterns))?))
    });
    unreachable_branches.collect()
}

/// Returns `true` if every value that matches a pattern matches an earlier one equally well.
fn covers(earlier: &Pattern, pattern: &Pattern) -> bool {
    earlier.expect == pattern.expect && earlier.items == pattern.items && sorted(earlier) == sorted(pattern)
}

fn sorted(pattern: &Pattern) -> Vec<&Key> {
    let mut keys: Vec<&Key> = pattern.keys.iter().collect();
    keys.sort_by(|a, b| a.name.cmp(&b.name));
    keys
}
