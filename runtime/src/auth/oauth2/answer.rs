//! Responses of token servers.
//!
//! In: a response. Out: the JSON object, or an [`OAuth2Error`] with the code and the description of the server (RFC
//! 6749 §5.2).

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

use super::error::OAuth2Error;
use crate::auth::provider::Refusal;
use crate::error::Error;

/// Returns the object of a response, or the error that it describes.
pub(super) fn read(answer: Result<Bytes, Refusal>) -> Result<Value, OAuth2Error> {
    let failure = match answer {
        Ok(body) => return object(StatusCode::OK, &body),
        Err(Refusal::Url(reason)) => return Err(OAuth2Error::new(format!("its URL {reason}"))),
        Err(Refusal::Failed(failure)) => failure,
    };
    let Error::Status(error) = &*failure else {
        let reason = format!("the request failed: {failure}");
        return Err(OAuth2Error { source: Some(failure), ..OAuth2Error::new(reason) });
    };
    let status = error.status();
    let reported = object(status, error.raw_body()).err().filter(|reported| reported.code.is_some());
    let reported = reported.unwrap_or_else(|| {
        let message = error.message().map(|message| format!(": {message}")).unwrap_or_default();
        OAuth2Error::new(format!("the server returned {status}{message}"))
    });
    Err(OAuth2Error { status: Some(status), ..reported })
}

/// Returns the object of a response, unless it is an error: some servers return errors with status 200.
fn object(status: StatusCode, body: &[u8]) -> Result<Value, OAuth2Error> {
    let answer: Value = match serde_json::from_slice(body) {
        Ok(answer @ Value::Object(_)) => answer,
        _ => return Err(OAuth2Error::new(format!("the server returned {status} without a JSON object"))),
    };
    let Some(code) = text(&answer, "error") else { return Ok(answer) };
    let description = text(&answer, "error_description").map(|description| format!(": {description}"));
    let reason = format!("{code}{}", description.unwrap_or_default());
    Err(OAuth2Error { code: Some(code.to_owned()), ..OAuth2Error::new(reason) })
}

/// Returns a non-empty text.
pub(super) fn text<'a>(answer: &'a Value, name: &str) -> Option<&'a str> {
    answer.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// Returns a duration in seconds, which some servers write as a string or with a fraction.
pub(super) fn seconds(answer: &Value, name: &str) -> Option<Duration> {
    let value = answer.get(name)?;
    let seconds = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    Duration::try_from_secs_f64(seconds).ok()
}
