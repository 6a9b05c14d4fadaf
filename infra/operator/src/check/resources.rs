//! The resources of the stack: each is asked for, and compared with what the template promises of it.

use std::collections::HashMap;
use std::io::Write;

use aws_api::{AwsApi, AwsApiError, AwsService};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::check::comparison::{differences, is_nothing};
use crate::check::findings::Findings;
use crate::check::promises::{Promises, Resolver};
use crate::error::OperatorError;
use crate::stack::Stack;

/// A stack that rests. After a deployment that was taken back it is as the one before left it.
const RESTING: [&str; 4] = ["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"];

/// Compares the whole stack. How many resources were looked at.
pub(crate) async fn check<W: Write>(
    api: &AwsApi,
    stack: &str,
    findings: &mut Findings<'_, W>,
) -> Result<usize, OperatorError> {
    let what = format!("stack {stack}");
    let template = Promises::read().map_err(|error| OperatorError::Usage(error.to_string()))?;
    let stack = match Stack::describe(api, stack).await {
        Ok(stack) => stack,
        Err(error) => return findings.add(&what, &error).map(|()| 0),
    };
    if !RESTING.contains(&stack.status.as_str()) {
        findings.add(&what, &format!("it is {}", stack.status))?;
    }
    let resolver = Resolver { promises: &template, stack: &stack };
    let alarms = match alarms(api, &stack.name).await {
        Ok(alarms) => alarms,
        Err(error) => {
            findings.add(&"alarms", &error)?;
            HashMap::new()
        }
    };
    let mut looked_at = 0;
    for (name, resource) in &template.resources {
        let promised = match resolver.properties(resource) {
            Ok(Some(promised)) => promised,
            Ok(None) => continue,
            Err(error) => {
                findings.add(name, &error)?;
                continue;
            }
        };
        let Some(known_as) = stack.resource(name) else {
            findings.add(name, &"the stack does not have it")?;
            continue;
        };
        looked_at += 1;
        let asked = Question { api, alarms: &alarms, promised: &promised, id: &known_as.physical_id };
        match asked.ask(&resource.kind).await {
            Ok(actual) => {
                for difference in unlike(&resource.kind, &promised, &actual) {
                    findings.add(name, &difference)?;
                }
            }
            Err(error) => findings.add(name, &error)?,
        }
    }
    Ok(looked_at)
}

/// The alarms whose names begin with the stack's, by name.
async fn alarms(api: &AwsApi, stack: &str) -> Result<HashMap<String, Value>, AwsApiError> {
    let mut alarms = HashMap::new();
    let mut order = json!({ "AlarmNamePrefix": format!("{stack}-"), "MaxRecords": 100 });
    loop {
        let told = api.call(AwsService::CloudWatch, "GraniteServiceVersion20100801.DescribeAlarms", &order).await?;
        for alarm in told["MetricAlarms"].as_array().into_iter().flatten() {
            alarms.insert(alarm["AlarmName"].as_str().unwrap_or_default().to_owned(), alarm.clone());
        }
        match told.get("NextToken").filter(|token| !token.is_null()) {
            Some(token) => order["NextToken"] = token.clone(),
            None => return Ok(alarms),
        }
    }
}

/// What is asked of one resource.
struct Question<'a> {
    api: &'a AwsApi,
    alarms: &'a HashMap<String, Value>,
    promised: &'a Value,
    /// What AWS knows the resource by.
    id: &'a str,
}

impl Question<'_> {
    /// What AWS tells, with the names that the template has for it.
    async fn ask(&self, kind: &str) -> Result<Value, AwsApiError> {
        let (function, domain) = (self.part("FunctionName"), self.part("DomainName"));
        match kind {
            "AWS::Lambda::Function" => {
                let mut told =
                    self.lambda(&format!("/2015-03-31/functions/{function}/configuration?Qualifier=live")).await?;
                let reserved = self.lambda(&format!("/2019-09-30/functions/{function}/concurrency")).await?;
                told["ReservedConcurrentExecutions"] = reserved["ReservedConcurrentExecutions"].clone();
                Ok(told)
            }
            "AWS::Lambda::Alias" => {
                self.lambda(&format!("/2015-03-31/functions/{function}/aliases/{}", self.part("Name"))).await
            }
            "AWS::Lambda::EventInvokeConfig" => {
                let qualifier = self.part("Qualifier");
                let path = format!("/2019-09-25/functions/{function}/event-invoke-config?Qualifier={qualifier}");
                self.lambda(&path).await
            }
            "AWS::Lambda::EventSourceMapping" => {
                let mut told = self.lambda(&format!("/2015-03-31/event-source-mappings/{}", encoded(self.id))).await?;
                told["Enabled"] = (told["State"] == "Enabled").into();
                told["FunctionName"] = told["FunctionArn"].take();
                Ok(told)
            }
            "AWS::Scheduler::Schedule" => {
                let path = format!("/schedules/{}?groupName={}", encoded(self.id), self.part("GroupName"));
                self.api.get(AwsService::Scheduler, &path).await
            }
            "AWS::CloudWatch::Alarm" => {
                let name = self.promised["AlarmName"].as_str().unwrap_or_default();
                self.alarms.get(name).cloned().ok_or(AwsApiError::NotFound)
            }
            "AWS::SQS::Queue" => {
                let order = json!({ "QueueUrl": self.id, "AttributeNames": ["All"] });
                let told = self.api.call(AwsService::Sqs, "AmazonSQS.GetQueueAttributes", &order).await?;
                let mut attributes = told["Attributes"].clone();
                if let Some(redrive) = attributes["RedrivePolicy"].as_str() {
                    attributes["RedrivePolicy"] = serde_json::from_str(redrive).map_err(|_| AwsApiError::Unreadable)?;
                }
                Ok(attributes)
            }
            "AWS::ApiGatewayV2::Api" => self.gateway(&format!("/v2/apis/{}", encoded(self.id))).await,
            "AWS::ApiGatewayV2::Stage" => {
                self.gateway(&format!("/v2/apis/{}/stages/{}", self.part("ApiId"), self.part("StageName"))).await
            }
            "AWS::ApiGatewayV2::DomainName" => self.gateway(&format!("/v2/domainnames/{domain}")).await,
            "AWS::ApiGatewayV2::ApiMapping" => {
                let told = self.gateway(&format!("/v2/domainnames/{domain}/apimappings")).await?;
                told["items"].get(0).cloned().ok_or(AwsApiError::NotFound)
            }
            _ => Err(AwsApiError::Unreadable),
        }
    }

    async fn lambda(&self, path: &str) -> Result<Value, AwsApiError> {
        self.api.get(AwsService::Lambda, path).await
    }

    async fn gateway(&self, path: &str) -> Result<Value, AwsApiError> {
        self.api.get(AwsService::ApiGateway, path).await
    }

    /// A promised name, as a part of a path.
    fn part(&self, name: &str) -> String {
        encoded(self.promised[name].as_str().unwrap_or_default())
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string().replace("%2D", "-").replace("%2E", ".").replace("%5F", "_")
}

/// The differences that count for this kind.
fn unlike(kind: &str, promised: &Value, actual: &Value) -> Vec<String> {
    // What the resource was asked for by is not told again.
    let asked_by: &[&str] = match kind {
        "AWS::Lambda::Alias" => &["FunctionName"],
        "AWS::Lambda::EventInvokeConfig" => &["FunctionName", "Qualifier"],
        "AWS::SQS::Queue" => &["QueueName"],
        "AWS::ApiGatewayV2::Stage" => &["ApiId"],
        "AWS::ApiGatewayV2::ApiMapping" => &["DomainName"],
        _ => &[],
    };
    let mut told = promised.clone();
    if let Some(fields) = told.as_object_mut() {
        fields.retain(|name, _| !asked_by.contains(&name.as_str()));
    }
    let mut found = differences(&told, actual);
    // Nobody takes anything from a queue that gives nothing up: what lies there waits for an operator.
    let letters = actual["ApproximateNumberOfMessages"].as_str().unwrap_or("0");
    if kind == "AWS::SQS::Queue" && promised.get("RedrivePolicy").is_none() && letters != "0" {
        found.push(format!("it holds messages ({letters}): the guide says under Alarms what to do"));
    }
    // What somebody may have set by hand, and the template leaves out.
    let left_out = match kind {
        "AWS::Lambda::Function" => "ReservedConcurrentExecutions",
        "AWS::Lambda::Alias" => "RoutingConfig",
        _ => return found,
    };
    if promised.get(left_out).is_none() && !is_nothing(&actual[left_out]) {
        found.push(format!("{left_out} is {}, and the template sets none", actual[left_out]));
    }
    found
}
