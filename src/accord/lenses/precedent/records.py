"""What base rates are made of."""

from __future__ import annotations

from dataclasses import dataclass

from accord.lenses.precedent.further import Further, further_in
from accord.lenses.precedent.survival import LEVEL, Estimated


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
    greenwood : dict of float to float
        By age: Greenwood's sum, the variance of the logarithm of survival; infinite once all have ended.
    level : float
        Of the intervals.
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
    greenwood: dict[float, float]
    level: float = LEVEL

    def further(self, age: float, years: float) -> Further:
        """Share of those of an age that last some years more: ``S(age + years)/S(age)``.

        Parameters
        ----------
        age, years : float
            In years, 0 or more; at age 0 it is the survival of the class.  Ages between those of the table are interpolated
            with a constant hazard.

        Returns
        -------
        Further
            With limits and the number under observation at this age; NaN and why where nobody is.

        Raises
        ------
        ValueError
            For an age or years that are missing or below 0.
        """
        return further_in(self.survival, self.greenwood, self.still, self.n, age, years, self.level)


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
