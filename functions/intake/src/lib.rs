//! A customer's administrator hands over the credentials of the customer's own app, and is told on the spot whether
//! they work.
//!
//! This function writes credentials and cannot read them: what is known about them lies in tags. It serves the reference
//! for developers beside, because of all functions it may do the least.

mod credentials;
#[cfg(feature = "openapi")]
mod openapi;
mod setup_scripts;

mod api_docs;
mod pages;
mod requests;

use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};

use shared::adapters::microsoft::entra::EntraClient;
use shared::adapters::vault::api_keys::{ApiKeys, SealingKeys};
use shared::adapters::vault::apps::AppWriter;
use shared::adapters::vault::pending_key_pairs::PendingKeyPairs;
use shared::domain::api_key::ApiScope;
use shared::http::accept_language::AcceptLanguage;
use shared::http::api_key_auth::require_api_key;
use shared::http::extract;
use shared::http::extract::{FormBody, PathIds};
use shared::http::problem::Problem;
use shared::http::stack::with_html_problems;
use shared::startup::dependencies::Dependencies;
use shared::startup::settings::Settings;
use shared::types::clock::Clock;
use shared::types::ids::CustomerId;
use shared::types::language::Language;
use shared::types::rate_limiter::IntakeLinkLimiter;
use shared::use_cases::app_check::AppChecker;

#[cfg(feature = "openapi")]
pub use openapi::operations;

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Intake {
    api_keys: ApiKeys,
    sealing_keys: SealingKeys,
    apps: AppWriter,
    key_pairs: PendingKeyPairs,
    entra: EntraClient,
    doctor: AppChecker,
    tries: IntakeLinkLimiter,
    clock: Clock,
    settings: Settings,
}

impl Intake {
    /// Takes its parts.
    #[must_use]
    pub fn new(parts: &Dependencies) -> Self {
        Self {
            api_keys: parts.vault.api_keys(),
            sealing_keys: parts.vault.sealing_keys(),
            apps: parts.vault.app_writer(),
            key_pairs: parts.vault.pending_key_pairs(),
            entra: parts.entra(),
            doctor: parts.app_checker(),
            tries: IntakeLinkLimiter::new(parts.clock.clone()),
            clock: parts.clock.clone(),
            settings: parts.settings.clone(),
        }
    }

    fn form_context<'a>(
        &'a self,
        language: Language,
        link: &'a str,
        opened: &'a credentials::OpenIntakeLink,
    ) -> crate::pages::form::FormContext<'a> {
        let (customer, redirect_uri) = (&opened.customer, self.entra.redirect_uri());
        crate::pages::form::FormContext {
            language,
            link,
            customer,
            present: opened.present.as_ref(),
            waiting: opened.waiting.as_ref(),
            redirect_uri,
            now: self.clock.now(),
        }
    }
}

/// Its routes.
pub fn router(intake: Intake) -> Router {
    let people = Router::new()
        .route("/intake/{link}", get(show_form).post(submit_form))
        .route("/intake/{link}/kit/{file}", get(download_script))
        .route("/intake/{link}/certificate", get(download_certificate).post(create_certificate))
        .route("/docs", get(docs))
        .route("/problems/{code}", get(explain_code));
    let machines = Router::new()
        .route("/v1/customers/{customer}/intake-links", post(create_intake_link))
        .route("/v1/customers/{customer}/certificate", post(get_or_create_certificate))
        .route("/v1/customers/{customer}/credentials", put(put_credentials))
        .route("/v1/customers/{customer}", get(get_customer).delete(offboard));
    let everybody = Router::new().route("/openapi.json", get(openapi));
    with_html_problems(people)
        .merge(everybody)
        .merge(require_api_key(machines, ApiScope::Administration, intake.api_keys.clone(), intake.clock.clone()))
        .with_state(intake)
}

/// `GET /openapi.json`: the contract of the whole product.
async fn openapi() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(CONTENT_TYPE, "application/json")], api_docs::OPENAPI)
}

/// `GET /docs`: the same to be read.
async fn docs(AcceptLanguage(language): AcceptLanguage, RawQuery(query): RawQuery) -> Result<Html<String>, Problem> {
    api_docs::render_reference(requests::language_from_query(query.as_deref()).unwrap_or(language))
}

/// `GET /problems/{code}`: what a code means. The types of problems lead here.
async fn explain_code(
    PathIds(code): PathIds<String>,
    AcceptLanguage(language): AcceptLanguage,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Problem> {
    api_docs::render_explanation(&code, requests::language_from_query(query.as_deref()).unwrap_or(language))
}

/// `POST …/intake-links`: the ATS orders a link for an administrator.
async fn create_intake_link(
    State(intake): State<Intake>,
    PathIds(customer): PathIds<CustomerId>,
    extract::OptionalJsonBody(order): extract::OptionalJsonBody<requests::CreateIntakeLinkRequest>,
) -> Result<(StatusCode, Json<requests::IntakeLinkResponse>), Problem> {
    let wish = order.parse()?;
    let link = intake.invite(customer, wish).await?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// `GET /intake/{link}`: guide and form. Nothing is consumed, however often a mail scanner looks.
async fn show_form(
    State(intake): State<Intake>,
    PathIds(link): PathIds<String>,
    AcceptLanguage(language): AcceptLanguage,
    RawQuery(query): RawQuery,
) -> Result<crate::pages::form::HtmlResponse, Problem> {
    let opened = intake.opened(&link).await?;
    let language = requests::choose_language(query.as_deref(), &opened, language);
    crate::pages::form::render_form(&crate::pages::form::IntakeForm::new(intake.form_context(language, &link, &opened)))
}

/// `GET /intake/{link}/kit/{file}`: a script that does what the guide tells. Nothing is consumed.
async fn download_script(
    State(intake): State<Intake>,
    PathIds((link, file)): PathIds<(String, String)>,
    AcceptLanguage(language): AcceptLanguage,
    RawQuery(query): RawQuery,
) -> Result<setup_scripts::FileDownload, Problem> {
    let file = setup_scripts::ScriptKind::from_file_name(&file)?;
    let link = intake.opened(&link).await?;
    let language = requests::choose_language(query.as_deref(), &link, language);
    setup_scripts::download_script(file, language, intake.entra.redirect_uri(), &link.customer)
}

/// `GET /intake/{link}/certificate`: the certificate that waits for being registered. Nothing is made and nothing
/// consumed.
async fn download_certificate(
    State(intake): State<Intake>,
    PathIds(link): PathIds<String>,
) -> Result<setup_scripts::FileDownload, Problem> {
    let link = intake.opened(&link).await?;
    let certificate = intake.certificate(&link).await?;
    Ok(setup_scripts::attachment(setup_scripts::CERTIFICATE, setup_scripts::CERTIFICATE_TYPE, certificate.pem()))
}

/// `POST /intake/{link}/certificate`: makes a key pair, unless one waits already, and goes back to the page.
async fn create_certificate(
    State(intake): State<Intake>,
    PathIds(link): PathIds<String>,
    AcceptLanguage(language): AcceptLanguage,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    requests::same_site(&headers, &intake.settings.public_url)?;
    let opened = intake.opened(&link).await?;
    let language = requests::choose_language(query.as_deref(), &opened, language);
    intake.make_certificate(&opened).await?;
    let public_url = intake.settings.public_url.as_str();
    let back = format!("{public_url}/intake/{link}?language={}#certificate", language.bcp47());
    Ok((StatusCode::SEE_OTHER, [(LOCATION, back)]))
}

/// `POST /intake/{link}`: the form.
async fn submit_form(
    State(intake): State<Intake>,
    PathIds(link): PathIds<String>,
    AcceptLanguage(language): AcceptLanguage,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    FormBody(form): FormBody,
) -> Result<Response, Problem> {
    requests::same_site(&headers, &intake.settings.public_url)?;
    let opened = intake.opened(&link).await?;
    let language = requests::choose_language(query.as_deref(), &opened, language);
    let submission = requests::parse_form(&form)?;
    let echo = crate::pages::form::FormValues::from_submission(&submission);
    let answer = match intake.take(&opened, submission).await? {
        Ok(receipt) => crate::pages::form::render_receipt(language, &opened, &receipt)?.into_response(),
        Err(findings) => crate::pages::form::render_form_with_findings(
            intake.form_context(language, &link, &opened),
            echo,
            &findings,
        )?,
    };
    Ok(answer)
}

/// `PUT …/credentials`: the same check and store, for values that arrived otherwise.
async fn put_credentials(
    State(intake): State<Intake>,
    PathIds(customer): PathIds<CustomerId>,
    AcceptLanguage(language): AcceptLanguage,
    extract::JsonBody(body): extract::JsonBody<requests::PutCredentialsRequest>,
) -> Result<Json<requests::StoredCredentialsResponse>, Problem> {
    let submission = body.parse()?;
    let receipt = intake.hand_over(&customer, submission).await?;
    Ok(Json(requests::StoredCredentialsResponse::new(&customer, &receipt, language)))
}

/// `POST …/certificate`: the certificate of a key that is kept here, made now unless one waits already.
async fn get_or_create_certificate(
    State(intake): State<Intake>,
    PathIds(customer): PathIds<CustomerId>,
) -> Result<Json<requests::CertificateResponse>, Problem> {
    let certificate = intake.order_certificate(&customer).await?;
    Ok(Json(certificate.into()))
}

/// `GET /v1/customers/{c}`: what is known, never a secret.
async fn get_customer(
    State(intake): State<Intake>,
    PathIds(customer): PathIds<CustomerId>,
    AcceptLanguage(language): AcceptLanguage,
) -> Result<Json<requests::CustomerResponse>, Problem> {
    let card = intake.known(&customer).await?;
    Ok(Json(requests::CustomerResponse::new(&customer, &card, language)))
}

/// `DELETE /v1/customers/{c}`: offboard.
async fn offboard(State(intake): State<Intake>, PathIds(customer): PathIds<CustomerId>) -> Result<StatusCode, Problem> {
    intake.offboard(&customer).await?;
    Ok(StatusCode::NO_CONTENT)
}
