"""The commands ``accord forecast ...``: thin; every answer also as ``--json``."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from accord.telling import telling

if TYPE_CHECKING:
    from accord.ledger.book import Book
    from accord.ledger.forecast import Item

_LEDGER = click.option(
    "--ledger",
    "path",
    type=click.Path(path_type=Path),
    help="The ledger's file [default: accord/forecasts.jsonl in $XDG_DATA_HOME, else in ~/.local/share].",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")
_RUN = click.option(
    "--run", type=click.Path(path_type=Path), help="Take the numbers of this run (a folder of 'accord run')."
)
_WORLDS = click.option(
    "--worlds",
    type=click.IntRange(min=1),
    help="Without --run: worlds to draw, a power of two [default: 512].",
)
_SEED = click.option(
    "--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Without --run: of the draws."
)


@click.group(short_help="Freeze probabilities, resolve and score them.")
def forecast() -> None:
    """Freeze probabilities before the fact, resolve them with a source, score them.

    The ledger is one file that only grows; each line vouches for the one before, so that a change shows.
    """


def fitting(outputs: Mapping[str, Path | None]) -> None:
    """Refuse to write a table or a page over a file of another kind: a ledger, a situation, the results of a run.

    Parameters
    ----------
    outputs : mapping of str to Path or None
        By the ending that each must have.

    Raises
    ------
    SituationError
        With every output of another ending.
    """
    from accord.problems import Problem, SituationError

    problems = []
    for ending, target in outputs.items():
        if target is not None and target.suffix.lower() != ending:
            says = f"this is written as {ending[1:].upper()}, and the name does not end so"
            hint = f"'{target.with_suffix(ending)}'"
            problems.append(Problem("ending", says, file=str(target), expected=ending, try_instead=hint))
    if problems:
        raise SituationError(problems)


def _put(record: Any) -> None:
    """Print plain data."""
    click.echo(json.dumps(record, indent=2, ensure_ascii=False))


@forecast.command(short_help="Freeze forecasts about a case.")
@click.argument("case")
@_RUN
@click.option("--question", "questions", multiple=True, help="A question of the case [default: all of them].")
@click.option(
    "--alive", multiple=True, metavar="DATE", help="Alive on the last day of YYYY, YYYY-MM or that day."
)
@click.option(
    "--level", default="theatre", show_default=True, help="For --alive and --cause: theatre or bilateral."
)
@click.option("--cause", is_flag=True, help="How it will have ended by the horizon.")
@click.option("--probability", type=float, help="Your own, for one question; kept and scored apart.")
@click.option("--who", default="", metavar="NAME", help="With --probability: who says so.")
@click.option("--note", default="", help="A note to keep with it.")
@_WORLDS
@_SEED
@_LEDGER
@_JSON
@telling
def add(
    case: str,
    run: Path | None,
    worlds: int | None,
    seed: int,
    path: Path | None,
    as_json: bool,
    **wanted: Any,
) -> None:
    """Freeze forecasts about CASE: its dated questions, alive at a date, the cause of the end.

    Each keeps its probability with its error, the digests of situation and run, version, seed and date.  Questions that
    no output of the model answers are told; with --probability they take your own, or with --who somebody's, which are
    scored apart from the model's.
    """
    from accord.forecasting import jobs, texts

    done = jobs.add(
        jobs.book_at(path),
        case,
        jobs.Wish(**wanted),
        run=run,
        worlds=jobs.WORLDS if worlds is None else worlds,
        seed=seed,
    )
    for problem in done.warnings:
        click.echo(str(problem), err=True)
    if as_json:
        _put(texts.added_record(done))
    else:
        click.echo(texts.added_text(done))


def _items(book: Book) -> tuple[Item, ...]:
    """The forecasts of a sound ledger; what is only a warning is told."""
    from accord.ledger.items import items_of

    chain = book.sound()
    for problem in chain.problems:
        click.echo(str(problem), err=True)
    return items_of(chain, str(book.path))


@forecast.command("list", short_help="List forecasts and where they stand.")
@click.option("--open", "only_open", is_flag=True, help="Those without an outcome.")
@click.option("--due", "only_due", is_flag=True, help="Those without an outcome whose day has come.")
@_LEDGER
@_JSON
@telling
def show(only_open: bool, only_due: bool, path: Path | None, as_json: bool) -> None:
    """List forecasts and where they stand; a line cut short by a crash is told, a changed one stops it (status 2)."""
    import datetime

    from accord.forecasting import jobs, texts
    from accord.ledger.csvs import rows_of

    book = jobs.book_at(path, there=True)
    items = _items(book)
    today = book.clock().astimezone(datetime.UTC).date()
    if only_due:
        items = tuple(item for item in items if item.due(today))
    elif only_open:
        items = tuple(item for item in items if item.is_open)
    if as_json:
        _put(rows_of(items))
    else:
        click.echo(texts.list_text(items, today, book.read().head))


@forecast.command(short_help="Say what became of a forecast.")
@click.argument("name", metavar="ID")
@click.option("--outcome", required=True, help="yes or no; for a cause its name, or still_together.")
@click.option("--source", required=True, help="Where that is reported.")
@click.option("--date", "on", help="The day on which it was seen [default: today].")
@click.option("--note", default="", help="A note to keep with it.")
@_LEDGER
@_JSON
@telling
def resolve(name: str, path: Path | None, as_json: bool, **told: Any) -> None:
    """Say what became of forecast ID (or of its question's name); a second time corrects, and both lines stay.

    An end may be seen before the question's own day, that something lasted to it may not.
    """
    from accord.forecasting import jobs, texts

    done = jobs.resolve(jobs.book_at(path, there=True), name, **told)
    if as_json:
        line = None if done.record is None else done.record.number
        body = None if done.record is None else dict(done.record.body)
        _put({"line": line, "resolution": body, "remarks": list(done.remarks)})
    else:
        click.echo(texts.resolved_text(done))


@forecast.command(short_help="Score what is resolved.")
@click.option(
    "--csv", "table", type=click.Path(path_type=Path, dir_okay=False), help="Write every forecast as CSV."
)
@click.option(
    "--page", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with post-mortems."
)
@_LEDGER
@_JSON
@telling
def score(table: Path | None, page: Path | None, path: Path | None, as_json: bool) -> None:
    """Score what is resolved: Brier and log score beside baselines.

    Made in time and after the fact, yes-or-no and causes, the model's and analysts' own: each apart.
    """
    from accord.forecasting import jobs, texts
    from accord.ledger.csvs import write_csv

    fitting({".csv": table, ".html": page})
    book = jobs.book_at(path, there=True)
    items = _items(book)
    if table is not None:
        write_csv(items, table)
    if page is not None:
        from accord.forecasting.pages import score_page
        from accord.report.leaf import write_leaf

        write_leaf(score_page(items, book.read().head), page)
    if as_json:
        _put(texts.score_record(items))
        return
    click.echo(texts.score_text(items))
    for written in (table, page):
        if written is not None:
            click.echo(f"{written}: written")


@forecast.command(short_help="Check the ledger's chain of lines.")
@click.option("--repair", is_flag=True, help="Move a line that was cut short into a file beside the ledger.")
@click.option("--expect", default="", metavar="HASH", help="A last line noted before: is it still there?")
@_LEDGER
@_JSON
@telling
def verify(repair: bool, expect: str, path: Path | None, as_json: bool) -> None:
    """Check that no line was changed, removed, put in or moved; status 2 when one was, or when the end is torn.

    Whole lines cut off at the end leave a sound chain: note the last line's hash elsewhere, and give it with --expect.
    """
    from accord.forecasting import jobs
    from accord.formulas.wording import count

    book = jobs.book_at(path, there=True)
    aside = book.repair() if repair else None
    chain = book.read()
    hashes = [record.sha256 for record in chain.records]
    missing = bool(expect) and not any(one.startswith(expect.lower()) for one in hashes)
    sound = not chain.changed and not chain.torn and not missing
    if as_json:
        import dataclasses

        told = [dataclasses.asdict(problem) for problem in chain.problems]
        moved = None if aside is None else str(aside)
        _put({"sound": sound, "lines": len(hashes), "head": chain.head, "problems": told, "moved": moved,
              "expected_found": not missing if expect else None})  # fmt: skip
    else:
        for problem in chain.problems:
            click.echo(str(problem), err=True)
        if aside is not None:
            click.echo(f"what was cut short now lies in {aside}")
        if missing:
            click.echo(
                f"{book.path}: no line has the hash {expect}: lines were cut off or written anew", err=True
            )
        click.echo(
            f"{book.path}: {count(len(hashes), 'line')}, {'sound' if sound else 'NOT sound'}; last line {chain.head[:16]}"
        )
    sys.exit(0 if sound else 2)


@forecast.command(short_help="What happened since a shipped case was written.")
@click.argument("case")
@_RUN
@_WORLDS
@_SEED
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The page [default: out/CASE/since.html]."
)
@_JSON
@telling
def retrospective(
    case: str, run: Path | None, worlds: int | None, seed: int, out: Path | None, as_json: bool
) -> None:
    """Look back on shipped CASE: its questions scored with the inputs of then, and each fact with what it resolves.

    The ledger is not touched: this is no forecast.
    """
    from accord.forecasting import jobs, texts
    from accord.forecasting.pages import since_page
    from accord.report.leaf import write_leaf

    fitting({".html": out})
    found = jobs.look_back(case, run=run, worlds=jobs.WORLDS if worlds is None else worlds, seed=seed)
    target = write_leaf(since_page(found), out or Path("out") / found.situation.name / "since.html")
    if as_json:
        _put({**texts.score_record(found.items), "page": str(target)})
    else:
        click.echo(f"{texts.since_text(found)}\n{target}: written")
