"""Verification cases of a lens: small situations with known results, kept as ``cases.yaml`` beside the lens.

One entry of the file::

    - name: identical actors
      source: definition            # a publication with its table, or the argument
      issues: {war: {low: 0, high: 10, loading: 0.5, reference: 2}}  # low 0, high 1, loading 0, none if left out
      resources: {air: 0.5, ground: 0.5}                       # weights; may be left out
      actors:
        iran: {air: 1, stances: {war: [3, 0.5]}}               # resources by name; position, salience, weight
        russia: {air: 2, stances: {war: [3, 0.5]}}
      patrons: [iran, russia]                                  # all actors if left out
      client: syria
      threats: {is: {level: 0.5, strength: 1}}
      values: {iran: {is: {value: 1, usefulness: 0, blowback: 0}}}
      dependence: {iran: {russia: 0.5}}
      numbers: {territory: 0.4, talks: 0, substitution: 1, contest_exponent: 1}
      expect: {similarity.end.iran.russia: 1}                  # measure to value; null: not defined
      tolerance: 1e-12
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accord.finding import Finding, Lens
from accord.situation import (
    Actor,
    Client,
    Day,
    Estimate,
    Frozen,
    Issue,
    Option,
    Partnership,
    Patron,
    PatronThreat,
    Preference,
    Resource,
    Rule,
    Scale,
    Situation,
    Stance,
    Threat,
    Tie,
    estimates,
)
from accord.situation.option import Direction
from accord.testing.drawing import draw

Plain = Mapping[str, Any]


def read_cases(path: Path) -> list[dict[str, Any]]:
    """The entries of a ``cases.yaml``."""
    from ruamel.yaml import YAML

    entries: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    return entries


def case_situation(case: Plain) -> Situation:
    """The situation that an entry describes; every number is certain."""
    actors: Plain = case["actors"]
    resources: Plain = case.get("resources", {})
    patrons = case.get("patrons", list(actors))
    return Situation(
        accord=1,
        title=case["name"],
        as_of=Day(2015),
        partnership=_partnership(case, patrons),
        actors=Frozen({name: _actor(given, resources) for name, given in actors.items()}),
        resources=Frozen({name: Resource(weight=_number(weight)) for name, weight in resources.items()}),
        issues=Frozen({name: _issue(given or {}) for name, given in case.get("issues", {}).items()}),
        stances=Frozen({issue: _stances(actors, issue) for issue in case.get("issues", {})}),
        ties=Frozen(
            {i: Frozen({j: Tie(dependence=_number(d)) for j, d in held.items()}) for i, held in _ties(case)}
        ),
        options=Frozen({name: _option(name, given, case) for name, given in case.get("options", {}).items()}),
        preferences=Frozen(
            {name: Preference(ranking=tuple(order)) for name, order in case.get("rankings", {}).items()}
        ),
        rules=Frozen({name: Rule(infeasible=text) for name, text in case.get("rules", {}).items()}),
    )


def _option(name: str, given: Any, case: Plain) -> Option:
    """An option of an actor."""
    owner: str = given if isinstance(given, str) else given[0]
    direction: Direction = "both" if isinstance(given, str) else given[1]
    return Option(owner, f"takes {name}", direction, name in case.get("now", ()))


def _number(value: float | None) -> Estimate | None:
    """A certain number; None stays None."""
    return None if value is None else Estimate(float(value))


def _ties(case: Plain) -> list[tuple[str, Plain]]:
    """Dependence of each actor on others."""
    return list(case.get("dependence", {}).items())


def _actor(given: Plain, resources: Plain) -> Actor:
    """An actor with what it states of the resources."""
    held = {name: Estimate(float(given[name])) for name in resources if name in given}
    return Actor("state", capability=Frozen(held))


def _issue(given: Plain) -> Issue:
    """An issue on its scale."""
    scale = Scale(float(given.get("low", 0)), float(given.get("high", 1)), "low", "high")
    point = None if given.get("reference") is None else float(given["reference"])
    loading = _number(given.get("loading", 0.0))
    return Issue("What is decided?", scale, reference_point=point, agenda_loading=loading)


def _stances(actors: Plain, issue: str) -> Frozen[Stance]:
    """Who stands where on one issue."""
    held = {
        name: given["stances"][issue] for name, given in actors.items() if issue in given.get("stances", {})
    }
    return Frozen({name: _stance([*values, None, None, None]) for name, values in held.items()})


def _stance(values: list[float | None]) -> Stance:
    """A stance from position, salience and weight."""
    return Stance(_number(values[0]), _number(values[1]), _number(values[2]))


def _partnership(case: Plain, patrons: list[str]) -> Partnership:
    """The partnership of a case."""
    numbers = {name: _number(value) for name, value in case.get("numbers", {}).items()}
    values: Plain = case.get("values", {})
    held = {
        name: Patron(threats=Frozen({t: _patron_threat(given) for t, given in values.get(name, {}).items()}))
        for name in patrons
    }
    return Partnership(
        patrons=Frozen(held),
        client=Client(case["client"]) if "client" in case else None,
        threats=Frozen(
            {
                name: Threat(level=_number(given.get("level")), strength=_number(given.get("strength")))
                for name, given in case.get("threats", {}).items()
            }
        ),
        **numbers,  # type: ignore[arg-type]
    )


def _patron_threat(given: Plain) -> PatronThreat:
    """What a threat means to a patron."""
    names = ("value", "usefulness", "blowback")
    numbers = {name: _number(given.get(name)) for name in names}
    return PatronThreat(**numbers)


def conclude(lens: Lens, situation: Situation) -> Finding:
    """What a lens finds when every number is taken at its best estimate and nothing is filled."""
    best, over = draw(estimates(situation), 3, 0)
    return lens.conclude(situation, lens.compute(situation, best), lens.compute(situation, over))


def check_case(lens: Lens, case: Plain) -> None:
    """Check one entry.

    Raises
    ------
    AssertionError
        Naming the measure that is off, with what was expected and what came out.
    """
    finding = conclude(lens, case_situation(case))
    found = {measure.name: measure.spread.best for measure in finding.measures}
    tolerance = float(case.get("tolerance", 1e-12))
    for name, wanted in case["expect"].items():
        value = found.get(name, math.nan)
        right = math.isnan(value) if wanted is None else abs(value - float(wanted)) <= tolerance
        if not right:
            raise AssertionError(f"case '{case['name']}': {name} is {value!r}, expected {wanted!r}")
