//! The operations.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum_extra::extract::Query;
use chrono::Utc;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::error::{ApiError, FieldProblem, Problem};
use crate::model::{Filter, NewTool, PhotoUpload, Tool, ToolChanges, ToolPage};
use crate::{Reader, Writer};

#[derive(Default)]
pub struct Data {
    tools: BTreeMap<Uuid, Tool>,
    photos: BTreeMap<Uuid, Vec<u8>>,
}

#[derive(Clone, Default)]
pub struct Store(Arc<Mutex<Data>>);

impl Store {
    fn lock(&self) -> MutexGuard<'_, Data> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Data {
    fn tool(&mut self, id: Uuid) -> Result<&mut Tool, ApiError> {
        self.tools.get_mut(&id).ok_or(ApiError::NotFound("there is no such tool"))
    }

    fn refuse_taken(&self, name: &str, own: Option<Uuid>) -> Result<(), ApiError> {
        if self.tools.values().any(|tool| tool.name == name && Some(tool.id) != own) {
            return Err(ApiError::Conflict(format!("there is a tool named {name} already")));
        }
        Ok(())
    }
}

fn check(name: Option<&str>, price: Option<Decimal>) -> Result<(), ApiError> {
    let mut fields = Vec::new();
    let mut wrong = |field: &str, message: &str| {
        fields.push(FieldProblem { field: field.to_owned(), message: message.to_owned() });
    };
    if name.is_some_and(|name| !(2..=60).contains(&name.chars().count())) {
        wrong("name", "has to have 2 to 60 characters");
    }
    if price.is_some_and(|price| price.is_sign_negative()) {
        wrong("price", "cannot be negative");
    }
    if fields.is_empty() { Ok(()) } else { Err(ApiError::Invalid(fields)) }
}

/// List tools
#[utoipa::path(
    get, path = "/tools", tag = "tools", params(Filter), security(("api_key" = [])),
    responses((status = OK, body = ToolPage), (status = UNAUTHORIZED, body = Problem))
)]
pub async fn list_tools(_: Reader, State(store): State<Store>, Query(filter): Query<Filter>) -> Json<ToolPage> {
    let data = store.lock();
    let mut found: Vec<&Tool> = data.tools.values().collect();
    found.retain(|tool| {
        filter.category.is_none_or(|category| tool.category == category)
            && filter.tag.iter().all(|tag| tool.tags.contains(tag))
            && filter.acquired_since.is_none_or(|day| tool.acquired_on >= day)
    });
    found.sort_by_key(|tool| tool.created_at);
    let start = filter.page.saturating_sub(1) * filter.size;
    let items = found.iter().skip(start).take(filter.size).map(|tool| (*tool).clone()).collect();
    Json(ToolPage { items, total: found.len(), page: filter.page, size: filter.size })
}

/// Add a tool
#[utoipa::path(
    post, path = "/tools", tag = "tools", security(("bearer" = [])), request_body = NewTool,
    responses(
        (status = CREATED, body = Tool),
        (status = UNAUTHORIZED, body = Problem),
        (status = CONFLICT, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)
    )
)]
pub async fn create_tool(
    _: Writer,
    State(store): State<Store>,
    Json(new): Json<NewTool>,
) -> Result<(StatusCode, Json<Tool>), ApiError> {
    check(Some(&new.name), Some(new.price))?;
    let mut data = store.lock();
    data.refuse_taken(&new.name, None)?;
    let NewTool { name, category, price, acquired_on, tags, notes, origin } = new;
    let (id, created_at) = (Uuid::new_v4(), Utc::now());
    let tool = Tool { id, created_at, name, category, price, acquired_on, tags, notes, origin, has_photo: false };
    data.tools.insert(id, tool.clone());
    Ok((StatusCode::CREATED, Json(tool)))
}

/// Read a tool
#[utoipa::path(
    get, path = "/tools/{id}", tag = "tools", params(("id" = Uuid, Path)), security(("api_key" = [])),
    responses(
        (status = OK, body = Tool),
        (status = UNAUTHORIZED, body = Problem),
        (status = NOT_FOUND, body = Problem)
    )
)]
pub async fn read_tool(_: Reader, State(store): State<Store>, Path(id): Path<Uuid>) -> Result<Json<Tool>, ApiError> {
    Ok(Json(store.lock().tool(id)?.clone()))
}

/// Change a tool
#[utoipa::path(
    patch, path = "/tools/{id}", tag = "tools", params(("id" = Uuid, Path)), security(("bearer" = [])),
    request_body = ToolChanges,
    responses(
        (status = OK, body = Tool),
        (status = UNAUTHORIZED, body = Problem),
        (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)
    )
)]
pub async fn update_tool(
    _: Writer,
    State(store): State<Store>,
    Path(id): Path<Uuid>,
    Json(changes): Json<ToolChanges>,
) -> Result<Json<Tool>, ApiError> {
    check(changes.name.as_deref(), changes.price)?;
    let mut data = store.lock();
    if let Some(name) = &changes.name {
        data.refuse_taken(name, Some(id))?;
    }
    let tool = data.tool(id)?;
    tool.name = changes.name.unwrap_or_else(|| tool.name.clone());
    tool.price = changes.price.unwrap_or(tool.price);
    tool.tags = changes.tags.unwrap_or_else(|| tool.tags.clone());
    tool.notes = changes.notes.or_else(|| tool.notes.clone());
    Ok(Json(tool.clone()))
}

/// Remove a tool
#[utoipa::path(
    delete, path = "/tools/{id}", tag = "tools", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = NO_CONTENT),
        (status = UNAUTHORIZED, body = Problem),
        (status = NOT_FOUND, body = Problem)
    )
)]
pub async fn delete_tool(_: Writer, State(store): State<Store>, Path(id): Path<Uuid>) -> Result<StatusCode, ApiError> {
    let mut data = store.lock();
    data.tool(id)?;
    data.tools.remove(&id);
    data.photos.remove(&id);
    Ok(StatusCode::NO_CONTENT)
}

/// Upload a photo of a tool
#[utoipa::path(
    post, path = "/tools/{id}/photo", tag = "photos", params(("id" = Uuid, Path)), security(("bearer" = [])),
    request_body(content = PhotoUpload, content_type = "multipart/form-data"),
    responses(
        (status = OK, body = Tool),
        (status = BAD_REQUEST, body = Problem),
        (status = UNAUTHORIZED, body = Problem),
        (status = NOT_FOUND, body = Problem)
    )
)]
pub async fn upload_photo(
    _: Writer,
    State(store): State<Store>,
    Path(id): Path<Uuid>,
    mut form: Multipart,
) -> Result<Json<Tool>, ApiError> {
    let bad = |error: axum::extract::multipart::MultipartError| ApiError::BadUpload(error.body_text());
    while let Some(field) = form.next_field().await.map_err(bad)? {
        if field.name() != Some("file") {
            continue;
        }
        let photo = field.bytes().await.map_err(bad)?;
        let mut data = store.lock();
        let tool = data.tool(id)?;
        tool.has_photo = true;
        let tool = tool.clone();
        data.photos.insert(id, photo.to_vec());
        return Ok(Json(tool));
    }
    Err(ApiError::BadUpload("the form has no file".to_owned()))
}

/// Download the photo of a tool
#[utoipa::path(
    get, path = "/tools/{id}/photo", tag = "photos", params(("id" = Uuid, Path)), security(("api_key" = [])),
    responses(
        (status = OK, body = Vec<u8>, content_type = "image/png"),
        (status = UNAUTHORIZED, body = Problem),
        (status = NOT_FOUND, body = Problem)
    )
)]
pub async fn download_photo(
    _: Reader,
    State(store): State<Store>,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, ApiError> {
    let photo = store.lock().photos.get(&id).cloned().ok_or(ApiError::NotFound("this tool has no photo"))?;
    Ok(([(header::CONTENT_TYPE, "image/png")], photo))
}
