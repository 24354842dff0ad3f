//! Streamed bodies of requests and responses.

use std::time::Duration;

use data_platform_clients::runtime::codegen::{Operation, client, decode};
use data_platform_clients::runtime::http::Method;
use data_platform_clients::runtime::{self, Body, Call, EventStream, JsonValue};

use crate::time::Stopwatch;
use crate::{Outcome, check};

client!(Feed, FeedBuilder);

impl Feed {
    /// An operation whose success is `text/event-stream`, as the generator writes it.
    fn events(&self) -> Call<EventStream<JsonValue>> {
        const OPERATION: Operation = Operation::get("events", "/events").accept("text/event-stream").streamed();
        Call::new(self.raw().request(&OPERATION), decode::events, decode::empty)
    }
}

/// Events arrive when the server sends them, not when the response ends.
pub(crate) async fn events(url: &str) -> Outcome {
    let mut events = Feed::builder(url).build()?.events().await?.into_inner();
    let first = events.next().await.ok_or("no first event")??;
    check!(first.data["number"] == 1 && first.event == "tick", first);
    let since = Stopwatch::start();
    let second = events.next().await.ok_or("no second event")??;
    check!(second.data["number"] == 2 && second.id.as_deref() == Some("e2"), second);
    check!(since.milliseconds() > 100.0, since.milliseconds());
    check!(events.next().await.is_none());
    Ok(())
}

/// A dropped stream ends the request, which the server notices.
pub(crate) async fn dropped(url: &str) -> Outcome {
    let mut events = Feed::builder(url).build()?.events().await?.into_inner();
    events.next().await.ok_or("no event")??;
    drop(events);
    Ok(())
}

/// A reader is read completely before it is sent.
pub(crate) async fn upload(url: &str) -> Outcome {
    static CONTENT: &[u8] = &[b'x'; 200_000];
    let client = runtime::Client::builder(url).timeout(Duration::from_secs(20)).build()?;
    let body = Body::reader(CONTENT, CONTENT.len() as u64);
    client.request_raw(Method::PUT, "/upload").bytes("application/octet-stream", body).send().await?;
    Ok(())
}
