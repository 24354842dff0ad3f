//! Posts a message with an embed that shows an attached picture. Credentials: `DISCORD_BOT_TOKEN`, which is `Bot` and the token; the picture: `chart.png`.

use clients::discord::{ClientBuilder, types};
use clients::runtime::File;

const CHANNEL: &str = "1100000000000000000";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = ClientBuilder::from_env()?.build()?;
    let embed = types::RichEmbed::new()
        .title("Builds")
        .description("How long they took this week")
        .color(0x2e_a0_43)
        .fields([types::RichEmbedField::new("Median", "4 min").inline(true)])
        .image(types::RichEmbedImage::new().url("attachment://chart.png"));
    let message = types::CreateMessageBodyMultipart::new()
        .content("The weekly report")
        .embeds([embed])
        .files_0(File::open("chart.png")?);
    let api = client.channels();
    let sent = api.create_message_with_multipart(CHANNEL, message).await?;
    println!(
        "message {} has {} attachments",
        sent.id,
        sent.attachments.len()
    );
    Ok(())
}
