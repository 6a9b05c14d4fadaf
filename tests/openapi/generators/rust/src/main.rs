//! The whole journey by the client that progenitor generates from the document in OpenAPI 3.0.

use std::env;
use std::error::Error;
use std::io::stdin;

use futures::TryStreamExt;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

#[expect(clippy::all, clippy::pedantic, reason = "what is generated keeps its own style")]
mod generated {
    progenitor::generate_api!(spec = "openapi-3.0.json", interface = Builder);
}

use generated::types::{
    Completion, ConnectLinkOrder, Credentials, IntakeLinkOrder, Language, Lobby, MeetingChange, MeetingOrder, Presenters,
    Problem,
};
use generated::{ByteStream, Client, Error as Refusal};

const USER: &str = "anna";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let customer = env::args().nth(1).ok_or("the customer's id is missing")?;
    let customer = customer.as_str();
    let key = HeaderValue::from_str(&format!("Bearer {}", env::var("API_KEY")?))?;
    let http = reqwest::Client::builder().default_headers(HeaderMap::from_iter([(AUTHORIZATION, key)])).build()?;
    let client = Client::new_with_client(&env::var("TEAMS_CONNECT_URL")?, http);

    let credentials = Credentials::builder()
        .tenant(env::var("TENANT")?)
        .client_id(env::var("CLIENT_ID")?)
        .client_secret(Some(env::var("CLIENT_SECRET")?.parse()?));
    let known = client.hand_over_credentials().customer(customer).body(credentials).send().await?;
    println!("configured {}", known.customer.as_str());
    let intake = client.order_intake_link().customer(customer).body(None::<IntakeLinkOrder>).send().await?;
    println!("intake {}", intake.url);
    let wish = ConnectLinkOrder::builder().language(Some(Language::Pl));
    let link = client.order_connect_link().customer(customer).user(USER).body(Some(ConnectLinkOrder::try_from(wish)?)).send().await?;
    println!("connect {}", link.url);
    let mut handle = String::new();
    stdin().read_line(&mut handle)?;
    let completion = Completion::builder().handle(handle.trim());
    let connection = client.complete_connection().customer(customer).user(USER).body(completion).send().await?;
    println!("connected {} {}", connection.state, connection.account.upn);

    let order: MeetingOrder = MeetingOrder::builder()
        .subject("Rozmowa: Adam Wiśniewski")
        .start(env::var("START")?)
        .end(env::var("END")?)
        .attendees(Some(vec!["adam@example.org".to_owned()]))
        .lobby(Some(Lobby::Invited))
        .presenters(Some(Presenters::Named))
        .presenter_addresses(Some(vec![env::var("PRESENTER")?]))
        .try_into()?;
    let place = || client.order_meeting().customer(customer).user(USER).idempotency_key("interview-1");
    let meeting = place().body(order.clone()).send().await?;
    println!("{} {}", meeting.outcome, meeting.id.as_str());
    let again = place().body(order).send().await?;
    println!("{} {}", again.outcome, again.id.as_str());
    let id = meeting.id.as_str();
    let read = client.read_meeting().customer(customer).user(USER).id(id).send().await?;
    let (lobby, presenters) = (read.settings.lobby.ok_or("no lobby")?, read.settings.presenters.ok_or("no presenters")?);
    println!("read {lobby} {presenters} {}", read.presenter_addresses.join(","));
    let change = MeetingChange::builder().subject(Some("Rozmowa: Zażółć Gęślą".parse()?));
    let changed = client.change_meeting().customer(customer).user(USER).id(id).body(change).send().await?;
    println!("{} {}", changed.outcome, changed.subject);
    let invitation = client.read_invitation().customer(customer).user(USER).id(id).language(Language::Pl).send().await?;
    let text = String::from_utf8(whole(invitation.into_inner()).await?)?;
    println!("invitation {}", text.lines().next().unwrap_or_default());
    client.cancel_meeting().customer(customer).user(USER).id(id).send().await?;
    println!("cancelled");
    match client.read_meeting().customer(customer).user(USER).id(id).send().await {
        // The generator leaves `application/problem+json` as it came.
        Err(Refusal::ErrorResponse(refusal)) => {
            let status = refusal.status().as_u16();
            let problem: Problem = serde_json::from_slice(&whole(refusal.into_inner()).await?)?;
            println!("problem {status} {} {} {}", problem.code.as_str(), problem.outcome, problem.retryable);
        }
        other => return Err(format!("a meeting that is gone: {other:?}").into()),
    }
    println!("listed {}", list(&client).await?.iter().any(|one| one == customer));
    client.offboard_customer().customer(customer).send().await?;
    println!("offboarded");
    Ok(())
}

async fn whole(stream: ByteStream) -> Result<Vec<u8>, reqwest::Error> {
    Ok(stream.into_inner().try_collect::<Vec<_>>().await?.concat())
}

async fn list(client: &Client) -> Result<Vec<String>, Box<dyn Error>> {
    let (mut found, mut next) = (Vec::new(), None::<String>);
    loop {
        let request = client.list_customers();
        let request = match &next {
            Some(page) => request.page(page.as_str()),
            None => request,
        };
        let page = request.send().await?.into_inner();
        found.extend(page.customers.into_iter().map(|one| one.customer.to_string()));
        match page.next_page {
            Some(following) => next = Some(following),
            None => return Ok(found),
        }
    }
}
