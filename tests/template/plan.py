#!/usr/bin/env python3
"""The plan of a deployment: every resource, what it is for, what it costs while nobody asks for anything, who may touch
it, and whether it outlives the stack. All of it comes from the translated template and from infra/costs/prices.toml.

`plan.py` prints it, `plan.py --write` puts it into infra/aws/plan.md; `./run FOLDER --plan` has what it needs.
"""

import re
import sys

import documents
from permissions import functions, listed, statements
from resolution import Resolution
from rulebook import of_type
from translation import translated

PLAN = documents.TEMPLATE.parent / "plan.md"
COSTS = documents.ROOT / "infra/costs"
sys.path.insert(0, str(COSTS))

import costs  # noqa: E402

STACK = "teams-connect"
# With everything that is there only when a parameter asks for it.
PARAMETERS = {
    "AWS::StackName": STACK,
    "AtsCompletionUrl": "https://ats.example/done",
    "DomainName": "teams.ats.example",
    "HostedZoneId": "Z1",
    "AlarmEmail": "operators@ats.example",
    "WebhookUrl": "https://ats.example/events",
}
ASKED_FOR_BY = {
    "HasDomain": "DomainName",
    "HasHostedZone": "HostedZoneId",
    "HasAlarmEmail": "AlarmEmail",
    "HasWebhook": "WebhookUrl",
}
SECTIONS = {
    "Key and secrets": ("AWS::KMS::", "AWS::SecretsManager::"),
    "Functions": ("AWS::Lambda::",),
    "Roles": ("AWS::IAM::",),
    "Versions and settings": ("AWS::CodeDeploy::", "AWS::AppConfig::"),
    "API Gateway": ("AWS::ApiGatewayV2::", "AWS::Route53::"),
    "The schedule and the queues": ("AWS::Scheduler::", "AWS::SQS::"),
    "Logs and what is counted in them": ("AWS::Logs::",),
    "Alarms": ("AWS::CloudWatch::", "AWS::SNS::"),
}
# What the kinds are for that say nothing of themselves. `{of}` is what such a resource refers to.
PURPOSES = {
    "AWS::KMS::Alias": "A name for {of}",
    "AWS::Lambda::Version": "Program and settings of {of} as they were deployed; former ones stay, to go back to",
    "AWS::Lambda::Alias": "The version of {of} that callers get",
    "AWS::Lambda::Permission": "Lets the API call {of}",
    "AWS::Lambda::EventSourceMapping": "Takes events from the queue and hands them to {of}",
    "AWS::Lambda::EventInvokeConfig": "How often {of} is tried again, and where a run goes that was given up",
    "AWS::CodeDeploy::Application": "Holds the four below",
    "AWS::CodeDeploy::DeploymentGroup": "Moves the alias to a new version and, when an alarm rings, back",
    "AWS::AppConfig::ConfigurationProfile": "Holds the versions of the settings",
    "AWS::AppConfig::HostedConfigurationVersion": "Addresses and names; its number changes with them",
    "AWS::ApiGatewayV2::Stage": "Throttles and access log of the API",
    "AWS::ApiGatewayV2::DomainName": "The API's own host name",
    "AWS::ApiGatewayV2::ApiMapping": "Leads the host name to the API",
    "AWS::Route53::RecordSet": "Leads the DNS to the host name",
    "AWS::Scheduler::ScheduleGroup": "Holds the schedule",
    "AWS::Logs::LogGroup": "Lines of {of}",
    "AWS::SNS::Topic": "Where alarms go",
    "AWS::SNS::TopicPolicy": "Lets CloudWatch publish alarms",
    "AWS::SNS::Subscription": "Mails alarms to the operator",
    "AWS::CloudWatch::Dashboard": "What goes on, on one page",
}
QUEUES = {
    "LostRuns": "Runs of the schedule that were given up",
    "Events": "What the ATS is told of, until it has it",
    "DeadLetters": "Events that were given up",
}
SERVICES = {
    "apigateway.amazonaws.com": "API Gateway",
    "cloudwatch.amazonaws.com": "CloudWatch",
    "codedeploy.amazonaws.com": "CodeDeploy",
    "lambda.amazonaws.com": "Lambda",
    "scheduler.amazonaws.com": "EventBridge Scheduler",
}
HEAD = f"""# What a deployment makes

Read this before you deploy. `tests/template/run --plan` writes it from the template as CloudFormation gets it, and a test
fails when it is behind. The stack is called `{STACK}` here.

*Idle* is US dollars a month while nobody asks for anything, by list prices of {{region}} as of {{as_of}}, without
free tiers and taxes. What use costs is in the operator's guide. *Who may touch it* leaves out whoever administers the
account. What *stays* is there after the stack was deleted; nothing else is.
"""


def written(name: str) -> str:
    """A name without the digits that SAM makes of the content."""
    return re.sub(r"Version[0-9a-f]{10}$", "Version", name)


class Plan:
    """The translated template, with names in the place of what only AWS knows."""

    def __init__(self, template: dict):
        self.source = template
        self.made = translated(template)
        self.resources = self.made["Resources"]
        resolution = Resolution(self.made, PARAMETERS, lambda name: f"<{name}>")
        self.whole = {name: resolution.of(one["Properties"]) for name, one in self.resources.items()}
        self.prices, self.assumed = costs.read("prices.toml"), costs.read("assumptions.toml")
        self.touches = self.found_touches()

    def roles(self) -> dict[str, str]:
        """Who acts by which role."""
        found = {one["Properties"]["Role"]["Fn::GetAtt"][0]: name for name, one in functions(self.source).items()}
        services = {
            name: SERVICES[one["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]]
            for name, one in of_type(self.made, "AWS::IAM::Role").items()
        }
        return services | found

    def found_touches(self) -> dict[str, dict[str, set[str]]]:
        """By resource, or name of secrets: who may do what with it."""
        found: dict[str, dict[str, set[str]]] = {}

        def note(what: str, who: str, actions: list[str]) -> None:
            of = found.setdefault(what, {}).setdefault(who, set())
            of.update(action.split(":")[1] for action in actions)

        for role, who in self.roles().items():
            for one in statements({"Properties": self.whole[role]}):
                for resource in listed(one["Resource"]):
                    for what in self.meant_by(resource):
                        note(what, who, listed(one["Action"]))
        for name, one in of_type(self.made, "AWS::Lambda::Permission").items():
            (alias,) = self.meant_by(self.whole[name]["FunctionName"])
            note(alias, SERVICES[one["Properties"]["Principal"]], [one["Properties"]["Action"]])
        for name in of_type(self.made, "AWS::SNS::TopicPolicy"):
            for one in self.whole[name]["PolicyDocument"]["Statement"]:
                note(*self.meant_by(one["Resource"]), SERVICES[one["Principal"]["Service"]], listed(one["Action"]))
        for name, one in of_type(self.made, "AWS::ApiGatewayV2::Stage").items():
            (log,) = self.meant_by(self.whole[name]["AccessLogSettings"]["DestinationArn"])
            note(log, "API Gateway", ["logs:PutLogEvents"])
        return found

    def meant_by(self, resource: str) -> list[str]:
        """The resources of this template that a policy names, or the names of secrets that functions make."""
        if marked := re.findall(r"<(\w+)(?:\.\w+)?>", resource):
            return marked
        if ":secret:" not in resource:
            return []
        name = resource.split(":secret:")[1].removesuffix("-??????")
        own = [each for each in of_type(self.made, "AWS::SecretsManager::Secret") if self.whole[each]["Name"] == name]
        return own or [name]

    def purpose(self, name: str) -> str:
        """What a resource is for."""
        one, properties = self.resources[name], self.whole[name]
        kind = one["Type"]
        if kind == "AWS::Logs::MetricFilter":
            (counted,) = properties["MetricTransformations"]
            return f"Counts `{counted['MetricName']}` in `{properties['LogGroupName'].strip('<>')}`"
        if kind == "AWS::ApiGatewayV2::Api":
            return properties["Body"]["info"]["description"]
        if kind == "AWS::SQS::Queue":
            return QUEUES[name]
        if kind in PURPOSES:
            return PURPOSES[kind].format(of=self.subject(name))
        return properties.get("AlarmDescription") or properties["Description"]

    def subject(self, name: str) -> str:
        """What a resource is about."""
        properties = self.whole[name]
        if self.resources[name]["Type"] == "AWS::Logs::LogGroup":
            users = [each for each, one in self.whole.items() if f"<{name}" in str(one.get("LoggingConfig"))]
            return f"`{users[0]}`" if users else "API Gateway, one for each request, without path and query"
        about = properties.get("FunctionName") or properties.get("TargetKeyId") or ""
        return f"`{re.sub('Alias.*', '', about.strip('<>'))}`"

    def idle(self, name: str) -> float:
        """Dollars a month without a single request."""
        watch = self.prices["cloudwatch"]
        match self.resources[name]["Type"]:
            case "AWS::KMS::Key":
                return self.prices["kms"]["key_month"]
            case "AWS::SecretsManager::Secret":
                return self.prices["secrets_manager"]["secret_month"]
            case "AWS::CloudWatch::Alarm":
                metrics = [one for one in self.whole[name].get("Metrics", [{"MetricStat": {}}]) if "MetricStat" in one]
                return len(metrics) * watch["alarm_metric_month"]
            case "AWS::CloudWatch::Dashboard":
                return watch["dashboard_month"]
            case "AWS::Lambda::EventSourceMapping":
                return costs.polls(self.assumed["event"]) * self.prices["sqs"]["request"]
            case "AWS::Scheduler::Schedule":
                seconds = self.assumed["schedule"]["page_seconds"]
                gigabytes = self.assumed["deployment"]["memory_megabytes"] / 1024
                run = self.prices["scheduler"]["invocation"] + self.prices["secrets_manager"]["call"]
                run += self.prices["lambda"]["request"] + seconds * gigabytes * self.prices["lambda"]["gigabyte_second"]
                return run * self.assumed["schedule"]["runs"]
            # Of what is counted only the runs of the schedule go on when nobody asks.
            case "AWS::Logs::MetricFilter" if name == "KeepAliveRuns":
                return watch["metric_month"]
        return 0

    def who(self, name: str) -> str:
        """Who may do what with a resource."""
        if self.resources.get(name, {}).get("Type") == "AWS::IAM::Role":
            return f"{self.roles()[name]} acts by it"
        told = [
            f"{who}: {', '.join(f'`{one}`' for one in sorted(may))}" for who, may in self.touches.get(name, {}).items()
        ]
        return "; ".join(told) or "nobody"

    def row(self, name: str) -> str:
        """A resource, as a row of its table."""
        one = self.resources[name]
        purpose = self.purpose(name).rstrip(".")
        if "Condition" in one:
            purpose += f" (with `{ASKED_FOR_BY[one['Condition']]}`)"
        stays = "stays" if one.get("DeletionPolicy") in ("Retain", "RetainExceptOnCreate") else ""
        # With its function, a version goes too.
        stays = "" if one["Type"] == "AWS::Lambda::Version" else stays
        kind = one["Type"].removeprefix("AWS::")
        return f"| `{written(name)}` | {kind} | {purpose} | {self.idle(name):.2f} | {self.who(name)} | {stays} |"

    def section(self, kinds: tuple[str, ...]) -> list[str]:
        """A table of some kinds."""
        names = [name for name, one in self.resources.items() if one["Type"].startswith(kinds)]
        return [
            "| resource | kind | what for | idle | who may touch it | |",
            "|---|---|---|--:|---|---|",
            *(self.row(name) for name in sorted(names, key=lambda name: (self.resources[name]["Type"], name))),
        ]

    def text(self) -> str:
        """The whole page."""
        named = tuple(kind for kinds in SECTIONS.values() for kind in kinds)
        if missing := [one["Type"] for one in self.resources.values() if not one["Type"].startswith(named)]:
            raise ValueError(f"no section for {missing}")
        lines = [HEAD.format(region=self.prices["region"], as_of=self.prices["as_of"])]
        for title, kinds in SECTIONS.items():
            lines += [f"## {title}", "", *self.section(kinds), ""]
        total = sum(self.idle(name) for name in self.resources)
        lines += [
            f"Together {len(self.resources)} resources and {total:.2f} a month. Each copy in `ReplicaRegion` costs as much as",
            "the secret itself. What is counted costs "
            f"{self.prices['cloudwatch']['metric_month']:.2f} a month for each metric and code, as long as there is something to count.",
            "",
            "## What the functions make beside it",
            "",
            f"Secrets of customers, {self.prices['secrets_manager']['secret_month']:.2f} a month each. They belong to no stack, so they",
            "stay when it is deleted.",
            "",
            "| name | who may touch it |",
            "|---|---|",
            *(f"| `{name}` | {self.who(name)} |" for name in sorted(self.touches) if "/" in name),
        ]
        return "\n".join(lines) + "\n"


def main() -> None:
    """Prints or writes."""
    made = Plan(documents.template()).text()
    if sys.argv[1:] == ["--write"]:
        PLAN.write_text(made)
    else:
        print(made, end="")


if __name__ == "__main__":
    main()
