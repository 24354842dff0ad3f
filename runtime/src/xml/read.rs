//! From XML to JSON. Namespaces, comments and the order of elements are ignored.

use std::collections::BTreeMap;
use std::error::Error;

use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{Property, Root, Type, qualified};
use crate::clipped::Clipped;
use crate::wire::{self, DEPTH_LIMIT, Writer};

/// An element, or an attribute, whose name begins with `@`. Prefixes are dropped.
#[derive(Default)]
struct Element {
    name: String,
    children: Vec<Element>,
    /// The text outside of its children.
    text: String,
    /// Whether it is `null`: `xsi:nil="true"`.
    nil: bool,
}

/// Converts a document to the JSON of its type.
pub(crate) fn json(xml: &str, Root(name, ty): &Root) -> Result<Vec<u8>, Box<dyn Error>> {
    let root = parse(xml)?;
    let properties = ty.properties();
    let is_known = |element: &Element| position(properties, &element.name).is_some();
    let has_known = |element: &Element| properties.is_empty() || element.children.iter().any(is_known);
    let is_named = root.name == local(name);
    let mut writer = Writer::new();
    if has_known(&root) {
        root.write(ty, &mut writer);
    } else if is_known(&root) && !is_named {
        // The root element is the only property.
        Element { children: vec![root], ..Element::default() }.write(ty, &mut writer);
    } else if let Some(inner) = root.children.iter().find(|child| has_known(child)) {
        // An envelope around the documented element.
        inner.write(ty, &mut writer);
    } else if is_named || root.children.is_empty() {
        root.write(ty, &mut writer);
    } else {
        return Err(format!("unknown root element `{}`", Clipped(&root.name)).into());
    }
    Ok(writer.into_bytes())
}

fn parse(xml: &str) -> Result<Element, Box<dyn Error>> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    // The first element is the document itself.
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event()?;
        let depth = open.len();
        let Some(last) = open.last_mut() else { break };
        match event {
            Event::Start(_) if depth > DEPTH_LIMIT as usize => return Err("elements are nested too deeply".into()),
            Event::Start(start) => open.push(Element::new(&start)?),
            Event::End(_) => {
                let done = open.pop();
                open.last_mut().ok_or("unexpected end tag")?.children.extend(done);
            }
            Event::Text(text) => last.text.push_str(&text.xml10_content()),
            Event::CData(text) => last.text.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) => {
                let entity = format!("&{};", entity.xml10_content());
                // Entities other than characters and the predefined ones are kept.
                last.text.push_str(&unescape(&entity).unwrap_or_else(|_| (&*entity).into()));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let document = open.pop().filter(|document| open.is_empty() && document.children.len() == 1);
    document.and_then(|mut document| document.children.pop()).ok_or_else(|| "expected one root element".into())
}

impl Element {
    fn new(start: &BytesStart<'_>) -> Result<Self, Box<dyn Error>> {
        let mut element = Self { name: start.local_name().as_ref().to_owned(), ..Self::default() };
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute?;
            let name = attribute.key.local_name();
            let text = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or(attribute.value).into_owned();
            if attribute.key.as_ref().ends_with(":nil") {
                element.nil = matches!(text.trim(), "true" | "1");
            } else if !attribute.key.as_ref().starts_with("xmlns") {
                element.children.push(Self { name: format!("@{}", name.as_ref()), text, ..Self::default() });
            }
        }
        Ok(element)
    }

    fn elements(&self) -> Vec<&Self> {
        self.children.iter().filter(|child| !child.name.starts_with('@')).collect()
    }

    fn write(&self, ty: &Type, writer: &mut Writer) {
        let text = self.text.trim();
        match ty {
            _ if self.nil => writer.null(),
            Type::Array(_, item) => write_array(self.elements(), item, writer),
            Type::Object(properties, additional) => self.write_object(properties, additional, writer),
            Type::Any if !self.children.is_empty() => self.write_object(&[], ty, writer),
            Type::Literal if text.is_empty() => writer.null(),
            Type::Literal if is_literal(text) => writer.raw(text),
            Type::Literal => writer.str(text),
            _ => writer.str(&self.text),
        }
    }

    fn write_object(&self, properties: &[Property], additional: &Type, writer: &mut Writer) {
        let mut found: BTreeMap<(usize, &str), Vec<&Self>> = BTreeMap::new();
        for (index, (_, name, ty)) in properties.iter().enumerate() {
            // Without items, there are no elements for an array.
            if matches!(ty, Type::Array(..)) && !name.ends_with('/') {
                found.insert((index, ""), Vec::new());
            }
        }
        for child in &self.children {
            let name = child.name.trim_start_matches('@');
            let place = position(properties, &child.name).map_or((usize::MAX, name), |index| (index, ""));
            found.entry(place).or_default().push(child);
        }
        writer.begin_object();
        for ((index, name), values) in found {
            let (key, name, ty) = properties.get(index).copied().unwrap_or((name, "", additional));
            writer.key(key);
            match (ty, &*values) {
                (_, [only]) if only.nil => writer.null(),
                (Type::Array(item, ty), values) => {
                    let items = values.iter().flat_map(|value| value.items(name.ends_with('/'), item, ty));
                    write_array(items.collect(), ty, writer);
                }
                (Type::Any, [_, _, ..]) => write_array(values, ty, writer),
                (_, [first, ..]) => first.write(ty, writer),
                (_, []) => writer.null(),
            }
        }
        writer.end_object();
    }

    /// Returns the items of an array in this element, or the element itself as an item. Not all documents state which.
    fn items(&self, wrapped: bool, item: &str, ty: &Type) -> Vec<&Self> {
        let differs = wrapped || !item.is_empty() && self.name != local(item);
        let is_around = match self.children.first() {
            None => self.text.trim().is_empty() && (differs || item.is_empty() && !ty.properties().is_empty()),
            Some(first) => {
                let is_item =
                    |child: &Self| child.name == first.name && position(ty.properties(), &child.name).is_none();
                let is_list = item.is_empty() && !matches!(ty, Type::Any) && self.children.iter().all(is_item);
                differs || is_list
            }
        };
        if is_around { self.elements() } else { vec![self] }
    }
}

fn write_array(items: Vec<&Element>, ty: &Type, writer: &mut Writer) {
    writer.begin_array();
    for item in items {
        writer.element();
        item.write(ty, writer);
    }
    writer.end_array();
}

/// Returns the name without prefix and namespace.
fn local(name: &str) -> &str {
    let name = qualified(name);
    name.split_once(':').map_or(name, |(_, name)| name)
}

/// Returns the index of the property with this name in XML, or else in JSON.
fn position(properties: &[Property], name: &str) -> Option<usize> {
    let is_named =
        |(_, known, ty): &Property| local(known) == name || matches!(ty, Type::Array(item, _) if local(item) == name);
    let plain = name.trim_start_matches('@');
    let is_similar = |(key, known, _): &Property| *key == plain || local(known).trim_start_matches('@') == plain;
    properties.iter().position(is_named).or_else(|| properties.iter().position(is_similar))
}

fn is_literal(text: &str) -> bool {
    matches!(text, "true" | "false") || wire::Reader::new(text.as_bytes()).number().is_ok_and(|number| number == text)
}
