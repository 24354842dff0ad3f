//! Part of `contract`: values as Rust expressions that a consumer would write.
//!
//! In: a use of a type, and a value of it. Out: an expression of exactly the type that stage `emit` writes there, using only the
//! generated crate's public interface: constructors, setters, variants.
//!
//! Invariant: total. A value that does not match its type gives an expression that does not compile, never a wrong call.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::value::{Sample, can_hold};
use clientwright::internal::emit::{FileEmitter, Passing, ident};
use clientwright::ir::{EnumValue, Field, Integer, Object, Parameter, Shape, Text, Type, TypeId, TypeRef, Union};

/// Writes expressions for the types of one API.
pub(super) struct Expressions<'a> {
    pub(super) file: &'a FileEmitter<'a>,
}

impl Expressions<'_> {
    /// Returns the expression of a parameter's value, as its method or setter takes it.
    pub(super) fn argument(&self, parameter: &Parameter, value: &Sample) -> TokenStream {
        let used = parameter.ty.unboxed();
        match self.file.passing(parameter) {
            Passing::Text => text_literal(&value.json()),
            Passing::Encoded => {
                let value = value.json();
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                quote!(#text)
            }
            Passing::Reference => {
                let value = self.value(used, value);
                quote!(&#value)
            }
            Passing::Value => self.value(used, value),
        }
    }

    /// Returns the expression of a value, including nullability but not presence.
    pub(super) fn value(&self, used: TypeRef, value: &Sample) -> TokenStream {
        if used.nullable && is_null(value) {
            return quote!(None);
        }
        let inner = self.plain(used, value);
        if used.nullable { quote!(Some(#inner)) } else { inner }
    }

    /// Returns the expression of a non-null value.
    fn plain(&self, used: TypeRef, value: &Sample) -> TokenStream {
        let mut inner = self.by_id(used.ty, value);
        if used.secret {
            inner = quote!(Secret::new(#inner));
        }
        if used.boxed { quote!(Box::new(#inner)) } else { inner }
    }

    /// Returns the expression of a list item, a map entry or an alias, which is never boxed.
    fn nested(&self, used: TypeRef, value: &Sample) -> TokenStream {
        self.value(TypeRef { boxed: false, ..used }, value)
    }

    fn by_id(&self, id: TypeId, value: &Sample) -> TokenStream {
        let ty = &self.file.context.api.types[id];
        let Some(name) = self.file.context.names.ty(id).map(|name| ident(&name.ident)) else {
            return self.shape(ty, value);
        };
        let name = quote!(types::#name);
        let json = value.json();
        match &ty.shape {
            Shape::Object(object) => self.object(id, &name, object, value),
            Shape::Union(union) => self.union(id, &name, union, value),
            Shape::IntegerEnum(values) => self.member(id, &name, position(values, &json), &quote!(0)),
            Shape::TextEnum(values) | Shape::MixedEnum(values) => {
                self.member(id, &name, position(values, &json), &text_literal(&json))
            }
            _ if self.file.context.is_newtype(id) => {
                let inner = self.shape(ty, value);
                quote!(#name(#inner))
            }
            _ => self.shape(ty, value),
        }
    }

    /// Returns the expression of a value of an unnamed shape.
    fn shape(&self, ty: &Type, value: &Sample) -> TokenStream {
        let json = value.json();
        match &ty.shape {
            Shape::Null => quote!(()),
            Shape::Boolean => json.as_bool().map_or_else(|| invalid(&json), |value| quote!(#value)),
            Shape::Integer(integer) => integer_literal(*integer, &json),
            Shape::Number => number_literal(&json),
            Shape::Decimal => json_literal(&quote!(Decimal), &json),
            Shape::Text(text) => {
                let literal = text_literal(&json);
                match text {
                    Text::Plain => quote!(#literal.to_owned()),
                    Text::DateTime => quote!(date_time(#literal)),
                    Text::Uuid => quote!(uuid(#literal)),
                    Text::File => quote!(File::from(#literal)),
                    _ => {
                        let ty = ident(format!("{text:?}"));
                        quote!(#ty::from_text(#literal))
                    }
                }
            }
            Shape::Array(item) => self.list(*item, value),
            Shape::Tuple(elements) => {
                let values = value.items();
                let elements = elements.iter().zip(&values).map(|(element, value)| self.value(*element, value));
                quote!((#(#elements),*))
            }
            Shape::Map(item) if self.file.is_any(*item) => json_literal(&quote!(JsonObject), &json),
            Shape::Map(item) => self.map(TypeRef { boxed: false, ..*item }, &value.entries()),
            Shape::Alias(target) => self.nested(TypeRef { nullable: false, ..*target }, value),
            // Named shapes, and any JSON value.
            _ => json_literal(&quote!(JsonValue), &json),
        }
    }

    fn list(&self, item: TypeRef, value: &Sample) -> TokenStream {
        let items: Vec<TokenStream> = value.items().iter().map(|value| self.nested(item, value)).collect();
        if items.is_empty() {
            let ty = self.file.rust_type(TypeRef { boxed: false, ..item });
            return quote!(Vec::<#ty>::new());
        }
        quote!(Vec::from([#(#items),*]))
    }

    fn map(&self, value: TypeRef, entries: &[(String, Sample)]) -> TokenStream {
        if entries.is_empty() {
            let ty = self.file.rust_type(value);
            return quote!(BTreeMap::<String, #ty>::new());
        }
        let entries = entries.iter().map(|(key, entry)| {
            let entry = self.value(value, entry);
            quote!((#key.to_owned(), #entry))
        });
        quote!(BTreeMap::from([#(#entries),*]))
    }

    /// Returns a known value of an enumeration; otherwise `from`, which takes any value.
    fn member(&self, id: TypeId, name: &TokenStream, known: Option<usize>, value: &TokenStream) -> TokenStream {
        match known.and_then(|index| self.file.context.names.members(id).get(index)) {
            Some(variant) => {
                let variant = ident(variant);
                quote!(#name::#variant)
            }
            None => quote!(#name::from(#value)),
        }
    }

    /// Returns `Type::new(…)` with the required values, and a setter for each other value.
    fn object(&self, id: TypeId, name: &TokenStream, object: &Object, value: &Sample) -> TokenStream {
        let entries: BTreeMap<String, Sample> = value.entries().into_iter().collect();
        let fields = || object.fields.iter().zip(self.file.context.names.members(id));
        let ty = &self.file.context.api.types[id];
        let null = Sample::Json(Value::Null);
        let required = fields().filter(|(field, _)| ty.is_argument(field)).map(|(field, _)| {
            let value = entries.get(&field.wire_name).unwrap_or(&null);
            if self.takes_text(field, true) { text_literal(&value.json()) } else { self.value(field.ty, value) }
        });
        let setters = fields().filter(|(field, _)| !ty.requires(field)).filter_map(|(field, name)| {
            let value = entries.get(&field.wire_name)?;
            let setter = ident(name);
            let argument = match value {
                _ if field.ty.nullable && is_null(value) => quote!(Maybe::Null),
                _ if self.takes_text(field, false) => text_literal(&value.json()),
                _ => self.plain(field.ty, value),
            };
            Some(quote!(.#setter(#argument)))
        });
        let rest = object.additional.map(|used| self.rest(id, object, used, value));
        let new = quote!(#name::new(#(#required),*) #(#setters)* #rest);
        // A constructor fills in constants; other values are assigned.
        let others = fields().filter(|(field, _)| ty.requires(field)).filter_map(|(field, name)| {
            let constant = field.constant.as_ref()?;
            let value = entries.get(&field.wire_name).filter(|value| value.json() != *constant)?;
            let (name, value) = (ident(name), self.value(field.ty, value));
            Some(quote!(value.#name = #value;))
        });
        let others: Vec<TokenStream> = others.collect();
        if others.is_empty() { new } else { quote!({ let mut value = #new; #(#others)* value }) }
    }

    /// Returns `true` if a constructor or setter takes a Rust string literal.
    fn takes_text(&self, field: &Field, is_required: bool) -> bool {
        let TypeRef { nullable, boxed, secret, ty } = field.ty;
        let plain = *self.file.resolved(ty) == Shape::Text(Text::Plain);
        // A string literal converts into a `String`, a `Secret` or a `Maybe`, but not into nested ones.
        let wrapped = boxed || nullable && (is_required || secret);
        plain && !wrapped
    }

    /// Returns the expression of additional properties, if any.
    fn rest(&self, id: TypeId, object: &Object, used: TypeRef, value: &Sample) -> Option<TokenStream> {
        let mut others = value.entries();
        others.retain(|(key, _)| object.fields.iter().all(|field| field.wire_name != *key));
        if others.is_empty() {
            return None;
        }
        let setter = ident(self.file.context.names.rest(id));
        let value = if self.file.is_any(used) {
            json_literal(&quote!(JsonObject), &Sample::Object(others).json())
        } else {
            self.map(used, &others)
        };
        Some(quote!(.#setter(#value)))
    }

    /// Returns the expression of a union: the branch that the value was made for, or, for a value from the document, the first
    /// possible branch. Large values are boxed, which `into` does where needed.
    fn union(&self, id: TypeId, name: &TokenStream, union: &Union, value: &Sample) -> TokenStream {
        let types = &self.file.context.api.types;
        let (index, value) = match value {
            Sample::Branch(index, value) => (Some(*index), &**value),
            listed => {
                let json = listed.json();
                (union.variants.iter().position(|variant| can_hold(types.shape(variant.ty.ty), &json)), listed)
            }
        };
        let members = self.file.context.names.members(id);
        let found = index.and_then(|index| Some((members.get(index)?, union.variants.get(index)?)));
        let Some((member, variant)) = found else { return invalid(&value.json()) };
        let member = ident(member);
        let payload = self.plain(TypeRef { boxed: false, nullable: false, ..variant.ty }, value);
        quote!(#name::#member(#payload.into()))
    }
}

fn position(values: &[EnumValue], value: &Value) -> Option<usize> {
    values.iter().position(|known| known.wire == *value)
}

fn is_null(value: &Sample) -> bool {
    value.json().is_null()
}

fn text_literal(value: &Value) -> TokenStream {
    value.as_str().map_or_else(|| invalid(value), |text| quote!(#text))
}

fn integer_literal(integer: Integer, value: &Value) -> TokenStream {
    let signed = || value.as_i64().or_else(|| value.as_str()?.parse().ok());
    let unsigned = || value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let literal = match integer {
        Integer::I8 => signed().and_then(|number| number.try_into().ok()).map(Literal::i8_suffixed),
        Integer::I16 => signed().and_then(|number| number.try_into().ok()).map(Literal::i16_suffixed),
        Integer::I32 => signed().and_then(|number| number.try_into().ok()).map(Literal::i32_suffixed),
        Integer::U8 => unsigned().and_then(|number| number.try_into().ok()).map(Literal::u8_suffixed),
        Integer::U16 => unsigned().and_then(|number| number.try_into().ok()).map(Literal::u16_suffixed),
        Integer::U32 => unsigned().and_then(|number| number.try_into().ok()).map(Literal::u32_suffixed),
        Integer::I64 | Integer::QuotedI64 => signed().map(Literal::i64_suffixed),
        Integer::U64 | Integer::QuotedU64 => unsigned().map(Literal::u64_suffixed),
    };
    literal.map_or_else(|| invalid(value), |literal| quote!(#literal))
}

fn number_literal(value: &Value) -> TokenStream {
    let Some(number) = value.as_f64().filter(|number| number.is_finite()) else { return invalid(value) };
    let literal = Literal::f64_suffixed(number);
    quote!(#literal)
}

/// Returns a value of a type for any JSON, parsed from its text.
fn json_literal(ty: &TokenStream, value: &Value) -> TokenStream {
    let text = value.to_string();
    quote!(json::<#ty>(#text))
}

/// Returns an expression that does not compile, with a value that does not match its type.
fn invalid(value: &Value) -> TokenStream {
    let message = format!("{value} is no value of this type");
    quote!(compile_error!(#message))
}
