"""Random worlds of many structures, and random states of them, to compare product and reference in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from reference_runs import Trial
from reference_world import State, World, logit, start

from accord.lenses.endurance import Intervention, Moment, Parameters, parameters

FloatArray = NDArray[np.float64]
PATRONS, THREATS, SUITORS = ("a", "b", "c", "d", "e"), ("t", "u"), ("x", "y", "z")


def structure(luck: np.random.Generator) -> dict[str, Any]:
    """A number of everything."""
    n = int(luck.integers(2, 6))
    quorum = int(luck.integers(2, n + 1))
    return {
        "patrons": PATRONS[:n],
        "threats": THREATS[: luck.integers(0, 3)],
        "suitors": SUITORS[: luck.integers(0, 4)],
        "issues": ("i", "j", "k")[: luck.integers(1, 4)],
        "resources": ("air", "ground", "sea")[: luck.integers(1, 4)],
        "client": bool(luck.integers(0, 4)),
        "quorum": quorum,
        "enters": {name: int(luck.integers(1, 12)) for name in PATRONS[quorum:n] if luck.random() < 0.3},
        "rallies": np.stack(
            [luck.integers(0, 30, (n, 2)), luck.uniform(-0.2, 0.2, (n, 2)), luck.uniform(3, 12, (n, 2))],
            axis=-1,
        ),
    }


def optional(luck: np.random.Generator, shape: dict[str, Any], worlds: int) -> dict[str, FloatArray]:
    """Optional terms (page, section 2), each on in half of the structures, and what has no spread in the prior."""
    n, k = len(shape["patrons"]), len(shape["threats"])
    tops = {
        "isolation_rent": 1.0,
        "client_collapse_loss": 1.0,
        "client_strength_cost": 1.0,
        "client_ceiling": 3.0,
        "spoiling": 1.0,
        "influence_needs_territory": 1.0,
        "losses_so_far": 300.0,
        "help_calls": 0.1,
    }
    found = {name: luck.uniform(0, top, (worlds, n)) for name, top in tops.items() if luck.random() < 0.5}
    for name in ("outside_value", "successor_deal"):
        if luck.random() < 0.5:
            found[name] = luck.uniform(-0.5, 0.5, (worlds, n))
    for name in ("usefulness", "blowback"):
        if luck.random() < 0.5:
            found[name] = luck.uniform(0, 1, (worlds, n, k))
    for name in ("talks", "assets_at_start"):
        if luck.random() < 0.5:
            found[name] = luck.uniform(0, 1, worlds)
    if luck.random() < 0.5:
        found["availability"] = luck.uniform(0.2, 1.0, (worlds, n))
    return found


def worlds_of(seed: int, worlds: int, **given: Any) -> Parameters:
    """Worlds of one random structure with random numbers."""
    luck = np.random.default_rng(seed)
    shape = structure(luck)
    return parameters(worlds=worlds, seed=seed, **{**shape, **optional(luck, shape, worlds), **given})


def edges(numbers: Parameters, luck: np.random.Generator) -> Parameters:
    """Some worlds at the limits of the formulas: geometric production, a missing resource, an idle contest ..."""
    return numbers.with_(
        substitution=np.where(luck.random(numbers.worlds) < 0.1, 0.0, numbers.of("substitution")),
        contest_exponent=np.where(luck.random(numbers.worlds) < 0.1, 0.0, numbers.of("contest_exponent")),
        capability=_holes(numbers.of("capability"), luck, 0.1),
        client_capability=_holes(numbers.of("client_capability"), luck, 0.3),
        salience=_holes(numbers.of("salience"), luck, 0.2),
        territory_noise=_holes(numbers.of("territory_noise"), luck, 0.1),
        leverage=_holes(numbers.of("leverage"), luck, 0.05),
    )


def _holes(values: FloatArray, luck: np.random.Generator, share: float) -> FloatArray:
    """Some values put to nothing."""
    return np.where(luck.random(values.shape) < share, 0.0, values)


def memberships(numbers: Parameters, luck: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Who is in the theatre, in the bilateral level, and whether the theatre is alive; no level below its quorum."""
    worlds, n = numbers.worlds, len(numbers.patrons)
    ranks = luck.random((worlds, n)).argsort(axis=1)
    both = luck.integers(numbers.quorum, n + 1, worlds)
    fighting = np.minimum(luck.integers(numbers.quorum, n + 1, worlds), both)
    return ranks < fighting[:, None], ranks < both[:, None], luck.random(worlds) < 0.7


def moment_of(numbers: Parameters, luck: np.random.Generator, month: int) -> Moment:
    """A random state of every world."""
    worlds, n = numbers.worlds, len(numbers.patrons)
    shirking = luck.random((worlds, n)) < 0.4
    in_theatre, in_bilateral, alive = memberships(numbers, luck)
    offers = luck.uniform(0.05, 2.0, (worlds, n, len(numbers.suitors)))
    return Moment(
        effort=np.where(shirking, numbers.of("shirking_effort"), 1.0),
        effort_months=luck.uniform(0, 60, (worlds, n)),
        losses=luck.uniform(0, 500, (worlds, n)),
        trust=luck.uniform(0.02, 0.98, (worlds, n, n)),
        level=luck.uniform(1e-3, 1.0, (worlds, len(numbers.threats))),
        territory=luck.uniform(0.06, 0.97, worlds),
        assets=luck.uniform(0, 1, worlds),
        in_theatre=in_theatre,
        in_bilateral=in_bilateral,
        theatre_alive=alive,
        offers=np.where(luck.random(offers.shape) < 0.4, offers, 0.0),
        month=month,
    )


def state_of(world: World, moment: Moment, row: int) -> State:
    """The same state for the reference; what the moment does not say is as at the start."""
    state = start(world)
    state.month = moment.month
    for name in (
        "effort",
        "effort_months",
        "losses",
        "trust",
        "level",
        "assets",
        "in_theatre",
        "in_bilateral",
    ):
        if getattr(moment, name) is not None:
            setattr(state, name, getattr(moment, name)[row].tolist())
    if moment.territory is not None:
        state.log_odds = logit(float(moment.territory[row]))
    if moment.theatre_alive is not None:
        state.theatre_alive = bool(moment.theatre_alive[row])
    if moment.offers is not None:
        state.offers = [[(size, moment.month) for size in patron] for patron in moment.offers[row].tolist()]
    return state


@dataclass(frozen=True)
class Case:
    """One world to be run by both, with what the calibration would set, and the same trial in both languages."""

    numbers: Parameters
    beta: float
    nu: float
    trial: Trial | None
    intervention: Intervention


def case_of(seed: int, trial: bool) -> Case:
    """A world in which many kinds of ending happen within five years, and often a trial."""
    luck = np.random.default_rng(seed)
    shape = structure(luck)
    n, k, s = len(shape["patrons"]), len(shape["threats"]), len(shape["suitors"])
    if luck.random() < 0.6:
        shape["quorum"] = 2
    shape["client"] = bool(luck.random() < 0.8)
    lively = {
        "standing_interest": luck.uniform(-0.1, 0.9, n),
        "own_losses": luck.uniform(0, 40, n),
        "loss_sensitivity": luck.uniform(0, 0.4, n),
        "fatigue": luck.uniform(0, 0.15, n),
        "territory_goal": luck.uniform(0.4, 0.8, n),
        "goal": luck.uniform(0.2, 0.8, (n, k)),
        "territory": luck.uniform(0.25, 0.7),
        "territory_noise": luck.uniform(0.1, 0.4),
        "rate": luck.uniform(0, 0.2, (n, s + 1)),
        "fulfilment_signal": luck.uniform(-1, 1),
        "exhaustion_signal": luck.uniform(-2, 0.5),
        "capability": _holes(luck.uniform(0.1, 1.5, (n, len(shape["resources"]))), luck, 0.15),
        "client_capability": _holes(luck.uniform(0, 0.5, len(shape["resources"])), luck, 0.4),
    }
    if luck.random() < 0.3:
        lively |= {"position_drift": luck.uniform(0, 0.3), "capability_drift": luck.uniform(0, 0.5)}
    extra = {name: x[0] for name, x in optional(luck, shape, 1).items()}
    shape["leader"] = shape["issues"][0]
    numbers = parameters(seed=seed, **{**shape, **extra, **lively})
    beta, nu = float(luck.choice([6.0, 14.0, 40.0])), float(luck.uniform(0.03, 0.15))
    return Case(numbers, beta, nu, *(_trial(numbers, luck) if trial else (None, Intervention(month=0))))


def settled_case(seed: int, trial: bool, calls: bool) -> Case:
    """A world in which under survival weights nothing is left to luck, so that both must agree to rounding.

    The quorum is everybody (each departure is a weight), shirking is full effort, signals say nothing, territory has no
    noise, goals are out of reach, nobody offers but a tempter; the first calls for help each month, too dear to honour.
    """
    luck = np.random.default_rng(seed)
    shape = structure(luck)
    n = len(shape["patrons"])
    shape |= {"quorum": n, "enters": {}, "client": bool(luck.random() < 0.8), "leader": shape["issues"][0]}
    fixed = {
        **dict.fromkeys(("rate", "territory_noise", "goal"), 0.0),
        **dict.fromkeys(("shirking_effort", "territory_goal"), 1.0),
        "observation_noise": 0.5,
        "help_calls": [float(calls)] + [0.0] * (n - 1),
        "help_cost": 1e9,
        "standing_interest": luck.uniform(0, 1, n),
        "own_losses": luck.uniform(0, 40, n),
        "loss_sensitivity": luck.uniform(0, 0.3, n),
        "fatigue": luck.uniform(0, 0.1, n),
        "patience": luck.uniform(0.6, 1, n),
        "territory": luck.uniform(0.1, 0.7),
        "exhaustion_signal": luck.uniform(-3, 1),
    }
    extra = {name: x[0] for name, x in optional(luck, shape, 1).items()}
    numbers = parameters(seed=seed, **{**shape, **extra, **fixed})
    beta, nu = float(luck.choice([6.0, 14.0, 40.0])), float(luck.uniform(0.01, 0.1))
    return Case(numbers, beta, nu, *(_trial(numbers, luck) if trial else (None, Intervention(month=0))))


def _trial(numbers: Parameters, luck: np.random.Generator) -> tuple[Trial, Intervention]:
    """Some of the trials at once, said in both languages."""
    removed = tuple(k for k in range(len(numbers.threats)) if luck.random() < 0.6)
    tempt, change = bool(luck.random() < 0.6), bool(luck.random() < 0.5) and numbers.client
    exhaust, relieve = (int(luck.integers(-1, len(numbers.patrons))) for _ in range(2))
    said = Intervention(
        12,
        tuple(numbers.threats[k] for k in removed),
        tempt,
        change,
        None if exhaust < 0 else numbers.patrons[exhaust],
        None if relieve < 0 else numbers.patrons[relieve],
    )
    return Trial(12, removed, tempt, change, exhaust, relieve), said
