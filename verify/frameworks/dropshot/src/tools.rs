//! The operations.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::Utc;
use dropshot::{
    Body, ClientErrorStatusCode, Header, HttpError, HttpResponseCreated, HttpResponseDeleted, HttpResponseOk,
    MultipartBody, PaginationParams, Path, Query, RequestContext, ResultsPage, TypedBody, WhichPage, endpoint,
};
use http::{Response, header};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::model::{ApiKey, Filter, NewTool, Place, Tool, ToolChanges, ToolPath};

/// The tools in the order of their creation, each with its photo.
type Tools = Vec<(Tool, Option<Vec<u8>>)>;

pub struct Context {
    document: serde_json::Value,
    tools: Mutex<Tools>,
}

impl Context {
    pub fn new(document: serde_json::Value) -> Self {
        Self { document, tools: Mutex::default() }
    }

    fn tools(&self) -> MutexGuard<'_, Tools> {
        self.tools.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(status: ClientErrorStatusCode, message: &str) -> HttpError {
    HttpError::for_client_error(None, status, message.to_owned())
}

fn find(tools: &mut Tools, id: Uuid) -> Result<&mut (Tool, Option<Vec<u8>>), HttpError> {
    let found = tools.iter_mut().find(|(tool, _)| tool.id == id);
    found.ok_or_else(|| refused(ClientErrorStatusCode::NOT_FOUND, "there is no such tool"))
}

fn reader(key: Header<ApiKey>) -> Result<(), HttpError> {
    if key.into_inner().key == "reading" {
        return Ok(());
    }
    Err(refused(ClientErrorStatusCode::UNAUTHORIZED, "this API key is unknown"))
}

fn writer(context: &RequestContext<Context>) -> Result<(), HttpError> {
    match context.request.headers().get(header::AUTHORIZATION) {
        Some(value) if value == "Bearer writing" => Ok(()),
        _ => Err(refused(ClientErrorStatusCode::UNAUTHORIZED, "a valid token is needed")),
    }
}

fn check(tools: &Tools, own: Option<Uuid>, name: Option<&str>, price: Option<Decimal>) -> Result<(), HttpError> {
    if name.is_some_and(|name| !(2..=60).contains(&name.chars().count())) {
        return Err(HttpError::for_bad_request(None, "name has to have 2 to 60 characters".to_owned()));
    }
    if price.is_some_and(|price| price.is_sign_negative()) {
        return Err(HttpError::for_bad_request(None, "price cannot be negative".to_owned()));
    }
    if tools.iter().any(|(tool, _)| Some(&*tool.name) == name && Some(tool.id) != own) {
        return Err(refused(ClientErrorStatusCode::CONFLICT, "there is a tool with this name already"));
    }
    Ok(())
}

/// The document of this API
#[endpoint { method = GET, path = "/openapi.json", unpublished = true }]
pub async fn openapi(context: RequestContext<Context>) -> Result<HttpResponseOk<serde_json::Value>, HttpError> {
    Ok(HttpResponseOk(context.context().document.clone()))
}

/// List tools
#[endpoint { method = GET, path = "/tools", tags = ["tools"] }]
pub async fn list_tools(
    context: RequestContext<Context>,
    key: Header<ApiKey>,
    query: Query<PaginationParams<Filter, Place>>,
) -> Result<HttpResponseOk<ResultsPage<Tool>>, HttpError> {
    reader(key)?;
    let query = query.into_inner();
    let limit = context.page_limit(&query)?.get() as usize;
    let (filter, start) = match query.page {
        WhichPage::First(filter) => (filter, 0),
        WhichPage::Next(Place { filter, after }) => (filter, after),
    };
    let tools = context.context().tools();
    let found = tools.iter().map(|(tool, _)| tool).filter(|tool| {
        filter.category.is_none_or(|category| tool.category == category)
            && filter.tag.as_ref().is_none_or(|tag| tool.tags.contains(tag))
            && filter.acquired_since.is_none_or(|day| tool.acquired_on >= day)
    });
    let items: Vec<Tool> = found.skip(start).take(limit).cloned().collect();
    let after = start + items.len();
    let place = |_: &Tool, filter: &Filter| Place { filter: filter.clone(), after };
    Ok(HttpResponseOk(ResultsPage::new(items, &filter, place)?))
}

/// Add a tool
#[endpoint { method = POST, path = "/tools", tags = ["tools"] }]
pub async fn create_tool(
    context: RequestContext<Context>,
    body: TypedBody<NewTool>,
) -> Result<HttpResponseCreated<Tool>, HttpError> {
    writer(&context)?;
    let NewTool { name, category, price, acquired_on, tags, notes, origin } = body.into_inner();
    let mut tools = context.context().tools();
    check(&tools, None, Some(&name), Some(price))?;
    let (id, created_at) = (Uuid::new_v4(), Utc::now());
    let tool = Tool { id, created_at, name, category, price, acquired_on, tags, notes, origin, has_photo: false };
    tools.push((tool.clone(), None));
    Ok(HttpResponseCreated(tool))
}

/// Read a tool
#[endpoint { method = GET, path = "/tools/{id}", tags = ["tools"] }]
pub async fn read_tool(
    context: RequestContext<Context>,
    key: Header<ApiKey>,
    path: Path<ToolPath>,
) -> Result<HttpResponseOk<Tool>, HttpError> {
    reader(key)?;
    let tool = find(&mut context.context().tools(), path.into_inner().id)?.0.clone();
    Ok(HttpResponseOk(tool))
}

/// Change a tool
#[endpoint { method = PATCH, path = "/tools/{id}", tags = ["tools"] }]
pub async fn update_tool(
    context: RequestContext<Context>,
    path: Path<ToolPath>,
    body: TypedBody<ToolChanges>,
) -> Result<HttpResponseOk<Tool>, HttpError> {
    writer(&context)?;
    let (id, changes) = (path.into_inner().id, body.into_inner());
    let mut tools = context.context().tools();
    check(&tools, Some(id), changes.name.as_deref(), changes.price)?;
    let (tool, _) = find(&mut tools, id)?;
    tool.name = changes.name.unwrap_or_else(|| tool.name.clone());
    tool.price = changes.price.unwrap_or(tool.price);
    tool.tags = changes.tags.unwrap_or_else(|| tool.tags.clone());
    tool.notes = changes.notes.or_else(|| tool.notes.clone());
    Ok(HttpResponseOk(tool.clone()))
}

/// Remove a tool
#[endpoint { method = DELETE, path = "/tools/{id}", tags = ["tools"] }]
pub async fn delete_tool(
    context: RequestContext<Context>,
    path: Path<ToolPath>,
) -> Result<HttpResponseDeleted, HttpError> {
    writer(&context)?;
    let id = path.into_inner().id;
    let mut tools = context.context().tools();
    find(&mut tools, id)?;
    tools.retain(|(tool, _)| tool.id != id);
    Ok(HttpResponseDeleted())
}

/// Upload a photo of a tool
#[endpoint { method = POST, path = "/tools/{id}/photo", tags = ["photos"] }]
pub async fn upload_photo(
    context: RequestContext<Context>,
    path: Path<ToolPath>,
    mut body: MultipartBody,
) -> Result<HttpResponseOk<Tool>, HttpError> {
    writer(&context)?;
    let bad = |error: &dyn std::fmt::Display| HttpError::for_bad_request(None, error.to_string());
    while let Some(field) = body.content.next_field().await.map_err(|error| bad(&error))? {
        if field.name() != Some("file") {
            continue;
        }
        let photo = field.bytes().await.map_err(|error| bad(&error))?;
        let mut tools = context.context().tools();
        let (tool, stored) = find(&mut tools, path.into_inner().id)?;
        *stored = Some(photo.to_vec());
        tool.has_photo = true;
        return Ok(HttpResponseOk(tool.clone()));
    }
    Err(bad(&"the form has no file"))
}

/// Download the photo of a tool
#[endpoint { method = GET, path = "/tools/{id}/photo", tags = ["photos"] }]
pub async fn download_photo(
    context: RequestContext<Context>,
    key: Header<ApiKey>,
    path: Path<ToolPath>,
) -> Result<Response<Body>, HttpError> {
    reader(key)?;
    let photo = find(&mut context.context().tools(), path.into_inner().id)?.1.clone();
    let photo = photo.ok_or_else(|| refused(ClientErrorStatusCode::NOT_FOUND, "this tool has no photo"))?;
    Ok(Response::builder().header(header::CONTENT_TYPE, "image/png").body(photo.into())?)
}
