"""Events at a receiver that is made of an off-the-shelf library for Standard Webhooks, and at the receivers of the examples."""

import json
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from ats import Ats
from conftest import BINARIES, PRISM, TOOLS
from deployment import API_KEY, CONTRACT, HERE, Deployment, Process, free_port
from standardwebhooks import Webhook, WebhookVerificationError

EXAMPLES = HERE.parents[1] / "docs/examples"
MONO = shutil.which("mcs") and shutil.which("mono")
# Far more than the ten seconds after which a refused event comes again.
PATIENCE = 120


class Receiver(BaseHTTPRequestHandler):
    """Takes what the library verifies, and refuses every event once."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            event = Webhook(self.server.secret).verify(body, headers)
        except WebhookVerificationError as error:
            self.server.unverified.append((str(error), headers, body))
            self.answer(401)
            return
        if event["id"] not in self.server.refused:
            self.server.refused.add(event["id"])
            self.answer(503)
            return
        self.server.taken.append((headers, body, event))
        self.answer(204)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_) -> None:
        pass


def until(is_so, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.1)


@pytest.fixture(scope="module")
def receiver():
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.secret, server.refused, server.taken, server.unverified = "whsec_", set(), [], []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def told(receiver):
    """The journey of a customer, with a power cut in the middle of it."""
    settings = {"WEBHOOK_URL": f"http://127.0.0.1:{receiver.server_port}/events"}
    product = Deployment(BINARIES, PRISM, CONTRACT, settings)
    secret = re.compile(r"signed with (whsec_\S+)")
    until(lambda: secret.search(product.product.log()), "no secret was printed")
    receiver.secret = secret.search(product.product.log())[1]
    ats = Ats(product.base, API_KEY)
    try:
        form = ats.expect(201, "POST", "/v1/customers/kadry/intake-links", {})["url"]
        requests.get(form, timeout=30).raise_for_status()
        ats.configure("kadry")
        ats.connect("kadry", "anna")
        # It has answered, so what it has done is kept and is told, whatever happens now.
        product.crash()
        ats.expect(204, "DELETE", "/v1/customers/kadry/users/anna/connection")
        until(lambda: "connection.ended" in types(receiver), "the end of the connection was not told")
        ats.expect(204, "DELETE", "/v1/customers/kadry")
        until(lambda: "customer.offboarded" in types(receiver), "the end of the customer was not told")
    finally:
        product.stop()
    return receiver


def types(receiver) -> set[str]:
    return {event["type"] for _, _, event in receiver.taken}


def test_each_fact_of_a_journey_arrives_and_has_one_id(told):
    expected = {
        "intake.opened",
        "customer.configured",
        "connection.made",
        "connection.ended",
        "customer.offboarded",
    }
    assert types(told) == expected
    assert told.unverified == []
    ids = defaultdict(set)
    for headers, _, event in told.taken:
        assert headers["webhook-id"] == event["id"]
        ids[event["type"], event["data"]["customer"], event["data"].get("user")].add(event["id"])
    assert all(len(found) == 1 for found in ids.values()), ids


def test_an_event_is_what_cloudevents_and_the_document_say(told):
    document = json.loads((HERE.parents[1] / "functions/openapi.json").read_text())
    catalogue = document["webhooks"]
    for headers, _, event in told.taken:
        assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
        assert event["specversion"] == "1.0" and event["type"] in catalogue
        example = catalogue[event["type"]]["post"]["requestBody"]["content"]["application/cloudevents+json"]["example"]
        assert event.keys() == example.keys()
        assert event["data"].keys() == example["data"].keys(), event["type"]


def test_the_library_refuses_a_changed_event(told):
    headers, body, _ = told.taken[0]
    webhook = Webhook(told.secret)
    webhook.verify(body, headers)
    changes = [(headers, body.replace(b"kadry", b"kadra")), (headers | {"webhook-id": "evt_0"}, body)]
    for changed_headers, changed in [*changes, (headers | {"webhook-timestamp": str(int(time.time()) + 1)}, body)]:
        with pytest.raises(WebhookVerificationError):
            webhook.verify(changed, changed_headers)


def test_the_receiver_in_python_takes_events_and_nothing_else(told, tmp_path):
    check_receiver(told, tmp_path, [sys.executable, EXAMPLES / "python/receive_events.py"])


def test_the_receiver_in_typescript_takes_events_and_nothing_else(told, tmp_path):
    out = TOOLS / "receivers"
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(EXAMPLES / "typescript", out)
    (out / "package.json").write_text('{"type": "module"}')
    subprocess.run([TOOLS / "node_modules/.bin/tsc", "--project", out, "--outDir", out / "made"], check=True)
    check_receiver(told, tmp_path, [shutil.which("node"), out / "made/events.js"])


def check_receiver(told, folder: Path, command: list) -> None:
    headers, body, event = fresh(told)
    port = free_port()
    settings = {"WEBHOOK_SECRET": told.secret, "PORT": str(port)}
    process = Process("receiver", [str(word) for word in command], folder, settings)
    try:
        url = f"http://127.0.0.1:{port}/"
        process.answers(url)

        def status(sent: bytes, **more: str) -> int:
            return requests.post(url, data=sent, headers=headers | more, timeout=30).status_code

        assert (status(body), status(body)) == (204, 204)
        assert status(body.replace(b"kadry", b"kadra")) == 401
        assert status(body, **{"webhook-id": "evt_0"}) == 401
        assert status(body, **{"webhook-timestamp": "1"}) == 401
        both = f"v1,AAAA {headers['webhook-signature']}"
        assert status(body, **{"webhook-signature": both}) == 204
        until(lambda: event["id"] in process.log(), "the event was not printed")
        assert process.log().count(event["id"]) == 1, "the same fact is one"
    finally:
        process.stop()


def fresh(told) -> tuple[dict[str, str], bytes, dict]:
    """An event as it came, signed again now: the journey may have been long."""
    headers, body, event = told.taken[0]
    now = int(time.time())
    kept = {name: value for name, value in headers.items() if name in ("webhook-id", "content-type")}
    signature = Webhook(told.secret).sign(event["id"], datetime.fromtimestamp(now, UTC), body.decode())
    return kept | {"webhook-timestamp": str(now), "webhook-signature": signature}, body, event


@pytest.mark.skipif(not MONO, reason="there is no Mono here")
def test_the_example_in_c_sharp_takes_events_and_nothing_else(told, tmp_path):
    program = tmp_path / "check.exe"
    sources = [EXAMPLES / "csharp/EventSignature.cs", HERE / "examples/CheckSignature.cs"]
    strict = ["-langversion:7", "-warn:4", "-warnaserror"]
    subprocess.run(["mcs", *strict, f"-out:{program}", *sources], check=True)
    headers, body, event = fresh(told)
    values = [event["id"], headers["webhook-timestamp"], headers["webhook-signature"], body.decode()]

    def is_taken(secret: str, id: str, at: str, signatures: str, text: str) -> bool:
        return subprocess.run(["mono", program, secret, id, at, signatures, text]).returncode == 0

    assert is_taken(told.secret, *values)
    assert is_taken(told.secret, values[0], values[1], f"v1,AAAA {values[2]}", values[3])
    assert not is_taken(told.secret, *values[:3], values[3].replace("kadry", "kadra"))
    assert not is_taken(told.secret, "evt_0", *values[1:])
    assert not is_taken(told.secret, values[0], "1", *values[2:])
    assert not is_taken("whsec_AAAA", *values)


@pytest.mark.skipif(not MONO, reason="there is no Mono here")
def test_the_handler_of_webforms_compiles(tmp_path):
    framework = Path("/usr/lib/mono/4.5-api")
    names = ["mscorlib", "System", "System.Core", "System.Web", "System.Configuration"]
    libraries = [f"-r:{framework}/{name}.dll" for name in names]
    sources = [EXAMPLES / "csharp/EventSignature.cs", EXAMPLES / "csharp/webforms/TeamsEvents.ashx.cs"]
    strict = ["-langversion:7", "-warn:4", "-warnaserror", "-nostdlib", "-target:library"]
    table = HERE / "examples/EventTable.cs"
    subprocess.run(["mcs", *strict, *libraries, f"-out:{tmp_path}/events.dll", *sources, table], check=True)
