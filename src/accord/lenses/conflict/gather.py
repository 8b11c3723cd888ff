"""From a situation and its worlds to a graph model and the payoffs of every world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from accord.finding import Need
from accord.formulas.wording import named
from accord.lenses.conflict.feasibility import (
    ModelError,
    TooLarge,
    at_least_one,
    at_most_one,
    feasible_masks,
    infeasible,
    pattern,
    when,
)
from accord.lenses.conflict.feasibility import Rule as Feasible
from accord.lenses.conflict.model import Model, coalesced, model, without_moves
from accord.lenses.conflict.preference import by_expressions, by_payoffs
from accord.situation import OTHERWISE, Preference, Rule, Same, Situation

BoolArray = NDArray[np.bool_]
# More outcomes take minutes to look through, and nobody reads them.
MOST_OUTCOMES = 1 << 12
# States of some options at which counting ends.
_GIVES_UP = 1 << 20


@dataclass(frozen=True, slots=True)
class Setting:
    """The graph model of a situation, the same in every world.

    Parameters
    ----------
    model : Model
        Actors and options sorted by name, so that the order in the file changes nothing.
    now : int
        Index of the present outcome.
    together : ndarray, shape (states,)
        Outcomes in which every partner does what it does now.
    """

    model: Model
    now: int
    together: BoolArray


def lacks(situation: Situation) -> tuple[Need, ...]:
    """What the lens cannot do without: options of at least two actors, and a preference of everybody who has some."""
    owners = sorted({option.owner for option in situation.options.values()})
    if len(owners) < 2:
        return (Need("options", "options of at least two actors: what each can do"),)
    silent = tuple(
        Need(
            f"preferences.{name}",
            f"how {named(situation.actors[name].label, name)} orders outcomes, or its stances on issues that options move",
        )
        for name in owners
        if kind_of(situation, name) == "none"
    )
    return silent or _unfit(situation)


def _unfit(situation: Situation) -> tuple[Need, ...]:
    """What keeps the parts from making a model of a size that can be looked through."""
    wanted = f"rules that leave at most {MOST_OUTCOMES:,} outcomes"
    hint = "say which cannot occur, or leave out options that decide little"
    try:
        count = feasible_masks(sorted(situation.options), _bounds_of(situation), _GIVES_UP).size
        if count > MOST_OUTCOMES:
            return (Need("rules", f"{wanted}; they leave {count:,}: {hint}"),)
        made = setting_of(situation).model
    except TooLarge:
        return (Need("rules", f"{wanted}; {len(situation.options)} options leave far more: {hint}"),)
    except ModelError as error:
        return (Need("rules", f"rules that leave a model; {error}"),)
    return tuple(_unplaced(situation, made))


def _unplaced(situation: Situation, made: Model) -> Iterator[Need]:
    """Actors whose ranking or payoffs leave outcomes out, as those that count as one may be."""
    for name in made.actors:
        kind, stated = kind_of(situation, name), situation.preferences.get(name, Preference())
        try:
            if kind == "ranking":
                by_expressions(made, stated.ranking)
            elif kind == "payoffs":
                by_payoffs(made, dict.fromkeys(entries_of(stated), 0.0))
        except ModelError as error:
            yield Need(f"preferences.{name}.{kind}", f"a place for every outcome; {error}")


def entries_of(stated: Preference) -> list[str]:
    """The outcomes to which an actor gives payoffs, in an order that is not the file's; the rest last."""
    return sorted(stated.payoffs, key=lambda text: (text == OTHERWISE, text))


def kind_of(situation: Situation, actor: str) -> str:
    """How an actor's preference is stated: statements, weights, ranking, payoffs, stances or none."""
    stated = situation.preferences.get(actor, Preference())
    for kind in ("statements", "weights", "ranking", "payoffs"):
        if getattr(stated, kind):
            return kind
    return "stances" if moved_issues(situation, actor) else "none"


def moved_issues(situation: Situation, actor: str) -> tuple[str, ...]:
    """Issues that some option moves and on which the actor takes a stand, sorted."""
    moved = {issue for option in situation.options.values() for issue in option.effects}
    return tuple(sorted(issue for issue in moved if _stands(situation, issue, actor)))


def _stands(situation: Situation, issue: str, actor: str) -> bool:
    """Whether an actor, or a faction of it, states both a position and a salience on an issue."""
    stance = situation.stances.get(issue, {}).get(actor)
    if stance is None:
        return False
    sides = [stance, *stance.factions.values()]
    return all(any(getattr(side, what) is not None for side in sides) for what in ("position", "salience"))


def setting_of(situation: Situation) -> Setting:
    """The graph model of a situation.

    Raises
    ------
    ValueError
        When the rules leave no outcome, or exclude the present one.
    """
    return _setting(Same(situation))


@lru_cache(maxsize=8)
def _setting(same: Same) -> Setting:
    """The graph model, made once for a situation."""
    situation, options = same.situation, same.situation.options
    owners = sorted({option.owner for option in options.values()})
    owned = {actor: sorted(name for name, o in options.items() if o.owner == actor) for actor in owners}
    directions = {name: option.direction for name, option in options.items() if option.direction != "both"}
    made = model(owned, rules=_bounds_of(situation), directions=directions)
    for _, rule in sorted(situation.rules.items()):
        if rule.actor is not None:
            made = without_moves(made, rule.actor, str(rule.leaving), str(rule.reaching))
    alike = [rule.alike for _, rule in sorted(situation.rules.items()) if rule.alike is not None]
    made = coalesced(made, alike) if alike else made
    present = [name for name in made.options if options[name].now]
    now = made.index_of(present)
    return Setting(made, now, _together(situation, made, now))


def _bounds_of(situation: Situation) -> list[Feasible]:
    """The rules that say which outcomes cannot occur, by name."""
    every = sorted(situation.rules.items())
    return [_feasible(rule).named(name) for name, rule in every if rule.alike is None and rule.actor is None]


def _feasible(rule: Rule) -> Feasible:
    """A rule of the file as one of the model."""
    if rule.infeasible is not None:
        return infeasible(rule.infeasible)
    if rule.pattern:
        return pattern(rule.pattern)
    if rule.at_most_one:
        return at_most_one(*rule.at_most_one)
    if rule.at_least_one:
        return at_least_one(*rule.at_least_one)
    return when(str(rule.when), then=str(rule.then))


def _together(situation: Situation, made: Model, now: int) -> BoolArray:
    """Outcomes in which the partners' options stand as they do now."""
    mine = 0
    for k, name in enumerate(made.options):
        if situation.options[name].owner in situation.partnership.patrons:
            mine |= 1 << k
    return np.asarray((made.feasible & mine) == (made.feasible[now] & mine))
