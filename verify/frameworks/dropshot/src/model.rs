//! The types of the service.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Hand,
    Power,
    Measuring,
}

/// Where a tool comes from.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    Bought { shop: String, warranty_months: Option<u32> },
    Rented { lender: String, due_on: NaiveDate },
}

#[derive(Clone, Serialize, JsonSchema)]
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

#[derive(Deserialize, JsonSchema)]
pub struct NewTool {
    #[schemars(length(min = 2, max = 60))]
    pub name: String,
    pub category: Category,
    pub price: Decimal,
    pub acquired_on: NaiveDate,
    #[serde(default)]
    pub tags: Vec<String>,
    pub notes: Option<String>,
    pub origin: Origin,
}

#[derive(Deserialize, JsonSchema)]
pub struct ToolChanges {
    #[schemars(length(min = 2, max = 60))]
    pub name: Option<String>,
    pub price: Option<Decimal>,
    pub tags: Option<Vec<String>>,
    pub notes: Option<String>,
}

/// Which tools to list.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct Filter {
    pub category: Option<Category>,
    /// A tag that a tool has to have
    pub tag: Option<String>,
    pub acquired_since: Option<NaiveDate>,
}

/// Where a page begins.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Place {
    pub filter: Filter,
    pub after: usize,
}

#[derive(Deserialize, JsonSchema)]
pub struct ToolPath {
    pub id: Uuid,
}

#[derive(Deserialize, JsonSchema)]
pub struct ApiKey {
    #[serde(rename = "X-API-Key")]
    pub key: String,
}
