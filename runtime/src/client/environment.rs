//! Base URL and credentials from environment variables.
//!
//! In: the variables of the process. Out: a [`ClientBuilder`]. Invariant: no error shows a value.

use std::env;
use std::ffi::OsString;

use super::Client;
use super::builder::ClientBuilder;
use crate::auth::Credential;
use crate::error::BuildError;

/// The reason why the base URL or a pair of credentials cannot be used.
const NOT_SET: &str = "is not set";

/// Reads the settings of a client from environment variables with a common prefix. Empty variables are ignored.
///
/// ```
/// use clientwright_runtime::{Credential, codegen::Environment};
///
/// let builder = Environment::new("PETS", Some("https://pets.example.com"))
///     .variable("API_KEY", |key| Credential::header("api_key", "X-Api-Key", key))
///     .variables("LOGIN_USERNAME", "LOGIN_PASSWORD", |username, password| Credential::basic("login", username, password))
///     .builder()?;
/// # let _ = builder;
/// # Ok::<(), clientwright_runtime::BuildError>(())
/// ```
#[derive(Debug)]
#[must_use = "variables have no effect until `builder` is called"]
pub struct Environment {
    prefix: &'static str,
    read: fn(&str) -> Option<OsString>,
    builder: ClientBuilder,
    /// The first error.
    error: Option<BuildError>,
}

impl Environment {
    /// Creates a reader of the variables with this prefix. `<prefix>_BASE_URL` is the base URL; it is required if
    /// `base_url` is `None`.
    pub fn new(prefix: &'static str, base_url: Option<&str>) -> Self {
        Self::read_by(|name| env::var_os(name), prefix, base_url)
    }

    fn read_by(read: fn(&str) -> Option<OsString>, prefix: &'static str, base_url: Option<&str>) -> Self {
        let mut environment =
            Self { prefix, read, builder: Client::builder(base_url.unwrap_or_default()), error: None };
        match environment.get("BASE_URL") {
            Some(given) => environment.builder.base_url = given,
            None if base_url.is_none() => environment.refuse("BASE_URL", NOT_SET),
            None => {}
        }
        environment
    }

    /// Reads a credential from one variable.
    pub fn variable(mut self, name: &str, credential: fn(String) -> Credential) -> Self {
        if let Some(value) = self.get(name) {
            self.builder = self.builder.auth(credential(value));
        }
        self
    }

    /// Reads a credential from two variables, which must be set together.
    pub fn variables(mut self, first: &str, second: &str, credential: fn(String, String) -> Credential) -> Self {
        match (self.get(first), self.get(second)) {
            (Some(one), Some(other)) => self.builder = self.builder.auth(credential(one, other)),
            (None, Some(_)) => self.refuse(first, NOT_SET),
            (Some(_), None) => self.refuse(second, NOT_SET),
            (None, None) => {}
        }
        self
    }

    /// Returns the builder of a client with the variables that are set.
    ///
    /// # Errors
    /// Returns an error if a required base URL is not set, if only one of two variables is set, or if a value is not
    /// UTF-8.
    pub fn builder(self) -> Result<ClientBuilder, BuildError> {
        self.error.map_or(Ok(self.builder), Err)
    }

    fn get(&mut self, name: &str) -> Option<String> {
        let value = (self.read)(&self.full_name(name)).filter(|value| !value.is_empty())?;
        value.into_string().map_err(|_| self.refuse(name, "is not UTF-8")).ok()
    }

    fn refuse(&mut self, name: &str, reason: &'static str) {
        let variable = self.full_name(name);
        self.error.get_or_insert(BuildError::Environment { variable, reason });
    }

    fn full_name(&self, name: &str) -> String {
        format!("{}_{name}", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builder(read: fn(&str) -> Option<OsString>, base_url: Option<&str>) -> Result<ClientBuilder, BuildError> {
        Environment::read_by(read, "PETS", base_url)
            .variable("KEY", |key| Credential::header("key", "X-Key", key))
            .variables("LOGIN_USERNAME", "LOGIN_PASSWORD", |username, password| {
                Credential::basic("login", username, password)
            })
            .builder()
    }

    fn schemes(builder: &ClientBuilder) -> Vec<&str> {
        builder.credentials.iter().map(Credential::scheme).collect()
    }

    #[test]
    fn what_is_set_is_used() {
        let read = |name: &str| {
            let value = match name {
                "PETS_BASE_URL" => "https://pets.example.com/v2",
                "PETS_KEY" | "PETS_LOGIN_USERNAME" | "PETS_LOGIN_PASSWORD" => "hidden",
                _ => return None,
            };
            Some(value.into())
        };
        let all = builder(read, Some("https://pets.example.com/v1")).unwrap();
        assert_eq!((all.base_url.as_str(), schemes(&all)), ("https://pets.example.com/v2", vec!["key", "login"]));
    }

    #[test]
    fn what_is_not_set_or_empty_is_left_out() {
        let none = builder(|name| (name == "PETS_KEY").then(OsString::new), Some("https://pets.example.com")).unwrap();
        assert_eq!((none.base_url.as_str(), schemes(&none)), ("https://pets.example.com", vec![]));
    }

    #[test]
    fn what_is_missing_is_named() {
        let refused = |read, base_url| builder(read, base_url).unwrap_err().to_string();
        assert_eq!(refused(|_| None, None), "the environment variable `PETS_BASE_URL` is not set");
        let half = |name: &str| (name == "PETS_LOGIN_USERNAME").then(|| "hidden".into());
        let message = "the environment variable `PETS_LOGIN_PASSWORD` is not set";
        assert_eq!(refused(half, Some("https://pets.example.com")), message);
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_not_utf_8_is_refused_and_not_shown() {
        use std::os::unix::ffi::OsStringExt;

        let read = |name: &str| (name == "PETS_KEY").then(|| OsString::from_vec(b"hidden\xff".to_vec()));
        let error = builder(read, Some("https://pets.example.com")).unwrap_err();
        assert_eq!(error.to_string(), "the environment variable `PETS_KEY` is not UTF-8");
        assert!(!format!("{error:?}").contains("hidden"));
    }
}
