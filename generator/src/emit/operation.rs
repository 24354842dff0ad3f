//! Part of `emit`: an operation as a method of its tag and, if it has optional parts, a request builder.

use std::slice;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::docs::{self, code};
use super::facts::{doc_item, doc_lines, wire_name};
use super::file::FileEmitter;
use super::object::ArgumentKind;
use super::response::Outcome;
use super::{
    ident, joined, literal, many_arguments, nonempty, operator_setter, with, with_flag, with_fractions, with_slice,
};
use crate::call_variants::{
    CallVariant, CallVariants, Distinction, Payload, ResponsePayload, SentBody, SharedHeader, response_headers,
};
use crate::ir::{
    Body, Encoding, Location, MediaKind, MediaType, Method, Operation, Parameter, ResponseHeader, Shape, StatusMatch,
    Style, Text, TypeId, TypeRef, Writing, failures, redirects_are_success, sent_path, text_of,
};
use crate::name::{OperationName, VariantName};

/// One way to call an operation.
pub struct Call<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// All ways to call it.
    pub calls: &'a CallVariants,
    /// The names of the operation.
    pub name: &'a OperationName,
    /// The way to call it.
    pub variant: &'a CallVariant,
    /// The names of the way to call it.
    pub variant_name: &'a VariantName,
}

/// How an argument passes the value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// As a `&str`.
    Text,
    /// By reference.
    Reference,
    /// By value, as `impl Into`, or as an iterator.
    Value,
    /// As `impl Encode`.
    Encoded,
}

/// An optional part of a call.
pub enum Optional<'a> {
    /// A parameter and the name of its setter.
    Parameter(&'a Parameter, &'a str),
    /// The body.
    Body(&'a MediaType),
}

impl Call<'_> {
    /// Returns the condition of functions that send or receive XML.
    fn condition(&self) -> Option<TokenStream> {
        (!self.calls.xml_of(slice::from_ref(self.variant)).is_empty()).then(|| quote!(#[cfg(feature = "xml")]))
    }

    /// Returns the parameters that are arguments, with their names.
    pub fn required(&self) -> Vec<(&Parameter, &str)> {
        self.always_sent().into_iter().filter(|(parameter, _)| parameter.constant.is_none()).collect()
    }

    /// Returns required parameters with their names: path parameters in the order of the path, then the others in document order.
    fn always_sent(&self) -> Vec<(&Parameter, &str)> {
        let mut required: Vec<(&Parameter, &str)> =
            self.parameters().filter(|(parameter, _)| parameter.required).collect();
        required.sort_by_key(|(parameter, _)| match parameter.location {
            Location::Path => {
                self.operation.path.find(&format!("{{{}}}", parameter.wire_name)).unwrap_or(usize::MAX - 1)
            }
            _ => usize::MAX,
        });
        required
    }

    fn parameters(&self) -> impl Iterator<Item = (&Parameter, &str)> {
        self.operation.parameters.iter().zip(self.name.parameters.iter().map(String::as_str))
    }

    /// Returns the media type of the sent body.
    pub fn sends(&self) -> Option<&MediaType> {
        self.variant.sends.as_ref().map(|body| &body.media_type)
    }

    /// Returns the body, if it is an argument.
    pub fn required_body(&self) -> Option<&Body> {
        self.operation.body.as_ref().filter(|body| body.required)
    }

    /// Returns the media type of a required body in this call.
    pub(super) fn required_media_type(&self) -> Option<&MediaType> {
        self.required_body().and(self.sends())
    }

    /// Returns the payload of a success.
    pub(super) fn success(&self) -> Outcome<'_> {
        (&self.variant.success, self.variant_name.success.as_ref())
    }

    /// Returns `true` if a success is a stream.
    fn is_stream(&self) -> bool {
        matches!(self.variant.success, ResponsePayload::One(Payload { kind: MediaKind::Stream(_), .. }))
    }

    /// Returns the parts that have setters.
    pub fn optional(&self) -> Vec<Optional<'_>> {
        let parameters = self.parameters().filter(|(parameter, _)| !parameter.required);
        let parameters = parameters.map(|(parameter, name)| Optional::Parameter(parameter, name));
        let body = self.sends().filter(|_| self.required_body().is_none());
        parameters.chain(body.map(Optional::Body)).collect()
    }
}

impl FileEmitter<'_> {
    /// Writes the method that starts a call.
    pub(super) fn method(&self, call: &Call<'_>) -> TokenStream {
        let method = ident(&call.variant_name.method);
        let docs = self.docs(&self.method_docs(call));
        let condition = call.condition();
        let deprecated = call.operation.docs.deprecated.then(|| quote!(#[deprecated]));
        let (arguments, chain) = self.arguments(call);
        let allow = many_arguments(1 + arguments.len());
        let constants = call.always_sent().into_iter().filter_map(|(parameter, _)| parameter.constant.as_ref());
        let fractions = with_fractions(constants);
        let descriptor = self.descriptor(call);
        let success = self.decoder(call.success(), "empty");
        // A failure without a documented body differs from one with an empty body.
        let failure = self.decoder(self.failure(call), "undocumented");
        let call_type = self.runtime("Call");
        let core = if self.api.is_implied(call.operation.tag) { quote!(self.raw()) } else { quote!(self.client) };
        let started = quote!(#call_type::new(#core.request(&OPERATION)#chain, #success, #failure));
        let (returns, value) = if call.has_request() {
            let request = ident(&call.variant_name.request);
            (quote!(#request), quote!(#request { call: #started }))
        } else {
            (self.call_type(call), started)
        };
        quote! {
            #docs #condition #deprecated #allow #fractions
            #[inline]
            pub fn #method(&self #(, #arguments)*) -> #returns {
                #descriptor
                #value
            }
        }
    }

    /// Writes the request builder with a setter for each optional part, if any.
    pub(super) fn request(&self, call: &Call<'_>, method: &str) -> TokenStream {
        let optional = call.optional();
        if !call.has_request() {
            return TokenStream::new();
        }
        let request = ident(&call.variant_name.request);
        let with = if optional.is_empty() { "" } else { ", with setters for the optional parameters" };
        let docs = self.docs(&[format!("A [`{method}`] request{with}.")]);
        let call_type = self.call_type(call);
        let setters = optional.iter().map(|part| match part {
            Optional::Parameter(parameter, name) => self.parameter_setter(parameter, name),
            Optional::Body(media_type) => self.body_setter(media_type, call),
        });
        let condition = call.condition();
        let setters = nonempty(setters).map(|setters| quote!(#condition impl #request { #(#setters)* }));
        let [success, failure] = self.outcome_types(call);
        let repetition = self.repetition(call);
        quote! {
            #docs
            #[derive(Clone, Debug)]
            #[must_use = "a request does nothing until it is awaited"]
            pub struct #request { call: #call_type }
            #setters
            clientwright_runtime::codegen::call!(#request => #success, #failure);
            #repetition
        }
    }

    /// Writes the operation's constant descriptor.
    fn descriptor(&self, call: &Call<'_>) -> TokenStream {
        let operation = self.codegen("Operation");
        let (id, path) = (&call.operation.id, &call.operation.path);
        let described = match &call.operation.method {
            Method::Other(method) => quote!(#operation::method(#method, #id, #path)),
            method => {
                let method = ident(method.key());
                quote!(#operation::#method(#id, #path))
            }
        };
        let called = self.method_path(call);
        let accept = call.variant.accept.join(", ");
        let alternatives = call.operation.security.iter().map(|requirement| {
            let names = self.api.schemes(requirement).map(|scheme| &scheme.name);
            quote!(&[#(#names),*])
        });
        let statuses = call.calls.failure_statuses.iter().copied().map(Literal::u16_unsuffixed);
        let chain = [
            with("called", (called != *id).then_some(called)),
            with("server", call.operation.server.as_ref()),
            with_flag("redirect_is_success", redirects_are_success(&call.operation.responses)),
            with("accept", (!accept.is_empty()).then_some(accept)),
            with_slice("excludes", &call.variant.excluded),
            with_slice("security", alternatives),
            client_defaults(call.operation, Location::Header, "default_headers"),
            client_defaults(call.operation, Location::Query, "default_query"),
            with_slice("failures", statuses),
            with_flag("idempotent", call.operation.idempotent),
            with("idempotency_key", call.operation.idempotency_key.as_ref()),
            with_flag("streamed", call.is_stream()),
        ];
        quote!(const OPERATION: #operation = #described #(#chain)*;)
    }

    /// Returns the arguments of a method, and the chained calls that take them.
    fn arguments(&self, call: &Call<'_>) -> (Vec<TokenStream>, TokenStream) {
        let mut arguments = Vec::new();
        let mut chain = TokenStream::new();
        for (parameter, name) in call.always_sent() {
            let name = ident(name);
            let (ty, borrowed) = self.argument(parameter, &name);
            let borrowed = match &parameter.constant {
                Some(constant) => borrowed_constant(constant),
                None => {
                    arguments.push(quote!(#name: #ty));
                    borrowed
                }
            };
            let sender = self.sent_parameter(parameter, parameter.location.key(), &borrowed);
            chain.extend(quote!(.#sender));
        }
        if let Some(media_type) = call.required_media_type() {
            let (own, sender) = self.body(media_type, call);
            arguments.extend(own);
            chain.extend(quote!(.#sender));
        }
        (arguments, chain)
    }

    /// Returns the call that sends a parameter: `setter`, or its variant with a style.
    fn sent_parameter(&self, parameter: &Parameter, setter: &str, value: &TokenStream) -> TokenStream {
        let wire = &parameter.wire_name;
        let Some(style) = self.style(parameter) else {
            let setter = ident(setter);
            return quote!(#setter(#wire, #value));
        };
        let setter = ident(format!("{setter}_styled"));
        quote!(#setter(#wire, #style, #value))
    }

    /// Returns how a parameter is passed: cheap copies and enums by value, others by reference. An untyped path parameter is any `impl
    /// Encode`.
    pub fn passing(&self, parameter: &Parameter) -> Passing {
        let used = parameter.ty.unboxed();
        match self.resolved(used) {
            _ if used.nullable || used.secret => Passing::Value,
            Shape::Any if parameter.location == Location::Path => Passing::Encoded,
            Shape::Text(Text::Plain) => Passing::Text,
            Shape::Object(_) | Shape::Map(_) | Shape::Tuple(_) | Shape::Any => Passing::Reference,
            _ => Passing::Value,
        }
    }

    /// Returns the argument type of a parameter, and the expression that borrows it in its serialized form.
    fn argument(&self, parameter: &Parameter, name: &Ident) -> (TokenStream, TokenStream) {
        let used = parameter.ty.unboxed();
        let (ty, borrowed) = match self.passing(parameter) {
            Passing::Encoded => (quote!(impl clientwright_runtime::wire::Encode), quote!(&#name)),
            Passing::Text => (quote!(&str), quote!(#name)),
            Passing::Reference => {
                let ty = self.rust_type(used);
                (quote!(&#ty), quote!(#name))
            }
            Passing::Value => {
                let (ty, value) = self.value_argument(used, name);
                (ty, quote!(&#value))
            }
        };
        // Quoted integers are quoted only in JSON.
        let is_written = parameter.style == Style::Json || !matches!(self.innermost(used), Shape::Integer(_));
        (ty, if is_written { self.written(used, borrowed) } else { borrowed })
    }

    /// Returns the shape of a value, or of the innermost items of nested arrays.
    fn innermost(&self, mut used: TypeRef) -> &Shape {
        // Only named types can be recursive; the bound is a safeguard.
        for _ in 0..self.types.len() {
            let Shape::Array(item) = self.resolved(used) else { break };
            used = *item;
        }
        self.resolved(used)
    }

    /// Wraps a borrowed value in its codec, such as `Quoted`, because a parameter or a body has no field for the codec.
    fn written(&self, used: TypeRef, borrowed: TokenStream) -> TokenStream {
        let Some(codec) = self.codec(used) else { return borrowed };
        let codegen = self.runtime("codegen");
        quote!(&#codegen::with::<#codec, _>(#borrowed))
    }

    /// Returns the argument for a value, and the value's expression. The strings of an array may be borrowed.
    fn value_argument(&self, used: TypeRef, name: &Ident) -> (TokenStream, TokenStream) {
        match self.argument_kind(used) {
            ArgumentKind::Items(item) if !used.nullable => {
                let codegen = self.runtime("codegen");
                if self.is_plain_text(item) {
                    return (quote!(impl IntoIterator<Item = impl AsRef<str>>), quote!(#codegen::strings(#name)));
                }
                let (item, ty) = (self.item_argument(item), self.rust_type(item));
                (quote!(impl IntoIterator<Item = #item>), quote!(#codegen::list::<#ty>(#name)))
            }
            ArgumentKind::Into if !used.nullable => {
                let ty = self.rust_type(used);
                (quote!(impl Into<#ty>), quote!(Into::<#ty>::into(#name)))
            }
            _ => (self.rust_type(used), quote!(#name)),
        }
    }

    /// Returns the runtime's style, unless it is the default of the parameter's location (OpenAPI 3.0.3 §4.7.12.2.1).
    fn style(&self, parameter: &Parameter) -> Option<TokenStream> {
        let (style, explode) = (parameter.style, parameter.explode);
        let shape = self.resolved(parameter.ty);
        let scalar = shape.is_scalar() && *shape != Shape::Any;
        let usual = match parameter.location {
            Location::Path | Location::Header => style == Style::Simple && (!explode || scalar),
            Location::Query | Location::Cookie => {
                style == Style::Form && (explode || scalar) && !parameter.allow_reserved
            }
        };
        (!usual).then(|| self.style_value(style, explode, parameter.allow_reserved))
    }

    /// Returns a style of the runtime.
    fn style_value(&self, style: Style, explode: bool, allow_reserved: bool) -> TokenStream {
        // With `explode`, these two are equivalent to forms.
        let is_form = explode && matches!(style, Style::SpaceDelimited | Style::PipeDelimited);
        let style = if is_form { Style::Form } else { style };
        // The runtime uses the same names, and separate variants for reserved characters.
        let variant = match style {
            Style::Form if allow_reserved => "AllowReserved".to_owned(),
            Style::SpaceDelimited | Style::PipeDelimited | Style::DeepObject | Style::Segments if allow_reserved => {
                format!("{style:?}Reserved")
            }
            style => format!("{style:?}"),
        };
        let explodes = matches!(style, Style::Matrix | Style::Label | Style::Form | Style::Simple | Style::Cookie);
        let explode = explodes.then(|| quote!({ explode: #explode }));
        let (name, variant) = (self.runtime("Style"), ident(variant));
        quote!(#name::#variant #explode)
    }

    /// Returns the arguments for a body, and the call that sends it.
    fn body(&self, media_type: &MediaType, call: &Call<'_>) -> (Vec<TokenStream>, TokenStream) {
        let (name, media_name) = (ident(&call.name.body), &media_type.name);
        let (ty, sender) = match (Payload::of(media_type).used, media_type.kind) {
            (Some(used), _) => {
                let (ty, value) = self.value_argument(used, &name);
                let value = self.switched(&value, call).unwrap_or(value);
                (ty, self.sent_value(media_type, &self.written(used, quote!(&#value))))
            }
            (None, MediaKind::Text) if media_type.ty.secret => {
                let ty = self.runtime("Secret");
                (quote!(impl Into<#ty<String>>), quote!(secret_text(#media_name, &#name.into())))
            }
            (None, MediaKind::Text) => (quote!(&str), quote!(text(#media_name, #name))),
            (None, _) => {
                let body = self.runtime("Body");
                let ty = quote!(impl Into<#body>);
                if media_type.named_by_caller {
                    let content_type = ident(&call.name.content_type);
                    let arguments = vec![quote!(#content_type: &str), quote!(#name: #ty)];
                    return (arguments, quote!(bytes(#content_type, #name.into())));
                }
                (ty, quote!(bytes(#media_name, #name.into())))
            }
        };
        (vec![quote!(#name: #ty)], sender)
    }

    /// Returns the call that sends a body of a type.
    fn sent_value(&self, media_type: &MediaType, value: &TokenStream) -> TokenStream {
        let name = &media_type.name;
        if let Some(root) = self.xml_root(Payload::of(media_type)) {
            return quote!(xml(#name, #root, #value));
        }
        let (sender, usual) = match media_type.kind {
            MediaKind::Form => ("form", "application/x-www-form-urlencoded"),
            MediaKind::Multipart => ("multipart", "multipart/form-data"),
            _ => ("json", "application/json"),
        };
        let encodings: Vec<_> = media_type.encodings.iter().filter_map(|one| self.encoding(one)).collect();
        if name == usual && encodings.is_empty() {
            let sender = ident(sender);
            return quote!(#sender(#value));
        }
        let encodings = (sender != "json").then(|| quote!(&[#(#encodings),*],));
        let sender = ident(format!("{sender}_as"));
        quote!(#sender(#name, #encodings #value))
    }

    /// Returns a body with its switch set, in any variant of a union: `true` for a stream, absent for another response if absence is
    /// documented as `false`. `None` without a switch.
    fn switched(&self, value: &TokenStream, call: &Call<'_>) -> Option<TokenStream> {
        let used = call.sends().filter(|body| call.operation.has_stream() && body.ty == TypeRef::of(body.ty.ty))?.ty;
        let (types, on) = (self.types, call.is_stream());
        // Called only if the type is written, because it imports the type.
        let ty = || self.rust_type(used);
        let members = |id: TypeId| self.names.members(types.end(id)).iter().map(ident);
        let switch = |id| {
            let (field, name) = types.shape(id).fields().iter().zip(members(id)).find(|(field, _)| field.switch)?;
            let is_default = !on && field.default == Some(on.into());
            Some((name, if is_default { quote!(Default::default()) } else { quote!(Into::into(#on)) }))
        };
        if let Some((field, on)) = switch(used.ty) {
            let ty = ty();
            return Some(quote!(#ty { #field: #on, ..#value }));
        }
        let body = ident(&call.name.body);
        let variants = types.shape(used).variants().iter().zip(members(used.ty));
        let mut switches = variants.filter_map(|(variant, name)| {
            let ((field, on), ty) = (switch(variant.ty.ty)?, ty());
            Some(quote!(if let #ty::#name(#body) = &mut #body { #body.#field = #on; }))
        });
        let first = switches.next()?;
        Some(quote!({ let mut #body = #value; #first #(#switches)* #body }))
    }

    /// Returns the style of a form field, or the description of a `multipart` part unless it is the default.
    fn encoding(&self, Encoding { property, writing }: &Encoding) -> Option<TokenStream> {
        let style = match writing {
            Writing::Styled { style, explode, allow_reserved } => self.style_value(*style, *explode, *allow_reserved),
            Writing::Json => self.style_value(Style::Json, false, false),
            Writing::Part { content_type, headers, deep_object } => {
                let chain = joined([
                    with("content_type", content_type.as_ref()),
                    with_slice("headers", headers.iter().map(|(name, value)| quote!((#name, #value)))),
                    with_flag("deep_object", *deep_object),
                ]);
                return (!chain.is_empty()).then(|| {
                    let part = self.runtime("Part");
                    quote!(#part::new(#property) #chain)
                });
            }
        };
        Some(quote!((#property, #style)))
    }

    fn parameter_setter(&self, parameter: &Parameter, name: &str) -> TokenStream {
        let name = ident(name);
        let (ty, borrowed) = self.argument(parameter, &name);
        let docs = self.docs(&self.parameter_docs(parameter, &name.to_string()));
        let deprecated = parameter.docs.deprecated.then(|| quote!(#[deprecated]));
        let setter = match parameter.location {
            Location::Header => "header_parameter",
            other => other.key(),
        };
        let sender = self.sent_parameter(parameter, setter, &borrowed);
        let allow = operator_setter(&name);
        quote! {
            #docs #deprecated #[inline] #allow
            pub fn #name(mut self, #name: #ty) -> Self { self.call.#sender; self }
        }
    }

    fn body_setter(&self, media_type: &MediaType, call: &Call<'_>) -> TokenStream {
        let name = ident(&call.name.body);
        let (arguments, sender) = self.body(media_type, call);
        let docs = call.operation.body.as_ref().map(|body| self.docs(&doc_lines(&body.docs, "", &[])));
        quote!(#docs #[inline] pub fn #name(mut self #(, #arguments)*) -> Self { self.call.#sender; self })
    }

    fn parameter_docs(&self, parameter: &Parameter, ident: &str) -> Vec<String> {
        let mut facts = self.facts(parameter.ty, parameter.default.as_ref(), parameter.example.as_ref());
        facts.extend(wire_name(&parameter.wire_name, ident));
        doc_lines(&parameter.docs, "", &facts)
    }

    /// Returns summary, media type of a further call, parameters, success, response headers, callbacks, method and path, and errors.
    fn method_docs(&self, call: &Call<'_>) -> Vec<String> {
        let operation = call.operation;
        let CallVariant { distinction, sends, further, .. } = call.variant;
        let mut note = match (distinction, sends) {
            (_, Some(SentBody { choices, .. })) if !choices.is_empty() => {
                vec![format!("Sends bytes with one of these media types: {}.", listed(choices))]
            }
            (Distinction::None, _) => Vec::new(),
            (Distinction::Accepts(media_type), _) => vec![format!("Requests the response as {}.", code(media_type))],
            (Distinction::Sends(media_type), _) => vec![format!("Sends the body as {}.", code(media_type))],
        };
        if let Some(SentBody { media_type, equivalent, .. }) = sends
            && !equivalent.is_empty()
        {
            let (sent, equivalent) = (code(&media_type.name), listed(equivalent));
            note.push(format!("The body is sent as {sent}; the server also accepts {equivalent}."));
        }
        note.extend(self.switched(&quote!(), call).map(|_| format!("Sets `stream` to `{}`.", call.is_stream())));
        if !further.is_empty() {
            let (further, header) = (listed(further), code("with_header(\"accept\", …)"));
            note.push(format!("The response can also be {further}: request it with {header}."));
        }
        let is_ok = operation.responses.iter().any(|response| response.status == StatusMatch::Code(200));
        let has_no_body = operation.method == Method::Get && is_ok && call.success().0 == &ResponsePayload::Empty;
        let body = has_no_body.then(|| {
            "The API document describes no response body; `.stream()` reads what the server sends.".to_owned()
        });
        let place = code(format!("{} {}", operation.method, sent_path(&operation.path)));
        let server = operation
            .server
            .iter()
            .map(|server| format!("Sent to {}, unless `ClientBuilder::server` replaces this server.", code(server)));
        let key = operation.idempotency_key.iter().map(|header| {
            format!(
                "A random {} is generated for each call unless you set one, so that it can be retried.",
                code(header)
            )
        });
        let errors = failures(&operation.responses).into_iter();
        let errors = errors.flat_map(|response| doc_item(&code(response.status.to_string()), &response.docs));
        let described = doc_lines(&operation.docs, "", &note);
        // Overviews of methods show only the first paragraph.
        let (summary, place) = if described.is_empty() { (vec![place], vec![]) } else { (described, vec![place]) };
        docs::paragraphs([
            summary,
            docs::titled("Parameters:", self.argument_docs(call)),
            self.request_docs(call),
            constant_docs(operation),
            docs::titled("Response headers:", header_docs(operation)),
            docs::titled("Callbacks:", self.callback_docs(operation)),
            place,
            body.into_iter().collect(),
            docs::example(&self.example(call).lines),
            server.collect(),
            key.collect(),
            docs::titled("# Errors", errors.collect()),
        ])
    }

    /// Describes what the signature of a method with a request builder does not show: the success and the options.
    fn request_docs(&self, call: &Call<'_>) -> Vec<String> {
        if !call.has_request() {
            return Vec::new();
        }
        let [success, _] = self.outcome_types(call);
        let success = success.to_string().replace(' ', "").replace(',', ", ");
        let named = success.split(['<', '>', ',']).find(|part| part.starts_with("types::"));
        let shown = code(&success);
        let linked = match named {
            Some(named) if named == success => format!("[{shown}]"),
            Some(named) => format!("[{shown}]({named})"),
            None => shown,
        };
        let options = call.optional().into_iter().map(|part| match part {
            Optional::Parameter(_, name) => code(name),
            Optional::Body(_) => code(&call.name.body),
        });
        let options = nonempty(options).map(|options| format!("Options: {}.", options.join(", ")));
        // Most descriptions are one line, which is not parsed.
        let options = options.map(|text| if text.len() < LINE { vec![text] } else { docs::lines(&text) });
        docs::paragraphs([vec![format!("Returns {linked}.")], options.unwrap_or_default()])
    }

    /// Returns the docs of documented arguments, as list items.
    fn argument_docs(&self, call: &Call<'_>) -> Vec<String> {
        let parameters = call.required().into_iter();
        let described = parameters.map(|(parameter, name)| (name, self.parameter_docs(parameter, name)));
        let described = described.filter(|(_, lines)| !lines.is_empty());
        let mut items: Vec<String> = described.flat_map(|(name, lines)| docs::item(&code(name), &lines)).collect();
        if let Some(description) = call.required_body().and_then(|body| body.docs.description.as_deref()) {
            items.extend(docs::item(&code(&call.name.body), &docs::lines(description)));
        }
        items
    }
}

/// Returns the parameters at a location that can have a client-wide default.
fn client_defaults(operation: &Operation, location: Location, setter: &str) -> Option<TokenStream> {
    let client_defaults = operation.parameters.iter().filter(|parameter| parameter.client_parameter.is_some());
    let here = client_defaults.filter(|parameter| parameter.location == location);
    with_slice(setter, here.map(|parameter| &parameter.wire_name))
}

/// The maximum length of a line of docs, in bytes.
const LINE: usize = 100;

/// The maximum number of listed media types.
const LISTED: usize = 20;

/// Lists media types.
fn listed(names: &[String]) -> String {
    let mut listed = names.iter().take(LISTED).map(code).collect::<Vec<_>>().join(", ");
    if let more @ 1.. = names.len().saturating_sub(LISTED) {
        listed += &format!(" and {more} more");
    }
    listed
}

/// Describes parameters with a constant value. A constant `null` is not sent.
fn constant_docs(operation: &Operation) -> Vec<String> {
    let constants = operation.parameters.iter().filter_map(|parameter| Some((parameter, parameter.constant.as_ref()?)));
    let sent = constants
        .filter(|(_, constant)| !constant.is_null())
        .map(|(parameter, constant)| format!("{} as {}", code(text_of(constant)), code(&parameter.wire_name)));
    nonempty(sent).map(|sent| docs::lines(&format!("Always sends {}.", sent.join(", ")))).unwrap_or_default()
}

/// Returns a constant as the argument of a setter.
fn borrowed_constant(constant: &Value) -> TokenStream {
    match constant {
        Value::String(text) => quote!(#text),
        Value::Bool(_) | Value::Number(_) => {
            let value = literal(constant, true);
            quote!(&#value)
        }
        _ => quote!(&()),
    }
}

/// Returns the docs of response headers, as list items.
fn header_docs(operation: &Operation) -> Vec<String> {
    let headers = response_headers(&operation.responses).into_iter();
    headers
        .flat_map(|SharedHeader { header: ResponseHeader { wire_name, value, docs, .. }, statuses }| {
            let words = value.into_iter().chain(docs.deprecated.then_some("deprecated"));
            let statuses = statuses.iter().map(|status| code(status.to_string()));
            let notes = nonempty(words.map(str::to_owned).chain(statuses));
            let notes = notes.map(|notes| format!(" ({})", notes.join(", "))).unwrap_or_default();
            doc_item(&format!("{}{notes}", code(wire_name)), &docs)
        })
        .collect()
}
