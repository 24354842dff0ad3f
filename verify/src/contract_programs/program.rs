//! Part of `contract`: the program that calls every operation.
//!
//! In: an API with its calls and names. Out: one module of Rust, and what it leaves out.
//!
//! Invariant: every operation is called in every form, or a diagnostic says which is left out and why. Functions are
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

/// No valid value is found for a schema, so that what needs one is not called.
pub const CONTRACT_VALUE: Code = Code("contract-value");

/// A program, and what is to be known about it.
#[derive(Clone, Debug)]
pub struct Program {
    /// The module, named after the API's. Its `run` calls everything.
    pub file: write::File,
    /// What was noticed about the document, and what is left out of the program ([`CONTRACT_VALUE`]).
    pub diagnostics: Vec<Diagnostic>,
}

/// The number of operations that one function calls.
const TOGETHER: usize = 50;

/// The program for an API that was lowered from `document`.
///
/// # Errors
///
/// If the program is not Rust, which can only be our own fault.
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

/// Names that the module uses itself.
const RESERVED: [&str; 5] = ["client", "date_time", "json", "run", "uuid"];

/// One program in the making.
struct Writer<'a> {
    context: &'a Context<'a>,
    values: Values<'a>,
    expressions: Expressions<'a>,
    /// The functions that there are.
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

/// Why a call is left out.
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

    /// The client, with credentials for everything that an operation may ask for.
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
        // One mock server stands for all.
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

    /// All calls of one operation.
    fn operation(&mut self, operation: &Operation, calls: &[Call<'_>]) -> Option<CallFunctions> {
        let first = calls.first()?;
        let tag = self.context.names.tags.get(operation.tag.0).map_or("", |tag| tag.module.as_str());
        let method = &first.variant_name.method;
        let name = self.unique(&[method.clone(), format!("{tag}_{method}")]);
        let mut parts = Parts::default();
        let started = self.add(first, Mode::Required, 0, &format!("{name}_required_body"), &mut parts);
        for (index, call) in calls.iter().enumerate() {
            let body = if index == 0 { name.to_string() } else { call.variant_name.method.clone() };
            // With everything, a call for each branch that the body may be.
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

    /// Adds a call, whose expression may be needed again; or says why it is left out.
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

    /// The expression that starts a call. The body, which may be large, gets a function of its own.
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

    /// The setters of all optional parameters. One for which there is no value is left out, and named.
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

    /// A body of text: the value itself if the schema is that of a string, else something in the format's own syntax.
    fn text_body(&self, sent: &MediaType, value: &Value) -> String {
        let is_text = matches!(self.expressions.file.resolved(sent.ty.ty), Shape::Text(_) | Shape::TextEnum(_));
        match value.as_str() {
            Some(text) if is_text => text.to_owned(),
            _ if sent.name.contains("xml") => "<root/>".to_owned(),
            // JSON is YAML, too.
            _ => value.to_string(),
        }
    }

    /// A body of bytes: any, unless its schema says what text they are (`format: byte`, OpenAPI 3.0.3 §4.4, or a pattern).
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

    /// Says what is left out: a whole call, or an optional part of one.
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

    /// A function's name that is not taken yet: one of those wanted, or the last of them with a number.
    fn unique(&mut self, wanted: &[String]) -> Ident {
        let last = wanted.last().map_or("", String::as_str);
        let numbered = (2..).map(|number| format!("{last}_{number}"));
        let mut names = wanted.iter().cloned().chain(numbered);
        // There is always a number that is not taken.
        ident(names.find(|name| self.taken.insert(name.clone())).unwrap_or_default())
    }
}

/// A media type out of a range.
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

/// One call for each documented response.
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

/// The responses of an operation, each with a status code that means it. Codes that end no exchange (1xx) are not asked for.
fn codes_of(operation: &Operation) -> Vec<(u16, &Response)> {
    let responses = &operation.responses;
    let succeeds = responses.iter().any(|response| is_success(responses, response.status));
    let code = |response: &&Response| {
        // Where nothing else means success, `default` does.
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

/// The response that a status means: its code is closer than its hundred, and that closer than `default`.
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

/// The characters that separate items of a list, or keys and values of an object, in a parameter's style (OpenAPI 3.0.3
/// §4.7.12.3).
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

/// A path of modules.
fn path(module: &str) -> TokenStream {
    let segments = module.split("::").map(ident);
    quote!(#(#segments)::*)
}
