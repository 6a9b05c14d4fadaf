"""Schemathesis tries the whole contract: examples, limits of every schema, whatever it can make up, chains of calls."""

import json
import os
import re
import subprocess

import requests
from conftest import TOOLS
from deployment import API_KEY, HERE


def test_the_product_keeps_its_contract(deployment, ats, tmp_path):
    before = deployment.violations()
    counts = tmp_path / "counts.json"
    settings = {"CONTRACT_BASE": deployment.base, "CONTRACT_KEY": API_KEY, "CONTRACT_COUNTS": str(counts)}
    command = [TOOLS / "python/bin/schemathesis", "--config-file", HERE / "schemathesis.toml", "run"]
    tried = subprocess.run(
        [*command, f"{deployment.base}/openapi.json", "--no-color"],
        env={**os.environ, **settings, "PYTHONPATH": str(HERE)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 0, tried.stdout[-20_000:] + tried.stderr[-2_000:]
    told = json.loads(counts.read_text())
    show(tried.stdout, told)
    document = requests.get(f"{deployment.base}/openapi.json", timeout=30).json()
    operations = {operation["operationId"] for path in document["paths"].values() for operation in path.values()}
    succeeded = {
        name for name, statuses in told["answered"].items() if any(status.startswith(("2", "3")) for status in statuses)
    }
    # Schemathesis takes the document itself from there, and does not ask for it again.
    assert operations - succeeded == {"showOpenapi"}, "these never succeeded, so their success was not tried"
    assert len(told["explained"]) >= 8, "hardly any problem was met"
    assert deployment.violations() == before
    for process in deployment.processes:
        assert process.child.poll() is None, f"{process.name} ended:\n{process.log()}"
    assert "panicked" not in deployment.product.log()


def show(output: str, told: dict) -> None:
    """What was tried, for whoever reads the log."""
    print()
    print("\n".join(re.findall(r"^ *(?:✅|❌) .*$|^.* generated, .*$", output, re.MULTILINE)))
    for name, statuses in told["answered"].items():
        print(f"  {name:32}", "  ".join(f"{status}: {times}" for status, times in sorted(statuses.items())))
    print(f"  {len(told['explained'])} kinds of problems were met, and each is explained")
