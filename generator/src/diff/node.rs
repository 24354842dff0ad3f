//! Part of `diff`: nodes of both documents with their places.
//!
//! In: two canonical documents. Out: their nodes, in pairs. Invariant: a pair has at least one side.

use std::collections::{BTreeMap, BTreeSet};

use clientwright_normalizer::json::{items, members};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::reference;
use clientwright_normalizer::structure::grammar::Kind;
use foldhash::HashSet;
use serde_json::Value;

pub(super) use crate::resolve::Node;

/// The old and the new side of a member.
pub(super) type Pair<'d> = [Option<Node<'d>>; 2];

/// Returns the node at a pointer; null if it does not exist.
pub(super) fn node<'d>(document: &'d Value, at: &Pointer) -> Node<'d> {
    Node { item: at.get(document).unwrap_or(&Value::Null), at: at.clone() }
}

/// Returns a member or item; null if it is missing.
pub(super) fn child<'d>(value: &'d Value, key: &str) -> &'d Value {
    node(value, &Pointer::root().key(key)).item
}

/// Follows references. Returns `None` if they are unresolvable or cyclic.
pub(super) fn resolved<'d>(node: Node<'d>, document: &'d Value) -> Option<Node<'d>> {
    let (at, item) = reference::followed_from(document, (node.at, node.item), reference::text)?;
    Some(Node { item, at })
}

/// Returns the accepted nodes to which references in the given nodes lead, directly or not.
pub(super) fn targets<'d>(
    document: &'d Value,
    mut open: Vec<&'d Value>,
    mut accepts: impl FnMut(&Pointer) -> bool,
) -> Vec<Pointer> {
    let mut found = Vec::new();
    while let Some(node) = open.pop() {
        if let Some(target) = reference::text(node).and_then(reference::target).filter(&mut accepts) {
            open.extend(target.get(document));
            found.push(target);
        }
        open.extend(members(node).map(|(_, value)| value).chain(items(node)));
    }
    found
}

/// Returns the values of a pair.
pub(super) fn values<'d>(pair: &Pair<'d>) -> [Option<&'d Value>; 2] {
    pair.each_ref().map(|side| side.as_ref().map(|node| node.item))
}

pub(super) fn is_true(value: &Value, key: &str) -> bool {
    value[key] == true
}

/// An object, or the parts of a schema: the schema itself and the members of its `allOf`. Moving keywords between parts is not a change.
pub(super) struct Parts<'d> {
    all: Vec<Node<'d>>,
    document: &'d Value,
}

impl<'d> Parts<'d> {
    pub(super) fn of(kind: Kind, node: Node<'d>, document: &'d Value) -> Self {
        let mut seen = BTreeSet::from([node.at.clone()]);
        let mut parts = vec![node];
        let mut next = 0;
        while let Some(part) = parts.get(next).filter(|_| kind == Kind::Schema) {
            let branches = part.key("allOf").items().filter_map(|branch| resolved(branch, document));
            parts.extend(branches.filter(|branch| seen.insert(branch.at.clone())).collect::<Vec<_>>());
            next += 1;
        }
        Self { all: parts, document }
    }

    /// Returns the parts of an inner node; only schemas have several.
    fn inside(&self, node: Node<'d>) -> Option<Self> {
        Some(Self::of(Kind::Schema, resolved(node, self.document)?, self.document))
    }

    /// Returns the object under a key.
    pub(super) fn part(&self, key: &str) -> Option<Self> {
        self.inside(self.all(key).pop()?)
    }

    /// Returns the branches of the choice, if there is one.
    fn branches(&self) -> Option<impl Iterator<Item = Node<'d>> + use<'d>> {
        ["oneOf", "anyOf"].iter().find_map(|key| self.all(key).pop()).map(Node::items)
    }

    /// Returns the type that the schema has, or all branches of its choice.
    pub(super) fn type_name(&self) -> Option<&'d str> {
        let own = |parts: &Self| parts.all("type").first()?.item.as_str();
        let of_branches = || {
            let mut types = self.branches()?.map(|branch| own(&self.inside(branch)?));
            types.next().filter(|first| types.all(|next| next == *first))?
        };
        own(self).or_else(of_branches)
    }

    fn values(&self) -> impl Iterator<Item = &'d Value> {
        self.all.iter().map(|part| part.item)
    }

    /// Returns the keys of all parts.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'d String> {
        self.values().flat_map(members).map(|(key, _)| key)
    }

    /// Returns the object, or the first part.
    pub(super) fn own(&self) -> &'d Value {
        self.values().next().unwrap_or(&Value::Null)
    }

    /// Returns the members with a key.
    pub(super) fn all(&self, key: &str) -> Vec<Node<'d>> {
        self.all.iter().filter_map(|part| part.get(key)).collect()
    }

    /// Returns the values of the `enum`, or of branches that each have one.
    pub(super) fn constants(&self) -> Option<HashSet<&'d Value>> {
        let values = |node: &Node<'d>| node.item.get("enum")?.as_array();
        let of_branches = || self.branches()?.map(|branch| values(&branch)).collect::<Option<Vec<_>>>();
        let all = self.all.iter().find_map(values).map(|own| vec![own]).or_else(of_branches)?;
        Some(all.into_iter().flatten().collect())
    }

    pub(super) fn properties(&self) -> Entries<'d> {
        self.all.iter().flat_map(|part| part.key("properties").members()).collect()
    }

    pub(super) fn is_true(&self, key: &str) -> bool {
        self.values().any(|part| is_true(part, key))
    }

    /// Returns `true` if no part restricts the type.
    pub(super) fn is_open(&self) -> bool {
        self.keys().all(|key| !["type", "enum", "oneOf", "anyOf"].contains(&key.as_str()))
    }

    pub(super) fn has(&self, property: &str) -> bool {
        self.values().any(|part| part["properties"].get(property).is_some())
    }

    pub(super) fn required(&self) -> BTreeSet<&'d str> {
        self.values().flat_map(|part| items(&part["required"])).filter_map(Value::as_str).collect()
    }
}

/// The entries of a map.
pub(super) type Entries<'d> = Vec<(&'d String, Node<'d>)>;

/// Returns the entries of two maps. A missing map is empty.
pub(super) fn entries<'d>(maps: &Pair<'d>) -> Vec<(&'d String, Pair<'d>)> {
    union(maps.clone().map(|map| map.into_iter().flat_map(Node::members).collect()))
}

/// Pairs entries by name, and by order if several parts of a schema have the same name.
pub(super) fn union<'d>(both: [Entries<'d>; 2]) -> Vec<(&'d String, Pair<'d>)> {
    let [old, new] = both.map(|entries| {
        let mut counts = BTreeMap::new();
        let number = |(name, node)| {
            let count = counts.entry(name).or_insert(0);
            *count += 1;
            ((name, *count), node)
        };
        entries.into_iter().map(number).collect::<BTreeMap<_, _>>()
    });
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    keys.into_iter().map(|key| (key.0, [&old, &new].map(|side| side.get(key).cloned()))).collect()
}
