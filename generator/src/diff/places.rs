//! Part of `diff`: the changes of messages that cause the changes of public items.
//!
//! In: both kinds of changes, and the places of public names. Out: for each item, the changes at its place. Invariant: an item without a
//! place, or without a change at its place, has no changes.

use std::collections::{BTreeMap, BTreeSet};

use clientwright_normalizer::pointer::Pointer;
use serde_json::Value;

use super::node::{Node, child, resolved, targets};
use super::rust::{ItemChange, owners};
use super::wire::WireChange;
use crate::name::{ItemPlaces, printable};

/// The prefixes of parameters in the places of names. The places of their types omit the location.
const LOCATIONS: [&str; 4] = ["/parameters/cookie/", "/parameters/header/", "/parameters/path/", "/parameters/query/"];

/// Finds the changes of messages at, in or around the place of each item. A version is a document with the places of its public names.
pub(super) fn connect(items: &mut [ItemChange], wire: &[WireChange], versions: [(&Value, &ItemPlaces); 2]) {
    let [(old, old_places), (new, new_places)] = versions;
    let of_old = Changes::new(wire, |change| change.old.as_ref(), old, new);
    let of_new = Changes::new(wire, |change| change.new.as_ref(), new, old);
    for item in items {
        let sides = [(&item.old, old_places, &of_old), (&item.new, new_places, &of_new)];
        let found = sides.iter().filter_map(|(side, places, changes)| {
            side.as_ref().and_then(|_| place_of(&item.item, places)).map(|place| changes.at(place))
        });
        item.changes = found.flatten().collect::<BTreeSet<_>>().into_iter().collect();
    }
}

/// The changes of messages as indices, by their places in one document.
struct Changes<'c> {
    wire: &'c [WireChange],
    by_place: BTreeMap<String, Vec<usize>>,
}

impl<'c> Changes<'c> {
    fn new(wire: &'c [WireChange], side: fn(&WireChange) -> Option<&Pointer>, document: &Value, other: &Value) -> Self {
        let mut by_place: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (index, change) in wire.iter().enumerate() {
            let Some(pointer) = side(change) else { continue };
            // References may lead to components that exist only in this document.
            let is_new = |target: &Pointer| target.get(other).is_none() && seen.insert(target.clone());
            for at in [vec![pointer.clone()], targets(document, Vec::from_iter(pointer.get(document)), is_new)].concat()
            {
                by_place.entry(place(document, &at)).or_default().push(index);
            }
        }
        Self { wire, by_place }
    }

    /// Returns the changes at, in or around a place.
    fn at(&self, place: &str) -> Vec<usize> {
        let place = LOCATIONS.iter().fold(place.to_owned(), |place, location| place.replace(location, "/parameters/"));
        // `0` is the character after `/`.
        let inside = self.by_place.range(format!("{place}/")..format!("{place}0")).map(|(_, changes)| changes);
        let ends = place.match_indices('/').map(|(end, _)| end).chain([place.len()]);
        let around = ends.filter_map(|end| self.by_place.get(place.get(..end)?));
        let found: Vec<usize> = inside.chain(around).flatten().copied().collect();
        // Each value of an enum is a separate change at the same place, whose message quotes the value.
        let value = place.rsplit_once("/enum/").map(|(_, value)| format!("`{value}`"));
        let quotes = |index: &usize| Some(self.wire.get(*index)?.message.ends_with(value.as_ref()?));
        let quoting: Vec<usize> = found.iter().copied().filter(|index| quotes(index) == Some(true)).collect();
        if quoting.is_empty() { found } else { quoting }
    }
}

/// Returns the place of an item, or of the item that it belongs to.
fn place_of<'p>(item: &str, places: &'p ItemPlaces) -> Option<&'p String> {
    let (_, item) = item.split_once("::")?;
    // The client's methods are in several modules.
    let item = item.find("::Client::").and_then(|at| item.get(at + 2..)).unwrap_or(item);
    owners(item).chain([item]).rev().find_map(|owner| places.get(owner))
}

/// Returns the place of a node in the notation of public names: with ids instead of indices, and without the keys around schemas.
fn place(document: &Value, pointer: &Pointer) -> String {
    let mut node = document;
    let (mut place, mut last, mut is_name) = (Pointer::root(), String::new(), false);
    for key in pointer.segments() {
        let next = child(node, &key);
        let added = match (node.is_array(), key.as_str()) {
            (true, _) if last == "allOf" => None,
            (true, _) => id(next, document).or_else(|| Some(key.clone())),
            (_, "content" | "schema" | "allOf") if !is_name => None,
            (_, "anyOf") if !is_name => Some("oneOf".to_owned()),
            _ => Some(key.clone()),
        };
        added.iter().for_each(|key| place.push(key));
        is_name = !is_name && ["properties", "schemas"].contains(&key.as_str());
        (node, last) = (next, key);
    }
    printable(&place)
}

/// Returns the key that identifies an item of an array: the name of a parameter, the URL of a server, the component of a branch.
fn id(item: &Value, document: &Value) -> Option<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let parameter = resolved(Node { item, at: Pointer::root() }, document).filter(|node| node.item["in"].is_string());
    let component = || text(&item["$ref"])?.rsplit_once('/').map(|(_, name)| name.to_owned());
    let name = parameter.and_then(|node| text(&node.item["name"]));
    name.or_else(|| text(&item["url"])).or_else(|| text(item)).or_else(component)
}
