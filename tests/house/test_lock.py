"""The lock files agree with one another and with pyproject.toml, and name no place."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def named(lines: list[str]) -> set[str]:
    """Names of the packages that requirement lines ask for, in one spelling."""
    names = (re.match(r"[A-Za-z0-9][\w.-]*", line) for line in lines)
    return {re.sub(r"[-_.]+", "-", name.group()).lower() for name in names if name}


def pins(lock: Path) -> dict[str, str]:
    """The version that a lock holds each package at."""
    return dict(re.findall(r"^([A-Za-z0-9][\w.-]*)==(\S+)", lock.read_text("utf-8"), re.M))


def test_there_are_locks() -> None:
    assert [lock.name for lock in LOCKS] == ["build.txt", "dev.txt", "run.txt", "test.txt"]


def test_locks_agree() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, version in pins(lock).items():
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_is_pinned_with_its_hashes(lock: Path) -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock.read_text("utf-8"), flags=re.M)[1:]
    assert len(blocks) == len(pins(lock)) > 0
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_locks_name_no_place(lock: Path) -> None:
    found = re.findall(r"://|^\s*--(?:index|extra|find|trusted)\S*|\bfile:/", lock.read_text("utf-8"), re.M)
    assert found == []


def test_the_lock_is_made_from_what_the_project_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = [*project["dependencies"], *extras["excel"], *extras["data"]]
    asked = (ROOT / "requirements" / "run.in").read_text("utf-8").splitlines()
    assert named(asked) == named(declared)
    assert named(asked) <= set(pins(ROOT / "requirements" / "run.txt"))
