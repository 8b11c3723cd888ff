"""What happened since a case was written: dated facts and answers, kept apart from the case and never read by the model.

Only this room loads these files (``since/CASE.yaml``); rooms further down may not import it, so that no fact from after
``as_of`` can reach a number.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accord.problems import Problem, SituationError, did_you_mean, listed

FOLDER = Path(__file__).parent / "since"
# How a fact bears on a claim, in words.
DIRECTIONS = {"+": "confirms", "-": "refutes", "~": "ambiguous"}


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a fact bears on a claim: ``+`` confirms, ``-`` refutes, ``~`` neither clearly; claims are ids of the case."""

    claims: tuple[str, ...]
    direction: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated fact.

    Parameters
    ----------
    number : int
    date : str
        A day, or from .. to, as exact as it is known.
    says, source : str
    bears : tuple of Bearing
    contested : bool
        Whether the fact itself rests on disputed claims.
    """

    number: int
    date: str
    says: str
    source: str
    bears: tuple[Bearing, ...]
    contested: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a question: yes, no or a cause of the model; when it was seen, numbers of facts it rests on, a note."""

    outcome: str
    on: datetime.date
    facts: tuple[int, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Since:
    """All that is known of what came after.

    Parameters
    ----------
    case : str
    until : str
        Up to when.
    facts : tuple of Fact
    answers : mapping of str to Answer
        By question of the case.
    corrections : tuple of str
        Facts of before that correct what the case's sources say.
    """

    case: str
    until: str
    facts: tuple[Fact, ...]
    answers: Mapping[str, Answer]
    corrections: tuple[str, ...] = ()

    def source_of(self, answer: Answer) -> str:
        """The sources of the facts that an answer rests on."""
        known = {fact.number: fact.source for fact in self.facts}
        return "; ".join(known[number] for number in answer.facts)


def known_cases() -> tuple[str, ...]:
    """Cases for which what came after is kept, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def since(case: str) -> Since:
    """What happened since a shipped case was written.

    Raises
    ------
    SituationError
        When nothing is kept for it.
    """
    if case not in known_cases():
        hint = did_you_mean(case, known_cases()) or f"one of {listed(known_cases())}"
        says = f"what happened since is not kept for '{case}'"
        raise SituationError([Problem("unknown-reference", says, try_instead=hint)])
    from ruamel.yaml import YAML

    held = YAML(typ="safe", pure=True).load((FOLDER / f"{case}.yaml").read_text("utf-8"))
    facts = tuple(_fact(number, one) for number, one in enumerate(held["facts"], 1))
    answers = {name: _answer(one) for name, one in held["answers"].items()}
    return Since(
        held["case"],
        str(held["until"]),
        facts,
        answers,
        tuple(held.get("corrections", ())),
    )


def _fact(number: int, one: Mapping[str, Any]) -> Fact:
    """One fact."""
    bears = tuple(
        Bearing(tuple(str(b["claims"]).split()), b["direction"], b.get("why", "")) for b in one["bears"]
    )
    return Fact(
        number, str(one["date"]), one["says"], one["source"], bears, bool(one.get("contested", False))
    )


def _answer(one: Mapping[str, Any]) -> Answer:
    """One answer."""
    return Answer(str(one["outcome"]), _day(one["on"]), tuple(one["facts"]), one.get("note", ""))


def _day(value: Any) -> datetime.date:
    """A day."""
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value))
