//! Where the servers are, and how they get there. In: leave to install. Out: programs.
//!
//! httpbin goes into a Python environment of its own. Apache is the system's, and is installed only by leave: of Debian's packages only `apache2-bin`, which
//! brings no service. lighttpd's package would bring one, so it is unpacked and not installed. Invariant: without leave nothing outside of `target/`
//! changes, and what is missing is an error that says what to do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files::{at, create};
use crate::process::run;
use crate::venv;

/// What to do about a missing server.
const LEAVE: &str = "`cargo xtask real-auth --install` does so on Debian and its relatives";
/// Where servers are besides the `PATH` of those who are not root.
const PLACES: [&str; 4] = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin"];
/// Where Apache's modules are: Debian, Fedora, openSUSE, Arch and macOS.
const MODULES: [&str; 5] = [
    "/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib64/apache2", "/usr/lib/httpd/modules",
    "/usr/libexec/apache2",
];

/// The program and the folder of its modules.
pub(super) struct Apache {
    pub(super) program: PathBuf,
    pub(super) modules: PathBuf,
}

/// The program and, if it is not the system's, the folder of its modules.
pub(super) struct Lighttpd {
    pub(super) program: PathBuf,
    pub(super) modules: Option<PathBuf>,
}

/// Apache with `mod_auth_digest`.
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

/// lighttpd, the system's or one unpacked into `target`.
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

/// The libraries among what a package depends on: `libc6 (>= 2.34), libcrypt1 (>= 1:4.1.0), mime-support | media-types`.
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

/// Runs `apt-get`, and once more after an update if it fails and that can help.
fn with_lists(command: &mut Command) -> Result<(), String> {
    match run(command) {
        Err(_) if is_root() => {
            run(Command::new("apt-get").args(["update", "--quiet"]))?;
            run(command).map(drop)
        }
        result => result.map(drop),
    }
}

/// gunicorn in a Python environment with httpbin.
pub(super) fn httpbin(requirements: &Path, target: &Path) -> Result<PathBuf, String> {
    let folder = venv::installed(requirements, &target.join("venv"), "httpbin")?;
    Ok(folder.join("bin/gunicorn"))
}

/// A program on the `PATH` or where servers are.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain(PLACES.iter().map(PathBuf::from));
    places.map(|place| place.join(name)).find(|file| file.is_file())
}

fn is_root() -> bool {
    run(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
