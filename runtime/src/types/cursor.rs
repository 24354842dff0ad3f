//! Parses the parts of dates and times from the left (RFC 3339 §5.6), leniently.
//!
//! In: a string. Out: its parts, if they are valid: 30 February and hour 24 are not.

/// Parses a string from the left.
pub(super) struct Cursor<'t>(&'t [u8]);

/// A time of day.
#[derive(Clone, Copy)]
pub(super) struct TimeOfDay {
    pub(super) hour: u32,
    pub(super) minute: u32,
    /// 60 in a leap second.
    pub(super) second: u32,
    pub(super) nanosecond: u32,
}

impl TimeOfDay {
    /// Returns the seconds since midnight.
    pub(super) fn seconds(self) -> i64 {
        i64::from(self.hour * 3600 + self.minute * 60 + self.second)
    }
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self(text.as_bytes())
    }

    /// Returns `Some` if the end is reached.
    pub(super) fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    pub(super) fn eat(&mut self, allowed: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        if !allowed.contains(first) {
            return None;
        }
        self.0 = rest;
        Some(*first)
    }

    fn digit(&mut self) -> Option<u32> {
        self.eat(b"0123456789").map(|digit| u32::from(digit - b'0'))
    }

    /// Parses a number of any length. A number that is too large is saturated.
    pub(super) fn whole(&mut self) -> Option<u64> {
        let mut number = u64::from(self.digit()?);
        while let Some(digit) = self.digit() {
            number = number.saturating_mul(10).saturating_add(digit.into());
        }
        Some(number)
    }

    /// Parses a number of exactly this many digits, at most `max`.
    fn number(&mut self, digits: usize, max: u32) -> Option<u32> {
        let mut number = 0;
        for _ in 0..digits {
            number = number * 10 + self.digit()?;
        }
        (number <= max).then_some(number)
    }

    /// Parses the digits after the decimal sign, in billionths. Further digits are dropped.
    pub(super) fn fraction(&mut self) -> Option<u32> {
        let mut billionths = self.digit()? * 100_000_000;
        let mut unit = 10_000_000;
        while let Some(digit) = self.digit() {
            billionths += digit * unit;
            unit /= 10;
        }
        Some(billionths)
    }

    /// Parses `2024-05-01`: year, month, day.
    pub(super) fn date(&mut self) -> Option<(u32, u32, u32)> {
        let year = self.number(4, 9999)?;
        self.eat(b"-")?;
        let month = self.number(2, 12)?;
        self.eat(b"-")?;
        let day = self.number(2, 31)?;
        (month > 0 && day > 0 && day <= days_of(year, month)).then_some((year, month, day))
    }

    /// Parses `12:00`, `12:00:00` or `12:00:00.5`, also with a comma.
    pub(super) fn time(&mut self) -> Option<TimeOfDay> {
        let hour = self.number(2, 23)?;
        self.eat(b":")?;
        let minute = self.number(2, 59)?;
        // A leap second counts as the first of the next minute.
        let second = if self.eat(b":").is_some() { self.number(2, 60)? } else { 0 };
        let nanosecond = if self.eat(b".,").is_some() { self.fraction()? } else { 0 };
        Some(TimeOfDay { hour, minute, second, nanosecond })
    }

    /// Parses `Z`, `+hh`, `+hhmm` or `+hh:mm`, also after a space, or no offset. Returns seconds from UTC; east is
    /// positive.
    pub(super) fn offset(&mut self) -> Option<Option<i32>> {
        if self.0.is_empty() {
            return Some(None);
        }
        self.eat(b" ");
        if self.eat(b"Zz").is_some() {
            return Some(Some(0));
        }
        let sign = self.eat(b"+-")?;
        let hours = self.number(2, 23)?;
        let minutes = if self.eat(b":").is_some() || !self.0.is_empty() { self.number(2, 59)? } else { 0 };
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
        Some(Some(if sign == b'-' { -seconds } else { seconds }))
    }
}

fn days_of(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}
