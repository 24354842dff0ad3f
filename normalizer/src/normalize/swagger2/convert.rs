//! Part of `swagger2`: the state of a conversion.
//!
//! In: a document, and what converts it. Out: the converted document with its references rewritten. Invariant: the document as it was stays at hand.

use std::collections::BTreeSet;

use serde_json::Value;

use super::record::{MovedNode, Record};
use super::servers::Address;
use super::subtypes::Subtypes;
use super::targets::list;
use crate::json::{Members, members};
use crate::normalize::names::Names;
use crate::normalize::pass::{Outcome, Passed};
use crate::pointer::Pointer;

/// What the ledger says of a reference to something in a place to which OpenAPI 3 has no references.
pub(super) const INLINED: &str = "a reference to something other than a shared object: replaced with a copy";

/// Converts a document, and then its references.
pub(super) fn run(value: Value, convert_all: impl for<'d> FnOnce(&mut Convert<'d>, &'d Members) -> Value) -> Outcome {
    let Value::Object(document) = &value else { return Ok(Passed { value, ..Passed::default() }) };
    let mut convert = Convert::new(&value, document);
    let mut converted = convert_all(&mut convert, document);
    convert.rewrite(&mut converted);
    convert.record.finish(converted)
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
            shared: Pointer::root().key("parameters"),
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
