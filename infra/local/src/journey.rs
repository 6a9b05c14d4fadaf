//! The whole journey without a browser: an ATS, an administrator and a recruiter, over real HTTP only.

mod browser;
mod report;

use std::io::Write;

use jiff::civil::DateTime;
use microsoft_simulator::demo;
use serde_json::{Value, json};
use shared::clock::Clock;
use shared::language::Language;
use shared::microsoft::http;
use shared::randomness::Randomness;
use url::Url;

use crate::ats::{Answer, Ats, Call, interview, next_interview, shorten, status_line, with_causes};
use crate::start::{Deployment, LocalKey};

use browser::{Browser, Page};
use report::{Report, Stumble, Who};

const CUSTOMER: &str = "/v1/customers/kadry-polska";
const RECRUITER: &str = "/v1/customers/kadry-polska/users/anna.nowak";

/// Who travels.
struct Journey<'a, W> {
    ats: Ats,
    browser: Browser,
    report: Report<'a, W>,
}

/// Walks it, writes each step, and ends with the meeting.
///
/// # Errors
/// [`Stumble`]: the first step that was not answered as expected, or that could not be written.
pub(crate) async fn walk<W: Write>(deployment: &Deployment, out: &mut W) -> Result<(), Stumble> {
    let http = http::client().map_err(|error| Stumble::setting_out(&*error))?;
    let key: LocalKey = deployment.api_key().parse().map_err(|error| Stumble::setting_out(&error))?;
    let mut journey = Journey {
        ats: Ats::new(http.clone(), deployment.base_url(), &key),
        browser: Browser::new(http),
        report: Report::new(out),
    };
    journey.hand_over_credentials().await?;
    journey.connect().await?;
    let start = next_interview(Clock::system().now());
    let first = journey.order_twice(start).await?;
    let later = journey.order_after_a_refresh(start).await?;
    journey.report.end(&first, &later)
}

impl<W: Write> Journey<'_, W> {
    /// The ATS orders a link, the administrator fills in the form behind it.
    async fn hand_over_credentials(&mut self) -> Result<(), Stumble> {
        let order = Call::post(format!("{CUSTOMER}/intake-links"), Some(json!({"language": "en"})));
        let link = self.url(order, "a link for the administrator").await?;

        self.report.step(Who::Administrator, &format!("opens {}", shorten(&link)))?;
        let form = self.browser.get(&link).await;
        self.page(form, 200, "the guide and a form with the field client_secret", |page| {
            page.text.contains("client_secret")
        })?;

        let fields = [
            ("tenant", demo::KADRY_TENANT.to_string()),
            ("client_id", demo::KADRY_CLIENT_ID.to_string()),
            ("client_secret", demo::KADRY_SECRET.to_owned()),
        ];
        self.report.step(Who::Administrator, "submits tenant, client id and secret of the simulator's Kadry Polska")?;
        let receipt = self.browser.submit(&link, &fields).await;
        self.page(receipt, 200, "a receipt: checked against Microsoft and stored", |page| {
            page.text.contains(&fields[1].1)
        })?;

        let known = self.call(Call::get(CUSTOMER.to_owned()), 200).await?;
        let verified = self.text(&known, "verified_at")?;
        self.report.came(&known.line(), &format!("the credentials were verified at {verified}"))
    }

    /// The recruiter follows a link through Microsoft; the ATS completes what she brings back.
    async fn connect(&mut self) -> Result<(), Stumble> {
        let order = Call::post(format!("{RECRUITER}/connect-links"), Some(json!({"login_hint": demo::ANNA})));
        let link = self.url(order, "a link for the recruiter").await?;

        self.report.step(Who::Recruiter, &format!("opens {}", shorten(&link)))?;
        let opened = self.browser.get(&link).await;
        let sign_in = self.led_on(opened, "to Microsoft")?;

        self.report.step(Who::Recruiter, "looks at Microsoft's sign-in page")?;
        let shown = self.browser.get(sign_in.as_str()).await;
        self.page(shown, 200, "a page on which she can choose her account", |page| page.text.contains(demo::ANNA))?;

        self.report.step(Who::Recruiter, &format!("signs in as {} and consents", demo::ANNA))?;
        let answer = [("user", demo::ANNA.to_owned()), ("decision", "accept".to_owned())];
        let accepted = self.browser.submit(sign_in.as_str(), &answer).await;
        let callback = self.led_on(accepted, "back to Teams Connect")?;

        self.report.step(Who::Recruiter, &format!("is back at {}", bare(&callback)))?;
        let returned = self.browser.get(callback.as_str()).await;
        let completion = self.led_on(returned, "on to the ATS, with a handle")?;
        let handle = completion.query_pairs().find(|(name, _)| name == "handle").map(|(_, handle)| handle.into_owned());
        let handle = handle.ok_or_else(|| self.report.stumble("a handle in the address", &bare(&completion)))?;

        let complete = Call::post(format!("{RECRUITER}/connection"), Some(json!({"handle": handle})));
        let connected = self.call(complete, 200).await?;
        let account = connected.body["account"]["upn"].as_str().unwrap_or_default().to_owned();
        self.report.came(&connected.line(), &format!("connected as {account}"))?;

        let state = self.call(Call::get(format!("{RECRUITER}/connection")), 200).await?;
        let told = self.text(&state, "state")?;
        self.report.came(&state.line(), &format!("the connection is {told}"))
    }

    /// A network that fails after the order makes an ATS order again: there is one meeting all the same.
    async fn order_twice(&mut self, start: DateTime) -> Result<Value, Stumble> {
        let key = self.order_key()?;
        let body = interview("Interview: Anna Nowak and Adam Wiśniewski", start, 45);
        let order = Call::order(format!("{RECRUITER}/meetings"), &key, body);
        let made = self.call(order.clone(), 201).await?;
        self.text(&made, "join_url")?;
        self.report.came(&made.line(), "a meeting with a join link")?;

        let again = self.call(order, 200).await?;
        if again.body["id"] != made.body["id"] || again.body["join_url"] != made.body["join_url"] {
            return Err(self.report.stumble("the same meeting again", "another meeting"));
        }
        self.report.came(&again.line(), "the same order again: the same meeting, the same link")?;
        Ok(made.body)
    }

    async fn order_after_a_refresh(&mut self, start: DateTime) -> Result<Value, Stumble> {
        let renewed = self.call(Call::post(format!("{RECRUITER}/connection/refresh"), None), 200).await?;
        let until = self.text(&renewed, "access_expires_at")?;
        self.report.came(&renewed.line(), &format!("new tokens, good until {until}"))?;

        let key = self.order_key()?;
        let start = start.saturating_add(jiff::Span::new().hours(2));
        let body = interview("Interview: Anna Nowak and Ewa Zając", start, 30);
        let made = self.call(Call::order(format!("{RECRUITER}/meetings"), &key, body), 201).await?;
        self.text(&made, "join_url")?;
        self.report.came(&made.line(), "another meeting, with the new tokens")?;
        Ok(made.body)
    }

    fn order_key(&self) -> Result<String, Stumble> {
        let chance = Randomness::system().token();
        chance
            .map(|chance| format!("journey-{chance}"))
            .map_err(|error| self.report.stumble("a random key", &error.to_string()))
    }

    /// Calls the product and insists on a status.
    async fn call(&mut self, call: Call, expected: u16) -> Result<Answer, Stumble> {
        let more = if call.idempotency_key.is_some() { ", with an Idempotency-Key" } else { "" };
        self.report.step(Who::Ats, &format!("{} {}{more}", call.method, call.path))?;
        let answer = self.ats.call(&call, Language::En).await;
        let answer = answer.map_err(|error| self.report.stumble(&format!("status {expected}"), &error))?;
        if answer.status.as_u16() == expected {
            return Ok(answer);
        }
        let word = |name: &str| answer.text(name).unwrap_or_default().to_owned();
        let came = format!("{}: {} {} {}", answer.line(), word("code"), word("title"), word("detail"));
        Err(self.report.stumble(&format!("status {expected}"), came.trim_end()))
    }

    /// Orders a link.
    async fn url(&mut self, call: Call, what: &str) -> Result<String, Stumble> {
        let answer = self.call(call, 201).await?;
        let url = self.text(&answer, "url")?;
        let until = self.text(&answer, "expires_at")?;
        self.report.came(&answer.line(), &format!("{what}, good until {until}"))?;
        Ok(url)
    }

    fn text(&self, answer: &Answer, name: &str) -> Result<String, Stumble> {
        let found = answer.text(name).map(str::to_owned);
        found.ok_or_else(|| self.report.stumble(&format!("a document with {name}"), "a document without"))
    }

    fn page(
        &mut self,
        page: reqwest::Result<Page>,
        status: u16,
        what: &str,
        holds: impl Fn(&Page) -> bool,
    ) -> Result<(), Stumble> {
        let page = page.map_err(|error| self.report.stumble(what, &with_causes(&error.without_url())))?;
        if page.status.as_u16() == status && holds(&page) {
            return self.report.came(&status_line(page.status), what);
        }
        Err(self
            .report
            .stumble(&format!("status {status}, {what}"), &format!("{}: {}", status_line(page.status), page.title())))
    }

    fn led_on(&mut self, page: reqwest::Result<Page>, whither: &str) -> Result<Url, Stumble> {
        let expected = format!("a redirect {whither}");
        let page = page.map_err(|error| self.report.stumble(&expected, &with_causes(&error.without_url())))?;
        match page.location {
            Some(to) if page.status.is_redirection() => {
                self.report.came(&status_line(page.status), &format!("{whither}: {}", bare(&to)))?;
                Ok(to)
            }
            _ => Err(self.report.stumble(&expected, &format!("{}: {}", status_line(page.status), page.title()))),
        }
    }
}

/// An address without its query, which holds codes, states and handles.
fn bare(url: &Url) -> String {
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    format!("{bare}{}", if url.query().is_some() { "?…" } else { "" })
}
