"""The verdict under a class of the user's own with precisions weighed by how well they fit, so that it hangs on none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accord.lenses.endurance.places import LABELS, clear_label
from accord.study.verdict import Held, OwnClass


@dataclass(frozen=True, slots=True)
class Pooled:
    """Shares over all precisions of one population.

    Parameters
    ----------
    variant : str
        How the population is drawn.
    weights : mapping of float to float
        By precision; they sum to 1.
    shares : mapping of str to float
        Of worlds, by quadrant and near a border.
    clear : str
        The quadrant that leads every other by two standard errors; empty where none does.
    """

    variant: str
    weights: Mapping[float, float]
    shares: Mapping[str, float]
    clear: str


def pooled(own: OwnClass, robustness: Sequence[Held]) -> tuple[Pooled, ...]:
    """The shares of each population with precisions weighed by ``exp(-misfit^2 / 2)``, the likelihood of normal errors.

    Every precision counts alike beforehand, and facts count as independent, which survival of the same alliances at three
    ages is not: the weights are sharper than they should be.  Only where at least two precisions can be judged.

    Parameters
    ----------
    own : OwnClass
    robustness : sequence of Held
        Rows of the table, those of the class among them.
    """
    found = []
    for variant in dict.fromkeys(pace.variant for pace in own.paces):
        rows = {
            one.beta: one
            for one in robustness
            if (one.kind, one.variant) == (own.kind, variant) and one.tells
        }
        totals = {p.beta: p.total for p in own.paces if p.variant == variant and p.beta in rows}
        if len(totals) < 2:
            continue
        raw = np.exp(-0.5 * (np.array(list(totals.values())) - min(totals.values())))
        weights = dict(zip(totals, (raw / raw.sum()).tolist(), strict=True))
        shares = {name: sum(w * rows[beta].shares[name] for beta, w in weights.items()) for name in LABELS}
        worlds = min(rows[beta].worlds for beta in weights)
        found.append(Pooled(variant, weights, shares, clear_label(shares, worlds)))
    return tuple(found)
