//! The name of an operation in messages.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// The name of an operation: its `operationId`, or method and path for a request outside of the API document.
/// Dereferences to that name.
///
/// `Display` shows the call of the generated method, followed by the `operationId`: `pets().create (createPet)`.
#[derive(Clone, PartialEq, Eq)]
pub struct OperationName {
    pub(crate) id: Cow<'static, str>,
    /// The call of the generated method.
    pub(crate) method: &'static str,
}

impl OperationName {
    /// Creates a name without a generated method.
    pub(crate) fn of(id: impl Into<Cow<'static, str>>) -> Self {
        Self { id: id.into(), method: "" }
    }
}

impl Deref for OperationName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.id
    }
}

fmt!(Display for OperationName: self, f => match self.method {
    "" => f.write_str(&self.id),
    method => write!(f, "{method} ({})", self.id),
});

fmt!(Debug for OperationName: self, f => fmt::Debug::fmt(&*self.id, f));
