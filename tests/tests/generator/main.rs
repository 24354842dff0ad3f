//! Tests of the normalizer and the generator on documents, and of the texts of this repository.

#![cfg(test)]

mod canonical;
mod chosen;
mod differences;
mod english;
mod explain;
mod guide;
mod hostile;
mod intake;
mod malformed;
mod names;
mod names_stay;
mod normalize_mutations;
mod pipeline;
mod programs;
mod readme;
mod stages;
mod support;
mod tidy;
mod workflows;
