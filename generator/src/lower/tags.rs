//! Part of `lower`: tags and servers.
//!
//! In: `tags` and `servers` of the document. Out: the tags and servers of the IR.
//!
//! Invariant: declared tags are in document order, followed by the others in the order of their first use.

use serde_json::Value;

use super::context::{Context, TagIds};
use super::notes;
use crate::ir::{Docs, Server, ServerVariable, Tag, TagId, text_of};
use clientwright_normalizer::json::{items, members};

impl<'d> Context<'d> {
    /// Reads the declared tags.
    pub(super) fn declare_tags(&mut self) {
        for declared in items(&self.document.item["tags"]) {
            self.tag(Some(notes::required(declared, "name")), || notes::docs(declared));
        }
    }

    /// Returns the tag with that name, added with these docs if missing. Without a name, returns the tag of untagged
    /// operations.
    pub(super) fn tag(&mut self, name: Option<&str>, docs: impl FnOnce() -> Docs) -> TagId {
        tag(&mut self.api.tags, &mut self.tag_ids, name, docs)
    }

    /// Returns the first server of an operation, or otherwise of its path, with default variables (OpenAPI 3.0.3
    /// §4.7.10.1).
    pub(super) fn own_server(&self, holders: [&Value; 2]) -> Option<String> {
        let mut servers = holders.into_iter().map(|holder| &holder["servers"]);
        let (servers, first) = servers.find_map(|servers| Some((servers, items(servers).next()?)))?;
        if *servers == self.document.item["servers"] {
            return None;
        }
        Some(server(first).filled())
    }
}

/// Returns the tag with that name, added with these docs if missing.
pub(super) fn tag(tags: &mut Vec<Tag>, ids: &mut TagIds, name: Option<&str>, docs: impl FnOnce() -> Docs) -> TagId {
    *ids.entry(name.map(str::to_owned)).or_insert_with(|| {
        tags.push(Tag { name: name.unwrap_or_default().to_owned(), docs: docs(), implied: name.is_none() });
        TagId(tags.len() - 1)
    })
}

/// Reads a server.
pub(super) fn server(declared: &Value) -> Server {
    let variables = members(&declared["variables"]).map(|(name, variable)| ServerVariable {
        name: name.clone(),
        default: notes::required(variable, "default").to_owned(),
        docs: variable_docs(variable),
    });
    let url = notes::required(declared, "url").to_owned();
    Server { url, docs: notes::docs(declared), variables: variables.collect() }
}

/// Returns the documentation of a server variable, including its values (OpenAPI 3.0.3 §4.7.6).
fn variable_docs(variable: &Value) -> Docs {
    let docs = notes::docs(variable);
    let values: Vec<String> = items(&variable["enum"]).map(|value| format!("`{}`", text_of(value))).collect();
    let listed = (!values.is_empty()).then(|| format!("One of {}.", values.join(", ")));
    let said: Vec<String> = docs.description.into_iter().chain(listed).collect();
    Docs { description: (!said.is_empty()).then(|| said.join(" ")), ..docs }
}
