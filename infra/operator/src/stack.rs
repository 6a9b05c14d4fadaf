//! What CloudFormation says of the stack: its parameters, and what its resources are called.

use std::collections::BTreeMap;

use aws_api::{AwsApi, AwsApiError, AwsService};
use roxmltree::{Document, Node};

/// [CloudFormation's API](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/Welcome.html).
const API_VERSION: &str = "2010-05-15";

/// The hash that SAM puts behind the name of a version, so that another zip is another version.
const VERSION_HASH_CHARS: usize = 10;

/// A deployed stack.
#[derive(Debug)]
pub(crate) struct Stack {
    pub(crate) name: String,
    pub(crate) status: String,
    /// `arn:{partition}:cloudformation:{region}:{account}:stack/{name}/{id}`.
    arn: String,
    parameters: BTreeMap<String, String>,
    resources: BTreeMap<String, StackResource>,
}

/// A resource of the stack.
#[derive(Debug)]
pub(crate) struct StackResource {
    pub(crate) kind: String,
    /// What AWS knows it by, and what `Ref` stands for.
    pub(crate) physical_id: String,
}

impl Stack {
    /// Asks for it.
    pub(crate) async fn describe(api: &AwsApi, name: &str) -> Result<Self, AwsApiError> {
        let form = [("Action", "DescribeStacks"), ("Version", API_VERSION), ("StackName", name)];
        let mut stack = Self::parse(name, &api.query(AwsService::CloudFormation, &form).await?)?;
        let mut next: Option<String> = None;
        loop {
            let mut form = vec![("Action", "ListStackResources"), ("Version", API_VERSION), ("StackName", name)];
            form.extend(next.as_deref().map(|token| ("NextToken", token)));
            next = stack.add_resources(&api.query(AwsService::CloudFormation, &form).await?)?;
            if next.is_none() {
                return Ok(stack);
            }
        }
    }

    /// Of what CloudFormation answered, for tests.
    #[cfg(test)]
    pub(crate) fn from_answers(name: &str, described: &str, listed: &str) -> Result<Self, AwsApiError> {
        let mut stack = Self::parse(name, described)?;
        stack.add_resources(listed)?;
        Ok(stack)
    }

    fn parse(name: &str, xml: &str) -> Result<Self, AwsApiError> {
        let document = Document::parse(xml).map_err(|_| AwsApiError::Unreadable)?;
        let parameters = members(&document, "Parameters").filter_map(|one| {
            Some((text_of(one, "ParameterKey")?, text_of(one, "ParameterValue").unwrap_or_default()))
        });
        let told = |name| document.descendants().find_map(|node| text_of(node, name));
        Ok(Self {
            name: name.to_owned(),
            status: told("StackStatus").ok_or(AwsApiError::Unreadable)?,
            arn: told("StackId").ok_or(AwsApiError::Unreadable)?,
            parameters: parameters.collect(),
            resources: BTreeMap::new(),
        })
    }

    /// Takes a page of resources; returns what asks for the next.
    fn add_resources(&mut self, xml: &str) -> Result<Option<String>, AwsApiError> {
        let document = Document::parse(xml).map_err(|_| AwsApiError::Unreadable)?;
        for one in members(&document, "StackResourceSummaries") {
            let told = |name| text_of(one, name).unwrap_or_default();
            // What an update took out of the stack and left standing.
            if told("ResourceStatus").starts_with("DELETE") {
                continue;
            }
            let (kind, mut name) = (told("ResourceType"), told("LogicalResourceId"));
            if kind == "AWS::Lambda::Version" {
                name.truncate(name.len().saturating_sub(VERSION_HASH_CHARS));
            }
            self.resources.insert(name, StackResource { kind, physical_id: told("PhysicalResourceId") });
        }
        Ok(document.descendants().find_map(|node| text_of(node, "NextToken")))
    }

    /// A resource by its name in the template.
    pub(crate) fn resource(&self, name: &str) -> Option<&StackResource> {
        self.resources.get(name)
    }

    /// A parameter, or what CloudFormation says of itself: `AWS::Region`.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let part = |at: usize| self.arn.split(':').nth(at).map(str::to_owned);
        match name {
            "AWS::StackName" => Some(self.name.clone()),
            "AWS::Partition" => part(1),
            "AWS::Region" => part(3),
            "AWS::AccountId" => part(4),
            _ => self.parameters.get(name).cloned(),
        }
    }
}

/// The entries of a list.
fn members<'a, 'd>(document: &'a Document<'d>, list: &'static str) -> impl Iterator<Item = Node<'a, 'd>> {
    let lists = document.descendants().filter(move |node| node.tag_name().name() == list);
    lists.flat_map(|node| node.children().filter(Node::is_element))
}

fn text_of(node: Node<'_, '_>, name: &str) -> Option<String> {
    node.children().find(|child| child.tag_name().name() == name)?.text().map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESCRIBED: &str = r#"<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
        <DescribeStacksResult><Stacks><member>
            <StackName>tc</StackName>
            <StackId>arn:aws:cloudformation:eu-central-1:123456789012:stack/tc/1</StackId>
            <StackStatus>UPDATE_COMPLETE</StackStatus>
            <Parameters>
                <member><ParameterKey>Rollout</ParameterKey><ParameterValue>AllAtOnce</ParameterValue></member>
                <member><ParameterKey>DomainName</ParameterKey><ParameterValue/></member>
            </Parameters>
        </member></Stacks></DescribeStacksResult></DescribeStacksResponse>"#;

    fn page(resources: &[(&str, &str, &str, &str)], next: &str) -> String {
        let members = resources.iter().map(|(name, kind, id, status)| {
            format!(
                "<member><LogicalResourceId>{name}</LogicalResourceId><ResourceType>{kind}</ResourceType>\
                 <PhysicalResourceId>{id}</PhysicalResourceId><ResourceStatus>{status}</ResourceStatus></member>"
            )
        });
        let members: String = members.collect();
        format!("<R><StackResourceSummaries>{members}</StackResourceSummaries>{next}</R>")
    }

    #[test]
    fn a_stack_tells_its_parameters_and_where_it_is() {
        let stack = Stack::parse("tc", DESCRIBED).unwrap();
        assert_eq!(stack.status, "UPDATE_COMPLETE");
        let told = ["Rollout", "DomainName", "AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::StackName"]
            .map(|name| stack.parameter(name).unwrap());
        assert_eq!(told, ["AllAtOnce", "", "eu-central-1", "123456789012", "aws", "tc"]);
        assert_eq!(stack.parameter("Nothing"), None);
    }

    #[test]
    fn resources_are_known_by_their_names_in_the_template() {
        let mut stack = Stack::parse("tc", DESCRIBED).unwrap();
        let version = "AWS::Lambda::Version";
        let one = [
            ("CallbackVersion0123456789", version, "arn:x:7", "CREATE_COMPLETE"),
            ("CallbackVersion9876543210", version, "arn:x:6", "DELETE_SKIPPED"),
        ];
        assert_eq!(stack.add_resources(&page(&one, "<NextToken>2</NextToken>")).unwrap().as_deref(), Some("2"));
        let other = [("LostRuns", "AWS::SQS::Queue", "https://sqs/1/tc-lost-runs", "UPDATE_COMPLETE")];
        assert_eq!(stack.add_resources(&page(&other, "")).unwrap(), None);
        assert_eq!(stack.resource("CallbackVersion").unwrap().physical_id, "arn:x:7");
        assert_eq!(stack.resource("LostRuns").unwrap().kind, "AWS::SQS::Queue");
        assert!(Stack::parse("tc", "<R/>").is_err() && stack.add_resources("<R").is_err());
    }
}
