"""The interests lens on a situation: tables, words, gaps, and partnerships of every make."""

import numpy as np
import pytest

from accord.finding import Finding, Spread
from accord.lenses.interests import LENS
from accord.situation import Estimate, estimates
from accord.testing import draw
from accord.testing.cases import case_situation, conclude
from accord.worlds import Worlds

CASE = {
    "name": "two partners",
    "issues": {
        "fate": {"low": 0, "high": 100, "loading": 0.9},
        "war": {"loading": 0},
        "order": {"loading": 0.5},
    },
    "resources": {"air": 0.5, "ground": 0.5},
    "actors": {
        "iran": {"ground": 2, "stances": {"fate": [95, 0.9], "war": [0.6, 0.6], "order": [0.8, 0.8]}},
        "russia": {"air": 2, "stances": {"fate": [50, 0.5], "war": [0.3, 0.6], "order": [0.8, 0.8]}},
        "syria": {"air": 0.1, "ground": 0.5, "stances": {"fate": [100, 1]}},
        "west": {"stances": {"fate": [0, 0.5], "order": [0.1, 0.9]}},
    },
    "patrons": ["iran", "russia"],
    "client": "syria",
    "threats": {"is": {"level": 0.6, "strength": 1.5}},
    "values": {
        "iran": {"is": {"value": 0.8, "usefulness": 0.6}},
        "russia": {"is": {"value": 1.0, "blowback": 0.5}},
    },
    "dependence": {"iran": {"russia": 0.5}, "russia": {"iran": 0.1}},
    "numbers": {"territory": 0.3, "substitution": -0.5, "contest_exponent": 1},
}
KINDS = {
    "agreement.iran.russia": "intervals",
    "fault_lines": "shift",
    "fault_line_ranks": "plain",
    "similarity": "matrix",
    "similarity_pairs": "plain",
    "complementarity": "intervals",
    "interaction": "intervals",
    "dependence": "intervals",
    "shared_threats": "intervals",
    "threat_alive": "intervals",
    "success": "intervals",
}


def found(**changes) -> Finding:
    """What the lens finds in the case above, with some of its entries changed."""
    return conclude(LENS, case_situation({**CASE, **changes}))


def test_tables_have_stable_names_and_kinds() -> None:
    assert {table.name: table.kind for table in found().tables} == KINDS


def test_measures_have_stable_names() -> None:
    names = {measure.name for measure in found().measures}
    assert {
        "similarity.now.iran.russia",
        "similarity.end.iran.russia",
        "chance_corrected.now.iran.russia",
        "coverage.end.iran.west",
        "agreement.fate.iran.russia",
        "fault_line.fate.iran.russia.now",
        "fault_line.fate.iran.russia.end",
        "fault_line.fate.iran.russia.latent",
        "opens_at.fate",
        "complementarity.iran",
        "interaction.iran.russia",
        "dependence_balance.iran.russia",
        "dependence_balance.russia.iran",
        "shared_threat.is.iran.russia",
        "threat_alive.is.iran",
        "success",
        "success_without.russia",
    } <= names


def test_says_where_they_agree_and_where_not() -> None:
    says = found().says
    assert 2 <= len(says) <= 4
    assert says[1] == "They agree most on Order (0 % of the scale apart) and least on Fate (45 %)."
    assert says[2].startswith("Today the deepest rift is over War")
    assert "once the end state is at stake it is over Fate" in says[2]


def test_hidden_rift_by_hand() -> None:
    # fate: .7 * .45 * (.1 + .9 * .3) = .11655 now, .315 then; war: .6 * .3 = .18 at both
    table = found().table("fault_lines")
    rows = {row[0]: (row[1].best, row[2].best) for row in table.rows}
    assert rows["Fate"] == pytest.approx((0.7 * 0.45 * 0.37, 0.7 * 0.45))
    assert rows["War"] == pytest.approx((0.18, 0.18))
    assert [row[0] for row in table.rows] == ["Fate", "War", "Order"], "sorted by the end state"
    ranks = {row[0]: row[1:4] for row in found().table("fault_line_ranks").rows}
    assert ranks["Fate"] == (2, 1, 100)
    assert ranks["War"] == (1, 2, 0)


def test_talks_open_an_issue_as_territory_does() -> None:
    numbers = {**CASE["numbers"], "talks": 0.8}
    assert found(numbers=numbers).measure("activation.fate").spread.best == pytest.approx(0.1 + 0.9 * 0.8)
    assert found().measure("activation.fate").spread.best == pytest.approx(0.1 + 0.9 * 0.3)


def test_without_client_nothing_of_the_end_state_bites_yet() -> None:
    without = {key: value for key, value in CASE.items() if key != "client"}
    finding = conclude(LENS, case_situation(without))
    assert finding.measure("activation.fate").spread.best == pytest.approx(0.1)
    assert any("no client" in note for note in finding.notes)


def test_without_threats_and_without_resources() -> None:
    names = {table.name for table in found(threats={}, values={}).tables}
    assert names == set(KINDS) - {"shared_threats", "threat_alive", "success"}
    bare = found(resources={})
    assert {t.name for t in bare.tables} == set(KINDS) - {
        "complementarity",
        "interaction",
        "threat_alive",
        "success",
    }
    assert any("No resources" in note for note in bare.notes)


def test_five_partners() -> None:
    actors = {
        f"p{n}": {"air": 1, "ground": n, "stances": {"fate": [20 * n, 0.5], "war": [0.1 * n, 0.5]}}
        for n in range(5)
    }
    finding = found(actors=actors, patrons=list(actors), client="p0", values={}, dependence={})
    assert sum(table.name.startswith("agreement.") for table in finding.tables) == 10
    assert len(finding.table("fault_lines").rows) == 20
    assert len(finding.table("interaction").rows) == 10
    assert "(P0 and P4)" in finding.table("fault_lines").rows[0][0]


def test_partners_that_share_no_issue_still_get_an_answer() -> None:
    actors = {
        "iran": {"stances": {"fate": [1, 1]}},
        "russia": {"stances": {"war": [1, 1]}},
        "west": {"stances": {"fate": [0, 1]}},
        "syria": {},
    }
    finding = found(actors=actors)
    assert finding.status == "found"
    assert "too few positions" in finding.says[-1]
    assert [table.name for table in finding.tables if table.name.startswith(("agreement", "fault"))] == []
    assert any("on 0 of 3 issues" in note for note in finding.notes)


def test_needs_two_positions_on_one_issue() -> None:
    apart = {"iran": {"stances": {"fate": [1, 1]}}, "russia": {"stances": {"war": [1, 1]}}}
    missing = LENS.needs(case_situation({**CASE, "actors": apart, "client": "iran"}))
    assert [need.path for need in missing] == ["stances"]
    assert LENS.needs(case_situation(CASE)) == ()


def test_an_unknown_capability_is_not_filled() -> None:
    actors = {**CASE["actors"], "russia": {**CASE["actors"]["russia"]}}
    del actors["russia"]["air"]
    finding = found(actors=actors)
    undefined = {"complementarity", "interaction", "threat_alive", "success"}
    assert {table.name for table in finding.tables} == set(KINDS) - undefined
    assert any(note.startswith("No capability is stated for Russia") for note in finding.notes)
    names = {measure.name for measure in finding.measures}
    assert "success" not in names
    assert "success_without.russia" in names, "what does not need the unknown number is still known"


def test_gaps_in_resources_are_told() -> None:
    assert any("counted as none" in note.lower() and "Iran: Air" in note for note in found().notes)


def worlds(count: int) -> tuple[Worlds, Worlds]:
    """Worlds in which Iran's position on the leader's fate ranges from the Russian one to the far end."""
    situation = case_situation(CASE)
    numbers = {**estimates(situation), "stances.fate.iran.position": Estimate(95, 0, 100, "uniform")}
    return draw(numbers, count, 1)


def test_uncertainty_is_counted_in_worlds() -> None:
    situation = case_situation(CASE)
    best, over = worlds(400)
    finding = LENS.conclude(situation, LENS.compute(situation, best), LENS.compute(situation, over))
    spread = finding.measure("agreement.fate.iran.russia").spread
    apart = np.abs(over.of("stances.fate.iran.position") - 50) / 100
    assert (spread.low, spread.high) == pytest.approx(tuple(np.quantile(1 - apart, (0.05, 0.95))))
    hidden = finding.measure("fault_line.fate.iran.russia.latent").spread
    assert hidden.worlds == 400
    share = np.mean(LENS.compute(situation, over)["fault_line.fate.iran.russia.latent"])
    assert 0.1 < share < 0.9
    assert f"in {round(100 * share)} of 100 worlds" in finding.table("fault_line_ranks").title


def test_the_deepest_rift_is_as_sure_as_the_worlds_say() -> None:
    situation = case_situation(CASE)
    best, over = worlds(400)
    results = LENS.compute(situation, over)
    finding = LENS.conclude(situation, LENS.compute(situation, best), results)
    fate, war, order = (results[f"fault_line.{k}.iran.russia.end"] for k in ("fate", "war", "order"))
    share = np.mean(fate >= np.maximum(war, order))
    assert 0.1 < share < 0.9
    assert f"over Fate (in {round(100 * share)} of 100 worlds)" in finding.table("fault_lines").title


def test_an_unknown_value_of_success_is_not_zero() -> None:
    values = {**CASE["values"], "iran": {"is": {"usefulness": 0.6}}}
    names = {measure.name for measure in found(values=values).measures}
    assert "threat_alive.is.russia" in names
    assert not names & {"threat_alive.is.iran", "shared_threat.is.iran.russia"}


def test_matrix_is_symmetric_and_everybody_is_like_itself() -> None:
    table = found().table("similarity")
    cells = [row[1:] for row in table.rows]
    for i, row in enumerate(cells):
        assert row[i] == Spread(1.0, 1.0, 1.0, 1.0, 3)
        for j, cell in enumerate(row):
            assert cell == cells[j][i]
    assert isinstance(cells[0][1], Spread)


def test_reads_only_what_the_file_states() -> None:
    reads = found().reads
    assert "stances.fate.iran.position" in reads
    assert "partnership.talks" not in reads
