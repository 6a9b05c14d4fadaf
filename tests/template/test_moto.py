"""The translated template, created in moto.

moto's CloudFormation knows the roles, logs, functions, key, queue, topic and dashboard, and passes over the rest. The
rest is created through the services' own operations, which moto checks against the API's model: secrets as
CloudFormation makes them of GenerateSecretString, the schedule, the routes, the alarms, the metrics.
"""

import ast
import copy
import json
import re

import boto3
import pytest
from moto import mock_aws
from samcli.yamlhelper import yaml_dump

import documents
from broken import broken, properties
from permissions import listed
from resolution import Resolution
from rules import of_type, routes_of
from translation import operations, translated

REGION = "eu-central-1"
PARAMETERS = {
    "AtsCompletionUrl": "https://ats.example/done",
    "DomainName": "teams.ats.example",
    "CertificateArn": f"arn:aws:acm:{REGION}:123456789012:certificate/0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f",
    "AlarmEmail": "operator@ats.example",
}
KNOWN = {
    "AWS::KMS::Key",
    "AWS::KMS::Alias",
    "AWS::IAM::Role",
    "AWS::Logs::LogGroup",
    "AWS::Lambda::Function",
    "AWS::Lambda::Version",
    "AWS::Lambda::Permission",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::CloudWatch::Dashboard",
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
    for permission in of_type(template, "AWS::Lambda::Permission").values():
        alias = template["Resources"][permission["Properties"]["FunctionName"]["Ref"]]
        permission["Properties"]["FunctionName"] = alias["Properties"]["FunctionName"]
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
                return f"arn:aws:sqs:{REGION}:123456789012:tc-lost-runs"
            case "AWS::SQS::Queue", "QueueName":
                return "tc-lost-runs"
            case "AWS::Logs::LogGroup", "Arn":
                return f"arn:aws:logs:{REGION}:123456789012:log-group:{known}:*"
            case "AWS::Scheduler::ScheduleGroup", "":
                return "tc"
        return known or f"made-up-{resource}"

    def properties(self, name: str) -> dict:
        """The properties of a resource, with references replaced."""
        return self.resolution.of(self.made["Resources"][name]["Properties"])


@pytest.fixture(scope="module")
def deployment():
    with mock_aws():
        yield Deployment()


def test_moto_made_what_it_knows(deployment):
    wanted = {name for name, one in deployment.made["Resources"].items() if one["Type"] in KNOWN}
    made = {name for name in deployment.ids if name in deployment.made["Resources"]}
    assert made == wanted | of_type(deployment.made, "AWS::Lambda::Alias").keys()
    assert deployment.types == KNOWN


def test_each_function_has_its_role_its_log_and_its_settings(deployment):
    for name in ("callback", "intake", "meetings", "refresh"):
        made = client("lambda").get_function(FunctionName=f"tc-{name}")["Configuration"]
        assert (made["Runtime"], made["MemorySize"]) == ("provided.al2023", 256)
        assert f"{name.title()}Role" in made["Role"]
        variables = made["Environment"]["Variables"]
        assert variables["PUBLIC_URL"] == variables["API_URL"] == "https://teams.ats.example"
        assert variables["SECRET_PREFIX"] == "tc"
        assert "KMS_KEY_ID" in variables
    groups = {
        one["logGroupName"]: one.get("retentionInDays") for one in client("logs").describe_log_groups()["logGroups"]
    }
    assert {name for name in groups if name.startswith("/aws/lambda/tc-")} == {
        f"/aws/lambda/tc-{name}" for name in ("callback", "intake", "meetings", "refresh")
    }
    assert {int(days) for days in groups.values()} == {90}


def test_the_roles_came_out_with_real_names_of_secrets(deployment):
    policy = client("iam").get_role_policy(RoleName=deployment.ids["IntakeRole"], PolicyName="secrets")[
        "PolicyDocument"
    ]
    # moto keeps the policies of roles as Python writes them.
    policy = ast.literal_eval(policy) if isinstance(policy, str) else policy
    reading = [one for one in policy["Statement"] if "secretsmanager:GetSecretValue" in str(one["Action"])]
    prefix = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:tc/"
    read = {resource for one in reading for resource in listed(one["Resource"])}
    whole = {
        f"{prefix}{name}-??????" for name in ("api-keys", "intake-key", "next-steps-key", "customers/*/key-pair")
    }
    assert read == whole | {f"{prefix}customers/*/key-pair", f"{prefix}claims/*"}


def test_the_key_is_made_with_its_policy(deployment):
    key = deployment.ids["Key"]
    policy = json.loads(client("kms").get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    assert (
        policy["Statement"][1]["Condition"]["StringEquals"]["kms:ViaService"]
        == f"secretsmanager.{REGION}.amazonaws.com"
    )
    assert client("kms").get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True


def generated(deployment, name: str) -> dict:
    """A secret as CloudFormation makes it: a random password in the place that GenerateStringKey names."""
    made = deployment.properties(name)
    how = dict(made["GenerateSecretString"])
    content, key = json.loads(how.pop("SecretStringTemplate")), how.pop("GenerateStringKey")
    secrets = client("secretsmanager")
    content[key] = secrets.get_random_password(**how)["RandomPassword"]
    secrets.create_secret(
        Name=made["Name"],
        Description=made["Description"],
        KmsKeyId=made["KmsKeyId"],
        Tags=made["Tags"],
        SecretString=json.dumps(content),
    )
    return json.loads(secrets.get_secret_value(SecretId=made["Name"])["SecretString"])


def test_the_secrets_are_generated_in_the_shape_that_the_code_reads(deployment):
    kinds = {
        "SealingKey": "sealing-key",
        "IntakeKey": "intake-key",
        "NextStepsKey": "next-steps-key",
        "LinkKey": "link-key",
    }
    for name, kind in kinds.items():
        made = generated(deployment, name)
        assert (made["schema"], made["kind"]) == (1, kind)
        assert re.fullmatch("[A-Za-z0-9]{64}", made["generated"])


def test_no_api_key_is_in_force_before_one_is_issued(deployment):
    made = deployment.properties("ApiKeys")
    secrets = client("secretsmanager")
    secrets.create_secret(**made)
    content = json.loads(secrets.get_secret_value(SecretId="tc/api-keys")["SecretString"])
    assert content == {"schema": 1, "kind": "api-keys", "keys": []}


def test_another_setting_is_another_version_of_the_settings(deployment):
    settings = client("appconfig")
    app = settings.create_application(**deployment.properties("Settings") | {"Tags": {}})["Id"]
    profile = settings.create_configuration_profile(
        ApplicationId=app, Name=deployment.properties("SettingsProfile")["Name"], LocationUri="hosted"
    )["Id"]

    def numbered(parameters: dict) -> int:
        content = Resolution(deployment.made, PARAMETERS | parameters, deployment.attribute).of(
            deployment.made["Resources"]["SettingsVersion"]["Properties"]["Content"]
        )
        assert json.loads(content)["PUBLIC_URL"] == parameters.get("PublicUrl", "https://teams.ats.example")
        return settings.create_hosted_configuration_version(
            ApplicationId=app, ConfigurationProfileId=profile, ContentType="application/json", Content=content
        )["VersionNumber"]

    assert numbered({}) != numbered({"PublicUrl": "https://ats.example"})


def test_the_rollout_is_taken_by_its_api(deployment):
    deploy, groups = client("codedeploy"), of_type(deployment.made, "AWS::CodeDeploy::DeploymentGroup")
    deploy.create_application(applicationName="tc", computePlatform="Lambda")
    for name in groups:
        wanted = deployment.properties(name)
        deploy.create_deployment_group(
            applicationName="tc",
            deploymentGroupName=name,
            deploymentConfigName=wanted["DeploymentConfigName"],
            serviceRoleArn=wanted["ServiceRoleArn"],
            alarmConfiguration=in_small_letters(wanted["AlarmConfiguration"]),
            autoRollbackConfiguration=in_small_letters(wanted["AutoRollbackConfiguration"]),
            deploymentStyle=in_small_letters(wanted["DeploymentStyle"]),
        )
        made = deploy.get_deployment_group(applicationName="tc", deploymentGroupName=name)["deploymentGroupInfo"]
        assert made["deploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent10Minutes"
        assert made["serviceRoleArn"].endswith(f"/{deployment.ids['RolloutRole']}")


def in_small_letters(node):
    """Names as the services' own APIs spell them; CloudFormation has capitals."""
    if isinstance(node, list):
        return [in_small_letters(one) for one in node]
    if isinstance(node, dict):
        return {key[0].lower() + key[1:]: in_small_letters(value) for key, value in node.items()}
    return node


def test_the_schedule_is_taken_by_the_schedulers_api(deployment):
    scheduler = client("scheduler")
    scheduler.create_schedule_group(**deployment.properties("Schedules"))
    scheduler.create_schedule(Name="keep-alive", **deployment.properties("KeepAlive"))
    made = scheduler.get_schedule(GroupName="tc", Name="keep-alive")
    assert (made["ScheduleExpression"], made["FlexibleTimeWindow"]["Mode"]) == ("rate(1 hour)", "FLEXIBLE")
    assert made["Target"]["Arn"].endswith(":tc-refresh:live")
    assert made["Target"]["RetryPolicy"]["MaximumRetryAttempts"] <= 5
    assert made["Target"]["DeadLetterConfig"]["Arn"].endswith(":tc-lost-runs")


def test_the_routes_are_imported(deployment):
    gateway = client("apigatewayv2")
    api = gateway.create_api(Name="tc", ProtocolType="HTTP")["ApiId"]
    body = deployment.properties("Api")["Body"]
    # moto follows no references, and takes what all methods of a path have for one of them.
    paths: dict[str, dict] = {}
    for route, operation in operations(body).items():
        method, path = route.split()
        paths.setdefault(path, {})[method.lower()] = operation
    gateway.reimport_api(ApiId=api, Body=yaml_dump(body | {"paths": paths}))
    routes = gateway.get_routes(ApiId=api)["Items"]
    assert {one["RouteKey"] for one in routes} == {route for _, route in routes_of(documents.template())}
    uris = {one["IntegrationUri"] for one in gateway.get_integrations(ApiId=api)["Items"]}
    assert len(uris) == 4
    assert all(uri.endswith(":live/invocations") for uri in uris)
    stage = deployment.properties("ApiApiGatewayDefaultStage")
    gateway.create_stage(**stage | {"ApiId": api})
    throttles = gateway.get_stage(ApiId=api, StageName="$default")["RouteSettings"]
    assert throttles.keys() <= {one["RouteKey"] for one in routes}
    assert all(one["ThrottlingRateLimit"] == 20 for one in throttles.values())


def test_the_alarms_and_metrics_are_taken_by_their_apis(deployment):
    cloudwatch, logs = client("cloudwatch"), client("logs")
    for name in of_type(deployment.made, "AWS::CloudWatch::Alarm"):
        cloudwatch.put_metric_alarm(**deployment.properties(name))
    made = cloudwatch.describe_alarms()["MetricAlarms"]
    assert len(made) == len(documents.alarms())
    assert all(one["AlarmActions"] == [deployment.ids["AlarmTopic"]] for one in made)
    filters = of_type(deployment.made, "AWS::Logs::MetricFilter")
    for name in filters:
        wanted = deployment.properties(name)
        logs.put_metric_filter(
            logGroupName=wanted["LogGroupName"],
            filterName=name,
            filterPattern=wanted["FilterPattern"],
            metricTransformations=[transformation(one) for one in wanted["MetricTransformations"]],
        )
    assert len(logs.describe_metric_filters()["metricFilters"]) == len(filters)


def transformation(one: dict) -> dict:
    """As the API of CloudWatch Logs spells it; CloudFormation has capitals."""
    made = in_small_letters(one)
    if "dimensions" in made:
        made["dimensions"] = {each["key"]: each["value"] for each in made["dimensions"]}
    return made


def test_a_stack_with_a_role_that_does_not_exist_is_refused(deployment):
    nobody = {"Fn::GetAtt": ["Nobody", "Arn"]}
    made = translated(broken(lambda template: properties(template, "Refresh").update(Role=nobody)))
    with pytest.raises(Exception, match="Nobody"):
        create("broken", made)
