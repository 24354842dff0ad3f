//! Part of `emit`: a client's base URL and credentials from environment variables.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{code, item, paragraphs, titled};
use super::file::FileEmitter;
use super::{ident, with_flag};
use crate::name::CredentialVariables;

impl FileEmitter<'_> {
    /// Writes the function that creates a builder from environment variables.
    pub(super) fn environment(&self) -> TokenStream {
        let prefix = self.api.module.to_uppercase();
        let server = self.context.base_url().filter(|(server, _)| server.with_defaults().is_some());
        let server = server.map(|(_, name)| name.constant.as_str());
        let docs = self.docs(&self.environment_docs(&prefix, server));
        let environment = self.codegen("Environment");
        let server = server.map(ident);
        let base_url = server.map_or_else(|| quote!(None), |constant| quote!(Some(super::#constant)));
        let calls = self.names.environment.iter().map(|credential| self.variables(credential));
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

    /// Writes the call that reads a credential.
    fn variables(&self, credential: &CredentialVariables) -> TokenStream {
        let (names, constructor) = (&credential.variables, ident(&credential.constructor));
        let everywhere = with_flag("everywhere", !self.is_required(credential));
        if names.len() == 1 {
            return quote!(.variable(#(#names),*, |value| Auth::#constructor(value).0 #everywhere));
        }
        quote!(.variables(#(#names),*, |first, second| Auth::#constructor(first, second).0 #everywhere))
    }

    /// Returns `true` if an operation requires a credential.
    fn is_required(&self, credential: &CredentialVariables) -> bool {
        let scheme = credential.scheme.and_then(|id| self.api.security_schemes.get(id.0));
        scheme.is_some_and(|scheme| self.api.requires(scheme))
    }

    fn environment_docs(&self, prefix: &str, server: Option<&str>) -> Vec<String> {
        let base_url = match server {
            Some(constant) => format!("the base URL; defaults to [`{constant}`](super::{constant})"),
            None => "the base URL; required".to_owned(),
        };
        let base_url = item(&code(format!("{prefix}_BASE_URL")), &[base_url]);
        let credentials = self.names.environment.iter().flat_map(|credential| {
            let names = credential.variables.iter().map(|name| code(format!("{prefix}_{name}")));
            let everywhere = if self.is_required(credential) { "" } else { ", sent with every request" };
            let text = format!("[`Auth::{}`]{everywhere}", credential.constructor);
            item(&names.collect::<Vec<_>>().join(" and "), &[text])
        });
        let title =
            "Reads the base URL and credentials from environment variables; unset and empty variables are ignored:";
        paragraphs([
            titled(title, base_url.into_iter().chain(credentials).collect()),
            ["# Errors", "Returns an error if a required variable is missing, or if a value is not valid UTF-8."]
                .map(str::to_owned)
                .into(),
        ])
    }
}
