//! Stage `resolve`: what a `$ref` leads to.
//!
//! In: the decoded document and the value of a `$ref`. Out: the component, its pointer and its name; or a diagnostic.
//!
//! Invariant: the only module that parses references (a JSON pointer in a URI fragment, RFC 6901 §6 and OpenAPI 3.0.3
//! §4.7.23). Chains of references are followed to their end; a cycle is a diagnostic.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, Components, Example, Header, Link, OpenAPI, Parameter, PathItem, ReferenceOr, RequestBody,
    Response, Schema, SecurityScheme,
};
use percent_encoding::percent_decode_str;

use crate::schema_keywords::{Keywords, Place, SchemaRef};
use clientwright_normalizer::diagnostic::{Code, Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::spelling::did_you_mean;

/// A kind of reusable object under `components` (OpenAPI 3.0.3 §4.7.7).
pub(crate) trait Component: Sized {
    /// The key under `components`: `schemas`.
    const KEY: &'static str;

    /// All components of this kind.
    fn all(components: &Components) -> &IndexMap<String, ReferenceOr<Self>>;
}

macro_rules! component {
    ($($ty:ty => $key:literal in $field:ident;)*) => {$(
        impl Component for $ty {
            const KEY: &'static str = $key;

            fn all(components: &Components) -> &IndexMap<String, ReferenceOr<Self>> {
                &components.$field
            }
        }
    )*};
}

component! {
    Schema => "schemas" in schemas;
    Response => "responses" in responses;
    Parameter => "parameters" in parameters;
    Example => "examples" in examples;
    RequestBody => "requestBodies" in request_bodies;
    Header => "headers" in headers;
    SecurityScheme => "securitySchemes" in security_schemes;
    Link => "links" in links;
}

/// An object, written in place or found through a reference.
#[derive(Clone, Debug)]
pub(crate) struct Found<T> {
    /// The object itself.
    pub item: T,
    /// Where the object is written.
    pub at: Pointer,
}

impl<T> Found<T> {
    /// The object's name, if it is a component.
    pub(crate) fn component(&self) -> Option<String> {
        let segments: Vec<String> = self.at.segments().collect();
        match segments.as_slice() {
            [first, _, name] if first == "components" => Some(name.clone()),
            _ => None,
        }
    }
}

/// The result of following a reference.
type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// Looks references up in one document. Methods fail where one is broken, cyclic, external or of the wrong kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resolver<'d> {
    document: &'d OpenAPI,
    file: &'d str,
}

impl<'d> Resolver<'d> {
    /// A resolver for the document, which diagnostics call `file`.
    pub(crate) fn new(document: &'d OpenAPI, file: &'d str) -> Self {
        Self { document, file }
    }

    /// The object at `from`, or the one that the reference at `from` leads to, through as many references as it takes.
    pub(crate) fn resolve<T: Component>(&self, place: &'d ReferenceOr<T>, from: &Pointer) -> Result<Found<&'d T>> {
        self.follow(place.into(), from, |reference, at| match self.segments(reference, at)?.as_slice() {
            [first, second, name] if first == "components" && second == T::KEY => {
                self.component::<T>(name, reference, at)
            }
            _ => Err(self.wrong_kind::<T>(reference, at)),
        })
    }

    /// The path item at `from`, or the one that its `$ref` leads to (OpenAPI 3.0.3 §4.7.9).
    pub(crate) fn path_item(&self, place: &'d ReferenceOr<PathItem>, from: &Pointer) -> Result<Found<&'d PathItem>> {
        let paths = &self.document.paths.paths;
        self.follow(place.into(), from, |reference, at| {
            if let [first, path] = self.segments(reference, at)?.as_slice()
                && first == "paths"
                && let Some(item) = paths.get(path)
            {
                return Ok(Found { item: item.into(), at: Pointer::root().key("paths").key(path) });
            }
            let message = format!("the reference `{reference}` does not lead to a path of this document");
            Err(Box::new(self.invalid(codes::BROKEN_REFERENCE, at, message)))
        })
    }

    /// The schema itself, whether it is written at `from` or referred to.
    pub(crate) fn target(&self, schema: SchemaRef<'d>, from: &Pointer) -> Result<Found<&'d Schema>> {
        self.follow(schema, from, |reference, at| self.schema(reference, at))
    }

    /// Follows references to their end. `step` looks one reference up.
    fn follow<T>(
        &self,
        place: Place<'d, T>,
        from: &Pointer,
        step: impl Fn(&'d str, &Pointer) -> Result<Found<Place<'d, T>>>,
    ) -> Result<Found<&'d T>> {
        let mut found = Found { item: place, at: from.clone() };
        let mut seen = BTreeSet::new();
        loop {
            match found.item {
                Place::Inline(item) => return Ok(Found { item, at: found.at }),
                Place::Reference(reference) => {
                    found = step(reference, &found.at)?;
                    if !seen.insert(found.at.clone()) {
                        let message = format!("the reference `{reference}` refers only to itself");
                        return Err(Box::new(self.invalid(codes::CYCLIC_REFERENCE, from, message)));
                    }
                }
            }
        }
    }

    /// What a reference to a schema leads to, one step far: the target may be a reference itself.
    /// It may also lead to a schema inside of a component (`#/components/schemas/A/properties/b`).
    pub(crate) fn schema(&self, reference: &str, from: &Pointer) -> Result<Found<SchemaRef<'d>>> {
        let segments = self.segments(reference, from)?;
        let (name, mut rest) = match segments.as_slice() {
            [first, second, name, inner @ ..] if first == "components" && second == Schema::KEY => (name, inner),
            _ => return Err(self.wrong_kind::<Schema>(reference, from)),
        };
        let mut found = self.component::<Schema>(name, reference, from)?;
        while !rest.is_empty() {
            let next = match found.item {
                SchemaRef::Inline(owner) => step_into(owner, rest),
                SchemaRef::Reference(_) => None,
            };
            let Some((item, used)) = next else {
                let message = format!("the reference `{reference}` is broken: the component has no such schema");
                let diagnostic = self.invalid(codes::BROKEN_REFERENCE, from, message);
                return Err(Box::new(diagnostic.with_note(found.at, "followed up to here")));
            };
            let (walked, remaining) = rest.split_at(used.min(rest.len()));
            walked.iter().for_each(|segment| found.at.push(segment));
            found.item = item;
            rest = remaining;
        }
        Ok(found)
    }

    /// The schema that a discriminator's mapping names, by reference or by bare name (OpenAPI 3.0.3 §4.7.25.2).
    pub(crate) fn mapped_schema(&self, target: &'d str, from: &Pointer) -> Result<Found<&'d Schema>> {
        if self.components::<Schema>().is_some_and(|all| all.contains_key(target)) {
            let found = self.component::<Schema>(target, target, from)?;
            return self.target(found.item, &found.at);
        }
        if !target.contains(['#', '/', '.']) {
            return Err(self.broken::<Schema>(target, target, from));
        }
        self.target(SchemaRef::Reference(target), from)
    }

    fn components<T: Component>(&self) -> Option<&'d IndexMap<String, ReferenceOr<T>>> {
        self.document.components.as_ref().map(T::all)
    }

    fn component<T: Component>(&self, name: &str, reference: &str, from: &Pointer) -> Result<Found<Place<'d, T>>> {
        let found = self.components::<T>().and_then(|all| all.get(name));
        let item = found.ok_or_else(|| self.broken::<T>(name, reference, from))?.into();
        Ok(Found { item, at: component_pointer(T::KEY, name) })
    }

    /// The keys that a reference goes through, unescaped twice: as a URI fragment, then as a JSON pointer (RFC 6901 §6).
    fn segments(&self, reference: &str, from: &Pointer) -> Result<Vec<String>> {
        let Some(fragment) = reference.strip_prefix('#') else {
            let message = format!("the reference `{reference}` leads to another document");
            let help = "bundle the documents into one file first";
            let diagnostic = Diagnostic::unsupported(codes::EXTERNAL_REFERENCE, self.file, from.clone(), message);
            return Err(Box::new(diagnostic.with_help(help)));
        };
        let decoded = percent_decode_str(fragment).decode_utf8().ok();
        let pointer = decoded.and_then(|text| Pointer::parse(&text));
        pointer.map(|pointer| pointer.segments().collect()).ok_or_else(|| {
            let message = format!("the reference `{reference}` is not `#` followed by a JSON pointer");
            Box::new(self.invalid(codes::BROKEN_REFERENCE, from, message))
        })
    }

    fn broken<T: Component>(&self, name: &str, reference: &str, from: &Pointer) -> Box<Diagnostic> {
        let known = self.components::<T>().filter(|all| !all.is_empty());
        let message = format!("the reference `{reference}` is broken: `components/{}` has no `{name}`", T::KEY);
        let diagnostic = self.invalid(codes::BROKEN_REFERENCE, from, message);
        Box::new(match known {
            Some(known) => diagnostic.with_help_if(did_you_mean(name, known.keys().map(String::as_str))),
            None => diagnostic.with_help(format!("the document has no `components/{}`", T::KEY)),
        })
    }

    fn wrong_kind<T: Component>(&self, reference: &str, from: &Pointer) -> Box<Diagnostic> {
        let key = T::KEY;
        let message = format!("the reference `{reference}` does not lead to `#/components/{key}`");
        if !reference.starts_with("#/components/") {
            let help = format!("move the object to `components/{key}` and refer to it there");
            let diagnostic = Diagnostic::unsupported(codes::UNSUPPORTED_REFERENCE, self.file, from.clone(), message);
            return Box::new(diagnostic.with_help(help));
        }
        let help = format!("only an object under `components/{key}` can stand here");
        Box::new(self.invalid(codes::WRONG_REFERENCE_KIND, from, message).with_help(help))
    }

    fn invalid(&self, code: Code, at: &Pointer, message: String) -> Diagnostic {
        Diagnostic::invalid(code, self.file, at.clone(), message)
    }
}

/// `/components/schemas/NAME`.
pub(crate) fn component_pointer(key: &str, name: &str) -> Pointer {
    Pointer::root().key("components").key(key).key(name)
}

/// The schema that lies one keyword below, and how many segments that took.
fn step_into<'d>(schema: &'d Schema, segments: &[String]) -> Option<(SchemaRef<'d>, usize)> {
    let keywords = Keywords::of(schema);
    let (keyword, key) = (segments.first()?.as_str(), segments.get(1));
    let nth = |list: &[SchemaRef<'d>]| Some((*list.get(key?.parse::<usize>().ok()?)?, 2));
    match keyword {
        "properties" => {
            let (_, schema) = keywords.properties.iter().find(|(name, _)| Some(*name) == key.map(String::as_str))?;
            Some((*schema, 2))
        }
        "allOf" => nth(&keywords.all_of),
        "oneOf" => nth(&keywords.one_of),
        "anyOf" => nth(&keywords.any_of),
        "items" => keywords.items.map(|schema| (schema, 1)),
        "additionalProperties" => match keywords.additional? {
            AdditionalProperties::Schema(schema) => Some((schema.as_ref().into(), 1)),
            AdditionalProperties::Any(_) => None,
        },
        "not" => keywords.not.map(|schema| (schema, 1)),
        _ => None,
    }
}
