//! The types of the service.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::types::multipart::Upload;
use poem_openapi::{ApiResponse, Enum, Multipart, Object, Union};
use rust_decimal::Decimal;
use uuid::Uuid;

#[derive(Clone, Copy, PartialEq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Category {
    Hand,
    Power,
    Measuring,
}

#[derive(Clone, Object)]
pub struct Bought {
    pub shop: String,
    pub warranty_months: Option<u32>,
}

#[derive(Clone, Object)]
pub struct Rented {
    pub lender: String,
    pub due_on: NaiveDate,
}

/// Where a tool comes from.
#[derive(Clone, Union)]
#[oai(discriminator_name = "kind", rename_all = "snake_case")]
pub enum Origin {
    Bought(Bought),
    Rented(Rented),
}

#[derive(Clone, Object)]
pub struct Tool {
    pub id: Uuid,
    pub created_at: DateTime<Utc>,
    pub name: String,
    pub category: Category,
    pub price: Decimal,
    pub acquired_on: NaiveDate,
    pub tags: Vec<String>,
    pub notes: Option<String>,
    pub origin: Origin,
    pub has_photo: bool,
}

#[derive(Object)]
pub struct NewTool {
    #[oai(validator(min_length = 2, max_length = 60))]
    pub name: String,
    pub category: Category,
    pub price: Decimal,
    pub acquired_on: NaiveDate,
    #[oai(default)]
    pub tags: Vec<String>,
    pub notes: Option<String>,
    pub origin: Origin,
}

#[derive(Object)]
pub struct ToolChanges {
    #[oai(validator(min_length = 2, max_length = 60))]
    pub name: Option<String>,
    pub price: Option<Decimal>,
    pub tags: Option<Vec<String>>,
    pub notes: MaybeUndefined<String>,
}

#[derive(Object)]
pub struct ToolPage {
    pub items: Vec<Tool>,
    pub total: usize,
    pub page: usize,
    pub size: usize,
}

#[derive(Multipart)]
pub struct PhotoUpload {
    pub file: Upload,
}

#[derive(Object)]
pub struct Problem {
    /// What is wrong, for people
    pub message: String,
}

#[derive(ApiResponse)]
pub enum ApiError {
    /// The tool is not valid
    #[oai(status = 400)]
    Invalid(Json<Problem>),
    /// There is no such tool
    #[oai(status = 404)]
    NotFound(Json<Problem>),
    /// The name is taken
    #[oai(status = 409)]
    Conflict(Json<Problem>),
}

impl ApiError {
    pub fn not_found(message: &str) -> Self {
        Self::NotFound(Json(Problem { message: message.to_owned() }))
    }
}

#[derive(ApiResponse)]
pub enum Created {
    #[oai(status = 201)]
    Tool(Json<Tool>),
}

#[derive(ApiResponse)]
pub enum Deleted {
    #[oai(status = 204)]
    Done,
}
