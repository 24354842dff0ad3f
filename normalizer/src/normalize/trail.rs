//! Part of `normalize`: the way back from a node of the result to the file that says it.
//!
//! In: what each pass moved. Out: for a node before or after any pass, its place in a file, and where it ends up.
//! Invariant: what no layer lists stayed where it was; under all layers lies the input, file 0.

use std::collections::HashMap;

use super::pass::{Moves, append, longest};
use crate::pointer::Pointer;

/// A node of one of the files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SourceLocation {
    /// The file, by its index in [`super::files::Files`].
    pub(super) file: usize,
    /// The node in it.
    pub(super) pointer: Pointer,
}

/// Where a node was before a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// In what the pass got.
    Before(Pointer),
    /// In a file that the pass brought in.
    In(SourceLocation),
}

/// What one pass moved or brought in: subtrees, each with all that is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layer {
    origins: HashMap<Pointer, Origin>,
    forward: HashMap<Pointer, Pointer>,
}

impl Layer {
    /// Says where what is at `after` comes from.
    pub(super) fn push(&mut self, after: Pointer, origin: Origin) {
        if let Origin::Before(before) = &origin {
            self.forward.insert(before.clone(), after.clone());
        }
        self.origins.insert(after, origin);
    }

    /// Says that what is at `after` is new, and a copy of what is at `origin`, which stays where it is.
    pub(super) fn bring(&mut self, after: Pointer, origin: Origin) {
        self.origins.insert(after, origin);
    }

    /// Says that what was at `after` is gone.
    pub(super) fn forget(&mut self, after: &Pointer) {
        let gone = |pointer: &Pointer| is_at_or_below(pointer, after);
        self.origins.retain(|pointer, _| !gone(pointer));
        if let Some(parent) = after.parent() {
            self.forward.retain(|_, pointer| !gone(pointer));
            self.forward.insert(after.clone(), parent);
        }
    }

    /// Says that the item `index` of a list is gone, which has `left` items now: those behind it moved up.
    pub(super) fn close_gap(&mut self, list: &Pointer, index: usize, left: usize) {
        let moved: Vec<_> = (index..left)
            .map(|index| {
                let (to, from) = (list.index(index), list.index(index + 1));
                let inner = self.origins.iter().filter(|(pointer, _)| is_at_or_below(pointer, &from));
                let inner: Vec<_> = inner
                    .map(|(pointer, origin)| {
                        let rest = pointer.as_str().get(from.as_str().len()..).unwrap_or_default();
                        (append(&to, rest), origin.clone())
                    })
                    .collect();
                (to, inner, self.origin(&from))
            })
            .collect();
        for index in index..=left {
            let at = list.index(index);
            self.origins.retain(|pointer, _| !is_at_or_below(pointer, &at));
        }
        for (to, inner, origin) in moved {
            self.push(to, origin);
            self.origins.extend(inner);
        }
    }

    /// Where what is at `after` comes from.
    pub(super) fn origin(&self, after: &Pointer) -> Origin {
        let (found, rest) = longest(&self.origins, after);
        match found {
            Some(Origin::Before(pointer)) => Origin::Before(append(pointer, rest)),
            Some(Origin::In(SourceLocation { file, pointer })) => {
                Origin::In(SourceLocation { file: *file, pointer: append(pointer, rest) })
            }
            None => Origin::Before(after.clone()),
        }
    }

    fn after(&self, before: &Pointer) -> Pointer {
        let (found, rest) = longest(&self.forward, before);
        found.map_or_else(|| before.clone(), |after| append(after, rest))
    }
}

impl From<&Moves> for Layer {
    fn from(moves: &Moves) -> Self {
        let mut layer = Self::default();
        for (after, before) in moves.iter() {
            layer.push(after.clone(), Origin::Before(before.clone()));
        }
        layer
    }
}

/// The layers of all passes so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Trail {
    layers: Vec<Layer>,
}

impl Trail {
    /// Adds what one more pass did.
    pub(super) fn push(&mut self, layer: Layer) {
        self.layers.push(layer);
    }

    /// How many passes there were.
    pub(super) fn len(&self) -> usize {
        self.layers.len()
    }

    /// The place in a file of a node after the first `passes` passes.
    pub(super) fn place(&self, passes: usize, pointer: &Pointer) -> SourceLocation {
        let mut pointer = pointer.clone();
        for layer in self.layers.iter().take(passes).rev() {
            match layer.origin(&pointer) {
                Origin::Before(before) => pointer = before,
                Origin::In(place) => return place,
            }
        }
        SourceLocation { file: 0, pointer }
    }

    /// Where a node after the first `passes` passes is in the end.
    pub(super) fn end(&self, passes: usize, pointer: &Pointer) -> Pointer {
        self.layers.iter().skip(passes).fold(pointer.clone(), |pointer, layer| layer.after(&pointer))
    }
}

fn is_at_or_below(pointer: &Pointer, above: &Pointer) -> bool {
    let rest = pointer.as_str().strip_prefix(above.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointer(text: &str) -> Pointer {
        Pointer::parse(text).unwrap()
    }

    #[test]
    fn layers_lead_back_and_forth() {
        let mut bundle = Layer::default();
        bundle.push(pointer("/definitions/Pet"), Origin::In(SourceLocation { file: 1, pointer: pointer("/Pet") }));
        let mut moves = Moves::default();
        moves.push(pointer("/components/schemas"), pointer("/definitions"));
        let mut trail = Trail::default();
        trail.push(bundle);
        trail.push(Layer::from(&moves));
        let place = trail.place(2, &pointer("/components/schemas/Pet/type"));
        assert_eq!(place, SourceLocation { file: 1, pointer: pointer("/Pet/type") });
        let own = trail.place(2, &pointer("/components/schemas/Dog"));
        assert_eq!(own, SourceLocation { file: 0, pointer: pointer("/definitions/Dog") });
        assert_eq!(trail.end(1, &pointer("/definitions/Pet/type")), pointer("/components/schemas/Pet/type"));
        assert_eq!(trail.end(2, &pointer("/definitions")), pointer("/definitions"));
        assert_eq!(trail.place(1, &pointer("/info")), SourceLocation { file: 0, pointer: pointer("/info") });
    }
}
