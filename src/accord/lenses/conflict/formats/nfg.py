"""A model as a strategic game for Gambit: an ``.nfg`` file, outcome version (Gambit's manual, "File formats")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import reduce
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from accord.disk import write_bytes
from accord.lenses.conflict.feasibility import MOST_STATES, IntArray, ModelError
from accord.lenses.conflict.model import Model
from accord.problems import listed


def write_nfg(
    model: Model, payoffs: ArrayLike | Mapping[str, ArrayLike], path: str | Path, title: str = ""
) -> None:
    """Write a model as a strategic game.

    A player's strategies are the combinations of its options that occur; outcomes carry the words of the states.

    Parameters
    ----------
    model : Model
        In option form, every option changed at will.
    payoffs : array_like, shape (actors, states), or mapping of actor to array_like
        Finite; written so that they are read back to the last bit.
    path : str or Path
    title : str

    Raises
    ------
    ModelError
        When the model is no such game: moves are listed, an option goes one way only, states are coalesced, or some
        combination of strategies cannot occur (the first such one is told).
    RunError
        When the place cannot be written.
    """
    worth = model.payoffs(payoffs)
    if not np.isfinite(worth).all():
        raise ModelError("payoffs of a strategic game must be finite")
    strategies = _strategies(model)
    index = model.indices_of(_product(model, strategies))
    names = (_quoted(name) for name in model.actors)
    lines = [f"NFG 1 R {_quoted(title)} {{ {' '.join(names)} }}", "", "{"]
    for who, combinations in enumerate(strategies):
        labels = (_quoted(_words(model, who, int(taken)) or "nothing") for taken in combinations)
        lines.append(f"{{ {' '.join(labels)} }}")
    lines += ["}", '""', "", "{"]
    for state in index.tolist():
        numbers = ", ".join(_number(value) for value in worth[:, state].tolist())
        lines.append(f"{{ {_quoted(model.describe(state))} {numbers} }}")
    lines += ["}", " ".join(str(k + 1) for k in range(index.size)), ""]
    write_bytes(Path(path), "\n".join(lines).encode("utf-8"))


def _strategies(model: Model) -> list[IntArray]:
    """The combinations of own options that occur, as masks, for each actor; ModelError when there is no such game."""
    if model.arcs is not None or model.owners is None:
        raise ModelError("a strategic game has no listed moves; expected a model in option form")
    oneway = [name for name, way in zip(model.options, model.directions, strict=True) if way != "both"]
    if oneway:
        raise ModelError(
            f"a strategic game knows no moves that cannot be undone; expected direction 'both' for {listed(oneway)}"
        )
    return [
        np.unique(model.feasible & model.own_mask(who), return_index=True)[0]
        for who in range(len(model.actors))
    ]


def _product(model: Model, strategies: Sequence[IntArray]) -> IntArray:
    """The states in the order of the file: the first player's strategy runs fastest."""
    if np.prod([float(len(each)) for each in strategies]) > MOST_STATES:
        raise ModelError(
            f"the strategies form more than {MOST_STATES:,} combinations, most of which cannot occur"
        )
    masks = reduce(lambda slow, fast: (fast[:, None] | slow[None, :]).ravel(), strategies)
    missing = masks[model.indices_of(masks) < 0]
    if missing.size:
        first = int(missing.min())
        chosen = (f"{actor}: {_words(model, k, first) or 'nothing'}" for k, actor in enumerate(model.actors))
        raise ModelError(
            f"a strategic game needs every combination of strategies, but {missing.size} of {masks.size} cannot "
            f"occur, the first being '{'; '.join(chosen)}'"
        )
    return masks


def _words(model: Model, who: int, mask: int) -> str:
    """The options of an actor that are taken in a mask."""
    own = model.own_mask(who) & mask
    return ", ".join(name for k, name in enumerate(model.options) if own >> k & 1)


def _quoted(text: str) -> str:
    """A text in quotation marks, as Gambit reads it."""
    return '"' + " ".join(text.split()).replace('"', '\\"') + '"'


def _number(value: float) -> str:
    """The shortest decimal that reads back as the same number, without an exponent."""
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
