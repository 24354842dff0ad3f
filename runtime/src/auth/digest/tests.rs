//! Known answers, and a comparison of the field parser with `http-auth`. The behaviour towards a server is tested in
//! `tests/digest_*.rs`.

mod flow;

use std::sync::atomic::Ordering;

use http::Method;
use http::header::{HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use proptest::prelude::*;

use super::field::{self, Parameters};
use super::{Digest, Verdict};
use crate::lock::lock;

const CNONCE_3_9_1: &str = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
const NONCE_3_9_1: &str = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";

fn digest(username: &str, password: &str, cnonce: fn() -> Option<String>) -> Digest {
    let mut digest = Digest::new(username.to_owned(), password.to_owned());
    digest.cnonce = cnonce;
    digest
}

fn mufasa() -> Digest {
    digest("Mufasa", "Circle of Life", || Some(CNONCE_3_9_1.to_owned()))
}

fn challenges(values: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in values {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        headers.append(WWW_AUTHENTICATE, value);
    }
    headers
}

/// Returns the credentials of a request that is challenged and then accepted.
fn challenge(digest: &Digest, method: &Method, uri: &str, value: &str) -> HeaderValue {
    let mut attempts = digest.begin(method, uri);
    assert_eq!(attempts.challenged(&challenges(&[value])), Verdict::Retry);
    let sent = attempts.authorization().unwrap().clone();
    attempts.succeeded(&HeaderMap::new());
    sent
}

/// Returns the parameters of the credentials that answer a challenge to a GET.
fn answered(digest: &Digest, uri: &str, value: &str) -> Parameters {
    parameters(&challenge(digest, &Method::GET, uri, value))
}

/// Returns the parameters of the credentials for the next GET.
fn get(digest: &Digest, uri: &str) -> Parameters {
    parameters(digest.begin(&Method::GET, uri).authorization().unwrap())
}

fn parameters(value: &HeaderValue) -> Parameters {
    assert!(value.is_sensitive());
    let mut schemes = field::schemes(value.as_bytes());
    assert_eq!(schemes.len(), 1, "{schemes:?}");
    let scheme = schemes.remove(0);
    assert_eq!(scheme.name, b"Digest");
    scheme.parameters
}

fn text<'a>(parameters: &'a Parameters, name: &str) -> &'a str {
    str::from_utf8(parameters.get(name).unwrap_or(b"(none)")).unwrap()
}

fn challenge_3_9_1(algorithm: &str) -> String {
    format!(
        "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, nonce=\"{NONCE_3_9_1}\", \
         opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
    )
}

/// RFC 7616 §3.9.1, both responses of the example.
#[test]
fn rfc7616_example_1() {
    for (algorithm, response) in [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ] {
        let digest = mufasa();
        let value = challenge(&digest, &Method::GET, "/dir/index.html", &challenge_3_9_1(algorithm));
        let expected = format!(
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", nonce=\"{NONCE_3_9_1}\", \
             algorithm={algorithm}, qop=auth, nc=00000001, cnonce=\"{CNONCE_3_9_1}\", response=\"{response}\", \
             opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
        );
        assert_eq!(value.to_str().unwrap(), expected);
    }
}

/// RFC 7616 §3.9.2 with erratum 4897: the printed user hash and response are wrong. These come from Python:
/// `hashlib.new("sha512_256", "Jäsøn Doe:api@example.org".encode()).hexdigest()`, and the response by §3.4.1 in the
/// same way.
#[test]
fn rfc7616_example_2() {
    let jason = || {
        digest("J\u{e4}s\u{f8}n Doe", "Secret, or not?", || {
            Some("NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v".to_owned())
        })
    };
    let server = "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, \
        nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8";
    let response = "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5";

    let hashed = jason();
    let sent = answered(&hashed, "/doe.json", &format!("{server}, userhash=true"));
    assert_eq!(text(&sent, "username"), "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
    assert_eq!(text(&sent, "userhash"), "true");
    assert_eq!(text(&sent, "response"), response);

    let open = jason();
    let sent = answered(&open, "/doe.json", server);
    assert_eq!(text(&sent, "username*"), "UTF-8''J%C3%A4s%C3%B8n%20Doe");
    assert_eq!(sent.get("username"), None);
    assert_eq!(sent.get("userhash"), None);
    assert_eq!(text(&sent, "response"), response);
}

/// RFC 2617 §3.5.
#[test]
fn rfc2617_example() {
    let mufasa = digest("Mufasa", "Circle Of Life", || Some("0a4f113b".to_owned()));
    let sent = answered(
        &mufasa,
        "/dir/index.html",
        "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", \
         opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"",
    );
    assert_eq!(text(&sent, "response"), "6629fae49393a05397450978507c4ef1");
    assert_eq!(text(&sent, "opaque"), "5ccc069c403ebaf9f0171e9517f40e41");
    assert_eq!(sent.get("algorithm"), None, "only what the server gave");
}

/// RFC 2069 §2.4 with erratum 749: the printed response is wrong.
#[test]
fn rfc2069_example() {
    for qop in ["", ", qop=\"\""] {
        let mufasa = digest("Mufasa", "CircleOfLife", || Some("unused".to_owned()));
        let sent = answered(
            &mufasa,
            "/dir/index.html",
            &format!(
                "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", \
                 opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"{qop}"
            ),
        );
        assert_eq!(text(&sent, "response"), "1949323746fe6a43ef61f9606e7febea");
        for absent in ["qop", "nc", "cnonce"] {
            assert_eq!(sent.get(absent), None);
        }
    }
}

/// Responses of a session: two requests, and one after `nextnonce="nextnonce/2"`. Made with Python's `hashlib`, where
/// `h` is `md5`, `sha256` or `new("sha512_256", ..)` of the text in hexadecimal, `n` and `c` the nonces of RFC 7616
/// §3.9.1: `key = h(f"{h('Mufasa:http-auth@example.org:Circle of Life')}:{n}:{c}")`,
/// `h(f"{key}:{nonce}:{nc}:{c}:auth:{h('GET:/dir/index.html')}")` with (n, 00000001), (n, 00000002), (nextnonce/2,
/// 00000001).
#[test]
fn session_keys_are_made_once() {
    let cases = [
        (
            "MD5-sess",
            [
                "e783283f46242139c486a698fec7211d",
                "6914b51e16f9459d9abc967ad41c4599",
                "f9165bfb8fa286d34a0d4c3efe008c9f",
            ],
        ),
        (
            "SHA-256-sess",
            [
                "2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7",
                "6bb0010aa4bdf46422a798c509ea32e256f27bd37de5cc3bdf8ed51e1d77d650",
                "f14c15c6f4ad41c37d726f2e5803dcf1634e0c2236e8734abbd6b9ba3920066c",
            ],
        ),
        (
            "SHA-512-256-sess",
            [
                "3f2a34f923c38b0fb26dce2fdfc2ce326c23cecf86fbb1444f3e51fbbc2cb92e",
                "3f0b079c78edc3f154dc32cd155ef358aab704e07c9fda1f425282a15cc97cf7",
                "86a19f445a942e94bc511c86bced50df39692084845601424ce182792663cd5b",
            ],
        ),
    ];
    for (algorithm, [first, second, renewed]) in cases {
        let mufasa = mufasa();
        let sent = answered(&mufasa, "/dir/index.html", &challenge_3_9_1(algorithm));
        assert_eq!(text(&sent, "response"), first);
        let attempts = mufasa.begin(&Method::GET, "/dir/index.html");
        assert_eq!(text(&parameters(attempts.authorization().unwrap()), "response"), second);
        let mut headers = HeaderMap::new();
        let info = HeaderValue::from_static("qop=auth, nextnonce=\"nextnonce/2\"");
        headers.insert("authentication-info", info);
        attempts.succeeded(&headers);
        let sent = get(&mufasa, "/dir/index.html");
        assert_eq!(text(&sent, "response"), renewed, "{algorithm}");
        assert_eq!(text(&sent, "nc"), "00000001");
    }
}

/// Quotes and backslashes are hashed unescaped and sent escaped (RFC 7616 §3.4: `unq`). Made with Python:
/// `h(f"{h(user+':'+realm+':pass:word')}:{nonce}:00000001:cafe:auth:{h('POST:/x?a=%22')}")` with `h` MD5.
#[test]
fn quoting() {
    let daniel = digest("Da\"ni\\el", "pass:word", || Some("cafe".to_owned()));
    let server = r#"Digest realm="a \"quoted\" realm", nonce="n\\1", qop="auth", opaque="o\"\p""#;
    let value = challenge(&daniel, &Method::POST, "/x?a=%22", server);
    assert_eq!(
        value.to_str().unwrap(),
        concat!(
            r#"Digest username="Da\"ni\\el", realm="a \"quoted\" realm", uri="/x?a=%22", nonce="n\\1", qop=auth, nc=00000001, "#,
            r#"cnonce="cafe", response="3e5c465713714aa330fc21bba423302d", opaque="o\"p""#,
        )
    );
}

/// The answers of curl 7.88.1 to the same challenges (`curl --digest -u 'u"s:p'` and `-u us:p`), with its random client
/// nonces.
#[test]
fn answers_as_curl_does() {
    let quoted = digest("u\"s", "p", || Some("NGZjYjU2YjFkOWFkYjhjNzFiM2Y3MGVmNWE5NjM5MTY=".to_owned()));
    let server = r#"Digest realm="a \"q\" r", nonce="n\\1", qop="auth", algorithm=MD5-sess, opaque="x""#;
    let sent = answered(&quoted, "/0", server);
    assert_eq!(text(&sent, "response"), "211f6bbf5afb2e085ff181ed1c6a60b7");

    let plain = digest("us", "p", || Some("YzBmOWQ0OTY1MjU4YTU5MWFjYTllZjVjNjIxNDkwNjA=".to_owned()));
    let server = r#"Digest realm="vault", nonce="abc", qop="auth", algorithm=SHA-256"#;
    let sent = answered(&plain, "/1?a=b", server);
    assert_eq!(text(&sent, "response"), "b54ffb562391ed59777d945604b87ecbf212b34ff55b5932225a6d2d85a0727b");
}

#[test]
fn names_outside_of_ascii() {
    let old = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";
    for (username, server, expected) in [
        ("\u{e9}", old.to_owned(), "username=\"\u{e9}\""),
        ("\u{e9}", format!("{old}, charset=utf-8"), "username*=UTF-8''%C3%A9"),
        ("\u{e9}", format!("{old}, algorithm=SHA-256"), "username*=UTF-8''%C3%A9"),
        ("a\r\nEvil: 1", old.to_owned(), "username*=UTF-8''a%0D%0AEvil%3A%201"),
        ("plain", format!("{old}, charset=UTF-8"), "username=\"plain\""),
    ] {
        let digest = digest(username, "p", || Some("c".to_owned()));
        let value = challenge(&digest, &Method::GET, "/", &server);
        let value = str::from_utf8(value.as_bytes()).unwrap();
        assert!(value.starts_with(&format!("Digest {expected}, realm")), "{value}");
    }
}

/// A realm in Latin-1 is hashed and returned byte for byte.
#[test]
fn foreign_bytes_go_back_as_they_came() {
    let mufasa = mufasa();
    let mut headers = HeaderMap::new();
    let value = HeaderValue::from_bytes(b"Digest realm=\"Z\xfcrich\", nonce=\"n\"").unwrap();
    headers.insert(WWW_AUTHENTICATE, value);
    let mut attempts = mufasa.begin(&Method::GET, "/");
    assert_eq!(attempts.challenged(&headers), Verdict::Retry);
    assert_eq!(parameters(attempts.authorization().unwrap()).get("realm"), Some(b"Z\xfcrich".as_slice()));
}

#[test]
fn targets_that_no_field_can_carry() {
    let mufasa = mufasa();
    let mut attempts = mufasa.begin(&Method::GET, "/a\nb");
    let verdict = attempts.challenged(&challenges(&[&challenge_3_9_1("MD5")]));
    assert!(matches!(verdict, Verdict::Unusable(reason) if reason.contains("written")));
    assert_eq!(attempts.authorization(), None);
}

#[test]
fn no_random_bytes() {
    let digest = digest("u", "p", || None);
    let headers = challenges(&["Digest realm=\"r\", nonce=\"n\""]);
    let Verdict::Unusable(reason) = digest.begin(&Method::GET, "/").challenged(&headers) else {
        panic!("expected a reason");
    };
    assert!(reason.contains("random"), "{reason}");
}

#[test]
fn the_count_does_not_wrap() {
    let mufasa = mufasa();
    answered(&mufasa, "/", &challenge_3_9_1("MD5"));
    lock(&mufasa.state).accepted.as_ref().unwrap().used.store(u32::MAX - 1, Ordering::Relaxed);
    assert_eq!(text(&get(&mufasa, "/"), "nc"), "ffffffff");
    assert_eq!(mufasa.begin(&Method::GET, "/").authorization(), None);
    assert!(lock(&mufasa.state).accepted.is_none(), "a new challenge is asked for");
}

#[test]
fn a_poisoned_lock_still_works() {
    let mufasa = mufasa();
    answered(&mufasa, "/", &challenge_3_9_1("MD5"));
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let _guard = lock(&mufasa.state);
            panic!("poisons the lock");
        });
        assert!(thread.join().is_err());
    });
    assert!(mufasa.state.is_poisoned());
    assert_eq!(text(&get(&mufasa, "/"), "nc"), "00000002");
}

#[test]
fn random_bytes_differ() {
    let one = super::random().unwrap();
    assert_eq!(one.len(), 32);
    assert_ne!(one, super::random().unwrap());
}

/// Returns the result of the parser of `http-auth`, if it accepts the field.
fn by_http_auth(value: &str) -> Option<Vec<(String, Parameters)>> {
    let challenges = http_auth::parse_challenges(value).ok()?;
    let plain = challenges.into_iter().map(|challenge| {
        let parameters = challenge.params.iter().map(|(name, value)| {
            let value = value.to_unescaped().into_bytes();
            (name.as_bytes().to_vec(), value)
        });
        let parameters = Parameters(parameters.collect());
        (challenge.scheme.to_owned(), parameters)
    });
    Some(plain.collect())
}

fn by_field(value: &str) -> Vec<(String, Parameters)> {
    let schemes = field::schemes(value.as_bytes());
    schemes.into_iter().map(|scheme| (String::from_utf8(scheme.name).unwrap(), scheme.parameters)).collect()
}

/// Generates text that is mostly a list of challenges, so that the other parser accepts much of it.
fn fields() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        8 => "[a-zA-Z0-9._~-]{1,6}",
        8 => r#""([a-z =,;:/]|\\["\\a]){0,8}""#,
        1 => "[a-z\"\\\\= ,]{0,4}",
    ];
    let parameter = ("[a-z*]{1,4}", "[ ]?=[ \t]?", value).prop_map(|(name, sign, value)| name + &sign + &value);
    let scheme = "[A-Z][a-z]{0,4} ?";
    let element = prop_oneof![
        8 => parameter.clone(),
        1 => (scheme, parameter).prop_map(|(scheme, parameter)| format!("{} {parameter}", scheme.trim())),
        1 => scheme.prop_map(|text| text),
        1 => Just(String::new()),
    ];
    let separator = prop_oneof![8 => Just(", "), 2 => Just(","), 1 => Just(" ,\t")];
    proptest::collection::vec((separator, element), 0..6).prop_map(|parts| {
        let parts = parts.into_iter().map(|(comma, part)| comma.to_owned() + &part);
        format!("Digest realm=x{}", parts.collect::<String>())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn reads_what_http_auth_reads(value in fields()) {
        if let Some(expected) = by_http_auth(&value) {
            prop_assert_eq!(by_field(&value), expected);
        }
    }

    /// Parsing a written field returns the same values.
    #[test]
    fn written_fields_are_read_back(realm in "[ -~\t\u{a0}-\u{ff}]{0,12}", nonce in "[ -~]{1,12}", user in "\\PC{0,8}") {
        let quote = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let digest = digest(&user, "p", || Some("c".to_owned()));
        let server = format!("Digest realm=\"{}\", nonce=\"{}\"", quote(&realm), quote(&nonce));
        let sent = answered(&digest, "/", &server);
        prop_assert_eq!(sent.get("realm"), Some(realm.as_bytes()));
        prop_assert_eq!(sent.get("nonce"), Some(nonce.as_bytes()));
        prop_assert_eq!(sent.get("username"), Some(user.as_bytes()));
        prop_assert_eq!(text(&sent, "response").len(), 32);
    }
}

/// The comparison requires that the other parser accepts many generated fields.
#[test]
fn http_auth_takes_a_good_part_of_the_generated_fields() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let taken = (0..1000)
        .filter(|_| {
            let tree = fields().new_tree(&mut runner).unwrap();
            let value = proptest::strategy::ValueTree::current(&tree);
            by_http_auth(&value).is_some_and(|schemes| schemes.iter().any(|(_, parameters)| !parameters.0.is_empty()))
        })
        .count();
    assert!(taken > 250, "{taken}");
}

/// Fields that `http-auth` rejects, but that servers send.
#[test]
fn reads_beyond_http_auth() {
    for value in [
        "Negotiate TlRMTVNTUAACAAAA==, Digest realm=\"a\", nonce=\"n\"",
        "Basic realm=\"Z\u{fc}rich\", Digest realm=\"a\", nonce=\"n\"",
        "Bearer, Digest   realm=\"a\",,nonce=n",
        "Digest realm=\"a\", nonce=\"n\", Negotiate abc=",
        "NTLM, Foo x=\"a, Digest b=c\", , Digest\trealm = \"a\" , nonce= \"n\" ,",
    ] {
        assert!(by_http_auth(value).is_none(), "no longer beyond it: {value}");
        let found = by_field(value);
        let (_, digest) = found.iter().find(|(name, _)| name == "Digest").unwrap();
        assert_eq!(text(digest, "realm"), "a", "{value}");
        assert_eq!(text(digest, "nonce"), "n", "{value}");
        assert_eq!(digest.0.len(), 2, "{value}");
    }
}
