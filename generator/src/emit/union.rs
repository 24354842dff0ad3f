//! Part of `emit`: a union as an enum with one variant per branch.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::docs::{self, attributes, code};
use super::file::FileEmitter;
use super::ident;
use super::rust_type::ImportScope;
use crate::ir::{Constant, Expect, JsonType, Key, Pattern, Rule, Shape, Test, Type, TypeId, TypeRef, Union, Variant};

/// A payload that is estimated to be larger than this many bytes is boxed, so that one large branch does not make every
/// value large.
const PAYLOAD: usize = 128;

impl FileEmitter<'_> {
    /// The enum of a union and its codec.
    pub(super) fn union(&self, id: TypeId, ty: &Type, union: &Union) -> TokenStream {
        let Some(name) = self.context.names.ty(id) else {
            return TokenStream::new();
        };
        let name = ident(&name.ident);
        let mut docs = self.type_docs(ty);
        if let Some(told) = told(&union.rule).filter(|_| ty.read)
            && let Some(source) = docs.pop()
        {
            docs.extend(docs::lines(&told));
            docs.extend([String::new(), source]);
        }
        let docs = attributes(&docs);
        let variants: Vec<_> = self.context.names.members(id).iter().map(|name| ident(name)).collect();
        let variant_docs = union.variants.iter().map(|variant| attributes(&self.variant_docs(variant)));
        let payloads = union.variants.iter().map(|variant| self.payload(variant.ty));
        let unknown_docs = attributes(&["A value that matches no variant, kept as JSON.".to_owned()]);
        let unknown = self.runtime("UnknownJson");
        let codec = self.union_codec(&name, &variants, ty, union);
        quote! {
            #docs
            #[derive(Clone, PartialEq)]
            #[non_exhaustive]
            pub enum #name {
                #(#variant_docs #variants(#payloads),)*
                #unknown_docs
                Unknown(#unknown),
            }
            #codec
        }
    }

    /// The macro call that reads and writes the union.
    fn union_codec(&self, name: &Ident, variants: &[Ident], ty: &Type, union: &Union) -> TokenStream {
        let codegen = self.runtime("codegen");
        let sent = if ty.read { "" } else { "sent_" };
        match &union.rule {
            Rule::Tag(property) => {
                let codec = ident(&format!("{sent}tagged_union"));
                let tags = union.variants.iter().map(|variant| alternatives(&variant.tags));
                quote!(#codegen::#codec!(#name, #property { #(#variants => #tags,)* });)
            }
            Rule::FirstMatch => {
                let codec = ident(&format!("{sent}union"));
                let tests = union.variants.iter().map(|variant| {
                    let marker = self.codec(variant.ty).map(|codec| quote!(as #codec));
                    let test = test(&variant.test);
                    quote!(#test #marker)
                });
                quote!(#codegen::#codec!(#name { #(#variants => #tests,)* });)
            }
            Rule::BestFit(patterns) if ty.read => {
                let looks = union.variants.iter().zip(patterns).map(|(variant, patterns)| {
                    let marker = self.codec(variant.ty).map(|codec| quote!(as #codec));
                    let looks = looks(patterns);
                    quote!(#looks #marker)
                });
                quote!(#codegen::fitted_union!(#name { #(#variants => #looks,)* });)
            }
            Rule::BestFit(_) => {
                let markers = union.variants.iter().map(|variant| {
                    let marker = self.codec(variant.ty)?;
                    let json = json_type(variant.test.json);
                    Some(quote!(=> #json as #marker))
                });
                quote!(#codegen::sent_union!(#name { #(#variants #markers,)* });)
            }
        }
    }

    fn variant_docs(&self, variant: &Variant) -> Vec<String> {
        let docs = self.context.api.types.get(variant.ty.ty).map(|ty| ty.docs.clone()).unwrap_or_default();
        let fallback = match variant.test.json {
            JsonType::Null => "`null`.",
            JsonType::Boolean => "A boolean.",
            JsonType::Integer => "An integer.",
            JsonType::Number => "A number.",
            JsonType::String => "A string.",
            JsonType::Array => "An array.",
            JsonType::Object => "An object.",
            JsonType::Any => "Any other value.",
        };
        self.doc_lines(&docs, fallback, &[], None)
    }

    fn payload(&self, used: TypeRef) -> TokenStream {
        let boxed = used.boxed || self.size(used, 0) > PAYLOAD;
        self.rust_type(TypeRef { boxed, ..used }, ImportScope::Types)
    }

    /// About how many bytes a value takes where it stands.
    pub(super) fn size(&self, used: TypeRef, depth: usize) -> usize {
        if used.boxed || depth > 16 {
            return 8;
        }
        match self.resolved(used.ty) {
            Some(Shape::Null | Shape::Boolean) => 1,
            Some(Shape::Integer(_) | Shape::Number(_)) => 16,
            Some(Shape::Object(object)) => {
                let fields: usize = object.fields.iter().map(|field| self.size(field.ty, depth + 1)).sum();
                fields + if object.additional.is_some() { 24 } else { 0 }
            }
            Some(Shape::Union(union)) => {
                let largest = union.variants.iter().map(|variant| self.size(variant.ty, depth + 1).min(PAYLOAD)).max();
                largest.unwrap_or(0) + 8
            }
            _ => 32,
        }
    }
}

/// How a reader of the type finds out which variant a value is, where that is not plain from the variants.
fn told(rule: &Rule) -> Option<String> {
    match rule {
        Rule::Tag(property) => Some(format!("The property {} selects the variant.", code(property))),
        Rule::FirstMatch => None,
        Rule::BestFit(_) => Some(
            "The variant is the one that fits the value best: the one that knows most of its properties.".to_owned(),
        ),
    }
}

fn alternatives(tags: &[String]) -> TokenStream {
    let tags = tags.iter().map(|tag| Literal::string(tag));
    quote!(#(#tags)|*)
}

/// `object where "radius" & "kind" = "sphere"`
fn test(test: &Test) -> TokenStream {
    let json = json_type(test.json);
    let keys = test.keys.iter().map(|key| quote!(#key));
    let equal = test.equal.iter().map(|(key, text)| quote!(#key = #text));
    let conditions: Vec<TokenStream> = keys.chain(equal).collect();
    if conditions.is_empty() { quote!(#json) } else { quote!(#json where #(#conditions)&*) }
}

fn json_type(json: JsonType) -> Ident {
    ident(match json {
        JsonType::Null => "null",
        JsonType::Boolean => "boolean",
        JsonType::Integer => "integer",
        JsonType::Number => "number",
        JsonType::String => "string",
        JsonType::Array => "array",
        JsonType::Object => "object",
        JsonType::Any => "any",
    })
}

/// `object where "kind" = "sphere" & "radius"?: number | array[string]`
fn looks(patterns: &[Pattern]) -> TokenStream {
    let patterns = patterns.iter().map(|Pattern { expect, items, keys }| {
        let expect = expected(*expect);
        let items = (!items.is_empty()).then(|| {
            let items = looks(items);
            quote!([#items])
        });
        let keys: Vec<TokenStream> = keys.iter().map(key).collect();
        let conditions = (!keys.is_empty()).then(|| quote!(where #(#keys)&*));
        quote!(#expect #items #conditions)
    });
    quote!(#(#patterns)|*)
}

fn key(key: &Key) -> TokenStream {
    let Key { name, required, constants, kinds, looks: inner } = key;
    let optional = (!required).then(|| quote!(?));
    let constants: Vec<TokenStream> = constants.iter().map(constant).collect();
    let constants = (!constants.is_empty()).then(|| quote!(= #(#constants) or *));
    let kinds: Vec<Ident> = kinds.iter().map(|kind| expected(*kind)).collect();
    let kinds = (!kinds.is_empty()).then(|| quote!(: #(#kinds) or *));
    let inner = (!inner.is_empty()).then(|| {
        let inner = looks(inner);
        quote!(like (#inner))
    });
    quote!(#name #optional #constants #kinds #inner)
}

fn constant(constant: &Constant) -> TokenStream {
    match constant {
        Constant::Text(text) => quote!(#text),
        Constant::Integer(number) => {
            let literal = Literal::i64_unsuffixed(*number);
            quote!(#literal)
        }
        Constant::Boolean(value) => quote!(#value),
    }
}

fn expected(expect: Expect) -> Ident {
    ident(match expect {
        Expect::Any => "any",
        Expect::Null => "null",
        Expect::Boolean => "boolean",
        Expect::Integer => "integer",
        Expect::Number => "number",
        Expect::String => "string",
        Expect::Uuid => "uuid",
        Expect::DateTime => "date_time",
        Expect::Quoted => "quoted",
        Expect::Array => "array",
        Expect::Object => "object",
        Expect::Map => "map",
    })
}
