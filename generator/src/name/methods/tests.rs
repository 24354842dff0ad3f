use serde_json::json;

use super::*;
use crate::generate::{Document, read_api};
use clientwright_normalizer::Source;

/// Returns the methods of operations, each given by its tag, method and path, and id.
fn methods(operations: &[(&str, &str, &str)]) -> Vec<String> {
    methods_with(&json!({"204": {"description": "d"}}), operations)
}

/// Like `methods`, with these responses.
fn methods_with(responses: &serde_json::Value, operations: &[(&str, &str, &str)]) -> Vec<String> {
    let mut document = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "v"}, "paths": {}});
    for (tag, place, id) in operations {
        let (method, path) = place.split_once(' ').unwrap();
        let names = path.split(['{', '}']).skip(1).step_by(2);
        let parameter = |name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
        let parameters: Vec<_> = names.map(parameter).collect();
        document["paths"][path][method.to_lowercase()] =
            json!({"operationId": id, "tags": [tag], "parameters": parameters, "responses": responses});
    }
    let source = Source { name: "t.json".to_owned(), text: document.to_string() };
    let (api, _) = read_api(&Document::new("t", source)).unwrap();
    let named: BTreeMap<&str, String> =
        api.operations.iter().map(|operation| operation.id.as_str()).zip(method_names(&api)).collect();
    operations.iter().map(|(.., id)| named[id].clone()).collect()
}

#[test]
fn one_object_is_not_listed() {
    let string = json!({"type": "string"});
    let object = |property: &serde_json::Value| json!({"type": "object", "properties": {"a": property}});
    let array = json!({"type": "array", "items": string});
    let map = json!({"type": "object", "additionalProperties": string});
    for (schema, expected) in [
        (object(&string), ["get", "get_features"]),
        (object(&object(&json!({"type": "string", "enum": ["b"]}))), ["get", "get_features"]),
        (object(&array), ["list", "list_features"]),
        (object(&object(&map)), ["list", "list_features"]),
        (object(&json!({})), ["list", "list_features"]),
        (json!({"type": "object"}), ["list", "list_features"]),
        (array.clone(), ["list", "list_features"]),
    ] {
        let media = json!({"description": "d", "content": {"application/json": {"schema": schema}}});
        let operations = [("quotas", "GET /quotas", "getQuotas"), ("x", "GET /features", "getFeatures")];
        assert_eq!(methods_with(&json!({"200": media}), &operations), expected, "{schema}");
    }
    let csv = json!({"description": "d", "content": {"text/csv": {"schema": string}}});
    assert_eq!(methods_with(&json!({"200": csv}), &[("quotas", "GET /features", "getFeatures")]), ["get_features"]);
}

#[test]
fn of_one_thing_and_several_the_first_has_the_short_name() {
    let operations = [
        ("charts", "DELETE /chart/{pk}", "delete_chart"),
        ("charts", "DELETE /chart/", "delete_charts"),
        ("teams", "PUT /teams/{id}", "updateTeam"),
        ("teams", "PUT /teams", "updateTeams"),
    ];
    assert_eq!(methods(&operations), ["delete", "delete_charts", "update", "update_teams"]);
}

#[test]
fn an_action_may_follow_a_parameter_and_have_two_verbs() {
    check(&[
        ("Groups", "POST /{group_href}add_role/", "groups_add_role", "add_role"),
        ("Groups", "POST /{group_href}set_label/", "groups_set_label", "set_label"),
        ("Datasets", "POST /datasets/get_or_create/", "datasets_get_or_create", "get_or_create"),
        ("Datasets", "POST /datasets/{id}/update_or_create/", "datasets_update_or_create", "update_or_create"),
    ]);
}

/// Checks the name of each operation, each alone in its tag.
fn check(cases: &[(&str, &str, &str, &str)]) {
    let names = cases.iter().map(|(tag, place, id, _)| methods(&[(tag, place, id)]).remove(0));
    let differs = |(found, (tag, place, id, expected)): (String, &(&str, &str, &str, &str))| {
        (found != *expected).then(|| format!("{tag} {place} {id}: {found}, not {expected}"))
    };
    let wrong: Vec<_> = names.zip(cases).filter_map(differs).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_context_says_is_removed() {
    check(&[
        // Frameworks.
        ("x", "GET /items/{item_id}", "read_item_items__item_id__get", "read_item"),
        ("x", "GET /api/items/{id}/", "read_item_items__id___get", "read_item"),
        ("x", "GET /health", "health_health_get", "get_health"),
        ("x", "GET /items/{item_id}", "ItemsItemIdGetItem", "get_item"),
        ("x", "GET /files/{id}", "get-/files/{id}_getById", "get"),
        ("pets", "POST /pets", "createUsingPOST_1", "create"),
        ("pets", "GET /pets", "PetsController_findAll", "find_all"),
        ("owners", "GET /pets", "AcmeWeb.ToyController.index", "list"),
        ("owners", "GET /pets", "App\\ToyController::destroy", "destroy"),
        ("pet", "GET /pets", "PetService_GetPet", "get"),
        ("pets", "GET /pets", "pets_api_list", "list"),
        ("pets", "GET /pets/{id}", "pets_detail", "get"),
        ("pets", "PATCH /pets/{id}", "pets_partial_update", "partial_update"),
        ("pets", "POST /pets/{id}/notify", "pets_notify_create", "notify"),
        ("pets", "POST /pets/{id}/toys/remove/", "pets_toys_remove_create", "remove_toys"),
        ("projects", "GET /api/v2/projects/", "api_v2_projects_list", "list"),
        ("pets", "POST /pets/{id}/add-toy/", "pets_add_toy_create", "add_toy"),
        ("pets", "POST /pets/{id}/make-public/", "pets_make_public_create", "make_public"),
        ("pets", "POST /pets/{id}/test-runs/", "pets_test_runs_create", "test_runs_create"),
        ("pets", "POST /{shop}/pets/{id}/toys/", "pets_toys_create", "create_toys"),
        ("teams", "POST /shops/{shop}/teams/{id}/invite/", "shops_teams_invite_create", "invite"),
        ("teams", "POST /shops/{shop}/teams/{id}/remove_pet/", "shops_teams_remove_pet_create", "remove_pet"),
        ("teams", "DELETE /shops/{shop}/teams/{id}/toys/{toy}/", "shops_teams_toys_destroy", "destroy_toys"),
        ("ipam", "GET /ipam/ip-ranges/{id}/available-ips/", "ipam_ip_ranges_available_ips_list", "list_available_ips"),
        // Tags.
        ("pet owners", "GET /p", "pet_owners_list", "list"),
        ("pet owners", "GET /p", "petOwnersListAll", "list"),
        ("city_accounts", "GET /accounts/{id}", "get_account", "get"),
        ("received_mails", "GET /mails", "mails_list_received", "list"),
        ("events", "POST /events", "calendar.events.insert", "insert"),
        ("projects", "GET /topics/{id}", "pubsub.projects.topics.get", "get_topics"),
        ("x", "GET /test/pets", "pets.lock file", "get_pets_lock_file"),
        ("projects", "GET /{name}:config", "pubsub.projects.topics.getConfig", "get_topics_config"),
        ("ChatV1Message", "GET /messages", "ListMessage", "list"),
        ("refunds", "POST /refunds", "RefundPayment", "refund_payment"),
        ("pets", "GET /pets/{id}/toys", "listPetToys", "list_toys"),
        ("playlists", "GET /my/playlists", "get-a-list-of-playlists", "list"),
        ("tables", "GET /tables/{id}", "retrieve_a_table", "retrieve"),
        ("tracks", "PUT /me/tracks", "save-tracks-user", "save_tracks_user"),
        ("voices", "GET /voices/{id}/settings", "getVoicesSettings", "get_settings"),
        ("logs", "GET /logs/{logs_id}", "get_logs", "get"),
        ("x", "GET /terms/{term_id}", "getTermIds", "list_term_ids"),
    ]);
}

#[test]
fn verbs_come_first() {
    check(&[
        ("rooms", "GET /rooms", "rooms_get", "list"),
        ("rooms", "POST /rooms", "room_post", "create"),
        ("rooms", "DELETE /rooms/{id}", "room_delete", "delete"),
        ("rooms", "POST /rooms/delete", "delete_rooms", "delete"),
        ("Meetings", "GET /users/{id}/meetings", "meetings", "list"),
        ("Account", "GET /account", "account", "get"),
        ("Search", "GET /search", "search", "search"),
        ("swarm", "GET /swarm/key", "SwarmKey", "get_key"),
        ("swarm", "POST /swarm/join", "SwarmJoin", "join"),
        ("refs", "GET /refs/{a}/diff", "diffRefs", "diff"),
        // The tag is the verb, or ends with a preposition.
        ("search", "GET /search/code", "search/code", "code"),
        ("search", "GET /search/repositories/", "search/repos", "repos"),
        ("import", "GET /imports/{id}", "importStatus", "get_status"),
        ("environments", "POST /environments/{id}/on", "toggleEnvironmentOn", "toggle_on"),
        ("users", "POST /users/sign-in", "signUserIn", "sign_in"),
        ("kv", "POST /v3/kv/put", "Put", "put"),
        ("backup & restore", "POST /backup/restore", "restoreBackup", "restore_backup"),
        ("backup & restore", "POST /backups/{id}/restore", "restoreScheduledBackup", "restore_scheduled_backup"),
        ("bot", "POST /deleteChatStickerSet", "deleteChatStickerSet", "delete_chat_sticker_set"),
        ("files", "POST /files/{id}/send", "post_files_id_send", "send"),
        ("links", "PUT /files/{id}#add_link", "put_files_id#add_link", "add_files"),
        ("users", "OPTIONS /users/emails/confirm", "options_users_emails_confirm", "options_emails_confirm"),
        ("snapshots", "POST /pets/{name}/snapshots/{id}", "pet_snapshot_post", "post"),
        ("pets", "POST /pets/{name}/snapshots/{id}", "pet_snapshot_post", "post_snapshot"),
        ("pets", "POST /pets/{name}/snapshots", "pet_snapshots_post", "create_snapshots"),
        ("toys", "POST /toys/{petId}", "post_toy", "create"),
        ("toys", "POST /toys/{toyId}", "post_toy", "post"),
        ("pets", "GET /pets/sick", "hasSickPet", "has_sick_pet"),
        ("plugins", "GET /plugins/{name}", "pluginLookup", "lookup"),
        // Words before the tag, and owners.
        ("snapshots", "DELETE /page_snapshots/{id}", "delete_page_snapshot", "delete_page_snapshot"),
        ("annotations", "DELETE /trace_annotations", "deleteTraceAnnotations", "delete_trace_annotations"),
        ("things", "POST /a", "listTagsForResource", "list_tags_for_resource"),
        ("steps", "POST /steps", "create_run_step", "create_run_step"),
        ("taxes", "PUT /taxes/{id}", "createOrReplaceTax", "create_or_replace"),
        ("gateways", "PUT /sites/{id}", "VpnSites_CreateOrUpdate", "create_or_update_vpn_sites"),
        ("users", "DELETE /users/{u}/clients/{c}", "revokeTokensForUserAndClient", "revoke_tokens_for_user_and_client"),
        ("comments", "GET /comments/{id}", "getCommentOrReply", "get_comment_or_reply"),
        ("exports", "DELETE /pets/{id}/exports/{export}", "pets_exports_destroy", "destroy"),
    ]);
}

#[test]
fn keys_and_owners_are_removed() {
    check(&[
        ("pets", "DELETE /pets/{petId}", "deletePetById", "delete"),
        ("pets", "GET /pets", "getPetByName", "get_by_name"),
        ("members", "GET /teams/{team}/members", "list-members-for-a-team", "list"),
        ("sources", "GET /customers/{c}/sources/{id}", "getCustomerSource", "get"),
        ("charts", "GET /resources/charts", "listResourcesCharts", "list"),
        ("oidc", "GET /security/oidc", "getSecurityOidc", "get"),
        ("route", "PUT /course/route/refresh", "refreshCourseRoute", "refresh"),
        ("projects", "GET /projects/vendor", "listVendorProjects", "list_vendor_projects"),
    ]);
}

#[test]
fn no_preposition_is_at_the_end_unless_it_is_said() {
    check(&[
        ("organization-members", "GET /orgs/{id}/members", "listMembersInOrganizationById", "list"),
        ("site-sections", "POST /sites/{id}/sections", "addSectionToSite", "add"),
        ("users", "POST /users/sign-in", "signInUser", "sign_in"),
        ("guests", "POST /guests/{id}/enter", "checkInGuest", "check_in"),
        ("keys", "GET /keys/{id}/used_by/", "keys_used_by_list", "list_used_by"),
    ]);
}

#[test]
fn a_custom_method_has_an_object() {
    check(&[
        ("caches", "POST /caches/{cache}:deleteEntries", "caches.deleteEntries", "delete_entries"),
        ("forms", "POST /forms/{form}:batchUpdate", "forms.batchUpdate", "batch_update"),
        ("files", "POST /files/{parent}/toys:batchCreate", "files.toys.batchCreate", "batch_create_toys"),
    ]);
}

#[test]
fn a_list_and_a_keyword_at_the_end_may_be_nouns() {
    check(&[
        ("BlockBlob", "PUT /{blob}/list", "BlockBlob_CommitBlockList", "commit_block_list"),
        ("Words", "GET /words/async", "Words_async", "get_async"),
        ("Words", "GET /words", "Words_getAsync", "list"),
        ("Uploads", "POST /files", "FilesUploadFile", "upload_file"),
        ("Settings", "GET /admin/api/v1/settings", "api_get_backup", "get_backup"),
    ]);
}

#[test]
fn words_that_distinguish_operations_stay() {
    let pets = |operations: &[(&'static str, &'static str)]| {
        methods(&operations.iter().map(|(place, id)| ("pets", *place, *id)).collect::<Vec<_>>())
    };
    assert_eq!(pets(&[("GET /pets", "getPets"), ("GET /pets/{id}", "getPet")]), ["list", "get"]);
    assert_eq!(pets(&[("GET /pets", "getPets"), ("GET /all", "listPets")]), ["get", "list"]);
    assert_eq!(pets(&[("PUT /a", "pets_update"), ("PATCH /a", "pets_patch")]), ["update", "patch"]);
    assert_eq!(pets(&[("PUT /a", "pet_put"), ("PATCH /a", "pet_patch")]), ["replace", "update"]);
    assert_eq!(pets(&[("PATCH /pets/{a}/toys/{b}", "patchToy")]), ["update_toy"]);
    assert_eq!(pets(&[("PUT /a", "updateToy"), ("PATCH /a", "patchToy")]), ["update_toy", "patch_toy"]);
    assert_eq!(pets(&[("GET /v1/a", "listPetsV1"), ("GET /v2/a", "listPetsV2")]), ["list_v1", "list_v2"]);
    let keyed = [("GET /credentials", "getCredentials"), ("GET /credentials/{id}", "getCredential")];
    assert_eq!(pets(&keyed), ["list_credentials", "get_credential"]);
    assert_eq!(methods(&keyed.map(|(place, id)| ("Credential", place, id))), ["list", "get"]);
    assert_eq!(pets(&keyed[..1]), ["get_credentials"]);
    let all = [("GET /users", "listUsers"), ("GET /admin/users", "listAdminUsers")];
    assert_eq!(methods(&all.map(|(place, id)| ("users", place, id))), ["list", "list_admin_users"]);
    assert_eq!(pets(&[("GET /v1/a", "listPets"), ("GET /v2/a", "listPets_v2")]), ["list", "list_v2"]);
    let dotted = [("GET /v0.0.37/a", "v0_0_37_get_pets"), ("GET /v0.0.38/a", "v0_0_38_get_pets")];
    assert_eq!(pets(&dotted), ["list_v0_0_37", "list_v0_0_38"]);
    assert_eq!(pets(&dotted[..1]), ["list"]);
    assert_eq!(
        pets(&[("GET /a", "ToysController_list"), ("GET /b", "PetsController_list")]),
        ["list_toys", "list_pets"]
    );
    assert_eq!(pets(&[("GET /a", "list"), ("GET /b", "list_2")]), ["list", "list_2"]);
    let speak =
        [("GET /voices/{id}", "speak_voices__id__get"), ("GET /voices/{id}/stream", "speak_voices__id__stream_get")];
    assert_eq!(pets(&speak), ["speak_by_id", "speak_stream"]);
    // One FastAPI function on several paths.
    let infer = [
        ("POST /models/{model}/infer", "infer_models__model__infer_post"),
        ("POST /models/{model}/v/{version}/infer", "infer_models__model__v__version__infer_post"),
        ("POST /models/{model}/run", "infer_models__model__run_post"),
        ("POST /models/{model}/v/{version}/run", "infer_models__model__v__version__run_post"),
    ];
    let names = ["infer_by_model", "infer_by_version", "infer_run_by_model", "infer_run_by_version"];
    assert_eq!(pets(&infer), names);
    let tags = [
        ("DELETE /homes/{id}/tags/{tag}", "delete_homes__id__tags__tag__delete"),
        ("DELETE /homes/{id}/toys/{toy}/tags/{tag}", "delete_homes__id__toys__toy__tags__tag__delete"),
        ("PUT /homes/{id}", "update_homes__id__put"),
        ("PATCH /homes/{id}", "update_homes__id__patch"),
    ];
    assert_eq!(pets(&tags), ["delete_homes_tags", "delete_toys_tags", "update_put", "update_patch"]);
}

#[test]
fn nouns_of_the_path_are_no_fillers() {
    let items = [
        ("subscriptions", "DELETE /subscriptions/{id}/items/{item_id}", "deleteSubscriptionItem"),
        ("subscriptions", "DELETE /subscriptions/{id}", "deleteSubscription"),
    ];
    assert_eq!(methods(&items), ["delete_item", "delete"]);
}

#[test]
fn abbreviations_and_namespaces_are_removed() {
    let repository = [
        ("repository", "GET /repos/{id}/tags", "repoListTags"),
        ("repository", "DELETE /repos/{id}", "repoDelete"),
        ("notification", "GET /notifications", "notifyGetList"),
    ];
    assert_eq!(methods(&repository), ["list_tags", "delete", "list"]);
    let beta = [
        ("agents", "GET /agents?beta=true", "BetaListAgents"),
        ("agents", "POST /agents?beta=true", "BetaCreateAgent"),
        ("agents", "DELETE /agents/{id}?beta=true", "BetaDeleteAgent"),
    ];
    assert_eq!(methods(&beta), ["list", "create", "delete"]);
    // Two ids may have the same noun by accident.
    assert_eq!(methods(&beta[..2]), ["list_betas", "beta_create"]);
}

#[test]
fn versions_distinguish_paths_that_are_equal_otherwise() {
    let chats = [
        ("chat", "POST /api/v1/chat/completions", "chat_completion_api_v1_chat_completions_post"),
        ("chat", "POST /api/chat/completions", "chat_completion_api_chat_completions_post"),
    ];
    assert_eq!(methods(&chats), ["completion_v1", "completion"]);
    let runs = [
        ("runs", "POST /box/{id}/restart-runs-async", "restartAllBoxRunsAsync"),
        ("runs", "POST /box/{id}/restart-runs", "restartAllBoxRuns"),
    ];
    assert!(methods(&runs)[0].ends_with("_async") && !methods(&runs)[1].ends_with("_async"));
}

#[test]
fn a_framework_may_append_another_method_or_repeat_the_path() {
    check(&[
        ("openai", "GET /openai/{path}", "proxy_request_openai__path__delete", "proxy_request"),
        ("x", "POST /upload", "UploadUpload", "upload"),
        ("x", "GET /health", "HealthHealthCheck", "get_health_check"),
        ("x", "GET /parties/{type}/{id}", "PartiesByTypeAndID", "get_parties"),
    ]);
    let tools = json!({"200": {"description": "d", "content": {"application/json": {"schema": {}}}}});
    assert_eq!(methods_with(&tools, &[("tools", "GET /tools/{id}", "get_tools_by_id")]), ["get"]);
}
