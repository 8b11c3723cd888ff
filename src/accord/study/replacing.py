"""How results of a run come to stand in their folder: in place of those of an earlier run, and never among them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from accord.formulas.wording import count
from accord.problems import RunError
from accord.study.ran import MANIFEST

# Whatever a run writes; nothing else in a folder is ever taken away, and nothing else comes to stand there.
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
_BEGIN, _END = ".run.", ".part"
_LEFT_SECONDS = 3600.0


@contextlib.contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """A new folder inside *folder* to write results into, gone when the block ends; so are those of runs killed long ago.

    Raises
    ------
    RunError
        When it cannot be made, or something in it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        place = Path(tempfile.mkdtemp(prefix=_BEGIN, suffix=_END, dir=folder))
    except OSError as error:
        raise RunError(f"{folder}: cannot be written ({_reason(error)}); try: another folder") from error
    try:
        yield place
    except RunError as error:  # people know the folder, not the place inside it
        raise RunError(str(error).replace(str(place), str(folder))) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove places that a killed run left more than an hour ago."""
    for left in folder.glob(f"{_BEGIN}*{_END}"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _reason(error: OSError) -> str:
    """Why something failed, in words."""
    return (error.strerror or str(error)).lower()


@contextlib.contextmanager
def undisturbed() -> Iterator[Callable[..., Future[Any]]]:
    """Begin work in a thread, where Ctrl-C, which comes to the main one, does not break it off.

    The block ends when that work has ended, however often Ctrl-C strikes meanwhile; so nothing writes on into a place that
    is being taken away.
    """
    pool, begun = ThreadPoolExecutor(1), list[Future[Any]]()
    struck: KeyboardInterrupt | None = None

    def begin(work: Callable[..., Any], *given: Any) -> Future[Any]:
        """Begin something, after what was begun before."""
        begun.append(pool.submit(work, *given))
        return begun[-1]

    try:
        yield begin
    finally:
        while not all(one.done() for one in begun):
            try:
                wait(begun)  # joining the thread would not do: once broken off, Python takes it for ended
            except KeyboardInterrupt as again:
                struck = again
        pool.shutdown(wait=False)
        if struck is not None:
            raise struck


def land(place: Path, folder: Path) -> bool:
    """Move what was written aside into the folder, and take away what an earlier run left and this one did not write.

    The earlier run's manifest goes first and the new one comes last.  Where that is broken off half-way (a full disk, a
    killed process) no manifest stands there, so that files of two runs are never taken for those of one.  Ctrl-C does not
    break it off.

    Parameters
    ----------
    place, folder : Path

    Returns
    -------
    bool
        Whether Ctrl-C struck meanwhile; everything stands in the folder all the same.

    Raises
    ------
    RunError
        When a file cannot be moved; it says whether the earlier run still stands.
    """
    struck = False
    while (place / MANIFEST).exists():  # it struck before anything was moved, or not at all
        try:
            with undisturbed() as begin:
                begin(_moved, place, folder).result()
        except KeyboardInterrupt:
            struck = True
    return struck


def _moved(place: Path, folder: Path) -> None:
    """Clear and move, in one go."""
    there = [name for name in NAMES if (place / name).exists()]
    stood = (folder / MANIFEST).exists()
    try:
        (folder / MANIFEST).unlink(missing_ok=True)
        for name in NAMES:  # the manifest is the last of them
            if name in there:
                os.replace(place / name, folder / name)
            else:
                (folder / name).unlink(missing_ok=True)
    except OSError as error:
        gone = stood and not (folder / MANIFEST).exists()
        lost = "; the run that stood here is gone" if gone else ""
        says = f"{folder}: cannot be written ({_reason(error)}){lost}; try: another folder"
        raise RunError(says) from error


def standing(folder: Path) -> str:
    """The run whose results stand in a folder, in words; empty where there is none that can be read."""
    run = _run(folder)
    if run is None:
        return ""
    done, worlds, interrupted = run
    of = f"{done:,} of " if done != worlds else ""
    kind = "cancelled " if interrupted else ""
    return f"the {kind}run of {of}{count(worlds, 'world')}"


def finished(folder: Path) -> bool:
    """Whether the results of a run that nobody cancelled stand in a folder."""
    run = _run(folder)
    return run is not None and run[0] > 0 and not run[2]


def _run(folder: Path) -> tuple[int, int, bool] | None:
    """Worlds done, worlds asked for, and whether it was cancelled, of the run in a folder; None where none can be read."""
    try:
        run = json.loads((folder / MANIFEST).read_text("utf-8"))["run"]
        return int(run["done"]), int(run["worlds"]), bool(run.get("interrupted"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
