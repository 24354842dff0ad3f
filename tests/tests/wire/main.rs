//! Generated clients against servers: sent requests and decoded responses.

#![cfg(test)]

mod bytehouse;
mod capydb_imports;
mod consumer;
mod lakefs_import;
mod models;
mod operations;
mod repetition;
mod support;
mod tidb_cloud;
mod tidb_digest;
mod values;
