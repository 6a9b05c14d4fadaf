//! The tables of bad inputs (`tests/journeys/inputs`), and the requests that their rows mean.

use std::collections::BTreeMap;

use form_urlencoded::byte_serialize;
use serde::Deserialize;

/// A row: one request and what it is answered.
#[derive(Debug, Clone)]
pub struct Input {
    /// What it is, unlike any other's.
    pub name: String,
    /// The request, as bytes.
    pub bytes: Vec<u8>,
    /// Its method is HEAD.
    pub bodiless: bool,
    /// The statuses that are right.
    pub answers: Vec<u16>,
    /// Whether Microsoft may be asked although the answer is a refusal.
    pub asks: bool,
    /// Whether the answer may repeat what was sent.
    pub reflects: bool,
}

/// What rows are filled with.
#[derive(Debug, Clone)]
pub struct Filling {
    /// The host that is spoken to.
    pub host: String,
    /// The API key.
    pub key: String,
    /// A link for an administrator that opens.
    pub intake: String,
    /// A link for a recruiter that opens.
    pub connect: String,
    /// The tenant and the app that work.
    pub tenant: String,
    /// The app.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    table: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: String,
    send: String,
    answer: Vec<u16>,
    #[serde(default = "yes")]
    reflects: bool,
    cases: Vec<Case>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Case {
    name: String,
    method: Option<String>,
    target: Option<String>,
    without: Vec<String>,
    headers: Vec<String>,
    /// The body as it is.
    body: Option<String>,
    /// The body as bytes.
    hex: Option<String>,
    /// The body as a text so many times.
    fill: Option<(String, usize)>,
    /// Members of the JSON document, as JSON; empty takes one away.
    fields: BTreeMap<String, String>,
    /// Fields of the form, as text.
    form: BTreeMap<String, String>,
    /// So many attendees.
    people: Option<usize>,
    answer: Option<Vec<u16>>,
    asks: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Strings {
    string: Vec<Sample>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    name: String,
    #[serde(default)]
    text: String,
    /// What follows the text, so many times.
    #[serde(default)]
    repeat: String,
    #[serde(default)]
    times: usize,
    /// Free text may be this.
    #[serde(default)]
    plain: bool,
    /// It is a good value with blanks around it.
    #[serde(default)]
    trimmed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    field: Vec<Place>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    name: String,
    send: String,
    field: String,
    good: String,
    answer: Vec<u16>,
    /// What plain strings are answered, where the field takes free text.
    #[serde(default)]
    free: Vec<u16>,
    /// What nothing at all is answered, where that is a value.
    #[serde(default)]
    blank: Vec<u16>,
    /// The field is a list of such values.
    #[serde(default)]
    list: bool,
    /// Blanks around it are taken off.
    #[serde(default)]
    trims: bool,
    #[serde(default)]
    asks: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Requests {
    request: Vec<Framed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Framed {
    name: String,
    bytes: String,
    answer: Vec<u16>,
}

fn yes() -> bool {
    true
}

/// The rows of a table.
pub fn table(text: &str, filling: &Filling) -> Vec<Input> {
    let tables: Tables = toml::from_str(text).unwrap();
    let rows = tables.table.into_iter().flat_map(|table| {
        let Table { name, send, answer, reflects, cases } = table;
        cases.into_iter().map(move |case| {
            let answers = case.answer.clone().unwrap_or_else(|| answer.clone());
            let (asks, name) = (case.asks, format!("{name}: {}", case.name));
            let (bytes, bodiless) = request(&send, case, filling);
            Input { name, bytes, bodiless, answers, asks, reflects }
        })
    });
    rows.collect()
}

/// Every string in every field.
pub fn strings_in_fields(strings: &str, fields: &str, filling: &Filling) -> Vec<Input> {
    let (strings, fields): (Strings, Fields) = (toml::from_str(strings).unwrap(), toml::from_str(fields).unwrap());
    let pairs = fields.field.iter().flat_map(|field| strings.string.iter().map(move |text| (field, text)));
    pairs.map(|(field, text)| string_in_field(field, text, filling)).collect()
}

fn string_in_field(field: &Place, text: &Sample, filling: &Filling) -> Input {
    let value = text.text.replace("{}", &field.good) + &text.repeat.repeat(text.times);
    let name = format!("{}: {}", field.name, text.name);
    let mut case = Case { name: name.clone(), ..Case::default() };
    let quoted = serde_json::Value::from(value.as_str()).to_string();
    match field.send.as_str() {
        "path" => {
            let encoded: String = byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20");
            case.target = Some(field.field.replace("{}", &encoded));
        }
        "form" => drop(case.form.insert(field.field.clone(), value.clone())),
        _ if field.list => drop(case.fields.insert(field.field.clone(), format!("[{quoted}]"))),
        _ => drop(case.fields.insert(field.field.clone(), quoted)),
    }
    let mut answers = field.answer.clone();
    if text.plain {
        answers.extend(&field.free);
    }
    if value.trim_matches(|c: char| c.is_whitespace() || c == '\u{200b}').is_empty() {
        answers.extend(&field.blank);
    }
    let (bytes, bodiless) = request(&field.send, case, filling);
    // Blanks around a good value make it no bad one.
    let good = text.trimmed && field.trims;
    Input {
        name,
        bytes,
        bodiless,
        answers: if good { (200..300).chain(answers).collect() } else { answers },
        asks: field.asks || good,
        reflects: true,
    }
}

/// Requests that are told byte by byte.
pub fn framed(text: &str, filling: &Filling) -> Vec<Input> {
    let requests: Requests = toml::from_str(text).unwrap();
    let rows = requests.request.into_iter().map(|framed| {
        let mut bytes = filled(&framed.bytes, filling);
        for (mark, count) in [("{a:1048576}", 1 << 20), ("{a:71680}", 71_680)] {
            bytes = bytes.replace(mark, &"a".repeat(count));
        }
        let many: Vec<_> = (0..101).map(|number| format!("x-{number}: 1\r\n")).collect();
        let bytes = bytes.replace("{headers:101}", &many.concat()).into_bytes();
        Input { name: framed.name, bytes, bodiless: false, answers: framed.answer, asks: false, reflects: true }
    });
    rows.collect()
}

const USER: &str = "/v1/customers/kadry/users/anna";

/// The request of a kind, changed as a case says.
fn request(send: &str, case: Case, filling: &Filling) -> (Vec<u8>, bool) {
    let (method, target, media_type) = match send {
        "meeting" => ("POST", format!("{USER}/meetings"), "application/json"),
        "connect-links" => ("POST", format!("{USER}/connect-links"), "application/json"),
        "connection" => ("POST", format!("{USER}/connection"), "application/json"),
        "intake-links" => ("POST", "/v1/customers/kadry/intake-links".to_owned(), "application/json"),
        "credentials" => ("PUT", "/v1/customers/kadry/credentials".to_owned(), "application/json"),
        "form" => ("POST", format!("/intake/{}", filling.intake), "application/x-www-form-urlencoded"),
        "path" => ("GET", String::new(), ""),
        other => panic!("no request is called {other}"),
    };
    let method = case.method.clone().unwrap_or_else(|| method.to_owned());
    let target = case.target.as_ref().map_or(target, |target| filled(target, filling));
    let mut headers = vec![format!("host: {}", filling.host)];
    if send != "form" && !target.starts_with("/intake") && !target.starts_with("/connect") {
        headers.push(format!("authorization: Bearer {}", filling.key));
    }
    if send == "meeting" {
        headers.push(format!("idempotency-key: {}", byte_serialize(case.name.as_bytes()).collect::<String>()));
    }
    if !media_type.is_empty() {
        headers.push(format!("content-type: {media_type}"));
    }
    headers.retain(|header| !case.without.iter().any(|name| header.starts_with(&format!("{name}:"))));
    headers.extend(case.headers.iter().map(|header| filled(header, filling)));
    let body = body(send, case, filling);
    if !body.is_empty() || media_type == "application/json" {
        headers.push(format!("content-length: {}", body.len()));
    }
    let head = format!("{method} {target} HTTP/1.1\r\n{}\r\n\r\n", headers.join("\r\n"));
    ([head.into_bytes(), body].concat(), method == "HEAD")
}

fn body(send: &str, case: Case, filling: &Filling) -> Vec<u8> {
    if let Some(body) = case.body {
        return body.into_bytes();
    }
    if let Some(hex) = case.hex {
        let digits = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        return (0..hex.len()).step_by(2).map(digits).collect();
    }
    if let Some((text, times)) = case.fill {
        return text.repeat(times).into_bytes();
    }
    let mut good = good(send, filling);
    if send == "form" {
        good.extend(case.form.into_iter().map(|(name, value)| (name, filled(&value, filling))));
        return form_urlencoded::Serializer::new(String::new()).extend_pairs(good).finish().into_bytes();
    }
    if send == "path" {
        return Vec::new();
    }
    let mut members: BTreeMap<_, _> =
        good.into_iter().map(|(name, value)| (name, serde_json::Value::from(value).to_string())).collect();
    if let Some(people) = case.people {
        let people: Vec<_> = (0..people).map(|number| format!("\"p{number}@poczta.example\"")).collect();
        members.insert("attendees".to_owned(), format!("[{}]", people.join(",")));
    }
    members.extend(case.fields.into_iter().map(|(name, value)| (name, filled(&value, filling))));
    members.retain(|_, value| !value.is_empty());
    let members = members.iter().map(|(name, value)| format!("{}:{value}", serde_json::Value::from(name.as_str())));
    format!("{{{}}}", members.collect::<Vec<_>>().join(",")).into_bytes()
}

fn good(send: &str, filling: &Filling) -> BTreeMap<String, String> {
    let pairs: &[(&str, &str)] = match send {
        "meeting" => {
            &[("subject", "Rozmowa"), ("start", "2026-11-25T10:00:00+01:00"), ("end", "2026-11-25T10:45:00+01:00")]
        }
        "connection" => &[("handle", "v4.local.AAAA")],
        "credentials" | "form" => {
            &[("tenant", &filling.tenant), ("client_id", &filling.client_id), ("client_secret", &filling.client_secret)]
        }
        _ => &[],
    };
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn filled(text: &str, filling: &Filling) -> String {
    let shortened = |text: &str| text.get(..text.len().saturating_sub(1)).unwrap_or_default().to_owned();
    let marks = [
        ("{host}", filling.host.clone()),
        ("{key}", filling.key.clone()),
        ("{key-}", shortened(&filling.key)),
        ("{key_upper}", filling.key.to_uppercase()),
        ("{intake}", filling.intake.clone()),
        ("{intake-}", shortened(&filling.intake)),
        ("{intake_lower}", filling.intake.to_lowercase()),
        ("{connect}", filling.connect.clone()),
        ("{connect-}", shortened(&filling.connect)),
        ("{connect_lower}", filling.connect.to_lowercase()),
        ("{tenant}", filling.tenant.clone()),
        ("{client_id}", filling.client_id.clone()),
    ];
    marks.iter().fold(text.to_owned(), |text, (mark, value)| text.replace(mark, value))
}
