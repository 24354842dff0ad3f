//! A request while it is put together.
//!
//! In come an operation's constant descriptor and the values of one call, out goes a [`Request`] that the core can send. It is not generic and owns its parts.
//! Invariant: putting together never fails; the first problem is kept and surfaces when the request is sent, before anything goes over the network.

mod exchange;
mod prepare;

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, PROXY_AUTHORIZATION, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue, Method};

use crate::call::ResponseFuture;
use crate::client::Client;
use crate::codegen::decode;
use crate::multipart::{self, Part};
use crate::parameter::{self, Reason};
use crate::wire::{self, Encode, Writer};

pub(crate) use exchange::{Exchange, exchange};

/// Alternatives of combinations of security schemes, as in OpenAPI 3.0.3 §4.7.30: one of the outer list suffices, all of the inner list are needed.
/// An empty outer list demands nothing; an empty inner list is the anonymous alternative.
pub type Security = &'static [&'static [&'static str]];

/// The constant description of an operation.
///
/// ```
/// use clientwright_runtime::codegen::Operation;
///
/// const LIST_THINGS: Operation =
///     Operation::get("listThings", "/things").accept("application/json").security(&[&["api_key"]]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    id: &'static str,
    method: HttpMethod,
    path: &'static str,
    server: Option<&'static str>,
    redirect_is_success: bool,
    accept: Option<&'static str>,
    security: Security,
    default_headers: &'static [&'static str],
}

/// The methods of OpenAPI 3.0.3 §4.7.9. A constant can be copied, which `http::Method` cannot.
#[derive(Clone, Copy, Debug)]
enum HttpMethod {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl From<HttpMethod> for Method {
    fn from(method: HttpMethod) -> Self {
        match method {
            HttpMethod::Get => Self::GET,
            HttpMethod::Put => Self::PUT,
            HttpMethod::Post => Self::POST,
            HttpMethod::Delete => Self::DELETE,
            HttpMethod::Options => Self::OPTIONS,
            HttpMethod::Head => Self::HEAD,
            HttpMethod::Patch => Self::PATCH,
            HttpMethod::Trace => Self::TRACE,
        }
    }
}

/// One constructor per method.
macro_rules! methods {
    ($($name:ident $method:ident $text:literal)+) => {$(
        #[doc = concat!("Describes `", $text, " path`. Errors name the operation by `id`, its `operationId`.")]
        ///
        /// The path is a template below the base URL. A query in it is sent as it is, before the query parameters of the call.
        /// A fragment, by which some documents tell operations apart, is not sent.
        #[must_use]
        pub const fn $name(id: &'static str, path: &'static str) -> Self {
            Self::new(id, HttpMethod::$method, path)
        }
    )+};
}

impl Operation {
    methods! { get Get "GET"  put Put "PUT"  post Post "POST"  delete Delete "DELETE"  options Options "OPTIONS"  head Head "HEAD"  patch Patch "PATCH"  trace Trace "TRACE" }

    const fn new(id: &'static str, method: HttpMethod, path: &'static str) -> Self {
        Self {
            id,
            method,
            path,
            server: None,
            redirect_is_success: false,
            accept: None,
            security: &[],
            default_headers: &[],
        }
    }

    /// Sets the server, if it is not that of the base URL. A relative URL is resolved against the base URL (RFC 3986 §5.2).
    #[must_use]
    pub const fn server(mut self, server: &'static str) -> Self {
        self.server = Some(server);
        self
    }

    /// Treats a redirect as success and does not follow it: the document has no other success response.
    #[must_use]
    pub const fn redirect_is_success(mut self) -> Self {
        self.redirect_is_success = true;
        self
    }

    /// Sets the value of `Accept`: the media types that the decoders of the operation understand.
    #[must_use]
    pub const fn accept(mut self, media_types: &'static str) -> Self {
        self.accept = Some(media_types);
        self
    }

    /// Sets the security requirements, in the document's order. Without them the operation is called without credentials.
    #[must_use]
    pub const fn security(mut self, alternatives: Security) -> Self {
        self.security = alternatives;
        self
    }

    /// Names the header parameters for which a client can have a default.
    #[must_use]
    pub const fn default_headers(mut self, names: &'static [&'static str]) -> Self {
        self.default_headers = names;
        self
    }
}

/// How a parameter's value is written (OpenAPI 3.0.3 §4.7.12, "Style Values").
///
/// `explode` gives every item of an array and every member of an object a place of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// Path and header: `blue,black`; object `R,100,G,200`, exploded `R=100,G=200`.
    Simple {
        /// Members as `key=value`.
        explode: bool,
    },
    /// Path: `.blue,black`, exploded `.blue.black`; object `.R,100,G,200`, exploded `.R=100.G=200` (RFC 6570 §3.2.5).
    Label {
        /// Items and members separated by `.`, members as `key=value`.
        explode: bool,
    },
    /// Path: `;color=blue,black`, exploded `;color=blue;color=black`; object `;color=R,100,G,200`, exploded `;R=100;G=200`.
    Matrix {
        /// One `;name=value` per item or member.
        explode: bool,
    },
    /// Query and cookie: `color=blue,black`, exploded `color=blue&color=black`; object `color=R,100,G,200`, exploded `R=100&G=200`.
    Form {
        /// One pair per item or member.
        explode: bool,
    },
    /// Query: like `Form` with `allowReserved`: reserved characters are left as they are, but for `#`, `&`, `+`, `[` and `]`, which would change the query's
    /// meaning.
    AllowReserved {
        /// One pair per item or member.
        explode: bool,
    },
    /// Query: `color=blue%20black`. With `explode` it is the same as `Form { explode: true }`.
    SpaceDelimited,
    /// Query: `color=blue%7Cblack`. With `explode` it is the same as `Form { explode: true }`.
    PipeDelimited,
    /// Query: `color[R]=100&color[G]=200`, the brackets percent-encoded. Objects nest (`a[b][c]=1`) and items of arrays are numbered (`a[b][0]=1`), which
    /// OpenAPI leaves open.
    DeepObject,
    /// Query: like `SpaceDelimited` with `allowReserved`, as `AllowReserved` is to `Form`.
    SpaceDelimitedReserved,
    /// Query: like `PipeDelimited` with `allowReserved`.
    PipeDelimitedReserved,
    /// Query: like `DeepObject` with `allowReserved`, which concerns the values: the brackets of the names stay percent-encoded.
    DeepObjectReserved,
    /// Everywhere: the value's JSON text, which is what a parameter described by `content: application/json` holds (OpenAPI 3.0.3 §4.7.12.2.2).
    Json,
}

impl Style {
    /// The default of path and header parameters.
    const SIMPLE: Self = Self::Simple { explode: false };
    /// The default of query and cookie parameters.
    const FORM: Self = Self::Form { explode: true };
}

/// The media type of a form.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
/// The media type of a form with files.
pub(crate) const FORM_DATA: &str = "multipart/form-data";

/// Where a request goes, below the base URL.
#[derive(Clone)]
pub(crate) enum Target {
    /// A template whose expressions are path parameters.
    Template(&'static str),
    /// Path and query as they are to be sent.
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

/// A request that is put together and can be sent. Owns its parts, holds a handle of its client.
#[derive(Clone)]
pub struct Request {
    pub(crate) client: Client,
    pub(crate) operation: Cow<'static, str>,
    pub(crate) method: Method,
    pub(crate) target: Target,
    pub(crate) server: Option<&'static str>,
    pub(crate) redirects: Redirects,
    pub(crate) accept: Option<&'static str>,
    pub(crate) security: Security,
    pub(crate) default_headers: &'static [&'static str],
    pub(crate) path: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) header_parameters: Vec<(HeaderName, HeaderValue)>,
    pub(crate) cookies: Vec<(String, Vec<(String, String)>)>,
    pub(crate) overrides: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Option<(HeaderValue, Bytes)>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) problem: Option<String>,
}

impl Request {
    pub(crate) fn new(client: Client, operation: &Operation) -> Self {
        let mut request =
            Self::at(client, Cow::Borrowed(operation.id), operation.method.into(), Target::Template(operation.path));
        request.server = operation.server;
        if operation.redirect_is_success {
            request.redirects = Redirects::Success;
        }
        request.accept = operation.accept;
        request.security = operation.security;
        request.default_headers = operation.default_headers;
        request
    }

    pub(crate) fn raw(client: Client, method: Method, path_and_query: &str) -> Self {
        let path = path_and_query.split(['?', '#']).next().unwrap_or_default();
        let operation = format!("{method} {path}");
        Self::at(client, Cow::Owned(operation), method, Target::Verbatim(path_and_query.to_owned()))
    }

    fn at(client: Client, operation: Cow<'static, str>, method: Method, target: Target) -> Self {
        Self {
            client,
            operation,
            method,
            target,
            server: None,
            redirects: Redirects::Follow,
            accept: None,
            security: &[],
            default_headers: &[],
            path: Vec::new(),
            query: Vec::new(),
            header_parameters: Vec::new(),
            cookies: Vec::new(),
            overrides: Vec::new(),
            body: None,
            timeout: None,
            problem: None,
        }
    }

    /// Sets the path parameter `name`, style `simple`.
    #[inline]
    #[must_use]
    pub fn path(self, name: &str, value: &(impl Encode + ?Sized)) -> Self {
        self.path_styled(name, Style::SIMPLE, value)
    }

    /// Sets the path parameter `name` in a style of the path.
    #[inline]
    #[must_use]
    pub fn path_styled(mut self, name: &str, style: Style, value: &(impl Encode + ?Sized)) -> Self {
        self.set_path(name, style, &value);
        self
    }

    /// Sets the query parameter `name`, style `form`, exploded.
    #[inline]
    #[must_use]
    pub fn query(self, name: &str, value: &(impl Encode + ?Sized)) -> Self {
        self.query_styled(name, Style::FORM, value)
    }

    /// Sets the query parameter `name` in a style of the query.
    #[inline]
    #[must_use]
    pub fn query_styled(mut self, name: &str, style: Style, value: &(impl Encode + ?Sized)) -> Self {
        self.set_query(name, style, &value);
        self
    }

    /// Sets the header parameter `name`, style `simple`.
    #[inline]
    #[must_use]
    pub fn header(self, name: &str, value: &(impl Encode + ?Sized)) -> Self {
        self.header_styled(name, Style::SIMPLE, value)
    }

    /// Sets the header parameter `name` in style `simple`, exploded or not.
    #[inline]
    #[must_use]
    pub fn header_styled(mut self, name: &str, style: Style, value: &(impl Encode + ?Sized)) -> Self {
        self.set_header(name, style, &value);
        self
    }

    /// Sets the cookie parameter `name`, style `form`, exploded.
    #[inline]
    #[must_use]
    pub fn cookie(self, name: &str, value: &(impl Encode + ?Sized)) -> Self {
        self.cookie_styled(name, Style::FORM, value)
    }

    /// Sets the cookie parameter `name` in style `form`, exploded or not.
    #[inline]
    #[must_use]
    pub fn cookie_styled(mut self, name: &str, style: Style, value: &(impl Encode + ?Sized)) -> Self {
        self.set_cookie(name, style, &value);
        self
    }

    /// Sets the body: `value` as `application/json`.
    #[inline]
    #[must_use]
    pub fn json(self, value: &(impl Encode + ?Sized)) -> Self {
        self.json_as("application/json", value)
    }

    /// Sets the body: `value` as JSON under another media type, for instance `application/merge-patch+json`.
    #[inline]
    #[must_use]
    pub fn json_as(mut self, media_type: &str, value: &(impl Encode + ?Sized)) -> Self {
        self.set_json(media_type, &value);
        self
    }

    /// Sets the body: the members of `value`, an object, as `application/x-www-form-urlencoded`. Arrays are written as a pair for each item, objects as
    /// their JSON text.
    #[inline]
    #[must_use]
    pub fn form(self, value: &(impl Encode + ?Sized)) -> Self {
        self.form_as(FORM, &[], value)
    }

    /// Sets the body: the members of `value`, an object, as a form in which some members have a style of the query.
    #[inline]
    #[must_use]
    pub fn form_as(mut self, media_type: &str, styles: &[(&str, Style)], value: &(impl Encode + ?Sized)) -> Self {
        self.set_form(media_type, styles, &value);
        self
    }

    /// Sets the body: the members of `value`, an object, as the parts of `multipart/form-data`. A [`File`](crate::File) is sent as such, an array as a part
    /// for each item, an object as a part of JSON, and everything else as a text.
    #[inline]
    #[must_use]
    pub fn multipart(self, value: &(impl Encode + ?Sized)) -> Self {
        self.multipart_as(FORM_DATA, &[], value)
    }

    /// Sets the body: the members of `value`, an object, as the parts of a `multipart` media type, some of which are described.
    #[inline]
    #[must_use]
    pub fn multipart_as(mut self, media_type: &str, parts: &[Part], value: &(impl Encode + ?Sized)) -> Self {
        self.set_multipart(media_type, parts, &value);
        self
    }

    /// Sets the body: a text of the given media type, in UTF-8.
    #[must_use]
    pub fn text(mut self, media_type: &str, text: &str) -> Self {
        self.set_body(media_type, Bytes::copy_from_slice(text.as_bytes()));
        self
    }

    /// Sets the body: bytes of the given media type.
    #[must_use]
    pub fn bytes(mut self, media_type: &str, bytes: Bytes) -> Self {
        self.set_body(media_type, bytes);
        self
    }

    /// Demands credentials for this request, instead of those that its operation demands.
    #[must_use]
    pub fn security(mut self, alternatives: Security) -> Self {
        self.security = alternatives;
        self
    }

    /// Limits the time from sending the request to having received the whole answer, redirects included.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sends the request and hands out the body of a 2xx answer as it is.
    #[must_use = "a request does nothing until it is awaited"]
    pub fn send(self) -> ResponseFuture<Bytes, ()> {
        ResponseFuture::new(self, decode::bytes, decode::empty)
    }

    pub(crate) fn set_path(&mut self, name: &str, style: Style, value: &dyn Encode) {
        let text = parameter::path(name, style, &wire::to_vec(value));
        if let Some(text) = self.usable("path", name, text) {
            replace(&mut self.path, name.to_owned(), Some(text));
        }
    }

    pub(crate) fn set_query(&mut self, name: &str, style: Style, value: &dyn Encode) {
        let text = parameter::query(name, style, &wire::to_vec(value));
        if let Some(text) = self.usable("query", name, text) {
            replace(&mut self.query, name.to_owned(), (!text.is_empty()).then_some(text));
        }
    }

    pub(crate) fn set_cookie(&mut self, name: &str, style: Style, value: &dyn Encode) {
        let pairs = parameter::cookie(name, style, &wire::to_vec(value));
        if let Some(pairs) = self.usable("cookie", name, pairs) {
            replace(&mut self.cookies, name.to_owned(), (!pairs.is_empty()).then_some(pairs));
        }
    }

    pub(crate) fn set_header(&mut self, name: &str, style: Style, value: &dyn Encode) {
        let text = parameter::header(style, &wire::to_vec(value));
        let Some(text) = self.usable("header", name, text) else { return };
        let Some(header) = self.header_name(name) else { return };
        let value = text.map(|text| header_value(&header, &text)).transpose();
        if let Some(value) = self.usable("header", name, value) {
            replace(&mut self.header_parameters, header, value);
        }
    }

    /// A header of this one call, whatever the operation declares.
    pub(crate) fn set_override(&mut self, name: &str, value: &str) {
        let Some(header) = self.header_name(name) else { return };
        let value = header_value(&header, value);
        if let Some(value) = self.usable("header", name, value) {
            replace(&mut self.overrides, header, Some(value));
        }
    }

    pub(crate) fn set_json(&mut self, media_type: &str, value: &dyn Encode) {
        self.set_body(media_type, wire::to_vec(value).into());
    }

    pub(crate) fn set_form(&mut self, media_type: &str, styles: &[(&str, Style)], value: &dyn Encode) {
        match parameter::form(styles, &wire::to_vec(value)) {
            Ok(text) => self.set_body(media_type, text.into()),
            Err(reason) => self.fail(format!("the body {reason}")),
        }
    }

    pub(crate) fn set_multipart(&mut self, media_type: &str, parts: &[Part], value: &dyn Encode) {
        let mut writer = Writer::new();
        value.encode(&mut writer);
        let (json, files) = writer.into_parts();
        match multipart::multipart(media_type, parts, &json, &files) {
            Ok((media_type, body)) => self.set_body(&media_type, body.into()),
            Err(reason) => self.fail(format!("the body {reason}")),
        }
    }

    pub(crate) fn set_body(&mut self, media_type: &str, body: Bytes) {
        match header_value(&CONTENT_TYPE, media_type) {
            Ok(media_type) => self.body = Some((media_type, body)),
            Err(reason) => self.fail(format!("the media type of the body {reason}")),
        }
    }

    fn header_name(&mut self, name: &str) -> Option<HeaderName> {
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| "has a name that is not a header's name");
        let header = header.and_then(|header| {
            // The transport writes these; a value from elsewhere would make the server see two requests in one.
            if header == CONTENT_LENGTH || header == TRANSFER_ENCODING {
                Err("cannot be set: it follows from the body")
            } else {
                Ok(header)
            }
        });
        self.usable("header", name, header)
    }

    /// The good value, or nothing after having kept the problem.
    fn usable<T>(&mut self, place: &str, name: &str, value: Result<T, Reason>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(reason) => {
                self.fail(format!("the {place} parameter `{}` {reason}", crate::error::Clipped(name)));
                None
            }
        }
    }

    /// Keeps the first problem.
    #[cold]
    fn fail(&mut self, reason: String) {
        self.problem.get_or_insert(reason);
    }

    /// When the call must be over, if it must.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.timeout.or(self.client.timeout()).and_then(|timeout| Instant::now().checked_add(timeout))
    }
}

/// Sets, replaces or (with nothing to send) takes back the value of `name`.
fn replace<K: PartialEq, V>(values: &mut Vec<(K, V)>, name: K, value: Option<V>) {
    let place = values.iter().position(|(known, _)| *known == name);
    match (place.and_then(|place| values.get_mut(place)), value) {
        (Some(slot), Some(value)) => slot.1 = value,
        (None, Some(value)) => values.push((name, value)),
        (_, None) => values.retain(|(known, _)| *known != name),
    }
}

/// A header's value: no control characters (RFC 9110 §5.5), anything else in UTF-8. Credentials are marked, so that transports do not log them.
pub(crate) fn header_value(name: &HeaderName, text: &str) -> Result<HeaderValue, Reason> {
    if text.chars().any(char::is_control) {
        return Err("has a value with a control character");
    }
    let mut value = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| "has a value that a header cannot carry")?;
    value.set_sensitive([AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE].contains(name));
    Ok(value)
}

impl fmt::Debug for Request {
    /// Shows which parameters are set, but not to what: any of them may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("target", &self.target)
            .field("path", &names(&self.path))
            .field("query", &names(&self.query))
            .field(
                "headers",
                &self
                    .header_parameters
                    .iter()
                    .chain(&self.overrides)
                    .map(|(name, _)| name.as_str())
                    .collect::<Vec<_>>(),
            )
            .field("cookies", &names(&self.cookies))
            .field("body", &self.body.as_ref().map(|(_, body)| format!("{} bytes", body.len())))
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
