//! A number of any length. Invariants: it is a JSON number (RFC 8259 §6), and it is written as it was read.

use std::fmt;
use std::str::FromStr;

use crate::wire::{Decode, DecodeError, Encode, JsonType, Reader, Writer};

/// A number with all of its digits.
///
/// It is parsed from text, made from integers and floats, and shown with the digits that it was given. Two numbers are equal if their
/// digits are: `1.0` does not equal `1.00`.
///
/// A string that holds a number (`type: string`, `format: decimal`) stays a `String` in generated types: it is exact as it is, and may
/// hold what is not a JSON number, such as `1,000.00` or nothing. Parse it to calculate with it.
///
/// ```
/// use clientwright_runtime::{Decimal, wire};
///
/// let price: Decimal = wire::from_slice(b"12345678901234567890.10")?;
/// assert_eq!(price.as_str(), "12345678901234567890.10");
/// assert_eq!(wire::to_string(&price), "12345678901234567890.10");
/// assert_eq!(Decimal::from(5).to_f64(), 5.0);
/// assert_eq!(Decimal::try_from(0.1).map(|number| number.to_string()).as_deref(), Ok("0.1"));
/// assert_eq!(Decimal::try_from("12.50")?.to_string(), "12.50");
/// assert!(Decimal::try_from("1,5").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decimal(Box<str>);

impl Decimal {
    /// The number as it is in JSON.
    #[inline]
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest `f64`. It is infinite if the number is beyond the range of `f64`.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The string is not a JSON number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidDecimal;

impl fmt::Display for InvalidDecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a number such as -12.50")
    }
}

impl std::error::Error for InvalidDecimal {}

impl FromStr for Decimal {
    type Err = InvalidDecimal;

    /// Parses a JSON number such as `-12.50` or `1e3`.
    fn from_str(text: &str) -> Result<Self, InvalidDecimal> {
        let mut reader = Reader::new(text.as_bytes());
        match reader.number() {
            Ok(number) if number == text => Ok(Self(text.into())),
            _ => Err(InvalidDecimal),
        }
    }
}

/// As by `FromStr`.
impl TryFrom<&str> for Decimal {
    type Error = InvalidDecimal;

    fn try_from(text: &str) -> Result<Self, InvalidDecimal> {
        text.parse()
    }
}

/// `From` for integers.
macro_rules! from {
    ($($type:ty),*) => {$(
        impl From<$type> for Decimal {
            fn from(number: $type) -> Self {
                Self(number.to_string().into())
            }
        }
    )*};
}

from!(i8, i16, i32, i64, i128, u8, u16, u32, u64, u128);

impl TryFrom<f64> for Decimal {
    type Error = InvalidDecimal;

    /// The shortest number that is read as this float. An infinity and NaN are no numbers.
    fn try_from(number: f64) -> Result<Self, InvalidDecimal> {
        if number.is_finite() { Ok(Self(number.to_string().into())) } else { Err(InvalidDecimal) }
    }
}

impl Encode for Decimal {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        writer.number(self);
    }
}

impl Decode for Decimal {
    /// In a server's answer the number may be in quotes, as many servers write money.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.is_lenient() && reader.peek_type()? == JsonType::String {
            return reader.parse("number", |text| text.parse().ok());
        }
        reader.number().map(|text| Self(text.into()))
    }
}

crate::__serialize!(Decimal);
crate::__deserialize!(Decimal);
