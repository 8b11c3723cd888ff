"""Reference classes: which alliances count as "others like them", as rules on stated features.

A rule answers 1, 0 or NaN for each alliance: NaN where a feature that it needs is not known.  The classes and the order of
"first match" (offence, defence, neutrality, nonaggression, consultation) are those of ``precedent.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
Features = Mapping[str, FloatArray]
Rule = Callable[[Features], FloatArray]

# Each feature with the question that it answers; 1 yes, 0 no, except for the two numbers.
FEATURES: dict[str, str] = {
    "offense": "does a member promise to join an attack?",
    "defense": "does a member promise to help one that is attacked?",
    "neutrality": "does a member promise to stay neutral?",
    "nonaggression": "does a member promise not to attack another?",
    "consultation": "does a member promise to consult in a crisis?",
    "bilateral": "has it two members?",
    "wartime": "was it formed while a member was at war?",
    "asymmetric": "do members promise different things?",
    "military_aid": "does it promise military aid?",
    "fixed_term": "does it say how long it is to last?",
    "majors": "how many major powers are members?",
    "year": "when was it formed?",
}


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """One class.

    Parameters
    ----------
    name, label : str
    rule : callable
        Features to 1, 0 or NaN.
    """

    name: str
    label: str
    rule: Rule


def is_one(name: str) -> Rule:
    """The feature is there."""
    return lambda features: features[name]


def no(rule: Rule) -> Rule:
    """The opposite; NaN stays NaN."""
    return lambda features: 1.0 - rule(features)


def both(*rules: Rule) -> Rule:
    """All of them: one 0 is enough to deny, even beside a NaN."""

    def combined(features: Features) -> FloatArray:
        """The least of the answers, 0 before NaN."""
        answers = np.array([rule(features) for rule in rules])
        denied = (answers == 0.0).any(axis=0)
        return np.where(denied, 0.0, answers.min(axis=0))

    return combined


def equals(name: str, value: float) -> Rule:
    """The feature has this value."""
    return lambda features: _told(features[name], features[name] == value)


def between(name: str, low: float, high: float) -> Rule:
    """The feature lies between these, both allowed."""
    return lambda features: _told(features[name], (features[name] >= low) & (features[name] <= high))


def _told(feature: FloatArray, answer: NDArray[np.bool_]) -> FloatArray:
    """An answer, NaN where the feature is not known."""
    return np.where(np.isnan(feature), np.nan, answer.astype(np.float64))


def everything(features: Features) -> FloatArray:
    """Every alliance."""
    return np.ones_like(features["year"])


_O, _D, _N, _G, _C = (
    is_one(name) for name in ("offense", "defense", "neutrality", "nonaggression", "consultation")
)
_BILATERAL = is_one("bilateral")
_LATER = between("year", 1945, 9999)
_MIXED = both(_BILATERAL, equals("majors", 1))

_ROWS: tuple[tuple[str, str, Rule], ...] = (
    ("all", "all alliances", everything),
    ("offense", "offence", _O),
    ("defense", "defence, no offence", both(_D, no(_O))),
    ("neutrality", "neutrality, no defence or offence", both(_N, no(_D), no(_O))),
    ("nonaggression", "nonaggression, none of these", both(_G, no(_N), no(_D), no(_O))),
    ("consultation", "consultation only", both(_C, no(_G), no(_N), no(_D), no(_O))),
    ("any_defense", "any defence", _D),
    ("any_offense", "any offence", _O),
    ("any_neutrality", "any neutrality", _N),
    ("any_nonaggression", "any nonaggression", _G),
    ("any_consultation", "any consultation", _C),
    ("wartime", "formed in wartime", is_one("wartime")),
    ("peacetime", "formed in peacetime", no(is_one("wartime"))),
    ("bilateral", "bilateral", _BILATERAL),
    ("multilateral", "multilateral", no(_BILATERAL)),
    ("major_minor", "bilateral major-minor", _MIXED),
    ("major_minor_1945", "bilateral major-minor from 1945", both(_MIXED, _LATER)),
    (
        "major_minor_1945_loose",
        "bilateral major-minor from 1945, no defence or offence",
        both(_MIXED, _LATER, no(_D), no(_O)),
    ),
    ("minor_minor", "bilateral minor-minor", both(_BILATERAL, equals("majors", 0))),
    ("major_major", "bilateral major-major", both(_BILATERAL, equals("majors", 2))),
    ("military_aid", "with military aid", is_one("military_aid")),
    ("asymmetric", "different obligations", is_one("asymmetric")),
    ("open_ended", "no specified length", no(is_one("fixed_term"))),
    ("fixed_term", "specified length", is_one("fixed_term")),
    ("era_1815", "formed 1815-1913", between("year", 1815, 1913)),
    ("era_1914", "formed 1914-1944", between("year", 1914, 1944)),
    ("era_1945", "formed 1945-1989", between("year", 1945, 1989)),
    ("era_1990", "formed from 1990", between("year", 1990, 9999)),
)
CLASSES: dict[str, ReferenceClass] = {name: ReferenceClass(name, label, rule) for name, label, rule in _ROWS}


@dataclass(frozen=True, slots=True)
class Classed:
    """The classes of one partnership.

    Parameters
    ----------
    certain : tuple of str
        Classes that it belongs to.
    open : tuple of str
        Classes that it may belong to, for a feature is not known.
    """

    certain: tuple[str, ...]
    open: tuple[str, ...]


def as_features(stated: Mapping[str, float | bool | None]) -> dict[str, FloatArray]:
    """Stated features as arrays of length 1; what is not stated is NaN, not 0.

    Raises
    ------
    ValueError
        For a feature nobody knows, or a value that cannot be one.
    """
    if unknown := sorted(set(stated) - set(FEATURES)):
        raise ValueError(f"no such feature: {', '.join(unknown)}; expected {', '.join(FEATURES)}")
    return {name: np.array([_feature(name, stated.get(name))]) for name in FEATURES}


# Features that are numbers, with the least and the largest that makes sense.
_NUMBERS: dict[str, tuple[int, int]] = {"majors": (0, 99), "year": (1, 9999)}


def _feature(name: str, value: object) -> float:
    """A stated feature as a number, NaN where it is not known; ValueError where it can be none."""
    if value is None:
        return np.nan
    low, high = _NUMBERS.get(name, (0, 1))
    number = float(value) if isinstance(value, int | float | np.number | np.bool_) else np.inf
    if np.isnan(number):
        return np.nan
    truth = name in _NUMBERS and isinstance(value, bool | np.bool_)
    if truth or not low <= number <= high or not number.is_integer():
        wanted = f"a whole number from {low} to {high}" if name in _NUMBERS else "True or False"
        raise ValueError(f"{name} is {value!r}; expected {wanted}, or None where it is not known")
    return number


def classes_of(stated: Mapping[str, float | bool | None]) -> Classed:
    """Which reference classes a partnership with these features belongs to.

    Parameters
    ----------
    stated : mapping
        Of :data:`FEATURES`; left out or None means not known.

    Raises
    ------
    ValueError
        See :func:`as_features`.
    """
    features = as_features(stated)
    answers = {name: float(one.rule(features)[0]) for name, one in CLASSES.items()}
    return Classed(
        tuple(name for name, answer in answers.items() if answer == 1.0),
        tuple(name for name, answer in answers.items() if np.isnan(answer)),
    )


def members_of(features: Features, rule: Rule) -> NDArray[np.bool_]:
    """Which alliances certainly belong to a class."""
    return np.asarray(rule(features) == 1.0)


def known(values: ArrayLike, given: ArrayLike) -> FloatArray:
    """Values where they are given, NaN elsewhere."""
    return np.where(np.asarray(given, dtype=bool), np.asarray(values, dtype=np.float64), np.nan)
