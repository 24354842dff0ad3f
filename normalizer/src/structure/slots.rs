//! The kinds of objects in a document of any version, for passes that run before conversion to OpenAPI 3.0.
//!
//! In: a slot and a key. Out: the slot below. Invariant: a `$ref` in an example, default, enum or extension is data.

use serde_json::Value;

use super::grammar::Form::{self, *};
use super::grammar::{Field, Kind};
use crate::json;
use crate::pointer::{Pointer, child};
use crate::reference::text;

/// The kind of value that a place of a document may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Slot {
    /// An object of this kind, or a reference to one.
    One(Kind),
    /// An array of objects of this kind.
    List(Kind),
    /// An object whose members are of this kind.
    Map(Kind),
    /// The `mapping` of a discriminator: its values are names of schemas or references.
    Mapping,
    /// A reference in place of a string, as in documents of several files.
    Text,
    /// Anything else.
    Data,
}

/// The versions whose fields a walk visits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Versions {
    /// OpenAPI 3.0, 3.1 and 3.2 together, since documents mix them.
    OpenApi3,
    /// OpenAPI 3, Swagger 2.0, and widely supported extensions.
    All,
    /// All versions, with misspelled keys: documents as written in their files.
    AsWritten,
}

impl Slot {
    /// The whole document.
    pub(crate) const DOCUMENT: Self = Self::One(Kind::Document);
    /// A schema.
    pub(crate) const SCHEMA: Self = Self::One(Kind::Schema);

    /// Returns the slot of `part`, the member or item `key` of a node in this slot.
    pub(crate) fn below(self, key: &str, part: &Value, versions: Versions) -> Self {
        match self {
            Self::One(kind) => kind.member(key, part, versions),
            Self::Map(kind) => Self::One(kind),
            Self::List(kind) if key.parse::<usize>().is_ok() => Self::One(kind),
            _ => Self::Data,
        }
    }

    /// Returns the node at `pointer` of an OpenAPI 3 document, and its slot; `None` if there is no such node, or if `may_pass` returns
    /// `false` for a key on the path.
    pub(crate) fn at<'v>(
        document: &'v Value,
        pointer: &Pointer,
        may_pass: impl Fn(Self, &Value, &str) -> bool,
    ) -> Option<(Self, &'v Value)> {
        pointer.segments().try_fold((Self::DOCUMENT, document), |(slot, node), key| {
            let part = child(node, &key).filter(|_| may_pass(slot, node, &key))?;
            Some((slot.below(&key, part, Versions::OpenApi3), part))
        })
    }

    /// Visits the parts of `node` in this slot: each with its key or index and its slot. Data is skipped.
    pub(crate) fn each_part<'v>(
        self,
        node: &'v Value,
        versions: Versions,
        mut visit: impl FnMut(&str, &'v Value, Self),
    ) {
        if self.fits(node) {
            json::each(node, |key, part| match self.below(key, part, versions) {
                Self::Data => {}
                slot => visit(key, part, slot),
            });
        }
    }

    /// Visits `node` in this slot at `at`, and then its parts, each with its slot and pointer. The parts of a node are skipped if `visit`
    /// returns `false`, and data is always skipped.
    pub(crate) fn walk<'v>(
        self,
        node: &'v Value,
        at: &mut Pointer,
        versions: Versions,
        visit: &mut impl FnMut(&'v Value, Self, &Pointer) -> bool,
    ) {
        if visit(node, self, at) {
            self.each_part(node, versions, |key, part, slot| {
                let length = at.enter(key);
                slot.walk(part, at, versions, visit);
                at.truncate(length);
            });
        }
    }

    fn walk_mut(self, node: &mut Value, at: &mut Pointer, visit: &mut impl FnMut(&mut Value, Self, &Pointer)) {
        visit(node, self, at);
        if self.fits(node) {
            json::each_mut(node, |key, part| match self.below(key, part, Versions::All) {
                Self::Data => {}
                slot => {
                    let length = at.enter(key);
                    slot.walk_mut(part, at, visit);
                    at.truncate(length);
                }
            });
        }
    }

    /// Visits a whole document as [`Self::walk`] does.
    pub(crate) fn walk_all<'v>(
        document: &'v Value,
        versions: Versions,
        mut visit: impl FnMut(&'v Value, Self, &Pointer) -> bool,
    ) {
        Self::DOCUMENT.walk(document, &mut Pointer::root(), versions, &mut visit);
    }

    /// Visits a document as [`Self::walk_all`] does, for all versions and for modification. Each node is visited before
    /// its parts.
    pub(crate) fn walk_all_mut(document: &mut Value, mut visit: impl FnMut(&mut Value, Self, &Pointer)) {
        Self::DOCUMENT.walk_mut(document, &mut Pointer::root(), &mut visit);
    }

    /// Returns `true` if the node has the JSON type of this slot.
    pub(crate) fn fits(self, node: &Value) -> bool {
        match self {
            Self::One(_) | Self::Map(_) => node.is_object(),
            Self::List(_) => node.is_array(),
            Self::Mapping | Self::Text | Self::Data => false,
        }
    }

    /// Returns the kind of the object in this slot, if it is one.
    pub(crate) fn object(self) -> Option<Kind> {
        if let Self::One(kind) = self { Some(kind) } else { None }
    }

    /// Returns the name in messages of a value in this slot.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::One(kind) => kind.grammar().name,
            Self::List(_) => "an array",
            Self::Map(_) | Self::Mapping => "an object",
            Self::Text => "a string",
            Self::Data => "a value",
        }
    }

    pub(crate) fn of(form: &Form) -> Self {
        match form {
            List(item) => Self::of(item).object().map_or(Self::Data, Self::List),
            Map(item) | Components(item) => Self::of(item).object().map_or(Self::Data, Self::Map),
            Is(kind) | OrReference(kind) => Self::One(*kind),
            SchemaOrBoolean => Self::SCHEMA,
            _ => Self::Data,
        }
    }
}

impl Kind {
    /// Returns the section of `components` for objects of this kind (OpenAPI 3.1 §4.8.7, 3.2 §4.7); `None` if it does
    /// not exist.
    pub(crate) fn section(self) -> Option<&'static str> {
        let components = Kind::Components.grammar();
        let mut fields = components.fields.iter().chain(components.later);
        fields.find(|field| Slot::of(&field.form) == Slot::Map(self)).map(|field| field.name)
    }

    /// Returns the slot of `value` under `key` of an object of this kind.
    pub(crate) fn member(self, key: &str, value: &Value, versions: Versions) -> Slot {
        match (self, key) {
            // Up to JSON Schema draft 2019-09: an array of schemas.
            (Self::Schema, "items") if value.is_array() => return Slot::List(Self::Schema),
            (Self::Discriminator, "mapping") => return Slot::Mapping,
            _ => {}
        }
        let object = self.grammar();
        let field = |fields: &'static [Field]| fields.iter().find(|field| field.name == key).map(|field| &field.form);
        let other = || if versions == Versions::OpenApi3 { None } else { field(object.other) };
        let meant = || {
            let is_lenient = versions == Versions::AsWritten;
            is_lenient.then(|| object.meant_by(key, value)).flatten().map(|meant| &meant.field.form)
        };
        match object.form_of(key).or_else(|| field(object.later)).or_else(other).or_else(meant) {
            Some(Text) if text(value).is_some() => Slot::Text,
            form => form.map_or(Slot::Data, Slot::of),
        }
    }
}
