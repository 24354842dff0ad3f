//! From JSON to XML.

use super::{Root, Type, qualified};
use crate::clipped::Clipped;
use crate::parameter::{Value, parse};
use crate::wire::DEPTH_LIMIT;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Marks `null` (XML Schema 1.0 part 1 §2.6.2).
const NIL: &str = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"";

/// Converts the JSON of a value to a document.
pub(crate) fn document(json: &str, Root(name, ty): &Root) -> Result<String, String> {
    let mut document = Element { depth: DEPTH_LIMIT, ..Element::default() };
    match (*name, parse(json)?) {
        ("", Value::Object(members)) if members.len() == 1 => document.add_members(&members, ty)?,
        ("", _) => document.add("root", json, ty)?,
        _ => document.add(name, json, ty)?,
    }
    Ok(DECLARATION.to_owned() + &document.content)
}

/// An element under construction.
#[derive(Default)]
struct Element {
    attributes: String,
    content: String,
    /// The remaining depth for nested elements.
    depth: u32,
}

impl Element {
    /// Adds an element with a value.
    fn add(&mut self, name: &str, json: &str, ty: &Type) -> Result<(), String> {
        let depth = self.depth.checked_sub(1).ok_or("has elements that are nested too deeply")?;
        let mut inner = Self { depth, ..Self::default() };
        match parse(json)? {
            Value::Null => inner.attributes.push_str(NIL),
            Value::Scalar(text) => escape(&text, &mut inner.content)?,
            Value::Object(members) => inner.add_members(&members, ty)?,
            Value::Array(items) => inner.add_items(name, &items, ty)?,
        }
        let name = inner.declared(name)?;
        let Self { attributes, content, .. } = inner;
        self.content += &match &*content {
            "" => format!("<{name}{attributes}/>"),
            content => format!("<{name}{attributes}>{content}</{name}>"),
        };
        Ok(())
    }

    /// Adds the items of an array with this name.
    fn add_items(&mut self, name: &str, items: &[&str], ty: &Type) -> Result<(), String> {
        let (name, ty) = match ty {
            Type::Array("", ty) => (name, *ty),
            Type::Array(item, ty) => (*item, *ty),
            ty => (name, ty),
        };
        items.iter().try_for_each(|json| self.add(name, json, ty))
    }

    fn add_members(&mut self, members: &[(String, &str)], ty: &Type) -> Result<(), String> {
        let additional = if let Type::Object(_, additional) = ty { additional } else { &Type::Any };
        for (key, json) in members {
            let (name, ty) = match ty.properties().iter().find(|(known, ..)| known == key) {
                Some((_, name, ty)) => (*name, *ty),
                None => (checked(key)?, additional),
            };
            match parse(json)? {
                Value::Scalar(text) if name.contains('@') => {
                    let name = self.declared(name)?;
                    self.attributes += &format!(" {name}=\"");
                    escape(&text, &mut self.attributes)?;
                    self.attributes.push('"');
                }
                Value::Null if name.contains('@') => {}
                Value::Array(items) if !name.ends_with('/') => self.add_items(name, &items, ty)?,
                _ => self.add(name, json, ty)?,
            }
        }
        Ok(())
    }

    /// Returns a name with its prefix, whose namespace is declared here.
    fn declared(&mut self, name: &str) -> Result<String, String> {
        let written = qualified(name).replace('@', "");
        checked(&written)?;
        if let Some((_, namespace)) = name.trim_end_matches(['}', '/']).split_once('{') {
            let prefix = written.split_once(':').map(|(prefix, _)| format!(":{prefix}")).unwrap_or_default();
            let declaration = format!(" xmlns{prefix}=\"");
            if !self.attributes.contains(&declaration) {
                self.attributes += &declaration;
                escape(namespace, &mut self.attributes)?;
                self.attributes.push('"');
            }
        }
        Ok(written)
    }
}

/// Returns the name of an element or attribute, if it can be one.
fn checked(name: &str) -> Result<&str, String> {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | ':');
    let is_name = name.starts_with(|first: char| first.is_alphabetic() || first == '_') && name.chars().all(is_part);
    if is_name { Ok(name) } else { Err(format!("has a property `{}`, which cannot name an element", Clipped(name))) }
}

/// Appends a text. Whitespace that a reader would normalize is escaped.
fn escape(text: &str, out: &mut String) -> Result<(), String> {
    for letter in quick_xml::escape::escape(text).chars() {
        match letter {
            '\t' | '\n' | '\r' => *out += &format!("&#{};", u32::from(letter)),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => return Err("has a character that XML cannot contain".into()),
            _ => out.push(letter),
        }
    }
    Ok(())
}
