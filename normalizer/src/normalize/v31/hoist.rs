//! Part of `v31`: targets of references become components that OpenAPI 3.0 can refer to.
//!
//! In: the document and its [`Survey`]. Out: the intermediate document, in which every resolvable reference leads to a component of its
//! kind; and copies of targets that have to be inlined.
//!
//! Invariants: a moved node is replaced with a reference, so that nothing is duplicated. A plain reference to a component is cheap.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::certain::Certain;
use crate::diagnostic::{Diagnostic, codes};
use crate::json::{Members, array, has_any, keys, member, object, object_at, object_mut, put, remove_empty, set, text};
use crate::normalize::{
    names::{Names, legal, wanted},
    pass::{Equivalent, Interpreted, Record, fault},
    reference::{self, Fragment, UNNAMED, absolute, bare, in_section, local, refer},
    trail::Provenance,
};
use crate::pointer::Pointer;
use crate::structure::{
    grammar::{
        Kind::{self, *},
        components_at, is_component_name,
    },
    slots::{Slot, Versions},
};

/// Copies of targets that are inlined, by the pointer in a reference (in the intermediate document). Each copy has the
/// pointer of its final target, which differs if a reference leads to another reference.
pub(super) type Copies = BTreeMap<Pointer, (Pointer, Value)>;

/// A node that becomes a component: whether it also stays in its place, its depth, and its pointer in the document.
type Home = (bool, usize, Pointer);

/// Creates the intermediate document.
pub(super) fn hoist(document: &mut Value, origins: &mut Provenance, record: &mut Record) -> Copies {
    let mut survey = Survey::of(document);
    // All references with their targets. Targets at unknown places may contain further references.
    let (mut references, mut seen, mut next) = (Vec::new(), BTreeSet::new(), 0);
    while let Some(site) = survey.sites.get(next).cloned() {
        next += 1;
        let Some(target) = survey.target(&site) else { continue };
        if !target.known && seen.insert(target.pointer.clone()) {
            survey.look_into(site.kind, &target.pointer);
        }
        references.push((site, target));
    }
    let Survey { definitions, faults, .. } = survey;
    let homes = homes(document, &definitions, &references, origins);
    // References that cannot be followed.
    for fault in faults {
        let (at, holder) =
            (origins.after(&fault.pointer), fault.pointer.parent().certain("a reference is in an object"));
        if let Some(members) = object_at(document, &holder) {
            members.shift_remove("$dynamicRef");
            let before = fault.pointer.clone();
            record.lost(fault, before, at);
        }
    }
    edit(document, &references, origins, record);
    move_home(document, homes, origins, record);
    // 3.0, or the generator, does not support these references.
    let is_written_out = |site: &Site| site.has_words || matches!(site.kind, MediaType | PathItem);
    let written_out = references.iter().filter(|(site, _)| is_written_out(site));
    let wanted = written_out.map(|(_, target)| origins.after(&target.pointer)).collect();
    copies(document, wanted)
}

/// Decides which nodes become components.
fn homes(
    document: &Value,
    definitions: &[Pointer],
    references: &[(Site, Target)],
    origins: &mut Provenance,
) -> Vec<Home> {
    let mut targets: BTreeMap<(usize, &Pointer), (Kind, bool)> = BTreeMap::new();
    for definition in definitions {
        targets.insert((definition.depth(), definition), (Schema, true));
    }
    for (site, target) in references {
        let pointer = &target.pointer;
        if !matches!(site.kind, PathItem | MediaType) && !is_component(site.kind, pointer.as_str()) {
            targets.entry((pointer.depth(), pointer)).or_insert((site.kind, target.known));
        }
    }
    let definitions: BTreeSet<_> = definitions.iter().collect();
    let mut homes = Vec::new();
    let mut names: BTreeMap<&str, Names> = BTreeMap::new();
    for ((depth, pointer), (kind, known)) in targets {
        let Some(section) = kind.section().filter(|section| takes_components(document, section)) else { continue };
        let can_stay = kind == Schema && !definitions.contains(pointer) && is_steady(document, pointer);
        if can_stay && origins.after(pointer) == *pointer {
            continue;
        }
        let section_at = components_at(section);
        let names = names.entry(section).or_insert_with(|| keys(section_at.get(document)).cloned().collect());
        let at = section_at.key(&names.free(&candidates(document, pointer), ""));
        origins.push(at, pointer.clone());
        homes.push((!known, depth, pointer.clone()));
    }
    homes
}

/// Updates the texts of references.
fn edit(document: &mut Value, references: &[(Site, Target)], origins: &mut Provenance, record: &mut Record) {
    for (site, target) in references {
        let mid = origins.after(&target.pointer);
        if target.guessed {
            let text = format!("assumed `{}` to mean `{}`", site.text, local(&target.pointer));
            record.note(("reference", Interpreted), origins.after(&site.at), text);
        }
        let is_said = reference::target(&site.text).is_some_and(|said| said == mid);
        let text = Value::String(local(&mid));
        if site.at.last().as_deref() == Some("$dynamicRef") {
            let holder = site.at.parent().certain("a reference is in an object");
            let Some(members) = object_at(document, &holder) else { continue };
            members.shift_remove("$dynamicRef");
            set(members, "$ref", text);
            let after = origins.after(&holder);
            origins.bring(after.key("$ref"), site.at.clone());
            let text = "replaced `$dynamicRef` with `$ref`: only one schema has its anchor";
            record.note(("dynamic-reference", Equivalent), after, text);
        } else if !is_said && let Some(place) = site.at.get_mut(document) {
            *place = text;
        }
    }
}

/// Moves the deepest nodes first, so that outer nodes already contain references to them.
fn move_home(document: &mut Value, mut homes: Vec<Home>, origins: &Provenance, record: &mut Record) {
    homes.sort();
    for (copied, _, pointer) in homes.into_iter().rev() {
        let at = origins.after(&pointer);
        let Some(place) = pointer.get_mut(document) else { continue };
        let value = if copied { place.clone() } else { std::mem::replace(place, refer(&at)) };
        put(document, &at, value);
        let name = at.last().certain("a component has a name");
        let text = format!("moved to the component `{name}`, so that references can target it");
        record.note(("component", Equivalent), at, text);
    }
}

/// Returns copies of inlined targets; removes components that 3.0 does not support.
fn copies(document: &mut Value, wanted: BTreeSet<Pointer>) -> Copies {
    let mut copies = Copies::new();
    for mid in wanted {
        if let Some((end, node)) = reference::followed(document, mid.clone(), bare) {
            copies.insert(mid, (end, node.clone()));
        }
    }
    let Some(Value::Object(components)) = document.get_mut("components") else { return copies };
    for section in ["pathItems", "mediaTypes"] {
        let Some(members) = object_mut(components, section) else { continue };
        let prefix = components_at(section);
        members.retain(|name, _| !copies.contains_key(&prefix.key(name)));
        remove_empty(components, section);
    }
    copies
}

/// Returns `true` if components can be added to a section: it is not malformed.
pub(super) fn takes_components(document: &Value, section: &str) -> bool {
    let components = document.get("components");
    components.is_none_or(Value::is_object)
        && components.and_then(|components| components.get(section)).is_none_or(Value::is_object)
}

/// Returns `true` if a schema inside of a component keeps its place, on a path that 3.0 tools can follow.
fn is_steady(document: &Value, pointer: &Pointer) -> bool {
    let keeps = |slot, node: &Value, key: &str| {
        slot != Slot::SCHEMA || node.as_object().is_some_and(|members| keeps_its_shape(members, key))
    };
    pointer.as_str().starts_with("/components/schemas/") && Slot::at(document, pointer, keeps).is_some()
}

/// Returns `true` if the value of `keyword` still exists after the conversion.
fn keeps_its_shape(members: &Members, keyword: &str) -> bool {
    let has_one_type = members.get("type").is_none_or(Value::is_string);
    let others = |keys: &[&str]| !has_any(members, keys);
    let follows = match keyword {
        "properties" | "allOf" | "not" => true,
        "items" => others(&["prefixItems"]) && object(members, "items").is_some(),
        "additionalProperties" => others(&["patternProperties"]),
        "anyOf" | "oneOf" => {
            let branches = array(members, keyword);
            branches.is_some_and(|branches| !branches.iter().any(may_be_null))
        }
        _ => false,
    };
    follows && has_one_type && others(&["$ref"])
}

/// Returns `true` if `null` may be the only value of a branch.
fn may_be_null(branch: &Value) -> bool {
    let is_null = |value: &Value| value.is_null() || value == "null";
    let one = |key: &str| branch.get(key).is_some_and(is_null);
    let all = |key: &str| branch[key].as_array().is_some_and(|values| values.iter().all(is_null));
    one("type") || one("const") || all("type") || all("enum")
}

/// Returns the possible names of a node, the best first: its own or its title, and one derived from its place.
fn candidates(document: &Value, pointer: &Pointer) -> Vec<String> {
    let segments: Vec<String> = pointer.segments().collect();
    let own = match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // A section that OpenAPI does not define, or the definitions of a schema.
        [_, name] | [.., "$defs" | "definitions", name] => Some(legal(name.trim_matches('_'))),
        _ => None,
    };
    let is_name = |title: &&str| title.starts_with(char::is_uppercase) && is_component_name(title);
    let title = || pointer.get(document)?["title"].as_str().filter(is_name).map(str::to_owned);
    own.or_else(title).into_iter().chain([wanted(document, pointer, "")]).collect()
}

/// The scope of identifiers at a place.
#[derive(Clone, Default)]
struct Scope {
    /// The base address of relative references.
    base: String,
    /// The schema that is the root of its own resource (`$id`), or the document.
    root: Pointer,
    /// The outermost schema.
    outermost: Option<Pointer>,
}

/// A reference other than a plain name of a component.
#[derive(Clone)]
struct Site {
    /// The place of the text: under `$ref` or `$dynamicRef`, or a value of a discriminator's mapping.
    at: Pointer,
    /// The kind of object at this place.
    kind: Kind,
    text: String,
    /// Whether it has its own summary or description, which 3.1 allows beside any reference except references to schemas (§4.8.23).
    has_words: bool,
    scope: Scope,
}

/// The target of a reference.
struct Target {
    pointer: Pointer,
    /// Whether the target is at a place that OpenAPI defines, and not in an extension or unknown key.
    known: bool,
    /// Whether the target was not found where JSON Schema looks first.
    guessed: bool,
}

struct Survey<'v> {
    document: &'v Value,
    path: Pointer,
    sites: Vec<Site>,
    /// The schemas in `$defs` and `definitions`.
    definitions: Vec<Pointer>,
    faults: Vec<Diagnostic>,
    resources: BTreeMap<String, Pointer>,
    /// The anchors, by name and resource.
    anchors: BTreeMap<String, BTreeMap<Pointer, Pointer>>,
    /// The number of schemas with each `$dynamicAnchor`.
    dynamic_anchors: BTreeMap<String, usize>,
    /// The `$dynamicRef`s that may have several targets.
    undecided: Vec<Site>,
}

impl<'v> Survey<'v> {
    /// Walks through the document.
    fn of(document: &'v Value) -> Self {
        let own = document["$self"].as_str();
        let base = own.and_then(|own| absolute(UNNAMED, own)).unwrap_or_else(|| UNNAMED.to_owned());
        let resources = BTreeMap::from([(base.clone(), Pointer::root())]);
        let (path, sites, definitions, faults, anchors, dynamic_anchors, undecided) = Default::default();
        let mut survey =
            Self { document, path, sites, definitions, faults, resources, anchors, dynamic_anchors, undecided };
        survey.walk(Slot::DOCUMENT, document, &Scope { base, ..Scope::default() });
        survey.decide();
        survey
    }

    /// Walks through a node at an undefined place, as the kind of object that a reference to it expects.
    fn look_into(&mut self, kind: Kind, pointer: &Pointer) {
        let Some(value) = pointer.get(self.document) else { return };
        self.path = pointer.clone();
        self.walk(Slot::One(kind), value, &Scope { base: UNNAMED.to_owned(), ..Scope::default() });
        self.decide();
    }

    fn walk(&mut self, slot: Slot, value: &'v Value, scope: &Scope) {
        let mut scope = Cow::Borrowed(scope);
        if let (Slot::One(kind), Value::Object(members)) = (slot, value) {
            match kind {
                Schema => self.enter_schema(members, &mut scope),
                Discriminator => self.mapping(members, &scope),
                _ => {}
            }
            if let Some(Value::String(text)) = member(members, "$ref")
                && kind.section().is_some()
            {
                self.reference(kind, members, text, &scope);
            }
        }
        let are_definitions =
            slot == Slot::Map(Schema) && ["/$defs", "/definitions"].iter().any(|key| self.path.as_str().ends_with(key));
        slot.each_part(value, Versions::OpenApi3, |key, part, slot| {
            let length = self.path.enter(key);
            if are_definitions && (part.is_object() || part.is_boolean()) {
                self.definitions.push(self.path.clone());
            }
            self.walk(slot, part, &scope);
            self.path.truncate(length);
        });
    }

    /// Records the identifiers of a schema, and enters its scope.
    fn enter_schema(&mut self, members: &Members, scope: &mut Cow<'_, Scope>) {
        let text = |key: &str| text(members, key);
        if scope.outermost.is_none() {
            scope.to_mut().outermost = Some(self.path.clone());
        }
        match text("$id") {
            // Up to draft 7, this is the syntax of an anchor.
            Some(id) if id.starts_with('#') => self.anchor(id.trim_start_matches('#'), &scope.root),
            Some(id) => {
                if let Some(base) = absolute(&scope.base, id.trim_end_matches('#')) {
                    self.resources.entry(base.clone()).or_insert_with(|| self.path.clone());
                    let scope = scope.to_mut();
                    scope.base = base;
                    scope.root = self.path.clone();
                }
            }
            None => {}
        }
        for name in ["$anchor", "$dynamicAnchor"].into_iter().filter_map(text) {
            self.anchor(name, &scope.root);
        }
        if let Some(name) = text("$dynamicAnchor") {
            *self.dynamic_anchors.entry(name.to_owned()).or_default() += 1;
        }
        self.dynamic(members, scope);
    }

    fn anchor(&mut self, name: &str, root: &Pointer) {
        let of_that_name = self.anchors.entry(name.to_owned()).or_default();
        of_that_name.entry(root.clone()).or_insert_with(|| self.path.clone());
    }

    /// Records a reference whose target may depend on the referring schema.
    fn dynamic(&mut self, members: &Members, scope: &Scope) {
        let Some(text) = member(members, "$dynamicRef") else { return };
        // Both apply beside a `$ref`. An empty text has no target.
        let text = text.as_str().filter(|_| !members.contains_key("$ref")).unwrap_or_default().to_owned();
        let (at, kind) = (self.path.key("$dynamicRef"), Schema);
        self.undecided.push(Site { at, kind, text, has_words: false, scope: scope.clone() });
    }

    /// Treats a `$dynamicRef` as a plain reference if its anchor is unique (JSON Schema 2020-12 §8.2.3.2).
    fn decide(&mut self) {
        for site in std::mem::take(&mut self.undecided) {
            let name = site.text.split_once('#').map_or("", |(_, name)| name);
            let is_single = self.dynamic_anchors.get(name).is_none_or(|count| *count == 1);
            if is_single && !site.text.is_empty() && self.target(&site).is_some() {
                self.sites.push(site);
            } else {
                let message = "the target of `$dynamicRef` depends on the referring schema, so it has no single type";
                let refused = fault(codes::DYNAMIC_REFERENCE, site.at, message);
                self.faults.push(refused.with_help("use a plain `$ref` to the intended schema"));
            }
        }
    }

    fn site(&mut self, at: Pointer, kind: Kind, text: &str, has_words: bool, scope: &Scope) {
        self.sites.push(Site { at, kind, text: text.to_owned(), has_words, scope: scope.clone() });
    }

    fn reference(&mut self, kind: Kind, members: &Members, text: &str, scope: &Scope) {
        let has_words = kind != Schema && has_any(members, &["description", "summary"]);
        if matches!(kind, PathItem | MediaType) || has_words || !is_plain(kind, text, scope) {
            self.site(self.path.key("$ref"), kind, text, has_words, scope);
        }
    }

    fn mapping(&mut self, members: &Members, scope: &Scope) {
        let Some(mapping) = object(members, "mapping") else { return };
        for (key, target) in mapping {
            let text = target.as_str().filter(|text| text.contains(['#', '/']));
            if let Some(text) = text.filter(|text| !is_plain(Schema, text, scope)) {
                self.site(self.path.key("mapping").key(key), Schema, text, false, scope);
            }
        }
    }

    /// Returns the target of a reference. `None` if it does not exist, or if it is of the wrong kind.
    fn target(&self, site: &Site) -> Option<Target> {
        let Scope { base, root, outermost } = &site.scope;
        let (address, fragment) = site.text.split_once('#').unwrap_or((&site.text, ""));
        let document = Pointer::root();
        let roots: Vec<&Pointer> = if address.is_empty() {
            [root, &document].into_iter().chain(outermost).collect()
        } else {
            vec![self.resources.get(&absolute(base, address)?)?]
        };
        let node = Fragment::of(fragment)?;
        for root in &roots {
            let guessed = roots.first() != Some(root);
            let pointer = match &node {
                Fragment::At(below) => Some(root.join(below)),
                Fragment::Anchor(name) => self.anchors.get(name).and_then(|anchors| anchors.get(*root)).cloned(),
            };
            let Some(pointer) = pointer else { continue };
            if let Some(known) = self.suits(site.kind, &pointer) {
                return Some(Target { pointer, known, guessed });
            }
        }
        // An anchor of another resource, if the name is unique.
        let Fragment::Anchor(name) = node else { return None };
        let of_that_name = self.anchors.get(&name).filter(|anchors| anchors.len() == 1)?;
        let pointer = of_that_name.values().next()?.clone();
        let known = self.suits(site.kind, &pointer)?;
        Some(Target { pointer, known, guessed: true })
    }

    /// Returns whether an object of this kind at the pointer is at a place that OpenAPI defines; `None` if there is no
    /// such object.
    fn suits(&self, kind: Kind, pointer: &Pointer) -> Option<bool> {
        let (slot, value) = Slot::at(self.document, pointer, |_, _, _| true)?;
        let shaped = value.is_object() || (kind == Schema && value.is_boolean());
        match slot {
            Slot::One(known) => (known == kind && shaped).then_some(true),
            Slot::Mapping | Slot::Text | Slot::Data => shaped.then_some(false),
            Slot::List(_) | Slot::Map(_) => None,
        }
    }
}

/// Returns `true` if the pointer is `/components/SECTION/NAME`.
fn is_component(kind: Kind, pointer: &str) -> bool {
    in_section(kind, pointer).is_some_and(|name| !name.contains('/'))
}

/// Returns `true` if the text of a reference is a component's pointer in any scope.
fn is_plain(kind: Kind, text: &str, scope: &Scope) -> bool {
    scope.root == Pointer::root() && text.strip_prefix('#').is_some_and(|pointer| is_component(kind, pointer))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::normalize::names::Names;

    #[test]
    fn names_say_where_it_was() {
        let document = json!({
            "components": { "schemas": { "Pet": {}, "Tag": {} } },
        });
        let mut names: Names = ["Pet", "Tag"].map(String::from).into_iter().collect();
        let mut name = |text: &str| names.free(&candidates(&document, &Pointer::parse(text).unwrap()), "");
        assert_eq!(name("/components/schemas/Pet/properties/name"), "PetName");
        assert_eq!(name("/components/schemas/Pet/properties/name"), "PetName2");
        assert_eq!(name("/components/schemas/Pet/$defs/Cat"), "Cat");
        assert_eq!(name("/components/schemas/Pet/$defs/Tag"), "PetTag");
        assert_eq!(name("/definitions/A~1B"), "A_B");
        assert_eq!(name("/x-y/Ä"), "A");
    }
}
