//! Generated code → the methods that send requests.
//!
//! In: the files of the client. Out: each method with its place. Invariant: code is only recognized by the layout of `prettyplease`.

use serde_json::{Value, json};

use crate::archive::File;
use crate::docs::elements;
use crate::highlight::highlighted;

/// The layout of a method, and the beginning of the constant that only methods with a request have.
const METHOD: &str = "    pub fn ";
const DOCS: &str = "    ///";
const INLINE: &str = "    #[inline]";
const OPERATION: &str = "const OPERATION: Operation = ";

/// A method.
pub(crate) struct Method {
    /// The call: `notes().list`.
    called: String,
    /// HTTP method and path.
    route: String,
    /// The index of its file, and its first line there, counted from 0.
    pub(crate) file: usize,
    line: usize,
}

/// Returns the methods of all files.
pub(crate) fn methods(files: &[File]) -> Vec<Method> {
    let mut methods = Vec::new();
    for (file, File { path, text }) in files.iter().enumerate().filter(|(_, file)| file.path.ends_with(".rs")) {
        if path.contains("/types/") || !text.contains(OPERATION) {
            continue;
        }
        let (mut docs, mut method, mut route) = (None, 0, "");
        let mut lines = text.lines().enumerate();
        while let Some((index, line)) = lines.next() {
            if let Some(doc) = line.strip_prefix(DOCS) {
                docs.get_or_insert(index);
                route = doc
                    .trim()
                    .strip_prefix('`')
                    .and_then(|doc| doc.strip_suffix('`'))
                    .filter(is_route)
                    .unwrap_or(route);
            } else if line.starts_with(METHOD) {
                method = docs.take().unwrap_or(index);
            } else if line.trim_start().starts_with(OPERATION) {
                let ends = |line: &&str| line.ends_with(';');
                let rest = lines.by_ref().map(|(_, line)| line);
                let mut constant = line.to_owned();
                for line in rest {
                    constant.push_str(line);
                    if ends(&line) {
                        break;
                    }
                }
                let called = between(&constant, ".called(\"").or_else(|| between(&constant, "\"")).unwrap_or_default();
                methods.push(Method { called: called.to_owned(), route: route.to_owned(), file, line: method });
                route = "";
            } else if line == "}" {
                docs = None;
            }
        }
    }
    methods
}

/// Returns `true` for `GET /pets`.
fn is_route(text: &&str) -> bool {
    text.split_once(' ').is_some_and(|(method, path)| {
        path.starts_with('/') && method.chars().all(|c| c.is_ascii_uppercase() || c == '-')
    })
}

/// Returns the text after a mark, up to the next quote.
fn between<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    text.split_once(mark)?.1.split('"').next()
}

impl Method {
    /// Returns the data for a list of methods: call, route and place.
    pub(crate) fn listed(&self) -> Value {
        json!([self.called, self.route, self.file, self.line])
    }

    /// Returns the signature and the documentation.
    pub(crate) fn described(&self, code: &str) -> Value {
        let (mut docs, mut signature) = (String::new(), String::new());
        for line in code.lines().skip(self.line) {
            if let Some(doc) = line.strip_prefix(DOCS) {
                docs.push_str(doc.strip_prefix(' ').unwrap_or(doc));
                docs.push('\n');
            } else if line != INLINE {
                signature.push_str(line.strip_prefix("    ").unwrap_or(line));
                if line.ends_with('{') {
                    break;
                }
                signature.push('\n');
            }
        }
        let signature = signature.trim_end_matches([' ', '{']);
        json!({ "signature": highlighted(signature), "docs": elements(&docs) })
    }
}
