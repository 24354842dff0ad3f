//! Part of `decode`: failed calls with a success status.
//!
//! In: a response with a success status. Out: whether its body describes a failure. Invariant: a body of the documented
//! type is not examined, unless the document declares a property that has only one value in a success.

use crate::response::{DecodeFailure, Decoder, RawResponse};
use crate::wire::{DecodeError, Leniency, Reader};

/// Properties that are false in a failure.
const FLAGS: [&str; 3] = ["ok", "success", "succeeded"];
/// The forms of false.
const FALSE: [&str; 4] = ["false", "0", "\"false\"", "\"0\""];
/// Properties that are not empty in a failure, and the empty values.
const ERRORS: [&str; 4] = ["error", "errors", "errcode", "errno"];
const NOTHING: [&str; 7] = ["null", "false", "0", "\"0\"", "\"\"", "[]", "{}"];
/// Values of `status` in a failure. `failed` is more likely the state of a job.
const STATES: [&str; 2] = ["\"error\"", "\"fail\""];

/// Decodes a body that is documented as a success only if one of its properties is true.
///
/// # Errors
/// Returns an error if the property is false, or `decoder` cannot decode the body.
pub fn confirmed<T>(response: &RawResponse, property: &str, decoder: Decoder<T>) -> Result<T, DecodeFailure> {
    stated(response, property, "true", decoder)
}

/// Decodes a body that is documented as a success only if one of its properties has this value, in JSON: `true`, `0` or
/// a string such as `"ok"`.
///
/// # Errors
/// Returns an error if the property states the contrary, or `decoder` cannot decode the body.
pub fn stated<T>(
    response: &RawResponse,
    property: &str,
    expected: &str,
    decoder: Decoder<T>,
) -> Result<T, DecodeFailure> {
    let is_contrary = |value: &str| match expected {
        "true" => FALSE.contains(&value),
        "0" => value.parse::<f64>().is_ok_and(|number| number != 0.0),
        _ => STATES.contains(&value),
    };
    let is_refused = any_property(response.body_without_mark(), |name, value| name == property && is_contrary(value));
    if is_refused.unwrap_or_default() {
        let message = format!("{property}: expected {expected}, found another value");
        let is_refusal = response.leniency >= Leniency::Usual;
        return Err(DecodeFailure { is_refusal, ..DecodeFailure::new(message) });
    }
    decoder(response)
}

impl RawResponse {
    /// Returns `true` if the body, which does not have the documented type, describes a failure: `ok` is false, or
    /// there is an `error`.
    #[cold]
    pub(crate) fn describes_failure(&self) -> bool {
        let is_sign = |name: &str, value: &str| {
            FLAGS.contains(&name) && FALSE.contains(&value)
                || ERRORS.contains(&name) && !NOTHING.contains(&value)
                || name == "status" && STATES.contains(&value)
        };
        self.leniency >= Leniency::Usual
            && self.undecoded.is_none()
            && any_property(self.body_without_mark(), is_sign).unwrap_or_default()
    }
}

/// Returns `true` if `predicate` accepts the name and the JSON of a property of the object.
fn any_property(object: &[u8], predicate: impl Fn(&str, &str) -> bool) -> Result<bool, DecodeError> {
    let mut reader = Reader::new(object);
    let mut key = reader.object_start()?;
    while let Some(name) = key {
        if predicate(&name, reader.raw()?) {
            return Ok(true);
        }
        key = reader.object_next()?;
    }
    Ok(false)
}
