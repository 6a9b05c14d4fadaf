//! The two languages of texts for people.

use serde::{Deserialize, Serialize};

/// A language that every text for people is available in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
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
    pub const ALL: [Self; 2] = [Self::Pl, Self::En];

    /// The language tag (BCP 47).
    #[must_use]
    pub fn bcp47(self) -> &'static str {
        match self {
            Self::Pl => "pl",
            Self::En => "en",
        }
    }

    /// The language with this tag.
    #[must_use]
    pub fn from_bcp47(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.bcp47() == tag)
    }

    /// Chooses one of two values.
    #[must_use]
    pub fn choose<T>(self, polish: T, english: T) -> T {
        match self {
            Self::Pl => polish,
            Self::En => english,
        }
    }
}
