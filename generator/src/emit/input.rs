//! Part of `emit`: `From` for input types, so that received values can be sent.
//!
//! In: types with an input type. Out: an `impl` for each pair whose read type has everything that a request requires.
//!
//! Invariant: no value is invented. If a request requires a value that responses do not have, neither the type nor any container of it has
//! a conversion.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use self::Converted::{Otherwise, Unchanged};
use super::file::FileEmitter;
use super::ident;
use super::types::Item;
use crate::ir::{Field, FormKind, Object, Owner, Shape, Type, TypeId, TypeRef, Types, parts};

/// The read type of each sent type.
pub(super) type ReadForms = BTreeMap<TypeId, TypeId>;

/// Returns all pairs, convertible or not.
pub(super) fn read_forms(types: &Types, newtypes: &BTreeSet<TypeId>) -> ReadForms {
    let inputs = types.iter().filter_map(|(id, ty)| match ty.owner {
        Owner::Form(of, FormKind::Input) => Some((of, id)),
        _ => None,
    });
    let mut waiting: Vec<(TypeId, TypeId)> = inputs.collect();
    let mut pairs = ReadForms::new();
    while let Some((read, sent)) = waiting.pop() {
        let (read, sent) = (types.end(read), types.end(sent));
        if read != sent && !pairs.contains_key(&sent) && !newtypes.contains(&sent) {
            pairs.insert(sent, read);
            waiting.extend(contained_pairs(types, read, sent).into_iter().flatten());
        }
    }
    pairs
}

/// Returns the pairs of objects whose read type also has the sent type's constructor, so that code from before the split still compiles.
/// Such a read type has no constructor of its own and only one sent type.
pub(super) fn constructor_types(types: &Types, pairs: &ReadForms) -> ReadForms {
    let mut counts: BTreeMap<TypeId, usize> = BTreeMap::new();
    pairs.values().for_each(|read| *counts.entry(*read).or_default() += 1);
    let is_meant = |ty: &Type| matches!(ty.shape, Shape::Object(_)) && ty.read && !ty.sent;
    let constructor_types = pairs.iter().filter(|(_, read)| counts.get(read) == Some(&1) && is_meant(&types[**read]));
    constructor_types.map(|(sent, read)| (*sent, *read)).collect()
}

/// Returns the convertible pairs.
pub(super) fn convertible(types: &Types, mut pairs: ReadForms) -> ReadForms {
    let mut holders: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    let mut broken = Vec::new();
    for (sent, read) in &pairs {
        let contained_pairs = contained_pairs(types, *read, *sent);
        broken.extend(contained_pairs.is_none().then_some(*sent));
        for (read, inner) in contained_pairs.into_iter().flatten() {
            let (read, inner) = (types.end(read), types.end(inner));
            match pairs.get(&inner) {
                _ if read == inner => {}
                Some(known) if *known == read => holders.entry(inner).or_default().push(*sent),
                _ => broken.push(*sent),
            }
        }
    }
    // A type that contains an inconvertible type is not convertible either.
    while let Some(sent) = broken.pop() {
        if pairs.remove(&sent).is_some() {
            broken.extend(holders.remove(&sent).into_iter().flatten());
        }
    }
    pairs
}

/// Returns the pairs of contained types; `None` if the types are not convertible.
fn contained_pairs(types: &Types, read: TypeId, sent: TypeId) -> Option<Vec<(TypeId, TypeId)>> {
    let (read, sent) = (&types[read], &types[sent]);
    let used = match (&read.shape, &sent.shape) {
        (Shape::Union(one), Shape::Union(other)) if one.variants.len() == other.variants.len() => {
            let variants = one.variants.iter().zip(&other.variants);
            variants.map(|(one, other)| (one.ty, other.ty)).collect()
        }
        (Shape::Object(one), Shape::Object(other)) => {
            let mut used: Vec<_> = one.additional.zip(other.additional).into_iter().collect();
            for field in &other.fields {
                match source(read, sent, field) {
                    Source::Field(_, from) => used.push((from.ty, field.ty)),
                    Source::Own => {}
                    Source::None => return None,
                }
            }
            used
        }
        (one @ (Shape::Array(_) | Shape::Map(_) | Shape::Tuple(_)), other) => parts(one, other)?,
        _ => return None,
    };
    let is_same_use = |(one, other): &(TypeRef, TypeRef)| (one.nullable, one.secret) == (other.nullable, other.secret);
    used.iter().all(is_same_use).then(|| used.iter().map(|(one, other)| (one.ty, other.ty)).collect())
}

/// The source of a sent property.
enum Source<'a> {
    /// The received property with this index.
    Field(usize, &'a Field),
    /// A constant or an absent value.
    Own,
    /// No source.
    None,
}

fn source<'a>(read: &'a Type, sent: &Type, field: &Field) -> Source<'a> {
    match read.shape.fields().iter().enumerate().find(|(_, from)| from.wire_name == field.wire_name) {
        // An optional property cannot be the source of a required one.
        Some((index, from)) if !sent.requires(field) || read.requires(from) => Source::Field(index, from),
        None if !sent.is_argument(field) => Source::Own,
        _ => Source::None,
    }
}

/// Returns `true` if any part of the read value is sent; `false` if all properties are read-only.
fn uses_read_value(read: &Type, sent: &Type) -> bool {
    let (Shape::Object(one), Shape::Object(other)) = (&read.shape, &sent.shape) else { return true };
    let is_taken = |field: &Field| matches!(source(read, sent, field), Source::Field(..));
    other.fields.iter().any(is_taken) || one.additional.is_some() && other.additional.is_some()
}

impl FileEmitter<'_> {
    /// Returns the read type that also has the constructor of this type, if any.
    pub(super) fn constructor_type(&self, id: TypeId) -> Option<TokenStream> {
        let read = *self.context.constructor_types.get(&id)?;
        Some(self.named_type(self.names.ty(read)?))
    }

    /// Writes `From` for an input type, if it is convertible.
    pub(super) fn input_conversion(&self, item: &Item<'_>) -> Option<TokenStream> {
        let from = *self.context.convertible.get(&item.id)?;
        let read = &self.types[from];
        let name = self.named_type(self.names.ty(from)?);
        let body = match (&read.shape, &item.ty.shape) {
            (Shape::Object(one), Shape::Object(other)) => self.object_from_read(from, one, item, other),
            (Shape::Union(one), Shape::Union(other)) => {
                let variants =
                    one.variants.iter().zip(&other.variants).zip(self.names.members(from).iter().zip(&item.members));
                let arms = variants.map(|((one, other), (from, to))| {
                    let from = ident(from);
                    let value = self.converted(one.ty, other.ty, quote!(value));
                    quote!(#name::#from(value) => Self::#to(#value),)
                });
                quote!(match read { #(#arms)* #name::Unknown(value) => Self::Unknown(value) })
            }
            _ => return None,
        };
        let ident = &item.ident;
        let argument = if uses_read_value(read, item.ty) { quote!(read) } else { quote!(_) };
        Some(quote!(impl From<#name> for #ident { #[inline] fn from(#argument: #name) -> Self { #body } }))
    }

    fn object_from_read(&self, from: TypeId, one: &Object, item: &Item<'_>, other: &Object) -> TokenStream {
        let (read, names) = (&self.types[from], self.names);
        let fields = other.fields.iter().zip(&item.members).map(|(field, ident)| {
            let value = match source(read, item.ty, field) {
                Source::Field(index, source) => {
                    let member = names.members(from).get(index).map(super::ident);
                    self.field_from_read((read, source), (item.ty, field), quote!(read.#member))
                }
                Source::Own | Source::None => Otherwise(self.without_value(item.ty, field)),
            };
            quote!(#ident: #value)
        });
        let additional = one.additional.zip(other.additional).map(|(one, to)| {
            let [rest, read_rest] = [item.id, from].map(|id| ident(names.rest(id)));
            // A declared name would be sent twice.
            let declared =
                other.fields.iter().filter(|field| !matches!(source(read, item.ty, field), Source::Field(..)));
            let declared: Vec<&str> = declared.map(|field| field.wire_name.as_str()).collect();
            let entries = quote!(read.#read_rest);
            let entries = match declared.as_slice() {
                [] => entries,
                declared => quote!({ let mut rest = #entries; #(rest.remove(#declared);)* rest }),
            };
            let value = self.entries(one, to, entries);
            quote!(#rest: #value)
        });
        let fields = fields.chain(additional);
        quote!(Self { #(#fields,)* })
    }

    /// Converts a received property to the sent one.
    fn field_from_read(
        &self,
        (read, from): (&Type, &Field),
        (sent, to): (&Type, &Field),
        value: TokenStream,
    ) -> Converted {
        match (read.always_has(from), sent.always_has(to), to.ty.nullable) {
            (true, true, _) => self.nullable(from.ty, to.ty, value),
            (true, false, false) => {
                let value = self.converted(from.ty, to.ty, value);
                Otherwise(quote!(Some(#value)))
            }
            (true, false, true) => {
                let value = self.nullable(from.ty, to.ty, value);
                Otherwise(quote!(#value.into()))
            }
            (false, ..) => self.mapped(from.ty.not_null(), to.ty.not_null(), value),
        }
    }

    /// Converts a nullable value.
    fn nullable(&self, read: TypeRef, sent: TypeRef, value: TokenStream) -> Converted {
        if sent.nullable { self.mapped(read, sent, value) } else { self.converted(read, sent, value) }
    }

    /// Converts the contents of an `Option` or a `Maybe`.
    fn mapped(&self, read: TypeRef, sent: TypeRef, value: TokenStream) -> Converted {
        match self.converted(read, sent, quote!(value)).function() {
            Some(function) => Otherwise(quote!(#value.map(#function))),
            None => Unchanged(value),
        }
    }

    /// Converts the entries of a map.
    fn entries(&self, read: TypeRef, sent: TypeRef, value: TokenStream) -> Converted {
        match self.nullable(read, sent, quote!(value)) {
            Unchanged(_) => Unchanged(value),
            entry => Otherwise(quote!(#value.into_iter().map(|(key, value)| (key, #entry)).collect())),
        }
    }

    /// Converts a non-null value.
    fn converted(&self, read: TypeRef, sent: TypeRef, value: TokenStream) -> Converted {
        let types = self.types;
        if types.end(read) == types.end(sent) {
            return match (read.boxed, sent.boxed) {
                (true, false) => Otherwise(quote!(*#value)),
                (false, true) => Otherwise(quote!(Box::new(#value))),
                _ => Unchanged(value),
            };
        }
        let (argument, unboxed) =
            if read.boxed { (quote!(*#value), quote!((*#value))) } else { (value.clone(), value) };
        let converted = match (self.resolved(read), self.resolved(sent)) {
            _ if read.secret => {
                let exposed = |used: TypeRef| TypeRef { secret: false, ..used.unboxed() };
                let value = self.converted(exposed(read), exposed(sent), quote!(#unboxed.into_inner()));
                let secret = self.runtime("Secret");
                Otherwise(quote!(#secret::new(#value)))
            }
            (Shape::Array(one), Shape::Array(other)) => match self.nullable(*one, *other, quote!(value)).function() {
                Some(item) => Otherwise(quote!(#unboxed.into_iter().map(#item).collect())),
                None => Unchanged(unboxed),
            },
            (Shape::Map(one), Shape::Map(other)) => self.entries(*one, *other, unboxed),
            (Shape::Tuple(one), Shape::Tuple(other)) => {
                let elements = one.iter().zip(other).zip(0..).map(|((one, other), index)| {
                    let index = Literal::usize_unsuffixed(index);
                    self.nullable(*one, *other, quote!(#unboxed.#index))
                });
                Otherwise(quote!((#(#elements),*)))
            }
            _ => Converted::Into(argument),
        };
        match (read.boxed, sent.boxed) {
            (false, false) => converted,
            (true, false) => Otherwise(quote!(#converted)),
            (_, true) => Otherwise(quote!(Box::new(#converted))),
        }
    }
}

/// A converted value, as an expression.
enum Converted {
    /// The unchanged value.
    Unchanged(TokenStream),
    /// The value, converted with `Into`.
    Into(TokenStream),
    /// Another expression of the value.
    Otherwise(TokenStream),
}

impl Converted {
    /// Returns the function that converts `value`, unless it is unchanged.
    fn function(&self) -> Option<TokenStream> {
        match self {
            Unchanged(_) => None,
            Self::Into(_) => Some(quote!(Into::into)),
            Otherwise(expression) => Some(quote!(|value| #expression)),
        }
    }
}

impl ToTokens for Converted {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Unchanged(expression) | Otherwise(expression) => expression.to_tokens(tokens),
            // A type may have a setter `into`.
            Self::Into(value) => tokens.extend(quote!(Into::into(#value))),
        }
    }
}
