"""Numbers into sentences: shares as worlds, intervals, grades, estimative words, lists of names.

The words for likelihood are those of US Intelligence Community Directive 203 (2 January 2015), section D.6.e(2)(a).
The words for agreement are a convention of this report: fifths of the range, named so that no two can be mistaken.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from accord.figures.numbers import UNDEFINED, exact, number, spread_text, spread_words
from accord.figures.style import capital
from accord.formulas import wording
from accord.situation import CREDIBILITY, RELIABILITY, WORDS, Day, Estimate

__all__ = [
    "agreement_words",
    "capital",
    "count",
    "date_words",
    "estimate_words",
    "exact",
    "grade_words",
    "headline",
    "likelihood_words",
    "names",
    "number",
    "polish",
    "sentence",
    "share_words",
    "spread_text",
    "spread_words",
]

_MINUS = re.compile(r"(?<![\w.,/)\N{EN DASH}-])-(?=\.?\d)")
_PER_CENT = re.compile(r"(?<=\d) %")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_AGREEMENT = (
    (0.8, "close"),
    (0.6, "fairly close"),
    (0.4, "half agreed"),
    (0.2, "far apart"),
    (-math.inf, "opposed"),
)


def share_words(share: float) -> str:
    """A share of worlds: ``in 83 of 100 worlds``; never rounded to none or to all unless it is."""
    if not math.isfinite(share):
        return f"in a share of worlds that is {UNDEFINED}"
    if share <= 0:
        return "in no world"
    if share >= 1:
        return "in every world"
    hundred = round(100 * share)
    if hundred == 0 or share < 0.01:
        return "in fewer than 1 of 100 worlds"
    if hundred == 100 or share > 0.99:
        return "in more than 99 of 100 worlds"
    return f"in {hundred} of 100 worlds"


def likelihood_words(share: float) -> str:
    """The ICD 203 term for a probability; ``never`` and ``always`` at the very ends, which it does not name."""
    if not math.isfinite(share):
        return UNDEFINED
    if share <= 0 or share >= 1:
        return "never" if share <= 0 else "always"
    terms = [(word.high, name) for name, word in WORDS.items() if word.likelihood]
    term = next((name for high, name in sorted(terms) if share <= high), "almost_certain")
    return term.replace("_", " ")


def agreement_words(agreement: float) -> str:
    """How near two positions are, 0 (opposite ends) to 1 (the same), in words."""
    if not math.isfinite(agreement):
        return UNDEFINED
    return next(word for floor, word in _AGREEMENT if agreement >= floor)


def estimate_words(estimate: Estimate, unit: str = "") -> str:
    """What was written for a number, in words, exactly: ``best 0.4, between 0.2 and 0.6 (share)``."""
    text = _DISTRIBUTION_WORDS.get(estimate.distribution, _other)(estimate)
    if estimate.word:
        text = f"“{estimate.word.replace('_', ' ')}”: {text}"
    return f"{text} ({unit})" if unit else text


def _at(estimate: Estimate, name: str) -> str:
    """One parameter as written; "open" where it was left out."""
    value = estimate.parameter(name)
    return "open" if value is None else exact(value)


def _between(estimate: Estimate) -> str:
    """The bounds as a clause, empty when there are none."""
    if estimate.low is None and estimate.high is None:
        return ""
    if estimate.low is None:
        return f"at most {_at(estimate, 'high')}"
    if estimate.high is None:
        return f"at least {_at(estimate, 'low')}"
    return f"between {_at(estimate, 'low')} and {_at(estimate, 'high')}"


def _best(estimate: Estimate) -> str:
    """The best value as a clause, empty when the file leaves it to the distribution."""
    return "" if estimate.best is None else f"best {exact(estimate.best)}"


def _joined(*parts: str) -> str:
    """Clauses in one line, empty ones left out."""
    return ", ".join(part for part in parts if part)


def _fixed(estimate: Estimate) -> str:
    """A bare number."""
    return _at(estimate, "best")


def _uniform(estimate: Estimate) -> str:
    """Every value alike."""
    return _joined(_best(estimate), _between(estimate), "every value alike")


def _log_uniform(estimate: Estimate) -> str:
    """Every ratio alike."""
    return _joined(_best(estimate), _between(estimate), "every ratio alike")


def _bernoulli(estimate: Estimate) -> str:
    """One or nothing."""
    return f"1 with probability {_at(estimate, 'probability')}, otherwise 0"


def _other(estimate: Estimate) -> str:
    """Any other distribution, by its name and parameters."""
    given = (f"{name} {exact(value)}" for name, value in estimate.parameters)
    return _joined(_best(estimate), _between(estimate), f"{estimate.distribution} with {' and '.join(given)}")


def _pert(estimate: Estimate) -> str:
    """A best value with its range."""
    return _joined(_best(estimate), _between(estimate))


_DISTRIBUTION_WORDS = {
    "fixed": _fixed,
    "pert": _pert,
    "triangular": _pert,
    "uniform": _uniform,
    "loguniform": _log_uniform,
    "log1m_uniform": _log_uniform,
    "bernoulli": _bernoulli,
}


def grade_words(reliability: str | None, credibility: int | None) -> str:
    """An Admiralty grade spelled out: ``B2: usually reliable, probably true``."""
    if reliability is None and credibility is None:
        return "not graded"
    code = f"{reliability or '–'}{credibility or '–'}"
    source = RELIABILITY.get(reliability or "", "source not graded")
    piece = CREDIBILITY.get(credibility or 0, "information not graded")
    return f"{code}: {source}, {piece}"


def date_words(day: Day) -> str:
    """A date as exact as it is known: ``15 December 2015``, ``December 2015``, ``2015``."""
    parts = [str(day.day)] if day.day is not None else []
    if day.month is not None:
        parts.append(_MONTHS[day.month - 1])
    return " ".join([*parts, str(day.year)])


count = wording.count


def names(words: Iterable[str], last: str = "and") -> str:
    """Names as one would say them: ``Russia, Iran and the regime``."""
    every: Sequence[str] = list(words)
    if len(every) < 2:
        return "".join(every)
    return f"{', '.join(every[:-1])} {last} {every[-1]}"


def polish(text: str) -> str:
    """Text as a typesetter would have it: a real minus before a number, a per cent sign that keeps to its number."""
    return _PER_CENT.sub("\N{NO-BREAK SPACE}%", _MINUS.sub("\N{MINUS SIGN}", text))


def headline(text: str) -> str:
    """A title: a capital letter in front, no full stop at the end."""
    return polish(capital(text)).removesuffix(".")


def sentence(text: str) -> str:
    """A sentence with a capital letter and a full stop, whatever it was given as."""
    tidy = polish(capital(text))
    ended = tidy[-1:] in tuple(".!?…:") or tidy[-2:] in (".”", ".)", '."', "?”", "!”")
    return tidy if not tidy or ended else f"{tidy}."
