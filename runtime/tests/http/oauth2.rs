//! OAuth 2.0: token requests, their responses, and that no secret is leaked.

use std::error::Error as _;
use std::sync::{Arc, Mutex};

use crate::support::{Recorder, Sent, builder};
use clientwright_runtime::codegen::{Flow, Operation};
use clientwright_runtime::{Client, Credential, DevicePrompt, Error, OAuth2Error, OAuth2Options};

const GET: Operation = Operation::get("getThing", "/thing").security(&[&["account"]]);
const TOKEN_URL: &str = "https://auth.example.com/token?tenant=1";
const FLOW: Flow = Flow::new(TOKEN_URL).scopes(&["read", "write"]);
const ID: &str = "cl:ient";
const SECRET: &str = "s3cr3t v4lue/+";
/// Each form in which the server may repeat the secret.
const FORMS: [&str; 5] = [SECRET, "s3cr3t+v4lue%2F%2B", "s3cr3t", "Y2w6", "Y2wl"];
const GIVEN: &str = "200 OK\n\n{\"access_token\": \"t0k3n-1\", \"token_type\": \"Bearer\", \"expires_in\": 3600}";

fn client_credentials() -> Credential {
    Credential::client_credentials("account", &FLOW, ID.to_owned(), SECRET.to_owned())
}

fn refresh_token(flow: &Flow) -> Credential {
    Credential::refresh_token("account", flow, ID.to_owned(), "r3fr3sh-1".to_owned())
}

/// A client of `api` whose tokens come from `auth`, where the document names another server.
fn client(api: &Recorder, auth: &Recorder, credential: Credential) -> Client {
    let headers = builder(&api.url).header("X-Api-Secret", SECRET).header("Authorization-Hint", SECRET);
    let servers = headers.server(TOKEN_URL, &auth.url).server("/refresh", &auth.url).server("/device", &auth.url);
    servers.auth(credential).build().unwrap()
}

async fn get(client: &Client) -> Result<(), Error> {
    client.request(&GET).send().await.map(|_| ())
}

/// The request that arrives at the token server.
async fn requested(credential: Credential) -> Sent {
    let (api, auth) = (Recorder::start(), Recorder::answering(&[GIVEN]));
    get(&client(&api, &auth, credential)).await.unwrap();
    assert_eq!(api.only().header("authorization"), Some("Bearer t0k3n-1"));
    auth.only()
}

/// The error of a call, for a response of the token server.
async fn refused(credential: Credential, answer: &str) -> (Error, String, Option<String>) {
    let (api, auth) = (Recorder::start(), Recorder::answering(&[answer]));
    let error = get(&client(&api, &auth, credential)).await.unwrap_err();
    assert!(error.is_credentials() && api.sent().is_empty(), "{error:?}");
    let source = error.source().unwrap().downcast_ref::<OAuth2Error>().unwrap();
    let (text, code) = (source.to_string(), source.code().map(str::to_owned));
    let shown = format!("{error} {error:?} {error:#?} {source} {source:?} {source:#?}");
    for form in FORMS.into_iter().chain(["r3fr3sh"]) {
        assert!(!shown.contains(form), "{form} in: {shown}");
    }
    (error, text, code)
}

#[tokio::test]
async fn client_credentials_are_sent_as_rfc_6749_says() {
    let sent = requested(client_credentials()).await;
    assert_eq!((sent.method(), sent.target()), ("POST", "/"));
    assert_eq!(sent.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(sent.header("accept"), Some("application/json"));
    // `cl%3Aient:s3cr3t+v4lue%2F%2B`
    assert_eq!(sent.header("authorization"), Some("Basic Y2wlM0FpZW50OnMzY3IzdCt2NGx1ZSUyRiUyQg=="));
    assert_eq!(sent.body, "grant_type=client_credentials&scope=read+write");
    let mut names: Vec<&str> = sent.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    // The features determine the requested codings.
    names.retain(|name| *name != "accept-encoding");
    assert_eq!(names, ["accept", "authorization", "content-length", "content-type", "host", "user-agent"]);
}

#[tokio::test]
async fn options_change_what_is_sent() {
    let options = OAuth2Options::new();
    let in_body = client_credentials().with_oauth2(options.clone().with_secret_in_body());
    let sent = requested(in_body).await;
    let client = "client_id=cl%3Aient&client_secret=s3cr3t+v4lue%2F%2B";
    assert_eq!(sent.body, format!("grant_type=client_credentials&scope=read+write&{client}"));
    assert_eq!(sent.header("authorization"), None);
    let other = options.clone().with_scopes(["all"]).with_parameter("audience", "https://a/b");
    assert_eq!(
        requested(client_credentials().with_oauth2(other)).await.body,
        "grant_type=client_credentials&scope=all&audience=https%3A%2F%2Fa%2Fb"
    );
    let none = options.with_scopes([""; 0]);
    assert_eq!(requested(client_credentials().with_oauth2(none)).await.body, "grant_type=client_credentials");

    let wrong = Credential::bearer("account", SECRET.to_owned()).with_oauth2(OAuth2Options::new());
    let error = builder("http://localhost").auth(wrong).build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the credential for `account` does not use OAuth 2.0, so it has no OAuth 2.0 options"
    );
}

#[tokio::test]
async fn urls_are_those_of_the_document_or_what_replaces_them() {
    for (url, path) in [("token/", "/v1/token/"), ("/token?a=b%20c", "/token?a=b%20c"), ("../x", "/x")] {
        let both = Recorder::answering(&[GIVEN, "204 No Content"]);
        let flow = Flow::new(url.to_owned().leak());
        let credential = Credential::client_credentials("account", &flow, ID.to_owned(), SECRET.to_owned());
        get(&builder(&format!("{}/v1/x", both.url)).auth(credential).build().unwrap()).await.unwrap();
        assert_eq!(both.sent()[0].target(), path);
        assert_eq!(both.sent()[1].target(), "/v1/x/thing");
    }
    for (url, problem) in [
        (
            "https://{tenant}.example.com/token",
            "has a variable in braces; replace the server with `ClientBuilder::server`",
        ),
        ("ftp://example.com/token", "does not start with http:// or https://"),
        ("https://user:s3cr3t@example.com/", "has a user name or a password; pass credentials to `auth`"),
    ] {
        let flow = Flow::new(url.to_owned().leak());
        let credential = Credential::client_credentials("account", &flow, ID.to_owned(), SECRET.to_owned());
        let (_, text, _) = refused(credential, GIVEN).await;
        assert_eq!(text, format!("OAuth 2.0: its URL {problem}"));
    }
}

#[tokio::test]
async fn a_token_is_read_as_servers_write_it() {
    for (answer, requests) in [
        (r#"{"access_token": "t", "token_type": "bearer", "expires_in": 3600}"#, 1),
        (r#"{"access_token": "t", "token_type": "BearerToken", "expires_in": "3599"}"#, 1),
        (r#"{"access_token": "t", "expires_in": 3599.5, "refresh_token": "not for clients"}"#, 1),
        (r#"{"access_token": "t", "expires_in": null}"#, 1),
        (r#"{"access_token": "t", "expires_in": "soon"}"#, 1),
        (r#"{"access_token": "t", "expires_in": -5}"#, 1),
        (r#"{"access_token": "t", "expires_in": 1e300}"#, 1),
        (r#"{"access_token": "t", "expires_in": 0}"#, 2),
    ] {
        let (api, auth) = (Recorder::start(), Recorder::answering(&[&format!("200 OK\n\n{answer}")]));
        let client = client(&api, &auth, client_credentials());
        get(&client).await.unwrap();
        get(&client).await.unwrap();
        let sent = auth.sent();
        assert_eq!(sent.len(), requests, "{answer}");
        assert!(sent.iter().all(|sent| sent.body.starts_with("grant_type=client_credentials")));
        assert!(api.sent().iter().all(|sent| sent.header("authorization") == Some("Bearer t")));
    }
}

#[tokio::test]
async fn an_error_says_what_the_server_said_without_secrets() {
    let json = format!("{SECRET:?}");
    for (answer, text, code) in [
        ("401 Unauthorized\n\n{\"error\": \"invalid_client\"}".to_owned(), "invalid_client", Some("invalid_client")),
        (format!("400 Bad Request\n\n{{\"error\": \"x\", \"error_description\": {json}}}"), "x: [redacted]", Some("x")),
        (
            "400 x\n\n{\"error\": \"Y2wlM0FpZW50OnMzY3IzdCt2NGx1ZSUyRiUyQg==\", \"error_description\": \
                \"Y2wlM0FpZW50OnMzY3IzdCt2NGx1ZSUyRiUyQg is not s3cr3t%20v4lue%2f%2b\"}"
                .to_owned(),
            "[redacted]: [redacted] is not [redacted]",
            Some("[redacted]"),
        ),
        ("200 OK\n\n{\"error\": \"denied\", \"error_description\": \"no\"}".to_owned(), "denied: no", Some("denied")),
        ("200 OK\n\n{\"access_token\": \"\"}".to_owned(), "the server returned no token", None),
        (
            "200 OK\n\n{\"access_token\": \"s3cr3t\", \"token_type\": \"mac\"}".to_owned(),
            "the server returned a token that is not a bearer token",
            None,
        ),
        ("200 OK\n\n[1]".to_owned(), "the server returned 200 OK without a JSON object", None),
        (format!("500 x\n\n{SECRET}"), "the server returned 500 Internal Server Error: [redacted]", None),
        (format!("400 x\n\n{{\"message\": {json}}}"), "the server returned 400 Bad Request: [redacted]", None),
        (
            "403 x\n\n{\"error\": {\"message\": \"The client is blocked.\"}}".to_owned(),
            "the server returned 403 Forbidden: The client is blocked.",
            None,
        ),
        (format!("302 Found\nLocation: /other?{SECRET}"), "the server returned 302 Found", None),
    ] {
        let (error, shown, found) = refused(client_credentials(), &answer).await;
        assert_eq!(error.to_string(), format!("getThing: no token for `account`: {shown}"));
        assert_eq!((shown, found.as_deref()), (format!("OAuth 2.0: {text}"), code), "{answer}");
    }
}

#[tokio::test]
async fn no_redirect_is_followed_and_no_answer_is_endless() {
    let other = Recorder::start();
    for status in [301, 302, 303, 307, 308] {
        refused(client_credentials(), &format!("{status} x\nLocation: {}/t", other.url)).await;
    }
    assert!(other.sent().is_empty());
    let huge = format!("200 OK\n\n{{\"access_token\": \"{}\"}}", "s3cr3t".repeat(20_000));
    let (error, text, _) = refused(client_credentials(), &huge).await;
    let problem = "POST /: 200 OK, but the body is larger than";
    assert!(text.starts_with(&format!("OAuth 2.0: the request failed: {problem}")), "{text}");
    let cause = error.source().and_then(std::error::Error::source).unwrap();
    assert!(cause.to_string().starts_with(problem), "{cause}");
}

#[tokio::test]
async fn a_new_refresh_token_replaces_the_last() {
    let given = |number: u32, refresh: &str| {
        format!("200 OK\n\n{{\"access_token\": \"t0k3n-{number}\", \"expires_in\": 0{refresh}}}")
    };
    let rotated = ", \"refresh_token\": \"r3fr3sh-2\"";
    let answers = [given(1, ""), given(2, rotated), given(3, rotated), given(4, "")];
    let (api, auth) = (Recorder::start(), Recorder::answering(&answers.each_ref().map(String::as_str)));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let stored = Arc::clone(&seen);
    let options = OAuth2Options::new().on_refresh_token(move |token| stored.lock().unwrap().push(token.to_owned()));
    let flow = Flow::new(TOKEN_URL).refresh("/refresh").scopes(&["read"]);
    let credential = refresh_token(&flow).with_oauth2(options.with_client_secret(SECRET));
    let client = client(&api, &auth, credential);
    for _ in 0..4 {
        get(&client).await.unwrap();
    }
    let sent = auth.sent();
    let refreshed: Vec<&str> = sent.iter().map(|sent| sent.body.as_str()).collect();
    let body = |number: u32| format!("grant_type=refresh_token&refresh_token=r3fr3sh-{number}");
    assert_eq!(refreshed, [body(1), body(1), body(2), body(2)]);
    assert!(sent.iter().all(|sent| sent.header("authorization").is_some_and(|value| value.starts_with("Basic "))));
    assert_eq!(*seen.lock().unwrap(), ["r3fr3sh-2"]);
}

#[tokio::test]
async fn a_client_without_a_secret_names_itself() {
    let sent = requested(refresh_token(&FLOW)).await;
    assert_eq!(sent.body, "grant_type=refresh_token&refresh_token=r3fr3sh-1&client_id=cl%3Aient");
    assert_eq!(sent.header("authorization"), None);
    let expired = "400 x\n\n{\"error\": \"invalid_grant\", \"error_description\": \"r3fr3sh-1 has expired\"}";
    let (_, text, code) = refused(refresh_token(&FLOW), expired).await;
    assert_eq!(text, "OAuth 2.0: invalid_grant: [redacted] has expired");
    assert_eq!(code.as_deref(), Some("invalid_grant"));
}

#[tokio::test]
async fn a_password_is_sent_until_there_is_a_refresh_token() {
    let answer = |refresh: &str| format!("200 OK\n\n{{\"access_token\": \"t0k3n-1\", \"expires_in\": 0{refresh}}}");
    let (given, last) = (answer(", \"refresh_token\": \"r3fr3sh-1\""), answer(""));
    let revoked = "400 x\n\n{\"error\": \"invalid_grant\"}";
    let (api, auth) = (Recorder::start(), Recorder::answering(&[&given, &last, revoked, &last]));
    let credential = || Credential::password("account", &FLOW, "ada".to_owned(), SECRET.to_owned());
    let client = client(&api, &auth, credential());
    for _ in 0..3 {
        get(&client).await.unwrap();
    }
    let bodies: Vec<String> = auth.sent().iter().map(|sent| sent.body.clone()).collect();
    let first = "grant_type=password&scope=read+write&username=ada&password=s3cr3t+v4lue%2F%2B";
    let refresh = "grant_type=refresh_token&refresh_token=r3fr3sh-1";
    assert_eq!(bodies, [first, refresh, refresh, first]);
    let named = credential().with_oauth2(OAuth2Options::new().with_client_id(ID));
    assert_eq!(requested(named).await.body, format!("{first}&client_id=cl%3Aient"));
    let wrong = format!("400 x\n\n{{\"error\": \"invalid_grant\", \"error_description\": \"not {SECRET}\"}}");
    assert_eq!(refused(credential(), &wrong).await.1, "OAuth 2.0: invalid_grant: not [redacted]");
}

#[tokio::test]
async fn a_refused_token_is_refreshed() {
    let second = "200 OK\n\n{\"access_token\": \"t0k3n-2\"}";
    let (api, auth) = (Recorder::answering(&["401 x", "204 x"]), Recorder::answering(&[GIVEN, second]));
    get(&client(&api, &auth, client_credentials())).await.unwrap();
    let tokens: Vec<_> = api.sent().iter().map(|sent| sent.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(tokens, ["Bearer t0k3n-1", "Bearer t0k3n-2"]);
}

const STARTED: &str = "200 OK\n\n{\"device_code\": \"d3v1c3\", \"user_code\": \"ABCD\", \"verification_uri\": \"https://a/b\", \
                       \"expires_in\": 60, \"interval\": 1}";
const PENDING: &str = "400 Bad Request\n\n{\"error\": \"authorization_pending\"}";

fn device(prompts: &Arc<Mutex<Vec<DevicePrompt>>>) -> Credential {
    let prompts = Arc::clone(prompts);
    let flow = FLOW.device("/device");
    Credential::device("account", &flow, ID.to_owned(), move |prompt| prompts.lock().unwrap().push(prompt.clone()))
}

#[tokio::test]
async fn a_user_agrees_on_another_device() {
    let given = "200 OK\n\n{\"access_token\": \"t0k3n-1\", \"expires_in\": 0, \"refresh_token\": \"r3fr3sh-1\"}";
    let revoked = "400 x\n\n{\"error\": \"invalid_grant\"}";
    let api = Recorder::start();
    let auth = Recorder::answering(&[STARTED, PENDING, given, given, revoked, STARTED, given]);
    let prompts = Arc::default();
    let client = client(&api, &auth, device(&prompts));
    for _ in 0..3 {
        get(&client).await.unwrap();
    }
    let sent = auth.sent();
    let bodies: Vec<&str> = sent.iter().map(|sent| sent.body.as_str()).collect();
    let start = "scope=read+write&client_id=cl%3Aient";
    let poll =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=d3v1c3&client_id=cl%3Aient";
    let refresh = "grant_type=refresh_token&refresh_token=r3fr3sh-1&client_id=cl%3Aient";
    assert_eq!(bodies, [start, poll, poll, refresh, refresh, start, poll]);
    let prompts = prompts.lock().unwrap();
    assert_eq!(prompts.len(), 2);
    assert_eq!((prompts[0].verification_uri.as_str(), prompts[0].user_code.as_str()), ("https://a/b", "ABCD"));
    assert_eq!((prompts[0].expires_in.as_secs(), &prompts[0].verification_uri_complete), (60, &None));
}

#[tokio::test]
async fn a_device_gives_up() {
    let short = STARTED.replace("60", "1");
    for (answers, text) in [
        (vec!["400 x\n\n{\"error\": \"unauthorized_client\"}"], "unauthorized_client"),
        (vec!["200 OK\n\n{\"device_code\": \"d3v1c3\"}"], "the server returned no `verification_uri`"),
        (
            vec!["200 OK\n\n{\"device_code\": \"d3v1c3\", \"verification_uri\": \"\\u001b[2J\"}"],
            "the server returned a text with a control character",
        ),
        (vec![&short, PENDING], "the user did not authorize the device in time"),
        (
            vec![STARTED, "400 x\n\n{\"error\": \"access_denied\", \"error_description\": \"d3v1c3\"}"],
            "access_denied: [redacted]",
        ),
    ] {
        let (api, auth) = (Recorder::start(), Recorder::answering(&answers));
        let error = get(&client(&api, &auth, device(&Arc::default()))).await.unwrap_err();
        assert_eq!(error.source().unwrap().to_string(), format!("OAuth 2.0: {text}"));
        assert!(!format!("{error:?}").contains("d3v1c3"), "{error:?}");
    }
}

#[tokio::test]
async fn secrets_are_never_shown() {
    let options = OAuth2Options::new().with_client_secret(SECRET).with_parameter("password", SECRET);
    let credential = refresh_token(&FLOW).with_oauth2(options.clone());
    let (api, auth) =
        (Recorder::answering(&[&format!("400 x\n\nr3fr3sh-1 {SECRET} t0k3n-1")]), Recorder::answering(&[GIVEN]));
    let client = client(&api, &auth, credential.clone());
    let error = get(&client).await.unwrap_err();
    assert_eq!(error.message(), Some("[redacted] [redacted] [redacted]"));
    let shown = format!("{options:?} {credential:?} {client:?} {error} {error:?}");
    for secret in FORMS.into_iter().chain(["r3fr3sh", "t0k3n"]) {
        assert!(!shown.contains(secret), "{secret} in: {shown}");
    }
}
