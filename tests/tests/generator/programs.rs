//! The programs for large visible APIs are listed, and `docs/PROGRAMS.md` contains their lengths. Compiling them requires the
//! documents of these APIs: `cargo xtask programs`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use verify::programs::{PROGRAMS, table, with_table};
use workspace_tests::root;

fn files(folder: &Path, ending: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(ending)).collect()
}

#[test]
fn the_page_has_the_lines_of_the_programs() {
    let table = table(&root().join("verify/programs")).unwrap();
    let page = fs::read_to_string(root().join("docs/PROGRAMS.md")).unwrap();
    assert!(page == with_table(&page, &table), "docs/PROGRAMS.md does not have this table:\n{table}");
}

#[test]
fn every_program_is_listed() {
    let programs: BTreeSet<String> = PROGRAMS.iter().map(|program| format!("{}.rs", program.name)).collect();
    assert_eq!(files(&root().join("verify/programs"), ".rs"), programs);
    let peers = root().join("verify/programs/peers");
    let listed = |ending: &str| {
        let files = PROGRAMS.iter().map(|program| program.peer.file);
        files.filter(|file| file.ends_with(ending)).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    assert_eq!(files(&peers, ".py"), listed(".py"));
    let folders = fs::read_dir(&peers).unwrap().map(|entry| entry.unwrap());
    let packages = folders.filter(|folder| folder.path().join("Cargo.toml").is_file());
    let packages = packages.map(|folder| format!("{}/src/main.rs", folder.file_name().display()));
    assert_eq!(packages.collect::<BTreeSet<_>>(), listed(".rs"));
}
