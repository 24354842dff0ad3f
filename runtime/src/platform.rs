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

/// The content codings that features of this crate decode: names, feature, and whether the feature is enabled.
pub(crate) const CODINGS: [(&[&str], &str, bool); 4] = [
    (&["gzip", "x-gzip"], "gzip", cfg!(feature = "gzip")),
    (&["deflate"], "deflate", cfg!(feature = "deflate")),
    (&["br"], "brotli", cfg!(feature = "brotli")),
    (&["zstd"], "zstd", cfg!(feature = "zstd")),
];
