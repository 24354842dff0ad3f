//! The pages of `docs/maintain`, as a maintainer follows them: each in a fresh copy of `tests/pets`, a repository with one commit.
//!
//! | block | what is done |
//! |---|---|
//! | `yaml,file=PATH`, `yaml,append=PATH` | the file is written, or the block is appended to it |
//! | `sh`; `sh,fails` | `sh -eu` must succeed; must fail |
//! | `sh,no_run` | only the arguments of `clientwright` are parsed |
//! | `text` after `sh` | must be the output; `…` stands for any text. `UPDATE_GUIDE=1` rewrites it |
//!
//! Blocks in HTML comments count; readers do not see them.
#![cfg(unix)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, thread};

use clap::Subcommand;

/// A block of code: its language, the words after the comma, the line of its fence, and its text.
struct Block<'p>(&'p str, &'p str, usize, String);

fn blocks(page: &str) -> Vec<Block<'_>> {
    let (mut found, mut lines) = (Vec::new(), page.lines().enumerate());
    while let Some((index, line)) = lines.next() {
        if let Some(info) = line.trim_start().strip_prefix("```") {
            let (language, option) = info.split_once(',').unwrap_or((info, ""));
            let text = lines.by_ref().take_while(|(_, line)| !line.trim_start().starts_with("```"));
            let text = text.map(|(_, line)| format!("{line}\n")).collect();
            found.push(Block(language, option, index + 1, text));
        }
    }
    found
}

/// Whether the text is the expected one, in which `…` stands for any text.
fn matches(expected: &str, text: &str) -> bool {
    let Some((head, rest)) = expected.split_once('…') else { return expected == text };
    let Some(text) = text.strip_prefix(head) else { return false };
    text.char_indices().map(|(at, _)| at).chain([text.len()]).any(|at| matches(rest, &text[at..]))
}

/// What is wrong with the arguments of `clientwright` in a line of a script.
fn parse(line: &str) -> Option<String> {
    let mut words = line.split_whitespace().take_while(|word| !["#", "&&", "|", ">"].contains(word));
    let is_program = |word: &str| word == "clientwright" || word.ends_with("/clientwright");
    // After `-p`, it is a package.
    let is_run = words.find(|word| *word == "-p" || is_program(word)).is_some_and(is_program);
    let parser = clientwright_cli::Command::augment_subcommands(clap::Command::new("clientwright"));
    let parsed = is_run.then(|| parser.try_get_matches_from(["clientwright"].into_iter().chain(words)))?;
    parsed.err().map(|error| format!("{line}\n{error}"))
}

/// Runs a script. Returns whether it succeeded, and what it printed.
fn run(folder: &Path, script: &str) -> (bool, String) {
    let own = Path::new(env!("CARGO_BIN_EXE_clientwright")).parent().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-euc", &format!("exec 2>&1\nPATH={}:$PATH\n{script}", own.display())]).current_dir(folder);
    shell.env_remove("CARGO_TARGET_DIR").env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = shell.output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Follows a page. Returns what is wrong, by line, and the page with the real outputs.
fn follow(page: &str, folder: &Path) -> (Vec<(usize, String)>, String) {
    let (mut faults, mut updated, mut last) = (Vec::new(), page.to_owned(), None);
    for Block(language, option, line, text) in blocks(page) {
        let before = last.take();
        match (language, option.split_once('=').unwrap_or((option, ""))) {
            (_, ("file", path)) => fs::write(folder.join(path), text).unwrap(),
            (_, ("append", path)) => {
                let file = fs::OpenOptions::new().create(true).append(true).open(folder.join(path));
                file.unwrap().write_all(text.as_bytes()).unwrap();
            }
            ("sh", ("no_run", _)) => {
                faults.extend(text.lines().filter_map(parse).map(|error| (line, error)));
            }
            ("sh", (option, _)) => {
                let (is_success, output) = run(folder, &text);
                if is_success == (option == "fails") {
                    let verb = if is_success { "succeeds" } else { "fails" };
                    faults.push((line, format!("{text}this {verb} and prints:\n{output}")));
                    break;
                }
                last = Some((text, output));
            }
            ("text", _) => {
                if let Some((script, output)) = before.filter(|(_, output)| !matches(&text, output)) {
                    // Lines that match stay, because of their `…`.
                    let own = |line| text.lines().find(|own| own.trim() != "…" && matches(own, line)).unwrap_or(line);
                    let lines: String = output.lines().map(|line| format!("{}\n", own(line))).collect();
                    updated = updated.replacen(&format!("```text\n{text}```"), &format!("```text\n{lines}```"), 1);
                    faults.push((line, format!("{script}prints:\n{output}instead of:\n{text}")));
                }
            }
            _ => {}
        }
    }
    (faults, updated)
}

/// Follows a page in a project of its own. Returns what is wrong.
fn check(path: &Path) -> String {
    let (page, folder) = (fs::read_to_string(path).unwrap(), tempfile::tempdir().unwrap());
    let start = "git init --quiet --initial-branch main
        git config user.name Reader && git config user.email reader@example.com
        git add . && git commit --quiet --message Start";
    let copy = format!("cp -R '{}/../tests/pets/.' .\n{start}", env!("CARGO_MANIFEST_DIR"));
    assert_eq!(run(folder.path(), &copy), (true, String::new()));
    let (faults, updated) = follow(&page, folder.path());
    if env::var_os("UPDATE_GUIDE").is_some() {
        fs::write(path, updated).unwrap();
    }
    faults.iter().map(|(line, what)| format!("{}:{line}: {what}\n", path.display())).collect()
}

/// `tests/tests/generator/guide.rs` checks the commands of other programs.
#[test]
fn commands_of_other_pages_have_valid_arguments() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = ["docs", "docs/contribute", "docs/guide", "docs/migrate"].map(|folder| root.join(folder));
    let pages = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|page| page.unwrap().path());
    for page in
        pages.filter(|page| page.extension().is_some_and(|ending| ending == "md")).chain([root.join("README.md")])
    {
        let text = fs::read_to_string(&page).unwrap();
        for Block(_, _, line, script) in blocks(&text).into_iter().filter(|block| block.0 == "sh") {
            let fault = script.lines().find_map(parse);
            assert!(fault.is_none(), "{}:{line}: {fault:?}", page.display());
        }
    }
}

#[test]
fn every_page_can_be_followed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/maintain");
    let pages: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let wrong: String = thread::scope(|scope| {
        let threads: Vec<_> = pages.iter().map(|page| scope.spawn(|| check(page))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{wrong}UPDATE_GUIDE=1 rewrites outputs");
}
