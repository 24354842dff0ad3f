//! Part of `lower`: tags and servers, the document's own descriptions.
//!
//! In: `tags` and `servers` of the document. Out: those of the IR.
//!
//! Invariant: declared tags are in the document's order, the others after them in the order of their first use.

use serde_json::Value;

use super::context::Context;
use super::{notes, template};
use crate::ir::{Docs, Server, ServerVariable, Tag, TagId};
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::json::{items, members};
use clientwright_normalizer::pointer::Pointer;

impl<'d> Context<'d> {
    /// Reads the tags that the document declares.
    pub(super) fn declare_tags(&mut self) {
        for tag in items(&self.document["tags"]) {
            let name = notes::string(tag, "name").unwrap_or_default();
            if self.api.tags.iter().all(|known| known.name != name) {
                self.api.tags.push(Tag { name, docs: notes::docs(tag), implied: false });
            }
        }
    }

    /// The first server of an operation or else of its path, with default variables (OpenAPI 3.0.3 §4.7.10.1).
    pub(super) fn own_server(&mut self, holders: [(&Value, &Pointer); 2]) -> Option<String> {
        let (holder, at) = holders.into_iter().find(|(holder, _)| items(&holder["servers"]).next().is_some())?;
        if holder["servers"] == self.document["servers"] {
            return None;
        }
        let servers = self.servers(holder, at);
        let Server { url, docs: _, variables, origin: _ } = servers.into_iter().next()?;
        let fill =
            |url: String, variable: &ServerVariable| url.replace(&format!("{{{}}}", variable.name), &variable.default);
        Some(variables.iter().fold(url, fill))
    }

    /// The servers of the document, a path or an operation. Every name in braces has to be a variable (OpenAPI 3.0.3 §4.7.5).
    pub(super) fn servers(&mut self, holder: &Value, at: &Pointer) -> Vec<Server> {
        let mut servers = Vec::new();
        for (index, declared) in items(&holder["servers"]).enumerate() {
            let server = server(declared, at.key("servers").index(index));
            let at = server.origin.key("url");
            let is_unlisted = |name: &&str| server.variables.iter().all(|variable| variable.name != **name);
            match template::names(&server.url) {
                Ok(names) => names.into_iter().filter(is_unlisted).for_each(|name| {
                    let message = format!("`{{{name}}}` in the server's URL is not listed in its `variables`");
                    self.invalid(codes::SERVER_TEMPLATE, &at, message);
                }),
                Err(problem) => {
                    self.invalid(codes::SERVER_TEMPLATE, &at, format!("the server's URL has {problem}"));
                }
            }
            servers.push(server);
        }
        servers
    }
}

/// The tag of that name, added with these docs if missing. Without a name: the tag of untagged operations.
pub(super) fn tag(tags: &mut Vec<Tag>, name: Option<&str>, docs: impl FnOnce() -> Docs) -> TagId {
    let implied = name.is_none();
    let name = name.unwrap_or_default();
    let known = tags.iter().position(|tag| tag.implied == implied && tag.name == name);
    TagId(known.unwrap_or_else(|| {
        tags.push(Tag { name: name.to_owned(), docs: docs(), implied });
        tags.len() - 1
    }))
}

fn server(declared: &Value, origin: Pointer) -> Server {
    let variables = members(&declared["variables"]).map(|(name, variable)| ServerVariable {
        name: name.clone(),
        default: notes::string(variable, "default").unwrap_or_default(),
        values: items(&variable["enum"]).filter_map(Value::as_str).map(str::to_owned).collect(),
        docs: notes::docs(variable),
    });
    let url = notes::string(declared, "url").unwrap_or_default();
    Server { url, docs: notes::docs(declared), variables: variables.collect(), origin }
}
