"""Random conflicts of every kind that the lens takes, the same ones in every run."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from oracle import Conflict

WAYS = ("both", "forward", "back")


def payoff_rows(draw: random.Random, actors: int, states: int) -> list[list[float]]:
    """Strict rankings, rankings with ties, or indifference, of each actor by itself."""
    rows: list[list[float]] = []
    for _ in range(actors):
        kind = draw.random()
        if kind < 0.45:
            row = [float(rank) for rank in draw.sample(range(states), states)]
        elif kind < 0.95:
            levels = draw.randint(2, max(3, states // 2))
            row = [float(draw.randrange(levels)) for _ in range(states)]
        else:
            row = [-1.5] * states
        rows.append(row)
    return rows


def some_states(draw: random.Random, masks: Sequence[int]) -> list[int]:
    """All of them, or those that are left after some are ruled out."""
    if draw.random() < 0.3:
        return list(masks)
    share = draw.uniform(0.4, 0.95)
    return [mask for mask in masks if draw.random() < share] or [draw.choice(masks)]


def in_options(draw: random.Random, *, actors: int | None = None, options: int | None = None) -> Conflict:
    """A conflict in option form; some actors may own nothing."""
    actors = actors or draw.randint(2, 5)
    options = options or draw.choice((1, 2, 3, 3, 4, 4, 4, 5))
    owners = [draw.randrange(actors) for _ in range(options)]
    feasible = some_states(draw, range(2**options))
    directions = [draw.choice(("both", *WAYS)) for _ in owners] if draw.random() < 0.6 else None
    return Conflict(payoff_rows(draw, actors, len(feasible)), owners, feasible, directions)


def in_arcs(draw: random.Random) -> Conflict:
    """A conflict in graph form without options: any arcs, also such as do not compose."""
    actors, states = draw.randint(2, 5), draw.randint(2, 12)
    pairs = [(a, b) for a in range(states) for b in range(states) if a != b]
    arcs = []
    for _ in range(actors):
        share = draw.choice((0.0, 0.05, 0.1, 0.1, 0.2, 0.4))
        arcs.append([pair for pair in draw.sample(pairs, len(pairs)) if draw.random() < share])
    return Conflict(payoff_rows(draw, actors, states), None, None, arcs=arcs)


def in_arcs_and_options(draw: random.Random) -> Conflict:
    """A conflict with options in which only some of the moves that they allow are open, as arcs."""
    model = in_options(draw)
    share = draw.uniform(0.3, 0.9)
    arcs = [[(a, b) for a, b in row if draw.random() < share] for row in arcs_of(model)]
    return Conflict(model.payoffs, model.owners, model.feasible, arcs=arcs)


def in_many_options(draw: random.Random) -> Conflict:
    """Up to 62 options, few of whose combinations exist: each actor has some plans, a plan sets all its options."""
    actors, options = draw.randint(2, 4), draw.choice((20, 23, 24, 40, 62))
    owners = [draw.randrange(actors) for _ in range(options)]
    masks = [0]
    for i in range(actors):
        own = sum(1 << k for k, owner in enumerate(owners) if owner == i)
        plans = {draw.getrandbits(options) & own for _ in range(draw.randint(1, 4))}
        if draw.random() < 0.5:  # plans that add to one another, so that some moves go one way only
            plans |= {plan & draw.choice(sorted(plans)) for plan in plans} | {own}
        masks = [mask | plan for mask in masks for plan in plans]
    feasible = sorted(draw.sample(masks, min(len(masks), draw.randint(20, 40))))
    directions = [draw.choice(("both",) * 8 + WAYS) for _ in owners] if draw.random() < 0.6 else None
    return Conflict(payoff_rows(draw, actors, len(feasible)), owners, feasible, directions)


def with_much_to_combine(draw: random.Random) -> Conflict:
    """Few actors with several options each, whose payoffs often add up over options, exactly or nearly."""
    owners = draw.sample([0, 0, 1, 1, 1, 2, 2], 7)
    feasible = sorted(draw.sample(range(2**7), draw.choice((60, 90, 128))))
    kind, rows = draw.choice(("any", "sums", "nearly sums", "fine sums")), payoff_rows(draw, 3, len(feasible))
    if kind != "any":
        for row in rows:
            worth = [
                draw.choice((-3, -2, -1, 1, 2, 3)) * (0.1 if kind == "fine sums" else 1.0) for _ in owners
            ]
            for s, mask in enumerate(feasible):
                row[s] = sum(worth[k] * (mask >> k & 1) for k in range(7))
                row[s] += draw.choice((-0.5, 0.0, 0.0, 0.5)) if kind == "nearly sums" else 0.0
    return Conflict(
        rows, owners, feasible, None if draw.random() < 0.6 else [draw.choice(WAYS) for _ in owners]
    )


def arcs_of(model: Conflict) -> list[list[tuple[int, int]]]:
    """Every move of a conflict, actor by actor."""
    return [[(s, t) for s in model.states for t in model.moves(i, s)] for i in model.actors]


FORMS = {
    "options": in_options,
    "arcs": in_arcs,
    "arcs and options": in_arcs_and_options,
    "many options": in_many_options,
    "much to combine": with_much_to_combine,
}


def many(form: str, count: int) -> Iterator[Conflict]:
    """The first so many random conflicts of a form."""
    for number in range(count):
        yield FORMS[form](random.Random(f"{form} {number}"))
