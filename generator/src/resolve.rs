//! Stage `resolve`: what a `$ref` leads to.
//!
//! In: the decoded document and the value of a `$ref`. Out: the component, its pointer and its name; or a diagnostic.
//!
//! Invariant: the only module that parses references (a JSON pointer in a URI fragment, RFC 6901 §6 and OpenAPI 3.0.3
//! §4.7.23). Chains of references are followed to their end; a cycle is a diagnostic.

use std::collections::BTreeSet;

use openapiv3::{
    Components, Example, Header, Link, OpenAPI, Parameter, PathItem, ReferenceOr, RequestBody, Response, Schema,
    SecurityScheme,
};
use percent_encoding::percent_decode_str;

use crate::schema_keywords::{AdditionalKeyword, Keywords, SchemaRef};
use clientwright_normalizer::diagnostic::{Code, Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;

/// A kind of reusable object under `components` (OpenAPI 3.0.3 §4.7.7).
pub(crate) trait Component: Sized {
    /// The key under `components`: `schemas`.
    const KEY: &'static str;

    /// The component of that name.
    fn get<'d>(components: &'d Components, name: &str) -> Option<&'d ReferenceOr<Self>>;

    /// The names of all components of this kind.
    fn names(components: &Components) -> Vec<&str>;
}

macro_rules! component {
    ($($ty:ty => $key:literal in $field:ident;)*) => {$(
        impl Component for $ty {
            const KEY: &'static str = $key;

            fn get<'d>(components: &'d Components, name: &str) -> Option<&'d ReferenceOr<Self>> {
                components.$field.get(name)
            }

            fn names(components: &Components) -> Vec<&str> {
                components.$field.keys().map(String::as_str).collect()
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
pub(crate) struct Found<'d, T> {
    /// The object itself.
    pub item: &'d T,
    /// Where the object is written.
    pub at: Pointer,
    /// Its name, if it is a component.
    pub component: Option<String>,
}

/// A schema and where it is.
#[derive(Clone, Debug)]
pub(crate) struct SchemaPlace<'d> {
    /// What is there.
    pub schema: SchemaRef<'d>,
    /// Where it is.
    pub at: Pointer,
    /// Its name, if it is a component.
    pub component: Option<String>,
}

/// Looks references up in one document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resolver<'d> {
    document: &'d OpenAPI,
    file: &'d str,
}

impl<'d> Resolver<'d> {
    /// A resolver for the document, which diagnostics call `file`.
    #[must_use]
    pub(crate) fn new(document: &'d OpenAPI, file: &'d str) -> Self {
        Self { document, file }
    }

    /// The object at `from`, or the one that the reference at `from` leads to, through as many references as it takes.
    ///
    /// # Errors
    /// A reference that is broken, cyclic, of the wrong kind, or that leaves `#/components`.
    pub(crate) fn resolve<T: Component>(
        &self,
        place: &'d ReferenceOr<T>,
        from: &Pointer,
    ) -> Result<Found<'d, T>, Box<Diagnostic>> {
        let mut place = place;
        let mut at = from.clone();
        let mut component = None;
        let mut seen = BTreeSet::new();
        loop {
            match place {
                ReferenceOr::Item(item) => return Ok(Found { item, at, component }),
                ReferenceOr::Reference { reference } => {
                    let name = self.component_name::<T>(reference, &at)?;
                    place = self.component::<T>(&name, reference, &at)?;
                    at = component_pointer(T::KEY, &name);
                    if !seen.insert(name.clone()) {
                        return Err(self.cyclic(from, reference));
                    }
                    component = Some(name);
                }
            }
        }
    }

    /// What a reference to a schema leads to, one step far: the target may be a reference itself.
    ///
    /// Besides components, it may lead to a schema inside of one (`#/components/schemas/A/properties/b`).
    ///
    /// # Errors
    /// A reference that is broken, of the wrong kind, or that leaves `#/components/schemas`.
    pub(crate) fn schema(&self, reference: &str, from: &Pointer) -> Result<SchemaPlace<'d>, Box<Diagnostic>> {
        let segments = self.segments(reference, from)?;
        let [first, second, name, inner @ ..] = segments.as_slice() else {
            return Err(self.wrong_kind::<Schema>(reference, from));
        };
        if first != "components" || second != Schema::KEY {
            return Err(self.wrong_kind::<Schema>(reference, from));
        }
        let mut schema = SchemaRef::from(self.component::<Schema>(name, reference, from)?);
        let mut at = component_pointer(Schema::KEY, name);
        if inner.is_empty() {
            return Ok(SchemaPlace { schema, at, component: Some(name.clone()) });
        }
        let mut rest = inner;
        while !rest.is_empty() {
            let SchemaRef::Inline(owner) = schema else {
                return Err(self.broken_inside(reference, from, &at));
            };
            let Some((next, used)) = step_into(owner, rest) else {
                return Err(self.broken_inside(reference, from, &at));
            };
            let (walked, remaining) = rest.split_at(used.min(rest.len()));
            for segment in walked {
                at.push(segment);
            }
            schema = next;
            rest = remaining;
        }
        Ok(SchemaPlace { schema, at, component: None })
    }

    /// The schema that a reference leads to in the end.
    ///
    /// # Errors
    /// As [`Resolver::schema`]; and a chain of references that has no end.
    pub(crate) fn schema_end(&self, reference: &str, from: &Pointer) -> Result<Found<'d, Schema>, Box<Diagnostic>> {
        let mut seen = BTreeSet::new();
        let mut place = self.schema(reference, from)?;
        loop {
            match place.schema {
                SchemaRef::Inline(item) => return Ok(Found { item, at: place.at, component: place.component }),
                SchemaRef::Reference(next) => {
                    if !seen.insert(place.at.clone()) {
                        return Err(self.cyclic(from, reference));
                    }
                    place = self.schema(next, &place.at)?;
                }
            }
        }
    }

    /// The schema itself, whether it is written at `at` or referred to.
    ///
    /// # Errors
    /// As [`Resolver::schema_end`].
    pub(crate) fn target(&self, schema: SchemaRef<'d>, at: &Pointer) -> Result<Found<'d, Schema>, Box<Diagnostic>> {
        match schema {
            SchemaRef::Inline(item) => Ok(Found { item, at: at.clone(), component: None }),
            SchemaRef::Reference(reference) => self.schema_end(reference, at),
        }
    }

    /// What diagnostics call the document.
    #[must_use]
    pub(crate) fn file(&self) -> &'d str {
        self.file
    }

    /// The path item at `from`, or the one that its `$ref` leads to (OpenAPI 3.0.3 §4.7.9).
    ///
    /// # Errors
    /// A reference that is broken or cyclic, or that does not lead to another path of the same document.
    pub(crate) fn path_item(
        &self,
        place: &'d ReferenceOr<PathItem>,
        from: &Pointer,
    ) -> Result<Found<'d, PathItem>, Box<Diagnostic>> {
        let mut place = place;
        let mut at = from.clone();
        let mut seen = BTreeSet::new();
        loop {
            match place {
                ReferenceOr::Item(item) => return Ok(Found { item, at, component: None }),
                ReferenceOr::Reference { reference } => {
                    let segments = self.segments(reference, &at)?;
                    let target = match segments.as_slice() {
                        [paths, path] if paths == "paths" => self.document.paths.paths.get(path).map(|p| (path, p)),
                        _ => None,
                    };
                    let Some((path, target)) = target else {
                        let message = format!("the reference `{reference}` does not lead to a path of this document");
                        return Err(Box::new(self.invalid(codes::BROKEN_REFERENCE, &at, message)));
                    };
                    place = target;
                    at = Pointer::root().key("paths").key(path);
                    if !seen.insert(path.clone()) {
                        return Err(self.cyclic(from, reference));
                    }
                }
            }
        }
    }

    /// The component schema that the value of a discriminator's mapping names: by reference or by bare name
    /// (OpenAPI 3.0.3 §4.7.25.2).
    ///
    /// # Errors
    /// As [`Resolver::schema_end`].
    pub(crate) fn mapped_schema(&self, target: &str, from: &Pointer) -> Result<Found<'d, Schema>, Box<Diagnostic>> {
        let is_name = self.document.components.as_ref().is_some_and(|all| all.schemas.contains_key(target));
        if is_name {
            return self.schema_end(&format!("#{}", component_pointer(Schema::KEY, target)), from);
        }
        if !target.contains(['#', '/', '.']) {
            return Err(self.broken::<Schema>(target, target, from));
        }
        self.schema_end(target, from)
    }

    fn component<T: Component>(
        &self,
        name: &str,
        reference: &str,
        from: &Pointer,
    ) -> Result<&'d ReferenceOr<T>, Box<Diagnostic>> {
        let found = self.document.components.as_ref().and_then(|components| T::get(components, name));
        found.ok_or_else(|| self.broken::<T>(name, reference, from))
    }

    fn component_name<T: Component>(&self, reference: &str, from: &Pointer) -> Result<String, Box<Diagnostic>> {
        let segments = self.segments(reference, from)?;
        match segments.as_slice() {
            [first, second, name] if first == "components" && second == T::KEY => Ok(name.clone()),
            _ => Err(self.wrong_kind::<T>(reference, from)),
        }
    }

    /// The keys that a reference goes through, unescaped twice: as a URI fragment, then as a JSON pointer (RFC 6901 §6).
    fn segments(&self, reference: &str, from: &Pointer) -> Result<Vec<String>, Box<Diagnostic>> {
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
        let names = self.document.components.as_ref().map(T::names).unwrap_or_default();
        let message = format!("the reference `{reference}` is broken: `components/{}` has no `{name}`", T::KEY);
        let diagnostic = self.invalid(codes::BROKEN_REFERENCE, from, message);
        Box::new(match nearest(name, &names) {
            Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")),
            None if names.is_empty() => diagnostic.with_help(format!("the document has no `components/{}`", T::KEY)),
            None => diagnostic,
        })
    }

    fn broken_inside(&self, reference: &str, from: &Pointer, reached: &Pointer) -> Box<Diagnostic> {
        let message = format!("the reference `{reference}` is broken: the component has no such schema");
        let diagnostic = self.invalid(codes::BROKEN_REFERENCE, from, message);
        Box::new(diagnostic.with_note(reached.clone(), "followed up to here"))
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

    fn cyclic(&self, from: &Pointer, reference: &str) -> Box<Diagnostic> {
        let message = format!("the reference `{reference}` refers only to itself");
        Box::new(self.invalid(codes::CYCLIC_REFERENCE, from, message))
    }

    fn invalid(&self, code: Code, at: &Pointer, message: String) -> Diagnostic {
        Diagnostic::invalid(code, self.file, at.clone(), message)
    }
}

/// `/components/schemas/NAME`.
#[must_use]
pub(crate) fn component_pointer(key: &str, name: &str) -> Pointer {
    Pointer::root().key("components").key(key).key(name)
}

/// The schema that lies one keyword below, and how many segments that took.
fn step_into<'d>(schema: &'d Schema, segments: &[String]) -> Option<(SchemaRef<'d>, usize)> {
    let keywords = Keywords::of(schema);
    let index = segments.get(1).and_then(|segment| segment.parse::<usize>().ok());
    match segments.first().map(String::as_str)? {
        "properties" => {
            let name = segments.get(1)?;
            let found = keywords.properties.iter().find(|(known, _)| known == name);
            found.map(|(_, schema)| (*schema, 2))
        }
        "allOf" => keywords.all_of.get(index?).map(|schema| (*schema, 2)),
        "oneOf" => keywords.one_of.get(index?).map(|schema| (*schema, 2)),
        "anyOf" => keywords.any_of.get(index?).map(|schema| (*schema, 2)),
        "items" => keywords.items.map(|schema| (schema, 1)),
        "additionalProperties" => keywords.additional.and_then(AdditionalKeyword::schema).map(|s| (s, 1)),
        "not" => keywords.not.map(|schema| (schema, 1)),
        _ => None,
    }
}

/// The known name that is closest to a misspelt one, if any is close enough to be meant.
#[must_use]
pub(crate) fn nearest<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    // Longer names are not typed by hand, and the comparison takes time by the product of the lengths.
    const LONGEST: usize = 200;
    let limit = (name.chars().count() / 3).max(1);
    known
        .iter()
        .filter(|candidate| name.len() <= LONGEST && candidate.len() <= LONGEST)
        .map(|candidate| (strsim::damerau_levenshtein(&name.to_lowercase(), &candidate.to_lowercase()), *candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}
