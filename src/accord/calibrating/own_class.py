"""A reference class of the user's own as a calibration of the endurance lens.

Rules on the features of alliances (``defense=yes offense=no year=1945..1989``) pick alliances of the user's import; what became
of them is what the population of plausible partnerships is fitted to.
"""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from accord.calibrating.jointly import YEARS, Joint, Seen, Target, fit_jointly
from accord.doors import read
from accord.lenses.endurance.calibration import BETAS
from accord.lenses.endurance.population import REFERENCE, population, structure_of
from accord.lenses.precedent import (
    CAUSES,
    CLASSES,
    FEATURES,
    Alliances,
    BaseRate,
    ReferenceClass,
    alliances,
    rate_from,
)
from accord.lenses.precedent.classes import Rule, between, both, equals, members_of
from accord.lenses.precedent.survival import share_of
from accord.problems import Problem, SituationError, did_you_mean

FEWEST = 10  # alliances; and so many endings
SIZE = 1000  # partnerships of the population
_NORMAL = 1.959964
_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)")
_SHARES = {"fulfilled": ("expired",), "chosen": ("violated", "replaced"), "forced": ("state_lost",)}
_LEVELS = ("theatre", "bilateral")


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
    faults: list[Problem] = []
    for number, line in enumerate(lines, 1):
        for word in line.split("#")[0].replace(",", " ").split():
            made = _rule(word)
            if isinstance(made, Problem):
                faults.append(made.at(text, number) if from_file else made)
            else:
                rules.append(made)
    if not rules and not faults:
        faults.append(Problem("no-rule", "there is no rule", "class", "rules such as defense=yes", file=text))
    if faults:
        raise SituationError(faults)
    return ReferenceClass(path.stem if from_file else text, text, both(*rules))


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
    if name not in FEATURES or not sign:
        hint = did_you_mean(name, list(FEATURES))
        return Problem(
            "no-feature", f"'{word}' is no rule", "class", f"FEATURE=VALUE of {', '.join(FEATURES)}", hint
        )
    number = name in ("majors", "year")
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
            targets.append(Target(f"survival {years}", value, error))
    for group, causes in _SHARES.items():
        part = int(np.isin(early, [CAUSES.index(cause) + 1 for cause in causes]).sum())
        value, low, high = share_of(part, len(early))
        targets.append(Target(f"share {group}", value, (high - low) / (2 * _NORMAL)))
    return OwnClass(one.name, rate, tuple(targets), tuple(left_out))


def calibrate_class(
    text: str,
    store: Path | None = None,
    *,
    case: str | Path | None = None,
    level: str = "bilateral",
    betas: tuple[float, ...] = BETAS,
    size: int = SIZE,
) -> dict[str, Any]:
    """Fit the population to a reference class of the user's own.

    Parameters
    ----------
    text : str
        See :func:`own_class`.
    store : Path, optional
        With ATOP in it; the user's own when left out.
    case : str or Path, optional
        Whose structure the population has; the reference structure when left out.
    level : {'bilateral', 'theatre'}
        What ends when an alliance of the class ends: the standing relation, or the joint war.
    betas : tuple of float
    size : int
        Partnerships of the population.

    Returns
    -------
    dict
        ``class``, ``level``, ``n``, ``ended``, ``targets``, ``left_out``; ``survival_only`` and ``with_causes``, one record
        a precision.

    Raises
    ------
    SituationError
        For a class that cannot be understood or is too small, or a store without alliances.
    """
    one = own_class(text)
    made = targets_of(alliances(store), one)
    people = population(size=size, structure=REFERENCE if case is None else structure_of(read(case)))
    place = _LEVELS.index(level)
    seen: Seen = {}  # both fits walk the same grid
    fits = {
        name: fit_jointly(people, place, made.targets, betas=betas, shares=shares, seen=seen)
        for name, shares in (("survival_only", False), ("with_causes", True))
    }
    return {
        "class": one.name,
        "level": level,
        "n": made.rate.n,
        "ended": made.rate.ended,
        "targets": [asdict(target) for target in made.targets],
        "left_out": list(made.left_out),
        **{name: [_record(fit) for fit in rows] for name, rows in fits.items()},
    }


def _record(fit: Joint) -> dict[str, Any]:
    """A fit as plain data."""
    record = asdict(fit)
    return {**record, "model": {k: None if math.isnan(v) else v for k, v in fit.model.items()}}


def class_text(found: dict[str, Any]) -> str:
    """A table for people."""
    names = [target["name"] for target in found["targets"]]
    lines = [
        f"{found['class']}: {found['n']} alliances, {found['ended']} over; event: the {found['level']} level ends"
    ]
    lines.append(f"{'':22}{'reviews':>9}" + "".join(f"{name:>16}" for name in names) + f"{'misfit^2':>10}")
    told = [f"{target['value']:.3f} +-{target['error']:.3f}" for target in found["targets"]]
    lines.append(f"{'the class':22}{'':9}" + "".join(f"{text:>16}" for text in told))
    for title, key in (("survival alone", "survival_only"), ("with causes", "with_causes")):
        for row in found[key]:
            cells = [
                f"{'-' if row['model'][name] is None else format(row['model'][name], '.3f')}"
                f" ({row['misfit'][name]:+.1f})"
                for name in names
            ]
            rate = f"{row['nu']:.4f}{'!' if row['at_limit'] else ''}"
            head = f"{title}, beta {row['beta']:g}"
            lines.append(
                f"{head:22}{rate:>9}" + "".join(f"{cell:>16}" for cell in cells) + f"{row['total']:10.1f}"
            )
    lines.append(
        "In brackets: model less class, in sampling errors. '!': the best rate lies outside .001 to 1 a month."
    )
    lines += [f"left out: {what}" for what in found["left_out"]]
    return "\n".join(lines)
