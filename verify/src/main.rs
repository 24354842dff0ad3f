//! The verification commands, one process each; see the library.

use std::process::ExitCode;

/// Generation allocates and frees many small objects: with glibc's allocator, a large document takes 50% longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    verify::main()
}
