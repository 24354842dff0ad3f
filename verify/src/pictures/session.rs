//! Commands and their output, as a terminal shows them.
//!
//! In: commands of `clientwright`, run in a separate folder. Out: pictures. Invariant: a picture contains nothing specific to the
//! machine.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::terminal;
use crate::files::{empty, read, target, write};
use crate::process::{done, run};

/// The columns of the terminal.
const COLUMNS: usize = 130;

/// The pictures in `docs`: name, title, and the arguments of the command.
const SESSIONS: [[&str; 3]; 2] = [
    [
        "new.svg",
        "A new project in a terminal",
        "new pets --from old/pets.yaml --runtime https://git.example.com/clientwright",
    ],
    ["differences.svg", "The differences of two versions in a terminal", "diff old new"],
];

/// Returns each picture with its path.
pub(super) fn pictures(root: &Path) -> Result<Vec<(PathBuf, String)>, String> {
    let mut build = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    done(build.args(["build", "--quiet", "--package", "clientwright-cli"]).current_dir(root), "the command")?;
    let program = target(root).join("debug").join(format!("clientwright{}", env::consts::EXE_SUFFIX));
    let folder = root.join("target/pictures");
    empty(&folder)?;
    // The commands look for a project in parent folders, and must not find this repository.
    write(&folder.join("clientwright.toml"), "")?;
    for file in ["old/pets.yaml", "new/pets.yaml"] {
        write(&folder.join(file), &read(&root.join("verify/diff_page").join(file))?)?;
    }
    let draw = |[name, title, arguments]: [&str; 3]| {
        let printed = run(Command::new(&program).args(arguments.split(' ')).current_dir(&folder))?;
        let text = format!("\u{1b}[1m$ clientwright {arguments}\u{1b}[0m\n{}", wrapped(&printed));
        Ok((root.join("docs").join(name), terminal(text.trim_end(), title)))
    };
    SESSIONS.into_iter().map(draw).collect()
}

/// Wraps the lines of a text at the terminal's width.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    for line in text.lines() {
        let characters: Vec<char> = line.chars().collect();
        for part in characters.chunks(COLUMNS) {
            lines.extend(part);
            lines.push('\n');
        }
    }
    lines
}
