"""A claim is explained by its path or its name: words, kind, changes, expectations, evidence, place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import accord
from accord.cli import main
from accord.study.claim_explained import ClaimExplanation, claims_at

CASE = "tehran-moscow-2015"


def explained(path: str) -> ClaimExplanation:
    """What is said of one claim of the shipped case."""
    (one,) = accord.explain(CASE, path)
    assert isinstance(one, ClaimExplanation)
    return one


def test_a_claim_is_explained_by_its_path_or_its_name() -> None:
    one = explained("claims.C37")
    assert one == explained("C37") == explained("claims.C37.vary")
    assert one.says == accord.read(CASE).claims["C37"].says
    assert one.kind == "paired: two runs that differ in one input"
    assert one.changes[0] == "ties.iran.russia.trust set to 0.8, against 0.2 (trust against distrust)"
    assert one.expects[0] == "endurance.survival.bilateral.120 rises"
    assert (
        "dependence: endurance.survival.bilateral.120 moves less than in the claim's own comparison"
        in one.expects
    )
    assert one.carried_by == ("ties.iran.russia.trust", "ties.russia.iran.trust")
    assert [(source.locator, source.grade[:2]) for source in one.evidence] == [("P11", "B3")]
    assert one.verdict == f"accord claims {CASE}"
    file, _, line = one.place.rpartition(":")
    text = Path(file).read_text("utf-8").splitlines()[int(line) - 1]
    assert text.strip() in ("C37:", f"says: {one.says}")


def test_bounds_and_other_changes_are_told_in_words() -> None:
    assert (
        "endurance.own_exit_month.russia stays below endurance.own_exit_month.iran"
        in explained("C28").expects
    )
    assert explained("C28").changes == ()
    assert explained("C06").changes == (
        "partnership.patrons.russia.breaking_cost plus 0.5 (a larger audience)",
    )
    assert explained("C13").changes[0].startswith("partnership.patrons.russia.leverage times 1.2")
    assert (
        "a tenth: endurance.trust_news.iran.russia stays above 0.0999 and below 0.1001"
        in explained("C05").expects
    )


def test_the_whole_block_is_explained_and_numbers_are_as_before() -> None:
    assert len(accord.explain(CASE, "claims")) == 58
    assert claims_at(accord.read(CASE), "ties.iran") == ()
    blocks = accord.explain(CASE, "ties")
    assert len(blocks) > 1
    assert not any(isinstance(one, ClaimExplanation) for one in blocks)
    (number,) = accord.explain(CASE, "ties.iran.russia.trust")
    assert not isinstance(number, ClaimExplanation)


def test_a_block_comes_before_a_claim_of_its_name(tmp_path: Path) -> None:
    """The path of the claim alone means the claim."""
    text = accord.list_cases()[CASE].read_text("utf-8")
    assert text.count("\n  C37:") == 1
    (tmp_path / "case.yaml").write_text(text.replace("\n  C37:", "\n  ties:"), "utf-8")
    found = accord.explain(tmp_path / "case.yaml", "ties")
    assert [one.path for one in found] == [one.path for one in accord.explain(CASE, "ties")]
    (claim,) = accord.explain(tmp_path / "case.yaml", "claims.ties")
    assert isinstance(claim, ClaimExplanation)
    assert claim.says == accord.read(CASE).claims["C37"].says


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("c37", "did you mean 'claims.C37'?"),
        ("claims.c37", "did you mean 'claims.C37'?"),
        ("ties.iran.rusia.trust", "did you mean 'ties.iran.russia.trust'?"),
        ("nonsense", "'accord explain CASE actors' shows the numbers of a whole block"),
    ],
)
def test_a_slip_in_the_name_of_a_claim_is_seen(path: str, hint: str) -> None:
    with pytest.raises(accord.SituationError) as caught:
        accord.explain(CASE, path)
    assert caught.value.problems[0].try_instead == hint


def test_the_command_tells_a_claim() -> None:
    found = CliRunner().invoke(main, ["explain", CASE, "C34"])
    assert found.exit_code == 0, found.output
    lines = found.stdout.splitlines()
    assert lines[0] == "claims.C34"
    assert "  verdict     told by: accord claims tehran-moscow-2015" in lines
    assert any(line.startswith("  source      ") and "[P9, 2015]" in line for line in lines)
    plain = json.loads(CliRunner().invoke(main, ["explain", CASE, "C34", "--json"]).stdout)
    assert plain[0]["path"] == "claims.C34"
