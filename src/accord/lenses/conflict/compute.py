"""What the lens works out in every world: which outcomes would stick, and how the present one stands."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.finding import Draws, FloatArray
from accord.lenses.conflict.gather import Setting, setting_of
from accord.lenses.conflict.model import Model
from accord.lenses.conflict.stability import CONCEPTS, solver_of
from accord.lenses.conflict.weighing import orders
from accord.situation import Situation
from accord.worlds import draw, plan
from accord.worlds.drawing import Same

BoolArray = NDArray[np.bool_]
# Outcomes followed over worlds one by one, beside the present one.
FOLLOWED = 9
# Worlds looked at beforehand, to find which outcomes are worth following; the same ones in every run.
_PILOT = 64
# Answers kept: the situation, its best estimates, and scenarios that differ here.
_KEEP = 8
_KEPT: dict[str, dict[str, FloatArray]] = {}


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
    plain = "SIM" in names
    solver = solver_of(
        len(model.actors),
        model.size,
        model.owners if plain else None,
        model.feasible if plain else None,
        model.directions if plain else None,
        None if model.arcs is None else list(model.arcs),
        names,
    )
    shape = (len(payoffs), len(model.actors), len(marked))
    equilibria = {name: np.empty((len(payoffs), model.size), np.bool_) for name in names}
    stable = {name: np.empty(shape, np.bool_) for name in names}
    margin = {name: np.empty(shape) for name in names if name != "SIM"}
    for row, value in enumerate(np.ascontiguousarray(payoffs, dtype=np.float64)):
        margins, foiled = solver.one(value)
        for name in names:
            holds = foiled if name == "SIM" else margins[CONCEPTS.index(name)] >= 0
            equilibria[name][row] = holds.all(axis=0)
            stable[name][row] = holds[:, marked]
            if name != "SIM":
                margin[name][row] = margins[CONCEPTS.index(name)][:, marked]
    return Solved(equilibria, stable, margin)


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
    """Results of every profile; those of the last few questions are kept, for scenarios that change nothing here."""
    watched: list[int] = [] if brief else followed(situation, setting)
    key = _summary(situation, setting, payoffs, watched)
    if key not in _KEPT:
        while len(_KEPT) >= _KEEP:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = _results(situation, setting, payoffs, watched)
    return _KEPT[key]


def _summary(situation: Situation, setting: Setting, payoffs: FloatArray, watched: list[int]) -> str:
    """A digest of all that the results hang on."""
    model = setting.model
    arrays = [payoffs, model.feasible, setting.together]
    for some in (model.arcs, model.members):
        arrays += [np.array([-1 if some is None else len(some)]), *(some or ())]
    if model.owners is not None:
        arrays.append(model.owners)
    summary = hashlib.sha256()
    for array in arrays:
        summary.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
    partners = sorted(situation.partnership.patrons)
    words = (model.actors, model.options, model.directions, setting.now, partners, watched)
    summary.update(repr(words).encode())
    return summary.hexdigest()


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
            out[f"outcome.{name}.{key_of(model, state)}"] = holds[:, state]
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
    found = solved(setting.model, profiles.payoffs, [setting.now])
    often = np.sum([holds[profiles.of_world].mean(axis=0) for holds in found.equilibria.values()], axis=0)
    return tuple(often.tolist())
