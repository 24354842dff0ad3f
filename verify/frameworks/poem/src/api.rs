//! The operations.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{NaiveDate, Utc};
use poem_openapi::auth::{ApiKey, Bearer};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Binary, Json, Response};
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{OpenApi, SecurityScheme, Tags};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::model::{ApiError, Category, Created, Deleted, NewTool, PhotoUpload, Problem, Tool, ToolChanges, ToolPage};

/// The tools in the order of their creation, each with its photo.
type Tools = Vec<(Tool, Option<Vec<u8>>)>;

#[derive(Default)]
pub struct Workshop(Mutex<Tools>);

#[derive(Tags)]
#[oai(rename_all = "snake_case")]
enum Tag {
    Tools,
    Photos,
}

/// Whoever has the API key may read.
#[derive(SecurityScheme)]
#[oai(ty = "api_key", key_name = "X-API-Key", key_in = "header", checker = "check_key")]
struct Reader(#[allow(dead_code)] ());

async fn check_key(_: &poem::Request, key: ApiKey) -> Option<()> {
    (key.key == "reading").then_some(())
}

/// Whoever has the token may write.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", checker = "check_token")]
struct Writer(#[allow(dead_code)] ());

async fn check_token(_: &poem::Request, bearer: Bearer) -> Option<()> {
    (bearer.token == "writing").then_some(())
}

impl Workshop {
    fn tools(&self) -> MutexGuard<'_, Tools> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find(tools: &mut Tools, id: Uuid) -> Result<&mut (Tool, Option<Vec<u8>>), ApiError> {
    tools.iter_mut().find(|(tool, _)| tool.id == id).ok_or_else(|| ApiError::not_found("there is no such tool"))
}

fn check(tools: &Tools, own: Option<Uuid>, name: Option<&str>, price: Option<Decimal>) -> Result<(), ApiError> {
    if price.is_some_and(|price| price.is_sign_negative()) {
        return Err(ApiError::Invalid(Json(Problem { message: "the price cannot be negative".to_owned() })));
    }
    if tools.iter().any(|(tool, _)| Some(&*tool.name) == name && Some(tool.id) != own) {
        return Err(ApiError::Conflict(Json(Problem { message: "there is a tool with this name already".to_owned() })));
    }
    Ok(())
}

#[OpenApi]
impl Workshop {
    /// List tools
    #[oai(path = "/tools", method = "get", tag = "Tag::Tools", operation_id = "list_tools")]
    async fn list_tools(
        &self,
        _reader: Reader,
        category: Query<Option<Category>>,
        tag: Query<Vec<String>>,
        acquired_since: Query<Option<NaiveDate>>,
        #[oai(default = "first", validator(minimum(value = "1")))] page: Query<usize>,
        #[oai(default = "twenty", validator(minimum(value = "1"), maximum(value = "100")))] size: Query<usize>,
    ) -> Json<ToolPage> {
        let tools = self.tools();
        let mut found: Vec<&Tool> = tools.iter().map(|(tool, _)| tool).collect();
        found.retain(|tool| {
            category.0.is_none_or(|category| tool.category == category)
                && tag.0.iter().all(|tag| tool.tags.contains(tag))
                && acquired_since.0.is_none_or(|day| tool.acquired_on >= day)
        });
        let items = found.iter().skip((page.0 - 1) * size.0).take(size.0).map(|tool| (*tool).clone()).collect();
        Json(ToolPage { items, total: found.len(), page: page.0, size: size.0 })
    }

    /// Add a tool
    #[oai(path = "/tools", method = "post", tag = "Tag::Tools", operation_id = "create_tool")]
    async fn create_tool(&self, _writer: Writer, body: Json<NewTool>) -> Result<Created, ApiError> {
        let mut tools = self.tools();
        check(&tools, None, Some(&body.name), Some(body.price))?;
        let Json(NewTool { name, category, price, acquired_on, tags, notes, origin }) = body;
        let (id, created_at) = (Uuid::new_v4(), Utc::now());
        let tool = Tool { id, created_at, name, category, price, acquired_on, tags, notes, origin, has_photo: false };
        tools.push((tool.clone(), None));
        Ok(Created::Tool(Json(tool)))
    }

    /// Read a tool
    #[oai(path = "/tools/:id", method = "get", tag = "Tag::Tools", operation_id = "read_tool")]
    async fn read_tool(&self, _reader: Reader, id: Path<Uuid>) -> Result<Json<Tool>, ApiError> {
        Ok(Json(find(&mut self.tools(), id.0)?.0.clone()))
    }

    /// Change a tool
    #[oai(path = "/tools/:id", method = "patch", tag = "Tag::Tools", operation_id = "update_tool")]
    async fn update_tool(
        &self,
        _writer: Writer,
        id: Path<Uuid>,
        body: Json<ToolChanges>,
    ) -> Result<Json<Tool>, ApiError> {
        let mut tools = self.tools();
        check(&tools, Some(id.0), body.name.as_deref(), body.price)?;
        let (tool, _) = find(&mut tools, id.0)?;
        let Json(changes) = body;
        tool.name = changes.name.unwrap_or_else(|| tool.name.clone());
        tool.price = changes.price.unwrap_or(tool.price);
        tool.tags = changes.tags.unwrap_or_else(|| tool.tags.clone());
        match changes.notes {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => tool.notes = None,
            MaybeUndefined::Value(notes) => tool.notes = Some(notes),
        }
        Ok(Json(tool.clone()))
    }

    /// Remove a tool
    #[oai(path = "/tools/:id", method = "delete", tag = "Tag::Tools", operation_id = "delete_tool")]
    async fn delete_tool(&self, _writer: Writer, id: Path<Uuid>) -> Result<Deleted, ApiError> {
        let mut tools = self.tools();
        find(&mut tools, id.0)?;
        tools.retain(|(tool, _)| tool.id != id.0);
        Ok(Deleted::Done)
    }

    /// Upload a photo of a tool
    #[oai(path = "/tools/:id/photo", method = "post", tag = "Tag::Photos", operation_id = "upload_photo")]
    async fn upload_photo(&self, _writer: Writer, id: Path<Uuid>, form: PhotoUpload) -> Result<Json<Tool>, ApiError> {
        let unreadable = |_| ApiError::Invalid(Json(Problem { message: "the file cannot be read".to_owned() }));
        let photo = form.file.into_vec().await.map_err(unreadable)?;
        let mut tools = self.tools();
        let (tool, stored) = find(&mut tools, id.0)?;
        *stored = Some(photo);
        tool.has_photo = true;
        Ok(Json(tool.clone()))
    }

    /// Download the photo of a tool
    #[oai(path = "/tools/:id/photo", method = "get", tag = "Tag::Photos", operation_id = "download_photo")]
    async fn download_photo(&self, _reader: Reader, id: Path<Uuid>) -> Result<Response<Binary<Vec<u8>>>, ApiError> {
        let photo = find(&mut self.tools(), id.0)?.1.clone();
        let photo = photo.ok_or_else(|| ApiError::not_found("this tool has no photo"))?;
        Ok(Response::new(Binary(photo)).header("Content-Type", "image/png"))
    }
}

fn first() -> usize {
    1
}

fn twenty() -> usize {
    20
}
