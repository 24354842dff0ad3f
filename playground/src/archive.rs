//! The files of the project, as `clientwright new` writes it, and their ZIP archive.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use clientwright::generate::{File as Generated, GeneratedApi};
use clientwright::internal::manifest::features;
use clientwright::project::{ledger_name, lock_name};
use clientwright_cli::internal;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::highlight::highlighted;
use crate::visible;

/// A file of the project.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// Returns lines, counted from 0. Each alternates between kinds and texts.
    pub(crate) fn lines(&self, from: usize, to: usize) -> Vec<Vec<String>> {
        if self.path.ends_with(".rs") {
            return highlighted(&self.text).into_iter().take(to).skip(from).collect();
        }
        let plain = |line: &str| vec![String::new(), visible(line)];
        self.text.lines().take(to).skip(from).map(plain).collect()
    }
}

/// Returns the files of the project: generated files first, then files that are written once.
///
/// `document` is the name of the vendor's document, `texts` are the normalized document and its ledger.
pub(crate) fn project(
    document: &str,
    module: &str,
    api: GeneratedApi,
    root: Generated,
    texts: [String; 2],
) -> Result<Vec<File>, String> {
    let code = api.files.iter().find(|file| file.path == format!("{module}/mod.rs"));
    let written = internal::files(module, document, code.map_or("", |file| &file.contents))?;
    let [normalized, ledger] = texts;
    let tags = BTreeMap::from([(module, Some(api.tag_features.as_slice()))]);
    let written = written.into_iter().map(|(path, text)| {
        let text = if path == "client/Cargo.toml" { features(&text, &tags, api.xml)? } else { text };
        Ok(File { path: path.to_owned(), text })
    });
    let written = written.collect::<Result<Vec<_>, String>>()?;
    let specs = [(format!("{module}.yaml"), normalized), (ledger_name(module), ledger), (lock_name(module), api.lock)];
    let specs = specs.into_iter().map(|(name, text)| File { path: format!("specs/{name}"), text });
    let source = |file: Generated| File { path: format!("client/src/{}", file.path), text: file.contents };
    let mut sources: Vec<File> = [root].into_iter().chain(api.files).map(source).collect();
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(sources.into_iter().chain(specs).chain(written).collect())
}

/// Returns the archive of files in a folder.
pub(crate) fn archive(folder: &str, files: &[File]) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for file in files {
        zip.start_file(format!("{folder}/{}", file.path), options)?;
        zip.write_all(file.text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}
