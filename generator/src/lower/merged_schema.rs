//! Part of `lower`: what schemas say that a value has to satisfy together.
//!
//! Invariant: plain data. `merge` makes it, and what reads schemas reads it.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::notes;
use crate::ir::{Bounds, Docs};
use crate::never::never;
use crate::schema_keywords::{ReferenceOr, SchemaType, said};
use clientwright_normalizer::json::members;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::extensions::DEFAULT_MAPPING;

/// How close a part is to the schema that is being read: it decides whose words describe the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The schema itself.
    Outer,
    /// Written into its `allOf`.
    Inline,
    /// Referred to: described where it is defined.
    Referenced,
}

/// One of the schemas that a value has to satisfy together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part<'d> {
    /// Where it is.
    pub(super) at: Pointer,
    /// What is there.
    pub(super) schema: ReferenceOr<'d>,
    /// The component through which it was reached, if it was by reference.
    pub(super) home: Option<String>,
    /// How close it is.
    pub(super) rank: Rank,
    /// Whether its `oneOf` and `anyOf` are left out, because their branches are looked at one by one.
    pub(super) without_branches: bool,
}

impl<'d> Part<'d> {
    /// The schema at this place.
    pub(super) fn new(at: Pointer, schema: ReferenceOr<'d>) -> Self {
        Self { at, schema, home: None, rank: Rank::Outer, without_branches: false }
    }

    /// A schema that this part lists, to be satisfied together with it.
    pub(super) fn joined(&self, at: Pointer, schema: ReferenceOr<'d>) -> Self {
        let rank = match schema {
            ReferenceOr::Reference(_) => Rank::Referenced,
            ReferenceOr::Inline(_) => self.rank.max(Rank::Inline),
        };
        Self { at, schema, home: self.home.clone(), rank, without_branches: self.without_branches }
    }

    /// A schema of its own below this part.
    pub(super) fn child(&self, at: Pointer, schema: ReferenceOr<'d>) -> Self {
        Self { at, schema, home: self.home.clone(), rank: Rank::Outer, without_branches: false }
    }
}

/// Where the last of some parts is, of which there is at least one.
pub(super) fn last_place(parts: &[Part<'_>]) -> Pointer {
    parts.last().map_or_else(|| never!(Pointer::root(), "no part of a schema"), |part| part.at.clone())
}

/// `additionalProperties` of all parts together.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Additional<'d> {
    /// Nothing is said about them.
    #[default]
    Unsaid,
    /// There are none.
    Forbidden,
    /// They satisfy all of these; without any, they may hold anything.
    Schemas(Vec<Part<'d>>),
}

impl<'d> Additional<'d> {
    /// What they satisfy, if there may be some by a schema.
    pub(super) fn schemas(&self) -> Option<&[Part<'d>]> {
        if let Self::Schemas(parts) = self { Some(parts) } else { None }
    }
}

/// A `oneOf` or `anyOf` of at least two branches, `null` aside.
#[derive(Clone, Debug)]
pub(super) struct Branches<'d> {
    /// Where the keyword is.
    pub(super) at: Pointer,
    pub(super) parts: Vec<Part<'d>>,
    pub(super) discriminator: Option<Tagging<'d>>,
}

/// A discriminator and where it is (OpenAPI 3.0.3 §4.7.25).
#[derive(Clone, Debug)]
pub(super) struct Tagging<'d> {
    pub(super) at: Pointer,
    discriminator: &'d Value,
}

impl<'d> Tagging<'d> {
    /// The discriminator of a schema.
    pub(super) fn of(schema: &'d Value, at: &Pointer) -> Option<Self> {
        said(schema, "discriminator").map(|discriminator| Self { at: at.key("discriminator"), discriminator })
    }

    /// The property whose value tells the branch.
    pub(super) fn property(&self) -> &'d str {
        notes::required(self.discriminator, "propertyName")
    }

    /// What any other value of the property means, and none.
    pub(super) fn default(&self) -> Option<&'d str> {
        self.discriminator[DEFAULT_MAPPING].as_str()
    }

    /// The values of the property, and what they are mapped to.
    pub(super) fn mapping(&self) -> impl Iterator<Item = (&'d String, &'d str)> + use<'d> {
        members(&self.discriminator["mapping"]).filter_map(|(text, target)| Some((text, target.as_str()?)))
    }
}

/// What several schemas say together.
#[derive(Clone, Debug, Default)]
pub(super) struct MergedSchema<'d> {
    pub(super) kind: Option<SchemaType>,
    pub(super) format: Option<String>,
    /// `enum` without `null`.
    pub(super) values: Option<Vec<Value>>,
    /// Whether `null` is all that `enum` lists, and is allowed.
    pub(super) only_null: bool,
    /// The `enum` that they come from, the last one if there are several.
    pub(super) values_at: Pointer,
    /// What is said about those values.
    pub(super) value_notes: ValueNotes,
    /// The schemas that the value of each property has to satisfy.
    pub(super) properties: IndexMap<&'d str, Vec<Part<'d>>>,
    /// Each with the first `required` that lists it.
    pub(super) required: IndexMap<&'d str, Pointer>,
    pub(super) additional: Additional<'d>,
    pub(super) items: Vec<Part<'d>>,
    /// What `x-prefix-items` says of the elements of an array.
    pub(super) prefix_items: Option<&'d Value>,
    pub(super) branches: Vec<Branches<'d>>,
    /// A discriminator that stands beside no branches: that of a base type.
    pub(super) base: Option<Tagging<'d>>,
    pub(super) bounds: Bounds,
    pub(super) docs: Docs,
    /// With the place of the schema that it stands in.
    pub(super) default: Option<(Value, Pointer)>,
    pub(super) example: Option<Value>,
    pub(super) nullable: bool,
    pub(super) secret: bool,
    /// Whether the parts contradict each other, which a diagnostic has said already.
    pub(super) conflict: bool,
}

/// What is said about the values of an `enum` beside it, by the values as JSON.
pub(super) type ValueNotes = BTreeMap<String, ValueNote>;

/// What is said about one value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ValueNote {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
}
