"""The numbers of many worlds as arrays: brought by whoever calls, or taken from the priors."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.engine.streams import stream, uniforms
from accord.formulas import log
from accord.lenses.endurance.fields import BLOCKS, BY_NAME, FIELDS, WIDTHS, Field, Shape, names_of
from accord.lenses.endurance.ranges import Prior, hard_limits, prior_middle, prior_values
from accord.problems import did_you_mean

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_MOST_PATRONS, _MOST_THREATS, _MOST_SUITORS = 5, 2, 3
NO_OFFER = -np.inf
_LARGEST = float(np.finfo(np.float64).max)
_SET, _ADD, _TIMES = range(3)


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """What happens to numbers during a run (shocks).

    Parameters
    ----------
    names : tuple of str
        One for each shock; its luck depends on the name, not on its place.
    month : ndarray of int, shape (shocks,)
        Month in which it happens; 0 for a random one.
    hazard : ndarray, shape (worlds, shocks)
        Chance per month of a random one, until it has happened once.
    of, index, op : ndarray of int, shape (changes,)
        The shock each change belongs to, the place in the flat vector, and what is done (see ``kernels.memory``).
    value : ndarray, shape (worlds, changes)
    """

    names: tuple[str, ...]
    month: IntArray
    hazard: FloatArray
    of: IntArray
    index: IntArray
    op: IntArray
    value: FloatArray

    @classmethod
    def none(cls, worlds: int) -> Changes:
        """No shock at all."""
        no = np.zeros(0, dtype=np.int64)
        return cls((), no, np.zeros((worlds, 0)), no, no, no, np.zeros((worlds, 0)))


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """Everything the model needs to know of many worlds; made by :func:`parameters`, read with :meth:`of`.

    Parameters
    ----------
    patrons : tuple of str
        Sorted by name.
    threats, resources, issues, suitors : tuple of str
        The last suitor stands for a tempter from outside in trials; it makes no offers of its own.
    vector : ndarray, shape (worlds, length)
        Numbers in the order of ``fields.py``.
    rallies : int
        Most rallies of any patron; ``rally_month`` (0 is the start), ``rally_size`` and ``rally_half_life`` hold them.
    client : bool
    quorum : int
    leader : int
        Index of the issue of who leads the client; -1 when there is none.
    enters : tuple of int
        0 for a patron that is in from the start, else the first month in which it may come in.
    changes : Changes
    assumed : tuple of str
        Names of the numbers that were not brought and took their prior.
    scale : ndarray, shape (worlds,)
        What every utility was divided by (the numeraire); NaN when that has not been done.
    """

    patrons: tuple[str, ...]
    threats: tuple[str, ...]
    resources: tuple[str, ...]
    issues: tuple[str, ...]
    suitors: tuple[str, ...]
    vector: FloatArray
    rallies: int
    client: bool
    quorum: int
    leader: int
    enters: tuple[int, ...]
    changes: Changes
    assumed: tuple[str, ...]
    scale: FloatArray

    @property
    def worlds(self) -> int:
        """How many worlds."""
        return int(self.vector.shape[0])

    @property
    def shape(self) -> Shape:
        """How many there are of everything."""
        return Shape(
            len(self.patrons),
            len(self.threats),
            len(self.resources),
            len(self.issues),
            len(self.suitors),
            self.rallies,
            len(self.changes.names),
        )

    def of(self, name: str) -> FloatArray:
        """The values of one number, shape (worlds, ...) with the axes of its block; offers' ``size`` as logarithm."""
        return field_view(self.vector, self.shape, named(name))

    def with_(self, **given: ArrayLike) -> Parameters:
        """A copy with some numbers replaced; arrays broadcast to (worlds, ...).  Utilities in the units in force."""
        vector = self.vector.copy()
        for name, value in given.items():
            place(vector, self.shape, name, np.asarray(value, dtype=np.float64))
        check_limits(vector, self.shape)
        return dataclasses.replace(self, vector=vector)

    def replaced(self, vector: FloatArray, scale: FloatArray) -> Parameters:
        """The same with other flat vectors and what they were divided by."""
        return dataclasses.replace(self, vector=vector, scale=scale)

    def take(self, rows: NDArray[np.int64] | slice) -> Parameters:
        """Some of the worlds."""
        changes = dataclasses.replace(
            self.changes, hazard=self.changes.hazard[rows], value=self.changes.value[rows]
        )
        return dataclasses.replace(
            self,
            vector=np.ascontiguousarray(self.vector[rows]),
            scale=self.scale[rows],
            changes=changes,
        )


def named(name: str) -> Field:
    """The field of this name; ValueError with a hint when there is none."""
    if name not in BY_NAME:
        hint = did_you_mean(name, BY_NAME)
        raise ValueError(f"there is no number '{name}' in the endurance model{'; ' + hint if hint else ''}")
    return BY_NAME[name]


def field_view(vector: FloatArray, shape: Shape, field: Field) -> FloatArray:
    """A view of one field, shape (worlds, ...)."""
    start, size = shape.start(field.block), shape.size(field.block)
    block = vector[:, start : start + size].reshape(
        vector.shape[0], *shape.of(field.block), WIDTHS[field.block]
    )
    view: FloatArray = block[..., names_of(field.block).index(field.name)]
    return view


def place(vector: FloatArray, shape: Shape, name: str, value: FloatArray) -> None:
    """Write one field; refuse NaN and shapes that do not fit, with the name of the number."""
    view = field_view(vector, shape, named(name))
    if np.isnan(value).any():
        raise ValueError(f"'{name}' holds NaN: leave a number out to have it drawn from its prior")
    try:
        filled = np.broadcast_to(value, view.shape)
    except ValueError:
        raise ValueError(f"'{name}' of shape {value.shape} does not broadcast to {view.shape}") from None
    with np.errstate(
        divide="ignore", invalid="ignore"
    ):  # an offer of 0 is none; check_limits refuses one below
        view[...] = log(filled) if name == "size" else filled


def check_limits(vector: FloatArray, shape: Shape, only: Set[str] | None = None) -> None:
    """Refuse numbers (of these names) that are not finite or outside their hard limits, with the name of each."""
    places, least, most = _bounds(shape, None if only is None else frozenset(only))
    numbers = vector[:, places]
    if ((numbers >= least) & (numbers <= most)).all():  # nothing that is missing is either
        return
    problems = []
    for name, limit in hard_limits().items():
        if only is not None and name not in only:
            continue
        view = field_view(vector, shape, BY_NAME[name])
        if name == "size":
            low = math.log(limit.low) if limit.low > 0 else NO_OFFER
            finite = np.isfinite(view) | (view == NO_OFFER)
        else:
            low, finite = limit.low, np.isfinite(view)
        if not finite.all() or (view < low).any() or (view > limit.high).any():
            problems.append(f"'{name}' must be {limit.words()}")
    if problems:
        raise ValueError("; ".join(problems))


@lru_cache(maxsize=256)
def _bounds(shape: Shape, only: frozenset[str] | None) -> tuple[NDArray[np.intp], FloatArray, FloatArray]:
    """Places of all numbers (of these names), and the least and the most that each may be."""
    at = np.arange(shape.length, dtype=np.float64)[None]
    places, low, high = [np.zeros(0)], [np.zeros(0)], [np.zeros(0)]
    for name, limit in hard_limits().items():
        if only is None or name in only:
            held = field_view(at, shape, BY_NAME[name]).ravel()
            least = max(limit.low, -_LARGEST)
            if name == "size":
                least = math.log(limit.low) if limit.low > 0 else NO_OFFER
            places.append(held)
            low.append(np.full(held.size, least))
            high.append(np.full(held.size, min(limit.high, _LARGEST)))
    return np.concatenate(places).astype(np.intp), np.concatenate(low), np.concatenate(high)


def parameters(
    patrons: Sequence[str] = ("a", "b"),
    *,
    worlds: int = 1,
    seed: int = 0,
    first: int = 0,
    threats: Sequence[str] = ("threat",),
    issues: Sequence[str] = ("issue_1", "issue_2", "issue_3"),
    resources: Sequence[str] = ("air", "ground"),
    suitors: Sequence[str] | None = None,
    client: bool = True,
    quorum: int = 2,
    leader: str | None = None,
    enters: Mapping[str, int] | None = None,
    rallies: FloatArray | None = None,
    numeraire: bool = True,
    prior: Prior = "uniform",
    **given: ArrayLike,
) -> Parameters:
    """The numbers of many worlds, from arrays; what is not given is drawn from its prior and listed as assumed.

    With nothing given these are draws from the reference population (before its viability filter).

    Parameters
    ----------
    patrons : sequence of str
        Two to five names; sorted, so that their order does not matter.  Arrays follow the *given* order (here and for
        suitors).
    worlds : int
    seed, first : int
        Luck of what is not given, and absolute number of the first world.
    threats, issues, resources : sequence of str
        None to two; any number; at least one.
    suitors : sequence of str, optional
        None to three; one for each patron by default, who makes offers to that patron only.
    client : bool
    quorum : int
        How many must be in for a level to be alive.
    leader : str, optional
        The issue of who leads the client.
    enters : mapping of str to int, optional
        Patrons that are not in at the start, and the first month in which they may come in.
    rallies : ndarray, shape (patrons, rallies, 3) or (worlds, patrons, rallies, 3), optional
        Month, size and half-life of events that lift or lower patience.
    numeraire : bool
        Divide every utility by the largest stake (page, "Numeraire").
    prior : {'uniform', 'half', 'pert', 'drifting'}
        How what is not given is drawn within its range: evenly, evenly within the middle half, or crowded towards the
        middle (PERT); evenly, and with drifts as measured of states instead of none.
    **given
        Numbers by long name, arrays that broadcast to (worlds, ...) with the axes of their block, in the units of the
        reference page: ``value=`` (patrons, threats), ``trust=`` (patrons, patrons), ``size=`` median offers (patrons,
        suitors), ``weight=`` (resources), scaled to sum to 1.

    Returns
    -------
    numbers : Parameters

    Raises
    ------
    ValueError
        With every number that is unknown, NaN, out of range or of a shape that does not fit.
    """
    own = suitors is None
    wooers = tuple(f"suitor of {name}" for name in patrons) if suitors is None else tuple(suitors)
    _check_structure(patrons, threats, resources, wooers if not own else (), quorum)
    events = _rallies(rallies, worlds, len(patrons))
    shape = Shape(len(patrons), len(threats), len(resources), len(issues), len(wooers) + 1, events.shape[2])
    vector = np.zeros((worlds, shape.length))
    _place_given(vector, shape, given)
    for c, name in enumerate(("rally_month", "rally_size", "rally_half_life")):
        field_view(vector, shape, BY_NAME[name])[...] = events[..., c]
    order, wooing = _ranked(patrons), _ranked(wooers)
    vector = _rearranged(vector, shape, order, [*wooing, len(wooers)])
    assumed = _draw(vector, shape, set(given), (seed, first), prior)
    _no_offers(vector, shape, own, set(given))
    without_client(vector, shape, client)
    names = tuple(patrons[i] for i in order)
    unknown = sorted(set(enters or {}) - set(names))
    if unknown:
        raise ValueError(
            f"'enters' names {', '.join(unknown)}, who is not among the patrons {', '.join(names)}"
        )
    made = Parameters(
        names,
        tuple(threats),
        tuple(resources),
        tuple(issues),
        (*(wooers[o] for o in wooing), ""),
        vector,
        events.shape[2],
        client,
        quorum,
        -1 if leader is None else list(issues).index(leader),
        tuple((enters or {}).get(name, 0) for name in names),
        Changes.none(worlds),
        assumed,
        np.full(worlds, np.nan),
    )
    if sum(month == 0 for month in made.enters) < quorum:
        raise ValueError(f"fewer than {quorum} patrons are in at the start, so there is no partnership")
    check_limits(made.vector, made.shape)
    return scaled(made) if numeraire else made


def _check_structure(
    patrons: Sequence[str],
    threats: Sequence[str],
    resources: Sequence[str],
    suitors: Sequence[str],
    quorum: int,
) -> None:
    """Refuse numbers of things the model is not made for."""
    problems = []
    if not 2 <= len(patrons) <= _MOST_PATRONS or len(set(patrons)) != len(patrons):
        problems.append(f"there must be two to five different patrons, not {len(patrons)}")
    if len(threats) > _MOST_THREATS:
        problems.append(f"there can be at most two threats, not {len(threats)}")
    if not resources:
        problems.append("there must be at least one resource")
    if len(suitors) > _MOST_SUITORS:
        problems.append(f"there can be at most three suitors, not {len(suitors)}")
    if not 2 <= quorum <= len(patrons):
        problems.append(f"the quorum must be from 2 to the number of patrons, not {quorum}")
    if problems:
        raise ValueError("; ".join(problems))


def _ranked(names: Sequence[str]) -> list[int]:
    """Places of the names in alphabetical order."""
    return sorted(range(len(names)), key=lambda i: names[i])


def _place_given(vector: FloatArray, shape: Shape, given: Mapping[str, ArrayLike]) -> None:
    """Write what is given; the tempter's offers are as those of the last suitor."""
    for name, array in given.items():
        field = named(name)
        value = np.asarray(array, dtype=np.float64)
        if field.block == "ps" and value.ndim and 1 < value.shape[-1] == shape.suitors - 1:
            value = np.pad(value, [(0, 0)] * (value.ndim - 1) + [(0, 1)], mode="edge")
        place(vector, shape, name, value)


def _draw(
    vector: FloatArray, shape: Shape, given: Set[str], luck: tuple[int, int], prior: Prior
) -> tuple[str, ...]:
    """Draw what is not given from its prior; gives back the names of what was drawn."""
    seed, first = luck
    drawn = []
    for field in FIELDS:
        view = field_view(vector, shape, field)
        if field.block == "pe" or field.name in given or not view.size:
            continue
        drawn.append(field.name)
        u = uniforms(
            stream(seed, "", f"prior.{field.name}"), range(first, first + len(view)), count=view[0].size
        ).reshape(view.shape)
        # Weights even on the simplex: exponential numbers, scaled below.
        view[...] = -log(u) if field.name == "weight" else prior_values(field.name, u, prior)
        if field.name == "size":
            view[...] = log(view)
    weight = field_view(vector, shape, BY_NAME["weight"])
    with np.errstate(divide="ignore", invalid="ignore"):  # check_limits refuses weights without a sum
        weight /= weight.sum(axis=-1, keepdims=True)
    return tuple(drawn)


def _no_offers(vector: FloatArray, shape: Shape, own: bool, given: Set[str]) -> None:
    """The tempter makes no offers of its own; a suitor made up for one patron leaves the others alone."""
    rate = field_view(vector, shape, BY_NAME["rate"])
    size = field_view(vector, shape, BY_NAME["size"])
    rate[..., -1] = 0.0
    if own and not given & {"size", "rate"}:
        for i in range(shape.patrons):
            for o in range(shape.suitors - 1):
                if i != o:
                    rate[:, i, o] = 0.0
                    size[:, i, o] = NO_OFFER
    if shape.suitors > 1:
        size[..., -1] = NO_OFFER
        return
    for name in {"size", "spread", "credibility", "open_months"} - given:
        middle = prior_middle(name)
        field_view(vector, shape, BY_NAME[name])[...] = math.log(middle) if name == "size" else middle


def without_client(vector: FloatArray, shape: Shape, client: bool) -> None:
    """Without a client what concerns it is zero."""
    if client:
        return
    for field in FIELDS:
        if field.client:
            field_view(vector, shape, field)[...] = 0.0


def _rallies(rallies: FloatArray | None, worlds: int, patrons: int) -> FloatArray:
    """Rallies with a leading world dimension."""
    if rallies is None:
        return np.zeros((worlds, patrons, 0, 3))
    array = np.asarray(rallies, dtype=np.float64)
    if array.ndim == 3:
        array = np.broadcast_to(array, (worlds, *array.shape))
    if array.ndim != 4 or array.shape[:2] != (worlds, patrons) or array.shape[3] != 3:
        raise ValueError(f"rallies of shape {array.shape} are not (worlds, patrons, rallies, 3)")
    return np.ascontiguousarray(array)


def _rearranged(
    vector: FloatArray, shape: Shape, patrons: Sequence[int], suitors: Sequence[int]
) -> FloatArray:
    """The same numbers with patrons and suitors in another order."""
    moved = np.empty_like(vector)
    for block in BLOCKS:
        start, size = shape.start(block), shape.size(block)
        part = vector[:, start : start + size].reshape(len(vector), *shape.of(block), WIDTHS[block])
        for axis, letter in enumerate("" if block == "w" else block):
            if letter in "ps":
                part = np.take(part, patrons if letter == "p" else suitors, axis=axis + 1)
        moved[:, start : start + size] = part.reshape(len(vector), size)
    return moved


def stakes(made: Parameters) -> FloatArray:
    """The numeraire: ``max_i(sum_k w_ik h0_k + max(m_i, 0) + k_i D_i + g_i/N)``, shape (worlds,)."""
    threat = (made.of("value") * made.of("level")[:, None, :]).sum(axis=-1)
    goods = made.of("dependence_goods") * made.of("dependence")
    influence = made.of("influence_value") / len(made.patrons)
    total: FloatArray = (threat + np.maximum(made.of("standing_interest"), 0.0) + goods + influence).max(
        axis=-1
    )
    return total


def scaled(made: Parameters, by: FloatArray | None = None) -> Parameters:
    """Utilities divided by the largest stake, so that the coder's unit cannot matter (page, "Numeraire").

    A world in which nobody has anything at stake is left as it is.

    Parameters
    ----------
    made : Parameters
    by : ndarray, shape (worlds,), optional
        The unit, when it is not that of these numbers themselves.
    """
    size = stakes(made) if by is None else by
    by = np.where(size > 0.0, size, 1.0)
    vector, changes = made.vector.copy(), made.changes
    value = changes.value.copy()
    kinds = _scaling_of_places(made.shape)
    vector[:, np.flatnonzero(kinds == 1)] /= by[:, None]
    vector[:, np.flatnonzero(kinds == 2)] -= log(by)[:, None]
    for c in range(changes.index.size):
        kind = kinds[changes.index[c]]
        multiplies = changes.op[c] == _TIMES
        if kind == 1 and not multiplies:
            value[:, c] /= by
        elif kind == 2 and changes.op[c] == _SET:
            value[:, c] -= log(by)
    return dataclasses.replace(
        made, vector=vector, scale=by, changes=dataclasses.replace(changes, value=value)
    )


@lru_cache(maxsize=64)
def _scaling_of_places(shape: Shape) -> NDArray[np.int64]:
    """For each place of the flat vector: 0 untouched by the numeraire, 1 divided, 2 a logarithm."""
    kinds = np.zeros((1, shape.length))
    for field in FIELDS:
        view = field_view(kinds, shape, field)
        view[...] = {"none": 0, "utility": 1, "log": 2}[field.scaling]
    whole: NDArray[np.int64] = kinds[0].astype(np.int64)
    whole.flags.writeable = False
    return whole
