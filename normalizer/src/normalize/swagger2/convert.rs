//! Part of `swagger2`: the state of a conversion.
//!
//! In: a document, and what converts it. Out: the converted document with its references rewritten. Invariant: the document as it was stays at hand.

use std::collections::BTreeSet;

use serde_json::Value;

use super::record::MovedNode;
use super::servers::Address;
use super::targets::{Subtypes, end, list, target};
use crate::json::{Members, members, text};
use crate::normalize::names::Names;
use crate::normalize::pass::{Interpreted, Record, nearest};
use crate::normalize::reference::{decoded, each_text_mut, local};
use crate::pointer::Pointer;

/// What the ledger says of a reference to something in a place to which OpenAPI 3 has no references.
pub(super) const INLINED: &str = "a reference to something other than a shared object: replaced with a copy";

/// Converts a document, and then its references.
pub(super) fn run(
    value: &mut Value,
    record: &mut Record,
    convert_all: impl for<'d> FnOnce(&mut Convert<'d>, &'d Members) -> Value,
) {
    let Value::Object(document) = &*value else { return };
    let mut convert = Convert::new(value, document);
    let mut converted = convert_all(&mut convert, document);
    convert.rewrite(&mut converted);
    *record = convert.finish(&converted);
    *value = converted;
}

/// A conversion on its way.
pub(super) struct Convert<'d> {
    /// The whole document as it was.
    pub(super) document: &'d Value,
    /// The object that holds its shared parameters.
    pub(super) shared: Pointer,
    /// Whether the document is one of OpenAPI 3, in which some parameters are left over from Swagger 2.0.
    pub(super) is_left_over: bool,
    pub(super) record: Record,
    pub(super) subtypes: Subtypes,
    pub(super) address: Address,
    /// The media types of operations that have no lists of their own.
    pub(super) consumes: Vec<String>,
    pub(super) produces: Vec<String>,
    /// The definitions of shared form fields that an operation uses.
    pub(super) used_fields: BTreeSet<Pointer>,
    /// How many nodes were made of parameters that are left over.
    pub(super) copied: usize,
}

impl<'d> Convert<'d> {
    fn new(value: &'d Value, document: &'d Members) -> Self {
        let listed = |key| list(document.get(key)).unwrap_or_default();
        Self {
            document: value,
            shared: Pointer::top("parameters"),
            is_left_over: false,
            subtypes: Subtypes::of(value),
            address: Address::default(),
            consumes: listed("consumes"),
            produces: listed("produces"),
            used_fields: BTreeSet::new(),
            copied: 0,
            record: Record::default(),
        }
    }

    /// Converts each member of an object; any other value stays as it is.
    pub(super) fn members<'v>(
        &mut self,
        value: &'v Value,
        place: &MovedNode,
        mut member: impl FnMut(&mut Self, &str, &'v Value, &MovedNode) -> Value,
    ) -> Value {
        let Value::Object(members) = value else { return value.clone() };
        members.iter().map(|(key, value)| (key.clone(), member(self, key, value, &place.key(key)))).collect()
    }
}

/// The names that a document which has `components` already uses in the section that `section` becomes; bodies are among parameters.
pub(super) fn names_in(components: &Members, section: &str) -> Names {
    let sections = if section == "parameters" { &["parameters", "requestBodies"][..] } else { &[section] };
    sections.iter().flat_map(|section| members(components.get(*section))).map(|(name, _)| name.clone()).collect()
}

impl<'d> Convert<'d> {
    /// The object at the end of a chain of references, and where it is; the object itself if it is not a reference.
    pub(super) fn follow(&self, object: &'d Members, at: &Pointer) -> Option<(&'d Members, Pointer)> {
        let Some(reference) = text(object, "$ref") else { return Some((object, at.clone())) };
        let (at, node) = end(self.document, reference)?;
        Some((node.as_object()?, at))
    }

    /// Makes every reference in the new document lead to where its target is now.
    pub(super) fn rewrite(&mut self, document: &mut Value) {
        each_text_mut(document, |text, at| self.rewrite_one(text, at));
    }

    fn rewrite_one(&mut self, reference: &mut String, at: &Pointer) {
        let Some(fragment) = reference.strip_prefix('#') else { return };
        let decoded = decoded(fragment);
        // A reference that leads nowhere is easier to understand in the new document's words.
        let found = target(self.document, reference).map(|(pointer, _)| pointer);
        let Some(before) = found.or_else(|| Pointer::parse(&decoded)) else { return };
        let after = self.record.provenance.after(&before);
        if !decoded.is_empty() && !decoded.starts_with('/') {
            let text = format!("read `{reference}` as `#/{decoded}`");
            let before = nearest(self.document, self.record.provenance.before(at));
            self.note(("reference-slash", Interpreted), &MovedNode { before, after: at.clone() }, text);
        } else if after == before {
            return;
        }
        *reference = local(&after);
    }
}
