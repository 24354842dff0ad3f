//! Part of `emit`: one file in the making, and what it has to import.
//!
//! Invariant: exactly what was written is imported, so that no file has an import too many or one too few.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Context, ident};
use crate::name::TypeName;

/// One file in the making.
pub struct FileEmitter<'a> {
    /// What every file of the API is written from.
    pub context: &'a Context<'a>,
    uses: RefCell<Uses>,
    place: FilePlace<'a>,
}

/// Where a file lies, which decides how it reaches others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FilePlace<'a> {
    /// Beside what it uses.
    Beside,
    /// One operation in the folder of its tag.
    InTag,
    /// One inline type in the folder of its component, which has this name.
    InComponent(&'a str),
}

/// What a file has to import.
#[derive(Default)]
struct Uses {
    runtime: BTreeSet<&'static str>,
    /// Of the runtime's contract with the generator.
    codegen: BTreeSet<&'static str>,
    /// What lies in the module above.
    above: BTreeSet<String>,
    /// Other types by the module in `types` that they lie in.
    siblings: BTreeMap<String, BTreeSet<String>>,
    own: BTreeSet<String>,
    btree_map: bool,
    client: bool,
    types: bool,
}

impl<'a> FileEmitter<'a> {
    /// A file beside what it uses.
    pub fn new(context: &'a Context<'a>) -> Self {
        Self { context, uses: RefCell::default(), place: FilePlace::Beside }
    }

    /// The file of one operation, in the folder of its tag.
    pub(super) fn in_tag(context: &'a Context<'a>) -> Self {
        Self { place: FilePlace::InTag, ..Self::new(context) }
    }

    /// The file of one inline type, in the folder of its component.
    pub(super) fn in_component(context: &'a Context<'a>, folder: &'a str) -> Self {
        Self { place: FilePlace::InComponent(folder), ..Self::new(context) }
    }

    /// A name of the runtime, from now on imported.
    pub(super) fn runtime(&self, name: &'static str) -> TokenStream {
        self.uses.borrow_mut().runtime.insert(name);
        let name = ident(name);
        quote!(#name)
    }

    /// A name of the runtime's contract with the generator, from now on imported.
    pub(super) fn codegen(&self, name: &'static str) -> TokenStream {
        self.uses.borrow_mut().codegen.insert(name);
        let name = ident(name);
        quote!(#name)
    }

    /// The map type, from now on imported.
    pub(super) fn btree_map(&self) -> TokenStream {
        self.uses.borrow_mut().btree_map = true;
        quote!(BTreeMap)
    }

    /// What lies in the module above.
    pub(super) fn above(&self, name: &str) {
        self.uses.borrow_mut().above.insert(name.to_owned());
    }

    /// Another type, to a file of types. It is imported from where it lies and not by the index of all types: an index of
    /// globs is searched as a whole for each name, which takes a compiler seconds if there are thousands of both.
    pub(super) fn sibling(&self, name: &TypeName) {
        let module = name.file.split_once('/').map_or(name.file.as_str(), |(folder, _)| folder);
        if self.place == FilePlace::InComponent(module) {
            return self.above(&name.ident);
        }
        self.uses.borrow_mut().siblings.entry(module.to_owned()).or_default().insert(name.ident.clone());
    }

    /// A type that this file defines, which it need not import.
    pub(super) fn defines(&self, name: &str) {
        self.uses.borrow_mut().own.insert(name.to_owned());
    }

    /// The client of the API, from now on imported.
    pub(super) fn client_struct(&self) {
        self.uses.borrow_mut().client = true;
    }

    /// The module `types`.
    pub(super) fn types(&self) {
        self.uses.borrow_mut().types = true;
    }

    /// The path of the API's module, for links.
    pub(super) fn api_module(&self) -> &'static str {
        if self.place == FilePlace::InTag { "super::super" } else { "super" }
    }

    /// The `use` items, in the order that rustfmt's groups have: std, other crates, this crate.
    pub(super) fn imports(&self) -> TokenStream {
        let uses = self.uses.borrow();
        let map = uses.btree_map.then(|| {
            quote!(
                use std::collections::BTreeMap;
            )
        });
        let codegen = import(&quote!(clientwright_runtime::codegen), &uses.codegen);
        let runtime = import(&quote!(clientwright_runtime), &uses.runtime);
        let above = import(&quote!(super), uses.above.difference(&uses.own));
        let root = if let FilePlace::InComponent(_) = self.place { quote!(super::super) } else { quote!(super) };
        let siblings = uses.siblings.iter().map(|(module, names)| {
            let module = ident(module);
            import(&quote!(#root::#module), names.difference(&uses.own))
        });
        let types = uses.types.then(|| {
            let above = if self.place == FilePlace::InTag { quote!(super::super) } else { quote!(super) };
            quote!(use #above::types;)
        });
        let client = uses.client.then(|| {
            let above = if self.place == FilePlace::InTag { quote!(super::super) } else { quote!(super) };
            quote!(use #above::Client;)
        });
        quote!(#map #codegen #runtime #above #(#siblings)* #client #types)
    }
}

fn import(from: &TokenStream, names: impl IntoIterator<Item = impl AsRef<str>>) -> Option<TokenStream> {
    let names: Vec<Ident> = names.into_iter().map(|name| ident(name.as_ref())).collect();
    match names.as_slice() {
        [] => None,
        [only] => Some(quote!(use #from::#only;)),
        several => Some(quote!(use #from::{#(#several),*};)),
    }
}
