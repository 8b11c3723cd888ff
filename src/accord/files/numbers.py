"""Numbers as people write them: bare, with a range, with a distribution, or in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from accord.files.node import Node
from accord.problems import Problem, did_you_mean, listed
from accord.situation import DISTRIBUTIONS, SYNONYMS, WORDS, Estimate, Range, Word
from accord.situation.words import plain

_PARAMETERS = sorted({name for need, may in DISTRIBUTIONS.values() for name in (*need, *may)})
ESTIMATE_KEYS = ("best", "low", "high", "distribution", *[p for p in _PARAMETERS if p not in ("best", "low", "high")], "word")
EVIDENCE_KEYS = ("source", "confidence", "assumed", "note")
FORMS = "a number, a word such as 'likely', or {low, best, high}"


class NumberProblems(list[Problem]):
    """Problems of one number, with the path they belong to."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def tell(self, kind: str, says: str, expected: str = "", try_instead: str = "", node: Node | None = None, key: str = "") -> None:
        """Add one problem."""
        path = f"{self.path}.{key}" if key else self.path
        line, place = (node.line, node.place) if node is not None else (None, "")
        self.append(Problem(kind, says, path, expected, try_instead, line=line, place=place))


def read_float(node: Node, problems: NumberProblems, expected: str, key: str = "") -> float | None:
    """A finite number from a node; None (and a problem) otherwise."""
    value = node.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if math.isfinite(value):
            return float(value)
        problems.tell("not-finite", f"{node.described()} is not a finite number", expected, node=node, key=key)
        return None
    problems.tell("not-a-number", f"found {node.described()}", expected, _number_hint(node), node, key)
    return None


def _number_hint(node: Node) -> str:
    """What a person who wrote this text probably meant."""
    if not isinstance(node.value, str):
        return ""
    text = node.value.strip()
    for old, new, why in (("%", "", "percent"), (",", ".", "comma"), ("_", "", ""), (" ", "", ""), ("\N{MINUS SIGN}", "-", "")):
        try:
            number = float(text.replace(old, new))
        except ValueError:
            continue
        if not math.isfinite(number):
            continue
        if node.quoted and text.replace(old, new) == text:
            return f"{text} without the quotes"
        return f"{number / 100:g}" if why == "percent" else f"{number:g}"
    return ""


def read_estimate(node: Node, path: str, limits: Range | None, words: Mapping[str, Word]) -> tuple[Estimate | None, list[Problem]]:
    """The numeric part of an estimate (evidence is added by the caller).

    Parameters
    ----------
    node : Node
        A number, a word, or a block of keys (keys of evidence are ignored here).
    path : str
        For the problems.
    limits : Range or None
        What the number may be; None for any finite number.
    words : mapping
        The table of estimative words in force.

    Returns
    -------
    estimate : Estimate or None
    problems : list of Problem
    """
    problems = NumberProblems(path)
    expected = limits.words() if limits else "a number"
    if node.is_mapping:
        estimate = _from_block(node, problems, limits, words, expected)
    elif _known_word(node, words) or (isinstance(node.value, str) and not node.quoted and not _number_hint(node)):
        estimate = _from_word(node, problems, limits, words)
    else:
        number = read_float(node, problems, expected)
        estimate = None if number is None else Estimate(number)
    if estimate is not None and not problems:
        _within(estimate, problems, limits, node, expected)
    return (None if problems else estimate), list(problems)


def _known_word(node: Node, words: Mapping[str, Word]) -> bool:
    """Whether a scalar is a word of the table, quoted or not."""
    return isinstance(node.value, str) and SYNONYMS.get(plain(node.value), plain(node.value)) in words


def _from_word(node: Node, problems: NumberProblems, limits: Range | None, words: Mapping[str, Word], key: str = "") -> Estimate | None:
    """An estimative word on the range at hand."""
    name = plain(str(node.value))
    word = words.get(SYNONYMS.get(name, name))
    if word is None:
        hint = did_you_mean(name, [*words, *SYNONYMS])
        problems.tell("unknown-word", f"'{node.value}' is neither a number nor a known estimative word", FORMS, hint or f"one of {listed(sorted(words))}", node, key)
        return None
    span = _span(limits)
    if span is None:
        problems.tell("word-without-range", f"'{node.value}' has no meaning here: the number has no range of its own", "a number", node=node, key=key)
        return None
    if word.likelihood and (limits is None or (limits.low, limits.high) != (0.0, 1.0)):
        problems.tell("word-not-fitting", f"'{node.value}' states a likelihood, and this is not one", limits.words() if limits else "a number", "low, medium or high", node, key)
        return None
    start, end, logarithmic = span
    if logarithmic:
        low, best, high = (math.exp(math.log(start) + share * (math.log(end) - math.log(start))) for share in (word.low, word.best, word.high))
    else:
        low, best, high = (start + share * (end - start) for share in (word.low, word.best, word.high))
    return Estimate(best, low, high, "pert", word=SYNONYMS.get(name, name))


def _span(limits: Range | None) -> tuple[float, float, bool] | None:
    """The range that a word divides: 0..1 for shares and probabilities, else the plausible range, else the hard one."""
    if limits is None:
        return None
    if (limits.low, limits.high) == (0.0, 1.0):
        return 0.0, 1.0, False
    low, high = limits.prior or (limits.low, limits.high)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return None
    return low, high, limits.shape == "log" and low > 0


def _from_block(node: Node, problems: NumberProblems, limits: Range | None, words: Mapping[str, Word], expected: str) -> Estimate | None:
    """An estimate written as a block of keys."""
    keys = {key: inner for key, inner in node.value.items() if key not in EVIDENCE_KEYS}
    _unknown(keys, problems)
    given = [key for key in keys if key in ESTIMATE_KEYS]
    if not given:
        problems.tell("no-number", "a block without a number", FORMS, "add 'best: ...' or {low, best, high}", node)
        return None
    if "word" in given:
        if len(given) > 1:
            problems.tell("contradictory", f"both a word and {listed(k for k in given if k != 'word')}", "one or the other", node=keys["word"])
            return None
        return _from_word(keys["word"], problems, limits, words, "word")
    named = _distribution_name(keys, problems)
    if named is None:
        return None
    values = {key: read_float(keys[key], problems, expected if key in ("low", "best", "high") else "a number", key) for key in given if key != "distribution"}
    if problems:
        return None
    numbers = {key: value for key, value in values.items() if value is not None}
    return _assemble(named, numbers, problems, node)


def _unknown(keys: Mapping[str, Node], problems: NumberProblems) -> None:
    """Tell keys that mean nothing in a number."""
    for key, inner in keys.items():
        if key not in ESTIMATE_KEYS:
            hint = did_you_mean(key, [*ESTIMATE_KEYS, *EVIDENCE_KEYS])
            usual = listed(["low", "best", "high", "distribution", "word", *EVIDENCE_KEYS])
            problems.tell("unknown-key", f"unknown key '{key}' in a number", usual, hint, inner, key)


def _distribution_name(keys: Mapping[str, Node], problems: NumberProblems) -> str | None:
    """Which distribution the keys describe; 'fixed' for a lone best."""
    if "distribution" in keys:
        node = keys["distribution"]
        name = str(node.value).strip().lower()
        if name in DISTRIBUTIONS:
            return name
        problems.tell("unknown-distribution", f"unknown distribution {node.described()}", listed(sorted(DISTRIBUTIONS)), did_you_mean(name, DISTRIBUTIONS), node, "distribution")
        return None
    return "fixed" if set(keys) & set(ESTIMATE_KEYS) == {"best"} else "pert"


def _assemble(name: str, numbers: dict[str, float], problems: NumberProblems, node: Node) -> Estimate | None:
    """Check that the parameters fit the distribution, and build the estimate."""
    if name == "fixed":
        return Estimate(numbers["best"])
    required, optional = DISTRIBUTIONS[name]
    missing = [key for key in required if key not in numbers]
    extra = [key for key in numbers if key not in (*required, *optional)]
    if missing:
        hint = "or write 'distribution: uniform' if no value is likelier than another" if name == "pert" and missing == ["best"] else ""
        problems.tell("incomplete-range", f"{listed(missing)} missing", f"{listed(required)} for '{name}'", hint, node)
    for key in extra:
        problems.tell("contradictory", f"'{key}' does not belong to '{name}'", listed([*required, *optional]), node=node.value[key], key=key)
    if problems:
        return None
    _consistent(name, numbers, problems, node)
    rest = tuple(sorted((key, value) for key, value in numbers.items() if key not in ("low", "best", "high")))
    return Estimate(numbers.get("best"), numbers.get("low"), numbers.get("high"), name, rest)


def _consistent(name: str, n: dict[str, float], problems: NumberProblems, node: Node) -> None:
    """Contradictions among the parameters."""
    low, best, high = n.get("low"), n.get("best"), n.get("high")
    if low is not None and high is not None and low > high:
        problems.tell("contradictory", f"low ({low:g}) is above high ({high:g})", "low <= best <= high", "swap them", node)
    elif low is not None and best is not None and best < low:
        problems.tell("contradictory", f"best ({best:g}) is below low ({low:g})", "low <= best <= high", node=node)
    elif high is not None and best is not None and best > high:
        problems.tell("contradictory", f"best ({best:g}) is above high ({high:g})", "low <= best <= high", node=node)
    for key in ("sd", "sigma", "alpha", "beta", "median"):
        if key in n and n[key] <= 0:
            problems.tell("contradictory", f"{key} is {n[key]:g}", f"{key} above 0", node=node.value[key], key=key)
    if name == "loguniform" and low is not None and low <= 0:
        problems.tell("contradictory", f"low is {low:g}, and a logarithm needs it above 0", "low above 0", node=node.value["low"], key="low")
    if name == "log1m_uniform" and high is not None and high >= 1:
        problems.tell("contradictory", f"high is {high:g}, and ln(1 - x) needs it below 1", "high below 1", node=node.value["high"], key="high")
    if "probability" in n and not 0 <= n["probability"] <= 1:
        problems.tell("out-of-range", f"probability is {n['probability']:g}", "a number from 0 to 1", node=node.value["probability"], key="probability")


def support(estimate: Estimate) -> tuple[float, float]:
    """The smallest and largest value an estimate can take (infinite for open tails)."""
    name, low, high = estimate.distribution, estimate.low, estimate.high
    if name == "fixed":
        assert estimate.best is not None
        return estimate.best, estimate.best
    if name == "bernoulli":
        return 0.0, 1.0
    floor = {"lognormal": 0.0, "beta": 0.0}.get(name, -math.inf)
    ceiling = {"beta": 1.0}.get(name, math.inf)
    return (floor if low is None else low), (ceiling if high is None else high)


def _within(estimate: Estimate, problems: NumberProblems, limits: Range | None, node: Node, expected: str) -> None:
    """The whole range must make sense, not only the best value."""
    if limits is None:
        return
    low, high = support(estimate)
    tail = "give 'low' and 'high' to cut the tails" if math.isinf(low) or math.isinf(high) else ""
    for value in dict.fromkeys((low, high)):
        if value not in limits:
            shown = f"{value:g} is outside" if math.isfinite(value) else f"a {estimate.distribution} distribution without bounds reaches outside"
            problems.tell("out-of-range", f"{shown} what makes sense here", expected, tail or _scale_hint(value, limits), node)
            return


def _scale_hint(value: float, limits: Range) -> str:
    """A guess at a slip of scale: percent instead of share."""
    if limits.high == 1.0 and limits.low == 0.0 and 1 < value <= 100:
        return f"{value / 100:g} if you meant {value:g} percent"
    return ""


def words_in_force(overrides: Mapping[str, Any]) -> dict[str, Word]:
    """The table of estimative words: the usual one with a file's own words on top."""
    return {**WORDS, **{plain(name): word for name, word in overrides.items()}}
