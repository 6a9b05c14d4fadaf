//! The whole journey without a browser: an ATS, an administrator and a recruiter, over real HTTP only.

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

use crate::ats_client::{
    ApiRequest, ApiResponse, AtsClient, interview, next_interview, shorten, status_text, with_causes,
};
use crate::deployment::{Deployment, LocalApiKey};

use browser::{BrowserResponse, CookieBrowser};
use report::{JourneyActor, JourneyError, StepPrinter};

const CUSTOMER: &str = "/v1/customers/kadry-polska";
const RECRUITER: &str = "/v1/customers/kadry-polska/users/anna.nowak";

/// Who travels.
struct Journey<'a, W> {
    ats: AtsClient,
    browser: CookieBrowser,
    report: StepPrinter<'a, W>,
}

/// Walks it, writes each step, and ends with the meeting.
///
/// # Errors
/// [`JourneyError`]: the first step that was not answered as expected, or that could not be written.
pub(crate) async fn run<W: Write>(deployment: &Deployment, out: &mut W) -> Result<(), JourneyError> {
    let http = http_client::build_client().map_err(|error| JourneyError::start(&*error))?;
    let key: LocalApiKey = deployment.api_key().parse().map_err(|error| JourneyError::start(&error))?;
    let mut journey = Journey {
        ats: AtsClient::new(http.clone(), deployment.base_url(), &key),
        browser: CookieBrowser::new(http),
        report: StepPrinter::new(out),
    };
    journey.hand_over_credentials().await?;
    journey.connect().await?;
    let start = next_interview(Clock::system().now());
    let first = journey.order_twice(start).await?;
    let later = journey.order_after_a_refresh(start).await?;
    journey.report.finish(&first, &later)
}

impl<W: Write> Journey<'_, W> {
    /// The ATS orders a link, the administrator fills in the form behind it.
    async fn hand_over_credentials(&mut self) -> Result<(), JourneyError> {
        let order = ApiRequest::post(format!("{CUSTOMER}/intake-links"), Some(json!({"language": "en"})));
        let link = self.create_link(order, "a link for the administrator").await?;

        self.report.step(JourneyActor::Administrator, &format!("opens {}", shorten(&link)))?;
        let form = self.browser.get(&link).await;
        self.expect_page(form, 200, "the guide and a form with the field client_secret", |page| {
            page.text.contains("client_secret")
        })?;

        let fields = [
            ("tenant", demo::KADRY_TENANT.to_string()),
            ("client_id", demo::KADRY_CLIENT_ID.to_string()),
            ("client_secret", demo::KADRY_SECRET.to_owned()),
        ];
        self.report.step(
            JourneyActor::Administrator,
            "submits tenant, client id and secret of the simulator's Kadry Polska",
        )?;
        let receipt = self.browser.submit(&link, &fields).await;
        self.expect_page(receipt, 200, "a receipt: checked against Microsoft and stored", |page| {
            page.text.contains(&fields[1].1)
        })?;

        let known = self.call(ApiRequest::get(CUSTOMER.to_owned()), 200).await?;
        let verified = self.text(&known, "verified_at")?;
        self.report.expect_ok(&known.status_text(), &format!("the credentials were verified at {verified}"))
    }

    /// The recruiter follows a link through Microsoft; the ATS completes what she brings back.
    async fn connect(&mut self) -> Result<(), JourneyError> {
        let order = ApiRequest::post(format!("{RECRUITER}/connect-links"), Some(json!({"login_hint": demo::ANNA})));
        let link = self.create_link(order, "a link for the recruiter").await?;

        self.report.step(JourneyActor::Recruiter, &format!("opens {}", shorten(&link)))?;
        let opened = self.browser.get(&link).await;
        let sign_in = self.expect_redirect(opened, "to Microsoft")?;

        self.report.step(JourneyActor::Recruiter, "looks at Microsoft's sign-in page")?;
        let shown = self.browser.get(sign_in.as_str()).await;
        self.expect_page(shown, 200, "a page on which she can choose her account", |page| {
            page.text.contains(demo::ANNA)
        })?;

        self.report.step(JourneyActor::Recruiter, &format!("signs in as {} and consents", demo::ANNA))?;
        let answer = [("user", demo::ANNA.to_owned()), ("decision", "accept".to_owned())];
        let accepted = self.browser.submit(sign_in.as_str(), &answer).await;
        let callback = self.expect_redirect(accepted, "back to Teams Connect")?;

        self.report.step(JourneyActor::Recruiter, &format!("is back at {}", without_query(&callback)))?;
        let returned = self.browser.get(callback.as_str()).await;
        let completion = self.expect_redirect(returned, "on to the ATS, with a handle")?;
        let handle = completion.query_pairs().find(|(name, _)| name == "handle").map(|(_, handle)| handle.into_owned());
        let handle =
            handle.ok_or_else(|| self.report.unexpected("a handle in the address", &without_query(&completion)))?;

        let complete = ApiRequest::post(format!("{RECRUITER}/connection"), Some(json!({"handle": handle})));
        let connected = self.call(complete, 200).await?;
        let account = connected.body["account"]["upn"].as_str().unwrap_or_default().to_owned();
        self.report.expect_ok(&connected.status_text(), &format!("connected as {account}"))?;

        let state = self.call(ApiRequest::get(format!("{RECRUITER}/connection")), 200).await?;
        let told = self.text(&state, "state")?;
        self.report.expect_ok(&state.status_text(), &format!("the connection is {told}"))
    }

    /// A network that fails after the order makes an ATS order again: there is one meeting all the same.
    async fn order_twice(&mut self, start: DateTime) -> Result<Value, JourneyError> {
        let key = self.order_key()?;
        let body = interview("Interview: Anna Nowak and Adam Wiśniewski", start, 45);
        let order = ApiRequest::create_meeting(format!("{RECRUITER}/meetings"), &key, body);
        let made = self.call(order.clone(), 201).await?;
        self.text(&made, "join_url")?;
        self.report.expect_ok(&made.status_text(), "a meeting with a join link")?;

        let again = self.call(order, 200).await?;
        if again.body["id"] != made.body["id"] || again.body["join_url"] != made.body["join_url"] {
            return Err(self.report.unexpected("the same meeting again", "another meeting"));
        }
        self.report.expect_ok(&again.status_text(), "the same order again: the same meeting, the same link")?;
        Ok(made.body)
    }

    async fn order_after_a_refresh(&mut self, start: DateTime) -> Result<Value, JourneyError> {
        let renewed = self.call(ApiRequest::post(format!("{RECRUITER}/connection/refresh"), None), 200).await?;
        let until = self.text(&renewed, "access_expires_at")?;
        self.report.expect_ok(&renewed.status_text(), &format!("new tokens, good until {until}"))?;

        let key = self.order_key()?;
        let start = start.saturating_add(jiff::Span::new().hours(2));
        let body = interview("Interview: Anna Nowak and Ewa Zając", start, 30);
        let made = self.call(ApiRequest::create_meeting(format!("{RECRUITER}/meetings"), &key, body), 201).await?;
        self.text(&made, "join_url")?;
        self.report.expect_ok(&made.status_text(), "another meeting, with the new tokens")?;
        Ok(made.body)
    }

    fn order_key(&self) -> Result<String, JourneyError> {
        let chance = Randomness::system().token();
        chance
            .map(|chance| format!("journey-{chance}"))
            .map_err(|error| self.report.unexpected("a random key", &error.to_string()))
    }

    /// Calls the product and insists on a status.
    async fn call(&mut self, call: ApiRequest, expected: u16) -> Result<ApiResponse, JourneyError> {
        let more = if call.idempotency_key.is_some() { ", with an Idempotency-Key" } else { "" };
        self.report.step(JourneyActor::Ats, &format!("{} {}{more}", call.method, call.path))?;
        let answer = self.ats.send(&call, Language::En).await;
        let answer = answer.map_err(|error| self.report.unexpected(&format!("status {expected}"), &error))?;
        if answer.status.as_u16() == expected {
            return Ok(answer);
        }
        let word = |name: &str| answer.string_member(name).unwrap_or_default().to_owned();
        let came = format!("{}: {} {} {}", answer.status_text(), word("code"), word("title"), word("detail"));
        Err(self.report.unexpected(&format!("status {expected}"), came.trim_end()))
    }

    /// Orders a link.
    async fn create_link(&mut self, call: ApiRequest, what: &str) -> Result<String, JourneyError> {
        let answer = self.call(call, 201).await?;
        let url = self.text(&answer, "url")?;
        let until = self.text(&answer, "expires_at")?;
        self.report.expect_ok(&answer.status_text(), &format!("{what}, good until {until}"))?;
        Ok(url)
    }

    fn text(&self, answer: &ApiResponse, name: &str) -> Result<String, JourneyError> {
        let found = answer.string_member(name).map(str::to_owned);
        found.ok_or_else(|| self.report.unexpected(&format!("a document with {name}"), "a document without"))
    }

    fn expect_page(
        &mut self,
        page: reqwest::Result<BrowserResponse>,
        status: u16,
        what: &str,
        holds: impl Fn(&BrowserResponse) -> bool,
    ) -> Result<(), JourneyError> {
        let page = page.map_err(|error| self.report.unexpected(what, &with_causes(&error.without_url())))?;
        if page.status.as_u16() == status && holds(&page) {
            return self.report.expect_ok(&status_text(page.status), what);
        }
        Err(self.report.unexpected(
            &format!("status {status}, {what}"),
            &format!("{}: {}", status_text(page.status), page.title()),
        ))
    }

    fn expect_redirect(&mut self, page: reqwest::Result<BrowserResponse>, whither: &str) -> Result<Url, JourneyError> {
        let expected = format!("a redirect {whither}");
        let page = page.map_err(|error| self.report.unexpected(&expected, &with_causes(&error.without_url())))?;
        match page.location {
            Some(to) if page.status.is_redirection() => {
                self.report.expect_ok(&status_text(page.status), &format!("{whither}: {}", without_query(&to)))?;
                Ok(to)
            }
            _ => Err(self.report.unexpected(&expected, &format!("{}: {}", status_text(page.status), page.title()))),
        }
    }
}

/// An address without its query, which holds codes, states and handles.
fn without_query(url: &Url) -> String {
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    format!("{bare}{}", if url.query().is_some() { "?…" } else { "" })
}
