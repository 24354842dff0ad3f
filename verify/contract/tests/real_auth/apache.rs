//! Apache: MD5 with queries and bodies, nonces that live for a second or for one request, checked counts; basic, and bearer by a rule.

use std::time::Duration;

use super::counter::{Counter, parameter};
use super::{
    AWKWARD, PASSWORD, USER, awkward_request, basic, bearer, check_echo, client, count, digest, in_a_row, nonces,
    refused, report, server, side_by_side, statuses,
};

const SERVER: &str = "REAL_AUTH_APACHE";

#[tokio::test]
async fn one_challenge_serves_many() {
    let counter = super::one_challenge_serves_many(&server(SERVER), "digest", 30).await;
    report("Apache, digest MD5, 30 calls in a row and 30 side by side", &counter);
}

#[tokio::test]
async fn a_cold_start_side_by_side() {
    let counter = super::a_cold_start(&server(SERVER), "digest", 12).await;
    report("Apache, digest MD5, 12 and 12 calls side by side without a challenge yet", &counter);
    super::on_open_connections(&server(SERVER), "digest", 30).await;
}

#[tokio::test]
async fn wrong_credentials_are_tried_once() {
    let counter = super::wrong_credentials(&server(SERVER), "digest").await;
    report("Apache, digest MD5, 6 calls with wrong credentials", &counter);
    for area in ["digest", "once", "strict"] {
        let counter = super::wrong_credentials_side_by_side(&server(SERVER), area, 10).await;
        report(&format!("Apache, digest MD5 ({area}), 10 calls side by side with a wrong password"), &counter);
    }
}

#[tokio::test]
async fn awkward_names_and_passwords() {
    let counter = Counter::start(&server(SERVER)).await;
    for (user, password) in [AWKWARD, ("back\\slash \"and\" quote", "secret")] {
        in_a_row(&client(counter.url(), digest(user, password)), "digest", 0..2, user).await;
    }
    assert_eq!(statuses(&counter.exchanges()), [401, 200, 200, 401, 200, 200]);
}

/// `AuthDigestNcCheck On`: the count of each request must exceed the previous one (in older versions, by exactly one).
#[tokio::test]
async fn counts_have_no_gap() {
    let counter = Counter::start(&server(SERVER)).await;
    let client = client(counter.url(), digest(USER, PASSWORD));
    in_a_row(&client, "strict", 0..20, USER).await;
    let exchanges = counter.exchanges();
    assert_eq!((exchanges.len(), count(&exchanges, 401)), (21, 1));
    let counts: Vec<String> =
        exchanges[1..].iter().map(|exchange| parameter(exchange.authorization.as_ref().unwrap(), "nc")).collect();
    assert_eq!(counts, (1..=20).map(|count| format!("{count:08x}")).collect::<Vec<_>>());
    report("Apache, digest MD5, counts checked, 20 calls in a row", &counter);
}

/// Concurrent requests arrive in another order than they were counted, so that Apache rejects some. They still succeed.
#[tokio::test]
async fn counts_out_of_order_are_repaired() {
    let counter = Counter::start(&server(SERVER)).await;
    let client = client(counter.url(), digest(USER, PASSWORD));
    side_by_side(&client, "strict", 12, USER).await;
    side_by_side(&client, "strict", 12, USER).await;
    nonces(&counter.exchanges());
    report("Apache, digest MD5, counts checked, 12 and 12 calls side by side", &counter);
}

/// `AuthDigestNonceLifetime 0`: one nonce per request, with the next nonce in `Authentication-Info`.
#[tokio::test]
async fn nextnonce_is_used() {
    let counter = Counter::start(&server(SERVER)).await;
    let client = client(counter.url(), digest(USER, PASSWORD));
    in_a_row(&client, "once", 0..20, USER).await;
    let exchanges = counter.exchanges();
    assert_eq!((exchanges.len(), count(&exchanges, 401)), (21, 1));
    assert_eq!(nonces(&exchanges).len(), 20);
    report("Apache, digest MD5, a nonce for each request, 20 calls in a row", &counter);
}

#[tokio::test]
async fn a_nonce_for_each_request_side_by_side() {
    let counter = Counter::start(&server(SERVER)).await;
    let client = client(counter.url(), digest(USER, PASSWORD));
    side_by_side(&client, "once", 12, USER).await;
    side_by_side(&client, "once", 12, USER).await;
    nonces(&counter.exchanges());
    report("Apache, digest MD5, a nonce for each request, 12 and 12 calls side by side", &counter);
}

/// `AuthDigestNonceLifetime 1`: after a second the nonce is stale. On a slow machine it may be stale earlier, which is not an error.
#[tokio::test]
async fn an_expired_nonce_is_replaced() {
    let counter = Counter::start(&server(SERVER)).await;
    let client = client(counter.url(), digest(USER, PASSWORD));
    for number in 0..3 {
        let before = counter.exchanges().len();
        let response = awkward_request(&client, "short", number).send().await.unwrap();
        check_echo(response.body(), number, USER);
        let exchanges = counter.exchanges().split_off(before);
        assert_eq!((exchanges[0].status, exchanges.last().unwrap().status), (401, 200));
        let stale = parameter(&exchanges[0].challenges, "stale");
        assert_eq!(stale, if number == 0 { "" } else { "true" });
        tokio::time::sleep(Duration::from_millis(1500)).await;
    }
    // All concurrent requests find the nonce stale.
    side_by_side(&client, "short", 12, USER).await;
    nonces(&counter.exchanges());
    report("Apache, digest MD5, nonces of one second, 3 calls apart and 12 side by side", &counter);
}

#[tokio::test]
async fn basic_is_sent_at_once() {
    let counter = Counter::start(&server(SERVER)).await;
    for (user, password) in [(USER, PASSWORD), AWKWARD] {
        in_a_row(&client(counter.url(), basic(user, password)), "basic", 0..2, user).await;
        let wrong = client(counter.url(), basic(user, "wrong-secret"));
        let exchanges = refused(&counter, awkward_request(&wrong, "basic", 1), "wrong-secret").await;
        assert_eq!(statuses(&exchanges), [401]);
    }
    assert_eq!(statuses(&counter.exchanges()), [200, 200, 401, 200, 200, 401]);
    report("Apache, basic, 4 calls with the right and 2 with a wrong password", &counter);
}

#[tokio::test]
async fn bearer_is_sent_at_once() {
    let counter = Counter::start(&server(SERVER)).await;
    in_a_row(&client(counter.url(), bearer("mF_9.B5f-4.1JqM~+/==")), "bearer", 0..2, "").await;
    let wrong = client(counter.url(), bearer("wrong-secret"));
    refused(&counter, awkward_request(&wrong, "bearer", 1), "wrong-secret").await;
    assert_eq!(statuses(&counter.exchanges()), [200, 200, 401]);
    report("Apache, bearer, 2 calls with the right and 1 with a wrong token", &counter);
}
