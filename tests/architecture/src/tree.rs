//! The files of the repository, by their paths from its root.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

/// What is never part of the repository, whatever `.gitignore` says.
const OUTSIDE: [&str; 3] = [".git", "target", "node_modules"];

/// Where the repository lies.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The text of a file.
///
/// # Errors
/// A sentence that names the file, where it is missing or not text.
pub fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(root().join(path)).map_err(|error| format!("{path} cannot be read: {error}"))
}

/// Every file and folder, in order, with `/` between the parts of a path.
///
/// # Panics
/// If this is not the repository: a rule that reads nothing would always hold.
#[must_use]
pub fn everything() -> Vec<String> {
    let root = root();
    let ignored = read(".gitignore").unwrap_or_default();
    let ignored: Vec<&str> = ignored.lines().map(|line| line.trim().trim_matches('/')).collect();
    let outside = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        OUTSIDE.contains(&&*name) || ignored.contains(&&*name) || ignored.contains(&&*from_root(entry.path(), &root))
    };
    let entries = WalkDir::new(&root).min_depth(1).sort_by_file_name().into_iter();
    let entries = entries.filter_entry(|entry| !outside(entry)).filter_map(Result::ok);
    let paths: Vec<String> = entries.map(|entry| from_root(entry.path(), &root)).collect();
    assert!(paths.iter().any(|path| path == "shared/src/lib.rs"), "{} is not the repository", root.display());
    paths
}

/// The Rust files whose paths begin with one of these.
#[must_use]
pub fn rust_files(under: &[&str]) -> Vec<String> {
    let rust = |path: &String| Path::new(path).extension().is_some_and(|extension| extension == "rs");
    let mut files = everything();
    files.retain(|path| rust(path) && under.iter().any(|start| path.starts_with(start)));
    files
}

/// The names of the functions: the folders in `functions/`.
#[must_use]
pub fn functions() -> Vec<String> {
    let lib = |path: &String| {
        path.strip_prefix("functions/").and_then(|rest| rest.strip_suffix("/src/lib.rs")).map(str::to_owned)
    };
    everything().iter().filter_map(lib).collect()
}

fn from_root(path: &Path, root: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
