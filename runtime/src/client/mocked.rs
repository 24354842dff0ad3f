//! Clients that a mock answers, with the feature `test`.

#[cfg(feature = "test")]
impl super::ClientBuilder {
    /// Leaves all requests to a mock.
    pub(crate) fn answered_by(mut self, mock: crate::testing::Mock) -> Self {
        self.transport = super::transport::Transport::Mock(mock);
        self
    }
}

#[cfg(not(feature = "test"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __client_mock {
    ($builder:ident) => {};
}
