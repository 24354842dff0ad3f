//! Part of `contract`: values of a schema, made up from what the schema says.
//!
//! In: a type where it is used, and how much of it is wanted. Out: a JSON value that is valid for the schema.
//!
//! Invariant: deterministic, and total: what no value can be found for is told by its place and reason. The work is
//! bounded whatever the schemas refer to; what refers to itself is left out as soon as it may be.

use serde_json::{Map, Value};

use super::raw::Raw;
use super::scalar::Scalars;
use clientwright::ir::{Api, Field, Object, Rule, Shape, Type, TypeId, TypeRef, Union, Variant};
use clientwright_normalizer::pointer::Pointer;

/// How much of a value is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// What is required and nothing else; `null` where that is a value.
    Required,
    /// Everything that may be there.
    Full,
}

/// Where a value is sent, which limits what can be said there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuePlace {
    /// In a body of JSON: everything.
    Body,
    /// In the path: never empty, and never a segment of dots.
    Path,
    /// In the query.
    Query,
    /// In a header: visible ASCII.
    Header,
    /// In a cookie.
    Cookie,
}

/// What is asked of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// How much of it is wanted.
    pub mode: Mode,
    /// Where it is sent.
    pub place: ValuePlace,
    /// The characters that separate items there, which can therefore not be part of them.
    pub separators: &'static str,
    /// Which of several possible values: different numbers give different values where the schema has them.
    pub turn: usize,
}

impl Wish {
    /// A value for a body.
    #[must_use]
    pub fn body(mode: Mode) -> Self {
        Self { mode, place: ValuePlace::Body, separators: "", turn: 0 }
    }
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The schema in question.
    pub at: Pointer,
    /// What is the matter with it.
    pub why: Why,
}

/// What is the matter with a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It contains itself again. Where it may be left out it is, silently.
    Endless,
    /// A value would be larger than anybody wants to read.
    TooLarge,
    /// No value is found that is all that the schema asks for.
    NotFound(String),
}

/// A value, and what had to be left out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleValue {
    /// The value.
    pub value: Value,
    /// The optional parts for which there is none.
    pub left_out: Vec<Missing>,
}

/// How often a type may contain itself before it is cut.
const NESTED: usize = 2;
/// How deep values are. The runtime reads and writes 128 levels.
const DEEPEST: usize = 60;
/// From so many parts on, optional ones are left out.
const LARGE: usize = 500;
/// No value has more parts than this.
const LARGEST: usize = 30_000;
/// How many branches of a union are tried, and shown in a list.
const BRANCHES: usize = 8;
/// How many items are made to find enough that differ.
const ATTEMPTS: usize = 64;

/// Makes values for the types of one API.
pub struct Values<'a> {
    pub(super) api: &'a Api,
    /// The document, which says what the IR does not: where `null` may stand, and what became any JSON value.
    pub(super) document: &'a Value,
}

impl<'a> Values<'a> {
    /// Values for `api`, which was lowered from `document`.
    #[must_use]
    pub fn new(api: &'a Api, document: &'a Value) -> Self {
        Self { api, document }
    }

    /// A value of a type.
    ///
    /// # Errors
    /// If there is none, or none is found.
    pub fn make(&self, used: TypeRef, wish: Wish) -> Result<SampleValue, Missing> {
        self.with_hints(used, wish, &[])
    }

    /// A value of a type, where some that were written beside it are tried first.
    ///
    /// # Errors
    /// If there is none, or none is found.
    pub fn with_hints(&self, used: TypeRef, wish: Wish, hints: &[&Value]) -> Result<SampleValue, Missing> {
        let mut walk = Walk { values: self, stack: Vec::new(), parts: 0, left_out: Vec::new() };
        let value = walk.value(used, wish, &Known { hints, ..Known::default() })?;
        Ok(SampleValue { value, left_out: walk.left_out })
    }

    /// How many branches a value of this type has to choose from.
    #[must_use]
    pub fn branches(&self, used: TypeRef) -> usize {
        match self.api.types.shape(used.ty) {
            Shape::Union(union) => union.variants.len().min(BRANCHES),
            _ => 1,
        }
    }

    /// Whether a type is just any JSON value.
    pub(super) fn is_any(&self, id: TypeId) -> bool {
        *self.api.types.shape(id) == Shape::Any
    }

    /// The type behind all aliases.
    pub(super) fn resolved(&self, id: TypeId) -> (TypeId, &'a Type) {
        let id = self.api.types.end(id);
        (id, &self.api.types[id])
    }

    /// Whether `null` is a value at a place of the document by the strictest reading: `nullable` beside a `type` and no
    /// `enum` without `null` (OpenAPI 3.0.3 §4.7.24.1 and its clarification of 2019).
    fn allows_null(&self, at: &Pointer) -> bool {
        let Some(schema) = self.document.pointer(at.as_str()) else { return false };
        let listed = schema.get("enum").and_then(Value::as_array).is_none_or(|values| values.contains(&Value::Null));
        let composed = ["allOf", "oneOf", "anyOf", "not"].iter().any(|keyword| schema.get(keyword).is_some());
        schema.get("nullable") == Some(&Value::Bool(true)) && schema.get("type").is_some() && listed && !composed
    }
}

/// What the surroundings of a value know about it.
#[derive(Clone, Copy, Default)]
pub(super) struct Known<'a> {
    /// Values that were written beside its type.
    hints: &'a [&'a Value],
    /// Properties that must have these strings, because they select a union's branch.
    texts: &'a [(&'a str, &'a [String])],
    /// Properties that must be present, because they select a union's branch.
    keys: &'a [String],
}

/// One value in the making.
pub(super) struct Walk<'w, 'a> {
    pub(super) values: &'w Values<'a>,
    /// The types that this value is part of.
    stack: Vec<TypeId>,
    /// How many parts were made.
    parts: usize,
    left_out: Vec<Missing>,
}

impl<'a> Walk<'_, 'a> {
    /// Counts one more part, as long as the value is neither too large nor too deep.
    pub(super) fn counts_one_more(&mut self) -> bool {
        self.parts += 1;
        self.parts <= LARGEST && self.stack.len() <= DEEPEST
    }

    /// A value of a type.
    pub(super) fn value(&mut self, used: TypeRef, wish: Wish, known: &Known<'_>) -> Result<Value, Missing> {
        let (id, ty) = self.values.resolved(used.ty);
        let missing = |why| Missing { at: ty.origin.clone(), why };
        if !self.counts_one_more() {
            return Err(missing(Why::TooLarge));
        }
        let nested = self.stack.iter().filter(|outer| **outer == id).count();
        let most = if wish.mode == Mode::Full && self.parts < LARGE { NESTED } else { 1 };
        // What may be anything can refer to anything, too.
        if nested >= most && (is_composed(&ty.shape) || ty.shape == Shape::Any) {
            return Err(missing(Why::Endless));
        }
        self.stack.push(id);
        let made = self.shape(ty, wish, known);
        self.stack.pop();
        made
    }

    fn shape(&mut self, ty: &'a Type, wish: Wish, known: &Known<'_>) -> Result<Value, Missing> {
        if ty.values == [Value::Null] {
            return Ok(Value::Null);
        }
        if let Some(value) = listed(ty, wish) {
            return Ok(value);
        }
        match &ty.shape {
            Shape::Array(item) => self.array(ty, *item, wish),
            Shape::Tuple(elements) => {
                let elements = elements.iter().map(|element| self.value(*element, wish, &Known::default()));
                elements.collect::<Result<_, _>>().map(Value::Array)
            }
            Shape::Map(value) => self.map(ty, *value, wish),
            Shape::Object(object) => self.object(ty, object, wish, known),
            Shape::Union(union) => self.union(union, wish),
            Shape::Any if ty.values.is_empty() && ty.example.is_none() => {
                let made = Raw { walk: self, wish }.at(&ty.origin);
                made.unwrap_or_else(|| Ok(Scalars { ty, wish, hints: known.hints }.anything()))
            }
            _ => Scalars { ty, wish, hints: known.hints }
                .value()
                .map_err(|why| Missing { at: ty.origin.clone(), why: Why::NotFound(why) }),
        }
    }

    /// Whether there is room for what need not be there.
    fn has_room(&self, wish: Wish) -> bool {
        wish.mode == Mode::Full && self.parts < LARGE
    }

    fn array(&mut self, ty: &Type, item: TypeRef, wish: Wish) -> Result<Value, Missing> {
        let least = ty.bounds.min_items.unwrap_or(0);
        let most = ty.bounds.max_items.unwrap_or(u64::MAX);
        // An empty list in a parameter would be no parameter at all.
        let wanted = if self.has_room(wish) { self.values.branches(item).max(2) as u64 } else { 1 };
        let wanted = wanted.max(least).min(most);
        let mut items: Vec<Value> = Vec::new();
        for attempt in 0..ATTEMPTS.max(usize::try_from(wanted).unwrap_or(LARGEST).min(LARGEST)) {
            if items.len() as u64 >= wanted {
                break;
            }
            match self.value(item, Wish { turn: wish.turn + attempt, ..wish }, &Known::default()) {
                Ok(value) if ty.bounds.unique_items && items.contains(&value) => {}
                Ok(value) => items.push(value),
                Err(missing) if items.len() as u64 >= least => {
                    self.leave_out(missing);
                    break;
                }
                Err(missing) => return Err(missing),
            }
        }
        if (items.len() as u64) < least {
            let why = format!("{least} items are asked for, all different, and only {} are found", items.len());
            return Err(Missing { at: ty.origin.clone(), why: Why::NotFound(why) });
        }
        Ok(Value::Array(items))
    }

    fn map(&mut self, ty: &Type, value: TypeRef, wish: Wish) -> Result<Value, Missing> {
        let least = ty.bounds.min_properties.unwrap_or(0);
        let most = ty.bounds.max_properties.unwrap_or(u64::MAX);
        let wanted = u64::from(self.has_room(wish) || wish.place != ValuePlace::Body).max(least).min(most);
        let mut entries = Map::new();
        for turn in 0..wanted.min(LARGEST as u64) {
            let turn = usize::try_from(turn).unwrap_or(0) + wish.turn;
            match self.value(value, Wish { turn, ..wish }, &Known::default()) {
                Ok(value) => {
                    entries.insert(key(wish, turn), value);
                }
                Err(missing) if entries.len() as u64 >= least => {
                    self.leave_out(missing);
                    break;
                }
                Err(missing) => return Err(missing),
            }
        }
        Ok(Value::Object(entries))
    }

    fn object(&mut self, ty: &Type, object: &Object, wish: Wish, known: &Known<'_>) -> Result<Value, Missing> {
        let least = ty.bounds.min_properties.unwrap_or(0);
        let most = ty.bounds.max_properties.unwrap_or(u64::MAX);
        let alternatives = Alternatives::of(self.values.document, ty, wish.turn);
        let must = |field: &&Field| {
            ty.requires(field)
                || field.required_when_sent
                || alternatives.wanted.contains(&field.wire_name.as_str())
                || known.keys.contains(&field.wire_name)
                || known.texts.iter().any(|(key, _)| *key == field.wire_name)
        };
        let mut chosen: Vec<(&Field, Value)> = Vec::new();
        for field in object.fields.iter().filter(must) {
            chosen.push((field, self.field(field, wish, known)?));
        }
        // Answers alone hold what is read-only (OpenAPI 3.0.3 §4.7.24.2).
        let optional = object.fields.iter().filter(|field| {
            !must(field) && !field.read_only && !alternatives.unwanted.contains(&field.wire_name.as_str())
        });
        for field in optional {
            let count = chosen.len() as u64;
            if count >= most || (count >= least && !self.has_room(wish)) {
                break;
            }
            match self.field(field, wish, known) {
                Ok(value) => chosen.push((field, value)),
                Err(missing) => self.leave_out(missing),
            }
        }
        let mut entries = Map::new();
        for field in &object.fields {
            let value = chosen.iter().find(|(other, _)| other.wire_name == field.wire_name);
            entries.extend(value.map(|(_, value)| (field.wire_name.clone(), value.clone())));
        }
        if let Some(additional) = object.additional {
            self.additional(&mut entries, additional, least..=most, wish)?;
        }
        if (entries.len() as u64) < least {
            let why = format!("{least} properties are asked for, and it has only {}", entries.len());
            return Err(Missing { at: ty.origin.clone(), why: Why::NotFound(why) });
        }
        Ok(Value::Object(entries))
    }

    /// Properties that have no name of their own.
    fn additional(
        &mut self,
        entries: &mut Map<String, Value>,
        used: TypeRef,
        count: std::ops::RangeInclusive<u64>,
        wish: Wish,
    ) -> Result<(), Missing> {
        let wanted = (entries.len() as u64 + u64::from(self.has_room(wish))).max(*count.start()).min(*count.end());
        for turn in 0..ATTEMPTS {
            if entries.len() as u64 >= wanted {
                break;
            }
            let key = key(wish, turn);
            if entries.contains_key(&key) {
                continue;
            }
            match self.value(used, Wish { turn, ..wish }, &Known::default()) {
                Ok(value) => {
                    entries.insert(key, value);
                }
                Err(missing) if entries.len() as u64 >= *count.start() => {
                    self.leave_out(missing);
                    break;
                }
                Err(missing) => return Err(missing),
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &Field, wish: Wish, known: &Known<'_>) -> Result<Value, Missing> {
        let telling = known.texts.iter().find(|(key, _)| *key == field.wire_name);
        if let Some(value) = telling.and_then(|(_, texts)| self.telling_value(field, texts, wish)) {
            return Ok(value);
        }
        let null = field.ty.nullable && self.values.allows_null(&field.origin);
        if null && wish.mode == Mode::Required && wish.place == ValuePlace::Body {
            return Ok(Value::Null);
        }
        let hints: Vec<&Value> = field.example.iter().chain(&field.default).collect();
        match self.value(field.ty, wish, &Known { hints: &hints, ..Known::default() }) {
            Err(_) if null => Ok(Value::Null),
            made => made,
        }
    }

    /// The value of a property that tells a branch: one that the property's own enumeration knows, if it has one. Where it
    /// knows none, the document contradicts itself, and the enumeration is what a value is held against.
    fn telling_value(&self, field: &Field, texts: &[String], wish: Wish) -> Option<Value> {
        let shape = self.values.api.types.shape(field.ty.ty);
        let value = |text: &String| match shape {
            Shape::TextEnum(values) => values.iter().any(|value| value.wire == *text).then(|| text.as_str().into()),
            Shape::IntegerEnum(values) => {
                let number: i64 = text.parse().ok()?;
                values.iter().any(|value| value.wire == number).then(|| number.into())
            }
            Shape::Integer(_) => text.parse::<i64>().ok().map(Value::from),
            Shape::Boolean => text.parse::<bool>().ok().map(Value::from),
            _ => Some(text.as_str().into()),
        };
        let mut fitting: Vec<Value> = texts.iter().filter_map(value).collect();
        let turn = wish.turn % fitting.len().max(1);
        (turn < fitting.len()).then(|| fitting.swap_remove(turn))
    }

    /// The branch whose turn it is, or the next one that has a value.
    fn union(&mut self, union: &Union, wish: Wish) -> Result<Value, Missing> {
        let count = union.variants.len().max(1);
        let start = wish.turn % count;
        let order = union.variants.iter().cycle().skip(start).take(count.min(BRANCHES));
        let mut first = None;
        for variant in order {
            match self.variant(union, variant, Wish { turn: wish.turn / count, ..wish }) {
                Ok(value) => return Ok(value),
                Err(missing) => first = first.or(Some(missing)),
            }
        }
        Err(first.unwrap_or(Missing { at: Pointer::root(), why: Why::NotFound("it has no branch".to_owned()) }))
    }

    fn variant(&mut self, union: &Union, variant: &Variant, wish: Wish) -> Result<Value, Missing> {
        let mut texts: Vec<(&str, &[String])> = Vec::new();
        if let Rule::Tag(property) = &union.rule
            && !variant.tags.is_empty()
        {
            texts.push((property, &variant.tags));
        }
        let equal = variant.test.equal.iter();
        texts.extend(equal.map(|(key, text)| (key.as_str(), std::slice::from_ref(text))));
        self.value(variant.ty, wish, &Known { hints: &[], texts: &texts, keys: &variant.test.keys })
    }

    /// What contains itself ends somewhere, which goes without saying; everything else is told.
    fn leave_out(&mut self, missing: Missing) {
        if missing.why != Why::Endless && !self.left_out.contains(&missing) {
            self.left_out.push(missing);
        }
    }
}

/// Branches of an object that only say which properties have to be there. The IR has no place for them, because they make
/// no types.
#[derive(Default)]
struct Alternatives<'d> {
    /// Properties of the chosen branch.
    wanted: Vec<&'d str>,
    /// Properties of the other branches, where only one branch may hold.
    unwanted: Vec<&'d str>,
}

impl<'d> Alternatives<'d> {
    fn of(document: &'d Value, ty: &Type, turn: usize) -> Self {
        let Some(schema) = document.pointer(ty.origin.as_str()) else { return Self::default() };
        let mut all = Self::default();
        for keyword in ["oneOf", "anyOf"] {
            let Some(branches) = schema.get(keyword).and_then(Value::as_array) else { continue };
            let Some(lists) = branches.iter().map(only_required).collect::<Option<Vec<_>>>() else { continue };
            let Some(chosen) = lists.get(turn % lists.len().max(1)) else { continue };
            all.wanted.extend(chosen);
            if keyword == "oneOf" {
                all.unwanted.extend(lists.iter().flatten().filter(|key| !chosen.contains(key)));
            }
        }
        all
    }
}

/// The properties that a branch requires, if it says nothing else.
fn only_required(branch: &Value) -> Option<Vec<&str>> {
    let members = branch.as_object()?;
    let words = ["description", "required", "title", "type"];
    if members.keys().any(|key| !words.contains(&key.as_str())) {
        return None;
    }
    members.get("required")?.as_array()?.iter().map(Value::as_str).collect()
}

/// One of the lists or objects that an `enum` allows, which are not types of their own.
fn listed(ty: &Type, wish: Wish) -> Option<Value> {
    let fits = |value: &&Value| match ty.shape {
        Shape::Array(_) => value.is_array(),
        Shape::Tuple(ref elements) => value.as_array().is_some_and(|all| all.len() == elements.len()),
        Shape::Map(_) | Shape::Object(_) => value.is_object(),
        _ => false,
    };
    let values: Vec<&Value> = ty.values.iter().filter(fits).collect();
    values.get(wish.turn % values.len().max(1)).map(|value| (*value).clone())
}

/// Whether a shape can contain other types.
fn is_composed(shape: &Shape) -> bool {
    matches!(shape, Shape::Array(_) | Shape::Tuple(_) | Shape::Map(_) | Shape::Object(_) | Shape::Union(_))
}

/// The key of an entry that may have any.
fn key(wish: Wish, turn: usize) -> String {
    let awkward = wish.mode == Mode::Full && wish.place == ValuePlace::Body;
    if awkward { format!("a key/{turn} \"ü\"") } else { format!("key{turn}") }
}
