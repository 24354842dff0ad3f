# What `verify/programs/job.rs` does, with python-nomad.

import time

import nomad

client = nomad.Nomad()
task = {
    "Name": "server",
    "Driver": "docker",
    "Config": {"image": "nginx:1.29", "ports": ["http"]},
    "Resources": {"CPU": 200, "MemoryMB": 128},
}
group = {"Name": "web", "Count": 2, "Tasks": [task]}
job = {
    "ID": "web",
    "Name": "web",
    "Type": "service",
    "Datacenters": ["dc1"],
    "TaskGroups": [group],
}
registered = client.jobs.register_job({"Job": job})
while True:
    evaluation = client.evaluation.get_evaluation(registered["EvalID"])
    if evaluation["Status"] != "pending":
        break
    time.sleep(1)
print("evaluation:", evaluation["Status"])
for allocation in client.job.get_allocations("web"):
    print(f"{allocation['Name']}: {allocation['ClientStatus']}")
