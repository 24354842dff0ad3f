//! Part of `emit`: the root of the generated crate, with one module and one Cargo feature for each API.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::ident;

/// How many types may contain one another before rustc gives up (E0320). Some documents have longer chains than the usual
/// 128; a higher limit costs nothing.
const LIMIT: &str = "4096";

/// The version of the runtime's contract that code is generated for: that of `clientwright_runtime::codegen::contract!`.
pub(crate) const CONTRACT: u32 = 1;

/// `lib.rs`
pub(crate) fn crate_root(modules: &[String]) -> TokenStream {
    let mut modules = modules.to_vec();
    modules.sort();
    let modules = modules.iter().map(|name| module(name));
    let contract = Literal::u32_unsuffixed(CONTRACT);
    quote! {
        #![doc = " Clients of APIs: one module and one Cargo feature per API."]
        #![doc = ""]
        #![doc = " [`runtime`] holds what they share: errors, responses, dates and other types."]
        #![recursion_limit = #LIMIT]
        pub use clientwright_runtime as runtime;
        clientwright_runtime::codegen::contract!(#contract);
        #(#modules)*
    }
}

fn module(feature: &str) -> TokenStream {
    let name = ident(feature);
    // `cargo fmt` would lay it out differently.
    quote!(#[cfg(feature = #feature)] #[rustfmt::skip] pub mod #name;)
}
