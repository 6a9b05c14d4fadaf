"""Every line of docs/quickstart.md, in order, at the deployment on one machine."""

import os
import re
import subprocess
from pathlib import Path

from deployment import HERE, Process, free_port

PAGE = HERE.parents[1] / "docs/quickstart.md"
POLISH_PAGE = HERE.parents[1] / "docs/pl/quickstart.md"
PATIENCE = 120
END = "--- the block ends ---"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)


def parts(page: Path) -> list[tuple[str, str]]:
    return re.findall(r"^```(sh|text)\n(.*?)^```$", page.read_text(), re.DOTALL | re.MULTILINE)


def test_the_polish_page_has_the_same_lines():
    assert parts(POLISH_PAGE) == parts(PAGE)


def told() -> list[str]:
    """What the page says that each block prints: nothing, where no text follows."""
    found = []
    for language, text in parts(PAGE):
        if language == "sh":
            found.append("")
        else:
            found[-1] = text
    return found


def test_every_line_of_the_quickstart_works(tmp_path):
    first, *commands = blocks("sh")
    settings, program = first.split(" cargo run")
    assert program == "\n", "the first block starts the product"
    name, key = settings.split("=")
    assert name == "API_KEY"
    port = str(free_port())
    # What the page need not say: other ports, so that nobody is disturbed, and a folder that is deleted.
    environment = {"API_KEY": key, "PORT": port, "SIMULATOR_PORT": "0", "DATA_DIR": str(tmp_path / "data"), "RUST_LOG": "warn"}
    product = Process("product", [str(Path(os.environ["BINARIES"]) / "teams-connect")], tmp_path, environment)
    try:
        product.answers(f"http://localhost:{port}/healthz")
        script = "set -euo pipefail\n" + f"echo '{END}'\n".join(commands).replace("8700", port)
        ran = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr + product.log()
        printed = ran.stdout.replace(port, "8700").split(f"{END}\n")
        assert printed == told()[1:]
        assert len(list(filter(None, printed))) >= 8
    finally:
        product.stop()
