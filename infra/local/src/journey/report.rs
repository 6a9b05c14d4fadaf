//! Prints the steps of the journey: who did what, and the result.

use std::fmt;
use std::io::{self, Write};

use serde_json::Value;

/// Who performs a step.
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

/// Why the journey stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JourneyError {
    /// The journey could not start.
    #[error("the journey cannot start: {0}")]
    Start(String),
    /// A step had another result than expected.
    #[error("the journey stopped at step {step} ({what}): expected {expected}, got {actual}")]
    Unexpected {
        /// The number of the step.
        step: usize,
        /// Who did what.
        what: String,
        /// The expected result.
        expected: String,
        /// The actual result.
        actual: String,
    },
    /// Standard output cannot be written.
    #[error("the journey cannot be printed: {0}")]
    Output(#[from] io::Error),
}

impl JourneyError {
    pub(super) fn start(error: &dyn std::error::Error) -> Self {
        Self::Start(error.to_string())
    }
}

/// Prints the steps.
pub(super) struct StepPrinter<'a, W> {
    out: &'a mut W,
    step: usize,
    what: String,
}

impl<'a, W: Write> StepPrinter<'a, W> {
    pub(super) fn new(out: &'a mut W) -> Self {
        Self { out, step: 0, what: String::new() }
    }

    /// Starts a step.
    pub(super) fn step(&mut self, actor: JourneyActor, what: &str) -> Result<(), JourneyError> {
        self.step += 1;
        self.what = format!("{actor}: {what}");
        Ok(writeln!(self.out, "{:>2}  {actor:<13}  {what}", self.step)?)
    }

    /// Prints an expected result of the step.
    pub(super) fn expect_ok(&mut self, status: &str, what: &str) -> Result<(), JourneyError> {
        Ok(writeln!(self.out, "                   {status}: {what}")?)
    }

    /// The error for an unexpected result of the step.
    pub(super) fn unexpected(&self, expected: &str, actual: &str) -> JourneyError {
        let (step, what) = (self.step, self.what.clone());
        JourneyError::Unexpected { step, what, expected: expected.to_owned(), actual: actual.to_owned() }
    }

    /// Prints the first meeting and both join links.
    pub(super) fn finish(&mut self, first: &Value, second: &Value) -> Result<(), JourneyError> {
        let link = |meeting: &Value| meeting["join_url"].as_str().unwrap_or_default().to_owned();
        writeln!(self.out, "\nThe journey is complete. The first meeting:\n{first:#}\n")?;
        writeln!(self.out, "Join link of the second meeting: {}", link(second))?;
        Ok(writeln!(self.out, "Join link: {}", link(first))?)
    }
}
