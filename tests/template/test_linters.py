"""cfn-lint, SAM's validation and checkov are content, and would not be with less."""

import json
import os
from pathlib import Path

import pytest
from samcli.yamlhelper import yaml_dump

import documents
from broken import broken, properties
from gateway import body_of
from programs import BIN, run
from rollout import resolution
from translation import translated


def written(tmp_path: Path, template: dict) -> str:
    path = tmp_path / "template.yaml"
    path.write_text(yaml_dump(template))
    return str(path)


def test_cfn_lint_is_content(tmp_path):
    result = run(tmp_path, f"{BIN}/cfn-lint", str(documents.TEMPLATE))
    assert result.returncode == 0, result.stdout + result.stderr


def test_cfn_lint_is_content_with_what_sam_makes_of_it(tmp_path):
    path = tmp_path / "translated.json"
    path.write_text(json.dumps(translated(documents.template())))
    # W3045 and others about style do not matter in what a program wrote.
    result = run(tmp_path, f"{BIN}/cfn-lint", "--ignore-checks", "W", "--", str(path))
    assert result.returncode == 0, result.stdout + result.stderr


def test_cfn_lint_refuses_what_is_not_cloudformation(tmp_path):
    path = written(tmp_path, broken(lambda template: properties(template, "LostRuns").update(SqsManagedSse=True)))
    assert "E3002" in run(tmp_path, f"{BIN}/cfn-lint", path).stdout


def test_sam_validates_the_template(tmp_path):
    """With `--lint` it asks nobody; without, it would list the managed policies of IAM."""
    result = run(tmp_path, f"{BIN}/sam", "validate", "--lint", "--template-file", str(documents.TEMPLATE))
    assert result.returncode == 0, result.stdout + result.stderr


def test_sam_refuses_a_reference_to_nothing(tmp_path):
    path = written(
        tmp_path, broken(lambda template: properties(template, "Intake").update(Role={"Fn::GetAtt": ["NoRole", "Arn"]}))
    )
    assert run(tmp_path, f"{BIN}/sam", "validate", "--lint", "--template-file", path).returncode != 0


def remarked(tmp_path: Path, template: dict, **parameters: str) -> str:
    """What swagger-parser says of the document that API Gateway imports, and nothing where it is content."""
    made = translated(template)
    path = tmp_path / "api.json"
    path.write_text(json.dumps(resolution(made, parameters).of(made["Resources"]["Api"]["Properties"]["Body"])))
    program = os.environ.get("API")
    assert program, "API names the program; ./run sets it"
    result = run(tmp_path, "node", program, str(path))
    assert (result.returncode == 0) is not bool(result.stderr)
    assert result.returncode or f"{len(body_of(template)['paths'])} paths" in result.stdout
    return result.stderr


@pytest.mark.parametrize("domain", ["", "teams.ats.example"], ids=["no domain", "a domain"])
def test_swagger_parser_has_no_remark_on_the_api(tmp_path, domain):
    assert remarked(tmp_path, documents.template(), DomainName=domain) == ""


@pytest.mark.parametrize(
    ("how", "what"),
    [
        (lambda template: body_of(template)["servers"][0].pop("url"), "must have required property 'url'"),
        (
            lambda template: body_of(template)["paths"]["/docs"]["get"].pop("responses"),
            "must have required property 'responses'",
        ),
        (
            lambda template: body_of(template)["paths"]["/m/{link}"]["parameters"][0].pop("schema"),
            "must have required property 'schema'",
        ),
    ],
    ids=["servers as SAM writes them", "no responses", "a parameter as SAM writes it"],
)
def test_swagger_parser_remarks_on_what_sam_writes_by_itself(tmp_path, how, what):
    assert what in remarked(tmp_path, broken(how))


def checked(tmp_path: Path, path: str) -> dict:
    checkov = os.environ.get("CHECKOV")
    assert checkov, "CHECKOV names the program; ./run sets it"
    result = run(
        tmp_path,
        checkov,
        "--file",
        path,
        "--framework",
        "cloudformation",
        "--skip-download",
        "--output",
        "json",
        "--quiet",
    )
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("checkov")
    return {
        "whole": checked(folder, str(documents.TEMPLATE)),
        "unexcused": checked(folder, written(folder, without_excuses())),
    }


def without_excuses() -> dict:
    template = documents.template()
    for resource in template["Resources"].values():
        resource.get("Metadata", {}).pop("checkov", None)
    return template


def excuses() -> dict[tuple[str, str], str]:
    return {
        (name, skip["id"]): skip["comment"]
        for name, resource in documents.template()["Resources"].items()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    }


def test_checkov_is_content(told):
    summary = told["whole"]["summary"]
    assert (summary["failed"], summary["parsing_errors"]) == (0, 0)
    assert summary["passed"] > 50


def test_every_excuse_is_needed_and_says_why(told):
    failed = told["unexcused"]["results"]["failed_checks"]
    needed = {(one["resource"].split(".")[-1], one["check_id"]) for one in failed}
    assert needed == set(excuses())
    assert all(len(comment) > 40 and comment.endswith(".") for comment in excuses().values())


def test_checkov_refuses_a_key_that_does_not_rotate(tmp_path):
    path = written(tmp_path, broken(lambda template: properties(template, "Key").pop("EnableKeyRotation")))
    failed = checked(tmp_path, path)["results"]["failed_checks"]
    assert [one["check_id"] for one in failed] == ["CKV_AWS_7"]
