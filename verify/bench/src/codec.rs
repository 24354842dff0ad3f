//! The codec, and serde_json with derived types, on the same documents.

use std::error::Error;
use std::hint::black_box;

use clientwright_runtime::wire::{self, Decode, Encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::documents;
use crate::models::{ours, theirs};

/// The measured work for each document: the codec and serde_json in turns.
pub(crate) const WORK: [&str; 4] = ["decode", "serde_json-decode", "encode", "serde_json-encode"];

/// A document and its values.
pub(crate) trait Document {
    /// The size of the document, in bytes.
    fn size(&self) -> usize;
    /// Does one of the [`WORK`].
    fn work(&self, work: &str) -> Result<(), Box<dyn Error>>;
}

struct Values<Ours, Theirs> {
    text: Vec<u8>,
    ours: Vec<Ours>,
    theirs: Vec<Theirs>,
}

/// The names of the documents.
pub(crate) const DOCUMENTS: [&str; 7] = ["issues", "shuffled", "points", "tags", "nodes", "measurements", "events"];

/// Returns a document by name.
pub(crate) fn document(name: &str) -> Result<Box<dyn Document>, Box<dyn Error>> {
    match name {
        "issues" => values::<ours::Issue, theirs::Issue>(documents::issue),
        "shuffled" => values::<ours::Issue, theirs::Issue>(documents::shuffled_issue),
        "points" => values::<ours::Point, theirs::Point>(documents::point),
        "tags" => values::<ours::Tags, theirs::Tags>(documents::tags),
        "nodes" => values::<ours::Node, theirs::Node>(documents::node),
        "measurements" => values::<ours::Measurement, theirs::Measurement>(documents::measurement),
        "events" => values::<ours::Event, theirs::Event>(documents::event),
        _ => Err(format!("{name} is not one of {}", DOCUMENTS.join(", ")).into()),
    }
}

fn values<Ours, Theirs>(element: fn(usize) -> String) -> Result<Box<dyn Document>, Box<dyn Error>>
where
    Ours: Encode + Decode + 'static,
    Theirs: Serialize + DeserializeOwned + 'static,
{
    let text = documents::list(element);
    let values: Values<Ours, Theirs> =
        Values { ours: wire::from_slice(&text)?, theirs: serde_json::from_slice(&text)?, text };
    if without_digits(&wire::to_vec(&values.ours)) != without_digits(&serde_json::to_vec(&values.theirs)?) {
        return Err("the two write different texts".into());
    }
    Ok(Box::new(values))
}

/// Removes all digits, because `serde_json` by default decodes some fractions with another last digit.
fn without_digits(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(|byte| !byte.is_ascii_digit()).collect()
}

impl<Ours: Encode + Decode, Theirs: Serialize + DeserializeOwned> Document for Values<Ours, Theirs> {
    fn size(&self) -> usize {
        self.text.len()
    }

    fn work(&self, work: &str) -> Result<(), Box<dyn Error>> {
        match work {
            "decode" => drop(black_box(wire::from_slice::<Vec<Ours>>(black_box(&self.text))?)),
            "encode" => drop(black_box(wire::to_vec(black_box(&self.ours)))),
            "serde_json-decode" => drop(black_box(serde_json::from_slice::<Vec<Theirs>>(black_box(&self.text))?)),
            "serde_json-encode" => drop(black_box(serde_json::to_vec(black_box(&self.theirs))?)),
            _ => return Err(format!("{work} is not one of {}", WORK.join(", ")).into()),
        }
        Ok(())
    }
}
