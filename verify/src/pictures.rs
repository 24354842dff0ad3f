//! `cargo xtask pictures`: draws the pictures of the documentation.
//!
//! In: diagrams as data (`verify/pictures`), the recorded compile cost and speed, an invalid document, and commands. Out: SVG files in
//! `docs`. Invariant: a picture depends only on these, and is readable on white and on dark pages.

mod chart;
mod diagram;
mod session;
mod svg;

use std::path::{Path, PathBuf};

use anstyle_svg::{Term, WIN10_CONSOLE};
use clientwright::diagnostic::render;
use clientwright::generate::{Document, generate};
use clientwright_normalizer::load;

use crate::files::{data, write};

/// The diagrams: `verify/pictures/NAME.yaml` becomes `docs/NAME.svg`.
const DIAGRAMS: [&str; 3] = ["architecture", "normalizer", "runtime"];

/// Writes the pictures.
pub(crate) fn run() -> Result<bool, String> {
    let root = crate::root();
    for (path, picture) in pictures(&root)?.into_iter().chain(session::pictures(&root)?) {
        write(&path, &picture)?;
    }
    Ok(true)
}

/// Returns the pictures that need no command, with their paths.
pub(crate) fn pictures(root: &Path) -> Result<Vec<(PathBuf, String)>, String> {
    let docs = root.join("docs");
    let mut pictures = Vec::new();
    for name in DIAGRAMS {
        let drawing = diagram::draw(data(&root.join("verify/pictures").join(name).with_extension("yaml"))?)?;
        pictures.push((docs.join(name).with_extension("svg"), drawing));
    }
    let record = |name: &str| docs.join(name).with_extension("json");
    pictures.push((docs.join("compile-cost.svg"), chart::compile_cost(&data(&record("compile-cost"))?)));
    pictures.push((docs.join("performance.svg"), chart::codec(&data(&record("performance"))?)));
    pictures.push((docs.join("diagnostic.svg"), diagnostic(&root.join("tests/fixtures/invalid/pet_store.yaml"))?));
    Ok(pictures)
}

/// Returns the diagnostics of a document, as a terminal shows them.
fn diagnostic(document: &Path) -> Result<String, String> {
    let source = load::read(document, "specs/pet_store.yaml").map_err(|fault| fault.message)?;
    let module = "pet_store".to_owned();
    let document = Document::new(module.clone(), source);
    let found = generate(std::slice::from_ref(&document), &[module], "").diagnostics;
    let text = render(&found, &[document.source], true);
    Ok(terminal(text.trim_end(), "Diagnostics of the generator in a terminal"))
}

/// Returns a picture of a terminal with a colored text.
fn terminal(text: &str, title: &str) -> String {
    let svg = Term::new().palette(WIN10_CONSOLE).render_svg(text);
    svg.replacen('>', &format!(" role=\"img\">\n  <title>{title}</title>"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::read;

    #[test]
    fn the_pictures_are_up_to_date() {
        for (path, picture) in pictures(&crate::root()).unwrap() {
            assert!(
                read(&path).is_ok_and(|text| text == picture),
                "{} differs; run: cargo xtask pictures",
                path.display()
            );
        }
    }
}
