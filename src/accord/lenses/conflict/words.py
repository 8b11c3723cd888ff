"""Outcomes and moves as an analyst would say them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from accord.formulas import wording
from accord.formulas.logic import parse
from accord.lenses.conflict.gather import Setting
from accord.situation import Situation


def actor(situation: Situation, name: str) -> str:
    """What people call an actor."""
    return wording.named(situation.actors[name].label, name)


def outcome(situation: Situation, setting: Setting, state: int) -> str:
    """An outcome by what differs from the present one: ``as now``, or who does or stops what."""
    return changes(situation, setting, setting.now, state) or "as now"


def changes(situation: Situation, setting: Setting, start: int, end: int) -> str:
    """What is done or stopped between two outcomes, actor by actor; empty when nothing is."""
    model = setting.model
    before, after = set(model.taken(start)), set(model.taken(end))
    parts: list[str] = []
    for name in model.actors:
        own = [option for option in model.options if situation.options[option].owner == name]
        done = [_says(situation, option) for option in own if option in after - before]
        left = [f"no longer {_says(situation, option)}" for option in own if option in before - after]
        if done or left:
            parts.append(f"{actor(situation, name)} {wording.joined([*done, *left])}")
    return "; ".join(parts)


def _says(situation: Situation, option: str) -> str:
    """What an option is, without a full stop."""
    return situation.options[option].says.strip().rstrip(".")


def steps(situation: Situation, setting: Setting, start: int, path: Sequence[int]) -> str:
    """A sequence of outcomes as the moves between them, in order."""
    said, at = [], start
    for state in path:
        said.append(changes(situation, setting, at, state))
        at = state
    return ", then ".join(said)


def statement(situation: Situation, text: str) -> str:
    """A statement with what each option means in the place of its name, in quotation marks."""

    def said(name: str) -> str:
        """What an option means, in quotation marks."""
        means = f"{actor(situation, situation.options[name].owner)} {_says(situation, name)}"
        return f"\N{LEFT DOUBLE QUOTATION MARK}{means}\N{RIGHT DOUBLE QUOTATION MARK}"

    names = sorted(situation.options, key=len, reverse=True)
    pattern = r"(?<![\w-])(" + "|".join(map(re.escape, names)) + r")(?![\w-])"
    return re.sub(pattern, lambda found: said(found.group(1)), str(parse(text)))
