//! Part of `emit`: a union as an enum with one variant per branch.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

use super::docs::{attributes, code, lines};
use super::facts::{doc_comment, doc_lines};
use super::file::FileEmitter;
use super::ident;
use super::object::Giving;
use super::types::Item;
use crate::ir::{Constant, Expect, Key, Pattern, Rule, Shape, Test, Text, TypeRef, Types, Union, Variant};

/// A payload of more than about this many bytes is boxed, so that one large branch does not make every value large.
const PAYLOAD: usize = 128;

impl FileEmitter<'_> {
    /// The enum of a union and its codec.
    pub(super) fn union(&self, item: &Item<'_>, union: &Union) -> TokenStream {
        let Item { ident: name, docs, members: variants, .. } = item;
        let variant_docs = union.variants.iter().map(|variant| self.variant_docs(&union.rule, variant));
        let payloads = union.variants.iter().map(|variant| {
            let used = TypeRef { boxed: variant.ty.boxed || self.is_large(variant.ty), ..variant.ty };
            self.rust_type(used)
        });
        let unknown_docs = attributes(&["A value that matches no variant, kept as JSON.".to_owned()]);
        let unknown = self.runtime("UnknownJson");
        let codec = self.union_codec(item, union);
        let conversions = item.ty.sent.then(|| self.conversions(item, union));
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

    /// The macro call that turns what a variant holds into the union, for each variant that holds what no other does.
    fn conversions(&self, Item { ident: name, members, .. }: &Item<'_>, union: &Union) -> TokenStream {
        let held: Vec<String> = union.variants.iter().map(|variant| self.behind_aliases(variant.ty, 0)).collect();
        // Every type has `From` for itself already.
        let is_distinct = |text: &String| name != text && held.iter().filter(|one| *one == text).count() == 1;
        let variants = union.variants.iter().zip(members).zip(&held).filter(|(_, text)| is_distinct(text));
        let is_text = |variant: &&Variant| matches!(self.resolved(variant.ty.ty), Shape::Text(_) | Shape::TextEnum(_));
        let has_one_text = union.variants.iter().filter(is_text).count() == 1;
        let entries = variants.filter_map(|((variant, member), _)| {
            let held = match self.resolved(variant.ty.ty) {
                Shape::Null => return None,
                Shape::Text(Text::Plain) if !variant.ty.secret => quote!(text),
                Shape::TextEnum(_) if has_one_text && !variant.ty.secret && !variant.ty.boxed => {
                    let payload = self.rust_type(variant.ty);
                    quote!(listed #payload)
                }
                Shape::Map(value) if self.takes_entries(variant.ty) && self.is_word(*value, false) => quote!(texts),
                _ => {
                    let boxed = (variant.ty.boxed || self.is_large(variant.ty)).then(|| quote!(boxed));
                    let payload = self.rust_type(TypeRef { boxed: false, ..variant.ty });
                    quote!(#boxed #payload)
                }
            };
            Some(quote!(#member(#held)))
        });
        let (codegen, entries) = (self.runtime("codegen"), entries.collect::<Vec<_>>());
        if entries.is_empty() { TokenStream::new() } else { quote!(#codegen::from_payloads!(#name { #(#entries,)* });) }
    }

    /// Whether a variant is made of the entries of its map.
    fn takes_entries(&self, used: TypeRef) -> bool {
        matches!(self.giving(used), Giving::Entries(_)) && !self.is_large(used)
    }

    /// The macro call that reads and writes the union.
    fn union_codec(&self, Item { ty, ident: name, members, .. }: &Item<'_>, union: &Union) -> TokenStream {
        let (codec, property) = match &union.rule {
            Rule::Tag(name) => {
                let unquoted = union.is_unquoted(&self.context.api.types, name).then(|| quote!(unquoted));
                ("tagged_union", Some(quote!(, #unquoted #name)))
            }
            Rule::BestFit(_) => ("fitted_union", None),
            Rule::FirstMatch => ("union", None),
        };
        let tests = union.variants.iter().enumerate().map(|(index, Variant { ty: used, tags, test })| {
            let json = expected(test.json);
            let marker = || self.codec(*used).map(|codec| quote!(as #codec));
            match &union.rule {
                Rule::Tag(_) => quote!(=> #(#tags)|*),
                Rule::FirstMatch => {
                    let (conditions, marker) = (conditions(test), marker());
                    quote!(=> #json #conditions #marker)
                }
                Rule::BestFit(patterns) => {
                    let (looks, marker) = (patterns.get(index).map(|patterns| looks(patterns)), marker());
                    quote!(=> #looks #marker)
                }
            }
        });
        let codec = self.codec_macro(ty, codec);
        quote!(#codec!(#name #property { #(#members #tests,)* });)
    }

    /// What a variant is, and the values of the discriminator that select it.
    fn variant_docs(&self, rule: &Rule, variant: &Variant) -> TokenStream {
        let docs = &self.context.api.types[variant.ty.ty].docs;
        let Rule::Tag(property) = rule else {
            let is_listed = matches!(self.resolved(variant.ty.ty), Shape::MixedEnum(_));
            let look = if is_listed { "A value of an enumeration.".to_owned() } else { looks_like(&variant.test) };
            return doc_comment(docs, &look);
        };
        let tags: Vec<String> = variant.tags.iter().map(|tag| code(tag)).collect();
        let selected = format!("{} is {}.", code(property), tags.join(" or "));
        let facts = docs.summary.as_ref().or(docs.description.as_ref()).map(|_| lines(&selected));
        attributes(&doc_lines(docs, &selected, &facts.unwrap_or_default()))
    }

    /// Whether a value is so large that it is boxed where it is one of several.
    pub(super) fn is_large(&self, used: TypeRef) -> bool {
        !used.boxed && self.context.sizes.get(used.ty.0).is_some_and(|size| *size > PAYLOAD)
    }
}

/// What a value of a variant looks like: its JSON type, and the properties that tell it from others.
fn looks_like(test: &Test) -> String {
    let json = match expected(test.json).to_string().as_str() {
        "null" => "`null`".to_owned(),
        "any" => "Any other value".to_owned(),
        json if json.starts_with(['a', 'i', 'o']) => format!("An {json}"),
        json => format!("A {json}"),
    };
    let keys = test.keys.iter().map(|key| code(key));
    let equal = test.equal.iter().map(|(key, text)| format!("{}: {}", code(key), code(text)));
    match keys.chain(equal).collect::<Vec<_>>().as_slice() {
        [] => format!("{json}."),
        [only] => format!("{json} with {only}."),
        [all @ .., last] => format!("{json} with {} and {last}.", all.join(", ")),
    }
}

/// How far into a value its size is looked for; what lies deeper counts as a pointer.
const SIZE_LEVELS: usize = 17;
/// About the bytes of a pointer.
const POINTER: usize = 8;

/// About how many bytes a value of each type takes where it stands. From the inside out, so that no type is looked at more than
/// once for each level, however many others hold it.
pub(super) fn sizes(types: &Types) -> Vec<usize> {
    let shapes: Vec<&Shape> = types.iter().map(|(id, _)| types.shape(id)).collect();
    let mut sizes = vec![POINTER; shapes.len()];
    for _ in 0..SIZE_LEVELS {
        let of = |used: &TypeRef| if used.boxed { POINTER } else { sizes.get(used.ty.0).copied().unwrap_or(POINTER) };
        sizes = shapes.iter().map(|shape| size(shape, of)).collect();
    }
    sizes
}

fn size(shape: &Shape, of: impl Fn(&TypeRef) -> usize) -> usize {
    match shape {
        Shape::Null | Shape::Boolean => 1,
        Shape::Integer(_) | Shape::Number(_) => 16,
        Shape::Object(object) => {
            let fields = object.fields.iter().fold(0, |sum: usize, field| sum.saturating_add(of(&field.ty)));
            fields.saturating_add(if object.additional.is_some() { 24 } else { 0 })
        }
        Shape::Tuple(elements) => elements.iter().fold(0, |sum: usize, element| sum.saturating_add(of(element))),
        Shape::Union(union) => {
            let largest = union.variants.iter().map(|variant| of(&variant.ty).min(PAYLOAD)).max();
            largest.unwrap_or(0) + 8
        }
        _ => 32,
    }
}

/// `where "radius" & "kind" = "sphere"`
fn conditions(test: &Test) -> Option<TokenStream> {
    let keys = test.keys.iter().map(|key| quote!(#key));
    let equal = test.equal.iter().map(|(key, text)| quote!(#key = #text));
    let conditions: Vec<TokenStream> = keys.chain(equal).collect();
    (!conditions.is_empty()).then(|| quote!(where #(#conditions)&*))
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
        Constant::Integer(number) => Literal::i64_unsuffixed(*number).into_token_stream(),
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
        Expect::Date => "date",
        Expect::Time => "time",
        Expect::Duration => "duration",
        Expect::Quoted => "quoted",
        Expect::Array => "array",
        Expect::Tuple => "tuple",
        Expect::Object => "object",
        Expect::Map => "map",
    })
}
