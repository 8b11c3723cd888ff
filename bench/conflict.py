"""How fast outcomes are checked for stability, beside the dense matrix method, in one run.

Run ``python bench/conflict.py`` in the environment that Accord is installed in.  Prints tables in Markdown for
``bench/RESULTS.md``; ``--figure PATH`` draws the cost curve, ``--quick`` leaves out what takes minutes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from accord.lenses.conflict import ensemble, stability

FOUR = ("R", "GMR", "SMR", "SEQ")
FIVE = (*FOUR, "SIM")
PEAK = """
import numpy as np
from accord.lenses.conflict import stability
def run(bits, concepts):
    luck = np.random.default_rng(0)
    payoffs = np.empty((6, 1 << bits))
    for row in payoffs:
        row[:] = luck.permutation(1 << bits)
    stability(payoffs, np.arange(bits) * 6 // bits, concepts=concepts)
run(6, {concepts})
{program}
print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])
"""


def game(bits: int, actors: int, kind: str = "random", seed: int = 0) -> tuple[Any, Any]:
    """Payoffs and owners: options dealt out evenly; strict rankings at random, or sums of what each option is worth."""
    luck, states = np.random.default_rng(seed), 1 << bits
    owners = np.arange(bits) * actors // bits
    if kind == "random":
        return np.stack([luck.permutation(states) for _ in range(actors)]).astype(float), owners
    held = (np.arange(states)[:, None] >> np.arange(bits)) & 1
    return luck.normal(size=(actors, bits)) @ held.T, owners


def cost(rounds: int, function: Callable[..., Any], *args: Any, **more: Any) -> float:
    """Least processor time of a few rounds, in seconds."""
    found = []
    for _ in range(rounds):
        began = time.process_time()
        function(*args, **more)
        found.append(time.process_time() - began)
    return min(found)


def dense(payoffs: Any, owners: Any) -> dict[str, Any]:
    """The matrix method: a matrix of states by states for each actor's moves, products for sequences and sanctions.

    Own implementation from the published equations (H. Xu, K. W. Hipel, D. M. Kilgour and L. Fang, "Conflict Resolution
    Using the Graph Model", 2018, chapter 4), in single precision so that the products run in BLAS.
    """
    actors, states = payoffs.shape
    mask = np.arange(states)
    own = [sum(1 << int(k) for k in np.flatnonzero(owners == i)) for i in range(actors)]
    change = mask[:, None] ^ mask
    move = [((change & ~bits) == 0).astype(np.float32) - np.eye(states, dtype=np.float32) for bits in own]
    better = [(row[None, :] > row[:, None]).astype(np.float32) for row in payoffs]
    gain = [move[i] * better[i] for i in range(actors)]
    stable = {name: np.empty((actors, states), bool) for name in FOUR}
    for i in range(actors):
        others = [j for j in range(actors) if j != i]
        worse = 1 - better[i]
        replies = ((move[i] @ better[i].T) > 0).T
        joint, improving = _reached([move[j] for j in others]), _reached([gain[j] for j in others])
        stable["R"][i] = gain[i].sum(axis=1) == 0
        for name, reach, sanction in (
            ("GMR", joint, worse),
            ("SMR", joint, worse * (1 - replies)),
            ("SEQ", improving, worse),
        ):
            unanswered = ((reach @ sanction.T) == 0).astype(np.float32)
            stable[name][i] = (gain[i] * unanswered.T).sum(axis=1) == 0
    return stable


def _reached(moves: list[Any]) -> Any:
    """Where sequences of moves lead in which nobody moves twice in a row."""
    last = [step > 0 for step in moves]
    while True:
        grown = []
        for j, step in enumerate(moves):
            after = [last[k] for k in range(len(moves)) if k != j]
            reach = np.logical_or.reduce(after).astype(np.float32) if after else np.zeros_like(step)
            grown.append(last[j] | ((step @ reach) > 0))
        if all((a == b).all() for a, b in zip(last, grown, strict=True)):
            return np.logical_or.reduce(last).astype(np.float32)
        last = grown


def beside_matrices(quick: bool) -> list[tuple[int, float]]:
    """Ours, the matrices, and the ratio; whether they agree."""
    print("| R, GMR, SMR and SEQ, 3 actors | ours s | matrices s | ratio |\n|---|---:|---:|---:|")
    found = []
    for bits in (8, 9, 10) if quick else (8, 9, 10, 11):
        payoffs, owners = game(bits, 3)
        ours = cost(3, stability, payoffs, owners, concepts=FOUR)
        began = time.process_time()
        theirs = dense(payoffs, owners)
        took = time.process_time() - began
        mine = stability(payoffs, owners, concepts=FOUR).stable
        if not all((mine[name] == theirs[name]).all() for name in FOUR):
            raise SystemExit(f"the two methods differ at 2^{bits} states")
        print(f"| 2^{bits} states | {ours:.4f} | {took:.2f} | {took / ours:,.0f} |", flush=True)
        found.append((1 << bits, took))
    return found


def curve(quick: bool) -> dict[int, list[tuple[int, float]]]:
    """Cost against states and actors."""
    print(
        "\nNanoseconds per state, mover and other mover (states x D x (D - 1), D movers), random rankings:\n"
    )
    print(
        "| states | D = 3: four s | ns | D = 6: four s | ns | with SIM s | D = 6, additive: four s | with SIM s |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    lines: dict[int, list[tuple[int, float]]] = {3: [], 6: []}
    for bits in range(8, 18 if quick else 21, 2 if not quick else 3):
        parts, rounds = [f"2^{bits}"], 3 if bits < 18 else 1
        for actors in (3, 6):
            payoffs, owners = game(bits, actors)
            four = cost(rounds, stability, payoffs, owners, concepts=FOUR)
            lines[actors].append((1 << bits, four))
            parts += [f"{four:.4f}", f"{four * 1e9 / ((1 << bits) * actors * (actors - 1)):.1f}"]
        parts.append(f"{cost(rounds, stability, payoffs, owners, concepts=FIVE):.4f}")
        payoffs, owners = game(bits, 6, "additive")
        parts += [f"{cost(rounds, stability, payoffs, owners, concepts=c):.4f}" for c in (FOUR, FIVE)]
        print(f"| {' | '.join(parts)} |", flush=True)
    return lines


def many(worlds: int) -> None:
    """An ensemble of preferences."""
    print(
        f"\n| {worlds:,} worlds at 2^10 states | four s | us per world | with SIM s |\n|---|---:|---:|---:|"
    )
    for actors in (3, 6):
        owners = game(10, actors)[1]
        payoffs = np.random.default_rng(0).random((worlds, actors, 1 << 10), dtype=np.float32)
        four = cost(1, ensemble, payoffs, owners, concepts=FOUR)
        five = cost(1, ensemble, payoffs[: worlds // 10], owners, concepts=FIVE) * 10
        print(f"| {actors} actors | {four:.1f} | {four * 1e6 / worlds:,.0f} | {five:.0f} |", flush=True)


def memory(bits: int) -> None:
    """Peak memory of the largest case, in a process of its own."""
    parts = []
    for concepts in (FOUR, FIVE):
        peak = []
        for program in ("", f"run({bits}, {concepts})"):
            text = PEAK.format(concepts=concepts, program=program)
            done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
            peak.append(float(done.stdout) / 1024)
        what = "with SIM" if "SIM" in concepts else "four concepts"
        parts.append(f"{what} {peak[1]:.0f} MB (of which Python, numba and numpy {peak[0]:.0f})")
    print(f"\nPeak memory at 2^{bits} states and 6 actors: {'; '.join(parts)}.")


def draw(path: Path, ours: dict[int, list[tuple[int, float]]], matrices: list[tuple[int, float]]) -> None:
    """The cost curve as a figure."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, ax = pyplot.subplots(figsize=(6.4, 3.8), layout="constrained")
    lines = [
        (f"Accord, {n} actors", points, style) for (n, points), style in zip(ours.items(), "os", strict=True)
    ]
    for label, points, style in [*lines, ("dense matrices, 3 actors", matrices, "^")]:
        ax.loglog(*zip(*points, strict=True), marker=style, label=label, base=10)
    ax.set_xscale("log", base=2)
    ax.set_xlabel("states")
    ax.set_ylabel("seconds of processor time")
    ax.set_title("R, GMR, SMR and SEQ for every state and actor", fontsize=10)
    ax.grid(alpha=0.3)
    ax.legend(frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="up to 2^17 states, 1,000 worlds")
    asked.add_argument("--figure", type=Path, help="where to draw the cost curve")
    chosen = asked.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, numpy {np.__version__}\n")
    for bits in (4, 5):
        payoffs, owners = game(bits, 3)
        stability(payoffs, owners, concepts=FIVE)
        ensemble(payoffs[None].astype(np.float32), owners, concepts=FIVE)
    matrices = beside_matrices(chosen.quick)
    ours = curve(chosen.quick)
    many(1_000 if chosen.quick else 10_000)
    memory(17 if chosen.quick else 20)
    if chosen.figure:
        draw(chosen.figure, ours, matrices)


if __name__ == "__main__":
    # One core for the products of matrices too; their library reads this when it is loaded.
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | {"OPENBLAS_NUM_THREADS": "1"})
    main()
