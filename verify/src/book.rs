//! `cargo xtask book`: the guide as a site.
//!
//! In: `docs/`, and the pages of the root and of `cli/explain` that it links to. Out: a site in `target/book/html`. Invariant: each
//! relative link leads to a page or picture of the site; `verify/book/prove.cjs` checks the same for anchors, in Chromium.

use std::path::{Component, Path, PathBuf};
use std::process::Command;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::browser;
use crate::files::{at, empty, entries, once, read, stem, write};
use crate::process::{cargo, done, run as output};

/// The version of mdBook.
const MDBOOK: &str = "0.5.4";

/// The included files from outside of `docs/`.
const OTHERS: [&str; 3] = ["ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

/// The pages that explain diagnostics.
const EXPLAIN: &str = "cli/explain";

/// What is done with the site.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Open every page in Chromium, too: that of the `PATH`, or one that is installed under target/ (Linux on x86-64)
    #[arg(long)]
    browser: bool,
}

/// Builds the site, and checks it.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let root = crate::root();
    let folder = root.join("target/book");
    let program = mdbook(&root)?;
    stage(&root, &folder.join("source"))?;
    let mut build = Command::new(program);
    build.args(["build", "--dest-dir"]).arg(folder.join("html")).arg(folder.join("source"));
    done(&mut build, "the book")?;
    println!("{}", folder.join("html/index.html").display());
    if !arguments.browser {
        return Ok(true);
    }
    let (program, libraries) = browser::find(&root)?;
    let mut node = Command::new("node");
    node.arg(root.join("verify/book/prove.cjs")).arg(&folder).arg(program).args(libraries);
    browser::is_right(&mut node)
}

/// Returns the executable, installed under `target/` if missing.
fn mdbook(root: &Path) -> Result<PathBuf, String> {
    let folder = root.join("target/mdbook");
    let (wanted, stamp) = (folder.join("wanted.txt"), folder.join("installed.txt"));
    write(&wanted, MDBOOK)?;
    once(&wanted, &stamp, || {
        println!("installing mdBook {MDBOOK}");
        let mut install = cargo(root, &folder.join("built"));
        // Compiling it with optimizations takes longer than they save. Its server and its watcher are not used.
        install
            .args(["install", "mdbook", "--debug", "--no-default-features", "--features", "search", "--quiet"])
            .args(["--locked", "--version", MDBOOK, "--root"])
            .arg(&folder)
            .env("CARGO_PROFILE_DEV_DEBUG", "0");
        output(&mut install).map(drop)
    })?;
    Ok(folder.join("bin/mdbook"))
}

/// Copies all files of the book, with adapted links.
fn stage(root: &Path, folder: &Path) -> Result<(), String> {
    empty(folder)?;
    let mut files = Vec::new();
    find(&root.join("docs"), &mut files)?;
    let codes = entries(&root.join(EXPLAIN))?;
    files.extend(codes.iter().cloned());
    files.extend(OTHERS.map(|name| root.join(name)));
    for file in files {
        let shown = file.strip_prefix(root).map_err(at(&file))?;
        let place = folder.join(place(shown).ok_or_else(|| format!("{}: not part of the book", shown.display()))?);
        if file.extension().is_none_or(|extension| extension != "md") {
            write(&place, "")?;
            std::fs::copy(&file, &place).map_err(at(&file))?;
            continue;
        }
        let mut text = relinked(&read(&file)?, shown, root)?;
        if shown == Path::new("docs/SUMMARY.md") {
            text = with_codes(&text, &codes);
        }
        write(&place, &text)?;
    }
    Ok(())
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    for path in entries(folder)? {
        if path.is_dir() { find(&path, found)? } else { found.push(path) }
    }
    Ok(())
}

/// Returns the place of a file of the repository in the book. The first page of the book replaces the README.
fn place(file: &Path) -> Option<PathBuf> {
    if ["README.md", "docs/README.md"].iter().any(|name| file == Path::new(name)) {
        return Some("index.md".into());
    }
    if let Ok(name) = file.strip_prefix(EXPLAIN) {
        return Some(Path::new("explain").join(name));
    }
    let is_other = OTHERS.iter().any(|name| file == Path::new(name));
    if is_other { Some(file.to_owned()) } else { file.strip_prefix("docs").ok().map(Path::to_owned) }
}

/// Adds a page for each diagnostic below the overview page.
fn with_codes(summary: &str, codes: &[PathBuf]) -> String {
    let mut text = String::new();
    for line in summary.lines() {
        text.push_str(&format!("{line}\n"));
        if line.contains("(DIAGNOSTICS.md)") {
            let indent = " ".repeat(line.len() - line.trim_start().len() + 2);
            text.extend(
                codes.iter().map(|path| stem(path)).map(|code| format!("{indent}- [{code}](explain/{code}.md)\n")),
            );
        }
    }
    text
}

/// Returns the text of a page with links adapted to its place in the book. A link to a source file is replaced by its text.
fn relinked(text: &str, page: &Path, root: &Path) -> Result<String, String> {
    let mut result = String::new();
    let mut copied = 0;
    for (event, range) in Parser::new_ext(text, Options::all()).into_offset_iter() {
        let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event else { continue };
        let end = format!("]({dest_url})");
        let is_elsewhere = dest_url.starts_with('#') || dest_url.contains("://") || range.start < copied;
        let Some(label) = text[range.clone()].strip_suffix(&end).filter(|_| !is_elsewhere) else { continue };
        result.push_str(&text[copied..range.start]);
        match target(&dest_url, page, root)? {
            Some(target) => result.push_str(&format!("{label}]({target})")),
            None => result.push_str(label.trim_start_matches('[')),
        }
        copied = range.end;
    }
    result.push_str(&text[copied..]);
    Ok(result)
}

/// Returns the target of a page's relative link, relative to its place in the book; `None` if the file is not in the book.
fn target(link: &str, page: &Path, root: &Path) -> Result<Option<String>, String> {
    let (path, anchor) = link.find('#').map_or((link, ""), |at| link.split_at(at));
    let file = resolved(page, path).filter(|file| root.join(file).exists());
    let file = file.ok_or_else(|| format!("{}: a link to a file that does not exist: {link}", page.display()))?;
    let depth = place(page).map_or(0, |here| here.components().count().saturating_sub(1));
    let there = place(&file).map(|there| format!("{}{}{anchor}", "../".repeat(depth), there.display()));
    Ok(there.map(|link| link.replace('\\', "/")))
}

/// Resolves a relative path from a page.
fn resolved(page: &Path, path: &str) -> Option<PathBuf> {
    let mut file = page.parent()?.to_owned();
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => file.pop().then_some(())?,
            part => file.push(part),
        }
    }
    Some(file)
}
