//! Codec, `Debug`. In: a value. Out: its JSON, with secrets redacted.

use std::fmt;

use crate::wire::{Encode, Writer};

/// Formats a value for `Debug`: the name of the type and its JSON, on several lines for `{:#?}`.
///
/// ```
/// use clientwright_runtime::{Secret, codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// struct Login {
///     user: String,
///     password: Secret<String>,
/// }
/// codegen::object!(Login { "user" => user, "password" => password });
///
/// let login = Login { user: "ada".into(), password: "1815".into() };
/// assert_eq!(format!("{login:?}"), r#"Login {"user":"ada","password":"[redacted]"}"#);
/// assert_eq!(wire::to_string(&login), r#"{"user":"ada","password":"1815"}"#);
/// ```
///
/// # Errors
/// Returns an error if the formatter fails.
pub fn debug(value: &dyn Encode, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut writer = Writer::redacting();
    value.encode(&mut writer);
    let json = writer.into_bytes();
    let json = String::from_utf8_lossy(&json);
    if json.starts_with(['{', '[']) {
        write!(f, "{name} ")?;
        if f.alternate() { indent(&json, f) } else { f.write_str(&json) }
    } else {
        write!(f, "{name}({json})")
    }
}

/// Breaks JSON into lines. It does not recurse, because the JSON of an unknown variant may have any depth.
fn indent(json: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut depth = 0_usize;
    let (mut in_string, mut escaped) = (false, false);
    let mut characters = json.chars().peekable();
    while let Some(c) = characters.next() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            write!(f, "{c}")?;
            continue;
        }
        match c {
            '{' | '[' => {
                write!(f, "{c}")?;
                if characters.next_if(|next| matches!(next, '}' | ']')).is_some() {
                    write!(f, "{}", if c == '{' { '}' } else { ']' })?;
                } else {
                    depth += 1;
                    line(depth, f)?;
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(depth, f)?;
                write!(f, "{c}")?;
            }
            ',' => {
                f.write_str(",")?;
                line(depth, f)?;
            }
            ':' => f.write_str(": ")?,
            // Only an unknown variant can have white space.
            ' ' | '\t' | '\r' | '\n' => {}
            _ => {
                in_string = c == '"';
                write!(f, "{c}")?;
            }
        }
    }
    Ok(())
}

/// Begins a line. The indentation is limited, because the output would otherwise grow with the square of the depth.
fn line(depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "\n{:width$}", "", width = depth.min(64) * 4)
}
