//! Part of `emit`: the file of a tag, with its operations; a large tag is a folder with a file for each.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{attributes, code};
use super::file::FileEmitter;
use super::operation::Call;
use super::{Artifact, Content, Context, ident};
use crate::call_variants::CallVariants;
use crate::ir::{Operation, Tag, TagId};
use crate::name::{OperationName, TagName};

/// An operation by its place in the IR.
type Index = usize;

/// `<tag>.rs` for each tag; for a large one `<tag>/mod.rs` and `<tag>/<operation>.rs`.
pub(super) fn files(context: &Context<'_>) -> Vec<Artifact> {
    let module = &context.api.module;
    let mut artifacts = Vec::new();
    for (index, name) in context.names.tags.iter().enumerate() {
        let tag = TagId(index);
        let stem = if name.folder { format!("{}/mod", name.module) } else { name.module.clone() };
        artifacts.push(Artifact { path: format!("{module}/{stem}.rs"), content: Content::Tag(tag) });
        if name.folder {
            artifacts.extend(operations(context, tag).map(|(index, name)| Artifact {
                path: format!("{module}/{}/{}.rs", context.tag(tag).module, name.file),
                content: Content::Operation(index),
            }));
        }
    }
    artifacts
}

/// The operations of a tag, in the document's order.
fn operations<'a>(context: &'a Context<'_>, tag: TagId) -> impl Iterator<Item = (Index, &'a OperationName)> {
    let all = context.api.operations.iter().zip(&context.names.operations).enumerate();
    all.filter(move |(_, (operation, _))| operation.tag == tag).map(|(index, (_, name))| (index, name))
}

/// The methods of some operations, and the items that belong to them.
#[derive(Default)]
struct TagItems {
    methods: TokenStream,
    items: TokenStream,
}

impl FileEmitter<'_> {
    /// A tag's struct, with its operations where it is no folder.
    pub(super) fn tag(&self, id: TagId) -> TokenStream {
        let (Some(tag), name) = (self.context.api.tags.get(id.0), self.context.tag(id)) else {
            return TokenStream::new();
        };
        let declared = if tag.implied { TokenStream::new() } else { self.tag_struct(tag, name) };
        if name.folder {
            let index = self.operation_index(id);
            let imports = self.imports();
            return quote!(#imports #index #declared);
        }
        let mut written = TagItems::default();
        for (index, _) in operations(self.context, id) {
            self.write_operation(index, &mut written);
        }
        let TagItems { methods, items } = written;
        let owner = self.owner(id);
        let imports = self.imports();
        quote!(#imports #declared impl #owner { #methods } #items)
    }

    /// What the methods of a tag belong to: its struct, or the client itself.
    fn owner(&self, tag: TagId) -> TokenStream {
        let name = ident(&self.context.tag(tag).ident);
        if self.context.is_implied(tag) {
            self.client_struct();
            return quote!(#name);
        }
        quote!(#name<'_>)
    }

    fn tag_struct(&self, tag: &Tag, name: &TagName) -> TokenStream {
        let client = self.runtime("Client");
        let tag_ident = ident(&name.ident);
        let docs = attributes(&self.doc_lines(&tag.docs, &fallback(tag), &[], None));
        quote! {
            #docs
            #[derive(Clone, Copy, Debug)]
            pub struct #tag_ident<'c> { pub(super) client: &'c #client }
        }
    }

    /// The modules of a large tag's operations, and what they export.
    fn operation_index(&self, tag: TagId) -> TokenStream {
        let mut exports: Vec<(&str, Vec<String>)> =
            operations(self.context, tag).map(|(index, name)| (name.file.as_str(), self.exported(index))).collect();
        exports.sort_unstable();
        let modules = exports.iter().map(|(file, _)| {
            let file = ident(file);
            quote!(mod #file;)
        });
        let exports = exports.iter().map(|(file, names)| super::types::export(file, names));
        quote!(#(#modules)* #(#exports)*)
    }

    /// The names of the items that belong to an operation.
    fn exported(&self, index: Index) -> Vec<String> {
        let mut names = Vec::new();
        for call in self.calls(index) {
            let name = call.variant_name;
            names.extend((!call.optional().is_empty()).then(|| name.request.clone()));
            names.extend(name.success.as_ref().map(|success| success.ident.clone()));
        }
        let failure = self.context.names.operations.get(index).and_then(|name| name.failure.as_ref());
        names.extend(failure.map(|failure| failure.ident.clone()));
        names.sort_unstable();
        names
    }

    /// One operation of a large tag.
    pub(super) fn operation(&self, index: Index) -> TokenStream {
        let Some(operation) = self.context.api.operations.get(index) else {
            return TokenStream::new();
        };
        if !self.context.is_implied(operation.tag) {
            self.above(&self.context.tag(operation.tag).ident);
        }
        let mut written = TagItems::default();
        self.write_operation(index, &mut written);
        let TagItems { methods, items } = written;
        let owner = self.owner(operation.tag);
        let imports = self.imports();
        quote!(#imports impl #owner { #methods } #items)
    }

    fn write_operation(&self, index: Index, written: &mut TagItems) {
        let TagItems { methods, items } = written;
        let Some((operation, calls, name)) = self.whole(index) else { return };
        let tag = &self.context.tag(operation.tag).ident;
        for call in self.calls(index) {
            let (variant, name) = (call.variant, call.variant_name);
            let of = format!("{tag}::{}", name.method);
            methods.extend(self.method(&call));
            items.extend(self.request(&call, tag));
            items.extend(self.response_enum(&variant.success, name.success.as_ref(), &of));
        }
        let first = name.variants.first().map_or("", |variant| variant.method.as_str());
        let of = format!("{tag}::{first}");
        items.extend(self.response_enum(&calls.failure, name.failure.as_ref(), &of));
    }

    fn whole(&self, index: Index) -> Option<(&Operation, &CallVariants, &OperationName)> {
        let Context { api, calls, names, .. } = self.context;
        Some((api.operations.get(index)?, calls.get(index)?, names.operations.get(index)?))
    }

    /// The calls of an operation.
    fn calls(&self, index: Index) -> impl Iterator<Item = Call<'_>> {
        self.whole(index).into_iter().flat_map(|(operation, calls, name)| {
            let variants = calls.variants.iter().zip(&name.variants);
            variants.map(move |(variant, variant_name)| Call { operation, calls, name, variant, variant_name })
        })
    }
}

/// What is said about a tag that the document says nothing about.
pub(super) fn fallback(tag: &Tag) -> String {
    if tag.implied {
        return "The operations without a tag.".to_owned();
    }
    format!("The operations tagged {}.", code(&tag.name))
}
