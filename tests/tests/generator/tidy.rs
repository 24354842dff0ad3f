//! Tests of ARCHITECTURE.md and the pages for contributors: their statements are checked against the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use workspace_tests::root;
use workspace_tests::sources::{
    SourceFile, cycles, function_name, imports, long_functions, macro_functions_without_inline, paths, sources,
    words_of,
};

/// The parts of the normalizer, from the first to the last: no part may name a later one.
const NORMALIZER: &[&str] = &[
    "certain", "hidden", "pointer", "json", "limits", "reference", "spelling", "words", "source", "yaml", "spans",
    "diagnostic", "load", "structure", "repetition", "normalize",
];

/// The stages of the generator and related modules, from the first to the last.
const GENERATOR: &[&str] = &[
    "never", "memo", "ir", "schema_keywords", "resolve", "lower", "call_variants", "name", "emit", "format", "write",
    "manifest", "generate", "diff", "project", "lib",
];

/// The parts of `lower`: those that read the document, then the passes over types.
const LOWER: &[&str] = &[
    "notes", "draft", "merged_schema", "context", "enumeration", "merge", "scalar", "schema", "branches", "encodings",
    "media", "streams", "parameters", "responses", "security", "tags", "operations", "incoming", "components", "uses",
    "xml", "directions", "forms", "groups", "client_parameters", "aliases", "unions", "nullability", "files", "dedup",
    "failures", "values", "defaults", "constants", "switches", "received", "input_types", "prune", "boxing",
    "repetition",
];

/// The layers of the runtime, from the lowest to the highest: values and their JSON, parts of messages, steps of an exchange, calls, and
/// layers that repeat or replace calls.
const RUNTIME: &[&str] = &[
    "macros", "lock", "body", "wire", "types", "model", "limits", "network", "platform", "clipped", "media_type",
    "charset", "by_name", "header", "parameter", "xml", "multipart", "redact", "operation_name", "failure", "waiting",
    "response", "decode", "retry", "error", "auth", "redirect", "observe", "outgoing", "transport", "shared",
    "request", "exchange", "client", "call", "paging", "polling", "stream", "blocking", "testing", "codegen", "lib",
];

/// The pages for contributors that have invariants.
const WITH_INVARIANTS: [&str; 4] = [
    "docs/contribute/normalizer.md",
    "docs/contribute/generator.md",
    "docs/contribute/runtime.md",
    "docs/contribute/verify.md",
];

/// Every crate with its own sources.
const CRATES: &[&str] =
    &["normalizer", "generator", "runtime", "cli", "playground", "xtask", "verify", "verify/contract"];

/// Returns the stage of a file: the first part of its path below `src`.
fn stage(file: &SourceFile) -> String {
    let below = file.path.split_once("/src/").map_or(file.path.as_str(), |(_, below)| below);
    below.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned()
}

/// Returns the stages that a file names, including its own: `crate::lower::…` names `lower`, and an item of the root, `crate::Error`, names
/// `lib`.
fn named_stages(file: &SourceFile) -> BTreeSet<String> {
    let of_crate = |path: Vec<String>| (path.first()? == "crate").then(|| path.get(1).cloned())?;
    let is_item = |name: &str| name.starts_with(char::is_uppercase);
    let stage = |name: String| if is_item(&name) { "lib".to_owned() } else { name };
    paths(file).into_iter().filter_map(of_crate).map(stage).collect()
}

fn later_stages(files: &[SourceFile], order: &[&str]) -> Vec<String> {
    let position = |stage: &str| order.iter().position(|known| *known == stage);
    let mut faults = Vec::new();
    for file in files {
        let own = stage(file);
        let Some(own) = position(&own) else {
            if own != "lib" {
                faults.push(format!("{}: `{own}` has no place in the order of stages", file.path));
            }
            continue;
        };
        let later = named_stages(file).into_iter().filter(|named| position(named).is_some_and(|at| at > own));
        faults.extend(later.map(|named| format!("{}: names the later stage `{named}`", file.path)));
    }
    faults
}

/// The page lists the rules of all fixtures' ledgers, so each rule has a fixture.
#[test]
fn every_rule_of_ledgers_is_documented() {
    let page = fs::read_to_string(root().join("docs/SUPPORT.md")).expect("the page");
    let mut missing = BTreeSet::new();
    for file in sources("normalizer/src/normalize") {
        let code = file.text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        for kind in ["Lossy", "Interpreted", "Equivalent"] {
            let before: Vec<&str> = code.split(&format!("\", {kind})")).collect();
            let rules = before.iter().rev().skip(1).filter_map(|text| text.rsplit_once("(\""));
            // In the arms of a `match`, texts.
            let rules = rules.filter(|(before, _)| !before.ends_with("=> "));
            let rules = rules.map(|(_, rule)| rule).filter(|rule| !rule.contains(['"', ' ']));
            missing.extend(rules.filter(|rule| !page.contains(&format!("`{rule}`"))).map(str::to_owned));
        }
    }
    assert_eq!(missing, BTreeSet::new(), "write a fixture, then run `cargo xtask matrix`");
}

#[test]
fn no_stage_names_a_later_one() {
    assert_eq!(later_stages(&sources("normalizer/src"), NORMALIZER), [""; 0]);
    assert_eq!(later_stages(&sources("generator/src"), GENERATOR), [""; 0]);
    assert_eq!(later_stages(&sources("runtime/src"), RUNTIME), [""; 0]);
}

/// A file can be understood together with at most two others. Paths in an exported macro count for the crate that uses the macro.
#[test]
fn no_cycle_has_more_than_three_files() {
    for krate in ["normalizer", "runtime"] {
        let mut cycles = cycles(&imports(&sources(&format!("{krate}/src"))));
        cycles.retain(|cycle| cycle.len() > 3);
        assert_eq!(cycles, BTreeSet::new(), "{krate}");
    }
}

#[test]
fn no_part_of_lower_names_a_later_one() {
    let position = |part: Option<&String>| LOWER.iter().position(|known| part.is_some_and(|part| part == known));
    let files =
        sources("generator/src").into_iter().filter(|file| file.module().get(1).is_some_and(|one| one == "lower"));
    for file in files {
        let module = file.module();
        let Some(own) = module.get(2).filter(|part| *part != "tests") else { continue };
        let at = position(Some(own)).unwrap_or_else(|| panic!("`{own}` has no place in the order of `lower`"));
        for path in paths(&file).iter().filter(|path| path.starts_with(&module[..2])) {
            let named = position(path.get(2));
            assert!(named.is_none_or(|named| named <= at), "{}: names the later part {path:?}", file.path);
        }
    }
}

#[test]
fn relative_paths_to_a_later_stage_are_found() {
    for later in [
        "use super::super::emit::File;",
        "use super::super::{emit, ir};",
        "fn file() -> super::super::emit::File { todo!() }",
        "fn file() { drop(format!(\"{}\", super::super::emit::NAME)); }",
        "mod inner { use super::super::super::emit::File; }",
    ] {
        let file = SourceFile::new("generator/src/lower/uses.rs", later.to_owned());
        assert_eq!(
            later_stages(&[file], GENERATOR),
            ["generator/src/lower/uses.rs: names the later stage `emit`"],
            "{later}"
        );
    }
    for own in ["use super::emit::File;", "use self::emit::File;", "use super::super::ir::Api;"] {
        let file = SourceFile::new("generator/src/lower/uses.rs", own.to_owned());
        assert_eq!(later_stages(&[file], GENERATOR), [""; 0], "{own}");
    }
}

/// Returns the stages of the generator whose files name a crate.
fn stages_that_name(krate: &str) -> BTreeSet<String> {
    let names = |file: &SourceFile| paths(file).iter().any(|path| path.first().is_some_and(|first| first == krate));
    sources("generator/src").iter().filter(|file| names(file)).map(stage).collect()
}

#[test]
fn only_name_makes_identifiers() {
    assert_eq!(stages_that_name("heck"), BTreeSet::from(["name".to_owned()]));
}

#[test]
fn only_the_front_stages_read_the_document() {
    let reads = |path: &Vec<String>| path.starts_with(&["clientwright_normalizer".to_owned(), "json".to_owned()]);
    let reading = sources("generator/src").iter().filter(|file| paths(file).iter().any(reads)).map(stage).collect();
    // `diff` compares documents in addition to their clients.
    assert_eq!(BTreeSet::from(["diff", "schema_keywords", "resolve", "lower"].map(str::to_owned)), reading);
}

/// Returns `true` if a file names an item of `fs` other than these functions.
fn uses_files(file: &SourceFile, but: &[&str]) -> bool {
    let used = |path: &Vec<String>| path.iter().skip_while(|part| *part != "fs").nth(1).cloned();
    paths(file).iter().filter_map(used).any(|function| !but.contains(&function.as_str()))
}

/// Functions that look for files and their kinds without reading their contents.
const LOOKING: [&str; 4] = ["canonicalize", "metadata", "read_dir", "symlink_metadata"];

#[test]
fn only_load_knows_yaml_and_reads_documents() {
    for file in sources("normalizer/src").into_iter().chain(sources("generator/src")) {
        let knows = paths(&file).iter().any(|path| ["serde_yaml", "saphyr_parser"].contains(&path[0].as_str()));
        assert!(!knows || ["load", "spans"].contains(&stage(&file).as_str()), "{} parses YAML", file.path);
    }
    for file in sources("normalizer/src") {
        assert!(!uses_files(&file, &LOOKING) || stage(&file) == "load", "{} reads files", file.path);
    }
}

/// The files of the command-line tool that write files which are not generated: a new project, overlays and snapshots.
const CLI_WRITES: [&str; 5] =
    ["cli/src/diff/bump.rs", "cli/src/new.rs", "cli/src/normalize.rs", "cli/src/snapshot.rs", "cli/src/stamp.rs"];

#[test]
fn only_write_writes() {
    let reading = [&LOOKING[..], &["read", "read_to_string"]].concat();
    for file in ["normalizer", "generator", "cli"].into_iter().flat_map(|krate| sources(&format!("{krate}/src"))) {
        // `load` opens files to read them; `only_load_knows_yaml_and_reads_documents` checks that no other file does.
        let may = ["write", "load"].contains(&stage(&file).as_str()) || CLI_WRITES.contains(&file.path.as_str());
        assert!(may || !uses_files(&file, &reading), "{} writes files", file.path);
    }
}

#[test]
fn nothing_that_only_verifies_is_in_a_library() {
    for krate in ["normalizer", "generator", "runtime", "cli"] {
        let manifest = fs::read_to_string(root().join(krate).join("Cargo.toml")).unwrap();
        let manifest: toml_edit::DocumentMut = manifest.parse().unwrap();
        let dependencies = manifest.get("dependencies").and_then(toml_edit::Item::as_table_like).unwrap();
        for verifying in ["verify", "clientwright-contract", "jsonschema", "fancy-regex", "regex-syntax"] {
            assert!(!dependencies.contains_key(verifying), "{krate} depends on {verifying}");
        }
    }
}

/// Returns `true` if a path names an item that differs between targets: HTTP, files, tasks, timers, the time.
fn differs_by_target(path: &[String]) -> bool {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    matches!(
        path.as_slice(),
        ["reqwest" | "js_sys" | "wasm_bindgen" | "wasm_bindgen_futures" | "web_sys" | "web_time", ..]
            | ["url", _, ..]
            | ["tokio", "fs" | "spawn" | "task" | "time", ..]
            | ["std", "time", "Instant", ..]
            | [.., "SystemTime", "now"]
    )
}

#[test]
fn only_platform_knows_the_http_client_and_the_time() {
    let (platform, rest): (Vec<SourceFile>, Vec<SourceFile>) =
        sources("runtime/src").into_iter().partition(|file| file.path.starts_with("runtime/src/platform"));
    assert!(platform.iter().flat_map(paths).any(|path| differs_by_target(&path)));
    for file in rest {
        let Some(path) = paths(&file).into_iter().find(|path| differs_by_target(path)) else { continue };
        let sets_up = ["runtime/src/lib.rs", "runtime/src/client/transport.rs", "runtime/src/transport.rs"]
            .contains(&file.path.as_str());
        assert!(sets_up && path[0] == "reqwest", "{} names {}", file.path, path.join("::"));
    }
}

#[test]
fn every_generated_function_is_inline() {
    for file in sources("runtime/src") {
        assert_eq!(macro_functions_without_inline(&file), [""; 0], "{}", file.path);
    }
    for file in sources("generated/src") {
        for (index, line) in file.text.lines().enumerate() {
            let line = line.trim_start();
            let before = file.text.lines().take(index).collect::<Vec<_>>();
            let attributes = before.iter().rev().take_while(|line| line.trim_start().starts_with("#["));
            let is_inline = attributes.clone().any(|line| line.trim() == "#[inline]");
            assert!(function_name(line).is_none() || is_inline, "{}:{}: {line}", file.path, index + 1);
        }
    }
}

#[test]
fn functions_and_files_are_short() {
    let mut faults = Vec::new();
    for file in CRATES.iter().flat_map(|krate| sources(&format!("{krate}/src"))) {
        faults.extend(
            long_functions(&file.text, 60)
                .into_iter()
                .map(|(name, lines)| format!("{}: {name}, {lines} lines", file.path)),
        );
        let lines = file.text.lines().count();
        if lines > 700 {
            faults.push(format!("{}: {lines} lines", file.path));
        }
    }
    assert_eq!(faults, [""; 0]);
}

/// Collects the files below a folder that neither `owner` nor a file in the folder declares as a module.
fn undeclared(folder: &Path, owner: &Path, found: &mut Vec<String>) {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let declarations = [owner, &folder.join("mod.rs"), &folder.join("main.rs")].map(read).concat();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry of a folder").path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_declared = ["lib", "main", "mod"].contains(&&*name) || declarations.contains(&format!("mod {name};"));
        if path.is_dir() {
            undeclared(&path, &folder.join(format!("{name}.rs")), found);
        } else if !is_declared && path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path.display().to_string());
        }
    }
}

#[test]
fn every_file_is_a_module() {
    let mut found = Vec::new();
    for krate in CRATES {
        let folder = root().join(krate).join("src");
        undeclared(&folder, &folder.join("lib.rs"), &mut found);
    }
    assert_eq!(found, [""; 0], "the compiler does not see these files");
}

#[test]
fn every_module_says_what_it_is() {
    for file in CRATES.iter().flat_map(|krate| sources(&format!("{krate}/src"))) {
        assert!(
            (file.text.starts_with("//! ") || file.text.starts_with("#![doc = include_str!")),
            "{} does not open with `//!`",
            file.path
        );
    }
}

/// Returns the public methods in the arms of a macro of the runtime, by type.
fn methods_in_macro(file: &SourceFile, name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let start = file.text.find(&format!("macro_rules! __{name} {{")).unwrap_or_else(|| panic!("no macro {name}"));
    let end = file.text[start..].find("\n}\n").map_or(file.text.len(), |end| start + end);
    let mut methods: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut of = String::new();
    for line in file.text[start..end].lines().map(str::trim_start) {
        let is_name = |text: &&str| text.chars().all(|character| character.is_alphanumeric() || character == '_');
        let forwarded = || line.strip_suffix(");")?.split('(').next().filter(is_name);
        if let Some(rest) = line.strip_prefix("impl $").or(line.strip_prefix("$crate::__forward! { $")) {
            of = rest.split([' ', '<', '.']).next().unwrap_or_default().to_owned();
        } else if let Some(rest) = line.strip_prefix("pub fn ").or_else(forwarded) {
            let method = rest.split(['(', '<']).next().unwrap_or_default();
            methods.entry(of.clone()).or_default().insert(method.to_owned());
        }
    }
    methods
}

fn file<'f>(files: &'f [SourceFile], path: &str) -> &'f SourceFile {
    files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no file {path}"))
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// `name` reserves exactly the methods that the runtime's macros define on generated types.
#[test]
fn reserved_methods_are_those_of_the_runtime() {
    let (generator, runtime) = (sources("generator/src/name"), sources("runtime/src"));
    let reserved = |name: &str| words_of(file(&generator, "generator/src/name/mod.rs"), name);
    let client = methods_in_macro(file(&runtime, "runtime/src/client/macros.rs"), "client");
    let transport = methods_in_macro(file(&runtime, "runtime/src/client/macros.rs"), "client_transport");
    let derived =
        |methods: &BTreeSet<String>, traits: &[&str]| methods.union(&set(traits)).cloned().collect::<BTreeSet<_>>();
    let mock = methods_in_macro(file(&runtime, "runtime/src/testing.rs"), "client_mock");
    let builder = &(&client["builder"] | &transport["builder"]) | &mock["builder"];
    assert_eq!(reserved("RESERVED_BUILDER"), derived(&builder, &["fmt", "from_env"]));
    assert_eq!(reserved("RESERVED_ACCESSORS"), derived(&client["client"], &["clone", "fmt", "into", "try_into"]));
    let auth = methods_in_macro(file(&runtime, "runtime/src/auth/macros.rs"), "client_auth");
    let oauth2 = methods_in_macro(file(&runtime, "runtime/src/auth/macros.rs"), "oauth2");
    assert_eq!(reserved("RESERVED_CREDENTIALS"), derived(&(&auth["auth"] | &oauth2["auth"]), &["clone", "fmt"]));
    let call = methods_in_macro(file(&runtime, "runtime/src/call/macros.rs"), "call");
    assert_eq!(reserved("RESERVED_SETTERS"), derived(&call["name"], &["into_future"]));
    assert_eq!(reserved("RESERVED_PAGED"), methods_in_macro(file(&runtime, "runtime/src/paging.rs"), "pages")["name"]);
    assert_eq!(reserved("RESERVED_POLLED"), methods_in_macro(file(&runtime, "runtime/src/polling.rs"), "wait")["name"]);
}

/// The reserved types are those that generated files import from the runtime or write without a path.
#[test]
fn reserved_types_are_those_that_generated_files_import() {
    let (generator, emit) = (sources("generator/src/name"), sources("generator/src/emit"));
    let reserved = |name: &str| words_of(file(&generator, "generator/src/name/mod.rs"), name);
    let imported: BTreeSet<String> = emit
        .iter()
        // The client's file defines no items named in a document.
        .filter(|file| !file.path.ends_with("client.rs") && !file.path.ends_with("credentials.rs"))
        .flat_map(|file| file.text.split(".runtime(\"").skip(1))
        .filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
        .collect();
    let all: BTreeSet<String> =
        ["RESERVED_EVERYWHERE", "RESERVED_TYPES", "RESERVED_IN_TAG"].into_iter().flat_map(reserved).collect();
    let missing: Vec<&String> = imported.difference(&all).collect();
    assert!(missing.is_empty(), "imported but not reserved: {missing:?}");
    let prelude = set(&[
        "BTreeMap", "Box", "Client", "Clone", "Copy", "Debug", "Default", "Eq", "Err",
        // The type parameter of a setter.
        "F", "From", "Hash", "Into", "IntoIterator", "None", "Ok", "Option", "Ord", "PartialEq", "PartialOrd", "Result",
        "Some", "String", "ToString", "TryFrom", "Vec",
    ]);
    let runtime = sources("runtime/src");
    let defined = |name: &str| {
        let definition = |kind: &str| format!("pub {kind} {name}");
        let is_definition =
            |line: &str| ["struct", "enum", "trait", "type"].iter().any(|kind| line.starts_with(&definition(kind)));
        ["Bytes", "JsonValue", "Uuid"].contains(&name)
            || runtime.iter().any(|file| file.text.lines().any(is_definition))
    };
    let stale: Vec<&String> = all.iter().filter(|name| !prelude.contains(*name) && !defined(name)).collect();
    assert!(stale.is_empty(), "reserved, and the runtime has no such type: {stale:?}");
}

/// Returns the names that a `use` imports.
fn imported(tree: &syn::UseTree) -> Vec<String> {
    match tree {
        syn::UseTree::Path(path) => imported(&path.tree),
        syn::UseTree::Name(name) => vec![name.ident.to_string()],
        syn::UseTree::Rename(name) => vec![name.rename.to_string()],
        syn::UseTree::Glob(_) => vec!["*".to_owned()],
        syn::UseTree::Group(group) => group.items.iter().flat_map(imported).collect(),
    }
}

#[test]
fn the_table_of_the_runtime_has_every_item_of_its_root() {
    let files = sources("runtime/src");
    let root = file(&files, "runtime/src/lib.rs");
    let table: BTreeSet<&str> = root
        .text
        .lines()
        .filter(|line| line.starts_with("//! | "))
        .flat_map(|line| line.split('`'))
        .map(|name| name.trim_end_matches('!'))
        .collect();
    let exported = root.items.iter().flat_map(|item| match item {
        syn::Item::Use(item) if matches!(item.vis, syn::Visibility::Public(_)) => imported(&item.tree),
        syn::Item::Type(item) => vec![item.ident.to_string()],
        _ => Vec::new(),
    });
    let missing: Vec<String> = exported.filter(|name| !table.contains(name.as_str())).collect();
    assert_eq!(missing, [""; 0]);
}

/// Returns the pages for contributors, with their paths.
fn pages() -> Vec<(String, String)> {
    let folder = "docs/contribute";
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let names = entries.map(|entry| format!("{folder}/{}", entry.unwrap().file_name().to_str().unwrap()));
    let roots = ["ARCHITECTURE.md", "CONTRIBUTING.md"].map(str::to_owned);
    let page = |name: String| {
        let text = fs::read_to_string(root().join(&name)).unwrap();
        (name, text)
    };
    roots.into_iter().chain(names).map(page).collect()
}

/// Each invariant in the pages for contributors names the test that enforces it, as `file::function`.
#[test]
fn every_invariant_names_its_test() {
    for (name, text) in pages() {
        let invariants = text.split("\n\n").filter(|paragraph| paragraph.trim_start().starts_with("**Invariant"));
        let faults: Vec<String> = invariants.clone().flat_map(missing_tests).collect();
        assert_eq!(faults, [""; 0], "{name}");
        assert!(!WITH_INVARIANTS.contains(&name.as_str()) || invariants.count() > 0, "{name} has no invariant");
    }
}

/// Each file and folder named in a page for contributors exists, except those with placeholders.
#[test]
fn every_named_path_exists() {
    let placeholders = [" ", "*", "[", "NAME", "API", "CODE", "artifacts", "clinic"];
    let is_path = |word: &&str| {
        let folder = word.split_once('/').map_or("", |(folder, _)| folder);
        !["", "..", "target"].contains(&folder)
            && root().join(folder).is_dir()
            && !placeholders.iter().any(|part| word.contains(part))
    };
    for (name, text) in pages() {
        for path in text.split('`').filter(is_path) {
            let path = path.split("::").next().unwrap();
            assert!(root().join(path).exists(), "{name}: there is no {path}");
        }
    }
}

#[test]
fn every_behaviour_on_the_wire_names_its_test() {
    let text = fs::read_to_string(root().join("docs/WIRE.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| case"));
    let rows = rows.filter(|row| !row.contains("| fixture `"));
    let faults: Vec<String> = rows.flat_map(missing_tests).collect();
    assert_eq!(faults, [""; 0]);
}

/// Returns the missing tests of a paragraph, or that it names no test.
fn missing_tests(paragraph: &str) -> Vec<String> {
    let held: Vec<&str> = paragraph.split('`').filter(|word| word.contains(".rs::")).collect();
    if held.is_empty() {
        return vec![format!("no test: {paragraph}")];
    }
    let is_missing = |test: &&&str| {
        let (path, function) = test.split_once("::").unwrap();
        let text = fs::read_to_string(root().join(path)).unwrap_or_default();
        let function = function.rsplit("::").next().unwrap_or_default();
        !text.contains(&format!("fn {function}(")) && !text.contains(&format!("{function}:"))
    };
    held.iter().filter(is_missing).map(|test| format!("there is no test `{test}`")).collect()
}
