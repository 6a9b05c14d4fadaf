//! The clients in the README are those that are compiled and run: `tests/contract/clients`.

use std::fs;
use std::path::Path;

/// The block of a language in a page.
fn block<'a>(page: &'a str, language: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("\n```{language}\n"))?;
    rest.split_once("\n```").map(|(block, _)| block)
}

#[test]
fn the_clients_of_the_readme_are_those_that_are_run() {
    let contract = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(contract.join("../../README.md")).unwrap();
    for (language, file) in [("typescript", "order.ts"), ("csharp", "Order.cs")] {
        let client = fs::read_to_string(contract.join("clients").join(file)).unwrap();
        assert_eq!(block(&readme, language), Some(client.trim_end()), "{file} is another than the one in README.md");
    }
}

#[test]
fn a_block_is_found_by_its_language() {
    let page = "text\n```sh\na\n```\n```typescript\nb\nc\n```\n";
    assert_eq!((block(page, "typescript"), block(page, "csharp")), (Some("b\nc"), None));
}
