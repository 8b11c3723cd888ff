"""The ledger in words for a terminal, and as plain data for ``--json``."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from typing import Any

from accord.forecasting.jobs import Added, LookBack, Resolved
from accord.formulas.wording import count
from accord.ledger.asking import Unanswered
from accord.ledger.csvs import rows_of
from accord.ledger.forecast import Item
from accord.ledger.scores import DEPENDENT, ENOUGH, HINDSIGHT, ONE_HISTORY, Groups, grouped, summary
from accord.ledger.tables import given, late_words, named_groups


def forecast_line(item: Item) -> str:
    """One forecast: id, what was forecast with its error, by when, whose."""
    made = item.forecast
    error = made.errors.get("yes")
    near = f" ± {error:.3f}" if error is not None and math.isfinite(error) else ""
    whose = "" if made.whose == "model" else f", {made.said_by or 'the analyst'}'s own"
    late = f", {late_words(item)}" if item.after_the_fact else ""
    return f"{made.id}: {given(item)}{near} by {made.by}{whose}{late}"


def added_text(done: Added) -> str:
    """What was frozen."""
    lines = [f"frozen: {forecast_line(item)}" for item in done.items]
    lines += [f"already in the ledger: {name}" for name in done.already]
    lines += [f"not forecast by the model: {_unanswered(one)}" for one in done.unanswered]
    lines.append(f"{len(done.items)} frozen in {done.path}; last line {done.head[:16]}")
    if any(item.after_the_fact for item in done.items):
        lines.append(HINDSIGHT)
    return "\n".join(lines)


def _unanswered(one: Unanswered) -> str:
    """A question without a forecast."""
    return f"{one.question_id} (by {one.by}): {one.says}"


def added_record(done: Added) -> dict[str, Any]:
    """The same for machines."""
    return {
        "ledger": str(done.path),
        "head": done.head,
        "frozen": rows_of(done.items),
        "already": list(done.already),
        "not_forecast": [
            {"question_id": one.question_id, "question": one.question, "by": one.by, "says": one.says}
            for one in done.unanswered
        ],
    }


def list_text(items: Sequence[Item], today: datetime.date, head: str) -> str:
    """Every forecast with where it stands."""
    if not items:
        return "no forecasts"
    lines = []
    for item in items:
        told = item.resolution
        if told is not None:
            again = (
                f", corrected {count(len(item.resolutions) - 1, 'time')}" if len(item.resolutions) > 1 else ""
            )
            state = f"resolved: {told.outcome.replace('_', ' ')} on {told.on} ({told.source}){again}"
            if item.provisional:
                state += f"; provisional: its own day is {item.forecast.by}, and it is not scored"
        else:
            state = "due" if item.due(today) else "open"
        lines += [forecast_line(item), f"  {item.forecast.question}", f"  {state}"]
    return "\n".join([*lines, f"{len(items)} forecasts, last line {head[:16]}"])


def resolved_text(done: Resolved) -> str:
    """What was written about a forecast."""
    told = done.record.body if done.record is not None else None
    lines = []
    if told is not None and done.record is not None:
        said = str(told["outcome"]).replace("_", " ")
        lines.append(
            f"{told['id']}: {said} on {told['on']}; line {done.record.number}, {done.record.sha256[:16]}"
        )
    return "\n".join([*lines, *done.remarks])


def score_text(items: Sequence[Item]) -> str:
    """Mean scores by group, with what they are worth."""
    groups = grouped(items)
    if not groups.every:
        return f"no forecast is resolved yet ({len(groups.open)} open)"
    lines = []
    for name, every in named_groups(groups).items():
        one = summary(every)
        lines.append(f"{name}: {one.n} resolved")
        lines.append(f"  Brier score {one.brier:.3f} (equal chances {one.even_brier:.3f})")
        clipped = f", {one.clipped} clipped" if one.clipped else ""
        lines.append(f"  log score   {one.log:.3f} (equal chances {one.even_log:.3f}){clipped}")
        if one.n_base:
            lines.append(
                f"  of these {one.n_base} with a reference class: Brier score {one.own_brier:.3f}, the class"
                f" {one.base_brier:.3f}; log score {one.own_log:.3f}, the class {one.base_log:.3f}"
            )
    lines.append(f"{len(groups.open)} open")
    return "\n".join([*lines, *_worth(groups)])


def _worth(groups: Groups) -> list[str]:
    """What scores are worth."""
    said = [ONE_HISTORY, DEPENDENT]
    if groups.late:
        said.append(f"After the fact: {HINDSIGHT[0].lower()}{HINDSIGHT[1:]}")
    if len(groups.ahead) < ENOUGH:
        said.append(
            f"Fewer than {ENOUGH} forecasts made in time are resolved: nothing is said of calibration."
        )
    return said


def score_record(items: Sequence[Item]) -> dict[str, Any]:
    """The same for machines."""
    groups = grouped(items)
    return {
        "groups": {name: summary(every).plain() for name, every in groups.parts.items()},
        "analysts": {
            name: {"ahead": summary(ahead).plain(), "hindsight": summary(late).plain()}
            for name, (ahead, late) in groups.analysts.items()
        },
        "open": len(groups.open),
        "calibration": "not claimed" if len(groups.ahead) < ENOUGH else "shown",
        "warnings": _worth(groups),
        "forecasts": rows_of(items),
    }


def since_text(found: LookBack) -> str:
    """The look back in short."""
    lines = []
    for item in found.items:
        told = item.resolution
        outcome = told.outcome.replace("_", " ") if told is not None else "open"
        lines.append(
            f"{item.forecast.question_id} (by {item.forecast.by}): {given(item)}; happened: {outcome}"
        )
    for one in found.unanswered:
        answer = found.known.answers.get(one.question_id)
        told_words = "not known" if answer is None else answer.outcome
        lines.append(f"{one.question_id} (by {one.by}): not forecast by the model; happened: {told_words}")
    return "\n".join(
        [*lines, score_text(found.items), f"{len(found.known.facts)} facts since {found.situation.as_of}"]
    )
