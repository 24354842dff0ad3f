//! Part of `emit`: a client's base URL and credentials from environment variables.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{attributes, code, item};
use super::file::FileEmitter;
use super::ident;
use crate::ir::{Grant, SchemeKind, SecurityScheme};

/// A credential that the environment holds, in one variable or in two.
struct Variables<'a> {
    /// Its constructor.
    constructor: &'a str,
    /// Whether an operation requires it.
    is_required: bool,
    /// What stands behind the constructor in the name of each variable.
    parts: &'static [&'static str],
}

const TOKEN: &[&str] = &[""];
const PASSWORD: &[&str] = &["_USERNAME", "_PASSWORD"];

impl Variables<'_> {
    /// The names without what all of the client's variables begin with.
    fn names(&self) -> Vec<String> {
        let constructor = self.constructor.to_uppercase();
        self.parts.iter().map(|part| format!("{constructor}{part}")).collect()
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
        let (api, names) = (self.context.api, self.context.names);
        let prefix = api.module.to_uppercase();
        let server = api.servers.first().filter(|server| server.url.starts_with("http") && server.variables.is_empty());
        let server = server.and(names.servers.first()).map(|name| name.constant.as_str());
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
        let (api, names) = (self.context.api, self.context.names);
        if api.security_schemes.is_empty() {
            let usual = [("basic", PASSWORD), ("bearer", TOKEN)];
            return usual.map(|(constructor, parts)| Variables { constructor, parts, is_required: false }).into();
        }
        let schemes = api.security_schemes.iter().zip(names.schemes.iter().zip(&names.flows));
        schemes.flat_map(|(scheme, (name, flows))| of_scheme(scheme, api.requires(scheme), name, flows)).collect()
    }
}

fn of_scheme<'a>(scheme: &SecurityScheme, is_required: bool, name: &'a str, flows: &'a [String]) -> Vec<Variables<'a>> {
    let own = match scheme.kind {
        SchemeKind::Basic | SchemeKind::Digest => PASSWORD,
        _ => TOKEN,
    };
    let mut all = vec![(name, own)];
    for (flow, name) in scheme.flows.iter().zip(flows) {
        match flow.grant {
            Grant::ClientCredentials => all.push((name, &["_CLIENT_ID", "_CLIENT_SECRET"])),
            Grant::Password => all.push((name, PASSWORD)),
            Grant::RefreshToken => all.push((name, &["_CLIENT_ID", "_REFRESH_TOKEN"])),
            Grant::Device { .. } => {}
        }
    }
    all.into_iter().map(|(constructor, parts)| Variables { constructor, is_required, parts }).collect()
}

fn docs(prefix: &str, server: Option<&str>, credentials: &[Variables<'_>]) -> Vec<String> {
    let base_url = match server {
        Some(constant) => format!("the base URL; [`{constant}`](super::{constant}) without it"),
        None => "the base URL".to_owned(),
    };
    let mut lines = vec![
        "Takes base URL and credentials from environment variables, as far as these are set and not empty:".to_owned(),
    ];
    lines.push(String::new());
    lines.extend(item(&code(&format!("{prefix}_BASE_URL")), &[base_url]));
    lines.extend(credentials.iter().flat_map(|credential| credential.docs(prefix)));
    let errors = "If a variable is missing, or its value is not UTF-8.";
    lines.extend(["", "# Errors", errors].map(str::to_owned));
    lines
}
