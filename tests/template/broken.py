"""Ways to break the template, each with the rule that must notice. Every rule has one at least."""

from documents import template as read
from permissions import functions, role_of, statements


def secrets(template: dict, function: str) -> list[dict]:
    """The statements of a function about secrets."""
    role = role_of(template, functions(template)[function])
    return [one for one in statements(role) if "secretsmanager" in str(one["Action"])]


def about(template: dict, function: str, sid: str) -> dict:
    """One of them."""
    return next(one for one in secrets(template, function) if one.get("Sid") == sid)


def properties(template: dict, name: str) -> dict:
    """The properties of a resource."""
    return template["Resources"][name]["Properties"]


def policies(template: dict, name: str) -> list[dict]:
    """The policies of a role."""
    return properties(template, name)["Policies"]


def event(path: str, method: str = "GET") -> dict:
    """A route."""
    return {"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "Api"}, "Method": method, "Path": path}}


def unseal(template: dict) -> None:
    """The value of the sealing key, written down."""
    secret = properties(template, "SealingKey")
    del secret["GenerateSecretString"]
    secret["SecretString"] = "k4.local.AAAA"


def share_a_role(template: dict) -> None:
    """Meetings with the role of callback."""
    properties(template, "Meetings")["Role"] = {"Fn::GetAtt": ["CallbackRole", "Arn"]}


BROKEN = {
    "routes_are_those_of_the_readme": {
        "a route is missing": lambda t: properties(t, "Meetings")["Events"].pop("OrderMeeting"),
        "a route is at another function": lambda t: properties(t, "Meetings")["Events"].update(
            Moved=properties(t, "Intake")["Events"].pop("Offboard")
        ),
        "a route is too many": lambda t: properties(t, "Intake")["Events"].update(More=event("/v1/customers")),
        "nobody answers for the health": lambda t: properties(t, "Meetings")["Events"].pop("Health"),
        "two answer for the health": lambda t: properties(t, "Intake")["Events"].update(Health=event("/healthz")),
        "another method": lambda t: properties(t, "Callback")["Events"]["Return"]["Properties"].update(Method="POST"),
    },
    "no_route_takes_what_is_not_named": {
        "$default": lambda t: properties(t, "Intake")["Events"].update(All={"Type": "HttpApi"}),
        "any path": lambda t: properties(t, "Intake")["Events"].update(All=event("/{proxy+}")),
        "a function's own address": lambda t: properties(t, "Intake").update(FunctionUrlConfig={"AuthType": "NONE"}),
    },
    "policies_are_those_of_the_guide": {
        "an action more": lambda t: about(t, "meetings", "Connections")["Action"].append("secretsmanager:DeleteSecret"),
        "an action less": lambda t: about(t, "callback", "Connections")["Action"].remove(
            "secretsmanager:RestoreSecret"
        ),
        "a name that no secret has yet": lambda t: about(t, "intake", "AppsThatMayNotExist").update(Resource="none"),
        "any end of a name": lambda t: about(t, "meetings", "ApiKeys").update(
            Resource={"Fn::Sub": about(t, "meetings", "ApiKeys")["Resource"]["Fn::Sub"].replace("-??????", "-*")}
        ),
    },
    "policies_follow_the_parts_of_architecture": {
        "meetings reads the sealing key": lambda t: role_of(t, functions(t)["meetings"])["Properties"][
            "Policies"
        ].append({"PolicyName": "more", "PolicyDocument": {"Statement": [about(t, "callback", "SealingKey")]}}),
        "callback cannot disconnect": lambda t: about(t, "callback", "Connections")["Action"].remove(
            "secretsmanager:DeleteSecret"
        ),
    },
    "intake_cannot_read_what_it_wrote": {
        "it may": lambda t: about(t, "intake", "Apps")["Action"].append("secretsmanager:GetSecretValue"),
        "it may, a key that is in use": lambda t: about(t, "intake", "KeyPairsThatWait").pop("Condition"),
        "it may, by many at once": lambda t: secrets(t, "intake")[0].update(
            Action="secretsmanager:BatchGetSecretValue", Resource="*"
        ),
    },
    "only_refresh_lists": {
        "meetings lists": lambda t: secrets(t, "meetings")[0].update(
            Action=["secretsmanager:GetSecretValue", "secretsmanager:ListSecrets"]
        ),
        "nobody lists": lambda t: about(t, "refresh", "NamesAndTagsOfAll").update(
            Action="secretsmanager:DescribeSecret"
        ),
    },
    "nothing_is_allowed_on_everything": {
        "every secret": lambda t: about(t, "meetings", "Apps").update(Resource="*"),
        "every action": lambda t: about(t, "meetings", "Apps").update(Action="secretsmanager:*"),
        "more beside ListSecrets": lambda t: about(t, "refresh", "NamesAndTagsOfAll").update(
            Action=["secretsmanager:ListSecrets", "secretsmanager:DescribeSecret"]
        ),
    },
    "roles_have_nothing_else": {
        "a policy of AWS": lambda t: properties(t, "IntakeRole").update(
            ManagedPolicyArns=["arn:aws:iam::aws:policy/SecretsManagerReadWrite"]
        ),
        "one role for two": share_a_role,
        "the log of another": lambda t: policies(t, "IntakeRole")[0]["PolicyDocument"]["Statement"][0].update(
            Resource={"Fn::GetAtt": ["CallbackLog", "Arn"]}
        ),
        "somebody else": lambda t: properties(t, "IntakeRole")["AssumeRolePolicyDocument"]["Statement"][0].update(
            Principal={"AWS": "123456789012"}
        ),
    },
    "the_key_works_only_through_secrets_manager": {
        "in a role": lambda t: policies(t, "MeetingsRole")[2]["PolicyDocument"]["Statement"][0].pop("Condition"),
        "in the key's policy": lambda t: properties(t, "Key")["KeyPolicy"]["Statement"][1].pop("Condition"),
        "all actions": lambda t: properties(t, "Key")["KeyPolicy"]["Statement"][0].update(Action="kms:*"),
    },
    "the_key_is_kept": {
        "no rotation": lambda t: properties(t, "Key").pop("EnableKeyRotation"),
        "the key goes": lambda t: t["Resources"]["Key"].pop("DeletionPolicy"),
        "a secret goes": lambda t: t["Resources"]["ApiKeys"].update(DeletionPolicy="Delete"),
    },
    "secrets_are_made_as_the_code_reads_them": {
        "a value in the template": unseal,
        "another kind": lambda t: properties(t, "ApiKeys")["GenerateSecretString"].update(SecretStringTemplate="{}"),
        "too short": lambda t: properties(t, "SealingKey")["GenerateSecretString"].update(PasswordLength=32),
        "another name": lambda t: properties(t, "ApiKeys").update(Name={"Fn::Sub": "${SecretPrefix}/keys"}),
        "another key": lambda t: properties(t, "ApiKeys").pop("KmsKeyId"),
    },
    "the_access_log_has_no_path_and_no_query": {
        "the path": lambda t: properties(t, "Api")["AccessLogSettings"].update(
            Format='{"path":"$context.path","requestId":"$context.requestId"}'
        ),
        "none": lambda t: properties(t, "Api").pop("AccessLogSettings"),
    },
    "every_function_has_a_log_that_ends": {
        "for ever": lambda t: properties(t, "IntakeLog").pop("RetentionInDays"),
        "none": lambda t: properties(t, "Intake").pop("LoggingConfig"),
        "of another": lambda t: properties(t, "Intake")["LoggingConfig"].update(LogGroup={"Ref": "CallbackLog"}),
    },
    "functions_are_built_and_bounded": {
        "another runtime": lambda t: t["Globals"]["Function"].update(Runtime="provided.al2"),
        "longer than API Gateway waits": lambda t: t["Globals"]["Function"].update(Timeout=60),
        "all of the account's concurrency": lambda t: properties(t, "Callback").pop("ReservedConcurrentExecutions"),
        "from another crate": lambda t: properties(t, "Callback").update(CodeUri="../../functions/intake"),
    },
    "settings_are_those_of_the_readme": {
        "one is missing": lambda t: t["Globals"]["Function"]["Environment"]["Variables"].pop("ATS_COMPLETION_URL"),
        "one is too many": lambda t: t["Globals"]["Function"]["Environment"]["Variables"].update(API_TOKEN="x"),
        "secrets with the account's key": lambda t: properties(t, "Intake").pop("Environment"),
    },
    "the_schedule_is_bounded": {
        "retried for a day": lambda t: properties(t, "KeepAlive")["Target"].pop("RetryPolicy"),
        "retried often": lambda t: properties(t, "KeepAlive")["Target"]["RetryPolicy"].update(MaximumRetryAttempts=185),
        "no queue": lambda t: properties(t, "KeepAlive")["Target"].pop("DeadLetterConfig"),
        "no queue in Lambda": lambda t: properties(t, "Refresh").pop("EventInvokeConfig"),
        "an event of another kind": lambda t: properties(t, "KeepAlive")["Target"].update(Input="{}"),
        "an open queue": lambda t: properties(t, "LostRuns").pop("SqsManagedSseEnabled"),
    },
    "the_schedule_has_a_role_of_its_own": {
        "every function": lambda t: policies(t, "KeepAliveRole")[0]["PolicyDocument"]["Statement"][0].update(
            Resource="arn:aws:lambda:*:*:function:*"
        ),
        "schedules of others": lambda t: properties(t, "KeepAliveRole")["AssumeRolePolicyDocument"]["Statement"][0].pop(
            "Condition"
        ),
    },
    "a_domain_closes_the_default_endpoint": {
        "it stays open": lambda t: properties(t, "Api").pop("DisableExecuteApiEndpoint"),
        "old TLS": lambda t: properties(t, "Domain")["DomainNameConfigurations"][0].update(SecurityPolicy="TLS_1_0"),
    },
    "the_api_is_throttled": {
        "it is not": lambda t: properties(t, "Api")["DefaultRouteSettings"].pop("ThrottlingBurstLimit"),
    },
    "every_log_becomes_metrics": {
        "one does not": lambda t: t["Resources"].pop("IntakeProblems"),
        "another sentence": lambda t: properties(t, "KeepAliveRuns").update(FilterPattern='{ $.message = "done" }'),
    },
    "every_refusal_that_is_watched_is_counted_and_has_an_alarm": {
        "one filter counts fewer": lambda t: properties(t, "RefreshRefusals").update(
            FilterPattern='{ $.audit = "*" && $.code = "unauthorized" }'
        ),
        "one has no alarm": lambda t: t["Resources"].pop("WrongUsers"),
    },
    "alarms_tell_somebody_and_are_in_the_guide": {
        "nobody": lambda t: properties(t, "ServerErrors").pop("AlarmActions"),
        "not in the guide": lambda t: t["Resources"].update(More=t["Resources"]["ServerErrors"]),
        "a metric that nobody writes": lambda t: properties(t, "LoggedErrors").update(MetricName="Mistakes"),
        "a code that does not exist": lambda t: properties(t, "InternalProblems")["Dimensions"][0].update(Value="oops"),
    },
    "everything_has_tags": {
        "one has none": lambda t: properties(t, "LostRuns").pop("Tags"),
        "a new kind": lambda t: t["Resources"].update(Table={"Type": "AWS::DynamoDB::Table", "Properties": {}}),
    },
    "the_operator_is_told_the_next_step": {
        "he is not": lambda t: t["Outputs"].pop("NextStep"),
    },
}


def broken(how) -> dict:
    """The template, broken in one way."""
    template = read()
    how(template)
    return template
