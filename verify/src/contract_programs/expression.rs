//! Part of `contract`: a value as the Rust expression that a consumer would build it with.
//!
//! In: a type where it is used, and a JSON value of it. Out: an expression of exactly the type that stage `emit` writes
//! there, made through the generated crate's public interface alone: constructors, setters, variants.
//!
//! Invariant: total. A value that is none of its type gives an expression that does not compile, never a wrong call.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use super::fit;
use clientwright::internal::emit::{FileEmitter, Passing, ident};
use clientwright::ir::{
    EnumValue, Expect, Field, Integer, Number, Object, Parameter, Rule, Shape, Test, Text, Type, TypeId, TypeRef,
    Union, Variant,
};

/// Writes expressions for the types of one API.
pub(super) struct Expressions<'a> {
    pub(super) file: &'a FileEmitter<'a>,
}

impl Expressions<'_> {
    /// The expression of a parameter's value, as its method or setter takes it.
    pub(super) fn argument(&self, parameter: &Parameter, value: &Value) -> TokenStream {
        // Where a parameter lives, nothing is boxed or hidden.
        let used = parameter.ty.unwrapped();
        match self.file.passing(parameter) {
            Passing::Text => text_literal(value),
            Passing::Displayed => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                quote!(#text)
            }
            Passing::List(item) => self.list(item, value),
            Passing::Reference => {
                let value = self.value(used, value);
                quote!(&#value)
            }
            Passing::Value | Passing::Into => self.value(used, value),
        }
    }

    /// The expression of a value: nullability included, presence not.
    pub(super) fn value(&self, used: TypeRef, value: &Value) -> TokenStream {
        if used.nullable && value.is_null() {
            return quote!(None);
        }
        let inner = self.plain(used, value);
        if used.nullable { quote!(Some(#inner)) } else { inner }
    }

    /// The expression of a value that is there and not `null`.
    fn plain(&self, used: TypeRef, value: &Value) -> TokenStream {
        let mut inner = self.by_id(used.ty, value);
        if used.secret {
            inner = quote!(Secret::new(#inner));
        }
        if used.boxed { quote!(Box::new(#inner)) } else { inner }
    }

    /// What is inside of a list, a map or an alias is never boxed.
    fn nested(&self, used: TypeRef, value: &Value) -> TokenStream {
        self.value(TypeRef { boxed: false, ..used }, value)
    }

    fn by_id(&self, id: TypeId, value: &Value) -> TokenStream {
        let ty = &self.file.context.api.types[id];
        let named = self.file.context.names.ty(id).map(|name| ident(&name.ident));
        match (named, &ty.shape) {
            (Some(name), Shape::Object(object)) => self.object(id, &quote!(types::#name), object, value),
            (Some(name), Shape::Union(union)) => self.union(id, &quote!(types::#name), union, value),
            (Some(name), Shape::TextEnum(values)) => {
                let known = values.iter().position(|known| value.as_str() == Some(&known.wire));
                self.member(id, &quote!(types::#name), known, &text_literal(value))
            }
            (Some(name), Shape::IntegerEnum(values)) => {
                self.member(id, &quote!(types::#name), integer_position(values, value), &quote!(0))
            }
            (Some(name), Shape::MixedEnum(values)) => {
                let known = values.iter().position(|known| known.wire == *value);
                self.member(id, &quote!(types::#name), known, &text_literal(value))
            }
            (Some(name), _) if self.file.context.is_newtype(id) => {
                let inner = self.shape(ty, value);
                quote!(types::#name(#inner))
            }
            _ => self.shape(ty, value),
        }
    }

    /// A value of a shape that has no name.
    fn shape(&self, ty: &Type, value: &Value) -> TokenStream {
        match &ty.shape {
            Shape::Null => quote!(()),
            Shape::Boolean => value.as_bool().map_or_else(|| invalid(value), |value| quote!(#value)),
            Shape::Integer(integer) => integer_literal(*integer, value),
            Shape::Number(width) => number_literal(*width, value),
            Shape::Text(Text::Plain) => {
                let text = text_literal(value);
                quote!(#text.to_owned())
            }
            Shape::Text(Text::DateTime) => {
                let text = text_literal(value);
                quote!(date_time(#text))
            }
            Shape::Text(Text::Uuid) => {
                let text = text_literal(value);
                quote!(uuid(#text))
            }
            Shape::Text(text @ (Text::Date | Text::Time | Text::Duration | Text::Decimal | Text::Base64)) => {
                let (ty, text) = (ident(&format!("{text:?}")), text_literal(value));
                quote!(#ty::from_text(#text))
            }
            Shape::Text(Text::File) => {
                let text = text_literal(value);
                quote!(File::from(#text))
            }
            Shape::Array(item) => self.list(*item, value),
            Shape::Tuple(elements) => {
                let values = value.as_array().into_iter().flatten();
                let elements = elements.iter().zip(values).map(|(element, value)| self.value(*element, value));
                quote!((#(#elements),*))
            }
            Shape::Map(item) if self.file.is_any(*item) => object_literal(value),
            Shape::Map(item) => {
                let value_type = self.file.rust_type(TypeRef { boxed: false, ..*item });
                let entries = value.as_object().into_iter().flatten();
                map(&value_type, entries.map(|(key, value)| (key.as_str(), self.nested(*item, value))))
            }
            Shape::Alias(target) => self.nested(TypeRef { nullable: false, ..*target }, value),
            // Those that have a name, and any JSON value.
            _ => json_literal(value),
        }
    }

    fn list(&self, item: TypeRef, value: &Value) -> TokenStream {
        let items = value.as_array().map_or(&[][..], Vec::as_slice);
        if items.is_empty() {
            let ty = self.file.rust_type(TypeRef { boxed: false, ..item });
            return quote!(Vec::<#ty>::new());
        }
        let items = items.iter().map(|value| self.nested(item, value));
        quote!(Vec::from([#(#items),*]))
    }

    /// A known value of an enumeration; else `from`, which takes any.
    fn member(&self, id: TypeId, name: &TokenStream, known: Option<usize>, value: &TokenStream) -> TokenStream {
        match known.and_then(|index| self.file.context.names.members(id).get(index)) {
            Some(variant) => {
                let variant = ident(variant);
                quote!(#name::#variant)
            }
            None => quote!(#name::from(#value)),
        }
    }

    /// `Type::new(…)` with what is required, and a setter for everything else that is there.
    fn object(&self, id: TypeId, name: &TokenStream, object: &Object, value: &Value) -> TokenStream {
        let empty = Map::new();
        let entries = value.as_object().unwrap_or(&empty);
        let fields = || object.fields.iter().zip(self.file.context.names.members(id));
        let ty = &self.file.context.api.types[id];
        let required = fields().filter(|(field, _)| ty.asks_for(field)).map(|(field, _)| {
            let value = entries.get(&field.wire_name).unwrap_or(&Value::Null);
            if self.takes_text(field, true) { text_literal(value) } else { self.value(field.ty, value) }
        });
        let setters = fields().filter(|(field, _)| !ty.requires(field)).filter_map(|(field, name)| {
            let value = entries.get(&field.wire_name)?;
            let setter = ident(name);
            let argument = match value {
                Value::Null if field.ty.nullable => quote!(Maybe::Null),
                _ if self.takes_text(field, false) => text_literal(value),
                _ => self.plain(field.ty, value),
            };
            Some(quote!(.#setter(#argument)))
        });
        let rest = object.additional.map(|used| self.rest(id, object, used, entries));
        let new = quote!(#name::new(#(#required),*) #(#setters)* #rest);
        let others = fields().filter(|(field, _)| ty.requires(field));
        let others: Vec<TokenStream> = others.filter_map(|(field, name)| self.other(field, name, entries)).collect();
        if others.is_empty() { new } else { quote!({ let mut value = #new; #(value.#others;)* value }) }
    }

    /// The assignment of a value that is not the one that a constructor fills in.
    fn other(&self, field: &Field, name: &str, entries: &Map<String, Value>) -> Option<TokenStream> {
        let constant = field.constant.as_ref()?;
        let (value, name) = (entries.get(&field.wire_name).filter(|value| **value != *constant)?, ident(name));
        let value = self.value(field.ty, value);
        Some(quote!(#name = #value))
    }

    /// Whether a constructor or setter takes a string as it is written in Rust.
    fn takes_text(&self, field: &Field, is_required: bool) -> bool {
        let TypeRef { nullable, boxed, secret, ty } = field.ty;
        let plain = *self.file.resolved(ty) == Shape::Text(Text::Plain);
        // A text turns into a `String`, a `Secret` or a `Maybe`, but not into one inside of another.
        let wrapped = boxed || nullable && (is_required || secret);
        plain && !wrapped
    }

    /// All other properties, where there are any.
    fn rest(&self, id: TypeId, object: &Object, used: TypeRef, entries: &Map<String, Value>) -> TokenStream {
        let is_other = |(key, _): &(&String, &Value)| object.fields.iter().all(|field| field.wire_name != **key);
        let others: Vec<(&String, &Value)> = entries.iter().filter(is_other).collect();
        if others.is_empty() {
            return TokenStream::new();
        }
        let setter = ident(self.file.context.names.rest(id));
        let value = if self.file.is_any(used) {
            let others: Map<String, Value> =
                others.into_iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            object_literal(&Value::Object(others))
        } else {
            let ty = self.file.rust_type(used);
            map(&ty, others.into_iter().map(|(key, value)| (key.as_str(), self.value(used, value))))
        };
        quote!(.#setter(#value))
    }

    /// The branch that the value belongs to. Large ones are boxed, which `into` does where it is needed.
    fn union(&self, id: TypeId, name: &TokenStream, union: &Union, value: &Value) -> TokenStream {
        let chosen = match &union.rule {
            Rule::BestFit(patterns) => fit::best(patterns, value),
            rule => union.variants.iter().position(|variant| belongs(rule, variant, value)),
        };
        let chosen = chosen.or_else(|| union.variants.iter().position(|variant| variant.is_default));
        // A tag that no branch can hold tells nothing; whoever sends a value chooses its branch.
        let chosen = chosen.or_else(|| union.variants.iter().position(|variant| self.describes(variant, value)));
        let found = chosen.and_then(|index| {
            let variant = union.variants.get(index)?;
            Some((self.file.context.names.members(id).get(index)?, variant))
        });
        let Some((member, variant)) = found else { return invalid(value) };
        let member = ident(member);
        let payload = self.plain(TypeRef { boxed: false, nullable: false, ..variant.ty }, value);
        quote!(#name::#member(#payload.into()))
    }

    /// Whether an object has all properties that a branch requires, no others than it knows, and texts that it lists.
    fn describes(&self, variant: &Variant, value: &Value) -> bool {
        let ty = self.file.context.api.types.resolved(variant.ty.ty);
        let (Shape::Object(object), Some(entries)) = (&ty.shape, value.as_object()) else { return false };
        let fits = |field: &Field| match (entries.get(&field.wire_name), self.file.resolved(field.ty.ty)) {
            (None, _) => !ty.requires(field),
            (Some(Value::String(text)), Shape::TextEnum(values)) => values.iter().any(|value| value.wire == *text),
            (Some(_), _) => true,
        };
        let is_known = |key: &String| object.fields.iter().any(|field| field.wire_name == *key);
        object.fields.iter().all(fits) && entries.keys().all(is_known)
    }
}

/// Whether a value belongs to a branch, by the rule by which the runtime tells them.
fn belongs(rule: &Rule, variant: &Variant, value: &Value) -> bool {
    match rule {
        Rule::Tag(property) => {
            value.get(property).and_then(Value::as_str).is_some_and(|tag| variant.tags.iter().any(|known| known == tag))
        }
        _ => passes(&variant.test, value),
    }
}

fn passes(test: &Test, value: &Value) -> bool {
    let is_type = match test.json {
        Expect::Null => value.is_null(),
        Expect::Boolean => value.is_boolean(),
        Expect::Integer => value.is_i64() || value.is_u64(),
        Expect::Number => value.is_number(),
        Expect::String
        | Expect::Uuid
        | Expect::DateTime
        | Expect::Date
        | Expect::Time
        | Expect::Duration
        | Expect::Quoted => value.is_string(),
        Expect::Array | Expect::Tuple => value.is_array(),
        Expect::Object | Expect::Map => value.is_object(),
        Expect::Any => true,
    };
    let has_text = |(key, text): &(String, String)| value.get(key).and_then(Value::as_str) == Some(text.as_str());
    is_type && test.keys.iter().all(|key| value.get(key).is_some()) && test.equal.iter().all(has_text)
}

fn integer_position(values: &[EnumValue<i64>], value: &Value) -> Option<usize> {
    values.iter().position(|known| value.as_i64() == Some(known.wire))
}

fn map<'k>(ty: &TokenStream, entries: impl Iterator<Item = (&'k str, TokenStream)>) -> TokenStream {
    let entries: Vec<TokenStream> = entries.map(|(key, value)| quote!((#key.to_owned(), #value))).collect();
    if entries.is_empty() {
        return quote!(BTreeMap::<String, #ty>::new());
    }
    quote!(BTreeMap::from([#(#entries),*]))
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

fn number_literal(width: Number, value: &Value) -> TokenStream {
    let Some(number) = value.as_f64().filter(|number| number.is_finite()) else { return invalid(value) };
    let literal = match width {
        Number::F32 => Literal::f32_suffixed(number as f32),
        Number::F64 => Literal::f64_suffixed(number),
        Number::Decimal => {
            let text = value.to_string();
            return quote!(json::<Decimal>(#text));
        }
    };
    quote!(#literal)
}

/// Any JSON value, read from its text.
fn json_literal(value: &Value) -> TokenStream {
    let text = value.to_string();
    quote!(json::<JsonValue>(#text))
}

fn object_literal(value: &Value) -> TokenStream {
    let text = value.to_string();
    quote!(json::<JsonObject>(#text))
}

/// A value that cannot be of its type: an expression that the compiler refuses, with the value in it.
fn invalid(value: &Value) -> TokenStream {
    let message = format!("{value} is no value of this type");
    quote!(compile_error!(#message))
}
