"""Priors of what a file does not say: for what exists, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accord.situation import (
    Actor,
    Estimate,
    Frozen,
    Issue,
    Partnership,
    Patron,
    PatronThreat,
    Range,
    Resource,
    Scale,
    Situation,
    Term,
    Tie,
    Vocabulary,
    estimates,
    ranges,
)
from accord.worlds import best, draw, omitted, paths_of, plan, prior_of

Build = Callable[..., Situation]
TERMS = (
    Term(
        "partnership.patrons.*.fatigue",
        Range(0, 1, "share/year", "f", (0.0, 0.04), "uniform"),
        "How tired?",
        "endurance",
    ),
    Term(
        "partnership.client.loyalty",
        Range(0, 1, "share", "l", (0.0, 1.0), "uniform"),
        "How loyal?",
        "endurance",
    ),
    Term(
        "partnership.patrons.*.territory_goal",
        Range(0, 1, "share", "g", (0.7, 0.95), "uniform"),
        "How much?",
        "endurance",
    ),
    Term(
        "partnership.suitors.*.offers.*.size",
        Range(0, unit="util/month", prior=(0.1, 1.0), shape="log"),
        "How big?",
        "endurance",
    ),
)
WORDS = Vocabulary(TERMS)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("stakes", ["stakes"]),
        ("issues.*.agenda_loading", ["issues.oil.agenda_loading"]),
        (
            "partnership.patrons.*.threats.*.value",
            [
                "partnership.patrons.iran.threats.rebels.value",
                "partnership.patrons.russia.threats.rebels.value",
            ],
        ),
        ("ties.*.*.trust", ["ties.iran.russia.trust", "ties.russia.iran.trust"]),
        ("partnership.suitors.*.offers.*.size", ["partnership.suitors.usa.offers.russia.size"]),
        ("partnership.threats.*.strength", ["partnership.threats.rebels.strength"]),
        ("partnership.territory", ["partnership.territory"]),
        ("partnership.client.loyalty", ["partnership.client.loyalty"]),
        ("partnership.patrons.*.rallies.*.size", []),
        ("stances.*.*.salience", []),
        ("actors.*.capability.*", []),
    ],
)
def test_patterns_stand_for_what_exists(build_full: Build, pattern: str, expected: list[str]) -> None:
    assert paths_of(build_full(), pattern) == expected


@pytest.mark.parametrize(
    "pattern", ["partnership.territory", "partnership.client.loyalty", "partnership.patrons.*.territory_goal"]
)
def test_without_a_client_nothing_is_assumed_of_it(build_full: Build, pattern: str) -> None:
    assert paths_of(build_full(), pattern)
    assert paths_of(build_full(client=False), pattern) == []


def test_capabilities_of_partners_and_client_stand_for_every_declared_resource(build_full: Build) -> None:
    situation = build_full(resources=Frozen({"air": Resource(), "ground": Resource()}))
    found = paths_of(situation, "actors.*.capability.*")
    who = ("iran", "russia", "syria")
    assert found == [f"actors.{name}.capability.{what}" for name in who for what in ("air", "ground")]


def test_what_is_stated_is_not_omitted(build_full: Build) -> None:
    own = Estimate(0.3)
    patrons = Frozen(
        {
            "iran": Patron(
                threats=Frozen({"rebels": PatronThreat(value=own)}), terms=Frozen({"fatigue": own})
            ),
            "russia": Patron(),
        }
    )
    base = build_full()
    situation = build_full(
        partnership=type(base.partnership)(patrons=patrons, threats=base.partnership.threats),
        ties=Frozen({"iran": Frozen({"russia": Tie(trust=own)})}),
    )
    patterns = ("partnership.patrons.*.threats.*.value", "partnership.patrons.*.fatigue", "ties.*.*.trust")
    assert list(omitted(situation, WORDS, patterns)) == [
        "partnership.patrons.russia.fatigue",
        "partnership.patrons.russia.threats.rebels.value",
        "ties.russia.iran.trust",
    ]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (Range(0, 1, "share", prior=(0.2, 0.4), shape="uniform"), ("uniform", 0.2, 0.4, 0.3)),
        (Range(0, prior=(0.1, 10.0), shape="log"), ("loguniform", 0.1, 10.0, 1.0)),
        (
            Range(0, 1, prior=(0.9, 0.99), shape="log1m"),
            ("log1m_uniform", 0.9, 0.99, 1 - (0.1 * 0.01) ** 0.5),
        ),
        (Range(0, 1, prior=(0.5, 0.5), shape="bernoulli"), ("bernoulli", None, None, None)),
        (Range(0, 1, prior=(0.0, 1.0), shape="zero"), ("fixed", None, None, 0.0)),
        (Range(0, 1, prior=(1.0, 1.0), shape="zero"), ("fixed", None, None, 1.0)),
        (Range(0, 1, prior=(0.05, 0.05), shape="uniform"), ("fixed", None, None, 0.05)),
    ],
)
def test_each_shape_becomes_its_distribution(
    limits: Range, expected: tuple[str, float | None, float | None, float | None]
) -> None:
    prior = prior_of(limits)
    assert prior is not None
    assert prior.prior
    assert prior.is_assumed
    assert prior.assumed
    assert prior.assumed.startswith("not stated: taken as ")
    name, low, high, middle = expected
    assert (prior.distribution, prior.low, prior.high) == (name, low, high)
    assert prior.best is None if middle is None else prior.best == pytest.approx(middle)


@pytest.mark.parametrize(
    "limits", [Range(0, 1), Range(0, 1, prior=(0, 1), shape="none"), Range(0, 1, shape="uniform")]
)
def test_without_a_prior_a_missing_number_stays_missing(limits: Range) -> None:
    assert prior_of(limits) is None


def test_what_is_assumed_is_said_in_words() -> None:
    said = [
        prior_of(Range(0, unit="util/month", prior=(0.3, 2.5), shape="uniform")),
        prior_of(Range(0, unit="deaths/month", prior=(0.5, 50), shape="log")),
        prior_of(Range(0, 1, "share", prior=(0.0, 1.0), shape="zero")),
        prior_of(Range(0, 1, "probability", prior=(0.5, 0.5), shape="bernoulli")),
    ]
    assert [prior.assumed for prior in said if prior] == [
        "not stated: taken as anywhere from 0.3 to 2.5 util/month",
        "not stated: taken as anywhere from 0.5 to 50 deaths/month, evenly in the logarithm",
        "not stated: taken as 0 share, which leaves it out",
        "not stated: taken as 1 with probability 0.5, else 0",
    ]


def test_stakes_of_an_actor_come_from_the_situation_where_it_states_them(build_full: Build) -> None:
    partners = ["actors.iran.stakes", "actors.russia.stakes"]
    assert list(omitted(build_full(), WORDS, ["actors.*.stakes"])) == partners
    assert omitted(build_full(stakes=Estimate(0.1)), WORDS, ["actors.*.stakes"]) == {}
    assert list(omitted(build_full(), WORDS, ["actors.*.stakes", "stakes"])) == ["stakes"]


def test_a_final_double_star_covers_everything_below(build_full: Build) -> None:
    found = omitted(build_full(), WORDS, ["partnership.patrons.**"])
    assert "partnership.patrons.iran.fatigue" in found
    assert "partnership.patrons.russia.threats.rebels.usefulness" in found
    assert not [path for path in found if not path.startswith("partnership.patrons.")]


def test_a_pattern_that_fits_nothing_is_a_mistake(build_full: Build) -> None:
    with pytest.raises(ValueError, match=r"'partnership.patrons.\*.fatige' fits no number .*did you mean"):
        omitted(build_full(), WORDS, ["partnership.patrons.*.fatige"])


def test_every_prior_of_the_language_can_be_drawn(build_full: Build) -> None:
    situation = build_full(resources=Frozen({"air": Resource()}))
    found = omitted(
        situation, WORDS, [pattern for pattern in ranges(WORDS) if not pattern.startswith("claims")]
    )
    planned = plan(situation, extra=found)
    drawn = draw(planned, situation, 16, 0)
    assert set(drawn.names) == {path for path, estimate in found.items() if not estimate.is_fixed}
    known = ranges(WORDS)
    for pattern, (limits, _) in known.items():
        for path in paths_of(situation, pattern):
            if limits and path in found:
                assert all(value in limits for value in drawn.of(path))
                assert best(planned, situation).of(path)[0] in limits


def test_the_paths_found_are_those_the_walk_would_give(build: Build) -> None:
    issue = Issue("Which?", Scale(0, 1, "a", "b"), agenda_loading=Estimate(0.5), standing=Estimate(1.0))
    actor = Actor("state", stakes=Estimate(0.1), capability=Frozen({"air": Estimate(1.0)}))
    situation = build(
        issues=Frozen({"oil": issue}),
        actors=Frozen({"iran": actor}),
        resources=Frozen({"air": Resource()}),
        partnership=Partnership(Frozen({"iran": Patron()})),
    )
    for path in estimates(situation):
        pattern = path.replace("oil", "*").replace("iran", "*").replace("air", "*")
        assert path in paths_of(situation, pattern)
