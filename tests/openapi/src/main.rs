//! Writes the OpenAPI documents to the places where the product serves them from.

use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::write(root.join(contract::PLACE), contract::text()?)?;
    std::fs::write(root.join(contract::OLDER_PLACE), contract::older_text()?)
}
