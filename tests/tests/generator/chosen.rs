//! Names that a person chose for items of real documents, and the number that the rules choose as well.
//!
//! `UPDATE_NAMES=1 cargo test --package workspace-tests --test generator chosen` writes the names that differ.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use clientwright::Source;
use clientwright::generate::{Document, read_api};
use clientwright::internal::call_variants::call_variants;
use clientwright::internal::name::name;
use clientwright::ir::{Owner, Place};
use clientwright::normalize::normalize_text;
use serde_json::{Value, json};

/// A row of the list.
struct Row<'t> {
    kind: &'t str,
    document: &'t str,
    tag: &'t str,
    method: String,
    path: &'t str,
    id: &'t str,
    group: &'t str,
    name: &'t str,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("names")
}

fn rows(text: &str) -> Vec<Row<'_>> {
    let row = |line| match str::split(line, '\t').collect::<Vec<_>>().as_slice() {
        [kind, document, tag, method, path, id, group, name] => {
            Row { kind, document, tag, method: method.to_ascii_lowercase(), path, id, group, name }
        }
        other => panic!("{other:?}"),
    };
    text.lines().skip(1).map(row).collect()
}

/// Returns a document with the items of these rows.
fn document(rows: &[&Row<'_>]) -> Value {
    let (mut paths, mut schemas) = (json!({}), json!({}));
    for (index, row) in rows.iter().enumerate() {
        if row.path.is_empty() {
            schemas[row.id] = json!({"type": "object", "properties": {format!("p{index}"): {"type": "string"}}});
            continue;
        }
        let parameters = row.path.split('{').skip(1).map(|rest| {
            json!({"name": rest.split('}').next(), "in": "path", "required": true, "schema": {"type": "string"}})
        });
        let mut operation =
            json!({"parameters": parameters.collect::<Vec<_>>(), "responses": {"204": {"description": "d"}}});
        if !row.tag.is_empty() {
            operation["tags"] = json!([row.tag]);
        }
        if !row.id.is_empty() {
            operation["operationId"] = json!(row.id);
        }
        paths[row.path][&row.method] = operation;
    }
    json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
}

/// Returns the names of operations by method and path, and of components by property.
fn names(document: &Value) -> BTreeMap<String, String> {
    let source = |text: String| Source { name: "t.json".to_owned(), text };
    let normalized = normalize_text(&source(document.to_string()), &[]).unwrap();
    let (api, _) = read_api(&Document::new("t", source(normalized.value.to_string()))).unwrap();
    let names = name(&api, &call_variants(&api));
    let operations = api.operations.iter().zip(&names.operations).map(|(operation, name)| {
        let group = names.tags.get(operation.tag.0).map_or("", |tag| tag.accessor.as_str());
        (format!("{} {}", operation.method.key(), operation.path), format!("{group}.{}", name.variants[0].method))
    });
    let types = api.types.iter().filter(|(_, ty)| !matches!(ty.owner, Owner::Part(_, Place::Property(_)))).filter_map(
        |(id, _)| {
            let field = names.members(id).first()?;
            Some((field.clone(), names.ty(id)?.ident.clone()))
        },
    );
    operations.chain(types).collect()
}

/// Returns the number of names in a list, how many agree, and the others.
fn judged(list: &str) -> (usize, usize, String) {
    let text = fs::read_to_string(folder().join(list)).unwrap();
    let rows = rows(&text);
    let documents: BTreeSet<&str> = rows.iter().map(|row| row.document).collect();
    let (mut agreed, mut all, mut differing) = (0, 0, String::new());
    for document in documents {
        let rows: Vec<&Row<'_>> = rows.iter().filter(|row| row.document == document).collect();
        let names = names(&self::document(&rows));
        let mut judge = |row: &Row<'_>, id: &str, chosen: &str, found: &str| {
            all += 1;
            if found == chosen {
                agreed += 1;
            } else {
                differing += &format!("{document}\t{}\t{id}\t{chosen}\t{found}\n", row.tag);
            }
        };
        let mut groups = BTreeSet::new();
        for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.kind != "context") {
            if row.kind == "type" {
                judge(row, row.id, row.name, &names[&format!("p{index}")]);
                continue;
            }
            let (group, method) = names[&format!("{} {}", row.method, row.path)].split_once('.').unwrap();
            judge(row, row.id, row.name, method);
            if groups.insert(row.tag) {
                judge(row, "", row.group, group);
            }
        }
    }
    (agreed, all, differing)
}

/// The first list was written before the rules; the second one afterwards, from other documents.
#[test]
fn rules_choose_what_a_person_chooses() {
    let (agreed, all, differing) = judged("chosen.tsv");
    let (unseen_agreed, unseen, unseen_differing) = judged("unseen.tsv");
    println!("{agreed} of {all}, and {unseen_agreed} of {unseen}");
    let path = folder().join("differing.tsv");
    let differing = format!("document\ttag\tid\tchosen\tgiven\n{differing}{unseen_differing}");
    if std::env::var_os("UPDATE_NAMES").is_some() {
        fs::write(&path, &differing).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == differing, "run with UPDATE_NAMES=1, and read what changed");
    assert!(agreed * 10 >= all * 9, "only {agreed} of {all} agree");
    assert!(unseen_agreed * 10 >= unseen * 8, "only {unseen_agreed} of {unseen} agree");
}
