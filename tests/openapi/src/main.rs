//! Writes the OpenAPI document to the place where the product serves it from; with the path of a file, the document in
//! OpenAPI 3.0 into that file.

use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    if let Some(file) = std::env::args_os().nth(1) {
        return std::fs::write(file, contract::older_text()?);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::write(root.join(contract::PLACE), contract::text()?)
}
