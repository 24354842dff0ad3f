//! The requirements of services. In: a framework. Out: the program that runs its service.
//!
//! Invariant: everything comes from lock files with hashes, no script of a package runs, and nothing outside of `target/` changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Folders;
use super::catalog::{Framework, Needs};
use crate::files::{at, create, empty};
use crate::process::{cargo, done};
use crate::{npm, venv};

/// A service that can be started.
pub(super) struct Installed {
    program: PathBuf,
    service: PathBuf,
}

impl Installed {
    /// Returns the program with its arguments, in which the service's folder and the port are filled in.
    pub(super) fn command(&self, arguments: &[&str], port: u16) -> Command {
        let service = self.service.to_string_lossy();
        let fill = |argument: &&str| argument.replace("@SERVICE@", &service).replace("@PORT@", &port.to_string());
        let mut command = Command::new(&self.program);
        // Python would otherwise write next to the sources.
        command.args(arguments.iter().map(fill)).env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

/// Installs the requirements of a service.
pub(super) fn installed(folders: &Folders, framework: &Framework) -> Result<Installed, String> {
    let service = folders.files.join(framework.name);
    let target = folders.target.join(framework.name);
    match framework.needs {
        Needs::Python => {
            let environment =
                venv::installed(&service.join("requirements.txt"), &target.join("environment"), framework.name)?;
            Ok(Installed { program: environment.join("bin/python"), service })
        }
        Needs::Node => {
            let service = packaged(&service, &target.join("service"))?;
            Ok(Installed { program: "node".into(), service })
        }
        Needs::Rust => Ok(Installed { program: built(folders, framework, &service)?, service }),
    }
}

/// Returns the program of a crate that is its own workspace. Shared dependencies are compiled once.
fn built(folders: &Folders, framework: &Framework, service: &Path) -> Result<PathBuf, String> {
    let target = folders.target.join("rust");
    let mut cargo = cargo(service, &target);
    done(cargo.args(["build", "--locked"]), "the service")?;
    Ok(target.join("debug").join(format!("workshop-{}", framework.name)))
}

/// Returns a copy of a Node.js package with the packages of its lock file, which are next to the sources.
fn packaged(service: &Path, copy: &Path) -> Result<PathBuf, String> {
    for left in ["src", "dist"] {
        empty(&copy.join(left))?;
    }
    copy_folder(service, copy)?;
    npm::install(copy)?;
    npm::run(copy, &["run", "--if-present", "build"])?;
    Ok(copy.to_owned())
}

/// Copies a folder, except packages that are installed in it.
fn copy_folder(from: &Path, to: &Path) -> Result<(), String> {
    create(to)?;
    for entry in fs::read_dir(from).map_err(at(from))? {
        let entry = entry.map_err(at(from))?;
        let (path, name) = (entry.path(), entry.file_name());
        if name == "node_modules" {
            continue;
        }
        if path.is_dir() {
            copy_folder(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name)).map_err(at(&path))?;
        }
    }
    Ok(())
}
