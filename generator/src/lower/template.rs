//! Part of `lower`: templates of paths and server URLs (OpenAPI 3.0.3 §4.7.8, §4.7.5).

pub(super) use clientwright_normalizer::structure::template::names;
use clientwright_normalizer::structure::template::{Piece, pieces};

/// Returns the template without its names: two paths with the same outline are the same path.
pub(super) fn outline(path: &str) -> String {
    let outline = |piece| match piece {
        Piece::Text(text) => text,
        Piece::Parameter(_) => "{}",
    };
    pieces(path).into_iter().map(outline).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_ignore_names() {
        assert_eq!(outline("/pets/{id}"), outline("/pets/{name}"));
        assert_ne!(outline("/pets/{id}"), outline("/pets/mine"));
        assert_ne!(outline("/pets/{id}.json"), outline("/pets/{id}"));
    }
}
