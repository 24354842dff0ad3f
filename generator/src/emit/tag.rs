//! Part of `emit`: the file of a tag, with its operations; a large tag is a folder with a file for each.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, code};
use super::facts::doc_lines;
use super::file::{self, FileEmitter, Module};
use super::operation::Call;
use super::{Artifact, Context, ident, joined};
use crate::call_variants::CallVariants;
use crate::ir::{Operation, Tag, TagId};
use crate::name::{OperationName, TagName};

/// The maximum number of tags with accessors in the client's file; with more, each accessor is in its tag's file.
const MANY_TAGS: usize = 100;

/// An operation, the ways to call it, and its names.
pub(super) type NamedOperation<'a> = (&'a Operation, &'a CallVariants, &'a OperationName);

/// Returns `<tag>.rs` for each tag; for a large one `<tag>/mod.rs` and `<tag>/<operation>.rs`.
pub(super) fn files<'a>(context: &'a Context<'a>) -> Vec<Artifact<'a>> {
    let mut of_tags: BTreeMap<TagId, Vec<NamedOperation<'_>>> = BTreeMap::new();
    for whole in operations(context) {
        of_tags.entry(whole.0.tag).or_default().push(whole);
    }
    let mut artifacts = Vec::new();
    for (index, (tag, name)) in context.api.tags.iter().zip(&context.names.tags).enumerate() {
        let (id, module) = (TagId(index), &name.module);
        let own = of_tags.remove(&id).unwrap_or_default();
        let mut operation_files = Vec::new();
        if name.folder {
            operation_files.extend(own.iter().map(|whole @ (.., operation)| {
                let (whole, file) = (*whole, format!("{module}/{}", operation.file));
                Artifact::new(context, file, move |emitter| emitter.operation_file(id, name, whole))
            }));
        }
        let stem = if name.folder { format!("{module}/mod") } else { module.clone() };
        let write = move |emitter: &FileEmitter<'_>| emitter.tag(id, tag, name, &own);
        artifacts.push(Artifact::new(context, stem, write));
        artifacts.extend(operation_files);
    }
    artifacts
}

/// Returns all operations, in document order.
pub(super) fn operations<'a>(context: &'a Context<'_>) -> impl Iterator<Item = NamedOperation<'a>> {
    let all = context.api.operations.iter().zip(context.calls).zip(&context.names.operations);
    all.map(|((operation, calls), name)| (operation, calls, name))
}

/// Returns the calls of an operation.
pub(super) fn calls<'a>((operation, calls, name): NamedOperation<'a>) -> impl Iterator<Item = Call<'a>> {
    let variants = calls.variants.iter().zip(&name.variants);
    variants.map(move |(variant, variant_name)| Call { operation, calls, name, variant, variant_name })
}

/// Returns the names of the items of an operation.
fn exported(whole @ (.., operation): NamedOperation<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for call in calls(whole) {
        let name = call.variant_name;
        names.extend(call.has_request().then(|| name.request.clone()));
        names.extend(name.success.as_ref().map(|success| success.ident.clone()));
    }
    names.extend(operation.failure.as_ref().map(|failure| failure.ident.clone()));
    names
}

impl FileEmitter<'_> {
    /// Returns `true` if accessors are in the files of their tags.
    pub(super) fn has_many_tags(&self) -> bool {
        self.api.tags.len() > MANY_TAGS
    }

    /// Writes a tag's struct, with its operations unless it is a folder.
    fn tag(&self, id: TagId, tag: &Tag, name: &TagName, own: &[NamedOperation<'_>]) -> TokenStream {
        let declared = (!tag.implied).then(|| {
            let (client, ident, docs) = (self.runtime("Client"), ident(&name.ident), self.docs(&tag_lines(tag)));
            let accessor = self.accessor(tag, name, &quote!());
            let accessor = self.has_many_tags().then(|| quote!(impl super::Client { #accessor }));
            quote! {
                #docs
                #[derive(Clone, Copy, Debug)]
                pub struct #ident<'c> { pub(super) client: &'c #client }
                #accessor
            }
        });
        self.inner_docs(&summary_lines(tag));
        self.xml_unused();
        let operations = own.iter().copied();
        if name.folder {
            let files = operations.map(|whole @ (.., name)| (name.file.as_str(), exported(whole))).collect();
            let index = file::index(&files);
            return quote!(#index #declared);
        }
        joined([declared, Some(self.operations(id, name, operations))])
    }

    /// Writes one operation of a large tag.
    fn operation_file(&self, id: TagId, name: &TagName, whole: NamedOperation<'_>) -> TokenStream {
        if !self.api.is_implied(id) {
            self.import(Module::Above, &name.ident);
        }
        self.xml_unused();
        self.operations(id, name, [whole])
    }

    /// Writes the methods of operations of a tag, and their items.
    fn operations<'o>(
        &self,
        id: TagId,
        tag: &TagName,
        all: impl IntoIterator<Item = NamedOperation<'o>>,
    ) -> TokenStream {
        let (mut methods, mut items) = (TokenStream::new(), TokenStream::new());
        for whole in all {
            let calls: Vec<Call<'_>> = calls(whole).collect();
            let path = |call: &Call<'_>| format!("{}::{}", tag.ident, call.variant_name.method);
            for call in &calls {
                methods.extend(self.method(call));
                items.extend(self.request(call, &path(call)));
                items.extend(
                    self.response_enum(
                        call.success(),
                        &format!("Documented responses of [`{}`], by status.", path(call)),
                    ),
                );
            }
            items.extend(calls.first().map(|call| self.failure_item(call, &path(call))));
        }
        let ident = ident(&tag.ident);
        let owner = if self.api.is_implied(id) { self.import(Module::Client, "Client") } else { quote!(#ident<'_>) };
        joined([quote!(impl #owner { #methods }), items].map(Some))
    }

    /// Writes the client's accessor of a tag, whose struct is at `path`.
    pub(super) fn accessor(&self, tag: &Tag, name: &TagName, path: &TokenStream) -> TokenStream {
        let (accessor, ident, docs) = (ident(&name.accessor), ident(&name.ident), self.docs(&summary_lines(tag)));
        quote! {
            #docs
            #[inline]
            #[must_use]
            pub fn #accessor(&self) -> #path #ident<'_> {
                #path #ident { client: self.raw() }
            }
        }
    }
}

/// Returns the doc comment of a tag's module and accessor: the first paragraph of its struct's docs.
fn summary_lines(tag: &Tag) -> Vec<String> {
    docs::summary(&tag_lines(tag))
}

/// Returns the doc comment of a tag's struct.
fn tag_lines(tag: &Tag) -> Vec<String> {
    let fallback = if tag.implied {
        "Operations without a tag.".to_owned()
    } else {
        format!("Operations tagged {}.", code(&tag.name))
    };
    doc_lines(&tag.docs, &fallback, &[])
}
