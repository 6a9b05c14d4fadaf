"""The command that makes the zips makes those of the four functions, and what it made is looked at. Making them takes
long: `tests/run zips`.
"""

import re
import shlex
import sys
import tomllib
import zipfile

import pytest

import documents
from permissions import functions

sys.path.insert(0, str(documents.TEMPLATE.parent))

import zips  # noqa: E402


def test_the_command_names_the_packages_of_the_functions():
    words = shlex.split(zips.BUILD)
    named = [after for word, after in zip(words, words[1:], strict=False) if word == "--package"]
    assert set(named) == set(functions(documents.template())) == set(zips.FUNCTIONS)
    for name in named:
        crate = tomllib.loads((documents.ROOT / "functions" / name / "Cargo.toml").read_text())
        assert crate["package"]["name"] == name
        assert [one["name"] for one in crate["bin"]] == [name]
        # Without it there would be no program.
        assert set(crate["bin"][0]["required-features"]) <= set(crate["features"]["default"])


def test_the_readme_has_the_command():
    assert f"\n{zips.BUILD}\n" in (documents.ROOT / "README.md").read_text()


def told() -> tuple[str, str, dict[str, dict[str, int]]]:
    """What the page says: commit, compiler, and sizes in bytes."""
    text = zips.PAGE.read_text()
    commit, compiler = re.search(r"of commit ([0-9a-f]{10}) with\n(rustc [0-9.]+) and", text).groups()
    head, *lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    rows = {name.strip(): [round(float(one) * 1e6) for one in cells] for name, *cells in lines}
    sizes = {one.strip(): {name: row[at] for name, row in rows.items()} for at, one in enumerate(head[1:])}
    return commit, compiler, sizes


def test_the_page_is_what_its_program_writes():
    commit, compiler, sizes = told()
    assert "arm64" in sizes
    assert set(sizes) <= set(zips.MACHINES)
    assert zips.page(commit, compiler, sizes) == zips.PAGE.read_text()


def test_the_sizes_are_told_where_people_read_them():
    _, _, sizes = told()
    smallest, largest = (limit(sizes["arm64"].values()) / 1e6 for limit in (min, max))
    for page in ("README.md", "docs/performance.md"):
        assert f"{smallest:.2f} to {largest:.2f} MB" in (documents.ROOT / page).read_text(), page


def test_without_packages_cargo_would_build_something_else():
    workspace = tomllib.loads((documents.ROOT / "Cargo.toml").read_text())["workspace"]
    assert not {f"functions/{name}" for name in zips.FUNCTIONS} & set(workspace["default-members"])


def test_the_tools_are_those_of_the_guide():
    installed = re.search(r"pip install (.*)", documents.GUIDE.read_text())[1].split()
    assert {f"{name}=={version}" for name, version in zips.TOOLS.items()} <= set(installed)


def archive(path, name: str, content: bytes, mode: int = 0o755):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(info, content)
    return path


def program(machine: bytes) -> bytes:
    return b"\x7fELF".ljust(18, b"\0") + machine + b"rest"


ARM = zips.MACHINES["arm64"]


def test_a_zip_that_lambda_starts_is_taken(tmp_path):
    path = archive(tmp_path / "bootstrap.zip", "bootstrap", program(ARM))
    assert zips.checked(path, ARM) == path.stat().st_size


@pytest.mark.parametrize(
    ("name", "content", "mode"),
    [
        ("bootstrap", program(zips.MACHINES["x86-64"]), 0o755),
        ("bootstrap", b"#!/bin/sh", 0o755),
        ("bootstrap", program(ARM), 0o644),
        ("meetings", program(ARM), 0o755),
    ],
    ids=["the other architecture", "no program", "not executable", "another name"],
)
def test_any_other_zip_is_refused(tmp_path, name, content, mode):
    with pytest.raises(SystemExit):
        zips.checked(archive(tmp_path / "bootstrap.zip", name, content, mode), ARM)
