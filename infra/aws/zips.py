#!/usr/bin/env python3
"""Makes the zips of the four functions, for both architectures, and writes down how large they are.

`zips.py` prints the table, `zips.py --write` puts it into zips.md; `arm64` or `x86-64` behind it makes that one alone.
Needs Rust; cargo-lambda and Zig's linker are installed below the target folder. Takes some ten minutes of one core for
each architecture.
"""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = HERE / "zips.md"
FUNCTIONS = ("callback", "intake", "meetings", "refresh")
# Without the packages cargo builds the default member of the workspace, and that is no function.
BUILD = "cargo lambda build --release --arm64 --output-format zip " + " ".join(f"--package {one}" for one in FUNCTIONS)
TOOLS = {"cargo-lambda": "1.9.2", "ziglang": "0.17.0"}
MACHINES = {"arm64": b"\xb7\x00", "x86-64": b"\x3e\x00"}


def text_of(*command: str) -> str:
    """What a command prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.strip()


def target() -> Path:
    """Where cargo puts what it makes."""
    return Path(json.loads(text_of("cargo", "metadata", "--no-deps", "--format-version=1"))["target_directory"])


def tools() -> Path:
    """The programs that build, installed once."""
    folder = target() / "tools" / "cargo-lambda"
    wanted = [f"{name}=={version}" for name, version in TOOLS.items()]
    listed = folder / "installed.txt"
    if not listed.exists() or listed.read_text() != "\n".join(wanted):
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", *wanted], check=True)
        listed.write_text("\n".join(wanted))
    return folder / "bin"


def build(architecture: str) -> dict[str, int]:
    """The sizes of the zips of one architecture, in bytes."""
    made = target() / "lambda" / architecture
    command = BUILD.replace("--arm64", f"--{architecture}").split() + ["--lambda-dir", str(made)]
    environment = os.environ | {"PATH": f"{tools()}:{os.environ['PATH']}"}
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    return {name: checked(made / name / "bootstrap.zip", MACHINES[architecture]) for name in FUNCTIONS}


def checked(path: Path, machine: bytes) -> int:
    """The size of a zip that Lambda would start: it holds one program, `bootstrap`, of this architecture."""
    with zipfile.ZipFile(path) as archive:
        (only,) = archive.infolist()
        # ELF: the machine is the third field of the header.
        with archive.open(only) as program:
            header = program.read(20)
    executable = only.external_attr >> 16 & 0o111
    if only.filename != "bootstrap" or not executable or header[:4] != b"\x7fELF" or header[18:20] != machine:
        raise SystemExit(f"{path} is not what Lambda starts")
    return path.stat().st_size


def page(commit: str, compiler: str, sizes: dict[str, dict[str, int]]) -> str:
    """The table, of sizes in bytes by architecture and function."""
    rows = [
        f"| {name} | " + " | ".join(f"{one[name] / 1e6:.2f}" for one in sizes.values()) + " |" for name in FUNCTIONS
    ]
    return "\n".join(
        [
            "# The zips of the four functions",
            "",
            "`sam build` makes what is deployed. This makes the same programs as zips, for other ways of deploying:",
            "",
            "```sh",
            BUILD,
            "```",
            "",
            "They lie in `target/lambda/<function>/bootstrap.zip`. `--x86-64` makes those of the other architecture.",
            f"`infra/aws/zips.py --write` made them and wrote this table, in MB, of commit {commit} with",
            f"{compiler} and cargo-lambda {TOOLS['cargo-lambda']}.",
            "",
            f"| function | {' | '.join(sizes)} |",
            "|---|" + "--:|" * len(sizes),
            *rows,
            "",
        ]
    )


def main() -> None:
    """Prints or writes."""
    asked = sys.argv[1:]
    wanted = [one for one in MACHINES if one in asked] or list(MACHINES)
    commit = text_of("git", "describe", "--always", "--abbrev=10", "--dirty")
    compiler = text_of("rustc", "--version").split(" (")[0]
    made = page(commit, compiler, {architecture: build(architecture) for architecture in wanted})
    if "--write" in asked:
        PAGE.write_text(made)
    else:
        print(made, end="")


if __name__ == "__main__":
    main()
