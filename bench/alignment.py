"""How fast landscapes are enumerated, beside plain numpy in the same run, and how fast networks are proven.

Run ``python bench/alignment.py`` in the environment that Accord is installed in.  Prints tables in Markdown for
``bench/RESULTS.md``; ``--quick`` leaves out what takes minutes.  Networks of states are read from ``shared/data`` beside the
repository and left out where that is missing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from accord.lenses import alignment

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "alignment"


def cost(rounds: int, function: Callable[[], Any]) -> tuple[float, Any]:
    """Least processor time of a few rounds, in seconds, and the last answer."""
    found, answer = [], None
    for _ in range(rounds):
        began = time.process_time()
        answer = function()
        found.append(time.process_time() - began)
    return min(found), answer


def case(actors: int, seed: int = 0) -> tuple[Any, Any]:
    """Whole propensities from -2 to 2 and whole sizes, at random."""
    luck = np.random.default_rng(seed)
    return luck.integers(-2, 3, (actors, actors)).astype(float), luck.integers(1, 10, actors).astype(float)


def plain(p: Any, s: Any) -> tuple[float, int, Any]:
    """Least energy, number of minima and bonds with numpy alone, all energies at once."""
    n = len(p)
    w = s[:, None] * s * p
    w = w + w.T
    np.fill_diagonal(w, 0)
    code = np.arange(1 << (n - 1))
    side = ((code[:, None] >> np.arange(n - 1, -1, -1)) & 1).astype(float)
    energy = ((side @ w) * (1 - side)).sum(axis=1)
    lowest = energy <= energy[code ^ ((1 << (n - 1)) - 1)]
    for bit in range(n - 1):
        lowest &= energy <= energy[code ^ (1 << bit)]
    bonds = np.full((n, n), np.nan)
    for i, j in combinations(range(n), 2):
        apart = side[:, i] != side[:, j]
        bonds[i, j] = bonds[j, i] = energy[apart].min() - energy[~apart].min()
    return float(energy.min()), int(lowest.sum()), bonds


def beside_numpy() -> None:
    """Ours, numpy, the ratio; whether they agree."""
    print("| optimum, minima and bonds | ours s | numpy s | ratio |\n|---|---:|---:|---:|")
    for actors in (12, 16, 20):
        p, s = case(actors)
        ours, mine = cost(7, lambda p=p, s=s: alignment.landscape(p, s, basins=False))
        theirs, known = cost(2, lambda p=p, s=s: plain(p, s))
        if (mine.optimum.energy, mine.minima_count) != known[:2] or not np.array_equal(
            mine.bonds, known[2], equal_nan=True
        ):
            raise SystemExit(f"the two methods differ at {actors} actors")
        print(f"| {actors} actors | {ours:.5f} | {theirs:.3f} | {theirs / ours:,.0f} |", flush=True)


def sizes(quick: bool) -> None:
    """Cost by what is asked for."""
    print("\n| actors | optimum and gap s | with bonds s | with minima and bonds s | with basins s |")
    print("|---:|---:|---:|---:|---:|")
    for actors in (16, 20, 24) if quick else (16, 20, 24, 28):
        p, s = case(actors)
        rounds = 5 if actors < 24 else 2
        asked = (
            {"minima": False, "bonds": False},
            {"minima": False},
            {"basins": False},
            {"basins": True},
        )
        row = []
        for options in asked:
            if options.get("basins") and actors > 24:
                row.append("")
                continue
            took, _ = cost(rounds, lambda p=p, s=s, o=options: alignment.landscape(p, s, **o))
            row.append(f"{took:.4f}")
        print(f"| {actors} | " + " | ".join(row) + " |", flush=True)


def worlds() -> None:
    """Many worlds, and what separates a pair in them."""
    luck = np.random.default_rng(0)
    p, s = luck.normal(size=(2000, 12, 12)), luck.uniform(1, 9, (2000, 12))
    print("\n| 2,000 worlds, 12 actors | s |\n|---|---:|")
    print(f"| best divisions and bonds | {cost(5, lambda: alignment.over_worlds(p, s))[0]:.3f} |")
    for kind, ties in (("weight", "own"), ("propensity", "one")):
        took, _ = cost(3, lambda k=kind, t=ties: alignment.separating_change(p, s, (0, 1), cost=k, ties=t))
        print(f"| cheapest change of {ties} tie, in {kind} | {took:.3f} |", flush=True)
    took, found = cost(
        1, lambda: alignment.separating_change(p[:50], s[:50], (0, 1), cost="propensity", ties="several")
    )
    print(
        f"| cheapest change of several, in propensity, 50 worlds ({found.proven.mean():.0%} proven) | {took:.2f} |"
    )


def networks() -> None:
    """Frustration indices of published networks."""
    paths = [*sorted((DATA / "cow").glob("*.json")), DATA / "tribes.json", DATA / "stranke94.json"]
    if not DATA.exists():
        print("\n(no networks at hand)")
        return
    found = []
    for path in paths:
        held = json.loads(path.read_text("utf-8"))
        names = held["names"]
        ties = [(names[i], names[j], weight) for i, j, weight in held["edges"]]
        took, answer = cost(2, lambda n=names, t=ties: alignment.frustration(n, t))
        found.append((took, path.stem, len(names), len(ties), answer))
    proven = sum(answer.proven for *_, answer in found)
    print(
        f"\n| {len(found)} published networks, {proven} proven | actors | ties | index | s |\n|---|---:|---:|---:|---:|"
    )
    times = np.array([row[0] for row in found])
    for took, name, actors, ties, answer in sorted(found, key=lambda row: -row[0])[:3]:
        print(f"| slowest: {name} | {actors} | {ties} | {answer.index:g} | {took:.3f} |")
    print(f"| median | | | | {np.median(times):.3f} |\n| sum | | | | {times.sum():.2f} |", flush=True)


def hard(quick: bool) -> None:
    """Random signs, which nothing proves quickly: what is left open."""
    limit = 2 if quick else 10
    print(f"\n| random signs, limit {limit} s | blocs | ties | index | bound | gap | proven | s |")
    print("|---|---:|---:|---:|---:|---:|---|---:|")
    for actors, share, blocs in (
        (28, 1.0, 2),
        (32, 1.0, 2),
        (40, 0.3, 2),
        (60, 0.15, 2),
        (100, 0.05, 2),
        (200, 0.02, 2),
        (14, 1.0, 4),
        (30, 0.3, 4),
    ):
        luck = np.random.default_rng(actors)
        ties = [
            (i, j, int(luck.choice([-1, 1])))
            for i, j in combinations(range(actors), 2)
            if luck.random() < share
        ]
        took, found = cost(
            1, lambda n=actors, t=ties, k=blocs: alignment.frustration(n, t, k, time_limit=limit)
        )
        says = "yes" if found.proven else "no"
        print(
            f"| {actors} actors, {share:.0%} of pairs | {blocs} | {len(ties)} | {found.index:g} | {found.bound:g} | "
            f"{found.gap:g} | {says} | {took:.2f} |",
            flush=True,
        )


def games() -> None:
    """Values and cores."""
    luck = np.random.default_rng(0)
    worth = luck.random(1 << 20)
    worth[0], worth[-1] = 0.0, 9.0
    few = luck.random(1 << 8)
    few[0], few[-1] = 0.0, 3.0
    few[[1 << k for k in range(8)]] = 0.0
    likes = luck.normal(size=(20, 20))
    rows: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("Shapley value, 20 players", lambda: alignment.shapley(worth)),
        ("Banzhaf value, 20 players", lambda: alignment.banzhaf(worth)),
        ("least core, 20 players", lambda: alignment.least_core(worth)),
        ("bargaining set, 8 players", lambda: alignment.objections(few, np.full(8, 3 / 8))),
        ("partition of 20, with blocking coalitions", lambda: alignment.partition_stability([0] * 20, likes)),
    )
    print("\n| games | s |\n|---|---:|")
    for name, function in rows:
        print(f"| {name} | {cost(2, function)[0]:.3f} |", flush=True)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes")
    quick = parser.parse_args().quick
    began = time.process_time()
    alignment.landscape(*case(13))
    print(
        f"first call: {time.process_time() - began:.1f} s (compiling where no kernel is kept)\n", flush=True
    )
    beside_numpy()
    sizes(quick)
    worlds()
    networks()
    hard(quick)
    games()


if __name__ == "__main__":
    main()
