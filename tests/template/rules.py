"""Rules about everything else: the door, the functions, the schedule, what is logged and who is told."""

import json
import re

import access  # noqa: F401  its rules register as well
import documents
import events  # noqa: F401
import gateway  # noqa: F401
import lifetime  # noqa: F401
import rollout  # noqa: F401
from gateway import routes_of
from permissions import functions, pairs, role_of, text
from rulebook import RULES, of_type, rule

__all__ = ["RULES", "of_type", "routes_of"]
OWN_NAMESPACE = "TeamsConnect/${AWS::StackName}"


@rule
def every_function_has_a_log_that_ends(template: dict) -> list[str]:
    faults = [
        f"{name} keeps its lines for ever"
        for name, one in of_type(template, "AWS::Logs::LogGroup").items()
        if "RetentionInDays" not in one["Properties"]
    ]
    logs = template["Resources"]
    for name, function in functions(template).items():
        log = logs.get(function["Properties"].get("LoggingConfig", {}).get("LogGroup", {}).get("Ref"))
        if (
            log is None
            or text(log["Properties"]["LogGroupName"]) != f"/aws/lambda/{text(function['Properties']['FunctionName'])}"
        ):
            faults.append(f"{name} has no log of its own")
    told = text(template["Resources"]["Api"]["Properties"].get("AccessLogSettings", {}).get("DestinationArn", ""))
    return faults if told == "${AccessLog.Arn}" else [*faults, "the API has no access log"]


@rule
def functions_are_built_and_bounded(template: dict) -> list[str]:
    shared, faults = template["Globals"]["Function"], []
    wanted = {
        "Runtime": "provided.al2023",
        "Architectures": ["arm64"],
        "MemorySize": 256,
        "Handler": "bootstrap",
        "Timeout": 27,
    }
    faults += [f"{name} is {shared.get(name)}" for name, value in wanted.items() if shared.get(name) != value]
    for name, function in functions(template).items():
        properties, metadata = function["Properties"], function["Metadata"]
        if (metadata.get("BuildMethod"), properties["CodeUri"]) != ("rust-cargolambda", f"../../functions/{name}"):
            faults.append(f"{name} is not built from its crate")
        if "ReservedConcurrentExecutions" not in properties:
            faults.append(f"{name} may take all of the account's concurrency")
        own = {key: properties[key] for key in wanted if key in properties}
        if own != ({"Timeout": 300} if name == "refresh" else {}):
            faults.append(f"{name} differs: {own}")
    if set(functions(template)) != set(documents.touches()):
        faults.append("ARCHITECTURE.md names other functions")
    return faults


@rule
def settings_are_those_of_the_readme(template: dict) -> list[str]:
    shared = template["Globals"]["Function"]["Environment"]["Variables"]
    own = [one["Properties"].get("Environment", {}).get("Variables", {}) for one in functions(template).values()]
    made = set(shared).union(*own) - {"KMS_KEY_ID"}
    told = documents.settings() - {"PORT", "DATA_DIR", "API_KEY", "KMS_KEY_ID"}
    faults = [f"{name} is not the same in README.md and here" for name in sorted(made ^ told)]
    for name, function in functions(template).items():
        creates = any(action == "CreateSecret" for action, _ in pairs(role_of(template, function), "secretsmanager"))
        key = function["Properties"].get("Environment", {}).get("Variables", {}).get("KMS_KEY_ID")
        if (key is not None) != creates:
            faults.append(f"{name}: who makes secrets, and only who does, knows the key")
    return faults


@rule
def the_schedule_is_bounded(template: dict) -> list[str]:
    faults = []
    for name, one in of_type(template, "AWS::Scheduler::Schedule").items():
        target = one["Properties"]["Target"]
        retry = target.get("RetryPolicy", {})
        # What Scheduler does where nothing is said: 185 times in 24 hours (API reference, RetryPolicy).
        if retry.get("MaximumRetryAttempts", 185) > 5 or retry.get("MaximumEventAgeInSeconds", 86400) > 3600:
            faults.append(f"{name} is retried for too long")
        if text(target.get("DeadLetterConfig", {}).get("Arn", "")) != "${LostRuns.Arn}":
            faults.append(f"{name} is lost without a trace")
        if one["Properties"]["FlexibleTimeWindow"].get("Mode") != "FLEXIBLE":
            faults.append(f"{name} runs at one moment with all others")
        if text(target["Arn"]) != "${Refresh.Alias}" or json.loads(target["Input"]) != {"source": "aws.scheduler"}:
            faults.append(f"{name} is not what refresh expects")
    late = functions(template)["refresh"]["Properties"].get("EventInvokeConfig", {})
    if late.get("MaximumRetryAttempts", 2) > 1 or late.get("MaximumEventAgeInSeconds", 21600) > 3600:
        faults.append("Lambda retries refresh for too long")
    if text(late.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")) != "${LostRuns.Arn}":
        faults.append("a run that failed in Lambda is lost without a trace")
    if template["Resources"]["LostRuns"]["Properties"].get("SqsManagedSseEnabled") is not True:
        faults.append("lost runs are not encrypted")
    return faults if of_type(template, "AWS::Scheduler::Schedule") else [*faults, "there is no schedule"]


@rule
def every_log_becomes_metrics(template: dict) -> list[str]:
    filters = of_type(template, "AWS::Logs::MetricFilter").values()
    made = {
        (one["Properties"]["LogGroupName"]["Ref"], each["MetricName"])
        for one in filters
        for each in one["Properties"]["MetricTransformations"]
    }
    logs = [function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for function in functions(template).values()]
    faults = [
        f"{log}: {metric} is not counted"
        for log in logs
        for metric in ("Errors", "Problems", "Refusals")
        if (log, metric) not in made
    ]
    # A filter on a sentence counts nothing once the sentence is another.
    sentences = [re.findall(r'\$\.message = "([^"]+)"', one["Properties"]["FilterPattern"]) for one in filters]
    return faults + [
        f"refresh does not log: {one}"
        for found in sentences
        for one in found
        if one not in documents.messages_of("refresh")
    ]


@rule
def alarms_tell_somebody_and_are_in_the_guide(template: dict) -> list[str]:
    alarms, faults = of_type(template, "AWS::CloudWatch::Alarm"), []
    if set(alarms) != documents.alarms():
        faults.append(f"not the same in the guide and here: {sorted(set(alarms) ^ documents.alarms())}")
    filters = of_type(template, "AWS::Logs::MetricFilter").values()
    made = {each["MetricName"] for one in filters for each in one["Properties"]["MetricTransformations"]}
    for name, one in alarms.items():
        properties = one["Properties"]
        if [text(action) for action in properties.get("AlarmActions", [])] != ["${AlarmTopic}"]:
            faults.append(f"{name} tells nobody")
        if text(properties.get("Namespace", "")) == OWN_NAMESPACE and properties["MetricName"] not in made:
            faults.append(f"{name}: nothing writes {properties['MetricName']}")
        codes = [each["Value"] for each in properties.get("Dimensions", []) if each["Name"] == "Code"]
        faults += [
            f"{name}: no problem of the kind 5xx has the code {code}"
            for code in codes
            if properties["MetricName"] == "Problems" and documents.problem_codes().get(code) != 5
        ]
    return faults


@rule
def every_refusal_that_is_watched_is_counted_and_has_an_alarm(template: dict) -> list[str]:
    watched = documents.watched_refusals()
    filters = {
        name: set(re.findall(r'\$\.code = "(\w+)"', one["Properties"]["FilterPattern"]))
        for name, one in of_type(template, "AWS::Logs::MetricFilter").items()
        if one["Properties"]["MetricTransformations"][0]["MetricName"] == "Refusals"
    }
    faults = [f"{name} counts other codes than {watched}" for name, counted in filters.items() if counted != watched]
    alarms = [one["Properties"] for one in of_type(template, "AWS::CloudWatch::Alarm").values()]
    alarmed = [one["Dimensions"][0]["Value"] for one in alarms if one.get("MetricName") == "Refusals"]
    return faults + [f"one alarm each, for {code}" for code in watched ^ set(alarmed)]


# Where the tags of a resource are. Types that are not here cannot have tags, or have those of their parent
# (AWS CloudFormation template reference).
TAGGED = {
    "AWS::KMS::Key",
    "AWS::SecretsManager::Secret",
    "AWS::IAM::Role",
    "AWS::Logs::LogGroup",
    "AWS::Serverless::Function",
    "AWS::AppConfig::Application",
    "AWS::AppConfig::ConfigurationProfile",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Serverless::HttpApi",
    "AWS::ApiGatewayV2::DomainName",
    "AWS::Scheduler::ScheduleGroup",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::CloudWatch::Alarm",
}
UNTAGGED = {
    "AWS::KMS::Alias",
    "AWS::AppConfig::HostedConfigurationVersion",
    "AWS::Lambda::Permission",
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::Route53::RecordSet",
    "AWS::Scheduler::Schedule",
    "AWS::Logs::MetricFilter",
    "AWS::SNS::TopicPolicy",
    "AWS::SNS::Subscription",
    "AWS::CloudWatch::Dashboard",
}


@rule
def everything_has_tags(template: dict) -> list[str]:
    wanted = {"Product": "teams-connect", "Deployment": {"Ref": "AWS::StackName"}}
    faults = [
        f"{name}: it is not known whether {one['Type']} has tags"
        for name, one in template["Resources"].items()
        if one["Type"] not in TAGGED | UNTAGGED
    ]
    for name, one in of_type(template, *TAGGED).items():
        tags = one["Properties"].get("Tags", {})
        if one["Type"] == "AWS::Serverless::Function":
            tags = template["Globals"]["Function"].get("Tags", {}) | tags
        tags = tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}
        faults += [f"{name} has no tags"] if tags != wanted else []
    return faults


@rule
def the_operator_is_told_the_next_step(template: dict) -> list[str]:
    wanted = {"NextStep", "Health", "RedirectUri", "AlarmTopicArn"}
    return [f"the output {name} is missing" for name in sorted(wanted - template.get("Outputs", {}).keys())]
