//! Errors and their responses.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// An error, as it is answered.
#[derive(Serialize, ToSchema)]
pub struct Problem {
    /// What is wrong, for people
    pub message: String,
    /// The fields that are not valid
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
}

/// A field that is not valid.
#[derive(Serialize, ToSchema)]
pub struct FieldProblem {
    /// Its name
    pub field: String,
    /// What is wrong with it
    pub message: String,
}

pub enum ApiError {
    Unauthorized(&'static str),
    NotFound(&'static str),
    Conflict(String),
    Invalid(Vec<FieldProblem>),
    BadUpload(String),
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, message, fields) = match self {
            Self::Unauthorized(message) => (StatusCode::UNAUTHORIZED, message.to_owned(), Vec::new()),
            Self::NotFound(message) => (StatusCode::NOT_FOUND, message.to_owned(), Vec::new()),
            Self::Conflict(message) => (StatusCode::CONFLICT, message, Vec::new()),
            Self::Invalid(fields) => (StatusCode::UNPROCESSABLE_ENTITY, "the tool is not valid".to_owned(), fields),
            Self::BadUpload(message) => (StatusCode::BAD_REQUEST, message, Vec::new()),
        };
        (status, Json(Problem { message, fields })).into_response()
    }
}
