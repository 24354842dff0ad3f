//! Redirects and cookies, both on hosts that show them to programs and on browsers, which do not.

use std::error::Error as _;

use data_platform_clients::lakefs_import::{Auth, Client};

use crate::{Outcome, builder, check};

/// A redirect to the same origin keeps all parts of the request.
pub(crate) async fn here(url: &str) -> Outcome {
    let client = builder(url).header("x-key", "k1").build()?;
    let status = client.import().get_status("lake", "main", "i1").await?;
    check!(status.ingested_objects == Some(7), status.body());
    Ok(())
}

/// A redirect to another origin drops secrets.
pub(crate) async fn away(url: &str) -> Outcome {
    here(url).await
}

/// The host follows redirects if the request contains no secret for another origin.
pub(crate) async fn in_browser(url: &str) -> Outcome {
    let status = builder(url).build()?.import().get_status("lake", "main", "i1").await?;
    check!(status.ingested_objects == Some(7), status.body());
    Ok(())
}

/// The host would send a header of the client to another origin, so the redirect is not followed.
pub(crate) async fn with_secret_in_browser(url: &str) -> Outcome {
    let client = builder(url).header("x-key", "k1").build()?;
    let Err(error) = client.import().get_status("lake", "main", "i1").await else { return Err("no error".into()) };
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    check!(source.contains("redirect not followed"), error);
    check!(error.attempts() == 1, error.attempts());
    Ok(())
}

/// A cookie that a browser would drop silently is an error.
pub(crate) async fn cookie_in_browser(url: &str) -> Outcome {
    let client = Client::builder(url).auth(Auth::cookie_auth("session")).build()?;
    let Err(error) = client.import().get_status("lake", "main", "i1").await else { return Err("no error".into()) };
    check!(error.is_request() && error.to_string().contains("Cookie"), error);
    Ok(())
}

/// A cookie is sent where programs may send it.
pub(crate) async fn cookie(url: &str) -> Outcome {
    let client = Client::builder(url).auth(Auth::cookie_auth("session")).build()?;
    client.import().get_status("lake", "main", "i1").await?;
    Ok(())
}
