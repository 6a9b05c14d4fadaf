//! The OpenAPI document of the whole product. `cargo run -p contract` writes it to `functions/openapi.json`, which the product
//! serves; a test holds the file to what the code says. The product makes the same in OpenAPI 3.0 of it.

use serde_json::{Value, json};
use shared::http::openapi::{
    API_KEY, OperationSpec, SchemaMap, StatusCode, examples, headers, parameter_schemas, parameters,
};
use shared::http::problem::ProblemKind;
use shared::http::routes;
use shared::http::stack::HealthResponse;
use utoipa::openapi::path::Paths;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, ComponentsBuilder, ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, ServerBuilder,
};

/// Where the document lies, from the root of the repository.
pub const PLACE: &str = "functions/openapi.json";

const ABOUT: &str = "An applicant tracking system orders Teams meetings, each in a recruiter's own name. Requests and responses \
    are JSON, times are in RFC 3339. An error is a problem document (RFC 9457): branch on `outcome`, one of a closed set, or on \
    `code`; `retryable` says whether the same request may succeed later, and `actor` who must act. A member that is not \
    required may be `null`, which is the same as leaving it out. An `enum` is a closed set as long as the path begins with \
    `/v1`; values that may grow in number, such as codes, are plain strings. New members of responses may be added at any \
    time. A method that a path does not support is answered with 405 and `Allow`; `HEAD` is answered like `GET`, and `OPTIONS` \
    with 204 and `Allow`. There is a gateway in front of the product; its own responses (413, 429, 500, 503, 504) have a body \
    like `{\"message\": \"Too Many Requests\"}`: wait and repeat according to their status.";

const TAGS: [(&str, &str); 6] = [
    ("Meetings", "One order, one meeting, one link."),
    ("Connections", "Recruiters sign in once; their tokens are kept alive."),
    ("Customers", "The credentials of a customer's own app in Microsoft Entra ID."),
    ("Events", "Events sent to the ATS: a signed `POST` to one of its addresses."),
    ("Reference", "This document and the health check."),
    ("Pages", "Pages that browsers open. API clients do not call them."),
];

/// The routes of all functions, and the one that all have.
#[must_use]
pub fn routes() -> Vec<OperationSpec> {
    let functions = [callback::operations(), intake::operations(), meetings::operations(), refresh::operations()];
    functions.into_iter().flatten().chain([health()]).collect()
}

fn health() -> OperationSpec {
    OperationSpec::of(routes::HEALTH, "showHealth")
        .describe("Reference", "Health check", "The function starts and its settings can be read. No secret is read.")
        .json_response::<HealthResponse>(
            StatusCode::OK,
            "The product is up.",
            json!({"status": "ok", "version": "0.1.0+7"}),
        )
}

/// The document.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn document() -> serde_json::Result<Value> {
    let (webhooks, schemas) = refresh::webhooks();
    let mut document = serde_json::to_value(without_webhooks(schemas))?;
    // `utoipa` knows no webhooks.
    document["webhooks"] = webhooks.into();
    Ok(document)
}

fn without_webhooks(mut schemas: SchemaMap) -> OpenApi {
    let (mut paths, mut problems) = (Paths::new(), Vec::<ProblemKind>::new());
    for route in routes() {
        for kind in route.json_problems() {
            if !problems.contains(kind) {
                problems.push(*kind);
            }
        }
        let (method, path, operation, needed) = route.into_operation();
        paths.add_path_operation(path, vec![method], operation.build());
        schemas.extend(needed);
    }
    // Last, for the one of codes lists them all.
    schemas.extend(parameter_schemas());
    let license =
        LicenseBuilder::new().name("MIT OR Apache-2.0").url(Some("https://www.apache.org/licenses/LICENSE-2.0"));
    let info = InfoBuilder::new()
        .title("Teams Connect")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .contact(Some(ContactBuilder::new().name(Some("The maintainers of Teams Connect")).build()))
        .license(Some(license.build()));
    let tags = TAGS.map(|(name, description)| TagBuilder::new().name(name).description(Some(description)).build());
    OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([ServerBuilder::new().url("/").build()]))
        .tags(Some(tags))
        .paths(paths)
        .security(Some([SecurityRequirement::new(API_KEY, [""; 0])]))
        .components(Some(components(schemas, &problems)))
        .build()
}

/// The document as the file has it.
///
/// # Errors
/// Where the document cannot be written as JSON.
pub fn text() -> serde_json::Result<String> {
    serde_json::to_string_pretty(&document()?).map(|text| text + "\n")
}

/// The document in OpenAPI 3.0.
///
/// # Errors
/// Where the document cannot be written as JSON.
pub fn older_text() -> serde_json::Result<String> {
    serde_json::to_string_pretty(&intake::downgrade_openapi(&document()?)).map(|text| text + "\n")
}

fn components(schemas: SchemaMap, problems: &[ProblemKind]) -> Components {
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
    for (code, example) in examples(problems) {
        components = components.example(code, example);
    }
    components.build()
}
