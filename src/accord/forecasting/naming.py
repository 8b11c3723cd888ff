"""What a case is called in the ledger."""

from __future__ import annotations

import re
from dataclasses import replace

from accord.library import locate
from accord.situation import Situation

# Names of files that say nothing: 'accord new' and a run's folder write them into a folder that has a name.
_PLAIN = frozenset({"situation", "case"})


def titled(case: str, situation: Situation) -> Situation:
    """The situation under the name by which its forecasts go.

    That is the file's name; for a ``situation.yaml`` the name of its folder, or what its title makes where that has none.
    """
    if situation.name.casefold() not in _PLAIN:
        return situation
    folder = locate(case).resolve().parent.name
    name = next(
        (one for one in (_slug(folder), _slug(situation.title)) if one.casefold() not in {"", *_PLAIN}), ""
    )
    return replace(situation, name=name or situation.name)


def _slug(text: str) -> str:
    """Letters and digits of any script, joined by hyphens; at most sixty."""
    return "-".join(re.findall(r"[^\W_]+(?:[_.'][^\W_]+)*", text))[:60]
