//! The whole journey without a browser: an ATS, an administrator and a recruiter, over HTTP.

mod browser;
mod report;

use std::io::Write;

use jiff::civil::DateTime;
use microsoft_simulator::demo;
use serde_json::{Value, json};
use shared::adapters::http_client;
use shared::types::clock::Clock;
use shared::types::language::Language;
use shared::types::randomness::Randomness;
use url::Url;

use crate::api_key::LocalApiKey;
use crate::ats_client::{ApiRequest, ApiResponse, AtsClient, status_text};
use crate::deployment::Deployment;
use crate::error_chain::error_chain;
use crate::interview::{meeting_body, next_interview};
use crate::redaction::truncate_secret;

use browser::{BrowserResponse, CookieBrowser};
use report::{JourneyActor, JourneyError, StepPrinter};

const CUSTOMER: &str = "/v1/customers/kadry-polska";
const RECRUITER: &str = "/v1/customers/kadry-polska/users/anna.nowak";

/// Whom the ATS may remind when the credentials end.
const CONTACT: &str = "przypomnienia@kadry.example";

struct Journey<'a, W> {
    ats: AtsClient,
    browser: CookieBrowser,
    printer: StepPrinter<'a, W>,
}

/// Performs the journey and prints every step. The last line is the join link.
///
/// # Errors
/// [`JourneyError`] for the first step with an unexpected result or that cannot be printed.
pub(crate) async fn run<W: Write>(deployment: &Deployment, out: &mut W) -> Result<(), JourneyError> {
    let http = http_client::build_client().map_err(|error| JourneyError::start(&*error))?;
    let api_key: LocalApiKey = deployment.api_key().parse().map_err(|error| JourneyError::start(&error))?;
    let mut journey = Journey {
        ats: AtsClient::new(http.clone(), deployment.base_url(), &api_key),
        browser: CookieBrowser::new(http),
        printer: StepPrinter::new(out),
    };
    journey.submit_credentials().await?;
    journey.connect().await?;
    let start = next_interview(Clock::system().now());
    let first = journey.order_twice(start).await?;
    let later = journey.order_after_a_refresh(start).await?;
    journey.printer.finish(&first, &later)
}

impl<W: Write> Journey<'_, W> {
    /// The ATS creates an intake link, and the administrator submits the form.
    async fn submit_credentials(&mut self) -> Result<(), JourneyError> {
        let request = ApiRequest::post(format!("{CUSTOMER}/intake-links"), Some(json!({"language": "en"})));
        let link = self.create_link(request, "a link for the administrator").await?;

        self.printer.step(JourneyActor::Administrator, &format!("opens {}", truncate_secret(&link)))?;
        let form = self.browser.get(&link).await;
        self.expect_page(form, 200, "the guide and a form with the field client_secret", |page| {
            page.text.contains("client_secret")
        })?;

        let fields = [
            ("tenant", demo::KADRY_TENANT.to_string()),
            ("client_id", demo::KADRY_CLIENT_ID.to_string()),
            ("client_secret", demo::KADRY_SECRET.to_owned()),
            ("contact", CONTACT.to_owned()),
        ];
        self.printer.step(
            JourneyActor::Administrator,
            "submits tenant, client id and secret of the simulator's Kadry Polska",
        )?;
        let receipt = self.browser.submit(&link, &fields).await;
        self.expect_page(receipt, 200, "a receipt: checked against Microsoft and stored", |page| {
            page.text.contains(&fields[1].1)
        })?;

        let customer = self.call(ApiRequest::get(CUSTOMER.to_owned()), 200).await?;
        let verified_at = self.text(&customer, "verified_at")?;
        self.printer.expect_ok(&customer.status_text(), &format!("the credentials were verified at {verified_at}"))?;
        self.consent(&self.text(&customer, "consent_url")?).await
    }

    /// The administrator consents for everybody: recruiters may not consent for themselves.
    async fn consent(&mut self, consent_url: &str) -> Result<(), JourneyError> {
        let step = format!("consents for everybody as {}", demo::ADMIN);
        self.printer.step(JourneyActor::Administrator, &step)?;
        let fields = [("user", demo::ADMIN.to_owned()), ("decision", "accept".to_owned())];
        let accepted = self.browser.submit(consent_url, &fields).await;
        let back = self.expect_redirect(accepted, "back to Teams Connect")?;
        let shown = self.browser.get(back.as_str()).await;
        self.expect_page(shown, 200, "a page that says that consent is granted", |page| {
            page.text.contains("/sign-in-test/")
        })
    }

    /// The recruiter signs in at Microsoft, and the ATS completes the connection.
    async fn connect(&mut self) -> Result<(), JourneyError> {
        let request = ApiRequest::post(format!("{RECRUITER}/connect-links"), Some(json!({"login_hint": demo::ANNA})));
        let link = self.create_link(request, "a link for the recruiter").await?;

        self.printer.step(JourneyActor::Recruiter, &format!("opens {}", truncate_secret(&link)))?;
        let opened = self.browser.get(&link).await;
        let sign_in = self.expect_redirect(opened, "to Microsoft")?;

        self.printer.step(JourneyActor::Recruiter, "looks at Microsoft's sign-in page")?;
        let shown = self.browser.get(sign_in.as_str()).await;
        self.expect_page(shown, 200, "a page on which the account can be chosen", |page| {
            page.text.contains(demo::ANNA)
        })?;

        self.printer.step(JourneyActor::Recruiter, &format!("signs in as {}", demo::ANNA))?;
        let fields = [("user", demo::ANNA.to_owned()), ("decision", "accept".to_owned())];
        let accepted = self.browser.submit(sign_in.as_str(), &fields).await;
        let callback = self.expect_redirect(accepted, "back to Teams Connect")?;

        self.printer.step(JourneyActor::Recruiter, &format!("is back at {}", without_query(&callback)))?;
        let returned = self.browser.get(callback.as_str()).await;
        let completion = self.expect_redirect(returned, "on to the ATS, with a handle")?;
        let handle = completion.query_pairs().find(|(name, _)| name == "handle").map(|(_, handle)| handle.into_owned());
        let handle =
            handle.ok_or_else(|| self.printer.unexpected("a handle in the address", &without_query(&completion)))?;

        let complete = ApiRequest::post(format!("{RECRUITER}/connection"), Some(json!({"handle": handle})));
        let connected = self.call(complete, 200).await?;
        let account = connected.body["account"]["upn"].as_str().unwrap_or_default().to_owned();
        self.printer.expect_ok(&connected.status_text(), &format!("connected as {account}"))?;

        let state = self.call(ApiRequest::get(format!("{RECRUITER}/connection")), 200).await?;
        let state_name = self.text(&state, "state")?;
        self.printer.expect_ok(&state.status_text(), &format!("the connection is {state_name}"))
    }

    /// Orders the same meeting twice, as an ATS does after a network failure. There must be one meeting.
    async fn order_twice(&mut self, start: DateTime) -> Result<Value, JourneyError> {
        let key = self.idempotency_key()?;
        let body = meeting_body("Interview: Anna Nowak and Adam Wiśniewski", start, 45);
        let request = ApiRequest::create_meeting(format!("{RECRUITER}/meetings"), &key, body);
        let created = self.call(request.clone(), 201).await?;
        self.text(&created, "join_url")?;
        self.printer.expect_ok(&created.status_text(), "a meeting with a join link")?;

        let again = self.call(request, 200).await?;
        if again.body["id"] != created.body["id"] || again.body["join_url"] != created.body["join_url"] {
            return Err(self.printer.unexpected("the same meeting again", "another meeting"));
        }
        self.printer.expect_ok(&again.status_text(), "the same order again: the same meeting, the same link")?;
        Ok(created.body)
    }

    async fn order_after_a_refresh(&mut self, start: DateTime) -> Result<Value, JourneyError> {
        let refreshed = self.call(ApiRequest::post(format!("{RECRUITER}/connection/refresh"), None), 200).await?;
        let expires_at = self.text(&refreshed, "access_expires_at")?;
        self.printer.expect_ok(&refreshed.status_text(), &format!("new tokens, valid until {expires_at}"))?;

        let key = self.idempotency_key()?;
        let start = start.saturating_add(jiff::Span::new().hours(2));
        let body = meeting_body("Interview: Anna Nowak and Ewa Zając", start, 30);
        let request = ApiRequest::create_meeting(format!("{RECRUITER}/meetings"), &key, body);
        let created = self.call(request, 201).await?;
        self.text(&created, "join_url")?;
        self.printer.expect_ok(&created.status_text(), "another meeting, with the new tokens")?;
        Ok(created.body)
    }

    fn idempotency_key(&self) -> Result<String, JourneyError> {
        let token = Randomness::system().token();
        token
            .map(|token| format!("journey-{token}"))
            .map_err(|error| self.printer.unexpected("a random key", &error.to_string()))
    }

    /// Sends a request. Any other status than the expected one is an error.
    async fn call(&mut self, request: ApiRequest, expected: u16) -> Result<ApiResponse, JourneyError> {
        let suffix = if request.idempotency_key.is_some() { ", with an Idempotency-Key" } else { "" };
        self.printer.step(JourneyActor::Ats, &format!("{} {}{suffix}", request.method, request.path))?;
        let response = self.ats.send(&request, Language::En).await;
        let response = response.map_err(|error| self.printer.unexpected(&format!("status {expected}"), &error))?;
        if response.status.as_u16() == expected {
            return Ok(response);
        }
        let member = |name: &str| response.string_member(name).unwrap_or_default().to_owned();
        let actual = format!("{}: {} {} {}", response.status_text(), member("code"), member("title"), member("detail"));
        Err(self.printer.unexpected(&format!("status {expected}"), actual.trim_end()))
    }

    /// Creates a link and returns its address.
    async fn create_link(&mut self, request: ApiRequest, what: &str) -> Result<String, JourneyError> {
        let response = self.call(request, 201).await?;
        let url = self.text(&response, "url")?;
        let expires_at = self.text(&response, "expires_at")?;
        self.printer.expect_ok(&response.status_text(), &format!("{what}, valid until {expires_at}"))?;
        Ok(url)
    }

    /// A member of a response that must be there.
    fn text(&self, response: &ApiResponse, name: &str) -> Result<String, JourneyError> {
        let value = response.string_member(name).map(str::to_owned);
        value.ok_or_else(|| self.printer.unexpected(&format!("a document with {name}"), "a document without it"))
    }

    fn expect_page(
        &mut self,
        page: reqwest::Result<BrowserResponse>,
        status: u16,
        what: &str,
        is_expected: impl Fn(&BrowserResponse) -> bool,
    ) -> Result<(), JourneyError> {
        let page = page.map_err(|error| self.printer.unexpected(what, &error_chain(&error.without_url())))?;
        if page.status.as_u16() == status && is_expected(&page) {
            return self.printer.expect_ok(&status_text(page.status), what);
        }
        Err(self.printer.unexpected(
            &format!("status {status}, {what}"),
            &format!("{}: {}", status_text(page.status), page.title()),
        ))
    }

    fn expect_redirect(
        &mut self,
        page: reqwest::Result<BrowserResponse>,
        destination: &str,
    ) -> Result<Url, JourneyError> {
        let expected = format!("a redirect {destination}");
        let page = page.map_err(|error| self.printer.unexpected(&expected, &error_chain(&error.without_url())))?;
        match page.location {
            Some(location) if page.status.is_redirection() => {
                self.printer
                    .expect_ok(&status_text(page.status), &format!("{destination}: {}", without_query(&location)))?;
                Ok(location)
            }
            _ => Err(self.printer.unexpected(&expected, &format!("{}: {}", status_text(page.status), page.title()))),
        }
    }
}

/// An address without its query, which can contain codes, states and handles.
fn without_query(url: &Url) -> String {
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    format!("{bare}{}", if url.query().is_some() { "?…" } else { "" })
}
