"""A whole deployment in moto, and the operator's program, which asks moto over HTTP as it asks AWS."""

import json
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

from moto.awslambda.models import lambda_backends

import documents
from deployment import PARAMETERS, REGION, Deployment, client
from rules import of_type

ACCOUNT = "123456789012"
FUNCTIONS = ("callback", "intake", "meetings", "refresh")
# What the program looks at, with a domain and a receiver of events.
LOOKED_AT = 40


def architecture(function: str, name: str):
    """Makes a function run on another processor."""

    def change(_):
        lambda_backends[ACCOUNT][REGION].get_function(f"tc-{function}", "live").architectures = [name]

    return change


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
        # Nor does moto keep by which alias a queue leads to a function.
        (delivery,) = lambda_backends[ACCOUNT][REGION].list_event_source_mappings(None, None)
        delivery.function_arn = self.ids["RefreshAliaslive"]
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
        for name in ("IssuerKey", "IssuerNextKey", "IssuerJwks"):
            secrets.create_secret(**self.properties(name))
        for name in ("SealingKey", "IntakeKey", "NextStepsKey", "SupportKey", "LinkKey", "WebhookKey"):
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
            f"10 secrets and {LOOKED_AT} resources were looked at, the address was not asked: {len(found)} findings."
        ), done.stdout + done.stderr
        assert done.returncode == (1 if found else 0)
        return found
