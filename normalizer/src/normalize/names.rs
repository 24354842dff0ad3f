//! Part of `normalize`: names of the document that are made from other parts of it.
//!
//! In: a method and a path, or words. Out: a name in the document's own words. Invariant: the name depends on nothing else,
//! so that it stays when the document around it changes; only [`Names`] adds numbers, to names that are in use.

use std::collections::{HashMap, HashSet};

/// The names of a section of components that are in use.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// The last number that a name got.
    numbers: HashMap<String, usize>,
}

impl FromIterator<String> for Names {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        Self { taken: names.into_iter().collect(), numbers: HashMap::new() }
    }
}

impl Names {
    /// Takes a name. `false` if it is in use.
    pub(super) fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    /// Takes the first of the wanted names that is free, or else the last one with a number from 2 on behind it.
    pub(super) fn free(&mut self, wanted: &[String], separator: &str) -> String {
        if let Some(name) = wanted.iter().find(|name| self.taken.insert((*name).clone())) {
            return name.clone();
        }
        let base = wanted.last().cloned().unwrap_or_default();
        let number = self.numbers.entry(base.clone()).or_insert(1);
        loop {
            *number += 1;
            let name = format!("{base}{separator}{number}");
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

pub(super) use crate::structure::grammar::{is_component_character, is_component_name};

/// A name in the alphabet of components (OpenAPI 3.0.3 §4.7.7), without the characters of `trimmed` around it.
pub(super) fn legal(name: &str, trimmed: &str) -> String {
    let allowed = |c: char| if is_component_character(c) { c } else { '_' };
    let legal: String = deunicode::deunicode(name).chars().map(allowed).collect();
    let legal = legal.trim_matches(|c| trimmed.contains(c));
    if legal.is_empty() { String::from("Component") } else { legal.to_owned() }
}

/// The name of an operation that has none: `GET /pets/{id}/toys` → `getPetsByIdToys`.
///
/// Parameters are introduced by `By`, those that follow each other joined by `And`; a path without a letter is `Root`.
pub(super) fn operation_id(method: &str, path: &str) -> String {
    let mut name = method.to_ascii_lowercase();
    let start = name.len();
    let mut after_parameter = false;
    for piece in pieces(path) {
        match piece {
            Piece::Text(text) => {
                let word = pascal(text);
                // What separates two parameters (`/`, `.`) is no word.
                after_parameter &= word.is_empty();
                name.push_str(&word);
            }
            Piece::Parameter(text) => {
                name.push_str(if after_parameter { "And" } else { "By" });
                name.push_str(&pascal(text));
                after_parameter = true;
            }
        }
    }
    if name.len() == start {
        name.push_str("Root");
    }
    name
}

/// Words joined, each with an upper case letter at its beginning: `list-pets` → `ListPets`.
pub(super) fn pascal(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).map(upper).collect()
}

/// The name with an upper case letter at its beginning.
pub(super) fn upper(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}

/// The extension in which a field is kept: `uniqueKeys` → `x-unique-keys`.
pub(super) fn extension(key: &str) -> String {
    let mut out = String::from("x-");
    let mut after_lower = false;
    for c in key.trim_start_matches('$').chars() {
        if c.is_uppercase() && after_lower {
            out.push('-');
        }
        after_lower = c.is_lowercase() || c.is_ascii_digit();
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else {
            out.push('-');
        }
    }
    out
}

/// Whether two names differ in case and separators only.
pub(super) fn alike(one: &str, other: &str) -> bool {
    pascal(one).to_lowercase() == pascal(other).to_lowercase()
}

/// A part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'p> {
    /// As it is written.
    Text(&'p str),
    /// The name between braces.
    Parameter(&'p str),
}

/// The parts of a path; what is in braces out of pairs is text.
pub(super) fn pieces(path: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = path;
    while let Some((before, inside)) = rest.split_once('{') {
        let Some((name, after)) = inside.split_once('}') else { break };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Parameter(name));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_named_by_method_and_path() {
        for (method, path, expected) in [
            ("get", "/pets/{id}/toys", "getPetsByIdToys"),
            ("POST", "/pets", "postPets"),
            ("delete", "/repos/{owner}/{repo}", "deleteReposByOwnerAndRepo"),
            ("get", "/", "getRoot"),
            ("get", "/v1/user-groups/{group_id}.json", "getV1UserGroupsByGroupIdJson"),
            ("put", "/{a}:{b}", "putByAAndB"),
            ("get", "/größe", "getGröße"),
            ("get", "/a{", "getA"),
        ] {
            assert_eq!(operation_id(method, path), expected);
        }
    }

    #[test]
    fn paths_fall_into_pieces() {
        assert_eq!(pieces("/a/{b}.x"), [Piece::Text("/a/"), Piece::Parameter("b"), Piece::Text(".x")]);
        assert_eq!(pieces("{a}{b}"), [Piece::Parameter("a"), Piece::Parameter("b")]);
        assert_eq!(pieces("/a{b"), [Piece::Text("/a{b")]);
    }
}
