//! The same as `verify/programs/message.rs`, with serenity.

use serenity::builder::{CreateAttachment, CreateEmbed, CreateMessage};
use serenity::http::Http;
use serenity::model::id::ChannelId;
use std::env;

const CHANNEL: ChannelId = ChannelId::new(1100000000000000000);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let http = Http::new(&env::var("DISCORD_TOKEN")?);
    let embed = CreateEmbed::new()
        .title("Builds")
        .description("How long they took this week")
        .color(0x2e_a0_43)
        .field("Median", "4 min", true)
        .attachment("chart.png");
    let message = CreateMessage::new()
        .content("The weekly report")
        .embed(embed)
        .add_file(CreateAttachment::path("chart.png").await?);
    let sent = CHANNEL.send_message(&http, message).await?;
    println!(
        "message {} has {} attachments",
        sent.id,
        sent.attachments.len()
    );
    Ok(())
}
