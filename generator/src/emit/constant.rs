//! Part of `emit`: constants, the values of properties with only one possible value.
//!
//! In: a use of a type and its only JSON value. Out: an expression of that type.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use super::file::FileEmitter;
use super::literal;
use crate::ir::{Shape, TypeRef, float};
use crate::never::never;

impl FileEmitter<'_> {
    /// Returns a constant as an expression of its type.
    pub(super) fn constant(&self, used: TypeRef, value: &Value) -> TokenStream {
        if used.nullable && value.is_null() {
            return quote!(None);
        }
        let mut inner = self.not_null(used, value);
        if self.is_newtype(used) {
            // An alias has no constructor.
            let ty = self.rust_type(TypeRef::of(self.types.end(used)));
            inner = quote!(#ty(#inner));
        }
        if used.secret {
            let secret = self.runtime("Secret");
            inner = quote!(#secret::new(#inner));
        }
        if used.nullable { quote!(Some(#inner)) } else { inner }
    }

    fn not_null(&self, used: TypeRef, value: &Value) -> TokenStream {
        let shape = self.resolved(used);
        let index = shape.listed().iter().position(|listed| listed == value);
        if let Some(variant) = index.and_then(|index| self.names.members(self.types.end(used)).get(index)) {
            let (ty, variant) = (self.rust_type(TypeRef::of(used.ty)), super::ident(variant));
            return quote!(#ty::#variant);
        }
        match (shape, value) {
            (Shape::Any, value) => self.json(value),
            (Shape::Object(_), _) => {
                let ty = self.rust_type(TypeRef::of(used.ty));
                quote!(#ty::new())
            }
            (Shape::Decimal, Value::Number(number)) => {
                let (ty, text) = (self.runtime_or_path("Decimal"), number.to_string());
                quote!(#ty::from_text(#text))
            }
            (Shape::Number, Value::Number(number)) => Literal::f64_unsuffixed(float(number)).into_token_stream(),
            (_, Value::String(text)) => quote!(#text.to_owned()),
            (_, Value::Number(_) | Value::Bool(_)) => literal(value, false),
            (Shape::Null, Value::Null) => quote!(()),
            (shape, value) => never!(quote!(()), "{value} is not a value of {shape:?}"),
        }
    }

    /// Returns a single JSON value as an expression.
    fn json(&self, value: &Value) -> TokenStream {
        let json = self.runtime("JsonValue");
        match value {
            Value::Null => quote!(#json::Null),
            Value::Bool(value) => quote!(#json::Bool(#value)),
            value => {
                let value = literal(value, true);
                quote!(#json::from(#value))
            }
        }
    }
}
