"""The translated template, created in moto.

moto's CloudFormation knows the roles, logs, functions, key, queue, topic and dashboard, and passes over the rest. The
rest is created through the services' own operations, which moto checks against the API's model: secrets as
CloudFormation makes them of GenerateSecretString, the schedule, the routes, the alarms, the metrics.
"""

import ast
import json
import re

import pytest
from moto import mock_aws
from samcli.yamlhelper import yaml_dump

import documents
from broken import broken, properties
from deployment import PARAMETERS, REGION, Deployment, client, create
from permissions import listed
from resolution import Resolution
from rules import of_type, routes_of
from translation import operations, translated

KNOWN = {
    "AWS::KMS::Key",
    "AWS::KMS::Alias",
    "AWS::IAM::Role",
    "AWS::Logs::LogGroup",
    "AWS::Lambda::Function",
    "AWS::Lambda::Version",
    "AWS::Lambda::Permission",
    "AWS::Lambda::EventSourceMapping",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::CloudWatch::Dashboard",
}


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
        assert variables["EVENT_QUEUE_URL"].endswith("/tc-events")
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
    names = ("api-keys", "intake-key", "next-steps-key", "issuer-jwks", "customers/*/key-pair")
    whole = {f"{prefix}{name}-??????" for name in names}
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
        "SupportKey": "support-key",
        "LinkKey": "link-key",
        "WebhookKey": "webhook-key",
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
