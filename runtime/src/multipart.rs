//! Bodies of `multipart/form-data` and other `multipart` types (OpenAPI 3.0.3 §4.7.14.5, RFC 7578, RFC 2046 §5.1).
//!
//! In comes the JSON that the codec wrote for an object, with its files beside it; out go the bytes of the body, each property a part, and the boundary
//! between them. Invariants: the boundary occurs in no part; the same value gives the same bytes, so that a body can be sent again; and no name, file
//! name or media type can end its header.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue};
use sha2::{Digest, Sha256};

use crate::File;
use crate::parameter::{Reason, Value, deep_pairs, parse};

/// What a document says about the part of one property, its `encoding` (OpenAPI 3.0.3 §4.7.15).
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
    /// Describes the part of the property `name`, with defaults for everything else.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, content_type: None, headers: &[], deep_object: false }
    }

    /// Sets the allowed media types: one, several separated by commas, or ranges such as `image/*`. With a JSON media type the
    /// whole value is sent as JSON.
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

    /// Sends each property of an object and each element of an array as a part of its own, named as
    /// [`Style::DeepObject`](crate::Style::DeepObject) names them.
    #[must_use]
    pub const fn deep_object(mut self) -> Self {
        self.deep_object = true;
        self
    }
}

const JSON: &str = "application/json";
const BYTES: &str = "application/octet-stream";

/// One part: the lines of its header, each with its end, and its content.
struct Piece<'p> {
    header: String,
    content: Cow<'p, [u8]>,
}

/// The value of `Content-Type` and the body for an object and its files, which are known by their offsets in its JSON.
pub(crate) fn multipart(
    media_type: &str,
    parts: &[Part],
    json: &[u8],
    files: &[(usize, File)],
) -> Result<(String, Vec<u8>), Reason> {
    let Value::Object(members) = parse(json)? else { return Err("is not an object, so it cannot be sent in parts") };
    let mut pieces = Vec::with_capacity(members.len());
    for (name, value) in &members {
        let said = parts.iter().find(|part| part.name == name).copied().unwrap_or(Part::new(""));
        let property = Property { form_data: is_form_data(media_type), name, said, json, files };
        property.pieces(value, &mut pieces)?;
    }
    let boundary = boundary(&pieces);
    let mut body = Vec::with_capacity(pieces.iter().map(|piece| piece.header.len() + piece.content.len() + 80).sum());
    for piece in &pieces {
        for line in ["--", &boundary, "\r\n", &piece.header, "\r\n"] {
            body.extend_from_slice(line.as_bytes());
        }
        body.extend_from_slice(&piece.content);
        body.extend_from_slice(b"\r\n");
    }
    // RFC 2046 §5.1.1 asks for at least one part, but an object without members has none: this is what browsers send for an empty form.
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok((format!("{media_type}; boundary={boundary}"), body))
}

/// A property on its way into parts.
struct Property<'p> {
    form_data: bool,
    name: &'p str,
    said: Part,
    /// The JSON of the whole object, in which `files` have their places.
    json: &'p [u8],
    files: &'p [(usize, File)],
}

impl<'p> Property<'p> {
    /// The parts of a value: one for each item of a list (RFC 7578 §4.3), else one. What is null is not there.
    fn pieces(&self, value: &[u8], pieces: &mut Vec<Piece<'p>>) -> Result<(), Reason> {
        let items = match parse(value)? {
            Value::List(items) => items,
            _ => vec![value],
        };
        // Whatever is said of a file, it is a part of its own: JSON has no form for it.
        let has_files = items.iter().any(|item| self.file(item).is_some());
        if self.said.deep_object && !has_files {
            for (name, text) in deep_pairs(self.name, value)? {
                let header = self.header(&name, None, None)?;
                pieces.push(Piece { header, content: text.into_bytes().into() });
            }
        } else if self.is_json() && !has_files {
            pieces.extend(self.piece(value)?);
        } else {
            for item in items {
                pieces.extend(self.piece(item)?);
            }
        }
        Ok(())
    }

    fn piece(&self, value: &[u8]) -> Result<Option<Piece<'p>>, Reason> {
        let said = self.said.content_type.and_then(concrete);
        if let Some(file) = self.file(value) {
            let media_type = file.content_type.as_deref().or(said).unwrap_or(BYTES);
            let header = self.header(self.name, Some(file.name.as_deref().unwrap_or(self.name)), Some(media_type))?;
            return Ok(Some(Piece { header, content: Cow::Borrowed(&file.content) }));
        }
        let (content, usual) = match parse(value)? {
            Value::Nothing => return Ok(None),
            Value::Single(text) if !self.is_json() => (text.into_bytes(), None),
            // A text without a media type is `text/plain` (RFC 7578 §4.4); what has a structure is JSON.
            _ => (value.to_vec(), Some(JSON)),
        };
        let header = self.header(self.name, None, said.or(usual))?;
        Ok(Some(Piece { header, content: content.into() }))
    }

    /// The header of a part, each line with its end.
    fn header(&self, name: &str, file: Option<&str>, media_type: Option<&str>) -> Result<String, Reason> {
        let kind = match file {
            _ if self.form_data => "form-data",
            Some(_) => "attachment",
            None => "inline",
        };
        let mut header = format!("Content-Disposition: {kind}; name=\"{}\"", quoted(name));
        if let Some(file) = file {
            header += &format!("; filename=\"{}\"", quoted(file));
        }
        header += "\r\n";
        if let Some(media_type) = media_type {
            if media_type.is_empty() || media_type.chars().any(char::is_control) {
                return Err("has a file whose media type a header cannot carry");
            }
            header += &format!("Content-Type: {media_type}\r\n");
        }
        for (name, value) in self.said.headers {
            if HeaderName::from_bytes(name.as_bytes()).is_err() || HeaderValue::from_str(value).is_err() {
                return Err("has a part with a header that cannot be sent");
            }
            header += &format!("{name}: {value}\r\n");
        }
        Ok(header)
    }

    /// The file whose place this value is.
    fn file(&self, value: &[u8]) -> Option<&'p File> {
        // The value is a part of the JSON, so the distance of their starts is its offset there.
        let offset = value.as_ptr().addr().checked_sub(self.json.as_ptr().addr())?;
        let found = self.files.binary_search_by_key(&offset, |(place, _)| *place).ok()?;
        self.files.get(found).map(|(_, file)| file)
    }

    /// Whether the document wants the whole value as JSON, a list as a list and a text in its quotes.
    fn is_json(&self) -> bool {
        let said = self.said.content_type.and_then(concrete).unwrap_or_default();
        let essence = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        essence == JSON || essence.ends_with("+json")
    }
}

/// The first media type of a list that is no range.
fn concrete(list: &str) -> Option<&str> {
    list.split(',').map(str::trim).find(|media_type| !media_type.is_empty() && !media_type.contains('*'))
}

fn is_form_data(media_type: &str) -> bool {
    media_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("multipart/form-data"))
}

/// A name or file name between quotes, as browsers write it (WHATWG HTML §4.10.21.8): UTF-8, with what would end it percent-encoded. RFC 7578 §5.1 has
/// nothing better: RFC 5987's `filename*` must not be used.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("%22"),
            '\r' => quoted.push_str("%0D"),
            '\n' => quoted.push_str("%0A"),
            // Nothing else ends a header either, but no server expects it in one.
            control if control.is_control() => {}
            other => quoted.push(other),
        }
    }
    quoted
}

/// A boundary that is in no part. It is drawn from the content, so that nobody can foresee it and put it there.
fn boundary(pieces: &[Piece<'_>]) -> String {
    let mut hash = Sha256::new();
    for piece in pieces {
        hash.update(piece.header.as_bytes());
        hash.update(&piece.content);
    }
    loop {
        let digest = hash.clone().finalize();
        let drawn: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let boundary = format!("clientwright-{drawn}");
        if !pieces.iter().any(|piece| contains(&piece.content, boundary.as_bytes())) {
            return boundary;
        }
        hash.update(digest);
    }
}

fn contains(content: &[u8], text: &[u8]) -> bool {
    content.windows(text.len()).any(|window| window == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(media_type: &str, parts: &[Part], json: &str, files: &[(usize, File)]) -> String {
        let (content_type, body) = multipart(media_type, parts, json.as_bytes(), files).unwrap();
        let boundary = content_type.split_once("boundary=").unwrap().1.to_owned();
        String::from_utf8(body).unwrap().replace(&boundary, "B")
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
        let pieces = |content: &str| vec![Piece { header: String::new(), content: content.as_bytes().to_vec().into() }];
        assert_eq!(boundary(&pieces("x")), boundary(&pieces("x")));
        assert_ne!(boundary(&pieces("x")), boundary(&pieces("y")));
        assert!(contains(b"a--b", b"--b") && !contains(b"a--b", b"--c") && !contains(b"-", b"--"));
    }

    #[test]
    fn quotes_and_line_ends_stay_inside() {
        assert_eq!(quoted("a\"b\r\nX-Y: z\0\u{7f}ü\\"), "a%22b%0D%0AX-Y: zü\\");
    }

    #[test]
    fn only_media_types_that_are_no_ranges_are_sent() {
        assert_eq!(concrete("image/*, image/png"), Some("image/png"));
        assert_eq!(concrete("*/*"), None);
    }
}
