//! The record of a run, as a page that can be kept beside the code.

use std::fmt;
use std::time::Duration;

use shared::types::clock::Timestamp;

/// Whether a promise was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kept {
    /// As it stands.
    Yes,
    /// But for a wait of hours or days, which nobody can hurry.
    WithoutTheWait,
    /// With the words of what was found instead.
    No(String),
}

/// What became of one promise.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) promise: &'static str,
    pub(crate) kept: Kept,
    pub(crate) took: Duration,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { promise, kept, took } = self;
        let kept = match kept {
            Kept::Yes => "kept",
            Kept::WithoutTheWait => "kept, without the wait it asks for",
            Kept::No(words) => return write!(f, "{promise}: BROKEN after {:.1} s: {words}", took.as_secs_f64()),
        };
        write!(f, "{promise}: {kept} ({:.1} s)", took.as_secs_f64())
    }
}

/// A run.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) begun: Timestamp,
    pub(crate) region: String,
    pub(crate) endpoint: Option<String>,
    pub(crate) outcomes: Vec<Outcome>,
    /// What is answered for a secret whose key is disabled, if that was asked.
    pub(crate) disabled_key: Option<String>,
}

impl Record {
    /// How many promises were broken.
    pub(crate) fn broken(&self) -> usize {
        self.outcomes.iter().filter(|outcome| matches!(outcome.kept, Kept::No(_))).count()
    }

    /// As Markdown.
    pub(crate) fn page(&self) -> String {
        let server = self.endpoint.as_deref().unwrap_or("AWS Secrets Manager");
        let mut page = format!(
            "# The vault's contract at {server}, {}\n\nBegun {}. Version {} of the product. {} promises, {} broken.\n\n\
             | promise | kept | seconds |\n|---|---|---:|\n",
            self.region,
            self.begun,
            env!("CARGO_PKG_VERSION"),
            self.outcomes.len(),
            self.broken(),
        );
        for Outcome { promise, kept, took } in &self.outcomes {
            let kept = match kept {
                Kept::Yes => "yes".to_owned(),
                Kept::WithoutTheWait => "yes, without the wait it asks for".to_owned(),
                Kept::No(words) => format!("**no**: `{}`", in_a_line(words)),
            };
            let row = format!("| {} | {kept} | {:.1} |\n", promise.replace('_', " "), took.as_secs_f64());
            page.push_str(&row);
        }
        if let Some(said) = &self.disabled_key {
            page.extend(["\nA secret whose key is disabled: `", &in_a_line(said), "`\n"]);
        }
        page
    }
}

fn in_a_line(words: &str) -> String {
    words.replace(['\n', '\r', '|', '`'], " ")
}
