//! Part of `lower`: the OAuth flows of a security scheme.
//!
//! In: `flows` (OpenAPI 3.0.3 §4.7.28), with `x-device-authorization` of later versions. Out: the grants by which a client obtains tokens
//! without a browser. Invariant: a flow has a URL to send its requests to.

use openapiv3::OAuth2Flows;
use serde_json::{Map, Value};

use crate::ir::{Flow, Grant};

/// The grants of a scheme, each once. The scopes are all that the document declares.
pub(super) fn flows(declared: &OAuth2Flows) -> Vec<Flow> {
    let OAuth2Flows { implicit: _, password, client_credentials, authorization_code, extensions } = declared;
    let device = extensions.get("x-device-authorization").and_then(Value::as_object);
    let client = client_credentials.as_ref().map(|flow| Flow {
        grant: Grant::ClientCredentials,
        token_url: flow.token_url.clone(),
        refresh_url: None,
        scopes: flow.scopes.keys().cloned().collect(),
    });
    let by_code = authorization_code.as_ref().map(|flow| (flow.token_url.clone(), flow.refresh_url.clone()));
    let by_password = password.as_ref().map(|flow| (flow.token_url.clone(), flow.refresh_url.clone()));
    let by_device = device.and_then(|flow| Some((text(flow, "tokenUrl")?, text(flow, "refreshUrl"))));
    // A refresh token is kept from any flow with a user. It is granted without asking for scopes again (RFC 6749 §6).
    let refresh = by_code.or(by_password).or(by_device).map(|(token_url, refresh_url)| Flow {
        grant: Grant::RefreshToken,
        token_url,
        refresh_url,
        scopes: Vec::new(),
    });
    let all = [client, refresh, device.and_then(device_flow)].into_iter().flatten();
    all.filter(|flow| !flow.token_url.is_empty()).collect()
}

/// The flow of a user on another device (RFC 8628).
fn device_flow(flow: &Map<String, Value>) -> Option<Flow> {
    let scopes = flow.get("scopes").and_then(Value::as_object);
    Some(Flow {
        grant: Grant::Device { url: text(flow, "deviceAuthorizationUrl")? },
        token_url: text(flow, "tokenUrl")?,
        refresh_url: text(flow, "refreshUrl"),
        scopes: scopes.into_iter().flat_map(Map::keys).cloned().collect(),
    })
}

fn text(flow: &Map<String, Value>, name: &str) -> Option<String> {
    flow.get(name)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
