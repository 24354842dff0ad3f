//! The flow through the client of a document as ASP.NET Core publishes it with Microsoft.AspNetCore.OpenApi. It is compiled, and not run.

mod support;

use client::runtime::{Date, Maybe, Uuid};
use client::workshop::tools::CreateError;
use client::workshop::types::{
    Category, NewTool, Origin, OriginBought, OriginRented, PostToolPhotoBody, Tool, ToolChanges,
};
use client::workshop::{Auth, Client};
use support::{Checked, call, differs, holds, refused, same, says, server};

const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\0\xff";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder(&server()).auth(Auth::api_key("reading")).auth(Auth::bearer("writing")).build()?;
    let drill = call("create, bought", create_bought(&client)).await.ok_or("there is no tool to go on with")?;
    let saw = call("create, rented", create_rented(&client)).await.ok_or("there is no tool to go on with")?;
    call("create, name taken", conflict(&client)).await;
    call("create, not valid", invalid(&client)).await;
    call("list, a page", list_page(&client, &saw)).await;
    call("list, filtered", list_filtered(&client, &drill)).await;
    call("read", read(&client, &drill)).await;
    call("read, not there", read_missing(&client)).await;
    call("update", update(&client, &drill)).await;
    call("upload", upload(&client, &drill)).await;
    call("download", download(&client, &drill)).await;
    call("delete", delete(&client, &saw)).await;
    Ok(())
}

fn drill() -> NewTool {
    let bought = OriginBought::new("Corner shop").warranty_months(24);
    NewTool::new(
        "Cordless drill",
        Category::Power,
        129.9,
        Date::from_text("2024-03-01"),
        Origin::from(bought),
    )
    .tags(vec!["wood".to_owned(), "metal".to_owned()])
    .notes("Two batteries")
}

async fn create_bought(client: &Client) -> Checked<Tool> {
    let response = client.tools().create(drill()).await?;
    same("status", response.status().as_u16(), 201)?;
    let tool = response.into_inner();
    same("name", &*tool.name, "Cordless drill")?;
    holds("category", tool.category == Category::Power)?;
    holds("price", tool.price == 129.9)?;
    same("acquired_on", tool.acquired_on.as_str(), "2024-03-01")?;
    same("tags", &tool.tags[..], ["wood", "metal"])?;
    same("notes", tool.notes.as_deref(), Some("Two batteries"))?;
    match &tool.origin {
        Origin::Bought(bought) => {
            let months = Maybe::Value(24);
            holds("warranty_months", bought.warranty_months == months)?;
        }
        other => return differs("origin", other),
    }
    Ok(tool)
}

async fn create_rented(client: &Client) -> Checked<Tool> {
    let origin = Origin::from(OriginRented::new("Tool library", Date::from_text("2030-01-31")));
    let saw = NewTool::new("Hand saw", Category::Hand, 15.5, Date::from_text("2025-06-30"), origin);
    let tool = client.tools().create(saw).await?.into_inner();
    same("notes", tool.notes.as_deref(), None)?;
    match &tool.origin {
        Origin::Rented(rented) => same("due_on", rented.due_on.as_str(), "2030-01-31")?,
        other => return differs("origin", other),
    }
    Ok(tool)
}

async fn conflict(client: &Client) -> Checked {
    let error = refused(client.tools().create(drill()).await, 409)?;
    match error.documented() {
        Some(CreateError::Conflict(problem)) => holds("detail", matches!(problem.detail, Maybe::Value(_)))?,
        other => return differs("error", other),
    }
    says(&error, "already")
}

async fn invalid(client: &Client) -> Checked {
    let mut tool = drill();
    tool.name = "D".to_owned();
    let error = refused(client.tools().create(tool).await, 400)?;
    match error.documented() {
        Some(CreateError::BadRequest(problem)) => {
            let errors = problem.errors.iter().flatten().flat_map(|(_, messages)| messages);
            holds("errors", errors.into_iter().any(|message| message.contains("minimum length")))
        }
        other => differs("error", other),
    }
}

async fn list_page(client: &Client, wanted: &Tool) -> Checked {
    let (page, size) = (2, 1);
    let page = client.tools().list().page(page).size(size).await?.into_inner();
    holds("total", page.total == 2)?;
    same("items", page.items.iter().map(|tool| tool.id).collect::<Vec<_>>(), vec![wanted.id])
}

async fn list_filtered(client: &Client, wanted: &Tool) -> Checked {
    let list = client
        .tools()
        .list()
        .category(Category::Power)
        .tag(["wood", "metal"])
        .acquired_since(&Date::from_text("2024-01-01"));
    same("items", list.await?.into_inner().items.iter().map(|tool| tool.id).collect::<Vec<_>>(), vec![wanted.id])
}

async fn read(client: &Client, wanted: &Tool) -> Checked {
    let tool = client.tools().get(wanted.id).await?.into_inner();
    holds("the same tool", tool == *wanted)
}

async fn read_missing(client: &Client) -> Checked {
    let error = refused(client.tools().get(Uuid::nil()).await, 404)?;
    holds("documented", error.documented().is_some())
}

async fn update(client: &Client, tool: &Tool) -> Checked {
    let changes = ToolChanges::new().price(99.0).notes(Maybe::Null);
    let changed = client.tools().patch(tool.id, changes).await?.into_inner();
    same("notes", changed.notes.as_deref(), None)
}

async fn upload(client: &Client, tool: &Tool) -> Checked {
    let photo = PostToolPhotoBody::new().file(PHOTO);
    let changed = client.tools().post_photo(tool.id).body(photo).await?.into_inner();
    holds("has_photo", changed.has_photo)
}

async fn download(client: &Client, tool: &Tool) -> Checked {
    let response = client.tools().get_photo(tool.id).await?;
    same("photo", &response.body()[..], PHOTO)
}

async fn delete(client: &Client, tool: &Tool) -> Checked {
    let response = client.tools().delete(tool.id).await?;
    same("status", response.status().as_u16(), 204)
}
