//! `cargo xtask matrix`: the support of each keyword according to the fixtures → `docs/SUPPORT.md`.

use std::fs;

use crate::files::write;
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

/// Writes the page, and fails if a keyword has no fixture.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let root = crate::root();
    let (fixtures, normalizing) = support::read(&root.join("tests/fixtures"))?;
    let matrix = support::matrix(&fixtures, &normalizing);
    if !matrix.faults.is_empty() {
        return Err(format!("the matrix is not complete:\n{}", matrix.faults.join("\n")));
    }
    let path = root.join(PAGE);
    if fs::read_to_string(&path).is_ok_and(|text| text == matrix.text) {
        println!("{PAGE} is as the fixtures show");
        return Ok(true);
    }
    if arguments.check {
        return Err(format!("{PAGE} is not as the fixtures show; run: cargo xtask matrix"));
    }
    write(&path, &matrix.text)?;
    println!("{PAGE} is written");
    Ok(true)
}
