//! Reading authentication fields. In: the bytes of a `WWW-Authenticate`, `Authorization` or `Authentication-Info` field value.
//! Out: schemes with their parameters, unquoted.
//!
//! The grammar is RFC 9110 §11.2 to §11.6.1: one comma separates challenges and parameters alike, so a list element says by its own shape whether
//! it opens a challenge or goes on with the one before. Nothing is refused here: an element that makes no sense is left out, and whoever asks for
//! the parameter finds it missing. That way a broken or exotic challenge (a `token68`, text outside of ASCII) cannot hide a good one beside it.
//!
//! **Invariant:** every byte is looked at a fixed number of times; no input panics.

/// One challenge or one set of credentials: a scheme name and its parameters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scheme {
    /// The name as it was written; compare with [`Scheme::is`].
    pub(super) name: Vec<u8>,
    /// What stands after the name. A `token68` leaves it empty.
    pub(super) parameters: Parameters,
}

impl Scheme {
    /// Scheme names know no case (RFC 9110 §11.1).
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// Parameters in the order of their appearance, values unquoted and unescaped.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parameters(pub(super) Vec<(Vec<u8>, Vec<u8>)>);

impl Parameters {
    /// The value of the first parameter of that name, which knows no case (RFC 9110 §11.2).
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        let (_, value) = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()))?;
        Some(value)
    }

    /// Whether the parameter is there and says `true`, in any case (RFC 7616 §3.3: everything else means false).
    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case(b"true"))
    }
}

/// The challenges of one `WWW-Authenticate` value, or the credentials of one `Authorization` value.
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

/// The parameters of an `Authentication-Info` value, which has no scheme name (RFC 7615 §3).
pub(super) fn parameters(value: &[u8]) -> Parameters {
    Parameters(elements(value).into_iter().filter_map(parameter).collect())
}

/// List elements between commas that do not stand in a quoted string, without the space around them and without the empty ones (RFC 9110 §5.6.1).
fn elements(value: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let mut rest = value;
    loop {
        let end = element_end(rest);
        let (element, more) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        let element = element.trim_ascii();
        if !element.is_empty() {
            found.push(element);
        }
        match more.split_first() {
            Some((_comma, more)) => rest = more,
            None => return found,
        }
    }
}

/// Where the next comma outside of quotes stands, or the end.
fn element_end(text: &[u8]) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

/// `name = value` with a token or a quoted string as value (RFC 9110 §11.2). A bare value may hold more than a token may, as servers
/// do leave the quotes off a nonce in Base64; a `token68` is told apart by what its scheme asks of it, which is nothing here.
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

/// The content of a quoted string whose opening quote is off already; `None` unless the closing quote is the last byte (RFC 9110 §5.6.4).
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

/// The token that the text begins with (maybe empty), and the rest.
fn split_token(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !is_token(*byte));
    text.split_at_checked(end.unwrap_or(text.len())).unwrap_or((text, &[]))
}

/// `tchar` of RFC 9110 §5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
