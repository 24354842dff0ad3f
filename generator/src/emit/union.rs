//! Part of `emit`: a union as an enum with one variant per branch.

use std::slice;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use super::docs::{code, lines};
use super::facts::doc_lines;
use super::file::FileEmitter;
use super::types::Item;
use super::{ident, literal, nonempty};
use crate::ir::{Expect, Key, Pattern, Rule, Shape, Union, Variant};

impl FileEmitter<'_> {
    /// Writes the enum of a union and its codec.
    pub(super) fn union(&self, item: &Item<'_>, union: &Union) -> TokenStream {
        let Item { ident: name, docs, members: variants, .. } = item;
        let variant_docs = union.variants.iter().map(|variant| self.variant_docs(&union.rule, variant));
        let payloads = union.variants.iter().map(|variant| self.rust_type(variant.ty));
        let unknown_docs = self.docs(&["A value that matches no variant, kept as JSON."]);
        let unknown = self.runtime("UnknownJson");
        let codec = self.union_codec(item, union);
        let conversions = item.ty.sent.then(|| self.conversions(item, union)).flatten();
        let shared = self.shared_fields(item, union);
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
            #conversions
            #shared
        }
    }

    /// Writes the macro call of the union's codec.
    fn union_codec(&self, Item { ty, ident: name, members, .. }: &Item<'_>, union: &Union) -> TokenStream {
        let (codec, property) = match &union.rule {
            Rule::Tag(name) => {
                let unquoted = union.is_unquoted(self.types, name).then(|| quote!(unquoted));
                ("tagged_union", Some(quote!(, #unquoted #name)))
            }
            Rule::BestFit(_) => ("fitted_union", None),
            Rule::FirstMatch => ("union", None),
        };
        let test = |index: usize, Variant { ty: used, tags, test, .. }: &Variant| {
            let looks = match &union.rule {
                Rule::Tag(_) if tags.is_empty() => return quote!(),
                Rule::Tag(_) => return quote!(=> #(#tags)|*),
                Rule::FirstMatch => looks(slice::from_ref(test)),
                Rule::BestFit(patterns) => patterns.get(index).and_then(|patterns| looks(patterns)),
            };
            let marker = self.codec(*used).map(|codec| quote!(as #codec));
            quote!(=> #looks #marker)
        };
        let (mut arms, mut default) = (Vec::new(), None);
        for (index, (variant, member)) in union.variants.iter().zip(members).enumerate() {
            let test = test(index, variant);
            if variant.is_default {
                default = Some(quote!(else #member #test));
            } else {
                arms.push(quote!(#member #test));
            }
        }
        let codec = self.codec_macro(ty, codec);
        quote!(#codec!(#name #property #default { #(#arms,)* });)
    }

    /// Returns the docs of a variant, with the values of the discriminator that select it.
    fn variant_docs(&self, rule: &Rule, variant: &Variant) -> TokenStream {
        let docs = &self.types[variant.ty.ty].docs;
        let Rule::Tag(property) = rule else {
            let is_listed = matches!(self.resolved(variant.ty), Shape::MixedEnum(_));
            let look = if is_listed { "A value of an enumeration.".to_owned() } else { looks_like(&variant.test) };
            return self.docs(&doc_lines(docs, &look, &[]));
        };
        let tags: Vec<String> = variant.tags.iter().map(code).collect();
        let selected = match variant.is_default {
            true => format!("{} is missing, or selects no other variant.", code(property)),
            false => format!("{} is {}.", code(property), tags.join(" or ")),
        };
        let is_described = docs.summary.is_some() || docs.description.is_some();
        let facts = if is_described { lines(&selected) } else { Vec::new() };
        self.docs(&doc_lines(docs, &selected, &facts))
    }
}

/// Describes the values of a variant: the JSON type, and the distinguishing properties.
fn looks_like(test: &Pattern) -> String {
    let word = word(test.expect);
    let json = match test.expect {
        Expect::Null => code(word),
        Expect::Any => "Any other value".to_owned(),
        Expect::Uuid => "A UUID".to_owned(),
        _ if word.starts_with(['a', 'i', 'o']) => format!("An {word}"),
        _ => format!("A {}", word.replace('_', " ")),
    };
    let keys = test.keys.iter().map(|key| match key.constants.as_slice() {
        [Value::String(text)] => format!("{}: {}", code(&key.name), code(text)),
        _ => code(&key.name),
    });
    match keys.collect::<Vec<_>>().as_slice() {
        [] => format!("{json}."),
        [only] => format!("{json} with {only}."),
        [all @ .., last] => format!("{json} with {} and {last}.", all.join(", ")),
    }
}

/// Returns `object where "kind" = "sphere" & "radius"?: number | array[string]`.
fn looks(patterns: &[Pattern]) -> Option<TokenStream> {
    let patterns = patterns.iter().map(|Pattern { expect, items, keys }| {
        let expect = expected(*expect);
        let items = looks(items).map(|items| quote!([#items]));
        let conditions = nonempty(keys.iter().map(key)).map(|keys| quote!(where #(#keys)&*));
        quote!(#expect #items #conditions)
    });
    nonempty(patterns).map(|patterns| quote!(#(#patterns)|*))
}

fn key(key: &Key) -> TokenStream {
    let Key { name, required, constants, kinds, looks: inner } = key;
    let optional = (!required).then(|| quote!(?));
    let constants =
        nonempty(constants.iter().map(|value| literal(value, false))).map(|constants| quote!(= #(#constants) or *));
    let kinds = nonempty(kinds.iter().copied().map(expected)).map(|kinds| quote!(: #(#kinds) or *));
    let inner = looks(inner).map(|inner| quote!(like (#inner)));
    quote!(#name #optional #constants #kinds #inner)
}

fn expected(expect: Expect) -> Ident {
    ident(word(expect))
}

/// Returns the word for a kind of value in the codec's macros.
fn word(expect: Expect) -> String {
    match expect {
        Expect::DateTime => "date_time".to_owned(),
        expect => format!("{expect:?}").to_ascii_lowercase(),
    }
}
