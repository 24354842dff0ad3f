//! Part of `lower`: tags and servers, the document's own descriptions.
//!
//! In: `tags` and `servers` of the document. Out: those of the IR.
//!
//! Invariant: declared tags are in the document's order, the others after them in the order of their first use.

use openapiv3::{Server as DeclaredServer, ServerVariable as DeclaredVariable, Tag as DeclaredTag};

use super::context::Context;
use super::{notes, template};
use crate::ir::{Docs, Server, ServerVariable, Tag, TagId};
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::pointer::Pointer;

impl<'d> Context<'d> {
    /// Reads the tags that the document declares.
    pub(super) fn declare_tags(&mut self) {
        for tag in &self.document.tags {
            let DeclaredTag { name, description, external_docs, extensions } = tag;
            if self.api.tags.iter().all(|known| known.name != *name) {
                let docs = notes::docs(None, description.as_ref(), external_docs.as_ref(), false, extensions);
                self.api.tags.push(Tag { name: name.clone(), docs, implied: false });
            }
        }
    }

    /// The tag of that name, added if the document does not declare it; without a name that of the operations that have none.
    pub(super) fn tag(&mut self, name: Option<&String>) -> TagId {
        let implied = name.is_none();
        let name = name.cloned().unwrap_or_default();
        let known = self.api.tags.iter().position(|tag| tag.implied == implied && tag.name == name);
        TagId(known.unwrap_or_else(|| {
            self.api.tags.push(Tag { name, docs: Docs::default(), implied });
            self.api.tags.len() - 1
        }))
    }

    /// Reads the document's servers. Every name in braces has to be a variable (OpenAPI 3.0.3 §4.7.5).
    pub(super) fn servers(&mut self) {
        self.api.servers = self.servers_of(&self.document.servers, &Pointer::root().key("servers"));
    }

    /// The first server of an operation or else of its path, with default variables (OpenAPI 3.0.3 §4.7.10.1).
    pub(super) fn own_server(&mut self, lists: [(&'d [DeclaredServer], &Pointer); 2]) -> Option<String> {
        let (list, at) = lists.into_iter().find(|(list, _)| !list.is_empty())?;
        if list == self.document.servers.as_slice() {
            return None;
        }
        let servers = self.servers_of(list, &at.key("servers"));
        let Server { url, docs: _, variables, origin: _ } = servers.into_iter().next()?;
        let fill =
            |url: String, variable: &ServerVariable| url.replace(&format!("{{{}}}", variable.name), &variable.default);
        Some(variables.iter().fold(url, fill))
    }

    fn servers_of(&mut self, list: &'d [DeclaredServer], at: &Pointer) -> Vec<Server> {
        let mut servers = Vec::new();
        for (index, declared) in list.iter().enumerate() {
            let server = server(declared, at.index(index));
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

fn server(declared: &DeclaredServer, origin: Pointer) -> Server {
    let DeclaredServer { url, description, variables, extensions } = declared;
    let variables = variables.iter().flatten().map(|(name, variable)| {
        let DeclaredVariable { enumeration, default, description, extensions } = variable;
        ServerVariable {
            name: name.clone(),
            default: default.clone(),
            values: enumeration.clone(),
            docs: notes::described(description.as_ref(), extensions),
        }
    });
    Server {
        url: url.clone(),
        docs: notes::described(description.as_ref(), extensions),
        variables: variables.collect(),
        origin,
    }
}
