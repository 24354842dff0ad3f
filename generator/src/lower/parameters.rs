//! Part of `lower`: parameters.
//!
//! In: the parameters of a path item and of an operation. Out: the operation's merged parameters.
//!
//! Invariant: an optional parameter that cannot be generated is dropped and reported; for a required one, the operation is.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::context::{Context, owner};
use super::encodings::query_style;
use super::merged_schema::Part;
use super::notes;
use crate::ir::{Encoding, Location, MediaKind, Parameter, Role, Section, Style, sent_path};
use crate::resolve::Node;
use crate::schema_keywords::{SchemaType, keyword_of};
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::extensions::{IN, STYLE};
use clientwright_normalizer::structure::media::{Family, family};
use clientwright_normalizer::structure::template;

/// Headers that OpenAPI 3.0.3 §4.7.12.1 ignores as parameters, because other keywords describe them.
const NOT_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Headers of messages and connections, which the HTTP client sets (RFC 9110 §7.2, §7.6.1, §8.6; RFC 9112 §6.1).
const OF_MESSAGES: [&str; 4] = ["connection", "content-length", "host", "transfer-encoding"];

/// The identity of a parameter: location and name. Header names are case-insensitive.
type Key = (String, &'static str);

impl<'d> Context<'d> {
    /// Returns the parameters of an operation; `None` if a required one cannot be generated, which is reported.
    pub(super) fn parameters(
        &mut self,
        operation: &str,
        path: &str,
        holders: [&Node<'d>; 2],
    ) -> Option<Vec<Parameter>> {
        let mut merged: IndexMap<Key, Node<'d>> = IndexMap::new();
        let mut complete = true;
        for holder in holders {
            let mut seen: BTreeMap<Key, Pointer> = BTreeMap::new();
            for place in holder.key("parameters").items() {
                let Some(found) = self.resolved(&place, "parameters") else {
                    complete = false;
                    continue;
                };
                let key = key(found.item);
                if let Some(first) = seen.insert(key.clone(), place.at.clone()) {
                    let message = format!("duplicate {} parameter `{}`", key.1, key.0);
                    let diagnostic = Diagnostic::invalid(codes::DUPLICATE_PARAMETER, self.file, place.at, message);
                    self.report(diagnostic.with_note(first, "first listed here"));
                }
                merged.insert(key, found);
            }
        }
        let mut parameters = Vec::new();
        for found in merged.into_values() {
            match self.parameter(operation, found) {
                Some(parameter) => parameters.extend(parameter),
                None => complete = false,
            }
        }
        self.check_template(path, complete, &parameters);
        complete.then_some(parameters)
    }

    /// Lowers a parameter. Returns `Some(None)` if it is dropped, `None` if it is required and the operation is dropped; both are
    /// reported.
    fn parameter(&mut self, operation: &str, node: Node<'d>) -> Option<Option<Parameter>> {
        let Node { item, at } = &node;
        let (wire_name, location) = (notes::required(item, "name").to_owned(), location(item));
        if let Some(message) = no_parameter(&wire_name).filter(|_| location == Location::Header) {
            self.unsupported(codes::IGNORED_HEADER_PARAMETER, at, message);
            return Some(None);
        }
        let says_required = item["required"] == true;
        let required = says_required || location == Location::Path;
        let Some((holder, style)) = self.described_value(&node, location) else {
            let message = if required {
                format!(
                    "the required parameter `{wire_name}` is neither JSON nor a string, so the operation `{operation}` is not generated"
                )
            } else {
                format!(
                    "the optional parameter `{wire_name}` of `{operation}` is neither JSON nor a string and is not generated"
                )
            };
            self.unsupported(codes::UNSUPPORTED_PARAMETER_CONTENT, &at.key("content"), message);
            return (!required).then_some(None);
        };
        if required && !says_required {
            let message = format!("the path parameter `{wire_name}` must have `required: true`");
            self.invalid(codes::OPTIONAL_PATH_PARAMETER, at, message);
        }
        let (schema, schema_at) = (Part::schema_of(&holder), holder.at.key("schema"));
        let written = self.style_of_list(&wire_name, style, schema.as_ref());
        self.draft.default_places.insert(at.clone(), schema_at.clone());
        let owner = owner(node.component(), Section::Parameters, operation, Role::Parameter(wire_name.clone()));
        let ty = match schema {
            Some(schema) => self.schema_use(schema, owner),
            None => self.any_use(schema_at, owner),
        };
        Some(Some(Parameter {
            wire_name,
            location,
            required,
            style: written,
            // OpenAPI 3.0.3 §4.7.12.2: `form` explodes by default. `deepObject` always explodes.
            explode: style == Style::DeepObject
                || item["explode"].as_bool().unwrap_or(matches!(style, Style::Form | Style::Cookie)),
            allow_reserved: location == Location::Query && item["allowReserved"] == true || item[STYLE] == "reserved",
            ty,
            docs: notes::docs(item),
            default: keyword_of(&holder.item["schema"], "default").cloned(),
            example: notes::value(item, "example").or_else(|| self.follow_examples(&node)),
            constant: None,
            of_client: item["x-client-parameter"].as_bool(),
            client_parameter: None,
            origin: node.at,
        }))
    }

    /// Returns the style of a parameter. An array whose name includes brackets, such as `tags[]` with `deepObject`, is sent as one pair
    /// per element.
    fn style_of_list(&mut self, name: &str, style: Style, schema: Option<&Part<'d>>) -> Style {
        let Some(schema) = schema.filter(|_| style == Style::DeepObject && name.ends_with("[]")) else { return style };
        let is_array = self.merged_alone(schema).kind == Some(SchemaType::Array);
        if is_array { Style::Form } else { style }
    }

    /// Returns the parameter or media type with the schema of a value, and the style of the value. `None` for `content` (OpenAPI 3.0.3
    /// §4.7.12.2.2) that is neither JSON nor a string.
    fn described_value(&mut self, node: &Node<'d>, location: Location) -> Option<(Node<'d>, Style)> {
        let style = style(node.item, location);
        if node.item.get("schema").is_some() {
            return Some((node.clone(), style));
        }
        let (name, media_type) = node.key("content").members().next()?;
        self.follow_examples(&media_type);
        let is_whole_query = location == Location::Query && node.item[IN] == "querystring";
        let style = match family(name) {
            Family::Json if is_whole_query => Style::QueryJson,
            Family::Json => Style::Json,
            Family::Form if is_whole_query => {
                for Encoding { property, .. } in self.encodings(MediaKind::Form, &media_type) {
                    let message = format!(
                        "the encoding of `{property}` has no effect: the query string uses the default form encoding"
                    );
                    let at = media_type.at.key("encoding").key(&property);
                    self.unsupported(codes::IGNORED_ENCODING, &at, message);
                }
                Style::QueryForm
            }
            _ => {
                let schema = Part::schema_of(&media_type)?;
                let is_string = self.merged_alone(&schema).kind == Some(SchemaType::String);
                let style = if is_whole_query { Style::QueryText } else { style };
                return is_string.then_some((media_type, style));
            }
        };
        Some((media_type, style))
    }

    /// Reports broken references in named examples. Returns the value of the first one.
    pub(super) fn follow_examples(&mut self, holder: &Node<'d>) -> Option<Value> {
        let mut first = None;
        for (_, place) in holder.key("examples").members() {
            if let Some(found) = self.resolved(&place, "examples") {
                first = first.or_else(|| notes::value(found.item, "value"));
            }
        }
        first
    }

    /// Checks that every name in the template is a parameter, and every path parameter is in the template (OpenAPI 3.0.3 §4.7.8).
    fn check_template(&mut self, path: &str, complete: bool, parameters: &[Parameter]) {
        let file = self.file;
        let fault = |at: &Pointer, message| Diagnostic::invalid(codes::PATH_TEMPLATE, file, at.clone(), message);
        let at = Pointer::root().key("paths").key(path);
        // `structure` reports malformed templates.
        let Ok(names) = template::names(sent_path(path)) else { return };
        let declared: Vec<_> = parameters.iter().filter(|parameter| parameter.location == Location::Path).collect();
        let is_declared = |name: &str| declared.iter().any(|parameter| parameter.wire_name == name);
        for name in names.iter().filter(|name| complete && !is_declared(name)) {
            let message = format!("`{{{name}}}` in the path `{path}` is not declared as a parameter");
            let known: Vec<_> = declared.iter().map(|parameter| format!("`{}`", parameter.wire_name)).collect();
            self.report(fault(&at, message).at_key().with_help(if known.is_empty() {
                format!("declare a parameter with `name: {name}` and `in: path`")
            } else {
                format!("use a declared path parameter ({}), or declare this one", known.join(", "))
            }));
        }
        for parameter in declared.iter().filter(|parameter| !names.contains(&parameter.wire_name.as_str())) {
            let message = format!("the path `{path}` must contain `{{{}}}` for this parameter", parameter.wire_name);
            self.report(fault(&parameter.origin, message).with_note(at.clone(), "the path"));
        }
    }
}

/// Returns the message for a header that callers do not set.
fn no_parameter(name: &str) -> Option<String> {
    let is_among = |headers: &[&str]| headers.contains(&name.to_ascii_lowercase().as_str());
    if is_among(&NOT_PARAMETERS) {
        return Some(format!(
            "OpenAPI ignores header parameters named `{name}`; a call can set it with `.with_header`"
        ));
    }
    is_among(&OF_MESSAGES).then(|| format!("the HTTP client sets the header `{name}`; no parameter is generated"))
}

/// Returns the location of a parameter.
pub(super) fn location(parameter: &Value) -> Location {
    match parameter["in"].as_str() {
        Some("path") => Location::Path,
        Some("header") => Location::Header,
        Some("cookie") => Location::Cookie,
        _ => Location::Query,
    }
}

/// Returns the style of a parameter. Empty values can always be sent, so `allowEmptyValue` has no effect.
fn style(parameter: &Value, location: Location) -> Style {
    match (location, parameter["style"].as_str()) {
        (Location::Path, _) if parameter[STYLE] == "segments" || parameter[STYLE] == "reserved" => Style::Segments,
        (Location::Path, Some("matrix")) => Style::Matrix,
        (Location::Path, Some("label")) => Style::Label,
        (Location::Path | Location::Header, _) => Style::Simple,
        (Location::Cookie, _) if parameter[STYLE] == "cookie" => Style::Cookie,
        (Location::Cookie, _) => Style::Form,
        (Location::Query, style) => style.map_or(Style::Form, query_style),
    }
}

fn key(parameter: &Value) -> Key {
    let (location, name) = (location(parameter), notes::required(parameter, "name"));
    let name = if location == Location::Header { name.to_ascii_lowercase() } else { name.to_owned() };
    (name, location.key())
}
