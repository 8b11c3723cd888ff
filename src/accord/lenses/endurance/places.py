"""The plane of durability and conditionality: mid-ranks in the reference population, and its four quadrants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.lenses.endurance.reference import Cell

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CUT, BAND = 0.5, (0.45, 0.55)
# A share leads another clearly from so many standard errors on.
CLEAR = 2.0


@dataclass(frozen=True, slots=True)
class Quadrant:
    """One quarter of the plane.

    Parameters
    ----------
    name, label : str
    durable, conditional : bool
    says : str
        What it means.
    """

    name: str
    label: str
    durable: bool
    conditional: bool
    says: str


QUADRANTS: tuple[Quadrant, ...] = (
    Quadrant(
        "strategic_alliance",
        "strategic alliance",
        True,
        False,
        "lasts longer than most, whether or not the threat lives and offers come",
    ),
    Quadrant(
        "alliance_of_interest",
        "alliance of interest",
        True,
        True,
        "lasts longer than most, though much of that hangs on the threat and on nobody making an offer",
    ),
    Quadrant(
        "marriage_of_convenience",
        "marriage of convenience",
        False,
        True,
        "holds while the threat lives and nobody makes an offer, and hardly beyond",
    ),
    Quadrant(
        "weak_tie",
        "weak tie",
        False,
        False,
        "does not last, and not because the threat might go or an offer come",
    ),
)
AMBIVALENT = "ambivalent"
LABELS: dict[str, str] = {one.name: one.label for one in QUADRANTS} | {AMBIVALENT: "near a border"}
_AMBIVALENT, _UNDEFINED = len(QUADRANTS), -1


def mid_ranks(values: FloatArray, among: FloatArray) -> FloatArray:
    """Share of a population below each value, ties counted half; NaN where the value is."""
    ordered = np.sort(among[~np.isnan(among)])
    below, upto = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    return np.where(np.isnan(values), np.nan, (below + upto) / (2.0 * len(ordered)))


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where worlds stand.

    Parameters
    ----------
    durability, conditionality : ndarray, shape (worlds,)
        Mid-ranks of strategic index and trial hazard ratio in the population; NaN where undefined.
    """

    durability: FloatArray
    conditionality: FloatArray

    @property
    def codes(self) -> IntArray:
        """Quadrant of each world (order of ``QUADRANTS``), 4 when near a border, -1 when undefined."""
        return quadrants(self.durability, self.conditionality)

    def shares(self, among: NDArray[np.bool_] | None = None) -> dict[str, float]:
        """Share of worlds in each quadrant and near a border, of those defined (and *among* these); NaN without any."""
        codes = self.codes if among is None else self.codes[among]
        known = codes[codes != _UNDEFINED]
        counts = np.bincount(known, minlength=len(LABELS)).astype(np.float64)
        total = counts.sum()
        return dict(zip(LABELS, (counts / total if total else counts * np.nan).tolist(), strict=True))


def quadrants(durability: FloatArray, conditionality: FloatArray) -> IntArray:
    """Quadrants cut at .5; near a border if either rank is within [.45, .55] (page, section 4)."""
    codes = np.full(durability.shape, _UNDEFINED, dtype=np.int64)
    for code, one in enumerate(QUADRANTS):
        inside = ((durability > CUT) == one.durable) & ((conditionality > CUT) == one.conditional)
        codes[inside] = code
    near = np.zeros(durability.shape, dtype=np.bool_)
    for rank in (durability, conditionality):
        near |= (rank >= BAND[0]) & (rank <= BAND[1])
    codes[near] = _AMBIVALENT
    codes[np.isnan(durability) | np.isnan(conditionality)] = _UNDEFINED
    return codes


def place(index: FloatArray, ratio: FloatArray, among: Cell) -> Places:
    """Places of worlds by their strategic index and trial hazard ratio, among a population."""
    return Places(mid_ranks(index, among.index), mid_ranks(ratio, among.ratio))


def own_shares(among: Cell) -> dict[str, float]:
    """The population's own quadrant shares."""
    return place(among.index, among.ratio, among).shares()


def clear_label(shares: Mapping[str, float], worlds: int) -> str:
    """The quadrant that leads every other by more than two standard errors; empty where none does: the label is split."""
    leader = label_of(shares)
    if not leader:
        return ""
    return leader if lead(shares[leader], shares[second_of(shares, leader)], worlds) > CLEAR else ""


def lead(one: float, other: float, worlds: int) -> float:
    """By how many standard errors one share exceeds another.

    The variance of a difference of two shares of the same worlds is ``(p + q - (p - q)^2)/worlds``.
    """
    error = np.sqrt(max(one + other - (one - other) ** 2, 0.0) / max(worlds, 1))
    return float((one - other) / error) if error > 0.0 else (0.0 if one <= other else np.inf)


def second_of(shares: Mapping[str, float], label: str) -> str:
    """The quadrant with the largest share beside *label* (ties: the order of ``QUADRANTS``)."""
    others = [one.name for one in QUADRANTS if one.name != label]
    return max(others, key=lambda name: shares[name])


def label_of(shares: Mapping[str, float]) -> str:
    """The quadrant with the largest share (ties: the order of ``QUADRANTS``); empty without any world."""
    known = {one.name: shares[one.name] for one in QUADRANTS}
    if not all(np.isfinite(list(known.values()))):
        return ""
    return max(known, key=lambda name: known[name])
