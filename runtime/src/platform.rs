//! The differences between systems with sockets and threads, and WebAssembly in a JavaScript host
//! (`wasm32-unknown-unknown`).
//!
//! Out: the HTTP client, the time, timers and tasks, under the same names for both. Invariant: the rest of the crate
//! checks the target only to omit unsupported items (`docs/guide/wasm.md`).

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod native;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod web;

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(crate) use native::*;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(crate) use web::*;
