//! Part of `diff`: the version of the client crate.
//!
//! In: the version at the base, and the changes since then. Out: the next version, in the crate's manifest. Invariant: the operation is
//! idempotent, and a higher version stays.

use std::fs;

use clientwright::diff::VersionBump;
use clientwright::project::Project;
use toml_edit::{DocumentMut, Value};

use super::versions::at_revision;

/// Major, minor and patch version.
type Version = [u64; 3];

/// Increases the version of the client crate beyond the version at a revision. Returns the new version.
pub(super) fn increase(project: &Project, base: &str, bump: VersionBump) -> Result<String, String> {
    let shown = format!("{}/Cargo.toml", project.shown_client());
    let path = project.client().join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|error| format!("error: cannot read {shown}: {error}"))?;
    let old = manifest(&at_revision(project.root(), base, &shown)?, &shown)?;
    let mut new = manifest(&text, &shown)?;
    let next = next(version(&old, &shown)?, bump).max(version(&new, &shown)?);
    let next = next.map(|part| part.to_string()).join(".");
    if let Some(old) = new.get_mut("package").and_then(|package| package.get_mut("version")?.as_value_mut()) {
        // Spaces and comments stay.
        let decor = old.decor().clone();
        *old = Value::from(&next);
        *old.decor_mut() = decor;
    }
    let written = new.to_string();
    if written != text {
        fs::write(&path, written).map_err(|error| format!("error: cannot write {shown}: {error}"))?;
    }
    Ok(next)
}

fn manifest(text: &str, shown: &str) -> Result<DocumentMut, String> {
    text.parse().map_err(|error| format!("error: {shown}: {error}"))
}

fn version(manifest: &DocumentMut, shown: &str) -> Result<Version, String> {
    let text = manifest.get("package").and_then(|package| package.get("version")?.as_str());
    let parts = text.map(|text| text.split('.').map(str::parse).collect::<Result<Vec<u64>, _>>());
    let version = parts.and_then(Result::ok).and_then(|parts| Version::try_from(parts).ok());
    version.ok_or_else(|| format!("error: {shown} has no `version` of the form `1.2.3` in `[package]`"))
}

/// Returns the next version by Cargo's rules: before 1.0.0, a minor version is a breaking change.
fn next([major, minor, patch]: Version, bump: VersionBump) -> Version {
    match (bump, major, minor) {
        (VersionBump::None, ..) => [major, minor, patch],
        (VersionBump::Major, 1.., _) => [major + 1, 0, 0],
        (VersionBump::Minor, 1.., _) => [major, minor + 1, 0],
        (VersionBump::Major, 0, 1..) => [0, minor + 1, 0],
        (VersionBump::Major | VersionBump::Minor | VersionBump::Patch, ..) => [major, minor, patch + 1],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_before_one_are_increased_as_cargo_compares_them() {
        for (old, bump, expected) in [
            ([1, 2, 3], VersionBump::Major, [2, 0, 0]),
            ([1, 2, 3], VersionBump::Minor, [1, 3, 0]),
            ([1, 2, 3], VersionBump::Patch, [1, 2, 4]),
            ([1, 2, 3], VersionBump::None, [1, 2, 3]),
            ([0, 2, 3], VersionBump::Major, [0, 3, 0]),
            ([0, 2, 3], VersionBump::Minor, [0, 2, 4]),
            ([0, 0, 3], VersionBump::Major, [0, 0, 4]),
        ] {
            assert_eq!(next(old, bump), expected, "{old:?} {bump:?}");
        }
    }
}
