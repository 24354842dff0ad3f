//! Part of `lower`: parameters.
//!
//! In: the parameters of a path item and of an operation. Out: those of the operation, merged.
//!
//! Invariant: a parameter that cannot be generated is left out with its name in a diagnostic if it is optional; if it is
//! required, the whole operation is.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{
    Content, CookieStyle, Example, HeaderStyle, MediaType, OpenAPI, Parameter as Declared, ParameterData,
    ParameterSchemaOrContent, PathStyle, ReferenceOr, Schema,
};
use serde_json::Value;

use super::context::Context;
use super::encodings::query_style;
use super::media::is_json;
use super::merge::Part;
use super::{notes, template};
use crate::ir::{ClientHeader, ClientHeaderId, Docs, Location, Owner, Parameter, Style};
use crate::resolve::{Found, component_pointer};
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;

/// Headers that are not parameters: OpenAPI 3.0.3 §4.7.12.1 has them ignored, because other keywords describe them.
const NOT_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// The optional header parameters of `components/parameters` that operations refer to.
#[derive(Debug, Default)]
pub(super) struct ClientHeaders {
    /// By component name.
    found: BTreeMap<String, ClientHeader>,
}

impl ClientHeaders {
    /// The headers in the document's order, one per name on the wire, and what each component's id is.
    ///
    /// `used` holds the components that generated operations refer to.
    pub(super) fn number(
        &self,
        document: &OpenAPI,
        used: &BTreeSet<&str>,
    ) -> (Vec<ClientHeader>, BTreeMap<String, ClientHeaderId>) {
        let mut headers: Vec<ClientHeader> = Vec::new();
        let mut ids = BTreeMap::new();
        let names = document.components.iter().flat_map(|components| components.parameters.keys());
        for name in names.filter(|name| used.contains(name.as_str())) {
            let Some(header) = self.found.get(name) else { continue };
            let same = |known: &ClientHeader| known.wire_name.eq_ignore_ascii_case(&header.wire_name);
            let index = headers.iter().position(same).unwrap_or(headers.len());
            if index == headers.len() {
                headers.push(header.clone());
            }
            ids.insert(name.clone(), ClientHeaderId(index));
        }
        (headers, ids)
    }
}

/// A parameter and the component that it was referred to as.
#[derive(Debug)]
pub(super) struct Lowered {
    pub(super) parameter: Parameter,
    pub(super) shared: Option<String>,
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
        headers: &mut ClientHeaders,
    ) -> Option<Vec<Lowered>> {
        let mut merged: Vec<(Key, Found<'d, Declared>)> = Vec::new();
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
                match merged.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, known)) => *known = found,
                    None => merged.push((key, found)),
                }
            }
        }
        let mut parameters = Vec::new();
        for (_, found) in merged {
            match self.parameter(operation, found, headers) {
                LoweredParameter::Lowered(lowered) => parameters.push(*lowered),
                LoweredParameter::LeftOut => {}
                LoweredParameter::Impossible => complete = false,
            }
        }
        self.check_template(path, complete, &parameters);
        complete.then_some(parameters)
    }

    fn parameter(
        &mut self,
        operation: &str,
        found: Found<'d, Declared>,
        headers: &mut ClientHeaders,
    ) -> LoweredParameter {
        let Found { item, at, component } = found;
        let Wire { location, style, allow_reserved, data } = wire(item);
        let ParameterData { name, description, required, deprecated, format, example, examples, explode, extensions } =
            data;
        if location == Location::Header && NOT_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) {
            let message = format!("OpenAPI ignores a header parameter named `{name}`; it is not generated");
            self.unsupported(codes::IGNORED_HEADER_PARAMETER, &at, message);
            return LoweredParameter::LeftOut;
        }
        let (schema, schema_at, style) = match format {
            ParameterSchemaOrContent::Schema(schema) => (Some(schema), at.key("schema"), style),
            ParameterSchemaOrContent::Content(content) => match self.content_schema(content, style, &at) {
                Some(described) => described,
                None => return self.other_content(operation, name, *required || location == Location::Path, &at),
            },
        };
        if location == Location::Path && !required {
            let message = format!("the path parameter `{name}` must have `required: true`");
            self.invalid(codes::OPTIONAL_PATH_PARAMETER, &at, message);
        }
        let owner = match &component {
            Some(component) => Owner::SharedParameter(component.clone()),
            None => Owner::Parameter { operation: operation.to_owned(), wire_name: name.clone() },
        };
        let default = match schema {
            Some(ReferenceOr::Item(schema)) => schema.schema_data.default.clone(),
            Some(ReferenceOr::Reference { .. }) | None => None,
        };
        let ty = match schema {
            Some(schema) => self.schema_use(Part::new(schema_at, schema.into()), owner),
            None => self.any_use(schema_at, owner),
        };
        let docs =
            Docs { deprecated: deprecated.unwrap_or(false), ..notes::described(description.as_ref(), extensions) };
        let example = example.clone().or_else(|| self.first_example(examples, &at));
        let shared = component.filter(|_| location == Location::Header && !required);
        if let Some(component) = &shared {
            let header = ClientHeader {
                wire_name: name.clone(),
                docs: docs.clone(),
                ty,
                origin: component_pointer("parameters", component),
            };
            headers.found.insert(component.clone(), header);
        }
        let parameter = Parameter {
            wire_name: name.clone(),
            location,
            required: *required || location == Location::Path,
            style,
            // OpenAPI 3.0.3 §4.7.12.2: `form` explodes unless told otherwise. `deepObject` cannot do otherwise.
            explode: style == Style::DeepObject || explode.unwrap_or(style == Style::Form),
            allow_reserved,
            ty,
            docs,
            default,
            example,
            client_header: None,
            origin: at,
        };
        LoweredParameter::Lowered(Box::new(Lowered { parameter, shared }))
    }

    /// What `content` says of a parameter (OpenAPI 3.0.3 §4.7.12.2.2): JSON is sent as its text, and a string as it is. `None`
    /// for everything else.
    fn content_schema(
        &mut self,
        content: &'d Content,
        style: Style,
        at: &Pointer,
    ) -> Option<(Option<&'d ReferenceOr<Schema>>, Pointer, Style)> {
        let (name, media_type) = content.first().filter(|_| content.len() == 1)?;
        let at = at.key("content").key(name);
        let MediaType { schema, example: _, examples, encoding: _, extensions: _ } = media_type;
        self.first_example(examples, &at);
        if is_json(name) {
            return Some((schema.as_ref(), at.key("schema"), Style::Json));
        }
        let is_text = self.is_string(schema.as_ref()?, &at.key("schema"));
        is_text.then(|| (schema.as_ref(), at.key("schema"), style))
    }

    fn other_content(&mut self, operation: &str, name: &str, required: bool, at: &Pointer) -> LoweredParameter {
        let at = at.key("content");
        if required {
            let message = format!(
                "the required parameter `{name}` is neither JSON nor a string, so the operation `{operation}` is not generated"
            );
            self.unsupported(codes::UNSUPPORTED_PARAMETER_CONTENT, &at, message);
            return LoweredParameter::Impossible;
        }
        let message = format!(
            "the optional parameter `{name}` of `{operation}` is neither JSON nor a string and is not generated"
        );
        self.unsupported(codes::UNSUPPORTED_PARAMETER_CONTENT, &at, message);
        LoweredParameter::LeftOut
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
    fn check_template(&mut self, path: &str, complete: bool, parameters: &[Lowered]) {
        let at = Pointer::root().key("paths").key(path);
        let names = match template::names(template::sent(path)) {
            Ok(names) => names,
            Err(problem) => {
                let message = format!("the path `{path}` has {problem}");
                self.report(Diagnostic::invalid(codes::PATH_TEMPLATE, self.file, at, message).at_key());
                return;
            }
        };
        let declared: Vec<_> = parameters
            .iter()
            .map(|lowered| &lowered.parameter)
            .filter(|parameter| parameter.location == Location::Path)
            .collect();
        for name in &names {
            if complete && !declared.iter().any(|parameter| parameter.wire_name == **name) {
                let message = format!("`{{{name}}}` in the path `{path}` is not declared as a parameter");
                let known: Vec<_> = declared.iter().map(|parameter| format!("`{}`", parameter.wire_name)).collect();
                let diagnostic = Diagnostic::invalid(codes::PATH_TEMPLATE, self.file, at.clone(), message).at_key();
                self.report(diagnostic.with_help(if known.is_empty() {
                    format!("declare a parameter with `name: {name}` and `in: path`")
                } else {
                    format!("declared path parameters: {}", known.join(", "))
                }));
            }
        }
        for parameter in declared {
            if !names.contains(&parameter.wire_name.as_str()) {
                let message = format!("the path `{path}` has no `{{{}}}` for this parameter", parameter.wire_name);
                let diagnostic =
                    Diagnostic::invalid(codes::PATH_TEMPLATE, self.file, parameter.origin.clone(), message);
                self.report(diagnostic.with_note(at.clone(), "the path"));
            }
        }
    }
}

enum LoweredParameter {
    Lowered(Box<Lowered>),
    LeftOut,
    Impossible,
}

/// What a parameter's location says about it.
struct Wire<'d> {
    location: Location,
    style: Style,
    allow_reserved: bool,
    data: &'d ParameterData,
}

fn wire(parameter: &Declared) -> Wire<'_> {
    match parameter {
        // An empty value can be sent like any other, so `allowEmptyValue` tells the caller nothing.
        Declared::Query { parameter_data, allow_reserved, style, allow_empty_value: _ } => {
            let style = query_style(style);
            Wire { location: Location::Query, style, allow_reserved: *allow_reserved, data: parameter_data }
        }
        Declared::Header { parameter_data, style: HeaderStyle::Simple } => {
            Wire { location: Location::Header, style: Style::Simple, allow_reserved: false, data: parameter_data }
        }
        Declared::Path { parameter_data, style } => {
            let style = match style {
                PathStyle::Matrix => Style::Matrix,
                PathStyle::Label => Style::Label,
                PathStyle::Simple => Style::Simple,
            };
            Wire { location: Location::Path, style, allow_reserved: false, data: parameter_data }
        }
        Declared::Cookie { parameter_data, style: CookieStyle::Form } => {
            Wire { location: Location::Cookie, style: Style::Form, allow_reserved: false, data: parameter_data }
        }
    }
}

fn key(parameter: &Declared) -> Key {
    let Wire { location, data, .. } = wire(parameter);
    match location {
        Location::Header => (data.name.to_ascii_lowercase(), "header"),
        Location::Path => (data.name.clone(), "path"),
        Location::Query => (data.name.clone(), "query"),
        Location::Cookie => (data.name.clone(), "cookie"),
    }
}
