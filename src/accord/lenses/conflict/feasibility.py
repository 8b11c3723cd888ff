"""Which combinations of options can occur: rules, the states they leave, and which of them contradict each other.

The kinds of rules are those of option form (L. Fang, K.W. Hipel and D.M. Kilgour, "Interactive Decision Making: The
Graph Model for Conflict Resolution", Wiley 1993, section 2.4), and any statement besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from accord.formulas.logic import Expression, LogicError, parse
from accord.problems import did_you_mean, listed

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
Statement = str | Expression
Kind = Literal["infeasible", "pattern", "at most one", "at least one", "when"]

MOST_OPTIONS = 62
MOST_STATES = 1 << 24
# Enough outcomes to choose a telling one from.
_LOOKED_AT = 1 << 14


class ModelError(ValueError):
    """A model that cannot be built or used as stated."""


class TooLarge(ModelError):
    """A model with more states than fit."""


class Contradiction(ModelError):
    """Rules that together leave no outcome.

    Attributes
    ----------
    rules : tuple of Rule
        A smallest set of rules of which no outcome obeys all.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        words = "; ".join(str(rule) for rule in self.rules)
        head = "this rule leaves" if len(self.rules) == 1 else f"these {len(self.rules)} rules together leave"
        super().__init__(f"{head} no outcome: {words}; expected at least one outcome that obeys every rule")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that some combinations of options break; made by :func:`infeasible` and its kin.

    Parameters
    ----------
    kind : {'infeasible', 'pattern', 'at most one', 'at least one', 'when'}
    expressions : tuple of Expression
        One for ``infeasible``; condition and consequence for ``when``.
    options : tuple of str
        For the other kinds.
    values : tuple of bool
        For ``pattern``: whether each option is taken.
    label : str
        How errors call it; empty when its words say enough.
    """

    kind: Kind
    expressions: tuple[Expression, ...] = ()
    options: tuple[str, ...] = ()
    values: tuple[bool, ...] = ()
    label: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The options it speaks of, each once."""
        return tuple(dict.fromkeys([*self.options, *(n for e in self.expressions for n in e.names)]))

    def allowed(self, taken: Mapping[str, BoolArray]) -> BoolArray:
        """Where it is obeyed.

        Parameters
        ----------
        taken : mapping of str to ndarray of bool, shape (states,)
            For each of its options.  ``at most one`` does with some of them, and then speaks of these only.

        Returns
        -------
        ndarray of bool, shape (states,)
        """
        if self.kind == "infeasible":
            return np.asarray(~self.expressions[0].of(taken))
        if self.kind == "when":
            return np.asarray(~self.expressions[0].of(taken) | self.expressions[1].of(taken))
        if self.kind == "pattern":
            pairs = zip(self.options, self.values, strict=True)
            return np.asarray(~np.logical_and.reduce([taken[name] == value for name, value in pairs]))
        given = [taken[name] for name in self.options if name in taken]
        if self.kind == "at least one":
            return np.asarray(np.logical_or.reduce(given))
        return np.asarray(np.add.reduce(given, dtype=np.int64) <= 1)

    def named(self, label: str) -> Rule:
        """The same rule under a name."""
        return replace(self, label=label)

    def __str__(self) -> str:
        """The rule in words."""
        if self.kind == "infeasible":
            words = f"infeasible: {self.expressions[0]}"
        elif self.kind == "when":
            words = f"when {self.expressions[0]}, then {self.expressions[1]}"
        elif self.kind == "pattern":
            pairs = zip(self.options, self.values, strict=True)
            words = "infeasible: " + " and ".join(name if value else f"not {name}" for name, value in pairs)
        else:
            words = f"{self.kind} of {', '.join(self.options)}"
        return f"{self.label} ({words})" if self.label else words


def infeasible(statement: Statement) -> Rule:
    """Outcomes in which the statement holds cannot occur."""
    return Rule("infeasible", (expression(statement),))


def pattern(values: Mapping[str, bool] | None = None, /, **more: bool) -> Rule:
    """A combination of options, taken (true) and not taken (false), cannot occur.

    Parameters
    ----------
    values : mapping of str to bool
    **more : bool
        The same, for options whose names can be keywords.
    """
    given = {**(values or {}), **more}
    if not given:
        raise ModelError("a pattern needs at least one option")
    return Rule("pattern", options=tuple(given), values=tuple(bool(value) for value in given.values()))


def at_most_one(*options: str) -> Rule:
    """No two of these options are taken together."""
    return Rule("at most one", options=_some(options))


def at_least_one(*options: str) -> Rule:
    """One of these options or more is taken."""
    return Rule("at least one", options=_some(options))


def when(condition: Statement, *, then: Statement) -> Rule:
    """Where the condition holds, the consequence does."""
    return Rule("when", (expression(condition), expression(then)))


def _some(options: tuple[str, ...]) -> tuple[str, ...]:
    """Option names, each once, at least one."""
    if not options:
        raise ModelError("a rule needs at least one option")
    return tuple(dict.fromkeys(options))


def expression(statement: Statement) -> Expression:
    """A statement as an expression.

    Raises
    ------
    ModelError
        When the text is no statement; its cause is the ``LogicError`` with the place.
    """
    if isinstance(statement, Expression):
        return statement
    try:
        return parse(statement)
    except LogicError as error:
        raise ModelError(f"'{statement}': {error}") from error


def check_names(names: Iterable[str], known: Sequence[str], place: str) -> None:
    """Refuse names of options that there are not, all at once.

    Raises
    ------
    ModelError
    """
    wrong = [name for name in dict.fromkeys(names) if name not in set(known)]
    if not wrong:
        return
    hints = [hint for name in wrong if (hint := did_you_mean(name, known))]
    what = "is no option" if len(wrong) == 1 else "are no options"
    quoted = listed(f"'{name}'" for name in wrong)
    says = f"{place}: {quoted} {what}; expected one of {listed(known) or 'none'}"
    raise ModelError("; ".join([says, *hints[:1]]))


def feasible_masks(options: Sequence[str], rules: Sequence[Rule] = (), most: int | None = None) -> IntArray:
    """The states that obey every rule.

    Parameters
    ----------
    options : sequence of str
        Option k is bit k.
    rules : sequence of Rule
    most : int, optional
        States, also of some options only, at which to give up; 2^24 if left out.

    Returns
    -------
    ndarray of int64, shape (states,)
        Masks, ascending.

    Raises
    ------
    ModelError
        For unknown names, more than 62 options, more than *most* states (:class:`TooLarge`), and rules that leave none
        (:class:`Contradiction`).
    """
    if len(options) > MOST_OPTIONS:
        raise ModelError(f"there are {len(options)} options; expected at most {MOST_OPTIONS}")
    for rule in rules:
        check_names(rule.names, options, f"rule '{rule}'")
    bits = {name: k for k, name in enumerate(options)}
    limit = MOST_STATES if most is None else most
    masks = _grown(bits, options, rules, limit)
    if not masks.size:
        raise Contradiction(smallest_conflict(options, rules, limit))
    return masks


def taken_in(masks: IntArray, bits: Mapping[str, int], names: Iterable[str]) -> dict[str, BoolArray]:
    """Whether each of some options is taken, by name, shape (states,)."""
    return {name: (masks >> bits[name]) & 1 == 1 for name in names}


def _grown(bits: Mapping[str, int], options: Sequence[str], rules: Sequence[Rule], most: int) -> IntArray:
    """States over some options, built option by option, each rule applied as soon as it can be; none is an answer."""
    order = dict.fromkeys([*(name for rule in rules for name in rule.names), *options])
    masks = np.zeros(1, np.int64)
    known: set[str] = set()
    for name in order:
        if 2 * masks.size > most:
            raise TooLarge(f"there are more than {most:,} states; expected fewer options, or more rules")
        masks = np.concatenate([masks, masks | (1 << bits[name])])
        known.add(name)
        for rule in rules:
            if name in rule.names and (rule.kind == "at most one" or known.issuperset(rule.names)):
                masks = masks[rule.allowed(taken_in(masks, bits, known.intersection(rule.names)))]
    return np.sort(masks)


def smallest_conflict(
    options: Sequence[str], rules: Sequence[Rule], most: int = MOST_STATES
) -> tuple[Rule, ...]:
    """A smallest set of rules of which no state obeys all, for rules that leave none.

    Any such set holds, for every state, a rule that this state breaks.  So: take a smallest set of rules that does so
    for the states looked at; where it still leaves a state, look at that one too (implicit hitting sets: A. Ignatiev,
    A. Previti, M. Liffiton and J. Marques-Silva, "Smallest MUS extraction with minimal hitting set dualization", 2015).
    All rules when it would take more than *most* states.
    """
    bits = {name: k for k, name in enumerate(options)}
    broken: list[frozenset[int]] = []
    chosen: frozenset[int] = frozenset()
    while True:
        some = [rules[r] for r in sorted(chosen)]
        try:
            masks = _grown(bits, (), some, most)
        except TooLarge:
            return tuple(rules)
        if not masks.size:
            return tuple(some)
        broken.append(_least_broken(masks[:_LOOKED_AT], bits, rules))
        found = (_hit(broken, frozenset(), size) for size in range(len(rules) + 1))
        chosen = next(sets for sets in found if sets is not None)


def _least_broken(masks: IntArray, bits: Mapping[str, int], rules: Sequence[Rule]) -> frozenset[int]:
    """The rules that a state breaks, for a state that breaks fewest."""
    breaks = np.array([~rule.allowed(taken_in(masks, bits, rule.names)) for rule in rules])
    best = int(np.argmin(breaks.sum(axis=0)))
    return frozenset(np.flatnonzero(breaks[:, best]).tolist())


def _hit(sets: Sequence[frozenset[int]], chosen: frozenset[int], room: int) -> frozenset[int] | None:
    """Members that meet every set, at most so many more than chosen; None where that cannot be."""
    missed = next((members for members in sets if not members & chosen), None)
    if missed is None:
        return chosen
    if room == 0:
        return None
    tries = (_hit(sets, chosen | {member}, room - 1) for member in sorted(missed))
    return next((found for found in tries if found is not None), None)
