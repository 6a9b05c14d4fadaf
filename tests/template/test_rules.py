"""The template keeps every rule, and every rule notices when it is broken."""


import pytest

import access
import documents
from broken import BROKEN, broken
from permissions import ARN, functions, matches, pairs, role_of
from rules import RULES


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_template_keeps(rule):
    assert rule(documents.template()) == []


CASES = [(rule, name, how) for rule in RULES for name, how in BROKEN.get(rule.__name__, {}).items()]


@pytest.mark.parametrize(("rule", "name", "how"), CASES, ids=[f"{rule.__name__}: {name}" for rule, name, _ in CASES])
def test_a_broken_template_is_refused(rule, name, how):
    assert rule(broken(how)), name


def test_every_rule_has_a_fixture_that_breaks_it():
    assert set(BROKEN) == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize(
    ("function", "change", "told"),
    [
        ("meetings", lambda parts: parts | {"SignInKeys"}, "meetings needs GetSecretValue"),
        ("refresh", lambda parts: parts - {"SecretIndex"}, "no part of refresh can ListSecrets"),
        ("intake", lambda parts: parts | {"AppReader"}, None),
        ("intake", lambda parts: parts | {"Diary"}, "nobody has said what Diary does"),
    ],
    ids=["a part more", "a part less", "a part that needs nothing more", "a new part"],
)
def test_a_function_that_gains_or_loses_a_part_needs_another_policy(monkeypatch, function, change, told):
    touches = documents.touches()
    touches[function] = change(touches[function])
    monkeypatch.setattr(documents, "touches", lambda: touches)
    faults = access.policies_follow_the_parts_of_architecture(documents.template())
    assert any(told in fault for fault in faults) if told else faults == []


def test_no_name_of_one_kind_passes_for_another():
    """`*` of IAM takes slashes, and ids come from outside."""
    ids = ["a", "app", "connections", "app-abcdef", "hand-overs", "a.b@c_d", "customers", "key-pair", "x" * 64]
    apps = {f"{ARN}customers/{one}/app-Ab1Cd2" for one in ids}
    nodes = {
        kind: {f"{ARN}customers/{one}/{kind}{child}-Ab1Cd2" for one in ids for child in ("", "/0123456789abcdef")}
        for kind in ("connections", "hand-overs")
    }
    pairs_that_wait = {f"{ARN}customers/{one}/key-pair-Ab1Cd2" for one in ids}
    own = ("api-keys", "sealing-key", "intake-key", "next-steps-key", "support-key", "link-key", "webhook-key", "claims/7f") + (
        "issuer-key",
        "issuer-next-key",
        "issuer-jwks",
    )
    keys = {f"{ARN}{key}-Ab1Cd2" for key in own}
    everything = apps | nodes["connections"] | nodes["hand-overs"] | pairs_that_wait | keys
    app = f"{ARN}customers/*/app-??????"
    assert {arn for arn in everything if matches(app, arn)} == apps
    for kind, own in nodes.items():
        assert {arn for arn in everything if matches(f"{ARN}customers/*/{kind}*", arn)} == own
    # What stands for a name without a secret opens no secret.
    assert not [arn for arn in everything if matches(app.removesuffix("-??????"), arn)]


def test_nobody_reads_a_secret_of_another_deployment():
    other = ARN.replace("${AWS::StackName}", "other")
    template = documents.template()
    for function in functions(template).values():
        for action, resource in pairs(role_of(template, function), "secretsmanager") - {("ListSecrets", "*")}:
            assert not matches(resource, f"{other}customers/a/app-Ab1Cd2"), (action, resource)
