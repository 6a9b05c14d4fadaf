"""What the product asks of Graph is what Microsoft describes: Prism stands between and lets nothing else through."""

import itertools

import pytest
import requests
from ats import interview

MEETINGS = "/v1/customers/kadry/users/anna/meetings"


def wishes(document: dict) -> list[dict]:
    """Every wish that an order can have, one at a time: each word of a closed set, each flag both ways."""
    schemas = document["components"]["schemas"]

    def words(schema: dict) -> list:
        if "$ref" in schema:
            return words(schemas[schema["$ref"].rsplit("/", 1)[1]])
        if "oneOf" in schema:
            return [word for one in schema["oneOf"] for word in words(one)]
        if "boolean" in schema.get("type", []):
            return [True, False]
        return schema.get("enum", [])

    properties = schemas["MeetingOrder"]["properties"]
    single = [{name: word} for name, schema in properties.items() for word in words(schema)]
    people = {"attendees": ["adam@example.org"], "co_organizers": ["jan.kowalski@kadry.example"]}
    return [*single, people, {"presenter_addresses": ["jan.kowalski@kadry.example"]}, {"template": "05b0f2e1"}]


@pytest.fixture(scope="module")
def document(deployment) -> dict:
    return requests.get(f"{deployment.base}/openapi.json", timeout=30).json()


def test_every_wish_of_an_order_and_of_a_change_is_asked_as_microsoft_describes(deployment, ats, document):
    answers, before = [], deployment.violations()
    for number, wish in enumerate(wishes(document)):
        made = ats.call("POST", MEETINGS, interview(number + 2) | wish, idempotency_key=f"wish-{number}")
        # A template and the like may be more than the customer's licence has; then Microsoft says so.
        assert made.status_code in (201, 409, 422), f"{wish}: {made.status_code} {made.text}"
        answers.append(made)
    meetings = [made.json()["id"] for made in answers if made.status_code == 201]
    assert len(meetings) > len(answers) * 0.9, "hardly any wish was granted"
    changes = [wish for wish in wishes(document) if "language" not in wish]
    for number, (change, meeting) in enumerate(zip(changes, itertools.cycle(meetings))):
        changed = ats.call("PATCH", f"{MEETINGS}/{meeting}", interview(number + 3) | change)
        assert changed.status_code in (200, 409, 422), f"{change}: {changed.status_code} {changed.text}"
    for meeting in meetings:
        ats.expect(200, "GET", f"{MEETINGS}/{meeting}")
        ats.expect(204, "DELETE", f"{MEETINGS}/{meeting}")
    assert deployment.violations() == before
    print(f"\n{len(answers)} orders, {len(changes)} changes, {len(meetings)} readings and cancellations: no violation")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1.0/me/onlineMeetings/createOrGet", {"subject": "without an external id"}),
        ("POST", "/v1.0/me/onlineMeetings/createOrGet", {"externalId": "x", "startDateTime": "tomorrow"}),
        ("PATCH", "/v1.0/me/onlineMeetings/x", {"lobbyBypassSettings": {"scope": "nobody"}}),
        ("POST", "/v1.0/me/onlineMeetings/forget", {}),
    ],
)
def test_a_wrong_request_does_not_pass_prism(deployment, method, path, body):
    before = len(deployment.violations())
    url = f"{deployment.prism_url}{path}"
    answer = requests.request(method, url, json=body, headers={"Authorization": "Bearer x"}, timeout=30)
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert "stoplight.io/prism/errors" in answer.json()["type"]
    assert deployment.refused_by_prism(before), "what Prism refuses must show among the violations"
