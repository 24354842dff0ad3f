//! Credentials, and the choice of credentials for a request.
//!
//! In: the security requirements of an operation and the credentials of the client. Out: the credentials of the first
//! alternative that is satisfied completely (OpenAPI 3.0.3 §4.7.30). Invariant: neither `Debug` nor an error shows a
//! secret.

use smallvec::SmallVec;

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

/// The credentials of a request; usually one.
pub(crate) type Chosen = SmallVec<[Credential; 1]>;

/// Chooses the credentials for a request: the ones for every request, and those of the first satisfied alternative in
/// document order. An empty alternative is chosen last. If no alternative is satisfied, the request is sent without
/// credentials and the server decides.
pub(crate) fn choose(alternatives: &[&[&str]], credentials: &[Credential]) -> Result<Chosen, String> {
    let find = |scheme: &&str| credentials.iter().find(|credential| credential.scheme() == *scheme);
    let is_complete = |all: &&&[&str]| !all.is_empty() && all.iter().all(|scheme| find(scheme).is_some());
    let complete = alternatives.iter().find(is_complete).copied().unwrap_or_default();
    let required: Chosen = complete.iter().filter_map(find).cloned().collect();
    let mut chosen: Chosen = credentials.iter().filter(|credential| credential.is_everywhere).cloned().collect();
    if let Some((first, second)) = conflict(&chosen).or(conflict(&required)) {
        let location = first.location();
        return Err(format!(
            "`{}` and `{}` cannot be sent together: both need {location}",
            first.scheme(),
            second.scheme()
        ));
    }
    if chosen.is_empty() {
        return Ok(required);
    }
    for credential in required {
        if chosen.iter().all(|known| known.location() != credential.location()) {
            chosen.push(credential);
        }
    }
    Ok(chosen)
}

/// Returns two credentials that need the same part of the request.
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

/// Returns the reason why [`choose`] chose no credentials, for a request that the server rejected.
#[cold]
pub(crate) fn why_none(alternatives: &[&[&str]], credentials: &[Credential]) -> String {
    let accepted: Vec<&&[&str]> = alternatives.iter().filter(|all| !all.is_empty()).collect();
    if accepted.is_empty() {
        return "no credentials were sent: neither the API document nor `Request::security` requires one here; send one with \
            `ClientBuilder::auth_everywhere`, or `ClientBuilder::auth` if the document describes none"
            .to_owned();
    }
    let quoted = |scheme: &str| format!("`{scheme}`");
    let together = |all: &&&[&str]| all.iter().copied().map(quoted).collect::<Vec<_>>().join(" together with ");
    let accepted = accepted.iter().map(together).collect::<Vec<_>>().join(", or ");
    let given = credentials.iter().map(|credential| quoted(credential.scheme())).collect::<Vec<_>>();
    let given = if given.is_empty() { "no credentials".to_owned() } else { format!("only {}", given.join(" and ")) };
    format!("no credentials were sent: the API document accepts {accepted} here, and the client has {given}")
}
