//! Timers: the subset of `tokio::time` that this crate uses, by `setTimeout`.
//!
//! Invariant: a timer without receiver is cancelled, so that it does not keep the host running.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use js_sys::Promise;
use tokio::sync::oneshot;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::host::{global, unless};

pub(crate) use web_time::Instant;

/// The maximum time that `setTimeout` supports, in milliseconds. With a longer one it does not wait at all.
const LONGEST: u128 = i32::MAX as u128;

/// A future that ends at a point in time.
pub(crate) struct Sleep {
    /// `None` means never: the end is beyond the range of `Instant`.
    end: Option<Instant>,
    /// Signals the end, or an earlier time.
    alarm: Option<oneshot::Receiver<()>>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(end) = self.end else { return Poll::Pending };
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Poll::Ready(());
            }
            let mut alarm = self.alarm.take().unwrap_or_else(|| alarm(left));
            if Pin::new(&mut alarm).poll(context).is_pending() {
                self.alarm = Some(alarm);
                return Poll::Pending;
            }
        }
    }
}

/// Waits for `duration`.
pub(crate) fn sleep(duration: Duration) -> Sleep {
    Sleep { end: Instant::now().checked_add(duration), alarm: None }
}

/// Sleeps until `end`.
pub(crate) fn sleep_until(end: Instant) -> Sleep {
    Sleep { end: Some(end), alarm: None }
}

/// A time limit was exceeded.
pub(crate) struct Elapsed;

/// Awaits a future for `duration`.
pub(crate) async fn timeout<T>(duration: Duration, future: impl Future<Output = T>) -> Result<T, Elapsed> {
    unless(sleep(duration), future).await.ok_or(Elapsed)
}

/// Signals after this time, or earlier if that is too long for one timer.
fn alarm(after: Duration) -> oneshot::Receiver<()> {
    let (mut sender, receiver) = oneshot::channel();
    // `setTimeout` takes whole milliseconds.
    let milliseconds = after.as_millis().saturating_add(1).min(LONGEST) as f64;
    spawn_local(async move {
        let mut id = JsValue::UNDEFINED;
        let passed = Promise::new(&mut |resolve, _| {
            let set = global("setTimeout");
            let set = set.and_then(|set| set.call2(&JsValue::UNDEFINED, &resolve, &milliseconds.into()));
            id = set.unwrap_or(JsValue::UNDEFINED);
        });
        if unless(sender.closed(), JsFuture::from(passed)).await.is_some() {
            let _ = sender.send(());
        } else if let Ok(clear) = global("clearTimeout") {
            let _ = clear.call1(&JsValue::UNDEFINED, &id);
        }
    });
    receiver
}
