//! Random documents for `corpus`.
//!
//! In: a function from a seed to a document. Out: a folder of documents. Invariant: a seed gives the same document on any
//! machine.

use std::path::PathBuf;

use serde_json::Value;

use crate::files::{empty, target, write};

/// Which documents are made up.
#[derive(clap::Args)]
pub(crate) struct Seeds {
    /// What decides the first document; each other has the next number
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// How many documents
    #[arg(long, value_name = "N", default_value_t = 4)]
    documents: u64,
}

impl Seeds {
    /// Writes the documents into this folder of the target folder, which is emptied first.
    pub(crate) fn write(&self, name: &str, document: impl Fn(u64) -> Value) -> Result<PathBuf, String> {
        let folder = target(&crate::root()).join(name);
        empty(&folder)?;
        for seed in (self.seed..).take(usize::try_from(self.documents).unwrap_or(usize::MAX)) {
            write(&folder.join(format!("seed{seed}.json")), &document(seed).to_string())?;
        }
        Ok(folder)
    }
}
