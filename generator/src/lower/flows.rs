//! Part of `lower`: the OAuth flows of a security scheme.
//!
//! In: `flows` (OpenAPI 3.0.3 §4.7.28), with `x-device-authorization` of later versions. Out: the grants by which a client obtains tokens
//! without a browser. Invariant: a flow has a URL to send its requests to.

use serde_json::Value;

use super::notes::string;
use crate::ir::{Flow, Grant};
use clientwright_normalizer::json::members;

/// The grants of a scheme, each once. The scopes are all that the document declares.
pub(super) fn flows(declared: &Value) -> Vec<Flow> {
    let device = &declared["x-device-authorization"];
    let client = flow(&declared["clientCredentials"], Grant::ClientCredentials);
    let client = client.map(|flow| Flow { refresh_url: None, ..flow });
    // A refresh token is kept from any flow with a user. It is granted without asking for scopes again (RFC 6749 §6).
    let with_user = [&declared["authorizationCode"], &declared["password"], device];
    let refresh = with_user.into_iter().find_map(|declared| flow(declared, Grant::RefreshToken));
    let refresh = refresh.map(|flow| Flow { scopes: Vec::new(), ..flow });
    let url = string(device, "deviceAuthorizationUrl").filter(|url| !url.is_empty());
    let by_device = url.and_then(|url| flow(device, Grant::Device { url }));
    let all = [client, refresh, by_device].into_iter().flatten();
    all.filter(|flow| !flow.token_url.is_empty()).collect()
}

fn flow(declared: &Value, grant: Grant) -> Option<Flow> {
    declared.is_object().then(|| Flow {
        grant,
        token_url: string(declared, "tokenUrl").unwrap_or_default(),
        refresh_url: string(declared, "refreshUrl"),
        scopes: members(&declared["scopes"]).map(|(name, _)| name.clone()).collect(),
    })
}
