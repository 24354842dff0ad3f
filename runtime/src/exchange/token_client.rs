//! The requests of sources of tokens.

use http::Method;

use crate::auth::{Credential, Posted, Refusal, TokenClient};
use crate::media_type::FORM;
use crate::request::{CallOptions, Request};
use crate::response::Response;
use crate::shared::Shared;

impl TokenClient for Shared {
    fn post(&self, url: &str, credential: Option<Credential>, form: String, is_idempotent: bool) -> Posted {
        let request = self.settings.resolved(url).map(|url| {
            let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
            let options = CallOptions::new().without_redirects();
            Request::raw(self.at_origin(&url, credential), Method::POST, &target)
                .header("Accept", "application/json")
                .bytes(FORM, form.into_bytes())
                .options(if is_idempotent { options.idempotent() } else { options })
        });
        Box::pin(async move {
            let answer = request.map_err(Refusal::Url)?.send().await;
            answer.map(Response::into_inner).map_err(|error| Refusal::Failed(Box::new(error)))
        })
    }
}
