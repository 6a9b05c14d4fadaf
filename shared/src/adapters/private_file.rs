//! Files of the deployment on one machine that nobody else reads.

use std::fs::{File, OpenOptions};

/// A file to write that nobody else on this machine can read.
pub(in crate::adapters) fn private_file() -> OpenOptions {
    let mut options = File::options();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
