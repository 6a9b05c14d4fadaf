//! The operations of this function for the OpenAPI document.

use axum::http::StatusCode;
use serde_json::json;

use shared::http::openapi::{OpenApiFile, OperationSpec};
use shared::http::problem::ProblemKind;
use shared::http::routes;

use crate::requests::{CreateIntakeLinkRequest, PutCredentialsRequest};
use crate::responses::{CertificateResponse, CustomerResponse, IntakeLinkResponse, StoredCredentialsResponse};

const TAG: &str = "Customers";
const LANGUAGE: &str = "`pl` or `en`, where the reader chose one on the page.";

/// The operations of this function.
#[must_use]
pub fn operations() -> Vec<OperationSpec> {
    vec![
        create_intake_link(),
        withdraw_intake_links(),
        show_form(),
        download_script(),
        download_certificate(),
        create_certificate(),
        submit_form(),
        get_or_create_certificate(),
        put_credentials(),
        get_customer(),
        offboard(),
        openapi(),
        older_openapi(),
        docs(),
        docs_page(),
        explain_code(),
    ]
}

fn credentials_example() -> serde_json::Value {
    json!({
        "tenant": "6f1c2a9e-4b7d-4c3a-9d52-1e8b7a4c5d60",
        "client_id": "3d9a7c51-2e84-4f6b-8a17-c0b5d2e96f34",
        "client_secret": "abC8Q~The.Value-not_the.Secret.ID-1234567",
        "expires_on": "2028-11-24"
    })
}

fn customer_example() -> serde_json::Value {
    json!({
        "customer": "kadry",
        "tenant": "6f1c2a9e-4b7d-4c3a-9d52-1e8b7a4c5d60",
        "client_id": "3d9a7c51-2e84-4f6b-8a17-c0b5d2e96f34",
        "kind": "client_secret",
        "expires_on": "2028-11-24",
        "verified_at": "2026-11-25T09:30:00Z",
        "submitted_at": "2026-11-25T09:30:00Z",
        "findings": [],
        "consent": {"state": "granted", "at": "2026-11-25T09:30:00Z"},
        "consent_url": "https://login.microsoftonline.com/6f1c2a9e-4b7d-4c3a-9d52-1e8b7a4c5d60/v2.0/adminconsent"
    })
}

fn stored_credentials_example() -> serde_json::Value {
    let mut stored = customer_example();
    stored["test_sign_in_url"] = json!("https://teams.ats.example/sign-in-test/v4.local.AAAA");
    stored
}

fn create_intake_link() -> OperationSpec {
    let link = json!({
        "url": "https://teams.ats.example/intake/v4.local.AAAA",
        "expires_at": "2026-12-02T09:30:00Z"
    });
    OperationSpec::of(routes::CREATE_INTAKE_LINK, "orderIntakeLink")
        .describe(
            TAG,
            "Order a link for an administrator",
            "The customer's administrator opens it, follows the guide, and hands over the app's credentials in a form. The \
             first success spends the link.",
        )
        .require_api_key()
        .optional_json_body::<CreateIntakeLinkRequest>(json!({"language": "pl", "expected_domain": "kadry.example", "expires_in": 604_800}))
        .json_response::<IntakeLinkResponse>(StatusCode::CREATED, "The link.", link)
}

fn withdraw_intake_links() -> OperationSpec {
    OperationSpec::of(routes::WITHDRAW_INTAKE_LINKS, "withdrawIntakeLinks")
        .describe(
            TAG,
            "Withdraw the links for an administrator",
            "No intake link that was ordered for this customer until now works any more, whether there is a customer of this \
             name yet or not. What was handed over through one stays. A link that is ordered later works.",
        )
        .require_api_key()
        .empty_response(StatusCode::NO_CONTENT, "The links are withdrawn; also if there was none.")
}

fn show_form() -> OperationSpec {
    OperationSpec::of(routes::SHOW_INTAKE_FORM, "showIntakeForm")
        .describe("Pages", "Guide and form", "For the administrator's browser. Opening it consumes nothing.")
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .page_response(StatusCode::OK, "The page.")
        .problems([ProblemKind::LinkUnusable, ProblemKind::VaultUnavailable])
}

fn download_script() -> OperationSpec {
    OperationSpec::of(routes::DOWNLOAD_SETUP_SCRIPT, "downloadKit")
        .describe(
            "Pages",
            "The guide as a script",
            "What the guide tells, done by Azure CLI, PowerShell or Terraform; made for this link. It consumes nothing.",
        )
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .file_response("text/plain", "The script.")
        .problems([ProblemKind::LinkUnusable, ProblemKind::NotFound, ProblemKind::VaultUnavailable])
}

fn download_certificate() -> OperationSpec {
    OperationSpec::of(routes::DOWNLOAD_CERTIFICATE, "downloadCertificate")
        .describe(
            "Pages",
            "The certificate to register",
            "For the administrator's browser: the certificate of the key that is kept here, once it was made. It consumes \
             nothing.",
        )
        .responds_with_html()
        .file_response("application/pem-certificate-chain", "The certificate (RFC 7468).")
        .problems([ProblemKind::LinkUnusable, ProblemKind::NotFound, ProblemKind::VaultUnavailable])
}

fn create_certificate() -> OperationSpec {
    OperationSpec::of(routes::MAKE_CERTIFICATE, "makeCertificate")
        .describe(
            "Pages",
            "Make a key pair for the app",
            "A key pair of the customer's own, in place of a secret. While its certificate waits for being registered, the \
             same one is offered again.",
        )
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .redirect_response("Back to the page, which offers the certificate.")
        .problems([ProblemKind::LinkUnusable, ProblemKind::CrossSite, ProblemKind::Conflict, ProblemKind::VaultUnavailable])
}

fn get_or_create_certificate() -> OperationSpec {
    let certificate = json!({
        "certificate": "-----BEGIN CERTIFICATE-----\nMIIC…\n-----END CERTIFICATE-----\n",
        "thumbprint": "0F1E2D3C4B5A69788796A5B4C3D2E1F001122334",
        "expires_on": "2028-11-24"
    });
    OperationSpec::of(routes::CREATE_CERTIFICATE, "orderCertificate")
        .describe(
            TAG,
            "Order a certificate in place of a secret",
            "A key pair of the customer's own is made here and its private key never leaves. The customer's administrator \
             uploads the certificate to the app; then hand over credentials with `kind` `certificate`. While it waits for \
             that, the same one is answered again.",
        )
        .require_api_key()
        .json_response::<CertificateResponse>(StatusCode::OK, "The certificate that waits.", certificate)
        .problems([ProblemKind::Conflict])
}

fn submit_form() -> OperationSpec {
    OperationSpec::of(routes::SUBMIT_INTAKE_FORM, "submitIntakeForm")
        .describe("Pages", "Hand over credentials by the form", "They are checked at Microsoft on the spot.")
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .form_body::<PutCredentialsRequest>(credentials_example())
        .page_response(StatusCode::OK, "The credentials work and are kept.")
        .page_response(StatusCode::UNPROCESSABLE_ENTITY, "The form again, with every mistake and its remedy.")
        .may_fail_at_microsoft()
        .problems([
            ProblemKind::LinkUnusable,
            ProblemKind::CrossSite,
            ProblemKind::Conflict,
            ProblemKind::VaultUnavailable,
        ])
}

fn put_credentials() -> OperationSpec {
    OperationSpec::of(routes::PUT_CREDENTIALS, "handOverCredentials")
        .describe(
            TAG,
            "Hand over credentials that arrived otherwise",
            "The same check at Microsoft, and the same store, as behind the form. Credentials that do not work are not kept.",
        )
        .require_api_key()
        .json_body::<PutCredentialsRequest>(credentials_example())
        .json_response::<StoredCredentialsResponse>(StatusCode::OK, "The credentials work and are kept.", stored_credentials_example())
        .may_fail_at_microsoft()
        .problems([ProblemKind::CredentialsRefused, ProblemKind::Conflict])
}

fn get_customer() -> OperationSpec {
    OperationSpec::of(routes::GET_CUSTOMER, "showCustomer")
        .describe(TAG, "What is known of a customer", "Never a secret.")
        .require_api_key()
        .json_response::<CustomerResponse>(StatusCode::OK, "The customer.", customer_example())
        .problems([ProblemKind::Offboarded])
}

fn offboard() -> OperationSpec {
    OperationSpec::of(routes::OFFBOARD_CUSTOMER, "offboardCustomer")
        .describe(
            TAG,
            "Offboard a customer",
            "The app's credentials are marked for deletion at once; the recruiters are disconnected by the next run of the \
             schedule.",
        )
        .require_api_key()
        .empty_response(StatusCode::NO_CONTENT, "The customer is offboarded.")
        .problems([ProblemKind::Offboarded, ProblemKind::Disconnected])
}

fn openapi() -> OperationSpec {
    OperationSpec::of(routes::OPENAPI_DOCUMENT, "showOpenapi")
        .describe("Reference", "This document", "OpenAPI 3.1, for generators of clients.")
        .json_response::<OpenApiFile>(StatusCode::OK, "The document.", json!({"openapi": "3.1.0"}))
        .can_be_cached()
}

fn older_openapi() -> OperationSpec {
    OperationSpec::of(routes::OLDER_OPENAPI_DOCUMENT, "showOlderOpenapi")
        .describe("Reference", "This document in OpenAPI 3.0", "For tools that do not read OpenAPI 3.1 yet.")
        .json_response::<OpenApiFile>(StatusCode::OK, "The document.", json!({"openapi": "3.0.3"}))
        .can_be_cached()
}

fn docs() -> OperationSpec {
    OperationSpec::of(routes::API_DOCS, "showDocs")
        .describe("Pages", "The documentation", "Its first page: the guides, the reference and the search.")
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .page_response(StatusCode::OK, "The page.")
        .can_be_cached()
}

fn docs_page() -> OperationSpec {
    OperationSpec::of(routes::API_DOCS_PAGE, "showDocsPage")
        .describe(
            "Pages",
            "A page of the documentation",
            "A guide; `reference`, this document to be read; or `search`, which a script of its own filters.",
        )
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .optional_query("q", "What the search looks for.")
        .page_response(StatusCode::OK, "The page.")
        .can_be_cached()
        .problems([ProblemKind::NotFound])
}

fn explain_code() -> OperationSpec {
    OperationSpec::of(routes::EXPLAIN_CODE, "explainCode")
        .describe(
            "Pages",
            "What a code means",
            "The `type` of every problem leads here; codes of findings are explained too.",
        )
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .page_response(StatusCode::OK, "The page.")
        .problems([ProblemKind::NotFound])
}
