"""What a lens would need of a situation: what it says itself, and that the partnership is somebody's and no stand-in."""

from __future__ import annotations

from accord.exchange.game_case import stands_in
from accord.finding import Lens, Need
from accord.situation import Situation

# Lenses that judge the partnership, of which the file of a bargaining game says nothing.
_OF_PARTNERS = frozenset({"endurance", "precedent"})
_SAYS = (
    "a partnership of the file's own: this is a game of bargainers, whose partners, trust and date only stand in, so that"
    " what follows from them would mean nothing ('accord convert' to YAML, and write down what is known)"
)


def needs_of(lens: Lens, situation: Situation) -> tuple[Need, ...]:
    """What a lens would need of a situation; empty where it fits."""
    needs = tuple(lens.needs(situation))
    if lens.name in _OF_PARTNERS and stands_in(situation):
        return (Need("partnership", _SAYS), *needs)
    return needs
