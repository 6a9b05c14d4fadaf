"""The contract breaks no client of the last release, and whoever says so would see it."""

import copy
import json
import subprocess

import pytest
from compatibility import Comparison
from deployment import HERE

ROOT = HERE.parents[1]
PLACE = "functions/openapi.json"
DOCUMENT = json.loads((ROOT / PLACE).read_text())


def last_release() -> dict | None:
    """The document of the last tag; a clone without tags has none."""
    tags = subprocess.run(
        ["git", "tag", "--list", "v*", "--sort=-v:refname"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not tags:
        return None
    shown = subprocess.run(["git", "show", f"{tags[0]}:{PLACE}"], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(shown.stdout)


def test_no_client_of_the_last_release_breaks():
    released = last_release()
    print("\nnothing was released yet" if released is None else "")
    assert Comparison(released or DOCUMENT, DOCUMENT).breaks() == []


SCHEMAS = DOCUMENT["components"]["schemas"]
MEETINGS = "/v1/customers/{customer}/users/{user}/meetings"


def drop(*path):
    def change(document):
        for part in path[:-1]:
            document = document[part]
        del document[path[-1]]

    return change


def put(value, *path):
    def change(document):
        for part in path[:-1]:
            document = document[part]
        document[path[-1]] = value

    return change


BREAKING = {
    "a path": drop("paths", MEETINGS),
    "an operation": drop("paths", MEETINGS, "post"),
    "a name of an operation": put("createMeeting", "paths", MEETINGS, "post", "operationId"),
    "a success": drop("paths", MEETINGS, "post", "responses", "201"),
    "a header": drop("paths", MEETINGS, "post", "responses", "201", "headers", "Location"),
    "a member of an answer": drop("components", "schemas", "Meeting", "properties", "link"),
    "a member of a request": drop("components", "schemas", "MeetingOrder", "properties", "lobby"),
    "a member that must be sent": put(
        [*SCHEMAS["MeetingOrder"]["required"], "lobby"], "components", "schemas", "MeetingOrder", "required"
    ),
    "a member that may be missing": put(["outcome"], "components", "schemas", "Meeting", "required"),
    "a type": put({"type": "integer"}, "components", "schemas", "Meeting", "properties", "subject"),
    "a new word": put([*SCHEMAS["Outcome"]["enum"], "postponed"], "components", "schemas", "Outcome", "enum"),
    "a word that went": put(SCHEMAS["Lobby"]["enum"][1:], "components", "schemas", "Lobby", "enum"),
    "a parameter that must be sent": put(True, "components", "parameters", "AcceptLanguageHeader", "required"),
}


@pytest.mark.parametrize("what", BREAKING)
def test_what_breaks_a_client_is_seen(what):
    changed = copy.deepcopy(DOCUMENT)
    BREAKING[what](changed)
    assert Comparison(DOCUMENT, changed).breaks() != []


def test_what_a_client_must_bear_is_no_break():
    changed = copy.deepcopy(DOCUMENT)
    changed["components"]["schemas"]["Meeting"]["properties"]["colour"] = {"type": "string"}
    changed["components"]["schemas"]["MeetingOrder"]["properties"]["colour"] = {"type": ["string", "null"]}
    changed["components"]["schemas"]["Code"]["x-codes"]["new_code"] = {"title": "New.", "actor": "ats"}
    changed["paths"]["/v1/new"] = {"get": copy.deepcopy(changed["paths"]["/v1/customers"]["get"])}
    assert Comparison(DOCUMENT, changed).breaks() == []
