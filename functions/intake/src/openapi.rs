//! The operations of this function for the OpenAPI document.

use axum::http::StatusCode;
use serde_json::json;
use utoipa::ToSchema;

use shared::http::openapi::{OpenApiFile, OperationSpec};
use shared::http::problem::ProblemKind;
use shared::http::routes;

use crate::requests::{CreateIntakeLinkRequest, PutCredentialsRequest};
use crate::responses::{
    CertificateResponse, CustomerResponse, FederatedTrustResponse, IntakeLinkResponse, StoredCredentialsResponse,
};

/// The discovery document of our issuer.
#[derive(ToSchema)]
#[schema(as = OpenIdConfiguration)]
#[expect(dead_code, reason = "only its schema is used")]
struct IssuerFile {
    /// Its address.
    #[schema(format = Uri)]
    issuer: String,
    /// Where its keys are.
    #[schema(format = Uri)]
    jwks_uri: String,
    /// What it would answer: `id_token`.
    #[schema(max_items = 8)]
    response_types_supported: Vec<String>,
    /// How it names subjects: `public`.
    #[schema(max_items = 8)]
    subject_types_supported: Vec<String>,
    /// How it signs: `RS256`.
    #[schema(max_items = 8)]
    id_token_signing_alg_values_supported: Vec<String>,
}

/// The keys of our issuer.
#[derive(ToSchema)]
#[schema(as = IssuerKeys)]
struct IssuerKeysFile {
    /// RFC 7517.
    #[expect(dead_code, reason = "only its schema is used")]
    #[schema(value_type = Vec<Object>, max_items = 100)]
    keys: Vec<()>,
}

const TAG: &str = "Customers";
const LANGUAGE: &str = "`pl` or `en`, if the reader chose a language on the page.";

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
        create_federated_trust(),
        get_or_create_certificate(),
        get_or_create_federated_trust(),
        put_credentials(),
        get_customer(),
        offboard(),
        openapi(),
        older_openapi(),
        home(),
        security_txt(),
        docs(),
        docs_page(),
        explain_code(),
        issuer_discovery(),
        issuer_keys(),
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
            "Create a link for an administrator",
            "The customer's administrator opens it, follows the guide and submits the app's credentials in a form. \
             The first success spends the link.",
        )
        .require_api_key()
        .optional_json_body::<CreateIntakeLinkRequest>(json!({
            "language": "pl", "expected_domain": "kadry.example", "expires_in": 604_800,
            "customer_name": "Kadry Polska sp. z o.o.", "requested_by": "Anna Nowak, Kadry ATS",
        }))
        .json_response::<IntakeLinkResponse>(StatusCode::CREATED, "The link.", link)
}

fn withdraw_intake_links() -> OperationSpec {
    OperationSpec::of(routes::WITHDRAW_INTAKE_LINKS, "withdrawIntakeLinks")
        .describe(
            TAG,
            "Withdraw a customer's intake links",
            "All intake links created for this customer so far stop working, whether the customer exists yet or not. \
             Credentials submitted through them stay. Links created later work.",
        )
        .require_api_key()
        .empty_response(StatusCode::NO_CONTENT, "The links have been withdrawn, even if there were none.")
}

fn show_form() -> OperationSpec {
    OperationSpec::of(routes::SHOW_INTAKE_FORM, "showIntakeForm")
        .describe("Pages", "Setup guide and form", "For the administrator's browser. Opening it consumes nothing.")
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .page_response(StatusCode::OK, "The page.")
        .problems([ProblemKind::LinkUnusable, ProblemKind::VaultUnavailable])
}

fn download_script() -> OperationSpec {
    OperationSpec::of(routes::DOWNLOAD_SETUP_SCRIPT, "downloadKit")
        .describe(
            "Pages",
            "Setup script",
            "Does what the guide describes with Azure CLI, PowerShell or Terraform; made for this link. Downloading \
             it consumes nothing.",
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
            "Download the certificate to register",
            "For the administrator's browser: the certificate of the key stored here, once it has been created. \
             Downloading it consumes nothing.",
        )
        .responds_with_html()
        .file_response("application/pem-certificate-chain", "The certificate (RFC 7468).")
        .problems([ProblemKind::LinkUnusable, ProblemKind::NotFound, ProblemKind::VaultUnavailable])
}

fn create_certificate() -> OperationSpec {
    OperationSpec::of(routes::MAKE_CERTIFICATE, "makeCertificate")
        .describe(
            "Pages",
            "Create a key pair for the app",
            "A key pair for this customer, instead of a secret. Until its certificate is registered, the same one is \
             offered again.",
        )
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .redirect_response("Redirects back to the page, which offers the certificate.")
        .problems([
            ProblemKind::LinkUnusable,
            ProblemKind::CrossSite,
            ProblemKind::Conflict,
            ProblemKind::VaultUnavailable,
        ])
}

fn create_federated_trust() -> OperationSpec {
    OperationSpec::of(routes::MAKE_FEDERATED_TRUST, "makeFederatedTrust")
        .describe(
            "Pages",
            "Show what the app must trust",
            "For an app without a secret: the page then shows the issuer, the subject and the audience of a federated \
             credential, always the same ones for this customer.",
        )
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .redirect_response("Redirects back to the page, which shows the values.")
        .problems([
            ProblemKind::LinkUnusable,
            ProblemKind::NotFound,
            ProblemKind::CrossSite,
            ProblemKind::VaultUnavailable,
        ])
}

fn get_or_create_federated_trust() -> OperationSpec {
    let trust = json!({
        "issuer": "https://teams.ats.example",
        "subject": "q8Zc1mXh0kq2yQmY3n5T9w",
        "audience": "api://AzureADTokenExchange"
    });
    OperationSpec::of(routes::CREATE_FEDERATED_TRUST, "orderFederatedTrust")
        .describe(
            TAG,
            "Find out what an app without a secret must trust",
            "The three values of a federated credential, which the customer's administrator adds to the app; then \
             submit the credentials with `kind` `federated`. They are the same until the customer is offboarded. 404 where \
             the operator has made no keys for the issuer.",
        )
        .require_api_key()
        .json_response::<FederatedTrustResponse>(StatusCode::OK, "What to trust.", trust)
        .problems([ProblemKind::NotFound])
}

fn issuer_discovery() -> OperationSpec {
    let issuer = json!({
        "issuer": "https://teams.ats.example",
        "jwks_uri": "https://teams.ats.example/.well-known/jwks.json",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"]
    });
    OperationSpec::of(routes::ISSUER_DISCOVERY, "showIssuer")
        .describe(
            "Reference",
            "Our issuer",
            "OpenID Connect Discovery, as much of it as Microsoft reads. 404 where the operator has made no keys.",
        )
        .json_response::<IssuerFile>(StatusCode::OK, "The document.", issuer)
        .can_be_cached()
        .problems([ProblemKind::NotFound])
}

fn issuer_keys() -> OperationSpec {
    OperationSpec::of(routes::ISSUER_KEYS, "showIssuerKeys")
        .describe("Reference", "The keys of our issuer", "RFC 7517. Two keys or three, of which one signs.")
        .json_response::<IssuerKeysFile>(StatusCode::OK, "The keys.", json!({"keys": []}))
        .can_be_cached()
        .problems([ProblemKind::NotFound])
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
            "Create a certificate instead of a secret",
            "Creates a key pair for this customer; its private key never leaves. The customer's administrator \
             uploads the certificate to the app; then submit the credentials with `kind` `certificate`. Until then, \
             the same certificate is returned again.",
        )
        .require_api_key()
        .json_response::<CertificateResponse>(StatusCode::OK, "The certificate to register.", certificate)
        .problems([ProblemKind::Conflict])
}

fn submit_form() -> OperationSpec {
    OperationSpec::of(routes::SUBMIT_INTAKE_FORM, "submitIntakeForm")
        .describe("Pages", "Submit credentials with the form", "They are checked with Microsoft straight away.")
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .form_body::<PutCredentialsRequest>(credentials_example())
        .page_response(StatusCode::OK, "The credentials work and have been stored.")
        .page_response(StatusCode::UNPROCESSABLE_ENTITY, "The form again, with every mistake and how to fix it.")
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
            "Submit credentials directly",
            "Checks and stores the credentials in the same way as the form. Credentials that do not work are not \
             stored.",
        )
        .require_api_key()
        .json_body::<PutCredentialsRequest>(credentials_example())
        .json_response::<StoredCredentialsResponse>(
            StatusCode::OK,
            "The credentials work and have been stored.",
            stored_credentials_example(),
        )
        .may_fail_at_microsoft()
        .problems([ProblemKind::CredentialsRefused, ProblemKind::Conflict])
}

fn get_customer() -> OperationSpec {
    OperationSpec::of(routes::GET_CUSTOMER, "showCustomer")
        .describe(TAG, "Get a customer", "Never contains a secret.")
        .require_api_key()
        .json_response::<CustomerResponse>(StatusCode::OK, "The customer.", customer_example())
        .problems([ProblemKind::Offboarded])
}

fn offboard() -> OperationSpec {
    OperationSpec::of(routes::OFFBOARD_CUSTOMER, "offboardCustomer")
        .describe(
            TAG,
            "Offboard a customer",
            "The app's credentials are marked for deletion at once; the recruiters are disconnected in the next run \
             of the schedule.",
        )
        .require_api_key()
        .empty_response(StatusCode::NO_CONTENT, "The customer has been offboarded.")
        .problems([ProblemKind::Offboarded, ProblemKind::Disconnected])
}

fn openapi() -> OperationSpec {
    OperationSpec::of(routes::OPENAPI_DOCUMENT, "showOpenapi")
        .describe("Reference", "This document", "OpenAPI 3.1, for client generators.")
        .json_response::<OpenApiFile>(StatusCode::OK, "The document.", json!({"openapi": "3.1.0"}))
        .can_be_cached()
}

fn older_openapi() -> OperationSpec {
    OperationSpec::of(routes::OLDER_OPENAPI_DOCUMENT, "showOlderOpenapi")
        .describe("Reference", "This document in OpenAPI 3.0", "For tools that do not support OpenAPI 3.1 yet.")
        .json_response::<OpenApiFile>(StatusCode::OK, "The document.", json!({"openapi": "3.0.3"}))
        .can_be_cached()
}

fn home() -> OperationSpec {
    OperationSpec::of(routes::HOME, "showHome")
        .describe("Pages", "Start page", "Whose address it is, and where to go from here.")
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .page_response(StatusCode::OK, "The page.")
}

fn security_txt() -> OperationSpec {
    OperationSpec::of(routes::SECURITY_TXT, "showSecurityTxt")
        .describe("Reference", "Where to report a weakness", "RFC 9116. There is none without `ATS_SUPPORT_URL`.")
        .file_response("text/plain", "The file.")
        .problems([ProblemKind::NotFound])
}

fn docs() -> OperationSpec {
    OperationSpec::of(routes::API_DOCS, "showDocs")
        .describe("Pages", "Documentation", "The start page, with the guides, the reference and the search.")
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .page_response(StatusCode::OK, "The page.")
        .can_be_cached()
}

fn docs_page() -> OperationSpec {
    OperationSpec::of(routes::API_DOCS_PAGE, "showDocsPage")
        .describe(
            "Pages",
            "Documentation page",
            "A guide; `reference`, a readable version of this document; or `search`, filtered by its own script.",
        )
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .optional_query("q", "What to search for.")
        .page_response(StatusCode::OK, "The page.")
        .can_be_cached()
        .problems([ProblemKind::NotFound])
}

fn explain_code() -> OperationSpec {
    OperationSpec::of(routes::EXPLAIN_CODE, "explainCode")
        .describe("Pages", "Explain a code", "The `type` of every problem leads here; finding codes are explained too.")
        .responds_with_html()
        .optional_query("language", LANGUAGE)
        .page_response(StatusCode::OK, "The page.")
        .problems([ProblemKind::NotFound])
}
