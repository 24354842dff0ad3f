//! Part of `name`: method names of operations, from their ids.
//!
//! In: operations. Out: a name for each, not yet unique.
//!
//! Invariant: an id only loses parts that repeat its path, its controller, its service, its API or its tag, and none if another operation
//! of the tag could then have the same name.

use std::collections::{BTreeMap, BTreeSet};

use super::ident::{begins, snake};
use super::short::{short_names_of, short_snakes_of};
use super::{RESERVED_METHODS, is_among, tags};
use crate::ir::{Api, Operation};
use clientwright_normalizer::words::{is_deed, is_prefix, is_several, is_verb, parameter, plural, singular};

/// The maximum length of a path prefix that is searched for in an id.
const SEGMENTS: usize = 16;

/// The maximum length of an id that is searched for repetitions: each end of a word is compared with the words of the path and the tag.
const LONGEST_ID: usize = 500;

/// Returns the base name of the types of each operation: its id without repetitions of the path and without framework suffixes, unless
/// another operation could have this name.
pub(super) fn type_words(api: &Api) -> BTreeMap<&str, String> {
    let words = short_snakes_of(api.operations.iter().map(type_candidates).collect());
    api.operations.iter().map(|operation| operation.id.as_str()).zip(words).collect()
}

/// Returns the candidate base names of an operation's types, from the shortest to its id.
fn type_candidates(operation: &Operation) -> Vec<String> {
    let id = operation.id.as_str();
    if id.len() > LONGEST_ID {
        return vec![id.to_owned()];
    }
    let Some(rest) = without_path(operation) else {
        return without_class(id).into_iter().chain([id.to_owned()]).collect();
    };
    // `list` alone is only meaningful with its tag, which type names do not have.
    let says_thing = snake(rest).split('_').filter(|word| *word != "all").count() > 1;
    let short = says_thing.then(|| rest.to_owned());
    short.into_iter().chain([with_thing(rest, &operation.path), id.to_owned()]).collect()
}

/// Returns the method name of each operation, in order.
pub(super) fn method_names(api: &Api) -> Vec<String> {
    let ids: BTreeSet<&str> = api.operations.iter().map(|operation| operation.id.as_str()).collect();
    let of_tag = |operation: &Operation| {
        candidates(api, &ids, operation).into_iter().map(|name| (operation.tag.0, name)).collect()
    };
    short_names_of(api.operations.iter().map(of_tag).collect()).into_iter().map(|(_, name)| name).collect()
}

/// Returns the candidate names of an operation, shortest first: the verb before its tag; its id without repetitions; the same with the
/// end of its path or the topic of its controller; its id; its method and path, if its id is equivalent to them, so
/// that a generated id takes no name from another operation.
fn candidates(api: &Api, ids: &BTreeSet<&str>, operation: &Operation) -> Vec<String> {
    let whole = [operation.id.as_str()].into_iter().chain(operation.id_of_path.as_deref()).map(snake);
    if operation.id.len() > LONGEST_ID {
        return whole.collect();
    }
    let tag = api.tags.get(operation.tag.0).filter(|tag| !tag.implied).map(|tag| tag.name.as_str());
    let rest = without_repetition(ids, operation, tag);
    let name = snake(rest);
    let verb = tag.and_then(|tag| {
        let tags = [Some(tag), tags::short(tag)];
        let part = |tag: &str| read_alone(&name, tag, operation).or_else(|| sub_resource_name(&name, tag, operation));
        let short = |tag: &str| verb_alone(&name, tag).or_else(|| part(tag));
        tags.into_iter().flatten().find_map(|tag| short(&snake(tag))).map(|verb| snake(&verb))
    });
    let is_word = begins(rest, char::is_ascii_alphabetic);
    let longer = with_place(operation).or_else(|| without_class(&operation.id)).map(|name| snake(&name));
    let short = [verb, Some(name).filter(|_| is_word), longer].into_iter().flatten().filter(|name| is_method(name));
    short.chain(whole).collect()
}

/// Returns `true` if a name is neither a keyword, which gets an underscore, nor reserved.
fn is_method(name: &str) -> bool {
    !name.ends_with('_') && !is_among(name, &[RESERVED_METHODS])
}

/// Returns the id of an operation without repetitions.
fn without_repetition<'i>(ids: &BTreeSet<&str>, operation: &'i Operation, tag: Option<&str>) -> &'i str {
    let id = operation.id.as_str();
    let rest = without_number(ids, id).or_else(|| without_path(operation)).or_else(|| without_parameters(operation));
    let rest = rest.or_else(|| behind_path(operation)).unwrap_or(id);
    let rest = without_method(rest, operation.method.key()).unwrap_or(rest);
    // `findAll` for `PetsController_findAll`, `GetPet` for `PetService_GetPet`.
    let rest = owner(rest).map_or(rest, |(_, function)| function);
    let rest = without_prefix(rest, &operation.path);
    let without_tag = |tag| without_tag(rest, tag).or_else(|| without_short_tag(rest, tags::short(tag)?));
    // The rest of `WidgetsApi_create` is `Api_create`.
    let behind_api = |rest: &'i str| {
        let behind = ["Api_", "api_", "Api."].iter().find_map(|api| rest.strip_prefix(api));
        behind.filter(|rest| !rest.is_empty()).unwrap_or(rest)
    };
    tag.and_then(without_tag).map_or(rest, behind_api)
}

/// Returns `get` for `get_pet`, `get_all` for `get_all_pets`, `delete_by_id` for `delete_pet_by_id`, if the tag is `pets`.
fn verb_alone(name: &str, tag: &str) -> Option<String> {
    let (verb, rest) = name.split_once('_').filter(|(verb, _)| is_verb(verb))?;
    let (all, rest) = rest.split_at(if rest.starts_with("all_") { "all_".len() } else { 0 });
    let (thing, key) = rest.split_at(rest.find("_by_").unwrap_or(rest.len()));
    // Two keys have another word between them.
    let is_key = key.matches("_by_").count() < 2;
    let is_tag = thing == tag || singular(thing) == singular(tag);
    (is_tag && is_key).then(|| format!("{verb}_{all}").trim_end_matches('_').to_owned() + key)
}

/// Returns `list_toys` for `list_pet_toys` at `/pets/{id}/toys`, if the tag is `pets`: the path also shows that the toys belong to pets. At
/// `/pet-toys`, they need not. Deleting a like's track need not delete the track.
fn sub_resource_name(name: &str, tag: &str, operation: &Operation) -> Option<String> {
    let (verb, rest) = name.split_once('_')?;
    let behind = |owner: String| rest.strip_prefix(&owner)?.strip_prefix('_');
    let part = [singular(tag), plural(tag), tag.to_owned()].into_iter().find_map(behind)?;
    let fixed = operation.path.split('/').take(SEGMENTS).filter(|segment| !segment.contains('{')).map(snake);
    let mut behind_owner = fixed.skip_while(|segment| singular(segment) != singular(tag)).skip(1);
    let word = singular(part.split('_').next()?);
    let is_part = behind_owner.any(|segment| segment.split('_').any(|other| singular(other) == word));
    let takes_out = matches!(verb, "delete" | "destroy" | "remove");
    let says_what_is_done = !takes_out && (is_verb(verb) || verb == operation.method.key());
    (says_what_is_done && is_part).then(|| format!("{verb}_{part}"))
}

/// Returns `list` for `meetings` and `get` for `meeting`, with the method `GET`, if the tag is `meetings`.
fn read_alone(name: &str, tag: &str, operation: &Operation) -> Option<String> {
    if operation.method.key() != "get" || singular(name) != singular(tag) || is_verb(name) {
        return None;
    }
    let is_list = is_several(name) && !operation.path.ends_with('}');
    Some(if is_list { "list" } else { "get" }.to_owned())
}

/// Returns `read_item` for `read_item_items__item_id__get`: frameworks append path and method, other characters as underscores. If the
/// operation is mounted below another path, `/api/items/{item_id}`, that prefix is missing.
fn without_path(operation: &Operation) -> Option<&str> {
    let path = operation.path.as_str();
    let words = |path: &str| path.replace(|character: char| !character.is_ascii_alphanumeric(), "_");
    let all = words(path);
    // In a mounted operation, a single word, or words of the path, could be its topic.
    let is_own = |word: &str| !all.split('_').any(|other| other.starts_with(word));
    let is_name = |start: usize, rest: &str| {
        if start == 0 { !rest.is_empty() } else { rest.contains('_') && rest.split('_').any(is_own) }
    };
    let method = operation.method.key().to_ascii_lowercase();
    path.match_indices('/').take(SEGMENTS).find_map(|(start, _)| {
        let below = path.get(start..).filter(|below| start == 0 || *below != "/")?;
        let rest = operation.id.strip_suffix(&format!("{}_{method}", words(below)))?;
        is_name(start, rest).then_some(rest)
    })
}

/// Returns `getById` for `get-/files/{id}_getById`, which contains the path.
fn behind_path(operation: &Operation) -> Option<&str> {
    let (_, rest) = operation.id.split_once(operation.path.as_str()).filter(|_| operation.path.len() > 1)?;
    rest.strip_prefix('_').filter(|rest| !rest.is_empty())
}

/// Returns `speak_stream` for `speak_voices__id__stream_post`, and `speak_by_id` for `speak_voices__id__post`: if functions of several
/// paths have the same name, the end of the path distinguishes them.
fn with_place(operation: &Operation) -> Option<String> {
    let rest = without_path(operation)?;
    let end = operation.path.trim_end_matches('/').rsplit('/').next()?;
    Some(parameter(end).map_or_else(|| format!("{rest}_{end}"), |key| format!("{rest}_by_{key}")))
}

/// Returns `list_pets` for a function `list` at `/pets`, `get_pets_by_id` for `get` at `/pets/{id}`: with the topic of the path, unless the
/// function already includes it.
fn with_thing(function: &str, path: &str) -> String {
    let key = path.rsplit('/').find(|segment| !segment.is_empty()).and_then(parameter);
    let thing = path.rsplit('/').find(|segment| !segment.is_empty() && !segment.contains('{') && !is_prefix(segment));
    let says = |thing: &&str| words_around(function).contains(&words_around(thing));
    let thing = thing.filter(|thing| !says(thing)).map(|thing| format!("_{thing}")).unwrap_or_default();
    let key = key.map(|key| format!("_by_{key}")).unwrap_or_default();
    format!("{function}{thing}{key}")
}

/// Returns the words of a name in singular, each surrounded by underscores, so that containment of strings is containment of words.
fn words_around(name: &str) -> String {
    format!("_{}_", snake(name).split('_').map(singular).collect::<Vec<_>>().join("_"))
}

/// Returns `projects_list` for `api_projects_list` at `/api/projects`: meaningless path prefixes are meaningless in ids.
fn without_prefix<'i>(id: &'i str, path: &str) -> &'i str {
    let prefix = path.split('/').skip(1).take_while(|segment| is_prefix(segment)).take(SEGMENTS);
    prefix.fold(id, |rest, segment| without_front(rest, segment).unwrap_or(rest))
}

/// Returns `GetTask` for `TasksTaskIdGetTask` at `/tasks/{task_id}`: frameworks prepend the path to the function. A single word could be
/// the topic of the path.
fn without_parameters(operation: &Operation) -> Option<&str> {
    let rest = without_front(&operation.id, &operation.path).filter(|rest| snake(rest).contains('_'));
    rest.filter(|_| operation.path.contains('{'))
}

/// Returns `list` for `list_1`, if there is a `list`: frameworks number the methods of all controllers.
fn without_number<'i>(ids: &BTreeSet<&str>, id: &'i str) -> Option<&'i str> {
    let (name, number) = id.rsplit_once('_')?;
    let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    (is_number && ids.contains(name)).then_some(name)
}

/// Returns `upload` for `uploadUsingPOST` and `uploadUsingPOST_1`: springfox appends the method, and numbers duplicates.
fn without_method<'i>(id: &'i str, method: &str) -> Option<&'i str> {
    let name = id.trim_end_matches(|last: char| last.is_ascii_digit());
    let name = name.strip_suffix('_').filter(|_| name.len() < id.len()).unwrap_or(id);
    let rest = name.strip_suffix(&method.to_ascii_uppercase())?.strip_suffix("Using")?;
    Some(rest).filter(|rest| !rest.is_empty())
}

/// Returns the topic of a class, and its function: `User` and `index` for `AcmeWeb.UserController.index`, `UserController@index` and
/// `App\UserController::index`.
fn owner(id: &str) -> Option<(&str, &str)> {
    ["Controller", "Service"].iter().find_map(|role| {
        let (class, rest) = id.split_once(role)?;
        let function = rest.trim_start_matches(['_', '.', '@', ':', '/', '#']);
        let is_function = function.len() < rest.len() && begins(function, char::is_ascii_alphabetic);
        is_function.then(|| (class.rsplit(['.', '\\', '/']).next().unwrap_or(class), function))
    })
}

/// Returns `Toys_upload` for `ToysController_upload`, `GetPet` for `PetService_GetPet`, which already includes its topic.
fn without_class(id: &str) -> Option<String> {
    let (thing, rest) = owner(id)?;
    let says_thing = words_around(rest).contains(&words_around(thing));
    Some(if says_thing { rest.to_owned() } else { format!("{thing}_{rest}") }).filter(|_| !thing.is_empty())
}

/// Returns `create` also for `petCreate`, if the tag is `pets`, `store` for `pets.store`, if it is `Pet`, and `ListPets` for `me.ListPets`
/// if it is `me.pets`.
fn without_tag<'i>(id: &'i str, tag: &str) -> Option<&'i str> {
    // `refundPayment` with the tag `refunds` has the singular of its tag as a verb.
    let says_what_is_done = |rest: &&str| snake(rest).split('_').next().is_some_and(is_deed);
    // `users.photos` with the tag `User` is a topic of its own.
    let is_below = |rest: &&str| id.strip_suffix(*rest).is_some_and(|front| front.ends_with(['.', '/']));
    let other = |number: fn(&str) -> String| {
        without_front(id, &number(&snake(tag))).filter(|rest| says_what_is_done(rest) || is_below(rest))
    };
    let namespace = || tag.match_indices('.').rev().find_map(|(dot, _)| id.strip_prefix(tag.get(..=dot)?));
    let same = || without_front(id, tag);
    without_api(id, tag).or_else(same).or_else(|| other(singular)).or_else(|| other(plural)).or_else(namespace)
}

/// Returns `List` for `ListMessage` and `MessageList`, if the tag is `ChatV1Message`, without its version `Message`.
fn without_short_tag<'i>(id: &'i str, short: &str) -> Option<&'i str> {
    let tag = snake(short);
    let verb = || ends_of_words(id).find(|(_, start)| id.get(*start..).is_some_and(|rest| snake(rest) == tag));
    let verb = || id.get(..verb()?.0).filter(|verb| !verb.is_empty() && !snake(verb).contains('_'));
    without_tag(id, short).or_else(verb)
}

/// Returns `topics.get` for `pubsub.projects.topics.get`, if the tag is `projects`: the first of several dotted words is the API.
fn without_api<'i>(id: &'i str, tag: &str) -> Option<&'i str> {
    let tag = snake(tag);
    let dots = id.match_indices('.').map(|(dot, _)| dot);
    dots.clone().zip(dots.skip(1)).find_map(|(before, after)| {
        let is_tag = snake(id.get(before + 1..after)?) == tag;
        id.get(after + 1..).filter(|_| is_tag)
    })
}

/// Returns `list` for `pets_list` and `pets/list`, `List` for `petsList`, if the tag is `pets`, or the path.
fn without_front<'i>(id: &'i str, front: &str) -> Option<&'i str> {
    let front = snake(front);
    let (_, start) = ends_of_words(id).find(|(end, _)| id.get(..*end).is_some_and(|words| snake(words) == front))?;
    id.get(start..)
}

/// Returns the end of each word of an id or a tag except the last, and the start of the next one.
pub(super) fn ends_of_words(id: &str) -> impl Iterator<Item = (usize, usize)> {
    id.char_indices().zip(id.chars().skip(1)).filter_map(|((place, character), next)| {
        let after = place + character.len_utf8();
        match character {
            _ if !character.is_ascii_alphanumeric() => Some((place, after)),
            _ if !character.is_ascii_uppercase() && next.is_ascii_uppercase() => Some((after, after)),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::generate::{Document, read_api};
    use clientwright_normalizer::Source;

    /// The methods of `GET` operations, each given by its path, tag and id.
    fn methods(operations: &[(&str, &str, &str)]) -> Vec<String> {
        let mut document = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "v"}, "paths": {}});
        for (path, tag, id) in operations {
            let names = path.split(['{', '}']).skip(1).step_by(2);
            let parameter = |name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
            let parameters: Vec<_> = names.map(parameter).collect();
            let responses = json!({"204": {"description": "d"}});
            document["paths"][path]["get"] =
                json!({"operationId": id, "tags": [tag], "parameters": parameters, "responses": responses});
        }
        let source = Source { name: "t.json".to_owned(), text: document.to_string() };
        let (api, _) = read_api(&Document::new("t", source)).unwrap();
        let named: BTreeMap<&str, String> =
            api.operations.iter().map(|operation| operation.id.as_str()).zip(method_names(&api)).collect();
        operations.iter().map(|(.., id)| named[id].clone()).collect()
    }

    #[test]
    fn names_equal_to_the_tag_become_the_method() {
        let zoom = [
            ("/users/{userId}/meetings", "Meetings", "meetings"),
            ("/meetings/{id}", "Meetings", "meeting"),
            ("/search", "Search", "search"),
            ("/account", "Account", "account"),
            ("/groups/{id}", "Groups", "groups"),
        ];
        assert_eq!(methods(&zoom), ["list", "get", "search", "get", "get"]);
        let both = [("/users", "Users", "users"), ("/users/all", "Users", "listUsers")];
        assert_eq!(methods(&both), ["users", "list_users"]);
    }

    #[test]
    fn repetitions_of_the_path_are_removed() {
        assert_eq!(methods(&[("/items/{item_id}", "x", "read_item_items__item_id__get")]), ["read_item"]);
        assert_eq!(methods(&[("/items", "x", "items_get")]), ["items_get"]);
        let speak = [
            ("/voices/{id}", "x", "speak_voices__id__get"),
            ("/voices/{id}/stream", "x", "speak_voices__id__stream_get"),
            ("/all/voices/{id}", "x", "speak_all_voices__id__get"),
        ];
        let [one, stream, all] = speak;
        assert_eq!(methods(&[one]), ["speak"]);
        assert_eq!(methods(&[one, stream]), ["speak_by_id", "speak_stream"]);
        let whole = ["speak_voices_id_get", "speak_stream", "speak_all_voices_id_get"];
        assert_eq!(methods(&speak), whole);
        assert_eq!(methods(&[all, one]), ["speak_all_voices_id_get", "speak_voices_id_get"]);
        assert_eq!(methods(&[("/api/items/{id}/", "x", "read_item_items__id___get")]), ["read_item"]);
        assert_eq!(methods(&[("/api/items", "x", "get_items_get")]), ["get_items_get"]);
        assert_eq!(methods(&[("/v1/instance/state", "x", "instance_state_put")]), ["instance_state_put"]);
        assert_eq!(methods(&[("/v1/instance/state", "x", "instance_state_get")]), ["instance_state_get"]);
        assert_eq!(methods(&[("/api/items/", "x", "read_thing__get")]), ["read_thing_get"]);
        assert_eq!(methods(&[("/items/{item_id}", "x", "ItemsItemIdGetItem")]), ["get_item"]);
        assert_eq!(methods(&[("/items/{item_id}", "x", "ItemsItemIdGet")]), ["items_item_id_get"]);
        assert_eq!(methods(&[("/items", "x", "ItemsGetItems")]), ["items_get_items"]);
    }

    #[test]
    fn types_are_named_after_the_topic_of_the_controller() {
        let ids = ["ToysController_upload", "PetService_GetPet", "PetsController_find", "Controller_list", "toys_list"];
        let words = ids.map(|id| without_class(id).unwrap_or_default());
        assert_eq!(words, ["Toys_upload", "GetPet", "Pets_find", "", ""]);
    }

    #[test]
    fn types_are_named_after_the_topic_of_the_function() {
        for (function, path, expected) in [
            ("list", "/api/v1/pets/", "list_pets"),
            ("get", "/pets/{id}", "get_pets_by_id"),
            ("list_pets", "/pets", "list_pets"),
            ("pet", "/pets/{id}", "pet_by_id"),
            ("root", "/", "root"),
            ("get", "/{id}", "get_by_id"),
        ] {
            assert_eq!(with_thing(function, path), expected, "{function} {path}");
        }
    }

    #[test]
    fn repetitions_of_controller_and_tag_are_removed() {
        let pets = |id: &str| methods(&[("/pets", "pet owners", id)]).remove(0);
        let found = ["PetsController_findAll", "PetService_GetPet", "pet_owners_list", "pet-owners/list"].map(pets);
        assert_eq!(found, ["find_all", "get_pet", "list", "list"]);
        let classes = ["AcmeWeb.ToyController.index", "ToyController@store", "App\\ToyController::destroy"].map(pets);
        assert_eq!(classes, ["index", "store", "destroy"]);
        assert_eq!(
            ["pet_owners_api_list", "get-/pets_getAll", "getServiceStatus"].map(pets),
            ["list", "get_all", "get_service_status"]
        );
        let found = ["petOwnersList", "PetOwnersListAll", "pet_ownersList"].map(pets);
        assert_eq!(found, ["list", "list_all", "list"]);
        let below = |id: &str| methods(&[("/api/v2/projects/", "projects", id)]).remove(0);
        let found = ["api_v2_projects_list", "api_projects_list", "apiV2ProjectsList", "apiary_list"].map(below);
        assert_eq!(found, ["list", "list", "list", "apiary_list"]);
        assert_eq!(methods(&[("/projects", "projects", "api_projects_list")]), ["api_projects_list"]);
        let left =
            ["petOwnerslist", "petOwners", "petOwnersNew", "pet-owners/type", "pet-owners/2", "list_1"].map(pets);
        assert_eq!(left, ["pet_ownerslist", "list", "pet_owners_new", "pet_owners_type", "pet_owners_2", "list_1"]);
    }

    #[test]
    fn the_singular_of_the_tag_is_removed_next_to_a_verb() {
        let named = |tag: &str, id: &str| methods(&[("/p", tag, id)]).remove(0);
        assert_eq!(named("containers", "ContainerCreateLibpod"), "create_libpod");
        assert_eq!(named("pet owners", "pet_owner_list"), "list");
        assert_eq!(named("policies", "policyCreate"), "create");
        assert_eq!(named("refunds", "RefundPayment"), "refund_payment");
        assert_eq!(named("tags", "TagResource"), "tag_resource");
        assert_eq!(named("likes", "likePost"), "like_post");
        assert_eq!(named("searches", "searchUsers"), "search_users");
        assert_eq!(named("disks", "disk_view"), "view");
        assert_eq!(named("invites", "InviteRevoke"), "revoke");
        assert_eq!(named("lists", "list_members"), "list_members");
        assert_eq!(named("containers", "getContainers2"), "get_containers2");
        assert_eq!(named("me.message", "me.ListMessages"), "list_messages");
        assert_eq!(named("me.message", "me.message.ListMessages"), "list_messages");
        assert_eq!(named("me.message", "mess.ListMessages"), "mess_list_messages");
        let both = [("/a", "pets", "petList"), ("/b", "pets", "petsList")];
        assert_eq!(methods(&both), ["pet_list", "pets_list"]);
    }

    #[test]
    fn the_plural_of_the_tag_is_removed_next_to_a_verb_or_sign() {
        let named = |tag: &str, id: &str| methods(&[("/p", tag, id)]).remove(0);
        assert_eq!(named("Product", "Products_List"), "list");
        assert_eq!(named("User", "users.index"), "index");
        assert_eq!(named("User", "users.store"), "store");
        assert_eq!(named("User", "users/photos"), "photos");
        assert_eq!(named("User", "users_photos"), "users_photos");
        assert_eq!(named("users", "user.store"), "store");
        assert_eq!(named("pets", "petStore"), "pet_store");
    }

    #[test]
    fn the_tag_after_a_verb_is_removed() {
        let named = |tag: &str, id: &str| methods(&[("/p", tag, id)]).remove(0);
        let pets = |id: &str| named("pets", id);
        let found = ["listPets", "getPet", "deletePetById", "get-all-pets", "PetsController_findPet"].map(pets);
        assert_eq!(found, ["list", "get", "delete_by_id", "get_all", "find"]);
        assert_eq!(named("WeatherForecast", "GetWeatherForecast"), "get");
        assert_eq!(named("Issue type properties", "setIssueTypeProperty"), "set");
        assert_eq!(named("ChatV1Message", "ListMessages"), "list");
        let left =
            ["getPetFood", "openPets", "getPetsBytes", "getPetByAFoodByB", "petsGetPets2", "movePet", "clonePet"]
                .map(pets);
        let whole = [
            "get_pet_food", "open_pets", "get_pets_bytes", "get_pet_by_a_food_by_b", "get_pets2", "move_pet",
            "clone_pet",
        ];
        assert_eq!(left, whole);
    }

    #[test]
    fn the_tag_is_removed_from_sub_resources() {
        let named = |path: &str, id: &str| methods(&[(path, "pets", id)]).remove(0);
        assert_eq!(named("/pets/{id}/toys", "listPetToys"), "list_toys");
        assert_eq!(named("/v1/pet/food/left", "getPetFoodLeft"), "get_food_left");
        assert_eq!(named("/pets/{id}/toys/{toy}", "get_pets_toy_by_id"), "get_toy_by_id");
        assert_eq!(named("/pets/{id}/toys/{toy}", "delete_pet_toy"), "delete_pet_toy");
        assert_eq!(named("/pets/{id}/toys", "listPetFood"), "list_pet_food");
        let left = [("/pet-toys/{id}", "getPetToys"), ("/{pets}/toys", "listPetToys"), ("/toys/pets", "listPetToys")];
        assert_eq!(left.map(|(path, id)| named(path, id)), ["get_pet_toys", "list_pet_toys", "list_pet_toys"]);
        let two = [("/pets/{id}/toys", "pets", "listPetToys"), ("/pets/toys", "pets", "listToys")];
        assert_eq!(methods(&two), ["list_pet_toys", "list_toys"]);
        // These ids may be generated.
        let two = [("/pets/toys", "pets", "listPetsToys"), ("/toys", "pets", "listToys")];
        assert_eq!(methods(&two), ["list_pets_toys", "get_toys"]);
    }

    #[test]
    fn framework_suffixes_are_removed() {
        let named = |tag: &str, id: &str| methods(&[("/p", tag, id)]).remove(0);
        let found =
            ["uploadUsingGET", "createUsingGET_1", "listPetsUsingGET", "PetApi_create"].map(|id| named("pet", id));
        assert_eq!(found, ["upload", "create", "list", "create"]);
        let left = ["uploadUsingPOST", "UsingGET", "createUsingGET1", "petition"].map(|id| named("pet", id));
        assert_eq!(left, ["upload_using_post", "using_get", "create_using_get1", "petition"]);
        let tags = ["pet-controller", "PetApi", "PetService", "PetResource"].map(|tag| named(tag, "findPetsById"));
        assert_eq!(tags, ["find_by_id"; 4]);
        let numbered =
            [("/a", "pets", "listUsingGET"), ("/b", "toys", "listUsingGET_1"), ("/c", "pets", "listUsingGET_2")];
        assert_eq!(methods(&numbered), ["list_using_get", "list", "list_using_get_2"]);
    }

    #[test]
    fn a_verb_of_two_operations_goes_to_neither() {
        let both = [("/a", "pets", "getPets"), ("/b", "pets", "getPet"), ("/c", "pets", "showPet")];
        assert_eq!(methods(&both), ["get_pets", "get_pet", "show"]);
        let both = [("/a", "pets", "listPets"), ("/b", "pets", "pets_list"), ("/c", "toys", "listToys")];
        assert_eq!(methods(&both), ["list_pets", "pets_list", "list"]);
        assert_eq!(methods(&[("/a", "pets", "getPet"), ("/b", "pets", "get")]), ["get_pet", "get"]);
    }

    #[test]
    fn the_api_is_removed_with_the_tag() {
        let named = |tag: &str, id: &str| methods(&[("/p", tag, id)]).remove(0);
        assert_eq!(named("events", "calendar.events.insert"), "insert");
        assert_eq!(named("projects", "pubsub.projects.topics.get"), "topics_get");
        assert_eq!(named("projects", "a.projects.locations.projects.get"), "locations_projects_get");
        assert_eq!(named("drives", "drive.drives.list"), "list");
        assert_eq!(named("tasks", "tasks.tasks.insert"), "insert");
        assert_eq!(named("events", "events.events"), "list");
        assert_eq!(named("events", "calendar.eventsInsert"), "calendar_events_insert");
        assert_eq!(named("events", "calendar.events.move"), "calendar_events_move");
    }

    #[test]
    fn repetitions_of_an_unversioned_tag_are_removed() {
        let named = |tag: &str, id: &str| methods(&[("/p", tag, id), ("/q", "ChatV1User", "fetchUser")]).remove(0);
        let message = |id: &str| named("ChatV1Message", id);
        assert_eq!(["ListMessage", "greet_message", "MessageList"].map(message), ["list", "greet", "list"]);
        let left = ["GreetMessages", "ListMessageMedia", "CreateUserMessage", "Message"].map(message);
        assert_eq!(left, ["greet_messages", "list_message_media", "create_user_message", "get"]);
        assert_eq!(named("Message", "GreetMessage"), "greet_message");
        let both = [("/a", "ChatV1Message", "list"), ("/b", "ChatV1Message", "ListMessage"), ("/c", "ChatV1User", "x")];
        assert_eq!(methods(&both), ["list", "list_message", "x"]);
    }

    #[test]
    fn names_of_other_operations_are_not_taken() {
        assert_eq!(methods(&[("/a", "pets", "pets_list"), ("/b", "pets", "list")]), ["pets_list", "list"]);
        let controllers = [("/a", "pets", "ToysController_list"), ("/b", "pets", "PetsController_list")];
        assert_eq!(methods(&controllers), ["toys_list", "pets_list"]);
        assert_eq!(methods(&controllers[1..]), ["list"]);
        let numbered = [("/a", "pets", "list"), ("/b", "toys", "list_1"), ("/c", "pets", "list_2")];
        assert_eq!(methods(&numbered), ["list", "list", "list_2"]);
    }
}
