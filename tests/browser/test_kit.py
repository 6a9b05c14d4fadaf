"""The files of the kit, as a browser saved them: each is read by its language, and the script for Bash is run."""

import json
import os
import re
import subprocess
from pathlib import Path

import hcl2
import pytest
import tree_sitter_powershell
from tree_sitter import Language, Parser

KIT = Path(os.environ["KIT"])
LANGUAGES = ["pl", "en"]
PASTE = {"pl": "Wklej te wartości do formularza:", "en": "Paste these values into the form:"}
GRAPH = "00000003-0000-0000-c000-000000000000"
PERMISSIONS = {
    "openid": "37f7f235-527c-4136-accd-4a02d197296e",
    "profile": "14dad69e-099b-42c9-810b-d002981feec1",
    "offline_access": "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
    "User.Read": "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
    "OnlineMeetings.ReadWrite": "a65f2972-a4f8-4f5e-afd7-69ccb046d5dc",
}
REDIRECT_URI = re.compile(r"http://localhost:\d+/oauth/callback")

# Answers as Azure CLI would, and notes what it was asked. CONSENT says whether the administrator may grant it.
AZ = """#!/usr/bin/env python3
import json, os, sys
words = sys.argv[1:]
with open(os.environ["ASKED"], "a") as asked:
    asked.write(json.dumps(words) + "\\n")
match words[:3]:
    case ["account", "show", *_]:
        print("the-tenant") if os.environ.get("SIGNED_IN") else sys.exit(1)
    case ["ad", "app", "create"]:
        print("the-app")
    case ["ad", "sp", "show"]:
        sys.exit(3)
    case ["ad", "app", "credential"]:
        print("the-secret") if "--query" in words else None
    case ["ad", "app", "permission"]:
        sys.exit(0 if os.environ.get("CONSENT") else 1)
"""


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


def text(language, ending):
    return (KIT / language / f"teams-connect.{ending}").read_text(encoding="utf-8")


class Bash:
    """A machine with a pretended Azure CLI, on which time does not pass."""

    def __init__(self, folder, language):
        self.script = KIT / language / "teams-connect.sh"
        self.asked_file = folder / "asked"
        self.path = f"{folder}:{os.environ['PATH']}"
        for name, program in [("az", AZ), ("sleep", "#!/bin/sh\n")]:
            (folder / name).write_text(program)
            (folder / name).chmod(0o755)

    def run(self, *arguments, **settings):
        environment = {"PATH": self.path, "ASKED": str(self.asked_file), **settings}
        return subprocess.run(["bash", self.script, *arguments], env=environment, capture_output=True, text=True)

    def asked(self):
        return [json.loads(line) for line in self.asked_file.read_text().splitlines()]


@pytest.fixture
def bash(tmp_path, language):
    return Bash(tmp_path, language)


def value_of(words, option):
    return words[words.index(option) + 1]


def test_shellcheck_has_nothing_to_say(bash):
    told = subprocess.run(["shellcheck", "--enable=all", "--exclude=SC2250,SC2310,SC2312", bash.script], capture_output=True, text=True)
    assert told.stdout == ""


def test_the_script_makes_the_app_and_prints_what_the_form_asks_for(bash, language):
    done = bash.run("6", SIGNED_IN="yes", CONSENT="yes")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert PASTE[language] in lines
    assert [lines[lines.index(name) + 1] for name in lines if name[:3] in ("A  ", "B  ", "C  ")] == ["the-app", "the-tenant", "the-secret"]
    create, grant, reset = [words for words in bash.asked() if words[2] in ("create", "permission", "credential") and words[1] == "app"]
    assert value_of(create, "--sign-in-audience") == "AzureADMyOrg"
    assert REDIRECT_URI.fullmatch(value_of(create, "--web-redirect-uris"))
    (access,) = json.loads(value_of(create, "--required-resource-accesses"))
    assert access["resourceAppId"] == GRAPH
    assert {entry["id"] for entry in access["resourceAccess"]} == set(PERMISSIONS.values())
    assert {entry["type"] for entry in access["resourceAccess"]} == {"Scope"}
    assert set(value_of(grant, "--scope").split()) == set(PERMISSIONS)
    assert "--append" in reset and re.fullmatch(r"\d{4}-\d\d-\d\d", value_of(reset, "--end-date"))


def test_a_certificate_is_registered_in_place_of_a_secret(bash, language, tmp_path):
    (tmp_path / "our.cer").write_text("-----BEGIN CERTIFICATE-----")
    done = bash.run("--certificate", str(tmp_path / "our.cer"), SIGNED_IN="yes", CONSENT="yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "the-app" in done.stdout and "the-tenant" in done.stdout and "the-secret" not in done.stdout
    (reset,) = [words for words in bash.asked() if words[2] == "credential"]
    assert value_of(reset, "--cert") == f"@{tmp_path / 'our.cer'}" and "--append" in reset


def test_a_certificate_that_is_not_there_is_asked_for_before_anything_is_made(bash):
    done = bash.run("--certificate", "nowhere.cer", SIGNED_IN="yes")
    assert (done.returncode, done.stdout) == (2, "")
    assert not bash.asked_file.exists()


def test_without_the_right_to_consent_the_values_come_all_the_same(bash):
    done = bash.run(SIGNED_IN="yes")
    assert done.returncode == 0 and "the-secret" in done.stdout
    assert "API" in done.stderr
    assert len([words for words in bash.asked() if words[2] == "permission"]) == 4


def test_whoever_is_not_signed_in_is_told_how(bash):
    done = bash.run()
    assert (done.returncode, done.stdout) == (1, "")
    assert "az login --allow-no-subscriptions" in done.stderr


@pytest.mark.parametrize("months", ["0", "25", "x", "1; az", "-1"])
def test_a_secret_lasts_from_1_to_24_months(bash, months):
    done = bash.run(months, SIGNED_IN="yes")
    assert (done.returncode, done.stdout) == (2, "")
    assert not bash.asked_file.exists()


def nodes(node):
    yield node
    for child in node.children:
        yield from nodes(child)


def test_powershell_reads_its_script(language):
    script = text(language, "ps1")
    assert script.startswith("\ufeff#Requires -Modules")
    tree = Parser(Language(tree_sitter_powershell.language())).parse(script.removeprefix("\ufeff").encode())
    assert [node for node in nodes(tree.root_node) if node.is_error or node.is_missing] == []
    called = {node.text.decode() for node in nodes(tree.root_node) if node.type == "command_name"}
    assert {"New-MgApplication", "New-MgServicePrincipal", "New-MgOauth2PermissionGrant", "Add-MgApplicationPassword"} <= called
    assert "-KeyCredentials ($known + $added)" in script, "what is registered stays"
    assert all(f"'{name}' = '{id}'" in script for name, id in PERMISSIONS.items())
    assert REDIRECT_URI.search(script)


def plain(value):
    return value.strip('"') if isinstance(value, str) else value


def test_terraform_reads_its_file(language):
    document = hcl2.loads(text(language, "tf"))
    (settings,) = document["locals"]
    assert REDIRECT_URI.fullmatch(plain(settings["redirect_uri"]))
    assert plain(settings["graph"]) == GRAPH
    assert {plain(name): plain(id) for name, id in settings["permissions"].items() if not name.startswith("__")} == PERMISSIONS
    made = {plain(kind) for resource in document["resource"] for kind in resource if not kind.startswith("__")}
    assert made == {
        "azuread_application",
        "azuread_service_principal",
        "azuread_service_principal_delegated_permission_grant",
        "azuread_application_password",
        "azuread_application_certificate",
        "time_offset",
    }
    outputs = [plain(name) for output in document["output"] for name in output if not name.startswith("__")]
    assert outputs == ["client_id", "tenant", "client_secret", "expires_on"]
