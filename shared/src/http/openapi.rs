//! The description of one route for the OpenAPI 3.1.0 document.
//!
//! Each function describes its routes in its `openapi.rs`, with the types that its handlers read and write. Its errors are
//! [`ProblemKind`]s with their messages. Only the generator of `functions/openapi.json` needs this: deployed binaries are built
//! without the feature `openapi`.

mod form;
mod headers;
mod parameters;
mod problems;
mod samples;

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::link::LinkBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, ResponseBuilder};

use crate::http::problem::ProblemKind;
use crate::http::routes::{Route, RouteMethod};

pub use headers::headers;
pub use http::StatusCode;
pub use parameters::{OpenApiFile, SchemaMap, SealedLink, SetupScriptName, parameter_schemas, parameters};
pub use problems::{Problem, examples};

/// The name of the security scheme: an API key as a bearer token (RFC 6750 §2.1).
pub const API_KEY: &str = "api_key";

/// The format of problems: for machines or for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ResponseFormat {
    Json,
    Html,
}

/// A route with its requests and responses.
pub struct OperationSpec {
    /// The method.
    pub method: HttpMethod,
    /// The path, with `{name}` for its parameters.
    pub path: &'static str,
    operation: OperationBuilder,
    responses: BTreeMap<u16, ResponseBuilder>,
    problems: Vec<ProblemKind>,
    format: ResponseFormat,
    needs_api_key: bool,
    schemas: SchemaMap,
    route: RouteMethod,
    required_headers: Vec<&'static str>,
    sample_body: Option<Value>,
    answers_with_file: bool,
}

impl OperationSpec {
    /// A route of the table; `id` names the operation for generated clients.
    #[must_use]
    pub fn of(route: Route, id: &str) -> Self {
        let method = match route.method {
            RouteMethod::Get => HttpMethod::Get,
            RouteMethod::Post => HttpMethod::Post,
            RouteMethod::Put => HttpMethod::Put,
            RouteMethod::Patch => HttpMethod::Patch,
            RouteMethod::Delete => HttpMethod::Delete,
        };
        let path = route.path;
        let mut operation = OperationBuilder::new().operation_id(Some(id));
        for name in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            operation = operation.parameter_ref(parameters::reference(name));
        }
        // Every request may fail or take too long, and API Gateway limits the rate.
        let problems = vec![ProblemKind::Internal, ProblemKind::TooSlow, ProblemKind::TooManyRequests];
        let (responses, schemas) = (BTreeMap::new(), SchemaMap::new());
        let (format, needs_api_key) = (ResponseFormat::Json, false);
        Self {
            method,
            path,
            operation,
            responses,
            problems,
            format,
            needs_api_key,
            schemas,
            route: route.method,
            required_headers: Vec::new(),
            sample_body: None,
            answers_with_file: false,
        }
    }

    /// Adds the group, a summary of one line, and a description.
    #[must_use]
    pub fn describe(mut self, tag: &str, summary: &str, description: &str) -> Self {
        self.operation = self.operation.tag(tag).summary(Some(summary)).description(Some(description));
        self
    }

    /// Requires an API key.
    #[must_use]
    pub fn require_api_key(mut self) -> Self {
        self.needs_api_key = true;
        let named = self.path.contains('{').then_some(ProblemKind::NotFound);
        self.problems([
            ProblemKind::Unauthorized,
            ProblemKind::InsufficientScope,
            ProblemKind::MalformedRequest,
            ProblemKind::VaultUnavailable,
        ])
        .problems(named)
    }

    /// Problems are pages.
    #[must_use]
    pub fn responds_with_html(mut self) -> Self {
        self.format = ResponseFormat::Html;
        self
    }

    /// Takes an optional parameter of the query.
    #[must_use]
    pub fn optional_query(mut self, name: &str, description: &str) -> Self {
        self.operation = self.operation.parameter(parameters::in_query(name, None, description));
        self
    }

    /// Takes an optional parameter of the query that matches this regular expression (ECMA-262).
    #[must_use]
    pub fn optional_query_matching(mut self, name: &str, pattern: &str, description: &str) -> Self {
        self.operation = self.operation.parameter(parameters::in_query(name, Some(pattern), description));
        self
    }

    /// Takes an optional parameter of the query with one of the values of an enum.
    #[must_use]
    pub fn optional_query_enum<T: ToSchema>(mut self, name: &str, description: &str) -> Self {
        let values = self.schema_ref::<T>();
        self.operation = self.operation.parameter(parameters::query(name, values, description));
        self
    }

    /// Takes the header `Idempotency-Key`.
    #[must_use]
    pub fn requires_idempotency_key(mut self) -> Self {
        self.operation = self.operation.parameter_ref(parameters::reference("Idempotency-Key"));
        self.required_headers.push("Idempotency-Key");
        self.problems([
            ProblemKind::IdempotencyKeyMissing,
            ProblemKind::IdempotencyKeyInvalid,
            ProblemKind::IdempotencyKeyReused,
        ])
    }

    /// Takes the header `If-Match`.
    #[must_use]
    pub fn optional_if_match(mut self) -> Self {
        self.operation = self.operation.parameter_ref(parameters::reference("If-Match"));
        self.problems([ProblemKind::PreconditionFailed])
    }

    /// Takes a JSON document.
    #[must_use]
    pub fn json_body<T: ToSchema>(mut self, example: Value) -> Self {
        let document = self.schema_ref::<T>();
        self.body("application/json", document, example, Required::True).problems([ProblemKind::InvalidFields])
    }

    /// Takes an optional JSON document, which may be `null`.
    #[must_use]
    pub fn optional_json_body<T: ToSchema>(mut self, example: Value) -> Self {
        let document = self.schema_ref::<T>();
        self.body("application/json", document, example, Required::False).problems([ProblemKind::InvalidFields])
    }

    /// Takes a form with the members of `T`. It has no way to write `null`.
    #[must_use]
    pub fn form_body<T: ToSchema>(mut self, example: Value) -> Self {
        self.schema_ref::<T>();
        let name = format!("{}Form", T::name());
        self.schemas.insert(name.clone(), form::without_null(T::schema()));
        self.body("application/x-www-form-urlencoded", Ref::from_schema_name(name), example, Required::True)
    }

    fn body(mut self, media_type: &str, document: Ref, example: Value, required: Required) -> Self {
        let schema: RefOr<Schema> = match required {
            Required::False => {
                let null = ObjectBuilder::new().schema_type(Type::Null);
                Schema::OneOf(OneOfBuilder::new().item(document).item(null).build()).into()
            }
            Required::True => document.into(),
        };
        self.sample_body = Some(example.clone());
        let content = ContentBuilder::new().schema(Some(schema)).example(Some(example)).build();
        let body = RequestBodyBuilder::new().content(media_type, content).required(Some(required)).build();
        self.operation = self.operation.request_body(Some(body));
        self.problems([ProblemKind::MalformedRequest, ProblemKind::BodyTooLarge, ProblemKind::UnsupportedMediaType])
    }

    /// Answers with a JSON document.
    #[must_use]
    pub fn json_response<T: ToSchema>(mut self, status: StatusCode, description: &str, example: Value) -> Self {
        let content = ContentBuilder::new().schema(Some(self.schema_ref::<T>())).example(Some(example)).build();
        self.response(status, ResponseBuilder::new().description(description).content("application/json", content))
    }

    /// Answers a page of a list, as a JSON document or, where that is preferred, as CSV. Only the document is one of the
    /// answer's contents: with a second one, generated clients give their callers a choice of two types.
    #[must_use]
    pub fn list_response<T: ToSchema>(self, columns: &[&str], example: Value) -> Self {
        let description = format!("The page. Its columns as CSV: `{}`.", columns.join("`, `"));
        self.json_response::<T>(StatusCode::OK, &description, example)
            .with_header(StatusCode::OK, "Link")
            .problems([ProblemKind::InvalidFields])
    }

    /// Answers without a body.
    #[must_use]
    pub fn empty_response(self, status: StatusCode, description: &str) -> Self {
        self.response(status, ResponseBuilder::new().description(description))
    }

    /// Answers with a page.
    #[must_use]
    pub fn page_response(self, status: StatusCode, description: &str) -> Self {
        let page = ObjectBuilder::new().schema_type(Type::String).build();
        let content = ContentBuilder::new().schema(Some(page)).build();
        self.response(status, ResponseBuilder::new().description(description).content("text/html", content))
    }

    /// Answers with a file. Without the format, generated clients parse it as JSON.
    #[must_use]
    pub fn file_response(mut self, media_type: &str, description: &str) -> Self {
        let binary = Some(SchemaFormat::KnownFormat(KnownFormat::Binary));
        let file = ObjectBuilder::new().schema_type(Type::String).format(binary).build();
        self.answers_with_file = true;
        let content = ContentBuilder::new().schema(Some(file)).build();
        self.response(StatusCode::OK, ResponseBuilder::new().description(description).content(media_type, content))
    }

    /// Redirects the browser.
    #[must_use]
    pub fn redirect_response(self, description: &str) -> Self {
        let response = ResponseBuilder::new().description(description);
        self.response(StatusCode::SEE_OTHER, response).with_header(StatusCode::SEE_OTHER, "Location")
    }

    /// A reader's copy is confirmed by `If-None-Match`, and sent compressed.
    #[must_use]
    pub fn can_be_cached(self) -> Self {
        self.response(StatusCode::NOT_MODIFIED, ResponseBuilder::new().description("Your copy is up to date."))
            .with_header(StatusCode::NOT_MODIFIED, "ETag")
            .with_header(StatusCode::OK, "ETag")
    }

    fn response(mut self, status: StatusCode, response: ResponseBuilder) -> Self {
        self.responses.insert(status.as_u16(), response.header_ref("X-Request-Id", headers::reference("X-Request-Id")));
        self
    }

    /// Adds a header that the module `headers` describes to the response of this status.
    #[must_use]
    pub fn with_header(mut self, status: StatusCode, name: &str) -> Self {
        if let Some(response) = self.responses.remove(&status.as_u16()) {
            self.responses.insert(status.as_u16(), response.header_ref(name, headers::reference(name)));
        }
        self
    }

    /// Adds a link to another operation to the response of this status, with a runtime expression for each parameter of its
    /// path (OpenAPI 3.1.0 §4.8.20.4).
    #[must_use]
    pub fn link(mut self, status: StatusCode, id: &str, parameters: &[(&str, &str)]) -> Self {
        let link = LinkBuilder::new().operation_id(id);
        let link = parameters.iter().fold(link, |link, (name, from)| link.parameter(*name, *from)).build();
        if let Some(response) = self.responses.remove(&status.as_u16()) {
            self.responses.insert(status.as_u16(), response.link(id, link));
        }
        self
    }

    /// Adds problems.
    #[must_use]
    pub fn problems(mut self, kinds: impl IntoIterator<Item = ProblemKind>) -> Self {
        for kind in kinds {
            if !self.problems.contains(&kind) {
                self.problems.push(kind);
            }
        }
        self
    }

    /// Calls Microsoft, which may be out of service or answer unexpectedly.
    #[must_use]
    pub fn may_fail_at_microsoft(self) -> Self {
        self.problems([ProblemKind::MicrosoftUnavailable, ProblemKind::MicrosoftProtocol])
    }

    /// Needs the recruiter's connection.
    #[must_use]
    pub fn requires_connection(self) -> Self {
        self.may_fail_at_microsoft().problems([
            ProblemKind::NotConnected,
            ProblemKind::Disconnected,
            ProblemKind::NotConfigured,
            ProblemKind::Offboarded,
            ProblemKind::ReauthRequired,
            ProblemKind::CustomerBlocked,
        ])
    }

    fn schema_ref<T: ToSchema>(&mut self) -> Ref {
        let mut nested = Vec::new();
        T::schemas(&mut nested);
        self.schemas.extend(nested);
        self.schemas.insert(T::name().into_owned(), T::schema());
        Ref::from_schema_name(T::name())
    }

    /// The problems that its responses have in JSON.
    #[must_use]
    pub fn json_problems(&self) -> &[ProblemKind] {
        match self.format {
            ResponseFormat::Json => &self.problems,
            ResponseFormat::Html => &[],
        }
    }

    /// The operation for the document, and its schemas.
    #[must_use]
    pub fn into_operation(mut self) -> (HttpMethod, &'static str, OperationBuilder, SchemaMap) {
        if self.format == ResponseFormat::Json {
            self.schema_ref::<Problem>();
        }
        let by_status = problems::group_by_status(&self.problems);
        // Last, where generated clients let callers leave it out.
        let mut operation = self.operation.parameter_ref(parameters::reference("Accept-Language"));
        if !self.needs_api_key {
            operation = operation.securities(Some([]));
        }
        // No client calls what browsers open.
        if self.format == ResponseFormat::Json {
            let samples = samples::code_samples(&samples::SampleCall {
                method: self.route,
                path: self.path,
                needs_api_key: self.needs_api_key,
                headers: &self.required_headers,
                body: self.sample_body.as_ref(),
                response_is_json: !self.answers_with_file,
            });
            operation = operation.extensions(Some(ExtensionsBuilder::new().add("x-codeSamples", samples).build()));
        }
        for (status, kinds) in by_status {
            let response = match self.format {
                ResponseFormat::Json => problems::problem_responses(&kinds),
                ResponseFormat::Html => problems::html_responses(&kinds),
            };
            self.responses.entry(status).or_insert(response);
        }
        for (status, response) in self.responses {
            operation = operation.response(status.to_string(), response.build());
        }
        (self.method, self.path, operation, self.schemas)
    }
}
