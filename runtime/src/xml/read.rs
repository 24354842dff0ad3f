//! From XML to JSON. Namespaces, comments and the order of elements have no meaning.

use std::collections::BTreeMap;

use quick_xml::{Reader, XmlVersion};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::{Name, Place, Property, Root, Type};
use crate::clipped::Clipped;
use crate::wire::{self, DEPTH_LIMIT, Writer};

/// An element without its namespace.
#[derive(Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    /// The text outside of its children.
    text: String,
    /// Whether it is `null`: `xsi:nil="true"`.
    nil: bool,
}

/// The value of a property: an element, or the text of an attribute.
#[derive(Clone, Copy)]
enum Found<'x> {
    Element(&'x Element),
    Text(&'x str),
}

/// Converts a document to the JSON of its type.
pub(crate) fn json(xml: &str, root: &Root) -> Result<Vec<u8>, String> {
    let element = parse(xml)?;
    let mut writer = Writer::new();
    let properties = root.ty.properties();
    let knows = |element: &Element| element.names().any(|(name, place)| position(properties, name, place).is_some());
    let is_unknown = matches!(&root.ty, Type::Object([_, ..])) && !knows(&element);
    if !is_unknown {
        Found::Element(&element).write(&root.ty, &mut writer);
    } else if element.name != root.name.local && position(properties, &element.name, Place::Element).is_some() {
        // The root element is the only property.
        let around = Element { children: vec![element], ..Element::default() };
        Found::Element(&around).write(&root.ty, &mut writer);
    } else if let Some(inner) = element.children.iter().find(|child| knows(child)) {
        // An envelope around the documented element.
        Found::Element(inner).write(&root.ty, &mut writer);
    } else if element.name == root.name.local || element.children.is_empty() {
        Found::Element(&element).write(&root.ty, &mut writer);
    } else {
        return Err(format!("unknown root element `{}`", Clipped(&element.name)));
    }
    Ok(writer.into_bytes())
}

fn parse(xml: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    // The first one is the document itself.
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
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
            Event::GeneralRef(entity) => last.text.push_str(&resolved(&entity)?),
            Event::Eof => break,
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    match (open.pop(), &*open) {
        (Some(Element { mut children, .. }), []) if children.len() == 1 => children.pop(),
        (Some(Element { name, .. }), [_, ..]) => return Err(format!("unclosed element `{}`", Clipped(&name))),
        _ => None,
    }
    .ok_or_else(|| "expected one root element".into())
}

/// The text of a character reference or of a predefined entity. Others are kept.
fn resolved(entity: &BytesRef<'_>) -> Result<String, String> {
    if let Some(character) = entity.resolve_char_ref().map_err(|error| error.to_string())? {
        return Ok(character.into());
    }
    let name = entity.xml10_content();
    Ok(resolve_predefined_entity(&name).map_or_else(|| format!("&{name};"), str::to_owned))
}

impl Element {
    fn new(start: &BytesStart<'_>) -> Result<Self, String> {
        let mut element = Self { name: start.local_name().as_ref().to_owned(), ..Self::default() };
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let (name, prefix) = attribute.key.decompose();
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or(attribute.value);
            match (prefix.map(|prefix| prefix.into_inner()), name.as_ref()) {
                (Some("xmlns"), _) | (None, "xmlns") => {}
                (Some(_), "nil") => element.nil = matches!(value.trim(), "true" | "1"),
                (_, name) => element.attributes.push((name.to_owned(), value.into_owned())),
            }
        }
        Ok(element)
    }

    /// The names of attributes and children.
    fn names(&self) -> impl Iterator<Item = (&str, Place)> {
        let attributes = self.attributes.iter().map(|(name, _)| (name.as_str(), Place::Attribute));
        attributes.chain(self.children.iter().map(|child| (child.name.as_str(), Place::Element)))
    }

    fn values(&self) -> impl Iterator<Item = Found<'_>> {
        let attributes = self.attributes.iter().map(|(_, value)| Found::Text(value));
        attributes.chain(self.items())
    }

    fn items(&self) -> impl Iterator<Item = Found<'_>> {
        self.children.iter().map(Found::Element)
    }

    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn write(&self, properties: &[Property], additional: Option<&Type>, writer: &mut Writer) {
        let mut known: BTreeMap<usize, Vec<Found<'_>>> = BTreeMap::new();
        let mut others: BTreeMap<&str, Vec<Found<'_>>> = BTreeMap::new();
        for ((name, place), value) in self.names().zip(self.values()) {
            match position(properties, name, place) {
                Some(index) => known.entry(index).or_default().push(value),
                None => others.entry(name).or_default().push(value),
            }
        }
        writer.begin_object();
        for (index, property) in properties.iter().enumerate() {
            let mut values = known.remove(&index).unwrap_or_default();
            if property.place == Place::Text && !self.is_blank() {
                values.push(Found::Text(&self.text));
            }
            property.write(&values, writer);
        }
        for (name, values) in others {
            if let Some(ty) = additional {
                write_property(name, &values, ty, writer);
            }
        }
        writer.end_object();
    }
}

/// The index of the property with this name in XML, preferably at this place, or else in JSON.
fn position(properties: &[Property], name: &str, place: Place) -> Option<usize> {
    let find = |is_it: &dyn Fn(&Property) -> bool| properties.iter().position(is_it);
    find(&|property| property.place == place && property.is_named(name))
        .or_else(|| find(&|property| property.is_named(name)))
        .or_else(|| find(&|property| property.key == name))
}

impl Property {
    fn is_named(&self, name: &str) -> bool {
        self.name.local == name || matches!(self.ty, Type::Array(item, _) if item.local == name)
    }

    fn write(&self, values: &[Found<'_>], writer: &mut Writer) {
        let Type::Array(item, ty) = self.ty else { return write_property(self.key, values, self.ty, writer) };
        match values {
            [] if !self.required => {}
            [Found::Element(Element { nil: true, .. })] => write_property(self.key, values, ty, writer),
            _ => {
                writer.key(self.key);
                let items = values.iter().flat_map(|value| match value {
                    Found::Element(element) if self.wraps(element, *item, ty) => element.items().collect(),
                    value => vec![*value],
                });
                write_array(items, ty, writer);
            }
        }
    }

    /// Whether an element of this array contains the items, which not all documents state.
    fn wraps(&self, element: &Element, item: Name<'_>, ty: &Type) -> bool {
        let Element { name, attributes, children, .. } = element;
        let Some(first) = children.first() else {
            let may_be_item = *name == item.local || item.local.is_empty() && !matches!(ty, Type::Object(_));
            return element.is_blank() && attributes.is_empty() && (self.wrapped || !may_be_item);
        };
        if self.wrapped || !item.local.is_empty() {
            return self.wrapped || *name != item.local;
        }
        let is_list = attributes.is_empty() && children.iter().all(|child| child.name == first.name);
        let is_item = match ty {
            Type::Any | Type::Open(..) => true,
            ty => position(ty.properties(), &first.name, Place::Element).is_some(),
        };
        is_list && !is_item
    }
}

impl Found<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Element(element) => &element.text,
            Self::Text(text) => text,
        }
    }

    /// Whether there is no value: an empty number or date.
    fn is_absent(&self, ty: &Type) -> bool {
        let is_nil = matches!(self, Self::Element(Element { nil: true, .. }));
        matches!(ty, Type::Token | Type::Literal) && !is_nil && self.text().trim().is_empty()
    }

    fn write(&self, ty: &Type, writer: &mut Writer) {
        let text = self.text();
        match (ty, self) {
            (_, Self::Element(Element { nil: true, .. })) => writer.null(),
            (Type::Array(_, item), Self::Element(element)) => write_array(element.items(), item, writer),
            (Type::Object(properties), Self::Element(element)) => element.write(properties, None, writer),
            (Type::Open(properties, value), Self::Element(element)) => element.write(properties, Some(value), writer),
            (Type::Any, Self::Element(element)) if element.values().next().is_some() => {
                element.write(&[], Some(&Type::Any), writer);
            }
            (Type::Literal, _) if is_literal(text.trim()) => writer.raw(text.trim()),
            (Type::Literal | Type::Token, _) => writer.str(text.trim()),
            _ => writer.str(text),
        }
    }
}

fn write_property(key: &str, values: &[Found<'_>], ty: &Type, writer: &mut Writer) {
    let Some(first) = values.first().filter(|first| !first.is_absent(ty)) else { return };
    writer.key(key);
    match ty {
        Type::Any if values.len() > 1 => write_array(values.iter().copied(), ty, writer),
        _ => first.write(ty, writer),
    }
}

fn write_array<'x>(items: impl Iterator<Item = Found<'x>>, ty: &Type, writer: &mut Writer) {
    writer.begin_array();
    for item in items.filter(|item| !item.is_absent(ty)) {
        writer.element();
        item.write(ty, writer);
    }
    writer.end_array();
}

fn is_literal(text: &str) -> bool {
    matches!(text, "true" | "false") || wire::Reader::new(text.as_bytes()).number().is_ok_and(|number| number == text)
}
