//! Part of `emit`: the root of the generated crate, with one module and one Cargo feature for each API.

use proc_macro2::TokenStream;
use quote::quote;

use super::ident;

/// How many types may lead to one another before rustc gives up on them (E0320). Documents have chains of more than the
/// 128 that it allows otherwise; that there may be more costs nothing where there are fewer.
const LIMIT: &str = "4096";

/// `lib.rs`
pub fn crate_root(modules: &[String]) -> TokenStream {
    let mut modules = modules.to_vec();
    modules.sort();
    let modules = modules.iter().map(|name| module(name));
    quote! {
        #![doc = " Clients of APIs: one module and one Cargo feature per API."]
        #![doc = ""]
        #![doc = " [`runtime`] holds what they share: errors, responses, dates and other types."]
        #![recursion_limit = #LIMIT]
        pub use clientwright_runtime as runtime;
        #(#modules)*
    }
}

fn module(feature: &str) -> TokenStream {
    let name = ident(feature);
    // What `cargo fmt` would make of a module is not what a diff should look like.
    quote!(#[cfg(feature = #feature)] #[rustfmt::skip] pub mod #name;)
}
