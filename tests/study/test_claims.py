"""Claims are tested on the same worlds in both arms; verdicts follow the rules; what is interrupted is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import accord
from accord.cli import main
from accord.lenses import vocabulary
from accord.lenses.endurance.compute import default_cell
from accord.lenses.endurance.places import QUADRANTS
from accord.report.claim_table import as_text
from accord.situation import Bound, Change, Claim, Comparison, Frozen, Situation
from accord.study import claims as claiming
from accord.study.claims import ClaimResult, judge_claims, repeats
from accord.study.claims import _comparisons as comparisons_of
from accord.study.comparing import arms_of
from accord.study.intervene import Pairs, intervene
from accord.study.judging import placing

CASE = accord.read("tehran-moscow-2015")
WORLDS = 32
IDS = sorted(CASE.claims)
FAST: dict[str, Any] = {"replicates": 2, "drawn": 8}

RUSSIA, IRAN = "partnership.patrons.russia", "partnership.patrons.iran"
NEWS = "ties.iran.russia.events.{}.log_likelihood_ratio"
MET = {
    f"{patron}.{what}": Change(to=to)
    for patron in (RUSSIA, IRAN)
    for what, to in (
        ("territory_goal", 0.1),
        ("threats.us_backed_opposition.goal", 0.95),
        ("threats.islamic_state.goal", 0.95),
    )
}
# What is perturbed for comparisons that vary nothing, and for those in which nothing is to move.
PERTURBED: dict[str, dict[str, Change]] = {
    "C01": {f"{RUSSIA}.standing_interest": Change(to=-0.3)},
    "C02": {
        "partnership.substitution": Change(to=0.5),
        "stances.order_in_syria.iran.position": Change(to=20),
    },
    "C03": {"issues.order_in_syria.agenda_loading": Change(to=0.0)},
    "C04": {f"{RUSSIA}.fatigue": Change(to=0.01)},
    "C05": {NEWS.format("valdai_invitation"): Change(to=-0.9)},
    "C08": {"partnership.territory": Change(to=0.1)},
    "C09": MET,
    "C14": {f"{IRAN}.proxy_share": Change(to=0.1)},
    "C16": {
        "actors.iran.capability.ground": Change(to=0.2),
        "actors.russia.capability.air": Change(to=0.2),
        f"{RUSSIA}.own_losses": Change(to=1.0),
        f"{IRAN}.own_losses": Change(to=1.0),
    },
    "C20": {"partnership.proxy_loss_weight": Change(to=0.3)},
    "C25": {f"{RUSSIA}.influence_needs_territory": Change(to=0), f"{IRAN}.influence_value": Change(to=1)},
    "C28": {f"{RUSSIA}.fatigue": Change(to=0.2), f"{IRAN}.fatigue": Change(to=0.2)},
    "C29": {f"{IRAN}.fatigue": Change(to=0.2), f"{RUSSIA}.fatigue": Change(to=0.2)},
    "C33": {f"{RUSSIA}.patience": Change(to=0.9)},
    "C42": {"ties.iran.russia.trust": Change(to=0.2)},
    "C46": {NEWS.format("cover_story"): Change(to=0.5)},
    "C52": {"partnership.client.balancing": Change(to=0.9)},
    "C55": {NEWS.format("official_speeches"): Change(to=0.5)},
    "C57": {"ties.iran.russia.trust": Change(to=0.9), f"{RUSSIA}.breaking_cost": Change(to=0.0)},
    "C58": {f"{RUSSIA}.standing_interest": Change(to=1.0), f"{IRAN}.standing_interest": Change(to=1.0)},
}
# Outputs that do not move though they are expected to, why, and what has to be pinned in both arms for them to move.
STILL: dict[tuple[str, str, str], tuple[str, dict[str, Change]]] = {
    ("C27", "", "endurance.goal_month.russia"): (
        "other goals are out of reach",
        {
            f"{RUSSIA}.territory_goal": Change(to=0.0, against=0.0),
            f"{RUSSIA}.threats.us_backed_opposition.goal": Change(to=1.0, against=1.0),
            "partnership.threats.islamic_state.level": Change(to=0.1, against=0.1),
        },
    ),
    ("C34", "", "endurance.exit_probability.russia"): (
        "with 42 per cent of the country held the regime cannot fall within a month",
        {"partnership.territory": Change(to=0.06, against=0.06)},
    ),
    ("C47", "", "endurance.share_of_endings.iran"): (
        "the end of sanctions sets the dependence in both arms",
        {"shocks.sanctions_relief_begins.hazard": Change(to=0.0, against=0.0)},
    ),
    ("C50", "", "endurance.entry.russia"): ("entry does not look at offers, whatever is pinned", {}),
}
# What reports 0 or 1 before and after: the only number that is fixed by what the claim says.
FIXED = {("C52", key, "endurance.influence_before.iran.russia") for key in ("before", "arrival")}


def place(index: Any, ratio: Any) -> dict[str, Any]:
    """Ranks and quadrants among the shipped population."""
    return placing(CASE)(index, ratio)


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    """Looks at few worlds, with few runs of each."""
    return Pairs(CASE, vocabulary(), WORLDS, **FAST, place=place)


@pytest.fixture(scope="module")
def results() -> dict[str, ClaimResult]:
    """The result of every claim of the shipped case."""
    found = judge_claims(Pairs(CASE, vocabulary(), WORLDS, place=place), **FAST)
    return {one.id: one for one in found}


def with_claims(**claims: Claim) -> Situation:
    """The shipped case with other claims."""
    return intervene(replace(CASE, claims=Frozen(claims), digest="other claims"), {}, vocabulary())


def judged(*names: str, **claims: Claim) -> dict[str, ClaimResult]:
    """Results of made-up claims, or of some of the case."""
    own = {name: CASE.claims[name] for name in names}
    found = judge_claims(Pairs(with_claims(**own, **claims), vocabulary(), WORLDS), **FAST)
    return {one.id: one for one in found}


def up(path: str, output: str, movement: str = "up", kind: str = "input", **change: Any) -> Claim:
    """A claim that varies one number."""
    return Claim(
        "made up",
        kind,  # type: ignore[arg-type]
        vary=Frozen({path: Change(**change)}),
        expect=Frozen({output: movement}),
    )


PRICE, COST = "endurance.price_of_defection.russia", "partnership.patrons.russia.breaking_cost"


def outputs_of(one: Claim | Comparison) -> dict[str, str]:
    """Every output that a comparison names, with its movement (``holds`` for those of bounds)."""
    ends = [end for bound in one.holds.values() for end in (bound.below, bound.above)]
    bounded = dict.fromkeys([*one.holds, *(end for end in ends if isinstance(end, str))], "holds")
    return bounded | dict(one.expect)


def moving(pairs: Pairs, base: Situation, varied: Situation, outputs: Iterable[str]) -> dict[str, bool]:
    """Which outputs differ between two arms."""
    before, after = pairs.observe(base, outputs), pairs.observe(varied, outputs)
    return {name: not np.array_equal(before[name], after[name], equal_nan=True) for name in before}


@pytest.mark.parametrize("name", IDS)
def test_every_output_that_a_claim_names_moves_with_what_it_names(name: str, pairs: Pairs) -> None:
    for key, one in comparisons_of(CASE.claims[name]):
        named = outputs_of(one)
        assert named
        if one.vary:
            arms = arms_of(pairs, one)
            found = moving(pairs, arms.base, arms.varied, named)
        else:
            found = moving(pairs, CASE, pairs.arm(PERTURBED[name]), named)
        for output, movement in named.items():
            still = movement == "unchanged" or {(name, key, output)} <= {*STILL, *FIXED}
            assert found[output] is not still, (key, output)


@pytest.mark.parametrize("name", sorted(PERTURBED))
def test_what_is_reported_of_a_claim_moves_with_its_input(name: str, results: dict[str, ClaimResult]) -> None:
    perturbed = intervene(CASE, PERTURBED[name], vocabulary())
    (found,) = judge_claims(Pairs(perturbed, vocabulary(), WORLDS, place=place), only=[name], **FAST)
    varied = {key for key, one in comparisons_of(CASE.claims[name]) if one.vary}
    for was, now in zip(results[name].details, found.details, strict=True):
        assert (was.comparison, was.output) == (now.comparison, now.output)
        numbers = [(one.effect, one.base, one.varied) for one in (was, now)]
        if was.comparison in varied or (name, was.comparison, was.output) in FIXED or was.movement == "exact":
            continue
        assert repr(numbers[0]) != repr(numbers[1]), (was.comparison, was.output)
    assert repr(found) != repr(results[name])


@pytest.mark.parametrize("name", IDS)
def test_the_result_tells_of_both_arms(name: str, results: dict[str, ClaimResult]) -> None:
    for detail in results[name].details:
        where = (name, detail.comparison, detail.output)
        varied = dict(comparisons_of(CASE.claims[name]))[detail.comparison].vary
        if detail.movement in ("up", "down") or (detail.movement == "reported" and varied):
            assert (detail.effect != 0.0) is (where not in STILL), where
            assert detail.varied - detail.base == pytest.approx(detail.effect, abs=1e-9), where


@pytest.mark.parametrize(("where", "pinned"), [(where, pins) for where, (_, pins) in STILL.items() if pins])
def test_what_does_not_move_does_so_where_nothing_else_is_in_the_way(
    where: tuple[str, str, str], pinned: dict[str, Change], pairs: Pairs
) -> None:
    claim = CASE.claims[where[0]]
    arms = arms_of(pairs, replace(claim, vary=Frozen({**claim.vary, **pinned})))
    assert moving(pairs, arms.base, arms.varied, [where[2]])[where[2]]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("C09", "rebels_gone"),
        ("C21", "nothing_loaded"),
        ("C23", "gone"),
        ("C23", "at_its_height"),
        ("C38", "needing_nobody"),
    ],
)
def test_what_is_to_stay_the_same_moves_without_what_is_pinned(name: str, key: str) -> None:
    one = CASE.claims[name].tests[key]
    free = Frozen({path: c for path, c in one.vary.items() if c.against is None or c.to != c.against})
    claim = replace(CASE.claims[name], vary=free, expect=one.expect, holds=Frozen(), tests=Frozen())
    assert judged(free=claim)["free"].verdict == "contradicted"


@pytest.mark.parametrize("name", ["C46", "C55"])
def test_news_that_is_none_is_contradicted_when_it_is_some(name: str) -> None:
    perturbed = intervene(CASE, PERTURBED[name], vocabulary())
    (found,) = judge_claims(Pairs(perturbed, vocabulary(), WORLDS), only=[name], **FAST)
    assert found.verdict == "contradicted"


@pytest.mark.parametrize("name", IDS)
def test_every_claim_has_a_result_and_its_numbers_fit_its_kind(
    name: str, results: dict[str, ClaimResult]
) -> None:
    found = results[name]
    assert found.kind == CASE.claims[name].kind
    assert found.says == CASE.claims[name].says
    assert found.details
    assert found.verdict != "untestable", found.reason
    lead = next(one for one in found.details if one.verdict == found.verdict)
    assert (found.output, found.effect, found.share) == (lead.output, pytest.approx(lead.effect), lead.share)
    for detail in found.details:
        moves = detail.movement in ("up", "down", "smaller")
        counted = (moves and found.kind in ("paired", "output")) or detail.movement == "holds"
        assert (detail.share is not None) is counted, detail


def test_without_anybody_to_tell_where_quadrants_are_they_cannot_be_tested() -> None:
    (found,) = judge_claims(Pairs(CASE, vocabulary(), WORLDS), only=["C58"], **FAST)
    assert found.verdict == "untestable"
    assert "undefined in every world" in found.reason


def test_quadrants_are_those_of_the_population_and_of_worlds_that_would_form(pairs: Pairs) -> None:
    names = ("strategic_index", "log_hazard_ratio", "durability", "conditionality", "quadrant")
    prices = [f"endurance.price_of_defection.{patron}" for patron in ("iran", "russia")]
    ends = [f"endurance.quadrant.{quadrant.name}" for quadrant in QUADRANTS]
    costly = pairs.arm({f"{RUSSIA}.material_cost": Change(times=2.0)})
    found = pairs.observe(costly, [*(f"endurance.{name}" for name in names), *prices, *ends])
    index, ratio, durable, conditional, code = (found[f"endurance.{name}"] for name in names)
    stays = (found[prices[0]] > 0.0) & (found[prices[1]] > 0.0)
    assert 0 < stays.sum() < WORLDS, "some worlds are judged, some are not"
    among = default_cell(CASE)
    for world in range(WORLDS):
        if not stays[world]:
            assert np.isnan([durable[world], conditional[world], code[world]]).all()
            continue
        ranks = [
            float(((table < value).mean() + (table <= value).mean()) / 2)
            for value, table in ((index[world], among.index), (ratio[world], among.ratio))
        ]
        assert (durable[world], conditional[world]) == pytest.approx(tuple(ranks))
        near = any(0.45 <= rank <= 0.55 for rank in ranks)
        is_one = [
            not near and (q.durable, q.conditional) == (ranks[0] > 0.5, ranks[1] > 0.5) for q in QUADRANTS
        ]
        assert [found[end][world] for end in ends] == is_one
        assert code[world] == (4 if near else is_one.index(True))


def test_a_movement_that_is_smaller_is_compared_world_by_world() -> None:
    small = Comparison(vary=Frozen({COST: Change(plus=0.1)}), expect=Frozen({PRICE: "smaller"}))
    large = Comparison(vary=Frozen({COST: Change(plus=-1.0)}), expect=Frozen({PRICE: "smaller"}))
    own = up(COST, PRICE, plus=0.5, kind="paired")
    found = judged(
        less=replace(own, tests=Frozen({"other": small})),
        more=replace(own, tests=Frozen({"other": large})),
        alike=replace(own, tests=Frozen({"other": Comparison(vary=own.vary, expect=small.expect)})),
        nothing=Claim("x", "paired", expect=Frozen({PRICE: "reported"}), tests=Frozen({"other": small})),
        itself=up(COST, PRICE, "smaller", plus=0.5),
    )
    assert [found[name].verdict for name in ("less", "more")] == ["supported", "contradicted"]
    assert (found["alike"].verdict, found["alike"].effect, found["alike"].beyond) == ("undecided", 0.0, False)
    first, second = (found[name].details[1] for name in ("less", "more"))
    assert (first.share, second.share) == (1.0, 0.0)
    assert first.effect == pytest.approx(first.base * 0.8)
    assert second.varied == pytest.approx(second.base * 2.0)
    for name in ("nothing", "itself"):
        assert "there is none" in found[name].reason


def test_trust_is_not_what_matters_most(results: dict[str, ClaimResult]) -> None:
    found = results["C37"]
    said = {one.comparison: one.verdict for one in found.details if one.movement == "smaller"}
    assert said["common_interest"] == said["breaking_cost"] == found.verdict == "contradicted"


@pytest.mark.parametrize(
    ("name", "event", "ratio"), [("C05", "valdai_invitation", -0.9), ("C43", "sanctions_vote_2010", 0.9)]
)
def test_news_of_the_wrong_sign_contradicts_an_exact_claim(name: str, event: str, ratio: float) -> None:
    turned = intervene(CASE, {NEWS.format(event): Change(to=ratio)}, vocabulary())
    (found,) = judge_claims(Pairs(turned, vocabulary(), WORLDS), only=[name], **FAST)
    exact = [one.verdict for one in found.details if one.movement == "exact"]
    assert exact == ["supported"], "the equation holds all the same"
    assert found.verdict == "contradicted"


def test_a_reversed_sign_is_contradicted(results: dict[str, ClaimResult]) -> None:
    turned = {"up": "down", "down": "up"}
    reversed_ = {}
    for name in ("C06", "C30", "C38", "C12", "C45"):
        claim = CASE.claims[name]
        assert results[name].verdict == "supported"
        reversed_[name] = replace(
            claim, expect=Frozen({output: turned[m] for output, m in claim.expect.items()})
        )
    for name, found in judged(**reversed_).items():
        assert found.verdict == "contradicted", name
        assert found.share in (None, 0.0)
        assert found.effect == pytest.approx(results[name].effect)


def test_unchanged_means_to_the_last_digit() -> None:
    path = "partnership.patrons.russia.breaking_cost"
    found = judged(
        same=up(path, PRICE, "unchanged", plus=0.0),
        hardly=up(path, PRICE, "unchanged", plus=1e-13),
        elsewhere=up(path, "endurance.flow.stay.iran", "unchanged", plus=1.0),
    )
    assert [found[name].verdict for name in ("same", "hardly", "elsewhere")] == [
        "supported",
        "contradicted",
        "supported",
    ]


def test_exact_properties_that_are_broken_are_contradicted(monkeypatch: pytest.MonkeyPatch) -> None:
    both = {COST: Change(plus=1.0), "partnership.patrons.russia.discount": Change(to=0.9)}
    broken = Claim("made up", "identity", vary=Frozen(both), expect=Frozen({PRICE: "exact"}))
    found = judged("C39", broken=broken)
    assert found["C39"].verdict == "supported"
    assert found["C39"].effect < 1e-9
    assert found["broken"].verdict == "contradicted"
    assert found["broken"].effect > 1e-9


def test_bounds_count_the_worlds_in_which_they_hold() -> None:
    name = "endurance.survival.theatre.12"
    found = judged(
        true=Claim("x", "output", holds=Frozen({name: Bound(above=0.1, below=1.0)})),
        false=Claim("x", "output", holds=Frozen({name: Bound(below=0.1)})),
        other=Claim(
            "x",
            "output",
            holds=Frozen({"endurance.loss_rate.alone.iran": Bound(below="endurance.losses.iran.0")}),
        ),
        unknown=Claim("x", "output", holds=Frozen({"endurance.quadrant.weak_tie": Bound(below=0.5)})),
    )
    assert (found["true"].verdict, found["true"].share) == ("supported", 1.0)
    assert (found["false"].verdict, found["false"].share) == ("contradicted", 0.0)
    assert found["other"].verdict == "supported"
    assert found["unknown"].verdict == "untestable"
    assert "undefined in every world" in found["unknown"].reason


def test_further_comparisons_count_as_much_as_the_first() -> None:
    wrong = Comparison(vary=Frozen({COST: Change(plus=0.5)}), expect=Frozen({PRICE: "down"}))
    told = Comparison(expect=Frozen({PRICE: "reported"}))
    right = up(COST, PRICE, plus=0.5)
    found = judged(
        good=replace(right, tests=Frozen({"told": told})), bad=replace(right, tests=Frozen({"wrong": wrong}))
    )
    assert found["good"].verdict == "supported"
    assert found["bad"].verdict == "contradicted"
    assert [detail.comparison for detail in found["bad"].details] == ["", "wrong"]


def test_what_cannot_be_tested_is_told_and_does_not_stop_the_others() -> None:
    found = judged(
        "C06",
        typo=up(COST, "endurance.price_of_defectoin.russia", plus=0.5),
        lens=up(COST, "endurence.cheapest_wedge", plus=0.5),
        nothing=Claim("x", "output", expect=Frozen({PRICE: "up"})),
        empty=Claim("x", "output"),
        beyond=up("partnership.talks", PRICE, times=9.0),
        early=up(COST, "endurance.hazard.theatre.6", plus=0.5),
    )
    assert found["C06"].verdict == "supported"
    says = {name: one.reason for name, one in found.items() if one.verdict == "untestable"}
    assert sorted(says) == ["beyond", "early", "empty", "lens", "nothing", "typo"]
    assert "did you mean 'price_of_defection.russia'?" in says["typo"]
    assert "did you mean 'endurance'?" in says["lens"]
    assert "nothing is varied" in says["nothing"]
    assert "out" not in says["early"]
    assert "12" in says["early"]


class Interrupting:
    """Progress that somebody cancels after so many claims."""

    def __init__(self, after: int) -> None:
        self.left = after

    def advance(self, worlds: int) -> None:
        """Count down."""
        self.left -= worlds
        if self.left == 0:
            raise KeyboardInterrupt


def test_an_interrupted_run_keeps_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("C06", "C13", "C24", "C34", "C38")
    situation = with_claims(**{name: CASE.claims[name] for name in names})
    whole = judge_claims(Pairs(situation, vocabulary(), WORLDS), **FAST)
    kept: dict[str, dict[str, Any]] = {}
    with pytest.raises(KeyboardInterrupt):
        judge_claims(Pairs(situation, vocabulary(), WORLDS), progress=Interrupting(3), kept=kept, **FAST)
    assert list(kept) == ["C06", "C13", "C24"]
    kept = json.loads(json.dumps(kept))  # as it would come back from a disk
    tested: list[str] = []
    judge = claiming._judged
    monkeypatch.setattr(
        claiming, "_judged", lambda pairs, name, claim: (tested.append(name), judge(pairs, name, claim))[1]
    )
    again = judge_claims(Pairs(situation, vocabulary(), WORLDS), kept=kept, **FAST)
    assert tested == ["C34", "C38"]
    assert [repr(one) for one in again] == [repr(one) for one in whole]
    tested.clear()
    judge_claims(Pairs(situation, vocabulary(), WORLDS, seed=1), kept=kept, **FAST)
    assert tested == list(names), "results of another seed are not those of this one"


def test_the_same_seed_gives_the_same_results_in_any_order(results: dict[str, ClaimResult]) -> None:
    names = [name for name in IDS if CASE.claims[name].kind == "paired"][::-3]
    found = judged(*names)
    assert list(found) == names
    for name in names:
        assert repr(found[name]) == repr(results[name])
    other = judge_claims(Pairs(with_claims(C30=CASE.claims["C30"]), vocabulary(), WORLDS, seed=7), **FAST)
    assert other[0].effect != results["C30"].effect


def test_counts_keep_tests_of_the_model_apart_from_checks_of_inputs(results: dict[str, ClaimResult]) -> None:
    some = [results[name] for name in ("C06", "C10", "C28", "C39", "C50", "C56")]
    assert [one.kind for one in some] == ["input", "paired", "output", "identity", "input", "paired"]
    verdicts = ["supported", "supported", "contradicted", "supported", "undecided", "supported"]
    some = [replace(one, verdict=verdict) for one, verdict in zip(some, verdicts, strict=True)]
    total = "6 claims: 3 as tests of the model (paired, output): 2 supported, 1 contradicted;"
    undecided = "1 undecided (1 of them cannot be tested by this model)"
    total += f" 3 as mere checks of inputs and equations (input, identity): 2 supported, {undecided}"
    assert as_text(some).splitlines()[-6:] == [
        "paired      2: 2 supported",
        "output      1: 1 contradicted",
        f"input       2: 1 supported, {undecided}",
        "identity    1: 1 supported",
        "C56 is the same test as C10",
        total,
    ]
    assert repeats(list(results.values())) == {"C56": "C10"}
    assert as_text([]) == "no claims"
    lines = as_text(some).splitlines()
    assert lines[0] == f"6 claims, judged in {WORLDS} worlds"
    head = next(index for index, line in enumerate(lines) if line.startswith("id "))
    heads = ["id", "kind", "verdict", "expected", "effect", "+-", "share"]
    assert lines[head].split()[:7] == heads
    assert lines[head + 1].split()[:4] == ["C06", "input", "supported", "up"]
    assert [line.strip() for line in lines[head + 2 : head + 4]] == [COST, f"{PRICE} (util/month)"]


def test_the_command_and_the_door(tmp_path: Any) -> None:
    file = tmp_path / "few.yaml"
    accord.save(with_claims(C06=CASE.claims["C06"], C13=CASE.claims["C13"]), file)
    found = CliRunner().invoke(main, ["claims", str(file), "--worlds", "16", "--json"])
    assert found.exit_code == 0, found.output
    rows = json.loads(found.stdout)
    assert [row["id"] for row in rows] == ["C06", "C13"]
    fixed = {"id", "kind", "verdict", "effect", "se", "share", "path", "output", "unit"}
    assert set(rows[0]) == fixed | {"says", "expected", "worlds", "reason", "beyond_model"}
    assert (rows[0]["says"], rows[0]["expected"]) == (CASE.claims["C06"].says, "up")
    assert (rows[0]["worlds"], rows[0]["reason"], rows[0]["beyond_model"]) == (16, "", False)
    assert (rows[0]["output"], rows[0]["unit"]) == (PRICE, "util/month")
    assert (rows[0]["verdict"], rows[0]["share"], rows[0]["path"]) == ("supported", None, COST)
    results = accord.check_claims(file, worlds=16)
    assert [one.effect for one in results] == [row["effect"] for row in rows]
    text = CliRunner().invoke(main, ["claims", str(file), "--worlds", "16"])
    assert text.stdout == f"{as_text(results)}\n"
    assert (
        text.stdout.splitlines()[-1]
        == "2 claims: 2 as mere checks of inputs and equations (input, identity): 2 supported"
    )
    wrong = CliRunner().invoke(main, ["claims", str(file), "--worlds", "15"])
    assert wrong.exit_code == 2
    assert "power of two" in wrong.stderr
