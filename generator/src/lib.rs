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
//! In a build script, into `OUT_DIR`: [`Project::build`](project::Project::build).
//!
//! Without files, from text to text: [`generate::generate`].
//!
//! ```
//! use clientwright::generate::{Document, generate};
//! use clientwright::Source;
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
//! assert_eq!(paths, ["greeter/mod.rs", "greeter/client.rs", "greeter/types/mod.rs", "greeter/operations.rs"]);
//! ```
//!
//! # What is public
//!
//! [`project`] works on folders, [`generate`](mod@generate) on texts; both report [`diagnostic::Diagnostic`]s. [`ir`]
//! is what a document means, for other tools; [`normalize`] is the normalizer. The stages in between are private.

pub use clientwright_normalizer::{Source, diagnostic, normalize};

mod call_variants;
mod emit;
mod format;
pub mod generate;
pub mod ir;
mod lower;
mod manifest;
mod name;
mod never;
pub mod project;
mod resolve;
mod schema_keywords;
mod write;

/// The parts of stages that this project's own verification looks into. They change without notice.
#[doc(hidden)]
pub mod internal {
    pub mod call_variants {
        pub use crate::call_variants::{CallVariants, Payload, call_variants};
    }
    pub mod emit {
        pub use crate::emit::{Call, Context, Example, FileEmitter, Optional, Passing, ident, type_files};
    }
    pub mod format {
        pub use crate::format::format;
    }
    pub mod lower {
        pub use crate::lower::InputTypes;
    }
    pub mod name {
        pub use crate::name::{Names, name};
    }
    pub mod write {
        pub use crate::write::{Change, Directory, File, apply, plan};
    }
}
