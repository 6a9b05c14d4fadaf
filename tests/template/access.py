"""Rules about who may do what: roles, the key, the secrets."""

import json
import re

import documents
from permissions import CAN, KEY_PAIR, NEEDS, expected, functions, listed, pairs, parts_allow, role_of, statements, text
from rulebook import of_type, rule


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
    role = role_of(template, functions(template)["intake"])
    made = pairs(role, "secretsmanager")
    written = {resource for action, resource in made if action in ("CreateSecret", "PutSecretValue")}
    reading = ("GetSecretValue", "BatchGetSecretValue", "Get*", "*")
    read = {(action, resource) for action, resource in made if action in reading}
    faults = [
        f"intake may {action} on {resource}"
        for action, resource in read
        if resource == "*" or (resource in written and KEY_PAIR not in resource)
    ]
    # A key pair may be read while it waits, which is as long as it is the current version.
    waiting = {"StringEquals": {"secretsmanager:VersionStage": "AWSCURRENT"}}
    for statement in statements(role):
        about = " ".join(text(resource) for resource in listed(statement["Resource"]))
        if "secretsmanager:GetSecretValue" in listed(statement["Action"]) and KEY_PAIR in about:
            if statement.get("Condition") != waiting:
                faults.append("intake may read key pairs that are in use")
    return faults


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
            if actions != ["secretsmanager:ListSecrets"]:
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
        } | ({("sqs:SendMessage", "${LostRuns.Arn}")} if name == "refresh" else set())
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
def the_key_is_kept(template: dict) -> list[str]:
    key, faults = template["Resources"]["Key"], []
    if key["Properties"].get("EnableKeyRotation") is not True:
        faults.append("the key does not rotate")
    for name, one in {"Key": key, **of_type(template, "AWS::SecretsManager::Secret")}.items():
        if (one.get("DeletionPolicy"), one.get("UpdateReplacePolicy")) != ("RetainExceptOnCreate", "Retain"):
            faults.append(f"{name} goes with the stack")
    return faults


@rule
def secrets_are_made_as_the_code_reads_them(template: dict) -> list[str]:
    kinds = {
        "api-keys": ({"schema": 1, "kind": "api-keys", "keys": []}, 43),
        "sealing-key": ({"schema": 1, "kind": "sealing-key"}, 64),
        "link-key": ({"schema": 1, "kind": "link-key"}, 64),
    }
    found, faults = {}, []
    for name, one in of_type(template, "AWS::SecretsManager::Secret").items():
        properties = one["Properties"]
        found[text(properties["Name"]).removeprefix("${SecretPrefix}/")] = properties
        if "SecretString" in properties:
            faults.append(f"{name} is written down in the template")
        if text(properties.get("KmsKeyId", "")) != "${Key.Arn}":
            faults.append(f"{name} is not encrypted with the key")
    if found.keys() != kinds.keys():
        return [*faults, f"the secrets are {sorted(found)}"]
    for kind, (content, length) in kinds.items():
        made = found[kind].get("GenerateSecretString", {})
        if (
            json.loads(made.get("SecretStringTemplate", "null")) != content
            or made.get("GenerateStringKey") != "generated"
        ):
            faults.append(f"{kind} has another shape")
        if made.get("PasswordLength", 0) < length or not made.get("ExcludePunctuation") or made.get("IncludeSpace"):
            faults.append(f"{kind} is too short, or not of letters and digits")
    return faults


@rule
def the_schedule_has_a_role_of_its_own(template: dict) -> list[str]:
    faults = []
    for name, one in of_type(template, "AWS::Scheduler::Schedule").items():
        role = template["Resources"][one["Properties"]["Target"]["RoleArn"]["Fn::GetAtt"][0]]
        made = {(action, text(one_["Resource"])) for one_ in statements(role) for action in listed(one_["Action"])}
        if made != {("lambda:InvokeFunction", "${Refresh.Arn}"), ("sqs:SendMessage", "${LostRuns.Arn}")}:
            faults.append(f"{name} may do something else: {sorted(made)}")
        trust = role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
        if trust["Principal"] != {"Service": "scheduler.amazonaws.com"} or "aws:SourceArn" not in trust.get(
            "Condition", {}
        ).get("StringEquals", {}):
            faults.append(f"the role of {name} serves other schedules")
    return faults
