"""The folder of a run as ``accord run`` leaves it, with made-up numbers: no model is run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import accord
from accord.engine.store import write_worlds
from accord.lenses.endurance.endings import CAUSES
from accord.situation import Day, Resolution, Situation

WORLDS, MONTHS = 64, 25
SHARES = {"sell_out": 0.1, "abandonment": 0.2, "collapse": 0.3}


def pact(folder: Path, **outputs: str) -> tuple[Path, Situation]:
    """A file with questions, and its situation as of 2020-06-30; horizon two years."""
    text = (Path(accord.__file__).parent / "files" / "template.yaml").read_text("utf-8")
    first = folder / "first.yaml"
    first.write_text(text, "utf-8")
    questions = {
        "joint_2021": Resolution(
            "Do they still sail together?", Day(2021, 7), output="endurance.survival.theatre"
        ),
        "pact_2022": Resolution(
            "Is the pact alive?", Day(2022, 6, 30), output="endurance.survival.bilateral"
        ),
        "at_six": Resolution("Alive after half a year?", Day(2022), output="endurance.survival.theatre.6"),
        "fallen": Resolution(
            "Has the client fallen?", Day(2021, 12, 31), output="endurance.incidence.collapse"
        ),
        "king": Resolution("Is there a new king?", Day(2022)),
        **{name: Resolution(f"{name}?", Day(2022), output=output) for name, output in outputs.items()},
    }
    situation = replace(accord.read(first), horizon=MONTHS - 1, resolve=questions)
    path = folder / "pact.yaml"
    accord.save(situation, path)
    first.unlink()
    return path, accord.read(path)


def survival(level: str) -> np.ndarray:
    """Survival by world and month: months of a world fall from one at a pace of its own."""
    pace = np.linspace(0.01, 0.03, WORLDS) / (1 if level == "theatre" else 2)
    return np.clip(1.0 - pace[:, None] * np.arange(MONTHS), 0.0, 1.0)


def ran(folder: Path, situation: Situation, **changes: Any) -> Path:
    """The folder of a finished run."""
    folder.mkdir(parents=True, exist_ok=True)
    accord.save(situation, folder / "situation.json")
    how = {"worlds": WORLDS, "done": WORLDS, "seed": 3, "method": "sobol", "interrupted": False, **changes}
    spot = {"best": 0.5, "low": 0.4, "median": 0.5, "high": 0.6, "worlds": WORLDS, "undefined": 0}
    verdict = {
        "label": "weak_tie",
        "judged": WORLDS,
        "durability": spot,
        "conditionality": spot,
        "strategic_index": spot,
        "rank_errors": {"durability": 0.1, "conditionality": 0.1},
        "quadrant_shares": {"weak_tie": 1.0},
    }
    record = {
        "format": 1,
        "situation": {"digest": situation.digest},
        "run": how,
        "digest": "d" * 64,
        "verdict": verdict,
    }
    (folder / "run.json").write_text(json.dumps(record), "utf-8")
    _tables(folder)
    return folder


def _tables(folder: Path) -> None:
    """What was drawn and seen: trust moves with survival, price is noise."""
    world = np.arange(1, WORLDS + 1)
    noise = np.random.default_rng(0).permutation(WORLDS).astype(float)
    draws = {"world": world, "ties.a.b.trust": -survival("theatre")[:, 6].copy(), "price": noise}
    write_worlds(folder / "worlds.parquet", draws)
    ages = np.arange(MONTHS) / (MONTHS - 1)
    monthly: Mapping[str, np.ndarray] = {
        **{f"survival.{level}": survival(level) for level in ("theatre", "bilateral")},
        **{
            f"incidence.{level}.{cause}": np.tile(SHARES.get(cause, 0.0) * ages, (WORLDS, 1))
            for level in ("theatre", "bilateral")
            for cause in CAUSES[1:]
        },
    }
    # Rows in no order: what is read belongs to worlds, not to places.
    order = np.random.default_rng(1).permutation(WORLDS * MONTHS)
    columns = {
        "world": np.repeat(world, MONTHS)[order],
        "month": np.tile(np.arange(MONTHS), WORLDS)[order],
        **{f"endurance/{name}": values.reshape(-1)[order] for name, values in monthly.items()},
    }
    write_worlds(folder / "results_by_month.parquet", columns)
