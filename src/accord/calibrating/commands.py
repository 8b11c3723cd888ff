"""The command ``accord calibrate``: thin; the answer also as ``--json``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from accord.telling import telling


@click.command(short_help="Fit the pace of partnerships like yours to history.")
@click.argument("case", required=False)
@click.option("--write", is_flag=True, help="Without CASE: put the tables into the package.")
@click.option(
    "--class", "own", help="Fit to a class of your own: a name, rules (defense=yes), or a file of rules."
)
@click.option("--store", type=click.Path(path_type=Path), help="With --class: store with the alliances.")
@click.option(
    "--level",
    type=click.Choice(["bilateral", "theatre"]),
    help="With --class: what ends when an alliance ends [default: bilateral].",
)
@click.option(
    "--beta",
    "betas",
    type=click.FloatRange(min=0.0, min_open=True),
    multiple=True,
    help="With --class: precision of choices; may be repeated [default: 6, 14, 40].",
)
@click.option(
    "--with-causes", is_flag=True, help="With --class: the verdict's rate is fitted to causes as well."
)
@click.option(
    "--drift",
    type=click.Choice(["measured"]),
    help="With --class: a second population, whose numbers wander.",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --class: for accord run --calibration.",
)
@click.option(
    "--size",
    type=click.IntRange(min=100),
    help="With --class: partnerships of the population that is fitted [default: 1000].",
)
@click.option("--name", help="With --class: what it is called [default: the class].")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@telling
def calibrate(case: str | None, write: bool, as_json: bool, **wanted: Any) -> None:
    """Fit the pace of partnerships made up like CASE to historical alliances, and keep it for later runs.

    Every class of alliances, every precision of choices, every variant of the population: some minutes, once.  Without
    CASE the shipped tables are worked out anew and compared with what is shipped.  With --class the pace is fitted to
    survival and causes of that class in your own import, and every misfit is shown; --save keeps it in a file, under which
    `accord run CASE --calibration FILE` takes its verdict as well.
    """
    from accord.calibrating import calibrate_case, calibrate_shipped, fitted_class, text_of

    if (made := fitted_class(case, write, wanted)) is not None:
        record, text = made
        click.echo(json.dumps(record, indent=2, ensure_ascii=False) if as_json else text)
        return
    found = calibrate_shipped(write) if case is None else [calibrate_case(case)]
    if as_json:
        click.echo(json.dumps(found if case is None else found[0], indent=2, ensure_ascii=False))
    else:
        click.echo("\n\n".join(text_of(one, case or "CASE") for one in found))
    sys.exit(0 if write or all(one.get("same", True) for one in found) else 1)
