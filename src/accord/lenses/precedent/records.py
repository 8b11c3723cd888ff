"""What base rates are made of."""

from __future__ import annotations

from dataclasses import dataclass

from accord.lenses.precedent.survival import Estimated


@dataclass(frozen=True, slots=True)
class BaseRate:
    """What happened to one reference class.

    Parameters
    ----------
    name, label : str
    n, ended : int
        Alliances; those whose end was seen.
    exposure : float
        Years under observation, over all.
    survival : dict of float to Estimated
        By age in years: share still there, by Kaplan and Meier; NaN beyond what was observed.
    still : dict of float to int
        By age: how many are under observation for at least that long.
    incidence : dict of str to dict of float to Estimated
        By cause and age: share ended so, by Aalen and Johansen.
    median : Estimated
        Years; infinite where more than half are still there.
    hazard : Estimated
        Endings a year under observation.
    cause_hazard : dict of str to Estimated
        The same by cause.
    share : dict of str to Estimated
        By cause: its part of the endings seen.
    """

    name: str
    label: str
    n: int
    ended: int
    exposure: float
    survival: dict[float, Estimated]
    still: dict[float, int]
    incidence: dict[str, dict[float, Estimated]]
    median: Estimated
    hazard: Estimated
    cause_hazard: dict[str, Estimated]
    share: dict[str, Estimated]


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Hazards of all alliances between two ages, endings a year.

    Parameters
    ----------
    low, high : float
        Years; an end at *high* belongs to this band.
    exposure : float
        Years under observation within the band.
    hazard : Estimated
    cause_hazard : dict of str to Estimated
    """

    low: float
    high: float
    exposure: float
    hazard: Estimated
    cause_hazard: dict[str, Estimated]
