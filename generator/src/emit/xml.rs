//! Part of `emit`: the XML forms of types, and the calls with XML, which are compiled with the feature `xml`.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::file::FileEmitter;
use super::ident;
use super::rust_type::DEPTH;
use crate::call_variants::{CallVariants, Payload};
use crate::ir::{Field, MediaKind, Object, Owner, Shape, Text, TypeId, TypeRef};

impl FileEmitter<'_> {
    /// Writes the attribute of a file whose functions may depend on the feature `xml`.
    pub(super) fn xml_unused(&self) {
        if !self.names.xml.is_empty() {
            self.head.borrow_mut().extend(quote!(#![allow(dead_code, unused_imports)]));
        }
    }

    /// Writes the file of XML forms: one for each named type in a body.
    pub(super) fn xml_file(&self) -> TokenStream {
        self.inner_docs(&["The forms of types in XML."]);
        let types = self.types;
        let payloads = self.context.calls.iter().flat_map(CallVariants::xml);
        let mut waiting: Vec<TypeRef> = payloads.filter_map(|payload| payload.used).collect();
        let (mut roots, mut seen) = (BTreeMap::new(), BTreeSet::new());
        while let Some(used) = waiting.pop() {
            let id = types.end(used);
            if seen.insert(id) {
                roots.extend(self.xml_item(id).map(|name| (name, self.xml_root_in(id, &quote!()))));
                waiting.extend(types[id].shape.type_refs());
            }
        }
        let (names, roots) = (roots.keys().map(ident), roots.values());
        quote! {
            #![allow(dead_code, non_upper_case_globals)]
            pub(super) use clientwright_runtime::codegen::xml;
            #(pub(super) static #names: xml::Root = #roots;)*
        }
    }

    /// Returns the name of a type that has an XML form and may contain itself.
    fn xml_item(&self, id: TypeId) -> Option<&str> {
        let is_item = matches!(self.resolved(id), Shape::Object(_)) || self.context.is_newtype(id);
        self.names.ty(id).filter(|_| is_item).map(|name| name.ident.as_str())
    }

    /// Returns the root element of an XML body; `None` for other bodies.
    pub(super) fn xml_root(&self, payload: Payload) -> Option<TokenStream> {
        let used = payload.used.filter(|_| payload.kind == MediaKind::Xml)?;
        let (id, api, module) = (self.types.end(used), self.api_module(), ident(&self.names.xml));
        let at = quote!(#api::#module::);
        if let Some(name) = self.xml_item(id).map(ident) {
            return Some(quote!(&#at #name));
        }
        let root = self.xml_root_in(id, &at);
        Some(quote!(const { &#root }))
    }

    fn xml_root_in(&self, id: TypeId, at: &TokenStream) -> TokenStream {
        let ty = &self.types[id];
        let owner = if let Owner::Form(of, _) = ty.owner { &self.types[of].owner } else { &ty.owner };
        let component = if let Owner::Component(name) = owner { name } else { "" };
        let (name, contents) = (xml_name(&ty.xml, component, ""), self.xml_contents(id, at, 0));
        quote!(#at xml::Root(#name, #contents))
    }

    fn xml_type(&self, used: TypeRef, at: &TokenStream, depth: usize) -> TokenStream {
        let id = self.types.end(used);
        if let Some(name) = self.xml_item(id).map(ident) {
            return quote!(&#at #name.1);
        }
        let contents = self.xml_contents(id, at, depth + 1);
        quote!(&#contents)
    }

    fn xml_contents(&self, id: TypeId, at: &TokenStream, depth: usize) -> TokenStream {
        let ty = &self.types[id];
        let inner = |used: &TypeRef| self.xml_type(*used, at, depth);
        let (kind, contents) = match &ty.shape {
            Shape::Array(item) if depth < DEPTH => {
                let (name, item) = (xml_name(ty.xml.get("items").unwrap_or(&Value::Null), "", ""), inner(item));
                ("Array", quote!((#name, #item)))
            }
            Shape::Map(value) if depth < DEPTH => {
                let value = inner(value);
                ("Object", quote!((&[], #value)))
            }
            Shape::Object(Object { fields, additional }) => {
                let fields = fields.iter().map(|field| self.xml_property(field, at, depth));
                let additional = additional.as_ref().map_or_else(|| quote!(&#at xml::Type::Any), inner);
                ("Object", quote!((&[#(#fields),*], #additional)))
            }
            Shape::Text(Text::Plain | Text::Base64 | Text::File) | Shape::TextEnum(_) | Shape::Contained(_) => {
                ("Text", quote!())
            }
            Shape::Text(_)
            | Shape::Boolean
            | Shape::Integer(_)
            | Shape::Number
            | Shape::Decimal
            | Shape::IntegerEnum(_) => ("Literal", quote!()),
            _ => ("Any", quote!()),
        };
        let kind = ident(kind);
        quote!(#at xml::Type::#kind #contents)
    }

    fn xml_property(&self, Field { wire_name, ty, xml, .. }: &Field, at: &TokenStream, depth: usize) -> TokenStream {
        let shape = self.resolved(*ty);
        let mark = match shape {
            Shape::Array(_) if xml["wrapped"] == true => "/",
            shape if xml["attribute"] == true && shape.is_scalar() => "@",
            _ => "",
        };
        let (name, ty) = (xml_name(xml, wire_name, mark), self.xml_type(*ty, at, depth));
        quote!((#wire_name, #name, #ty))
    }
}

/// Returns a name in the notation of the runtime's tables. `mark` is `@` for an attribute, `/` for an element around
/// items.
fn xml_name(xml: &Value, usual: &str, mark: &str) -> String {
    let text = |key: &str| xml[key].as_str().filter(|text| !text.is_empty());
    let name = text("name").unwrap_or(usual);
    let prefix = text("prefix").map(|prefix| format!("{prefix}:")).unwrap_or_default();
    // An attribute without a prefix is in no namespace.
    let namespace = text("namespace").filter(|_| mark != "@" || !prefix.is_empty());
    let namespace = namespace.map(|namespace| format!("{{{namespace}}}")).unwrap_or_default();
    match (name, mark) {
        ("", _) => String::new(),
        (_, "@") => format!("@{prefix}{name}{namespace}"),
        _ => format!("{prefix}{name}{namespace}{mark}"),
    }
}
