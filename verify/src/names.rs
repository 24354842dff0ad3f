//! `cargo xtask names`: checks that names stay the same when a document changes elsewhere.
//!
//! In: successive versions of documents, a folder of files for each. Out: the number of names that two successive versions share, and
//! each name that differs although it is locked. Invariant: places are derived from the document, independently of the lock's places.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clientwright::Source;
use clientwright::generate::{Document, read_api};
use clientwright::internal::call_variants::{CallVariants, call_variants};
use clientwright::internal::name::{Lock, Names, name_locked};
use clientwright::ir::{Api, Operation, Owner, Place, Shape, Type, TypeId, Variant};
use clientwright::normalize::normalize_files;
use serde_json::Value;

/// What to compare.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folders, each with the versions of one document, which follow each other in the order of their names
    #[arg(required = true)]
    folders: Vec<PathBuf>,
}

/// The names in a document, by place.
pub type Places = BTreeMap<String, String>;

/// A name that differs in the next version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamed {
    /// The place of the named item.
    pub place: String,
    /// The name before.
    pub before: String,
    /// The name after.
    pub after: String,
}

/// Compares the names of successive versions; fails if one changed.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let mut faults = 0;
    for folder in &arguments.folders {
        match history(folder) {
            Ok(changed) => faults += changed,
            Err(error) => {
                eprintln!("error: {}: {error}", folder.display());
                faults += 1;
            }
        }
    }
    Ok(faults == 0)
}

fn history(folder: &Path) -> Result<usize, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    let is_document =
        |path: &PathBuf| matches!(path.extension().and_then(|one| one.to_str()), Some("json" | "yaml" | "yml"));
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_document).collect();
    files.sort();
    let mut last: Option<(Places, String)> = None;
    let (mut compared, mut changed, mut without) = (0, 0, 0);
    for file in &files {
        let document = normalize_files(file, &[]).map_err(|errors| format!("{errors:#?}"))?.value;
        let (places, lock) = places(&document, last.as_ref().map(|(_, lock)| lock.as_str()))?;
        if let Some((before, _)) = &last {
            compared += before.keys().filter(|place| places.contains_key(*place)).count();
            without += compare(before, &self::places(&document, None)?.0).len();
            for Renamed { place, before, after } in compare(before, &places) {
                changed += 1;
                println!("  {}: {place}: {before} -> {after}", file.display());
            }
        }
        last = Some((places, lock));
    }
    println!(
        "{}: {} versions, {compared} names compared, {changed} changed; without the lock {without}",
        folder.display(),
        files.len()
    );
    Ok(changed)
}

/// Returns the names in a canonical document with the lock of an earlier version, and its new lock.
///
/// # Errors
/// Returns the errors of the document or the lock.
pub fn places(document: &Value, lock: Option<&str>) -> Result<(Places, String), String> {
    let source = Source { name: "document.json".to_owned(), text: document.to_string() };
    let read = read_api(&Document::new("document", source));
    let (api, _) = read.map_err(|errors| format!("{errors:#?}"))?;
    let calls = call_variants(&api);
    let lock = Source { name: "document.names.lock".to_owned(), text: lock.unwrap_or_default().to_owned() };
    let mut lock = Lock::read(&lock).map_err(|errors| format!("{errors:#?}"))?;
    let (names, ..) = name_locked(&api, &calls, &mut lock);
    Ok((Named { document, api: &api, calls: &calls, names: &names }.names(), lock.text()))
}

/// Returns the items in both versions whose names differ.
#[must_use]
pub fn compare(before: &Places, after: &Places) -> Vec<Renamed> {
    let both = before.iter().filter_map(|(place, one)| Some((place, one, after.get(place)?)));
    let differ = both.filter(|(_, one, other)| one != other);
    let renamed =
        differ.map(|(place, one, other)| Renamed { place: place.clone(), before: one.clone(), after: other.clone() });
    renamed.collect()
}

/// A document and its names.
struct Named<'a> {
    document: &'a Value,
    api: &'a Api,
    calls: &'a [CallVariants],
    names: &'a Names,
}

impl Named<'_> {
    fn names(&self) -> Places {
        let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut add = |place: String, name: &String| places.entry(place).or_default().push(name.clone());
        for (id, ty) in self.api.types.iter().filter(|(_, ty)| ty.read || ty.sent) {
            let Some(name) = self.names.ty(id) else { continue };
            let place = self.place(id);
            for (member, ident) in self.members(&ty.shape).into_iter().zip(self.names.members(id)) {
                add(format!("{place} {} . {member}", self.branches(id)), ident);
            }
            add(place, &name.ident);
        }
        for ((operation, calls), names) in self.api.operations.iter().zip(self.calls).zip(&self.names.operations) {
            let place = self.operation(operation);
            for (call, name) in calls.variants.iter().zip(&names.variants) {
                add(format!("{place} {:?}", call.distinction), &name.method);
            }
            for (parameter, name) in operation.parameters.iter().zip(&names.parameters) {
                add(format!("{place} {} {}", parameter.location.key(), parameter.wire_name), name);
            }
        }
        // Several multipart types of one schema differ only in the encodings of their bodies, which are not part of a place.
        let only = |(place, names): (String, Vec<String>)| match names.as_slice() {
            [only] => Some((place, only.clone())),
            _ => None,
        };
        places.into_iter().filter_map(only).collect()
    }

    /// Describes an operation by its tag, method and path.
    fn operation(&self, operation: &Operation) -> String {
        let tag = self.api.tags.get(operation.tag.0).map_or("", |tag| tag.name.as_str());
        format!("{tag} {} {}", operation.method, operation.path)
    }

    /// Returns the path to a type from a named item.
    fn place(&self, id: TypeId) -> String {
        match &self.api.types[id].owner {
            Owner::Component(name) => format!("schema {name}"),
            Owner::Part(of, Place::Variant { index, components }) => {
                format!("{}|{index} {components:?} of {}", self.place(*of), self.branches(*of))
            }
            Owner::Part(of, place) => format!("{}/{place:?}", self.place(*of)),
            Owner::Form(of, kind) => format!("{} {kind:?}", self.place(*of)),
            Owner::Operation(id, role) => {
                let operation = self.api.operations.iter().find(|operation| operation.id == *id);
                let place = operation.map(|operation| self.operation(operation));
                format!("{} {role:?}", place.unwrap_or_else(|| id.clone()))
            }
            other => format!("{other:?}"),
        }
    }

    /// Returns the branches of a union, on which the names of its variants depend; empty for other types.
    fn branches(&self, id: TypeId) -> String {
        let Shape::Union(union) = &self.api.types[id].shape else { return String::new() };
        let branch = |variant: &Variant| match &self.api.types[variant.ty.ty] {
            Type { owner: Owner::Component(_), .. } => self.place(variant.ty.ty),
            ty => {
                let written = self.document.pointer(ty.origin.as_str()).map(Value::to_string).unwrap_or_default();
                // Values of a component may also be a branch here.
                let listed = if ty.shape.is_enumeration() { self.members(&ty.shape) } else { Vec::new() };
                format!("{written} {listed:?}")
            }
        };
        let branches: Vec<String> = union.variants.iter().map(branch).collect();
        format!("{:?} {branches:?}", union.rule)
    }

    /// Returns the fields, variants or values of a type, by their names in the document.
    fn members(&self, shape: &Shape) -> Vec<String> {
        match shape {
            Shape::Object(object) => object.fields.iter().map(|field| field.wire_name.clone()).collect(),
            Shape::TextEnum(values) | Shape::IntegerEnum(values) | Shape::MixedEnum(values) => {
                values.iter().map(|value| format!("{} {:?}", value.wire, value.name)).collect()
            }
            Shape::Union(union) => {
                let variant = |(index, variant): (usize, &Variant)| {
                    format!("{index} {} {:?}", self.place(variant.ty.ty), variant.tags)
                };
                union.variants.iter().enumerate().map(variant).collect()
            }
            _ => Vec::new(),
        }
    }
}
