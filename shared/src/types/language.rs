//! The languages that users read: Polish and English.

use serde::{Deserialize, Serialize};

/// A language in which every sentence of ours exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Polish.
    Pl,
    /// English, for everybody who did not ask for Polish.
    #[default]
    En,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Pl, Self::En];

    /// The tag of the language (BCP 47).
    #[must_use]
    pub fn bcp47(self) -> &'static str {
        match self {
            Self::Pl => "pl",
            Self::En => "en",
        }
    }

    /// The language with exactly this tag.
    #[must_use]
    pub fn from_bcp47(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.bcp47() == tag)
    }

    /// Picks one of two sentences.
    #[must_use]
    pub fn choose<T>(self, polish: T, english: T) -> T {
        match self {
            Self::Pl => polish,
            Self::En => english,
        }
    }
}
