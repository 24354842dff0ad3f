//! Part of `diff`: a walk over a pair of nodes in one direction.
//!
//! In: a node of each document. Out: the changes inside, and the pairs that references lead to. Invariant: the effect of a keyword and the direction
//! determine the severity of its change.

use std::collections::{BTreeMap, BTreeSet};
use std::{iter, mem};

use clientwright_normalizer::diagnostic::shortened;
use clientwright_normalizer::json::{is_primitive, items, members};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::{Form, Kind};
use foldhash::HashSet;
use serde_json::Value;

use super::Severity::{self, Breaking, Compatible, Documentation, Risky};
use super::effect::{Effect, effect};
use super::node::{Entries, Node, Pair, Parts, entries, is_true, node, resolved, union, values};
use super::operations::{Operation, Parameter, listed};
use Shift::{Narrower, Other, Same, Tolerated, Wider};

/// The direction of a message, and whether it belongs to a webhook or callback.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Mode {
    is_sent: bool,
    is_inverse: bool,
    /// Whether values are serialized as text, as in a parameter.
    is_text: bool,
}

impl Mode {
    /// Returns the mode of an inner object.
    fn of(self, kind: Kind) -> Self {
        match kind {
            Kind::Parameter => Self { is_sent: !self.is_inverse, is_text: true, ..self },
            Kind::MediaType => Self { is_text: false, ..self },
            Kind::RequestBody => Self { is_sent: !self.is_inverse, ..self },
            Kind::Response => Self { is_sent: self.is_inverse, ..self },
            // Path items of `paths` are compared by operation; only webhooks and callbacks get here.
            Kind::PathItem => Self { is_inverse: true, ..self },
            _ => self,
        }
    }
}

/// The end of messages about whole operations.
pub(super) const OPERATION: &str = " the operation";

/// A pair of nodes that is compared once, and its direction.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Key {
    kind: Kind,
    old: Pointer,
    new: Pointer,
    mode: Mode,
}

/// The severity for old clients with the new server, and for new clients with the old server.
pub(super) type Severities = (Severity, Severity);

/// A change without its affected operations.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) severities: Severities,
    pub(super) message: String,
    /// The old and the new place of the change.
    pub(super) places: [Option<Pointer>; 2],
}

/// The effect of a change on the set of valid messages.
#[derive(Clone, Copy, PartialEq)]
enum Shift {
    Wider,
    /// Wider by values that clients keep as unknown.
    Tolerated,
    Narrower,
    Other,
    /// No message depends on the change.
    Same,
}

pub(super) struct Walk<'d> {
    documents: [&'d Value; 2],
    mode: Mode,
    pub(super) found: Vec<Found>,
    pub(super) below: Vec<Key>,
}

impl<'d> Walk<'d> {
    pub(super) fn new(documents: [&'d Value; 2]) -> Self {
        let mode = Mode { is_sent: true, is_inverse: false, is_text: false };
        Self { documents, mode, found: Vec::new(), below: Vec::new() }
    }

    /// Compares the nodes of a key.
    pub(super) fn of(documents: [&'d Value; 2], key: &Key) -> Self {
        let mut walk = Self { mode: key.mode, ..Self::new(documents) };
        let [old, new] = documents;
        walk.object(key.kind, &[Some(node(old, &key.old)), Some(node(new, &key.new))]);
        walk
    }

    /// Calls a function with each side and its document.
    fn each<T>(&self, pair: &Pair<'d>, call: impl Fn(Node<'d>, &'d Value) -> Option<T>) -> [Option<T>; 2] {
        let mut documents = self.documents.into_iter();
        pair.clone().map(|side| side.zip(documents.next()).and_then(|(side, document)| call(side, document)))
    }

    /// Compares two operations, or reports an added or removed one.
    pub(super) fn operation(&mut self, pair: [Option<&Operation<'d>>; 2]) {
        let operations = pair.map(|operation| Some(operation?.node.clone()));
        let [Some(old), Some(new)] = pair else {
            let severities = if pair[0].is_none() { (Compatible, Breaking) } else { (Breaking, Compatible) };
            return self.report(severities, &operations, verb(&operations).to_owned() + OPERATION);
        };
        if new.shape != old.shape {
            self.report((Breaking, Breaking), &operations, format!("moved from {}", code(&old.label)));
        }
        self.object(Kind::Operation, &operations);
        self.parameters(old.parameters.clone(), new.parameters.clone());
        self.security(&operations);
        self.servers(&operations);
        let items = [old, new].map(|one| Some(one.item.clone()));
        self.servers(&items);
        self.object(Kind::PathItem, &items);
    }

    /// Compares keywords of a webhook or callback; for other requests, they are compared by operation.
    fn inverse(&mut self, key: &str, pair: &Pair<'d>) {
        if key == "parameters" {
            let of = |list, document| Some(listed(list, &[], document));
            let [old, new] = self.each(pair, of).map(Option::unwrap_or_default);
            self.parameters(old, new);
        } else if are_different(pair) {
            self.report((Risky, Risky), pair, changed(key, pair));
        }
    }

    /// Compares two objects of a kind.
    pub(super) fn object(&mut self, kind: Kind, pair: &Pair<'d>) {
        if !values(pair).iter().flatten().all(|value| value.is_object()) {
            if are_different(pair) {
                self.shift(Other, pair, format!("changed {}", kind.grammar().name));
            }
            return;
        }
        let parts = |side, document| Some(Parts::of(kind, side, document));
        let [Some(old), Some(new)] = self.each(pair, parts) else { return };
        // Values of another type have different keywords.
        let is_other = kind == Kind::Schema && self.retyped(&old, &new) == Other;
        let counts = |key: &&String| {
            !is_other || matches!(effect(kind, key), Effect::Type | Effect::Values | Effect::Choices | Effect::Words)
        };
        for key in old.keys().chain(new.keys()).filter(counts).collect::<BTreeSet<_>>() {
            self.member(kind, key, &old, &new);
        }
    }

    fn member(&mut self, kind: Kind, key: &str, old: &Parts<'d>, new: &Parts<'d>) {
        let effect = effect(kind, key);
        let first = || [old, new].map(|parts| parts.all(key).into_iter().next());
        let constants = || old.constants().zip(new.constants());
        let has_enum = |parts: &Parts<'d>| !parts.all("enum").is_empty();
        if effect == Effect::Values
            && let Some((old, new)) = constants()
        {
            return self.values(&old, &new, &first());
        }
        match effect {
            Effect::Elsewhere if self.mode.is_inverse && matches!(kind, Kind::Operation | Kind::PathItem) => {
                return self.inverse(key, &first());
            }
            // Other path items are compared by operation.
            Effect::Parts if kind == Kind::PathItem && !self.mode.is_inverse => return,
            Effect::Elsewhere => return,
            Effect::Names => return self.names(old, new, &first()),
            Effect::Parts if key == "properties" => return self.properties(old, new),
            // An `enum` on one side, and a choice of constants on the other.
            Effect::Type | Effect::Choices if has_enum(old) != has_enum(new) && constants().is_some() => return,
            Effect::Form if form(kind, key, old.own()) == form(kind, key, new.own()) => return,
            Effect::Narrowing | Effect::Widening if old.is_true(key) == new.is_true(key) => return,
            Effect::Parts if kind == Kind::Responses && is_spare(key, old, new) => {
                return self.report((Compatible, Risky), &first(), format!("removed response {}", code(key)));
            }
            _ => {}
        }
        let (mut before, mut after) = (old.all(key), new.all(key));
        // Equal references may lead to different nodes.
        if !matches!(effect, Effect::Parts | Effect::Additional | Effect::Choices) {
            matched(&mut before, &mut after, |old, new| old.item == new.item);
        }
        let ranges = if key == "format" { range(old).zip(range(new)) } else { None };
        let is_single = |parts: &Parts<'d>| parts.part("schema")?.type_name().map(is_scalar);
        for index in 0..before.len().max(after.len()) {
            let pair = [before.get(index).cloned(), after.get(index).cloned()];
            let shift = match effect {
                Effect::Type => self.retyped(old, new),
                // Any value is allowed on both sides.
                Effect::Widening if kind == Kind::Schema && old.is_open() && new.is_open() => Same,
                // `explode` affects only arrays and objects (OpenAPI 3.0.3 §4.7.12.2).
                Effect::Form if key == "explode" && [old, new].map(is_single) == [Some(true); 2] => Same,
                _ => match ranges {
                    // Bounds may be equivalent to the format.
                    Some((old, new)) => compared(old, new, |one, other| one.0 <= other.0 && one.1 >= other.1),
                    None => shift(effect, values(&pair)),
                },
            };
            self.keyword((effect, shift), kind, key, &pair);
        }
    }

    /// Returns the effect of a type change on the set of valid values. A parameter is text, even without a type.
    fn retyped(&self, old: &Parts<'d>, new: &Parts<'d>) -> Shift {
        let is_text = self.mode.is_text;
        let name = |parts: &Parts<'d>| parts.type_name().unwrap_or(if is_text { "string" } else { "" });
        compared(name(old), name(new), |one, other| match (one, other) {
            ("", _) | ("number", "integer") => true,
            ("string", other) if is_text => is_scalar(other),
            _ => one == other,
        })
    }

    fn keyword(&mut self, (effect, shift): (Effect, Shift), kind: Kind, key: &str, pair: &Pair<'d>) {
        let severity = match effect {
            Effect::Parts => return self.parts(kind, key, pair),
            Effect::Additional => return self.additional(key, pair),
            Effect::Choices if is_both(pair) => return self.branches(key, pair),
            Effect::Mapping => return self.mapping(pair),
            Effect::Extension => Compatible,
            // The server may apply a default that is not documented.
            Effect::Default if self.mode.is_sent && is_both(pair) => Risky,
            Effect::Words | Effect::Default => Documentation,
            Effect::Form if kind == Kind::SecurityScheme && key == "flows" => Risky,
            _ => return self.shift(shift, pair, changed(key, pair)),
        };
        self.report((severity, severity), pair, changed(key, pair));
    }

    /// Compares objects part by part. An absent map has no entries.
    pub(super) fn parts(&mut self, kind: Kind, key: &str, pair: &Pair<'d>) {
        let (item, all) = match kind.grammar().form_of(key) {
            Some(Form::Map(item) | Form::Components(item)) => {
                (*item, entries(pair).into_iter().map(|(name, pair)| (name.as_str(), pair)).collect())
            }
            Some(form) => (form, vec![(key, pair.clone())]),
            None => return,
        };
        let Some(object) = item.object() else { return };
        for (name, pair) in all {
            if is_both(&pair) {
                self.node(object.kind, &pair);
            } else {
                self.one(kind, key, name, &pair);
            }
        }
    }

    /// Compares two nodes, which are objects of a kind or references to one.
    fn node(&mut self, kind: Kind, pair: &Pair<'d>) {
        let mode = self.mode.of(kind);
        // The parts of an `allOf` may refer back to the node.
        let is_whole = |node: &Value| ["$ref", "allOf"].iter().all(|key| node.get(key).is_none());
        if values(pair).into_iter().flatten().all(is_whole) {
            let outer = mem::replace(&mut self.mode, mode);
            self.object(kind, pair);
            self.mode = outer;
            return;
        }
        let siblings = |side: Option<&'d Value>| {
            let reference = side.filter(|node| node.get("$ref").is_some());
            members(reference).filter(|(key, _)| *key != "$ref").collect::<BTreeMap<_, _>>()
        };
        let [before, after] = values(pair).map(siblings);
        if before != after {
            let message = "changed the siblings of a reference".to_owned();
            self.shift(Same, pair, message);
        }
        match self.each(pair, resolved) {
            [Some(old), Some(new)] => self.below.push(Key { kind, old: old.at, new: new.at, mode }),
            _ if are_different(pair) => {
                self.shift(Other, pair, "changed a reference that leads nowhere".to_owned());
            }
            _ => {}
        }
    }

    /// Reports a part that exists on one side only.
    fn one(&mut self, kind: Kind, key: &str, name: &str, pair: &Pair<'d>) {
        let is_added = pair[1].is_some();
        let is_required = self.each(pair, resolved).iter().flatten().any(|part| is_true(part.item, "required"));
        let (severities, what) = match (kind, key, is_added) {
            (Kind::Operation, "requestBody", _) => (presence(true, is_added, is_required), ""),
            (Kind::Responses, ..) if !name.starts_with('2') => ((Compatible, Compatible), "response "),
            (Kind::Responses, ..) => ((if is_added { Risky } else { Breaking }, Compatible), "response "),
            (_, "content", true) => (self.severities(Tolerated), "media type "),
            (_, "content", false) => ((Breaking, Compatible), "media type "),
            (_, "headers", _) => (presence(false, is_added, is_required), "header "),
            (Kind::MediaType | Kind::Schema, ..) => (self.severities(if is_added { Narrower } else { Wider }), ""),
            (Kind::Parameter | Kind::Header, ..) => (self.severities(Other), ""),
            // Security requirements are reported by operation.
            (Kind::Components, ..) => ((Compatible, Compatible), "security scheme "),
            // Webhooks and callbacks.
            (_, _, true) => ((Compatible, Compatible), ""),
            (_, _, false) => ((Risky, Risky), ""),
        };
        self.report(severities, pair, format!("{} {what}{}", verb(pair), code(name)));
    }

    /// Compares the properties that are present in the direction.
    fn properties(&mut self, old: &Parts<'d>, new: &Parts<'d>) {
        let is_sent = self.mode.is_sent;
        let [was, is] = [old, new].map(Parts::required);
        let hidden = if is_sent { "readOnly" } else { "writeOnly" };
        let present = [old, new].map(|parts| {
            let all = parts.properties().into_iter();
            all.filter(|(_, property)| !is_true(property.item, hidden)).collect::<Entries<'d>>()
        });
        let [before, after] = present.each_ref().map(|all| all.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>());
        let (both, single): (Vec<_>, Vec<_>) = union(present).into_iter().partition(|(_, pair)| is_both(pair));
        both.iter().for_each(|(_, pair)| self.node(Kind::Schema, pair));
        let (mut gone, mut new): (Vec<_>, Vec<_>) = single.into_iter().partition(|(_, pair)| pair[1].is_none());
        let is_only = gone.len() == 1 && new.len() == 1;
        let is_renamed = |(old_name, old): &(&String, Pair<'d>), (name, new): &(&String, Pair<'d>)| {
            let ([Some(old), _], [_, Some(new)]) = (old, new) else { return false };
            let is_evident = is_only || ["description", "$ref"].iter().any(|key| old.item.get(key).is_some());
            let is_elsewhere = after.contains(old_name) || before.contains(name);
            let has_moved = was.contains(old_name.as_str()) == is.contains(name.as_str()) && old.item == new.item;
            is_evident && !is_elsewhere && has_moved
        };
        for [(old_name, [old, _]), (name, [_, new])] in matched(&mut gone, &mut new, is_renamed) {
            let is_required = is.contains(name.as_str());
            let [removed, added] = [false, true].map(|is_added| presence(is_sent, is_added, is_required));
            let severities = (removed.0.max(added.0), removed.1.max(added.1));
            self.report(severities, &[old, new], format!("renamed property {} to {}", code(old_name), code(name)));
        }
        for (name, pair) in gone.into_iter().chain(new) {
            let is_added = pair[1].is_some();
            let is_required = if is_added { &is } else { &was }.contains(name.as_str());
            let severities = match is_added {
                // Another part declares the property, too.
                true if before.contains(name) => self.severities(Narrower),
                false if after.contains(name) => self.severities(Wider),
                _ => presence(is_sent, is_added, is_required),
            };
            let kind = if is_required { "required property" } else { "property" };
            self.report(severities, &pair, format!("{} {kind} {}", verb(&pair), code(name)));
        }
    }

    /// Compares required names. An added or removed property is reported separately.
    fn names(&mut self, old: &Parts<'d>, new: &Parts<'d>, pair: &Pair<'d>) {
        let (before, after) = (old.required(), new.required());
        for name in before.symmetric_difference(&after).filter(|name| old.has(name) == new.has(name)) {
            let (shift, verb) = if after.contains(name) { (Narrower, "now") } else { (Wider, "no longer") };
            self.shift(shift, pair, format!("{} is {verb} required", code(name)));
        }
    }

    /// Compares the values of an `enum` or of branches with one value each. The place of an added or removed value is `pair`, the list.
    fn values(&mut self, old: &HashSet<&Value>, new: &HashSet<&Value>, pair: &Pair<'d>) {
        for value in old.symmetric_difference(new) {
            let (shift, verb) = if new.contains(value) { (Tolerated, "added") } else { (Narrower, "removed") };
            self.shift(shift, pair, format!("{verb} value {}", shown(value)));
        }
    }

    fn mapping(&mut self, pair: &Pair<'d>) {
        for (name, pair) in entries(pair).iter().filter(|(_, pair)| are_different(pair)) {
            let shift = match pair {
                [None, _] => Tolerated,
                [_, None] => Narrower,
                _ => Other,
            };
            self.shift(shift, pair, changed(name, pair));
        }
    }

    /// Compares additional properties, which are allowed by default.
    fn additional(&mut self, key: &str, pair: &Pair<'d>) {
        let rank = |side: Option<&Value>| side.map_or(2, |value| value.as_bool().map_or(1, |all| 2 * u8::from(all)));
        let [before, after] = values(pair).map(rank);
        if (before, after) == (1, 1) {
            self.node(Kind::Schema, pair);
        } else if before != after {
            // Clients ignore unknown properties.
            let shift = match (before, after) {
                (0, _) => Tolerated,
                _ if before < after => Wider,
                _ => Narrower,
            };
            self.shift(shift, pair, changed(key, pair));
        }
    }

    /// Compares lists of schemas in any order: by their references, then by their constants or equality, then in order.
    fn branches(&mut self, key: &str, pair: &Pair<'d>) {
        let [mut before, mut after] =
            pair.clone().map(|side| side.into_iter().flat_map(Node::items).collect::<Vec<_>>());
        let rules: [fn(&Value, &Value) -> bool; 3] = [
            |one, other| one.get("$ref").is_some_and(|target| other.get("$ref") == Some(target)),
            |one, other| one == other || one.get("enum").is_some_and(|values| other.get("enum") == Some(values)),
            |one, other| [one, other].iter().all(|node| node.get("$ref").or(node.get("enum")).is_none()),
        ];
        for is_pair in rules {
            for [old, new] in matched(&mut before, &mut after, |old, new| is_pair(old.item, new.item)) {
                self.node(Kind::Schema, &[Some(old), Some(new)]);
            }
        }
        for branch in before {
            let message = format!("removed {} from `{key}`", shown(branch.item));
            self.shift(Narrower, &[Some(branch), None], message);
        }
        for branch in after {
            let message = format!("added {} to `{key}`", shown(branch.item));
            self.shift(Tolerated, &[None, Some(branch)], message);
        }
    }

    /// Compares the parameters of two operations.
    fn parameters(&mut self, mut before: Vec<Parameter<'d>>, mut after: Vec<Parameter<'d>>) {
        for [(_, old, _), (_, new, _)] in matched(&mut before, &mut after, |(old, ..), (new, ..)| old == new) {
            self.node(Kind::Parameter, &[Some(old), Some(new)]);
        }
        let is_sent = self.mode.of(Kind::Parameter).is_sent;
        let removed = before.into_iter().map(|(key, old, is_required)| (key, [Some(old), None], is_required));
        let added = after.into_iter().map(|(key, new, is_required)| (key, [None, Some(new)], is_required));
        // Path parameters are part of the path.
        for ((place, name), pair, is_required) in removed.chain(added).filter(|((place, _), ..)| place != "path") {
            let is_added = pair[0].is_none();
            let kind = if is_added && is_required { "required " } else { "" };
            let [old, new] = self.each(&pair, resolved);
            let own = old.or(new).and_then(|parameter| parameter.item["name"].as_str());
            let message = format!("{} {kind}{place} parameter {}", verb(&pair), code(own.unwrap_or(&name)));
            self.report(presence(is_sent, is_added, is_required), &pair, message);
        }
    }

    /// Compares the credentials that operations require. An old client fails if the server no longer accepts one of its alternatives.
    fn security(&mut self, operations: &Pair<'d>) {
        let of = |operation: Node<'d>, document| Some(alternatives(operation.item, document));
        let [before, after] = self.each(operations, of).map(Option::unwrap_or_default);
        if before == after {
            return;
        }
        let accepts = |all: &[Alternative<'_>], one: &Alternative<'_>| all.iter().any(|other| other.is_subset(one));
        let severity = if before.iter().all(|one| accepts(&after, one)) { Compatible } else { Breaking };
        // A new client chooses one of the alternatives.
        let with_old_server = match after.iter().filter(|one| accepts(&before, one)).count() {
            0 => Breaking,
            all if all == after.len() => Compatible,
            _ => Risky,
        };
        let message = format!("changed the credentials from {} to {}", spoken(&before), spoken(&after));
        self.report((severity, with_old_server), operations, message);
    }

    /// Compares the servers of objects. Clients use the first one by default.
    pub(super) fn servers(&mut self, owners: &Pair<'d>) {
        let servers = owners.each_ref().map(|owner| owner.as_ref()?.get("servers"));
        let [old, new] =
            values(&servers).map(|servers| servers?.get(0).map(|first| (&first["url"], &first["variables"])));
        if old != new {
            self.report((Risky, Risky), &servers, changed("servers", &servers));
        } else if are_different(&servers) {
            self.report((Compatible, Compatible), &servers, "changed `servers` except the default".to_owned());
        }
    }

    /// Returns the severities of a shift in this direction.
    fn severities(&self, shift: Shift) -> Severities {
        match (shift, self.mode.is_sent) {
            (Wider | Tolerated, true) => (Compatible, Risky),
            (Narrower, true) | (Wider, false) => (Breaking, Compatible),
            (Tolerated, false) => (Risky, Compatible),
            (Narrower, false) => (Compatible, Breaking),
            (Other, _) => (Breaking, Breaking),
            (Same, _) => (Documentation, Documentation),
        }
    }

    fn shift(&mut self, shift: Shift, pair: &Pair<'d>, message: String) {
        self.report(self.severities(shift), pair, message);
    }

    pub(super) fn report(&mut self, severities: Severities, pair: &Pair<'d>, message: String) {
        let places = pair.each_ref().map(|side| side.as_ref().map(|side| side.at.clone()));
        self.found.push(Found { severities, message, places });
    }
}

/// Removes the pairs from two lists and returns them.
fn matched<T>(before: &mut Vec<T>, after: &mut Vec<T>, is_pair: impl Fn(&T, &T) -> bool) -> Vec<[T; 2]> {
    let mut pairs = Vec::new();
    for old in mem::take(before) {
        match after.iter().position(|new| is_pair(&old, new)) {
            Some(position) => pairs.push([old, after.remove(position)]),
            None => before.push(old),
        }
    }
    pairs
}

/// Returns the severities of a property, parameter, header or body that is added or removed.
fn presence(is_sent: bool, is_added: bool, is_required: bool) -> Severities {
    let worst = if is_required { Breaking } else { Compatible };
    match (is_sent, is_added) {
        (true, true) => (worst, Risky),
        (true, false) => (Risky, worst),
        (false, true) => (Compatible, worst),
        (false, false) => (worst.max(Risky), Compatible),
    }
}

/// Returns the numeric range that a format and bounds allow; `None` for another format, or if non-numeric values are allowed.
fn range(parts: &Parts<'_>) -> Option<(f64, f64)> {
    let values = |key| parts.all(key).into_iter().map(|value| value.item);
    let (low, high) = match values("format").next().map(|format| format.as_str().unwrap_or_default()) {
        // Numbers are expected to fit `double` (RFC 8259 §6).
        None | Some("double") => (f64::NEG_INFINITY, f64::INFINITY),
        Some("float") => (f64::from(f32::MIN), f64::from(f32::MAX)),
        Some("int32") => (f64::from(i32::MIN), f64::from(i32::MAX)),
        Some("int64") => (-(2_f64.powi(63)), 2_f64.powi(63)),
        Some(_) => return None,
    };
    let bounds = |key| values(key).filter_map(Value::as_f64);
    let is_number = ["integer", "number"].contains(&parts.type_name()?);
    is_number.then(|| (bounds("minimum").fold(low, f64::max), bounds("maximum").fold(high, f64::min)))
}

/// Returns `true` if a success was removed and clients accept all remaining ones: those that existed before, or any if no success has a
/// body.
fn is_spare(status: &str, old: &Parts<'_>, new: &Parts<'_>) -> bool {
    let is_success = |status: &&String| status.starts_with('2');
    let is_bare =
        |all: &Parts<'_>, status: &str| all.part(status).is_some_and(|response| response.all("content").is_empty());
    let mut remaining = new.keys().filter(is_success).peekable();
    status.starts_with('2')
        && new.all(status).is_empty()
        && remaining.peek().is_some()
        && remaining.all(|other| {
            let without_bodies = || old.keys().filter(is_success).all(|known| is_bare(old, known));
            !old.all(other).is_empty() || is_bare(new, other) && without_bodies()
        })
}

/// Returns the effect of a change on the set of valid values, by inclusion of one side in the other.
fn compared<T: Copy>(old: T, new: T, includes: impl Fn(T, T) -> bool) -> Shift {
    match (includes(new, old), includes(old, new)) {
        (true, true) => Same,
        (true, false) => Wider,
        (false, true) => Narrower,
        (false, false) => Other,
    }
}

/// Returns `true` for types whose parameter values are a single text.
fn is_scalar(name: &str) -> bool {
    !["array", "object"].contains(&name)
}

fn is_both(pair: &Pair<'_>) -> bool {
    pair.iter().all(Option::is_some)
}

pub(super) fn are_different(pair: &Pair<'_>) -> bool {
    let [old, new] = values(pair);
    old != new
}

/// Returns the verb for a change of a member.
pub(super) fn verb(pair: &Pair<'_>) -> &'static str {
    match pair {
        [None, _] => "added",
        [_, None] => "removed",
        _ => "changed",
    }
}

/// Returns the effect of a changed keyword on the set of valid values.
fn shift(effect: Effect, [old, new]: [Option<&Value>; 2]) -> Shift {
    let is_set = new == Some(&Value::Bool(true));
    // Without a bound, everything is allowed: `None` is less than any number.
    let bound = |value: Option<&Value>, sign: f64| Some(value?.as_f64()? * sign);
    let (grows, wider) = match effect {
        Effect::Upper => (bound(new, -1.0) < bound(old, -1.0), Tolerated),
        Effect::Lower => (bound(new, 1.0) < bound(old, 1.0), Tolerated),
        Effect::Narrowing => (!is_set, Tolerated),
        Effect::Widening => (is_set, Wider),
        Effect::Rule | Effect::Values | Effect::Choices if old.is_none() || new.is_none() => (new.is_none(), Wider),
        _ => return Other,
    };
    if grows { wider } else { Narrower }
}

/// Returns the value of a serialization keyword, or its default (OpenAPI 3.0.3 §4.7.12.2). Authentication schemes are case-insensitive.
fn form(kind: Kind, key: &str, owner: &Value) -> Value {
    let default = || match (key, owner["in"].as_str()) {
        ("style", Some("query" | "cookie")) if kind == Kind::Parameter => Value::from("form"),
        ("style", _) => Value::from("simple"),
        ("explode", _) => Value::from(form(kind, "style", owner) == "form"),
        ("allowReserved", _) => Value::from(false),
        _ => Value::Null,
    };
    match owner.get(key) {
        // RFC 9110 §11.1
        Some(Value::String(scheme)) if key == "scheme" => scheme.to_ascii_lowercase().into(),
        value => value.cloned().unwrap_or_else(default),
    }
}

/// Credentials that are sent together: each scheme with an empty scope and with its own scopes.
type Alternative<'d> = BTreeSet<[&'d str; 2]>;

/// Returns the alternative credentials of an operation. Without security requirements, the only alternative is empty.
fn alternatives<'d>(operation: &'d Value, document: &'d Value) -> Vec<Alternative<'d>> {
    let parts = |(scheme, scopes): (&'d String, _)| {
        let scopes = items(scopes).filter_map(Value::as_str);
        iter::once("").chain(scopes).map(|scope| [scheme.as_str(), scope])
    };
    let security = operation.get("security").or_else(|| document.get("security"));
    let all: Vec<_> = items(security).map(|one| members(one).flat_map(parts).collect()).collect();
    if all.is_empty() { vec![BTreeSet::new()] } else { all }
}

fn spoken(alternatives: &[Alternative<'_>]) -> String {
    let part = |[scheme, scope]: &[&str; 2]| match *scope {
        "" => format!(" and {}", code(scheme)),
        scope => format!(", scope {}", code(scope)),
    };
    let one = |alternative: &Alternative<'_>| {
        let parts: String = alternative.iter().map(part).collect();
        parts.strip_prefix(" and ").unwrap_or("none").to_owned()
    };
    alternatives.iter().map(one).collect::<Vec<_>>().join(" or ")
}

/// Returns a message about a changed member.
fn changed(key: &str, pair: &Pair<'_>) -> String {
    let start = format!("{} {}", verb(pair), code(key));
    match values(pair) {
        values if !values.into_iter().flatten().all(is_primitive) => start,
        // Equal texts are of different types.
        [Some(old), Some(new)] if shown(old) == shown(new) => {
            format!("{start} from {} to {}", code(&old.to_string()), code(&new.to_string()))
        }
        [Some(old), Some(new)] => format!("{start} from {} to {}", shown(old), shown(new)),
        [old, new] => format!("{start}: {}", old.or(new).map(shown).unwrap_or_default()),
    }
}

/// Formats a value, or its reference, for a message.
fn shown(value: &Value) -> String {
    let constant = value.get("enum").and_then(Value::as_array).filter(|values| values.len() == 1);
    let quoted = match (constant.and_then(|values| values.first()).unwrap_or(value), value.get("$ref")) {
        (_, Some(Value::String(target))) => target.rsplit('/').next().unwrap_or_default(),
        (Value::String(text), _) => text,
        (value, _) => &value.to_string(),
    };
    code(&shortened(quoted, 60))
}

/// Returns a document's text as a Markdown code span that the text cannot end.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}
