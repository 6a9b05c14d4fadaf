"""Rules about who may do what: roles, the key, the secrets."""

import re

import documents
from permissions import (
    APP,
    ARN,
    CAN,
    CLAIM,
    CONNECTIONS,
    HAND_OVERS,
    KEY_PAIR,
    NEEDS,
    expected,
    functions,
    listed,
    pairs,
    parts_allow,
    role_of,
    statements,
    text,
)
from rulebook import of_type, rule


# Names, tags and states, and nothing of what is in them; AWS has no resource for these that could be named.
SEEN_AS_A_WHOLE = (["secretsmanager:ListSecrets"], ["cloudwatch:DescribeAlarms"])
# The labels by which contents are read. A former version has no label and is out of reach; AWSPREVIOUS is open where
# two keys or two credentials serve while one replaces the other.
CURRENT, FORMER_TOO = ["AWSCURRENT"], ["AWSCURRENT", "AWSPREVIOUS"]
LABELS = {
    "api-keys": FORMER_TOO,
    "sealing-key": FORMER_TOO,
    "intake-key": FORMER_TOO,
    "next-steps-key": FORMER_TOO,
    "support-key": FORMER_TOO,
    "link-key": FORMER_TOO,
    "webhook-key": FORMER_TOO,
    # The key of before signs nothing any more.
    "issuer-key": CURRENT,
    "issuer-jwks": CURRENT,
    APP: FORMER_TOO,
    KEY_PAIR: CURRENT,
    CONNECTIONS: CURRENT,
    HAND_OVERS: CURRENT,
    CLAIM: CURRENT,
}
# Intake cannot sign for an app that trusts the issuer: it has refresh probe it.
PROBES = {
    (
        "lambda:InvokeFunction",
        "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-refresh:live",
    )
}
# What refresh does with queues beside sending to the one of events: Lambda takes from that one in its name, and a run
# that was given up is kept.
DELIVERS = {("sqs:SendMessage", "${LostRuns.Arn}")} | {
    (f"sqs:{action}", "${Events.Arn}")
    for action in ("ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage")
}


@rule
def policies_are_those_of_the_guide(template: dict) -> list[str]:
    told, faults = documents.policies(), []
    if set(told) != set(functions(template)):
        return ["the guide's table names other functions"]
    for name, function in functions(template).items():
        made, wanted = pairs(role_of(template, function), "secretsmanager"), expected(told[name])
        faults += [f"{name} may {action} on {resource}" for action, resource in sorted(made - wanted)]
        faults += [f"{name} may not {action} on {resource}" for action, resource in sorted(wanted - made)]
    return faults


@rule
def policies_follow_the_parts_of_architecture(template: dict) -> list[str]:
    faults = []
    for name, parts in documents.touches().items():
        if unknown := parts - CAN.keys():
            return [f"nobody has said what {part} does with secrets" for part in sorted(unknown)]
        can, needs = expected(parts_allow(parts, CAN)), expected(parts_allow(parts, NEEDS))
        made = pairs(role_of(template, functions(template)[name]), "secretsmanager")
        faults += [f"no part of {name} can {action} on {resource}" for action, resource in sorted(made - can)]
        faults += [f"{name} needs {action} on {resource}" for action, resource in sorted(needs - made)]
    return faults


@rule
def intake_cannot_read_what_it_wrote(template: dict) -> list[str]:
    """Except a key pair until its certificate is registered, and claims, which hold no credential."""
    role = role_of(template, functions(template)["intake"])
    made = pairs(role, "secretsmanager")
    written = {resource for action, resource in made if action in ("CreateSecret", "PutSecretValue")}
    reading = ("GetSecretValue", "BatchGetSecretValue", "Get*", "*")
    read = {(action, resource) for action, resource in made if action in reading}
    return [
        f"intake may {action} on {resource}"
        for action, resource in read
        if resource == "*" or (resource in written and KEY_PAIR not in resource and CLAIM not in resource)
    ]


@rule
def contents_are_read_by_label(template: dict) -> list[str]:
    faults = []
    for name, function in functions(template).items():
        for one in statements(role_of(template, function)):
            if "secretsmanager:GetSecretValue" not in listed(one["Action"]):
                continue
            about = {text(resource).removeprefix(ARN).removesuffix("-??????") for resource in listed(one["Resource"])}
            labels = one.get("Condition", {}).get("StringEquals", {}).get("secretsmanager:VersionStage")
            faults += [
                f"{name} reads {each} by {labels}"
                for each in sorted(about)
                if labels is None or sorted(listed(labels)) != LABELS.get(each)
            ]
    return faults


@rule
def what_is_deleted_can_be_restored(template: dict) -> list[str]:
    """A function that was taken over could ask for a deletion that leaves nothing behind."""
    wanted = {"NumericEquals": {"secretsmanager:RecoveryWindowInDays": documents.recovery_window()}}
    return [
        f"{name} deletes for good"
        for name, role in of_type(template, "AWS::IAM::Role").items()
        for one in statements(role)
        if "secretsmanager:DeleteSecret" in listed(one["Action"]) and one.get("Condition") != wanted
    ]


@rule
def only_refresh_lists(template: dict) -> list[str]:
    lists = {
        name
        for name, function in functions(template).items()
        for action, _ in pairs(role_of(template, function), "secretsmanager")
        if action.startswith(("List", "BatchGet")) or action == "*"
    }
    return [] if lists == {"refresh"} else [f"these list secrets: {sorted(lists)}"]


@rule
def nothing_is_allowed_on_everything(template: dict) -> list[str]:
    faults = []
    for name, role in of_type(template, "AWS::IAM::Role").items():
        for one in statements(role):
            actions, resources = listed(one["Action"]), [text(resource) for resource in listed(one["Resource"])]
            faults += [f"{name}: {action}" for action in actions if "*" in action]
            faults += [
                f"{name}: NotAction, NotResource or Deny is not used here" for key in one if key.startswith("Not")
            ]
            if actions not in SEEN_AS_A_WHOLE:
                faults += [
                    f"{name}: {actions} on {resource}"
                    for resource in resources
                    if resource.startswith("*") or resource.endswith(":*")
                ]
    return faults


@rule
def roles_have_nothing_else(template: dict) -> list[str]:
    faults, roles = [], [function["Properties"]["Role"]["Fn::GetAtt"][0] for function in functions(template).values()]
    if len(set(roles)) != len(roles):
        faults.append("two functions share a role")
    for name, function in functions(template).items():
        role, log = role_of(template, function), function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
        faults += [
            f"{name} has {key}" for key in ("ManagedPolicyArns", "PermissionsBoundary") if key in role["Properties"]
        ]
        faults += [
            f"{name}: Policies at the function" for key in ("Policies", "Connectors") if key in function["Properties"]
        ]
        allowed = {
            ("logs:CreateLogStream", f"${{{log}.Arn}}"),
            ("logs:PutLogEvents", f"${{{log}.Arn}}"),
            ("kms:Decrypt", "${Key.Arn}"),
            ("kms:GenerateDataKey", "${Key.Arn}"),
            ("sqs:SendMessage", "${Events.Arn}"),
        } | {"refresh": DELIVERS, "intake": PROBES}.get(name, set())
        made = {
            (action, text(resource))
            for one in statements(role)
            for action in listed(one["Action"])
            for resource in listed(one["Resource"])
        }
        made = {pair for pair in made if not pair[0].startswith("secretsmanager:")}
        faults += [f"{name}: {pair}" for pair in sorted(made ^ allowed)]
        trust = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        if [one["Principal"] for one in trust] != [{"Service": "lambda.amazonaws.com"}]:
            faults.append(f"somebody else than Lambda may be {name}")
    return faults


@rule
def the_key_works_only_through_secrets_manager(template: dict) -> list[str]:
    through = {"Fn::Sub": "secretsmanager.${AWS::Region}.${AWS::URLSuffix}"}
    policies = [one for role in of_type(template, "AWS::IAM::Role").values() for one in statements(role)]
    policies += template["Resources"]["Key"]["Properties"]["KeyPolicy"]["Statement"]
    faults = []
    for one in policies:
        uses = [
            action
            for action in listed(one["Action"])
            if re.match(r"kms:(\*|.*(Decrypt|Encrypt|DataKey|Grant))", action)
        ]
        if uses and one.get("Condition", {}).get("StringEquals", {}).get("kms:ViaService") != through:
            faults.append(f"{uses} without Secrets Manager")
        faults += [f"{uses} for anybody" for _ in uses if one.get("Principal") in ("*", {"AWS": "*"})]
    return faults


@rule
def the_key_rotates(template: dict) -> list[str]:
    return (
        []
        if template["Resources"]["Key"]["Properties"].get("EnableKeyRotation") is True
        else ["the key stays for ever"]
    )


@rule
def the_schedule_has_a_role_of_its_own(template: dict) -> list[str]:
    faults = []
    for name, one in of_type(template, "AWS::Scheduler::Schedule").items():
        role = template["Resources"][one["Properties"]["Target"]["RoleArn"]["Fn::GetAtt"][0]]
        made = {(action, text(one_["Resource"])) for one_ in statements(role) for action in listed(one_["Action"])}
        if made != {("lambda:InvokeFunction", "${Refresh.Alias}"), ("sqs:SendMessage", "${LostRuns.Arn}")}:
            faults.append(f"{name} may do something else: {sorted(made)}")
        trust = role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
        if trust["Principal"] != {"Service": "scheduler.amazonaws.com"} or "aws:SourceArn" not in trust.get(
            "Condition", {}
        ).get("StringEquals", {}):
            faults.append(f"the role of {name} serves other schedules")
    return faults
