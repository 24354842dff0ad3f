//! Part of `codegen`: detects whether the last run had the same inputs and its files are unchanged.
//!
//! In: a project. Out: the warnings of the last run, if running again would change nothing. Invariant: in case of doubt the client is
//! generated, so a missing, damaged or foreign stamp only costs time.

use std::env;
use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use clientwright::project::{Project, lock_name};

/// The state of a project before a run.
pub(crate) struct Stamp {
    /// The stamp of the last run: a hash, and the warnings.
    file: PathBuf,
    client: PathBuf,
    locks: Vec<PathBuf>,
    inputs: DefaultHasher,
}

impl Stamp {
    /// Returns the state of the executable, the settings and the documents. `None` if Cargo has no target folder for the client crate, or
    /// if a file cannot be read.
    pub(crate) fn new(project: &Project, apis: &[String]) -> Option<Self> {
        let client = project.client().to_owned();
        let mut inputs = DefaultHasher::new();
        (format!("{project:?}"), apis).hash(&mut inputs);
        let file = target(&client)?.join(format!("clientwright/{:016x}.stamp", inputs.finish()));
        let executable = env::current_exe().ok()?;
        let metadata = executable.metadata().ok()?;
        (executable, metadata.len(), metadata.modified().ok()?).hash(&mut inputs);
        let mut locks = Vec::new();
        for (module, path) in project.documents().ok()? {
            locks.push(path.with_file_name(lock_name(&module)));
            (module, &path, fs::read(&path).ok()?).hash(&mut inputs);
        }
        Some(Self { file, client, locks, inputs })
    }

    /// Returns the warnings of the last run, if it had these inputs and its files are unchanged.
    pub(crate) fn unchanged(&self) -> Option<String> {
        let saved = fs::read_to_string(&self.file).ok()?;
        let (hash, warnings) = saved.split_once('\n')?;
        (hash == self.hash(warnings).ok()?).then(|| warnings.to_owned())
    }

    /// Saves the stamp of a run. If that fails, the next run generates again.
    pub(crate) fn save(&self, warnings: &str) {
        let save = || {
            fs::create_dir_all(self.file.parent().unwrap_or(Path::new("")))?;
            fs::write(&self.file, format!("{}\n{warnings}", self.hash(warnings)?))
        };
        let _: io::Result<()> = save();
    }

    /// Returns a hash of the inputs, the warnings, and the current locks of names and client crate.
    fn hash(&self, warnings: &str) -> io::Result<String> {
        let mut hasher = self.inputs.clone();
        warnings.hash(&mut hasher);
        fs::read(self.client.join("Cargo.toml"))?.hash(&mut hasher);
        for lock in &self.locks {
            fs::read(lock)?.hash(&mut hasher);
        }
        hash_folder(&self.client.join("src"), &mut hasher)?;
        Ok(format!("{:016x}", hasher.finish()))
    }
}

/// Hashes the files below a folder. Links and other special files are errors.
fn hash_folder(folder: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    for path in entries {
        let metadata = path.symlink_metadata()?;
        path.hash(hasher);
        match metadata.is_dir() {
            true => hash_folder(&path, hasher)?,
            false if metadata.is_file() => fs::read(&path)?.hash(hasher),
            false => return Err(io::Error::other("not a file")),
        }
    }
    Ok(())
}

/// Returns the target folder of Cargo for a crate, if it exists.
fn target(client: &Path) -> Option<PathBuf> {
    let is_folder = |folder: &PathBuf| folder.metadata().as_ref().is_ok_and(Metadata::is_dir);
    let set = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let near =
        || client.ancestors().map(|folder| folder.join("target")).find(|folder| folder.join("CACHEDIR.TAG").is_file());
    set.or_else(near).filter(is_folder)
}
