//! Building a request.
//!
//! In: the description of an operation and the values of a call. Out: a [`Request`] that can be sent. Invariant:
//! building never fails. The first error is stored and returned when the request is sent, before anything is sent.

mod operation;
mod options;
mod parameters;
mod property;

use std::mem;
use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method};

use crate::body::{Body, File};
use crate::by_name::{ByName, replace};
use crate::charset;
use crate::clipped::Clipped;
use crate::error::{CoreError, CredentialsError, ProviderFailure, RequestError};
use crate::header::{header_name, header_value};
use crate::media_type::{FORM, FORM_DATA, JSON};
use crate::multipart::{self, Part};
use crate::operation_name::OperationName;
use crate::parameter::{self, Style};
use crate::redact::{Secrets, is_secret_name};
use crate::shared::Shared;
use crate::types::Secret;
use crate::wire::Encode;
pub use operation::{Operation, Security};
pub use options::CallOptions;
use parameters::names;
pub(crate) use parameters::{Location, Parameters};

/// A request. [`Client::request_raw`](crate::Client::request_raw) creates one that the API document does not describe.
///
/// Its methods set parameters and the body. An invalid value is reported when the request is sent, for example an empty
/// array in a style that writes all elements as one text. The last value of a name takes precedence.
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    /// Boxed, so that setting a parameter moves a pointer.
    pub(crate) parts: Box<Parts>,
}

/// The placeholder description of a request outside of the API document.
static UNDESCRIBED: Operation = Operation::get("", "");

/// The parts of a request.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) shared: Shared,
    pub(crate) operation: OperationName,
    pub(crate) method: Method,
    /// Path and query to send verbatim, below the base URL, or the whole path of a link that an operation follows. `None` means the path of
    /// the operation.
    pub(crate) target: Option<String>,
    /// The description of the operation; empty for a request outside of the API document.
    pub(crate) described: &'static Operation,
    pub(crate) security: Security,
    /// Whether the body of a success is a stream.
    pub(crate) is_streamed: bool,
    /// The options of the caller.
    pub(crate) options: CallOptions,
    pub(crate) overrides: ByName<HeaderName, HeaderValue>,
    pub(crate) body: Option<(HeaderValue, Body)>,
}

impl Parts {
    /// Returns `true` if redirects are followed. Otherwise they are successes or errors.
    pub(crate) fn follows_redirects(&self) -> bool {
        !self.described.redirect_is_success && !self.options.without_redirects
    }

    /// Returns `true` if the API document describes the request.
    pub(crate) fn is_described(&self) -> bool {
        !self.described.id.is_empty()
    }

    pub(crate) fn parameters(&self) -> &Parameters {
        &self.options.parameters
    }

    /// Returns the error of a request that is not sent, for this reason.
    #[cold]
    pub(crate) fn refused(&self, reason: impl Into<String>) -> CoreError {
        CoreError::Request(Box::new(RequestError { operation: self.operation.clone(), reason: reason.into() }))
    }

    /// Returns the error of a request without the credentials that it needs.
    #[cold]
    pub(crate) fn without_credentials(&self, reason: String, failure: Option<ProviderFailure>) -> CoreError {
        let operation = self.operation.clone();
        CoreError::Credentials(Box::new(CredentialsError { operation, reason, failure, attempts: 0 }))
    }

    /// Sets a property of the body, which must be a JSON object or absent. Other properties are kept.
    pub(crate) fn set_body_property(&mut self, path: &[&str], value: &dyn Encode) {
        let none = || (HeaderValue::from_static(JSON), Body::from("{}"));
        let (media_type, body) = self.body.clone().unwrap_or_else(none);
        match body.bytes().and_then(|json| property::set(&json, path, value)) {
            Some(json) => self.body = Some((media_type, json.into())),
            None => self
                .options
                .parameters
                .fail(format!("the body must be a JSON object to have the property `{}`", path.join("."))),
        }
    }

    /// Moves the properties that options set into the body.
    pub(crate) fn complete_body(&mut self) {
        for (path, value) in mem::take(&mut self.options.parameters.properties) {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            self.set_body_property(&path, &value);
        }
    }
}

/// The setters of a body that is an encoded value, for `define`: their names and further arguments, and the
/// corresponding methods of [`Request`].
macro_rules! body_setters {
    ($define:ident) => {
        $define! {
            /// Sets the body to `value` as `application/json`.
            json() => set_json(JSON);

            /// Sets the body to `value` as JSON with another media type, for example `application/merge-patch+json`.
            json_as(media_type: &str) => set_json(media_type);

            /// Sets the body to the properties of `value`, an object, as `application/x-www-form-urlencoded`. Each element
            /// of an array becomes a pair; objects are written as JSON.
            form() => set_form(FORM, &[]);

            /// Sets the body to the properties of `value`, an object, as a form. `styles` are the styles of individual
            /// properties.
            form_as(media_type: &str, styles: &[(&str, Style)]) => set_form(media_type, styles);

            /// Sets the body to the properties of `value`, an object, as parts of `multipart/form-data`. A
            /// [`File`](crate::File) is sent as a file, each element of an array as a part, an object as JSON, and any
            /// other value as text.
            multipart() => set_multipart(FORM_DATA, &[]);

            /// Sets the body to the properties of `value`, an object, as parts of a `multipart` media type. `parts`
            /// describes individual properties.
            multipart_as(media_type: &str, parts: &[Part]) => set_multipart(media_type, parts);

            /// For generated code: sets the body to `value` as XML.
            #[cfg(feature = "xml")]
            #[doc(hidden)]
            xml(media_type: &str, root: &crate::xml::Root) => set_xml(media_type, root);
        }
    };
}
pub(crate) use body_setters;

macro_rules! define {
    ($($(#[$docs:meta])* $name:ident($($argument:ident: $type:ty),*) => $set:ident($($given:expr),+);)+) => {
        impl Request {$(
            $(#[$docs])*
            #[inline]
            pub fn $name(mut self $(, $argument: $type)*, value: &(impl Encode + ?Sized)) -> Self {
                self.$set($($given),+, &value);
                self
            }
        )+}
    };
}

body_setters!(define);

impl Request {
    pub(crate) fn new(shared: Shared, operation: &'static Operation) -> Self {
        let method = Method::from_bytes(operation.method.as_bytes());
        let problem = method.is_err().then(|| format!("`{}` is not an HTTP method", operation.method));
        let mut request = Self::at(
            shared,
            OperationName { method: operation.called, ..OperationName::of(operation.id) },
            method.unwrap_or_default(),
            operation,
        );
        request.parts.options.parameters.problem = problem;
        request
    }

    pub(crate) fn raw(shared: Shared, method: Method, path_and_query: &str) -> Self {
        let path = path_and_query.split(['?', '#']).next().unwrap_or_default();
        let name = format!("{method} {}", Clipped(path));
        let mut request = Self::at(shared, OperationName::of(name), method, &UNDESCRIBED);
        request.parts.target = Some(path_and_query.to_owned());
        request
    }

    fn at(shared: Shared, operation: OperationName, method: Method, described: &'static Operation) -> Self {
        let parts = Parts {
            shared,
            operation,
            method,
            target: None,
            described,
            security: described.security,
            is_streamed: described.is_streamed,
            options: CallOptions::new(),
            overrides: ByName::new(),
            body: None,
        };
        Self { parts: Box::new(parts) }
    }

    /// Sets the body to a string with a media type, in the charset that it names, or else in UTF-8.
    pub fn text(mut self, media_type: &str, text: &str) -> Self {
        self.set_text(media_type, text);
        self
    }

    /// Sets the body as [`text`](Self::text) does, to a string that no error shows.
    pub fn secret_text(mut self, media_type: &str, text: &Secret<String>) -> Self {
        self.set_secret_text(media_type, text);
        self
    }

    /// Sets the body to bytes with a media type, or to any other [`Body`].
    pub fn bytes(mut self, media_type: &str, bytes: impl Into<Body>) -> Self {
        self.set_body(media_type, bytes.into());
        self
    }

    /// Sets the security requirements of this request.
    pub fn security(mut self, alternatives: Security) -> Self {
        self.parts.security = alternatives;
        self
    }

    /// Sets the time limit from sending the request to the end of the response body, including redirects.
    /// `Duration::MAX` means no limit.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.options(CallOptions::new().with_timeout(timeout))
    }

    /// Sets less common options, such as other limits.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.parts.options.extend(options);
        self
    }

    /// Sets a required or optional parameter.
    pub(crate) fn set(&mut self, location: Location, name: &str, style: Style, value: &dyn Encode, is_required: bool) {
        self.parts.options.parameters.set(location, name, style, value, is_required);
    }

    /// Replaces all query parameters with the query of a URL. An API key in that query may be an old one, so it is
    /// removed. Returns the new query without secrets, after the path of a link.
    pub(crate) fn set_whole_query(&mut self, query: &str) -> String {
        let secrets = self.parts.secrets();
        let Parts { shared, options: CallOptions { parameters: Parameters { query: before, .. }, .. }, .. } =
            &*self.parts;
        let is_own = |name: &str| !before.iter().any(|(known, _)| known == name);
        let is_key = |name: &str| is_own(name) && shared.credentials.iter().any(|one| one.is_query_key(name));
        let pairs = query.split('&').map(|pair| (pair.split('=').next().unwrap_or_default(), pair));
        let pairs = pairs.filter(|(name, _)| !is_key(name));
        let pairs: ByName<_, _> = pairs.map(|(name, pair)| (name.to_owned(), pair.to_owned())).collect();
        let shown =
            pairs.iter().map(|(_, pair)| pair.as_str()).filter(|pair| secrets.redacted((*pair).to_owned()) == *pair);
        let mut shown = shown.collect::<Vec<_>>().join("&");
        if let Some(path) = &self.parts.target {
            shown = format!("{}?{shown}", secrets.redacted(path.clone()));
        }
        self.parts.options.parameters.query = pairs;
        shown
    }

    /// Sets a header of this call that the operation need not declare.
    pub(crate) fn set_override(&mut self, name: &str, value: &str) {
        let header = header_name(name).and_then(|header| Ok((header_value(&header, value)?, header)));
        match header {
            Ok((value, header)) => replace(&mut self.parts.overrides, header, Some(value)),
            Err(reason) => self.parts.options.parameters.refuse(Location::Header, name, reason),
        }
    }

    pub(crate) fn set_text(&mut self, media_type: &str, text: &str) {
        let bytes = charset::encode(text, media_type).map(|bytes| (&*bytes).into());
        self.set_written(media_type, bytes.map_err(String::from));
    }

    pub(crate) fn set_secret_text(&mut self, media_type: &str, text: &Secret<String>) {
        // Stores the secret.
        if let Err(reason) = self.written(text) {
            self.fail(reason);
        }
        self.set_text(media_type, text.expose());
    }

    pub(crate) fn set_json(&mut self, media_type: &str, value: &dyn Encode) {
        let json = self.written(value).map(|(json, _)| json.into());
        self.set_written(media_type, json);
    }

    #[cfg(feature = "xml")]
    pub(crate) fn set_xml(&mut self, media_type: &str, root: &crate::xml::Root, value: &dyn Encode) {
        let document = self.written(value).and_then(|(json, _)| crate::xml::document(&json, root));
        self.set_written(media_type, document.map(Body::from));
    }

    /// Returns the JSON of a property of the JSON body, if it exists.
    pub(crate) fn body_property(&self, path: &[&str]) -> Option<String> {
        let (_, body) = self.parts.body.as_ref()?;
        property::get(&body.bytes()?, path)
    }

    pub(crate) fn set_form(&mut self, media_type: &str, styles: &[(&str, Style)], value: &dyn Encode) {
        let text = self.written(value).and_then(|(json, _)| Ok(parameter::form(styles, &json)?));
        self.set_written(media_type, text.map(Body::from));
    }

    pub(crate) fn set_multipart(&mut self, media_type: &str, parts: &[Part], value: &dyn Encode) {
        let written = self.written(value);
        match written.and_then(|(json, files)| multipart::multipart(media_type, parts, &json, &files)) {
            Ok((media_type, body)) => self.set_body(&media_type, body),
            Err(reason) => self.set_written(media_type, Err(reason)),
        }
    }

    /// Sets the body, unless it could not be written. The error is the reason.
    fn set_written(&mut self, media_type: &str, body: Result<Body, String>) {
        match body {
            Ok(body) => self.set_body(media_type, body),
            Err(reason) => self.fail(format!("the body {reason}")),
        }
    }

    pub(crate) fn set_body(&mut self, media_type: &str, body: Body) {
        let header = match media_type {
            JSON => Ok(HeaderValue::from_static(JSON)),
            other => header_value(&CONTENT_TYPE, other),
        };
        match header {
            Ok(media_type) => self.parts.body = Some((media_type, body)),
            Err(reason) => self.fail(format!("the media type of the body {reason}")),
        }
    }

    /// Returns the JSON of a value, and its files, if it can be sent. Its secrets are stored.
    fn written(&mut self, value: &dyn Encode) -> Result<(String, Vec<(usize, File)>), String> {
        Ok(self.parts.options.parameters.written(value)?)
    }

    /// Stores the first error.
    #[cold]
    fn fail(&mut self, reason: String) {
        self.parts.options.parameters.fail(reason);
    }
}

impl Parts {
    /// Returns the secrets of the request: the credentials of its client, each value of a [`Secret`](crate::Secret),
    /// and values with secret names.
    #[cold]
    pub(crate) fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        let Self { shared: Shared { settings, credentials }, overrides, .. } = self;
        let Parameters { query, headers, cookies, secrets: sent, .. } = self.parameters();
        credentials.iter().for_each(|credential| credential.add_secrets(&mut secrets));
        let of_client = settings.headers.iter().chain(&settings.default_headers);
        for (name, value) in of_client.chain(headers).chain(overrides) {
            if is_secret_name(name.as_str()) {
                secrets.add_header(name, value);
            }
        }
        for (_, value) in settings.default_query.iter().filter(|(name, _)| name == "key" || is_secret_name(name)) {
            secrets.add(value);
        }
        for (_, value) in cookies.iter().flat_map(|(_, pairs)| pairs).filter(|(name, _)| is_secret_name(name)) {
            secrets.add_encoded(value);
        }
        for (name, pairs) in query {
            secrets.add_query(name, pairs);
        }
        if let Some(text) = &self.target {
            secrets.add_query("", text.split_once('?').map_or("", |(_, query)| query));
        }
        sent.iter().for_each(|json| secrets.add_json(json));
        secrets
    }
}

/// Setters of parameters: in the default style of a location, and in any style.
macro_rules! parameters {
    ($($setter:ident $styled:ident $location:ident $usual:ident $what:literal $in:literal $other:literal)+) => {
        impl Request {$(
            #[doc = concat!("Sets the ", $what, " parameter `name` in style `", $in, ".")]
            #[inline]
            pub fn $setter(self, name: &str, value: &(impl Encode + ?Sized)) -> Self {
                self.$styled(name, Style::$usual, value)
            }

            #[doc = concat!("Sets the ", $what, " parameter `name` in ", $other, ".")]
            #[inline]
            pub fn $styled(mut self, name: &str, style: Style, value: &(impl Encode + ?Sized)) -> Self {
                self.set(Location::$location, name, style, &value, true);
                self
            }
        )+}
    };
}

parameters! {
    path path_styled Path SIMPLE "path" "simple`, not exploded" "another style"
    query query_styled Query FORM "query" "form`, exploded" "another style"
    header header_styled Header SIMPLE "header" "simple`, not exploded" "style `simple`, exploded or not"
    cookie cookie_styled Cookie FORM "cookie" "form`, exploded" "style `form`, exploded or not"
}

debug! {
    /// Shows the names of parameters but not their values, which may be secret.
    Request: self {
        operation: self.parts.operation,
        method: self.parts.method,
        path_template: self.parts.described.path,
        path: names(&self.parts.parameters().path),
        query: names(&self.parts.parameters().query),
        headers: [names(&self.parts.parameters().headers), names(&self.parts.overrides)].concat(),
        cookies: names(&self.parts.parameters().cookies),
        body: self.parts.body.as_ref().map(|(_, body)| body.size()),
        ..
    }
}
