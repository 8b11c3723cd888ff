"""Whether allies did in war what they had promised, from a coded list of alliances and wars."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from accord.data import entries, reading
from accord.lenses.precedent.alliances import nothing
from accord.lenses.precedent.survival import LEVEL, Estimated, share_of

OBLIGATIONS: tuple[str, ...] = ("defense", "offense", "neutral", "nonagg", "consul")


@dataclass(frozen=True, slots=True)
class Compliance:
    """Alliances of one obligation that a war tested; one alliance may have several obligations.

    Parameters
    ----------
    obligation : str
        Or ``all``.
    honoured, tested : int
    share : Estimated
        With Wilson's interval.
    """

    obligation: str
    honoured: int
    tested: int
    share: Estimated


def compliance(store: Path | None = None, level: float = LEVEL) -> list[Compliance]:
    """How often alliances were honoured in war: all, and by obligation.

    A row counts as tested when it is coded honoured or violated.

    Raises
    ------
    SituationError
        When the list has not been imported.
    """
    with reading(store) as base:
        if not any(entry.kind == "compliance" for entry in entries(base)):
            raise nothing("compliance", "the list of alliances tested by war")
        found = []
        for name in ("all", *OBLIGATIONS):
            where = "" if name == "all" else f" AND {name} = 1"
            row = base.execute(
                "SELECT count(*) FILTER (honoured = 1), count(*) FROM compliance"
                f" WHERE (coalesce(honoured, 0) = 1 OR coalesce(violated, 0) = 1){where}"
            ).fetchone()
            honoured, tested = (int(row[0]), int(row[1])) if row else (0, 0)
            found.append(Compliance(name, honoured, tested, share_of(honoured, tested, level)))
    return found
