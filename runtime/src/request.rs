//! Building a request.
//!
//! In: the description of an operation and the values of a call. Out: a [`Request`] that can be sent. Invariant: building never fails.
//! The first problem is kept and becomes the error of sending, before anything is sent.

mod answer;
mod encoding;
mod exchange;
mod operation;
mod prepare;
mod property;
mod send;
mod tokens;
mod upload;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, PROXY_AUTHORIZATION, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue, Method};

use crate::call::ResponseFuture;
use crate::client::Client;
use crate::codegen::decode;
use crate::limits::Limits;
use crate::multipart::{self, Part};
use crate::options::CallOptions;
use crate::parameter::{self, Reason};
use crate::retry::RetryPolicy;
use crate::stream::ByteStream;
use crate::wire::reader::Leniency;
use crate::wire::{Encode, Writer};
use crate::{Body, File};

pub(crate) use exchange::{Exchange, exchange};
pub use operation::{Operation, Security};

/// How the value of a parameter is written (OpenAPI 3.0.3 §4.7.12.3).
///
/// In the examples the value is the string `blue`, the array `["blue", "black"]` or the object `{"R": 100, "G": 200}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// Path and header: `blue,black`; object `R,100,G,200`, exploded `R=100,G=200`.
    Simple {
        /// Whether properties are written as `key=value`.
        explode: bool,
    },
    /// Path: `.blue,black`, exploded `.blue.black`; object `.R,100,G,200`, exploded `.R=100.G=200` (RFC 6570 §3.2.5).
    Label {
        /// Whether elements and properties are separated by `.`, and properties are written as `key=value`.
        explode: bool,
    },
    /// Path: `;color=blue,black`, exploded `;color=blue;color=black`; object `;color=R,100,G,200`, exploded `;R=100;G=200`.
    Matrix {
        /// Whether each element or property has its own `;name=value`.
        explode: bool,
    },
    /// Path: `blue/black`: several segments. Slashes in the value are sent as they are, and at the beginning of a path it may bring the first
    /// slash along. Segments `.` and `..` are refused.
    Segments,
    /// Query and cookie: `color=blue,black`, exploded `color=blue&color=black`; object `color=R,100,G,200`, exploded `R=100&G=200`.
    Form {
        /// Whether each element or property has its own pair.
        explode: bool,
    },
    /// Query: `Form` with `allowReserved`. Reserved characters are not percent-encoded, except `#`, `&`, `+`, `[` and `]`, which would
    /// change the meaning of the query.
    AllowReserved {
        /// Whether each element or property has its own pair.
        explode: bool,
    },
    /// Query: `color=blue%20black`. Exploded, it is `Form { explode: true }`.
    SpaceDelimited,
    /// Query: `color=blue%7Cblack`. Exploded, it is `Form { explode: true }`.
    PipeDelimited,
    /// Query: `color[R]=100&color[G]=200`, with percent-encoded brackets. OpenAPI does not define nested values: here nested objects
    /// are `a[b][c]=1`, and elements of arrays are numbered, `a[b][0]=1`.
    DeepObject,
    /// Query: `SpaceDelimited` with `allowReserved`, see `AllowReserved`.
    SpaceDelimitedReserved,
    /// Query: `PipeDelimited` with `allowReserved`, see `AllowReserved`.
    PipeDelimitedReserved,
    /// Query: `DeepObject` with `allowReserved` for the values. The brackets in names are percent-encoded.
    DeepObjectReserved,
    /// Path, query, header and cookie: the value as JSON, for a parameter with `content: application/json` (OpenAPI 3.0.3 §4.7.12.2.2).
    Json,
    /// Cookie: as `Form` with `; ` between exploded pairs, and nothing is percent-encoded (OpenAPI 3.2.0 §4.12.3).
    Cookie {
        /// Whether each element or property is a cookie of its own.
        explode: bool,
    },
    /// The whole query (OpenAPI 3.2.0 §4.12.1), as `application/x-www-form-urlencoded`: `R=100&G=200`.
    QueryForm,
    /// The whole query, as JSON: `%7B%22R%22%3A100%7D`.
    QueryJson,
    /// The whole query, as text: `blue`.
    QueryText,
}

impl Style {
    /// The default of path and header parameters.
    pub(crate) const SIMPLE: Self = Self::Simple { explode: false };
    /// The default of query and cookie parameters.
    pub(crate) const FORM: Self = Self::Form { explode: true };
}

/// The media type of JSON.
pub(crate) const JSON: &str = "application/json";
/// The media type of a form.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
/// The media type of a form with files.
pub(crate) const FORM_DATA: &str = "multipart/form-data";

/// Whether a body of a media type is one JSON value. What stands behind `+` is the syntax (RFC 6839 §3). The generator decides the same.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    ["/json", "/x-json", "+json"].iter().any(|end| essence.ends_with(end))
}

/// Path and query of a request, below the base URL.
#[derive(Clone)]
pub(crate) enum Target {
    /// A template with path parameters.
    Template(&'static str),
    /// Path and query, sent as they are.
    Verbatim(String),
}

/// How a redirect is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Redirects {
    /// It is followed.
    Follow,
    /// It is a success response.
    Success,
    /// It is an error response, like any other status than 2xx.
    Error,
}

/// A request. [`Client::request_raw`] starts one that no operation describes.
///
/// Its methods set parameters and the body. A value that cannot be sent makes sending fail, such as an empty array in a style that writes
/// all elements as one text; the last value of a name counts.
#[derive(Clone)]
pub struct Request {
    /// Boxed, so that setting a parameter moves a pointer.
    pub(crate) parts: Box<Parts>,
}

/// What a request is made of.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) client: Client,
    pub(crate) operation: Cow<'static, str>,
    pub(crate) method: Method,
    pub(crate) target: Target,
    /// What the document says of the operation, and what calls changed of it; nothing where no operation describes the request.
    pub(crate) described: Operation,
    pub(crate) redirects: Redirects,
    pub(crate) leniency: Leniency,
    pub(crate) may_have_empty_path: bool,
    pub(crate) path: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) header_parameters: Vec<(HeaderName, HeaderValue)>,
    /// Pairs, by the name of the parameter.
    pub(crate) cookies: Vec<(String, Vec<(String, String)>)>,
    pub(crate) overrides: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Option<(HeaderValue, Body)>,
    /// The JSON of each value of a [`Secret`](crate::Secret), wherever it is sent.
    pub(crate) secrets: Vec<String>,
    /// Those of this call; where it has none, the client's count.
    pub(crate) limits: Limits,
    /// That of this call; without one, the client's counts.
    pub(crate) retries: Option<RetryPolicy>,
    pub(crate) problem: Option<String>,
}

impl Request {
    pub(crate) fn new(client: Client, operation: &Operation) -> Self {
        let method = Method::from_bytes(operation.method.as_bytes());
        let problem = method.is_err().then(|| format!("`{}` is not an HTTP method", operation.method));
        let target = Target::Template(operation.path);
        let mut request = Self::at(client, Cow::Borrowed(operation.id), method.unwrap_or_default(), target, *operation);
        request.parts.problem = problem;
        request
    }

    pub(crate) fn raw(client: Client, method: Method, path_and_query: &str) -> Self {
        let path = path_and_query.split(['?', '#']).next().unwrap_or_default();
        let name = format!("{method} {}", crate::error::Clipped(path));
        let target = Target::Verbatim(path_and_query.to_owned());
        Self::at(client, Cow::Owned(name), method, target, Operation::get("", ""))
    }

    fn at(client: Client, operation: Cow<'static, str>, method: Method, target: Target, described: Operation) -> Self {
        let parts = Parts {
            leniency: if client.is_strict() { Leniency::Exact } else { Leniency::Usual },
            may_have_empty_path: false,
            client,
            operation,
            method,
            target,
            redirects: if described.redirect_is_success { Redirects::Success } else { Redirects::Follow },
            described,
            path: Vec::new(),
            query: Vec::new(),
            header_parameters: Vec::new(),
            cookies: Vec::new(),
            overrides: Vec::new(),
            body: None,
            secrets: Vec::new(),
            limits: Limits::default(),
            retries: None,
            problem: None,
        };
        Self { parts: Box::new(parts) }
    }

    /// Sets the path parameter `name` in style `simple`, not exploded.
    #[inline]
    #[must_use]
    pub fn path(self, name: &str, value: &(impl Encode + ?Sized)) -> Self {
        self.path_styled(name, Style::SIMPLE, value)
    }

    /// Sets the path parameter `name` in another style.
    #[inline]
    #[must_use]
    pub fn path_styled(mut self, name: &str, style: Style, value: &(impl Encode + ?Sized)) -> Self {
        self.set_path(name, style, &value);
        self
    }

    /// Sets the query parameter `name` in style `form`, exploded.
    #[inline]
    #[must_use]
    pub fn query(self, name: &str, value: &(impl Encode + ?Sized)) -> Self {
        self.query_styled(name, Style::FORM, value)
    }

    /// Sets the query parameter `name` in another style.
    #[inline]
    #[must_use]
    pub fn query_styled(mut self, name: &str, style: Style, value: &(impl Encode + ?Sized)) -> Self {
        self.refuse_empty("query", name, style, &value);
        self.set_query(name, style, &value);
        self
    }

    /// Sets the header parameter `name` in style `simple`, not exploded.
    #[inline]
    #[must_use]
    pub fn header(self, name: &str, value: &(impl Encode + ?Sized)) -> Self {
        self.header_styled(name, Style::SIMPLE, value)
    }

    /// Sets the header parameter `name` in style `simple`, exploded or not.
    #[inline]
    #[must_use]
    pub fn header_styled(mut self, name: &str, style: Style, value: &(impl Encode + ?Sized)) -> Self {
        self.refuse_empty("header", name, style, &value);
        self.set_header(name, style, &value);
        self
    }

    /// Sets the cookie parameter `name` in style `form`, exploded.
    #[inline]
    #[must_use]
    pub fn cookie(self, name: &str, value: &(impl Encode + ?Sized)) -> Self {
        self.cookie_styled(name, Style::FORM, value)
    }

    /// Sets the cookie parameter `name` in style `form`, exploded or not.
    #[inline]
    #[must_use]
    pub fn cookie_styled(mut self, name: &str, style: Style, value: &(impl Encode + ?Sized)) -> Self {
        self.refuse_empty("cookie", name, style, &value);
        self.set_cookie(name, style, &value);
        self
    }

    /// Sets the body to `value` as `application/json`.
    #[inline]
    #[must_use]
    pub fn json(self, value: &(impl Encode + ?Sized)) -> Self {
        self.json_as(JSON, value)
    }

    /// Sets the body to `value` as JSON with another media type, for example `application/merge-patch+json`.
    #[inline]
    #[must_use]
    pub fn json_as(mut self, media_type: &str, value: &(impl Encode + ?Sized)) -> Self {
        self.set_json(media_type, &value);
        self
    }

    /// Sets the body to the properties of `value`, an object, as `application/x-www-form-urlencoded`. Each element of an array is a
    /// pair; objects are written as JSON.
    #[inline]
    #[must_use]
    pub fn form(self, value: &(impl Encode + ?Sized)) -> Self {
        self.form_as(FORM, &[], value)
    }

    /// Sets the body to the properties of `value`, an object, as a form. `styles` are the styles of some properties.
    #[inline]
    #[must_use]
    pub fn form_as(mut self, media_type: &str, styles: &[(&str, Style)], value: &(impl Encode + ?Sized)) -> Self {
        self.set_form(media_type, styles, &value);
        self
    }

    /// Sets the body to the properties of `value`, an object, as parts of `multipart/form-data`. A [`File`](crate::File) is sent as
    /// a file, each element of an array as a part, an object as JSON, and everything else as text.
    #[inline]
    #[must_use]
    pub fn multipart(self, value: &(impl Encode + ?Sized)) -> Self {
        self.multipart_as(FORM_DATA, &[], value)
    }

    /// Sets the body to the properties of `value`, an object, as parts of a `multipart` media type. `parts` describe some of them.
    #[inline]
    #[must_use]
    pub fn multipart_as(mut self, media_type: &str, parts: &[Part], value: &(impl Encode + ?Sized)) -> Self {
        self.set_multipart(media_type, parts, &value);
        self
    }

    /// Sets the body to a string with a media type, in UTF-8.
    #[must_use]
    pub fn text(mut self, media_type: &str, text: &str) -> Self {
        self.set_body(media_type, text.into());
        self
    }

    /// Sets the body to bytes with a media type, or to any other [`Body`].
    #[must_use]
    pub fn bytes(mut self, media_type: &str, bytes: impl Into<Body>) -> Self {
        self.set_body(media_type, bytes.into());
        self
    }

    /// Sets the security requirements of this request, instead of those of its operation.
    #[must_use]
    pub fn security(mut self, alternatives: Security) -> Self {
        self.parts.described.security = alternatives;
        self
    }

    /// Limits the time from sending the request to the end of the response body, including redirects. `Duration::MAX` means no limit.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.parts.limits.overall = Some(timeout);
        self
    }

    /// Sets options that are rarely needed, such as other limits.
    #[must_use]
    pub fn options(mut self, options: CallOptions) -> Self {
        options.apply(&mut self);
        self
    }

    /// Sends the request. The body of a 2xx response is not decoded.
    #[must_use = "a request does nothing until it is awaited"]
    pub fn send(self) -> ResponseFuture<Bytes, ()> {
        ResponseFuture::new(self, decode::bytes, decode::empty)
    }

    /// Sends the request, and hands out the body of a 2xx response in pieces as they arrive.
    #[must_use = "a request does nothing until it is awaited"]
    pub fn stream(mut self) -> ResponseFuture<ByteStream, ()> {
        self.parts.described.is_streamed = true;
        ResponseFuture::new(self, decode::stream, decode::empty)
    }

    pub(crate) fn set_path(&mut self, name: &str, style: Style, value: &dyn Encode) {
        let text = self.encoded(value).and_then(|json| parameter::path(name, style, &json));
        if let Some(text) = self.usable("path", name, text) {
            replace(&mut self.parts.path, name.to_owned(), Some(text));
        }
    }

    /// An empty array is no pair where each element is one. In a style that writes one text for all elements it would not be sent (RFC 6570
    /// §2.3), although a value is required.
    fn refuse_empty(&mut self, location: &str, name: &str, style: Style, value: &dyn Encode) {
        let is_one_text = match style {
            Style::Form { explode } | Style::AllowReserved { explode } | Style::Cookie { explode } => !explode,
            Style::Simple { .. } | Style::Label { .. } | Style::Matrix { .. } | Style::QueryText => true,
            Style::Segments => true,
            Style::SpaceDelimited | Style::SpaceDelimitedReserved => true,
            Style::PipeDelimited | Style::PipeDelimitedReserved => true,
            Style::DeepObject | Style::DeepObjectReserved | Style::Json | Style::QueryForm | Style::QueryJson => false,
        };
        if is_one_text && encoded(value, &mut Vec::new()).is_ok_and(|json| json == "[]") {
            let _: Option<()> = self.usable(location, name, Err("is an empty array, which its style cannot send"));
        }
    }

    pub(crate) fn set_query(&mut self, name: &str, style: Style, value: &dyn Encode) {
        let text = query_text(name, style, value, &mut self.parts.secrets);
        self.set_query_text(name, text);
    }

    /// Sets what stands for the query parameter `name`, as [`query_text`] gives it.
    pub(crate) fn set_query_text(&mut self, name: &str, text: Result<String, Reason>) {
        if let Some(text) = self.usable("query", name, text) {
            replace(&mut self.parts.query, name.to_owned(), (!text.is_empty()).then_some(text));
        }
    }

    /// Replaces all query parameters by a query as it stands in a URL. An API key of the client that it repeats may be an old one.
    pub(crate) fn set_whole_query(&mut self, query: &str) {
        let Parts { client, query: before, .. } = &*self.parts;
        let is_own = |name: &str| !before.iter().any(|(known, _)| known == name);
        let is_key = |name: &str| is_own(name) && client.credentials().iter().any(|one| one.is_query_key(name));
        let pairs = query.split('&').map(|pair| (pair.split('=').next().unwrap_or_default(), pair));
        let pairs = pairs.filter(|(name, _)| !is_key(name));
        self.parts.query = pairs.map(|(name, pair)| (name.to_owned(), parameter::literal_query(pair))).collect();
    }

    pub(crate) fn set_cookie(&mut self, name: &str, style: Style, value: &dyn Encode) {
        let pairs = self.encoded(value).and_then(|json| parameter::cookie(name, style, &json));
        if let Some(pairs) = self.usable("cookie", name, pairs) {
            replace(&mut self.parts.cookies, name.to_owned(), (!pairs.is_empty()).then_some(pairs));
        }
    }

    pub(crate) fn set_header(&mut self, name: &str, style: Style, value: &dyn Encode) {
        let text = self.encoded(value).and_then(|json| parameter::header(style, &json));
        let Some(text) = self.usable("header", name, text) else { return };
        let Some(header) = self.header_name(name) else { return };
        let value = text.map(|text| header_value(&header, &text)).transpose();
        if let Some(value) = self.usable("header", name, value) {
            replace(&mut self.parts.header_parameters, header, value);
        }
    }

    /// Sets a header of this call that the operation does not have to declare.
    pub(crate) fn set_override(&mut self, name: &str, value: &str) {
        let Some(header) = self.header_name(name) else { return };
        let value = header_value(&header, value);
        if let Some(value) = self.usable("header", name, value) {
            replace(&mut self.parts.overrides, header, Some(value));
        }
    }

    pub(crate) fn set_json(&mut self, media_type: &str, value: &dyn Encode) {
        match self.encoded(value) {
            Ok(json) if media_type == JSON => self.parts.body = Some((HeaderValue::from_static(JSON), json.into())),
            Ok(json) => self.set_body(media_type, json.into()),
            Err(reason) => self.fail(format!("the body {reason}")),
        }
    }

    /// Sets a property of the body, which is a JSON object, or none yet. Its other properties stay as they are.
    pub(crate) fn set_body_property(&mut self, path: &[&str], value: &dyn Encode) {
        let none = || (HeaderValue::from_static(JSON), Body::from("{}"));
        let (media_type, body) = self.parts.body.clone().unwrap_or_else(none);
        match body.bytes().and_then(|json| property::set(&json, path, value)) {
            Some(json) => self.parts.body = Some((media_type, json.into())),
            None => self.fail(format!("the body is no JSON object that could have the property `{}`", path.join("."))),
        }
    }

    /// A property of the JSON body as it is written, if it is there.
    pub(crate) fn body_property(&self, path: &[&str]) -> Option<String> {
        let (_, body) = self.parts.body.as_ref()?;
        property::get(&body.bytes()?, path)
    }

    pub(crate) fn set_form(&mut self, media_type: &str, styles: &[(&str, Style)], value: &dyn Encode) {
        match self.encoded(value).and_then(|json| parameter::form(styles, &json)) {
            Ok(text) => self.set_body(media_type, text.into()),
            Err(reason) => self.fail(format!("the body {reason}")),
        }
    }

    pub(crate) fn set_multipart(&mut self, media_type: &str, parts: &[Part], value: &dyn Encode) {
        let written = written(value, &mut self.parts.secrets);
        let body = written.and_then(|(json, files)| multipart::multipart(media_type, parts, &json, &files));
        match body {
            Ok((media_type, body)) => self.set_body(&media_type, body),
            Err(reason) => self.fail(format!("the body {reason}")),
        }
    }

    pub(crate) fn set_body(&mut self, media_type: &str, body: Body) {
        match header_value(&CONTENT_TYPE, media_type) {
            Ok(media_type) => self.parts.body = Some((media_type, body)),
            Err(reason) => self.fail(format!("the media type of the body {reason}")),
        }
    }

    /// The JSON of a value that is sent, if it can be. What is secret of it is kept.
    fn encoded(&mut self, value: &dyn Encode) -> Result<String, Reason> {
        encoded(value, &mut self.parts.secrets)
    }

    fn header_name(&mut self, name: &str) -> Option<HeaderName> {
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| "has an invalid name");
        let header = header.and_then(|header| {
            // The HTTP client writes these. A wrong value would make the server see two requests in one.
            if header == CONTENT_LENGTH || header == TRANSFER_ENCODING {
                Err("cannot be set: it follows from the body")
            } else {
                Ok(header)
            }
        });
        self.usable("header", name, header)
    }

    /// The value, or `None` after keeping the problem.
    fn usable<T>(&mut self, location: &str, name: &str, value: Result<T, Reason>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(reason) => {
                self.fail(format!("the {location} parameter `{}` {reason}", crate::error::Clipped(name)));
                None
            }
        }
    }

    /// Keeps the first problem.
    #[cold]
    fn fail(&mut self, reason: String) {
        self.parts.problem.get_or_insert(reason);
    }
}

/// The JSON of a value, and its files, if it can be sent. What is secret of it is added to the secrets.
fn written(value: &dyn Encode, secrets: &mut Vec<String>) -> Result<(String, Vec<(usize, File)>), Reason> {
    let mut writer = Writer::new();
    value.encode(&mut writer);
    secrets.append(writer.secrets_mut());
    match writer.problem() {
        Some(reason) => Err(reason),
        None => Ok(writer.into_parts()),
    }
}

/// A query parameter as it stands in a URL, if its value can be sent.
pub(crate) fn query_text(
    name: &str,
    style: Style,
    value: &dyn Encode,
    secrets: &mut Vec<String>,
) -> Result<String, Reason> {
    encoded(value, secrets).and_then(|json| parameter::query(name, style, &json))
}

/// The JSON of a value, if it can be sent.
fn encoded(value: &dyn Encode, secrets: &mut Vec<String>) -> Result<String, Reason> {
    written(value, secrets).map(|(json, _)| json)
}

/// Sets the value of `name`, or removes it if there is nothing to send.
fn replace<K: PartialEq, V>(values: &mut Vec<(K, V)>, name: K, value: Option<V>) {
    let index = values.iter().position(|(known, _)| *known == name);
    match (index.and_then(|index| values.get_mut(index)), value) {
        (Some(slot), Some(value)) => slot.1 = value,
        (None, Some(value)) => values.push((name, value)),
        (_, None) => values.retain(|(known, _)| *known != name),
    }
}

/// The value of a header in UTF-8, without control characters (RFC 9110 §5.5). Credentials are marked as sensitive, so that they are
/// not logged.
pub(crate) fn header_value(name: &HeaderName, text: &str) -> Result<HeaderValue, Reason> {
    if text.chars().any(char::is_control) {
        return Err("has a value with a control character");
    }
    let mut value = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| "has a value that a header cannot contain")?;
    value.set_sensitive([AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE].contains(name));
    Ok(value)
}

impl fmt::Debug for Request {
    /// Shows the names of parameters but not their values: any of them may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.parts.operation)
            .field("method", &self.parts.method)
            .field("target", &self.parts.target)
            .field("path", &names(&self.parts.path))
            .field("query", &names(&self.parts.query))
            .field(
                "headers",
                &self
                    .parts
                    .header_parameters
                    .iter()
                    .chain(&self.parts.overrides)
                    .map(|(name, _)| name.as_str())
                    .collect::<Vec<_>>(),
            )
            .field("cookies", &names(&self.parts.cookies))
            .field("body", &self.parts.body.as_ref().map(|(_, body)| format!("{} bytes", body.length())))
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template(template) => template.fmt(f),
            Self::Verbatim(target) => target.split(['?', '#']).next().fmt(f),
        }
    }
}

fn names<V>(values: &[(String, V)]) -> Vec<&str> {
    values.iter().map(|(name, _)| name.as_str()).collect()
}
