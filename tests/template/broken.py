"""Ways to break the template, each with the rule that must notice. Every rule has one at least."""

from documents import template as read
from gateway import INTEGRATIONS, body_of
from permissions import functions, policies_of, role_of, statements


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


def policies_of_role(template: dict, name: str) -> list[dict]:
    """The policies of a role, with those that a parameter asks for."""
    return policies_of(template["Resources"][name])


def mapping(template: dict) -> dict:
    """What takes events from their queue."""
    return properties(template, "EventDelivery")


def operation(function: str) -> dict:
    """A route to a function."""
    return {"x-amazon-apigateway-integration": {"$ref": f"{INTEGRATIONS}{function}"}, "responses": {}}


def paths(template: dict) -> dict:
    """The routes, by their paths."""
    return body_of(template)["paths"]


def api(template: dict) -> dict:
    """The properties of the API."""
    return properties(template, "Api")


def shared(template: dict) -> dict:
    """What all functions have."""
    return template["Globals"]["Function"]


def unseal(template: dict) -> None:
    """The value of the sealing key, written down."""
    secret = properties(template, "SealingKey")
    del secret["GenerateSecretString"]
    secret["SecretString"] = "k4.local.AAAA"


def generate_a_key(template: dict) -> None:
    """An API key in clear, until somebody replaces it."""
    secret = properties(template, "ApiKeys")
    content = secret.pop("SecretString")
    secret["GenerateSecretString"] = {"SecretStringTemplate": content, "GenerateStringKey": "generated"}


def name_secrets_by_a_parameter(template: dict) -> None:
    """A prefix that an operator may change."""
    template["Parameters"]["SecretPrefix"] = {"Type": "String", "Default": "teams-connect"}
    properties(template, "SealingKey")["Name"] = {"Fn::Sub": "${SecretPrefix}/sealing-key"}


def as_sam_writes_it(template: dict) -> None:
    """The API without a document of our own: SAM's has servers without a url."""
    del api(template)["DefinitionBody"]
    functions(template)["meetings"]["Properties"]["Events"] = {
        "Health": {"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "Api"}, "Method": "GET", "Path": "/healthz"}}
    }


def share_a_role(template: dict) -> None:
    """Meetings with the role of callback."""
    properties(template, "Meetings")["Role"] = {"Fn::GetAtt": ["CallbackRole", "Arn"]}


BROKEN = {
    "routes_are_those_of_the_readme": {
        "a route is missing": lambda t: paths(t).pop("/v1/customers/{customer}/users/{user}/meetings"),
        "a route is at another function": lambda t: paths(t)["/docs"].update(get=operation("meetings")),
        "a route is at nobody": lambda t: paths(t)["/healthz"].update(get=operation("health")),
        "a route is too many": lambda t: paths(t)["/v1/customers"].update(delete=operation("intake")),
        "nobody answers for the health": lambda t: paths(t).pop("/healthz"),
        "another method": lambda t: paths(t)["/oauth/callback"].update(post=paths(t)["/oauth/callback"].pop("get")),
    },
    "no_route_takes_what_is_not_named": {
        "$default": lambda t: paths(t).update({"/$default": {"x-amazon-apigateway-any-method": operation("intake")}}),
        "any path of another function": lambda t: paths(t).update({"/{proxy+}": {"get": operation("meetings")}}),
        "any path below another": lambda t: paths(t).update({"/v1/{proxy+}": {"get": operation("intake")}}),
        "any method": lambda t: paths(t)["/docs"].update({"x-amazon-apigateway-any-method": operation("intake")}),
        "a function's own address": lambda t: properties(t, "Intake").update(FunctionUrlConfig={"AuthType": "NONE"}),
        "an event of SAM's": as_sam_writes_it,
    },
    "the_import_of_the_api_cannot_fail_on_a_remark": {
        "a remark stops the API": lambda t: api(t).update(FailOnWarnings=True),
        "servers as SAM writes them": as_sam_writes_it,
        "no url": lambda t: body_of(t)["servers"][0].pop("url"),
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
        "callback cannot connect": lambda t: about(t, "callback", "Connections").update(Action=[]),
    },
    "intake_cannot_read_what_it_wrote": {
        "it may": lambda t: about(t, "intake", "Apps")["Action"].append("secretsmanager:GetSecretValue"),
        "it may, by many at once": lambda t: secrets(t, "intake")[0].update(
            Action="secretsmanager:BatchGetSecretValue", Resource="*"
        ),
    },
    "contents_are_read_by_label": {
        "any version": lambda t: about(t, "meetings", "ConnectionsAreRead").pop("Condition"),
        "the one before": lambda t: about(t, "callback", "ConnectionsAreRead")["Condition"]["StringEquals"].update(
            {"secretsmanager:VersionStage": ["AWSCURRENT", "AWSPREVIOUS"]}
        ),
        "a key that is in use": lambda t: about(t, "intake", "KeyPairsThatWait").pop("Condition"),
        "not the one before, while a key is replaced": lambda t: about(t, "intake", "ApiKeys")["Condition"][
            "StringEquals"
        ].update({"secretsmanager:VersionStage": "AWSCURRENT"}),
    },
    "what_is_deleted_can_be_restored": {
        "at once": lambda t: about(t, "intake", "AppsAreMarked").pop("Condition"),
        "soon": lambda t: about(t, "refresh", "ConnectionsAreMarked").update(
            Condition={"NumericEquals": {"secretsmanager:RecoveryWindowInDays": 7}}
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
        "every secret": lambda t: about(t, "meetings", "ApiKeys").update(Resource="*"),
        "every action": lambda t: about(t, "meetings", "ApiKeys").update(Action="secretsmanager:*"),
        "more beside ListSecrets": lambda t: about(t, "refresh", "NamesAndTagsOfAll").update(
            Action=["secretsmanager:ListSecrets", "secretsmanager:DescribeSecret"]
        ),
    },
    "roles_have_nothing_else": {
        "a policy of AWS": lambda t: properties(t, "IntakeRole").update(
            ManagedPolicyArns=["arn:aws:iam::aws:policy/SecretsManagerReadWrite"]
        ),
        "one role for two": share_a_role,
        "another queue": lambda t: policies_of_role(t, "IntakeRole")[-1]["PolicyDocument"]["Statement"][0].update(
            Resource={"Fn::GetAtt": ["DeadLetters", "Arn"]}
        ),
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
    "the_key_rotates": {
        "it does not": lambda t: properties(t, "Key").pop("EnableKeyRotation"),
    },
    "what_cannot_be_made_again_outlives_the_stack": {
        "the key goes": lambda t: t["Resources"]["Key"].pop("DeletionPolicy"),
        "a secret goes": lambda t: t["Resources"]["ApiKeys"].update(DeletionPolicy="Delete"),
        "the trail goes": lambda t: t["Resources"]["MeetingsLog"].pop("DeletionPolicy"),
        "the trail goes when its name changes": lambda t: t["Resources"]["AccessLog"].pop("UpdateReplacePolicy"),
        "a failed first deployment leaves it": lambda t: t["Resources"]["IntakeLog"].update(DeletionPolicy="Retain"),
        "a new kind": lambda t: t["Resources"].update(Table={"Type": "AWS::DynamoDB::Table", "Properties": {}}),
    },
    "secrets_begin_as_the_code_reads_them_and_stay": {
        "a value in the template": unseal,
        "an API key in clear": generate_a_key,
        "API keys are overwritten": lambda t: properties(t, "ApiKeys").update(SecretString='{"keys":[]}'),
        "too short": lambda t: properties(t, "SealingKey")["GenerateSecretString"].update(PasswordLength=32),
        "longer, and so another one": lambda t: properties(t, "LinkKey")["GenerateSecretString"].update(
            PasswordLength=96
        ),
        "another name": lambda t: properties(t, "ApiKeys").update(Name={"Fn::Sub": "${AWS::StackName}/keys"}),
        "another key": lambda t: properties(t, "ApiKeys").pop("KmsKeyId"),
        "one more": lambda t: t["Resources"].update(Other=t["Resources"]["LinkKey"]),
    },
    "no_parameter_leaves_behind_what_customers_rest_on": {
        "a prefix that can be changed": name_secrets_by_a_parameter,
        "the functions look elsewhere": lambda t: shared(t)["Environment"]["Variables"].update(
            SECRET_PREFIX={"Ref": "MicrosoftCloud"}
        ),
        "another log for another cloud": lambda t: properties(t, "RefreshLog").update(
            LogGroupName={"Fn::Sub": "/aws/lambda/${MicrosoftCloud}"}
        ),
    },
    "functions_are_rolled_out_by_an_alias_that_alarms_take_back": {
        "no alias": lambda t: shared(t).pop("AutoPublishAlias"),
        "at once": lambda t: t["Parameters"]["Rollout"].update(Default="AllAtOnce"),
        "no alarm": lambda t: shared(t)["DeploymentPreference"].pop("Alarms"),
        "a change of the time limit is lost": lambda t: properties(t, "Refresh").pop("AutoPublishAliasAllProperties"),
        "one function goes its own way": lambda t: properties(t, "Intake").update(
            DeploymentPreference={"Type": "AllAtOnce"}
        ),
    },
    "the_role_of_the_rollout_moves_aliases_and_nothing_else": {
        "SAM's own role": lambda t: shared(t)["DeploymentPreference"].pop("Role"),
        "it may call": lambda t: policies(t, "RolloutRole")[0]["PolicyDocument"]["Statement"][0]["Action"].append(
            "lambda:InvokeFunction"
        ),
        "for any account": lambda t: properties(t, "RolloutRole")["AssumeRolePolicyDocument"]["Statement"][0].pop(
            "Condition"
        ),
    },
    "events_are_tried_for_a_day_and_then_kept": {
        "an attempt less": lambda t: properties(t, "Events")["RedrivePolicy"].update(maxReceiveCount=14),
        "given up without a trace": lambda t: properties(t, "Events").pop("RedrivePolicy"),
        "forgotten within a day": lambda t: properties(t, "Events").update(MessageRetentionPeriod=86400),
        "dead letters go at once": lambda t: properties(t, "DeadLetters").update(MessageRetentionPeriod=345600),
        "taken twice": lambda t: properties(t, "Events").update(VisibilityTimeout=300),
        "a longer run": lambda t: properties(t, "Refresh").update(Timeout=900),
        "an open queue": lambda t: properties(t, "DeadLetters").pop("SqsManagedSseEnabled"),
    },
    "refresh_is_handed_events_and_says_which_it_delivered": {
        "nobody takes them": lambda t: t["Resources"].pop("EventDelivery"),
        "another queue": lambda t: mapping(t).update(EventSourceArn={"Fn::GetAtt": ["DeadLetters", "Arn"]}),
        "all or none": lambda t: mapping(t).pop("FunctionResponseTypes"),
        "one at a time": lambda t: mapping(t).update(BatchSize=1),
        "held back": lambda t: mapping(t).update(MaximumBatchingWindowInSeconds=60),
        "all of the account's concurrency": lambda t: mapping(t).pop("ScalingConfig"),
        "while all is stopped": lambda t: mapping(t).pop("Enabled"),
    },
    "nothing_of_events_is_there_without_a_receiver": {
        "a queue for nobody": lambda t: t["Resources"]["Events"].pop("Condition"),
        "an alarm for nobody": lambda t: t["Resources"]["EventsLost"].pop("Condition"),
        "no alarm": lambda t: t["Resources"].pop("EventsWaiting"),
        "another sends": lambda t: shared(t)["Environment"]["Variables"].pop("EVENT_QUEUE_URL"),
        "nobody is called": lambda t: properties(t, "Refresh")["Environment"]["Variables"].pop("WEBHOOK_URL"),
        "callback cannot send": lambda t: properties(t, "CallbackRole")["Policies"].pop(),
        "always allowed": lambda t: properties(t, "IntakeRole")["Policies"].append(policies_of_role(t, "IntakeRole")[-1]),
    },
    "nothing_calls_a_function_past_its_alias": {
        "the queue": lambda t: mapping(t).update(FunctionName={"Ref": "Refresh"}),
        "the API": lambda t: body_of(t)["components"]["x-amazon-apigateway-integrations"]["intake"].update(
            uri={"Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/${Intake.Arn}/invocations"}
        ),
        "the schedule": lambda t: properties(t, "KeepAlive")["Target"].update(Arn={"Fn::GetAtt": ["Refresh", "Arn"]}),
    },
    "a_change_of_a_setting_is_published": {
        "not one of this setting": lambda t: properties(t, "SettingsVersion").update(Content="{}"),
        "not at this function": lambda t: properties(t, "Callback").pop("VersionDescription"),
        "a number without a change": lambda t: properties(t, "SettingsVersion")["Content"]["Fn::Sub"].__setitem__(
            0, properties(t, "SettingsVersion")["Content"]["Fn::Sub"][0] + "${AlarmEmail}"
        ),
        "a setting more": lambda t: shared(t)["Environment"]["Variables"].update(DAYS={"Ref": "LogRetentionInDays"}),
    },
    "the_switch_stops_every_function_and_starts_it_as_it_was": {
        "one goes on": lambda t: properties(t, "Intake").pop("ReservedConcurrentExecutions"),
        "one stays stopped": lambda t: properties(t, "Callback").update(ReservedConcurrentExecutions=0),
    },
    "a_new_account_takes_the_first_deployment": {
        "a reservation by default": lambda t: t["Parameters"]["ReservedConcurrency"].update(Default=20),
    },
    "nothing_waits_for_itself": {
        "an alarm that knows the API": lambda t: shared(t)["DeploymentPreference"]["Alarms"]["Fn::If"][1].append(
            {"Ref": "ServerErrors"}
        ),
    },
    "nothing_is_larger_than_aws_takes_it": {
        "a role": lambda t: policies(t, "MeetingsRole")[1]["PolicyDocument"]["Statement"].extend(
            secrets(t, "meetings") * 4
        ),
        "a policy of AWS": lambda t: shared(t)["DeploymentPreference"].pop("Role"),
        "a name": lambda t: properties(t, "Refresh").update(FunctionName={"Fn::Sub": "${AWS::StackName}-keep-alive"}),
        "a description": lambda t: properties(t, "Intake").update(VersionDescription="x" * 257),
    },
    "the_access_log_has_no_path_and_no_query": {
        "the path": lambda t: properties(t, "Api")["AccessLogSettings"].update(
            Format='{"path":"$context.path","requestId":"$context.requestId"}'
        ),
        "none": lambda t: properties(t, "Api").pop("AccessLogSettings"),
        "no reason of a 5xx": lambda t: api(t)["AccessLogSettings"].update(
            Format=api(t)["AccessLogSettings"]["Format"].replace("$context.integrationErrorMessage", "")
        ),
    },
    "what_the_gateway_turns_away_is_counted_and_has_an_alarm": {
        "not counted": lambda t: t["Resources"].pop("RequestsTurnedAway"),
        "every 429, the functions' own too": lambda t: properties(t, "RequestsTurnedAway").update(
            FilterPattern='{ $.status = "429" }'
        ),
        "no alarm": lambda t: t["Resources"].pop("RequestsThrottled"),
        "another name in the log": lambda t: api(t)["AccessLogSettings"].update(
            Format=api(t)["AccessLogSettings"]["Format"].replace("functionStatus", "answer")
        ),
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
    "strangers_do_not_empty_the_buckets_of_the_ats": {
        "no throttle at all": lambda t: api(t)["DefaultRouteSettings"].pop("ThrottlingBurstLimit"),
        "one bucket for all": lambda t: api(t).pop("RouteSettings"),
        "a route is forgotten": lambda t: api(t)["RouteSettings"].pop("GET /docs"),
        "a route that is not there": lambda t: api(t)["RouteSettings"].update({"GET /doc": {}}),
        "as much as the ATS": lambda t: t["Parameters"]["AnonymousThrottlingRate"].update(Default=50),
        "a route of its own rate": lambda t: api(t)["RouteSettings"]["GET /m/{link}"].update(ThrottlingRateLimit=50),
    },
    "only_the_api_calls_a_function": {
        "anybody's API": lambda t: properties(t, "IntakePermission").pop("SourceArn"),
        "somebody else": lambda t: properties(t, "IntakePermission").update(Principal="*"),
        "past the alias": lambda t: properties(t, "IntakePermission").update(FunctionName={"Ref": "Intake"}),
        "nobody": lambda t: t["Resources"].pop("IntakePermission"),
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
