//! Prose is plain English: denied phrases and long sentences are reported.

use std::fs;
use std::path::Path;

use workspace_tests::root;

/// Phrases that are translated literally from another language.
const DENIED: [&str; 16] = [
    "but for", "all the same", "is none", "are none", "that is no ", "nobody", "in other words", "stands beside",
    "is told", "of their own accord", "be it", "a field more", "whose move", "as far as", "comes or goes",
    "what becomes of",
];

/// The maximum length of a sentence in pages, in words.
const LONGEST: usize = 30;

/// Collects the files with these endings, except in folders that other tools own.
fn prose(folder: &Path, endings: &[&str], found: &mut Vec<(String, String)>) {
    let skipped = ["target", ".git", "node_modules", "snapshots", "fixtures", "artifacts", "corpus"];
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            if !skipped.contains(&name.as_str()) {
                prose(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            let text = fs::read_to_string(&path).expect("a text");
            let name = path.strip_prefix(root()).expect("below the root").display().to_string();
            found.push((name.replace('\\', "/"), text));
        }
    }
}

/// Returns the files with these endings that people write or read, with their paths.
pub(crate) fn files(endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    prose(&root(), endings, &mut found);
    found.retain(|(name, _)| !name.ends_with("english.rs"));
    found
}

#[test]
fn no_phrase_is_denied() {
    let mut hits = Vec::new();
    for (name, text) in files(&[".md", ".rs"]) {
        let text = one_line(&text).to_lowercase();
        hits.extend(DENIED.iter().filter(|phrase| has_phrase(&text, phrase)).map(|phrase| format!("{name}: {phrase}")));
    }
    assert!(hits.is_empty(), "{} denied phrases:\n{}", hits.len(), hits.join("\n"));
}

/// Returns a text without line breaks and comment markers, so that a phrase is found across lines.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim().trim_start_matches(['/', '!']).trim_start());
    lines.collect::<Vec<_>>().join(" ")
}

/// Returns `true` if the text contains the phrase as separate words.
fn has_phrase(text: &str, phrase: &str) -> bool {
    let is_letter = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    text.match_indices(phrase).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + phrase.len()..]);
        !is_letter(before.chars().next_back()) && (phrase.ends_with(' ') || !is_letter(after.chars().next()))
    })
}

#[test]
fn no_sentence_of_a_page_is_long() {
    let is_page = |name: &str| {
        ["README.md", "runtime/README.md", "docs/", "cli/explain/"].iter().any(|page| name.starts_with(page))
    };
    let mut long = Vec::new();
    for (name, text) in files(&[".md"]).iter().filter(|(name, _)| is_page(name)) {
        for sentence in sentences(text) {
            let words = sentence.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
            if words > LONGEST {
                long.push(format!("{name}: {words} words: {sentence}"));
            }
        }
    }
    assert!(long.is_empty(), "{} sentences have more than {LONGEST} words:\n{}", long.len(), long.join("\n"));
}

/// Returns the sentences of the paragraphs and items of a page, without code, tables and headings.
fn sentences(page: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    let mut is_code = false;
    for line in page.lines().map(str::trim) {
        is_code ^= line.starts_with("```");
        let is_item =
            line.starts_with("- ") || line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok());
        let is_prose = !is_code && !line.starts_with(['|', '#', '<', '!']) && !line.starts_with("```");
        if !is_prose || is_item || line.is_empty() {
            paragraphs.push(String::new());
        }
        if is_prose && let Some(paragraph) = paragraphs.last_mut() {
            paragraph.push_str(line);
            paragraph.push(' ');
        }
    }
    paragraphs.iter().flat_map(|paragraph| paragraph.split(". ")).map(str::to_owned).collect()
}
