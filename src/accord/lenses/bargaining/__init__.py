"""The lens that asks what the actors would settle on.

The array functions of its models stand beside it: ``bargaining.compromise(positions, salience, capability)``.
"""

from typing import TYPE_CHECKING

from accord.lazily import room
from accord.lenses.bargaining.compromise import compromise
from accord.lenses.bargaining.lens import Bargaining

if TYPE_CHECKING:
    import accord.lenses.bargaining.explain_exchange as explain_exchange
    import accord.lenses.bargaining.explain_expected_utility as explain_expected_utility
    import accord.lenses.bargaining.explain_spatial as explain_spatial
    import accord.lenses.bargaining.readings as readings
    from accord.lenses.bargaining.backtest import Backtest, backtest
    from accord.lenses.bargaining.course import Course
    from accord.lenses.bargaining.deu import Resolved, ResolvedIssue, read_deu
    from accord.lenses.bargaining.exchange import Exchanges, exchange
    from accord.lenses.bargaining.expected_utility import Challenges, Reading, expected_utility
    from accord.lenses.bargaining.forecast import forecast
    from accord.lenses.bargaining.games import Game, game_of, read_game, spatial_options, write_game
    from accord.lenses.bargaining.median import weighted_median
    from accord.lenses.bargaining.nash import Nash, nash
    from accord.lenses.bargaining.predictive import Distribution
    from accord.lenses.bargaining.settling import settle
    from accord.lenses.bargaining.spatial import spatial

LENS = Bargaining()

__all__ = [
    "LENS",
    "Backtest",
    "Bargaining",
    "Challenges",
    "Course",
    "Distribution",
    "Exchanges",
    "Game",
    "Nash",
    "Reading",
    "Resolved",
    "ResolvedIssue",
    "backtest",
    "compromise",
    "exchange",
    "expected_utility",
    "explain_exchange",
    "explain_expected_utility",
    "explain_spatial",
    "forecast",
    "game_of",
    "nash",
    "read_deu",
    "read_game",
    "readings",
    "settle",
    "spatial",
    "spatial_options",
    "weighted_median",
    "write_game",
]

_INSIDE = {
    "backtest": ("Backtest", "backtest"),
    "course": ("Course",),
    "exchange": ("Exchanges", "exchange"),
    "deu": ("Resolved", "ResolvedIssue", "read_deu"),
    "expected_utility": ("Challenges", "Reading", "expected_utility"),
    "forecast": ("forecast",),
    "games": ("Game", "game_of", "read_game", "spatial_options", "write_game"),
    "median": ("weighted_median",),
    "nash": ("Nash", "nash"),
    "predictive": ("Distribution",),
    "settling": ("settle",),
    "spatial": ("spatial",),
}
__getattr__ = room(
    __name__, _INSIDE, ("explain_exchange", "explain_expected_utility", "explain_spatial", "readings")
)
