//! Part of `lower`: parameters.
//!
//! In: the parameters of a path item and of an operation. Out: those of the operation, merged.
//!
//! Invariant: an optional parameter that cannot be generated is left out and named; with a required one, the operation is.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use openapiv3::{
    Content, CookieStyle, Example, HeaderStyle, MediaType, Parameter as Declared, ParameterData,
    ParameterSchemaOrContent, PathStyle, ReferenceOr, Schema,
};
use serde_json::Value;

use super::context::Context;
use super::encodings::query_style;
use super::media::{is_form, is_json};
use super::merge::Part;
use super::{notes, template};
use crate::ir::{Api, ClientHeader, ClientHeaderId, Docs, Location, Owner, Parameter, Style, TypeRef};
use crate::resolve::Found;
use crate::schema_keywords::SchemaType;
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;

/// Headers that are not parameters: OpenAPI 3.0.3 §4.7.12.1 has them ignored, because other keywords describe them.
const NOT_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Collects the headers that can be set for the whole client, one per name on the wire, and gives parameters their ids. Before it,
/// the id of such a parameter is its index under `components/parameters`.
pub(super) fn collect_client_headers(api: &mut Api) {
    let parameters = api.operations.iter().flat_map(|operation| &operation.parameters);
    let shared: BTreeMap<_, _> =
        parameters.filter_map(|parameter| Some((parameter.client_header?, parameter))).collect();
    let mut ids = BTreeMap::new();
    for (id, Parameter { wire_name, docs, ty, origin, .. }) in shared {
        let same = |known: &ClientHeader| known.wire_name.eq_ignore_ascii_case(wire_name);
        let number = api.client_headers.iter().position(same).unwrap_or_else(|| {
            let (wire_name, docs, origin) = (wire_name.clone(), docs.clone(), origin.clone());
            api.client_headers.push(ClientHeader { wire_name, docs, ty: *ty, origin });
            api.client_headers.len() - 1
        });
        ids.insert(id, ClientHeaderId(number));
    }
    for parameter in api.operations.iter_mut().flat_map(|operation| &mut operation.parameters) {
        parameter.client_header = parameter.client_header.and_then(|id| ids.get(&id)).copied();
    }
}

/// What a parameter's identity is: its name and location, where names of headers have no case.
type Key = (String, &'static str);

impl<'d> Context<'d> {
    /// The parameters of an operation; `None` if one that is required cannot be generated, which is reported.
    pub(super) fn parameters(
        &mut self,
        operation: &str,
        path: &str,
        lists: [(&'d [ReferenceOr<Declared>], Pointer); 2],
    ) -> Option<Vec<Parameter>> {
        let mut merged: IndexMap<Key, Found<&'d Declared>> = IndexMap::new();
        let mut complete = true;
        for (list, at) in lists {
            let mut seen: BTreeMap<Key, Pointer> = BTreeMap::new();
            for (index, place) in list.iter().enumerate() {
                let at = at.index(index);
                let Some(found) = self.reported(self.resolver.resolve(place, &at)) else {
                    complete = false;
                    continue;
                };
                let key = key(found.item);
                if let Some(first) = seen.insert(key.clone(), at.clone()) {
                    let message = format!("the {} parameter `{}` is listed twice", key.1, key.0);
                    let diagnostic = Diagnostic::invalid(codes::DUPLICATE_PARAMETER, self.file, at, message);
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

    /// `Some(None)` if the parameter is left out, `None` if it is required and the operation is; both are reported.
    fn parameter(&mut self, operation: &str, found: Found<&'d Declared>) -> Option<Option<Parameter>> {
        let component = found.component();
        let Found { item, at } = found;
        let (location, style, allow_reserved, data) = wire(item);
        let ParameterData { name, description, required, deprecated, format, example, examples, explode, extensions } =
            data;
        let says = |key: &str, value: &str| extensions.get(key).and_then(Value::as_str) == Some(value);
        let is_whole_query = location == Location::Query && says("x-in", "querystring");
        let style = if location == Location::Cookie && says("x-style", "cookie") { Style::Cookie } else { style };
        if location == Location::Header && NOT_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) {
            let message = format!("OpenAPI ignores a header parameter named `{name}`; it is not generated");
            self.unsupported(codes::IGNORED_HEADER_PARAMETER, &at, message);
            return Some(None);
        }
        let (schema, schema_at, style) = match format {
            ParameterSchemaOrContent::Schema(schema) => (Some(schema), at.key("schema"), style),
            ParameterSchemaOrContent::Content(content) => {
                match self.content_schema(content, style, is_whole_query, &at) {
                    Some(described) => described,
                    None => {
                        let required = *required || location == Location::Path;
                        self.other_content(operation, name, required, &at);
                        return (!required).then_some(None);
                    }
                }
            }
        };
        if location == Location::Path && !required {
            let message = format!("the path parameter `{name}` must have `required: true`");
            self.invalid(codes::OPTIONAL_PATH_PARAMETER, &at, message);
        }
        self.draft.default_places.insert(at.clone(), schema_at.clone());
        let (ty, default) = self.parameter_type(operation, name, component.as_deref(), schema, schema_at);
        let described = notes::described(description.as_ref(), extensions);
        // An optional header that is a component can be set for the whole client.
        let shared = component.filter(|_| location == Location::Header && !required);
        let index = |name: String| self.document.components.as_ref()?.parameters.get_index_of(&name);
        Some(Some(Parameter {
            wire_name: name.clone(),
            location,
            required: *required || location == Location::Path,
            style,
            // OpenAPI 3.0.3 §4.7.12.2: `form` explodes unless told otherwise. `deepObject` cannot do otherwise.
            explode: style == Style::DeepObject || explode.unwrap_or(matches!(style, Style::Form | Style::Cookie)),
            allow_reserved,
            ty,
            docs: Docs { deprecated: deprecated.unwrap_or(false), ..described },
            default,
            example: example.clone().or_else(|| self.first_example(examples, &at)),
            client_header: shared.and_then(index).map(ClientHeaderId),
            origin: at,
        }))
    }

    /// The type of a parameter, and the default that is written at it.
    fn parameter_type(
        &mut self,
        operation: &str,
        name: &str,
        component: Option<&str>,
        schema: Option<&'d ReferenceOr<Schema>>,
        at: Pointer,
    ) -> (TypeRef, Option<Value>) {
        let owner = match component {
            Some(component) => Owner::SharedParameter(component.to_owned()),
            None => Owner::Parameter { operation: operation.to_owned(), wire_name: name.to_owned() },
        };
        let default = schema.and_then(ReferenceOr::as_item).and_then(|schema| schema.schema_data.default.clone());
        let ty = match schema {
            Some(schema) => self.schema_use(Part::new(at, schema.into()), owner),
            None => self.any_use(at, owner),
        };
        (ty, default)
    }

    /// The schema of a parameter with `content` (OpenAPI 3.0.3 §4.7.12.2.2), if that is JSON or a string.
    fn content_schema(
        &mut self,
        content: &'d Content,
        style: Style,
        is_whole_query: bool,
        at: &Pointer,
    ) -> Option<(Option<&'d ReferenceOr<Schema>>, Pointer, Style)> {
        let (name, media_type) = content.first().filter(|_| content.len() == 1)?;
        let at = at.key("content").key(name);
        let MediaType { schema, example: _, examples, encoding: _, extensions: _ } = media_type;
        self.first_example(examples, &at);
        if is_json(name) {
            let style = if is_whole_query { Style::QueryJson } else { Style::Json };
            return Some((schema.as_ref(), at.key("schema"), style));
        }
        if is_whole_query && is_form(name) {
            return Some((schema.as_ref(), at.key("schema"), Style::QueryForm));
        }
        let part = Part::new(at.key("schema"), schema.as_ref()?.into());
        let is_string = self.merged_alone(&part).kind == Some(SchemaType::String);
        let style = if is_whole_query { Style::QueryText } else { style };
        is_string.then_some((schema.as_ref(), part.at, style))
    }

    fn other_content(&mut self, operation: &str, name: &str, required: bool, at: &Pointer) {
        let message = if required {
            format!(
                "the required parameter `{name}` is neither JSON nor a string, so the operation `{operation}` is not generated"
            )
        } else {
            format!(
                "the optional parameter `{name}` of `{operation}` is neither JSON nor a string and is not generated"
            )
        };
        self.unsupported(codes::UNSUPPORTED_PARAMETER_CONTENT, &at.key("content"), message);
    }

    /// The value of the first of several named examples.
    pub(super) fn first_example<'e>(
        &mut self,
        examples: impl IntoIterator<Item = (&'e String, &'d ReferenceOr<Example>)>,
        at: &Pointer,
    ) -> Option<Value> {
        let mut first = None;
        for (name, place) in examples {
            let found = self.resolver.resolve(place, &at.key("examples").key(name));
            if let Some(found) = self.reported(found) {
                let Example { summary: _, description: _, value, external_value: _, extensions: _ } = found.item;
                first = first.or_else(|| value.clone());
            }
        }
        first
    }

    /// Every name in the template is a parameter, and every path parameter is in the template (OpenAPI 3.0.3 §4.7.8).
    fn check_template(&mut self, path: &str, complete: bool, parameters: &[Parameter]) {
        let file = self.file;
        let fault = |at: &Pointer, message| Diagnostic::invalid(codes::PATH_TEMPLATE, file, at.clone(), message);
        let at = Pointer::root().key("paths").key(path);
        let names = match template::names(template::sent(path)) {
            Ok(names) => names,
            Err(problem) => return self.report(fault(&at, format!("the path `{path}` has {problem}")).at_key()),
        };
        let declared: Vec<_> = parameters.iter().filter(|parameter| parameter.location == Location::Path).collect();
        let is_declared = |name: &str| declared.iter().any(|parameter| parameter.wire_name == name);
        for name in names.iter().filter(|name| complete && !is_declared(name)) {
            let message = format!("`{{{name}}}` in the path `{path}` is not declared as a parameter");
            let known: Vec<_> = declared.iter().map(|parameter| format!("`{}`", parameter.wire_name)).collect();
            self.report(fault(&at, message).at_key().with_help(if known.is_empty() {
                format!("declare a parameter with `name: {name}` and `in: path`")
            } else {
                format!("declared path parameters: {}", known.join(", "))
            }));
        }
        for parameter in declared.iter().filter(|parameter| !names.contains(&parameter.wire_name.as_str())) {
            let message = format!("the path `{path}` has no `{{{}}}` for this parameter", parameter.wire_name);
            self.report(fault(&parameter.origin, message).with_note(at.clone(), "the path"));
        }
    }
}

/// Where a parameter is sent, how it is written, whether reserved characters are sent as they are, and what else is said.
pub(super) fn wire(parameter: &Declared) -> (Location, Style, bool, &ParameterData) {
    match parameter {
        // An empty value can be sent like any other, so `allowEmptyValue` tells the caller nothing.
        Declared::Query { parameter_data, allow_reserved, style, allow_empty_value: _ } => {
            (Location::Query, query_style(style), *allow_reserved, parameter_data)
        }
        Declared::Header { parameter_data, style: HeaderStyle::Simple } => {
            (Location::Header, Style::Simple, false, parameter_data)
        }
        Declared::Path { parameter_data, style } => {
            let style = match style {
                PathStyle::Matrix => Style::Matrix,
                PathStyle::Label => Style::Label,
                PathStyle::Simple => Style::Simple,
            };
            (Location::Path, style, false, parameter_data)
        }
        Declared::Cookie { parameter_data, style: CookieStyle::Form } => {
            (Location::Cookie, Style::Form, false, parameter_data)
        }
    }
}

fn key(parameter: &Declared) -> Key {
    let (location, _, _, ParameterData { name, .. }) = wire(parameter);
    let name = if location == Location::Header { name.to_ascii_lowercase() } else { name.clone() };
    (name, location.key())
}
