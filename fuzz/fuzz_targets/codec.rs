//! Any bytes: the codec reads as JSON what `serde_json` reads, as the same value, and nothing else.
#![no_main]

use clientwright_runtime::{JsonValue, wire};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match (wire::from_slice::<JsonValue>(bytes), serde_json::from_slice::<JsonValue>(bytes)) {
        (Ok(ours), Ok(theirs)) => {
            // Comparing the texts tells `-0.0` from `0.0`, which comparing the values does not.
            let written = wire::to_string(&ours);
            assert_eq!(written, theirs.to_string(), "another value");
            assert_eq!(wire::from_slice(written.as_bytes()).ok(), Some(ours), "what is written reads as another value");
        }
        (Err(_), Err(_)) => {}
        (Ok(_), Err(error)) => panic!("only the codec accepts it: {error}"),
        (Err(error), Ok(_)) => panic!("only serde_json accepts it: {error}"),
    }
});
