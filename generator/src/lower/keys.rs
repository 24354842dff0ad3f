//! Part of `lower`: the objects under `x-pagination` and `x-polling`, key by key.
//!
//! In: JSON. Out: what it says, and each fault at its place. Invariant: no key is passed over in silence.

use serde_json::{Map, Value};

use super::context::Context;
use super::{paging, polling};
use crate::ir::{Api, Operation, Part, Path, Shape, TypeRef, Types, successes};
use clientwright_normalizer::diagnostic::{Code, Diagnostic};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::is_extension;

/// A key of operations, and the code of what is wrong with it.
pub(super) type OperationKey = (&'static str, Code);

impl Context<'_> {
    /// What a key of an operation says. What is wrong with it is reported.
    pub(super) fn operation_key<T>(
        &mut self,
        declared: &Value,
        at: &Pointer,
        (name, code): OperationKey,
        read: fn(&Value, &Pointer, &mut Faults) -> Option<T>,
    ) -> Option<T> {
        let value = declared.get(name)?;
        let mut faults = Faults::default();
        let found = read(value, &at.key(name), &mut faults);
        let is_sound = faults.0.is_empty();
        for fault in faults.into_diagnostics(code, self.file) {
            self.report(fault);
        }
        found.filter(|_| is_sound)
    }
}

/// What is wrong with what the keys say, now that all types are known.
pub(super) fn check(Api { file, types, operations, .. }: &Api) -> impl Iterator<Item = Diagnostic> {
    let (mut pages, mut jobs) = (Faults::default(), Faults::default());
    for operation in operations {
        if let Some(pagination) = &operation.pagination {
            Check { types, operation, faults: &mut pages }.pagination(pagination);
        }
        if let Some(polling) = &operation.polling {
            Check { types, operation, faults: &mut jobs }.polling(polling);
        }
    }
    pages.into_diagnostics(paging::KEY.1, file).chain(jobs.into_diagnostics(polling::KEY.1, file))
}

/// What is wrong with a key, each with its place.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<(Pointer, String)>);

impl Faults {
    pub(super) fn add(&mut self, at: Pointer, message: impl Into<String>) {
        self.0.push((at, message.into()));
    }

    fn into_diagnostics(self, code: Code, file: &str) -> impl Iterator<Item = Diagnostic> {
        self.0.into_iter().map(move |(at, message)| {
            Diagnostic::invalid(code, file, at, message).with_help("docs/PAGING.md has the keys and what they name")
        })
    }
}

/// An object that is read.
pub(super) struct Keys<'v, 'f> {
    members: &'v Map<String, Value>,
    at: Pointer,
    faults: &'f mut Faults,
}

impl<'v, 'f> Keys<'v, 'f> {
    /// The object, if it is one. A key that is not `known` is a fault.
    pub(super) fn new(value: &'v Value, at: &Pointer, faults: &'f mut Faults, known: &[&str]) -> Option<Self> {
        let Some(members) = value.as_object() else {
            faults.add(at.clone(), format!("`{}` takes an object", at.last().unwrap_or_default()));
            return None;
        };
        for name in members.keys().filter(|name| !known.contains(&name.as_str()) && !is_extension(name)) {
            let known: Vec<String> = known.iter().map(|known| format!("`{known}`")).collect();
            faults.add(
                at.key(name),
                format!("`{}` has no key `{name}`; it has {}", at.last().unwrap_or_default(), known.join(", ")),
            );
        }
        Some(Self { members, at: at.clone(), faults })
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.members.contains_key(key)
    }

    /// The one of these keys that is present. None or several is a fault.
    pub(super) fn only(&mut self, keys: &[&'static str], fault: &str) -> Option<&'static str> {
        let mut named = keys.iter().copied().filter(|key| self.has(key));
        let only = named.next().filter(|_| named.next().is_none());
        if only.is_none() {
            self.fault("", fault);
        }
        only
    }

    /// Reports that the object, or the value of one of its keys, is wrong.
    pub(super) fn fault(&mut self, key: &str, what: &str) {
        let at = if key.is_empty() { self.at.clone() } else { self.at.key(key) };
        self.faults.add(at.clone(), format!("`{}` {what}", at.last().unwrap_or_default()));
    }

    pub(super) fn object(&mut self, key: &str, known: &[&str]) -> Option<Keys<'v, '_>> {
        Keys::new(self.members.get(key)?, &self.at.key(key), self.faults, known)
    }

    pub(super) fn string(&mut self, key: &str) -> Option<String> {
        let found = self.members.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        if found.is_none() && self.has(key) {
            self.fault(key, "takes a string");
        } else if found.is_none() {
            self.fault("", &format!("has no `{key}`"));
        }
        found.map(str::to_owned)
    }

    pub(super) fn integer(&mut self, key: &str) -> Option<i64> {
        let value = self.members.get(key)?;
        if value.as_i64().is_none() {
            self.fault(key, "takes an integer");
        }
        value.as_i64()
    }

    pub(super) fn is_true(&mut self, key: &str) -> bool {
        let is_true = self.members.get(key) == Some(&Value::Bool(true));
        if !is_true {
            self.fault(key, "takes `true`");
        }
        is_true
    }

    /// A path: names joined by dots, or a JSON pointer (RFC 6901), which begins with a slash.
    pub(super) fn path(&mut self, key: &str) -> Option<Path> {
        let text = self.string(key)?;
        if !text.starts_with('/') {
            return Some(text.split('.').map(str::to_owned).collect());
        }
        let pointer = Pointer::parse(&text);
        if pointer.is_none() {
            self.fault(key, "is not a JSON pointer");
        }
        pointer.map(|pointer| pointer.segments().collect())
    }

    /// States, each as JSON writes it, strings without quotes.
    pub(super) fn states(&mut self, key: &str) -> Vec<String> {
        let Some(value) = self.members.get(key) else { return Vec::new() };
        let state = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
            _ => None,
        };
        let states = value.as_array().and_then(|states| states.iter().map(state).collect::<Option<Vec<String>>>());
        if states.is_none() {
            self.fault(key, "takes an array of strings, booleans or integers");
        }
        states.unwrap_or_default()
    }
}

/// An operation, to be held against what one of its keys says.
pub(super) struct Check<'a> {
    pub(super) types: &'a Types,
    pub(super) operation: &'a Operation,
    pub(super) faults: &'a mut Faults,
}

impl<'a> Check<'a> {
    /// The type of the JSON that every success carries.
    pub(super) fn body(&mut self, at: &Pointer) -> Option<TypeRef> {
        let json = successes(&self.operation.responses).into_iter().map(|success| success.json().map(|json| json.ty));
        let types: Option<Vec<TypeRef>> = json.collect();
        let id = &self.operation.id;
        let fault = match types.as_deref() {
            Some([first, rest @ ..]) if rest.iter().all(|other| other == first) => return Some(*first),
            Some([_, _, ..]) => format!("the successes of `{id}` have bodies of several types"),
            _ => format!("not every success of `{id}` has a JSON body"),
        };
        self.faults.add(at.clone(), fault);
        None
    }

    /// What a path leads to.
    pub(super) fn named(&mut self, from: TypeRef, path: &Path, at: &Pointer) -> Option<Part> {
        let missing = |index| {
            let (known, missing) = path.split_at(index);
            let missing = missing.first().map(String::as_str).unwrap_or_default();
            let whole = if known.is_empty() { "there is".to_owned() } else { format!("`{}` has", path_text(known)) };
            self.faults.add(at.clone(), format!("{whole} no property `{missing}`"));
        };
        self.types.part(from, path).map_err(missing).ok()
    }

    /// The shape of what a path leads to, which has to be a string, a number or a boolean; `None` if it is not, or within any JSON.
    pub(super) fn scalar(&mut self, from: TypeRef, path: &Path, at: &Pointer) -> Option<&'a Shape> {
        let used = self.named(from, path, at)?.used?;
        let shape = self.types.shape(used.ty);
        if !shape.is_scalar() {
            let fault = format!("`{}` is neither a string nor a number nor a boolean", path_text(path));
            self.faults.add(at.clone(), fault);
        }
        Some(shape).filter(|shape| shape.is_scalar())
    }
}

/// A path as a document writes it.
pub(super) fn path_text(path: &[String]) -> String {
    path.join(".")
}
