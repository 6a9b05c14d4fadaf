"""A stack in moto: what its CloudFormation knows is made by it, and references to the rest have answers."""

import copy
import json

import boto3

import documents
from resolution import Resolution
from rules import of_type
from translation import translated

REGION = "eu-central-1"
PARAMETERS = {
    "AtsCompletionUrl": "https://ats.example/done",
    "DomainName": "teams.ats.example",
    "CertificateArn": f"arn:aws:acm:{REGION}:123456789012:certificate/0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f",
    "AlarmEmail": "operator@ats.example",
    "WebhookUrl": "https://ats.example/events",
}


def client(service: str):
    return boto3.client(service, region_name=REGION, aws_access_key_id="none", aws_secret_access_key="none")


def stack_of(template: dict) -> str:
    """What moto's CloudFormation can take of a template."""
    template = copy.deepcopy(template)
    # moto takes an attribute of a kind that it passes over for an error, tags of a key for those of the KMS API, and
    # the policy of a key only as text.
    template["Outputs"].pop("DomainTarget")
    for version in of_type(template, "AWS::Lambda::Version").values():
        version["Properties"].pop("Description")
    # Nor does it know aliases.
    for caller in of_type(template, "AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping").values():
        alias = template["Resources"][caller["Properties"]["FunctionName"]["Ref"]]
        caller["Properties"]["FunctionName"] = alias["Properties"]["FunctionName"]
    key = template["Resources"]["Key"]["Properties"]
    key.pop("Tags")
    key["KeyPolicy"] = json.dumps(Resolution(template, PARAMETERS, str).of(key["KeyPolicy"]))
    return json.dumps(template)


def create(name: str, template: dict) -> None:
    """Creates a stack."""
    client("cloudformation").create_stack(
        StackName=name,
        TemplateBody=stack_of(template),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()],
        Capabilities=["CAPABILITY_IAM"],
    )


class Deployment:
    """A stack, and what its references are."""

    def __init__(self):
        self.made = translated(documents.template())
        client("s3").create_bucket(Bucket="built", CreateBucketConfiguration={"LocationConstraint": REGION})
        create("tc", self.made)
        listed = client("cloudformation").list_stack_resources(StackName="tc")["StackResourceSummaries"]
        # What moto passes over is listed without a name.
        made = [one for one in listed if one.get("LogicalResourceId")]
        self.ids = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in made}
        self.types = {one["ResourceType"] for one in made}
        self.resolution = Resolution(self.made, PARAMETERS, self.attribute)
        for name in of_type(self.made, "AWS::Lambda::Alias"):
            self.ids[name] = client("lambda").create_alias(**self.properties(name))["AliasArn"]

    def attribute(self, name: str) -> str:
        """A `Ref` or an attribute, as moto made it; an invented one of what moto passed over."""
        resource, _, attribute = name.partition(".")
        kind, known = self.made["Resources"][resource]["Type"], self.ids.get(resource, "")
        match kind, attribute:
            case "AWS::IAM::Role", "Arn":
                return client("iam").get_role(RoleName=known)["Role"]["Arn"]
            case "AWS::Lambda::Version", "Version":
                return "1"
            case "AWS::Lambda::Function", "Arn":
                return client("lambda").get_function(FunctionName=known)["Configuration"]["FunctionArn"]
            case "AWS::KMS::Key", "Arn":
                return client("kms").describe_key(KeyId=known)["KeyMetadata"]["Arn"]
            case "AWS::SQS::Queue", "Arn":
                return f"arn:aws:sqs:{REGION}:123456789012:{known.rsplit('/', 1)[-1]}"
            case "AWS::SQS::Queue", "QueueName":
                return known.rsplit("/", 1)[-1]
            case "AWS::Logs::LogGroup", "Arn":
                return f"arn:aws:logs:{REGION}:123456789012:log-group:{known}:*"
            case "AWS::Scheduler::ScheduleGroup", "":
                return "tc"
        return known or f"made-up-{resource}"

    def properties(self, name: str) -> dict:
        """The properties of a resource, with references replaced."""
        return self.resolution.of(self.made["Resources"][name]["Properties"])
