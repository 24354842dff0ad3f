//! The rules that tables cannot express: mutually exclusive or dependent fields, and the syntax of keys.

use serde_json::Value;
use serde_json_path::JsonPath;

use super::Walk;
use super::extensions::ADDITIONAL_OPERATIONS;
use super::grammar::Kind::{self, *};
use super::grammar::{ONLY_IN_QUERIES, is_extension, is_token, spelled_status};
use super::misspelling::is_schema_key;
use super::template;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::*;
use crate::json::{self, Members, array, has_any, is_true, items, says, text, type_name};
use crate::limits::{self, MAX_QUERY_DEPTH};
use crate::spelling;

impl Walk<'_> {
    /// Checks the syntax of a key, other than an extension, in an object of this kind.
    pub(super) fn check_key(&mut self, kind: Kind, key: &str) {
        match kind {
            Paths => self.path(key),
            Responses => self.status(key),
            _ => {}
        }
    }

    /// Checks the rules of this kind of object that tables cannot express.
    pub(super) fn check_object(&mut self, kind: Kind, members: &Members) {
        match kind {
            Server => self.server(members),
            Components | Operation => self.callbacks(members),
            PathItem => self.additional_operations(members),
            Parameter => self.parameter(members),
            Header => self.header(members),
            MediaType => self.examples(members),
            // §4.7.19.
            Example => self.exclusive(members, "value", "externalValue"),
            Link => self.link(members),
            Schema => self.schema(members),
            SecurityScheme => self.security_scheme(members),
            Overlay => self.overlay(members),
            OverlayAction => self.action(members),
            _ => {}
        }
    }

    /// Checks that two keys are not both present: they are mutually exclusive.
    fn exclusive(&mut self, members: &Members, first: &str, second: &str) {
        if members.contains_key(first) && members.contains_key(second) {
            let message = format!("`{first}` and `{second}` are mutually exclusive");
            self.invalid_key(CONTRADICTION, second, message, Some("keep one of the two"));
        }
    }

    /// Reports a valid member of this node without effect.
    fn ignored_member(&mut self, key: &str, reason: &str) {
        self.ignored(self.pointer().key(key), key, reason);
    }

    /// Reports callbacks that are not generated (§4.7.18).
    fn callbacks(&mut self, members: &Members) {
        let callbacks = json::members(members.get("callbacks"));
        for (name, _) in callbacks.filter(|(_, callback)| !is_plain_callback(callback)) {
            let message = format!(
                "the callback `{name}` is not generated: it refers elsewhere, or holds extensions or callbacks"
            );
            self.unsupported(UNSUPPORTED_CALLBACKS, self.pointer().key("callbacks").key(name), message, None);
        }
    }

    /// Checks the syntax of a path (§4.7.8).
    fn path(&mut self, path: &str) {
        if !path.starts_with('/') {
            let message = format!("the path `{path}` does not begin with a slash");
            self.invalid_key(BAD_PATH, path, message, Some(&format!("write `/{path}`")));
        }
        // A fragment only distinguishes operations.
        if let Err(problem) = template::names(path.split('#').next().unwrap_or(path)) {
            self.invalid_key(PATH_TEMPLATE, path, format!("the path `{path}` has {problem}"), None);
        }
    }

    /// Checks the variables in a server's URL (§4.7.5).
    fn server(&mut self, members: &Members) {
        let Some(url) = text(members, "url") else { return };
        let at = self.pointer().key("url");
        match template::names(url) {
            Ok(names) => {
                let variables = members.get("variables");
                for name in names.into_iter().filter(|name| variables.is_none_or(|known| known.get(name).is_none())) {
                    let message = format!("`{{{name}}}` in the server's URL is not listed in its `variables`");
                    self.invalid(SERVER_TEMPLATE, at.clone(), message, None);
                }
            }
            Err(problem) => {
                self.invalid(SERVER_TEMPLATE, at, format!("the server's URL has {problem}"), None);
            }
        }
    }

    /// Checks the keys of additional operations (OpenAPI 3.2 §4.10): they are methods (RFC 9110 §9.1) for which a path item has no field.
    fn additional_operations(&mut self, members: &Members) {
        for (method, _) in json::members(members.get(ADDITIONAL_OPERATIONS)) {
            if !is_token(method) {
                let at = self.pointer().key(ADDITIONAL_OPERATIONS).key(method);
                let message = format!("`{method}` is not an HTTP method");
                let finding = Diagnostic::invalid(BAD_METHOD, self.file, at, message).at_key();
                self.found.push(finding.with_help("write the method as it is sent, without spaces: `QUERY`"));
            }
        }
    }

    /// Checks the key of a response (§4.7.16).
    fn status(&mut self, key: &str) {
        let meant = spelled_status(key);
        if meant.as_deref() == Some(key) {
            return;
        }
        let message = format!("`{key}` is neither a status code, a range such as `4XX`, nor `default`");
        let in_capitals = meant.filter(|meant| *meant == key.to_uppercase());
        let help = in_capitals.map(|meant| format!("write `{meant}`"));
        let help = help.or_else(|| spelling::did_you_mean(key, ["default"]));
        self.invalid_key(BAD_STATUS, key, message, help.as_deref());
    }

    /// §4.7.12.
    fn parameter(&mut self, members: &Members) {
        let location = text(members, "in").unwrap_or_default();
        let styles: &[&str] = match location {
            "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
            "path" => &["simple", "label", "matrix"],
            "header" => &["simple"],
            "cookie" => &["form"],
            _ => &[],
        };
        if let Some(style) = text(members, "style").filter(|style| !styles.is_empty() && !styles.contains(style)) {
            let context = format!(" for a {location} parameter");
            self.bad_choice(self.pointer().key("style"), "style", style, styles, &context);
        }
        if !matches!(location, "query" | "") {
            for key in ["allowReserved", "allowEmptyValue"] {
                if members.contains_key(key) {
                    self.ignored_member(key, ONLY_IN_QUERIES);
                }
            }
        }
        self.schema_or_content(members, "a parameter");
        self.examples(members);
    }

    /// Checks a header, which is a parameter without `name` and `in` (§4.7.21).
    fn header(&mut self, members: &Members) {
        if is_true(members, "explode") {
            self.ignored_member("explode", "a header is a string");
        }
        self.schema_or_content(members, "a header");
        self.examples(members);
    }

    fn schema_or_content(&mut self, members: &Members, what: &str) {
        match (members.contains_key("schema"), members.get("content")) {
            (false, None) => {
                let message = format!("{what} needs `schema` (or `content`)");
                let help = if members.keys().any(|key| is_schema_key(key)) {
                    "move `type` and related keywords into `schema`"
                } else {
                    "describe its values in `schema`"
                };
                self.invalid_here(MISSING_FIELD, message, Some(help));
            }
            (true, Some(_)) => self.exclusive(members, "schema", "content"),
            (false, Some(Value::Object(content))) if content.len() != 1 => {
                let message = format!("`content` of {what} must have exactly one media type, found {}", content.len());
                self.invalid_key(BAD_VALUE, "content", message, None);
            }
            _ => {}
        }
    }

    /// Checks that `example` and `examples` are not both present: they are mutually exclusive (§4.7.14).
    fn examples(&mut self, members: &Members) {
        self.exclusive(members, "example", "examples");
    }

    /// §4.7.20.
    fn link(&mut self, members: &Members) {
        self.exclusive(members, "operationRef", "operationId");
        if !has_any(members, &["operationRef", "operationId"]) {
            self.invalid_here(MISSING_FIELD, "a link needs `operationId` or `operationRef`", None);
        }
    }

    /// §4.7.24.
    fn schema(&mut self, members: &Members) {
        if says(members, "type", "array") && !members.contains_key("items") {
            let message = "a schema of type `array` needs `items`";
            self.invalid_here(MISSING_FIELD, message, Some("describe the items; `items: {}` allows anything"));
        }
        if is_true(members, "readOnly") && is_true(members, "writeOnly") {
            let message = "`readOnly` and `writeOnly` are both true";
            self.invalid_key(CONTRADICTION, "writeOnly", message, Some("keep one of the two"));
        }
        if array(members, "enum").is_some_and(Vec::is_empty) {
            self.ignored_member("enum", "an empty `enum` restricts nothing");
        }
    }

    /// Checks the fields of a scheme, which depend on its type (§4.7.27).
    fn security_scheme(&mut self, members: &Members) {
        let kind = text(members, "type").unwrap_or_default();
        let (needed, optional): (&[&str], &[&str]) = match kind {
            "apiKey" => (&["name", "in"], &[]),
            "http" => (&["scheme"], &["bearerFormat"]),
            "oauth2" => (&["flows"], &[]),
            "openIdConnect" => (&["openIdConnectUrl"], &[]),
            _ => return,
        };
        for key in needed.iter().filter(|key| !members.contains_key(**key)) {
            self.invalid_here(MISSING_FIELD, format!("a security scheme of type `{kind}` needs `{key}`"), None);
        }
        let others = ["name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl"];
        let has = |key: &&str| !needed.contains(key) && !optional.contains(key) && members.contains_key(*key);
        for key in others.iter().filter(|key| has(key)) {
            self.ignored_member(key, &format!("a security scheme of type `{kind}` has none"));
        }
    }

    /// Checks the version of an overlay, the features that require it, and the queries of all actions (Overlay 1.1
    /// §4.4.1).
    fn overlay(&mut self, members: &Members) {
        const WRITE: Option<&str> = Some("write `overlay: 1.1.0`");
        let since_1_1 = is_version(members, "1.1");
        let is_said = members.contains_key("overlay");
        match members.get("overlay") {
            None => {
                self.invalid_here(MISSING_VERSION, "the overlay does not state its version", WRITE);
            }
            Some(Value::String(version)) if !since_1_1 && !is_version(members, "1.0") => {
                let message = format!("overlay version {version} is not supported; 1.0 and 1.1 are");
                self.invalid(UNSUPPORTED_VERSION, self.pointer().key("overlay"), message, WRITE);
            }
            Some(Value::String(_)) => {}
            Some(other) => {
                let message = format!("`overlay` must be a string, found {}", type_name(other));
                self.invalid(WRONG_TYPE, self.pointer().key("overlay"), message, WRITE);
            }
        }
        let at = self.pointer().key("actions");
        if is_said && array(members, "actions").is_some_and(Vec::is_empty) {
            self.invalid(BAD_VALUE, at.clone(), "an overlay needs at least one action", None);
        }
        for (index, action) in items(members.get("actions")).enumerate() {
            let at = at.index(index);
            if is_said && !since_1_1 && action.get("copy").is_some() {
                self.invalid(UNKNOWN_FIELD, at.key("copy"), "`copy` came with version 1.1 of overlays", WRITE);
            }
            for key in ["target", "copy"] {
                let Some(Err(fault)) = action[key].as_str().map(parse_query) else { continue };
                let help = Some("a path is written `$.paths['/pets/{id}'].get`");
                self.invalid(BAD_VALUE, at.key(key), format!("`{key}` is {fault}"), help);
            }
        }
    }

    /// Overlay 1.1 §4.4.3.
    fn action(&mut self, members: &Members) {
        if is_true(members, "remove") {
            return;
        }
        self.exclusive(members, "update", "copy");
        if !has_any(members, &["update", "copy"]) {
            self.invalid_here(MISSING_FIELD, "an action needs `update`, `remove: true` or `copy`", None);
        }
    }
}

/// Returns `true` if the callback is generated: it contains no references, extensions or callbacks.
#[must_use]
pub fn is_plain_callback(callback: &Value) -> bool {
    let is_plain_item = |item: &Value| {
        let Some(members) = item.as_object() else { return false };
        let is_usual = !has_any(members, &["$ref", ADDITIONAL_OPERATIONS]);
        is_usual && members.values().all(|operation| operation.get("callbacks").is_none())
    };
    let Some(members) = callback.as_object() else { return false };
    members.iter().all(|(key, item)| !is_extension(key) && is_plain_item(item))
}

/// Returns `true` if an overlay has a version (`1.1`) or one of its patch releases.
pub(crate) fn is_version(overlay: &Members, version: &str) -> bool {
    let patch = text(overlay, "overlay").and_then(|text| text.strip_prefix(version)?.strip_prefix('.'));
    patch.is_some_and(|patch| patch.parse::<u32>().is_ok())
}

/// Returns the JSONPath query (RFC 9535) of an action; `None` if it is absent or invalid.
pub(crate) fn query(action: &Members, key: &str) -> Option<JsonPath> {
    parse_query(text(action, key)?).ok()
}

fn parse_query(text: &str) -> Result<JsonPath, String> {
    if limits::nesting(text, b"([!", b")]") > MAX_QUERY_DEPTH {
        return Err("nested too deep".to_owned());
    }
    let fault = |position| format!("not a JSONPath (RFC 9535), from character {}", position + 1);
    JsonPath::parse(text).map_err(|error| fault(error.position()))
}
