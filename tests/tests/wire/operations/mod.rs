//! Every operation of every API, called through the generated client.
//!
//! In: the documents under `specs/`. Out: for each operation the exact request (method, percent-encoded path, query, headers, body) and the
//! decoded response. Invariant: requests are written by hand from the documents, and an operation without a line here fails the table of
//! its API.

mod bytehouse;
mod bytehouse_data_loading;
mod bytehouse_databases;
mod bytehouse_iam;
mod capydb_imports;
mod lakefs_import;
mod tidb_cloud_data_service;
mod tidb_cloud_import;
/// The documents that have a table here.
const TABLES: [&str; 5] =
    ["bytehouse", "capydb_imports", "lakefs_import", "tidb_cloud_data_service", "tidb_cloud_import"];

#[test]
fn every_document_has_a_table() {
    let documents: Vec<String> = workspace_tests::specs().into_iter().map(|document| document.module).collect();
    assert_eq!(documents, TABLES);
}
