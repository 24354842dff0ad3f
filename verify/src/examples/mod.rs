//! The examples of a document, as a test of its types; not a stage of the pipeline.
//!
//! In: a document. Out: a [`Suite`]: every example that has a type in the IR, the types, and a program that decodes an example
//! into its type and encodes it again. [`differences`] returns the changes of an example by this program.
//!
//! Invariant: pure and deterministic. Every JSON value that callers send or receive is a case, or is counted as left out.
//! Examples of response headers, which are text, and of branches that became one type are left out.

mod collect;
mod compare;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::compare::{applicable, differences};
use crate::contract_programs::with_stack;
use clientwright::generate::{Document, read_with};
use clientwright::internal::call_variants::call_variants;
use clientwright::internal::emit::{Context, FileEmitter, artifacts};
use clientwright::internal::format;
use clientwright::internal::lower::InputTypes;
use clientwright::internal::name::name;
use clientwright::internal::write;
use clientwright::ir::{Api, Shape, Text, TypeRef};
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::{load, normalize};

/// One example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The JSON pointer of its value.
    pub at: String,
    /// The JSON pointer of its schema.
    pub schema: String,
    /// The index of the type in the program.
    pub trip: usize,
    /// The value.
    pub value: Value,
}

/// The examples of a document, and the program that decodes and encodes them.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// The examples, sorted by pointer.
    pub cases: Vec<Case>,
    /// The number of examples that are elsewhere (`externalValue`), or of bodies that are not JSON.
    pub left_out: usize,
    /// The program: `main.rs` and its modules, with paths below `src`. Its only dependency is the runtime.
    ///
    /// The program reads lines with a case's `trip`, a space and JSON. It responds to each with a line of `ok`, a space and
    /// JSON, or of `error`, a space and a message.
    pub files: Vec<write::File>,
}

/// Returns the examples of a document.
///
/// All types are both read and sent in the program, regardless of the operations, and a file is a string.
///
/// # Errors
///
/// Returns the diagnostics of an invalid document.
pub fn suite(document: &Document) -> Result<Suite, Vec<Diagnostic>> {
    with_stack(document, || {
        let (mut api, _) = read_with(document, InputTypes::Merged)?;
        mark_both_ways(&mut api);
        // The program has no features.
        api.tag_features = false;
        let value = load::parse(&document.source)?;
        let value = normalize::canonical(&document.source, value)?;
        of_api(&api, &value).map_err(|message| {
            vec![Diagnostic::bug(codes::GENERATED_CODE, &document.source.name, Pointer::root(), message)]
        })
    })
}

/// Marks every used type as read and sent, so that it has both codecs. A file becomes a string, because JSON has no files.
fn mark_both_ways(api: &mut Api) {
    for ty in api.types.iter_mut().filter(|ty| ty.read || ty.sent) {
        (ty.read, ty.sent) = (true, true);
        match &mut ty.shape {
            Shape::Text(text @ Text::File) => *text = Text::Plain,
            // In a sent value, an absent property differs from its default.
            Shape::Object(object) => object.fields.iter_mut().for_each(|field| field.read_default = None),
            _ => {}
        }
    }
}

fn of_api(api: &Api, document: &Value) -> Result<Suite, String> {
    let calls = call_variants(api);
    let names = name(api, &calls);
    let context = Context::new(api, &calls, &names);
    let collect::Found { examples, left_out } = collect::examples(api, document);
    let mut trips = Trips::default();
    let file = FileEmitter::new(&context);
    let mut cases: Vec<Case> = examples
        .into_iter()
        .map(|example| {
            let trip = trips.of(&file, example.ty);
            Case { at: example.at.to_string(), schema: example.schema.to_string(), trip, value: example.value }
        })
        .collect();
    cases.sort_by(|one, other| (&one.at, one.trip).cmp(&(&other.at, other.trip)));
    cases.dedup_by(|one, other| (&one.at, one.trip) == (&other.at, other.trip));
    let header = format!("// @generated from {}: decodes and encodes its examples.", api.file);
    let mut files = Vec::new();
    let types = format!("{}/types/", api.module);
    for artifact in artifacts(&context) {
        if let Some(below) = artifact.path.strip_prefix(&types) {
            let contents = format::format(&header, artifact.draft())?;
            files.push(write::File { path: format!("api/types/{below}"), contents });
        }
    }
    let contents = format::format(&header, program(&trips.types).into())?;
    files.push(write::File { path: "main.rs".to_owned(), contents });
    Ok(Suite { cases, left_out, files })
}

/// The distinct types of examples, each with its codec.
#[derive(Default)]
struct Trips {
    known: BTreeMap<String, usize>,
    types: Vec<TokenStream>,
}

impl Trips {
    fn of(&mut self, file: &FileEmitter<'_>, used: TypeRef) -> usize {
        // An example is never boxed or hidden.
        let used = TypeRef { boxed: false, secret: false, ..used };
        let (ty, codec) = (file.rust_type(used), file.codec(used).unwrap_or_else(|| quote!(())));
        let tokens = quote!(trip::<#ty, #codec>);
        *self.known.entry(tokens.to_string()).or_insert_with(|| {
            self.types.push(tokens);
            self.types.len() - 1
        })
    }
}

fn program(trips: &[TokenStream]) -> TokenStream {
    quote! {
        #![allow(missing_docs, warnings)]
        use std::collections::BTreeMap;
        use clientwright_runtime::codegen::{self, DecodeAs, EncodeAs};
        use clientwright_runtime::wire::{self, DecodeError};
        use clientwright_runtime::{
            Base64, Date, DateTime, Decimal, Duration, File, JsonObject, JsonValue, Secret, Time, Uuid,
        };
        use api::types;
        mod api {
            pub mod types;
        }
        type Trip = fn(&str) -> Result<String, DecodeError>;
        fn trip<T, M: DecodeAs<T> + EncodeAs<T>>(text: &str) -> Result<String, DecodeError> {
            let value: T = codegen::from_slice_as::<T, M>(text.as_bytes())?;
            Ok(wire::to_string(&codegen::with::<M, T>(&value)))
        }
        static TRIPS: &[Trip] = &[#(#trips),*];
        fn main() {
            for line in std::io::stdin().lines() {
                let line = line.expect("a line");
                let (index, text) = line.split_once(' ').expect("an index and a text");
                let index: usize = index.parse().expect("an index");
                match TRIPS[index](text) {
                    Ok(json) => println!("ok {json}"),
                    Err(error) => println!("error {}", error.to_string().replace('\n', " ")),
                }
            }
        }
    }
}
