//! The schemas of the IR: types, where they are used, and what they belong to.

use std::fmt;
use std::ops::{Index, IndexMut, RangeInclusive};

use serde_json::Value;

use super::{Docs, StatusMatch, Union};
use crate::never::never;
use clientwright_normalizer::pointer::Pointer;

/// Index into [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeId(pub usize);

/// The types of an API. Types refer to each other by id, so a type may contain itself.
#[derive(Clone, PartialEq)]
pub struct Types {
    all: Vec<Type>,
    /// What an unknown id leads to: any JSON value.
    unknown: Type,
}

impl fmt::Debug for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Types").field(&self.all).finish()
    }
}

impl Default for Types {
    fn default() -> Self {
        Self { all: Vec::new(), unknown: Type::new(Pointer::root(), Owner::Component(String::new()), Shape::Any) }
    }
}

impl Types {
    /// Adds a type and returns its id.
    pub fn push(&mut self, ty: Type) -> TypeId {
        self.all.push(ty);
        TypeId(self.all.len() - 1)
    }

    /// The id behind all aliases.
    pub fn end(&self, id: TypeId) -> TypeId {
        self.follow(id, |_| false)
    }

    /// The type that a use is called after: its own place, or what a component stands for that is only a reference.
    pub fn place(&self, id: TypeId) -> TypeId {
        self.follow(id, |id| self.is_inline_alias(id))
    }

    /// The id behind aliases, up to the first at which to stop.
    pub(crate) fn follow(&self, mut id: TypeId, stops: impl Fn(TypeId) -> bool) -> TypeId {
        // The IR has no cycle of aliases; the bound holds for a value that someone else made.
        for _ in 0..self.all.len() {
            match self[id].shape {
                Shape::Alias(next) if !stops(id) => id = next.ty,
                _ => break,
            }
        }
        id
    }

    /// Whether it is an inline type whose contents are those of another one: an alias with a name of its own.
    pub fn is_inline_alias(&self, id: TypeId) -> bool {
        match (&self[id].shape, &self[id].owner) {
            (Shape::Alias(target), Owner::Form(of, FormKind::Input)) => target.ty == *of || self.is_inline_alias(*of),
            (Shape::Alias(_), _) => !self[id].is_component(),
            _ => false,
        }
    }

    /// The type behind all aliases.
    pub fn resolved(&self, id: TypeId) -> &Type {
        &self[self.end(id)]
    }

    /// The shape behind all aliases.
    pub fn shape(&self, id: TypeId) -> &Shape {
        &self.resolved(id).shape
    }

    /// A type, the type that it is a part of, and so on to one that is part of none.
    pub fn owners(&self, id: TypeId) -> impl Iterator<Item = TypeId> {
        // No type is a part of itself; the bound holds for a value that someone else made.
        std::iter::successors(Some(id), |id| self[*id].owner.parent()).take(self.all.len())
    }

    /// All types with their ids, in the order in which they were met.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        self.ids().zip(&self.all)
    }

    /// The ids of all types.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.all.len()).map(TypeId)
    }

    /// All types, to be changed by a pass.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Type> {
        self.all.iter_mut()
    }

    /// Drops the types that are not to be kept. The caller renumbers the others.
    pub(crate) fn retain(&mut self, keep: impl Fn(TypeId) -> bool) {
        let mut ids = (0..).map(TypeId);
        self.all.retain(|_| ids.next().is_some_and(&keep));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl Index<TypeId> for Types {
    type Output = Type;

    /// The type with that id. An unknown id is a bug: it panics in debug builds, and is any JSON value in release builds.
    fn index(&self, id: TypeId) -> &Type {
        self.all.get(id.0).unwrap_or_else(|| never!(&self.unknown, "{id:?} is unknown"))
    }
}

impl IndexMut<TypeId> for Types {
    fn index_mut(&mut self, id: TypeId) -> &mut Type {
        self.all.get_mut(id.0).unwrap_or_else(|| never!(&mut self.unknown, "{id:?} is unknown"))
    }
}

/// A schema (OpenAPI 3.0.3 §4.7.24) after all passes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Type {
    /// Where it is written.
    pub origin: Pointer,
    /// What it belongs to, from which it takes its name.
    pub owner: Owner,
    /// Its documentation.
    pub docs: Docs,
    /// What it is.
    pub shape: Shape,
    /// `format`, as written, whether or not it makes a difference to the shape.
    pub format: Option<String>,
    /// `enum`, as written, whether or not the shape is an enumeration; `null` only if nothing else is listed.
    pub values: Vec<Value>,
    /// Whether it is an enumeration beside any string, of which the document says that its values are not all.
    pub open: bool,
    /// The bounds that it states, for its documentation.
    pub bounds: Bounds,
    /// `default`, if there is one.
    pub default: Option<Value>,
    /// `example`, if there is one.
    pub example: Option<Value>,
    /// Whether any operation receives it.
    pub read: bool,
    /// Whether any operation sends it.
    pub sent: bool,
}

/// The bounds that a schema states (OpenAPI 3.0.3 §4.7.24.1): for documentation and examples. The server checks them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// `minimum`, and whether the value itself is excluded.
    pub minimum: Option<(serde_json::Number, bool)>,
    /// `maximum`, and whether the value itself is excluded.
    pub maximum: Option<(serde_json::Number, bool)>,
    /// `multipleOf`.
    pub multiple_of: Option<serde_json::Number>,
    /// `minLength`, in characters.
    pub min_length: Option<u64>,
    /// `maxLength`, in characters.
    pub max_length: Option<u64>,
    /// `pattern`, an ECMA-262 regular expression.
    pub pattern: Option<String>,
    /// `minItems`.
    pub min_items: Option<u64>,
    /// `maxItems`.
    pub max_items: Option<u64>,
    /// `uniqueItems`.
    pub unique_items: bool,
    /// `minProperties`.
    pub min_properties: Option<u64>,
    /// `maxProperties`.
    pub max_properties: Option<u64>,
}

impl Type {
    /// A type with a shape and nothing else.
    pub fn new(origin: Pointer, owner: Owner, shape: Shape) -> Self {
        Self {
            origin,
            owner,
            docs: Docs::default(),
            shape,
            format: None,
            values: Vec::new(),
            open: false,
            bounds: Bounds::default(),
            default: None,
            example: None,
            read: false,
            sent: false,
        }
    }

    /// Whether it is a component.
    pub fn is_component(&self) -> bool {
        matches!(self.owner, Owner::Component(_))
    }

    /// Whether every value of this type has that property. `readOnly` and `writeOnly` restrict `required` to one direction
    /// (OpenAPI 3.0.3 §4.7.24.1), so a type that is read and sent requires what both directions require.
    pub fn requires(&self, field: &Field) -> bool {
        match (self.read, self.sent) {
            (true, false) => field.required_when_read,
            (false, true) => field.required_when_sent,
            (true, true) => field.required_when_read && field.required_when_sent,
            // Nothing uses it.
            (false, false) => field.required_when_read || field.required_when_sent,
        }
    }

    /// Whether that property is there, or `null`, whatever was read.
    pub(crate) fn always_has(&self, field: &Field) -> bool {
        self.requires(field) || field.read_default.is_some()
    }

    /// Whether whoever makes a value of this type has to say what that property is.
    pub fn asks_for(&self, field: &Field) -> bool {
        self.requires(field) && field.constant.is_none()
    }
}

/// What a type belongs to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Owner {
    /// `components/schemas/NAME`.
    Component(String),
    /// The type that it is a part of, and its place there.
    Part(TypeId, Place),
    /// The type that it is another form of.
    Form(TypeId, FormKind),
    /// The operation, or the request of the server, with this id.
    Operation(String, Role),
    /// A component of this name in another section than `schemas`.
    Shared(Section, String),
}

/// The place of a type in the type that it is a part of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The property of an object, by its name on the wire.
    Property(String),
    /// The items of an array.
    Item,
    /// An element of a tuple, from 0.
    Element(usize),
    /// The values of a map, or the additional properties of an object.
    Value,
    /// A branch of a union.
    Variant {
        /// Which branch, from 0.
        index: usize,
        /// The component that the branch refers to, where it is more than that: what stands beside the branches holds for it, too.
        component: Option<String>,
    },
}

/// Where a type is not as it is elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormKind {
    /// In requests, where the type itself is read.
    Input,
    /// In requests that the server makes.
    Received,
    /// In `multipart` bodies: its files are parts, and strings elsewhere.
    Multipart,
}

/// What a type is to an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// A parameter, by its name on the wire.
    Parameter(String),
    /// The request body; the media type's place among the body's, from 0.
    RequestBody(usize),
    /// A response; the media type's place among the response's, from 0.
    Response(StatusMatch, usize),
    /// The one body of all responses that mean failure.
    Failure,
}

/// A section of `components`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sections' own names")]
#[non_exhaustive]
pub enum Section {
    Parameters,
    RequestBodies,
    Responses,
}

impl Owner {
    /// The type that it is a part or another form of, if there is one.
    pub fn parent(&self) -> Option<TypeId> {
        match self {
            Self::Part(of, _) | Self::Form(of, _) => Some(*of),
            _ => None,
        }
    }

    /// As [`parent`](Self::parent), to be changed by a pass.
    pub(crate) fn parent_mut(&mut self) -> Option<&mut TypeId> {
        match self {
            Self::Part(of, _) | Self::Form(of, _) => Some(of),
            _ => None,
        }
    }
}

/// A type where it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeRef {
    /// The type.
    pub ty: TypeId,
    /// Whether it may be `null`. Whether it may be absent is known where it is used.
    pub nullable: bool,
    /// Whether it has to be boxed, because it contains the type that uses it or is a branch that may be large.
    pub boxed: bool,
    /// Whether it is never printed (`format: password`, `x-secret`).
    pub secret: bool,
}

impl TypeRef {
    /// A plain use of a type.
    pub fn of(ty: TypeId) -> Self {
        Self { ty, nullable: false, boxed: false, secret: false }
    }

    /// Without its box, and without hiding it.
    pub fn unwrapped(self) -> Self {
        Self { boxed: false, secret: false, ..self }
    }
}

/// What a type is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Shape {
    /// Any JSON value.
    Any,
    /// Only `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// An integer.
    Integer(Integer),
    /// A number.
    Number(Number),
    /// A string.
    Text(Text),
    /// One of some strings; servers may add more.
    TextEnum(Vec<EnumValue>),
    /// One of some integers; servers may add more.
    IntegerEnum(Vec<EnumValue>),
    /// One of some strings, numbers and booleans, of several of these JSON types; servers may add more.
    MixedEnum(Vec<EnumValue>),
    /// An array.
    Array(TypeRef),
    /// An array of as many elements as there are types, each of its own.
    Tuple(Vec<TypeRef>),
    /// An object whose keys are data.
    Map(TypeRef),
    /// An object with named properties.
    Object(Object),
    /// A string that contains the JSON of a type (`contentSchema` of JSON Schema 2020-12, Validation §8.5).
    Contained(TypeRef),
    /// One of several types.
    Union(Union),
    /// Another name for a type: a component that is only a reference, or an inline type that is alike another.
    Alias(TypeRef),
}

impl Shape {
    /// Whether it has members, so that it is an item of its own in Rust. Other shapes can be written out.
    pub fn has_members(&self) -> bool {
        self.is_enumeration() || matches!(self, Self::Object(_) | Self::Union(_) | Self::Tuple(_))
    }

    /// The properties of an object; none if it is no object.
    pub(crate) fn fields(&self) -> &[Field] {
        if let Self::Object(object) = self { &object.fields } else { &[] }
    }

    /// Whether a value takes as much room as all that it holds, so that it is boxed where it is one of several.
    pub(crate) fn is_large(&self) -> bool {
        matches!(self, Self::Object(_) | Self::Tuple(_) | Self::Contained(_))
    }

    /// Whether it lists its values.
    pub fn is_enumeration(&self) -> bool {
        matches!(self, Self::TextEnum(_) | Self::IntegerEnum(_) | Self::MixedEnum(_))
    }

    /// The values that it lists; none if it is not an enumeration.
    pub fn listed(&self) -> Vec<Value> {
        self.enum_values().iter().map(|value| value.wire.clone()).collect()
    }

    /// The values of an enumeration; none if it is not one.
    pub fn enum_values(&self) -> &[EnumValue] {
        match self {
            Self::TextEnum(values) | Self::IntegerEnum(values) | Self::MixedEnum(values) => values,
            _ => &[],
        }
    }

    /// Whether its values are strings, numbers or booleans, or may be.
    pub(crate) fn is_scalar(&self) -> bool {
        self.is_enumeration()
            || matches!(self, Self::Any | Self::Boolean | Self::Integer(_) | Self::Number(_) | Self::Text(_))
    }

    /// How many fields, variants or values it lists.
    pub(crate) fn members(&self) -> usize {
        match self {
            Self::Object(object) => object.fields.len(),
            Self::Union(union) => union.variants.len(),
            Self::Tuple(elements) => elements.len(),
            shape => shape.enum_values().len(),
        }
    }

    /// The types that it is made of, in order.
    pub fn type_refs(&self) -> Vec<TypeRef> {
        match self {
            Self::Array(inner) | Self::Map(inner) | Self::Contained(inner) | Self::Alias(inner) => vec![*inner],
            Self::Object(Object { fields, additional }) => {
                fields.iter().map(|field| field.ty).chain(*additional).collect()
            }
            Self::Union(union) => union.variants.iter().map(|variant| variant.ty).collect(),
            Self::Tuple(elements) => elements.clone(),
            _ => Vec::new(),
        }
    }

    /// As [`type_refs`](Self::type_refs), to be changed by a pass.
    pub(crate) fn type_refs_mut(&mut self) -> Vec<&mut TypeRef> {
        match self {
            Self::Array(inner) | Self::Map(inner) | Self::Contained(inner) | Self::Alias(inner) => vec![inner],
            Self::Object(Object { fields, additional }) => {
                fields.iter_mut().map(|field| &mut field.ty).chain(additional).collect()
            }
            Self::Union(union) => union.variants.iter_mut().map(|variant| &mut variant.ty).collect(),
            Self::Tuple(elements) => elements.iter_mut().collect(),
            _ => Vec::new(),
        }
    }
}

/// How wide an integer is, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integer {
    /// `int8`
    I8,
    /// `int16`
    I16,
    /// `int32`
    I32,
    /// `int64`, or no format
    I64,
    /// `uint8`
    U8,
    /// `uint16`
    U16,
    /// `uint32`
    U32,
    /// `uint64`
    U64,
    /// `type: string, format: int64`: a string on the wire.
    QuotedI64,
    /// `type: string, format: uint64`: a string on the wire.
    QuotedU64,
}

impl Integer {
    /// The smallest and the largest value.
    pub fn range(self) -> RangeInclusive<i128> {
        match self {
            Self::I8 => i8::MIN.into()..=i8::MAX.into(),
            Self::I16 => i16::MIN.into()..=i16::MAX.into(),
            Self::I32 => i32::MIN.into()..=i32::MAX.into(),
            Self::I64 | Self::QuotedI64 => i64::MIN.into()..=i64::MAX.into(),
            Self::U8 => 0..=u8::MAX.into(),
            Self::U16 => 0..=u16::MAX.into(),
            Self::U32 => 0..=u32::MAX.into(),
            Self::U64 | Self::QuotedU64 => 0..=u64::MAX.into(),
        }
    }
}

/// How wide a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// `float`
    F32,
    /// `double`, or no format
    F64,
    /// `decimal`, or an integer whose bounds are beyond 64 bits: exact
    Decimal,
}

/// The format of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Text {
    /// Anything.
    Plain,
    /// A date and a time (RFC 3339 §5.6).
    DateTime,
    /// A date (`full-date` of RFC 3339 §5.6).
    Date,
    /// A time of day (`full-time` of RFC 3339 §5.6).
    Time,
    /// A duration (RFC 3339 appendix A).
    Duration,
    /// A number with all of its digits.
    Decimal,
    /// A UUID (RFC 9562).
    Uuid,
    /// Bytes as Base64 (`format: byte`, RFC 4648 §4).
    Base64,
    /// Bytes, in a part of a `multipart` body (`format: binary`).
    File,
}

/// One value of an enumeration.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EnumValue {
    /// As on the wire: a string, an integer, or any scalar, as the [`Shape`] says.
    pub wire: Value,
    /// Its name in code (`x-enum-varnames`), if it has one.
    pub name: Option<String>,
    /// Its documentation.
    pub docs: Docs,
}

impl EnumValue {
    /// Its name in code, or else its text on the wire.
    pub(crate) fn called(&self) -> String {
        self.name.clone().unwrap_or_else(|| text_of(&self.wire))
    }
}

/// A number as a float.
pub(crate) fn float(number: &serde_json::Number) -> f64 {
    number.as_f64().unwrap_or_else(|| never!(0.0, "{number} is not a float"))
}

/// A string's contents; other values as JSON.
pub fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An object with named properties.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Object {
    /// The properties, in the document's order.
    pub fields: Vec<Field>,
    /// The type of all other properties, where `additionalProperties` allows some; they are kept in a map.
    pub additional: Option<TypeRef>,
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// Its name on the wire.
    pub wire_name: String,
    /// Whether a response must hold it: `required`, and not `writeOnly`. What that makes of a type is
    /// [`Type::requires`]; whether it may be `null` is [`TypeRef::nullable`].
    pub required_when_read: bool,
    /// Whether a request must hold it: `required`, and not `readOnly`.
    pub required_when_sent: bool,
    /// Its type.
    pub ty: TypeRef,
    /// Its documentation, as written at the property itself.
    pub docs: Docs,
    /// `default` at the property itself, if there is one.
    pub default: Option<Value>,
    /// The value to read if the property is absent: a scalar, or an empty array or object.
    pub read_default: Option<Value>,
    /// The only value that it can have, if it is there: a constructor does not ask for it.
    pub constant: Option<Value>,
    /// `example` at the property itself, if there is one.
    pub example: Option<Value>,
    /// Only in responses.
    pub read_only: bool,
    /// Only in requests.
    pub write_only: bool,
    /// Where it is written.
    pub origin: Pointer,
}
