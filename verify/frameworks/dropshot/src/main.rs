//! The tools of a workshop, as a service of dropshot.

mod model;
mod tools;

use std::net::{Ipv4Addr, SocketAddr};

use dropshot::{ApiDescription, ConfigDropshot, ConfigLogging, ConfigLoggingLevel, ServerBuilder};

use tools::Context;

#[tokio::main]
async fn main() -> Result<(), String> {
    let mut api = ApiDescription::new();
    let registered = api
        .register(tools::openapi)
        .and_then(|()| api.register(tools::list_tools))
        .and_then(|()| api.register(tools::create_tool))
        .and_then(|()| api.register(tools::read_tool))
        .and_then(|()| api.register(tools::update_tool))
        .and_then(|()| api.register(tools::delete_tool))
        .and_then(|()| api.register(tools::upload_photo))
        .and_then(|()| api.register(tools::download_photo));
    registered.map_err(|error| error.to_string())?;
    let document = api.openapi("Workshop", semver::Version::new(1, 0, 0)).json().map_err(|error| error.to_string())?;

    let logging = ConfigLogging::StderrTerminal { level: ConfigLoggingLevel::Warn };
    let log = logging.to_logger("workshop").map_err(|error| error.to_string())?;
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(8080);
    let config = ConfigDropshot {
        bind_address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        default_request_body_max_bytes: 1 << 20,
        ..Default::default()
    };
    let server = ServerBuilder::new(api, Context::new(document), log).config(config).start();
    server.map_err(|error| error.to_string())?.await
}
