//! Part of `emit`: the module of an API, with its client, its credentials and its servers.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, attributes, code};
use super::file::FileEmitter;
use super::ident;
use crate::ir::{ClientHeader, SchemeKind, SecurityScheme, Server};
use crate::name::ServerName;

impl FileEmitter<'_> {
    /// `mod.rs`
    pub(super) fn client(&self) -> TokenStream {
        let api = self.context.api;
        let names = self.context.names;
        let docs = self.module_docs();
        let mut modules: Vec<(&str, TokenStream)> = api
            .tags
            .iter()
            .zip(&names.tags)
            .map(|(tag, name)| {
                let docs = attributes(&self.doc_lines(&tag.docs, &super::tag::fallback(tag), &[], None));
                let module = ident(&name.module);
                (name.module.as_str(), quote!(#docs pub mod #module;))
            })
            .collect();
        let types = attributes(&["The schemas of the API.".to_owned()]);
        modules.push(("types", quote!(#types pub mod types;)));
        if !api.incoming.is_empty() {
            let webhooks = ident(&names.webhooks);
            modules.push((names.webhooks.as_str(), quote!(pub mod #webhooks;)));
        }
        modules.sort_by_key(|(name, _)| *name);
        let modules = modules.into_iter().map(|(_, tokens)| tokens);
        let servers = api.servers.iter().zip(&names.servers).map(|(server, name)| self.server(server, name));
        let client = if api.security_schemes.is_empty() {
            quote!(clientwright_runtime::codegen::client!(Client, ClientBuilder);)
        } else {
            quote!(clientwright_runtime::codegen::client!(Client, ClientBuilder, Auth);)
        };
        let accessors = self.accessors();
        let credentials = self.credentials();
        let headers = self.client_headers();
        let imports = self.imports();
        quote! {
            #docs
            #imports
            #(#modules)*
            #(#servers)*
            #client
            #accessors
            #credentials
            #headers
        }
    }

    /// The module's own doc comment: title, version, what people wrote.
    fn module_docs(&self) -> TokenStream {
        let api = self.context.api;
        let mut lines = docs::lines(&format!("{}, version {}.", api.title, api.version));
        let described = self.doc_lines(&api.docs, "", &[], None);
        if described.iter().any(|line| !line.is_empty()) {
            lines.push(String::new());
            lines.extend(described);
        }
        let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
        quote!(#(#![doc = #lines])*)
    }

    /// A server's address as a constant; one with variables as a function that fills them in.
    fn server(&self, server: &Server, name: &ServerName) -> TokenStream {
        let fallback = if server.url.starts_with("http") {
            "The server that the document names."
        } else {
            "The path of the API, below the address of an installation."
        };
        let docs = attributes(&self.doc_lines(&server.docs, fallback, &self.inferred(&server.docs), None));
        let url = &server.url;
        if server.variables.is_empty() {
            let constant = ident(&name.constant);
            return quote!(#docs pub const #constant: &str = #url;);
        }
        let function = ident(&name.function);
        let variables: Vec<_> = name.variables.iter().map(|name| ident(name)).collect();
        let replaced = server.variables.iter().zip(&variables).map(|(variable, ident)| {
            let expression = format!("{{{}}}", variable.name);
            quote!(.replace(#expression, #ident))
        });
        let variable_docs = server.variables.iter().zip(&name.variables).flat_map(|(variable, ident)| {
            let text = variable.docs.description.as_deref().unwrap_or("Part of the address.");
            docs::item(&code(ident), &docs::lines(text))
        });
        let list: Vec<String> = std::iter::once(String::new()).chain(variable_docs).collect();
        let variable_docs = attributes(&list);
        quote! {
            #docs #variable_docs
            #[inline]
            #[must_use]
            pub fn #function(#(#variables: &str),*) -> String { #url #(#replaced)* }
        }
    }

    /// One accessor for each tag.
    fn accessors(&self) -> TokenStream {
        let tags = self.context.api.tags.iter().zip(&self.context.names.tags);
        let accessors = tags.filter(|(tag, _)| !tag.implied).map(|(tag, name)| {
            let docs = attributes(&self.doc_lines(&tag.docs, &super::tag::fallback(tag), &[], None));
            let (accessor, module, struct_ident) = (ident(&name.accessor), ident(&name.module), ident(&name.ident));
            quote! {
                #docs
                #[inline]
                #[must_use]
                pub fn #accessor(&self) -> #module::#struct_ident<'_> {
                    #module::#struct_ident { client: self.raw() }
                }
            }
        });
        let accessors: Vec<TokenStream> = accessors.collect();
        if accessors.is_empty() { TokenStream::new() } else { quote!(impl Client { #(#accessors)* }) }
    }

    /// One constructor for each security scheme.
    fn credentials(&self) -> TokenStream {
        let schemes = &self.context.api.security_schemes;
        if schemes.is_empty() {
            return TokenStream::new();
        }
        let constructors =
            schemes.iter().zip(&self.context.names.schemes).map(|(scheme, name)| self.credential(scheme, name));
        quote!(impl Auth { #(#constructors)* })
    }

    fn credential(&self, scheme: &SecurityScheme, name: &str) -> TokenStream {
        let credential = self.runtime("Credential");
        let (constructor, scheme_name) = (ident(name), &scheme.name);
        let (says, arguments, value) = match &scheme.kind {
            SchemeKind::Basic => (
                "HTTP Basic authentication (RFC 7617).".to_owned(),
                quote!(username: impl Into<String>, password: impl Into<String>),
                quote!(#credential::basic(#scheme_name, username.into(), password.into())),
            ),
            SchemeKind::Digest => (
                "HTTP Digest authentication (RFC 7616).".to_owned(),
                quote!(username: impl Into<String>, password: impl Into<String>),
                quote!(#credential::digest(#scheme_name, username.into(), password.into())),
            ),
            SchemeKind::Bearer { format } => (
                match format {
                    Some(format) => format!("A bearer token (RFC 6750), {}.", code(format)),
                    None => "A bearer token (RFC 6750).".to_owned(),
                },
                quote!(token: impl Into<String>),
                quote!(#credential::bearer(#scheme_name, token.into())),
            ),
            SchemeKind::HeaderKey(header) => key(&credential, scheme_name, "header", header),
            SchemeKind::QueryKey(parameter) => key(&credential, scheme_name, "query", parameter),
            SchemeKind::CookieKey(cookie) => key(&credential, scheme_name, "cookie", cookie),
        };
        let mut lines = vec![says];
        if scheme.docs.description.is_some() {
            lines.push(String::new());
            lines.extend(self.doc_lines(&scheme.docs, "", &[], None));
        }
        let docs = attributes(&lines);
        quote!(#docs #[inline] #[must_use] pub fn #constructor(#arguments) -> Self { Self(#value) })
    }

    /// One setter for each header that can have a client-wide default.
    fn client_headers(&self) -> TokenStream {
        let headers = &self.context.api.client_headers;
        if headers.is_empty() {
            return TokenStream::new();
        }
        let setters = headers
            .iter()
            .zip(&self.context.names.client_headers)
            .map(|(header, name)| self.client_header(header, name));
        quote!(impl ClientBuilder { #(#setters)* })
    }

    fn client_header(&self, header: &ClientHeader, name: &str) -> TokenStream {
        let (setter, wire) = (ident(name), &header.wire_name);
        let mut lines = self.doc_lines(
            &header.docs,
            &format!("The header {}.", code(wire)),
            &self.facts(header.ty, None, None),
            None,
        );
        lines.push(String::new());
        lines.push("Sent with every operation that accepts it, unless the call sets another value.".to_owned());
        let docs = attributes(&lines);
        quote! {
            #docs
            #[inline]
            pub fn #setter(mut self, value: &str) -> Self {
                self.core = self.core.default_header(#wire, value);
                self
            }
        }
    }
}

fn key(credential: &TokenStream, scheme: &str, place: &str, name: &str) -> (String, TokenStream, TokenStream) {
    let constructor = ident(place);
    let place = if place == "query" { "query parameter" } else { place };
    (
        format!("An API key in the {place} {}.", code(name)),
        quote!(key: impl Into<String>),
        quote!(#credential::#constructor(#scheme, #name, key.into())),
    )
}
