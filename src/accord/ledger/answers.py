"""Probabilities out of the model: one value per world for an output, from a run's tables or worked out on its worlds."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.ledger.forecast import Carrier
from accord.problems import Problem, SituationError
from accord.situation import Day, Situation, Vocabulary
from accord.study.differences import differences
from accord.study.intervene import Pairs
from accord.study.ran import Ran, read_run, refused

FloatArray = NDArray[np.float64]

_LENS = "endurance"
_BY_MONTH, _DRAWS = "results_by_month.parquet", "worlds.parquet"
# How many numbers are named as what carried a forecast, and how far from nothing a correlation must be.
_MOST, _SURE = 5, 3.0
_UNMOVED = ("resolve", "claims")


def months_done(start: Day, end: datetime.date) -> int:
    """Whole months from a day to another, as one counts ages; the last day of a month completes it."""
    begin = start.last
    months = (end.year - begin.year) * 12 + end.month - begin.month
    complete = end.day >= begin.day or end.day == calendar.monthrange(end.year, end.month)[1]
    return months if complete else months - 1


def after_months(start: Day, months: int) -> datetime.date:
    """The day so many months after a day."""
    begin = start.last
    year, month = divmod(begin.year * 12 + begin.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(begin.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Wanted:
    """An output and the month at which it is read.

    Parameters
    ----------
    output : str
        As a claim would name it, month and all: ``endurance.survival.theatre.12``.
    column : str
        In a run's monthly table; empty when it stands in none.
    month : int or None
    """

    output: str
    column: str
    month: int | None


def wanted(situation: Situation, output: str, by: datetime.date) -> Wanted:
    """What an ``output`` of a question means on its day.

    ``endurance.survival.LEVEL`` is read at the month that is complete on that day, ``endurance.incidence.CAUSE`` as well;
    with a month, and for all others, the day plays no part.
    """
    parts = output.split(".")
    month = months_done(situation.as_of, by)
    if parts[:2] == [_LENS, "survival"] and len(parts) in (3, 4):
        month = int(parts[3]) if len(parts) == 4 and parts[3].isdecimal() else month
        named = ".".join([*parts[:3], parts[3] if len(parts) == 4 else str(month)])
        return Wanted(named, f"{_LENS}/survival.{parts[2]}", month)
    if parts[:2] == [_LENS, "incidence"] and len(parts) == 3:
        return Wanted(output, f"{_LENS}/incidence.theatre.{parts[2]}", month)
    return Wanted(output, "", None)


@dataclass(eq=False)
class Basis:
    """Where probabilities come from: worlds of a situation, and a run of them where there is one.

    Parameters
    ----------
    asking : Situation
        The file that asks.
    pairs : Pairs
        The situation whose numbers count, with its worlds.
    folder : Path or None
        Of the run.
    run : str
        Its digest; empty without one.
    """

    asking: Situation
    pairs: Pairs
    folder: Path | None = None
    run: str = ""
    _kept: dict[tuple[str, int | None], FloatArray] = field(default_factory=dict, repr=False)

    @property
    def situation(self) -> Situation:
        """The situation whose numbers count."""
        return self.pairs.situation

    def prepare(self, every: Sequence[Wanted]) -> None:
        """Work out together what no table holds, as far as that goes; what fails is told where it is asked for."""
        missing = [one for one in every if self._from_run(one) is None and not self._beside(one)]
        try:
            found = self.pairs.observe(self.situation, sorted({one.output for one in missing}))
        except ValueError:
            return
        self._kept |= {(one.output, one.month): found[one.output] for one in missing}

    def values(self, one: Wanted) -> FloatArray:
        """One value per world.

        Raises
        ------
        ValueError
            When there is no such output, or it is no chance, with the reason.
        """
        key = (one.output, one.month)
        if key not in self._kept:
            found = self._from_run(one)
            if found is None:
                told = self._beside(one)
                if told:
                    raise ValueError(told)
                found = self.pairs.observe(self.situation, [one.output])[one.output]
            self._kept[key] = found
        return _as_chances(self._kept[key], one.output)

    def _beside(self, one: Wanted) -> str:
        """Why an output cannot be worked out for its day."""
        horizon = self.situation.horizon
        if one.month is not None and one.month < 0:
            return f"its day lies before {self.situation.as_of}, up to which the situation knows"
        if ".incidence." in one.output and one.month != horizon:
            end = after_months(self.situation.as_of, horizon)
            within = one.month is not None and one.month < horizon
            hint = "; a result folder (--run) holds every month" if within else ""
            return f"how it ends is worked out for month {horizon} ({end}), and its day is in month {one.month}{hint}"
        return ""

    def _from_run(self, one: Wanted) -> FloatArray | None:
        """The values in a run's monthly table; None when they are not there."""
        if self.folder is None or not one.column or one.month is None:
            return None
        name = one.column.replace('"', '""')
        rows = _query(
            self.folder / _BY_MONTH,
            f'select "{name}" from {{}} where month = {one.month} order by world',
            name,
        )
        return rows if rows.size else None

    def carried(self, values: FloatArray) -> tuple[Carrier, ...]:
        """The numbers of the file that values move with: up to five, each beyond what chance would show."""
        names, table = self._inputs()
        if table.shape[0] != values.shape[0] or values.size < 8:
            return ()
        known = ~np.isnan(values)
        if np.ptp(values[known]) == 0.0 if known.any() else True:
            return ()
        found = []
        for index, name in enumerate(names):
            column = table[known, index]
            if not np.isnan(column).any() and np.ptp(column) > 0.0:
                found.append(Carrier(name, round(_rank_correlation(column, values[known]), 4)))
        sure = [one for one in found if abs(one.correlation) > _SURE / np.sqrt(known.sum())]
        return tuple(sorted(sure, key=lambda one: (-abs(one.correlation), one.path))[:_MOST])

    def _inputs(self) -> tuple[Sequence[str], FloatArray]:
        """The numbers drawn for each world: names, and an array of shape (worlds, names)."""
        if self.folder is not None:
            return _draws(self.folder / _DRAWS)
        drawn = self.pairs.drawn_for(self.situation, _LENS)
        return drawn.names, drawn.array


def _as_chances(values: FloatArray, output: str) -> FloatArray:
    """Values that can be averaged into a probability."""
    known = values[~np.isnan(values)]
    if not known.size:
        raise ValueError(f"'{output}' is undefined in every world")
    if known.min() < -1e-9 or known.max() > 1.0 + 1e-9:
        raise ValueError(f"'{output}' is no probability: it goes from {known.min():g} to {known.max():g}")
    return values


def mean_of(values: FloatArray) -> tuple[float, float, int]:
    """The mean over worlds, its standard error, and the worlds without a value."""
    known = values[~np.isnan(values)]
    error = float(known.std(ddof=1) / np.sqrt(known.size)) if known.size > 1 else float("nan")
    return float(np.clip(known.mean(), 0.0, 1.0)), error, int(values.size - known.size)


def _rank_correlation(one: FloatArray, other: FloatArray) -> float:
    """Spearman's; ties in the order in which they stand."""
    first, second = (np.argsort(np.argsort(v, kind="stable"), kind="stable") for v in (one, other))
    return float(np.corrcoef(first.astype(np.float64), second.astype(np.float64))[0, 1])


def _query(file: Path, statement: str, column: str = "") -> FloatArray:
    """One column of a table; empty when the table has no such column."""
    import duckdb

    if not file.is_file():
        return np.empty(0)
    place = "'" + str(file).replace("'", "''") + "'"
    try:
        with duckdb.connect() as connection:
            names = {row[0] for row in connection.execute(f"describe select * from {place}").fetchall()}
            if column and column.replace('""', '"') not in names:
                return np.empty(0)
            rows = connection.execute(statement.format(place)).fetchnumpy()
    except duckdb.Error as error:
        raise refused(file, f"it cannot be read as a run's table ({error})", "run it again") from None
    return np.ma.filled(np.ma.asarray(next(iter(rows.values())), dtype=np.float64), np.nan)


def _draws(file: Path) -> tuple[Sequence[str], FloatArray]:
    """The numbers that a run drew, world by world."""
    import duckdb

    if not file.is_file():
        return (), np.empty((0, 0))
    place = "'" + str(file).replace("'", "''") + "'"
    try:
        with duckdb.connect() as connection:
            rows = connection.execute(f"select * from {place} order by world").fetchnumpy()
    except duckdb.Error as error:
        raise refused(file, f"it cannot be read as a run's table ({error})", "run it again") from None
    names = [name for name in rows if name != "world"]
    columns = [np.ma.filled(np.ma.asarray(rows[name], dtype=np.float64), np.nan) for name in names]
    return names, np.column_stack(columns) if columns else np.empty((0, 0))


def basis_of_worlds(situation: Situation, vocabulary: Vocabulary, worlds: int, seed: int) -> Basis:
    """Worlds drawn here; ValueError when that number cannot be drawn."""
    return Basis(situation, Pairs(situation, vocabulary, worlds, seed))


def basis_of_run(asking: Situation, vocabulary: Vocabulary, folder: Path) -> Basis:
    """The worlds of a run.

    Raises
    ------
    SituationError
        When it is none, was not finished, or looked at another situation than the one that asks; what is asked and
        claimed may have changed since.
    """
    ran = read_run(folder, vocabulary)
    how = ran.record["run"]
    if how.get("interrupted") or how.get("done") != how.get("worlds"):
        raise refused(folder, "the run was not finished", "'accord run ... --resume' goes on with it")
    _same(asking, ran, folder)
    pairs = Pairs(ran.situation, vocabulary, int(how["worlds"]), int(how["seed"]), str(how["method"]))
    return Basis(asking, pairs, folder, str(ran.record["digest"]))


def _same(asking: Situation, ran: Ran, folder: Path) -> None:
    """Refuse a run of another situation."""
    if asking.digest == ran.situation.digest:
        return
    moved = [
        one.path
        for one in differences(ran.situation, asking)
        if one.kind != "evidence" and one.path.partition(".")[0] not in _UNMOVED
    ]
    if moved:
        says = f"the run looked at another situation: {len(moved)} numbers or texts differ, {moved[0]} first"
        hint = f"'accord run' again, or '{folder / 'situation.json'}' as the case"
        raise SituationError([Problem("other-situation", says, file=str(folder), try_instead=hint)])
