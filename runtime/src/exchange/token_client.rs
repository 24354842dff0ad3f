//! The requests of sources of tokens.

use std::future::ready;

use http::Method;

use super::future::ResponseFuture;
use crate::auth::{Credential, Posted, Refusal, TokenClient};
use crate::decode;
use crate::media_type::FORM;
use crate::request::{CallOptions, Request};
use crate::response::Response;
use crate::shared::Shared;

impl TokenClient for Shared {
    fn post(&self, url: &str, credential: Option<Credential>, form: String, is_idempotent: bool) -> Posted {
        let url = match self.settings.resolved(url) {
            Ok(url) => url,
            Err(reason) => return Box::pin(ready(Err(Refusal::Url(reason)))),
        };
        let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let options = CallOptions::new().without_redirects();
        let request = Request::raw(self.at_origin(&url, credential), Method::POST, &target)
            .header("Accept", "application/json")
            .bytes(FORM, form.into_bytes())
            .options(if is_idempotent { options.idempotent() } else { options });
        let response = ResponseFuture::new(request, decode::bytes, decode::empty);
        Box::pin(
            async move { response.await.map(Response::into_inner).map_err(|error| Refusal::Failed(Box::new(error))) },
        )
    }
}
