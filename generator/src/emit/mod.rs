//! Stage `emit`: (IR, names) → files of tokens.
//!
//! In: an API, its calls and names. Out: the files of its module, each on its own, so that threads can share the work.
//!
//! Invariant: infallible, and without decisions that an earlier pass could have made. Text of the document only ever
//! becomes a string literal or a line of a doc comment.

mod client;
mod constant;
mod conversions;
mod credentials;
mod docs;
mod environment;
mod example;
mod facts;
mod file;
mod first_call;
mod incoming;
mod input;
mod newtypes;
mod object;
mod operation;
mod repetition;
mod response;
mod rust_type;
mod shared;
mod tag;
mod types;
mod union;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use crate::call_variants::CallVariants;
use crate::ir::{Api, Constant, Server, TypeId, float};
use crate::name::{Names, ServerName};
use crate::never::never;

use self::newtypes::{LEVELS, levels, newtypes};

pub use self::example::Example;
pub use self::file::FileEmitter;
pub use self::operation::{Call, Optional, Passing};

/// One file to be.
pub struct Artifact<'a> {
    /// Its path below the crate's `src`, with `/` between folders.
    pub path: String,
    write: Box<dyn Fn() -> TokenStream + Sync + 'a>,
}

impl<'a> Artifact<'a> {
    /// The file of that name, without its ending, in the module of an API.
    fn new(context: &Context<'_>, file: &str, write: impl Fn() -> TokenStream + Sync + 'a) -> Self {
        Self { path: format!("{}/{file}.rs", context.api.module), write: Box::new(write) }
    }

    /// Writes the file.
    pub fn tokens(&self) -> TokenStream {
        (self.write)()
    }
}

/// What every file of an API is written from.
pub struct Context<'a> {
    /// The API.
    pub api: &'a Api,
    /// The ways to call each operation, in the order of the operations.
    pub calls: &'a [CallVariants],
    /// The Rust names.
    pub names: &'a Names,
    /// Arrays and maps that cannot be aliases: they become structs.
    newtypes: BTreeSet<TypeId>,
    /// What is read, for what is sent and begun there.
    begun: input::ReadForms,
    /// What is read, for what is sent and made of it.
    convertible: input::ReadForms,
    /// What types, tags and requests are called, where types of the runtime may be called the same.
    taken: BTreeSet<&'a str>,
    /// The types of each file below `types/`.
    type_files: BTreeMap<String, Vec<TypeId>>,
}

impl<'a> Context<'a> {
    /// An API with all that was worked out about it.
    pub fn new(api: &'a Api, calls: &'a [CallVariants], names: &'a Names) -> Self {
        let newtypes = newtypes(api);
        let read_forms = input::read_forms(api, &newtypes);
        let begun = input::begun(&api.types, &read_forms);
        let convertible = input::convertible(&api.types, read_forms);
        let type_files = types::by_file(api, names);
        let taken = names.items().collect();
        Self { api, calls, names, newtypes, begun, convertible, taken, type_files }
    }

    /// The first server, if it can be a base URL.
    fn base_url(&self) -> Option<(&Server, &ServerName)> {
        self.api.servers.iter().zip(&self.names.servers).next().filter(|(server, _)| server.is_absolute())
    }

    /// Whether the contents of a newtype are more arrays and maps within each other than clippy allows.
    fn is_complex(&self, id: TypeId) -> bool {
        levels(self.api, &self.newtypes, id) > LEVELS
    }

    /// Whether a type that would be an alias is a struct around its contents.
    pub fn is_newtype(&self, id: TypeId) -> bool {
        self.newtypes.contains(&id)
    }
}

/// The files of an API.
pub(crate) fn artifacts<'a>(context: &'a Context<'_>) -> Vec<Artifact<'a>> {
    let mut artifacts = vec![
        Artifact::new(context, "mod", || FileEmitter::new(context).root()),
        Artifact::new(context, "client", || FileEmitter::new(context).client()),
    ];
    artifacts.extend(types::index(context));
    artifacts.extend(incoming::files(context));
    artifacts.extend(tag::files(context));
    artifacts.extend(types::files(context));
    artifacts
}

/// The files of the types of an API, and nothing else.
pub fn type_files<'a>(context: &'a Context<'_>) -> Vec<Artifact<'a>> {
    types::index(context).into_iter().chain(types::files(context)).collect()
}

/// How many types may contain one another before rustc gives up (E0320); the usual 128 are too few for some documents.
const LIMIT: &str = "4096";

/// The version of the runtime's contract that code is generated for: that of `clientwright_runtime::codegen::contract!`.
pub(crate) const CONTRACT: u32 = 1;

/// `lib.rs`
pub(crate) fn crate_root(modules: &[String]) -> TokenStream {
    let modules: BTreeSet<&String> = modules.iter().collect();
    let modules = modules.into_iter().map(|feature| {
        let name = ident(feature);
        // `cargo fmt` would lay it out differently.
        quote!(#[cfg(feature = #feature)] #[rustfmt::skip] pub mod #name;)
    });
    let contract = Literal::u32_unsuffixed(CONTRACT);
    quote! {
        #![doc = " API clients: one module and one Cargo feature per API."]
        #![doc = ""]
        #![doc = " [`runtime`] has the types that all clients share: errors, responses, dates and others."]
        #![recursion_limit = #LIMIT]
        pub use clientwright_runtime as runtime;
        clientwright_runtime::codegen::contract!(#contract);
        #(#modules)*
    }
}

/// The identifier of a name from stage `name`; a fixed one if the name is not valid.
pub fn ident(name: &str) -> Ident {
    // `Ident::new` panics on what is not an identifier. A bug in `name` must not take the generator down.
    let is_valid = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && name != "_";
    let name = if is_valid { name } else { never!("invalid_name", "`{name}` is not an identifier") };
    Ident::new(name, Span::call_site())
}

/// A constant as a literal.
fn literal(constant: &Constant) -> TokenStream {
    match constant {
        Constant::Text(text) => quote!(#text),
        Constant::Integer(number) => Literal::i64_unsuffixed(*number).into_token_stream(),
        Constant::Boolean(value) => quote!(#value),
    }
}

/// The attribute for a function with more arguments than clippy allows, `self` included: the document requires them all.
fn many_arguments(count: usize) -> Option<TokenStream> {
    (count > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]))
}

/// The attribute for a function that holds numbers of the document: clippy takes 3.14 for what should be `PI`.
fn with_fractions<'v>(mut constants: impl Iterator<Item = &'v Value>) -> Option<TokenStream> {
    constants.any(has_fraction).then(|| quote!(#[allow(clippy::approx_constant)]))
}

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_fraction),
        Value::Object(entries) => entries.values().any(has_fraction),
        value => value.is_f64(),
    }
}

/// A number as a literal that says its type, where nothing else does.
fn number(number: &serde_json::Number) -> Literal {
    match (number.as_i64(), number.as_u64()) {
        (Some(number), _) => Literal::i64_suffixed(number),
        (None, Some(number)) => Literal::u64_suffixed(number),
        (None, None) => Literal::f64_unsuffixed(float(number)),
    }
}

/// An integer as a literal of the type that is expected.
fn integer(number: &serde_json::Number) -> Literal {
    match (number.as_i64(), number.as_u64()) {
        (Some(number), _) => Literal::i64_unsuffixed(number),
        (None, Some(number)) => Literal::u64_unsuffixed(number),
        (None, None) => never!(Literal::u64_unsuffixed(0), "{number} is not an integer"),
    }
}

/// The attribute for a setter that clippy takes for an operator, by its name.
pub(crate) fn operator_setter(name: &Ident) -> Option<TokenStream> {
    const OPERATORS: [&str; 10] = ["add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub"];
    OPERATORS.iter().any(|operator| name == operator).then(|| quote!(#[allow(clippy::should_implement_trait)]))
}
