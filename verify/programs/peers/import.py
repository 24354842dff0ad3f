# What `verify/programs/import.rs` does, with lakefs.

import lakefs

branch = lakefs.Branch("shop", "main")
orders = branch.import_data("Import orders").prefix("s3://bucket/orders/", "orders/")
status = orders.run()
if status.error:
    raise SystemExit(status.error.message)
if not status.commit:
    raise SystemExit("there is no commit")
print(f"{status.ingested_objects} objects in commit {status.commit.id}")
