//! Part of `bundle`: what references lead to, and which of it becomes a component.
//!
//! In: the files. Out: for each node that is referred to and is no component of the input yet, its home. Invariant: a
//! reference is followed once and remembered, every file is read once, and a cycle ends.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use fluent_uri::{Uri, UriRef};
use serde_json::{Map, Value};

use super::kinds::ComponentKind;
use super::names;
use super::reference::{self, Node, Refused};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::normalize::files::{Files, Missing};
use crate::normalize::trail::SourceLocation;
use crate::pointer::Pointer;

/// More steps than any honest chain of references has.
const MAX_STEPS: usize = 64;

/// Stands for the address of a document that does not say its own.
const UNNAMED: &str = "document:///openapi";

/// Where a node goes that becomes a component.
#[derive(Clone, Debug)]
pub(super) struct Home {
    pub(super) kind: ComponentKind,
    /// Its place in the result.
    pub(super) at: Pointer,
    /// The name that was taken already, if it got another one.
    pub(super) instead_of: Option<String>,
}

/// What a reference leads to.
#[derive(Clone, Debug)]
pub(super) enum Resolution {
    /// A node of the input, which stays where it is. If it is no component, the pass for its version finds a place for it.
    Own(Pointer),
    /// Anything else.
    Node(SourceLocation),
    /// A later pass knows what is meant (`$id`, `$anchor`).
    Left,
    /// Nothing, for this reason.
    Broken { code: Code, message: String, help: Option<String> },
}

/// The key of a remembered reference: the file, whether a component can stand there, and the text.
type Asked = (usize, ComponentKind, String);

/// What is found out about the references.
pub(super) struct Plan<'f> {
    pub(super) files: &'f mut Files,
    pub(super) is_swagger: bool,
    pub(super) homes: HashMap<SourceLocation, Home>,
    /// The nodes that are added to the components, in the order in which they were found.
    pub(super) added: Vec<SourceLocation>,
    pub(super) faults: Vec<Diagnostic>,
    /// Local references that meant a component without saying so, with what they mean.
    pub(super) mended: Vec<(SourceLocation, String, Pointer)>,
    /// Whether anything differs from the input.
    pub(super) is_changed: bool,
    outcomes: HashMap<Asked, Resolution>,
    queue: Vec<(SourceLocation, ComponentKind)>,
    seen: HashSet<(SourceLocation, ComponentKind)>,
    wanted: HashMap<SourceLocation, String>,
    /// The `$id`s of the input.
    ids: BTreeSet<String>,
    malformed: BTreeSet<String>,
}

/// The way down to a node, kept on the stack.
#[derive(Clone, Copy)]
enum Link<'a> {
    Start(&'a Pointer),
    Key(&'a Link<'a>, &'a str),
    Index(&'a Link<'a>, usize),
}

impl Link<'_> {
    fn pointer(&self) -> Pointer {
        match self {
            Self::Start(pointer) => (*pointer).clone(),
            Self::Key(parent, key) => parent.pointer().key(key),
            Self::Index(parent, index) => parent.pointer().index(*index),
        }
    }
}

/// Which part of which file is walked.
#[derive(Clone, Copy)]
struct Scope {
    file: usize,
    /// Whether references are relative to a `$id`, which is a later pass's matter.
    has_id: bool,
}

impl<'f> Plan<'f> {
    /// Follows every reference that the input reaches.
    pub(super) fn new(files: &'f mut Files, is_swagger: bool) -> Self {
        let mut ids = BTreeSet::new();
        if !is_swagger {
            collect_ids(files.value(0), &mut ids);
        }
        let mut plan = Self {
            files,
            is_swagger,
            homes: HashMap::new(),
            added: Vec::new(),
            faults: Vec::new(),
            mended: Vec::new(),
            is_changed: false,
            outcomes: HashMap::new(),
            queue: Vec::new(),
            seen: HashSet::new(),
            wanted: HashMap::new(),
            ids,
            malformed: BTreeSet::new(),
        };
        plan.declared();
        plan.queue.insert(0, (SourceLocation { file: 0, pointer: Pointer::root() }, ComponentKind::Document));
        let mut next = 0;
        while let Some((place, kind)) = plan.queue.get(next).cloned() {
            next += 1;
            let file = plan.files.rc(place.file);
            if let Some(node) = file.pointer(place.pointer.as_str()) {
                let scope = Scope { file: place.file, has_id: false };
                plan.walk(node, kind, &Link::Start(&place.pointer), scope);
            }
        }
        plan.name_added();
        plan
    }

    /// The sections of components that the input has.
    fn sections(&self) -> Vec<(ComponentKind, Pointer)> {
        let kinds = [
            ComponentKind::Schema,
            ComponentKind::Response,
            ComponentKind::Parameter,
            ComponentKind::Example,
            ComponentKind::RequestBody,
            ComponentKind::Header,
            ComponentKind::SecurityScheme,
            ComponentKind::Link,
            ComponentKind::Callback,
        ];
        let section = |kind: &ComponentKind| Some((*kind, pointer_of(kind.section(self.is_swagger)?)));
        kinds.iter().filter_map(section).collect()
    }

    /// Components of the input that are nothing but a reference are the home of what they refer to, and so are those of a
    /// section that lies in a file of its own.
    fn declared(&mut self) {
        for (kind, section) in self.sections() {
            let Some(place) = self.section_at(&section) else { continue };
            let file = self.files.rc(place.file);
            let Some(Value::Object(members)) = file.pointer(place.pointer.as_str()) else { continue };
            for (name, node) in members {
                let at = section.key(name);
                let own = SourceLocation { file: place.file, pointer: place.pointer.key(name) };
                let is_elsewhere = own.file != 0 || own.pointer != at;
                let target = match bare(node) {
                    Some(text) => match self.outcome(own.file, kind, text) {
                        Resolution::Node(target) => target,
                        _ => continue,
                    },
                    None if is_elsewhere => own,
                    None => continue,
                };
                if !self.homes.contains_key(&target) {
                    let home = Home { kind, at, instead_of: None };
                    self.homes.insert(target.clone(), home);
                    self.visit(target, kind);
                    self.is_changed = true;
                }
            }
        }
    }

    /// Where a section of the input's components really is.
    fn section_at(&mut self, section: &Pointer) -> Option<SourceLocation> {
        let mut place = SourceLocation { file: 0, pointer: Pointer::root() };
        for key in section.segments() {
            place.pointer.push(&key);
            for _ in 0..MAX_STEPS {
                let file = self.files.rc(place.file);
                let node = file.pointer(place.pointer.as_str())?;
                let Some(text) = node.get("$ref").and_then(Value::as_str) else { break };
                let Resolution::Node(target) = self.outcome(place.file, ComponentKind::Components, text) else {
                    return None;
                };
                place = target;
            }
        }
        Some(place)
    }

    fn visit(&mut self, place: SourceLocation, kind: ComponentKind) {
        if self.seen.insert((place.clone(), kind)) {
            self.queue.push((place, kind));
        }
    }

    fn walk(&mut self, node: &Value, kind: ComponentKind, at: &Link<'_>, mut scope: Scope) {
        match node {
            Value::Object(members) => {
                if kind == ComponentKind::Mapping {
                    return self.mapping(members, at, scope);
                }
                if kind == ComponentKind::Schema && scope.file == 0 && !self.is_swagger && members.contains_key("$id") {
                    scope.has_id = true;
                }
                if let Some(Value::String(text)) = members.get("$ref") {
                    self.reference(text, kind, at, scope);
                }
                for (key, value) in members {
                    let kind = kind.member(key, value);
                    if kind != ComponentKind::Opaque {
                        self.walk(value, kind, &Link::Key(at, key), scope);
                    }
                }
            }
            Value::Array(items) => {
                let kind = kind.item();
                if kind != ComponentKind::Opaque {
                    for (index, item) in items.iter().enumerate() {
                        self.walk(item, kind, &Link::Index(at, index), scope);
                    }
                }
            }
            _ => {}
        }
    }

    /// The values of a discriminator's mapping that are references, or names in a file that is not the input.
    fn mapping(&mut self, members: &Map<String, Value>, at: &Link<'_>, scope: Scope) {
        for (key, value) in members {
            let Value::String(text) = value else { continue };
            if reference::is_reference(text) || scope.file != 0 {
                self.reference(text, ComponentKind::Mapping, &Link::Key(at, key), scope);
            }
        }
    }

    fn reference(&mut self, text: &str, kind: ComponentKind, at: &Link<'_>, scope: Scope) {
        let target = if kind == ComponentKind::Mapping { ComponentKind::Schema } else { kind };
        if scope.has_id || (scope.file == 0 && self.is_own_component(target, text)) {
            return;
        }
        match self.outcome(scope.file, kind, text) {
            Resolution::Own(pointer) => {
                self.is_changed |= scope.file != 0;
                let says_so = scope.file != 0 || points_to(text, &pointer);
                if !says_so {
                    self.is_changed = true;
                    self.mended.push((SourceLocation { file: 0, pointer: at.pointer() }, text.to_owned(), pointer));
                }
            }
            Resolution::Node(place) => {
                self.is_changed = true;
                if let Some(section) = target.section(self.is_swagger) {
                    self.give_home(&place, target, section);
                }
                self.visit(place, target);
            }
            Resolution::Left => {}
            Resolution::Broken { code, message, help } => {
                let key = if kind == ComponentKind::Mapping { at.pointer() } else { at.pointer().key("$ref") };
                let mut fault = Diagnostic::invalid(code, self.files.shown(scope.file), key, message);
                fault.help = help;
                self.faults.push(fault);
            }
        }
    }

    /// Makes sure that a node has a home.
    fn give_home(&mut self, place: &SourceLocation, kind: ComponentKind, section: &'static [&'static str]) {
        if !self.homes.contains_key(place) {
            let home = Home { kind, at: pointer_of(section), instead_of: None };
            self.homes.insert(place.clone(), home);
            self.added.push(place.clone());
        }
    }

    /// Names what is added: after its place, and after its file too if that name is taken.
    fn name_added(&mut self) {
        let mut taken: BTreeSet<Pointer> = BTreeSet::new();
        for (_, section) in self.sections() {
            let Some(place) = self.section_at(&section) else { continue };
            let file = self.files.rc(place.file);
            let members = file.pointer(place.pointer.as_str()).and_then(Value::as_object);
            taken.extend(members.into_iter().flat_map(Map::keys).map(|name| section.key(name)));
        }
        for place in self.added.clone() {
            let relative = self.files.relative(place.file).to_owned();
            let wanted = self.wanted.get(&place).cloned();
            let wanted = wanted.unwrap_or_else(|| names::wanted(&self.files.rc(place.file), &place.pointer, &relative));
            let Some(home) = self.homes.get_mut(&place) else { continue };
            let section = home.at.clone();
            let longer = format!("{}{}", crate::normalize::names::pascal(names::stem(&relative)), upper(&wanted));
            let numbered = (2..).map(|number| format!("{longer}{number}"));
            let candidates = [wanted.clone(), names::legal(&longer)].into_iter().chain(numbered);
            let free = candidates.take(100_000).find(|name| !taken.contains(&section.key(name)));
            let name = free.unwrap_or_else(|| wanted.clone());
            home.instead_of = (name != wanted).then_some(wanted);
            home.at = section.key(&name);
            taken.insert(home.at.clone());
        }
    }

    /// What a reference leads to, remembered.
    pub(super) fn outcome(&mut self, file: usize, kind: ComponentKind, text: &str) -> Resolution {
        let asked = (file, kind, text.to_owned());
        if let Some(known) = self.outcomes.get(&asked) {
            return known.clone();
        }
        let outcome = self.follow(file, kind, text, MAX_STEPS);
        self.outcomes.insert(asked, outcome.clone());
        outcome
    }

    /// Whether the text is the plain reference to a component of the input: nothing to do, and by far the most common case.
    pub(super) fn is_own_component(&self, kind: ComponentKind, text: &str) -> bool {
        let Some(section) = kind.section(self.is_swagger) else { return false };
        let mut rest = text.strip_prefix("#/");
        let mut node = Some(self.files.value(0));
        for key in section {
            rest = rest.and_then(|rest| rest.strip_prefix(key)).and_then(|rest| rest.strip_prefix('/'));
            node = node.and_then(|node| node.get(key));
        }
        let (Some(name), Some(Value::Object(members))) = (rest, node) else { return false };
        !name.contains(['/', '~', '%']) && members.get(name).is_some_and(|node| bare(node).is_none())
    }

    fn follow(&mut self, file: usize, kind: ComponentKind, text: &str, steps: usize) -> Resolution {
        let target = if kind == ComponentKind::Mapping { ComponentKind::Schema } else { kind };
        let before_fragment = text.split('#').next().unwrap_or_default();
        if file == 0 && !before_fragment.is_empty() && self.ids.iter().any(|id| id.ends_with(before_fragment)) {
            return Resolution::Left;
        }
        if file == 0 && self.is_itself(before_fragment) {
            return Resolution::Left;
        }
        if let Some(component) = self.named(file, kind, text) {
            return component;
        }
        let from = self.files.relative(file).to_owned();
        let reference = match reference::parse(text, &from) {
            Ok(reference) => reference,
            Err(refused) => return self.refused(file, text, refused),
        };
        let index = match &reference.file {
            None => file,
            Some(relative) => match self.files.load(relative) {
                Ok(index) => index,
                Err(missing) => return self.missing(text, relative, missing),
            },
        };
        let found = match &reference.node {
            Node::Anchor(_) if index == 0 => return Resolution::Left,
            Node::Anchor(name) => {
                let mut at = Pointer::root();
                anchor(self.files.value(index), name, &mut at).then_some(SourceLocation { file: index, pointer: at })
            }
            Node::At(pointer) => self.descend(index, pointer, target, steps),
        };
        match found {
            Some(place) => self.past_references(place, target, steps),
            None => self.otherwise(file, target, text),
        }
    }

    /// Whether the input's `$self` (OpenAPI 3.2 §4.1.1) says that it is what this address means.
    fn is_itself(&self, address: &str) -> bool {
        let resolve = |text: &str, base: &str| {
            let base = Uri::parse(base).ok()?;
            UriRef::parse(text).ok()?.resolve_against(&base).ok().map(Uri::into_string)
        };
        let own = self.files.value(0).get("$self").and_then(Value::as_str);
        let own = own.filter(|_| !address.is_empty()).and_then(|own| resolve(own, UNNAMED));
        own.is_some_and(|own| resolve(address, &own).as_ref() == Some(&own))
    }

    /// A name in a mapping of another file: what that file calls so, if it does.
    fn named(&mut self, file: usize, kind: ComponentKind, text: &str) -> Option<Resolution> {
        if kind != ComponentKind::Mapping || reference::is_reference(text) {
            return None;
        }
        let value = self.files.rc(file);
        let places = ["/components/schemas", "/definitions", "/$defs", ""];
        let find = |place: &&str| {
            let pointer = Pointer::parse(place)?.key(text);
            value.pointer(pointer.as_str()).map(|_| pointer)
        };
        let found = places.iter().find_map(find);
        Some(found.map_or(Resolution::Left, |pointer| {
            self.past_references(SourceLocation { file, pointer }, ComponentKind::Schema, MAX_STEPS)
        }))
    }

    /// The node at a pointer; on the way, references are followed too.
    fn descend(&mut self, file: usize, pointer: &Pointer, kind: ComponentKind, steps: usize) -> Option<SourceLocation> {
        let mut place = SourceLocation { file, pointer: Pointer::root() };
        for segment in pointer.segments() {
            let value = self.files.rc(place.file);
            let mut node = value.pointer(place.pointer.as_str())?;
            let mut current = Rc::clone(&value);
            if child(node, &segment).is_none()
                && let Some(text) = node.get("$ref").and_then(Value::as_str).map(str::to_owned)
            {
                let steps = steps.checked_sub(1)?;
                match self.follow(place.file, kind, &text, steps) {
                    Resolution::Node(target) => place = target,
                    Resolution::Own(pointer) => place = SourceLocation { file: 0, pointer },
                    Resolution::Left | Resolution::Broken { .. } => return None,
                }
                current = self.files.rc(place.file);
                node = current.pointer(place.pointer.as_str())?;
            }
            child(node, &segment)?;
            place.pointer.push(&segment);
            drop(current);
        }
        Some(place)
    }

    /// A node that is nothing but a reference stands for what it refers to.
    fn past_references(&mut self, place: SourceLocation, kind: ComponentKind, steps: usize) -> Resolution {
        if place.file == 0 {
            return Resolution::Own(place.pointer);
        }
        let file = self.files.rc(place.file);
        let Some(text) = file.pointer(place.pointer.as_str()).and_then(bare) else { return Resolution::Node(place) };
        let Some(steps) = steps.checked_sub(1) else {
            let message = String::from("the reference leads back to itself");
            return Resolution::Broken { code: codes::CYCLIC_REFERENCE, message, help: None };
        };
        let outcome = self.follow(place.file, kind, text, steps);
        // The first name on the way is the one that people know.
        if let Resolution::Node(target) = &outcome {
            let relative = self.files.relative(place.file).to_owned();
            let name = names::wanted(&file, &place.pointer, &relative);
            self.wanted.insert(target.clone(), name);
        }
        outcome
    }

    /// A local reference that leads nowhere, but says clearly enough which component it means.
    fn otherwise(&self, file: usize, kind: ComponentKind, text: &str) -> Resolution {
        let place = self.files.relative(file);
        let broken =
            |message: String, help: Option<String>| Resolution::Broken { code: codes::BROKEN_REFERENCE, message, help };
        let name = text.strip_prefix("#/definitions/").or_else(|| text.strip_prefix("#/components/schemas/"));
        if let (0, Some(section), Some(name)) = (file, kind.section(self.is_swagger), name) {
            let at = pointer_of(section).key(name);
            if kind == ComponentKind::Schema
                && !name.contains('/')
                && self.files.value(0).pointer(at.as_str()).is_some()
            {
                return Resolution::Own(at);
            }
        }
        match text.split_once('#') {
            // It may be one that only a later pass can read (`$defs` around the reference), or it is found broken in the end.
            Some(("", _)) if file == 0 => Resolution::Left,
            Some(("", fragment)) => broken(format!("`#{fragment}` leads to nothing in {place}"), None),
            _ => broken(format!("`{text}` leads to nothing"), None),
        }
    }

    fn refused(&self, file: usize, text: &str, refused: Refused) -> Resolution {
        let (code, message, help) = match refused {
            Refused::Remote if file == 0 && self.ids.contains(text.split('#').next().unwrap_or_default()) => {
                return Resolution::Left;
            }
            Refused::Remote => (
                codes::EXTERNAL_REFERENCE,
                format!("`{text}` is on another machine, and nothing is fetched"),
                Some(String::from("save it beside the document and refer to the file")),
            ),
            Refused::Absolute => (
                codes::EXTERNAL_REFERENCE,
                format!("`{text}` is an absolute path, which is another file on every machine"),
                Some(String::from("write the path from the file that holds the reference, with `/`")),
            ),
            Refused::Fragment => (
                codes::BROKEN_REFERENCE,
                format!("`{text}` does not end in a JSON pointer"),
                Some(String::from("in a pointer, `~` is written `~0` and `/` within a key `~1`")),
            ),
        };
        Resolution::Broken { code, message, help }
    }

    fn missing(&mut self, text: &str, relative: &str, missing: Missing) -> Resolution {
        match missing {
            Missing::Malformed(faults) => {
                // What is wrong with a file is said once.
                if self.malformed.insert(relative.to_owned()) {
                    self.faults.extend(faults);
                }
                Resolution::Left
            }
            Missing::Unreadable(why) => {
                if let Some(component) = self.by_name(text) {
                    return Resolution::Own(component);
                }
                Resolution::Broken {
                    code: codes::BROKEN_REFERENCE,
                    message: format!("`{text}` leads to no file: {why}"),
                    help: None,
                }
            }
        }
    }

    /// The schema that a bare name means, as Swagger 1.2 wrote references.
    fn by_name(&self, text: &str) -> Option<Pointer> {
        let at = pointer_of(ComponentKind::Schema.section(self.is_swagger)?).key(text);
        self.files.value(0).pointer(at.as_str()).map(|_| at)
    }
}

/// The text of a node that is nothing but a reference.
pub(super) fn bare(node: &Value) -> Option<&str> {
    let members = node.as_object().filter(|members| members.len() == 1)?;
    members.get("$ref")?.as_str()
}

fn pointer_of(keys: &[&str]) -> Pointer {
    keys.iter().fold(Pointer::root(), |pointer, key| pointer.key(key))
}

fn points_to(text: &str, pointer: &Pointer) -> bool {
    let parsed = reference::parse(text, "");
    parsed.is_ok_and(|reference| reference.node == Node::At(pointer.clone()))
}

fn upper(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}

fn child<'v>(node: &'v Value, segment: &str) -> Option<&'v Value> {
    match node {
        Value::Object(members) => members.get(segment),
        Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Every `$id` of a document.
fn collect_ids(node: &Value, ids: &mut BTreeSet<String>) {
    match node {
        Value::Object(members) => {
            if let Some(Value::String(id)) = members.get("$id") {
                ids.insert(id.trim_end_matches('#').to_owned());
            }
            members.values().for_each(|value| collect_ids(value, ids));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_ids(item, ids)),
        _ => {}
    }
}

/// Finds the schema that says `$anchor: name`.
fn anchor(node: &Value, name: &str, at: &mut Pointer) -> bool {
    let is_it = node.get("$anchor").and_then(Value::as_str) == Some(name);
    if is_it {
        return true;
    }
    let inside = |key: &str, value: &Value, at: &mut Pointer| {
        let mut below = at.key(key);
        let found = anchor(value, name, &mut below);
        if found {
            *at = below;
        }
        found
    };
    match node {
        Value::Object(members) => members.iter().any(|(key, value)| inside(key, value, at)),
        Value::Array(items) => items.iter().enumerate().any(|(index, item)| inside(&index.to_string(), item, at)),
        _ => false,
    }
}
