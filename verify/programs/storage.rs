//! Uploads a file, shares it with the company by a link, and downloads it. Token: `BOX_API_OAUTH2_SECURITY`; the file: `report.pdf`.

use clients::box_api::{ClientBuilder, types};
use clients::runtime::File;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = ClientBuilder::from_env()?.build()?;
    let root = types::PostFilesContentBodyAttributesParent::new("0");
    let attributes = types::PostFilesContentBodyAttributes::new("report.pdf", root);
    let report = types::PostFilesContentBody::new(attributes, File::open("report.pdf")?);
    let uploaded = client.uploads().post_files_content(report).await?;
    let file = uploaded.entries.iter().flatten().next().ok_or("no file")?;
    let link = types::PutFilesIdAddSharedLinkBodySharedLink::new().access("company");
    let links = client.shared_links_files();
    let shared = links.add_files(&file.id, "shared_link");
    let body = types::PutFilesIdAddSharedLinkBody::new().shared_link(link);
    let shared = shared.body(body).await?;
    let link = shared.shared_link.as_ref().ok_or("no link")?;
    let content = client.downloads().get_file_content(&file.id);
    let saved = content.stream().save("copy.pdf").await?;
    println!("{} bytes, shared at {}", *saved, link.url);
    Ok(())
}
