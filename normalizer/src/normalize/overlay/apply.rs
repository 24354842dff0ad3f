//! Part of `overlay`: actions on a document.
//!
//! In: the document and the actions. Out: the document as they leave it. Invariant: values are merged as Overlay 1.1 §4.4.3
//! says, and what it calls incompatible is a fault at the action.

use serde_json::{Map, Value};

use super::Overlaid;
use super::read::{Action, Change};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::json::type_name;
use crate::normalize::ledger::LedgerNote;
use crate::normalize::pass::Weight;
use crate::normalize::trail::{Moves, Origin, SourceLocation};
use crate::pointer::Pointer;

/// Where an overlay and its document come from.
pub(super) struct Source<'s> {
    /// The overlay's name as it is shown.
    pub(super) shown: &'s str,
    /// Its file.
    pub(super) file: usize,
    /// The place in a file of a node of the document before the overlay.
    pub(super) place: &'s dyn Fn(&Pointer) -> SourceLocation,
}

struct Run<'s> {
    source: &'s Source<'s>,
    value: Value,
    layer: Moves,
    entries: Vec<LedgerNote>,
    faults: Vec<Diagnostic>,
}

/// Applies the actions in their order.
pub(super) fn apply(value: Value, actions: &[Action], source: &Source<'_>) -> Result<Overlaid, Vec<Diagnostic>> {
    let mut run = Run { source, value, layer: Moves::default(), entries: Vec::new(), faults: Vec::new() };
    for action in actions {
        run.action(action);
    }
    if run.faults.is_empty() {
        Ok(Overlaid { value: run.value, layer: run.layer, entries: run.entries })
    } else {
        Err(run.faults)
    }
}

impl Run<'_> {
    fn action(&mut self, action: &Action) {
        let targets = self.targets(action);
        if targets.is_empty() {
            return self.found_nothing(action);
        }
        match &action.change {
            Change::Remove => self.remove(action, targets),
            Change::Update(update) => {
                let origin = Origin::In(SourceLocation { file: self.source.file, pointer: action.at.key("update") });
                self.update(action, &targets, update, &origin);
            }
            Change::Copy(path) => {
                let found = path.query_located(&self.value);
                let nodes: Vec<(Pointer, Value)> = found
                    .iter()
                    .filter_map(|node| Some((Pointer::parse(&node.location().to_json_pointer())?, node.node().clone())))
                    .collect();
                let [(pointer, node)] = nodes.as_slice() else {
                    let message = format!("`copy` has to find one node, and finds {}", nodes.len());
                    return self.fault(codes::OVERLAY_TARGET, action.at.key("copy"), message, None);
                };
                let origin = self.layer.origin(pointer);
                self.update(action, &targets, &node.clone(), &origin);
            }
        }
    }

    /// The nodes that an action is about, in the document's order, each once.
    fn targets(&self, action: &Action) -> Vec<Pointer> {
        let found = action.target.query_located(&self.value);
        let mut targets: Vec<Pointer> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for node in found.iter() {
            if let Some(pointer) = Pointer::parse(&node.location().to_json_pointer())
                && seen.insert(pointer.clone())
            {
                targets.push(pointer);
            }
        }
        targets
    }

    fn found_nothing(&mut self, action: &Action) {
        if action.is_optional {
            let text = format!("{}: matches nothing, as it may", named(action));
            self.note("overlay-optional", action, Pointer::root(), text, Weight::Same);
        } else {
            let message = format!("`{}` matches nothing in the document", action.target);
            let help = "remove the action if the vendor has; `x-optional: true` lets it match nothing";
            self.fault(codes::OVERLAY_TARGET, action.at.key("target"), message, Some(help));
        }
    }

    fn update(&mut self, action: &Action, targets: &[Pointer], update: &Value, origin: &Origin) {
        let mut changed = 0;
        for target in targets {
            let Some(node) = self.value.pointer_mut(target.as_str()) else { continue };
            if !action.takes_primitives && is_primitive(node) {
                let message =
                    format!("`{}` selects {}, which version 1.0 cannot update", action.target, type_name(node));
                let help = "write `overlay: 1.1.0`, or select the object around it";
                return self.fault(codes::OVERLAY_TARGET, action.at.key("target"), message, Some(help));
            }
            let mut merge = Merge { layer: &mut self.layer, changed: false };
            if let Err(clash) = merge.put(node, update, target, origin) {
                let message = format!("cannot put {} into {} at `{}`", clash.what, clash.into, clash.at);
                let key = if matches!(action.change, Change::Copy(_)) { "copy" } else { "update" };
                let help = "objects go into objects, and values replace values; remove the node first to replace it";
                return self.fault(codes::OVERLAY_UPDATE, action.at.key(key), message, Some(help));
            }
            changed += usize::from(merge.changed);
        }
        let first = targets.first().cloned().unwrap_or_default();
        if changed == 0 {
            let text = format!("{}: changes nothing any more, the document says so already", named(action));
            return self.note("overlay-redundant", action, first, text, Weight::Interpreted);
        }
        let places = if changed == 1 { String::new() } else { format!(" ({changed} places)") };
        let rule = if matches!(action.change, Change::Copy(_)) { "overlay-copy" } else { "overlay-update" };
        self.note(rule, action, first, format!("{}{places}", named(action)), Weight::Interpreted);
    }

    /// Removes the targets, the last first, so that the indices of the others stay right.
    fn remove(&mut self, action: &Action, targets: Vec<Pointer>) {
        let mut noted = Vec::new();
        let mut ordered = targets;
        ordered.sort_by_key(|pointer| position(&self.value, pointer));
        for target in ordered.iter().rev() {
            let (Some(parent), Some(key)) = (target.parent(), target.last()) else {
                let message = String::from("the document itself cannot be removed");
                return self.fault(codes::OVERLAY_TARGET, action.at.key("target"), message, None);
            };
            let origin = self.layer.origin(target);
            match self.value.pointer_mut(parent.as_str()) {
                Some(Value::Object(members)) => {
                    if members.get(&key).is_some_and(is_primitive) && !action.takes_primitives {
                        let message = format!("`{}` selects a value that version 1.0 cannot remove", action.target);
                        let help = Some("write `overlay: 1.1.0`");
                        return self.fault(codes::OVERLAY_TARGET, action.at.key("target"), message, help);
                    }
                    members.shift_remove(&key);
                    self.layer.forget(target);
                }
                Some(Value::Array(items)) => {
                    let Some(index) = key.parse::<usize>().ok().filter(|index| *index < items.len()) else { continue };
                    items.remove(index);
                    self.layer.close_gap(&parent, index, items.len());
                }
                _ => continue,
            }
            noted.push((origin, parent));
        }
        for (origin, parent) in noted.into_iter().rev() {
            let before = match origin {
                Origin::Before(pointer) => (self.source.place)(&pointer),
                Origin::In(place) => place,
            };
            let text = format!("removed: {}", named(action));
            let weight = Weight::Interpreted;
            self.entries.push(LedgerNote { rule: "overlay-remove", before, after: parent, text, weight });
        }
    }

    fn note(&mut self, rule: &'static str, action: &Action, after: Pointer, text: String, weight: Weight) {
        let before = SourceLocation { file: self.source.file, pointer: action.at.clone() };
        self.entries.push(LedgerNote { rule, before, after, text, weight });
    }

    fn fault(&mut self, code: Code, at: Pointer, message: String, help: Option<&str>) {
        self.faults.push(Diagnostic::invalid(code, self.source.shown, at, message).with_help_if(help));
    }
}

/// An action in a few words: its description, or its target.
fn named(action: &Action) -> String {
    match &action.description {
        Some(description) if !description.trim().is_empty() => {
            description.lines().next().unwrap_or_default().trim().to_owned()
        }
        _ => format!("`{}`", action.target),
    }
}

/// Where a node stands among all others, as the way down in numbers.
fn position(document: &Value, pointer: &Pointer) -> Vec<usize> {
    let mut node = Some(document);
    let mut position = Vec::new();
    for segment in pointer.segments() {
        let (index, next) = match node {
            Some(Value::Object(members)) => {
                (members.keys().position(|key| *key == segment).unwrap_or(usize::MAX), members.get(&segment))
            }
            Some(Value::Array(items)) => {
                let index = segment.parse::<usize>().unwrap_or(usize::MAX);
                (index, items.get(index))
            }
            _ => (usize::MAX, None),
        };
        position.push(index);
        node = next;
    }
    position
}

fn is_primitive(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

/// Two values that do not go together.
struct Clash {
    what: &'static str,
    into: &'static str,
    at: Pointer,
}

struct Merge<'l> {
    layer: &'l mut Moves,
    changed: bool,
}

impl Merge<'_> {
    /// Overlay 1.1 §4.4.3: an update of the node that an action selects.
    fn put(&mut self, node: &mut Value, update: &Value, at: &Pointer, origin: &Origin) -> Result<(), Clash> {
        match (node, update) {
            (Value::Object(members), Value::Object(update)) => self.objects(members, update, at, origin),
            (Value::Array(items), Value::Array(update)) => {
                self.append(items, update, at, |index| below(origin, &index.to_string()));
                Ok(())
            }
            (Value::Array(items), entry) => {
                self.append(items, std::slice::from_ref(entry), at, |_| origin.clone());
                Ok(())
            }
            (node, update) => self.replace(node, update, at, origin),
        }
    }

    fn objects(
        &mut self,
        members: &mut Map<String, Value>,
        update: &Map<String, Value>,
        at: &Pointer,
        origin: &Origin,
    ) -> Result<(), Clash> {
        for (key, value) in update {
            let (at, origin) = (at.key(key), below(origin, key));
            match members.get_mut(key) {
                None => {
                    members.insert(key.clone(), value.clone());
                    self.layer.bring(at, origin);
                    self.changed = true;
                }
                Some(Value::Object(inner)) if value.is_object() => {
                    let value = value.as_object().map_or_else(Map::new, Clone::clone);
                    self.objects(inner, &value, &at, &origin)?;
                }
                Some(Value::Array(items)) if value.is_array() => {
                    let value = value.as_array().map_or(&[][..], Vec::as_slice);
                    self.append(items, value, &at, |index| below(&origin, &index.to_string()));
                }
                Some(node) => self.replace(node, value, &at, &origin)?,
            }
        }
        Ok(())
    }

    fn replace(&mut self, node: &mut Value, update: &Value, at: &Pointer, origin: &Origin) -> Result<(), Clash> {
        if !is_primitive(node) || !is_primitive(update) {
            return Err(Clash { what: type_name(update), into: type_name(node), at: at.clone() });
        }
        if node != update {
            node.clone_from(update);
            self.layer.bring(at.clone(), origin.clone());
            self.changed = true;
        }
        Ok(())
    }

    /// Adds what the list does not hold yet.
    fn append(&mut self, items: &mut Vec<Value>, update: &[Value], at: &Pointer, origin: impl Fn(usize) -> Origin) {
        let had = items.len();
        for (index, entry) in update.iter().enumerate() {
            if items.iter().take(had).any(|item| item == entry) {
                continue;
            }
            self.layer.bring(at.index(items.len()), origin(index));
            items.push(entry.clone());
            self.changed = true;
        }
    }
}

fn below(origin: &Origin, key: &str) -> Origin {
    match origin {
        Origin::Before(pointer) => Origin::Before(pointer.key(key)),
        Origin::In(place) => Origin::In(SourceLocation { file: place.file, pointer: place.pointer.key(key) }),
    }
}
