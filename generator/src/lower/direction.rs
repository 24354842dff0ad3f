//! Pass of `lower`: which types are read and which are sent.
//!
//! In: operations and types. Out: types that are marked.
//!
//! Invariant: whatever a type that is read is made of is read, too; likewise for what is sent. A component that no
//! operation reaches may be meant for either, and so is both. Of requests that the server makes, the body is read and
//! the answers are sent. A property that only one direction has is required in
//! that direction alone.

use super::uses;
use crate::ir::{Api, ClientHeader, Operation, Owner, Shape, Text, TypeId, Types};

/// Marks every type that an operation leads to, and no other.
pub(super) fn mark(types: &mut Types, operations: &[Operation], incoming: &[Operation], headers: &[ClientHeader]) {
    types.iter_mut().for_each(|ty| (ty.read, ty.sent) = (false, false));
    let sent = operations.iter().flat_map(uses::sent).chain(headers.iter().map(|header| header.ty.ty));
    let sent = sent.chain(incoming.iter().flat_map(uses::read)).collect();
    let read = operations.iter().flat_map(uses::read).chain(incoming.iter().flat_map(uses::sent)).collect();
    spread(types, sent, Direction::Sent);
    spread(types, read, Direction::Read);
}

/// Marks the components that no operation leads to, and settles which properties have to be there.
pub(super) fn mark_rest(types: &mut Types) {
    let unused: Vec<_> = types
        .iter()
        .filter(|(_, ty)| !ty.read && !ty.sent && matches!(ty.owner, Owner::Component(_)))
        .map(|(id, _)| id)
        .collect();
    spread(types, unused.clone(), Direction::Sent);
    spread(types, unused, Direction::Read);
    relax(types);
}

/// Marks every type that is read or sent as both, so that each can be tried both ways. What is a file in a body that is sent is
/// its text, because JSON has no form for files.
pub fn both_ways(api: &mut Api) {
    let ids: Vec<TypeId> = api.types.iter().filter(|(_, ty)| ty.read || ty.sent).map(|(id, _)| id).collect();
    for id in ids {
        let Some(ty) = api.types.get_mut(id) else { continue };
        (ty.read, ty.sent) = (true, true);
        if ty.shape == Shape::Text(Text::File) {
            ty.shape = Shape::Text(Text::Plain);
        }
    }
    relax(&mut api.types);
}

/// `required` takes effect on answers alone for a property that is `readOnly`, and on requests alone for one that is
/// `writeOnly` (OpenAPI 3.0.3 §4.7.24.1): where the type goes the other way as well, the property may be absent.
fn relax(types: &mut Types) {
    let ids: Vec<TypeId> = types.iter().map(|(id, _)| id).collect();
    for id in ids {
        let Some(ty) = types.get_mut(id) else { continue };
        let (read, sent) = (ty.read, ty.sent);
        if let Shape::Object(object) = &mut ty.shape {
            for field in &mut object.fields {
                field.required_when_sent = field.required && !field.read_only;
                field.required &= !(field.read_only && sent || field.write_only && read);
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Read,
    Sent,
}

fn spread(types: &mut Types, from: Vec<TypeId>, direction: Direction) {
    let mut waiting = from;
    while let Some(id) = waiting.pop() {
        let Some(ty) = types.get_mut(id) else { continue };
        let mark = match direction {
            Direction::Read => &mut ty.read,
            Direction::Sent => &mut ty.sent,
        };
        if !std::mem::replace(mark, true) {
            waiting.extend(uses::of(&ty.shape).into_iter().map(|inner| inner.ty));
        }
    }
}
