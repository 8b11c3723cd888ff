"""Games from files of other programs and from situations, and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import accord
from accord.doors import transfer
from accord.exchange.ktab_xml import PARAMETERS
from accord.lenses.bargaining import spatial
from accord.lenses.bargaining.games import Game, game_of, read_game, spatial_options, write_game
from accord.lenses.bargaining.spatial import CHOICES
from accord.problems import SituationError

DATA = Path(__file__).parents[4] / "shared" / "data" / "bargaining"


def game(**other: Any) -> Game:
    """A game with everything in it."""
    given: dict[str, Any] = {
        "names": ("Ünï, a", 'the "other"', "C"),
        "positions": np.array([[10.0, 1 / 3], [90.1, 55.0], [40.0, 100.0]]),
        "salience": np.array([[0.4953, 0.1], [1 / 3, 0.5], [0.0, 0.2]]),
        "capability": np.array([102.543, 1e-3, 7.0]),
        "dimensions": ("first", "second, too"),
        "low": np.zeros(2),
        "high": np.full(2, 100.0),
        "accommodation": np.array([[0.5, 0.07, 0], [0, 1, 0], [0, 0.25, 0.25]]),
        "options": {"prngSeed": "42", **{name: words[-1] for name, words in PARAMETERS.items()}},
        "title": "Title: odd",
        "about": "Two\nlines",
        "descriptions": ("of a", "", "of c"),
    }
    return Game(**{**given, **other})


def test_from_xml_to_yaml_and_back_nothing_of_the_game_is_lost(tmp_path: Path) -> None:
    first, text, back = tmp_path / "a.xml", tmp_path / "b.yaml", tmp_path / "c.xml"
    assert write_game(game(), first) == ()
    assert transfer(first, text, "wide") == ()
    lost = transfer(text, back, "wide")
    assert read_game(back) == game()
    assert lost == ("sources of the numbers", "the partnership, the date")
    assert accord.check(text) != []
    assert all(problem.severity != "error" for problem in accord.check(text))


def test_a_game_without_a_title(tmp_path: Path) -> None:
    plain = game(title="", about="", options={}, accommodation=None, descriptions=())
    write_game(plain, tmp_path / "a.csv")
    transfer(tmp_path / "a.csv", tmp_path / "b.yaml", "wide")
    transfer(tmp_path / "b.yaml", tmp_path / "c.csv", "wide")
    assert read_game(tmp_path / "c.csv") == plain


def test_other_scales_and_much_salience_are_told(tmp_path: Path) -> None:
    wide = game(low=np.array([0.0, -50.0]), high=np.array([100.0, 150.0]), salience=np.full((3, 2), 0.8))
    lost = write_game(wide, tmp_path / "a.xml")
    assert lost == (
        "the scales of second, too (-50 to 150): positions are written on 0 to 100",
        "the level of salience: all of it is divided by 1.6, as KTAB allows 100 in sum for each actor",
    )
    found = read_game(tmp_path / "a.xml")
    assert found.positions[:, 0].tolist() == wide.positions[:, 0].tolist()
    np.testing.assert_allclose(found.positions[1, 1], 52.5)
    np.testing.assert_allclose(found.salience, 0.5)


def test_the_shipped_case_as_a_game() -> None:
    situation = accord.read("tehran-moscow-2015")
    found, lost = game_of(situation, ["assad_fate"])
    assert found.dimensions == ("Assad's fate",)
    assert len(found.names) >= 5
    assert (found.capability > 0).all()
    assert any("actors without a number" in loss for loss in lost)
    assert any("ranges and distributions" in loss for loss in lost)
    with pytest.raises(SituationError, match="did you mean 'assad_fate'"):
        game_of(situation, ["asad_fate"])


def test_an_edited_actor_takes_its_accommodation_along(tmp_path: Path) -> None:
    write_game(game(), tmp_path / "a.xml")
    situation = accord.read(tmp_path / "a.xml")
    changed = accord.amend(situation, {"actors.c.label": "Other"})
    found, lost = game_of(changed)
    assert found.accommodation is not None
    assert found.accommodation[0].tolist() == [0.5, 0.07, 0]
    assert "the accommodation of C: no longer among the actors" in lost


def test_parameters_of_ktab_are_those_of_the_model() -> None:
    for name, words in PARAMETERS.items():
        for word in words:
            ((ours, choice),) = spatial_options(game(options={name: word})).items()
            assert choice in CHOICES[ours]
    assert set(spatial_options(game())) == set(CHOICES)


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here")
@pytest.mark.parametrize(
    "case", ["smp_dummy3_default", "smp_dummy3_InitRcvrInterp", "smp_emission_MarkovIncentive"]
)
def test_a_file_of_ktab_gives_the_positions_of_ktab(case: str, tmp_path: Path) -> None:
    known = json.loads((DATA / f"{case}.json").read_text())
    head = f"{case},,{len(known['actors'])},{known['dims']},\n"
    rows = [head, "Actor,Description,Power," + "".join(f"P{k},S{k}," for k in range(known["dims"])) + "\n"]
    for actor in known["actors"]:
        pairs = "".join(f"{x},{s}," for x, s in zip(actor["position"], actor["salience"], strict=True))
        rows.append(f"{actor['name']},, {actor['capability']},{pairs}\n")
    (tmp_path / "k.csv").write_text("".join(rows))
    read = read_game(tmp_path / "k.csv")
    options = spatial_options(game(options=known["options"]))
    course = spatial(read.positions, read.salience, read.capability, compat=True, **options)  # type: ignore[arg-type]
    wanted = np.array(known["expected"]["positions_by_turn"]).reshape(-1, len(read.names), known["dims"])
    turns = min(len(wanted), known.get("check_turns", len(wanted) - 1) + 1)
    np.testing.assert_allclose(course.positions[:turns], wanted[:turns], atol=0.011)
