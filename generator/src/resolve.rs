//! Stage `resolve`: resolves a `$ref`.
//!
//! In: the document and the value of a `$ref`. Out: the component, its pointer and its name; or a diagnostic.
//!
//! Invariant: the only module that parses references (a JSON pointer in a URI fragment, RFC 6901 §6 and OpenAPI 3.0.3 §4.7.23). Chains
//! of references are followed to their end; a cycle is a diagnostic.

use std::cell::RefCell;
use std::collections::BTreeSet;

use foldhash::HashMap;
use serde_json::Value;

use crate::schema_keywords::ReferenceOr;
use clientwright_normalizer::diagnostic::{Code, Diagnostic, codes};
use clientwright_normalizer::json::{items, members, part};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::spelling::did_you_mean;
use clientwright_normalizer::structure::grammar::{Form, Kind, components_at};

/// The key of schemas under `components`.
const SCHEMAS: &str = "schemas";

/// An object, inline or referenced.
#[derive(Clone, Debug)]
pub(crate) struct Found<T> {
    /// The object itself.
    pub item: T,
    /// The location of the object.
    pub at: Pointer,
}

impl<T> Found<T> {
    /// Returns the object's name, if it is a component.
    pub(crate) fn component(&self) -> Option<String> {
        let is_component = self.at.depth() == 3 && self.at.as_str().starts_with("/components/");
        self.at.last().filter(|_| is_component)
    }
}

/// A value of the document, and its location.
pub(crate) type Node<'d> = Found<&'d Value>;

impl<'d> Node<'d> {
    /// Returns the value under a key, if there is one.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        Some(Self { item: part(self.item, key)?, at: self.at.key(key) })
    }

    /// Returns the value under a key; `null` if it is missing.
    pub(crate) fn key(&self, key: &str) -> Self {
        Self { item: part(self.item, key).unwrap_or(&Value::Null), at: self.at.key(key) }
    }

    /// Returns the members of an object; empty for other values.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'d String, Self)> {
        members(self.item).map(move |(name, item)| (name, Self { item, at: self.at.key(name) }))
    }

    /// Returns the items of an array; empty for other values.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        items(self.item).enumerate().map(move |(index, item)| Self { item, at: self.at.index(index) })
    }
}

/// The result of resolving a reference.
type Result<T> = std::result::Result<T, Diagnostic>;

/// The resolver of one document's references. Methods return an error if a reference is broken, cyclic, external or of the wrong kind.
#[derive(Debug)]
pub(crate) struct Resolver<'d> {
    document: &'d Value,
    file: &'d str,
    /// The targets of known chains of references.
    ends: RefCell<HashMap<&'d str, Node<'d>>>,
}

impl<'d> Resolver<'d> {
    /// Creates a resolver for the document, named `file` in diagnostics.
    pub(crate) fn new(document: &'d Value, file: &'d str) -> Self {
        Self { document, file, ends: RefCell::default() }
    }

    /// Returns the object at a place, or the target of the chain of references there. `section` is the section of such objects under
    /// `components` (OpenAPI 3.0.3 §4.7.7).
    pub(crate) fn resolve(&self, place: &Node<'d>, section: &str) -> Result<Node<'d>> {
        self.follow(ReferenceOr::of(place.item), &place.at, |reference, at| self.step(section, reference, at))
    }

    /// Returns the path item at a place, or the target of its `$ref` (OpenAPI 3.0.3 §4.7.9).
    pub(crate) fn path_item(&self, place: &Node<'d>) -> Result<Node<'d>> {
        self.follow(ReferenceOr::of(place.item), &place.at, |reference, at| {
            if let [first, path] = self.segments(reference, at)?.as_slice()
                && first == "paths"
                && let Some(item) = self.document["paths"].get(path)
            {
                return Ok(Found { item: ReferenceOr::of(item), at: Pointer::root().key("paths").key(path) });
            }
            let message = format!("the reference `{reference}` must point to a path of this document");
            Err(self.invalid(codes::BROKEN_REFERENCE, at, message))
        })
    }

    /// Returns the schema, inline at `from` or referenced. Each reference of a chain is followed once.
    pub(crate) fn target(&self, schema: ReferenceOr<'d>, from: &Pointer) -> Result<Node<'d>> {
        let mut steps = Vec::new();
        let end = self.follow(schema, from, |reference, at| {
            if let Some(end) = self.ends.borrow().get(reference) {
                return Ok(Found { item: ReferenceOr::Inline(end.item), at: end.at.clone() });
            }
            steps.push(reference);
            self.schema(reference, at)
        })?;
        self.ends.borrow_mut().extend(steps.into_iter().map(|reference| (reference, end.clone())));
        Ok(end)
    }

    /// Follows references to their end. `step` resolves one reference.
    fn follow(
        &self,
        place: ReferenceOr<'d>,
        from: &Pointer,
        mut step: impl FnMut(&'d str, &Pointer) -> Result<Found<ReferenceOr<'d>>>,
    ) -> Result<Node<'d>> {
        let mut found = Found { item: place, at: from.clone() };
        let mut seen = BTreeSet::new();
        loop {
            match found.item {
                ReferenceOr::Inline(item) => return Ok(Found { item, at: found.at }),
                ReferenceOr::Reference(reference) => {
                    found = step(reference, &found.at)?;
                    if !seen.insert(found.at.clone()) {
                        let message = format!("the reference `{reference}` refers only to itself");
                        return Err(self.invalid(codes::CYCLIC_REFERENCE, from, message));
                    }
                }
            }
        }
    }

    /// Resolves one step of a reference to a schema: the target may be a reference.
    /// It may also be a schema inside a component (`#/components/schemas/A/properties/b`).
    pub(crate) fn schema(&self, reference: &str, from: &Pointer) -> Result<Found<ReferenceOr<'d>>> {
        self.step(SCHEMAS, reference, from)
    }

    /// Resolves one step of a reference to a component of a section, or to a schema inside one.
    fn step(&self, section: &str, reference: &str, from: &Pointer) -> Result<Found<ReferenceOr<'d>>> {
        let segments = self.segments(reference, from)?;
        let (name, mut rest) = match segments.as_slice() {
            [first, second, name, inner @ ..]
                if first == "components" && second == section && (inner.is_empty() || section == SCHEMAS) =>
            {
                (name, inner)
            }
            _ => return Err(self.wrong_kind(section, reference, from)),
        };
        let known = self.entry(section, name);
        let mut found = known.ok_or_else(|| self.broken(section, name, reference, from))?;
        while !rest.is_empty() {
            let next = match found.item {
                ReferenceOr::Inline(owner) => step_into(owner, rest),
                ReferenceOr::Reference(_) => None,
            };
            let Some((item, used)) = next else {
                let message = format!("the reference `{reference}` is broken: the component has no such schema");
                let diagnostic = self.invalid(codes::BROKEN_REFERENCE, from, message);
                return Err(diagnostic.with_note(found.at, "resolved up to here"));
            };
            let (walked, remaining) = rest.split_at(used.min(rest.len()));
            walked.iter().for_each(|segment| found.at.push(segment));
            found.item = item;
            rest = remaining;
        }
        Ok(found)
    }

    /// Returns the schema that a discriminator's mapping names, by reference or by bare name (OpenAPI 3.0.3 §4.7.25.2).
    pub(crate) fn mapped_schema(&self, target: &'d str, from: &Pointer) -> Result<Node<'d>> {
        if let Some(found) = self.entry(SCHEMAS, target) {
            return self.target(found.item, &found.at);
        }
        if !target.contains(['#', '/', '.']) {
            return Err(self.broken(SCHEMAS, target, target, from));
        }
        self.target(ReferenceOr::Reference(target), from)
    }

    /// Returns the component with that name in a section, if any.
    pub(crate) fn entry(&self, section: &str, name: &str) -> Option<Found<ReferenceOr<'d>>> {
        let value = components(self.document, section)?.get(name)?;
        let item = if section == SCHEMAS { ReferenceOr::of_schema(value) } else { ReferenceOr::of(value) };
        Some(Found { item, at: component_pointer(section, name) })
    }

    /// Returns the keys of a reference, unescaped twice: as a URI fragment, then as a JSON pointer (RFC 6901 §6).
    fn segments(&self, reference: &str, from: &Pointer) -> Result<Vec<String>> {
        let Some(fragment) = reference.strip_prefix('#') else {
            let message = format!("the reference `{reference}` points to another document");
            let help = "bundle the documents into one file first";
            let diagnostic = Diagnostic::unsupported(codes::EXTERNAL_REFERENCE, self.file, from.clone(), message);
            return Err(diagnostic.with_help(help));
        };
        Pointer::from_fragment(fragment).map(|pointer| pointer.segments().collect()).ok_or_else(|| {
            let message = format!("the reference `{reference}` must be `#` followed by a JSON pointer");
            self.invalid(codes::BROKEN_REFERENCE, from, message)
        })
    }

    fn broken(&self, section: &str, name: &str, reference: &str, from: &Pointer) -> Diagnostic {
        let mut known = members(components(self.document, section)).map(|(name, _)| name.as_str()).peekable();
        let message = format!("the reference `{reference}` is broken: `components/{section}` has no `{name}`");
        let diagnostic = self.invalid(codes::BROKEN_REFERENCE, from, message);
        match known.peek() {
            Some(_) => diagnostic.with_help_if(did_you_mean(name, known)),
            None => diagnostic.with_help(format!("add it to `components/{section}`, which is missing")),
        }
    }

    fn wrong_kind(&self, section: &str, reference: &str, from: &Pointer) -> Diagnostic {
        let message = format!("the reference `{reference}` must point to `#/components/{section}`");
        if !reference.starts_with("#/components/") {
            let help = format!("move the object to `components/{section}` and reference it there");
            let diagnostic = Diagnostic::unsupported(codes::UNSUPPORTED_REFERENCE, self.file, from.clone(), message);
            return diagnostic.with_help(help);
        }
        let help = format!("reference an object under `components/{section}`");
        self.invalid(codes::WRONG_REFERENCE_KIND, from, message).with_help(help)
    }

    fn invalid(&self, code: Code, at: &Pointer, message: String) -> Diagnostic {
        Diagnostic::invalid(code, self.file, at.clone(), message)
    }
}

/// Returns the entries of a section of `components`.
pub(crate) fn components<'d>(document: &'d Value, section: &str) -> Option<&'d Value> {
    document.get("components")?.get(section)
}

/// Returns `/components/schemas/NAME`.
pub(crate) fn component_pointer(section: &str, name: &str) -> Pointer {
    components_at(section).key(name)
}

/// Returns the schema that one keyword leads to, and the number of segments for that keyword.
fn step_into<'d>(schema: &'d Value, segments: &[String]) -> Option<(ReferenceOr<'d>, usize)> {
    let (keyword, key) = (segments.first()?.as_str(), segments.get(1));
    let below = schema.get(keyword)?;
    match Kind::Schema.grammar().form_of(keyword)? {
        Form::Map(Form::OrReference(Kind::Schema)) => Some((ReferenceOr::of_schema(below.get(key?)?), 2)),
        Form::List(Form::OrReference(Kind::Schema)) => {
            Some((ReferenceOr::of(below.get(key?.parse::<usize>().ok()?)?), 2))
        }
        Form::OrReference(Kind::Schema) => Some((ReferenceOr::of_schema(below), 1)),
        Form::SchemaOrBoolean if below.is_object() => Some((ReferenceOr::of_schema(below), 1)),
        _ => None,
    }
}
