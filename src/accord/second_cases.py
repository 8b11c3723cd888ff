"""The second cases in the plane: worked out here, kept beside the cases, and scored against what happened.

``python -m accord.second_cases`` works them out anew and says whether ``cases/second_cases.json`` still holds; with
``--write`` it writes the file, with ``--worlds`` it takes another number of worlds.  What is asked of each case and what
came of it stands here and not in the case files, so that it cannot become an input.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from accord.disk import write_bytes
from accord.doors import list_cases, read
from accord.finding import FloatArray
from accord.lenses import vocabulary
from accord.lenses.endurance import Endurance, compute
from accord.lenses.endurance.calibration import KINDS
from accord.lenses.endurance.estimators import NOTHING, Intervention, weigh_each
from accord.lenses.endurance.indices import START, WINDOW, conditional
from accord.lenses.endurance.places import label_of, place
from accord.lenses.endurance.population import structure_of, viable
from accord.lenses.endurance.reference import BOTH, index_and_ratio
from accord.problems import RunError
from accord.report.other_cases import FILE, digest_of
from accord.situation import Situation
from accord.study.subjects import subject_of
from accord.worlds import draw, plan

WORLDS, RUNS = 2048, 16
COMMAND = "python -m accord.second_cases --write"
# Resnick's type as a chance to be together five years later: a statement of ours, fixed before any case was run.
RESNICK = {"alliance of convenience": 0.1, "ambivalent alliance": 0.5, "special alliance": 0.9}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a case, and what came of it.

    Parameters
    ----------
    trial : Intervention
        Which of the trials stands for what happened: the threat's removal, or the first big temptation.
    trial_says : str
        The same in words.
    resnick : str
        Resnick's type by the two yes-or-no items of the sheet.
    alive : bool
        Whether effective cooperation was alive five years later.
    expected : str
        ``durable`` or ``fragile``, as the literature has it; written down before the case was coded.
    """

    trial: Intervention
    trial_says: str
    resnick: str
    alive: bool
    expected: str


QUESTIONS: Mapping[str, Question] = {
    "soviet-egyptian-1971": Question(
        Intervention(START, tempt=True), "everybody tempted once", "special alliance", False, "fragile"
    ),
    "us-pakistan-1987": Question(
        Intervention(START, remove=True), "the threat gone", "alliance of convenience", False, "fragile"
    ),
    "syria-iran-2002": Question(
        Intervention(START, remove=("iraq",)),
        "the threat from Iraq gone",
        "ambivalent alliance",
        True,
        "durable",
    ),
}


def worked_out(name: str, worlds: int = WORLDS, seed: int = 0) -> dict[str, Any]:
    """Where a case stands among its own population, and its forecast, under the default calibration.

    Parameters
    ----------
    name : str
        Of a second case.
    worlds : int
        A power of two.
    seed : int

    Returns
    -------
    dict
        Median ranks over the worlds in which everybody would rather stay at the start, quadrant shares, mean five-year
        chances in these, the forecast with its baselines and Brier scores, the case file's digest.

    Raises
    ------
    RunError
        When everybody would rather stay in no world at all.
    """
    situation, asked = read(name), QUESTIONS[name]
    among = compute.default_cell(situation)
    good, survival = _survivals(situation, asked.trial, worlds, seed)
    if not good.any():
        raise RunError(f"no world of {name} is judged: take more than {worlds}")
    index, ratio = index_and_ratio(survival["base"], survival["both"], among.key.kind)
    stand = place(index, ratio, among)
    shares = stand.shares(good)
    five = {key: float(conditional(found)[good].mean()) for key, found in survival.items()}
    return {
        "name": name,
        "title": situation.title,
        "digest": digest_of(list_cases()[name]),
        "structure": str(structure_of(situation)),
        "class": among.key.kind,
        "worlds": worlds,
        "judged": int(good.sum()),
        "durability": round(float(np.median(stand.durability[good])), 4),
        "conditionality": round(float(np.median(stand.conditionality[good])), 4),
        "label": label_of(shares),
        "shares": {key: round(share, 4) for key, share in shares.items()},
        "five_years": {key: round(chance, 4) for key, chance in five.items()},
        "forecast": _scored(asked, five["asked"], KINDS[among.key.kind].five_years),
    }


def _survivals(
    situation: Situation, trial: Intervention, worlds: int, seed: int
) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], dict[str, FloatArray]]:
    """Worlds in which everybody would rather stay at the start, and survival without trials and under each."""
    subject = subject_of("", situation, vocabulary(), (Endurance(),))
    planned = plan(situation, extra=subject.priors)
    drawn = draw(planned, situation, worlds, seed)
    numbers = compute.numbers_of(situation, drawn)
    calibration = compute.calibration_of(situation)
    assert calibration.nu is not None
    trials = {
        "base": NOTHING,
        "removed": Intervention(START, remove=True),
        "tempted": Intervention(START, tempt=True),
        "both": BOTH,
        "asked": trial,
    }
    found = weigh_each(
        numbers,
        [(one, START + WINDOW) for one in trials.values()],
        beta=calibration.beta,
        nu=calibration.nu,
        replicates=RUNS,
        seed=seed,
        first=1,
    )
    return viable(numbers), {name: one.survival for name, one in zip(trials, found, strict=True)}


def _scored(asked: Question, chance: float, base_rate: float) -> dict[str, Any]:
    """The forecast, the two baselines, and the Brier score of each."""
    chances = {"model": chance, "resnick": RESNICK[asked.resnick], "base_rate": base_rate}
    return {
        "trial": asked.trial_says,
        "resnick_type": asked.resnick,
        "alive": asked.alive,
        "expected": asked.expected,
        "chance": {key: round(value, 4) for key, value in chances.items()},
        "brier": {key: round((value - asked.alive) ** 2, 4) for key, value in chances.items()},
    }


def table(worlds: int = WORLDS) -> dict[str, Any]:
    """All second cases as they are shipped."""
    return {"command": COMMAND, "cases": [worked_out(name, worlds) for name in QUESTIONS]}


def main(words: Sequence[str] | None = None) -> int:
    """Work everything out, print it, and write it or compare it; 1 where the shipped table is another."""
    parser = argparse.ArgumentParser(prog="python -m accord.second_cases", description=__doc__)
    parser.add_argument("--worlds", type=int, default=WORLDS, help="a power of two")
    parser.add_argument("--write", action="store_true", help="write the table that is shipped")
    given = parser.parse_args(words)
    made = json.dumps(table(given.worlds), indent=2) + "\n"
    print(made, end="")
    if given.write:
        write_bytes(Path(FILE), made.encode())
        return 0
    return int(not FILE.is_file() or FILE.read_text("utf-8") != made)


if __name__ == "__main__":
    raise SystemExit(main())
