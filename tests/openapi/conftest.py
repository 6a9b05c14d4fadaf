"""One deployment for all tests, with a customer whose two recruiters are connected."""

import os
from pathlib import Path

import pytest
from ats import JAN, Ats
from deployment import API_KEY, CONTRACT, Deployment

TOOLS, BINARIES = Path(os.environ["TOOLS"]), Path(os.environ["BINARIES"])
PRISM = TOOLS / "node_modules/.bin/prism"


@pytest.fixture(scope="session")
def deployment():
    started = Deployment(BINARIES, PRISM, CONTRACT)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def ats(deployment) -> Ats:
    ats = Ats(deployment.base, API_KEY)
    ats.configure("kadry")
    ats.connect("kadry", "anna")
    ats.connect("kadry", "jan", JAN)
    return ats
