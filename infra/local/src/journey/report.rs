//! What is written on the way: numbered steps, who did what, what came back, and how it ended.

use std::fmt;
use std::io::{self, Write};

use serde_json::Value;

/// Who does a step.
#[derive(Debug, Clone, Copy)]
pub(super) enum Who {
    Ats,
    Administrator,
    Recruiter,
}

impl fmt::Display for Who {
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
pub(crate) enum Stumble {
    /// The first step could not be made.
    #[error("the journey cannot begin: {0}")]
    SettingOut(String),
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

impl Stumble {
    pub(super) fn setting_out(error: &dyn std::error::Error) -> Self {
        Self::SettingOut(error.to_string())
    }
}

/// Writes the steps.
pub(super) struct Report<'a, W> {
    out: &'a mut W,
    step: usize,
    what: String,
}

impl<'a, W: Write> Report<'a, W> {
    pub(super) fn new(out: &'a mut W) -> Self {
        Self { out, step: 0, what: String::new() }
    }

    /// Somebody does something.
    pub(super) fn step(&mut self, who: Who, what: &str) -> Result<(), Stumble> {
        self.step += 1;
        self.what = format!("{who}: {what}");
        Ok(writeln!(self.out, "{:>2}  {who:<13}  {what}", self.step)?)
    }

    /// And it was answered as expected.
    pub(super) fn came(&mut self, status: &str, what: &str) -> Result<(), Stumble> {
        Ok(writeln!(self.out, "                   {status}: {what}")?)
    }

    /// Or it was not.
    pub(super) fn stumble(&self, expected: &str, came: &str) -> Stumble {
        let (step, what) = (self.step, self.what.clone());
        Stumble::Unexpected { step, what, expected: expected.to_owned(), came: came.to_owned() }
    }

    /// The meeting, and the link that all this was for.
    pub(super) fn end(&mut self, meeting: &Value, later: &Value) -> Result<(), Stumble> {
        let link = |meeting: &Value| meeting["join_url"].as_str().unwrap_or_default().to_owned();
        writeln!(self.out, "\nThe journey is complete. The first meeting:\n{meeting:#}\n")?;
        writeln!(self.out, "Join link of the second meeting: {}", link(later))?;
        Ok(writeln!(self.out, "Join link: {}", link(meeting))?)
    }
}
