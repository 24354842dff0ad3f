//! Limits for the size and nesting of documents, and the stack for processing them.
//!
//! Documents are untrusted. Invariant: nodes beyond a limit are rejected or left unchanged, never followed.

use std::cell::Cell;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use crate::json;
use crate::pointer::Pointer;

/// The maximum total size of the files of a document, in bytes.
pub(crate) const MAX_BYTES: usize = 256 << 20;

/// The maximum length of a pointer to a node, in bytes, since each pass builds the pointers of all nodes. Real documents have up to 600.
pub(crate) const MAX_POINTER: usize = 2048;

/// The maximum length of a pointer to a node of a normalized document, in bytes: inlined references make pointers longer.
pub(crate) const MAX_WRITTEN_POINTER: usize = 8192;

/// The maximum nesting of brackets in a file. Some parsers take quadratic time before their own limit of 128 levels.
pub(crate) const MAX_BRACKETS: usize = 4096;

/// The maximum nesting of a document: the 128 levels that a parser accepts, and what passes add around them. `bundle` rejects deeper
/// documents, and `v31` inlines nothing that is deeper.
pub const MAX_DEPTH: usize = 160;

/// The maximum nesting of `allOf` within `allOf` that heuristic rules look into.
pub(crate) const MAX_ALL_OF: usize = 8;

/// The maximum nesting of a normalized document, so that a parser with a limit of 128 levels can read it again.
pub(crate) const MAX_WRITTEN_DEPTH: usize = 126;

/// The maximum nesting of brackets in a JSONPath query, whose parser is recursive.
pub(crate) const MAX_QUERY_DEPTH: usize = 32;

/// The maximum length of a chain of references.
pub(crate) const MAX_STEPS: usize = 64;

/// The maximum number of values that a repair copies, since nested copies multiply. The rest stays unchanged.
pub(crate) const MAX_COPIED: usize = 100_000;

/// Returns the number of values that may be copied where OpenAPI 3.0 has no references. A document that needs more is
/// rejected.
pub(crate) fn max_written_out(document: &Value) -> Budget {
    Budget::of(json::count_nodes(document).saturating_mul(10).saturating_add(20_000))
}

/// The number of values that a rule may still look at or copy.
#[derive(Default)]
pub(crate) struct Budget(Cell<usize>);

impl Budget {
    pub(crate) fn of(values: usize) -> Self {
        Self(Cell::new(values))
    }

    /// Takes `cost` values; 0 only checks. Returns `true` if some are left.
    pub(crate) fn spend(&self, cost: usize) -> bool {
        self.0.set(self.0.get().saturating_sub(cost));
        self.0.get() > 0
    }
}

/// The stack, in bytes, of a thread that walks documents: far more than [`MAX_DEPTH`] levels need.
pub const STACK: usize = 64 << 20;

/// Runs `work` on a thread with a stack of [`STACK`]. Returns `None` if the thread cannot be started, or if `work`
/// panics.
pub fn on_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    // WebAssembly has no threads; the stack size is set when linking.
    if cfg!(target_family = "wasm") {
        return Some(work());
    }
    thread::scope(|scope| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok()?.join().ok())
}

/// Calls two functions in parallel, the first one on a thread with a stack of [`STACK`].
pub fn both<A: Send, B>(one: impl Fn() -> A + Sync, other: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, &one).ok();
        let other = other();
        // The thread may not have started.
        let one = thread.map_or_else(&one, |thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        (one, other)
    })
}

/// Processes items on all available threads. The results have the order of the items.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let take = || {
        let index = next.fetch_add(1, Ordering::Relaxed);
        items.get(index).map(|item| (index, work(item)))
    };
    let run = || std::iter::from_fn(take).collect::<Vec<_>>();
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    let mut done = thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).ok();
        let threads: Vec<_> = (0..threads).filter_map(spawn).collect();
        let done = threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        let mut done: Vec<(usize, R)> = done.collect();
        // The remaining items, if threads could not be started.
        done.extend(run());
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Returns the arrays and objects that are nested too deep in a normalized document.
pub(crate) fn too_deep(value: &Value) -> Vec<Pointer> {
    let mut found = Vec::new();
    collect_below(value, MAX_WRITTEN_DEPTH, &mut Pointer::root(), &mut found);
    found
}

fn collect_below(value: &Value, levels: usize, at: &mut Pointer, found: &mut Vec<Pointer>) {
    let Some(levels) = levels.checked_sub(1) else {
        return found.push(at.clone());
    };
    json::each(value, |key, part| {
        if !json::is_primitive(part) {
            let length = at.enter(key);
            collect_below(part, levels, at, found);
            at.truncate(length);
        }
    });
}

/// Returns the maximum nesting of brackets in a text, including quotes and comments: an upper bound for the work of a
/// parser.
pub(crate) fn nesting(text: &str, opening: &[u8], closing: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for byte in text.bytes() {
        if opening.contains(&byte) {
            depth += 1;
            deepest = deepest.max(depth);
        } else if closing.contains(&byte) {
            depth = depth.saturating_sub(1);
        }
    }
    deepest
}

/// Returns the maximum nesting of flow collections in YAML. A bracket begins one only where a token begins, not within words or quotes.
pub(crate) fn flow_nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    // A token may begin after an anchor or a tag, if one could begin before it.
    let (mut begins, mut is_property) = (true, false);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' if begins => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => (depth, begins) = (depth.saturating_sub(1), false),
            b' ' | b'\t' | b'\r' => (begins, is_property) = (begins || is_property, false),
            b'\n' | b',' | b':' | b'-' | b'?' => begins = true,
            b'&' | b'!' if begins => (begins, is_property) = (false, true),
            _ => begins = false,
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::flow_nesting;

    #[test]
    fn only_brackets_that_begin_a_collection_are_nested() {
        for (text, depth) in [
            ("a: [[{b: [1]}]]", 4),
            ("a: [\n  [ # c\n  {}]]", 3),
            ("{\"a\":[{\"b\":[]}]}", 4),
            ("- &a [!b [&c [x]]]", 3),
            ("a: \"[[[[[[\"\nb: '[{[{'\nc: d[[[", 0),
        ] {
            assert_eq!(flow_nesting(text), depth, "{text}");
        }
    }
}
