//! Part of `contract`: values that are generated from a schema.
//!
//! In: a use of a type, and the wanted extent of its value. Out: a JSON value that is valid for the schema.
//!
//! Invariant: deterministic, and total: a place without a possible value is reported with the reason. The work is bounded
//! for any references; recursive parts are omitted as soon as they are optional.

use serde_json::Value;

use super::scalar::Scalars;
use clientwright::ir::{Api, Field, Object, Rule, Shape, Type, TypeId, TypeRef, Union, Variant};
use clientwright_normalizer::pointer::Pointer;

/// The extent of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Only required parts; `null` where that is allowed.
    Required,
    /// All possible parts.
    Full,
}

/// The place where a value is sent, which limits the possible values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuePlace {
    /// A JSON body: any value.
    Body,
    /// The path: never empty, and never a segment of dots.
    Path,
    /// In the query.
    Query,
    /// In a header: visible ASCII.
    Header,
    /// In a cookie.
    Cookie,
}

/// The requirements for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The extent of the value.
    pub mode: Mode,
    /// The place where the value is sent.
    pub place: ValuePlace,
    /// The characters that separate items at that place, which items therefore cannot contain.
    pub separators: &'static str,
    /// A number that varies the value, if the schema allows several.
    pub turn: usize,
}

impl Wish {
    /// Returns the wish for a value in a body.
    #[must_use]
    pub fn body(mode: Mode) -> Self {
        Self { mode, place: ValuePlace::Body, separators: "", turn: 0 }
    }
}

/// The reason why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The affected schema.
    pub at: Pointer,
    /// The problem.
    pub why: Why,
}

/// A problem of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The schema contains itself. Optional parts of this kind are omitted silently.
    Endless,
    /// A value would be too large.
    TooLarge,
    /// No value was found that satisfies the schema.
    NotFound(String),
}

/// A value with the selected branch of each union.
#[derive(Clone, Debug, PartialEq)]
pub enum Sample {
    /// A scalar, or a value from the document.
    Json(Value),
    /// An array.
    Array(Vec<Sample>),
    /// An object, or the entries of a map.
    Object(Vec<(String, Sample)>),
    /// A value of the branch with this index.
    Branch(usize, Box<Sample>),
}

impl Sample {
    /// Returns the value as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        match self {
            Self::Json(value) => value.clone(),
            Self::Array(items) => items.iter().map(Self::json).collect(),
            Self::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), value.json())).collect(),
            Self::Branch(_, value) => value.json(),
        }
    }

    /// Returns the items of an array.
    pub(super) fn items(&self) -> Vec<Self> {
        match self {
            Self::Array(items) => items.clone(),
            Self::Json(Value::Array(items)) => items.iter().cloned().map(Self::Json).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the entries of an object.
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

/// A value, and its omitted parts.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleValue {
    /// The value.
    pub value: Sample,
    /// The optional parts without a possible value.
    pub left_out: Vec<Missing>,
}

/// The maximum number of times that a type may contain itself.
const NESTED: usize = 2;
/// The maximum depth of a value. The runtime supports 128 levels.
const DEEPEST: usize = 60;
/// The number of parts after which optional ones are omitted.
const LARGE: usize = 500;
/// The maximum number of parts of a value.
const LARGEST: usize = 30_000;
/// The maximum number of branches of a union that are tried, and included in a list.
const BRANCHES: usize = 8;
/// The maximum number of generated items in search of distinct ones.
const ATTEMPTS: usize = 64;

/// The generator of values for the types of one API.
pub struct Values<'a> {
    api: &'a Api,
    /// The document, for facts that the IR lacks: where `null` is allowed, and which properties are mutually exclusive.
    document: &'a Value,
}

impl<'a> Values<'a> {
    /// Creates a generator for `api`, which was lowered from `document`.
    #[must_use]
    pub fn new(api: &'a Api, document: &'a Value) -> Self {
        Self { api, document }
    }

    /// Returns a value of a type.
    ///
    /// # Errors
    /// Returns an error if no value exists or was found.
    pub fn make(&self, used: TypeRef, wish: Wish) -> Result<SampleValue, Missing> {
        self.with_hints(used, wish, &[])
    }

    /// Returns a value of a type, preferably one of the hints.
    ///
    /// # Errors
    /// Returns an error if no value exists or was found.
    pub fn with_hints(&self, used: TypeRef, wish: Wish, hints: &[&Value]) -> Result<SampleValue, Missing> {
        let mut walk = Walk { values: self, stack: Vec::new(), parts: 0, left_out: Vec::new() };
        let value = walk.value(used, wish, &Known { hints, ..Known::default() })?;
        Ok(SampleValue { value, left_out: walk.left_out })
    }

    /// Returns the number of branches of a type.
    #[must_use]
    pub fn branches(&self, used: TypeRef) -> usize {
        match self.api.types.shape(used.ty) {
            Shape::Union(union) => union.variants.len().min(BRANCHES),
            _ => 1,
        }
    }

    /// Returns the type behind all aliases.
    pub(super) fn resolved(&self, id: TypeId) -> (TypeId, &'a Type) {
        let id = self.api.types.end(id);
        (id, &self.api.types[id])
    }

    /// Returns `true` if `null` is allowed at a place of the document by the strictest interpretation. It requires
    /// `nullable` alongside a `type`, and no `enum` without `null` (OpenAPI 3.0.3 §4.7.24.1 and its clarification of
    /// 2019).
    fn allows_null(&self, at: &Pointer) -> bool {
        let Some(schema) = self.document.pointer(at.as_str()) else { return false };
        let listed = schema.get("enum").and_then(Value::as_array).is_none_or(|values| values.contains(&Value::Null));
        let composed = ["allOf", "oneOf", "anyOf", "not"].iter().any(|keyword| schema.get(keyword).is_some());
        schema.get("nullable") == Some(&Value::Bool(true)) && schema.get("type").is_some() && listed && !composed
    }
}

/// Facts about a value from its context.
#[derive(Clone, Copy, Default)]
struct Known<'a> {
    /// Values that the document lists for the type.
    hints: &'a [&'a Value],
    /// Properties that must have these strings, because they select a union's branch.
    texts: &'a [(&'a str, &'a [String])],
    /// Properties that must be present, because they select a union's branch.
    keys: &'a [String],
}

/// The generation of one value.
struct Walk<'w, 'a> {
    values: &'w Values<'a>,
    /// The types that contain the current value.
    stack: Vec<TypeId>,
    /// The number of generated parts.
    parts: usize,
    left_out: Vec<Missing>,
}

impl<'a> Walk<'_, 'a> {
    /// Returns a value of a type.
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

    /// Returns `true` if optional parts are wanted and there is room for them.
    fn has_room(&self, wish: Wish) -> bool {
        wish.mode == Mode::Full && self.parts < LARGE
    }

    /// Returns the wanted number of parts. Once there are `least`, a part without a possible value ends the search and is
    /// omitted.
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
        // An empty list in a parameter would omit the parameter.
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
        // Only responses contain read-only properties (OpenAPI 3.0.3 §4.7.24.2).
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

    /// Returns the value of a property that selects a branch: a value from the property's own enumeration, if it has one.
    /// If the enumeration contains none, the document contradicts itself, and the enumeration takes precedence.
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

    /// Returns a value of the branch selected by `turn`, or of the next branch with a value.
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

    /// Records an omission, except the end of a recursive type.
    fn leave_out(&mut self, missing: Missing) {
        if missing.why != Why::Endless && !self.left_out.contains(&missing) {
            self.left_out.push(missing);
        }
    }
}

/// Branches of an object that only require properties. The IR does not represent them, because they are not types.
#[derive(Default)]
struct Alternatives<'d> {
    /// Properties of the chosen branch.
    wanted: Vec<&'d str>,
    /// Properties of the other branches, which are forbidden by `oneOf`.
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

/// Returns the properties that a branch requires, if it has no other restrictions.
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

/// Returns one of the arrays or objects that an `enum` lists, which are not separate types.
fn listed(ty: &Type, wish: Wish) -> Option<Value> {
    let fits = |value: &&Value| is_composed(&ty.shape) && can_hold(&ty.shape, value);
    let values: Vec<&Value> = ty.values.iter().filter(fits).collect();
    values.get(wish.turn % values.len().max(1)).map(|value| (*value).clone())
}

/// Returns `true` if values of a shape may have the JSON type of a value.
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

/// Returns `true` if a shape can contain other types.
fn is_composed(shape: &Shape) -> bool {
    matches!(shape, Shape::Array(_) | Shape::Tuple(_) | Shape::Map(_) | Shape::Object(_) | Shape::Union(_))
}

/// Returns the key of a map entry.
fn key(wish: Wish, turn: usize) -> String {
    let awkward = wish.mode == Mode::Full && wish.place == ValuePlace::Body;
    if awkward { format!("a key/{turn} \"ü\"") } else { format!("key{turn}") }
}
