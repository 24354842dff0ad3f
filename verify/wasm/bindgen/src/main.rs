//! Binds a program of WebAssembly for Node.js: what `wasm-bindgen --target nodejs` does, without what else that command can do.
//!
//! In: the path of a `.wasm` file and of a folder. Out: a module of JavaScript in that folder.

use std::env;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [input, output] = arguments.as_slice() else {
        eprintln!("usage: bindgen INPUT.wasm FOLDER");
        return ExitCode::FAILURE;
    };
    let mut bindgen = Bindgen::new();
    let bound = bindgen.nodejs(true).map(|bindgen| bindgen.input_path(input).typescript(false).generate(output));
    match bound.and_then(|result| result) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:?}");
            ExitCode::FAILURE
        }
    }
}
