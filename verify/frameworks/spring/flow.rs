//! The flow through the client of a document as Spring publishes it with springdoc. It is compiled, and not run.

mod support;

use client::runtime::Date;
use client::workshop::types::{Bought, NewTool, Rented, Tool, ToolCategory, ToolChanges, ToolOrigin, UploadBody};
use client::workshop::{Auth, Client};
use support::{Checked, call, differs, holds, refused, same, says, server};

const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\0\xff";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client =
        Client::builder(&server()).auth(Auth::api_key("reading")).auth(Auth::bearer_auth("writing")).build()?;
    let drill = call("create, bought", create_bought(&client)).await.ok_or("there is no tool to go on with")?;
    let saw = call("create, rented", create_rented(&client)).await.ok_or("there is no tool to go on with")?;
    // No property of what the server answers is required, the id included.
    let (drill_id, saw_id) = (drill.id.unwrap_or_default(), saw.id.unwrap_or_default());
    call("create, name taken", conflict(&client)).await;
    call("create, not valid", invalid(&client)).await;
    call("list, a page", list_page(&client, saw_id)).await;
    call("list, filtered", list_filtered(&client, drill_id)).await;
    call("read", read(&client, drill_id, &drill)).await;
    call("read, not there", read_missing(&client)).await;
    call("update", update(&client, drill_id)).await;
    call("upload", upload(&client, drill_id)).await;
    call("download", download(&client, drill_id)).await;
    call("delete", delete(&client, saw_id)).await;
    Ok(())
}

fn drill() -> NewTool {
    let origin = ToolOrigin::from(Bought::new("Corner shop").warranty_months(24));
    NewTool::new("Cordless drill", ToolCategory::Power, 129.9, Date::from_text("2024-03-01"), origin)
        .tags(vec!["wood".to_owned(), "metal".to_owned()])
        .notes("Two batteries")
}

async fn create_bought(client: &Client) -> Checked<Tool> {
    let response = client.tool().create(drill()).await?;
    same("status", response.status().as_u16(), 201)?;
    let tool = response.into_inner();
    same("name", tool.name.as_deref(), Some("Cordless drill"))?;
    holds("category", tool.category == Some(ToolCategory::Power))?;
    same("price", tool.price, Some(129.9))?;
    same("acquired_on", tool.acquired_on.as_ref().map(Date::as_str), Some("2024-03-01"))?;
    same("tags", tool.tags.as_deref().unwrap_or_default(), ["wood", "metal"])?;
    same("notes", tool.notes.as_deref(), Some("Two batteries"))?;
    match &tool.origin {
        Some(ToolOrigin::Bought(bought)) => same("warranty_months", bought.warranty_months, Some(24))?,
        other => return differs("origin", other),
    }
    Ok(tool)
}

async fn create_rented(client: &Client) -> Checked<Tool> {
    let origin = ToolOrigin::from(Rented::new("Tool library", Date::from_text("2030-01-31")));
    let saw = NewTool::new("Hand saw", ToolCategory::Hand, 15.5, Date::from_text("2025-06-30"), origin);
    let tool = client.tool().create(saw).await?.into_inner();
    match &tool.origin {
        Some(ToolOrigin::Rented(rented)) => same("due_on", rented.due_on.as_str(), "2030-01-31")?,
        other => return differs("origin", other),
    }
    Ok(tool)
}

async fn conflict(client: &Client) -> Checked {
    let error = refused(client.tool().create(drill()).await, 409)?;
    holds("detail", error.documented().is_some_and(|problem| problem.detail.is_some()))?;
    says(&error, "already")
}

async fn invalid(client: &Client) -> Checked {
    let mut tool = drill();
    tool.name = "D".to_owned();
    let error = refused(client.tool().create(tool).await, 400)?;
    holds("documented", error.documented().is_some())
}

async fn list_page(client: &Client, wanted: i64) -> Checked {
    let page = client.tool().list().page(1).size(1).await?.into_inner();
    same("total", page.page.and_then(|page| page.total_elements), Some(2))?;
    let found = page.content.unwrap_or_default();
    same("content", found.iter().map(|tool| tool.id).collect::<Vec<_>>(), vec![Some(wanted)])
}

async fn list_filtered(client: &Client, wanted: i64) -> Checked {
    let list = client
        .tool()
        .list()
        .category(ToolCategory::Power)
        .tag(["wood", "metal"])
        .acquired_since(&Date::from_text("2024-01-01"));
    let found = list.await?.into_inner().content.unwrap_or_default();
    same("content", found.iter().map(|tool| tool.id).collect::<Vec<_>>(), vec![Some(wanted)])
}

async fn read(client: &Client, id: i64, wanted: &Tool) -> Checked {
    let tool = client.tool().find_by_id(id).await?.into_inner();
    holds("the same tool", tool == *wanted)
}

async fn read_missing(client: &Client) -> Checked {
    let error = refused(client.tool().find_by_id(0).await, 404)?;
    holds("documented", error.documented().is_some())
}

async fn update(client: &Client, id: i64) -> Checked {
    let changes = ToolChanges::new().price(99.0).tags(vec!["wood".to_owned()]);
    let changed = client.tool().update(id, changes).await?.into_inner();
    same("price", changed.price, Some(99.0))
}

async fn upload(client: &Client, id: i64) -> Checked {
    let changed = client.photo().upload(id, UploadBody::new(PHOTO)).await?.into_inner();
    same("has_photo", changed.has_photo, Some(true))
}

async fn download(client: &Client, id: i64) -> Checked {
    let response = client.photo().download(id).await?;
    same("photo", &response.body()[..], PHOTO)
}

async fn delete(client: &Client, id: i64) -> Checked {
    let response = client.tool().delete(id).await?;
    same("status", response.status().as_u16(), 204)
}
