//! What is deployed weighs: the program itself, and the zip that Lambda loads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weight {
    /// Unpacked.
    pub(crate) bare: u64,
    /// As a zip.
    pub(crate) zip: u64,
}

/// Weighs what goes into one zip. Python's own zip is used, as it is by `sam build`.
pub(crate) fn weigh(deployed: &[PathBuf], folder: &Path) -> Weight {
    let zip = folder.join("deployed.zip");
    let mut command = Command::new("python3");
    command.args(["-m", "zipfile", "--create"]).arg(&zip).args(deployed);
    assert!(command.status().unwrap().success(), "{deployed:?} are not zipped");
    let weight = Weight { bare: deployed.iter().map(|path| size(path)).sum(), zip: size(&zip) };
    fs::remove_file(zip).unwrap();
    weight
}

fn size(path: &Path) -> u64 {
    if path.is_dir() {
        fs::read_dir(path).unwrap().map(|entry| size(&entry.unwrap().path())).sum()
    } else {
        fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).len()
    }
}
