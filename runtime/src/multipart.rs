//! Bodies of `multipart/form-data` and other `multipart` types (OpenAPI 3.0.3 §4.7.14.5, RFC 7578, RFC 2046 §5.1).
//!
//! In: the JSON of an object and its files. Out: the bytes of the body, with a part for each property. Invariants: the
//! boundary does not occur in any part. The same value produces the same bytes, so that a body can be retried. No name,
//! file name or media type can end its header.

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use sha2::{Digest, Sha256};

use crate::body::{Body, File};
use crate::media_type::{FORM_DATA, JSON, essence, is_json};
use crate::parameter::{Value, deep_pairs, parse};
use crate::wire::Reason;

/// A description of the part of a property: its `encoding` in the API document (OpenAPI 3.0.3 §4.7.15).
///
/// ```
/// use clientwright_runtime::Part;
///
/// const LOGO: Part = Part::new("logo").content_type("image/png, image/jpeg").headers(&[("X-Size", "large")]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Part {
    name: &'static str,
    content_type: Option<&'static str>,
    headers: &'static [(&'static str, &'static str)],
    deep_object: bool,
}

impl Part {
    /// Creates a description of the part of the property `name`, with defaults for everything else.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, content_type: None, headers: &[], deep_object: false }
    }

    /// Sets the allowed media types: one, several separated by commas, or ranges such as `image/*`. With a JSON media
    /// type, the whole value is sent as JSON.
    #[must_use]
    pub const fn content_type(mut self, media_types: &'static str) -> Self {
        self.content_type = Some(media_types);
        self
    }

    /// Sets the headers of the part.
    #[must_use]
    pub const fn headers(mut self, headers: &'static [(&'static str, &'static str)]) -> Self {
        self.headers = headers;
        self
    }

    /// Sends each property of an object and each element of an array as a separate part, named as in
    /// [`Style::DeepObject`](crate::Style::DeepObject).
    #[must_use]
    pub const fn deep_object(mut self) -> Self {
        self.deep_object = true;
        self
    }
}

const BYTES: &str = "application/octet-stream";

/// A part of the body: its header lines with line ends, and its content.
struct BodyPart {
    header: String,
    content: Body,
}

/// The value of `Content-Type` and the body for an object. Its files are identified by their offsets in the JSON.
pub(crate) fn multipart(
    media_type: &str,
    parts: &[Part],
    json: &str,
    files: &[(usize, File)],
) -> Result<(String, Body), Reason> {
    let Value::Object(properties) = parse(json)? else { return Err("is not an object, so it cannot be sent in parts") };
    let mut body_parts = Vec::with_capacity(properties.len());
    for (name, value) in &properties {
        let part = parts.iter().find(|part| part.name == name).copied().unwrap_or(Part::new(""));
        let property = Property { form_data: is_form_data(media_type), name, part, json, files };
        property.body_parts(value, &mut body_parts)?;
    }
    let boundary = boundary(&body_parts).ok_or("needs random bytes, but none are available")?;
    let mut body = Body::default();
    for BodyPart { header, content } in &body_parts {
        body.push(&format!("--{boundary}\r\n{header}\r\n").into());
        body.push(content);
        body.push(&"\r\n".into());
    }
    // RFC 2046 §5.1.1 requires a part, but an object without properties has none. Browsers send the same for an empty
    // form.
    body.push(&format!("--{boundary}--\r\n").into());
    Ok((format!("{media_type}; boundary={boundary}"), body.joined()))
}

/// A property that becomes parts.
struct Property<'p> {
    form_data: bool,
    name: &'p str,
    part: Part,
    /// The JSON of the whole object, to which the offsets of `files` refer.
    json: &'p str,
    files: &'p [(usize, File)],
}

impl<'p> Property<'p> {
    /// Adds the parts of a value: one for each element of an array (RFC 7578 §4.3), none for null, and one otherwise.
    fn body_parts(&self, value: &str, body_parts: &mut Vec<BodyPart>) -> Result<(), Reason> {
        let elements = match parse(value)? {
            Value::Array(elements) => elements,
            _ => vec![value],
        };
        // A file is always a separate part, because JSON cannot contain it.
        let has_files = elements.iter().any(|element| self.file(element).is_some());
        if self.part.deep_object && !has_files {
            for (name, text) in deep_pairs(self.name, value)? {
                let header = self.header(&name, None, None)?;
                body_parts.push(BodyPart { header, content: text.into() });
            }
        } else if self.is_json() && !has_files {
            body_parts.extend(self.body_part(value)?);
        } else {
            for element in elements {
                body_parts.extend(self.body_part(element)?);
            }
        }
        Ok(())
    }

    fn body_part(&self, value: &str) -> Result<Option<BodyPart>, Reason> {
        let documented = self.part.content_type.and_then(concrete);
        if let Some(file) = self.file(value) {
            let media_type = file.content_type.as_deref().or(documented).unwrap_or(BYTES);
            let header = self.header(self.name, Some(file.name.as_deref().unwrap_or(self.name)), Some(media_type))?;
            return Ok(Some(BodyPart { header, content: file.content.clone() }));
        }
        let (content, usual) = match parse(value)? {
            Value::Null => return Ok(None),
            Value::Scalar(text) if !self.is_json() => (Body::from(text.into_owned()), None),
            // A part without a media type is `text/plain` (RFC 7578 §4.4). Arrays and objects are JSON.
            _ => (Body::from(value), Some(JSON)),
        };
        let header = self.header(self.name, None, documented.or(usual))?;
        Ok(Some(BodyPart { header, content }))
    }

    /// The header lines of a part, with line ends.
    fn header(&self, name: &str, file: Option<&str>, media_type: Option<&str>) -> Result<String, Reason> {
        let kind = match file {
            _ if self.form_data => "form-data",
            Some(_) => "attachment",
            None => "inline",
        };
        let has_other_control = |text: &str| text.contains(|c: char| c.is_control() && !matches!(c, '\r' | '\n'));
        if has_other_control(name) || file.is_some_and(has_other_control) {
            return Err("has a part with a control character in its name or file name");
        }
        let mut header = format!("Content-Disposition: {kind}; name=\"{}\"", quoted(name));
        if let Some(file) = file {
            header += &format!("; filename=\"{}\"", quoted(file));
        }
        header += "\r\n";
        if let Some(media_type) = media_type {
            if media_type.is_empty() || media_type.chars().any(char::is_control) {
                return Err("has a file with a media type that a header cannot contain");
            }
            header += &format!("Content-Type: {media_type}\r\n");
        }
        for (name, value) in self.part.headers {
            if HeaderName::from_bytes(name.as_bytes()).is_err() || HeaderValue::from_str(value).is_err() {
                return Err("has a part with a header that cannot be sent");
            }
            header += &format!("{name}: {value}\r\n");
        }
        Ok(header)
    }

    /// The file that this value represents.
    fn file(&self, value: &str) -> Option<&'p File> {
        // The value is a slice of the JSON, so the distance of their addresses is its offset.
        let offset = value.as_ptr().addr().checked_sub(self.json.as_ptr().addr())?;
        let found = self.files.binary_search_by_key(&offset, |(place, _)| *place).ok()?;
        self.files.get(found).map(|(_, file)| file)
    }

    /// Whether the whole value is sent as JSON: an array as one part, and a string with its quotes.
    fn is_json(&self) -> bool {
        self.part.content_type.and_then(concrete).is_some_and(is_json)
    }
}

/// The first media type of a list that is not a range.
fn concrete(list: &str) -> Option<&str> {
    list.split(',').map(str::trim).find(|media_type| !media_type.is_empty() && !media_type.contains('*'))
}

fn is_form_data(media_type: &str) -> bool {
    essence(media_type).eq_ignore_ascii_case(FORM_DATA)
}

/// A name or file name between quotes, as browsers write it (WHATWG HTML §4.10.21.8): in UTF-8, with quotes and line
/// ends percent-encoded. RFC 7578 §4.2 does not allow `filename*` of RFC 5987.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("%22"),
            '\r' => quoted.push_str("%0D"),
            '\n' => quoted.push_str("%0A"),
            other => quoted.push(other),
        }
    }
    quoted
}

/// A boundary that does not occur in any part. It is a hash of the content, so content that contains it cannot be
/// constructed. Files and readers cannot be searched: then the boundary is random, for the same reason. `None` if no
/// random bytes are available.
fn boundary(body_parts: &[BodyPart]) -> Option<String> {
    let in_memory: Option<Vec<Bytes>> = body_parts.iter().map(|body_part| body_part.content.bytes()).collect();
    let Some(contents) = in_memory else {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).ok()?;
        return Some(named(&bytes));
    };
    let mut hash = Sha256::new();
    for (body_part, content) in body_parts.iter().zip(&contents) {
        hash.update(body_part.header.as_bytes());
        hash.update(content);
    }
    loop {
        let digest = hash.clone().finalize();
        let boundary = named(digest.get(..16)?);
        if !contents.iter().any(|content| contains(content, boundary.as_bytes())) {
            return Some(boundary);
        }
        hash.update(digest);
    }
}

fn named(bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("clientwright-{hex}")
}

fn contains(content: &[u8], text: &[u8]) -> bool {
    content.windows(text.len()).any(|window| window == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(media_type: &str, parts: &[Part], json: &str, files: &[(usize, File)]) -> String {
        let (content_type, body) = multipart(media_type, parts, json, files).unwrap();
        let boundary = content_type.split_once("boundary=").unwrap().1.to_owned();
        String::from_utf8(body.bytes().unwrap().to_vec()).unwrap().replace(&boundary, "B")
    }

    #[test]
    fn a_file_is_known_by_its_place_alone() {
        let json = r#"{"a":null,"b":null,"c":[null,null],"d":"null"}"#;
        let files = [(5, File::from("first")), (29, File::from("third"))];
        let names = |name: &str, file: &str| {
            format!(
                "--B\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n\
                Content-Type: application/octet-stream\r\n\r\n{file}\r\n"
            )
        };
        let text = "--B\r\nContent-Disposition: form-data; name=\"d\"\r\n\r\nnull\r\n";
        assert_eq!(
            built("multipart/form-data", &[], json, &files),
            format!("{}{}{text}--B--\r\n", names("a", "first"), names("c", "third"))
        );
    }

    #[test]
    fn the_boundary_is_in_no_part_even_if_somebody_knows_the_first_choice() {
        let body_parts = |content: &str| vec![BodyPart { header: String::new(), content: content.into() }];
        assert_eq!(boundary(&body_parts("x")), boundary(&body_parts("x")));
        assert_ne!(boundary(&body_parts("x")), boundary(&body_parts("y")));
        assert!(contains(b"a--b", b"--b") && !contains(b"a--b", b"--c") && !contains(b"-", b"--"));
    }

    #[test]
    fn quotes_and_line_ends_stay_inside() {
        assert_eq!(quoted("a\"b\r\nX-Y: zü\\"), "a%22b%0D%0AX-Y: zü\\");
    }

    #[test]
    fn only_media_types_that_are_no_ranges_are_sent() {
        assert_eq!(concrete("image/*, image/png"), Some("image/png"));
        assert_eq!(concrete("*/*"), None);
    }
}
