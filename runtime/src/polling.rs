//! Polling: an operation that returns the state of a job, called until the job has ended.
//!
//! In: a [`Call`], and the place of the job's state in its responses. Out: the response with which the job has
//! succeeded. Invariants: an unlisted state continues the wait; the wait always ends soon after its deadline.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use serde_json::Value as JsonValue;

use crate::call::Call;
use crate::clipped::Clipped;
use crate::error::{Error, message};
use crate::header;
use crate::operation_name::OperationName;
use crate::platform::timer::{Instant, sleep, timeout};
use crate::redact::Secrets;
use crate::response::{RawResponse, Response};
use crate::wire::{Encode, json_value};

/// The value of a part of a response body; `None` if it is absent or `null`.
type Found<T> = fn(&T) -> Option<&dyn Encode>;

/// A callback for response bodies.
type OnProgress<'c, T> = Box<dyn FnMut(&T) + Send + 'c>;

/// The polling of an operation: the place of a job's state in its responses. `T` is the body of a response.
#[derive(Debug)]
pub struct Polling<T> {
    state: Found<T>,
    success: &'static [&'static str],
    failure: &'static [&'static str],
    error: Option<Found<T>>,
}

copy!(Polling<T>);

impl<T> Polling<T> {
    /// Creates a polling whose `state` finds the state: a string, or a boolean or a number as JSON.
    #[inline]
    #[must_use]
    pub fn state(state: Found<T>) -> Self {
        Self { state, success: &[], failure: &[], error: None }
    }

    setters! { [#[inline] #[must_use] pub const]
        /// Sets the states of a succeeded job. They are case-insensitive.
        success(states: &'static [&'static str]) => success = states;

        /// Sets the states of a failed job.
        failure(states: &'static [&'static str]) => failure = states;

        /// Sets the function that finds an error. A job with an error has failed, regardless of its state.
        error(error: Found<T>) => error = Some(error);
    }

    /// Returns the state in a body, and its outcome.
    fn judge(&self, body: &T) -> (Option<String>, Outcome) {
        let state = (self.state)(body).map(json_value).filter(|state| !state.is_null()).map(|state| match state {
            JsonValue::String(text) => text,
            other => other.to_string(),
        });
        let is_one_of = |states: &[&str]| {
            state.as_deref().is_some_and(|state| states.iter().any(|one| one.eq_ignore_ascii_case(state)))
        };
        let has_error = self.error.and_then(|error| error(body)).is_some_and(|error| !json_value(error).is_null());
        let outcome = if has_error || is_one_of(self.failure) {
            Outcome::Failure
        } else if is_one_of(self.success) {
            Outcome::Success
        } else {
            Outcome::Progress
        };
        (state, outcome)
    }
}

/// The outcome of a state.
enum Outcome {
    Progress,
    Success,
    Failure,
}

/// The minimum pause. Shorter pauses would overload the server.
const SHORTEST: Duration = Duration::from_millis(10);
/// The maximum pause that a server can request, unless the caller's pauses are longer.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(5 * 60);
/// The maximum number of consecutive transient failures.
const FAILURES: u32 = 5;
/// The time limit of the last poll, which starts at the deadline.
const LAST_POLL: Duration = Duration::from_secs(5);

/// The schedule of polling.
#[derive(Clone, Copy, Debug)]
struct Schedule {
    first: Duration,
    longest: Duration,
    deadline: Duration,
}

/// A wait for a job to finish. When awaited, it polls the state of the job until the job has succeeded or failed.
///
/// The first poll is immediate. The pauses are 1 s, 2 s, 4 s and so on, up to 30 s, for at most an hour. A
/// `Retry-After` header takes precedence, within these bounds: at least the first pause, and at most five minutes or
/// the longest pause, whichever is longer. Undocumented states continue the wait, as do up to five consecutive
/// transient failures.
///
/// ```
/// # use std::time::Duration;
/// # use clientwright_runtime::{Wait, WaitError};
/// # async fn wait(wait: Wait<'_, u64>) -> Result<(), WaitError<u64>> {
/// let done = wait.deadline(Duration::from_secs(600)).on_progress(|percent| println!("{percent} %")).await?;
/// # drop(done);
/// # Ok(())
/// # }
/// ```
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait<'c, T, E = ()> {
    call: Call<T, E>,
    polling: Polling<T>,
    schedule: Schedule,
    on_progress: Option<OnProgress<'c, T>>,
}

impl<'c, T, E> Wait<'c, T, E> {
    /// Creates a wait for a job whose state `call` returns. For generated code.
    #[doc(hidden)]
    #[inline]
    pub fn new(call: Call<T, E>, polling: Polling<T>) -> Self {
        let [first, longest, deadline] = [1, 30, 60 * 60].map(Duration::from_secs);
        Self { call, polling, schedule: Schedule { first, longest, deadline }, on_progress: None }
    }

    /// Sets a constant pause between polls, of at least 10 ms.
    #[inline]
    pub fn every(self, pause: Duration) -> Self {
        self.pauses(pause, pause)
    }

    /// Sets the first pause, which doubles with each poll up to `longest`.
    #[inline]
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.schedule.first = first;
        self.schedule.longest = longest;
        self
    }

    setters! { [#[inline] pub]
        /// Sets the deadline. Defaults to an hour; `Duration::MAX` means no limit. At the deadline, the job is polled for
        /// the last time, which may take five seconds.
        deadline(deadline: Duration) => schedule.deadline = deadline;
    }

    /// Sets a callback for each response after which the wait continues.
    #[inline]
    pub fn on_progress<'n>(self, on_progress: impl FnMut(&T) + Send + 'n) -> Wait<'n, T, E> {
        let Self { call, polling, schedule, on_progress: _ } = self;
        Wait { call, polling, schedule, on_progress: Some(Box::new(on_progress)) }
    }

    async fn run(mut self) -> Result<Response<T>, WaitError<T, E>> {
        let operation = self.call.request.parts.operation.clone();
        let Schedule { first, longest, deadline } = self.schedule;
        let end = Instant::now().checked_add(deadline);
        let left = || end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
        let (mut pause, mut state, mut last, mut failures) = (first, None, None, 0);
        loop {
            let is_last = left().is_zero();
            let Ok(response) = timeout(left().max(LAST_POLL), self.call.clone().send()).await else { break };
            let response = match response {
                Ok(response) => response,
                Err(error) if failures < FAILURES && !is_last && error.is_transient() => {
                    failures += 1;
                    sleep(pause.max(SHORTEST).min(left())).await;
                    pause = pause.saturating_mul(2).min(longest);
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            failures = 0;
            let (found, outcome) = self.polling.judge(response.body());
            state = found;
            match outcome {
                Outcome::Success => return Ok(response),
                Outcome::Failure => {
                    let (last, secrets) = (Box::new(response), self.secrets());
                    return Err(WaitError::Failed { operation, state, last, secrets });
                }
                Outcome::Progress => {}
            }
            if let Some(on_progress) = &mut self.on_progress {
                on_progress(response.body());
            }
            let requested =
                header::retry_after(response.headers()).map(|requested| requested.min(longest.max(MAX_RETRY_AFTER)));
            let requested = requested.map_or(pause, |requested| requested.max(first)).max(SHORTEST);
            pause = pause.saturating_mul(2).min(longest);
            last = Some(Box::new(response));
            if is_last {
                break;
            }
            sleep(requested.min(left())).await;
        }
        Err(WaitError::Deadline { operation, deadline, state, last, secrets: self.secrets() })
    }

    fn secrets(&self) -> Secrets {
        self.call.request.parts.secrets()
    }
}

impl<'c, T: Send + 'c, E: Send + 'c> IntoFuture for Wait<'c, T, E> {
    type Output = Result<Response<T>, WaitError<T, E>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'c>>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

debug!(Wait<'c, T, E>: self { call, schedule, .. });

/// The error of waiting for a job. Unless it is [`Failed`](Self::Failed), the job may still be running.
///
/// `Display` and `Debug` show `[redacted]` in place of secrets that the client knows. `state` and `last` keep the
/// server's values.
#[non_exhaustive]
pub enum WaitError<T, E = ()> {
    /// A call failed.
    Call(Error<E>),
    /// The job failed.
    #[non_exhaustive]
    Failed {
        /// The operation.
        operation: OperationName,
        /// The final state, if there is one.
        state: Option<String>,
        /// The response with the final state.
        last: Box<Response<T>>,
        #[doc(hidden)]
        secrets: Secrets,
    },
    /// The job had not ended at the deadline.
    #[non_exhaustive]
    Deadline {
        /// The operation.
        operation: OperationName,
        /// The duration of the wait.
        deadline: Duration,
        /// The last state, if there is one.
        state: Option<String>,
        /// The last response, or `None` if there was no response.
        last: Option<Box<Response<T>>>,
        #[doc(hidden)]
        secrets: Secrets,
    },
}

impl<T, E> WaitError<T, E> {
    /// Returns the last response with the state of the job.
    #[must_use]
    pub fn last(&self) -> Option<&Response<T>> {
        match self {
            Self::Call(_) => None,
            Self::Failed { last, .. } => Some(last),
            Self::Deadline { last, .. } => last.as_deref(),
        }
    }
}

from!(error: Error<E> => WaitError<T, E> { Self::Call(error) }, for T, E);

fmt!(Display for WaitError<T, E>: self, f => {
    let (state, secrets) = match self {
        Self::Call(error) => return error.fmt(f),
        Self::Failed { operation, state, last, secrets } => {
            write!(f, "{operation}: the job failed")?;
            let response = RawResponse::new(last.status(), last.headers().clone(), last.raw_body().clone());
            if let Some((message, is_cut)) = message::find(&response) {
                write!(f, ": {}", Clipped(&secrets.without(message, is_cut)))?;
            }
            (state, secrets)
        }
        Self::Deadline { operation, deadline, state, secrets, .. } => {
            write!(f, "{operation}: the job had not ended after {deadline:?}")?;
            (state, secrets)
        }
    };
    match state {
        Some(state) => write!(f, "; its state is `{}`", Clipped(&secrets.redacted(state.clone()))),
        None => Ok(()),
    }
}, for T, E);

fmt!(Debug for WaitError<T, E>: self, f => match self {
    Self::Call(error) => f.debug_tuple("Call").field(error).finish(),
    Self::Failed { operation, state, last, secrets } => secrets.debug(f, |f| {
        let mut shown = f.debug_struct("Failed");
        shown.field("operation", operation).field("state", state).field("last", last).finish()
    }),
    Self::Deadline { operation, deadline, state, last, secrets } => secrets.debug(f, |f| {
        let mut shown = f.debug_struct("Deadline");
        shown.field("operation", operation).field("deadline", deadline);
        shown.field("state", state).field("last", last).finish()
    }),
}, for T: fmt::Debug, E: fmt::Debug);

source!(WaitError<T, E>: self => match self {
    Self::Call(error) => error.source(),
    Self::Failed { .. } | Self::Deadline { .. } => None,
}, for T: fmt::Debug, E: fmt::Debug);

/// Adds `wait` to a struct whose only field is a [`Call`](crate::Call) named `call`.
///
/// Takes the types of a response body and an error body, and functions of [`Polling`] with their arguments.
///
/// ```
/// use clientwright_runtime::{Call, codegen};
///
/// /// Gets the state of a job.
/// pub struct GetJob {
///     call: Call<String>,
/// }
/// codegen::wait!(GetJob => String, () {
///     state(|job| Some(job)),
///     success(&["done"]),
///     failure(&["broken"]),
/// });
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __wait {
    (
        $name:ident => $success:ty, $failure:ty {
            state $state:tt $(, $function:ident $arguments:tt)* $(,)?
        } $(,)?
    ) => {
        impl $name {
            /// Waits for the job to finish: when awaited, polls the state of the job until the job has succeeded or
            /// failed.
            #[inline]
            pub fn wait(self) -> $crate::Wait<'static, $success, $failure> {
                let polling = $crate::codegen::Polling::<$success>::state $state;
                $crate::Wait::new(self.call, polling $(.$function $arguments)*)
            }
        }
    };
}
