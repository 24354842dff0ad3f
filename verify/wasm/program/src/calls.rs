//! Single calls: exact requests, decoded responses, credentials.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use data_platform_clients::lakefs_import::{Client, types};
use data_platform_clients::runtime::testing::{Mock, Reply};
use data_platform_clients::runtime::{self, Credential, Token, http::Method};

use crate::{Outcome, builder, check};

pub(crate) async fn get(url: &str) -> Outcome {
    let status = builder(url).build()?.import().get_status("lake", "main", "a b/c?").await?;
    check!(status.ingested_objects == Some(7), status.body());
    check!(
        status.header::<String>("x-served-by").as_deref() == Some("caf\u{e9}")
            || status.headers().contains_key("x-served-by")
    );
    Ok(())
}

pub(crate) async fn post(url: &str) -> Outcome {
    let paths = [types::ImportLocation::new("object", "s3://bucket/Größe", "größe")];
    let creation = types::ImportCreation::new(paths, types::CommitCreation::new("import"));
    let started = builder(url).build()?.import().start("lake", "main", creation).await?;
    check!(started.id == "i1", started.id);
    check!(started.status() == 202, started.status());
    Ok(())
}

pub(crate) async fn failure(url: &str) -> Outcome {
    let Err(error) = builder(url).build()?.import().get_status("lake", "main", "i1").await else {
        return Err("no error".into());
    };
    check!(error.status().is_some_and(|status| status == 404), error);
    check!(error.documented().is_some_and(|error| error.message == "no such import"), error);
    check!(error.to_string().contains("no such import"), error.to_string());
    Ok(())
}

/// Bytes beyond ASCII, and a header that the client sends with every request.
pub(crate) async fn headers(url: &str) -> Outcome {
    let client = builder(url).header("x-key", "k1").build()?;
    client.import().get_status("lake", "main", "i1").with_header("x-name", "Grüße").await?;
    Ok(())
}

/// Random numbers, and the headers of a challenge.
pub(crate) async fn digest(url: &str) -> Outcome {
    let client =
        runtime::Client::builder(url).auth_everywhere(Credential::digest("digest", "user".into(), "password".into()));
    client.build()?.request_raw(Method::GET, "/status").send().await?;
    Ok(())
}

/// A separate task, and the time of day.
pub(crate) async fn provider(url: &str) -> Outcome {
    let asked = Arc::new(AtomicU32::new(0));
    let provide = {
        let asked = Arc::clone(&asked);
        move || {
            let number = asked.fetch_add(1, Ordering::Relaxed) + 1;
            async move { Ok(Token::new(format!("t{number}")).expires_in(Duration::from_secs(3600))) }
        }
    };
    let credential = Credential::provider(|token| Credential::bearer("token", token), provide);
    let client = runtime::Client::builder(url).auth_everywhere(credential).build()?;
    for _ in 0..2 {
        client.request_raw(Method::GET, "/status").send().await?;
    }
    check!(asked.load(Ordering::Relaxed) == 1, asked);
    Ok(())
}

/// The host decodes the body but still reports `Content-Encoding`, which the client removes.
pub(crate) async fn compressed(url: &str) -> Outcome {
    let status = builder(url).build()?.import().get_status("lake", "main", "i1").await?;
    check!(status.ingested_objects == Some(7), status.body());
    check!(!status.headers().contains_key("content-encoding"), status.headers());
    Ok(())
}

pub(crate) async fn no_connection() -> Outcome {
    // A port that browsers and Node.js permit, without a listening server.
    let Err(error) = builder("http://127.0.0.1:9999").build()?.import().cancel("lake", "main", "secret-id").await
    else {
        return Err("no error".into());
    };
    check!(error.is_connect(), error);
    check!(error.attempts() == 3, error.attempts());
    check!(!format!("{error:?} {error}").contains("secret-id"), error);
    Ok(())
}

pub(crate) async fn mock() -> Outcome {
    let mock = Mock::new().reply("importCancel", Reply::empty(204));
    let client = Client::builder("https://lakefs.test").mock(&mock).build()?;
    client.import().cancel("lake", "main", "i1").await?;
    check!(mock.requests().len() == 1, mock);
    Ok(())
}
