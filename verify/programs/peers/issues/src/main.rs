//! The same as `verify/programs/issues.rs`, with octocrab.

use octocrab::Octocrab;
use octocrab::params::State;
use std::env;

const OWNER: &str = "example";
const REPO: &str = "parser";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Octocrab::builder()
        .personal_token(env::var("GITHUB_TOKEN")?)
        .build()?;
    let created = client
        .issues(OWNER, REPO)
        .create("An empty file is refused")
        .body("It should be an empty list.")
        .labels(vec!["bug".to_owned(), "good first issue".to_owned()])
        .send()
        .await?;
    println!("created {}", created.html_url);

    let first = client
        .issues(OWNER, REPO)
        .list()
        .state(State::Open)
        .per_page(100)
        .send()
        .await?;
    for issue in client.all_pages(first).await? {
        if issue.pull_request.is_none() {
            println!("#{} {}", issue.number, issue.title);
        }
    }
    Ok(())
}
