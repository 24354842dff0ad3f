//! Part of `emit`: the files under `types/`, one for each component schema, and their index. A component with many inline
//! types is a folder with a file for each of them.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{attributes, code};
use super::facts::facts;
use super::file::FileEmitter;
use super::rust_type::ImportScope;
use super::{Artifact, Content, Context, ident};
use crate::ir::{Owner, Shape, Type, TypeId, TypeRef};

/// The most names that the index lists; beyond, it exports everything of each file, in two lines for a schema.
const LISTED: usize = 1000;

/// The types that each file holds: a component's own first, then the inline ones that belong to it.
pub(super) fn by_file(context: &Context<'_>) -> BTreeMap<String, Vec<TypeId>> {
    let mut files: BTreeMap<String, Vec<TypeId>> = BTreeMap::new();
    for (id, ty) in context.api.types.iter() {
        // What nobody reads or sends is in the IR only as the owner of something else.
        if let Some(name) = context.names.ty(id).filter(|_| ty.read || ty.sent) {
            let ids = files.entry(name.file.clone()).or_default();
            if matches!(ty.owner, Owner::Component(_)) {
                ids.insert(0, id);
            } else {
                ids.push(id);
            }
            if let Some((folder, _)) = name.file.split_once('/') {
                files.entry(format!("{folder}/mod")).or_default();
            }
        }
    }
    files
}

/// `types/mod.rs`
pub(super) fn index(context: &Context<'_>) -> TokenStream {
    let mut files: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (file, ids) in &context.type_files {
        let module = file.split_once('/').map_or(file.as_str(), |(folder, _)| folder);
        files.entry(module).or_default().extend(names(context, ids));
    }
    let listed = files.values().map(Vec::len).sum::<usize>() <= LISTED;
    let modules = files.keys().map(|file| {
        let file = ident(file);
        quote!(mod #file;)
    });
    if listed {
        let exports = files.iter().map(|(file, names)| export(file, names));
        return quote!(#(#modules)* #(#exports)*);
    }
    let files = files.keys().map(|file| ident(file));
    quote!(#(#modules)* pub use self::{#(#files::*),*};)
}

fn names(context: &Context<'_>, ids: &[TypeId]) -> Vec<String> {
    ids.iter().filter_map(|id| context.names.ty(*id)).map(|name| name.ident.clone()).collect()
}

/// `pub use self::file::{A, B};`
pub(super) fn export(file: &str, names: &[String]) -> Option<TokenStream> {
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    let file = ident(file);
    let names = names.into_iter().map(ident).collect::<Vec<_>>();
    match names.as_slice() {
        [] => None,
        [only] => Some(quote!(pub use self::#file::#only;)),
        several => Some(quote!(pub use self::#file::{#(#several),*};)),
    }
}

/// `types/<schema>.rs`; for one with many inline types `types/<schema>/mod.rs` and a file for each.
pub(super) fn files(context: &Context<'_>) -> Vec<Artifact> {
    let artifact = |file: &String| Artifact {
        path: format!("{}/types/{file}.rs", context.api.module),
        content: Content::Types(file.clone()),
    };
    context.type_files.keys().map(artifact).collect()
}

impl FileEmitter<'_> {
    /// The types of a file.
    pub(super) fn types_file(&self, file: &str) -> TokenStream {
        let index = file.strip_suffix("/mod").map(|folder| self.inline_index(folder));
        let mut items = TokenStream::new();
        for id in self.context.type_files.get(file).into_iter().flatten() {
            if let (Some(ty), Some(name)) = (self.context.api.types.get(*id), self.context.names.ty(*id)) {
                self.defines(&name.ident);
                items.extend(self.item(*id, ty));
            }
        }
        let imports = self.imports();
        quote!(#imports #index #items)
    }

    /// The modules of the inline types that belong to a large component, and what they export.
    fn inline_index(&self, folder: &str) -> TokenStream {
        let prefix = format!("{folder}/");
        let own = self.context.type_files.range(prefix.clone()..).take_while(|(file, _)| file.starts_with(&prefix));
        let inline: Vec<(&str, Vec<String>)> = own
            .filter_map(|(file, ids)| Some((file.strip_prefix(&prefix)?, names(self.context, ids))))
            .filter(|(file, _)| *file != "mod")
            .collect();
        inline.iter().flat_map(|(_, names)| names).for_each(|name| self.defines(name));
        let modules = inline.iter().map(|(file, _)| {
            let file = ident(file);
            quote!(mod #file;)
        });
        let exports = inline.iter().map(|(file, names)| export(file, names));
        quote!(#(#modules)* #(#exports)*)
    }

    fn item(&self, id: TypeId, ty: &Type) -> TokenStream {
        match &ty.shape {
            Shape::Object(object) => self.object(id, ty, object),
            Shape::TextEnum(values) => self.text_enum(id, ty, values),
            Shape::IntegerEnum(values) => self.integer_enum(id, ty, values),
            Shape::Union(union) => self.union(id, ty, union),
            _ if self.context.newtypes.contains(&id) => self.newtype(id, ty),
            _ => self.alias(id, ty),
        }
    }

    /// A component that is a list, a map or a plain value: another name for that type.
    fn alias(&self, id: TypeId, ty: &Type) -> TokenStream {
        let Some(name) = self.context.names.ty(id) else {
            return TokenStream::new();
        };
        let name = ident(&name.ident);
        let docs = attributes(&self.type_docs(ty));
        let target = self.target(&ty.shape);
        quote!(#docs pub type #name = #target;)
    }

    fn newtype(&self, id: TypeId, ty: &Type) -> TokenStream {
        let Some(name) = self.context.names.ty(id) else {
            return TokenStream::new();
        };
        let name = ident(&name.ident);
        let docs = attributes(&self.type_docs(ty));
        let target = self.target(&ty.shape);
        let codegen = self.runtime("codegen");
        let codec = ident(if ty.read { "newtype" } else { "sent_newtype" });
        let complex = self.context.is_complex(id).then(|| quote!(#[allow(clippy::type_complexity)]));
        quote! {
            #docs
            #complex
            #[derive(Clone, PartialEq)]
            pub struct #name(pub #target);
            #codegen::#codec!(#name);
        }
    }

    fn target(&self, shape: &Shape) -> TokenStream {
        match shape {
            Shape::Alias(used) => self.plain_type(TypeRef { nullable: false, ..*used }, ImportScope::Types),
            shape => self.shape(shape, ImportScope::Types, 0),
        }
    }

    /// The doc comment of a type: what people wrote, what it states, and the pointer that it comes from.
    pub(super) fn type_docs(&self, ty: &Type) -> Vec<String> {
        let fallback = match &ty.owner {
            Owner::Component(name) => format!("The schema {}.", code(name)),
            Owner::Property { wire_name, .. } => format!("The property {}.", code(wire_name)),
            Owner::Parameter { wire_name, .. } => format!("The parameter {}.", code(wire_name)),
            Owner::SharedParameter(name) => format!("The parameter {}.", code(name)),
            Owner::RequestBody { .. } | Owner::SharedRequestBody(_) => "A request body.".to_owned(),
            Owner::Response { .. } | Owner::SharedResponse(_) => "A response body.".to_owned(),
            Owner::Item { .. } => "An item of an array.".to_owned(),
            Owner::Value { .. } => "A value of an object with any keys.".to_owned(),
            Owner::Variant { .. } => "A variant of a union.".to_owned(),
            Owner::Input { of } => self.sent_for(*of),
        };
        // The facts of a value are told where it is used; those of an item are its own.
        let mut facts = facts(ty);
        if let Owner::Input { of } = &ty.owner
            && (ty.docs.summary.is_some() || ty.docs.description.is_some())
        {
            facts.insert(0, self.sent_for(*of));
        }
        self.doc_lines(&ty.docs, &fallback, &facts, Some(ty.origin.as_str()))
    }

    /// What is said of the form in which a type is sent.
    fn sent_for(&self, read: TypeId) -> String {
        match self.context.names.ty(read) {
            Some(name) => format!("The form of {} in requests.", code(&name.ident)),
            None => "The form of a type in requests.".to_owned(),
        }
    }
}
