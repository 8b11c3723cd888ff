"""The forecast ledger: probabilities frozen before the fact, resolved with a source, scored; lines are only ever added.

``Book`` is the file, ``Forecast`` and ``Resolution`` what stands in it; ``by_questions``, ``by_date``, ``by_cause`` and
``by_analyst`` ask, ``grouped`` and ``summary`` score.
"""

from typing import TYPE_CHECKING

from accord.lazily import room

if TYPE_CHECKING:
    from accord.ledger.answers import basis_of_run, basis_of_worlds
    from accord.ledger.asking import by_analyst, by_cause, by_date, by_questions
    from accord.ledger.book import Book, default_path
    from accord.ledger.chain import Chain, Record, chain_of
    from accord.ledger.csvs import write_csv
    from accord.ledger.forecast import Forecast, Item, Resolution
    from accord.ledger.items import items_of
    from accord.ledger.scores import brier, grouped, logarithmic, summary
    from accord.ledger.since import since

__all__ = [
    "Book",
    "Chain",
    "Forecast",
    "Item",
    "Record",
    "Resolution",
    "basis_of_run",
    "basis_of_worlds",
    "brier",
    "by_analyst",
    "by_cause",
    "by_date",
    "by_questions",
    "chain_of",
    "default_path",
    "grouped",
    "items_of",
    "logarithmic",
    "since",
    "summary",
    "write_csv",
]

__getattr__ = room(
    __name__,
    {
        "answers": ("basis_of_run", "basis_of_worlds"),
        "asking": ("by_analyst", "by_cause", "by_date", "by_questions"),
        "book": ("Book", "default_path"),
        "chain": ("Chain", "Record", "chain_of"),
        "csvs": ("write_csv",),
        "forecast": ("Forecast", "Item", "Resolution"),
        "items": ("items_of",),
        "scores": ("brier", "grouped", "logarithmic", "summary"),
        "since": ("since",),
    },
)
