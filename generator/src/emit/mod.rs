//! Stage `emit`: (IR, names) → files of tokens.
//!
//! In: an API with its calls and names. Out: the files of its module, each written on its own, so that several threads
//! can share the work.
//!
//! Invariant: infallible, and nothing is decided here that a pass could have decided before: one short function writes
//! one artifact. Text of the document only ever becomes a string literal or a line of a doc comment.

mod client;
mod crate_root;
mod docs;
mod enumeration;
mod facts;
mod file;
mod incoming;
mod object;
mod operation;
mod response;
mod rust_type;
mod tag;
mod types;
mod union;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::call_variants::CallVariants;
use crate::ir::{Api, Shape, TagId, TypeId};
use crate::name::{Names, TagName};

pub(crate) use self::crate_root::{CONTRACT, crate_root};
pub use self::file::FileEmitter;
pub use self::operation::{Call, Optional, Passing};
pub use self::rust_type::ImportScope;

/// One file to be.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// Its path below the crate's `src`, with `/` between folders.
    pub path: String,
    /// What is in it.
    content: Content,
}

/// What a file holds.
#[derive(Clone, Debug)]
enum Content {
    /// The client, its credentials and its servers.
    Client,
    /// A tag, with its operations where it is no folder.
    Tag(TagId),
    /// The operation with this index, in the folder of its tag.
    Operation(usize),
    /// Requests that the server makes.
    Webhooks,
    /// The one of them with this index, where each has a file of its own.
    Webhook(usize),
    /// The index of all types.
    TypeIndex,
    /// The types of the file of this name below `types/`.
    Types(String),
}

/// What every file of an API is written from.
pub struct Context<'a> {
    /// The API.
    pub api: &'a Api,
    /// The ways to call each operation, in the order of the operations.
    pub calls: &'a [CallVariants],
    /// The Rust names.
    pub names: &'a Names,
    /// Types that would be an alias, but of themselves: they become structs.
    newtypes: BTreeSet<TypeId>,
    /// The types of each file below `types/`.
    type_files: BTreeMap<String, Vec<TypeId>>,
}

impl<'a> Context<'a> {
    /// An API with all that was worked out about it.
    pub fn new(api: &'a Api, calls: &'a [CallVariants], names: &'a Names) -> Self {
        let mut context = Self { api, calls, names, newtypes: newtypes(api), type_files: BTreeMap::new() };
        context.type_files = types::by_file(&context);
        context
    }

    /// The names of a tag.
    fn tag(&self, id: TagId) -> &TagName {
        static NONE: TagName =
            TagName { module: String::new(), accessor: String::new(), ident: String::new(), folder: false };
        self.names.tags.get(id.0).unwrap_or(&NONE)
    }

    /// Whether the operations of a tag are methods of the client, because they have no tag.
    fn is_implied(&self, id: TagId) -> bool {
        self.api.tags.get(id.0).is_some_and(|tag| tag.implied)
    }

    /// Whether a type that would be an alias is a struct around its contents.
    pub fn is_newtype(&self, id: TypeId) -> bool {
        self.newtypes.contains(&id)
    }
}

/// The files of an API.
pub(crate) fn artifacts(context: &Context<'_>) -> Vec<Artifact> {
    let module = &context.api.module;
    let mut artifacts = vec![
        Artifact { path: format!("{module}/mod.rs"), content: Content::Client },
        Artifact { path: format!("{module}/types/mod.rs"), content: Content::TypeIndex },
    ];
    artifacts.extend(incoming::files(context));
    artifacts.extend(tag::files(context));
    artifacts.extend(types::files(context));
    artifacts
}

/// The files of the types of an API, and nothing else.
pub fn type_files(context: &Context<'_>) -> Vec<Artifact> {
    let index = Artifact { path: format!("{}/types/mod.rs", context.api.module), content: Content::TypeIndex };
    [index].into_iter().chain(types::files(context)).collect()
}

impl Artifact {
    /// Writes the file.
    pub fn tokens(&self, context: &Context<'_>) -> TokenStream {
        match &self.content {
            Content::Client => FileEmitter::new(context).client(),
            Content::Tag(id) => FileEmitter::new(context).tag(*id),
            Content::Operation(index) => FileEmitter::in_tag(context).operation(*index),
            Content::Webhooks => FileEmitter::new(context).webhooks(),
            Content::Webhook(index) => FileEmitter::in_tag(context).webhook(*index),
            Content::TypeIndex => types::index(context),
            Content::Types(file) => match file.split_once('/') {
                Some((folder, inline)) if inline != "mod" => {
                    FileEmitter::in_component(context, folder).types_file(file)
                }
                _ => FileEmitter::new(context).types_file(file),
            },
        }
    }
}

/// A name that stage `name` made valid; should it not be one after all, a harmless one.
pub fn ident(name: &str) -> Ident {
    // `Ident::new` panics on what is no identifier. Stage `name` guarantees that there is none, and its property test
    // holds it to that; a bug there must still not take the generator down.
    let is_valid = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && name != "_";
    Ident::new(if is_valid { name } else { "invalid_name" }, Span::call_site())
}

/// What spares a setter clippy's opinion that a method of its name should be the operator of that name.
pub(crate) fn operator_setter(name: &Ident) -> Option<TokenStream> {
    const OPERATORS: [&str; 10] = ["add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub"];
    OPERATORS.iter().any(|operator| name == operator).then(|| quote!(#[allow(clippy::should_implement_trait)]))
}

/// Components that are nothing but a list, a map or another name, and that contain themselves: Rust allows no such alias.
fn newtypes(api: &Api) -> BTreeSet<TypeId> {
    api.types.iter().map(|(id, _)| id).filter(|id| reaches_itself(api, *id)).collect()
}

fn reaches_itself(api: &Api, start: TypeId) -> bool {
    let mut id = start;
    for _ in 0..=api.types.len() {
        id = match api.types.get(id).map(|ty| &ty.shape) {
            Some(Shape::Array(next) | Shape::Map(next) | Shape::Alias(next)) => next.ty,
            _ => return false,
        };
        if id == start {
            return true;
        }
    }
    false
}
