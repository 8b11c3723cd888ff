"""How many alliances of a class were alive after so many months: the outside view that forecasts are held against.

The shares are those of the precedent lens (Kaplan and Meier, from the Alliance Treaty Obligations and Provisions data).
Between the ages that it tabulates the hazard is taken as constant.
"""

from __future__ import annotations

import math

from accord.ledger.forecast import Baseline
from accord.lenses.endurance.compute import kind_of
from accord.lenses.precedent import base_rates
from accord.situation import Situation

SOURCE = "ATOP 4.01 (Leeds et al. 2002), Kaplan-Meier"
_CLASSES = {"wartime": "wartime", "defence": "defense"}
_EVERY = "all"
# Beyond, few alliances are left under observation.
_MOST_YEARS = 20.0


def alive_baseline(situation: Situation, level: str, month: int) -> Baseline | None:
    """The share of a class that was alive after so many months; None beyond 20 years.

    The joint war of patrons is held against alliances formed in wartime, any other partnership against defence pacts, and
    the bilateral level against all alliances: nobody's treaty says how old it is.
    """
    name = _CLASSES[kind_of(situation)] if level == "theatre" else _EVERY
    rate = base_rates(by=name)[name]
    alive = {0.0: 1.0, **{age: one.value for age, one in rate.survival.items() if one.value > 0.0}}
    years = month / 12.0
    if not 0.0 <= years <= min(_MOST_YEARS, max(alive)):
        return None
    before = max(age for age in alive if age <= years)
    after = min(age for age in alive if age >= years)
    share = (years - before) / (after - before) if after > before else 0.0
    log = (1.0 - share) * math.log(alive[before]) + share * math.log(alive[after])
    return Baseline(rate.label, math.exp(log), SOURCE)
