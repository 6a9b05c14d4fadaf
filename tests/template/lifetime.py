"""Rules about what must not be lost: by a deletion of the stack, by another value of a parameter, by an edit."""

import functools
import json

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from permissions import text
from rulebook import of_type, rule

REGION = "us-east-1"
# What nobody can make again.
KEPT = {
    "AWS::KMS::Key": "no secret can be read without it",
    "AWS::SecretsManager::Secret": "links, cookies and API keys rest on it",
    "AWS::Logs::LogGroup": "the audit trail is in it",
}
# What is as good when it is made anew.
MADE_AGAIN = {
    "AWS::KMS::Alias",
    "AWS::IAM::Role",
    "AWS::AppConfig::Application",
    "AWS::AppConfig::ConfigurationProfile",
    "AWS::AppConfig::HostedConfigurationVersion",
    "AWS::Serverless::Function",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission",
    "AWS::Serverless::HttpApi",
    "AWS::ApiGatewayV2::DomainName",
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::Route53::RecordSet",
    "AWS::Scheduler::Schedule",
    "AWS::Scheduler::ScheduleGroup",
    "AWS::SQS::Queue",
    "AWS::Logs::MetricFilter",
    "AWS::SNS::Topic",
    "AWS::SNS::TopicPolicy",
    "AWS::SNS::Subscription",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
}
# The resources that another value of a parameter makes anew, as they should be.
FOLLOW = {
    "SettingsVersion": {
        *("PublicUrl", "DomainName", "AtsCompletionUrl", "AtsCompletionUrls"),
        *("IssuerUrl", "AtsName", "AtsLogoUrl", "AtsAccent", "AtsSupportUrl", "AtsPrivacyUrl"),
        *("RedirectPath", "WebhookUrl", "MicrosoftCloud"),
        *("RefreshTokensEveryDays", "CheckAppsEveryHours", "TokenWritesPerDay"),
    },
    "Domain": {"DomainName"},
    "DomainRecord": {"HostedZoneId"},
    "AlarmSubscription": {"AlarmEmail"},
}


def made_of_a_password(kind: str) -> dict:
    """64 letters and digits that Secrets Manager makes up."""
    return {
        "GenerateSecretString": {
            "SecretStringTemplate": f'{{"schema":1,"kind":"{kind}"}}',
            "GenerateStringKey": "generated",
            "PasswordLength": 64,
            "ExcludePunctuation": True,
            "IncludeSpace": False,
        }
    }


# To the letter. CloudFormation makes a value when this text is another than at the deployment before: over all API keys
# that were issued, and in place of the keys that links rest on.
VALUES = {
    "ApiKeys": {"SecretString": '{"schema":1,"kind":"api-keys","keys":[]}'},
    "SealingKey": made_of_a_password("sealing-key"),
    "IntakeKey": made_of_a_password("intake-key"),
    "NextStepsKey": made_of_a_password("next-steps-key"),
    "SupportKey": made_of_a_password("support-key"),
    "LinkKey": made_of_a_password("link-key"),
    "WebhookKey": made_of_a_password("webhook-key"),
    "IssuerKey": {"SecretString": '{"schema":1,"kind":"issuer-key"}'},
    "IssuerNextKey": {"SecretString": '{"schema":1,"kind":"issuer-next-key"}'},
    "IssuerJwks": {"SecretString": '{"schema":1,"kind":"issuer-jwks","keys":[]}'},
}


@rule
def what_cannot_be_made_again_outlives_the_stack(template: dict) -> list[str]:
    faults = [
        f"{name}: nobody has said whether {one['Type']} can be made again"
        for name, one in template["Resources"].items()
        if one["Type"] not in KEPT.keys() | MADE_AGAIN
    ]
    # A first deployment that fails takes all of it back, so that the next one finds the names free.
    return faults + [
        f"{name} goes with the stack, and {KEPT[one['Type']]}"
        for name, one in of_type(template, *KEPT).items()
        if (one.get("DeletionPolicy"), one.get("UpdateReplacePolicy")) != ("RetainExceptOnCreate", "Retain")
    ]


@rule
def secrets_begin_as_the_code_reads_them_and_stay(template: dict) -> list[str]:
    secrets = of_type(template, "AWS::SecretsManager::Secret")
    if secrets.keys() != VALUES.keys():
        return [f"the secrets are {sorted(secrets)}"]
    faults = []
    for name, one in secrets.items():
        properties = one["Properties"]
        made = {key: properties[key] for key in ("SecretString", "GenerateSecretString") if key in properties}
        if made != VALUES[name]:
            faults.append(f"{name} begins with something else")
        kind = json.loads(VALUES[name].get("SecretString") or made_kind(name))["kind"]
        if text(properties["Name"]) != f"${{AWS::StackName}}/{kind}":
            faults.append(f"{name} has another name")
        if text(properties.get("KmsKeyId", "")) != "${Key.Arn}":
            faults.append(f"{name} is not encrypted with the key")
    return faults


def made_kind(name: str) -> str:
    """The content around a generated value."""
    return VALUES[name]["GenerateSecretString"]["SecretStringTemplate"]


@functools.cache
def fixed(kind: str) -> tuple[str, ...]:
    """The properties whose change makes a resource anew."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    return tuple(path.removeprefix("/properties/").split("/")[0] for path in schema.get("createOnlyProperties", []))


def references(template: dict, node) -> set[str]:
    """The parameters that a part of the template rests on."""
    match node:
        case list():
            return {name for one in node for name in references(template, one)}
        case {"Ref": name}:
            return {name} & template["Parameters"].keys()
        case {"Fn::Sub": str(sub)}:
            return {name for name in template["Parameters"] if f"${{{name}}}" in sub}
        case {"Fn::Sub": [sub, own]}:
            return references(template, {"Fn::Sub": sub}) | references(template, own)
        case {"Fn::If": [condition, then, otherwise]}:
            return references(template, [template["Conditions"][condition], then, otherwise])
        case {"Condition": str(name)}:
            return references(template, template["Conditions"][name])
        case dict():
            return {name for one in node.values() for name in references(template, one)}
    return set()


@rule
def no_parameter_leaves_behind_what_customers_rest_on(template: dict) -> list[str]:
    faults = []
    for name, one in template["Resources"].items():
        if one["Type"].startswith("AWS::Serverless::"):
            continue
        rests = {each for key in fixed(one["Type"]) for each in references(template, one["Properties"].get(key))}
        if rests != FOLLOW.get(name, set()):
            faults.append(f"{name} is made anew when {sorted(rests)} change")
    # The functions must look under the names that the secrets have.
    prefix = template["Globals"]["Function"]["Environment"]["Variables"]["SECRET_PREFIX"]
    return faults if prefix == {"Ref": "AWS::StackName"} else [*faults, "the names of secrets can be changed"]
