//! Part of `diff`: nodes of a document with their places.
//!
//! In: a canonical document. Out: its nodes, references followed. Invariant: following references ends, wherever they lead.

use std::collections::{BTreeMap, BTreeSet};

use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::Kind;
use serde_json::{Map, Value};

/// The maximum number of references from one to the next.
const MAX_STEPS: usize = 64;

/// A node of a document.
#[derive(Clone)]
pub(super) struct Side<'d> {
    pub(super) value: &'d Value,
    pub(super) at: Pointer,
}

impl<'d> Side<'d> {
    pub(super) fn root(document: &'d Value) -> Self {
        Self { value: document, at: Pointer::root() }
    }

    /// Returns a member or item.
    pub(super) fn part(&self, key: &str) -> Option<Self> {
        let value = match self.value {
            Value::Object(members) => members.get(key)?,
            Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
            _ => return None,
        };
        Some(Self { value, at: self.at.key(key) })
    }

    /// Returns the node at a pointer below this one; null if the pointer leads nowhere.
    pub(super) fn below(&self, at: &Pointer) -> Self {
        Self { value: at.get(self.value).unwrap_or(&Value::Null), at: self.at.join(at) }
    }

    pub(super) fn members(&self) -> Entries<'d> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(key, value)| (key, Self { value, at: self.at.key(key) })).collect()
    }

    pub(super) fn items(&self) -> Vec<Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| Self { value, at: self.at.index(index) }).collect()
    }

    /// Follows references. `None` if they lead nowhere, or back.
    pub(super) fn resolved(self, document: &'d Value) -> Option<Self> {
        let mut side = self;
        for _ in 0..MAX_STEPS {
            let Some(text) = side.value.get("$ref").and_then(Value::as_str) else { return Some(side) };
            let at = Pointer::from_fragment(text.strip_prefix('#')?)?;
            side = Self { value: at.get(document)?, at };
        }
        None
    }

    pub(super) fn is_true(&self, key: &str) -> bool {
        self.value[key] == Value::Bool(true)
    }
}

/// The two sides of a member; at least one of them is present.
pub(super) type Pair<'p, 'd> = (Option<&'p Side<'d>>, Option<&'p Side<'d>>);

/// An object, or the parts of a schema: the schema itself and what its `allOf` composes, so that moving keywords between them changes nothing.
pub(super) struct Parts<'d>(Vec<Side<'d>>);

impl<'d> Parts<'d> {
    pub(super) fn of(kind: Kind, side: &Side<'d>, document: &'d Value) -> Self {
        let mut parts = vec![side.clone()];
        let mut seen = BTreeSet::from([side.at.clone()]);
        let mut next = 0;
        while let Some(part) = parts.get(next).filter(|_| kind == Kind::Schema) {
            let branches = part.part("allOf").iter().flat_map(Side::items).collect::<Vec<_>>();
            let branches = branches.into_iter().filter_map(|branch| branch.resolved(document));
            parts.extend(branches.filter(|branch| seen.insert(branch.at.clone())));
            next += 1;
        }
        Self(parts)
    }

    /// Returns the keys of all parts.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'d str> {
        let keys = self.0.iter().filter_map(|part| part.value.as_object()).flat_map(Map::keys);
        keys.map(String::as_str)
    }

    /// Returns the object, or the first part.
    pub(super) fn own(&self) -> &'d Value {
        self.0.first().map_or(&Value::Null, |part| part.value)
    }

    /// Returns the members with a key.
    pub(super) fn all(&self, key: &str) -> Vec<Side<'d>> {
        self.0.iter().filter_map(|part| part.part(key)).collect()
    }

    /// Returns the values of the `enum`, or of branches that each have one.
    pub(super) fn constants(&self) -> Option<Vec<&'d Value>> {
        let values = |node: &'d Value| node.get("enum").and_then(Value::as_array);
        let of_part = |part: &Side<'d>| {
            let branches = ["oneOf", "anyOf"].iter().find_map(|key| part.value.get(key)?.as_array());
            let of_branches = || branches?.iter().map(values).collect::<Option<Vec<_>>>();
            values(part.value).map(|values| vec![values]).or_else(of_branches)
        };
        let lists = self.0.iter().find_map(of_part)?;
        Some(lists.into_iter().flatten().collect())
    }

    pub(super) fn properties(&self) -> Entries<'d> {
        self.0.iter().filter_map(|part| part.part("properties")).flat_map(|side| side.members()).collect()
    }

    pub(super) fn is_true(&self, key: &str) -> bool {
        self.0.iter().any(|part| part.is_true(key))
    }

    pub(super) fn has(&self, property: &str) -> bool {
        self.0.iter().any(|part| part.value["properties"].get(property).is_some())
    }

    pub(super) fn required(&self) -> BTreeSet<&'d str> {
        let lists = self.0.iter().filter_map(|part| part.value["required"].as_array());
        lists.flatten().filter_map(Value::as_str).collect()
    }
}

/// The entries of a map.
pub(super) type Entries<'d> = Vec<(&'d String, Side<'d>)>;

/// Returns the entries of two maps.
pub(super) fn entries<'d>(pair: Pair<'_, 'd>) -> Vec<(String, Option<Side<'d>>, Option<Side<'d>>)> {
    let of = |side: Option<&Side<'d>>| side.map(Side::members).unwrap_or_default();
    union(of(pair.0), of(pair.1))
}

/// Pairs entries by their names and, where several parts of a schema have a name, in order: first the old ones, then new ones.
pub(super) fn union<'d>(old: Entries<'d>, new: Entries<'d>) -> Vec<(String, Option<Side<'d>>, Option<Side<'d>>)> {
    let numbered = |entries: Entries<'d>| {
        let mut counts: BTreeMap<&'d String, usize> = BTreeMap::new();
        let number = |(name, side): (&'d String, Side<'d>)| {
            let count = counts.entry(name).or_default();
            *count += 1;
            ((name, *count), side)
        };
        entries.into_iter().map(number).collect::<Vec<_>>()
    };
    let (old, new) = (numbered(old), numbered(new));
    let mut after: BTreeMap<_, Side<'d>> = new.iter().cloned().collect();
    let mut all: Vec<_> = old.into_iter().map(|(key, side)| (key.0.clone(), Some(side), after.remove(&key))).collect();
    all.extend(new.into_iter().filter_map(|(key, _)| Some((key.0.clone(), None, Some(after.remove(&key)?)))));
    all
}

/// Returns the keys beside a reference.
pub(super) fn siblings<'d>(side: &Side<'d>) -> Map<String, Value> {
    let members = side.value.as_object().filter(|members| members.contains_key("$ref")).into_iter().flatten();
    members.filter(|(key, _)| *key != "$ref").map(|(key, value)| (key.clone(), value.clone())).collect()
}
