//! The data folder belongs to the user who runs this program, and nobody else writes in it.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::Path;

/// Creates the folder if there is none, and checks who may write in it.
///
/// # Errors
/// [`io::Error`] if it cannot be created, is no folder, belongs to another user, or others may write in it.
pub(super) fn prepare(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let found = fs::metadata(folder)?;
        let refuse = |why: &str| Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
        if found.uid() != rustix::process::geteuid().as_raw() {
            return refuse("it belongs to another user");
        }
        if found.mode() & 0o022 != 0 {
            return refuse("other users may write in it; take that away with chmod go-w");
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_folder_in_which_others_may_write_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("data");
        prepare(&folder).unwrap();
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        for (mode, allowed) in [(0o755, true), (0o770, false), (0o702, false), (0o777, false)] {
            fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(prepare(&folder).is_ok(), allowed, "{mode:o}");
        }
    }

    #[test]
    fn a_file_in_its_place_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        prepare(file.path()).unwrap_err();
    }
}
