"""How fast partnerships are run month by month, beside the model written out in plain Python, in one run.

Run ``python bench/endurance.py`` in the environment that Accord is installed in, from a checkout (the reference stands in
``tests/lenses/endurance``).  Prints tables in Markdown for ``bench/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np

from accord.lenses.endurance import Parameters, parameters, simulate, weigh

HERE = Path(__file__).resolve().parent
BETA, NU, MONTHS, REPLICATES, FEW, ROUNDS = 14.0, 0.07, 120, 16, 4, 3
KINDS: dict[str, Callable[..., Any]] = {"drawn": simulate, "weighted": weigh}

COLD = """
import time; began = time.perf_counter()
from accord.lenses import endurance as e
p = e.parameters(worlds=8)
called = time.perf_counter()
e.simulate(p, beta=14.0, nu=0.07, replicates=1)
print(called - began, time.perf_counter() - called)
"""
PEAK = """
from accord.lenses import endurance as e
def run(worlds, kind, **more):
    getattr(e, kind)(e.parameters(worlds=worlds), beta=14.0, nu=0.07, replicates=1, **more)
run(2, 'simulate', tracks=True); run(2, 'weigh')
{program}
print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])
"""


def run(kind: str, numbers: Parameters, months: int = MONTHS, replicates: int = REPLICATES) -> Any:
    """One call of an estimator."""
    return KINDS[kind](numbers, beta=BETA, nu=NU, months=months, replicates=replicates)


def cost(
    kind: str, numbers: Parameters, months: int = MONTHS, rounds: int = ROUNDS, replicates: int = REPLICATES
) -> tuple[float, float]:
    """Least wall and processor time per trajectory of a few rounds, in microseconds."""
    run(kind, numbers, months, 1)
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        run(kind, numbers, months, replicates)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    scale = 1e6 / (numbers.worlds * replicates)
    return min(walls) * scale, min(cpus) * scale


def months_lived(kind: str, numbers: Parameters) -> float:
    """Months that one trajectory takes until its bilateral level ends; weighted ones never end."""
    if kind == "weighted":
        return float(MONTHS)
    return float(run(kind, numbers).alive[:, 1, :-1].sum() / (numbers.worlds * REPLICATES))


def plain(kind: str, numbers: Parameters, seconds: float = 2.0) -> float:
    """Processor microseconds per trajectory of the reference, one world after the other."""
    sys.path.insert(0, str(HERE.parent / "tests" / "lenses" / "endurance"))
    import reference

    worlds = [reference.world_of(numbers, row) for row in range(min(64, numbers.worlds))]
    luck, done, began = random.Random(0), 0, time.process_time()
    while time.process_time() - began < seconds:
        reference.run(worlds[done % len(worlds)], BETA, NU, MONTHS, luck, weighted=kind == "weighted")
        done += 1
    return (time.process_time() - began) / done * 1e6


def child(program: str, **environment: str) -> list[float]:
    """Numbers that a fresh process prints."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return [float(word) for word in done.stdout.split()]


def machine() -> str:
    """The machine in generic words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}"


def speed(worlds: int) -> None:
    """Ours, the reference, and the ratio."""
    numbers = parameters(worlds=worlds)
    print(
        "| two patrons, 120 months | per second | us each | months lived | us a month | reference us | ratio |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    for kind in KINDS:
        _, cpu = cost(kind, numbers, rounds=4)
        lived, theirs = months_lived(kind, numbers), plain(kind, numbers)
        figures = f"{1e6 / cpu:,.0f} | {cpu:.1f} | {lived:.0f} | {cpu / lived:.2f} | {theirs:,.0f}"
        print(f"| {kind} | {figures} | {theirs / cpu:.0f} |")


def sweeps(worlds: int) -> None:
    """Cost per trajectory against patrons, months, worlds and threads."""
    print(f"\nProcessor time per trajectory, us ({FEW} replicates; threads: wall time, {REPLICATES}):\n")
    print("| | drawn | weighted |\n|---|---:|---:|")
    some = max(worlds // 2, 16)
    rows: list[tuple[str, Parameters, int]] = [
        (f"{n} patrons", parameters(tuple("abcde"[:n]), worlds=some), MONTHS) for n in (2, 3, 4, 5)
    ]
    rows += [(f"{months} months", parameters(worlds=some), months) for months in (24, 60, 120, 240)]
    rows += [(f"{count} worlds", parameters(worlds=count), MONTHS) for count in (64, 256, 1024, 4096)]
    for label, numbers, months in rows:
        rounds = 1 if numbers.worlds > 1024 else ROUNDS
        found = [cost(kind, numbers, months, rounds, FEW)[1] for kind in KINDS]
        print(f"| {label} | {found[0]:.1f} | {found[1]:.1f} |")
    numbers = parameters(worlds=worlds)
    for threads in (1, 2):
        numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
        walls = [cost(kind, numbers, rounds=2)[0] for kind in KINDS]
        print(f"| {threads} thread{'s' * (threads > 1)}, wall | {walls[0]:.1f} | {walls[1]:.1f} |")
    numba.set_num_threads(1)


def memory(worlds: int) -> None:
    """Peak memory of a chunk beyond a process that has run two worlds."""
    (nothing,) = child(PEAK.format(program=""))
    print(f"\nPeak memory beyond a process that has run two worlds ({nothing / 1024:.0f} MB):", end=" ")
    parts = []
    for label, call in (
        ("drawn with tracks", "'simulate', tracks=True"),
        ("drawn", "'simulate'"),
        ("weighted", "'weigh'"),
    ):
        more = [child(PEAK.format(program=f"run({n}, {call})"))[0] - nothing for n in (worlds, 4 * worlds)]
        parts.append(f"{label} {more[0] / 1024:.0f} and {more[1] / 1024:.0f} MB")
    print(f"{'; '.join(parts)} (chunks of {worlds} and {4 * worlds} worlds).")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=512)
    parser.add_argument("--warm", action="store_true", help="leave out the first compilation")
    given = parser.parse_args()
    numba.set_num_threads(1)
    print(f"{given.worlds} worlds x {REPLICATES} replicates, beta {BETA:g}, nu {NU:g}; {machine()};", end=" ")
    print(f"numpy {np.__version__}, numba {numba.__version__}; load {os.getloadavg()[0]:.1f}\n")
    speed(given.worlds)
    sweeps(given.worlds)
    memory(given.worlds)
    warm = child(COLD)
    print(f"\nWarm start: imports {warm[0]:.1f} s, first call {warm[1]:.1f} s.", end=" ")
    if not given.warm:
        with tempfile.TemporaryDirectory() as folder:
            cold = child(COLD, NUMBA_CACHE_DIR=folder)
        print(f"With nothing compiled: {cold[0]:.1f} s and {cold[1]:.1f} s.", end="")
    print()


if __name__ == "__main__":
    main()
