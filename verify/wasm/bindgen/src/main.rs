//! Binds a program of WebAssembly for Node.js or for browsers: what `wasm-bindgen --target` does, without what else that command can do.
//!
//! In: the path of a `.wasm` file and of a folder. Out: modules of JavaScript in `node` and `web` in that folder.

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
