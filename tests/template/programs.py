"""The programs that read the template, as they run on a machine that knows no account of AWS."""

import os
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
# No profile and no account of this machine.
ENVIRONMENT = {
    "PATH": f"{BIN}:{os.environ['PATH']}",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
    "SAM_CLI_TELEMETRY": "0",
}


def run(tmp_path: Path, *command: str, **more: str) -> subprocess.CompletedProcess:
    """A program in a folder that is also its home; `more` are further settings."""
    environment = ENVIRONMENT | {"HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "none")} | more
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=300)
