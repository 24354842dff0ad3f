//! The servers and their installation. In: permission to install. Out: programs.
//!
//! httpbin is installed in a separate Python environment. Apache is the system's, and is installed only with permission: of Debian's
//! packages only `apache2-bin`, which has no service. lighttpd's package has a service, so it is unpacked instead of installed. Invariant:
//! without permission nothing outside of `target/` changes, and a missing server is an error with instructions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files::{at, create};
use crate::process::run;
use crate::venv;

/// The help for a missing server.
const LEAVE: &str = "`cargo xtask real-auth --install` does so on Debian and its relatives";
/// The folders of servers that are not on an ordinary user's `PATH`.
const PLACES: [&str; 4] = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin"];
/// The folders of Apache's modules: Debian, Fedora, openSUSE, Arch and macOS.
const MODULES: [&str; 5] = [
    "/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib64/apache2", "/usr/lib/httpd/modules",
    "/usr/libexec/apache2",
];

/// The executable and the folder of its modules.
pub(super) struct Apache {
    pub(super) program: PathBuf,
    pub(super) modules: PathBuf,
}

/// The executable and, if it is not the system's, the folder of its modules.
pub(super) struct Lighttpd {
    pub(super) program: PathBuf,
    pub(super) modules: Option<PathBuf>,
}

/// Returns Apache with `mod_auth_digest`.
pub(super) fn apache(install: bool) -> Result<Apache, String> {
    if let Some(apache) = find_apache() {
        return Ok(apache);
    }
    if !install {
        return Err(format!("Apache with mod_auth_digest is missing: install apache2-bin; {LEAVE}"));
    }
    if !is_root() {
        return Err("Apache with mod_auth_digest is missing, and only root can install apache2-bin".to_owned());
    }
    apt_install(&["apache2-bin".to_owned()])?;
    find_apache().ok_or_else(|| "apache2-bin is installed, but has no mod_auth_digest".to_owned())
}

fn find_apache() -> Option<Apache> {
    let modules = MODULES.iter().map(PathBuf::from).find(|folder| folder.join("mod_auth_digest.so").is_file())?;
    Some(Apache { program: program("apache2").or_else(|| program("httpd"))?, modules })
}

/// Returns lighttpd, the system's or unpacked into `target`.
pub(super) fn lighttpd(install: bool, target: &Path) -> Result<Lighttpd, String> {
    if let Some(program) = program("lighttpd") {
        return Ok(Lighttpd { program, modules: None });
    }
    let folder = target.join("lighttpd-package");
    let unpacked =
        || Lighttpd { program: folder.join("usr/sbin/lighttpd"), modules: Some(folder.join("usr/lib/lighttpd")) };
    if unpacked().program.is_file() {
        return Ok(unpacked());
    }
    if !install {
        return Err(format!("lighttpd is missing: install or unpack it; {LEAVE}"));
    }
    create(&folder)?;
    let package = download("lighttpd", &folder)?;
    if is_root() {
        apt_install(&libraries(&package)?)?;
    }
    run(Command::new("dpkg").arg("-x").arg(&package).arg(&folder))?;
    Ok(unpacked())
}

/// Downloads a Debian package into a folder.
fn download(name: &str, folder: &Path) -> Result<PathBuf, String> {
    eprintln!("downloading the package {name}");
    with_lists(Command::new("apt-get").args(["download", "--quiet", name]).current_dir(folder))?;
    let files = fs::read_dir(folder).map_err(at(folder))?.flatten().map(|entry| entry.path());
    let mut packages = files.filter(|file| file.extension().is_some_and(|ending| ending == "deb"));
    packages.next().ok_or_else(|| format!("apt-get downloaded no package {name}"))
}

/// Returns the libraries among the dependencies of a package: `libc6 (>= 2.34), libcrypt1 (>= 1:4.1.0), mime-support | media-types`.
fn libraries(package: &Path) -> Result<Vec<String>, String> {
    let depends = run(Command::new("dpkg-deb").arg("--field").arg(package).arg("Depends"))?;
    let names = depends.split([',', '|']).filter_map(|one| one.split_whitespace().next());
    Ok(names.filter(|name| name.starts_with("lib")).map(str::to_owned).collect())
}

fn apt_install(packages: &[String]) -> Result<(), String> {
    eprintln!("installing {}", packages.join(", "));
    let mut command = Command::new("apt-get");
    command.args(["install", "--yes", "--quiet", "--no-upgrade", "--no-install-recommends"]).args(packages);
    with_lists(command.env("DEBIAN_FRONTEND", "noninteractive"))
}

/// Runs `apt-get`; if it fails, updates the package lists if possible and runs it again.
fn with_lists(command: &mut Command) -> Result<(), String> {
    match run(command) {
        Err(_) if is_root() => {
            run(Command::new("apt-get").args(["update", "--quiet"]))?;
            run(command).map(drop)
        }
        result => result.map(drop),
    }
}

/// Returns gunicorn in a Python environment with httpbin.
pub(super) fn httpbin(requirements: &Path, target: &Path) -> Result<PathBuf, String> {
    let folder = venv::installed(requirements, &target.join("venv"), "httpbin")?;
    Ok(folder.join("bin/gunicorn"))
}

/// Returns a program on the `PATH` or in the usual folders of servers.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain(PLACES.iter().map(PathBuf::from));
    places.map(|place| place.join(name)).find(|file| file.is_file())
}

fn is_root() -> bool {
    run(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
