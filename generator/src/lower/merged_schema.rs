//! Part of `lower`: the merged keywords of schemas that a value must satisfy together.
//!
//! Invariant: plain data. `merge` creates it.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::notes;
use crate::ir::{Bounds, Docs};
use crate::never::never;
use crate::resolve::Node;
use crate::schema_keywords::{Keywords, ReferenceOr, SchemaType, keyword_of};
use clientwright_normalizer::json::members;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::extensions::DEFAULT_MAPPING;

/// The distance of a part from the schema that is being read, which determines whose annotations apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The schema itself.
    Outer,
    /// A part in its `allOf`.
    Inline,
    /// A referenced part, which is documented where it is defined.
    Referenced,
}

/// One of several schemas that a value must satisfy together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part<'d> {
    /// The location.
    pub(super) at: Pointer,
    /// The schema.
    pub(super) schema: ReferenceOr<'d>,
    /// The component through which the part was reached, if by reference.
    pub(super) home: Option<String>,
    /// The distance.
    pub(super) rank: Rank,
    /// Whether `oneOf` and `anyOf` are ignored, because their branches are processed one by one.
    pub(super) without_branches: bool,
}

impl<'d> Part<'d> {
    /// Creates a part for the schema at this location.
    pub(super) fn new(at: Pointer, schema: ReferenceOr<'d>) -> Self {
        Self { at, schema, home: None, rank: Rank::Outer, without_branches: false }
    }

    /// Creates a part for an inline schema.
    pub(super) fn inline(schema: Node<'d>) -> Self {
        Self::new(schema.at, ReferenceOr::Inline(schema.item))
    }

    /// Creates a part for the `schema` of a node.
    pub(super) fn schema_of(node: &Node<'d>) -> Option<Self> {
        node.get("schema").map(|schema| Self::new(schema.at, ReferenceOr::of_schema(schema.item)))
    }

    /// Returns the schemas in `allOf`, `oneOf` or `anyOf` of this part with these keywords.
    pub(super) fn listed(&self, keywords: &Keywords<'d>, keyword: &str) -> Vec<Self> {
        let schemas = keywords.compositions.get(keyword).into_iter().flatten();
        let place = |index| if keywords.is_reference { self.at.clone() } else { self.at.key(keyword).index(index) };
        schemas.enumerate().map(|(index, schema)| self.child(place(index), *schema)).collect()
    }

    /// Returns a listed schema as a part that must be satisfied together with this one.
    pub(super) fn joined(&self, listed: Self) -> Self {
        let rank = match listed.schema {
            ReferenceOr::Reference(_) => Rank::Referenced,
            ReferenceOr::Inline(_) => self.rank.max(Rank::Inline),
        };
        Self { rank, without_branches: self.without_branches, ..listed }
    }

    /// Returns a separate schema below this part.
    pub(super) fn child(&self, at: Pointer, schema: ReferenceOr<'d>) -> Self {
        Self { home: self.home.clone(), ..Self::new(at, schema) }
    }
}

/// Returns the location of the last of several parts.
pub(super) fn last_place(parts: &[Part<'_>]) -> Pointer {
    parts.last().map_or_else(|| never!(Pointer::root(), "no part of a schema"), |part| part.at.clone())
}

/// The merged `additionalProperties`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Additional<'d> {
    /// Unspecified.
    #[default]
    Unsaid,
    /// Forbidden.
    Forbidden,
    /// Schemas that additional properties must satisfy; any value if empty.
    Schemas(Vec<Part<'d>>),
}

impl<'d> Additional<'d> {
    /// Returns the schemas, if additional properties are allowed explicitly.
    pub(super) fn schemas(&self) -> Option<&[Part<'d>]> {
        if let Self::Schemas(parts) = self { Some(parts) } else { None }
    }

    /// Intersects with the value of this keyword in a part.
    pub(super) fn and(self, part: &Part<'d>, key: &str, keyword: &'d Value) -> Self {
        let mut schemas = match self {
            Self::Unsaid => Vec::new(),
            Self::Forbidden => return self,
            Self::Schemas(known) => known,
        };
        match keyword {
            Value::Bool(true) => {}
            Value::Bool(false) => return Self::Forbidden,
            schema => schemas.push(part.child(part.at.key(key), ReferenceOr::of_schema(schema))),
        }
        Self::Schemas(schemas)
    }
}

/// A `oneOf` or `anyOf` of at least two branches, ignoring `null`.
#[derive(Clone)]
pub(super) struct Branches<'d> {
    /// The location of the keyword.
    pub(super) at: Pointer,
    /// The schema with the keyword, without its branches.
    pub(super) of: Part<'d>,
    pub(super) parts: Vec<Part<'d>>,
    pub(super) discriminator: Option<Tagging<'d>>,
}

/// A discriminator and its location (OpenAPI 3.0.3 §4.7.25).
#[derive(Clone)]
pub(super) struct Tagging<'d> {
    pub(super) at: Pointer,
    discriminator: &'d Value,
}

impl<'d> Tagging<'d> {
    /// Returns the discriminator of a schema.
    pub(super) fn of(schema: &'d Value, at: &Pointer) -> Option<Self> {
        keyword_of(schema, "discriminator").map(|discriminator| Self { at: at.key("discriminator"), discriminator })
    }

    /// Returns the property whose value selects the branch.
    pub(super) fn property(&self) -> &'d str {
        notes::required(self.discriminator, "propertyName")
    }

    /// Returns the target of unmatched and missing values.
    pub(super) fn default(&self) -> Option<&'d str> {
        self.discriminator[DEFAULT_MAPPING].as_str()
    }

    /// Returns the location of a value of the property in the mapping.
    pub(super) fn place_of(&self, text: &str) -> Pointer {
        self.at.key("mapping").key(text)
    }

    /// Returns the values of the property and their targets.
    pub(super) fn mapping(&self) -> impl Iterator<Item = (&'d String, &'d str)> + use<'d> {
        members(&self.discriminator["mapping"]).filter_map(|(text, target)| Some((text, target.as_str()?)))
    }
}

/// The merged keywords of schemas.
#[derive(Default)]
pub(super) struct MergedSchema<'d> {
    pub(super) kind: Option<SchemaType>,
    pub(super) format: Option<String>,
    /// `enum` without `null`.
    pub(super) values: Option<Vec<Value>>,
    /// Whether `null` is the only value in `enum`, and allowed.
    pub(super) only_null: bool,
    /// The location of the `enum`, the last one if there are several.
    pub(super) values_at: Pointer,
    /// Names and descriptions of those values.
    pub(super) value_notes: ValueNotes,
    /// The schemas that the value of each property must satisfy.
    pub(super) properties: IndexMap<&'d str, Vec<Part<'d>>>,
    /// The required properties, each with the first `required` that lists it.
    pub(super) required: IndexMap<&'d str, Pointer>,
    pub(super) additional: Additional<'d>,
    pub(super) items: Vec<Part<'d>>,
    /// `x-prefix-items`: the elements of an array.
    pub(super) prefix_items: Option<&'d Value>,
    pub(super) branches: Vec<Branches<'d>>,
    /// A discriminator without sibling branches, as in a base type.
    pub(super) base: Option<Tagging<'d>>,
    pub(super) bounds: Bounds,
    pub(super) annotations: Annotations,
    pub(super) nullable: bool,
    pub(super) secret: bool,
    /// Whether a reference is broken or the parts contradict each other; already reported.
    pub(super) conflict: bool,
}

/// Annotations, which do not restrict values.
#[derive(Clone, Default)]
pub(super) struct Annotations {
    pub(super) docs: Docs,
    /// The default, with the location of its schema.
    pub(super) default: Option<(Value, Pointer)>,
    pub(super) example: Option<Value>,
}

impl Annotations {
    /// Returns the annotations of the schema at `at`.
    pub(super) fn of(schema: &Value, at: &Pointer) -> Self {
        let default = keyword_of(schema, "default").map(|default| (default.clone(), at.clone()));
        Self { docs: notes::docs(schema), default, example: keyword_of(schema, "example").cloned() }
    }

    /// Returns these annotations, with missing ones from `more`.
    pub(super) fn or(self, more: Self) -> Self {
        Self {
            docs: notes::merged(self.docs, more.docs),
            default: self.default.or(more.default),
            example: self.example.or(more.example),
        }
    }
}

/// Names and descriptions of the values of an `enum`, by the values as JSON.
pub(super) type ValueNotes = BTreeMap<String, ValueNote>;

/// The name and description of one value.
#[derive(Clone, Default, PartialEq)]
pub(super) struct ValueNote {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
}
