//! The operations of ByteHouse on API keys, roles, assignments, permissions and the account.

use data_platform_clients::bytehouse::Client;
use data_platform_clients::bytehouse::types::{
    ApiKeyStatus, AssignRoleRequest, CreateApiKeyRequest, ExtendApiKeyExpiryRequest, GrantPermissionsRequest,
    RevokePermissionsRequest, SetApiKeyStatusRequest, UnassignRoleRequest,
};
use serde_json::json;

use super::bytehouse::{in_both_roles, result, result_list, result_object, sent};
use crate::support::table::{Reply, Table};
use crate::support::{AWKWARD, ENCODED};

pub(crate) async fn operations(table: &mut Table, client: &Client) {
    api_keys(table, client).await;
    one_api_key(table, client).await;
    roles(table, client).await;
    permissions(table, client).await;
    let call = client.iam().get_account_status();
    table.call("getAccountStatus", sent("GET", "/v1/iam/account/status"), result_object(), call).await;
}

async fn api_keys(table: &mut Table, client: &Client) {
    let iam = client.iam();
    in_both_roles!(table, "listApiKeys", sent("GET", "/v1/iam/api-keys"), result_list(), iam.list_api_keys());

    let wanted = sent("POST", "/v1/iam/api-keys");
    let reply = || Reply::json(200, json!({"message": "Success", "error": {}, "data": {"key": "s3cret"}}));
    let call = || iam.create_api_key(CreateApiKeyRequest::new());
    let answer = in_both_roles!(table, "createApiKey", wanted.clone().body(json!({})), reply(), call());
    assert_eq!(answer.data.unwrap().expose()["key"], "s3cret");
    let request = || CreateApiKeyRequest::new().no_expiry(false).expiry_in_days(90).comment("c");
    let wanted = wanted.body(json!({"noExpiry": false, "expiryInDays": 90, "comment": "c"}));
    in_both_roles!(table, "createApiKey", wanted, reply(), iam.create_api_key(request()));
}

async fn one_api_key(table: &mut Table, client: &Client) {
    let iam = client.iam();
    let path = format!("/v1/iam/api-keys/{ENCODED}");
    let wanted = sent("DELETE", path.clone());
    in_both_roles!(table, "deleteApiKey", wanted, result(), iam.delete_api_key(AWKWARD));
    table.refuses("deleteApiKey", [iam.delete_api_key("..")]).await;

    let status = || SetApiKeyStatusRequest::new().status(ApiKeyStatus::Disabled);
    let wanted = sent("PATCH", format!("{path}/status"));
    let call = || iam.set_api_key_status(AWKWARD, SetApiKeyStatusRequest::new());
    in_both_roles!(table, "setApiKeyStatus", wanted.clone().body(json!({})), result(), call());
    let wanted = wanted.body(json!({"status": "DISABLED"}));
    in_both_roles!(table, "setApiKeyStatus", wanted, result(), iam.set_api_key_status(AWKWARD, status()));
    table.refuses("setApiKeyStatus", [iam.set_api_key_status("..", status())]).await;

    let expiry = || ExtendApiKeyExpiryRequest::new().add_expiry_in_days(90);
    let wanted = sent("PATCH", format!("{path}/expiry"));
    let call = || iam.extend_api_key_expiry(AWKWARD, ExtendApiKeyExpiryRequest::new());
    in_both_roles!(table, "extendApiKeyExpiry", wanted.clone().body(json!({})), result(), call());
    let wanted = wanted.body(json!({"addExpiryInDays": 90}));
    in_both_roles!(table, "extendApiKeyExpiry", wanted, result(), iam.extend_api_key_expiry(AWKWARD, expiry()));
    table.refuses("extendApiKeyExpiry", [iam.extend_api_key_expiry("..", expiry())]).await;
}

async fn roles(table: &mut Table, client: &Client) {
    let iam = client.iam();
    let reply = Reply::json(200, json!({"message": "Success", "meta": {"n": 1}, "error": {}, "data": {"roles": []}}));
    in_both_roles!(table, "listRoles", sent("GET", "/v1/iam/roles"), reply, iam.list_roles());

    let wanted = sent("GET", "/v1/iam/assignments");
    let call = || iam.list_role_assignments();
    in_both_roles!(table, "listRoleAssignments", wanted.clone(), result_object(), call());
    let wanted = wanted.query("UserID=-1");
    in_both_roles!(table, "listRoleAssignments", wanted, result_object(), call().user_id(-1));

    let wanted = sent("POST", "/v1/iam/assignments");
    let call = || iam.assign_role(AssignRoleRequest::new());
    in_both_roles!(table, "assignRole", wanted.clone().body(json!({})), result_object(), call());
    let call = || iam.assign_role(AssignRoleRequest::new().user_id(1_336_688_750).role_name("SystemAdmin"));
    let wanted = wanted.body(json!({"UserID": 1_336_688_750, "RoleName": "SystemAdmin"}));
    in_both_roles!(table, "assignRole", wanted, result_object(), call());

    let wanted = sent("POST", "/v1/iam/assignments/revoke");
    let call = || iam.unassign_role(UnassignRoleRequest::new());
    in_both_roles!(table, "unassignRole", wanted.clone().body(json!({})), result_object(), call());
    let call = || iam.unassign_role(UnassignRoleRequest::new().user_id(1).role_name("r"));
    let wanted = wanted.body(json!({"UserID": 1, "RoleName": "r"}));
    in_both_roles!(table, "unassignRole", wanted, result_object(), call());
}

async fn permissions(table: &mut Table, client: &Client) {
    let iam = client.iam();
    let query = format!("RoleName=r&ByteHouseResourceID={ENCODED}&SecureObjectTypeName=t");
    let wanted = sent("GET", "/v1/iam/permissions").query(query);
    let call = || iam.list_role_permissions("r", AWKWARD, "t");
    in_both_roles!(table, "listRolePermissions", wanted, result_object(), call());

    let wanted = sent("POST", "/v1/iam/permissions");
    let call = || iam.grant_permissions(GrantPermissionsRequest::new());
    in_both_roles!(table, "grantPermissions", wanted.clone().body(json!({})), result_object(), call());
    let grant = || {
        let request = GrantPermissionsRequest::new().role_name("r").byte_house_resource_id("b");
        request.secure_object_type_name("s").action_name("a").grant_option(true)
    };
    let mut body = json!({
        "RoleName": "r", "ByteHouseResourceID": "b", "SecureObjectTypeName": "s", "ActionName": "a", "GrantOption": true,
    });
    let wanted = wanted.body(body.clone());
    in_both_roles!(table, "grantPermissions", wanted, result_object(), iam.grant_permissions(grant()));

    let wanted = sent("POST", "/v1/iam/permissions/revoke");
    let call = || iam.revoke_permissions(RevokePermissionsRequest::new());
    in_both_roles!(table, "revokePermissions", wanted.clone().body(json!({})), result(), call());
    body.as_object_mut().unwrap().remove("GrantOption");
    let revoke = || {
        let request = RevokePermissionsRequest::new().role_name("r").byte_house_resource_id("b");
        request.secure_object_type_name("s").action_name("a")
    };
    in_both_roles!(table, "revokePermissions", wanted.body(body), result(), iam.revoke_permissions(revoke()));
}
