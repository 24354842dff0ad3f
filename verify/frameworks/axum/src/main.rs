//! The tools of a workshop, as a service of axum with utoipa.

mod error;
mod model;
mod tools;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::routing::get;
use axum::{Json, Router};
use axum_extra::TypedHeader;
use axum_extra::headers::Authorization;
use axum_extra::headers::authorization::Bearer;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use error::ApiError;
use tools::Store;

#[derive(OpenApi)]
#[openapi(
    info(title = "Workshop", version = "1.0.0"),
    modifiers(&SecuritySchemes),
    tags((name = "tools", description = "The tools"), (name = "photos", description = "Their photos"))
)]
struct ApiDoc;

struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        let key = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-API-Key")));
        components.add_security_scheme("api_key", key);
        let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        components.add_security_scheme("bearer", bearer);
    }
}

/// A client that may read, because it has the API key.
struct Reader;

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        match parts.headers.get("x-api-key") {
            Some(key) if key == "reading" => Ok(Self),
            Some(_) => Err(ApiError::Unauthorized("this API key is unknown")),
            None => Err(ApiError::Unauthorized("an API key is needed")),
        }
    }
}

/// A client that may write, because it has the token.
struct Writer;

impl<S: Send + Sync> FromRequestParts<S> for Writer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let header = TypedHeader::<Authorization<Bearer>>::from_request_parts(parts, state).await;
        match header {
            Ok(header) if header.token() == "writing" => Ok(Self),
            _ => Err(ApiError::Unauthorized("a valid token is needed")),
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (router, api) = OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(tools::list_tools, tools::create_tool))
        .routes(routes!(tools::read_tool, tools::update_tool, tools::delete_tool))
        .routes(routes!(tools::upload_photo, tools::download_photo))
        .with_state(Store::default())
        .split_for_parts();
    let app = Router::new().route("/openapi.json", get(move || async { Json(api) })).merge(router);
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(8080);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    Ok(axum::serve(listener, app).await?)
}
