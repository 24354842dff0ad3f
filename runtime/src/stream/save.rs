//! Downloads to files.
//!
//! In: a call whose body is streamed. Out: a file with the whole body, or no file. Invariant: bytes of two versions of a
//! content are never mixed.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fmt, io};

use http::{Method, StatusCode};
use tokio::io::AsyncWriteExt as _;

use super::ByteStream;
use crate::call::Call;
use crate::error::Error;
use crate::header::parsed;
use crate::platform::{Instant, Replacement};
use crate::response::{RawResponse, Response};
use crate::retry::{self, Turn};

impl<E> Call<ByteStream, E> {
    /// Saves the success body as a file, of any size, and returns its length. An existing file is replaced when the
    /// whole body has arrived; until then, the body is in a temporary file in the same folder.
    ///
    /// If the connection breaks, the call is repeated up to the number of attempts of its
    /// [`RetryPolicy`](crate::RetryPolicy), provided that its method is safe (RFC 9110 §9.2.1). A GET requests only the
    /// missing bytes (`Range`) if the response has its length and a strong validator (`ETag` or `Last-Modified`).
    /// Otherwise, and if the content has changed (`If-Range`), the download begins again.
    ///
    /// # Errors
    /// Returns an error if the call fails, the status is `202`, the body is incomplete, or the file cannot be written.
    ///
    /// ```no_run
    /// # async fn example(call: clientwright_runtime::Call<()>) -> Result<(), Box<dyn std::error::Error>> {
    /// let length = call.stream().save("backup.tar").await?.into_inner();
    /// # drop(length);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn save(self, path: impl AsRef<Path>) -> Result<Response<u64>, SaveError<E>> {
        let path = path.as_ref().to_owned();
        let file = Replacement::create(&path).await.map_err(|error| SaveError::File { path: path.clone(), error })?;
        let stream = self.clone().send().await?.into_inner();
        let deadline = stream.incoming.waiting.call;
        let parts = &self.request.parts;
        let retries = parts.shared.settings.retries(parts.options.retries);
        let head = stream.head.clone();
        let mut download = Download { call: self, path, file, head, stream: Some(stream), written: 0, deadline };
        let mut turn = Turn::first(retries, deadline);
        while let Err(error) = download.read().await {
            let is_interrupted = matches!(error, SaveError::Interrupted(_)) && retry::is_safe(download.method());
            match turn.pause(None).filter(|_| is_interrupted) {
                Some(pause) => turn.next(pause).await,
                None => return Err(error),
            }
        }
        let Download { path, file, head, written, .. } = download;
        file.finish(&path).await.map_err(|error| SaveError::File { path, error })?;
        Ok(Response::new(head, written))
    }
}

/// A body during saving.
struct Download<E> {
    call: Call<ByteStream, E>,
    path: PathBuf,
    file: Replacement,
    /// The response whose body is in the file.
    head: RawResponse,
    /// The body, unless it was interrupted.
    stream: Option<ByteStream>,
    /// The number of bytes in the file.
    written: u64,
    deadline: Option<Instant>,
}

impl<E> Download<E> {
    fn method(&self) -> &Method {
        &self.call.request.parts.method
    }

    fn failed(&self, error: io::Error) -> SaveError<E> {
        SaveError::File { path: self.path.clone(), error }
    }

    /// Returns the validator and the length of the content, if the rest of it can be requested.
    fn version(&self) -> Option<(String, u64)> {
        let is_whole = self.head.status == StatusCode::OK && self.method() == Method::GET;
        let length = parsed(&self.head.headers, "content-length")?;
        Some((validator(&self.head)?, length)).filter(|_| is_whole)
    }

    async fn read(&mut self) -> Result<(), SaveError<E>> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.resume().await?,
        };
        // The body describes the request and not its result (RFC 9110 §15.3.3).
        if stream.head.status == StatusCode::ACCEPTED {
            return Err(self.failed(io::Error::other("the server has accepted the request and not sent the content")));
        }
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(SaveError::Interrupted)?;
            self.file.content.write_all(&piece).await.map_err(|error| self.failed(error))?;
            self.written += piece.len() as u64;
        }
        if self.version().is_some_and(|(_, length)| length != self.written) {
            return Err(self.not_resumed());
        }
        Ok(())
    }

    /// Requests the missing bytes, or everything again.
    async fn resume(&mut self) -> Result<ByteStream, SaveError<E>> {
        let (mut call, version) = (self.call.clone(), self.version());
        if let Some(deadline) = self.deadline {
            call = call.with_timeout(deadline.saturating_duration_since(Instant::now()));
        }
        if let Some((validator, _)) = &version {
            call = call.with_header("Range", &format!("bytes={}-", self.written)).with_header("If-Range", validator);
        }
        let stream = call.send().await?.into_inner();
        match version {
            Some((version, length)) if stream.head.status == StatusCode::PARTIAL_CONTENT => {
                let rest = format!("bytes {}-{}/{length}", self.written, length.saturating_sub(1));
                let is_rest =
                    parsed::<String>(&stream.head.headers, "content-range").is_some_and(|range| range == rest);
                // Some servers ignore `If-Range`.
                if !is_rest || validator(&stream.head).is_some_and(|validator| validator != version) {
                    return Err(self.not_resumed());
                }
            }
            _ => {
                self.file = Replacement::create(&self.path).await.map_err(|error| self.failed(error))?;
                (self.head, self.written) = (stream.head.clone(), 0);
            }
        }
        Ok(stream)
    }

    #[cold]
    fn not_resumed(&self) -> SaveError<E> {
        self.failed(io::Error::other("the server did not resume with the missing bytes of the same content"))
    }
}

/// Returns the strong validator of a response (RFC 9110 §8.8, §13.1.5).
fn validator(response: &RawResponse) -> Option<String> {
    let text = |name| parsed::<String>(&response.headers, name);
    let date = |name| httpdate::parse_http_date(&text(name)?).ok();
    match text("etag") {
        Some(tag) => Some(tag).filter(|tag| !tag.starts_with("W/")),
        None if date("last-modified")? + Duration::from_secs(1) <= date("date")? => text("last-modified"),
        None => None,
    }
}

/// The error of saving a body. There is no new file.
#[derive(Debug)]
#[non_exhaustive]
pub enum SaveError<E = ()> {
    /// A call failed.
    Call(Error<E>),
    /// The body was interrupted, too often or in a call that is not repeated.
    Interrupted(Error),
    /// The file could not be written, the server did not resume the body correctly, or it sent no content yet.
    #[non_exhaustive]
    File {
        /// The path of the file.
        path: PathBuf,
        /// The problem with the file.
        error: io::Error,
    },
}

from!(error: Error<E> => SaveError<E> { Self::Call(error) }, for E);

fmt!(Display for SaveError<E>: self, f => match self {
    Self::Call(error) => error.fmt(f),
    Self::Interrupted(error) => error.fmt(f),
    Self::File { path, error } => write!(f, "{}: {error}", path.display()),
}, for E);

source!(SaveError<E>: self => match self {
    Self::Call(error) => error.source(),
    Self::Interrupted(error) => error.source(),
    Self::File { error, .. } => error.source(),
}, for E: fmt::Debug);
