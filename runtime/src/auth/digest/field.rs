//! Parsing authentication fields. In: the value of `WWW-Authenticate`, `Authorization` or `Authentication-Info`. Out:
//! schemes with their parameters, unquoted.
//!
//! The grammar is RFC 9110 §11.2 to §11.6.1. Commas separate challenges as well as parameters, so the form of an
//! element determines whether it begins a challenge or belongs to the previous one. There are no errors: an invalid
//! element is skipped, and its parameter is missing. So an invalid or unknown challenge (a `token68`, bytes outside of
//! ASCII) does not hide a valid one.
//!
//! Invariants: each byte is read a fixed number of times. No input panics.

use crate::header::outside_quotes;

/// A challenge or credentials: the name of the scheme and its parameters.
#[derive(Debug, PartialEq)]
pub(super) struct Scheme {
    /// The name as it was written. Its case does not matter (RFC 9110 §11.1).
    pub(super) name: Vec<u8>,
    /// The parameters. Empty for a `token68`.
    pub(super) parameters: Parameters,
}

/// Parameters in their order, with values unquoted and unescaped.
#[derive(Debug, PartialEq)]
pub(super) struct Parameters(pub(super) Vec<(Vec<u8>, Vec<u8>)>);

impl Parameters {
    /// Returns the value of the first parameter of that name, in any case (RFC 9110 §11.2).
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        let (_, value) = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()))?;
        Some(value)
    }

    /// Returns `true` if the parameter is `true`, in any case. Everything else means false (RFC 7616 §3.3).
    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case(b"true"))
    }
}

/// Parses the challenges of a `WWW-Authenticate` value, or the credentials of an `Authorization` value.
pub(super) fn schemes(value: &[u8]) -> Vec<Scheme> {
    let mut schemes: Vec<Scheme> = Vec::new();
    for element in elements(value) {
        let (token, rest) = split_token(element);
        let after = rest.trim_ascii_start();
        let opens = !token.is_empty() && !after.starts_with(b"=") && (rest.is_empty() || after.len() < rest.len());
        if opens {
            schemes
                .push(Scheme { name: token.to_vec(), parameters: Parameters(parameter(after).into_iter().collect()) });
        } else if let (Some(current), Some(found)) = (schemes.last_mut(), parameter(element)) {
            current.parameters.0.push(found);
        }
    }
    schemes
}

/// Parses the parameters of an `Authentication-Info` value, which has no scheme (RFC 7615 §3).
pub(super) fn parameters(value: &[u8]) -> Parameters {
    Parameters(elements(value).filter_map(parameter).collect())
}

/// Splits a list at commas outside of quoted strings. Elements are trimmed, and empty ones are skipped (RFC 9110
/// §5.6.1).
fn elements(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut is_end = outside_quotes(',');
    let elements = value.split(move |byte| is_end(char::from(*byte)));
    elements.map(<[u8]>::trim_ascii).filter(|element| !element.is_empty())
}

/// Parses `name = value`, where the value is a token or a quoted string (RFC 9110 §11.2). A value without quotes may
/// contain characters that a token cannot, because some servers send a Base64 nonce without quotes.
fn parameter(text: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (name, rest) = split_token(text);
    let value = rest.trim_ascii_start().strip_prefix(b"=")?.trim_ascii();
    let value = match value.strip_prefix(b"\"") {
        Some(quoted) => unquoted(quoted)?,
        None if value.is_empty() || value.iter().any(|byte| b" \t\"".contains(byte)) => {
            return None;
        }
        None => value.to_vec(),
    };
    (!name.is_empty()).then(|| (name.to_vec(), value))
}

/// Returns the content of a quoted string after its opening quote. `None` unless the closing quote is the last byte
/// (RFC 9110 §5.6.4).
fn unquoted(text: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    loop {
        match bytes.next()? {
            b'"' => return bytes.next().is_none().then_some(content),
            b'\\' => content.push(*bytes.next()?),
            byte => content.push(*byte),
        }
    }
}

/// Splits after the token at the beginning, which may be empty.
fn split_token(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !is_token(*byte));
    text.split_at_checked(end.unwrap_or(text.len())).unwrap_or((text, &[]))
}

/// Returns `true` if a byte is a `tchar` (RFC 9110 §5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
