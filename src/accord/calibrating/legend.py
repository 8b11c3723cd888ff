"""What a table of shipped classes means in words: what was observed, what is fitted, when a misfit is bad, what comes next."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from accord.formulas.wording import joined
from accord.lenses.endurance.calibration import KINDS
from accord.lenses.precedent import base_rates

# The classes as the precedent lens calls them.
_PRECEDENT = {"wartime": "wartime", "defence": "defense", "consultation": "consultation", "all": "all"}
# From so many sampling errors of the class on a misfit is not chance.
BAD = 2.0


def sampling_error(kind: str) -> float:
    """Standard error of the share of a class that lasted one year (Greenwood), 0..1."""
    rate = base_rates()[_PRECEDENT[kind]]
    return rate.survival[1.0].value * math.sqrt(rate.greenwood[1.0])


def observed(kinds: Sequence[str]) -> list[str]:
    """What history says of each class, a line each."""
    lines = ["Observed, share of historical alliances that still held:"]
    for kind in kinds:
        one = KINDS[kind]
        lines.append(
            f"  {one.label}: {one.one_year:.3f} after one year (sampling error {sampling_error(kind):.3f}),"
            f" {one.five_years:.3f} after five; {base_rates()[_PRECEDENT[kind]].n} alliances"
        )
    return lines


def columns() -> list[str]:
    """What stands in each column."""
    return [
        "Columns:",
        "  beta        precision of choices: the higher, the more surely the better choice is taken",
        "  reviews     fitted: reviews a month of whether to stay, as many as make '5 years' fit the class",
        "  5 years     share of made-up partnerships that last five years at that rate: as observed, by the fit",
        "  1 year      share that lasts one year: not fitted, so it tests the fit",
        "  misfit      '1 year' less what was observed, in shares (+: too many last the first year; -: too few)",
        f"              '!': bad, for it is more than {BAD:g} sampling errors of the class",
        "  population  how partnerships were made up, and the share left out because somebody would leave at once",
    ]


def is_bad(row: Mapping[str, Any]) -> bool:
    """Whether the misfit of a row is beyond what the sampling of the class explains."""
    return bool(row["reachable"] and abs(row["misfit"]) > BAD * sampling_error(row["kind"]))


def summary(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Which pairs cannot be fitted, which fit badly, and what that means."""
    out = [_pair(row) for row in rows if not row["reachable"]]
    bad = [_pair(row) for row in rows if is_bad(row)]
    lines = []
    if out:
        lines.append(
            f"Not reachable: {joined(list(dict.fromkeys(out)))}. No rate from .001 to 1 a month makes five years last as"
            " often as in that class; runs leave these out and say so."
        )
    else:
        lines.append("Every class can be reached at every beta.")
    if bad:
        lines.append(
            f"Bad misfits ('!'): {joined(list(dict.fromkeys(bad)))}. Five years fit, the first year does not: do not trust"
            " the level of survival in the first months there; read ranks and differences."
        )
    else:
        lines.append(f"No misfit is beyond {BAD:g} sampling errors of its class.")
    return lines


def _pair(row: Mapping[str, Any]) -> str:
    """Class and precision of a row."""
    return f"{KINDS[row['kind']].label} at beta {row['beta']:g}"
