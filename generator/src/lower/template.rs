//! Part of `lower`: templates of paths and of servers' URLs (OpenAPI 3.0.3 §4.7.8, §4.7.5).
//!
//! In: a template as written. Out: the names between its braces.
//!
//! Invariant: a template that is read here has braces in pairs, each around a name.

use clientwright_normalizer::structure::template::{Piece, pieces};

/// The names in a template, each once, in order; or what is wrong with the braces, in a few words.
pub(super) fn names(path: &str) -> Result<Vec<&str>, String> {
    let mut names = Vec::new();
    for piece in pieces(path) {
        match piece {
            Piece::Text(text) => match text.chars().find(|sign| matches!(sign, '{' | '}')) {
                Some('{') => return Err("a `{` without a `}` after it".to_owned()),
                Some(_) => return Err("a `}` without a `{` before it".to_owned()),
                None => {}
            },
            Piece::Parameter(name) if name.is_empty() || name.contains('{') => {
                return Err(format!("`{{{name}}}`, which is not a name in braces"));
            }
            Piece::Parameter(name) if names.contains(&name) => {}
            Piece::Parameter(name) => names.push(name),
        }
    }
    Ok(names)
}

/// The template without its names: two paths with the same outline are the same path.
pub(super) fn outline(path: &str) -> String {
    let mut pieces = path.split('{');
    let start = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(start, |outline, piece| outline + "{}" + piece.split_once('}').map_or("", |(_, after)| after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_amid_text() {
        assert_eq!(names("/v1/{a}:{b}.json"), Ok(vec!["a", "b"]));
        assert_eq!(names("/"), Ok(vec![]));
        assert_eq!(names("/{ä}/x"), Ok(vec!["ä"]));
        assert_eq!(names("/{a}/{b}/{a}"), Ok(vec!["a", "b"]));
    }

    #[test]
    fn refuses_braces_out_of_pairs() {
        for path in ["/{", "/}", "/{}", "/{a", "/a}", "/{a{b}}"] {
            assert!(names(path).is_err(), "{path}");
        }
    }

    #[test]
    fn outlines_forget_names() {
        assert_eq!(outline("/pets/{id}"), outline("/pets/{name}"));
        assert_ne!(outline("/pets/{id}"), outline("/pets/mine"));
        assert_ne!(outline("/pets/{id}.json"), outline("/pets/{id}"));
    }
}
