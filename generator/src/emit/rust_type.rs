//! Part of `emit`: the Rust type of a use of an IR type.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::file::FileEmitter;
use super::{ident, joined};
use crate::ir::{Integer, Shape, Text, TypeId, TypeRef, parts};
use crate::never::never;

/// The maximum depth of arrays and maps that are written inline; real documents do not nest as deeply between components.
pub(super) const DEPTH: usize = 200;

impl FileEmitter<'_> {
    /// Returns the type of a present value, including nullability.
    pub fn rust_type(&self, used: TypeRef) -> TokenStream {
        self.nested(used, 0)
    }

    /// Returns a type by id. A component that is only an array, a map or a scalar is written inline, so that signatures show it. An
    /// inline type is named after its own place, even if it shares its contents.
    fn type_by_id(&self, id: TypeId, depth: usize) -> TokenStream {
        let types = self.types;
        let id = types.place(id);
        if depth >= DEPTH {
            return self.runtime("JsonValue");
        }
        let ty = &types[id];
        let is_item = ty.shape.has_members() || types.is_inline_alias(id) || self.context.is_newtype(id);
        match self.names.ty(id) {
            Some(name) if is_item => self.named_type(name),
            _ => self.shape(&ty.shape, depth),
        }
    }

    /// Returns the Rust type of an unnamed shape.
    pub(super) fn shape(&self, shape: &Shape, depth: usize) -> TokenStream {
        match shape {
            Shape::Any => self.runtime("JsonValue"),
            Shape::Object(_) | Shape::Union(_) | Shape::TextEnum(_) | Shape::IntegerEnum(_) | Shape::MixedEnum(_) => {
                never!(self.runtime("JsonValue"), "{shape:?} has no name")
            }
            Shape::Null => quote!(()),
            Shape::Boolean => quote!(bool),
            Shape::Integer(integer) => {
                let name = format!("{integer:?}").trim_start_matches("Quoted").to_ascii_lowercase();
                ident(name).into_token_stream()
            }
            Shape::Number => quote!(f64),
            Shape::Decimal => self.runtime_or_path("Decimal"),
            Shape::Text(text) => self.text_type(*text),
            Shape::Array(item) => generic(quote!(Vec), self.nested(*item, depth + 1)),
            Shape::Tuple(elements) => {
                let elements = elements.iter().map(|element| self.nested(*element, depth + 1));
                quote!((#(#elements),*))
            }
            Shape::Map(value) if self.is_any(*value) => self.runtime("JsonObject"),
            Shape::Map(value) => {
                let (map, value) = (self.btree_map(), self.nested(*value, depth + 1));
                quote!(#map<String, #value>)
            }
            Shape::Contained(target) | Shape::Alias(target) => self.nested(*target, depth + 1),
        }
    }

    /// Returns the type of a string by format.
    pub(super) fn text_type(&self, text: Text) -> TokenStream {
        match text {
            Text::Plain => quote!(String),
            text => self.runtime_or_path(&format!("{text:?}")),
        }
    }

    fn nested(&self, used: TypeRef, depth: usize) -> TokenStream {
        self.wrapped(used, self.type_by_id(used.ty, depth))
    }

    /// Wraps a type, or a codec, as its use requires.
    fn wrapped(&self, used: TypeRef, mut inner: TokenStream) -> TokenStream {
        if used.secret {
            inner = generic(self.runtime("Secret"), inner);
        }
        if used.boxed {
            inner = generic(quote!(Box), inner);
        }
        if used.nullable { generic(quote!(Option), inner) } else { inner }
    }

    /// Returns `true` if two uses are the same type in Rust, regardless of names and boxes.
    pub(super) fn is_same_type(&self, one: TypeRef, other: TypeRef, depth: usize) -> bool {
        let types = self.types;
        let (id, other_id) = (types.end(one), types.end(other));
        match (&types[id].shape, &types[other_id].shape) {
            _ if (one.nullable, one.secret) != (other.nullable, other.secret) => false,
            _ if id == other_id => true,
            _ if depth >= DEPTH || self.context.is_newtype(id) || self.context.is_newtype(other_id) => false,
            (one @ (Shape::Array(_) | Shape::Map(_) | Shape::Tuple(_)), other) => {
                let is_same = |(one, other)| self.is_same_type(one, other, depth + 1);
                parts(one, other).is_some_and(|parts| parts.into_iter().all(is_same))
            }
            (Shape::Integer(one), Shape::Integer(other)) => one.range() == other.range(),
            (one, other) if is_decimal(one) => is_decimal(other),
            (one, other) => !one.has_members() && one == other,
        }
    }

    /// Returns `true` if a value may be anything, including `null`.
    pub fn is_any(&self, used: TypeRef) -> bool {
        !used.secret && *self.resolved(used) == Shape::Any
    }

    /// Returns `true` if the type is a newtype around an array, a map or a tuple.
    pub(super) fn is_newtype(&self, used: TypeRef) -> bool {
        self.context.is_newtype(self.types.end(used))
    }

    /// Returns the shape behind all aliases.
    pub fn resolved(&self, id: impl Into<TypeId>) -> &Shape {
        self.types.shape(id)
    }

    /// Returns the codec of a use whose serialization differs from that of its type, or `None`.
    pub fn codec(&self, used: TypeRef) -> Option<TokenStream> {
        self.nested_codec(used, 0)
    }

    fn nested_codec(&self, used: TypeRef, depth: usize) -> Option<TokenStream> {
        let inner = self.codec_by_id(used.ty, depth)?;
        Some(self.wrapped(used.unboxed(), inner))
    }

    fn codec_by_id(&self, id: TypeId, depth: usize) -> Option<TokenStream> {
        let id = self.types.end(id);
        // A newtype includes its codec.
        if depth >= DEPTH || self.context.is_newtype(id) {
            return None;
        }
        let nested = |used: &TypeRef| self.nested_codec(*used, depth + 1);
        let plain = || quote!(());
        match &self.types[id].shape {
            Shape::Integer(Integer::QuotedI64 | Integer::QuotedU64) | Shape::Text(Text::Decimal) => {
                let codegen = self.runtime("codegen");
                Some(quote!(#codegen::Quoted))
            }
            Shape::Contained(inner) => {
                let (codegen, inner) = (self.runtime("codegen"), nested(inner).unwrap_or_else(plain));
                Some(quote!(#codegen::Contained<#inner>))
            }
            Shape::Array(item) => nested(item).map(|item| generic(quote!(Vec), item)),
            Shape::Map(value) => nested(value).map(|value| {
                let map = self.btree_map();
                quote!(#map<String, #value>)
            }),
            Shape::Tuple(elements) => {
                let codecs: Vec<Option<TokenStream>> = elements.iter().map(nested).collect();
                let markers = codecs.iter().map(|codec| codec.clone().unwrap_or_else(plain));
                codecs.iter().any(Option::is_some).then(|| quote!((#(#markers),*)))
            }
            Shape::Alias(target) => nested(target),
            _ => None,
        }
    }
}

/// Returns a generic type with an argument.
fn generic(ty: TokenStream, argument: TokenStream) -> TokenStream {
    joined([ty, quote!(<), argument, quote!(>)].map(Some))
}

/// Returns `true` if a number or a string is a decimal in Rust.
fn is_decimal(shape: &Shape) -> bool {
    matches!(shape, Shape::Decimal | Shape::Text(Text::Decimal))
}
