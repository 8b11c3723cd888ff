"""Verdicts made up for tests of words and tables: clear, leaning, split or none at all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

import accord
from accord.finding import Spread
from accord.lenses.endurance.places import LABELS, QUADRANTS
from accord.study.levers import Standing, Swing, Turn
from accord.study.verdict import Half, Held, Informed, Mark, Reason, Rivals, Verdict

NAN = math.nan
CASE = accord.read("tehran-moscow-2015")
NAMES = [one.name for one in QUADRANTS]
STRATEGIC, INTEREST, CONVENIENCE, WEAK = NAMES
# Worlds that are judged, and those in which somebody would leave at once.
WORLDS, LEFT = 1000, 204
TRUST, STANDING = "ties.iran.russia.trust", "partnership.patrons.russia.standing_interest"
OWN = (0.05, 0.1, 0.7, 0.05)


def shares_of(*four: float) -> dict[str, float]:
    """Shares of the quadrants in their order; the rest is near a border."""
    return dict(zip(LABELS, (*four, round(1.0 - sum(four), 9)), strict=True))


def ranks_of(shares: Mapping[str, float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Ranks of worlds with these shares; the last ones, in which somebody would leave at once, have none."""
    places = {one.name: (0.8 if one.durable else 0.2, 0.7 if one.conditional else 0.3) for one in QUADRANTS}
    places["ambivalent"] = (0.52, 0.7)
    rows = [places[name] for name, share in shares.items() for _ in range(round(WORLDS * share))]
    return np.array([*rows, *[(NAN, NAN)] * LEFT]).T


def spread(best: float) -> Spread:
    """A quantity over worlds."""
    return Spread(best, best - 0.1, best, best + 0.1, WORLDS)


def made(*four: float, label: str = "") -> Verdict:
    """A verdict with these shares, and nothing further looked at."""
    shares = shares_of(*four)
    leader = label or max(NAMES, key=lambda name: shares[name])
    return Verdict(
        label=leader,
        shares=shares,
        error=0.01,
        population=shares_of(0.2, 0.2, 0.2, 0.21),
        durability=spread(0.31),
        conditionality=spread(0.74),
        index=spread(0.22),
        five_years=spread(0.41),
        gap=spread(0.19),
        relative_gap=spread(0.46),
        log_hazard_ratio=spread(0.6),
        rank_error=(0.004, 0.006),
        hazard_ratios={"bilateral.removed": spread(1.4)},
        closed_forms={},
        viable=WORLDS / (WORLDS + LEFT),
        judged=WORLDS,
        undefined=0,
        calibration={},
        robustness=(Held("plain", "wartime", 14.0, "judged", leader, shares, -0.05, 0.9, WORLDS),),
        marks=(Mark("", "As it stands", spread(0.31), spread(0.74), shares),),
        halves=(Half(leader, shares, 0.3, 0.73, 500), Half(leader, shares, 0.33, 0.75, 500)),
        influences=(),
        tornado=(),
        would_change_if=(),
        interest=(),
        rivals=Rivals(0.8, 0.4, "ambivalent alliance", "adversaries in outlook or in interest, not in both"),
        informed=Informed(40, 30, 30, 5),
        because=Reason("why"),
        notes=("a note.",),
        cloud=np.full((2, 2000), 0.5),
        ranks=ranks_of(shares),
    )


def around(rank: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Between which ends the median ranks lie, durability and conditionality."""
    return (rank - 0.04, rank + 0.05), (0.94 - rank, 1.05 - rank)


def full(verdict: Verdict) -> Verdict:
    """The same with everything that a usual run looks at."""
    shares = dict(verdict.shares)
    held = [
        Held("plain", "defence", 14.0, "judged", WEAK, shares_of(0.1, 0.1, 0.25, 0.45), 0.01, 0.8, 256),
        Held("half", "wartime", 14.0, "judged", verdict.label, shares, -0.03, 0.8, 256),
        Held("plain", "wartime", 40.0, "not_reachable", misfit=-0.2),
        Held("pert", "wartime", 14.0, "not_worked_out"),
    ]
    errors = dict.fromkeys(LABELS, 0.02)
    near, far = (
        Standing(label, rank, 1.0 - rank, shares, around(rank), errors, 3.0, 2.5, 120)
        for label, rank in (("", 0.3), (WEAK, 0.45))
    )
    strategic = {**shares, STRATEGIC: 0.52}
    return replace(
        verdict,
        robustness=(*verdict.robustness, *held),
        tornado=(Swing(TRUST, 0.4, 0.9, near, far), Swing(STANDING, -0.3, 0.2, near, near)),
        would_change_if=(
            Turn(TRUST, 0.6, 0.85, STRATEGIC, 0.5, True, 0.8, strategic, 2.7, 3.1, 9),
            Turn(STANDING, 0.1, None, "", math.inf, False, looks=8),
        ),
        interest=tuple((by, near) for by in (-0.2, 0.0, 0.2)),
        marks=(*verdict.marks, Mark("threat_removed", "threat removed", spread(0.2), spread(0.8), shares)),
    )


CLEAR, LEANING = made(*OWN), made(0.05, 0.2, 0.55, 0.1)
MOST, SPLIT = made(0.1, 0.25, 0.4, 0.1), made(0.05, 0.36, 0.38, 0.1)
NONE = replace(
    made(0.0, 0.0, 0.0, 0.0),
    label="",
    shares=dict.fromkeys(LABELS, NAN),
    judged=0,
    error=NAN,
    robustness=(),
    halves=(Half("", dict.fromkeys(LABELS, NAN), NAN, NAN, 0),) * 2,
    durability=Spread(NAN, NAN, NAN, NAN, 0),
    conditionality=Spread(NAN, NAN, NAN, NAN, 0),
    marks=(Mark("", "", Spread(NAN, NAN, NAN, NAN, 0), Spread(NAN, NAN, NAN, NAN, 0), {}),),
    ranks=np.full((2, 8), NAN),
)
# All worlds judged; and three of the eight drawn.
WHOLE = replace(CLEAR, viable=1.0, ranks=CLEAR.ranks[:, :WORLDS])
FEW = replace(
    full(CLEAR),
    shares=shares_of(0.0, 0.0, 2 / 3, 0.0),
    judged=3,
    viable=3 / 8,
    ranks=np.where(np.arange(8) < 3, CLEAR.ranks[:, 150:158], NAN),
)
EVERY = [made(*(0.7 if k == i else 0.05 for k in range(4))) for i in range(4)]
PAIRS = [
    made(*(0.4 if k == i else 0.39 if k == j else 0.05 for k in range(4)))
    for i in range(4)
    for j in range(4)
    if i != j
]
