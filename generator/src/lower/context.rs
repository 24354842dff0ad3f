//! Part of `lower`: what the passes that read the document share.
//!
//! In: the document. Out: a [`Draft`] of the IR and the diagnostics met on the way.
//!
//! Invariant: a schema gets its id before its contents are looked at, and the same place in the document always leads to
//! the same id. Contents wait in a queue, so that nesting costs no stack.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::schema_keywords::Keywords;
use super::merge::Part;
use crate::ir::{Bounds, Docs, Incoming, Owner, Shape, Type, TypeId, TypeRef, Types, Untyped};
use crate::resolve::Resolver;
use crate::schema_keywords::SchemaRef;
use clientwright_normalizer::diagnostic::{Code, Diagnostic};
use clientwright_normalizer::pointer::Pointer;

/// The types while they are being made.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The types; unions have no rule yet.
    pub(super) types: Types,
    /// Types that have `null` among their values.
    pub(super) nullable: BTreeSet<TypeId>,
    /// Types whose values are never printed.
    pub(super) secret: BTreeSet<TypeId>,
    /// What the document says about the unions among the types.
    pub(super) unions: BTreeMap<TypeId, PendingUnion>,
    /// Types that are any JSON value although the document says more, each with the reason.
    pub(super) untyped: BTreeMap<TypeId, &'static str>,
}

impl Draft {
    /// The types that are any JSON value although the document says more, by their places.
    pub(super) fn untyped(&self) -> Vec<Untyped> {
        let place = |(id, reason): (&TypeId, &&'static str)| {
            self.types.get(*id).map(|ty| Untyped { pointer: ty.origin.clone(), reason })
        };
        self.untyped.iter().filter_map(place).collect()
    }
}

/// A union whose rule is still to be settled.
#[derive(Clone, Debug)]
pub(super) struct PendingUnion {
    /// Where `oneOf` or `anyOf` is.
    pub(super) at: Pointer,
    /// The discriminator's property, and for each branch the texts that lead to it, if any do.
    pub(super) tags: Option<(String, Vec<Vec<String>>)>,
}

/// The state of lowering one document.
#[derive(Debug)]
pub(super) struct Context<'d> {
    pub(super) document: &'d OpenAPI,
    pub(super) file: &'d str,
    pub(super) resolver: Resolver<'d>,
    pub(super) draft: Draft,
    /// The ids of `components/schemas`.
    pub(super) components: BTreeMap<&'d str, TypeId>,
    /// The components whose `allOf` refers to a component, by the address of that component.
    pub(super) extended_by: BTreeMap<Pointer, Vec<&'d str>>,
    /// What each schema that was met became.
    pub(super) met: BTreeMap<Pointer, TypeRef>,
    /// The schemas for which it is being found out what they stand for.
    pub(super) looking_for_aliases: BTreeSet<Pointer>,
    /// The requests that the server makes.
    pub(super) incoming: Vec<Incoming>,
    /// Types whose contents are still to be read.
    pub(super) queue: VecDeque<(TypeId, Vec<Part<'d>>)>,
    diagnostics: Vec<Diagnostic>,
    reported: BTreeSet<(Pointer, Code, String)>,
    /// What is said once for the whole document, wherever it is met.
    said: BTreeSet<(Code, String)>,
}

impl<'d> Context<'d> {
    pub(super) fn new(document: &'d OpenAPI, file: &'d str) -> Self {
        Self {
            document,
            file,
            resolver: Resolver::new(document, file),
            draft: Draft::default(),
            components: BTreeMap::new(),
            extended_by: BTreeMap::new(),
            looking_for_aliases: BTreeSet::new(),
            met: BTreeMap::new(),
            incoming: Vec::new(),
            queue: VecDeque::new(),
            diagnostics: Vec::new(),
            reported: BTreeSet::new(),
            said: BTreeSet::new(),
        }
    }

    /// Keeps a diagnostic, unless it was reported before: a schema may be read several times through `allOf`.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        let key = (diagnostic.pointer.clone(), diagnostic.code, diagnostic.message.clone());
        if self.reported.insert(key) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports that the document violates OpenAPI.
    pub(super) fn invalid(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        self.report(Diagnostic::invalid(code, self.file, at.clone(), message));
    }

    /// Reports something legal that is not generated.
    pub(super) fn unsupported(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        self.report(Diagnostic::unsupported(code, self.file, at.clone(), message));
    }

    /// Reports something legal that is not generated, where it is met first. `what` is the same wherever it is met.
    pub(super) fn once(&mut self, code: Code, what: &str, at: &Pointer, message: impl Into<String>) {
        if self.said.insert((code, what.to_owned())) {
            self.unsupported(code, at, message);
        }
    }

    /// Ends the reading of the document.
    pub(super) fn finish(self) -> (Draft, Vec<Diagnostic>) {
        (self.draft, self.diagnostics)
    }

    /// A new type without contents.
    pub(super) fn new_type(&mut self, origin: Pointer, owner: Owner) -> TypeId {
        self.draft.types.push(Type {
            origin,
            owner,
            docs: Docs::default(),
            shape: Shape::Any,
            format: None,
            values: Vec::new(),
            bounds: Bounds::default(),
            default: None,
            example: None,
            read: false,
            sent: false,
        })
    }

    /// Whether a schema has no value but `null`: a branch like that makes its union nullable.
    ///
    /// OpenAPI 3.0 has no `type: null`. Documents write `enum: [null]`, or `nullable: true` and nothing else.
    pub(super) fn is_only_null(&self, schema: SchemaRef<'d>, at: &Pointer) -> bool {
        let schema = match schema {
            SchemaRef::Inline(schema) => schema,
            SchemaRef::Reference(reference) => match self.resolver.schema_end(reference, at) {
                Ok(found) => found.item,
                Err(_) => return false, // reported where the reference is followed for its own sake
            },
        };
        let keywords = Keywords::of(schema);
        let only_null = !keywords.values.is_empty() && keywords.values.iter().all(Value::is_null);
        only_null || (schema.schema_data.nullable && keywords.is_empty())
    }
}
