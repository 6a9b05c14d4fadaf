"""One deployment for all tests, with a customer whose two recruiters are connected."""

import os
from pathlib import Path

import pytest
from ats import JAN, Ats
from deployment import API_KEY, HERE, Deployment

TOOLS = Path(os.environ["TOOLS"])


@pytest.fixture(scope="session")
def deployment():
    prism = TOOLS / "node_modules/.bin/prism"
    started = Deployment(Path(os.environ["BINARIES"]), prism, HERE / "graph-online-meetings.openapi.yaml")
    yield started
    started.stop()


@pytest.fixture(scope="session")
def ats(deployment) -> Ats:
    ats = Ats(deployment.base, API_KEY)
    ats.configure("kadry")
    ats.connect("kadry", "anna")
    ats.connect("kadry", "jan", JAN)
    return ats
