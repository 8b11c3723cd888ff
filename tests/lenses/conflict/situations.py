"""Small situations written as files, and what the lens makes of them."""

from __future__ import annotations

from pathlib import Path

import accord
from accord.finding import Finding
from accord.lenses.conflict import Conflict
from accord.lenses.conflict.gather import setting_of
from accord.lenses.conflict.weighing import orders
from accord.situation import Situation
from accord.worlds import best, draw, plan

HEAD = """\
accord: 1
title: A pact
as_of: 2020-06-30
actors:
  north: {kind: state, label: Norland}
  south: {kind: state, label: Sudland}
  rival: {kind: state, label: the Rival}
partnership:
  patrons: {north: {}, south: {}}
"""

# Two partners in a prisoner's dilemma; both stay at present.
DILEMMA = """\
options:
  north_leaves: {owner: north, says: leaves the pact}
  south_leaves: {owner: south, says: quits.}
preferences:
  north:
    ranking: [north_leaves and not south_leaves, not north_leaves and not south_leaves,
              north_leaves and south_leaves, not north_leaves and south_leaves]
  south:
    ranking: [south_leaves and not north_leaves, not north_leaves and not south_leaves,
              north_leaves and south_leaves, not south_leaves and north_leaves]
"""

# A partner takes what an outsider offers; the outsider offers only when sure that it is taken.
OFFER = """\
options:
  takes: {owner: north, says: takes the deal}
  offers: {owner: rival, says: offers a deal}
preferences:
  north: {weights: {takes: 2}}
  rival: {payoffs: {takes: 2, offers and not takes: -1, otherwise: 0}}
rules:
  nothing_from_nothing: {when: takes, then: offers}
"""


def situation_of(folder: Path, text: str) -> Situation:
    """A situation read from a file."""
    path = folder / "situation.yaml"
    path.write_text(HEAD + text, "utf-8")
    return accord.read(path)


def columns_of(situation: Situation, worlds: int = 64, seed: int = 0, lens: Conflict | None = None):
    """What the lens works out at the best estimates, and in drawn worlds."""
    lens, made = lens or Conflict(worlds=None), plan(situation)
    return lens.compute(situation, best(made, situation)), lens.compute(
        situation, draw(made, situation, worlds, seed)
    )


def finding_of(situation: Situation, worlds: int = 64, seed: int = 0) -> Finding:
    """What the lens finds."""
    lens = Conflict(worlds=None)
    assert lens.needs(situation) == ()
    return lens.conclude(situation, *columns_of(situation, worlds, seed, lens))


def payoffs_of(situation: Situation) -> dict[str, dict[str, float]]:
    """Payoffs at the best estimates, by actor and by what is taken."""
    setting = setting_of(situation)
    found = orders(situation, setting, best(plan(situation), situation)).payoffs[0]
    names = ["+".join(sorted(setting.model.taken(s))) for s in range(setting.model.size)]
    return {
        actor: dict(zip(names, row.tolist(), strict=True))
        for actor, row in zip(setting.model.actors, found, strict=True)
    }


def shares(finding: Finding) -> dict[str, float]:
    """The middle of each measure, by name."""
    return {measure.name: measure.spread.median for measure in finding.measures}
