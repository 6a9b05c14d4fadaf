"""What the roles of the template allow, as plain pairs of action and resource."""

import re

ARN = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${AWS::StackName}/"
APP = "customers/*/app"
# The root and what was split off it: `connections`, `connections/{id}`.
CONNECTIONS, HAND_OVERS = "customers/*/connections*", "customers/*/hand-overs*"
KEY_PAIR = "customers/*/key-pair"
CLAIM = "claims/*"

# From the first version to the deletion and back.
WHOLE_LIFE = {
    "CreateSecret",
    "DeleteSecret",
    "DescribeSecret",
    "GetSecretValue",
    "PutSecretValue",
    "RestoreSecret",
    "TagResource",
}

# A node of connections or hand-overs is split by whoever writes it, and never deleted by whoever uses it.
NODE = {"CreateSecret", "GetSecretValue", "PutSecretValue", "TagResource"}
# What the schedule does with a node that it finds.
FOUND_NODE = {"DeleteSecret", "DescribeSecret", "GetSecretValue", "RestoreSecret", "TagResource"}

# What each part of ARCHITECTURE.md can do with secrets, and what it is useless without. A function may do no more than
# its parts can, and no less than its parts need: so a part that is added or taken away is missed here.
CAN = {
    "ApiKeys": {"api-keys": {"GetSecretValue"}},
    "SignInKeys": {"sealing-key": {"GetSecretValue"}},
    "IntakeLinkKeys": {"intake-key": {"GetSecretValue"}},
    "NextStepsKeys": {"next-steps-key": {"GetSecretValue"}},
    "SupportLinkKeys": {"support-key": {"GetSecretValue"}},
    "LinkKeys": {"link-key": {"GetSecretValue"}},
    "WebhookKeys": {"webhook-key": {"GetSecretValue"}},
    "HandOvers": {HAND_OVERS: NODE | {"RestoreSecret"}},
    "AppReader": {APP: {"GetSecretValue", "DescribeSecret"}},
    "AppWriter": {APP: WHOLE_LIFE - {"GetSecretValue"}, CLAIM: NODE, CONNECTIONS: {"DeleteSecret", "DescribeSecret"}},
    # Whether the app that a claim is of is there still, its tags say.
    "AppClaims": {CLAIM: NODE, APP: {"DescribeSecret"}},
    "PendingKeyPairs": {KEY_PAIR: WHOLE_LIFE},
    "Connections": {CONNECTIONS: NODE | {"RestoreSecret"}},
    "SecretIndex": {"*": {"ListSecrets"}, CONNECTIONS: FOUND_NODE, HAND_OVERS: FOUND_NODE},
    "AppStatusWriter": {APP: {"DescribeSecret", "TagResource"}},
    "TokenRefresher": {APP: {"GetSecretValue"}, CONNECTIONS: NODE, "issuer-key": {"GetSecretValue"}},
    "PublishedKeys": {"issuer-jwks": {"GetSecretValue"}},
    "AppChecker": {},
    "EventPublisher": {},
    "IntakeEvents": {},
    "Option<WebhookClient>": {},
    "Cancellations": {CONNECTIONS: NODE},
    "IntakeLinkLimiter": {},
    "SignInTestLimiter": {},
    "LinkLimiter": {},
    "MeetingLinkLimiter": {},
    "ResolvedLinks": {},
    "BaseUrl": {},
    "Arc<Branding>": {},
    "HeldValues<Connection>": {},
    # Where it redeems codes it signs for apps that trust our issuer.
    "SigningEntraClient": {"issuer-key": {"GetSecretValue"}},
    "EntraClient": {},
    "GraphClient": {},
    "Clock": {},
    "Randomness": {},
    "ScheduleSettings": {},
    "Settings": {},
}
NEEDS = CAN | {
    "AppReader": {APP: {"DescribeSecret"}},
}


def listed(value) -> list:
    """One or many, as IAM takes them."""
    return value if isinstance(value, list) else [value]


def functions(template: dict) -> dict[str, dict]:
    """The functions, by the name of their binary."""
    found = {
        resource["Metadata"]["BuildProperties"]["Binary"]: resource
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    assert found, "the template has no function"
    return found


def role_of(template: dict, function: dict) -> dict:
    """The role of a function."""
    return template["Resources"][function["Properties"]["Role"]["Fn::GetAtt"][0]]


def policies_of(role: dict) -> list[dict]:
    """A role's own policies, with those that a parameter asks for."""
    return [policy["Fn::If"][1] if "Fn::If" in policy else policy for policy in role["Properties"].get("Policies", [])]


def statements(role: dict) -> list[dict]:
    """All statements of a role's own policies."""
    return [one for policy in policies_of(role) for one in listed(policy["PolicyDocument"]["Statement"])]


def pairs(role: dict, service: str) -> set[tuple[str, str]]:
    """`(action, resource)` of all statements about a service."""
    found = set()
    for statement in statements(role):
        for action in listed(statement["Action"]):
            if action.split(":")[0] in (service, "*"):
                for resource in listed(statement["Resource"]):
                    found.add((action.split(":")[-1], text(resource)))
    return found


def text(resource) -> str:
    """A resource as text; references in the form that Fn::Sub writes them in."""
    match resource:
        case str():
            return resource
        case {"Fn::Sub": str(sub)}:
            return sub
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{name}.{attribute}}}"
        case {"Ref": name}:
            return f"${{{name}}}"
    return repr(resource)


def expected(table: dict[str, set[str]]) -> set[tuple[str, str]]:
    """The pairs that a function's part of the guide's table means."""
    found = set()
    for secret, actions in table.items():
        for action in actions:
            if secret == "*":
                found.add((action, "*"))
                continue
            if secret.endswith("*"):
                # The end of the pattern takes the six characters that AWS adds as well.
                found.add((action, f"{ARN}{secret}"))
                continue
            found.add((action, f"{ARN}{secret}-??????"))
            by_name = {"GetSecretValue", "DescribeSecret", "CreateSecret"}
            by_name |= {"TagResource"} if "CreateSecret" in actions else set()
            if secret in (APP, KEY_PAIR) and action in by_name:
                found.add((action, f"{ARN}{secret}"))
    return found


def parts_allow(parts: set[str], what: dict) -> dict[str, set[str]]:
    """What some parts allow together, by secret."""
    together: dict[str, set[str]] = {}
    for part in parts:
        for secret, actions in what[part].items():
            together.setdefault(secret, set()).update(actions)
    return together


def matches(pattern: str, arn: str) -> bool:
    """As IAM matches: `*` is any text, slashes included, `?` is one character."""
    parts = re.split(r"([*?])", pattern)
    return re.fullmatch("".join({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in parts), arn) is not None
