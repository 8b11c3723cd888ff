"""A calibrated forecast of one issue: either somebody's position prevails, or they meet somewhere near the middle.

With probability *a* the outcome is a position that is held; one that is held with share *w* of the weight (capability
times salience) gets a probability in proportion to ``w ** support``.  Otherwise it is normal, cut at the ends of the scale
(what lies beyond an end falls on it), with a centre between the weighted mean and the middle of the scale.  Under
unanimity the first is likelier.  Five numbers, fitted to resolved issues of the European Union
(``accord backtest FILE --fit``); what was tried, and how well it does, stands in decision 14 and in ``about.md``.

Neither the outcome nor the reference point is read: in the fitting data the reference point pulls no outcome towards it.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.formulas import power
from accord.lenses.bargaining.deu import ACTORS, ResolvedIssue, council_power
from accord.lenses.bargaining.predictive import Distribution

FloatArray = NDArray[np.float64]

TABLE = "forecast.json"
PARTS = 10
_CELLS = 100
# Positions that differ by less than rounding on the scale are one position.
_SAME = 1e-9
# Keys of an issue that are read, and those of a resolved issue that are not.
_READ = ("positions", "salience", "capability", "low", "high", "rule", "voting_rule", "actors")
_KNOWN = frozenset((*_READ, *(field.name for field in fields(ResolvedIssue))))
# How voting rules are written, in small letters without blanks: those that need everybody, and those that do not.
_UNANIMOUS = frozenset({"unan", "unanimity", "unanimous"})
_MAJORITY = frozenset(
    {
        "qmv",
        "majority",
        "qualifiedmajority",
        "qualifiedmajorityvoting",
        "simplemajority",
        "absolutemajority",
        "maj",
    }
)
_UNKNOWN = frozenset({"", "unknown", "none", "nan", "na"})


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is fitted.

    Parameters
    ----------
    pull : float
        Where the centre lies between the middle of the scale (0) and the weighted mean (1).
    log_width : float
        Logarithm of the standard deviation around the centre, in hundredths of the scale.
    held : float
        Log-odds, without unanimity, that a position that is held prevails.
    support : float
        Power of a position's share of the weight.
    unanimity : float
        What unanimity adds to *held*.
    """

    pull: float
    log_width: float
    held: float
    support: float
    unanimity: float


@dataclass(frozen=True)
class Fitted:
    """A table of parameters.

    Parameters
    ----------
    whole : Parameters
        Fitted to all issues: what :func:`forecast` uses.
    without : tuple of Parameters
        Fitted without each of the ten parts of the proposals, for honest backtests on the same issues.
    chosen : Parameters
        Fitted to parts 0 to 6, for the one look at the parts held out.
    unanimous : float
        Share of the issues decided by unanimity, 0..1.
    issues : int
        How many issues the table was fitted to.
    proposals : tuple of str
        Numbers of their proposals.
    data : str
        Digest of what was read of these issues.
    command : str
        What works the table out anew.
    """

    whole: Parameters
    without: tuple[Parameters, ...]
    chosen: Parameters
    unanimous: float
    issues: int
    proposals: tuple[str, ...]
    data: str
    command: str = "accord backtest FILE --fit"

    def record(self) -> dict[str, Any]:
        """As it is kept, with its digest."""
        kept = asdict(self)
        text = json.dumps(kept, sort_keys=True, separators=(",", ":"))
        return {**kept, "digest": hashlib.sha256(text.encode()).hexdigest()}


@cache
def shipped() -> Fitted:
    """The table that comes with Accord.

    Raises
    ------
    ValueError
        When the file is not what was written.
    """
    kept = json.loads(files(__package__).joinpath(TABLE).read_text("utf-8"))
    noted = kept.pop("digest")
    table = Fitted(
        **{
            **kept,
            "whole": Parameters(**kept["whole"]),
            "chosen": Parameters(**kept["chosen"]),
            "without": tuple(Parameters(**one) for one in kept["without"]),
            "proposals": tuple(kept["proposals"]),
        }
    )
    if table.record()["digest"] != noted:
        raise ValueError(f"{TABLE} does not fit its digest; expected {noted[:16]}: install Accord anew")
    return table


def part_of(proposal: str) -> int:
    """Which of the ten parts a proposal belongs to, by a hash of its number."""
    return int(hashlib.sha256(f"accord-backtest:{proposal}".encode()).hexdigest()[:8], 16) % PARTS


def forecast(issue: Any, *, parameters: Parameters | None = None) -> Distribution:
    """Forecast an issue.

    Parameters
    ----------
    issue : ResolvedIssue, mapping, or any object with these attributes
        ``positions`` on the scale, by actor (a mapping) or in a row, None or NaN where an actor holds none; ``salience``
        likewise, 0..1 (left out: all care alike); ``capability`` likewise, above 0, in any unit (left out: votes in the
        Council when all ``actors`` are of the European Union, by the letters of ``deu.ACTORS``, else equal);
        ``low`` and ``high``, ends of the scale (left out: 0 and 100); ``rule`` or ``voting_rule`` (``unanimity``, ``QMV`` or
        ``majority``; left out, None or NaN: unknown).  An actor without one of the three is left out.  An outcome is never
        read; a key that nothing is known of is told in the notes, one that looks like a misspelt one is refused.
    parameters : Parameters, optional
        In place of the shipped ones.

    Returns
    -------
    Distribution
        On the scale of the issue.  Its median is the point forecast.

    Raises
    ------
    ValueError
        When a number is out of range or no number, lengths differ, a rule or a key is not known, or no actor has position,
        salience and capability.
    """
    case, notes = read_case(issue)
    used = shipped().whole if parameters is None else parameters
    places, mass = masses(gather([case]), used)
    low, high = case.low, case.high
    where, slot = np.unique(places[0], return_inverse=True)
    total = np.bincount(slot, weights=mass[0])
    scaled = np.clip(low + (high - low) * where, low, high)
    # Scales far from 0 may round two places into one.
    scaled, slot = np.unique(scaled, return_inverse=True)
    return Distribution(scaled, np.bincount(slot, weights=total).astype(np.float64), low, high, notes)


@dataclass(frozen=True, slots=True)
class Case:
    """What the forecast reads of an issue: positions that are held (0..1, rising), their shares of the weight, the rule."""

    held: tuple[float, ...]
    share: tuple[float, ...]
    unanimity: float | None
    low: float
    high: float


def read_case(issue: Any) -> tuple[Case, tuple[str, ...]]:
    """What the forecast reads of an issue, and what it could not take into account; errors as :func:`forecast`."""
    unread = _unread(issue)
    low, high = (_end(issue, name, value) for name, value in (("low", 0.0), ("high", 100.0)))
    if not low < high:
        raise ValueError(f"low must lie below high, not {low:g} and {high:g}")
    stated = _get(issue, "positions")
    if stated is None:
        raise ValueError("the issue has no positions; expected one for each actor")
    names = list(stated) if isinstance(stated, Mapping) else None
    place = _numbers("positions", stated, names, None)
    care = _numbers("salience", _get(issue, "salience"), names, len(place))
    strength, source = _capability(issue, names)
    power = _numbers("capability", strength, names, len(place))
    _check(place, care, power, low, high)
    counted = ~(np.isnan(place) | np.isnan(care) | np.isnan(power))
    if not counted.any():
        raise ValueError("no actor has position, salience and capability; a forecast needs one or more")
    rule = _rule(issue)
    notes = (
        unread
        + source
        + ([] if rule is not None else ["voting rule unknown: between unanimity and majority"])
    )
    if out := int((~counted & ~np.isnan(place)).sum()):
        notes.append(f"left out for want of salience or capability: {out} of {int((~np.isnan(place)).sum())}")
    weight = power[counted] / power[counted].max() * care[counted]
    if not weight.sum() > 0:
        weight = np.ones(weight.size)
        notes.append("nobody cares: all count alike")
    held, share = _grouped((place[counted] - low) / (high - low), weight)
    return Case(held, share, rule, low, high), tuple(notes)


def _grouped(place: FloatArray, weight: FloatArray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Positions that are held with weight, each once, and their shares."""
    # Sorted by weight as well, so that the order of actors changes no sum.
    order = np.lexsort((weight, place))
    place, weight = place[order], weight[order]
    # What is a hundredth of the scale but for rounding is one, whatever the unit.
    cell = np.rint(place * _CELLS) / _CELLS
    place = np.where(np.abs(place - cell) <= _SAME, cell, np.clip(place, 0, 1))
    group = np.cumsum(np.diff(place, prepend=place[0]) > _SAME)
    share = np.bincount(group, weights=weight) / weight.sum()
    held = place[np.searchsorted(group, np.arange(share.size))]
    there = share > 0
    return tuple(held[there].tolist()), tuple(share[there].tolist())


@dataclass(frozen=True, eq=False)
class Batch:
    """Many cases; places in hundredths of the scale first, then positions that are held.

    Parameters
    ----------
    places : ndarray, shape (cases, places)
        0..1, rising.
    order : ndarray of int, shape (cases, places)
        Which of the places before sorting stands where.
    share : ndarray, shape (cases, positions)
        Of the weight; 0 where a case has fewer positions.
    mean : ndarray, shape (cases,)
        Weighted mean, 0..1.
    unanimity : ndarray, shape (cases,)
        1, 0, or NaN where unknown.
    """

    places: FloatArray
    order: NDArray[np.int64]
    share: FloatArray
    mean: FloatArray
    unanimity: FloatArray


def gather(cases: Sequence[Case]) -> Batch:
    """Cases as arrays."""
    most = max((len(case.held) for case in cases), default=0)
    held, share = np.ones((len(cases), most)), np.zeros((len(cases), most))
    for k, case in enumerate(cases):
        held[k, : len(case.held)], share[k, : len(case.held)] = case.held, case.share
    grid = np.broadcast_to(np.arange(_CELLS + 1) / _CELLS, (len(cases), _CELLS + 1))
    places = np.concatenate([grid, held], axis=1)
    order = np.argsort(places, axis=1, kind="stable")
    unanimity = np.array([np.nan if c.unanimity is None else c.unanimity for c in cases], dtype=np.float64)
    mean = (held * share).sum(axis=1)
    return Batch(np.take_along_axis(places, order, 1), order, share, mean, unanimity)


def masses(batch: Batch, used: Parameters, unanimous: float | None = None) -> tuple[FloatArray, FloatArray]:
    """Places (0..1) and their probabilities, both of shape (cases, places)."""
    from scipy.special import expit, ndtr

    centre = 100 * (used.pull * batch.mean + (1 - used.pull) * 0.5)
    edges = np.arange(_CELLS) + 0.5
    below = ndtr((edges - centre[:, None]) / math.exp(used.log_width))
    ends = np.zeros((len(centre), 1))
    near = np.diff(np.concatenate([ends, below, ends + 1], axis=1), axis=1)
    support = np.where(batch.share > 0, power(np.where(batch.share > 0, batch.share, 1.0), used.support), 0.0)
    support = support / support.sum(axis=1, keepdims=True)
    if np.isnan(batch.unanimity).any():
        between = shipped().unanimous if unanimous is None else unanimous
        rule = np.where(np.isnan(batch.unanimity), between, batch.unanimity)
    else:
        rule = batch.unanimity
    prevails = expit(used.held + used.unanimity * rule)[:, None]
    mass = np.concatenate([(1 - prevails) * near, prevails * support], axis=1)
    return batch.places, np.take_along_axis(mass, batch.order, 1)


def rounded(values: FloatArray) -> Parameters:
    """Parameters (shape (5,)) as they are kept: four decimals."""
    return Parameters(
        **{
            field.name: round(float(v), 4)
            for field, v in zip(fields(Parameters), values.tolist(), strict=True)
        }
    )


def _get(issue: Any, name: str) -> Any:
    """A key of a mapping, or an attribute; None where there is none."""
    return issue.get(name) if isinstance(issue, Mapping) else getattr(issue, name, None)


def _end(issue: Any, name: str, default: float) -> float:
    """An end of the scale."""
    value = _get(issue, name)
    try:
        number = default if value is None else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{name} must be a number, not {value!r}")
    return number


def _numbers(name: str, stated: Any, names: Sequence[Any] | None, count: int | None) -> FloatArray:
    """Numbers by actor, NaN where missing; ones where nothing is stated at all."""
    if stated is None:
        return np.ones(count or 0)
    if names is not None:
        if not isinstance(stated, Mapping):
            raise ValueError(f"positions are given by actor; {name} must be as well")
        stated = [stated.get(actor) for actor in names]
    elif isinstance(stated, Mapping):
        raise ValueError(f"{name} is given by actor; positions must be as well")
    wanted = "a number for each actor" if count is None else f"a number for each of the {count} actors"
    try:
        if isinstance(stated, str):
            raise TypeError
        found = np.array([np.nan if value is None else value for value in stated], dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must hold {wanted}, by actor or in a row, not {stated!r}") from None
    if found.ndim != 1 or (count is not None and found.size != count):
        raise ValueError(f"{name} must hold {wanted}, not an array of shape {found.shape}")
    return found


def _capability(issue: Any, names: Sequence[Any] | None) -> tuple[Any, list[str]]:
    """Capability as stated; that of the Council where nothing is stated and all actors are of the European Union."""
    stated = _get(issue, "capability")
    actors = _get(issue, "actors") if names is None else names
    if stated is not None or actors is None or not {str(actor) for actor in actors} <= set(ACTORS):
        return stated, []
    known = [council_power(str(actor)) for actor in actors]
    given = known if names is None else dict(zip(names, known, strict=True))
    return given, ["capability: votes in the Council, an average state's for Commission and Parliament"]


def _check(place: FloatArray, care: FloatArray, power: FloatArray, low: float, high: float) -> None:
    """Refuse numbers out of range."""
    if (outside := place[(place < low) | (place > high)]).size:
        raise ValueError(
            f"positions must lie on the scale from {low:g} to {high:g}, but {outside[0]:g} is given"
        )
    if (outside := care[(care < 0) | (care > 1)]).size:
        raise ValueError(
            f"salience must lie between 0 and 1, but {outside[0]:g} is given; only readers of foreign files divide"
        )
    if ((power <= 0) | np.isinf(power)).any():
        raise ValueError("capability must be finite and above 0; leave an actor without any out (NaN)")


def _rule(issue: Any) -> float | None:
    """1 for unanimity, 0 for another rule, None where unknown."""
    stated = issue.voting if isinstance(issue, ResolvedIssue) else _get(issue, "rule")
    stated = _get(issue, "voting_rule") if stated is None else stated
    word = "".join(ch for ch in str(stated if stated is not None else "").lower() if ch.isalnum())
    if word in _UNKNOWN:
        return None
    if word in _UNANIMOUS:
        return 1.0
    if word in _MAJORITY:
        return 0.0
    raise ValueError(
        f"rule is {stated!r}; expected 'unanimity', 'QMV' or 'majority', or none where it is not known"
    )


def _unread(issue: Any) -> list[str]:
    """A note on keys of a mapping that nothing is known of; those that look like a misspelt one are refused."""
    strange = [key for key in issue if key not in _KNOWN] if isinstance(issue, Mapping) else []
    for key in strange:
        if close := difflib.get_close_matches(str(key), _READ, 1, 0.75):
            raise ValueError(f"the issue has a key {key!r}, which is not read; did you mean {close[0]!r}?")
    return [f"not read: {', '.join(map(str, strange))}"] if strange else []
