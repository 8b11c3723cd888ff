"""The ways a partnership can end, one row each; the kernels count them by their place here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Ending:
    """One way to end.

    Parameters
    ----------
    name : str
        For machines; its place in ``ENDINGS`` is its number in the kernels.
    label : str
        For people.
    says : str
        What happens.
    leaver : str
        Whether one patron leaves the theatre only, both levels, or nobody in particular does (``nobody``).
    chosen : bool
        Whether somebody decides it.
    """

    name: str
    label: str
    says: str
    leaver: Literal["theatre", "both", "nobody"]
    chosen: bool


ENDINGS: tuple[Ending, ...] = (
    Ending("censored", "still together", "It lasts to the horizon.", "nobody", False),
    Ending(
        "fulfilled",
        "job done",
        "A partner whose goal is reached calls it done; the joint theatre ends for all.",
        "theatre",
        True,
    ),
    Ending("sell_out", "sell-out", "A partner takes a suitor's offer.", "both", True),
    Ending(
        "abandonment", "abandonment", "A partner walks away unbribed, its goal not reached.", "both", True
    ),
    Ending("exhaustion", "exhaustion", "A partner's patience is used up.", "theatre", False),
    Ending("fait_accompli", "fait accompli", "A partner reaches for the client alone.", "both", True),
    Ending("entrapment", "fear of entrapment", "A partner leaves when it is called for help.", "both", True),
    Ending("collapse", "collapse of the client", "The client loses its territory.", "nobody", False),
)
CAUSES: tuple[str, ...] = tuple(ending.name for ending in ENDINGS)
