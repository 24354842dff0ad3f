//! Part of the contract tests: programs that call every operation of a generated client.
//!
//! In: a document. Out: a Rust file that calls each operation of the document through the generated client, with its
//! required values, with all values, and once for each documented response. The document is the only source, so that a
//! mock server with the same document can check the requests.
//!
//! Invariant: pure and deterministic. No operation is omitted silently.

mod expression;
mod formats;
mod pattern;
mod program;
mod scalar;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use self::formats::texts;
pub(crate) use self::pattern::Pattern;
pub(crate) use self::program::meant;
pub use self::program::{CONTRACT_VALUE, Program, program};
pub use self::value::{Missing, Mode, Sample, SampleValue, ValuePlace, Values, Why, Wish};
use clientwright::generate::{Document, read_api};
use clientwright::internal::call_variants::call_variants;
use clientwright::internal::name::{Lock, name_locked};
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::limits::on_stack;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::{load, normalize};

/// Returns the program for a document. `module` is the path of the API's module in the program, such as
/// `data_platform_clients::lakefs_import`; the crate must have the runtime at its root, named `runtime`.
///
/// # Errors
///
/// Returns the diagnostics of an invalid document.
pub fn program_for(document: &Document, module: &str) -> Result<Program, Vec<Diagnostic>> {
    with_stack(document, || {
        let (api, noticed) = read_api(document)?;
        let value = load::parse(&document.source)?;
        let value = normalize::canonical(&document.source, value)?;
        let calls = call_variants(&api);
        let mut lock = document.lock.as_ref().map_or_else(|| Ok(Lock::default()), Lock::read)?;
        let (names, ..) = name_locked(&api, &calls, &mut lock);
        let mut made = program(&api, &calls, &names, &value, module)?;
        made.diagnostics.splice(0..0, noticed);
        Ok(made)
    })
}

/// Runs a function on a thread whose stack suffices for deeply nested documents.
pub(crate) fn with_stack<T: Send>(
    document: &Document,
    work: impl FnOnce() -> Result<T, Vec<Diagnostic>> + Send,
) -> Result<T, Vec<Diagnostic>> {
    let gave_up = || {
        let message = "the generator gave up on this document";
        vec![Diagnostic::bug(codes::PANIC, &document.source.name, Pointer::root(), message)]
    };
    on_stack(work).unwrap_or_else(|| Err(gave_up()))
}
