//! Lists in TOML of what is excused, and why.
//!
//! In: the text of a list, and what its entries are called. Out: the entries. Invariant: each has a reason, and nothing unknown.

use toml_edit::{DocumentMut, Table};

/// The entries of a list, which has no others than `[[name]]`, and these no other keys than `keys`.
pub(crate) fn entries(text: &str, name: &str, keys: &[&str]) -> Result<Vec<Table>, String> {
    let document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
    if let Some((other, _)) = document.iter().find(|(key, _)| *key != name) {
        return Err(format!("`{other}` is not known; there is nothing but `[[{name}]]`"));
    }
    let Some(item) = document.get(name) else { return Ok(Vec::new()) };
    let tables = item.as_array_of_tables().ok_or_else(|| format!("`{name}` is not a list of tables: `[[{name}]]`"))?;
    for table in tables {
        if let Some((other, _)) = table.iter().find(|(key, _)| !keys.contains(key)) {
            return Err(format!("an entry of `{name}` has no `{other}`; it has {}", keys.join(", ")));
        }
        text_of(table, "reason")?;
    }
    Ok(tables.iter().cloned().collect())
}

/// The text under a key of an entry.
pub(crate) fn text_of(entry: &Table, key: &str) -> Result<String, String> {
    let text = entry.get(key).and_then(|item| item.as_str()).unwrap_or_default();
    if text.is_empty() { Err(format!("an entry without `{key}`")) } else { Ok(text.to_owned()) }
}
