//! Operations that are called more than once for one result: lists in pages, and jobs that take their time.

use super::{Shape, TypeId, TypeRef, Types};
use clientwright_normalizer::pointer::Pointer;

/// The names of properties that lead from a body to a part of it, on the wire. Empty: the body itself.
pub type Path = Vec<String>;

/// How a list comes in pages (`x-pagination`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pagination {
    /// How the next page is asked for.
    pub step: PageStep,
    /// Where a page has its items, an array.
    pub items: Path,
    /// What tells that there is a further page, if anything does.
    pub more: Option<Path>,
    /// Where it is written.
    pub origin: Pointer,
}

/// The part of a request that says which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageParameter {
    /// A query parameter.
    Query(String),
    /// A property of the JSON body.
    Body(Path),
    /// A header parameter.
    Header(String),
}

/// The value that says which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageValue {
    /// What the page before has there.
    Token(Path),
    /// What the last item of the page before has there.
    LastItem(Path),
    /// The header of this name in the response with the page before.
    ResponseHeader(String),
    /// The number of the page, where that of the first one is this.
    Page(i64),
    /// The number of items before the page.
    Offset,
}

/// How the next page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageStep {
    /// By the same request with another value in this part of it.
    Parameter(PageParameter, PageValue),
    /// By the link `next` of the header `Link` (RFC 8288).
    Link,
    /// By the URL that the page has there.
    Next(Path),
}

/// How an operation says that a job has ended (`x-polling`). A state is a string, or a boolean or an integer as JSON writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Polling {
    /// Where the body has the state.
    pub property: Path,
    /// The states of a job that has succeeded. Never empty.
    pub success: Vec<String>,
    /// The states of a job that has failed.
    pub failure: Vec<String>,
    /// The known states of a job that goes on.
    pub progress: Vec<String>,
    /// What is there if, and only if, the job has failed.
    pub error: Option<Path>,
    /// Where it is written.
    pub origin: Pointer,
}

/// One step of a path, from a type to a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathStep {
    /// The declared property with this index.
    Field(TypeId, usize),
    /// One of the properties that an object does not declare.
    Additional(TypeId),
    /// A value of a map.
    Entry(TypeId),
    /// Something in any JSON.
    Json,
}

/// A part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// The way to it.
    pub steps: Vec<PathStep>,
    /// What it is; `None` within any JSON.
    pub used: Option<TypeRef>,
}

impl Types {
    /// Follows a path from a type. If that leads nowhere: how many of the names lead somewhere.
    ///
    /// # Errors
    /// The index of the first name for which there is no property.
    pub fn part(&self, start: TypeRef, path: &[String]) -> Result<Part, usize> {
        let mut part = Part { steps: Vec::new(), used: Some(start) };
        for (index, name) in path.iter().enumerate() {
            let (step, used) = self.step(part.used, name).ok_or(index)?;
            part.steps.push(step);
            part.used = used;
        }
        Ok(part)
    }

    fn step(&self, from: Option<TypeRef>, name: &str) -> Option<(PathStep, Option<TypeRef>)> {
        let Some(used) = from else { return Some((PathStep::Json, None)) };
        let id = self.end(used.ty);
        // What is in any JSON is any JSON.
        let typed = |used: TypeRef| {
            let is_any = !used.secret && *self.shape(used.ty) == Shape::Any;
            (!is_any).then_some(used)
        };
        match &self[id].shape {
            Shape::Object(object) => match object.fields.iter().position(|field| field.wire_name == name) {
                Some(index) => Some((PathStep::Field(id, index), object.fields.get(index).map(|field| field.ty))),
                None => object.additional.map(|value| (PathStep::Additional(id), typed(value))),
            },
            Shape::Map(value) => Some((PathStep::Entry(id), typed(*value))),
            Shape::Any => Some((PathStep::Json, None)),
            _ => None,
        }
    }
}
