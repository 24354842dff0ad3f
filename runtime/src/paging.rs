//! Pagination: an operation that returns a part of a list, called repeatedly for the rest.
//!
//! In: a [`Call`], and the place of the next page in its responses. Out: its pages, or the items of all pages in
//! sequence. Invariants: each page is the first call with other query parameters, another path or another body
//! property, so that no request leaves the origin of the operation; pages are read as typed values, without parsing the
//! body again; a cycle of pages ends with an error.

mod links;
mod position;

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::{fmt, mem, vec};

use http::StatusCode;
use serde_json::Value as JsonValue;

use crate::call::Call;
use crate::error::Error;
use crate::exchange::ResponseFuture;
use crate::operation_name::OperationName;
use crate::request::Request;
use crate::response::Response;
use crate::wire::{Encode, json_value};
use position::{Change, Next, Position, is_something, key_of, number_of};

/// The value of a part of a page; `None` if it is absent or `null`.
type Found<T> = fn(&T) -> Option<&dyn Encode>;

/// The pagination of an operation: the parts of its requests and responses that concern pages. `T` is the body of a
/// response, `I` an item.
#[derive(Debug)]
pub struct Paging<T, I> {
    step: Step<T, I>,
    /// The parameter that selects the page, unless a URL does.
    parameter: PageParameter,
    items: fn(&mut T) -> Option<&mut Vec<I>>,
    more: Option<Found<T>>,
    first: Option<&'static str>,
    total_pages: Option<Found<T>>,
    total_items: Option<Found<T>>,
}

/// The part of a request that selects the page.
#[derive(Clone, Copy, Debug)]
pub enum PageParameter {
    /// A query parameter.
    Query(&'static str),
    /// A property of the JSON body, as a path of names.
    Body(&'static [&'static str]),
    /// A header parameter.
    Header(&'static str),
}

from!(name: &'static str => PageParameter { Self::Query(name) });

from!(path: &'static [&'static str; N] => PageParameter { Self::Body(path) }, for const N: usize);

/// The way to request the next page.
#[derive(Debug)]
enum Step<T, I> {
    /// There is no next page.
    End,
    /// With a value from the page.
    Token(Found<T>),
    /// With a value from the page's last item.
    LastItem(Found<I>),
    /// With a header of the page's response.
    ResponseHeader(&'static str),
    /// With the number of the page.
    Page(i64),
    /// With the number of items before the page.
    Offset,
    /// With the link `next`.
    Link,
    /// With a URL in the page.
    Next(Found<T>),
}

copy!(Paging<T, I>, Step<T, I>);

/// Defines methods that set a parameter and its step.
macro_rules! steps {
    ($($(#[$docs:meta])* $name:ident($($argument:ident: $type:ty)?) => $step:expr;)+) => {$(
        $(#[$docs])*
        #[inline]
        #[must_use]
        pub fn $name(self, parameter: impl Into<PageParameter> $(, $argument: $type)?) -> Self {
            Self { step: $step, parameter: parameter.into(), ..self }
        }
    )+};
}

impl<T, I> Paging<T, I> {
    /// Creates a pagination whose `items` finds the items of a page. There is only one page unless another method adds
    /// a way to continue.
    #[inline]
    #[must_use]
    pub fn items(items: fn(&mut T) -> Option<&mut Vec<I>>) -> Self {
        Self {
            step: Step::End,
            parameter: PageParameter::Query(""),
            items,
            more: None,
            first: None,
            total_pages: None,
            total_items: None,
        }
    }

    steps! {
        /// Sets the `parameter` that takes the value that `next` finds in the previous page. A page without the value, or
        /// with an empty string, is the last.
        token(next: Found<T>) => Step::Token(next);

        /// Sets the `parameter` that takes the value that `key` finds in the last item of the previous page. A page without
        /// items is the last.
        last_item(key: Found<I>) => Step::LastItem(key);

        /// Sets the `parameter` that takes the value of this header of the previous response. A response without the
        /// header, or with an empty one, is the last.
        response_header(header: &'static str) => Step::ResponseHeader(header);

        /// Sets the `parameter` that takes the page number, starting with `first`. A page without items ends the list, and
        /// so does the status 404 after a page.
        page(first: i64) => Step::Page(first);

        /// Sets the `parameter` that takes the number of items before the page. A page without items ends the list.
        offset() => Step::Offset;
    }

    setters! { [#[inline] #[must_use] pub const]
        /// Follows the link `next` in the header `Link` (RFC 8288). A page without the link is the last.
        link() => step = Step::Link;

        /// Follows the URL that `next` finds in the page. A page without the URL, or with an empty string, is the last.
        next(next: Found<T>) => step = Step::Next(next);

        /// Ends the list with a page in which the value of `more` is absent, `false` or an empty string.
        more(more: Found<T>) => more = Some(more);

        /// Sets the value of the parameter for the first page, if the call does not set it.
        first(value: &'static str) => first = Some(value);

        /// Ends a list with page numbers when there are as many pages as `total` finds in the page.
        total_pages(total: Found<T>) => total_pages = Some(total);

        /// Ends a list with page numbers or offsets when there are as many items as `total` finds in the page.
        total_items(total: Found<T>) => total_items = Some(total);
    }
}

/// The pages of a list in sequence, each with status and headers. Pages are lazy: a page is fetched when it is
/// requested.
///
/// The sequence ends with the last page or with the first error. It is also a `Stream`.
///
/// ```
/// # use clientwright_runtime::{PageError, Pages};
/// # async fn all<I>(mut pages: Pages<Vec<I>, I>) -> Result<(), PageError> {
/// while let Some(page) = pages.next().await {
///     println!("{} items", page?.len());
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "pages are lazy and do nothing unless polled"]
pub struct Pages<T, I, E = ()> {
    call: Call<T, E>,
    paging: Paging<T, I>,
    position: Position,
    /// The value of the parameter that selects the next page, or its query, preceded by its path if the path changes.
    next: Option<String>,
    state: State<T, E>,
}

enum State<T, E> {
    /// The next call is ready to be sent.
    Ready,
    Waiting(ResponseFuture<T, E>),
    /// The call for a page failed.
    Failed,
    /// There is no further page. The reason is present if this is an error.
    Ended(Option<&'static str>),
}

impl<T, I, E> Pages<T, I, E> {
    /// Creates the pages of a list whose first page `call` fetches. For generated code.
    #[doc(hidden)]
    #[inline]
    pub fn new(call: Call<T, E>, paging: Paging<T, I>) -> Self {
        let set = current(&call.request, paging.parameter);
        let number = set.as_deref().and_then(|text| text.parse().ok());
        let first = if let Step::Page(first) = paging.step { first } else { 0 };
        let position = Position::at(number.unwrap_or(first));
        let is_keyed = matches!(paging.step, Step::Token(_) | Step::LastItem(_) | Step::ResponseHeader(_));
        let mut pages = Self { call, paging, position, next: None, state: State::Ready };
        if let Some(first) = paging.first.filter(|_| is_keyed && set.is_none()) {
            pages.set(&JsonValue::from(first));
        }
        pages
    }

    /// Returns the selector of the next page: the value of its parameter, or its query without secrets, preceded by its
    /// path if the path changes. Returns `None` before the first page and after the last one.
    ///
    /// A later program that sets the parameter to this value continues with the same page.
    #[must_use]
    pub fn position(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// Continues after the failed call for a page: the next page is the same one. Has no effect otherwise.
    pub fn resume(&mut self) {
        if matches!(self.state, State::Failed) {
            self.state = State::Ready;
        }
    }

    /// Returns the items of the remaining pages.
    #[inline]
    pub fn items(self) -> Items<T, I, E> {
        Items { pages: self, items: Vec::new().into_iter() }
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Response<T>, PageError<E>>>> {
        loop {
            match &mut self.state {
                State::Ready => self.state = State::Waiting(self.call.clone().send()),
                State::Failed => return Poll::Ready(None),
                State::Ended(reason) => return Poll::Ready(reason.take().map(|reason| Err(self.endless(reason)))),
                State::Waiting(response) => {
                    let response = ready!(Pin::new(response).poll(context));
                    self.state = State::Ended(None);
                    let mut response = match response {
                        Ok(response) => response,
                        Err(error) if self.is_past_last_page(&error) => return Poll::Ready(None),
                        Err(error) => {
                            self.state = State::Failed;
                            return Poll::Ready(Some(Err(PageError::Call(error))));
                        }
                    };
                    let next = self.step(&mut response);
                    let is_past_the_end = next.is_past_the_end;
                    self.state = self.advance(next, response.is_foreign);
                    if !is_past_the_end {
                        return Poll::Ready(Some(Ok(response)));
                    }
                }
            }
        }
    }

    /// Returns `true` if a failure means that there is no page of this number, after existing pages, as in Django REST
    /// framework.
    fn is_past_last_page(&self, error: &Error<E>) -> bool {
        let is_numbered = matches!(self.paging.step, Step::Page(_));
        is_numbered && self.position.pages > 0 && error.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Returns the next step after a page.
    fn step(&mut self, response: &mut Response<T>) -> Next {
        let Paging { step, items, more, total_pages, total_items, .. } = self.paging;
        let count = items(&mut response.body).map_or(0, |items| items.len());
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let change = match step {
            Step::End => None,
            Step::Token(next) => next(&response.body).map(|value| Change::Value(json_value(value))),
            Step::LastItem(key) => {
                let value = items(&mut response.body).and_then(|items| key(items.last()?));
                value.map(|value| Change::Value(json_value(value)))
            }
            Step::ResponseHeader(header) => {
                let value = response.headers().get(header);
                value.map(|value| Change::Value(String::from_utf8_lossy(value.as_bytes()).into()))
            }
            Step::Page(_) => Some(Change::Number(1)),
            Step::Offset => Some(Change::Number(count)),
            Step::Link => links::next(response.headers()).map(Change::Url),
            Step::Next(next) => {
                next(&response.body).and_then(|url| json_value(url).as_str().map(|url| Change::Url(url.to_owned())))
            }
        };
        let body = response.body();
        let total = |found: Option<Found<T>>| found.and_then(|found| number_of(found(body)?));
        let is_followed = |first| self.position.is_followed(count, total(total_items), total(total_pages), first);
        let is_followed = match step {
            Step::Page(first) => is_followed(Some(first)),
            Step::Offset => is_followed(None),
            _ => None,
        };
        let is_last = more.is_some_and(|more| !more(body).is_some_and(is_something)) || is_followed == Some(false);
        let body = matches!(step, Step::Page(_) | Step::Offset).then(|| key_of(response.raw_body().as_ref()));
        self.position.next(count, change.filter(|_| !is_last), body, is_followed == Some(true))
    }

    /// Prepares the call for the next page.
    fn advance(&mut self, next: Next, is_foreign: bool) -> State<T, E> {
        self.next = None;
        match next.change {
            Err(reason) => return State::Ended(Some(reason)),
            Ok(None) => return State::Ended(None),
            Ok(Some(Change::Value(value))) => self.set(&value),
            Ok(Some(Change::Number(_))) => self.set(&JsonValue::from(self.position.number)),
            Ok(Some(Change::Url(url))) => match links::follow(&mut self.call.request, &url, is_foreign) {
                Ok(shown) => self.next = Some(shown),
                Err(reason) => return State::Ended(Some(reason)),
            },
        }
        State::Ready
    }

    fn set(&mut self, value: &JsonValue) {
        self.next = Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        match self.paging.parameter {
            PageParameter::Query(name) => self.call.query(name, value),
            PageParameter::Header(name) => self.call.header_parameter(name, value),
            PageParameter::Body(path) => self.call.request.parts.set_body_property(path, value),
        }
    }

    fn endless(&self, reason: &'static str) -> PageError<E> {
        PageError::Endless { operation: self.call.request.parts.operation.clone(), reason }
    }
}

/// Returns the value of the parameter that the caller has set, as it is sent.
fn current(request: &Request, parameter: PageParameter) -> Option<String> {
    match parameter {
        PageParameter::Query(name) => {
            let (_, pair) = request.parts.parameters().query.iter().find(|(known, _)| known == name)?;
            Some(pair.split_once('=')?.1.to_owned())
        }
        PageParameter::Header(name) => {
            let mut parameters = request.parts.parameters().headers.iter();
            let (_, value) = parameters.find(|(known, _)| known.as_str().eq_ignore_ascii_case(name))?;
            value.to_str().ok().map(str::to_owned)
        }
        PageParameter::Body(path) => request.body_property(path),
    }
}

stream! {
    /// Returns the next page, or `None` after the last page and after an error.
    Pages<T, I, E>: Result<Response<T>, PageError<E>>, poll_page, for T, I, E
}

debug!(Pages<T, I, E>: self { call, .. });

/// The items of a list in sequence, across all pages. A page is fetched when its first item is requested.
///
/// The sequence ends with the last item or with the first error. It is also a `Stream`.
///
/// ```
/// # use clientwright_runtime::{Items, PageError};
/// # async fn all<T>(mut items: Items<T, String>) -> Result<(), PageError> {
/// while let Some(item) = items.next().await {
///     println!("{}", item?);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "items are lazy and do nothing unless polled"]
pub struct Items<T, I, E = ()> {
    pages: Pages<T, I, E>,
    items: vec::IntoIter<I>,
}

impl<T, I, E> Items<T, I, E> {
    /// Collects the items, at most `limit`, which bounds endless lists.
    ///
    /// # Errors
    /// Returns an error if a page could not be fetched. The previous items are lost; to keep them, use
    /// [`next`](Self::next).
    pub async fn up_to(mut self, limit: usize) -> Result<Vec<I>, PageError<E>> {
        let mut items = Vec::new();
        while items.len() < limit {
            match self.next().await {
                Some(item) => items.push(item?),
                None => break,
            }
        }
        Ok(items)
    }

    /// Returns the selector of the page after the current one: see [`Pages::position`].
    #[must_use]
    pub fn position(&self) -> Option<&str> {
        self.pages.position()
    }

    /// Continues after the failed call for a page, with the first item of that page. Has no effect otherwise.
    pub fn resume(&mut self) {
        self.pages.resume();
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<I, PageError<E>>>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            let Some(mut page) = ready!(self.pages.poll_page(context)?) else { return Poll::Ready(None) };
            let items = (self.pages.paging.items)(&mut page.body).map(mem::take);
            self.items = items.unwrap_or_default().into_iter();
        }
    }
}

// Items are never pinned.
impl<T, I, E> Unpin for Items<T, I, E> {}

stream! {
    /// Returns the next item, or `None` after the last item and after an error.
    Items<T, I, E>: Result<I, PageError<E>>, poll_item, for T, I, E
}

debug!(Items<T, I, E>: self { call: self.pages.call, .. });

/// The error of fetching a page.
#[derive(Debug)]
#[non_exhaustive]
pub enum PageError<E = ()> {
    /// The call for a page failed.
    Call(Error<E>),
    /// The pages of the server never end, or the next page cannot be requested.
    #[non_exhaustive]
    Endless {
        /// The operation.
        operation: OperationName,
        /// The problem with the pages.
        reason: &'static str,
    },
}

from!(error: Error<E> => PageError<E> { Self::Call(error) }, for E);

fmt!(Display for PageError<E>: self, f => match self {
    Self::Call(error) => error.fmt(f),
    Self::Endless { operation, reason } => write!(f, "{operation}: {reason}"),
}, for E);

source!(PageError<E>: self => match self {
    Self::Call(error) => error.source(),
    Self::Endless { .. } => None,
}, for E: fmt::Debug);

/// Adds `pages` and `items` to a struct whose only field is a [`Call`](crate::Call) named `call`.
///
/// Takes the types of a response body, an item and an error body, and functions of [`Paging`] with their arguments.
///
/// ```
/// use clientwright_runtime::{Call, codegen};
///
/// /// Lists things.
/// pub struct ListThings {
///     call: Call<Vec<String>>,
/// }
/// codegen::pages!(ListThings => Vec<String>, String, () {
///     items(|page| Some(page)),
///     offset("skip"),
/// });
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __pages {
    (
        $name:ident => $success:ty, $item:ty, $failure:ty {
            items $items:tt $(, $function:ident $arguments:tt)* $(,)?
        } $(,)?
    ) => {
        impl $name {
            /// Returns the pages of the list. Pages are lazy: each is fetched when it is requested.
            #[inline]
            pub fn pages(self) -> $crate::Pages<$success, $item, $failure> {
                let paging = $crate::codegen::Paging::<$success, $item>::items $items;
                $crate::Pages::new(self.call, paging $(.$function $arguments)*)
            }

            /// Returns the items of all pages in sequence.
            #[inline]
            pub fn items(self) -> $crate::Items<$success, $item, $failure> {
                self.pages().items()
            }
        }
    };
}
