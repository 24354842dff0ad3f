//! The pages of `clientwright explain` and their index.
//!
//! In: `cli/explain/<code>.md`, `docs/DIAGNOSTICS.md`, the registry of codes and the fixtures. Invariant: every code has one
//! page; every example is run and its page shows exactly the output; the index lists every page.
//!
//! [`UPDATE`] writes the output into the pages, and the index.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clientwright::diagnostic::codes::ALL;
use clientwright::diagnostic::{Diagnostic, render};
use clientwright::generate::{Document, read_api};
use clientwright::normalize::{EntryKind, normalize_files, normalize_text};
use clientwright::project::{Intake, Project};
use workspace_tests::{Kind, document, fixtures, one, root};

/// The command that writes the examples' output and the index.
const UPDATE: &str = "UPDATE_EXPLAIN=1 cargo test -p workspace-tests --test generator explain";

/// Codes without a possible example, with the reasons. Their pages show the output that would be printed.
const NOT_SHOWN: [(&str, &str); 5] = [
    ("generated-code", "a bug of the generator"),
    ("panic", "a bug of any stage"),
    ("project", "it is about the project's files and not about a document"),
    ("too-long", "the example would be a key of 2048 bytes"),
    ("unreadable", "it is about a file that has no text"),
];

/// The stages that report diagnostics, in the order of data flow, and the task of each.
const STAGES: [(&str, &str); 6] = [
    ("load", "parsing of YAML and JSON"),
    ("normalize", "conversion to OpenAPI 3.0.3"),
    ("structure", "validation against the grammar of OpenAPI 3.0.3"),
    ("resolve", "references"),
    ("lower", "conversion to the intermediate representation"),
    ("generate", "all stages, and output files"),
];

/// The commands that report diagnostics, as pages name them.
const COMMANDS: [&str; 2] = ["codegen", "normalize"];

/// A page of `cli/explain/`.
struct Page {
    path: PathBuf,
    code: String,
    text: String,
    kinds: Vec<String>,
    stage: String,
    commands: Vec<String>,
    example: Example,
    /// The overlays of the section "Solution".
    overlays: Vec<File>,
}

/// The section "Example".
struct Example {
    files: Vec<File>,
    /// The command, such as `normalize --strict`.
    command: String,
    /// The place of the output in the page.
    printed: Range<usize>,
}

/// A code block that is a file.
struct File {
    name: String,
    text: String,
}

/// A code block, and the paragraph before it.
struct Block {
    language: String,
    intro: String,
    contents: Range<usize>,
}

#[test]
fn every_code_has_one_page() {
    let codes: BTreeSet<String> = ALL.iter().map(|(code, _)| code.0.to_owned()).collect();
    let pages: BTreeSet<String> = paths().iter().map(|path| stem(path)).collect();
    let missing: Vec<_> = codes.difference(&pages).collect();
    let extra: Vec<_> = pages.difference(&codes).collect();
    assert!(missing.is_empty(), "these codes have no page under cli/explain: {missing:?}");
    assert!(extra.is_empty(), "these pages under cli/explain have no code: {extra:?}");
}

#[test]
fn every_page_has_the_form() {
    for page in pages() {
        let Page { code, text, kinds, stage, commands, .. } = &page;
        assert!(
            kinds.iter().all(|kind| ["invalid", "unsupported", "bug"].contains(&kind.as_str())),
            "{code}: {kinds:?}"
        );
        assert!(STAGES.iter().any(|(known, _)| known == stage), "{code}: there is no stage `{stage}`");
        assert!(commands.iter().all(|command| COMMANDS.contains(&command.as_str())), "{code}: {commands:?}");
        assert!(text.lines().all(|line| line.trim_end() == line), "{code}: a line ends with a space");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{code}: the page ends with one line break");
        let meaning = section(&page, "Meaning");
        assert!((40..=800).contains(&meaning.trim().len()), "{code}: explain it in 40 to 800 bytes");
        assert!(!section(&page, "Solution").trim().is_empty(), "{code}: the solution is empty");
    }
}

#[test]
fn every_example_prints_what_its_page_shows() {
    let mut stale = Vec::new();
    for page in pages().iter().filter(|page| !is_not_shown(&page.code)) {
        let (diagnostics, printed) = run(&page.example);
        let Page { code, kinds, commands, .. } = page;
        let found = diagnostics.iter().find(|(found, _)| found == code);
        let (_, kind) = found.unwrap_or_else(|| panic!("{code}: the example does not give this code, but\n{printed}"));
        assert!(kinds.contains(kind), "{code}: the example gives the kind `{kind}`, the page names {kinds:?}");
        let command = page.example.command.split(' ').next().unwrap_or_default();
        assert!(
            commands.iter().any(|known| known == command),
            "{code}: `{command}` prints it, the page names {commands:?}"
        );
        if page.text[page.example.printed.clone()] != printed {
            let mut text = page.text.clone();
            text.replace_range(page.example.printed.clone(), &printed);
            stale.push((page.path.clone(), text));
        }
    }
    settle(&stale);
}

/// The overlay of a page applies to its example, and removes the diagnostic.
#[test]
fn every_overlay_helps() {
    for page in pages().iter().filter(|page| !page.overlays.is_empty()) {
        let Page { code, example, overlays, .. } = page;
        let input = source(&example.files[0]).source;
        let overlays: Vec<_> = overlays.iter().map(|file| source(file).source).collect();
        let normalized = normalize_text(&input, &overlays).unwrap_or_else(|failure| panic!("{code}:\n{failure}"));
        let is_lossy = normalized.ledger.entries.iter().any(|entry| entry.kind == EntryKind::Lossy);
        assert!(!is_lossy || example.command != "normalize --strict", "{code}: the overlay does not help");
        let left = codes(&one(&document("pets", normalized.yaml)).diagnostics);
        assert!(left.iter().all(|(left, _)| left != code), "{code}: the overlay does not help");
    }
}

/// Codes without a possible example are shown as they would be printed.
#[test]
fn what_cannot_be_run_looks_like_what_is_printed() {
    for (code, reason) in NOT_SHOWN {
        let page = pages().into_iter().find(|page| page.code == code).expect(reason);
        let printed = &page.text[page.example.printed.clone()];
        let is_one_of = |kind: &String| printed.starts_with(&format!("{kind}[{code}]: "));
        assert!(page.kinds.iter().any(is_one_of), "{code}: the example begins with a kind and the code");
        assert!(printed.contains("--> "), "{code}: the example names a file");
    }
}

/// A page names every kind and command for which a fixture shows its code.
#[test]
fn pages_agree_with_the_fixtures() {
    let pages: BTreeMap<String, Page> = pages().into_iter().map(|page| (page.code.clone(), page)).collect();
    let generated = Kind::ALL.into_iter().flat_map(fixtures).map(|fixture| {
        let place = format!("fixtures/{}/{}", fixture.kind.folder(), fixture.name);
        (place, "codegen", codes(&diagnostics(&fixture.document)))
    });
    let normalized = normalize_fixtures().into_iter().filter_map(|path| {
        let overlay = path.with_extension("overlay.yaml");
        let overlays: Vec<PathBuf> = Some(overlay).filter(|path| path.exists()).into_iter().collect();
        let failure = normalize_files(&path, &overlays).err()?;
        Some((path.display().to_string(), "normalize", codes(&failure.diagnostics)))
    });
    for (place, command, found) in generated.chain(normalized) {
        for (code, kind) in found {
            let page = pages.get(&code).unwrap_or_else(|| panic!("{code} has no page"));
            assert!(page.kinds.contains(&kind), "{code}: {place} shows the kind `{kind}`");
            assert!(page.commands.iter().any(|known| known == command), "{code}: `{command}` prints it for {place}");
        }
    }
}

#[test]
fn the_index_is_current() {
    let path = root().join("docs/DIAGNOSTICS.md");
    let index = index(&pages());
    if fs::read_to_string(&path).unwrap_or_default() != index {
        settle(&[(path, index)]);
    }
}

/// Returns the text of the index, by stage and in the order of the registry.
fn index(pages: &[Page]) -> String {
    let mut text = format!(
        "# Diagnostics\n\nAll diagnostics, by the stage that reports them, for maintainers of a client. `clientwright explain CODE` explains a code with an\n\
         example. A section (§) is one of OpenAPI 3.0.3, unless another specification is named.\n\n\
         - *invalid*: the document violates OpenAPI. Nothing is written.\n\
         - *unsupported*: the document is valid, but a part of it is not generated.\n\
         - *bug*: a mistake of Clientwright. Nothing is written.\n\n\
         Written by `{UPDATE}`; do not edit.\n"
    );
    for (stage, task) in STAGES {
        text.push_str(&format!("\n## `{stage}`: {task}\n\n"));
        for (code, explanation) in ALL {
            let page = pages.iter().find(|page| page.code == code.0 && page.stage == stage);
            if let Some(page) = page {
                let kinds = page.kinds.join(", ");
                text.push_str(&format!("- [`{code}`](../cli/explain/{code}.md) ({kinds}): {explanation}\n"));
            }
        }
    }
    text
}

/// Writes the texts if requested; otherwise fails if there are any.
fn settle(stale: &[(PathBuf, String)]) {
    if std::env::var_os("UPDATE_EXPLAIN").is_some() {
        for (path, text) in stale {
            fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
        return;
    }
    let names: Vec<String> = stale.iter().map(|(path, _)| path.display().to_string()).collect();
    assert!(stale.is_empty(), "these files are stale; run `{UPDATE}`:\n{}", names.join("\n"));
}

/// Returns the diagnostics of the stages that read a document.
fn diagnostics(document: &Document) -> Vec<Diagnostic> {
    match read_api(document) {
        Ok((_, warnings)) => warnings,
        Err(errors) => errors,
    }
}

/// Runs an example. Returns its codes and kinds, and the output.
fn run(example: &Example) -> (Vec<(String, String)>, String) {
    let (first, overlays) = example.files.split_first().expect("a file");
    let input = source(first);
    match example.command.as_str() {
        "codegen" => {
            let found = diagnostics(&input);
            (codes(&found), render(&found, &[input.source], false))
        }
        "normalize" => {
            let overlays: Vec<_> = overlays.iter().map(|file| source(file).source).collect();
            match normalize_text(&input.source, &overlays) {
                Ok(_) => (Vec::new(), String::new()),
                Err(failure) => (codes(&failure.diagnostics), failure.to_string()),
            }
        }
        "normalize --strict" => {
            let printed = strict(first);
            let found = printed.lines().filter_map(headline).collect();
            (found, printed)
        }
        other => panic!("there is no command `{other}`"),
    }
}

/// Returns the output of `normalize --strict` for a document.
fn strict(file: &File) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join(&file.name);
    fs::write(&input, &file.text).expect("a file");
    let project = Project::new(folder.path().join("specs"), folder.path().join("client"));
    let report = project.normalize(&Intake { input, name: "pets".to_owned(), strict: true, ..Intake::default() });
    let shown = folder.path().display().to_string().replace('\\', "/");
    report.findings.to_string().replace(&format!("{shown}/"), "")
}

/// Parses `invalid[bad-path]: …` into code and kind.
fn headline(line: &str) -> Option<(String, String)> {
    let (kind, rest) = line.split_once('[')?;
    let (code, _) = rest.split_once("]: ")?;
    let is_kind = ["invalid", "unsupported", "bug"].contains(&kind);
    is_kind.then(|| (code.to_owned(), kind.to_owned()))
}

/// Returns the codes and kinds of diagnostics.
fn codes(diagnostics: &[Diagnostic]) -> Vec<(String, String)> {
    let kind = |diagnostic: &Diagnostic| format!("{:?}", diagnostic.kind).to_ascii_lowercase();
    diagnostics.iter().map(|diagnostic| (diagnostic.code.0.to_owned(), kind(diagnostic))).collect()
}

fn source(file: &File) -> Document {
    let mut document = document("pets", file.text.clone());
    document.source.name.clone_from(&file.name);
    document
}

fn is_not_shown(code: &str) -> bool {
    NOT_SHOWN.iter().any(|(known, _)| *known == code)
}

/// Returns the pages, sorted by code.
fn pages() -> Vec<Page> {
    paths().iter().map(|path| page(path)).collect()
}

fn paths() -> Vec<PathBuf> {
    let mut paths = files(&root().join("cli/explain"));
    paths.sort();
    paths
}

/// Returns the files of a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

/// Returns the main documents of the normalizer's fixtures. Paths are relative to the folder of this crate, where cargo runs its
/// tests.
fn normalize_fixtures() -> Vec<PathBuf> {
    let groups = files(Path::new("fixtures/normalize"));
    let inputs = groups.iter().flat_map(|group| files(group));
    let documents = inputs.map(|path| if path.is_dir() { path.join("openapi.yaml") } else { path });
    documents.filter(|path| !stem(path).contains('.')).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn page(path: &Path) -> Page {
    let (code, text) = (stem(path), fs::read_to_string(path).expect("a page"));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], format!("# {code}"), "{code}: the title is the code");
    let facts = lines[2].strip_prefix("Kind: ").and_then(|line| line.strip_suffix('.'));
    let facts: Vec<&str> = facts.unwrap_or_default().split(". ").collect();
    let [kinds, stage, commands] = facts.as_slice() else {
        panic!("{code}: the third line is ``Kind: invalid. Stage: `load`. Printed by: `codegen`, `normalize`.``");
    };
    let stage = words(stage.strip_prefix("Stage: ").unwrap_or_default());
    let commands = words(commands.strip_prefix("Printed by: ").unwrap_or_default());
    let headings: Vec<&str> = lines.iter().filter(|line| line.starts_with("## ")).copied().collect();
    assert_eq!(headings, ["## Meaning", "## Example", "## Solution"], "{code}: the sections");
    let start = text.find("## Example").expect("a section");
    let end = text.find("## Solution").expect("a section");
    let example = example(&code, &text, blocks(&text, start..end));
    let overlays = blocks(&text, end..text.len()).iter().filter_map(|block| named_file(&text, block)).collect();
    let (kinds, stage) = (words(kinds), stage.join(" "));
    Page { path: path.to_owned(), code, kinds, stage, commands, example, overlays, text }
}

/// Returns the text of a page under a heading.
fn section<'p>(page: &'p Page, heading: &str) -> &'p str {
    let (_, rest) = page.text.split_once(&format!("## {heading}\n")).expect("a section");
    rest.split("\n## ").next().unwrap_or_default()
}

/// Parses `` `a`, `b` `` into words.
fn words(list: &str) -> Vec<String> {
    list.split(", ").map(|word| word.trim_matches('`').to_owned()).collect()
}

fn example(code: &str, text: &str, blocks: Vec<Block>) -> Example {
    let mut files = Vec::new();
    for block in blocks {
        if block.language != "text" {
            files.extend(named_file(text, &block));
            continue;
        }
        let command = block.intro.strip_prefix("`clientwright ").and_then(|intro| intro.strip_suffix("` prints:"));
        let command = command.or_else(|| block.intro.strip_prefix("`cargo xtask ")?.strip_suffix("` prints:"));
        let command = command.unwrap_or_else(|| panic!("{code}: which command prints this? {}", block.intro));
        assert!(!files.is_empty() || is_not_shown(code), "{code}: the example shows a file");
        return Example { files, command: command.to_owned(), printed: block.contents };
    }
    panic!("{code}: the example shows what is printed in a block of `text`");
}

/// Returns the file of a block that is introduced by its name: `` `pets.yaml`: ``.
fn named_file(text: &str, block: &Block) -> Option<File> {
    let name = block.intro.strip_prefix('`')?.strip_suffix("`:")?;
    Some(File { name: name.to_owned(), text: text[block.contents.clone()].to_owned() })
}

/// Returns the fenced code blocks in a part of a page.
fn blocks(text: &str, part: Range<usize>) -> Vec<Block> {
    let (mut found, mut open, mut intro, mut at) = (Vec::new(), None, String::new(), part.start);
    for line in text[part].split_inclusive('\n') {
        let next = at + line.len();
        match (line.trim_end().strip_prefix("```"), open.take()) {
            (Some(_), Some((language, start))) => {
                found.push(Block { language, intro: std::mem::take(&mut intro), contents: start..at });
            }
            (Some(language), None) => open = Some((language.to_owned(), next)),
            (None, Some(inside)) => open = Some(inside),
            (None, None) if line.trim().is_empty() => {}
            (None, None) => line.trim_end().clone_into(&mut intro),
        }
        at = next;
    }
    found
}
