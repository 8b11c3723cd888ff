"""Reading and checking: a path in, a situation or every problem at once out."""

from __future__ import annotations

import dataclasses
import math
import re
from pathlib import Path
from typing import Any

from accord.files.build import Builder, read_words
from accord.files.declared import names_in, scales_in
from accord.files.dump import digest_of
from accord.files.gathering import gathered
from accord.files.node import Lines, Node, shortened
from accord.files.oddities import outside_prior, readers_told
from accord.files.overlay import try_overlay
from accord.files.paths import near_path
from accord.files.places import touches
from accord.files.rules import check_rules
from accord.files.text import MOST_BYTES, parse
from accord.problems import Problem, SituationError, did_you_mean, worst_first
from accord.situation import (
    FORMAT_VERSION,
    Change,
    Claim,
    Comparison,
    Day,
    Frozen,
    Partnership,
    Situation,
    Vocabulary,
    at,
    matches,
    ranges,
)

_QUOTED = re.compile(r"'([^']+)'")
# Rules that look at another block than the one they complain about.
_LEANS = (
    ("aggregate", "resources"),
    ("rules.**", "options"),
    ("rules.**", "rules"),
    ("preferences.**", "options"),
    ("preferences.**", "stances"),
    ("options.**", "preferences"),
    ("options.**", "stances"),
    ("options.**", "issues"),
    ("partnership.quorum", "partnership.patrons"),
    ("issues.*.leader", "partnership.client"),
)
# Of these, those in which any entry counts, whatever its name.
_WHOLE = ("partnership.patrons", "partnership.client")
_STAND_IN: dict[str, Any] = {
    "accord": FORMAT_VERSION,
    "title": "?",
    "as_of": Day(1, 1, 1),
    "actors": Frozen(),
    "partnership": Partnership(patrons=Frozen()),
}


def read_file(path: Path, vocabulary: Vocabulary) -> tuple[Situation, list[Problem]]:
    """Read and check one file.

    Parameters
    ----------
    path : Path
        A YAML or JSON file.
    vocabulary : Vocabulary
        Keys that lenses add.

    Returns
    -------
    situation : Situation
    warnings : list of Problem
        Warnings and notes.

    Raises
    ------
    SituationError
        With every problem, when at least one is an error.
    """
    situation, problems = examine(path, vocabulary)
    if situation is None or any(problem.severity == "error" for problem in problems):
        raise SituationError(problems)
    return situation, problems


def examine(path: Path, vocabulary: Vocabulary) -> tuple[Situation | None, list[Problem]]:
    """Everything that is wrong with a file, and the situation if it can be used."""
    file = str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        return None, [_unreadable(path, error).at(file)]
    root, problems = parse(data)
    if root is None:
        return None, _once([problem.at(file) for problem in problems])
    situation, found = build_and_check(root, vocabulary, Lines.of(file, root))
    told = worst_first(_once([problem.at(file) for problem in [*problems, *found]]))
    if situation is not None:
        situation = dataclasses.replace(situation, name=path.name.removesuffix(path.suffix))
    return situation, told


def _unreadable(path: Path, error: OSError | ValueError) -> Problem:
    """Why a file cannot be opened."""
    if isinstance(error, FileNotFoundError):
        slip = did_you_mean(path.name, _inside(path.parent)).split("'")[1:2]
        hint = (
            f"did you mean '{path.with_name(slip[0])}'?" if slip else "'accord cases' lists the shipped ones"
        )
        return Problem("no-file", "there is no such file", try_instead=hint)
    if isinstance(error, IsADirectoryError):
        inside = sorted(near for near in _inside(path) if near.endswith((".yaml", ".yml", ".json")))
        hint = f"did you mean '{path / inside[0]}'?" if inside else "name the .yaml file in it"
        return Problem("no-file", "this is a folder", expected="a file", try_instead=hint)
    reason = error.strerror if isinstance(error, OSError) else None
    return Problem(
        "no-file",
        f"it cannot be opened ({(reason or 'not a file name').lower()})",
        try_instead="check its name and permissions",
    )


def _inside(folder: Path) -> list[str]:
    """Names of the files in a folder, as far as they can be seen."""
    try:
        return [near.name for near in folder.iterdir()]
    except OSError:
        return []


def build_and_check(
    root: Node, vocabulary: Vocabulary, lines: Lines
) -> tuple[Situation | None, list[Problem]]:
    """Build the situation from nodes and check every rule; problems carry their places."""
    version = _version(root)
    if version is not None:
        return None, [version]
    words, problems = read_words(root)
    builder = Builder(vocabulary, names_in(root), words, scales_in(root))
    good = builder.record(Situation, root, "")
    problems += builder.problems
    whole = all(key in good for key in _STAND_IN)
    situation = Situation(**{**_STAND_IN, **good})
    unknown = {p.path for p in builder.problems if p.kind == "unknown-key"}
    dropped = {
        p.path for p in builder.problems if p.kind not in ("unknown-key", "missing-key")
    } | builder.skipped
    follow = _ruled(situation, vocabulary) + _changes(situation, vocabulary)
    follow = [
        p for p in follow if not _only_follows(p, dropped | unknown if p.severity == "warning" else dropped)
    ]
    problems += [p.at("", *lines.find(p.path)) if p.path else p for p in follow]
    if not whole or any(p.severity == "error" for p in problems):
        return None, gathered(_once(problems))
    return dataclasses.replace(situation, digest=digest_of(situation)), _once(problems)


def _version(root: Node) -> Problem | None:
    """A file of a later format cannot be judged by this version."""
    node = root.value.get("accord")
    if (
        node is None
        or not isinstance(node.value, int | float)
        or not FORMAT_VERSION < node.value < math.inf
        or node.value % 1
    ):
        return None
    return Problem(
        "format-version",
        f"the file is written in format {node.as_text()}",
        "accord",
        f"format {FORMAT_VERSION}",
        "install a newer version of Accord",
        line=node.line,
        place=node.place,
    )


def _ruled(situation: Situation, vocabulary: Vocabulary) -> list[Problem]:
    """Breaches of the rules between keys, and what would better be looked at."""
    return check_rules(situation) + readers_told(situation, vocabulary) + outside_prior(situation, vocabulary)


def _only_follows(problem: Problem, dropped: set[str]) -> bool:
    """Whether a problem may only be there because something else could not be used."""
    if not dropped:
        return False
    if problem.kind == "unused" or (problem.kind == "date" and "as_of" in dropped):
        return True
    target = problem.path
    for marker in (".changes.", ".vary."):
        target = target.partition(marker)[2] or target
    quoted = _QUOTED.findall(problem.says)
    leans = [block for pattern, block in _LEANS if matches(problem.path, pattern)]
    named = [target, problem.path, *quoted, *(f"{block}.{name}" for block in leans for name in quoted)]
    whole = [block for block in leans if block in _WHOLE]
    if any(block == path or block.startswith(f"{path}.") for block in leans for path in dropped):
        return True
    return any(touches(name, path) for name in [*named, *whole] for path in dropped if name)


def _once(problems: list[Problem]) -> list[Problem]:
    """Problems without repetitions, in order."""
    return list(dict.fromkeys(problems))


def _changes(situation: Situation, vocabulary: Vocabulary) -> list[Problem]:
    """Problems in the changes of scenarios, shocks and claims, and in the paths that claims name."""
    told: list[Problem] = []
    blocks: list[tuple[str, dict[str, Change]]] = []
    blocks += [(f"scenarios.{name}.changes", dict(s.changes)) for name, s in situation.scenarios.items()]
    blocks += [(f"shocks.{name}.changes", dict(s.changes)) for name, s in situation.shocks.items()]
    for name, claim in situation.claims.items():
        blocks += [(f"{where}.vary", dict(one.vary)) for where, one in _comparisons(name, claim)]
    for where, changes in blocks:
        told += _check_changes(situation, where, changes, vocabulary)
    return told + _claims(situation, vocabulary)


def _check_changes(
    situation: Situation, where: str, changes: dict[str, Change], vocabulary: Vocabulary
) -> list[Problem]:
    """Problems of one set of changes, placed at the change that causes them."""
    _, problems = try_overlay(situation, changes, vocabulary)
    for path, change in changes.items():
        if change.against is not None:
            problems += try_overlay(situation, {path: Change(to=change.against)}, vocabulary)[1]
    placed = []
    for problem in problems:
        causes = [path for path in changes if touches(path, problem.path)]
        cause = max(causes, key=len) if causes else next(iter(changes)) if len(changes) == 1 else ""
        inside = problem.path if cause and problem.path.startswith(f"{cause}.") else cause
        placed.append(dataclasses.replace(problem, path=f"{where}.{inside}" if inside else where))
    return placed


def _comparisons(name: str, claim: Claim) -> list[tuple[str, Claim | Comparison]]:
    """A claim and its further comparisons, each with its path."""
    return [
        (f"claims.{name}", claim),
        *((f"claims.{name}.tests.{key}", one) for key, one in claim.tests.items()),
    ]


def _claims(situation: Situation, vocabulary: Vocabulary) -> list[Problem]:
    """Claims name paths that exist and outputs of lenses that are known."""
    told: list[Problem] = []
    lenses = sorted(vocabulary.reads or {})
    for name, claim in situation.claims.items():
        where, wanted = f"claims.{name}.encoded_by", "a path of this file"
        absent = [path for path in claim.encoded_by if not _there(situation, path)]
        hints = [near_path(path, situation, vocabulary) for path in absent]
        told += [
            Problem("unknown-path", f"there is nothing at '{shortened(path, 120)}'", where, wanted, hint)
            for path, hint in zip(absent, hints, strict=True)
        ]
        for place, one in _comparisons(name, claim):
            told += _outputs(place, one, lenses)
    return told


def _outputs(where: str, one: Claim | Comparison, lenses: list[str]) -> list[Problem]:
    """Outputs of lenses that nobody knows, and bounds that bound nothing."""
    told: list[Problem] = []
    named = [(f"{where}.expect.{output}", output) for output in one.expect]
    for output, bound in one.holds.items():
        here = f"{where}.holds.{output}"
        ends = [end for end in (bound.below, bound.above) if end is not None]
        named += [(here, output), *((here, end) for end in ends if isinstance(end, str))]
        odd = any(isinstance(end, bool) or not isinstance(end, int | float | str) for end in ends)
        if odd or not ends:
            says = "a bound is neither a number nor an output" if odd else "nothing bounds this output"
            told.append(Problem("not-a-bound", says, here, "below or above a number or another output"))
    for place, output in named:
        lens = output.partition(".")[0]
        if lens not in lenses:
            wanted = "an output such as 'endurance.survival.bilateral.120'"
            hint = did_you_mean(lens, lenses)
            told.append(Problem("unknown-reference", f"'{lens}' is not a lens", place, wanted, hint))
    return told


def _there(situation: Situation, path: str) -> bool:
    """Whether something stands at a path."""
    try:
        at(situation, path)
    except KeyError:
        return False
    return True


def declared(path: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Range and question (in words) of the number at a path, as declared; None for a path nobody declares."""
    for pattern, (limits, question) in ranges(vocabulary).items():
        if matches(path, pattern):
            return (limits.words() if limits else "a number"), question
    return None
