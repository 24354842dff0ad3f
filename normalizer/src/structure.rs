//! Stage `structure`: is the document shaped as OpenAPI 3.0.3 says?
//!
//! In: the value of a 3.0 document. Out: every violation with its pointer, in one walk along the grammar's tables.
//! Invariant: whatever the grammar does not define is reported; only shape is judged, and no reference is followed.

pub mod extensions;
pub(crate) mod formats;
pub mod grammar;
pub mod media;
pub(crate) mod misspelling;
pub mod rules;
pub(crate) mod slots;
pub mod template;
mod walk;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, codes};
use crate::json::type_name;
use crate::limits::MAX_DEPTH;
use crate::pointer::Pointer;
use grammar::Form::{
    Any, Boolean, Choice, Components, Count, Ignored, Is, List, Map, Number, OrReference, SchemaOrBoolean, Text,
};
use grammar::{Form, Kind, Object, is_component_name, is_extension};
use walk::{PathStep, Walk};

/// Reports everything in the document that is not shaped as OpenAPI 3.0 asks for, in document order.
///
/// Violations are errors; legal parts that have no effect (keys beside a `$ref`, for one) are warnings.
#[must_use]
pub fn examine(source_name: &str, document: &Value) -> Vec<Diagnostic> {
    examine_part(source_name, document, &Is(Kind::Document), &Pointer::root())
}

/// Reports everything in the value at `at` of a document that is not shaped as what stands there.
#[must_use]
pub fn examine_part(source_name: &str, value: &Value, form: &'static Form, at: &Pointer) -> Vec<Diagnostic> {
    let mut walk = Walk::new(source_name, at);
    walk.value(value, form);
    walk.finish()
}

/// Reports what is wrong with the node at `at` itself, not with its parts. `name` is the key that it is under.
pub(crate) fn examine_node(value: &Value, form: &'static Form, at: &Pointer, name: &str) -> Vec<Diagnostic> {
    let mut walk = Walk { name, is_shallow: true, ..Walk::new("", at) };
    walk.value(value, form);
    walk.found
}

/// A node that holds more than can be read.
pub(crate) fn too_deep(file: &str, at: Pointer) -> Diagnostic {
    let message = format!("the document is nested more than {MAX_DEPTH} levels deep");
    Diagnostic::invalid(codes::TOO_DEEP, file, at, message)
}

/// The keys that describe a schema and change none of its values. Beside a reference to a schema OpenAPI 3.0 ignores them (§4.7.23), but
/// authors write them, and the generator reads them.
#[must_use]
pub fn is_annotation(key: &str) -> bool {
    is_extension(key) || matches!(key, "deprecated" | "description" | "example" | "externalDocs" | "summary" | "title")
}

impl<'v> Walk<'v> {
    /// Checks a member or item of this node.
    fn part(&mut self, step: PathStep<'v>, value: &'v Value, form: &'static Form) {
        if self.is_shallow {
            return;
        }
        if self.path.len() >= MAX_DEPTH {
            return self.found.push(too_deep(self.file, self.pointer()));
        }
        self.path.push(step);
        self.value(value, form);
        self.path.pop();
    }

    fn value(&mut self, value: &'v Value, form: &'static Form) {
        match (form, value) {
            (Any, _)
            | (Text, Value::String(_))
            | (Boolean, Value::Bool(_))
            | (SchemaOrBoolean, Value::Bool(_))
            | (Number, Value::Number(_)) => {}
            (Count, Value::Number(number)) => {
                if number.as_u64().is_none() {
                    let message = format!("`{}` must be a non-negative integer, found {number}", self.own_key());
                    self.invalid_here(codes::BAD_VALUE, message, None);
                }
            }
            (Choice(choices), Value::String(text)) => {
                if !choices.contains(&text.as_str()) {
                    self.bad_choice(self.pointer(), &self.own_key(), text, choices, "");
                }
            }
            (Is(kind), _) => self.is(value, kind.grammar()),
            (OrReference(kind), _) => self.or_reference(value, kind.grammar()),
            (SchemaOrBoolean, Value::Object(_)) => self.or_reference(value, Kind::Schema.grammar()),
            (List(item), Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    self.part(PathStep::Index(index), value, item);
                }
            }
            (Map(item) | Components(item), Value::Object(members)) => {
                for (key, value) in members {
                    if matches!(form, Components(_)) && !is_component_name(key) {
                        let message = format!(
                            "the component name `{key}` contains characters other than letters, digits, `.`, `-` and `_`"
                        );
                        self.invalid_key(codes::BAD_NAME, key, message, None);
                    }
                    self.part(PathStep::Key(key), value, item);
                }
            }
            (Ignored(reason), _) => self.ignored(self.pointer(), &self.own_key(), reason),
            _ => self.wrong_type(value, form),
        }
    }

    fn is(&mut self, value: &'v Value, object: &'static Object) {
        let Value::Object(members) = value else {
            let message = format!("{} must be an object, found {}", object.name, type_name(value));
            let help = (object.kind == Kind::Schema && value.is_boolean())
                .then_some("boolean schemas are a feature of OpenAPI 3.1; `{}` allows anything");
            return self.invalid_here(codes::WRONG_TYPE, message, help);
        };
        for (key, value) in members {
            if !is_extension(key) {
                self.check_key(object.kind, key);
            }
            match object.form_of(key) {
                Some(form) => self.part(PathStep::Key(key), value, form),
                None if is_extension(key) => {}
                None => self.unknown_key(key, object),
            }
        }
        for field in object.fields.iter().filter(|field| field.required && !members.contains_key(field.name)) {
            self.invalid_here(codes::MISSING_FIELD, format!("{} needs `{}`", object.name, field.name), None);
        }
        self.check_object(object.kind, members);
    }

    fn or_reference(&mut self, value: &'v Value, object: &'static Object) {
        let Some(members) = value.as_object().filter(|members| members.contains_key("$ref")) else {
            return self.is(value, object);
        };
        if let Some(target) = members.get("$ref").filter(|target| !target.is_string()) {
            let message = format!("`$ref` must be a string, found {}", type_name(target));
            return self.invalid_key(codes::BAD_REFERENCE, "$ref", message, None);
        }
        // In a list of branches, the branch is what is referred to, and words are told where it is defined.
        let in_list = matches!(self.path.last(), Some(PathStep::Index(_)));
        let has_place = object.kind == Kind::Schema && !in_list;
        for (key, value) in members.iter().filter(|_| has_place) {
            let form = if key == "summary" { Some(&Text) } else { object.form_of(key) };
            if let Some(form) = form.filter(|_| is_annotation(key)) {
                self.part(PathStep::Key(key), value, form);
            }
        }
        let ignored = members.keys().filter(|key| *key != "$ref" && !(has_place && is_annotation(key)));
        let siblings: Vec<_> = ignored.map(|key| format!("`{key}`")).collect();
        if !siblings.is_empty() {
            let pointer = self.pointer().key("$ref");
            self.siblings.entry(siblings.join(", ")).or_default().push(pointer);
        }
    }

    fn unknown_key(&mut self, key: &str, object: &'static Object) {
        let message = format!("unknown key `{key}` in {}", object.name);
        self.invalid_key(codes::UNKNOWN_FIELD, key, message, misspelling::unknown_key(key, object).as_deref());
    }

    fn wrong_type(&mut self, value: &Value, form: &Form) {
        let key = self.own_key();
        let message = format!("`{key}` must be {}, found {}", expected(form), type_name(value));
        let help = match (form, value) {
            (_, Value::Null) => Some("remove the key".to_owned()),
            (Text, Value::Number(_) | Value::Bool(_)) => Some(format!("quote it: \"{value}\"")),
            (Boolean, Value::Number(_)) if key.starts_with("exclusive") => {
                Some(format!("a number in `{key}` is a feature of OpenAPI 3.1; in 3.0 it is `true` beside the bound"))
            }
            (Choice(_), Value::Array(_)) if key == "type" => Some(String::from(
                "an array of types is a feature of OpenAPI 3.1; in 3.0 use `nullable: true` or `oneOf`",
            )),
            (List(_), Value::Bool(_)) if key == "required" => {
                Some("list the property's name under `required` of the schema that holds it".to_owned())
            }
            (Boolean | Number | Count, Value::String(_)) => Some("write it without quotes".to_owned()),
            _ => None,
        };
        self.invalid_here(codes::WRONG_TYPE, message, help.as_deref());
    }
}

fn expected(form: &Form) -> &'static str {
    match form {
        Text | Choice(_) => "a string",
        Boolean => "a boolean",
        Number => "a number",
        Count => "a non-negative integer",
        List(_) => "an array",
        SchemaOrBoolean => "a schema or a boolean",
        Is(_) | OrReference(_) | Map(_) | Components(_) => "an object",
        Any | Ignored(_) => "anything",
    }
}

#[cfg(test)]
mod tests;
