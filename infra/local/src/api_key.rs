//! The API key of this deployment: from `API_KEY`, or generated once and stored in the data folder.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use shared::domain::api_key::ApiKeyRecord;
use shared::types::randomness::Randomness;
use shared::types::secret::ApiKey;

/// The file in the data folder. The vault has only the hash of the key.
const FILE_NAME: &str = "api-key";

/// The product accepts no longer key.
const MAX_BYTES: usize = 512;

/// The API key in clear text. It is printed for the person who started the deployment; console and journey use it.
///
/// It is not one of the product's secret types, because those cannot be printed.
#[derive(Clone)]
pub struct LocalApiKey(String);

/// The text is not an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key has 1 to 512 visible ASCII characters and no comma")]
pub struct LocalApiKeyError;

impl FromStr for LocalApiKey {
    type Err = LocalApiKeyError;
    fn from_str(text: &str) -> Result<Self, LocalApiKeyError> {
        let is_printable = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
        if is_printable && (1..=MAX_BYTES).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(LocalApiKeyError)
        }
    }
}

impl fmt::Debug for LocalApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalApiKey([redacted])")
    }
}

impl LocalApiKey {
    /// The key in clear text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The record that the vault stores.
    pub(super) fn record(&self) -> ApiKeyRecord {
        ApiKeyRecord::from_key("local", &ApiKey::from(self.0.clone()))
    }

    /// Reads the key of the folder. Creates one if there is none.
    pub(super) fn load_or_create(folder: &Path, randomness: &Randomness) -> io::Result<Self> {
        let path = folder.join(FILE_NAME);
        match fs::read_to_string(&path) {
            Ok(text) => text.trim_end().parse().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(folder, randomness),
            Err(error) => Err(error),
        }
    }

    /// Writes a new file and renames it, so that a power cut cannot leave half a key. The file is always created: a link
    /// that somebody put in its place would lead the key elsewhere.
    fn create(folder: &Path, randomness: &Randomness) -> io::Result<Self> {
        let key = Self(format!("tc_local_{}", randomness.token().map_err(io::Error::other)?));
        let new_file = folder.join(format!("{FILE_NAME}.new"));
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match fs::remove_file(&new_file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = options.write(true).create_new(true).open(&new_file)?;
        writeln!(file, "{}", key.0)?;
        file.sync_all()?;
        fs::rename(new_file, folder.join(FILE_NAME))?;
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_created_once_and_no_other_user_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let created = LocalApiKey::load_or_create(folder.path(), &Randomness::seeded(1)).unwrap();
        let loaded = LocalApiKey::load_or_create(folder.path(), &Randomness::seeded(2)).unwrap();
        assert_eq!(created.as_str(), loaded.as_str());
        assert!(created.as_str().starts_with("tc_local_") && created.as_str().len() > 40);
        assert_eq!(format!("{created:?}"), "LocalApiKey([redacted])");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let permissions = fs::metadata(folder.path().join(FILE_NAME)).unwrap().permissions();
            assert_eq!(permissions.mode() & 0o777, 0o600);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_the_new_file_is_not_followed() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let target = elsewhere.path().join("stolen");
        std::os::unix::fs::symlink(&target, folder.path().join(format!("{FILE_NAME}.new"))).unwrap();
        LocalApiKey::load_or_create(folder.path(), &Randomness::seeded(1)).unwrap();
        assert!(!target.exists());
    }

    #[test]
    fn a_file_without_a_key_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE_NAME), "\n").unwrap();
        let error = LocalApiKey::load_or_create(folder.path(), &Randomness::seeded(1)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn a_key_that_the_product_would_not_accept_is_an_error() {
        for text in ["", "a b", "a,b", "ą", "a\n", &"a".repeat(513)] {
            assert_eq!(text.parse::<LocalApiKey>().unwrap_err(), LocalApiKeyError, "{text:?}");
        }
        assert_eq!("test-key".parse::<LocalApiKey>().unwrap().as_str(), "test-key");
    }
}
