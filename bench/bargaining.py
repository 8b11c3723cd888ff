"""How fast the bargaining models run: one core, after compilation.

Run ``python bench/bargaining.py`` in the environment that Accord is installed in.  Prints tables in Markdown for
``bench/RESULTS.md``, with processor time: the machine may be busy with other work.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import bargaining_peer
import numba
import numpy as np

from accord.lenses.bargaining import exchange, expected_utility, readings, spatial


def game(actors: int, worlds: int | None = None) -> tuple[Any, Any, Any]:
    """Positions, salience and capability of a random game in one dimension, or positions of many."""
    luck = np.random.default_rng(0)
    shape = (actors, 1) if worlds is None else (worlds, actors, 1)
    return luck.uniform(0, 100, shape), luck.uniform(0.1, 1, (actors, 1)), luck.uniform(1, 100, actors)


def cost(rounds: int, function: Callable[..., Any], *args: Any, **more: Any) -> float:
    """Least processor time of a few rounds, in seconds."""
    found = []
    for _ in range(rounds):
        began = time.process_time()
        function(*args, **more)
        found.append(time.process_time() - began)
    return min(found)


def spatial_games() -> None:
    """Single games."""
    print("| spatial model, one dimension | s |\n|---|---:|")
    for actors in (10, 50, 100, 200):
        given = game(actors)
        print(f"| {actors} actors, one turn | {cost(5, spatial, *given, max_turns=1):.5f} |")
        turns = spatial(*given).turns
        print(f"| {actors} actors, full run of {turns} turns | {cost(3, spatial, *given):.4f} |", flush=True)


def spatial_draws() -> None:
    """Batches of worlds."""
    print("\n| spatial model, at most 10 turns | worlds/s | µs a turn |\n|---|---:|---:|")
    for actors, worlds in ((12, 10_000), (30, 1_000), (100, 40)):
        given = game(actors, worlds)
        turns = int(np.sum(spatial(*given, max_turns=10).turns))
        took = cost(3, spatial, *given, max_turns=10)
        print(f"| {actors} actors | {worlds / took:,.0f} | {took / turns * 1e6:,.1f} |", flush=True)


def challenges() -> None:
    """The expected-utility model: rounds, and worlds of ten rounds."""
    print("\n| expected utility | paper | published |\n|---|---:|---:|")
    readings_named = ("paper", "published")
    place, care, power = game(17)
    given = (place[:, 0], care[:, 0], power)
    took = [
        cost(5, partial(expected_utility, *given, reading=name, rounds=100)) * 1e4 for name in readings_named
    ]
    print(f"| 17 actors, one round of a single game, µs | {took[0]:.1f} | {took[1]:.1f} |")
    for actors, worlds in ((12, 2_000), (30, 500), (100, 20)):
        place, care, power = game(actors, worlds)
        given = (place[..., 0], care[:, 0], power)
        took = [worlds / cost(3, partial(expected_utility, *given, reading=name)) for name in readings_named]
        print(f"| {actors} actors, worlds of 10 rounds/s | {took[0]:,.0f} | {took[1]:,.0f} |", flush=True)
    place, care, power = game(10)
    print(f"\n1024 readings of 10 actors: {cost(3, readings.ensemble, place[:, 0], care[:, 0], power):.2f} s")


def against_numpy() -> None:
    """The same worlds by the kernels and by plain numpy, in turns; both must come to the same positions."""
    print("\n| expected utility, worlds of 10 rounds/s | ours | plain numpy | ratio |\n|---|---:|---:|---:|")
    for actors, worlds, few in ((12, 2_000, 40), (30, 500, 12), (100, 20, 2)):
        place, care, power = game(actors, worlds)
        given = (place[..., 0], care[:, 0], power)
        found = expected_utility(*given).positions
        ours, peer = [], []
        for _ in range(5):
            ours.append(cost(1, expected_utility, *given) / worlds)
            began = time.process_time()
            plain = [bargaining_peer.play(x, *given[1:]) for x in given[0][:few]]
            peer.append((time.process_time() - began) / few)
        if not np.allclose(found[:few], plain, rtol=0, atol=1e-6):
            raise SystemExit("the kernels and plain numpy come to different positions")
        one, two = 1 / min(ours), 1 / min(peer)
        print(f"| {actors} actors | {one:,.0f} | {two:,.1f} | {one / two:,.0f} |", flush=True)


def exchanges() -> None:
    """Position exchange: one round, and batches of worlds."""
    luck = np.random.default_rng(0)
    print("\n| position exchange, one round | s |\n|---|---:|")
    for shape in ((10, 6), (30, 10)):
        given = luck.random(shape), luck.uniform(0.1, 1, shape), luck.uniform(0.1, 1, shape)
        took = cost(3, partial(exchange, *given, lower=0, upper=1, rounds=1))
        print(f"| {shape[0]} actors, {shape[1]} issues | {took:.4f} |", flush=True)
    shape = (200, 10, 6)
    given = luck.random(shape), luck.uniform(0.1, 1, shape), luck.uniform(0.1, 1, shape)
    took = cost(3, partial(exchange, *given, lower=0, upper=1, rounds=1))
    print(f"| 10 actors, 6 issues, each of {shape[0]} worlds | {took / shape[0]:.4f} |", flush=True)


def main() -> None:
    """All of it, on one thread."""
    numba.set_num_threads(1)
    spatial(*game(3))
    expected_utility([0.0, 1.0], [1.0, 1.0], [1.0, 2.0])
    exchange([[0.0, 1.0], [1.0, 0.0]], [[1.0, 0.5], [0.5, 1.0]], [1.0, 1.0], lower=0, upper=1)
    print(f"Load at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.\n")
    spatial_games()
    spatial_draws()
    challenges()
    against_numpy()
    exchanges()


if __name__ == "__main__":
    main()
