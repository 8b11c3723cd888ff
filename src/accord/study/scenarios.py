"""Scenarios side by side: which measures move, and from where to where."""

from __future__ import annotations

import math
from collections.abc import Mapping

from accord.finding import Column, Measure, Spread, Table
from accord.formulas import wording
from accord.problems import listed
from accord.situation import estimates
from accord.study.study import Look, Study

_MOST_ROWS = 12
_MOST_DECIMALS = 8
_MOST_NAMED = 3

Shift = tuple[float, Measure, Measure]


def scenario_tables(study: Study) -> tuple[Table, ...]:
    """For each scenario the headline measures that move most; scenarios that move none share plain tables.

    One of these tells of lenses that no longer fit and of measures without a value, the other of what leaves all as it is.
    Both sides are computed on the same worlds, so that a shift is the scenario's and not chance's.
    """
    before = _headlines(study)
    moved = [(look, _moved(look, before)) for look in study.scenarios]
    tables = [_table(study, look, shifts) for look, shifts in moved if shifts]
    others = [look for look, shifts in moved if not shifts and _otherwise(study, look)]
    still = [look for look, shifts in moved if not shifts and look not in others]
    if others:
        tables.append(_others(study, others))
    return (*tables, _still(study, still)) if still else tuple(tables)


def _headlines(study: Study) -> dict[tuple[str, str], Measure]:
    """The headline measures of what scenarios are compared with, by lens and name."""
    return _headlines_of(study.beside or study.base)


def _headlines_of(look: Look) -> dict[tuple[str, str], Measure]:
    """The headline measures of one look, by lens and name."""
    return {(f.lens, m.name): m for f in look.findings for m in f.measures if m.headline}


def _shifts(look: Look, before: dict[tuple[str, str], Measure]) -> list[Shift]:
    """The headline measures that both sides know, the one that moves most first."""
    found = []
    for finding in look.findings:
        for measure in finding.measures:
            old = before.get((finding.lens, measure.name))
            size = None if old is None else _shift(old.spread, measure.spread)
            if old is not None and size is not None:
                found.append((size, old, measure))
    return sorted(found, key=lambda row: (-row[0], row[1].name))


def _moved(look: Look, before: dict[tuple[str, str], Measure]) -> list[Shift]:
    """The headline measures that a scenario moves as far as its figure shows, largest shift first."""
    return [one for one in _shifts(look, before) if _shows(one[1], one[2])]


def _otherwise(study: Study, look: Look) -> str:
    """What a scenario does besides moving numbers, in sentences; empty where it does nothing of the kind.

    Lenses that no longer fit or fit only with it, headline measures that lose their value or get one.
    """
    compared = study.beside or study.base
    before, after = _headlines_of(compared), _headlines_of(look)
    both = {one.lens for one in compared.findings} & {one.lens for one in look.findings}
    said = [
        f"The lens {one.lens} no longer fits: it needs {wording.joined([need.says for need in one.needs])}."
        for one in look.unfit
        if any(finding.lens == one.lens for finding in compared.findings)
    ]
    said += [
        f"The lens {one.lens} fits only with it."
        for one in look.findings
        if any(unfit.lens == one.lens for unfit in compared.unfit)
    ]
    lost = _valued_alone(before, after, both, " before")
    found = _valued_alone(after, before, both)
    if lost:
        said.append(f"Headline numbers without a value in it: {listed(lost, _MOST_NAMED)}.")
    if found:
        said.append(f"Headline numbers with a value only in it: {listed(found, _MOST_NAMED)}.")
    return " ".join(said)


def _valued_alone(
    one: Mapping[tuple[str, str], Measure],
    other: Mapping[tuple[str, str], Measure],
    lenses: set[str],
    when: str = "",
) -> list[str]:
    """Measures of some lenses that have a value on one side alone, with that value."""
    return [
        f"'{measure.label}' ({_in_words(_middle(measure.spread))}{when})"
        for key, measure in one.items()
        if key[0] in lenses and _has_value(measure) and not (key in other and _has_value(other[key]))
    ]


def _has_value(measure: Measure) -> bool:
    """Whether a figure has a value to show of it."""
    return not math.isnan(_middle(measure.spread))


def _table(study: Study, look: Look, moved: list[Shift]) -> Table:
    """One scenario against the base."""
    label, says = _names(study, look)
    columns = (
        Column("measure", "What is measured"),
        Column("before", _beside(study)),
        Column("after", label),
    )
    rows = tuple((old.label, old.spread, new.spread) for _, old, new in moved[:_MOST_ROWS])
    note = " ".join(part for part in (says, _otherwise(study, look)) if part)
    if len(moved) > _MOST_ROWS:
        note += f" The {_MOST_ROWS} largest of {len(moved)} shifts are shown; all are in run.json."
    return Table(
        f"scenario.{look.name or 'as_it_stands'}", _title(label, moved), "shift", columns, rows, note
    )


def _others(study: Study, looks: list[Look]) -> Table:
    """The scenarios that move no number, for a lens no longer fits or a measure has no value on one side."""
    columns = (
        Column("scenario", "Scenario"),
        Column("says", "What is different"),
        Column("what", "What happens"),
    )
    rows = tuple((*_names(study, look), _otherwise(study, look)) for look in looks)
    verb = "changes" if len(rows) == 1 else "change"
    what = wording.count(len(rows), "scenario")
    title = f"{what} {verb} which lenses fit or which headline numbers have a value"
    note = "Headline measures alone are compared; every measure is in run.json."
    return Table("scenario.other", title, "plain", columns, rows, note)


def _still(study: Study, looks: list[Look]) -> Table:
    """The scenarios that move no headline measure as far as figures show, each with the reason."""
    columns = (
        Column("scenario", "Scenario"),
        Column("says", "What is different"),
        Column("why", "Why no headline number moves"),
    )
    held = [_readers(study, look) for look in looks]
    rows = tuple((*_names(study, look), _why(study, look, by)) for look, by in zip(looks, held, strict=True))
    what = wording.count(len(rows), "scenario")
    verb = ("moves", "changes") if len(rows) == 1 else ("move", "change")
    if any(lenses != () for by in held for lenses in by.values()):
        title = f"{what} {verb[0]} no headline number as far as figures show"
    else:
        title = f"{what} {verb[1]} nothing that these lenses read"
    note = "Headline measures alone are compared; every measure is in run.json."
    return Table("scenario.unmoved", title, "plain", columns, rows, note)


def _readers(study: Study, look: Look) -> dict[str, tuple[str, ...] | None]:
    """Every path at which a look differs from the base, with the lenses of the run that read numbers there.

    None where no number stands: what lenses read is declared for numbers alone.
    """
    known, numbers = study.situation.scenarios, estimates(look.situation)
    names = [name for name in (look.name, study.base.name) if name]
    found: dict[str, tuple[str, ...] | None] = {}
    for path in dict.fromkeys(path for name in names for path in known[name].changes):
        readers = (one.lens for one in look.findings if any(_within(p, path) for p in one.reads))
        found[path] = tuple(readers) if any(_within(p, path) for p in numbers) else None
    return found


def _within(number: str, path: str) -> bool:
    """Whether a number stands at a path or in the block there, which a change may set as a whole."""
    return number == path or number.startswith(f"{path}.")


def _why(study: Study, look: Look, by: Mapping[str, tuple[str, ...] | None]) -> str:
    """Why a scenario moves no headline measure, in one sentence."""
    if not by:
        return "It changes nothing."
    unread = [path for path, lenses in by.items() if lenses == ()]
    others = [path for path in by if path not in unread]
    if not others:
        return f"It changes {_called(study, unread)}, which no lens of this run reads."
    lenses = sorted({lens for names in by.values() for lens in names or ()})
    who = f"the lens {lenses[0]} reads" if len(lenses) == 1 else f"the lenses {wording.joined(lenses)} read"
    read = f", which {who}" if lenses else ""
    rest = f" (no lens reads {_called(study, unread)})" if unread else ""
    return f"It changes {_called(study, others)}{read}{rest}, {_faint(study, look)}."


def _faint(study: Study, look: Look) -> str:
    """How little a look moves the headline measure that it moves most."""
    found = _shifts(look, _headlines(study))
    if not found or found[0][0] == 0.0:
        return "but no headline number moves"
    _, old, new = found[0]
    start, end = _apart(_middle(old.spread), _middle(new.spread))
    said = f"but it moves headline numbers by less than figures show: at most '{old.label}', from {start} to {end}"
    medians = _in_words(old.spread.median), _in_words(new.spread.median)
    if math.isnan(old.spread.best) or medians[0] == medians[1]:
        return said
    return f"{said} at the best estimates, and from {medians[0]} to {medians[1]} at the median over worlds"


def _apart(start: float, end: float, decimals: int = 2) -> tuple[str, str]:
    """Two numbers with as many decimals as tell them apart."""
    told = [f"{value:.{decimals}f}".replace("-", "\N{MINUS SIGN}") for value in (start, end)]
    if told[0] == told[1] and decimals < _MOST_DECIMALS:
        return _apart(start, end, decimals + 1)
    return told[0], told[1]


def _called(study: Study, paths: list[str]) -> str:
    """Numbers by their keys and whose they are: ``own losses and losses so far (Russia)``."""
    groups: dict[str, list[str]] = {}
    actors = study.situation.actors
    for path in paths:
        parts = path.split(".")
        whose = [part for part in parts if part in actors]
        key = next((part for part in reversed(parts) if part not in whose), parts[-1])
        named = [wording.named(actors[one].label, one) for one in whose]
        # Without an actor in it, a path of three parts or more says whose key it is in the part before.
        who = wording.joined(named) if named else parts[-2].replace("_", " ") if len(parts) > 2 else ""
        groups.setdefault(who, []).append(key.replace("_", " "))
    return "; ".join(f"{wording.joined(keys)}{f' ({who})' if who else ''}" for who, keys in groups.items())


def _names(study: Study, look: Look) -> tuple[str, str]:
    """A scenario's label and what it says."""
    if not look.name:
        return "As it stands", "The situation without the scenario."
    scenario = study.situation.scenarios[look.name]
    return scenario.label or look.name.replace("_", " ").capitalize(), scenario.says


def _beside(study: Study) -> str:
    """The heading of the side that is compared with."""
    if not study.base.name:
        return "As it stands"
    return study.situation.scenarios[study.base.name].label or study.base.name.replace("_", " ").capitalize()


def _title(label: str, moved: list[Shift]) -> str:
    """The takeaway of one scenario."""
    _, old, new = moved[0]
    start, end = _middle(old.spread), _middle(new.spread)
    return f"{label}: the largest shift is in '{old.label}', from {_in_words(start)} to {_in_words(end)}"


def _in_words(value: float) -> str:
    """A headline number as its figure shows it: two decimals, a real minus sign."""
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def _shows(old: Measure, new: Measure) -> bool:
    """Whether two numbers differ as their figure shows them."""
    return _in_words(_middle(old.spread)) != _in_words(_middle(new.spread))


def _middle(spread: Spread) -> float:
    """The value that a figure shows: at the best estimates, or the median where these leave it undefined."""
    return spread.median if math.isnan(spread.best) else spread.best


def _shift(old: Spread, new: Spread) -> float | None:
    """How far a measure moves; None where either side is undefined."""
    size = abs(_middle(new) - _middle(old))
    return None if math.isnan(size) else size
