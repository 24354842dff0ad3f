//! `docs/contribute/stages.md` shows the output of each stage for `stages/clinic.yaml`, and the request of a program with its
//! client.
//!
//! [`UPDATE`] writes the blocks of the page.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use clientwright::Source;
use clientwright::generate::{Document, Generation};
use clientwright::internal::write::File;
use clientwright::normalize::normalize_text;
use workspace_tests::layout::layout;
use workspace_tests::{files, one, root, scratch};

/// The command that writes the blocks.
const UPDATE: &str = "UPDATE_STAGES=1 cargo test --package workspace-tests --test generator stages -- --include-ignored --test-threads 1";

const DOCUMENT: &str = include_str!("stages/clinic.yaml");
const PROGRAM: &str = include_str!("stages/program.rs");
/// The server's response. The value `parrot` is not documented.
const RESPONSE: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 36\r\n\r\n\
    {\"kind\": \"parrot\", \"nickname\": null}";

/// The blocks of the page, by the names in the comments before them.
type Blocks = BTreeMap<&'static str, String>;

/// Writes the blocks into the page, or fails if they differ.
fn check(blocks: &Blocks) {
    let path = root().join("docs/contribute/stages.md");
    let page = fs::read_to_string(&path).unwrap();
    let mut updated = page.clone();
    for (name, block) in blocks {
        let comment = format!("<!-- {name} -->\n");
        let (before, rest) = updated.split_once(&comment).unwrap_or_else(|| panic!("the page has no `{name}`"));
        let (fence, rest) = rest.split_once('\n').unwrap();
        let (_, after) = rest.split_once("\n```\n").unwrap();
        updated = format!("{before}{comment}{fence}\n{}\n```\n{after}", block.trim_end());
    }
    if std::env::var_os("UPDATE_STAGES").is_some() {
        fs::write(path, &updated).unwrap();
    } else {
        assert!(page == updated, "docs/contribute/stages.md is stale; run: {UPDATE}");
    }
}

/// Returns the output of `normalize`, and its ledger.
fn normalized() -> (String, String) {
    let source = Source { name: "clinic.yaml".to_owned(), text: DOCUMENT.to_owned() };
    let normalized = normalize_text(&source, &[]).unwrap();
    (normalized.yaml, normalized.ledger.markdown("clinic"))
}

fn generated(text: String) -> Generation {
    one(&Document::new("clinic", Source { name: "specs/clinic.yaml".to_owned(), text }))
}

#[test]
fn the_page_shows_what_each_stage_makes() {
    let (text, ledger) = normalized();
    let generation = generated(text.clone());
    let made = &generation.apis[0];
    let mut blocks = Blocks::from([
        ("document", DOCUMENT.to_owned()),
        ("normalized", text),
        ("ledger", ledger),
        ("parameter", layout(&format!("{:?}", made.api.operations[0].parameters[0]))),
        ("types", made.api.types.ids().take(2).map(|id| layout(&format!("{:?}", made.api.types[id]))).collect()),
        ("lock", made.lock.clone()),
        ("program", PROGRAM.to_owned()),
    ]);
    let file = |path: &str| files(&generation).into_iter().find(|file| file.path == path).unwrap().contents;
    blocks.insert("operations", file("clinic/pets.rs"));
    blocks.insert("pet", file("clinic/types/pet.rs"));
    check(&blocks);
}

/// Answers one request with [`RESPONSE`], and returns the request.
fn answered(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().unwrap();
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        request.extend(byte);
    }
    stream.write_all(RESPONSE.as_bytes()).unwrap();
    String::from_utf8(request).unwrap()
}

#[test]
#[ignore = "second tier: cargo test --workspace --tests -- --include-ignored"]
fn the_page_shows_a_call() {
    let program = File { path: "src/main.rs".to_owned(), contents: PROGRAM.to_owned() };
    let krate = scratch::package("clients", &generated(normalized().0), "", &[program]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = thread::spawn(move || answered(&listener));
    let url = format!("http://{address}");
    let run = ["run", "--quiet", "--features", "clientwright-runtime/blocking", "--", &url];
    let output = scratch::cargo(&krate, &run, "");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let request = server.join().unwrap().replace(&address, "clinic.example.com");
    let request = request.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    check(&Blocks::from([
        ("request", request.replace('\r', "")),
        ("response", RESPONSE.replace('\r', "")),
        ("output", String::from_utf8(output.stdout).unwrap()),
    ]));
}
