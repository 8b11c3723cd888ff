"""Tables on fault lines: how strong now and at the end state, and which are still hidden."""

from __future__ import annotations

import numpy as np

from accord.finding import Cell, Column, Table
from accord.formulas import TOLERANCE, wording
from accord.seen import View

Line = tuple[str, str, str]


def lines_of(view: View) -> list[Line]:
    """Fault lines (issue and pair of patrons) that are defined at the end state, strongest there first."""
    every = [(issue, i, j) for issue in view.issues for i, j in view.pairs]
    known = [line for line in every if view.known(key(line, "end"))]
    return sorted(known, key=lambda line: (-_or_zero(view.value(key(line, "end"))), line))


def _or_zero(value: float) -> float:
    """A number for sorting."""
    return 0.0 if np.isnan(value) else value


def key(line: Line, what: str) -> str:
    """Name of one quantity of a fault line."""
    return f"fault_line.{'.'.join(line)}.{what}"


def name_of(view: View, line: Line) -> str:
    """A fault line in words: the issue, and the pair where there are several."""
    issue = view.issue(line[0])
    return issue if len(view.pairs) == 1 else f"{issue} ({view.pair((line[1], line[2]))})"


def strongest(view: View, when: str) -> tuple[Line | None, float]:
    """The strongest fault line at a horizon at the best estimates, and the share of worlds in which it is that."""
    lines = [line for line in lines_of(view) if not np.isnan(view.value(key(line, when)))]
    if not lines:
        return None, float("nan")
    top = max(lines, key=lambda line: view.value(key(line, when)))
    if view.value(key(top, when)) <= TOLERANCE:
        return None, float("nan")
    values = np.stack([view.over[key(line, when)] for line in lines], axis=-1)
    most = np.where(np.isnan(values), -np.inf, values).max(axis=-1)
    mine = values[:, lines.index(top)]
    return top, view.share(np.asarray(mine >= most - TOLERANCE), ~np.isnan(mine))


def rift_tables(view: View) -> list[Table]:
    """Fault lines now and at the end state, and their ranks."""
    lines = lines_of(view)
    return [_shift(view, lines), _ranks(view, lines)] if lines else []


def _shift(view: View, lines: list[Line]) -> Table:
    """Strength now and at the end state."""
    left = [view.issue(name) for name in view.issues if all(line[0] != name for line in lines)]
    missing = f" Not defined for any pair of partners: {wording.joined(left)}." if left else ""
    return Table(
        "fault_lines",
        wording.headline(_shift_title(view)),
        "shift",
        (
            Column("issue", "Issue"),
            Column("now", "Now", low=0.0),
            Column("end", "At the end state", low=0.0),
        ),
        tuple(
            (name_of(view, line), view.spread(key(line, "now")), view.spread(key(line, "end")))
            for line in lines
        ),
        "Strength of a fault line: how much the two care, times how far apart they stand, times how much the issue"
        f" bites now (in full at the end state); 0 to 1.{missing}",
        extra={"caption": "strength of the fault line (0 = none, 1 = the strongest there can be)"},
    )


def _shift_title(view: View) -> str:
    """Which rift is deepest now, which at the end state."""
    (now, sure_now), (end, sure_end) = strongest(view, "now"), strongest(view, "end")
    if end is None:
        return "There is no rift between the partners on any issue on which both take a stand"
    then = f"the deepest rift is over {name_of(view, end)} ({wording.in_worlds(sure_end)})"
    if now is None:
        return f"No rift shows yet; once the end state is at stake {then}"
    if now == end:
        lead = f"Now and at the end state the deepest rift is over {name_of(view, end)}"
        return f"{lead} ({wording.in_worlds(sure_now)} now, {wording.in_worlds(sure_end)} then)"
    today = f"Today the deepest rift is over {name_of(view, now)} ({wording.in_worlds(sure_now)})"
    return f"{today}; once the end state is at stake {then}"


def _ranks(view: View, lines: list[Line]) -> Table:
    """Ranks at both horizons, how often a line is hidden, and where it opens."""
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        places = [_rank(view.value(key(line, f"rank_{when}"))) for when in ("now", "end")]
        hidden = view.share_above(key(line, "latent"), 0.5)
        share = round(100 * hidden) if hidden == hidden else None
        rows.append((name_of(view, line), *places, share, _opening(view, line[0])))
    where = "territory under the client's control" if view.situation.partnership.client else "progress"
    return Table(
        "fault_line_ranks",
        wording.headline(_ranks_title(view, lines)),
        "plain",
        (
            Column("issue", "Issue"),
            Column("rank_now", "Rank now"),
            Column("rank_end", "Rank at the end state"),
            Column("hidden", "Worlds in which it is still hidden", "of 100"),
            Column("opens_at", "Half open from"),
        ),
        tuple(rows),
        "A fault line is hidden (latent) in a world when it ranks higher at the end state than now. It is half open"
        f" once {where}, or talks on the end state, have come this far (0 to 1); issues of which at most half waits for"
        " the end state are open from the start.",
    )


def _rank(value: float) -> int | None:
    """A rank as a whole number."""
    return None if np.isnan(value) else round(value)


def _opening(view: View, issue: str) -> str | None:
    """Where an issue becomes half open, in words."""
    spread = view.spread(f"opens_at.{issue}")
    if spread is None:
        return None
    if spread.best <= TOLERANCE and not spread.high > TOLERANCE:
        return "the start"
    point = "the start" if spread.best <= TOLERANCE else wording.figure(spread.best)
    if not spread.high - spread.low > TOLERANCE:
        return point
    return f"{point} ({wording.figure(spread.low)} to {wording.figure(spread.high)})"


def hidden_lines(view: View) -> list[tuple[Line, float]]:
    """Fault lines that rank higher at the end state than now at the best estimates, with the share of worlds."""
    found = [
        (line, view.share_above(key(line, "latent"), 0.5))
        for line in lines_of(view)
        if view.value(key(line, "latent")) > 0.5
    ]
    return sorted(found, key=lambda item: view.value(key(item[0], "rank_end")))


def _ranks_title(view: View, lines: list[Line]) -> str:
    """Which rifts are still hidden."""
    hidden = hidden_lines(view)
    if not hidden:
        return _steady(view, lines)
    line, share = hidden[0]
    ranks = [wording.figure(view.value(key(line, f"rank_{when}")), 0) for when in ("now", "end")]
    others = len(hidden) - 1
    more = "" if not others else "; one more is hidden" if others == 1 else f"; {others} more are hidden"
    return (
        f"Hidden so far: {name_of(view, line)}, at the best estimates number {ranks[0]} now and number {ranks[1]}"
        f" at the end state; it rises {wording.in_worlds(share)}{more}"
    )


def _steady(view: View, lines: list[Line]) -> str:
    """That no rift is hidden at the best estimates, and the one that most often is."""
    shares = {line: view.share_above(key(line, "latent"), 0.5) for line in lines}
    most = max(lines, key=lambda line: (np.nan_to_num(shares[line], nan=-1.0), line))
    text = "At the best estimates no rift overtakes another as the end state comes near"
    return (
        f"{text}; {name_of(view, most)} does {wording.in_worlds(shares[most])}" if shares[most] > 0 else text
    )
