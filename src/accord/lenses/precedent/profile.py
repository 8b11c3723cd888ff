"""Which reference classes a situation belongs to, from what it states and from its make-up."""

from __future__ import annotations

from dataclasses import dataclass

from accord.lenses.precedent.classes import CLASSES, classes_of
from accord.lenses.precedent.rates import base_rates
from accord.lenses.precedent.records import BaseRate
from accord.lenses.precedent.terms import MAJORS, PROMISES
from accord.situation import Situation
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
    certain, open : tuple of BaseRate
        Classes that it belongs to, and those that it may belong to.
    """

    features: dict[str, float]
    inferred: tuple[str, ...]
    certain: tuple[BaseRate, ...]
    open: tuple[BaseRate, ...]


def profile_of(situation: Situation) -> Profile:
    """The classes of a situation.

    A number between 0 and 1 leaves open which it is; two partners make it bilateral, and a client held up against a threat
    make it formed in wartime where the file does not say otherwise.
    """
    features, inferred = _features(situation)
    found = classes_of({**features, "bilateral": features["bilateral"] == 1.0})
    rates = base_rates()
    certain = [rates[name] for name in dict.fromkeys((*_ALWAYS, *found.certain)) if name in rates]
    undecided = [rates[name] for name in found.open if name in rates]
    return Profile(features, tuple(inferred), tuple(certain), tuple(undecided))


def shown(profile: Profile) -> tuple[BaseRate, ...]:
    """Classes worth a line each: everything, then the others it belongs to, the smallest and so nearest first."""
    narrow = sorted(profile.certain[1:], key=lambda rate: (rate.n, list(CLASSES).index(rate.name)))
    return (profile.certain[0], *narrow[: _MOST - 1])


def _features(situation: Situation) -> tuple[dict[str, float], list[str]]:
    """What is stated or follows, and what only follows."""
    partnership, inferred = situation.partnership, ["bilateral", "year"]
    features = {"bilateral": float(len(partnership.patrons) == 2), "year": float(situation.as_of.year)}
    for key, (feature, _) in PROMISES.items():
        estimate = partnership.terms.get(key)
        value = None if estimate is None else best_of(estimate)
        if value in (0.0, 1.0):
            features[feature] = float(value)
    if "formed_in_wartime" not in partnership.terms and partnership.client and partnership.threats:
        features["wartime"] = 1.0
        inferred.append("wartime")
    if MAJORS in partnership.terms:
        features["majors"] = float(best_of(partnership.terms[MAJORS]))
    return features, inferred
