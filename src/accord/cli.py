"""The ``accord`` command: thin, every answer also as ``--json``."""

from __future__ import annotations

import contextlib
import errno
import gc
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from accord.backtesting.commands import backtest
from accord.calibrating.commands import calibrate
from accord.data_commands import data
from accord.engine.progress import noticing
from accord.forecasting.commands import forecast
from accord.stopping import insistent, stoppable
from accord.telling import tell

if TYPE_CHECKING:
    from accord.study.claim_explained import ClaimExplanation
    from accord.study.explanation import Evidence, Explanation
    from accord.study.moved import Moved


class Commands(click.Group):
    """The commands; Ctrl-C in any of them leaves with status 130, an answer that cannot be printed with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            with noticing(), insistent(), stoppable(), seldom_tidied():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("cancelled; nothing was written", err=True)
            ctx.exit(130)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            click.echo(f"the answer cannot be printed ({str(error.strerror).lower()})", err=True)
            ctx.exit(1)


@contextlib.contextmanager
def seldom_tidied() -> Iterator[None]:
    """A block in which Python looks for rings of dead objects a hundred times less often: most of what we make stays.

    Threads take turns ten times as often, so that one which comes out of a kernel need not wait long for Python.
    """
    before, turn = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(before[0] * 100, *before[1:])
    sys.setswitchinterval(turn / 10)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        sys.setswitchinterval(turn)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="accord-lenses", prog_name="accord")
def main() -> None:
    """Judge an international partnership as an executable, scored forecast.

    Exit status: 0 answered, 1 a run failed, 2 bad input, 130 cancelled.
    """


def bad_input(error: Any, as_json: bool = False) -> None:
    """Tell every problem and leave with status 2."""
    tell(list(error.problems), as_json)
    sys.exit(2)


@main.command(short_help="Tell every problem of a situation at once.")
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="Problems as JSON on standard output.")
def check(case: str, as_json: bool) -> None:
    """Check a situation file (or a shipped case): every problem at once, with its line."""
    import accord

    problems = accord.check(case)
    tell(problems, as_json)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = sum(problem.severity == "warning" for problem in problems)
    if not as_json:
        click.echo(f"{case}: {_count(errors, 'error')}, {_count(warnings, 'warning')}", err=errors > 0)
    sys.exit(2 if errors else 0)


def _count(number: int, what: str) -> str:
    """A count with its noun."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


@main.command(short_help="List the shipped cases.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def cases(as_json: bool) -> None:
    """List the shipped cases."""
    import accord

    rows = {name: accord.read(path) for name, path in accord.list_cases().items()}
    if as_json:
        click.echo(
            json.dumps(
                {
                    name: {"title": s.title, "as_of": str(s.as_of), "question": s.question}
                    for name, s in rows.items()
                },
                indent=2,
            )
        )
        return
    for name, situation in rows.items():
        click.echo(f"{name}: {situation.title} (as of {situation.as_of})")


@main.command(short_help="Say where a number comes from, or what a claim is.")
@click.argument("case")
@click.argument("path")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def explain(case: str, path: str, as_json: bool) -> None:
    """Say where a number comes from: PATH such as ties.iran.russia.trust, or a whole block such as ties.

    A claim is explained by its path or its name: claims.C37, or C37.
    """
    import dataclasses

    import accord

    try:
        found = accord.explain(case, path)
    except accord.SituationError as error:
        bad_input(error, as_json)
        return
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=2, ensure_ascii=False))
        return
    click.echo("\n\n".join(_explanation(one) for one in found))


def _explanation(one: Explanation | ClaimExplanation) -> str:
    """The explanation of a number or a claim as lines of text."""
    from accord.study.claim_explained import ClaimExplanation

    return _of_claim(one) if isinstance(one, ClaimExplanation) else _of_number(one)


def _of_claim(one: ClaimExplanation) -> str:
    """One claim's explanation as lines of text."""
    parts = [
        ("kind", (one.kind,)),
        ("changes", one.changes or ("nothing",)),
        ("expects", one.expects),
        ("carried by", one.carried_by),
    ]
    lines = [one.path, f"  {one.says}"]
    lines += [
        f"  {'' if index else name:<11} {text}" for name, some in parts for index, text in enumerate(some)
    ]
    lines += [_source(source) for source in one.evidence]
    lines += [f"  note        {one.note}"] if one.note else []
    lines.append(f"  verdict     told by: {one.verdict}")
    return "\n".join([*lines, *([f"  stands at   {one.place}"] if one.place else [])])


def _source(source: Evidence) -> str:
    """One piece of evidence as a line of text."""
    where = ", ".join(part for part in (source.locator, source.date) if part)
    return f"  source      {source.citation}{f' [{where}]' if where else ''} ({source.grade})"


def _of_number(one: Explanation) -> str:
    """One number's explanation as lines of text."""
    lines = [
        one.path,
        f"  {one.question}",
        f"  value       {one.written}{f' {one.unit}' if one.unit and one.written != 'left out' else ''}",
    ]
    lines.append(f"  standing    {one.standing}")
    lines += [_source(source) for source in one.evidence]
    if one.confidence:
        lines.append(f"  confidence  {one.confidence}")
    if one.note:
        lines.append(f"  note        {one.note}")
    lines.append(f"  read by     {', '.join(one.readers) or 'no lens'}")
    if one.place:
        lines.append(f"  stands at   {one.place}")
    return "\n".join(lines)


@main.command(short_help="Show what changed between two situations or runs.")
@click.argument("before")
@click.argument("after")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def diff(before: str, after: str, as_json: bool) -> None:
    """Show what changed between two situations, path by path; between two result folders, why the verdict moved."""
    import dataclasses

    import accord
    from accord.doors import why_moved

    try:
        there(before, after)
        why = why_moved(before, after)
        found = () if why is not None else accord.compare(before, after)
    except accord.SituationError as error:
        bad_input(error, as_json)
        return
    except accord.RunError as error:
        failed(error)
        return
    if why is not None:
        tell_move(why, as_json)
        return
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=2, ensure_ascii=False))
        return
    for one in found:
        was, now = (json.dumps(value, ensure_ascii=False) for value in (one.before, one.after))
        change = {"added": f"+ {now}", "removed": f"- {was}"}.get(one.kind, f"{was} -> {now}")
        click.echo(f"{one.path}: {change}{' (evidence only)' if one.kind == 'evidence' else ''}")
    click.echo(f"{_count(len(found), 'difference')}")


def there(*cases: str) -> None:
    """Refuse names that are neither a path nor a shipped case, each by its name."""
    import accord
    from accord.problems import did_you_mean

    shipped, missing = accord.list_cases(), []
    for case in dict.fromkeys(cases):
        path = Path(case)
        # A folder whose manifest is missing is told more of later.
        place = path.parent if path.name == "run.json" else path
        if case.strip() and case not in shipped and not place.exists():
            hint = did_you_mean(case, shipped)
            missing.append(accord.Problem("no-file", "no such file or folder", file=case, try_instead=hint))
    if missing:
        raise accord.SituationError(missing)


def tell_move(why: Moved, as_json: bool) -> None:
    """Print why a verdict moved."""
    from accord.report.moved_words import moved_text
    from accord.study.moved import moved_record

    record = json.dumps(moved_record(why), indent=2, ensure_ascii=False) if as_json else ""
    click.echo(record or moved_text(why))


@main.command(short_help="Answer: write results and a report.")
@click.argument("case")
@click.option(
    "--worlds",
    type=click.IntRange(min=1),
    help="Worlds to draw (a power of two for Sobol points) [default: 2048, quick 128].",
)
@click.option("--seed", type=click.IntRange(min=0), help="The same one gives the same numbers [default: 0].")
@click.option("--scenario", help="Look at this scenario of the file instead.")
@click.option(
    "--method", type=click.Choice(["sobol", "latin"]), help="How worlds are drawn [default: sobol]."
)
@click.option(
    "--policy",
    type=click.Choice(["weighted_mean", "weighted_median", "expected_utility", "spatial"]),
    help="What the partnership settles on: those who are in, or all with a stand by a bargaining model [default: the file's].",
)
@click.option(
    "--calibration",
    type=click.Path(dir_okay=False),
    multiple=True,
    help="Take the verdict under this class of yours as well (from accord calibrate --save); may be repeated.",
)
@click.option(
    "--store",
    help="Own data for the outside view (a file of accord data import), or none [default: the usual place, if it is there].",
)
@click.option("--quick", is_flag=True, help="A first impression: no scenarios, no claims, one figure.")
@click.option(
    "--thorough", is_flag=True, help="Every part looks at every world; takes long; not with --quick."
)
@click.option("--resume", is_flag=True, help="Go on with the run that was cancelled, with its options.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for results [default: out/CASE]."
)
@click.option(
    "--threads", type=click.IntRange(min=1), help="Threads inside kernels (never changes a number)."
)
@click.option("--chunk", type=click.IntRange(min=1), help="Worlds per chunk (never changes a number).")
@click.option("--json", "as_json", is_flag=True, help="Print run.json on standard output.")
def run(
    case: str, out: Path | None, as_json: bool, resume: bool, quick: bool, thorough: bool, **wanted: Any
) -> None:
    """Answer: draw worlds, look at CASE (a file or a shipped case) through every lens, write run.json and report.html.

    Ctrl-C keeps what is done, reports on it (unless a whole run stands there: that is left), and leaves with status 130;
    the same command, or --resume, goes on from there.
    """
    import accord
    from accord.figures import Aide

    wanted["effort"] = "quick" if quick else "thorough" if thorough else None
    wanted["calibration"] = list(wanted["calibration"]) or None
    with Aide() as aide:  # starts while all the rest is loaded
        from accord.job import Cancelled, carry_out

        try:
            if quick and thorough:
                raise ValueError("--quick and --thorough exclude each other")
            done = carry_out(case, out, wanted, resume, aide)
        except accord.SituationError as error:
            bad_input(error, as_json)
            return
        except ValueError as error:
            bad_input(accord.SituationError([accord.Problem("option", str(error), file=case)]), as_json)
            return
        except accord.RunError as error:
            failed(error)
            return
        except Cancelled as error:
            click.echo(str(error), err=True)
            sys.exit(130)
    click.echo(done.manifest if as_json else done.text)
    sys.exit(130 if done.interrupted else 1 if done.failed else 0)


@main.command(short_help="Test what a situation claims.")
@click.argument("case")
@click.option(
    "--worlds",
    default=512,
    show_default=True,
    type=click.IntRange(min=1),
    help="Worlds to look at (a power of two).",
)
@click.option(
    "--seed", default=0, show_default=True, type=click.IntRange(min=0), help="The same one, the same numbers."
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def claims(case: str, worlds: int, seed: int, as_json: bool) -> None:
    """Test what a situation claims: change what each claim names, and look at the same worlds again.

    What the model contradicts comes first, then what it leaves undecided and why, then every claim with the path that was
    changed, what was expected and what came out.

    A claim that the model contradicts is shown as such; that is an answer, so the exit status is 0.
    Claims that test the model (paired, output) are counted apart from those that only check what was put in and how the
    equations work it out (input, identity).
    """
    import accord

    try:
        results = accord.check_claims(case, worlds=worlds, seed=seed)
    except accord.SituationError as error:
        bad_input(error, as_json)
        return
    except ValueError as error:
        bad_input(accord.SituationError([accord.Problem("option", str(error), file=case)]), as_json)
        return
    except accord.RunError as error:
        failed(error)
        return
    from functools import partial

    from accord.lenses.endurance.output_words import output_words
    from accord.report.claim_table import as_rows, as_text

    if as_json:
        click.echo(json.dumps(as_rows(results), indent=2, ensure_ascii=False))
        return
    click.echo(as_text(results, partial(output_words, accord.read(case))))


@main.command(short_help="Start a situation of your own.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--sheet", is_flag=True, help="The fixed sheet: a case coded in words.")
def new(folder: Path, sheet: bool) -> None:
    """Write a commented template for a situation of your own into FOLDER."""
    import accord
    from accord.doors import start

    try:
        target = start(folder, sheet)
    except accord.SituationError as error:
        bad_input(error)
        return
    except accord.RunError as error:
        failed(error)
        return
    click.echo(f"{target}: written; next: accord check {target}")


def failed(error: Exception) -> None:
    """Tell why a run failed and leave with status 1."""
    click.echo(str(error), err=True)
    sys.exit(1)


@main.command(short_help="Write a situation in another form.")
@click.argument("source")
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--layout", default="wide", show_default=True, type=click.Choice(["wide", "long"]), help="Of a workbook."
)
@click.option("--replace", is_flag=True, help="Write over what is there (comments of a YAML file survive).")
@click.option(
    "--form",
    default="ktab",
    show_default=True,
    type=click.Choice(["ktab", "scholz"]),
    help="Of a bargaining game (.csv).",
)
@click.option(
    "--issue", "issues", multiple=True, help="Issue of a bargaining game; may be repeated [default: all]."
)
def convert(
    source: str,
    target: Path,
    layout: Literal["wide", "long"],
    replace: bool,
    form: Literal["ktab", "scholz"],
    issues: tuple[str, ...],
) -> None:
    """Write a situation in another form.

    TARGET ends in .yaml, .json or .xlsx, or is a new folder for CSV files; with .csv or .xml it becomes a bargaining
    game as other programs read it.
    """
    import accord
    from accord.doors import transfer

    try:
        lost = transfer(source, target, layout, replace, form, issues)
    except accord.SituationError as error:
        bad_input(error)
        return
    except accord.RunError as error:
        failed(error)
        return
    for loss in lost:
        click.echo(f"not carried over: {loss}", err=True)
    click.echo(f"{target}: written{'' if lost else ', nothing lost'}")


@main.command(short_help="Write an empty workbook to fill in.")
@click.argument("target", type=click.Path(path_type=Path))
def template(target: Path) -> None:
    """Write an empty, commented workbook to fill in: TARGET ends in .xlsx."""
    import accord
    from accord.doors import blank

    try:
        blank(target)
    except accord.SituationError as error:
        bad_input(error)
        return
    except accord.RunError as error:
        failed(error)
        return
    click.echo(f"{target}: written; fill it in, then: accord check {target}")


@main.command(short_help="Print the JSON Schema, or the reference page.")
@click.option("--reference", is_flag=True, help="The reference page (Markdown) instead of the JSON Schema.")
def schema(reference: bool) -> None:
    """Print the JSON Schema of situation files, for editors; or the reference page."""
    from accord.files.schema import reference_of, schema_of
    from accord.lenses import vocabulary

    known = vocabulary()
    text = (
        reference_of(known)
        if reference
        else json.dumps(schema_of(known), indent=2, ensure_ascii=False) + "\n"
    )
    click.echo(text, nl=False)


main.add_command(backtest)
main.add_command(calibrate)
main.add_command(forecast)
main.add_command(data)

if __name__ == "__main__":
    main(prog_name="accord")
