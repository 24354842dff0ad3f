//! Part of `repair`: parameters and headers.
//!
//! In: a parameter, or an array of them. Out: parameters with a schema. Invariant: only duplicate parameters are
//! removed.

use foldhash::HashMap;
use serde_json::{Value, json};

use super::operations::shared_parameters;
use super::{Repairer, is_blank};
use crate::diagnostic::codes;
use crate::json::{Members, has_any, is_true, items, object, object_mut, says, set, text, type_name};
use crate::normalize::pass::{Interpreted, Lossy, Rule, fault};
use crate::normalize::reference::resolved;
use crate::normalize::trail::Provenance;
use crate::pointer::Pointer;
use crate::structure::extensions::{STYLE, WEBHOOKS};
use crate::structure::grammar::{each_operation_mut, each_path_item_mut, is_parameter_schema_key};

/// Keywords for parameters that keep slashes, from OpenAPI 3.2 (§4.12), Azure, Google and GitHub, and the style of each in a path.
const UNENCODED: &[(&str, &str)] = &[
    ("allowReserved", "reserved"),
    ("x-ms-skip-url-encoding", "reserved"),
    ("x-reservedExpansion", "reserved"),
    ("x-multi-segment", "segments"),
];

/// The reason why a parameter is removed: the rule, and the text for the ledger.
pub(super) type LeftOut = (Rule, String);

impl Repairer<'_> {
    /// Removes parameters with an empty name. They are invalid as headers and ignored in queries.
    pub(super) fn nameless_parameters(&mut self, document: &mut Value) {
        self.leave_out_parameters(document, |_, parameter| {
            let is_nameless = parameter["in"] != "path" && is_blank(&parameter["name"]);
            let text = "removed a parameter with an empty name";
            is_nameless.then(|| (("parameter-nameless", Lossy), text.to_owned()))
        });
    }

    /// Removes the parameters of operations and path items for which `reason` returns a reason. `reason` takes the pointer of the owner and
    /// the parameter.
    pub(super) fn leave_out_parameters(
        &mut self,
        document: &mut Value,
        reason: impl Fn(&Pointer, &Value) -> Option<LeftOut>,
    ) {
        let components = shared_parameters(document);
        each_holder(document, |at, holder| {
            let listed = items(holder.get("parameters")).enumerate();
            let reason = |(index, item)| Some((index, reason(at, resolved(&components, item)?)?));
            let left_out: Vec<_> = listed.filter_map(reason).collect();
            if !left_out.is_empty() {
                self.leave_out_listed(holder, at, left_out);
            }
        });
    }

    /// Removes the parameters with these indices, in ascending order, from an operation or a path item.
    pub(super) fn leave_out_listed(&mut self, holder: &mut Members, at: &Pointer, left_out: Vec<(usize, LeftOut)>) {
        let Some(Value::Array(items)) = holder.get_mut("parameters") else { return };
        let list = at.key("parameters");
        let removed = left_out.iter().map(|(index, _)| *index).collect();
        for (index, (rule, text)) in left_out.into_iter().rev() {
            self.record.note_from(rule, &list.index(index), at.clone(), text);
        }
        self.record.provenance.remove_items(items, &removed, &list);
        if items.is_empty() {
            holder.shift_remove("parameters");
        }
    }

    pub(super) fn parameter(&mut self, members: &mut Members) {
        if says(members, "in", "path") && !is_true(members, "required") {
            let name = text(members, "name").unwrap_or_default();
            let text = format!("made the path parameter `{name}` required");
            set(members, "required", true);
            self.note(("path-parameter-required", Interpreted), "", text);
        }
        self.header(members);
        if says(members, "in", "path")
            && let Some(schema) = object_mut(members, "schema")
            && leave_out_null(schema)
        {
            self.count(("path-parameter-null", Interpreted), "schema", "removed `null` from a path parameter");
        }
        self.unencoded(members);
    }

    /// Sets the style of a parameter whose slashes, or all reserved characters, are documented to be sent unencoded.
    fn unencoded(&mut self, members: &mut Members) {
        let Some((word, style)) = UNENCODED.iter().find(|(key, _)| is_true(members, key)) else { return };
        let name = text(members, "name").unwrap_or_default();
        let text = |kept: &str| format!("kept {kept} in the value of `{name}`, as `{word}` implies");
        let [slashes, reserved] = ["slashes", "reserved characters"].map(text);
        if says(members, "in", "path") && keep_slashes(members, style) {
            members.shift_remove("allowReserved");
            self.note(("path-segments", Interpreted), "", slashes);
        } else if says(members, "in", "query") && *style == "reserved" && !members.contains_key("allowReserved") {
            self.set(members, "allowReserved", true, ("allow-reserved", Interpreted), reserved);
        }
    }

    pub(super) fn header(&mut self, members: &mut Members) {
        self.nested_schema(members);
        self.any_value(members);
        self.examples(members);
    }

    /// Moves `type` and related keywords of a parameter, as in Swagger 2.0, into a schema.
    fn nested_schema(&mut self, members: &mut Members) {
        if has_any(members, &["schema", "content"]) || !members.contains_key("type") {
            return;
        }
        let schema = self.move_into(members, "schema", |key, _| is_parameter_schema_key(key));
        let text = "moved `type` and related keywords into `schema`";
        self.set(members, "schema", schema, ("parameter-schema", Interpreted), text);
    }

    /// Allows any value for a parameter or header without a description of its value.
    fn any_value(&mut self, members: &mut Members) {
        let is_missing = |key: &str| members.get(key).is_none_or(|value| !value.is_object());
        // A parameter without a name is removed anyway.
        let is_named = !members.is_empty() && (!members.contains_key("in") || text(members, "name").is_some());
        if is_named && is_missing("schema") && is_missing("content") {
            let was = members.get("schema").filter(|schema| !schema.is_null()).map(type_name);
            let (kind, text) = match was {
                Some(was) => (Lossy, format!("a `schema` must be an object, found {was}: assumed any value")),
                None => {
                    (Interpreted, "assumed any value where neither `schema` nor `content` is documented".to_owned())
                }
            };
            self.set(members, "schema", Members::new(), ("schema-missing", kind), text);
        }
    }

    /// Allows any body for a request body with malformed content.
    pub(super) fn any_body(&mut self, members: &mut Members) {
        let Some(content) = members.get("content").filter(|content| !content.is_object() && !content.is_null()) else {
            return;
        };
        let text = format!("`content` must be an object, found {}: assumed any body", type_name(content));
        self.set(members, "content", json!({"*/*": {}}), ("content-malformed", Lossy), text);
    }

    /// Removes duplicate parameters from all lists.
    pub(super) fn duplicate_parameters(&mut self, document: &mut Value) {
        let components = shared_parameters(document);
        let earlier = self.record.entries.len();
        let mut moves = Provenance::default();
        each_holder(document, |at, holder| {
            if let Some(Value::Array(items)) = holder.get_mut("parameters") {
                self.duplicates(items, &at.key("parameters"), &components, &mut moves);
            }
        });
        self.record.follow(earlier, &moves);
    }

    /// Removes duplicate parameters from a list.
    fn duplicates(&mut self, items: &mut Vec<Value>, list: &Pointer, components: &Value, moves: &mut Provenance) {
        let mut firsts: HashMap<(&str, String), &Value> = HashMap::default();
        let mut again = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let Some(parameter) = resolved(components, item) else { continue };
            let Some((kind, name)) = parameter["in"].as_str().zip(parameter["name"].as_str()) else { continue };
            // RFC 9110 §5.1: names of headers are case-insensitive.
            let known = (kind, if kind == "header" { name.to_ascii_lowercase() } else { name.to_owned() });
            match firsts.get(&known) {
                Some(first) => again.push((index, name.to_owned(), *first == parameter)),
                None => drop(firsts.insert(known, parameter)),
            }
        }
        let removed = again.iter().map(|(index, ..)| *index).collect();
        for (index, name, is_identical) in again.into_iter().rev() {
            let at = list.index(index);
            if is_identical {
                let text = format!("removed an identical duplicate of the parameter `{name}`");
                self.record.note(("duplicate-parameter", Interpreted), at, text);
            } else {
                let message = format!("the parameter `{name}` is listed twice, with differences");
                let fault = fault(codes::DUPLICATE_PARAMETER, at.clone(), message);
                let before = self.record.provenance.origin(&at);
                self.record.lost(fault, before, list.clone());
            }
        }
        moves.move_up(items.len(), &removed, list);
        self.record.provenance.remove_items(items, &removed, list);
    }
}

/// Visits the path items and operations of a document and of its webhooks, each with its pointer.
fn each_holder(document: &mut Value, mut visit: impl FnMut(&Pointer, &mut Members)) {
    for key in ["paths", WEBHOOKS] {
        each_path_item_mut(document, key, |at, item| {
            if let Value::Object(holder) = item {
                visit(&at, holder);
            }
            each_operation_mut(item, |below, operation| visit(&at.join(below), operation));
        });
    }
}

/// Sets the style of a path parameter that keeps slashes, if it is a string without another style. Returns `true` if the style was set.
pub(super) fn keep_slashes(parameter: &mut Members, style: &str) -> bool {
    let kind = object(parameter, "schema").and_then(|schema| text(schema, "type"));
    let kind = kind.or_else(|| text(parameter, "type"));
    let has_style =
        has_any(parameter, &["content", STYLE]) || text(parameter, "style").is_some_and(|style| style != "simple");
    let may_have_slashes = !has_style && kind.is_none_or(|kind| kind == "string");
    if may_have_slashes {
        set(parameter, STYLE, style);
    }
    may_have_slashes
}

/// Removes `null` from a schema and its branches. Returns `true` if anything was changed.
fn leave_out_null(schema: &mut Members) -> bool {
    let mut is_changed = is_true(schema, "nullable");
    if is_changed {
        schema.shift_remove("nullable");
    }
    if schema.get("default") == Some(&Value::Null) {
        schema.shift_remove("default");
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && values.iter().any(Value::is_null)
        && !values.iter().all(Value::is_null)
    {
        values.retain(|value| !value.is_null());
        is_changed = true;
    }
    for key in ["anyOf", "oneOf"] {
        let branches = schema.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten();
        for branch in branches.filter_map(Value::as_object_mut) {
            is_changed |= leave_out_null(branch);
        }
    }
    is_changed
}
