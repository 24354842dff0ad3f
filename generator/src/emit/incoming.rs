//! Part of `emit`: webhooks and callbacks, as aliases for the types of their payloads.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, code};
use super::facts::{doc_item, doc_lines};
use super::file::{self, FileEmitter};
use super::{Artifact, Context, ident};
use crate::ir::{Callback, Incoming, MediaType, Operation};
use crate::name::{IncomingName, Names};

/// Describes how to read payloads and write responses.
const CODEC: &str = "Decode a payload with [`wire::from_slice`](clientwright_runtime::wire::from_slice); \
    encode a response with [`wire::to_vec`](clientwright_runtime::wire::to_vec).";

/// Returns `webhooks.rs`; for many webhooks, `webhooks/mod.rs` and a file for each.
pub(super) fn files<'a>(context: &'a Context<'a>) -> Vec<Artifact<'a>> {
    let Names { incoming: names, webhooks, webhooks_folder, .. } = context.names;
    if names.is_empty() {
        return Vec::new();
    }
    let stem = if *webhooks_folder { format!("{webhooks}/mod") } else { webhooks.clone() };
    let mut artifacts = vec![Artifact::new(context, stem, FileEmitter::webhooks)];
    if !webhooks_folder {
        return artifacts;
    }
    let all = context.api.incoming.iter().zip(names);
    artifacts.extend(all.filter(|(_, name)| !exported(name).is_empty()).map(|(incoming, name)| {
        Artifact::new(context, format!("{webhooks}/{}", name.file), |emitter| emitter.incoming(incoming, name))
    }));
    artifacts
}

fn exported(name: &IncomingName) -> Vec<String> {
    name.bodies.iter().chain(&name.responses).cloned().collect()
}

impl FileEmitter<'_> {
    /// Writes the module, with its types unless it is a folder.
    fn webhooks(&self) -> TokenStream {
        let Names { incoming: names, webhooks_folder, .. } = self.names;
        let all = &self.api.incoming;
        let items = if *webhooks_folder {
            let named = names.iter().map(|name| (name.file.as_str(), exported(name)));
            file::index(&named.filter(|(_, exported)| !exported.is_empty()).collect())
        } else {
            all.iter().zip(names).map(|(incoming, name)| self.incoming(incoming, name)).collect()
        };
        let without = all.iter().filter(|incoming| incoming.json_bodies().is_empty());
        let without = without.flat_map(|incoming| docs::item(&code(&incoming.name), &[kind(incoming)])).collect();
        let lines = docs::paragraphs([
            vec!["Webhook payloads.".to_owned()],
            vec![CODEC.to_owned()],
            docs::titled("Without a JSON body:", without),
            docs::titled("Parameters of some or all requests:", sent_parameters(all)),
        ]);
        self.inner_docs(&lines);
        items
    }

    fn incoming(&self, incoming: &Incoming, name: &IncomingName) -> TokenStream {
        let bodies = incoming.json_bodies().into_iter().zip(&name.bodies).map(|(media_type, name)| {
            let described = doc_lines(&incoming.docs, "", &[kind(incoming)]);
            let lines = docs::paragraphs([described, vec![code(incoming.origin.as_str())]]);
            self.named_payload(name, media_type, &lines)
        });
        let responses =
            incoming.json_responses().into_iter().zip(&name.responses).map(|((status, media_type), name)| {
                self.named_payload(name, media_type, &[format!("The `{status}` response to {}.", code(&incoming.name))])
            });
        quote!(#(#bodies)* #(#responses)*)
    }

    fn named_payload(&self, name: &str, media_type: &MediaType, lines: &[String]) -> TokenStream {
        let (name, docs, ty) = (ident(name), self.docs(lines), self.rust_type(media_type.ty));
        quote!(#docs pub type #name = #ty;)
    }

    /// Returns the callbacks of an operation, as list items.
    pub(super) fn callback_docs(&self, operation: &Operation) -> Vec<String> {
        let all = self.api.incoming.iter().zip(&self.names.incoming);
        let own = all.filter_map(|(incoming, name)| Some((incoming, name, incoming.callback.as_ref()?)));
        let own = own.filter(|(.., callback)| callback.operation == operation.id);
        own.flat_map(|(incoming, name, callback)| {
            let to = code(&callback.expression);
            let read = name.bodies.first().map_or_else(String::new, |body| {
                let module = &self.names.webhooks;
                let above = self.api_module().to_string().replace(' ', "");
                format!(", payload [`{module}::{body}`]({above}::{module}::{body})")
            });
            let text = format!("`{}` to {to}{read}", incoming.method);
            docs::item(&code(&incoming.name), &[text])
        })
        .collect()
    }
}

/// Describes the webhook or callback, and its method.
fn kind(incoming: &Incoming) -> String {
    let method = &incoming.method;
    match &incoming.callback {
        Some(Callback { operation, expression, .. }) => {
            format!("A callback of {}, sent by `{method}` to {}.", code(operation), code(expression))
        }
        None => format!("A webhook, sent by `{method}`."),
    }
}

/// Returns the distinct parameters of the requests.
fn sent_parameters(all: &[Incoming]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let parameters = all.iter().flat_map(|incoming| &incoming.parameters);
    let distinct = parameters.filter(|parameter| seen.insert((parameter.location, parameter.wire_name.as_str())));
    distinct
        .flat_map(|parameter| {
            let place = parameter.location.key();
            doc_item(&format!("{place} {}", code(&parameter.wire_name)), &parameter.docs)
        })
        .collect()
}
