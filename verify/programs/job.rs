//! Registers a service, and waits until it is placed. Server and credentials: `NOMAD_ADDR`, `NOMAD_TOKEN`.

use std::env;
use std::error::Error;

use clients::nomad::types::{Job, JobRegisterRequest, Resources, Task, TaskGroup};
use clients::nomad::{Auth, Client};
use clients::runtime::json_object;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder(&format!("{}/v1", env::var("NOMAD_ADDR")?))
        .auth(Auth::x_nomad_token(env::var("NOMAD_TOKEN")?))
        .build()?;
    let task = Task::new()
        .name("server")
        .driver("docker")
        .config(json_object!({ "image": "nginx:1.29", "ports": ["http"] }))
        .resources(Resources::new().cpu(200).memory_mb(128));
    let group = TaskGroup::new().name("web").count(2).tasks([task]);
    let job = Job::new()
        .id("web")
        .name("web")
        .type_("service")
        .datacenters(["dc1"])
        .task_groups([group]);
    let request = JobRegisterRequest::new().job(job);
    let registered = client.jobs().register_job(request).await?.into_inner();
    let id = registered.eval_id.ok_or("there is no evaluation")?;
    let evaluation = client.evaluations().get_evaluation(&id).wait().await?;
    println!(
        "evaluation: {}",
        evaluation.status.as_deref().unwrap_or_default()
    );
    for allocation in client.jobs().get_job_allocations("web").await? {
        println!("{:?}: {:?}", allocation.name, allocation.client_status);
    }
    Ok(())
}
