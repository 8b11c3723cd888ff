"""Which reference classes a situation belongs to, from what it states and from its make-up."""

from __future__ import annotations

from dataclasses import dataclass

from accord.lenses.precedent.classes import CLASSES, classes_of
from accord.lenses.precedent.rates import base_rates
from accord.lenses.precedent.records import BaseRate
from accord.lenses.precedent.terms import FORMED, MAJORS, PROMISES
from accord.situation import Estimate, Situation
from accord.worlds import best_of

# Shown beside what it belongs to, for comparison.
_ALWAYS = ("all",)
# The plainest classes first; later ones only say the same more loosely.
_MOST = 7


@dataclass(frozen=True, slots=True)
class Profile:
    """A situation among historical alliances.

    Parameters
    ----------
    features : dict of str to float
        What is known of it; a feature that is not stated is absent.
    inferred : tuple of str
        Features that follow from its make-up and are not stated.
    unclear : tuple of str
        Keys of the partnership that are stated, but not as one certain answer: their features stay open.
    certain, open : tuple of BaseRate
        Classes that it belongs to, and those that it may belong to.
    age : float or None
        Years from the one in which it was formed to that of the file; None where the file does not state when it was
        formed, or states a later year.
    partners : int
    """

    features: dict[str, float]
    inferred: tuple[str, ...]
    unclear: tuple[str, ...]
    certain: tuple[BaseRate, ...]
    open: tuple[BaseRate, ...]
    age: float | None = None
    partners: int = 0

    def aged(self) -> bool:
        """Whether it has an age worth a condition: a newborn partnership is what the curves begin with."""
        return self.age is not None and self.age > 0


def profile_of(situation: Situation) -> Profile:
    """The classes of a situation.

    A number between 0 and 1, or one with a range, leaves open which it is.  Two partners make it bilateral, and it is formed
    in the year of the file where that does not state another.
    """
    features, inferred, unclear = _features(situation)
    found = classes_of({**features, "bilateral": features["bilateral"] == 1.0})
    rates = base_rates()
    certain = [rates[name] for name in dict.fromkeys((*_ALWAYS, *found.certain)) if name in rates]
    undecided = [rates[name] for name in found.open if name in rates]
    age = None if "year" in inferred or "year" not in features else situation.as_of.year - features["year"]
    known = age if age is not None and age >= 0 else None
    partners = len(situation.partnership.patrons)
    return Profile(
        features, tuple(inferred), tuple(unclear), tuple(certain), tuple(undecided), known, partners
    )


def smallest(profile: Profile) -> BaseRate:
    """The smallest class that it belongs to; all alliances where it belongs to no other."""
    classes = shown(profile)
    return classes[1] if len(classes) > 1 else classes[0]


def shown(profile: Profile) -> tuple[BaseRate, ...]:
    """Classes worth a line each: everything, then the others it belongs to, the smallest first."""
    narrow = sorted(profile.certain[1:], key=lambda rate: (rate.n, list(CLASSES).index(rate.name)))
    return (profile.certain[0], *narrow[: _MOST - 1])


def _features(situation: Situation) -> tuple[dict[str, float], list[str], list[str]]:
    """What is stated or follows, what only follows, and what is stated without one certain answer."""
    partnership = situation.partnership
    features = {"bilateral": float(len(partnership.patrons) == 2)}
    inferred, unclear = ["bilateral"], []
    wanted = {**{key: feature for key, (feature, _) in PROMISES.items()}, MAJORS: "majors", FORMED: "year"}
    for key, feature in wanted.items():
        if key not in partnership.terms:
            continue
        value = _certain(partnership.terms[key])
        if value is None or (key in PROMISES and value not in (0.0, 1.0)):
            unclear.append(key)
        else:
            features[feature] = value
    if FORMED not in partnership.terms:
        features["year"] = float(situation.as_of.year)
        inferred.append("year")
    return features, inferred, unclear


def _certain(estimate: Estimate) -> float | None:
    """A whole number without a range; None where it has one, or is none."""
    best = best_of(estimate)
    ends = (estimate.low, estimate.high)
    fixed = estimate.is_fixed or (None not in ends and ends == (best, best))
    return best if fixed and best.is_integer() else None
