//! Part of `repair`: numbers beyond 64 bits.
//!
//! In: a document in which such numbers were rounded to the nearest that 64 bits can hold. Out: strings where a string
//! is meant; everything else rounded, and listed. Invariant: no rounded number goes without an entry.

use serde_json::Value;

use super::Repairer;
use crate::normalize::pass::Weight;

impl Repairer<'_> {
    /// Looks at a value. `is_text`: a string is meant; `is_bound`: it is the bound of a schema.
    pub(super) fn numbers(&mut self, value: &mut Value, is_text: bool, is_bound: bool) {
        match value {
            Value::Number(number) if number.is_f64() => self.number(value, is_text, is_bound),
            Value::Array(_) => self.each(value, |repairer, _, item| repairer.numbers(item, is_text, false)),
            _ => {
                let is_string = value.get("type").and_then(Value::as_str) == Some("string");
                self.each(value, |repairer, key, member| {
                    let is_value = matches!(key, "default" | "example" | "enum");
                    let is_bound = matches!(key, "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum");
                    repairer.numbers(member, is_string && is_value, is_bound);
                });
            }
        }
    }

    fn number(&mut self, value: &mut Value, is_text: bool, is_bound: bool) {
        let Some(written) = self.written.rounded(&self.path) else { return };
        if is_text {
            let text = format!("`{written}` is a string like its schema");
            *value = Value::String(written);
            return self.note("large-number", "", Weight::Interpreted, text);
        }
        // No 64-bit value is between a bound beyond them and the nearest float.
        let weight = if is_bound { Weight::Interpreted } else { Weight::Lossy };
        self.note("large-number", "", weight, format!("`{written}` has more digits than 64 bits: `{value}`"));
    }
}
