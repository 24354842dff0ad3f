//! Part of `emit`: the root of the generated crate, with one module and one Cargo feature for each API.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Artifact, ident};

/// `lib.rs`
pub(crate) fn crate_root(modules: &[String]) -> Artifact {
    let mut modules = modules.to_vec();
    modules.sort();
    let modules = modules.iter().map(|name| module(name));
    let tokens = quote! {
        #![doc = " Clients of the APIs whose documents lie in `specs/`, one module and one Cargo feature for each."]
        #![doc = ""]
        #![doc = " What all of them share, such as errors, responses and the types of dates, is in [`runtime`]."]
        pub use clientwright_runtime as runtime;
        #(#modules)*
    };
    Artifact { path: "lib.rs".to_owned(), tokens }
}

fn module(feature: &str) -> TokenStream {
    let name = ident(feature);
    // What `cargo fmt` would make of a module is not what a diff should look like.
    quote!(#[cfg(feature = #feature)] #[rustfmt::skip] pub mod #name;)
}
