//! Manifests: one place for versions and lints, one version of what guards secrets, and nothing of a single machine.

use architecture::manifest::{self, Manifest};
use architecture::{tree, verdict};
use toml::{Table, Value};

const EXPLAINED: &str = "CONTRIBUTING.md, 'Habits'";

/// Two versions of these would be two TLS stacks, or two clients with manners of their own.
const ONE_VERSION: [&str; 4] = ["rustls", "reqwest", "hyper", "ring"];

/// A second crypto library, or one in C.
const NEVER: [&str; 5] = ["openssl", "openssl-sys", "native-tls", "aws-lc-rs", "aws-lc-sys"];

/// Versions from which on a known fault is mended; whether the package must be there at all.
const AT_LEAST: [(&str, [u64; 3], bool); 4] = [
    ("jsonwebtoken", [10, 3, 0], true),
    ("h2", [0, 4, 16], false),
    ("time", [0, 3, 47], false),
    ("idna", [1, 0, 3], true),
];

/// Folders of a machine and hosts of registries, each in two halves so that this file does not name them itself.
const ELSEWHERE: [(&str, &str); 8] = [
    ("/wo", "rk/"),
    ("/ho", "me/"),
    ("/ro", "ot/"),
    ("/tm", "p/"),
    ("crates", ".io"),
    ("pypi", ".org"),
    ("npm", "js"),
    ("debian", ".org"),
];

/// What the manifest of the workspace must say.
fn workspace_faults(workspace: &Manifest) -> Vec<String> {
    let says = |keys: &[&str], wanted: &str| {
        let is = workspace.at(keys).and_then(Value::as_str);
        (is != Some(wanted)).then(|| format!("Cargo.toml: {} must be \"{wanted}\"", keys.join(".")))
    };
    let mut faults = Vec::new();
    faults.extend(says(&["workspace", "package", "edition"], "2024"));
    faults.extend(says(&["workspace", "lints", "rust", "unsafe_code"], "forbid"));
    if workspace.at(&["workspace", "package", "rust-version"]).and_then(Value::as_str).is_none() {
        faults.push("Cargo.toml: workspace.package.rust-version must be set".to_owned());
    }
    faults
}

/// What a member writes itself instead of taking it from the workspace.
fn member_faults(member: &Manifest) -> Vec<String> {
    let path = &member.path;
    let inherits =
        |value: Option<&Value>| value.and_then(|value| value.get("workspace")) == Some(&Value::Boolean(true));
    let mut faults = Vec::new();
    if !inherits(member.table.get("lints")) {
        faults.push(format!("{path}: write `[lints] workspace = true`"));
    }
    for key in ["edition", "rust-version", "version", "publish", "license"] {
        if !inherits(member.at(&["package", key])) {
            faults.push(format!("{path}: write `{key}.workspace = true`"));
        }
    }
    let own = member.dependencies().into_iter().filter(|dependency| !inherits(Some(&dependency.wanted)));
    faults.extend(own.map(|dependency| {
        format!("{path}: {} is written here: versions stand in the root Cargo.toml only", dependency.package)
    }));
    faults
}

fn parts(version: &str) -> [u64; 3] {
    let mut parts = version.split(['.', '-', '+']).map(|part| part.parse().unwrap_or(0));
    [(); 3].map(|()| parts.next().unwrap_or(0))
}

/// What the lock file has that it should not, or lacks.
fn lock_faults(lock: &str) -> Result<Vec<String>, String> {
    let lock: Table = lock.parse().map_err(|error| format!("Cargo.lock: {error}"))?;
    let packages = lock.get("package").and_then(Value::as_array).ok_or("Cargo.lock has no packages")?;
    let text = |package: &Value, key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let versions = |name: &str| -> Vec<String> {
        packages
            .iter()
            .filter(|package| text(package, "name") == name)
            .map(|package| text(package, "version"))
            .collect()
    };
    let mut faults = Vec::new();
    for name in ONE_VERSION {
        let found = versions(name);
        if found.len() != 1 {
            faults.push(format!("Cargo.lock: {name} must be there in one version, and is in {found:?}"));
        }
    }
    let never = NEVER.into_iter().filter(|name| !versions(name).is_empty());
    faults.extend(never.map(|name| format!("Cargo.lock: {name}: there is one crypto library, `ring`")));
    for (name, least, needed) in AT_LEAST {
        let found = versions(name);
        let old = found.iter().filter(|version| parts(version) < least);
        faults.extend(old.map(|version| format!("Cargo.lock: {name} {version} has known faults: {least:?} at least")));
        if needed && found.is_empty() {
            faults.push(format!("Cargo.lock: {name} is not there"));
        }
    }
    Ok(faults)
}

/// Lines that name a folder of a machine or the host of a registry.
fn of_one_machine(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (first, second) in ELSEWHERE {
            let name = format!("{first}{second}");
            // A folder is named by its whole path: what comes before it is no part of a longer one, nor of an address.
            let whole = |at: usize| {
                let before = line[..at].chars().next_back();
                !name.starts_with('/') || !before.is_some_and(|c| c.is_alphanumeric() || "._-~}".contains(c))
            };
            if line.match_indices(&name).any(|(at, _)| whole(at)) {
                faults.push(format!("{path}:{}: `{name}`", number + 1));
            }
        }
    }
    faults
}

#[test]
fn edition_lints_and_compiler_are_set_once_for_all() {
    let mut faults = workspace_faults(&manifest::workspace());
    let chosen = tree::everything().into_iter().filter(|path| {
        path.rsplit('/').next().is_some_and(|name| name == "rust-toolchain" || name == "rust-toolchain.toml")
    });
    faults.extend(chosen.map(|path| format!("{path}: the compiler is the reader's own, from rust-version on")));
    verdict("Edition, lints and compiler are set once", EXPLAINED, &faults);
}

#[test]
fn every_member_takes_lints_and_versions_from_the_workspace() {
    let faults: Vec<String> = manifest::members().iter().flat_map(member_faults).collect();
    verdict("The root Cargo.toml is the only place where versions and lints are written", EXPLAINED, &faults);
}

#[test]
fn the_lock_file_has_one_tls_stack_and_nothing_with_a_known_fault() {
    let faults = lock_faults(&tree::read("Cargo.lock").unwrap()).unwrap();
    verdict("One TLS stack, one crypto library, no known faults", EXPLAINED, &faults);
}

#[test]
fn no_file_names_a_folder_of_one_machine_or_a_registry() {
    let files = tree::everything().into_iter().filter(|path| !path.ends_with("Cargo.lock"));
    // What is not text names nothing that a reader could follow.
    let texts = files.filter_map(|path| tree::read(&path).ok().map(|text| (path, text)));
    let faults: Vec<String> = texts.flat_map(|(path, text)| of_one_machine(&path, &text)).collect();
    verdict("The repository works wherever it lies", EXPLAINED, &faults);
}

#[test]
fn a_workspace_that_is_laxer_is_seen() {
    let faults = |text: &str| workspace_faults(&Manifest::parse("Cargo.toml", text).unwrap()).len();
    let strict = "[workspace.package]\nedition = \"2024\"\nrust-version = \"1.95\"\n\
        [workspace.lints.rust]\nunsafe_code = \"forbid\"\n";
    assert_eq!(faults(strict), 0);
    assert_eq!(faults(&strict.replace("forbid", "deny")), 1);
    assert_eq!(faults(&strict.replace("2024", "2021")), 1);
    assert_eq!(faults(&strict.replace("rust-version", "x")), 1);
}

#[test]
fn a_member_with_rules_or_versions_of_its_own_is_seen() {
    let faults = |text: &str| member_faults(&Manifest::parse("a/Cargo.toml", text).unwrap()).len();
    let good = "package = { version.workspace = true, edition.workspace = true, rust-version.workspace = true, \
        publish.workspace = true, license.workspace = true }\nlints.workspace = true\n";
    assert_eq!(faults(&format!("{good}dependencies.serde = {{ workspace = true, features = [\"x\"] }}")), 0);
    assert_eq!(faults(&good.replace("lints.workspace = true", "")), 1);
    assert_eq!(faults(&good.replace("edition.workspace = true", "edition = \"2024\"")), 1);
    assert_eq!(faults(&good.replace(", license.workspace = true", "")), 1);
    assert_eq!(faults(&format!("{good}dependencies.serde = \"1\"")), 1);
    assert_eq!(faults(&format!("{good}dev-dependencies.serde = {{ version = \"1\" }}")), 1);
    assert_eq!(faults(&format!("{good}target.x.dependencies.a = {{ path = \"../a\" }}")), 1);
}

#[test]
fn a_lock_file_with_two_stacks_or_an_old_version_is_seen() {
    let lock = |packages: &[(&str, &str)]| {
        let package =
            |(name, version): &(&str, &str)| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
        lock_faults(&packages.iter().map(package).collect::<String>()).unwrap()
    };
    let good = [("rustls", "0.23.1"), ("reqwest", "0.13.0"), ("hyper", "1.0.0"), ("ring", "0.17.0")];
    let good = [&good[..], &[("jsonwebtoken", "10.3.0"), ("idna", "1.10.0")]].concat();
    assert_eq!(lock(&good), [""; 0]);
    for more in
        [("hyper", "0.14.0"), ("aws-lc-rs", "1.0.0"), ("h2", "0.4.9"), ("time", "0.3.46"), ("jsonwebtoken", "10.2.9")]
    {
        assert_eq!(lock(&[&good[..], &[more]].concat()).len(), 1, "{more:?}");
    }
    for at in 0..good.len() {
        assert_eq!(lock(&[&good[..at], &good[at + 1..]].concat()).len(), 1, "without {:?}", good[at]);
    }
}

#[test]
fn a_path_of_one_machine_and_a_registry_are_seen() {
    let name = |at: usize| format!("{}{}", ELSEWHERE[at].0, ELSEWHERE[at].1);
    for at in 0..ELSEWHERE.len() {
        assert_eq!(of_one_machine("x", &format!("\nsee \"{}x\"", name(at))).len(), 1, "{}", name(at));
    }
    assert_eq!(of_one_machine("x", &format!("https://portal.example{}x and target{}x", name(1), name(3))).len(), 0);
    assert_eq!(of_one_machine("x", &format!("file://{}x", name(1))).len(), 1);
}
