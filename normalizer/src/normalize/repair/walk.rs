//! Part of `repair`: the walk along the grammar's tables.
//!
//! In: a node and what should stand there. Out: the node repaired, then what is in it. Invariant: a node is repaired before
//! its members, so that what is moved into it is seen; every walk ends where the document is nested too deep.

use serde_json::Value;

use super::Repairer;
use crate::limits::MAX_DEPTH;
use crate::structure::grammar::{self, Form, Kind, Object};

impl Repairer<'_> {
    pub(super) fn document(&mut self, value: &mut Value) {
        self.object(value, &grammar::OPENAPI, 0);
    }

    fn value(&mut self, value: &mut Value, form: &Form, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match form {
            Form::Is(kind) => self.object(value, kind, depth),
            Form::OrReference(kind) => self.or_reference(value, kind, depth),
            Form::SchemaOrBoolean if value.is_object() => self.or_reference(value, &grammar::SCHEMA, depth),
            Form::List(item) => {
                let Value::Array(items) = value else { return };
                for (index, value) in items.iter_mut().enumerate() {
                    self.inside(&index.to_string(), |repairer| repairer.value(value, item, depth + 1));
                }
            }
            Form::Map(item) | Form::Components(item) => {
                let Value::Object(members) = value else { return };
                for (key, value) in members {
                    self.inside(key, |repairer| repairer.value(value, item, depth + 1));
                }
            }
            _ => {}
        }
    }

    fn or_reference(&mut self, value: &mut Value, kind: &'static Object, depth: usize) {
        if value.get("$ref").is_some_and(Value::is_string) {
            if kind.kind == Kind::Schema {
                self.nullable_reference(value);
            }
            return;
        }
        self.object(value, kind, depth);
    }

    fn object(&mut self, value: &mut Value, kind: &'static Object, depth: usize) {
        let Value::Object(members) = value else { return };
        self.shape(members, kind);
        self.kind(members, kind);
        self.unknown_keys(members, kind);
        for (key, value) in members {
            if let Some(form) = kind.form_of(key) {
                self.inside(key, |repairer| repairer.value(value, form, depth + 1));
            }
        }
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
            Kind::Operation => self.operation(members),
            Kind::PathItem => self.parameter_list(members),
            Kind::SecurityScheme => self.security_scheme(members),
            Kind::ImplicitFlow | Kind::TokenFlow | Kind::CodeFlow => self.flow(members),
            Kind::Contact | Kind::License | Kind::Info => self.empty_urls(members),
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
