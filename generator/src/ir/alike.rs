//! Compares two shapes, ignoring the types that they consist of.
//!
//! In: two shapes. Out: the uses in them that must be equal as well.

use std::mem::take;

use super::{Field, Shape, TypeId, TypeRef};

/// Returns the uses that must be equal for two shapes to be equal; `None` if the shapes differ.
pub(crate) fn parts(one: &Shape, other: &Shape) -> Option<Vec<(TypeRef, TypeRef)>> {
    let are_alike = outline(one) == outline(other);
    are_alike.then(|| one.type_refs().into_iter().zip(other.type_refs()).collect())
}

/// Returns a shape with only the facts that equal shapes share: without the types that it consists of, and what describes its properties.
pub(crate) fn outline(shape: &Shape) -> Shape {
    let mut outline = shape.clone();
    for field in outline.fields_mut() {
        let Field { required_when_read, required_when_sent, read_only, write_only, ty, .. } = *field;
        let (wire_name, xml) = (take(&mut field.wire_name), take(&mut field.xml));
        let facts = Field { wire_name, required_when_read, required_when_sent, ty, xml, ..Field::default() };
        *field = Field { read_only, write_only, ..facts };
    }
    for used in outline.type_refs_mut() {
        *used = TypeRef { ty: TypeId::default(), boxed: false, ..*used };
    }
    outline
}
