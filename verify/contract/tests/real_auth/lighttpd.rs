//! lighttpd: SHA-256 with queries and bodies, alone and alongside MD5, and hashed user names.

use super::counter::{Counter, parameter};
use super::{AWKWARD, PASSWORD, USER, client, digest, in_a_row, report, server, statuses};

const SERVER: &str = "REAL_AUTH_LIGHTTPD";

#[tokio::test]
async fn one_challenge_serves_many() {
    let counter = super::one_challenge_serves_many(&server(SERVER), "sha-256", 30).await;
    assert_eq!(parameter(counter.exchanges()[1].authorization.as_ref().unwrap(), "algorithm"), "SHA-256");
    report("lighttpd, digest SHA-256, 30 calls in a row and 30 side by side", &counter);
}

#[tokio::test]
async fn a_cold_start_side_by_side() {
    let counter = super::a_cold_start(&server(SERVER), "sha-256", 12).await;
    report("lighttpd, digest SHA-256, 12 and 12 calls side by side without a challenge yet", &counter);
    super::on_open_connections(&server(SERVER), "sha-256", 30).await;
}

#[tokio::test]
async fn wrong_credentials_are_tried_once() {
    let counter = super::wrong_credentials(&server(SERVER), "sha-256").await;
    report("lighttpd, digest SHA-256, 6 calls with wrong credentials", &counter);
    let counter = super::wrong_credentials_side_by_side(&server(SERVER), "sha-256", 10).await;
    report("lighttpd, digest SHA-256, 10 calls side by side with a wrong password", &counter);
}

#[tokio::test]
async fn the_stronger_of_two_challenges_is_answered() {
    let counter = Counter::start(&server(SERVER)).await;
    in_a_row(&client(counter.url(), digest(USER, PASSWORD)), "both", 0..2, USER).await;
    let exchanges = counter.exchanges();
    assert_eq!(statuses(&exchanges), [401, 200, 200]);
    assert!(exchanges[0].challenges.contains("algorithm=MD5"), "{}", exchanges[0].challenges);
    assert_eq!(parameter(exchanges[1].authorization.as_ref().unwrap(), "algorithm"), "SHA-256");
    report("lighttpd, digest SHA-256 beside MD5, 2 calls", &counter);
}

#[tokio::test]
async fn awkward_names_and_passwords() {
    let counter = Counter::start(&server(SERVER)).await;
    in_a_row(&client(counter.url(), digest(AWKWARD.0, AWKWARD.1)), "sha-256", 0..2, AWKWARD.0).await;
    assert_eq!(statuses(&counter.exchanges()), [401, 200, 200]);
}

#[tokio::test]
async fn user_names_are_hashed_where_the_server_wants_it() {
    let counter = Counter::start(&server(SERVER)).await;
    for (user, password) in [(USER, PASSWORD), AWKWARD] {
        in_a_row(&client(counter.url(), digest(user, password)), "userhash", 0..2, user).await;
    }
    let exchanges = counter.exchanges();
    assert_eq!(statuses(&exchanges), [401, 200, 200, 401, 200, 200]);
    for sent in exchanges.iter().filter_map(|exchange| exchange.authorization.as_ref()) {
        assert_eq!((parameter(sent, "userhash"), parameter(sent, "username").len()), ("true".to_owned(), 64));
    }
    report("lighttpd, digest SHA-256 with hashed user names, 4 calls", &counter);
}
