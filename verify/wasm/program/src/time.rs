//! Delays and time limits.

use std::time::Duration;

use data_platform_clients::lakefs_import::ClientBuilder;
use data_platform_clients::runtime::{self, RetryPolicy, http::Method};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Outcome, builder, check};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now() -> f64;
}

/// A stopwatch that uses the host's clock.
pub(crate) struct Stopwatch(f64);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(now())
    }

    pub(crate) fn milliseconds(&self) -> f64 {
        now() - self.0
    }
}

/// Waits as long as the server requests.
pub(crate) async fn retry(url: &str) -> Outcome {
    let since = Stopwatch::start();
    builder(url).build()?.import().get_status("lake", "main", "i1").await?;
    check!((1000.0..3000.0).contains(&since.milliseconds()), since.milliseconds());
    Ok(())
}

/// The server never responds.
pub(crate) async fn time_limit(url: &str) -> Outcome {
    let since = Stopwatch::start();
    let client = builder(url).build()?;
    let Err(error) = client.import().get_status("lake", "main", "i1").with_timeout(Duration::from_millis(300)).await
    else {
        return Err("no error".into());
    };
    check!(error.is_timeout(), error);
    check!((300.0..2000.0).contains(&since.milliseconds()), since.milliseconds());
    Ok(())
}

/// The body never ends, but data keeps arriving.
pub(crate) async fn endless(url: &str) -> Outcome {
    let since = Stopwatch::start();
    let client = builder(url).retries(RetryPolicy::never()).body_limit(None).build()?;
    let Err(error) = client.import().get_status("lake", "main", "i1").with_timeout(Duration::from_millis(300)).await
    else {
        return Err("no error".into());
    };
    check!(error.is_timeout(), error);
    check!((300.0..3000.0).contains(&since.milliseconds()), since.milliseconds());
    Ok(())
}

/// The server becomes idle within a body.
pub(crate) async fn silence(url: &str) -> Outcome {
    let client = quick(url).build()?;
    let Err(error) = client.import().get_status("lake", "main", "i1").await else { return Err("no error".into()) };
    check!(error.is_timeout() && error.status().is_some_and(|status| status == 200), error);
    let body = client.raw().request_raw(Method::GET, "/raw").stream().await?;
    let mut body = body.into_inner();
    check!(body.next().await.is_some_and(|piece| piece.is_ok()));
    check!(body.next().await.is_some_and(|piece| piece.is_err_and(|error| error.is_timeout())));
    check!(body.next().await.is_none());
    Ok(())
}

fn quick(url: &str) -> ClientBuilder {
    builder(url).retries(RetryPolicy::never()).idle_timeout(Duration::from_millis(300))
}

/// Time limits that exceed the maximum of JavaScript's timers.
pub(crate) async fn long_limits(url: &str) -> Outcome {
    let days = Duration::from_secs(24 * 60 * 60);
    let client =
        runtime::Client::builder(url).idle_timeout(50 * days).timeout(100 * days).attempt_timeout(Duration::MAX);
    let slow = client.build()?.request_raw(Method::GET, "/slow").send().await?;
    check!(slow.body().as_ref() == b"slow", slow.body());
    Ok(())
}

/// A job is polled until it has ended.
pub(crate) async fn wait(url: &str) -> Outcome {
    let waiting =
        builder(url).build()?.import().get_status("lake", "main", "i1").wait().every(Duration::from_millis(50));
    let mut looks = 0;
    let done = waiting.on_progress(|_| looks += 1).await?;
    check!(done.completed && looks == 2, looks);
    Ok(())
}
