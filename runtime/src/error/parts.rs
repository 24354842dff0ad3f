//! Parts of messages that several errors share.

use http::StatusCode;

/// Shows ` (after 3 attempts)`, if there was more than one.
pub(super) struct Attempts(pub(super) u32);

fmt!(Display for Attempts: self, f => if self.0 > 1 { write!(f, " (after {} attempts)", self.0) } else { Ok(()) });

/// Shows `404 Not Found`, or only the number if the status has no name.
pub(super) struct Status(pub(super) StatusCode);

fmt!(Display for Status: self, f => {
    f.write_str(self.0.as_str())?;
    match self.0.canonical_reason() {
        Some(reason) => write!(f, " {reason}"),
        None => Ok(()),
    }
});
