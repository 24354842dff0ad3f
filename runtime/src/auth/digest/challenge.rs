//! Choosing a challenge. In: the header fields of a 401 answer. Out: the strongest Digest challenge that can be answered, or why there is none.
//!
//! **Invariant:** a chosen challenge can be answered: algorithm and quality of protection are known, realm and nonce are there.

use http::header::{HeaderMap, WWW_AUTHENTICATE};

use super::algorithm::Algorithm;
use super::field::{self, Parameters};

/// How many foreign schemes a reason names, and how many characters of a server's text it quotes.
const SHOWN_SCHEMES: usize = 8;
const SHOWN_CHARACTERS: usize = 40;

/// A Digest challenge that can be answered (RFC 7616 §3.3). Text stays bytes: what came is hashed and sent back as it came.
///
/// `domain` is not kept: the credentials never leave the client's own server, which is the protection space without it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Challenge {
    /// The protection space.
    pub(super) realm: Vec<u8>,
    /// The number that the server wants to see used.
    pub(super) nonce: Vec<u8>,
    /// What the server wants to have back unchanged.
    pub(super) opaque: Option<Vec<u8>>,
    /// The algorithm, and its name as the server wrote it, which is how it goes back.
    pub(super) algorithm: Algorithm,
    /// See `algorithm`; none if the server gave none.
    pub(super) algorithm_name: Option<String>,
    /// Whether `qop=auth` is offered; without, the answer has the form of RFC 2069.
    pub(super) counted: bool,
    /// The request before was all right but for its old nonce.
    pub(super) stale: bool,
    /// The user name is to be sent hashed.
    pub(super) userhash: bool,
    /// The server reads user names as UTF-8.
    pub(super) utf8: bool,
}

/// Why no challenge can be answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unanswerable {
    /// There is no Digest challenge at all.
    NoDigest(String),
    /// There is one, with a fault.
    Faulty(String),
}

/// The strongest challenge that can be answered; of several equally strong ones the first, as the server lists them by preference (RFC 7616 §3.7).
pub(super) fn choose(headers: &HeaderMap) -> Result<Challenge, Unanswerable> {
    let mut best: Option<Challenge> = None;
    let mut fault: Option<String> = None;
    let mut others: Vec<String> = Vec::new();
    let values = headers.get_all(WWW_AUTHENTICATE).iter();
    for scheme in values.flat_map(|value| field::schemes(value.as_bytes())) {
        if !scheme.is("Digest") {
            others.push(shown(&scheme.name));
            continue;
        }
        match read(&scheme.parameters) {
            Ok(challenge) => {
                let strength = challenge.algorithm.strength();
                if best.as_ref().is_none_or(|best| best.algorithm.strength() < strength) {
                    best = Some(challenge);
                }
            }
            Err(reason) => fault = fault.or(Some(reason)),
        }
    }
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

/// Checks one Digest challenge, RFC 7616 §3.3.
fn read(parameters: &Parameters) -> Result<Challenge, String> {
    let text = |name: &str| {
        parameters.get(name).map(<[u8]>::to_vec).ok_or_else(|| format!("the Digest challenge has no {name}"))
    };
    let (algorithm, algorithm_name) = match parameters.get("algorithm") {
        None => (Algorithm::DEFAULT, None),
        Some(name) => {
            let algorithm = Algorithm::named(name).ok_or_else(|| {
                let name = shown(name);
                format!("the Digest challenge asks for the unknown algorithm {name}")
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

/// Whether `auth` is among the offered qualities of protection. An empty or missing list is a server of RFC 2069 (RFC 2617 §3.2.1).
fn counted(qop: &[u8]) -> Result<bool, String> {
    let mut offers = qop.split(|byte| b", \t".contains(byte)).filter(|offer| !offer.is_empty()).peekable();
    if offers.peek().is_none() {
        return Ok(false);
    }
    if offers.any(|offer| offer.eq_ignore_ascii_case(b"auth")) {
        return Ok(true);
    }
    let qop = shown(qop);
    Err(format!("the Digest challenge offers only the quality of protection {qop}; auth is supported"))
}

/// A server's text, fit for a message: short and without control characters.
fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).chars().take(SHOWN_CHARACTERS).flat_map(char::escape_debug).collect()
}
