"""Whether the outputs that dated questions name are there: told when a file is checked, not when it is asked."""

from __future__ import annotations

from accord.lenses import all_lenses
from accord.problems import Problem, did_you_mean
from accord.situation import Situation
from accord.study.needing import needs_of

_LENS, _CAUSE = "endurance", "incidence"
_LEVELS = ("theatre", "bilateral")
_WANTED = "an output such as 'endurance.survival.theatre'"


def unknown_outputs(situation: Situation) -> list[Problem]:
    """Every question that names a lens or an output that there is not, with its path.

    Names of outputs are known before any world is drawn for the endurance lens alone, and where it fits; of the others
    the lens is looked at.
    """
    asked = {name: one.output for name, one in situation.resolve.items() if one.output is not None}
    if not asked:
        return []
    lenses = {lens.name: lens for lens in all_lenses()}
    fits = not needs_of(lenses[_LENS], situation)
    told = []
    for name, output in asked.items():
        lens, _, rest = output.partition(".")
        says = hint = ""
        if lens not in lenses:
            says, hint = f"'{lens}' is not a lens", did_you_mean(lens, lenses)
        elif not rest:
            says = f"'{output}' is a lens and no output"
        elif lens == _LENS and fits:
            says, hint = _no_output(situation, rest)
        if says:
            told.append(Problem("unknown-reference", says, f"resolve.{name}.output", _WANTED, hint))
    return told


def _no_output(situation: Situation, rest: str) -> tuple[str, str]:
    """Why a name is no output of the endurance lens, with what was meant; nothing where it is one.

    Two have a short form here: a level without a month is read on the question's day, and the incidence without a cause asks
    which of them it was.
    """
    from accord.lenses.endurance.outputs import every_name, named

    if rest == _CAUSE:
        return "", ""
    short = {f"survival.{level}" for level in _LEVELS}
    try:
        named(situation, f"{rest}.1" if rest in short else rest)
    except ValueError:
        names = [*short, _CAUSE, *every_name(situation)]
        meant = did_you_mean(f"{_LENS}.{rest}", [f"{_LENS}.{name}" for name in sorted(names)])
        return f"there is no output '{_LENS}.{rest}'", meant
    return "", ""
