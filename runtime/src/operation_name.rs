//! The name of an operation in messages.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// The name of an operation: its `operationId`, or method and path for a request outside of the API document.
/// Dereferences to that name.
///
/// `Display` shows the generated method as it is called, followed by the `operationId`: `pets().create (createPet)`.
#[derive(Clone, PartialEq, Eq)]
pub struct OperationName {
    pub(crate) id: Cow<'static, str>,
    /// The generated method as it is called.
    pub(crate) method: &'static str,
}

impl OperationName {
    /// A name without a generated method.
    pub(crate) const fn of(id: Cow<'static, str>) -> Self {
        Self { id, method: "" }
    }
}

impl Deref for OperationName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for OperationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.method.is_empty() { f.write_str(&self.id) } else { write!(f, "{} ({})", self.method, self.id) }
    }
}

impl fmt::Debug for OperationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.id, f)
    }
}
