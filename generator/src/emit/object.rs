//! Part of `emit`: an object with named properties as a struct, with codec, constructor and setters.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use super::docs;
use super::facts::{doc_lines, wire_name, without_name};
use super::file::FileEmitter;
use super::types::Item;
use super::{joined, literal, many_arguments, operator_setter, with_fractions};
use crate::ir::{Field, Object, Shape, Text, Type, TypeRef, float};

/// The contributions of one field to a struct, its codec, its constructor and its setters.
struct FieldTokens<'a> {
    ident: &'a Ident,
    docs: TokenStream,
    ty: TokenStream,
    /// The codec entry.
    codec: TokenStream,
    /// The constructor argument, if the field is required.
    argument: Option<TokenStream>,
    /// The only possible value of a required field, which is not a constructor argument.
    constant: Option<&'a Value>,
    /// The initial value in the constructor.
    initial: TokenStream,
    setter: Option<TokenStream>,
}

/// How an argument passes the value of a property.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ArgumentKind {
    /// By value.
    Value,
    /// As `impl Into`: strings, decimals, files, bytes, enumerations with strings, unions, types with a separate read type, and boxed or
    /// secret values.
    Into,
    /// As an iterator of the items of an array.
    Items(TypeRef),
    /// As an iterator of the entries of a map.
    Entries(TypeRef),
}

impl FileEmitter<'_> {
    /// Writes the struct of an object, its codec and its functions.
    pub(super) fn object(&self, item: &Item<'_>, object: &Object) -> TokenStream {
        let Item { ty, ident: name, docs, .. } = item;
        let declared = object.fields.iter().zip(&item.members).map(|(field, ident)| self.field(ty, field, ident));
        let rest_ident = super::ident(self.names.rest(item.id));
        let rest = object.additional.map(|used| self.rest(&rest_ident, used));
        let fields: Vec<FieldTokens<'_>> = declared.chain(rest).collect();
        let has_default = ty.sent && fields.iter().all(|field| field.argument.is_none() && field.constant.is_none());
        let derives = if has_default { quote!(Clone, Default, PartialEq) } else { quote!(Clone, PartialEq) };
        let definitions = fields.iter().map(|FieldTokens { ident, docs, ty, .. }| quote!(#docs pub #ident: #ty,));
        let codec = self.codec_macro(ty, "object");
        let entries = fields.iter().map(|field| &field.codec);
        let functions = ty.sent.then(|| {
            let (new, setters) = (self.constructor(&fields), fields.iter().map(|field| &field.setter));
            let default = (!has_default && fields.iter().all(|field| field.argument.is_none()))
                .then(|| quote!(impl Default for #name { #[inline] fn default() -> Self { Self::new() } }));
            let read_constructor =
                self.constructor_type(item.id).map(|read| self.read_constructor(&read, name, &fields));
            quote!(#default impl #name { #new #(#setters)* } #read_constructor)
        });
        let definition = quote! {
            #docs
            #[derive(#derives)]
            #[non_exhaustive]
            pub struct #name { #(#definitions)* }
            #codec!(#name { #(#entries,)* });
        };
        joined([Some(definition), functions])
    }

    fn field<'a>(&self, of: &Type, field: &'a Field, ident: &'a Ident) -> FieldTokens<'a> {
        let (required, nullable) = (of.requires(field), field.ty.nullable);
        let plain = field.ty.not_null();
        let inner = self.rust_type(plain);
        let always = of.always_has(field);
        let maybe = !always && nullable;
        let wrapper = if maybe { self.runtime("Maybe") } else { quote!(Option) };
        let ty = if always && !nullable { inner.clone() } else { quote!(#wrapper<#inner>) };
        let codec =
            if required { self.codec(field.ty) } else { self.codec(plain).map(|codec| quote!(#wrapper<#codec>)) };
        let codec = codec.map(|codec| quote!(as #codec));
        let optional = (!always).then(|| quote!(?));
        let default = field.read_default.as_ref().map(|default| self.absent(field.ty, default));
        let wire_name = &field.wire_name;
        // A required nullable field takes `Option`, which is clearer than `impl Into<Option<…>>`.
        let argument_kind = if required && nullable { ArgumentKind::Value } else { self.argument_kind(field.ty) };
        // Read-only types have no constructor, so its imports would be unused.
        let (argument, initial) = if of.sent && of.is_argument(field) {
            let (argument, value) = self.property_argument(argument_kind, &ty, ident);
            let initial = if argument_kind == ArgumentKind::Value { quote!(#ident) } else { quote!(#ident: #value) };
            (Some(quote!(#ident: #argument)), initial)
        } else {
            let value = self.without_value(of, field);
            (None, quote!(#ident: #value))
        };
        let docs = self.field_docs(of, field, ident);
        let setter = (of.sent && !required).then(|| self.setter(field, maybe, (argument_kind, &inner), ident, &docs));
        let docs = self.docs(&docs);
        let constant = field.constant.as_ref().filter(|_| required || field.distinguishes);
        let codec = quote!(#wire_name => #ident #optional #codec #default);
        FieldTokens { ident, docs, ty, codec, argument, constant, initial, setter }
    }

    /// Returns the argument type for a property, and the expression for its value.
    fn property_argument(
        &self,
        argument_kind: ArgumentKind,
        ty: &TokenStream,
        ident: &Ident,
    ) -> (TokenStream, TokenStream) {
        match argument_kind {
            ArgumentKind::Value => (ty.clone(), quote!(#ident)),
            ArgumentKind::Into => (quote!(impl Into<#ty>), quote!(#ident.into())),
            ArgumentKind::Items(item) => {
                let (codegen, item) = (self.runtime("codegen"), self.item_argument(item));
                (quote!(impl IntoIterator<Item = #item>), quote!(#codegen::list(#ident)))
            }
            ArgumentKind::Entries(value) => {
                let (codegen, value) = (self.runtime("codegen"), self.item_argument(value));
                (quote!(impl IntoIterator<Item = (impl Into<String>, #value)>), quote!(#codegen::map(#ident)))
            }
        }
    }

    /// Returns the argument type for an item or a map value: `impl Into` for strings and decimals.
    pub(super) fn item_argument(&self, used: TypeRef) -> TokenStream {
        let ty = self.rust_type(used);
        if self.is_text_or_enumeration(used) || self.is_decimal(used) { quote!(impl Into<#ty>) } else { ty }
    }

    /// Writes the setter of a property; with `maybe`, it also takes `null` and an absent value.
    fn setter(
        &self,
        field: &Field,
        maybe: bool,
        (argument_kind, ty): (ArgumentKind, &TokenStream),
        ident: &Ident,
        docs: &[String],
    ) -> TokenStream {
        let docs = self.docs(&docs::summary(docs));
        let is_text = self.is_plain_text(field.ty.not_null());
        if !maybe {
            let (argument, value) = self.property_argument(argument_kind, ty, ident);
            setter(&docs, ident, false, argument, quote!(Some(#value)))
        } else if argument_kind == ArgumentKind::Into && !is_text {
            let into_maybe = self.runtime("IntoMaybe");
            setter(&docs, ident, true, quote!(impl #into_maybe<#ty, F>), quote!(#ident.into_maybe()))
        } else {
            let maybe = self.runtime("Maybe");
            setter(&docs, ident, false, quote!(impl Into<#maybe<#ty>>), quote!(#ident.into()))
        }
    }

    /// Returns the initial value of a property without an argument: its constant if it is required, otherwise absent.
    pub(super) fn without_value(&self, of: &Type, field: &Field) -> TokenStream {
        match &field.constant {
            Some(constant) if of.requires(field) => self.constant(field.ty, constant),
            Some(constant) if field.distinguishes => {
                let value = self.constant(field.ty, constant);
                quote!(Some(#value))
            }
            _ if field.ty.nullable && field.read_default.is_none() => quote!(Maybe::Absent),
            _ => quote!(None),
        }
    }

    /// Returns `= 20`, or `=? Some(20)` if `null` is a distinct value.
    fn absent(&self, used: TypeRef, default: &Value) -> TokenStream {
        let value = match (self.resolved(used), default) {
            (Shape::Boolean | Shape::Integer(_), value) => literal(value, false),
            (Shape::Number, Value::Number(number)) => Literal::f64_unsuffixed(float(number)).into_token_stream(),
            (Shape::Text(format), Value::String(text)) if *format != Text::Plain => {
                let ty = self.text_type(*format);
                quote!(#ty::from_text(#text))
            }
            (_, Value::Array(_) | Value::Object(_)) => quote!(Default::default()),
            (_, value) => {
                let value = literal(value, true);
                quote!(#value.into())
            }
        };
        if used.nullable { quote!(=? Some(#value)) } else { quote!(= #value) }
    }

    /// Returns the field for additional properties.
    fn rest<'a>(&self, ident: &'a Ident, used: TypeRef) -> FieldTokens<'a> {
        let map = if self.is_any(used) { self.runtime("JsonObject") } else { self.btree_map() };
        let ty = self.shape(&Shape::Map(used), 0);
        let codec = self.codec(used).map(|codec| quote!(as #map<String, #codec>));
        let argument_kind = if self.is_any(used) { ArgumentKind::Value } else { ArgumentKind::Entries(used) };
        let (argument, value) = self.property_argument(argument_kind, &ty, ident);
        let docs = self.docs(&["Additional properties."]);
        FieldTokens {
            ident,
            setter: Some(setter(&docs, ident, false, argument, value)),
            docs,
            codec: quote!(.. => #ident #codec),
            argument: None,
            constant: None,
            initial: quote!(#ident: #map::new()),
            ty,
        }
    }

    /// Returns the documentation of a property, or of its type if the property has none.
    fn field_docs(&self, of: &Type, field: &Field, ident: &Ident) -> Vec<String> {
        let mut docs = without_name(&field.docs, &field.wire_name);
        let of_type = &self.types[field.ty.ty].docs;
        if docs.summary.is_none() && docs.description.is_none() {
            docs.description = of_type.description.clone().or_else(|| without_name(of_type, &field.wire_name).summary);
        }
        docs.deprecated |= of_type.deprecated;
        let mut facts = self.facts(field.ty, field.default.as_ref(), field.example.as_ref());
        if field.read_default.is_some() {
            let default = if field.required_when_read { "Empty" } else { "Defaults to the documented value" };
            facts.push(format!("{default} if absent."));
        }
        if field.switch {
            facts.push("Set by each call whose response can be a stream.".to_owned());
        }
        // In a type of one direction, this holds for all properties.
        match (of.read && of.sent, field.read_only, field.write_only) {
            (true, true, false) => facts.insert(0, "Only in responses.".to_owned()),
            (true, false, true) => facts.insert(0, "Only in requests.".to_owned()),
            _ => {}
        }
        facts.extend(wire_name(&field.wire_name, &ident.to_string()));
        doc_lines(&docs, "", &facts)
    }

    /// Returns how a non-null property is passed.
    pub(super) fn argument_kind(&self, used: TypeRef) -> ArgumentKind {
        if used.boxed || used.secret {
            return ArgumentKind::Into;
        }
        let is_newtype = self.is_newtype(used);
        match self.resolved(used) {
            // A received value can be passed.
            Shape::Object(_) if self.context.convertible.contains_key(&self.types.end(used)) => ArgumentKind::Into,
            Shape::Text(Text::Plain | Text::Decimal | Text::Base64 | Text::File)
            | Shape::TextEnum(_)
            | Shape::Decimal
            | Shape::MixedEnum(_)
            | Shape::Union(_) => ArgumentKind::Into,
            Shape::Array(item) if !is_newtype => ArgumentKind::Items(*item),
            Shape::Map(value) if !is_newtype && !self.is_any(*value) => ArgumentKind::Entries(*value),
            _ => ArgumentKind::Value,
        }
    }

    /// Returns `true` for strings that are neither nullable nor secret.
    pub(super) fn is_plain_text(&self, used: TypeRef) -> bool {
        self.is_bare(used) && *self.resolved(used) == Shape::Text(Text::Plain)
    }

    /// Returns `true` for plain text and for enumerations with strings.
    pub(super) fn is_text_or_enumeration(&self, used: TypeRef) -> bool {
        let shape = self.resolved(used);
        self.is_bare(used) && matches!(shape, Shape::Text(Text::Plain) | Shape::TextEnum(_) | Shape::MixedEnum(_))
    }

    /// Returns `true` for decimals that are neither nullable nor secret.
    pub(super) fn is_decimal(&self, used: TypeRef) -> bool {
        self.is_bare(used) && *self.resolved(used) == Shape::Decimal
    }

    /// Returns `true` for uses that are neither nullable, secret nor boxed, of types that are not newtypes.
    pub(super) fn is_bare(&self, used: TypeRef) -> bool {
        !used.nullable && !used.secret && !used.boxed && !self.is_newtype(used)
    }

    /// Writes `new`, with an argument for each required field.
    fn constructor(&self, fields: &[FieldTokens<'_>]) -> TokenStream {
        let arguments: Vec<&TokenStream> = fields.iter().filter_map(|field| field.argument.as_ref()).collect();
        if arguments.is_empty() && fields.iter().all(|field| field.constant.is_none()) {
            let docs = self.docs(&["Creates an empty value."]);
            // A setter `default` would take precedence.
            let shadowed = fields.iter().any(|field| field.ident == "default");
            let default = if shadowed { quote!(<Self as Default>::default()) } else { quote!(Self::default()) };
            return quote!(#docs #[inline] #[must_use] pub fn new() -> Self { #default });
        }
        let docs = self.docs(&["Creates a value with the required properties."]);
        let allow = many_arguments(arguments.len());
        let fractions = with_fractions(fields.iter().filter_map(|field| field.constant));
        let initial = fields.iter().map(|field| &field.initial);
        quote! {
            #docs #[inline] #[must_use] #allow #fractions
            pub fn new(#(#arguments),*) -> Self { Self { #(#initial,)* } }
        }
    }

    /// Writes `new` of the read type, which creates the sent type.
    fn read_constructor(&self, read: &TokenStream, sent: &Ident, fields: &[FieldTokens<'_>]) -> TokenStream {
        let docs = self.docs(&[format!("Creates the [`{sent}`] to send.")]);
        let (arguments, names): (Vec<_>, Vec<_>) =
            fields.iter().filter_map(|field| Some((field.argument.as_ref()?, field.ident))).unzip();
        let allow = many_arguments(arguments.len());
        quote! {
            impl #read {
                #docs #[inline] #[must_use] #[allow(clippy::new_ret_no_self)] #allow
                pub fn new(#(#arguments),*) -> #sent { #sent::new(#(#names),*) }
            }
        }
    }
}

/// Writes a setter. `argument` is its argument's type, which may use the type parameter `F`; `value` is assigned.
fn setter(
    docs: &TokenStream,
    ident: &Ident,
    is_generic: bool,
    argument: impl ToTokens,
    value: impl ToTokens,
) -> TokenStream {
    let (allow, generics) = (operator_setter(ident), is_generic.then(|| quote!(<F>)));
    quote! {
        #docs
        #[inline]
        #[must_use]
        #allow
        pub fn #ident #generics(mut self, #ident: #argument) -> Self {
            self.#ident = #value;
            self
        }
    }
}
