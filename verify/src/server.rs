//! A server as a child process. In: a command and a port. Out: an address that responds.
//!
//! Invariant: the server ends when it is dropped, and whenever this process ends: it depends on a pipe that only this process holds open.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::files::at;

/// The time limit for a server to listen, and to end. Prism reads a large document first.
const PATIENCE: Duration = Duration::from_secs(120);
/// The shell that is replaced by the server. A subshell kills the server when the pipe closes.
const LEASH: &str = "exec 3<&0\n(trap '' INT HUP TERM; cat <&3 >/dev/null; kill $$) &\nexec \"$@\" 3<&- </dev/null";

/// A running server.
pub(crate) struct Server {
    name: &'static str,
    command: Command,
    child: Child,
    folder: PathBuf,
    port: u16,
}

impl Server {
    /// Starts a foreground server that will listen on `port`. It runs in `folder`, and its output goes to `output.log` there; only the
    /// program, arguments and environment of the command are used.
    pub(crate) fn start(name: &'static str, command: &Command, folder: &Path, port: u16) -> Result<Self, String> {
        if !cfg!(unix) {
            return Err(format!("{name} is started by a POSIX shell, which this system does not have"));
        }
        let log = folder.join("output.log");
        let output = File::create(&log).map_err(at(&log))?;
        let mut leashed = Command::new("sh");
        leashed
            .args(["-c", LEASH, "sh"])
            .arg(command.get_program())
            .args(command.get_args())
            .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(output.try_clone().map_err(at(&log))?)
            .stderr(output);
        let child = leashed.spawn().map_err(|error| format!("sh: {error}"))?;
        let mut server = Self { name, command: leashed, child, folder: folder.to_owned(), port };
        server.wait()?;
        Ok(server)
    }

    /// Returns the base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Returns host and port.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Replaces this server, which has not responded, and returns how it ended.
    pub(crate) fn renew(&mut self) -> Result<String, String> {
        let name = self.name;
        let end = match self.child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => {
                let said = self.said();
                let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
                format!("{name} ended on this call ({status}) and was started again; its last words: {last}")
            }
            None => format!("{name} did not answer this call and was started again"),
        };
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.child = self.command.spawn().map_err(|error| format!("{name}: {error}"))?;
        self.wait()?;
        Ok(end)
    }

    fn wait(&mut self) -> Result<(), String> {
        let listening = wait_until_it_listens(&mut self.child, self.port);
        listening.map_err(|why| format!("{} does not start: {why}\n{}", self.name, self.said()))
    }

    /// Returns the output so far, from both logs.
    fn said(&self) -> String {
        let logs = ["output.log", "error.log"].map(|name| fs::read_to_string(self.folder.join(name)));
        logs.map(Result::unwrap_or_default).concat()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Closes our end of the pipe, so that the server can write its logs and end its own children.
        drop(self.child.stdin.take());
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until a server listens on `port` of the loopback interface.
fn wait_until_it_listens(server: &mut Child, port: u16) -> Result<(), String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(status) = server.try_wait().map_err(|error| error.to_string())? {
            return Err(format!("it ended: {status}"));
        }
        if TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    Err(format!("it does not listen after {} s", PATIENCE.as_secs()))
}

/// Returns a port that is probably free.
pub(crate) fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(|error| format!("no free port: {error}"))
}
