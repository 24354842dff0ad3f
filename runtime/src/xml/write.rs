//! From JSON to XML.

use super::{Name, Place, Property, Root, Type};
use crate::clipped::Clipped;
use crate::parameter::{Value, parse};
use crate::wire::DEPTH_LIMIT;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The namespace of `xsi:nil` (XML Schema 1.0 part 1 §2.6.2).
const NIL: &str = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"";

/// Any value, for properties that no table describes.
static ANY: Type = Type::Any;

/// Converts the JSON of a value to a document.
pub(crate) fn document(json: &str, root: &Root) -> Result<String, String> {
    let mut document = DECLARATION.to_owned();
    let mut around = Element::new(DEPTH_LIMIT);
    match parse(json)? {
        // Without a name, the only property is the root element.
        Value::Object(members) if root.name.local.is_empty() && members.len() == 1 => {
            around.add_members(&members, &root.ty)?;
        }
        _ => around.add(root.name.or(Name::new("root")), json, &root.ty)?,
    }
    document.push_str(&around.content);
    Ok(document)
}

/// An element under construction.
struct Element {
    attributes: String,
    content: String,
    /// How many elements may be nested in it.
    depth: u32,
}

impl Element {
    fn new(depth: u32) -> Self {
        Self { attributes: String::new(), content: String::new(), depth }
    }

    /// Adds an element with a value.
    fn add(&mut self, name: Name<'_>, json: &str, ty: &Type) -> Result<(), String> {
        let mut inner = Self::new(self.depth.checked_sub(1).ok_or("has elements that are nested too deeply")?);
        match parse(json)? {
            Value::Null => inner.attributes.push_str(NIL),
            Value::Scalar(text) => escape(&text, false, &mut inner.content)?,
            Value::Object(members) => inner.add_members(&members, ty)?,
            Value::Array(items) => {
                let (item, ty) = if let Type::Array(item, ty) = ty { (*item, *ty) } else { (Name::UNKNOWN, &ANY) };
                inner.add_items(item.or(Name::new("item")), &items, ty)?;
            }
        }
        self.close(name, &inner)
    }

    /// Adds an element that is complete.
    fn close(&mut self, name: Name<'_>, Self { attributes, content, .. }: &Self) -> Result<(), String> {
        let mut start = qualified(name)?;
        let end = start.clone();
        declare(name, attributes, &mut start)?;
        start.push_str(attributes);
        self.content.push_str(&match content.as_str() {
            "" => format!("<{start}/>"),
            content => format!("<{start}>{content}</{end}>"),
        });
        Ok(())
    }

    fn add_items(&mut self, name: Name<'_>, items: &[&str], ty: &Type) -> Result<(), String> {
        items.iter().try_for_each(|item| self.add(name, item, ty))
    }

    fn add_members(&mut self, members: &[(String, &str)], ty: &Type) -> Result<(), String> {
        for (key, json) in members {
            match ty.properties().iter().find(|property| property.key == key) {
                Some(property) => self.add_property(property.name, property, json)?,
                None => {
                    let ty = if let Type::Open(_, value) = ty { value } else { &ANY };
                    self.add_property(Name::new(key), &Property::new("", ty), json)?;
                }
            }
        }
        Ok(())
    }

    fn add_property(&mut self, name: Name<'_>, property: &Property, json: &str) -> Result<(), String> {
        match (property.place, property.ty, parse(json)?) {
            (Place::Attribute | Place::Text, _, Value::Null) => Ok(()),
            (Place::Attribute, _, Value::Scalar(text)) => {
                let mut value = String::new();
                escape(&text, true, &mut value)?;
                let mut declaration = String::new();
                declare(name, &self.attributes, &mut declaration)?;
                self.attributes += &format!("{declaration} {}=\"{value}\"", qualified(name)?);
                Ok(())
            }
            (Place::Text, _, Value::Scalar(text)) => escape(&text, false, &mut self.content),
            (_, Type::Array(item, ty), Value::Array(items)) => {
                let item = item.or(name);
                if !property.wrapped {
                    return self.add_items(item, &items, ty);
                }
                let mut inner = Self::new(self.depth.saturating_sub(1));
                inner.add_items(item, &items, ty)?;
                self.close(name, &inner)
            }
            (_, ty @ Type::Any, Value::Array(items)) => self.add_items(name, &items, ty),
            (_, ty, _) => self.add(name, json, ty),
        }
    }
}

/// The name with its prefix.
fn qualified(name: Name<'_>) -> Result<String, String> {
    let Name { local, prefix, .. } = name;
    let name = if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") };
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':');
    let is_valid = name.starts_with(|first: char| first.is_alphabetic() || first == '_') && name.chars().all(is_part);
    if is_valid { Ok(name) } else { Err(format!("has a property `{}`, which cannot name an element", Clipped(&name))) }
}

/// Declares the namespace of a name, unless these attributes do.
fn declare(name: Name<'_>, attributes: &str, declaration: &mut String) -> Result<(), String> {
    let Name { prefix, namespace, .. } = name;
    let key = if prefix.is_empty() { " xmlns".to_owned() } else { format!(" xmlns:{prefix}") };
    if !namespace.is_empty() && !attributes.contains(&format!("{key}=\"")) {
        declaration.push_str(&format!("{key}=\""));
        escape(namespace, true, declaration)?;
        declaration.push('"');
    }
    Ok(())
}

/// Appends a text. White space that a reader would normalize is escaped.
fn escape(text: &str, is_attribute: bool, out: &mut String) -> Result<(), String> {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            '\n' | '\t' if is_attribute => out.push_str(if character == '\n' { "&#10;" } else { "&#9;" }),
            '\n' | '\t' => out.push(character),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => return Err("has a character that XML cannot contain".into()),
            _ => out.push(character),
        }
    }
    Ok(())
}
