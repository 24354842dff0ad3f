//! Part of `emit`: a client's base URL and credentials from environment variables.

use proc_macro2::TokenStream;
use quote::quote;

use super::credentials::{arguments, flow_arguments};
use super::docs::{attributes, code, item, paragraphs, titled};
use super::file::FileEmitter;
use super::ident;
use crate::ir::{Grant, SchemeKind};

/// A credential that the environment holds, in one variable or in two.
struct Variables<'a> {
    /// Its constructor.
    constructor: &'a str,
    /// Whether an operation requires it.
    is_required: bool,
    /// The arguments of the constructor.
    arguments: &'static [&'static str],
}

impl Variables<'_> {
    /// The names without what all of the client's variables begin with. One variable alone needs no argument in its name.
    fn names(&self) -> Vec<String> {
        let constructor = self.constructor.to_uppercase();
        match self.arguments {
            [_] => vec![constructor],
            several => several.iter().map(|argument| format!("{constructor}_{}", argument.to_uppercase())).collect(),
        }
    }

    /// The call that reads it.
    fn call(&self) -> TokenStream {
        let (names, constructor) = (self.names(), ident(self.constructor));
        let everywhere = (!self.is_required).then(|| quote!(.everywhere()));
        if names.len() == 1 {
            return quote!(.value(#(#names),*, |value| Auth::#constructor(value).0 #everywhere));
        }
        quote!(.pair(#(#names),*, |first, second| Auth::#constructor(first, second).0 #everywhere))
    }

    /// The line of the documentation.
    fn docs(&self, prefix: &str) -> Vec<String> {
        let names: Vec<String> = self.names().iter().map(|name| code(&format!("{prefix}_{name}"))).collect();
        let everywhere = if self.is_required { "" } else { ", sent with every request" };
        item(&names.join(" and "), &[format!("[`Auth::{}`]{everywhere}", self.constructor)])
    }
}

impl FileEmitter<'_> {
    /// The function that makes a builder of what the environment says.
    pub(super) fn environment(&self) -> TokenStream {
        let prefix = self.context.api.module.to_uppercase();
        let server = self.context.base_url().filter(|(server, _)| server.variables.is_empty());
        let server = server.map(|(_, name)| name.constant.as_str());
        let credentials = self.environment_credentials();
        let docs = attributes(&docs(&prefix, server, &credentials));
        let environment = self.codegen("Environment");
        let server = server.map(ident);
        let base_url = server.map_or_else(|| quote!(None), |constant| quote!(Some(super::#constant)));
        let calls = credentials.iter().map(Variables::call);
        quote! {
            impl ClientBuilder {
                #docs
                #[inline]
                pub fn from_env() -> Result<Self, clientwright_runtime::BuildError> {
                    let core = #environment::new(#prefix, #base_url) #(#calls)* .builder()?;
                    Ok(Self { core })
                }
            }
        }
    }

    /// The credentials that are made of strings alone.
    fn environment_credentials(&self) -> Vec<Variables<'_>> {
        if self.context.api.security_schemes.is_empty() {
            let usual = [("basic", SchemeKind::Basic), ("bearer", SchemeKind::Bearer { format: None })];
            let of_kind =
                |(constructor, kind)| Variables { constructor, is_required: false, arguments: arguments(&kind) };
            return usual.map(of_kind).into();
        }
        let all = self.constructors().filter_map(|(scheme, flow, constructor)| {
            let arguments = match flow.map(|flow| &flow.grant) {
                None => arguments(&scheme.kind),
                Some(Grant::Device { .. }) => return None,
                Some(grant) => flow_arguments(grant),
            };
            Some(Variables { constructor, is_required: scheme.is_required, arguments })
        });
        all.collect()
    }
}

fn docs(prefix: &str, server: Option<&str>, credentials: &[Variables<'_>]) -> Vec<String> {
    let base_url = match server {
        Some(constant) => format!("the base URL; [`{constant}`](super::{constant}) without it"),
        None => "the base URL".to_owned(),
    };
    let base_url = item(&code(&format!("{prefix}_BASE_URL")), &[base_url]);
    let credentials = credentials.iter().flat_map(|credential| credential.docs(prefix));
    let title = "Takes base URL and credentials from environment variables, as far as these are set and not empty:";
    paragraphs([
        titled(title, base_url.into_iter().chain(credentials).collect()),
        ["# Errors", "If a variable is missing, or its value is not UTF-8."].map(str::to_owned).into(),
    ])
}
