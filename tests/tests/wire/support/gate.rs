//! A server that checks HTTP Digest (RFC 7616). In: requests with or without `Authorization`. Out: the guarded response, or a 401 with a
//! challenge.
//!
//! It computes hashes independently and tracks nonces and counts itself. Invariant: any request that no correct client sends is recorded as
//! a fault, even if the response does not show it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use md5::Digest as _;
use serde_json::json;
use wiremock::{Request, Respond, ResponseTemplate};

pub(crate) const PUBLIC_KEY: &str = "pub lic\"key\\";
pub(crate) const PRIVATE_KEY: &str = "prïvate: key";
const REALM: &str = "tidb \"cloud\"";
/// The realm inside of a quoted string (RFC 9110 §5.6.4).
const QUOTED_REALM: &str = "tidb \\\"cloud\\\"";
const OPAQUE: &str = "opaque-1";

/// A hash that the server offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Md5,
    Sha256,
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    fn hash(self, text: &str) -> String {
        let bytes = match self {
            Self::Md5 => md5::Md5::digest(text).to_vec(),
            Self::Sha256 => sha2::Sha256::digest(text).to_vec(),
        };
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A request with a correct digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) algorithm: String,
    pub(crate) nonce: String,
    pub(crate) count: u32,
    pub(crate) uri: String,
}

#[derive(Default)]
struct Account {
    /// The counts that were used with each nonce of the server.
    nonces: BTreeMap<String, BTreeSet<u32>>,
    accepted: Vec<Accepted>,
    challenges: usize,
    faults: Vec<String>,
}

/// The guard.
pub(crate) struct Gate {
    offers: Vec<Algorithm>,
    /// The number of requests after which a nonce is stale.
    uses: usize,
    account: Mutex<Account>,
}

impl Gate {
    /// Creates a guard whose nonces never become stale.
    pub(crate) fn new(offers: &[Algorithm]) -> Arc<Self> {
        Self::with_uses(offers, usize::MAX)
    }

    /// Creates a guard whose nonces are valid for this many requests.
    pub(crate) fn with_uses(offers: &[Algorithm], uses: usize) -> Arc<Self> {
        Arc::new(Self { offers: offers.to_vec(), uses, account: Mutex::default() })
    }

    /// Puts this guard in front of a response.
    pub(crate) fn before(self: &Arc<Self>, answer: ResponseTemplate) -> Guarded {
        Guarded { gate: Arc::clone(self), answer }
    }

    /// Returns the accepted requests, in order.
    pub(crate) fn accepted(&self) -> Vec<Accepted> {
        self.account.lock().unwrap().accepted.clone()
    }

    /// Returns the number of requests that were answered with a challenge.
    pub(crate) fn challenges(&self) -> usize {
        self.account.lock().unwrap().challenges
    }

    /// Fails if there was a request that no correct client sends.
    pub(crate) fn assert_no_fault(&self) {
        assert_eq!(self.account.lock().unwrap().faults, Vec::<String>::new());
    }

    fn challenge(&self, account: &mut Account, stale: bool) -> ResponseTemplate {
        account.challenges += 1;
        let nonce = format!("nonce-{}", account.challenges);
        account.nonces.insert(nonce.clone(), BTreeSet::new());
        let body = json!({"code": 401, "status": "UNAUTHENTICATED", "message": "unknown API key"});
        let mut answer = ResponseTemplate::new(401).set_body_json(body);
        for algorithm in &self.offers {
            let name = algorithm.name();
            let stale = if stale { ", stale=true" } else { "" };
            let challenge = format!(
                "Digest realm=\"{QUOTED_REALM}\", qop=\"auth\", algorithm={name}, nonce=\"{nonce}\", opaque=\"{OPAQUE}\"{stale}"
            );
            answer = answer.append_header("WWW-Authenticate", challenge.as_str());
        }
        answer
    }

    /// Returns `Ok` if the request is accepted, otherwise whether its nonce was stale.
    fn check(&self, account: &mut Account, request: &Request) -> Result<(), bool> {
        let Some(header) = request.headers.get("authorization") else { return Err(false) };
        let header = String::from_utf8_lossy(header.as_bytes());
        let sent = parameters(&header);
        let uri = match request.url.query() {
            Some(query) => format!("{}?{query}", request.url.path()),
            None => request.url.path().to_owned(),
        };
        let get = |name: &str| sent.get(name).cloned().unwrap_or_default();
        let Some(algorithm) = self.offers.iter().find(|offer| offer.name() == get("algorithm")) else {
            return account.fault(format!("an algorithm that was not offered: {header}"));
        };
        if get("realm") != REALM || get("opaque") != OPAQUE || get("qop") != "auth" || get("cnonce").is_empty() {
            return account.fault(format!("realm, opaque, qop or cnonce: {header}"));
        }
        if get("uri") != uri {
            return account.fault(format!("uri `{}` of a request to `{uri}`", get("uri")));
        }
        if get("nc").len() != 8 || header.contains("nc=\"") || header.contains("qop=\"") {
            return account.fault(format!("nc of other than eight digits, or nc or qop quoted: {header}"));
        }
        let count = u32::from_str_radix(&get("nc"), 16).expect("hexadecimal digits");
        let first = algorithm.hash(&format!("{PUBLIC_KEY}:{REALM}:{PRIVATE_KEY}"));
        let second = algorithm.hash(&format!("{}:{uri}", request.method));
        let (nonce, nc, cnonce) = (get("nonce"), get("nc"), get("cnonce"));
        let response = algorithm.hash(&format!("{first}:{nonce}:{nc}:{cnonce}:auth:{second}"));
        if get("username") != PUBLIC_KEY || get("response") != response {
            return Err(false);
        }
        let Some(counts) = account.nonces.get_mut(&nonce) else {
            return account.fault(format!("a nonce of somebody else: {header}"));
        };
        if !counts.insert(count) {
            return account.fault(format!("a count that came before: {header}"));
        }
        if counts.len() > self.uses {
            return Err(true);
        }
        account.accepted.push(Accepted { algorithm: algorithm.name().to_owned(), nonce, count, uri });
        Ok(())
    }
}

impl Account {
    fn fault(&mut self, what: String) -> Result<(), bool> {
        self.faults.push(what);
        Err(false)
    }
}

/// Returns the parameters of an `Authorization: Digest`, with quoted strings decoded.
fn parameters(header: &str) -> BTreeMap<String, String> {
    let mut rest = header.strip_prefix("Digest ").unwrap_or_default();
    let mut parameters = BTreeMap::new();
    while let Some((name, after)) = rest.split_once('=') {
        let (mut value, mut quoted, mut end) = (String::new(), false, after.len());
        let mut characters = after.char_indices();
        while let Some((place, character)) = characters.next() {
            match character {
                '"' => quoted = !quoted,
                '\\' if quoted => value.extend(characters.next().map(|(_, escaped)| escaped)),
                ',' if !quoted => {
                    end = place;
                    break;
                }
                _ => value.push(character),
            }
        }
        let known = parameters.insert(name.trim_start_matches([',', ' ']).to_owned(), value.trim_end().to_owned());
        assert_eq!(known, None, "`{name}` came twice: {header}");
        rest = after.get(end + 1..).unwrap_or_default();
    }
    parameters
}

/// A response behind a guard.
pub(crate) struct Guarded {
    gate: Arc<Gate>,
    answer: ResponseTemplate,
}

impl Respond for Guarded {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut account = self.gate.account.lock().unwrap();
        match self.gate.check(&mut account, request) {
            Ok(()) => self.answer.clone(),
            Err(stale) => self.gate.challenge(&mut account, stale),
        }
    }
}
