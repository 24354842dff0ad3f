//! Calls and streams without async.
//!
//! In: anything that can be awaited, and any stream. Out: its output, and an iterator of its items. Invariant: a thread
//! that runs an async runtime is never blocked.

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::LazyLock;
use std::{io, thread};

use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::runtime::{Builder, Handle};

use crate::error::{Error, RequestError};
use crate::operation_name::OperationName;
use crate::paging::{Items, PageError, Pages};
use crate::polling::WaitError;
use crate::stream::save::SaveError;
use crate::stream::{ByteStream, EventStream, ItemStream};

/// Blocks the thread until a call, or anything else that can be awaited, is finished: `call.block_on()?` instead of
/// `call.await?`.
///
/// Limits, retries and errors are the same. Pages, items and streams are iterators: see [`BlockingIter`]. If a parameter
/// of an operation has the same name as the method, call `BlockOn::block_on(call)`.
///
/// A background thread, which the first call starts, drives connections and timers for the whole process. So connections
/// stay usable between calls, and concurrent calls do not wait for each other.
///
/// # Errors
/// Returns an [`Error::Request`] on a thread that runs an async runtime, which must not be blocked. `spawn_blocking` of
/// `tokio` is included: use `Handle::block_on` there.
///
/// ```no_run
/// use clientwright_runtime::{BlockOn as _, Call, Error};
///
/// fn name(call: Call<String>) -> Result<String, Error> {
///     Ok(call.with_header("X-Trace", "7").block_on()?.into_inner())
/// }
/// ```
pub trait BlockOn: IntoFuture<Output: Outcome> + Sized {
    /// Blocks the thread until the future is finished.
    fn block_on(self) -> Self::Output {
        match handle() {
            Ok(handle) => handle.block_on(async { self.await }),
            Err(reason) => Outcome::refused(reason),
        }
    }
}

impl<F: IntoFuture<Output: Outcome>> BlockOn for F {}

/// An iterator that blocks the thread until the next item of a stream arrives.
///
/// [`Pages`], [`Items`], [`ByteStream`], [`EventStream`] and [`ItemStream`] convert into it, and so do responses of
/// streams. For a `ByteStream`, it also implements [`Read`](io::Read). Dropping it closes the connection. To keep the
/// stream, for example to [resume](Pages::resume) it, call `stream.next().block_on()` instead.
///
/// On a thread that runs an async runtime, the only item is an error: see [`BlockOn`].
///
/// ```no_run
/// use std::fs::File;
///
/// use clientwright_runtime::{BlockOn as _, Call, Items, PageError};
///
/// fn print(names: Items<Vec<String>, String>) -> Result<(), PageError> {
///     for name in names {
///         println!("{}", name?);
///     }
///     Ok(())
/// }
///
/// fn save(call: Call<()>) -> Result<(), Box<dyn std::error::Error>> {
///     let mut body = call.stream().block_on()?.into_iter();
///     std::io::copy(&mut body, &mut File::create("body")?)?;
///     Ok(())
/// }
/// ```
#[derive(Debug)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct BlockingIter<S>(Option<S>);

impl<S: Stream<Item: Outcome> + Unpin> Iterator for BlockingIter<S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        let stream = self.0.as_mut()?;
        match handle() {
            Ok(handle) => handle.block_on(poll_fn(|context| Pin::new(&mut *stream).poll_next(context))),
            Err(reason) => {
                self.0 = None;
                Some(Outcome::refused(reason))
            }
        }
    }
}

impl<S: AsyncRead + Unpin> io::Read for BlockingIter<S> {
    /// Reads the next bytes. A failure is an [`io::Error`] with an [`Error`] inside.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(stream) = &mut self.0 else { return Ok(0) };
        let mut buffer = ReadBuf::new(buffer);
        let refused = |error| io::Error::other(Error::<()>::Request(error));
        handle()
            .map_err(refused)?
            .block_on(poll_fn(|context| Pin::new(&mut *stream).poll_read(context, &mut buffer)))?;
        Ok(buffer.filled().len())
    }
}

macro_rules! iterators {
    ($($stream:ident<$($of:ident),*>)*) => {$(
        impl<$($of),*> IntoIterator for $stream<$($of),*> {
            type Item = <Self as Stream>::Item;
            type IntoIter = BlockingIter<Self>;

            fn into_iter(self) -> BlockingIter<Self> {
                BlockingIter(Some(self))
            }
        }
    )*};
}

iterators! { Pages<T, I, E> Items<T, I, E> ByteStream<> EventStream<T> ItemStream<T> }

/// The output of a future, which can be an error.
pub trait Outcome {
    #[doc(hidden)]
    fn refused(error: RequestError) -> Self;
}

macro_rules! outcomes {
    ($($error:ident<$($of:ident),*>)*) => {$(
        impl<R, $($of),*> Outcome for Result<R, $error<$($of),*>> {
            fn refused(error: RequestError) -> Self {
                Err(Error::Request(error).into())
            }
        }
    )*};
}

outcomes! { Error<E> PageError<E> SaveError<E> WaitError<T, E> }

impl<T: Outcome> Outcome for Option<T> {
    fn refused(error: RequestError) -> Self {
        Some(T::refused(error))
    }
}

/// Returns the runtime of all blocking calls, if the thread may be blocked.
fn handle() -> Result<&'static Handle, RequestError> {
    // It has its own thread: a runtime in the threads of calls would stop between calls, together with its connections.
    static HANDLE: LazyLock<io::Result<Handle>> = LazyLock::new(|| {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        thread::Builder::new().name("clientwright".to_owned()).spawn(move || runtime.block_on(pending::<()>()))?;
        Ok(handle)
    });
    let reason = match &*HANDLE {
        _ if Handle::try_current().is_ok() => {
            "cannot block inside an async runtime; use `.await`, or `Handle::block_on` in `spawn_blocking`".to_owned()
        }
        Ok(handle) => return Ok(handle),
        Err(error) => format!("the background thread could not be started: {error}"),
    };
    Err(RequestError { operation: OperationName::of("blocking call"), reason })
}
