//! Pass of `normalize`: references to an object of another kind, and references where only the object itself is allowed.
//!
//! In: the whole document. Out: what fits there: the schema of a parameter, a response with the schema that is referred to, a header made of
//! a parameter. Invariant: the target of a reference is unchanged; where nothing fits, the reference stays, for later stages to name.

use serde_json::{Value, json};

use super::pass::{Interpreted, Record};
use super::reference::{self, bare, local, refer};
use super::trail::Origin;
use crate::json::{self, Members, set};
use crate::limits::{MAX_COPIED, MAX_DEPTH};
use crate::pointer::Pointer;
use crate::structure::grammar::Kind;
use crate::structure::media::is_json;
use crate::structure::slots::{Slot, Versions};

/// What takes the place of a reference.
struct Meant {
    at: Pointer,
    value: Value,
    /// What the reference leads to.
    target: Pointer,
    text: String,
}

/// Puts what fits in the place of such references.
pub(super) fn fit(document: &mut Value, record: &mut Record) {
    let mut search = ReferenceSearch { document, found: Vec::new(), left: MAX_COPIED };
    let visit = |node: &Value, slot, at: &Pointer| search.node(node, slot, at);
    Slot::walk_all(document, Versions::OpenApi3, visit);
    for Meant { at, value, target, text } in search.found {
        let Some(node) = document.pointer_mut(at.as_str()) else { continue };
        *node = value;
        record.note("reference-kind", Interpreted, at.clone(), text);
        record.provenance.bring(at, Origin::Before(target));
    }
}

/// The search for such references.
struct ReferenceSearch<'v> {
    document: &'v Value,
    found: Vec<Meant>,
    /// How many more values may be copied.
    left: usize,
}

impl ReferenceSearch<'_> {
    /// Looks at a node. `false` if nothing in it is looked at.
    fn node(&mut self, node: &Value, slot: Slot, at: &Pointer) -> bool {
        if at.depth() > MAX_DEPTH {
            return false;
        }
        let meant = reference::text(node).and_then(|text| self.meant(node, slot, text, at));
        let Some(meant) = meant.filter(|meant| meant.value != *node) else { return true };
        self.left = self.left.saturating_sub(json::count_nodes(&meant.value));
        if self.left > 0 {
            self.found.push(meant);
        }
        false
    }

    fn meant(&self, node: &Value, slot: Slot, reference: &str, at: &Pointer) -> Option<Meant> {
        let pointer = reference::target(reference)?;
        if pointer.get(self.document).is_none() {
            // Its escapes are undone once more (RFC 6901 §4, RFC 3986 §2.1).
            let unescaped = pointer.as_str().replace("~01", "~1").replace("~00", "~0");
            let target = Pointer::from_fragment(&unescaped).filter(|target| target.get(self.document).is_some())?;
            let text = format!("corrected the double escape in `{reference}`: `{}`", local(&target));
            return Some(Meant { at: at.clone(), value: refer(&target), target, text });
        }
        let (target, found) = reference::followed(self.document, pointer, bare)?;
        if slot == Slot::Text {
            let value = Some(found).filter(|value| value.is_string())?.clone();
            let text = format!("replaced `{reference}` with its target, a string");
            return Some(Meant { at: at.clone(), value, target, text });
        }
        let members = found.as_object()?;
        let (value, text) = match slot {
            Slot::Map(_) if !at.is_at_or_below(&target) => {
                let beside = node.as_object()?.iter().filter(|(key, _)| *key != "$ref");
                let mut all = members.clone();
                all.extend(beside.map(|(key, value)| (key.clone(), value.clone())));
                (all.into(), format!("replaced `{reference}` with its target"))
            }
            Slot::One(wanted) => {
                let is = kind_of(&target, members).filter(|is| *is != wanted)?;
                let text =
                    format!("converted the target of `{reference}` from {} to {}", is.grammar().name, slot.name());
                (fitting(wanted, is, members, &target)?, text)
            }
            _ => return None,
        };
        Some(Meant { at: at.clone(), value, target, text })
    }
}

/// What an object is: by its section of the components, else by its members.
fn kind_of(target: &Pointer, members: &Members) -> Option<Kind> {
    let keys: Vec<String> = target.segments().collect();
    if let [components, section, _] = keys.as_slice()
        && components == "components"
    {
        return match Kind::Components.member(section, &Value::Null, Versions::OpenApi3) {
            Slot::Map(kind) => Some(kind),
            _ => None,
        };
    }
    let has = |key: &str| members.contains_key(key);
    if has("in") && has("name") {
        Some(Kind::Parameter)
    } else if has("content") {
        Some(if has("description") { Kind::Response } else { Kind::RequestBody })
    } else {
        None
    }
}

/// An object of the wanted kind that says what another one says.
fn fitting(wanted: Kind, is: Kind, members: &Members, target: &Pointer) -> Option<Value> {
    let has_value = members.contains_key("schema") || members.contains_key("content");
    match wanted {
        Kind::Schema if is == Kind::Response || has_value => Some(schema_of(members, target)),
        Kind::Header if is == Kind::Parameter => {
            let of_header = members.iter().filter(|(key, _)| !matches!(key.as_str(), "name" | "in"));
            Some(of_header.map(|(key, value)| (key.clone(), value.clone())).collect())
        }
        Kind::Header if is == Kind::Schema => Some(json!({"schema": refer(target)})),
        Kind::Response | Kind::RequestBody => {
            let content = match members.get("content") {
                Some(content) => content.clone(),
                None if is == Kind::Schema => json!({"application/json": {"schema": refer(target)}}),
                None => return None,
            };
            let description = json::text(members, "description").unwrap_or_default();
            let mut body = Members::from_iter([("content".to_owned(), content)]);
            if wanted == Kind::Response || !description.is_empty() {
                set(&mut body, "description", description);
            }
            Some(body.into())
        }
        _ => None,
    }
}

/// The schema of a parameter or header, or of the JSON in a body; by default any value.
fn schema_of(members: &Members, target: &Pointer) -> Value {
    let of_value = members.get("schema").map(|schema| (schema, target.key("schema")));
    let of_content = || {
        let content = members.get("content")?.as_object()?;
        let json = content.iter().find(|(name, _)| is_json(name));
        let (name, media_type) = json.or_else(|| content.iter().next())?;
        Some((media_type.get("schema")?, target.key("content").key(name).key("schema")))
    };
    match of_value.or_else(of_content) {
        Some((schema, _)) if bare(schema).is_some() => schema.clone(),
        Some((_, at)) => refer(&at),
        None => json!({}),
    }
}
