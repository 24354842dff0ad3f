//! Binds a WebAssembly program for Node.js or for browsers, like `wasm-bindgen --target` without its other features.
//!
//! In: the paths of a `.wasm` file and a folder. Out: JavaScript modules in `node` and `web` in that folder.

use std::env;
use std::path::Path;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [input, output] = arguments.as_slice() else {
        eprintln!("usage: bindgen INPUT.wasm FOLDER");
        return ExitCode::FAILURE;
    };
    let output = Path::new(output);
    let node = || Bindgen::new().nodejs(true)?.input_path(input).typescript(false).generate(output.join("node"));
    let web = || Bindgen::new().web(true)?.input_path(input).typescript(false).generate(output.join("web"));
    match node().and_then(|()| web()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:?}");
            ExitCode::FAILURE
        }
    }
}
