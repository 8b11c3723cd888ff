"""How fast the bargaining models run: one core, after compilation.

Run ``python bench/bargaining.py`` in the environment that Accord is installed in.  Prints tables in Markdown for
``bench/RESULTS.md``, with processor time: the machine may be busy with other work.  What the kernels are measured against:
the challenge model in plain numpy beside this script, the spatial model and position exchange in plain Python beside the tests.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import bargaining_peer
import numba
import numpy as np

from accord.lenses.bargaining import exchange, expected_utility, readings, spatial

HERE = Path(__file__).resolve().parent


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


def plain_tables() -> None:
    """Let the second implementations beside the tests be imported."""
    sys.path.insert(0, str(HERE.parent / "tests" / "lenses" / "bargaining"))


def in_turns(tries: int, one: Callable[[], Any], other: Callable[[], Any]) -> tuple[float, float]:
    """Least processor time of each of two, called in turns."""
    took = [(cost(1, one), cost(1, other)) for _ in range(tries)]
    return min(pair[0] for pair in took), min(pair[1] for pair in took)


def spatial_against_python() -> None:
    """The same turns by the kernels and by plain Python, in turns; both must come to the same positions."""
    plain_tables()
    from spatial_reference import Game

    print(
        "\n| spatial model, two turns of one game, ms | ours | plain Python | ratio |\n|---|---:|---:|---:|"
    )
    for actors in (5, 10, 20):
        place, care, power = game(actors)
        given = ((place / 100).tolist(), care.tolist(), power.tolist())

        def plain(given: tuple[Any, Any, Any] = given) -> Any:
            """Two turns, slips mended as in ours."""
            return Game(*given, {}).play(2)[-1]

        ours = partial(spatial, place, care, power, max_turns=2)
        if not np.allclose(ours().final / 100, plain(), rtol=0, atol=1e-6):
            raise SystemExit("the kernels and plain Python come to different positions")
        one, two = in_turns(5, ours, plain)
        print(f"| {actors} actors | {one * 1e3:.3f} | {two * 1e3:,.1f} | {two / one:,.0f} |", flush=True)


def spatial_draws() -> None:
    """Batches of worlds."""
    print("\n| spatial model, at most 10 turns | worlds/s | µs a turn |\n|---|---:|---:|")
    for actors, worlds in ((12, 10_000), (30, 1_000), (100, 40)):
        given = game(actors, worlds)
        turns = int(np.sum(spatial(*given, max_turns=10).turns))
        took = cost(3, spatial, *given, max_turns=10)
        print(f"| {actors} actors | {worlds / took:,.0f} | {took / turns * 1e6:,.1f} |", flush=True)


def worlds_of_one_round(name: str) -> float:
    """Microseconds of one round in one of many worlds, where checking the input costs next to nothing."""
    place, care, power = game(17, 2_000)
    return cost(5, partial(expected_utility, place[..., 0], care[:, 0], power, reading=name, rounds=1)) / 2e-3


def challenges() -> None:
    """The expected-utility model: rounds, and worlds of ten rounds."""
    print("\n| expected utility | paper | published |\n|---|---:|---:|")
    readings_named = ("paper", "published")
    place, care, power = game(17)
    given = (place[:, 0], care[:, 0], power)
    # One call, one round: after it a game may stop, so that many rounds in a call say nothing of one.
    took = [
        cost(200, partial(expected_utility, *given, reading=name, rounds=1)) * 1e6 for name in readings_named
    ]
    print(f"| 17 actors, a call of one round, µs | {took[0]:.0f} | {took[1]:.0f} |")
    many = [worlds_of_one_round(name) for name in readings_named]
    print(f"| 17 actors, one round in one of 2,000 worlds, µs | {many[0]:.1f} | {many[1]:.1f} |")
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


def exchange_against_python() -> None:
    """The same round by the kernels and by plain Python, in turns; both must come to the same preferences."""
    plain_tables()
    from exchange_reference import plain

    luck = np.random.default_rng(0)
    print("\n| position exchange, one round, ms | ours | plain Python | ratio |\n|---|---:|---:|---:|")
    for shape in ((5, 3), (10, 3), (10, 6)):
        given = luck.random(shape) * 100, luck.uniform(0.1, 1, shape), luck.uniform(0.1, 1, shape)
        lists = [array.tolist() for array in given]
        ours = partial(exchange, *given, lower=0, upper=100, rounds=1)
        peer = partial(plain, *lists, 1, part=lambda over, under: over / under)
        if not np.allclose(ours().final, peer()[0][-1], rtol=0, atol=1e-6):
            raise SystemExit("the kernels and plain Python come to different preferences")
        one, two = in_turns(3, ours, peer)
        print(
            f"| {shape[0]} actors, {shape[1]} issues | {one * 1e3:.2f} | {two * 1e3:,.1f} | {two / one:,.0f} |",
            flush=True,
        )


def main() -> None:
    """All of it, on one thread."""
    numba.set_num_threads(1)
    spatial(*game(3))
    expected_utility([0.0, 1.0], [1.0, 1.0], [1.0, 2.0])
    exchange([[0.0, 1.0], [1.0, 0.0]], [[1.0, 0.5], [0.5, 1.0]], [1.0, 1.0], lower=0, upper=1)
    print(f"Load at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.\n")
    spatial_games()
    spatial_against_python()
    spatial_draws()
    challenges()
    against_numpy()
    exchanges()
    exchange_against_python()
    print(f"\nLoad at the end: {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
