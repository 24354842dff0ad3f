//! Lists of values by name: the parameters and headers of a request.

use smallvec::SmallVec;

/// Values by name. Most requests have at most one of a kind, which needs no allocation.
pub(crate) type ByName<K, V> = SmallVec<[(K, V); 1]>;

/// Sets the value of `name`, or removes it if there is no value to send.
pub(crate) fn replace<K: PartialEq, V>(values: &mut ByName<K, V>, name: K, value: Option<V>) {
    let index = values.iter().position(|(known, _)| *known == name);
    match (index.and_then(|index| values.get_mut(index)), value) {
        (Some(slot), Some(value)) => slot.1 = value,
        (None, Some(value)) => values.push((name, value)),
        (_, None) => values.retain(|(known, _)| *known != name),
    }
}

/// Sets values by name, and replaces existing ones.
pub(crate) fn replace_all<K: PartialEq, V>(values: &mut ByName<K, V>, others: ByName<K, V>) {
    others.into_iter().for_each(|(name, value)| replace(values, name, Some(value)));
}
