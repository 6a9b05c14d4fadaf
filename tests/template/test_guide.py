"""The operator's guide and the settings of SAM say what is true."""

import json
import re
import shlex
import subprocess
import sys
import tomllib

import pytest

import documents
from lifetime import KEPT
from permissions import functions
from rules import of_type

COSTS = documents.ROOT / "infra/costs"
sys.path.insert(0, str(COSTS))

import costs  # noqa: E402


def test_the_table_of_costs_is_made_by_its_program():
    made = costs.table(costs.read("prices.toml"), costs.read("assumptions.toml"))
    assert costs.with_table(documents.GUIDE.read_text(), made) == documents.GUIDE.read_text(), "run costs.py --write"


@pytest.mark.parametrize(
    "price", ["secrets_manager", "kms", "lambda", "http_api", "scheduler", "sqs", "cloudwatch", "transfer"]
)
def test_every_price_counts(price):
    prices, assumed = costs.read("prices.toml"), costs.read("assumptions.toml")
    before = sum(costs.costs(10_000, 20, prices, assumed).values())
    for name in prices[price]:
        dearer = costs.read("prices.toml")
        dearer[price][name] *= 2
        assert sum(costs.costs(10_000, 20, dearer, assumed).values()) > before, name


@pytest.mark.parametrize(("recruiters", "most"), [(10_000, 0.06), (1_000_000, 0.05)])
def test_a_recruiter_costs_a_few_cents(recruiters, most):
    together = sum(costs.costs(recruiters, 20, costs.read("prices.toml"), costs.read("assumptions.toml")).values())
    assert together / recruiters <= most


@pytest.mark.parametrize("recruiters", [100_000, 1_000_000])
def test_half_of_every_quota_of_a_region_is_enough(recruiters):
    assumed = costs.read("assumptions.toml")
    assert costs.secrets_of(recruiters, 20, assumed)[0] <= 500_000 / 2
    asked, working_seconds = costs.calls(recruiters, 20, assumed), assumed["secrets"]["working_days"] * 8 * 3600
    # AWS Secrets Manager quotas, calls a second.
    for name, quota in {"reads": 10_000, "writes": 50, "tags": 50, "descriptions": 10_000, "lists": 100}.items():
        assert asked[name] / working_seconds <= quota / 2, name


def test_what_is_counted_is_what_is_deployed():
    template, assumed = documents.template(), costs.read("assumptions.toml")["deployment"]
    alarms = [one["Properties"] for one in of_type(template, "AWS::CloudWatch::Alarm").values()]
    metrics = [each for alarm in alarms for each in alarm.get("Metrics", [{"MetricStat": {}}]) if "MetricStat" in each]
    assert assumed["alarm_metrics"] == len(metrics)
    assert assumed["memory_megabytes"] == template["Globals"]["Function"]["MemorySize"]
    assert assumed["own_secrets"] == len(of_type(template, "AWS::SecretsManager::Secret"))
    assert assumed["keys"] == len(of_type(template, "AWS::KMS::Key"))
    assert assumed["dashboards"] == len(of_type(template, "AWS::CloudWatch::Dashboard"))
    server_errors = [code for code, status in documents.problem_codes().items() if status == 5]
    refusals = documents.watched_refusals()
    by_name = ["CredentialsThatEnd", "Errors", "EventsRefused", "KeepAliveRuns", "RequestsTurnedAway"]
    assert assumed["metrics"] == len(by_name) + len(server_errors) + len(refusals)
    assert assumed["log_months"] * 30 == template["Parameters"]["LogRetentionInDays"]["Default"]


def samconfig() -> dict:
    return tomllib.loads((documents.TEMPLATE.parent / "samconfig.toml").read_text())


def overrides(environment: str) -> dict[str, str]:
    pairs = [one.split("=", 1) for one in samconfig()[environment]["deploy"]["parameters"]["parameter_overrides"]]
    return dict(pairs)


def faults_of(values: dict[str, str]) -> list[str]:
    parameters, faults = documents.template()["Parameters"], []
    for name, value in values.items():
        known = parameters.get(name)
        if known is None:
            faults.append(f"{name} is no parameter")
        elif "AllowedPattern" in known and not re.fullmatch(known["AllowedPattern"], value):
            faults.append(f"{name} has the wrong form")
        elif "AllowedValues" in known and value not in map(str, known["AllowedValues"]):
            faults.append(f"{name} is none of the allowed values")
        elif name in ("ReservedConcurrency", "MeetingsReservedConcurrency") and value != "0":
            faults.append(f"{name} asks for more than a new account has")
    missing = {name for name, one in parameters.items() if "Default" not in one} - values.keys()
    return faults + [f"{name} is missing" for name in sorted(missing)]


@pytest.mark.parametrize("environment", ["default", "production"])
def test_sam_is_given_parameters_that_the_template_takes(environment):
    assert faults_of(overrides(environment)) == []
    parts = samconfig()[environment]
    built = parts["build"]["parameters"]["build_dir"]
    assert parts["deploy"]["parameters"]["template_file"] == f"{built}/template.yaml"
    assert built.startswith("../../target/")
    assert parts["deploy"]["parameters"]["on_failure"] == "DELETE"


@pytest.mark.parametrize(
    "wrong",
    [
        {"Domain": "x"},
        {"DomainName": "https://teams.ats.example"},
        {"RedirectPath": "/elsewhere"},
        {"AtsCompletionUrl": "http://ats.example"},
        {"WebhookUrl": "http://ats.example/events"},
        {"WebhookUrl": "https://key@ats.example/events"},
        {"AtsCompletionUrl": 'https://ats.example/"'},
        {"AtsCompletionUrls": 'https://ats.example/"'},
        {"AtsCompletionUrls": "https://ats.example/,http://ats.example/"},
        {"AtsName": "x" * 51},
        {"AtsName": 'Kadry "ATS"'},
        {"AtsLogoUrl": "http://ats.example/logo.svg"},
        {"AtsLogoUrl": "https://key@ats.example/logo.svg"},
        {"AtsLogoUrl": "https://*/logo.svg"},
        {"AtsAccent": "red"},
        {"AtsSupportUrl": "javascript:alert(1)"},
        {"AtsPrivacyUrl": "https://key@ats.example/privacy"},
        {"PublicUrl": "https://ats.example/"},
        {"SecretPrefix": "teams-connect"},
        {"MicrosoftCloud": "china"},
        {"ReservedConcurrency": "20"},
        {"MeetingsReservedConcurrency": "50"},
        {"Rollout": "Canary10Percent1Minute"},
        {"ReplicaRegion": "Frankfurt"},
    ],
    ids=lambda wrong: next(iter(wrong.items())),
)
def test_a_wrong_parameter_would_be_noticed(wrong):
    assert faults_of(overrides("production") | wrong)


def what_may_be_replaced(policy: dict) -> set[str]:
    """The kinds of resources that a stack policy leaves open to being made anew, of those that are kept."""
    allowed, denied = policy["Statement"]
    assert (allowed["Effect"], allowed["Action"]) == ("Allow", "Update:*")
    assert (denied["Effect"], set(denied["Action"])) == ("Deny", {"Update:Replace", "Update:Delete"})
    assert allowed["Resource"] == denied["Resource"] == "*"
    return KEPT.keys() - set(denied["Condition"]["StringEquals"]["ResourceType"])


def test_the_stack_policy_protects_what_nobody_can_make_again():
    policy = json.loads((documents.TEMPLATE.parent / "stack-policy.json").read_text())
    assert what_may_be_replaced(policy) == set()
    policy["Statement"][1]["Condition"]["StringEquals"]["ResourceType"].remove("AWS::KMS::Key")
    assert what_may_be_replaced(policy) == {"AWS::KMS::Key"}


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", documents.guide(), re.DOTALL | re.MULTILINE)
    assert found, "the guide has no commands: the test reads nothing"
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


@pytest.mark.parametrize("block", blocks("sh"))
def test_the_commands_of_the_guide_are_shell(block):
    result = subprocess.run(
        ["bash", "-n"], input=block.replace("<", "").replace(">", ""), text=True, capture_output=True
    )
    assert result.returncode == 0, result.stderr


def commands() -> set[tuple[str, str, frozenset[str]]]:
    """`(service, operation, options)` of every `aws` command of the guide."""
    text = documents.guide().replace("\\\n", " ")
    found = set()
    for service, operation, rest in re.findall(r"\baws ([a-z][a-z0-9-]+) (wait [a-z-]+|[a-z][a-z-]+)([^\n`|;]*)", text):
        found.add((service, operation, frozenset(re.findall(r"--([a-z][a-z-]+)", rest))))
    return found


@pytest.mark.parametrize("command", sorted(commands(), key=str), ids=lambda command: " ".join(command[:2]))
def test_the_commands_of_the_guide_exist_in_the_aws_cli(command):
    """The options are those of the API, as botocore knows them."""
    import boto3
    from botocore import xform_name

    service, operation, options = command
    # Commands of the CLI's own.
    own = {("logs", "tail"): {"since", "filter-pattern", "follow"}, ("configure", "export-credentials"): {"format"}}
    if (service, operation) in own:
        assert options <= own[service, operation]
        return
    client = boto3.client({"deploy": "codedeploy", "s3api": "s3"}.get(service, service), region_name="eu-central-1")
    model = client.meta.service_model
    if operation.startswith("wait "):
        assert operation.removeprefix("wait ").replace("-", "_") in client.waiter_names
        return
    names = {xform_name(name, "-"): name for name in model.operation_names}
    assert operation in names
    members = model.operation_model(names[operation]).input_shape.members
    known = {xform_name(name, "-") for name in members} | {"query", "output", "region"}
    # What is true or false can be said with `no-`.
    known |= {f"no-{name}" for name in known}
    assert options <= known, options - known


def test_what_the_guide_puts_is_what_the_code_reads():
    """The contents in the guide have the shapes that `shared/src/adapters/vault/documents/deployment_keys.rs` names."""
    text = documents.GUIDE.read_text()
    shapes = [json.loads(shape) for shape in re.findall(r'`(\{"schema".*?\})`', text)]
    keys = {"sealing-key", "intake-key", "next-steps-key", "support-key", "link-key", "webhook-key"}
    of_issuer = {"issuer-key", "issuer-next-key", "issuer-jwks"}
    assert {shape["kind"] for shape in shapes} == {"api-keys"} | keys | of_issuer
    assert all(shape["schema"] == 1 for shape in shapes)
    for one in of_type(documents.template(), "AWS::SecretsManager::Secret").values():
        made = one["Properties"].get("GenerateSecretString", {})
        content = json.loads(made.get("SecretStringTemplate") or one["Properties"]["SecretString"])
        told = [shape for shape in shapes if {key: shape.get(key) for key in content} == content]
        assert told, content
        assert not made or any(made["GenerateStringKey"] in shape for shape in told)
    layout = (documents.ROOT / "shared/src/adapters/vault/documents/deployment_keys.rs").read_text()
    structs = re.findall(r"^struct (\w+)Document \{(.*?)^\}", layout, re.DOTALL | re.MULTILINE)
    fields = {name: set(re.findall(r"^    (\w+):", body, re.MULTILINE)) for name, body in structs}
    read_as = {"api-keys": "ApiKeys"} | dict.fromkeys(keys, "SealingKey")
    shapes = [shape for shape in shapes if shape["kind"] not in of_issuer]
    assert all(shape.keys() - {"schema"} <= fields[read_as[shape["kind"]]] for shape in shapes)


def test_the_limits_in_the_guide_are_those_that_the_code_reads():
    """A limit that the code does not know would leave a key that opens nothing."""
    text = documents.GUIDE.read_text()
    (key,) = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL) if '"sha256"' in block]
    caller = (documents.ROOT / "shared/src/domain/api_key.rs").read_text()
    assert all(f"{field}:" in caller for field in key)
    names = re.findall(r"^    ([A-Z]\w+),$", re.search(r"pub enum ApiScope \{(.*?)\}", caller, re.DOTALL)[1], re.MULTILINE)
    listed = re.findall(r"^\| `(\w+)` \|", text.split("| scope | opens |")[1].split("\n\n")[0], re.MULTILINE)
    assert sorted(listed) == sorted(name.lower() for name in names)
    assert set(key["scopes"]) <= set(listed)


def test_the_guide_installs_the_versions_that_are_tested():
    pinned = dict(
        line.split("==")
        for line in (documents.ROOT / "tests/template/requirements.txt").read_text().splitlines()
        if "==" in line
    )
    installed = dict(
        one.split("==") for one in shlex.split(re.search(r"pip install (.*)", documents.GUIDE.read_text())[1])
    )
    assert installed["aws-sam-cli"] == pinned["aws-sam-cli"]


# What people open at the ATS's own host. The rest of the routes is the ATS's own, or for operators.
ELSEWHERE = {"/", "/.well-known/security.txt", "/healthz", "/oauth/callback"}


def patterns_of_people() -> list[str]:
    """The paths that the ATS's web server passes on, of the table of routes."""
    paths = {route.split(" ", 1)[1] for _, route in documents.routes()}
    opened = {path for path in paths if not path.startswith("/v1/")} - ELSEWHERE
    return sorted(re.sub(r"\\{[^/]+\\}", "[^/]+", re.escape(path[1:]).replace(r"\-", "-")) for path in opened)


def test_the_rule_for_the_web_server_passes_on_what_people_open_and_nothing_else():
    (rule,) = re.findall(r'<match url="([^"]+)" />', documents.guide())
    assert rule == f"^({'|'.join(patterns_of_people())})$"
    for _, route in documents.routes():
        path = re.sub(r"\{[^/]+\}", "x", route.split(" ", 1)[1])
        assert bool(re.fullmatch(rule, path[1:])) == (not path.startswith("/v1/") and path not in ELSEWHERE), path


def test_every_function_and_output_that_the_guide_names_exists():
    text, template = documents.guide(), documents.template()
    for function in re.findall(r"/aws/lambda/\$S-([a-z]+)", text):
        assert function in functions(template)
    for output in re.findall(r"output `([A-Za-z]+)`", text):
        assert output in template["Outputs"]
