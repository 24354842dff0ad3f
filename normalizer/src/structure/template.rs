//! Templates of paths and of servers' URLs (§4.7.8, §4.7.5).

/// A part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'p> {
    /// As it is written.
    Text(&'p str),
    /// The name between braces.
    Parameter(&'p str),
}

/// The names between the braces of a path or URL.
pub(crate) fn parameters(template: &str) -> impl Iterator<Item = &str> {
    pieces(template).into_iter().filter_map(|piece| match piece {
        Piece::Parameter(name) => Some(name),
        Piece::Text(_) => None,
    })
}

/// The parts of a path; what is in braces out of pairs is text.
#[must_use]
pub fn pieces(path: &str) -> Vec<Piece<'_>> {
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
    fn paths_fall_into_pieces() {
        assert_eq!(pieces("/a/{b}.x"), [Piece::Text("/a/"), Piece::Parameter("b"), Piece::Text(".x")]);
        assert_eq!(pieces("{a}{b}"), [Piece::Parameter("a"), Piece::Parameter("b")]);
        assert_eq!(pieces("/a{b"), [Piece::Text("/a{b")]);
    }
}
