"""Exact properties of equations, worked out a second time: from the drawn numbers in plain numpy, without the kernels.

A claim of the kind ``exact`` is right when what the lens gives and what is worked out here agree to the last digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.finding import Draws
from accord.formulas import exp, log, log1p, power
from accord.lenses.endurance.calibration import Calibration
from accord.lenses.endurance.estimators import Runs, simulate
from accord.lenses.endurance.gather import cast_of, enters, gathered
from accord.lenses.endurance.inputs import Parameters, scaled
from accord.lenses.endurance.outputs import named, observe
from accord.lenses.endurance.pieces import Pieces
from accord.situation import Situation, estimates
from accord.worlds import best_of

FloatArray = NDArray[np.float64]

EXACT, STATED = 1e-9, 0.01
_UPPER_QUARTILE = 0.6745
_PATRON = "partnership.patrons."


@dataclass(frozen=True, slots=True)
class Arm:
    """A situation with its worlds."""

    situation: Situation
    worlds: Draws

    def of(self, path: str) -> FloatArray:
        """Drawn values at a path, shape (worlds,); ValueError where there is no number."""
        if not self.worlds.has(path):
            raise ValueError(f"there is no number at '{path}' to work the identity out from")
        return self.worlds.of(path)

    def patron(self, name: str, key: str) -> FloatArray:
        """A patron's number."""
        return self.of(f"{_PATRON}{name}.{key}")


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """How far an output is from what it must be.

    Parameters
    ----------
    deviation : ndarray
        Absolute difference, one per world (one alone, when the best estimates are compared).
    tolerance : float
        Largest difference that counts as none.
    says : str
        What was compared with what.
    """

    deviation: FloatArray
    tolerance: float
    says: str


def identity(name: str, base: Arm, varied: Arm | None, calibration: Calibration) -> Identity:
    """Hold an output against its closed form, in the varied arm if something is varied.

    Parameters
    ----------
    name : str
        ``trust.FROM.TO``, ``price_of_defection.PATRON``, ``losses.PATRON.1``, ``influence.PATRON`` or
        ``own_exit_month.PATRON``.
    base, varied : Arm
        The situation as it stands; the same with changes, if there are any.
    calibration : Calibration

    Returns
    -------
    Identity

    Raises
    ------
    ValueError
        For outputs that have no closed form here, and for structures that the form is not made for.
    """
    _, parts = named(base.situation, name)
    head = name.partition(".")[0]
    if head not in _FORMS or (head == "losses" and parts[-1] != "1"):
        raise ValueError(f"'{name}' has no closed form to be held against; there are: {', '.join(_KNOWN)}")
    return _FORMS[head](parts, base, varied, calibration)


def _seen(name: str, arm: Arm, calibration: Calibration) -> FloatArray:
    """What the lens gives."""
    return observe(arm.situation, arm.worlds, [name], calibration=calibration, replicates=1, drawn=1)[name]


def _trust(parts: tuple[str, ...], base: Arm, varied: Arm | None, calibration: Calibration) -> Identity:
    """Log-odds of trust: those stated plus the events that they do not reflect; stated ones: the sum of their events."""
    one, other = parts
    tie = f"ties.{one}.{other}"
    if varied is None:
        return _stated_trust(one, other, base.situation)
    stated = varied.of(f"{tie}.trust")
    odds = log(stated) - log1p(-stated)
    situation = varied.situation
    for name, event in situation.ties[one][other].events.items():
        if not event.in_prior and event.date.months_after(situation.as_of) <= 0:
            odds = odds + varied.of(f"{tie}.events.{name}.log_likelihood_ratio")
    wanted = 1.0 / (1.0 + exp(-odds))
    found = _seen(f"trust.{one}.{other}", varied, calibration)
    return Identity(
        np.abs(found - wanted), EXACT, "trust against the log-odds stated plus those of the event"
    )


def _stated_trust(one: str, other: str, situation: Situation) -> Identity:
    """The best estimate of trust against even odds and the events that it is said to reflect."""
    numbers = estimates(situation)
    tie = f"ties.{one}.{other}"
    past = [
        name
        for name, event in situation.ties[one][other].events.items()
        if event.in_prior and event.date.months_after(situation.as_of) <= 0
    ]
    if f"{tie}.trust" not in numbers or not past:
        raise ValueError(f"trust of {one} in {other} is not stated, or no event is on file that it reflects")
    odds = sum(best_of(numbers[f"{tie}.events.{name}.log_likelihood_ratio"]) for name in past)
    gap = abs(best_of(numbers[f"{tie}.trust"]) - 1.0 / (1.0 + exp(-odds)))
    return Identity(np.array([gap]), STATED, "trust as stated against even odds and the sum of its events")


def _price(parts: tuple[str, ...], base: Arm, varied: Arm | None, calibration: Calibration) -> Identity:
    """A higher cost of breaking raises the price of defection by itself over ``A(delta c; H)``."""
    (patron,) = parts
    if varied is None:
        raise ValueError(
            "the price of defection has a closed form for a changed cost of breaking only: vary that"
        )
    added = varied.patron(patron, "breaking_cost") - base.patron(patron, "breaking_cost")
    discount, months = base.patron(patron, "discount"), base.patron(patron, "foresight")
    credible = discount * _credibility(patron, base)
    years = (1.0 - power(credible, months)) / (1.0 - credible)
    name = f"price_of_defection.{patron}"
    moved = _seen(name, varied, calibration) - _seen(name, base, calibration)
    wanted = added / _stakes(base) / years
    return Identity(
        np.abs(moved - wanted), EXACT, "its change against the change of the cost of breaking over A"
    )


def _credibility(patron: str, arm: Arm) -> FloatArray:
    """Monthly credibility of the suitor whose 75th-percentile offer is largest (the first by name, if several are)."""
    sizes, kept = [], []
    for suitor, record in sorted(arm.situation.partnership.suitors.items()):
        if patron in record.offers:
            head = f"partnership.suitors.{suitor}.offers.{patron}"
            sizes.append(log(arm.of(f"{head}.size")) + _UPPER_QUARTILE * arm.of(f"{head}.spread"))
            kept.append(arm.of(f"{head}.credibility"))
    if not sizes:
        raise ValueError(f"nobody makes offers to {patron}, so that its price has no credibility to go by")
    which = np.argmax(np.stack(sizes), axis=0)
    found: FloatArray = np.take_along_axis(np.stack(kept), which[None], axis=0)[0]
    return found


def _stakes(arm: Arm) -> FloatArray:
    """The numeraire, ``max_i(sum_k w_ik h0_k + max(m_i, 0) + k_i D_i + g_i/N)`` (page, section 2)."""
    cast = cast_of(arm.situation)
    largest = np.zeros(arm.worlds.size)
    for patron in cast.patrons:
        others = [other for other in cast.patrons if other != patron]
        depends = np.mean([arm.of(f"ties.{patron}.{other}.dependence") for other in others], axis=0)
        total = np.maximum(arm.patron(patron, "standing_interest"), 0.0)
        total = total + arm.patron(patron, "dependence_goods") * depends
        if cast.client is not None:
            total = total + arm.patron(patron, "influence_value") / len(cast.patrons)
        for threat in cast.threats:
            level = arm.of(f"partnership.threats.{threat}.level")
            total = total + arm.patron(patron, f"threats.{threat}.value") * level
        largest = np.maximum(largest, total)
    return np.where(largest > 0.0, largest, 1.0)


def _losses(parts: tuple[str, ...], base: Arm, varied: Arm | None, calibration: Calibration) -> Identity:
    """Losses after the first month: those so far, and ``l (1 - z + psi z)``, for h = h0 and pi = pi_0 in that month.

    Without shocks, and before anybody reviews what it does.
    """
    patron, arm = parts[0], varied or base
    delegated = arm.patron(patron, "proxy_share")
    own = 1.0 - delegated + arm.of("partnership.proxy_loss_weight") * delegated
    wanted = arm.patron(patron, "losses_so_far") + arm.patron(patron, "own_losses") * own
    numbers = scaled(gathered(arm.situation, arm.worlds)).with_(patience_floor=0.0)
    runs = _one_run(numbers, arm, calibration, rate=0.0, months=1)
    found = runs.track("losses", patron)[:, 1]
    gap = np.where(np.isnan(found), 0.0, np.abs(found - wanted)) / np.maximum(wanted, 1.0)
    return Identity(gap, EXACT, "losses of the first month against l(1 - z + psi z)")


def _influence(parts: tuple[str, ...], base: Arm, varied: Arm | None, calibration: Calibration) -> Identity:
    """Influence over the client: ``(1 - b) f/sum f + b/n`` with ``f = leverage^kappa`` (Tullock 1980)."""
    (patron,), arm = parts, varied or base
    cast = cast_of(arm.situation)
    if cast.client is None:
        raise ValueError("there is no client to have influence over")
    within = [name for name in cast.patrons if enters(arm.situation, name) == 0]
    exponent = arm.of("partnership.influence_exponent")
    strength = {name: power(arm.patron(name, "leverage"), exponent) for name in within}
    balance = arm.of("partnership.client.balancing")
    share = strength[patron] / np.sum(list(strength.values()), axis=0)
    wanted = (1.0 - balance) * share + balance / len(within)
    found = _seen(f"influence.{patron}", arm, calibration)
    return Identity(np.abs(found - wanted), EXACT, "its share against (1 - b) f/sum f + b/n")


def _own_exit(parts: tuple[str, ...], base: Arm, varied: Arm | None, calibration: Calibration) -> Identity:
    """No run goes on with patience at or below the floor: months in which one does, which must be none."""
    (patron,), arm = parts, varied or base
    pieces = Pieces(arm.situation, arm.worlds, calibration, 1, 1, 0)
    numbers = pieces.moving
    if len(numbers.patrons) > numbers.quorum:
        raise ValueError(
            "with more partners than the quorum the effort goes on without one whose patience is used up"
        )
    runs = _one_run(numbers, arm, calibration, pieces.rate, arm.situation.horizon)
    patience = runs.track("patience", patron)[:, 1:]
    floor = numbers.of("patience_floor")[:, pieces.patron(patron), None]
    late = (~np.isnan(patience) & (patience <= floor)).sum(axis=1).astype(np.float64)
    return Identity(late, 0.0, "months that a run goes on with patience at or below the floor")


def _one_run(numbers: Parameters, arm: Arm, calibration: Calibration, rate: float, months: int) -> Runs:
    """One run of each world, with its paths."""
    return simulate(
        numbers,
        beta=calibration.beta,
        nu=rate,
        months=months,
        replicates=1,
        seed=arm.worlds.seed,
        first=arm.worlds.numbers.start,
        tracks=True,
    )


_KNOWN = (
    "trust.FROM.TO",
    "price_of_defection.PATRON",
    "losses.PATRON.1",
    "influence.PATRON",
    "own_exit_month.PATRON",
)
_FORMS: dict[str, Callable[[tuple[str, ...], Arm, Arm | None, Calibration], Identity]] = {
    "trust": _trust,
    "price_of_defection": _price,
    "losses": _losses,
    "influence": _influence,
    "own_exit_month": _own_exit,
}
