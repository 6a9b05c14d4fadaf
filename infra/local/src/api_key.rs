//! The API key of this deployment: given by `API_KEY`, or made once and kept in the data folder.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use shared::domain::api_key::ApiKeyRecord;
use shared::types::randomness::Randomness;
use shared::types::secret::ApiKey;

/// The file in the data folder. The vault holds the key's hash only.
const FILE: &str = "api-key";

/// The product reads no longer key.
const LONGEST: usize = 512;

/// The key in clear: it is printed for the person who started this, and the console and the journey call with it. It is
/// not one of the product's secret types, for those cannot be shown.
#[derive(Clone)]
pub struct LocalApiKey(String);

/// Why a text is no API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key has 1 to 512 visible ASCII characters and no comma")]
pub struct LocalApiKeyError;

impl FromStr for LocalApiKey {
    type Err = LocalApiKeyError;
    fn from_str(text: &str) -> Result<Self, LocalApiKeyError> {
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
        if plain && (1..=LONGEST).contains(&text.len()) { Ok(Self(text.to_owned())) } else { Err(LocalApiKeyError) }
    }
}

impl fmt::Debug for LocalApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalKey([redacted])")
    }
}

impl LocalApiKey {
    /// The key itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the vault keeps of it.
    pub(super) fn record(&self) -> ApiKeyRecord {
        ApiKeyRecord::from_key("local", &ApiKey::from(self.0.clone()))
    }

    /// The key that is kept in this folder; a new one, where there is none.
    pub(super) fn load_or_create(folder: &Path, randomness: &Randomness) -> io::Result<Self> {
        let path = folder.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => text.trim_end().parse().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(folder, randomness),
            Err(error) => Err(error),
        }
    }

    /// Written beside its place and moved there, so that a power cut leaves no half of a key.
    fn create(folder: &Path, randomness: &Randomness) -> io::Result<Self> {
        let key = Self(format!("tc_local_{}", randomness.token().map_err(io::Error::other)?));
        let beside = folder.join(format!("{FILE}.new"));
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.write(true).create(true).truncate(true).open(&beside)?;
        writeln!(file, "{}", key.0)?;
        file.sync_all()?;
        fs::rename(beside, folder.join(FILE))?;
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_by_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let made = LocalApiKey::load_or_create(folder.path(), &Randomness::seeded(1)).unwrap();
        let kept = LocalApiKey::load_or_create(folder.path(), &Randomness::seeded(2)).unwrap();
        assert_eq!(made.as_str(), kept.as_str());
        assert!(made.as_str().starts_with("tc_local_") && made.as_str().len() > 40);
        assert_eq!(format!("{made:?}"), "LocalKey([redacted])");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let permissions = fs::metadata(folder.path().join(FILE)).unwrap().permissions();
            assert_eq!(permissions.mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_file_without_a_key_is_not_taken_for_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "\n").unwrap();
        let error = LocalApiKey::load_or_create(folder.path(), &Randomness::seeded(1)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn what_the_product_would_not_read_is_no_key() {
        for text in ["", "a b", "a,b", "ą", "a\n", &"a".repeat(513)] {
            assert_eq!(text.parse::<LocalApiKey>().unwrap_err(), LocalApiKeyError, "{text:?}");
        }
        assert_eq!("test-key".parse::<LocalApiKey>().unwrap().as_str(), "test-key");
    }
}
