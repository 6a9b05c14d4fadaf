//! The rows of `inputs/findings.toml`.

use std::collections::BTreeMap;

use microsoft_simulator::{DirectoryEvent, FaultRule, demo};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The secret that works in these runs. Its fourth character stands in no token and no id.
pub(crate) const SECRET: &str = "kP5~8Qz-Xw3vRt.Yb7Nm_Lc2Hj9Gd4Fs6Aq1Ep0U";
/// That of the other company.
pub(crate) const OTHER_SECRET: &str = "rS3~6Wm_Kd9xJv.Qn1Zt-Hb4Gy8Fc5Lp7Ra2Xe0M";
/// One that works nowhere.
pub(crate) const WRONG_SECRET: &str = "wT9~2Lk_Vb6.Mx4Zs8Qr-Yc1Nh7Jp3Df5Gt0KeRa";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    finding: Vec<Row>,
}

/// A finding: what it says, and every way to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) code: String,
    pub(crate) severity: String,
    pub(crate) actor: String,
    /// The sentence, in Polish and in English.
    pub(crate) pl: String,
    pub(crate) en: String,
    pub(crate) ways: Vec<Way>,
}

/// Where a finding shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Door {
    /// The administrator's form.
    Form,
    /// The same values, brought by the ATS.
    Credentials,
    /// The doctor looks again.
    Check,
    /// The page that ends the test of a sign-in.
    Test,
    /// The same with a meeting.
    TestWithMeeting,
    /// The page that ends the request for consent.
    Consent,
    /// The recruiter's browser is sent on to the ATS.
    Return,
    /// The ATS completes a sign-in.
    Completion,
    /// A connection is to be proved.
    Refresh,
    /// A meeting is ordered.
    Meeting,
}

/// What is there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Before {
    /// Another customer works with the app.
    OfAnother,
    /// The customer works with the app.
    Configured,
    /// And the recruiter is connected.
    Connected,
}

/// What became of the certificate that is chosen in place of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Certificate {
    /// None was made.
    None,
    /// It was made, and nobody registered it.
    Made,
    /// The app knows it.
    Registered,
}

/// One way to a finding. Texts are filled in: `{client_id}` and the like.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Way {
    pub(crate) at: Vec<Door>,
    /// The number of Microsoft's that is behind it.
    pub(crate) aadsts: Option<u32>,
    pub(crate) before: Option<Before>,
    /// Fields of the form that are not the good ones.
    #[serde(default)]
    pub(crate) form: BTreeMap<String, String>,
    /// A certificate is chosen in place of the secret.
    pub(crate) certificate: Option<Certificate>,
    /// The app trusts our issuer in place of a secret. Values of its credential that become wrong; `{value}` is the right one,
    /// `{case}` the same with small letters for capitals and the other way round.
    pub(crate) federated: Option<BTreeMap<String, String>>,
    /// What the link expects.
    pub(crate) expected_domain: Option<String>,
    /// What the app has registered.
    pub(crate) redirect_uris: Option<Vec<String>>,
    /// What Microsoft does, as JSON.
    #[serde(default)]
    pub(crate) faults: Vec<String>,
    /// What happens at the company before the last step, as JSON.
    #[serde(default)]
    pub(crate) events: Vec<String>,
    /// Who signs in.
    #[serde(default = "anna")]
    pub(crate) account: String,
    /// And what he answers.
    #[serde(default = "accept")]
    pub(crate) decision: String,
    /// So many hours go by before the last step.
    #[serde(default)]
    pub(crate) hours: i64,
    /// What is found beside it.
    #[serde(default)]
    pub(crate) beside: Vec<String>,
    /// What the problem is called where it is not called like the finding.
    pub(crate) problem: Option<String>,
}

fn anna() -> String {
    demo::ANNA.to_owned()
}

fn accept() -> String {
    "accept".to_owned()
}

/// All of them.
pub(crate) fn rows() -> Vec<Row> {
    toml::from_str::<Table>(include_str!("../../inputs/findings.toml")).unwrap().finding
}

/// The text, filled in.
pub(crate) fn filled(text: &str, another_client_id: &str) -> String {
    let mut text = text.to_owned();
    for (name, value) in [
        ("{tenant}", demo::KADRY_TENANT.to_string()),
        ("{client_id}", demo::KADRY_CLIENT_ID.to_string()),
        ("{object_id}", demo::KADRY_OBJECT_ID.to_string()),
        ("{secret_id}", demo::KADRY_SECRET_ID.to_string()),
        ("{another_client_id}", another_client_id.to_owned()),
        ("{other_tenant}", demo::PRACA_TENANT.to_string()),
        ("{other_client_id}", demo::PRACA_CLIENT_ID.to_string()),
        ("{other_secret}", OTHER_SECRET.to_owned()),
        ("{wrong_secret}", WRONG_SECRET.to_owned()),
        ("{anna}", demo::ANNA.to_owned()),
        ("{jan}", demo::JAN.to_owned()),
        ("{guest}", demo::GUEST.to_owned()),
        ("{unlicensed}", demo::UNLICENSED.to_owned()),
    ] {
        text = text.replace(name, &value);
    }
    text
}

impl Way {
    /// A field of the form: the good value, or what this way has in its place.
    pub(crate) fn field(&self, name: &str, good: &str, another_client_id: &str) -> String {
        self.form.get(name).map_or_else(|| good.to_owned(), |text| filled(text, another_client_id))
    }

    pub(crate) fn faults(&self) -> Vec<FaultRule> {
        read(&self.faults)
    }

    pub(crate) fn events(&self) -> Vec<DirectoryEvent> {
        read(&self.events)
    }
}

fn read<T: DeserializeOwned>(texts: &[String]) -> Vec<T> {
    let one = |text: &String| serde_json::from_str(&filled(text, "")).unwrap_or_else(|error| panic!("{text}: {error}"));
    texts.iter().map(one).collect()
}
