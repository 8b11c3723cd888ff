"""The frustration index against trying everything, its invariances, and its errors."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))  # what tries everything is beside the tests

from brute_alignment import frustration as brute

from accord.lenses.alignment import AlignmentError, balance, cuts, frustration, triads

Tie = tuple[int, int, float]


def random_ties(n: int, seed: int, whole: bool = True, share: float = 0.7) -> list[Tie]:
    luck = np.random.default_rng(seed)
    weight = luck.integers(-4, 5, (n, n)).astype(float) if whole else luck.normal(size=(n, n))
    pairs = [(i, j) for i in range(n) for j in range(i)]
    return [(i, j, float(weight[i, j])) for i, j in pairs if luck.random() < share]


@pytest.mark.parametrize("blocs", [2, 3, 4, 8])
@pytest.mark.parametrize("whole", [True, False])
def test_agrees_with_trying_everything(blocs: int, whole: bool) -> None:
    for seed in range(8):
        n = 1 + seed
        ties = random_ties(n, seed, whole)
        found = frustration(n, ties, blocs)
        index, ways = brute(n, ties, blocs)
        assert found.index == pytest.approx(index, abs=1e-12)
        assert (found.proven, found.ways, found.gap) == (True, ways, 0.0)
        assert sum(abs(w) for _, _, w in found.changes) == pytest.approx(index)
        assert len(set(found.blocs)) <= blocs


@pytest.mark.parametrize("blocs", [2, 3, 5])
@pytest.mark.parametrize("whole", [True, False])
def test_programmes_agree_with_trying_everything(
    blocs: int, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [frustration(10, random_ties(10, seed, whole), blocs) for seed in range(5)]
    monkeypatch.setattr(balance, "_TWO", 0)
    monkeypatch.setattr(balance, "_MANY", 0)
    for seed, wanted in enumerate(every):
        found = frustration(10, random_ties(10, seed, whole), blocs, time_limit=60)
        assert found.index == pytest.approx(wanted.index, abs=1e-6)
        assert found.proven
        assert found.bound <= found.index + 1e-12


@pytest.mark.parametrize("blocs", [2, 4])
def test_programmes_mend_a_bad_start(blocs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # With a search that finds nothing the proof has to find the optimum.
    ties = random_ties(9, 4)
    wanted = frustration(9, ties, blocs)
    monkeypatch.setattr(balance, "_TWO", 0)
    monkeypatch.setattr(balance, "_MANY", 0)
    monkeypatch.setattr(balance, "searched", lambda net, rng: np.zeros(net.actors, np.int64))
    found = frustration(9, ties, blocs, time_limit=60)
    assert (found.index, found.proven) == (wanted.index, True)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**6), st.integers(1, 2**9 - 1))
def test_switching_leaves_the_index(n: int, seed: int, mask: int) -> None:
    ties = random_ties(n, seed)
    turned = [(i, j, -w if (mask >> i ^ mask >> j) & 1 else w) for i, j, w in ties]
    one, other = frustration(n, ties), frustration(n, turned)
    assert (one.index, one.ways) == (other.index, other.ways)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10**6), st.integers(2, 5))
def test_names_and_order_leave_the_index(n: int, seed: int, blocs: int) -> None:
    luck, ties = np.random.default_rng(seed), random_ties(n, seed)
    names = [f"actor {k}" for k in luck.permutation(n)]
    shuffled = (
        [(names[j], names[i], w) for i, j, w in luck.permutation(np.array(ties)).astype(int)] if ties else []
    )
    one = frustration(n, ties, blocs)
    other = frustration(sorted(names), shuffled, blocs)
    assert (one.index, one.ways, one.proven) == (other.index, other.ways, other.proven)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10**6))
def test_more_blocs_never_frustrate_more(n: int, seed: int) -> None:
    ties = random_ties(n, seed)
    found = [frustration(n, ties, blocs).index for blocs in range(2, 9)]
    assert found == sorted(found, reverse=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10**6), st.integers(2, 4))
def test_an_isolated_actor_changes_nothing(n: int, seed: int, blocs: int) -> None:
    ties = random_ties(n, seed)
    assert frustration(n + 1, ties, blocs).index == frustration(n, ties, blocs).index


@settings(max_examples=25, deadline=None)
@given(st.integers(3, 8), st.integers(0, 10**6))
def test_turning_a_frustrated_tie_saves_its_weight(n: int, seed: int) -> None:
    ties = random_ties(n, seed)
    found = frustration(n, ties)
    for i, j, w in found.changes:
        turned = [(a, b, -x if {a, b} == {i, j} else x) for a, b, x in ties]
        assert frustration(n, turned).index == pytest.approx(found.index - abs(w))
    wrong = {frozenset(t[:2]) for t in found.changes}
    mended = [(a, b, -x if {a, b} in wrong else x) for a, b, x in ties]
    assert frustration(n, mended).index == 0.0


def test_unweighted_counts_ties() -> None:
    ties = [("a", "b", 5), ("b", "c", 5), ("a", "c", -1)]
    assert frustration("abc" and ["a", "b", "c"], ties).index == 1.0
    ties = [("a", "b", 5), ("b", "c", 5), ("a", "c", -9)]
    assert frustration(["a", "b", "c"], ties).index == 5.0
    assert frustration(["a", "b", "c"], ties, weighted=False).index == 1.0


def test_three_foes_need_three_blocs() -> None:
    ties = [(0, 1, -1), (0, 2, -1), (1, 2, -1)]
    assert [frustration(3, ties, blocs).index for blocs in (2, 3)] == [1.0, 0.0]


def test_a_hard_network_says_how_far_the_proof_got() -> None:
    luck = np.random.default_rng(3)
    ties = [(i, j, int(luck.choice([-1, 1]))) for i in range(36) for j in range(i)]
    found = frustration(36, ties, time_limit=0.5)
    assert not found.proven
    assert 0 < found.bound < found.index
    assert found.gap == found.index - found.bound
    assert found.ways == 0
    assert len(found.changes) == found.index


def test_planted_camps_are_found_and_proven() -> None:
    # 120 actors in four camps; one quarrel in each of three separate triangles of friends.
    luck = np.random.default_rng(0)
    camp = np.arange(120) % 4
    pairs = [(i, j) for i in range(120) for j in range(i) if luck.random() < 0.15]
    ties = {(i, j): 1 if camp[i] == camp[j] else -1 for i, j in pairs}
    for a in (0, 1, 2):
        ties |= {(a + 4, a): 1, (a + 8, a): 1, (a + 8, a + 4): 1}
        ties[a + 4, a] = -1
    found = frustration(120, [(i, j, w) for (i, j), w in ties.items()], 4, time_limit=60)
    assert found.proven
    assert found.index == 3.0
    assert (found.blocs == camp).all()


def test_triads() -> None:
    found = triads(
        ["a", "b", "c", "d"], [("a", "b", 1), ("b", "c", 1), ("a", "c", -1), ("a", "d", -2), ("c", "d", 1)]
    )
    assert found.counts == {"+++": 0, "++-": 1, "+--": 1, "---": 0}
    assert found.frustrated == (("a", "b", "c"),)
    assert found.balanced_share == 0.5
    assert found.ties == (("a", "b", 1), ("a", "c", 1), ("b", "c", 1))
    assert np.isnan(triads(2, [(0, 1, 1)]).balanced_share)


@settings(max_examples=25, deadline=None)
@given(st.integers(3, 9), st.integers(0, 10**6))
def test_triads_agree_with_trying_everything(n: int, seed: int) -> None:
    ties = {frozenset((i, j)): w for i, j, w in random_ties(n, seed) if w}
    counts = {"+++": 0, "++-": 0, "+--": 0, "---": 0}
    for i in range(n):
        for j in range(i):
            for k in range(j):
                held = [ties.get(frozenset(pair)) for pair in ((i, j), (i, k), (j, k))]
                if None not in held:
                    foes = sum(w < 0 for w in held)
                    counts["+" * (3 - foes) + "-" * foes] += 1
    assert triads(n, [(*sorted(pair), w) for pair, w in ties.items()]).counts == counts


@pytest.mark.parametrize(
    ("actors", "ties", "says"),
    [
        (["iran", "russia"], [("iran", "rusia", 1)], "there is no actor 'rusia'; did you mean 'russia'"),
        (2, [(0, 2, 1)], "there is no actor 2; expected 0, 1"),
        (2, [(0, 0, 1)], "tie to itself"),
        (2, [(0, 1, 1), (1, 0, 1)], "tie 1: 1 and 0 have a tie already"),
        (2, [(0, 1, float("nan"))], "its weight is nan"),
        (2, [(0, 1, "much")], "its weight is 'much'"),
        (2, [(0, 1)], "is not \\(actor, actor, weight\\)"),
        (0, [], "expected at least one"),
        ([], [], "there are no actors"),
        (["a", "a"], [], "actors stand twice: a"),
        ("ab", [], "a list of names"),
    ],
)
def test_bad_ties_are_told(actors: object, ties: object, says: str) -> None:
    with pytest.raises(AlignmentError, match=says):
        frustration(actors, ties)


def test_every_bad_tie_is_told_at_once() -> None:
    with pytest.raises(AlignmentError) as caught:
        frustration(3, [(0, 0, 1), (0, 1, 1), (0, 9, 1)])
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("blocs", [1, 9, 2.5])
def test_bad_numbers_of_blocs_are_told(blocs: object) -> None:
    with pytest.raises(AlignmentError, match="from 2 to 8"):
        frustration(3, [(0, 1, 1)], blocs)


@pytest.mark.parametrize("blocs", [2, 3])
def test_bounds_never_exceed_the_least_frustration(blocs: int) -> None:
    # What is not capped by a partition in hand: a cut that is none would show here.
    for seed in range(12):
        ties = [tie for tie in random_ties(8, seed, share=0.9) if tie[2]]
        ends, weight = np.array([sorted(t[:2]) for t in ties]), np.array([t[2] for t in ties])
        net = cuts.Network(8, ends[:, 0], ends[:, 1], weight, blocs)
        best, _ = brute(8, ties, blocs)
        start = np.arange(8) % blocs
        held = cuts.Cuts(net, start)
        assert held.tighten(np.inf) * net.unit <= best + 1e-9
        assert net.value(held.bloc) >= best
        bare = cuts.Cuts(net, start)
        bare.rows = []
        found, bound = cuts._integer(
            net, bare, start, net.value(start) / net.unit, 0.0, time.monotonic() + 60
        )
        assert net.value(found) == best
        again, proof = cuts._integer(net, bare, found, best / net.unit, 0.0, time.monotonic() + 60)
        assert net.value(again) == proof * net.unit == best
        assert bound * net.unit <= best + 1e-9
