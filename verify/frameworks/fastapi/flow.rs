//! The flow through the client of the document that FastAPI publishes.

mod support;

use client::runtime::{Date, Maybe, Uuid};
use client::workshop::tools::{CreateError, ReadError};
use client::workshop::types::{
    Bought, Category, Rented, Tool, ToolCreate, ToolOrigin, ToolUpdate, UploadPhotoBody,
};
use client::workshop::{Auth, Client};
use support::{Checked, call, differs, holds, refused, same, says, server};

const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\0\xff";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client =
        Client::builder(&server()).auth(Auth::api_key_header("reading")).auth(Auth::http_bearer("writing")).build()?;
    let drill = call("create, bought", create_bought(&client)).await.ok_or("there is no tool to go on with")?;
    let saw = call("create, rented", create_rented(&client)).await.ok_or("there is no tool to go on with")?;
    call("create, name taken", conflict(&client)).await;
    call("create, not valid", invalid(&client)).await;
    call("create, not valid: the message", invalid_message(&client)).await;
    call("create, unknown category", unknown_category(&client)).await;
    call("list, a page", list_page(&client, &saw)).await;
    call("list, filtered", list_filtered(&client, &drill)).await;
    call("list, since a date", list_since(&client, &saw)).await;
    call("read", read(&client, &drill)).await;
    call("read, not there", read_missing(&client)).await;
    call("update", update(&client, &drill)).await;
    call("update, to null", update_to_null(&client, &drill)).await;
    call("upload", upload(&client, &drill)).await;
    call("download", download(&client, &drill)).await;
    call("download, not there", download_missing(&client, &saw)).await;
    call("list, wrong API key", wrong_key()).await;
    call("create, wrong token", wrong_token()).await;
    call("list, no API key", no_key()).await;
    call("delete", delete(&client, &saw)).await;
    call("delete, not there", delete_missing(&client, &saw)).await;
    call("events, JSON", events(&client)).await;
    call("events, text", text_events(&client)).await;
    call("lines of JSON", lines(&client)).await;
    Ok(())
}

fn drill() -> ToolCreate {
    let origin = ToolOrigin::from(Bought::new("Corner shop").warranty_months(24));
    ToolCreate::new("Cordless drill", Category::Power, "129.90", Date::from_text("2024-03-01"), origin)
        .tags(vec!["wood".to_owned(), "metal".to_owned()])
        .notes("Two batteries")
}

async fn create_bought(client: &Client) -> Checked<Tool> {
    let response = client.tools().create(drill()).await?;
    same("status", response.status().as_u16(), 201)?;
    let tool = response.into_inner();
    same("name", &*tool.name, "Cordless drill")?;
    holds("category", tool.category == Category::Power)?;
    same("price", &*tool.price, "129.90")?;
    same("acquired_on", tool.acquired_on.as_str(), "2024-03-01")?;
    same("tags", &tool.tags[..], ["wood", "metal"])?;
    same("notes", &tool.notes, &Maybe::Value("Two batteries".to_owned()))?;
    holds("created_at", tool.created_at.to_string().starts_with("20"))?;
    match &tool.origin {
        ToolOrigin::Bought(bought) => same("warranty_months", &bought.warranty_months, &Maybe::Value(24))?,
        other => return differs("origin", other),
    }
    Ok(tool)
}

async fn create_rented(client: &Client) -> Checked<Tool> {
    let origin = ToolOrigin::from(Rented::new("Tool library", Date::from_text("2030-01-31")));
    let saw = ToolCreate::new("Hand saw", Category::Hand, 15.5, Date::from_text("2025-06-30"), origin);
    let tool = client.tools().create(saw).await?.into_inner();
    same("price", &*tool.price, "15.5")?;
    same("notes", &tool.notes, &Maybe::Null)?;
    holds("tags", tool.tags.is_empty())?;
    match &tool.origin {
        ToolOrigin::Rented(rented) => same("due_on", rented.due_on.as_str(), "2030-01-31")?,
        other => return differs("origin", other),
    }
    Ok(tool)
}

async fn conflict(client: &Client) -> Checked {
    let error = refused(client.tools().create(drill()).await, 409)?;
    match error.documented() {
        Some(CreateError::Conflict(message)) => holds("detail", message.detail.contains("already"))?,
        other => return differs("error", other),
    }
    says(&error, "already")
}

async fn invalid(client: &Client) -> Checked {
    let mut tool = drill();
    tool.name = "D".to_owned();
    let error = refused(client.tools().create(tool).await, 422)?;
    match error.documented() {
        Some(CreateError::UnprocessableEntity(found)) => {
            let messages = found.detail.iter().flatten().map(|found| &found.msg);
            holds("msg", messages.into_iter().any(|message| message.contains("at least 2 characters")))
        }
        other => differs("error", other),
    }
}

async fn invalid_message(client: &Client) -> Checked {
    let mut tool = drill();
    tool.name = "D".to_owned();
    says(&refused(client.tools().create(tool).await, 422)?, "at least 2 characters")
}

/// Enums are open, so only the server can reject unknown values.
async fn unknown_category(client: &Client) -> Checked {
    let mut tool = drill();
    tool.category = Category::from("garden");
    let error = refused(client.tools().create(tool).await, 422)?;
    holds("documented", matches!(error.documented(), Some(CreateError::UnprocessableEntity(_))))
}

async fn list_page(client: &Client, wanted: &Tool) -> Checked {
    let page = client.tools().list().page(2).size(1).await?.into_inner();
    same("total", page.total, 2)?;
    same("page", page.page, 2)?;
    same("items", page.items.iter().map(|tool| tool.id).collect::<Vec<_>>(), vec![wanted.id])
}

async fn list_filtered(client: &Client, wanted: &Tool) -> Checked {
    let page = client.tools().list().category(Category::Power).tag(["wood", "metal"]).await?.into_inner();
    same("items", page.items.iter().map(|tool| tool.id).collect::<Vec<_>>(), vec![wanted.id])
}

async fn list_since(client: &Client, wanted: &Tool) -> Checked {
    let page = client.tools().list().acquired_since(Date::from_text("2025-01-01")).await?.into_inner();
    same("items", page.items.iter().map(|tool| tool.id).collect::<Vec<_>>(), vec![wanted.id])
}

async fn read(client: &Client, wanted: &Tool) -> Checked {
    let tool = client.tools().read(wanted.id).await?.into_inner();
    holds("the same tool", tool == *wanted)
}

async fn read_missing(client: &Client) -> Checked {
    let error = refused(client.tools().read(Uuid::nil()).await, 404)?;
    holds("documented", matches!(error.documented(), Some(ReadError::NotFound(_))))?;
    says(&error, "no such tool")
}

async fn update(client: &Client, tool: &Tool) -> Checked {
    let changes = ToolUpdate::new().price("99.00").tags(vec!["wood".to_owned()]);
    let changed = client.tools().update(tool.id, changes).await?.into_inner();
    same("price", &*changed.price, "99.00")?;
    same("tags", &changed.tags[..], ["wood"])?;
    same("notes", &changed.notes, &tool.notes)
}

async fn update_to_null(client: &Client, tool: &Tool) -> Checked {
    let changes = ToolUpdate::new().notes(Maybe::Null);
    let changed = client.tools().update(tool.id, changes).await?.into_inner();
    same("price", &*changed.price, "99.00")?;
    same("notes", &changed.notes, &Maybe::Null)
}

async fn upload(client: &Client, tool: &Tool) -> Checked {
    let photo = UploadPhotoBody::new(PHOTO);
    let changed = client.photos().upload(tool.id, photo).await?.into_inner();
    holds("has_photo", changed.has_photo)
}

async fn download(client: &Client, tool: &Tool) -> Checked {
    let response = client.photos().download(tool.id).await?;
    same("content type", response.header::<String>("content-type").as_deref(), Some("image/png"))?;
    same("photo", &response.body()[..], PHOTO)
}

async fn download_missing(client: &Client, tool: &Tool) -> Checked {
    let outcome = client.photos().download(tool.id).await;
    says(&refused(outcome, 404)?, "has no photo")
}

async fn wrong_key() -> Checked {
    let client = Client::builder(&server()).auth(Auth::api_key_header("guessed")).build()?;
    says(&refused(client.tools().list().await, 401)?, "unknown")
}

async fn wrong_token() -> Checked {
    let client = Client::builder(&server()).auth(Auth::http_bearer("guessed")).build()?;
    says(&refused(client.tools().create(drill()).await, 401)?, "unknown")
}

/// The call is sent, and the error describes what is missing.
async fn no_key() -> Checked {
    let client = Client::builder(&server()).build()?;
    says(&refused(client.tools().list().await, 401)?, "the client has no credentials")
}

async fn delete(client: &Client, tool: &Tool) -> Checked {
    let response = client.tools().delete(tool.id).await?;
    same("status", response.status().as_u16(), 204)
}

async fn delete_missing(client: &Client, tool: &Tool) -> Checked {
    says(&refused(client.tools().delete(tool.id).await, 404)?, "no such tool")
}

async fn events(client: &Client) -> Checked {
    let mut events = client.readings().watch().await?.into_inner();
    let mut found = Vec::new();
    while let Some(event) = events.next().await {
        found.push(event?.data);
    }
    same("volts", found.iter().map(|reading| reading.volts).collect::<Vec<_>>(), vec![18.5, 17.0])?;
    same("note", found.last().map(|reading| &reading.note), Some(&Maybe::Value("low".to_owned())))
}

async fn text_events(client: &Client) -> Checked {
    let mut events = client.readings().watch_raw_readings().await?.into_inner();
    let first = events.next().await.ok_or("there is no event")??;
    same("event", (&*first.event, first.id.as_deref(), &*first.data), ("reading", Some("0"), "18.5"))
}

async fn lines(client: &Client) -> Checked {
    let mut items = client.readings().export().await?.into_inner();
    let first = items.next().await.ok_or("there is no line")??;
    same("volts", first.volts, 18.5)?;
    let second = items.next().await.ok_or("there is one line")??;
    same("note", &second.note, &Maybe::Value("low".to_owned()))?;
    holds("the end", items.next().await.is_none())
}
