"""The precedent lens and its importers: how long they take, and how much memory.

Run ``python bench/precedent.py`` in the environment that Accord is installed in.  The votes are made up, as many as there
are in the UN General Assembly's record.  Prints a table in Markdown for ``bench/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROWS = 870_000
CHILD = """
import resource, sys, time
from pathlib import Path
from accord.data import import_files
began, spent = time.perf_counter(), time.process_time()
(done,) = import_files([Path(sys.argv[1])], store=Path(sys.argv[2]))
print(time.perf_counter() - began, time.process_time() - spent,
      resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, done.entry.kept)
"""


def votes(path: Path, rows: int, slow: bool) -> Path:
    """Made-up votes of 190 states; with *slow* one value over two lines, so that they are read row by row."""
    from accord.data.states import state_rows

    states = [row for row in state_rows() if row.iso3][:190]
    words = ("yes", "abstain", "no")
    with path.open("w", encoding="utf-8") as out:
        out.write("rcid,country_code,country,vote\n")
        for n in range(rows):
            state = states[n % len(states)]
            out.write(f'{n // len(states)},,"{state.name}",{words[n * 7 % 3]}\n')
        if slow:
            out.write('999999,,"Iran\n",no\n')
    return path


def imported(path: Path, store: Path) -> tuple[float, float, float, int]:
    """Wall and processor seconds, megabytes at most, and rows kept, of one import in a new process."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(store)], capture_output=True, text=True, check=True
    )
    wall, core, memory, kept = done.stdout.split()
    return float(wall), float(core), float(memory), int(kept)


def least(call: Callable[[], object], rounds: int = 5) -> float:
    """Least processor time of a few calls, seconds."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        call()
        times.append(time.process_time() - began)
    return min(times)


def imports(rows: int) -> None:
    """Imports of made-up votes, both ways of reading, and once more."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for label, slow in (("all well", False), ("a value over two lines: row by row", True)):
            path = votes(place / f"votes{slow}.csv", rows, slow)
            size = path.stat().st_size / 1e6
            store = place / f"{slow}.duckdb"
            wall, core, memory, kept = imported(path, store)
            print(
                f"| import {kept:,} votes ({size:.0f} MB), {label} | {wall:.1f} | {core:.1f} | {memory:.0f} |"
            )
            wall, core, memory, _ = imported(path, store)
            print(f"| the same file again | {wall:.1f} | {core:.1f} | {memory:.0f} |")


def curves() -> None:
    """Survival and incidence of made-up durations, and the shipped base rates."""
    from accord.lenses.precedent import aalen_johansen, base_rates, kaplan_meier

    rng = np.random.default_rng(0)
    for n in (745, 100_000):
        times, codes = rng.exponential(20.0, n), rng.integers(0, 5, n)
        for name, function in (("Kaplan-Meier", kaplan_meier), ("Aalen-Johansen, 4 causes", aalen_johansen)):
            seconds = least(lambda f=function, t=times, c=codes: f(t, c))  # type: ignore[misc]
            print(f"| {name} of {n:,} durations | | {seconds:.4f} | |")
    began = time.process_time()
    base_rates()
    print(f"| shipped base rates of 28 classes, first call | | {time.process_time() - began:.4f} | |")


def fitted(store: Path | None) -> None:
    """The fitted model of a store with every kind that it needs, and its rolling origins; one line without such a store."""
    from accord.lenses.precedent import outlook, rolling_forecasts, spells_of
    from accord.lenses.precedent.fitted import fit_from
    from accord.lenses.precedent.rolling import fit_until

    if store is not None:
        began = time.process_time()
        told = spells_of(store)
        print(f"| spells from a store, {len(told):,} rows | | {time.process_time() - began:.1f} | |")
        print(f"| one fit | | {least(lambda: fit_until(told, 2016), 3):.2f} | |")
        print(f"| rolling origins 1945-2010 | | {least(lambda: rolling_forecasts(told), 1):.1f} | |")
        print(f"| all of it, with bootstrap | | {least(lambda: fit_from(told), 1):.1f} | |")
    print(f"| forecast of the shipped model | | {least(lambda: outlook({'defense': 1}, 10)):.5f} | |")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="The precedent lens and its importers.")
    parser.add_argument("--rows", type=int, default=ROWS, help="votes to make up")
    parser.add_argument("--store", type=Path, help="store with all that the fitted model needs")
    parser.add_argument("--only-fitted", action="store_true", help="leave imports and curves out")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores at a load of {load:.1f}\n")
    print("| what | wall s | core s | MB at most |\n| --- | ---: | ---: | ---: |")
    if not chosen.only_fitted:
        imports(chosen.rows)
        curves()
    fitted(chosen.store)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nThis process: {own:.0f} MB.")


if __name__ == "__main__":
    main()
