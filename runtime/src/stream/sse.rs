//! Parsing `text/event-stream` (WHATWG HTML §9.2.6).
//!
//! In: pieces of a body, cut anywhere. Out: events, with their data as text. Invariant: an incomplete event never
//! occupies more than the limit.

use std::time::Duration;

use bytes::{Buf as _, Bytes};

/// An event whose data is not decoded.
#[derive(Debug, PartialEq)]
pub(super) struct RawEvent {
    /// `None` if the server sent no type, which means `message`.
    pub(super) event: Option<String>,
    pub(super) data: String,
}

/// The maximum number of bytes that are kept of a body without events.
pub(super) const UNRECOGNIZED: usize = 8 << 10;

/// The error of an event that is larger than the limit.
#[derive(Debug, PartialEq)]
pub(super) struct TooLarge;

/// The state of an incomplete event.
#[derive(Default)]
pub(super) struct Parser {
    /// The beginning of a line.
    line: Vec<u8>,
    /// Whether the last line ended with a carriage return, which a line feed may follow.
    after_return: bool,
    /// Whether a line has ended: only the first line can begin with a byte order mark.
    is_begun: bool,
    event: Option<String>,
    data: Option<String>,
    /// Whether a line belonged to an event, or was a comment.
    is_known: bool,
    /// The first lines, until one is recognized.
    unrecognized: Vec<u8>,
    /// The ID of the incomplete event, which defaults to the last one.
    id: Option<String>,
    /// The ID of the last complete event.
    pub(super) last_id: Option<String>,
    /// The pause before reconnecting.
    pub(super) retry: Option<Duration>,
}

impl Parser {
    /// Reads from a piece up to the end of an event, or the whole piece.
    pub(super) fn read(&mut self, piece: &mut Bytes, limit: usize) -> Result<Option<RawEvent>, TooLarge> {
        while let Some(first) = piece.first() {
            if std::mem::take(&mut self.after_return) && *first == b'\n' {
                piece.advance(1);
                continue;
            }
            let end = piece.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let part = piece.split_to(end.unwrap_or(piece.len()));
            let held = self.line.len() + self.data.as_ref().map_or(0, String::len);
            if held.saturating_add(part.len()) > limit {
                return Err(TooLarge);
            }
            self.line.extend_from_slice(&part);
            if end.is_some() {
                self.after_return = piece.first() == Some(&b'\r');
                piece.advance(1);
                let line = std::mem::take(&mut self.line);
                if let Some(event) = self.end_line(&line) {
                    return Ok(Some(event));
                }
            }
        }
        Ok(None)
    }

    /// Ends the body, and with it an incomplete event. Returns the beginning of the body, if no line belongs to an event.
    pub(super) fn finish(&mut self) -> Option<Vec<u8>> {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.end_line(&line);
        }
        let unrecognized = std::mem::take(&mut self.unrecognized);
        let is_blank = unrecognized.iter().all(u8::is_ascii_whitespace);
        (!self.is_known && !is_blank).then_some(unrecognized)
    }

    /// Drops an incomplete event, since its connection has ended.
    pub(super) fn begin_again(&mut self) {
        let (last_id, retry) = (self.last_id.take(), self.retry);
        *self = Self { id: last_id.clone(), last_id, retry, ..Self::default() };
    }

    fn end_line(&mut self, line: &[u8]) -> Option<RawEvent> {
        let mark: &[u8] = if std::mem::replace(&mut self.is_begun, true) { b"" } else { b"\xEF\xBB\xBF" };
        let text = String::from_utf8_lossy(line.strip_prefix(mark).unwrap_or(line));
        if text.is_empty() {
            self.last_id.clone_from(&self.id);
            let (event, data) = (self.event.take(), self.data.take());
            return data.map(|data| RawEvent { event, data });
        }
        let (field, value) = text.split_once(':').unwrap_or((&text, ""));
        if !self.is_known {
            self.is_known = matches!(field, "" | "event" | "data" | "id" | "retry");
            if !self.is_known && self.unrecognized.len() < UNRECOGNIZED {
                let kept = line.get(..UNRECOGNIZED).unwrap_or(line);
                self.unrecognized.extend_from_slice(kept);
                self.unrecognized.push(b'\n');
            }
        }
        self.field(field, value.strip_prefix(' ').unwrap_or(value));
        None
    }

    /// Processes a field. A line without a name is a comment, and unknown fields are ignored.
    fn field(&mut self, field: &str, value: &str) {
        match field {
            "event" => self.event = (!value.is_empty()).then(|| value.to_owned()),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                none => *none = Some(value.to_owned()),
            },
            "id" if !value.contains(char::is_control) => self.id = (!value.is_empty()).then(|| value.to_owned()),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis).or(self.retry);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(pieces: &[&[u8]]) -> Vec<RawEvent> {
        let mut parser = Parser::default();
        let mut events = Vec::new();
        for piece in pieces {
            let mut piece = Bytes::copy_from_slice(piece);
            while let Some(event) = parser.read(&mut piece, 1000).unwrap() {
                events.push(event);
            }
        }
        events
    }

    fn event(event: &str, data: &str) -> RawEvent {
        RawEvent { event: (!event.is_empty()).then(|| event.to_owned()), data: data.to_owned() }
    }

    #[test]
    fn fields_make_events() {
        for (text, expected) in [
            ("data: a\n\n", vec![event("", "a")]),
            ("data:a\r\rdata:b\r\n\r\n", vec![event("", "a"), event("", "b")]),
            ("data: a\ndata:  b\ndata\n\n", vec![event("", "a\n b\n")]),
            ("event: add\ndata: 1\n\ndata: 2\n\n", vec![event("add", "1"), event("", "2")]),
            ("event: add\n\ndata: 2\n\n", vec![event("", "2")]),
            (": comment\nunknown: x\ndata: a: b\n\n", vec![event("", "a: b")]),
            ("data\n\n", vec![event("", "")]),
            ("\u{feff}data: a\n\n\u{feff}data: b\n\n", vec![event("", "a")]),
            ("data: never ended\n", vec![]),
        ] {
            assert_eq!(parsed(&[text.as_bytes()]), expected, "{text:?}");
        }
        assert_eq!(parsed(&[b"data: \xFF\n\n"]), [event("", "\u{fffd}")]);
    }

    #[test]
    fn the_end_of_the_body_drops_an_event_that_breaks_off() {
        for (text, expected, unrecognized) in [
            ("data: a\n\ndata: b", vec![event("", "a")], None),
            ("event: add\ndata: b\n", vec![], None),
            (": comment\nevent: add", vec![], None),
            ("\r\n\r\n", vec![], None),
            ("", vec![], None),
            ("a b ", vec![], Some("a b \n")),
            ("{\"x\":1}\n\n{\"x\":2}\n", vec![], Some("{\"x\":1}\n{\"x\":2}\n")),
            ("x\ndata: b", vec![], None),
        ] {
            let mut parser = Parser::default();
            let mut piece = Bytes::copy_from_slice(text.as_bytes());
            let events: Vec<_> = std::iter::from_fn(|| parser.read(&mut piece, 1000).unwrap()).collect();
            assert_eq!(events, expected, "{text:?}");
            assert_eq!(parser.finish().as_deref(), unrecognized.map(str::as_bytes), "{text:?}");
            assert_eq!(parser.finish(), None);
        }
        let mut parser = Parser::default();
        assert_eq!(parser.read(&mut Bytes::from("x".repeat(100_000) + "\n"), 1_000_000), Ok(None));
        assert_eq!(parser.finish().unwrap().len(), UNRECOGNIZED + 1);
    }

    #[test]
    fn ids_and_times_stay() {
        let mut parser = Parser::default();
        let mut read = |text: &'static str| {
            while parser.read(&mut Bytes::from_static(text.as_bytes()), 1000).unwrap().is_some() {}
            (parser.last_id.clone(), parser.retry)
        };
        let second = Some(Duration::from_secs(1));
        assert_eq!(read("id: 7\nretry: 1000\n\n"), (Some("7".to_owned()), second));
        assert_eq!(
            read("id: a\0b\nid: a\tb\nid: \u{85}\nretry: 1s\nretry: 99999999999999999999999\n\n"),
            (Some("7".to_owned()), second)
        );
        assert_eq!(read("id: 8\ndata: lost"), (Some("7".to_owned()), second));
        assert_eq!(read("\n\n"), (Some("8".to_owned()), second));
        assert_eq!(read("id\n\n"), (None, second));
    }

    #[test]
    fn an_event_has_a_limit() {
        let mut parser = Parser::default();
        let long = Bytes::from("data: ".to_owned() + &"x".repeat(100));
        assert_eq!(parser.read(&mut long.clone(), 106), Ok(None));
        assert_eq!(parser.read(&mut long.clone(), 105), Err(TooLarge));
        let mut parser = Parser::default();
        let mut lines = Bytes::from("data: x\n".repeat(100));
        assert_eq!(parser.read(&mut lines, 100), Err(TooLarge));
    }

    proptest! {
        /// Servers and networks split a body anywhere.
        #[test]
        fn where_a_body_is_cut_does_not_matter(
            lines in prop::collection::vec("(data|event|id|x|):? ?[a-zé\u{feff}]{0,3}(\r|\n|\r\n){1,2}", 0..12),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..9),
        ) {
            let text = lines.concat().into_bytes();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect();
            prop_assert_eq!(parsed(&pieces), parsed(&[&text]));
        }
    }
}
