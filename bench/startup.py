"""Start-up and the first answer, as whole processes: what a person waits for.

Prints our medians beside the budget of the house, and the time of an empty Python process as the floor.
Run: ``python bench/startup.py [--runs 5]``.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time

JOBS = (
    ("python, empty process", [sys.executable, "-c", "pass"], None),
    ("import accord", [sys.executable, "-c", "import accord"], 0.5),
    ("accord --help", [sys.executable, "-m", "accord.cli", "--help"], 0.3),
    (
        "accord check tehran-moscow-2015",
        [sys.executable, "-m", "accord.cli", "check", "tehran-moscow-2015"],
        None,
    ),
    (
        "accord run tehran-moscow-2015 (1,024 worlds, 8 scenarios, report)",
        [sys.executable, "-m", "accord.cli", "run", "tehran-moscow-2015", "--out", "{out}"],
        None,
    ),
)


def seconds(command: list[str], runs: int) -> list[float]:
    """Wall times of a command, after one run to warm up."""
    found = []
    with tempfile.TemporaryDirectory() as out:
        plain = [word.replace("{out}", out) for word in command]
        for index in range(runs + 1):
            began = time.perf_counter()
            subprocess.run(plain, check=True, capture_output=True)
            if index:
                found.append(time.perf_counter() - began)
    return found


def main() -> None:
    """Print one line per job: minimum, median, maximum, budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    print(f"{'':64} {'min':>7} {'median':>7} {'max':>7} {'budget':>7}")
    for name, command, budget in JOBS:
        times = seconds(command, runs)
        shown = f"{budget:7.2f}" if budget else f"{'':>7}"
        print(f"{name:64} {min(times):7.2f} {statistics.median(times):7.2f} {max(times):7.2f} {shown}")


if __name__ == "__main__":
    main()
