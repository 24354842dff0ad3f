//! The types of the service.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Hand,
    Power,
    Measuring,
}

/// Where a tool comes from.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    Bought { shop: String, warranty_months: Option<u32> },
    Rented { lender: String, due_on: NaiveDate },
}

#[derive(Clone, Serialize, ToSchema)]
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

#[derive(Deserialize, ToSchema)]
pub struct NewTool {
    #[schema(min_length = 2, max_length = 60)]
    pub name: String,
    pub category: Category,
    pub price: Decimal,
    pub acquired_on: NaiveDate,
    #[serde(default)]
    pub tags: Vec<String>,
    pub notes: Option<String>,
    pub origin: Origin,
}

#[derive(Deserialize, ToSchema)]
pub struct ToolChanges {
    #[schema(min_length = 2, max_length = 60)]
    pub name: Option<String>,
    pub price: Option<Decimal>,
    pub tags: Option<Vec<String>>,
    pub notes: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct ToolPage {
    pub items: Vec<Tool>,
    pub total: usize,
    pub page: usize,
    pub size: usize,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    pub category: Option<Category>,
    /// Tags that a tool has to have
    #[serde(default)]
    pub tag: Vec<String>,
    pub acquired_since: Option<NaiveDate>,
    #[serde(default = "first")]
    #[param(default = 1, minimum = 1)]
    pub page: usize,
    #[serde(default = "twenty")]
    #[param(default = 20, minimum = 1, maximum = 100)]
    pub size: usize,
}

fn first() -> usize {
    1
}

fn twenty() -> usize {
    20
}

#[derive(ToSchema)]
#[allow(dead_code, reason = "it describes a form")]
pub struct PhotoUpload {
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}
