//! The cases of the program in `verify/wasm`: what each shows, and what the server has to be sent.
//!
//! A request is written as it arrives: method, target, the headers that matter, and the content.

/// A case.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) shows: &'static str,
    /// All requests, in their order, and then a `gone` for each that was ended before its answer.
    pub(super) sent: &'static [&'static str],
    /// Whether browsers do the same. What they do instead is a case of its own.
    pub(super) in_browsers: bool,
}

const fn case(name: &'static str, shows: &'static str, sent: &'static [&'static str]) -> Case {
    Case { name, shows, sent, in_browsers: true }
}

const fn not_in_browsers(name: &'static str, shows: &'static str, sent: &'static [&'static str]) -> Case {
    Case { name, shows, sent, in_browsers: false }
}

/// The request of most cases: the state of an import.
const STATUS: &str =
    "GET /repositories/lake/branches/main/import?id=i1 accept=application/json authorization=Basic a2V5OnNlY3JldA==";
/// The same with a header that the client sends with every request.
const STATUS_WITH_KEY: &str = "GET /repositories/lake/branches/main/import?id=i1 accept=application/json authorization=Basic a2V5OnNlY3JldA== x-key=k1";

pub(super) const CASES: [Case; 24] = [
    case(
        "get",
        "a query, credentials, a decoded answer",
        &[
            "GET /repositories/lake/branches/main/import?id=a%20b%2Fc%3F accept=application/json authorization=Basic a2V5OnNlY3JldA==",
        ],
    ),
    case(
        "post",
        "a JSON body",
        &[concat!(
            "POST /repositories/lake/branches/main/import accept=application/json authorization=Basic a2V5OnNlY3JldA== ",
            "content-length=112 content-type=application/json ",
            r#"{"paths":[{"type":"object","path":"s3://bucket/Größe","destination":"größe"}],"commit":{"message":"import"}}"#,
        )],
    ),
    case("failure", "an error with the documented body", &[STATUS]),
    case(
        "headers",
        "headers of the client and of a call, beyond ASCII",
        &[
            "GET /repositories/lake/branches/main/import?id=i1 accept=application/json authorization=Basic a2V5OnNlY3JldA== x-key=k1 x-name=Grüße",
        ],
    ),
    case(
        "digest",
        "the answer to a challenge",
        &["GET /status accept=*/*", "GET /status accept=*/* authorization=Digest"],
    ),
    case(
        "provider",
        "a token that is asked for once",
        &["GET /status accept=*/* authorization=Bearer t1", "GET /status accept=*/* authorization=Bearer t1"],
    ),
    case("compressed", "an answer that the host has decoded", &[STATUS]),
    not_in_browsers("no-connection", "nobody listens", &[]),
    case("mock", "an answer without a network (feature `test`)", &[]),
    case(
        "upload",
        "a body from a reader",
        &["PUT /upload accept=*/* content-length=200000 content-type=application/octet-stream 200000 bytes"],
    ),
    case("events", "server-sent events, as they come", &["GET /events accept=text/event-stream"]),
    case("dropped", "a stream that is dropped ends the request", &["GET /events accept=text/event-stream", "gone"]),
    case("retry", "again after 503, when the server wants it", &[STATUS, STATUS]),
    case("time-limit", "the limit of a call, without an answer", &[STATUS, "gone"]),
    case("endless", "the limit of a call, in a body without end", &[STATUS, "gone"]),
    case("silence", "the limit of silence, in a body", &[STATUS, "GET /raw accept=*/*", "gone", "gone"]),
    case("long-limits", "limits that no timer of JavaScript can be set to", &["GET /slow accept=*/*"]),
    case("wait", "a job until its end", &[STATUS, STATUS, STATUS]),
    not_in_browsers(
        "redirect",
        "a redirect to the same origin",
        &[STATUS_WITH_KEY, "GET /moved accept=application/json authorization=Basic a2V5OnNlY3JldA== x-key=k1"],
    ),
    not_in_browsers(
        "redirect-away",
        "a redirect to another origin, without secrets",
        &[STATUS_WITH_KEY, "elsewhere: GET /moved accept=application/json"],
    ),
    case(
        "browser-redirect",
        "a redirect that the host follows",
        &[STATUS, STATUS, "elsewhere: GET /moved accept=application/json"],
    ),
    case("browser-secret", "a redirect that the host must not follow", &[STATUS_WITH_KEY]),
    case("browser-cookie", "a cookie that the host would drop", &[]),
    not_in_browsers(
        "cookie",
        "a cookie that the host sends",
        &[
            "GET /repositories/lake/branches/main/import?id=i1 accept=application/json cookie=internal_auth_session=session",
        ],
    ),
];
