//! The examples in the documentation of generated clients, as a program that must compile.

use clientwright::generate::{Document, read_api};
use clientwright::internal::call_variants::{CallVariants, call_variants};
use clientwright::internal::emit::{Call, Context, FileEmitter};
use clientwright::internal::name::name;
use clientwright::ir::Api;

use crate::contract_programs::with_stack;

/// Returns a program with the first call of the front page and the example of every method, for a crate with this name.
pub(super) fn program(document: &Document, crate_name: &str) -> Option<String> {
    let read = with_stack(document, || read_api(document));
    let (api, _) = read.ok()?;
    let calls = call_variants(&api);
    let names = name(&api, &calls);
    let context = Context::new(&api, &calls, &names);
    let file = FileEmitter::new(&context);
    let module = &api.module;
    let mut text = format!(
        "//! Calls as the documentation shows them.\n\n#![allow(deprecated, unreachable_code, unused)]\n\n\
         use std::collections::BTreeMap;\n\nuse {crate_name}::runtime::*;\n\
         use {crate_name}::{module};\nuse {crate_name}::{module}::{{Client, types}};\n\n\
         type Result = std::result::Result<(), Box<dyn std::error::Error>>;\n\nfn main() {{}}\n"
    );
    if let Some(lines) = file.first_call() {
        text += &function("first_call()", &lines);
    }
    for (index, call) in all_calls(&api, &context).enumerate() {
        text += &function(&format!("call_{index}(client: Client)"), &file.example(&call).lines);
    }
    Some(text)
}

/// Returns every call of every operation.
fn all_calls<'a>(api: &'a Api, context: &'a Context<'a>) -> impl Iterator<Item = Call<'a>> {
    let operations = api.operations.iter().zip(context.calls).zip(&context.names.operations);
    operations.flat_map(|((operation, calls), name)| {
        let CallVariants { variants, .. } = calls;
        let variants = variants.iter().zip(&name.variants);
        variants.map(move |(variant, variant_name)| Call { operation, calls, name, variant, variant_name })
    })
}

fn function(head: &str, lines: &[String]) -> String {
    let body: Vec<String> = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!("\nasync fn {head} -> Result {{\n{}    Ok(())\n}}\n", body.concat())
}
