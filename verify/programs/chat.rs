//! Asks a question that the model can only answer with a tool, runs the tool, and prints the answer.
//! Credentials: `OPENAI_API_KEY_AUTH`.

use clients::openai::ClientBuilder;
use clients::openai::types::{
    ChatCompletionMessageToolCallsItem, ChatCompletionRequestAssistantMessage,
    ChatCompletionRequestToolMessage, ChatCompletionRequestUserMessage, ChatCompletionTool,
    CreateChatCompletionRequest, FunctionObject,
};
use clients::runtime::{JsonValue, json, json_object};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = ClientBuilder::from_env()?.build()?;
    let schema = json_object!({
        "type": "object",
        "properties": { "city": { "type": "string", "description": "Such as Oslo" } },
        "required": ["city"],
    });
    let function = FunctionObject::new("get_weather")
        .description("The weather in a city")
        .parameters(schema);
    let tools = [ChatCompletionTool::new(function).into()];
    let question = "Do I need an umbrella in Oslo today?";
    let mut messages = vec![ChatCompletionRequestUserMessage::new(question).into()];
    loop {
        let request =
            CreateChatCompletionRequest::new(messages.clone(), "gpt-5-mini").tools(tools.clone());
        let completion = client.chat().create_completion(request).await?.into_inner();
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
            ChatCompletionRequestAssistantMessage::new()
                .tool_calls(calls.clone())
                .into(),
        );
        for call in calls {
            let ChatCompletionMessageToolCallsItem::Function(call) = call else {
                continue;
            };
            let arguments: JsonValue = serde_json::from_str(&call.function.arguments)?;
            let weather = weather(arguments["city"].as_str().unwrap_or_default());
            let result = ChatCompletionRequestToolMessage::new(weather, call.id);
            messages.push(result.into());
        }
    }
}

fn weather(city: &str) -> String {
    json!({ "city": city, "sky": "rain", "celsius": 9 }).to_string()
}
