"""Estimative words: what "likely" means in numbers, unless a file declares otherwise.

The seven likelihood terms and their ranges are those of US Intelligence Community Directive 203 (2 January 2015),
section D.6.e(2)(a).  ``low``, ``medium``, ``high`` (and ``very_low``, ``very_high``) are our own convention: parts of
the range that is plausible for the number at hand (the whole possible one where none is declared).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from accord.situation.declare import Ask, Range


@dataclass(frozen=True, slots=True)
class Word:
    """What an estimative word stands for, as a share of the range at hand (0 = its low end, 1 = its high end)."""

    low: Annotated[float, Range(0, 1, "share"), Ask("Lowest value the word can mean?")]
    best: Annotated[float, Range(0, 1, "share"), Ask("The value the word is most likely to mean?")]
    high: Annotated[float, Range(0, 1, "share"), Ask("Highest value the word can mean?")]
    likelihood: Annotated[
        bool, Ask("Is it a statement of likelihood, which fits only shares and probabilities?")
    ] = False


WORDS: dict[str, Word] = {
    "almost_no_chance": Word(0.01, 0.03, 0.05, True),
    "very_unlikely": Word(0.05, 0.125, 0.20, True),
    "unlikely": Word(0.20, 0.325, 0.45, True),
    "roughly_even_chance": Word(0.45, 0.50, 0.55, True),
    "likely": Word(0.55, 0.675, 0.80, True),
    "very_likely": Word(0.80, 0.875, 0.95, True),
    "almost_certain": Word(0.95, 0.97, 0.99, True),
    "very_low": Word(0.0, 0.10, 0.20),
    "low": Word(0.10, 0.25, 0.40),
    "medium": Word(0.30, 0.50, 0.70),
    "high": Word(0.60, 0.75, 0.90),
    "very_high": Word(0.80, 0.90, 1.0),
}
# ICD 203 gives each term a second name.
SYNONYMS: dict[str, str] = {
    "remote": "almost_no_chance",
    "highly_improbable": "very_unlikely",
    "improbable": "unlikely",
    "roughly_even_odds": "roughly_even_chance",
    "even_chance": "roughly_even_chance",
    "probable": "likely",
    "highly_probable": "very_likely",
    "nearly_certain": "almost_certain",
    "moderate": "medium",
}


def plain(word: str) -> str:
    """A word as the table spells it: lower case, underscores for blanks and hyphens."""
    return "_".join(word.strip().lower().replace("-", " ").replace("_", " ").split())
