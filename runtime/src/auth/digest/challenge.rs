//! Choosing a challenge. In: the headers of a 401 response. Out: the strongest supported Digest challenge, or the
//! reason why there is no such challenge.
//!
//! Invariant: a chosen challenge has a known algorithm, a supported quality of protection, a realm and a nonce.

use std::cmp::Reverse;

use http::header::{HeaderMap, WWW_AUTHENTICATE};

use super::algorithm::Algorithm;
use super::field::{self, Parameters};

/// The maximum number of other schemes in a reason, and of characters of a server's string.
const SHOWN_SCHEMES: usize = 8;
const SHOWN_CHARACTERS: usize = 40;

/// A supported Digest challenge (RFC 7616 §3.3). Strings are kept as bytes, because they are hashed and returned
/// unchanged.
///
/// `domain` is ignored: credentials are only sent to the client's own server, which is the protection space without
/// `domain`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Challenge {
    /// The protection space.
    pub(super) realm: Vec<u8>,
    /// The nonce of the server.
    pub(super) nonce: Vec<u8>,
    /// A string that is returned unchanged.
    pub(super) opaque: Option<Vec<u8>>,
    /// The algorithm.
    pub(super) algorithm: Algorithm,
    /// The algorithm name as the server wrote it, which is returned. `None` if the challenge has no algorithm.
    pub(super) algorithm_name: Option<String>,
    /// Whether `qop=auth` is offered. If not, the answer has the form of RFC 2069.
    pub(super) counted: bool,
    /// Whether only the nonce of the request was wrong, because it was too old.
    pub(super) stale: bool,
    /// Whether the user name is sent as a hash.
    pub(super) userhash: bool,
    /// Whether the server reads user names as UTF-8.
    pub(super) utf8: bool,
}

/// The reason why there is no supported challenge.
#[derive(Debug, PartialEq)]
pub(super) enum Unanswerable {
    /// There is no Digest challenge.
    NoDigest(String),
    /// The Digest challenge is not valid or not supported.
    Faulty(String),
}

/// Chooses the strongest supported challenge. If several are equally strong, it is the first, which the server prefers
/// (RFC 7616 §3.7).
pub(super) fn choose(headers: &HeaderMap) -> Result<Challenge, Unanswerable> {
    let (mut supported, mut fault, mut others) = (Vec::new(), None, Vec::new());
    let values = headers.get_all(WWW_AUTHENTICATE).iter();
    for scheme in values.flat_map(|value| field::schemes(value.as_bytes())) {
        if !scheme.name.eq_ignore_ascii_case(b"Digest") {
            others.push(shown(&scheme.name));
            continue;
        }
        match read(&scheme.parameters) {
            Ok(challenge) => supported.push(challenge),
            Err(reason) => fault = fault.or(Some(reason)),
        }
    }
    let best = supported.into_iter().min_by_key(|challenge| Reverse(challenge.algorithm.strength()));
    match (best, fault) {
        (Some(best), _) => Ok(best),
        (None, Some(fault)) => Err(Unanswerable::Faulty(fault)),
        (None, None) => Err(Unanswerable::NoDigest(no_digest(&others))),
    }
}

fn no_digest(others: &[String]) -> String {
    if others.is_empty() {
        return "the server sent no Digest challenge".to_owned();
    }
    let names = others.get(..SHOWN_SCHEMES).unwrap_or(others).join(", ");
    format!("the server sent no Digest challenge, only {names}")
}

/// Reads a Digest challenge (RFC 7616 §3.3).
fn read(parameters: &Parameters) -> Result<Challenge, String> {
    let text = |name: &str| {
        parameters.get(name).map(<[u8]>::to_vec).ok_or_else(|| format!("the Digest challenge has no {name}"))
    };
    let (algorithm, algorithm_name) = match parameters.get("algorithm") {
        None => (Algorithm::DEFAULT, None),
        Some(name) => {
            let algorithm = Algorithm::named(name).ok_or_else(|| {
                let name = shown(name);
                format!("the Digest challenge requires the unknown algorithm {name}")
            })?;
            // A known name is ASCII.
            (algorithm, Some(String::from_utf8_lossy(name).into_owned()))
        }
    };
    let charset = parameters.get("charset");
    Ok(Challenge {
        realm: text("realm")?,
        nonce: text("nonce")?,
        opaque: parameters.get("opaque").map(<[u8]>::to_vec),
        algorithm,
        algorithm_name,
        counted: counted(parameters.get("qop").unwrap_or_default())?,
        stale: parameters.flag("stale"),
        userhash: parameters.flag("userhash"),
        utf8: charset.is_some_and(|name| name.eq_ignore_ascii_case(b"UTF-8")),
    })
}

/// Returns whether `auth` is offered as quality of protection. Servers of RFC 2069 offer nothing (RFC 2617 §3.2.1).
fn counted(qop: &[u8]) -> Result<bool, String> {
    let mut offers = qop.split(|byte| b", \t".contains(byte)).filter(|offer| !offer.is_empty()).peekable();
    if offers.peek().is_none() {
        return Ok(false);
    }
    if offers.any(|offer| offer.eq_ignore_ascii_case(b"auth")) {
        return Ok(true);
    }
    let qop = shown(qop);
    Err(format!("the Digest challenge offers only the quality of protection {qop}; expected auth"))
}

/// Returns a server's string for a message: shortened, and without control characters.
fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).chars().take(SHOWN_CHARACTERS).flat_map(char::escape_debug).collect()
}
