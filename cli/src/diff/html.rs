//! Part of `diff`: the changes as a page.
//!
//! In: the differences of each API. Out: a self-contained file. Invariant: text of documents is escaped and shows no hidden characters, and
//! the page's policy allows only its own script and style.

use std::fmt::Write;

use clientwright::diagnostic::shortened;
use clientwright::diff::{ItemChange, Severity, WireChange};
use clientwright_normalizer::hidden::is_hidden;
use html_escape::encode_double_quoted_attribute;

use super::excerpt::{Excerpt, excerpts};
use super::report::{Api, NAMED, Report, SEVERITIES, name};
use crate::show::counted;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// The SHA-256 of the style, in Base64 (CSP Level 3 §2.3.1).
pub const STYLE_HASH: &str = "MubWLV0gg9NoDxrrDGJzXKFcf9ipm58gOODxhn3uf74=";
/// The SHA-256 of the script.
pub const SCRIPT_HASH: &str = "eCkMStOElS2L8FcTrTSyT4DbzzT/7jKQCGGpGN+9iC0=";

/// The maximum length of a line.
const LONG_LINE: usize = 1_000;

/// The keys and their functions.
const KEYS: [(&str, &str); 4] = [
    ("<kbd>j</kbd> <kbd>k</kbd>", "next change, previous change"),
    ("<kbd>1</kbd>–<kbd>4</kbd>", "show or hide a severity"),
    ("<kbd>?</kbd>", "show this list"),
    ("<kbd>Tab</kbd>", "next link, box or button"),
];

impl Report<'_> {
    /// Returns the changes as a page.
    pub(super) fn html(&self) -> String {
        let modules: Vec<String> = self.apis.iter().map(|api| escaped(api.module)).collect();
        let title = match modules.as_slice() {
            [] => "No changes".to_owned(),
            modules if modules.len() <= NAMED => format!("Changes of {}", modules.join(", ")),
            modules => format!("Changes of {}", counted(modules.len(), "API")),
        };
        let changes = || self.apis.iter().flat_map(|api| &api.differences.wire);
        let boxes: String = SEVERITIES
            .iter()
            .zip(1..)
            .map(|(severity, key)| {
                let (count, name) = (changes().filter(|change| change.severity == *severity).count(), name(*severity));
                format!(
                    "<label class=\"{name}\"><input type=\"checkbox\" id=\"{name}\" checked autocomplete=\"off\" \
                     aria-keyshortcuts=\"{key}\"> <span class=\"badge\">{name}</span> {count}</label>\n"
                )
            })
            .collect();
        let keys: String = KEYS.iter().map(|(keys, action)| format!("<dt>{keys}</dt><dd>{action}</dd>\n")).collect();
        let mut number = 0;
        let apis: String = self.apis.iter().map(|api| api.html(&mut number)).collect();
        let count = counted(changes().count(), "change");
        format!(
            "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; \
             script-src 'sha256-{SCRIPT_HASH}'; base-uri 'none'; form-action 'none'\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"color-scheme\" content=\"light dark\">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<a class=\"skip\" href=\"#changes\">Skip to the changes</a>
<h1>{title}</h1>
<fieldset>
<legend>Severity</legend>
{boxes}</fieldset>
<output aria-live=\"polite\">{count}</output>
<button type=\"button\" id=\"open\" hidden aria-keyshortcuts=\"?\">Keys</button>
</header>
<main id=\"changes\">
{apis}</main>
<dialog aria-labelledby=\"keys-title\">
<h2 id=\"keys-title\">Keys</h2>
<dl>
{keys}</dl>
<p><label><input type=\"checkbox\" id=\"keys\" checked autocomplete=\"off\"> Use the keys with one character</label></p>
<p><button type=\"button\" id=\"close\">Close</button></p>
</dialog>
<script>{SCRIPT}</script>
</body>
</html>
"
        )
    }
}

impl Api<'_> {
    /// Returns the section of the API. `number` is the number of changes before it.
    fn html(&self, number: &mut usize) -> String {
        let module = escaped(self.module);
        let mut text = format!(
            "<section aria-labelledby=\"api-{module}\">\n<h2 id=\"api-{module}\"><code>{module}</code></h2>\n<p>{}</p>\n",
            escaped(&self.summary())
        );
        let mut items: Vec<Vec<&ItemChange>> = vec![Vec::new(); self.differences.wire.len()];
        for item in self.sorted_items() {
            for change in &item.changes {
                items.get_mut(*change).into_iter().for_each(|items| items.push(item));
            }
        }
        for ((change, places), items) in self.differences.wire.iter().zip(&self.places).zip(items) {
            *number += 1;
            self.article(&mut text, *number, change, places, &items);
        }
        let others: Vec<&ItemChange> = self.sorted_items().filter(|item| item.changes.is_empty()).collect();
        if !others.is_empty() {
            let _ = writeln!(text, "<h3>Other public items</h3>\n{}", list(&others));
        }
        let notes: String = self.notes().map(|note| format!("<li>{}</li>\n", escaped(&note))).collect();
        if !notes.is_empty() {
            let _ = writeln!(text, "<h3>Warnings, ledger and files</h3>\n<ul class=\"rest\">\n{notes}</ul>");
        }
        text + "</section>\n"
    }

    /// Writes a change: its message, its effect, the lines of both documents, and the public items that change with it.
    fn article(
        &self,
        text: &mut String,
        number: usize,
        change: &WireChange,
        places: &[Option<String>; 2],
        items: &[&ItemChange],
    ) {
        let severity = name(change.severity);
        let _ = write!(
            text,
            "<article class=\"{severity}\" id=\"change-{number}\">\n<h3><span class=\"badge\">{severity}</span> \
             <a href=\"#change-{number}\">{}</a></h3>\n{}<p class=\"muted\">{}</p>\n<div class=\"columns\">\n",
            words(&change.message),
            operations(&change.operations),
            reason(change)
        );
        let names = if self.is_normalized { ["Old, normalized", "New, normalized"] } else { ["Old", "New"] };
        let sides = names.into_iter().zip(places).zip(["del", "ins"]);
        for (((side, place), mark), excerpt) in sides.zip(excerpts(&self.texts, change)) {
            if !excerpt.lines.is_empty() {
                let place = place.as_deref().map(|place| format!(" <span class=\"place\">{}</span>", escaped(place)));
                let place = place.unwrap_or_default();
                let _ = write!(
                    text,
                    "<figure>\n<figcaption>{side}{place}</figcaption>\n{}</figure>\n",
                    lines(&excerpt, mark)
                );
            }
        }
        if !items.is_empty() {
            let _ = write!(text, "<div>\n<h4>Rust</h4>\n{}</div>\n", list(items));
        }
        text.push_str("</div>\n</article>\n");
    }

    /// Returns the public items, the removed ones first.
    fn sorted_items(&self) -> impl Iterator<Item = &ItemChange> {
        let of_kind = |kind: usize| self.differences.items.iter().filter(move |item| verb(item).0 == kind);
        (0..3).flat_map(of_kind)
    }
}

/// Returns the affected operations, folded if there are many.
fn operations(operations: &[String]) -> String {
    let listed = operations.iter().map(|one| format!("<code>{}</code>", escaped(one))).collect::<Vec<_>>().join(", ");
    match operations.len() {
        0 => String::new(),
        count if count <= NAMED => format!("<p>{listed}</p>\n"),
        count => format!("<details><summary>{}</summary>{listed}</details>\n", counted(count, "operation")),
    }
}

/// Returns the meaning of a change's severity, and its severity for new clients with the old server if that differs.
fn reason(change: &WireChange) -> String {
    let meaning = |severity: Severity| match severity {
        Severity::Breaking => "valid requests are rejected, or responses lose their documented types",
        Severity::Risky => "programs that rely on more than the types may fail",
        Severity::Compatible => "valid requests stay valid, and responses keep their types",
        Severity::Documentation => "no message depends on it",
    };
    let (old, new) = (change.severity, change.with_old_server);
    let reverse = if old == new {
        String::new()
    } else {
        format!(" New clients with the old server: <b>{}</b>, {}.", name(new), meaning(new))
    };
    format!("Old clients with the new server: {}.{reverse}", meaning(old))
}

/// Returns the lines of an excerpt; lines that only this document has are marked by an element.
fn lines(excerpt: &Excerpt<'_>, mark: &str) -> String {
    let mut text = "<ol class=\"lines\">\n".to_owned();
    for line in &excerpt.lines {
        let shown = escaped(&shortened(line.text, LONG_LINE));
        let shown = if line.is_changed { format!("<{mark}>{shown}</{mark}>") } else { shown };
        let _ = writeln!(text, "<li value=\"{}\">{shown}</li>", line.number);
    }
    text.push_str("</ol>\n");
    if excerpt.omitted > 0 {
        let _ = writeln!(text, "<p class=\"muted\">and {}</p>", counted(excerpt.omitted, "further line"));
    }
    text
}

/// Returns a list of public items with their signatures.
fn list(items: &[&ItemChange]) -> String {
    let signature = |mark: &str, text: &Option<String>| {
        let text = text.as_deref().filter(|text| !text.is_empty());
        text.map(|text| format!("<{mark}>{}</{mark}>", escaped(text))).unwrap_or_default()
    };
    let item = |item: &&ItemChange| {
        let (_, verb) = verb(item);
        let (old, new) = (signature("del", &item.old), signature("ins", &item.new));
        format!("<li>{verb} <code>{}{old}{new}</code></li>\n", escaped(&item.item))
    };
    format!("<ul class=\"items\">\n{}</ul>\n", items.iter().map(item).collect::<String>())
}

/// Returns the rank and the name of an item's change.
fn verb(item: &ItemChange) -> (usize, &'static str) {
    match (&item.old, &item.new) {
        (Some(_), None) => (0, "removed"),
        (Some(_), Some(_)) => (1, "changed"),
        (None, _) => (2, "added"),
    }
}

/// Returns a message, with code between backquotes.
fn words(message: &str) -> String {
    let parts = message.split('`').map(escaped).zip([false, true].into_iter().cycle());
    parts.map(|(part, is_code)| if is_code { format!("<code>{part}</code>") } else { part }).collect()
}

/// Returns text of a document that is safe in an element and in a quoted attribute.
fn escaped(text: &str) -> String {
    let visible: String =
        text.chars().map(|c| if is_hidden(c) && c != '\t' { char::REPLACEMENT_CHARACTER } else { c }).collect();
    encode_double_quoted_attribute(&visible).into_owned()
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_policy_admits_the_style_and_the_script() {
        for (text, hash) in [(STYLE, STYLE_HASH), (SCRIPT, SCRIPT_HASH)] {
            assert_eq!(BASE64_STANDARD.encode(Sha256::digest(text)), hash);
            // It would end the element.
            assert!(!text.contains("</") && !text.contains("<!--"));
        }
    }
}
