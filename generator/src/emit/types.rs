//! Part of `emit`: the files under `types/` and their index: a file, or a folder if it is large, for each component schema.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use super::docs::{self, code};
use super::facts::{doc_lines, without_name};
use super::file::{self, FileEmitter};
use super::newtypes::{LEVELS, levels};
use super::{Artifact, Context, ident, joined, literal};
use crate::ir::{Api, EnumValue, FormKind, Owner, Rule, Shape, Type, TypeId, TypeRef, Union};
use crate::name::{Names, TypeName};

/// The maximum number of names that the index lists; with more, it exports each file with a glob.
const LISTED: usize = 1000;

/// The maximum number of modules in an undivided index. A module takes two lines, and a file should have at most 3,000.
const INDEXED: usize = 1400;

/// The number of parts of a divided index.
const PARTS: usize = 16;

/// Modules, with the names that each exports.
type Modules<'a> = BTreeMap<&'a str, Vec<String>>;

/// Returns the types of each file: the component first, then its inline types.
pub(super) fn by_file(api: &Api, names: &Names) -> BTreeMap<String, Vec<TypeId>> {
    let mut files: BTreeMap<String, Vec<TypeId>> = BTreeMap::new();
    for (id, ty) in api.types.iter() {
        // A type that is neither read nor sent only owns inline types.
        if let Some(name) = names.ty(id).filter(|_| ty.read || ty.sent) {
            let ids = files.entry(name.file.clone()).or_default();
            if ty.is_component() {
                ids.insert(0, id);
            } else {
                ids.push(id);
            }
            if let Some((folder, _)) = name.file.split_once('/') {
                files.entry(format!("{folder}/mod")).or_default();
            }
        }
    }
    files
}

/// Returns `types/mod.rs`, and the parts of a divided index.
pub(super) fn index<'a>(context: &'a Context<'a>) -> Vec<Artifact<'a>> {
    let mut modules = Modules::new();
    for (file, ids) in &context.type_files {
        modules.entry(module(file)).or_default().extend(names(context, ids));
    }
    let index = |file: String, modules: Modules<'a>, always: fn(&Modules<'_>) -> TokenStream| {
        Artifact::new(context, file, move |_| indexed(context, &modules, always))
    };
    if modules.len() <= INDEXED {
        let is_long = modules.values().map(Vec::len).sum::<usize>() > LISTED;
        let always = if is_long { module_globs } else { file::index };
        return vec![index("types/mod".to_owned(), modules, always)];
    }
    let mut parts: BTreeMap<String, Modules<'_>> = BTreeMap::new();
    for (module, names) in modules {
        // The part depends only on the module's name, so that other modules do not affect it.
        let part = module.bytes().map(usize::from).sum::<usize>() % PARTS;
        parts.entry(format!("mod.{part:x}")).or_default().insert(module, names);
    }
    let files: Vec<String> = parts.keys().map(|part| format!("{part}.rs")).collect();
    let root = Artifact::new(context, "types/mod".to_owned(), move |_| quote!(#(include!(#files);)*));
    let parts = parts.into_iter().map(|(part, modules)| index(format!("types/{part}"), modules, module_globs));
    std::iter::once(root).chain(parts).collect()
}

/// Returns the module directly below `types` that contains a file.
pub(super) fn module(file: &str) -> &str {
    file.split_once('/').map_or(file, |(folder, _)| folder)
}

/// Writes an index. Modules with a condition are grouped by their condition.
fn indexed(context: &Context<'_>, modules: &Modules<'_>, always: fn(&Modules<'_>) -> TokenStream) -> TokenStream {
    let Some(features) = &context.features else { return always(modules) };
    let mut groups: BTreeMap<String, (Option<TokenStream>, Modules<'_>)> = BTreeMap::new();
    for (module, names) in modules.iter().filter(|(_, names)| !names.is_empty()) {
        let condition = features.types(module);
        let key = condition.as_ref().map(TokenStream::to_string).unwrap_or_default();
        groups.entry(key).or_insert_with(|| (condition, Modules::new())).1.insert(module, names.clone());
    }
    let groups = groups.into_values().map(|(condition, modules)| {
        let Some(condition) = condition else { return always(&modules) };
        let entries = modules.iter().map(|(module, names)| {
            let (module, names) = (ident(module), names.iter().map(ident));
            quote!(#module: #(#names)|*)
        });
        quote!(clientwright_runtime::codegen::modules!(#condition { #(#entries,)* });)
    });
    groups.collect()
}

fn module_globs(modules: &Modules<'_>) -> TokenStream {
    let modules: Vec<Ident> = modules.keys().map(ident).collect();
    quote!(#(mod #modules;)* pub use self::{#(#modules::*),*};)
}

fn names(context: &Context<'_>, ids: &[TypeId]) -> Vec<String> {
    ids.iter().filter_map(|id| context.names.ty(*id)).map(|name| name.ident.clone()).collect()
}

/// Returns `types/<schema>.rs`; with many inline types, `types/<schema>/mod.rs` and a file for each.
pub(super) fn files<'a>(context: &'a Context<'a>) -> impl Iterator<Item = Artifact<'a>> {
    context
        .type_files
        .keys()
        .map(move |file| Artifact::new(context, format!("types/{file}"), move |emitter| emitter.types_file(file)))
}

/// A type that is a named Rust item, with the parts that all kinds of items have.
pub(super) struct Item<'a> {
    pub(super) id: TypeId,
    pub(super) ty: &'a Type,
    pub(super) ident: Ident,
    pub(super) docs: TokenStream,
    /// The fields or variants, in the order of the IR.
    pub(super) members: Vec<Ident>,
}

impl FileEmitter<'_> {
    /// Writes the types of a file.
    fn types_file(&self, file: &str) -> TokenStream {
        let index = file.strip_suffix("/mod").map(|folder| self.inline_index(folder));
        let mut items = TokenStream::new();
        for id in self.context.type_files.get(file).into_iter().flatten() {
            if let Some(name) = self.names.ty(*id) {
                items.extend(self.item(*id, &self.types[*id], name));
            }
        }
        joined([index, Some(items)])
    }

    /// Declares the modules of a large component's inline types, and exports their types.
    fn inline_index(&self, folder: &str) -> TokenStream {
        let prefix = format!("{folder}/");
        let own = self.context.type_files.range(prefix.clone()..).take_while(|(file, _)| file.starts_with(&prefix));
        let inline: Modules<'_> = own
            .filter_map(|(file, ids)| Some((file.strip_prefix(&prefix)?, names(self.context, ids))))
            .filter(|(file, _)| *file != "mod")
            .collect();
        file::index(&inline)
    }

    fn item(&self, id: TypeId, ty: &Type, name: &TypeName) -> TokenStream {
        let names = self.names;
        let item = Item {
            id,
            ty,
            ident: ident(&name.ident),
            docs: self.docs(&self.type_docs(id, ty, &name.ident)),
            members: names.members(id).iter().map(ident).collect(),
        };
        let conversion = self.input_conversion(&item);
        let definition = match &ty.shape {
            Shape::Object(object) => self.object(&item, object),
            Shape::TextEnum(values) => self.open_enum(&item, values, "string_enum", "UnknownString"),
            Shape::IntegerEnum(values) => self.open_enum(&item, values, "integer_enum", "UnknownInteger"),
            Shape::MixedEnum(values) => self.open_enum(&item, values, "mixed_enum", "UnknownJson"),
            Shape::Union(union) => self.union(&item, union),
            shape => self.alias(&item, shape),
        };
        joined([Some(definition), conversion])
    }

    /// Writes an enumeration as an open enum: `codec` is the runtime's macro, `unknown` the type of unknown values.
    fn open_enum(
        &self,
        Item { ident: name, docs, members: variants, .. }: &Item<'_>,
        values: &[EnumValue],
        codec: &str,
        unknown: &str,
    ) -> TokenStream {
        let variant_docs =
            values.iter().map(|value| self.docs(&doc_lines(&value.docs, &code(value.wire.to_string()), &[])));
        let wires = values.iter().map(|value| wire(&value.wire));
        let unknown_docs = self.docs(&["An undocumented value, kept unchanged."]);
        let (unknown, codegen, codec) = (self.runtime(unknown), self.runtime("codegen"), ident(codec));
        quote! {
            #docs
            #[derive(Clone, PartialEq)]
            #[non_exhaustive]
            pub enum #name {
                #(#variant_docs #variants,)*
                #unknown_docs
                Unknown(#unknown),
            }
            #codegen::#codec!(#name { #(#variants => #wires,)* });
        }
    }

    /// Writes a component that is a list, a map or a scalar: an alias or a newtype.
    fn alias(&self, Item { id, ty, ident, docs, .. }: &Item<'_>, shape: &Shape) -> TokenStream {
        let target = match shape {
            Shape::Alias(used) => self.rust_type(used.not_null()),
            shape => self.shape(shape, 0),
        };
        if !self.context.is_newtype(*id) {
            return quote!(#docs pub type #ident = #target;);
        }
        let codec = self.codec_macro(ty, "newtype");
        // The contents of a newtype may nest more arrays and maps than clippy allows.
        let complex = (levels(self.types, &self.context.newtypes, *id) > LEVELS)
            .then(|| quote!(#[allow(clippy::type_complexity)]));
        quote! {
            #docs
            #complex
            #[derive(Clone, PartialEq)]
            pub struct #ident(pub #target);
            #codec!(#ident);
        }
    }

    /// Returns the runtime's macro for the codec of a type; types that are only sent have a separate macro.
    pub(super) fn codec_macro(&self, ty: &Type, name: &str) -> TokenStream {
        let codegen = self.runtime("codegen");
        let name = ident(if ty.read { name.to_owned() } else { format!("sent_{name}") });
        quote!(#codegen::#name)
    }

    /// Returns the doc comment of a type: description, facts, selection of variants, and JSON pointer. An inline alias is described where
    /// it is used, or by its target.
    fn type_docs(&self, id: TypeId, ty: &Type, name: &str) -> Vec<String> {
        let pointer = vec![code(ty.origin.as_str())];
        let form = match ty.owner {
            Owner::Form(of, kind) => Some(self.form(of, kind)),
            _ => None,
        };
        if self.types.is_inline_alias(id) {
            return docs::paragraphs([form.into_iter().collect(), pointer]);
        }
        let mut facts = self.facts(TypeRef::of(id), None, None);
        facts.splice(..0, form);
        let rule = match &ty.shape {
            Shape::Union(Union { rule: Rule::Tag(property), .. }) if ty.read => {
                docs::lines(&format!("The property {} selects the variant.", code(property)))
            }
            Shape::Union(Union { rule: Rule::BestFit(_), .. }) if ty.read => docs::lines(
                "Decodes into the best-matching variant: the one that declares the most properties of the value.",
            ),
            _ => Vec::new(),
        };
        docs::paragraphs([doc_lines(&without_name(&ty.docs, name), "", &facts), rule, pointer])
    }

    /// Describes a type that is a form of another type.
    fn form(&self, of: TypeId, kind: FormKind) -> String {
        let place = match kind {
            FormKind::Input => "requests",
            FormKind::Received => "webhooks and callbacks",
            FormKind::Multipart => "multipart requests, with its files",
        };
        let name = self.names.ty(of).map_or_else(|| "a type".to_owned(), |name| code(&name.ident));
        format!("The form of {name} in {place}.")
    }
}

/// Returns a value of an enumeration. Numbers other than 64-bit integers keep the document's spelling: a literal would be
/// rounded, and some trigger lints.
fn wire(value: &Value) -> TokenStream {
    match value {
        Value::Number(number) if !value.is_i64() => {
            let text = number.to_string();
            quote!(number #text)
        }
        _ => literal(value, false),
    }
}
