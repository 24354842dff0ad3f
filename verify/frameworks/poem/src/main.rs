//! The tools of a workshop, as a service of poem-openapi.

mod api;
mod model;

use poem::listener::TcpListener;
use poem::{Route, Server};
use poem_openapi::OpenApiService;

use api::Workshop;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), std::io::Error> {
    let port = std::env::args().nth(1).unwrap_or_else(|| "8080".to_owned());
    let address = format!("127.0.0.1:{port}");
    let service = OpenApiService::new(Workshop::default(), "Workshop", "1.0.0").server(format!("http://{address}"));
    let document = service.spec_endpoint();
    let app = Route::new().nest("/openapi.json", document).nest("/", service);
    Server::new(TcpListener::bind(address)).run(app).await
}
