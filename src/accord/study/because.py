"""Why: a tree from the verdict to measures, to the numbers that carry them, to their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from accord.formulas import wording
from accord.lenses.endurance.places import LABELS, Places, label_of
from accord.situation import Situation, estimates
from accord.study.explanation import graded, in_words
from accord.study.levers import Influence
from accord.study.verdict import Reason

FloatArray = NDArray[np.float64]

_CARRY = 5


def tree(
    situation: Situation,
    over: Mapping[str, FloatArray],
    stand: Places,
    good: NDArray[np.bool_],
    found: Sequence[Influence],
) -> Reason:
    """The verdict with what carries it.

    Parameters
    ----------
    situation : Situation
    over : mapping
        The lens' columns over worlds.
    stand, good : Places, ndarray
        Where worlds stand, and which are judged.
    found : sequence of Influence
        Rank correlations with durability and conditionality.
    """
    shares = stand.shares(good)
    label = label_of(shares)
    if not label:
        return Reason("no world can be judged", "endurance.quadrant")
    says = f"{LABELS[label]} {wording.in_worlds(shares[label])}"
    sides = (
        _durable(situation, over, stand.durability[good], good, found),
        _conditional(situation, over, stand.conditionality[good], good, found),
    )
    return Reason(says, "endurance.quadrant", sides)


def _durable(
    situation: Situation,
    over: Mapping[str, FloatArray],
    ranks: FloatArray,
    good: NDArray[np.bool_],
    found: Sequence[Influence],
) -> Reason:
    """Durability: index, then the numbers it goes with."""
    rank, index = float(np.nanmedian(ranks)), float(np.nanmean(over["strategic_index"][good]))
    says = f"durability {rank:.2f}: it outlasts threat and temptation longer than {_of_100(rank)} plausible partnerships"
    measure = Reason(
        f"strategic index {index:.2f}: alive five years later with the threat gone and everybody tempted once",
        "endurance.strategic_index",
    )
    return Reason(says, "endurance.durability", (measure, *_inputs(situation, found, "durability")))


def _conditional(
    situation: Situation,
    over: Mapping[str, FloatArray],
    ranks: FloatArray,
    good: NDArray[np.bool_],
    found: Sequence[Influence],
) -> Reason:
    """Conditionality: the trials, then the numbers it goes with."""
    rank = float(np.nanmedian(ranks))
    says = (
        f"conditionality {rank:.2f}: threat and lack of offers carry more of it than of {_of_100(rank)} plausible"
        " partnerships"
    )
    trials = []
    for name, what in (("removed", "the threat gone"), ("tempted", "everybody tempted once")):
        values = over.get(f"hazard_ratio.bilateral.{name}")
        if values is not None and not np.isnan(values).all():
            times = float(np.nanmedian(values))
            trials.append(
                Reason(
                    f"with {what} it ends {times:.2f} times as fast (median world)",
                    f"endurance.hazard_ratio.bilateral.{name}",
                )
            )
    return Reason(says, "endurance.conditionality", (*trials, *_inputs(situation, found, "conditionality")))


def _of_100(rank: float) -> str:
    """A rank as a count."""
    return f"{round(100 * rank)} of 100"


def _inputs(situation: Situation, found: Sequence[Influence], side: str) -> tuple[Reason, ...]:
    """The numbers that go most with one rank, each with what stands behind it."""
    ordered = sorted(found, key=lambda one: (-abs(getattr(one, side)), one.path))
    kept = [one for one in ordered if abs(getattr(one, side)) > 3.0 * one.error][:_CARRY]
    return tuple(_input(situation, one.path, float(getattr(one, side)), side) for one in kept)


def _input(situation: Situation, path: str, correlation: float, side: str) -> Reason:
    """One number, with its value and its sources."""
    stated = estimates(situation).get(path)
    rises = "rises" if correlation > 0.0 else "falls"
    says = f"{side} {rises} with it (rank correlation {correlation:+.2f})".replace("-", "\N{MINUS SIGN}")
    if stated is None:
        return Reason(f"{says}; left out, its prior is drawn", path)
    value = in_words(stated).replace("-", "\N{MINUS SIGN}")
    return Reason(f"{says}; {value}", path, _sources(situation, path))


def _sources(situation: Situation, path: str) -> tuple[Reason, ...]:
    """What stands behind a number: its sources with their grades, or that it is assumed."""
    stated = estimates(situation)[path]
    if not stated.citations:
        return (Reason(f"assumed: {stated.assumed or 'no reason given'}"),)
    places: dict[tuple[str, str, str], list[str]] = {}
    for citation in stated.citations:
        evidence = graded(situation, citation)
        places.setdefault((citation.of, evidence.citation, evidence.grade), []).append(evidence.locator)
    return tuple(
        Reason(f"{', '.join([work, *filter(None, where)])} ({grade})", f"sources.{of}")
        for (of, work, grade), where in places.items()
    )
