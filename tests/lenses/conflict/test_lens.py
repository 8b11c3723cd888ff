"""What the lens says of small situations, against results worked out by hand."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the situations are beside the tests

from situations import DILEMMA, OFFER, columns_of, finding_of, shares, situation_of

import accord
from accord.finding import Spread
from accord.lenses.conflict import Conflict, compute, picture
from accord.situation import Frozen
from accord.worlds import best, draw, plan


@pytest.fixture
def read(tmp_path):
    """Read a situation."""
    return lambda text: situation_of(tmp_path, text)


def rows(finding, table: str) -> list[tuple]:
    """Cells of a table, quantities by their middle."""
    return [
        tuple(cell.median if isinstance(cell, Spread) else cell for cell in row)
        for row in finding.table(table).rows
    ]


def test_two_partners_in_a_dilemma(read) -> None:
    found = finding_of(read(DILEMMA))
    # Whoever leaves alone gains, and is answered: the other then leaves as well, which pays it and leaves both worse off.
    assert shares(found) == {
        "equilibrium.R": 0,
        "together.R": 0,
        "apart.R": 1,
        # Leaving cannot be mended (the answer is Nash), so both stay by every concept that counts answers ...
        **{f"{key}.{c}": 1 for key in ("equilibrium", "together") for c in ("GMR", "SMR", "SEQ", "SIM")},
        # ... and both gone is an equilibrium by every concept.
        **{f"apart.{c}": 1 for c in ("GMR", "SMR", "SEQ", "SIM")},
    }
    assert found.status == "found", "by R one outcome alone"
    assert found.says[0] == (
        "At the best estimates what they do now sticks only because leaving it would be answered (GMR and SMR and SEQ and SIM)."
    )
    assert found.says[1].startswith("It sticks in no world if nothing deters (R); in every world ")
    assert found.says[2:] == (
        (
            "Norland is tempted to leave (Norland leaves the pact) but would be answered in"
            " the interest of those who answer: Sudland quits."
        ),
        (
            "Sudland is tempted to leave (Sudland quits) but would be answered in"
            " the interest of those who answer: Norland leaves the pact."
        ),
        "No alliance could gain by leaving it together where its members would not leave it alone.",
        "The way to the nearest outcome that nobody would leave: Norland leaves the pact, then Sudland quits.",
    )
    assert rows(found, "ways") == [
        (
            "Norland leaves the pact; Sudland quits",
            2,
            "yes",
            "Norland leaves the pact, then Sudland quits",
        )
    ]
    assert "pushed" not in [table.name for table in found.tables], "there is no outsider"
    assert "Without options of their own, so without a choice here: the Rival." in found.notes


def test_outcomes_are_followed_over_worlds(read) -> None:
    situation = read(DILEMMA)
    # The only outcomes that are ever an equilibrium, the present one first.
    assert rows(finding_of(situation), "robustness") == [
        ("As now", 0, 1, 1, 1, 1),
        ("Norland leaves the pact; Sudland quits", 1, 1, 1, 1, 1),
    ]
    brief = replace(draw(plan(situation), situation, 8, 0), brief=True)
    assert not any(name.startswith("outcome.") for name in Conflict().compute(situation, brief))


def test_outcomes_are_called_as_the_file_calls_them() -> None:
    """Names keep their capitals, and no two outcomes are called alike."""
    table = finding_of(accord.read("tehran-moscow-2015")).table("robustness")
    said = [str(row[0]) for row in table.rows]
    assert "Assad regime leans on Tehran alone; Russia scales its campaign down" in said
    assert len(said) == len(set(said)) > 5
    for text in said:
        assert not re.search(r"\b(russia|iran|tehran|moscow|assad|us|is)\b", text), text


def test_a_brief_look_follows_no_outcomes(read, monkeypatch) -> None:
    situation = read(DILEMMA)
    lens, made = Conflict(worlds=None), plan(situation)

    def asked(*_: object) -> list[int]:
        raise AssertionError(
            "which outcomes are followed takes a second to find out for a scenario, and nobody asks"
        )

    monkeypatch.setattr(compute, "followed", asked)
    monkeypatch.setattr(picture, "followed", asked)
    one = lens.compute(situation, replace(best(made, situation), brief=True))
    many = lens.compute(situation, replace(draw(made, situation, 8, 0), brief=True))
    found = lens.conclude(situation, one, many)
    assert "robustness" not in [table.name for table in found.tables]
    assert shares(found)["equilibrium.GMR"] == 1


def test_results_do_not_hang_on_threads(read, monkeypatch) -> None:
    situation = read(DILEMMA)
    setting = compute.setting_of(situation)
    payoffs = np.random.default_rng(11).normal(
        size=(3 * compute._WORTH_A_THREAD, len(setting.model.actors), setting.model.size)
    )
    found, made = [], []
    for parts in (1, 2, 3):
        monkeypatch.setattr(
            compute,
            "stretches",
            lambda count, least, parts=parts: [range(part, count, parts) for part in range(parts)],
        )
        monkeypatch.setattr(
            compute, "_solver", lambda *given, own=compute._solver: made.append(given) or own(*given)
        )
        found.append(compute.solved(setting.model, payoffs, [setting.now]))
        monkeypatch.undo()
    assert len(made) == 6, "each stretch has a solver of its own"
    for other in found[1:]:
        for kind in ("equilibria", "stable", "margin"):
            one, two = getattr(found[0], kind), getattr(other, kind)
            assert {name: rows.tobytes() for name, rows in one.items()} == {
                name: rows.tobytes() for name, rows in two.items()
            }


def test_an_offer_from_outside(read) -> None:
    found = finding_of(read(OFFER))
    # As now: the partner has no move, the rival's only one costs it 1.  Offered and not taken: the partner takes it and
    # nothing can be done.  Taken: nobody has a better move.
    assert set(shares(found).values()) == {1}
    assert rows(found, "pushed") == [("The Rival offers a deal", 0, 0, 0, 0)]
    assert found.status == "several"
    assert found.says[0] == "At the best estimates what they do now would stick: nobody gains by leaving it."
    assert found.says[2:] == (
        "Norland would not leave, because no move of its own gives it an outcome that it likes better.",
        (
            "What shakes it most from outside: the Rival offers a deal; then all partners stay in no world when only answers"
            " that pay deter."
        ),
        # 2 each instead of 0, and from there neither would go back.
        (
            "Norland and the Rival could leave it together (Norland takes the deal; the Rival offers a deal), and the alliance"
            " would hold."
        ),
        "No sequence of moves that pay each mover leads from here to another outcome that nobody would leave.",
    )
    assert rows(found, "ways")[0][1:] == (
        2,
        "no, not the Rival",
        "the Rival offers a deal, then Norland takes the deal",
    )
    assert [row[:2] for row in rows(found, "alliances")] == [
        ("Norland and the Rival", name)
        for name in (
            "Without deterrence (R)",
            "Any answer deters (GMR)",
            "Answers beyond repair (SMR)",
            "Answers that pay (SEQ)",
        )
    ]
    assert rows(found, "answers") == [
        ("Norland", "nothing", "it has no move that it would like better"),
        ("the Rival", "nothing", "it has no move that it would like better"),
    ]


def test_a_move_from_outside_that_shakes_nobody_is_not_said_to(read) -> None:
    found = finding_of(read(OFFER.replace("offers a deal}", "offers a deal, now: true}")))
    # The partner would leave as it is; with the offer withdrawn it has nowhere to go.
    assert rows(found, "pushed") == [("The Rival no longer offers a deal", 1, 1, 1, 1)]
    assert "No single move of an outsider makes it likelier that a partner leaves." in found.says
    assert (
        found.table("pushed").title == "No single move of an outsider makes it likelier that a partner leaves"
    )


def test_a_partner_whom_nothing_deters(read) -> None:
    found = finding_of(read(OFFER.replace("offers a deal}", "offers a deal, now: true}")))
    assert found.says[0].startswith("At the best estimates what they do now would not stick: somebody gains")
    assert found.says[2] == "Norland would leave, and nothing deters it: Norland takes the deal."
    # Taken or withdrawn, both one move away; the outcome with the lower number is told.
    assert found.says[-1] == (
        "The nearest outcome that nobody would leave is one move away: the Rival no longer offers a deal."
    )
    assert [row[1:] for row in rows(found, "ways")] == [
        (1, "yes", "the Rival no longer offers a deal"),
        (1, "yes", "Norland takes the deal"),
    ]
    # The rival would withdraw the offer: 0 instead of -1.
    assert rows(found, "answers")[1] == (
        "the Rival",
        "the Rival no longer offers a deal",
        "nothing: no answer of the others makes it worse off",
    )


def test_what_each_actor_does_about_a_move_of_its_own_is_kept_apart(read) -> None:
    best_one, _ = columns_of(read(DILEMMA.replace("quits.}", "quits, now: true}")))
    # Alone in the pact the partner in the north is the sucker: leaving gains and nothing answers it.
    assert [best_one[f"stable.{c}.north"][0] for c in ("R", "GMR", "SMR", "SEQ", "SIM")] == [0] * 5
    # The one that has left has its best outcome.
    assert [best_one[f"stable.{c}.south"][0] for c in ("R", "GMR", "SMR", "SEQ", "SIM")] == [1] * 5
    # Ranks 1 to 4: in the north 1, leaving gives 2 for sure.
    assert best_one["margin.GMR"][0] == -1


def staying(sure: str) -> str:
    """A partner that stays if it goes by a statement, and else leaves; nobody can answer."""
    return f"""\
options:
  leaves: {{owner: north, says: leaves}}
  helps: {{owner: south, says: helps, now: true}}
preferences:
  north: {{statements: [{{says: not leaves, sure: {sure}}}, leaves]}}
  south: {{statements: [helps]}}
"""


@pytest.mark.parametrize(
    ("sure", "wanted"), [("0.3", 0.3), ("{low: 0.2, best: 0.4, high: 0.6}", 0.4), ("0.85", 0.85)]
)
def test_a_statement_counts_in_its_share_of_worlds(read, sure: str, wanted: float) -> None:
    situation, count = read(staying(sure)), 1024
    found = finding_of(situation, count)
    error = (wanted * (1 - wanted) / count) ** 0.5
    for concept in ("R", "GMR", "SMR", "SEQ", "SIM"):
        assert abs(shares(found)[f"equilibrium.{concept}"] - wanted) < 3 * error
    measure = next(m for m in found.measures if m.name == "equilibrium.R")
    share = measure.spread.median
    assert measure.spread.high - share == pytest.approx(2 * (share * (1 - share) / count) ** 0.5)
    (hinge,) = rows(found, "hinges")
    assert hinge == (
        "Norland: not \N{LEFT DOUBLE QUOTATION MARK}Norland leaves\N{RIGHT DOUBLE QUOTATION MARK}",
        0,
        1,
    )
    # With the statement the north stays, without it leaves: nothing else decides.
    _, over = columns_of(situation)
    assert over["sticks.SEQ"].tolist() == over["holds.north.0"].tolist()
    assert over["holds.north.1"].tolist() == [1.0] * 64
    assert rows(found, "preferences")[0][2:4] == (
        "not \N{LEFT DOUBLE QUOTATION MARK}Norland leaves\N{RIGHT DOUBLE QUOTATION MARK}",
        share,
    )


@pytest.mark.parametrize(("sure", "holds"), [("0.49", 0), ("0.5", 1), ("0.51", 1), ("0", 0), ("1", 1)])
def test_at_the_best_estimates_a_statement_counts_from_one_half(read, sure: str, holds: int) -> None:
    one, over = columns_of(read(staying(sure)))
    assert one["holds.north.0"].tolist() == [holds]
    assert one["sticks.R"].tolist() == [holds]
    if sure in ("0", "1"):
        assert over["holds.north.0"].tolist() == [float(sure)] * 64


def test_a_statement_that_does_not_count_tells_no_outcomes_apart(read) -> None:
    text = staying("0.5").replace("not leaves, sure", "leaves, sure").replace("}, leaves]", "}]")
    _, over = columns_of(read(text), 256)
    # It leaves where it counts; where it does not, it is indifferent and stays: the opposite is not preferred.
    assert over["sticks.R"].tolist() == (1 - over["holds.north.0"]).tolist()
    assert over["margin.R"][over["holds.north.0"] == 0].tolist() == [0.0] * int(
        (over["holds.north.0"] == 0).sum()
    )


def test_luck_goes_with_the_words_of_a_statement_and_with_the_world(read) -> None:
    lens, situation = Conflict(worlds=None), read(staying("{low: 0.2, best: 0.4, high: 0.6}"))
    made = plan(situation)
    whole = lens.compute(situation, draw(made, situation, 64, 3))
    parts = [
        lens.compute(situation, draw(made, situation, 64, 3, start=a, stop=b))
        for a, b in ((1, 8), (8, 9), (9, 65))
    ]
    for name, values in whole.items():
        np.testing.assert_array_equal(values, np.concatenate([part[name] for part in parts]))
    later = read(staying("0.4").replace("statements: [", "statements: [helps, ", 1))
    moved = lens.compute(later, draw(plan(later), later, 64, 3))["holds.north.1"]
    first = read(staying("0.4"))
    assert moved.tolist() == lens.compute(first, draw(plan(first), first, 64, 3))["holds.north.0"].tolist()


def test_the_order_in_the_file_changes_nothing(read) -> None:
    text = """\
options:
  b: {owner: south, says: does b, effects: {price: 2}}
  a: {owner: north, says: does a, effects: {price: {low: -3, best: -2, high: 1}}}
  c: {owner: rival, says: does c}
preferences:
  south: {payoffs: {a and b: 3, "a iff not b": {low: 0, best: 1, high: 2}, otherwise: 1}}
  rival: {weights: {c: {low: -1, best: 1, high: 2}, a: 0.3, b: 0.1}}
rules:
  two: {infeasible: a and b and c}
  one: {actor: rival, leaving: a, reaching: c}
issues:
  price: {question: How much?, scale: {low: 0, high: 10, low_means: little, high_means: much}, reference_point: 5}
stances:
  price: {north: {position: 8, salience: 0.5}}
"""
    other = """\
stances:
  price: {north: {salience: 0.5, position: 8}}
rules:
  one: {reaching: c, leaving: a, actor: rival}
  two: {infeasible: a and b and c}
preferences:
  rival: {weights: {b: 0.1, a: 0.3, c: {low: -1, best: 1, high: 2}}}
  south: {payoffs: {otherwise: 1, "a iff not b": {low: 0, best: 1, high: 2}, a and b: 3}}
options:
  c: {owner: rival, says: does c}
  b: {owner: south, says: does b, effects: {price: 2}}
  a: {owner: north, says: does a, effects: {price: {low: -3, best: -2, high: 1}}}
issues:
  price: {question: How much?, scale: {low: 0, high: 10, low_means: little, high_means: much}, reference_point: 5}
"""
    one, two = read(text), read(other)
    mine, theirs = (finding_of(each) for each in (one, two))
    assert sorted(mine.reads) == sorted(theirs.reads)
    assert repr(replace(mine, reads=())) == repr(replace(theirs, reads=()))
    for mine, theirs in zip(columns_of(one), columns_of(two), strict=True):
        assert list(mine) == list(theirs)
        for name in mine:
            np.testing.assert_array_equal(mine[name], theirs[name])


def test_only_so_many_worlds_are_looked_at_and_the_rest_is_not_counted(read) -> None:
    situation, lens = read(staying("0.5")), Conflict(worlds=10)
    made = plan(situation)
    some, every = (
        one.compute(situation, draw(made, situation, 32, 0)) for one in (lens, Conflict(worlds=None))
    )
    assert some["looked"].tolist() == [1.0] * 10 + [0.0] * 22
    for name in set(some) - {"looked"}:
        assert some[name][:10].tolist() == every[name][:10].tolist()
        assert np.isnan(some[name][10:]).all()
    late = lens.compute(situation, draw(made, situation, 32, 0, start=17))
    assert set(late) == set(some)
    assert late["looked"].sum() == 0
    found = lens.conclude(situation, lens.compute(situation, best(made, situation)), some)
    spread = next(m.spread for m in found.measures if m.name == "equilibrium.R")
    assert (spread.worlds, spread.undefined) == (10, 0)
    assert spread.median == some["sticks.R"][:10].mean()


def counted(monkeypatch) -> list[int]:
    """How often results are worked out from now on, with nothing kept."""
    calls: list[int] = []
    known = compute._results

    def once(*given):
        calls.append(1)
        return known(*given)

    monkeypatch.setattr(compute, "_results", once)
    monkeypatch.setattr(compute, "_KEPT", {})
    return calls


def test_results_are_kept_only_for_what_changes_nothing_here(read, monkeypatch) -> None:
    calls = counted(monkeypatch)
    text = OFFER + "resources:\n  ships: {weight: 1}\n"
    situation = read(text)
    columns_of(situation)
    assert len(calls) == 1, "nothing is uncertain: the worlds are as the best estimates"
    columns_of(accord.amend(situation, {"resources.ships.weight": 0.5}))
    assert len(calls) == 1
    columns_of(accord.amend(situation, {"preferences.north.weights.takes": 1}))
    assert len(calls) == 2


TWINS = {
    "another present": (DILEMMA, DILEMMA.replace("the pact}", "the pact, now: true}")),
    "other doubts": (staying("0.6"), staying("1")),
}


@pytest.mark.parametrize("twins", TWINS.values(), ids=TWINS)
def test_what_is_kept_is_never_that_of_another_situation(read, monkeypatch, twins) -> None:
    one, two = (read(text) for text in twins)
    check_twins(monkeypatch, one, two)


def test_what_is_kept_knows_partners_and_owners(read, monkeypatch) -> None:
    same = """\
options:
  x: {owner: north, says: does x}
  y: {owner: OWNER, says: does y}
  z: {owner: south, says: does z}
preferences:
  north: {weights: {x: 1, y: 2, z: 1}}
  south: {weights: {x: 1, y: -2, z: -1}}
"""
    twins = [read(same.replace("OWNER", name)) for name in ("north", "south")]
    check_twins(monkeypatch, *twins)
    alike = np.zeros((1, 2, 8))
    keys = {compute._summary(each, compute.setting_of(each), alike, []) for each in twins}
    assert len(keys) == 2, "even when nothing else tells them apart"
    pact = read(OFFER)
    patrons = pact.partnership.patrons
    other = replace(
        pact,
        partnership=replace(
            pact.partnership, patrons=Frozen({"rival": patrons["north"], "south": patrons["south"]})
        ),
    )
    check_twins(monkeypatch, pact, other)


def check_twins(monkeypatch, one, two) -> None:
    """The second of two situations gets the same results after the first as by itself."""
    counted(monkeypatch)
    alone = columns_of(two)
    counted(monkeypatch)
    columns_of(one)
    for mine, theirs in zip(columns_of(two), alone, strict=True):
        assert list(mine) == list(theirs)
        for name in mine:
            np.testing.assert_array_equal(mine[name], theirs[name])


def test_the_shipped_case_is_answered() -> None:
    """Joint support sticks by answers only, an offer shakes it, every alliance is looked at, and a way leads out."""
    situation = accord.read("tehran-moscow-2015")
    found = finding_of(situation, 64)
    at = shares(found)
    assert at["equilibrium.R"] < 0.6 < at["equilibrium.SMR"] <= at["equilibrium.GMR"]
    offer = next(row for row in rows(found, "pushed") if row[0] == "United States offers Moscow a deal")
    assert offer[2] < at["equilibrium.GMR"]
    assert any("alliance could gain" in said or "could leave it together" in said for said in found.says)
    assert rows(found, "ways")
