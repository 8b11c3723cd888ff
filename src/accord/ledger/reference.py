"""How many alliances of a class were alive after so many months: the outside view that forecasts are held against.

The shares are those of the precedent lens (Kaplan and Meier, from the Alliance Treaty Obligations and Provisions data), of
alliances as old as the partnership where the file says when it was formed, else of new ones.  Between the ages that the
lens tabulates the hazard is taken as constant.
"""

from __future__ import annotations

import math

from accord.ledger.forecast import Baseline
from accord.lenses.endurance.compute import kind_of
from accord.lenses.precedent import Further, base_rates
from accord.lenses.precedent.profile import profile_of
from accord.situation import Situation

SOURCE = "ATOP 4.01 (Leeds et al. 2002), Kaplan-Meier"
_CLASSES = {"wartime": "wartime", "defence": "defense"}
_EVERY = "all"
# Beyond, few alliances are left under observation.
_MOST_YEARS = 20.0


def alive_baseline(situation: Situation, level: str, month: int) -> Baseline | None:
    """The share of a class that was alive after so many months; None beyond 20 years.

    The joint war of patrons is held against alliances formed in wartime, any other partnership against defence pacts, and
    the bilateral level against all alliances.  Where ``partnership.formed_year`` says how old they are, it is the share of
    those that had lasted as long already (of all alliances where nobody of the class had), and that of new ones is kept
    beside it.
    """
    years = month / 12.0
    if not 0.0 <= years <= _MOST_YEARS:
        return None
    name = _CLASSES[kind_of(situation)] if level == "theatre" else _EVERY
    profile = profile_of(situation)
    age = profile.age if profile.age is not None and profile.aged() else 0.0
    for one in dict.fromkeys((name, _EVERY)):
        rate = base_rates(by=one)[one]
        found, new = rate.further(age, years), rate.further(0.0, years)
        if not math.isnan(found.value):
            return _baseline(rate.label, found, new)
    return None


def _baseline(label: str, found: Further, new: Further) -> Baseline:
    """What is kept of it."""
    aged = found.age > 0.0
    beside = new.value if aged and not math.isnan(new.value) else None
    return Baseline(label, found.value, SOURCE, found.age if aged else None, found.at_risk, beside)
