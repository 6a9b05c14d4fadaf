"""`operator check` compares a deployment with the template: one as promised passes, and what differs is named.

The deployment is made in moto, and the program asks moto over HTTP as it asks AWS.
"""

import json
import shlex

import pytest
from moto.apigatewayv2.models import apigatewayv2_backends
from moto.awslambda.models import lambda_backends

import documents
import promises
from broken import broken, properties
from deployment import PARAMETERS, REGION, client
from operated import ACCOUNT, FUNCTIONS, LOOKED_AT, architecture


def test_a_deployment_as_promised_passes(deployed):
    assert deployed.findings() == []


def test_the_sixth_step_of_the_guide_issues_a_key_that_counts(deployed):
    assert "ats: all customers, the whole API" in deployed.operator("keys", "list").stdout
    assert len((deployed.folder / "new-key").read_text()) > 30


@pytest.mark.parametrize("command", documents.operators_commands())
def test_the_program_takes_what_the_guide_has_operators_type(deployed, command):
    """Without `--yes` it says what it would do."""
    _, _, _, *arguments = [word for word in shlex.split(command) if word != "--yes"]
    arguments = [deployed.endpoint if word.startswith("https:") else word for word in arguments]
    done = deployed.operator(*arguments, *(["--out", "another-key"] if "issue" in arguments else []))
    # 2 is a command line that is wrong. What is not there in this deployment is 1.
    assert done.returncode in (0, 1), done
    assert "Usage" not in done.stderr


def publish(deployed, **other) -> None:
    """Another version of a function, and callers get it."""
    functions = client("lambda")
    functions.update_function_configuration(FunctionName="tc-meetings", **other)
    version = functions.publish_version(FunctionName="tc-meetings")["Version"]
    functions.update_alias(FunctionName="tc-meetings", Name="live", FunctionVersion=version)


def publish_as_promised(deployed) -> None:
    client("lambda").update_alias(FunctionName="tc-meetings", Name="live", FunctionVersion="1")


def weigh(weights: dict):
    return lambda _: client("lambda").update_alias(
        FunctionName="tc-refresh", Name="live", RoutingConfig={"AdditionalVersionWeights": weights}
    )


def throttle(rate: float):
    def change(deployed):
        stage = apigatewayv2_backends[ACCOUNT][REGION].get_api(deployed.ids["Api"]).stages["$default"]
        stage.default_route_settings["throttlingRateLimit"] = rate

    return change


def certificate(arn: str):
    def change(_):
        domain = apigatewayv2_backends[ACCOUNT][REGION].domain_names[PARAMETERS["DomainName"]]
        domain.domain_name_configurations[0]["certificateArn"] = arn

    return change


def endpoint(disabled: bool):
    return lambda deployed: client("apigatewayv2").update_api(
        ApiId=deployed.ids["Api"], DisableExecuteApiEndpoint=disabled
    )


def retention(seconds: int):
    return lambda deployed: client("sqs").set_queue_attributes(
        QueueUrl=deployed.ids["LostRuns"], Attributes={"MessageRetentionPeriod": str(seconds)}
    )


def attempts(most: int):
    def change(deployed):
        redrive = deployed.properties("Events")["RedrivePolicy"] | {"maxReceiveCount": most}
        client("sqs").set_queue_attributes(
            QueueUrl=deployed.ids["Events"], Attributes={"RedrivePolicy": json.dumps(redrive)}
        )

    return change


def delivers(enabled: bool):
    def change(deployed):
        lambda_backends[ACCOUNT][REGION].get_event_source_mapping(deployed.ids["EventDelivery"]).enabled = enabled

    return change


def another_variable(**other):
    def change(deployed):
        variables = deployed.properties("Meetings")["Environment"]["Variables"] | other
        publish(deployed, Environment={"Variables": {name: str(value) for name, value in variables.items()}})

    return change


DEVIATIONS = {
    "memory and time": (
        lambda deployed: publish(deployed, MemorySize=128, Timeout=3),
        publish_as_promised,
        [
            "Meetings: MemorySize is 128, and the template says 256",
            "Meetings: Timeout is 3, and the template says 27",
            "MeetingsAliaslive: FunctionVersion is 2, and the template says 1",
        ],
    ),
    "environment": (
        another_variable(MICROSOFT_LOGIN_URL="https://login.example", EXTRA="x"),
        publish_as_promised,
        [
            "Meetings: Environment.Variables.MICROSOFT_LOGIN_URL is https://login.example, and the template says "
            "https://login.microsoftonline.com",
            "Meetings: Environment.Variables.EXTRA is there, and the template does not have it",
        ],
    ),
    "architecture": (
        architecture("callback", "x86_64"),
        architecture("callback", "arm64"),
        ['Callback: Architectures is ["x86_64"], and the template says ["arm64"]'],
    ),
    "a rollout that was left half-way": (
        weigh({"1": 0.1}),
        weigh({}),
        ['RefreshAliaslive: RoutingConfig is {"AdditionalVersionWeights":{"1":0.1}}, and the template sets none'],
    ),
    "a function that was stopped by hand": (
        lambda _: client("lambda").put_function_concurrency(FunctionName="tc-intake", ReservedConcurrentExecutions=0),
        lambda _: client("lambda").delete_function_concurrency(FunctionName="tc-intake"),
        ["Intake: ReservedConcurrentExecutions is 0, and the template sets none"],
    ),
    "failed runs": (
        lambda deployed: deployed.invoke_config(MaximumRetryAttempts=0),
        lambda deployed: deployed.invoke_config(),
        ["RefreshEventInvokeConfig: MaximumRetryAttempts is 0, and the template says 1"],
    ),
    "a schedule that is off": (
        lambda deployed: deployed.schedule(State="DISABLED"),
        lambda deployed: deployed.schedule(State="ENABLED"),
        ["KeepAlive: State is DISABLED, and the template says ENABLED"],
    ),
    "a schedule that is rare": (
        lambda deployed: deployed.schedule(ScheduleExpression="rate(1 day)"),
        lambda deployed: deployed.schedule(),
        ["KeepAlive: ScheduleExpression is rate(1 day), and the template says rate(1 hour)"],
    ),
    "a schedule that is gone": (
        lambda _: client("scheduler").delete_schedule(GroupName="tc", Name="keep-alive"),
        lambda deployed: client("scheduler").create_schedule(Name="keep-alive", **deployed.properties("KeepAlive")),
        ["KeepAlive: there is none"],
    ),
    "an alarm that never rings": (
        lambda deployed: deployed.alarm("ServerErrors", Threshold=5000),
        lambda deployed: deployed.alarm("ServerErrors"),
        ["ServerErrors: Threshold is 5000.0, and the template says 5"],
    ),
    "an alarm that tells nobody": (
        lambda _: client("cloudwatch").disable_alarm_actions(AlarmNames=["tc-server-errors"]),
        lambda _: client("cloudwatch").enable_alarm_actions(AlarmNames=["tc-server-errors"]),
        ["ServerErrors: ActionsEnabled is false, and the template says true"],
    ),
    "an alarm that is gone": (
        lambda _: client("cloudwatch").delete_alarms(AlarmNames=["tc-keep-alive-missing"]),
        lambda deployed: deployed.alarm("KeepAliveMissing"),
        ["KeepAliveMissing: there is none"],
    ),
    "a queue that forgets": (
        retention(60),
        retention(1209600),
        ["LostRuns: MessageRetentionPeriod is 60, and the template says 1209600"],
    ),
    "events that are given up sooner": (
        attempts(3),
        attempts(15),
        ["Events: RedrivePolicy.maxReceiveCount is 3, and the template says 15"],
    ),
    "dead letters": (
        lambda deployed: client("sqs").send_message(QueueUrl=deployed.ids["DeadLetters"], MessageBody="{}"),
        lambda deployed: client("sqs").purge_queue(QueueUrl=deployed.ids["DeadLetters"]),
        ["DeadLetters: it holds messages (1): the guide says under Alarms what to do"],
    ),
    "events that nobody takes": (
        delivers(False),
        delivers(True),
        ["EventDelivery: Enabled is false, and the template says true"],
    ),
    "a throttle": (
        throttle(5),
        throttle(50),
        ["ApiApiGatewayDefaultStage: DefaultRouteSettings.ThrottlingRateLimit is 5, and the template says 50"],
    ),
    "another certificate": (
        certificate("arn:aws:acm:x"),
        certificate(PARAMETERS["CertificateArn"]),
        [
            "Domain: DomainNameConfigurations.0.CertificateArn is arn:aws:acm:x, and the template says "
            f"{PARAMETERS['CertificateArn']}"
        ],
    ),
    "a second way in": (
        endpoint(False),
        endpoint(True),
        ["Api: DisableExecuteApiEndpoint is false, and the template says true"],
    ),
}


@pytest.mark.parametrize(("change", "undo", "expected"), DEVIATIONS.values(), ids=DEVIATIONS)
def test_what_differs_is_named(deployed, change, undo, expected):
    change(deployed)
    try:
        found = deployed.findings()
    finally:
        undo(deployed)
    assert set(expected) <= set(found)
    resources = {line.split(": ")[0].removesuffix("Aliaslive") for line in found}
    assert resources == {line.split(": ")[0].removesuffix("Aliaslive") for line in expected}
    assert deployed.findings() == []


def test_callers_are_led_back_in_one_command(deployed):
    functions = client("lambda")

    def live() -> set[str]:
        names = [f"tc-{function}" for function in FUNCTIONS]
        return {functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"] for name in names}

    done = deployed.operator("go-back", "--yes")
    assert (done.returncode, live()) == (1, {"1"})
    assert "tc-callback has no version before version 1" in done.stderr
    newest = {}
    for function in FUNCTIONS:
        name = f"tc-{function}"
        functions.update_function_configuration(FunctionName=name, Description="another")
        newest[name] = functions.publish_version(FunctionName=name)["Version"]
        functions.update_alias(FunctionName=name, Name="live", FunctionVersion=newest[name])
    done = deployed.operator("go-back")
    assert f"would lead callers of tc-callback from version {newest['tc-callback']} back to version 1" in done.stdout
    assert "1" not in live()
    weigh({"1": 0.1})(deployed)
    assert "stop that rollout first" in deployed.operator("go-back", "--yes").stderr
    weigh({})(deployed)
    assert "1" not in live()
    assert deployed.operator("go-back", "--yes").stdout.endswith("Done.\n")
    assert newest["tc-callback"] != functions.get_alias(FunctionName="tc-callback", Name="live")["FunctionVersion"]
    for name in newest:
        functions.update_alias(FunctionName=name, Name="live", FunctionVersion="1")


def test_what_it_compares_with_is_the_template():
    assert promises.PROMISES.read_text() == promises.text(documents.template()), "tests/template/run --plan"
    assert len(json.loads(promises.PROMISES.read_text())["Resources"]) == LOOKED_AT


@pytest.mark.parametrize(
    "how",
    [
        lambda template: properties(template, "Refresh").update(Timeout=60),
        lambda template: properties(template, "KeepAlive").update(ScheduleExpression="rate(1 day)"),
        lambda template: properties(template, "ServerErrors").update(Threshold=9),
        lambda template: properties(template, "LostRuns").update(MessageRetentionPeriod=60),
        lambda template: properties(template, "Domain").update(DomainName="x.example"),
        lambda template: template["Globals"]["Function"].update(MemorySize=512),
        lambda template: template["Conditions"].update(HasDomain={"Fn::Equals": ["a", "a"]}),
    ],
    ids=["time", "schedule", "alarm", "queue", "domain", "memory", "condition"],
)
def test_another_template_promises_something_else(how):
    assert promises.text(broken(how)) != promises.text(documents.template())
