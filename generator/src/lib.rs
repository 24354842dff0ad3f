//! Generates Rust clients that read as if written by hand from OpenAPI documents.
//!
//! The whole pipeline on a folder of documents and a crate, as an xtask of your own would run it:
//!
//! ```no_run
//! use clientwright::project::{Mode, Project};
//!
//! let report = Project::new("specs", "client").codegen(&[], Mode::Write);
//! eprint!("{}", report.findings);
//! assert_eq!(report.findings.errors(), 0);
//! ```
//!
//! Without files, from text to text: [`generate::generate`].
//!
//! ```
//! use clientwright::generate::{Document, generate};
//! use clientwright_normalizer::Source;
//!
//! let text = "
//! openapi: 3.0.3
//! info: { title: Greeter, version: '1' }
//! paths:
//!   /greeting:
//!     get:
//!       operationId: greet
//!       responses:
//!         '200':
//!           description: A greeting.
//!           content: { text/plain: { schema: { type: string } } }
//! ";
//! let source = Source { name: "greeter.yaml".to_owned(), text: text.to_owned() };
//! let document = Document { module: "greeter".to_owned(), source };
//! let generation = generate(&[document], &["greeter".to_owned()], "clientwright codegen");
//! assert!(generation.diagnostics.is_empty());
//! let paths: Vec<&str> = generation.apis[0].files.iter().map(|file| file.path.as_str()).collect();
//! assert_eq!(paths, ["greeter/mod.rs", "greeter/types/mod.rs", "greeter/operations.rs"]);
//! ```
//!
//! The stages, in the order in which data flows: [`load`], [`normalize`], [`structure`], [`gate`], [`resolve`], [`lower`],
//! [`calls`], [`name`], `emit`, [`mod@format`], [`mod@write`]. What they notice is a [`diagnostic::Diagnostic`].
//! [`contract`] writes programs that call everything that was generated, and [`examples`] one that tries the document's examples;
//! [`survey`] and [`audit`] count what went in and what came out.

pub use clientwright_normalizer::{diagnostic, normalize};

pub mod call_variants;
pub mod decode;
#[doc(hidden)]
pub mod emit;
pub mod format;
pub mod generate;
pub mod ir;
pub mod lower;
pub mod manifest;
pub mod name;
pub mod project;
pub mod resolve;
mod schema_keywords;
pub mod write;
