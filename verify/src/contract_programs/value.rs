//! Part of `contract`: values of a schema, made up from what the schema says.
//!
//! In: a type where it is used, and how much of it is wanted. Out: a JSON value that is valid for the schema.
//!
//! Invariant: deterministic, and total: a place without a possible value is reported with the reason. The work is
//! bounded whatever the schemas refer to; what refers to itself is left out as soon as it may be.

use serde_json::Value;

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

/// A value that knows which branch it is of wherever a union stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Sample {
    /// A scalar, or a value that is written in the document.
    Json(Value),
    /// An array.
    Array(Vec<Sample>),
    /// An object, or the entries of a map.
    Object(Vec<(String, Sample)>),
    /// A value of the branch with this index.
    Branch(usize, Box<Sample>),
}

impl Sample {
    /// The value as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        match self {
            Self::Json(value) => value.clone(),
            Self::Array(items) => items.iter().map(Self::json).collect(),
            Self::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), value.json())).collect(),
            Self::Branch(_, value) => value.json(),
        }
    }

    /// The items of an array.
    pub(super) fn items(&self) -> Vec<Self> {
        match self {
            Self::Array(items) => items.clone(),
            Self::Json(Value::Array(items)) => items.iter().cloned().map(Self::Json).collect(),
            _ => Vec::new(),
        }
    }

    /// The entries of an object.
    pub(super) fn entries(&self) -> Vec<(String, Self)> {
        match self {
            Self::Object(entries) => entries.clone(),
            Self::Json(Value::Object(entries)) => {
                entries.iter().map(|(key, value)| (key.clone(), Self::Json(value.clone()))).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// A value, and what had to be left out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleValue {
    /// The value.
    pub value: Sample,
    /// The optional parts without a possible value.
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
    api: &'a Api,
    /// The document, which says what the IR does not: where `null` may stand, and which properties exclude each other.
    document: &'a Value,
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
    /// If there is no value, or the search finds no value.
    pub fn make(&self, used: TypeRef, wish: Wish) -> Result<SampleValue, Missing> {
        self.with_hints(used, wish, &[])
    }

    /// A value of a type, where some that were written beside it are tried first.
    ///
    /// # Errors
    /// If there is no value, or the search finds no value.
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
struct Known<'a> {
    /// Values that were written beside its type.
    hints: &'a [&'a Value],
    /// Properties that must have these strings, because they select a union's branch.
    texts: &'a [(&'a str, &'a [String])],
    /// Properties that must be present, because they select a union's branch.
    keys: &'a [String],
}

/// One value in the making.
struct Walk<'w, 'a> {
    values: &'w Values<'a>,
    /// The types that this value is part of.
    stack: Vec<TypeId>,
    /// How many parts were made.
    parts: usize,
    left_out: Vec<Missing>,
}

impl<'a> Walk<'_, 'a> {
    /// A value of a type.
    fn value(&mut self, used: TypeRef, wish: Wish, known: &Known<'_>) -> Result<Sample, Missing> {
        let (id, ty) = self.values.resolved(used.ty);
        let missing = |why| Missing { at: ty.origin.clone(), why };
        self.parts += 1;
        if self.parts > LARGEST || self.stack.len() > DEEPEST {
            return Err(missing(Why::TooLarge));
        }
        let nested = self.stack.iter().filter(|outer| **outer == id).count();
        let most = if wish.mode == Mode::Full && self.parts < LARGE { NESTED } else { 1 };
        if nested >= most && is_composed(&ty.shape) {
            return Err(missing(Why::Endless));
        }
        self.stack.push(id);
        let made = self.shape(ty, wish, known);
        self.stack.pop();
        made
    }

    fn shape(&mut self, ty: &'a Type, wish: Wish, known: &Known<'_>) -> Result<Sample, Missing> {
        if ty.values == [Value::Null] {
            return Ok(Sample::Json(Value::Null));
        }
        if let Some(value) = listed(ty, wish) {
            return Ok(Sample::Json(value));
        }
        match &ty.shape {
            Shape::Array(item) => self.array(ty, *item, wish),
            Shape::Tuple(elements) => {
                let elements = elements.iter().map(|element| self.value(*element, wish, &Known::default()));
                elements.collect::<Result<_, _>>().map(Sample::Array)
            }
            Shape::Map(value) => self.map(ty, *value, wish),
            Shape::Object(object) => self.object(ty, object, wish, known),
            Shape::Union(union) => self.union(union, wish),
            _ => {
                let made = Scalars { ty, wish, hints: known.hints }.value().map(Sample::Json);
                made.map_err(|why| not_found(ty, why))
            }
        }
    }

    /// Whether there is room for what need not be there.
    fn has_room(&self, wish: Wish) -> bool {
        wish.mode == Mode::Full && self.parts < LARGE
    }

    /// As many parts as are wanted. From `least` on, a part for which there is no value is the last one; it is left out.
    fn several<T>(
        &mut self,
        wanted: u64,
        least: u64,
        mut part: impl FnMut(&mut Self, usize, &[T]) -> Result<Option<T>, Missing>,
    ) -> Result<Vec<T>, Missing> {
        let mut parts = Vec::new();
        for attempt in 0..ATTEMPTS.max(usize::try_from(wanted).unwrap_or(LARGEST).min(LARGEST)) {
            if parts.len() as u64 >= wanted {
                break;
            }
            match part(self, attempt, &parts) {
                Ok(part) => parts.extend(part),
                Err(missing) if parts.len() as u64 >= least => {
                    self.leave_out(missing);
                    break;
                }
                Err(missing) => return Err(missing),
            }
        }
        Ok(parts)
    }

    fn array(&mut self, ty: &Type, item: TypeRef, wish: Wish) -> Result<Sample, Missing> {
        let least = ty.bounds.min_items.unwrap_or(0);
        let most = ty.bounds.max_items.unwrap_or(u64::MAX);
        // An empty list in a parameter would be no parameter at all.
        let wanted = if self.has_room(wish) { self.values.branches(item).max(2) as u64 } else { 1 };
        let items = self.several(wanted.max(least).min(most), least, |walk, attempt, items: &[Sample]| {
            let item = walk.value(item, Wish { turn: wish.turn + attempt, ..wish }, &Known::default())?;
            let is_new = !ty.bounds.unique_items || items.iter().all(|other| other.json() != item.json());
            Ok(is_new.then_some(item))
        })?;
        if (items.len() as u64) < least {
            let why = format!("{least} items are asked for, all different, and only {} are found", items.len());
            return Err(not_found(ty, why));
        }
        Ok(Sample::Array(items))
    }

    fn map(&mut self, ty: &Type, value: TypeRef, wish: Wish) -> Result<Sample, Missing> {
        let least = ty.bounds.min_properties.unwrap_or(0);
        let most = ty.bounds.max_properties.unwrap_or(u64::MAX);
        let wanted = u64::from(self.has_room(wish) || wish.place != ValuePlace::Body).max(least).min(most);
        let entries = self.several(wanted, least, |walk, attempt, _| {
            let turn = attempt + wish.turn;
            Ok(Some((key(wish, turn), walk.value(value, Wish { turn, ..wish }, &Known::default())?)))
        })?;
        Ok(Sample::Object(entries))
    }

    fn object(&mut self, ty: &Type, object: &Object, wish: Wish, known: &Known<'_>) -> Result<Sample, Missing> {
        let least = ty.bounds.min_properties.unwrap_or(0);
        let most = ty.bounds.max_properties.unwrap_or(u64::MAX);
        let alternatives = Alternatives::of(self.values.document, ty, wish.turn);
        let must = |field: &Field| {
            ty.requires(field)
                || field.required_when_sent
                || alternatives.wanted.contains(&field.wire_name.as_str())
                || known.keys.contains(&field.wire_name)
                || known.texts.iter().any(|(key, _)| *key == field.wire_name)
        };
        // Answers alone hold what is read-only (OpenAPI 3.0.3 §4.7.24.2).
        let may = |field: &Field| !field.read_only && !alternatives.unwanted.contains(&field.wire_name.as_str());
        let mut chosen: Vec<Option<Sample>> = Vec::new();
        for field in &object.fields {
            chosen.push(if must(field) { Some(self.field(field, wish, known)?) } else { None });
        }
        let mut count = chosen.iter().flatten().count() as u64;
        for (field, chosen) in object.fields.iter().zip(&mut chosen).filter(|(field, _)| !must(field) && may(field)) {
            if count >= most || (count >= least && !self.has_room(wish)) {
                break;
            }
            match self.field(field, wish, known) {
                Ok(value) => *chosen = Some(value),
                Err(missing) => self.leave_out(missing),
            }
            count += u64::from(chosen.is_some());
        }
        let names = object.fields.iter().map(|field| field.wire_name.clone());
        let mut entries: Vec<_> = names.zip(chosen).filter_map(|(name, value)| Some((name, value?))).collect();
        if let Some(additional) = object.additional {
            let wanted = (count + u64::from(self.has_room(wish))).max(least).min(most);
            let is_known = |key: &String| entries.iter().any(|(known, _)| known == key);
            let further = self.several(
                wanted.saturating_sub(count),
                least.saturating_sub(count),
                |walk, turn, _: &[(String, Sample)]| {
                    let Some(key) = Some(key(wish, turn)).filter(|key| !is_known(key)) else { return Ok(None) };
                    Ok(Some((key, walk.value(additional, Wish { turn, ..wish }, &Known::default())?)))
                },
            )?;
            entries.extend(further);
        }
        if (entries.len() as u64) < least {
            let why = format!("{least} properties are asked for, and it has only {}", entries.len());
            return Err(not_found(ty, why));
        }
        Ok(Sample::Object(entries))
    }

    fn field(&mut self, field: &Field, wish: Wish, known: &Known<'_>) -> Result<Sample, Missing> {
        let telling = known.texts.iter().find(|(key, _)| *key == field.wire_name);
        if let Some(value) = telling.and_then(|(_, texts)| self.telling_value(field, texts, wish)) {
            return Ok(Sample::Json(value));
        }
        let null = field.ty.nullable && self.values.allows_null(&field.origin);
        if null && wish.mode == Mode::Required && wish.place == ValuePlace::Body {
            return Ok(Sample::Json(Value::Null));
        }
        let hints: Vec<&Value> = field.example.iter().chain(&field.default).collect();
        match self.value(field.ty, wish, &Known { hints: &hints, ..Known::default() }) {
            Err(_) if null => Ok(Sample::Json(Value::Null)),
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
    fn union(&mut self, union: &Union, wish: Wish) -> Result<Sample, Missing> {
        let count = union.variants.len().max(1);
        let order = union.variants.iter().enumerate().cycle().skip(wish.turn % count).take(count.min(BRANCHES));
        let mut first = None;
        for (index, variant) in order {
            match self.variant(union, variant, Wish { turn: wish.turn / count, ..wish }) {
                Ok(value) => return Ok(Sample::Branch(index, Box::new(value))),
                Err(missing) => first = first.or(Some(missing)),
            }
        }
        Err(first.unwrap_or(Missing { at: Pointer::root(), why: Why::NotFound("it has no branch".to_owned()) }))
    }

    fn variant(&mut self, union: &Union, variant: &Variant, wish: Wish) -> Result<Sample, Missing> {
        let mut texts: Vec<(&str, &[String])> = Vec::new();
        if let Rule::Tag(property) = &union.rule
            && !variant.tags.is_empty()
        {
            texts.push((property, &variant.tags));
        }
        let mut keys = Vec::new();
        let mut constants = Vec::new();
        for key in &variant.test.keys {
            match key.constants.first().and_then(Value::as_str) {
                Some(text) => constants.push((key.name.as_str(), [text.to_owned()])),
                None => keys.push(key.name.clone()),
            }
        }
        texts.extend(constants.iter().map(|(key, text)| (*key, text.as_slice())));
        self.value(variant.ty, wish, &Known { hints: &[], texts: &texts, keys: &keys })
    }

    /// Recursive types end somewhere, which is not reported; everything else is.
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

fn not_found(ty: &Type, why: String) -> Missing {
    Missing { at: ty.origin.clone(), why: Why::NotFound(why) }
}

/// One of the lists or objects that an `enum` allows, which are not types of their own.
fn listed(ty: &Type, wish: Wish) -> Option<Value> {
    let fits = |value: &&Value| is_composed(&ty.shape) && can_hold(&ty.shape, value);
    let values: Vec<&Value> = ty.values.iter().filter(fits).collect();
    values.get(wish.turn % values.len().max(1)).map(|value| (*value).clone())
}

/// Whether values of a shape may be of the same JSON type as a value.
pub(super) fn can_hold(shape: &Shape, value: &Value) -> bool {
    match shape {
        Shape::Array(_) => value.is_array(),
        Shape::Tuple(elements) => value.as_array().is_some_and(|all| all.len() == elements.len()),
        Shape::Map(_) | Shape::Object(_) => value.is_object(),
        Shape::Union(_) => false,
        Shape::Null => value.is_null(),
        Shape::Boolean => value.is_boolean(),
        Shape::Integer(_) | Shape::Number | Shape::Decimal | Shape::IntegerEnum(_) => value.is_number(),
        Shape::Text(_) | Shape::TextEnum(_) => value.is_string(),
        _ => true,
    }
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
