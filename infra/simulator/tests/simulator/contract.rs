//! The simulator's own list of properties against Microsoft's description.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use microsoft_simulator::contract::{CREATE_OR_GET, ONLINE_MEETING, ObjectType, PropertyAccess, PropertyType};

/// The part of a YAML file this needs: block mappings, as one writer indents them.
struct Description {
    lines: Vec<String>,
}

impl Description {
    fn read() -> Option<Self> {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contracts/graph-online-meetings.openapi.yaml");
        let Ok(text) = std::fs::read_to_string(&path) else {
            println!("note: no {}, nothing compared", path.display());
            return None;
        };
        Some(Self { lines: text.lines().map(str::to_owned).collect() })
    }

    /// The lines below a key line, as long as they are indented deeper.
    fn below(&self, key: &str) -> Vec<String> {
        let at = self.lines.iter().position(|line| line == key);
        let at = at.unwrap_or_else(|| panic!("no {key:?}"));
        let depth = indent(key);
        self.lines[at + 1..].iter().take_while(|line| line.trim().is_empty() || indent(line) > depth).cloned().collect()
    }

    fn schema(&self, name: &str) -> Vec<String> {
        self.below(&format!("    microsoft.graph.{name}:"))
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '-']).len()
}

/// The members of a `properties` mapping, each with the lines that describe it.
fn properties(block: &[String]) -> BTreeMap<String, Vec<String>> {
    let start = block.iter().position(|line| line.trim_start_matches([' ', '-']) == "properties:").expect("properties");
    let depth = indent(&block[start + 1]);
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut last = String::new();
    for line in block[start + 1..].iter().take_while(|line| indent(line) >= depth) {
        if indent(line) == depth && line.trim_end().ends_with(':') {
            last = line.trim().trim_end_matches(':').trim_matches('\'').to_owned();
            found.insert(last.clone(), Vec::new());
        } else if let Some(lines) = found.get_mut(&last) {
            lines.push(line.trim_start_matches([' ', '-']).to_owned());
        }
    }
    found.remove("@odata.type");
    found
}

/// What the lines of one property say it holds, in a word.
fn kind(lines: &[String]) -> String {
    let has = |line: &str| lines.iter().any(|own| own == line);
    let reference = lines
        .iter()
        .find_map(|line| line.strip_prefix("$ref: '#/components/schemas/microsoft.graph."))
        .map(|rest| rest.trim_end_matches('\'').to_owned());
    let item = reference.unwrap_or_else(|| {
        if has("type: boolean") {
            "boolean".to_owned()
        } else if has("format: date-time") {
            "time".to_owned()
        } else {
            "text".to_owned()
        }
    });
    if has("type: array") { format!("[{item}]") } else { item }
}

fn own_kind(kind: PropertyType) -> String {
    match kind {
        PropertyType::Boolean => "boolean".to_owned(),
        PropertyType::Text => "text".to_owned(),
        PropertyType::Time => "time".to_owned(),
        PropertyType::Choice(of) => of.name.to_owned(),
        PropertyType::Object(of) => of.name.to_owned(),
        PropertyType::List(of) => format!("[{}]", own_kind(*of)),
    }
}

fn compare(description: &Description, shape: &'static ObjectType, seen: &mut BTreeSet<&'static str>) {
    if !seen.insert(shape.name) {
        return;
    }
    let theirs: BTreeMap<String, String> =
        properties(&description.schema(shape.name)).into_iter().map(|(name, lines)| (name, kind(&lines))).collect();
    let ours: BTreeMap<String, String> = shape
        .properties
        .iter()
        // `id` comes from the base type `entity`.
        .filter(|property| property.name != "id" || shape.name != "onlineMeeting")
        .map(|property| (property.name.to_owned(), own_kind(property.kind)))
        .collect();
    assert_eq!(ours, theirs, "{}", shape.name);
    for property in shape.properties {
        let mut kind = property.kind;
        while let PropertyType::List(of) = kind {
            kind = *of;
        }
        match kind {
            PropertyType::Object(shape) => compare(description, shape, seen),
            PropertyType::Choice(of) if seen.insert(of.name) => {
                let block = description.schema(of.name);
                let values: Vec<&str> = block
                    .iter()
                    .skip_while(|line| line.trim() != "enum:")
                    .skip(1)
                    .map(|line| line.trim())
                    .map_while(|line| line.strip_prefix("- "))
                    .collect();
                assert_eq!(of.values, values, "{}", of.name);
            }
            _ => {}
        }
    }
}

#[test]
fn properties_types_and_enumerations_equal_the_description() {
    let Some(description) = Description::read() else {
        return;
    };
    let mut seen = BTreeSet::new();
    compare(&description, &ONLINE_MEETING, &mut seen);
    assert!(seen.len() > 20, "{seen:?}");
}

#[test]
fn the_parameters_of_create_or_get_equal_the_description() {
    let Some(description) = Description::read() else {
        return;
    };
    let block = description.below("  /me/onlineMeetings/createOrGet:");
    let theirs: Vec<String> = properties(&block).into_keys().collect();
    assert_eq!(theirs, CREATE_OR_GET);
}

#[test]
fn what_teams_makes_itself_cannot_be_written() {
    for name in ["id", "joinWebUrl", "creationDateTime", "joinInformation", "audioConferencing"] {
        let property = ONLINE_MEETING.property(name).expect("a property");
        assert_eq!(property.access, PropertyAccess::ReadOnly, "{name}");
    }
    let external_id = ONLINE_MEETING.property("externalId").expect("a property");
    assert_eq!(external_id.access, PropertyAccess::OnCreateOrGet);
}
