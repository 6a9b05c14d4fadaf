//! The intake function: a customer's administrator submits the credentials of the customer's own Entra app, and the
//! function checks them with Microsoft while the administrator waits.
//!
//! It writes credentials and cannot read them; what it knows about an app is in the tags of the app's secret. It also
//! serves the API documentation, because it may do less than the other functions.
//!
//! A handler parses the request, makes one call and responds. The operations are in `intake_link`, `credentials`,
//! `certificate`, `federation`, `issuer` and `customer`.

mod state;

mod receipt;
mod requests;
mod responses;

mod certificate;
mod credentials;
mod customer;
mod federation;
mod intake_events;
mod intake_link;
mod issuer;

mod api_docs;
mod pages;
mod security_txt;
mod setup_scripts;

#[cfg(feature = "openapi")]
mod openapi;

use axum::extract::{RawQuery, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};

use shared::domain::api_key::ApiScope;
use shared::http::accept_language::AcceptLanguage;
use shared::http::api_key_auth::{ApiKeyAuth, CustomerScope};
use shared::http::extract::{FormBody, JsonBody, OptionalJsonBody, PathIds};
use shared::http::html::{HtmlPage, PageFrame};
use shared::http::problem::Problem;
use shared::http::routes::{self, ServeRoute};
use shared::http::same_origin::require_same_origin;
use shared::http::stack::with_html_problems;
use shared::types::ids::CustomerId;
use shared::types::language::Language;

use api_docs::OpenApiVersion;
use intake_link::{OpenIntakeLink, OpenedIntakeLink};
use pages::admin_frame::frame;
use pages::form::{FormContext, FormValues, IntakeForm};
use pages::receipt::render_receipt;
use requests::{CreateIntakeLinkRequest, PutCredentialsRequest};
use responses::{
    CertificateResponse, CustomerResponse, FederatedTrustResponse, IntakeLinkResponse, StoredCredentialsResponse,
};
use setup_scripts::{FileDownload, ScriptKind};

pub use api_docs::downgrade as downgrade_openapi;
#[cfg(feature = "openapi")]
pub use openapi::operations;
pub use state::Intake;

/// The routes of this function.
pub fn router(intake: Intake) -> Router {
    let pages = Router::new()
        .serve(routes::SHOW_INTAKE_FORM, show_form)
        .serve(routes::SUBMIT_INTAKE_FORM, submit_form)
        .serve(routes::DOWNLOAD_SETUP_SCRIPT, download_script)
        .serve(routes::DOWNLOAD_CERTIFICATE, download_certificate)
        .serve(routes::MAKE_CERTIFICATE, create_certificate)
        .serve(routes::MAKE_FEDERATED_TRUST, create_federated_trust)
        .serve(routes::HOME, home)
        .serve(routes::API_DOCS, docs)
        .serve(routes::API_DOCS_PAGE, docs_page)
        .serve(routes::EXPLAIN_CODE, explain_code);
    let api = Router::new()
        .serve(routes::CREATE_INTAKE_LINK, create_intake_link)
        .serve(routes::WITHDRAW_INTAKE_LINKS, withdraw_intake_links)
        .serve(routes::CREATE_CERTIFICATE, get_or_create_certificate)
        .serve(routes::CREATE_FEDERATED_TRUST, get_or_create_federated_trust)
        .serve(routes::PUT_CREDENTIALS, put_credentials)
        .serve(routes::GET_CUSTOMER, get_customer)
        .serve(routes::OFFBOARD_CUSTOMER, offboard);
    let public = Router::new()
        .serve(routes::OPENAPI_DOCUMENT, openapi)
        .serve(routes::OLDER_OPENAPI_DOCUMENT, older_openapi)
        .serve(routes::ISSUER_DISCOVERY, issuer_discovery)
        .serve(routes::ISSUER_KEYS, issuer_keys)
        .serve(routes::SECURITY_TXT, security_txt);
    let auth = ApiKeyAuth::new(intake.api_keys.clone(), intake.clock.clone());
    with_html_problems(pages)
        .merge(public)
        .merge(auth.require(api, ApiScope::Administration, CustomerScope::PathCustomer))
        .with_state(intake)
}

/// `GET /`: whose address it is, and where to go from here.
async fn home(
    State(intake): State<Intake>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
) -> Result<HtmlPage, Problem> {
    let language = requests::language_from_query(query.as_deref()).unwrap_or(preferred);
    pages::home::render_home(PageFrame::plain(&intake.settings.branding), language)
}

/// `GET /.well-known/security.txt`: where to report a weakness.
async fn security_txt(State(intake): State<Intake>) -> Result<String, Problem> {
    let settings = &intake.settings;
    security_txt::render(&settings.branding, &settings.public_url, intake.clock.now())
}

/// `GET /openapi.json`: the OpenAPI document of all functions.
async fn openapi(State(intake): State<Intake>, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(api_docs::openapi(OpenApiVersion::Current, intake.settings.separate_api_url())?.respond(&headers))
}

/// `GET /openapi-3.0.json`: the same document in OpenAPI 3.0.
async fn older_openapi(State(intake): State<Intake>, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(api_docs::openapi(OpenApiVersion::Older, intake.settings.separate_api_url())?.respond(&headers))
}

/// `GET /.well-known/openid-configuration`: our issuer, which customers' apps may trust.
async fn issuer_discovery(State(intake): State<Intake>, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(issuer::render_discovery(&intake).await?.respond(&headers))
}

/// `GET /.well-known/jwks.json`: the keys that it publishes.
async fn issuer_keys(State(intake): State<Intake>, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(issuer::render_keys(&intake).await?.respond(&headers))
}

/// `GET /docs`: where the documentation begins.
async fn docs(
    State(intake): State<Intake>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let language = requests::language_from_query(query.as_deref()).unwrap_or(preferred);
    Ok(api_docs::start_page(&intake.settings.branding, language)?.respond(&headers))
}

/// `GET /docs/{page}`: a guide, the reference or the search.
async fn docs_page(
    State(intake): State<Intake>,
    PathIds(page): PathIds<String>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let language = requests::language_from_query(query.as_deref()).unwrap_or(preferred);
    Ok(api_docs::page(&page, &intake.settings.branding, language)?.respond(&headers))
}

/// `GET /problems/{code}`: what a code means. The `type` of every problem is such an address.
async fn explain_code(
    State(intake): State<Intake>,
    PathIds(code): PathIds<String>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
) -> Result<HtmlPage, Problem> {
    let language = requests::language_from_query(query.as_deref()).unwrap_or(preferred);
    api_docs::render_explanation(&code, PageFrame::plain(&intake.settings.branding), language)
}

/// `POST …/intake-links`: the ATS creates a link for an administrator.
async fn create_intake_link(
    State(intake): State<Intake>,
    PathIds(customer): PathIds<CustomerId>,
    OptionalJsonBody(request): OptionalJsonBody<CreateIntakeLinkRequest>,
) -> Result<(StatusCode, Json<IntakeLinkResponse>), Problem> {
    let options = request.parse()?;
    let link = intake_link::create(&intake, customer, options).await?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// `DELETE …/intake-links`: the ATS takes back the links that nobody has used.
async fn withdraw_intake_links(
    State(intake): State<Intake>,
    PathIds(customer): PathIds<CustomerId>,
) -> Result<StatusCode, Problem> {
    intake.apps.withdraw_intake_links(&customer).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /intake/{link}`: guide and form, or how things stand. Changes nothing, because mail scanners open links too.
async fn show_form(
    State(intake): State<Intake>,
    PathIds(link): PathIds<String>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
) -> Result<HtmlPage, Problem> {
    match intake_link::open_any(&intake, &link).await? {
        OpenedIntakeLink::Form(opened) => {
            intake.events.form_opened(&opened.token).await;
            let language = requests::choose_language(query.as_deref(), &opened, preferred);
            pages::form::render_form(&IntakeForm::new(form_context(&intake, language, &link, &opened)))
        }
        OpenedIntakeLink::Status(status) => {
            let (link, app) = *status;
            let language = requests::choose_language(query.as_deref(), &link, preferred);
            credentials::show_status(&intake, language, &link, app).await
        }
    }
}

/// `GET /intake/{link}/kit/{file}`: a script that does what the guide describes. Changes nothing.
async fn download_script(
    State(intake): State<Intake>,
    PathIds((link, file)): PathIds<(String, String)>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
) -> Result<FileDownload, Problem> {
    let script = ScriptKind::from_file_name(&file)?;
    let link = intake_link::open(&intake, &link).await?;
    let language = requests::choose_language(query.as_deref(), &link, preferred);
    let ats = intake.settings.branding.app_name();
    setup_scripts::download_script(
        script,
        language,
        intake.entra.redirect_uri(),
        (ats, &link.customer),
        link.trust.as_ref(),
    )
}

/// `GET /intake/{link}/certificate`: the pending certificate as a file. Changes nothing.
async fn download_certificate(
    State(intake): State<Intake>,
    PathIds(link): PathIds<String>,
) -> Result<FileDownload, Problem> {
    let link = intake_link::open(&intake, &link).await?;
    let certificate = certificate::get(&intake, &link).await?;
    Ok(setup_scripts::attachment(setup_scripts::CERTIFICATE, setup_scripts::CERTIFICATE_TYPE, certificate.pem()))
}

/// `POST /intake/{link}/certificate`: creates a key pair unless one is pending, and redirects to the page.
async fn create_certificate(
    State(intake): State<Intake>,
    PathIds(link): PathIds<String>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    require_same_origin(&headers, &intake.settings.public_url)?;
    let opened = intake_link::open(&intake, &link).await?;
    certificate::create(&intake, &opened).await?;
    let language = requests::choose_language(query.as_deref(), &opened, preferred);
    Ok(redirect_to_form(&intake, &link, language, "certificate"))
}

/// `POST /intake/{link}/federation`: makes what the app must trust unless it is there, and redirects to the page.
async fn create_federated_trust(
    State(intake): State<Intake>,
    PathIds(link): PathIds<String>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    require_same_origin(&headers, &intake.settings.public_url)?;
    let opened = intake_link::open(&intake, &link).await?;
    federation::create(&intake, &opened).await?;
    let language = requests::choose_language(query.as_deref(), &opened, preferred);
    Ok(redirect_to_form(&intake, &link, language, "federation"))
}

/// Sends the browser back to a part of the form.
fn redirect_to_form(intake: &Intake, link: &str, language: Language, part: &str) -> impl IntoResponse + use<> {
    let public_url = intake.settings.public_url.as_str();
    let page = format!("{public_url}/intake/{link}?language={}#{part}", language.bcp47());
    (StatusCode::SEE_OTHER, [(LOCATION, page)])
}

/// `POST /intake/{link}`: the submitted form.
async fn submit_form(
    State(intake): State<Intake>,
    PathIds(link): PathIds<String>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    FormBody(form): FormBody,
) -> Result<Response, Problem> {
    require_same_origin(&headers, &intake.settings.public_url)?;
    let opened = intake_link::open(&intake, &link).await?;
    let language = requests::choose_language(query.as_deref(), &opened, preferred);
    let submission = requests::parse_form(&form)?;
    let values = FormValues::from_submission(&submission);
    Ok(match credentials::submit(&intake, &opened, submission).await? {
        Ok(stored) => render_receipt((frame(&intake), language), &opened, &stored, intake.clock.now())?.into_response(),
        Err(findings) => {
            let context = form_context(&intake, language, &link, &opened);
            pages::form::render_form_with_findings(context, values, &findings)?
        }
    })
}

/// `PUT …/credentials`: the same check and store for credentials that the ATS sends.
async fn put_credentials(
    State(intake): State<Intake>,
    PathIds(customer): PathIds<CustomerId>,
    AcceptLanguage(language): AcceptLanguage,
    JsonBody(request): JsonBody<PutCredentialsRequest>,
) -> Result<Json<StoredCredentialsResponse>, Problem> {
    let submission = request.parse()?;
    let stored = credentials::put(&intake, &customer, submission).await?;
    Ok(Json(StoredCredentialsResponse::new(&customer, &stored, language)))
}

/// `POST …/certificate`: the certificate of the pending key pair, created unless there is one.
async fn get_or_create_certificate(
    State(intake): State<Intake>,
    PathIds(customer): PathIds<CustomerId>,
) -> Result<Json<CertificateResponse>, Problem> {
    let certificate = certificate::get_or_create(&intake, &customer).await?;
    Ok(Json(certificate.into()))
}

/// `POST …/federation`: what the customer's app must trust in place of a secret.
async fn get_or_create_federated_trust(
    State(intake): State<Intake>,
    PathIds(customer): PathIds<CustomerId>,
) -> Result<Json<FederatedTrustResponse>, Problem> {
    let trust = federation::get_or_create(&intake, &customer).await?;
    Ok(Json(trust.into()))
}

/// `GET /v1/customers/{customer}`: what is known, never a secret.
async fn get_customer(
    State(intake): State<Intake>,
    PathIds(customer): PathIds<CustomerId>,
    AcceptLanguage(language): AcceptLanguage,
) -> Result<Json<CustomerResponse>, Problem> {
    let (app, consent_url) = customer::get(&intake, &customer).await?;
    Ok(Json(CustomerResponse::new(&customer, &app, consent_url, language)))
}

/// `DELETE /v1/customers/{customer}`: offboards the customer.
async fn offboard(State(intake): State<Intake>, PathIds(customer): PathIds<CustomerId>) -> Result<StatusCode, Problem> {
    customer::offboard(&intake, &customer).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn form_context<'a>(
    intake: &'a Intake,
    language: Language,
    link: &'a str,
    opened: &'a OpenIntakeLink,
) -> FormContext<'a> {
    FormContext {
        frame: frame(intake),
        language,
        link,
        asked: opened,
        current_app: opened.current.summary.as_ref(),
        pending_certificate: opened.pending_certificate.as_ref(),
        is_federation_offered: opened.is_federation_offered,
        trust: opened.trust.as_ref(),
        redirect_uri: intake.entra.redirect_uri(),
        now: intake.clock.now(),
    }
}
