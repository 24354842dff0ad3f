//! Part of `name`: types and their files.
//!
//! In: types with their owners. Out: an identifier and a file for each type that is a Rust item.
//!
//! Invariant: an inline type is named after its owner and its place there, and is in its component's file.

use std::collections::{BTreeMap, BTreeSet};

use super::entries::{Messages, media_types, messages, of_type};
use super::ident::{Scope, begins, pascal, pascal_part, snake, spared, with_word};
use super::methods::type_words;
use super::short::{Candidate, short_names_of};
use super::tags::is_version;
use super::variants::inline_branch;
use super::{Names, RESERVED_EVERYWHERE, RESERVED_TYPES, TypeName, is_among, media_word, status_variant};
use crate::ir::{Api, FormKind, MediaType, Owner, Place, Role, Section, StatusMatch, TypeId, main_json};
use clientwright_normalizer::words::{is_prefix, is_verb};

/// Names the types: components first, in document order, so that no inline type takes a component's name.
pub(super) fn name_types(api: &Api, names: &mut Names) {
    let mut idents = Scope::with(&[RESERVED_EVERYWHERE, RESERVED_TYPES]);
    let mut ways = NameContext { api, operations: messages(api), words: type_words(api), sent: BTreeMap::new() };
    names.components = ways.component_names();
    // `Workflow` is the type rather than its alias, if a component `workflow` is the type.
    let mut components: Vec<_> = api.types.components().collect();
    components.sort_by_key(|(id, _)| api.types.place(*id) != *id);
    for (id, name) in components {
        let (ident, whole) = (component_ident(names, name), pascal(name));
        let otherwise = if whole == ident { with_word(&ident, "Model") } else { whole };
        let ident = idents.take_or(&ident, &otherwise);
        ways.add_sent(&ident);
        names.types.insert(id, TypeName { ident, file: String::new() });
    }
    for (id, ty) in api.types.iter() {
        if (ty.shape.has_members() || api.types.is_inline_alias(id)) && names.ty(id).is_none() {
            let wanted = spared(inline_name(&ways, names, id, 0));
            let ident = idents.take_with(&wanted, "Model");
            names.types.insert(id, TypeName { ident, file: String::new() });
        }
    }
}

/// Returns the name of a component, not yet unique.
pub(super) fn component_ident(names: &Names, name: &str) -> String {
    names.components.get(name).cloned().unwrap_or_else(|| pascal(name))
}

/// Words for locations in a program, which are not topics.
const LAYERS: &str = "api apis app controller controllers domain dto dtos entities entity handler handlers http httputil internal model \
    models pkg rest schema schemas shared src types util utils views web webapi webapp";

/// Folders of Go code, which follow the name of the owner.
const HOSTS: [&str; 3] = ["github_com_", "gitlab_com_", "bitbucket_org_"];

/// Types of gRPC, which only gateways for gRPC put into a document.
const GATEWAY: [&str; 3] = ["googlerpcStatus", "protobufAny", "rpcStatus"];

/// What pydantic appends to the arguments of a generic type with annotations: `Page_Annotated_int__BeforeValidator__`.
const ANNOTATIONS: &str = "Annotated AfterValidator BeforeValidator PlainSerializer PlainValidator WithJsonSchema WrapSerializer WrapValidator";

/// Returns the candidate names of a component without its package, shortest first: `Event` and `CoreEvent` for `core.v1.Event`.
fn without_package(name: &str, fronts: &BTreeSet<String>, is_gateway: bool) -> Vec<String> {
    // C# appends the arguments of a type.
    if let Some(parts) = name.strip_suffix('_').filter(|rest| rest.trim_matches('_').contains('_')) {
        let part = |part: &str| {
            let name = part.rsplit('.').next().unwrap_or(part);
            // `I` is an interface.
            let class = name.strip_prefix('I').filter(|rest| {
                begins(rest, char::is_ascii_uppercase)
                    && rest.chars().nth(1).is_some_and(|next| next.is_ascii_lowercase())
            });
            pascal(class.unwrap_or(name))
        };
        // So it does for pydantic, with two for a comma.
        let parts = parts.split('_').filter(|part| !part.is_empty() && !is_among(part, &[ANNOTATIONS]));
        return vec![parts.map(part).collect::<Vec<_>>().join("Of")];
    }
    // Twilio prepends the owner of an enumeration.
    if let Some((owner, name)) = name.split_once("_enum_") {
        let owner = owner.rsplit_once('_').filter(|(_, last)| name.starts_with(last)).map_or(owner, |(front, _)| front);
        let is_repeated = name.starts_with(owner);
        return vec![if is_repeated { pascal(name) } else { pascal(owner) + &pascal_part(name) }];
    }
    let separator = if name.matches("__").count() > 1 { "__" } else { "." };
    let mut segments: Vec<&str> = name.split(separator).filter(|segment| !segment.is_empty()).collect();
    let Some(last) = segments.pop() else { return Vec::new() };
    if segments.is_empty() {
        return without_front(name, fronts, is_gateway).map(pascal).into_iter().collect();
    }
    // `v0.0.38_pings` has dots in its version.
    if begins(last, char::is_ascii_digit) {
        let behind = last.split_once('_').filter(|_| segments.first().is_some_and(|first| is_version(first)));
        return behind.map(|(_, name)| pascal(name)).into_iter().collect();
    }
    // The parts of `AlertService.jsonld` and `PetRestApi.get_list` are not packages.
    let is_upper = |segment: &&&str| begins(segment, char::is_ascii_uppercase);
    if segments.iter().chain([&last]).skip_while(|segment| !is_upper(segment)).any(|segment| !is_upper(&segment)) {
        return vec![pascal(&name.replacen("RestApi.", ".", 1))];
    }
    let qualifiers: Vec<String> = segments.iter().flat_map(|segment| qualifiers(segment)).collect();
    let with = |qualifiers: &[String]| pascal(&qualifiers.concat()) + &pascal_part(last);
    let nearest = qualifiers.len().saturating_sub(1);
    let nearest = qualifiers.get(nearest..).filter(|nearest| !nearest.is_empty()).map(&with);
    let all = Some(&qualifiers).filter(|all| !all.is_empty()).map(|all| with(all));
    [pascal(last)].into_iter().chain(nearest).chain(all).collect()
}

/// Returns the topics of a package: none for `v1` and `models`, `Acme` and `Shop` for `github_com_acme_shop_internal_model`.
fn qualifiers(package: &str) -> Vec<String> {
    let hosted = HOSTS.iter().find_map(|host| package.strip_prefix(host));
    let is_topic = |word: &&str| !is_among(&word.to_ascii_lowercase(), &[LAYERS]) && !is_prefix(word);
    match hosted {
        Some(folders) => folders.split('_').filter(is_topic).map(pascal_part).collect(),
        None => {
            let class = package.strip_suffix("Controller").filter(|class| !class.is_empty()).unwrap_or(package);
            Some(class).filter(is_topic).map(pascal_part).into_iter().collect()
        }
    }
}

/// Returns the name behind a package that is a part of it: `NodeSpec` for `v1beta1NodeSpec`.
fn without_front<'n>(name: &'n str, fronts: &BTreeSet<String>, is_gateway: bool) -> Option<&'n str> {
    let begin = name.find(|letter: char| letter.is_ascii_uppercase())?;
    let (front, rest) = name.split_at(begin);
    if begin > 0 {
        return (is_gateway || is_version(front)).then_some(rest);
    }
    let google = ["GoogleProtobuf", "GoogleRpc"].iter().find_map(|package| name.strip_prefix(package));
    if let Some(rest) = google.filter(|rest| begins(rest, char::is_ascii_uppercase)) {
        return Some(rest);
    }
    front_of(name).filter(|front| fronts.contains(*front)).and_then(|front| name.strip_prefix(front))
}

/// Returns the words up to a version, if they are at least three, and others follow: `GoogleCloudShopV1` for `GoogleCloudShopV1Pet`.
fn front_of(name: &str) -> Option<&str> {
    let ends = name.char_indices().skip(1).filter(|(_, letter)| letter.is_ascii_uppercase()).map(|(at, _)| at);
    let mut start = 0;
    let mut words = ends.map(|end| (std::mem::replace(&mut start, end), end)).enumerate();
    words.find_map(|(index, (start, end))| {
        let is_version = is_prefix(name.get(start..end)?);
        (index > 1 && is_version).then(|| name.get(..end))?
    })
}

/// The maximum length of a chain of owners for a name.
const OWNERS: usize = 64;

/// The context of inline type names.
struct NameContext<'a> {
    api: &'a Api,
    operations: BTreeMap<&'a str, Messages<'a>>,
    /// The base names of operations' types, by operation id.
    words: BTreeMap<&'a str, String>,
    /// The components by the possible names of their sent forms.
    sent: BTreeMap<String, BTreeSet<String>>,
}

impl NameContext<'_> {
    /// Returns the name of each component: the shortest candidate that no other component could have, or else its full name.
    fn component_names(&self) -> BTreeMap<String, String> {
        let components: Vec<&str> = self.api.types.components().map(|(_, name)| name).collect();
        let mut fronts: BTreeMap<&str, usize> = BTreeMap::new();
        components.iter().filter_map(|name| front_of(name)).for_each(|front| *fronts.entry(front).or_default() += 1);
        let fronts = fronts.into_iter().filter(|(_, count)| *count > 1).map(|(front, _)| front.to_owned()).collect();
        let is_gateway = components.iter().any(|name| GATEWAY.contains(name));
        let set = self.api.types.components().map(|(id, _)| of_type(&self.api.types[id].docs));
        let wanted = components.iter().zip(set).map(|(name, set)| {
            let short = self.body(name).map_or_else(|| without_package(name, &fronts, is_gateway), |body| vec![body]);
            set.into_iter().chain(short).chain([pascal(name)]).map(Candidate::strong).collect()
        });
        let idents = short_names_of(wanted.collect());
        components.into_iter().map(str::to_owned).zip(idents).collect()
    }

    /// Registers a component by its identifier.
    fn add_sent(&mut self, ident: &str) {
        for stem in std::iter::once(ident).chain(sent_stem(ident)) {
            self.sent.entry(stem.to_owned()).or_default().insert(ident.to_owned());
        }
    }

    /// Returns `PetInput` for `Pet`, and `AddPetInput` for `AddPetInputBody` and `AddPetRequest`, unless there is an `AddPet` as well.
    fn input_name(&self, name: &str) -> String {
        let is_own =
            |stem: &&str| self.sent.get(*stem).is_none_or(|components| components.iter().all(|one| one == name));
        format!("{}Input", sent_stem(name).filter(is_own).unwrap_or(name))
    }

    /// Returns an operation as a part of a name.
    fn word(&self, operation: &str) -> String {
        pascal_part(self.words.get(operation).map_or(operation, String::as_str))
    }

    /// Returns the role of a type in the operation with this id, as a part of a name.
    fn role(&self, id: &str, role: &Role) -> String {
        let media_types = self.operations.get(id).map_or(&[][..], |messages| media_types(*messages, role));
        match role {
            Role::Parameter(name) => pascal_part(name),
            Role::RequestBody(index) => format!("Body{}", further(media_types, *index)),
            Role::Failure => "Error".to_owned(),
            Role::Response(status, index) => {
                // The usual success needs no word.
                let word = if *status == StatusMatch::Code(200) { String::new() } else { status_variant(*status) };
                format!("{word}Response{}", further(media_types, *index))
            }
        }
    }

    /// Returns `UploadPhotoBody` for `Body_upload_photo_tools__tool_id__photo_post`, FastAPI's name of a body that consists of the
    /// arguments of a function.
    fn body(&self, component: &str) -> Option<String> {
        let operation = component.strip_prefix("Body_")?;
        self.operations.contains_key(operation).then(|| format!("{}Body", self.word(operation)))
    }
}

/// Returns the name of an inline type: its owner's name and its place there.
fn inline_name(ways: &NameContext<'_>, names: &Names, id: TypeId, depth: usize) -> String {
    let api = ways.api;
    if let Some(name) = names.ty(id) {
        return with_word(&name.ident, "");
    }
    if depth >= OWNERS {
        return "Inline".to_owned();
    }
    let parent = |of: TypeId| inline_name(ways, names, of, depth + 1);
    match &api.types[id].owner {
        Owner::Component(name) | Owner::Shared(Section::Parameters, name) => pascal_part(name),
        Owner::Shared(Section::RequestBodies, name) => format!("{}Body", pascal_part(name).trim_end_matches("Body")),
        Owner::Shared(Section::Responses, name) => {
            format!("{}Response", shared_response(name).trim_end_matches("Response"))
        }
        Owner::Form(of, FormKind::Input) => ways.input_name(&parent(*of)),
        Owner::Form(of, kind) => format!("{}{kind:?}", parent(*of)),
        Owner::Operation(id, role) => ways.word(id) + &ways.role(id, role),
        Owner::Failures(status) => format!("{}Response", status.map_or_else(|| "Error".to_owned(), status_variant)),
        Owner::Part(of, place) => {
            let is_property = |id: TypeId| matches!(api.types[id].owner, Owner::Part(_, Place::Property(_)));
            let mut owner = parent(*of);
            let place = match place {
                Place::Property(name) => pascal_part(name),
                Place::Item if is_property(*of) && owner.ends_with("Items") => {
                    owner.pop();
                    return owner;
                }
                Place::Item => "Item".to_owned(),
                Place::Element(index) => format!("Item{}", index + 1),
                Place::Value => "Value".to_owned(),
                Place::Variant { index, .. } => inline_branch(api, names, *of, *index),
            };
            owner + &place
        }
    }
}

/// Returns `AddPet` for `AddPetInputBody` and `AddPetRequest`, whose suffix already means "sent". `PullRequest` is a noun.
fn sent_stem(name: &str) -> Option<&str> {
    let of_request = || {
        let words = snake(name);
        let is_deed = words.split('_').next().is_some_and(is_verb) && words.matches('_').count() > 1;
        name.strip_suffix("Request").filter(|_| is_deed)
    };
    name.strip_suffix("InputBody").or_else(|| name.strip_suffix("RequestBody")).or_else(of_request)
}

/// Returns a component of `responses` as a part of a name: `BadRequest` if its name is only `400`.
fn shared_response(name: &str) -> String {
    let is_status = name.len() == 3 && name.starts_with(['1', '2', '3', '4', '5']);
    let status = name.parse().ok().filter(|_| is_status);
    status.map_or_else(|| pascal_part(name), |code| status_variant(StatusMatch::Code(code)))
}

/// Returns a media type as a word, unless it is the main one: JSON, or else the first.
fn further(media_types: &[MediaType], index: usize) -> String {
    let plain = main_json(media_types).or(media_types.first());
    match media_types.get(index) {
        Some(media_type) if Some(media_type) != plain => pascal_part(&media_word(&media_type.name)),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::call_variants::call_variants;
    use crate::generate::{Document, read_api};
    use crate::ir::{Shape, Type};
    use crate::name::name;
    use clientwright_normalizer::Source;

    /// The types of an API with one operation `getBucket`, each with its alias target; the first is the type of its failures.
    fn types(responses: &Value) -> Vec<(String, Option<String>)> {
        let mut all = json!({ "204": { "description": "" } });
        for (status, schema) in responses.as_object().unwrap() {
            all[status] = json!({ "description": "", "content": { "application/json": { "schema": schema } } });
        }
        let paths = json!({ "/": { "get": { "operationId": "getBucket", "responses": all } } });
        named(&json!({ "openapi": "3.0.3", "info": { "title": "t", "version": "v" }, "paths": paths }))
    }

    /// The read types of a document, each with its alias target.
    fn named(document: &Value) -> Vec<(String, Option<String>)> {
        let source = Source { name: "t.json".to_owned(), text: document.to_string() };
        let (api, _) = read_api(&Document::new("t", source)).unwrap();
        let names = name(&api, &call_variants(&api));
        let ident = |id: TypeId| names.ty(id).map(|name| name.ident.clone());
        let named = |(id, ty): (TypeId, &Type)| match ty.shape {
            Shape::Alias(of) => Some((ident(id)?, ident(of.ty))),
            _ => Some((ident(id)?, None)),
        };
        let mut named: Vec<_> = api.types.iter().filter(|(_, ty)| ty.read).filter_map(named).collect();
        named.sort();
        named
    }

    fn plain(names: &[&str]) -> Vec<(String, Option<String>)> {
        names.iter().map(|name| ((*name).to_owned(), None)).collect()
    }

    #[test]
    fn failures_are_named_after_the_operation() {
        let error = json!({ "type": "object", "properties": {
            "code": { "type": "integer" },
            "details": { "type": "array", "items": { "type": "object", "properties": { "name": { "type": "string" } } } },
        } });
        let once = types(&json!({ "401": error }));
        assert_eq!(once, plain(&["GetBucketUnauthorizedResponse", "GetBucketUnauthorizedResponseDetailsItem"]));
        let several = types(&json!({ "401": error, "404": error, "default": error }));
        assert_eq!(several, plain(&["GetBucketError", "GetBucketErrorDetailsItem"]));
    }

    #[test]
    fn failures_of_several_operations_have_one_type() {
        let error = |docs: &str| json!({ "type": "object", "properties": { "code": { "type": "integer", "description": docs } } });
        let content =
            |schema: Value| json!({ "description": "", "content": { "application/json": { "schema": schema } } });
        let names = |one: Value, other: Value, shared: &str| {
            let operation = |id: &str, mut responses: Value| {
                responses["204"] = json!({ "description": "" });
                json!({ "operationId": id, "responses": responses })
            };
            named(&json!({
                "openapi": "3.0.3",
                "info": { "title": "t", "version": "v" },
                "paths": { "/": { "get": operation("one", one), "put": operation("other", other) } },
                "components": { "responses": { shared: content(error("Shared.")) } },
            }))
        };
        let [one, other] = ["One.", "Other."].map(|docs| content(error(docs)));
        assert_eq!(names(json!({ "404": one }), json!({ "404": other }), "X"), plain(&["NotFoundResponse"]));
        assert_eq!(names(json!({ "404": one }), json!({ "409": other }), "X"), plain(&["ErrorResponse"]));
        assert_eq!(names(json!({ "default": one }), json!({ "default": other }), "X"), plain(&["ErrorResponse"]));
        let shared = |name: &str| json!({ "$ref": format!("#/components/responses/{name}") });
        let used =
            |name: &str, status: &str| names(json!({ "404": shared(name) }), json!({ status: shared(name) }), name);
        assert_eq!(used("NotFound", "404"), plain(&["NotFoundResponse"]));
        assert_eq!(used("NotFound", "409"), plain(&["ErrorResponse"]));
        assert_eq!(used("Problem", "409"), plain(&["ProblemResponse"]));
        assert_eq!(names(json!({ "404": shared("X") }), json!({ "409": one }), "X"), plain(&["ErrorResponse"]));
        // A success of the same form keeps its own type.
        assert_eq!(
            names(json!({ "200": one }), json!({ "404": other }), "X"),
            plain(&["OneResponse", "OtherNotFoundResponse"])
        );
    }

    #[test]
    fn components_with_equal_twins_are_aliases() {
        let twins = |base: &str, twin: &str, other: &str| {
            let object = |key: &str, nullable: bool| json!({ "type": "object", "nullable": nullable, "properties": { key: { "type": "string" } } });
            let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
            let both = json!({ "type": "object", "properties": { "a": reference(base), "b": reference(twin) } });
            let response = json!({ "description": "", "content": { "application/json": { "schema": both } } });
            named(&json!({
                "openapi": "3.0.3",
                "info": { "title": "t", "version": "v" },
                "paths": { "/": { "get": { "operationId": "get", "responses": { "200": response } } } },
                "components": { "schemas": { base: object("x", false), twin: object(other, true) } },
            }))
        };
        let alias = |twin: &str, base: &str| (twin.to_owned(), Some(base.to_owned()));
        for (twin, name) in [
            ("nullable-user", "NullableUser"),
            ("UserNullable", "UserNullable"),
            ("User_1", "User1"),
            ("user1", "User1"),
        ] {
            assert!(twins("user", twin, "x").contains(&alias(name, "User")), "{:?}", twins("user", twin, "x"));
            assert!(twins("user", twin, "y").contains(&(name.to_owned(), None)));
        }
        // A number distinguishes names without a common base.
        assert!(twins("IPv4", "IPv6", "x").iter().all(|(_, alias)| alias.is_none()));
    }

    #[test]
    fn a_type_has_its_name_before_an_alias() {
        let reference = json!({ "$ref": "#/components/schemas/workflow" });
        let status = json!({ "type": "string", "enum": ["a", "b"] });
        let response = json!({ "description": "", "content": { "application/json": { "schema": reference } } });
        let names = named(&json!({
            "openapi": "3.0.3",
            "info": { "title": "t", "version": "v" },
            "paths": { "/": { "get": { "operationId": "get", "responses": { "200": response } } } },
            "components": { "schemas": {
                "Workflow": reference,
                "workflow": { "type": "object", "properties": { "status": status } },
            } },
        }));
        let alias = ("WorkflowModel".to_owned(), Some("Workflow".to_owned()));
        let [own, status] = ["Workflow", "WorkflowStatus"].map(|name| (name.to_owned(), None));
        assert_eq!(names, [own, alias, status]);
    }

    #[test]
    fn framework_suffixes_are_not_in_type_names() {
        let schema = json!({ "type": "object", "properties": { "a": { "type": "string", "enum": ["x", "y"] } } });
        let answer =
            |schema: &Value| json!({ "description": "", "content": { "application/json": { "schema": schema } } });
        let operation = |id: &str| {
            let body = answer(&json!({ "$ref": format!("#/components/schemas/Body_{id}") }));
            json!({ "operationId": id, "responses": { "200": answer(&schema), "400": body } })
        };
        let (photo, one, other) = ("add_photo_tools_photo_post", "read_one_get", "read_other_get");
        let names = named(&json!({
            "openapi": "3.0.3",
            "info": { "title": "t", "version": "v" },
            "paths": {
                "/tools/photo": { "post": operation(photo) },
                "/one": { "get": operation(one) },
                "/other": { "get": operation(other) },
            },
            "components": { "schemas": {
                format!("Body_{photo}"): schema, format!("Body_{one}"): schema, format!("Body_{other}"): schema,
            } },
        }));
        let names: Vec<&str> =
            names.iter().map(|(name, _)| name.as_str()).filter(|name| !name.ends_with('A')).collect();
        let expected = [
            "AddPhotoBody", "AddPhotoResponse", "ReadOneBody", "ReadOneResponse", "ReadOtherBody", "ReadOtherResponse",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn responses_named_by_status_get_its_reason_phrase() {
        let names = ["400", "499", "600", "40", "NotFound"].map(shared_response);
        assert_eq!(names, ["BadRequest", "Status499", "V600", "V40", "NotFound"]);
    }

    #[test]
    fn input_names_have_one_suffix() {
        let names = ["Pet", "AddPetInputBody", "ShipRequestBody", "AddPetRequest", "PullRequest", "MergeRequest"]
            .map(sent_stem);
        assert_eq!(names, [None, Some("AddPet"), Some("Ship"), Some("AddPet"), None, None]);
    }

    #[test]
    fn equal_branches_are_named_after_distinguishing_properties() {
        let branch = |kind: &str, key: &str| {
            json!({ "type": "object", "required": ["kind", key],
                "properties": { "kind": { "type": "string", "enum": [kind] }, key: { "type": "string" } } })
        };
        let names = |branches: &[Value]| {
            let named = types(&json!({ "200": { "type": "array", "items": { "oneOf": branches } } }));
            let variants = named.into_iter().filter(|(name, _)| !name.ends_with("Kind")).skip(1);
            variants.map(|(name, _)| name.replace("GetBucketResponseItem", "")).collect::<Vec<_>>()
        };
        assert_eq!(names(&[branch("git", "repo"), branch("git", "org")]), ["Org", "Repo"]);
        assert_eq!(
            names(&[branch("git", "repo"), branch("git", "org"), branch("svn", "path")]),
            ["Org", "Repo", "Svn"]
        );
    }

    #[test]
    fn objects_without_distinguishing_properties_are_named_after_values_or_types() {
        let object = |properties: Value| json!({ "type": "object", "properties": properties });
        let names = |branches: &[Value]| {
            let named = types(&json!({ "200": { "type": "array", "items": { "oneOf": branches } } }));
            let variants = named.into_iter().map(|(name, _)| name.replace("GetBucketResponseItem", ""));
            variants.filter(|name| !name.is_empty() && !name.ends_with("State")).collect::<Vec<_>>()
        };
        let state = |values: &[&str]| object(json!({ "state": { "type": "string", "enum": values } }));
        assert_eq!(names(&[state(&["queued", "running"]), state(&["done"])]), ["Done", "Queued"]);
        assert_eq!(names(&[state(&["a", "b"]), state(&["b", "a"])]), ["Variant1", "Variant2"]);
        let tuple = |items: Value| {
            let any = json!({ "anyOf": items });
            json!({ "type": "array", "items": any, "minItems": 2, "maxItems": 2, "x-prefix-items": items })
        };
        let [eq, lt] =
            ["eq", "lt"].map(|one| tuple(json!([{ "type": "string", "enum": [one] }, { "type": "string" }])));
        let point = tuple(json!([{ "type": "integer" }, { "type": "integer" }]));
        assert_eq!(
            names(&[eq, lt, point]),
            ["EqTuple", "EqTupleItem1", "IntegerIntegerTuple", "LtTuple", "LtTupleItem1"]
        );
        assert_eq!(names(&[state(&["a", "b", "c", "d"]), state(&["e", "f"])]), ["A", "E"]);
        let labels = |items: &str| object(json!({ "labels": { "type": "array", "items": { "type": items } } }));
        assert_eq!(names(&[labels("string"), labels("integer")]), ["LabelsIntegerList", "LabelsTextList"]);
        let [id, size] = [json!({ "type": "string" }), json!({ "type": "integer" })];
        let sized = object(json!({ "id": id, "size": size }));
        assert_eq!(names(&[object(json!({ "id": id })), sized]), ["Base", "Size"]);
        let requires = |required: &[&str], more: &str| {
            let mut properties = json!({ "id": id, "size": size });
            properties[more] = id.clone();
            json!({ "type": "object", "required": required, "properties": properties })
        };
        assert_eq!(names(&[requires(&["id"], "note"), requires(&["id", "size"], "hint")]), ["Base", "Size"]);
        let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
        let named = types(&json!({ "200": { "type": "array", "items": { "oneOf": [map, sized_only()] } } }));
        assert_eq!(named, plain(&["GetBucketResponseItem", "GetBucketResponseItemSize"]));
    }

    fn sized_only() -> Value {
        json!({ "type": "object", "properties": { "size": { "type": "integer" } } })
    }

    #[test]
    fn packages_are_not_in_names() {
        for (names, expected) in [
            ("github_com_acme_shop_internal_model.Item model.User", "Item User"),
            ("a.User github_com_acme_shop_internal_model.User", "AUser ShopUser"),
            ("core.v1.Event events.v1.Event v1.Pod", "CoreEvent EventsEvent Pod"),
            ("v1.Pod v2.Pod", "V1Pod V2Pod"),
            ("Acme.Models.Images.Photo Acme.Models.Pet", "Photo Pet"),
            ("AlertService.jsonld PetRestApi.get_list", "AlertServiceJsonld PetGetList"),
            ("v1__models__a__Pet v1__models__b__Pet", "APet BPet"),
            ("API.IPage_Acme.Models.Pet_ Items_string_", "PageOfPet ItemsOfString"),
            ("Response_List_Pet__dict___Links_", "ResponseOfListOfPetOfDictOfLinks"),
            ("Page_Annotated_int__BeforeValidator__WithJsonSchema__", "PageOfInt"),
            ("GithubComAcmeShopV1alpha1Sink GithubComAcmeShopV1alpha1Source GoogleRpcStatus", "Sink Source Status"),
            ("PetV1Request PetV1Response", "PetV1Request PetV1Response"),
            ("acmeSource protobufAny v1beta1Sink", "Source Any Sink"),
            ("gettableAlert postableAlert v1Source", "GettableAlert PostableAlert Source"),
            ("3DModel 404Error av1Codec ipv4Address", "V3DModel V404Error Av1Codec Ipv4Address"),
            ("200OKResponse 401_Unauthorized", "V200OkResponse V401Unauthorized"),
            ("dbv0.0.38_diag v0.0.38_diag v0.0.38_pings", "Dbv0_0_38Diag Diag Pings"),
            ("v0.0.37_pings v0.0.38_pings", "V0_0_37Pings V0_0_38Pings"),
            ("channel_enum_channel_type member_enum_webhook_type", "ChannelType MemberWebhookType"),
        ] {
            let names: Vec<&str> = names.split(' ').collect();
            assert_eq!(read(&names).join(" "), expected, "{names:?}");
        }
    }

    /// The names of components that are objects, in document order.
    fn components(names: &[&str]) -> Vec<String> {
        let schema = json!({ "type": "object", "properties": { "id": { "type": "string", "readOnly": true } } });
        let content =
            |name| json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } });
        let mut document =
            json!({ "openapi": "3.0.3", "info": { "title": "t", "version": "v" }, "paths": {}, "components": {} });
        for (index, name) in names.iter().enumerate() {
            document["components"]["schemas"][name] = schema.clone();
            document["paths"][format!("/{index}")]["post"] = json!({
                "operationId": format!("o{index}"),
                "requestBody": { "content": content(name) },
                "responses": { "200": { "description": "", "content": content(name) } },
            });
        }
        let source = Source { name: "t.json".to_owned(), text: document.to_string() };
        let (api, _) = read_api(&Document::new("t", source)).unwrap();
        let names = super::super::name(&api, &call_variants(&api));
        let ident = |(id, ty): (TypeId, &Type)| match ty.owner {
            Owner::Component(_) | Owner::Form(_, FormKind::Input) => names.ty(id).map(|name| name.ident.clone()),
            _ => None,
        };
        api.types.iter().filter_map(ident).collect()
    }

    /// The same without types that are only sent.
    fn read(names: &[&str]) -> Vec<String> {
        components(names).into_iter().filter(|name| !name.ends_with("Input")).collect()
    }

    #[test]
    fn a_short_name_of_two_components_goes_to_neither() {
        assert_eq!(read(&["model.User"]), ["User"]);
        assert_eq!(read(&["dto.User", "model.User"]), ["DtoUser", "ModelUser"]);
        assert_eq!(read(&["Models.Pet", "Pet"]), ["ModelsPet", "Pet"]);
        assert_eq!(read(&["Pet", "acme.Pet", "acme.Toy"]), ["Pet", "AcmePet", "Toy"]);
        assert_eq!(read(&["dto.User", "model.Pet", "model.User"]), ["DtoUser", "Pet", "ModelUser"]);
    }

    #[test]
    fn sent_types_are_named_after_their_component() {
        let sent = |names: &[&str]| -> Vec<String> {
            components(names).into_iter().filter(|name| name.ends_with("Input")).collect()
        };
        assert_eq!(sent(&["AddPetRequest"]), ["AddPetInput"]);
        assert_eq!(sent(&["AddPet", "AddPetRequest"]), ["AddPetInput", "AddPetRequestInput"]);
        assert_eq!(sent(&["AddPetInputBody", "AddPetRequest"]), ["AddPetInputBodyInput", "AddPetRequestInput"]);
    }

    #[test]
    fn a_body_of_one_status_is_named_after_it() {
        let object = |name: &str| json!({ "type": "object", "properties": { name: { "type": "string" } } });
        let (error, other) = (object("error"), object("other"));
        let names = ["GetBucketNotFoundResponse", "GetBucketUnauthorizedResponse"];
        assert_eq!(types(&json!({ "401": error, "404": other })), plain(&names));
        let names = ["GetBucketError", "GetBucketNotFoundResponse"];
        assert_eq!(types(&json!({ "401": error, "403": error, "404": other })), plain(&names));
        assert_eq!(types(&json!({ "200": error, "401": error, "404": error })), plain(&["GetBucketResponse"]));
        assert_eq!(
            types(&json!({ "401": error, "404": error, "409": { "type": "string" } })),
            plain(&["GetBucketError"])
        );
    }
}
