//! Stage `emit`: (IR, names) → files of tokens.
//!
//! In: an API with its calls and names. Out: the files of its module.
//!
//! Invariant: infallible, and nothing is decided here that a pass could have decided before: one short function writes
//! one artifact. Text of the document only ever becomes a string literal or a line of a doc comment.

mod client;
mod crate_root;
mod docs;
mod enumeration;
mod facts;
mod file;
mod object;
mod operation;
mod outcome;
mod rust_type;
mod tag;
mod types;
mod union;

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::calls::Calls;
use crate::ir::{Api, Shape, TypeId};
use crate::name::Names;

pub(crate) use self::crate_root::crate_root;
pub(crate) use self::file::File;
pub(crate) use self::operation::{Call, Optional, Passing};
pub(crate) use self::rust_type::From;

/// One file to be, before it is formatted.
#[derive(Clone, Debug)]
pub(crate) struct Artifact {
    /// Its path below the crate's `src`, with `/` between folders.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) tokens: TokenStream,
}

/// What every file of an API is written from.
pub(crate) struct Context<'a> {
    pub(crate) api: &'a Api,
    pub(crate) calls: &'a [Calls],
    pub(crate) names: &'a Names,
    /// Types that would be an alias, but of themselves: they become structs.
    newtypes: BTreeSet<TypeId>,
}

impl<'a> Context<'a> {
    /// An API with all that was worked out about it.
    pub(crate) fn new(api: &'a Api, calls: &'a [Calls], names: &'a Names) -> Self {
        Self { api, calls, names, newtypes: newtypes(api) }
    }

    /// Whether a type that would be an alias is a struct around its contents.
    pub(crate) fn is_newtype(&self, id: TypeId) -> bool {
        self.newtypes.contains(&id)
    }
}

/// Writes all files of an API.
pub(crate) fn emit(api: &Api, calls: &[Calls], names: &Names) -> Vec<Artifact> {
    let context = Context::new(api, calls, names);
    let mut artifacts = vec![client::module(&context), types::index(&context)];
    artifacts.extend(tag::files(&context));
    artifacts.extend(types::files(&context));
    artifacts
}

/// A name that stage `name` made valid; should it not be one after all, a raw or a harmless one.
pub(crate) fn ident(name: &str) -> Ident {
    // `Ident::new` panics on what is no identifier. Stage `name` guarantees that there is none, and its property test
    // holds it to that; a bug there must still not take the generator down.
    if syn::parse_str::<Ident>(name).is_ok() {
        Ident::new(name, Span::call_site())
    } else {
        Ident::new("invalid_name", Span::call_site())
    }
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
