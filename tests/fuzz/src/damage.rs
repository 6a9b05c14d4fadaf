//! Damage: real input with some of its bytes flipped, cut, doubled, moved, or replaced by what parsers have stumbled over
//! before.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::FileFailurePersistence;

/// What parsers have stumbled over before.
const STUMBLING_BLOCKS: [&[u8]; 40] = [
    b"",
    b"\0",
    b"\r\n",
    b"\n",
    b" ",
    b"\t",
    b"%",
    b"%00",
    b"%0d%0a",
    b"%ff",
    b"%u0041",
    b"+",
    b"&",
    b"=",
    b"&&",
    b";",
    b",",
    b".",
    b"..",
    b"/",
    b"\\",
    b"\"",
    b"'",
    b"{",
    b"}",
    b"[",
    b"[[[[[[[[",
    b":",
    b"null",
    b"true",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"\xff",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    "\u{feff}".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{1f468}\u{200d}\u{1f469}".as_bytes(),
    b"<script>",
];

/// One thing that befalls some bytes, at a place that fits whatever their length is.
#[derive(Debug, Clone)]
enum Mutation {
    Flip(Index, u8),
    Cut(Index, Index),
    End(Index),
    Double(Index, Index, u8),
    Block(Index, usize),
    Splice(Index, Index),
    Noise(Index, Vec<u8>),
}

fn blow() -> impl Strategy<Value = Mutation> {
    let at = any::<Index>;
    prop_oneof![
        3 => (at(), 0..8_u8).prop_map(|(at, bit)| Mutation::Flip(at, bit)),
        2 => (at(), at()).prop_map(|(from, to)| Mutation::Cut(from, to)),
        1 => at().prop_map(Mutation::End),
        1 => (at(), at(), 1..9_u8).prop_map(|(from, to, times)| Mutation::Double(from, to, times)),
        5 => (at(), 0..STUMBLING_BLOCKS.len()).prop_map(|(at, block)| Mutation::Block(at, block)),
        2 => (at(), at()).prop_map(|(at, other)| Mutation::Splice(at, other)),
        1 => (at(), prop::collection::vec(any::<u8>(), 1..9)).prop_map(|(at, bytes)| Mutation::Noise(at, bytes)),
    ]
}

/// As many cases as `PROPTEST_CASES` says; what fails is kept beside the test.
#[must_use]
pub fn config() -> ProptestConfig {
    let kept = FileFailurePersistence::WithSource("regressions");
    ProptestConfig { failure_persistence: Some(Box::new(kept)), ..ProptestConfig::default() }
}

/// A sample of the corpus after up to six blows; now and then one that took none.
pub fn damaged(corpus: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let samples: Vec<&'static str> = corpus.lines().filter(|line| !line.is_empty()).collect();
    (any::<Index>(), prop::collection::vec(blow(), 0..6)).prop_map(move |(sample, blows)| {
        let sample = samples[sample.index(samples.len())].as_bytes().to_vec();
        blows.into_iter().fold(sample, |bytes, blow| struck(bytes, blow, &samples))
    })
}

fn struck(mut bytes: Vec<u8>, blow: Mutation, samples: &[&'static str]) -> Vec<u8> {
    let place = |at: Index, bytes: &[u8]| at.index(bytes.len() + 1);
    let range = |from: Index, to: Index, bytes: &[u8]| {
        let (from, to) = (place(from, bytes), place(to, bytes));
        from.min(to)..from.max(to)
    };
    match blow {
        Mutation::Flip(at, bit) => {
            let at = place(at, &bytes);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << bit;
            }
        }
        Mutation::Cut(from, to) => drop(bytes.drain(range(from, to, &bytes))),
        Mutation::End(at) => bytes.truncate(place(at, &bytes)),
        Mutation::Double(from, to, times) => {
            let range = range(from, to, &bytes);
            let again = bytes[range.clone()].repeat(usize::from(times));
            bytes.splice(range.end..range.end, again);
        }
        Mutation::Block(at, block) => {
            let at = place(at, &bytes);
            bytes.splice(at..at, STUMBLING_BLOCKS[block].iter().copied());
        }
        Mutation::Splice(at, other) => {
            let other = samples[other.index(samples.len())].as_bytes();
            bytes.truncate(place(at, &bytes));
            bytes.extend_from_slice(other.get(bytes.len()..).unwrap_or(other));
        }
        Mutation::Noise(at, noise) => {
            let at = place(at, &bytes);
            bytes.splice(at..at, noise);
        }
    }
    bytes
}
