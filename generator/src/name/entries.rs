//! Part of `name`: every public name with its place in the document.
//!
//! In: the names of an API. Out: an [`Entry`] for each.
//!
//! Invariant: a place consists of ids in the document and not of positions, so that it identifies an item across versions. If the document
//! has no id, as for a branch of a union, the place consists of the contents.

use std::collections::BTreeMap;

use clientwright_normalizer::pointer::Pointer;

use super::ident::{begins, pascal, shortened, snake};
use super::variants::type_word;
use super::{Names, OperationName, VariantName, reserved_setters};
use crate::call_variants::{CallVariants, Distinction, ResponsePayload};
use crate::ir::{
    Api, Body, Docs, FormKind, Location, MediaType, Operation, Owner, Place, Response, Role, Section, Shape, TypeId,
    text_of,
};

/// A name of the generated client.
pub(super) struct Entry<'n> {
    /// The place in the document and the kind, such as `/components/schemas/Pet type`. The place is a JSON pointer, whose last segments may
    /// be ids instead of keys and indices.
    pub(super) key: String,
    /// The namespace in which the name is unique.
    pub(super) scope: Namespace,
    /// Names that are not allowed in the namespace.
    pub(super) reserved: &'static [&'static str],
    /// The name in the document, if it is a Rust name that no later version can conflict with. For example, an object has one property per
    /// name, and a path cannot get another parameter. The first entry takes precedence.
    pub(super) spelled: Option<String>,
    /// The name that the document sets (`x-rust-name`).
    pub(super) set: Option<String>,
    /// The name.
    pub(super) ident: &'n mut String,
}

/// A namespace: its kind, and the item that it belongs to.
pub(super) type Namespace = (&'static str, usize);

/// The client's own namespaces.
const CLIENT: Namespace = ("client", 0);
const MODULES: Namespace = ("modules", 0);

/// The maximum length of a segment that consists of contents.
const CONTENTS: usize = 80;

/// The maximum length of a server's URL in a place, because each of its variables repeats it.
const URL: usize = 1000;

/// Returns every name that callers use, except variants of responses, whose names follow from their status codes.
pub(super) fn entries<'n>(places: &Places<'_>, calls: &[CallVariants], names: &'n mut Names) -> Vec<Entry<'n>> {
    let (api, mut entries) = (places.api, Entries { places, all: Vec::new() });
    for (module, place) in [(&mut names.webhooks, "x-webhooks"), (&mut names.errors, "errors"), (&mut names.xml, "xml")]
    {
        if !module.is_empty() {
            entries.add("module", MODULES, &Pointer::root().key(place), None, module);
        }
    }
    for (index, (tag, name)) in api.tags.iter().zip(&mut names.tags).enumerate() {
        let tags = Pointer::root().key("tags");
        let place = if tag.implied { tags } else { tags.key(&tag.name) };
        let (set, ident) = (tag.docs.rust_name.as_deref().map(snake), tag.docs.rust_name.as_deref().map(pascal));
        entries.add("module", MODULES, &place, set.clone(), &mut name.module);
        if !tag.implied {
            entries.add("accessor", CLIENT, &place, set, &mut name.accessor);
            entries.add("operations", ("tag", index), &place, ident, &mut name.ident);
        }
    }
    entries.client(&mut names.schemes, &mut names.flows, &mut names.client_parameters);
    for (index, (server, name)) in api.servers.iter().zip(&mut names.servers).enumerate() {
        let place = Pointer::root().descend(&["servers", &shortened(&server.url, URL)]);
        let set = server.docs.rust_name.as_deref().map(snake);
        let constant = set.as_ref().map(|name| name.to_ascii_uppercase());
        entries.add("constant", ("constants", 0), &place, constant, &mut name.constant);
        entries.add("function", ("functions", 0), &place, set, &mut name.function);
        for (variable, name) in server.variables.iter().zip(&mut name.variables) {
            let place = place.descend(&["variables", &variable.name]);
            entries.add("argument", ("server", index), &place, variable.docs.rust_name.clone(), name);
        }
    }
    for (id, name) in &mut names.types {
        let place = places.of_type(*id);
        entries.add("type", ("types", 0), &place, of_type(&api.types[*id].docs), &mut name.ident);
    }
    entries.members(&mut names.members);
    for (index, (operation, name)) in api.operations.iter().zip(&mut names.operations).enumerate() {
        let Some(calls) = calls.get(index) else { continue };
        let scope = if api.is_implied(operation.tag) { CLIENT } else { ("methods", operation.tag.0) };
        let OperationName { variants, parameters, body, failure, .. } = name;
        for (call, name) in calls.variants.iter().zip(variants) {
            entries.call(operation, &call.distinction, scope, name);
        }
        entries.setters(index, operation, parameters, body);
        if let Some(name) = failure {
            entries.add("failure", ("tag", operation.tag.0), &operation.origin, None, &mut name.ident);
        }
    }
    for (incoming, name) in api.incoming.iter().zip(&mut names.incoming) {
        let place = incoming.origin.key("requestBody");
        for name in &mut name.bodies {
            entries.add("message", ("webhooks", 0), &place, None, name);
        }
        for ((status, _), name) in incoming.json_responses().iter().zip(&mut name.responses) {
            let place = incoming.origin.descend(&["responses", &status.to_string()]);
            entries.add("message", ("webhooks", 0), &place, None, name);
        }
    }
    entries.all
}

/// Returns the names of failure enums that operations share.
pub(super) fn shared_failures<'n>(places: &Places<'_>, calls: &[CallVariants], names: &'n mut Names) -> Vec<Entry<'n>> {
    let mut entries = Entries { places, all: Vec::new() };
    for (index, name) in &mut names.shared_failures {
        let Some(ResponsePayload::ByStatus(statuses)) = calls.get(*index).map(|call| &call.failure) else { continue };
        let parts = statuses.iter().map(|one| {
            let ty = one.payload.and_then(|payload| payload.used);
            format!("{} {}", one.status, ty.map(|used| places.of_type(used.ty)).unwrap_or_default())
        });
        let place = Pointer::root().descend(&["errors", &parts.collect::<Vec<_>>().join(",")]);
        entries.add("failure", ("errors", 0), &place, None, &mut name.ident);
    }
    entries.all
}

/// The public items of a client below its module, such as `types::Pet.colour`, each with its place.
pub(crate) type ItemPlaces = BTreeMap<String, String>;

/// Returns the places of the items that callers name.
pub(crate) fn item_places(api: &Api, calls: &[CallVariants], names: &mut Names) -> ItemPlaces {
    let owners = owners(api, names);
    let mut places = ItemPlaces::new();
    for entry in entries(&Places::new(api), calls, names) {
        let (place, kind) = entry.key.rsplit_once(' ').unwrap_or_default();
        let separator = if kind == "field" { "." } else { "::" };
        for owner in owners.get(&entry.scope).into_iter().flatten() {
            let owner = if owner.is_empty() { String::new() } else { format!("{owner}{separator}") };
            places.insert(format!("{owner}{}", entry.ident), place.to_owned());
        }
    }
    places
}

/// Returns the items or modules that contain each namespace.
fn owners(api: &Api, names: &Names) -> BTreeMap<Namespace, Vec<String>> {
    let client = [
        (CLIENT, "Client"),
        (("credentials", 0), "Auth"),
        (("builder", 0), "ClientBuilder"),
        (("constants", 0), ""),
        (("functions", 0), ""),
        (("types", 0), "types"),
        (("webhooks", 0), &names.webhooks),
    ];
    let mut owners: BTreeMap<_, _> = client.map(|(scope, owner)| (scope, vec![owner.to_owned()])).into();
    owners.extend(names.types.iter().map(|(id, name)| (("members", id.0), vec![format!("types::{}", name.ident)])));
    for (index, tag) in names.tags.iter().enumerate() {
        owners.insert(("tag", index), vec![tag.module.clone()]);
        owners.insert(("methods", index), vec![format!("{}::{}", tag.module, tag.ident)]);
    }
    for (index, (operation, name)) in api.operations.iter().zip(&names.operations).enumerate() {
        let module = names.tags.get(operation.tag.0).map_or("", |tag| &tag.module);
        let requests = name.variants.iter().map(|variant| format!("{module}::{}", variant.request));
        owners.insert(("operation", index), requests.collect());
    }
    owners
}

/// The entries collected so far.
struct Entries<'a, 'n> {
    places: &'a Places<'a>,
    all: Vec<Entry<'n>>,
}

impl<'n> Entries<'_, 'n> {
    fn add(&mut self, kind: &str, scope: Namespace, place: &Pointer, set: Option<String>, ident: &'n mut String) {
        self.all.push(Entry { key: key(place, kind), scope, reserved: &[], spelled: None, set, ident });
    }

    fn setters(&mut self, index: usize, operation: &Operation, names: &'n mut [String], body: &'n mut String) {
        let mut setter = |place: &[&str], spelled, set, ident| {
            let key = key(&operation.origin.descend(place), "parameter");
            let (scope, reserved) = (("operation", index), reserved_setters(operation));
            self.all.push(Entry { key, scope, reserved, spelled, set, ident });
        };
        if operation.body.is_some() {
            setter(&["requestBody"], None, None, body);
        }
        let mut parameters: Vec<_> = operation.parameters.iter().zip(names).collect();
        parameters.sort_by_key(|(parameter, _)| parameter.location != Location::Path);
        for (parameter, name) in parameters {
            let is_stable = matches!(parameter.location, Location::Path | Location::Query);
            let spelled = spelled(&parameter.wire_name).filter(|_| is_stable);
            let set = parameter.docs.rust_name.clone();
            setter(&["parameters", parameter.location.key(), &parameter.wire_name], spelled, set, name);
        }
    }

    fn client(&mut self, schemes: &'n mut [String], flows: &'n mut [Vec<String>], parameters: &'n mut [String]) {
        let api = self.places.api;
        for ((scheme, name), flows) in api.security_schemes.iter().zip(schemes).zip(flows) {
            let place = component("securitySchemes", &scheme.name);
            for (flow, name) in scheme.flows.iter().zip(flows) {
                self.add("credential", ("credentials", 0), &place.descend(&["flows", flow.grant.word()]), None, name);
            }
            self.add("credential", ("credentials", 0), &place, scheme.docs.rust_name.clone(), name);
        }
        for (parameter, name) in api.client_parameters.iter().zip(parameters) {
            let place = Pointer::root().descend(&["parameters", parameter.location.key(), &parameter.wire_name]);
            self.add("default", ("builder", 0), &place, parameter.docs.rust_name.clone(), name);
        }
    }

    fn members(&mut self, members: &'n mut BTreeMap<TypeId, Vec<String>>) {
        let api = self.places.api;
        for (id, names) in members {
            let (place, shape) = (self.places.of_type(*id), api.types.shape(*id));
            let scope = ("members", id.0);
            let (kind, reserved, rest): (_, &[&str], _) = match shape {
                Shape::Object(object) => ("field", &["new"], object.additional),
                _ => ("variant", &["Unknown"], None),
            };
            let fields = shape.fields().iter().map(|field| {
                let place = place.descend(&["properties", &field.wire_name]);
                (place, spelled(&field.wire_name), of_field(&field.docs))
            });
            let values = shape.enum_values().iter().map(|value| place.descend(&["enum", &text_of(&value.wire)]));
            let variants = shape.variants().iter().map(|variant| {
                let ty = &api.types[variant.ty.ty];
                let (contents, set) = match &ty.owner {
                    Owner::Component(name) => (name.clone(), None),
                    _ => (self.places.contents(variant.ty.ty), of_type(&ty.docs)),
                };
                (place.descend(&["oneOf", &contents]), None, set)
            });
            let others = values.chain(rest.map(|_| place.key("additionalProperties")));
            let places: Vec<_> = fields.chain(others.map(|place| (place, None, None))).chain(variants).collect();
            for ((place, spelled, set), ident) in places.into_iter().zip(names) {
                self.all.push(Entry { key: key(&place, kind), scope, reserved, spelled, set, ident });
            }
        }
    }

    fn call(
        &mut self,
        operation: &Operation,
        distinction: &Distinction,
        methods: Namespace,
        name: &'n mut VariantName,
    ) {
        let place = match distinction {
            Distinction::None => operation.origin.clone(),
            Distinction::Accepts(media_type) => operation.origin.descend(&["responses", media_type]),
            Distinction::Sends(media_type) => operation.origin.descend(&["requestBody", media_type]),
        };
        let items = ("tag", operation.tag.0);
        let set = operation.docs.rust_name.clone().filter(|_| matches!(distinction, Distinction::None));
        self.add("method", methods, &place, set, &mut name.method);
        self.add("request", items, &place, None, &mut name.request);
        if let Some(success) = &mut name.success {
            self.add("success", items, &place, None, &mut success.ident);
        }
    }
}

/// Returns the name that a schema sets for its type. A name in lower case is for the field of the property instead.
pub(super) fn of_type(docs: &Docs) -> Option<String> {
    docs.rust_name.clone().filter(|name| begins(name, char::is_ascii_uppercase))
}

fn of_field(docs: &Docs) -> Option<String> {
    docs.rust_name.clone().filter(|name| !begins(name, char::is_ascii_uppercase))
}

/// Returns the key of an item, without control characters.
fn key(place: &Pointer, kind: &str) -> String {
    format!("{} {kind}", printable(place))
}

/// Returns the text of a place without control characters.
pub(crate) fn printable(place: &Pointer) -> String {
    let place = place.as_str();
    let is_printable = place.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if is_printable { place.to_owned() } else { place.escape_debug().to_string() }
}

/// Returns a name of the document if it is a Rust name.
fn spelled(name: &str) -> Option<String> {
    Some(snake(name)).filter(|ident| ident == name)
}

fn component(section: &str, name: &str) -> Pointer {
    Pointer::root().descend(&["components", section, name])
}

/// The places of types.
pub(super) struct Places<'a> {
    api: &'a Api,
    /// The places of types with members.
    known: BTreeMap<TypeId, Pointer>,
    operations: BTreeMap<&'a str, Messages<'a>>,
}

/// The pointer, the request body and the responses of an operation or webhook.
pub(super) type Messages<'a> = (&'a Pointer, &'a Option<Body>, &'a [Response]);

/// Returns the operations and webhooks by id. Operation ids are unique; an operation takes precedence over a webhook with the same id.
pub(super) fn messages(api: &Api) -> BTreeMap<&str, Messages<'_>> {
    let incoming = api.incoming.iter().map(|one| (one.id.as_str(), (&one.origin, &one.body, &*one.responses)));
    let operations = api.operations.iter().map(|one| (one.id.as_str(), (&one.origin, &one.body, &*one.responses)));
    incoming.chain(operations).collect()
}

/// Returns the media types that contain the one with this role.
pub(super) fn media_types<'a>((_, body, responses): Messages<'a>, role: &Role) -> &'a [MediaType] {
    match role {
        Role::RequestBody(_) => body.as_ref().map_or(&[], |body| &body.media_types),
        Role::Response(status, _) => {
            responses.iter().find(|one| one.status == *status).map_or(&[], |one| &one.media_types)
        }
        Role::Parameter(_) | Role::Failure => &[],
    }
}

impl<'a> Places<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        let mut places = Self { api, known: BTreeMap::new(), operations: messages(api) };
        for (id, _) in api.types.iter().filter(|(_, ty)| ty.shape.has_members()) {
            places.known.insert(id, places.of_type(id));
        }
        places
    }

    /// Returns the place of a type, inside its owner if the owner is a type.
    fn of_type(&self, id: TypeId) -> Pointer {
        if let Some(known) = self.known.get(&id) {
            return known.clone();
        }
        match &self.api.types[id].owner {
            Owner::Component(name) => component("schemas", name),
            Owner::Shared(Section::Parameters, name) => component("parameters", name),
            Owner::Shared(Section::RequestBodies, name) => component("requestBodies", name),
            Owner::Shared(Section::Responses, name) => component("responses", name),
            Owner::Operation(operation, role) => self.of_role(operation, role),
            Owner::Failures(status) => {
                let status = status.map_or_else(|| "default".to_owned(), |status| status.to_string());
                Pointer::root().descend(&["errors", &status, &self.contents(id)])
            }
            Owner::Part(of, place) => {
                let of = self.of_type(*of);
                match place {
                    Place::Property(name) => of.descend(&["properties", name]),
                    Place::Item => of.key("items"),
                    Place::Element(index) => of.key("prefixItems").index(*index),
                    Place::Value => of.key("additionalProperties"),
                    Place::Variant { .. } => of.descend(&["oneOf", &self.contents(id)]),
                }
            }
            Owner::Form(of, kind) => self.of_type(*of).key(match kind {
                FormKind::Input => "input",
                FormKind::Received => "received",
                FormKind::Multipart => "multipart",
            }),
        }
    }

    fn of_role(&self, operation: &str, role: &Role) -> Pointer {
        let Some(messages @ (origin, ..)) = self.operations.get(operation) else { return Pointer::root() };
        let media_type = |index: &usize| media_types(*messages, role).get(*index).map_or("", |one| &one.name);
        match role {
            Role::Parameter(name) => origin.descend(&["parameters", name]),
            Role::RequestBody(index) => origin.descend(&["requestBody", media_type(index)]),
            Role::Failure => origin.descend(&["responses", "failure"]),
            Role::Response(status, index) => origin.descend(&["responses", &status.to_string(), media_type(index)]),
        }
    }

    /// Returns the contents of a type without a name in the document: `{kind="cat",lives}`, or components.
    fn contents(&self, id: TypeId) -> String {
        let types = &self.api.types;
        match &types[id].owner {
            Owner::Part(_, Place::Variant { components, .. }) if !components.is_empty() => return components.join("+"),
            _ => {}
        }
        let shape = &types.resolved(id).shape;
        let text = match shape {
            Shape::Object(object) => {
                let fields = object.fields.iter().map(|field| match types.shape(field.ty).enum_values() {
                    [only] => format!("{}={}", field.wire_name, only.wire),
                    _ => field.wire_name.clone(),
                });
                format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
            }
            shape if shape.is_enumeration() => {
                shape.enum_values().iter().map(|value| text_of(&value.wire)).collect::<Vec<_>>().join("|")
            }
            _ => type_word(types, id),
        };
        shortened(&text, CONTENTS)
    }
}
