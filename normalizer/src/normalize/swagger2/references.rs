//! Part of `swagger2`: what references lead to, before and after.
//!
//! In: the text of a `$ref`. Out: the node that it means, before and after the pass. Invariant: a reference whose
//! target did not move keeps its text.

use serde_json::Value;

use super::convert::Convert;
use super::record::MovedNode;
use super::targets::{end, target};
use crate::json::{Members, text};
use crate::normalize::pass::{Interpreted, nearest};
use crate::normalize::reference::{decoded, each_text_mut, local};
use crate::pointer::Pointer;

impl<'d> Convert<'d> {
    /// The object at the end of a chain of references, and where it is; the object itself if it is not a reference.
    pub(super) fn follow(&self, object: &'d Members, at: &Pointer) -> Option<(&'d Members, Pointer)> {
        let Some(reference) = text(object, "$ref") else { return Some((object, at.clone())) };
        let (at, node) = end(self.document, reference)?;
        Some((node.as_object()?, at))
    }

    /// Makes every reference in the new document lead to where its target is now.
    pub(super) fn rewrite(&mut self, document: &mut Value) {
        each_text_mut(document, |text, at| self.rewrite_one(text, at));
    }

    fn rewrite_one(&mut self, reference: &mut String, at: &Pointer) {
        let Some(fragment) = reference.strip_prefix('#') else { return };
        let decoded = decoded(fragment);
        // A reference that leads nowhere is easier to understand in the new document's words.
        let found = target(self.document, reference).map(|(pointer, _)| pointer);
        let Some(before) = found.or_else(|| Pointer::parse(&decoded)) else { return };
        let after = self.record.all.provenance.after(&before);
        if lacks_slash(&decoded) {
            let text = format!("read `{reference}` as `#/{decoded}`");
            let before = nearest(self.document, self.record.all.provenance.before(at));
            let place = MovedNode { before, after: at.clone() };
            self.record.note("reference-slash", Interpreted, &place, text);
        } else if after == before {
            return;
        }
        *reference = local(&after);
    }
}

fn lacks_slash(fragment: &str) -> bool {
    !fragment.is_empty() && !fragment.starts_with('/')
}
