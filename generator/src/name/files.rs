//! Part of `name`: the file of each item.
//!
//! In: types with a name and their owner's file, operations with a method. Out: their files; large ones are folders.
//!
//! Invariant: a large component is a folder with a file for each inline type, a large tag is a folder with a file for each operation. An
//! alias is in the file of the type that uses it. Nothing else matters, so other changes of the document move nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::ident::{Scope, begins, snake};
use super::{Names, TypeName};
use crate::call_variants::CallVariants;
use crate::ir::{Api, Operation, TypeId, Types};
use crate::never::never;

/// File stems with a special meaning for Cargo or Windows, and a module that files import.
pub(super) const RESERVED_FILES: &str = "aux codegen com1 com2 com3 com4 com5 com6 com7 com8 com9 con lpt1 lpt2 lpt3 \
    lpt4 lpt5 lpt6 lpt7 lpt8 lpt9 mod nul prn";
/// The maximum number of types of a component in a single file.
pub(super) const TYPES: usize = 20;
/// The maximum number of fields, variants and values of enumerations of a component in a single file.
const MEMBERS: usize = 400;
/// The maximum number of functions of a tag in a single file: its methods, and the setters of its requests.
pub(super) const FUNCTIONS: usize = 65;
/// The maximum number of description lines of a tag in a single file.
const DESCRIBED: usize = 1000;
/// The approximate number of characters in a line of a description.
const LINE: usize = 100;

/// Assigns a file to each type: the file of its component, if any.
pub(super) fn name_type_files(types: &Types, names: &mut Names) {
    let mut files = Scope::of_files(&[RESERVED_FILES, "types"]);
    let mut roots = BTreeSet::new();
    let (components, inline): (Vec<_>, Vec<_>) = types.iter().partition(|(_, ty)| ty.is_component());
    for (id, _) in components.into_iter().chain(inline) {
        let Some(ident) = names.ty(id).map(|name| name.ident.clone()) else { continue };
        let mut owners = types.owners(id).skip(1).filter_map(|id| names.ty(id));
        let file = owners.next().map(|owner| owner.file.clone()).filter(|file| !file.is_empty());
        let file = file.unwrap_or_else(|| {
            roots.insert(id);
            files.take(&snake(&ident))
        });
        names.types.insert(id, TypeName { ident, file });
    }
    split_types(types, names, &roots);
}

/// Turns the files of components with many inline types into folders. `roots` have their own files.
fn split_types(types: &Types, names: &mut Names, roots: &BTreeSet<TypeId>) {
    let mut sizes: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (id, _) in types.iter().filter(|(_, ty)| ty.read || ty.sent) {
        if let Some(name) = names.ty(id) {
            let (count, in_them) = sizes.entry(name.file.clone()).or_default();
            *count += 1;
            *in_them += types.shape(id).members();
        }
    }
    let is_large = |(count, members): &(usize, usize)| *count > TYPES || (*count > 1 && *members > MEMBERS);
    let mut folders: BTreeMap<String, (String, Scope)> = BTreeMap::new();
    for name in roots.iter().filter_map(|root| names.ty(*root)) {
        if sizes.get(&name.file).is_some_and(is_large) {
            // A module must not have the name of its parent (clippy: `module_inception`).
            let stems = Scope::of_files(&[RESERVED_FILES, &name.file]);
            folders.insert(name.file.clone(), (name.ident.clone(), stems));
        }
    }
    for (id, name) in &mut names.types {
        let Some((owner, stems)) = folders.get_mut(&name.file) else { continue };
        let stem = match *id {
            id if roots.contains(&id) => "mod".to_owned(),
            id if types.is_inline_alias(id) => continue, // Assigned below.
            _ => stems.take(&place(&name.ident, owner)),
        };
        name.file = format!("{}/{stem}", name.file);
    }
    for id in types.ids().filter(|id| types.is_inline_alias(*id)) {
        let file = user(types, names, id).map(|user| user.file.clone());
        let Some(name) = names.types.get_mut(&id) else { continue };
        // All owners may be aliases, such as the response of an operation that equals another one.
        let root = || folders.contains_key(&name.file).then(|| format!("{}/mod", name.file));
        if let Some(file) = file.or_else(root) {
            name.file = file;
        }
    }
}

/// Returns the item that an alias belongs to, skipping other aliases.
fn user<'n>(types: &Types, names: &'n Names, id: TypeId) -> Option<&'n TypeName> {
    types.owners(id).filter(|id| !types.is_inline_alias(*id)).find_map(|id| names.ty(id))
}

/// Returns the stem of an inline type's file in its owner's folder: its name without the owner's name.
fn place(ident: &str, owner: &str) -> String {
    let rest = ident.strip_prefix(owner.trim_end_matches('_'));
    snake(rest.filter(|rest| begins(rest, char::is_ascii_uppercase)).unwrap_or(ident))
}

/// Turns the files of tags with many functions into folders.
pub(super) fn split_tags(api: &Api, calls: &[CallVariants], names: &mut Names) {
    let counts = names.tags.iter().map(|tag| (0, 0, Scope::of_files(&[RESERVED_FILES, &tag.module])));
    let mut counts: Vec<_> = counts.collect();
    for ((operation, calls), name) in api.operations.iter().zip(calls).zip(&mut names.operations) {
        let Some((functions, described, stems)) = counts.get_mut(operation.tag.0) else {
            never!((), "`{}` has no tag", operation.id);
            continue;
        };
        *functions += calls.variants.len() * (1 + setters(operation));
        *described += calls.variants.len() * lines(operation);
        let method = name.variants.first().map(|first| first.method.as_str());
        name.file = stems.take(method.unwrap_or_else(|| never!("", "`{}` cannot be called", operation.id)));
    }
    for (tag, (functions, described, _)) in names.tags.iter_mut().zip(counts) {
        tag.folder = functions > FUNCTIONS || described > DESCRIBED;
    }
}

/// Estimates the number of description lines of an operation and of its parameters.
fn lines(operation: &Operation) -> usize {
    let parameters = operation.parameters.iter().map(|parameter| &parameter.docs);
    let described = parameters.chain([&operation.docs]).filter_map(|docs| docs.description.as_ref());
    described.map(|text| text.lines().map(|line| 1 + line.len() / LINE).sum::<usize>()).sum()
}

/// Returns the number of setters of each request of an operation.
fn setters(operation: &Operation) -> usize {
    let parameters = operation.parameters.iter().filter(|parameter| !parameter.required);
    parameters.count() + usize::from(operation.body.as_ref().is_some_and(|body| !body.required))
}

#[cfg(test)]
mod tests {
    use super::{FUNCTIONS, MEMBERS, TYPES};
    use crate::generate::{Document, generate};
    use clientwright_normalizer::Source;

    /// Returns the files of a document with one tag of this many operations without optional parts, and one component of this many
    /// types.
    fn files(operations: usize, types: usize) -> Vec<String> {
        let paths: String = (0..operations)
            .map(|index| {
                format!("  /p{index}: {{get: {{operationId: get{index}, tags: [Things], responses: {{'200': {{description: d}}}}}}}}\n")
            })
            .collect();
        let properties: String = (1..types)
            .map(|index| format!("        p{index}: {{type: object, properties: {{x{index}: {{type: string}}}}}}\n"))
            .collect();
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: v}}\npaths:\n{paths}components:\n  schemas:\n    Thing:\n      type: object\n      properties:\n{properties}"
        );
        let document = Document::new("t", Source { name: "t.yaml".to_owned(), text });
        let generation = generate(&[document], &["t".to_owned()], "clientwright codegen");
        assert!(generation.diagnostics.is_empty(), "{:#?}", generation.diagnostics);
        generation.apis[0].files.iter().map(|file| file.path.clone()).collect()
    }

    #[test]
    fn no_module_is_both_a_file_and_a_folder() {
        let property = |index| format!("p{index}: {{type: object, properties: {{x{index}: {{type: string}}}}}}");
        let properties = (0..=TYPES).map(property).collect::<Vec<_>>().join(", ");
        let content = format!("{{application/json: {{schema: {{type: object, properties: {{{properties}}}}}}}}}");
        let operation = |index| {
            format!(
                "  /{index}: {{get: {{operationId: a{index}, responses: {{'200': {{description: d, content: {content}}}}}}}}}\n"
            )
        };
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: v}}\npaths:\n{}",
            (0..2).map(operation).collect::<String>()
        );
        let document = Document::new("t", Source { name: "t.yaml".to_owned(), text });
        let generation = generate(&[document], &["t".to_owned()], "clientwright codegen");
        let modules = generation.apis[0].files.iter().map(|file| file.path.replace("/mod.rs", ".rs"));
        let mut modules: Vec<String> = modules.collect();
        modules.sort();
        assert!(modules.windows(2).all(|two| two[0] != two[1]), "{modules:?}");
        assert!(modules.len() > TYPES, "{modules:?}");
    }

    #[test]
    fn small_tags_and_components_are_single_files() {
        let files = files(FUNCTIONS, TYPES);
        assert_eq!(files, ["t/mod.rs", "t/client.rs", "t/types/mod.rs", "t/things.rs", "t/types/thing.rs"]);
    }

    #[test]
    fn a_large_tag_is_a_folder() {
        let files = files(FUNCTIONS + 1, TYPES);
        assert!(files.contains(&"t/things/mod.rs".to_owned()), "{files:?}");
        let operations = files.iter().filter(|file| file.starts_with("t/things/get")).count();
        assert_eq!((operations, files.len()), (FUNCTIONS + 1, FUNCTIONS + 6), "{files:?}");
    }

    #[test]
    fn types_are_counted_by_their_members() {
        let enumeration = |count: usize| (0..count).map(|value| format!("v{value}, ")).collect::<String>();
        let sizes = |text: String| {
            let document = Document::new("t", Source { name: "t.yaml".to_owned(), text });
            generate(&[document], &["t".to_owned()], "clientwright codegen").apis[0].files.len()
        };
        let head = "openapi: 3.0.3\ninfo: {title: t, version: v}\npaths: {}\ncomponents:\n  schemas:\n    Thing: ";
        let inline = |count| {
            format!("{head}{{type: object, properties: {{p: {{type: string, enum: [{}]}}}}}}\n", enumeration(count))
        };
        assert_eq!(sizes(inline(MEMBERS - 1)), 4);
        assert_eq!(sizes(inline(MEMBERS)), 5);
        // Without the inline types, its size is unchanged.
        assert_eq!(sizes(format!("{head}{{type: string, enum: [{}]}}\n", enumeration(MEMBERS + 1))), 4);
    }

    #[test]
    fn a_large_component_is_a_folder() {
        let files = files(1, TYPES + 1);
        assert!(files.contains(&"t/types/thing/mod.rs".to_owned()), "{files:?}");
        let inline = files.iter().filter(|file| file.starts_with("t/types/thing/p")).count();
        assert_eq!((inline, files.len()), (TYPES, TYPES + 5), "{files:?}");
    }
}
