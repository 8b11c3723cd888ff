"""Which forecasts are about the same case and the same question, and what the ledger knew of it before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from accord.ledger.forecast import CAUSE, NO, SURVIVAL, TOGETHER, Forecast, Item

# How much of a digest tells two cases of one name apart.
_MARK = 8
# Outputs that ask how a level ended.
_CAUSES = {CAUSE: "theatre", f"{CAUSE}.bilateral": "bilateral"}


def same_case(one: Forecast, other: Forecast) -> bool:
    """Whether two forecasts are about one case: the same file by its digest, or the same name and title.

    A file may be edited between two forecasts and stays one case; lines of earlier versions hold no title.
    """
    if one.asked_of and one.asked_of == other.asked_of:
        return True
    return one.case == other.case and (not one.title or not other.title or one.title == other.title)


def same_question(one: Forecast, other: Forecast) -> bool:
    """Whether two forecasts, whoever's, ask the same: case, day, and the question's name, words or output."""
    if one.by != other.by or not same_case(one, other):
        return False
    alike = (one.question_id == other.question_id, one.question == other.question)
    return any(alike) or (bool(one.output) and one.output == other.output)


def _level(made: Forecast) -> str:
    """The level whose life a forecast is about; empty for none."""
    if made.output.startswith(SURVIVAL):
        return made.output.split(".")[2]
    return _CAUSES.get(made.output, "")


def _ended(told: Item, made: Forecast) -> bool:
    """Whether the outcome of one forecast says that what another is about had ended by its day."""
    held, level = told.resolution, _level(told.forecast)
    if held is None or not level or level != _level(made) or not same_case(told.forecast, made):
        return False
    over = held.outcome != TOGETHER if told.forecast.output in _CAUSES else held.outcome == NO
    return over and min(told.forecast.by, held.on) <= made.by


def aware(items: Sequence[Item]) -> tuple[Item, ...]:
    """Items with what others of the ledger tell of their outcome: since when it was seen, and whether before they were made."""
    near: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        if item.resolution is not None and not item.provisional:
            for key in _keys(item.forecast):
                near.setdefault(key, []).append(item)
    return tuple(_informed(item, near) for item in items)


def _keys(made: Forecast) -> tuple[tuple[str, str], ...]:
    """Where forecasts of the same case can be found."""
    return ("case", made.case), ("file", made.asked_of)


def _informed(item: Item, near: Mapping[tuple[str, str], Iterable[Item]]) -> Item:
    """One item with what others tell."""
    made = item.forecast
    others = {
        one.forecast.id: one
        for key in _keys(made)
        for one in near.get(key, ())
        if one.forecast.id != made.id and (same_question(one.forecast, made) or _ended(one, made))
    }
    if not others:
        return item
    seen = min(one.resolution.on for one in others.values() if one.resolution is not None)
    before = [
        name for name, one in others.items() if any(line < item.number for line, _, _ in one.resolutions)
    ]
    return replace(item, seen=seen, answered_by=before[0] if before else "")


def own_name(name: str, title: str, digest: str, known: Iterable[Forecast]) -> str:
    """The name under which a case stands in a ledger; one of its own where another case has that name already.

    Parameters
    ----------
    name, title, digest : str
        Of the situation that asks.
    known : iterable of Forecast
        What the ledger holds.
    """
    marked = re.compile(rf"{re.escape(name)}(-[0-9a-f]{{{_MARK}}})?")
    held = [one for one in known if marked.fullmatch(one.case)]
    alike = next((one.case for one in held if one.asked_of == digest), "")
    titled = next((one.case for one in held if one.title == title), "")
    other = any(one.case == name and one.title and one.title != title for one in held)
    return alike or titled or (f"{name}-{digest[:_MARK]}" if other else name)
