//! The cost of a process: processor time, peak memory and limits for both.
//!
//! In: a command. Out: the command run with limits, and a file with its cost. This program itself runs between the caller
//! and the command ([`wrapper`]). The system reports only the total cost of a process's children, which for a single child
//! is that child's cost. Cargo uses the same wrapper for the compiler, so that each crate is measured separately, without
//! Cargo and dependencies.
//!
//! Invariant: a wrapped command has the same output and exit status, unless a limit ends it earlier.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::files::at;

/// If set, this program runs as a wrapper, with this [`Task`] in JSON.
const TASK: &str = "CLIENTWRIGHT_MEASURE";

/// The task of a wrapper.
#[derive(Serialize, Deserialize)]
struct Task {
    /// The folder for measurements.
    folder: PathBuf,
    /// The name of the measurement; `None` for the name of the compiled crate.
    name: Option<String>,
    caps: Caps,
}

impl Task {
    /// Sets up a command to perform the task.
    fn set(self, command: &mut Command) -> Result<(), String> {
        command.env(TASK, serde_json::to_string(&self).map_err(|error| error.to_string())?);
        Ok(())
    }
}

/// The interval between checks whether a process has ended.
const POLL: Duration = Duration::from_millis(10);

/// The limits of a process.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Caps {
    /// The maximum wall-clock time.
    pub(crate) seconds: u64,
    /// The maximum address space, in bytes.
    pub(crate) bytes: u64,
}

/// The cost of a process.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// The processor time, user and system.
    pub(crate) cpu_seconds: f64,
    /// The wall-clock time.
    pub(crate) wall_seconds: f64,
    /// The peak memory, in bytes.
    pub(crate) peak_bytes: u64,
    /// The reason of a failure.
    pub(crate) fault: Option<String>,
    /// The limits that this system does not support.
    pub(crate) uncapped: Vec<String>,
}

/// Sets up a Cargo command to measure each crate of the workspace that it compiles.
pub(crate) fn wrap_rustc(cargo: &mut Command, folder: &Path, caps: Caps) -> Result<(), String> {
    cargo.env("RUSTC_WORKSPACE_WRAPPER", this()?);
    Task { folder: folder.to_owned(), name: None, caps }.set(cargo)
}

/// Returns the path of this program.
pub(crate) fn this() -> Result<PathBuf, String> {
    env::current_exe().map_err(|error| format!("this program: {error}"))
}

/// Returns a command that runs a program and measures it under a name.
pub(crate) fn program(
    program: &Path,
    arguments: &[&OsStr],
    folder: &Path,
    name: &str,
    caps: Caps,
) -> Result<Command, String> {
    let mut command = Command::new(this()?);
    command.arg(program).args(arguments);
    Task { folder: folder.to_owned(), name: Some(name.to_owned()), caps }.set(&mut command)?;
    Ok(command)
}

/// Returns the measurement with this name.
pub(crate) fn cost(folder: &Path, name: &str) -> Option<Cost> {
    serde_json::from_str(&fs::read_to_string(file(folder, name)).ok()?).ok()
}

/// Deletes the measurement with this name.
pub(crate) fn forget(folder: &Path, name: &str) {
    // Usually there is no such file.
    let _ = fs::remove_file(file(folder, name));
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.cost.json"))
}

/// Runs as a wrapper if this process was started as one.
pub(crate) fn wrapper() -> Option<ExitCode> {
    let task: Task = serde_json::from_str(&env::var(TASK).ok()?).ok()?;
    let mut arguments = env::args_os().skip(1);
    let mut command = Command::new(arguments.next()?);
    let arguments: Vec<OsString> = arguments.collect();
    command.args(&arguments).env_remove(TASK);
    let outcome = match task.name.or_else(|| crate_name(&arguments)) {
        Some(name) => measure(&mut command, &file(&task.folder, &name), task.caps),
        // Cargo queries the compiler.
        None => command.status().map(|status| status.code()).map_err(|error| error.to_string()),
    };
    Some(match outcome {
        Ok(code) => ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => {
            eprintln!("error: {}: {error}", command.get_program().display());
            ExitCode::FAILURE
        }
    })
}

/// Returns the crate that a compiler command compiles. Cargo's queries use `___`.
fn crate_name(arguments: &[OsString]) -> Option<String> {
    let mut after = arguments.iter().skip_while(|argument| *argument != "--crate-name").skip(1);
    after.next().map(|name| name.to_string_lossy().into_owned()).filter(|name| name != "___")
}

fn measure(command: &mut Command, file: &Path, caps: Caps) -> Result<Option<i32>, String> {
    let mut cost = Cost::default();
    if let Err(why) = system::cap_memory(caps.bytes) {
        cost.uncapped.push(format!("memory ({why})"));
    }
    let start = Instant::now();
    let child = command.spawn().map_err(|error| error.to_string())?;
    let (code, fault) = wait(child, Duration::from_secs(caps.seconds))?;
    cost.wall_seconds = start.elapsed().as_secs_f64();
    cost.fault = fault;
    match system::cost_of_children() {
        Some((cpu, peak)) => (cost.cpu_seconds, cost.peak_bytes) = (cpu.as_secs_f64(), peak),
        None => cost.uncapped.push("processor time and memory are not measured on this system".to_owned()),
    }
    let text = serde_json::to_string(&cost).map_err(|error| error.to_string())?;
    fs::write(file, text).map_err(at(file))?;
    Ok(code)
}

/// Waits for the end of a process, and kills it after the time limit.
fn wait(mut child: Child, limit: Duration) -> Result<(Option<i32>, Option<String>), String> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            let fault = (!status.success()).then(|| status.to_string());
            return Ok((status.code(), fault));
        }
        if start.elapsed() > limit {
            child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
            return Ok((None, Some(format!("ended after {} s", limit.as_secs()))));
        }
        std::thread::sleep(POLL);
    }
}

/// Returns the processor time that this process has used so far.
pub(crate) fn own_cpu() -> Option<Duration> {
    system::own_cpu()
}

#[cfg(unix)]
mod system {
    //! Measurements on Unix.

    use std::time::Duration;

    use nix::sys::resource::{Resource, Usage, UsageWho, getrusage, setrlimit};
    use nix::sys::time::TimeVal;

    /// Limits the address space of this process and of its children.
    pub(super) fn cap_memory(bytes: u64) -> Result<(), String> {
        setrlimit(Resource::RLIMIT_AS, bytes, bytes).map_err(|error| error.to_string())
    }

    /// Returns the processor time and peak memory of the ended children.
    pub(super) fn cost_of_children() -> Option<(Duration, u64)> {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
        // Kibibytes, or bytes on Apple's systems.
        let unit = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
        Some((cpu(&usage), u64::try_from(usage.max_rss()).ok()? * unit))
    }

    pub(super) fn own_cpu() -> Option<Duration> {
        getrusage(UsageWho::RUSAGE_SELF).ok().map(|usage| cpu(&usage))
    }

    fn cpu(usage: &Usage) -> Duration {
        let duration = |time: TimeVal| {
            let seconds = u64::try_from(time.tv_sec()).unwrap_or(0);
            Duration::from_secs(seconds) + Duration::from_micros(u64::try_from(time.tv_usec()).unwrap_or(0))
        };
        duration(usage.user_time()) + duration(usage.system_time())
    }
}

#[cfg(not(unix))]
mod system {
    //! Other systems are not supported; missing figures are reported with each measurement.

    use std::time::Duration;

    pub(super) fn cap_memory(_: u64) -> Result<(), String> {
        Err("this system has none".to_owned())
    }

    pub(super) fn cost_of_children() -> Option<(Duration, u64)> {
        None
    }

    pub(super) fn own_cpu() -> Option<Duration> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compilers_crate_is_found() {
        let of = |arguments: &[&str]| crate_name(&arguments.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(of(&["--edition=2024", "--crate-name", "pets", "src/lib.rs"]), Some("pets".to_owned()));
        assert_eq!(of(&["-", "--crate-name", "___", "--print=cfg"]), None);
        assert_eq!(of(&["-vV"]), None);
        assert_eq!(of(&["--crate-name"]), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_process_that_takes_too_long_is_ended() {
        let child = Command::new("sleep").arg("60").spawn().unwrap();
        let (code, fault) = wait(child, Duration::from_millis(30)).unwrap();
        assert_eq!((code, fault.as_deref()), (None, Some("ended after 0 s")));
        let (code, fault) = wait(Command::new("true").spawn().unwrap(), Duration::from_secs(60)).unwrap();
        assert_eq!((code, fault), (Some(0), None));
        let (code, fault) = wait(Command::new("false").spawn().unwrap(), Duration::from_secs(60)).unwrap();
        assert_eq!((code, fault.is_some()), (Some(1), true));
    }
}
