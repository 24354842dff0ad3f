//! The parameters of a request.
//!
//! In: location, name, style and value. Out: the encoded parameters. Invariant: setting never fails. The first error is
//! stored and returned when the request is sent.

use std::mem::take;

use http::{HeaderName, HeaderValue};

use crate::body::File;
use crate::by_name::{ByName, replace, replace_all};
use crate::clipped::Clipped;
use crate::header::{header_name, header_value};
use crate::parameter::{self, Style};
use crate::types::UnknownJson;
use crate::wire::{Encode, Reason, Writer};

/// The location of a parameter in a request.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

impl Location {
    fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// The encoded parameters of a request. The last value of a name takes precedence.
#[derive(Clone, Default)]
pub(crate) struct Parameters {
    pub(crate) path: ByName<String, String>,
    /// Pairs, joined by `&`.
    pub(crate) query: ByName<String, String>,
    pub(crate) headers: ByName<HeaderName, HeaderValue>,
    /// Pairs, by the name of the parameter.
    pub(crate) cookies: ByName<String, Vec<(String, String)>>,
    /// Properties to add to the JSON body: their paths and their JSON.
    pub(crate) properties: ByName<Vec<String>, UnknownJson>,
    /// The JSON of each value of a [`Secret`](crate::Secret), regardless of its location.
    pub(crate) secrets: Vec<String>,
    /// The first error.
    pub(crate) problem: Option<String>,
    /// A reusable buffer for the next JSON.
    room: String,
}

impl Parameters {
    /// Sets a parameter. If its style cannot express an empty array (RFC 6570 §2.3), an empty optional array is
    /// omitted, and an empty required array is an error.
    pub(crate) fn set(&mut self, location: Location, name: &str, style: Style, value: &dyn Encode, is_required: bool) {
        if let Err(reason) = self.try_set(location, name, style, value, is_required) {
            self.refuse(location, name, reason);
        }
    }

    fn try_set(
        &mut self,
        location: Location,
        name: &str,
        style: Style,
        value: &dyn Encode,
        is_required: bool,
    ) -> Result<(), Reason> {
        let (json, _) = self.written(value)?;
        if is_required && json == "[]" && style.is_one_text() && location != Location::Path {
            return Err("is an empty array, which its style cannot express");
        }
        match location {
            Location::Path => {
                replace(&mut self.path, name.to_owned(), Some(parameter::path(name, style, &json)?));
            }
            Location::Query => {
                let pairs = parameter::query(name, style, &json)?;
                replace(&mut self.query, name.to_owned(), Some(pairs).filter(|pairs| !pairs.is_empty()));
            }
            Location::Header => {
                let text = parameter::header(style, &json)?;
                let header = header_name(name)?;
                let value = text.map(|text| header_value(&header, &text)).transpose()?;
                replace(&mut self.headers, header, value);
            }
            Location::Cookie => {
                let pairs = parameter::cookie(name, style, &json)?;
                replace(&mut self.cookies, name.to_owned(), Some(pairs).filter(|pairs| !pairs.is_empty()));
            }
        }
        self.room = json;
        Ok(())
    }

    /// Returns the JSON of a value, and its files, if it can be sent. Its secrets are stored.
    pub(crate) fn written(&mut self, value: &dyn Encode) -> Result<(String, Vec<(usize, File)>), Reason> {
        let mut writer = Writer::reusing(take(&mut self.room));
        value.encode(&mut writer);
        self.secrets.append(&mut writer.secrets);
        match writer.problem {
            Some(reason) => Err(reason),
            None => Ok(writer.into_parts()),
        }
    }

    /// Sets a property of the JSON body.
    pub(crate) fn set_property(&mut self, path: &[&str], value: &dyn Encode) {
        match self.written(value) {
            Ok((json, _)) => {
                let path = path.iter().map(|name| (*name).to_owned()).collect();
                replace(&mut self.properties, path, Some(UnknownJson::__new(&json)));
            }
            Err(reason) => self.fail(format!("the property `{}` of the body {reason}", Clipped(&path.join(".")))),
        }
    }

    /// Adds other parameters.
    pub(crate) fn extend(&mut self, others: Self) {
        replace_all(&mut self.path, others.path);
        replace_all(&mut self.query, others.query);
        replace_all(&mut self.headers, others.headers);
        replace_all(&mut self.cookies, others.cookies);
        replace_all(&mut self.properties, others.properties);
        self.secrets.extend(others.secrets);
        self.problem = self.problem.take().or(others.problem);
    }

    /// Stores the reason why a parameter cannot be sent.
    #[cold]
    pub(crate) fn refuse(&mut self, location: Location, name: &str, reason: Reason) {
        self.fail(format!("the {} parameter `{}` {reason}", location.name(), Clipped(name)));
    }

    /// Stores the first error.
    #[cold]
    pub(crate) fn fail(&mut self, reason: String) {
        self.problem.get_or_insert(reason);
    }
}

pub(super) fn names<N: AsRef<str>, V>(values: &[(N, V)]) -> Vec<&str> {
    values.iter().map(|(name, _)| name.as_ref()).collect()
}
