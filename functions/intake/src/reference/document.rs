//! The OpenAPI document, as far as the page shows it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(super) struct Document {
    pub(super) info: Info,
    pub(super) tags: Vec<Tag>,
    /// Operations by path and method.
    pub(super) paths: BTreeMap<String, BTreeMap<String, Operation>>,
    pub(super) components: Components,
}

#[derive(Debug, Deserialize)]
pub(super) struct Info {
    pub(super) version: String,
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Components {
    pub(super) schemas: BTreeMap<String, Schema>,
    parameters: BTreeMap<String, Parameter>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Operation {
    #[serde(rename = "operationId")]
    pub(super) id: String,
    pub(super) summary: String,
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    #[serde(default)]
    pub(super) parameters: Vec<Parameter>,
    pub(super) request_body: Option<Body>,
    pub(super) responses: BTreeMap<String, Response>,
    #[serde(default)]
    pub(super) security: Vec<Value>,
}

/// Either a reference to one, or one.
#[derive(Debug, Deserialize)]
pub(super) struct Parameter {
    #[serde(rename = "$ref")]
    reference: Option<String>,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default, rename = "in")]
    pub(super) place: String,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Body {
    pub(super) content: BTreeMap<String, Content>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Response {
    pub(super) description: String,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Value>,
    #[serde(default)]
    pub(super) content: BTreeMap<String, Content>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Content {
    pub(super) schema: Option<Schema>,
    pub(super) example: Option<Value>,
}

/// A reference to a shape, or a shape.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Schema {
    #[serde(rename = "$ref")]
    reference: Option<String>,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default, rename = "type")]
    kinds: Kinds,
    format: Option<String>,
    items: Option<Box<Schema>>,
    #[serde(default)]
    one_of: Vec<Schema>,
    #[serde(default, rename = "enum")]
    pub(super) values: Vec<String>,
    #[serde(default)]
    pub(super) properties: BTreeMap<String, Schema>,
    #[serde(default)]
    pub(super) required: Vec<String>,
}

/// One type, or several.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum Kinds {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

impl Components {
    /// The parameter itself, where this is a reference to one.
    pub(super) fn parameter<'a>(&'a self, parameter: &'a Parameter) -> &'a Parameter {
        let named = parameter.reference.as_deref().and_then(|reference| self.parameters.get(last(reference)));
        named.unwrap_or(parameter)
    }
}

impl Schema {
    /// The name of the shape that is meant, if it has one.
    pub(super) fn shape(&self) -> Option<&str> {
        let here = self.reference.as_deref().map(last);
        let of_items = || self.items.as_deref().and_then(Self::shape);
        here.or_else(of_items).or_else(|| self.one_of.iter().find_map(Self::shape))
    }

    /// What kind of value it is, for one without a name.
    pub(super) fn kind(&self) -> String {
        let kinds = match &self.kinds {
            Kinds::None => String::new(),
            Kinds::One(kind) => kind.clone(),
            Kinds::Several(kinds) => {
                kinds.iter().filter(|kind| *kind != "null").cloned().collect::<Vec<_>>().join(", ")
            }
        };
        match (&self.format, &self.items) {
            (Some(format), _) => format!("{kinds} ({format})"),
            (None, Some(items)) => format!("{kinds}: {}", items.kind()),
            (None, None) => kinds,
        }
    }

    /// Whether there may be several of the shape.
    pub(super) fn is_list(&self) -> bool {
        self.items.is_some()
    }
}

fn last(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}
