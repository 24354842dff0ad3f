//! Creates an issue, and lists all open issues. Credentials: `GITHUB_OCTOKIT_BEARER`.

use clients::github_octokit::{ClientBuilder, types};

const OWNER: &str = "example";
const REPO: &str = "parser";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = ClientBuilder::from_env()?.build()?;
    let new = types::IssuesCreateBody::new("An empty file is refused")
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
