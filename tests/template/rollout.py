"""Rules about how a deployment comes, goes back and is stopped."""

import re

from gateway import INTEGRATIONS, body_of
from permissions import functions, listed, policies_of, statements, text
from resolution import Resolution
from rulebook import of_type, rule
from translation import translated

MANDATORY = {"AtsCompletionUrl": "https://ats.example/done"}
# Another value than the default, for each parameter that has no list of them.
OTHER = {
    "DomainName": "teams.ats.example",
    "CertificateArn": "arn:aws:acm:eu-central-1:123456789012:certificate/0",
    "HostedZoneId": "Z1",
    "PublicUrl": "https://ats.example",
    "AtsCompletionUrl": "https://ats.example/other",
    "AtsCompletionUrls": "https://ats.example/third",
    "AtsName": "Kadry ATS",
    "AtsLogoUrl": "https://ats.example/logo.svg",
    "AtsAccent": "#ffd400",
    "AtsSupportUrl": "https://ats.example/help",
    "IssuerUrl": "https://issuer.ats.example",
    "AtsPrivacyUrl": "https://ats.example/privacy",
    "WebhookUrl": "https://ats.example/events",
    "AlarmEmail": "operators@ats.example",
    "ReservedConcurrency": 7,
    "MeetingsReservedConcurrency": 7,
    "ThrottlingRate": 51,
    "ThrottlingBurst": 101,
    "AnonymousThrottlingRate": 21,
    "AnonymousThrottlingBurst": 41,
    "ReplicaRegion": "eu-west-1",
    "RefreshTokensEveryDays": 30,
    "CheckAppsEveryHours": 12,
    "TokenWritesPerDay": 0,
}
# Quotas that are met only while AWS makes a deployment: "Lambda quotas", "IAM and AWS STS quotas", "CloudFormation
# quotas".
POLICIES_OF_A_ROLE, TEMPLATE, NAME_OF_A_FUNCTION, DESCRIPTION_OF_A_VERSION = 10_240, 1_000_000, 64, 256
LONGEST_STACK_NAME = 55


def resolution(template: dict, parameters: dict) -> Resolution:
    """A template with some parameters, and names instead of what only AWS knows."""
    return Resolution(template, MANDATORY | parameters, lambda name: f"<{name}>")


def variations(template: dict) -> dict[str, list]:
    """Other values of each parameter."""
    found = {}
    for name, one in template["Parameters"].items():
        values = one.get("AllowedValues", [OTHER[name]] if name in OTHER else [])
        found[name] = [value for value in values if value != one.get("Default")]
    return found


@rule
def functions_are_rolled_out_by_an_alias_that_alarms_take_back(template: dict) -> list[str]:
    shared, faults = template["Globals"]["Function"], []
    preference = shared.get("DeploymentPreference", {})
    alarms = preference.get("Alarms", {})
    if not shared.get("AutoPublishAlias"):
        faults.append("functions have no versions to go back to")
    if preference.get("Type") != {"Ref": "Rollout"} or template["Parameters"]["Rollout"]["Default"] == "AllAtOnce":
        faults.append("new versions get all requests at once")
    if not (
        isinstance(alarms, dict) and alarms.get("Fn::If", [""])[0] == "AsksAlarms" and len(alarms["Fn::If"][1]) > 1
    ):
        faults.append("no alarm takes a new version back")
    return faults + [
        f"{name}: a change beside the code is not published"
        for name, one in functions(template).items()
        if one["Properties"].get("AutoPublishAliasAllProperties") is not True
        or "DeploymentPreference" in one["Properties"]
    ]


@rule
def the_role_of_the_rollout_moves_aliases_and_nothing_else(template: dict) -> list[str]:
    role = template["Resources"]["RolloutRole"]
    made = {
        (action, text(resource))
        for one in statements(role)
        for action in listed(one["Action"])
        for resource in listed(one["Resource"])
    }
    moves = ("lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias")
    arns = [f"${{{name.title()}.Arn}}" for name in functions(template)]
    wanted = {(action, where) for action in moves for arn in arns for where in (arn, f"{arn}:live")}
    faults = [f"it may {pair}" for pair in sorted(made ^ (wanted | {("cloudwatch:DescribeAlarms", "*")}))]
    trust = role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
    if trust["Principal"] != {"Service": "codedeploy.amazonaws.com"} or "aws:SourceAccount" not in str(trust):
        faults.append("somebody else than CodeDeploy of this account may be it")
    preference = template["Globals"]["Function"].get("DeploymentPreference", {})
    if preference.get("Role") != {"Fn::GetAtt": ["RolloutRole", "Arn"]}:
        faults.append("SAM makes a role that may do more")
    return faults


@rule
def nothing_calls_a_function_past_its_alias(template: dict) -> list[str]:
    """Whoever names the function itself gets what was deployed last, whatever the alarms say."""
    uris = body_of(template).get("components", {}).get(INTEGRATIONS.split("/")[2], {})
    called = {f"the API's {name}": one["uri"] for name, one in uris.items()}
    for name, one in of_type(template, "AWS::Scheduler::Schedule").items():
        called[name] = one["Properties"]["Target"]["Arn"]
    for name, one in of_type(template, "AWS::Lambda::EventSourceMapping").items():
        called[name] = one["Properties"]["FunctionName"]
    return [f"{who} calls {where}" for who, where in called.items() if ".Alias'" not in repr(where)]


@rule
def a_change_of_a_setting_is_published(template: dict) -> list[str]:
    """SAM sees the text of the template and not the values of parameters (serverless-application-model, 3820): without
    more, a changed parameter never reaches the alias. And Lambda publishes nothing where nothing changed, so the other
    way round a deployment would fail.
    """
    faults = [
        f"{name} does not say which settings its versions have"
        for name, one in functions(template).items()
        if text(one["Properties"].get("VersionDescription", "")) != "Settings ${SettingsVersion.VersionNumber}"
    ]
    shared = template["Globals"]["Function"]["Environment"]

    def told(parameters: dict) -> tuple:
        made = resolution(template, parameters)
        own = [one["Properties"].get("Environment") for one in functions(template).values()]
        content = template["Resources"]["SettingsVersion"]["Properties"]["Content"]
        return made.of([shared, *own]), made.of(content)

    others = variations(template)
    faults += [f"no other value of {name} is known" for name, values in others.items() if not values]
    for domain in ({}, {"DomainName": "teams.example"}, {"PublicUrl": "https://people.example"}):
        settings, content = told(domain)
        for name, values in others.items():
            for value in values:
                other_settings, other_content = told(domain | {name: value})
                if (settings != other_settings) != (content != other_content):
                    faults.append(f"{name} = {value}: the settings change and their number does not, or it alone does")
    return faults


@rule
def the_switch_stops_every_function_and_starts_it_as_it_was(template: dict) -> list[str]:
    faults = []
    numbers = {"ReservedConcurrency": 5, "MeetingsReservedConcurrency": 6}
    for stopped, reserved, wanted in (
        ("yes", numbers, {0}),
        ("yes", {}, {0}),
        ("no", numbers, {5, 6}),
        ("no", {}, {None}),
    ):
        made = resolution(template, {"Stopped": stopped} | reserved)
        found = {made.of(one["Properties"]).get("ReservedConcurrentExecutions") for one in functions(template).values()}
        if found != wanted:
            faults.append(f"Stopped={stopped} with {reserved} reserves {found}")
    return faults


@rule
def a_new_account_takes_the_first_deployment(template: dict) -> list[str]:
    """It has 10 or 50 concurrent executions, and Lambda keeps 100 unreserved: any reservation is refused."""
    made = resolution(template, {})
    return [
        f"{name} reserves {reserved}"
        for name, one in functions(template).items()
        if (reserved := made.of(one["Properties"]).get("ReservedConcurrentExecutions")) is not None
    ]


def waited_for(node) -> set[str]:
    """The resources that a part of a template refers to."""
    match node:
        case list():
            return {name for one in node for name in waited_for(one)}
        case {"Ref": name}:
            return {name}
        case {"Fn::GetAtt": [name, *_]}:
            return {name}
        case {"Fn::Sub": str(sub)}:
            return {name.split(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", sub)}
        case {"Fn::Sub": [sub, own]}:
            return waited_for({"Fn::Sub": sub}) | waited_for(own)
        case dict():
            return {name for one in node.values() for name in waited_for(one)}
    return set()


@rule
def nothing_waits_for_itself(template: dict) -> list[str]:
    """CloudFormation refuses a circle. The alias waits for its alarms, by the policy of its updates."""
    resources = translated(template)["Resources"]
    waits = {
        name: {
            *waited_for([one.get("Properties"), one.get("UpdatePolicy")]),
            *listed(one.get("DependsOn", [])),
        }
        & resources.keys()
        for name, one in resources.items()
    }
    while free := {name for name, others in waits.items() if not others}:
        waits = {name: others - free for name, others in waits.items() if name not in free}
    return [f"these wait for each other: {sorted(waits)}"] if waits else []


@rule
def nothing_is_larger_than_aws_takes_it(template: dict) -> list[str]:
    made = translated(template)
    whole, faults = resolution(made, {"AWS::StackName": "s" * LONGEST_STACK_NAME}), []
    for name, one in of_type(made, "AWS::IAM::Role").items():
        policies = str(whole.of([each["PolicyDocument"] for each in policies_of(one)]))
        if (size := len(re.sub(r"\s", "", policies))) > POLICIES_OF_A_ROLE:
            faults.append(f"the policies of {name} have {size} characters")
        if "ManagedPolicyArns" in one["Properties"]:
            faults.append(f"{name} may do what AWS thinks right")
    for name, one in of_type(made, "AWS::Lambda::Function").items():
        if len(whole.of(one["Properties"]["FunctionName"])) > NAME_OF_A_FUNCTION:
            faults.append(f"the name of {name} is too long")
    for name, one in of_type(made, "AWS::Lambda::Version").items():
        if len(whole.of(one["Properties"]["Description"])) > DESCRIPTION_OF_A_VERSION:
            faults.append(f"the description of {name} is too long")
    return [*faults, "the template is too large"] if len(str(made)) > TEMPLATE else faults
