"""Calibrations of the user's own: a reference class, what it is fitted with, and the populations that it is judged among.

``accord calibrate CASE --class RULES --save FILE`` writes one, ``accord run CASE --calibration FILE`` takes the verdict under
it.  The rates belong to partnerships of one make-up, and to the model that they were fitted with: both are checked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from accord.engine.progress import Bar
from accord.engine.store import write_json
from accord.lenses.endurance import reference
from accord.lenses.endurance.calibration import Calibration, Kind
from accord.lenses.endurance.estimators import simulate
from accord.lenses.endurance.inputs import Parameters
from accord.lenses.endurance.population import REDRAWN, SEED, Structure, population
from accord.lenses.endurance.ranges import MEASURED, prior_values
from accord.lenses.endurance.reference import Cell, Key
from accord.problems import Problem, SituationError

FORMAT = 1
USES: dict[str, str] = {"survival_only": "survival alone", "with_causes": "survival and causes"}
LEVELS = ("theatre", "bilateral")
# How far five-year survival may lie from what the file says before the model counts as another.
_SAME = 1e-3
_HEAD = "own: "


@dataclass(frozen=True, slots=True)
class Pace:
    """One rate of one precision, in one population.

    Parameters
    ----------
    variant : str
        ``plain``, or one of ``population.REDRAWN``.
    beta : float
    nu : float or None
        None where the best rate lies outside .001 to 1 a month.
    total : float
        Sum of squared misfits of what it is fitted to, in sampling errors.
    targets : int
        How many facts that are.
    one_year, five_years : float
        What the population survives with it.
    """

    variant: str
    beta: float
    nu: float | None
    total: float
    targets: int
    one_year: float
    five_years: float

    @property
    def rejected(self) -> bool:
        """Whether its misfit is one that chance alone would hardly bring about (beyond 95 of 100 samples).

        One rate is fitted, and the facts count as independent, which they are not quite: a rough guide.
        """
        from scipy.stats import chi2

        return self.targets > 1 and self.total > float(chi2.ppf(0.95, self.targets - 1))


@dataclass(frozen=True, slots=True)
class Own:
    """A calibration of the user's own.

    Parameters
    ----------
    name : str
    file : str
        As the user gave it.
    digest : str
        Of what it says.
    rules : str
        The reference class, as it was asked for.
    kind : Kind
        Name, label, level and survival of the class.
    alliances, ended : int
        How many belong to it, and how many of these are over.
    use : str
        What it is fitted to (``USES``).
    structure : Structure
        Whose rates these are.
    size, replicates : int
        Of the population that it was fitted with.
    paces : tuple of Pace
    """

    name: str
    file: str
    digest: str
    rules: str
    kind: Kind
    alliances: int
    ended: int
    use: str
    structure: Structure
    size: int
    replicates: int
    paces: tuple[Pace, ...]


def digest_of(record: Mapping[str, Any]) -> str:
    """SHA-256 of what a calibration says, without its own digest."""
    told = {key: value for key, value in record.items() if key != "digest"}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def save_own(record: Mapping[str, Any], path: Path) -> None:
    """Write a calibration file, whole or not at all, with its digest.

    Raises
    ------
    RunError
        When the place cannot be written; what was there before stays.
    """
    made = {"accord_calibration": FORMAT, **record}
    write_json(path, {**made, "digest": digest_of(made)})


def read_own(paths: Sequence[str | Path], structure: Structure) -> tuple[Own, ...]:
    """Calibrations from their files, in the order given.

    Parameters
    ----------
    paths : sequence of str or Path
    structure : Structure
        Of the case that they are to judge.

    Raises
    ------
    SituationError
        With every file that cannot be used, and why.
    """
    found: list[Own] = []
    faults: list[Problem] = []
    for path in paths:
        made = _read(str(path), structure)
        if isinstance(made, Problem):
            faults.append(made)
        elif any(made.name == other.name for other in found):
            says = f"there are two calibrations with the name '{made.name}'"
            hint = "the one you mean, or fit one again with --name"
            faults.append(Problem("two-of-a-name", says, file=str(path), try_instead=hint))
        else:
            found.append(made)
    if faults:
        raise SituationError(faults)
    return tuple(found)


def _read(path: str, structure: Structure) -> Own | Problem:
    """One calibration, or what is wrong with its file."""
    again = "accord calibrate CASE --class RULES --save FILE"
    try:
        record = json.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return Problem("no-file", f"cannot be read ({reason})", "", "a calibration file", again, path)
    except ValueError:
        return Problem("not-json", "is no JSON text", "", "a calibration file", again, path)
    if not isinstance(record, dict) or "accord_calibration" not in record:
        return Problem("no-calibration", "is no calibration file", "", "a calibration file", again, path)
    if record["accord_calibration"] != FORMAT:
        says = f"is a calibration file of format {record['accord_calibration']!r}"
        return Problem("format", says, "", f"format {FORMAT}", again, path)
    if record.get("digest") != digest_of(record):
        says = "is not as it was written: its digest is another"
        return Problem("changed", says, "", "a calibration file as it was saved", again, path)
    try:
        made = own_of(record, path)
    except (KeyError, TypeError, ValueError) as error:
        says = f"lacks something, or holds it in another form ({error})"
        return Problem("incomplete", says, "", "a calibration file as it was saved", again, path)
    if made.structure != structure:
        says = f"is fitted to partnerships of {made.structure}; this case has {structure}"
        return Problem("structure", says, "", "a calibration of the same make-up", again, path)
    return made


def own_of(record: Mapping[str, Any], file: str = "") -> Own:
    """A calibration from what its file holds; KeyError, TypeError or ValueError where that is not whole."""
    name, use = str(record["name"]), str(record["use"])
    targets = {one["name"]: float(one["value"]) for one in record["targets"]}
    label = f"your class '{name}'"
    five, level = targets["survival 5"], LEVELS.index(record["level"])
    one_year = targets.get("survival 1", 1.0)
    fits, variants = record["fits"], ("plain", *REDRAWN)
    paces = tuple(_pace(v, row) for v in variants if v in fits for row in fits[v][use])
    if use not in USES or not paces or not set(fits) <= set(variants):
        raise ValueError("fits")
    return Own(
        name,
        file,
        str(record["digest"]),
        str(record["class"]),
        Kind(f"{_HEAD}{name}", label, level, one_year, five),
        int(record["n"]),
        int(record["ended"]),
        use,
        Structure(**record["structure"]),
        int(record["size"]),
        int(record["replicates"]),
        paces,
    )


def _pace(variant: str, row: Mapping[str, Any]) -> Pace:
    """One rate from its row."""
    nu = None if row["at_limit"] else float(row["nu"])
    if nu is not None and not 0.0 < nu <= 1.0:
        raise ValueError("nu")
    model = row["model"]
    one, five = float(model["survival 1"]), float(model["survival 5"])
    return Pace(variant, float(row["beta"]), nu, float(row["total"]), len(row["on"]), one, five)


def key_of(own: Own, pace: Pace) -> Key:
    """The key of the population under one of its rates."""
    return Key(pace.variant, own.kind.name, pace.beta)


def cells_of(own: Own) -> tuple[Cell, ...]:
    """The population under each rate, worked out (with a progress bar) and kept where it is not cached.

    Raises
    ------
    SituationError
        When the model no longer gives what the file says: it was fitted with another version.
    """
    found: list[Cell] = []
    with Bar(len(own.paces), f"Drawing partnerships at the pace of '{own.name}'", unit="populations") as bar:
        for pace in own.paces:
            found.append(_cell(own, pace))
            bar.advance(1)
    return tuple(found)


@lru_cache(maxsize=64)
def _cell(own: Own, pace: Pace) -> Cell:
    """The population under one rate."""
    key, made = key_of(own, pace), _calibration(own, pace)
    if pace.nu is None:
        return reference.unreachable(key, made, own.kind)
    name = f"own-{_mark(own, pace)}"
    known = reference.kept_as(own.structure, name)
    if known is None:
        _checked(own, pace)
        people = population(structure=own.structure, variant=pace.variant)
        known = reference.as_kept(reference.measured(key, made, people, own.kind))
        reference.keep_as(own.structure, name, known)
    # What is kept holds numbers alone: two classes that want the same of the population share it.
    return replace(known, key=key, calibration=made, history=own.kind)


def _mark(own: Own, pace: Pace) -> str:
    """What index and hazard ratio of the population hang on."""
    drifts = sorted(MEASURED.items()) if pace.variant in REDRAWN else ()
    said = json.dumps([pace.variant, pace.beta, pace.nu, own.kind.five_years, drifts])
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def _calibration(own: Own, pace: Pace) -> Calibration:
    """A rate with what it fits, rounded as those that are shipped."""
    one, five = round(pace.one_year, 4), round(pace.five_years, 4)
    return Calibration(
        own.kind.name, pace.beta, pace.nu, one, five, round(pace.one_year - own.kind.one_year, 4)
    )


def _checked(own: Own, pace: Pace) -> None:
    """Refuse a rate with which the population survives otherwise than the file says."""
    assert pace.nu is not None
    people = population(size=own.size, structure=own.structure, variant=pace.variant)
    runs = simulate(
        people.numbers, beta=pace.beta, nu=pace.nu, months=60, replicates=own.replicates, seed=SEED
    )
    five = float(runs.survival[:, own.kind.level, 60].mean())
    if abs(five - pace.five_years) > _SAME:
        says = (
            f"was fitted with another version of the model: at beta {pace.beta:g} {pace.five_years:.3f} of the population"
            f" survived five years, now {five:.3f}"
        )
        hint = "fit it again: accord calibrate CASE --class RULES --save FILE"
        raise SituationError([Problem("other-model", says, file=own.file, try_instead=hint)])


def drifting(numbers: Parameters, seed: int, stated: frozenset[str] = frozenset()) -> Parameters:
    """Numbers of a case with drifts as in the redrawn population, where the case does not state them.

    Parameters
    ----------
    numbers : Parameters
        Of worlds 1, 2, ...
    seed : int
    stated : frozenset of str
        Drifts that the case states.
    """
    from accord.engine.streams import stream, uniforms

    given = {}
    for name in MEASURED:
        if name not in stated:
            u = uniforms(stream(seed, "", f"redrawn.{name}"), range(1, numbers.worlds + 1), count=1)[:, 0]
            given[name] = prior_values(name, u, "drifting")
    return numbers.with_(**given)
