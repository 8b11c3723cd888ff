"""Why actors move in the spatial model at the best estimates, in words."""

from __future__ import annotations

from accord.finding import Cell, Column, Table
from accord.formulas import wording
from accord.lenses.bargaining.tally import contested, held
from accord.lenses.bargaining.view import CAUTION, View

# Turns told, and moves told of one issue.
_TURNS, _MOST = 2, 8


def why_table(view: View) -> Table | None:
    """The moves of the first turns on every issue; None where nobody bargains."""
    rows = [row for issue in contested(view) for row in _moves(view, issue)]
    if not rows:
        return None
    return Table(
        "why",
        wording.headline(_title(rows)),
        "plain",
        (Column("issue", "Issue"), Column("turn", "Turn"), Column("move", "Who moves, and why")),
        tuple(rows),
        f"The spatial model at the best estimates, each issue by itself, turns 1 to {_TURNS}; who stays is left out. Worth:"
        " mean utility of all positions to the actor beyond that of staying. Percentages: chances of the actor's options"
        f" against each other. {CAUTION}",
    )


def _title(rows: list[tuple[Cell, ...]]) -> str:
    """On how many issues somebody moves at once."""
    moved = {row[0] for row in rows if row[1] is not None}
    total = {row[0] for row in rows}
    if not moved:
        return "in the spatial model nobody moves at the best estimates"
    where = f"{len(moved)} of {wording.count(len(total), 'issue')}"
    return f"in the spatial model actors move on {where}, by bargains of their own or of others"


def _moves(view: View, issue: str) -> list[tuple[Cell, ...]]:
    """The moves on one issue, turn by turn, the longest first."""
    from accord.lenses.bargaining.explain_spatial import explain
    from accord.lenses.bargaining.spatial import spatial

    scale, who = view.situation.issues[issue].scale, held(view, issue)
    if len(who.actors) < 2:
        return []
    place = (scale.low + (scale.high - scale.low) * who.place).clip(scale.low, scale.high)
    course = spatial(
        place[:, None], who.care, who.power, low=scale.low, high=scale.high, max_turns=_TURNS, stages=True
    )
    names = [view.actor(name) for name in who.actors]
    rows: list[tuple[Cell, ...]] = []
    for turn in explain(course):
        moved = [move for move in turn if abs(move.after[0] - move.before[0]) > 0]
        moved.sort(key=lambda move: (-round(float(abs(move.after[0] - move.before[0])), 12), move.actor))
        rows += [(view.issue(issue), move.turn, move.words(names)) for move in moved]
    left = len(rows) - _MOST
    if left > 0:
        more = f"{left} more moves."
        return [*rows[:_MOST], (view.issue(issue), None, more)]
    return rows or [(view.issue(issue), None, "Nobody moves.")]
