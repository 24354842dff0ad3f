//! Part of `repair`: schemas.
//!
//! In: a schema's members. Out: the schema with its evident meaning. Invariant: an ambiguous schema is unchanged; `items` without a `type`
//! means an array if anything else indicates that.

use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value, json};

use super::Repairer;
use super::shape::described;
use crate::certain::Certain;
use crate::json::{
    Members, array, has_any, is_true, items, member, object, object_mut, only, remove_empty, says, schema_type, set,
    text, whole,
};
use crate::normalize::pass::{Equivalent, Interpreted, Lossy};
use crate::normalize::reference::refer;
use crate::spelling::{is_among, squashed};
use crate::structure::extensions::PREFIX_ITEMS;
use crate::structure::formats;
use crate::structure::grammar::{Kind, Object, SCHEMA_TYPES, components_at, is_extension};

/// Common names of types, and the types and formats that they mean.
const TYPES: [(&str, &str, &str); 17] = [
    ("int short", "integer", ""),
    ("int32", "integer", "int32"),
    ("int64 long", "integer", "int64"),
    ("float", "number", "float"),
    ("double", "number", "double"),
    ("decimal", "number", ""),
    ("bool", "boolean", ""),
    ("str text", "string", ""),
    ("uuid", "string", "uuid"),
    ("date", "string", "date"),
    ("datetime date-time", "string", "date-time"),
    ("uri url", "string", "uri"),
    ("email", "string", "email"),
    ("byte", "string", "byte"),
    ("binary file", "string", "binary"),
    ("list", "array", ""),
    ("map dict", "object", ""),
];

/// Returns the type and the format that a word means.
pub(super) fn meant_type(word: &str) -> Option<(&'static str, &'static str)> {
    let (_, kind, format) = TYPES.iter().find(|(written, ..)| is_among(written, word))?;
    Some((kind, format))
}

/// Returns `true` if the name of a property means a password: `password`, `new_password2`, `clientSecret`.
fn is_password(name: &str) -> bool {
    let name = squashed(name);
    let name = name.trim_end_matches(|last: char| last.is_ascii_digit());
    ["clientsecret", "passcode", "passphrase", "passwd", "password"].iter().any(|end| name.ends_with(end))
}

impl Repairer<'_> {
    /// Replaces a schema that is null or an empty array.
    pub(super) fn empty_schema(&mut self, value: &mut Value, object: &Object) {
        let says_nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if object.kind == Kind::Schema && says_nothing {
            *value = json!({});
            self.note(("empty-schema", Interpreted), "", "assumed an empty schema to allow any value");
        }
    }

    /// Moves a `type` that is an object into `properties`: it is a property named `type`.
    fn type_property(&mut self, members: &mut Members) {
        if object(members, "type").is_none() {
            return;
        }
        let is_known = |key: &str| Kind::Schema.grammar().form_of(key).is_some() && key != "type";
        let mut properties = object(members, "properties").cloned().unwrap_or_default();
        for (key, value) in self.move_into(members, "properties", |key, value| value.is_object() && !is_known(key)) {
            properties.entry(key).or_insert(value);
        }
        let text = "assumed the object `type` to be a property, one level too high";
        self.set(members, "properties", properties, ("type-property", Interpreted), text);
    }

    /// Renames `x-nullable` of Swagger 2.0, which many tools support.
    pub(super) fn extension_nullable(&mut self, members: &mut Members) {
        let is_flag = member(members, "x-nullable").is_some_and(Value::is_boolean);
        if is_flag && self.renamed(members, ("x-nullable", "nullable")) {
            self.count(("nullable", Interpreted), "nullable", "renamed `x-nullable` to `nullable`");
        }
    }

    pub(super) fn schema(&mut self, members: &mut Members) {
        self.extension_nullable(members);
        self.type_property(members);
        self.required_properties(members);
        // This schema is not a property.
        if member(members, "required").is_some_and(Value::is_boolean) {
            let text = "removed a boolean `required`, which has no meaning here";
            self.leave_out(members, "required", ("required-property", Lossy), text);
        }
        self.type_name(members);
        self.missing_type(members);
        self.integer_format(members);
        self.text_format(members);
        self.passwords(members);
        self.placeholder(members);
        self.map_value(members);
        if says(members, "type", "array") && !members.contains_key("items") {
            set(members, "items", Map::new());
            self.note(("array-items", Interpreted), "", "added the missing `items: {}` to an array");
        }
        if let Some(Value::String(property)) = member(members, "discriminator") {
            let object = json!({"propertyName": property});
            let text = "changed a `discriminator` into an object";
            self.set(members, "discriminator", object, ("discriminator-object", Interpreted), text);
        }
        self.typed_values(members);
        self.required_names(members);
        self.distinct(members, "required");
        self.distinct(members, "enum");
        if array(members, "required").is_some_and(Vec::is_empty) {
            self.leave_out(members, "required", ("empty-value", Equivalent), "removed empty `required`");
        }
    }

    /// Moves a reference with `nullable: true`, which OpenAPI 3.0 ignores as a sibling (§4.7.23), into `allOf`.
    pub(super) fn nullable_reference(&mut self, value: &mut Value) {
        let Value::Object(members) = value else { return };
        self.extension_nullable(members);
        if member(members, "nullable") == Some(&Value::Bool(false)) {
            members.shift_remove("nullable");
        }
        if !is_true(members, "nullable") {
            return;
        }
        let Some(target) = members.shift_remove("$ref") else { return };
        set(members, "allOf", json!([{"$ref": target}]));
        self.moved(self.path.key("allOf").key("0").key("$ref"), &self.path.key("$ref"));
        let text = "moved a `$ref` with siblings into `allOf`: OpenAPI 3.0 ignores siblings";
        self.count(("nullable-reference", Interpreted), "nullable", text);
    }

    /// Marks string properties with the name of a password, which must not be logged.
    fn passwords(&mut self, members: &mut Members) {
        let Some(properties) = object_mut(members, "properties") else { return };
        let mut found = Vec::new();
        for (name, property) in properties.iter_mut() {
            let Value::Object(property) = property else { continue };
            let is_plain =
                says(property, "type", "string") && !has_any(property, &["const", "enum", "format", "x-secret"]);
            if is_plain && is_password(name) {
                set(property, "format", "password");
                found.push(name.clone());
            }
        }
        for name in found {
            let text = format!("added `format: password` to `{name}`");
            self.count(("password", Interpreted), "properties", text);
        }
    }

    /// Moves `required: true` of a property, as in JSON Schema draft 3, to its object.
    fn required_properties(&mut self, members: &mut Members) {
        let Some(properties) = object_mut(members, "properties") else { return };
        let mut required = Vec::new();
        for (name, property) in properties.iter_mut() {
            let Value::Object(property) = property else { continue };
            let is_required = match property.get("required") {
                Some(Value::Bool(value)) => *value,
                Some(Value::String(text)) if matches!(text.as_str(), "true" | "false") => text == "true",
                _ => continue,
            };
            property.shift_remove("required");
            let at = self.path.key("properties").key(name).key("required");
            let text = if is_required {
                required.push(name.clone());
                format!("moved `required: true` of `{name}` to the enclosing schema")
            } else {
                format!("removed `required: false` of `{name}`: a property is optional by default")
            };
            self.record.note(("required-property", Interpreted), at, text);
        }
        if required.is_empty() {
            return;
        }
        let mut list = array(members, "required").cloned().unwrap_or_default();
        let known: HashSet<&str> = list.iter().filter_map(Value::as_str).collect();
        required.retain(|name| !known.contains(name.as_str()));
        list.extend(required.into_iter().map(Value::String));
        set(members, "required", list);
    }

    /// Corrects the spelling of required names: `clientId` means the property `client_id`. With `allOf`, a name may be inherited.
    fn required_names(&mut self, members: &mut Members) {
        let Some(properties) = object(members, "properties").filter(|_| !members.contains_key("allOf")) else { return };
        let Some(names) = array(members, "required") else { return };
        let undeclared = |name: &Value| name.as_str().is_some_and(|name| !properties.contains_key(name));
        if !names.iter().any(undeclared) {
            return;
        }
        let mut alike: HashMap<String, Option<&str>> = HashMap::default();
        for property in properties.keys() {
            alike.entry(squashed(property)).and_modify(|single| *single = None).or_insert(Some(property));
        }
        let meant = |name: &Value| {
            let property = name.as_str().filter(|_| undeclared(name)).and_then(|name| *alike.get(&squashed(name))?);
            property.map_or_else(|| name.clone(), Value::from)
        };
        let corrected: Vec<Value> = names.iter().map(meant).collect();
        if corrected != *names {
            let text = "spelled required names as in `properties`";
            self.set(members, "required", corrected, ("required-property", Interpreted), text);
        }
    }

    fn type_name(&mut self, members: &mut Members) {
        if self.component_type(members) {
            return;
        }
        let Some(text) = text(members, "type").filter(|text| !SCHEMA_TYPES.contains(text)) else { return };
        let lower = text.trim().to_ascii_lowercase();
        let Some((meant, format)) = meant_type(&lower) else {
            if matches!(lower.as_str(), "any" | "mixed") {
                let text = format!("removed `type: {lower}`, which allows any value");
                self.leave_out(members, "type", ("type-name", Interpreted), text);
            }
            return;
        };
        let text = format!("replaced `type: {lower}` with `{meant}`");
        self.set(members, "type", meant, ("type-name", Interpreted), text);
        if !format.is_empty() && !members.contains_key("format") {
            set(members, "format", format);
        }
    }

    /// Changes `type: number` with the format of an integer to an integer, unless there are fractions: a float has only 53 bits.
    fn integer_format(&mut self, members: &mut Members) {
        let Some(format) = text(members, "format").filter(|_| says(members, "type", "number")) else { return };
        let is_fraction = |value: &Value| value.as_f64().is_some_and(|number| number.fract() != 0.0);
        let values = ["default", "example", "minimum", "maximum", "multipleOf"]
            .into_iter()
            .filter_map(|key| member(members, key));
        let has_fraction = values.chain(items(member(members, "enum"))).any(is_fraction);
        if has_fraction || formats::type_of(format) != Some("integer") {
            return;
        }
        let text = format!("replaced `type: number` with `integer`, because of the format `{format}`");
        set(members, "type", "integer");
        self.count(("integer-format", Interpreted), "type", text);
    }

    /// Replaces a format of strings with its registered name: `dateTime`, `guid`.
    fn text_format(&mut self, members: &mut Members) {
        let Some(written) = text(members, "format").filter(|_| says(members, "type", "string")) else { return };
        if let Some(meant) = formats::registered(written).filter(|meant| written != *meant) {
            let text = format!("replaced the format `{written}` with `{meant}`");
            set(members, "format", meant);
            self.count(("text-format", Interpreted), "format", text);
        }
    }

    /// Allows any value for `additionalProperties: {type: object}` with at most a description: Java frameworks write it for `Map<String,
    /// Object>`. A map of objects has further keywords, at least `additionalProperties: true`.
    fn map_value(&mut self, members: &mut Members) {
        let Some(value) = object_mut(members, "additionalProperties") else { return };
        let is_bare = value.keys().all(|key| ["type", "description"].contains(&key.as_str()));
        if is_bare && says(value, "type", "object") {
            value.shift_remove("type");
            let what = "allowed any value in a map whose values are only `type: object`";
            self.count(("map-value", Interpreted), "additionalProperties", what);
        }
    }

    /// Converts a single property whose name is a placeholder, `{id}` or `<id>`, to a map: it means any name.
    fn placeholder(&mut self, members: &mut Members) {
        let is_placeholder = |key: &&String| {
            let inside = |open, close| key.strip_prefix(open)?.strip_suffix(close).filter(|name| !name.is_empty());
            inside('{', '}').or_else(|| inside('<', '>')).is_some()
        };
        let Some(properties) =
            object(members, "properties").filter(|_| object(members, "additionalProperties").is_none())
        else {
            return;
        };
        let Some(name) = only(properties.keys().filter(is_placeholder)).cloned() else { return };
        let Some(value) = object_mut(members, "properties").and_then(|all| all.shift_remove(&name)) else { return };
        remove_empty(members, "properties");
        if let Some(Value::Array(required)) = members.get_mut("required") {
            required.retain(|key| *key != name);
        }
        self.moved(self.path.key("additionalProperties"), &self.path.key("properties").key(&name));
        let text = format!("assumed the property `{name}` to stand for any name");
        self.set(members, "additionalProperties", value, ("placeholder", Interpreted), text);
    }

    /// Replaces `type: User` and `type: User[]` with references, if there is such a component. Returns `true` if it was
    /// one.
    fn component_type(&mut self, members: &mut Members) -> bool {
        let Some(written) = text(members, "type").map(str::to_owned) else { return false };
        let (name, is_list) = written.strip_suffix("[]").map_or((written.as_str(), false), |name| (name, true));
        let is_type = SCHEMA_TYPES.contains(&name) || meant_type(name).is_some();
        let reference = || refer(&components_at("schemas").key(name));
        let rule = ("type-component", Interpreted);
        if is_list && (is_type || self.schemas.contains(name)) && !members.contains_key("items") {
            let items = if is_type { json!({"type": name}) } else { reference() };
            set(members, "items", items);
            self.set(members, "type", "array", rule, format!("replaced `type: {written}` with an array of `{name}`"));
            return true;
        }
        let is_free = !has_any(members, &["$ref", "allOf"]);
        if is_list || is_type || !is_free || !self.schemas.contains(name) {
            return false;
        }
        members.shift_remove("type");
        if members.is_empty() {
            *members = reference().as_object().cloned().certain("a reference is an object");
        } else {
            set(members, "allOf", json!([reference()]));
        }
        self.note(rule, "", format!("replaced `type: {written}` with a reference to the component of that name"));
        true
    }

    /// Adds the `type` of a schema whose other keywords are unambiguous.
    fn missing_type(&mut self, members: &mut Members) {
        if has_any(members, &["type", "$ref", "allOf", "anyOf", "oneOf", "not"]) {
            return;
        }
        let is_map = |key: &str| object(members, key).is_some();
        // A decimal is a number or a string (OpenAPI Format Registry).
        let is_decimal = |format: &str| format.to_ascii_lowercase().starts_with("decimal");
        let (meant, because) = if is_map("properties") || members.contains_key("additionalProperties") {
            ("object", if members.contains_key("properties") { "properties" } else { "additionalProperties" })
        } else if is_map("items") {
            if self.untyped_items(members) {
                return;
            }
            ("array", "items")
        } else if let Some(meant) = members.get("enum").and_then(type_of_all) {
            (meant, "enum")
        } else if let Some(meant) =
            text(members, "format").filter(|format| !is_decimal(format)).and_then(formats::type_of)
        {
            (meant, "format")
        } else {
            return;
        };
        set(members, "type", meant.to_owned());
        self.note(("missing-type", Interpreted), "", format!("added `type: {meant}`, which `{because}` implies"));
    }

    /// Converts `default` and `enum` to the schema's own type: `enum: [1, 2]` of strings.
    fn typed_values(&mut self, members: &mut Members) {
        let Some(kind) = text(members, "type").map(str::to_owned) else { return };
        for key in ["default", "enum"] {
            let Some(mut value) = members.get(key).cloned() else { continue };
            let mut repaired = Vec::new();
            self.inside(key, |repairer| match &mut value {
                Value::Array(_) if key == "enum" => {
                    repairer.each(&mut value, |repairer, _, item| repaired.extend(repairer.typed(item, &kind)));
                }
                single => repaired.extend(repairer.typed(single, &kind)),
            });
            if repaired.is_empty() {
                continue;
            }
            let text = format!("changed values of `{key}` to {kind}s, like the schema: {}", repaired.join(", "));
            self.set(members, key, value, ("value-type", Interpreted), text);
        }
    }

    fn typed(&self, value: &mut Value, kind: &str) -> Option<String> {
        let repaired = match (kind, &*value) {
            ("string", Value::Number(_) | Value::Bool(_)) => self.as_text(value),
            ("integer", Value::String(text)) => Value::from(text.parse::<i64>().ok()?),
            // An integer in OpenAPI 3.0 has no decimal point.
            ("integer", Value::Number(_)) => Some(whole(value)).filter(|whole| whole != value)?,
            ("number", Value::String(text)) => serde_json::from_str(text).ok().map(Value::Number)?,
            ("boolean", Value::String(text)) => Value::Bool(text.parse::<bool>().ok()?),
            _ => return None,
        };
        let text = described(&repaired);
        *value = repaired;
        Some(text)
    }

    /// Removes duplicate values from an array.
    fn distinct(&mut self, members: &mut Members, key: &str) {
        let Some(Value::Array(items)) = members.get_mut(key) else { return };
        let mut seen = HashSet::default();
        let before = items.len();
        items.retain(|item| seen.insert(whole(item).to_string()));
        if items.len() < before {
            self.note(("duplicate-value", Interpreted), key, format!("removed duplicate values from `{key}`"));
        }
    }

    /// Converts `examples` of a parameter or a media type from an array to a map, and wraps bare values.
    pub(super) fn examples(&mut self, members: &mut Members) {
        if let Some(items) = array(members, "examples") {
            let named = |(index, item): (usize, &Value)| (format!("example{}", index + 1), wrapped(item));
            let map: Members = items.iter().enumerate().map(named).collect();
            let text = "changed an array of examples into an object";
            self.set(members, "examples", map, ("examples-list", Interpreted), text);
        }
        let Some(examples) = object_mut(members, "examples") else { return };
        for (name, example) in examples.iter_mut().filter(|(_, example)| !is_example(example)) {
            *example = wrapped(example);
            let at = self.path.key("examples").key(name);
            self.record.note(("bare-example", Interpreted), at, "moved an example into `value`");
        }
        if member(members, "example").is_some() {
            let text = "kept `example` as `x-example`: `example` and `examples` are mutually exclusive";
            self.rename(members, ("example", "x-example"), ("example-twice", Lossy), text);
        }
    }
}

fn wrapped(value: &Value) -> Value {
    if is_example(value) { value.clone() } else { json!({"value": value}) }
}

/// Returns `true` if a value is an example object rather than an example.
fn is_example(value: &Value) -> bool {
    const KEYS: &str = "value externalValue summary description $ref";
    value.as_object().is_some_and(|members| {
        !members.is_empty() && members.keys().all(|key| is_among(KEYS, key) || is_extension(key))
    })
}

/// Returns the type of all values of an `enum`, except nulls.
fn type_of_all(values: &Value) -> Option<&'static str> {
    let mut kinds = items(values).filter_map(schema_type);
    let first = kinds.next().filter(|kind| !matches!(*kind, "array" | "object"))?;
    kinds.all(|kind| kind == first).then_some(first)
}

/// Keywords that only apply to arrays.
const OF_ARRAYS: [&str; 4] = ["minItems", "maxItems", "uniqueItems", PREFIX_ITEMS];

/// The keys with a schema's own values.
const VALUES: [&str; 2] = ["default", "example"];

impl Repairer<'_> {
    /// Replaces `items` of a schema without `type` if it means something other than the items of an array. Returns
    /// `true` if so.
    fn untyped_items(&mut self, members: &mut Members) -> bool {
        if let Some(keyword) = only_choice(members)
            && let Some(Value::Object(mut choice)) = members.shift_remove("items")
            && let Some(branches) = choice.shift_remove(keyword)
        {
            self.moved(self.path.key(keyword), &self.path.key("items").key(keyword));
            let text = format!("replaced `items` without `type` with its own `{keyword}`");
            self.set(members, keyword, branches, ("choice-in-items", Interpreted), text);
            return true;
        }
        if values(members).next().is_none() || values(members).any(shows_array) {
            return false;
        }
        let text = "kept `items` as `x-items`: the schema's own values are not arrays";
        self.rename(members, ("items", "x-items"), ("items-of-no-array", Interpreted), text)
    }
}

/// Returns the keyword of the choice in `items`, if there is nothing else in it and nothing indicates an array.
fn only_choice(members: &Members) -> Option<&'static str> {
    let choice = object(members, "items").filter(|choice| choice.len() == 1)?;
    let keyword = ["anyOf", "oneOf"].into_iter().find(|keyword| items(choice.get(*keyword)).len() > 0)?;
    let speaks = has_any(members, &OF_ARRAYS) || values(members).any(shows_array);
    Some(keyword).filter(|_| !speaks)
}

/// Returns the schema's own values, except `null`.
fn values(members: &Members) -> impl Iterator<Item = &Value> {
    let own = VALUES.into_iter().filter_map(|key| member(members, key));
    own.chain(items(member(members, "x-examples"))).filter(|value| !value.is_null())
}

/// Returns `true` if a value is an array, or the text of one: JSON, or comma-separated items.
fn shows_array(value: &Value) -> bool {
    value.is_array() || value.as_str().is_some_and(|text| text.contains(['[', ',']))
}
