//! Part of `emit`: an enumeration of strings or integers as an open enum.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde::Serialize;

use super::docs::{attributes, code};
use super::facts::doc_comment;
use super::file::FileEmitter;
use super::ident;
use super::types::Item;
use crate::ir::EnumValue;

impl FileEmitter<'_> {
    /// The enum, with the runtime's macro that writes its codec and the runtime's type of other values.
    pub(super) fn open_enum<T: Serialize>(
        &self,
        Item { ident: name, docs, members: variants, .. }: &Item<'_>,
        values: &[EnumValue<T>],
        literal: impl Fn(&T) -> Literal,
        codec: &str,
        unknown: &str,
    ) -> TokenStream {
        let variant_docs = values.iter().map(|value| {
            let fallback = code(&serde_json::json!(value.wire).to_string());
            doc_comment(&value.docs, &fallback)
        });
        let wires = values.iter().map(|value| literal(&value.wire));
        let unknown_docs = attributes(&["A value that the document does not list, kept unchanged.".to_owned()]);
        let (unknown, codegen, codec) = (self.runtime(unknown), self.runtime("codegen"), ident(codec));
        quote! {
            #docs
            #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
            #[non_exhaustive]
            pub enum #name {
                #(#variant_docs #variants,)*
                #unknown_docs
                Unknown(#unknown),
            }
            #codegen::#codec!(#name { #(#variants => #wires,)* });
        }
    }
}
