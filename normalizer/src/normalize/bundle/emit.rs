//! Part of `bundle`: writes the bundled document.
//!
//! In: the files and the plan. Out: the input with every reference leading to one of its own components. Invariant: a
//! component is written once, at its home; a target without a home is inlined, never within itself.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Resolution::{Broken, Left, Node, Own};
use super::{Home, Plan};
use crate::certain::Certain;
use crate::diagnostic::{Diagnostic, codes};
use crate::json::{Members, items, object_entry, object_mut, put, remove_empty, single};
use crate::limits::{Budget, MAX_DEPTH};
use crate::normalize::names::stem;
use crate::normalize::pass::{Entry, Equivalent, Interpreted, Rule};
use crate::normalize::reference;
use crate::normalize::trail::SourceLocation;
use crate::pointer::Pointer;
use crate::structure::grammar::Kind;
use crate::structure::slots::{Slot, Versions};

/// The number of string bytes that cost as much as a node.
const TEXT: usize = 64;

/// The origin and the destination of a node.
#[derive(Clone, Copy)]
struct At<'a> {
    from: &'a SourceLocation,
    to: &'a Pointer,
}

impl Plan {
    /// Returns the whole document.
    pub(super) fn document(&mut self) -> Value {
        self.budget = Budget::of(self.files.size().saturating_mul(8).saturating_add(1_000_000));
        let root = SourceLocation::default();
        let mut document = self.written(Slot::DOCUMENT, At { from: &root, to: &root.pointer });
        for place in self.added.clone() {
            let Some(Home { slot, at: home, .. }) = self.homes.get(&place).cloned() else { continue };
            let value = self.written(slot, At { from: &place, to: &home });
            put(&mut document, &home, value);
            self.record.provenance.push(home, place);
        }
        self.note_added();
        document
    }

    /// Returns the node of a file at `at.from`, as written at `at.to`.
    fn written(&mut self, slot: Slot, at: At<'_>) -> Value {
        let file = self.value(at.from.file);
        at.from.pointer.get(&file).map_or(Value::Null, |node| self.node(node, slot, at))
    }

    fn node(&mut self, node: &Value, slot: Slot, at: At<'_>) -> Value {
        if slot == Slot::Data {
            return node.clone();
        }
        let is_left = self.budget.spend(1 + node.as_str().map_or(0, str::len) / TEXT);
        if !is_left || at.to.depth() > MAX_DEPTH {
            self.give_up(at);
            return Value::Null;
        }
        if self.section(slot).is_some()
            && let Some(home) = self.homes.get(at.from)
            && home.at != *at.to
        {
            let home = home.at.clone();
            return self.referring(&home, &Map::new(), slot, at);
        }
        match node {
            Value::Object(members) => match members.get("$ref") {
                Some(Value::String(text)) if slot != Slot::Mapping => self.written_reference(text, members, slot, at),
                _ => self.members(members, slot, at).into(),
            },
            Value::Array(items) if matches!(slot, Slot::List(_)) => {
                items.iter().enumerate().map(|(index, item)| self.part(&index.to_string(), item, slot, at)).collect()
            }
            other => other.clone(),
        }
    }

    /// Writes the member or item `key` of the node at `at`.
    fn part(&mut self, key: &str, part: &Value, slot: Slot, at: At<'_>) -> Value {
        let slot = slot.below(key, part, Versions::AsWritten);
        self.node(part, slot, At { from: &at.from.key(key), to: &at.to.key(key) })
    }

    fn members(&mut self, members: &Members, slot: Slot, at: At<'_>) -> Members {
        let mut written = Map::with_capacity(members.len());
        let is_foreign_schema = slot == Slot::SCHEMA && at.from.file != 0;
        for (key, value) in members {
            if is_foreign_schema && matches!(key.as_str(), "$id" | "$schema" | "$anchor") {
                // The file is the base of its references, which are all resolved.
                let text = format!("removed `{key}`: the schema is a component now");
                self.note(("schema-identity", Equivalent), &at.from.key(key), at.to, text);
                continue;
            }
            let value = match (slot, value) {
                (Slot::Mapping, Value::String(text)) => self.mapped(text, at.from.file).into(),
                _ => self.part(key, value, slot, at),
            };
            written.insert(key.clone(), value);
        }
        if slot == Slot::SCHEMA {
            self.keep_discriminator_values(members, &mut written, at);
        }
        written
    }

    fn written_reference(&mut self, text: &str, members: &Members, slot: Slot, at: At<'_>) -> Value {
        if at.from.file == 0 && self.is_own_component(slot, text) {
            return self.members(members, slot, at).into();
        }
        let place = match self.outcome(at.from.file, slot, text) {
            Left | Broken(_) => return self.members(members, slot, at).into(),
            Own(pointer) if slot == Slot::Text => SourceLocation { file: 0, pointer },
            Own(pointer) => return self.referring(&pointer, members, slot, at),
            Node(place) => place,
        };
        let home = self.section(slot).and_then(|_| self.homes.get(&place)).map(|home| home.at.clone());
        match home {
            Some(home) if home == *at.to => self.entered(&place, slot, at).unwrap_or_default(),
            Some(home) => self.referring(&home, members, slot, at),
            None => self.inline(&place, members, slot, at),
        }
    }

    /// Writes the siblings of a reference.
    fn beside(&mut self, members: &Members, slot: Slot, at: At<'_>) -> Members {
        let mut beside = members.clone();
        beside.shift_remove("$ref");
        self.members(&beside, slot, at)
    }

    /// Writes a reference to a component, with its siblings.
    fn referring(&mut self, target: &Pointer, members: &Members, slot: Slot, at: At<'_>) -> Value {
        let mut written = single("$ref", reference::local(target));
        written.extend(self.beside(members, slot, at));
        written.into()
    }

    /// Writes the target of a reference in its place. Returns `None` if the target is already being written, which is a
    /// fault.
    fn entered(&mut self, place: &SourceLocation, slot: Slot, at: At<'_>) -> Option<Value> {
        let entered = (place.clone(), slot);
        if self.inlined.contains(&entered) {
            let file = self.files.shown(at.from.file);
            let at = at.from.pointer.key("$ref");
            self.record.faults.push(Diagnostic::invalid(codes::CYCLIC_REFERENCE, file, at, "the reference is cyclic"));
            return None;
        }
        self.inlined.push(entered);
        self.record.provenance.push(at.to.clone(), place.clone());
        let value = self.written(slot, At { from: place, ..at });
        self.inlined.pop();
        Some(value)
    }

    /// Inlines the target of a reference; siblings of the reference take precedence.
    fn inline(&mut self, place: &SourceLocation, members: &Members, slot: Slot, at: At<'_>) -> Value {
        let Some(mut value) = self.entered(place, slot, at) else { return Value::Null };
        self.note_inlined(place, slot, at);
        let beside = self.beside(members, slot, at);
        let Value::Object(inlined) = &mut value else { return value };
        for (key, mut value) in beside {
            let (from, to) = (at.from.key(&key), at.to.key(&key));
            self.record.provenance.push(to.clone(), from.clone());
            if slot == Slot::One(Kind::PathItem)
                && key == "parameters"
                && let Some(theirs) = inlined.get(&key).cloned()
            {
                for (after, before) in reference::joined(&mut value, theirs) {
                    let before = place.key(&key).key(&before.to_string());
                    self.record.provenance.push(to.index(after), before);
                }
                self.note(("reference-sibling", Interpreted), &from, &to, reference::JOINED.to_owned());
            } else if inlined.contains_key(&key) {
                let what = slot.name();
                let text =
                    format!("replaced `{key}` of the reference's target, {what}, with the sibling of the reference");
                self.note(("reference-sibling", Interpreted), &from, &to, text);
            }
            inlined.insert(key, value);
        }
        value
    }

    /// Returns the new text of a discriminator mapping's value.
    fn mapped(&mut self, text: &str, file: usize) -> String {
        let is_plain = !reference::is_reference(text) || self.is_own_component(Slot::SCHEMA, text);
        if file == 0 && is_plain {
            return text.to_owned();
        }
        let target = match self.outcome(file, Slot::Mapping, text) {
            Own(pointer) => Some(pointer),
            Node(place) => self.homes.get(&place).map(|home| home.at.clone()),
            Left | Broken(_) => None,
        };
        target.map_or_else(|| text.to_owned(), |target| reference::local(&target))
    }

    /// Keeps the name of a renamed schema in the mapping: without a mapping, that name is the discriminator's value
    /// (3.0.3 §4.7.25).
    fn keep_discriminator_values(&mut self, before: &Members, after: &mut Members, at: At<'_>) {
        let pairs =
            branches(before).zip(branches(after)).filter_map(|(old, new)| Some((implicit(old?), new?.to_owned())));
        let renamed: Vec<(String, String)> = pairs.filter(|(old, new)| *old != implicit(new)).collect();
        let Some(discriminator) = object_mut(after, "discriminator") else { return };
        let Some(mapping) = object_entry(discriminator, "mapping") else { return };
        let mut added = Vec::new();
        for (old, new) in renamed {
            let is_mapped = mapping.values().any(|value| value.as_str() == Some(new.as_str()));
            if !is_mapped && !mapping.contains_key(&old) {
                added.push(format!("`{old}`"));
                mapping.insert(old, new.into());
            }
        }
        remove_empty(discriminator, "mapping");
        if !added.is_empty() {
            let text = format!("mapped discriminator values that were schema names: {}", added.join(", "));
            let (from, to) = (at.from.key("discriminator"), at.to.key("discriminator"));
            self.note(("discriminator-values", Interpreted), &from, &to, text);
        }
    }

    fn note_inlined(&mut self, place: &SourceLocation, slot: Slot, at: At<'_>) {
        if slot.object().is_some_and(|kind| kind.section().is_some()) {
            let text = format!("replaced a reference to {} with its target", slot.name());
            let before = at.from.clone();
            self.record.add_counted(Entry::new(("reference-inlined", Equivalent), before, at.to.clone(), text));
        } else {
            let file = &self.files.get(place.file).relative;
            let text = format!(
                "replaced a reference to {}, which OpenAPI does not allow, with `{file}#{}`",
                slot.name(),
                place.pointer
            );
            self.note(("reference-inlined", Interpreted), at.from, at.to, text);
        }
    }

    /// Adds one entry for each file, for each name that was in use, and for each repaired reference.
    fn note_added(&mut self) {
        let mut by_file: BTreeMap<usize, Vec<(String, Pointer)>> = BTreeMap::new();
        for place in self.added.clone() {
            let Some(home) = self.homes.get(&place).cloned() else { continue };
            let name = format!("`{}`", home.at.last().certain("a component has a name"));
            if let Some(taken) = &home.instead_of {
                let text = format!("named a component {name}: `{taken}` is in use");
                self.note(("component-renamed", Interpreted), &place, &home.at, text);
            }
            by_file.entry(place.file).or_default().push((name, home.at));
        }
        for (file, added) in by_file {
            let names: Vec<&str> = added.iter().take(8).map(|(name, _)| name.as_str()).collect();
            let more = if added.len() > 8 { ", …" } else { "" };
            let noun = if added.len() == 1 { "component" } else { "components" };
            let text = format!("added {} {noun}: {}{more}", added.len(), names.join(", "));
            let to = added.first().map(|(_, at)| at.clone()).certain("a file is listed with its components");
            self.note(("file-bundled", Equivalent), &SourceLocation { file, pointer: Pointer::root() }, &to, text);
        }
        for (place, text, pointer) in std::mem::take(&mut self.repaired) {
            let to = place.pointer.clone();
            if text.ends_with(&reference::local(&pointer)) {
                let text = "removed the document's own name from a reference".to_owned();
                self.record.add_counted(Entry::new(("reference", Equivalent), place, to, text));
            } else {
                let text = format!("corrected `{text}`, which has no target, to `#{pointer}`");
                self.note(("reference-repaired", Interpreted), &place, &to, text);
            }
        }
    }

    fn note(&mut self, rule: Rule, from: &SourceLocation, to: &Pointer, text: String) {
        self.record.add(Entry::new(rule, from.clone(), to.clone(), text));
    }

    fn give_up(&mut self, at: At<'_>) {
        if self.record.faults.iter().any(|fault| fault.code == codes::TOO_DEEP) {
            return;
        }
        let message = "the references make the document too deep or too large";
        let file = self.files.shown(at.from.file);
        let fault = Diagnostic::invalid(codes::TOO_DEEP, file, at.from.pointer.clone(), message)
            .with_help("refer to schemas, parameters and responses, not to the objects that contain them");
        self.record.faults.push(fault);
    }
}

/// Returns the references of a schema's branches.
fn branches(schema: &Members) -> impl Iterator<Item = Option<&str>> {
    ["oneOf", "anyOf"].into_iter().flat_map(|key| items(schema.get(key))).map(reference::text)
}

/// Returns the name of the schema that a reference leads to, as an implicit discriminator value.
fn implicit(text: &str) -> String {
    match text.rsplit_once('#') {
        Some((_, fragment)) if fragment.contains('/') => fragment.rsplit('/').next().unwrap_or_default().to_owned(),
        Some((file, _)) => stem(file).to_owned(),
        None => stem(text).to_owned(),
    }
}
