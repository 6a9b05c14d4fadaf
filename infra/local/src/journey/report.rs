//! What is written on the way: numbered steps, who did what, what came back, and how it ended.

use std::fmt;
use std::io::{self, Write};

use serde_json::Value;

/// Who does a step.
#[derive(Debug, Clone, Copy)]
pub(super) enum JourneyActor {
    Ats,
    Administrator,
    Recruiter,
}

impl fmt::Display for JourneyActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ats => "ATS",
            Self::Administrator => "Administrator",
            Self::Recruiter => "Recruiter",
        })
    }
}

/// Where the journey ended before its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JourneyError {
    /// The first step could not be made.
    #[error("the journey cannot begin: {0}")]
    Start(String),
    /// A step was not answered as expected.
    #[error("the journey ended at step {step} ({what}): expected {expected}; came {came}")]
    Unexpected {
        /// Its number.
        step: usize,
        /// Who did what.
        what: String,
        /// What should have come.
        expected: String,
        /// What came.
        came: String,
    },
    /// Nobody can read it.
    #[error("the journey cannot be written down: {0}")]
    Unwritten(#[from] io::Error),
}

impl JourneyError {
    pub(super) fn start(error: &dyn std::error::Error) -> Self {
        Self::Start(error.to_string())
    }
}

/// Writes the steps.
pub(super) struct StepPrinter<'a, W> {
    out: &'a mut W,
    step: usize,
    what: String,
}

impl<'a, W: Write> StepPrinter<'a, W> {
    pub(super) fn new(out: &'a mut W) -> Self {
        Self { out, step: 0, what: String::new() }
    }

    /// Somebody does something.
    pub(super) fn step(&mut self, who: JourneyActor, what: &str) -> Result<(), JourneyError> {
        self.step += 1;
        self.what = format!("{who}: {what}");
        Ok(writeln!(self.out, "{:>2}  {who:<13}  {what}", self.step)?)
    }

    /// And it was answered as expected.
    pub(super) fn expect_ok(&mut self, status: &str, what: &str) -> Result<(), JourneyError> {
        Ok(writeln!(self.out, "                   {status}: {what}")?)
    }

    /// Or it was not.
    pub(super) fn unexpected(&self, expected: &str, came: &str) -> JourneyError {
        let (step, what) = (self.step, self.what.clone());
        JourneyError::Unexpected { step, what, expected: expected.to_owned(), came: came.to_owned() }
    }

    /// The meeting, and the link that all this was for.
    pub(super) fn finish(&mut self, meeting: &Value, later: &Value) -> Result<(), JourneyError> {
        let link = |meeting: &Value| meeting["join_url"].as_str().unwrap_or_default().to_owned();
        writeln!(self.out, "\nThe journey is complete. The first meeting:\n{meeting:#}\n")?;
        writeln!(self.out, "Join link of the second meeting: {}", link(later))?;
        Ok(writeln!(self.out, "Join link: {}", link(meeting))?)
    }
}
