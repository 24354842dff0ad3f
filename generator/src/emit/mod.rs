//! Stage `emit`: (IR, names) → files of tokens.
//!
//! In: an API, its calls and names. Out: the files of its module, written independently so that threads can share the work.
//!
//! Invariant: infallible, and without decisions that an earlier stage could have made. Text of the document becomes only string
//! literals and doc comments.

mod client;
mod constant;
mod conversions;
mod credentials;
mod docs;
mod environment;
mod example;
mod facts;
mod features;
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
mod xml;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use crate::call_variants::CallVariants;
use crate::ir::{Api, Server, TypeId, float};
use crate::name::{Names, ServerName, is_among, is_word};
use crate::never::never;

use self::features::Features;
use self::newtypes::newtypes;

pub(crate) use self::features::tag_features;

pub(crate) use self::file::Draft;
pub use self::file::FileEmitter;
pub use self::operation::{Call, Optional, Passing};

/// A file that has not been written yet.
pub struct Artifact<'a> {
    /// The path below the crate's `src`, with `/` between folders.
    pub path: String,
    /// The path below the API's folder, without extension.
    file: String,
    context: &'a Context<'a>,
    /// Writes the items of the file.
    write: Box<dyn Fn(&FileEmitter<'a>) -> TokenStream + Sync + 'a>,
}

impl<'a> Artifact<'a> {
    /// Creates a file of an API.
    fn new(
        context: &'a Context<'a>,
        file: String,
        write: impl Fn(&FileEmitter<'a>) -> TokenStream + Sync + 'a,
    ) -> Self {
        Self { path: format!("{}/{file}.rs", context.api.module), file, context, write: Box::new(write) }
    }

    /// Writes the file.
    pub fn draft(&self) -> Draft {
        let emitter = FileEmitter::at(self.context, &self.file);
        let items = (self.write)(&emitter);
        let imports = emitter.imports();
        Draft { tokens: joined([emitter.head.into_inner(), imports, items].map(Some)), docs: emitter.docs.into_inner() }
    }
}

/// The context of all files of an API.
pub struct Context<'a> {
    /// The API.
    pub api: &'a Api,
    /// The ways to call each operation, in the order of operations.
    pub calls: &'a [CallVariants],
    /// The Rust names.
    pub names: &'a Names,
    /// Arrays and maps that cannot be aliases and become structs.
    newtypes: BTreeSet<TypeId>,
    /// The read type for each sent type whose constructor is also on the read type.
    constructor_types: input::ReadForms,
    /// The read type for each sent type that can be converted from it.
    convertible: input::ReadForms,
    /// The names of types, tags and requests, which may collide with runtime types.
    item_names: BTreeSet<&'a str>,
    /// The types of each file below `types/`.
    type_files: BTreeMap<String, Vec<TypeId>>,
    /// The Cargo features of tags, if enabled.
    features: Option<Features>,
}

impl<'a> Context<'a> {
    /// Creates the context of an API.
    pub fn new(api: &'a Api, calls: &'a [CallVariants], names: &'a Names) -> Self {
        let newtypes = newtypes(&api.types);
        let read_forms = input::read_forms(&api.types, &newtypes);
        let constructor_types = input::constructor_types(&api.types, &read_forms);
        let convertible = input::convertible(&api.types, read_forms);
        let type_files = types::by_file(api, names);
        let item_names = names.items().collect();
        let features = None;
        let mut context =
            Self { api, calls, names, newtypes, constructor_types, convertible, item_names, type_files, features };
        context.features = api.tag_features.then(|| Features::of(&context));
        context
    }

    /// Returns the first server, if it can be a base URL.
    fn base_url(&self) -> Option<(&Server, &ServerName)> {
        self.api.servers.iter().zip(&self.names.servers).next().filter(|(server, _)| server.is_absolute())
    }

    /// Returns `true` if a type is a newtype instead of an alias.
    pub fn is_newtype(&self, id: TypeId) -> bool {
        self.newtypes.contains(&id)
    }
}

/// Returns the files of an API.
pub fn artifacts<'a>(context: &'a Context<'a>) -> Vec<Artifact<'a>> {
    let file = |stem: &str, write: fn(&FileEmitter<'a>) -> TokenStream| Artifact::new(context, stem.to_owned(), write);
    let mut artifacts = vec![file("mod", FileEmitter::root), file("client", FileEmitter::client)];
    artifacts.extend(types::index(context));
    artifacts.extend(incoming::files(context));
    let Names { errors, xml, .. } = context.names;
    artifacts.extend((!errors.is_empty()).then(|| file(errors, FileEmitter::errors)));
    artifacts.extend((!xml.is_empty()).then(|| file(xml, FileEmitter::xml_file)));
    artifacts.extend(tag::files(context));
    artifacts.extend(types::files(context));
    artifacts
}

/// The recursion limit for nested types (E0320); the default of 128 is too low for some documents.
const LIMIT: &str = "4096";

/// The version of the runtime's contract with generated code: see `clientwright_runtime::codegen::contract!`.
pub(crate) const CONTRACT: u32 = 1;

/// Writes `lib.rs`.
pub(crate) fn crate_root(modules: &[String]) -> Draft {
    let modules: BTreeSet<&String> = modules.iter().collect();
    let modules = modules.into_iter().map(|feature| {
        let name = ident(feature);
        // `cargo fmt` would format it differently.
        quote!(#[cfg(feature = #feature)] #[rustfmt::skip] pub mod #name;)
    });
    let contract = Literal::u32_unsuffixed(CONTRACT);
    let tokens = quote! {
        #![doc = " API clients: one module and one Cargo feature per API."]
        #![doc = ""]
        #![doc = " [`runtime`] has the types that all clients share: errors, responses, dates and others."]
        #![recursion_limit = #LIMIT]
        pub use clientwright_runtime as runtime;
        clientwright_runtime::codegen::contract!(#contract);
        #(#modules)*
    };
    tokens.into()
}

/// Returns the identifier for a name from stage `name`; a fallback if the name is invalid.
pub fn ident(name: impl AsRef<str>) -> Ident {
    let name = name.as_ref();
    // `Ident::new` panics on invalid identifiers. A bug in `name` must not crash the generator.
    let name = if is_word(name) { name } else { never!("invalid_name", "`{name}` is not an identifier") };
    Ident::new(name, Span::call_site())
}

/// Returns the items, if there are any.
fn nonempty<T>(items: impl IntoIterator<Item = T>) -> Option<Vec<T>> {
    let items: Vec<T> = items.into_iter().collect();
    (!items.is_empty()).then_some(items)
}

/// Concatenates the parts. `quote!` would copy them.
fn joined(parts: impl IntoIterator<Item = Option<TokenStream>>) -> TokenStream {
    parts.into_iter().flatten().collect()
}

/// Returns a chained call with an argument, if there is one.
fn with(setter: &str, argument: Option<impl ToTokens>) -> Option<TokenStream> {
    let (argument, setter) = (argument?, ident(setter));
    Some(quote!(.#setter(#argument)))
}

/// Returns a chained call without arguments, if it applies.
fn with_flag(setter: &str, applies: bool) -> Option<TokenStream> {
    with(setter, applies.then(TokenStream::new))
}

/// Returns a chained call with a slice, if it has items.
fn with_slice(setter: &str, items: impl IntoIterator<Item = impl ToTokens>) -> Option<TokenStream> {
    with(setter, nonempty(items).map(|items| quote!(&[#(#items),*])))
}

/// Returns a string, number or boolean as a literal. With `suffixed`, an integer has a suffix, because its context does not
/// determine the type.
fn literal(value: &Value, suffixed: bool) -> TokenStream {
    let number = match value {
        Value::String(text) => return text.into_token_stream(),
        Value::Bool(value) => return value.into_token_stream(),
        Value::Number(number) => number,
        _ => return never!(quote!(()), "{value} is not a scalar"),
    };
    let literal = match (number.as_i64(), number.as_u64()) {
        (Some(number), _) if suffixed => Literal::i64_suffixed(number),
        (Some(number), _) => Literal::i64_unsuffixed(number),
        (None, Some(number)) if suffixed => Literal::u64_suffixed(number),
        (None, Some(number)) => Literal::u64_unsuffixed(number),
        (None, None) => Literal::f64_unsuffixed(float(number)),
    };
    literal.into_token_stream()
}

/// Returns the attribute for a function with more arguments than clippy allows, including `self`.
fn many_arguments(count: usize) -> Option<TokenStream> {
    (count > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]))
}

/// Returns the attribute for a function with numbers from the document: clippy suggests `PI` for 3.14.
fn with_fractions<'v>(mut constants: impl Iterator<Item = &'v Value>) -> Option<TokenStream> {
    constants.any(Value::is_f64).then(|| quote!(#[allow(clippy::approx_constant)]))
}

/// Returns the attribute for a setter with the name of an operator's method, which clippy reports.
pub(crate) fn operator_setter(name: &Ident) -> Option<TokenStream> {
    const OPERATORS: &str = "add bitand bitor bitxor div mul rem shl shr sub";
    is_among(&name.to_string(), &[OPERATORS]).then(|| quote!(#[allow(clippy::should_implement_trait)]))
}
