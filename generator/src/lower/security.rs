//! Part of `lower`: security schemes and requirements.
//!
//! In: `components/securitySchemes` and `security`. Out: the schemes, and the alternatives of each operation.
//!
//! Invariant: no required credential is lost: a requirement names each credential that the client can send, and the operation's
//! docs name each credential that the caller must apply.

use std::collections::BTreeSet;

use serde_json::Value;

use super::context::{Context, Scopes};
use super::notes;
use super::parameters::location;
use crate::ir::{Api, Flow, Grant, Requirement, SchemeId, SchemeKind, SecurityScheme};
use crate::resolve::Node;
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::json::{items, members};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::spelling::did_you_mean;

/// HTTP schemes whose credentials are computed for each request or connection (IANA HTTP Authentication Scheme Registry), and
/// the scheme that `normalize` uses for client certificates.
const COMPUTED: [&str; 12] = [
    "concealed", "dpop", "gnap", "hoba", "mutual", "mutualtls", "negotiate", "oauth", "privatetoken", "scram-sha-1",
    "scram-sha-256", "vapid",
];

/// The section of `components` with the schemes.
const SECTION: &str = "securitySchemes";

/// Keeps only the scopes that operations require.
pub(super) fn keep_required_scopes(api: &mut Api, required: &Scopes) {
    for (index, scheme) in api.security_schemes.iter_mut().enumerate() {
        let required = required.get(&SchemeId(index));
        for flow in &mut scheme.flows {
            flow.scopes.retain(|scope| required.is_some_and(|required| required.contains(scope)));
        }
    }
}

impl Context<'_> {
    /// Reads the schemes under `components/securitySchemes`.
    pub(super) fn declare_schemes(&mut self) {
        for (name, place) in self.document.key("components").key(SECTION).members() {
            let Some(found) = self.resolved(&place, SECTION) else { continue };
            let id = SchemeId(self.api.security_schemes.len());
            let scheme = scheme(name, found.item).map(|scheme| self.api.security_schemes.push(scheme));
            self.schemes.insert(name.clone(), scheme.map(|()| id));
        }
    }

    /// Returns the alternatives of an operation (OpenAPI 3.0.3 §4.7.30), and the credentials that the caller must apply. If
    /// every alternative has an unsupported scheme, the operation keeps the supported parts. An unsupported scheme is reported
    /// once.
    pub(super) fn requirements(&mut self, security: Node<'_>) -> (Vec<Requirement>, Vec<String>) {
        let (mut met, mut partly_met): (Vec<Requirement>, Vec<Requirement>) = Default::default();
        let (mut dropped, mut known) = (Vec::new(), BTreeSet::new());
        for Node { item: alternative, at } in security.items() {
            let mut requirement = Requirement::default();
            for (name, scopes) in members(alternative) {
                match self.schemes.get(name) {
                    Some(Ok(id)) => {
                        requirement.schemes.push(*id);
                        self.scopes
                            .entry(*id)
                            .or_default()
                            .extend(items(scopes).filter_map(Value::as_str).map(str::to_owned));
                    }
                    Some(Err(unsupported)) => dropped.push((name, unsupported.clone())),
                    None => self.unknown_scheme(name, &at),
                }
            }
            let is_met = requirement.schemes.len() == members(alternative).count();
            // The order of schemes in an alternative is irrelevant.
            let schemes: BTreeSet<SchemeId> = requirement.schemes.iter().copied().collect();
            if known.insert((is_met, schemes)) {
                if is_met { met.push(requirement) } else { partly_met.push(requirement) }
            }
        }
        let is_left_to_caller = met.is_empty() && !partly_met.is_empty();
        let outcome = if is_left_to_caller { "callers must apply it" } else { "alternatives with it are ignored" };
        for (name, unsupported) in &dropped {
            let message = format!("`{name}` requires {unsupported}, which the client cannot apply: {outcome}");
            let at = Pointer::root().key("components").key(SECTION).key(name);
            self.unsupported(codes::UNSUPPORTED_SECURITY, &at, message);
        }
        if !is_left_to_caller {
            return (met, Vec::new());
        }
        let mut unsupported: Vec<String> = dropped.into_iter().map(|(_, unsupported)| unsupported).collect();
        unsupported.dedup();
        (partly_met, unsupported)
    }

    fn unknown_scheme(&mut self, name: &str, at: &Pointer) {
        let message = format!("unknown security scheme `{name}`");
        let diagnostic = Diagnostic::invalid(codes::UNKNOWN_SECURITY_SCHEME, self.file, at.key(name), message).at_key();
        self.report(diagnostic.with_help_if(did_you_mean(name, self.schemes.keys().map(String::as_str))));
    }
}

/// Returns a scheme, or what it requires if the runtime cannot apply it.
fn scheme(name: &str, declared: &Value) -> Result<SecurityScheme, String> {
    let mut docs = notes::docs(declared);
    let mut flows = Vec::new();
    let kind = match declared["type"].as_str() {
        Some("apiKey") => SchemeKind::Key(location(declared), notes::required(declared, "name").to_owned()),
        // Scheme names are case-insensitive (RFC 9110 §11.1).
        Some("http") => match notes::required(declared, "scheme").to_ascii_lowercase().as_str() {
            "basic" => SchemeKind::Basic,
            "bearer" => SchemeKind::Bearer { format: notes::string(declared, "bearerFormat") },
            "digest" => SchemeKind::Digest,
            // `normalize` uses this scheme for Amazon's documents.
            "aws4-hmac-sha256" => return Err("AWS Signature Version 4".to_owned()),
            computed if COMPUTED.contains(&computed) || computed.contains("hmac") => {
                return Err(format!("the HTTP scheme `{}`", notes::required(declared, "scheme")));
            }
            _ => SchemeKind::Http(notes::required(declared, "scheme").to_owned()),
        },
        // OAuth 2.0 and OpenID Connect are sent as in RFC 6750.
        Some("oauth2") => {
            flows = self::flows(&declared["flows"]);
            SchemeKind::Bearer { format: None }
        }
        _ => {
            docs.url = notes::string(declared, "openIdConnectUrl");
            SchemeKind::Bearer { format: None }
        }
    };
    Ok(SecurityScheme { name: name.to_owned(), kind, flows, docs })
}

/// Returns the distinct grants that obtain tokens without a browser, from `flows` (OpenAPI 3.0.3 §4.7.28), with
/// `x-device-authorization` of later versions. Each has its URLs, and all declared scopes.
fn flows(declared: &Value) -> Vec<Flow> {
    let device = &declared["x-device-authorization"];
    let client = flow(&declared["clientCredentials"], Grant::ClientCredentials);
    let client = client.map(|flow| Flow { refresh_url: None, ..flow });
    let password = flow(&declared["password"], Grant::Password);
    // Any flow with a user may return a refresh token. Refreshing does not request scopes again (RFC 6749 §6).
    let with_user = [&declared["authorizationCode"], &declared["password"], device];
    let refresh = with_user.into_iter().find_map(|declared| flow(declared, Grant::RefreshToken));
    let refresh = refresh.map(|flow| Flow { scopes: Vec::new(), ..flow });
    let url = notes::string(device, "deviceAuthorizationUrl").filter(|url| !url.is_empty());
    let by_device = url.and_then(|url| flow(device, Grant::Device { url }));
    [client, password, refresh, by_device].into_iter().flatten().collect()
}

fn flow(declared: &Value, grant: Grant) -> Option<Flow> {
    Some(Flow {
        grant,
        token_url: notes::string(declared, "tokenUrl").filter(|url| !url.is_empty())?,
        refresh_url: notes::string(declared, "refreshUrl"),
        scopes: members(&declared["scopes"]).map(|(name, _)| name.clone()).collect(),
    })
}
