"""How results of a run come to stand in their folder: all at once, in place of those of an earlier run."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from accord.formulas.wording import count
from accord.problems import RunError
from accord.study.ran import MANIFEST

# Whatever a run writes; nothing else in a folder is ever taken away.
NAMES = (
    "situation.json",
    "report.html",
    "worlds.parquet",
    "results.parquet",
    "results_by_month.parquet",
    "scenarios.parquet",
    "scenarios_by_month.parquet",
    MANIFEST,
)


@contextlib.contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """A folder inside *folder* to write results into, gone when the block ends.

    Raises
    ------
    RunError
        When it cannot be made, or something in it cannot be written.
    """
    place = folder / f".run.{os.getpid()}.part"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise RunError(f"{folder}: cannot be written ({reason}); try: another folder") from error
    try:
        yield place
    except RunError as error:  # people know the folder, not the place inside it
        raise RunError(str(error).replace(str(place), str(folder))) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def land(written: Mapping[str, Path], place: Path, folder: Path) -> dict[str, Path]:
    """Move what was written aside into the folder, then take away what an earlier run left and this one did not write.

    The manifest comes last, and Ctrl-C does not come between: a folder that holds files of two runs would claim to be one.

    Parameters
    ----------
    written : mapping of str to Path
        What was written, in *place*.
    place, folder : Path

    Returns
    -------
    dict of str to Path
        Where each thing is now.

    Raises
    ------
    RunError
        When a file cannot be moved.
    """
    with ThreadPoolExecutor(1) as undisturbed:  # Ctrl-C comes to the main thread
        undisturbed.submit(_moved, place, folder).result()
    return {name: folder / path.name for name, path in written.items()}


def _moved(place: Path, folder: Path) -> None:
    """Move and clear, in one go."""
    there = {path.name for path in place.iterdir()}
    try:
        for name in (*sorted(there - {MANIFEST}), MANIFEST):
            if name in there:
                os.replace(place / name, folder / name)
        for name in NAMES:
            if name not in there:
                (folder / name).unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise RunError(f"{folder}: cannot be written ({reason}); try: another folder") from error


def standing(folder: Path) -> str:
    """The run whose results stand in a folder, in words; empty where there is none that can be read."""
    try:
        run = json.loads((folder / MANIFEST).read_text("utf-8"))["run"]
        done, worlds = int(run["done"]), int(run["worlds"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    of = f"{done:,} of " if done != worlds else ""
    cancelled = "cancelled " if run.get("interrupted") else ""
    return f"the {cancelled}run of {of}{count(worlds, 'world')}"
