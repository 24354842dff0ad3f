//! The commands that verify, one process each: see the library.

use std::process::ExitCode;

/// Generating makes and drops a great many small things: with glibc's allocator, a large document takes half as long again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    verify::main()
}
