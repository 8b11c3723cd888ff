"""From a case to forecasts: its dated questions, alive at a date, the cause of the end."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from accord.ledger.answers import Basis, FloatArray, Wanted, after_months, mean_of, wanted
from accord.ledger.forecast import CAUSE, NO, SURVIVAL, TOGETHER, YES, Forecast
from accord.ledger.reference import alive_baseline
from accord.lenses.endurance.endings import ENDINGS
from accord.problems import Problem, SituationError, did_you_mean, listed
from accord.situation import Day, Resolution, Situation

_CAUSES = tuple(one.name for one in ENDINGS[1:])
LEVELS = ("theatre", "bilateral")
_LEVEL_WORDS = {"theatre": "the joint effort", "bilateral": "the partnership"}


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that no output of the model answers, and why."""

    question_id: str
    question: str
    by: str
    says: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, and what came of it."""

    forecasts: tuple[Forecast, ...]
    unanswered: tuple[Unanswered, ...]


def known_questions(situation: Situation, names: Sequence[str]) -> tuple[str, ...]:
    """Names of questions of the file, all when none is given; SituationError with each that there is not."""
    problems = []
    for name in names:
        if name not in situation.resolve:
            hint = did_you_mean(name, situation.resolve) or f"one of {listed(situation.resolve) or 'none'}"
            says = f"the file asks no question '{name}'"
            problems.append(Problem("unknown-reference", says, "resolve", try_instead=hint))
    if problems:
        raise SituationError(problems)
    return tuple(dict.fromkeys(names)) or tuple(situation.resolve)


def by_questions(basis: Basis, names: Sequence[str]) -> Asked:
    """Forecasts for questions of the file's ``resolve`` block that name an output; one of them may ask for the cause."""
    asking = basis.asking
    plans = {name: _plans(basis, one) for name in names if (one := asking.resolve[name]).output is not None}
    basis.prepare(tuple(one for plan in plans.values() for one in plan.values()))
    found, left = [], []
    for name in names:
        question = asking.resolve[name]
        if name not in plans:
            left.append(_left(asking, name, "no output of the model answers it"))
            continue
        day = question.by.last
        try:
            if asks_cause(question):
                found.append(_causes(basis, name, question.question, day, plans[name]))
            else:
                found.append(_binary(basis, name, question.question, day, plans[name][YES]))
        except ValueError as error:
            left.append(_left(asking, name, str(error)))
    return Asked(tuple(found), tuple(left))


def asks_cause(question: Resolution) -> bool:
    """Whether a question asks how it ended, and not for a yes."""
    return question.output == CAUSE


def _plans(basis: Basis, question: Resolution) -> dict[str, Wanted]:
    """The outputs that a question takes, by class."""
    day = question.by.last
    if not asks_cause(question):
        return {YES: wanted(basis.situation, str(question.output), day)}
    return {cause: wanted(basis.situation, f"{CAUSE}.{cause}", day) for cause in _CAUSES}


def _left(situation: Situation, name: str, says: str) -> Unanswered:
    """A question without an answer."""
    question = situation.resolve[name]
    return Unanswered(name, question.question, question.by.last.isoformat(), says)


def by_date(basis: Basis, level: str, days: Sequence[Day]) -> Asked:
    """Forecasts that a level is alive on the last of each of some days."""
    who = _partners(basis.situation)
    outputs = {day: wanted(basis.situation, f"endurance.survival.{level}", day.last) for day in days}
    basis.prepare(tuple(outputs.values()))
    found, left = [], []
    for day, one in outputs.items():
        name, says = f"{level}_alive_{day}", f"Is {_LEVEL_WORDS[level]} of {who} alive?"
        try:
            found.append(_binary(basis, name, says, day.last, one))
        except ValueError as error:
            left.append(Unanswered(name, says, day.last.isoformat(), str(error)))
    return Asked(tuple(found), tuple(left))


def _partners(situation: Situation) -> str:
    """The partners in words, sorted."""
    labels = sorted(
        situation.actors[name].label or name if name in situation.actors else name
        for name in situation.partnership.patrons
    )
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


def _binary(basis: Basis, name: str, says: str, by: datetime.date, one: Wanted) -> Forecast:
    """A forecast of a yes; ValueError when the model has none."""
    values = basis.values(one)
    yes, error, undefined = mean_of(values)
    level = one.output.split(".")[2] if one.output.startswith(SURVIVAL) else ""
    month = one.month if level else None
    base = alive_baseline(basis.situation, level, month) if level and month is not None else None
    return Forecast(
        **_frozen(basis, name, says, by),
        probabilities={YES: yes, NO: 1.0 - yes},
        errors={} if np.isnan(error) else {YES: error, NO: error},
        output=one.output,
        month=one.month,
        undefined=undefined,
        baseline=base,
        carried=basis.carried(values),
    )


def by_cause(basis: Basis, level: str = "theatre") -> Asked:
    """The forecast of how a level will have ended by the horizon, still together among the classes."""
    situation = basis.situation
    horizon, by = situation.horizon, after_months(situation.as_of, situation.horizon)
    name, says = (
        f"{level}_cause",
        f"How has {_LEVEL_WORDS[level]} of {_partners(situation)} ended, if it has?",
    )
    plans = {
        cause: Wanted(f"{CAUSE}.{cause}", f"endurance/incidence.{level}.{cause}", horizon)
        for cause in _CAUSES
    }
    try:
        if level != "theatre" and basis.folder is None:
            raise ValueError("how the partnership as such ends stands in a result folder only: give --run")
        basis.prepare(tuple(plans.values()))
        made = _causes(basis, name, says, by, plans, "" if level == "theatre" else f".{level}")
    except ValueError as error:
        return Asked((), (Unanswered(name, says, by.isoformat(), str(error)),))
    return Asked((made,), ())


def _causes(
    basis: Basis, name: str, says: str, by: datetime.date, plans: Mapping[str, Wanted], of: str = ""
) -> Forecast:
    """A forecast of the cause, still together among its classes; ValueError when the model has none."""
    values = {cause: basis.values(one) for cause, one in plans.items()}
    together: FloatArray = 1.0 - np.sum([np.nan_to_num(v) for v in values.values()], axis=0)
    spread = {cause: mean_of(v) for cause, v in {**values, TOGETHER: together}.items()}
    total = sum(one[0] for one in spread.values())
    return Forecast(
        **_frozen(basis, name, says, by),
        probabilities={cause: one[0] / total for cause, one in spread.items()},
        errors={cause: one[1] for cause, one in spread.items() if not np.isnan(one[1])},
        output=f"{CAUSE}{of}",
        month=next(iter(plans.values())).month,
        carried=basis.carried(together),
    )


def _frozen(basis: Basis, name: str, says: str, by: datetime.date) -> dict[str, Any]:
    """What every forecast of the model keeps."""
    pairs = basis.pairs
    return {
        **_about(basis.asking, name, says, by),
        "worlds": pairs.worlds,
        "seed": pairs.seed,
        "method": pairs.method,
        "situation": basis.situation.digest,
        "run": basis.run,
    }


def _about(situation: Situation, name: str, says: str, by: datetime.date) -> dict[str, Any]:
    """What a forecast is about."""
    return {
        "id": f"{situation.name}/{name}",
        "case": situation.name,
        "question_id": name,
        "question": says,
        "by": by.isoformat(),
        "as_of": str(situation.as_of),
        "asked_of": situation.digest,
        "version": version("accord-lenses"),
        "title": situation.title,
    }


def by_analyst(
    situation: Situation, name: str, probability: float, note: str = "", who: str = ""
) -> Forecast:
    """An analyst's own probability of a yes to a question of the file; SituationError when it is none."""
    problems = []
    if not 0.0 <= probability <= 1.0:
        says = f"{probability:g} is not a probability"
        problems.append(Problem("option", says, expected="a number from 0 to 1", path="--probability"))
    question = situation.resolve[name]
    if asks_cause(question):
        says = f"'{name}' asks how it ended, which one probability does not answer"
        problems.append(Problem("option", says, path="--probability", expected="a yes-or-no question"))
    if problems:
        raise SituationError(problems)
    return Forecast(
        **_about(situation, name, question.question, question.by.last),
        probabilities={YES: probability, NO: 1.0 - probability},
        whose="analyst",
        said_by=who,
        output=question.output or "",
        situation=situation.digest,
        note=note,
    )
