//! Part of `lower`: what uses types, other than types: operations, requests of the server, and client-wide headers.
//!
//! Invariant: the only module that knows whether a place is sent or read. A request of the client is sent and its
//! responses are read; a request that the server makes is read and its responses are sent.

use std::collections::BTreeSet;

use crate::ir::{ClientHeader, Incoming, Operation, TypeId, TypeRef, Types};

/// Everything that uses types, types themselves aside.
#[derive(Debug)]
pub(super) struct TypeUsers {
    /// The operations of the API.
    pub(super) operations: Vec<Operation>,
    /// Requests that the server makes.
    pub(super) incoming: Vec<Incoming>,
    /// Headers that are set for a whole client.
    pub(super) client_headers: Vec<ClientHeader>,
}

impl TypeUsers {
    /// The types that the client sends.
    pub(super) fn sent(&self) -> Vec<TypeId> {
        let headers = self.client_headers.iter().map(|header| header.ty.ty);
        let requests = self.operations.iter().flat_map(request_types);
        requests.chain(headers).chain(self.incoming.iter().flat_map(|one| response_types(&one.operation))).collect()
    }

    /// The types that the client reads.
    pub(super) fn read(&self) -> Vec<TypeId> {
        let responses = self.operations.iter().flat_map(response_types);
        responses.chain(self.incoming.iter().flat_map(|one| request_types(&one.operation))).collect()
    }

    /// Operations of both kinds.
    pub(super) fn all_operations_mut(&mut self) -> impl Iterator<Item = &mut Operation> {
        self.operations.iter_mut().chain(self.incoming.iter_mut().map(|one| &mut one.operation))
    }

    /// Every use of a type that is sent.
    pub(super) fn sent_mut(&mut self) -> impl Iterator<Item = &mut TypeRef> {
        let headers = self.client_headers.iter_mut().map(|header| &mut header.ty);
        let requests = self.operations.iter_mut().flat_map(request_refs);
        requests.chain(headers).chain(self.incoming.iter_mut().flat_map(|one| response_refs(&mut one.operation)))
    }

    /// Every use of a type.
    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut TypeRef> {
        let headers = self.client_headers.iter_mut().map(|header| &mut header.ty);
        let operations = self.operations.iter_mut().chain(self.incoming.iter_mut().map(|one| &mut one.operation));
        operations.flat_map(operation_refs).chain(headers)
    }
}

/// Makes every use of a type, in types and elsewhere, a use of another one.
pub(super) fn redirect(types: &mut Types, users: &mut TypeUsers, target: impl Fn(TypeId) -> TypeId) {
    let in_types = types.iter_mut().flat_map(|ty| ty.shape.type_refs_mut());
    in_types.chain(users.all_mut()).for_each(|used| used.ty = target(used.ty));
}

/// Everything that some types are made of, themselves included.
pub(super) fn reachable(types: &Types, from: impl IntoIterator<Item = TypeId>) -> BTreeSet<TypeId> {
    let mut waiting: Vec<TypeId> = from.into_iter().collect();
    let mut reached = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        let Some(ty) = types.get(id).filter(|_| reached.insert(id)) else { continue };
        waiting.extend(ty.shape.type_refs().into_iter().map(|inner| inner.ty));
    }
    reached
}

/// The types of parameters and of the request body.
pub(super) fn request_types(operation: &Operation) -> Vec<TypeId> {
    let parameters = operation.parameters.iter().map(|parameter| parameter.ty.ty);
    let bodies = operation.body.iter().flat_map(|body| &body.media_types).map(|media_type| media_type.ty.ty);
    parameters.chain(bodies).collect()
}

/// The types of responses.
pub(super) fn response_types(operation: &Operation) -> Vec<TypeId> {
    let media_types = operation.responses.iter().flat_map(|response| &response.media_types);
    media_types.map(|media_type| media_type.ty.ty).collect()
}

fn request_refs(operation: &mut Operation) -> Vec<&mut TypeRef> {
    let Operation { parameters, body, .. } = operation;
    let bodies = body.iter_mut().flat_map(|body| &mut body.media_types).map(|media_type| &mut media_type.ty);
    parameters.iter_mut().map(|parameter| &mut parameter.ty).chain(bodies).collect()
}

fn response_refs(operation: &mut Operation) -> Vec<&mut TypeRef> {
    let media_types = operation.responses.iter_mut().flat_map(|response| &mut response.media_types);
    media_types.map(|media_type| &mut media_type.ty).collect()
}

fn operation_refs(operation: &mut Operation) -> Vec<&mut TypeRef> {
    let Operation { parameters, body, responses, .. } = operation;
    let bodies = body.iter_mut().flat_map(|body| &mut body.media_types);
    let responses = responses.iter_mut().flat_map(|response| &mut response.media_types);
    let media_types = bodies.chain(responses).map(|media_type| &mut media_type.ty);
    parameters.iter_mut().map(|parameter| &mut parameter.ty).chain(media_types).collect()
}
