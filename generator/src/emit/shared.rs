//! Part of `emit`: common properties of all variants, as methods of the union.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::file::FileEmitter;
use super::types::Item;
use super::{ident, nonempty};
use crate::ir::{Field, Shape, Text, Union, Variant};
use crate::name::shared_method;

/// The maximum number of shared properties of a variant, because many unions may have the same variants.
const SHARED: usize = 128;

impl FileEmitter<'_> {
    /// Writes the macro call with a method of a union for each property that all variants have with the same type.
    pub(super) fn shared_fields(
        &self,
        Item { ident: name, members, .. }: &Item<'_>,
        union: &Union,
    ) -> Option<TokenStream> {
        // The first properties that the object owns, by their names in Rust and in JSON.
        let fields = |variant: &Variant| {
            let object = self.types.end(variant.ty);
            let fields = self.types[object].shape.fields().iter().zip(self.names.members(object));
            let owned = fields.take(SHARED).filter(|(field, _)| !field.ty.boxed);
            owned.map(|(field, own)| ((own.as_str(), field.wire_name.as_str()), field))
        };
        // A property of a single variant is not shared.
        let (first, others) = union.variants.split_first().filter(|(_, others)| !others.is_empty())?;
        let others: Vec<BTreeMap<_, _>> = others.iter().map(|variant| fields(variant).collect()).collect();
        let mut taken = BTreeSet::new();
        let methods = fields(first).filter_map(|(name, field)| {
            let is_same = |known: &&Field| self.is_same_type(known.ty.not_null(), field.ty.not_null(), 0);
            let is_shared = others.iter().all(|other| other.get(&name).is_some_and(is_same));
            let method = is_shared.then(|| shared_method(name.0))?;
            taken.insert(method.clone()).then(|| self.shared_field(field, name.0, &method))
        });
        let (methods, codegen) = (nonempty(methods)?, self.runtime("codegen"));
        Some(quote!(#codegen::shared_fields!(#name { in #(#members)|*, #(#methods)* });))
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
