"""One whole job of the command line: read, run, write results and report, say what came of it."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accord.doors import read, run, save
from accord.engine.store import write_json
from accord.figures import Aide
from accord.finding import Finding
from accord.formulas.wording import count
from accord.lenses import vocabulary
from accord.library import locate, shipped
from accord.problems import Problem, SituationError
from accord.report import write_report
from accord.report.answer_words import answer
from accord.report.claim_words import claims_note
from accord.report.compose import view_of
from accord.report.page import drawings_of
from accord.situation import Situation
from accord.study.effort import QUICK
from accord.study.holding import held
from accord.study.landing import landings
from accord.study.record import write_results
from accord.study.replacing import aside, finished, land, standing, undisturbed
from accord.study.study import Study

_WIDTH = 100
_OPTIONS = "options.json"
_SHOWN = 16  # digits of a digest
# Options that never change a number.
_NOT_KEPT = ("threads", "chunk")
# What options are where they are not given; the number of worlds hangs on the effort.
_PLAIN: dict[str, Any] = {"seed": 0, "method": "sobol"}


class Cancelled(Exception):
    """A job was stopped with Ctrl-C and left no report; the text says what is kept."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a job left behind.

    Parameters
    ----------
    text : str
        For people.
    manifest : str
        The content of ``run.json``.
    interrupted, failed : bool
    """

    text: str
    manifest: str
    interrupted: bool
    failed: bool


def carry_out(
    case: str, out: Path | None, wanted: Mapping[str, Any], resume: bool = False, aide: Aide | None = None
) -> Done:
    """Run a case and write everything.

    Parameters
    ----------
    case : str
        A file or the name of a shipped case.
    out : Path or None
        Folder for results; ``out/CASE`` when None.
    wanted : mapping
        Options of :func:`accord.run`; those that are None take their default.
    resume : bool
        Go on with the run that was cancelled in this folder, with its options.
    aide : Aide, optional
        A second process for the figures, which has been started before.

    Raises
    ------
    SituationError, ValueError, RunError
        As :func:`accord.run` and :func:`accord.write_report`; also when another run writes into the folder.
    Cancelled
        When it was stopped before any world was finished, or before the report was written, or when it would have taken
        the place of a run that was not cancelled.
    """
    folder = out or Path("out") / locate(case).stem
    with held(folder):
        given = {key: value for key, value in wanted.items() if value is not None}
        options = _resumed(folder, case, given) if resume else given
        return _carried_out(case, out, folder, options, aide)


def _carried_out(
    case: str, out: Path | None, folder: Path, options: Mapping[str, Any], aide: Aide | None
) -> Done:
    """Run with these options, into a folder that is ours."""
    chunks = folder / "chunks"
    command, before = command_of(case, out, options), standing(folder)
    try:
        study = run(case, keep=chunks, told=_drawer(aide, options), **options)
        if study.interrupted and not study.done:
            raise KeyboardInterrupt
        if study.interrupted and finished(folder):
            _note(chunks, case, options)
            raise Cancelled(_left_alone(study, before))
        written, stopped = _insisted(study, folder, command, _since(case, study), aide)
    except KeyboardInterrupt:
        if _any_chunk(chunks):
            _note(chunks, case, options)
        kept = "the worlds that are done are kept, and the same command goes on from there"
        raise Cancelled(f"cancelled; {kept if _any_chunk(chunks) else 'nothing was written'}") from None
    if study.interrupted:
        _note(chunks, case, options)
    if study.complete and not study.interrupted:
        shutil.rmtree(chunks, ignore_errors=True)
    manifest = written["run"].read_text("utf-8")
    text = _text(study, written, before)
    return Done(text, manifest, study.interrupted or stopped, bool(study.failed))


def _left_alone(study: Study, before: str) -> str:
    """That a cancelled run did not take the place of one that was not cancelled, and how to go on with it."""
    done = "all" if study.complete else f"{study.done:,} of"
    kept = f"{done} {count(study.worlds, 'world')} are done and kept, and --resume goes on"
    return f"cancelled; {before} that stands here is left as it is; {kept}"


def _drawer(aide: Aide | None, options: Mapping[str, Any]) -> Callable[[Finding, Situation], None] | None:
    """Lets figures be drawn while the verdict is taken; a quick report has hardly any."""
    if aide is None or options.get("effort") == QUICK.name:
        return None

    def begin(finding: Finding, situation: Situation) -> None:
        """Those of one finding."""
        aide.draw_ahead(drawings_of(finding), situation)

    return begin


def _insisted(
    study: Study, folder: Path, command: str, since: str, aide: Aide | None
) -> tuple[dict[str, Path], bool]:
    """Write results and report side by side, and have them stand in the folder all at once.

    A Ctrl-C that strikes meanwhile does not end it, for all worlds would be there and nothing to see; a second one does, and
    the folder is as it was.  Once things are being moved into the folder none does.  DuckDB lets go of Python's lock, so
    results cost hardly any time beside the report.

    Returns
    -------
    dict of str to Path
        Where each thing is.
    bool
        Whether Ctrl-C struck.
    """
    with aside(folder) as place:
        with undisturbed() as begin:
            results = begin(write_results, study, place)
            spoken, stopped = _told(study, place, command, since, aide)
            stopped = _waited(results, stopped)
            written = {**results.result(), **spoken}
        struck = land(place, folder)
    return {name: folder / path.name for name, path in written.items()}, stopped or struck


def _told(
    study: Study, place: Path, command: str, since: str, aide: Aide | None
) -> tuple[dict[str, Path], bool]:
    """Write situation and report; once more when Ctrl-C strikes, and whether it did.

    The second time without the other process, which may owe the answer to a question that was broken off.
    """
    written = {"situation": place / "situation.json", "report": place / "report.html"}

    def write(aide: Aide | None) -> None:
        """Both."""
        save(study.situation, written["situation"])
        write_report(view_of(study, vocabulary(), command, since), written["report"], aide)

    try:
        write(aide)
    except KeyboardInterrupt:
        write(None)
        return written, True
    return written, False


def _waited(work: Future[Any], stopped: bool) -> bool:
    """Wait for something to end; whether Ctrl-C has struck by then. A second one is raised."""
    try:
        wait([work])
    except KeyboardInterrupt:
        if stopped:
            raise
        wait([work])
        return True
    return stopped


def _since(case: str, study: Study) -> str:
    """The command that shows what has happened since a shipped case was written; empty where nothing is kept."""
    from accord.ledger.since import known_cases

    name = study.situation.name
    kept = name in known_cases() and locate(case) == shipped().get(name)
    return f"accord forecast retrospective {name}" if kept else ""


def _resumed(folder: Path, case: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of the run that was cancelled in a folder, with those given that never change a number.

    Raises
    ------
    SituationError
        When there is none, or it was started with other options than those given.
    """
    found = _cancelled(folder, case)
    # Who settles is what the file says, unless an option says otherwise.
    plain = {**_PLAIN, "policy": read(case).partnership.policy}
    other = {
        key: given[key]
        for key in given
        if key not in _NOT_KEPT and given[key] != found.get(key, plain.get(key))
    }
    if other:
        says = f"what was cancelled here was started with {_flags(found) or 'no options'}, not with {_flags(other)}"
        hint = "--resume without these, or another folder (--out)"
        raise SituationError([Problem("other-options", says, file=str(folder), try_instead=hint)])
    return {**found, **given}


def _cancelled(folder: Path, case: str) -> dict[str, Any]:
    """The options of the run of a case that was cancelled in a folder.

    Raises
    ------
    SituationError
        When there is none, or it was a run of another situation.
    """
    hint = "the same command without --resume starts one"
    try:
        noted = json.loads((folder / "chunks" / _OPTIONS).read_text("utf-8"))
        of, found = noted["situation"], dict(noted["options"])
    except (OSError, ValueError, KeyError, TypeError):
        says = f"no run of '{case}' was cancelled here"
        raise SituationError(
            [Problem("nothing-to-resume", says, file=str(folder), try_instead=hint)]
        ) from None
    if of != read(case).digest:
        says = f"what was cancelled here was not a run of '{case}' as it is now"
        raise SituationError([Problem("nothing-to-resume", says, file=str(folder), try_instead=hint)])
    return found


def _note(chunks: Path, case: str, options: Mapping[str, Any]) -> None:
    """Note the situation and the options of a run that was cancelled, for ``--resume``."""
    kept = {key: options[key] for key in options if key not in _NOT_KEPT}
    write_json(chunks / _OPTIONS, {"situation": read(case).digest, "options": kept})


def _any_chunk(folder: Path) -> bool:
    """Whether a finished chunk of worlds is kept there."""
    return any(folder.glob("*/*.done"))


def command_of(case: str, out: Path | None, wanted: Mapping[str, Any]) -> str:
    """The command that repeats a run; of an absolute path the last part, for the rest is this machine's."""
    shown = {key: value for key, value in wanted.items() if key not in _NOT_KEPT}
    if "store" in shown:
        shown["store"] = Path(shown["store"]).name
    if "calibration" in shown:
        shown["calibration"] = [Path(file).name for file in shown["calibration"]]
    if out is not None:
        shown["out"] = out.name if out.is_absolute() else out.as_posix()
    return f"accord run {Path(case).name} {_flags(shown)}".rstrip()


def _flags(options: Mapping[str, Any]) -> str:
    """Options as they are written on the command line."""
    words = []
    for key, value in options.items():
        each = value if isinstance(value, list) else [value]
        words += [f"--{one}" if key == "effort" else f"--{key} {one}" for one in each]
    return " ".join(words)


def _text(study: Study, written: Mapping[str, Path], before: str = "") -> str:
    """The answer in words for a terminal, and where the rest lies; that a run was cancelled comes first."""
    situation = study.situation
    lines = [*_cancel(study), f"{situation.title} (as of {situation.as_of})", ""]
    if study.verdict is not None:
        said = answer(study.verdict, situation, study.findings, landings(study))
        lines += [_filled(said.lead, ""), ""]
        lines += [_filled(f"{point.term}: {point.says}", "  ", "- ") for point in said.points]
        lines += [""] if said.points else []
        if study.claims:
            lines += [_filled(claims_note(study.claims), ""), ""]
    if study.base.name:
        lines += [f"Seen as scenario '{study.base.name}': {situation.scenarios[study.base.name].says}", ""]
    for finding in study.findings:
        lines.append(finding.question)
        lines += [_filled(says, "  ") for says in finding.says]
        lines.append("")
    for unfit in study.base.unfit:
        reasons = "; ".join(need.says for need in unfit.needs)
        lines += [f"{unfit.question}", _filled(f"not answered: {reasons}", "  "), ""]
    lines += [*_state(study), ""]
    lines += [f"{name:8} {path}" for name, path in written.items()]
    lines += [f"replaced {before} that stood here"] if before else []
    return "\n".join(lines)


def _filled(text: str, indent: str, first: str | None = None) -> str:
    """A paragraph as wide as the terminal should be; its first line may begin otherwise."""
    begin = indent if first is None else first
    return textwrap.fill(text, _WIDTH, initial_indent=begin, subsequent_indent=indent)


def _cancel(study: Study) -> list[str]:
    """That a run was cancelled, how far it came, and what is missing; nothing for others."""
    if not study.interrupted:
        return []
    done = "all" if study.complete else f"{study.done:,} of"
    said = f"Cancelled: {done} {count(study.worlds, 'world')} are done and kept; the same command goes on from there."
    missing = f" Not in this answer: {', '.join(study.left_out)}." if study.left_out else ""
    return [_filled(said + missing, ""), ""]


def _state(study: Study) -> list[str]:
    """How much was done, and what each digest is of."""
    digests = [f"digest of the worlds {study.digest[:_SHOWN]}"]
    if study.verdict is not None:
        digests.append(f"of the verdict {study.verdict.digest[:_SHOWN]}")
    said = [f"{count(study.done, 'world')}, seed {study.seed}, {', '.join(digests)}"]
    said += [f"left out: {text}" for text in study.left_out]
    said += [f"failed: {text}" for text in study.failures]
    return said
