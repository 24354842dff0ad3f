//! What a process costs: processor time, peak memory and caps on both.
//!
//! In: a command. Out: the command run with caps, and a file that says what it cost. This program itself stands between the
//! one who calls and the command ([`wrapper`]), because the system counts what the ended children of a process have cost
//! together: whoever starts one child knows what that one cost. Cargo takes the same wrapper, and so each crate is measured
//! alone, without Cargo and without what it depends on.
//!
//! Invariant: a wrapped command gives the same output and fails alike; only a cap that is exceeded ends it earlier.

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

/// What a wrapper has to do.
#[derive(Serialize, Deserialize)]
struct Task {
    /// Where its measurements belong.
    folder: PathBuf,
    /// The name of the measurement; without it, that of the crate that is compiled.
    name: Option<String>,
    caps: Caps,
}

impl Task {
    /// Makes a command one that carries out the task.
    fn set(self, command: &mut Command) -> Result<(), String> {
        command.env(TASK, serde_json::to_string(&self).map_err(|error| error.to_string())?);
        Ok(())
    }
}

/// How often it is looked whether a process has ended.
const POLL: Duration = Duration::from_millis(10);

/// What a process may cost.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Caps {
    /// Time on the clock.
    pub(crate) seconds: u64,
    /// Address space, in bytes.
    pub(crate) bytes: u64,
}

/// What a process has cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// Processor time, of user and system.
    pub(crate) cpu_seconds: f64,
    /// Time on the clock.
    pub(crate) wall_seconds: f64,
    /// The most memory that it held at once, in bytes.
    pub(crate) peak_bytes: u64,
    /// How it ended, unless well.
    pub(crate) fault: Option<String>,
    /// Caps that this system does not have.
    pub(crate) uncapped: Vec<String>,
}

/// Makes a command one that measures what Cargo compiles in it: each crate of the workspace.
pub(crate) fn wrap_rustc(cargo: &mut Command, folder: &Path, caps: Caps) -> Result<(), String> {
    cargo.env("RUSTC_WORKSPACE_WRAPPER", this()?);
    Task { folder: folder.to_owned(), name: None, caps }.set(cargo)
}

/// This program.
pub(crate) fn this() -> Result<PathBuf, String> {
    env::current_exe().map_err(|error| format!("this program: {error}"))
}

/// A call of a program that is measured under a name.
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

/// What was measured under a name.
pub(crate) fn cost(folder: &Path, name: &str) -> Option<Cost> {
    serde_json::from_str(&fs::read_to_string(file(folder, name)).ok()?).ok()
}

/// Forgets what was measured under a name.
pub(crate) fn forget(folder: &Path, name: &str) {
    // That there is nothing to be forgotten is what most calls find.
    let _ = fs::remove_file(file(folder, name));
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.cost.json"))
}

/// Runs as a wrapper, if this process was started as one.
pub(crate) fn wrapper() -> Option<ExitCode> {
    let task: Task = serde_json::from_str(&env::var(TASK).ok()?).ok()?;
    let mut arguments = env::args_os().skip(1);
    let mut command = Command::new(arguments.next()?);
    let arguments: Vec<OsString> = arguments.collect();
    command.args(&arguments).env_remove(TASK);
    let outcome = match task.name.or_else(|| crate_name(&arguments)) {
        Some(name) => measure(&mut command, &file(&task.folder, &name), task.caps),
        // Cargo asks what the compiler is.
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

/// The crate that a compiler is to compile. `___` is what Cargo asks its questions with.
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

/// Waits for the end of a process, and brings it about when its time is over.
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

/// The processor time that this process has used so far.
pub(crate) fn own_cpu() -> Option<Duration> {
    system::own_cpu()
}

#[cfg(unix)]
mod system {
    //! What Unix knows of processes.

    use std::time::Duration;

    use nix::sys::resource::{Resource, Usage, UsageWho, getrusage, setrlimit};
    use nix::sys::time::TimeVal;

    /// Caps the address space of this process and of those that it starts.
    pub(super) fn cap_memory(bytes: u64) -> Result<(), String> {
        setrlimit(Resource::RLIMIT_AS, bytes, bytes).map_err(|error| error.to_string())
    }

    /// Processor time and peak memory of the children that have ended.
    pub(super) fn cost_of_children() -> Option<(Duration, u64)> {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
        // Kibibytes, but on Apple's systems bytes.
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
    //! Other systems say nothing here; missing figures are reported with each measurement.

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
