"""What each command does, without printing: from words of the user to records of the ledger."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from accord.doors import read
from accord.forecasting.naming import titled
from accord.ledger.answers import Basis, basis_of_run, basis_of_worlds
from accord.ledger.asking import (
    LEVELS,
    Asked,
    Unanswered,
    by_analyst,
    by_cause,
    by_date,
    by_questions,
    known_questions,
)
from accord.ledger.book import Book, Clock, Entry, default_path, now
from accord.ledger.chain import Chain, Record
from accord.ledger.forecast import Forecast, Item, Resolution, free_id, named
from accord.ledger.items import items_of
from accord.ledger.same import own_name, same_question
from accord.ledger.since import Since, since
from accord.lenses import vocabulary
from accord.problems import Problem, SituationError, did_you_mean, listed
from accord.situation import Day, Situation

WORLDS = 512


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be forecast.

    Parameters
    ----------
    questions : sequence of str
        Of the case's ``resolve`` block; with nothing else asked for, empty means all.
    alive : sequence of str
        Dates at which a level is alive.
    level : {'theatre', 'bilateral'}
    cause : bool
    probability : float or None
        The analyst's own, for one question.
    who : str
        Which analyst says so.
    note : str
    """

    questions: Sequence[str] = ()
    alive: Sequence[str] = ()
    level: str = "theatre"
    cause: bool = False
    probability: float | None = None
    who: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What was frozen, what was there already, and what no output answers."""

    path: Path
    head: str
    items: tuple[Item, ...]
    already: tuple[str, ...]
    unanswered: tuple[Unanswered, ...]
    warnings: tuple[Problem, ...] = ()


def book_at(path: str | Path | None, clock: Clock = now, there: bool = False) -> Book:
    """The ledger at a path, or where it lies by default; SituationError when it should be *there* and is not."""
    if there and path is not None and not Path(path).exists():
        hint = "'accord forecast add' starts one"
        raise SituationError(
            [Problem("no-file", "there is no such ledger", file=str(path), try_instead=hint)]
        )
    return Book(default_path() if path is None else Path(path), clock)


def basis_for(case: Situation, run: Path | None, worlds: int = WORLDS, seed: int = 0) -> Basis:
    """Where the numbers come from: a run's folder, or worlds drawn here.

    Raises
    ------
    SituationError
        When the folder is no finished run of this situation, or so many worlds cannot be drawn.
    """
    if run is not None:
        return basis_of_run(case, vocabulary(), run)
    try:
        return basis_of_worlds(case, vocabulary(), worlds, seed)
    except ValueError as error:
        raise SituationError([Problem("option", str(error), path="--worlds")]) from None


def add(
    book: Book,
    case: str,
    wish: Wish,
    *,
    run: Path | None = None,
    worlds: int = WORLDS,
    seed: int = 0,
) -> Added:
    """Freeze forecasts about a case.

    Raises
    ------
    SituationError
        When the case, the run or the ledger cannot be used, or what is asked for by name cannot be forecast.
    RunError
        When the ledger cannot be written.
    """
    situation = titled(case, read(case))
    names = _wanted(situation, wish)
    if not names and not wish.alive and not wish.cause:
        says = "the file asks no question of the future (its block 'resolve' is empty)"
        hint = "--alive DATE, --cause, or questions in the file"
        raise SituationError([Problem("no-question", says, file=case, try_instead=hint)])
    days = _days(situation, wish.alive)
    if wish.probability is not None:
        asked = Asked((by_analyst(situation, names[0], wish.probability, wish.note, clean(wish.who)),), ())
    else:
        book.sound()
        asked = _asked(basis_for(situation, run, worlds, seed), wish, names, days)
        _refuse_named(asked, wish, case)
    return _kept(book, [_noted(one, wish.note) for one in asked.forecasts], asked.unanswered)


def _wanted(situation: Situation, wish: Wish) -> tuple[str, ...]:
    """Questions of the file that are asked for."""
    if wish.level not in LEVELS:
        hint = did_you_mean(wish.level, LEVELS) or f"one of {listed(LEVELS)}"
        raise SituationError([Problem("option", f"there is no level '{wish.level}'", try_instead=hint)])
    if wish.probability is not None and (len(wish.questions) != 1 or wish.alive or wish.cause):
        says = "a probability of your own belongs to one question of the file"
        raise SituationError([Problem("option", says, try_instead="--question ID --probability P")])
    if wish.who and wish.probability is None:
        says = "--who names whose own probability it is, and none is given"
        raise SituationError(
            [Problem("option", says, try_instead="--question ID --probability P --who NAME")]
        )
    some = bool(wish.alive) or wish.cause
    return known_questions(situation, wish.questions) if wish.questions or not some else ()


def _days(situation: Situation, texts: Sequence[str]) -> tuple[Day, ...]:
    """Dates as they were written; SituationError with each that is none, or that the situation knows already."""
    days, problems = [], []
    for text in texts:
        try:
            day = Day.parse(text)
        except ValueError:
            wanted = "a date such as 2018, 2018-12 or 2018-12-31"
            problems.append(Problem("date", f"'{text}' is not a date", "--alive", expected=wanted))
            continue
        if day.last <= situation.as_of.last:
            says = f"{text} is not after {situation.as_of}, up to which the situation knows"
            problems.append(Problem("date", says, "--alive", expected="a day still to come"))
        days.append(day)
    if problems:
        raise SituationError(problems)
    return tuple(dict.fromkeys(days))


def _asked(basis: Basis, wish: Wish, names: Sequence[str], days: Sequence[Day]) -> Asked:
    """Everything that is asked of the model."""
    parts = [by_questions(basis, names)] if names else []
    parts += [by_date(basis, wish.level, days)] if days else []
    parts += [by_cause(basis, wish.level)] if wish.cause else []
    return Asked(
        tuple(one for part in parts for one in part.forecasts),
        tuple(one for part in parts for one in part.unanswered),
    )


def _refuse_named(asked: Asked, wish: Wish, case: str) -> None:
    """Refuse when something that was asked for by name has no answer, or nothing has; some of a whole block may have none."""
    all_of_them = not (wish.questions or wish.alive or wish.cause)
    if not asked.unanswered or (all_of_them and asked.forecasts):
        return
    raise SituationError(
        [
            Problem(
                "not-forecast",
                f"not forecast by the model: {one.says}",
                one.question_id,
                file=case,
                try_instead="a probability of your own: --question ID --probability P",
            )
            for one in asked.unanswered
        ]
    )


def _noted(made: Forecast, note: str) -> Forecast:
    """A forecast with the analyst's note."""
    return replace(made, note=clean(note))


def clean(text: str) -> str:
    """Text that UTF-8 can hold, on one line."""
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _kept(book: Book, forecasts: Sequence[Forecast], unanswered: Sequence[Unanswered]) -> Added:
    """Write forecasts that are not there already."""
    already: list[str] = []
    warnings: list[Problem] = []

    def make(chain: Chain) -> list[Entry]:
        """What is new, under ids that are free."""
        warnings.extend(_backwards(book, chain))
        known = {item.forecast.id: item.forecast for item in items_of(chain, str(book.path))}
        entries: list[Entry] = []
        for one in forecasts:
            made, says = _called(one, known.values())
            warnings.extend(
                Problem("same-name", text, file=str(book.path), severity="warning") for text in says
            )
            same = next((name for name, old in known.items() if _bare(old) == _bare(made)), None)
            if same is not None:
                already.append(same)
                continue
            new = replace(made, id=free_id(made.case, made.question_id, tuple(known)))
            known[new.id] = new
            entries.append(("forecast", new.plain()))
        warnings[:] = dict.fromkeys(warnings)
        return entries

    numbers = {record.number for record in book.append(make)}
    chain = book.sound()
    items = tuple(item for item in items_of(chain, str(book.path)) if item.number in numbers)
    return Added(book.path, chain.head, items, tuple(already), tuple(unanswered), tuple(warnings))


def _called(made: Forecast, known: Iterable[Forecast]) -> tuple[Forecast, list[str]]:
    """A forecast under the name of its case in this ledger, and what to say where another case has the plain one."""
    plain = made.case or "case"
    name = own_name(plain, made.title, made.asked_of, known)
    says = f"another case is called '{plain}' here, with another title: this one is kept as '{name}'"
    return replace(made, case=name), [] if name == plain else [says]


def _bare(made: Forecast) -> Forecast:
    """A forecast without what it is called."""
    return replace(made, id="", case="", title="")


def _backwards(book: Book, chain: Chain) -> list[Problem]:
    """A clock that stands before the last line of the ledger."""
    at = book.clock().astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if chain.records and at < chain.records[-1].at:
        says = (
            f"the clock of this machine ({at}) is behind the last line of the ledger ({chain.records[-1].at})"
        )
        return [Problem("clock", says, file=str(book.path), try_instead="set it right", severity="warning")]
    return []


@dataclass(frozen=True, slots=True)
class Resolved:
    """What was written about a forecast, and what a reader should mind."""

    item: Item
    record: Record | None
    remarks: tuple[str, ...]


def resolve(
    book: Book, wanted: str, outcome: str, source: str, on: str | None = None, note: str = ""
) -> Resolved:
    """Say what became of a forecast; a second time is a correction, and both stay.

    Raises
    ------
    SituationError
        When there is no such forecast, the outcome is none of its classes, the source is missing, or the day cannot be.
    RunError
        When the ledger cannot be written.
    """
    today = book.clock().astimezone(datetime.UTC).date()
    found: list[Item] = []
    remarks: list[str] = []

    def make(chain: Chain) -> list[Entry]:
        """The resolution, unless it is there already."""
        items = items_of(chain, str(book.path))
        item = named(items, wanted, str(book.path))
        remarks.extend(problem.says for problem in _backwards(book, chain))
        told = _resolution(_as_asked(item, items), outcome, source, on, note, today)
        found.append(item)
        if _same(item.resolution, told):
            remarks.append("this is on record already; nothing was written")
            return []
        remarks.extend(_remarks(item, told, items, today))
        return [("resolution", told.plain())]

    records = book.append(make)
    return Resolved(found[0], records[0] if records else None, tuple(remarks))


def _as_asked(item: Item, items: Sequence[Item]) -> Item:
    """An item with the output that its question names; lines of earlier versions lack it where an analyst spoke."""
    made = item.forecast
    if made.output:
        return item
    outputs = (one.forecast.output for one in items if same_question(one.forecast, made))
    return replace(item, forecast=replace(made, output=next(filter(None, outputs), "")))


def _resolution(
    item: Item, outcome: str, source: str, on: str | None, note: str, today: datetime.date
) -> Resolution:
    """A checked resolution."""
    problems = []
    classes = item.forecast.probabilities
    told = outcome.strip().lower().replace(" ", "_").replace("-", "_")
    if told not in classes:
        hint = did_you_mean(told, classes) or f"one of {listed(classes)}"
        says = f"'{outcome}' is no outcome of this forecast"
        problems.append(Problem("outcome", says, "--outcome", try_instead=hint))
    if not clean(source):
        says = "an outcome needs a source"
        problems.append(Problem("source", says, "--source", expected="where it is reported"))
    day = today
    try:
        day = today if on is None else datetime.date.fromisoformat(on)
    except ValueError:
        says = f"'{on}' is not a day"
        problems.append(Problem("date", says, "--date", expected="a day such as 2018-12-31"))
    says = _untimely(item, told, day, today)
    if says:
        problems.append(Problem("date", says, "--date", expected="the day on which it was seen"))
    if problems:
        raise SituationError(problems)
    last = item.resolutions[-1][0] if item.resolutions else None
    return Resolution(item.forecast.id, told, clean(source), day.isoformat(), last, clean(note))


def _untimely(item: Item, outcome: str, day: datetime.date, today: datetime.date) -> str:
    """Why an outcome cannot have been seen on a day; empty where it can.

    An end can be seen before the question's own day, being alive on that day cannot; what became of other questions may be
    clear early or not, which only a reader of the question can tell.
    """
    made = item.forecast
    start = Day.parse(made.as_of).first
    if day > today:
        return f"{day} lies after today"
    if day < start:
        return f"{day} lies before {start}, up to which the forecast knew"
    if made.lasts(outcome) and day.isoformat() < made.by:
        return f"{day} lies before {made.by}, the question's own day: nobody can have seen by then that it lasted so long"
    return ""


def _same(old: Resolution | None, new: Resolution) -> bool:
    """Whether a resolution says nothing new."""
    return old is not None and replace(old, corrects=None) == replace(new, corrects=None)


def _remarks(item: Item, told: Resolution, items: Sequence[Item], today: datetime.date) -> list[str]:
    """What a reader should mind."""
    made, found = item.forecast, []
    if told.corrects is not None:
        found.append(f"corrects line {told.corrects}, which stays in the ledger")
    if today.isoformat() < made.by:
        found.append(f"its day, {made.by}, is still to come: correct it should that day say otherwise")
    elif told.on < made.by and not made.output:
        found.append(
            f"seen before the question's own day, {made.by}: correct it should that day have said otherwise"
        )
    others = [one for one in items if one.forecast.id != made.id and same_question(one.forecast, made)]
    left = [one.forecast.id for one in others if one.is_open]
    if left:
        found.append(f"the same question is still open as {listed(left)}")
    odd = [
        one.forecast.id
        for one in others
        if one.resolution is not None and one.resolution.outcome != told.outcome
    ]
    if odd:
        found.append(f"the same question has another outcome as {listed(odd)}: correct one of them")
    return found


@dataclass(frozen=True, slots=True)
class LookBack:
    """A case's questions with what became of them, scored with the inputs of then.

    Parameters
    ----------
    situation : Situation
    known : Since
    items : tuple of Item
        Forecasts of yes-or-no questions and of the cause, resolved.
    unanswered : tuple of Unanswered
    """

    situation: Situation
    known: Since
    items: tuple[Item, ...]
    unanswered: tuple[Unanswered, ...]


def look_back(
    case: str, *, run: Path | None = None, worlds: int = WORLDS, seed: int = 0, clock: Clock = now
) -> LookBack:
    """Score a shipped case's questions with its inputs, after the fact; the ledger is not touched.

    Raises
    ------
    SituationError
        When nothing is kept of what came after, or the run is none of this case.
    """
    situation = read(case)
    known = since(situation.name)
    basis = basis_for(situation, run, worlds, seed)
    questions = by_questions(basis, tuple(situation.resolve))
    at = clock().astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    items = []
    for made in questions.forecasts:
        answer = known.answers.get(made.question_id)
        if answer is not None:
            told = Resolution(
                made.id, answer.outcome, known.source_of(answer), answer.on.isoformat(), None, answer.note
            )
            items.append(Item(made, at, resolutions=((0, at, told),)))
    return LookBack(situation, known, tuple(items), questions.unanswered)
