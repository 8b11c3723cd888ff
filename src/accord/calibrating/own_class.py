"""A reference class of the user's own as a calibration of the endurance lens.

Rules on the features of alliances (``defense=yes offense=no year=1945..1989``) pick alliances of the user's import; what became
of them is what the population of plausible partnerships is fitted to.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from accord.calibrating.jointly import YEARS, Target
from accord.lenses.precedent import (
    CAUSES,
    CLASSES,
    FEATURES,
    Alliances,
    BaseRate,
    ReferenceClass,
    rate_from,
)
from accord.lenses.precedent.classes import Rule, between, both, equals, members_of
from accord.lenses.precedent.regimes import REGIMES
from accord.lenses.precedent.survival import share_of
from accord.problems import Problem, SituationError, did_you_mean

FEWEST = 10  # alliances; and so many endings
_NORMAL = 1.959964
_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)")
_SHARES = {"fulfilled": ("expired",), "chosen": ("violated", "replaced"), "forced": ("state_lost",)}
# What rules may be about; those on regimes need a store that has them.
RULES: dict[str, str] = {**FEATURES, **REGIMES}


@dataclass(frozen=True, slots=True)
class OwnClass:
    """A reference class with what became of it.

    Parameters
    ----------
    name : str
    rate : BaseRate
    targets : tuple of Target
    left_out : tuple of str
        Targets that the class says nothing about, and why.
    """

    name: str
    rate: BaseRate
    targets: tuple[Target, ...]
    left_out: tuple[str, ...]


def own_class(text: str) -> ReferenceClass:
    """A class from its name, its rules, or the path of a file with rules (one or more a line; ``#`` begins a remark).

    Parameters
    ----------
    text : str
        ``wartime``; ``defense=yes offense=no year=1945..1989 majors=1``; ``my-class.txt``.

    Raises
    ------
    SituationError
        With every rule that cannot be understood.
    """
    if text in CLASSES:
        return CLASSES[text]
    path = Path(text)
    if "=" not in text and not path.is_file():
        hint = did_you_mean(text, list(CLASSES)) or "a rule such as defense=yes"
        says = f"'{text}' is neither a class, nor a rule, nor a file"
        raise SituationError(
            [Problem("no-class", says, "class", f"one of {', '.join(CLASSES)}, or rules", hint)]
        )
    from_file = "=" not in text
    lines = _lines(path) if from_file else [text]
    rules: list[Rule] = []
    words: list[str] = []
    faults: list[Problem] = []
    for number, line in enumerate(lines, 1):
        for word in line.split("#")[0].replace(",", " ").split():
            made = _rule(word)
            if isinstance(made, Problem):
                faults.append(made.at(text, number) if from_file else made)
            else:
                rules.append(made)
                words.append(word)
    if not rules and not faults:
        faults.append(Problem("no-rule", "there is no rule", "class", "rules such as defense=yes", file=text))
    if faults:
        raise SituationError(faults)
    return ReferenceClass(path.stem if from_file else text, " ".join(words), both(*rules))


def _lines(path: Path) -> list[str]:
    """The lines of a file of rules."""
    try:
        return path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SituationError(
            [Problem("no-file", "cannot be read as text", expected="rules in UTF-8", file=str(path))]
        ) from error


def _rule(word: str) -> Rule | Problem:
    """One rule, or what is wrong with it."""
    name, sign, value = word.partition("=")
    if name not in RULES or not sign:
        hint = did_you_mean(name, list(RULES))
        return Problem(
            "no-feature", f"'{word}' is no rule", "class", f"FEATURE=VALUE of {', '.join(RULES)}", hint
        )
    number = name in ("majors", "year", *REGIMES)
    if number and (found := _RANGE.fullmatch(value)):
        low, high = (float(part) for part in found.groups())
        if low <= high:
            return between(name, low, high)
    elif number and re.fullmatch(r"\d+", value):
        return equals(name, float(value))
    elif not number and value in ("yes", "no"):
        return equals(name, float(value == "yes"))
    expected = "a number, or FROM..TO" if number else "yes or no"
    return Problem("no-value", f"'{value}' is no value of {name}", "class", expected)


def targets_of(table: Alliances, one: ReferenceClass) -> OwnClass:
    """What became of a class: survival at 1, 5 and 10 years, and shares of the endings within ten, with their errors.

    Raises
    ------
    SituationError
        When fewer than ten alliances belong to it, or fewer than ten of them are over.
    """
    inside = members_of(table.features, one.rule)
    durations, ended = table.durations[inside], table.ended[inside]
    early = ended[(ended > 0) & (durations <= YEARS[-1])]
    if len(durations) < FEWEST or len(early) < FEWEST:
        says = f"{len(durations)} alliances belong to '{one.name}', and {len(early)} of them ended within ten years"
        raise SituationError(
            [Problem("small-class", says, "class", f"at least {FEWEST} of each", "a wider rule")]
        )
    rate = rate_from(one.name, one.label, durations, ended)
    targets: list[Target] = []
    left_out: list[str] = []
    for years in YEARS:
        value, low, high = rate.survival[float(years)]
        error = (high - low) / (2 * _NORMAL)
        if math.isnan(value) or not error > 0:
            left_out.append(f"survival {years} (nothing is known of that age)")
        else:
            targets.append(Target(f"survival {years}", value, error, len(durations), low, high))
    for group, causes in _SHARES.items():
        part = int(np.isin(early, [CAUSES.index(cause) + 1 for cause in causes]).sum())
        value, low, high = share_of(part, len(early))
        error = (high - low) / (2 * _NORMAL)
        targets.append(Target(f"share {group}", value, error, len(early), low, high))
    return OwnClass(one.name, rate, tuple(targets), tuple(left_out))
