"""Flows, values and probabilities at one moment: the start, or any state one cares to bring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.engine.lanes import LANES
from accord.engine.records import words_of
from accord.formulas import log
from accord.lenses.endurance.estimators import prepared, rules_of
from accord.lenses.endurance.fields import Block, W, names_of
from accord.lenses.endurance.inputs import Parameters
from accord.lenses.endurance.kernels.glance import begin_rows, glance_rows
from accord.lenses.endurance.kernels.memory import plan_of

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

FLOWS: tuple[str, ...] = ("stay", "shirk", "out", "alone")
OPTIONS: tuple[str, ...] = ("stay", "shirk", "exit", "sell", "grab")

# What a moment brings: its block, the columns it goes to, the largest value it may have (the least is 0).
_BROUGHT: tuple[tuple[str, Block, tuple[str, ...], float], ...] = (
    ("effort", "p", ("effort",), 1.0),
    ("effort_months", "p", ("effort_months",), np.inf),
    ("losses", "p", ("losses_so_far",), np.inf),
    ("trust", "pp", ("trust",), 1.0),
    ("level", "t", ("level", "dynamic"), 1.0),
    ("territory", "w", ("territory",), 1.0),
    ("assets", "w", ("assets_at_start",), np.inf),
    ("in_theatre", "p", ("in_theatre",), 1.0),
    ("in_bilateral", "p", ("in_bilateral",), 1.0),
    ("theatre_alive", "w", ("theatre_alive",), 1.0),
    ("offers", "ps", ("open_size",), np.inf),
)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A state in which options are weighed; what is None is as at the start.

    Parameters
    ----------
    effort, effort_months, losses : ndarray, shape (worlds, patrons)
        Last effort (0..1), sum of efforts so far (months), deaths so far.
    trust : ndarray, shape (worlds, patrons, patrons)
        Row i, column j: i's trust in j.
    level : ndarray, shape (worlds, threats)
    territory, assets : ndarray, shape (worlds,)
    in_theatre, in_bilateral : ndarray of bool, shape (worlds, patrons)
    theatre_alive : ndarray of bool, shape (worlds,)
    offers : ndarray, shape (worlds, patrons, suitors)
        Sizes of open offers, util/month after the numeraire; 0 where there is none.
    month : int
        Age of the run, for rallies.
    """

    effort: FloatArray | None = None
    effort_months: FloatArray | None = None
    losses: FloatArray | None = None
    trust: FloatArray | None = None
    level: FloatArray | None = None
    territory: FloatArray | None = None
    assets: FloatArray | None = None
    in_theatre: BoolArray | None = None
    in_bilateral: BoolArray | None = None
    theatre_alive: BoolArray | None = None
    offers: FloatArray | None = None
    month: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """What each patron faces at a moment; NaN for a patron that is not a member.

    Parameters
    ----------
    flows : ndarray, shape (worlds, patrons, 4)
        Util/month if all stay, if it shirks, outside, left alone.
    values : ndarray, shape (worlds, patrons, 5)
        Value per month of stay, shirk, exit, sell, grab; minus infinity where an option is not available.
    probabilities : ndarray, shape (worlds, patrons, 5)
        Of each option at a review.
    patience, influence, steadiness : ndarray, shape (worlds, patrons)
        Patience; share of influence over the client; chance that enough of the others do not defect.
    success : ndarray, shape (worlds,)
        Chance to prevail at full effort.
    entry : ndarray, shape (worlds, patrons)
        Chance of coming in at a review, of patrons that are not in; NaN for others.
    """

    flows: FloatArray
    values: FloatArray
    probabilities: FloatArray
    patience: FloatArray
    influence: FloatArray
    steadiness: FloatArray
    success: FloatArray
    entry: FloatArray


def options(numbers: Parameters, moment: Moment | None = None, *, beta: float = 14.0) -> Options:
    """Weigh up every option of every member at a moment, without noise.

    Parameters
    ----------
    numbers : Parameters
    moment : Moment, optional
        The start by default.
    beta : float
        Precision of choices, months/util.

    Returns
    -------
    Options

    Raises
    ------
    ValueError
        When an array does not fit, holds NaN or is out of range.
    """
    moment = moment or Moment()
    rows = prepared(numbers)
    room = np.zeros((1, LANES * numbers.shape.length))
    plan, rules = words_of(plan_of(numbers.shape)), words_of(rules_of(numbers, beta, 1.0, 1, weighted=False))
    begin_rows(rows, plan, rules, room)
    view = _View(rows, numbers)
    _bring(view, moment)
    entry = np.full((numbers.worlds, len(numbers.patrons)), np.nan)
    glance_rows(rows, plan, rules, moment.month, entry, room)
    member = view.of("p", "in_bilateral") == 1.0

    def several(first: str, count: int) -> FloatArray:
        """Neighbouring columns of patrons' rows, NaN for those who are not members."""
        names = names_of("p")
        start = names.index(first)
        found = np.stack([view.of("p", name) for name in names[start : start + count]], axis=-1)
        return np.where(member[..., None], found, np.nan)

    return Options(
        several("u_stay", 4),
        several("v_stay", 5),
        several("p_stay", 5),
        view.of("p", "patience_now").copy(),
        view.of("p", "share").copy(),
        several("steady", 1)[..., 0],
        rows[:, W.chance].copy(),
        entry,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """Columns of a block of many rows by name."""

    rows: FloatArray
    numbers: Parameters

    def of(self, block: Block, name: str) -> FloatArray:
        """Shape (worlds, ...), a view."""
        shape = self.numbers.shape
        start, size = shape.start(block), shape.size(block)
        width = len(names_of(block))
        part = self.rows[:, start : start + size].reshape(self.rows.shape[0], *shape.of(block), width)
        found: FloatArray = part[..., names_of(block).index(name)]
        return found


def _bring(view: _View, moment: Moment) -> None:
    """Write a state into rows that stand at the start."""
    for name, block, columns, high in _BROUGHT:
        array = getattr(moment, name)
        if array is None:
            continue
        for column in columns:
            place = view.of(block, column)
            if np.shape(array) != place.shape:
                raise ValueError(f"'{name}' of shape {np.shape(array)} is not of shape {place.shape}")
            place[...] = array
            if not np.isfinite(place).all():
                raise ValueError(f"'{name}' holds NaN or infinity")
            if (place < 0.0).any() or (place > high).any():
                limit = "at least 0" if high == np.inf else f"from 0 to {high:g}"
                raise ValueError(f"'{name}' must be {limit}")
    if moment.offers is not None:
        view.of("ps", "open_until")[...] = np.where(moment.offers > 0.0, float(moment.month), -1.0)
    if moment.territory is not None:
        inside = np.clip(moment.territory, 1e-12, 1.0 - 1e-12)
        view.of("w", "log_odds")[...] = log(inside / (1.0 - inside))
    view.of("w", "stale")[...] = 1.0
    view.of("w", "settled")[...] = -1.0  # no month
    view.of("w", "heard")[...] = 0.0
