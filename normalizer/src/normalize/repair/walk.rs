//! Part of `repair`: the walk along the grammar's tables.
//!
//! In: a node and what should stand there. Out: the node repaired, then what is in it. Invariant: a node is repaired before
//! its members, so that what is moved into it is seen; every walk ends where the document is nested too deep.

use serde_json::Value;

use super::Repairer;
use crate::limits::MAX_DEPTH;
use crate::structure::grammar::{DOCUMENT, Form, Kind, Object};

impl Repairer<'_> {
    pub(super) fn document(&mut self, value: &mut Value) {
        self.value(value, &DOCUMENT, 0);
    }

    fn value(&mut self, value: &mut Value, form: &'static Form, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        if let Some(object) = form.object() {
            if form.is_reference(value) {
                if object.kind == Kind::Schema {
                    self.nullable_reference(value);
                }
                return;
            }
            if let Value::Object(members) = value {
                self.shape(members, object);
                self.kind(members, object);
                self.unknown_keys(members, object);
            }
        }
        form.each_part_mut(value, |key, part, form| {
            self.inside(key, |repairer| repairer.value(part, form, depth + 1));
        });
    }

    /// What one kind of object needs beyond the shape of its members.
    fn kind(&mut self, members: &mut serde_json::Map<String, Value>, object: &'static Object) {
        match object.kind {
            Kind::Schema => self.schema(members),
            Kind::Parameter => self.parameter(members),
            Kind::Header => self.header(members),
            Kind::MediaType => self.examples(members),
            Kind::Response => self.response(members),
            Kind::Responses => self.statuses(members),
            Kind::Paths => self.paths(members),
            Kind::Document => self.root(members),
            Kind::Info => {
                self.info(members);
                self.empty_urls(members);
            }
            Kind::Server => self.server(members),
            Kind::Operation => {
                self.operation(members);
                self.responses(members);
            }
            Kind::PathItem => self.parameter_list(members),
            Kind::SecurityScheme => self.security_scheme(members),
            Kind::ImplicitFlow | Kind::TokenFlow | Kind::CodeFlow => self.flow(members),
            Kind::Contact | Kind::License => self.empty_urls(members),
            _ => {}
        }
        if members.contains_key("content") {
            self.content(members);
        }
        if members.contains_key("externalDocs") {
            self.external_docs(members);
        }
    }
}
