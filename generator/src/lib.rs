//! Generates idiomatic Rust clients from OpenAPI documents.
//!
//! Run the whole pipeline on a folder of documents and a crate, for example from an xtask:
//!
//! ```no_run
//! use clientwright::project::{Mode, Project};
//!
//! let report = Project::new("specs", "client").codegen(&[], Mode::Write);
//! eprint!("{}", report.findings);
//! assert_eq!(report.findings.errors(), 0);
//! ```
//!
//! Generate in a build script, into `OUT_DIR`: [`Project::build`](project::Project::build).
//!
//! Generate in memory: [`generate::generate`].
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
//! let document = Document::new("greeter", source);
//! let generation = generate(&[document], &["greeter".to_owned()], "clientwright codegen");
//! assert!(generation.diagnostics.is_empty());
//! let paths: Vec<&str> = generation.apis[0].files.iter().map(|file| file.path.as_str()).collect();
//! assert_eq!(paths, ["greeter/mod.rs", "greeter/client.rs", "greeter/types/mod.rs", "greeter/operations.rs"]);
//! ```
//!
//! # Modules
//!
//! [`project`] works on folders, [`generate`](mod@generate) in memory; both report [`diagnostic::Diagnostic`]s. [`ir`] is the
//! intermediate representation, for other tools; [`normalize`] is the normalizer. The stages of the pipeline are private.

pub use clientwright_normalizer::{Source, diagnostic, normalize};

mod call_variants;
pub mod diff;
mod emit;
mod format;
pub mod generate;
pub mod ir;
mod lower;
mod manifest;
mod memo;
mod name;
mod never;
pub mod project;
mod resolve;
mod schema_keywords;
mod write;

/// Parts of stages for this project's verification. They change without notice.
#[doc(hidden)]
pub mod internal {
    pub mod call_variants {
        pub use crate::call_variants::{CallVariants, Payload, call_variants};
    }
    pub mod diff {
        pub use crate::diff::messages;
    }
    pub mod emit {
        pub use crate::emit::{Call, Context, FileEmitter, Optional, Passing, artifacts, ident};
    }
    pub mod format {
        pub use crate::format::format;
    }
    pub mod lower {
        pub use crate::lower::InputTypes;
    }
    pub mod manifest {
        pub use crate::manifest::features;
    }
    pub mod name {
        pub use crate::name::{Lock, Names, name, name_locked};
    }
    pub mod write {
        pub use crate::write::{Change, File, apply, plan};
    }
}
