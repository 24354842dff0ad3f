//! Values that a document lists: values of enumerations, and values that distinguish the variants of a union.

use crate::wire::{Encode, Leniency, Reader, Writer};

/// A listed number, as in the document.
#[derive(Debug)]
pub struct Number(pub &'static str);

/// An allowed value of a property, or a value of an enumeration of several JSON types.
pub trait Constant: Encode + std::fmt::Debug {
    /// Returns `true` if a JSON text is this value.
    fn equals(&self, json: &str) -> bool;
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
}

impl Constant for i64 {
    fn equals(&self, json: &str) -> bool {
        // `5.0` is also an integer. A string is not, although it is read as one.
        let number = || Reader::lenient(json.as_bytes(), Leniency::Fitting).i64().ok();
        json.parse() == Ok(*self) || !json.starts_with('"') && number() == Some(*self)
    }
}

impl Constant for bool {
    fn equals(&self, json: &str) -> bool {
        json.parse() == Ok(*self)
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
}

impl Encode for Number {
    fn encode(&self, writer: &mut Writer) {
        writer.raw(self.0);
    }
}
