"""The job behind ``accord calibrate --class``: the population fitted to a class of the user's own, told, and saved."""

from __future__ import annotations

import hashlib
import math
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import numpy as np

from accord.calibrating.jointly import Joint, Seen, fit_jointly
from accord.calibrating.own_class import OwnClass, own_class, targets_of
from accord.data import entries, reading
from accord.doors import read
from accord.lenses.endurance.calibration import BETAS
from accord.lenses.endurance.own import LEVELS, USES, cells_of, digest_of, own_of, save_own
from accord.lenses.endurance.population import REDRAWN, REFERENCE, Structure, population, structure_of
from accord.lenses.endurance.ranges import MEASURED
from accord.lenses.endurance.reference import Cell
from accord.lenses.precedent import CLASSES, Alliances, alliances
from accord.lenses.precedent.regimes import REGIMES, democracy_of
from accord.problems import Problem, SituationError

SIZE, REPLICATES = 1000, 8  # of the population that is fitted
Use = Literal["survival_only", "with_causes"]


def calibrate_class(
    text: str,
    store: Path | None = None,
    *,
    case: str | Path | None = None,
    level: str = "bilateral",
    betas: tuple[float, ...] = BETAS,
    size: int = SIZE,
    name: str | None = None,
    use: Use = "survival_only",
    drift: bool = False,
) -> dict[str, Any]:
    """Fit the population to a reference class of the user's own.

    Parameters
    ----------
    text : str
        See :func:`own_class`.
    store : Path, optional
        With ATOP in it (and V-Dem for rules on regimes); the user's own when left out.
    case : str or Path, optional
        Whose structure the population has; the reference structure when left out.
    level : {'bilateral', 'theatre'}
        What ends when an alliance of the class ends: the standing relation, or the joint war.
    betas : tuple of float
    size : int
        Partnerships of the population.
    name : str, optional
        What the calibration is called; the name of the class when left out.
    use : {'survival_only', 'with_causes'}
        Which of the two fits the verdict is taken under.
    drift : bool
        Whether the population is fitted a second time, with drifts as measured of states.

    Returns
    -------
    dict
        What a calibration file holds: ``name``, ``class``, ``level``, ``n``, ``ended``, ``targets``, ``left_out``,
        ``structure``, ``use``, ``store``, ``version``; ``fits`` by population (``plain``, ``drifting``) and by what is
        fitted (``survival_only``, ``with_causes``), one record a precision.

    Raises
    ------
    SituationError
        For a class that cannot be understood or is too small, or a store that lacks what it needs.
    """
    one = own_class(text)
    rules = text if text in CLASSES else one.label
    made = targets_of(_table(rules, store), one)
    structure = REFERENCE if case is None else structure_of(read(case))
    variants = ("plain", *REDRAWN) if drift else ("plain",)
    return {
        "name": (name or one.name).strip(),
        "class": rules,
        "level": level,
        "n": made.rate.n,
        "ended": made.rate.ended,
        "targets": [asdict(target) for target in made.targets],
        "left_out": list(made.left_out),
        "use": use,
        "structure": asdict(structure),
        "size": size,
        "replicates": REPLICATES,
        "fits": {variant: _fits(made, structure, variant, level, betas, size) for variant in variants},
        "drifts": {key: list(ends) for key, ends in MEASURED.items()} if drift else {},
        "store": _store(store),
        "version": _version(),
    }


def _fits(
    made: OwnClass, structure: Structure, variant: str, level: str, betas: tuple[float, ...], size: int
) -> dict[str, Any]:
    """Both fits of one population."""
    people = population(size=size, structure=structure, variant=variant)
    place = LEVELS.index(level)
    seen: Seen = {}  # both fits walk the same grid
    return {
        use: [
            _record(fit)
            for fit in fit_jointly(
                people,
                place,
                made.targets,
                betas=betas,
                shares=use == "with_causes",
                replicates=REPLICATES,
                seen=seen,
            )
        ]
        for use in USES
    }


def _record(fit: Joint) -> dict[str, Any]:
    """A fit as plain data."""
    record = asdict(fit)
    model = {k: None if math.isnan(v) else v for k, v in fit.model.items()}
    return {**record, "on": list(fit.on), "model": model}


def _table(rules: str, store: Path | None) -> Alliances:
    """The alliances of a store, with regimes where the class asks for them."""
    table = alliances(store)
    if any(name in rules for name in REGIMES):
        table.features.update(democracy_of(table, store))
    return table


def _store(store: Path | None) -> dict[str, str]:
    """What the figures of the class come from: edition, and a digest of the imports that it can rest on."""
    with reading(store) as base:
        used = [one for one in entries(base) if one.kind in ("atop-alliance", "regimes")]
    told = "\n".join(f"{one.kind} {one.version} {one.digest}" for one in used)
    editions = ", ".join(f"{one.kind} {one.version}".strip() for one in used)
    return {"digest": hashlib.sha256(told.encode()).hexdigest(), "holds": editions}


def _version() -> str:
    """Of this program."""
    try:
        return version("accord-lenses")
    except PackageNotFoundError:
        return "source"


@dataclass(frozen=True, slots=True)
class Drifted:
    """What drifts change at one precision.

    Parameters
    ----------
    beta : float
    nu, nu_drifting : float
    index, ratio : float
        Rank correlation between both populations.
    durable, conditional : float
        Share of the population on the other side of the middle.
    """

    beta: float
    nu: float
    nu_drifting: float
    index: float
    ratio: float
    durable: float
    conditional: float


def save_class(found: dict[str, Any], path: Path) -> None:
    """Write a calibration file, whole or not at all.

    Raises
    ------
    SituationError
        When the class says nothing of survival after five years, which hazard ratios are held against.
    RunError
        When the place cannot be written.
    """
    if all(one["name"] != "survival 5" for one in found["targets"]):
        says = (
            f"nothing is known of five years of '{found['name']}', so that no verdict can be taken under it"
        )
        raise SituationError([Problem("no-five-years", says, "class", try_instead="a wider rule")])
    save_own(found, path)


def populations_of(found: dict[str, Any]) -> tuple[Cell, ...]:
    """The populations at the fitted rates, worked out and kept for later runs."""
    return cells_of(own_of({**found, "digest": digest_of(found)}))


def drifted(cells: tuple[Cell, ...]) -> list[Drifted]:
    """What drifts change: pace, and who is durable and conditional; nothing where one of both is not reachable."""
    by = {(cell.key.variant, cell.key.beta): cell for cell in cells if cell.reachable}
    rows = []
    for beta in sorted({beta for _, beta in by}):
        pair = [by.get((variant, beta)) for variant in ("plain", "drifting")]
        if pair[0] is None or pair[1] is None:
            continue
        before, after = pair[0], pair[1]
        assert before.calibration.nu is not None
        assert after.calibration.nu is not None
        rows.append(
            Drifted(
                beta,
                before.calibration.nu,
                after.calibration.nu,
                *(_agreement(*two) for two in ((before.index, after.index), (before.ratio, after.ratio))),
                *(_crossed(*two) for two in ((before.index, after.index), (before.ratio, after.ratio))),
            )
        )
    return rows


def _agreement(a: np.ndarray[Any, np.dtype[np.float64]], b: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """Spearman's rank correlation."""
    from scipy.stats import spearmanr

    return float(spearmanr(a, b).statistic)


def _crossed(a: np.ndarray[Any, np.dtype[np.float64]], b: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """Share of members on the other side of the median."""
    return float(np.mean((a > np.median(a)) != (b > np.median(b))))
