//! What the template promises, with the parameters of a stack put in.
//!
//! `promises.json` is a part of the translated template; `tests/template/run --plan` writes it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::stack::{Stack, StackResource};

const PROMISES: &str = include_str!("promises.json");

/// A part of the template that nothing was put into yet.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Promises {
    /// Defaults.
    parameters: BTreeMap<String, String>,
    mappings: Value,
    conditions: BTreeMap<String, Value>,
    pub(crate) resources: BTreeMap<String, PromisedResource>,
}

/// A resource that is looked at.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PromisedResource {
    #[serde(rename = "Type")]
    pub(crate) kind: String,
    condition: Option<String>,
    properties: Value,
}

/// A reference to what the stack does not have.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stack has no {0}")]
pub(crate) struct UnknownReferenceError(String);

impl Promises {
    /// Those of the template with which this program was built.
    pub(crate) fn read() -> Result<Self, serde_json::Error> {
        serde_json::from_str(PROMISES)
    }
}

/// Puts values in the places of references, as CloudFormation does it.
#[derive(Clone, Copy)]
pub(crate) struct Resolver<'a> {
    pub(crate) promises: &'a Promises,
    pub(crate) stack: &'a Stack,
}

type Resolved<T> = Result<T, UnknownReferenceError>;

impl<'a> Resolver<'a> {
    /// What a resource is promised to be like; `None` where no parameter asks for it.
    pub(crate) fn properties(self, resource: &PromisedResource) -> Resolved<Option<Value>> {
        if let Some(condition) = &resource.condition
            && !self.condition(condition)?
        {
            return Ok(None);
        }
        self.value(&resource.properties)
    }

    /// A part of the template; `None` for what `AWS::NoValue` leaves out.
    fn value(self, node: &Value) -> Resolved<Option<Value>> {
        match node {
            Value::Array(many) => {
                let values = many.iter().map(|one| self.value(one)).filter_map(Result::transpose);
                Ok(Some(Value::Array(values.collect::<Result<_, _>>()?)))
            }
            Value::Object(fields) => match fields.iter().next() {
                Some((function, argument)) if fields.len() == 1 && is_function(function) => {
                    self.function(function, argument)
                }
                _ => {
                    let mut whole = Map::new();
                    for (name, field) in fields {
                        if let Some(value) = self.value(field)? {
                            whole.insert(name.clone(), value);
                        }
                    }
                    Ok(Some(Value::Object(whole)))
                }
            },
            plain => Ok(Some(plain.clone())),
        }
    }

    fn function(self, function: &str, argument: &Value) -> Resolved<Option<Value>> {
        Ok(match (function, argument) {
            ("Ref", Value::String(name)) if name == "AWS::NoValue" => None,
            ("Ref", Value::String(name)) => Some(self.reference(name)?.into()),
            ("Condition", Value::String(name)) => Some(self.condition(name)?.into()),
            ("Fn::Sub", Value::String(text)) => Some(self.substitute(text)?.into()),
            ("Fn::If", Value::Array(parts)) => {
                let [Value::String(name), then, otherwise] = parts.as_slice() else { return unknown(function) };
                self.value(if self.condition(name)? { then } else { otherwise })?
            }
            ("Fn::GetAtt", Value::Array(parts)) => {
                let [Value::String(name), Value::String(attribute)] = parts.as_slice() else {
                    return unknown(function);
                };
                Some(self.attribute(name, attribute)?.into())
            }
            ("Fn::FindInMap", Value::Array(parts)) => {
                let keys = parts.iter().map(|part| self.text(part)).collect::<Result<Vec<_>, _>>()?;
                let pointer = format!("/{}", keys.join("/"));
                Some(self.promises.mappings.pointer(&pointer).cloned().ok_or(UnknownReferenceError(pointer))?)
            }
            ("Fn::Equals", Value::Array(parts)) => {
                let [one, other] = parts.as_slice() else { return unknown(function) };
                Some((self.text(one)? == self.text(other)?).into())
            }
            ("Fn::Not", Value::Array(parts)) => {
                let [one] = parts.as_slice() else { return unknown(function) };
                Some((!self.is_true(one)?).into())
            }
            ("Fn::And", Value::Array(parts)) => {
                let all = parts.iter().map(|part| self.is_true(part)).collect::<Result<Vec<_>, _>>()?;
                Some(all.into_iter().all(|one| one).into())
            }
            _ => return unknown(function),
        })
    }

    fn condition(self, name: &str) -> Resolved<bool> {
        let condition = self.promises.conditions.get(name).ok_or_else(|| UnknownReferenceError(name.to_owned()))?;
        self.is_true(condition)
    }

    fn is_true(self, node: &Value) -> Resolved<bool> {
        Ok(self.value(node)? == Some(Value::Bool(true)))
    }

    fn text(self, node: &Value) -> Resolved<String> {
        Ok(match self.value(node)? {
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
            None => String::new(),
        })
    }

    fn reference(self, name: &str) -> Resolved<String> {
        let parameter = self.stack.parameter(name).or_else(|| self.promises.parameters.get(name).cloned());
        parameter.map_or_else(|| Ok(self.resource(name)?.physical_id.clone()), Ok)
    }

    fn resource(self, name: &str) -> Resolved<&'a StackResource> {
        self.stack.resource(name).ok_or_else(|| UnknownReferenceError(name.to_owned()))
    }

    /// `${Name}` and `${Name.Attribute}` in a text.
    fn substitute(self, text: &str) -> Resolved<String> {
        let mut parts = text.split("${");
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap_or((part, ""));
            whole += &match name.split_once('.') {
                Some((name, attribute)) => self.attribute(name, attribute)?,
                None => self.reference(name)?,
            };
            whole += rest;
        }
        Ok(whole)
    }

    /// What only AWS knows, of what it calls the resource.
    fn attribute(self, name: &str, attribute: &str) -> Resolved<String> {
        let StackResource { kind, physical_id: id } = self.resource(name)?;
        let arn = |service: &str, region: bool, what: &str| {
            let region = if region { self.reference("AWS::Region")? } else { String::new() };
            let (partition, account) = (self.reference("AWS::Partition")?, self.reference("AWS::AccountId")?);
            Ok(format!("arn:{partition}:{service}:{region}:{account}:{what}"))
        };
        let last = |between: char| id.rsplit(between).next().unwrap_or_default();
        match (kind.as_str(), attribute) {
            ("AWS::IAM::Role", "Arn") => arn("iam", false, &format!("role/{id}")),
            ("AWS::KMS::Key", "Arn") => arn("kms", true, &format!("key/{id}")),
            ("AWS::Logs::LogGroup", "Arn") => arn("logs", true, &format!("log-group:{id}:*")),
            ("AWS::SQS::Queue", "Arn") => arn("sqs", true, last('/')),
            ("AWS::SQS::Queue", "QueueName") => Ok(last('/').to_owned()),
            ("AWS::Lambda::Version", "Version") => Ok(last(':').to_owned()),
            _ => Err(UnknownReferenceError(format!("{name}.{attribute}"))),
        }
    }
}

fn is_function(name: &str) -> bool {
    name == "Ref" || name == "Condition" || name.starts_with("Fn::")
}

fn unknown<T>(function: &str) -> Resolved<T> {
    Err(UnknownReferenceError(function.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A stack with these parameters, and with a role, a log, a queue and a version.
    fn stack(parameters: &[(&str, &str)]) -> Stack {
        let parameters = parameters.iter().map(|(name, value)| {
            format!("<member><ParameterKey>{name}</ParameterKey><ParameterValue>{value}</ParameterValue></member>")
        });
        let described = format!(
            "<R><StackId>arn:aws:cloudformation:eu-central-1:123456789012:stack/tc/1</StackId>\
             <StackStatus>CREATE_COMPLETE</StackStatus><Parameters>{}</Parameters></R>",
            parameters.collect::<String>()
        );
        let resources = [
            ("Role", "AWS::IAM::Role", "tc-role"),
            ("Log", "AWS::Logs::LogGroup", "/aws/x"),
            ("Queue", "AWS::SQS::Queue", "https://sqs.example/123456789012/tc-lost-runs"),
            ("OneVersion0123456789", "AWS::Lambda::Version", "arn:aws:lambda:eu-central-1:123456789012:function:x:7"),
        ];
        let resources = resources.iter().map(|(name, kind, id)| {
            format!(
                "<member><LogicalResourceId>{name}</LogicalResourceId><ResourceType>{kind}</ResourceType>\
                 <PhysicalResourceId>{id}</PhysicalResourceId></member>"
            )
        });
        let listed =
            format!("<R><StackResourceSummaries>{}</StackResourceSummaries></R>", resources.collect::<String>());
        Stack::from_answers("tc", &described, &listed).unwrap()
    }

    fn resolved(parameters: &[(&str, &str)], node: &Value) -> Resolved<Option<Value>> {
        let (promises, stack) = (Promises::read().unwrap(), stack(parameters));
        Resolver { promises: &promises, stack: &stack }.value(node)
    }

    #[test]
    fn references_stand_for_parameters_defaults_and_resources() {
        for (node, expected) in [
            (json!({"Ref": "AWS::StackName"}), "tc"),
            (json!({"Ref": "ThrottlingRate"}), "50"),
            (json!({"Ref": "Rollout"}), "AllAtOnce"),
            (json!({"Ref": "Role"}), "tc-role"),
            (json!({"Fn::Sub": "a ${AWS::Region} b ${Queue.QueueName} c"}), "a eu-central-1 b tc-lost-runs c"),
            (json!({"Fn::GetAtt": ["Role", "Arn"]}), "arn:aws:iam::123456789012:role/tc-role"),
            (json!({"Fn::GetAtt": ["Log", "Arn"]}), "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/x:*"),
            (json!({"Fn::GetAtt": ["Queue", "Arn"]}), "arn:aws:sqs:eu-central-1:123456789012:tc-lost-runs"),
            (json!({"Fn::GetAtt": ["OneVersion", "Version"]}), "7"),
            (json!({"Fn::FindInMap": ["Clouds", "global", "Graph"]}), "https://graph.microsoft.com"),
        ] {
            assert_eq!(resolved(&[("Rollout", "AllAtOnce")], &node), Ok(Some(expected.into())), "{node}");
        }
        for unknown in [json!({"Ref": "Nobody"}), json!({"Fn::GetAtt": ["Role", "Color"]}), json!({"Fn::Base64": ""})] {
            assert!(resolved(&[], &unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn conditions_decide_what_is_promised() {
        let node =
            json!({"A": [1, {"Ref": "AWS::NoValue"}], "B": {"Fn::If": ["HasNoAddress", {"Ref": "AWS::NoValue"}, 2]}});
        assert_eq!(resolved(&[], &node), Ok(Some(json!({"A": [1]}))));
        let both = json!({"A": [1], "B": 2});
        for address in ["DomainName", "PublicUrl"] {
            assert_eq!(resolved(&[(address, "x")], &node), Ok(Some(both.clone())), "{address}");
        }
        let reserved =
            json!({"Fn::If": ["ReservesConcurrency", {"Ref": "ReservedConcurrency"}, {"Ref": "AWS::NoValue"}]});
        assert_eq!(resolved(&[], &reserved), Ok(None));
        assert_eq!(resolved(&[("ReservedConcurrency", "9")], &reserved), Ok(Some("9".into())));
    }

    #[test]
    fn what_a_parameter_asks_for_is_promised_with_it_alone() {
        let promises = Promises::read().unwrap();
        let domain = &promises.resources["Domain"];
        let with = |parameters: &[(&str, &str)]| {
            let stack = stack(parameters);
            Resolver { promises: &promises, stack: &stack }.properties(domain).unwrap()
        };
        assert_eq!(with(&[]), None);
        assert_eq!(with(&[("DomainName", "teams.ats.example")]).unwrap()["DomainName"], "teams.ats.example");
    }
}
