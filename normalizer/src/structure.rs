//! Stage `structure`: checks the shape of a document against OpenAPI 3.0.3.
//!
//! In: the value of a 3.0 document. Out: every violation with its pointer, in one walk along the grammar's tables.
//! Invariant: everything that the grammar does not define is reported; only the shape is checked, and no reference is
//! followed.

pub mod extensions;
pub(crate) mod formats;
pub mod grammar;
pub mod media;
pub(crate) mod misspelling;
pub mod rules;
pub(crate) mod slots;
pub mod template;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::codes::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::json::type_name;
use crate::limits::MAX_DEPTH;
use crate::pointer::Pointer;
use crate::spelling;
use PathStep::{Index, Key};
use grammar::Form::*;
use grammar::{Form, Kind, Object, is_component_name, is_extension};

/// Reports every violation of the shape of OpenAPI 3.0, in document order.
///
/// Violations are errors; valid parts without effect (such as siblings of a `$ref`) are warnings.
#[must_use]
pub fn examine(source_name: &str, document: &Value) -> Vec<Diagnostic> {
    examine_part(source_name, document, &Is(Kind::Document), &Pointer::root())
}

/// Reports every violation in the value at `at` of a document, which must have this form.
#[must_use]
pub fn examine_part(source_name: &str, value: &Value, form: &'static Form, at: &Pointer) -> Vec<Diagnostic> {
    let mut walk = Walk::new(source_name, at);
    walk.value(value, form);
    walk.finish()
}

/// Reports the violations of the node at `at`, without its parts. `name` is the key of the node.
pub(crate) fn examine_node(value: &Value, form: &'static Form, at: &Pointer, name: &str) -> Vec<Diagnostic> {
    let mut walk = Walk { name, is_shallow: true, ..Walk::new("", at) };
    walk.value(value, form);
    walk.found
}

/// Returns the diagnostic for a node that is nested too deep.
fn too_deep(file: &str, at: Pointer) -> Diagnostic {
    let message = format!("the document is nested more than {MAX_DEPTH} levels deep");
    Diagnostic::invalid(TOO_DEEP, file, at, message)
}

/// Returns `true` if a key describes a schema without changing its values. OpenAPI 3.0 ignores such siblings of a reference to a schema
/// (§4.7.23), but they are common, and the generator reads them.
#[must_use]
pub fn is_annotation(key: &str) -> bool {
    // Without `is_among`, since this is called for each key of each schema.
    is_extension(key) || matches!(key, "deprecated" | "description" | "example" | "externalDocs" | "summary" | "title")
}

/// A walk over one document.
struct Walk<'v> {
    file: &'v str,
    /// The first node of the walk.
    root: &'v Pointer,
    /// The key of the first node.
    name: &'v str,
    /// Whether the parts of the first node are not checked.
    is_shallow: bool,
    path: Vec<PathStep<'v>>,
    found: Vec<Diagnostic>,
    /// References with ignored siblings, by the keys of the siblings.
    siblings: BTreeMap<String, Vec<Pointer>>,
}

/// A step of the walk; a [`Pointer`] is created only for a finding.
#[derive(Clone, Copy)]
enum PathStep<'v> {
    Key(&'v str),
    Index(usize),
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
                    self.invalid_here(BAD_VALUE, message, None);
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
                    self.part(Index(index), value, item);
                }
            }
            (Map(item) | Components(item), Value::Object(members)) => {
                for (key, value) in members {
                    if matches!(form, Components(_)) && !is_component_name(key) {
                        let message = format!(
                            "the component name `{key}` contains characters other than letters, digits, `.`, `-` and `_`"
                        );
                        self.invalid_key(BAD_NAME, key, message, None);
                    }
                    self.part(Key(key), value, item);
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
            return self.invalid_here(WRONG_TYPE, message, help);
        };
        for (key, value) in members {
            if !is_extension(key) {
                self.check_key(object.kind, key);
            }
            match object.form_of(key) {
                Some(form) => self.part(Key(key), value, form),
                None if is_extension(key) => {}
                None => self.unknown_key(key, object),
            }
        }
        for field in object.fields.iter().filter(|field| field.required && !members.contains_key(field.name)) {
            self.invalid_here(MISSING_FIELD, format!("{} needs `{}`", object.name, field.name), None);
        }
        self.check_object(object.kind, members);
    }

    fn or_reference(&mut self, value: &'v Value, object: &'static Object) {
        let Some(members) = value.as_object().filter(|members| members.contains_key("$ref")) else {
            return self.is(value, object);
        };
        if let Some(target) = members.get("$ref").filter(|target| !target.is_string()) {
            let message = format!("`$ref` must be a string, found {}", type_name(target));
            return self.invalid_key(BAD_REFERENCE, "$ref", message, None);
        }
        // A list of branches contains the referenced schemas; descriptions belong to their definitions.
        let in_list = matches!(self.path.last(), Some(Index(_)));
        let has_place = object.kind == Kind::Schema && !in_list;
        for (key, value) in members.iter().filter(|_| has_place) {
            let form = if key == "summary" { Some(&Text) } else { object.form_of(key) };
            if let Some(form) = form.filter(|_| is_annotation(key)) {
                self.part(Key(key), value, form);
            }
        }
        // Generators for gRPC repeat the type of the target.
        let is_read = |key: &str| matches!(key, "$ref" | "type") || has_place && is_annotation(key);
        let ignored = members.keys().filter(|key| !is_read(key));
        let siblings: Vec<_> = ignored.map(|key| format!("`{key}`")).collect();
        if !siblings.is_empty() {
            let pointer = self.pointer().key("$ref");
            self.siblings.entry(siblings.join(", ")).or_default().push(pointer);
        }
    }

    fn unknown_key(&mut self, key: &str, object: &'static Object) {
        let message = format!("unknown key `{key}` in {}", object.name);
        self.invalid_key(UNKNOWN_FIELD, key, message, misspelling::unknown_key(key, object).as_deref());
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
        self.invalid_here(WRONG_TYPE, message, help.as_deref());
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

impl<'v> Walk<'v> {
    fn new(file: &'v str, root: &'v Pointer) -> Self {
        let (path, found, siblings) = Default::default();
        Self { file, root, name: "", is_shallow: false, path, found, siblings }
    }

    fn pointer(&self) -> Pointer {
        let mut pointer = self.root.clone();
        for step in &self.path {
            match step {
                Key(key) => pointer.push(key),
                Index(index) => pointer.push(&index.to_string()),
            }
        }
        pointer
    }

    /// Reports a value of the member `key`, at `at`, that is not among its choices.
    fn bad_choice(&mut self, at: Pointer, key: &str, found: &str, choices: &[&str], context: &str) {
        let message = format!("`{key}` must be `{}`{context}, found `{found}`", choices.join("` or `"));
        let meant = spelling::did_you_mean(found, choices.iter().copied());
        let of_other_version = match (key, found) {
            ("type", "null") => Some("`null` as a type is a feature of OpenAPI 3.1; in 3.0 use `nullable: true`"),
            ("type", "file") => Some("`file` is a type of Swagger 2.0; in 3.0 use `type: string` and `format: binary`"),
            _ => None,
        };
        self.invalid(BAD_VALUE, at, message, meant.as_deref().or(of_other_version));
    }

    /// Reports a valid member `key`, at `at`, without effect.
    fn ignored(&mut self, at: Pointer, key: &str, reason: &str) {
        self.unsupported(IGNORED_FIELD, at, format!("`{key}` has no effect: {reason}"), None);
    }

    /// Reports a violation of this node.
    fn invalid_here(&mut self, code: Code, message: impl Into<String>, help: Option<&str>) {
        let finding = Diagnostic::invalid(code, self.file, self.pointer(), message).with_help_if(help);
        // A missing field has no position. The key of its object is one line, while its value may be many.
        self.found.push(if code == MISSING_FIELD { finding.at_key() } else { finding });
    }

    /// Reports a violation of the member `key` of this node.
    fn invalid_key(&mut self, code: Code, key: &str, message: impl Into<String>, help: Option<&str>) {
        let at = self.pointer().key(key);
        self.found.push(Diagnostic::invalid(code, self.file, at, message).at_key().with_help_if(help));
    }

    /// Reports a violation of the value at `at`.
    fn invalid(&mut self, code: Code, at: Pointer, message: impl Into<String>, help: Option<&str>) {
        self.found.push(Diagnostic::invalid(code, self.file, at, message).with_help_if(help));
    }

    /// Reports a valid node that is not generated.
    fn unsupported(&mut self, code: Code, at: Pointer, message: String, help: Option<&str>) {
        self.found.push(Diagnostic::unsupported(code, self.file, at, message).at_key().with_help_if(help));
    }

    /// Returns the last key of the path.
    fn own_key(&self) -> String {
        let key = self.path.iter().rev().find_map(|step| match step {
            Key(key) => Some(*key),
            Index(_) => None,
        });
        key.unwrap_or(self.name).to_owned()
    }

    fn finish(mut self) -> Vec<Diagnostic> {
        for (keys, places) in std::mem::take(&mut self.siblings) {
            let Some((first, rest)) = places.split_first() else { continue };
            let more = if rest.is_empty() { String::new() } else { format!(", here and in {} more", rest.len()) };
            let message = format!("OpenAPI 3.0 ignores siblings of `$ref`: {keys}{more}");
            let help = Some("move the reference into `allOf`, or remove its siblings");
            self.unsupported(REFERENCE_SIBLINGS, first.clone(), message, help);
        }
        self.found
    }
}

#[cfg(test)]
mod tests;
