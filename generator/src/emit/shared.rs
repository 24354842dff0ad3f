//! Part of `emit`: common properties of all variants, as methods of the union.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::file::FileEmitter;
use super::types::Item;
use super::{ident, nonempty};
use crate::ir::{Field, Shape, Text, TypeId, Union};
use crate::name::shared_method;

impl FileEmitter<'_> {
    /// Writes the macro call that gives a union a method for each property that all variants have with the same type.
    pub(super) fn shared_fields(
        &self,
        Item { ident: name, members, .. }: &Item<'_>,
        union: &Union,
    ) -> Option<TokenStream> {
        let types = &self.api.types;
        let ends: Vec<TypeId> = union.variants.iter().map(|variant| types.end(variant.ty)).collect();
        // A property of a single variant is not shared.
        let (first, others) = ends.split_first().filter(|(_, others)| !others.is_empty())?;
        let mut taken = BTreeSet::new();
        let methods = types[*first].shape.fields().iter().zip(self.names.members(*first)).filter_map(|(field, own)| {
            let method = shared_method(own);
            let is_shared = !field.ty.boxed && others.iter().all(|other| self.has_field(*other, field, own));
            (is_shared && taken.insert(method.clone())).then(|| self.shared_field(field, own, &method))
        });
        let (methods, codegen) = (nonempty(methods)?, self.runtime("codegen"));
        Some(quote!(#codegen::shared_fields!(#name { in #(#members)|*, #(#methods)* });))
    }

    /// Returns `true` if an object has the same property, with the same name in Rust.
    fn has_field(&self, object: TypeId, field: &Field, own: &str) -> bool {
        let known = self.api.types[object].shape.fields().iter().zip(self.names.members(object));
        let mut same_name = known.filter(|(known, ident)| *ident == own && known.wire_name == field.wire_name);
        same_name.any(|(known, _)| !known.ty.boxed && self.is_same_type(known.ty.not_null(), field.ty.not_null(), 0))
    }

    /// Returns `id: id(text),`.
    fn shared_field(&self, field: &Field, own: &str, method: &str) -> TokenStream {
        let ty = self.rust_type(field.ty.not_null().unboxed());
        let held = match self.resolved(field.ty) {
            _ if field.ty.secret => ty,
            Shape::Text(Text::Plain) => quote!(text),
            Shape::Boolean | Shape::Integer(_) | Shape::Number => quote!(copy #ty),
            _ => ty,
        };
        let (method, own) = (ident(method), ident(own));
        quote!(#method: #own(#held),)
    }
}
