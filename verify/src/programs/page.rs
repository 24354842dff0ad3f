//! The lengths of the programs: a table for `docs/PROGRAMS.md`.
//!
//! In: the programs' files. Out: the table, in Markdown. Invariant: a line counts if it contains more than white space and
//! comments.

use std::path::Path;

use super::PROGRAMS;
use crate::files::read;

/// The head of the table.
const HEADER: &str = "| program | document | what it does | lines | the same with | lines | its own examples |
|---|---|---|---:|---|---:|---|
";

/// The start of any table of programs, whatever its columns.
const START: &str = "| program |";

/// Returns the number of lines of a program, in Rust or Python, that are neither empty nor comments.
#[must_use]
pub fn lines_of_code(text: &str) -> usize {
    let is_code = |line: &&str| !(line.is_empty() || line.starts_with("//") || line.starts_with("# "));
    text.lines().map(str::trim).filter(is_code).count()
}

/// Returns the table of all programs in a folder.
///
/// # Errors
/// Returns an error if a file cannot be read.
pub fn table(folder: &Path) -> Result<String, String> {
    let mut text = HEADER.to_owned();
    for program in &PROGRAMS {
        let ours = format!("{}.rs", program.name);
        let theirs = format!("peers/{}", program.peer.file);
        let own = program.peer.examples.iter();
        let own: Vec<String> = own.map(|example| format!("`{}`: {}", example.path, example.lines)).collect();
        text.push_str(&format!(
            "| [`{}`](../verify/programs/{ours}) | `{}` | {} | {} | [{}](../verify/programs/{theirs}) | {} | {} |\n",
            program.name,
            program.document,
            program.task,
            count(&folder.join(&ours))?,
            program.peer.library,
            count(&folder.join(&theirs))?,
            own.join(", "),
        ));
    }
    Ok(text)
}

/// Returns the number of lines of code in a file.
pub(super) fn count(path: &Path) -> Result<usize, String> {
    let text = read(path)?;
    Ok(lines_of_code(&text))
}

/// Returns a page with its table replaced, or appended if it has none.
#[must_use]
pub fn with_table(page: &str, table: &str) -> String {
    let Some((before, rest)) = page.split_once(START) else { return format!("{page}\n{table}") };
    match rest.split_once("\n\n") {
        Some((_, after)) => format!("{before}{table}\n{after}"),
        None => format!("{before}{table}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_and_comments_do_not_count() {
        let rust = "//! What it is.\n\nfn main() {\n    // Why.\n    let url = \"http://localhost\"; // where\n}\n";
        assert_eq!(lines_of_code(rust), 3);
        assert_eq!(lines_of_code("# What it is.\nimport os\n\nprint(os.name)\n"), 2);
        assert_eq!(lines_of_code("#[tokio::main]\nasync fn main() {}\n"), 2);
    }

    #[test]
    fn only_the_table_is_replaced() {
        let page = format!("# Title\n\n{START} of old |\n|---|\n| old |\n\nText.\n");
        let table = format!("{HEADER}| new |\n");
        assert_eq!(with_table(&page, &table), format!("# Title\n\n{HEADER}| new |\n\nText.\n"));
        assert_eq!(with_table(&format!("{HEADER}| old |\n"), &table), table);
    }
}
