//! `cargo xtask real-auth`: the runtime's authentication against independent servers.
//!
//! Starts httpbin, Apache and lighttpd on free ports of the loopback interface, runs the tests of `verify/contract/tests/real_auth`, and
//! prints the number of requests for each. Files are written to `target/contract/real-auth`; system services are not changed. Invariant: a
//! missing server is an error instead of a skipped test, and no server outlives it.

mod install;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files::{at, create, empty, target};
use crate::process::{cargo, done};
use crate::server::{self, Server};

/// What may be done to have the servers.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Install what is missing: Apache as the package apache2-bin (Debian, as root), lighttpd unpacked under target/
    #[arg(long)]
    install: bool,
}

/// The folders of configuration and results.
struct Folders {
    root: PathBuf,
    /// Configuration and users, in the repository.
    files: PathBuf,
    /// Installed and written files.
    target: PathBuf,
}

/// Starts the servers, runs the tests, and stops the servers.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let root = crate::root();
    let folders =
        Folders { files: root.join("verify/contract/auth"), target: root.join("target/contract/real-auth"), root };
    create(&folders.target)?;
    // Missing servers are reported before anything is started.
    let apache = install::apache(arguments.install)?;
    let lighttpd = install::lighttpd(arguments.install, &folders.target)?;
    let gunicorn = install::httpbin(&folders.files.join("requirements.txt"), &folders.target)?;

    let httpbin = start_httpbin(&folders, &gunicorn)?;
    let apache = start_apache(&folders, &apache)?;
    let lighttpd = start_lighttpd(&folders, &lighttpd)?;
    let report = folders.target.join("report.txt");
    let passed = test(
        &folders,
        &report,
        &[("REAL_AUTH_HTTPBIN", &httpbin), ("REAL_AUTH_APACHE", &apache), ("REAL_AUTH_LIGHTTPD", &lighttpd)],
    );
    drop((httpbin, apache, lighttpd));

    let report = fs::read_to_string(&report).unwrap_or_default();
    let mut lines: Vec<&str> = report.lines().collect();
    lines.sort_unstable();
    println!("{}", lines.join("\n"));
    for name in ["apache", "lighttpd"] {
        println!("{}", access(&folders.target.join(name).join("access.log"), name)?);
    }
    passed.map(|()| true)
}

/// Runs the tests that need the servers.
fn test(folders: &Folders, report: &Path, servers: &[(&str, &Server)]) -> Result<(), String> {
    let _ = fs::remove_file(report);
    let mut command = cargo(&folders.root, &target(&folders.root));
    command.args(["test", "--quiet", "--locked", "--package", "clientwright-contract", "--features", "real-auth"]);
    command.args(["--test", "real_auth"]);
    command.env("REAL_AUTH_REPORT", report);
    for (variable, server) in servers {
        command.env(variable, server.url());
    }
    done(&mut command, "the tests")
}

/// Returns the server's own access log: `status method target` in each line.
fn access(log: &Path, name: &str) -> Result<String, String> {
    let text = fs::read_to_string(log).map_err(at(log))?;
    let refused = text.lines().filter(|line| line.starts_with("401 ")).count();
    Ok(format!("{name}'s own log: {} requests, {refused} of them answered 401", text.lines().count()))
}

fn start_httpbin(folders: &Folders, gunicorn: &Path) -> Result<Server, String> {
    let folder = folder(folders, "httpbin")?;
    let port = server::free_port()?;
    let mut command = Command::new(gunicorn);
    command.args(["--bind", &format!("127.0.0.1:{port}"), "--threads", "8", "--graceful-timeout", "1", "httpbin:app"]);
    Server::start("httpbin", &command, &folder, port)
}

fn start_apache(folders: &Folders, apache: &install::Apache) -> Result<Server, String> {
    let folder = folder(folders, "apache")?;
    let port = server::free_port()?;
    let modules = apache.modules.to_string_lossy().into_owned();
    let config = configure(folders, &folder, "apache.conf", port, &[("@MODULES@", &modules)])?;
    let mut command = Command::new(&apache.program);
    command.arg("-d").arg(&folder).arg("-f").arg(config).args(["-D", "FOREGROUND"]);
    Server::start("Apache", &command, &folder, port)
}

fn start_lighttpd(folders: &Folders, lighttpd: &install::Lighttpd) -> Result<Server, String> {
    let folder = folder(folders, "lighttpd")?;
    let port = server::free_port()?;
    let config = configure(folders, &folder, "lighttpd.conf", port, &[])?;
    let mut command = Command::new(&lighttpd.program);
    command.arg("-D").arg("-f").arg(config);
    if let Some(modules) = &lighttpd.modules {
        command.arg("-m").arg(modules);
    }
    Server::start("lighttpd", &command, &folder, port)
}

/// Returns an empty folder for a server's files.
fn folder(folders: &Folders, name: &str) -> Result<PathBuf, String> {
    let folder = folders.target.join(name);
    empty(&folder)?;
    Ok(folder)
}

/// Fills in a template of `verify/contract/auth`.
fn configure(
    folders: &Folders,
    folder: &Path,
    name: &str,
    port: u16,
    more: &[(&str, &str)],
) -> Result<PathBuf, String> {
    let template = folders.files.join(name);
    let mut text = fs::read_to_string(&template).map_err(at(&template))?;
    let (port, files, root) = (port.to_string(), folders.files.to_string_lossy(), folder.to_string_lossy());
    for (place, value) in [("@PORT@", port.as_str()), ("@FILES@", &files), ("@ROOT@", &root)].iter().chain(more) {
        text = text.replace(place, value);
    }
    let config = folder.join(name);
    fs::write(&config, text).map_err(at(&config))?;
    Ok(config)
}
