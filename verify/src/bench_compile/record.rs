//! The compile cost as a file, from which `cargo xtask pictures` draws a chart.
//!
//! In: documents, generators and the costs of their crates. Out: JSON. Invariant: the file contains the versions of everything
//! compared.

use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::contestant::Contestant;
use crate::files::write;
use crate::measure::Cost;
use crate::{process, survey};

/// The measurements of one run.
#[derive(Serialize, Deserialize)]
pub(crate) struct Record {
    /// The output of `rustc --version`.
    pub(crate) rustc: String,
    pub(crate) documents: Vec<Document>,
}

/// An API document.
#[derive(Serialize, Deserialize)]
pub(crate) struct Document {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) operations: usize,
    pub(crate) clients: Vec<Client>,
}

/// A generator, and the compiler's CPU seconds for its crate.
#[derive(Serialize, Deserialize)]
pub(crate) struct Client {
    pub(crate) generator: String,
    pub(crate) version: String,
    /// The CPU seconds of `cargo check`; `None` if the generator failed, or its crate does not compile.
    pub(crate) check: Option<f64>,
    pub(crate) debug: Option<f64>,
    pub(crate) release: Option<f64>,
}

impl Record {
    /// Creates a record without documents.
    pub(super) fn new() -> Result<Self, String> {
        let rustc = process::run(Command::new("rustc").arg("--version"))?.trim().to_owned();
        Ok(Self { rustc, documents: Vec::new() })
    }

    /// Writes the file.
    pub(super) fn write(&self, file: &Path) -> Result<(), String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        write(file, &(text + "\n"))
    }
}

impl Document {
    /// Creates a document without clients.
    pub(super) fn read(path: &Path) -> Self {
        let document = survey::written(path);
        let info = |key: &str| document["info"][key].as_str().unwrap_or_default().to_owned();
        let operations = survey::operation_count(&document);
        Self { title: info("title"), version: info("version"), operations, clients: Vec::new() }
    }
}

impl Client {
    /// Creates a generator's record, with the costs of its crate in the order of modes.
    pub(super) fn new(contestant: &Contestant, builds: &[Cost]) -> Self {
        let seconds = |index: usize| {
            let cost = builds.get(index).filter(|cost| cost.fault.is_none())?;
            Some((cost.cpu_seconds * 100.0).round() / 100.0)
        };
        let (generator, version) = (contestant.name.to_owned(), contestant.version.to_owned());
        Self { generator, version, check: seconds(0), debug: seconds(1), release: seconds(2) }
    }
}
