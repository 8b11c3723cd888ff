"""Why positions moved in a game of position exchange: which two actors traded what, and what each gained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accord.lenses.bargaining.exchange import Exchanges, Side, Trade


@dataclass(frozen=True)
class Swap:
    """One deal.

    Parameters
    ----------
    round : int
        From 1.
    number : int
        Its place among the deals of the round, from 1; the largest gain comes first.
    first, second : Side
        Who moves how far on which issue, and gets the other's move on which.
    gain : float
        What each of the two gains (the model makes both gains equal): salience times the shift of an outcome, in hundredths
        of the width of a scale.
    """

    round: int
    number: int
    first: Side
    second: Side
    gain: float

    def words(self, names: Sequence[str] | None = None, issues: Sequence[str] | None = None) -> str:
        """One sentence; actors and issues are called by *names* and *issues*, or by number."""
        one, two = (_moves(side, names, issues) for side in (self.first, self.second))
        return f"{one}, and {two}; each gains {self.gain:.3g}."


def explain(exchanges: Exchanges) -> tuple[tuple[Swap, ...], ...]:
    """Every deal of a game, round by round, in the order in which they were done.

    Parameters
    ----------
    exchanges : Exchanges
        From :func:`~accord.lenses.bargaining.exchange.exchange`, one world.

    Raises
    ------
    ValueError
        When the deals were not kept, as with several worlds.
    """
    if exchanges.preferences.ndim != 3:
        raise ValueError("the deals of several worlds are not kept; play the world of interest by itself")
    return tuple(
        tuple(_swap(t + 1, k + 1, trade) for k, trade in enumerate(trades))
        for t, trades in enumerate(exchanges.trades)
    )


def _swap(turn: int, number: int, trade: Trade) -> Swap:
    """One deal."""
    return Swap(turn, number, trade.first, trade.second, trade.gain)


def _moves(side: Side, names: Sequence[str] | None, issues: Sequence[str] | None) -> str:
    """What one side does."""
    name = f"actor {side.actor}" if names is None else names[side.actor]
    given, got = (f"issue {k}" if issues is None else issues[k] for k in (side.supplies, side.demands))
    return f"{name} moves on {given} from {side.vote - side.move:.4g} to {side.vote:.4g} for support on {got}"
