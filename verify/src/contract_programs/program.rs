//! Part of `contract`: the program that calls every operation.
//!
//! In: an API with its calls and names. Out: one Rust module, and the omitted calls.
//!
//! Invariant: every operation is called in every form, or a diagnostic reports the omission and its reason. Functions are
//! short, so that a program for a thousand operations compiles.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::expression::Expressions;
use super::value::{Missing, Mode, ValuePlace, Values, Why, Wish};
use clientwright::internal::call_variants::{CallVariants, Payload};
use clientwright::internal::emit::{Call, Context, FileEmitter, Optional, ident};
use clientwright::internal::name::Names;
use clientwright::internal::{format, write};
use clientwright::ir::{
    Api, Location, MediaKind, MediaType, Method, Operation, Parameter, Response, SchemeKind, Shape, StatusMatch, Style,
    Text, is_success,
};
use clientwright_normalizer::diagnostic::{Code, Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;

/// No valid value was found for a schema, so calls that need one are omitted.
pub const CONTRACT_VALUE: Code = Code("contract-value");

/// A program, with its diagnostics.
#[derive(Clone, Debug)]
pub struct Program {
    /// The module, named after the API's. Its `run` makes all calls.
    pub file: write::File,
    /// Diagnostics of the document, and omissions in the program ([`CONTRACT_VALUE`]).
    pub diagnostics: Vec<Diagnostic>,
}

/// The number of operations that one function calls.
const TOGETHER: usize = 50;

/// Returns the program for an API that was lowered from `document`.
///
/// # Errors
///
/// Returns an error if the program is not valid Rust, which is a bug.
pub fn program(
    api: &Api,
    calls: &[CallVariants],
    names: &Names,
    document: &Value,
    module: &str,
) -> Result<Program, Vec<Diagnostic>> {
    let context = Context::new(api, calls, names);
    let file = FileEmitter::new(&context);
    let mut writer = Writer {
        context: &context,
        values: Values::new(api, document),
        expressions: Expressions { file: &file },
        taken: RESERVED.iter().map(|name| (*name).to_owned()).collect(),
        diagnostics: Vec::new(),
    };
    let tokens = writer.module(module);
    let diagnostics = writer.diagnostics;
    let header = format!("// @generated from {}: calls every operation once in each form.", api.file);
    match format::format(&header, tokens.into()) {
        Ok(contents) => {
            let file = write::File { path: format!("{}.rs", api.module), contents };
            Ok(Program { file, diagnostics })
        }
        Err(failure) => {
            let message = format!("the generated program is not Rust: {failure}");
            Err(vec![Diagnostic::bug(codes::GENERATED_CODE, &api.file, Pointer::root(), message)])
        }
    }
}

/// Names that the module itself uses.
const RESERVED: [&str; 5] = ["client", "date_time", "json", "run", "uuid"];

/// A program under construction.
struct Writer<'a> {
    context: &'a Context<'a>,
    values: Values<'a>,
    expressions: Expressions<'a>,
    /// The names of functions.
    taken: BTreeSet<String>,
    diagnostics: Vec<Diagnostic>,
}

/// The functions of one operation.
struct CallFunctions {
    name: Ident,
    items: TokenStream,
}

/// The statements of one operation, and the functions that they use.
#[derive(Default)]
struct Parts {
    statements: Vec<TokenStream>,
    bodies: Vec<TokenStream>,
}

/// An omitted call, with the reason.
struct LeftOut {
    what: String,
    missing: Missing,
}

impl Writer<'_> {
    fn module(&mut self, module: &str) -> TokenStream {
        let path = path(module);
        let root = ident(module.split("::").next().unwrap_or(module));
        let operations: Vec<CallFunctions> = self.operations();
        let called: Vec<&Ident> = operations.iter().map(|written| &written.name).collect();
        let items = operations.iter().map(|written| &written.items);
        let groups: Vec<Ident> =
            (0..called.len().div_ceil(TOGETHER)).map(|_| self.unique(&["run_some".to_owned()])).collect();
        let group_items = called.chunks(TOGETHER).zip(&groups).map(|(called, group)| {
            quote! {
                async fn #group(contract: &mut Contract, client: &api::Client) {
                    #(Box::pin(#called(contract, client)).await;)*
                }
            }
        });
        let client = self.client();
        quote! {
            #![allow(deprecated, dead_code, unused_imports, unused_variables)]
            use std::collections::BTreeMap;
            use clientwright_contract::{Contract, Form};
            use #path as api;
            use #path::types;
            use #root::runtime::wire::{self, Decode};
            use #root::runtime::{
                Base64, Bytes, Date, DateTime, Decimal, Duration, File, JsonObject, JsonValue, Maybe, Secret, Time, Uuid,
            };
            /// Calls every operation.
            pub async fn run(contract: &mut Contract) {
                let client = client(contract);
                #(Box::pin(#groups(contract, &client)).await;)*
            }
            #client
            fn json<T: Decode>(text: &str) -> T {
                wire::from_slice(text.as_bytes()).expect("JSON of this type")
            }
            fn date_time(text: &str) -> DateTime {
                text.parse().expect("a date and a time")
            }
            fn uuid(text: &str) -> Uuid {
                Uuid::parse_str(text).expect("a UUID")
            }
            #(#group_items)*
            #(#items)*
        }
    }

    /// Writes the client, with credentials for all operations.
    fn client(&self) -> TokenStream {
        let schemes = self.context.api.security_schemes.iter().zip(&self.context.names.schemes);
        let credentials = schemes.map(|(scheme, name)| {
            let constructor = ident(name);
            match scheme.kind {
                SchemeKind::Basic | SchemeKind::Digest => quote!(.auth(api::Auth::#constructor("user", "password"))),
                SchemeKind::Bearer { .. } => quote!(.auth(api::Auth::#constructor("token"))),
                _ => quote!(.auth(api::Auth::#constructor("key"))),
            }
        });
        // One mock server replaces all servers.
        let servers: BTreeSet<&str> =
            self.context.api.operations.iter().filter_map(|operation| operation.server.as_deref()).collect();
        let servers = servers.into_iter().map(|server| quote!(.server(#server, contract.base_url())));
        quote! {
            fn client(contract: &Contract) -> api::Client {
                api::Client::builder(contract.base_url())
                    #(#servers)*
                    .transport(Contract::transport)
                    .retries(Contract::retries())
                    #(#credentials)*
                    .build()
                    .expect("a client of the contract's server")
            }
        }
    }

    fn operations(&mut self) -> Vec<CallFunctions> {
        let context = self.context;
        let operations = context.api.operations.iter().zip(context.calls).zip(&context.names.operations);
        let mut written = Vec::new();
        for ((operation, calls), name) in operations {
            let calls: Vec<Call<'_>> = calls
                .variants
                .iter()
                .zip(&name.variants)
                .map(|(variant, variant_name)| Call { operation, calls, name, variant, variant_name })
                .collect();
            written.extend(self.operation(operation, &calls));
        }
        written
    }

    /// Writes all calls of one operation.
    fn operation(&mut self, operation: &Operation, calls: &[Call<'_>]) -> Option<CallFunctions> {
        let first = calls.first()?;
        let tag = self.context.names.tags.get(operation.tag.0).map_or("", |tag| tag.module.as_str());
        let method = &first.variant_name.method;
        let name = self.unique(&[method.clone(), format!("{tag}_{method}")]);
        let mut parts = Parts::default();
        let started = self.add(first, Mode::Required, 0, &format!("{name}_required_body"), &mut parts);
        for (index, call) in calls.iter().enumerate() {
            let body = if index == 0 { name.to_string() } else { call.variant_name.method.clone() };
            // With all values, one call for each possible branch of the body.
            let sent = call.sends().and_then(|sent| Payload::of(sent).used);
            for turn in 0..sent.map_or(1, |used| self.values.branches(used)) {
                self.add(call, Mode::Full, turn, &format!("{body}_full_body"), &mut parts);
            }
        }
        if let Some(started) = started {
            parts.statements.extend(responses(operation, &started));
        }
        if parts.statements.is_empty() {
            return None;
        }
        let Parts { statements, bodies } = parts;
        let items = quote! {
            async fn #name(contract: &mut Contract, client: &api::Client) { #(#statements)* }
            #(#bodies)*
        };
        Some(CallFunctions { name, items })
    }

    /// Adds a call, whose expression may be used again; returns an error if the call is omitted.
    fn add(&mut self, call: &Call<'_>, mode: Mode, turn: usize, body: &str, parts: &mut Parts) -> Option<TokenStream> {
        match self.call(call, mode, turn, body, parts) {
            Ok(started) => {
                let (id, form) = (&call.operation.id, ident(format!("{mode:?}")));
                parts.statements.push(quote!(contract.call(#id, Form::#form, #started).await;));
                Some(started)
            }
            Err(left_out) => {
                self.left_out(call, left_out, true);
                None
            }
        }
    }

    /// Returns the expression that starts a call. The body, which may be large, gets a separate function.
    fn call(
        &mut self,
        call: &Call<'_>,
        mode: Mode,
        turn: usize,
        body: &str,
        parts: &mut Parts,
    ) -> Result<TokenStream, LeftOut> {
        let mut arguments = Vec::new();
        for (parameter, _) in call.required() {
            arguments.push(self.parameter(call, parameter, mode)?);
        }
        let mut setters = TokenStream::new();
        if let Some(sent) = call.sends() {
            if call.required_body().is_some() {
                arguments.push(self.body(call, sent, mode, turn, body, parts)?);
            } else if mode == Mode::Full {
                let value = self.body(call, sent, mode, turn, body, parts)?;
                let setter = ident(&call.name.body);
                setters.extend(quote!(.#setter(#value)));
            }
        }
        if mode == Mode::Full {
            setters.extend(self.optional(call));
        }
        let tag = call.operation.tag.0;
        let name =
            self.context.names.tags.get(tag).filter(|_| self.context.api.tags.get(tag).is_some_and(|tag| !tag.implied));
        let group = name.map(|name| {
            let accessor = ident(&name.accessor);
            quote!(.#accessor())
        });
        let method = ident(&call.variant_name.method);
        Ok(quote!(client #group.#method(#(#arguments),*) #setters))
    }

    /// Returns the setters of all optional parameters. A parameter without a possible value is omitted and reported.
    fn optional(&mut self, call: &Call<'_>) -> TokenStream {
        let mut setters = TokenStream::new();
        for part in call.optional() {
            let Optional::Parameter(parameter, name) = part else { continue };
            match self.parameter(call, parameter, Mode::Full) {
                Ok(value) => {
                    let setter = ident(name);
                    setters.extend(quote!(.#setter(#value)));
                }
                Err(left_out) => self.left_out(call, left_out, false),
            }
        }
        setters
    }

    fn parameter(&mut self, call: &Call<'_>, parameter: &Parameter, mode: Mode) -> Result<TokenStream, LeftOut> {
        let composed = matches!(
            self.expressions.file.resolved(parameter.ty.ty),
            Shape::Array(_) | Shape::Tuple(_) | Shape::Map(_) | Shape::Object(_) | Shape::Union(_)
        );
        let separators = if composed { separators(parameter.style, parameter.explode) } else { "" };
        let wish = Wish { mode, place: place(parameter.location), separators, turn: 0 };
        let hints: Vec<&Value> = parameter.example.iter().chain(&parameter.default).collect();
        let what = || format!("the parameter `{}`", parameter.wire_name);
        let made =
            self.values.with_hints(parameter.ty, wish, &hints).map_err(|missing| LeftOut { what: what(), missing })?;
        for missing in made.left_out {
            self.left_out(call, LeftOut { what: format!("a part of {}", what()), missing }, false);
        }
        Ok(self.expressions.argument(parameter, &made.value))
    }

    fn body(
        &mut self,
        call: &Call<'_>,
        sent: &MediaType,
        mode: Mode,
        turn: usize,
        function: &str,
        parts: &mut Parts,
    ) -> Result<TokenStream, LeftOut> {
        let what = || "the body".to_owned();
        let made = self
            .values
            .make(sent.ty, Wish { turn, ..Wish::body(mode) })
            .map_err(|missing| LeftOut { what: what(), missing })?;
        for missing in made.left_out {
            self.left_out(call, LeftOut { what: "a part of the body".to_owned(), missing }, false);
        }
        if let Some(used) = Payload::of(sent).used {
            let ty = self.expressions.file.rust_type(used);
            let value = self.expressions.value(used, &made.value);
            let function = self.unique(&[function.to_owned()]);
            parts.bodies.push(quote!(fn #function() -> #ty { #value }));
            return Ok(quote!(#function()));
        }
        match sent.kind {
            MediaKind::Text => {
                let text = self.text_body(sent, &made.value.json());
                Ok(quote!(#text))
            }
            _ if sent.named_by_caller && sent.name.starts_with("multipart/") => {
                let media_type = format!("{}; boundary=boundary", sent.name);
                let body =
                    "--boundary\r\nContent-Disposition: form-data; name=\"part\"\r\n\r\ntext\r\n--boundary--\r\n";
                Ok(quote!(#media_type, #body))
            }
            _ if sent.named_by_caller && sent.name.starts_with("text/") => Ok(quote!("text/plain", "text")),
            _ => {
                let media_type = sent.named_by_caller.then(|| concrete(&sent.name)).map(|name| quote!(#name,));
                let bytes = self.binary_body(sent, &made.value.json());
                Ok(quote!(#media_type Bytes::from_static(#bytes)))
            }
        }
    }

    /// Returns a text body: the value itself for a string schema, otherwise text in the syntax of the media type.
    fn text_body(&self, sent: &MediaType, value: &Value) -> String {
        let is_text = matches!(self.expressions.file.resolved(sent.ty.ty), Shape::Text(_) | Shape::TextEnum(_));
        match value.as_str() {
            Some(text) if is_text => text.to_owned(),
            _ if sent.name.contains("xml") => "<root/>".to_owned(),
            // JSON is also valid YAML.
            _ => value.to_string(),
        }
    }

    /// Returns a binary body: any bytes, unless the schema describes them (`format: byte`, OpenAPI 3.0.3 §4.4, or a
    /// pattern).
    fn binary_body(&self, sent: &MediaType, value: &Value) -> Literal {
        let (_, ty) = self.values.resolved(sent.ty.ty);
        let is_told = match ty.shape {
            Shape::Text(Text::Base64) => true,
            Shape::Text(Text::Plain | Text::Date | Text::Time | Text::Duration | Text::Decimal) => {
                ty.bounds.pattern.is_some()
            }
            _ => false,
        };
        let told = value.as_str().filter(|_| is_told).map(str::as_bytes);
        Literal::byte_string(told.unwrap_or(b"bytes \x00\x7f\xff"))
    }

    /// Reports an omission: a whole call, or an optional part of one.
    fn left_out(&mut self, call: &Call<'_>, left_out: LeftOut, whole: bool) {
        let LeftOut { what, missing } = left_out;
        let id = &call.operation.id;
        let why = match missing.why {
            Why::Endless => "it contains itself without an end".to_owned(),
            Why::TooLarge => "a value would be too large".to_owned(),
            Why::NotFound(why) => why,
        };
        let message = if whole {
            format!("the contract does not call `{id}`, because it has no value for {what}: {why}")
        } else {
            format!("the contract calls `{id}` without {what}: {why}")
        };
        let diagnostic = Diagnostic::unsupported(CONTRACT_VALUE, &self.context.api.file, missing.at, message)
            .with_help("give it an `example` that is valid");
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Returns a free function name: one of the wanted names, or the last of them with a number.
    fn unique(&mut self, wanted: &[String]) -> Ident {
        let last = wanted.last().map_or("", String::as_str);
        let numbered = (2..).map(|number| format!("{last}_{number}"));
        let mut names = wanted.iter().cloned().chain(numbered);
        // There is always a free number.
        ident(names.find(|name| self.taken.insert(name.clone())).unwrap_or_default())
    }
}

/// Returns a concrete media type for a range.
fn concrete(range: &str) -> &str {
    if !range.contains('*') {
        return range;
    }
    match range.split('/').next().unwrap_or_default().trim() {
        "image" => "image/png",
        "audio" => "audio/wav",
        "video" => "video/mp4",
        _ => "application/octet-stream",
    }
}

/// Returns one call for each documented response.
fn responses(operation: &Operation, started: &TokenStream) -> impl Iterator<Item = TokenStream> {
    codes_of(operation).into_iter().map(move |(code, response)| {
        let id = &operation.id;
        let body = !response.media_types.is_empty() && operation.method != Method::Head;
        let status = Literal::u16_unsuffixed(code);
        let prefer = format!("code={code}");
        quote! {
            contract
                .call(#id, Form::Response { status: #status, body: #body }, #started.with_header("Prefer", #prefer))
                .await;
        }
    })
}

/// Returns the responses of an operation, each with a matching status code, except 1XX, which are not final.
fn codes_of(operation: &Operation) -> Vec<(u16, &Response)> {
    let responses = &operation.responses;
    let succeeds = responses.iter().any(|response| is_success(responses, response.status));
    let code = |response: &&Response| {
        // If there is no other success, `default` is the success.
        let (first, others) = match response.status {
            StatusMatch::Code(code) => (code, code..code + 1),
            StatusMatch::Range(hundred) => {
                (u16::from(hundred) * 100, u16::from(hundred) * 100..u16::from(hundred + 1) * 100)
            }
            StatusMatch::Default if succeeds => (500, 400..600),
            StatusMatch::Default => (200, 200..300),
        };
        let is_meant = |code: &u16| meant(operation, *code).is_some_and(|meant| meant.status == response.status);
        std::iter::once(first).chain(others).find(is_meant)
    };
    let codes = responses.iter().filter_map(|response| Some((code(&response)?, response)));
    codes.filter(|(code, _)| (200..600).contains(code)).collect()
}

/// Returns the response for a status: its code takes precedence over its range, and the range over `default`.
pub(crate) fn meant(operation: &Operation, status: u16) -> Option<&Response> {
    let hundred = u8::try_from(status / 100).ok()?;
    let wanted = [StatusMatch::Code(status), StatusMatch::Range(hundred), StatusMatch::Default];
    wanted.iter().find_map(|wanted| operation.responses.iter().find(|response| response.status == *wanted))
}

fn place(location: Location) -> ValuePlace {
    match location {
        Location::Path => ValuePlace::Path,
        Location::Query => ValuePlace::Query,
        Location::Header => ValuePlace::Header,
        Location::Cookie => ValuePlace::Cookie,
    }
}

/// Returns the characters that separate items of a list, or keys and values of an object, in a parameter's style (OpenAPI
/// 3.0.3 §4.7.12.3).
fn separators(style: Style, explode: bool) -> &'static str {
    match (style, explode) {
        (Style::Label, true) => ".=",
        (Style::Matrix, true) => ";=",
        (Style::Simple, true) => ",=",
        (Style::Matrix | Style::Label | Style::Simple | Style::Form, false) => ",",
        (Style::SpaceDelimited, false) => " ",
        (Style::PipeDelimited, false) => "|",
        _ => "",
    }
}

/// Returns a module path as tokens.
fn path(module: &str) -> TokenStream {
    let segments = module.split("::").map(ident);
    quote!(#(#segments)::*)
}
