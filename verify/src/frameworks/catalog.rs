//! The frameworks: their services, commands and documents.
//!
//! Out: one entry for each folder of `verify/frameworks`. Invariant: each entry has its own flow next to its service.

/// One framework.
pub(super) struct Framework {
    /// The folder of the service in `verify/frameworks`.
    pub(super) name: &'static str,
    /// The requirements of the service.
    pub(super) needs: Needs,
    /// The arguments of commands that run before the service starts; see `start`.
    pub(super) prepare: &'static [&'static [&'static str]],
    /// The arguments that start the service. `@SERVICE@` stands for its folder and `@PORT@` for the port to listen on.
    pub(super) start: &'static [&'static str],
    /// The path of the document on the server.
    pub(super) document: &'static str,
}

/// The requirements of a service.
#[derive(Clone, Copy)]
pub(super) enum Needs {
    /// A Python environment with its `requirements.txt`. The arguments are for Python.
    Python,
    /// A Node.js package with its `package-lock.json`, compiled with `npm run build` if needed. The arguments are for Node.js.
    Node,
    /// A crate with its own lock file. The arguments are for its program.
    Rust,
}

/// All frameworks, in the order of their runs.
pub(super) const FRAMEWORKS: &[Framework] = &[
    Framework {
        name: "fastapi",
        needs: Needs::Python,
        prepare: &[],
        start: &["-m", "uvicorn", "--app-dir", "@SERVICE@", "--port", "@PORT@", "service:app"],
        document: "/openapi.json",
    },
    Framework {
        name: "django",
        needs: Needs::Python,
        prepare: &[&["@SERVICE@/manage.py", "migrate", "--verbosity", "0"]],
        start: &["@SERVICE@/manage.py", "runserver", "--noreload", "@PORT@"],
        document: "/api/schema/",
    },
    Framework {
        name: "nestjs",
        needs: Needs::Node,
        prepare: &[],
        start: &["@SERVICE@/dist/main.js", "@PORT@"],
        document: "/docs-json",
    },
    Framework {
        name: "fastify",
        needs: Needs::Node,
        prepare: &[],
        start: &["@SERVICE@/src/main.js", "@PORT@"],
        document: "/docs/json",
    },
    Framework { name: "axum", needs: Needs::Rust, prepare: &[], start: &["@PORT@"], document: "/openapi.json" },
    Framework { name: "poem", needs: Needs::Rust, prepare: &[], start: &["@PORT@"], document: "/openapi.json" },
    Framework { name: "dropshot", needs: Needs::Rust, prepare: &[], start: &["@PORT@"], document: "/openapi.json" },
];

#[cfg(test)]
mod tests {
    use super::*;

    use std::collections::BTreeSet;
    use std::fs;

    #[test]
    fn every_folder_is_listed_and_has_a_flow() {
        let folder = crate::root().join("verify/frameworks");
        let entries = fs::read_dir(&folder).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir());
        let folders: BTreeSet<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        let listed: BTreeSet<String> = FRAMEWORKS.iter().map(|framework| framework.name.to_owned()).collect();
        assert_eq!(folders, listed);
        for framework in FRAMEWORKS {
            assert!(folder.join(framework.name).join("flow.rs").is_file(), "{} has no flow", framework.name);
        }
    }

    #[test]
    fn lock_files_of_node_name_no_registry() {
        for framework in FRAMEWORKS.iter().filter(|framework| matches!(framework.needs, Needs::Node)) {
            let lock = crate::root().join("verify/frameworks").join(framework.name).join("package-lock.json");
            let lock: serde_json::Value = serde_json::from_slice(&fs::read(lock).unwrap()).unwrap();
            for (path, package) in lock["packages"].as_object().unwrap().iter().filter(|(path, _)| !path.is_empty()) {
                assert_eq!(package.get("resolved"), None, "{}: {path}", framework.name);
                assert!(package.get("integrity").is_some(), "{}: {path}", framework.name);
            }
        }
    }
}
