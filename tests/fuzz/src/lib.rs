//! What must hold of every parser that meets the outside, whatever it is fed with.
//!
//! Each property is a function of bytes, and is tried in two ways. `cargo test -p parsers` damages real input (`corpus/`,
//! one sample a line) a few hundred times, `./tests/run fuzz` as often as it is told; what once failed is kept beside the
//! tests (`*.regressions`) and tried first ever after. Where there is a nightly compiler, `./tests/run fuzz` also lets
//! libFuzzer look for input that takes ways not taken before (`run`).

#![expect(clippy::missing_panics_doc, reason = "a property panics when it does not hold: that is what it is for")]
#![expect(clippy::unwrap_used, reason = "what surprises a test should say where")]

pub mod answers;
pub mod damage;
pub mod texts;

use answers::Answer;

/// What must hold of some bytes; it panics where it does not.
pub type Property = fn(&[u8]);

/// The properties by the names of their samples in `corpus/`. An answer begins with two bytes that choose its status and
/// its media type; a moment may be followed by a line with the name of a zone.
pub const PROPERTIES: [(&str, Property); 10] = [
    ("entra", |bytes| drop(Answer::of(bytes).map(|answer| answers::entra(&answer)))),
    ("forms", texts::form),
    ("graph", |bytes| drop(Answer::of(bytes).map(|answer| answers::graph(&answer)))),
    ("headers", texts::headers),
    ("ids", texts::id),
    ("pages", texts::page),
    ("people", texts::people),
    ("redirects", texts::redirect),
    ("times", |bytes| {
        let mut lines = bytes.splitn(2, |byte| *byte == b'\n');
        texts::moment(lines.next().unwrap_or_default(), lines.next());
    }),
    ("vault", |bytes| drop(answers::vault(bytes))),
];
