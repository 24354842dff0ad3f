//! Settings of all connections.

use std::time::Duration;

/// The caller's settings of all connections, regardless of their origin. In WebAssembly, the host has these settings.
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
