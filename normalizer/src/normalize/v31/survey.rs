//! Part of `v31`: every reference of a document, and what it can lead to.
//!
//! In: the document as the pass got it. Out: the references that need a second look, schemas that are defined inside of
//! others, and the identifiers that references may use (`$id`, `$anchor`, `$self`).
//!
//! Invariant: a plain reference to a component costs nothing here.

use std::collections::BTreeMap;
use std::rc::Rc;

use fluent_uri::{Uri, UriRef};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::places::{Child, NodeKind, NodePlace, place_at};
use super::{MAX_DEPTH, fault};
use crate::diagnostic::codes;
use crate::normalize::pass::Fault;
use crate::pointer::Pointer;

/// Stands for the address of a document that does not say its own.
const UNNAMED: &str = "document:///openapi";

/// What identifiers mean at a place.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// The address that relative references start from.
    base: String,
    /// The schema that begins a resource of its own (`$id`), or the document.
    root: String,
    /// The schema that is in no other one.
    outermost: Option<String>,
    /// The nearest schema around with `$recursiveAnchor`.
    recursive: Option<String>,
}

/// A reference that is more than the name of a component.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The object that holds the reference.
    pub(super) holder: String,
    /// The key of its text: `$ref`, or a text of a discriminator's mapping.
    pub(super) key: String,
    /// What has to stand here.
    pub(super) kind: NodeKind,
    pub(super) text: String,
    pub(super) siblings: Siblings,
    scope: Rc<Scope>,
}

/// What stands beside a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Siblings {
    None,
    Some,
    /// A summary or description of its own, which 3.1 allows beside any reference (§4.8.23).
    Words,
}

/// What a reference leads to.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) pointer: Pointer,
    /// Whether it is in a place that OpenAPI knows, and not in an extension or unknown key.
    pub(super) known: bool,
    /// Whether it was found only where JSON Schema would not look first.
    pub(super) guessed: bool,
}

pub(super) struct Survey<'v> {
    document: &'v Value,
    path: String,
    depth: usize,
    pub(super) sites: Vec<Site>,
    /// The schemas in `$defs` and `definitions`.
    pub(super) definitions: Vec<String>,
    pub(super) faults: Vec<Fault>,
    resources: BTreeMap<String, String>,
    /// By name and resource.
    anchors: BTreeMap<String, BTreeMap<String, String>>,
}

impl<'v> Survey<'v> {
    /// Walks through the document.
    pub(super) fn of(document: &'v Value) -> Self {
        let own = document.get("$self").and_then(Value::as_str);
        let base = own.and_then(|own| absolute(UNNAMED, own)).unwrap_or_else(|| UNNAMED.to_owned());
        let scope = Scope { base: base.clone(), root: String::new(), outermost: None, recursive: None };
        let mut survey = Self {
            document,
            path: String::new(),
            depth: 0,
            sites: Vec::new(),
            definitions: Vec::new(),
            faults: Vec::new(),
            resources: BTreeMap::from([(base, String::new())]),
            anchors: BTreeMap::new(),
        };
        survey.walk(NodeKind::Document, document, &Rc::new(scope));
        survey
    }

    /// Walks through a node that is in no place that OpenAPI knows, as what a reference takes it for.
    pub(super) fn look_into(&mut self, kind: NodeKind, pointer: &Pointer) {
        let Some(value) = self.document.pointer(pointer.as_str()) else { return };
        let root = Scope { base: UNNAMED.to_owned(), root: String::new(), outermost: None, recursive: None };
        pointer.as_str().clone_into(&mut self.path);
        self.walk(kind, value, &Rc::new(root));
        self.path.clear();
    }

    fn walk(&mut self, kind: NodeKind, value: &'v Value, scope: &Rc<Scope>) {
        let Value::Object(members) = value else { return };
        if self.depth > MAX_DEPTH {
            return;
        }
        let own = if kind == NodeKind::Schema { self.enter_schema(members, scope) } else { None };
        let scope = own.as_ref().unwrap_or(scope);
        if kind == NodeKind::Discriminator {
            self.mapping(members, scope);
        }
        if kind.section().is_some()
            && let Some(Value::String(text)) = members.get("$ref")
        {
            self.reference(kind, members, text, scope);
        }
        for (key, value) in members {
            let child = match (kind.child(key), value) {
                (Child::Items, Value::Array(_)) => Child::List(NodeKind::Schema),
                (Child::Items, _) => Child::One(NodeKind::Schema),
                (child, _) => child,
            };
            if child == Child::Opaque || !(value.is_object() || value.is_array()) {
                continue;
            }
            let is_definitions = kind == NodeKind::Schema && matches!(key.as_str(), "$defs" | "definitions");
            self.inside(key, |survey| survey.children(child, value, scope, is_definitions));
        }
    }

    fn children(&mut self, child: Child, value: &'v Value, scope: &Rc<Scope>, are_definitions: bool) {
        match (child, value) {
            (Child::One(kind), value) => self.walk(kind, value, scope),
            (Child::List(kind), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.inside(&index.to_string(), |survey| survey.walk(kind, item, scope));
                }
            }
            (Child::Map(kind), Value::Object(members)) => {
                for (key, member) in members {
                    self.inside(key, |survey| {
                        if are_definitions && (member.is_object() || member.is_boolean()) {
                            survey.definitions.push(survey.path.clone());
                        }
                        survey.walk(kind, member, scope);
                    });
                }
            }
            _ => {}
        }
    }

    fn inside(&mut self, key: &str, visit: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        super::push_key(&mut self.path, key);
        self.depth += 1;
        visit(self);
        self.depth -= 1;
        self.path.truncate(length);
    }

    /// Notes what a schema can be referred to by. The scope inside of it, if that is another one.
    fn enter_schema(&mut self, members: &Map<String, Value>, scope: &Rc<Scope>) -> Option<Rc<Scope>> {
        let text = |key: &str| members.get(key).and_then(Value::as_str);
        let mut inner = None;
        if scope.outermost.is_none() {
            inner = Some(Scope { outermost: Some(self.path.clone()), ..(**scope).clone() });
        }
        if members.get("$recursiveAnchor") == Some(&Value::Bool(true)) {
            let scope = inner.unwrap_or_else(|| (**scope).clone());
            inner = Some(Scope { recursive: Some(self.path.clone()), ..scope });
        }
        match text("$id") {
            // Up to draft 7 this is how an anchor is written.
            Some(id) if id.starts_with('#') => self.anchor(id.trim_start_matches('#'), &scope.root),
            Some(id) => {
                if let Some(base) = absolute(&scope.base, id.trim_end_matches('#')) {
                    self.resources.entry(base.clone()).or_insert_with(|| self.path.clone());
                    let scope = inner.unwrap_or_else(|| (**scope).clone());
                    inner = Some(Scope { base, root: self.path.clone(), ..scope });
                }
            }
            None => {}
        }
        let root = inner.as_ref().map_or(&scope.root, |inner| &inner.root).clone();
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = text(key) {
                self.anchor(name, &root);
            }
        }
        let inner = inner.map(Rc::new);
        self.dynamic(members, inner.as_ref().unwrap_or(scope));
        inner
    }

    fn anchor(&mut self, name: &str, root: &str) {
        let of_that_name = self.anchors.entry(name.to_owned()).or_default();
        of_that_name.entry(root.to_owned()).or_insert_with(|| self.path.clone());
    }

    /// References whose target depends on the way that led to them.
    fn dynamic(&mut self, members: &Map<String, Value>, scope: &Rc<Scope>) {
        if members.contains_key("$dynamicRef") {
            let help = "write a plain `$ref` to the schema that is meant";
            let message = "what `$dynamicRef` leads to depends on who refers to it, which a client cannot be typed by";
            self.faults.push(fault(codes::DYNAMIC_REFERENCE, &format!("{}/$dynamicRef", self.path), message, help));
        }
        if members.contains_key("$recursiveRef") {
            match &scope.recursive {
                Some(anchor) if !members.contains_key("$ref") => self.sites.push(Site {
                    holder: self.path.clone(),
                    key: "$recursiveRef".to_owned(),
                    kind: NodeKind::Schema,
                    text: super::hoist::reference_to(anchor),
                    siblings: Siblings::None,
                    scope: Rc::clone(scope),
                }),
                _ => {
                    let help = "write a plain `$ref` to the schema that is meant";
                    let message = "no schema around this `$recursiveRef` has `$recursiveAnchor: true`";
                    let at = format!("{}/$recursiveRef", self.path);
                    self.faults.push(fault(codes::DYNAMIC_REFERENCE, &at, message, help));
                }
            }
        }
    }

    fn reference(&mut self, kind: NodeKind, members: &Map<String, Value>, text: &str, scope: &Rc<Scope>) {
        let siblings = if members.len() == 1 {
            Siblings::None
        } else if kind != NodeKind::Schema && (members.contains_key("description") || members.contains_key("summary")) {
            Siblings::Words
        } else {
            Siblings::Some
        };
        let is_copied = matches!(kind, NodeKind::PathItem | NodeKind::MediaType) || siblings == Siblings::Words;
        if !is_copied && scope.root.is_empty() && is_component(kind, text) {
            return;
        }
        self.sites.push(Site {
            holder: self.path.clone(),
            key: "$ref".to_owned(),
            kind,
            text: text.to_owned(),
            siblings,
            scope: Rc::clone(scope),
        });
    }

    fn mapping(&mut self, members: &Map<String, Value>, scope: &Rc<Scope>) {
        let Some(Value::Object(mapping)) = members.get("mapping") else { return };
        for (key, target) in mapping {
            let Some(text) = target.as_str().filter(|text| text.contains(['#', '/'])) else { continue };
            if scope.root.is_empty() && is_component(NodeKind::Schema, text) {
                continue;
            }
            self.sites.push(Site {
                holder: format!("{}/mapping", self.path),
                key: key.clone(),
                kind: NodeKind::Schema,
                text: text.to_owned(),
                siblings: Siblings::None,
                scope: Rc::clone(scope),
            });
        }
    }

    /// What a reference leads to. `None` if that is nothing, or nothing that could stand there.
    pub(super) fn target(&self, site: &Site) -> Option<Target> {
        let Scope { base, root, outermost, recursive: _ } = &*site.scope;
        let (address, fragment) = site.text.split_once('#').unwrap_or((&site.text, ""));
        let mut roots: Vec<&str> = Vec::new();
        if address.is_empty() {
            roots.extend([root.as_str(), ""]);
            roots.extend(outermost.as_deref());
        } else {
            let known = self.resources.get(&absolute(base, address)?)?;
            roots.push(known);
        }
        let fragment = percent_decode_str(fragment).decode_utf8().ok()?;
        for (index, root) in roots.iter().enumerate() {
            let guessed = index > 0 && *root != roots.first().copied().unwrap_or_default();
            let Some(pointer) = self.inside_resource(root, &fragment) else { continue };
            if let Some(known) = self.suits(site.kind, &pointer) {
                return Some(Target { pointer, known, guessed });
            }
        }
        // An anchor of another resource, if there is only one of that name.
        let of_that_name = self.anchors.get(fragment.as_ref()).filter(|anchors| anchors.len() == 1)?;
        let pointer = Pointer::parse(of_that_name.values().next()?)?;
        let known = self.suits(site.kind, &pointer)?;
        Some(Target { pointer, known, guessed: true })
    }

    fn inside_resource(&self, root: &str, fragment: &str) -> Option<Pointer> {
        if fragment.is_empty() || fragment.starts_with('/') {
            return Pointer::parse(&format!("{root}{fragment}"));
        }
        Pointer::parse(self.anchors.get(fragment)?.get(root)?)
    }

    /// Whether such an object is there; if so, whether its place is one that OpenAPI knows.
    fn suits(&self, kind: NodeKind, pointer: &Pointer) -> Option<bool> {
        let (place, value) = place_at(self.document, pointer)?;
        let shaped = value.is_object() || (kind == NodeKind::Schema && value.is_boolean());
        match place {
            NodePlace::Of(known) => (known == kind && shaped).then_some(true),
            NodePlace::Opaque => shaped.then_some(false),
            NodePlace::Group => None,
        }
    }
}

/// Whether the text is `#/components/SECTION/NAME`.
fn is_component(kind: NodeKind, text: &str) -> bool {
    let rest = text.strip_prefix("#/components/").and_then(|rest| rest.strip_prefix(kind.section()?));
    rest.and_then(|rest| rest.strip_prefix('/')).is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

/// RFC 3986 §5.2.
fn absolute(base: &str, reference: &str) -> Option<String> {
    let base = Uri::parse(base).ok()?;
    let resolved = UriRef::parse(reference).ok()?.resolve_against(&base).ok()?;
    Some(resolved.strip_fragment().as_str().to_owned())
}
