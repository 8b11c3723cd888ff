"""A bargaining game has no partnership of its own: what is asked of one is not answered, and what the game holds is."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import accord
from accord.cli import main
from accord.exchange.game_case import stands_in
from accord.lenses import all_lenses, vocabulary
from accord.situation import Day, Patron, Situation
from accord.study.intervene import Pairs
from accord.study.needing import needs_of

# What a reader of run.json may count on while its format is 1: without one of these it would be another format.
KEYS_OF_FORMAT_1 = {
    "claims", "digest", "findings", "format", "left_out", "priors", "problems", "run", "scenarios", "situation", "unfit",
    "verdict",
}  # fmt: skip
KEYS_OF_ITS_RUN = {
    "complete", "done", "effort", "failed", "failures", "interrupted", "method", "seconds", "seed", "versions", "worlds"
}  # fmt: skip
GAME = (
    "actor,position,salience,capability,low,high\nA,80,0.9,60,0,100\nB,70,0.8,40,0,100\nC,20,0.5,100,0,100\n"
)


@pytest.fixture
def game(tmp_path: Path) -> Situation:
    (tmp_path / "game.csv").write_text(GAME, "utf-8")
    return accord.read(tmp_path / "game.csv")


def asked(situation: Situation) -> set[str]:
    """Lenses that would need a partnership of the file's own."""
    return {
        lens.name for lens in all_lenses() if "partnership" in {n.path for n in needs_of(lens, situation)}
    }


def test_a_game_fits_no_lens_that_judges_a_partnership(game: Situation) -> None:
    assert stands_in(game)
    assert asked(game) == {"endurance", "precedent"}
    (need,) = needs_of(_lens("precedent"), game)
    assert "would mean nothing" in need.says
    with pytest.raises(
        ValueError, match="the endurance lens does not fit: it would need partnership: a partnership of"
    ):
        Pairs(game, vocabulary(), 8, 0).observe(game, ["endurance.survival.theatre.12"])


def _lens(name: str):
    return next(lens for lens in all_lenses() if lens.name == name)


def test_converting_it_alone_changes_nothing_and_a_partnership_of_its_own_does(
    game: Situation, tmp_path: Path
) -> None:
    accord.save(game, tmp_path / "game.yaml")
    assert stands_in(accord.read(tmp_path / "game.yaml"))
    dated = dataclasses.replace(game, as_of=Day(2015))
    patrons = {**game.partnership.patrons, "a": Patron(since=Day(1890))}
    joined = dataclasses.replace(game, partnership=dataclasses.replace(game.partnership, patrons=patrons))
    assert stands_in(dated)  # a date alone says nothing of the partners
    for own in (joined, accord.read("tehran-moscow-2015")):
        assert not stands_in(own)
        assert not asked(own)


def test_a_run_of_a_game_has_no_verdict_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "game.csv").write_text(GAME, "utf-8")
    words = ["run", str(tmp_path / "game.csv"), "--quick", "--worlds", "8", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    text = " ".join(done.output.split())
    assert text.count("not answered: a partnership of the file's own: this is a game of bargainers") == 2
    assert "What would they settle on?" in text
    record = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert record["format"] == 1
    assert set(record) >= KEYS_OF_FORMAT_1
    assert set(record["run"]) >= KEYS_OF_ITS_RUN
    assert record["verdict"] is None
    assert {one["lens"] for one in record["unfit"]} >= {"endurance", "precedent"}
    assert any("stand as the partners" in one for one in record["problems"])
    assert "would mean nothing" in (tmp_path / "out" / "report.html").read_text("utf-8")
