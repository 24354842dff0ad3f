//! Templates of paths and of servers' URLs (§4.7.8, §4.7.5).

use foldhash::HashSet;

use Piece::{Parameter, Text};

/// A part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'p> {
    /// Fixed text.
    Text(&'p str),
    /// A name in braces.
    Parameter(&'p str),
}

/// Returns the names in braces in a path or URL.
pub fn parameters(template: &str) -> impl Iterator<Item = &str> {
    pieces(template).into_iter().filter_map(|piece| match piece {
        Parameter(name) => Some(name),
        Text(_) => None,
    })
}

/// Returns the parts of a path; unbalanced braces are text.
#[must_use]
pub fn pieces(path: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = path;
    while let Some((before, inside)) = rest.split_once('{') {
        let Some((name, after)) = inside.split_once('}') else { break };
        if !before.is_empty() {
            pieces.push(Text(before));
        }
        pieces.push(Parameter(name));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Text(rest));
    }
    pieces
}

/// Returns the template without its names: two paths with the same outline are the same path.
#[must_use]
pub fn outline(path: &str) -> String {
    let outline = |piece| match piece {
        Text(text) => text,
        Parameter(_) => "{}",
    };
    pieces(path).into_iter().map(outline).collect()
}

/// Returns the names in a template, each once, in order.
///
/// # Errors
/// Returns a short description of the fault in the braces.
pub fn names(path: &str) -> Result<Vec<&str>, String> {
    let (mut names, mut known) = (Vec::new(), HashSet::default());
    for piece in pieces(path) {
        match piece {
            Text(text) => match text.chars().find(|sign| matches!(sign, '{' | '}')) {
                Some('{') => return Err("a `{` without a `}` after it".to_owned()),
                Some(_) => return Err("a `}` without a `{` before it".to_owned()),
                None => {}
            },
            Parameter(name) if name.is_empty() || name.contains('{') => {
                return Err(format!("`{{{name}}}`, which is not a name in braces"));
            }
            Parameter(name) if known.insert(name) => names.push(name),
            Parameter(_) => {}
        }
    }
    Ok(names)
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
    fn paths_fall_into_pieces() {
        assert_eq!(pieces("/a/{b}.x"), [Piece::Text("/a/"), Piece::Parameter("b"), Piece::Text(".x")]);
        assert_eq!(pieces("{a}{b}"), [Piece::Parameter("a"), Piece::Parameter("b")]);
        assert_eq!(pieces("/a{b"), [Piece::Text("/a{b")]);
    }

    #[test]
    fn outlines_ignore_names() {
        assert_eq!(outline("/pets/{id}"), outline("/pets/{name}"));
        assert_ne!(outline("/pets/{id}"), outline("/pets/mine"));
        assert_ne!(outline("/pets/{id}.json"), outline("/pets/{id}"));
    }
}
