"""What carries the verdict: planted dependences are found, planted thresholds too, and in few looks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import spearmanr

from accord.lenses.endurance.places import LABELS, lead
from accord.situation import Change
from accord.study.levers import (
    Influence,
    Standing,
    Start,
    Swing,
    Turn,
    influences,
    standing,
    strongest,
    swing,
    turn,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
WORLDS = 400
OTHER = "marriage_of_convenience"
# Two stretches on either side, each looked at in its middle and at its end; what is left is halved so often.
STEPS = 3
FINE = 2.0**-STEPS / 2.0


def draws(seed: int = 0) -> dict[str, FloatArray]:
    """Numbers of which some are planted below."""
    luck = np.random.default_rng(seed)
    return {name: luck.uniform(size=WORLDS) for name in ("up", "down", "side", "noise_a", "noise_b")}


def planted(numbers: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Durability and conditionality that hang on some of the numbers, monotonously but not in proportion."""
    durability = np.exp(6.0 * numbers["up"]) - 20.0 * numbers["down"] ** 3
    conditionality = np.tanh(8.0 * (numbers["side"] - 0.5)) + 0.01 * numbers["noise_a"]
    return durability, np.asarray(conditionality)


def test_influences_find_what_was_planted_with_its_sign() -> None:
    numbers = draws()
    durability, conditionality = planted(numbers)
    found = {one.path: one for one in influences(numbers, durability, conditionality)}
    assert set(found) == set(numbers)
    assert found["up"].durability > 0.9
    assert found["down"].durability < -0.1
    assert found["side"].conditionality > 0.99
    for path, one in found.items():
        for side, ranks in (("durability", durability), ("conditionality", conditionality)):
            said = float(spearmanr(numbers[path], ranks).statistic)
            assert getattr(one, side) == pytest.approx(said, abs=1e-12), (path, side)
        assert one.error == pytest.approx(1.0 / math.sqrt(WORLDS - 1))
        assert one.strength == max(abs(one.durability), abs(one.conditionality))


def test_influences_come_strongest_first_and_chance_is_left_out() -> None:
    numbers = draws()
    found = influences(numbers, *planted(numbers))
    strengths = [one.strength for one in found]
    assert strengths == sorted(strengths, reverse=True)
    assert strongest(found) == ("side", "up", "down")
    assert strongest(found, 2) == ("side", "up")


def test_worlds_without_a_rank_do_not_count() -> None:
    numbers = draws()
    durability, conditionality = planted(numbers)
    gone = np.arange(WORLDS) % 3 == 0
    durability[gone & (np.arange(WORLDS) % 2 == 0)] = np.nan
    conditionality[gone & (np.arange(WORLDS) % 2 == 1)] = np.nan
    # What is drawn in worlds without a rank must not matter, whatever it is.
    wild = {path: np.where(gone, 1e9, values) for path, values in numbers.items()}
    kept = {path: values[~gone] for path, values in numbers.items()}
    assert influences(wild, durability, conditionality) == influences(
        kept, durability[~gone], conditionality[~gone]
    )


def test_numbers_that_do_not_vary_where_it_counts_are_left_out() -> None:
    numbers = draws() | {"fixed": np.full(WORLDS, 0.5)}
    durability, conditionality = planted(numbers)
    assert "fixed" not in {one.path for one in influences(numbers, durability, conditionality)}
    none = np.full(WORLDS, np.nan)
    assert influences(numbers, none, none) == ()
    assert influences({}, durability, conditionality) == ()


def test_ranks_that_do_not_vary_go_with_nothing() -> None:
    numbers = draws()
    flat = np.full(WORLDS, 0.5)
    durability, _ = planted(numbers)
    found = influences(numbers, durability, flat)
    assert all(one.conditionality == 0.0 for one in found)
    assert found[0].path == "up"


def test_ties_in_strength_go_by_path() -> None:
    same = np.random.default_rng(1).uniform(size=WORLDS)
    found = influences({"b": same, "a": same, "c": -same}, same, same)
    assert [one.path for one in found] == ["a", "b", "c"]
    assert strongest([Influence("a", 0.1, -0.2, 0.1)]) == ()


class Planted:
    """Looks at a partnership whose verdict hangs on one number (empty: it does not move); counts its looks.

    *short* tells by how many standard errors it falls short of moving where it does not; far by default.
    """

    def __init__(
        self, moves_to: Callable[[float], str], short: Callable[[float], float] | None = None
    ) -> None:
        self.moves_to, self.seen = moves_to, list[float]()
        self.short = short or (lambda value: 3.0)

    def __call__(self, changes: Mapping[str, Change]) -> Standing:
        [(path, change)] = changes.items()
        assert path == "x.y"
        assert isinstance(change.to, float)
        self.seen.append(change.to)
        value = change.to
        moves_to = self.moves_to(value)
        short = -1.0 if moves_to else self.short(value)
        return Standing(
            moves_to, value, 1.0 - value, {OTHER: value}, lead=value, shift=2.0 * value, short=short
        )


def bar_of(look: Planted, low: float = 0.4, high: float = 0.6) -> Swing:
    """The bar of a number of which 90 of 100 worlds lie within these ends."""
    values = np.linspace(low, high, 901)
    span = (high - low) / 18.0
    return swing("x.y", np.concatenate([[low - span] * 50, values, [high + span] * 50]), look)


def turned(
    moves_to: Callable[[float], str],
    limits: tuple[float, float] = (0.0, 1.0),
    short: Callable[[float], float] | None = None,
) -> tuple[Turn, Planted]:
    """The smallest change from 0.5, and the looks it took after the bar's own."""
    look = Planted(moves_to, short)
    bar = bar_of(look)
    look.seen.clear()
    return turn(bar, 0.5, limits, look), look


def test_a_swing_holds_a_number_at_the_ends_of_ninety_of_a_hundred_worlds() -> None:
    values = np.random.default_rng(3).lognormal(size=1000)
    look = Planted(lambda value: "" if value < 1.0 else OTHER)
    bar = swing("x.y", values, look)
    assert (bar.low, bar.high) == tuple(np.quantile(values, [0.05, 0.95]))
    assert look.seen == [bar.low, bar.high]
    assert (bar.at_low.moves_to, bar.at_high.moves_to) == ("", OTHER)
    assert bar.at_low.durability == bar.low


def bracketed(found: Turn, moves_to: Callable[[float], str], span: float) -> None:
    """A change at which it moves, one a little nearer to the start at which it does not, and what is seen there."""
    assert found.value is not None
    assert found.not_yet is not None
    assert moves_to(found.value) == found.label
    assert not moves_to(found.not_yet)
    assert abs(found.not_yet - 0.5) < abs(found.value - 0.5)
    assert abs(found.value - found.not_yet) == pytest.approx(span * FINE)
    assert found.distance == pytest.approx(abs(found.value - 0.5) / 0.2)
    assert (found.shares, found.lead, found.shift) == ({OTHER: found.value}, found.value, 2.0 * found.value)
    assert found.start == 0.5


@pytest.mark.parametrize("edge", [0.51, 0.55, 0.599, 0.49, 0.45, 0.401])
def test_a_threshold_within_its_own_range_is_found(edge: float) -> None:
    def moves_to(value: float) -> str:
        return OTHER if (value >= edge if edge > 0.5 else value <= edge) else ""

    found, look = turned(moves_to)
    bracketed(found, moves_to, 0.1)
    assert found.value is not None
    assert found.inside
    assert abs(found.value - edge) <= 0.1 * FINE + 1e-12
    # The best estimate, the nearest place on each side, the steps, and as small a change to the other side; the ends of the
    # bar are known.
    assert len(look.seen) <= STEPS + 4
    assert found.looks == len(look.seen) + 2


@pytest.mark.parametrize("edge", [0.61, 0.8, 0.99, 0.39, 0.2, 0.01])
def test_a_threshold_beyond_its_own_range_is_found(edge: float) -> None:
    def moves_to(value: float) -> str:
        return OTHER if (value >= edge if edge > 0.5 else value <= edge) else ""

    found, look = turned(moves_to)
    bracketed(found, moves_to, 0.4)
    assert found.value is not None
    assert not found.inside
    assert abs(found.value - edge) <= 0.4 * FINE + 1e-12
    # The best estimate, six places, the steps, and as small a change to the other side.
    assert len(look.seen) <= STEPS + 8


BANDS = [(0.53, 0.57), (0.43, 0.47), (0.7, 0.85), (0.12, 0.31)]


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("near", ["inner", "outer"])
def test_what_moves_it_only_on_the_way_is_found_where_an_end_comes_near(
    band: tuple[float, float], near: str
) -> None:
    """Neither end of its own range nor of what is plausible moves it; the near edge of the band is what is told."""
    inside, above = abs(band[0] - 0.5) < 0.1, band[0] > 0.5
    ends = (0.5, 0.6 if above else 0.4) if inside else (0.6, 1.0) if above else (0.4, 0.0)

    def moves_to(value: float) -> str:
        return OTHER if band[0] <= value <= band[1] else ""

    def short(value: float) -> float:
        """One end of the stretch falls short by no more than a standard error."""
        return 1.0 if value == pytest.approx(ends[near == "outer"]) else 1.5

    found, _ = turned(moves_to, short=short)
    assert found.value is not None
    bracketed(found, moves_to, 0.1 if inside else 0.4)
    edge = min(band, key=lambda value: abs(value - 0.5))
    assert abs(found.value - edge) <= (0.1 if inside else 0.4) * FINE + 1e-12
    assert found.inside == inside


@pytest.mark.parametrize("band", BANDS)
def test_what_moves_it_only_on_the_way_is_missed_where_neither_end_comes_near(
    band: tuple[float, float],
) -> None:
    """The price of fewer looks, which the report tells: what happens between two places alone is not seen."""
    found, look = turned(lambda value: OTHER if band[0] <= value <= band[1] else "", short=lambda value: 1.01)
    assert found.value is None
    assert sorted(look.seen) == pytest.approx([0.0, 0.5, 1.0])


def test_a_place_where_no_world_is_judged_is_no_reason_to_look_no_further() -> None:
    """Far out nobody would have formed it; half-way there it moves, and neither end of the stretch falls short by little."""
    found, _ = turned(
        lambda value: OTHER if 0.1 < value < 0.3 else "", short=lambda value: math.nan if value < 0.1 else 3.0
    )
    assert found.value == pytest.approx(0.3, abs=0.4 * FINE)


@pytest.mark.parametrize("limits", [(0.0, 1.0), (0.4, 0.6)])
@pytest.mark.parametrize("short", [0.9, 3.0, math.nan])
def test_nothing_that_moves_it_is_told(limits: tuple[float, float], short: float) -> None:
    found, look = turned(lambda value: "", limits, lambda value: short)
    wide, near = limits == (0.0, 1.0), not short > 1.0
    looks = {(True, True): 9, (True, False): 5, (False, True): 5, (False, False): 3}[wide, near]
    assert found == Turn("x.y", 0.5, None, "", math.inf, False, looks=looks)
    # The ends of the bar are known; the ends of what is plausible are looked at once, and the middle of a stretch where one
    # of its ends comes near.
    middles = ([0.2, 0.45, 0.55, 0.8] if wide else [0.45, 0.55]) if near else []
    assert sorted(look.seen) == pytest.approx(sorted([0.5, *([0.0, 1.0] if wide else []), *middles]))


def test_the_nearer_of_two_thresholds_is_taken_and_the_farther_one_given_up() -> None:
    """Below .41, or above .9: once the lower one is known nothing above is looked at, as its own end is far from moving."""
    found, look = turned(lambda value: OTHER if value < 0.41 or value > 0.9 else "")
    assert found.value == pytest.approx(0.41, abs=0.1 * FINE)
    assert len(look.seen) == STEPS + 2
    assert max(look.seen) == 0.5


@pytest.mark.parametrize("end", [0.6, 0.62])
def test_as_small_a_change_to_the_other_side_is_tried_where_the_end_beyond_it_comes_near(end: float) -> None:
    """The nearer threshold lies above, but before the same place outwards; its own end moves it, or nearly does."""

    def moves_to(value: float) -> str:
        return "weak_tie" if value < 0.44 else OTHER if 0.552 < value < end else ""

    found, look = turned(moves_to, short=lambda value: 0.5 if value > 0.599 else 3.0)
    assert found.label == OTHER
    assert found.value == pytest.approx(0.552, abs=0.1 * FINE)
    assert max(look.seen) < 0.6


@pytest.mark.parametrize(("below", "above"), [(0.46, 0.53), (0.47, 0.546), (0.405, 0.58), (0.42, 0.595)])
def test_the_farther_threshold_does_not_hide_the_nearer_one(below: float, above: float) -> None:
    """Both lie before the same place outwards; each direction has its own new label."""
    found, _ = turned(lambda value: "weak_tie" if value < below else OTHER if value > above else "")
    nearer = min(below, above, key=lambda value: abs(value - 0.5))
    assert found.value == pytest.approx(nearer, abs=0.1 * FINE)
    assert found.label == ("weak_tie" if nearer == below else OTHER)


def test_the_first_of_several_labels_on_the_way_is_the_one_that_is_told() -> None:
    found, _ = turned(lambda value: "" if value < 0.52 else "weak_tie" if value < 0.56 else OTHER)
    assert found.label == "weak_tie"
    assert found.value == pytest.approx(0.52, abs=0.1 * FINE)


def test_where_it_is_enough_to_be_sure_of_the_best_estimate_that_is_told() -> None:
    """The uncertainty itself is what keeps it from being settled: no place farther out is the smallest change."""
    found, look = turned(lambda value: OTHER if 0.46 < value < 0.54 else "")
    assert (found.value, found.label, found.distance, found.not_yet) == (0.5, OTHER, 0.0, None)
    assert (found.lead, found.shift) == (0.5, 1.0)
    assert look.seen == [0.5]


@pytest.mark.parametrize("start", [0.4, 0.6, 0.39, 0.61])
def test_a_best_estimate_at_or_beyond_an_end_of_its_range_is_searched_outwards_all_the_same(
    start: float,
) -> None:
    look = Planted(lambda value: OTHER if value > 0.9 else "")
    found = turn(bar_of(look), start, (0.0, 1.0), look)
    assert found.value == pytest.approx(0.9, abs=0.05)
    assert found.not_yet is not None
    assert found.value is not None
    assert found.not_yet <= 0.9 < found.value


# ----------------------------------------------------------------------- from the same worlds without and with a change

CODE = {name: code for code, name in enumerate(LABELS)}
A, B, C = "alliance_of_interest", "marriage_of_convenience", "weak_tie"
NO_RANKS = ((0.5, 0.4, 0.6), (0.7, 0.6, 0.8))


def codes_of(**counts: int) -> IntArray:
    """Quadrants of worlds, so many of each kind; ``none`` is not judged."""
    known = {**CODE, "none": -1}
    return np.concatenate([np.full(many, known[name], dtype=np.int64) for name, many in counts.items()])


def shares_of(**shares: float) -> dict[str, float]:
    """Shares of the whole run; what is not named is near a border."""
    return {name: shares.get(name, 0.0) for name in LABELS} | {"ambivalent": 1.0 - sum(shares.values())}


def moved(codes: IntArray, of: int, to: int, many: int) -> IntArray:
    """The same worlds with so many of one kind turned into another."""
    found = codes.copy()
    found[np.flatnonzero(codes == of)[:many]] = to
    return found


# The shipped case when it was reviewed: the run says A, the few worlds that are looked at say B, and it is split.
RUN = shares_of(
    alliance_of_interest=0.326, marriage_of_convenience=0.299, strategic_alliance=0.075, weak_tie=0.073
)
FEW = codes_of(
    alliance_of_interest=41, marriage_of_convenience=43, strategic_alliance=10, weak_tie=10, ambivalent=24
)


def test_without_a_change_nothing_moves_and_shares_are_those_of_the_run() -> None:
    """Though the worlds that are looked at, by themselves, lead to another label than the whole run."""
    start = Start(RUN, 1889, FEW)
    found = standing(start, FEW, NO_RANKS)
    assert start.label == ""
    assert (found.moves_to, found.shift, found.worlds) == ("", 0.0, 128)
    assert found.shares == pytest.approx(RUN, abs=1e-12)
    assert (found.durability, found.conditionality) == (0.5, 0.7)
    assert found.ranges == ((0.4, 0.6), (0.6, 0.8))


def test_a_few_worlds_more_are_no_move() -> None:
    """What the first report called a clear move: from .336 to .367, in worlds that begin with the other label in front."""
    found = standing(Start(RUN, 1889, FEW), moved(FEW, CODE[A], CODE[B], 4), NO_RANKS)
    assert found.moves_to == ""
    assert 0.0 < found.lead < 2.0


def test_a_change_that_settles_a_split_verdict_may_settle_it_as_its_first_label() -> None:
    for one, other in ((A, B), (B, A)):
        found = standing(Start(RUN, 1889, FEW), moved(FEW, CODE[other], CODE[one], 25), NO_RANKS)
        assert found.moves_to == one
        assert found.lead > 2.0
        assert found.shift > 3.0
        assert found.shares[one] == pytest.approx(RUN[one] + 25 / 128)


def test_a_clear_verdict_moves_to_another_label_only() -> None:
    run = shares_of(alliance_of_interest=0.5, marriage_of_convenience=0.3, weak_tie=0.1)
    few = codes_of(alliance_of_interest=64, marriage_of_convenience=38, weak_tie=13, ambivalent=13)
    start = Start(run, 1889, few)
    assert start.label == A
    assert standing(start, moved(few, CODE[B], CODE[A], 30), NO_RANKS).moves_to == ""
    assert standing(start, moved(few, CODE[A], CODE[B], 50), NO_RANKS).moves_to == B
    # Level with the old label: the lead is gone, but no other quadrant has it.
    assert standing(start, moved(few, CODE[A], CODE[B], 13), NO_RANKS).moves_to == ""


def test_a_leader_that_is_level_with_a_third_kind_has_not_settled_it() -> None:
    """Far before the old label is not enough; the lead is over the next, whichever it is."""
    run = shares_of(alliance_of_interest=0.5, marriage_of_convenience=0.2, weak_tie=0.2)
    few = codes_of(alliance_of_interest=64, marriage_of_convenience=26, weak_tie=26, ambivalent=12)
    both = moved(moved(few, CODE[A], CODE[B], 31), CODE[A], CODE[C], 30)
    found = standing(Start(run, 1889, few), both, NO_RANKS)
    assert found.shift > 3.0
    assert found.lead < 2.0
    assert found.moves_to == ""


def test_a_lead_that_was_there_all_along_is_no_move() -> None:
    """A hair under two errors of lead without the change and a hair more with it: the change did not do that."""
    run = shares_of(alliance_of_interest=0.40, marriage_of_convenience=0.367)
    few = codes_of(alliance_of_interest=400, marriage_of_convenience=367, ambivalent=233)
    start = Start(run, 2700, few)
    assert 1.9 < lead(run[A], run[B], 2700) < 2.0
    more = moved(few, CODE[B], CODE[A], 1)
    found = standing(start, more, NO_RANKS)
    assert found.lead > 2.0
    assert found.shift < 3.0
    assert found.moves_to == ""


def test_errors_are_those_of_paired_worlds_and_of_the_run() -> None:
    """Over many samples of worlds that the change turns, un-judges or leaves, told shares spread as is said of them."""
    luck, worlds, samples = np.random.default_rng(7), 200, 1500
    run_worlds = 1600
    # Pairs of (without, with) and their chances; -1 is not judged.
    pairs = np.array([[1, 1], [1, 2], [2, 2], [2, 1], [2, -1], [-1, 3], [3, 3], [4, 4]])
    chances = np.array([0.25, 0.1, 0.2, 0.03, 0.07, 0.05, 0.1, 0.2])
    kept, said = [], []
    for _ in range(samples):
        drawn = pairs[luck.choice(len(pairs), size=worlds, p=chances)]
        whole = luck.choice(5, size=run_worlds, p=np.array([0.0, 0.35, 0.30, 0.10, 0.25]))
        run = dict(zip(LABELS, (np.bincount(whole, minlength=5) / run_worlds).tolist(), strict=True))
        found = standing(Start(run, run_worlds, drawn[:, 0]), drawn[:, 1], NO_RANKS)
        kept.append([found.shares[A], found.shares[B], found.shares[C]])
        said.append([found.errors[A], found.errors[B], found.errors[C]])
    spread = np.std(kept, axis=0, ddof=1)
    np.testing.assert_allclose(np.mean(said, axis=0), spread, rtol=0.08)


def test_by_chance_alone_a_change_that_does_nothing_on_the_whole_moves_little() -> None:
    """As many worlds turn one way as the other: three errors of paired worlds, either way, are rare."""
    luck, told = np.random.default_rng(8), 0
    pairs = np.array([[1, 1], [1, 2], [2, 2], [2, 1], [4, 4]])
    for _ in range(1500):
        drawn = pairs[luck.choice(5, size=128, p=[0.25, 0.1, 0.25, 0.1, 0.3])]
        start = Start(shares_of(alliance_of_interest=0.35, marriage_of_convenience=0.35), 1889, drawn[:, 0])
        told += standing(start, drawn[:, 1], NO_RANKS).moves_to != ""
    assert told / 1500 < 0.012


@pytest.mark.parametrize("run", [RUN, shares_of(alliance_of_interest=0.5, marriage_of_convenience=0.3)])
def test_what_it_falls_short_by_is_what_lead_or_shift_lack(run: dict[str, float]) -> None:
    """From far on one side to far on the other: none is left exactly where it moves, and it never grows on the way."""
    start, before = Start(run, 1889, FEW), math.inf
    for many in range(0, 42, 3):
        found = standing(start, moved(FEW, CODE[A], CODE[B], many), NO_RANKS)
        assert (found.short < 0.0) is bool(found.moves_to)
        leads = max(found.shares, key=lambda name: found.shares[name] if name != "ambivalent" else 0.0)
        lacks = max(2.0 - found.lead, 3.0 - found.shift)
        assert found.short == pytest.approx(2.0 + found.lead if leads == start.label else lacks)
        if leads == B:
            assert found.short <= before
            before = found.short
    assert found.moves_to == B


def test_where_no_world_is_judged_nothing_moves() -> None:
    nowhere = np.full(128, -1)
    for start, after in ((FEW, nowhere), (nowhere, FEW)):
        found = standing(Start(RUN, 1889, start), after, NO_RANKS)
        assert found.moves_to == ""
        assert math.isnan(found.lead)
        assert math.isnan(found.short)
        assert found.is_near, "nobody knows"
