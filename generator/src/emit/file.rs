//! Part of `emit`: a file under construction, and its imports.
//!
//! Invariant: a name is imported when it is written, so that no import is missing or unused.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::types::module;
use super::{Context, ident, nonempty};
use crate::ir::{Api, Types};
use crate::name::{Names, TypeName};

/// A file under construction.
pub struct FileEmitter<'a> {
    /// The context of all files of the API.
    pub context: &'a Context<'a>,
    pub(super) api: &'a Api,
    pub(super) types: &'a Types,
    pub(super) names: &'a Names,
    /// The path of the module below the API's module, with `/` between names: `types/pets`.
    module: String,
    /// The inner attributes.
    pub(super) head: RefCell<TokenStream>,
    /// The imported names by module.
    imports: RefCell<BTreeMap<Module, BTreeSet<String>>>,
    /// The lines of each doc comment.
    pub(super) docs: RefCell<Vec<Vec<String>>>,
}

/// The code of a file. `#[doc = "0"]` is a placeholder for the first doc comment, so that its text is neither escaped nor
/// parsed.
pub struct Draft {
    /// The items.
    pub tokens: TokenStream,
    /// The lines of each doc comment, without leading space.
    pub docs: Vec<Vec<String>>,
}

impl From<TokenStream> for Draft {
    fn from(tokens: TokenStream) -> Self {
        Self { tokens, docs: Vec::new() }
    }
}

/// A module to import from, in the order of rustfmt's groups: std, other crates, this crate.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Module {
    Collections,
    /// The runtime's contract with the generator.
    Codegen,
    Runtime,
    /// The parent module.
    Above,
    /// Another module of `types`.
    Types(String),
    /// The API's module, for its client.
    Client,
    /// The API's module, for its types.
    Api,
}

impl<'a> FileEmitter<'a> {
    /// Creates a file in the API's module.
    pub fn new(context: &'a Context<'a>) -> Self {
        Self::at(context, "mod")
    }

    /// Creates a file by its path below the API's folder, without extension.
    pub(super) fn at(context: &'a Context<'a>, path: &str) -> Self {
        let Context { api, names, .. } = context;
        let module = path.strip_suffix("/mod").unwrap_or(path).to_owned();
        Self {
            context,
            api,
            types: &api.types,
            names,
            module,
            head: RefCell::default(),
            imports: RefCell::default(),
            docs: RefCell::default(),
        }
    }

    /// Returns a doc comment as an attribute; empty without lines.
    pub(super) fn docs(&self, lines: &[impl AsRef<str>]) -> TokenStream {
        let number = self.doc_comment(lines).into_iter();
        quote!(#(#[doc = #number])*)
    }

    /// Writes the doc comment of the module.
    pub(super) fn inner_docs(&self, lines: &[impl AsRef<str>]) {
        let number = self.doc_comment(lines).into_iter();
        self.head.borrow_mut().extend(quote!(#(#![doc = #number])*));
    }

    fn doc_comment(&self, lines: &[impl AsRef<str>]) -> Option<String> {
        let mut docs = self.docs.borrow_mut();
        let lines = nonempty(lines.iter().map(|line| line.as_ref().to_owned()))?;
        docs.push(lines);
        Some((docs.len() - 1).to_string())
    }

    /// Imports a name and returns it.
    pub(super) fn import(&self, from: Module, name: &str) -> TokenStream {
        self.imports.borrow_mut().entry(from).or_default().insert(name.to_owned());
        let name = ident(name);
        quote!(#name)
    }

    /// Imports a name of the runtime.
    pub(super) fn runtime(&self, name: &str) -> TokenStream {
        self.import(Module::Runtime, name)
    }

    /// Imports a runtime type, or returns its path if a schema has the same name.
    pub(super) fn runtime_or_path(&self, name: &str) -> TokenStream {
        if self.context.item_names.contains(name) {
            let name = ident(name);
            return quote!(clientwright_runtime::#name);
        }
        self.runtime(name)
    }

    /// Imports a name of the runtime's contract with the generator.
    pub(super) fn codegen(&self, name: &str) -> TokenStream {
        self.import(Module::Codegen, name)
    }

    /// Imports the map type.
    pub(super) fn btree_map(&self) -> TokenStream {
        self.import(Module::Collections, "BTreeMap")
    }

    /// Returns a type of the API. A file of types imports the type from its own file, because rustc is slow with a large index
    /// of globs.
    pub(super) fn named_type(&self, name: &TypeName) -> TokenStream {
        let (component, ident) = (module(&name.file), ident(&name.ident));
        match self.module.strip_prefix("types/") {
            None => {
                let types = self.import(Module::Api, "types");
                quote!(#types::#ident)
            }
            Some(own) if own == component || own == name.file => quote!(#ident),
            Some(own) if module(own) == component => self.import(Module::Above, &name.ident),
            Some(_) => self.import(Module::Types(component.to_owned()), &name.ident),
        }
    }

    /// Returns the path of the API's module from this file.
    pub(super) fn api_module(&self) -> TokenStream {
        self.above(0)
    }

    /// Returns the path of the ancestor module at this depth below the API's.
    fn above(&self, depth: usize) -> TokenStream {
        let levels = self.module.split('/').skip(depth).map(|_| quote!(super));
        quote!(#(#levels)::*)
    }

    /// Returns the `use` items.
    pub(super) fn imports(&self) -> TokenStream {
        self.imports.borrow().iter().filter_map(|(module, names)| import(&self.path(module), names)).collect()
    }

    fn path(&self, module: &Module) -> TokenStream {
        match module {
            Module::Collections => quote!(std::collections),
            Module::Codegen => quote!(clientwright_runtime::codegen),
            Module::Runtime => quote!(clientwright_runtime),
            Module::Above => quote!(super),
            Module::Types(module) => {
                let (types, module) = (self.above(1), ident(module));
                quote!(#types::#module)
            }
            Module::Client | Module::Api => self.above(0),
        }
    }
}

/// Returns `use from::{A, B};`.
fn import(from: &TokenStream, names: impl IntoIterator<Item = impl AsRef<str>>) -> Option<TokenStream> {
    let mut names: Vec<Ident> = names.into_iter().map(ident).collect();
    names.sort_unstable();
    match names.as_slice() {
        [] => None,
        [only] => Some(quote!(use #from::#only;)),
        several => Some(quote!(use #from::{#(#several),*};)),
    }
}

/// Declares the modules of a folder, and exports their names.
pub(super) fn index(files: &BTreeMap<&str, Vec<String>>) -> TokenStream {
    let modules = files.keys().map(ident);
    let exports = files.iter().filter_map(|(file, names)| {
        let file = ident(file);
        import(&quote!(self::#file), names)
    });
    quote!(#(mod #modules;)* #(pub #exports)*)
}
