"""What SAM makes of the template is what was meant."""

import json

import pytest

import documents
from broken import broken, event, properties
from resolution import Resolution
from rules import routes_of
from translation import translated

METHODS = {"get", "put", "post", "delete", "patch"}
MANDATORY = {"AtsCompletionUrl": "https://ats.example/done"}


def resolved(**parameters: str) -> tuple[dict, Resolution]:
    made = translated(documents.template())
    return made, Resolution(made, MANDATORY | parameters, lambda name: f"<{name}>")


def test_the_api_has_every_route_and_no_default():
    made, resolution = resolved()
    body = resolution.of(made["Resources"]["Api"]["Properties"]["Body"])
    routes = {
        (
            details["x-amazon-apigateway-integration"]["uri"].split("<")[1].split(".")[0].lower(),
            f"{method.upper()} {path}",
        )
        for path, methods in body["paths"].items()
        for method, details in methods.items()
    }
    assert routes == set(routes_of(documents.template()))
    assert all(method in METHODS for methods in body["paths"].values() for method in methods)
    payloads = [
        one["x-amazon-apigateway-integration"]["payloadFormatVersion"]
        for methods in body["paths"].values()
        for one in methods.values()
    ]
    assert set(payloads) == {"2.0"}


def test_a_route_without_a_path_becomes_default():
    """So the test above would notice it."""
    made = translated(
        broken(
            lambda template: properties(template, "Intake")["Events"].update(
                All={"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "Api"}}}
            )
        )
    )
    assert "/$default" in made["Resources"]["Api"]["Properties"]["Body"]["paths"]


def test_only_the_api_may_call_a_function():
    made, _ = resolved()
    permissions = [one["Properties"] for one in made["Resources"].values() if one["Type"] == "AWS::Lambda::Permission"]
    assert len(permissions) == len(routes_of(documents.template()))
    assert all(one["Principal"] == "apigateway.amazonaws.com" and "SourceArn" in one for one in permissions)


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
        assert function["Architectures"] == ["arm64"]
    body = resolution.of(made["Resources"]["Api"]["Properties"]["Body"])
    assert body["servers"][0]["x-amazon-apigateway-endpoint-configuration"] == {"disableExecuteApiEndpoint": closed}
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
    assert len(board["widgets"]) == 10
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
        translated(
            broken(lambda template: properties(template, "Intake")["Events"].update(Twice=event("/intake/{link}")))
        )
