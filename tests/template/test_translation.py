"""What SAM makes of the template is what was meant."""

import json
import re
from collections import Counter

import pytest

import documents
from broken import broken, properties
from permissions import functions
from resolution import Resolution
from rules import routes_of
from translation import operations, translated

MANDATORY = {"AtsCompletionUrl": "https://ats.example/done"}


def resolved(**parameters: str) -> tuple[dict, Resolution]:
    made = translated(documents.template())
    return made, Resolution(made, MANDATORY | parameters, lambda name: f"<{name}>")


def test_the_api_has_every_route_and_no_default():
    made, resolution = resolved()
    found = operations(resolution.of(made["Resources"]["Api"]["Properties"]["Body"]))
    integrations = {route: one["x-amazon-apigateway-integration"] for route, one in found.items()}
    # Of the function's alias, which SAM names so.
    called = {
        (one["uri"].split("<")[1].removesuffix("Aliaslive>/invocations").lower(), route)
        for route, one in integrations.items()
    }
    assert called == set(routes_of(documents.template()))
    assert {one["payloadFormatVersion"] for one in integrations.values()} == {"2.0"}


def test_sam_adds_no_door_and_no_role():
    made, _ = resolved()
    counted = Counter(one["Type"] for one in made["Resources"].values())
    own = Counter(one["Type"] for one in documents.template()["Resources"].values())
    added = {kind: number - own[kind] for kind, number in counted.items() if number != own[kind]}
    each = len(functions(documents.template()))
    assert added == {
        "AWS::Lambda::Function": each,
        "AWS::Lambda::Version": each,
        "AWS::Lambda::Alias": each,
        "AWS::Lambda::EventInvokeConfig": 1,
        "AWS::CodeDeploy::Application": 1,
        "AWS::CodeDeploy::DeploymentGroup": each,
        "AWS::ApiGatewayV2::Api": 1,
        "AWS::ApiGatewayV2::Stage": 1,
    }


def test_former_versions_are_kept_and_what_sam_adds_has_tags():
    made, resolution = resolved()
    for name, one in made["Resources"].items():
        if one["Type"] == "AWS::Lambda::Version":
            assert (one["DeletionPolicy"], one["UpdateReplacePolicy"]) == ("Retain", "Retain"), name
        if one["Type"].startswith("AWS::CodeDeploy::"):
            assert {"Key": "Product", "Value": "teams-connect"} in resolution.of(one["Properties"]["Tags"]), name


# What SAM takes for itself, and does not hand on under its name.
TAKEN = {
    "AutoPublishAlias",
    "AutoPublishAliasAllProperties",
    "CodeUri",
    "DeploymentPreference",
    "EventInvokeConfig",
    "PropagateTags",
    "VersionDescription",
}


def dropped(template: dict) -> set[str]:
    """What the template says of functions and API and CloudFormation does not hear."""
    made, shared = translated(template)["Resources"], template["Globals"]["Function"]
    lost = set()
    for name, one in template["Resources"].items():
        if one["Type"] != "AWS::Serverless::Function":
            continue
        told, heard = shared | one["Properties"], made[name]["Properties"]
        lost |= {f"{name}.{key}" for key in told.keys() - TAKEN - heard.keys()}
        own = one["Properties"].get("Environment", {}).get("Variables", {})
        if heard["Environment"]["Variables"] != shared["Environment"]["Variables"] | own:
            lost.add(f"{name}.Environment")
    told = template["Resources"]["Api"]["Properties"]
    stage, body = made["ApiApiGatewayDefaultStage"]["Properties"], made["Api"]["Properties"]["Body"]
    lost |= {f"Api.{key}" for key in told.keys() - stage.keys() - {"DefinitionBody", "DisableExecuteApiEndpoint"}}
    closed = body["servers"][0]["x-amazon-apigateway-endpoint-configuration"]["disableExecuteApiEndpoint"]
    return lost | ({"Api.DisableExecuteApiEndpoint"} if closed != told["DisableExecuteApiEndpoint"] else set())


def test_sam_drops_nothing_that_the_template_says():
    assert dropped(documents.template()) == set()
    # Beside a role it does not read them, and says nothing.
    policies = ["AWSLambdaBasicExecutionRole"]
    assert dropped(broken(lambda template: properties(template, "Intake").update(Policies=policies))) == {
        "Intake.Policies"
    }


def versions(template: dict, **parameters: str) -> set[str]:
    resources = translated(template, MANDATORY | parameters)["Resources"]
    return {name for name, one in resources.items() if one["Type"] == "AWS::Lambda::Version"}


def test_sam_sees_a_change_of_the_template_and_none_of_a_parameter():
    """Why the settings have a number of their own."""
    now = versions(documents.template())
    slower = versions(broken(lambda template: properties(template, "Refresh").update(Timeout=600)))
    assert {name[:-10] for name in slower - now} == {"RefreshVersion"}
    assert now == versions(documents.template(), AtsCompletionUrl="https://ats.example/other")


@pytest.mark.parametrize("rollout", documents.template()["Parameters"]["Rollout"]["AllowedValues"])
def test_every_way_of_rolling_out_exists_at_codedeploy(rollout):
    made = translated(documents.template(), MANDATORY | {"Rollout": rollout})
    resolution = Resolution(made, MANDATORY | {"Rollout": rollout}, lambda name: f"<{name}>")
    group = resolution.of(made["Resources"]["MeetingsDeploymentGroup"]["Properties"])
    # The predefined ones ("Working with deployment configurations in CodeDeploy").
    assert re.fullmatch(
        r"CodeDeployDefault\.Lambda(AllAtOnce|Canary10Percent(5|10|15|30)Minutes|Linear10PercentEvery(1|2|3|10)Minutes?)",
        group["DeploymentConfigName"],
    )
    assert bool(group["AlarmConfiguration"]) is (rollout != "AllAtOnce")


@pytest.mark.parametrize(
    ("parameters", "copies"),
    [
        ({}, None),
        ({"ReplicaRegion": "eu-west-1"}, [{"Region": "eu-west-1"}]),
    ],
    ids=["none", "another region"],
)
def test_the_deployments_own_secrets_are_copied_where_asked_for(parameters, copies):
    made, resolution = resolved(**parameters)
    for one in made["Resources"].values():
        if one["Type"] == "AWS::SecretsManager::Secret":
            assert resolution.of(one["Properties"]).get("ReplicaRegions") == copies


@pytest.mark.parametrize(
    ("parameters", "address", "closed"),
    [
        ({}, "https://not-set.invalid", False),
        ({"PublicUrl": "https://ats.example"}, "https://ats.example", False),
        ({"DomainName": "teams.ats.example", "CertificateArn": "x"}, "https://teams.ats.example", True),
        (
            {"DomainName": "teams.ats.example", "CertificateArn": "x", "PublicUrl": "https://ats.example"},
            "https://ats.example",
            True,
        ),
    ],
    ids=["none", "another host", "a domain", "a domain behind another host"],
)
def test_the_public_address_is_the_one_that_browsers_see(parameters, address, closed):
    made, resolution = resolved(**parameters)
    for name in ("Callback", "Intake", "Meetings", "Refresh"):
        function = resolution.of(made["Resources"][name]["Properties"])
        assert function["Environment"]["Variables"]["PUBLIC_URL"] == address
        # The ATS calls the API at its own name, wherever people are led.
        own = "https://teams.ats.example" if "DomainName" in parameters else ""
        assert function["Environment"]["Variables"]["API_URL"] == own
        assert function["Architectures"] == ["arm64"]
    body = resolution.of(made["Resources"]["Api"]["Properties"]["Body"])
    assert body["servers"] == [
        {"url": "/", "x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": closed}}
    ]
    outputs = {name: resolution.of(one["Value"]) for name, one in made["Outputs"].items() if "Condition" not in one}
    known = address != "https://not-set.invalid"
    assert outputs["RedirectUri"] == (f"{address}/oauth/callback" if known else "not known yet")
    assert ("Deploy again" in outputs["NextStep"]) is not known


def test_the_addresses_of_a_cloud_belong_together():
    clouds = documents.template()["Mappings"]["Clouds"]
    assert set(clouds) == set(documents.template()["Parameters"]["MicrosoftCloud"]["AllowedValues"])
    made, resolution = resolved(MicrosoftCloud="us-government-l5")
    variables = resolution.of(made["Resources"]["Meetings"]["Properties"])["Environment"]["Variables"]
    assert variables["MICROSOFT_LOGIN_URL"] == "https://login.microsoftonline.us"
    assert variables["MICROSOFT_GRAPH_URL"] == "https://dod-graph.microsoft.us"


@pytest.mark.parametrize(("asked", "reserved"), [("0", None), ("25", "25")])
def test_concurrency_is_reserved_only_when_asked_for(asked, reserved):
    made, resolution = resolved(MeetingsReservedConcurrency=asked)
    assert resolution.of(made["Resources"]["Meetings"]["Properties"]).get("ReservedConcurrentExecutions") == reserved


def test_the_dashboard_is_json_and_names_what_exists():
    made, resolution = resolved()
    board = json.loads(resolution.of(made["Resources"]["Dashboard"]["Properties"]["DashboardBody"]))
    assert len(board["widgets"]) == 11
    for widget in board["widgets"]:
        assert widget["x"] + widget["width"] <= 24
        assert all(isinstance(metric, list) for metric in widget["properties"]["metrics"])
    codes = {
        metric[3]
        for widget in board["widgets"]
        for metric in widget["properties"]["metrics"]
        if metric[1] == "Problems"
    }
    assert codes == {code for code, status in documents.problem_codes().items() if status == 5}


def test_a_template_that_sam_cannot_translate_is_refused():
    from samtranslator.model.exceptions import InvalidDocumentException

    with pytest.raises(InvalidDocumentException):
        translated(broken(lambda template: properties(template, "Intake").update(Door="open")))
