//! Credentials, and which of them a request is sent with.
//!
//! In: the security requirements of an operation and the credentials of the client. Out: the credentials of the first
//! alternative that is satisfied completely (OpenAPI 3.0.3 §4.7.30). Invariant: neither `Debug` nor an error shows a
//! secret.

mod credential;
pub(crate) mod digest;
mod macros;
mod oauth2;
mod provider;

pub use credential::Credential;
pub(crate) use credential::Placement;
pub use oauth2::{DevicePrompt, Flow, OAuth2Error, OAuth2Options};
pub use provider::Token;
pub(crate) use provider::{Posted, Provider, Refusal, TokenClient};

/// The credentials that a request is sent with.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    pub(crate) credentials: Vec<Credential>,
    /// The unsatisfied alternatives as text, if the client satisfies none of them.
    pub(crate) missing: Option<String>,
}

/// Chooses the credentials for a request: the ones for every request, and those of the first satisfied alternative in
/// document order. An empty alternative is chosen last. If no alternative is satisfied, the request is sent without
/// credentials and the server decides.
pub(crate) fn choose(alternatives: &[&[&str]], credentials: &[Credential]) -> Result<Chosen, String> {
    let find = |scheme: &&str| credentials.iter().find(|credential| credential.scheme() == *scheme);
    let is_complete = |all: &&&[&str]| !all.is_empty() && all.iter().all(|scheme| find(scheme).is_some());
    let complete = alternatives.iter().find(is_complete).copied().unwrap_or_default();
    let required: Vec<Credential> = complete.iter().filter_map(find).cloned().collect();
    let mut chosen: Vec<Credential> =
        credentials.iter().filter(|credential| credential.is_everywhere()).cloned().collect();
    if let Some((first, second)) = conflict(&chosen).or(conflict(&required)) {
        let location = first.location();
        return Err(format!(
            "`{}` and `{}` cannot be sent together: both need {location}",
            first.scheme(),
            second.scheme()
        ));
    }
    if chosen.is_empty() {
        let is_missing = required.is_empty() && alternatives.iter().all(|all| !all.is_empty());
        let missing = (is_missing && !alternatives.is_empty()).then(|| requirements(alternatives));
        return Ok(Chosen { credentials: required, missing });
    }
    for credential in required {
        if chosen.iter().all(|known| known.location() != credential.location()) {
            chosen.push(credential);
        }
    }
    Ok(Chosen { credentials: chosen, missing: None })
}

/// Two credentials that need the same part of the request.
fn conflict(chosen: &[Credential]) -> Option<(&Credential, &Credential)> {
    let mut rest = chosen;
    while let Some((first, others)) = rest.split_first() {
        if let Some(second) = others.iter().find(|other| other.location() == first.location()) {
            return Some((first, second));
        }
        rest = others;
    }
    None
}

/// Formats alternatives as `a, or b, or c together with d`.
fn requirements(alternatives: &[&[&str]]) -> String {
    let all = |schemes: &&[&str]| {
        schemes.iter().map(|scheme| format!("`{scheme}`")).collect::<Vec<_>>().join(" together with ")
    };
    alternatives.iter().map(all).collect::<Vec<_>>().join(", or ")
}
