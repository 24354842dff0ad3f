//! Counts by Valgrind.

use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::process;

/// A unit of counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    Instructions,
    Allocations,
}

impl Unit {
    /// Returns the name for tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Instructions => "instructions",
            Self::Allocations => "allocations",
        }
    }
}

/// Returns the cost of one repetition, without the program's startup: the difference of two runs.
pub(super) fn each(program: &Path, arguments: [&str; 2], counts: [u64; 2], unit: Unit) -> Result<u64, String> {
    let total = |count: u64| {
        let mut command = valgrind(unit);
        command.arg(program).args(arguments).arg(count.to_string());
        counted(&mut command, unit)
    };
    let [few, many] = counts;
    Ok(total(many)?.saturating_sub(total(few)?) / (many - few))
}

/// Returns the instructions of a run in a folder.
pub(crate) fn whole(program: &Path, arguments: &[&str], folder: &Path) -> Result<u64, String> {
    let mut command = valgrind(Unit::Instructions);
    counted(command.arg(program).args(arguments).current_dir(folder), Unit::Instructions)
}

fn valgrind(unit: Unit) -> Command {
    let mut command = Command::new("valgrind");
    match unit {
        Unit::Instructions => {
            command.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
        }
        Unit::Allocations => {
            command.args(["--tool=memcheck", "--leak-check=no", "--undef-value-errors=no"]);
        }
    }
    command
}

fn counted(command: &mut Command, unit: Unit) -> Result<u64, String> {
    let said = process::errors(command).map_err(|error| format!("{error}; Valgrind has to be installed"))?;
    let mark = match unit {
        Unit::Instructions => "refs:",
        Unit::Allocations => "total heap usage:",
    };
    let rest = said.lines().find_map(|line| line.split_once(mark)).map(|(_, rest)| rest.trim());
    let digits = rest.and_then(|rest| rest.split(' ').next()).map(|number| number.replace(',', ""));
    digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| format!("no count in the output of Valgrind:\n{said}"))
}
