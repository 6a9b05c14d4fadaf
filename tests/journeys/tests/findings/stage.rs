//! A finding is provoked at one door, in one language, in a world of its own.

use std::sync::OnceLock;

use microsoft_simulator::{DirectoryEvent, SimulatedFederatedCredential, demo};
use reqwest::Method;
use serde_json::{Value, json};
use shared::domain::finding::FindingKind;
use shared::types::clock::SignedDuration;
use shared::types::language::Language;
use test_support::ats::{AtsAnswer, connection};
use test_support::browser::{PageResponse, TestBrowser, query_of};
use test_support::product::Product;
use test_support::record::Recording;

use crate::row::{Before, Certificate, Door, OTHER_SECRET, SECRET, Way, filled};

const CUSTOMER: &str = "/v1/customers/kadry";

/// The fields of a form.
type Fields = Vec<(&'static str, String)>;

/// What came of it, as people and as machines read it.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) status: u16,
    /// What a person sees.
    pub(crate) page: Option<String>,
    /// What a machine reads.
    pub(crate) document: Option<Value>,
    /// The findings in it.
    pub(crate) findings: Option<Value>,
    /// What the ATS's own page is told.
    pub(crate) told: Option<String>,
    /// Whether anything in the vault is other than before.
    pub(crate) stored: bool,
}

/// One company, one product, one record.
pub(crate) struct Stage<'w> {
    way: &'w Way,
    language: Language,
    another: String,
    /// What the app must trust: issuer, subject and audience.
    trust: OnceLock<[String; 3]>,
    pub(crate) product: Product,
    pub(crate) record: Recording,
}

impl<'w> Stage<'w> {
    /// Sets the stage: the company's app has a secret that stands in no source but this.
    pub(crate) async fn set(way: &'w Way, language: Language) -> Self {
        let record = Recording::default();
        let product = Product::start_beside(&record).await;
        product.microsoft.replace_secret(demo::KADRY_CLIENT_ID, SECRET).unwrap();
        product.microsoft.replace_secret(demo::PRACA_CLIENT_ID, OTHER_SECRET).unwrap();
        let another = product.another_app().to_string();
        if way.federated.is_some() {
            product.make_issuer().await;
            product.microsoft.apply(DirectoryEvent::RemoveSecrets { client_id: demo::KADRY_CLIENT_ID }).unwrap();
        }
        Self { way, language, another, trust: OnceLock::new(), product, record }
    }

    fn browser(&self) -> TestBrowser {
        TestBrowser::new(self.language.bcp47())
    }

    fn fields(&self) -> Fields {
        let [tenant, client_id] = [demo::KADRY_TENANT, demo::KADRY_CLIENT_ID].map(|id| id.to_string());
        let kind = self.way.certificate.map(|_| "certificate").or(self.way.federated.as_ref().map(|_| "federated"));
        if let Some(kind) = kind {
            return vec![("tenant", tenant), ("client_id", client_id), ("kind", kind.to_owned())];
        }
        let good = [
            ("tenant", &*tenant),
            ("client_id", &client_id),
            ("client_secret", SECRET),
            ("expires_on", "2027-11-24"),
            ("contact", "it@kadry.example"),
        ];
        good.map(|(name, value)| (name, self.way.field(name, value, &self.another))).into()
    }

    async fn put(&self, customer: &str, fields: &Fields) -> AtsAnswer {
        let body: Value = fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        self.call(Method::PUT, &format!("/v1/customers/{customer}/credentials"), Some(body)).await
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> AtsAnswer {
        self.product.ats().call(method, path, body, &[("accept-language", self.language.bcp47())]).await
    }

    /// Whatever the way is, the customer's app is a good one.
    async fn configure(&self, customer: &str) -> AtsAnswer {
        let ids = ["tenant", "client_id", "client_secret"];
        let mut fields = self.fields();
        for (name, value) in &mut fields {
            let good = [demo::KADRY_TENANT.to_string(), demo::KADRY_CLIENT_ID.to_string(), SECRET.to_owned()];
            if let Some(at) = ids.iter().position(|id| id == name) {
                value.clone_from(&good[at]);
            }
        }
        self.put(customer, &fields).await.expect(200)
    }

    /// Has a certificate made and registers it, as far as this way goes.
    async fn certify(&self) {
        let Some(Certificate::Made | Certificate::Registered) = self.way.certificate else { return };
        let made = self.call(Method::POST, &format!("{CUSTOMER}/certificate"), None).await.expect(200);
        if self.way.certificate == Some(Certificate::Registered) {
            let file = made.text("certificate").to_owned();
            let registered = DirectoryEvent::RegisterCertificate { client_id: demo::KADRY_CLIENT_ID, file };
            self.product.microsoft.apply(registered).unwrap();
        }
    }

    /// Has the app trust our issuer.
    async fn federate(&self) {
        if self.way.federated.is_some() {
            let made = self.call(Method::POST, &format!("{CUSTOMER}/federation"), None).await.expect(200);
            let values = ["issuer", "subject", "audience"].map(|name| made.text(name).to_owned());
            self.register(self.trust.get_or_init(|| values).clone());
        }
    }

    fn register(&self, [issuer, subject, audience]: [String; 3]) {
        let (client_id, name) = (demo::KADRY_CLIENT_ID, "teams-connect".to_owned());
        let credential = SimulatedFederatedCredential { name, issuer, subject, audiences: vec![audience] };
        self.product.microsoft.apply(DirectoryEvent::RemoveFederatedCredentials { client_id }).unwrap();
        self.product.microsoft.apply(DirectoryEvent::AddFederatedCredential { client_id, credential }).unwrap();
    }

    /// The right value that a finding of this kind names.
    pub(crate) fn expected(&self, kind: FindingKind) -> Option<String> {
        let [issuer, subject, audience] = self.trust.get()?;
        let value = match kind {
            FindingKind::FederatedIssuerWrong => issuer,
            FindingKind::FederatedSubjectWrong => subject,
            FindingKind::FederatedAudienceWrong => audience,
            _ => return None,
        };
        Some(value.clone())
    }

    /// What is there before, at least what the door needs. The receipt, if there is one.
    async fn prepare(&self, door: Door) -> Option<AtsAnswer> {
        self.certify().await;
        self.federate().await;
        let least = match door {
            Door::Form | Door::Credentials => None,
            Door::Refresh | Door::Meeting => Some(Before::Connected),
            _ => Some(Before::Configured),
        };
        match self.way.before.or(least)? {
            Before::OfAnother => Some(self.configure("other").await),
            Before::Configured => Some(self.configure("kadry").await),
            Before::Connected => {
                let receipt = self.configure("kadry").await;
                self.product.ats().connect("kadry", "anna", demo::ANNA).await.expect(200);
                Some(receipt)
            }
        }
    }

    /// What happens at the company meanwhile.
    fn happen(&self) {
        if let (Some(wrong), Some(trust)) = (&self.way.federated, self.trust.get())
            && !wrong.is_empty()
        {
            let mut values = trust.clone();
            for (value, name) in values.iter_mut().zip(["issuer", "subject", "audience"]) {
                let other =
                    wrong.get(name).map(|text| text.replace("{value}", value).replace("{case}", &swapped(value)));
                *value = other.unwrap_or_else(|| value.clone());
            }
            self.register(values);
        }
        for event in self.way.events() {
            self.product.microsoft.apply(event).unwrap();
        }
        self.product.wait(SignedDuration::from_hours(self.way.hours));
    }

    /// Goes the way and looks at what is shown.
    pub(crate) async fn provoke(&self, door: Door) -> Shown {
        let receipt = self.prepare(door).await;
        self.product.wait(SignedDuration::from_mins(1));
        if let Some(uris) = &self.way.redirect_uris {
            self.product.microsoft.set_redirect_uris(uris);
        }
        for fault in self.way.faults() {
            self.product.microsoft.faults().add(fault);
        }
        let link = |name: &str| receipt.as_ref().map(|receipt| receipt.text(name).to_owned()).unwrap();
        match door {
            Door::Form | Door::Credentials => {
                let before = self.product.stored().await;
                let shown = if door == Door::Form { self.form().await } else { self.credentials().await };
                Shown { stored: self.product.stored().await != before, ..shown }
            }
            Door::Check => {
                self.happen();
                read(self.call(Method::POST, &format!("{CUSTOMER}/check"), None).await)
            }
            Door::Test => self.test(&link("test_sign_in_url")).await,
            Door::TestWithMeeting => self.test(&format!("{}?meeting=yes", link("test_sign_in_url"))).await,
            Door::Consent => self.consent(&link("consent_url")).await,
            Door::Return => self.returned().await,
            Door::Completion => self.completion().await,
            Door::Refresh => {
                self.happen();
                let path = format!("{}/refresh", connection("kadry", "anna"));
                read(self.call(Method::POST, &path, Some(Value::Null)).await)
            }
            Door::Meeting => self.meeting().await,
        }
    }

    async fn credentials(&self) -> Shown {
        self.happen();
        read(self.put("kadry", &self.fields()).await)
    }

    async fn form(&self) -> Shown {
        let wish = json!({ "expected_domain": self.way.expected_domain });
        let link = self.product.ats().post(&format!("{CUSTOMER}/intake-links"), wish).await.expect(201);
        self.happen();
        let fields = self.fields();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = self.browser().submit(link.text("url"), &fields).await;
        Shown { status: page.status.as_u16(), page: Some(page.text), ..Shown::default() }
    }

    /// Signs in as this way wants it; where Microsoft sends the browser.
    async fn signs_in(&self, browser: &TestBrowser, link: &str) -> String {
        let account = filled(&self.way.account, "");
        let answer = [("user", &*account), ("decision", &self.way.decision)];
        browser.answer_microsoft(link, &answer).await.to_string()
    }

    async fn test(&self, link: &str) -> Shown {
        let browser = self.browser();
        let back = self.signs_in(&browser, link).await;
        self.happen();
        let page = browser.get(&back).await;
        let known = self.call(Method::GET, CUSTOMER, None).await.expect(200).body;
        let findings = Some(known["sign_in_test"]["findings"].clone());
        Shown { findings, ..seen(page) }
    }

    async fn consent(&self, url: &str) -> Shown {
        let browser = self.browser();
        browser.get(url).await;
        let back = browser.submit(url, &[("user", demo::ADMIN), ("decision", &self.way.decision)]).await.location();
        seen(browser.get(back.as_str()).await)
    }

    async fn returned(&self) -> Shown {
        let (browser, link) = (self.browser(), self.product.ats().connect_link("kadry", "anna").await);
        let back = self.signs_in(&browser, &link).await;
        let page = browser.get(&back).await;
        let to = page.location();
        assert_eq!(to.query_pairs().count(), 1, "nothing but the code: {to}");
        Shown { status: page.status.as_u16(), told: Some(query_of(&to, "error")), ..Shown::default() }
    }

    async fn completion(&self) -> Shown {
        let (browser, link) = (self.browser(), self.product.ats().connect_link("kadry", "anna").await);
        let back = self.signs_in(&browser, &link).await;
        let handle = query_of(&browser.get(&back).await.location(), "handle");
        self.happen();
        read(self.call(Method::POST, &connection("kadry", "anna"), Some(json!({ "handle": handle }))).await)
    }

    async fn meeting(&self) -> Shown {
        self.happen();
        let order = json!({
            "subject": "Rozmowa: Anna Nowak",
            "start": "2027-06-01T10:00:00+01:00",
            "end": "2027-06-01T10:45:00+01:00",
        });
        let headers = [("idempotency-key", "order"), ("accept-language", self.language.bcp47())];
        let path = format!("{CUSTOMER}/users/anna/meetings");
        read(self.product.ats().call(Method::POST, &path, Some(order), &headers).await)
    }

    /// The correlation ids that Microsoft told with this number.
    pub(crate) fn correlation_ids(&self, number: u32) -> Vec<String> {
        let code = Some(format!("AADSTS{number}"));
        let asked = self.product.microsoft.requests().into_iter();
        asked.filter(|request| request.code == code).filter_map(|request| request.correlation_id).collect()
    }
}

/// The text with small letters for capitals, and the other way round.
fn swapped(text: &str) -> String {
    let swap = |c: char| if c.is_ascii_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
    text.chars().map(swap).collect()
}

fn seen(page: PageResponse) -> Shown {
    Shown { status: page.status.as_u16(), page: Some(page.text), ..Shown::default() }
}

fn read(answer: AtsAnswer) -> Shown {
    let findings = Some(answer.body["findings"].clone());
    Shown { status: answer.status.as_u16(), document: Some(answer.body), findings, ..Shown::default() }
}
