//! Whatever the names in a document, the generated code is Rust: names are valid, unique in their scopes, and stay the
//! same when something is added. No text of the document escapes from its literals and doc comments.

use std::collections::{BTreeMap, BTreeSet};

use clientwright::Source;
use clientwright::generate::read_api;
use clientwright::internal::call_variants::call_variants;
use clientwright::internal::name::{Lock, Names, name_locked};
use clientwright::internal::write::File;
use clientwright::ir::{Api, Owner};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use workspace_tests::damage::config;
use workspace_tests::{document, files, one, rendered, rust};

/// Problematic texts: keywords, signs, digits, scripts, conflicts, and attempts to escape.
const ODD: &[&str] = &[
    "", " ", "_", "__", "-", "--", ".", "..", "*", "/", "\\", "\"", "'", "`", "{", "}", "{}", "#", "$", "@", "!", "%",
    "&", "|", "<", ">", "=", "+", "?", "~", "^", ",", ";", ":", "(", ")", "[", "]", "0", "1", "01", "1.0", "10", "1e3",
    "-1", "+1", "self", "Self", "super", "crate", "type", "Type", "fn", "match", "async", "await", "dyn", "gen", "try",
    "union", "macro", "macro_rules", "abstract", "yield", "static", "true", "false", "null", "None", "Some", "Ok",
    "Err", "Option", "Result", "String", "Vec", "Box", "str", "u8", "i64", "bool", "Client", "ClientBuilder", "Auth",
    "Call", "Operation", "Request", "Response", "Error", "Unknown", "unknown", "UNKNOWN", "Default", "default", "new",
    "clone", "drop", "fmt", "eq", "send", "timeout", "header", "into_future", "body", "call", "client", "value",
    "wire", "types", "mod", "lib", "main", "std", "core", "clientwright_runtime", "additional_properties",
    "additionalProperties", "foo", "Foo", "FOO", "foo_", "_foo", "foo-bar", "foo_bar", "fooBar", "FooBar", "foo.bar",
    "foo bar", "FooBar2", "foo_bar_2", "FooBarModel", "fooItem", "FooResponse", "FooBody", "größe", "GRÖSSE", "grosse",
    "имя", "日本", "日本語", "取得", "🦀", "🦀🦀", "e\u{301}", "\u{200b}", "\u{202e}", "\u{0}", "\n", "\t", "\r\n",
    "a\nb", "ﬁ", "ǆ", "İ", "ß", "ẞ", "Ⅷ", "²", "½", "*/", "/*", "//", "///", "//!", "*/ } fn inJECted() {",
    "\" ; fn inJECted() { } \"", "\n}\nfn inJECted() {}\n", "#[doc = \"inJECted\"]", "r#\"inJECted\"#",
    "');inJECted!();('", "${inJECted}", "{inJECted}", "\\\" inJECted", "inJECted!{}", "--inJECted", "</script>",
];

fn odd() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(ODD).prop_map(str::to_owned),
        2 => "[a-zA-Z_][a-zA-Z0-9_.-]{0,8}",
        2 => "\\PC{0,6}",
        1 => any::<String>().prop_map(|text| text.chars().take(12).collect()),
        1 => (prop::sample::select(ODD), prop::sample::select(ODD)).prop_map(|(one, other)| format!("{one}{other}")),
    ]
}

/// Returns names that OpenAPI allows for a component (§4.7.7).
fn component() -> impl Strategy<Value = String> {
    let plain = |text: &&str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let known: Vec<&str> = ODD.iter().copied().filter(plain).collect();
    prop_oneof![prop::sample::select(known).prop_map(str::to_owned), "[a-zA-Z0-9._-]{1,6}"]
}

/// Names for all parts of a small document.
#[derive(Clone, Debug)]
struct Plan {
    schemas: Vec<(String, Shape)>,
    operations: Vec<Operation>,
    schemes: Vec<String>,
    headers: Vec<String>,
}

#[derive(Clone, Debug)]
enum Shape {
    Object(Vec<(String, bool)>),
    Nested(Vec<String>),
    Enum(Vec<String>),
    Integers(Vec<i64>),
    Union,
    List,
    Open(Vec<String>),
}

#[derive(Clone, Debug)]
struct Operation {
    id: String,
    tag: Option<String>,
    path: Vec<String>,
    required: Vec<String>,
    optional: Vec<String>,
    cookies: Vec<String>,
    body: bool,
    outcomes: bool,
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        4 => vec((odd(), any::<bool>()), 0..8).prop_map(Shape::Object),
        2 => vec(odd(), 1..4).prop_map(Shape::Nested),
        3 => vec(odd(), 1..8).prop_map(Shape::Enum),
        1 => vec(any::<i64>(), 1..5).prop_map(Shape::Integers),
        1 => Just(Shape::Union),
        1 => Just(Shape::List),
        1 => vec(odd(), 0..4).prop_map(Shape::Open),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    let in_path = odd().prop_filter("a template", |text| !text.is_empty() && !text.contains(['{', '}', '/', '?', '#']));
    let named = || odd().prop_filter("a name", |text| !text.is_empty());
    (
        // A blank id counts as missing.
        odd().prop_filter("an id", |text| !text.trim().is_empty()),
        prop::option::of(odd()),
        vec(in_path, 0..3),
        vec(named(), 0..3),
        vec(named(), 0..4),
        vec(named(), 0..2),
        any::<(bool, bool)>(),
    )
        .prop_map(|(id, tag, path, required, optional, cookies, (body, outcomes))| Operation {
            id,
            tag,
            path,
            required,
            optional,
            cookies,
            body,
            outcomes,
        })
}

fn plan() -> impl Strategy<Value = Plan> {
    (
        vec((component(), shape()), 0..6),
        vec(operation(), 0..6),
        vec(component(), 0..3),
        vec("[A-Za-z][A-Za-z0-9-]{0,6}", 0..3),
    )
        .prop_map(|(schemas, operations, schemes, headers)| {
            let mut plan = Plan { schemas, operations, schemes, headers };
            let mut seen = BTreeSet::new();
            plan.schemas.retain(|(name, _)| seen.insert(name.clone()));
            let mut seen = BTreeSet::new();
            plan.operations.retain(|operation| seen.insert(operation.id.clone()));
            plan
        })
}

impl Plan {
    fn document(&self) -> Value {
        let mut paths = Map::new();
        for (index, operation) in self.operations.iter().enumerate() {
            let mut template = format!("/p{index}");
            unique(&operation.path).iter().for_each(|name| template.push_str(&format!("/{{{name}}}")));
            paths.insert(template, json!({"post": self.operation(operation)}));
        }
        let schemas: Map<String, Value> =
            self.schemas.iter().map(|(name, shape)| (name.clone(), self.shape(shape))).collect();
        let schemes: Map<String, Value> =
            self.schemes.iter().map(|name| (name.clone(), json!({"type": "http", "scheme": "basic"}))).collect();
        let headers: Map<String, Value> = self.headers();
        json!({
            "openapi": "3.0.3",
            "info": {"title": "Names", "version": "1"},
            "security": self.schemes.iter().map(|name| json!({name.clone(): []})).collect::<Vec<_>>(),
            "paths": paths,
            "components": {"schemas": schemas, "securitySchemes": schemes, "parameters": headers},
        })
    }

    fn headers(&self) -> Map<String, Value> {
        let mut seen = BTreeSet::new();
        let ignored = ["accept", "content-type", "authorization"];
        let names = self.headers.iter().filter(|name| !ignored.contains(&name.to_lowercase().as_str()));
        names
            .filter(|name| seen.insert(name.to_lowercase()))
            .enumerate()
            .map(|(index, name)| {
                (format!("H{index}"), json!({"name": name, "in": "header", "schema": {"type": "string"}}))
            })
            .collect()
    }

    fn reference(&self) -> Value {
        match self.schemas.first() {
            Some((name, _)) => json!({"$ref": format!("#/components/schemas/{name}")}),
            None => json!({"type": "object", "properties": {"x": {"type": "string", "enum": ["a"]}}}),
        }
    }

    fn shape(&self, shape: &Shape) -> Value {
        let text = json!({"type": "string"});
        let object = |names: Vec<String>, value: &dyn Fn(&str) -> Value| -> Map<String, Value> {
            names.into_iter().map(|name| (name.clone(), value(&name))).collect()
        };
        match shape {
            Shape::Object(fields) => {
                let names = fields.iter().map(|(name, _)| name.clone()).collect();
                let required: BTreeSet<&String> =
                    fields.iter().filter(|(_, required)| *required).map(|(name, _)| name).collect();
                let mut schema = json!({"type": "object", "properties": object(names, &|_| text.clone())});
                if !required.is_empty() {
                    schema["required"] = json!(required);
                }
                schema
            }
            Shape::Nested(names) => {
                let deep = json!({"type": "object", "properties": object(names.clone(), &|_| text.clone())});
                let deep = object(names.clone(), &|_| deep.clone());
                let inner = json!({"type": "object", "properties": {
                    "x": text, "y": {"type": "string", "enum": ["a"]}, "self": {"type": "object", "properties": deep},
                }});
                let list = json!({"type": "array", "items": inner});
                let inner = |name: &str| if name.len().is_multiple_of(2) { inner.clone() } else { list.clone() };
                json!({"type": "object", "properties": object(names.clone(), &inner)})
            }
            Shape::Enum(values) => json!({"type": "string", "enum": unique(values)}),
            Shape::Integers(values) => json!({"type": "integer", "enum": values.iter().collect::<BTreeSet<_>>()}),
            Shape::Union => json!({"oneOf": [
                {"type": "string"},
                {"type": "object", "title": "One", "required": ["a"], "properties": {"a": text}},
                {"type": "object", "title": "Other", "required": ["b"], "properties": {"b": text}},
            ]}),
            Shape::List => json!({"type": "array", "items": self.reference()}),
            Shape::Open(names) => {
                json!({"type": "object", "properties": object(names.clone(), &|_| text.clone()), "additionalProperties": text})
            }
        }
    }

    fn operation(&self, operation: &Operation) -> Value {
        let parameter = |place: &str, name: &str, required: bool| json!({"name": name, "in": place, "required": required, "schema": kind(name)});
        // Some of them import runtime types, which must not conflict with types of the file.
        fn kind(name: &str) -> Value {
            match name.len() % 4 {
                0 => json!({"type": "string", "format": "uuid"}),
                1 => json!({"type": "string", "format": "date-time"}),
                _ => json!({"type": "string"}),
            }
        }
        let required = unique(&operation.required);
        let optional = unique(&operation.optional).into_iter().filter(|name| !required.contains(name));
        let mut parameters: Vec<Value> = Vec::new();
        parameters.extend(unique(&operation.path).iter().map(|name| parameter("path", name, true)));
        parameters.extend(required.iter().map(|name| parameter("query", name, true)));
        parameters.extend(optional.map(|name| parameter("query", &name, false)));
        parameters.extend(unique(&operation.cookies).iter().map(|name| parameter("cookie", name, false)));
        parameters.extend(self.headers().keys().map(|name| json!({"$ref": format!("#/components/parameters/{name}")})));
        let content = json!({"application/json": {"schema": self.reference()}});
        let mut responses = json!({"200": {"description": "Done.", "content": content}});
        if operation.outcomes {
            responses["202"] =
                json!({"description": "Soon.", "content": {"application/json": {"schema": {"type": "boolean"}}}});
            responses["404"] =
                json!({"description": "No.", "content": {"application/json": {"schema": {"type": "integer"}}}});
            responses["default"] = json!({"description": "No.", "content": content});
        }
        let mut value = json!({"operationId": operation.id, "parameters": parameters, "responses": responses});
        if let Some(tag) = &operation.tag {
            value["tags"] = json!([tag]);
        }
        if operation.body {
            value["requestBody"] = json!({"required": operation.outcomes, "content": content});
        }
        value
    }
}

fn unique(names: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.iter().filter(|name| seen.insert(name.as_str())).cloned().collect()
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(ProptestConfig { max_shrink_iters: 400, ..config(cases) })
}

/// Returns the files of a document that must be valid.
fn accepted(value: &Value) -> Result<Vec<File>, TestCaseError> {
    let document = document("names", value.to_string());
    let generation = one(&document);
    prop_assert!(generation.root.is_some(), "refused:\n{}", rendered(&generation.diagnostics, &document));
    Ok(files(&generation))
}

#[test]
fn any_names_give_rust_in_which_every_name_is_unique() {
    runner(1500)
        .run(&plan(), |plan| {
            let files = accepted(&plan.document())?;
            let faults = rust::faults(&files);
            prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
            for file in &files {
                let identifiers = rust::identifiers(file);
                prop_assert!(
                    !identifiers.contains("inJECted"),
                    "{}: text of the document as code:\n{}",
                    file.path,
                    file.contents
                );
                prop_assert!(identifiers.iter().all(|name| name.is_ascii()), "{}", file.path);
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

/// Every odd text in every place, each in a separate document, which random choice may miss.
#[test]
fn every_odd_name_in_every_place() {
    for text in ODD {
        let text = (*text).to_owned();
        let is_component = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        let in_path = !text.is_empty() && !text.contains(['{', '}', '/', '?', '#']);
        let pair = vec![text.clone(), format!("{text}_")];
        let named: Vec<String> = pair.iter().filter(|text| !text.is_empty()).cloned().collect();
        let schemas = ["A", "B", "C", "D"].map(str::to_owned).into_iter().chain(is_component.then(|| text.clone()));
        let shapes = [
            Shape::Object(pair.iter().map(|name| (name.clone(), true)).collect()),
            Shape::Nested(pair.clone()),
            Shape::Enum(pair.clone()),
            Shape::Open(pair.clone()),
            Shape::Object(pair.iter().map(|name| (name.clone(), false)).collect()),
        ];
        let operation = Operation {
            id: if text.trim().is_empty() { "blank".to_owned() } else { text.clone() },
            tag: Some(text.clone()),
            path: if in_path { pair.clone() } else { Vec::new() },
            required: named.clone(),
            optional: named.iter().map(|name| format!("{name}-2")).collect(),
            cookies: named,
            body: true,
            outcomes: true,
        };
        let plan = Plan {
            schemas: schemas.zip(shapes).collect(),
            operations: vec![operation],
            schemes: is_component.then(|| text.clone()).into_iter().collect(),
            headers: Vec::new(),
        };
        let files = accepted(&plan.document()).unwrap_or_else(|failure| panic!("{text:?}: {failure}"));
        assert_eq!(rust::faults(&files), Vec::<String>::new(), "{text:?}");
        assert!(files.iter().all(|file| !rust::identifiers(file).contains("inJECted")), "{text:?}");
    }
}

/// Returns names by item, with the lock of another version, and the new lock.
fn names_of(value: &Value, lock: &str) -> Result<(BTreeMap<String, String>, String), TestCaseError> {
    let document = document("names", value.to_string());
    let (api, _) = read_api(&document).map_err(|errors| TestCaseError::fail(rendered(&errors, &document)))?;
    let source = Source { name: "names.lock".to_owned(), text: lock.to_owned() };
    let mut lock = Lock::read(&source).map_err(|errors| TestCaseError::fail(format!("{errors:?}")))?;
    let (names, ..) = name_locked(&api, &call_variants(&api), &mut lock);
    Ok((table(&api, &names), lock.text()))
}

fn table(api: &Api, names: &Names) -> BTreeMap<String, String> {
    let mut table = BTreeMap::new();
    for (id, ty) in api.types.iter() {
        let inline = if matches!(ty.owner, Owner::Component(_)) { "" } else { "inline " };
        if let Some(name) = names.ty(id) {
            table.insert(format!("{inline}type {}", ty.origin), format!("{} in {}", name.ident, name.file));
        }
        table.insert(format!("members {}", ty.origin), format!("{:?}", names.members(id)));
    }
    for (tag, name) in api.tags.iter().zip(&names.tags) {
        table.insert(format!("tag {} {}", tag.name, tag.implied), format!("{name:?}"));
    }
    for (operation, name) in api.operations.iter().zip(&names.operations) {
        table.insert(format!("operation {}", operation.id), format!("{name:?}"));
    }
    table
}

/// After any addition, locked names stay; and locks can be read again.
#[test]
fn what_is_added_renames_nothing_that_is_locked() {
    runner(1200)
        .run(&(plan(), plan(), any::<bool>()), |(plan, more, is_first)| {
            let mut grown = plan.clone();
            let is_new = |operation: &Operation| plan.operations.iter().all(|known| known.id != operation.id);
            // Paths contain the indices of operations.
            grown.operations.extend(more.operations.into_iter().filter(is_new));
            let schemas = if is_first { 0 } else { plan.schemas.len() };
            let is_new = |(name, _): &(String, Shape)| plan.schemas.iter().all(|(known, _)| known != name);
            grown.schemas.splice(schemas..schemas, more.schemas.into_iter().filter(is_new));
            let (before, lock) = names_of(&plan.document(), "")?;
            prop_assert_eq!(&names_of(&plan.document(), &lock)?, &(before.clone(), lock.clone()));
            let (after, _) = names_of(&grown.document(), &lock)?;
            // The first schema is the schema of responses. A type that equals a new one becomes its alias, without
            // members.
            for (what, now) in after.iter().filter(|(_, now)| *now != "[]") {
                prop_assert_eq!(before.get(what).unwrap_or(now), now, "{} is renamed", what);
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

/// Text of the document appears unchanged in literals, so that nothing is lost on the wire.
#[test]
fn names_on_the_wire_stay_exact() {
    runner(200)
        .run(&vec(odd(), 1..6), |names| {
            let names = unique(&names);
            let plan = Plan {
                schemas: vec![(
                    "Thing".to_owned(),
                    Shape::Object(names.iter().map(|name| (name.clone(), false)).collect()),
                )],
                operations: Vec::new(),
                schemes: Vec::new(),
                headers: Vec::new(),
            };
            let files = accepted(&plan.document())?;
            let thing = files.iter().find(|file| file.path.ends_with("thing.rs")).expect("the file of the schema");
            let literals = literals(&thing.contents);
            for name in names {
                prop_assert!(literals.contains(&name), "{name:?} is not among {literals:?}");
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

fn literals(contents: &str) -> BTreeSet<String> {
    fn collect(tokens: proc_macro2::TokenStream, found: &mut BTreeSet<String>) {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Group(group) => collect(group.stream(), found),
                proc_macro2::TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        found.insert(text.value());
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = BTreeSet::new();
    collect(contents.parse().expect("the file is Rust"), &mut found);
    found
}
