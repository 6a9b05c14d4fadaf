//! The parts of the OpenAPI document that the page shows.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(super) struct OpenApiDocument {
    pub(super) info: OpenApiInfo,
    pub(super) tags: Vec<OpenApiTag>,
    /// Operations by path and method.
    paths: BTreeMap<String, BTreeMap<String, OpenApiOperation>>,
    /// What the product calls, by the kind of event and method.
    webhooks: BTreeMap<String, BTreeMap<String, OpenApiOperation>>,
    pub(super) components: OpenApiComponents,
}

impl OpenApiDocument {
    /// The operations, each with its path and method: what a client calls, then what it is called with.
    pub(super) fn operations(&self) -> impl Iterator<Item = (&String, &String, &OpenApiOperation)> {
        let all = self.paths.iter().chain(&self.webhooks);
        all.flat_map(|(path, methods)| methods.iter().map(move |(method, operation)| (path, method, operation)))
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct OpenApiInfo {
    pub(super) version: String,
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct OpenApiTag {
    pub(super) name: String,
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct OpenApiComponents {
    pub(super) schemas: BTreeMap<String, OpenApiSchema>,
    parameters: BTreeMap<String, OpenApiParameter>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OpenApiOperation {
    #[serde(rename = "operationId")]
    pub(super) id: String,
    pub(super) summary: String,
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    #[serde(default)]
    pub(super) parameters: Vec<OpenApiParameter>,
    pub(super) request_body: Option<OpenApiRequestBody>,
    pub(super) responses: BTreeMap<String, OpenApiResponse>,
    /// None where the document's own holds, which asks for a key.
    pub(super) security: Option<Vec<Value>>,
    #[serde(default, rename = "x-codeSamples")]
    pub(super) samples: Vec<OpenApiCodeSample>,
}

/// A call of an operation.
#[derive(Debug, Deserialize)]
pub(super) struct OpenApiCodeSample {
    /// The tool or language.
    pub(super) label: String,
    pub(super) source: String,
}

/// A parameter, or a reference to one.
#[derive(Debug, Deserialize)]
pub(super) struct OpenApiParameter {
    #[serde(rename = "$ref")]
    reference: Option<String>,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default, rename = "in")]
    pub(super) location: String,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct OpenApiRequestBody {
    pub(super) content: BTreeMap<String, OpenApiMediaType>,
}

#[derive(Debug, Deserialize)]
pub(super) struct OpenApiResponse {
    pub(super) description: String,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Value>,
    #[serde(default)]
    pub(super) content: BTreeMap<String, OpenApiMediaType>,
}

#[derive(Debug, Deserialize)]
pub(super) struct OpenApiMediaType {
    pub(super) schema: Option<OpenApiSchema>,
    pub(super) example: Option<Value>,
}

/// A schema, or a reference to one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OpenApiSchema {
    #[serde(rename = "$ref")]
    reference: Option<String>,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default, rename = "type")]
    types: OpenApiTypes,
    format: Option<String>,
    items: Option<Box<OpenApiSchema>>,
    #[serde(default)]
    one_of: Vec<OpenApiSchema>,
    #[serde(default, rename = "enum")]
    pub(super) values: Vec<String>,
    #[serde(default)]
    pub(super) properties: BTreeMap<String, OpenApiSchema>,
    #[serde(default)]
    pub(super) required: Vec<String>,
}

/// One type, or several.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum OpenApiTypes {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

impl OpenApiComponents {
    /// Resolves a reference to a parameter.
    pub(super) fn parameter<'a>(&'a self, parameter: &'a OpenApiParameter) -> &'a OpenApiParameter {
        let referenced = parameter.reference.as_deref().and_then(|reference| self.parameters.get(ref_name(reference)));
        referenced.unwrap_or(parameter)
    }
}

impl OpenApiSchema {
    /// The name of the schema, of its items or of one of its alternatives.
    pub(super) fn schema_name(&self) -> Option<&str> {
        let own = self.reference.as_deref().map(ref_name);
        let of_items = || self.items.as_deref().and_then(Self::schema_name);
        own.or_else(of_items).or_else(|| self.one_of.iter().find_map(Self::schema_name))
    }

    /// The type of a schema without a name, as text.
    pub(super) fn type_name(&self) -> String {
        let types = match &self.types {
            OpenApiTypes::None => String::new(),
            OpenApiTypes::One(name) => name.clone(),
            OpenApiTypes::Several(names) => {
                names.iter().filter(|name| *name != "null").cloned().collect::<Vec<_>>().join(", ")
            }
        };
        match (&self.format, &self.items) {
            (Some(format), _) => format!("{types} ({format})"),
            (None, Some(items)) => format!("{types}: {}", items.type_name()),
            (None, None) => types,
        }
    }

    /// Whether it is a list.
    pub(super) fn is_list(&self) -> bool {
        self.items.is_some()
    }
}

fn ref_name(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}
