//! What the examples share: how a failure is told, how Ctrl-C is heard, how often a job is looked at, and an upload.
//!
//! Nothing here belongs to one API; copy what you need along with the example. Invariant: no secret is printed, nor a
//! URL that is one.

#![allow(dead_code, reason = "each example is a program of its own and uses a part of this")]
#![allow(clippy::print_stderr, reason = "telling the person at the terminal is what this is for")]

use std::error::Error as StdError;
use std::fmt::{self, Debug};
use std::process::ExitCode;
use std::time::Duration;

use data_platform_clients::runtime::{BuildError, Error, Secret};
use tokio::sync::watch;

/// The exit code of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Why the program gives up, and what to try.
///
/// Every error of a client turns into one, so that `?` is all that a call needs.
pub(crate) struct Failure {
    what: String,
    hint: Option<String>,
}

impl Failure {
    /// A failure of the example's own.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None }
    }

    /// Adds what to try, instead of what would be said otherwise.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Prints it and gives the exit code to end with.
    pub(crate) fn report(&self) -> ExitCode {
        eprintln!("{self}");
        ExitCode::FAILURE
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl<E: Debug> From<Error<E>> for Failure {
    fn from(error: Error<E>) -> Self {
        Self { what: with_causes(&error), hint: hint(&error).map(str::to_owned) }
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        Self::new(with_causes(&error))
    }
}

/// An error and what caused it, in one line. An error of a client never repeats its cause, so nothing is said twice.
pub(crate) fn with_causes(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// What to try. The message of the server and the status are in the error itself already.
fn hint<E>(error: &Error<E>) -> Option<&'static str> {
    if error.is_connect() {
        return Some("is the address of the server right, and can it be reached from here?");
    }
    if error.is_timeout() {
        return Some("the server is slow or busy; try again later");
    }
    match error.status()?.as_u16() {
        200..=399 => Some("is this the address of the API? What answered does not keep to the API's document"),
        401 => Some("credentials are missing or were not accepted; --help lists the environment variables for them"),
        403 => Some("the credentials are good, but do not allow this"),
        404 => Some("is every name and id right, and does the server's address include the base path of the API?"),
        420 | 429 => Some("too many requests; wait a while"),
        500.. => Some("the fault is the server's; try again later"),
        _ => None,
    }
}

/// How often a job is looked at: at first after a second, then more and more rarely. A look that fails for a passing
/// reason says nothing about the job, so a few of them are forgiven.
pub(crate) struct Pace {
    pause: Duration,
    failures: u32,
}

impl Pace {
    const LONGEST: Duration = Duration::from_secs(30);
    const FORGIVEN: u32 = 5;

    /// A pace that begins now.
    pub(crate) fn new() -> Self {
        Self { pause: Duration::from_secs(1), failures: 0 }
    }

    /// Waits until it is time for another look.
    pub(crate) async fn pause(&mut self) {
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(Self::LONGEST);
    }

    /// Passes on what a look has found, or forgives and tells why it found nothing.
    pub(crate) fn forgive<T, E: Debug>(&mut self, look: Result<T, Error<E>>) -> Result<Option<T>, Failure> {
        match look {
            Ok(found) => {
                self.failures = 0;
                Ok(Some(found))
            }
            Err(error) if error.is_transient() && self.failures < Self::FORGIVEN => {
                self.failures += 1;
                self.pause = self.pause.max(error.retry_after().unwrap_or_default()).min(Self::LONGEST);
                eprintln!("{}; looking again in {} s", with_causes(&error), self.pause.as_secs());
                Ok(None)
            }
            Err(error) => {
                let failure = Failure::from(error);
                Err(Failure { what: format!("lost sight of the job, which may go on: {}", failure.what), ..failure })
            }
        }
    }
}

/// Ctrl-C: the first asks the program to wind up what it began, the second ends it where it is.
pub(crate) struct Interrupt {
    asked: watch::Receiver<bool>,
}

impl Interrupt {
    /// Listens from now on.
    pub(crate) fn listen() -> Self {
        let (ask, asked) = watch::channel(false);
        tokio::spawn(async move {
            for pressed_before in [false, true] {
                if tokio::signal::ctrl_c().await.is_err() {
                    // It cannot be heard here; then it ends the program, as it always did.
                    return ask.closed().await;
                }
                if pressed_before {
                    std::process::exit(INTERRUPTED.into());
                }
                ask.send_replace(true);
            }
        });
        Self { asked }
    }

    /// Waits for the first Ctrl-C, or does not wait if it has been pressed already.
    pub(crate) async fn asked(&mut self) {
        // The sender lives as long as there is something to wait for.
        if self.asked.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// The exit code of a program that Ctrl-C ended.
    pub(crate) fn exit_code() -> ExitCode {
        INTERRUPTED.into()
    }
}

/// Puts bytes where a presigned URL leads. It is no call of an API and carries no credentials: the URL is the
/// credential, so it must not appear in what is printed.
pub(crate) async fn upload(url: &Secret<String>, content: Vec<u8>) -> Result<(), Failure> {
    let failed =
        |error: reqwest::Error| Failure::new(format!("the upload failed: {}", with_causes(&error.without_url())));
    let storage = reqwest::Client::builder().connect_timeout(Duration::from_secs(10)).build().map_err(failed)?;
    let answer = storage.put(url.expose()).body(content).send().await.map_err(failed)?;
    if answer.status().is_success() {
        return Ok(());
    }
    // Nor the body: object stores like to repeat what was signed.
    Err(Failure::new(format!("the upload failed: the object store answered {}", answer.status()))
        .hint("an upload URL holds for a short while only; run the program again to get another"))
}
