//! Part of `emit`: an enumeration of texts or whole numbers as an open enum.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs::{attributes, code};
use super::file::FileEmitter;
use super::ident;
use crate::ir::{Docs, EnumValue, Type, TypeId};

impl FileEmitter<'_> {
    /// An enum of texts.
    pub(super) fn text_enum(&self, id: TypeId, ty: &Type, values: &[EnumValue<String>]) -> TokenStream {
        let values: Vec<_> =
            values.iter().map(|value| (quote_text(&value.wire), shown(&value.wire), &value.docs)).collect();
        self.open_enum(id, ty, &values, "string_enum", "UnknownString")
    }

    /// An enum of whole numbers.
    pub(super) fn integer_enum(&self, id: TypeId, ty: &Type, values: &[EnumValue<i64>]) -> TokenStream {
        let values: Vec<_> = values
            .iter()
            .map(|value| {
                let literal = Literal::i64_unsuffixed(value.wire);
                (quote!(#literal), value.wire.to_string(), &value.docs)
            })
            .collect();
        self.open_enum(id, ty, &values, "integer_enum", "UnknownInteger")
    }

    fn open_enum(
        &self,
        id: TypeId,
        ty: &Type,
        values: &[(TokenStream, String, &Docs)],
        codec: &str,
        unknown: &'static str,
    ) -> TokenStream {
        let Some(name) = self.context.names.ty(id) else {
            return TokenStream::new();
        };
        let name = ident(&name.ident);
        let docs = attributes(&self.type_docs(ty));
        let variants: Vec<_> = self.context.names.members(id).iter().map(|name| ident(name)).collect();
        let variant_docs =
            values.iter().map(|(_, text, docs)| attributes(&self.doc_lines(docs, &code(text), &[], None)));
        let wires = values.iter().map(|(wire, _, _)| wire);
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

fn quote_text(text: &str) -> TokenStream {
    let literal = Literal::string(text);
    quote!(#literal)
}

/// A text as JSON writes it.
fn shown(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
