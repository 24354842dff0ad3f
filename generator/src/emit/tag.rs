//! Part of `emit`: the file of a tag, with its operations.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{attributes, code};
use super::file::File;
use super::operation::Call;
use super::{Artifact, Context, ident};
use crate::ir::{Tag, TagId};
use crate::name::TagName;

/// `<tag>.rs` for each tag.
pub(super) fn files(context: &Context<'_>) -> Vec<Artifact> {
    let tags = context.api.tags.iter().zip(&context.names.tags).enumerate();
    tags.map(|(index, (tag, name))| Artifact {
        path: format!("{}/{}.rs", context.api.module, name.module),
        tokens: File::new(context).tag(TagId(index), tag, name),
    })
    .collect()
}

impl File<'_> {
    fn tag(&self, id: TagId, tag: &Tag, name: &TagName) -> TokenStream {
        let operations = self.context.api.operations.iter().zip(self.context.calls).zip(&self.context.names.operations);
        let operations = operations.filter(|((operation, _), _)| operation.tag == id);
        let mut methods = TokenStream::new();
        let mut items = TokenStream::new();
        for ((operation, calls), operation_name) in operations {
            for (variant, variant_name) in calls.variants.iter().zip(&operation_name.variants) {
                let call = Call { operation, calls, name: operation_name, variant, variant_name };
                let of = format!("{}::{}", name.ident, variant_name.method);
                methods.extend(self.method(&call));
                items.extend(self.request(&call, &name.ident));
                items.extend(self.outcome_enum(&variant.success, variant_name.success.as_ref(), &of));
            }
            let first = operation_name.variants.first().map_or("", |variant| variant.method.as_str());
            let of = format!("{}::{first}", name.ident);
            items.extend(self.outcome_enum(&calls.failure, operation_name.failure.as_ref(), &of));
        }
        let client = self.runtime("Client");
        let tag_ident = ident(&name.ident);
        let docs = attributes(&self.doc_lines(&tag.docs, &fallback(tag), &[], None));
        let imports = self.imports();
        quote! {
            #imports
            #docs
            #[derive(Clone, Copy, Debug)]
            pub struct #tag_ident<'c> { pub(super) client: &'c #client }
            impl #tag_ident<'_> { #methods }
            #items
        }
    }
}

/// What is said about a tag that the document says nothing about.
pub(super) fn fallback(tag: &Tag) -> String {
    format!("The operations tagged {}.", code(&tag.name))
}
