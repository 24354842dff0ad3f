//! Part of `emit`: the forms of types in XML, and the calls with XML, which are compiled with the feature `xml`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::file::FileEmitter;
use super::{Artifact, Context, ident};
use crate::call_variants::{CallVariants, Payload};
use crate::ir::{Field, Integer, Object, Owner, Shape, Text, TypeId, TypeRef, Xml};

/// The maximum depth of arrays and maps that are written in place.
const DEPTH: usize = 200;

/// Returns the file of the forms of types, if there are any.
pub(super) fn file<'a>(context: &'a Context<'_>) -> Option<Artifact<'a>> {
    let module = &context.names.xml;
    (!module.is_empty()).then(|| Artifact::new(context, module, move || FileEmitter::new(context).xml_file()))
}

/// Returns the condition of an item, if it is for a call with XML.
pub(super) fn condition(is_xml: bool) -> Option<TokenStream> {
    is_xml.then(|| quote!(#[cfg(feature = "xml")]))
}

/// Returns the attribute of a file with such items.
pub(super) fn unused_without(is_xml: bool) -> Option<TokenStream> {
    is_xml.then(|| quote!(#![cfg_attr(not(feature = "xml"), allow(dead_code, unused_imports))]))
}

/// The place of a table.
struct Place {
    /// The path of the runtime's tables.
    runtime: TokenStream,
    /// The path of the API's tables, which ends in `::` if it is another module.
    own: TokenStream,
    /// The types that the table refers to.
    used: RefCell<Vec<TypeId>>,
}

impl FileEmitter<'_> {
    /// Writes the file of the forms of types: one for each named type in a body.
    fn xml_file(&self) -> TokenStream {
        let docs = docs::inner_attributes(&["The forms of types in XML."]);
        let payloads = self.context.calls.iter().flat_map(CallVariants::payloads).filter(Payload::is_xml);
        let used = payloads.filter_map(|payload| Some(self.api.types.end(payload.used?.ty)));
        let place = Place { runtime: quote!(xml), own: quote!(), used: RefCell::new(used.collect()) };
        let (mut tables, mut seen) = (BTreeMap::new(), BTreeSet::new());
        let next = || place.used.borrow_mut().pop();
        while let Some(id) = next() {
            if seen.insert(id) {
                let root = self.xml_root_in(id, &place);
                tables.extend(self.xml_name(id).map(|name| (name, root)));
            }
        }
        let (names, roots) = (tables.keys().map(ident), tables.values());
        quote! {
            #docs
            #![allow(non_upper_case_globals)]
            use clientwright_runtime::codegen::xml;
            #(pub(super) static #names: xml::Root = #roots;)*
        }
    }

    /// Returns the name of a type that has a table: an item that may contain itself.
    fn xml_name(&self, id: TypeId) -> Option<&str> {
        let is_item = matches!(self.resolved(id), Shape::Object(_) | Shape::Union(_)) || self.context.is_newtype(id);
        self.names.ty(id).filter(|_| is_item).map(|name| name.ident.as_str())
    }

    /// Returns the decoder of a body in XML.
    pub(super) fn xml_decoder(&self, used: TypeRef) -> TokenStream {
        let (decode, root) = (self.codegen("decode"), self.xml_root(used));
        match self.codec(used) {
            Some(codec) => quote!(|response| #decode::xml_as::<_, #codec>(response, #root)),
            None => quote!(|response| #decode::xml(response, #root)),
        }
    }

    /// Returns the root element of a body in XML.
    pub(super) fn xml_root(&self, used: TypeRef) -> TokenStream {
        let (id, api, module) = (self.api.types.end(used.ty), self.api_module(), ident(&self.names.xml));
        if let Some(name) = self.xml_name(id).map(ident) {
            return quote!(&#api::#module::#name);
        }
        let codegen = self.runtime("codegen");
        let place = Place { runtime: quote!(#codegen::xml), own: quote!(#api::#module::), used: RefCell::default() };
        let root = self.xml_root_in(id, &place);
        quote!(const { &#root })
    }

    fn xml_root_in(&self, id: TypeId, place: &Place) -> TokenStream {
        let (runtime, ty) = (&place.runtime, &self.api.types[id]);
        let owner = match ty.owner {
            Owner::Form(of, _) => &self.api.types[of].owner,
            _ => &ty.owner,
        };
        let component = if let Owner::Component(name) = owner { name } else { "" };
        let (name, contents) = (xml_name(runtime, ty.xml.as_deref(), component), self.xml_contents(id, place, 0));
        quote!(#runtime::Root::new(#name, #contents))
    }

    fn xml_type(&self, id: TypeId, place: &Place, depth: usize) -> TokenStream {
        let id = self.api.types.end(id);
        let Some(name) = self.xml_name(id).map(ident) else {
            let contents = self.xml_contents(id, place, depth);
            return quote!(&#contents);
        };
        place.used.borrow_mut().push(id);
        let own = &place.own;
        quote!(&#own #name.ty)
    }

    fn xml_contents(&self, id: TypeId, place: &Place, depth: usize) -> TokenStream {
        let (runtime, ty) = (&place.runtime, &self.api.types[id]);
        let inner = |used: TypeRef| self.xml_type(used.ty, place, depth + 1);
        match &ty.shape {
            _ if depth > DEPTH => quote!(#runtime::Type::Any),
            Shape::Text(Text::Plain | Text::Base64 | Text::File) | Shape::Contained(_) => quote!(#runtime::Type::Text),
            Shape::Text(_) | Shape::TextEnum(_) | Shape::Integer(Integer::QuotedI64 | Integer::QuotedU64) => {
                quote!(#runtime::Type::Token)
            }
            Shape::Boolean | Shape::Integer(_) | Shape::Number(_) | Shape::IntegerEnum(_) => {
                quote!(#runtime::Type::Literal)
            }
            Shape::Array(item) => {
                let items = ty.xml.as_ref().and_then(|xml| xml.items.as_deref());
                let (name, item) = (xml_name(runtime, items, ""), inner(*item));
                quote!(#runtime::Type::Array(#name, #item))
            }
            Shape::Map(value) => {
                let value = inner(*value);
                quote!(#runtime::Type::Open(&[], #value))
            }
            Shape::Object(object) => self.xml_object(object, place, depth),
            Shape::Union(union) => {
                let mut fields: Vec<Field> = Vec::new();
                for variant in &union.variants {
                    let Shape::Object(object) = self.resolved(variant.ty.ty) else {
                        return quote!(#runtime::Type::Any);
                    };
                    let is_new = |field: &&Field| fields.iter().all(|known| known.wire_name != field.wire_name);
                    let new: Vec<Field> = object.fields.iter().filter(is_new).cloned().collect();
                    fields.extend(new);
                }
                self.xml_object(&Object { fields, additional: None }, place, depth)
            }
            Shape::Any | Shape::Null | Shape::MixedEnum(_) | Shape::Tuple(_) | Shape::Alias(_) => {
                quote!(#runtime::Type::Any)
            }
        }
    }

    fn xml_object(&self, object: &Object, place: &Place, depth: usize) -> TokenStream {
        let runtime = &place.runtime;
        let properties = object.fields.iter().map(|field| self.xml_property(field, place, depth));
        match object.additional {
            Some(additional) => {
                let additional = self.xml_type(additional.ty, place, depth + 1);
                quote!(#runtime::Type::Open(&[#(#properties),*], #additional))
            }
            None => quote!(#runtime::Type::Object(&[#(#properties),*])),
        }
    }

    fn xml_property(&self, field: &Field, place: &Place, depth: usize) -> TokenStream {
        let (runtime, key) = (&place.runtime, &field.wire_name);
        let (shape, xml) = (self.resolved(field.ty.ty), field.xml.clone().unwrap_or_default());
        let is_array = matches!(shape, Shape::Array(_));
        let attribute = (xml.attribute && !is_array && shape.is_scalar()).then(|| quote!(.attribute()));
        let text = xml.text.then(|| quote!(.text()));
        let named = (xml.name.is_some() || xml.prefix.is_some() || xml.namespace.is_some()).then(|| {
            let name = xml_name(runtime, Some(&xml), key);
            quote!(.named(#name))
        });
        let wrapped = (is_array && xml.wrapped == Some(true)).then(|| quote!(.wrapped()));
        let required = (is_array && field.required_when_read).then(|| quote!(.required()));
        let ty = self.xml_type(field.ty.ty, place, depth + 1);
        quote!(#runtime::Property::new(#key, #ty) #named #attribute #text #wrapped #required)
    }
}

/// Returns the name of an element or attribute.
fn xml_name(runtime: &TokenStream, xml: Option<&Xml>, usual: &str) -> TokenStream {
    let text = |fact: fn(&Xml) -> &Option<String>| xml.and_then(|xml| fact(xml).as_deref()).unwrap_or_default();
    let (name, prefix, namespace) = (text(|xml| &xml.name), text(|xml| &xml.prefix), text(|xml| &xml.namespace));
    let name = if name.is_empty() { usual } else { name };
    let within = [prefix, namespace].iter().any(|text| !text.is_empty()).then(|| quote!(.within(#prefix, #namespace)));
    if name.is_empty() { quote!(#runtime::Name::UNKNOWN) } else { quote!(#runtime::Name::new(#name) #within) }
}
