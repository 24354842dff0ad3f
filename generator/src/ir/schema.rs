//! The schemas of the IR: types, their uses and their owners.

use std::fmt;
use std::ops::{Index, IndexMut, RangeInclusive};

use serde_json::Value;

use super::{Docs, StatusMatch, Union, Variant};
use crate::never::never;
use clientwright_normalizer::pointer::Pointer;

/// Index into [`Types`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// The types of an API. Types refer to each other by id, so a type may contain itself.
#[derive(Clone, Default, PartialEq)]
pub struct Types {
    all: Vec<Type>,
    /// The fallback for an unknown id: any JSON value.
    unknown: Type,
}

impl fmt::Debug for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Types").field(&self.all).finish()
    }
}

impl Types {
    /// Adds a type and returns its id.
    pub fn push(&mut self, ty: Type) -> TypeId {
        self.all.push(ty);
        TypeId(self.all.len() - 1)
    }

    /// Returns the id behind all aliases.
    pub fn end(&self, id: impl Into<TypeId>) -> TypeId {
        self.follow(id.into(), |_| false)
    }

    /// Returns the type that names a use: its own place, or the target of a component that is only a reference.
    pub fn place(&self, id: impl Into<TypeId>) -> TypeId {
        self.follow(id.into(), |id| self.is_inline_alias(id))
    }

    /// Returns the id behind aliases, up to the first one to stop at.
    pub(crate) fn follow(&self, mut id: TypeId, stops: impl Fn(TypeId) -> bool) -> TypeId {
        // The IR has no cycle of aliases; the bound is a safeguard.
        for _ in 0..self.all.len() {
            match self[id].shape {
                Shape::Alias(next) if !stops(id) => id = next.ty,
                _ => break,
            }
        }
        id
    }

    /// Returns `true` for an inline type with the contents of another type: an alias with its own name.
    pub fn is_inline_alias(&self, id: TypeId) -> bool {
        match (&self[id].shape, &self[id].owner) {
            (Shape::Alias(target), Owner::Form(of, FormKind::Input)) => target.ty == *of || self.is_inline_alias(*of),
            (Shape::Alias(_), _) => !self[id].is_component(),
            _ => false,
        }
    }

    /// Returns the type behind all aliases.
    pub fn resolved(&self, id: impl Into<TypeId>) -> &Type {
        &self[self.end(id)]
    }

    /// Returns the shape behind all aliases.
    pub fn shape(&self, id: impl Into<TypeId>) -> &Shape {
        &self.resolved(id).shape
    }

    /// Returns a type and its owners, innermost first.
    pub fn owners(&self, id: TypeId) -> impl Iterator<Item = TypeId> {
        // No type owns itself; the bound is a safeguard.
        std::iter::successors(Some(id), |id| self[*id].owner.parent()).take(self.all.len())
    }

    /// Returns the components with their names.
    pub(crate) fn components(&self) -> impl Iterator<Item = (TypeId, &str)> {
        self.iter().filter_map(|(id, ty)| match &ty.owner {
            Owner::Component(name) => Some((id, name.as_str())),
            _ => None,
        })
    }

    /// Returns all types with their ids, in the order of creation.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        self.ids().zip(&self.all)
    }

    /// Returns the ids of all types.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.all.len()).map(TypeId)
    }

    /// Returns all types mutably, for passes.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Type> {
        self.all.iter_mut()
    }

    /// Calls `find` with every field, and then `set` with every field and its result.
    pub(crate) fn update_fields<R>(
        &mut self,
        find: impl Fn(&Self, TypeId, &Field) -> R,
        mut set: impl FnMut(&mut Field, R),
    ) {
        let fields = self.iter().flat_map(|(id, ty)| ty.shape.fields().iter().map(move |field| (id, field)));
        let found: Vec<R> = fields.map(|(id, field)| find(self, id, field)).collect();
        let fields = self.all.iter_mut().flat_map(|ty| ty.shape.fields_mut());
        fields.zip(found).for_each(|(field, found)| set(field, found));
    }

    /// Removes the types for which `keep` returns `false`. The caller renumbers the others.
    pub(crate) fn retain(&mut self, keep: impl Fn(TypeId) -> bool) {
        let mut ids = (0..).map(TypeId);
        self.all.retain(|_| ids.next().is_some_and(&keep));
    }

    /// Returns the number of types.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Returns `true` if there are no types.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl Index<TypeId> for Types {
    type Output = Type;

    /// Returns the type with that id. An unknown id is a bug: it panics in debug builds, and returns any JSON value in release
    /// builds.
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
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Type {
    /// Its JSON pointer.
    pub origin: Pointer,
    /// The owner, from which the type's name derives.
    pub owner: Owner,
    /// The documentation.
    pub docs: Docs,
    /// The shape.
    pub shape: Shape,
    /// `format`, as written, even if it does not affect the shape.
    pub format: Option<String>,
    /// `enum`, as written, even if the shape is not an enumeration; `null` only if it is the only value.
    pub values: Vec<Value>,
    /// Whether the type is an open enumeration: `anyOf` of an enumeration and any string.
    pub open: bool,
    /// The bounds, for documentation.
    pub bounds: Bounds,
    /// `default`, if any.
    pub default: Option<Value>,
    /// `example`, if any.
    pub example: Option<Value>,
    /// `xml` (OpenAPI 3.0.3 §4.7.26), and that of items as `items`, if a body of the API is XML.
    pub xml: Value,
    /// Whether any operation receives the type.
    pub read: bool,
    /// Whether any operation sends the type.
    pub sent: bool,
}

/// The bounds of a schema (OpenAPI 3.0.3 §4.7.24.1), for documentation and examples. The server checks them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// `minimum`, and whether it is exclusive.
    pub minimum: Option<(serde_json::Number, bool)>,
    /// `maximum`, and whether it is exclusive.
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
    /// Creates a type with only a shape.
    pub fn new(origin: Pointer, owner: Owner, shape: Shape) -> Self {
        Self { origin, owner, shape, ..Self::default() }
    }

    /// Returns `true` for bytes, which are files in a `multipart` body.
    pub(crate) fn is_binary(&self) -> bool {
        self.shape == Shape::Text(Text::File) || self.format.as_deref() == Some("binary")
    }

    /// Returns `true` for a component.
    pub fn is_component(&self) -> bool {
        matches!(self.owner, Owner::Component(_))
    }

    /// Returns `true` if every value of this type has the property. `readOnly` and `writeOnly` restrict `required` to one direction
    /// (OpenAPI 3.0.3 §4.7.24.1), so a type that is both read and sent requires only what both directions require.
    pub fn requires(&self, field: &Field) -> bool {
        match (self.read, self.sent) {
            (true, false) => field.required_when_read,
            (false, true) => field.required_when_sent,
            (true, true) => field.required_when_read && field.required_when_sent,
            // Unused types.
            (false, false) => field.required_when_read || field.required_when_sent,
        }
    }

    /// Returns `true` if every received value has the property, possibly as `null`.
    pub(crate) fn always_has(&self, field: &Field) -> bool {
        self.requires(field) || field.read_default.is_some()
    }

    /// Returns `true` if a constructor takes the property.
    pub fn is_argument(&self, field: &Field) -> bool {
        self.requires(field) && field.constant.is_none()
    }
}

/// The owner of a type.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Owner {
    /// `components/schemas/NAME`.
    Component(String),
    /// A part of a type, at this place.
    Part(TypeId, Place),
    /// Another form of a type.
    Form(TypeId, FormKind),
    /// An operation, webhook or callback with this id.
    Operation(String, Role),
    /// A component of this name in a section other than `schemas`.
    Shared(Section, String),
    /// The failures of several operations; with their status if it is the same.
    Failures(Option<StatusMatch>),
}

/// The place of a type in its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The property of an object, by its name on the wire.
    Property(String),
    /// The items of an array.
    Item,
    /// An element of a tuple, by index.
    Element(usize),
    /// The values of a map, or the additional properties of an object.
    Value,
    /// A branch of a union.
    Variant {
        /// The index of the branch.
        index: usize,
        /// The components that the branch combines with its siblings and with branches of other choices.
        components: Vec<String>,
    },
}

/// The context in which a type has another form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormKind {
    /// Requests, if the type itself is read.
    Input,
    /// Webhooks and callbacks.
    Received,
    /// `multipart` bodies, with files as parts.
    Multipart,
}

/// The role of a type in an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// A parameter, by its name on the wire.
    Parameter(String),
    /// The request body, with the index of its media type.
    RequestBody(usize),
    /// A response, with the index of its media type.
    Response(StatusMatch, usize),
    /// The common body of all failures.
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

impl Default for Owner {
    /// Returns a component without a name.
    fn default() -> Self {
        Self::Component(String::new())
    }
}

impl Owner {
    /// Returns the type of which this is a part or another form, if any.
    pub fn parent(&self) -> Option<TypeId> {
        match self {
            Self::Part(of, _) | Self::Form(of, _) => Some(*of),
            _ => None,
        }
    }

    /// Returns [`parent`](Self::parent) mutably, for passes.
    pub(crate) fn parent_mut(&mut self) -> Option<&mut TypeId> {
        match self {
            Self::Part(of, _) | Self::Form(of, _) => Some(of),
            _ => None,
        }
    }
}

/// A use of a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TypeRef {
    /// The type.
    pub ty: TypeId,
    /// Whether the value may be `null`. The owner determines whether it may be absent.
    pub nullable: bool,
    /// Whether the use must be boxed: it contains the type that uses it, or is a large branch.
    pub boxed: bool,
    /// Whether the value is hidden in debug output (`format: password`, `x-secret`).
    pub secret: bool,
}

impl TypeRef {
    /// Creates a plain use of a type.
    pub fn of(ty: TypeId) -> Self {
        Self { ty, ..Self::default() }
    }

    /// Returns the use unboxed.
    pub fn unboxed(self) -> Self {
        Self { boxed: false, ..self }
    }

    /// Returns the use as non-null.
    pub(crate) fn not_null(self) -> Self {
        Self { nullable: false, ..self }
    }
}

impl From<TypeRef> for TypeId {
    /// Returns the used type.
    fn from(used: TypeRef) -> Self {
        used.ty
    }
}

/// The shape of a type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// Any JSON value.
    #[default]
    Any,
    /// Only `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// An integer.
    Integer(Integer),
    /// A number: `double`, `float` or no format. Servers send more digits than fit into a `float`.
    Number,
    /// An exact number: `decimal`, or an integer with bounds beyond 64 bits.
    Decimal,
    /// A string.
    Text(Text),
    /// An enumeration of strings; the server may return unknown values.
    TextEnum(Vec<EnumValue>),
    /// An enumeration of integers; the server may return unknown values.
    IntegerEnum(Vec<EnumValue>),
    /// An enumeration of several JSON types: strings, numbers and booleans; the server may return unknown values.
    MixedEnum(Vec<EnumValue>),
    /// An array.
    Array(TypeRef),
    /// An array of fixed length, with a type for each element.
    Tuple(Vec<TypeRef>),
    /// An object with arbitrary keys.
    Map(TypeRef),
    /// An object with named properties.
    Object(Object),
    /// A string that contains the JSON of a type (`contentSchema` of JSON Schema 2020-12, Validation §8.5).
    Contained(TypeRef),
    /// One of several types.
    Union(Union),
    /// An alias: a component that is only a reference, or an inline type equal to another.
    Alias(TypeRef),
}

/// Collects the types that a shape consists of, by shared or mutable reference.
macro_rules! type_refs {
    ($shape:expr, $iter:ident $(, $mut:tt)?) => {
        match $shape {
            Self::Array(inner) | Self::Map(inner) | Self::Contained(inner) | Self::Alias(inner) => vec![inner],
            Self::Object(Object { fields, additional }) => {
                fields.$iter().map(|field| &$($mut)? field.ty).chain(additional).collect()
            }
            Self::Union(union) => union.variants.$iter().map(|variant| &$($mut)? variant.ty).collect(),
            Self::Tuple(elements) => elements.$iter().collect(),
            _ => Vec::new(),
        }
    };
}

impl Shape {
    /// Returns `true` for shapes with members, which are named Rust items. Other shapes can be written inline.
    pub fn has_members(&self) -> bool {
        self.is_enumeration() || matches!(self, Self::Object(_) | Self::Union(_) | Self::Tuple(_))
    }

    /// Returns the properties of an object; empty for other shapes.
    pub(crate) fn fields(&self) -> &[Field] {
        if let Self::Object(object) = self { &object.fields } else { &[] }
    }

    /// Returns the properties of an object mutably; empty for other shapes.
    pub(crate) fn fields_mut(&mut self) -> &mut [Field] {
        if let Self::Object(object) = self { &mut object.fields } else { &mut [] }
    }

    /// Returns the shape as a union, if it is one.
    pub(crate) fn union(&self) -> Option<&Union> {
        if let Self::Union(union) = self { Some(union) } else { None }
    }

    /// Returns the variants of a union; empty for other shapes.
    pub(crate) fn variants(&self) -> &[Variant] {
        self.union().map_or(&[], |union| &union.variants)
    }

    /// Returns `true` if a value is as large as its contents together, and is therefore boxed in unions.
    pub(crate) fn is_large(&self) -> bool {
        matches!(self, Self::Object(_) | Self::Tuple(_) | Self::Contained(_))
    }

    /// Returns `true` for enumerations.
    pub fn is_enumeration(&self) -> bool {
        matches!(self, Self::TextEnum(_) | Self::IntegerEnum(_) | Self::MixedEnum(_))
    }

    /// Returns the listed values; empty for other shapes.
    pub fn listed(&self) -> Vec<Value> {
        self.enum_values().iter().map(|value| value.wire.clone()).collect()
    }

    /// Returns the values of an enumeration; empty for other shapes.
    pub fn enum_values(&self) -> &[EnumValue] {
        match self {
            Self::TextEnum(values) | Self::IntegerEnum(values) | Self::MixedEnum(values) => values,
            _ => &[],
        }
    }

    /// Returns `true` if the values are, or may be, strings, numbers or booleans.
    pub(crate) fn is_scalar(&self) -> bool {
        self.is_enumeration()
            || matches!(
                self,
                Self::Any | Self::Boolean | Self::Integer(_) | Self::Number | Self::Decimal | Self::Text(_)
            )
    }

    /// Returns the number of fields, variants or values.
    pub(crate) fn members(&self) -> usize {
        match self {
            Self::Object(object) => object.fields.len(),
            Self::Union(union) => union.variants.len(),
            Self::Tuple(elements) => elements.len(),
            shape => shape.enum_values().len(),
        }
    }

    /// Returns the types that the shape consists of, in order.
    pub fn type_refs(&self) -> Vec<TypeRef> {
        let used: Vec<&TypeRef> = type_refs!(self, iter);
        used.into_iter().copied().collect()
    }

    /// Returns [`type_refs`](Self::type_refs) mutably, for passes.
    pub(crate) fn type_refs_mut(&mut self) -> Vec<&mut TypeRef> {
        type_refs!(self, iter_mut, mut)
    }
}

/// The width and encoding of an integer. The names of widths are Rust's, capitalized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// Returns the smallest and the largest value.
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

/// The format of a string. All except [`Plain`](Self::Plain) are runtime types with the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Text {
    /// Any string.
    Plain,
    /// A date and a time (RFC 3339 §5.6).
    DateTime,
    /// A date (`full-date` of RFC 3339 §5.6).
    Date,
    /// A time of day (`full-time` of RFC 3339 §5.6).
    Time,
    /// A duration (RFC 3339 appendix A).
    Duration,
    /// An exact decimal number.
    Decimal,
    /// A UUID (RFC 9562).
    Uuid,
    /// Bytes as Base64 (`format: byte`, RFC 4648 §4).
    Base64,
    /// Bytes, in a part of a `multipart` body (`format: binary`).
    File,
}

/// One value of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct EnumValue {
    /// The value on the wire: a string, an integer, or any scalar, depending on the [`Shape`].
    pub wire: Value,
    /// The name in code (`x-enum-varnames`), if any.
    pub name: Option<String>,
    /// The documentation.
    pub docs: Docs,
}

impl EnumValue {
    /// Returns the name in code, or otherwise the text on the wire.
    pub(crate) fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| text_of(&self.wire))
    }
}

/// Converts a number to a float.
pub(crate) fn float(number: &serde_json::Number) -> f64 {
    number.as_f64().unwrap_or_else(|| never!(0.0, "{number} is not a float"))
}

/// Returns the contents of a string, and other values as JSON.
pub fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An object with named properties.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Object {
    /// The properties, in document order.
    pub fields: Vec<Field>,
    /// The type of additional properties, which are kept in a map; `None` if they are not allowed.
    pub additional: Option<TypeRef>,
}

/// A property of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Field {
    /// The name on the wire.
    pub wire_name: String,
    /// Whether responses require the property: `required`, and not `writeOnly`. See also [`Type::requires`] and
    /// [`TypeRef::nullable`].
    pub required_when_read: bool,
    /// Whether requests require the property: `required`, and not `readOnly`.
    pub required_when_sent: bool,
    /// The type.
    pub ty: TypeRef,
    /// The documentation of the property itself.
    pub docs: Docs,
    /// `default` of the property itself, if any.
    pub default: Option<Value>,
    /// The default when decoding, if the property is absent: a scalar, or an empty array or object.
    pub read_default: Option<Value>,
    /// The only possible value, which constructors fill in.
    pub constant: Option<Value>,
    /// Whether constructors set the constant although it is optional, because it distinguishes the branches of a union.
    pub distinguishes: bool,
    /// Whether calls set the property, which selects between a reply and a stream.
    pub switch: bool,
    /// `example` of the property itself, if any.
    pub example: Option<Value>,
    /// `xml` of the property or its type, if a body of the API is XML.
    pub xml: Value,
    /// Whether the property is `readOnly`.
    pub read_only: bool,
    /// Whether the property is `writeOnly`.
    pub write_only: bool,
    /// The JSON pointer.
    pub origin: Pointer,
}
