//! Lets libFuzzer look for input on which the property named by `PROPERTY` does not hold. `tests/fuzz/run` builds it.
#![no_main]
#![expect(clippy::panic, reason = "a fuzzer without a property looks for nothing")]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use parsers::{PROPERTIES, Property};

static PROPERTY: LazyLock<Property> = LazyLock::new(|| {
    let name = std::env::var("PROPERTY").unwrap_or_default();
    let found = PROPERTIES.iter().find(|(known, _)| *known == name);
    found.map_or_else(|| panic!("PROPERTY names none: {name}"), |(_, property)| *property)
});

fuzz_target!(|bytes: &[u8]| PROPERTY(bytes));
