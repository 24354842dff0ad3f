//! Part of `overlay`: an overlay's own document.
//!
//! In: its value. Out: its actions. Invariant: every fault is found before anything is applied, each at its place in the
//! overlay.

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::json::type_name;
use crate::limits::MAX_QUERY_DEPTH;
use crate::pointer::Pointer;
use crate::spelling;

/// One action.
#[derive(Debug)]
pub(super) struct Action {
    /// Where it stands in the overlay.
    pub(super) at: Pointer,
    pub(super) target: JsonPath,
    pub(super) description: Option<String>,
    pub(super) change: Change,
    /// `x-optional: true`: it may find nothing.
    pub(super) is_optional: bool,
    /// Whether primitive values can be targets: since 1.1.
    pub(super) takes_primitives: bool,
}

/// What is done to each target.
#[derive(Debug)]
pub(super) enum Change {
    Update(Value),
    Copy(JsonPath),
    Remove,
}

/// The actions of an overlay.
pub(super) fn actions(shown: &str, overlay: &Value) -> Result<Vec<Action>, Vec<Diagnostic>> {
    let mut reader = Reader { shown, faults: Vec::new(), since_1_1: false };
    let actions = reader.overlay(overlay);
    if reader.faults.is_empty() { Ok(actions) } else { Err(reader.faults) }
}

struct Reader<'s> {
    shown: &'s str,
    faults: Vec<Diagnostic>,
    since_1_1: bool,
}

impl Reader<'_> {
    fn overlay(&mut self, overlay: &Value) -> Vec<Action> {
        let root = Pointer::root();
        let Some(members) = self.mapping(overlay, &root, "an overlay") else { return Vec::new() };
        self.version(members);
        self.known(members, &root, &["overlay", "info", "extends", "actions"], "an overlay");
        match members.get("info") {
            Some(info) => self.info(info),
            None => self.missing(&root, "an overlay needs `info`"),
        }
        self.text(members, &root, "extends");
        match members.get("actions") {
            Some(Value::Array(items)) if !items.is_empty() => {
                let at = root.key("actions");
                let read = |(index, item)| self.action(item, at.index(index));
                items.iter().enumerate().filter_map(read).collect()
            }
            Some(Value::Array(_)) => {
                self.fault(codes::BAD_VALUE, root.key("actions"), "an overlay needs at least one action", None);
                Vec::new()
            }
            Some(other) => {
                let message = format!("`actions` takes an array, found {}", type_name(other));
                self.fault(codes::WRONG_TYPE, root.key("actions"), &message, None);
                Vec::new()
            }
            None => {
                self.missing(&root, "an overlay needs `actions`");
                Vec::new()
            }
        }
    }

    fn version(&mut self, members: &Map<String, Value>) {
        let at = Pointer::root().key("overlay");
        let help = Some("write `overlay: 1.1.0`");
        match members.get("overlay") {
            Some(Value::String(version)) => {
                let is = |wanted: &str| version.strip_prefix(wanted).is_some_and(|patch| patch.parse::<u32>().is_ok());
                self.since_1_1 = is("1.1.");
                if !is("1.0.") && !self.since_1_1 {
                    let message = format!("overlay version {version} is not read: 1.0 and 1.1 are");
                    self.fault(codes::UNSUPPORTED_VERSION, at, &message, help);
                }
            }
            Some(other) => {
                let message = format!("`overlay` takes a string, found {}", type_name(other));
                self.fault(codes::WRONG_TYPE, at, &message, help);
            }
            None => {
                let message = "the overlay does not say which version it has";
                self.fault(codes::MISSING_VERSION, Pointer::root(), message, help);
            }
        }
    }

    fn info(&mut self, info: &Value) {
        let at = Pointer::root().key("info");
        let Some(members) = self.mapping(info, &at, "`info`") else { return };
        self.known(members, &at, &["title", "version", "description"], "`info` of an overlay");
        for key in ["title", "version"] {
            if !members.contains_key(key) {
                self.missing(&at, &format!("`info` of an overlay needs `{key}`"));
            }
            self.text(members, &at, key);
        }
    }

    fn action(&mut self, action: &Value, at: Pointer) -> Option<Action> {
        let members = self.mapping(action, &at, "an action")?;
        self.known(members, &at, &["target", "description", "update", "remove", "copy"], "an action");
        self.text(members, &at, "description");
        if !members.contains_key("target") {
            self.missing(&at, "an action needs `target`");
        }
        let removes = self.boolean(members, &at, "remove");
        let is_optional = self.boolean(members, &at, "x-optional");
        let target = self.path(members, &at, "target");
        let copied = self.path(members, &at, "copy");
        if members.contains_key("copy") && !self.since_1_1 {
            let help = Some("write `overlay: 1.1.0`");
            self.fault(codes::UNKNOWN_FIELD, at.key("copy"), "`copy` came with version 1.1 of overlays", help);
        }
        let change = match (removes, members.get("update"), members.contains_key("copy")) {
            (true, _, _) => Some(Change::Remove),
            (_, Some(_), true) => {
                let help = Some("keep one of the two");
                self.fault(codes::CONTRADICTION, at.key("copy"), "`update` and `copy` exclude each other", help);
                None
            }
            (_, Some(update), false) => Some(Change::Update(update.clone())),
            (_, None, true) => copied.map(Change::Copy),
            (_, None, false) => {
                self.missing(&at, "an action needs `update`, `remove: true` or `copy`");
                None
            }
        };
        let description = members.get("description").and_then(Value::as_str).map(str::to_owned);
        let takes_primitives = self.since_1_1;
        Some(Action { at, target: target?, description, change: change?, is_optional, takes_primitives })
    }

    /// A JSONPath query (RFC 9535).
    fn path(&mut self, members: &Map<String, Value>, at: &Pointer, key: &str) -> Option<JsonPath> {
        let at = at.key(key);
        let text = match members.get(key)? {
            Value::String(text) => text,
            other => {
                let message = format!("`{key}` takes a string, found {}", type_name(other));
                self.fault(codes::WRONG_TYPE, at, &message, None);
                return None;
            }
        };
        if nesting(text) > MAX_QUERY_DEPTH {
            self.fault(codes::BAD_VALUE, at, &format!("`{key}` is nested too deep"), None);
            return None;
        }
        match JsonPath::parse(text) {
            Ok(path) => Some(path),
            Err(error) => {
                let message = format!("`{key}` is no JSONPath (RFC 9535) from character {} on", error.position() + 1);
                let help = "a path is written `$.paths['/pets/{id}'].get`";
                self.fault(codes::BAD_VALUE, at, &message, Some(help));
                None
            }
        }
    }

    fn mapping<'v>(&mut self, value: &'v Value, at: &Pointer, what: &str) -> Option<&'v Map<String, Value>> {
        let members = value.as_object();
        if members.is_none() {
            let message = format!("{what} is an object, found {}", type_name(value));
            self.fault(codes::WRONG_TYPE, at.clone(), &message, None);
        }
        members
    }

    fn known(&mut self, members: &Map<String, Value>, at: &Pointer, known: &[&str], what: &str) {
        for key in members.keys().filter(|key| !known.contains(&key.as_str()) && !key.starts_with("x-")) {
            let help = spelling::did_you_mean(key, known.iter().copied());
            let message = format!("unknown key `{key}` in {what}");
            let fault = Diagnostic::invalid(codes::UNKNOWN_FIELD, self.shown, at.key(key), message).at_key();
            self.faults.push(match help {
                Some(help) => fault.with_help(help),
                None => fault,
            });
        }
    }

    fn text(&mut self, members: &Map<String, Value>, at: &Pointer, key: &str) {
        if let Some(other) = members.get(key).filter(|value| !value.is_string()) {
            let message = format!("`{key}` takes a string, found {}", type_name(other));
            self.fault(codes::WRONG_TYPE, at.key(key), &message, None);
        }
    }

    fn boolean(&mut self, members: &Map<String, Value>, at: &Pointer, key: &str) -> bool {
        match members.get(key) {
            None => false,
            Some(Value::Bool(value)) => *value,
            Some(other) => {
                let message = format!("`{key}` takes a boolean, found {}", type_name(other));
                self.fault(codes::WRONG_TYPE, at.key(key), &message, None);
                false
            }
        }
    }

    fn missing(&mut self, at: &Pointer, message: &str) {
        self.fault(codes::MISSING_FIELD, at.clone(), message, None);
    }

    fn fault(&mut self, code: Code, at: Pointer, message: &str, help: Option<&str>) {
        let fault = Diagnostic::invalid(code, self.shown, at, message);
        self.faults.push(match help {
            Some(help) => fault.with_help(help),
            None => fault,
        });
    }
}

/// How deep brackets nest, quotes aside.
fn nesting(path: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in path.bytes() {
        match byte {
            b'(' | b'[' | b'!' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
