"""What a cancelled run says is missing: everything, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

import accord
from accord.finding import FloatArray
from accord.report.answer_words import answer, text_of
from accord.study import judging, running
from accord.study.effort import EFFORTS, USUAL
from accord.study.subjects import Subject
from accord.worlds import Worlds

CASE, WORLDS, BRIEFLY = "tehran-moscow-2015", 8, 4
LOOKS = ("other calibrations (cancelled)", "what would change the label (cancelled)", "claims (cancelled)")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Usual runs, with few worlds in every part."""
    monkeypatch.setitem(EFFORTS, "usual", replace(USUAL.within(BRIEFLY), worlds=WORLDS))


@pytest.mark.parametrize(
    ("among_scenarios", "after", "done", "missing"),
    [
        (False, 4, 4, "scenarios (cancelled)"),
        (True, 0, 8, "scenarios (cancelled)"),
        (True, 2, 8, "scenarios beyond 2 of 4 worlds (cancelled)"),
    ],
    ids=["among the worlds", "before the scenarios", "among the scenarios"],
)
def test_a_cancel_names_everything_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, among_scenarios: bool, after: int, done: int, missing: str
) -> None:
    real = running.columns_of

    def stopped(subjects: Sequence[Subject], drawn: Sequence[Worlds], brief: bool) -> dict[str, FloatArray]:
        """Ctrl-C once so many worlds are done."""
        if brief == among_scenarios and drawn[0].first > after:
            raise KeyboardInterrupt
        return real(subjects, drawn, brief)

    monkeypatch.setattr(running, "columns_of", stopped)
    found = accord.run(CASE, worlds=WORLDS, chunk=2, threads=1)
    assert found.interrupted
    assert found.done == done
    assert found.left_out == (missing, *LOOKS)
    assert found.verdict is not None
    assert np.isfinite(found.verdict.durability.median)


def test_a_cancel_while_judging_is_why_other_calibrations_were_not_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, calls = judging._robustness, list[int]()

    def stopped(*args: object) -> object:
        """Ctrl-C at the first call."""
        calls.append(1)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "_robustness", stopped)
    found = accord.run(CASE, worlds=WORLDS, threads=1)
    assert found.left_out == LOOKS
    assert found.verdict is not None
    says = "other calibrations were not tried, for the run was cancelled"
    enough = replace(found.verdict, judged=200)
    assert says in text_of(answer(enough, found.situation)).lower()
    assert "cancelled" not in text_of(answer(replace(enough, cancelled=False), found.situation))
