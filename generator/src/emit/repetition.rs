//! Part of `emit`: pagination and polling of a request.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use self::Access::{Mutable, Shared};
use super::file::FileEmitter;
use super::operation::Call;
use super::{ident, nonempty};
use crate::call_variants::{Payload, ResponsePayload};
use crate::ir::{MediaKind, PageParameter, PageStep, PageValue, Pagination, Path, PathStep, Polling, Shape, TypeRef};

/// The mutability of access in a closure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Shared,
    Mutable,
}

/// The kind of an expression on a path.
enum Kind {
    /// A place: `page.next`.
    Place,
    /// A reference: `page`.
    Reference,
    /// A reference that may be missing: `page.next.as_ref()`.
    Optional,
}

/// A part of a value, reached by a path.
struct Reached {
    expression: TokenStream,
    kind: Kind,
    /// The type; `None` inside untyped JSON.
    used: Option<TypeRef>,
}

impl Call<'_> {
    /// Returns `true` if the call has a request builder: it has optional parts, pagination or polling.
    pub fn has_request(&self) -> bool {
        !self.optional().is_empty() || self.repeated().is_some()
    }

    /// Returns the type of the body, if the call has pagination or polling.
    pub(super) fn repeated(&self) -> Option<TypeRef> {
        let operation = self.operation;
        match &self.variant.success {
            ResponsePayload::One(Payload { kind: MediaKind::Json, used }) => {
                used.filter(|_| self.has_pages() || operation.polling.is_some())
            }
            _ => None,
        }
    }

    /// Returns `true` if the call has pagination and sends the parameter that selects a page.
    fn has_pages(&self) -> bool {
        self.operation.pagination.as_ref().is_some_and(|pagination| match pagination.step {
            PageStep::Parameter(PageParameter::Body(_), _) => {
                self.sends().is_some_and(|body| body.kind == MediaKind::Json)
            }
            _ => true,
        })
    }
}

impl FileEmitter<'_> {
    /// Writes the macros that add `pages`, `items` and `wait` to a request.
    pub(super) fn repetition(&self, call: &Call<'_>) -> TokenStream {
        let Some(body) = call.repeated() else { return TokenStream::new() };
        let (pages, wait) = (self.pages(call, body), self.wait(call, body));
        quote!(#pages #wait)
    }

    /// Writes the macro that adds `pages` and `items`.
    pub(super) fn pages(&self, call: &Call<'_>, body: TypeRef) -> Option<TokenStream> {
        let pagination = call.operation.pagination.as_ref().filter(|_| call.has_pages())?;
        let items = self.types.part(body, &pagination.items)?.used?;
        let Shape::Array(item) = self.resolved(items) else { return None };
        let list = self.closure("page", body, &pagination.items, Mutable)?;
        let step = match &pagination.step {
            PageStep::Parameter(parameter, value) => self.page_value(body, *item, parameter, value)?,
            PageStep::Link => quote!(link()),
            PageStep::Next(path) => {
                let next = self.closure("page", body, path, Shared)?;
                quote!(next(#next))
            }
        };
        let Pagination { more, first, total_pages, total_items, .. } = pagination;
        let optional = [("more", more), ("total_pages", total_pages), ("total_items", total_items)];
        let optional = optional.into_iter().filter_map(|(key, path)| Some((ident(key), path.as_ref()?)));
        let optional = optional.map(|(key, path)| {
            let found = self.closure("page", body, path, Shared)?;
            Some(quote!(#key(#found),))
        });
        let optional = optional.collect::<Option<Vec<_>>>()?;
        let first = first.iter();
        let request = ident(&call.variant_name.request);
        let [success, failure] = self.outcome_types(call);
        let item = self.rust_type(*item);
        Some(quote! {
            clientwright_runtime::codegen::pages!(#request => #success, #item, #failure { items(#list), #step, #(first(#first),)* #(#optional)* });
        })
    }

    /// Returns `token(parameter, |page| …)`.
    fn page_value(
        &self,
        page: TypeRef,
        item: TypeRef,
        parameter: &PageParameter,
        value: &PageValue,
    ) -> Option<TokenStream> {
        let parameter = page_parameter(parameter);
        Some(match value {
            PageValue::Token(path) => {
                let next = self.closure("page", page, path, Shared)?;
                quote!(token(#parameter, #next))
            }
            PageValue::LastItem(path) => {
                let key = self.closure("item", item, path, Shared)?;
                quote!(last_item(#parameter, #key))
            }
            PageValue::ResponseHeader(name) => {
                let name = name.to_ascii_lowercase();
                quote!(response_header(#parameter, #name))
            }
            PageValue::Page(first) => {
                let first = Literal::i64_unsuffixed(*first);
                quote!(page(#parameter, #first))
            }
            PageValue::Offset => quote!(offset(#parameter)),
        })
    }

    fn wait(&self, call: &Call<'_>, body: TypeRef) -> Option<TokenStream> {
        let Polling { property, success: good, failure: bad, error, .. } = call.operation.polling.as_ref()?;
        let state = self.closure("job", body, property, Shared)?;
        let bad = nonempty(bad).map(|bad| quote!(failure(&[#(#bad),*]),));
        let error = error.iter().map(|error| self.closure("job", body, error, Shared));
        let error = error.collect::<Option<Vec<_>>>()?;
        let request = ident(&call.variant_name.request);
        let [success, failure] = self.outcome_types(call);
        Some(quote! {
            clientwright_runtime::codegen::wait!(#request => #success, #failure { state(#state), success(&[#(#good),*]), #bad #(error(#error),)* });
        })
    }

    /// Returns `|page| Some(page.next.as_ref()?)`: the closure for a part of a value.
    fn closure(&self, name: &str, from: TypeRef, path: &Path, access: Access) -> Option<TokenStream> {
        let steps = self.types.part(from, path)?.steps;
        let name = ident(name);
        let start = Reached { expression: quote!(#name), kind: Kind::Reference, used: Some(from) };
        let start = if from.nullable { start.optional(access) } else { start };
        let reached =
            steps.into_iter().zip(path).try_fold(start, |from, (step, key)| self.step(&from, step, key, access));
        let reached = reached?;
        let value = reached.present();
        let Reached { expression, kind, used } = reached;
        // The item list must be a vector, not a newtype.
        let is_newtype = access == Mutable && used.is_some_and(|used| self.is_newtype(used));
        let found = match kind {
            _ if is_newtype => quote!(Some(&mut #value.0)),
            Kind::Optional if access == Mutable => expression,
            Kind::Place if access == Mutable => quote!(Some(&mut #value)),
            Kind::Place => quote!(Some(&#value)),
            _ => quote!(Some(#value)),
        };
        Some(quote!(|#name| #found))
    }

    /// Follows one step of a path.
    fn step(
        &self,
        from: &Reached,
        (step, used): (PathStep, Option<TypeRef>),
        key: &str,
        access: Access,
    ) -> Option<Reached> {
        let mut value = from.present();
        if from.used.is_some_and(|of| of.secret) {
            value = quote!(#value.expose());
        }
        let get = ident(if access == Shared { "get" } else { "get_mut" });
        let entry = |value: TokenStream| {
            let is_nullable = used.is_some_and(|used| used.nullable);
            let inner = is_nullable.then(|| quote!(?));
            let entry = Reached { expression: quote!(#value.#get(#key) #inner), kind: Kind::Optional, used };
            if is_nullable { entry.optional(access) } else { entry }
        };
        Some(match step {
            PathStep::Entry(id) if self.context.is_newtype(id) => entry(quote!(#value.0)),
            PathStep::Json | PathStep::Entry(_) => entry(value),
            PathStep::Additional(id) => {
                let rest = ident(self.names.rest(id));
                entry(quote!(#value.#rest))
            }
            PathStep::Field(id, index) => {
                let of = &self.types[id];
                let (field, name) = (of.shape.fields().get(index)?, ident(self.names.members(id).get(index)?));
                let place = Reached { expression: quote!(#value.#name), kind: Kind::Place, used };
                if of.always_has(field) && !field.ty.nullable { place } else { place.optional(access) }
            }
        })
    }
}

/// Returns a page parameter as tokens: a query parameter, a path in the body, or a header parameter.
fn page_parameter(parameter: &PageParameter) -> TokenStream {
    match parameter {
        PageParameter::Query(name) => quote!(#name),
        PageParameter::Body(path) => quote!(&[#(#path),*]),
        PageParameter::Header(name) => quote!(clientwright_runtime::codegen::PageParameter::Header(#name)),
    }
}

impl Reached {
    /// Returns the value; the closure returns `None` if it is missing.
    fn present(&self) -> TokenStream {
        let Self { expression, kind, .. } = self;
        let missing = matches!(kind, Kind::Optional).then(|| quote!(?));
        quote!(#expression #missing)
    }

    /// Borrows the contents of an `Option` or a `Maybe`.
    fn optional(self, access: Access) -> Self {
        let method = ident(if access == Shared { "as_ref" } else { "as_mut" });
        let Self { expression, used, .. } = self;
        Self { expression: quote!(#expression.#method()), kind: Kind::Optional, used }
    }
}
