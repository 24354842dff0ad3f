//! `cargo xtask matrix`: what the fixtures show of each keyword → `docs/SUPPORT.md`.

use std::fs;
use std::process::ExitCode;

use crate::support;

/// The page.
const PAGE: &str = "docs/SUPPORT.md";

/// Whether to write.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Change nothing; fail if the page is not as it should be
    #[arg(long)]
    check: bool,
}

/// Writes the page, and fails if a keyword is not shown by any fixture.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match write(arguments) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(arguments: &Arguments) -> Result<String, String> {
    let root = crate::root();
    let (fixtures, normalizing) = support::read(&root.join("tests/fixtures"))?;
    let matrix = support::matrix(&fixtures, &normalizing);
    if !matrix.faults.is_empty() {
        return Err(format!("the matrix is not complete:\n{}", matrix.faults.join("\n")));
    }
    let path = root.join(PAGE);
    if fs::read_to_string(&path).is_ok_and(|text| text == matrix.text) {
        return Ok(format!("{PAGE} is as the fixtures show"));
    }
    if arguments.check {
        return Err(format!("{PAGE} is not as the fixtures show; run: cargo xtask matrix"));
    }
    let folder = path.parent().unwrap_or(&root);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, &matrix.text))
        .map_err(|error| format!("{PAGE}: {error}"))?;
    Ok(format!("{PAGE} is written"))
}
