"""One whole job of the command line: read, run, write results and report, say what came of it."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accord.doors import run
from accord.lenses import vocabulary
from accord.library import locate
from accord.report import write_report
from accord.report.compose import view_of
from accord.study.record import write_results
from accord.study.study import Study

_WIDTH = 100


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


def carry_out(case: str, out: Path | None, wanted: Mapping[str, Any]) -> Done:
    """Run a case and write everything.

    Parameters
    ----------
    case : str
        A file or the name of a shipped case.
    out : Path or None
        Folder for results; ``out/CASE`` when None.
    wanted : mapping
        Options of :func:`accord.run`.

    Raises
    ------
    SituationError, ValueError, RunError
        As :func:`accord.run` and :func:`accord.write_report`.
    Cancelled
        When it was stopped before any world was finished, or before the report was written.
    """
    folder = out or Path("out") / locate(case).stem
    chunks = folder / "chunks"
    command = command_of(case, folder, wanted)
    try:
        study = run(case, keep=chunks, **wanted)
        if study.interrupted and not study.done:
            raise KeyboardInterrupt
        written = write_results(study, folder)
        written["report"] = folder / "report.html"
        write_report(view_of(study, vocabulary(), command), written["report"])
    except KeyboardInterrupt:
        kept = "the worlds that are done are kept, and the same command goes on from there"
        raise Cancelled(f"cancelled; {kept if _any_chunk(chunks) else 'nothing was written'}") from None
    if study.complete:
        shutil.rmtree(chunks, ignore_errors=True)
    manifest = written["run"].read_text("utf-8")
    return Done(_text(study, written), manifest, study.interrupted, bool(study.failed))


def _any_chunk(folder: Path) -> bool:
    """Whether a finished chunk of worlds is kept there."""
    return any(folder.glob("*/*.done"))


def command_of(case: str, folder: Path, wanted: Mapping[str, Any]) -> str:
    """The command that repeats a run."""
    shown = {
        key: value for key, value in wanted.items() if value is not None and key not in ("threads", "chunk")
    }
    options = " ".join(f"--{key} {value}" for key, value in shown.items())
    return f"accord run {Path(case).name} {options} --out {folder.name}".replace("  ", " ")


def _text(study: Study, written: Mapping[str, Path]) -> str:
    """The answer in words for a terminal, and where the rest lies."""
    situation = study.situation
    lines = [f"{situation.title} (as of {situation.as_of})", ""]
    if study.base.name:
        lines += [f"Seen as scenario '{study.base.name}': {situation.scenarios[study.base.name].says}", ""]
    for finding in study.findings:
        lines.append(finding.question)
        lines += [
            textwrap.fill(says, _WIDTH, initial_indent="  ", subsequent_indent="  ") for says in finding.says
        ]
        lines.append("")
    for unfit in study.base.unfit:
        reasons = "; ".join(need.says for need in unfit.needs)
        lines += [f"{unfit.question}", f"  not answered: {reasons}", ""]
    lines += [*_state(study), ""]
    lines += [f"{name:8} {path}" for name, path in written.items()]
    return "\n".join(lines)


def _state(study: Study) -> list[str]:
    """How much was done, and the digest."""
    said = [f"{study.done} worlds, seed {study.seed}, digest {study.digest[:16]}"]
    if study.interrupted:
        said.append(
            f"cancelled: {study.done} of {study.worlds} worlds are done and kept; the same command goes on from there"
        )
    said += [f"failed: {text}" for text in study.failures]
    return said
