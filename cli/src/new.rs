//! `new`: a document → a self-contained project.
//!
//! In: a name and a vendor's document. Out: a folder with the normalized document, the client crate, a test that fails when both disagree,
//! workflows and a README with a first call. Invariant: the folder is created in a temporary place and renamed at the end, so that a
//! failure leaves nothing behind.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use clientwright::project::{Intake, Mode, Project, module_name};
use tempfile::TempDir;

use crate::source::{Source, VERSION};
use crate::{Outcome, show};

/// The files of a project with their paths. Placeholders, `{{…}}`, are filled in.
const FILES: [(&str, &str); 8] = [
    (".gitattributes", include_str!("../templates/gitattributes")),
    (".github/workflows/ci.yml", include_str!("../templates/ci.yml")),
    (".github/workflows/update.yml", include_str!("../templates/update.yml")),
    (".gitignore", include_str!("../templates/gitignore")),
    ("Cargo.toml", include_str!("../templates/Cargo.workspace.toml")),
    ("clientwright.toml", include_str!("../templates/clientwright.toml")),
    ("client/Cargo.toml", include_str!("../templates/Cargo.client.toml")),
    ("client/tests/fresh.rs", include_str!("../templates/fresh.rs")),
];

/// The README, and its section about the first call, for APIs that have one.
const README: &str = include_str!("../templates/README.md");
const FIRST_CALL: &str = include_str!("../templates/first_call.md");

/// The document of a project that is created without one.
pub const EXAMPLE: &str = include_str!("../templates/example.yaml");

/// The temporary path of the example while it is normalized, outside of the project's documents.
const EXAMPLE_FILE: &str = "example.yaml";

/// The arguments of `new`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Folder to create; its name becomes the module name of the API
    folder: PathBuf,
    /// Vendor's document: Swagger 2.0 or OpenAPI 3.0 to 3.2, in YAML or JSON [default: a small example]
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Folder that contains all files of the document; references to other folders are not followed [default: the document's folder]
    #[arg(long, value_name = "FOLDER", requires = "from")]
    root: Option<PathBuf>,
    /// Where the project gets the crates of Clientwright from: the path of a checkout, or a Git URL, which may end in `#REV`,
    /// `?branch=NAME` or `?tag=NAME`; defaults to the checkout that this command was built in, or else to crates.io
    #[arg(long, value_name = "PATH|GIT")]
    runtime: Option<String>,
}

/// Creates the project and prints the next step.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let folder = &arguments.folder;
    let names = Names { document: document_name(arguments.from.as_deref()), ..Names::of(folder)? };
    let source = Source::new(arguments.runtime.as_deref(), folder, Path::new(env!("CARGO_MANIFEST_DIR")))?;
    refuse_existing(folder)?;
    let aside = aside(folder)?;
    // A temporary folder has restricted permissions; folders inside it have the usual ones.
    let made = aside.path().join("project");
    let example = made.join(EXAMPLE_FILE);
    if arguments.from.is_none() {
        write(&example, EXAMPLE)?;
    }
    let input = arguments.from.clone().unwrap_or_else(|| example.clone());
    for (path, template) in FILES {
        write(&made.join(path), &source.fill(&names.fill(template)))?;
    }
    let intake = Intake { input, name: names.module.clone(), root: arguments.root.clone(), ..Intake::default() };
    let operations = generate(&made, &intake)?;
    let module = made.join("client/src").join(&names.module).join("mod.rs");
    let code = fs::read_to_string(&module).map_err(|error| failed(&module, &error))?;
    write(&made.join("README.md"), &source.fill(&names.readme(&code)))?;
    if arguments.from.is_none() {
        fs::remove_file(&example).map_err(|error| failed(&example, &error))?;
    }
    fs::rename(&made, folder).map_err(|error| failed(folder, &error))?;
    let (folder, Names { module, package, .. }) = (folder.display(), &names);
    println!("created {folder}: module `{module}`, crate `{package}`, operations: {operations}");
    if let Some(note) = source.note(&arguments.folder) {
        println!("{note}");
    }
    println!("next: cd {folder} && cargo test");
    Ok(true)
}

/// Returns the files of a project with their paths, except documents and generated files. `code` is the root of the API's module,
/// `document` the path of the vendor's document.
pub fn files(name: &str, document: &str, code: &str) -> Result<Vec<(&'static str, String)>, String> {
    let names = Names { document: document_name(Some(document.as_ref())), ..Names::of(name.as_ref())? };
    let templates = FILES.map(|(path, template)| (path, names.fill(template)));
    let all = templates.into_iter().chain([("README.md", names.readme(code))]);
    Ok(all.map(|(path, text)| (path, Source::default().fill(&text))).collect())
}

/// The names of the parts of the project.
struct Names {
    /// The name of the folder.
    name: String,
    module: String,
    package: String,
    /// The file of the vendor's document, as named in the ledger.
    document: String,
}

impl Names {
    fn of(folder: &Path) -> Result<Self, String> {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.ok_or_else(|| format!("error: `{}` must end in a folder name", folder.display()))?;
        let module = module_name(&name);
        let package = format!("{}-client", module.replace('_', "-"));
        Ok(Self { name, module, package, document: EXAMPLE_FILE.to_owned() })
    }

    /// Replaces the placeholders of a template.
    fn fill(&self, template: &str) -> String {
        let library = self.package.replace('-', "_");
        let values = [
            ("name", self.name.as_str()),
            ("module", &self.module),
            ("package", &self.package),
            ("library", &library),
            ("document", &self.document),
            ("version", VERSION),
        ];
        values.iter().fold(template.to_owned(), |text, (key, value)| text.replace(&format!("{{{{{key}}}}}"), value))
    }

    /// Returns the README of the project. It has the first call from the documentation at the beginning of `code`, the generated module.
    fn readme(&self, code: &str) -> String {
        let docs = code.lines().filter_map(|line| line.strip_prefix("//! "));
        let first = format!("let client = {}::Client::builder(", self.module);
        let mut example: Vec<&str> = docs.skip_while(|line| !line.starts_with(&first)).collect();
        example.truncate(example.iter().position(|line| *line == "```").unwrap_or_default());
        if example.iter().any(|line| line.starts_with("let response = ")) {
            example.push("println!(\"{response:#?}\");");
        }
        let example: String = example.iter().map(|line| format!("    {line}\n")).collect();
        let section = if example.is_empty() { "" } else { FIRST_CALL };
        let section = self.fill(section).replace("{{example}}", example.trim_end());
        self.fill(README).replace("{{first_call}}", &section)
    }
}

/// Returns the name of the vendor's file without characters that are special in a shell.
fn document_name(from: Option<&Path>) -> String {
    let name = from.and_then(Path::file_name).map_or(EXAMPLE_FILE.into(), |name| name.to_string_lossy());
    name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect()
}

/// Normalizes the document and generates the client. Returns the number of operations.
fn generate(root: &Path, intake: &Intake) -> Result<usize, String> {
    let project = Project::find(root).map_err(|findings| findings.to_string())?;
    let normalized = project.normalize(intake);
    show::refuse_errors(&normalized.findings, &project, "nothing was created")?;
    print!("{}", normalized.ledger.summary());
    let generated = project.codegen(&[], Mode::Write);
    show::refuse_errors(&generated.findings, &project, "nothing was created")?;
    eprint!("{}", generated.text);
    Ok(generated.apis.iter().map(|api| api.operations).sum())
}

/// Returns an error unless the folder is missing or empty; removes an empty folder.
fn refuse_existing(folder: &Path) -> Result<(), String> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries.count(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(folder, &error)),
    };
    if entries > 0 {
        return Err(format!("error: {} exists and is not empty", folder.display()));
    }
    fs::remove_dir(folder).map_err(|error| failed(folder, &error))
}

fn failed(path: &Path, error: &io::Error) -> String {
    format!("error: {}: {error}", path.display())
}

/// Creates a temporary folder next to the target, on the same file system, so that the project can be renamed.
fn aside(folder: &Path) -> Result<TempDir, String> {
    let here = env::current_dir().map_err(|error| failed(folder, &error))?;
    let parent = here.join(folder).parent().map_or(here, Path::to_owned);
    let made = fs::create_dir_all(&parent).and_then(|()| TempDir::with_prefix_in(".clientwright-new-", &parent));
    made.map_err(|error| failed(&parent, &error))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).and_then(|()| fs::write(path, text)).map_err(|error| failed(path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_the_folder_name() {
        for (folder, module, package) in [
            ("pets", "pets", "pets-client"),
            ("a/My-API v2", "my_api_v2", "my-api-v2-client"),
            ("box", "box_api", "box-api-client"),
            ("2fa", "api_2fa", "api-2fa-client"),
        ] {
            let names = Names::of(Path::new(folder)).unwrap();
            assert_eq!((names.module.as_str(), names.package.as_str()), (module, package));
        }
        assert!(Names::of(Path::new("..")).is_err());
    }

    #[test]
    fn every_placeholder_is_replaced() {
        let names = Names::of(Path::new("pets")).unwrap();
        let source = Source::new(Some("https://example.com"), Path::new("pets"), Path::new("")).unwrap();
        for (path, template) in FILES {
            let text = source.fill(&names.fill(template));
            // Expressions of workflows are not placeholders.
            assert!(!text.replace("${{", "").contains("{{"), "{path}: {text}");
            assert!(text.ends_with('\n'), "{path}");
        }
    }
}
