"""The files of the kit, as a browser saved them. The scripts for Bash and PowerShell are run on a directory that refuses
what Graph refuses; Terraform's is compared with what its providers take."""

import json
import os
import re
import subprocess
import sys
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from pathlib import Path

import hcl2
import pytest
import tree_sitter_powershell
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from tree_sitter import Language, Parser

from directory import GRAPH, TENANT, Directory, written

HERE = Path(__file__).parent
KIT = Path(os.environ["KIT"])
LANGUAGES = ["pl", "en"]
# What the page gave before and after it showed what an app must trust.
FOLDERS = ["", "federated"]
YES = {"pl": "tak", "en": "yes"}
PASTE = {"pl": "Wklej te wartości do formularza:", "en": "Paste these values into the form:"}
PERMISSIONS = {
    "openid": "37f7f235-527c-4136-accd-4a02d197296e",
    "profile": "14dad69e-099b-42c9-810b-d002981feec1",
    "offline_access": "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
    "User.Read": "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
    "OnlineMeetings.ReadWrite": "a65f2972-a4f8-4f5e-afd7-69ccb046d5dc",
}
REDIRECT_URI = re.compile(r"http://localhost:\d+/oauth/callback")
NAME = re.compile(r"Teams Connect \(kit\)")


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


def file(language, ending, folder=""):
    return KIT / language / folder / f"teams-connect.{ending}"


AUDIENCE = "api://AzureADTokenExchange"
ISSUER = re.compile(r"http://localhost:\d+")
SUBJECT = re.compile(r"[A-Za-z0-9_-]{22}")


class Machine:
    """Somebody's machine with a script of the kit, and the directory in which it works. Time does not pass there."""

    def __init__(self, folder, language, kit=""):
        self.folder, self.language, self.kit = folder, language, kit
        self.state = folder / "directory.json"
        az = f"#!/bin/sh\nexec '{sys.executable}' '{HERE}/azure_cli.py' \"$@\"\n"
        for name, program in [("az", az), ("sleep", "#!/bin/sh\n")]:
            (folder / name).write_text(program)
            (folder / name).chmod(0o755)

    def run(self, *arguments, answer="", signed_in=True):
        environment = {"PATH": f"{self.folder}:{os.environ['PATH']}", "DIRECTORY": str(self.state), "SIGNED_IN": "yes" if signed_in else ""}
        command = [*self.program, file(self.language, self.ending, self.kit), *self.spelled(arguments)]
        return subprocess.run(command, env=environment, input=answer, capture_output=True, text=True)

    def directory(self, **policy):
        directory = Directory(self.state)
        if policy:
            directory.held["policy"].update(policy)
            directory.keep()
        return directory

    def held(self):
        return deepcopy(Directory(self.state).held)

    def application(self):
        (application,) = self.held()["applications"]
        return application


class Bash(Machine):
    program, ending = ["bash"], "sh"

    def spelled(self, arguments):
        return arguments


class PowerShell(Machine):
    program, ending = [sys.executable, HERE / "powershell.py"], "ps1"

    def spelled(self, arguments):
        return [re.sub(r"^--(.)", lambda option: "-" + option[1].upper(), argument) for argument in arguments]


@pytest.fixture
def bash(tmp_path, language):
    return Bash(tmp_path, language)


@pytest.fixture(params=[(Bash, "pl"), (PowerShell, "en")], ids=["bash", "powershell"])
def machine(request, tmp_path):
    program, language = request.param
    return program(tmp_path, language)


@pytest.fixture(params=[(Bash, "pl"), (PowerShell, "en")], ids=["bash", "powershell"])
def trusting(request, tmp_path):
    """With a file of a page that shows what an app must trust."""
    program, language = request.param
    return program(tmp_path, language, "federated")


@pytest.fixture
def certificate(tmp_path):
    """As the page hands it out: it ends at a midnight in two years."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Teams Connect")])
    today = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), today - timedelta(days=1), today + timedelta(days=730))
    signed = builder.sign(key, SHA256())
    path = tmp_path / "our.cer"
    path.write_bytes(signed.public_bytes(Encoding.PEM))
    return path, written(signed.not_valid_after_utc)


def values(done):
    lines = [line.strip() for line in done.stdout.splitlines()]
    return [lines[lines.index(name) + 1] for name in lines if name[:3] in ("A  ", "B  ", "C  ")]


def midnight_in(days):
    return (datetime.now(timezone.utc) + timedelta(days=days)).strftime("%Y-%m-%dT00:00:00Z")


def scopes(grant):
    return set(grant["scope"].split())


@pytest.mark.parametrize("folder", FOLDERS)
def test_shellcheck_has_nothing_to_say(language, folder):
    told = subprocess.run(["shellcheck", "--enable=all", "--exclude=SC2250,SC2310,SC2312", file(language, "sh", folder)], capture_output=True, text=True)
    assert told.stdout == ""


@pytest.mark.parametrize("program", [Bash, PowerShell])
def test_a_script_makes_the_app_and_prints_what_the_form_asks_for(program, tmp_path, language):
    machine = program(tmp_path, language)
    done = machine.run()
    assert (done.returncode, done.stderr) == (0, "")
    application = machine.application()
    assert PASTE[machine.language] in done.stdout.splitlines()
    assert values(done) == [application["appId"], TENANT, "the-secret"]
    assert NAME.fullmatch(application["displayName"]) and application["signInAudience"] == "AzureADMyOrg"
    (redirect_uri,) = application["web"]["redirectUris"]
    assert REDIRECT_URI.fullmatch(redirect_uri)
    (access,) = application["requiredResourceAccess"]
    assert access["resourceAppId"] == GRAPH
    assert {entry["id"]: entry["type"] for entry in access["resourceAccess"]} == {id: "Scope" for id in PERMISSIONS.values()}
    graph, principal = machine.held()["servicePrincipals"]
    (grant,) = machine.held()["oauth2PermissionGrants"]
    assert (grant["clientId"], grant["resourceId"], grant["consentType"]) == (principal["id"], graph["id"], "AllPrincipals")
    assert scopes(grant) == set(PERMISSIONS)


@pytest.mark.parametrize(("arguments", "days"), [([], 365), (["--days", "1"], 1), (["--days", "90"], 90), (["--days", "730"], 730)])
def test_the_day_that_is_printed_is_the_one_that_entra_enforces(machine, arguments, days):
    done = machine.run(*arguments)
    (secret,) = machine.application()["passwordCredentials"]
    assert secret["endDateTime"] == midnight_in(days)
    assert secret["endDateTime"][:10] in done.stdout


def test_a_certificate_counts_until_its_own_end(machine, certificate):
    path, end = certificate
    done = machine.run("--certificate", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    application = machine.application()
    assert application["appId"] in done.stdout and TENANT in done.stdout and "the-secret" not in done.stdout
    (key,) = application["keyCredentials"]
    assert (key["endDateTime"], application["passwordCredentials"]) == (end, [])


def test_what_cannot_be_a_certificate_is_told_before_anything_is_made(machine, tmp_path):
    (tmp_path / "text.cer").write_text("-----BEGIN CERTIFICATE-----")
    for name in ("text.cer", "nowhere.cer"):
        done = machine.run("--certificate", str(tmp_path / name))
        assert done.returncode != 0 and done.stderr, name
    assert machine.held()["applications"] == []


@pytest.mark.parametrize("days", ["0", "731", "x", "1; az", "-1", "1.5"])
def test_a_secret_lasts_from_1_to_730_days(machine, days):
    done = machine.run("--days", days)
    assert done.returncode != 0 and done.stdout == ""
    assert machine.held()["applications"] == []


def test_days_are_not_for_a_certificate(machine, certificate):
    done = machine.run("--days", "90", "--certificate", str(certificate[0]))
    assert done.returncode != 0 and done.stdout == ""
    assert machine.held()["applications"] == []


def test_a_new_app_may_be_known_a_little_later(machine):
    machine.directory(lag=3)
    done = machine.run()
    assert done.returncode == 0 and values(done)[2] == "the-secret"
    assert len(machine.held()["servicePrincipals"]) == 2


def test_without_the_right_to_consent_the_values_come_all_the_same(machine):
    machine.directory(consent=False)
    done = machine.run()
    assert done.returncode == 0 and values(done)[2] == "the-secret"
    assert "API" in done.stderr


def test_whoever_is_not_signed_in_is_told_how(bash):
    done = bash.run(signed_in=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "az login --allow-no-subscriptions" in done.stderr


@pytest.mark.parametrize("spelled", [str, str.upper])
def test_a_name_that_is_taken_stops_the_script(machine, spelled):
    directory = machine.directory()
    planted = directory.create_application({"displayName": spelled("Teams Connect (kit)"), "web": {"redirectUris": ["https://evil.example/callback"]}})
    directory.keep()
    before = machine.held()
    done = machine.run()
    assert done.returncode != 0 and done.stdout == ""
    assert planted["appId"] in done.stderr
    assert machine.held() == before


def test_a_name_that_only_begins_alike_is_free(machine):
    directory = machine.directory()
    directory.create_application({"displayName": "Teams Connect (kit) 2"})
    directory.keep()
    assert machine.run().returncode == 0
    assert len(machine.held()["applications"]) == 2


def test_the_same_app_is_taken_again_only_by_its_id(machine):
    machine.run()
    application = machine.application()
    assert machine.run().returncode != 0
    done = machine.run("--app", application["appId"], answer=YES[machine.language] + "\n")
    assert done.returncode == 0, done.stderr
    assert values(done) == [application["appId"], TENANT, "the-secret"]
    again = machine.application()
    assert len(again["passwordCredentials"]) == 2
    assert {**again, "passwordCredentials": []} == {**application, "passwordCredentials": []}
    assert len(machine.held()["servicePrincipals"]) == 2 and len(machine.held()["oauth2PermissionGrants"]) == 1


@pytest.fixture
def others(machine):
    """An app that somebody made before: what is in it, and what was granted to it."""
    directory = machine.directory()
    mailbox = {"resourceAppId": "00000002-0000-0ff1-ce00-000000000000", "resourceAccess": [{"id": "dc50a0fb-09a3-484d-be87-e023b12c6440", "type": "Role"}]}
    user_read = {"resourceAppId": GRAPH, "resourceAccess": [{"id": PERMISSIONS["User.Read"], "type": "Scope"}]}
    application = directory.create_application({
        "displayName": "Old integration",
        "web": {"redirectUris": ["https://old.example/callback"]},
        "spa": {"redirectUris": ["https://spa.example"]},
        "owners": [{"displayName": "Ewa Nowak", "userPrincipalName": "ewa@firma.example"}],
        "passwordCredentials": [{"keyId": "1", "displayName": "ewa's", "endDateTime": "2099-01-01T00:00:00Z"}],
        "keyCredentials": [{"keyId": "2", "displayName": "CN=old", "key": "MA==", "startDateTime": "2024-01-01T00:00:00Z", "endDateTime": "2098-01-01T00:00:00Z"}],
        "federatedIdentityCredentials": [{"name": "robot", "issuer": "https://idp.example", "subject": "repo:x"}],
        "requiredResourceAccess": [mailbox, user_read],
    })
    principal = directory.create_principal(application["appId"])
    graph = directory.list("servicePrincipals", f"appId eq '{GRAPH}'")[0]
    for consent, scope in [("AllPrincipals", " User.Read Mail.Read"), ("Principal", "User.Read Calendars.Read")]:
        grant = {"clientId": principal["id"], "resourceId": graph["id"], "consentType": consent, "scope": scope}
        directory.create_grant(grant if consent == "AllPrincipals" else {**grant, "principalId": "ewa"})
    directory.keep()
    return application


def test_an_app_named_by_its_id_is_shown_first_and_touched_only_after_a_yes(machine, others):
    before = machine.held()
    for answer in ("", "nie\n", "no\n", "\n"):
        done = machine.run("--app", others["appId"], answer=answer)
        assert done.returncode != 0
        for part in ("Ewa Nowak", "ewa@firma.example", "ewa's", "2099", "CN=old", "2098", "robot", "https://idp.example", "https://old.example/callback", "https://spa.example"):
            assert part in done.stdout, part
        assert machine.held() == before


def test_what_is_in_an_app_stays_and_what_is_missing_is_added(machine, others):
    done = machine.run("--app", others["appId"], answer=YES[machine.language] + "\n")
    assert done.returncode == 0, done.stderr
    application = machine.application()
    assert [bool(REDIRECT_URI.fullmatch(uri)) for uri in sorted(application["web"]["redirectUris"])] == [True, False]
    mailbox, access = application["requiredResourceAccess"]
    assert mailbox == others["requiredResourceAccess"][0]
    ids = [entry["id"] for entry in access["resourceAccess"]]
    assert sorted(ids) == sorted(PERMISSIONS.values())
    assert application["keyCredentials"] == others["keyCredentials"] and len(application["passwordCredentials"]) == 2
    everybody, one = machine.held()["oauth2PermissionGrants"]
    assert scopes(everybody) == {*PERMISSIONS, "Mail.Read"}
    assert one["scope"] == "User.Read Calendars.Read", "a grant of one person's stays as it is"


def test_a_certificate_joins_those_that_are_there(machine, others, certificate):
    done = machine.run("--app", others["appId"], "--certificate", str(certificate[0]), answer=YES[machine.language] + "\n")
    assert done.returncode == 0, done.stderr
    old, new = machine.application()["keyCredentials"]
    assert old == others["keyCredentials"][0] and new["endDateTime"] == certificate[1]


def test_an_id_that_nobody_has_is_told(machine):
    done = machine.run("--app", "11111111-2222-3333-4444-555555555555", answer=YES[machine.language] + "\n")
    assert done.returncode != 0 and done.stdout == ""
    assert machine.held()["applications"] == []


def test_a_policy_of_the_directory_is_named_and_a_shorter_life_helps(machine):
    machine.directory(passwordDays=180)
    done = machine.run()
    assert done.returncode != 0 and "the-secret" not in done.stdout
    app_id = machine.application()["appId"]
    assert app_id in done.stderr and {"pl": "mniej dni", "en": "fewer days"}[machine.language] in done.stderr
    done = machine.run("--app", app_id, "--days", "90", answer=YES[machine.language] + "\n")
    assert done.returncode == 0, done.stderr
    (secret,) = machine.application()["passwordCredentials"]
    assert secret["endDateTime"] == midnight_in(90)


def test_where_secrets_are_forbidden_the_certificate_serves(machine, certificate):
    machine.directory(passwordAddition=False)
    assert machine.run().returncode != 0
    done = machine.run("--app", machine.application()["appId"], "--certificate", str(certificate[0]), answer=YES[machine.language] + "\n")
    assert done.returncode == 0, done.stderr


def trust_of(application):
    (federated,) = application["federatedIdentityCredentials"]
    assert federated["name"] == f"teams-connect-{federated['subject']}"
    assert ISSUER.fullmatch(federated["issuer"]) and SUBJECT.fullmatch(federated["subject"])
    assert federated["audiences"] == [AUDIENCE]
    return federated


def test_a_federated_credential_takes_the_place_of_a_secret(trusting):
    done = trusting.run("--federated")
    assert (done.returncode, done.stderr) == (0, "")
    application = trusting.application()
    federated = trust_of(application)
    text = file(trusting.language, trusting.ending, "federated").read_text(encoding="utf-8")
    assert f"'{federated['issuer']}'" in text and f"'{federated['subject']}'" in text
    assert (application["passwordCredentials"], application["keyCredentials"]) == ([], [])
    told = {"pl": "C  W formularzu zaznacz „Bez klucza tajnego”.", "en": "C  In the form, select “Without a secret”."}
    assert application["appId"] in done.stdout and TENANT in done.stdout and told[trusting.language] in done.stdout.splitlines()
    (grant,) = trusting.held()["oauth2PermissionGrants"]
    assert scopes(grant) == set(PERMISSIONS)


def test_the_same_credential_is_not_made_twice_and_gets_its_values_back(trusting):
    trusting.run("--federated")
    application = trusting.application()
    right = trust_of(application)
    directory = trusting.directory()
    (federated,) = directory.held["applications"][0]["federatedIdentityCredentials"]
    federated.update(issuer=federated["issuer"] + "/", audiences=["api://other"])
    directory.keep()
    done = trusting.run("--app", application["appId"], "--federated", answer=YES[trusting.language] + "\n")
    assert done.returncode == 0, done.stderr
    assert trust_of(trusting.application()) == right


def test_a_federated_credential_joins_what_is_there(trusting):
    directory = trusting.directory()
    robot = {"name": "robot", "issuer": "https://idp.example", "subject": "repo:x", "audiences": [AUDIENCE]}
    secret = {"keyId": "1", "displayName": "ours", "endDateTime": "2099-01-01T00:00:00Z"}
    application = directory.create_application({"displayName": "Ours", "federatedIdentityCredentials": [robot], "passwordCredentials": [secret]})
    directory.keep()
    done = trusting.run("--federated", "--app", application["appId"], answer=YES[trusting.language] + "\n")
    assert done.returncode == 0, done.stderr
    after = trusting.application()
    first, second = after["federatedIdentityCredentials"]
    assert first == robot and SUBJECT.fullmatch(second["subject"]) and after["passwordCredentials"] == [secret]


def test_where_federated_credentials_are_forbidden_the_app_is_named_and_a_secret_serves(trusting):
    trusting.directory(federation=False)
    done = trusting.run("--federated")
    app_id = trusting.application()["appId"]
    assert done.returncode != 0 and app_id in done.stderr and {"pl": "federacyjnego", "en": "federated"}[trusting.language] in done.stderr
    done = trusting.run("--app", app_id, answer=YES[trusting.language] + "\n")
    assert done.returncode == 0 and values(done)[2] == "the-secret", done.stderr


def test_one_kind_of_credential_is_chosen(trusting, certificate):
    for more in (["--days", "90"], ["--certificate", str(certificate[0])]):
        done = trusting.run("--federated", *more)
        assert done.returncode != 0 and done.stdout == "" and done.stderr, more
    assert trusting.held()["applications"] == []


def test_without_the_option_the_same_file_makes_a_secret(trusting):
    done = trusting.run("--days", "90")
    assert done.returncode == 0 and values(done)[2] == "the-secret"
    assert trusting.application()["federatedIdentityCredentials"] == []


def test_a_page_that_shows_no_trust_gives_no_option_for_it(machine):
    done = machine.run("--federated")
    assert done.returncode != 0 and machine.held()["applications"] == []


def nodes(node):
    yield node
    for child in node.children:
        yield from nodes(child)


@pytest.mark.parametrize("folder", FOLDERS)
def test_powershell_reads_its_script(language, folder):
    script = file(language, "ps1", folder).read_text(encoding="utf-8")
    assert script.startswith("\ufeff#Requires -Modules")
    tree = Parser(Language(tree_sitter_powershell.language())).parse(script.removeprefix("\ufeff").encode())
    assert [node for node in nodes(tree.root_node) if node.is_error or node.is_missing] == []


def plain(value):
    return value.strip('"') if isinstance(value, str) else value


def blocks(document, kind):
    """Type, name and body of each block."""
    for block in document.get(kind, []):
        for type, named in block.items():
            for name, body in named.items():
                yield plain(type), plain(name), body


def test_terraform_reads_its_file(language):
    document = hcl2.loads(file(language, "tf").read_text(encoding="utf-8"))
    (settings,) = document["locals"]
    assert REDIRECT_URI.fullmatch(plain(settings["redirect_uri"]))
    assert plain(settings["graph"]) == GRAPH
    assert {plain(name): plain(id) for name, id in settings["permissions"].items() if not name.startswith("__")} == PERMISSIONS
    made = {type: body for type, _, body in blocks(document, "resource")}
    assert made["azuread_application"]["prevent_duplicate_names"] is True
    for kind in ("password", "certificate"):
        assert plain(made[f"azuread_application_{kind}"]["end_date"]) == "${local.ends}", kind
    outputs = [plain(name) for output in document["output"] for name in output if not name.startswith("__")]
    assert outputs == ["client_id", "tenant", "client_secret", "expires_on"]


def taken_by_a_provider(kind, type):
    """The arguments of a resource or data source, and those that must be there, by the provider's own schema."""
    provider, _, rest = type.partition("_")
    words = ["data", *type.split("_")] if kind == "data" else rest.split("_")
    name = "".join(word.capitalize() for word in words)
    types = json.loads(Path(f"node_modules/@cdktf/provider-{provider}/.jsii").read_text())["types"]
    # A name that the bindings have twice ends in another letter.
    (properties,) = [found["properties"] for known, found in types.items() if re.fullmatch(rf".*\.{name}A?Config", known)]
    snake = {re.sub(r"[A-Z]", lambda letter: "_" + letter[0].lower(), argument["name"]): argument for argument in properties}
    return set(snake), {name for name, argument in snake.items() if not argument.get("optional")}


def test_terraform_makes_a_federated_credential_if_it_is_asked_to(language):
    document = hcl2.loads(file(language, "tf", "federated").read_text(encoding="utf-8"))
    (made,) = [body for type, _, body in blocks(document, "resource") if type == "azuread_application_federated_identity_credential"]
    assert plain(made["count"]) == "${var.federated ? 1 : 0}"
    assert ISSUER.fullmatch(plain(made["issuer"])) and SUBJECT.fullmatch(plain(made["subject"]))
    assert plain(made["display_name"]) == f"teams-connect-{plain(made['subject'])}"
    assert [plain(audience) for audience in made["audiences"]] == [AUDIENCE]
    (settings,) = document["locals"]
    assert "!var.federated" in settings["with_secret"]
    plain_document = hcl2.loads(file(language, "tf").read_text(encoding="utf-8"))
    assert "federated" not in json.dumps([plain_document["resource"], plain_document["variable"], plain_document["locals"]])


@pytest.mark.parametrize("folder", FOLDERS)
def test_terraforms_providers_take_what_the_file_says(language, folder):
    document = hcl2.loads(file(language, "tf", folder).read_text(encoding="utf-8"))
    seen = set()
    for kind in ("resource", "data"):
        for type, _, body in blocks(document, kind):
            known, needed = taken_by_a_provider(kind, type)
            said = {name for name in body if not name.startswith("__")} - {"count"}
            assert said <= known and needed <= said, (type, said - known, needed - said)
            seen.add(type)
    assert {"azuread_application", "azuread_application_certificate", "time_offset", "tls_certificate"} <= seen
    assert ("azuread_application_federated_identity_credential" in seen) == (folder == "federated")
