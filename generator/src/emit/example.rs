//! Part of `emit`: a sample call of an operation, for the documentation.
//!
//! Invariant: an example compiles if `client` is a client of the API and `types` its types. (`cargo xtask corpus` compiles the examples of
//! real documents.)

use super::file::FileEmitter;
use super::object::ArgumentKind;
use super::operation::{Call, Passing};
use super::response::is_events;
use crate::call_variants::{Payload, ResponsePayload};
use crate::ir::{Field, MediaKind, MediaType, Shape, Text, TypeRef, Variant};

/// The maximum depth of nested objects in an example.
const LEVELS: usize = 2;

/// The maximum length of a one-line statement, which needs no formatting.
const ONE_LINE: usize = 70;

/// The maximum number of arguments in an example.
const ARGUMENTS: usize = 6;

/// Free variables and their types.
type Free = Vec<(String, TypeRef)>;

/// A call in Rust.
#[derive(Default)]
pub struct Example {
    /// The statements.
    pub lines: Vec<String>,
    /// Whether the example has variables without a value because the value is too complex.
    pub has_gaps: bool,
}

impl FileEmitter<'_> {
    /// Returns a call with all required arguments.
    pub fn example(&self, call: &Call<'_>) -> Example {
        let mut free = Vec::new();
        let mut arguments = Vec::new();
        for (parameter, name) in call.required() {
            let used = parameter.ty.unboxed();
            arguments.push(match self.passing(parameter) {
                Passing::Encoded | Passing::Text => quoted(name),
                Passing::Reference => format!("&{}", self.sample_or_variable(used, name, &mut free)),
                Passing::Value => self.sample_or_variable(used, name, &mut free),
            });
        }
        if let Some(media_type) = call.required_media_type() {
            arguments.extend(self.body_sample(media_type, call, &mut free));
        }
        let has_items = call.repeated().is_some_and(|body| self.pages(call, body).is_some());
        let (answer, end) = match call.success().0 {
            _ if has_items => ("let items = ", ";".to_owned()),
            ResponsePayload::Empty => ("", ";".to_owned()),
            ResponsePayload::One(Payload { kind: MediaKind::Stream(kind), .. }) if is_events(*kind) => {
                ("let mut events = ", stream_loop("events", "event", "data = event?.data"))
            }
            ResponsePayload::One(Payload { kind: MediaKind::Stream(_), .. }) => {
                ("let mut items = ", stream_loop("items", "item", "item = item?"))
            }
            _ => ("let response = ", ";".to_owned()),
        };
        let path = self.method_path(call);
        let items = if has_items { ".items().up_to(100)" } else { "" };
        // A separate emitter, so that this file does not import the example's types.
        let types = FileEmitter::new(self.context);
        let values: Vec<Option<String>> = free.iter().map(|(name, used)| self.variable_value(*used, name)).collect();
        let has_gaps = values.contains(&None);
        let mut statements = String::new();
        for ((name, used), value) in free.iter().zip(values) {
            let value = value.as_deref().unwrap_or("todo!()");
            statements += &format!("let {name}: {} = {value};", types.rust_type(*used));
        }
        statements += &format!("{answer}client.{path}({}){items}.await?{end}", arguments.join(", "));
        let is_one_line = free.is_empty() && statements.len() <= ONE_LINE && !statements.contains('{');
        let lines = if is_one_line { vec![statements] } else { formatted(&statements) };
        Example { lines, has_gaps }
    }

    /// Returns the path of a call's method from the client: `pets().create`.
    pub fn method_path(&self, call: &Call<'_>) -> String {
        let method = &call.variant_name.method;
        let tag = self.names.tags.get(call.operation.tag.0).filter(|_| !self.api.is_implied(call.operation.tag));
        tag.map_or_else(|| method.clone(), |tag| format!("{}().{method}", tag.accessor))
    }

    fn body_sample(&self, media_type: &MediaType, call: &Call<'_>, free: &mut Free) -> Vec<String> {
        let name = &call.name.body;
        match Payload::of(media_type).used {
            Some(used) => vec![self.sample_or_variable(used, name, free)],
            None if media_type.named_by_caller => {
                let content_type = match media_type.name.split('/').next() {
                    Some("multipart") => "multipart/form-data; boundary=part",
                    Some("text") => "text/plain",
                    _ => "image/png",
                };
                vec![quoted(content_type), quoted(name)]
            }
            None => vec![quoted(name)],
        }
    }

    /// Returns a sample value of a type, or a variable for it; an array has one item.
    fn sample_or_variable(&self, used: TypeRef, name: &str, free: &mut Free) -> String {
        if used.secret && !used.nullable && self.resolved(used) == &Shape::Text(Text::Plain) {
            return quoted(name);
        }
        let list = if used.nullable { None } else { self.list_sample(used, name, free) };
        if let Some(sample) = list.or_else(|| self.sample(used, name, LEVELS, free)) {
            return sample;
        }
        let name = if is_taken(free, name) { format!("{name}_value") } else { name.to_owned() };
        free.push((name.clone(), used));
        name
    }

    /// Returns the value of a variable; `None` if it is too complex for an example.
    fn variable_value(&self, used: TypeRef, name: &str) -> Option<String> {
        match self.resolved(used) {
            Shape::Array(item) if !used.secret => {
                let mut free = Vec::new();
                let sample = self.sample(*item, name, LEVELS, &mut free).filter(|_| free.is_empty());
                Some(format!("vec![{}]", sample.or_else(|| self.parsed(*item))?))
            }
            Shape::Map(_) if !used.secret => Some("Default::default()".to_owned()),
            _ => self.parsed(used),
        }
    }

    /// Returns a value that is parsed from text.
    fn parsed(&self, used: TypeRef) -> Option<String> {
        let text = match self.resolved(used) {
            _ if used.secret => return None,
            Shape::Text(Text::DateTime) => "2025-01-31T12:00:00Z",
            Shape::Text(Text::Date) => "2025-01-31",
            Shape::Text(Text::Time) => "12:00:00Z",
            Shape::Text(Text::Duration) => "PT1H",
            Shape::Text(Text::Uuid) => "0195a7e2-4c5b-7d5e-8c1f-3a2b1c0d9e8f",
            Shape::Text(Text::Decimal) | Shape::Decimal => "1.5",
            _ => return None,
        };
        Some(format!("\"{text}\".parse()?"))
    }

    /// Returns a sample value of a type; `None` if it is too complex for an example. Constructors are nested at most `levels` deep.
    fn sample(&self, used: TypeRef, name: &str, levels: usize, free: &mut Free) -> Option<String> {
        if used.nullable {
            return Some("None".to_owned());
        }
        let types = self.types;
        let (end, place) = (types.end(used), types.place(used));
        let ty = Some(&types[end]).filter(|_| self.is_bare(used))?;
        let members = self.names.members(end);
        Some(match &ty.shape {
            Shape::Boolean => "true".to_owned(),
            Shape::Integer(_) => "1".to_owned(),
            Shape::Number => "1.0".to_owned(),
            Shape::Text(Text::Plain) => format!("{}.to_owned()", quoted(name)),
            shape if shape.is_enumeration() => {
                format!("types::{}::{}", self.names.ty(place)?.ident, members.first()?)
            }
            Shape::Array(item) => format!("vec![{}]", self.sample(*item, name, 0, free)?),
            Shape::Union(union) => {
                let levels = levels.checked_sub(1)?;
                let ty = &self.names.ty(place)?.ident;
                let mut variants = union.variants.iter().zip(members).filter(|(variant, _)| !variant.ty.nullable);
                let sample = |(variant, member): (&Variant, &String)| {
                    let mut unknown = Vec::new();
                    let sample = self.sample(variant.ty.unboxed(), name, levels, &mut unknown);
                    let sample = sample.filter(|_| unknown.is_empty())?;
                    let sample = if variant.ty.boxed { format!("Box::new({sample})") } else { sample };
                    Some(format!("types::{ty}::{member}({sample})"))
                };
                variants.find_map(sample)?
            }
            Shape::Object(object) if ty.sent => {
                let fields = object.fields.iter().zip(members);
                let required: Vec<(&Field, &String)> = fields.filter(|(field, _)| ty.is_argument(field)).collect();
                let levels = levels.checked_sub(1).filter(|_| required.len() <= ARGUMENTS)?;
                let known = free.len();
                let arguments = required.into_iter().map(|(field, name)| self.field_sample(field, name, levels, free));
                let Some(arguments) = arguments.collect::<Option<Vec<String>>>() else {
                    free.truncate(known);
                    return None;
                };
                format!("types::{}::new({})", self.names.ty(place)?.ident, arguments.join(", "))
            }
            _ => return None,
        })
    }

    /// Returns a sample argument of a constructor. An `impl Into` argument cannot be a variable, whose type would be unknown.
    fn field_sample(&self, field: &Field, name: &str, levels: usize, free: &mut Free) -> Option<String> {
        match self.resolved(field.ty) {
            _ if field.ty.nullable => return (!field.ty.secret).then(|| "None".to_owned()),
            Shape::Text(Text::Plain) => return Some(quoted(name)),
            Shape::Text(Text::File | Text::Base64) => {
                return Some(format!("{}.as_bytes().to_vec()", quoted(name)));
            }
            _ if field.ty.secret => return None,
            Shape::Decimal | Shape::Text(Text::Decimal) => return Some("1".to_owned()),
            _ => {}
        }
        let plain = field.ty.unboxed();
        let sample = self.list_sample(field.ty, name, free);
        sample.or_else(|| self.sample(plain, name, levels, free)).or_else(|| {
            let takes_itself = self.argument_kind(field.ty) != ArgumentKind::Into;
            (takes_itself && !is_taken(free, name)).then(|| {
                free.push((name.to_owned(), plain));
                name.to_owned()
            })
        })
    }

    /// Returns a sample list argument with one item; text does not have to be a `String`.
    fn list_sample(&self, used: TypeRef, name: &str, free: &mut Free) -> Option<String> {
        let ArgumentKind::Items(item) = self.argument_kind(used) else { return None };
        let item = if self.is_plain_text(item) { quoted(name) } else { self.sample(item, name, 0, free)? };
        Some(format!("[{item}]"))
    }
}

/// Returns the end of an example that reads a stream.
fn stream_loop(stream: &str, item: &str, taken: &str) -> String {
    format!(".into_inner(); while let Some({item}) = {stream}.next().await {{ let {taken}; }}")
}

/// Returns a string literal with the name of the argument.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.trim_matches('_'))
}

/// Formats statements like rustfmt.
fn formatted(statements: &str) -> Vec<String> {
    let Ok(file) = syn::parse_file(&format!("async fn example() {{ {statements} }}")) else {
        return vec![statements.to_owned()];
    };
    let text = prettyplease::unparse(&file);
    text.lines().filter_map(|line| line.strip_prefix("    ")).map(str::to_owned).collect()
}

/// Returns `true` if an example has a variable with that name.
fn is_taken(free: &Free, name: &str) -> bool {
    name == "client" || free.iter().any(|(known, _)| known == name)
}
