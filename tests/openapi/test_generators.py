"""Generated clients go the whole journey. Each is made of the document, and compiled as strictly as its language can."""

import os
import subprocess
from pathlib import Path

import pytest
from ats import ANNA, CREDENTIALS, JAN, Ats, interview, last_segment
from conftest import TOOLS
from deployment import API_KEY, HERE, Deployment

GENERATED = TOOLS / "generators"
CLIENTS = [
    "nswag_csharp",
    "nswag_typescript",
    "openapi_generator_java",
    "openapi_generator_typescript",
    "openapi_generator_python",
    "openapi_typescript",
    "hey_api",
    "openapi_python_client",
    "progenitor",
]
PATIENCE = "120"


@pytest.fixture(scope="module")
def generated() -> None:
    print()
    subprocess.run([HERE / "generators/run", GENERATED], check=True)


@pytest.fixture(scope="module")
def deployment():
    """One of its own: every customer of it is gone at the end of a journey, so that the app is free for the next."""
    prism = TOOLS / "node_modules/.bin/prism"
    started = Deployment(Path(os.environ["BINARIES"]), prism, HERE / "graph-online-meetings.openapi.yaml")
    # Consent is the app's, and stays when the customer goes.
    ats = Ats(started.base, API_KEY)
    ats.configure("first")
    ats.expect(204, "DELETE", "/v1/customers/first")
    yield started
    started.stop()


@pytest.mark.parametrize("client", CLIENTS)
def test_a_generated_client_goes_the_whole_journey(client, generated, deployment):
    ats, customer = Ats(deployment.base, API_KEY), f"customer-{client}"
    times = interview()
    settings = {
        "TEAMS_CONNECT_URL": deployment.base,
        "API_KEY": API_KEY,
        "TENANT": CREDENTIALS["tenant"],
        "CLIENT_ID": CREDENTIALS["client_id"],
        "CLIENT_SECRET": CREDENTIALS["client_secret"],
        "START": times["start"],
        "END": times["end"],
        "PRESENTER": JAN,
    }
    command = ["timeout", PATIENCE, GENERATED / client / "walk", customer]
    told = []
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(command, env=os.environ | settings, **pipes) as walk:
        for line in walk.stdout:
            # Where it may not set the priority of a thread, Mono says so here.
            if line.startswith("mono_thread"):
                continue
            told.append(line.split())
            if told[-1][0] == "connect":
                walk.stdin.write(ats.handle_at(last_segment(told[-1][1]), ANNA) + "\n")
                walk.stdin.flush()
    assert walk.returncode == 0, told
    links = {words[0]: words.pop() for words in told if words[0] in ("intake", "connect")}
    assert all(link.startswith(f"{deployment.base}/{name}/") for name, link in links.items())
    meeting = told[4][1]
    # Generated clients differ in how they print the words of a closed set, and what is true.
    assert [" ".join(words).lower() for words in told] == [
        f"configured {customer}",
        "intake",
        "connect",
        f"connected active {ANNA}",
        f"created {meeting.lower()}",
        f"existing {meeting.lower()}",
        f"read invited named {JAN}",
        "updated rozmowa: zażółć gęślą",
        "invitation begin:vcalendar",
        "cancelled",
        "problem 404 meeting_gone rejected false",
        "listed true",
        "offboarded",
    ]
