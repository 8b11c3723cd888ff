"""Where a partnership stands among plausible ones: index and hazard ratio of the reference population, by calibration.

A *cell* is one population under one calibration.  Those of the structures below are shipped; others are worked out when
they are first needed and kept in the user's cache folder, under a key of the lens' whole source, so that a changed model
never meets an old table.  ``accord calibrate`` works the shipped tables out anew and says whether they are the same.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator, MutableMapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.disk import write_bytes
from accord.engine.compile import kernel_digest, user_cache
from accord.engine.progress import Bar
from accord.engine.store import digest
from accord.lenses.endurance.calibration import BETAS, KINDS, Calibration, Kind, fit
from accord.lenses.endurance.estimators import NOTHING, Intervention, weigh_each
from accord.lenses.endurance.indices import START, WINDOW, conditional, log_hazard_ratio
from accord.lenses.endurance.inputs import Parameters
from accord.lenses.endurance.population import REFERENCE, VARIANTS, Population, Structure, population
from accord.problems import RunError

FloatArray = NDArray[np.float64]

DEFAULT_BETA = 14.0
# The reference structure of the page, that of the shipped case, and those of second cases that have no client.
SHIPPED: tuple[Structure, ...] = (
    REFERENCE,
    Structure(threats=2, issues=6),
    Structure(client=False),
    Structure(client=False, threats=2),
)
_FOLDER = "populations"
# What this process has worked out.
_HERE: dict[tuple[Structure, Key], Cell] = {}
BOTH = Intervention(START, remove=True, tempt=True)
# A situation is held against other calibrations in its first so many worlds, with at most so many runs of each.
WORLDS, _MOST_RUNS = 256, 16


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Which population (``population.VARIANTS``) under which calibration."""

    variant: str
    kind: str
    beta: float

    def __str__(self) -> str:
        """As a file name."""
        return f"{self.variant}-{self.kind}-{self.beta:g}"


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One population under one calibration.

    Parameters
    ----------
    key : Key
    calibration : Calibration
    rejected : float
        Share of draws that would not have formed.
    reliability : tuple of float
        Rank correlation of the index, and of the hazard ratio, between two halves of the replicates.
    index, ratio : ndarray, shape (population,)
        Strategic index and trial hazard ratio; empty where the calibration is not reachable.
    history : Kind or None
        The class of alliances, where it is one of the user's own.
    """

    key: Key
    calibration: Calibration
    rejected: float
    reliability: tuple[float, float]
    index: FloatArray
    ratio: FloatArray
    history: Kind | None = None

    @property
    def kind(self) -> Kind:
        """The class of alliances that it is fitted to."""
        return KINDS[self.key.kind] if self.history is None else self.history

    @property
    def reachable(self) -> bool:
        """Whether some review rate fits the class."""
        return self.calibration.nu is not None


def replicates_of(beta: float) -> int:
    """Runs of each world: more at beta 6, where choices are noisy and the hazard ratio needs them (page, section 4)."""
    return 64 if beta < 10.0 else 16


def runs_against(beta: float, whole: bool = False) -> int:
    """Runs of each world of a situation under another calibration: half of the population's, or as many in a *whole* run."""
    return replicates_of(beta) if whole else min(replicates_of(beta) // 2, _MOST_RUNS)


@dataclass(frozen=True, slots=True)
class Others:
    """How a situation is held against every class and precision, in its first worlds, and what is known of that.

    Parameters
    ----------
    worlds : int
        The first so many are looked at.
    whole : bool
        With as many runs as the population has, instead of half.
    own : int
        Runs under the default calibration.
    known : mutable mapping of Key to (ndarray, ndarray)
        Index and hazard ratio in those worlds, of the situation as it stands; filled by whoever works them out first.
    """

    worlds: int = WORLDS
    whole: bool = False
    own: int = 16
    known: MutableMapping[Key, tuple[FloatArray, FloatArray]] = field(default_factory=dict)

    def runs(self, key: Key, default: Calibration) -> int:
        """Runs of each world under a calibration."""
        if (key.kind, key.beta) == (default.kind, default.beta):
            return self.own
        return runs_against(key.beta, self.whole)

    def for_arm(self) -> Others:
        """The same worlds and runs for an arm of the situation, of which nothing is known."""
        return replace(self, known={})


def keys_for(kind: str) -> tuple[Key, ...]:
    """Every population and calibration that a verdict is held against: all classes and precisions, then variants."""
    cells = [Key("plain", name, beta) for name in KINDS for beta in BETAS]
    cells += [Key(variant, kind, DEFAULT_BETA) for variant in VARIANTS if variant != "plain"]
    return tuple(cells)


def survivals(
    numbers: Parameters, calibration: Calibration, replicates: int, seed: int = 0, first: int = 0
) -> tuple[FloatArray, FloatArray]:
    """Survival of both levels until t0 + 60 without trials and with both, shape (worlds, 2, 73) each."""
    assert calibration.nu is not None
    base, both = weigh_each(
        numbers,
        [(NOTHING, START + WINDOW), (BOTH, START + WINDOW)],
        beta=calibration.beta,
        nu=calibration.nu,
        replicates=replicates,
        seed=seed,
        first=first,
    )
    return base.survival, both.survival


def index_and_ratio(base: FloatArray, both: FloatArray, kind: str | Kind) -> tuple[FloatArray, FloatArray]:
    """Strategic index and trial hazard ratio from survival without trials and with both, shape (worlds,) each."""
    kept, tested = conditional(base), conditional(both)
    of = KINDS[kind] if isinstance(kind, str) else kind
    return tested, log_hazard_ratio(tested, kept, of.five_years)


def against(
    numbers: Parameters, among: Cell, replicates: int, seed: int, first: int
) -> tuple[FloatArray, FloatArray]:
    """Strategic index and trial hazard ratio of a situation's worlds under a calibration, shape (worlds,) each."""
    return index_and_ratio(*survivals(numbers, among.calibration, replicates, seed, first), among.kind)


def work_out(key: Key, people: Population) -> Cell:
    """Fit the calibration, then index and hazard ratio of every member of the population."""
    kind = KINDS[key.kind]
    calibration = fit(people, kind, key.beta)
    if calibration.nu is None:
        return replace(unreachable(key, calibration), rejected=people.rejected)
    return measured(key, calibration, people, kind)


def unreachable(key: Key, calibration: Calibration, history: Kind | None = None) -> Cell:
    """A cell without a population: no review rate fits."""
    none = np.zeros(0)
    return Cell(key, calibration, float("nan"), (np.nan, np.nan), none, none, history)


def measured(key: Key, calibration: Calibration, people: Population, kind: Kind) -> Cell:
    """Index and hazard ratio of every member of the population under a calibration that some rate fits."""
    half = replicates_of(key.beta) // 2
    halves = [survivals(people.numbers, calibration, half, seed) for seed in (0, 1)]
    apart = [index_and_ratio(*pair, kind) for pair in halves]
    base, both = (np.mean([pair[c] for pair in halves], axis=0) for c in (0, 1))
    index, ratio = index_and_ratio(base, both, kind)
    reliability = [_rank_correlation(apart[0][c], apart[1][c]) for c in (0, 1)]
    return Cell(key, calibration, people.rejected, (reliability[0], reliability[1]), index, ratio)


def _rank_correlation(a: FloatArray, b: FloatArray) -> float:
    """Spearman's."""
    from scipy.stats import spearmanr

    return float(spearmanr(a, b).statistic)


def shipped(structure: Structure = REFERENCE) -> dict[tuple[str, float], Calibration]:
    """The shipped calibrations of a structure by class and beta, for the priors as they are."""
    return {
        (key.kind, key.beta): made.calibration
        for key, made in _shipped(structure).items()
        if key.variant == "plain"
    }


def find(structure: Structure, key: Key) -> Cell | None:
    """A cell that is shipped or cached; None when it has yet to be worked out."""
    return _shipped(structure).get(key) or _HERE.get((structure, key)) or _cached(structure, key)


def cell(structure: Structure, key: Key) -> Cell:
    """A cell, worked out (with a progress bar) and kept when it is neither shipped nor cached."""
    known = find(structure, key)
    if known is not None:
        return known
    with Bar(
        1,
        f"Calibrating to {KINDS[key.kind].label}, for the first partnership with {structure}",
        unit="calibration",
    ) as bar:
        made = as_kept(work_out(key, _people(structure, key.variant)))
        bar.advance(1)
    _keep(structure, made)
    return made


@lru_cache(maxsize=4)
def _people(structure: Structure, variant: str) -> Population:
    """The population, drawn once for all its calibrations."""
    return population(structure=structure, variant=variant)


@cache
def _shipped(structure: Structure) -> dict[Key, Cell]:
    """The cells of a shipped structure; none for others."""
    folder = files("accord.lenses.endurance").joinpath(_FOLDER)
    table = folder.joinpath(f"{structure.slug}.json")
    if structure not in SHIPPED or not table.is_file():
        return {}
    raw = folder.joinpath(f"{structure.slug}.npy").read_bytes()
    arrays = np.load(io.BytesIO(raw), allow_pickle=False).astype(np.float64)
    return {made.key: made for made in _cells(json.loads(table.read_text("utf-8"))["cells"], arrays)}


def _cells(rows: list[dict[str, Any]], arrays: FloatArray) -> Iterator[Cell]:
    """Cells from their rows in the table and arrays of shape (reachable cells, 2, population)."""
    place = 0
    for row in rows:
        reachable = row["calibration"]["nu"] is not None
        pair = arrays[place] if reachable else np.zeros((2, 0))
        place += reachable
        reliability = tuple(np.nan if value is None else value for value in row["reliability"])
        yield Cell(
            Key(**row["key"]),
            Calibration(**row["calibration"]),
            row["rejected"],
            (reliability[0], reliability[1]),
            *pair,
        )


def _row(made: Cell) -> dict[str, Any]:
    """A cell without its arrays, as plain data."""
    rejected, reliability = _rounded(made)
    return {
        "key": asdict(made.key),
        "calibration": asdict(made.calibration),
        "rejected": rejected,
        "reliability": [None if np.isnan(r) else r for r in reliability],
    }


def _rounded(made: Cell) -> tuple[float, tuple[float, float]]:
    """The share rejected and the reliabilities to as many digits as are kept."""
    one, other = made.reliability
    return round(made.rejected, 4), (round(one, 3), round(other, 3))


def _pair(made: Cell) -> NDArray[np.float32]:
    """A cell's arrays as they are kept."""
    return np.stack([made.index, made.ratio]).astype(np.float32)


def cache_folder(structure: Structure) -> Path:
    """Where cells of a structure are kept on this machine."""
    chosen = os.environ.get("ACCORD_CACHE_DIR")
    base = Path(chosen) if chosen else user_cache() / "accord"
    return base / _FOLDER / _model()[:20] / structure.slug


@cache
def _model() -> str:
    """Hash of everything that a cell depends on: kernels, and every other source of this lens."""
    summary = hashlib.sha256(kernel_digest("accord").encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        summary.update(path.read_bytes())
    return summary.hexdigest()


def _cached(structure: Structure, key: Key) -> Cell | None:
    """A cell in the cache folder; None when there is none, or it is damaged."""
    return kept_as(structure, str(key))


def kept_as(structure: Structure, name: str) -> Cell | None:
    """The cell that the cache folder keeps under a name; None when there is none, or it is damaged."""
    path = cache_folder(structure) / f"{name}.json"
    return _read(path) if path.is_file() else None


@lru_cache(maxsize=64)
def _read(path: Path) -> Cell | None:
    """A cell from its file; None when it is damaged."""
    try:
        row = json.loads(path.read_text("utf-8"))
        arrays = np.array(row.pop("arrays"), dtype=np.float64)
        return next(_cells([row], arrays))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, StopIteration):
        return None


def _keep(structure: Structure, made: Cell) -> None:
    """Keep a cell, in this process and on disk; a folder that cannot be written costs time later, not the answer."""
    _HERE[structure, made.key] = made
    keep_as(structure, str(made.key), made)


def as_kept(made: Cell) -> Cell:
    """A cell with its numbers as they are kept, so that the run which works it out says what later ones do."""
    index, ratio = _pair(made).astype(np.float64)
    rejected, reliability = _rounded(made)
    return replace(made, index=index, ratio=ratio, rejected=rejected, reliability=reliability)


def keep_as(structure: Structure, name: str, made: Cell) -> None:
    """Keep a cell in the cache folder under a name, if that can be written."""
    pair = _pair(made)
    arrays = [[[float(x) for x in values] for values in pair]] if made.reachable else []
    path = cache_folder(structure) / f"{name}.json"
    try:
        write_bytes(path, json.dumps({**_row(made), "arrays": arrays}).encode())
    except (RunError, OSError):
        return
    _read.cache_clear()


def forget() -> None:
    """Forget in this process what was worked out or read; what is kept on disk stays."""
    _HERE.clear()
    _read.cache_clear()
    _model.cache_clear()


def table_of(structure: Structure, cells: list[Cell]) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """The shipped form of a structure's cells: a table with its digest, and the arrays of those reachable."""
    arrays = np.stack([_pair(made) for made in cells if made.reachable])
    table = {
        "structure": asdict(structure),
        "population": len(arrays[0, 0]),
        "digest": digest({str(made.key): _pair(made) for made in cells if made.reachable}),
        "cells": [_row(made) for made in cells],
    }
    return table, arrays


def ship(structure: Structure, cells: list[Cell], folder: Path | None = None) -> str:
    """Write a structure's tables into the package (or *folder*); gives back their digest."""
    where = folder or Path(str(files("accord.lenses.endurance").joinpath(_FOLDER)))
    table, arrays = table_of(structure, cells)
    raw = io.BytesIO()
    np.save(raw, arrays, allow_pickle=False)
    write_bytes(where / f"{structure.slug}.npy", raw.getvalue())
    write_bytes(where / f"{structure.slug}.json", (json.dumps(table, indent=1) + "\n").encode())
    _shipped.cache_clear()
    return str(table["digest"])


def complete(structure: Structure, kind: str) -> list[Cell]:
    """Every cell that a verdict of this structure is held against, worked out where it is neither shipped nor cached."""
    keys = keys_for(kind)
    missing = [key for key in keys if find(structure, key) is None]
    with Bar(len(missing), "Calibrating", unit="calibrations") as bar:
        for key in missing:
            _keep(structure, as_kept(work_out(key, _people(structure, key.variant))))
            bar.advance(1)
    return [cell(structure, key) for key in keys]


def keys_shipped(structure: Structure) -> list[Key]:
    """Every cell that is shipped of a structure: without a client nobody is at war for one, and the default is defence."""
    kinds = ("defence", "wartime") if structure.client else ("defence",)
    return sorted({key for kind in kinds for key in keys_for(kind)})


def anew(structure: Structure) -> list[Cell]:
    """Every cell of a shipped structure, worked out anew; some minutes."""
    keys, found = keys_shipped(structure), []
    with Bar(len(keys), "Calibrating anew", unit="calibrations") as bar:
        for key in keys:
            found.append(work_out(key, _people(structure, key.variant)))
            bar.advance(1)
    return found


def shipped_digest(structure: Structure) -> str:
    """The digest of a shipped structure's tables."""
    table = files("accord.lenses.endurance").joinpath(_FOLDER).joinpath(f"{structure.slug}.json")
    return str(json.loads(table.read_text("utf-8"))["digest"])
