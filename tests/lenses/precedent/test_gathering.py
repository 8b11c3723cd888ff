"""What reaches a run: every part of the outside view, with a store and without one."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest
from native_samples import ALLIANCES
from test_profile import profile, situation

import accord
from accord.data import import_files
from accord.finding import Spread, Table
from accord.lenses.precedent import base_rates, outlook, shipped_model
from accord.lenses.precedent.alliances import CAUSES
from accord.lenses.precedent.by_model import calibration, skill, told_of
from accord.lenses.precedent.by_regime import class_of
from accord.lenses.precedent.gathering import gathered
from accord.lenses.precedent.profile import profile_of
from accord.lenses.precedent.stored import Stored, stored_at
from accord.problems import RunError, SituationError
from accord.situation import Day

PARTS = ("survival", "rates", "incidence", "incidence_by_class", "causes", "model_calibration", "compliance")
STATED = (
    "promises_defence: 1",
    "promises_offence: 0",
    "promises_consultation: 1",
    "formed_in_wartime: 1",
    "major_powers: 1",
    "formed_year: 1990",
)


def table_of(made, name: str) -> Table:
    """A table by its name."""
    return next(one for one in made.tables if one.name == name)


def test_without_a_store_nothing_else_is_needed(tmp_path) -> None:
    made = gathered(situation(tmp_path), None, 8)
    assert tuple(table.name for table in made.tables) == PARTS
    note = next(note for note in made.notes if "accord data import FILE" in note and "not shown" in note)
    for kind in ("atop-alliance", "regimes", "un-votes", "nmc", "ideal-points", "icews"):
        assert kind in note
    assert sum("not shown" in note for note in made.notes) == 1


def test_the_outlook_stands_beside_the_base_rates(tmp_path) -> None:
    case = situation(tmp_path, *STATED[:-1])
    rows = table_of(gathered(case, None, 8), "rates").rows
    label, one, five, ten, twenty = rows[-1]
    assert label == "Fitted model (no interval)"
    assert one is None
    assert twenty is None, "forecasts over 1 and 20 years were never scored"
    told = told_of(profile_of(case)).values
    assert told == {
        "offense": 0.0, "defense": 1.0, "neutrality": 0.0, "consultation": 0.0, "wartime": 1.0, "multilateral": 0.0,
        "majors": 0.5,
    }  # fmt: skip
    for cell, years in ((five, 5), (ten, 10)):
        assert isinstance(cell, Spread)
        assert cell.best == pytest.approx(outlook(told, years)["in_force"])
    measures = {m.name: m.spread.best for m in gathered(case, None, 8).measures}
    assert sum(measures[f"outlook.{name}.5"] for name in ("in_force", *CAUSES)) == pytest.approx(1.0)


def test_the_type_is_told_only_where_it_is_certain(tmp_path) -> None:
    assert "defense" not in told_of(profile(tmp_path)).values
    assert "defense" in told_of(profile(tmp_path)).missing
    some = told_of(profile(tmp_path, "promises_end_date: 0"))
    assert some.endless
    assert not told_of(profile(tmp_path, "promises_end_date: 1")).endless


def test_its_lack_of_skill_is_said_with_its_numbers(tmp_path) -> None:
    rows = shipped_model().blocked
    ten = next(row for row in rows[10] if row.model == "model_recent")
    assert ten.skill.low < 0 < ten.skill.high, "not shown to be worse, nor better"
    assert "no skill" in skill()
    assert "\N{MINUS SIGN}.07 over 10 years (\N{MINUS SIGN}.21 to +.06)" in skill()
    assert "from 1990 it foretold 14 % endings within five years and 4 % came" in skill()
    made = gathered(situation(tmp_path), None, 8)
    assert "no skill" in table_of(made, "rates").note
    assert any("no skill" in said for said in made.says)


def test_eras_are_the_means_of_the_forecasts() -> None:
    rows = {(row.era, row.contender): row for row in shipped_model().foretold[5]}
    whole = rows["1945-2010", "model_recent"]
    parts = [rows[era, "model_recent"] for era in ("1945-1969", "1970-1989", "1990-2010")]
    assert sum(part.n for part in parts) == whole.n == 9916
    assert sum(part.n * part.forecast for part in parts) / whole.n == pytest.approx(whole.forecast, abs=1e-5)
    assert whole.forecast == pytest.approx(0.164, abs=5e-4)
    assert whole.seen == pytest.approx(936 / 9916, abs=1e-6)
    late = {row.era: row for row in shipped_model().foretold[10] if row.contender == "model_recent"}[
        "1990-2010"
    ]
    assert (late.forecast, late.seen) == pytest.approx((0.306, 0.065), abs=5e-4)


def test_the_calibration_is_drawn_from_the_bins() -> None:
    table = calibration()
    bins = shipped_model().calibration[5]["model_recent"]
    assert [row[1:] for row in table.rows] == [(b.forecast, *b.observed, b.n) for b in bins]
    assert table.kind == "calibration"
    assert table.title == "The fitted model foretold an ending within 5 years for 16 %, and 9 % ended"


def test_incidence_counts_those_still_there(tmp_path) -> None:
    made = gathered(situation(tmp_path, "formed_in_wartime: 1"), None, 8)
    rate = base_rates(by="wartime")["wartime"]
    rows = {row[0]: row[1:] for row in table_of(made, "incidence_by_class").rows}
    assert len(rows) == 8
    for years in (1, 5, 10, 20):
        cells = rows[f"Formed in wartime (67): within {years} year{'' if years == 1 else 's'}"]
        assert [cell.best for cell in cells] == [rate.incidence[cause][years].value for cause in CAUSES]
        assert [(cell.low, cell.high) for cell in cells] == [rate.incidence[c][years][1:] for c in CAUSES]
        assert sum(cell.best for cell in cells) + rate.survival[years].value == pytest.approx(1, abs=1e-5)
    curves = table_of(made, "incidence")
    assert curves.kind == "curves"
    assert [cell.best for cell in curves.rows[0][1:]] == [0.0] * 4
    assert curves.rows[10][1].best == rate.incidence["expired"][10].value
    shares = table_of(made, "causes")
    assert "that are over" in shares.title
    assert "no chances of ending so" in shares.note
    assert shares.rows[1][0] == "Formed in wartime (58)", "endings, not alliances"


def test_the_age_conditions_the_base_rates(tmp_path) -> None:
    case = situation(tmp_path, "formed_in_wartime: 1", "formed_year: 2014")
    made = gathered(case, None, 8)
    rows = {row[0]: row[1:] for row in table_of(made, "rates_at_age").rows}
    five = rows["Formed in wartime (23)"][1]
    assert (five.best, five.low, five.high) == base_rates(by="wartime")["wartime"].further(6, 5).share
    assert "Formed in wartime (67)" in {row[0] for row in table_of(made, "rates").rows}, (
        "the newborn's beside it"
    )
    assert "Of the 23 of the smallest class" in table_of(made, "rates_at_age").title
    assert rows["Fitted model (no interval)"][1].best == pytest.approx(
        outlook(told_of(profile_of(case)).values, 5, age=6)["in_force"]
    )
    assert len(table_of(made, "rates").rows) + 1 == len(rows), "the fitted model stands where its age belongs"
    names = {m.name: m for m in made.measures}
    assert names["base_rate_at_age.wartime.5"].spread.best == pytest.approx(0.7826, abs=1e-4)
    assert "23 alliances that reached 6 years" in names["base_rate_at_age.wartime.5"].means
    assert any("It is 6 years old" in said for said in made.says)


@pytest.mark.parametrize(
    "line", ["formed_year: 2020", "formed_year: 2031", "formed_year: {low: 1990, best: 1995, high: 1999}"]
)
def test_a_newborn_or_one_of_unknown_age_has_no_condition(tmp_path, line: str) -> None:
    made = gathered(situation(tmp_path, line), None, 8)
    assert "rates_at_age" not in {table.name for table in made.tables}
    assert not any(m.name.startswith("base_rate_at_age") for m in made.measures)


def test_an_age_that_few_reached_is_thin_and_one_that_none_did_is_told(tmp_path) -> None:
    made = gathered(situation(tmp_path, "formed_in_wartime: 1", "formed_year: 1995"), None, 8)
    assert any("thin" in str(row[0]) for row in table_of(made, "rates_at_age").rows)
    lost = gathered(situation(tmp_path, "promises_offence: 1", "formed_year: 1900"), None, 8)
    table = table_of(lost, "rates_at_age")
    assert any(row[1] is None for row in table.rows)
    assert not any(
        math.isnan(cell.best) for row in table.rows for cell in row[1:] if isinstance(cell, Spread)
    )


def test_every_feature_that_is_asked_for_has_a_key(tmp_path) -> None:
    keys = {term.path.removeprefix("partnership.") for term in accord.lenses.precedent.LENS.terms}
    asked = next(
        note for note in gathered(situation(tmp_path), None, 8).notes if "May also belong to" in note
    )
    named = [part.split(" (")[0] for part in asked.split("partnership: ")[1].split("; ")]
    assert named
    assert set(named) <= keys
    whole = [f"{key}: 0" for key in sorted(keys) if key.startswith(("promises", "formed_in"))]
    settled = gathered(situation(tmp_path, *whole, "major_powers: 1", "formed_year: 2001"), None, 8)
    assert not any("May also belong to" in note for note in settled.notes)


# -- the user's own import ---------------------------------------------------------------------------------------------

REGIMES = "ccode,year,v2x_polyarchy\n" + "\n".join(
    f"{state},{year},{level}"
    for state, level in ((200, 0.7), (365, 0.1), (630, 0.2), (2, 0.8), (20, 0.75))
    for year in (1901, 1920, 1950, 2019, 2020)
)
NMC = "ccode,year,cinc,version\n" + "\n".join(
    f"{state},{year},{0.01 * state / 365 + year / 1e6},6.0"
    for state in (365, 630)
    for year in range(2010, 2022)
)
VOTES = "rcid,country_code,country,vote,year\n" + "\n".join(
    f"{call},{code},{name},{vote},{year}"
    for call, year in [(k + 100 * year, year) for year in (2015, 2018, 2021) for k in range(12)]
    for code, name, vote in (("IR", "Iran", "yes"), ("RU", "Russia", ("yes", "no", "abstain")[call % 3]))
)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of everything that the lens shows."""
    files = {"a.csv": ALLIANCES, "r.csv": REGIMES, "n.csv": NMC, "v.csv": VOTES}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    import_files([tmp_path / name for name in files], store=tmp_path / "s.duckdb")
    return tmp_path / "s.duckdb"


def test_nearest_cases_and_figures_of_the_partners(tmp_path, store) -> None:
    made = gathered(situation(tmp_path, *STATED), stored_at(store), 8)
    near = table_of(made, "nearest")
    assert not any("1920" in str(row[0]) for row in near.rows), (
        "the alliance of the same two states is left out"
    )
    assert any("between the same states: alliances of 1920" in note for note in made.notes)
    assert all(row[2] for row in near.rows), "why it is near"
    votes = table_of(made, "votes")
    assert [row[0] for row in votes.rows] == [2015.0, 2016.0, 2017.0, 2018.0], (
        "2021 lies after the day of the file"
    )
    assert votes.rows[1][1] is None, "a year without votes is empty, not 0"
    shares = table_of(made, "capabilities")
    assert shares.rows[-1][0] == 2019.0, "the year of the file is not over"
    assert {column.label for column in shares.columns[1:]} == {"Iran", "Russia"}
    assert any("own import: atop-alliance 4.01" in note.lower() for note in made.notes)


def test_alliances_begun_after_the_day_of_the_file_stay_out(tmp_path, store) -> None:
    def near(year: int) -> str:
        """The nearest alliances as of the start of a year."""
        one = dataclasses.replace(situation(tmp_path, *STATED[:-1]), as_of=Day(year))
        return str([row[0] for row in table_of(gathered(one, stored_at(store), 8), "nearest").rows])

    assert "1950" in near(1951)
    assert "1950" not in near(1950)
    assert "1901" in near(1950)


def test_classes_by_regime(tmp_path, store) -> None:
    made = gathered(situation(tmp_path, "formed_year: 1920"), stored_at(store), 8)
    table = table_of(made, "regimes")
    labels = [str(row[0]) for row in table.rows]
    assert labels[:2] == ["Every member democratic (1)", "No member democratic (1): this partnership"]
    assert "given 100 years of age (0, thin)" in labels[2]
    assert "no member democratic" in table.title
    unknown = gathered(situation(tmp_path, "formed_year: 1930"), stored_at(store), 8)
    assert not any("this partnership" in str(row[0]) for row in table_of(unknown, "regimes").rows)
    assert any("class by regime of this partnership is not known" in note for note in unknown.notes)


@pytest.mark.parametrize(
    ("least", "most", "name"),
    [(0.5, 0.9, "all_democratic"), (0.49, 0.5, "mixed_regimes"), (0.1, 0.4999, "none_democratic"), (0, 0, "none_democratic")],
)  # fmt: skip
def test_every_pair_of_levels_has_one_class(least: float, most: float, name: str) -> None:
    assert class_of(least, most) == name


def test_the_digest_is_that_of_what_is_read(tmp_path, store) -> None:
    (tmp_path / "elsewhere.duckdb").write_bytes(store.read_bytes())
    one, other = stored_at(store), stored_at(tmp_path / "elsewhere.duckdb")
    assert one == other
    assert repr(one) == repr(other), "the place is no part of it, for cached results hang on this"
    assert str(tmp_path) not in repr(one)
    (tmp_path / "n.csv").write_text(NMC.replace("0.0", "0.1"))
    import_files([tmp_path / "n.csv"], store=store)
    changed = stored_at(store)
    assert changed is not None
    assert one is not None
    assert changed.digest != one.digest
    with pytest.raises(RunError, match="changed while the run looked at it"):
        gathered(situation(tmp_path), one, 8)


def test_which_store(tmp_path, store, monkeypatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert stored_at() is None
    assert stored_at("none") is None
    with pytest.raises(SituationError, match="nothing has been imported"):
        stored_at(tmp_path / "nowhere.duckdb")
    place = tmp_path / "home" / "accord" / "precedent.duckdb"
    place.parent.mkdir(parents=True)
    place.write_bytes(store.read_bytes())
    assert stored_at() == stored_at(store)
    assert stored_at("none") is None


def test_partners_that_are_no_states_are_told(tmp_path, store) -> None:
    case = situation(tmp_path)
    text = (
        (tmp_path / "case.yaml")
        .read_text()
        .replace("iran", "clan")
        .replace("clan: {kind: state", "clan: {kind: movement")
    )
    (tmp_path / "case.yaml").write_text(text)
    made = gathered(accord.read(tmp_path / "case.yaml"), stored_at(store), 8)
    assert any("No states of the list" in note and "Clan" in note for note in made.notes)
    assert "votes" not in {table.name for table in made.tables}
    assert case.partnership.patrons


def test_a_store_without_what_is_read_is_none(tmp_path) -> None:
    (tmp_path / "x.csv").write_text(ALLIANCES)
    import_files([tmp_path / "x.csv"], store=tmp_path / "s.duckdb")
    found = stored_at(tmp_path / "s.duckdb")
    assert isinstance(found, Stored)
    assert found.kinds == {"atop-alliance"}
