"""The calls beside the operations of the document: each in curl reaches its operation and is understood there.

Those of the client are compiled by generators/run.
"""

import json
import os
import re
import subprocess
from datetime import UTC, datetime

from deployment import API_KEY, HERE

DOCUMENT = json.loads((HERE.parents[1] / "functions/openapi.json").read_text())
PATIENCE = 30
# What an operation answers to a call that it does not understand.
NOT_UNDERSTOOD = {
    "malformed_request",
    "invalid_fields",
    "unsupported_media_type",
    "unauthorized",
    "method_not_allowed",
    "idempotency_key_missing",
    "idempotency_key_invalid",
}


def operations() -> list[dict]:
    found = [operation for methods in DOCUMENT["paths"].values() for operation in methods.values()]
    return [operation for operation in found if "Pages" not in operation["tags"]]


def curl(operation: dict) -> str:
    samples = {sample["lang"]: sample["source"] for sample in operation["x-codeSamples"]}
    assert set(samples) == {"shell", "typescript"}, operation["operationId"]
    # A meeting is ordered ahead of today. The customer is one that no other test needs.
    ahead = re.sub(r"20\d\d-(?=\d\d-\d\dT)", f"{datetime.now(UTC).year + 1}-", samples["shell"])
    return ahead.replace("/customers/kadry", "/customers/samples")


def test_every_call_with_curl_is_understood(deployment, tmp_path):
    assert len(operations()) >= 20
    environment = os.environ | {"TEAMS_CONNECT_URL": deployment.base, "API_KEY": API_KEY}
    body = tmp_path / "body"
    for operation in operations():
        command = f"{curl(operation)} --silent --show-error --output {body} --write-out '%{{http_code}} %{{content_type}}'"
        ran = subprocess.run(
            ["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=True
        )
        status, media_type = ran.stdout.split(" ", 1)
        assert status in operation["responses"], (operation["operationId"], ran.stdout)
        if "problem" in media_type:
            problem = json.loads(body.read_text())
            assert problem["code"] not in NOT_UNDERSTOOD, (operation["operationId"], problem)
