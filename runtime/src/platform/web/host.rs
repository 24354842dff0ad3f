//! Global functions of the host, and waiting for it.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

/// Returns a global function of the host.
pub(super) fn global(name: &str) -> Result<Function, JsValue> {
    Reflect::get(&js_sys::global(), &name.into())?.dyn_into()
}

/// Awaits a future, unless its receiver is gone.
pub(super) async fn unless<T>(is_gone: impl Future<Output = ()>, future: impl Future<Output = T>) -> Option<T> {
    let (mut is_gone, mut future) = (pin!(is_gone), pin!(future));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => is_gone.as_mut().poll(context).map(|()| None),
    })
    .await
}
