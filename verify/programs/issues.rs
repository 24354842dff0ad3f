//! Creates an issue, and lists all that are open. Credentials: `GITHUB_TOKEN`.

use std::env;
use std::error::Error;

use clients::github_octokit::types::IssuesCreateBody;
use clients::github_octokit::{Auth, Client, SERVER};

const OWNER: &str = "example";
const REPO: &str = "parser";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let token = Auth::bearer(env::var("GITHUB_TOKEN")?);
    let client = Client::builder(SERVER).auth(token).build()?;
    let new = IssuesCreateBody::new("An empty file is refused")
        .body("It should be an empty list.")
        .labels(["bug".into(), "good first issue".into()]);
    let created = client.issues().create(OWNER, REPO, new).await?;
    println!("created {}", created.html_url);

    let list = client.issues().list_for_repo(OWNER, REPO).state("open");
    let mut issues = list.per_page(100).items();
    while let Some(issue) = issues.next().await {
        let issue = issue?;
        if issue.pull_request.is_none() {
            println!("#{} {}", issue.number, issue.title);
        }
    }
    Ok(())
}
