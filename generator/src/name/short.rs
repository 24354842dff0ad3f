//! Part of `name`: stable short names, which never move to another owner.
//!
//! In: the candidate names of each owner, best first and full name last. Out: the chosen name.
//!
//! Invariant: a chosen short name is no candidate and no full name of another owner. So a new owner only takes it from another if the
//! document gives it that name; otherwise both get their next longer names.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::ident::snake;
use crate::never::never;

/// Returns the index of the chosen candidate of each owner. An owner tries its first candidate, and the next one if another owner tries the
/// same or has it as its full name.
fn choose<N: Ord>(candidates: &[Vec<N>]) -> Vec<usize> {
    let mut places = vec![0; candidates.len()];
    // The owner that tries a name; `None` for a full name, and once two owners have tried it.
    let whole = candidates.iter().filter_map(|names| Some((names.last()?, None)));
    let mut owners: BTreeMap<&N, Option<usize>> = whole.collect();
    let mut asking: Vec<usize> = (0..candidates.len()).collect();
    while let Some(owner) = asking.pop() {
        let (Some(names), Some(place)) = (candidates.get(owner), places.get(owner)) else { continue };
        let Some(name) = names.get(*place).filter(|name| names.last() != Some(name)) else { continue };
        let refused = match owners.entry(name) {
            Entry::Vacant(free) => {
                free.insert(Some(owner));
                continue;
            }
            Entry::Occupied(mut taken) => taken.get_mut().take().into_iter().chain([owner]),
        };
        for owner in refused {
            places.get_mut(owner).into_iter().for_each(|place| *place += 1);
            asking.push(owner);
        }
    }
    places
}

/// Returns the chosen name of each owner, where each owner has a full name.
pub(super) fn short_names_of<N: Ord + Default>(candidates: Vec<Vec<N>>) -> Vec<N> {
    let places = choose(&candidates);
    chosen(candidates, places)
}

/// Returns the chosen name of each owner. Names that are equal in `snake_case` are the same.
pub(super) fn short_snakes_of<N: AsRef<str> + Default>(candidates: Vec<Vec<N>>) -> Vec<N> {
    let snakes = candidates.iter().map(|names| names.iter().map(|name| snake(name.as_ref())).collect());
    let places = choose(&snakes.collect::<Vec<Vec<String>>>());
    chosen(candidates, places)
}

fn chosen<N: Default>(candidates: Vec<Vec<N>>, places: Vec<usize>) -> Vec<N> {
    let nth = |(names, place): (Vec<N>, usize)| {
        names.into_iter().nth(place).unwrap_or_else(|| never!(N::default(), "no name at place {place}"))
    };
    candidates.into_iter().zip(places).map(nth).collect()
}

#[cfg(test)]
mod tests {
    use super::short_names_of;

    fn choose(candidates: &[&[&str]]) -> Vec<String> {
        short_names_of(candidates.iter().map(|names| names.iter().map(|name| (*name).to_owned()).collect()).collect())
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
    fn full_names_are_the_last_resort() {
        assert_eq!(choose(&[&["list", "list_pets"], &["list"]]), ["list_pets", "list"]);
        assert_eq!(choose(&[&["list"], &["list"]]), ["list", "list"]);
        assert_eq!(choose(&[&["list", "all", "list"]]), ["list"]);
        // It is taken, even while its owner has a shorter name.
        assert_eq!(choose(&[&["get", "get_pet"], &["get_pet", "pets_get_pet"]]), ["get", "pets_get_pet"]);
        assert!(choose(&[]).is_empty());
    }

    #[test]
    fn adding_an_owner_renames_nothing() {
        let words = ["a", "b", "c", "d"];
        let ladders: Vec<Vec<&str>> = (0..64_usize)
            .map(|seed| {
                [seed % 4, seed / 4 % 4, seed / 16].iter().filter_map(|word| words.get(*word).copied()).collect()
            })
            .collect();
        for (index, more) in ladders.iter().enumerate() {
            let before: Vec<&[&str]> = ladders.iter().skip(index % 7).step_by(11).map(Vec::as_slice).collect();
            let mut after = vec![more.as_slice()];
            after.extend(&before);
            let (named, renamed) = (choose(&before), choose(&after));
            for ((candidates, name), new) in before.iter().zip(&named).zip(renamed.iter().skip(1)) {
                let is_whole = candidates.last() == Some(&name.as_str());
                let taken = renamed.iter().filter(|other| *other == name).count() > usize::from(name == new);
                assert!(is_whole || !taken || more.last() == Some(&name.as_str()), "{candidates:?} {more:?}: {name}");
            }
        }
    }
}
