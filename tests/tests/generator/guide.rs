//! The guide in `docs/`: its blocks are tested, its pages are short, and its example API is current.
//!
//! `cli/tests/guide.rs` runs the commands of the pages for maintainers.

use std::fs;
use std::path::Path;

use clientwright::normalize::normalize_files;
use clientwright::project::{Mode, Project};
use pets_client::pets::{Client, SERVER};
use pets_client::runtime::testing::{Mock, Reply};
use serde_json::json;
use workspace_tests::root;

use crate::english::files;

/// The maximum number of words in a page that is not a reference.
const LONGEST: usize = 1500;

/// Pages with code of other generators, which is not compiled, and with excerpts of services, which `cargo xtask frameworks` runs.
const OF_OTHERS: [&str; 3] = ["docs/migrate/progenitor.md", "docs/migrate/openapi-generator.md", "docs/FRAMEWORKS.md"];

/// Returns the pages below `docs/`, with their paths.
fn guide() -> Vec<(String, String)> {
    let mut pages = files(&[".md"]);
    pages.retain(|(name, _)| name.starts_with("docs/"));
    pages
}

/// Returns the code blocks of a page: the info string of the fence, and the text.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    page.split("\n```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).collect()
}

/// Returns `true` if a page is part of the guide: the names of reference pages are in capital letters.
fn is_guide(name: &str) -> bool {
    let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
    name == "docs/README.md" || stem.chars().any(char::is_lowercase)
}

#[test]
fn the_client_of_the_examples_is_current() {
    let folder = root().join("tests/pets");
    let specs = folder.join("specs");
    let normalized =
        normalize_files(&folder.join("openapi.yaml"), &[specs.join("pets.overlay.yaml")]).expect("a document");
    let document = fs::read_to_string(specs.join("pets.yaml")).expect("a document");
    assert!(normalized.yaml == document, "run `cargo xtask normalize openapi.yaml --as pets` in tests/pets");
    let report = Project::find(&folder).expect("a project").codegen(&[], Mode::Check);
    let is_current = report.findings.errors() == 0 && report.changes.is_empty() && report.locks.is_empty();
    assert!(is_current, "run `cargo xtask codegen` in tests/pets: {report:?}");
}

#[test]
fn every_block_is_tested() {
    let compiled = fs::read_to_string(root().join("tests/src/pages.rs")).expect("a file");
    // `stages.rs` compares each block of its page.
    for (name, page) in guide().into_iter().filter(|(name, _)| name != "docs/contribute/stages.md") {
        let is_compiled = compiled.contains(&format!("\"{name}\""));
        for (fence, text) in blocks(&page) {
            let parts: Vec<&str> = fence.split(',').collect();
            match parts.first().copied().unwrap_or_default() {
                "rust" if OF_OTHERS.contains(&name.as_str()) && parts.contains(&"ignore") => {}
                "rust" => {
                    assert!(is_compiled, "{name}: tests/src/pages.rs does not list it");
                    assert!(!parts.contains(&"ignore"), "{name}: a block is ignored:\n{text}");
                }
                "yaml" | "json" => {
                    let read = serde_yaml::from_str::<serde_json::Value>(text);
                    assert!(read.is_ok(), "{name}: {read:?}:\n{text}");
                }
                "toml" => assert!(text.parse::<toml_edit::DocumentMut>().is_ok(), "{name}: not TOML:\n{text}"),
                // `cli/tests/guide.rs` runs the blocks of the pages for maintainers; `every_command_exists` checks the others.
                "sh" | "console" | "text" => {}
                other => panic!("{name}: no test knows blocks of `{other}`"),
            }
        }
    }
}

#[test]
fn pages_are_short_and_listed() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).expect("a file");
    for (name, page) in guide().iter().filter(|(name, _)| name != "docs/SUMMARY.md") {
        let words = page.split_whitespace().count();
        assert!(!is_guide(name) || words <= LONGEST, "{name} has {words} words, more than {LONGEST}");
        let link = format!("({})", name.trim_start_matches("docs/"));
        assert!(summary.contains(&link), "docs/SUMMARY.md does not list {name}");
    }
}

#[tokio::test]
async fn a_wrong_type_is_the_error_that_the_page_about_overlays_shows() {
    let pet = json!({"id": "7", "name": "Tama", "registered": 1_714_521_600});
    let mock = Mock::new().reply("getPet", Reply::json(200, &pet));
    let client = Client::builder(SERVER).mock(&mock).build().expect("a client");
    let error = client.pets().get("7").await.expect_err("a number");
    let page = fs::read_to_string(root().join("docs/maintain/overlays.md")).expect("a page");
    assert!(page.replace('\n', " ").contains(&error.to_string()), "the page does not have: {error}");
}

#[test]
fn verifying_commands_of_the_pages_have_valid_arguments() {
    for page in fs::read_dir(root().join("docs/maintain")).expect("pages") {
        let page = fs::read_to_string(page.expect("a page").path()).expect("a text");
        for line in page.lines().filter_map(|line| line.strip_prefix("cargo xtask ")) {
            verify::check(line.split_whitespace()).unwrap_or_else(|error| panic!("{line}\n{error}"));
        }
    }
}

/// Programs whose options are not checked. `cli/tests/guide.rs` checks those of `clientwright`.
const PROGRAMS: [&str; 6] = ["/usr/bin/time", "cd", "clientwright", "npm", "tar", "wasm-bindgen"];

/// Checks a command: options of cargo are in the help of its command; packages and targets exist.
fn check(command: &str, sources: &[String], lock: &str) {
    let words: Vec<&str> = command.split_whitespace().take_while(|word| *word != "#").collect();
    let ["cargo", subcommand, arguments @ ..] = words.as_slice() else {
        return assert!(words.first().is_none_or(|program| PROGRAMS.contains(program)), "{command}");
    };
    if *subcommand == "xtask" {
        let is_own = arguments.first().is_some_and(|name| sources.contains(&format!("cli/src/{name}.rs")));
        let parsed = verify::check(arguments.iter().copied());
        return assert!(is_own || parsed.is_ok(), "{command}: {parsed:?}");
    }
    let help = std::process::Command::new("cargo").args([subcommand, "--help"]).output().expect("cargo").stdout;
    let help = String::from_utf8_lossy(&help);
    for (word, value) in arguments.iter().zip(arguments.iter().skip(1).chain([&""])) {
        let exists = |path: String| sources.iter().any(|source| source.ends_with(&path));
        let is_right = match *word {
            "-p" | "--package" => lock.contains(&format!("name = \"{value}\"\n")),
            "--test" => exists(format!("tests/{value}.rs")) || exists(format!("tests/{value}/main.rs")),
            "--example" => exists(format!("examples/{value}.rs")),
            option => !option.starts_with('-') || help.split([' ', ',', '=', '[', '\n']).any(|word| word == option),
        };
        assert!(is_right, "{command}: {word} {value}");
    }
}

#[test]
fn every_command_exists() {
    let sources: Vec<String> = files(&[".rs"]).into_iter().map(|(name, _)| name).collect();
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("a file");
    let readme = fs::read_to_string(root().join("README.md")).expect("a file");
    let pages = guide().into_iter().filter(|(name, _)| !name.starts_with("docs/maintain/"));
    for page in pages.map(|(_, page)| page).chain([readme]) {
        // Blocks in lists are indented.
        let page: String = page.lines().map(|line| format!("\n{}", line.trim_start())).collect();
        let scripts = blocks(&page).into_iter().filter(|(fence, _)| *fence == "sh");
        let lines = scripts.flat_map(|(_, text)| text.lines());
        lines.flat_map(|line| line.split("&&")).for_each(|command| check(command, &sources, &lock));
    }
}
