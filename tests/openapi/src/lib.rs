//! The OpenAPI document of the whole product. `cargo run -p contract` writes it to `functions/openapi.json`, which the
//! product serves; a test holds the file to what the code says.

use serde_json::json;
use shared::http::openapi::{API_KEY, OperationSpec, SchemaMap, StatusCode, examples, headers, parameters};
use shared::http::routes;
use shared::http::stack::HealthResponse;
use utoipa::openapi::path::Paths;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Components, ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, ServerBuilder};

/// Where the document lies, from the root of the repository.
pub const PLACE: &str = "functions/openapi.json";

const ABOUT: &str = "An applicant tracking system orders Teams meetings, each in a recruiter's own name. JSON in, JSON \
    out, times in RFC 3339. An error is a problem document (RFC 9457): branch on `outcome`, one of a closed set, or on \
    `code`; `retryable` says whether the same request may succeed later, `actor` who must act. New codes, and new members \
    of answers, may be added at any time.";

const TAGS: [(&str, &str); 4] = [
    ("Meetings", "One order, one meeting, one link."),
    ("Connections", "Recruiters sign in once; their tokens are kept alive."),
    ("Customers", "The credentials of a customer's own app in Microsoft Entra ID."),
    ("Reference", "This document, and what every code means."),
];

/// The routes of all functions, and the one that all have.
#[must_use]
pub fn routes() -> Vec<OperationSpec> {
    let functions = [callback::operations(), intake::operations(), meetings::operations(), refresh::operations()];
    functions.into_iter().flatten().chain([health()]).collect()
}

fn health() -> OperationSpec {
    OperationSpec::of(routes::HEALTH, "health")
        .describe(
            "Reference",
            "Whether the product answers",
            "The function starts, and its settings parse. No secret is read.",
        )
        .json_response::<HealthResponse>(StatusCode::OK, "It does.", json!({"status": "ok", "version": "0.1.0+7"}))
}

/// The document.
#[must_use]
pub fn document() -> OpenApi {
    let (mut paths, mut schemas) = (Paths::new(), SchemaMap::new());
    for route in routes() {
        let (method, path, operation, needed) = route.into_operation();
        paths.add_path_operation(path, vec![method], operation.build());
        schemas.extend(needed);
    }
    let info = InfoBuilder::new().title("Teams Connect").version(env!("CARGO_PKG_VERSION")).description(Some(ABOUT));
    let tags = TAGS.map(|(name, description)| TagBuilder::new().name(name).description(Some(description)).build());
    OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([ServerBuilder::new().url("/").build()]))
        .tags(Some(tags))
        .paths(paths)
        .components(Some(components(schemas)))
        .build()
}

/// The document as the file has it.
///
/// # Errors
/// Where the document cannot be written as JSON.
pub fn text() -> serde_json::Result<String> {
    // Through a value, whose members are in order.
    let document = serde_json::to_value(document())?;
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

fn components(schemas: SchemaMap) -> Components {
    let key =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API key of this deployment.")).build();
    let mut components =
        ComponentsBuilder::new().schemas_from_iter(schemas).security_scheme(API_KEY, SecurityScheme::Http(key));
    for (name, parameter) in parameters() {
        components = components.parameter(name, parameter);
    }
    for (name, header) in headers() {
        components = components.header(name, header);
    }
    for (code, example) in examples() {
        components = components.example(code, example);
    }
    components.build()
}
