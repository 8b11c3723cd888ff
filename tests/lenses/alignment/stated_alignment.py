"""Small situations for the alignment lens, and what it makes of them."""

from __future__ import annotations

from pathlib import Path

import accord
from accord.finding import Finding
from accord.lenses.alignment import LENS
from accord.lenses.alignment.view import Camps
from accord.situation import Situation
from accord.worlds import best, draw, plan


def read(tmp_path: Path, text: str) -> Situation:
    """A situation from a text."""
    path = tmp_path / "case.yaml"
    path.write_text(text, "utf-8")
    return accord.read(path)


def finding_of(one: Situation, worlds: int = 64) -> Finding:
    """What the lens finds."""
    planned = plan(one)
    over = draw(planned, one, worlds, 0)
    return LENS.conclude(one, LENS.compute(one, best(planned, one, 0)), LENS.compute(one, over))


def stated(
    tmp_path: Path, sizes: dict[str, str], pairs: dict[str, object], patrons: str = "ab", top: str = ""
) -> Situation:
    """Actors by a letter, with sizes, and a stated propensity of each pair (*pairs*: "ab" and a number)."""
    ties: dict[str, dict[str, object]] = {}
    for (one, other), value in pairs.items():
        ties.setdefault(one, {})[other] = value
    lines = [
        "accord: 1",
        "title: t",
        "as_of: 2020-01",
        f"partnership: {{{top}patrons: {{{', '.join(f'{name}: {{}}' for name in patrons)}}}}}",
        f"actors: {{{', '.join(f'{name}: {{kind: state, size: {size}}}' for name, size in sizes.items())}}}",
        "ties:",
        *(
            f"  {one}: {{{', '.join(f'{other}: {{propensity: {value}}}' for other, value in row.items())}}}"
            for one, row in ties.items()
        ),
    ]
    return read(tmp_path, "\n".join(lines) + "\n")


def seen(one: Situation, worlds: int = 32) -> Camps:
    """What the tables look at."""
    planned = plan(one)
    over = draw(planned, one, worlds, 0)
    return Camps(one, LENS.compute(one, best(planned, one, 0)), LENS.compute(one, over))


def every(names: str, value: object, **other: object) -> dict[str, object]:
    """The same propensity for every pair but some."""
    pairs = {f"{a}{b}": value for k, a in enumerate(names) for b in names[k + 1 :]}
    return {**pairs, **other}


def same(names: str, size: str = "1") -> dict[str, str]:
    """The same size for everybody."""
    return dict.fromkeys(names, size)
