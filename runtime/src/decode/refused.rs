//! Part of `decode`: successes by their status whose body says that the call has failed.
//!
//! In: a response with a status of success. Out: whether its body says so. Invariant: nobody asks about a body of the documented type, unless
//! the document says what a success has to have there.

use crate::response::{DecodeFailure, Decoder, RawResponse};
use crate::wire::reader::Leniency;
use crate::wire::{DecodeError, Reader};

/// Properties that are false where a call has failed.
const FLAGS: [&str; 3] = ["ok", "success", "succeeded"];
/// How false is written.
const FALSE: [&str; 4] = ["false", "0", "\"false\"", "\"0\""];
/// Properties that hold something where a call has failed, and what is nothing.
const ERRORS: [&str; 4] = ["error", "errors", "errcode", "errno"];
const NOTHING: [&str; 7] = ["null", "false", "0", "\"0\"", "\"\"", "[]", "{}"];
/// What `status` is where a call has failed. `failed` is rather the state of a job.
const STATES: [&str; 2] = ["\"error\"", "\"fail\""];

/// Decodes a body that is a success only if this property of it is true, as the document says.
///
/// # Errors
/// If the property is false, or `decoder` cannot decode the body.
pub fn confirmed<T>(response: &RawResponse, property: &str, decoder: Decoder<T>) -> Result<T, DecodeFailure> {
    let is_false = any_property(response.body_without_mark(), |name, value| name == property && FALSE.contains(&value));
    if is_false.unwrap_or_default() {
        return Err(DecodeFailure::new(format!("{property}: expected true, found false")));
    }
    decoder(response)
}

impl RawResponse {
    /// Whether the body, which is not of the documented type, says that the call has failed: `ok` is false, or there is an `error`.
    #[cold]
    pub(crate) fn says_failure(&self) -> bool {
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

/// Whether a property of the object is as asked, by its name and its value as it is written.
fn any_property(object: &[u8], is_asked: impl Fn(&str, &str) -> bool) -> Result<bool, DecodeError> {
    let mut reader = Reader::new(object);
    let mut key = reader.object_start()?;
    while let Some(name) = key {
        if is_asked(&name, reader.raw()?) {
            return Ok(true);
        }
        key = reader.object_next()?;
    }
    Ok(false)
}
