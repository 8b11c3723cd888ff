"""What must hold between options, preferences and rules: words of logic, kinds, and outcomes that can occur."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from accord.files.node import shortened
from accord.files.numbers import support
from accord.formulas.logic import WORDS_OF_LOGIC, Expression, LogicError, parse
from accord.formulas.wording import joined
from accord.problems import Problem, did_you_mean, listed
from accord.situation import OTHERWISE, PREFERENCE_KINDS, RULE_KINDS, Rule, Situation

BoolArray = NDArray[np.bool_]
# Options up to which every combination is tried.
MOST_OPTIONS = 20
_TEXTS = ("infeasible", "when", "then", "alike", "leaving", "reaching")


def logic(s: Situation) -> Iterator[Problem]:
    """Rules and preferences are well written and speak of declared options, whose names are no words of logic."""
    for name in s.options:
        if name in (*WORDS_OF_LOGIC, OTHERWISE):
            says, wanted = f"'{name}' is a word of logic", f"none of {listed((*WORDS_OF_LOGIC, OTHERWISE))}"
            yield Problem("bad-name", says, f"options.{name}", wanted, "another name, here and in its uses")
    for path, text in _texts(s):
        try:
            expression = parse(text)
        except LogicError as error:
            says = f"{error.says} (character {error.at + 1} of '{shortened(text)}')"
            yield Problem("syntax", says, path, error.expected, error.try_instead)
            continue
        for name in expression.names:
            if name not in s.options:
                hint = did_you_mean(name, s.options)
                hint = hint or (f"one of {listed(s.options)}" if s.options else "declare it under 'options'")
                wanted = "options joined by and, or, not, if, iff"
                yield Problem("unknown-reference", f"'{name}' is not a declared option", path, wanted, hint)


def _texts(s: Situation) -> Iterator[tuple[str, str]]:
    """Every text of logic, with its path."""
    for name, rule in s.rules.items():
        for key in _TEXTS:
            if (text := getattr(rule, key)) is not None:
                yield f"rules.{name}.{key}", text
    for name, preference in s.preferences.items():
        where = f"preferences.{name}"
        for place, statement in enumerate(preference.statements):
            yield f"{where}.statements.{place}.says", statement.says
        yield from ((f"{where}.ranking.{place}", text) for place, text in enumerate(preference.ranking))
        yield from ((f"{where}.payoffs.{text}", text) for text in preference.payoffs if text != OTHERWISE)


def kinds(s: Situation) -> Iterator[Problem]:
    """Every rule and every preference is of exactly one kind, and whole."""
    for name, rule in s.rules.items():
        path, given = f"rules.{name}", _kinds_of(rule)
        torn = any(getattr(rule, key) is not None for keys in RULE_KINDS.values() for key in keys)
        if given or not torn:
            yield from _one_of(given, tuple(RULE_KINDS), path, "the rule", "make two rules of it")
        for kind, companions in RULE_KINDS.items():
            there = [key for key in companions if getattr(rule, key) is not None]
            lacking = [key for key in companions if key not in there]
            if kind in given and lacking:
                says = f"'{kind}' without {_quoted(lacking)}"
                yield Problem("incomplete", says, path, _all_of((kind, *companions)))
            elif kind not in given and there:
                yield Problem(
                    "incomplete", f"{_quoted(there)} without '{kind}'", path, _all_of((kind, *companions))
                )
    for name, preference in s.preferences.items():
        path = f"preferences.{name}"
        given = [kind for kind in PREFERENCE_KINDS if getattr(preference, kind)]
        yield from _one_of(given, PREFERENCE_KINDS, path, "the preference", "keep the one you trust more")
        if preference.statements and preference.statements[0].tied:
            says = "the first statement is tied, and nothing stands before it"
            yield Problem(
                "contradictory", says, f"{path}.statements.0.tied", "a statement before it", "delete 'tied'"
            )


def _kinds_of(rule: Rule) -> list[str]:
    """The kinds of which a rule is."""
    return [kind for kind in RULE_KINDS if getattr(rule, kind)]


def _one_of(given: Sequence[str], known: Sequence[str], path: str, what: str, hint: str) -> Iterator[Problem]:
    """Tell where not exactly one of some keys is given."""
    if not given:
        yield Problem("incomplete", f"{what} says nothing", path, f"one of {listed(known)}")
    elif len(given) > 1:
        yield Problem("contradictory", f"{_quoted(given)} at once", path, f"one of {listed(known)}", hint)


def _quoted(names: Sequence[str]) -> str:
    """Names in quotes, as a list in a sentence."""
    return joined([f"'{name}'" for name in names])


def _all_of(names: Sequence[str]) -> str:
    """Keys that belong together, in words."""
    return f"{_quoted(names)} together"


def lists_of_options(s: Situation) -> Iterator[Problem]:
    """No option twice in a list, and no rule that cannot be broken."""
    for name, rule in s.rules.items():
        for key in ("at_most_one", "at_least_one"):
            options: tuple[str, ...] = getattr(rule, key)
            path = f"rules.{name}.{key}"
            for option in dict.fromkeys(one for one in options if options.count(one) > 1):
                yield Problem("contradictory", f"'{option}' stands there twice", path, "each option once")
            if key == "at_most_one" and len(options) == 1:
                says = f"of '{options[0]}' alone never more than one is taken"
                yield Problem(
                    "unused", says, path, "two options or more", "add others or delete it", severity="warning"
                )


def effects(s: Situation) -> Iterator[Problem]:
    """An option moves an outcome no further than the issue's scale is long."""
    for option, record in s.options.items():
        for issue, effect in record.effects.items() if s.issues else ():
            path = f"options.{option}.effects.{issue}"
            if issue not in s.issues:
                continue
            scale = s.issues[issue].scale
            far = max((abs(end) for end in support(effect)), default=0.0)
            if scale.low < scale.high and far > scale.high - scale.low:
                span = scale.high - scale.low
                says = f"{far:g} is further than the scale of '{issue}' is long"
                yield Problem("out-of-range", says, path, f"a number from {-span:g} to {span:g}")


def outcomes(s: Situation) -> Iterator[Problem]:
    """The rules leave outcomes, the present one among them; ranking and payoffs put every outcome in one place."""
    rules = {name: rule for name, rule in s.rules.items() if _bounds(rule) and _sound(s, names_in(rule))}
    clash = _clash(rules)
    if clash:
        what = f"rule '{clash[0]}' leaves" if len(clash) == 1 else f"rules {_quoted(clash)} together leave"
        wanted, hint = "rules that leave some outcome", "delete or loosen one of them"
        yield Problem("contradictory", f"{what} no outcome", f"rules.{clash[0]}", wanted, hint)
        return
    now = {name: np.array([option.now]) for name, option in s.options.items()}
    for name, rule in rules.items():
        if not allowed(rule, now).all():
            says = f"the present outcome, {_outcome(names_in(rule), now, 0)}, breaks rule '{name}'"
            hint = "mend 'now' of these options, or the rule"
            yield Problem("contradictory", says, f"rules.{name}", "a present outcome that can occur", hint)
    for name, preference in s.preferences.items():
        for key in ("ranking", "payoffs"):
            yield from _places(s, rules, f"preferences.{name}.{key}", getattr(preference, key))


def _bounds(rule: Rule) -> bool:
    """Whether a rule is whole, of one kind, and says which outcomes cannot occur."""
    given = _kinds_of(rule)
    return given in (["infeasible"], ["pattern"], ["at_most_one"], ["at_least_one"]) or (
        given == ["when"] and rule.then is not None
    )


def names_in(rule: Rule) -> tuple[str, ...]:
    """The options of which a rule speaks; empty when it is not well written."""
    names = [*rule.pattern, *rule.at_most_one, *rule.at_least_one]
    for key in _TEXTS:
        if (text := getattr(rule, key)) is not None:
            expression = _parsed(text)
            if expression is None:
                return ()
            names += expression.names
    return tuple(dict.fromkeys(names))


def _parsed(text: str) -> Expression | None:
    """The expression that a text spells; None where it spells none."""
    try:
        return parse(text)
    except LogicError:
        return None


def _sound(s: Situation, names: Sequence[str]) -> bool:
    """Whether there are names, and all are those of options."""
    return bool(names) and all(name in s.options for name in names)


def allowed(rule: Rule, values: Mapping[str, BoolArray]) -> BoolArray:
    """Where a rule that bounds outcomes is kept.

    Parameters
    ----------
    rule : Rule
        With ``infeasible``, ``pattern``, ``at_most_one``, ``at_least_one``, or ``when`` and ``then``.
    values : mapping of str to ndarray of bool, shape (states,)
        Which options are taken.

    Returns
    -------
    ndarray of bool, shape (states,)
    """
    if rule.infeasible is not None:
        return ~parse(rule.infeasible).of(values)
    if rule.pattern:
        return np.asarray(~np.all([values[name] == taken for name, taken in rule.pattern.items()], axis=0))
    if rule.at_most_one:
        return np.asarray(np.sum([values[name] for name in dict.fromkeys(rule.at_most_one)], axis=0) <= 1)
    if rule.at_least_one:
        return np.asarray(np.any([values[name] for name in rule.at_least_one], axis=0))
    return ~parse(str(rule.when)).of(values) | parse(str(rule.then)).of(values)


def _every(names: Sequence[str]) -> dict[str, BoolArray]:
    """Every combination of some options, taken or not."""
    masks = np.arange(2 ** len(names))
    return {name: (masks >> place) & 1 == 1 for place, name in enumerate(names)}


def _clash(rules: Mapping[str, Rule]) -> list[str]:
    """Rules that together leave nothing, none of them to spare; empty when some outcome is left."""
    names = tuple(dict.fromkeys(name for rule in rules.values() for name in names_in(rule)))
    if not names or len(names) > MOST_OPTIONS:
        return []
    values = _every(names)
    kept = {name: allowed(rule, values) for name, rule in rules.items()}
    if np.logical_and.reduce(list(kept.values())).any():
        return []
    for name in rules:
        rest = [array for other, array in kept.items() if other != name]
        if rest and not np.logical_and.reduce(rest).any():
            del kept[name]
    return list(kept)


def _places(
    s: Situation, rules: Mapping[str, Rule], path: str, entries: Sequence[str] | Mapping[str, object]
) -> Iterator[Problem]:
    """Every outcome has a place in a ranking; of payoffs it has exactly one, whatever their order."""
    read = {text: _parsed(text) for text in entries if text != OTHERWISE or path.endswith(".ranking")}
    found = {text: expression for text, expression in read.items() if expression is not None}
    names = tuple(dict.fromkeys(name for expression in found.values() for name in expression.names))
    if len(found) < len(read) or not _sound(s, names):
        return
    bounds = tuple(dict.fromkeys((*names, *(name for rule in rules.values() for name in names_in(rule)))))
    if len(bounds) > MOST_OPTIONS:
        rules, bounds = {}, names
    if len(bounds) > MOST_OPTIONS:
        return
    values = _every(bounds)
    left = np.ones(2 ** len(bounds), dtype=np.bool_)
    for rule in rules.values():
        left &= allowed(rule, values)
    yield from _told(path, names, values, left, found, OTHERWISE in entries)


def _told(
    path: str,
    names: Sequence[str],
    values: Mapping[str, BoolArray],
    left: BoolArray,
    found: Mapping[str, Expression],
    rest: bool,
) -> Iterator[Problem]:
    """Outcomes without a place, and outcomes with two payoffs."""
    seen: dict[str, BoolArray] = {}
    for text, expression in found.items():
        holds = expression.of(values) & left
        for other, before in seen.items() if path.endswith(".payoffs") else ():
            if (both := holds & before).any():
                says = f"'{text}' and '{other}' both hold {_outcome(names, values, int(both.argmax()))}"
                hint = f"add 'and not ({other})' to it"
                yield Problem("contradictory", says, f"{path}.{text}", "one payoff for every outcome", hint)
                break
        seen[text] = holds
    bare = left & ~np.logical_or.reduce(list(seen.values())) if seen else left
    if bare.any() and not rest:
        says = f"no entry holds {_outcome(names, values, int(bare.argmax()))}"
        hint = (
            f"add '{OTHERWISE}'" if path.endswith(".payoffs") else "add it, as the last entry if it is worst"
        )
        yield Problem("incomplete", says, path, "a place for every outcome", hint)


def _outcome(names: Sequence[str], values: Mapping[str, BoolArray], state: int) -> str:
    """An outcome as far as some options go, in words."""
    taken = [name for name in names if values[name][state]]
    other = [name for name in names if not values[name][state]]
    parts = [f"with {_quoted(taken)} taken"] if taken else []
    nor = " or ".join(f"'{name}'" for name in other)
    return " and ".join([*parts, *([f"without {nor}"] if other else [])])


def judged(s: Situation) -> Iterator[Problem]:
    """A preference that is to follow from stances has some to follow from."""
    for name, preference in s.preferences.items():
        if preference.from_stances and not _takes_a_stand(s, name):
            says = f"'{name}' has no stance on an issue that options move"
            wanted, hint = "a stance on such an issue", "say what it prefers in another way"
            yield Problem("contradictory", says, f"preferences.{name}.from_stances", wanted, hint)


def _takes_a_stand(s: Situation, actor: str) -> bool:
    """Whether an actor has a stance on an issue that some option moves."""
    moved = {issue for option in s.options.values() for issue in option.effects}
    return any(actor in s.stances.get(issue, {}) for issue in moved)


def unjudged(s: Situation) -> Iterator[Problem]:
    """Warnings: options of actors that prefer nothing, effects that start from nowhere."""
    told: set[str] = set()
    for name, option in s.options.items():
        if option.owner not in told and option.owner not in s.preferences and option.owner in s.actors:
            told.add(option.owner)
            if not _takes_a_stand(s, option.owner):
                says = f"'{option.owner}' has options, but nothing says which outcomes it prefers"
                wanted = "a preference, or stances on issues that options move"
                hint = f"add 'preferences.{option.owner}'"
                yield Problem("incomplete", says, f"options.{name}.owner", wanted, hint, severity="warning")
        for issue in option.effects:
            if issue in s.issues and s.issues[issue].reference_point is None:
                says = f"an effect on '{issue}', which has no reference point to start from"
                wanted, hint = "where things stand if nobody agrees", f"add 'issues.{issue}.reference_point'"
                yield Problem(
                    "incomplete", says, f"options.{name}.effects.{issue}", wanted, hint, severity="warning"
                )


RULES_OF_OPTIONS = (logic, kinds, lists_of_options, effects, outcomes, judged)
