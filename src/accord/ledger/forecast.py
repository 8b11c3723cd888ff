"""Forecasts and their resolutions, as they stand in the ledger."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from accord.problems import Problem, SituationError, did_you_mean, listed

Whose = Literal["model", "analyst"]
YES, NO = "yes", "no"
BINARY = (YES, NO)
TOGETHER = "still_together"
# What a question names as its output that asks how the joint effort ended, or whether a level is alive.
CAUSE, SURVIVAL = "endurance.incidence", "endurance.survival."
# Fewer alliances than these at an age are thin evidence.
THIN = 10


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the reference class says of a yes.

    Parameters
    ----------
    kind : str
        The class in words.
    probability : float
        That of alliances as old as the partnership where its age is known, else of new ones.
    source : str
    age : float or None
        Years that the partnership had lasted; None where that is not known (or it was new).
    at_risk : int or None
        Alliances of the class under observation at that age, or at the start.
    newborn : float or None
        The share of new ones, beside that of those as old.
    """

    kind: str
    probability: float
    source: str
    age: float | None = None
    at_risk: int | None = None
    newborn: float | None = None

    @property
    def says(self) -> str:
        """In words: ``defence, no offence, at the age of 22 years (66 observed); new ones 0.755``."""
        if self.age is None:
            return self.kind if self.at_risk is None else f"{self.kind}, new ones ({self.at_risk} observed)"
        years = f"{self.age:g} year{'' if self.age == 1 else 's'}"
        thin = ", thin evidence" if self.at_risk is not None and self.at_risk < THIN else ""
        beside = "" if self.newborn is None else f"; of new ones {self.newborn:.3f}"
        return f"{self.kind}, at the age of {years} ({self.at_risk} observed{thin}){beside}"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A number that the forecast moved with: path, and rank correlation over worlds."""

    path: str
    correlation: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """A frozen answer.

    Parameters
    ----------
    id : str
        ``CASE/QUESTION``, with ``.2`` and so on when the question is asked again.
    case, question_id, question : str
    by : str
        The day on which it is settled, ISO.
    as_of : str
        Up to when the situation knows.
    probabilities : mapping of str to float
        Class to probability; ``yes`` and ``no`` for a question, the causes and ``still_together`` for the cause.
    errors : mapping of str to float
        Their standard errors from the number of worlds; empty for an analyst's own.
    whose : {'model', 'analyst'}
    said_by : str
        Who of the analysts, where that was told; empty for the model.
    output : str
        What of the model it is; for an analyst's, what the question names, if anything.
    month : int or None
        Month of the model at which it was read.
    worlds, undefined : int
        Worlds drawn, and those in which the output is undefined and which do not count.
    seed : int or None
    method : str
    situation, asked_of, run : str
        Digests: of the situation whose numbers these are, of the file that asks, of the run (empty without one).
    version : str
        Of Accord.
    baseline : Baseline or None
        For ``yes``; None when no class is known.
    carried : sequence of Carrier
    note : str
    title : str
        Of the situation that asks; empty in lines of earlier versions.
    """

    id: str
    case: str
    question_id: str
    question: str
    by: str
    as_of: str
    probabilities: Mapping[str, float]
    errors: Mapping[str, float] = field(default_factory=dict)
    whose: Whose = "model"
    output: str = ""
    month: int | None = None
    worlds: int = 0
    undefined: int = 0
    seed: int | None = None
    method: str = ""
    situation: str = ""
    asked_of: str = ""
    run: str = ""
    version: str = ""
    baseline: Baseline | None = None
    carried: Sequence[Carrier] = ()
    note: str = ""
    said_by: str = ""
    title: str = ""

    @property
    def is_binary(self) -> bool:
        """Whether it is a yes-or-no question."""
        return set(self.probabilities) == set(BINARY)

    @property
    def probability(self) -> float:
        """Of a yes, or of the likeliest class."""
        return self.probabilities[YES] if self.is_binary else max(self.probabilities.values())

    def lasts(self, outcome: str) -> bool:
        """Whether an outcome says that something lasted to the question's day, which nobody can see before that day."""
        return outcome == TOGETHER or (outcome == YES and self.output.startswith(SURVIVAL))

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Forecast:
        """From plain data; KeyError or TypeError when it is none."""
        base = plain.get("baseline")
        return cls(
            **{
                **plain,
                "baseline": None if base is None else Baseline(**base),
                "carried": tuple(Carrier(**one) for one in plain.get("carried", ())),
            }
        )


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of a forecast.

    Parameters
    ----------
    id : str
        Of the forecast.
    outcome : str
        One of its classes.
    source : str
        Where that is reported.
    on : str
        The day on which it was seen, ISO.
    corrects : int or None
        Number of the record that it replaces; None for the first.
    note : str
    """

    id: str
    outcome: str
    source: str
    on: str
    corrects: int | None = None
    note: str = ""

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Item:
    """One forecast with what became of it.

    Parameters
    ----------
    forecast : Forecast
    frozen_at : str
        When it was written into the ledger, UTC.
    number : int
        Of its record.
    sha256 : str
        Of its record.
    resolutions : tuple of (int, str, Resolution)
        Number and time of each record; the last one holds.
    seen : str
        The first day on which another forecast's outcome told this one's as well; empty where none does.
    answered_by : str
        Id of a forecast whose outcome stood in the ledger before this one was frozen; empty where none did.
    """

    forecast: Forecast
    frozen_at: str
    number: int = 0
    sha256: str = ""
    resolutions: tuple[tuple[int, str, Resolution], ...] = ()
    seen: str = ""
    answered_by: str = ""

    @property
    def resolution(self) -> Resolution | None:
        """What holds now; None while it is open."""
        return self.resolutions[-1][2] if self.resolutions else None

    @property
    def provisional(self) -> bool:
        """Whether its outcome, lasting to a day, was written down as seen before that day: it is not scored."""
        told = self.resolution
        return told is not None and told.on < self.forecast.by and self.forecast.lasts(told.outcome)

    @property
    def is_open(self) -> bool:
        """Whether it has no outcome that counts."""
        return self.resolution is None or self.provisional

    @property
    def after_the_fact(self) -> bool:
        """Whether its outcome may have been known when it was frozen: no forecast then.

        It is in time only when it was frozen on an earlier day (UTC) than its own and than the day on which its outcome was
        seen, by whichever forecast of the same question; the same day is not in time, as nobody can tell which came first.
        Nor is it when that outcome stood in the ledger already, whatever day was given for it.
        """
        told = self.resolution
        days = [self.forecast.by, self.seen, "" if told is None else told.on]
        return bool(self.answered_by) or self.frozen_at[:10] >= min(day for day in days if day)

    def due(self, today: datetime.date) -> bool:
        """Whether it is open although its day has come."""
        return self.is_open and self.forecast.by <= today.isoformat()


def named(items: Sequence[Item], wanted: str, file: str = "") -> Item:
    """A forecast by its id, or by the name of its question where only one forecast has it.

    Raises
    ------
    SituationError
        When there is none, or more than one.
    """
    known = {item.forecast.id: item for item in items}
    if wanted in known:
        return known[wanted]
    short = [item for item in items if item.forecast.id.rpartition("/")[2] == wanted]
    if len(short) == 1:
        return short[0]
    if short:
        says = f"'{wanted}' names {len(short)} forecasts"
        hint = f"one of {listed(item.forecast.id for item in short)}"
    else:
        says = f"there is no forecast '{wanted}' in the ledger"
        names = [*known, *(name.rpartition("/")[2] for name in known)]
        hint = did_you_mean(wanted, names) or "'accord forecast list' tells them"
    raise SituationError([Problem("unknown-reference", says, file=file, try_instead=hint)])


def free_id(case: str, question_id: str, taken: Sequence[str]) -> str:
    """An id that no forecast has yet."""
    plain, number = f"{case}/{question_id}", 2
    name = plain
    while name in taken:
        name, number = f"{plain}.{number}", number + 1
    return name
