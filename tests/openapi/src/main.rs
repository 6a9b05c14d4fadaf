//! Writes the OpenAPI document to the place where the product serves it from.

use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(contract::PLACE);
    std::fs::write(place, contract::text()?)
}
