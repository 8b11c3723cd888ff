"""Licences of every locked package, as the packages themselves declare them.

Run ``python tools/licences.py`` in an environment made from ``requirements/dev.txt``.  Strong copyleft fails
everywhere; weak copyleft and undeclared licences fail for what Accord needs to run, and for tools unless
``ALLOWED`` gives a reason.  Exit status 1 when something fails.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from importlib import metadata
from pathlib import Path

RUN, OTHERS = "run.txt", ("build.txt", "test.txt", "dev.txt")

# Tools only: never packages that Accord needs to run.
ALLOWED = {
    "hypothesis": "MPL-2.0; used unmodified in tests, not shipped",
    "pathspec": "MPL-2.0; used unmodified by hatchling and mypy, not shipped",
    "axe-playwright-python": "declares nothing; its licence file is MIT, and the axe-core inside is MPL-2.0; "
    "used unmodified in tests, not shipped",
}

# Needed to run, but only with an extra that the user asks for.
OPTIONAL = {
    "pycountry": "LGPL-2.1; used unmodified and imported as a package of its own, only with the extra [data]",
}


class Grade(IntEnum):
    """How far a licence reaches, from the least to the most binding."""

    PERMISSIVE = 0
    WEAK = 1
    UNKNOWN = 2
    STRONG = 3


STRONG = re.compile(r"\bA?GPL|(?<!lesser )general public licen[cs]e|affero|\bSSPL|\bEUPL|\bOSL\b", re.I)
WEAK = re.compile(r"\bLGPL|lesser general public|\bMPL|mozilla public|\bEPL|eclipse public|\bCDDL", re.I)
PERMISSIVE = re.compile(
    r"\bMIT\b|\bMIT-CMU|\bBSD|\b0BSD|Apache|\bPSF|python software foundation|\bISC\b|\bzlib|\bCC0|"
    r"unlicen[cs]e|public domain|matplotlib|\bHPND|\bBSL-1|boost software",
    re.I,
)
NOT_A_LICENCE = {"dfsg approved", "osi approved"}


@dataclass(frozen=True)
class Declared:
    """What one package says about its licence."""

    name: str
    version: str
    text: str
    grade: Grade


def grade_of_one(text: str) -> Grade:
    """The grade of one licence, by its identifier or its name."""
    if WEAK.search(text):
        return Grade.WEAK
    if STRONG.search(text):
        return Grade.STRONG
    return Grade.PERMISSIVE if PERMISSIVE.search(text) else Grade.UNKNOWN


def grade_of_expression(expression: str) -> Grade:
    """The grade of an SPDX expression: the worst of what AND joins, the best of what OR offers."""
    tokens = re.findall(r"\(|\)|[^\s()]+", expression)
    grade, rest = either(tokens)
    return Grade.UNKNOWN if rest else grade


def either(tokens: list[str]) -> tuple[Grade, list[str]]:
    """Alternatives joined by OR, and the tokens after them."""
    grade, rest = all_of(tokens)
    while rest and rest[0].upper() == "OR":
        other, rest = all_of(rest[1:])
        grade = min(grade, other)
    return grade, rest


def all_of(tokens: list[str]) -> tuple[Grade, list[str]]:
    """Licences joined by AND, and the tokens after them."""
    grade, rest = one(tokens)
    while rest and rest[0].upper() == "AND":
        other, rest = one(rest[1:])
        grade = max(grade, other)
    return grade, rest


def one(tokens: list[str]) -> tuple[Grade, list[str]]:
    """A licence with its exception, or a bracket, and the tokens after it."""
    if not tokens:
        return Grade.UNKNOWN, []
    head, rest = tokens[0], tokens[1:]
    if head == "(":
        grade, rest = either(rest)
        return (grade, rest[1:]) if rest[:1] == [")"] else (Grade.UNKNOWN, rest)
    grade = grade_of_one(head)
    if rest and rest[0].upper() == "WITH":
        runtime = " ".join(rest[1:2]).lower().startswith("gcc-exception")
        grade, rest = (Grade.PERMISSIVE if runtime else grade), rest[2:]
    return grade, rest


def declared(name: str) -> Declared:
    """What an installed package declares: its expression, else its classifiers, else its licence field."""
    about = metadata.metadata(name)
    version = metadata.version(name)
    if "License-Expression" in about:
        expression = about["License-Expression"]
        return Declared(name, version, expression, grade_of_expression(expression))
    named = [
        line.rpartition("::")[2].strip() for line in about.get_all("Classifier") or [] if is_licence(line)
    ]
    free = about["License"] if "License" in about else ""  # noqa: SIM401 - metadata has no get
    first = free.strip().partition("\n")[0].strip()
    known = [text for text in named if text.lower() not in NOT_A_LICENCE] or [first]
    grade = max(grade_of_one(text) for text in known)
    return Declared(name, version, " and ".join(filter(None, known)) or "not declared", grade)


def is_licence(classifier: str) -> bool:
    """Whether a classifier of a package tells a licence."""
    return classifier.startswith("License ::")


def locked(path: Path) -> set[str]:
    """Names of the packages in a lock file, as the lock spells them."""
    return set(re.findall(r"^([A-Za-z0-9][\w.-]*)==", path.read_text(encoding="utf-8"), re.M))


def problem(package: Declared, to_run: bool) -> str:
    """What is wrong with a package's licence; empty when nothing is."""
    if package.grade is Grade.STRONG:
        return f"strong copyleft ({package.text}) is not used, not even for tools"
    if package.grade is Grade.PERMISSIVE:
        return ""
    kind = "weak copyleft" if package.grade is Grade.WEAK else "an unknown licence"
    if package.grade is Grade.WEAK and package.name in OPTIONAL:
        return ""
    if to_run:
        return f"{kind} ({package.text}) is not used for what Accord needs to run"
    if package.name not in ALLOWED:
        return f"{kind} ({package.text}) needs a reason in ALLOWED of tools/licences.py"
    return ""


def told(folder: Path) -> Iterator[tuple[str, bool]]:
    """A line for each locked package, and whether it fails."""
    to_run = locked(folder / RUN)
    every = to_run.union(*(locked(folder / name) for name in OTHERS))
    for name in sorted(every):
        try:
            package = declared(name)
        except metadata.PackageNotFoundError:
            yield f"{name}: locked but not installed here; run: make licences", True
            continue
        says = problem(package, name in to_run)
        reason = "" if package.grade is Grade.PERMISSIVE else {**ALLOWED, **OPTIONAL}.get(name, "")
        note = f"  FAILS: {says}" if says else f"  allowed: {reason}" if reason else ""
        part = "runs" if name in to_run else "tool"
        yield f"{part}  {package.name} {package.version}: {package.text}{note}", bool(says)


def main(arguments: list[str] | None = None) -> int:
    """Print the licence of every locked package; 1 when one of them may not be used."""
    parser = argparse.ArgumentParser(description="Licences of every locked package.")
    default = Path(__file__).resolve().parent.parent / "requirements"
    parser.add_argument("--folder", type=Path, default=default, help="where the lock files are")
    lines = list(told(parser.parse_args(arguments).folder))
    for line, _ in lines:
        print(line)
    wrong = sum(fails for _, fails in lines)
    print(f"licences: {len(lines)} packages, {wrong} that may not be used")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
