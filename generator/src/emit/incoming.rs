//! Part of `emit`: requests that the server makes, as names for the types of their bodies.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, attributes, code};
use super::file::FileEmitter;
use super::rust_type::ImportScope;
use super::{Artifact, Content, Context, ident};
use crate::ir::{Incoming, Location, MediaType, Operation, incoming_answers, incoming_bodies};
use crate::name::{IncomingName, Names};

/// How a body is read; there is nothing else to a request that somebody else received.
const READ: &str = "[`wire::from_slice`](clientwright_runtime::wire::from_slice)";
/// How an answer is written.
const WRITTEN: &str = "[`wire::to_vec`](clientwright_runtime::wire::to_vec)";

/// `webhooks.rs`; where there are many, `webhooks/mod.rs` and a file for each.
pub(super) fn files(context: &Context<'_>) -> Vec<Artifact> {
    let Names { incoming, webhooks, webhooks_folder, .. } = context.names;
    if incoming.is_empty() {
        return Vec::new();
    }
    let path = format!("{}/{webhooks}", context.api.module);
    if !webhooks_folder {
        return vec![Artifact { path: format!("{path}.rs"), content: Content::Webhooks }];
    }
    let named = incoming.iter().enumerate().filter(|(_, name)| !exported(name).is_empty());
    let each = named
        .map(|(index, name)| Artifact { path: format!("{path}/{}.rs", name.file), content: Content::Webhook(index) });
    [Artifact { path: format!("{path}/mod.rs"), content: Content::Webhooks }].into_iter().chain(each).collect()
}

fn exported(name: &IncomingName) -> Vec<String> {
    name.bodies.iter().chain(&name.answers).cloned().collect()
}

impl FileEmitter<'_> {
    /// The module, with its types where it is no folder.
    pub(super) fn webhooks(&self) -> TokenStream {
        let Names { incoming: names, webhooks_folder, .. } = self.context.names;
        let all = &self.context.api.incoming;
        let items: TokenStream = if *webhooks_folder {
            let mut named: Vec<_> = names.iter().map(|name| (name.file.as_str(), exported(name))).collect();
            named.retain(|(_, exported)| !exported.is_empty());
            named.sort_unstable();
            let modules = named.iter().map(|(file, _)| ident(file));
            let exports = named.iter().map(|(file, exported)| super::types::export(file, exported));
            quote!(#(mod #modules;)* #(#exports)*)
        } else {
            all.iter().zip(names).map(|(incoming, name)| self.incoming(incoming, name)).collect()
        };
        let without = all.iter().filter(|incoming| incoming_bodies(&incoming.operation).is_empty());
        let without = without.flat_map(|incoming| docs::item(&code(&incoming.name), &[kind(incoming)])).collect();
        let mut lines = vec![
            "Requests that the server makes.".to_owned(),
            String::new(),
            format!("Read a body with {READ}; write a response with {WRITTEN}."),
        ];
        lines.extend(titled("Without a JSON body:", without));
        lines.extend(titled("Sent with all or some of them:", sent_along(all)));
        let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
        let imports = self.imports();
        quote!(#(#![doc = #lines])* #imports #items)
    }

    /// One request in a file of its own.
    pub(super) fn webhook(&self, index: usize) -> TokenStream {
        let all = self.context.api.incoming.iter().zip(&self.context.names.incoming);
        let items: TokenStream = all.skip(index).take(1).map(|(one, name)| self.incoming(one, name)).collect();
        let imports = self.imports();
        quote!(#imports #items)
    }

    fn incoming(&self, incoming: &Incoming, name: &IncomingName) -> TokenStream {
        let operation = &incoming.operation;
        let bodies = incoming_bodies(operation).into_iter().zip(&name.bodies).map(|(media_type, name)| {
            let fallback = format!("The request {}.", code(&incoming.name));
            let source = operation.origin.as_str();
            let lines = self.doc_lines(&operation.docs, &fallback, &[kind(incoming)], Some(source));
            self.named_payload(name, media_type, &lines)
        });
        let answers = incoming_answers(operation).into_iter().zip(&name.answers).map(|((status, media_type), name)| {
            self.named_payload(name, media_type, &[format!("The response `{status}` to {}.", code(&incoming.name))])
        });
        quote!(#(#bodies)* #(#answers)*)
    }

    fn named_payload(&self, name: &str, media_type: &MediaType, lines: &[String]) -> TokenStream {
        let (name, docs, ty) = (ident(name), attributes(lines), self.rust_type(media_type.ty, ImportScope::Outside));
        quote!(#docs pub type #name = #ty;)
    }

    /// The callbacks of an operation, as the items of a list.
    pub(super) fn callback_docs(&self, operation: &Operation) -> Vec<String> {
        let all = self.context.api.incoming.iter().zip(&self.context.names.incoming);
        let own = all.filter(|(incoming, _)| incoming.callback_of.as_deref() == Some(operation.id.as_str()));
        own.flat_map(|(incoming, name)| {
            let to = incoming.expression.as_deref().map(code).unwrap_or_default();
            let read = name.bodies.first().map_or_else(String::new, |body| {
                let module = &self.context.names.webhooks;
                format!(", a [`{module}::{body}`]({}::{module}::{body})", self.api_module())
            });
            let text = format!("`{}` to {to}{read}", incoming.operation.method);
            docs::item(&code(&incoming.name), &[text])
        })
        .collect()
    }
}

/// In a sentence, what sort of request it is.
fn kind(incoming: &Incoming) -> String {
    let method = incoming.operation.method;
    match (&incoming.callback_of, &incoming.expression) {
        (Some(operation), Some(expression)) => {
            format!("A callback of {}: `{method}` to {}.", code(operation), code(expression))
        }
        _ => format!("A webhook: `{method}`."),
    }
}

/// What comes along with the bodies, each once.
fn sent_along(all: &[Incoming]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let parameters = all.iter().flat_map(|incoming| &incoming.parameters);
    let distinct = parameters.filter(|parameter| seen.insert((parameter.location, parameter.wire_name.as_str())));
    distinct
        .flat_map(|parameter| {
            let place = match parameter.location {
                Location::Path => "path",
                Location::Query => "query",
                Location::Header => "header",
                Location::Cookie => "cookie",
            };
            let text = parameter.docs.description.as_deref().unwrap_or_default();
            docs::item(&format!("{place} {}", code(&parameter.wire_name)), &docs::lines(text))
        })
        .collect()
}

/// A list below what stands before it, under its title; nothing where the list is empty.
fn titled(title: &str, items: Vec<String>) -> Vec<String> {
    if items.is_empty() {
        return items;
    }
    [String::new(), title.to_owned(), String::new()].into_iter().chain(items).collect()
}
