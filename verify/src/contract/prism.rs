//! Prism, the independent server: installed from the lock file, started, and stopped.
//!
//! In comes the folder `verify/contract/prism`, out goes a server on a free port of the loopback interface. Invariant: a server ends with the process that
//! started it, however that ends.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::files::at;
use crate::npm;
use crate::server;

/// How long a server may take to read a document.
const PATIENCE: Duration = Duration::from_secs(120);
/// The oldest Node.js that the pinned Prism and what it depends on run on.
const NODE: (u32, u32) = (20, 16);
/// What is missing if a program cannot be started.
const NEEDS: &str = "the contract needs Node.js 20.16 or newer with npm on the PATH; nothing else of this project does";

/// An installed Prism.
pub(crate) struct Prism {
    folder: PathBuf,
}

impl Prism {
    /// Installs Prism from its lock file unless that has been done.
    pub(crate) fn installed(root: &Path) -> Result<Self, String> {
        let folder = root.join("verify/contract/prism");
        check_node()?;
        npm::install(&folder).map_err(|error| format!("{error}; {NEEDS}"))?;
        Ok(Self { folder })
    }

    /// Serves a document, with what the server says going to `log`, and waits until it answers.
    pub(crate) fn serve(&self, document: &Path, log: &Path) -> Result<Server, String> {
        let port = server::free_port()?;
        File::create(log).map_err(at(log))?;
        let start = Start { folder: self.folder.clone(), document: document.to_owned(), log: log.to_owned(), port };
        let child = start.spawn()?;
        let mut server = Server { child, start, address: format!("127.0.0.1:{port}") };
        server.wait()?;
        Ok(server)
    }
}

/// What a server is started with.
struct Start {
    folder: PathBuf,
    document: PathBuf,
    log: PathBuf,
    port: u16,
}

impl Start {
    fn spawn(&self) -> Result<Child, String> {
        let failed = at(&self.log);
        let out = File::options().append(true).open(&self.log).map_err(failed)?;
        let mut node = Command::new("node");
        // Node itself and not npm's wrapper, which would have to be stopped, too; on a leash that is our end of its input.
        node.arg("--require").arg(self.folder.join("leash.js"));
        node.arg(self.folder.join("node_modules/@stoplight/prism-cli/dist/index.js"));
        // Without `--errors`, which would put an error of its own in place of an answer that it objects to: it says so in a header anyway.
        node.args(["mock", "--verboseLevel", "warn", "--host", "127.0.0.1", "--port", &self.port.to_string()]);
        node.arg(&self.document).stdin(Stdio::piped()).stderr(out.try_clone().map_err(failed)?).stdout(out);
        node.spawn().map_err(|error| format!("node: {error}; {NEEDS}"))
    }
}

fn check_node() -> Result<(), String> {
    let output = Command::new("node").arg("--version").stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("node: {error}; {NEEDS}"))?;
    let version = String::from_utf8_lossy(&output.stdout);
    if is_recent(version.trim()) { Ok(()) } else { Err(format!("node is {}; {NEEDS}", version.trim())) }
}

/// Whether a version such as `v20.16.0` is enough.
fn is_recent(version: &str) -> bool {
    let mut parts = version.trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= NODE
}

/// A running server, stopped when it is dropped.
pub(crate) struct Server {
    child: Child,
    start: Start,
    address: String,
}

impl Server {
    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Puts a fresh server in place of this one, which has not answered, and says what became of it.
    pub(crate) fn renew(&mut self) -> Result<String, String> {
        let ended = self.child.try_wait().map_err(|error| error.to_string())?;
        let end = match ended {
            Some(status) => {
                let log = fs::read_to_string(&self.start.log).unwrap_or_default();
                let last = log.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
                format!("Prism ended on this call ({status}) and was started again; its last words: {last}")
            }
            None => "Prism did not answer this call and was started again".to_owned(),
        };
        self.stop();
        self.child = self.start.spawn()?;
        self.wait()?;
        Ok(end)
    }

    /// Waits until it answers.
    fn wait(&mut self) -> Result<(), String> {
        server::wait_until_it_listens(&mut self.child, self.start.port, PATIENCE).map_err(|why| {
            self.stop();
            let said = fs::read_to_string(&self.start.log).unwrap_or_default();
            format!("Prism does not serve {}: {why}\n{said}", self.start.document.display())
        })
    }

    fn stop(&mut self) {
        // It may have ended by itself; either way it is gone after this.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests {
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
