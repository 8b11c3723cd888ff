"""The aggregates that Accord ships, so that the lens works without any download.

``aggregates/*.json`` holds numbers worked out from the data sets that each file cites, and no row of them.  Each says how it
is made again from the user's own import (:mod:`accord.lenses.precedent.recompute`, ``accord data aggregate``).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from accord.lenses.precedent.classes import CLASSES
from accord.lenses.precedent.compliance import Compliance
from accord.lenses.precedent.records import AgeBand, BaseRate
from accord.lenses.precedent.survival import Estimated, Weibull
from accord.lenses.precedent.ties import TieRate

FOLDER = Path(__file__).with_name("aggregates")
ENDLESS = "endless"  # how an infinite number is written, for JSON has none


def content_of(name: str) -> dict[str, Any]:
    """A shipped file as it stands; empty when there is none."""
    path = FOLDER / f"{name}.json"
    return _content(path, path.stat().st_mtime_ns) if path.exists() else {}


@lru_cache(maxsize=16)
def _content(path: Path, changed: int) -> dict[str, Any]:
    """What a file held when it was last changed; every table asks for it."""
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def _estimated(value: Any) -> Estimated:
    """A number with its interval, out of JSON."""
    return Estimated(*(_number(part) for part in value))


def _number(value: Any) -> float:
    """A number out of JSON."""
    if value is None:
        return math.nan
    return math.inf if value == ENDLESS else float(value)


def _by_age(values: Mapping[str, Any]) -> dict[float, Estimated]:
    """Numbers by age, out of JSON."""
    return {float(age): _estimated(value) for age, value in values.items()}


def _by_name(values: Mapping[str, Any]) -> dict[str, Estimated]:
    """Numbers by name, out of JSON."""
    return {name: _estimated(value) for name, value in values.items()}


@cache
def shipped_rates() -> dict[str, BaseRate]:
    """The shipped base rates, by class, in the order of the classes."""
    rows = {row["name"]: row for row in content_of("alliances")["numbers"]["classes"]}
    return {name: _rate(rows[name]) for name in CLASSES if name in rows}


def _rate(row: Mapping[str, Any]) -> BaseRate:
    """A base rate out of JSON."""
    return BaseRate(
        row["name"],
        row["label"],
        row["n"],
        row["ended"],
        row["exposure"],
        _by_age(row["survival"]),
        {float(age): int(count) for age, count in row["still"].items()},
        {cause: _by_age(values) for cause, values in row["incidence"].items()},
        _estimated(row["median"]),
        _estimated(row["hazard"]),
        _by_name(row["cause_hazard"]),
        _by_name(row["share"]),
        {float(age): _number(value) for age, value in row["greenwood"].items()},
        row["level"],
    )


@cache
def shipped_ages() -> tuple[AgeBand, ...]:
    """The shipped hazards by age."""
    rows = content_of("alliances")["numbers"]["ages"]
    return tuple(
        AgeBand(
            float(row["low"]),
            float(row["high"]),
            row["exposure"],
            _estimated(row["hazard"]),
            _by_name(row["cause_hazard"]),
        )
        for row in rows
    )


@cache
def shipped_weibull() -> Weibull:
    """The shipped Weibull fit of all alliances."""
    row = content_of("alliances")["numbers"]["weibull"]
    return Weibull(_estimated(row["shape"]), _estimated(row["scale"]))


@cache
def shipped_ties() -> tuple[TieRate, ...]:
    """The shipped base rates of ties."""
    return tuple(
        TieRate(
            row["tie"],
            row["since"],
            row["n"],
            row["ended"],
            _by_age(row["survival"]),
            _estimated(row["median"]),
            _estimated(row["hazard"]),
        )
        for row in content_of("ties")["numbers"]["ties"]
    )


@cache
def shipped_compliance() -> tuple[Compliance, ...]:
    """The shipped shares of alliances honoured in war."""
    return tuple(
        Compliance(row["obligation"], row["honoured"], row["tested"], _estimated(row["share"]))
        for row in content_of("compliance")["numbers"]["compliance"]
    )


def provenance(name: str) -> dict[str, str]:
    """Where a shipped file comes from: ``from``, ``version``, ``citation``, ``recompute``, ``digest``.

    Parameters
    ----------
    name : {'alliances', 'ties', 'compliance', 'hazard_model'}
    """
    content = content_of(name)
    return {key: content[key] for key in ("from", "version", "citation", "recompute", "digest")}
