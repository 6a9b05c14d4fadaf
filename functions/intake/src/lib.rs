//! A customer's administrator hands over the credentials of the customer's own app, and is told on the spot whether
//! they work.
//!
//! This function writes credentials and cannot read them: what is known about them lies in tags. It serves the reference
//! for developers beside, because of all functions it may do the least.

mod act;
#[cfg(feature = "openapi")]
mod contract;
mod kit;
mod page;
mod parse;
mod reference;

use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};

use shared::admission::for_callers;
use shared::allowance::LinkTries;
use shared::caller::Scope;
use shared::clock::Clock;
use shared::config::Settings;
use shared::doctor::Doctor;
use shared::ids::CustomerId;
use shared::language::Language;
use shared::microsoft::entra::Entra;
use shared::parts::Parts;
use shared::vault::apps::AppWriter;
use shared::vault::key_pairs::KeyPairs;
use shared::vault::keys::{ApiKeys, SealingKeys};
use shared::web::body::{self, Form, Ids};
use shared::web::front::for_people;
use shared::web::locale::Locale;
use shared::web::problem::Problem;

#[cfg(feature = "openapi")]
pub use contract::contract;

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Intake {
    api_keys: ApiKeys,
    sealing_keys: SealingKeys,
    apps: AppWriter,
    key_pairs: KeyPairs,
    entra: Entra,
    doctor: Doctor,
    tries: LinkTries,
    clock: Clock,
    settings: Settings,
}

impl Intake {
    /// Takes its parts.
    #[must_use]
    pub fn new(parts: &Parts) -> Self {
        Self {
            api_keys: parts.vault.api_keys(),
            sealing_keys: parts.vault.sealing_keys(),
            apps: parts.vault.app_writer(),
            key_pairs: parts.vault.key_pairs(),
            entra: parts.entra(),
            doctor: parts.doctor(),
            tries: LinkTries::new(parts.clock.clone()),
            clock: parts.clock.clone(),
            settings: parts.settings.clone(),
        }
    }

    fn occasion<'a>(&'a self, language: Language, link: &'a str, opened: &'a act::OpenLink) -> page::Occasion<'a> {
        let (customer, redirect_uri) = (&opened.customer, self.entra.redirect_uri());
        page::Occasion {
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
        .route("/intake/{link}", get(show).post(submit))
        .route("/intake/{link}/kit/{file}", get(kit))
        .route("/intake/{link}/certificate", get(certificate).post(make_certificate))
        .route("/docs", get(docs))
        .route("/problems/{code}", get(explain));
    let machines = Router::new()
        .route("/v1/customers/{customer}/intake-links", post(invite))
        .route("/v1/customers/{customer}/certificate", post(order_certificate))
        .route("/v1/customers/{customer}/credentials", put(hand_over))
        .route("/v1/customers/{customer}", get(known).delete(offboard));
    let everybody = Router::new().route("/openapi.json", get(openapi));
    for_people(people)
        .merge(everybody)
        .merge(for_callers(machines, Scope::Administration, intake.api_keys.clone(), intake.clock.clone()))
        .with_state(intake)
}

/// `GET /openapi.json`: the contract of the whole product.
async fn openapi() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(CONTENT_TYPE, "application/json")], reference::OPENAPI)
}

/// `GET /docs`: the same to be read.
async fn docs(Locale(language): Locale, RawQuery(query): RawQuery) -> Result<Html<String>, Problem> {
    reference::read(parse::chosen(query.as_deref()).unwrap_or(language))
}

/// `GET /problems/{code}`: what a code means. The types of problems lead here.
async fn explain(
    Ids(code): Ids<String>,
    Locale(language): Locale,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Problem> {
    reference::explain(&code, parse::chosen(query.as_deref()).unwrap_or(language))
}

/// `POST …/intake-links`: the ATS orders a link for an administrator.
async fn invite(
    State(intake): State<Intake>,
    Ids(customer): Ids<CustomerId>,
    body::OptionalJson(order): body::OptionalJson<parse::IntakeLinkBody>,
) -> Result<(StatusCode, Json<parse::Link>), Problem> {
    let wish = order.parse()?;
    let link = intake.invite(customer, wish).await?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// `GET /intake/{link}`: guide and form. Nothing is consumed, however often a mail scanner looks.
async fn show(
    State(intake): State<Intake>,
    Ids(link): Ids<String>,
    Locale(language): Locale,
    RawQuery(query): RawQuery,
) -> Result<page::Page, Problem> {
    let opened = intake.opened(&link).await?;
    let language = parse::language(query.as_deref(), &opened, language);
    page::form(&page::Form::empty(intake.occasion(language, &link, &opened)))
}

/// `GET /intake/{link}/kit/{file}`: a script that does what the guide tells. Nothing is consumed.
async fn kit(
    State(intake): State<Intake>,
    Ids((link, file)): Ids<(String, String)>,
    Locale(language): Locale,
    RawQuery(query): RawQuery,
) -> Result<kit::Download, Problem> {
    let file = kit::File::named(&file)?;
    let link = intake.opened(&link).await?;
    let language = parse::language(query.as_deref(), &link, language);
    kit::download(file, language, intake.entra.redirect_uri(), &link.customer)
}

/// `GET /intake/{link}/certificate`: the certificate that waits for being registered. Nothing is made and nothing
/// consumed.
async fn certificate(State(intake): State<Intake>, Ids(link): Ids<String>) -> Result<kit::Download, Problem> {
    let link = intake.opened(&link).await?;
    let certificate = intake.certificate(&link).await?;
    Ok(kit::saved(kit::CERTIFICATE, kit::CERTIFICATE_TYPE, certificate.pem()))
}

/// `POST /intake/{link}/certificate`: makes a key pair, unless one waits already, and goes back to the page.
async fn make_certificate(
    State(intake): State<Intake>,
    Ids(link): Ids<String>,
    Locale(language): Locale,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    parse::same_site(&headers, &intake.settings.public_url)?;
    let opened = intake.opened(&link).await?;
    let language = parse::language(query.as_deref(), &opened, language);
    intake.make_certificate(&opened).await?;
    let public_url = intake.settings.public_url.as_str();
    let back = format!("{public_url}/intake/{link}?language={}#certificate", language.tag());
    Ok((StatusCode::SEE_OTHER, [(LOCATION, back)]))
}

/// `POST /intake/{link}`: the form.
async fn submit(
    State(intake): State<Intake>,
    Ids(link): Ids<String>,
    Locale(language): Locale,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    Form(form): Form,
) -> Result<Response, Problem> {
    parse::same_site(&headers, &intake.settings.public_url)?;
    let opened = intake.opened(&link).await?;
    let language = parse::language(query.as_deref(), &opened, language);
    let submission = parse::submission(&form)?;
    let echo = page::Echo::of(&submission);
    let answer = match intake.take(&opened, submission).await? {
        Ok(receipt) => page::stored(language, &opened, &receipt)?.into_response(),
        Err(findings) => page::refused(intake.occasion(language, &link, &opened), echo, &findings)?,
    };
    Ok(answer)
}

/// `PUT …/credentials`: the same check and store, for values that arrived otherwise.
async fn hand_over(
    State(intake): State<Intake>,
    Ids(customer): Ids<CustomerId>,
    Locale(language): Locale,
    body::Json(body): body::Json<parse::CredentialsBody>,
) -> Result<Json<parse::Received>, Problem> {
    let submission = body.parse()?;
    let receipt = intake.hand_over(&customer, submission).await?;
    Ok(Json(parse::Received::new(&customer, &receipt, language)))
}

/// `POST …/certificate`: the certificate of a key that is kept here, made now unless one waits already.
async fn order_certificate(
    State(intake): State<Intake>,
    Ids(customer): Ids<CustomerId>,
) -> Result<Json<parse::CertificateToRegister>, Problem> {
    let certificate = intake.order_certificate(&customer).await?;
    Ok(Json(certificate.into()))
}

/// `GET /v1/customers/{c}`: what is known, never a secret.
async fn known(
    State(intake): State<Intake>,
    Ids(customer): Ids<CustomerId>,
    Locale(language): Locale,
) -> Result<Json<parse::Known>, Problem> {
    let card = intake.known(&customer).await?;
    Ok(Json(parse::Known::new(&customer, &card, language)))
}

/// `DELETE /v1/customers/{c}`: offboard.
async fn offboard(State(intake): State<Intake>, Ids(customer): Ids<CustomerId>) -> Result<StatusCode, Problem> {
    intake.offboard(&customer).await?;
    Ok(StatusCode::NO_CONTENT)
}
