//! The differences between systems with sockets and threads, and WebAssembly in a JavaScript host
//! (`wasm32-unknown-unknown`).
//!
//! Out: the HTTP client, the time, timers and tasks, under the same names for both. Invariant: the rest of the crate
//! checks the target only to omit unsupported items (`docs/WASM.md`).

use std::time::Duration;

/// The caller's settings of all connections, whatever their origin. In WebAssembly, the host has them.
#[derive(Clone, Default)]
#[cfg_attr(all(target_family = "wasm", target_os = "unknown"), allow(dead_code, reason = "nothing can be set there"))]
pub(crate) struct Network {
    /// The connection limit.
    pub(crate) connect: Option<Duration>,
    /// The URL of the proxy.
    pub(crate) proxy: Option<String>,
    /// Certificates of authorities, in PEM.
    pub(crate) authorities: Vec<Vec<u8>>,
}

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod native;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod web;

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(crate) use native::*;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(crate) use web::*;
