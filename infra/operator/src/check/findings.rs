//! What is not as it should be: told line by line, and counted.

use std::fmt::Display;
use std::io::Write;

use crate::error::OperatorError;
use crate::report::Report;

pub(crate) struct Findings<'r, W> {
    pub(crate) report: &'r mut Report<W>,
    pub(crate) count: usize,
}

impl<W: Write> Findings<'_, W> {
    pub(crate) fn add(&mut self, what: &dyn Display, finding: &dyn Display) -> Result<(), OperatorError> {
        self.count += 1;
        Ok(self.report.line(&format!("{what}: {finding}"))?)
    }
}
