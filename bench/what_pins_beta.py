"""What the data say about the precision of choices (beta): the figures of decision 19.

Run ``python bench/what_pins_beta.py --store STORE`` (a store with every kind that the fitted model needs).  First the hazard of
chosen endings (violated or replaced) in the year after a change, from the data; then the same in the reference population
of the endurance lens, at each calibration, in paired runs.  Some minutes of one processor.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
from itertools import pairwise
from pathlib import Path

import numpy as np

SHARES = (0.1, 0.25, 0.5, 1.0)
START, FROM, UNTIL = 12, 18, 30  # months 7 to 18 after the change: the year after that in which it came
WORLDS, REPLICATES = 500, 16


def in_the_data(store: Path, ridge: float = 1e-3) -> None:
    """Hazard ratios of chosen endings in the year after a change of one of two members, with 95 % intervals."""
    from accord.lenses.precedent.hazard_model import fit
    from accord.lenses.precedent.spells import COVARIATES, TYPES, spells_of

    told = spells_of(store)
    told = told.take(told.cause >= 0)
    bilateral = told.covariates[:, list(COVARIATES).index("multilateral")] == 0
    changes = {
        "support coalition of one changes": ("coalition_change", 0.5),
        "leader of one changes": ("leader_change", 0.5),
        "capability of one moves by 10 % in three years": ("capability_change", math.log(1.1) / 2),
        "capability of one doubles or halves in three years": ("capability_change", math.log(2.0) / 2),
        "one enters an outside alliance": ("outside_alliance", 0.5),
    }
    print("| in the data | all bilateral | defence, bilateral | bilateral, from 1919 |\n|---|---|---|---|")
    groups = (bilateral, bilateral & (told.type == TYPES.index("defense")), bilateral & (told.year >= 1920))
    models = []
    for rows in groups:
        part = told.take(rows)
        chosen = np.where(np.isin(part.cause, (2, 3)), 1, np.where(part.cause > 0, 2, 0))
        models.append(
            fit(
                part.covariates,
                chosen,
                2,
                names=tuple(COVARIATES),
                exposure=part.exposure,
                cluster=part.alliance,
                ridge=ridge,
            )
        )
    for label, (name, by) in changes.items():
        place = list(COVARIATES).index(name)
        cells = []
        for model in models:
            slope, error = model.raw()[0, place] * by, model.raw_errors()[0, place] * by
            cells.append(
                f"{math.exp(slope):.2f} ({math.exp(slope - 1.96 * error):.2f}-{math.exp(slope + 1.96 * error):.2f})"
            )
        print(f"| {label} | {' | '.join(cells)} |")


def how_far(store: Path) -> None:
    """How far a change of the support coalition moves a state, as a share of the distance to another state.

    From ideal points of UN votes, if the store has them: root mean square of the move from the year before to the year
    after, in years with a change; what years without one show (noise, drift) is taken off; over the root mean square
    distance of two states of the same year.
    """
    from accord.data import reading

    with reading(store) as base:
        points = {
            (s, y): p for s, y, p in base.execute("SELECT ccode, year, point FROM ideal_points").fetchall()
        }
        changes = base.execute("SELECT ccode, year, changes FROM coalitions ORDER BY ALL").fetchall()
    moved: dict[bool, list[float]] = {True: [], False: []}
    spread = []
    for state, year, count in changes:
        before, after = points.get((state, year - 1)), points.get((state, year + 1))
        if before is not None and after is not None and count is not None:
            moved[count > 0].append((after - before) ** 2)
    for year in sorted({y for _, y in points}):
        values = [p for (_, y), p in points.items() if y == year and p is not None]
        if len(values) > 1:
            spread.append(2 * float(np.var(values, ddof=1)))
    with_, without, apart = (float(np.mean(v)) for v in (moved[True], moved[False], spread))
    rng = np.random.default_rng(0)
    a, b = np.array(moved[True]), np.array(moved[False])
    drawn = [
        math.sqrt(max(rng.choice(a, len(a)).mean() - rng.choice(b, len(b)).mean(), 0) / apart)
        for _ in range(1000)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    print(
        f"\nMove with a change {math.sqrt(with_):.3f} (n {len(a)}), without {math.sqrt(without):.3f} (n {len(b)}), two states"
        f" {math.sqrt(apart):.3f} apart: share {math.sqrt(max(with_ - without, 0) / apart):.2f}"
        f" ({low:.2f}-{high:.2f}; without taking noise off {math.sqrt(with_ / apart):.2f})."
    )


def changed(numbers, names, values):
    """The numbers of many worlds, with one shock at START that sets some of the first patron's numbers (scaled)."""
    from accord.lenses.endurance.inputs import Changes, field_view, named
    from accord.lenses.endurance.shocks import _with_room

    numbers = _with_room(numbers, 1)
    flat = np.arange(numbers.shape.length, dtype=np.float64)[None, :]
    index = [field_view(flat, numbers.shape, named(name))[0, 0].ravel().astype(np.int64) for name in names]
    places = np.concatenate(index)
    value = np.concatenate([v.reshape(numbers.worlds, -1) for v in values], axis=1)
    shock = Changes(
        ("change",),
        np.array([START + 1]),
        np.zeros((numbers.worlds, 1)),
        np.zeros(len(places), np.int64),
        places,
        np.zeros(len(places), np.int64),
        value,
    )
    return dataclasses.replace(numbers, changes=shock)


def variants_of(people, other):
    """What changes of the first patron, and to what: names and values by label; fresh values are those of *other*."""
    of = {name: people.of(name)[:, 0] for name in ("standing_interest", "discount", "value", "capability")}
    fresh = {name: other.of(name)[:, 0] for name in of}
    variants = {"no change": ((), ())}
    for share in SHARES:
        mixed = of["standing_interest"] + share * (fresh["standing_interest"] - of["standing_interest"])
        variants[f"standing interest of one moves {share:.0%} of the way to another draw"] = (
            ("standing_interest",),
            (mixed,),
        )
    everything = ("standing_interest", "discount", "value")
    variants["standing interest, patience for the future and value of success of one drawn anew"] = (
        everything,
        tuple(fresh[name] for name in everything),
    )
    for label, by in (("10 %", 1.1), ("a factor of two", 2.0)):
        for sign in (1, -1):
            variants[f"capability of one {'rises' if sign > 0 else 'falls'} by {label}"] = (
                ("capability",),
                (of["capability"] * by**sign,),
            )
    return variants


def in_the_model() -> None:
    """Hazard ratios of the population at each calibration."""
    from accord.lenses.endurance.calibration import KINDS, fit
    from accord.lenses.endurance.estimators import weigh
    from accord.lenses.endurance.population import population
    from accord.lenses.endurance.reference import shipped

    whole = population(size=WORLDS)
    people = whole.numbers
    other = population(size=WORLDS, seed=1, variant="unfiltered").numbers
    variants = variants_of(people, other)
    made_here = {("defence", beta): fit(whole, KINDS["defence"], beta) for beta in (3.0, 100.0)}
    table = {
        key: made for key, made in {**shipped(), **made_here}.items() if key[0] in ("defence", "wartime")
    }
    cells = sorted(key for key, made in table.items() if made.nu is not None)
    print(f"\nNot reachable: {sorted(set(table) - set(cells)) or 'none'}")
    print("\n| in the model | " + " | ".join(f"{kind}, {beta:g}" for kind, beta in cells) + " |")
    print("|---|" + "---:|" * len(cells))
    base: dict[tuple[str, float], float] = {}
    for label, (names, values) in variants.items():
        numbers = changed(people, names, values) if names else people
        row = []
        for key in cells:
            made = table[key]
            level = 0 if key[0] == "wartime" else 1
            runs = weigh(numbers, beta=key[1], nu=made.nu, months=UNTIL, replicates=REPLICATES)
            alive = runs.survival[:, level].mean(axis=0)
            hazard = -math.log(alive[UNTIL] / alive[FROM])
            base.setdefault(key, hazard)
            row.append(f"{hazard / base[key]:.2f}" if names else f"hazard {hazard:.3f}")
        print(f"| {label} | {' | '.join(row)} |")


def drifts(store: Path) -> dict[str, tuple[float, float]]:
    """How much capabilities (log a year) and positions (share of the scale a year) wander: 10th and 90th percentile of states.

    Yearly standard deviation of the change of ln CINC since 1946; of the ideal point, over the range of all states of
    that year.  States with 20 years and more.
    """
    from accord.data import reading

    with reading(store) as base:
        cinc = base.execute(
            "SELECT ccode, year, ln(cinc) FROM capabilities WHERE cinc > 0 AND year >= 1946 ORDER BY ALL"
        ).fetchall()
        points = base.execute(
            "SELECT ccode, year, point/(max(point) OVER (PARTITION BY year) - min(point) OVER (PARTITION BY year))"
            " FROM ideal_points WHERE point IS NOT NULL ORDER BY ALL"
        ).fetchall()
    found = {}
    for name, rows in (("capability_drift", cinc), ("position_drift", points)):
        steps: dict[int, list[float]] = {}
        for (s, y, v), (s2, y2, v2) in pairwise(rows):
            if s == s2 and y2 == y + 1:
                steps.setdefault(s, []).append(v2 - v)
        spreads = [float(np.std(v)) for v in steps.values() if len(v) >= 20]
        low, high = np.quantile(spreads, [0.1, 0.9])
        found[name] = (float(low), float(high))
    return found


def redrawn(ranges: dict[str, tuple[float, float]]) -> None:
    """The reference population with those drifts in the place of none: pace, and who is durable and conditional."""
    from accord.lenses.endurance.calibration import KINDS, fit
    from accord.lenses.endurance.population import Population, population
    from accord.lenses.endurance.reference import index_and_ratio, survivals

    people = population(size=WORLDS)
    rng = np.random.default_rng(0)
    given = {}
    for name, (low, high) in ranges.items():
        print(f"\n{name}: {low:.3f} to {high:.3f}", end="")
        given[name] = rng.uniform(low, high, people.numbers.of(name).shape)
    informed = Population(people.numbers.with_(**given), people.rejected, "informed")
    for kind in ("defence", "wartime"):
        found = []
        for one in (people, informed):
            made = fit(one, KINDS[kind], 14.0)
            halves = [survivals(one.numbers, made, 8, seed) for seed in (0, 1)]
            pair = [np.mean([half[c] for half in halves], axis=0) for c in (0, 1)]
            found.append((made, index_and_ratio(pair[0], pair[1], kind)))
        (plain, before), (with_drift, after) = found
        ranks = [np.argsort(np.argsort(x)) for x in (*before, *after)]
        same = [float(np.corrcoef(ranks[c], ranks[c + 2])[0, 1]) for c in (0, 1)]
        moved = float(np.mean((ranks[0] >= WORLDS / 2) != (ranks[2] >= WORLDS / 2)))
        print(
            f"\n{kind}: nu {plain.nu} -> {with_drift.nu}; misfit at 1 year {plain.misfit:+.3f} -> {with_drift.misfit:+.3f};"
            f" median index {np.median(before[0]):.3f} -> {np.median(after[0]):.3f}; rank correlation of index {same[0]:.4f},"
            f" of hazard ratio {same[1]:.3f}; on the other side of the middle of durability: {moved:.1%}",
            end="",
        )
    print()


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="What the data say about beta.")
    parser.add_argument("--store", type=Path, help="store with all that the fitted model needs")
    chosen = parser.parse_args()
    if chosen.store is not None:
        in_the_data(chosen.store)
        how_far(chosen.store)
        redrawn(drifts(chosen.store))
    in_the_model()


if __name__ == "__main__":
    main()
