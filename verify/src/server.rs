//! A server as a child process. In: a command and a port. Out: an address that answers.
//!
//! Invariant: the server ends when it is dropped, and also when this process ends in whatever way: it hangs on a pipe that only this process holds open.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::files::at;

/// How long a server may take to listen, and to end.
const PATIENCE: Duration = Duration::from_secs(60);
/// The shell replaces itself with the server. A subshell kills the server when the pipe closes.
const LEASH: &str = "exec 3<&0\n(trap '' INT HUP TERM; cat <&3 >/dev/null; kill $$) &\nexec \"$@\" 3<&- </dev/null";

/// A running server.
pub(crate) struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Starts a server that stays in the foreground and will listen on `port`. What it says goes to `output.log` in its folder, which it runs in;
    /// of the command, program, arguments and environment count.
    pub(crate) fn start(name: &str, command: &Command, folder: &Path, port: u16) -> Result<Self, String> {
        let log = folder.join("output.log");
        let output = File::create(&log).map_err(at(&log))?;
        let child = Command::new("sh")
            .args(["-c", LEASH, "sh"])
            .arg(command.get_program())
            .args(command.get_args())
            .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(output.try_clone().map_err(at(&log))?)
            .stderr(output)
            .spawn()
            .map_err(|error| format!("sh: {error}"))?;
        let mut server = Self { child, port };
        if let Err(why) = wait_until_it_listens(&mut server.child, port, PATIENCE) {
            drop(server);
            let said: Vec<String> = logs(folder).iter().filter_map(|log| fs::read_to_string(log).ok()).collect();
            return Err(format!("{name} does not start: {why}\n{}", said.concat()));
        }
        Ok(server)
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Our end of the pipe. The server gets to write its logs and to end its own children.
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

/// The logs in a server's folder.
fn logs(folder: &Path) -> Vec<PathBuf> {
    ["output.log", "error.log"].iter().map(|name| folder.join(name)).collect()
}

/// Waits until a server listens on `port` of the loopback interface.
pub(crate) fn wait_until_it_listens(server: &mut Child, port: u16, patience: Duration) -> Result<(), String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let start = Instant::now();
    while start.elapsed() < patience {
        if let Some(status) = server.try_wait().map_err(|error| error.to_string())? {
            return Err(format!("it ended: {status}"));
        }
        if TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    Err(format!("it does not listen after {} s", patience.as_secs()))
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(|error| format!("no free port: {error}"))
}
