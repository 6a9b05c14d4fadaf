//! Trials at Graph. Every meeting has the mark of the run in its subject and is deleted again.

use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::types::clock::Clock;

use crate::belief::{Observation, TrialError};
use crate::browser::Who;
use crate::http::Reply;
use crate::id_token;
use crate::session::{Session, meeting_path};
use crate::sign_in::sign_in;

type Tried = Result<Observation, TrialError>;

const NO_MEETING: TrialError = TrialError::Missing("there is no meeting to try it with");

async fn ask(session: &Session, method: Method, path: &str, body: Option<&Value>) -> Result<Reply, TrialError> {
    Ok(Reply::to(session.graph(method, path, body)?).await?)
}

/// A moment of tomorrow with a fraction of a second, in Graph's seven digits.
fn tomorrow(hours: i64, fraction: &str) -> String {
    let moment = Clock::system().now().checked_add(SignedDuration::from_hours(24 + hours)).unwrap_or(Timestamp::MAX);
    format!("{}.{fraction}Z", moment.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// The fraction of a second of a moment, without zeros at its end.
fn fraction(moment: &Value) -> String {
    let text = moment.as_str().unwrap_or_default();
    let digits: String =
        text.split_once('.').map_or("", |(_, rest)| rest).chars().take_while(char::is_ascii_digit).collect();
    digits.trim_end_matches('0').to_owned()
}

fn order(session: &Session, subject: &str) -> Value {
    json!({
        "externalId": format!("{}-1", session.title().replace(' ', "-")),
        "subject": subject,
        "startDateTime": tomorrow(0, "1234567"),
        "endDateTime": tomorrow(1, "7654321"),
    })
}

async fn create(session: &mut Session, body: &Value) -> Result<Reply, TrialError> {
    let reply = ask(session, Method::POST, "/me/onlineMeetings/createOrGet", Some(body)).await?;
    let id = reply.text("id");
    if !id.is_empty() && !session.made.iter().any(|made| made == id) {
        session.made.push(id.to_owned());
    }
    Ok(reply)
}

fn member(session: &Session, name: &str) -> Result<String, TrialError> {
    let meeting = session.meeting.as_ref().ok_or(NO_MEETING)?;
    meeting[name].as_str().map(str::to_owned).ok_or(NO_MEETING)
}

fn path(session: &Session) -> Result<String, TrialError> {
    Ok(meeting_path(&member(session, "id")?))
}

pub(crate) async fn token_that_is_none(session: &mut Session) -> Tried {
    let reply = Reply::to(session.graph_with("eyJ0.not.one", Method::GET, "/me", None)).await?;
    let is_same = reply.status == StatusCode::UNAUTHORIZED && reply.error() == "InvalidAuthenticationToken";
    Ok(Observation::new(&reply, is_same))
}

pub(crate) async fn id_of_the_account(session: &mut Session) -> Tried {
    let reply = ask(session, Method::GET, "/me?$select=id", None).await?;
    let is_same = reply.json["id"].is_string() && reply.json["id"] == id_token::claims(session)?["oid"];
    Ok(Observation::new(format!("{reply}, {} id", if is_same { "the same" } else { "another" }), is_same))
}

pub(crate) async fn licence(session: &mut Session) -> Tried {
    let claims = id_token::claims(session)?;
    let oid = claims["oid"].as_str().ok_or(TrialError::Missing("the id_token names no account"))?;
    let reply =
        ask(session, Method::GET, &format!("/users/{oid}/licenseDetails/getTeamsLicensingDetails"), None).await?;
    let has = &reply.json["hasTeamsLicense"];
    Ok(Observation::new(
        format!("{reply}, hasTeamsLicense {has}"),
        reply.status == StatusCode::OK && has == &json!(true),
    ))
}

pub(crate) async fn creation(session: &mut Session) -> Tried {
    let body = order(session, &session.title.clone());
    let reply = create(session, &body).await?;
    let is_link = reply.text("joinWebUrl").starts_with("https://teams.");
    let is_same = reply.status == StatusCode::CREATED && is_link && !reply.text("id").is_empty();
    let did = format!("{reply}, a join link {}", if is_link { "of Teams" } else { "of another kind" });
    session.meeting = Some(reply.json);
    Ok(Observation::new(did, is_same))
}

pub(crate) async fn fractions_of_a_creation(session: &mut Session) -> Tried {
    let meeting = session.meeting.as_ref().ok_or(NO_MEETING)?;
    let kept = (fraction(&meeting["startDateTime"]), fraction(&meeting["endDateTime"]));
    let is_same = kept == ("1234567".to_owned(), "7654321".to_owned());
    Ok(Observation::new(if is_same { "they come back" } else { "they do not come back" }, is_same))
}

pub(crate) async fn creation_again(session: &mut Session) -> Tried {
    let id = member(session, "id")?;
    let body = order(session, &session.title.clone());
    let reply = create(session, &body).await?;
    let is_one = reply.text("id") == id;
    let did = format!("{reply}, {}", if is_one { "the same meeting" } else { "another meeting" });
    Ok(Observation::new(did, reply.status == StatusCode::OK && is_one))
}

pub(crate) async fn creation_with_another_body(session: &mut Session) -> Tried {
    let id = member(session, "id")?;
    let body = order(session, &format!("{} changed", session.title));
    let reply = create(session, &body).await?;
    let (is_one, is_unchanged) = (reply.text("id") == id, reply.text("subject") == session.title);
    let did = format!(
        "{reply}, {}, {}",
        if is_one { "the same meeting" } else { "another meeting" },
        if is_unchanged { "unchanged" } else { "with the new subject" },
    );
    Ok(Observation::new(did, reply.status == StatusCode::OK && is_one && is_unchanged))
}

pub(crate) async fn reading(session: &mut Session) -> Tried {
    let reply = ask(session, Method::GET, &path(session)?, None).await?;
    let has_text = reply.json["joinInformation"]["content"].as_str().is_some_and(|text| !text.is_empty());
    let did = format!("{reply}, {} an invitation text", if has_text { "with" } else { "without" });
    Ok(Observation::new(did, reply.status == StatusCode::OK && has_text))
}

pub(crate) async fn change_of_options(session: &mut Session) -> Tried {
    let body = json!({
        "subject": format!("{} changed", session.title),
        "startDateTime": tomorrow(2, "0123457"),
        "endDateTime": tomorrow(3, "0765431"),
        "lobbyBypassSettings": { "scope": "organizer" },
        "allowedPresenters": "organizer",
    });
    let reply = ask(session, Method::PATCH, &path(session)?, Some(&body)).await?;
    let is_link_kept = reply.text("joinWebUrl") == member(session, "joinWebUrl")?;
    let is_changed =
        reply.json["lobbyBypassSettings"]["scope"] == "organizer" && reply.text("allowedPresenters") == "organizer";
    let did = format!("{reply}, {} link", if is_link_kept { "the same" } else { "another" });
    let is_same = reply.status == StatusCode::OK && is_link_kept && is_changed;
    session.meeting = session.meeting.take().map(|meeting| if is_same { reply.json } else { meeting });
    Ok(Observation::new(did, is_same))
}

pub(crate) async fn fractions_of_a_change(session: &mut Session) -> Tried {
    let meeting = session.meeting.as_ref().ok_or(NO_MEETING)?;
    let kept = (fraction(&meeting["startDateTime"]), fraction(&meeting["endDateTime"]));
    let is_same = kept == ("0123457".to_owned(), "0765431".to_owned());
    Ok(Observation::new(if is_same { "they come back" } else { "they do not come back" }, is_same))
}

pub(crate) async fn change_of_one_end(session: &mut Session) -> Tried {
    let body = json!({ "startDateTime": tomorrow(0, "0") });
    let reply = ask(session, Method::PATCH, &path(session)?, Some(&body)).await?;
    Ok(Observation::new(&reply, reply.status == StatusCode::BAD_REQUEST))
}

pub(crate) async fn unknown_property(session: &mut Session) -> Tried {
    let reply = ask(session, Method::PATCH, &path(session)?, Some(&json!({ "noSuchProperty": true }))).await?;
    Ok(Observation::new(&reply, reply.status == StatusCode::BAD_REQUEST))
}

pub(crate) async fn co_organizer_by_name(session: &mut Session) -> Tried {
    let colleague = session.extras.colleague.clone();
    let upn = colleague.ok_or(TrialError::Missing("no colleague was named (`--colleague`)"))?;
    let body = json!({ "participants": { "attendees": [{ "upn": upn, "role": "coorganizer" }] } });
    let reply = ask(session, Method::PATCH, &path(session)?, Some(&body)).await?;
    let attendees = reply.json["participants"]["attendees"].as_array().cloned().unwrap_or_default();
    let is = |attendee: &Value| {
        let same = attendee["upn"].as_str().is_some_and(|named| named.eq_ignore_ascii_case(&upn));
        same && attendee["role"] == "coorganizer"
    };
    let is_kept = attendees.iter().any(is);
    let did =
        format!("{reply}, {}", if is_kept { "with the name and the role" } else { "without the name or the role" });
    Ok(Observation::new(did, reply.status == StatusCode::OK && is_kept))
}

pub(crate) async fn search_by_link(session: &mut Session) -> Tried {
    let link = member(session, "joinWebUrl")?.replace('\'', "''");
    let filter: String = form_urlencoded::byte_serialize(format!("JoinWebUrl eq '{link}'").as_bytes()).collect();
    let reply = ask(session, Method::GET, &format!("/me/onlineMeetings?$filter={filter}"), None).await?;
    let found = reply.json["value"].as_array().map_or(0, Vec::len);
    let is_it = reply.json["value"][0]["id"].as_str() == Some(&member(session, "id")?);
    Ok(Observation::new(format!("{reply}, {found} found"), found == 1 && is_it))
}

pub(crate) async fn deletion(session: &mut Session) -> Tried {
    let reply = ask(session, Method::DELETE, &path(session)?, None).await?;
    Ok(Observation::new(&reply, reply.status == StatusCode::NO_CONTENT))
}

pub(crate) async fn reading_after_deletion(session: &mut Session) -> Tried {
    let reply = ask(session, Method::GET, &path(session)?, None).await?;
    Ok(Observation::new(&reply, reply.status == StatusCode::NOT_FOUND))
}

pub(crate) async fn deletion_again(session: &mut Session) -> Tried {
    let reply = ask(session, Method::DELETE, &path(session)?, None).await?;
    Ok(Observation::new(&reply, reply.status == StatusCode::NOT_FOUND))
}

pub(crate) async fn creation_after_deletion(session: &mut Session) -> Tried {
    let former = member(session, "id")?;
    let body = order(session, &session.title.clone());
    let reply = create(session, &body).await?;
    let is_new = !reply.text("id").is_empty() && reply.text("id") != former;
    let did = format!("{reply}, {}", if is_new { "another meeting" } else { "the deleted meeting" });
    Ok(Observation::new(did, reply.status == StatusCode::CREATED && is_new))
}

pub(crate) async fn creation_without_a_licence(session: &mut Session) -> Tried {
    if !session.extras.unlicensed {
        return Err(TrialError::Missing("it was not asked for (`--unlicensed`)"));
    }
    let ours = session.returned.take();
    session.returned = Some(sign_in(session, Who::Unlicensed).await?);
    let tokens = session.redeem(&[]).await?;
    session.returned = ours;
    let body = json!({ "externalId": format!("{}-2", session.title().replace(' ', "-")), "subject": session.title() });
    let request =
        session.graph_with(tokens.text("access_token"), Method::POST, "/me/onlineMeetings/createOrGet", Some(&body));
    let reply = Reply::to(request).await?;
    Ok(Observation::new(&reply, matches!(reply.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND)))
}
