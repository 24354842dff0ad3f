# What `verify/programs/storage.rs` does, with boxsdk.

import os

from box_sdk_gen import (
    AddShareLinkToFileSharedLink,
    AddShareLinkToFileSharedLinkAccessField,
    BoxClient,
    BoxDeveloperTokenAuth,
    UploadFileAttributes,
    UploadFileAttributesParentField,
)

client = BoxClient(BoxDeveloperTokenAuth(os.environ["BOX_TOKEN"]))
root = UploadFileAttributesParentField("0")
with open("report.pdf", "rb") as report:
    attributes = UploadFileAttributes("report.pdf", root)
    uploaded = client.uploads.upload_file(attributes, report)
if not uploaded.entries:
    raise SystemExit("no file")
file = uploaded.entries[0]
company = AddShareLinkToFileSharedLinkAccessField.COMPANY
shared = client.shared_links_files.add_share_link_to_file(
    file.id, "shared_link", shared_link=AddShareLinkToFileSharedLink(access=company)
)
if not shared.shared_link:
    raise SystemExit("no link")
with open("copy.pdf", "wb") as copy:
    client.downloads.download_file_to_output_stream(file.id, copy)
    print(f"{copy.tell()} bytes, shared at {shared.shared_link.url}")
