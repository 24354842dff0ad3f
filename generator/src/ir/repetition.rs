//! Operations that are called repeatedly for one result: pagination and polling.

use super::{Shape, TypeId, TypeRef, Types};
pub use clientwright_normalizer::repetition::{PageParameter, PageStep, PageValue, Pagination, Path, Polling};

/// One step of a path, from a type to one of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathStep {
    /// The declared property with this index.
    Field(TypeId, usize),
    /// An undeclared property of an object.
    Additional(TypeId),
    /// A value of a map.
    Entry(TypeId),
    /// A part of any JSON value.
    Json,
}

/// A part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// The path to the part: each step with its resulting type.
    pub steps: Vec<(PathStep, Option<TypeRef>)>,
    /// The type; `None` inside untyped JSON.
    pub used: Option<TypeRef>,
}

impl Types {
    /// Follows a path from a type; `None` if a property does not exist.
    pub fn part(&self, start: TypeRef, path: &[String]) -> Option<Part> {
        let mut part = Part { steps: Vec::new(), used: Some(start) };
        for name in path {
            let (step, used) = self.step(part.used, name)?;
            // A part of any JSON value is any JSON value.
            part.used = used.filter(|used| used.secret || *self.shape(*used) != Shape::Any);
            part.steps.push((step, part.used));
        }
        Some(part)
    }

    fn step(&self, from: Option<TypeRef>, name: &str) -> Option<(PathStep, Option<TypeRef>)> {
        let Some(used) = from else { return Some((PathStep::Json, None)) };
        let id = self.end(used);
        match &self[id].shape {
            Shape::Object(object) => match object.fields.iter().position(|field| field.wire_name == name) {
                Some(index) => Some((PathStep::Field(id, index), object.fields.get(index).map(|field| field.ty))),
                None => Some((PathStep::Additional(id), Some(object.additional?))),
            },
            Shape::Map(value) => Some((PathStep::Entry(id), Some(*value))),
            Shape::Any => Some((PathStep::Json, None)),
            _ => None,
        }
    }
}
