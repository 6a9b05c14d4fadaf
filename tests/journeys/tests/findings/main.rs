//! Every finding, provoked at the real doors: its code, who must act, how bad it is, its sentence in both languages, what
//! Microsoft said; and of the secrets that were submitted nothing but three characters, wherever one looks. The table is
//! `inputs/findings.toml`.

#![cfg(test)]

mod row;
mod stage;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::domain::finding::{Actor, FindingKind, Severity};
use shared::types::language::Language;
use test_support::browser::TestBrowser;
use test_support::product::Product;
use test_support::record::Canaries;

use row::{Door, OTHER_SECRET, Row, SECRET, WRONG_SECRET, Way, rows};
use stage::{Shown, Stage};

/// The finest log of ours; of the libraries below, what is no mere noise.
const LOG: &str = "debug,shared=trace,intake=trace,callback=trace,meetings=trace,refresh=trace,local=trace";

/// They say nothing of the customer, so a test shows them and records nothing.
const PASSING: [&str; 3] = ["throttled", "microsoft_unavailable", "request_rejected"];

/// A finding at one door, in one language.
struct Case<'r> {
    row: &'r Row,
    kind: FindingKind,
    way: &'r Way,
    door: Door,
    language: Language,
}

impl Case<'_> {
    /// The sentence in this language, and what to do.
    fn words(&self) -> (&str, &'static str) {
        let what = self.language.choose(&self.row.pl, &self.row.en);
        (what, self.kind.message(self.language).remedy)
    }

    fn status(&self) -> u16 {
        match self.door {
            Door::Form | Door::Credentials if self.kind.severity() == Severity::Error => 422,
            Door::Return => 303,
            Door::Completion | Door::Refresh | Door::Meeting => 409,
            _ => 200,
        }
    }

    fn codes(&self) -> BTreeSet<String> {
        self.way.beside.iter().chain([&self.row.code]).cloned().collect()
    }

    /// What is wrong with what was shown.
    fn faults(&self, stage: &Stage<'_>, shown: &Shown) -> Vec<String> {
        let mut faults = Vec::new();
        if shown.status != self.status() {
            faults.push(format!("{} instead of {}", shown.status, self.status()));
        }
        let takes = matches!(self.door, Door::Form | Door::Credentials) && self.status() == 200;
        if shown.stored != takes {
            faults.push("what was refused is stored, or what was taken is not".to_owned());
        }
        let ids = self.way.aadsts.map(|number| stage.correlation_ids(number)).unwrap_or_default();
        if ids.is_empty() == self.way.aadsts.is_some() {
            faults.push("Microsoft did not say what it should have".to_owned());
        }
        if let Some(page) = &shown.page {
            faults.extend(self.page_faults(stage, &plain(page), &ids));
        }
        if let Some(findings) = &shown.findings {
            faults.extend(self.document_faults(stage, findings, &ids));
        }
        if let Some(document) = &shown.document
            && self.status() != 200
        {
            let refused = Some("credentials_refused".to_owned()).filter(|_| self.door == Door::Credentials);
            let code = refused.or_else(|| self.way.problem.clone()).unwrap_or_else(|| self.row.code.clone());
            if document["code"] != code.as_str() {
                faults.push(format!("the problem is {} instead of {code}", document["code"]));
            }
        }
        if let Some(told) = &shown.told {
            if *told != self.row.code {
                faults.push(format!("the ATS is told {told}"));
            }
            let refusal = |line: &serde_json::Map<String, Value>| {
                let named = line.get("correlation_id").and_then(Value::as_str);
                line.get("code") == Some(&json!(told)) && named.is_some_and(|told| ids.iter().any(|id| id == told))
            };
            if !stage.record.lines().iter().any(refusal) {
                faults.push("the log does not say what Microsoft said".to_owned());
            }
        }
        faults
    }

    fn page_faults(&self, stage: &Stage<'_>, page: &str, ids: &[String]) -> Vec<String> {
        let mut faults = Vec::new();
        let codes: BTreeSet<_> = page.split("data-code=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        if codes != self.codes().iter().map(String::as_str).collect() {
            faults.push(format!("on the page are {codes:?}"));
        }
        if !page.contains(&format!("<html lang=\"{}\"", self.language.bcp47())) {
            faults.push("the page is of another language".to_owned());
        }
        let (what, remedy) = self.words();
        let mark = format!("data-code=\"{}\"", self.row.code);
        let told = page.split("data-code=").filter(|part| format!("data-code={part}").starts_with(&mark));
        if !told.into_iter().any(|part| part.contains(&format!("<strong>{what}</strong> {remedy}"))) {
            faults.push(format!("the page does not say: {what} {remedy}"));
        }
        // The right value stands beside what is wrong.
        let expected = stage.expected(self.kind).filter(|_| self.door != Door::TestWithMeeting);
        let beside = |value: &String| {
            ["", " class=\"value\""].iter().any(|class| page.contains(&format!("{remedy} <code{class}>{value}</code>")))
        };
        if !expected.iter().all(beside) {
            faults.push(format!("{expected:?} is not beside it"));
        }
        // Who is told to paste it finds it on the page.
        if self.row.code.starts_with("redirect_uri_")
            && self.door == Door::Form
            && !page.contains("/oauth/callback</code>")
        {
            faults.push("the redirect URI is not on the page".to_owned());
        }
        let label = self.language.choose("Identyfikator korelacji", "Correlation ID");
        let named = |id: &String| page.contains(&format!("{label}: <code>{id}</code>"));
        if page.contains(label) == ids.is_empty() || !ids.is_empty() && !ids.iter().any(named) {
            faults.push(format!("the page names none of {ids:?}"));
        }
        faults
    }

    fn document_faults(&self, stage: &Stage<'_>, findings: &Value, ids: &[String]) -> Vec<String> {
        let mut faults = Vec::new();
        let list = findings.as_array().map(Vec::as_slice).unwrap_or_default();
        if self.door == Door::Test && PASSING.contains(&&*self.row.code) {
            return list.iter().map(|finding| format!("recorded: {finding}")).collect();
        }
        let codes: BTreeSet<_> =
            list.iter().filter_map(|finding| finding["code"].as_str()).map(str::to_owned).collect();
        if codes != self.codes() {
            return vec![format!("in the document are {codes:?}")];
        }
        let Some(finding) = list.iter().find(|finding| finding["code"] == self.row.code.as_str()) else {
            return faults;
        };
        let (what, remedy) = self.words();
        for (name, value) in
            [("severity", &*self.row.severity), ("actor", &self.row.actor), ("what", what), ("remedy", remedy)]
        {
            if finding[name] != value {
                faults.push(format!("{name} is {} instead of {value}", finding[name]));
            }
        }
        if finding.get("field").cloned() != self.kind.field().map(|field| json!(field)) {
            faults.push(format!("field is {}", finding["field"]));
        }
        // What is kept of a test is codes.
        let kept = matches!(self.door, Door::Test | Door::TestWithMeeting);
        if finding["expected"] != json!(stage.expected(self.kind).filter(|_| !kept)) {
            faults.push(format!("expected is {}", finding["expected"]));
        }
        let evidence = &finding["evidence"];
        let expected = self.way.aadsts.map(u64::from).filter(|_| !kept);
        let named = evidence["correlation_id"].as_str().is_some_and(|told| ids.iter().any(|id| id == told));
        if evidence["aadsts"].as_u64() != expected || named != expected.is_some() {
            faults.push(format!("the evidence is {evidence} instead of {expected:?} and {ids:?}"));
        }
        // A page for people says when in its own way.
        let timed = self.kind == FindingKind::RedirectUriMissing || evidence["timestamp"].is_string();
        if expected.is_some() && !timed {
            faults.push(format!("nobody knows when: {evidence}"));
        }
        faults
    }

    /// Where more of a secret stands than may.
    fn leaks(&self, stage: &Stage<'_>) -> Vec<String> {
        let typed = self.way.field("client_secret", SECRET, "");
        let canaries = Canaries::of([SECRET, OTHER_SECRET, WRONG_SECRET, &typed]);
        let (answers, log) = (stage.record.answers(), stage.record.log());
        assert!(answers.contains("strict-transport-security") && log.contains("\"answered"), "nothing was recorded");
        let seen = [("an answer", canaries.seen_in(&answers)), ("the log", canaries.seen_in(&log))];
        let told = |(place, line): (&str, Option<&str>)| line.map(|line| format!("{place} holds a secret: {line}"));
        seen.into_iter().filter_map(told).collect()
    }
}

/// The page without what only a script shows, and with characters for their names.
fn plain(page: &str) -> String {
    let mut plain = page.to_owned();
    for (begin, end) in [("<template", "</template>"), ("<script", "</script>")] {
        while let Some((before, rest)) = plain.split_once(begin) {
            plain = format!("{before}{}", rest.split_once(end).unwrap().1);
        }
    }
    for (name, character) in [("&#39;", "'"), ("&#34;", "\""), ("&quot;", "\""), ("&#38;", "&"), ("&amp;", "&")] {
        plain = plain.replace(name, character);
    }
    plain
}

fn cases(rows: &[Row]) -> Vec<Case<'_>> {
    let mut cases = Vec::new();
    for row in rows {
        let kind = FindingKind::from_code(&row.code).unwrap_or_else(|| panic!("{} is no finding", row.code));
        for way in &row.ways {
            for door in &way.at {
                cases.extend(Language::ALL.map(|language| Case { row, kind, way, door: *door, language }));
            }
        }
    }
    cases
}

#[test]
fn every_finding_has_a_row_and_a_way_to_it() {
    let rows = rows();
    let told: Vec<_> = rows.iter().map(|row| row.code.as_str()).collect();
    let ways = |row: &Row| !row.ways.is_empty() && row.ways.iter().all(|way| !way.at.is_empty());
    assert!(rows.iter().all(ways), "a row has no way");
    assert_eq!(told.iter().collect::<BTreeSet<_>>().len(), told.len(), "a row stands twice");
    for kind in FindingKind::ALL {
        assert!(told.contains(&kind.code()), "{kind:?} has no row in inputs/findings.toml");
    }
    // Where somebody must act, it is said to somebody: a way that shows no sentence is not the only one.
    for row in rows {
        assert!(row.ways.iter().any(|way| way.at.iter().any(|door| *door != Door::Return)), "{}", row.code);
    }
}

#[test]
fn a_row_says_who_must_act_and_how_bad_it_is() {
    for row in rows() {
        let kind = FindingKind::from_code(&row.code).unwrap();
        let told = |actor: Actor, severity: Severity| (json!(actor), json!(severity));
        assert_eq!((json!(row.actor), json!(row.severity)), told(kind.actor(), kind.severity()), "{}", row.code);
    }
}

#[tokio::test]
async fn every_finding_says_the_same_at_every_door_and_no_secret_comes_back() {
    let rows = rows();
    let (mut faults, mut tried) = (Vec::new(), 0);
    for case in cases(&rows) {
        let stage = Stage::set(case.way, case.language).await;
        let _log = stage.record.take_log(LOG);
        let shown = stage.provoke(case.door).await;
        tried += 1;
        let found = case.faults(&stage, &shown).into_iter().chain(case.leaks(&stage));
        let place = format!("{} at {:?} in {:?}", case.row.code, case.door, case.language);
        faults.extend(found.map(|fault| format!("{place}: {fault}")));
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(tried > 200, "{tried} cases");
}

#[tokio::test]
async fn the_page_of_every_code_says_what_to_do_in_both_languages() {
    let product = Product::start().await;
    for (row, language) in rows().iter().flat_map(|row| Language::ALL.map(|language| (row, language))) {
        let page = TestBrowser::new(language.bcp47()).get(&format!("{}/problems/{}", product.base, row.code)).await;
        let (page, what) = (plain(&page.text), language.choose(&row.pl, &row.en));
        let remedy = FindingKind::from_code(&row.code).unwrap().message(language).remedy;
        assert!(
            page.contains(what.trim_end_matches('.')) && page.contains(remedy),
            "{} in {language:?}: {page}",
            row.code
        );
    }
}
