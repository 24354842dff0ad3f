//! Values that a document lists: values of enumerations, and values that distinguish the variants of a union.

use crate::wire::{Leniency, Reader, Writer};

/// A listed number, as in the document.
#[derive(Debug)]
pub struct Number(pub &'static str);

/// An allowed value of a property, or a value of an enumeration of several JSON types.
pub trait Constant: std::fmt::Debug {
    /// Whether a JSON text is this value.
    fn equals(&self, json: &str) -> bool;

    /// Writes the value.
    fn write(&self, writer: &mut Writer);
}

impl Constant for &str {
    fn equals(&self, json: &str) -> bool {
        let content = json.strip_prefix('"').and_then(|json| json.strip_suffix('"'));
        match content {
            Some(content) if !content.contains('\\') => content == *self,
            Some(_) => Reader::new(json.as_bytes()).str().is_ok_and(|string| string == *self),
            None => false,
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.str(self);
    }
}

impl Constant for i64 {
    fn equals(&self, json: &str) -> bool {
        // `5.0` is an integer, too. A string is not, although it is read as one.
        let number = || Reader::lenient(json.as_bytes(), Leniency::Fitting).i64().ok();
        json.parse() == Ok(*self) || !json.starts_with('"') && number() == Some(*self)
    }

    fn write(&self, writer: &mut Writer) {
        writer.i64(*self);
    }
}

impl Constant for bool {
    fn equals(&self, json: &str) -> bool {
        json.parse() == Ok(*self)
    }

    fn write(&self, writer: &mut Writer) {
        writer.bool(*self);
    }
}

impl Constant for Number {
    fn equals(&self, json: &str) -> bool {
        // Floats would round integers.
        if [json, self.0].iter().all(|text| !text.contains(['.', 'e', 'E'])) {
            return json == self.0;
        }
        let number = |text: &str| Reader::new(text.as_bytes()).f64().ok();
        number(json).is_some_and(|found| number(self.0) == Some(found))
    }

    fn write(&self, writer: &mut Writer) {
        writer.raw(self.0);
    }
}

/// Returns a listed value as JSON.
pub fn constant_json(value: &dyn Constant) -> String {
    let mut writer = Writer::new();
    value.write(&mut writer);
    writer.into_parts().0
}
