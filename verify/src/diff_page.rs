//! `cargo xtask diff-page`: the page of `diff --html` in a browser.
//!
//! Compares the documents in `verify/diff_page`, and a document with text that attacks pages. `verify/diff_page/prove.cjs` opens both pages
//! in Chromium, and tests the filter and the keys.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::browser;
use crate::files::{read, write};
use crate::process::run as output;

/// Text that would load a resource and set the title if it were not escaped.
const HOSTILE: &str = r#"</code></script><script>document.title="x"</script><img src="https://example.com/" onerror="document.title='x'">"#;

/// What is drawn.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Draw docs/diff.png, too
    #[arg(long)]
    draw: bool,
}

/// Creates the pages and tests them.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, String> {
    let root = crate::root();
    let (program, libraries) = browser::find(&root)?;
    let folder = root.join("target/diff-page");
    let new = read(&root.join("verify/diff_page/new/pets.yaml"))?;
    let quoted = format!("'{}'", HOSTILE.replace('\'', "''"));
    write(&folder.join("hostile/pets.yaml"), &new.replace("Returns a pet by its id.", &quoted))?;
    for (page, new) in [("page.html", Path::new("verify/diff_page/new")), ("hostile.html", &folder.join("hostile"))] {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["run", "--quiet", "--package", "xtask", "--", "diff", "--html", "verify/diff_page/old"]);
        let html = output(cargo.arg(new).current_dir(&root))?;
        write(&folder.join(page), &html)?;
    }
    let mut node = Command::new("node");
    let picture = if arguments.draw { root.join("docs") } else { folder.clone() }.join("diff.png");
    node.arg(root.join("verify/diff_page/prove.cjs")).arg(&folder).arg(picture);
    browser::is_right(node.arg(program).args(libraries))
}
