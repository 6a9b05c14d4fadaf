#!/usr/bin/env python3
"""Writes the bill of materials of what is shipped, CycloneDX 1.5: `sbom.py FILE`.

It is made of what Cargo itself resolved from Cargo.lock: the packages that the four functions, the operator's command and the
deployment on one machine are built of, without what only tests and build scripts need.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ["callback", "intake", "meetings", "refresh", "local", "operator"]


def cargo(*arguments: str) -> str:
    """What a command of Cargo's prints."""
    return subprocess.run(["cargo", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def shipped() -> set[tuple[str, str]]:
    """Name and version of every package in the tree of what is shipped."""
    packages = [argument for name in SHIPPED for argument in ("--package", name)]
    tree = cargo("tree", "--locked", *packages, "--edges", "normal", "--prefix", "none", "--format", "{p}")
    lines = [line.split() for line in tree.splitlines() if line.strip()]
    return {(name, version.removeprefix("v")) for name, version, *_ in lines}


def component(package: dict) -> dict:
    """A package as CycloneDX describes it."""
    name, version = package["name"], package["version"]
    described = {
        "type": "library",
        "bom-ref": f"pkg:cargo/{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:cargo/{name}@{version}",
    }
    if package.get("license"):
        described["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    return described


def bill() -> dict:
    """The whole bill."""
    metadata = json.loads(cargo("metadata", "--locked", "--format-version", "1"))
    own = set(metadata["workspace_members"])
    known = {(one["name"], one["version"]): one for one in metadata["packages"]}
    listed = [known[each] for each in sorted(shipped())]
    version = next(one["version"] for one in metadata["packages"] if one["name"] == "local")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "teams-connect", "version": version}},
        "components": [component(one) for one in listed if one["id"] not in own],
    }


def the_bill_names_all_that_is_shipped(written: dict) -> list[str]:
    """What is missing: each package of the lock that is shipped, with its licence."""
    named = {(one["name"], one["version"]) for one in written["components"]}
    own = {"shared", "parsers", "microsoft-simulator", *SHIPPED}
    missing = [f"{name} {version}" for name, version in shipped() - named if name not in own]
    bare = [one["name"] for one in written["components"] if "licenses" not in one and one["name"] != "ring"]
    return missing + [f"{name} has no licence" for name in bare]


if __name__ == "__main__":
    made = bill()
    faults = the_bill_names_all_that_is_shipped(made)
    if faults:
        sys.exit("the bill of materials is not whole: " + ", ".join(faults))
    file = Path(sys.argv[1])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(made, indent=1) + "\n")
    print(f"{file}: {len(made['components'])} packages")
