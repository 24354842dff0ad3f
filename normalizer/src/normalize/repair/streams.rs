//! Part of `repair`: streams that are described as one of their items.

use serde_json::Value;

use super::{Members, Repairer};
use crate::json::members;
use crate::normalize::pass::Weight;

/// The title that grpc-gateway gives to the schema of an item.
const TITLE: &str = "Stream result of ";

impl Repairer<'_> {
    /// The gateway of gRPC answers with an object per line, and describes one of them as the whole body.
    pub(super) fn lines(&mut self, media_type: &mut Members) {
        if media_type.get("schema").is_some_and(is_item) {
            let rule = ("stream-of-results", Weight::Interpreted);
            let text = "grpc-gateway sends such an object per line: it is the schema of the items";
            self.rename(media_type, ("schema", "x-item-schema"), rule, text);
        }
    }
}

fn is_item(schema: &Value) -> bool {
    let names: Vec<&str> = members(schema.get("properties")).map(|(name, _)| name.as_str()).collect();
    let has_title = schema.get("title").and_then(Value::as_str).is_some_and(|title| title.starts_with(TITLE));
    has_title && names.contains(&"result") && names.iter().all(|name| matches!(*name, "result" | "error"))
}
