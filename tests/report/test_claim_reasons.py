"""Why claims are contradicted or undecided, in the very terms by which they are judged; what is not supported comes first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.report.claim_reasons import BEYOND, open_claims, why
from accord.report.claim_table import as_rows, as_text
from accord.report.claim_words import claims_note, result_words
from accord.study.claims import ClaimResult, repeats
from accord.study.comparing import Detail, Verdict, verdict_of

NAN = float("nan")
OUT = "endurance.x"


def detail(verdict: Verdict, **changes: Any) -> Detail:
    """A comparison of one output that was to rise."""
    plain = Detail("", OUT, "up", 0.25, 0.01, 0.9, 1.0, 1.25, 0, verdict, "differs in 3 worlds", "", 512)
    return replace(plain, **changes)


def claim(*details: Detail, **changes: Any) -> ClaimResult:
    """A claim that these comparisons decide."""
    lead = details[0]
    plain = ClaimResult(
        "C1", "paired", "It rises.", lead.verdict, lead.effect, lead.se, lead.share, "a.b", details
    )
    return replace(plain, output=lead.output, unit="0..1", **changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"effect": 0.002, "se": 0.0001, "base": 0.4},
            f"{OUT} rises by 0.0020 on average: too little to count (less than 0.01 and than 5 % of what it was, 0.40)",
        ),
        (
            {"effect": 0.1, "se": 0.04},
            f"{OUT} rises by 0.10 on average: too small against its error (less than 3 standard errors of 0.040)",
        ),
        (
            {"effect": -0.002, "se": 0.001, "base": 0.4, "movement": "up"},
            (
                f"{OUT} falls by 0.0020 on average, though it was to rise: too little to count (less than 0.01 and than 5 % of"
                " what it was, 0.40) and too small against its error (less than 3 standard errors of 0.0010)"
            ),
        ),
        (
            {"share": 0.55},
            f"{OUT} rises by 0.25 on average: as claimed only in 55 of 100 worlds, fewer than two thirds",
        ),
        (
            {"effect": -0.25, "share": 0.44},
            (
                f"{OUT} falls by 0.25 on average, though it was to rise: that way in fewer than two thirds of the worlds"
                " (as claimed in 44 of 100 worlds)"
            ),
        ),
        (
            {"effect": 0.0, "se": 0.01, "base": 0.4},
            (
                f"{OUT} does not move on average, though it was to rise: too little to count (less than 0.01 and than 5 % of"
                " what it was, 0.40) and too small against its error (less than 3 standard errors of 0.010)"
            ),
        ),
        (
            {"effect": 0.0, "se": 0.01, "base": 0.0, "movement": "down"},
            (
                f"{OUT} does not move on average, though it was to fall: too small against its error (less than 3 standard"
                " errors of 0.010)"
            ),
        ),
        (
            {"effect": 0.0, "se": 0.0, "base": 0.3, "varied": 0.3, "movement": "smaller", "share": 0.0},
            (
                f"{OUT} moves by 0.30 against 0.30: too little to count (less than 0.01 and than 5 % of what it was, 0.30)"
            ),
        ),
        ({"se": NAN}, f"{OUT} rises by 0.25 on average: a single world tells no error"),
        (
            {"movement": "holds", "bound": "above 0.866", "share": 0.53},
            f"{OUT} is above 0.866 in 53 of 100 worlds, neither in two thirds of them nor in one third or fewer",
        ),
        (
            {"movement": "smaller", "share": 0.5, "base": 0.4, "varied": 0.3},
            f"{OUT} moves by 0.30 against 0.40: as claimed only in 50 of 100 worlds, fewer than two thirds",
        ),
    ],
)
def test_an_undecided_claim_says_what_it_fell_short_of(changes: dict[str, Any], said: str) -> None:
    assert why(claim(detail("undecided", **changes))) == said
    assert result_words(claim(detail("undecided", **changes))).endswith(f": {said}")


@given(
    st.floats(-0.2, 0.2),
    st.floats(0.0, 0.1),
    st.floats(0.0, 2.0),
    st.floats(0.0, 1.0),
    st.sampled_from(["up", "down"]),
    st.booleans(),
)
def test_a_reason_is_given_whenever_the_rules_leave_it_undecided(
    effect: float, se: float, base: float, share: float, movement: str, shared: bool
) -> None:
    toward = effect if movement == "up" else -effect
    shares = (share, 1.0 - share) if shared else (1.0, 1.0)
    if verdict_of(toward, se, base, shares) != "undecided":
        return
    one = detail(
        "undecided", effect=effect, se=se, base=base, movement=movement, share=share if shared else None
    )
    said = why(claim(one))
    assert not said.endswith(": ")
    assert ("too little to count" in said) <= (abs(effect) < 0.01 and abs(effect) < 0.05 * base)
    assert ("too small against" in said) <= (abs(effect) <= 3.0 * se)
    assert (BEYOND in said) == (effect == 0.0 and se == 0.0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"varied": 0.5}, f"{OUT} was to rise and falls, from 1 to 0.50 on average"),
        (
            {"movement": "holds", "bound": "below endurance.y", "share": 0.14, "base": 40.0, "varied": 58.0},
            f"{OUT} was to stay below endurance.y and does so only in 14 of 100 worlds (58 against 40 on average)",
        ),
        (
            {
                "movement": "smaller",
                "comparison": "other_cost",
                "about": "It must matter less.",
                "base": 0.07,
                "varied": 0.5,
            },
            (
                f"in the test 'other cost' (It must matter less) {OUT} was to move less than in the claim's own comparison"
                " and moves more, by 0.50 against 0.070"
            ),
        ),
        ({"movement": "unchanged"}, f"{OUT} was to stay the same and does not: differs in 3 worlds"),
        ({"movement": "exact"}, f"{OUT} was to be exact and does not: differs in 3 worlds"),
    ],
)
def test_a_contradicted_claim_says_what_came_out_instead(changes: dict[str, Any], said: str) -> None:
    assert why(claim(detail("contradicted", **changes))) == said


def test_what_moves_nothing_in_any_world_is_not_merely_undecided() -> None:
    still = detail("undecided", effect=0.0, se=0.0, share=0.0)
    edge = detail("undecided", comparison="near_edge", effect=0.001, se=0.0001, base=0.1)
    beyond = claim(still, edge, id="C34", note="As coded\n  it cannot happen.")
    assert (beyond.verdict, beyond.beyond) == ("undecided", True)
    said = why(beyond)
    assert said.startswith(
        f"{BEYOND}: changing a.b leaves {OUT} exactly as it is in each of 512 worlds; in the test"
    )
    assert said.endswith("what it was, 0.10). As coded it cannot happen.")
    # Only what decides counts: here the claim's own comparison moves.
    assert not claim(edge, still).beyond
    assert not claim(detail("undecided", effect=0.0, se=NAN)).beyond
    alike = {"movement": "smaller", "effect": 0.0, "se": 0.0, "share": 0.0}
    assert not claim(detail("undecided", **alike, base=0.3, varied=0.3)).beyond, "both move alike"
    assert claim(detail("undecided", **alike, base=0.0, varied=0.0)).beyond
    merely = claim(detail("undecided", share=0.5), id="C2")
    for words in (claims_note([beyond, merely]), as_text([beyond, merely])):
        assert f"2 undecided (1 of them {BEYOND})" in words
    assert BEYOND not in claims_note([merely])


def test_what_is_not_supported_stands_first_and_in_groups() -> None:
    some = [
        claim(detail("supported"), id="C1"),
        claim(detail("undecided", share=0.5), id="C2"),
        claim(detail("contradicted"), id="C3"),
        claim(detail("undecided", effect=0.0, se=0.0), id="C4"),
        ClaimResult("C5", "paired", "It.", "untestable", NAN, NAN, None, "a", (), "there is no such output"),
    ]
    groups = open_claims(some)
    assert [[one.ident for one in group.claims] for group in groups] == [["C3"], ["C2"], ["C4", "C5"]]
    assert groups[2].claims[1].why == "there is no such output"
    assert open_claims(some[:1]) == ()
    text = as_text(some)
    assert text.splitlines()[0] == "5 claims, judged in 512 worlds"
    order = [
        text.index(word) for word in ("Contradicted (1).", "Undecided (1).", "Not for this model", "\nid ")
    ]
    assert order == sorted(order)
    assert text.count("512 worlds") == 2  # once for all, once as the reason of C4


def test_claims_judged_in_fewer_worlds_are_named() -> None:
    some = [claim(detail("supported"), id=name) for name in ("C1", "C2")]
    some.append(claim(detail("supported", worlds=256), id="C3"))
    assert as_text(some).splitlines()[0] == "3 claims, judged in 512 worlds (C3 in 256)"
    assert [row["worlds"] for row in as_rows(some)] == [512, 512, 256]


def test_worlds_in_which_an_output_is_undefined_are_not_counted() -> None:
    still = claim(detail("undecided", effect=0.0, se=0.0, share=0.0, undefined=112))
    assert "exactly as it is in each of 400 worlds in which it is defined" in why(still)
    assert as_text([still]).splitlines()[0] == "1 claim, judged in 400 worlds"
    assert as_rows([still])[0]["worlds"] == 400


def test_what_a_test_is_said_to_show_does_not_make_it_another_test() -> None:
    first, second = (
        claim(detail("supported"), detail("supported", comparison="other", about=about), id=name)
        for name, about in (("C1", "It must."), ("C2", "It may."))
    )
    assert repeats([first, second]) == {"C2": "C1"}
    assert repeats([first, replace(second, path="a.c")]) == {}


def test_bounds_by_another_output_stand_below_the_row() -> None:
    text = as_text([claim(detail("supported", movement="holds", bound="below endurance.other"))])
    assert f"{OUT} (0..1), expected below endurance.other" in text
    assert "below it" in text


def test_outputs_are_called_by_their_names_where_somebody_knows_them() -> None:
    bounded = {"movement": "holds", "bound": "below endurance.y", "share": 0.14, "base": 40.0, "varied": 58.0}
    known = {OUT: "the chance to last", "endurance.y": "the other chance"}
    result = replace(claim(detail("contradicted", **bounded)), unit="months")
    said = why(result, lambda path: known.get(path, path))
    assert said.startswith("the chance to last was to stay below the other chance and does so only in 14")
    assert "(58 months against 40 on average)" in said, "its unit is still known"
    text = as_text([result], lambda path: known.get(path, path))
    assert "Came out: the chance to last" in text.replace("\n       ", " ")
    assert OUT in text, "the table names the path"
