//! The rules that no table can say: which fields exclude or need each other, and how keys are written.

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
    /// Checks what a key of such an object, other than an extension, has to look like.
    pub(super) fn check_key(&mut self, kind: Kind, key: &str) {
        match kind {
            Paths => self.path(key),
            Responses => self.status(key),
            _ => {}
        }
    }

    /// Checks what no table can say of such an object.
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

    /// Two of these keys exclude each other.
    fn exclusive(&mut self, members: &Members, first: &str, second: &str) {
        if members.contains_key(first) && members.contains_key(second) {
            let message = format!("`{first}` and `{second}` are mutually exclusive");
            self.invalid_key(CONTRADICTION, second, message, Some("keep one of the two"));
        }
    }

    /// A legal member of this node that has no effect.
    fn ignored_member(&mut self, key: &str, reason: &str) {
        self.ignored(self.pointer().key(key), key, reason);
    }

    /// §4.7.18: callbacks that are not generated.
    fn callbacks(&mut self, members: &Members) {
        let callbacks = json::members(members.get("callbacks"));
        for (name, _) in callbacks.filter(|(_, callback)| !is_plain_callback(callback)) {
            let message = format!(
                "the callback `{name}` is not generated: it refers elsewhere, or holds extensions or callbacks"
            );
            self.unsupported(UNSUPPORTED_CALLBACKS, self.pointer().key("callbacks").key(name), message, None);
        }
    }

    /// §4.7.8: what a path looks like.
    fn path(&mut self, path: &str) {
        if !path.starts_with('/') {
            let message = format!("the path `{path}` does not begin with a slash");
            self.invalid_key(BAD_PATH, path, message, Some(&format!("write `/{path}`")));
        }
        // A fragment only tells operations apart.
        if let Err(problem) = template::names(path.split('#').next().unwrap_or(path)) {
            self.invalid_key(PATH_TEMPLATE, path, format!("the path `{path}` has {problem}"), None);
        }
    }

    /// §4.7.5: the variables of a server's URL.
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

    /// OpenAPI 3.2 §4.10: the keys of additional operations are methods (RFC 9110 §9.1) that a path item has no key for.
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

    /// §4.7.16: what the key of a response looks like.
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

    /// §4.7.21: a header is a parameter without `name` and `in`.
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

    /// §4.7.14: `example` and `examples` exclude each other.
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

    /// §4.7.27: what a scheme needs depends on its type.
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

    /// Overlay 1.1 §4.4.1: the version of an overlay and what came with it, and the queries of all actions.
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

/// Whether the callback is generated: it holds neither references nor extensions nor callbacks.
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

/// Whether an overlay is written in a version (`1.1`) or one of its patches.
pub(crate) fn is_version(overlay: &Members, version: &str) -> bool {
    let patch = text(overlay, "overlay").and_then(|text| text.strip_prefix(version)?.strip_prefix('.'));
    patch.is_some_and(|patch| patch.parse::<u32>().is_ok())
}

/// The JSONPath query (RFC 9535) of an action, if it is one.
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
