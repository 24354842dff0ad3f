//! The recorded figures.

use serde::{Deserialize, Serialize};

use super::count::Unit;

/// What was measured in one run.
#[derive(Serialize, Deserialize)]
pub(crate) struct Record {
    /// What `rustc --version` prints.
    pub(crate) rustc: String,
    pub(crate) rows: Vec<Row>,
    /// What the program for times printed.
    pub(crate) times: String,
}

impl Record {
    /// The text of the file.
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
    /// The same with `serde_json`, or by hand.
    pub(crate) rival: Option<u64>,
}

impl Row {
    pub(super) fn new(group: &str, name: String, unit: Unit, ours: u64, rival: Option<u64>) -> Self {
        Self { group: group.to_owned(), name, unit, ours, rival }
    }

    /// What is measured, in words.
    pub(super) fn title(&self) -> String {
        format!("{} {}, {}", self.group, self.name, self.unit.name())
    }

    /// The same figure of another run.
    pub(super) fn same_in<'r>(&self, rows: &'r [Self]) -> Option<&'r Self> {
        rows.iter().find(|row| (&row.group, &row.name, row.unit) == (&self.group, &self.name, self.unit))
    }
}
