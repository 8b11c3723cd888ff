"""What the lens works out in every world: which outcomes would stick, and how the present one stands."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from accord.engine.abreast import abreast, stretches
from accord.finding import Draws, FloatArray
from accord.lenses.conflict import coalitions, evolution
from accord.lenses.conflict.gather import Setting, setting_of
from accord.lenses.conflict.kernels.solver import Solver
from accord.lenses.conflict.model import Model
from accord.lenses.conflict.scans import shares_of
from accord.lenses.conflict.stability import CONCEPTS, solver_of
from accord.lenses.conflict.weighing import Orders, orders, summary_of
from accord.situation import Same, Situation
from accord.worlds import draw, plan

BoolArray = NDArray[np.bool_]
# Outcomes followed over worlds one by one, beside the present one.
FOLLOWED = 9
# What their columns begin with.
FOLLOWED_COLUMN = "outcome."
# Worlds looked at beforehand, to find which outcomes are worth following; the same ones in every run.
_PILOT = 64
# Answers kept, for scenarios that change nothing here: of whole situations, and of single profiles.
_KEEP, _KEEP_ROWS = 8, 4096
# Profiles below which another thread does not pay for its solver.
_WORTH_A_THREAD = 16
_KEPT: dict[str, _Row] = {}
_SCANS: dict[str, coalitions.Scan | None] = {}
_ROUTES: dict[str, tuple[evolution.Route, ...]] = {}
_OFTEN: dict[str, tuple[float, ...]] = {}
_LOCK = threading.Lock()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Row:
    """Results of one profile: by name, those of the outcomes that are followed last."""

    watched: tuple[int, ...]
    names: tuple[str, ...]
    values: FloatArray


@dataclass(frozen=True, slots=True)
class Solved:
    """Stability of every outcome in some profiles of preferences.

    Parameters
    ----------
    equilibria : dict of str to ndarray, shape (profiles, states)
    stable : dict of str to ndarray, shape (profiles, actors, marked)
        For the marked outcomes only.
    margin : dict of str to ndarray, shape (profiles, actors, marked)
        As ``stable``, in the unit of the payoffs; SIM has none.
    """

    equilibria: dict[str, BoolArray]
    stable: dict[str, BoolArray]
    margin: dict[str, FloatArray]


def concepts_of(model: Model) -> tuple[str, ...]:
    """The concepts that a model allows: SIM combines options, which outcomes that count as one no longer show."""
    return CONCEPTS if model.members is None and model.owners is not None else CONCEPTS[:-1]


def solved(model: Model, payoffs: FloatArray, marked: list[int]) -> Solved:
    """Stability in every profile.

    Parameters
    ----------
    model : Model
    payoffs : ndarray, shape (profiles, actors, states)
    marked : list of int
        Outcomes for which each actor's stability is kept.
    """
    names = concepts_of(model)
    shape = (len(payoffs), len(model.actors), len(marked))
    equilibria = {name: np.empty((len(payoffs), model.size), np.bool_) for name in names}
    stable = {name: np.empty(shape, np.bool_) for name in names}
    margin = {name: np.empty(shape) for name in names if name != "SIM"}
    profiles = np.ascontiguousarray(payoffs, dtype=np.float64)

    def solve(rows: range) -> None:
        """Some of the profiles, with a solver of their own, for it keeps its work between two."""
        solver = _solver(model, names)
        for row in rows:
            margins, foiled = solver.one(profiles[row])
            for name in names:
                holds = foiled if name == "SIM" else margins[CONCEPTS.index(name)] >= 0
                equilibria[name][row] = holds.all(axis=0)
                stable[name][row] = holds[:, marked]
                if name != "SIM":
                    margin[name][row] = margins[CONCEPTS.index(name)][:, marked]

    list(abreast(solve, stretches(len(payoffs), _WORTH_A_THREAD)))
    return Solved(equilibria, stable, margin)


def _solver(model: Model, names: tuple[str, ...]) -> Solver:
    """A solver for a model's moves."""
    plain = "SIM" in names
    return solver_of(
        len(model.actors),
        model.size,
        model.owners if plain else None,
        model.feasible if plain else None,
        model.directions if plain else None,
        None if model.arcs is None else list(model.arcs),
        names,
    )


def pushes(situation: Situation, setting: Setting) -> list[int]:
    """Outcomes to which one move of an actor that is no partner leads from the present one, ascending."""
    model = setting.model
    outside = [k for k, name in enumerate(model.actors) if name not in situation.partnership.patrons]
    return sorted({int(t) for k in outside for t in model.moves(k, setting.now)})


def columns(situation: Situation, worlds: Draws, most: int | None = None) -> dict[str, FloatArray]:
    """Every quantity by name, each of shape (worlds,); undefined beyond the first *most* worlds of a run."""
    setting = setting_of(situation)
    looked = np.array([most is None or number <= most for number in worlds.numbers])
    known = orders(situation, setting, worlds)
    rows = np.unique(known.of_world[looked])
    found = _worked_out(situation, setting, known.payoffs[rows], worlds.brief)
    at = np.searchsorted(rows, known.of_world[looked])
    out = {"looked": looked.astype(np.float64)}
    for key, values in found.items():
        out[key] = np.full(worlds.size, np.nan)
        out[key][looked] = values[at]
    for actor, held in known.held.items():
        for place in range(held.shape[1]):
            out[f"holds.{actor}.{place}"] = np.where(looked, held[:, place], np.nan)
    return out


def _worked_out(
    situation: Situation, setting: Setting, payoffs: FloatArray, brief: bool
) -> dict[str, FloatArray]:
    """Results of every profile; those of the last profiles are kept, for scenarios that change nothing here."""
    watched = () if brief else tuple(followed(situation, setting))
    head = _summary(situation, setting, payoffs[:0], [])
    keys = [head + hashlib.sha256(np.ascontiguousarray(row).tobytes()).hexdigest() for row in payoffs]
    held = {key: _KEPT.get(key) for key in keys}  # another thread may let go of some meanwhile
    rows = {key: row for key, row in held.items() if row is not None and (brief or row.watched == watched)}
    new = {key: place for place, key in reversed(list(enumerate(keys))) if key not in rows}
    if not rows and not new:
        return _results(situation, setting, payoffs, list(watched))
    if new:
        made = _results(situation, setting, payoffs[list(new.values())], list(watched))
        table = np.stack(list(made.values()), axis=1)
        fresh = {key: _Row(watched, tuple(made), values) for key, values in zip(new, table, strict=True)}
        rows |= fresh
        with _LOCK:
            _KEPT.update(fresh)
            for key in list(_KEPT)[:-_KEEP_ROWS]:
                del _KEPT[key]
    # Where nothing is followed others may have been: their columns stand behind the rest.
    names = min((row.names for row in rows.values()), key=len)
    names = tuple(name for name in names if not brief or not name.startswith(FOLLOWED_COLUMN))
    whole = np.stack([rows[key].values[: len(names)] for key in keys])
    return {name: whole[:, column].copy() for column, name in enumerate(names)}


def _summary(situation: Situation, setting: Setting, payoffs: FloatArray, watched: list[int]) -> str:
    """A digest of all that the results hang on."""
    model = setting.model
    summary = summary_of(model, payoffs, setting.together)
    partners = sorted(situation.partnership.patrons)
    words = (setting.now, partners, watched)
    summary.update(repr(words).encode())
    return str(summary.hexdigest())


def _few(kept: dict[str, T], key: str, make: Callable[[], T]) -> T:
    """What is kept under a key, else what is made; the last few answers are kept."""
    found = kept.get(key)
    if found is None:
        found = make()
        with _LOCK:
            kept[key] = found
            for old in list(kept)[:-_KEEP]:
                del kept[old]
    return found


def scanned(model: Model, payoffs: FloatArray) -> coalitions.Scan | None:
    """What every alliance could do; None where there are too many actors or outcomes for that.

    The last few answers are kept, for scenarios that change nothing here.

    Parameters
    ----------
    model : Model
    payoffs : ndarray, shape (actors, states)
    """
    return _few(_SCANS, summary_of(model, payoffs).hexdigest(), lambda: _scan(model, payoffs))


def _scan(model: Model, payoffs: FloatArray) -> coalitions.Scan | None:
    """The same, worked out."""
    try:
        return coalitions.scan(payoffs, **moves_of(model))
    except ValueError:
        return None


def routed(model: Model, payoffs: FloatArray, start: int, goals: list[int]) -> tuple[evolution.Route, ...]:
    """The shortest way from an outcome to each of some others; the last few answers are kept.

    Parameters
    ----------
    model : Model
    payoffs : ndarray, shape (actors, states)
    start : int
    goals : list of int
    """
    summary = summary_of(model, payoffs)
    summary.update(repr((start, goals)).encode())
    return _few(
        _ROUTES,
        summary.hexdigest(),
        lambda: evolution.paths(payoffs, start=start, targets=goals, **moves_of(model)).routes,
    )


def moves_of(model: Model) -> dict[str, Any]:
    """The moves as the array functions take them."""
    plain = model.arcs is None
    return {
        "owners": model.owners if plain else None,
        "feasible": model.feasible if plain else None,
        "directions": model.directions if plain else None,
        "arcs": None if model.arcs is None else list(model.arcs),
    }


def _results(
    situation: Situation, setting: Setting, payoffs: FloatArray, watched: list[int]
) -> dict[str, FloatArray]:
    """Every quantity by name, each of shape (profiles,)."""
    model, at = setting.model, pushes(situation, setting)
    found = solved(model, payoffs, [setting.now, *at])
    partners = [k for k, name in enumerate(model.actors) if name in situation.partnership.patrons]
    out: dict[str, Any] = {}
    for name, holds in found.equilibria.items():
        out[f"sticks.{name}"] = holds[:, setting.now]
        out[f"number.{name}"] = holds.sum(axis=1)
        out[f"sticks_together.{name}"] = (holds & setting.together).any(axis=1)
        out[f"sticks_apart.{name}"] = (holds & ~setting.together).any(axis=1)
        for k, actor in enumerate(model.actors):
            out[f"stable.{name}.{actor}"] = found.stable[name][:, k, 0]
        for place, state in enumerate(at, start=1):
            out[f"pushed.{name}.{key_of(model, state)}"] = found.stable[name][:, partners, place].all(axis=1)
    for name, margins in found.margin.items():
        least = margins[:, :, 0].min(axis=1)
        # Nobody has a move: nothing to be measured.
        out[f"margin.{name}"] = np.where(np.isinf(least), np.nan, least)
    for state in watched:
        for name, holds in found.equilibria.items():
            out[f"{FOLLOWED_COLUMN}{name}.{key_of(model, state)}"] = holds[:, state]
    return {key: np.asarray(values, np.float64) for key, values in out.items()}


def key_of(model: Model, state: int) -> str:
    """A name for an outcome that does not hang on the order of options: what is taken in it."""
    return "+".join(sorted(model.taken(state))) or "nothing"


def followed(situation: Situation, setting: Setting) -> list[int]:
    """The present outcome, then those that are most often an equilibrium in a few worlds, under any concept.

    Which they are belongs to the situation and not to the seed, so that all chunks follow the same ones.
    """
    model, score = setting.model, np.asarray(_pilot(Same(situation)))
    order = sorted(range(model.size), key=lambda s: (-score[s], key_of(model, s)))
    top = [s for s in order if score[s] > 0 and s != setting.now][:FOLLOWED]
    return [setting.now, *top]


@lru_cache(maxsize=_KEEP)
def _pilot(same: Same) -> tuple[float, ...]:
    """How often each outcome is an equilibrium in a few worlds, summed over concepts; worked out once for a situation."""
    situation, setting = same.situation, setting_of(same.situation)
    profiles = orders(situation, setting, draw(plan(situation), situation, _PILOT, 0))
    key = summary_of(setting.model, profiles.payoffs, profiles.of_world).hexdigest()
    size = setting.model.size
    return _few(
        _OFTEN, key, lambda: tuple(shares_of(key, size, lambda: _counted(setting, profiles)).tolist())
    )


def _counted(setting: Setting, profiles: Orders) -> FloatArray:
    """The same, worked out; shape (states,)."""
    found = solved(setting.model, profiles.payoffs, [setting.now])
    shares = [holds[profiles.of_world].mean(axis=0) for holds in found.equilibria.values()]
    return np.asarray(np.sum(shares, axis=0))
