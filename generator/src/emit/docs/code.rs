//! Documentation: code. In: code as text. Out: code spans and fenced blocks.
//!
//! Invariant: no code can close its fence, and every block has a language that rustdoc does not run.

/// Languages that rustdoc never runs. All others become `text`: no language, `should_panic` and others mean Rust.
const LANGUAGES: &str = "bash c console cpp csharp css csv curl diff dockerfile go graphql hcl html http ini java \
    javascript js json json5 jsonc jsonl kotlin markdown php powershell properties protobuf python regex ruby scala sh \
    shell sql swift text toml ts typescript xml yaml yml zsh";

/// Returns the language for the info string of a fence.
pub(super) fn language(info: &str) -> &'static str {
    let (word, _) = info.split_at(info.find([' ', ',', '\t', '{']).unwrap_or(info.len()));
    LANGUAGES.split(' ').find(|known| known.eq_ignore_ascii_case(word)).unwrap_or("text")
}

/// Returns the lines of a fenced block; empty if nothing is visible.
pub(super) fn block(code: &str, language: &str) -> Vec<String> {
    if code.trim().is_empty() {
        return Vec::new();
    }
    let fence = "`".repeat((longest_backticks(code) + 1).max(3));
    let start = format!("{fence}{language}");
    let code = code.replace('\t', "    ");
    let lines = code.trim_end().trim_start_matches('\n').split('\n').map(|line| line.trim_end().to_owned());
    std::iter::once(start).chain(lines).chain([fence]).collect()
}

/// Returns clean text as a code span, with more backticks than it contains and the spaces that a parser strips (CommonMark §6.1).
pub(super) fn span(text: &str) -> String {
    let fence = "`".repeat(longest_backticks(text) + 1);
    let spaces = text.starts_with(' ') && text.ends_with(' ') && !text.trim().is_empty();
    let padding = if text.starts_with('`') || text.ends_with('`') || spaces { " " } else { "" };
    format!("{fence}{padding}{text}{padding}{fence}")
}

fn longest_backticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).fold(0, usize::max)
}
