//! The recorded figures.

use serde::{Deserialize, Serialize};

use super::count::Unit;

/// The measurements of one run.
#[derive(Serialize, Deserialize)]
pub(crate) struct Record {
    /// The output of `rustc --version`.
    pub(crate) rustc: String,
    pub(crate) rows: Vec<Row>,
    /// The output of the program for times.
    pub(crate) times: String,
}

impl Record {
    /// Returns the text of the file.
    pub(super) fn to_json(&self) -> Result<String, String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(|error| error.to_string())
    }
}

/// A figure.
#[derive(Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) group: String,
    pub(crate) name: String,
    pub(crate) unit: Unit,
    pub(crate) ours: u64,
    /// The figure with `serde_json`, or by hand.
    pub(crate) rival: Option<u64>,
}

impl Row {
    pub(super) fn new(group: &str, name: String, unit: Unit, ours: u64, rival: Option<u64>) -> Self {
        Self { group: group.to_owned(), name, unit, ours, rival }
    }

    /// Returns the title of the figure.
    pub(super) fn title(&self) -> String {
        format!("{} {}, {}", self.group, self.name, self.unit.name())
    }

    /// Returns the same figure of another run.
    pub(super) fn same_in<'r>(&self, rows: &'r [Self]) -> Option<&'r Self> {
        rows.iter().find(|row| (&row.group, &row.name, row.unit) == (&self.group, &self.name, self.unit))
    }
}
