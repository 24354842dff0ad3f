//! Part of `emit`: a client's base URL and credentials from environment variables.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{attributes, code, item, paragraphs, titled};
use super::file::FileEmitter;
use super::ident;
use crate::name::CredentialVariables;

/// A credential from environment variables.
struct Credential<'a> {
    names: &'a CredentialVariables,
    /// Whether an operation requires it.
    is_required: bool,
}

impl Credential<'_> {
    /// Writes the call that reads it.
    fn call(&self) -> TokenStream {
        let (names, constructor) = (&self.names.variables, ident(&self.names.constructor));
        let everywhere = (!self.is_required).then(|| quote!(.everywhere()));
        if names.len() == 1 {
            return quote!(.variable(#(#names),*, |value| Auth::#constructor(value).0 #everywhere));
        }
        quote!(.variables(#(#names),*, |first, second| Auth::#constructor(first, second).0 #everywhere))
    }

    /// Returns the lines of its documentation.
    fn docs(&self, prefix: &str) -> Vec<String> {
        let variables = self.names.variables.iter();
        let names: Vec<String> = variables.map(|name| code(&format!("{prefix}_{name}"))).collect();
        let everywhere = if self.is_required { "" } else { ", sent with every request" };
        item(&names.join(" and "), &[format!("[`Auth::{}`]{everywhere}", self.names.constructor)])
    }
}

impl FileEmitter<'_> {
    /// Writes the function that creates a builder from environment variables.
    pub(super) fn environment(&self) -> TokenStream {
        let prefix = self.api.module.to_uppercase();
        let server = self.context.base_url().filter(|(server, _)| server.with_defaults().is_some());
        let server = server.map(|(_, name)| name.constant.as_str());
        let credentials = self.environment_credentials();
        let docs = attributes(&docs(&prefix, server, &credentials));
        let environment = self.codegen("Environment");
        let server = server.map(ident);
        let base_url = server.map_or_else(|| quote!(None), |constant| quote!(Some(super::#constant)));
        let calls = credentials.iter().map(Credential::call);
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

    /// Returns the credentials that consist of strings.
    fn environment_credentials(&self) -> Vec<Credential<'_>> {
        let api = self.api;
        let all = self.names.environment.iter().map(|names| {
            let scheme = names.scheme.and_then(|id| api.security_schemes.get(id.0));
            Credential { names, is_required: scheme.is_some_and(|scheme| api.requires(scheme)) }
        });
        all.collect()
    }
}

fn docs(prefix: &str, server: Option<&str>, credentials: &[Credential<'_>]) -> Vec<String> {
    let base_url = match server {
        Some(constant) => format!("the base URL; defaults to [`{constant}`](super::{constant})"),
        None => "the base URL; required".to_owned(),
    };
    let base_url = item(&code(&format!("{prefix}_BASE_URL")), &[base_url]);
    let credentials = credentials.iter().flat_map(|credential| credential.docs(prefix));
    let title = "Reads the base URL and credentials from environment variables; unset and empty variables are ignored:";
    paragraphs([
        titled(title, base_url.into_iter().chain(credentials).collect()),
        ["# Errors", "Returns an error if a required variable is missing, or if a value is not valid UTF-8."]
            .map(str::to_owned)
            .into(),
    ])
}
