//! Part of `diff`: a walk over a pair of nodes in one direction.
//!
//! In: a node of each document. Out: the changes inside, and the pairs that references lead to. Invariant: the effect of a keyword and the direction
//! determine the severity of its change.

use std::collections::{BTreeMap, BTreeSet};

use clientwright_normalizer::diagnostic::shortened;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::{Form, Kind};
use serde_json::Value;

use super::Severity::{self, Breaking, Compatible, Documentation, Risky};
use super::effect::{Effect, effect};
use super::node::{Entries, Pair, Parts, Side, entries, siblings, union};
use super::operations::Operation;
use crate::never::never;

/// The direction of a message, and whether it belongs to a request that the server makes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Mode {
    is_sent: bool,
    is_inverse: bool,
}

impl Mode {
    /// Returns the mode of an object inside.
    fn of(self, kind: Kind) -> Self {
        match kind {
            Kind::Parameter | Kind::RequestBody => Self { is_sent: !self.is_inverse, ..self },
            Kind::Response => Self { is_sent: self.is_inverse, ..self },
            // Those of `paths` are compared by their operations.
            Kind::PathItem => Self { is_inverse: true, ..self },
            _ => self,
        }
    }
}

/// A pair of nodes that references lead to, and the direction.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    kind: Kind,
    pub(super) old: Pointer,
    pub(super) new: Pointer,
    mode: Mode,
}

/// A change, without the operations that it affects.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) severity: Severity,
    pub(super) with_old_server: Severity,
    pub(super) message: String,
    pub(super) old: Option<Pointer>,
    pub(super) new: Option<Pointer>,
}

/// What a change does to the set of valid messages.
#[derive(Clone, Copy, PartialEq)]
enum Shift {
    Wider,
    /// Wider by values that clients tolerate and keep as unknown.
    Tolerated,
    Narrower,
    Other,
}

/// Whether two branches of a choice are versions of one.
type Rule<'r> = &'r dyn Fn(&Side<'_>, &Side<'_>) -> bool;

pub(super) struct Walk<'d> {
    old: &'d Value,
    new: &'d Value,
    mode: Mode,
    pub(super) found: Vec<Found>,
    pub(super) below: Vec<Key>,
}

impl<'d> Walk<'d> {
    pub(super) fn new(old: &'d Value, new: &'d Value) -> Self {
        let mode = Mode { is_sent: true, is_inverse: false };
        Self { old, new, mode, found: Vec::new(), below: Vec::new() }
    }

    /// Compares the nodes that references lead to.
    pub(super) fn of(old: &'d Value, new: &'d Value, key: &Key) -> Self {
        let mut walk = Self { mode: key.mode, ..Self::new(old, new) };
        walk.object(key.kind, &Side::root(old).below(&key.old), &Side::root(new).below(&key.new));
        walk
    }

    /// Compares two operations.
    pub(super) fn operation(&mut self, old: &Operation<'d>, new: &Operation<'d>) {
        if new.shape != old.shape {
            let message = format!("moved from {}", code(&old.label));
            self.report(Breaking, Breaking, (Some(&old.side), Some(&new.side)), message);
        }
        self.object(Kind::Operation, &old.side, &new.side);
        self.descriptions(&old.item, &new.item);
        let before = parameters(&[&old.side, &old.item], &old.variables, self.old);
        self.parameters(before, parameters(&[&new.side, &new.item], &new.variables, self.new));
        self.security(&old.side, &new.side);
        for (before, after) in [(&old.item, &new.item), (&old.side, &new.side)] {
            self.servers(before, after);
        }
    }

    /// Compares what path items say about all their operations.
    fn descriptions(&mut self, old: &Side<'d>, new: &Side<'d>) {
        let [old, new] =
            [(old, self.old), (new, self.new)].map(|(side, document)| Parts::of(Kind::PathItem, side, document));
        let describes = |key: &str| matches!(effect(Kind::PathItem, key), Effect::Words | Effect::Extension);
        for key in old.keys().chain(new.keys()).filter(|key| describes(key)).collect::<BTreeSet<_>>() {
            self.member(Kind::PathItem, key, &old, &new);
        }
    }

    /// Compares the keywords of a request that the server makes, which for other requests are compared by operations.
    fn inverse(&mut self, key: &str, pair: Pair<'_, 'd>) {
        match key {
            "parameters" => {
                let of = |list: Option<&Side<'d>>, document| listed(list, &[], document);
                self.parameters(of(pair.0, self.old), of(pair.1, self.new));
            }
            _ if pair.0.map(|side| side.value) == pair.1.map(|side| side.value) => {}
            _ => self.report(Risky, Risky, pair, changed(key, pair)),
        }
    }

    /// Compares two objects of a kind.
    pub(super) fn object(&mut self, kind: Kind, old: &Side<'d>, new: &Side<'d>) {
        if !old.value.is_object() || !new.value.is_object() {
            if old.value != new.value {
                self.shift(Shift::Other, (Some(old), Some(new)), format!("changed {}", kind.grammar().name));
            }
            return;
        }
        let (old, new) = (Parts::of(kind, old, self.old), Parts::of(kind, new, self.new));
        let mut seen = BTreeSet::new();
        for key in old.keys().chain(new.keys()).filter(|key| seen.insert(*key)) {
            self.member(kind, key, &old, &new);
        }
    }

    fn member(&mut self, kind: Kind, key: &str, old: &Parts<'d>, new: &Parts<'d>) {
        let effect = effect(kind, key);
        let are_constants = || old.constants().is_some() && new.constants().is_some();
        // An `enum` on one side, and a choice of constants on the other.
        let is_rewritten = || old.all("enum").is_empty() != new.all("enum").is_empty() && are_constants();
        match effect {
            Effect::Elsewhere if self.mode.is_inverse && matches!(kind, Kind::Operation | Kind::PathItem) => {
                return self.inverse(key, (old.all(key).first(), new.all(key).first()));
            }
            Effect::Elsewhere => return,
            Effect::Names => return self.names(old, new, (old.all(key).first(), new.all(key).first())),
            Effect::Parts if key == "properties" => return self.properties(old, new),
            Effect::Type | Effect::Choices if is_rewritten() => return,
            Effect::Values if are_constants() => {
                let (before, after) = (old.all(key), new.all(key));
                return self.values(old, new, (before.first(), after.first()));
            }
            Effect::Form if form(kind, key, old.own()) == form(kind, key, new.own()) => return,
            Effect::Narrowing | Effect::Widening if old.is_true(key) == new.is_true(key) => return,
            _ => {}
        }
        let (mut before, mut after) = (old.all(key), new.all(key));
        // References in equal values may lead to different ones.
        if !matches!(effect, Effect::Parts | Effect::Additional | Effect::Choices) {
            before.retain(|old| {
                let equal = after.iter().position(|new| new.value == old.value);
                equal.map(|position| after.remove(position)).is_none()
            });
        }
        for index in 0..before.len().max(after.len()) {
            self.keyword(effect, kind, key, (before.get(index), after.get(index)));
        }
    }

    fn keyword(&mut self, effect: Effect, kind: Kind, key: &str, pair: Pair<'_, 'd>) {
        match effect {
            Effect::Parts => self.parts(kind, key, pair),
            Effect::Additional => self.additional(key, pair),
            Effect::Choices => self.branches(key, pair),
            Effect::Words => self.report(Documentation, Documentation, pair, changed(key, pair)),
            Effect::Extension => self.report(Compatible, Compatible, pair, changed(key, pair)),
            Effect::Default => {
                // A default can apply without being documented.
                let is_other = self.mode.is_sent && pair.0.is_some() && pair.1.is_some();
                let severity = if is_other { Risky } else { Documentation };
                self.report(severity, severity, pair, changed(key, pair));
            }
            Effect::Mapping => self.mapping(pair),
            Effect::Form if kind == Kind::SecurityScheme && key == "flows" => {
                self.report(Risky, Risky, pair, changed(key, pair));
            }
            effect => {
                let values = [pair.0, pair.1].map(|side| side.map(|side| side.value));
                self.shift(shift(effect, values), pair, changed(key, pair));
            }
        }
    }

    /// Compares objects part by part. An absent map has no entries.
    fn parts(&mut self, kind: Kind, key: &str, pair: Pair<'_, 'd>) {
        let Some(form) = kind.grammar().form_of(key) else { return };
        match (form, pair) {
            (Form::Map(item) | Form::Components(item), _) => {
                let Some(item) = item.object() else { return };
                for (name, old, new) in entries(pair) {
                    match (&old, &new) {
                        (Some(old), Some(new)) => self.node(item.kind, old, new),
                        _ => self.one(kind, key, &name, (old.as_ref(), new.as_ref())),
                    }
                }
            }
            (form, (Some(old), Some(new))) => {
                if let Some(object) = form.object() {
                    self.node(object.kind, old, new);
                }
            }
            _ => self.one(kind, key, key, pair),
        }
    }

    /// Compares two nodes that are objects of a kind or references to one.
    fn node(&mut self, kind: Kind, old: &Side<'d>, new: &Side<'d>) {
        let mode = self.mode.of(kind);
        // The parts of an `allOf` may lead back to the node.
        let is_whole = |side: &Side<'_>| ["$ref", "allOf"].iter().all(|key| side.value.get(key).is_none());
        if is_whole(old) && is_whole(new) {
            let outer = std::mem::replace(&mut self.mode, mode);
            self.object(kind, old, new);
            self.mode = outer;
            return;
        }
        if siblings(old) != siblings(new) {
            let message = "changed the siblings of a reference".to_owned();
            self.report(Documentation, Documentation, (Some(old), Some(new)), message);
        }
        match (old.clone().resolved(self.old), new.clone().resolved(self.new)) {
            (Some(old), Some(new)) => self.below.push(Key { kind, old: old.at, new: new.at, mode }),
            _ if old.value == new.value => {}
            _ => self.shift(Shift::Other, (Some(old), Some(new)), "changed a reference that leads nowhere".to_owned()),
        }
    }

    /// Reports a part that only one side has.
    fn one(&mut self, kind: Kind, key: &str, name: &str, pair: Pair<'_, 'd>) {
        let (document, part) = match pair {
            (Some(part), _) => (self.old, part),
            (None, Some(part)) => (self.new, part),
            (None, None) => return,
        };
        let is_added = pair.1.is_some();
        let is_required = part.clone().resolved(document).is_some_and(|part| part.is_true("required"));
        let least = |required| if required { Breaking } else { Compatible };
        let risk = |required| if required { Breaking } else { Risky };
        let is_success = name.starts_with('2');
        let (severity, with_old_server) = match (kind, key, is_added) {
            (Kind::Operation, "requestBody", true) => (least(is_required), Risky),
            (Kind::Operation, "requestBody", false) => (Risky, least(is_required)),
            (Kind::Responses, _, true) => (if is_success { Risky } else { Compatible }, Compatible),
            (Kind::Responses, _, false) => (least(is_success), Compatible),
            (_, "content", true) if self.mode.is_sent => (Compatible, Risky),
            (_, "content", true) => (Risky, Compatible),
            (_, "content", false) => (Breaking, Compatible),
            (_, "headers", true) => (Compatible, least(is_required)),
            (_, "headers", false) => (risk(is_required), Compatible),
            (Kind::MediaType | Kind::Schema, _, true) => self.severities(Shift::Narrower),
            (Kind::MediaType | Kind::Schema, _, false) => self.severities(Shift::Wider),
            (Kind::Parameter | Kind::Header, ..) => self.severities(Shift::Other),
            // Requests that the server makes.
            (_, _, true) => (Compatible, Compatible),
            (_, _, false) => (Risky, Risky),
        };
        let verb = if is_added { "added" } else { "removed" };
        let what = match (kind, key) {
            (Kind::Responses, _) => format!("response {}", code(name)),
            (_, "content") => format!("media type {}", code(name)),
            (_, "headers") => format!("header {}", code(name)),
            _ => code(name),
        };
        self.report(severity, with_old_server, pair, format!("{verb} {what}"));
    }

    /// Compares the properties that are present in the direction.
    fn properties(&mut self, old: &Parts<'d>, new: &Parts<'d>) {
        let (required_before, required_after) = (old.required(), new.required());
        let hidden = if self.mode.is_sent { "readOnly" } else { "writeOnly" };
        let [old, new] = [old, new].map(|parts| {
            let all = parts.properties().into_iter();
            all.filter(|(_, side)| !side.is_true(hidden)).collect::<Entries<'d>>()
        });
        let [was_there, is_there] =
            [&old, &new].map(|entries| entries.iter().map(|(name, _)| *name).collect::<BTreeSet<&String>>());
        for (name, before, after) in union(old, new) {
            let (was_required, is_required) =
                (required_before.contains(name.as_str()), required_after.contains(name.as_str()));
            let severities = match (&before, &after) {
                (Some(old), Some(new)) => {
                    self.node(Kind::Schema, old, new);
                    continue;
                }
                // Another part has the property, too.
                (None, Some(_)) if was_there.contains(&name) => self.severities(Shift::Narrower),
                (Some(_), None) if is_there.contains(&name) => self.severities(Shift::Wider),
                (None, Some(_)) if self.mode.is_sent && is_required => (Breaking, Risky),
                (None, Some(_)) if self.mode.is_sent => (Compatible, Risky),
                (None, Some(_)) => (Compatible, if is_required { Breaking } else { Compatible }),
                (Some(_), None) if self.mode.is_sent => (Risky, if was_required { Breaking } else { Compatible }),
                (Some(_), None) => (if was_required { Breaking } else { Risky }, Compatible),
                (None, None) => never!((Compatible, Compatible), "`{name}` is on neither side"),
            };
            let (verb, required) = if before.is_some() { ("removed", was_required) } else { ("added", is_required) };
            let kind = if required { "required property" } else { "property" };
            let message = format!("{verb} {kind} {}", code(&name));
            self.report(severities.0, severities.1, (before.as_ref(), after.as_ref()), message);
        }
    }

    /// Compares names that must be present. A property that is new or gone is reported as such.
    fn names(&mut self, old: &Parts<'d>, new: &Parts<'d>, pair: Pair<'_, 'd>) {
        let (before, after) = (old.required(), new.required());
        for (shift, names, verb) in [
            (Shift::Narrower, after.difference(&before), "now"),
            (Shift::Wider, before.difference(&after), "no longer"),
        ] {
            for name in names.filter(|name| old.has(name) == new.has(name)) {
                self.shift(shift, pair, format!("{} is {verb} required", code(name)));
            }
        }
    }

    /// Compares the values of an `enum`, or of branches that each have one. The place of an added or removed value is `pair`, the list.
    fn values(&mut self, old: &Parts<'d>, new: &Parts<'d>, pair: Pair<'_, 'd>) {
        let [old, new] = [old, new].map(|parts| {
            let values = parts.constants().unwrap_or_default().into_iter();
            values.map(|value| (value.to_string(), value)).collect::<BTreeMap<_, _>>()
        });
        for (shift, some, others, verb) in
            [(Shift::Tolerated, &new, &old, "added"), (Shift::Narrower, &old, &new, "removed")]
        {
            for (_, value) in some.iter().filter(|(text, _)| !others.contains_key(*text)) {
                self.shift(shift, pair, format!("{verb} value {}", shown(value)));
            }
        }
    }

    fn mapping(&mut self, pair: Pair<'_, 'd>) {
        for (name, old, new) in entries(pair) {
            let shift = match (&old, &new) {
                (Some(old), Some(new)) if old.value == new.value => continue,
                (None, Some(_)) => Shift::Tolerated,
                (Some(_), None) => Shift::Narrower,
                _ => Shift::Other,
            };
            let pair = (old.as_ref(), new.as_ref());
            self.shift(shift, pair, changed(&name, pair));
        }
    }

    /// Compares what is allowed beside the named properties: everything by default.
    fn additional(&mut self, key: &str, pair: Pair<'_, 'd>) {
        let rank = |side: Option<&Side<'_>>| match side.map(|side| side.value) {
            None | Some(Value::Bool(true)) => 2,
            Some(Value::Bool(false)) => 0,
            Some(_) => 1,
        };
        match (rank(pair.0), rank(pair.1), pair) {
            (1, 1, (Some(old), Some(new))) => self.node(Kind::Schema, old, new),
            (before, after, _) if before == after => {}
            (before, after, _) => {
                let shift = if before < after { Shift::Wider } else { Shift::Narrower };
                self.shift(shift, pair, changed(key, pair));
            }
        }
    }

    /// Compares lists of schemas, whose order is insignificant: by their references, then by their constants or equality, then in order.
    fn branches(&mut self, key: &str, pair: Pair<'_, 'd>) {
        let (Some(old), Some(new)) = pair else {
            let shift = if pair.0.is_none() { Shift::Narrower } else { Shift::Wider };
            return self.shift(shift, pair, changed(key, pair));
        };
        let (mut before, mut after) = (old.items(), new.items());
        let same_reference = |one: &Side<'_>, other: &Side<'_>| {
            one.value.get("$ref").is_some() && one.value.get("$ref") == other.value.get("$ref")
        };
        let same_values = |one: &Side<'_>, other: &Side<'_>| {
            one.value == other.value
                || one.value.get("enum").is_some_and(|values| other.value.get("enum") == Some(values))
        };
        let is_open = |side: &Side<'_>| side.value.get("$ref").is_none() && side.value.get("enum").is_none();
        let rules: [Rule<'_>; 3] = [&same_reference, &same_values, &|one, other| is_open(one) && is_open(other)];
        for is_pair in rules {
            before.retain(|old| {
                let Some(position) = after.iter().position(|new| is_pair(old, new)) else { return true };
                let new = after.remove(position);
                self.node(Kind::Schema, old, &new);
                false
            });
        }
        for branch in &before {
            self.shift(Shift::Narrower, (Some(branch), None), format!("removed {} from `{key}`", shown(branch.value)));
        }
        for branch in &after {
            self.shift(Shift::Tolerated, (None, Some(branch)), format!("added {} to `{key}`", shown(branch.value)));
        }
    }

    /// Compares the parameters of two operations.
    fn parameters(&mut self, before: Vec<Parameter<'d>>, mut after: Vec<Parameter<'d>>) {
        let is_sent = self.mode.of(Kind::Parameter).is_sent;
        for (key, side, is_required) in before {
            if let Some(position) = after.iter().position(|(other, ..)| *other == key) {
                self.node(Kind::Parameter, &side, &after.remove(position).1);
            } else if key.0 != "path" {
                // The path names its parameters.
                let worst = if is_required { Breaking } else { Compatible };
                let (severity, with_old_server) = if is_sent { (Risky, worst) } else { (worst.max(Risky), Compatible) };
                let message = format!("removed {} parameter {}", key.0, code(&key.1));
                self.report(severity, with_old_server, (Some(&side), None), message);
            }
        }
        for (key, side, is_required) in after.into_iter().filter(|(key, ..)| key.0 != "path") {
            let (worst, kind) = if is_required { (Breaking, "required ") } else { (Compatible, "") };
            let (severity, with_old_server) = if is_sent { (worst, Risky) } else { (Compatible, worst) };
            let message = format!("added {kind}{} parameter {}", key.0, code(&key.1));
            self.report(severity, with_old_server, (None, Some(&side)), message);
        }
    }

    /// Compares the credentials that operations require. An old client fails if the server no longer accepts one of its alternatives.
    fn security(&mut self, old: &Side<'d>, new: &Side<'d>) {
        let (before, after) = (alternatives(old.value, self.old), alternatives(new.value, self.new));
        if before == after {
            return;
        }
        let accepts = |all: &[BTreeSet<String>], one: &BTreeSet<String>| all.iter().any(|other| other.is_subset(one));
        let severity = if before.iter().all(|one| accepts(&after, one)) { Compatible } else { Breaking };
        // A new client chooses among the alternatives.
        let accepted = after.iter().filter(|one| accepts(&before, one)).count();
        let with_old_server = match accepted {
            0 => Breaking,
            all if all == after.len() => Compatible,
            _ => Risky,
        };
        let message = format!("changed the credentials from {} to {}", spoken(&before), spoken(&after));
        self.report(severity, with_old_server, (Some(old), Some(new)), message);
    }

    /// Compares the servers that an object names. Clients send to the first one by default.
    pub(super) fn servers(&mut self, old: &Side<'d>, new: &Side<'d>) {
        let (before, after) = (old.part("servers"), new.part("servers"));
        let pair = (before.as_ref(), after.as_ref());
        let [[old, first], [new, second]] = [pair.0, pair.1].map(|side| {
            let servers = side.map(|side| side.value);
            let address = servers.and_then(|servers| servers.get(0)).map(|first| (&first["url"], &first["variables"]));
            [servers.map(|servers| (servers, &Value::Null)), address]
        });
        if first != second {
            self.report(Risky, Risky, pair, changed("servers", pair));
        } else if old != new {
            self.report(Compatible, Compatible, pair, "changed `servers` except the default".to_owned());
        }
    }

    /// Compares the definitions of security schemes. Operations report which of them they require.
    pub(super) fn schemes(&mut self, old: &Side<'d>, new: &Side<'d>) {
        for (name, old, new) in entries((Some(old), Some(new))) {
            match (&old, &new) {
                (Some(old), Some(new)) => self.object(Kind::SecurityScheme, old, new),
                _ => {
                    let verb = if old.is_none() { "added" } else { "removed" };
                    let pair = (old.as_ref(), new.as_ref());
                    self.report(Compatible, Compatible, pair, format!("{verb} security scheme {}", code(&name)));
                }
            }
        }
    }

    /// Returns the severities of a shift in this direction.
    fn severities(&self, shift: Shift) -> (Severity, Severity) {
        match (shift, self.mode.is_sent) {
            (Shift::Wider | Shift::Tolerated, true) => (Compatible, Risky),
            (Shift::Narrower, true) => (Breaking, Compatible),
            (Shift::Wider, false) => (Breaking, Compatible),
            (Shift::Tolerated, false) => (Risky, Compatible),
            (Shift::Narrower, false) => (Compatible, Breaking),
            (Shift::Other, _) => (Breaking, Breaking),
        }
    }

    fn shift(&mut self, shift: Shift, pair: Pair<'_, 'd>, message: String) {
        let (severity, with_old_server) = self.severities(shift);
        self.report(severity, with_old_server, pair, message);
    }

    fn report(&mut self, severity: Severity, with_old_server: Severity, pair: Pair<'_, 'd>, message: String) {
        let [old, new] = [pair.0, pair.1].map(|side| side.map(|side| side.at.clone()));
        self.found.push(Found { severity, with_old_server, message, old, new });
    }
}

/// Returns what a changed keyword does to the set of valid values.
fn shift(effect: Effect, values: [Option<&Value>; 2]) -> Shift {
    let flag = |value: Option<&Value>| value == Some(&Value::Bool(true));
    let number = |value: Option<&Value>| value.and_then(Value::as_f64);
    let by = |grows: bool, wider: Shift| if grows { wider } else { Shift::Narrower };
    let [old, new] = values;
    match effect {
        Effect::Upper => match (number(old), number(new)) {
            (Some(old), Some(new)) => by(new > old, Shift::Tolerated),
            (_, new) => by(new.is_none(), Shift::Tolerated),
        },
        Effect::Lower => match (number(old), number(new)) {
            (Some(old), Some(new)) => by(new < old, Shift::Tolerated),
            (_, new) => by(new.is_none(), Shift::Tolerated),
        },
        Effect::Narrowing => by(flag(old) && !flag(new), Shift::Tolerated),
        Effect::Widening => by(flag(new), Shift::Wider),
        Effect::Rule | Effect::Type | Effect::Values if old.is_none() || new.is_none() => {
            by(new.is_none(), Shift::Wider)
        }
        Effect::Type => match [old, new].map(|value| value.and_then(Value::as_str)) {
            [Some("integer"), Some("number")] => Shift::Wider,
            [Some("number"), Some("integer")] => Shift::Narrower,
            _ => Shift::Other,
        },
        _ => Shift::Other,
    }
}

/// Returns the value of a keyword of form, or its default (OpenAPI 3.0.3 §4.7.12.2).
fn form(kind: Kind, key: &str, owner: &Value) -> Value {
    if let Some(value) = owner.get(key) {
        return value.clone();
    }
    let is_form = matches!(owner["in"].as_str(), Some("query" | "cookie"));
    match key {
        "style" if kind == Kind::Parameter => Value::from(if is_form { "form" } else { "simple" }),
        "style" => Value::from("simple"),
        "explode" => Value::from(form(kind, "style", owner) == "form"),
        "allowReserved" => Value::Bool(false),
        _ => Value::Null,
    }
}

/// A parameter: its place and name, its node, and whether it is required. The name of a path parameter is its position.
type Parameter<'d> = ((String, String), Side<'d>, bool);

/// Returns the parameters of several objects, the more specific one first. `variables` are the names in the path.
fn parameters<'d>(owners: &[&Side<'d>], variables: &[&str], document: &'d Value) -> Vec<Parameter<'d>> {
    let lists = owners.iter().map(|owner| owner.part("parameters"));
    let all = lists.flat_map(|list| listed(list.as_ref(), variables, document));
    let mut seen = BTreeSet::new();
    all.filter(|(key, ..)| seen.insert(key.clone())).collect()
}

/// Returns the parameters of a list.
fn listed<'d>(list: Option<&Side<'d>>, variables: &[&str], document: &'d Value) -> Vec<Parameter<'d>> {
    let parameter = |side: Side<'d>| {
        let parameter = side.clone().resolved(document)?;
        let [name, place] = ["name", "in"].map(|key| parameter.value[key].as_str().unwrap_or_default().to_owned());
        let position = variables.iter().position(|variable| *variable == name);
        let name = match (place.as_str(), position) {
            ("path", Some(position)) => position.to_string(),
            ("header", _) => name.to_ascii_lowercase(),
            _ => name,
        };
        Some(((place, name), side, parameter.is_true("required")))
    };
    list.iter().flat_map(|list| list.items()).filter_map(parameter).collect()
}

/// Returns the alternative credentials of an operation: schemes and scopes. No credentials are an empty alternative.
fn alternatives(operation: &Value, document: &Value) -> Vec<BTreeSet<String>> {
    let security = operation.get("security").or_else(|| document.get("security")).and_then(Value::as_array);
    let scopes = |(scheme, scopes): (&String, &Value)| {
        let scopes = scopes.as_array().into_iter().flatten().filter_map(Value::as_str);
        let scopes = scopes.map(|scope| format!("{scheme}: {scope}")).collect::<Vec<_>>();
        [scheme.clone()].into_iter().chain(scopes)
    };
    let all = security.into_iter().flatten().filter_map(Value::as_object);
    let all: Vec<BTreeSet<String>> = all.map(|alternative| alternative.iter().flat_map(scopes).collect()).collect();
    if all.is_empty() { vec![BTreeSet::new()] } else { all }
}

fn spoken(alternatives: &[BTreeSet<String>]) -> String {
    let one = |alternative: &BTreeSet<String>| {
        let parts: Vec<String> = alternative.iter().map(|part| code(part)).collect();
        if parts.is_empty() { "none".to_owned() } else { parts.join(" and ") }
    };
    alternatives.iter().map(one).collect::<Vec<_>>().join(" or ")
}

/// Returns a sentence about a member that changed.
fn changed(key: &str, pair: Pair<'_, '_>) -> String {
    let key = code(key);
    let [old, new] = [pair.0, pair.1].map(|side| side.map(|side| side.value));
    match (old.filter(|value| is_scalar(value)), new.filter(|value| is_scalar(value))) {
        (Some(old), Some(new)) => format!("changed {key} from {} to {}", shown(old), shown(new)),
        (None, Some(new)) if old.is_none() => format!("added {key}: {}", shown(new)),
        (Some(old), None) if new.is_none() => format!("removed {key}: {}", shown(old)),
        _ if old.is_none() => format!("added {key}"),
        _ if new.is_none() => format!("removed {key}"),
        _ => format!("changed {key}"),
    }
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

/// Returns a value, or the reference that stands for it, as a message quotes it.
fn shown(value: &Value) -> String {
    let constant = value.get("enum").and_then(Value::as_array).filter(|values| values.len() == 1);
    let quoted = match (constant.and_then(|values| values.first()).unwrap_or(value), value.get("$ref")) {
        (_, Some(Value::String(target))) => target.rsplit('/').next().unwrap_or_default().to_owned(),
        (Value::String(text), _) => text.clone(),
        (value, _) => value.to_string(),
    };
    code(&shortened(&quoted, 60))
}

/// Returns text of a document as a code span of Markdown, which it cannot end.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}
