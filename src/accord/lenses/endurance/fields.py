"""Every number of the model as a column of an array: its long name, what it has one of, where a file states it.

The kernels work on one flat vector per world.  It is made of blocks, one for each kind of thing a number can belong to
(the world, a patron, a threat, a patron and a threat ...); within a block the last axis holds the fields.  Ranges, units
and priors are those of the situation language and are looked up by path, so that nothing is said twice.
"""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from accord.lenses.endurance.terms import TERMS
from accord.situation import Range, Vocabulary, ranges

# What a number belongs to: world, patron, threat, resource, issue, and pairs of them (s: suitor).
Block = Literal["w", "p", "t", "r", "i", "pt", "pr", "pi", "pp", "ps", "pe", "e"]
BLOCKS: tuple[Block, ...] = ("w", "p", "t", "r", "i", "pt", "pr", "pi", "pp", "ps", "pe", "e")

# Room for the state of a run, beside the numbers it belongs to; zero in the vectors that are handed in.
_STATE: dict[Block, str] = {
    "w": "log_odds q_full q_actual opposed chance chance_at_start level_at_start run_weight living theatre_alive"
    " bilateral_alive theatre_end theatre_cause theatre_ender bilateral_end bilateral_cause bilateral_ender stale settled heard"
    " acted",
    "p": "effort effort_months patience_now shift share q_shirk q_without q_alone u_stay u_shirk u_out u_alone v_stay v_shirk"
    " v_exit v_sell v_grab p_stay p_shirk p_exit p_sell p_grab offer_now credibility_now tie steady odds in_theatre"
    " in_bilateral leaving was_in goal_met may_enter whole strength strength_of",
    "t": "dynamic held",
    "i": "policy policy_standing override",
    "pp": "trust_at_start",
    "ps": "open_size open_until",
    "e": "done",
}

# How a number goes with the unit of utility: not at all, in proportion, or through its logarithm.
Scaling = Literal["none", "utility", "log"]


@dataclass(frozen=True, slots=True)
class Field:
    """One number of the model.

    Parameters
    ----------
    name : str
        Long name, as in the situation file and in the arrays of :func:`accord.lenses.endurance.parameters`.
    block : str
        What there is one of it for; the letters are the axes (w world, p patron, t threat, r resource, i issue,
        s suitor).
    path : str
        Where a situation states it, with ``*`` for names.
    scaling : str
        Whether the numeraire divides it (``utility``), or is subtracted as a logarithm (``log``, offers).
    client : bool
        Whether it has a meaning only with a client (taken as 0 without).
    """

    name: str
    block: Block
    path: str
    scaling: Scaling = "none"
    client: bool = False


_PATRON, _ALL, _OFFER = "partnership.patrons.*.", "partnership.", "partnership.suitors.*.offers.*."
_UTILITIES = frozenset(
    "value material_cost salience abandonment_loss breaking_cost asset_breaking_cost influence_value dependence_goods"
    " autonomy_cost standing_interest asset_value help_cost successor_deal outside_value usefulness blowback political_weight"
    " isolation_rent client_collapse_loss client_strength_cost".split()
)
_OF_CLIENT = frozenset(
    "influence_value client_collapse_loss client_strength_cost client_ceiling client_capability".split()
)
_CORE: tuple[tuple[str, Block, str], ...] = (
    ("substitution", "w", "partnership.substitution"),
    ("contest_exponent", "w", "partnership.contest_exponent"),
    ("territory", "w", "partnership.territory"),
    ("talks", "w", "partnership.talks"),
    ("level", "t", "partnership.threats.*.level"),
    ("strength", "t", "partnership.threats.*.strength"),
    ("weight", "r", "resources.*.weight"),
    ("client_capability", "r", "actors.*.capability.*"),
    ("agenda_loading", "i", "issues.*.agenda_loading"),
    ("standing", "i", "issues.*.standing"),
    ("agreed", "i", "issues.*.policy"),
    ("value", "pt", "partnership.patrons.*.threats.*.value"),
    ("goal", "pt", "partnership.patrons.*.threats.*.goal"),
    ("usefulness", "pt", "partnership.patrons.*.threats.*.usefulness"),
    ("blowback", "pt", "partnership.patrons.*.threats.*.blowback"),
    ("capability", "pr", "actors.*.capability.*"),
    ("position", "pi", "stances.*.*.position"),
    ("salience", "pi", "stances.*.*.salience"),
    ("trust", "pp", "ties.*.*.trust"),
    ("dependence", "p", "ties.*.*.dependence"),
    ("rally_month", "pe", "partnership.patrons.*.rallies.*.date"),
    ("rally_size", "pe", "partnership.patrons.*.rallies.*.size"),
    ("rally_half_life", "pe", "partnership.patrons.*.rallies.*.half_life"),
)


def _of_terms() -> list[tuple[str, Block, str]]:
    """The lens' own terms, placed by the block their path belongs to."""
    placed: list[tuple[str, Block, str]] = []
    for term in TERMS:
        if term.path.startswith(_PATRON):
            placed.append((term.name, "p", term.path))
        elif term.path.startswith("partnership.threats."):
            placed.append((term.name, "t", term.path))
        elif term.path.startswith(_OFFER):
            placed.append((term.name, "ps", term.path))
        else:
            placed.append((term.name, "w", term.path))
    return placed


def _scaling(name: str) -> Scaling:
    """How the numeraire acts on a number."""
    if name == "size":
        return "log"
    return "utility" if name in _UTILITIES else "none"


FIELDS: tuple[Field, ...] = tuple(
    Field(name, block, path, _scaling(name), name in _OF_CLIENT)
    for name, block, path in sorted([*_CORE, *_of_terms()], key=lambda row: (BLOCKS.index(row[1]), row[0]))
)
BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}


@cache
def names_of(block: Block) -> tuple[str, ...]:
    """Columns of a block: its fields, then the state of a run that is kept beside them."""
    return (*(field.name for field in FIELDS if field.block == block), *_STATE.get(block, "").split())


def _columns(block: Block) -> Any:
    """Column numbers of a block by name, as a named tuple that kernels can freeze."""
    names = names_of(block)
    return namedtuple(f"Columns_{block}", names)(*range(len(names)))


# Column numbers, used inside kernels as compile-time constants (``W.talks``, ``P.patience``).
W, P, H, R = _columns("w"), _columns("p"), _columns("t"), _columns("r")
I = _columns("i")  # noqa: E741 - the axis' own letter
PT, PI, PP, PS, PE = _columns("pt"), _columns("pi"), _columns("pp"), _columns("ps"), _columns("pe")
WIDTHS: dict[Block, int] = {block: len(names_of(block)) for block in BLOCKS}


@dataclass(frozen=True, slots=True)
class Shape:
    """How many there are of everything.

    Parameters
    ----------
    patrons, threats, resources, issues, suitors : int
        Two to five; none to two; at least one; any; at least one (the last one stands for a tempter in trials).
    rallies, shocks : int
        Most rallies of any patron; shocks.
    """

    patrons: int
    threats: int
    resources: int
    issues: int
    suitors: int
    rallies: int = 0
    shocks: int = 0

    def of(self, block: Block) -> tuple[int, ...]:
        """Lengths of a block's axes."""
        sizes = {
            "p": self.patrons,
            "t": self.threats,
            "r": self.resources,
            "i": self.issues,
            "s": self.suitors,
        }
        if block == "pe":
            return (self.patrons, self.rallies)
        if block == "e":
            return (self.shocks,)
        if block == "w":
            return ()
        return tuple(sizes[letter] for letter in block)

    def size(self, block: Block) -> int:
        """How many numbers a block holds."""
        total = WIDTHS[block]
        for length in self.of(block):
            total *= length
        return total

    def start(self, block: Block) -> int:
        """Where a block begins in the flat vector."""
        return _starts(self)[block]

    @property
    def length(self) -> int:
        """Length of the flat vector."""
        return sum(self.size(block) for block in BLOCKS)

    def index(self, name: str, *where: int) -> int:
        """Place of one number in the flat vector.

        Parameters
        ----------
        name : str
            Long name of the field.
        *where : int
            Index along each axis of its block.
        """
        field = BY_NAME[name]
        place = 0
        for length, one in zip(self.of(field.block), where, strict=True):
            place = place * length + one
        return self.start(field.block) + place * WIDTHS[field.block] + names_of(field.block).index(name)


@lru_cache(maxsize=64)
def _starts(shape: Shape) -> dict[Block, int]:
    """Where each block begins."""
    found: dict[Block, int] = {}
    at = 0
    for block in BLOCKS:
        found[block], at = at, at + shape.size(block)
    return found


def limits(vocabulary: Vocabulary) -> dict[str, Range]:
    """Range, unit and prior of every field by long name, from the situation language."""
    known = ranges(vocabulary)
    found: dict[str, Range] = {}
    for field in FIELDS:
        limit = known[field.path][0] if field.path in known else Range(unit="months from the start")
        assert limit is not None
        found[field.name] = limit
    return found
