//! A number of any length. Invariants: it is written as it was read, and a value that is not a JSON number (RFC 8259
//! §6) is never sent as one.

use crate::wire::{Decode, JsonType, Quoted, Reader, Writer};

/// A number with all of its digits.
///
/// It is parsed from text, converted from integers and floats, and shown with its original digits. Two numbers are
/// equal if their digits are equal: `1.0` does not equal `1.00`.
///
/// It is also the type of strings that hold a number (`type: string`, `format: decimal`). If a server writes a string
/// there that is not a JSON number, such as `1,000.00` or an empty one, the string is kept unchanged.
///
/// ```
/// use clientwright_runtime::{Decimal, wire};
///
/// let price: Decimal = wire::from_slice(b"12345678901234567890.10")?;
/// assert_eq!(price.as_str(), "12345678901234567890.10");
/// assert_eq!(wire::to_string(&price), "12345678901234567890.10");
/// assert_eq!(Decimal::from(5).to_f64(), 5.0);
/// assert_eq!(Decimal::from(5.0).to_string(), "5.0");
/// assert_eq!(Decimal::try_from("12.50")?.to_string(), "12.50");
/// assert!(Decimal::from_text("1,000.00").to_f64().is_nan());
/// assert!(Decimal::try_from("1,5").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decimal(Box<str>);

kept_text! {
    Decimal;
    /// Creates a number from any string, without validation, for servers that use another notation. Sending it as a
    /// JSON number is an error unless it is one.
    from_text;
    /// Returns the number in its original notation.
    as_str
}

impl Decimal {
    /// Returns `true` if the value is a JSON number.
    pub(crate) fn is_number(&self) -> bool {
        number(&self.0).is_some()
    }

    /// Returns the nearest `f64`: infinite if the number is beyond the range of `f64`, and NaN if it is not a JSON
    /// number.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        if self.is_number() { self.0.parse().unwrap_or(f64::NAN) } else { f64::NAN }
    }
}

fmt!(Debug for Decimal: self, f => f.write_str(&self.0));

invalid! {
    /// The error of a string that is not a JSON number.
    InvalidDecimal: "not a number such as -12.50"
}

/// Returns the text if it is a JSON number, such as `-12.50` or `1e3`.
fn number(text: &str) -> Option<&str> {
    Reader::new(text.as_bytes()).number().ok().filter(|number| *number == text)
}

parsed!(Decimal, number, InvalidDecimal);

from! {
    number: i8, i16, i32, i64, i128, u8, u16, u32, u64, u128 => Decimal { Self(number.to_string().into()) }
}

from! {
    /// Converts to the shortest number that is parsed as this float, with a fraction or an exponent: `5.0`. Infinities
    /// and NaN are not numbers: sending them is an error.
    number: f64 => Decimal { Self(format!("{number:?}").into()) }
}

impl Writer {
    /// Writes a number with all of its digits. A value that is not a JSON number is written as `null`, and must not be
    /// sent.
    pub fn number(&mut self, value: &Decimal) {
        if !value.is_number() {
            self.refuse("has a number that is not valid JSON");
            return self.null();
        }
        self.raw(value.as_str());
    }
}

codec! {
    #[inline]
    Decimal: self, writer => writer.number(self),
        // In a response, the number may be in quotes, a common notation of money.
        reader => if reader.is_lenient() && reader.peek_type()? == JsonType::String {
            reader.parse("number", |text| text.parse().ok())
        } else {
            reader.number().map(|text| Self(text.into()))
        };
}

codec_as! {
    Quoted as Decimal: value, writer => writer.str(value.as_str()), reader => match reader.peek_type()? {
        JsonType::String => reader.str().map(Decimal::from_text),
        _ => Decimal::decode(reader),
    }
}

crate::__serialize!(Decimal);
crate::__deserialize!(Decimal);
