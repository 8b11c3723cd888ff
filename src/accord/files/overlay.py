"""A situation with some paths changed: the one primitive behind scenarios, shocks, claims and trials."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from accord.files.build import BAD, Builder
from accord.files.dump import digest_of, plain_of
from accord.files.node import from_plain
from accord.files.numbers import words_in_force
from accord.files.paths import near_path
from accord.files.places import shape_at, touches
from accord.files.rules import RULES_OF_ERRORS, RULES_OF_NUMBERS, Rule, check_rules
from accord.problems import Problem, SituationError
from accord.situation import (
    Change,
    Estimate,
    Frozen,
    Range,
    Ref,
    Situation,
    Vocabulary,
    at,
    item_at,
    mark,
)

# What is said about the situation rather than part of it.
_CLOSED = ("accord", "scenarios", "claims")
_BLOCKS = ("actors", "issues", "sources", "resources", "options")


def overlay(situation: Situation, changes: Mapping[str, Change], vocabulary: Vocabulary) -> Situation:
    """The situation with every change applied.

    Parameters
    ----------
    situation : Situation
    changes : mapping of path to Change
    vocabulary : Vocabulary

    Returns
    -------
    Situation
        A new situation; the given one stays as it is.

    Raises
    ------
    SituationError
        With every problem: unknown paths, values that do not fit, rules broken by the result.
    """
    changed, problems = try_overlay(situation, changes, vocabulary)
    if problems or changed is None:
        raise SituationError(problems)
    return dataclasses.replace(changed, digest=digest_of(changed))


def try_overlay(
    situation: Situation, changes: Mapping[str, Change], vocabulary: Vocabulary
) -> tuple[Situation | None, list[Problem]]:
    """As :func:`overlay`, but the problems come back as a list; their paths are those of the changed keys."""
    problems: list[Problem] = []
    changed = situation
    for path, change in changes.items():
        value = _new_value(situation, path, change, vocabulary, problems)
        if value is not BAD:
            changed = _replace(situation, changed, [], path.split("."), value, vocabulary)
    failed = [problem.path for problem in problems]
    leaves = all(isinstance(_at(changed, path), Estimate) for path in changes)
    new = _new_errors(situation, changed, RULES_OF_NUMBERS if leaves else RULES_OF_ERRORS)
    problems += [problem for problem in new if not any(touches(problem.path, path) for path in failed)]
    if not problems and not leaves and _reads_otherwise(situation, changed):
        return _reread(changed, vocabulary)
    return (None if problems else changed), problems


def _new_errors(situation: Situation, changed: Situation, rules: tuple[Rule, ...]) -> list[Problem]:
    """Errors that a change has caused."""
    found = [problem for problem in check_rules(changed, rules) if problem.severity == "error"]
    before = {(p.kind, p.path, p.says) for p in check_rules(situation, rules)} if found else set()
    return [problem for problem in found if (problem.kind, problem.path, problem.says) not in before]


def _reads_otherwise(situation: Situation, changed: Situation) -> bool:
    """Whether parts that were left alone may now mean something else: names, words or scales have changed."""
    return (names_of(changed), changed.words, _scales(changed)) != (
        names_of(situation),
        situation.words,
        _scales(situation),
    )


def _reread(situation: Situation, vocabulary: Vocabulary) -> tuple[Situation | None, list[Problem]]:
    """The situation as a file would give it: references meet their names, words mean what they now say."""
    root = from_plain(plain_of(situation))
    builder = Builder(vocabulary, names_of(situation), words_in_force(situation.words), _scales(situation))
    good = builder.record(Situation, root, "")
    if builder.problems:
        return None, builder.problems
    return Situation(**good, name=situation.name), []


def _scales(situation: Situation) -> dict[str, tuple[float, float]]:
    """Ends of the issues' scales."""
    return {name: (issue.scale.low, issue.scale.high) for name, issue in situation.issues.items()}


def _at(situation: Situation, path: str) -> Any:
    """What stands at a path, None where nothing does."""
    try:
        return at(situation, path)
    except KeyError:
        return None


def _new_value(
    situation: Situation, path: str, change: Change, vocabulary: Vocabulary, problems: list[Problem]
) -> Any:
    """The value that a change puts at a path."""
    if path.partition(".")[0] in _CLOSED:
        says = f"a change cannot reach into '{path.partition('.')[0]}'"
        problems.append(
            Problem("unknown-path", says, path, "a path of what is judged", "change the file itself")
        )
        return BAD
    shape = shape_at(path, vocabulary)
    if shape is None or not _reachable(situation, path, vocabulary):
        hint = near_path(path, situation, vocabulary)
        problems.append(
            Problem("unknown-path", f"there is nothing at '{path}'", path, "a path of this situation", hint)
        )
        return BAD
    given = [key for key in ("to", "times", "plus") if getattr(change, key) is not None]
    if len(given) != 1:
        says = f"'{given[0]}' and '{given[1]}' at once" if given else "nothing to change it to"
        problems.append(Problem("contradictory", says, path, "one of to, times, plus"))
        return BAD
    if given == ["to"]:
        return _built(situation, path, change.to, vocabulary, problems)
    return _moved(situation, path, change, mark(shape.marks, Range), problems)


def _built(
    situation: Situation, path: str, value: Any, vocabulary: Vocabulary, problems: list[Problem]
) -> Any:
    """A value read by the shape declared at its path."""
    shape = shape_at(path, vocabulary)
    assert shape is not None
    builder = Builder(vocabulary, names_of(situation), words_in_force(situation.words), _scales(situation))
    built = builder.value(shape, from_plain(value), path)
    problems += builder.problems
    return BAD if builder.problems else built


def _moved(
    situation: Situation, path: str, change: Change, limits: Range | None, problems: list[Problem]
) -> Any:
    """A number multiplied or added to, range and all."""
    old = _at(situation, path)
    if not isinstance(old, Estimate) or old.distribution not in ("fixed", "pert", "uniform", "triangular"):
        says = (
            "there is no number here yet"
            if old is None
            else "this kind of value cannot be multiplied or added to"
        )
        problems.append(
            Problem("not-a-number", says, path, "a bare number, a word or {low, best, high}", "use 'to'")
        )
        return BAD
    factor, step = (1.0 if change.times is None else change.times), (change.plus or 0.0)
    moved = {
        key: value * factor + step
        for key in ("low", "best", "high")
        if (value := getattr(old, key)) is not None
    }
    if factor < 0 and old.low is not None:
        moved["low"], moved["high"] = moved["high"], moved["low"]
    if any(value not in (limits or Range()) or not math.isfinite(value) for value in moved.values()):
        reach = " to ".join(dict.fromkeys(f"{end(moved.values()):g}" for end in (min, max)))
        says = (
            f"the change leads to {reach}"
            if math.isfinite(sum(moved.values()))
            else "the change leads beyond all numbers"
        )
        problems.append(Problem("out-of-range", says, path, limits.words() if limits else "a number"))
        return BAD
    reason = change.assumed or (None if change.source else "changed by hand")
    return dataclasses.replace(old, **moved, word=None, citations=change.source, assumed=reason)


def _reachable(situation: Situation, path: str, vocabulary: Vocabulary) -> bool:
    """Whether the block around a path is there, or is an empty one that the declaration lets begin here."""
    value: Any = situation
    parts = path.split(".")
    for index, part in enumerate(parts[:-1]):
        inner = _step(value, part)
        if inner is None:
            inner = _fresh(situation, parts[: index + 1], vocabulary)
        if inner is None:
            return False
        value = inner
    if isinstance(value, tuple):
        return item_at(value, parts[-1]) is not None
    return not isinstance(value, Mapping) or parts[-1] in value or may_begin(situation, parts, vocabulary)


def _step(value: Any, part: str) -> Any:
    """What stands one step down; None when nothing does."""
    if isinstance(value, tuple):
        index = item_at(value, part)
        return None if index is None else value[index]
    return value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)


def may_begin(situation: Situation, parts: list[str], vocabulary: Vocabulary) -> bool:
    """Whether a new entry of this name may stand in its mapping: only where the names are declared elsewhere."""
    parent = shape_at(".".join(parts[:-1]), vocabulary)
    ref = mark(parent.marks, Ref) if parent is not None else None
    if ref is None:
        return False
    block = f"factions of {parts[2]}" if ref.block == "factions" else ref.block
    return parts[-1] in names_of(situation).get(block, set())


def _fresh(situation: Situation, parts: list[str], vocabulary: Vocabulary) -> Any:
    """An empty block for a path at which nothing stands yet; None where one cannot begin."""
    shape = shape_at(".".join(parts), vocabulary)
    if shape is None or not may_begin(situation, parts, vocabulary):
        return None
    if isinstance(shape.type, type) and issubclass(shape.type, Mapping):
        return Frozen()
    try:
        return shape.type()
    except TypeError:
        return None


def _replace(
    situation: Situation, value: Any, done: list[str], rest: list[str], new: Any, vocabulary: Vocabulary
) -> Any:
    """A copy of a record or mapping with the thing at *rest* below it replaced."""
    head, below = rest[0], rest[1:]
    here = [*done, head]
    inner = new
    if below:
        old = _step(value, head)
        old = _fresh(situation, here, vocabulary) if old is None else old
        inner = _replace(situation, old, here, below, new, vocabulary)
    if isinstance(value, Mapping):
        return Frozen({**value, head: inner})
    if isinstance(value, tuple):
        return tuple(inner if str(index) == head else old for index, old in enumerate(value))
    if head not in {f.name for f in dataclasses.fields(value)}:
        return dataclasses.replace(value, terms=Frozen({**value.terms, head: inner}))
    return dataclasses.replace(value, **{head: inner})


def names_of(situation: Situation) -> dict[str, set[str]]:
    """Names that references may point at, by block."""
    names = {block: set(getattr(situation, block)) for block in _BLOCKS}
    names["threats"] = set(situation.partnership.threats)
    names["patrons"] = set(situation.partnership.patrons)
    for actor, record in situation.actors.items():
        names[f"factions of {actor}"] = set(record.factions)
    return names
