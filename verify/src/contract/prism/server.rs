//! The server, installed from its lock file.
//!
//! In: the folder `verify/contract/prism`. Out: a server on a free port of the loopback interface.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::npm;
use crate::process::run;
use crate::server::{Server, free_port};

/// The oldest Node.js that supports the pinned Prism and its dependencies.
const NODE: (u32, u32) = (20, 16);
/// The message if a program cannot be started.
const NEEDS: &str = "the contract needs Node.js 20.16 or newer with npm on the PATH; nothing else of this project does";

/// An installed Prism.
pub(crate) struct Prism(PathBuf);

impl Prism {
    /// Installs Prism from its lock file unless it is already installed.
    pub(crate) fn installed(root: &Path) -> Result<Self, String> {
        let folder = root.join("verify/contract/prism");
        let version = run(Command::new("node").arg("--version")).map_err(|error| format!("{error}; {NEEDS}"))?;
        if !is_recent(version.trim()) {
            return Err(format!("node is {}; {NEEDS}", version.trim()));
        }
        npm::install(&folder).map_err(|error| format!("{error}; {NEEDS}"))?;
        Ok(Self(folder))
    }

    /// Serves the file `document.json` of a folder, and waits until the server responds.
    pub(crate) fn serve(&self, folder: &Path) -> Result<Server, String> {
        let port = free_port()?;
        let mut node = Command::new("node");
        node.arg("--require").arg(self.0.join("patch.js"));
        node.arg(self.0.join("node_modules/@stoplight/prism-cli/dist/index.js"));
        // Without `--errors`, which would replace an invalid response with an error; the objection is in a header anyway.
        node.args(["mock", "--verboseLevel", "warn", "--host", "127.0.0.1", "--port", &port.to_string()]);
        Server::start("Prism", node.arg(folder.join("document.json")), folder, port)
    }
}

/// Returns `true` if a version such as `v20.16.0` is recent enough.
fn is_recent(version: &str) -> bool {
    let mut parts = version.trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= NODE
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn versions_of_node_are_compared_as_numbers() {
        for (version, recent) in
            [("v20.16.0", true), ("v100.1.0", true), ("v20.9.1", false), ("v8.99.0", false), ("", false)]
        {
            assert_eq!(is_recent(version), recent, "{version}");
        }
    }

    #[test]
    fn the_lock_file_pins_one_version_and_names_no_registry() {
        let folder = crate::root().join("verify/contract/prism");
        let json =
            |name: &str| serde_json::from_slice::<serde_json::Value>(&fs::read(folder.join(name)).unwrap()).unwrap();
        let wanted = json("package.json")["dependencies"]["@stoplight/prism-cli"].clone();
        let lock = json("package-lock.json");
        let packages = lock["packages"].as_object().unwrap();
        assert_eq!(packages["node_modules/@stoplight/prism-cli"]["version"], wanted);
        for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
            assert_eq!(package.get("resolved"), None, "{path}");
            assert!(package.get("integrity").is_some(), "{path}");
            assert_eq!(package.get("hasInstallScript"), None, "{path}");
        }
    }
}
