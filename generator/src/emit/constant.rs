//! Part of `emit`: constants, the values of properties with only one possible value.
//!
//! In: a use of a type and its only JSON value. Out: an expression of that type.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::{Map, Value};

use super::file::FileEmitter;
use super::{literal, nonempty};
use crate::ir::{Number, Shape, TypeRef, float};
use crate::never::never;

impl FileEmitter<'_> {
    /// Returns a constant as an expression of its type.
    pub(super) fn constant(&self, used: TypeRef, value: &Value) -> TokenStream {
        if used.nullable && value.is_null() {
            return quote!(None);
        }
        let mut inner = self.not_null(used, value);
        if self.is_newtype(used) {
            // An alias cannot be called.
            let ty = self.rust_type(TypeRef::of(self.api.types.end(used.ty)));
            inner = quote!(#ty(#inner));
        }
        if used.secret {
            let secret = self.runtime("Secret");
            inner = quote!(#secret::new(#inner));
        }
        if used.nullable { quote!(Some(#inner)) } else { inner }
    }

    fn not_null(&self, used: TypeRef, value: &Value) -> TokenStream {
        let types = &self.api.types;
        let shape = self.resolved(used.ty);
        let index = shape.listed().iter().position(|listed| listed == value);
        if let Some(variant) = index.and_then(|index| self.names.members(types.end(used.ty)).get(index)) {
            let (ty, variant) = (self.rust_type(TypeRef::of(used.ty)), super::ident(variant));
            return quote!(#ty::#variant);
        }
        match (shape, value) {
            (Shape::Any, value) => self.json(value),
            (Shape::Object(_), _) => {
                let ty = self.rust_type(TypeRef::of(used.ty));
                quote!(#ty::new())
            }
            (Shape::Map(item), Value::Object(entries)) if self.is_any(*item) => self.json_object(entries),
            (Shape::Map(item), Value::Object(entries)) => {
                let map = self.btree_map();
                let entries = entries.iter().map(|(key, value)| (key, self.constant(*item, value)));
                filled(&map, entries)
            }
            (Shape::Array(item), Value::Array(items)) => list(items.iter().map(|value| self.constant(*item, value))),
            (Shape::Tuple(elements), Value::Array(items)) => {
                let elements = elements.iter().zip(items).map(|(element, value)| self.constant(*element, value));
                quote!((#(#elements),*))
            }
            (Shape::Number(Number::Decimal), Value::Number(number)) => {
                let (ty, text) = (self.runtime_or_path("Decimal"), number.to_string());
                quote!(#ty::from_text(#text))
            }
            (Shape::Number(Number::F32), Value::Number(number)) => {
                Literal::f32_unsuffixed(float(number) as f32).into_token_stream()
            }
            (Shape::Number(Number::F64), Value::Number(number)) => {
                Literal::f64_unsuffixed(float(number)).into_token_stream()
            }
            (_, Value::String(text)) => quote!(#text.to_owned()),
            (_, Value::Number(_) | Value::Bool(_)) => literal(value, false),
            (Shape::Null, Value::Null) => quote!(()),
            (shape, value) => never!(quote!(()), "{value} is not a value of {shape:?}"),
        }
    }

    /// Returns any JSON value as an expression.
    fn json(&self, value: &Value) -> TokenStream {
        let json = self.runtime("JsonValue");
        match value {
            Value::Null => quote!(#json::Null),
            Value::Bool(value) => quote!(#json::Bool(#value)),
            Value::String(_) | Value::Number(_) => {
                let value = literal(value, true);
                quote!(#json::from(#value))
            }
            Value::Array(items) => {
                let items = list(items.iter().map(|item| self.json(item)));
                quote!(#json::Array(#items))
            }
            Value::Object(entries) => {
                let object = self.json_object(entries);
                quote!(#json::Object(#object))
            }
        }
    }

    fn json_object(&self, entries: &Map<String, Value>) -> TokenStream {
        let entries = entries.iter().map(|(key, value)| (key, self.json(value)));
        filled(&self.runtime("JsonObject"), entries)
    }
}

fn list(items: impl Iterator<Item = TokenStream>) -> TokenStream {
    nonempty(items).map_or_else(|| quote!(Vec::new()), |items| quote!(vec![#(#items),*]))
}

fn filled<'k>(map: &TokenStream, entries: impl Iterator<Item = (&'k String, TokenStream)>) -> TokenStream {
    let entries = entries.map(|(key, value)| quote!((#key.to_owned(), #value)));
    nonempty(entries).map_or_else(|| quote!(#map::new()), |entries| quote!(#map::from_iter([#(#entries),*])))
}
