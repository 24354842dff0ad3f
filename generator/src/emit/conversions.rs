//! Part of `emit`: `From` for sent unions, from the payloads of their variants and from types that convert into a payload.
//!
//! In: a union. Out: one macro call.
//!
//! Invariant: no type converts into two variants. Payloads come before types that only convert into them; a variant of any JSON value
//! comes last.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::file::FileEmitter;
use super::object::ArgumentKind;
use super::types::Item;
use super::{ident, nonempty};
use crate::ir::{Shape, Text, TypeRef, Union};

impl FileEmitter<'_> {
    /// Writes the macro call with each variant whose payload is unique.
    pub(super) fn conversions(
        &self,
        Item { id, ident: name, members, .. }: &Item<'_>,
        union: &Union,
    ) -> Option<TokenStream> {
        // Every type already has `From` for itself.
        let is_distinct = |used: TypeRef| {
            let all = std::iter::once(TypeRef::of(*id)).chain(union.variants.iter().map(|variant| variant.ty));
            all.filter(|one| self.is_same_type(*one, used, 0)).count() == 1
        };
        let variants = union.variants.iter().zip(members).zip(self.convertible_types(union));
        let distinct = variants.filter(|((variant, _), _)| is_distinct(variant.ty));
        let entries = distinct.filter_map(|((variant, member), convertible_types)| {
            let payload = self.payload(variant.ty, union)?;
            let convertible_types = convertible_types.iter().filter_map(|ty| ty.parse::<TokenStream>().ok());
            Some(quote!(#member(#payload #(, #convertible_types)*)))
        });
        let (entries, codegen) = (nonempty(entries)?, self.runtime("codegen"));
        Some(quote!(#codegen::from_payloads!(#name { #(#entries,)* });))
    }

    /// Returns the payload of a variant in the macro's syntax; `None` for `null`.
    fn payload(&self, used: TypeRef, union: &Union) -> Option<TokenStream> {
        let kinds = || union.variants.iter().map(|variant| self.argument_kind(variant.ty));
        let is_alone = |kind: &dyn Fn(&ArgumentKind) -> bool| kinds().filter(kind).count() == 1;
        let is_text_list = |argument_kind: &ArgumentKind| matches!(argument_kind, ArgumentKind::Items(item) if self.is_text_or_enumeration(*item));
        let is_tuple = |item: TypeRef| matches!(self.resolved(item), Shape::Tuple(_));
        let (word, content) = match self.argument_kind(used) {
            _ if *self.resolved(used) == Shape::Null => return None,
            argument_kind @ ArgumentKind::Items(item) if is_text_list(&argument_kind) && is_alone(&is_text_list) => {
                (Some("words"), item)
            }
            // No other branch is a list of numbers.
            ArgumentKind::Items(item) if self.is_decimal(item) => (Some("numbers"), item),
            // Arrays of pairs are the entries of a map.
            ArgumentKind::Items(item) if !is_tuple(item) => (Some("items"), item),
            ArgumentKind::Entries(value)
                if is_alone(&|argument_kind| matches!(argument_kind, ArgumentKind::Entries(_))) =>
            {
                (Some("entries"), value)
            }
            _ => (used.boxed.then_some("boxed"), used.unboxed()),
        };
        let (word, content) = (word.map(ident), self.rust_type(content));
        Some(quote!(#word #content))
    }

    /// Returns, for each variant, the types that convert into its payload.
    fn convertible_types(&self, union: &Union) -> Vec<Vec<Scalar>> {
        let shapes: Vec<(TypeRef, &Shape)> =
            union.variants.iter().map(|variant| (variant.ty, self.resolved(variant.ty))).collect();
        let mut taken: BTreeSet<Scalar> = shapes.iter().filter_map(|(used, shape)| own_type(*used, shape)).collect();
        let mut convertible_types = vec![Vec::new(); shapes.len()];
        for is_any in [false, true] {
            let now =
                shapes.iter().zip(&mut convertible_types).filter(|((_, shape), _)| (**shape == Shape::Any) == is_any);
            for ((used, shape), convertible_types) in now {
                convertible_types.extend(sources(*used, shape).into_iter().filter(|scalar| taken.insert(*scalar)));
            }
        }
        convertible_types
    }
}

/// A type that converts into a payload: `&str`, `String`, `i64`, `f64` or `bool`.
type Scalar = &'static str;

/// The types of strings.
const TEXT: [Scalar; 2] = ["&str", "String"];

/// Returns the source type of a scalar variant. A second integer width would make literals ambiguous.
fn own_type(used: TypeRef, shape: &Shape) -> Option<Scalar> {
    match shape {
        Shape::Text(Text::Plain) if !used.secret => Some("String"),
        Shape::Integer(_) => Some("i64"),
        Shape::Number => Some("f64"),
        Shape::Boolean => Some("bool"),
        _ => None,
    }
}

/// Returns other types that convert into a payload.
fn sources(used: TypeRef, shape: &Shape) -> Vec<Scalar> {
    match shape {
        _ if used.boxed || used.nullable => Vec::new(),
        Shape::Text(Text::Plain) => TEXT.to_vec(),
        _ if used.secret => Vec::new(),
        Shape::Decimal => vec!["i64", "f64"],
        Shape::Any => vec!["&str", "String", "i64", "f64", "bool"],
        shape => shape.enum_values().iter().flat_map(|value| listed(&value.wire)).copied().collect(),
    }
}

/// Returns the types that convert into an enumeration that lists this value.
fn listed(value: &Value) -> &'static [Scalar] {
    match value {
        Value::String(_) => &TEXT,
        Value::Bool(_) => &["bool"],
        Value::Number(number) if number.is_i64() => &["i64"],
        _ => &[],
    }
}
