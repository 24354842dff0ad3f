//! The flow through the client of the document that poem-openapi publishes.

mod support;

use client::runtime::{Date, Uuid};
use client::workshop::types::{
    Category, NewTool, Origin, OriginBought, OriginRented, Tool, ToolChanges, UploadPhotoBody,
};
use client::workshop::{Auth, Client};
use support::{Checked, Fault, call, differs, holds, known, refused, same, says, server};

/// The document requires tags, even if none are wanted.
const NO_TAGS: [&str; 0] = [];
const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\0\xff";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&server()).auth(Auth::reader("reading")).auth(Auth::writer("writing")).build()?;
    let drill = call("create, bought", create_bought(&client)).await.ok_or("there is no tool to go on with")?;
    let saw = call("create, rented", create_rented(&client)).await.ok_or("there is no tool to go on with")?;
    call("create, name taken", conflict(&client)).await;
    known(
        "create, not valid",
        Fault::Server,
        "what poem itself refuses is plain text, which the document does not say",
        invalid(&client),
    )
    .await;
    call("create, not valid: the message", invalid_message(&client)).await;
    call("create, unknown category", unknown_category(&client)).await;
    call("list, a page", list_page(&client, &saw)).await;
    call("list, filtered", list_filtered(&client, &drill)).await;
    call("list, since a date", list_since(&client, &saw)).await;
    call("read", read(&client, &drill)).await;
    call("read, not there", read_missing(&client)).await;
    call("update", update(&client, &drill)).await;
    call("upload", upload(&client, &drill)).await;
    call("download", download(&client, &drill)).await;
    call("download, not there", download_missing(&client, &saw)).await;
    call("list, wrong API key", wrong_key()).await;
    call("create, wrong token", wrong_token()).await;
    call("list, no API key", no_key()).await;
    call("delete", delete(&client, &saw)).await;
    call("delete, not there", delete_missing(&client, &saw)).await;
    Ok(())
}

fn drill() -> NewTool {
    let origin = Origin::from(OriginBought::new("Corner shop").warranty_months(24));
    NewTool::new("Cordless drill", Category::Power, 129.9, Date::from_text("2024-03-01"), origin)
        .tags(vec!["wood".to_owned(), "metal".to_owned()])
        .notes("Two batteries")
}

async fn create_bought(client: &Client) -> Checked<Tool> {
    let response = client.tools().create(drill()).await?;
    same("status", response.status().as_u16(), 201)?;
    let tool = response.into_inner();
    same("name", &*tool.name, "Cordless drill")?;
    holds("category", tool.category == Category::Power)?;
    same("price", tool.price.as_str(), "129.9")?;
    same("acquired_on", tool.acquired_on.as_str(), "2024-03-01")?;
    same("tags", &tool.tags[..], ["wood", "metal"])?;
    same("notes", tool.notes.as_deref(), Some("Two batteries"))?;
    holds("created_at", tool.created_at.to_string().starts_with("20"))?;
    match &tool.origin {
        Origin::Bought(bought) => same("warranty_months", bought.warranty_months, Some(24))?,
        other => return differs("origin", other),
    }
    Ok(tool)
}

async fn create_rented(client: &Client) -> Checked<Tool> {
    let origin = Origin::from(OriginRented::new("Tool library", Date::from_text("2030-01-31")));
    let saw = NewTool::new("Hand saw", Category::Hand, 15.5, Date::from_text("2025-06-30"), origin);
    let tool = client.tools().create(saw).await?.into_inner();
    same("price", tool.price.as_str(), "15.5")?;
    same("notes", tool.notes.as_deref(), None)?;
    holds("tags", tool.tags.is_empty())?;
    match &tool.origin {
        Origin::Rented(rented) => same("due_on", rented.due_on.as_str(), "2030-01-31")?,
        other => return differs("origin", other),
    }
    Ok(tool)
}

async fn conflict(client: &Client) -> Checked {
    let error = refused(client.tools().create(drill()).await, 409)?;
    holds("message", error.documented().is_some_and(|problem| problem.message.contains("already")))?;
    says(&error, "already")
}

async fn invalid(client: &Client) -> Checked {
    let mut tool = drill();
    tool.name = "D".to_owned();
    let error = refused(client.tools().create(tool).await, 400)?;
    holds("documented", error.documented().is_some())
}

async fn invalid_message(client: &Client) -> Checked {
    let mut tool = drill();
    tool.name = "D".to_owned();
    says(&refused(client.tools().create(tool).await, 400)?, "minLength(2)")
}

/// Enums are open, so only the server can reject unknown values.
async fn unknown_category(client: &Client) -> Checked {
    let mut tool = drill();
    tool.category = Category::from("garden");
    says(&refused(client.tools().create(tool).await, 400)?, "garden")
}

async fn list_page(client: &Client, wanted: &Tool) -> Checked {
    let page = client.tools().list(NO_TAGS).page(2).size(1).await?.into_inner();
    same("total", page.total, 2)?;
    same("page", page.page, 2)?;
    same("items", page.items.iter().map(|tool| tool.id).collect::<Vec<_>>(), vec![wanted.id])
}

async fn list_filtered(client: &Client, wanted: &Tool) -> Checked {
    let page = client.tools().list(["wood", "metal"]).category(Category::Power).await?.into_inner();
    same("items", page.items.iter().map(|tool| tool.id).collect::<Vec<_>>(), vec![wanted.id])
}

async fn list_since(client: &Client, wanted: &Tool) -> Checked {
    let page = client.tools().list(NO_TAGS).acquired_since(Date::from_text("2025-01-01")).await?.into_inner();
    same("items", page.items.iter().map(|tool| tool.id).collect::<Vec<_>>(), vec![wanted.id])
}

async fn read(client: &Client, wanted: &Tool) -> Checked {
    let tool = client.tools().read(wanted.id).await?.into_inner();
    holds("the same tool", tool == *wanted)
}

async fn read_missing(client: &Client) -> Checked {
    let error = refused(client.tools().read(Uuid::nil()).await, 404)?;
    holds("documented", error.documented().is_some())?;
    says(&error, "no such tool")
}

async fn update(client: &Client, tool: &Tool) -> Checked {
    let changes = ToolChanges::new().price(99).tags(vec!["wood".to_owned()]);
    let changed = client.tools().update(tool.id, changes).await?.into_inner();
    same("price", changed.price.as_str(), "99")?;
    same("tags", &changed.tags[..], ["wood"])?;
    same("notes", &changed.notes, &tool.notes)
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
    let client = Client::builder(&server()).auth(Auth::reader("guessed")).build()?;
    says(&refused(client.tools().list(NO_TAGS).await, 401)?, "authorization")
}

async fn wrong_token() -> Checked {
    let client = Client::builder(&server()).auth(Auth::writer("guessed")).build()?;
    says(&refused(client.tools().create(drill()).await, 401)?, "authorization")
}

/// The call is sent, and the error describes what is missing.
async fn no_key() -> Checked {
    let client = Client::builder(&server()).build()?;
    says(&refused(client.tools().list(NO_TAGS).await, 401)?, "the client has no credentials")
}

async fn delete(client: &Client, tool: &Tool) -> Checked {
    let response = client.tools().delete(tool.id).await?;
    same("status", response.status().as_u16(), 204)
}

async fn delete_missing(client: &Client, tool: &Tool) -> Checked {
    says(&refused(client.tools().delete(tool.id).await, 404)?, "no such tool")
}
