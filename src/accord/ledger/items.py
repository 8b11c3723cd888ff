"""From lines of the ledger to forecasts with what became of them."""

from __future__ import annotations

from dataclasses import replace

from accord.ledger.chain import Chain
from accord.ledger.forecast import Forecast, Item, Resolution
from accord.ledger.same import aware
from accord.problems import Problem, SituationError


def items_of(chain: Chain, file: str = "") -> tuple[Item, ...]:
    """The forecasts of a ledger in order, each with its resolutions and what others tell of its outcome.

    Raises
    ------
    SituationError
        When a record is sound as such and yet no forecast or resolution that this version knows.
    """
    found: dict[str, Item] = {}
    for record in chain.records:
        try:
            if record.kind == "forecast":
                made = Forecast.of(record.body)
                found[made.id] = Item(made, record.at, record.number, record.sha256)
            elif record.kind == "resolution":
                told = Resolution(**record.body)
                item = found[told.id]
                added = (*item.resolutions, (record.number, record.at, told))
                found[told.id] = replace(item, resolutions=added)
            else:
                raise KeyError(record.kind)
        except (KeyError, TypeError, AttributeError):
            says = f"a record of kind '{record.kind}' that this version of Accord cannot read"
            raise SituationError(
                [Problem("ledger", says, file=file, line=record.number, try_instead="a later version")]
            ) from None
    return aware(tuple(found.values()))
