//! Part of `emit`: the files under `types/`, one for each component schema, and their index.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{attributes, code};
use super::facts::facts;
use super::file::File;
use super::rust_type::From;
use super::{Artifact, Context, ident};
use crate::ir::{Owner, Shape, Type, TypeId, Use};

/// The types that each file holds: a component's own first, then the inline ones that belong to it.
fn by_file<'a>(context: &Context<'a>) -> BTreeMap<&'a str, Vec<TypeId>> {
    let mut files: BTreeMap<&str, Vec<TypeId>> = BTreeMap::new();
    for (id, ty) in context.api.types.iter() {
        // What nobody reads or sends is in the IR only as the owner of something else.
        if let Some(name) = context.names.ty(id).filter(|_| ty.read || ty.sent) {
            let ids = files.entry(name.file.as_str()).or_default();
            if matches!(ty.owner, Owner::Component(_)) { ids.insert(0, id) } else { ids.push(id) }
        }
    }
    files
}

/// `types/mod.rs`
pub(super) fn index(context: &Context<'_>) -> Artifact {
    let files = by_file(context);
    let modules = files.keys().map(|file| {
        let file = ident(file);
        quote!(mod #file;)
    });
    let exports = files.iter().map(|(file, ids)| {
        let mut names: Vec<&str> =
            ids.iter().filter_map(|id| context.names.ty(*id)).map(|name| name.ident.as_str()).collect();
        names.sort_unstable();
        let file = ident(file);
        let names = names.into_iter().map(ident).collect::<Vec<_>>();
        match names.as_slice() {
            [only] => quote!(pub use self::#file::#only;),
            several => quote!(pub use self::#file::{#(#several),*};),
        }
    });
    Artifact { path: format!("{}/types/mod.rs", context.api.module), tokens: quote!(#(#modules)* #(#exports)*) }
}

/// `types/<schema>.rs`
pub(super) fn files(context: &Context<'_>) -> Vec<Artifact> {
    by_file(context)
        .into_iter()
        .map(|(file, ids)| Artifact {
            path: format!("{}/types/{file}.rs", context.api.module),
            tokens: File::new(context).types_file(&ids),
        })
        .collect()
}

impl File<'_> {
    fn types_file(&self, ids: &[TypeId]) -> TokenStream {
        let mut items = TokenStream::new();
        for id in ids {
            if let (Some(ty), Some(name)) = (self.context.api.types.get(*id), self.context.names.ty(*id)) {
                self.defines(&name.ident);
                items.extend(self.item(*id, ty));
            }
        }
        let imports = self.imports();
        quote!(#imports #items)
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
        let wire = self.runtime("wire");
        let codec = ident(if ty.read { "newtype" } else { "sent_newtype" });
        quote! {
            #docs
            #[derive(Clone, PartialEq)]
            pub struct #name(pub #target);
            #wire::#codec!(#name);
        }
    }

    fn target(&self, shape: &Shape) -> TokenStream {
        match shape {
            Shape::Alias(used) => self.plain_type(Use { nullable: false, ..*used }, From::Types),
            shape => self.shape(shape, From::Types, 0),
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
            Owner::Response { .. } | Owner::SharedResponse(_) => "The body of an answer.".to_owned(),
            Owner::Item { .. } => "An item of a list.".to_owned(),
            Owner::Value { .. } => "A value of a map.".to_owned(),
            Owner::Variant { .. } => "One of several kinds.".to_owned(),
        };
        // The facts of a value are told where it is used; those of an item are its own.
        self.doc_lines(&ty.docs, &fallback, &facts(ty), Some(ty.origin.as_str()))
    }
}
