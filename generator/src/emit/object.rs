//! Part of `emit`: an object with named properties as a struct, its codec, its constructor and setters.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::docs::{attributes, code};
use super::file::FileEmitter;
use super::rust_type::ImportScope;
use super::{ident, operator_setter};
use crate::ir::{Field, Object, ReadDefault, Shape, Text, Type, TypeId, TypeRef};

/// Constructors with more arguments than this are spared clippy's opinion: the document requires them all.
const ARGUMENTS: usize = 7;

impl FileEmitter<'_> {
    /// The struct of an object and all that belongs to it.
    pub(super) fn object(&self, id: TypeId, ty: &Type, object: &Object) -> TokenStream {
        let Some(name) = self.context.names.ty(id) else {
            return TokenStream::new();
        };
        let struct_ident = ident(&name.ident);
        let docs = attributes(&self.type_docs(ty));
        let fields: Vec<FieldTokens> = self.fields(id, ty, object);
        let rest = object.additional.map(|used| (ident(self.context.names.rest(id)), used));
        let derives = if ty.sent && fields.iter().all(|field| !field.required) {
            quote!(Clone, Default, PartialEq)
        } else {
            quote!(Clone, PartialEq)
        };
        let definitions = fields.iter().map(FieldTokens::definition);
        let rest_definition = rest.as_ref().map(|(ident, used)| self.rest_definition(ident, *used));
        let codec = self.codec_of_object(ty, &struct_ident, &fields, rest.as_ref());
        let constructor = ty.sent.then(|| self.constructor(&struct_ident, &fields, rest.as_ref()));
        quote! {
            #docs
            #[derive(#derives)]
            #[non_exhaustive]
            pub struct #struct_ident {
                #(#definitions)*
                #rest_definition
            }
            #codec
            #constructor
        }
    }

    fn fields(&self, id: TypeId, ty: &Type, object: &Object) -> Vec<FieldTokens> {
        let names = self.context.names.members(id);
        object.fields.iter().zip(names).map(|(field, name)| self.field(ty, field, name)).collect()
    }

    fn field(&self, of: &Type, field: &Field, name: &str) -> FieldTokens {
        let inner = self.plain_type(field.ty, ImportScope::Types);
        let required = of.requires(field);
        let (ty, codec) = match (required, field.ty.nullable) {
            (true, false) => (inner.clone(), self.codec(field.ty)),
            (true, true) => (quote!(Option<#inner>), self.codec(field.ty)),
            (false, _) if field.read_default.is_some() => {
                let plain = TypeRef { nullable: false, ..field.ty };
                let ty = if field.ty.nullable { quote!(Option<#inner>) } else { inner.clone() };
                (ty, self.codec(plain).map(|codec| quote!(Option<#codec>)))
            }
            (false, false) => (quote!(Option<#inner>), self.codec(field.ty).map(|codec| quote!(Option<#codec>))),
            (false, true) => {
                let maybe = self.runtime("Maybe");
                let plain = TypeRef { nullable: false, ..field.ty };
                (quote!(#maybe<#inner>), self.codec(plain).map(|codec| quote!(#maybe<#codec>)))
            }
        };
        FieldTokens {
            ident: ident(name),
            wire_name: field.wire_name.clone(),
            required,
            maybe: !required && field.ty.nullable && field.read_default.is_none(),
            read_default: field.read_default.as_ref().map(|read_default| absent(read_default, field.ty.nullable)),
            docs: attributes(&self.field_docs(of, field)),
            into: self.takes_into(field.ty),
            inner,
            ty,
            codec,
        }
    }

    /// A property says what is written at it, else what is written at its type.
    fn field_docs(&self, of: &Type, field: &Field) -> Vec<String> {
        let mut docs = field.docs.clone();
        if let Some(ty) = self.context.api.types.get(field.ty.ty) {
            if docs.summary.is_none() && docs.description.is_none() {
                docs.summary = None;
                docs.description = ty.docs.description.clone().or_else(|| ty.docs.summary.clone());
            }
            docs.deprecated |= ty.docs.deprecated;
        }
        let fallback = format!("The property {}.", code(&field.wire_name));
        let mut facts = self.facts(field.ty, field.default.as_ref(), field.example.as_ref());
        if field.read_default.is_some() {
            facts.push("Absent means the default.".to_owned());
        }
        // A type that goes one way alone has nothing to tell apart.
        match (of.read && of.sent, field.read_only, field.write_only) {
            (true, true, false) => facts.insert(0, "Only in responses.".to_owned()),
            (true, false, true) => facts.insert(0, "Only in requests.".to_owned()),
            _ => {}
        }
        self.doc_lines(&docs, &fallback, &facts, None)
    }

    /// Whether a text, a file or bytes can be given as whatever turns into one.
    fn takes_into(&self, used: TypeRef) -> bool {
        let shape = self.resolved(used.ty);
        let is_text = matches!(shape, Some(Shape::Text(Text::Plain | Text::Base64 | Text::File)));
        used.boxed || used.secret || is_text
    }

    fn rest_definition(&self, ident: &Ident, used: TypeRef) -> TokenStream {
        let ty = self.rest_type(used);
        let docs = attributes(&["Properties that the document does not declare.".to_owned()]);
        quote!(#docs pub #ident: #ty,)
    }

    fn rest_type(&self, used: TypeRef) -> TokenStream {
        if self.is_any(used) {
            return self.runtime("JsonObject");
        }
        let value = self.rust_type(used, ImportScope::Types);
        let map = self.btree_map();
        quote!(#map<String, #value>)
    }

    fn codec_of_object(
        &self,
        ty: &Type,
        struct_ident: &Ident,
        fields: &[FieldTokens],
        rest: Option<&(Ident, TypeRef)>,
    ) -> TokenStream {
        let codegen = self.runtime("codegen");
        let entries = fields.iter().map(FieldTokens::entry);
        let rest = rest.map(|(ident, used)| {
            let codec = self.codec(*used).map(|codec| {
                let map = self.btree_map();
                quote!(as #map<String, #codec>)
            });
            quote!(.. => #ident #codec,)
        });
        let name = if ty.read { format_ident!("object") } else { format_ident!("sent_object") };
        quote!(#codegen::#name!(#struct_ident { #(#entries)* #rest });)
    }

    /// `new` takes what is required; a setter each takes what is not.
    fn constructor(
        &self,
        struct_ident: &Ident,
        fields: &[FieldTokens],
        rest: Option<&(Ident, TypeRef)>,
    ) -> TokenStream {
        let required: Vec<&FieldTokens> = fields.iter().filter(|field| field.required).collect();
        let new = if required.is_empty() {
            let docs = attributes(&["Creates an empty value.".to_owned()]);
            // A setter of that name would be found first.
            let shadowed = fields.iter().any(|field| field.ident == "default");
            let default = if shadowed { quote!(<Self as Default>::default()) } else { quote!(Self::default()) };
            quote!(#docs #[inline] #[must_use] pub fn new() -> Self { #default })
        } else {
            let docs = attributes(&["Creates a value with its required properties.".to_owned()]);
            let allow = (required.len() > ARGUMENTS).then(|| quote!(#[allow(clippy::too_many_arguments)]));
            let arguments = required.iter().map(|field| field.argument());
            let values = fields.iter().map(FieldTokens::initial);
            let rest = rest.map(|(ident, used)| {
                let empty = if self.is_any(*used) { self.runtime("JsonObject") } else { self.btree_map() };
                quote!(#ident: #empty::new(),)
            });
            quote! {
                #docs #[inline] #[must_use] #allow
                pub fn new(#(#arguments),*) -> Self { Self { #(#values)* #rest } }
            }
        };
        let setters = fields.iter().filter(|field| !field.required).map(FieldTokens::setter);
        let rest_setter = rest.map(|(ident, used)| {
            let ty = self.rest_type(*used);
            let docs = attributes(&[sets(ident)]);
            quote! {
                #docs
                #[inline]
                #[must_use]
                pub fn #ident(mut self, #ident: #ty) -> Self {
                    self.#ident = #ident;
                    self
                }
            }
        });
        quote!(impl #struct_ident { #new #(#setters)* #rest_setter })
    }
}

/// A field in the making.
struct FieldTokens {
    ident: Ident,
    wire_name: String,
    required: bool,
    /// Whether absent and `null` are told apart.
    maybe: bool,
    /// What stands behind the field in its codec, if absent means a default.
    read_default: Option<TokenStream>,
    docs: TokenStream,
    /// Whether an argument is `impl Into<…>`.
    into: bool,
    /// The type of a value that is there.
    inner: TokenStream,
    /// The field's type.
    ty: TokenStream,
    /// The codec, where the wire form differs from the type's own.
    codec: Option<TokenStream>,
}

impl FieldTokens {
    fn definition(&self) -> TokenStream {
        let Self { ident, docs, ty, .. } = self;
        quote!(#docs pub #ident: #ty,)
    }

    /// One line of the codec.
    fn entry(&self) -> TokenStream {
        let Self { ident, wire_name, codec, .. } = self;
        let codec = codec.as_ref().map(|codec| quote!(as #codec));
        match &self.read_default {
            Some(read_default) => quote!(#wire_name => #ident #codec #read_default,),
            None if self.required => quote!(#wire_name => #ident #codec,),
            None => quote!(#wire_name => #ident? #codec,),
        }
    }

    fn argument(&self) -> TokenStream {
        let Self { ident, ty, .. } = self;
        if self.plain_into() { quote!(#ident: impl Into<#ty>) } else { quote!(#ident: #ty) }
    }

    /// A required field that may be `null` takes an `Option`, which says more than `impl Into<Option<…>>`.
    fn plain_into(&self) -> bool {
        self.into && self.ty.to_string() == self.inner.to_string()
    }

    fn initial(&self) -> TokenStream {
        let ident = &self.ident;
        match (self.required, self.maybe) {
            (true, _) if self.plain_into() => quote!(#ident: #ident.into(),),
            (true, _) => quote!(#ident,),
            (false, true) => quote!(#ident: Maybe::Absent,),
            (false, false) => quote!(#ident: None,),
        }
    }

    fn setter(&self) -> TokenStream {
        let Self { ident, inner, ty, .. } = self;
        let docs = attributes(&[sets(ident)]);
        let (argument, value) = match (self.maybe, self.into) {
            (true, _) => (quote!(impl Into<#ty>), quote!(#ident.into())),
            (false, true) => (quote!(impl Into<#inner>), quote!(Some(#ident.into()))),
            (false, false) => (quote!(#inner), quote!(Some(#ident))),
        };
        let allow = operator_setter(ident);
        quote! {
            #docs
            #[inline]
            #[must_use]
            #allow
            pub fn #ident(mut self, #ident: #argument) -> Self {
                self.#ident = #value;
                self
            }
        }
    }
}

/// `= 20`, and `=? Some(20)` where `null` is a value of its own.
fn absent(read_default: &ReadDefault, nullable: bool) -> TokenStream {
    let value = match read_default {
        ReadDefault::Boolean(value) => quote!(#value),
        ReadDefault::Integer(value) => Literal::i64_unsuffixed(*value).into_token_stream(),
        ReadDefault::Number(value) => Literal::f64_unsuffixed(*value).into_token_stream(),
        ReadDefault::Text(text) | ReadDefault::TextEnum(text) => quote!(#text.into()),
        ReadDefault::IntegerEnum(value) | ReadDefault::Decimal(value) => {
            let value = Literal::i64_suffixed(*value);
            quote!(#value.into())
        }
        ReadDefault::Empty => quote!([].into()),
    };
    if nullable { quote!(=? Some(#value)) } else { quote!(= #value) }
}

/// What the doc comment of a setter says: the field says the rest.
fn sets(ident: &Ident) -> String {
    format!("Sets [`{ident}`](field@Self::{ident}).")
}
