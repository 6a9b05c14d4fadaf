//! Versions of the functions: callers are led back to the one before.

use std::io::Write;

use aws_api::{AwsApi, AwsApiError, AwsService};
use serde_json::{Value, json};

use crate::error::OperatorError;
use crate::report::Report;

/// The functions of a deployment, by what their names end in.
const FUNCTIONS: [&str; 4] = ["callback", "intake", "meetings", "refresh"];

/// What callers of a function get.
struct LiveVersion {
    function: String,
    now: u64,
    before: u64,
}

/// Leads callers of all functions to the version before the one that they get now. Builds nothing.
pub(crate) async fn go_back(api: &AwsApi, stack: &str, report: &mut Report<impl Write>) -> Result<(), OperatorError> {
    let mut all = Vec::new();
    for name in FUNCTIONS {
        all.push(live_version(api, format!("{stack}-{name}")).await?);
    }
    for LiveVersion { function, now, before } in all {
        report.step(&format!("lead callers of {function} from version {now} back to version {before}"))?;
        if report.does_it {
            let order =
                json!({ "FunctionVersion": before.to_string(), "RoutingConfig": { "AdditionalVersionWeights": {} } });
            let path = format!("/2015-03-31/functions/{function}/aliases/live");
            api.put(AwsService::Lambda, &path, &order).await.map_err(|error| failed(&function, &error))?;
        }
    }
    Ok(report.end()?)
}

async fn live_version(api: &AwsApi, function: String) -> Result<LiveVersion, OperatorError> {
    let get = async |path: String| {
        let path = format!("/2015-03-31/functions/{function}/{path}");
        api.get(AwsService::Lambda, &path).await.map_err(|error| failed(&function, &error))
    };
    let alias = get("aliases/live".to_owned()).await?;
    let part = alias["RoutingConfig"]["AdditionalVersionWeights"].as_object().is_some_and(|part| !part.is_empty());
    if part {
        let going_on = format!("a part of the requests of {function} goes to a new version: stop that rollout first");
        return Err(OperatorError::Refused(going_on));
    }
    let now = number(&alias["FunctionVersion"]).unwrap_or_default();
    let (mut marker, mut before) = (String::new(), None);
    loop {
        let page = get(format!("versions?{marker}MaxItems=50")).await?;
        let numbers = page["Versions"].as_array().into_iter().flatten().filter_map(|one| number(&one["Version"]));
        before = numbers.filter(|one| *one < now).max().max(before);
        match page["NextMarker"].as_str() {
            Some(next) if !next.is_empty() => {
                marker = form_urlencoded::Serializer::new(String::new()).append_pair("Marker", next).finish() + "&";
            }
            _ => break,
        }
    }
    let gone = || OperatorError::Refused(format!("{function} has no version before version {now}"));
    let before = before.ok_or_else(gone)?;
    Ok(LiveVersion { function, now, before })
}

/// A version by its number; `$LATEST` is none.
fn number(version: &Value) -> Option<u64> {
    version.as_str()?.parse().ok()
}

fn failed(function: &str, error: &AwsApiError) -> OperatorError {
    OperatorError::Refused(format!("{function}: {error}"))
}
