//! `diff` as a process: versions, formats and failures.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

const DOCUMENT: &str = "openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer, maximum: 100}}]
      responses: {'200': {description: Pets., content: {application/json: {schema: {type: array, items: {type: string}}}}}}
";

fn diff(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clientwright"));
    command.arg("diff").args(arguments).current_dir(folder).output().unwrap()
}

fn printed(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn git(folder: &Path, arguments: &[&str]) {
    let settings = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").args(settings).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A project in a repository with one commit, on a branch of `main`.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in
        [("clientwright.toml", ""), ("specs/pets.yaml", DOCUMENT), ("specs/pets.overlay.yaml", "a: 1\n")]
    {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    for arguments in
        [&["init", "--quiet", "--initial-branch=main"][..], &["add", "."], &["commit", "--quiet", "--message=A"]]
    {
        git(folder.path(), arguments);
    }
    git(folder.path(), &["checkout", "--quiet", "-b", "update"]);
    folder
}

#[test]
fn a_project_is_compared_with_the_main_branch() {
    let folder = project();
    assert_eq!(printed(diff(folder.path(), &[])), "");
    let changed = DOCUMENT
        .replace("maximum: 100", "maximum: 50")
        .replace("schema: {type: integer", "required: true, schema: {type: integer");
    fs::write(folder.path().join("specs/pets.yaml"), changed).unwrap();
    let expected = "pets: 2 breaking; next version of the client: major
  breaking    GET /pets: query parameter `limit`: added `required`: `true`
              specs/pets.yaml:7 /paths/~1pets/get/parameters/0/required
  breaking    GET /pets: query parameter `limit`: changed `maximum` from `100` to `50`
              specs/pets.yaml:7 /paths/~1pets/get/parameters/0/schema/maximum
  - pets::operations::ListPets: derive(Clone, Debug) struct
  ! pets::operations::Client::list_pets: fn list_pets(&self) -> ListPets → fn list_pets(&self, limit: i64) -> ";
    let text = printed(diff(folder.path(), &[]));
    assert!(text.starts_with(expected), "{text}");
    // From a folder of the project, and against another revision.
    assert_eq!(printed(diff(&folder.path().join("specs"), &["HEAD"])), text);
    git(folder.path(), &["commit", "--quiet", "--all", "--message=B"]);
    assert_eq!(printed(diff(folder.path(), &[])), text);
    assert_eq!(printed(diff(folder.path(), &["HEAD"])), "");

    let failed = diff(folder.path(), &["--fail-on", "breaking"]);
    assert!(!failed.status.success());
    assert_eq!(String::from_utf8_lossy(&failed.stderr), "reached the limit of `--fail-on`: 2 changes\n");
    let markdown = printed(diff(folder.path(), &["--format", "markdown"]));
    assert!(
        markdown
            .starts_with("### `pets`: 2 breaking; next version of the client: major\n\n- **breaking**: `GET /pets`: "),
        "{markdown}"
    );
    let json: Value = printed(diff(folder.path(), &["--format", "json"])).parse().unwrap();
    assert_eq!(json[0]["messages"][0]["severity"], "breaking");
    assert_eq!(json[0]["messages"][1]["operations"], json!(["GET /pets"]));
}

/// A document with a component.
const EXAMPLE: &str = "openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      parameters:
      - {name: limit, in: query, schema: {type: integer}}
      responses:
        '200':
          description: Pets.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}
  /pets/{id}:
    get:
      operationId: getPet
      tags: [pets]
      parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: A pet.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string}
";

#[test]
fn places_are_those_of_the_vendors_files() {
    let folder = tempfile::tempdir().unwrap();
    let old = "swagger: '2.0'
info: {title: Pets, version: 1.0.0}
definitions:
  Pet:
    type: object
    properties:
      name:
        type: string
        maxLength: 9
paths:
  /pets:
    get: {operationId: listPets, produces: [application/json], responses: {200: {description: d, schema: {$ref: '#/definitions/Pet'}}}}
";
    fs::write(folder.path().join("old.yaml"), old).unwrap();
    let new = old.replace("maxLength: 9", "maxLength: 5").replace("info:", "# A comment.\ninfo:");
    fs::write(folder.path().join("new.yaml"), new).unwrap();
    let text = printed(diff(folder.path(), &["old.yaml", "new.yaml"]));
    let pointer = "/definitions/Pet/properties/name/maxLength";
    assert!(text.contains(&format!(" old.yaml:9 {pointer} → new.yaml:10 {pointer}\n")), "{text}");
}

#[test]
fn lines_of_the_ledger_come_and_go() {
    let folder = project();
    let path = folder.path().join("specs/pets.ledger.md");
    fs::write(
        &path,
        "# Ledger\n\n- v.yaml:3 `/a`: removed a thing\n- v.yaml:4 `/b`: stays\n- v.yaml:5 `/d`: renamed (3 places)\n",
    )
    .unwrap();
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "--message=B"]);
    // Neither the line of the vendor's document nor the number of places is a change.
    fs::write(
        &path,
        "# Ledger\n\n- v.yaml:9 `/b`: stays\n- v.yaml:10 `/c`: new\n- v.yaml:2 `/e`: renamed (4 places)\n",
    )
    .unwrap();
    let text = printed(diff(folder.path(), &["HEAD"]));
    let expected = "pets: same messages; next version of the client: none
  new in the ledger: `/c`: new
  no longer in the ledger: `/a`: removed a thing\n";
    assert_eq!(text, expected);
    // Documents outside of a project are normalized.
    let mistaken = DOCUMENT.replace("in: query", "in: query, required: 'yes'");
    fs::write(folder.path().join("new.yaml"), mistaken).unwrap();
    let text = printed(diff(folder.path(), &["specs/pets.yaml", "new.yaml"]));
    assert!(text.contains("\n  new in the ledger: `/paths/~1pets/get/parameters/0"), "{text}");
}

/// Generates the client of a project.
fn codegen(folder: &Path) -> String {
    let _ = fs::create_dir(folder.join("client"));
    fs::write(folder.join("client/Cargo.toml"), "[package]\nname = \"client\"\n\n[features]\n").unwrap();
    printed(Command::new(env!("CARGO_BIN_EXE_clientwright")).arg("codegen").current_dir(folder).output().unwrap())
}

#[test]
fn changes_of_generated_files_have_a_cause() {
    let folder = project();
    codegen(folder.path());
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "--message=B"]);
    for (path, text) in [
        ("specs/pets.yaml", DOCUMENT.replace("maximum: 100", "maximum: 50")),
        ("client/src/pets/operations.rs", "// The document changes this file.\n".to_owned()),
        ("client/src/pets/mod.rs", "// Another version of the generator changes this file.\n".to_owned()),
        ("client/src/pets/new.rs", "// This one is new.\n".to_owned()),
    ] {
        fs::write(folder.path().join(path), text).unwrap();
    }
    let text = printed(diff(folder.path(), &["HEAD"]));
    let files = "\n  changed by the document or an overlay: 1 file\n  changed by the generator alone: 2 files\n";
    assert!(text.ends_with(files), "{text}");
    let json: Value = serde_json::from_str(&printed(diff(folder.path(), &["HEAD", "--format", "json"]))).unwrap();
    let expected = json!([
        { "path": "pets/mod.rs", "cause": "generator" },
        { "path": "pets/operations.rs", "cause": "document" },
        { "path": "pets/new.rs", "cause": "generator" },
    ]);
    assert_eq!(json[0]["files"], expected);
}

#[test]
fn codegen_ends_with_a_summary() {
    let folder = project();
    fs::write(folder.path().join("specs/pets.yaml"), DOCUMENT.replace("maximum: 100", "maximum: 50")).unwrap();
    let codegen = || codegen(folder.path());
    let end = "pets: 1 breaking
  breaking    GET /pets: query parameter `limit`: changed `maximum` from `100` to `50`
  all changes: clientwright diff\n";
    let lines = codegen();
    assert!(lines.ends_with(end), "{lines}");
    fs::write(folder.path().join("specs/pets.yaml"), DOCUMENT).unwrap();
    assert!(!codegen().contains("all changes"));
}

#[test]
fn the_version_follows_the_changes() {
    let folder = project();
    let manifest = folder.path().join("client/Cargo.toml");
    fs::create_dir_all(manifest.parent().unwrap()).unwrap();
    fs::write(&manifest, "[package]\nname = \"client\"\nversion = \"1.2.3\" # Ours.\n").unwrap();
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "--message=B"]);
    let path = folder.path().join("specs/pets.yaml");
    fs::write(&path, DOCUMENT.replace("integer, maximum: 100", "integer, maximum: 50")).unwrap();
    let changelog = printed(diff(folder.path(), &["HEAD", "--format", "changelog", "--bump"]));
    assert_eq!(changelog, printed(diff(folder.path(), &["HEAD", "--changelog"])));
    assert_eq!(
        changelog,
        "## `pets`\n\n### Messages, breaking\n\n- `GET /pets`: query parameter `limit`: changed `maximum` from `100` to `50`\n\n"
    );
    // Only the documentation of a method has changed.
    assert!(fs::read_to_string(&manifest).unwrap().ends_with("version = \"1.2.4\" # Ours.\n"));
    fs::write(&path, DOCUMENT.replace("type: integer", "type: string")).unwrap();
    for _ in 0..2 {
        let output = diff(folder.path(), &["HEAD", "--bump"]);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "client/Cargo.toml: version 2.0.0\n");
    }
    fs::write(&manifest, "[package]\nversion.workspace = true\n").unwrap();
    let output = diff(folder.path(), &["HEAD", "--bump"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("client/Cargo.toml has no `version` of the form `1.2.3`"));
}

#[test]
fn an_api_that_is_new_or_gone_is_a_change() {
    let folder = project();
    fs::rename(folder.path().join("specs/pets.yaml"), folder.path().join("specs/cats.yaml")).unwrap();
    let text = printed(diff(folder.path(), &[]));
    assert!(text.contains("cats: 1 compatible; next version of the client: minor\n"), "{text}");
    assert!(text.contains("pets: 1 breaking; next version of the client: major\n"), "{text}");
    assert!(text.contains("GET /pets: removed the operation\n"), "{text}");
}

#[test]
fn files_of_any_version_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("old.yaml"), DOCUMENT).unwrap();
    let swagger = r#"{"swagger": "2.0", "info": {"title": "Pets", "version": "1.0.0"}, "paths": {"/pets": {"get": {
        "operationId": "listPets", "produces": ["application/json"],
        "parameters": [{"name": "limit", "in": "query", "type": "integer", "maximum": 100}],
        "responses": {"200": {"description": "Pets.", "schema": {"type": "array", "items": {"type": "string"}}}}}}}}"#;
    fs::write(path("new.json"), swagger).unwrap();
    assert_eq!(printed(diff(folder.path(), &["old.yaml", "new.json"])), "");
    fs::create_dir_all(path("a")).unwrap();
    fs::create_dir_all(path("b")).unwrap();
    fs::write(path("a/pets.yaml"), DOCUMENT).unwrap();
    fs::write(path("b/pets.yaml"), DOCUMENT.replace("type: string", "type: integer")).unwrap();
    let text = printed(diff(folder.path(), &["a", "b"]));
    assert!(
        text.contains("breaking    GET /pets: response `200`: changed `type` from `string` to `integer`\n"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let folder = project();
    for (arguments, message) in [
        (&["nowhere"][..], "error: `nowhere` is not a Git revision"),
        (&["--format=json", "-x"], "unexpected argument '-x'"),
        (&["--format=json", "--html"], "cannot be used with"),
        (&["--html", "--changelog"], "cannot be used with"),
        (&["specs", "specs/pets.yaml"], "error: a file cannot be compared with a folder"),
        (&["specs/pets.yaml", "specs/none.yaml"], "cannot read specs/none.yaml"),
    ] {
        let output = diff(folder.path(), arguments);
        assert!(!output.status.success(), "{arguments:?}");
        assert_eq!(output.stdout, b"");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(text.contains(message), "{text}");
    }
    fs::write(folder.path().join("specs/pets.yaml"), DOCUMENT.replace("operationId", "operationid")).unwrap();
    let output = diff(folder.path(), &[]);
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("error: pets cannot be compared"));
    assert!(text.contains("6 |       operationid: listPets\n"), "{text}");
}

#[test]
fn texts_of_documents_stay_on_their_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let hostile = "\"`<b>\\n\\u001b[31m\\u202e<!-- ``` \"";
    let with = |values: &str| DOCUMENT.replace("{type: string}", &format!("{{type: string, enum: [{values}]}}"));
    fs::write(path("old.yaml"), with("a")).unwrap();
    fs::write(path("new.yaml"), with(&format!("a, {hostile}"))).unwrap();
    for format in ["text", "markdown"] {
        let text = printed(diff(folder.path(), &["old.yaml", "new.yaml", "--format", format]));
        assert!(text.contains("[31m"), "{text}");
        assert!(!text.chars().any(|c| c == '\u{1b}' || c == '\u{202e}'), "{text}");
        let shown = text.lines().filter(|line| line.contains("[31m")).collect::<Vec<_>>();
        assert!(shown.iter().all(|line| line.contains("'<b>") && !line.contains("<!--")), "{text}");
    }
}

/// Returns the part of a page from a text on, up to another one.
fn part<'p>(page: &'p str, start: &str, end: &str) -> &'p str {
    let (_, rest) = page.split_once(start).unwrap_or_else(|| panic!("{start} is missing: {page}"));
    rest.split_once(end).map_or(rest, |(part, _)| part)
}

#[test]
fn a_page_has_every_change_and_item() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("old.yaml"), EXAMPLE).unwrap();
    let parameter = "- {name: shelter, in: query, required: true, schema: {type: string}}\n      responses:";
    let properties: String = (0..30).map(|number| format!("        p{number}: {{type: boolean}}\n")).collect();
    let other = "    Other: {type: object, properties: {a: {type: string}}}\n";
    let changed = EXAMPLE.replacen("responses:", parameter, 1) + &properties + other;
    fs::write(folder.path().join("new.yaml"), changed).unwrap();
    let arguments = ["old.yaml", "new.yaml", "--html"];
    let page = printed(diff(folder.path(), &arguments));
    assert_eq!(page, printed(diff(folder.path(), &arguments)));
    let json: Value = printed(diff(folder.path(), &["old.yaml", "new.yaml", "--format=json"])).parse().unwrap();
    let items = json[0]["items"].as_array().unwrap();
    assert!(items.len() > 20);
    for item in items {
        assert!(page.contains(&format!("<code>{}<", item["item"].as_str().unwrap())), "{item}");
    }
    assert_eq!(page.matches("<article ").count(), json[0]["messages"].as_array().unwrap().len());
    // Both documents' lines, and the Rust that follows.
    let change = part(&page, "added required query parameter", "</article>");
    assert_eq!(change.matches("<li value=\"15\">").count(), 2, "{change}");
    assert!(change.contains("<ins>  - name: shelter</ins>"), "{change}");
    assert!(change.contains("<ins>fn list(&amp;self, shelter: &amp;str) -&gt; List</ins>"), "{change}");
    let change = part(&page, "added property <code>p7</code>", "</article>");
    assert_eq!(part(change, "Rust", "</ul>").matches("<li>").count(), 1, "{change}");
    assert!(change.contains("types::Pet.p7<ins>Option&lt;bool&gt;</ins>"), "{change}");
    assert!(!page.contains("Other public items"));
}

#[test]
fn a_page_is_written_even_if_nothing_changed() {
    let page = printed(diff(project().path(), &["--html"]));
    assert!(page.contains("<h1>No changes</h1>"), "{page}");
}

#[test]
fn text_of_documents_has_no_effect_in_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let hostile = r#""</code></script><script>alert(1)</script>\u001b\u202e<!-- & ' \" onload=""#;
    let with = |values: &str| DOCUMENT.replace("{type: string}", &format!("{{type: string, enum: [{values}]}}"));
    fs::write(path("old.yaml"), with("a").replace("/pets", "/pets<b>")).unwrap();
    fs::write(path("new.yaml"), with(&format!("a, {hostile}")).replace("/pets", "/pets<b>")).unwrap();
    let page = printed(diff(folder.path(), &["old.yaml", "new.yaml", "--html"]));
    assert!(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)"), "{page}");
    assert!(page.contains("GET /pets&lt;b&gt;"), "{page}");
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</script").count(), 1);
    assert!(!page.contains("<!-- ") && !page.contains("\" onload") && !page.contains("<b>GET"), "{page}");
    assert!(!page.chars().any(|c| c == '\u{1b}' || c == '\u{202e}'), "{page}");
    for outside in ["src=", "url(", "http://", "https://", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
}
