"""What the template must agree with: the tables of the documents, and the code."""

import copy
import functools
import re
import textwrap
from pathlib import Path

from samcli.yamlhelper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "infra/aws/template.yaml"
GUIDE = ROOT / "infra/README.md"
OTHER_WAYS = ROOT / "infra/aws/other-ways.md"


@functools.cache
def parsed() -> dict:
    """Read once; nobody may change it."""
    return yaml_parse(TEMPLATE.read_text())


def template() -> dict:
    """The template as it is written, with intrinsic functions in their long form."""
    return copy.deepcopy(parsed())


def guide() -> str:
    """What operators read: the guide, and the page that it leads to."""
    return GUIDE.read_text() + OTHER_WAYS.read_text()


def step(number: int) -> str:
    """The commands of a numbered step of the guide's first page."""
    part = GUIDE.read_text().split("\n## Ten steps to a meeting\n")[1].split("\n## ")[0]
    return textwrap.dedent(re.search(rf"^{number}\. .*?```sh\n(.*?)```", part, re.DOTALL | re.MULTILINE)[1])


def operators_commands() -> list[str]:
    """What the guide has operators type."""
    commands = re.findall(r"^ *(operator --stack [^|`\n]*)$", guide(), re.MULTILINE)
    assert len(commands) >= 8, "the guide has hardly any command: the test reads nothing"
    return [one.strip() for one in commands]


def marked(path: Path, name: str) -> str:
    """What stands between `<!-- name -->` and `<!-- /name -->`."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", path.read_text(), re.DOTALL)
    assert found, f"{path.name} has no part that is marked {name}"
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The rows of a table, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def spans(cell: str) -> list[str]:
    """What is written as code."""
    return re.findall(r"`([^`]+)`", cell)


def routes() -> set[tuple[str, str]]:
    """`(function, "METHOD /path")` of README.md; the function is `all` where any may answer."""
    table = rows(marked(ROOT / "README.md", "routes"))
    return {(function, route) for function, cell, *_ in table for route in spans(cell)}


def touches() -> dict[str, set[str]]:
    """What each function holds, of ARCHITECTURE.md."""
    return {function: set(spans(parts)) for function, parts in rows(marked(ROOT / "ARCHITECTURE.md", "touches"))}


def policies() -> dict[str, dict[str, set[str]]]:
    """What each function may do with which secrets, of the operator's guide."""
    table: dict[str, dict[str, set[str]]] = {}
    for function, secret, actions in rows(marked(GUIDE, "policies")):
        table.setdefault(function, {})[spans(secret)[0]] = set(spans(actions))
    return table


def alarms() -> set[str]:
    """The alarms of the operator's guide."""
    return {spans(name)[0] for name, *_ in rows(marked(GUIDE, "alarms"))}


def settings() -> set[str]:
    """The settings of README.md."""
    text = (ROOT / "README.md").read_text().split("## Settings")[1].split("\n## ")[0]
    return {name for cell, *_ in rows(text) for name in spans(cell)}


def problem_codes() -> dict[str, int]:
    """The codes of problems in the code, with their statuses: 5 for all of the kind 5xx, 4 for 4xx."""
    text = (ROOT / "shared/src/http/problem/kind.rs").read_text()
    server = {"INTERNAL_SERVER_ERROR", "BAD_GATEWAY", "SERVICE_UNAVAILABLE", "GATEWAY_TIMEOUT"}
    found = re.findall(r'\w+ = "(\w+)", ([A-Z_]+), \w+, retry:', text)
    assert found, "no code of a problem was found: the test reads nothing"
    return {code: 5 if status in server else 4 for code, status in found}


def watched_refusals() -> set[str]:
    """The codes of refusals that an alarm watches for, of the code."""
    text = (ROOT / "shared/src/domain/audit.rs").read_text()
    listed = re.search(r"pub const ALERT_CODES: .*?=\s*\[(.*?)\];", text, re.DOTALL)[1]
    constants = dict(re.findall(r'pub const (\w+): &str = "(\w+)";', text))
    return {one.strip('"') if '"' in one else constants[one] for one in re.findall(r'"\w+"|\w+', listed)}


def recovery_window() -> int:
    """The days for which the code marks a secret before it is deleted."""
    text = "".join(path.read_text() for path in sorted((ROOT / "shared/src").rglob("*.rs")))
    (days,) = re.findall(r"const RECOVERY_WINDOW_DAYS: u8 = (\d+);", text)
    return int(days)


def backoff() -> tuple[int, int]:
    """How often the code takes an event from the queue, and for how many seconds it waits altogether."""
    text = (ROOT / "shared/src/adapters/event_queue/backoff.rs").read_text()
    (receives,) = re.findall(r"pub const MAX_RECEIVES: u32 = (\d+);", text)
    (waits,) = re.findall(r"const WAITS: \[i64; \d+\] = \[([^\]]*)\];", text)
    return int(receives), sum(int(wait.replace("_", "")) for wait in waits.split(","))


def messages_of(function: str) -> set[str]:
    """The texts that a function logs."""
    text = "".join(path.read_text() for path in sorted((ROOT / "functions" / function / "src").rglob("*.rs")))
    return set(re.findall(r'tracing::\w+!\([^;]*?"([^"{}]+)"\s*\);', text, re.DOTALL))
