"""The whole command, from an empty process to the written report: what somebody at the keyboard waits for.

Prints for the default run and for ``--quick`` the median wall time and processor time beside the budget, from a warm
start (kernels compiled, populations calibrated), and the digest of the results, so that two versions can be compared.
Run: ``python bench/whole_run.py [--runs 1] [--quick-runs 3]``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CASE = "tehran-moscow-2015"
# What it is, further options, and how many seconds it may take.
JOBS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("accord run --quick", ("--quick",), 5.0),
    ("accord run", (), 30.0),
)


def once(options: tuple[str, ...], out: Path) -> tuple[float, float]:
    """Wall time and processor time of one run."""
    command = [sys.executable, "-m", "accord.cli", "run", CASE, *options, "--out", str(out)]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print a line for each job."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="timed runs of the default command")
    parser.add_argument("--quick-runs", type=int, default=3, help="timed runs of --quick")
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':20} {'wall s':>8} {'core s':>8} {'cores':>6} {'budget':>7} {'ratio':>6}  digest")
    with tempfile.TemporaryDirectory() as folder:
        for name, options, budget in JOBS:
            out = Path(folder) / ("quick" if options else "usual")
            if options:  # warms up the kernels for both
                once(options, out)
            runs = [once(options, out) for _ in range(given.quick_runs if options else given.runs)]
            wall, core = (statistics.median(run[c] for run in runs) for c in (0, 1))
            digest = json.loads((out / "run.json").read_text("utf-8"))["digest"][:12]
            print(
                f"{name:20} {wall:8.2f} {core:8.2f} {core / wall:6.2f} {budget:7.1f} {wall / budget:6.2f}  {digest}"
            )


if __name__ == "__main__":
    main()
