//! What may come into the tree: versions with known faults are refused, and none of them is there.

use architecture::{tree, verdict};

const EXPLAINED: &str = "SECURITY.md, 'Supply chain'";

/// Crates whose faults we know of, whatever an advisory database says, and the first version without them.
const MENDED_IN: [(&str, &str); 5] = [
    ("jsonwebtoken", "10.3.0"),
    ("h2", "0.4.16"),
    ("time", "0.3.47"),
    ("idna", "1.0.3"),
    ("rustls-webpki", "0.103.13"),
];

fn numbers(version: &str) -> Vec<u64> {
    version.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
}

/// Crates of the lock that are older than they may be.
fn broken(lock: &toml::Table) -> Vec<String> {
    let text = |package: &toml::Value, key: &str| {
        package.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    };
    let packages = lock.get("package").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let packages = packages.iter().map(|package| (text(package, "name"), text(package, "version")));
    packages
        .filter(|(name, version)| {
            MENDED_IN.iter().any(|(crate_, mended)| crate_ == name && numbers(version) < numbers(mended))
        })
        .map(|(name, version)| format!("Cargo.lock has {name} {version}"))
        .collect()
}

#[test]
fn versions_with_known_faults_are_refused() {
    let (lock, deny) = (tree::read("Cargo.lock").unwrap(), tree::read("deny.toml").unwrap());
    let mut faults = broken(&lock.parse().unwrap());
    for (name, mended) in MENDED_IN {
        if !deny.contains(&format!("\"{name}@<{mended}\"")) {
            faults.push(format!("deny.toml does not refuse {name} before {mended}"));
        }
    }
    verdict("A version that is known to be broken does not come in", EXPLAINED, &faults);
}

#[test]
fn a_broken_version_in_the_lock_is_seen() {
    let lock = |version: &str| {
        format!("[[package]]\nname = \"idna\"\nversion = \"{version}\"\n").parse::<toml::Table>().unwrap()
    };
    assert_eq!(broken(&lock("1.0.2")).len(), 1);
    assert_eq!(broken(&lock("0.5.0")).len(), 1);
    assert_eq!(broken(&lock("1.0.3")).len() + broken(&lock("1.10.0")).len(), 0);
}
