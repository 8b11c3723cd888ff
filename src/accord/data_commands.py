"""The commands ``accord data ...``: historical data of the user's own into a local store, and what the store holds."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from accord.data.catalogue import KINDS
from accord.problems import AccordError, SituationError

if TYPE_CHECKING:
    from accord.data.checking import Told
    from accord.data.importing import Imported
    from accord.data.store import Entry

_SHOWN = 20
_KIND = click.Choice(list(KINDS), case_sensitive=True)
_STORE = click.option(
    "--store",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File of the store [default: accord/precedent.duckdb in your data folder].",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group(short_help="Import historical data of your own.")
def data() -> None:
    """Import historical data of your own into a local store, for the precedent lens.

    Accord ships no data set.  It reads the native files of those that you have, and keeps where each number comes from.
    """


def _leave(error: AccordError) -> None:
    """Tell what went wrong and leave: 2 for bad input, 1 for a failed run."""
    click.echo(str(error), err=True)
    sys.exit(2 if isinstance(error, SituationError) else 1)


@data.command("import", short_help="Import files.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--kind", type=_KIND, help="Kind of the files [default: told from the header].")
@_STORE
@click.option(
    "--encoding", default="utf-8", show_default=True, help="Of text files without a byte order mark."
)
@click.option("--data-version", default="", help="Edition, where the files do not state it.")
@click.option("--strict", is_flag=True, help="Import nothing when one row is wrong.")
@click.option(
    "--replace", is_flag=True, help="Let a file take the place of one with more than twice its rows."
)
@_JSON
def import_(files: tuple[Path, ...], encoding: str, as_json: bool, data_version: str, **wanted: Any) -> None:
    """Import FILES, all of them or none.

    A file that was imported before changes nothing.  A new edition takes the place of the old one, if it does not look like
    an extract (--replace); files of events add up.
    Rows that are wrong are left out, counted, and listed with their lines; with --strict they stop the import.
    """
    from accord.data import import_files

    try:
        _known_encoding(encoding)
        done = import_files(files, encoding=encoding, version=data_version, **wanted)
    except AccordError as error:
        _leave(error)
        return
    if as_json:
        click.echo(json.dumps([_record(one) for one in done], indent=2, ensure_ascii=False, default=str))
        return
    for one in done:
        _tell(one)


def _known_encoding(name: str) -> None:
    """Refuse an encoding nobody knows."""
    import codecs

    from accord.data.source import ENCODINGS
    from accord.problems import Problem

    try:
        codecs.lookup(name)
    except LookupError:
        says = f"no encoding is called '{name}'"
        raise SituationError(
            [Problem("option", says, expected=f"for instance {', '.join(ENCODINGS)}")]
        ) from None


def _record(one: Imported) -> dict[str, Any]:
    """What became of a file, for JSON."""
    return {
        **asdict(one.entry),
        "path": str(one.path),
        "already": one.already,
        "replaced": list(one.replaced),
        "told": [asdict(told) for told in one.told],
    }


def _tell(one: Imported) -> None:
    """What became of a file, for people: what is told of rows goes to standard error."""
    entry = one.entry
    if one.already:
        click.echo(
            f"{one.path}: already there ({entry.kind}, imported {entry.imported:%Y-%m-%d}); nothing changed"
        )
        return
    for line in _lines(str(one.path), one.told):
        click.echo(line, err=True)
    counts = [
        f"{count:,} {what}"
        for count, what in (
            (entry.left_out, "left out as wrong"),
            (entry.once, "counted once"),
            (entry.unknown, "with a state that is not known"),
        )
        if count
    ]
    instead = f"; takes the place of {', '.join(one.replaced)}" if one.replaced else ""
    version = f", edition {entry.version}" if entry.version else ""
    text = f"{one.path}: {entry.kind}{version}, {entry.kept:,} of {entry.rows:,} rows kept"
    click.echo(f"{text}{'; ' if counts else ''}{', '.join(counts)}{instead}")


def _lines(path: str, told: Sequence[Told]) -> list[str]:
    """What is told of rows, one line each, the first of every grade."""
    out: list[str] = []
    for grade in ("left out", "counted once", "state unknown"):
        these = [one for one in told if one.grade == grade]
        out += [f"{path}:{one.line}: {grade}: {one.says}" for one in these[:_SHOWN]]
        if len(these) > _SHOWN:
            out.append(f"{path}: {grade}: {len(these) - _SHOWN:,} more; all of them: accord data list --rows")
    return out


@data.command("list", short_help="List what has been imported.")
@_STORE
@click.option("--rows", is_flag=True, help="Also every row that was not simply kept.")
@_JSON
def list_(store: Path | None, rows: bool, as_json: bool) -> None:
    """List what has been imported: file, edition, rows, hash, and whom to cite."""
    from accord.data import entries, reading

    try:
        with reading(store) as base:
            held = entries(base)
            told = base.execute(
                "SELECT number, line, grade, says FROM told ORDER BY number, line, says"
            ).fetchall()
    except AccordError as error:
        _leave(error)
        return
    if as_json:
        records = [{**asdict(one), "told": [row[1:] for row in told if row[0] == one.number]} for one in held]
        click.echo(json.dumps(records, indent=2, ensure_ascii=False, default=str))
        return
    for entry in held:
        click.echo(_entry(entry))
        if rows:
            for number, line, grade, says in told:
                if number == entry.number:
                    click.echo(f"  {entry.file}:{line}: {grade}: {says}")


def _entry(entry: Entry) -> str:
    """One imported file, for people."""
    notes = (
        f"{entry.left_out:,} left out, {entry.once:,} counted once, {entry.unknown:,} with a state not known"
    )
    lines = [
        f"{entry.kind}: {entry.file}",
        f"  edition   {entry.version or 'not stated'}",
        f"  imported  {entry.imported:%Y-%m-%d %H:%M} UTC; the file was last written to on {entry.modified}",
        f"  rows      {entry.kept:,} of {entry.rows:,} kept; {notes}",
        f"  sha256    {entry.sha256}",
        f"  cite      {entry.citation}",
    ]
    return "\n".join(lines)


@data.command(short_help="Check that the store holds what was imported.")
@_STORE
def verify(store: Path | None) -> None:
    """Check that every import still has the rows that it came with."""
    from accord.data import verify as verified

    try:
        found = verified(store)
    except AccordError as error:
        _leave(error)
        return
    for line in found:
        click.echo(line, err=True)
    if found:
        sys.exit(1)
    click.echo("every import is as it came")


@data.command(short_help="Show what a kind of file must hold.")
@click.argument("kind", type=_KIND, required=False)
def kinds(kind: str | None) -> None:
    """Show the kinds of file that can be imported, or the column map of one KIND."""
    if kind is None:
        for one in KINDS.values():
            click.echo(f"{one.name:14} {one.label}")
        return
    one = KINDS[kind]
    click.echo(f"{one.name}: {one.label}\n  one row for each {', '.join(one.key)}\n  cite {one.citation}")
    for column in one.columns:
        limits = [f"from {column.low:g}"] if column.low is not None else []
        limits += [f"to {column.high:g}"] if column.high is not None else []
        limits += [f"one of {', '.join(column.words)}"] if column.words else []
        need = "needed" if column.needed else "may be left out"
        heads = " or ".join(column.heads or (column.name,))
        click.echo(f"  {heads:40} {' '.join([column.type, *limits])}; {need}")
    for name, pattern in one.gather:
        click.echo(f"  {pattern:40} gathered as {name}")


@data.command(short_help="Work the shipped base rates out anew from your data.")
@_STORE
@click.option("--write", is_flag=True, help="Put them into the package.")
@_JSON
def aggregate(store: Path | None, write: bool, as_json: bool) -> None:
    """Work the shipped base rates out anew from your own import, and say whether they are the same."""
    from accord.data import default_store
    from accord.lenses.precedent.recompute import compare

    try:
        found = compare(store or default_store(), write)
    except AccordError as error:
        _leave(error)
        return
    if as_json:
        click.echo(json.dumps([{**asdict(one), "same": one.same} for one in found], indent=2))
    for one in found if not as_json else []:
        edition = f"from {one.kind}, edition {one.version or 'not stated'}"
        shipped = f"shipped: edition {one.shipped_version or 'not stated'}"
        same = "the same as shipped" if one.same else f"NOT the same as shipped ({shipped})"
        click.echo(f"{one.name}: {edition}, digest {one.digest[:16]}: {'written' if write else same}")
    if not found:
        click.echo("nothing that base rates are made from has been imported", err=True)
        sys.exit(2)
    wrong = any(not one.same and one.version == one.shipped_version for one in found)
    sys.exit(1 if wrong and not write else 0)
