//! The reasons of failed requests that the host reveals.
//!
//! Invariant: no URL is shown, and no value of a header.

use std::error::Error as StdError;

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// Codes of Node.js for a connection that could not be established. Browsers have no such codes.
const CONNECTING: [&str; 4] = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];

/// The reason why a request failed.
#[derive(Debug)]
pub(crate) enum Error {
    /// A redirect that the host must not follow, and does not reveal.
    Redirect,
    /// There was no connection.
    Connect(String),
    /// The request could not be sent, or its response could not be received.
    Failed(String),
    /// A body is incomplete.
    Body(String),
}

impl Error {
    pub(super) fn failed(what: &str) -> Self {
        Self::Failed(what.to_owned())
    }

    /// Returns the error that `fetch` threw.
    pub(super) fn thrown(value: &JsValue) -> Self {
        let cause = Reflect::get(value, &"cause".into()).unwrap_or(JsValue::UNDEFINED);
        match text(&cause, "code").or_else(|| text(value, "code")) {
            Some(code) if CONNECTING.contains(&code.as_str()) => Self::Connect(format!("{} ({code})", message(value))),
            Some(code) => Self::Failed(format!("{} ({code})", message(value))),
            None => Self::Failed(message(value)),
        }
    }

    /// Returns the error that reading a body threw.
    pub(super) fn broken(value: &JsValue) -> Self {
        Self::Body(message(value))
    }

    /// Returns the error unchanged: none of these errors has a URL.
    pub(crate) fn without_url(self) -> Self {
        self
    }

    /// Returns `false`: the host has no time limits.
    pub(crate) fn is_timeout(&self) -> bool {
        false
    }

    pub(crate) fn is_connect(&self) -> bool {
        matches!(self, Self::Connect(_))
    }

    pub(crate) fn is_redirect(&self) -> bool {
        matches!(self, Self::Redirect)
    }

    pub(crate) fn is_body(&self) -> bool {
        matches!(self, Self::Body(_))
    }

    pub(crate) fn is_decode(&self) -> bool {
        false
    }
}

fmt!(Display for Error: self, f => match self {
    Self::Redirect => f.write_str(
        "redirect not followed: the host, such as a browser, does not say where it leads, and would send what only this \
         server may see",
    ),
    Self::Connect(message) | Self::Failed(message) | Self::Body(message) => f.write_str(message),
});

impl StdError for Error {}

/// Returns the message of a JavaScript error, or its kind if the message could contain a URL.
fn message(value: &JsValue) -> String {
    let name = text(value, "name").unwrap_or_else(|| "error".to_owned());
    match text(value, "message").filter(|message| !message.contains("://")) {
        Some(message) => format!("{name}: {message}"),
        None => name,
    }
}

/// Returns a property that is a string.
fn text(value: &JsValue, property: &str) -> Option<String> {
    Reflect::get(value, &property.into()).ok()?.as_string().filter(|text| !text.is_empty())
}
