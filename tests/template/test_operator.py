"""`operator check` compares a deployment with the template: one as promised passes, and what differs is named.

The deployment is made in moto, and the program asks moto over HTTP as it asks AWS.
"""

import json
import os
import shlex
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from moto import mock_aws
from moto.apigatewayv2.models import apigatewayv2_backends
from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.cloudformation.models import CloudFormationBackend
from moto.server import ThreadedMotoServer

import documents
import promises
from broken import broken, properties
from deployment import PARAMETERS, REGION, Deployment, client
from rules import of_type

ACCOUNT = "123456789012"
FUNCTIONS = ("callback", "intake", "meetings", "refresh")
# What the program looks at, with a domain.
LOOKED_AT = 34


class Deployed(Deployment):
    """A whole deployment: what CloudFormation passed over in moto is made too, and an API key is issued."""

    def __init__(self, endpoint: str, folder):
        super().__init__()
        self.endpoint, self.folder = endpoint, folder
        self.made_here = []
        for name in of_type(self.made, "AWS::Lambda::Version"):
            function = self.properties(name)["FunctionName"]
            self.known_as(name, f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}:1")
        for name in of_type(self.made, "AWS::Lambda::Alias"):
            self.known_as(name, self.ids[name])
        # moto's CloudFormation passes over the architecture.
        for function in FUNCTIONS:
            architecture(function, "arm64")(self)
        self.make_secrets()
        self.make_api()
        self.invoke_config()
        client("scheduler").create_schedule_group(**self.properties("Schedules"))
        client("scheduler").create_schedule(Name="keep-alive", **self.properties("KeepAlive"))
        self.known_as("Schedules", "tc")
        self.known_as("RefreshEventInvokeConfig", "tc-refresh|live")
        self.known_as("KeepAlive", "keep-alive")
        for name in of_type(self.made, "AWS::CloudWatch::Alarm"):
            self.alarm(name)
            self.known_as(name, self.properties(name)["AlarmName"])
        self.typed(documents.step(6))

    def known_as(self, name: str, physical_id: str) -> None:
        """What CloudFormation would list."""
        self.ids[name] = physical_id
        kind = self.made["Resources"][name]["Type"]
        listed = {"logical_resource_id": name, "physical_resource_id": physical_id, "cf_resource_type": kind}
        self.made_here.append(SimpleNamespace(**listed))

    def make_secrets(self) -> None:
        secrets = client("secretsmanager")
        secrets.create_secret(**self.properties("ApiKeys"))
        for name in ("SealingKey", "IntakeKey", "NextStepsKey", "LinkKey"):
            made = self.properties(name)
            content = json.loads(made["GenerateSecretString"]["SecretStringTemplate"]) | {"generated": "0a" * 32}
            secrets.create_secret(Name=made["Name"], SecretString=json.dumps(content))

    def make_api(self) -> None:
        gateway = client("apigatewayv2")
        api = gateway.create_api(Name="tc", ProtocolType="HTTP", DisableExecuteApiEndpoint=True)["ApiId"]
        self.known_as("Api", api)
        self.known_as("ApiApiGatewayDefaultStage", "$default")
        self.known_as("Domain", PARAMETERS["DomainName"])
        gateway.create_stage(**self.properties("ApiApiGatewayDefaultStage"))
        gateway.create_domain_name(**self.properties("Domain"))
        gateway.create_api_mapping(**self.properties("DomainMapping"))
        self.known_as("DomainMapping", "mapping")

    def invoke_config(self, **other) -> None:
        # moto appends to a list and answers with its first.
        lambda_backends[ACCOUNT][REGION].get_function("tc-refresh").event_invoke_config.clear()
        client("lambda").put_function_event_invoke_config(**self.properties("RefreshEventInvokeConfig") | other)

    def alarm(self, name: str, **other) -> None:
        client("cloudwatch").put_metric_alarm(**self.properties(name) | other)

    def schedule(self, **other) -> None:
        wanted = {"State": "ENABLED"} | self.properties("KeepAlive") | other
        client("scheduler").update_schedule(Name="keep-alive", **wanted)

    @property
    def environment(self) -> dict[str, str]:
        credentials = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
        return credentials | {"AWS_ENDPOINT_URL": self.endpoint, "AWS_REGION": REGION}

    def operator(self, *arguments: str) -> subprocess.CompletedProcess:
        """Runs the program."""
        command = [os.environ["OPERATOR"], "--stack", "tc", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=self.environment, cwd=self.folder)

    def typed(self, commands: str) -> str:
        """What commands of the guide print. What asks AWS beside the program has no answer here."""
        program = Path(os.environ["OPERATOR"])
        shell = "set -euo pipefail\naws() { :; }\n" + commands.replace("teams-connect", "tc").replace(
            "<region>", REGION
        )
        environment = self.environment | {"PATH": f"{program.parent}:{os.environ['PATH']}", "S": "tc"}
        done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, env=environment, cwd=self.folder)
        assert done.returncode == 0, done
        return done.stdout

    def findings(self) -> list[str]:
        """What `check` finds; its exit code and its last line agree with that."""
        done = self.operator("check")
        *found, end = done.stdout.splitlines()
        assert end == (
            f"5 secrets and {LOOKED_AT} resources were looked at, the address was not asked: {len(found)} findings."
        ), done.stdout + done.stderr
        assert done.returncode == (1 if found else 0)
        return found


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        made = Deployed(f"http://{host}:{port}", tmp_path_factory.mktemp("operator"))
        # moto lists what it passed over without a name, and leaves out where a function logs to.
        stack_resources = CloudFormationBackend.list_stack_resources
        configuration = LambdaFunction.get_configuration

        def list_stack_resources(backend, name):
            stack, listed = stack_resources(backend, name)
            own = {one.logical_resource_id for one in made.made_here}
            kept = [one for one in listed if getattr(one, "logical_resource_id", None) not in own]
            return stack, kept + made.made_here

        def get_configuration(function, *arguments):
            name = function.function_name.removeprefix("tc-").title()
            return configuration(function, *arguments) | {"LoggingConfig": made.properties(name)["LoggingConfig"]}

        patch.setattr(CloudFormationBackend, "list_stack_resources", list_stack_resources)
        patch.setattr(LambdaFunction, "get_configuration", get_configuration)
        yield made
        server.stop()


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


def architecture(function: str, name: str):
    def change(_):
        lambda_backends[ACCOUNT][REGION].get_function(f"tc-{function}", "live").architectures = [name]

    return change


def endpoint(disabled: bool):
    return lambda deployed: client("apigatewayv2").update_api(
        ApiId=deployed.ids["Api"], DisableExecuteApiEndpoint=disabled
    )


def retention(seconds: int):
    return lambda deployed: client("sqs").set_queue_attributes(
        QueueUrl=deployed.ids["LostRuns"], Attributes={"MessageRetentionPeriod": str(seconds)}
    )


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
