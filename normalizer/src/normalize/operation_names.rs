//! Part of `normalize`: names of unnamed operations, and whether a name is usable.
//!
//! In: an operation with its method and path. Out: an idiomatic name. Invariant: the name depends on nothing else; if two operations want
//! the same name, `repair` decides.

use serde_json::Value;

use super::names::{below_prefixes, operation_id, pascal, upper, without_prefix, words};
use super::reference::resolved;
use crate::json::{items, members};
use crate::pointer::Pointer;
use crate::spelling::{is_among, squashed};
use crate::structure::template::{Piece, pieces};
use crate::words::{
    is_action, is_deed, is_noun_in_front, is_phrase, is_prefix, is_session, is_several, is_verb, is_version, parameter,
    plural, singular,
};

/// The maximum number of segments of a path that is analyzed.
const MAX_SEGMENTS: usize = 64;

/// A resource in a path: a fixed segment, and the parameters that follow it, which form one key.
struct Resource<'p> {
    word: &'p str,
    key: Vec<&'p str>,
}

impl Resource<'_> {
    /// Returns `User` for `/users/{id}`, `Users` for `/users`.
    fn spoken(&self) -> String {
        if self.key.is_empty() { pascal(self.word) } else { pascal(&singular(self.word)) }
    }

    /// Returns `Users` for `/users` and for `/user`.
    fn several(&self) -> String {
        pascal(&if singular(self.word) == self.word { plural(self.word) } else { self.word.to_owned() })
    }

    /// Returns `true` if the segment may be an action rather than a thing: `change-names`, but not `test-runs`.
    fn is_done(&self) -> bool {
        let words = words(self.word);
        let Some((verb, more)) = words.split_first() else { return false };
        is_verb(verb) && (more.is_empty() || !is_noun_in_front(verb))
    }
}

/// Returns an operation's method and path as a name, without generic leading segments and with them.
pub(super) fn whole_ids(method: &str, path: &str) -> [String; 2] {
    [without_prefix(path), path].map(|path| operation_id(method, path))
}

/// Returns possible names of an operation by its path: `listAccountPeople`, and `listAccountsPeople` for `/accounts/{account}/people`, in
/// case `/account/people` exists.
pub(super) fn spoken_ids(document: &Value, method: &str, path: &str, at: &Pointer) -> impl Iterator<Item = String> {
    let operation = at.get(document).unwrap_or(&Value::Null);
    [false, true].into_iter().filter_map(move |as_written| spoken(document, method, path, operation, as_written))
}

/// Returns the name of an operation by the resources in its path: `GET /api/v3/tags` → `listTags`, `PUT /users/{id}/keys/{key}` →
/// `updateUserKey`, `POST /orders/{id}/cancel` → `cancelOrder`, `GET /getPathways` → `getPathways`. Leading prefixes and parameters are
/// omitted. Returns `None` if the path does not consist of words. Owners are singular. With `as_written`, they are spelled as in the path,
/// since another path may have the singular; the last resource then has at most one parameter.
fn spoken(document: &Value, method: &str, path: &str, operation: &Value, as_written: bool) -> Option<String> {
    let resources = resources(path)?;
    let (last, before) = resources.split_last().filter(|(last, _)| !as_written || last.key.len() < 2)?;
    let owner = |owner: &Resource<'_>| if as_written { pascal(owner.word) } else { owner.spoken() };
    let parents: String = before.iter().map(owner).collect();
    let name = |verb: &str, thing: String| Some(format!("{verb}{parents}{thing}"));
    // A `PUT` without a body may also add something.
    let verb = if method == "put" && operation.get("requestBody").is_some() { "update" } else { method };
    // A word directly after another word qualifies it: `/tags/popular`.
    let is_thing = before.last().is_none_or(|owner| !owner.key.is_empty());
    let given = given(document, operation).filter(|_| is_thing);
    let lists = |names: Option<&str>| {
        let is_page = |schema| names.is_some_and(|names| is_page(document, schema, names));
        given.is_some_and(|schema| is_array(document, schema) || is_page(schema))
    };
    if !last.key.is_empty() {
        // Some servers wrap even a single item in a page.
        let by_id = last.key.iter().any(|name| squashed(name).ends_with("id"));
        if method == "get" && lists((!by_id).then_some("")) {
            let by: Vec<String> = last.key.iter().map(|name| pascal(name)).collect();
            return name("list", format!("{}By{}", last.several(), by.join("And")));
        }
        return name(verb, last.spoken());
    }
    if let Some(name) = said(method, last.word, &parents) {
        // An action on one item does not apply to several.
        return (!as_written).then_some(name);
    }
    let named = || lists(Some(&format!("records result results {}", squashed(&last.several()))));
    let creates = || is_thing && operation["responses"].get("201").is_some();
    match method {
        "get" if is_several(last.word) || !is_deed(last.word) && named() => name("list", last.several()),
        "post" if !last.is_done() && (is_several(last.word) || creates()) => {
            name("create", pascal(&singular(last.word)))
        }
        "delete" if takes_array(document, operation) => name(verb, last.several()),
        _ => name(verb, last.spoken()),
    }
}

/// Returns the resources of a path, without leading prefixes and parameters. `None` if a segment is not made of words, or if the path is
/// too long.
fn resources(path: &str) -> Option<Vec<Resource<'_>>> {
    let path = trimmed(path)?;
    // A version is ignored anywhere in the path.
    let is_front = |segment: &&str| is_prefix(segment) || parameter(segment).is_some();
    let says = |segment: &&str| !segment.is_empty() && !is_version(segment);
    let mut resources: Vec<Resource<'_>> = Vec::new();
    for segment in path.split('/').filter(says).skip_while(is_front) {
        match parameter(segment) {
            Some(name) => resources.last_mut()?.key.push(name),
            None => resources.push(Resource { word: segment.trim_start_matches('$'), key: Vec::new() }),
        }
    }
    // For example, `/servers/{id}/actions/start`.
    if let [.., actions, last] = &*resources
        && actions.word == "actions"
        && actions.key.is_empty()
        && last.is_done()
    {
        resources.remove(resources.len() - 2);
    }
    // Letters, digits and separators of words.
    let is_letter = |one: char| one.is_ascii_alphanumeric() || one == '-' || one == '_';
    resources.iter().all(|resource| resource.word.chars().all(is_letter)).then_some(resources)
}

fn is_array(document: &Value, schema: &Value) -> bool {
    resolved(document, schema).is_some_and(|schema| schema["type"] == "array")
}

/// Returns `true` if an operation takes an array of things to delete.
fn takes_array(document: &Value, operation: &Value) -> bool {
    let has_array = |holder: &Value| {
        is_array(document, &holder["schema"])
            || members(&holder["content"]).any(|(_, media_type)| is_array(document, &media_type["schema"]))
    };
    let parameters = items(&operation["parameters"]).filter_map(|parameter| resolved(document, parameter));
    parameters.chain(resolved(document, &operation["requestBody"])).any(has_array)
}

/// Returns the schema of the operation's first success.
fn given<'v>(document: &'v Value, operation: &'v Value) -> Option<&'v Value> {
    let (_, response) = members(&operation["responses"]).find(|(status, _)| status.starts_with('2'))?;
    let (_, media_type) = members(&resolved(document, response)?["content"]).next()?;
    resolved(document, &media_type["schema"])
}

/// Properties that only pages have.
const PAGING: &str = "hasmore nextcursor nextpage nextpagetoken pageinfo pagination totalpages";

/// Returns `true` if a schema is a page: an object with an array under one of these names. Without names, it needs any array, and a
/// property that only pages have. An object with an `id` is not a page.
fn is_page(document: &Value, schema: &Value, names: &str) -> bool {
    let parts = items(&schema["allOf"]).filter_map(|part| resolved(document, part)).chain([schema]);
    let properties: Vec<_> = parts.flat_map(|part| members(&part["properties"])).collect();
    let has = |names: &str| properties.iter().any(|(name, _)| is_among(names, &squashed(name)));
    let is_paged = names.is_empty() && has(PAGING);
    !has("id")
        && properties
            .iter()
            .any(|(name, property)| (is_paged || is_among(names, &squashed(name))) && is_array(document, property))
}

/// Returns the name for an action in the last segment of a path: `cancelOrder`; `orderMarkPaid` if the segment is more than a verb.
fn said(method: &str, last: &str, owners: &str) -> Option<String> {
    let words = words(last);
    let (verb, more) = words.split_first()?;
    let whole = words.concat();
    if is_action(&whole, method) && (more.is_empty() || is_session(&whole)) {
        return Some(lower(&pascal_words(&words)) + owners);
    }
    let takes_phrase = owners.is_empty() || matches!(method, "post" | "put" | "patch");
    let phrase = || lower(&(owners.to_owned() + &pascal_words(&words)));
    (takes_phrase && !more.is_empty() && is_phrase(verb, method)).then(phrase)
}

/// Returns `true` if an operation's name only repeats its method and path: `PostOrdersOrderCancel` for `POST /v1/orders/{order}/cancel`.
/// The method may be missing if the path has parameters: `orders_order_cancel`, but not `cancelOrder` for `/cancel/{order}`.
pub(super) fn says_only_path(id: &str, method: &str, path: &str) -> bool {
    if trimmed(path).is_none() {
        return false;
    }
    let words = words(id);
    let says_what_is_done = words.first().is_some_and(|word| is_verb(word));
    let id = words.join("_");
    let bare = Some(id.as_str()).filter(|_| path.contains('{') && !says_what_is_done);
    let without = [id.strip_prefix(method), id.strip_suffix(method), bare];
    without.into_iter().flatten().any(|id| below_prefixes(path).any(|path| repeats(id, path)))
}

/// Returns a path without a trailing slash or file extension. `None` if it has too many segments, because the analysis takes time
/// proportional to them.
fn trimmed(path: &str) -> Option<&str> {
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix(".json").unwrap_or(path);
    path.split('/').nth(MAX_SEGMENTS).is_none().then_some(path)
}

/// Returns `true` if an operation's name is a meaningless database key: `58d8bcb7a9e6240e200cff24`, or a UUID.
pub(super) fn is_key(id: &str) -> bool {
    let digits = id.bytes().filter(u8::is_ascii_digit).count();
    let is_hex = id.bytes().all(|one| one.is_ascii_hexdigit() || one == b'-');
    is_hex && digits > 0 && id.len() >= 16
}

/// Returns `true` if words, joined by underscores, are those of a path, with or without `by` before its parameters. A name with more words,
/// such as `domain_names` for `/domainnames`, has more information.
fn repeats(id: &str, path: &str) -> bool {
    let mut rest = id;
    for piece in pieces(path) {
        // `id` may stand for any parameter.
        let (fillers, names): (&[&str], _) = match piece {
            Piece::Text(text) => (&[""], [text, text]),
            Piece::Parameter(name) => (&["", "by", "and"], [name, "id"]),
        };
        let behind = |filler: &str, name: &str| {
            let mut said = [filler.to_owned()].into_iter().chain(words(name));
            said.try_fold(rest, |rest, word| rest.trim_start_matches('_').strip_prefix(&word))
        };
        let with_name = |filler: &&str| names.iter().find_map(|name| behind(filler, name));
        let Some(behind) = fillers.iter().find_map(with_name) else { return false };
        rest = behind;
    }
    rest.trim_matches('_').is_empty() && !id.trim_matches('_').is_empty()
}

fn pascal_words(words: &[String]) -> String {
    words.iter().map(|word| upper(word)).collect()
}

/// Returns the name with a lower case first letter.
fn lower(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().into_iter().flat_map(char::to_lowercase).chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns the name of an operation that returns this schema and creates nothing.
    fn spoken(method: &str, path: &str, gives: &Value) -> Option<String> {
        let schema = json!({"schema": {"$ref": "#/components/schemas/A"}});
        let operation = json!({"responses": {"200": {"content": {"application/json": schema}}}});
        let document = json!({"components": {"schemas": {"A": gives}}});
        super::spoken(&document, method, path, &operation, false)
    }

    fn object() -> Value {
        json!({"type": "object", "properties": {"data": {"type": "object"}}})
    }

    #[test]
    fn a_path_says_what_it_is_about() {
        for (method, path, expected) in [
            ("get", "/api/v3/tags", Some("listTags")),
            ("get", "/api/v3/tag", Some("getTag")),
            ("get", "/v1/settings", Some("getSettings")),
            ("get", "/users/{id}/account-details", Some("getUserAccountDetails")),
            ("post", "/v1/categories", Some("createCategory")),
            ("post", "/login", Some("login")),
            ("get", "/series/{id}", Some("getSeries")),
            ("put", "/api/v3/tag/{id}", Some("putTag")),
            ("patch", "/users/{id}", Some("patchUser")),
            ("post", "/users/{id}", Some("postUser")),
            ("delete", "/users/{id}/access-keys/{key}", Some("deleteUserAccessKey")),
            ("get", "/metadata/{id}", Some("getMetadata")),
            ("get", "/admin/users/{id}/keys", Some("listAdminUserKeys")),
            ("get", "/database/{pk}/schemas", Some("listDatabaseSchemas")),
            ("delete", "/api/v1/chart/", Some("deleteChart")),
            ("put", "/users", Some("putUsers")),
            ("get", "/api-public/v{version}/users/{id}.json", Some("getUser")),
            ("get", "/{tenant}/rooms/{id}", Some("getRoom")),
            ("get", "/repos/{owner}/{name}", Some("getRepo")),
            ("get", "/repos/{owner}/{name}/issues", Some("listRepoIssues")),
            ("get", "/health", Some("getHealth")),
            ("get", "/users/me", Some("getUsersMe")),
        ] {
            assert_eq!(spoken(method, path, &object()).as_deref(), expected, "{method} {path}");
        }
    }

    #[test]
    fn a_path_says_what_is_done_and_to_what_part() {
        for (method, path, expected) in [
            ("get", "/users/{id}/avatar", Some("getUserAvatar")),
            ("put", "/api/v1/users/{id}/profile/avatar.json", Some("putUserProfileAvatar")),
            ("delete", "/users/{id}/permissions/", Some("deleteUserPermissions")),
            ("post", "/users/{id}/avatar", Some("postUserAvatar")),
            ("post", "/orders/{id}/cancel", Some("cancelOrder")),
            ("put", "/orders/{id}/items/{item}/cancel", Some("cancelOrderItem")),
            ("delete", "/orders/{id}/lock", Some("deleteOrderLock")),
            ("get", "/charts/{id}/export", Some("exportChart")),
            ("get", "/charts/{id}/cancel", Some("getChartCancel")),
            ("put", "/charts/{id}/schedule", Some("putChartSchedule")),
            ("post", "/v1/intents/{intent}/increment_authorization", Some("intentIncrementAuthorization")),
            ("get", "/getPathways", Some("getPathways")),
            ("post", "/api/create-order", Some("createOrder")),
            ("post", "/users/terminate_sessions", Some("usersTerminateSessions")),
            ("post", "/users/search", Some("searchUsers")),
            ("post", "/auth/login", Some("loginAuth")),
            ("post", "/auth/login-attempts", Some("createAuthLoginAttempt")),
            ("post", "/check-ins", Some("postCheckIns")),
            ("post", "/view-history", Some("postViewHistory")),
            ("post", "/search", Some("search")),
            ("get", "/users/search", Some("searchUsers")),
            ("get", "/reports/download", Some("downloadReports")),
            ("put", "/settings/reset", Some("resetSettings")),
            ("put", "/users/{id}/reset-password", Some("userResetPassword")),
            ("post", "/users/sign_in", Some("signInUsers")),
            ("delete", "/session/logout", Some("logoutSession")),
            ("post", "/servers/{id}/actions/change_ips", Some("postServerChangeIps")),
            ("post", "/servers/{id}/actions/start", Some("startServer")),
            ("post", "/test-runs", Some("createTestRun")),
            ("put", "/setup/v1/calendars/{id}/block", Some("putSetupCalendarBlock")),
            ("get", "/test-runs", Some("listTestRuns")),
            ("get", "/leave-requests", Some("listLeaveRequests")),
            ("get", "/set-lists", Some("listSetLists")),
            ("get", "/find-nearest", Some("findNearest")),
            ("delete", "/boot-images", Some("deleteBootImages")),
            ("delete", "/delete-account", Some("deleteAccount")),
            ("get", "/a/{b}/names/$count", Some("getANamesCount")),
            ("get", "/users/{id}/a:b", None),
            ("get", "/a/{b}{c}", None),
            ("get", "/{a}", None),
            ("get", "/v1/", None),
        ] {
            assert_eq!(spoken(method, path, &object()).as_deref(), expected, "{method} {path}");
        }
    }

    #[test]
    fn what_an_operation_gives_takes_or_creates_names_it() {
        let array = json!({"type": "array"});
        let page = |name: &str| json!({"type": "object", "properties": {name: {"type": "array"}}});
        let paged = json!({"properties": {"items": array, "_pagination": {}}});
        for (path, gives, expected) in [
            ("/api/v3/tag", &array, "listTags"),
            ("/api/v3/tag", &page("result"), "listTags"),
            ("/api/v3/tag", &page("tags"), "listTags"),
            ("/api/v3/tag", &page("colors"), "getTag"),
            ("/api/v3/tag/popular", &array, "getTagPopular"),
            ("/tokens/{token}/invalidate", &array, "getTokenInvalidate"),
            ("/chart/related/{column}", &array, "getChartRelated"),
            ("/orders/{id}", &page("results"), "getOrder"),
            ("/cart", &page("items"), "getCart"),
            ("/cart", &json!({"properties": {"id": {}, "result": array}}), "getCart"),
            ("/repos/{owner}", &array, "listReposByOwner"),
            ("/repos/{owner}", &paged, "listReposByOwner"),
            ("/repos/{owner}", &json!({"allOf": [paged, object()]}), "listReposByOwner"),
            ("/repos/{repo_id}", &paged, "getRepo"),
            ("/cart", &paged, "getCart"),
            ("/settings", &array, "listSettings"),
        ] {
            assert_eq!(spoken("get", path, gives).as_deref(), Some(expected), "{path}");
        }
        let ids = json!({"parameters": [{"content": {"application/json": {"schema": array}}}]});
        assert_eq!(super::spoken(&json!({}), "delete", "/chart", &ids, false).as_deref(), Some("deleteCharts"));
        let created = json!({"responses": {"201": {}}});
        let spoken = |path| super::spoken(&json!({}), "post", path, &created, false).unwrap();
        assert_eq!(
            ["/tag", "/cache/clear", "/users/{id}/key"].map(spoken),
            ["createTag", "clearCache", "createUserKey"]
        );
    }

    #[test]
    fn a_key_is_no_name() {
        let keys = ["58d8bcb7a9e6240e200cff24", "0f8fad5b-d9cb-469f-a165-70867728950e", "1234567890123456"];
        assert!(keys.iter().all(|id| is_key(id)));
        let names = ["feedface", "decade2020", "get_0f8fad5bd9cb469fa165", "deadfacedeadfacedead", ""];
        assert!(!names.iter().any(|id| is_key(id)));
    }

    #[test]
    fn a_name_that_says_its_path_is_none() {
        let post = "/v1/payment_intents/{intent}/increment_authorization";
        for (id, method, path, expected) in [
            ("PostPaymentIntentsIntentIncrementAuthorization", "post", post, true),
            ("post_v1_payment_intents_by_intent_increment_authorization", "post", post, true),
            ("V1PaymentIntents{intent}IncrementAuthorizationPOST", "post", post, true),
            ("payment_intents_intent_increment_authorization", "post", post, true),
            ("paymentIntentsIncrementAuthorization", "post", post, false),
            ("GetPaymentIntentsIntentIncrementAuthorization", "post", post, false),
            ("get_api_v1_users", "get", "/api/v1/users/", true),
            ("get_v1_users", "get", "/api/v1/users", true),
            ("get_users_a_and_b", "get", "/users/{a}/{b}", true),
            ("get_users_id_keys_id", "get", "/users/{user}/keys/{key}", true),
            ("get_users_idea", "get", "/users/{user}", false),
            ("GetDomainNames", "get", "/domainnames", false),
            ("getEventlogs", "get", "/eventLogs", true),
            ("users", "get", "/users", false),
            ("getUsersList", "get", "/users", false),
            ("getUser", "get", "/users/{id}", false),
            ("get", "get", "/", false),
            ("cancelOrder", "post", "/cancel/{order}", false),
            ("downloadFile", "get", "/download/{file}", false),
            ("searchQuery", "get", "/search/{query}", false),
            ("verify_token", "get", "/verify/{token}", false),
        ] {
            assert_eq!(says_only_path(id, method, path), expected, "{id}");
        }
    }
}
