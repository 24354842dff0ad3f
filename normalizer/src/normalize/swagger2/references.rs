//! Part of `swagger2`: what references lead to, before and after.
//!
//! In: the text of a `$ref`. Out: the node of the old document that it means; at the end, all references of the new
//! document lead to where those nodes are now. Invariant: a reference whose target did not move keeps its text, and what
//! is data (examples, defaults, values of an `enum`) is no reference.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::{Convert, Object};
use crate::normalize::pass::{MAX_DEPTH, Weight};
use crate::normalize::reference::{MAX_STEPS, local};
use crate::pointer::Pointer;
use crate::structure::grammar::{self, Form};

impl<'d> Convert<'d> {
    /// The node of the old document that a reference within it leads to.
    ///
    /// Percent-escapes are undone, as they should have been done; names that happen to look escaped are found as well.
    /// A forgotten slash after `#` is put up with.
    pub(super) fn target(&self, reference: &str) -> Option<(Pointer, &'d Value)> {
        let fragment = reference.strip_prefix('#')?;
        let found = |text: &str| {
            let pointer = Pointer::parse(text)?;
            self.document.pointer(text).map(|value| (pointer, value))
        };
        let decoded = percent_decode_str(fragment).decode_utf8().unwrap_or_default();
        let slashed = || Some(format!("/{decoded}")).filter(|_| !decoded.starts_with('/') && !decoded.is_empty());
        found(&decoded).or_else(|| found(fragment)).or_else(|| found(&slashed()?))
    }

    /// The object at the end of a chain of references, and where it is; the object itself if it is no reference.
    pub(super) fn follow(&self, object: &'d Object, at: &Pointer) -> Option<(&'d Object, Pointer)> {
        let (mut object, mut at) = (object, at.clone());
        for _ in 0..MAX_STEPS {
            let Some(reference) = object.get("$ref").and_then(Value::as_str) else { return Some((object, at)) };
            let (pointer, target) = self.target(reference)?;
            (object, at) = (target.as_object()?, pointer);
        }
        None
    }

    /// Whether a pointer is that of a member of a section such as `/parameters`; its name.
    pub(super) fn member_of(section: &str, pointer: &Pointer) -> Option<String> {
        let mut segments = pointer.segments();
        let is_member = segments.next().as_deref() == Some(section);
        let name = segments.next();
        name.filter(|_| is_member && segments.next().is_none())
    }

    /// Makes every reference of the new document lead to where its target is now.
    pub(super) fn rewrite_references(&mut self, document: &mut Value) {
        self.rewrite_members(document, &grammar::OPENAPI, &Pointer::root(), 0);
    }

    fn rewrite(&mut self, value: &mut Value, form: &Form, at: &Pointer, depth: usize) {
        match (form, value) {
            (Form::Is(object) | Form::OrReference(object), value) => self.rewrite_members(value, object, at, depth),
            (Form::SchemaOrBoolean, value) => self.rewrite_members(value, &grammar::SCHEMA, at, depth),
            (Form::List(item), Value::Array(items)) => {
                for (index, value) in items.iter_mut().enumerate() {
                    self.rewrite(value, item, &at.index(index), depth + 1);
                }
            }
            (Form::Map(item) | Form::Components(item), Value::Object(members)) => {
                for (key, value) in members {
                    self.rewrite(value, item, &at.key(key), depth + 1);
                }
            }
            _ => {}
        }
    }

    fn rewrite_members(&mut self, value: &mut Value, object: &grammar::Object, at: &Pointer, depth: usize) {
        let Value::Object(members) = value else { return };
        if depth > MAX_DEPTH {
            return;
        }
        self.rewrite_one(members, at);
        for (key, value) in members {
            match object.form_of(key) {
                Some(form) => self.rewrite(value, form, &at.key(key), depth + 1),
                None if is_data(key) => {}
                None => self.rewrite_extension(value, &at.key(key), depth + 1),
            }
        }
    }

    /// Vendors put schemas and references under keys of their own.
    fn rewrite_extension(&mut self, value: &mut Value, at: &Pointer, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match value {
            Value::Object(members) => {
                self.rewrite_one(members, at);
                for (key, value) in members.iter_mut().filter(|(key, _)| !is_data(key)) {
                    self.rewrite_extension(value, &at.key(key), depth + 1);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter_mut().enumerate() {
                    self.rewrite_extension(value, &at.index(index), depth + 1);
                }
            }
            _ => {}
        }
    }

    fn rewrite_one(&mut self, members: &mut Object, at: &Pointer) {
        let Some(Value::String(reference)) = members.get_mut("$ref") else { return };
        let Some(fragment) = reference.strip_prefix('#') else { return };
        let decoded = percent_decode_str(fragment).decode_utf8().unwrap_or_default();
        let before = match self.target(reference) {
            Some((pointer, _)) => pointer,
            // It leads nowhere; said in the new document's words, that is easier to understand.
            None => match Pointer::parse(&decoded) {
                Some(pointer) => pointer,
                None => return,
            },
        };
        let after = self.record.now(&before);
        let is_repaired = !decoded.is_empty() && !decoded.starts_with('/');
        if after == before && !is_repaired {
            return;
        }
        let new = local(after.as_str());
        if is_repaired {
            let text = format!("`{reference}` is read as `#/{decoded}`");
            self.record.note_late("reference-slash", Weight::Interpreted, at.key("$ref"), text);
        }
        *reference = new;
    }
}

/// Whether what stands under a key that the grammar does not define is data, not description.
fn is_data(key: &str) -> bool {
    matches!(key, "example" | "examples" | "x-example" | "x-examples" | "default" | "x-default" | "enum" | "x-enum")
}
