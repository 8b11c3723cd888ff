"""The state graph: what they do now, what tempts them, the ways out, and outcomes that nobody would leave."""

from __future__ import annotations

from accord.finding import Cell, Column, Table
from accord.formulas import wording
from accord.lenses.conflict.picture import NAMES, Picture
from accord.lenses.conflict.words import actor, outcome

# Outcomes drawn; more are no longer read.
_MOST = 9
Arrow = tuple[int, int, str, bool, bool]


def graph(picture: Picture) -> Table:
    """The outcomes nearest to the present one, and the moves between them that pay the mover."""
    states = shown(picture)
    sticks = set(picture.equilibria["R"] or picture.equilibria["SEQ"])
    rows: list[tuple[Cell, ...]] = []
    kinds = []
    for state in states:
        name = wording.headline(outcome(picture.situation, picture.setting, state))
        rows.append((name, *(state in picture.equilibria[c] for c in picture.concepts)))
        here = "now" if state == picture.setting.now else ""
        kinds.append(f"{here} {'equilibrium' if state in sticks else ''}".strip() or "other")
    model = picture.setting.model
    return Table(
        "graph",
        wording.headline(_title(picture)),
        "graph",
        (Column("outcome", "Outcome"), *(Column(c, f"Sticks: {NAMES[c]}") for c in picture.concepts)),
        tuple(rows),
        "At the best estimates: what actors do now, what they could do instead, and where that leads.",
        extra={
            "picture": "Arrows are single moves of one actor; a filled outcome is one that nobody would leave (R, or SEQ where"
            " there is none). Moves that pay nobody are left out unless they lie on the way out.",
            "kinds": tuple(kinds),
            "moves": tuple(_moves(picture, states)),
            "actors": {name: actor(picture.situation, name) for name in model.actors},
        },
    )


def shown(picture: Picture) -> list[int]:
    """The present outcome, those on the shortest ways out, and the best that each actor is tempted by."""
    found = [picture.setting.now]
    for route in picture.routes:
        reached = [step.to for step in route.steps]
        if len({*found, *reached}) <= _MOST:
            found += [s for s in dict.fromkeys(reached) if s not in found]
    for k in range(len(picture.setting.model.actors)):
        for one in picture.tempted(k)[:1]:
            if one.reached not in found and len(found) < _MOST:
                found.append(one.reached)
    return found


def _moves(picture: Picture, states: list[int]) -> list[Arrow]:
    """Moves between the outcomes shown that pay the mover, and those on the ways out, whoever they pay."""
    model, payoffs = picture.setting.model, picture.payoffs
    way = {
        (step.origin, step.to, step.actor)
        for route in picture.routes
        if {step.to for step in route.steps} <= set(states)
        for step in route.steps
    }
    found = []
    for start, here in enumerate(states):
        for k, name in enumerate(model.actors):
            reached = {int(t) for t in model.moves(k, here)}
            for end, there in enumerate(states):
                pays = bool(payoffs[k, there] > payoffs[k, here])
                on = (here, there, k) in way
                if there in reached and (pays or on):
                    found.append((start, end, name, pays, on))
    return found


def _title(picture: Picture) -> str:
    """How many outcomes nobody would leave, and whether the present one is among them."""
    sticks = picture.equilibria["R"]
    if picture.setting.now in sticks:
        return "nobody would leave what they do now"
    if not sticks:
        return "from every outcome somebody would move"
    count = f"{len(sticks)} outcomes" if len(sticks) > 1 else "one outcome"
    return f"nobody would leave {count}, and what they do now is not among them"
