"""How fast worlds are drawn, beside what one would write by hand, in one run.

Run ``python bench/worlds.py`` in the environment that Accord is installed in; SALib is compared where it is installed.
Prints a table in Markdown for ``bench/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from accord.situation import (
    Actor,
    Correlation,
    Day,
    Estimate,
    Frozen,
    Issue,
    Partnership,
    Scale,
    Situation,
    Stance,
)

ESTIMATES, CHUNK, ROUNDS = 100, 2**15, 3


def situation(kind: str = "pert", tied: int = 0) -> Situation:
    """A situation with a hundred uncertain numbers of one kind, the first few correlated in a chain."""
    names = [f"n{i:03d}" for i in range(ESTIMATES)]
    middle = {name: 0.1 + 0.8 * i / ESTIMATES for i, name in enumerate(names)}
    best = {name: middle[name] if kind == "pert" else None for name in names}
    stances = {name: Frozen({"a": Stance(position=Estimate(best[name], 0.05, 0.95, kind))}) for name in names}
    chain = itertools.pairwise(names[:tied])
    ties = {a: Correlation((f"stances.{a}.a.position", f"stances.{b}.a.position"), 0.4) for a, b in chain}
    return Situation(
        accord=1,
        title="Benchmark",
        as_of=Day(2015),
        partnership=Partnership(Frozen()),
        actors=Frozen({"a": Actor("state")}),
        issues=Frozen({name: Issue("Which?", Scale(0, 1, "low", "high")) for name in names}),
        stances=Frozen(stances),
        correlations=Frozen(ties),
    )


def timed(function: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, float]:
    """Best wall time of a few rounds, and processor time of that round, in seconds."""
    found = []
    for _ in range(rounds):
        wall, busy = time.perf_counter(), time.process_time()
        function()
        found.append((time.perf_counter() - wall, time.process_time() - busy))
    return min(found)


def streamed(count: int, method: str = "sobol", kind: str = "pert", tied: int = 0) -> Callable[[], None]:
    """Draw all worlds chunk by chunk, keeping nothing."""
    from accord.worlds import draw, plan

    case = situation(kind, tied)
    planned = plan(case)

    def run() -> None:
        for start in range(1, count + 1, CHUNK):
            draw(planned, case, count, 0, method, start, min(start + CHUNK, count + 1))

    streamed_once = min(CHUNK, count)
    draw(planned, case, count, 0, method, 1, streamed_once + 1)  # compiled, tabulated
    return run


def kept(count: int) -> Callable[[], None]:
    """Draw all worlds in one call, as one array."""
    from accord.worlds import draw, plan

    case = situation()
    planned = plan(case)
    return lambda: draw(planned, case, count, 0) and None


def phases(count: int) -> tuple[float, float]:
    """Seconds for the points alone and for the quantiles alone, in memory that is already there."""
    from accord.situation import estimates
    from accord.worlds.design import design
    from accord.worlds.distributions import Marginals, marginal_of

    numbers = estimates(situation())
    sobol, rows = design(tuple(numbers), count, 0, "sobol"), np.arange(ESTIMATES)
    marginals = Marginals([marginal_of(estimate) for estimate in numbers.values()])
    out = np.empty((ESTIMATES, CHUNK))
    sobol.fill(out, rows, 0, count)
    uniform = out.copy()

    def quantiles() -> None:
        out[:] = uniform
        marginals.apply(out)

    chunks = max(1, count // CHUNK)
    copying = timed(lambda: np.copyto(out, uniform), 20)[0]
    points = timed(lambda: sobol.fill(out, rows, 0, count), 20)[0]
    return points * chunks, (timed(quantiles, 20)[0] - copying) * chunks


def plain_scipy(count: int, share: int = 256) -> float:
    """Seconds for Sobol points and ``stats.beta.ppf`` column by column: points in full, quantiles on a part, scaled."""
    from scipy import stats
    from scipy.stats import qmc

    points, _ = timed(lambda: qmc.Sobol(ESTIMATES, rng=0).random(count), 1)
    some = qmc.Sobol(ESTIMATES, rng=0).random(count // share)

    def quantiles() -> None:
        for i, column in enumerate(some.T):
            best = (0.1 + 0.8 * i / ESTIMATES - 0.05) / 0.9
            stats.beta.ppf(column, 1 + 4 * best, 5 - 4 * best, 0.05, 0.9)

    return points + timed(quantiles, 1)[0] * share


def numpy_alone(count: int) -> float:
    """Seconds for PERT by numpy alone: pseudo-random, one array, no world that can be drawn by itself."""
    rng, out = np.random.default_rng(0), np.empty((ESTIMATES, count))

    def run() -> None:
        for i in range(ESTIMATES):
            best = (0.1 + 0.8 * i / ESTIMATES - 0.05) / 0.9
            out[i] = 0.05 + 0.9 * rng.beta(1 + 4 * best, 5 - 4 * best, count)

    return timed(run, 1)[0]


def salib(count: int, base: int = 4096) -> float | None:
    """Seconds for as many numbers from SALib's Sobol sample, triangular (it has no PERT); None without SALib."""
    try:
        from SALib.sample import sobol
    except ImportError:
        return None
    names = [f"n{i}" for i in range(ESTIMATES)]
    bounds, shapes = [[0.05, 0.95, 0.5]] * ESTIMATES, ["triang"] * ESTIMATES
    problem = {"num_vars": ESTIMATES, "names": names, "bounds": bounds, "dists": shapes}
    seconds = timed(lambda: sobol.sample(problem, base, calc_second_order=False, seed=1), 1)[0]
    return seconds * count / (base * (ESTIMATES + 2))


def peak(program: str) -> float:
    """Peak memory in MB of a fresh process that runs a program with this module imported."""
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); from worlds import *; {program}; "
    )
    code += "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout) / 1024


def machine() -> str:
    """The machine in generic words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--power", type=int, default=20, help="2^POWER worlds")
    count = 2 ** parser.parse_args().power
    print(
        f"{count} worlds x {ESTIMATES} estimates, chunks of {CHUNK}; {machine()}; load {os.getloadavg()[0]:.1f}\n"
    )
    ours, busy = timed(streamed(count))
    rows = [("ours: Sobol, PERT, streamed", ours, busy)]
    for label, run in (
        ("ours: Sobol, PERT, one array of all worlds", kept(count)),
        ("ours: Sobol, PERT, 20 of them correlated", streamed(count, tied=20)),
        ("ours: Sobol, uniform", streamed(count, kind="uniform")),
        ("ours: Latin hypercube, PERT", streamed(count, "latin")),
    ):
        rows.append((label, *timed(run)))
    rows.append(("scipy: Sobol and beta.ppf (quantiles on 1/256, scaled)", plain_scipy(count), float("nan")))
    rows.append(("numpy: rng.beta, no Sobol points", numpy_alone(count), float("nan")))
    theirs = salib(count)
    if theirs is not None:
        rows.append(("SALib: Sobol sample, triangular (as many numbers)", theirs, float("nan")))
    print("| what | wall s | processor s | times ours |\n|---|---:|---:|---:|")
    for label, wall, cpu in rows:
        print(f"| {label} | {wall:.2f} | {'' if np.isnan(cpu) else f'{cpu:.2f}'} | {wall / ours:.1f} |")
    points, values = phases(count)
    rest = ours - points - values
    print(
        f"\nOf {ours:.2f} s: Sobol points {points:.2f}, quantiles {values:.2f}, the rest {rest:.2f}", end=" "
    )
    print("(memory of new arrays, the check that all is finite, Python between chunks).")
    nothing = peak("streamed(2)()")
    more = [peak(f"{how}({count})()") - nothing for how in ("streamed", "kept")]
    storage = count * ESTIMATES * 8 / 2**20
    print(f"\nPeak memory beyond a process that draws two worlds ({nothing:.0f} MB):", end=" ")
    print(f"streamed {more[0]:.0f} MB; one array {more[1]:.0f} MB, of which storage {storage:.0f} MB.")


if __name__ == "__main__":
    main()
