//! The flow through the client of the document that Django REST framework publishes with drf-spectacular.

mod support;

use client::runtime::{Date, Maybe};
use client::workshop::types::{
    BoughtRequest, CategoryEnum, Origin, OriginRequest, PatchedToolRequest, PhotoRequest, RentedRequest, Tool,
    ToolRequest, ToolsListCategory,
};
use client::workshop::{Auth, Client};
use support::{Checked, Fault, call, differs, holds, known, refused, same, says, server};

const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\0\xff";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Every operation accepts either credential. A client with both sends the first: the token.
    let client = Client::builder(&server()).auth(Auth::token_auth("writing")).build()?;
    let reader = Client::builder(&server()).auth(Auth::api_key_auth("reading")).build()?;
    let drill = call("create, bought", create_bought(&client)).await.ok_or("there is no tool to go on with")?;
    let saw = call("create, rented", create_rented(&client)).await.ok_or("there is no tool to go on with")?;
    call("create, name taken", conflict(&client)).await;
    known(
        "create, not valid",
        Fault::Document,
        "it has no responses for errors, which is how drf-spectacular does it",
        invalid(&client),
    )
    .await;
    call("create, not valid: the message", invalid_message(&client)).await;
    call("create, unknown category", unknown_category(&client)).await;
    call("list, a page", list_page(&reader, &saw)).await;
    call("list, filtered", list_filtered(&reader, &drill)).await;
    call("list, since a date", list_since(&reader, &saw)).await;
    call("read", read(&reader, &drill)).await;
    call("read, not there", read_missing(&reader)).await;
    call("update", update(&client, &drill)).await;
    call("update, to null", update_to_null(&client, &drill)).await;
    call("upload", upload(&client, &drill)).await;
    let refuses = "asked for image/png, as its document says, it looks for a renderer of that media type";
    known("download", Fault::Server, refuses, download(&reader, &drill)).await;
    known("download, not there", Fault::Server, refuses, download_missing(&reader, &saw)).await;
    call("list, wrong API key", wrong_key()).await;
    call("create, wrong token", wrong_token()).await;
    call("list, no API key", no_key()).await;
    call("delete", delete(&client, &saw)).await;
    call("delete, not there", delete_missing(&client, &saw)).await;
    Ok(())
}

fn drill() -> ToolRequest {
    let bought = BoughtRequest::new("Corner shop").warranty_months(24);
    let origin = OriginRequest::from(bought);
    ToolRequest::new("Cordless drill", CategoryEnum::Power, 129.9, Date::from_text("2024-03-01"), origin)
        .tags(vec!["wood".to_owned(), "metal".to_owned()])
        .notes("Two batteries")
}

async fn create_bought(client: &Client) -> Checked<Tool> {
    let response = client.tools().create(drill()).await?;
    same("status", response.status().as_u16(), 201)?;
    let tool = response.into_inner();
    same("name", &*tool.name, "Cordless drill")?;
    holds("category", tool.category == CategoryEnum::Power)?;
    same("price", tool.price.as_str(), "129.90")?;
    same("acquired_on", tool.acquired_on.as_str(), "2024-03-01")?;
    same("tags", tool.tags.as_deref().unwrap_or_default(), ["wood", "metal"])?;
    same("notes", &tool.notes, &Maybe::Value("Two batteries".to_owned()))?;
    holds("created_at", tool.created_at.to_string().starts_with("20"))?;
    match &tool.origin {
        Origin::Bought(bought) => same("warranty_months", &bought.warranty_months, &Maybe::Value(24))?,
        other => return differs("origin", other),
    }
    Ok(tool)
}

async fn create_rented(client: &Client) -> Checked<Tool> {
    let rented = RentedRequest::new("Tool library", Date::from_text("2030-01-31"));
    let origin = OriginRequest::from(rented);
    let saw = ToolRequest::new("Hand saw", CategoryEnum::Hand, 15.5, Date::from_text("2025-06-30"), origin);
    let tool = client.tools().create(saw).await?.into_inner();
    same("price", tool.price.as_str(), "15.50")?;
    same("notes", &tool.notes, &Maybe::Null)?;
    same("tags", tool.tags.as_deref(), Some(&[] as &[String]))?;
    match &tool.origin {
        Origin::Rented(rented) => same("due_on", rented.due_on.as_str(), "2030-01-31")?,
        other => return differs("origin", other),
    }
    Ok(tool)
}

/// Django REST framework reports a name that is already taken as an invalid field.
async fn conflict(client: &Client) -> Checked {
    says(&refused(client.tools().create(drill()).await, 400)?, "already exists")
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
    says(&refused(client.tools().create(tool).await, 400)?, "at least 2 characters")
}

/// Enums are open, so only the server can reject unknown values.
async fn unknown_category(client: &Client) -> Checked {
    let mut tool = drill();
    tool.category = CategoryEnum::from("garden");
    says(&refused(client.tools().create(tool).await, 400)?, "not a valid choice")
}

async fn list_page(client: &Client, wanted: &Tool) -> Checked {
    let page = client.tools().list().page(2).size(1).await?.into_inner();
    same("count", page.count, 2)?;
    same("next", &page.next, &Maybe::Null)?;
    same("results", page.results.iter().map(|tool| tool.id).collect::<Vec<_>>(), vec![wanted.id])
}

async fn list_filtered(client: &Client, wanted: &Tool) -> Checked {
    let page = client.tools().list().category(ToolsListCategory::Power).tag(["wood", "metal"]).await?.into_inner();
    same("results", page.results.iter().map(|tool| tool.id).collect::<Vec<_>>(), vec![wanted.id])
}

async fn list_since(client: &Client, wanted: &Tool) -> Checked {
    let page = client.tools().list().acquired_since(Date::from_text("2025-01-01")).await?.into_inner();
    same("results", page.results.iter().map(|tool| tool.id).collect::<Vec<_>>(), vec![wanted.id])
}

async fn read(client: &Client, wanted: &Tool) -> Checked {
    let tool = client.tools().retrieve(wanted.id).await?.into_inner();
    holds("the same tool", tool == *wanted)
}

async fn read_missing(client: &Client) -> Checked {
    says(&refused(client.tools().retrieve(0).await, 404)?, "No Tool matches")
}

async fn update(client: &Client, tool: &Tool) -> Checked {
    let changes = PatchedToolRequest::new().price(99).tags(vec!["wood".to_owned()]);
    let changed = client.tools().partial_update(tool.id).body(changes).await?.into_inner();
    same("price", changed.price.as_str(), "99.00")?;
    same("tags", changed.tags.as_deref().unwrap_or_default(), ["wood"])?;
    same("notes", &changed.notes, &tool.notes)
}

async fn update_to_null(client: &Client, tool: &Tool) -> Checked {
    let changes = PatchedToolRequest::new().notes(Maybe::Null);
    let changed = client.tools().partial_update(tool.id).body(changes).await?.into_inner();
    same("price", changed.price.as_str(), "99.00")?;
    same("notes", &changed.notes, &Maybe::Null)
}

async fn upload(client: &Client, tool: &Tool) -> Checked {
    let changed = client.tools().create_photo(tool.id, PhotoRequest::new(PHOTO)).await?.into_inner();
    holds("has_photo", changed.has_photo)
}

async fn download(client: &Client, tool: &Tool) -> Checked {
    let response = client.tools().retrieve_photo(tool.id).await?;
    same("content type", response.header::<String>("content-type").as_deref(), Some("image/png"))?;
    same("photo", &response.body()[..], PHOTO)
}

async fn download_missing(client: &Client, tool: &Tool) -> Checked {
    says(&refused(client.tools().retrieve_photo(tool.id).await, 404)?, "has no photo")
}

async fn wrong_key() -> Checked {
    let client = Client::builder(&server()).auth(Auth::api_key_auth("guessed")).build()?;
    says(&refused(client.tools().list().await, 401)?, "unknown")
}

async fn wrong_token() -> Checked {
    let client = Client::builder(&server()).auth(Auth::token_auth("guessed")).build()?;
    says(&refused(client.tools().create(drill()).await, 401)?, "unknown")
}

/// The call is sent, and the error describes what is missing.
async fn no_key() -> Checked {
    let client = Client::builder(&server()).build()?;
    says(&refused(client.tools().list().await, 401)?, "the client has no credentials")
}

async fn delete(client: &Client, tool: &Tool) -> Checked {
    let response = client.tools().destroy(tool.id).await?;
    same("status", response.status().as_u16(), 204)
}

async fn delete_missing(client: &Client, tool: &Tool) -> Checked {
    says(&refused(client.tools().destroy(tool.id).await, 404)?, "No Tool matches")
}
