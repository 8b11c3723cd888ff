"""Numbers as people write them: bare, with a range, with a distribution, or in words."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from accord.files.hints import OTHER_NAMES, comma_hint, joined, number_hint
from accord.files.node import Node
from accord.problems import Problem, did_you_mean, listed
from accord.situation import DISTRIBUTIONS, SYNONYMS, WORDS, Estimate, Range, Word
from accord.situation.words import plain

_PARAMETERS = sorted({name for need, may in DISTRIBUTIONS.values() for name in (*need, *may)})
ESTIMATE_KEYS = (
    "best",
    "low",
    "high",
    "distribution",
    *[p for p in _PARAMETERS if p not in ("best", "low", "high")],
    "word",
)
EVIDENCE_KEYS = ("source", "confidence", "assumed", "note")
FORMS = "a number, a word such as 'likely', or {low, best, high}"


class NumberProblems(list[Problem]):
    """Problems of one number, with the path they belong to."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def tell(
        self,
        kind: str,
        says: str,
        expected: str = "",
        try_instead: str = "",
        node: Node | None = None,
        key: str = "",
    ) -> None:
        """Add one problem."""
        path = f"{self.path}.{key}" if key else self.path
        line, place = (node.line, node.place) if node is not None else (None, "")
        self.append(Problem(kind, says, path, expected, try_instead, line=line, place=place))


def read_float(
    node: Node, problems: NumberProblems, expected: str, key: str = "", limits: Range | None = None
) -> float | None:
    """A finite number from a node; None (and a problem) otherwise."""
    value = node.value
    if node.broken:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        if math.isfinite(float(value)):
            return float(value)
        problems.tell(
            "not-finite", f"{node.described()} is not a finite number", expected, node=node, key=key
        )
        return None
    problems.tell("not-a-number", f"found {node.described()}", expected, number_hint(node, limits), node, key)
    return None


def read_estimate(
    node: Node, path: str, limits: Range | None, words: Mapping[str, Word]
) -> tuple[Estimate | None, list[Problem]]:
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
    elif _known_word(node, words) or (
        isinstance(node.value, str) and not node.quoted and not number_hint(node)
    ):
        estimate = _from_word(node, problems, limits, words)
    else:
        number = read_float(node, problems, expected, limits=limits)
        estimate = None if number is None else Estimate(number)
    if estimate is not None and not problems:
        _within(estimate, problems, limits, node, expected)
    return (None if problems else estimate), list(problems)


def _known_word(node: Node, words: Mapping[str, Word]) -> bool:
    """Whether a scalar is a word of the table, quoted or not."""
    return isinstance(node.value, str) and SYNONYMS.get(plain(node.value), plain(node.value)) in words


def _from_word(
    node: Node, problems: NumberProblems, limits: Range | None, words: Mapping[str, Word], key: str = ""
) -> Estimate | None:
    """An estimative word on the range at hand."""
    name = _word_meant(node, problems, words, key)
    if name is None:
        return None
    word, expected = words[name], limits.words() if limits else "a number"
    span = _span(limits, word.likelihood)
    if span is None:
        says = f"{node.described()} has no meaning here: nothing says what is low and what is high"
        problems.tell("word-without-range", says, expected, "a number or {low, best, high}", node, key)
        return None
    if word.likelihood and (limits is None or (limits.low, limits.high) != (0.0, 1.0)):
        says = f"{node.described()} states a likelihood, and this is not one"
        problems.tell("word-not-fitting", says, expected, "low, medium or high", node, key)
        return None
    start, end, logarithmic = span
    shares = (word.low, word.best, word.high)
    if logarithmic:
        low, best, high = (
            math.exp(math.log(start) + share * (math.log(end) - math.log(start))) for share in shares
        )
    else:
        low, best, high = (start + share * (end - start) for share in shares)
    return Estimate(best, low, high, "pert", word=name)


def _word_meant(node: Node, problems: NumberProblems, words: Mapping[str, Word], key: str) -> str | None:
    """The word of the table that is written here."""
    if not isinstance(node.value, str):
        if not node.broken:
            problems.tell(
                "unknown-word", f"found {node.described()}", "a word such as 'likely'", node=node, key=key
            )
        return None
    name = plain(node.value)
    name = SYNONYMS.get(name, name)
    if name in words:
        return name
    hint = did_you_mean(name, [*words, *SYNONYMS]) or f"one of {listed(words)}"
    says = f"{node.described()} is neither a number nor a known estimative word"
    problems.tell("unknown-word", says, FORMS, hint, node, key)
    return None


def _span(limits: Range | None, likelihood: bool) -> tuple[float, float, bool] | None:
    """The range that a word divides, and whether in the logarithm.

    A statement of likelihood divides 0..1; any other word the plausible range of the number, else the possible one.
    """
    if limits is None:
        return None
    if likelihood:
        return 0.0, 1.0, False
    low, high = (
        limits.prior if limits.prior and limits.prior[0] < limits.prior[1] else (limits.low, limits.high)
    )
    if not (math.isfinite(high - low) and low < high):
        return None
    return low, high, limits.shape == "log" and low > 0


def _from_block(
    node: Node, problems: NumberProblems, limits: Range | None, words: Mapping[str, Word], expected: str
) -> Estimate | None:
    """An estimate written as a block of keys."""
    keys = {key: inner for key, inner in node.value.items() if key not in EVIDENCE_KEYS}
    _unknown(keys, problems)
    given = [key for key in keys if key in ESTIMATE_KEYS]
    if not given and problems:
        return None
    if not given:
        problems.tell(
            "no-number", "a block without a number", FORMS, "add 'best: ...' or {low, best, high}", node
        )
        return None
    if "word" in given:
        if len(given) > 1:
            rest = [key for key in given if key != "word"]
            problems.tell(
                "contradictory", f"a word beside {joined(rest)}", "one or the other", node=keys["word"]
            )
            return None
        return _from_word(keys["word"], problems, limits, words, "word")
    named = _distribution_name(keys, problems)
    values = {
        key: read_float(keys[key], problems, expected if key in ("low", "best", "high") else "a number", key)
        for key in given
        if key != "distribution"
    }
    if problems or named is None or any(value is None for value in values.values()):
        return None
    numbers = {key: value for key, value in values.items() if value is not None}
    return _assemble(named, numbers, problems, node)


def _unknown(keys: Mapping[str, Node], problems: NumberProblems) -> None:
    """Tell keys that mean nothing in a number."""
    for key, inner in keys.items():
        if key not in ESTIMATE_KEYS:
            usual = ["low", "best", "high", "distribution", "word", *EVIDENCE_KEYS]
            other = OTHER_NAMES.get(key.lower())
            hint = (
                f"did you mean '{other}'?"
                if other
                else did_you_mean(key, usual) or did_you_mean(key, ESTIMATE_KEYS)
            )
            hint = hint or comma_hint(inner)
            problems.tell(
                "unknown-key", f"unknown key '{key}' in a number", f"one of {listed(usual)}", hint, inner, key
            )


def _distribution_name(keys: Mapping[str, Node], problems: NumberProblems) -> str | None:
    """Which distribution the keys describe; 'fixed' for a lone best."""
    if "distribution" in keys:
        node = keys["distribution"]
        name = node.as_text().strip().lower()
        if name in DISTRIBUTIONS:
            return name
        if not node.broken:
            hint = did_you_mean(name, DISTRIBUTIONS)
            problems.tell(
                "unknown-distribution",
                f"unknown distribution {node.described()}",
                f"one of {listed(DISTRIBUTIONS)}",
                hint,
                node,
                "distribution",
            )
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
        whole, hint = f"{joined(required)} for '{name}'", ""
        if name == "pert" and "distribution" not in node.value:
            whole, hint = "low, best and high together", "give all three, or 'best' alone"
            if missing == ["best"]:
                hint = "add 'best', or 'distribution: uniform' if no value is likelier than another"
        says = f"{joined(missing)} {'is' if len(missing) == 1 else 'are'} missing"
        problems.tell("incomplete-range", says, whole, hint, node)
    for key in extra:
        wanted = joined(required) + (f" (and, if needed, {joined(optional)})" if optional else "")
        problems.tell(
            "contradictory",
            f"'{key}' does not belong to '{name}'",
            wanted,
            f"delete '{key}'",
            node.value[key],
            key,
        )
    if problems:
        return None
    _consistent(name, numbers, problems, node)
    rest = tuple(sorted((key, value) for key, value in numbers.items() if key not in ("low", "best", "high")))
    estimate = Estimate(numbers.get("best"), numbers.get("low"), numbers.get("high"), name, rest)
    if not problems:
        _possible(estimate, problems, node)
    return estimate


def _in_order(low: float, best: float | None, high: float) -> str:
    """What mends a low above its high: swapping them only where best then lies between."""
    if best is None or high <= best <= low:
        return "swap them"
    return f"a low of {best:g} or less" if best < high else f"a high of {best:g} or more"


def _consistent(name: str, n: dict[str, float], problems: NumberProblems, node: Node) -> None:
    """Contradictions among the parameters."""
    kind, order = "contradictory", "low <= best <= high"
    low, best, high = n.get("low"), n.get("best"), n.get("high")
    if low is not None and high is not None and low > high:
        says = f"low ({low:g}) is above high ({high:g})"
        problems.tell(kind, says, order, _in_order(low, best, high), node.value["low"])
    elif low is not None and best is not None and best < low:
        problems.tell(kind, f"best ({best:g}) is below low ({low:g})", order, node=node.value["best"])
    elif high is not None and best is not None and best > high:
        problems.tell(kind, f"best ({best:g}) is above high ({high:g})", order, node=node.value["best"])
    for key in ("sd", "sigma", "alpha", "beta", "median"):
        if key in n and n[key] <= 0:
            problems.tell(kind, f"{key} is {n[key]:g}", f"{key} above 0", node=node.value[key], key=key)
    if name == "loguniform" and low is not None and low <= 0:
        says = f"low is {low:g}, and a logarithm needs it above 0"
        problems.tell(kind, says, "low above 0", node=node.value["low"], key="low")
    if name == "log1m_uniform" and high is not None and high >= 1:
        says = f"high is {high:g}, and ln(1 - x) needs it below 1"
        problems.tell(kind, says, "high below 1", node=node.value["high"], key="high")
    if "probability" in n and not 0 <= n["probability"] <= 1:
        says, where = f"probability is {n['probability']:g}", node.value["probability"]
        problems.tell("out-of-range", says, "a number from 0 to 1", node=where, key="probability")


def _possible(estimate: Estimate, problems: NumberProblems, node: Node) -> None:
    """The best value and the bounds must be values that the distribution can take."""
    low, high = support(estimate)
    best = estimate.best
    if best is not None and not low <= best <= high and estimate.distribution != "fixed":
        says = f"best ({best:g}) is not a value that '{estimate.distribution}' can take"
        problems.tell(
            "contradictory",
            says,
            f"a number from {low:g} to {high:g}",
            "delete 'best': the median is used",
            node.value["best"],
            "best",
        )
    if estimate.distribution in ("normal", "lognormal", "beta") and not low < high:
        bound = "low" if estimate.low is not None else "high"
        says = f"nothing is left of '{estimate.distribution}' between {low:g} and {high:g}"
        problems.tell("contradictory", says, "low below high, inside its reach", node=node.value[bound])


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


def _within(
    estimate: Estimate, problems: NumberProblems, limits: Range | None, node: Node, expected: str
) -> None:
    """The whole range must make sense, not only the best value."""
    if limits is None:
        return
    low, high = support(estimate)
    tail = "give 'low' and 'high' to cut the tails" if math.isinf(low) or math.isinf(high) else ""
    for value in dict.fromkeys((low, high)):
        if value not in limits:
            shown = f"{value:g}" if estimate.distribution != "fixed" else node_text(node)
            says = (
                f"{shown} lies outside the range"
                if math.isfinite(value)
                else f"the tails of '{estimate.distribution}' reach outside the range"
            )
            problems.tell(
                "out-of-range",
                says,
                expected,
                tail or _scale_hint(value, limits),
                _where(node, estimate, value),
            )
            return


def _where(node: Node, estimate: Estimate, value: float) -> Node:
    """The key that holds a value, or the number as a whole."""
    keys = (key for key in ("best", "low", "high") if getattr(estimate, key) == value)
    found: Node = (
        next((node.value[key] for key in keys if key in node.value), node) if node.is_mapping else node
    )
    return found


def node_text(node: Node) -> str:
    """A number as the file spells it, bare or as 'best'."""
    inner = node.value["best"] if node.is_mapping and "best" in node.value else node
    return str(inner.as_text())


def _scale_hint(value: float, limits: Range) -> str:
    """A guess at a slip of scale: percent instead of share."""
    if limits.high == 1.0 and limits.low == 0.0 and 2 <= value <= 100:
        return f"{value / 100:g} if you meant {value:g} percent"
    return ""


def words_in_force(overrides: Mapping[str, Any]) -> dict[str, Word]:
    """The table of estimative words: the usual one with a file's own words on top."""
    own = {plain(name): word for name, word in overrides.items()}
    still = {
        name: dataclasses.replace(word, likelihood=True)
        for name, word in own.items()
        if name in WORDS and WORDS[name].likelihood
    }
    return {**WORDS, **own, **still}
