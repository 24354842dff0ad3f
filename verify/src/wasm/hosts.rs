//! What runs the program: Node.js, and a browser without a window.
//!
//! In: the cases, and the server that they call. Out: what the program says of each. Invariant: no host outlives its run.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use serde_json::Value;

use super::cases::Case;
use super::folder;
use super::server::Mock;
use crate::files::at;
use crate::npm;

/// How long all cases may take. Node.js has to end by itself: nothing may be left to wait for.
const PATIENCE: Duration = Duration::from_secs(60);
/// The names of Chromium's executable.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome-headless-shell"];
/// Unpacks Chromium and the libraries that it needs into the temporary folder, and prints where it is.
const UNPACK: &str =
    "import('@sparticuz/chromium').then(async ({ default: chromium }) => console.log(await chromium.executablePath()))";

/// What runs the program.
pub(super) struct Host {
    version: String,
    /// The program of a browser, and the libraries that came with it.
    browser: Option<(PathBuf, Option<PathBuf>)>,
}

impl Host {
    pub(super) fn node() -> Result<Self, String> {
        let version = version(Path::new("node"), None);
        let version = version.map_err(|error| format!("{error}; the program runs in Node.js 20 or newer"))?;
        Ok(Self { version: format!("Node.js {version}"), browser: None })
    }

    /// The browser of the system, or one that is installed from its lock file.
    pub(super) fn browser(root: &Path) -> Result<Self, String> {
        let browser = BROWSERS.iter().map(PathBuf::from).find(|name| version(name, None).is_ok());
        let (program, libraries) = match browser {
            Some(program) => (program, None),
            None => unpacked(root)?,
        };
        Ok(Self { version: version(&program, libraries.as_deref())?, browser: Some((program, libraries)) })
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// Whether a case runs in this host.
    pub(super) fn has(&self, case: &Case) -> bool {
        self.browser.is_none() || case.in_browsers
    }

    /// Runs the cases.
    pub(super) fn run(&self, root: &Path, mock: &Mock, cases: &[&Case]) -> Result<Vec<Value>, String> {
        let names: Vec<&str> = cases.iter().map(|case| case.name).collect();
        match &self.browser {
            None => in_node(root, &mock.url, &names),
            Some((program, libraries)) => in_browser(root, (program, libraries.as_deref()), mock, &names),
        }
    }
}

fn version(program: &Path, libraries: Option<&Path>) -> Result<String, String> {
    let output = with(program, libraries).arg("--version").output();
    let output = output.map_err(at(program))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A command that finds the libraries beside its own.
fn with(program: &Path, libraries: Option<&Path>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    if let Some(libraries) = libraries {
        command.env("LD_LIBRARY_PATH", libraries);
    }
    command
}

fn in_node(root: &Path, url: &str, names: &[&str]) -> Result<Vec<Value>, String> {
    let folder = folder(root).join("node");
    let log = folder.join("output.log");
    let output = fs::File::create(&log).map_err(at(&log))?;
    let mut node = Command::new("node");
    node.arg("--expose-gc").arg(root.join("verify/wasm/run.cjs")).arg(folder.join("program.js")).arg(url).args(names);
    let child = node.stdin(Stdio::null()).stdout(output).spawn().map_err(|error| format!("node: {error}"))?;
    let mut child = Running(child);
    let status = until(|| child.0.try_wait().ok().flatten());
    let text = fs::read_to_string(&log).map_err(at(&log))?;
    match status {
        Some(status) if status.success() => {
            Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
        }
        Some(status) => Err(format!("node: {status}\n{text}")),
        None => Err(format!("node did not end in {} s\n{text}", PATIENCE.as_secs())),
    }
}

fn in_browser(
    root: &Path,
    (program, libraries): (&Path, Option<&Path>),
    mock: &Mock,
    names: &[&str],
) -> Result<Vec<Value>, String> {
    let folder = folder(root);
    let log = folder.join("web/output.log");
    let output = fs::File::create(&log).map_err(at(&log))?;
    let profile = folder.join("web/profile");
    // What is cached of another run would not be asked for.
    match fs::remove_dir_all(&profile) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&profile)(error)),
        _ => {}
    }
    let mut browser = with(program, libraries);
    // Root may not have a sandbox, and a container may have no memory to share.
    browser
        .args(["--headless", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--remote-debugging-port=0"]);
    browser.arg(format!("--user-data-dir={}", profile.display()));
    browser.arg(format!("{}/page/page.html?cases={}", mock.url, names.join(",")));
    let errors = output.try_clone().map_err(at(&log))?;
    let child = browser.stdout(output).stderr(errors).spawn();
    let _child = Running(child.map_err(at(program))?);
    let said = until(|| mock.said()).ok_or_else(|| {
        format!("the page did not end in {} s\n{}", PATIENCE.as_secs(), fs::read_to_string(&log).unwrap_or_default())
    })?;
    serde_json::from_str(&said).map_err(|error| format!("the page said {said}: {error}"))
}

/// A process that is stopped when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits for something, as long as all cases may take.
fn until<T>(mut found: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(found) = found() {
            return Some(found);
        }
        thread::sleep(Duration::from_millis(50));
    }
    None
}

/// Chromium from a package of npm, and its libraries.
fn unpacked(root: &Path) -> Result<(PathBuf, Option<PathBuf>), String> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err(format!("no browser: none of {} is on the PATH", BROWSERS.join(", ")));
    }
    let (files, folder) = (root.join("verify/wasm/browser"), folder(root).join("browser"));
    fs::create_dir_all(folder.join("unpacked")).map_err(at(&folder))?;
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        let file = files.join(name);
        fs::copy(&file, folder.join(name)).map_err(at(&file))?;
    }
    npm::install(&folder)?;
    let temporary = folder.join("unpacked");
    let mut node = Command::new("node");
    // The package asks whether it runs where it was made for; there it brings its own libraries.
    node.args(["--eval", UNPACK])
        .current_dir(&folder)
        .env("AWS_LAMBDA_JS_RUNTIME", "nodejs20.x")
        .env("TMPDIR", &temporary);
    let output = node.output().map_err(|error| format!("node: {error}"))?;
    let program = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if program.is_file() {
        Ok((program, Some(temporary.join("al2023/lib"))))
    } else {
        Err(format!("Chromium could not be unpacked:\n{}", String::from_utf8_lossy(&output.stderr)))
    }
}
