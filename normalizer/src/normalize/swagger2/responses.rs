//! Part of `swagger2`: responses.
//!
//! In: §Responses Object, §Response Object, and the operation's `produces`. Out: OpenAPI 3.0.3 §4.7.16, §4.7.17.
//! Invariant: the schema is under each possible media type of the response; no example is lost.

use serde_json::{Map, Value, json};

use super::convert::{Convert, INLINED, MovedNode};
use super::left_over::has_bare_schema;
use super::media::{BYTES, JSON, Sketch};
use super::schema::Location;
use super::targets::member_of;
use crate::json::{Members, has_any, object, set, text};
use crate::normalize::pass::{Equivalent, Interpreted, Lossy};
use crate::normalize::reference::local;
use crate::pointer::Pointer;
use crate::structure::extensions::ITEM_SCHEMA;
use crate::structure::grammar::is_extension;
use crate::structure::media::{Family, essence, family, holds_structure};

/// Keywords of schemas for objects.
const OBJECT: &[&str] = &["properties", "allOf"];

/// The context of a response.
#[derive(Clone, Copy)]
struct Answer<'p> {
    /// The operation's media types.
    produces: &'p [String],
    /// The status; `2XX` for a shared response.
    status: &'p str,
    /// The schema of the shared response that this response is a copy of.
    schema: Option<&'p Pointer>,
}

impl<'d> Convert<'d> {
    pub(super) fn responses(&mut self, value: &'d Value, produces: &[String], place: &MovedNode) -> Value {
        self.members(value, place, |convert, status, response, place| match response {
            Value::Object(_) if !is_extension(status) && (!convert.is_left_over || has_bare_schema(response)) => {
                let answer = Answer { produces, status, schema: None };
                if convert.is_left_over {
                    convert.note_bare_schema(place);
                }
                let converted = convert.used_response(response, answer, place);
                convert.unless_expanded(converted, place).unwrap_or_default()
            }
            _ => response.clone(),
        })
    }

    /// Converts a shared response with the document's default `produces`.
    pub(super) fn shared_response(&mut self, value: &'d Value, place: &MovedNode) -> Value {
        match value {
            Value::Object(response) if text(response, "$ref").is_none() => {
                let produces = self.produces.clone();
                self.response(response, Answer { produces: &produces, status: "2XX", schema: None }, place)
            }
            _ => value.clone(),
        }
    }

    /// Converts a response. A reference stays one if its target is the same for this operation.
    fn used_response(&mut self, written: &'d Value, answer: Answer<'_>, place: &MovedNode) -> Value {
        let found = self.follow(written, &place.before);
        let Some((response, origin)) = found else { return written.clone() };
        if origin == place.before {
            return self.response(response, answer, place);
        }
        let shared = member_of("responses", &origin);
        let is_shared = shared.is_some();
        let has_content = has_any(response, &["schema", ITEM_SCHEMA, "examples"]);
        if is_shared && (answer.produces == self.produces || !has_content) {
            return written.clone();
        }
        let text =
            if is_shared { "copied a shared response: the operation produces other media types" } else { INLINED };
        self.count(("inlined-reference", Equivalent), place, text);
        // One schema for both, so that they have one type. The shared response has it under JSON.
        let has_json = match self.produces.as_slice() {
            [] => !response.contains_key("examples"),
            produces => produces.iter().any(|known| known == JSON),
        };
        let is_object = response.get("schema").is_some_and(|schema| {
            self.sketch(schema) == Sketch::Structure && schema.as_object().is_some_and(|schema| has_any(schema, OBJECT))
        });
        let schema = shared
            .filter(|_| has_json && is_object)
            .map(|name| Pointer::root().descend(&["components", "responses", &name, "content", JSON, "schema"]));
        let answer = Answer { schema: schema.as_ref(), ..answer };
        self.response(response, answer, &MovedNode::new(&origin, &place.after))
    }

    fn response(&mut self, response: &'d Members, answer: Answer<'_>, place: &MovedNode) -> Value {
        let mut new = response.clone();
        for key in ["schema", ITEM_SCHEMA] {
            new.shift_remove(key);
        }
        if let Some(headers) = new.get_mut("headers") {
            *headers = self.headers(headers, &place.key("headers"));
        }
        self.moved(place);
        self.response_content(response, answer, place, &mut new);
        new.into()
    }

    /// Converts the content (§Response Object): without a schema there is no content, unless an example or the media
    /// types indicate a body.
    fn response_content(&mut self, response: &'d Members, answer: Answer<'_>, place: &MovedNode, new: &mut Members) {
        let schema = response.get("schema");
        let described = ["schema", ITEM_SCHEMA].into_iter().find(|key| response.contains_key(*key));
        let examples = object(response, "examples");
        if examples.is_some() {
            new.shift_remove("examples");
        }
        let (by_type, others): (Members, Members) =
            examples.cloned().unwrap_or_default().into_iter().partition(|(name, _)| name.contains('/'));
        if !others.is_empty() {
            let at = place.renamed("examples", "x-examples");
            self.moved(&at);
            let text = "kept `examples` of a response as `x-examples`: the keys are not media types";
            self.note(("response-examples", Lossy), &at, text);
            set(new, "x-examples", others);
        }
        if described.is_none() && by_type.is_empty() {
            // These statuses imply a body (RFC 9110 §15.3).
            let has_body = matches!(answer.status, "200" | "203" | "206");
            if has_body && are_bytes(answer.produces) {
                let text = "assumed bytes for a response without a schema, as the operation produces";
                self.count(("binary-response", Interpreted), place, text);
                let binary = answer.produces.iter().filter(|known| family(known) == Family::Binary);
                let content: Members = binary.map(|known| (known.clone(), json!({}))).collect();
                set(new, "content", content);
            }
            return;
        }
        let media_types = self.response_media(schema, &by_type, answer, place);
        let origin = place.before.key(described.unwrap_or("examples"));
        let mut content = self.content(&media_types, &origin, &place.after, |convert, _, media| {
            // The schemas of the whole body, and of each item of a stream.
            let mut new = Map::new();
            for key in ["schema", ITEM_SCHEMA] {
                let Some(schema) = response.get(key) else { continue };
                let at = place.key(key).to(media.key(key));
                convert.moved(&at);
                let shared = answer.schema.filter(|_| key == "schema");
                let schema =
                    shared.map_or_else(|| convert.schema(schema, &at), |shared| json!({"$ref": local(shared)}));
                set(&mut new, key, schema);
            }
            new
        });
        for (media_type, media) in &mut content {
            // By the whole name, or else by the media type without parameters.
            let is_meant = |name: &String| {
                name == media_type || essence(name) == essence(media_type) && !media_types.contains(name)
            };
            if let Some((name, example)) = by_type.iter().find(|(name, _)| is_meant(name))
                && let Value::Object(media) = media
            {
                let to = place.after.key("content").key(media_type).key("example");
                self.moved(&place.key("examples").key(name).to(to));
                set(media, "example", example.clone());
            }
        }
        set(new, "content", content);
    }

    fn response_media(
        &mut self,
        schema: Option<&'d Value>,
        examples: &Members,
        answer: Answer<'_>,
        place: &MovedNode,
    ) -> Vec<String> {
        let sketch = schema.map(|schema| self.sketch(schema));
        let mut media_types = answer.produces.to_vec();
        if media_types.is_empty() && examples.is_empty() {
            let (media_type, text) = match sketch {
                Some(Sketch::File) => (BYTES, "assumed `application/octet-stream` for a file without `produces`"),
                Some(Sketch::Text) => ("*/*", "assumed any media type for a string without `produces`"),
                _ => (JSON, "assumed `application/json` for responses without `produces`"),
            };
            self.count(("missing-produces", Interpreted), place, text);
            return vec![media_type.to_owned()];
        }
        for name in examples.keys() {
            if !media_types.iter().any(|known| essence(known) == essence(name)) {
                let text = format!("added the media type `{name}` of an example, which `produces` does not list");
                self.note(("produces-of-example", Interpreted), place, text);
                media_types.push(name.clone());
            }
        }
        if sketch == Some(Sketch::Structure) && !answer.produces.iter().any(|known| holds_structure(known)) {
            // `produces` often lists the media types of successes only, while errors have another one.
            if !media_types.iter().any(|known| holds_structure(known)) {
                media_types.push(JSON.to_owned());
            }
            if !answer.status.starts_with('2') {
                media_types.retain(|known| holds_structure(known));
            }
            let taken = media_types.join("` or `");
            let text = format!("assumed `{taken}`: `produces` lists no media type for objects or arrays");
            self.note(("produces-of-structure", Interpreted), place, text);
        }
        media_types
    }

    /// §Headers Object.
    fn headers(&mut self, value: &Value, place: &MovedNode) -> Value {
        self.members(value, place, |convert, _, header, place| match header {
            Value::Object(members) if !members.contains_key("$ref") => {
                convert.described(members, place, Location::Simple).into()
            }
            _ => header.clone(),
        })
    }
}

/// Returns `true` if media types are bytes, possibly as parts of a `multipart`, which clients do not request.
fn are_bytes(media_types: &[String]) -> bool {
    let mut families = media_types.iter().map(|known| family(known));
    families.clone().any(|family| family == Family::Binary)
        && families.all(|family| matches!(family, Family::Binary | Family::Multipart))
}
