//! A belief, and what came of it.

use std::fmt;
use std::pin::Pin;

use crate::http::CallError;
use crate::session::Session;

/// What is done to try a belief.
pub type Trial = for<'s> fn(&'s mut Session) -> Pin<Box<dyn Future<Output = Result<Observation, TrialError>> + 's>>;

/// Something that the product believes of Microsoft.
#[derive(Debug, Clone, Copy)]
pub struct Belief {
    /// Its name on the command line.
    pub name: &'static str,
    /// The belief, as a sentence.
    pub believed: &'static str,
    /// The page of Microsoft's, or the public issue, that says so.
    pub source: &'static str,
    /// How it is tried.
    pub trial: Trial,
}

/// What Microsoft did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// In words that anybody may read.
    pub did: String,
    /// Whether the belief says the same.
    pub is_same: bool,
}

impl Observation {
    /// What was seen, and whether that is what was believed.
    pub(crate) fn new(did: impl fmt::Display, is_same: bool) -> Self {
        Self { did: did.to_string(), is_same }
    }
}

/// Why a belief was not tried to the end.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// No answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Something that comes before it did not succeed, or was not asked for.
    #[error("{0}")]
    Missing(&'static str),
}

/// How a belief fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Microsoft did what is believed.
    Same,
    /// Microsoft did something else.
    Different,
    /// It was not tried.
    NotTried,
}

/// What came of one belief.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The belief.
    pub believed: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// What Microsoft did; or why that is not known.
    pub did: String,
    /// Whether that is the same.
    pub verdict: Verdict,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Same => "same",
            Self::Different => "DIFFERENT",
            Self::NotTried => "not tried",
        })
    }
}

impl Belief {
    /// Tries it.
    pub async fn try_at(&self, session: &mut Session) -> Outcome {
        let (did, verdict) = match (self.trial)(session).await {
            Ok(Observation { did, is_same: true }) => (did, Verdict::Same),
            Ok(Observation { did, is_same: false }) => (did, Verdict::Different),
            Err(error) => (error.to_string(), Verdict::NotTried),
        };
        Outcome { believed: self.believed, source: self.source, did, verdict }
    }
}
