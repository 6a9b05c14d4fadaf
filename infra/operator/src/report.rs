//! What is told on standard output: one line for each thing that is done, or that would be.

use std::fmt::Display;
use std::io::{self, Write};

/// Tells what is done, or what would be.
pub(crate) struct Report<W> {
    out: W,
    /// Whether it is done.
    pub(crate) does_it: bool,
}

impl<W: Write> Report<W> {
    pub(crate) fn new(out: W, does_it: bool) -> Self {
        Self { out, does_it }
    }

    /// A line that is true whether or not something is done.
    pub(crate) fn line(&mut self, text: &dyn Display) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    /// A change that follows; `step` begins with a verb.
    pub(crate) fn step(&mut self, step: &dyn Display) -> io::Result<()> {
        let mood = if self.does_it { "" } else { "would " };
        writeln!(self.out, "{mood}{step}")
    }

    /// The end of a command that changes something.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        let end = if self.does_it { "Done." } else { "Nothing was changed. With --yes it is." };
        writeln!(self.out, "{end}")
    }
}
