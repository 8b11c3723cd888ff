"""What an earlier run left in its folder: its verdict, how it was made, and the situation that it looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accord.files.reader import read_file
from accord.problems import Problem, SituationError
from accord.situation import Situation, Vocabulary
from accord.study.record import FORMAT

MANIFEST, _SITUATION = "run.json", "situation.json"
# Any of these makes a folder one that `accord run` wrote; a situation can be a folder too (CSV files).
_LEFT_BY_A_RUN = (MANIFEST, _SITUATION, "report.html", "worlds.parquet", "results.parquet", "chunks")
_HOW = ("worlds", "done", "seed", "method")
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Where:
    """Where a partnership stands in the plane.

    Parameters
    ----------
    label : str
        The quadrant with the largest share.
    durability, conditionality, index : float
        Medians over the judged worlds: the two ranks, and the strategic index.
    shares : mapping of str to float
        Share of the judged worlds in each quadrant and near a border.
    errors : tuple of (float, float)
        Standard errors of the two median ranks; NaN where they are not known.
    judged, drawn : int
        Worlds judged, and worlds that were drawn for it.
    enders : mapping of str to mapping
        By level and partner, the share of runs that this one ended; empty where it is not known.
    ender_errors : mapping of str to float
        By level, the standard error of how far the partner that ends it most often is ahead of the next.
    """

    label: str
    durability: float
    conditionality: float
    index: float
    shares: Mapping[str, float]
    errors: tuple[float, float] = (_NAN, _NAN)
    judged: int = 0
    drawn: int = 0
    enders: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    ender_errors: Mapping[str, float] = field(default_factory=dict)

    def weak_link(self, level: str) -> str:
        """The partner that ends a level most often; empty where nobody does, or it is not known."""
        shares = {one: share for one, share in self.enders.get(level, {}).items() if share > 0.0}
        return max(shares, key=lambda one: shares[one], default="")

    def is_ahead(self, level: str) -> bool:
        """Whether that partner ends it more often than any other by more than two standard errors, as far as is known."""
        first, *others = (*sorted(self.enders.get(level, {}).values(), reverse=True), 0.0)
        return first - others[0] > 2.0 * self.ender_errors.get(level, _NAN) if others else False


@dataclass(frozen=True, slots=True)
class How:
    """One thing that differs in how the two runs were made: worlds, seed, method, effort, a version, the scenario."""

    what: str
    before: Any
    after: Any


def run_folders(before: str | Path, after: str | Path) -> tuple[Path, Path] | None:
    """The result folders that two arguments name; None when neither is the result of a run.

    Raises
    ------
    SituationError
        When only one of them is.
    """
    one, other = _folder_of(before), _folder_of(after)
    if one is None and other is None:
        return None
    if one is None or other is None:
        odd = before if one is None else after
        raise refused(
            odd,
            "this is not the result of a run, but what it is compared with is",
            "two result folders, or two situation files (a run keeps the one it looked at as situation.json)",
        )
    return one, other


def _folder_of(case: str | Path) -> Path | None:
    """The folder of a run's results, or None."""
    path = Path(case)
    if path.name == MANIFEST:
        return path.parent
    return path if any((path / name).exists() for name in _LEFT_BY_A_RUN) else None


@dataclass(frozen=True, slots=True)
class Ran:
    """One run as its folder tells it."""

    situation: Situation
    record: Mapping[str, Any]
    where: Where

    @property
    def calibration(self) -> Mapping[str, Any]:
        """What the run recorded of the population that it is ranked among."""
        found: Mapping[str, Any] = self.record["verdict"].get("calibration") or {}
        return found


def refused(file: str | Path, says: str, hint: str) -> SituationError:
    """What is wrong with a folder of results."""
    return SituationError([Problem("no-run", says, file=str(file), try_instead=hint)])


def read_run(folder: Path, vocabulary: Vocabulary) -> Ran:
    """A run's manifest, and the situation that it looked at."""
    file = folder / MANIFEST
    record = _manifest(file)
    verdict = record["verdict"]
    if verdict is None:
        raise refused(file, *_without_verdict(record))
    if not verdict["label"]:
        says = "in none of its worlds could the partnership be judged, so there is no verdict to compare"
        raise refused(file, says, "look at report.html in that folder")
    situation, _ = read_file(folder / _SITUATION, vocabulary)
    if situation.digest != record["situation"]["digest"]:
        says = "this is not the situation that the run beside it looked at: it was changed afterwards"
        raise refused(folder / _SITUATION, says, "run the changed situation into a folder of its own")
    return Ran(situation, record, _recorded(record))


def _manifest(file: Path) -> dict[str, Any]:
    """The content of ``run.json``, as far as it is one."""
    try:
        record = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        says, hint = "there is no run.json: no run was finished here", "a folder that 'accord run' wrote"
        raise refused(file, says, hint) from None
    except (OSError, ValueError) as error:
        raise refused(file, f"it cannot be read as the manifest of a run ({error})", "run it again") from None
    blocks = ("situation", "run", "verdict")
    whole = isinstance(record, dict) and all(key in record for key in blocks)
    if not whole or not all(isinstance(record[key], dict) for key in blocks[:2]):
        raise refused(file, "this is not the manifest of a run", "a folder that 'accord run' wrote")
    if record.get("format") != FORMAT:
        raise refused(file, "it was written by another version of Accord", "run it again")
    found: dict[str, Any] = record
    return found


def _without_verdict(record: Mapping[str, Any]) -> tuple[str, str]:
    """Why a run has no verdict, and what to try."""
    unfit = [one for one in record.get("unfit", ()) if one["lens"] == "endurance"]
    if unfit:
        needs = "; ".join(f"{need['path']}: {need['says']}" for need in unfit[0]["needs"])
        return f"the run has no verdict: the endurance lens would need {needs}", "complete the situation"
    if record["run"].get("interrupted") or not record["run"].get("done"):
        return "the run has no verdict: it was not finished", "'accord run ... --resume' goes on with it"
    return "the run has no verdict: the endurance lens was not asked", "run it again"


def _recorded(record: Mapping[str, Any]) -> Where:
    """The verdict as a run recorded it, and who ended it (which runs of before those keys do not tell)."""
    verdict = record["verdict"]
    errors, enders, ahead = (
        verdict["rank_errors"],
        record.get("enders") or {},
        record.get("ender_errors") or {},
    )
    durability, conditionality, index = (
        _number(verdict[key]["median"]) for key in ("durability", "conditionality", "strategic_index")
    )
    shares = {name: _number(share) for name, share in verdict["quadrant_shares"].items()}
    return Where(
        verdict["label"],
        durability,
        conditionality,
        index,
        shares,
        (_number(errors["durability"]), _number(errors["conditionality"])),
        int(verdict["judged"]),
        int(verdict.get("drawn", 0)),
        {level: {one: _number(share) for one, share in shares.items()} for level, shares in enders.items()},
        {level: _number(error) for level, error in ahead.items()},
    )


def _number(value: float | None) -> float:
    """A number from JSON, where null stands for NaN."""
    return _NAN if value is None else float(value)


def _own(record: Mapping[str, Any]) -> str | None:
    """Calibrations of the user's own under which a run took its verdict, each with the beginning of its digest."""
    given = sorted(record["run"].get("calibrations", {}).items())
    return ", ".join(f"{name} ({digest[:8]})" for name, digest in given) or None


def how_of(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[How, ...]:
    """What differs in how two runs were made."""
    pairs = [(key, one["run"].get(key), other["run"].get(key)) for key in _HOW]
    pairs.append(("effort", *(record["run"].get("effort", {}).get("name") for record in (one, other))))
    pairs.append(("calibrations of your own", _own(one), _own(other)))
    pairs.append(("scenario", *(record["situation"].get("seen_as") for record in (one, other))))
    old, new = (record["run"].get("versions", {}) for record in (one, other))
    pairs += [(f"version of {name}", old.get(name), new.get(name)) for name in sorted({*old, *new})]
    return tuple(How(*pair) for pair in pairs if pair[1] != pair[2])
