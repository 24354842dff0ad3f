//! Part of `emit`: the constructors of credentials.
//!
//! In: the security schemes. Out: a function for each, and for each of their OAuth flows.
//!
//! Invariant: every credential that a security requirement can name has a constructor.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, code};
use super::facts::doc_lines;
use super::file::FileEmitter;
use super::{ident, nonempty, with, with_slice};
use crate::ir::{Flow, Grant, Location, SchemeKind, SecurityScheme};

impl FileEmitter<'_> {
    /// Returns the schemes with the names of their constructors: first the scheme's own, then one per flow.
    pub(super) fn constructors(&self) -> impl Iterator<Item = (&SecurityScheme, Option<&Flow>, &str)> {
        let names = self.names.schemes.iter().zip(&self.names.flows);
        self.api.security_schemes.iter().zip(names).flat_map(|(scheme, (name, flows))| {
            let flows = scheme.flows.iter().map(Some).zip(flows);
            std::iter::once((None, name)).chain(flows).map(move |(flow, name)| (scheme, flow, name.as_str()))
        })
    }

    /// Writes the constructor of a credential for an OAuth flow.
    pub(super) fn flow(&self, scheme: &SecurityScheme, flow: &Flow, name: &str) -> TokenStream {
        let (credential, flow_type) = (self.runtime("Credential"), self.codegen("Flow"));
        let (function, scheme, url, scopes) = (ident(name), &scheme.name, &flow.token_url, &flow.scopes);
        let [first, last] = flow.grant.arguments().map(ident);
        let (mut ty, mut value) = (quote!(impl Into<String>), quote!(#last.into()));
        let mut device = None;
        let description = match &flow.grant {
            Grant::ClientCredentials => "OAuth 2.0 client credentials (RFC 6749 §4.4).",
            Grant::Password => "OAuth 2.0 user name and password (RFC 6749 §4.3).",
            Grant::RefreshToken => {
                "OAuth 2.0 refresh token (RFC 6749 §6). If the client has a secret, set it with `with_oauth2`."
            }
            Grant::Device { url } => {
                let prompt = self.runtime("DevicePrompt");
                (ty, value) = (quote!(impl Fn(&#prompt) + Send + Sync + 'static), quote!(#last));
                device = Some(url);
                "OAuth 2.0 device authorization (RFC 8628); `prompt` shows the user how to authorize the client."
            }
        };
        let scope_docs = nonempty(scopes.iter().map(code)).map(|scopes| {
            let scopes = scopes.join(", ");
            format!("Requests the scopes that operations require, unless `with_oauth2` sets others: {scopes}.")
        });
        let docs = self.docs(&docs::paragraphs([vec![description.to_owned()], scope_docs.into_iter().collect()]));
        let (refresh, device) = (with("refresh", flow.refresh_url.as_ref()), with("device", device));
        let scopes = with_slice("scopes", scopes);
        let constructor = ident(flow.grant.word());
        quote! {
            #docs #[inline] #[must_use]
            pub fn #function(#first: impl Into<String>, #last: #ty) -> Self {
                let flow = #flow_type::new(#url) #refresh #device #scopes;
                Self(#credential::#constructor(#scheme, &flow, #first.into(), #value))
            }
        }
    }

    /// Writes the constructor of a credential that the caller already has.
    pub(super) fn credential(&self, scheme: &SecurityScheme, name: &str) -> TokenStream {
        let credential = self.runtime("Credential");
        let (function, scheme_name) = (ident(name), &scheme.name);
        let (constructor, key, description) = match &scheme.kind {
            SchemeKind::Basic => ("basic", None, "HTTP Basic authentication (RFC 7617).".to_owned()),
            SchemeKind::Digest => ("digest", None, "HTTP Digest authentication (RFC 7616).".to_owned()),
            SchemeKind::Bearer { format } => {
                let format = format.as_ref().map(|format| format!(", {}", code(format))).unwrap_or_default();
                ("bearer", None, format!("A bearer token (RFC 6750){format}."))
            }
            SchemeKind::Http(name) => {
                ("http", Some(name), format!("Credentials of the HTTP scheme {} (RFC 9110 §11.4).", code(name)))
            }
            SchemeKind::Key(location, name) => {
                let what = if *location == Location::Query { " parameter" } else { "" };
                let location = location.key();
                (location, Some(name), format!("An API key in the {location}{what} {}.", code(name)))
            }
        };
        let note = "No operation requires it; send it with [`ClientBuilder::auth_everywhere`].";
        let note = if self.api.requires(scheme) { Vec::new() } else { vec![note.to_owned()] };
        let mut lines = docs::paragraphs([vec![description], note]);
        if scheme.docs.description.is_some() {
            lines.push(String::new());
            lines.extend(doc_lines(&scheme.docs, "", &[]));
        }
        let (docs, constructor, key) = (self.docs(&lines), ident(constructor), key.into_iter());
        let arguments: Vec<_> = scheme.kind.arguments().iter().map(ident).collect();
        quote! {
            #docs #[inline] #[must_use]
            pub fn #function(#(#arguments: impl Into<String>),*) -> Self {
                Self(#credential::#constructor(#scheme_name, #(#key,)* #(#arguments.into()),*))
            }
        }
    }
}
