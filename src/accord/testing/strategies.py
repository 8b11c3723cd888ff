"""Hypothesis strategies that speak the domain: small valid situations, with all the gaps that real files have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st

from accord.files.logic_rules import allowed
from accord.situation import (
    Actor,
    Client,
    Day,
    Estimate,
    Faction,
    FactionStance,
    Frozen,
    Issue,
    Option,
    Partnership,
    Patron,
    PatronThreat,
    Preference,
    Resource,
    Rule,
    Scale,
    Situation,
    Stance,
    Statement,
    Threat,
    Tie,
)

PATRONS = ("iran", "russia", "turkey", "china", "france")
OTHERS = ("syria", "america", "islamic_state")
ISSUES = ("order", "leader", "duration", "exit_terms", "world_order")
THREATS = ("opposition", "islamic_state")
RESOURCES = ("air", "ground", "money")
OPTIONS = ("stay", "scale_down", "deal", "strike")
Draw = st.DrawFn
Situations = st.SearchStrategy[Situation]


def coin(draw: Draw) -> bool:
    """Heads or tails."""
    return draw(st.booleans())


@st.composite
def numbers(draw: Draw, low: float, high: float) -> Estimate:
    """An estimate between two bounds: a bare number (often at a round place, so that ties occur) or a PERT range.

    Parameters
    ----------
    low, high : float
        Inclusive bounds.
    """
    shares = st.one_of(st.sampled_from((0.0, 0.25, 0.5, 1.0)), st.floats(0.0, 1.0, width=16))
    if coin(draw):
        return Estimate(low + (high - low) * draw(shares))
    least, best, most = sorted(low + (high - low) * draw(shares) for _ in range(3))
    return Estimate(best, least, most, "pert")


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The value, or None: a number the file does not state."""
    return st.one_of(strategy, strategy, st.none())


def some(names: tuple[str, ...], least: int = 0) -> st.SearchStrategy[list[str]]:
    """Some of the names, in any order."""
    return st.lists(st.sampled_from(names), min_size=least, max_size=len(names), unique=True)


@st.composite
def scales(draw: Draw) -> Scale:
    """A declared scale of any position and width."""
    low = draw(st.sampled_from((0.0, -1.0, 1.0, -50.0)))
    return Scale(
        low, low + draw(st.sampled_from((1.0, 2.0, 4.0, 100.0))), "nothing changes", "everything changes"
    )


@st.composite
def actors(draw: Draw, name: str, resources: list[str]) -> Actor:
    """An actor that may state capabilities and have factions."""
    held = draw(some(tuple(resources))) if resources else []
    factions = draw(st.sampled_from((0, 0, 0, 2, 3)))
    shares = {f"wing_{place}": Faction(draw(numbers(0.1, 1.0))) for place in range(factions)}
    capability = Frozen({resource: draw(numbers(0.0, 1.5)) for resource in held})
    label = draw(st.sampled_from((None, f"the {name}")))
    return Actor("state", label=label, factions=Frozen(shares), capability=capability)


@st.composite
def stances(draw: Draw, actor: Actor, scale: Scale) -> Stance:
    """A stance, possibly without salience or without position, of the actor's own or through its factions."""
    own = draw(maybe(numbers(0.0, 1.0)))
    place = numbers(scale.low, scale.high)
    if actor.factions and coin(draw):
        sides = {name: FactionStance(draw(place), draw(numbers(0.0, 1.0))) for name in actor.factions}
        return Stance(factions=Frozen(sides))
    return Stance(draw(maybe(place)), own, draw(st.one_of(st.none(), numbers(0.0, 2.0))))


@st.composite
def partnerships(draw: Draw, patrons: list[str], others: list[str]) -> Partnership:
    """A partnership with or without client and threats."""
    named = draw(some(THREATS))
    threats = {
        name: Threat(
            label=draw(st.sampled_from((None, f"the danger of {name}"))),
            level=draw(maybe(numbers(0.0, 1.0))),
            strength=draw(maybe(numbers(0.1, 2.2))),
        )
        for name in named
    }
    held = {
        name: Patron(
            threats=Frozen(
                {
                    threat: PatronThreat(
                        value=draw(maybe(numbers(0.0, 2.5))),
                        usefulness=draw(maybe(numbers(0.0, 1.0))),
                        blowback=draw(maybe(numbers(0.0, 1.0))),
                    )
                    for threat in named
                    if coin(draw)
                }
            )
        )
        for name in patrons
    }
    client = Client(draw(st.sampled_from(others))) if others and coin(draw) else None
    return Partnership(
        patrons=Frozen(held),
        client=client,
        threats=Frozen(threats),
        territory=draw(maybe(numbers(0.0, 1.0))),
        talks=draw(maybe(numbers(0.0, 1.0))),
        substitution=draw(maybe(numbers(-3.0, 0.9))),
        contest_exponent=draw(maybe(numbers(0.5, 2.0))),
    )


@st.composite
def expressions(draw: Draw, names: list[str]) -> str:
    """A short statement over options.

    Parameters
    ----------
    names : list of str
        Options to speak of, at least one.
    """
    one, two = (draw(st.sampled_from(names)) for _ in range(2))
    forms = ("{0}", "not {0}", "{0} and {1}", "{0} or not {1}", "{0} if {1}", "not ({0} iff {1})")
    return draw(st.sampled_from(forms)).format(one, two)


@st.composite
def options(draw: Draw, people: list[str], issues: dict[str, Issue]) -> dict[str, Option]:
    """Some options of some of these people, which may move some of these issues."""
    return {
        name: Option(
            draw(st.sampled_from(people)),
            f"It takes the course {name}.",
            draw(st.sampled_from(("both", "both", "forward", "back"))),
            coin(draw),
            Frozen(
                {
                    issue: draw(numbers(-(width := record.scale.high - record.scale.low) / 2, width / 2))
                    for issue, record in issues.items()
                    if coin(draw)
                }
            ),
        )
        for name in draw(some(OPTIONS))
    }


@st.composite
def preferences(draw: Draw, names: list[str], takes_a_stand: bool) -> Preference | None:
    """How one actor orders outcomes, in one of the five ways or not said at all."""
    kind = draw(st.sampled_from(("statements", "weights", "ranking", "payoffs", "stances", "none")))
    text = draw(expressions(names))
    if kind == "statements":
        said = draw(st.lists(expressions(names), min_size=1, max_size=3))
        sure = maybe(numbers(0.0, 1.0))
        held = [Statement(one, draw(sure), tied=place > 0 and coin(draw)) for place, one in enumerate(said)]
        return Preference(statements=tuple(held))
    if kind == "weights":
        return Preference(weights=Frozen({name: draw(numbers(-2.0, 3.0)) for name in names}))
    if kind == "ranking":
        return Preference(ranking=(text, f"not ({text})"))
    if kind == "payoffs":
        return Preference(payoffs=Frozen({text: draw(numbers(0, 3)), "otherwise": draw(numbers(-1, 2))}))
    return Preference(from_stances=True) if kind == "stances" and takes_a_stand else None


@st.composite
def rules(draw: Draw, held: dict[str, Option]) -> dict[str, Rule]:
    """Some rules of every kind that the present outcome keeps."""
    names = list(held)
    text, other = draw(expressions(names)), draw(expressions(names))
    drawn = (
        Rule(infeasible=text),
        Rule(pattern=Frozen({name: coin(draw) for name in draw(some(tuple(names), 1))})),
        Rule(at_most_one=tuple(names)),
        Rule(at_least_one=tuple(draw(some(tuple(names), 1)))),
        Rule(when=text, then=other),
        Rule(alike=text),
        Rule(actor=held[names[0]].owner, leaving=text, reaching=other),
    )
    now = {name: np.array([option.now]) for name, option in held.items()}
    chosen = draw(some(tuple("abcdefg")))
    kept = {f"rule_{letter}": rule for letter, rule in zip("abcdefg", drawn, strict=True) if letter in chosen}
    return {n: r for n, r in kept.items() if r.alike or r.actor or allowed(r, now).all()}


@st.composite
def ties(draw: Draw, patrons: list[str]) -> dict[str, Frozen[Tie]]:
    """Dependence of some partners on the others."""
    return {
        one: Frozen({two: Tie(dependence=draw(maybe(numbers(0.0, 1.0)))) for two in patrons if two != one})
        for one in patrons
        if coin(draw)
    }


@st.composite
def conflicts(
    draw: Draw, issues: dict[str, Issue], held: Mapping[str, Mapping[str, Stance]], people: list[str]
) -> tuple[dict[str, Option], dict[str, Preference], dict[str, Rule]]:
    """Options, preferences and rules that fit together; half the time none."""
    acts = draw(options(people, issues)) if coin(draw) else {}
    if not acts:
        return {}, {}, {}
    moved = {issue for option in acts.values() for issue in option.effects}
    stated = {
        name: draw(preferences(list(acts), any(name in held[issue] for issue in moved))) for name in people
    }
    return acts, {name: one for name, one in stated.items() if one is not None}, draw(rules(acts))


@st.composite
def situations(draw: Draw, least_issues: int = 1) -> Situation:
    """A small valid situation: two to five partners, other actors, issues, stances with gaps, some ties and threats.

    Half of them have options, with preferences and rules of every kind.

    Parameters
    ----------
    least_issues : int
        Fewest issues.
    """
    patrons = draw(some(PATRONS[:3], 2)) + draw(st.sampled_from(([], [], ["china"], ["china", "france"])))
    others = draw(some(OTHERS))
    resources = draw(st.one_of(some(RESOURCES, 1), some(RESOURCES)))
    people = {name: draw(actors(name, resources)) for name in [*patrons, *others]}
    weighted = coin(draw)
    issues = {
        name: Issue("What is decided?", draw(scales()), agenda_loading=draw(maybe(numbers(0.0, 1.0))))
        for name in draw(some(ISSUES, least_issues))
    }
    held = {
        name: Frozen(
            {
                who: draw(stances(actor, issue.scale))
                for who, actor in people.items()
                if coin(draw) or coin(draw)
            }
        )
        for name, issue in issues.items()
    }
    acts, wanted, bounds = draw(conflicts(issues, held, list(people)))
    return Situation(
        accord=1,
        title="A situation",
        as_of=Day(2015, 12),
        partnership=draw(partnerships(patrons, others)),
        actors=Frozen(people),
        aggregate=draw(st.sampled_from(("weighted_mean", "sum"))),
        resources=Frozen(
            {name: Resource(weight=draw(numbers(0.1, 1.0)) if weighted else None) for name in resources}
        ),
        issues=Frozen(issues),
        stances=Frozen(held),
        ties=Frozen(draw(ties(patrons))),
        options=Frozen(acts),
        preferences=Frozen(wanted),
        rules=Frozen(bounds),
    )
