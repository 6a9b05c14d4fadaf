"""The example clients of `docs/examples`: compiled, and run against the product."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
import tree_sitter
import tree_sitter_c_sharp
from ats import interview
from conftest import TOOLS
from deployment import API_KEY, HERE

EXAMPLES = HERE.parents[1] / "docs/examples"
C_SHARP = EXAMPLES / "csharp"
# The clients in C# are run where there is Mono; elsewhere their grammar is checked.
MONO = shutil.which("mcs") and shutil.which("mono")
FRAMEWORK = Path("/usr/lib/mono/4.5-api")
RUN = ["typescript", "python", "c_sharp"] if MONO else ["typescript", "python"]


@pytest.fixture(scope="module")
def typescript() -> list[str]:
    """The client in TypeScript, compiled."""
    # Beside the types of Node.js, which the compiler looks for in the folders above.
    out = TOOLS / "clients"
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(EXAMPLES / "typescript", out)
    (out / "package.json").write_text('{"type": "module"}')
    run([TOOLS / "node_modules/.bin/tsc", "--project", out, "--outDir", out / "made"])
    return ["node", str(out / "made/order.js")]


@pytest.fixture(scope="module")
def c_sharp(tmp_path_factory) -> list[str]:
    """The client in C#, compiled."""
    program = tmp_path_factory.mktemp("c-sharp") / "Order.exe"
    libraries = ["-r:System.Net.Http.dll", "-r:System.Runtime.Serialization.dll"]
    sources = [C_SHARP / "TeamsConnect.cs", C_SHARP / "Order.cs"]
    run(["mcs", "-langversion:7", "-warn:4", "-warnaserror", *libraries, f"-out:{program}", *sources])
    return ["mono", str(program)]


@pytest.fixture(scope="module")
def python() -> list[str]:
    return [sys.executable, str(EXAMPLES / "python/order.py")]


def run(command: list, **environment: str) -> str:
    words = [str(word) for word in command]
    done = subprocess.run(words, env=os.environ | environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


@pytest.fixture(params=RUN)
def order(request, deployment, ats):
    client = request.getfixturevalue(request.param)

    # The last line: where it may not set the priority of a thread, Mono says so before.
    def place(user: str, key: str, base: str = deployment.base) -> list[str]:
        arguments = ["kadry", user, f"{request.param}-{key}", json.dumps(interview())]
        return run([*client, *arguments], TEAMS_CONNECT_URL=base, API_KEY=API_KEY).splitlines()[-1].split()

    return place


def test_the_examples_in_c_sharp_are_grammatical():
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c_sharp.language()))
    sources = list(C_SHARP.rglob("*.cs"))
    assert len(sources) == 8
    for source in sources:
        assert not parser.parse(source.read_bytes()).root_node.has_error, source
    client = (C_SHARP / "TeamsConnect.cs").read_bytes()
    assert parser.parse(client.replace(b"await ", b"await await(", 1)).root_node.has_error
    print("\nthe client in C# is run by Mono" if MONO else "\nthe client in C# is not run: there is no Mono here")


@pytest.mark.skipif(not MONO, reason="there is no Mono here")
def test_the_completion_page_of_webforms_compiles(tmp_path):
    names = ["mscorlib", "System", "System.Core", "System.Web", "System.Configuration", "System.Net.Http", "System.Xml"]
    libraries = [f"-r:{FRAMEWORK}/{name}.dll" for name in [*names, "System.Runtime.Serialization"]]
    sources = [C_SHARP / name for name in ("TeamsConnect.cs", "SignInTexts.cs", "webforms/TeamsComplete.aspx.cs")]
    strict = ["-langversion:7", "-warn:4", "-warnaserror", "-nostdlib", "-target:library"]
    run(["mcs", *strict, *libraries, f"-out:{tmp_path}/page.dll", *sources])


def test_the_completion_page_has_a_text_for_every_code_of_a_recruiter(deployment):
    document = requests.get(f"{deployment.base}/openapi.json", timeout=30).json()
    codes = document["components"]["schemas"]["Code"]["x-codes"]
    texts = set(re.findall(r'case "(\w+)"', (C_SHARP / "SignInTexts.cs").read_text()))
    assert texts - {"no_answer"} <= codes.keys()
    # Whoever was never connected, or is not any more, does not come to this page.
    elsewhere = {"not_connected", "disconnected", "reauth_required", "sign_in_refused"}
    assert {code for code, about in codes.items() if about["actor"] == "recruiter"} - elsewhere <= texts


class Gateway(BaseHTTPRequestHandler):
    """Turns the first requests away, as a gateway and a proxy do, and passes on the others."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.answers:
            self.answer(*self.server.answers.pop(0))
            return
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        passed = requests.post(f"{self.server.to}{self.path}", data=body, headers=headers, timeout=30)
        self.answer(passed.status_code, passed.headers["Content-Type"], passed.content)

    def answer(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass


def test_a_client_repeats_what_a_gateway_turned_away(order, deployment):
    with ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as gateway:
        gateway.to = deployment.base
        gateway.answers = [
            (429, "application/json", b'{"message":"Too Many Requests"}'),
            (502, "text/html", b"<html><body>Bad gateway</body></html>"),
        ]
        threading.Thread(target=gateway.serve_forever, daemon=True).start()
        assert order("anna", "gateway", f"http://127.0.0.1:{gateway.server_port}")[0] == "created"
        assert gateway.answers == []
        gateway.shutdown()


def test_a_client_that_orders_twice_gets_one_meeting(order):
    outcome, meeting, link = order("anna", "twice")
    assert (outcome, link.startswith("http")) == ("created", True)
    assert order("anna", "twice") == ["existing", meeting, link]


def test_a_client_waits_as_long_as_it_is_told(order, deployment):
    # Longer than the product waits itself, so it says so.
    fault = {"graph_error": {"status": 429, "code": "TooManyRequests", "message": "Too many requests", "retry_after": 7}}
    effect = {"operation": "graph:create_or_get", "times": 1, "effect": fault}
    requests.post(f"{deployment.login}/control/faults", json=effect, timeout=30).raise_for_status()
    assert order("anna", "later")[0] == "created"
    left = requests.get(f"{deployment.login}/control/faults", timeout=30).json()
    assert [fault for fault in left if fault["times"]] == [], "the order never met the fault"


def test_a_client_gets_the_link_that_mends_a_refusal(order, deployment):
    outcome, code, link = order("nobody", "never")
    assert (outcome, code) == ("pending_reauth", "not_connected")
    assert link.startswith(f"{deployment.base}/connect/")
