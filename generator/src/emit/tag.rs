//! Part of `emit`: the file of a tag, with its operations; a large tag is a folder with a file for each.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs::code;
use super::facts::doc_comment;
use super::file::{self, FileEmitter, FilePlace, Module};
use super::operation::Call;
use super::{Artifact, Context, ident};
use crate::ir::{Tag, TagId};
use crate::name::TagName;

/// With more tags than this, their accessors do not stand together.
const MANY_TAGS: usize = 100;

/// An operation by its place in the IR.
type Index = usize;

/// `<tag>.rs` for each tag; for a large one `<tag>/mod.rs` and `<tag>/<operation>.rs`.
pub(super) fn files<'a>(context: &'a Context<'_>) -> Vec<Artifact<'a>> {
    let mut artifacts = Vec::new();
    for (index, (tag, name)) in context.api.tags.iter().zip(&context.names.tags).enumerate() {
        let (id, module) = (TagId(index), &name.module);
        let stem = if name.folder { format!("{module}/mod") } else { module.clone() };
        artifacts.push(Artifact::new(context, &stem, move || FileEmitter::new(context).tag(id, tag, name)));
        if name.folder {
            artifacts.extend(operations(context, id).map(|(index, file)| {
                let write = move || FileEmitter::at(context, FilePlace::InTag).operation_file(id, name, index);
                Artifact::new(context, &format!("{module}/{file}"), write)
            }));
        }
    }
    artifacts
}

/// The operations of a tag, in the document's order, with the stems of their files.
fn operations<'a>(context: &'a Context<'_>, tag: TagId) -> impl Iterator<Item = (Index, &'a str)> {
    let all = context.api.operations.iter().zip(&context.names.operations).enumerate();
    all.filter(move |(_, (operation, _))| operation.tag == tag).map(|(index, (_, name))| (index, name.file.as_str()))
}

impl FileEmitter<'_> {
    /// Whether the accessors of tags stand with their tags: all together they would be a file that nobody reads.
    pub(super) fn has_many_tags(&self) -> bool {
        self.context.api.tags.len() > MANY_TAGS
    }

    /// A tag's struct, with its operations where it is no folder.
    fn tag(&self, id: TagId, tag: &Tag, name: &TagName) -> TokenStream {
        let declared = (!tag.implied).then(|| {
            let (declared, accessor) = (self.tag_struct(tag, name), accessor(tag, name, None));
            let accessor = self.has_many_tags().then(|| quote!(impl super::Client { #accessor }));
            quote!(#declared #accessor)
        });
        let operations = operations(self.context, id);
        if name.folder {
            let mut files: Vec<_> = operations.map(|(index, file)| (file, self.exported(index))).collect();
            files.sort_unstable();
            let (imports, index) = (self.imports(), file::index(&files));
            return quote!(#imports #index #declared);
        }
        let operations = self.operations(id, name, operations.map(|(index, _)| index));
        let imports = self.imports();
        quote!(#imports #declared #operations)
    }

    fn tag_struct(&self, tag: &Tag, name: &TagName) -> TokenStream {
        let (client, ident, docs) = (self.runtime("Client"), ident(&name.ident), tag_docs(tag));
        quote! {
            #docs
            #[derive(Clone, Copy, Debug)]
            pub struct #ident<'c> { pub(super) client: &'c #client }
        }
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
        names
    }

    /// One operation of a large tag.
    fn operation_file(&self, id: TagId, name: &TagName, index: Index) -> TokenStream {
        if !self.context.is_implied(id) {
            self.import(Module::Above, &name.ident);
        }
        let operation = self.operations(id, name, [index]);
        let imports = self.imports();
        quote!(#imports #operation)
    }

    /// The methods of some operations of a tag, and the items that belong to them.
    fn operations(&self, id: TagId, tag: &TagName, indices: impl IntoIterator<Item = Index>) -> TokenStream {
        let (mut methods, mut items) = (TokenStream::new(), TokenStream::new());
        for index in indices {
            let calls: Vec<Call<'_>> = self.calls(index).collect();
            let path = |call: &Call<'_>| format!("{}::{}", tag.ident, call.variant_name.method);
            for call in &calls {
                methods.extend(self.method(call));
                items.extend(self.request(call, &path(call)));
                items.extend(self.response_enum(
                    &call.variant.success,
                    call.variant_name.success.as_ref(),
                    &path(call),
                ));
            }
            let failure =
                |call: &Call<'_>| self.response_enum(&call.calls.failure, call.name.failure.as_ref(), &path(call));
            items.extend(calls.first().map(failure));
        }
        let ident = ident(&tag.ident);
        let owner =
            if self.context.is_implied(id) { self.import(Module::Client, "Client") } else { quote!(#ident<'_>) };
        quote!(impl #owner { #methods } #items)
    }

    /// The calls of an operation.
    fn calls(&self, index: Index) -> impl Iterator<Item = Call<'_>> {
        let Context { api, calls, names, .. } = self.context;
        let whole = api.operations.get(index).zip(calls.get(index)).zip(names.operations.get(index));
        whole.into_iter().flat_map(|((operation, calls), name)| {
            let variants = calls.variants.iter().zip(&name.variants);
            variants.map(move |(variant, variant_name)| Call { operation, calls, name, variant, variant_name })
        })
    }
}

/// The function of the client that gives access to the operations of a tag, whose struct is in `module`.
pub(super) fn accessor(tag: &Tag, name: &TagName, module: Option<&Ident>) -> TokenStream {
    let (accessor, ident, docs) = (ident(&name.accessor), ident(&name.ident), tag_docs(tag));
    let path = module.map(|module| quote!(#module::));
    quote! {
        #docs
        #[inline]
        #[must_use]
        pub fn #accessor(&self) -> #path #ident<'_> {
            #path #ident { client: self.raw() }
        }
    }
}

/// The doc comment of a tag: of its module, its struct and its accessor.
pub(super) fn tag_docs(tag: &Tag) -> TokenStream {
    let fallback = if tag.implied {
        "The operations without a tag.".to_owned()
    } else {
        format!("The operations tagged {}.", code(&tag.name))
    };
    doc_comment(&tag.docs, &fallback)
}
