use std::fs;
use std::path::PathBuf;

use super::*;

fn file(path: &str, contents: &str) -> File {
    File { path: path.to_owned(), contents: format!("{GENERATED} by a test.\n{contents}") }
}

fn memory(files: &[File]) -> Memory {
    let files = files.iter().map(|file| (file.path.clone(), file.contents.clone().into_bytes())).collect();
    Memory { files }
}

#[test]
fn plans_and_applies_the_differences_only() {
    let mut tree = memory(&[
        file("src/a/same.rs", "1"),
        file("src/a/old.rs", "1"),
        file("src/a/gone.rs", "1"),
        file("other/x.rs", "1"),
    ]);
    tree.files.insert(String::from("src/a/hand.rs"), b"// written by hand\n".to_vec());
    let files = [file("src/a/same.rs", "1"), file("src/a/old.rs", "2"), file("src/b/new.rs", "1")];
    let plan = plan(&files, &tree, &["src"]).unwrap();
    let changes: Vec<_> = plan.changes.iter().map(|(path, change)| (path.as_str(), *change)).collect();
    assert_eq!(
        changes,
        [
            ("src/a/gone.rs", Change::Removed),
            ("src/a/old.rs", Change::Updated),
            ("src/a/same.rs", Change::Unchanged),
            ("src/b/new.rs", Change::Created),
        ]
    );
    assert_eq!(plan.foreign, ["src/a/hand.rs"]);
    let changes: Vec<_> = plan.changes.iter().filter(|(_, change)| *change != Change::Unchanged).cloned().collect();
    let change = |path: &str, change| (path.to_owned(), change);
    let expected = [
        change("src/a/gone.rs", Change::Removed),
        change("src/a/old.rs", Change::Updated),
        change("src/b/new.rs", Change::Created),
    ];
    assert_eq!(changes, expected);
    apply(&plan, &mut tree).unwrap();
    let again = super::plan(&files, &tree, &["src"]).unwrap();
    assert!(again.is_clean());
    assert_eq!(again.count(Change::Unchanged), 3);
    let paths: Vec<_> = tree.files.keys().map(String::as_str).collect();
    assert_eq!(paths, ["other/x.rs", "src/a/hand.rs", "src/a/old.rs", "src/a/same.rs", "src/b/new.rs"]);
}

#[test]
fn refuses_paths_that_leave_the_root() {
    for path in ["../a.rs", "/etc/passwd", "a/../../b", "a//b", "", "a/./b", "c:/a", "a\\b", "a/b.", "a\0b"] {
        let error = plan(&[file(path, "")], &Memory::default(), &[]).unwrap_err();
        assert!(matches!(error, WriteError::Path { .. }), "{path}");
    }
    assert!(plan(&[], &Memory::default(), &[".."]).is_err());
    let twice = plan(&[file("a/B.rs", ""), file("a/b.rs", "")], &Memory::default(), &[]).unwrap_err();
    assert_eq!(twice.to_string(), "`a/b.rs` is generated twice");
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("clientwright-write-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    path
}

#[test]
fn writes_a_real_folder() {
    let root = folder("real");
    let mut tree = Directory::new(&root);
    let first = [file("src/a/x.rs", "1"), file("src/b/c/y.rs", "1"), file("src/d.rs", "1")];
    apply(&plan(&first, &tree, &["src"]).unwrap(), &mut tree).unwrap();
    assert_eq!(tree.list("src").unwrap(), ["src/a/x.rs", "src/b/c/y.rs", "src/d.rs"]);
    let before = fs::metadata(root.join("src/a/x.rs")).unwrap().modified().unwrap();
    // `src/d.rs` goes, a folder of that name comes; `src/b/c` becomes empty.
    let second = [file("src/a/x.rs", "1"), file("src/d.rs/z.rs", "2")];
    apply(&plan(&second, &tree, &["src"]).unwrap(), &mut tree).unwrap();
    assert_eq!(tree.list("src").unwrap(), ["src/a/x.rs", "src/d.rs/z.rs"]);
    assert!(!root.join("src/b").exists());
    assert_eq!(fs::metadata(root.join("src/a/x.rs")).unwrap().modified().unwrap(), before);
    assert_eq!(fs::read_to_string(root.join("src/d.rs/z.rs")).unwrap(), second[1].contents);
    fs::remove_dir_all(&root).unwrap();
}

#[cfg(unix)]
#[test]
fn does_not_write_through_links() {
    let (root, outside) = (folder("links"), folder("outside"));
    fs::create_dir_all(&root).unwrap();
    fs::create_dir_all(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, root.join("src")).unwrap();
    let mut tree = Directory::new(&root);
    assert!(tree.write("src/a.rs", b"x").is_err());
    assert!(plan(&[file("src/a.rs", "")], &tree, &[]).is_err());
    assert!(fs::read_dir(&outside).unwrap().next().is_none());
    fs::remove_dir_all(&root).unwrap();
    fs::remove_dir_all(&outside).unwrap();
}
