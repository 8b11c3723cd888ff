"""The second cases in the plane: worked out here, kept beside the cases, and scored against what happened.

``python -m accord.second_cases`` works them out anew, prints the scores, and says whether ``cases/second_cases.json`` still
holds; with ``--write`` it writes the file, with ``--json`` it prints all of it, with ``--worlds`` it takes another number of
worlds.  What is asked of each case and what came of it stands here and not in the case files, so that it cannot become an
input.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.disk import write_bytes
from accord.doors import list_cases, read
from accord.finding import FloatArray
from accord.lenses import vocabulary
from accord.lenses.endurance import Endurance, compute
from accord.lenses.endurance.calibration import KINDS
from accord.lenses.endurance.endings import CAUSES
from accord.lenses.endurance.estimators import NOTHING, Intervention, simulate, weigh_each
from accord.lenses.endurance.indices import START, WINDOW, conditional
from accord.lenses.endurance.inputs import Parameters
from accord.lenses.endurance.places import label_of, place
from accord.lenses.endurance.population import structure_of, viable
from accord.lenses.endurance.reference import BOTH, index_and_ratio
from accord.lenses.precedent import BaseRate, base_rates
from accord.lenses.precedent.profile import profile_of, shown
from accord.lenses.precedent.terms import FORMED
from accord.problems import RunError
from accord.report.other_cases import FILE, FORMAT, digest_of
from accord.situation import Situation
from accord.study.judging import informed
from accord.study.subjects import subject_of
from accord.worlds import best_of, draw, plan

WORLDS, RUNS = 2048, 16
YEARS = WINDOW / 12.0
COMMAND = "python -m accord.second_cases --write"
# Resnick's type as a chance to be together five years later: a statement of ours.
RESNICK = {"alliance of convenience": 0.1, "ambivalent alliance": 0.5, "special alliance": 0.9}
# What the type of a case was in the first draft of the table, where it was changed after the first run.
FIRST_DRAFT = {"soviet-egyptian-1971": "ambivalent alliance"}
# The classes of the endurance lens as the precedent lens calls them.
PACE = {"wartime": "wartime", "defence": "defense"}
# A look at what hangs on one answer: the case, the key, what is answered instead, in how many worlds.
INSTEAD = {"us-pakistan-1987": ("standing_interest", "low", ("medium", "high"))}
INSTEAD_WORLDS = 256
KINDS_OF_CHANCE = {
    "model": "model",
    "resnick": "Resnick's type",
    "base_rate": "base rate, newborn",
    "base_rate_at_age": "base rate at its age",
}


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
        chances in these, what ends it, the forecast with its baselines and Brier scores, the classes that the precedent lens
        puts it into, what its numbers rest on, the case file's digest.

    Raises
    ------
    RunError
        When everybody would rather stay in no world at all.
    """
    situation, asked = read(name), QUESTIONS[name]
    among = compute.default_cell(situation)
    looked = _look(situation, asked.trial, worlds, seed)
    good, survival = looked.good, looked.survival
    if not good.any():
        raise RunError(f"no world of {name} is judged: take more than {worlds}")
    index, ratio = index_and_ratio(survival["base"], survival["both"], among.key.kind)
    stand = place(index, ratio, among)
    shares = stand.shares(good)
    five = {key: conditional(found)[good] for key, found in survival.items()}
    made = {
        "name": name,
        "title": situation.title,
        "digest": digest_of(list_cases()[name]),
        "structure": str(structure_of(situation)),
        "class": among.key.kind,
        "worlds": worlds,
        "judged": int(good.sum()),
        "numbers": _numbers(situation),
        "durability": round(float(np.median(stand.durability[good])), 4),
        "conditionality": round(float(np.median(stand.conditionality[good])), 4),
        "label": label_of(shares),
        "shares": {key: round(share, 4) for key, share in shares.items()},
        "five_years": {key: round(float(chances.mean()), 4) for key, chances in five.items()},
        "endings": _endings(situation, looked, asked.trial, seed),
        "forecast": _scored(name, situation, five["asked"], among.key.kind),
        "classes": [_rate(rate, _age(situation)) for rate in shown(profile_of(situation))],
    }
    if name in INSTEAD:
        made["instead"] = [
            _instead(name, word, min(worlds, INSTEAD_WORLDS), seed) for word in INSTEAD[name][2]
        ]
    return made


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """Worlds of a case: in which everybody would rather stay at the start, and survival without trials and under each."""

    numbers: Parameters
    good: NDArray[np.bool_]
    survival: dict[str, FloatArray]


def _look(situation: Situation, trial: Intervention, worlds: int, seed: int) -> _Looked:
    """Draw the worlds of a case and weigh them under each trial."""
    subject = subject_of("", situation, vocabulary(), (Endurance(),))
    planned = plan(situation, extra=subject.priors)
    drawn = draw(planned, situation, worlds, seed)
    numbers = compute.numbers_of(situation, drawn)
    beta, nu = _pace(situation)
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
        beta=beta,
        nu=nu,
        replicates=RUNS,
        seed=seed,
        first=1,
    )
    survival = {name: one.survival for name, one in zip(trials, found, strict=True)}
    return _Looked(numbers, viable(numbers), survival)


def _pace(situation: Situation) -> tuple[float, float]:
    """Precision and pace of the default calibration."""
    calibration = compute.calibration_of(situation)
    assert calibration.nu is not None
    return calibration.beta, calibration.nu


def _numbers(situation: Situation) -> dict[str, int]:
    """What the numbers that the endurance lens reads rest on."""
    subject = subject_of("", situation, vocabulary(), (Endurance(),))
    found = informed(situation, subject.priors)
    return {"sourced": found.sourced, "assumed": found.assumed, "prior": found.prior}


def _endings(situation: Situation, looked: _Looked, trial: Intervention, seed: int) -> dict[str, float]:
    """Parts of each cause in what ended by the end of the window, with the trial, in the judged worlds."""
    beta, nu = _pace(situation)
    runs = simulate(
        looked.numbers,
        beta=beta,
        nu=nu,
        months=START + WINDOW,
        replicates=RUNS,
        seed=seed,
        first=1,
        trial=trial,
    )
    ended = runs.incidence(1)[looked.good, :, :, -1].sum(axis=(0, 2))
    total = float(ended[1:].sum())
    return {
        cause: round(float(ended[number]) / total, 4) if total else 0.0
        for number, cause in enumerate(CAUSES)
        if number
    }


def _instead(name: str, word: str, worlds: int, seed: int) -> dict[str, Any]:
    """The share judged and the chance with one answer of a case changed everywhere: a diagnosis, not a result."""
    key, stated, _ = INSTEAD[name]
    text = list_cases()[name].read_text("utf-8")
    changed = text.replace(f"{key}: {{word: {stated},", f"{key}: {{word: {word},")
    assert changed != text
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "changed.yaml"
        path.write_text(changed, "utf-8")
        looked = _look(read(path), QUESTIONS[name].trial, worlds, seed)
    chances = conditional(looked.survival["asked"])[looked.good]
    return {
        key: word,
        "worlds": worlds,
        "judged": int(looked.good.sum()),
        "chance": round(float(chances.mean()), 4) if len(chances) else None,
    }


def _age(situation: Situation) -> float:
    """How old the partnership is in the year of the file; 0 where it does not say when it was formed."""
    formed = situation.partnership.terms.get(FORMED)
    return 0.0 if formed is None else float(situation.as_of.year - best_of(formed))


def _rate(rate: BaseRate, age: float) -> dict[str, Any]:
    """Five-year survival in a class: of the newborn, of those as old as the partnership, and of those a year older."""
    made: dict[str, Any] = {"class": rate.name, "label": rate.label, "age": age}
    for key, years in (("newborn", 0.0), ("at_age", age), ("a_year_on", age + START / 12.0)):
        found = rate.further(years, YEARS)
        made[key] = {
            "share": _rounded(found.value),
            "low": _rounded(found.low),
            "high": _rounded(found.high),
            "at_risk": found.at_risk,
        }
    return made


def _rounded(value: float, digits: int = 4) -> float | None:
    """So many decimals; None where nothing is known, for JSON has no NaN."""
    return round(value, digits) if np.isfinite(value) else None


def _scored(name: str, situation: Situation, chances: FloatArray, kind: str) -> dict[str, Any]:
    """The forecast, its error, the baselines, and the Brier score of each."""
    asked, chance = QUESTIONS[name], float(chances.mean())
    base = _rate(base_rates(by=PACE[kind])[PACE[kind]], _age(situation))
    said = {
        "model": chance,
        "resnick": RESNICK[asked.resnick],
        "base_rate": KINDS[kind].five_years,
        "base_rate_at_age": base["at_age"]["share"],
    }
    error = float(chances.std(ddof=1) / np.sqrt(len(chances))) if len(chances) > 1 else float("nan")
    draft = FIRST_DRAFT.get(name, asked.resnick)
    return {
        "trial": asked.trial_says,
        "resnick_type": asked.resnick,
        "resnick_first_draft": draft,
        "alive": asked.alive,
        "expected": asked.expected,
        "chance": {key: round(value, 4) for key, value in said.items()},
        "brier": {key: round((value - asked.alive) ** 2, 4) for key, value in said.items()},
        "brier_first_draft": round((RESNICK[draft] - asked.alive) ** 2, 4),
        "brier_a_year_on": round((base["a_year_on"]["share"] - asked.alive) ** 2, 4),
        "error": {"chance": _rounded(error), "brier": _rounded(2.0 * abs(chance - asked.alive) * error, 5)},
        "worlds_between": [round(float(part), 4) for part in np.quantile(chances, (0.1, 0.9))],
        "base": base,
    }


def table(worlds: int = WORLDS) -> dict[str, Any]:
    """All second cases as they are shipped."""
    rows = [worked_out(name, worlds) for name in QUESTIONS]
    forecasts = [row["forecast"] for row in rows]
    scores = {key: round(mean(one["brier"][key] for one in forecasts), 4) for key in KINDS_OF_CHANCE}
    scores["resnick_first_draft"] = round(mean(one["brier_first_draft"] for one in forecasts), 4)
    scores["base_rate_a_year_on"] = round(mean(one["brier_a_year_on"] for one in forecasts), 4)
    scores["one_half"] = 0.25
    return {
        "format": FORMAT,
        "version": version("accord-lenses"),
        "files": files_digest({row["name"]: row["digest"] for row in rows}),
        "command": COMMAND,
        "scores": scores,
        "cases": rows,
    }


def files_digest(digests: Mapping[str, str]) -> str:
    """One digest of all case files, from that of each by name."""
    return hashlib.sha256(
        "".join(f"{name} {digests[name]}\n" for name in sorted(digests)).encode()
    ).hexdigest()


def as_text(made: Mapping[str, Any]) -> str:
    """Chances and Brier scores against each baseline, a line each."""
    lines = []
    for row in made["cases"]:
        given, base = row["forecast"], row["forecast"]["base"]
        lines.append(f"{row['name']}: alive {'yes' if given['alive'] else 'no'}")
        for key, label in KINDS_OF_CHANCE.items():
            more = {
                "model": f" in {row['judged']:,} of {row['worlds']:,} worlds, standard error {given['error']['chance']}",
                "base_rate": f" of {base['newborn']['at_risk']} ({base['label']})",
                "base_rate_at_age": f" of {base['at_age']['at_risk']} that reached {base['age']:g} years",
            }.get(key, "")
            lines.append(f"  {label}: {given['chance'][key]}{more}; Brier {given['brier'][key]}")
    lines.append("mean Brier: " + ", ".join(f"{key} {score}" for key, score in made["scores"].items()))
    return "\n".join(lines)


def same(made: Mapping[str, Any], shipped: Mapping[str, Any]) -> bool:
    """Whether two tables say the same; which version made them does not matter."""
    return {**made, "version": ""} == {**shipped, "version": ""}


def main(words: Sequence[str] | None = None) -> int:
    """Work everything out, print it, and write it or compare it; 1 where the shipped table is another."""
    parser = argparse.ArgumentParser(prog="python -m accord.second_cases", description=__doc__)
    parser.add_argument("--worlds", type=int, default=WORLDS, help="a power of two")
    parser.add_argument("--write", action="store_true", help="write the table that is shipped")
    parser.add_argument("--json", action="store_true", help="print all of it")
    given = parser.parse_args(words)
    made = table(given.worlds)
    text = json.dumps(made, indent=2) + "\n"
    print(text if given.json else as_text(made) + "\n", end="")
    if given.write:
        write_bytes(Path(FILE), text.encode())
        return 0
    holds = FILE.is_file() and same(json.loads(text), json.loads(FILE.read_text("utf-8")))
    if not given.json:
        print("the same as shipped" if holds else "NOT the same as shipped")
    return int(not holds)


if __name__ == "__main__":
    raise SystemExit(main())
