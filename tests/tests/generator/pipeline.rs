//! The pipeline as a whole: checked-in files are current, equal documents give equal bytes, nothing is lost, and files are written either
//! completely or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clientwright::diagnostic::{DiagnosticKind as Finding, any_error};
use clientwright::generate::{Document, generate, read_api};
use clientwright::internal::write::{Change, File};
use clientwright::ir::{FormKind, Owner, Shape, Text, Type};
use clientwright::project::{Mode, Project, Report};
use tempfile::TempDir;
use workspace_tests::census::{Census, Sums};
use workspace_tests::{Kind, document, files, fixtures, many_types, one, rendered, root, rust, specs};

/// Returns a document with one operation and one schema.
fn small(operation: &str, schema: &str) -> String {
    format!(
        "openapi: 3.0.3
info: {{title: Small, version: 1.0.0}}
paths:
  /things:
    get:
      operationId: {operation}
      tags: [things]
      responses: {{'200': {{description: A thing., content: {{application/json: {{schema: {{$ref: '#/components/schemas/{schema}'}}}}}}}}}}
components:
  schemas:
    {schema}: {{type: object, properties: {{name: {{type: string}}}}}}
"
    )
}

/// A project in a temporary folder.
struct Scratch {
    folder: TempDir,
}

impl Scratch {
    fn new() -> Self {
        let scratch = Self { folder: tempfile::tempdir().expect("a folder") };
        scratch.write(
            "client/Cargo.toml",
            "[package]\nname = \"client\"\n\n[features]\ndefault = [\"serde\"]\nserde = [\"runtime/serde\"]\n",
        );
        fs::create_dir(scratch.folder.path().join("specs")).expect("a folder");
        scratch
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn spec(&self, module: &str, text: &str) {
        self.write(&format!("specs/{module}.yaml"), text);
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn has(&self, path: &str) -> bool {
        self.folder.path().join(path).exists()
    }

    fn run(&self, only: &[&str], mode: Mode) -> Report {
        let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
        Project::new(self.folder.path().join("specs"), self.folder.path().join("client")).codegen(&only, mode)
    }

    fn codegen(&self) -> Report {
        let report = self.run(&[], Mode::Write);
        assert_eq!(report.findings.errors(), 0, "{}", report.findings);
        report
    }

    /// Returns every file with its contents.
    fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        let mut tree = BTreeMap::new();
        collect(self.folder.path(), self.folder.path(), &mut tree);
        tree
    }
}

fn collect(root: &Path, folder: &Path, tree: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, tree);
        } else {
            let name = path.strip_prefix(root).expect("a path below").to_string_lossy().replace('\\', "/");
            tree.insert(name, fs::read(&path).expect("a file"));
        }
    }
}

fn paths(report: &Report, change: Change) -> Vec<&str> {
    report.changes.iter().filter(|(_, other)| *other == change).map(|(path, _)| path.as_str()).collect()
}

#[test]
fn what_is_checked_in_is_what_the_documents_give() {
    let report = Project::find(&root()).unwrap().codegen(&[], Mode::Check);
    assert_eq!(report.findings.errors(), 0, "{}", report.findings);
    assert!(
        report.changes.is_empty() && report.foreign.is_empty(),
        "the generated crate is not what its documents say: {:#?} {:#?}\nrun: cargo xtask codegen",
        report.changes,
        report.foreign,
    );
}

#[test]
fn the_documents_hold_what_they_are_known_to_hold() {
    let sums: BTreeMap<String, Sums> =
        specs().iter().map(|spec| (spec.module.clone(), Census::of(&spec.source.text).sums())).collect();
    let total: Sums = sums.values().copied().sum();
    assert_eq!(
        (total.operations, total.parameters, total.bodies, total.body_fields),
        (98, 217, 33, 116),
        "operations, parameters, bodies, fields of bodies; each document: {sums:#?}"
    );
}

/// The same sums, counted in the IR: nothing is lost between the document and the IR.
#[test]
fn the_ir_of_the_documents_holds_as_much_as_they_do() {
    for spec in specs() {
        let sums = Census::of(&spec.source.text).sums();
        let (api, said) = read_api(&spec).unwrap_or_else(|errors| panic!("{}", rendered(&errors, &spec)));
        assert!(said.is_empty(), "{}", rendered(&said, &spec));
        let parameters: usize = api.operations.iter().map(|operation| operation.parameters.len()).sum();
        let bodies = api.operations.iter().filter(|operation| operation.body.is_some()).count();
        assert_eq!(api.operations.len(), sums.operations, "operations of {}", spec.module);
        assert_eq!(parameters, sums.parameters, "parameters of {}", spec.module);
        assert_eq!(bodies, sums.bodies, "bodies of {}", spec.module);
        let components = api.types.iter().filter(|(_, ty)| matches!(ty.owner, clientwright::ir::Owner::Component(_)));
        assert_eq!(components.count(), sums.schemas, "schemas of {}", spec.module);
    }
}

#[test]
fn the_first_call_is_of_a_path_without_a_query() {
    let list = "responses: {'200': {description: Things., content: {application/json: {schema: {type: array, items: {type: string}}}}}}";
    let text = format!(
        "openapi: 3.0.3
info: {{title: Small, version: 1.0.0}}
paths:
  '/things?full=1': {{get: {{operationId: listFull, {list}}}}}
  /things: {{post: {{operationId: add, responses: {{'204': {{description: Added.}}}}}}}}
  /things/{{id}}:
    get:
      operationId: getOne
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
      responses: {{'204': {{description: A thing.}}}}
"
    );
    let files = files(&one(&document("small", text)));
    let mut front = files.iter().flat_map(|file| file.contents.lines()).filter(|line| line.starts_with("//!"));
    let call = front.find_map(|line| line.split_once("client.")?.1.split_once('(')).map(|(name, _)| name);
    assert_eq!(call, Some("get_one"));
}

#[test]
fn the_order_of_documents_does_not_matter() {
    let mut documents = specs();
    let mut modules: Vec<String> = documents.iter().map(|document| document.module.clone()).collect();
    let forwards = generate(&documents, &modules, "cargo xtask codegen");
    documents.reverse();
    modules.reverse();
    let backwards = generate(&documents, &modules, "cargo xtask codegen");
    assert!(!files(&forwards).is_empty());
    assert_eq!(files(&forwards), files(&backwards));
    assert_eq!(forwards.root, backwards.root);
    for document in &documents {
        let alone = files(&one(document));
        let together: Vec<_> = files(&forwards)
            .into_iter()
            .filter(|file| file.path.starts_with(&format!("{}/", document.module)))
            .collect();
        assert_eq!(alone, together, "{} differs when it is generated alone", document.module);
    }
}

fn all_that_is_generated() -> Vec<Document> {
    let fixtures = [Kind::Ok, Kind::Unsupported].into_iter().flat_map(fixtures).map(|fixture| fixture.document);
    specs().into_iter().chain(fixtures).collect()
}

/// Returns an operation as documentation shows it, without the fragment that only makes its path unique.
fn place_of(method: &str, path: &str) -> String {
    format!("`{method} {}`", path.split('#').next().unwrap())
}

/// Each operation and component schema of a document is generated or has a diagnostic at its place; a second run gives the same result.
#[test]
fn what_goes_in_comes_out_or_is_named() {
    for document in all_that_is_generated() {
        let name = &document.source.name;
        let generation = one(&document);
        assert!(!any_error(&generation.diagnostics), "{}", rendered(&generation.diagnostics, &document));
        let census = Census::of(&document.source.text);
        let files = files(&generation);
        let again = one(&document);
        assert!(files == self::files(&again) && generation.diagnostics == again.diagnostics, "{name}: two runs differ");
        let lines: Vec<String> = files.iter().flat_map(rust::doc_lines).collect();
        let said_at = |pointer: &str| {
            generation.diagnostics.iter().any(|diagnostic| {
                diagnostic.kind == Finding::Unsupported && diagnostic.pointer.as_str().starts_with(pointer)
            })
        };
        let (mut emitted, mut named) = (0, 0);
        for (method, path, operation) in census.operations() {
            let line = format!("`{method} {path}`");
            let is_emitted = lines.contains(&place_of(&method, &path));
            let pointer =
                clientwright_normalizer::pointer::Pointer::root().key("paths").key(&path).key(&method.to_lowercase());
            if is_emitted {
                emitted += 1;
            } else {
                assert!(said_at(pointer.as_str()), "{name}: {line} is neither generated nor named");
                let id = operation["operationId"].as_str().expect("an operationId");
                let named_so = |message: &str| message.contains(&format!("`{id}`")) || message.contains(&line);
                assert!(
                    generation.diagnostics.iter().any(|diagnostic| named_so(&diagnostic.message)),
                    "{name}: {line} is not called by its name: {}",
                    rendered(&generation.diagnostics, &document)
                );
                named += 1;
            }
        }
        for schema in census.schemas() {
            let line = format!("`/components/schemas/{schema}`");
            let times = lines.iter().filter(|other| **other == line).count();
            // A type with an input type appears in both forms.
            let forms =
                generation.apis[0].api.types.iter().filter(|(_, ty)| format!("`{}`", ty.origin.as_str()) == line);
            // A file has no named type.
            let has_form = |ty: &Type| match ty.owner {
                Owner::Form(_, FormKind::Multipart) => ty.shape != Shape::Text(Text::File),
                Owner::Component(_) | Owner::Form(..) => true,
                _ => false,
            };
            let forms = forms.filter(|(_, ty)| has_form(ty)).count();
            assert!(
                times > 0 && times == forms || said_at(line.trim_matches('`')),
                "{name}: {line} is there {times} times"
            );
        }
        let api = &generation.apis[0].api;
        assert_eq!(api.unsupported_operations, named, "{name}: operations that are not generated");
        assert_eq!(api.operations.len(), emitted, "{name}: operations that are generated");
        let components = api.types.iter().filter(|(_, ty)| ty.is_component()).count();
        assert_eq!(components, census.schemas().len(), "{name}: schemas");
    }
}

#[test]
fn files_are_written_once_and_then_left_alone() {
    let scratch = Scratch::new();
    scratch.spec("alpha", &small("listThings", "Thing"));
    let first = scratch.codegen();
    assert_eq!(first.apis.len(), 1);
    assert_eq!(first.apis[0].operations, 1);
    assert!(paths(&first, Change::Created).contains(&"src/alpha/types/thing.rs"));
    let tree = scratch.tree();
    let second = scratch.codegen();
    assert_eq!(second.changes, []);
    assert_eq!(tree, scratch.tree());
    assert!(scratch.run(&[], Mode::Check).changes.is_empty());
}

#[test]
fn nothing_is_written_if_there_is_any_error() {
    let scratch = Scratch::new();
    scratch.spec("alpha", &small("listThings", "Thing"));
    scratch.spec("beta", &small("listOthers", "Other"));
    scratch.codegen();
    scratch.spec("alpha", &small("listThingsNow", "Thing"));
    let broken = small("listOthers", "Other")
        .replace("description: A thing.", "descripton: A thing.")
        .replace("type: string", "typ: string");
    scratch.spec("beta", &broken);
    let before = scratch.tree();
    for mode in [Mode::Write, Mode::Check] {
        let report = scratch.run(&[], mode);
        assert!(report.findings.errors() >= 3, "{}", report.findings);
        assert!(report.changes.is_empty());
        assert!(report.apis.is_empty());
        assert_eq!(before, scratch.tree(), "something was written in spite of errors");
    }
    let shown = scratch.run(&[], Mode::Write).findings.to_string();
    let places = ["descripton", "typ"]
        .map(|word| shown.find(&format!("`{word}`")).unwrap_or_else(|| panic!("{word} is not shown:\n{shown}")));
    assert!(places.is_sorted(), "errors are not in the order of the file:\n{shown}");
    assert!(shown.contains("specs/beta.yaml:"), "{shown}");
}

#[test]
fn errors_of_several_documents_are_all_shown() {
    let scratch = Scratch::new();
    scratch.spec("alpha", &small("listThings", "Thing").replace("operationId", "operationID"));
    scratch.spec("beta", "openapi: 3.0.3\ninfo: [\n");
    fs::write(scratch.folder.path().join("specs/gamma.yaml"), b"openapi: \xff\n").expect("a file");
    let shown = scratch.run(&[], Mode::Write).findings.to_string();
    for name in ["alpha", "beta", "gamma"] {
        assert!(shown.contains(&format!("specs/{name}.yaml")), "{name} is not shown:\n{shown}");
    }
    assert!(!scratch.has("client/src"));
}

#[test]
fn what_is_stale_goes_and_what_is_foreign_stays() {
    let scratch = Scratch::new();
    scratch.spec("alpha", &small("listThings", "Thing"));
    scratch.codegen();
    scratch.write("client/src/alpha/types/by_hand.rs", "// Written by hand.\n");
    scratch.spec("alpha", &small("listThings", "Item"));
    let report = scratch.codegen();
    assert_eq!(paths(&report, Change::Removed), ["src/alpha/types/thing.rs"]);
    assert_eq!(paths(&report, Change::Created), ["src/alpha/types/item.rs"]);
    assert_eq!(report.foreign, ["src/alpha/types/by_hand.rs"]);
    assert!(!scratch.has("client/src/alpha/types/thing.rs"));
    assert_eq!(scratch.read("client/src/alpha/types/by_hand.rs"), "// Written by hand.\n");
}

#[test]
fn a_check_lists_what_is_stale_missing_and_extra() {
    let scratch = Scratch::new();
    scratch.spec("alpha", &small("listThings", "Thing"));
    scratch.codegen();
    let mod_rs = scratch.read("client/src/alpha/mod.rs");
    scratch.write("client/src/alpha/mod.rs", &format!("{mod_rs}// Changed by hand.\n"));
    fs::remove_file(scratch.folder.path().join("client/src/alpha/things.rs")).expect("the file is there");
    scratch.write("client/src/alpha/types/old.rs", "// @generated by somebody\n");
    let before = scratch.tree();
    let report = scratch.run(&[], Mode::Check);
    let expected = [
        ("src/alpha/mod.rs".to_owned(), Change::Updated),
        ("src/alpha/things.rs".to_owned(), Change::Created),
        ("src/alpha/types/old.rs".to_owned(), Change::Removed),
    ];
    assert_eq!(report.changes, expected);
    assert_eq!(before, scratch.tree(), "a check has changed something");
    scratch.codegen();
    assert!(scratch.run(&[], Mode::Check).changes.is_empty());
}

#[test]
fn a_document_that_goes_takes_its_module_and_feature_along() {
    let scratch = Scratch::new();
    scratch.spec("alpha", &small("listThings", "Thing"));
    scratch.spec("beta", &small("listOthers", "Other"));
    scratch.codegen();
    assert!(scratch.read("client/src/lib.rs").contains("pub mod beta;"));
    assert!(scratch.read("client/Cargo.toml").contains("beta = []"));
    fs::remove_file(scratch.folder.path().join("specs/beta.yaml")).expect("the file is there");
    scratch.codegen();
    assert!(!scratch.has("client/src/beta"), "the module's folder is still there");
    assert!(!scratch.read("client/src/lib.rs").contains("beta"));
    let manifest: toml_edit::DocumentMut = scratch.read("client/Cargo.toml").parse().expect("TOML");
    let features = manifest["features"].as_table().expect("a table");
    let names: Vec<&str> = features.iter().map(|(name, _)| name).collect();
    assert!(names.contains(&"alpha") && names.contains(&"serde") && !names.contains(&"beta"), "{names:?}");
    let default: Vec<_> =
        features["default"].as_array().expect("a list").iter().filter_map(|name| name.as_str()).collect();
    assert!(default.contains(&"alpha") && default.contains(&"serde") && !default.contains(&"beta"), "{default:?}");
}

#[test]
fn one_api_leaves_the_others_alone() {
    let scratch = Scratch::new();
    scratch.spec("alpha", &small("listThings", "Thing"));
    scratch.spec("beta", &small("listOthers", "Other"));
    scratch.codegen();
    scratch.spec("alpha", &small("listThings", "Item"));
    scratch.spec("beta", &small("listOthers", "Another"));
    let report = scratch.run(&["alpha"], Mode::Write);
    assert_eq!(report.findings.errors(), 0, "{}", report.findings);
    assert!(report.changes.iter().all(|(path, _)| path.starts_with("src/alpha/")), "{:?}", report.changes);
    assert!(scratch.has("client/src/alpha/types/item.rs"));
    assert!(!scratch.has("client/src/alpha/types/thing.rs"));
    assert!(scratch.has("client/src/beta/types/other.rs"), "the other API was touched");
    assert!(scratch.read("client/src/lib.rs").contains("pub mod beta;"));
    // An error in the other document does not prevent it either.
    scratch.spec("beta", "nonsense");
    assert_eq!(scratch.run(&["alpha"], Mode::Check).findings.errors(), 0);
}

#[test]
fn a_document_that_was_never_generated_has_no_module() {
    let scratch = Scratch::new();
    scratch.spec("pets", &small("listPets", "Pet"));
    scratch.codegen();
    scratch.spec("shops", &small("listShops", "Shop"));
    assert_eq!(scratch.run(&["pets"], Mode::Write).findings.errors(), 0);
    for path in ["client/src/lib.rs", "client/Cargo.toml"] {
        assert!(!scratch.read(path).contains("shops"), "{path}: {}", scratch.read(path));
    }
    scratch.codegen();
    assert!(scratch.read("client/src/lib.rs").contains("pub mod shops;"));
}

#[test]
fn a_name_that_no_document_has_is_refused() {
    let scratch = Scratch::new();
    scratch.spec("alpha", &small("listThings", "Thing"));
    let report = scratch.run(&["alhpa"], Mode::Write);
    assert_eq!(report.findings.errors(), 1);
    assert!(
        report.findings.to_string().contains("alhpa") && report.findings.to_string().contains("alpha"),
        "{}",
        report.findings
    );
    assert!(!scratch.has("client/src"));
}

#[test]
fn a_file_name_that_is_no_module_name_is_refused() {
    for name in ["Alpha", "my-api", "type", "lib", "2nd", "größe"] {
        let scratch = Scratch::new();
        scratch.spec(name, &small("listThings", "Thing"));
        let report = scratch.run(&[], Mode::Write);
        assert_eq!(report.findings.errors(), 1, "{name}: {}", report.findings);
        assert!(report.findings.to_string().contains(&format!("specs/{name}.yaml")), "{}", report.findings);
        assert!(!scratch.has("client/src"));
    }
}

#[test]
fn overlays_and_other_files_are_no_documents() {
    let scratch = Scratch::new();
    scratch.spec("alpha", &small("listThings", "Thing"));
    scratch.write("specs/alpha.overlay.yaml", "nonsense");
    scratch.write("specs/notes.md", "nonsense");
    assert_eq!(scratch.codegen().apis.len(), 1);
}

#[test]
fn a_missing_folder_or_manifest_is_an_error_and_no_panic() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = Project::new(folder.path().join("specs"), folder.path().join("client")).codegen(&[], Mode::Write);
    assert_eq!(report.findings.errors(), 1, "{}", report.findings);
    let scratch = Scratch::new();
    scratch.spec("alpha", &small("listThings", "Thing"));
    fs::remove_file(scratch.folder.path().join("client/Cargo.toml")).expect("the file is there");
    assert_eq!(scratch.run(&[], Mode::Write).findings.errors(), 1);
    assert!(!scratch.has("client/src"), "files were written without a manifest");
}

/// A change of one schema affects only that schema's file.
#[test]
fn a_change_touches_the_files_that_it_names() {
    let scratch = Scratch::new();
    let text =
        format!("{}    Other: {{type: object, properties: {{x: {{type: integer}}}}}}\n", small("listThings", "Thing"));
    scratch.spec("alpha", &text);
    scratch.codegen();
    scratch.spec("alpha", &text.replace("x: {type: integer}", "x: {type: integer}, y: {type: string}"));
    let report = scratch.codegen();
    assert_eq!(report.changes, [("src/alpha/types/other.rs".to_owned(), Change::Updated)]);
    scratch.spec("alpha", &text.replace("get:\n", "get:\n      summary: Lists them.\n"));
    let mut changed: Vec<String> = scratch.codegen().changes.into_iter().map(|(path, _)| path).collect();
    changed.sort();
    assert_eq!(changed, ["src/alpha/things.rs", "src/alpha/types/other.rs"]);
}

/// Generated files contain nothing specific to the machine or the day.
#[test]
fn files_tell_where_they_come_from_and_nothing_else() {
    for spec in specs() {
        for file in files(&one(&spec)) {
            let header =
                format!("// @generated by cargo xtask codegen from specs/{}.yaml. Do not edit.\n", spec.module);
            assert!(file.contents.starts_with(&header), "{}", file.path);
            assert!(file.contents.ends_with('\n') && !file.contents.ends_with("\n\n"), "{}", file.path);
            assert!(!file.contents.contains(&root().display().to_string()), "{}", file.path);
            assert!(!file.contents.contains('\r') && !file.contents.contains('\t'), "{}", file.path);
            assert!(file.contents.lines().all(|line| !line.ends_with(' ')), "{}: a space at a line's end", file.path);
        }
    }
}

/// Three hundred operations and as many schemas are not a special case.
#[test]
fn three_hundred_operations() {
    let mut text = "openapi: 3.0.3\ninfo: {title: Large, version: 1.0.0}\npaths:\n".to_owned();
    for index in 0..300 {
        text.push_str(&format!(
            "  /things{index}/{{id}}: {{get: {{operationId: getThing{index}, tags: [tag{}], parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}], responses: {{'200': {{description: A thing., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing{index}'}}}}}}}}}}}}}}\n",
            index % 10
        ));
    }
    text.push_str("components:\n  schemas:\n");
    for index in 0..300 {
        text.push_str(&format!(
            "    Thing{index}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/Thing{}'}}}}}}\n",
            (index + 1) % 300
        ));
    }
    let generation = one(&document("large", text));
    assert!(generation.diagnostics.is_empty());
    let files = files(&generation);
    assert_eq!(generation.apis[0].api.operations.len(), 300);
    assert_eq!(files.len(), 300 + 10 + 3);
    assert_eq!(rust::faults(&files), Vec::<String>::new());
}

/// Links in documentation are paths, also in the file of a single operation.
#[test]
fn links_from_the_files_of_a_large_tag_are_paths() {
    let mut text = "openapi: 3.0.3\ninfo: {title: Large, version: 1.0.0}\npaths:\n".to_owned();
    let done = "responses: {'204': {description: Done.}}";
    let body = "requestBody: {content: {application/json: {schema: {type: object}}}}";
    for index in 0..70 {
        text.push_str(&format!(
            "  /jobs{index}: {{post: {{operationId: start{index}, tags: [jobs], {done}, \
             callbacks: {{ended: {{'{{$url}}': {{post: {{{body}, {done}}}}}}}}}}}}}\n"
        ));
    }
    let files = files(&one(&document("large", text)));
    let file = files.iter().find(|file| file.path.ends_with("jobs/start7.rs")).expect("a file of one operation");
    assert!(file.contents.contains("(super::super::webhooks::Start7Ended)"), "{}", file.contents);
}

/// A long index of types is split, and an additional type adds lines to one part only.
#[test]
fn no_index_is_longer_than_3000_lines() {
    let generated = |types| files(&one(&document("large", many_types(types))));
    let before = generated(3000);
    assert_eq!(rust::faults(&before), Vec::<String>::new());
    assert!(before.iter().all(|file| file.contents.lines().count() < 3000));
    let after = generated(3001);
    let index = |files: &[File]| -> BTreeMap<String, String> {
        let parts = files.iter().filter(|file| file.path.contains("/types/mod."));
        parts.map(|file| (file.path.clone(), file.contents.clone())).collect()
    };
    let (before, after) = (index(&before), index(&after));
    assert_eq!(before.len(), 17);
    let changed: Vec<_> = after.iter().filter(|(path, text)| before.get(*path) != Some(text)).collect();
    assert_eq!(changed.len(), 1, "{:?}", changed.iter().map(|(path, _)| path).collect::<Vec<_>>());
}

/// A byte order mark and Windows line ends, as some editors write them.
#[test]
fn a_byte_order_mark_and_windows_lines_change_nothing() {
    let text = small("listThings", "Thing");
    let plain = one(&document("alpha", text.clone()));
    let marked = one(&document("alpha", format!("\u{feff}{}", text.replace('\n', "\r\n"))));
    assert!(marked.diagnostics.is_empty());
    assert_eq!(files(&plain), files(&marked));
}

/// A document in JSON gives the same result as in YAML.
#[test]
fn json_is_yaml() {
    let text = small("listThings", "Thing");
    let value = clientwright_normalizer::load::parse(&document("alpha", text.clone()).source).expect("it parses");
    let json = serde_json::to_string_pretty(&value).expect("it is JSON");
    assert_eq!(files(&one(&document("alpha", text))), files(&one(&document("alpha", json))));
}
