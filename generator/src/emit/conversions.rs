//! Part of `emit`: `From` for sent unions, from the payloads of their variants and from types that convert into a payload.
//!
//! In: a union. Out: one macro call.
//!
//! Invariant: no type converts into two variants. Payloads come before types that only convert into them; among the latter, a variant
//! of any JSON value comes last.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use serde_json::Value;

use super::file::FileEmitter;
use super::object::Giving;
use super::types::Item;
use crate::ir::{Number, Shape, Text, TypeRef, Union};

impl FileEmitter<'_> {
    /// Writes the macro call with each variant whose payload is unique.
    pub(super) fn conversions(&self, Item { id, ident: name, members, .. }: &Item<'_>, union: &Union) -> TokenStream {
        // Every type already has `From` for itself.
        let is_distinct = |used: TypeRef| {
            let all = std::iter::once(TypeRef::of(*id)).chain(union.variants.iter().map(|variant| variant.ty));
            all.filter(|one| self.is_same_type(*one, used, 0)).count() == 1
        };
        let variants = union.variants.iter().zip(members).zip(self.turned(union));
        let distinct = variants.filter(|((variant, _), _)| is_distinct(variant.ty));
        let entries = distinct.filter_map(|((variant, member), turned)| {
            let payload = self.payload(variant.ty, union)?;
            Some(quote!(#member(#payload #(, #turned)*)))
        });
        let (codegen, entries) = (self.runtime("codegen"), entries.collect::<Vec<_>>());
        if entries.is_empty() { TokenStream::new() } else { quote!(#codegen::from_payloads!(#name { #(#entries,)* });) }
    }

    /// Returns the payload of a variant, in the macro's syntax; `None` for `null`.
    fn payload(&self, used: TypeRef, union: &Union) -> Option<TokenStream> {
        let givings = || union.variants.iter().map(|variant| self.giving(variant.ty));
        let is_alone = |kind: &dyn Fn(&Giving) -> bool| givings().filter(kind).count() == 1;
        let is_words = |giving: &Giving| matches!(giving, Giving::Items(item) if self.is_text_or_enumeration(*item));
        let is_tuple = |item: TypeRef| matches!(self.resolved(item.ty), Shape::Tuple(_));
        Some(match self.giving(used) {
            _ if *self.resolved(used.ty) == Shape::Null => return None,
            giving @ Giving::Items(item) if is_words(&giving) && is_alone(&is_words) => {
                let item = self.rust_type(item);
                quote!(words #item)
            }
            // Arrays of pairs are the entries of a map.
            Giving::Items(item) if !is_tuple(item) => {
                let item = self.rust_type(item);
                quote!(items #item)
            }
            Giving::Entries(value) if is_alone(&|giving| matches!(giving, Giving::Entries(_))) => {
                let value = self.rust_type(value);
                quote!(entries #value)
            }
            _ => {
                let boxed = used.boxed.then(|| quote!(boxed));
                let payload = self.rust_type(TypeRef { boxed: false, ..used });
                quote!(#boxed #payload)
            }
        })
    }

    /// Returns, for each variant, the types that convert into its payload.
    fn turned(&self, union: &Union) -> Vec<Vec<Scalar>> {
        let shapes: Vec<(TypeRef, &Shape)> =
            union.variants.iter().map(|variant| (variant.ty, self.resolved(variant.ty.ty))).collect();
        let mut taken: BTreeSet<Scalar> = shapes.iter().filter_map(|(used, shape)| itself(*used, shape)).collect();
        let mut turned = vec![Vec::new(); shapes.len()];
        for is_any in [false, true] {
            let now = shapes.iter().zip(&mut turned).filter(|((_, shape), _)| (**shape == Shape::Any) == is_any);
            for ((used, shape), turned) in now {
                turned.extend(turning_into(*used, shape).into_iter().filter(|scalar| taken.insert(*scalar)));
            }
        }
        turned
    }
}

/// Returns the types that convert into a payload.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scalar {
    Str,
    String,
    Integer,
    Float,
    Boolean,
}

impl ToTokens for Scalar {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Self::Str => quote!(&str),
            Self::String => quote!(String),
            Self::Integer => quote!(i64),
            Self::Float => quote!(f64),
            Self::Boolean => quote!(bool),
        });
    }
}

/// Returns the sources of a scalar variant. A second integer width would make literals ambiguous.
fn itself(used: TypeRef, shape: &Shape) -> Option<Scalar> {
    match shape {
        Shape::Text(Text::Plain) if !used.secret => Some(Scalar::String),
        Shape::Integer(_) => Some(Scalar::Integer),
        Shape::Number(Number::F32 | Number::F64) => Some(Scalar::Float),
        Shape::Boolean => Some(Scalar::Boolean),
        _ => None,
    }
}

/// Returns other types that convert into a payload.
fn turning_into(used: TypeRef, shape: &Shape) -> Vec<Scalar> {
    match shape {
        _ if used.boxed || used.nullable => Vec::new(),
        Shape::Text(Text::Plain) => vec![Scalar::Str, Scalar::String],
        _ if used.secret => Vec::new(),
        Shape::Number(Number::Decimal) => vec![Scalar::Integer, Scalar::Float],
        Shape::Any => vec![Scalar::Str, Scalar::String, Scalar::Integer, Scalar::Float, Scalar::Boolean],
        shape => shape.enum_values().iter().flat_map(|value| listed(&value.wire)).copied().collect(),
    }
}

/// Returns the types that convert into an enumeration that lists this value.
fn listed(value: &Value) -> &'static [Scalar] {
    match value {
        Value::String(_) => &[Scalar::Str, Scalar::String],
        Value::Bool(_) => &[Scalar::Boolean],
        Value::Number(number) if number.is_i64() => &[Scalar::Integer],
        _ => &[],
    }
}
