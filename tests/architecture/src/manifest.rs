//! The manifests of the workspace: who is a member, and who depends on whom.

use toml::{Table, Value};

use crate::tree;

/// The manifest of a member.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// Its file.
    pub path: String,
    /// What it says.
    pub table: Table,
}

/// A dependency as a manifest has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Dependency {
    /// `dependencies`, `dev-dependencies` or `build-dependencies`.
    pub kind: String,
    /// The package, whatever it is called here.
    pub package: String,
    /// What is asked of it.
    pub wanted: Value,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// Where the text is not TOML.
    pub fn parse(path: &str, text: &str) -> Result<Self, String> {
        let table = text.parse().map_err(|error| format!("{path} is not a manifest: {error}"))?;
        Ok(Self { path: path.to_owned(), table })
    }

    /// What stands at the end of this path of keys.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Option<&Value> {
        let (first, rest) = keys.split_first()?;
        rest.iter().try_fold(self.table.get(*first)?, |value, key| value.get(key))
    }

    /// The name of the package.
    #[must_use]
    pub fn name(&self) -> &str {
        self.at(&["package", "name"]).and_then(Value::as_str).unwrap_or_default()
    }

    /// Its dependencies of every kind, also those of single platforms.
    #[must_use]
    pub fn dependencies(&self) -> Vec<Dependency> {
        let platforms = self.table.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
        let tables = platforms.filter_map(Value::as_table).chain([&self.table]);
        let mut dependencies = Vec::new();
        for (table, kind) in tables.flat_map(|table| ["", "dev-", "build-"].map(|kind| (table, kind))) {
            let kind = format!("{kind}dependencies");
            for (name, wanted) in table.get(&kind).and_then(Value::as_table).into_iter().flatten() {
                let package = wanted.get("package").and_then(Value::as_str).unwrap_or(name).to_owned();
                dependencies.push(Dependency { kind: kind.clone(), package, wanted: wanted.clone() });
            }
        }
        dependencies
    }

    fn members(&self) -> Vec<String> {
        let members = self.at(&["workspace", "members"]).and_then(Value::as_array);
        let members = members.into_iter().flatten().filter_map(Value::as_str);
        members.map(|folder| format!("{folder}/Cargo.toml")).collect()
    }
}

/// The manifest of the workspace.
///
/// # Panics
/// If it cannot be read.
#[must_use]
pub fn workspace() -> Manifest {
    open("Cargo.toml")
}

/// The manifests of its members, each named in full: a pattern would hide who belongs.
///
/// # Panics
/// If there are none, or one cannot be read.
#[must_use]
pub fn members() -> Vec<Manifest> {
    let members: Vec<Manifest> = workspace().members().iter().map(|path| open(path)).collect();
    assert!(!members.is_empty(), "the workspace has no members");
    members
}

fn open(path: &str) -> Manifest {
    let read = tree::read(path).and_then(|text| Manifest::parse(path, &text));
    assert!(read.is_ok(), "{read:?}");
    read.unwrap_or_else(|_| Manifest { path: path.to_owned(), table: Table::new() })
}

/// The files that a manifest itself names for its targets, and whether each is a test.
#[must_use]
pub fn named_targets(path: &str) -> Vec<(String, bool)> {
    let manifest = open(path);
    let folder = path.trim_end_matches("Cargo.toml");
    let mut targets = Vec::new();
    for kind in ["lib", "bin", "test", "bench", "example"] {
        let tables = manifest.table.get(kind).map(|value| value.as_array().cloned().unwrap_or(vec![value.clone()]));
        for table in tables.into_iter().flatten() {
            let file = table.get("path").and_then(Value::as_str);
            targets.extend(file.map(|file| (format!("{folder}{file}"), ["test", "bench"].contains(&kind))));
        }
    }
    targets
}
