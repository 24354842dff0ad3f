//! Part of `emit`: the module of an API, its servers and its client.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, code};
use super::facts::doc_lines;
use super::features::{ERRORS, tag_features};
use super::file::FileEmitter;
use super::{ident, nonempty};
use crate::ir::{Location, Parameter, Server};
use crate::name::ServerName;

/// The maximum number of description lines in a module. Some descriptions include a changelog of several years.
const MOST_LINES: usize = 500;

/// Truncates a long description at the end of a paragraph.
fn truncated(mut lines: Vec<String>) -> Vec<String> {
    let mut is_code = false;
    let mut end = None;
    for (index, line) in lines.iter().enumerate().take(MOST_LINES) {
        is_code ^= line.trim_start().starts_with("```");
        if line.is_empty() && !is_code {
            end = Some(index);
        }
    }
    if lines.len() > MOST_LINES
        && let Some(end) = end
    {
        lines.truncate(end);
        lines.extend([String::new(), "Truncated; see the API document for the full description.".to_owned()]);
    }
    lines
}

impl FileEmitter<'_> {
    /// Writes `mod.rs`: the modules and the servers.
    pub(super) fn root(&self) -> TokenStream {
        let (api, names) = (self.api, self.names);
        self.module_docs();
        let types = self.docs(&["The schemas of the API."]);
        let webhooks = (!api.incoming.is_empty()).then(|| {
            let (name, condition) = (ident(&names.webhooks), self.condition(&names.webhooks));
            quote!(#condition pub mod #name;)
        });
        let features = self.context.features.as_ref();
        let tags = names.tags.iter().map(|tag| &tag.module);
        let tags = tags.map(|module| (module, features.map(|features| features.module(module))));
        let errors =
            (!names.errors.is_empty()).then(|| (&names.errors, features.and_then(|features| features.types(ERRORS))));
        let modules: BTreeMap<_, _> = tags.chain(errors).collect();
        let modules = modules.into_iter().map(|(module, condition)| {
            let (module, condition) = (ident(module), condition.map(|condition| quote!(if #condition)));
            quote!(#module #condition)
        });
        let xml = (!names.xml.is_empty()).then(|| {
            let name = ident(&names.xml);
            quote!(#[cfg(feature = "xml")] mod #name;)
        });
        let servers = api.servers.iter().zip(&names.servers).map(|(server, name)| self.server(server, name));
        quote! {
            #![allow(missing_docs, reason = "not everything is described in the API document")]
            #types
            pub mod types;
            #webhooks
            #xml
            clientwright_runtime::codegen::client_modules!(client #(, #modules)*);
            #(#servers)*
        }
    }

    /// Writes `client.rs`: the client, its credentials and its headers.
    pub(super) fn client(&self) -> TokenStream {
        // Without schemes in the document, the usual credentials are offered.
        let auth = if self.api.security_schemes.is_empty() { quote!(Auth: any) } else { quote!(Auth) };
        let has_flows = self.api.security_schemes.iter().any(|scheme| !scheme.flows.is_empty());
        let oauth2 = has_flows.then(|| quote!(clientwright_runtime::codegen::oauth2!(Auth);));
        let accessors = self.accessors();
        let credentials = self.constructors().map(|(scheme, flow, name)| match flow {
            Some(flow) => self.flow(scheme, flow, name),
            None => self.credential(scheme, name),
        });
        let credentials = functions("Auth", credentials);
        let environment = self.environment();
        let parameters = self.api.client_parameters.iter().zip(&self.names.client_parameters);
        let parameters = parameters.map(|(parameter, name)| self.client_parameter(parameter, name));
        let parameters = functions("ClientBuilder", parameters);
        quote! {
            clientwright_runtime::codegen::client!(Client, ClientBuilder, #auth);
            #oauth2
            #accessors
            #credentials
            #environment
            #parameters
        }
    }

    /// Writes the module's doc comment: title, version, description.
    fn module_docs(&self) {
        let api = self.api;
        let features = tag_features(self.context).into_iter().next().map(|first| {
            format!("Each tag has a Cargo feature, such as `{first}`; `{}-all` enables all of them.", api.module)
        });
        // A separate emitter, so that this file does not import the example's types.
        let call =
            FileEmitter::new(self.context).first_call().map(|call| docs::titled("# Example", docs::example(&call)));
        self.inner_docs(&docs::paragraphs([
            docs::lines(&format!("{}, version {}.", api.title, api.version)),
            truncated(doc_lines(&api.docs, "", &[])),
            features.into_iter().collect(),
            call.unwrap_or_default(),
        ]));
    }

    /// Writes a server's address as a constant, and as a function if it has variables.
    fn server(&self, server: &Server, name: &ServerName) -> TokenStream {
        // A variable at the start without a default covers scheme and host.
        let begins_open = server.url.starts_with('{') && server.with_defaults().is_none();
        let fallback = if server.is_absolute() || begins_open {
            "Base URL of the API."
        } else {
            "Base path of the API, relative to the host that serves it."
        };
        // Other inferences concern the maintainer, not callers.
        let inferred = server.docs.inferred.iter().flat_map(|inferred| docs::lines(&format!("Inferred: {inferred}")));
        let mut lines = doc_lines(&server.docs, fallback, &inferred.collect::<Vec<_>>());
        let url = &server.url;
        let constant = |lines: &[String], url: &str| {
            let (docs, constant) = (self.docs(lines), ident(&name.constant));
            quote!(#docs pub const #constant: &str = #url;)
        };
        if server.variables.is_empty() {
            return constant(&lines, url);
        }
        let defaults = server.with_defaults().map(|url| {
            constant(&docs::paragraphs([lines.clone(), vec!["With the default variables.".to_owned()]]), &url)
        });
        let function = ident(&name.function);
        let variables: Vec<_> = name.variables.iter().map(ident).collect();
        let replaced = server.variables.iter().zip(&variables).map(|(variable, ident)| {
            let expression = format!("{{{}}}", variable.name);
            quote!(.replace(#expression, #ident))
        });
        let variable_docs = server.variables.iter().zip(&name.variables).filter_map(|(variable, ident)| {
            Some(docs::item(&code(ident), &docs::lines(variable.docs.description.as_deref()?)))
        });
        lines = docs::paragraphs([lines, variable_docs.flatten().collect()]);
        let docs = self.docs(&lines);
        quote! {
            #defaults
            #docs
            #[inline]
            #[must_use]
            pub fn #function(#(#variables: &str),*) -> String { #url #(#replaced)* }
        }
    }

    /// Writes one accessor per tag, unless the accessors are in the files of their tags.
    fn accessors(&self) -> Option<TokenStream> {
        let tags = self.api.tags.iter().zip(&self.names.tags);
        let tags = tags.filter(|(tag, _)| !tag.implied && !self.has_many_tags());
        let accessors = tags.map(|(tag, name)| {
            let (condition, module) = (self.condition(&name.module), ident(&name.module));
            let accessor = self.accessor(tag, name, &quote!(super::#module::));
            quote!(#condition #accessor)
        });
        functions("Client", accessors)
    }

    /// Returns the `cfg` attribute for items of a module with a feature.
    fn condition(&self, module: &str) -> Option<TokenStream> {
        let condition = self.context.features.as_ref()?.module(module);
        Some(quote!(#[cfg(#condition)]))
    }

    /// Writes the setter of a parameter that can have a client-wide default.
    fn client_parameter(&self, parameter: &Parameter, name: &str) -> TokenStream {
        let (setter, wire) = (ident(name), &parameter.wire_name);
        let (core, what) = match parameter.location {
            Location::Query => (ident("default_query"), "query parameter"),
            _ => (ident("default_header"), "header"),
        };
        let facts = self.facts(parameter.ty, None, None);
        let described = doc_lines(&parameter.docs, &format!("The {what} {}.", code(wire)), &facts);
        let note = "Sent with every operation that accepts it, unless the call sets another value.";
        let docs = self.docs(&docs::paragraphs([described, vec![note.to_owned()]]));
        quote! {
            #docs
            #[inline]
            pub fn #setter(mut self, value: &str) -> Self {
                self.core = self.core.#core(#wire, value);
                self
            }
        }
    }
}

/// Returns the `impl` block of functions, if there are any.
fn functions(of: &str, functions: impl Iterator<Item = TokenStream>) -> Option<TokenStream> {
    let (of, functions) = (ident(of), nonempty(functions)?);
    Some(quote!(impl #of { #(#functions)* }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_descriptions_are_truncated_at_a_paragraph() {
        let mut lines: Vec<String> = (0..MOST_LINES - 4).map(|index| format!("{index}")).collect();
        let end = lines.len();
        lines.extend(["", "```text", "", "code", "```", "", "last"].map(str::to_owned));
        let short = lines.get(..MOST_LINES).unwrap().to_vec();
        assert_eq!(truncated(short.clone()), short);
        let cut = truncated(lines);
        assert_eq!(
            cut.get(end - 1..).unwrap(),
            [(end - 1).to_string().as_str(), "", "Truncated; see the API document for the full description."]
        );
    }
}
