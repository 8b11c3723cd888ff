"""Numbers and names as words, the same way in every lens: shares of worlds, percentages, lists."""

from __future__ import annotations

import math
from collections.abc import Sequence


def in_worlds(share: float) -> str:
    """A share of worlds as a reader would say it: ``in 83 of 100 worlds``.

    Parameters
    ----------
    share : float
        0..1; NaN when there is no world to count.
    """
    if math.isnan(share):
        return "in no world that can be judged"
    if share >= 1.0:
        return "in every world"
    if share <= 0.0:
        return "in no world"
    if share >= 0.995:
        return "in more than 99 of 100 worlds"
    if share <= 0.005:
        return "in fewer than 1 of 100 worlds"
    return f"in {round(100 * share)} of 100 worlds"


def percent(share: float) -> str:
    """A share as a percentage without decimals: ``63 %``; ``unknown`` when NaN."""
    return "unknown" if math.isnan(share) else f"{round(100 * share)} %"


def figure(value: float, digits: int = 2) -> str:
    """A number with at most *digits* decimals and no trailing zeros; ``unknown`` when NaN.

    Parameters
    ----------
    value : float
    digits : int
        Decimals; large numbers are given fewer.
    """
    if math.isnan(value):
        return "unknown"
    places = 0 if abs(value) >= 1000 else digits
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def count(how_many: float, one: str, many: str = "") -> str:
    """A number of things: ``1 number``, ``3 numbers``, ``no numbers``, ``2.5 years``.

    Parameters
    ----------
    how_many : int or float
    one, many : str
        What one of them is called, and what several are; with an ``s`` at the end when left out.
    """
    things = one if how_many == 1 else many or one + "s"
    if how_many == 0:
        return f"no {things}"
    return f"{how_many:,} {things}" if isinstance(how_many, int) else f"{how_many:g} {things}"


def joined(names: Sequence[str]) -> str:
    """Names as a list in a sentence: ``Iran, Russia and Syria``."""
    if not names:
        return "nobody"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def named(label: str | None, name: str) -> str:
    """What to call something: its label, else its name with blanks and a capital."""
    return label or name.replace("_", " ").capitalize()


def headline(text: str) -> str:
    """The text as a title: a capital first letter, no full stop at the end."""
    return text[:1].upper() + text[1:].rstrip(".")


def sentence(text: str) -> str:
    """The text with a capital first letter and one full stop at the end."""
    return text[:1].upper() + text[1:].rstrip(".") + "."
