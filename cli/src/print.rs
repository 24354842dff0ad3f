//! Replacements for `print!` and related macros of std, which panic on failure.
//!
//! If the reader has closed the pipe, as `head` does, the output ends but the command continues. Any other failure, such as a full disk,
//! ends both with an error.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write as _};
use std::process;

macro_rules! print {
    ($($text:tt)*) => { $crate::print::output(format_args!($($text)*), "") };
}

macro_rules! println {
    ($($text:tt)*) => { $crate::print::output(format_args!($($text)*), "\n") };
}

macro_rules! eprint {
    ($($text:tt)*) => { $crate::print::message(format_args!($($text)*), "") };
}

macro_rules! eprintln {
    ($($text:tt)*) => { $crate::print::message(format_args!($($text)*), "\n") };
}

/// Writes to the standard output.
pub(crate) fn output(text: Arguments<'_>, end: &str) {
    let mut output = io::stdout().lock();
    let written = write!(output, "{text}{end}").and_then(|()| output.flush());
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
    {
        message(format_args!("error: cannot write the output: {error}"), "\n");
        process::exit(1);
    }
}

/// Writes to the standard error. If that fails, there is nowhere to report it.
pub(crate) fn message(text: Arguments<'_>, end: &str) {
    let _ = write!(io::stderr(), "{text}{end}");
}
