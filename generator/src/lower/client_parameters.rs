//! Pass of `lower`: optional parameters that can be set client-wide.
//!
//! In: operations. Out: the same with the ids of such parameters, and the list of them: one per location and name on the wire.
//!
//! Invariant: adding an operation never removes a client-wide parameter, which would be a breaking change (docs/SEMVER.md).

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Api, ClientParameterId, Location, Method, Parameter, SchemeKind, Style};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::spelling::squashed;

/// Words in names of parameters that belong to one request: its key, id, condition or position in a list. Also words for values derived
/// from its bytes or time (RFC 9110 §13.1, RFC 9530, RFC 9421, W3C Trace Context, AWS Signature Version 4).
const OF_REQUESTS: &str = "amzalgorithm amzcontentsha256 amzcredential amzdate amzsignedheaders contentmd5 continuation correlationid \
    digest idempotency ifmatch ifmodifiedsince ifnonematch ifrange ifunmodifiedsince interactionid nexttoken nonce requestid signature \
    timestamp trace";

/// Words of query parameters that select a part of a list.
const OF_LISTS: &str = "cursor filter limit maxresults offset order page prefix skip sort";

/// The kinds of operations that accept a parameter.
#[derive(Default)]
struct Accepted {
    /// Whether the operations only read.
    reads: BTreeSet<bool>,
    /// Whether the operations concern one item, with a path that ends in its key.
    of_one: BTreeSet<bool>,
}

/// Collects the parameters that can be set client-wide, in the order of their locations, and sets the ids of parameters.
pub(super) fn collect(api: &mut Api) {
    let mut ids: BTreeMap<Pointer, ClientParameterId> = BTreeMap::new();
    for parameter in of_client(api) {
        let Parameter { wire_name, location, origin, .. } = parameter.clone();
        let same = |known: &Parameter| known.location == location && location.is_same(&known.wire_name, &wire_name);
        let number = api.client_parameters.iter().position(same).unwrap_or_else(|| {
            api.client_parameters.push(parameter);
            api.client_parameters.len() - 1
        });
        ids.insert(origin, ClientParameterId(number));
    }
    for parameter in api.operations.iter_mut().flat_map(|operation| &mut operation.parameters) {
        parameter.client_parameter = ids.get(&parameter.origin).copied();
    }
}

/// Returns the parameters that can be set client-wide, in the order of their JSON pointers.
fn of_client(api: &Api) -> Vec<Parameter> {
    let mut found: BTreeMap<&Pointer, (&Parameter, Accepted)> = BTreeMap::new();
    for operation in &api.operations {
        for parameter in operation.parameters.iter().filter(|parameter| is_settable(api, parameter)) {
            let (_, accepted) = found.entry(&parameter.origin).or_insert((parameter, Accepted::default()));
            accepted.reads.insert(operation.method == Method::Get);
            accepted.of_one.insert(operation.path.ends_with('}'));
        }
    }
    let chosen = found.into_values().filter(|(parameter, accepted)| is_of_client(parameter, accepted));
    chosen.map(|(parameter, _)| parameter.clone()).collect()
}

/// Returns `true` if the parameter is optional, serialized as text, and not a credential.
fn is_settable(api: &Api, parameter: &Parameter) -> bool {
    let name = &parameter.wire_name;
    let is_usual = match parameter.location {
        Location::Header => true,
        Location::Query => parameter.style == Style::Form && !parameter.allow_reserved,
        Location::Path | Location::Cookie => false,
    };
    let is_its_key = |kind: &SchemeKind| matches!(kind, SchemeKind::Key(location, key) if *location == parameter.location && location.is_same(key, name));
    let is_credential = api.security_schemes.iter().any(|scheme| is_its_key(&scheme.kind));
    is_usual && !is_credential && !parameter.required
}

/// Returns `true` if a parameter can be set client-wide. A component that operations of all kinds accept is not specific to a kind.
fn is_of_client(parameter: &Parameter, accepted: &Accepted) -> bool {
    let is_shared = parameter.origin.as_str().starts_with("/components/parameters/");
    let is_general = parameter.location != Location::Query || accepted.reads.len() == 2 && accepted.of_one.len() == 2;
    parameter.of_client.unwrap_or_else(|| is_shared && is_general && !is_of_request(parameter))
}

/// Returns `true` if each request needs a different value: with the same value, a second payment would repeat the first.
fn is_of_request(parameter: &Parameter) -> bool {
    let letters = squashed(&parameter.wire_name);
    let has = |words: &str| words.split(' ').any(|word| letters.contains(word));
    letters == "range" || has(OF_REQUESTS) || (parameter.location == Location::Query && has(OF_LISTS))
}
