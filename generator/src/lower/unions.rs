//! Pass of `lower`: how the branches of each union are told apart.
//!
//! In: types whose unions have no rule. Out: types whose unions have one, or are no unions any more.
//!
//! The rule is settled once, in this order:
//! 1. the discriminator, where there is one that leads to every branch;
//! 2. the JSON type of the value; branches that are scalars of one type become one branch (texts and a list of texts make
//!    an open enumeration, integers and numbers make a number);
//! 3. among objects, a property that holds a single text of its own in a branch, and keys that are required in a branch
//!    and unknown to others. Each branch is tried before all that its test rejects, otherwise in the document's order.
//!
//! Invariant: the order of the branches alone never decides between two objects. A union that cannot be settled is any
//! JSON value, and is named.

mod ladder;
mod scalars;

use std::collections::BTreeSet;

use super::context::{Draft, Undecided};
use super::uses;
use crate::diagnostic::{Diagnostic, codes};
use crate::ir::{JsonType, Owner, Rule, Shape, Test, TypeId, Union, Use, Variant};

/// Settles all unions.
pub(super) fn settle(draft: &mut Draft, file: &str) -> Vec<Diagnostic> {
    let mut pass = Pass { draft, file, settled: BTreeSet::new(), diagnostics: Vec::new() };
    let unions: Vec<_> = pass.draft.unions.keys().copied().collect();
    for union in unions {
        pass.settle_after_its_branches(union);
    }
    pass.diagnostics
}

struct Pass<'p> {
    draft: &'p mut Draft,
    file: &'p str,
    settled: BTreeSet<TypeId>,
    diagnostics: Vec<Diagnostic>,
}

impl Pass<'_> {
    /// A union among the branches has to be settled first. Without recursion: chains of unions may be long.
    fn settle_after_its_branches(&mut self, union: TypeId) {
        let mut waiting = vec![union];
        let mut begun = BTreeSet::new();
        while let Some(union) = waiting.last().copied() {
            if self.settled.contains(&union) {
                waiting.pop();
                continue;
            }
            // A union that contains itself directly is met again before it is settled; it is then settled as it stands.
            if begun.insert(union) {
                waiting.extend(self.inner_unions(union).into_iter().filter(|inner| !begun.contains(inner)));
                continue;
            }
            waiting.pop();
            self.settle(union);
            self.settled.insert(union);
        }
    }

    fn inner_unions(&self, union: TypeId) -> Vec<TypeId> {
        let branches = self.variants(union).into_iter().map(|ty| uses::end(&self.draft.types, ty.ty));
        branches.filter(|id| self.draft.unions.contains_key(id) && !self.settled.contains(id)).collect()
    }

    fn variants(&self, union: TypeId) -> Vec<Use> {
        match self.draft.types.get(union).map(|ty| &ty.shape) {
            Some(Shape::Union(union)) => union.variants.iter().map(|variant| variant.ty).collect(),
            _ => Vec::new(),
        }
    }

    fn settle(&mut self, union: TypeId) {
        let Some(Undecided { at, tags }) = self.draft.unions.get(&union).cloned() else { return };
        let branches = self.variants(union);
        let shape = match tags {
            Some((property, tags)) if tags.len() == branches.len() => Ok(tagged(property, tags, branches)),
            _ => self.ladder(union, branches),
        };
        let shape = shape.unwrap_or_else(|reason| {
            let message = format!("the branches cannot be told apart: {reason}; any JSON value is taken");
            let help = "a `discriminator`, or a required property that only one branch has, tells branches apart";
            let diagnostic = Diagnostic::unsupported(codes::UNDECIDABLE_UNION, self.file, at, message);
            self.diagnostics.push(diagnostic.with_help(help));
            self.draft.untyped.insert(union, "the branches of a union cannot be told apart");
            Shape::Any
        });
        self.number_branches(union, &shape);
        if let Some(ty) = self.draft.types.get_mut(union) {
            ty.shape = shape;
        }
    }

    /// A branch that belongs to the union is counted by its place among the variants.
    fn number_branches(&mut self, union: TypeId, shape: &Shape) {
        let Shape::Union(Union { variants, .. }) = shape else { return };
        for (place, variant) in variants.iter().enumerate() {
            if let Some(ty) = self.draft.types.get_mut(variant.ty.ty)
                && let Owner::Variant { of, index } = &mut ty.owner
                && *of == union
            {
                *index = place;
            }
        }
    }

    /// Steps 2 and 3 of the ladder.
    fn ladder(&mut self, union: TypeId, branches: Vec<Use>) -> Result<Shape, String> {
        let branches = self.flatten(union, branches)?;
        let branches = scalars::join(self.draft, union, branches);
        if let [only] = branches.as_slice() {
            return Ok(self.only(union, *only));
        }
        let variants = ladder::order(&self.draft.types, &branches)?;
        Ok(Shape::Union(Union { variants, rule: Rule::Ladder }))
    }

    /// Puts the branches of a union that stands among the branches in its place, and drops what is there twice.
    fn flatten(&mut self, union: TypeId, branches: Vec<Use>) -> Result<Vec<Use>, String> {
        let mut flat: Vec<Use> = Vec::new();
        for branch in branches {
            let end = uses::end(&self.draft.types, branch.ty);
            match self.draft.types.get(end).map(|ty| &ty.shape) {
                Some(Shape::Any) => return Err("one of them is any JSON value".to_owned()),
                Some(Shape::Union(_)) if end == union || !self.settled.contains(&end) => {
                    return Err("one of them is the union itself".to_owned());
                }
                Some(Shape::Union(inner)) if inner.rule == Rule::Ladder => {
                    if self.draft.nullable.contains(&end) || branch.nullable {
                        self.draft.nullable.insert(union);
                    }
                    let inner: Vec<_> = inner.variants.iter().map(|variant| variant.ty).collect();
                    self.adopt(union, end, &inner);
                    flat.extend(inner);
                }
                _ => flat.push(branch),
            }
        }
        let mut distinct: Vec<Use> = Vec::new();
        for branch in flat {
            let end = uses::end(&self.draft.types, branch.ty);
            match distinct.iter_mut().find(|known| uses::end(&self.draft.types, known.ty) == end) {
                Some(known) => known.nullable |= branch.nullable,
                None => distinct.push(branch),
            }
        }
        Ok(distinct)
    }

    /// The branches that belong to a union that is itself written into `union` belong to `union` from now on.
    fn adopt(&mut self, union: TypeId, inner: TypeId, branches: &[Use]) {
        let written_here =
            self.draft.types.get(inner).is_some_and(|ty| matches!(ty.owner, Owner::Variant { of, .. } if of == union));
        for branch in branches.iter().filter(|_| written_here) {
            if let Some(ty) = self.draft.types.get_mut(branch.ty)
                && let Owner::Variant { of, .. } = &mut ty.owner
                && *of == inner
            {
                *of = union;
            }
        }
    }

    /// A union of one branch is that branch; a scalar that was written into the union becomes its own shape.
    fn only(&mut self, union: TypeId, branch: Use) -> Shape {
        if let Some(ty) = self.draft.types.get(branch.ty)
            && matches!(ty.owner, Owner::Variant { of, .. } if of == union)
            && uses::of(&ty.shape).is_empty()
        {
            if branch.nullable || self.draft.nullable.contains(&branch.ty) {
                self.draft.nullable.insert(union);
            }
            return ty.shape.clone();
        }
        Shape::Alias(branch)
    }
}

fn tagged(property: String, tags: Vec<Vec<String>>, branches: Vec<Use>) -> Shape {
    let variant = |(ty, tags)| {
        let test = Test { json: JsonType::Object, keys: Vec::new(), equal: Vec::new() };
        Variant { ty, tags, test }
    };
    let variants = branches.into_iter().zip(tags).map(variant).collect();
    Shape::Union(Union { variants, rule: Rule::Tag(property) })
}
