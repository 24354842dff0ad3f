//! Part of `v31`: every reference of a document, and what it can lead to.
//!
//! In: the document as the pass got it. Out: the references that need a second look, schemas that are defined inside of
//! others, and the identifiers that references may use (`$id`, `$anchor`, `$self`).
//!
//! Invariant: a plain reference to a component costs nothing here.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, codes};
use crate::json::{Members, has_any, is_true, object, text};
use crate::limits::MAX_DEPTH;
use crate::normalize::pass::fault;
use crate::normalize::reference::{Fragment, UNNAMED, absolute, in_section, local};
use crate::pointer::Pointer;
use crate::structure::grammar::Kind;
use crate::structure::slots::{Slot, Versions};

/// What identifiers mean at a place.
#[derive(Clone, Default)]
struct Scope {
    /// The address that relative references start from.
    base: String,
    /// The schema that begins a resource of its own (`$id`), or the document.
    root: Pointer,
    /// The schema that is in no other one.
    outermost: Option<Pointer>,
    /// The nearest schema around with `$recursiveAnchor`.
    recursive: Option<Pointer>,
}

/// A reference that is more than the name of a component.
#[derive(Clone)]
pub(super) struct Site {
    /// The place of its text: under `$ref`, `$dynamicRef`, `$recursiveRef`, or a value of a discriminator's mapping.
    pub(super) at: Pointer,
    /// What has to stand here.
    pub(super) kind: Kind,
    pub(super) text: String,
    /// Whether it has a summary or description of its own, which 3.1 allows beside any reference but those to schemas (§4.8.23).
    pub(super) has_words: bool,
    scope: Scope,
}

/// What a reference leads to.
pub(super) struct Target {
    pub(super) pointer: Pointer,
    /// Whether it is in a place that OpenAPI knows, and not in an extension or unknown key.
    pub(super) known: bool,
    /// Whether it was found only where JSON Schema would not look first.
    pub(super) guessed: bool,
}

pub(super) struct Survey<'v> {
    document: &'v Value,
    path: Pointer,
    pub(super) sites: Vec<Site>,
    /// The schemas in `$defs` and `definitions`.
    pub(super) definitions: Vec<Pointer>,
    pub(super) faults: Vec<Diagnostic>,
    resources: BTreeMap<String, Pointer>,
    /// By name and resource.
    anchors: BTreeMap<String, BTreeMap<Pointer, Pointer>>,
    /// How many schemas have this `$dynamicAnchor`.
    dynamic_anchors: BTreeMap<String, usize>,
    /// The `$dynamicRef`s that may have several targets.
    undecided: Vec<Site>,
}

impl<'v> Survey<'v> {
    /// Walks through the document.
    pub(super) fn of(document: &'v Value) -> Self {
        let own = document["$self"].as_str();
        let base = own.and_then(|own| absolute(UNNAMED, own)).unwrap_or_else(|| UNNAMED.to_owned());
        let resources = BTreeMap::from([(base.clone(), Pointer::root())]);
        let (path, sites, definitions, faults, anchors, dynamic_anchors, undecided) = Default::default();
        let mut survey =
            Self { document, path, sites, definitions, faults, resources, anchors, dynamic_anchors, undecided };
        survey.walk(Slot::DOCUMENT, document, &Scope { base, ..Scope::default() }, 0);
        survey.decide();
        survey
    }

    /// Walks through a node outside the places that OpenAPI knows, as the kind of object that a reference to it expects.
    pub(super) fn look_into(&mut self, kind: Kind, pointer: &Pointer) {
        let Some(value) = pointer.get(self.document) else { return };
        self.path = pointer.clone();
        self.walk(Slot::One(kind), value, &Scope { base: UNNAMED.to_owned(), ..Scope::default() }, 0);
        self.decide();
    }

    fn walk(&mut self, slot: Slot, value: &'v Value, scope: &Scope, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let mut scope = Cow::Borrowed(scope);
        if let (Slot::One(kind), Value::Object(members)) = (slot, value) {
            match kind {
                Kind::Schema => self.enter_schema(members, &mut scope),
                Kind::Discriminator => self.mapping(members, &scope),
                _ => {}
            }
            if let Some(Value::String(text)) = members.get("$ref")
                && kind.section().is_some()
            {
                self.reference(kind, members, text, &scope);
            }
        }
        let are_definitions = slot == Slot::Map(Kind::Schema)
            && ["/$defs", "/definitions"].iter().any(|key| self.path.as_str().ends_with(key));
        slot.each_part(value, Versions::OpenApi3, |key, part, slot| {
            let length = self.path.enter(key);
            if are_definitions && (part.is_object() || part.is_boolean()) {
                self.definitions.push(self.path.clone());
            }
            self.walk(slot, part, &scope, depth + 1);
            self.path.truncate(length);
        });
    }

    /// Notes what a schema can be referred to by, and goes into its scope.
    fn enter_schema(&mut self, members: &Members, scope: &mut Cow<'_, Scope>) {
        let text = |key: &str| text(members, key);
        if scope.outermost.is_none() {
            scope.to_mut().outermost = Some(self.path.clone());
        }
        if is_true(members, "$recursiveAnchor") {
            scope.to_mut().recursive = Some(self.path.clone());
        }
        match text("$id") {
            // Up to draft 7 this is how an anchor is written.
            Some(id) if id.starts_with('#') => self.anchor(id.trim_start_matches('#'), &scope.root),
            Some(id) => {
                if let Some(base) = absolute(&scope.base, id.trim_end_matches('#')) {
                    self.resources.entry(base.clone()).or_insert_with(|| self.path.clone());
                    let scope = scope.to_mut();
                    scope.base = base;
                    scope.root = self.path.clone();
                }
            }
            None => {}
        }
        for name in ["$anchor", "$dynamicAnchor"].into_iter().filter_map(text) {
            self.anchor(name, &scope.root);
        }
        if let Some(name) = text("$dynamicAnchor") {
            *self.dynamic_anchors.entry(name.to_owned()).or_default() += 1;
        }
        self.dynamic(members, scope);
    }

    fn anchor(&mut self, name: &str, root: &Pointer) {
        let of_that_name = self.anchors.entry(name.to_owned()).or_default();
        of_that_name.entry(root.clone()).or_insert_with(|| self.path.clone());
    }

    /// References whose target may depend on the way that led to them.
    fn dynamic(&mut self, members: &Members, scope: &Scope) {
        if let Some(text) = members.get("$dynamicRef") {
            // Beside a `$ref`, both hold. An empty text leads to nothing.
            let text = text.as_str().filter(|_| !members.contains_key("$ref")).unwrap_or_default().to_owned();
            let (at, kind) = (self.path.key("$dynamicRef"), Kind::Schema);
            self.undecided.push(Site { at, kind, text, has_words: false, scope: scope.clone() });
        }
        if members.contains_key("$recursiveRef") {
            let at = self.path.key("$recursiveRef");
            match &scope.recursive {
                Some(anchor) if !members.contains_key("$ref") => {
                    self.site(at, Kind::Schema, &local(anchor), false, scope);
                }
                _ => {
                    let message = "no schema that encloses this `$recursiveRef` has `$recursiveAnchor: true`";
                    self.faults.push(refused(at, message));
                }
            }
        }
    }

    /// A `$dynamicRef` is a plain reference if nothing else has the anchor that it names (JSON Schema 2020-12 §8.2.3.2).
    fn decide(&mut self) {
        for site in std::mem::take(&mut self.undecided) {
            let name = site.text.split_once('#').map_or("", |(_, name)| name);
            let is_single = self.dynamic_anchors.get(name).is_none_or(|count| *count == 1);
            if is_single && !site.text.is_empty() && self.target(&site).is_some() {
                self.sites.push(site);
            } else {
                let message = "the target of `$dynamicRef` depends on the referring schema, so it has no single type";
                self.faults.push(refused(site.at, message));
            }
        }
    }

    fn site(&mut self, at: Pointer, kind: Kind, text: &str, has_words: bool, scope: &Scope) {
        self.sites.push(Site { at, kind, text: text.to_owned(), has_words, scope: scope.clone() });
    }

    fn reference(&mut self, kind: Kind, members: &Members, text: &str, scope: &Scope) {
        let has_words = kind != Kind::Schema && has_any(members, &["description", "summary"]);
        if matches!(kind, Kind::PathItem | Kind::MediaType) || has_words || !is_plain(kind, text, scope) {
            self.site(self.path.key("$ref"), kind, text, has_words, scope);
        }
    }

    fn mapping(&mut self, members: &Members, scope: &Scope) {
        let Some(mapping) = object(members, "mapping") else { return };
        for (key, target) in mapping {
            let text = target.as_str().filter(|text| text.contains(['#', '/']));
            if let Some(text) = text.filter(|text| !is_plain(Kind::Schema, text, scope)) {
                self.site(self.path.key("mapping").key(key), Kind::Schema, text, false, scope);
            }
        }
    }

    /// What a reference leads to. `None` if that is nothing, or nothing that could stand there.
    pub(super) fn target(&self, site: &Site) -> Option<Target> {
        let Scope { base, root, outermost, recursive: _ } = &site.scope;
        let (address, fragment) = site.text.split_once('#').unwrap_or((&site.text, ""));
        let document = Pointer::root();
        let roots: Vec<&Pointer> = if address.is_empty() {
            [root, &document].into_iter().chain(outermost).collect()
        } else {
            vec![self.resources.get(&absolute(base, address)?)?]
        };
        let node = Fragment::of(fragment)?;
        for root in &roots {
            let guessed = roots.first() != Some(root);
            let pointer = match &node {
                Fragment::At(below) => Some(root.join(below)),
                Fragment::Anchor(name) => self.anchors.get(name).and_then(|anchors| anchors.get(*root)).cloned(),
            };
            let Some(pointer) = pointer else { continue };
            if let Some(known) = self.suits(site.kind, &pointer) {
                return Some(Target { pointer, known, guessed });
            }
        }
        // An anchor of another resource, if there is only one of that name.
        let Fragment::Anchor(name) = node else { return None };
        let of_that_name = self.anchors.get(&name).filter(|anchors| anchors.len() == 1)?;
        let pointer = of_that_name.values().next()?.clone();
        let known = self.suits(site.kind, &pointer)?;
        Some(Target { pointer, known, guessed: true })
    }

    /// Whether such an object is there; if so, whether its place is one that OpenAPI knows.
    fn suits(&self, kind: Kind, pointer: &Pointer) -> Option<bool> {
        let (slot, value) = Slot::at(self.document, pointer, |_, _, _| true)?;
        let shaped = value.is_object() || (kind == Kind::Schema && value.is_boolean());
        match slot {
            Slot::One(known) => (known == kind && shaped).then_some(true),
            Slot::Mapping | Slot::Text | Slot::Data => shaped.then_some(false),
            Slot::List(_) | Slot::Map(_) => None,
        }
    }
}

fn refused(at: Pointer, message: &str) -> Diagnostic {
    fault(codes::DYNAMIC_REFERENCE, at, message).with_help("use a plain `$ref` to the intended schema")
}

/// Whether the pointer is `/components/SECTION/NAME`.
pub(super) fn is_component(kind: Kind, pointer: &str) -> bool {
    in_section(kind, pointer).is_some_and(|name| !name.contains('/'))
}

/// Whether the text of a reference says where the component is, wherever the reference stands.
fn is_plain(kind: Kind, text: &str, scope: &Scope) -> bool {
    scope.root == Pointer::root() && text.strip_prefix('#').is_some_and(|pointer| is_component(kind, pointer))
}
