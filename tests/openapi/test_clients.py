"""The example clients of `docs/examples`: compiled, and run against the product."""

import json
import os
import shutil
import subprocess

import pytest
import requests
import tree_sitter
import tree_sitter_c_sharp
from ats import interview
from conftest import TOOLS
from deployment import API_KEY, HERE

EXAMPLES = HERE.parents[1] / "docs/examples"
C_SHARP = EXAMPLES / "csharp/Order.cs"
# The client in C# is run where there is Mono; elsewhere its grammar is checked.
MONO = shutil.which("mcs") and shutil.which("mono")
RUN = ["typescript", "c_sharp"] if MONO else ["typescript"]


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
    run(["mcs", "-langversion:7", "-warnaserror", *libraries, f"-out:{program}", C_SHARP])
    return ["mono", str(program)]


def run(command: list, **environment: str) -> str:
    words = [str(word) for word in command]
    done = subprocess.run(words, env=os.environ | environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


@pytest.fixture(params=RUN)
def order(request, deployment, ats):
    client = request.getfixturevalue(request.param)

    def place(user: str, key: str) -> list[str]:
        arguments = ["kadry", user, f"{request.param}-{key}", json.dumps(interview())]
        return run([*client, *arguments], TEAMS_CONNECT_URL=deployment.base, API_KEY=API_KEY).split()

    return place


def test_the_client_in_c_sharp_is_grammatical():
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c_sharp.language()))
    source = C_SHARP.read_bytes()
    assert not parser.parse(source).root_node.has_error
    assert parser.parse(source.replace(b"await ", b"await await(", 1)).root_node.has_error
    print("\nthe client in C# is run by Mono" if MONO else "\nthe client in C# is not run: there is no Mono here")


def test_a_client_that_orders_twice_gets_one_meeting(order):
    outcome, meeting, link = order("anna", "twice")
    assert (outcome, link.startswith("https://")) == ("created", True)
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
