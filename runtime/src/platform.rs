//! What differs between systems with sockets and threads, and WebAssembly in a host of JavaScript (`wasm32-unknown-unknown`).
//!
//! Out: the HTTP client, the time, timers and tasks, under the same names for both. Invariant: the rest of the crate asks for the target
//! only to leave out what cannot be there (`docs/WASM.md`).

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod native;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod web;

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(crate) use native::*;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(crate) use web::*;
