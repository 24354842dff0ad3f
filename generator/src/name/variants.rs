//! Part of `name`: the variants of unions.
//!
//! In: a union, and the names of types. Out: a name for each branch, not yet unique.
//!
//! Invariant: a branch is named after its distinguishing feature: its tag, its type's name, its title, its only value, a property that only
//! it has, the values or the type of a property, or its JSON type. `Variant2` is the last resort.

use std::mem::discriminant;

use serde_json::Value;

use super::Names;
use super::ident::{begins, pascal_part, spared};
use super::types::component_ident;
use crate::ir::{Field, Owner, Place, Rule, Shape, Text, Type, TypeId, TypeRef, Types, Union, Variant};
use crate::never::never;
use clientwright_normalizer::structure::grammar::SCHEMA_TYPES;

/// The maximum length of a tag, title or key with spaces in a name; a longer one is a sentence.
const LONGEST: usize = 40;

/// The maximum length without a space.
const LONGEST_WORD: usize = 64;

/// The variant name of a base type, or of a branch whose properties all others have, too.
const BASE: &str = "Base";

/// Returns the names of the branches of a union. An input type uses the names of its read type.
pub(super) fn variant_names(types: &Types, names: &Names, id: TypeId, union: &Union) -> Vec<String> {
    let id = read_form(types, id);
    let union = types.shape(id).union().filter(|read| read.variants.len() == union.variants.len()).unwrap_or(union);
    let components: Vec<Option<String>> =
        union.variants.iter().map(|variant| component(types, names, variant)).collect();
    let components: Vec<Option<&str>> = components.iter().map(Option::as_deref).collect();
    let branches = union.variants.iter().zip(&components).enumerate();
    let words: Vec<Option<String>> = branches
        .map(|(index, (variant, component))| {
            let word = || described(types, names, union, index, read_form(types, variant.ty.ty));
            tag_word(types, id, union, variant).or_else(|| component.is_none().then(word))
        })
        .collect();
    let short = short_names(&components, names.ty(id).map_or("", |name| &name.ident));
    // `TextPart` alongside a string is not shortened to `Text`.
    let is_taken = |name: &str| words.iter().flatten().any(|word| word == name);
    let components = if short.iter().flatten().any(|name| is_taken(name)) { components } else { short };
    let all = words.into_iter().zip(components).map(|(word, component)| word.or_else(|| component.map(str::to_owned)));
    all.map(|name| spared(name.unwrap_or_else(|| never!(BASE.to_owned(), "{id:?} has a branch without a name"))))
        .collect()
}

/// Returns the word for an inline branch of a union, which is also a part of its type's name.
pub(super) fn inline_branch(types: &Types, names: &Names, of: TypeId, index: usize) -> String {
    let union = types.shape(of).union();
    let Some((union, variant)) = union.and_then(|union| Some((union, union.variants.get(index)?))) else {
        return numbered(index);
    };
    let component = || component(types, names, variant).as_deref().map(pascal_part);
    tag_word(types, of, union, variant)
        .or_else(component)
        .unwrap_or_else(|| described(types, names, union, index, variant.ty.ty))
}

/// Returns the union's word for a branch: `Base` for the base type, or its only tag.
fn tag_word(types: &Types, id: TypeId, union: &Union, variant: &Variant) -> Option<String> {
    // The origin of a base type's branch is the discriminator, because the schema's own origin is the union.
    let is_base = types[id].origin.key("discriminator") == types[variant.ty.ty].origin;
    match (&union.rule, variant.tags.as_slice()) {
        _ if is_base => Some(BASE.to_owned()),
        (Rule::Tag(_), [tag]) => word(tag),
        _ => None,
    }
}

fn numbered(index: usize) -> String {
    format!("Variant{}", index + 1)
}

/// Returns a string as a name, if it starts with a letter and is short.
pub(super) fn word(text: &str) -> Option<String> {
    let longest = if text.contains(' ') { LONGEST } else { LONGEST_WORD };
    let is_word = text.len() <= longest && begins(text, char::is_ascii_alphabetic);
    is_word.then(|| pascal_part(text))
}

/// Returns the name of a branch that is a component, or that references or combines some.
fn component(types: &Types, names: &Names, variant: &Variant) -> Option<String> {
    let branch = read_form(types, variant.ty.ty);
    match &types[branch].owner {
        Owner::Component(_) => names.ty(branch).map(|name| name.ident.clone()),
        Owner::Part(_, Place::Variant { components, .. }) => {
            let idents: Vec<_> = components.iter().map(|name| component_ident(names, name)).collect();
            (!idents.is_empty()).then(|| idents.join("And"))
        }
        _ => None,
    }
}

/// Removes the common words of component names, or otherwise the union's name as a prefix.
fn short_names<'n>(components: &[Option<&'n str>], own: &str) -> Vec<Option<&'n str>> {
    let (front, behind) = shared(&components.iter().copied().flatten().collect::<Vec<_>>());
    let short = |name: &'n str| {
        if front + behind > 0 {
            return name.get(front..name.len() - behind).unwrap_or(name);
        }
        name.strip_prefix(own).filter(|rest| starts_word(rest)).unwrap_or(name)
    };
    components.iter().map(|name| name.map(short)).collect()
}

/// Returns the lengths of the common prefix and suffix of whole words, in bytes; 0 if a name would become empty.
fn shared(names: &[&str]) -> (usize, usize) {
    let [first, _, ..] = names else { return (0, 0) };
    let ends = (0..=first.len()).rev();
    let in_front = |end: &usize| {
        let front = first.get(..*end);
        names.iter().all(|name| front.is_some_and(|front| name.strip_prefix(front).is_some_and(starts_word)))
    };
    let front = ends.clone().find(in_front).unwrap_or(0);
    let is_behind = |end: &usize| {
        let Some(behind) = first.get(first.len() - *end..).filter(|behind| behind.is_empty() || starts_word(behind))
        else {
            return false;
        };
        // A single letter is part of a word, as in `OAuth`.
        names.iter().all(|name| name.strip_suffix(behind).is_some_and(|rest| rest.len() > front + 1))
    };
    let behind = ends.clone().find(is_behind).unwrap_or(0);
    (front, behind)
}

/// Returns `true` if a word starts here.
fn starts_word(rest: &str) -> bool {
    begins(rest, char::is_ascii_uppercase)
}

/// Returns the word for an inline branch of a union, by its contents.
fn described(types: &Types, names: &Names, union: &Union, index: usize, id: TypeId) -> String {
    let others = union.variants.iter().enumerate().filter(|(other, _)| *other != index);
    let others: Vec<&Type> = others.map(|(_, variant)| types.resolved(read_form(types, variant.ty.ty))).collect();
    beside(types, names, &others, id).unwrap_or_else(|| numbered(index))
}

/// Returns words for the contents of a type.
type Feature = fn(&Types, &Type) -> Vec<String>;

/// Returns a unique feature of a type: its title, a constant, a property, the value or type of a property, or its JSON type.
fn beside(types: &Types, names: &Names, others: &[&Type], id: TypeId) -> Option<String> {
    let ty = types.resolved(id);
    let unique = |feature: Feature| {
        let mut own = feature(types, ty);
        for other in others {
            if own.is_empty() {
                break;
            }
            let words = feature(types, other);
            own.retain(|word| !words.contains(word));
        }
        own.into_iter().next()
    };
    // A single object is named `Object`.
    let is_object = |ty: &&Type| matches!(ty.shape, Shape::Object(_) | Shape::Map(_));
    let has_rivals = others.iter().any(is_object);
    let properties = |features: &[Feature]| features.iter().filter(|_| has_rivals).find_map(|feature| unique(*feature));
    let base = |feature| is_base(types, others, ty, feature).then(|| BASE.to_owned());
    let short = |own: String| {
        let all: Option<Vec<_>> = [ty].iter().chain(others).map(|ty| title(types, ty).pop()).collect();
        let all = all.iter().flatten().map(String::as_str).collect::<Vec<_>>();
        let (front, behind) = shared(&all);
        own.get(front..own.len() - behind).unwrap_or(&own).to_owned()
    };
    unique(title)
        .map(short)
        .or_else(|| unique(constants))
        .or_else(|| properties(&[required_keys]))
        // Precedes optional properties, so that adding an optional property to the base does not rename it.
        .or_else(|| base(required_keys))
        .or_else(|| properties(&[keys, values, typed_keys]))
        .or_else(|| base(keys))
        .or_else(|| json_type(types, names, others, ty))
        .or_else(|| title(types, ty).pop())
}

/// Returns `true` if all other objects have the properties of this one, and further ones.
fn is_base(types: &Types, others: &[&Type], ty: &Type, properties: Feature) -> bool {
    let own = properties(types, ty);
    let mut others =
        others.iter().map(|other| properties(types, other)).filter(|properties| !properties.is_empty()).peekable();
    let extends = |other: Vec<String>| other.len() > own.len() && own.iter().all(|property| other.contains(property));
    !own.is_empty() && others.peek().is_some() && others.all(extends)
}

fn title(_: &Types, ty: &Type) -> Vec<String> {
    let title = ty.docs.summary.as_deref().filter(|title| !is_json_type(title));
    title.and_then(word).into_iter().collect()
}

/// Returns the only value of an enumeration, or the only values of properties.
fn constants(_: &Types, ty: &Type) -> Vec<String> {
    let only = match (&ty.shape, ty.shape.enum_values()) {
        (Shape::TextEnum(_), [only]) if !ty.open => {
            if only.wire == "" {
                Some("Empty".to_owned())
            } else {
                word(&only.label())
            }
        }
        _ => None,
    };
    ty.shape.fields().iter().filter_map(constant_word).chain(only).collect()
}

fn required_keys(_: &Types, ty: &Type) -> Vec<String> {
    let required = ty.shape.fields().iter().filter(|field| field.required_when_read || field.required_when_sent);
    required.filter_map(|field| word(&field.wire_name)).collect()
}

fn keys(_: &Types, ty: &Type) -> Vec<String> {
    ty.shape.fields().iter().filter_map(|field| word(&field.wire_name)).collect()
}

/// Returns the values of properties.
fn values(types: &Types, ty: &Type) -> Vec<String> {
    let values = ty.shape.fields().iter().flat_map(|field| types.shape(field.ty).enum_values());
    values.filter_map(|value| word(&value.label())).collect()
}

/// Returns `LabelsTextList` for a property that is a list of strings.
fn typed_keys(types: &Types, ty: &Type) -> Vec<String> {
    let fields = ty.shape.fields().iter();
    fields.filter_map(|field| Some(word(&field.wire_name)? + &type_word(types, field.ty.ty))).collect()
}

/// Returns a word for a type; empty for types that are named after their contents, such as unions.
pub(super) fn type_word(types: &Types, id: TypeId) -> String {
    match &types.resolved(id).shape {
        Shape::Array(item) => format!("{}List", scalar_word(&types.resolved(*item).shape)),
        shape => scalar_word(shape).to_owned(),
    }
}

fn scalar_word(shape: &Shape) -> &'static str {
    match shape {
        Shape::Null => "Null",
        Shape::Boolean => "Boolean",
        Shape::Integer(_) | Shape::IntegerEnum(_) => "Integer",
        Shape::Number | Shape::Decimal => "Number",
        Shape::Text(_) | Shape::TextEnum(_) | Shape::Contained(_) => "Text",
        Shape::Array(_) => "List",
        Shape::Tuple(_) => "Tuple",
        Shape::Map(_) | Shape::Object(_) => "Object",
        Shape::Any => "Value",
        Shape::MixedEnum(_) | Shape::Union(_) | Shape::Alias(_) => "",
    }
}

/// Returns `true` if a title only repeats the JSON type.
fn is_json_type(title: &str) -> bool {
    SCHEMA_TYPES.iter().chain(&["null"]).any(|ty| title.trim().eq_ignore_ascii_case(ty))
}

/// Returns the word for a constant property: `Cat` for `cat`, and `Code1` for a `code` that is always 1.
fn constant_word(field: &Field) -> Option<String> {
    let value = match field.constant.as_ref()? {
        Value::String(text) => return word(text),
        Value::Bool(value) => pascal_part(&value.to_string()),
        Value::Number(number) => match number.as_i64()? {
            value if value < 0 => format!("Minus{}", value.unsigned_abs()),
            value => value.to_string(),
        },
        _ => return None,
    };
    Some(word(&field.wire_name)? + &value)
}

/// Returns the JSON type of a type, with its contents if another type has the same JSON type.
fn json_type(types: &Types, names: &Names, others: &[&Type], ty: &Type) -> Option<String> {
    let alike = |is: fn(&Shape) -> bool| others.iter().any(|other| is(&other.shape));
    let is_twin = |other: &&&Type| discriminant(&other.shape) == discriminant(&ty.shape);
    let twins = || -> Vec<Vec<TypeRef>> { others.iter().filter(is_twin).map(|twin| twin.shape.type_refs()).collect() };
    let name = match &ty.shape {
        Shape::Text(Text::Base64) => "Base64",
        Shape::Text(Text::File) => "File",
        // Alongside a type that accepts any value, an enumeration is `Known`.
        Shape::TextEnum(_) if alike(|shape| matches!(shape, Shape::Text(_) | Shape::TextEnum(_))) => "Known",
        Shape::IntegerEnum(_) if alike(|shape| matches!(shape, Shape::Integer(_) | Shape::IntegerEnum(_))) => "Known",
        Shape::MixedEnum(_) => "Known",
        Shape::Array(item) if !twins().is_empty() => return Some(item_word(types, names, &twins(), item.ty)? + "List"),
        Shape::Tuple(elements) => return Some(tuple_word(types, &twins(), elements)),
        Shape::Map(value) if !twins().is_empty() => return Some(item_word(types, names, &twins(), value.ty)? + "Map"),
        Shape::Object(_) if !alike(|shape| matches!(shape, Shape::Object(_) | Shape::Map(_))) => "Object",
        Shape::Object(object) if object.fields.is_empty() && object.additional.is_none() => "Empty",
        Shape::Object(_) | Shape::Union(_) | Shape::Alias(_) => return None,
        shape => scalar_word(shape),
    };
    Some(name.to_owned())
}

/// Returns `EqTuple` for a tuple with the constant `eq`, `IntegerTextTuple` for an integer and a string; `Tuple` if there is no other
/// tuple.
fn tuple_word(types: &Types, tuples: &[Vec<TypeRef>], own: &[TypeRef]) -> String {
    let constant = |tuple: &[TypeRef], at: usize| match types.resolved(tuple.get(at)?.ty).shape.enum_values() {
        [only] => word(&only.label()),
        _ => None,
    };
    let own_constant =
        |at| constant(own, at).filter(|value| tuples.iter().all(|other| constant(other, at).as_ref() != Some(value)));
    let words = || own.iter().map(|element| type_word(types, element.ty)).collect();
    let front = (0..own.len()).find_map(own_constant).unwrap_or_else(words);
    if tuples.is_empty() { "Tuple".to_owned() } else { front + "Tuple" }
}

/// Returns the word for the contents of one of several arrays or maps.
fn item_word(types: &Types, names: &Names, others: &[Vec<TypeRef>], item: TypeId) -> Option<String> {
    let others: Vec<&Type> = others.iter().flatten().map(|used| types.resolved(*used)).collect();
    match (names.ty(item), &types[item].owner) {
        (Some(name), Owner::Component(_)) => Some(name.ident.clone()),
        _ => beside(types, names, &others, item),
    }
}

/// Returns the read form of a type, if it is sent in another form.
fn read_form(types: &Types, id: TypeId) -> TypeId {
    match types[id].owner {
        Owner::Form(of, _) => of,
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use super::shared;

    #[test]
    fn shared_words_are_found() {
        for (names, expected) in [
            (["UserMessage", "SystemMessage"], (0, 7)),
            (["MessageCreateEvent", "MessageDeleteEvent"], (7, 5)),
            (["Pet", "PetCat"], (0, 0)),
            (["CatPet", "Pet"], (0, 0)),
            (["Foo1", "Foo2"], (0, 0)),
            (["Cat", "Car"], (0, 0)),
            (["Same", "Same"], (0, 0)),
            (["OAuth", "ApiAuth"], (0, 0)),
        ] {
            assert_eq!(shared(&names), expected, "{names:?}");
        }
        assert_eq!(shared(&["Alone"]), (0, 0));
        assert_eq!(shared(&[]), (0, 0));
    }
}
