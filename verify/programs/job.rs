//! Registers a service, and waits until it is placed. Server and credentials: `NOMAD_BASE_URL`, `NOMAD_X_NOMAD_TOKEN`.

use clients::nomad::{ClientBuilder, types};
use clients::runtime::json_object;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = ClientBuilder::from_env()?.build()?;
    let task = types::Task::new()
        .name("server")
        .driver("docker")
        .config(json_object!({ "image": "nginx:1.29", "ports": ["http"] }))
        .resources(types::Resources::new().cpu(200).memory_mb(128));
    let group = types::TaskGroup::new().name("web").count(2).tasks([task]);
    let job = types::Job::new().id("web").name("web").type_("service");
    let job = job.datacenters(["dc1"]).task_groups([group]);
    let request = types::JobRegisterRequest::new().job(job);
    let registered = client.jobs().register(request).await?.into_inner();
    let id = registered.eval_id.ok_or("there is no evaluation")?;
    let evaluation = client.evaluations().get(&id).wait().await?;
    println!("evaluation: {:?}", evaluation.status);
    for allocation in client.jobs().list_allocations("web").await? {
        println!("{:?}: {:?}", allocation.name, allocation.client_status);
    }
    Ok(())
}
