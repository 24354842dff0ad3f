//! Generated code is compiled, in scratch crates below the target folder.

#![cfg(test)]

mod build_script;
mod clients;
mod contract_programs;
mod examples;
mod semver;
mod streams;
