//! The same as `verify/programs/chat.rs`, with async-openai.

use async_openai::Client;
use async_openai::types::chat::{
    ChatCompletionMessageToolCalls, ChatCompletionRequestAssistantMessageArgs,
    ChatCompletionRequestToolMessage, ChatCompletionRequestUserMessage, ChatCompletionTool,
    CreateChatCompletionRequestArgs, FunctionObjectArgs,
};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new();
    let function = FunctionObjectArgs::default()
        .name("get_weather")
        .description("The weather in a city")
        .parameters(json!({
            "type": "object",
            "properties": { "city": { "type": "string", "description": "Such as Oslo" } },
            "required": ["city"],
        }))
        .build()?;
    let tool = ChatCompletionTool { function };
    let question = "Do I need an umbrella in Oslo today?";
    let mut messages = vec![ChatCompletionRequestUserMessage::from(question).into()];
    loop {
        let request = CreateChatCompletionRequestArgs::default()
            .model("gpt-5-mini")
            .messages(messages.clone())
            .tools(tool.clone())
            .build()?;
        let completion = client.chat().create(request).await?;
        let answer = completion
            .choices
            .into_iter()
            .next()
            .ok_or("there is no answer")?
            .message;
        let Some(calls) = answer.tool_calls else {
            println!("{}", answer.content.unwrap_or_default());
            return Ok(());
        };
        messages.push(
            ChatCompletionRequestAssistantMessageArgs::default()
                .tool_calls(calls.clone())
                .build()?
                .into(),
        );
        for call in calls {
            let ChatCompletionMessageToolCalls::Function(call) = call else {
                continue;
            };
            let arguments: Value = serde_json::from_str(&call.function.arguments)?;
            let weather = weather(arguments["city"].as_str().unwrap_or_default());
            let result = ChatCompletionRequestToolMessage {
                content: weather.into(),
                tool_call_id: call.id,
            };
            messages.push(result.into());
        }
    }
}

fn weather(city: &str) -> String {
    json!({ "city": city, "sky": "rain", "celsius": 9 }).to_string()
}
