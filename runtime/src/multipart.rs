//! Bodies of `multipart/form-data` and other `multipart` types (OpenAPI 3.0.3 §4.7.14.5, RFC 7578, RFC 2046 §5.1, RFC
//! 2387).
//!
//! In: the JSON of an object and its files. Out: the bytes of the body, with a part for each property. Invariants: the
//! boundary does not occur in any part. A small value in memory always produces the same bytes. No name,
//! file name or media type can end its header.

use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::body::{Body, File};
use crate::clipped::Clipped;
use crate::header::{header_name, header_value};
use crate::media_type::{FORM_DATA, JSON, RELATED, TEXT, essence, is_json, parameter};
use crate::parameter::{Value, deep_values, parse};
use crate::wire::{DEPTH_LIMIT, Reason};

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

    setters! { [#[inline] #[must_use] pub const]
        /// Sets the allowed media types: one, several separated by commas, or ranges such as `image/*`. With a JSON media
        /// type, the whole value is sent as JSON.
        content_type(media_types: &'static str) => content_type = Some(media_types);

        /// Sets the headers of the part. A [`File`] may replace them.
        headers(headers: &'static [(&'static str, &'static str)]) => headers = headers;

        /// Sends each property of an object and each element of an array as a separate part, named as in
        /// [`Style::DeepObject`](crate::Style::DeepObject).
        deep_object() => deep_object = true;
    }
}

const BYTES: &str = "application/octet-stream";

/// A part of the body: its header lines with line ends, including the media type, and its content.
struct BodyPart {
    header: String,
    media_type: Option<String>,
    content: Body,
}

/// Returns the value of `Content-Type` and the body for an object. Its files are identified by their offsets in the
/// JSON.
pub(crate) fn multipart(
    media_type: &str,
    parts: &[Part],
    json: &str,
    files: &[(usize, File)],
) -> Result<(String, Body), String> {
    let Value::Object(properties) = parse(json)? else {
        return Err("is not an object, so it cannot be sent in parts".into());
    };
    let mut body_parts = Vec::with_capacity(properties.len());
    for (name, value) in &properties {
        let part = parts.iter().find(|part| part.name == name).copied().unwrap_or(Part::new(""));
        let form_data = essence(media_type).eq_ignore_ascii_case(FORM_DATA);
        let property = Property { form_data, name, part, json, files };
        property.body_parts(value, &mut body_parts)?;
    }
    let boundary = boundary(&body_parts).ok_or("needs random bytes, but none are available")?;
    let mut body = Body::default();
    for BodyPart { header, content, .. } in &body_parts {
        body.push(&format!("--{boundary}\r\n{header}\r\n").into());
        body.push(content);
        body.push(&"\r\n".into());
    }
    // RFC 2046 §5.1.1 requires a part, but an object without properties has none. Browsers send the same for an empty
    // form.
    body.push(&format!("--{boundary}--\r\n").into());
    let root = root_type(media_type, body_parts.first());
    let is_boundary = |parameter: &&str| parameter.trim_start().to_ascii_lowercase().starts_with("boundary=");
    let media_type = media_type.split(';').filter(|parameter| !is_boundary(parameter)).collect::<Vec<_>>().join(";");
    Ok((format!("{media_type}{root}; boundary={boundary}"), body.joined()))
}

/// Returns the parameter `type` of `multipart/related`, the media type of the first part (RFC 2387 §3.1), unless it is documented.
fn root_type(media_type: &str, first: Option<&BodyPart>) -> String {
    let is_documented = parameter(media_type, "type").is_some();
    match first {
        Some(part) if essence(media_type).eq_ignore_ascii_case(RELATED) && !is_documented => {
            format!("; type=\"{}\"", essence(part.media_type.as_deref().unwrap_or(TEXT)))
        }
        _ => String::new(),
    }
}

/// A property to send as parts.
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
    fn body_parts(&self, value: &'p str, body_parts: &mut Vec<BodyPart>) -> Result<(), String> {
        let elements = match parse(value)? {
            Value::Array(elements) => elements,
            _ => vec![value],
        };
        // A file is always a separate part, because JSON cannot contain it.
        let has_files = self.has_files(value);
        let are_files = elements.iter().any(|element| self.file(element).is_some());
        if !are_files && (self.part.deep_object || has_files) {
            self.deep_parts(value, body_parts)?;
        } else if self.is_json() && !has_files {
            body_parts.extend(self.body_part(value)?);
        } else {
            for element in elements {
                body_parts.extend(self.body_part(element)?);
            }
        }
        Ok(())
    }

    /// Adds a part for each file and each other scalar in a value.
    fn deep_parts(&self, value: &'p str, body_parts: &mut Vec<BodyPart>) -> Result<(), String> {
        let mut leaves = Vec::new();
        deep_values(self.name, value, DEPTH_LIMIT, &mut |name, json, text| {
            let file = self.file(json);
            let is_sent = file.is_some() || text.is_some();
            leaves.extend(is_sent.then(|| (name.to_owned(), file, text)));
            is_sent
        })?;
        for (name, file, text) in leaves {
            body_parts.push(match file {
                Some(file) => self.file_part(&name, file)?,
                None => self.part(&name, None, None, &[], text.unwrap_or_default().into_owned().into())?,
            });
        }
        Ok(())
    }

    fn body_part(&self, value: &str) -> Result<Option<BodyPart>, String> {
        if let Some(file) = self.file(value) {
            return self.file_part(self.name, file).map(Some);
        }
        let (content, usual) = match parse(value)? {
            Value::Null => return Ok(None),
            Value::Scalar(text) if !self.is_json() => (Body::from(text.into_owned()), None),
            // A part without a media type is `text/plain` (RFC 7578 §4.4). Arrays and objects are JSON.
            _ => (Body::from(value), Some(JSON)),
        };
        self.part(self.name, None, self.documented().or(usual), &[], content).map(Some)
    }

    fn file_part(&self, name: &str, file: &File) -> Result<BodyPart, String> {
        let unless_text = |usual| (!file.is_text).then_some(usual);
        let file_name = file.name.as_deref().or(unless_text(name));
        let media_type = file.content_type.as_deref().or(self.documented()).or(unless_text(BYTES));
        self.part(name, file_name, media_type, &file.headers, file.content.clone())
    }

    /// Returns a part with its header lines. `own` are headers that replace documented ones.
    fn part(
        &self,
        name: &str,
        file: Option<&str>,
        media_type: Option<&str>,
        own: &[(String, String)],
        content: Body,
    ) -> Result<BodyPart, String> {
        let kind = match file {
            _ if self.form_data => "form-data",
            Some(_) => "attachment",
            None => "inline",
        };
        let has_other_control = |text: &str| text.contains(|c: char| c.is_control() && !matches!(c, '\r' | '\n'));
        if has_other_control(name) || file.is_some_and(has_other_control) {
            return Err("has a part with a control character in its name or file name".into());
        }
        let mut header = format!("Content-Disposition: {kind}; name=\"{}\"", quoted(name));
        if let Some(file) = file {
            header += &format!("; filename=\"{}\"", quoted(file));
        }
        header += "\r\n";
        if let Some(media_type) = media_type {
            let is_quotable = !essence(media_type).contains(['"', '\\']);
            if media_type.is_empty() || !is_quotable || media_type.chars().any(char::is_control) {
                return Err("has a file with a media type that a header cannot contain".into());
            }
            header += &format!("Content-Type: {media_type}\r\n");
        }
        let is_replaced = |name: &str| own.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
        let documented = self.part.headers.iter().copied().filter(|(name, _)| !is_replaced(name));
        for (header_name, value) in documented.chain(own.iter().map(|(name, value)| (&**name, &**value))) {
            header += &header_line(header_name, value).map_err(|reason| {
                format!("has a part `{}` whose header `{}` {reason}", Clipped(name), Clipped(header_name))
            })?;
        }
        Ok(BodyPart { header, media_type: media_type.map(str::to_owned), content })
    }

    /// Returns the file that this value represents.
    fn file(&self, value: &str) -> Option<&'p File> {
        let offset = self.offset(value)?;
        let found = self.files.binary_search_by_key(&offset, |(place, _)| *place).ok()?;
        self.files.get(found).map(|(_, file)| file)
    }

    /// Returns `true` if a value is a file or contains one.
    fn has_files(&self, value: &str) -> bool {
        let Some(start) = self.offset(value) else { return false };
        let next = self.files.partition_point(|(place, _)| *place < start);
        self.files.get(next).is_some_and(|(place, _)| *place < start + value.len())
    }

    /// Returns the offset of a value, which is a slice of the JSON: the distance of their addresses.
    fn offset(&self, value: &str) -> Option<usize> {
        value.as_ptr().addr().checked_sub(self.json.as_ptr().addr())
    }

    /// Returns the first documented media type that is not a range.
    fn documented(&self) -> Option<&'static str> {
        self.part.content_type.and_then(concrete)
    }

    /// Returns `true` if the whole value is sent as JSON: an array as one part, and a string with its quotes.
    fn is_json(&self) -> bool {
        self.documented().is_some_and(is_json)
    }
}

/// Returns a header line of a part, with its line end.
fn header_line(name: &str, value: &str) -> Result<String, Reason> {
    let known = header_name(name)?;
    if known == CONTENT_TYPE || known == CONTENT_DISPOSITION {
        return Err("cannot be set: it is derived from the media type and the names");
    }
    header_value(&known, value)?;
    Ok(format!("{name}: {}\r\n", value.trim_matches(' ')))
}

/// Returns the first media type of a list that is not a range.
fn concrete(list: &str) -> Option<&str> {
    list.split(',').map(str::trim).find(|media_type| !media_type.is_empty() && !media_type.contains('*'))
}

/// Escapes a name or file name in quotes as browsers do (WHATWG HTML §4.10.21.8): in UTF-8, with quotes and line ends
/// percent-encoded. RFC 7578 §4.2 does not allow `filename*` of RFC 5987.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// Returns a boundary that does not occur in any part. It is a hash of the content, so content that contains it cannot
/// be constructed. Files, readers and large contents are not searched: then the boundary is random, for the same
/// reason. Returns `None` if no random bytes are available.
fn boundary(body_parts: &[BodyPart]) -> Option<String> {
    let in_memory: Option<Vec<Bytes>> =
        body_parts.iter().map(|body_part| body_part.content.bytes().filter(|_| body_part.content.is_small())).collect();
    let Some(contents) = in_memory else {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).ok()?;
        return Some(named(bytes));
    };
    let mut hash = Sha256::new();
    for (body_part, content) in body_parts.iter().zip(&contents) {
        hash.update(body_part.header.as_bytes());
        hash.update(content);
    }
    loop {
        let digest = hash.clone().finalize();
        let boundary = named(*digest.first_chunk()?);
        if !contents.iter().any(|content| contains(content, boundary.as_bytes())) {
            return Some(boundary);
        }
        hash.update(digest);
    }
}

fn named(bytes: [u8; 16]) -> String {
    format!("clientwright-{}", Uuid::from_bytes(bytes).simple())
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
        let body_parts =
            |content: &str| vec![BodyPart { header: String::new(), media_type: None, content: content.into() }];
        assert_eq!(boundary(&body_parts("x")), boundary(&body_parts("x")));
        assert_ne!(boundary(&body_parts("x")), boundary(&body_parts("y")));
        assert!(contains(b"a--b", b"--b") && !contains(b"a--b", b"--c") && !contains(b"-", b"--"));
    }

    #[test]
    fn quotes_and_line_ends_stay_inside() {
        assert_eq!(quoted("a\"b\r\nX-Y: zü\\"), "a%22b%0D%0AX-Y: zü\\");
    }

    #[test]
    fn a_documented_boundary_is_replaced() {
        let (media_type, _) = multipart("multipart/form-data; charset=utf-8; Boundary=x", &[], "{}", &[]).unwrap();
        let boundaries = media_type.to_lowercase().matches("boundary=").count();
        assert!(boundaries == 1 && media_type.contains("; charset=utf-8; boundary=clientwright-"), "{media_type}");
    }

    #[test]
    fn only_media_types_that_are_no_ranges_are_sent() {
        assert_eq!(concrete("image/*, image/png"), Some("image/png"));
        assert_eq!(concrete("*/*"), None);
    }
}
