//! Part of `name`: short names that are unique.
//!
//! In: the candidate names of each owner, best first and full name last. Out: the chosen name.
//!
//! Invariant: a chosen short name is never the full name of another owner. If several owners compete for a name, the owner with the
//! strongest claim gets it; if the strongest claim is not unique, all get their next names.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::never::never;

/// A candidate name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate<N> {
    pub(super) name: N,
    /// The strength of the claim. A stronger candidate takes precedence over another owner's.
    pub(super) strength: u8,
}

impl<N> Candidate<N> {
    /// Creates a candidate with maximum strength.
    pub(super) fn strong(name: N) -> Self {
        Self { name, strength: u8::MAX }
    }
}

/// The owner of a name, `None` if several owners compete for it, and the strength of the strongest claim, if any.
type Holder = (Option<usize>, Option<u8>);

/// Returns the index of the chosen candidate of each owner.
fn choose<N: Ord>(candidates: &[Vec<Candidate<N>>]) -> Vec<usize> {
    let mut places = vec![0; candidates.len()];
    let whole = candidates.iter().filter_map(|names| Some((&names.last()?.name, (None, Some(u8::MAX)))));
    let mut holders: BTreeMap<&N, Holder> = whole.collect();
    let mut asking: Vec<usize> = (0..candidates.len()).collect();
    while let Some(owner) = asking.pop() {
        let (Some(names), Some(place)) = (candidates.get(owner), places.get_mut(owner)) else { continue };
        let Some(Candidate { name, strength }) = names.get(*place) else { continue };
        if names.last().is_some_and(|last| last.name == *name) {
            *place = names.len() - 1;
            continue;
        }
        let (holder, claim) = holders.entry(name).or_default();
        let refused = match (*claim).cmp(&Some(*strength)) {
            Ordering::Greater => [None, Some(owner)],
            Ordering::Less => {
                *claim = Some(*strength);
                [holder.replace(owner), None]
            }
            Ordering::Equal => [holder.take(), Some(owner)],
        };
        for owner in refused.into_iter().flatten() {
            places.get_mut(owner).into_iter().for_each(|place| *place += 1);
            asking.push(owner);
        }
    }
    places
}

/// Returns the chosen name of each owner, where each owner has a full name.
pub(super) fn short_names_of<N: Ord + Default>(candidates: Vec<Vec<Candidate<N>>>) -> Vec<N> {
    let places = choose(&candidates);
    let nth = |(names, place): (Vec<Candidate<N>>, usize)| {
        let chosen = names.into_iter().nth(place).map(|candidate| candidate.name);
        chosen.unwrap_or_else(|| never!(N::default(), "no name at place {place}"))
    };
    candidates.into_iter().zip(places).map(nth).collect()
}

#[cfg(test)]
mod tests {
    use super::{Candidate, short_names_of};

    /// Chooses among names; names with a `?` are weak.
    fn choose(candidates: &[&[&str]]) -> Vec<String> {
        let candidate = |name: &&str| Candidate {
            name: name.trim_end_matches('?').to_owned(),
            strength: u8::from(!name.ends_with('?')) * u8::MAX,
        };
        short_names_of(candidates.iter().map(|names| names.iter().map(candidate).collect()).collect())
    }

    #[test]
    fn a_name_of_two_owners_goes_to_neither() {
        assert_eq!(choose(&[&["list", "list_pets"]]), ["list"]);
        assert_eq!(choose(&[&["list", "list_toys"], &["list", "list_pets"]]), ["list_toys", "list_pets"]);
        // A name that was given up stays unavailable.
        let three: [&[&str]; 3] = [&["list", "pets", "list_pets"], &["list", "all"], &["pets", "pet"]];
        assert_eq!(choose(&three), ["list_pets", "all", "pet"]);
    }

    #[test]
    fn a_strong_claim_takes_precedence() {
        let both: [&[&str]; 2] = [&["update?", "patch", "pets_patch"], &["update", "pets_update"]];
        assert_eq!(choose(&both), ["patch", "update"]);
        let [one, other] = both;
        assert_eq!(choose(&[other, one]), ["update", "patch"]);
        assert_eq!(choose(&[one, other, other]), ["patch", "pets_update", "pets_update"]);
        assert_eq!(choose(&[&["a?", "b"], &["a?", "c"], &["a", "d"]]), ["b", "c", "a"]);
    }

    #[test]
    fn full_names_are_the_last_resort() {
        assert_eq!(choose(&[&["list", "list_pets"], &["list"]]), ["list_pets", "list"]);
        assert_eq!(choose(&[&["list"], &["list"]]), ["list", "list"]);
        assert_eq!(choose(&[&["list", "all", "list"]]), ["list"]);
        // A full name is taken, even while its owner has a shorter name.
        assert_eq!(choose(&[&["get", "get_pet"], &["get_pet", "pets_get_pet"]]), ["get", "pets_get_pet"]);
        assert!(choose(&[]).is_empty());
    }
}
