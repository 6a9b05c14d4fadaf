//! What the routes take and answer, for the OpenAPI document.

use axum::http::StatusCode;
use serde_json::json;

use shared::web::contract::Route;
use shared::web::problem::Kind;

use crate::parse::{CertificateToRegister, CredentialsBody, IntakeLinkBody, Known, Link, Received};

const TAG: &str = "Customers";
const CUSTOMER: &str = "/v1/customers/{customer}";
const LANGUAGE: &str = "`pl` or `en`, where the reader chose one on the page.";

/// The routes of this function.
#[must_use]
pub fn contract() -> Vec<Route> {
    vec![
        invite(),
        show(),
        kit(),
        certificate(),
        make_certificate(),
        submit(),
        order_certificate(),
        hand_over(),
        known(),
        offboard(),
        openapi(),
        docs(),
        explain(),
    ]
}

fn credentials() -> serde_json::Value {
    json!({
        "tenant": "6f1c2a9e-4b7d-4c3a-9d52-1e8b7a4c5d60",
        "client_id": "3d9a7c51-2e84-4f6b-8a17-c0b5d2e96f34",
        "client_secret": "abC8Q~The.Value-not_the.Secret.ID-1234567",
        "expires_on": "2028-11-24"
    })
}

fn customer() -> serde_json::Value {
    json!({
        "customer": "kadry",
        "tenant": "6f1c2a9e-4b7d-4c3a-9d52-1e8b7a4c5d60",
        "client_id": "3d9a7c51-2e84-4f6b-8a17-c0b5d2e96f34",
        "kind": "client_secret",
        "expires_on": "2028-11-24",
        "verified_at": "2026-11-25T09:30:00Z",
        "submitted_at": "2026-11-25T09:30:00Z",
        "findings": []
    })
}

fn received() -> serde_json::Value {
    let mut received = customer();
    received["consent_url"] =
        json!("https://login.microsoftonline.com/6f1c2a9e-4b7d-4c3a-9d52-1e8b7a4c5d60/adminconsent");
    received["test_sign_in_url"] = json!("https://teams.ats.example/sign-in-test/v4.local.AAAA");
    received
}

fn invite() -> Route {
    let link = json!({
        "url": "https://teams.ats.example/intake/v4.local.AAAA",
        "expires_at": "2026-12-02T09:30:00Z"
    });
    Route::post("/v1/customers/{customer}/intake-links", "order_intake_link")
        .says(
            TAG,
            "Order a link for an administrator",
            "The customer's administrator opens it, follows the guide, and hands over the app's credentials in a form. The \
             first success spends the link.",
        )
        .for_callers()
        .may_take::<IntakeLinkBody>(json!({"language": "pl", "expected_domain": "kadry.example", "expires_in": 604_800}))
        .answers::<Link>(StatusCode::CREATED, "The link.", link)
}

fn show() -> Route {
    Route::get("/intake/{link}", "show_intake_form")
        .says(TAG, "Guide and form", "For the administrator's browser. Opening it consumes nothing.")
        .for_people()
        .may_ask("language", LANGUAGE)
        .answers_text(StatusCode::OK, "text/html", "The page.")
        .refuses([Kind::LinkUnusable, Kind::VaultUnavailable])
}

fn kit() -> Route {
    Route::get("/intake/{link}/kit/{file}", "download_kit")
        .says(
            TAG,
            "The guide as a script",
            "What the guide tells, done by Azure CLI, PowerShell or Terraform; made for this link. It consumes nothing.",
        )
        .for_people()
        .may_ask("language", LANGUAGE)
        .answers_text(StatusCode::OK, "text/plain", "The script.")
        .refuses([Kind::LinkUnusable, Kind::NotFound, Kind::VaultUnavailable])
}

fn certificate() -> Route {
    Route::get("/intake/{link}/certificate", "download_certificate")
        .says(
            TAG,
            "The certificate to register",
            "For the administrator's browser: the certificate of the key that is kept here, once it was made. It consumes \
             nothing.",
        )
        .for_people()
        .answers_text(StatusCode::OK, "application/pem-certificate-chain", "The certificate (RFC 7468).")
        .refuses([Kind::LinkUnusable, Kind::NotFound, Kind::VaultUnavailable])
}

fn make_certificate() -> Route {
    Route::post("/intake/{link}/certificate", "make_certificate")
        .says(
            TAG,
            "Make a key pair for the app",
            "A key pair of the customer's own, in place of a secret. While its certificate waits for being registered, the \
             same one is offered again.",
        )
        .for_people()
        .may_ask("language", LANGUAGE)
        .sends_on("Back to the page, which offers the certificate.")
        .refuses([Kind::LinkUnusable, Kind::CrossSite, Kind::Conflict, Kind::VaultUnavailable])
}

fn order_certificate() -> Route {
    let certificate = json!({
        "certificate": "-----BEGIN CERTIFICATE-----\nMIIC…\n-----END CERTIFICATE-----\n",
        "thumbprint": "0F1E2D3C4B5A69788796A5B4C3D2E1F001122334",
        "expires_on": "2028-11-24"
    });
    Route::post("/v1/customers/{customer}/certificate", "order_certificate")
        .says(
            TAG,
            "Order a certificate in place of a secret",
            "A key pair of the customer's own is made here and its private key never leaves. The customer's administrator \
             uploads the certificate to the app; then hand over credentials with `kind` `certificate`. While it waits for \
             that, the same one is answered again.",
        )
        .for_callers()
        .answers::<CertificateToRegister>(StatusCode::OK, "The certificate that waits.", certificate)
        .refuses([Kind::Conflict])
}

fn submit() -> Route {
    Route::post("/intake/{link}", "submit_intake_form")
        .says(TAG, "Hand over credentials by the form", "They are checked at Microsoft on the spot.")
        .for_people()
        .may_ask("language", LANGUAGE)
        .takes_form::<CredentialsBody>(credentials())
        .answers_text(StatusCode::OK, "text/html", "The credentials work and are kept.")
        .answers_text(
            StatusCode::UNPROCESSABLE_ENTITY,
            "text/html",
            "The form again, with every mistake and its remedy.",
        )
        .asks_microsoft()
        .refuses([Kind::LinkUnusable, Kind::CrossSite, Kind::Conflict, Kind::TooManyRequests, Kind::VaultUnavailable])
}

fn hand_over() -> Route {
    Route::put("/v1/customers/{customer}/credentials", "hand_over_credentials")
        .says(
            TAG,
            "Hand over credentials that arrived otherwise",
            "The same check at Microsoft, and the same store, as behind the form. Credentials that do not work are not kept.",
        )
        .for_callers()
        .takes::<CredentialsBody>(credentials())
        .answers::<Received>(StatusCode::OK, "The credentials work and are kept.", received())
        .asks_microsoft()
        .refuses([Kind::CredentialsRefused, Kind::Conflict])
}

fn known() -> Route {
    Route::get(CUSTOMER, "show_customer")
        .says(TAG, "What is known of a customer", "Never a secret.")
        .for_callers()
        .answers::<Known>(StatusCode::OK, "The customer.", customer())
        .refuses([Kind::Offboarded])
}

fn offboard() -> Route {
    Route::delete(CUSTOMER, "offboard_customer")
        .says(
            TAG,
            "Offboard a customer",
            "The app's credentials are marked for deletion at once; the recruiters are disconnected by the next run of the \
             schedule.",
        )
        .for_callers()
        .answers_nothing("The customer is offboarded.")
        .refuses([Kind::Offboarded, Kind::Disconnected])
}

fn openapi() -> Route {
    Route::get("/openapi.json", "openapi")
        .says("Reference", "This document", "OpenAPI 3.1, for generators of clients.")
        .answers_text(StatusCode::OK, "application/json", "The document.")
}

fn docs() -> Route {
    Route::get("/docs", "docs")
        .says("Reference", "This document to be read", "A page without scripts that needs nothing from elsewhere.")
        .for_people()
        .may_ask("language", LANGUAGE)
        .answers_text(StatusCode::OK, "text/html", "The page.")
}

fn explain() -> Route {
    Route::get("/problems/{code}", "explain_code")
        .says(
            "Reference",
            "What a code means",
            "The `type` of every problem leads here; codes of findings are explained too.",
        )
        .for_people()
        .may_ask("language", LANGUAGE)
        .answers_text(StatusCode::OK, "text/html", "The page.")
        .refuses([Kind::NotFound])
}
